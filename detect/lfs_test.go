package detect

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

// Git knows no alternatives in braces, and a pattern of many would be tried in all ways.
func TestPointersOfBraces(t *testing.T) {
	name := strings.Repeat("a", 60)
	fsys := fstest.MapFS{
		".gitattributes": {Data: []byte("*" + strings.Repeat("{a,a}", 28) + "z filter=lfs\n*.bin filter=lfs\n")},
		name:             {Data: []byte("x")},
		"m.bin":          {Data: []byte(pointerOfGitLFS)},
	}
	tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := pointers(tr); !slices.Equal(got, []string{"m.bin"}) {
		t.Errorf("got %v", got)
	}
}
