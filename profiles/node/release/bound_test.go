package release

import (
	"slices"
	"strings"
	"testing"

	"deps.dev/util/semver"
)

func TestReleaseRows(t *testing.T) {
	all, err := rows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Bounds {
		versions, err := semver.NPM.ParseConstraint(r.Versions)
		if err != nil || r.Versions != "*" && versions == nil || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("bounds: %+v is not whole: %v", r, err)
		}
		if !slices.ContainsFunc([]string{"12", "14", "16"}, func(v string) bool { return Matches(r.Node, v) }) || strings.Contains(r.Node, "||") {
			t.Errorf("bounds: Node %s of %s is no range of versions that have images", r.Node, r.Package)
		}
	}
	for _, r := range all.Engines {
		if r.Package == "" || r.Major == 0 || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("engines: %+v is not whole", r)
		}
	}
}
