package buildfile_test

import (
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
)

// TestFor: an argument makes one Dockerfile that of each of several apps, and what builds or runs another of them says nothing of an app.
func TestFor(t *testing.T) {
	const (
		golang   = "FROM golang AS b\nARG APP\nWORKDIR /src\nCOPY . .\nRUN go build -o /app ./cmd/${APP}\nFROM alpine\nARG APP\nARG MORE=x\nENV NAME=$APP\nENV MORE=$MORE\nCOPY --from=b /app /app\nCMD [\"/app\"]\n"
		composed = "services:\n  a:\n    build: {context: ., args: {APP: a}}\n    ports: ['1:11']\n  b:\n    build: {context: ., args: {APP: b}}\n    ports: ['2:22']\n"
	)
	for name, c := range map[string]struct {
		app   string
		files map[string]string
		want  string // ENV NAME
		runs  string // the services
	}{
		"compose says which":         {"cmd/b", map[string]string{"Dockerfile": golang, "compose.yaml": composed}, "b", "b"},
		"of the other":               {"cmd/a", map[string]string{"Dockerfile": golang, "compose.yaml": composed}, "a", "a"},
		"of neither":                 {"cmd/c", map[string]string{"Dockerfile": golang, "compose.yaml": composed, "cmd/c/main.go": ""}, "c", ""},
		"nothing says which":         {"cmd/b", map[string]string{"Dockerfile": golang}, "b", ""},
		"an argument for all":        {"cmd/b", map[string]string{"Dockerfile": strings.Replace(golang, "./cmd/${APP}", "./cmd/...", 1), "compose.yaml": composed}, buildfile.Unknown, "a b"},
		"a matrix":                   {"cmd/b", map[string]string{"Dockerfile": golang, ".github/workflows/x.yml": "on: push\njobs:\n  i:\n    strategy:\n      matrix:\n        app: [a, b]\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          build-args: APP=${{ matrix.app }}\n"}, "b", ""},
		"a command":                  {"cmd/b", map[string]string{"Dockerfile": golang, "Makefile": "image:\n\tdocker build --build-arg APP=b -t x .\n"}, "b", ""},
		"where it was copied to":     {"cmd/b", map[string]string{"Dockerfile": strings.Replace(golang, "RUN go build -o /app ./cmd/${APP}", "WORKDIR /src/cmd/${APP}\nRUN go build -o /app .", 1)}, "b", ""},
		"a module's own output":      {"mods/b", map[string]string{"Dockerfile": "FROM maven AS b\nARG APP\nCOPY . /src\nWORKDIR /src\nRUN mvn package -pl $APP -am\nFROM jre\nARG APP\nENV NAME=$APP\nCOPY --from=b /src/$APP/target/*.jar /a.jar\n", "mods/b/pom.xml": ""}, "mods/b", ""},
		"a default":                  {"cmd/b", map[string]string{"Dockerfile": strings.ReplaceAll(golang, "ARG APP", "ARG APP=a"), "compose.yaml": composed}, "b", "b"},
		"in the root":                {".", map[string]string{"Dockerfile": golang, "compose.yaml": composed}, buildfile.Unknown, "a b"},
		"a value that leads outside": {"cmd/b", map[string]string{"Dockerfile": golang, "compose.yaml": "services:\n  x:\n    build: {context: ., args: {APP: ../../b}}\n"}, "b", "x"},
		"without the Dockerfile":     {"cmd/b", map[string]string{"compose.yaml": composed}, "", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"cmd/a/main.go": {Data: []byte("x")}, "cmd/b/main.go": {Data: []byte("x")}}
			for file, text := range c.files {
				fsys[file] = &fstest.MapFile{Data: []byte(text + "\n")}
			}
			index, err := tree.Scan(t.Context(), fsys, tree.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := buildfile.Of(index, ".")
			if c.app != "." {
				r = r.For(c.app)
			}
			env := map[string]string{}
			if own := r.Image(); own != nil {
				for _, v := range own.Image.Env {
					maps.Copy(env, map[string]string{v.Value.Name: v.Value.Value})
				}
				if env["MORE"] != "x" && env["MORE"] != "" {
					t.Errorf("MORE is %q", env["MORE"])
				}
			}
			var runs []string
			for _, x := range r.Contract("shop", r.Image()).Runs {
				runs = append(runs, x.Name)
			}
			if got := strings.Join(runs, " "); env["NAME"] != c.want || got != c.runs {
				t.Errorf("got %q and %q, want %q and %q", env["NAME"], got, c.want, c.runs)
			}
		})
	}
}

// TestForReadsNothing: what the decisions ask of one of several apps was read with the folder, in the scan.
func TestForReadsNothing(t *testing.T) {
	files := fstest.MapFS{
		"Dockerfile":   {Data: []byte("FROM node\nARG APP\nCOPY . .\nWORKDIR apps/${APP}\nCMD [\"node\", \".\"]\n")},
		"compose.yaml": {Data: []byte("services:\n  a:\n    build: {context: ., args: {APP: a}}\n")},
		"package.json": {Data: []byte(`{"name": "shop"}`)}, "apps/a/index.js": {Data: []byte("x")},
	}
	opened := counted{files, new(int)}
	index, err := tree.Scan(t.Context(), opened, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	whole := buildfile.Of(index, ".")
	whole.Preload()
	*opened.times = 0
	of := whole.For("apps/a")
	if c := of.Contract("x", of.Image()); of == whole || len(c.Runs) != 1 || *opened.times != 0 {
		t.Errorf("%d services, %d files read", len(c.Runs), *opened.times)
	}
}

// counted counts how often a file is opened.
type counted struct {
	fs.FS

	times *int
}

func (c counted) Open(name string) (fs.File, error) {
	*c.times++
	return c.FS.Open(name)
}
