package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/knowledge"
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

// CheckExperiments wants a row of experiments.yaml for each release of Go that
// is supported.
func CheckExperiments() error {
	rows, err := experimentTable()
	if err != nil {
		return err
	}
	know, err := knowledge.Load()
	if err != nil {
		return err
	}
	img, _ := know.Image("golang")
	for _, rel := range img.Releases {
		i := slices.IndexFunc(rows, func(x experiments) bool { return x.Release == rel.Version })
		if !rel.Ended && (i < 0 || len(rows[i].Names) == 0 || !strings.HasPrefix(rows[i].Source, "https://")) {
			return fmt.Errorf("want a row with names and a link for Go %s", rel.Version)
		}
	}
	return nil
}
