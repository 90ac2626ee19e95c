package project

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := t.TempDir()
	for _, name := range []string{filepath.Join(outside, "go.mod"), filepath.Join(dir, "a.txt"), filepath.Join(dir, "sub", "b.txt")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("module x\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := fstest.TestFS(a.FS(), "a.txt", "sub/b.txt"); err != nil {
		t.Error(err)
	}
	for link, to := range map[string]string{"go.mod": filepath.Join(outside, "go.mod"), "out": outside, "loop": "."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	repo, err := detect.Scan(t.Context(), a.FS(), profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	if len(repo.Apps) != 0 || len(repo.Tree.Files(".")) != 2 {
		t.Errorf("links were followed: %d apps, %v", len(repo.Apps), repo.Tree.Files("."))
	}
	if _, err := a.FS().Open("go.mod"); err == nil {
		t.Error("a link that leads outside was opened")
	}
}

// TestFolders: files of many more folders than are held open are read from several goroutines at once.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 4 * maxOpen {
		name := fmt.Sprintf("a/b%d/c%d/x.txt", i%7, i)
		names = append(names, name)
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	fsys := f.FS()
	var g sync.WaitGroup
	for range 4 {
		g.Go(func() {
			for _, name := range names {
				if text, err := fs.ReadFile(fsys, name); err != nil || string(text) != name {
					t.Errorf("%s: %q, %v", name, text, err)
				}
			}
		})
	}
	g.Wait()
	if n := len(f.open.roots); n > maxOpen {
		t.Errorf("%d folders are open", n)
	}
	if err := f.Close(); err != nil || len(f.open.roots) > 0 {
		t.Errorf("%d folders are open after Close, %v", len(f.open.roots), err)
	}
}
