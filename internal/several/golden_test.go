package several_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/internal/several"
	"github.com/dockgen/dockgen/profiles/plan"
)

var update = flag.Bool("update", false, "rewrite the wanted files below testdata/several") //nolint:gochecknoglobals // a test flag

const testdata = "../../testdata"

func all(t *testing.T) []*several.Repository {
	t.Helper()
	list, err := several.All(testdata)
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list
}

// TestGolden compares what init writes with want, byte for byte; with -update it rewrites that folder. A run after it changes nothing,
// neither for all of the apps nor for one, and each Dockerfile passes BuildKit's linter.
func TestGolden(t *testing.T) {
	for _, r := range all(t) {
		t.Run(r.Name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), r.Name)
			if err := os.CopyFS(dir, os.DirFS(r.Input())); err != nil {
				t.Fatal(err)
			}
			folder, err := project.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer folder.Close()
			change, err := folder.Init(t.Context(), project.Request{}, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := folder.Write(change); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{"notes.txt": said(change)}
			for _, e := range change.Edits {
				if e.Path != lock.Name && !e.Local { // which is this machine's
					got[e.Path] = string(e.New)
				}
			}
			var apps []string
			for _, app := range change.Apps {
				apps = append(apps, app.Plan.Folder())
				if len(change.Apps) > 1 {
					unmoved(t, folder, app.Plan.Folder())
				}
			}
			unmoved(t, folder, "")
			if diff := cmp.Diff(slices.Sorted(maps.Keys(r.Apps)), slices.Sorted(slices.Values(apps))); diff != "" {
				t.Errorf("apps (-repository.yaml +init):\n%s", diff)
			}
			for name, text := range got {
				if path.Base(name) == "Dockerfile" {
					linted(t, name, text)
				}
				if strings.Contains(text, dir) || strings.Contains(text, " \n") {
					t.Errorf("%s holds a path of this machine, or trailing blanks", name)
				}
			}
			if *update && !t.Failed() {
				rewrite(t, r.Want(), got)
			}
			if diff := cmp.Diff(read(t, r.Want()), got); diff != "" {
				t.Errorf("want, which -update rewrites (-want +got):\n%s", diff)
			}
		})
	}
}

// unmoved wants an update of one app, or of all, to change nothing.
func unmoved(t *testing.T, folder *project.Folder, app string) {
	t.Helper()
	change, err := folder.Update(t.Context(), project.Request{App: app})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range change.Edits {
		if e.Changes() {
			t.Errorf("update --app %q changes what init wrote:\n%s", app, e.Diff())
		}
	}
}

// linted wants no warning of BuildKit's parser and linter.
func linted(t *testing.T, name, text string) {
	t.Helper()
	lint := linter.New(&linter.Config{Warn: func(rule, _, url, msg string, at []parser.Range) {
		t.Errorf("%s:%d: %s: %s (%s)", name, at[0].Start.Line, rule, msg, url)
	}})
	d, err := example.ParseDockerfile([]byte(text), lint)
	if err != nil {
		t.Fatal(name, err)
	}
	for _, w := range d.Warnings {
		t.Errorf("%s: %s", name, w.Short)
	}
}

// said is what init says of the apps: their notes, and why others are refused.
func said(c *project.Change) string {
	var b strings.Builder
	for _, app := range c.Apps {
		fmt.Fprintf(&b, "%s: %s, %s\n", app.Plan.Folder(), app.Plan.Language, app.Plan.Kind)
		for _, n := range slices.Concat(app.Plan.Notes, app.Notes) {
			b.WriteString("    " + note(n) + "\n")
		}
	}
	for _, x := range c.Refused {
		fmt.Fprintf(&b, "%s: refused: %v\n", x.Dir, x.Err)
	}
	return b.String()
}

func note(n plan.Note) string {
	text := n.Text
	if !n.Pos.IsZero() {
		text = n.Pos.String() + ": " + text
	}
	if n.Hint != "" {
		text += " (" + n.Hint + ")"
	}
	return text
}

// read returns every file below dir, by slash-separated path.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p)))
		out[p] = string(text)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// rewrite puts the files in the place of what is in dir.
func rewrite(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if filepath.Base(dir) != "want" {
		t.Fatal(dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
