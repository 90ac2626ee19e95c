package example_test

import (
	"testing"

	"github.com/dockgen/dockgen/profiles"
)

// TestChoicesOnce: a choice has one key, and is recorded once. The lock keeps the
// last of two, and then says that a value moved that did not.
func TestChoicesOnce(t *testing.T) {
	for _, e := range examples(t) {
		x, err := scanned(t, input(t, e))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range x.wishes() {
			is := decide(x.repo, profiles.Request{Name: e.Name, Settings: s})
			if is.err != nil {
				continue // a runtime that cannot run it
			}
			seen := map[string]bool{}
			for _, c := range is.app.Choices {
				if seen[c.Key] {
					t.Errorf("%v on %q: choice %s is recorded twice", e, s.Runtime, c.Key)
				}
				seen[c.Key] = true
			}
		}
	}
}
