package example

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/dockgen/dockgen/profiles/plan"
)

// Repository is an example in memory, which changes as repositories do, with
// what the user asks for.
type Repository struct {
	Name  string // of its folder
	Stack string
	Files fstest.MapFS
	Set   []string // --set of the time
}

// Repository is the example as it is.
func (e *Example) Repository() (Repository, error) {
	r := Repository{Name: e.Name, Stack: e.Stack, Files: fstest.MapFS{}}
	dir := os.DirFS(e.Input())
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := fs.ReadFile(dir, name)
		r.Files[name] = &fstest.MapFile{Data: text, Mode: info.Mode()}
		return err
	})
	return r, err
}

// Clone returns a copy that changes by itself.
func (r Repository) Clone() Repository {
	r.Files, r.Set = maps.Clone(r.Files), slices.Clone(r.Set)
	return r
}

// Change makes one of the changes that a repository, or what is asked of it,
// sees in its life.
func (r *Repository) Change(rnd *rand.Rand) {
	list := mutations(r.Stack)
	list[rnd.IntN(len(list))](r, rnd)
}

// mutation is something that happens to a repository.
type mutation func(r *Repository, rnd *rand.Rand)

// rewrite replaces what re matches in the files whose name ends so.
func rewrite(suffix, re string, with ...string) mutation {
	find := regexp.MustCompile(re)
	return func(r *Repository, rnd *rand.Rand) {
		to := []byte(with[rnd.IntN(len(with))])
		for name, f := range r.Files {
			if strings.HasSuffix(name, suffix) && !strings.Contains(name, "vendor/") {
				r.Files[name] = &fstest.MapFile{Data: find.ReplaceAll(f.Data, to), Mode: f.Mode}
			}
		}
	}
}

// toggle adds a file, or removes those that match.
func toggle(name, text string) mutation {
	match := regexp.MustCompile("^(?:" + name + ")$")
	return func(r *Repository, _ *rand.Rand) {
		n := len(r.Files)
		maps.DeleteFunc(r.Files, func(f string, _ *fstest.MapFile) bool { return match.MatchString(f) })
		if n == len(r.Files) && text != "" {
			r.Files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
		}
	}
}

func ask(key string, values ...string) mutation {
	return func(r *Repository, rnd *rand.Rand) {
		r.Set = slices.DeleteFunc(r.Set, func(w string) bool { return strings.HasPrefix(w, key+"=") })
		if v := values[rnd.IntN(len(values))]; v != "" {
			r.Set = append(r.Set, key+"="+v)
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
		ask("link", "", "false"),
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
		"html": {
			toggle(`.*404\.html`, "<html></html>\n"),
			toggle(`_redirects`, "/* /index.html 200\n"),
			toggle(`package\.json`, "{\"private\": true}\n"),
		},
	}[stack]...)
}
