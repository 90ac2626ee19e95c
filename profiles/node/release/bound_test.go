package release

import (
	"strings"
	"testing"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/profiles/knowledge"
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
		if _, ok := Resolve(knowledge.Image{Releases: []knowledge.Release{{Version: "12"}, {Version: "14"}, {Version: "16"}}}, r.Node, ""); !ok || strings.Contains(r.Node, "||") {
			t.Errorf("bounds: Node %s of %s is no range of versions that have images", r.Node, r.Package)
		}
	}
	for _, r := range all.Engines {
		if r.Package == "" || r.Major == 0 || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("engines: %+v is not whole", r)
		}
	}
}
