package e2e_test

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles"
	gorules "github.com/dockgen/dockgen/profiles/golang"
	"github.com/dockgen/dockgen/profiles/knowledge"
	noderules "github.com/dockgen/dockgen/profiles/node"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// shop is a Go program that embeds a front end which its own build does not
// make. The front end, in web/, is the example node/vite-react.
const shop = `package main

import (
	"embed"
	"io/fs"
	"log"
	"net/http"
)

//go:embed all:web/dist
var dist embed.FS

func main() {
	site, err := fs.Sub(dist, "web/dist")
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/", http.FileServerFS(site))
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok")) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
`

// TestTwoLanguages wants one Dockerfile with stages of two languages: a site
// that Vite builds, and the Go program that embeds it. It is built and run
// where DOCKGEN_E2E=1 and an engine answers.
func TestTwoLanguages(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil { //nolint:gosec // as a repository has it
			t.Fatal(err)
		}
	}
	write("go.mod", []byte("module example.com/shop\n\ngo 1.26\n"))
	write("main.go", []byte(shop))
	if err := os.CopyFS(filepath.Join(dir, "web"), os.DirFS(filepath.Join(testdata, "node", "vite-react", "input"))); err != nil {
		t.Fatal(err)
	}
	app := compose(t, dir, "web")
	files, err := templates.Render(app)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		write(f.Name, f.Data)
	}
	d := dockerfile(t, dir)
	var stages []string
	for _, s := range d.Stages {
		stages = append(stages, s.Name)
	}
	got := strings.Join(stages, " ")
	if want := "frontend-base frontend-deps frontend-build base dev test build prod"; got != want {
		t.Errorf("stages: got %s, want %s", got, want)
	}
	if os.Getenv("DOCKGEN_E2E") != "1" {
		t.Skip("DOCKGEN_E2E=1 builds and runs it")
	}
	if err := engine(t.Context()); err != nil {
		t.Skip(err)
	}
	if out, err := docker(t.Context(), dir, "build", "--check", "."); err != nil {
		t.Error(out)
	}
	tag := "dockgen-e2e-two-languages"
	if _, _, err := build(t.Context(), dir, "prod", tag); err != nil {
		t.Fatal(err)
	}
	c := start(t.Context(), t, tag, nil, "--read-only")
	want, ok := like(example.HTTP{Path: "/", Status: 200, Contains: "<title>Bookshelf"})
	c.answer(t.Context(), t, 8080, answerWithin, want, ok, "/")
	for _, uid := range c.uids(t.Context(), t) {
		if uid == "0" {
			t.Error("it runs as root")
		}
	}
}

// compose decides for the program at the root of dir with the site that is
// built in its folder front.
func compose(t *testing.T, dir, front string) *plan.App {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	repo, err := detect.Scan(t.Context(), root.FS(), profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	input := func(dir string) record.Input {
		log := &record.Log{Profile: "default", Preferred: []plan.Runtime{plan.Distroless, plan.Slim}, Sites: []plan.Runtime{plan.Slim}}
		return record.Input{Log: log, Know: know, Tree: repo.Tree, Dir: dir, Builds: buildfile.Of(repo.Tree, dir), Name: "shop"}
	}
	nodeFacts, err := node.Detect(repo.Tree, front)
	if err != nil || nodeFacts == nil {
		t.Fatalf("no front end in %s: %v", front, err)
	}
	in := input(front)
	in.Prefix = "frontend-"
	site, err := noderules.Decide(in, nodeFacts)
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Outputs) == 0 {
		t.Fatal("the site has no outputs")
	}
	goFacts, err := golang.Detect(repo.Tree, ".")
	if err != nil || goFacts == nil {
		t.Fatalf("no program: %v", err)
	}
	in = input(".")
	for _, o := range site.Outputs {
		// The program embeds what the build leaves in its own folder.
		o.Copy.To = plan.MustPath(path.Join(front, "dist") + "/")
		in.Imports = append(in.Imports, o)
	}
	server, err := gorules.Decide(in, goFacts)
	if err != nil {
		t.Fatal(err)
	}
	app, err := plan.Compose(server, site, front)
	if err != nil {
		t.Fatal(err)
	}
	app.Image.Syntax = true
	return app
}
