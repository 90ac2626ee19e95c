package project

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dockgen/dockgen/internal/lock"
)

// TestDecidesOne: a run about one app decides that one, and none of the others, be they folders of their own or members of a workspace.
func TestDecidesOne(t *testing.T) {
	const server = `require("http").createServer((q, s) => s.end("hi")).listen(3000)`
	for _, tt := range []struct {
		name, manifest string // of the root, "" for none
		most           int    // decisions: a workspace's root is asked for its apps
	}{{"folders", "", 1}, {"workspace", `{"name": "shop", "private": true, "workspaces": ["apps/*"]}`, 3}} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name, text string) {
				file := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			const apps = 20
			for i := range apps {
				write(fmt.Sprintf("apps/a%02d/package.json", i), fmt.Sprintf(`{"name": "a%02d", "scripts": {"start": "node index.js"}}`, i))
				write(fmt.Sprintf("apps/a%02d/index.js", i), server)
			}
			if tt.manifest != "" {
				write("package.json", tt.manifest)
			}
			f, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			made := func(req Request) int {
				r, err := f.run(t.Context(), req, &lock.File{Version: lock.Version})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := r.apps(t.Context()); err != nil {
					t.Fatal(err)
				}
				return int(r.made.Load())
			}
			if n := made(Request{App: "apps/a07"}); n > tt.most {
				t.Errorf("%d decisions for one app, want at most %d", n, tt.most)
			}
			if n := made(Request{}); n < apps {
				t.Errorf("%d decisions for all of %d apps", n, apps)
			}
		})
	}
}
