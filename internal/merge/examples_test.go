package merge_test

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// repository is an example in memory, which changes as repositories do.
type repository struct {
	name  string
	files fstest.MapFS
	wants []string // --set of the time
}

func (r repository) clone() repository {
	return repository{name: r.name, files: maps.Clone(r.files), wants: slices.Clone(r.wants)}
}

// generate returns dockgen's Dockerfile and .dockerignore.
func (r repository) generate() ([2][]byte, error) {
	var s settings.Settings
	if f := r.files[settings.File]; f != nil {
		var err error
		if s, err = settings.Parse(settings.File, f.Data); err != nil {
			return [2][]byte{}, err
		}
	}
	for _, w := range r.wants {
		var err error
		if s, err = s.Set(w); err != nil {
			return [2][]byte{}, err
		}
	}
	repo, err := detect.Scan(context.Background(), r.files, profiles.Languages())
	if err != nil {
		return [2][]byte{}, err
	}
	project, err := profiles.Decide(repo, profiles.Request{Name: r.name, Settings: s})
	if err != nil {
		return [2][]byte{}, err
	}
	p := project.Apps[0]
	files, err := templates.Render(p)
	if err != nil {
		return [2][]byte{}, err
	}
	var out [2][]byte
	for _, f := range files {
		switch f.Name {
		case templates.Dockerfile:
			out[merge.Dockerfile] = f.Data
		case templates.Dockerignore:
			out[merge.Ignore] = f.Data
		}
	}
	return out, nil
}

// mutation is something that happens to a repository.
type mutation func(r *repository, rnd *rand.Rand)

// rewrite replaces what re matches in the files whose name ends so.
func rewrite(suffix, re string, with ...string) mutation {
	find := regexp.MustCompile(re)
	return func(r *repository, rnd *rand.Rand) {
		to := []byte(with[rnd.IntN(len(with))])
		for name, f := range r.files {
			if strings.HasSuffix(name, suffix) && !strings.Contains(name, "vendor/") {
				r.files[name] = &fstest.MapFile{Data: find.ReplaceAll(f.Data, to), Mode: f.Mode}
			}
		}
	}
}

// toggle adds a file, or removes those that match.
func toggle(name, text string) mutation {
	match := regexp.MustCompile("^(?:" + name + ")$")
	return func(r *repository, _ *rand.Rand) {
		n := len(r.files)
		maps.DeleteFunc(r.files, func(f string, _ *fstest.MapFile) bool { return match.MatchString(f) })
		if n == len(r.files) && text != "" {
			r.files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
		}
	}
}

func ask(key string, values ...string) mutation {
	return func(r *repository, rnd *rand.Rand) {
		r.wants = slices.DeleteFunc(r.wants, func(w string) bool { return strings.HasPrefix(w, key+"=") })
		if v := values[rnd.IntN(len(values))]; v != "" {
			r.wants = append(r.wants, key+"="+v)
		}
	}
}

// mutations of each stack, after those that every repository sees.
func mutations(stack string) []mutation {
	return append([]mutation{
		ask("runtime", "", string(plan.Slim), string(plan.Alpine), string(plan.Distroless), string(plan.Scratch)),
		ask("port", "", "8081", "9000"),
		ask("packages", "", "[curl]", "[curl, tzdata]"),
		ask("env", "", "{LOG_LEVEL: info}", "{LOG_LEVEL: debug, TZ: UTC}"),
		ask("healthcheck", "", "/", "none", "/healthz"),
		ask("syntax", "", "false"),
		toggle(`README\.md`, "# hello\n"),
		toggle(`Procfile`, ""),
	}, map[string][]mutation{
		"go": {
			rewrite("go.mod", `(?m)^go .*$`, "go 1.25", "go 1.26", "go 1.24.0"),
			rewrite(".go", `"[38]\d\d\d"`, `"8080"`, `"3030"`),
			rewrite("go.mod", `(?m)\z`, "\nrequire github.com/mattn/go-sqlite3 v1.14.28\n"),
			rewrite("main.go", `\nimport \(`, "\nimport (\n\t_ \"github.com/mattn/go-sqlite3\"\n"),
			toggle(`.*_test\.go`, ""),
			toggle(`go\.sum`, ""),
			toggle(`(static|templates)/.*`, ""),
		},
		"node": {
			rewrite("package.json", `"version":`, `"engines": {"node": "22.x"}, "version":`, `"engines": {"node": ">=24"}, "version":`),
			rewrite("package.json", `"(express|hono|vite)":`, `"canvas": "^3.0.0", "$1":`, `"bcrypt": "^6.0.0", "$1":`, `"sharp": "0.34.0", "$1":`, `"puppeteer": "24.0.0", "$1":`),
			rewrite("package.json", `"(build|test|dev)":`, `"x$1":`),
			rewrite(".js", `3000`, "4000"),
			rewrite(".ts", `8080`, "4000"),
			toggle(`package-lock\.json`, ""),
			toggle(`\.nvmrc`, "22\n"),
			toggle(`\.npmrc`, "fund=false\n"),
		},
		"python": {
			toggle(`\.python-version`, "3.12\n"),
			rewrite("requirements.txt", `\z`, "psycopg2==2.9.10\n", "Pillow==11.0.0\nlxml==5.3.0\n", "mysqlclient==2.2.6\n", "gunicorn==23.0.0\n"),
			rewrite("requirements.txt", `(?m)^gunicorn.*$`, ""),
			rewrite("pyproject.toml", `requires-python = .*`, `requires-python = ">=3.12"`, `requires-python = "==3.11.*"`),
			toggle(`tests?(_|/).*\.py`, ""),
			toggle(`uv\.lock`, ""),
			toggle(`requirements-(dev|test)\.txt`, ""),
		},
		"java": {
			rewrite("pom.xml", `<java.version>.*</java.version>`, "<java.version>21</java.version>", "<java.version>25</java.version>"),
			rewrite("pom.xml", `<maven.compiler.release>.*</`, "<maven.compiler.release>21</", "<maven.compiler.release>25</"),
			toggle(`mvnw|\.mvn/.*`, ""),
			toggle(`\.sdkmanrc`, "java=21.0.5-tem\n"),
			toggle(`src/main/resources/application\.properties`, "server.port=8081\n"),
			toggle(`.*src/test/.*`, ""),
			rewrite("pom.xml", `<artifactId>(boot|plain|thin)</artifactId>`, "<artifactId>renamed</artifactId>"),
		},
	}[stack]...)
}

