package proof_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/proof"
)

// module is a small one with an example, two runtimes, and a suite.
func module() map[string]string {
	const docker = `# syntax=docker/dockerfile:1

ARG GO_VERSION=1.27

# base is what all build on.
FROM golang:${GO_VERSION}-SUITE AS base
WORKDIR /src

FROM base AS dev
CMD ["go", "run", "."]

FROM base AS test
RUN <<EOF
set -e
go test ./...
EOF

FROM base AS build
RUN --mount=type=bind,from=assets,target=/a go build -o /app .

FROM node:24 AS assets
RUN make

FROM build AS worker
USER 65532:65532

# prod is small.
FROM PROD AS prod
COPY --from=build /app /app
USER 65532:65532
`
	slim := strings.NewReplacer("SUITE", "trixie", "PROD", "debian:trixie-slim").Replace(docker)
	alpine := strings.NewReplacer("SUITE", "alpine", "PROD", "alpine:3.24").Replace(docker)
	const dir = "testdata/go/hello/"
	return map[string]string{
		dir + "example.yaml": `about: a server
prod: {port: 8080, http: {path: /, status: 200, contains: Hello}}
targets: {worker: {stdout: [done]}}
test: {breaks: {file: main.go, old: Hello, new: Bye}}
dev: {edit: {file: main.go, old: Hello, new: Howdy}, http: {path: /, status: 200, contains: Howdy}}
`,
		dir + "input/main.go":             "// Hello\n",
		dir + "input/run.sh":              "echo\n",
		dir + "own/Dockerfile":            "FROM scratch AS prod\n",
		dir + "want/explain.txt":          "language: go\nruntime: slim\n    a rule\n",
		dir + "want/slim/Dockerfile":      slim,
		dir + "want/slim/.dockerignore":   "# Git\n.git\n",
		dir + "want/alpine/Dockerfile":    alpine,
		dir + "want/alpine/.dockerignore": "# Git\n.git\n",
		dir + "want/scratch/error.txt":    "it cannot be\n",
		"internal/e2e/e2e_test.go":        "package e2e_test\n\nvar flow = 1\n",
		"internal/e2e/docker_test.go":     "package e2e_test\n\n// docker runs.\nfunc docker() {}\n",
		"internal/e2e/own_test.go":        "package e2e_test\n\nvar own = 1\n",
		"internal/example/example.go":     "package example\n",
	}
}

