package project

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/backing"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestDevOf: where dev works, what it listens on, and what its dependencies follow from.
func TestDevOf(t *testing.T) {
	for text, want := range map[string]*backing.Dev{
		"FROM a AS base\nWORKDIR /app\nFROM base AS deps\nCOPY package.json package-lock.json ./\nCOPY .mvn/ .mvn/\nCOPY --from=x /y /z\nCOPY [\"a b\", \"./\"]\nCOPY */package.json ./\nFROM deps AS dev\nCOPY . .\nEXPOSE 5173 9229/tcp\n": {
			Source: ".", Workdir: "/app", Ports: []int{5173, 9229}, Rebuild: []string{".mvn", "a b", "package-lock.json", "package.json"},
		},
		"FROM a AS base\nWORKDIR /src\nFROM base AS dev\nWORKDIR web\n":       {Source: ".", Workdir: "/src/web"},
		"FROM a AS dev\nWORKDIR /app\nCOPY server/ ./\nCOPY --from=x /y /z\n": {Source: "server", Workdir: "/app"},
		"FROM a AS dev\nWORKDIR /app\nCOPY server/src/ src/\nCOPY x /etc/x\n": {Source: "server", Workdir: "/app"},
		"FROM a AS dev\nWORKDIR /app\nCOPY src/ src/\n":                       {Source: ".", Workdir: "/app"},
		"FROM a AS prod\n":          nil,
		"FROM a AS dev\nCOPY . .\n": nil,
		"FROM dev AS dev\n":         nil,
		"not a Dockerfile":          nil,
		"":                          nil,
	} {
		if diff := cmp.Diff(want, devOf([]byte(text))); diff != "" {
			t.Errorf("%q: -want +got:\n%s", text, diff)
		}
	}
}

// TestSecrets: passwords are made once, are the same in each file that has them, and nothing that is there changes.
func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write("package.json", `{"name": "x", "scripts": {"start": "node index.js"}, "dependencies": {"pg": "8"}}`)
	write("index.js", "require('pg')\nprocess.env.DATABASE_URL + process.env.JWT_SECRET\nrequire('http').createServer().listen(3000)\n")
	folder, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	run := func(first bool) *Change {
		t.Helper()
		do := folder.Update
		if first {
			do = func(ctx context.Context, req Request) (*Change, error) { return folder.Init(ctx, req, false) }
		}
		c, err := do(t.Context(), Request{Flags: settings.Composed()})
		if err == nil {
			err = folder.Write(c)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range c.Edits {
			if e.Local && e.Diff() != "" {
				t.Errorf("%s is shown: %s", e.Path, e.Diff())
			}
		}
		return c
	}
	run(true)
	app, db := read("secrets/app.env"), read("secrets/postgres.env")
	password := strings.TrimSpace(strings.TrimPrefix(db, "POSTGRES_PASSWORD="))
	if len(password) != 26 || !strings.Contains(app, "://app:"+password+"@postgres:5432/app\n") || !strings.Contains(app, "JWT_SECRET=") {
		t.Errorf("%q and %q", app, db)
	}
	for _, name := range []string{"secrets/app.env", "secrets/postgres.env", "secrets"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others may read it: %v", name, err)
		}
	}
	if c := run(false); c.Moved() || read("secrets/app.env") != app || read("secrets/postgres.env") != db {
		t.Error("a second run changes something")
	}
	// A file without the last newline, with values in quotes and one of the user's.
	write("secrets/postgres.env", "POSTGRES_PASSWORD='mine'")
	write("secrets/app.env", "# mine\nJWT_SECRET=kept\nX=1")
	run(false)
	if got, want := read("secrets/app.env"), "# mine\nJWT_SECRET=kept\nX=1\nDATABASE_URL=postgresql://app:mine@postgres:5432/app\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := read("secrets/postgres.env"); got != "POSTGRES_PASSWORD='mine'" {
		t.Errorf("got %q", got)
	}
	if got := read("secrets/.gitignore"); !strings.Contains(got, "\n*\n") {
		t.Errorf(".gitignore: %q", got)
	}
}

// TestSecretsLink: nothing is written through a link.
func TestSecretsLink(t *testing.T) {
	for _, name := range []string{"secrets", "secrets/app.env"} {
		dir, outside := t.TempDir(), t.TempDir()
		for file, text := range map[string]string{
			"package.json": `{"name": "x", "scripts": {"start": "node index.js"}, "dependencies": {"pg": "8"}}`,
			"index.js":     "require('pg')\nprocess.env.DATABASE_URL\nrequire('http').createServer().listen(3000)\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(outside, "x"), at); err != nil {
			t.Skip(err)
		}
		if name == "secrets" {
			if err := os.Mkdir(filepath.Join(outside, "x"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		folder, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		c, err := folder.Init(t.Context(), Request{Flags: settings.Composed()}, false)
		if err == nil {
			err = folder.Write(c)
		}
		if err == nil {
			t.Errorf("%s: written", name)
		}
		folder.Close()
		left, _ := os.ReadDir(outside)
		for _, e := range left {
			if below, err := os.ReadDir(filepath.Join(outside, e.Name())); !e.IsDir() || err != nil || len(below) > 0 {
				t.Errorf("%s: %s is outside", name, e.Name())
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "Dockerfile")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: half of it is written", name)
		}
	}
}
