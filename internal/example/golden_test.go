package example_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

var update = flag.Bool("update", false, "rewrite the wanted files below testdata") //nolint:gochecknoglobals // a test flag

const testdata = "../../testdata"

// unbuilt has examples whose files are held to as those of all others, and which the end-to-end suite does not build: their build
// downloads Gradle and its plugins from hosts that the workplace of the suite does not reach.
const unbuilt = testdata + "/unbuilt"

func examples(t testing.TB) []*example.Example {
	t.Helper()
	var out []*example.Example
	for _, dir := range []string{testdata, unbuilt} {
		all, err := example.All(dir)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, all...)
	}
	return out
}

// TestUnbuilt says aloud which examples nothing builds.
func TestUnbuilt(t *testing.T) {
	all, err := example.All(unbuilt)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			t.Skip("the end-to-end suite does not build it: Gradle's distribution and plugins are out of its reach")
		})
	}
}

// scan reads a repository as the command does: through os.Root, with its
// dockgen.yaml if it has one. The root is closed when nothing uses it any more, because
// a front end is read when an app asks for it.
func scan(ctx context.Context, dir string) (*detect.Repo, settings.Settings, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, settings.Settings{}, err
	}
	var s settings.Settings
	text, err := root.ReadFile(settings.File)
	switch {
	case err == nil:
		if s, err = settings.Parse(settings.File, text); err != nil {
			return nil, s, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, s, err
	}
	repo, err := detect.Scan(ctx, root.FS(), profiles.Languages())
	return repo, s, err
}

// generate runs an example through dockgen with the runtime asked for, "" for
// the default profile's own choice.
func generate(ctx context.Context, e *example.Example, r plan.Runtime) (*plan.App, map[string][]byte, error) {
	repo, s, err := scan(ctx, e.Input())
	if err != nil {
		return nil, nil, err
	}
	if r != "" {
		s.Runtime = r
	}
	project, err := profiles.Decide(repo, profiles.Request{Name: e.Name, Settings: s})
	if err != nil {
		return nil, nil, err
	}
	p := project.Apps[0]
	files, err := templates.Render(p)
	if err != nil {
		return nil, nil, err
	}
	out := map[string][]byte{}
	for _, f := range files {
		out[f.Name] = f.Data
	}
	return p, out, nil
}

// want is everything that belongs in an example's want folder: file contents
// by slash-separated path.
func want(ctx context.Context, t *testing.T, e *example.Example) map[string][]byte {
	t.Helper()
	p, def, err := generate(ctx, e, "")
	if err != nil {
		t.Fatalf("with no runtime asked for: %v%s", err, hint(err))
	}
	out := map[string][]byte{"explain.txt": explain(p)}
	first := chosen(t, p)
	for _, r := range plan.Runtimes() {
		_, files, err := generate(ctx, e, r)
		if err != nil {
			if r == first {
				t.Errorf("%s is the default's choice and yet cannot be asked for: %v", r, err)
			}
			out[string(r)+"/error.txt"] = []byte(err.Error() + hint(err) + "\n")
			continue
		}
		if r == first {
			for name, text := range def {
				if diff := cmp.Diff(string(files[name]), string(text)); diff != "" {
					t.Errorf("%s: %s asked for differs from %s by default (-asked +default):\n%s", r, name, r, diff)
				}
			}
		}
		for name, text := range files {
			out[string(r)+"/"+name] = text
		}
	}
	return out
}

// chosen is the runtime that a plan was decided for.
func chosen(t *testing.T, p *plan.App) plan.Runtime {
	t.Helper()
	for _, c := range p.Choices {
		if c.Key == "runtime" {
			return plan.Runtime(c.Value)
		}
	}
	t.Fatal("no choice of a runtime")
	return ""
}

func hint(err error) string {
	var h string
	if e := (*fact.Error)(nil); errors.As(err, &e) {
		h = e.Hint
	}
	if e := (*record.UnsupportedError)(nil); errors.As(err, &e) {
		h = e.Hint
	}
	if e := (interface{ Hint() string })(nil); errors.As(err, &e) {
		h = e.Hint()
	}
	if h == "" {
		return ""
	}
	return "\nhint: " + h
}

// explain prints every choice and note, so that a changed decision shows in a
// diff even where the file stays as it is.
func explain(p *plan.App) []byte {
	var b bytes.Buffer
	at := func(pos *fact.Pos) string {
		if pos == nil {
			return ""
		}
		return " (" + pos.String() + ")"
	}
	for _, c := range p.Choices {
		fmt.Fprintf(&b, "%s: %s\n    %s%s\n", c.Key, c.Value, c.Rule, at(c.Pos))
		if c.Evidence != "" {
			fmt.Fprintf(&b, "    locked while: %s\n", c.Evidence)
		}
		for _, l := range c.Rejected {
			fmt.Fprintf(&b, "    not %s%s: %s\n", l.Value, at(l.Pos), l.Why)
		}
	}
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "note%s: %s\n", at(&n.Pos), n.Text)
		if n.Hint != "" {
			fmt.Fprintf(&b, "    %s\n", n.Hint)
		}
	}
	return b.Bytes()
}

// TestGolden compares what dockgen writes for every example and runtime with
// the want folder, byte for byte. With -update it rewrites that folder.
func TestGolden(t *testing.T) {
	all := examples(t)
	if len(all) == 0 {
		t.Skip("no examples below testdata")
	}
	for _, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			got := want(t.Context(), t, e)
			again := want(t.Context(), t, e)
			if diff := cmp.Diff(got, again); diff != "" {
				t.Errorf("a second run differs:\n%s", diff)
			}
			for name, text := range got {
				checkText(t, name, text)
			}
			if *update {
				if !t.Failed() {
					rewrite(t, e.Want(), got)
				}
				return
			}
			old := read(t, e.Want())
			for _, name := range slices.Sorted(maps.Keys(got)) {
				if text, ok := old[name]; !ok {
					t.Errorf("want/%s is missing; go test ./internal/example -update writes it", name)
				} else if diff := cmp.Diff(string(text), string(got[name])); diff != "" {
					t.Errorf("want/%s (-want +got):\n%s", name, diff)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(old)) {
				if _, ok := got[name]; !ok {
					t.Errorf("want/%s is not written any more; go test ./internal/example -update removes it", name)
				}
			}
		})
	}
}

// checkText wants plain text: LF, one final newline, no trailing blanks, and
// nothing of the machine that it was made on.
func checkText(t *testing.T, name string, text []byte) {
	t.Helper()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case bytes.ContainsRune(text, '\r'):
		t.Errorf("%s holds a carriage return", name)
	case !bytes.HasSuffix(text, []byte("\n")) || bytes.HasSuffix(text, []byte("\n\n")):
		t.Errorf("%s does not end in one newline", name)
	case bytes.HasPrefix(text, []byte("\n")) || bytes.Contains(text, []byte("\n\n\n")):
		t.Errorf("%s holds needless empty lines", name)
	case bytes.Contains(text, []byte(" \n")) || bytes.Contains(text, []byte("\t\n")):
		t.Errorf("%s holds trailing blanks", name)
	case bytes.Contains(text, []byte(filepath.Dir(filepath.Dir(wd)))):
		t.Errorf("%s holds a path of this machine", name)
	}
}

// read returns every file below dir, by slash-separated path.
func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(rel)], err = os.ReadFile(p)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

func rewrite(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	if !strings.HasSuffix(dir, "want") {
		t.Fatalf("%s is no want folder", dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
