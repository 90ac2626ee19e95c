package golang_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dockgen/dockgen/detect"
	facts "github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/golang"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// decideWith decides for a repository whose front end another app's stage
// builds into a folder.
func decideWith(t *testing.T, archive, folder string) (*plan.App, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	from, err := plan.NewCopy(folder, "/app/dist/")
	if err != nil {
		t.Fatal(err)
	}
	in := record.Input{
		Log:  &record.Log{Preferred: plan.Runtimes(), Profile: "test"},
		Know: know, Tree: repo.Tree, Dir: ".", Builds: repo.Apps[0].Builds, Name: "repo",
		Imports: []plan.Artifact{{Stage: plan.MustStageName("frontend-build"), Copy: from}},
	}
	app, err := golang.Decide(in, repo.Apps[0].Facts.(*facts.Facts))
	if err == nil {
		app.Notes = in.Log.Notes()
	}
	return app, err
}

// TestImports has the build, dev and test copy what another app's stage made
// before they compile, and lets it stand for what go:embed takes.
func TestImports(t *testing.T) {
	embed := func(pattern string) string {
		return mod("go 1.26") + "-- main.go --\npackage main\nimport \"embed\"\n//go:embed " + pattern + "\nvar fs embed.FS\nfunc main() {}\n"
	}
	const serve = "-- main.go --\npackage main\nimport \"net/http\"\nfunc main() { http.Handle(\"/\", http.FileServer(http.Dir(\"web/dist\"))); http.ListenAndServe(\":8080\", nil) }\n"
	for name, tt := range map[string]struct {
		archive, folder string
		refused         string // what the refusal says
		prod            string // a line of prod
	}{
		"a folder":              {embed("web/dist"), "web/dist/", "", ""},
		"all of it":             {embed("all:web/dist"), "web/dist/", "", ""},
		"a file in it":          {embed("web/dist/index.html"), "web/dist/", "", ""},
		"a pattern":             {embed("web/dist/*.js"), "web/dist/", "", ""},
		"a pattern above":       {embed("web/*"), "web/dist/", "", ""},
		"the folder above":      {embed("web"), "web/dist/", "", ""},
		"a placeholder":         {embed("all:web/dist") + "-- web/dist/.gitkeep --\n", "web/dist/", "", ""},
		"another folder":        {embed("web/dist"), "ui/dist/", "main.go:3: embeds web/dist", ""},
		"one with its name":     {embed("web/dist"), "web/distribution/", "main.go:3: embeds web/dist", ""},
		"another pattern":       {embed("*.sql"), "web/dist/", "main.go:3: embeds *.sql", ""},
		"served":                {mod("go 1.26") + serve + "-- web/package.json --\n{}\n", "web/dist/", "", "COPY --link --from=frontend-build /app/dist/ web/dist/\n"},
		"served, elsewhere":     {mod("go 1.26") + serve + "-- web/package.json --\n{}\n", "ui/dist/", "main.go:3: reads web/dist", ""},
		"beside generated code": {mod("go 1.26\ntool github.com/a-h/templ/cmd/templ") + "-- go.sum --\nx\n-- main.go --\npackage main\nimport (\n\"embed\"\n_ \"example.com/app/views\"\n)\n//go:embed web/dist\nvar fs embed.FS\nfunc main() {}\n-- views/a.templ --\n", "web/dist/", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decideWith(t, tt.archive, tt.folder)
			if tt.refused != "" {
				var unsupported *record.UnsupportedError
				if !errors.As(err, &unsupported) || !strings.HasPrefix(err.Error(), tt.refused) {
					t.Errorf("got %v, want %q", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			files, err := templates.Render(app)
			if err != nil {
				t.Fatal(err)
			}
			text := string(files[0].Data)
			const line = "COPY --link --from=frontend-build /app/dist/ web/dist/\n"
			for _, stage := range []string{"dev", "test", "build"} {
				_, rest, _ := strings.Cut(text, " AS "+stage+"\n")
				lines, _, _ := strings.Cut(rest, "\n\n")
				at := strings.Index(lines, line)
				if run := strings.LastIndex(lines, "RUN "); at < 0 || at > run {
					t.Errorf("%s compiles without it:\n%s", stage, text)
				}
			}
			if !strings.Contains(text, "\nVOLUME /src/web/dist\n") {
				t.Error("the mounted source hides what the stage made")
			}
			for _, s := range app.Image.Stages {
				uses := false
				for _, u := range s.Data.Stage().Uses {
					uses = uses || u.String() == "frontend-build"
				}
				switch n := s.Data.Stage().Name.String(); n {
				case "dev", "test", "build":
					if !uses {
						t.Errorf("%s does not say that it uses the stage", n)
					}
				case "prod":
					if uses != (tt.prod != "") {
						t.Errorf("prod uses the stage: %v", uses)
					}
				default:
					if uses {
						t.Errorf("%s uses the stage", n)
					}
				}
			}
			if prod := text[strings.LastIndex(text, "FROM "):]; !strings.Contains(prod, tt.prod) {
				t.Error(prod)
			}
			for _, n := range app.Notes {
				if strings.Contains(n.Text, "embeds") || strings.Contains(n.Text, "not in the repository") {
					t.Errorf("note: %s", n.Text)
				}
			}
		})
	}
}
