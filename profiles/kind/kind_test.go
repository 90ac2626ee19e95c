package kind

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/marker"
)

// A row is a sentence with its source, and what it looks for can be found at all.
func TestRows(t *testing.T) {
	all, err := rows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Kind == "" || r.Why == "" || r.Hint == "" || !strings.HasPrefix(r.Source, "https://") || len(r.When) == 0 {
			t.Errorf("%s (%s): a row needs a kind, why, hint, when and source", r.Kind, r.Language)
		}
		for _, e := range r.When {
			for _, list := range [][]string{e.Packages, e.Imports, e.Files} {
				for _, p := range list {
					if _, err := path.Match(p, ""); err != nil {
						t.Errorf("%s: %q is no pattern: %v", r.Kind, p, err)
					}
				}
			}
			if e.Marker != "" && !slices.Contains(marker.Names(), e.Marker) {
				t.Errorf("%s: there is no marker %q", r.Kind, e.Marker)
			}
			if len(e.Starts)+len(e.Builds)+len(e.Packages)+len(e.Imports)+len(e.Files)+len(e.Folders)+len(e.Fields) == 0 && e.Marker == "" {
				t.Errorf("%s: a case without evidence is of every repository", r.Kind)
			}
		}
	}
}
