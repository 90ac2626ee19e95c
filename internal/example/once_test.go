package example_test

import (
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestChoicesOnce: a choice has one key, and is recorded once. The lock keeps the
// last of two, and then says that a value moved that did not.
func TestChoicesOnce(t *testing.T) {
	for _, e := range examples(t) {
		for _, r := range append([]plan.Runtime{""}, plan.Runtimes()...) {
			p, _, err := generate(t.Context(), e, r)
			if err != nil {
				continue // a runtime that cannot run it
			}
			seen := map[string]bool{}
			for _, c := range p.Choices {
				if seen[c.Key] {
					t.Errorf("%v on %q: choice %s is recorded twice", e, r, c.Key)
				}
				seen[c.Key] = true
			}
		}
	}
}
