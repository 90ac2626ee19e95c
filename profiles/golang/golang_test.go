package golang_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// decide makes the plan of a repository that is written as a txtar, with
// settings as --set takes them.
func decide(t *testing.T, archive string, set ...string) (*plan.App, error) {
	t.Helper()
	return decideLocked(t, archive, nil, set...)
}

// decideLocked is decide with the lock of an earlier plan.
func decideLocked(t *testing.T, archive string, old *plan.App, set ...string) (*plan.App, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	repo, err := detect.Scan(context.Background(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	var s settings.Settings
	for _, kv := range set {
		if s, err = s.Set(kv); err != nil {
			t.Fatal(err)
		}
	}
	req := profiles.Request{Name: "repo", Settings: s}
	if old != nil {
		req.Locked = profiles.LockedChoices(old)
	}
	return only(profiles.Decide(repo, req))
}

func chosen(p *plan.App, key string) string { return choiceOf(p, key).Value }

// dockerfile renders a plan, which must be a Go one.
func dockerfile(t *testing.T, p *plan.App) string {
	t.Helper()
	if p.Language != "go" {
		t.Fatalf("a plan of %s", p.Language)
	}
	files, err := templates.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[0].Data)
}

func ignored(t *testing.T, p *plan.App) string {
	t.Helper()
	files, err := templates.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[1].Data)
}

const (
	hello  = "-- main.go --\npackage main\nfunc main() { println() }\n"
	server = "-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
)

func mod(lines string) string { return "-- go.mod --\nmodule example.com/app\n" + lines + "\n" }

func TestVersion(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		set     string
		want    string // the choice, or what the error holds
	}{
		"none":                  {mod(""), "", "1.27"},
		"supported":             {mod("go 1.26"), "", "1.26"},
		"newest":                {mod("go 1.27.0"), "", "1.27"},
		"known patch":           {mod("go 1.26.5"), "", "1.26"},
		"unknown patch":         {mod("go 1.26.90"), "", "1.26.90"},
		"candidate":             {mod("go 1.27rc1"), "", "1.27"},
		"ended":                 {mod("go 1.25.0"), "", "1.26"},
		"older than any image":  {mod("go 1.13"), "", "1.26"},
		"newer than any image":  {mod("go 1.93"), "", "there is no image of Go 1.93"},
		"toolchain":             {mod("go 1.26.0\ntoolchain go1.27.1"), "", "1.27"},
		"file":                  {mod("go 1.26") + "-- .go-version --\n1.27.0\n", "", "1.27"},
		"file below the line":   {mod("go 1.27") + "-- .go-version --\n1.26.1\n", "", "1.27"},
		"file before toolchain": {mod("go 1.26\ntoolchain go1.27.0") + "-- .go-version --\n1.26.1\n", "", "1.26"},
		"mise, ended":           {mod("go 1.23") + "-- mise.toml --\n[tools]\ngo = \"1.25.3\"\n", "", "1.26"},
		"asked":                 {mod("go 1.26"), "1.27.2", "1.27.2"},
		"asked, ended":          {mod("go 1.18"), "1.22", "1.22"},
		"asked, too old":        {mod("go 1.27"), "1.26", "older than the go line"},
		"asked, the line":       {mod("go 1.26.5"), "1.26", "1.26"},
		"asked, no version":     {mod("go 1.26"), "latest", "is not a version of Go"},
		"asked, no image":       {mod("go 1.10"), "1.12", "--set: the image of Go 1.12 is none that dockgen can use"},
		"replaced is newer":     {mod("go 1.26\nrequire example.com/x v0.0.0\nreplace example.com/x => ./x") + "-- x/go.mod --\nmodule example.com/x\ngo 1.27\n", "", "1.27"},
	} {
		t.Run(name, func(t *testing.T) {
			var set []string
			if tt.set != "" {
				set = []string{"version=" + tt.set}
			}
			p, err := decide(t, tt.archive+hello, set...)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = chosen(p, "go.version")
			}
			if got != tt.want && (err == nil || !strings.Contains(got, tt.want)) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if err == nil && !strings.Contains(dockerfile(t, p), "FROM --platform=$BUILDPLATFORM golang:"+got+"-") {
				t.Error("the Dockerfile has another version")
			}
		})
	}
}

