package java

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// However many files there are, no more bytes are read than the bound and one
// file.
func TestSourcesBounded(t *testing.T) {
	for name, n := range map[string]int{"few": 2, "many": 40} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for i := range n {
				main := ""
				if i == n-1 {
					main = "public static void main(String[] args) {}"
				}
				fsys[fmt.Sprintf("src/C%02d.java", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "class C%02d { %s }\n%s", i, main, strings.Repeat("// x\n", 100_000))}
			}
			tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			s, err := readSources(tr, ".", []string{"src"}, false, &Project{Module: &pom.Project{}, POM: &pom.Project{}})
			if err != nil {
				t.Fatal(err)
			}
			if want := n*500_000 <= maxSourceTotal; (len(s.Mains) == 1) != want || s.Count != n {
				t.Errorf("mains %v of %d files, want the last read: %v", s.Mains, s.Count, want)
			}
		})
	}
}
