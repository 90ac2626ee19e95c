package tree_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/dockgen/dockgen/detect/tree"
)

// made returns a folder with n files in packages of 500, 50 a folder, with a
// .gitignore at its root and in every package, as large repositories have them.
func made(tb testing.TB, n int) string {
	tb.Helper()
	root := tb.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	write(".gitignore", "/dist/\n*.log\nbuild/\n!keep/build/\ntmp\n**/*.tmp\nnode_modules\n.env\n")
	for i := 0; i < n; i += 50 {
		pkg := fmt.Sprintf("packages/pkg%03d", i/500)
		dir := fmt.Sprintf("%s/part%d", pkg, i/50%10)
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			tb.Fatal(err)
		}
		if i%500 == 0 {
			write(pkg+"/.gitignore", "generated/\n*.tmp\n")
		}
		for j := range 50 {
			write(fmt.Sprintf("%s/file%02d.go", dir, j), "")
		}
	}
	return root
}

// BenchmarkWalkDir walks 100,000 files in 200 packages and does nothing; it is
// what BenchmarkWalk is held against: go test -bench Walk ./detect/tree.
func BenchmarkWalkDir(b *testing.B) {
	dir := made(b, 100_000)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := filepath.WalkDir(dir, func(string, fs.DirEntry, error) error { n++; return nil })
		if err != nil || n < 100_000 {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkWalk is the scan of the same files. os.Root asks the system about
// each entry of a folder, which takes most of its time; the command lists
// folders by their paths (cmd/dockgen, folder).
func BenchmarkWalk(b *testing.B) {
	dir := made(b, 100_000)
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	for _, bm := range []struct {
		name string
		fsys fs.FS
	}{{"DirFS", os.DirFS(dir)}, {"Root", root.FS()}} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				t, err := tree.Scan(context.Background(), bm.fsys, tree.Limits{})
				if err != nil || len(t.Files(".")) < 100_000 {
					b.Fatal(err)
				}
			}
		})
	}
}
