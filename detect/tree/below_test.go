package tree_test

import (
	"testing"

	"github.com/dockgen/dockgen/detect/tree"
)

// TestBelow is a folder as it is seen from another.
func TestBelow(t *testing.T) {
	for _, tt := range []struct {
		dir, folder, want string
		ok                bool
	}{
		{".", "apps/api", "apps/api", true},
		{".", ".", ".", false},
		{"apps", "apps/api", "api", true},
		{"apps", "apps", "apps", false},
		{"app", "apps/api", "apps/api", false},
	} {
		if got, ok := tree.Below(tt.folder, tt.dir); got != tt.want || ok != tt.ok {
			t.Errorf("%s from %s: got %s, %v", tt.folder, tt.dir, got, ok)
		}
	}
}
