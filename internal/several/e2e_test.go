package several_test

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/proof"
	"github.com/dockgen/dockgen/internal/several"
)

const recordFile = testdata + "/several.txt"

// What is proved of a repository: of all of its apps together, or of one.
const (
	together = "all"
	bake     = "bake"    // docker buildx bake makes an image of each app, which runs as it should
	cached   = "cached"  // an edit of one app builds it anew, and runs no step of another's
	composed = "compose" // docker compose up brings up all of it, and what it keeps is there after a restart
	tests    = "test"    // of one app: the target fails as the repository's tests do
)

// TestE2E wants all of that to be proved of every repository below testdata/several. As the test of the examples of one app does
// (internal/e2e, CONTRIBUTING.md), it builds and runs what the record does not have where DOCKGEN_E2E=1 and an engine answers, and
// records what passes; elsewhere it looks into the record alone.
func TestE2E(t *testing.T) {
	repositories := all(t)
	units := unitsOf(t, repositories)
	engine, err := proof.Engine(os.Getenv("DOCKGEN_E2E_ENGINE"))
	if err != nil {
		t.Fatal(err)
	}
	none := "DOCKGEN_E2E=1 asks for none"
	if os.Getenv("DOCKGEN_E2E") == "1" {
		none = ""
		if _, err := docker(t.Context(), "", "info"); err != nil {
			none = err.Error()
		}
	}
	if none != "" {
		engine = ""
	} else {
		record(t, units, func(*proof.Record) {})
	}
	rec, err := proof.Load(recordFile)
	if err != nil {
		t.Fatal(err)
	}
	todo := map[string][]proof.Unit{} // by repository
	var missing []string
	for _, u := range units {
		if !rec.Proved(u, engine) {
			name := strings.Fields(u.Several)[0]
			todo[name] = append(todo[name], u)
			missing = append(missing, u.String())
		}
	}
	t.Logf("%d of %d are recorded as passed", len(units)-len(missing), len(units))
	if len(missing) > 0 && none != "" {
		text := fmt.Sprintf("these have not passed as they are now, and need a Docker engine (%s):\n%s\nDOCKGEN_E2E=1 go test ./internal/several -timeout=30m, then commit testdata/several.txt",
			none, strings.Join(missing, "\n"))
		if os.Getenv("CI") == "true" || os.Getenv("DOCKGEN_E2E") == "1" {
			t.Fatal(text)
		}
		t.Skip(text)
	}
	for _, r := range repositories {
		if own := todo["several/"+r.Name]; len(own) > 0 {
			t.Run(r.Name, func(t *testing.T) { try(t, r, own, units, engine) })
		}
	}
}

// try tries what is not proved of a repository, and records what passes.
func try(t *testing.T, r *several.Repository, todo, units []proof.Unit, engine string) {
	w := newWorkplace(t, r)
	for _, u := range todo {
		if end, ok := t.Deadline(); ok && time.Until(end) < 4*time.Minute {
			t.Fatal("too little time is left: what passed until here is recorded; run it again with -timeout=30m")
		}
		app := strings.Fields(u.Several)[1]
		tried, begin := false, time.Now()
		ok := t.Run(strings.ReplaceAll(app, "/", "-")+"-"+u.Target, func(t *testing.T) {
			defer func() { tried = !t.Skipped() }()
			switch u.Target {
			case bake:
				w.bake(t)
			case cached:
				w.cached(t)
			case composed:
				w.composed(t)
			case tests:
				w.tests(t, app)
			}
		})
		if !tried {
			continue
		}
		t.Logf("%s: %v", u, time.Since(begin).Round(time.Second))
		record(t, units, func(rec *proof.Record) {
			if ok {
				rec.Pass(u, engine)
			} else {
				rec.Fail(u)
			}
		})
	}
}

// record changes the record, and drops from it what there is no more.
func record(t *testing.T, units []proof.Unit, change func(*proof.Record)) {
	t.Helper()
	if _, err := proof.Update(recordFile, func(r *proof.Record) {
		change(r)
		r.Keep(units)
	}); err != nil {
		t.Fatal(err)
	}
}

// unitsOf lists what there is to prove, in the order in which it is tried.
func unitsOf(t *testing.T, list []*several.Repository) []proof.Unit {
	t.Helper()
	code := suite(t, "several.go", "docker_test.go", "workplace_test.go", "../example/example.go")
	var out []proof.Unit
	for _, r := range list {
		files := read(t, r.Want())
		add := func(app, target string, depends func(w io.Writer) error) {
			hash, err := proof.Digest(func(w io.Writer) error {
				proof.Part(w, target, code)
				if target == composed {
					proof.Part(w, "compose", suite(t, "compose_test.go", "postgres.Dockerfile"))
				}
				if err := asked(w, r); err != nil {
					return err
				}
				return depends(w)
			})
			if err != nil {
				t.Fatal(r.Name, err)
			}
			out = append(out, proof.Unit{Several: "several/" + r.Name + " " + app, Target: target, Hash: hash})
		}
		prods := func(w io.Writer) error { return recipes(w, files, "", "prod") }
		add(together, bake, prods)
		add(together, cached, prods)
		if r.Compose != nil {
			add(together, composed, prods)
		}
		for _, app := range slices.Sorted(maps.Keys(r.Apps)) {
			add(app, tests, func(w io.Writer) error { return recipes(w, files, app, "test") })
		}
	}
	return out
}

// asked writes the repository and what it asks of its images.
func asked(w io.Writer, r *several.Repository) error {
	some := *r
	some.About = ""
	text, err := yaml.Marshal(some)
	if err != nil {
		return err
	}
	proof.Part(w, r.Name, string(text))
	return proof.Tree(w, r.Input())
}

// recipes writes what the builds of a target depend on of the files that init wrote: those in one app's folder, or of all of them.
func recipes(w io.Writer, files map[string]string, app, target string) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := files[name]
		switch base := path.Base(name); {
		case app != "" && path.Dir(name) != path.Clean(app):
			continue
		case base == "Dockerfile":
			d, err := example.ParseDockerfile([]byte(text), nil)
			if err != nil {
				return err
			}
			text = d.Recipe(d.Needs(target)...)
		case path.Ext(name) == ".txt": // said, and not built
			continue
		case strings.HasPrefix(base, "compose") && target == "test":
			continue
		default:
			text = strings.Join(slices.DeleteFunc(strings.SplitAfter(text, "\n"), func(s string) bool {
				return strings.HasPrefix(s, "#") || strings.TrimSpace(s) == ""
			}), "")
		}
		proof.Part(w, name, text)
	}
	return nil
}

// suite is code that results depend on, without comments and layout.
func suite(t *testing.T, files ...string) string {
	t.Helper()
	var out strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if path.Ext(name) != ".go" {
			out.Write(text)
			continue
		}
		code, err := proof.Syntax(name, text)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(code)
	}
	return out.String()
}