// units writes the files into a folder and returns its units, by name.
func units(t *testing.T, files map[string]string, change func(root string)) map[string]string {
	t.Helper()
	root := t.TempDir()
	write(t, root, files)
	if change != nil {
		change(root)
	}
	all, err := example.All(filepath.Join(root, "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	suite, err := proof.ReadSuite(root)
	if err != nil {
		t.Fatal(err)
	}
	list, err := proof.Units(all, suite)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, u := range list {
		out[u.String()] = u.Hash
	}
	return out
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A unit's hash changes with what its result depends on, and with nothing else.
// Dev and test of alpine are those of slim, but for the base image.
func TestUnits(t *testing.T) {
	all := []string{
		"go/hello alpine check", "go/hello alpine prod", "go/hello alpine target:worker",
		"go/hello slim check", "go/hello slim dev", "go/hello slim own", "go/hello slim prod", "go/hello slim rebuild",
		"go/hello slim target:worker", "go/hello slim test", "go/hello slim watch",
	}
	only := func(parts ...string) (out []string) {
		for _, u := range all {
			if slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(u+" ", " "+p+" ") }) {
				out = append(out, u)
			}
		}
		return out
	}
	const dir = "testdata/go/hello/"
	const slim = dir + "want/slim/Dockerfile"
	prod := only("slim check", "slim prod", "slim rebuild", "slim own")
	var none []string
	tests := []struct {
		name           string
		file, old, new string
		change         func(t *testing.T, root string)
		want           []string // the units whose hash is another, or that are gone
	}{
		{name: "nothing", want: none},
		{name: "an instruction of prod", file: slim, old: "/app /app", new: "/app /bin/app", want: prod},
		{
			name: "an instruction of build, which prod and worker need", file: slim, old: "go build -o", new: "go build -v -o",
			want: only("slim check", "slim prod", "slim rebuild", "slim own", "slim target:worker"),
		},
		{
			name: "an instruction of a stage that is mounted", file: slim, old: "make", new: "make all",
			want: only("slim check", "slim prod", "slim rebuild", "slim own", "slim target:worker"),
		},
		{name: "a line of a here-document", file: slim, old: "go test ./...", new: "go test -v ./...", want: only("slim check", "slim test")},
		{name: "an instruction of all", file: slim, old: "/src", new: "/go/src", want: all[3:]},
		{name: "a version", file: slim, old: "1.27", new: "1.26", want: all[3:]},
		{name: "a directive", file: slim, old: "syntax=docker/dockerfile:1", new: "syntax=docker/dockerfile:1.4", want: all[3:]},
		{name: "the base image of dev", file: slim, old: "-trixie AS base", new: "-bookworm AS base", want: all[3:]},
		{name: "a comment of the Dockerfile", file: slim, old: "# prod is small.", new: "# prod is the smallest.", want: none},
		{name: "a line of the ignore file", file: dir + "want/alpine/.dockerignore", old: ".git", new: ".hg", want: all[:3]},
		{name: "a comment of the ignore file", file: dir + "want/alpine/.dockerignore", old: "# Git", new: "# Version control", want: none},
		{name: "a byte of the input", file: dir + "input/run.sh", old: "echo", new: "echo 1", want: all},
		{name: "the input may be executed", change: func(t *testing.T, root string) {
			if err := os.Chmod(filepath.Join(root, dir, "input/run.sh"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, want: all},
		{name: "a link", change: func(t *testing.T, root string) {
			if err := os.Symlink("main.go", filepath.Join(root, dir, "input/link")); err != nil {
				t.Fatal(err)
			}
		}, want: all},
		{name: "an empty folder, which Git does not know", change: func(t *testing.T, root string) {
			if err := os.Mkdir(filepath.Join(root, dir, "input/empty"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, want: none},
		{name: "what the image must do", file: dir + "example.yaml", old: "port: 8080", new: "port: 8081", want: all},
		{name: "what the example is for", file: dir + "example.yaml", old: "a server", new: "a good server", want: none},
		{name: "that it always runs", file: dir + "example.yaml", old: "prod:", new: "always: true\nprod:", want: none},
		{name: "the hand-written Dockerfile", file: dir + "own/Dockerfile", old: "scratch", new: "debian", want: only("own")},
		{
			name: "another default", file: dir + "want/explain.txt", old: "slim", new: "alpine",
			want: only("dev", "test", "watch", "rebuild", "own"),
		},
		{name: "code that all units need", file: "internal/e2e/docker_test.go", old: "{}", new: "{ return }", want: all},
		{name: "how examples are loaded", file: "internal/example/example.go", old: "example", new: "example; var x = 1", want: all},
		{name: "code of one kind of unit", file: "internal/e2e/own_test.go", old: "1", new: "2", want: only("own")},
		{name: "which units are tried", file: "internal/e2e/e2e_test.go", old: "1", new: "2", want: none},
		{name: "a comment of the code", file: "internal/e2e/docker_test.go", old: "// docker runs.\n", new: "\n\n/* docker\nruns well. */\n", want: none},
		{name: "the layout of the code", file: "internal/e2e/own_test.go", old: "own = 1", new: "own =\n\t1", want: none},
	}
	before := units(t, module(), nil)
	if len(before) != len(all) {
		t.Errorf("%d units, want %d: %v", len(before), len(all), before)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := module()
			if tt.file != "" {
				text := files[tt.file]
				files[tt.file] = strings.Replace(text, tt.old, tt.new, 1)
				if files[tt.file] == text {
					t.Fatalf("no %q in:\n%s", tt.old, text)
				}
			}
			after := units(t, files, func(root string) {
				if tt.change != nil {
					tt.change(t, root)
				}
			})
			var got []string
			for _, name := range all {
				switch {
				case before[name] == "":
					t.Errorf("%s is no unit", name)
				case after[name] != before[name]:
					got = append(got, name)
				}
			}
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("what changed (-want +got):\n%s", diff)
			}
		})
	}
}

// An engine is what its files say.
func TestEngine(t *testing.T) {
	engine := func(files map[string]string) string {
		t.Helper()
		root := t.TempDir()
		write(t, root, files)
		list := filepath.Join(root, "rules") + string(filepath.ListSeparator) + filepath.Join(root, "images")
		hash, err := proof.Engine(list)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	one := engine(map[string]string{"rules": "alpine 3", "images/alpine": "FROM scratch", "README": "x"})
	for _, tt := range []struct {
		name  string
		files map[string]string
		same  bool
	}{
		{"the same elsewhere", map[string]string{"rules": "alpine 3", "images/alpine": "FROM scratch"}, true},
		{"other rules", map[string]string{"rules": "alpine 4", "images/alpine": "FROM scratch"}, false},
		{"another image", map[string]string{"rules": "alpine 3", "images/alpine": "FROM busybox"}, false},
		{"an image by another name", map[string]string{"rules": "alpine 3", "images/busybox": "FROM scratch"}, false},
	} {
		if same := engine(tt.files) == one; same != tt.same {
			t.Errorf("%s: the same engine: %v", tt.name, same)
		}
	}
	if hash, err := proof.Engine(""); hash != "" || err != nil {
		t.Errorf("no file is the engine %q, %v", hash, err)
	}
	if _, err := proof.Engine(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a file that is not there is an engine")
	}
}

// A file that counts for one target alone declares nothing that other targets use.
func TestSuiteFiles(t *testing.T) {
	files, err := filepath.Glob("../e2e/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	kinds := []string{"check", "prod", "target", "rebuild", "own", "test", "dev", "watch"}
	flow := []string{"e2e", "prove", "report"}
	declared := map[string]string{} // the file of a name
	used := map[string][]string{}   // names, by file
	for _, f := range files {
		base := strings.TrimSuffix(filepath.Base(f), "_test.go")
		parsed, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			for _, name := range declares(d) {
				declared[name] = base
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[base] = append(used[base], id.Name)
			}
			return true
		})
	}
	for _, k := range kinds {
		if !slices.Contains(used[k], k) {
			t.Errorf("no %s in %s_test.go", k, k)
		}
	}
	for file, names := range used {
		for _, n := range names {
			if at := declared[n]; at != file && slices.Contains(kinds, at) && !slices.Contains(flow, file) {
				t.Errorf("%s_test.go uses %s, which is in %s_test.go and counts for that target alone", file, n, at)
			}
		}
	}
}

// declares lists the names of a declaration.
func declares(d ast.Decl) (out []string) {
	switch d := d.(type) {
	case *ast.FuncDecl: // a method needs its type, which is declared too
		if d.Recv == nil {
			out = append(out, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				out = append(out, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					out = append(out, n.Name)
				}
			}
		}
	}
	return out
}
