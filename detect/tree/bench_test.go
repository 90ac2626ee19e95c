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

// made returns a folder with n files, 50 a folder, three folders deep, with a
// .gitignore at its root and in every tenth folder, as large repositories
// have them.
func made(tb testing.TB, n int) string {
	tb.Helper()
	root := tb.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	write(".gitignore", "/dist/\n*.log\nbuild/\n!keep/build/\ntmp\n")
	for i := 0; i < n; i += 50 {
		dir := fmt.Sprintf("pkg%02d/mod%02d/part%02d", i/50/400, i/50/20%20, i/50%20)
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			tb.Fatal(err)
		}
		if i/50%10 == 0 {
			write(dir+"/.gitignore", "generated/\n*.tmp\n")
		}
		for j := range 50 {
			write(fmt.Sprintf("%s/file%02d.go", dir, j), "")
		}
	}
	return root
}

// BenchmarkScan compares the scan of 100,000 files with a walk that does
// nothing: go test -bench Scan ./detect/tree.
func BenchmarkScan(b *testing.B) {
	dir := made(b, 100_000)
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer root.Close()
	walk := func(b *testing.B, fsys fs.FS) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			err := fs.WalkDir(fsys, ".", func(string, fs.DirEntry, error) error { n++; return nil })
			if err != nil || n < 100_000 {
				b.Fatal(n, err)
			}
		}
	}
	b.Run("WalkDir/DirFS", func(b *testing.B) { walk(b, os.DirFS(dir)) })
	b.Run("WalkDir/Root", func(b *testing.B) { walk(b, root.FS()) })
	scan := func(b *testing.B, fsys fs.FS) {
		b.ReportAllocs()
		for b.Loop() {
			t, err := tree.Scan(context.Background(), fsys, tree.Limits{})
			if err != nil || len(t.Files(".")) < 100_000 {
				b.Fatal(err)
			}
		}
	}
	b.Run("Scan/DirFS", func(b *testing.B) { scan(b, os.DirFS(dir)) })
	b.Run("Scan/Root", func(b *testing.B) { scan(b, root.FS()) })
}
