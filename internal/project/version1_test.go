package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
)

// TestVersion1 updates what an earlier release wrote, with a lock of version 1:
// testdata/v1/STACK/NAME has what it made of testdata/STACK/NAME/input. The
// user's edits, the remembered flags and the choices stay.
func TestVersion1(t *testing.T) {
	t.Parallel()
	locks, err := filepath.Glob(filepath.Join("testdata", "v1", "*", "*", lock.Name))
	if err != nil || len(locks) == 0 {
		t.Fatal("no locks", err)
	}
	for _, name := range locks {
		old := filepath.Dir(name)
		rel, err := filepath.Rel(filepath.Join("testdata", "v1"), old)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(rel), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), filepath.Base(rel))
			copyInto(t, dir, filepath.Join("..", "..", "testdata", rel, "input"))
			copyInto(t, dir, old)
			mine := []string{"# mine, before\n", "# mine, after\nLABEL mine=1\n"}
			edit(t, dir, "Dockerfile", func(s string) string {
				return strings.Replace(s, "\nFROM", "\n"+mine[0]+"FROM", 1) + mine[1]
			})
			edit(t, dir, ".dockerignore", func(s string) string { return s + "mine/\n" })

			before := parse(t, dir)
			folder := openFolder(t, dir)
			c, err := folder.Update(t.Context(), project.Request{Release: "test"})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range c.Conflicts {
				t.Errorf("conflict: %+v", x)
			}
			if err := folder.Write(c); err != nil {
				t.Fatal(err)
			}
			for _, m := range mine {
				if text := read(t, dir, "Dockerfile"); !strings.Contains(text, m) {
					t.Errorf("%q is lost:\n%s", m, text)
				}
			}
			if text := read(t, dir, ".dockerignore"); !strings.Contains(text, "mine/\n") {
				t.Errorf("the user's pattern is lost:\n%s", text)
			}
			after := parse(t, dir)
			if got, want := show(t, after.Apps["."].Settings), show(t, before.Apps["."].Settings); got != want {
				t.Errorf("flags: got %s, want %s", got, want)
			}
			for key, was := range before.Apps["."].Choices {
				if is := after.Apps["."].Choices[key]; was.Evidence != "" && is.Evidence == was.Evidence && is.Value != was.Value || key == "runtime" && is.Value != was.Value {
					t.Errorf("%s: got %s, want %s", key, is.Value, was.Value)
				}
			}
			if c, err = folder.Update(t.Context(), project.Request{Release: "test"}); err != nil || c.Moved() || len(c.Conflicts) > 0 {
				t.Errorf("a second update moves again: %v, %+v", err, c)
			}
		})
	}
}

// TestVersion1InSync: a lock of version 1 whose files are what this release
// writes too is in sync, and stays as it is.
func TestVersion1InSync(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "hello")
	write(t, dir, "go.mod", "module example.com/hello\n\ngo 1.26\n")
	write(t, dir, "main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n")
	write(t, dir, "dockgen.yaml", "runtime: slim\nport: 8080\n")
	folder := openFolder(t, dir)
	c, err := folder.Init(t.Context(), project.Request{Flags: flags(t, "runtime=alpine", "env={A: b}")}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Write(c); err != nil {
		t.Fatal(err)
	}
	// As version 1 had it: the keys of the app at the top, no "overridden", and
	// evidence in other words.
	edit(t, dir, lock.Name, func(s string) string {
		_, apps, _ := strings.Cut(s, "apps:\n  .:\n")
		head, tail, ok := strings.Cut(apps, "    overridden:\n      runtime: slim\n")
		if !ok {
			t.Fatal("the lock does not say what dockgen.yaml has:\n" + s)
		}
		old := strings.ReplaceAll("\n"+head+tail, "\n    ", "\n")
		return "version: 1\ndockgen: v0.0.1\n" + strings.ReplaceAll(old[1:], "evidence: ", "input: of old, ")
	})
	was := read(t, dir, lock.Name)
	if c, err = folder.Update(t.Context(), project.Request{}); err != nil || c.Moved() {
		t.Fatalf("moved: %v\n%s\n%+v", err, was, c)
	}
	// Which of a flag and a line of dockgen.yaml is later, version 1 does not say.
	if len(c.Apps[0].Notes) != 1 || c.Apps[0].Notes[0].Pos.String() != "dockgen.yaml:1" || c.Apps[0].Notes[0].Hint != "dockgen update --set runtime= forgets the flag" {
		t.Errorf("notes: %+v", c.Apps[0].Notes)
	}
	if c, err = folder.Update(t.Context(), project.Request{Forget: []string{"runtime"}}); err != nil {
		t.Fatal(err)
	}
	if err := folder.Write(c); err != nil {
		t.Fatal(err)
	}
	if l := parse(t, dir); l.Version != 2 || show(t, l.Apps["."].Settings) != "env:\n  A: b\n" || l.Apps["."].Choices["runtime"].Value != "slim" {
		t.Errorf("got %s", read(t, dir, lock.Name))
	}
}

func parse(t *testing.T, dir string) *lock.File {
	t.Helper()
	l, err := lock.Parse(lock.Name, []byte(read(t, dir, lock.Name)))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func copyInto(t *testing.T, dir, from string) {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