func load(t testing.TB, e *example.Example) repository {
	t.Helper()
	r := repository{name: e.Name, files: fstest.MapFS{}}
	fsys := os.DirFS(e.Input())
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		r.files[name] = &fstest.MapFile{Data: text, Mode: 0o644}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// variants are what dockgen generates of the example as it changes: each with
// what it was a change of.
func variants(t testing.TB, e *example.Example, rnd *rand.Rand, n int) (files [][2][]byte) {
	t.Helper()
	first := load(t, e)
	list := mutations(e.Stack)
	repos := []repository{first}
	for try := 0; try < 8*n && len(files) < n; try++ {
		r := repos[rnd.IntN(len(repos))].clone()
		if try > 0 {
			for range 1 + rnd.IntN(2) {
				list[rnd.IntN(len(list))](&r, rnd)
			}
		}
		made, err := r.generate()
		if err != nil {
			if try == 0 {
				t.Fatal(err)
			}
			continue // refused: then there is nothing to merge
		}
		if !slices.ContainsFunc(files, func(f [2][]byte) bool { return bytes.Equal(f[0], made[0]) && bytes.Equal(f[1], made[1]) }) {
			files, repos = append(files, made), append(repos, r)
		}
	}
	return files
}

// TestExamples: over every example, rounds of an edit of the user's and then a
// change of the repository. No line of the user's is lost, the result parses,
// and an update after the update changes nothing.
func TestExamples(t *testing.T) {
	all, err := example.All("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	rounds := 80 // CI goes over a thousand
	if os.Getenv("CI") == "true" {
		rounds = 1000
	}
	for i, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(uint64(i), 4))
			pool := variants(t, e, rnd, 24)
			if len(pool) < 8 {
				t.Errorf("only %d variants", len(pool))
			}
			conflicts := 0
			for done := 0; done < rounds && !t.Failed(); {
				now := rnd.IntN(len(pool))
				users := [2]*user{}
				text := [2]string{}
				for kind := range users {
					users[kind] = &user{r: rnd, kind: merge.Kind(kind), added: map[string]bool{}}
					text[kind] = string(pool[now][kind])
				}
				for range 8 {
					next := rnd.IntN(len(pool))
					for kind, u := range users {
						text[kind] = u.edit(t, text[kind])
						var n int
						text[kind], n = u.round(t, string(pool[now][kind]), text[kind], string(pool[next][kind]))
						conflicts += n
					}
					now = next
					done++
				}
			}
			t.Logf("%d variants, %d rounds, %d conflicts", len(pool), rounds, conflicts)
		})
	}
}

// round merges and looks at what must always hold; it returns the result and
// the number of conflicts.
func (u *user) round(t testing.TB, was, ours, now string) (string, int) {
	t.Helper()
	if u.base == nil {
		u.base = mustFingerprint(t, u.kind, was)
	}
	got, err := merge.Merge(u.kind, u.base, []byte(ours), []byte(now))
	if err != nil {
		t.Fatal(err)
	}
	text := string(got.Text)
	for _, c := range got.Conflicts {
		if c.Line < 1 || c.Line > strings.Count(text, "\n")+1 {
			t.Errorf("line %d of a conflict is outside of the file", c.Line)
		}
		if c.Ours != "" && !strings.Contains(text, c.Ours) {
			t.Errorf("the conflict's text is not there: %q", c.Ours)
		}
		if c.Line == 1 && c.Theirs == now {
			t.Error("the file could not be merged at all")
		}
	}
	u.base = got.Base
	u.keeps(t, text)
	// This also parses the result.
	again, err := merge.Merge(u.kind, got.Base, got.Text, []byte(now))
	if err != nil || string(again.Text) != text || len(again.Conflicts) > 0 || !slices.Equal(again.Base, got.Base) {
		t.Errorf("merging again changes something: %v", err)
	}
	if t.Failed() {
		t.Fatalf("--- generated\n%s\n--- the user's\n%s\n--- generated next\n%s\n--- merged\n%s", was, ours, now, text)
	}
	return text, len(got.Conflicts)
}
