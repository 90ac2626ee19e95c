package golang

import (
	"fmt"
	"slices"
	"strings"
)

// CheckStampRows holds stamps.yaml to its own rules.
func CheckStampRows() error {
	rows, err := stampRows()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if (r.Arg == "") == (r.Skip == "") || !strings.HasPrefix(r.Source, "https://") || r.Arg != "" && !argName(r.Arg) {
			return fmt.Errorf("%+v: want arg or skip, and a link", r)
		}
		for _, n := range r.Names {
			if seen[n] || n != strings.ToLower(n) {
				return fmt.Errorf("%s stands twice, or is not lower case", n)
			}
			seen[n] = true
		}
		for _, n := range r.Alone {
			if !slices.Contains(r.Names, n) {
				return fmt.Errorf("%s is not among the names", n)
			}
		}
	}
	return nil
}
