package project_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/settings"
)

func openFolder(t testing.TB, dir string) *project.Folder {
	t.Helper()
	f, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// initialized is the folder of a repository in which init has written.
func initialized(t *testing.T, r example.Repository) (folder *project.Folder, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), r.Name)
	fill(t, dir, r)
	folder = openFolder(t, dir)
	c, err := folder.Init(t.Context(), project.Request{Flags: flags(t, r.Set...)}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Write(c); err != nil {
		t.Fatal(err)
	}
	return folder, dir
}

// unsettled says what an update changes right after an update, "" for nothing.
func unsettled(t *testing.T, folder *project.Folder, open ...project.Conflict) string {
	t.Helper()
	key := func(list []project.Conflict) (out []string) {
		for _, x := range list {
			out = append(out, fmt.Sprint(x.Path, x.Ours, x.Theirs, x.Why))
		}
		slices.Sort(out)
		return out
	}
	c, err := folder.Update(t.Context(), project.Request{})
	switch {
	case err != nil:
		return "a second update: " + err.Error()
	case !c.Moved() && slices.Equal(key(open), key(c.Conflicts)):
		return ""
	}
	fault := []string{fmt.Sprintf("a second update changes something again: %s, conflicts: %q, and were %q", c.Why, key(c.Conflicts), key(open))}
	for _, e := range c.Edits {
		if e.Changes() {
			fault = append(fault, e.Diff())
		}
	}
	return strings.Join(fault, "\n")
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func edit(t testing.TB, dir, name string, change func(string) string) {
	t.Helper()
	write(t, dir, name, change(read(t, dir, name)))
}

// flags are settings as --set takes them.
func flags(t testing.TB, assignments ...string) settings.Settings {
	t.Helper()
	var s settings.Settings
	for _, a := range assignments {
		var err error
		if s, err = s.Set(a); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// show is the settings without where they were set.
func show(t testing.TB, s settings.Settings) string {
	t.Helper()
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
