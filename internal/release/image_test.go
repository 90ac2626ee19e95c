package release

import "testing"

// TestImage holds the Dockerfile of dockgen's own image to what dockgen writes for it.
func TestImage(t *testing.T) {
	t.Parallel()
	needs(t, "bash", "git", "tar")
	if out, err := try(t, root, nil, "bash", ".ci/release/image/hold", "check"); err != nil {
		t.Errorf(".ci/release/image/hold update writes the Dockerfile again: %v\n%s", err, out)
	}
}