func TestOldImageHasNoTrixie(t *testing.T) {
	p, err := decide(t, mod("go 1.20")+hello, "version=1.22")
	if err != nil {
		t.Fatal(err)
	}
	if got := dockerfile(t, p); !strings.Contains(got, "golang:1.22-bookworm AS base") {
		t.Error(got)
	}
}

// The reloader is compiled with the image's Go, which fetches no newer one.
func TestReloaderFitsTheVersion(t *testing.T) {
	for version, want := range map[string]string{"1.27": "air v1.67.4", "1.26": "air v1.67.4", "1.25": "air v1.65.3"} {
		p, err := decide(t, mod("go 1.22")+hello, "version="+version)
		if err != nil {
			t.Fatal(err)
		}
		if got := chosen(p, "dev"); got != want {
			t.Errorf("Go %s: %q, want %q", version, got, want)
		}
	}
}

func TestLockedVersion(t *testing.T) {
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module x\n")}, "main.go": {Data: []byte("package main\nfunc main() {}")}}
	repo, err := detect.Scan(context.Background(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	p, err := only(profiles.Decide(repo, profiles.Request{}))
	if err != nil {
		t.Fatal(err)
	}
	locked := profiles.LockedChoices(p)
	old := locked["go.version"]
	old.Value = "1.26"
	locked["go.version"] = old
	if p, err = only(profiles.Decide(repo, profiles.Request{Locked: locked})); err != nil || chosen(p, "go.version") != "1.26" {
		t.Errorf("got %v, %v, want what the lock has", p, err)
	}
}

func TestMainPackage(t *testing.T) {
	serve := func(dir string) string { return "-- " + dir + server[len("-- "):] }
	quiet := func(dir string) string { return "-- " + dir + hello[len("-- "):] }
	lib := "-- lib.go --\npackage app\n"
	for name, tt := range map[string]struct {
		archive string
		set     string
		want    string // the choice, or what the error holds
	}{
		"root":                   {hello, "", "."},
		"under cmd":              {lib + quiet("cmd/x/"), "", "./cmd/x"},
		"deep":                   {lib + quiet("a/b/c/"), "", "./a/b/c"},
		"root and cmd":           {hello + quiet("cmd/x/"), "", "."},
		"named like the module":  {lib + quiet("cmd/app/") + serve("cmd/x/"), "", "./cmd/app"},
		"named like the folder":  {lib + quiet("cmd/repo/") + serve("cmd/x/"), "", "./cmd/repo"},
		"the server of the name": {lib + quiet("cmd/app/") + serve("cmd/appd/"), "", "./cmd/appd"},
		"the one that listens":   {lib + quiet("cmd/a/") + serve("cmd/b/"), "", "./cmd/b"},
		"no telling":             {lib + serve("cmd/a/") + serve("cmd/b/"), "", "2 main packages"},
		"a name of several":      {lib + serve("app/a/server/") + serve("app/b/server/") + "-- Dockerfile --\nFROM golang\nARG APP\nCOPY . .\nRUN cd app/$APP && make\nCMD [\"./server\"]\n", "", "2 main packages"},
		"asked":                  {lib + serve("cmd/a/") + serve("cmd/b/"), "./cmd/b", "./cmd/b"},
		"asked, without dot":     {lib + serve("cmd/a/") + serve("cmd/b/"), "cmd/b", "./cmd/b"},
		"asked, not there":       {hello, "./cmd/b", "is not a main package"},
		"an example":             {hello + serve("examples/x/"), "", "."},
		"only examples":          {lib + serve("examples/x/"), "", "a library"},
		"an example, asked":      {lib + serve("examples/x/"), "examples/x", "./examples/x"},
		"a library":              {lib, "", "a library"},
		"no func main":           {"-- main.go --\npackage main\n" + lib, "", "a library"},
	} {
		t.Run(name, func(t *testing.T) {
			var set []string
			if tt.set != "" {
				set = []string{"main=" + tt.set}
			}
			p, err := decide(t, mod("go 1.26")+tt.archive, set...)
			if err != nil {
				var unsupported *record.UnsupportedError
				if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
				return
			}
			if got := chosen(p, "go.main"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMainHint(t *testing.T) {
	_, err := decide(t, mod("")+"-- a/main.go --\npackage main\nfunc main() {}\n-- b/main.go --\npackage main\nfunc main() {}\n")
	var unsupported *record.UnsupportedError
	if !errors.As(err, &unsupported) || unsupported.Hint != "choose one with --set main=./a; there are ./a, ./b; --set targets=all makes each of the others a target of its own" {
		t.Errorf("got %#v", err)
	}
}

// TestFinal refuses a server for good, and leaves a folder with a library to
// the next stack.
func TestFinal(t *testing.T) {
	const page = "-- package.json --\n{\"name\": \"x\", \"scripts\": {\"start\": \"node x.js\"}}\n-- x.js --\nrequire('http').createServer().listen(3000)\n"
	_, err := decide(t, mod("")+page+"-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.Handle(\"/\", http.FileServer(http.Dir(\"dist\"))); http.ListenAndServe(\":80\", nil) }\n")
	var unsupported *record.UnsupportedError
	if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), "reads dist") {
		t.Errorf("got %v", err)
	}
	p, err := decide(t, mod("")+page+"-- lib.go --\npackage x\n")
	if err != nil || p.Language != "node" {
		t.Errorf("got %v, %v, want the other stack", p, err)
	}
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct{ archive, want string }{
		"no go.mod":         {"-- main.go --\npackage main\nimport \"github.com/x/y\"\nfunc main() { y.Z() }\n", "main.go:2: imports github.com/x/y, and there is no go.mod"},
		"not required":      {mod("") + "-- main.go --\npackage main\nimport \"github.com/x/y\"\nfunc main() { y.Z() }\n", "main.go:2: imports github.com/x/y, which no go.mod here requires"},
		"generated":         {mod("") + "-- main.go --\npackage main\nimport \"example.com/app/gen\"\nfunc main() { gen.Z() }\n", "main.go:2: the package example.com/app/gen has no Go file here"},
		"embeds nothing":    {mod("") + "-- main.go --\npackage main\nimport _ \"embed\"\n//go:embed dist\nvar x string\nfunc main() {}\n", "main.go:3: embeds dist"},
		"replaced outside":  {mod("replace a.b/c => ../c") + hello, "go.mod:2: the module a.b/c is replaced by a folder outside"},
		"replaced, missing": {mod("replace a.b/c => ./c") + hello, "go.mod:2: the module a.b/c is replaced by ./c, which has no go.mod"},
		"work, missing":     {"-- go.work --\nuse ./x\nuse ./y\n-- x/go.mod --\nmodule x\n-- x/main.go --\npackage main\nfunc main() {}\n", "go.work:2: go.work uses y"},
		"loopback":          {mod("") + strings.ReplaceAll(server, ":8080", "localhost:8080"), "main.go:3: listens on localhost only"},
		"front end":         {mod("") + "-- web/package.json --\n{}\n-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.Handle(\"/\", http.FileServer(http.Dir(\"web/dist\"))) }\n", "main.go:3: reads web/dist"},
		"C library":         {mod("") + "-- main.go --\npackage main\n// #cgo LDFLAGS: -lodd\nimport \"C\"\nfunc main() {}\n", "main.go:3: links with the C library odd"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decide(t, tt.archive)
			var unsupported *record.UnsupportedError
			if !errors.As(err, &unsupported) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if unsupported.Hint == "" {
				t.Error("no hint")
			}
		})
	}
}

// TestDockerfile looks for lines that a repository must or must not have.
func TestDockerfile(t *testing.T) {
	const sqlite = "-- main.go --\npackage main\nimport _ \"github.com/mattn/go-sqlite3\"\nfunc main() {}\n-- go.sum --\nx v1 h1:x\n"
	sqliteMod := mod("go 1.26\nrequire github.com/mattn/go-sqlite3 v1.14.0")
	for name, tt := range map[string]struct {
		archive string
		set     []string
		has     []string
		hasNot  []string
	}{
		"nothing required": {mod("go 1.26") + hello, nil, []string{"FROM base AS test", "FROM base AS build", "CGO_ENABLED=0"}, []string{"go mod download", "go.sum", "EXPOSE", "WORKDIR /app"}},
		"required": {
			mod("go 1.26\nrequire github.com/x/y v1.0.0") + "-- go.sum --\ngithub.com/x/y v1.0.0 h1:x\n-- main.go --\npackage main\nimport _ \"github.com/x/y\"\nfunc main() {}\n", nil,
			[]string{"COPY go.mod go.sum ./\nRUN go mod download", "FROM deps AS build"},
			[]string{"GOFLAGS"},
		},
		"no go.sum": {
			mod("go 1.26\nrequire github.com/x/y v1.0.0") + "-- main.go --\npackage main\nimport _ \"github.com/x/y\"\nfunc main() {}\n", nil,
			[]string{"COPY go.mod ./\n", "ENV GOFLAGS=-mod=mod"},
			[]string{"go.sum ./"},
		},
		"vendor": {
			mod("go 1.26\nrequire github.com/x/y v1.0.0") + "-- vendor/modules.txt --\n# x\n-- main.go --\npackage main\nimport _ \"github.com/x/y\"\nfunc main() {}\n", nil,
			[]string{"FROM base AS build"},
			[]string{"go mod download"},
		},
		"replaced": {
			mod("go 1.26\nrequire (\ngithub.com/x/y v1.0.0\nexample.com/z v0.0.0\n)\nreplace example.com/z => \"./third party/z\"") +
				"-- go.sum --\nx\n-- third party/z/go.mod --\nmodule example.com/z\n-- third party/z/z.go --\npackage z\n-- main.go --\npackage main\nimport _ \"example.com/z\"\nfunc main() {}\n", nil,
			[]string{"COPY go.mod go.sum ./\nCOPY [\"third party/z/go.mod\", \"third party/z/\"]\nRUN go mod download"},
			nil,
		},
		"bare":                           {hello + "-- util.go --\npackage main\n-- main_test.go --\npackage main\n", nil, []string{"-o /out/repo main.go util.go", "go test main.go util.go main_test.go"}, []string{"go.mod"}},
		"a documented folder below /app": {mod("") + server + "-- README.md --\n# App\n\n    docker run -v ./config:/app/config repo\n", nil, []string{"\nWORKDIR /app\n", "/folders/app/config/ config/\n"}, nil},
		"a documented folder elsewhere":  {mod("") + server + "-- README.md --\n# App\n\n    docker run -v ./config:/data repo\n", nil, []string{"/folders/data/ /data/\n"}, []string{"WORKDIR /app"}},
		"a file of the own Dockerfile":   {mod("") + server + "-- a.yml --\na: b\n-- Dockerfile --\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o app .\nFROM alpine\nWORKDIR /srv\nCOPY --from=b /src/app .\nCOPY a.yml conf/a.yml\nCMD [\"./app\"]\n", nil, []string{"\nWORKDIR /app\n", "COPY --link a.yml conf/\n"}, nil},
		"tests":                          {mod("") + hello + "-- main_test.go --\npackage main\n", nil, []string{"go test ./..."}, []string{"go vet"}},
		"no tests":                       {mod("") + hello, nil, []string{"go vet ./..."}, []string{"go test"}},
		"in short mode":                  {mod("") + hello + "-- main_test.go --\npackage main\n-- Makefile --\ntest:\n\tgo test -v -short ./...\n", nil, []string{"go test -short ./..."}, nil},
		"in full, too":                   {mod("") + hello + "-- main_test.go --\npackage main\n-- Makefile --\ntest:\n\tgo test -short ./...\nfull:\n\tgo test -race ./...\n", nil, []string{"go test ./..."}, []string{"-short"}},
		"a package in short mode":        {mod("") + hello + "-- main_test.go --\npackage main\n-- Makefile --\ntest:\n\tgo test -short ./x\n", nil, []string{"go test ./..."}, []string{"-short"}},
		"vet as well":                    {mod("") + hello + "-- main_test.go --\npackage main\n-- Makefile --\nx:\n\tgo vet ./...\n", nil, []string{"    go vet ./... \\\n && go test ./...\n"}, nil},
		"containers": {
			mod("") + hello + "-- main_test.go --\npackage main\n-- db/db.go --\npackage db\n-- db/db_test.go --\npackage db\nimport _ \"github.com/testcontainers/testcontainers-go\"\n-- x/x_test.go --\npackage x\n", nil,
			[]string{"    go vet ./... \\\n && go test . ./x\n"},
			nil,
		},
		"containers alone": {
			mod("") + hello + "-- db/db_test.go --\npackage db\nimport _ \"github.com/testcontainers/testcontainers-go\"\n", nil,
			[]string{" go vet ./...\n"},
			[]string{"go test"},
		},
		"server":     {mod("") + server, nil, []string{"EXPOSE 8080", "-p 8080:8080 repo:dev", `ENTRYPOINT ["app"]`, "USER 65532:65532"}, []string{"HEALTHCHECK"}},
		"privileged": {mod("") + strings.ReplaceAll(server, "8080", "80"), nil, []string{"EXPOSE 80\n"}, nil},
		"needs PORT": {
			mod("") + "-- main.go --\npackage main\nimport (\n\"net/http\"\n\"os\"\n)\nfunc main() { http.ListenAndServe(\":\"+os.Getenv(\"PORT\"), nil) }\n", nil,
			[]string{"ENV PORT=8080\n", "EXPOSE 8080"},
			nil,
		},
		"PORT of .env": {
			mod("") + "-- .env.example --\nPORT=:9090\n-- main.go --\npackage main\nimport (\n\"net/http\"\n\"os\"\n)\nfunc main() { http.ListenAndServe(os.Getenv(\"PORT\"), nil) }\n", nil,
			[]string{"ENV PORT=:9090\n", "EXPOSE 9090"},
			nil,
		},
		"flag": {
			mod("") + "-- main.go --\npackage main\nimport (\n\"flag\"\n\"net/http\"\n)\nfunc main() { a := flag.String(\"addr\", \"localhost:8080\", \"\"); http.ListenAndServe(*a, nil) }\n", nil,
			[]string{`CMD ["-addr", ":8080"]`, `"--build.full_bin", "exec /tmp/app -addr :8080"]`, "EXPOSE 8080"},
			nil,
		},
		"flag, asked": {
			mod("") + "-- main.go --\npackage main\nimport (\n\"flag\"\n\"fmt\"\n\"net/http\"\n)\nfunc main() { p := flag.Int(\"port\", 8080, \"\"); http.ListenAndServe(fmt.Sprintf(\":%d\", *p), nil) }\n",
			[]string{"port=9000"},
			[]string{`CMD ["-port", "9000"]`, "EXPOSE 9000"},
			nil,
		},
		"sqlite":            {sqliteMod + sqlite, nil, []string{"FROM golang:1.26-trixie AS base", "CGO_ENABLED=1", "base-debian13:nonroot"}, []string{"BUILDPLATFORM", "TARGETOS"}},
		"sqlite on alpine":  {sqliteMod + sqlite, []string{"runtime=alpine"}, []string{"golang:1.26-alpine AS base", "apk add --no-cache build-base", "FROM alpine:"}, nil},
		"sqlite on slim":    {sqliteMod + sqlite, []string{"runtime=slim"}, []string{"-trixie AS base", "FROM debian:trixie-slim AS prod"}, nil},
		"a pkg-config name": {mod("") + "-- main.go --\npackage main\n// #cgo pkg-config: libwebp\nimport \"C\"\nfunc main() {}\n", nil, []string{"--no-install-recommends libwebp-dev", "ca-certificates libwebp7", "FROM debian:"}, nil},
		"C++":               {mod("") + "-- main.go --\npackage main\n// #cgo LDFLAGS: -lstdc++\nimport \"C\"\nfunc main() {}\n", nil, []string{"cc-debian13:nonroot"}, nil},
		"scratch":           {mod("") + server, []string{"runtime=scratch"}, []string{"-tags timetzdata", "FROM scratch AS prod", `ENTRYPOINT ["/usr/local/bin/app"]`, "-m 1777"}, nil},
		"a program":         {mod("") + "-- main.go --\npackage main\nimport \"os/exec\"\nfunc main() { exec.Command(\"/usr/bin/dot\").Run() }\n", nil, []string{"FROM debian:trixie-slim AS prod", "ca-certificates graphviz"}, nil},
		"a desktop program": {mod("") + "-- main.go --\npackage main\nimport \"os/exec\"\nfunc main() { exec.Command(\"xdg-open\").Run() }\n", nil, []string{"static-debian13"}, nil},
		"health": {
			mod("") + "-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.HandleFunc(\"GET /healthz\", nil); http.ListenAndServe(\":8080\", nil) }\n",
			[]string{"runtime=alpine"},
			[]string{`    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]`},
			nil,
		},
		"health by a command": {
			mod("require github.com/spf13/cobra v1.0.0") + "-- main.go --\npackage main\nimport (\n\"net/http\"\n\"github.com/spf13/cobra\"\n)\nfunc main() { root := &cobra.Command{Use: \"app\", Run: func(*cobra.Command, []string) { http.ListenAndServe(\":8080\", nil) }}; c := &cobra.Command{Use: \"health\", Run: func(*cobra.Command, []string) {}}; root.AddCommand(c); root.Execute() }\n", nil,
			[]string{`CMD ["app", "health"]`},
			nil,
		},
		"a command that needs a flag": {
			mod("require github.com/spf13/cobra v1.0.0") + "-- main.go --\npackage main\nimport (\n\"net/http\"\n\"github.com/spf13/cobra\"\n)\nfunc main() { root := &cobra.Command{Use: \"app\", Run: func(*cobra.Command, []string) { http.ListenAndServe(\":8080\", nil) }}; c := &cobra.Command{Use: \"health\", Run: func(*cobra.Command, []string) {}}; c.MarkFlagRequired(\"url\"); root.AddCommand(c); root.Execute() }\n", nil,
			nil,
			[]string{"HEALTHCHECK"},
		},
		"pocketbase": {
			mod("require github.com/pocketbase/pocketbase v0.30.0") + "-- main.go --\npackage main\nimport \"github.com/pocketbase/pocketbase\"\nfunc main() { app := pocketbase.New(); app.Start() }\n",
			[]string{"runtime=alpine"},
			[]string{`CMD ["serve", "--http", ":8090"]`, "EXPOSE 8090", "pb_data/", "http://127.0.0.1:8090/api/health"},
			nil,
		},
		"gin": {
			mod("require github.com/gin-gonic/gin v1.0.0") + "-- main.go --\npackage main\nimport \"github.com/gin-gonic/gin\"\nfunc main() { gin.Default().Run() }\n", nil,
			[]string{"ENV GIN_MODE=release", "EXPOSE 8080"},
			nil,
		},
		"files": {
			mod("") + "-- static/a.css --\n-- static/b.css --\n-- views/x.html --\n-- app.yaml --\n-- main.go --\npackage main\nimport (\n\"html/template\"\n\"os\"\n\"net/http\"\n)\nfunc main() { template.ParseGlob(\"views/*.html\"); http.Dir(\"static\"); os.ReadFile(\"static/a.css\"); os.Open(\"app.yaml\") }\n", nil,
			[]string{"WORKDIR /app", "COPY --link app.yaml ./\n", "COPY --link static/ static/", "COPY --link views/ views/"},
			[]string{"a.css"},
		},
		"the working directory": {
			mod("") + "-- static/a.css --\n-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.Handle(\"/static/\", http.FileServer(http.Dir(\".\"))) }\n", nil,
			[]string{"COPY --link static/ static/"},
			nil,
		},
		"whether the working directory is one": {
			mod("") + "-- cmd/show/page.txt --\n-- cmd/show/main.go --\npackage main\nimport \"os\"\nfunc main() { os.Stat(\".\") }\n", nil,
			nil,
			[]string{"WORKDIR /app", "COPY --link cmd/show", "cd cmd/show"},
		},
		"files beside the main": {
			mod("") + "-- server/views/x.html --\n-- server/main.go --\npackage main\nimport \"html/template\"\nfunc main() { template.ParseGlob(\"views/*.html\") }\n", nil,
			[]string{"WORKDIR /app/server", "COPY --link server/views/ /app/server/views/", `"--build.full_bin", "cd server && exec /tmp/server"]`},
			nil,
		},
		"written": {
			mod("") + "-- main.go --\npackage main\nimport \"os\"\nfunc main() { os.MkdirAll(\"data\", 0o755); os.Create(\"x.log\") }\n", nil,
			[]string{"RUN mkdir -p /folders/app/data", "COPY --link --chown=65532:65532 --from=folders /folders/app/ ./", "COPY --chown=65532:65532 --from=folders /folders/app/data/ data/"},
			nil,
		},
		"dotenv": {
			mod("require github.com/joho/godotenv v1.0.0") + "-- main.go --\npackage main\nimport (\n\"github.com/joho/godotenv\"\n\"log\"\n)\nfunc main() { if err := godotenv.Load(); err != nil { log.Fatal(err) } }\n", nil,
			[]string{"touch /folders/app/.env", "COPY --from=folders /folders/app/.env ./"},
			nil,
		},
		"start": {mod("") + server, []string{"start=[app, serve]"}, []string{`CMD ["app", "serve"]`}, []string{"ENTRYPOINT"}},
		"workspace": {
			"-- go.work --\ngo 1.26\nuse (\n./a\n./b\n)\n-- a/go.mod --\nmodule example.com/a\ngo 1.26\nrequire github.com/x/y v1.0.0\n-- a/go.sum --\nx\n-- a/main.go --\npackage main\nimport _ \"github.com/x/y\"\nfunc main() {}\n-- b/go.mod --\nmodule example.com/b\n-- b/b_test.go --\npackage b\n", nil,
			[]string{"COPY go.work ./\nCOPY a/go.mod a/go.sum a/\nCOPY b/go.mod b/\nRUN go mod download", "go test ./a/... ./b/...", "-o /out/a ./a"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			holds(t, got, tt.has, tt.hasNot)
		})
	}
}

// holds wants every one of has in the text, and none of hasNot.
func holds(t *testing.T, text string, has, hasNot []string) {
	t.Helper()
	for _, s := range has {
		if !strings.Contains(text, s) {
			t.Errorf("has no %q", s)
		}
	}
	for _, s := range hasNot {
		if strings.Contains(text, s) {
			t.Errorf("has %q", s)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestImpossible(t *testing.T) {
	dot := mod("") + "-- main.go --\npackage main\nimport \"os/exec\"\nfunc main() { exec.Command(\"dot\").Run() }\n"
	for name, tt := range map[string]struct {
		archive string
		set     []string
		want    string
	}{
		"v8 on scratch":          {mod("require rogchap.com/v8go v0.9.0") + "-- main.go --\npackage main\nimport _ \"rogchap.com/v8go\"\nfunc main() {}\n", []string{"runtime=scratch"}, "rogchap.com/v8go is C code (main.go:2) that is not known to link into a static program"},
		"vips on scratch":        {mod("require github.com/h2non/bimg v1.0.0") + "-- main.go --\npackage main\nimport _ \"github.com/h2non/bimg\"\nfunc main() {}\n", []string{"runtime=scratch"}, "not known to link into a static program"},
		"dot on distroless":      {dot, []string{"runtime=distroless"}, "the code starts dot (main.go:3), and distroless has no programs"},
		"packages on distroless": {mod("") + hello, []string{"runtime=distroless", "packages=[curl]"}, "packages are asked for"},
		"vips on distroless":     {mod("require github.com/h2non/bimg v1.0.0") + "-- main.go --\npackage main\nimport _ \"github.com/h2non/bimg\"\nfunc main() {}\n", []string{"runtime=distroless"}, "libvips42t64"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decide(t, tt.archive, tt.set...)
			var impossible *record.ImpossibleError
			if !errors.As(err, &impossible) || !strings.Contains(err.Error(), tt.want) || len(impossible.Works) == 0 {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestIgnore(t *testing.T) {
	p, err := decide(t, mod("")+"-- certs/a.key --\n-- other.key --\n-- testdata/b.pem --\n-- tls/c.pem --\n-- bin/tool.go --\npackage bin\n-- main.go --\npackage main\nimport (\n_ \"embed\"\n\"os\"\n)\n//go:embed tls/c.pem\nvar c []byte\nfunc main() { os.ReadFile(\"certs/a.key\") }\n")
	if err != nil {
		t.Fatal(err)
	}
	got := ignored(t, p)
	for _, s := range []string{"\n!testdata/b.pem\n", "\n!tls/c.pem\n", "\n/tmp\n"} {
		if !strings.Contains(got, s) {
			t.Errorf("has no %q", s)
		}
	}
	for _, s := range []string{"!certs/a.key", "!other.key", "\n/bin\n"} {
		if strings.Contains(got, s) {
			t.Errorf("has %q", s)
		}
	}
	var notes []string
	for _, n := range p.Notes {
		notes = append(notes, n.Pos.String()+": "+n.Text)
	}
	if diff := cmp.Diff(true, strings.Contains(strings.Join(notes, "\n"), "the app reads certs/a.key, a private key, which stays out of the image")); diff != "" {
		t.Errorf("the key is left out without a word: %q", notes)
	}
}

func hintOf(err error) string {
	var refused *record.UnsupportedError
	if errors.As(err, &refused) {
		return refused.Hint
	}
	return ""
}

// TestEmbedPlaceholder tells of a folder that holds a stand-in for what a front
// end's build writes, and refuses one of which go:embed takes nothing.
func TestEmbedPlaceholder(t *testing.T) {
	for name, tt := range map[string]struct {
		pattern, files string
		want           string // the note or the refusal, "" for none
	}{
		"committed":        {"dist", "-- dist/index.html --\n<p>hello\n-- dist/app.js --\n1\n", ""},
		"a page":           {"dist", "-- dist/index.html --\n<p>hello\n", ""},
		"keep, all":        {"all:dist", "-- dist/.gitkeep --\n", "main.go:3: embeds dist, and the repository has only dist/.gitkeep of it"},
		"keep, glob":       {"dist/*", "-- dist/.gitkeep --\n", "main.go:3: embeds dist/*, and the repository has only dist/.gitkeep of it"},
		"keep, none of it": {"dist", "-- dist/.gitkeep --\n", "main.go:3: embeds dist, which is not in the repository"},
		"mkdocs":           {"docs", "-- mkdocs.yml --\nsite_name: x\nsite_dir: docs\n", "mkdocs build makes it, as mkdocs.yml says"},
		"a command":        {"dist", "-- Makefile --\nsite:\n\tmkdir -p dist\n\tzola build -o dist\n", "zola of Makefile:3 may make it"},
		"room for it":      {"dist", "-- Makefile --\nsite:\n\tmkdir -p dist\n", "nothing here says which build makes it"},
		"an empty file":    {"dist", "-- dist/index.html --\n", "has only dist/index.html of it"},
		"says so":          {"dist", "-- dist/index.html --\n<p>A placeholder: run npm run build.\n", "has only dist/index.html of it"},
		"one file":         {"VERSION", "-- VERSION --\n1\n", ""},
		"deep":             {"all:web/dist", "-- web/dist/a/b/.gitignore --\n*.js\n", "has only web/dist/a/b/.gitignore of it"},
		"beside others":    {"all:dist", "-- dist/.gitkeep --\n-- dist/x.js --\n1\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod("")+"-- main.go --\npackage main\nimport \"embed\"\n//go:embed "+tt.pattern+"\nvar fs embed.FS\nfunc main() {}\n"+tt.files)
			got := ""
			if err != nil {
				got = err.Error() + "; " + hintOf(err)
			} else {
				for _, n := range p.Notes {
					if strings.Contains(n.Text, "embeds") {
						got = n.Pos.String() + ": " + n.Text
					}
				}
			}
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestBeforeModules refuses what needs a dependency manager from before modules,
// and builds what needs none.
func TestBeforeModules(t *testing.T) {
	const uses = "-- main.go --\npackage main\nimport \"github.com/x/y\"\nfunc main() { y.Run() }\n"
	for name, archive := range map[string]string{
		"Gopkg.lock:":         uses + "-- Gopkg.lock --\n[[projects]]\n-- Gopkg.toml --\n",
		"glide.yaml:":         uses + "-- glide.yaml --\npackage: x\n",
		"Godeps/Godeps.json:": uses + "-- Godeps/Godeps.json --\n{}\n",
		"vendor/vendor.json:": uses + "-- vendor/vendor.json --\n{}\n-- vendor/github.com/x/y/y.go --\npackage y\n",
		"Gopkg.toml:":         strings.Replace(uses, "-- ", "-- cmd/app/", 1) + "-- Gopkg.toml --\n",
		"main.go:2:":          uses,
	} {
		var unsupported *record.UnsupportedError
		if _, err := decide(t, archive); !errors.As(err, &unsupported) || !strings.HasPrefix(err.Error(), name) || !strings.Contains(unsupported.Hint, "go mod init") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := decide(t, server+"-- Gopkg.lock --\n"); err != nil {
		t.Errorf("a program of the standard library alone: %v", err)
	}
	if _, err := decide(t, mod("")+server+"-- Gopkg.lock --\n"); err != nil {
		t.Errorf("a module that kept the old file: %v", err)
	}
}

// only is the one app of a project.
func only(p *plan.Project, err error) (*plan.App, error) {
	if err != nil {
		return nil, err
	}
	return p.Apps[0], nil
}
