package golang

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/tree"
)

// TestFolder holds the contract of Facts: paths are relative to the folder, and
// positions to the scanned root. So an example gives the same facts wherever it
// lies, but for the start of the positions.
func TestFolder(t *testing.T) {
	const root = "../../testdata/go"
	examples, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	read := func(t *testing.T, fsys fs.FS, dir string) string {
		tr, err := tree.Scan(context.Background(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := Detect(tr, dir)
		if err != nil || f == nil {
			t.Fatal(f, err)
		}
		if f.Dir != dir {
			t.Errorf("Dir is %q", f.Dir)
		}
		var forget func(f *Facts)
		forget = func(f *Facts) {
			f.Dir = ""
			for _, n := range f.Nested {
				forget(n)
			}
		}
		forget(f)
		text, err := json.MarshalIndent(f, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, e := range examples {
		t.Run(e.Name(), func(t *testing.T) {
			from := os.DirFS(path.Join(root, e.Name(), "input"))
			below := fstest.MapFS{}
			if err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				text, err := fs.ReadFile(from, name)
				below[path.Join("services/api", name)] = &fstest.MapFile{Data: text, Mode: 0o644}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			want := read(t, from, ".")
			got := strings.ReplaceAll(read(t, below, "services/api"), `"file": "services/api/`, `"file": "`)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}
