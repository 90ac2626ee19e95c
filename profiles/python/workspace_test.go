package python

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/buildfile"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

const (
	uvRoot = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.12\"\n\n[tool.uv.workspace]\nmembers = [\"apps/*\", \"libs/*\"]\nexclude = [\"apps/old\"]\n"
	uvLock = `version = 1
[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
[[package]]
name = "api"
version = "1"
source = { virtual = "apps/api" }
dependencies = [{ name = "fastapi" }, { name = "core" }]
[[package]]
name = "jobs"
version = "1"
source = { virtual = "apps/jobs" }
dependencies = [{ name = "redis" }]
[[package]]
name = "core"
version = "1"
source = { editable = "libs/core" }
dependencies = [{ name = "psycopg2" }]
[[package]]
name = "fastapi"
version = "0.115.0"
[[package]]
name = "redis"
version = "5.0.0"
[[package]]
name = "psycopg2"
version = "2.9.9"
`
	uvAPI  = "[project]\nname = \"api\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi\", \"core\"]\n\n[tool.uv.sources]\ncore = { workspace = true }\n"
	uvJobs = "[project]\nname = \"jobs\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"redis\"]\n"
	uvCore = "[project]\nname = \"core\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"psycopg2\"]\n\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
	webApp = "from fastapi import FastAPI\napp = FastAPI()\n"
	script = "import redis\n\ndef main():\n    print(redis)\n\nif __name__ == \"__main__\":\n    main()\n"
)

// uvWorkspace is a workspace of two apps and a library, with more files.
func uvWorkspace(more ...map[string]string) map[string]string {
	out := map[string]string{
		"pyproject.toml": uvRoot, "uv.lock": uvLock,
		"apps/api/pyproject.toml": uvAPI, "apps/api/main.py": webApp,
		"apps/jobs/pyproject.toml": uvJobs, "apps/jobs/main.py": script,
		"libs/core/pyproject.toml": uvCore, "libs/core/src/core/__init__.py": "def x():\n    return 1\n",
	}
	for _, m := range more {
		maps.Copy(out, m)
	}
	return out
}

// decideFiles decides for a repository; file is that of one of its apps.
func decideFiles(t *testing.T, files map[string]string, main, file string, with ...func(*record.Input)) (*plan.App, *record.Log, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	index, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := facts.Detect(index, ".")
	if err != nil || f == nil {
		t.Fatalf("facts: %v, %v", f, err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := &record.Log{Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}, Profile: "default"}
	in := record.Input{Log: log, Settings: settings.Settings{Main: main}, Know: know, Tree: index, Dir: ".", Builds: buildfile.Of(index, "."), Name: "shop", File: file}
	for _, w := range with {
		w(&in)
	}
	p, err := Decide(in, f)
	return p, log, err
}

// TestWorkspace: each member of uv's workspace that is an app is one of several; a library is none, and a root with a program is the app.
func TestWorkspace(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of the apps among which nothing chooses
	}{
		"two apps and a library": {nil, "apps/api apps/jobs"},
		"one that is excluded":   {map[string]string{"apps/old/pyproject.toml": strings.ReplaceAll(uvJobs, "jobs", "old"), "apps/old/main.py": script}, "apps/api apps/jobs"},
		"one app":                {map[string]string{"apps/jobs/pyproject.toml": "", "apps/jobs/main.py": ""}, ""},
		"a folder that is none":  {map[string]string{"apps/x/main.py": script}, "apps/api apps/jobs"},
		"a program of the root":  {map[string]string{"main.py": webApp}, ""},
	} {
		_, _, err := decideFiles(t, uvWorkspace(c.files), "", "")
		var got []string
		for _, p := range record.Among(err) {
			got = append(got, p.Dir)
		}
		if strings.Join(got, " ") != c.want || c.want == "" && err != nil {
			t.Errorf("%s: got %v, %v, want %q", name, got, err, c.want)
		}
	}
}

// TestWorkspaceMember: an app of a workspace is installed alone, with what it uses, and its dependencies before its code.
func TestWorkspaceMember(t *testing.T) {
	for _, c := range []struct {
		main                      string
		needs, copies, sync, home string
		packages                  bool // of a library that only the api uses
	}{
		{"apps/api", "apps/api libs/core", "pyproject.toml uv.lock apps/api/pyproject.toml libs/core/pyproject.toml", "uv sync --frozen --no-dev --no-install-workspace --package api", "/app/apps/api", true},
		{"apps/jobs", "apps/jobs", "pyproject.toml uv.lock apps/jobs/pyproject.toml", "uv sync --frozen --no-dev --no-install-workspace --package jobs", "/app/apps/jobs", false},
	} {
		p, log, err := decideFiles(t, uvWorkspace(), c.main, c.main+"/Dockerfile")
		if err != nil {
			t.Fatalf("%s: %v", c.main, err)
		}
		if got := strings.Join(p.Needs, " "); got != c.needs {
			t.Errorf("%s: needs %q, want %q", c.main, got, c.needs)
		}
		var sources []string
		var steps strings.Builder
		for _, s := range p.Image.Stages {
			d, ok := s.Data.(*Deps)
			if !ok {
				continue
			}
			for _, x := range d.Copies {
				for _, from := range x.From {
					sources = append(sources, from.Raw())
				}
			}
			for _, step := range d.Install {
				for _, run := range step.Run {
					steps.WriteString(run.String() + "\n")
				}
			}
		}
		if got := strings.Join(sources, " "); got != c.copies {
			t.Errorf("%s: copies %q, want %q", c.main, got, c.copies)
		}
		if !strings.Contains(steps.String(), c.sync+"\n") {
			t.Errorf("%s: no %q in %s", c.main, c.sync, steps.String())
		}
		if got := p.Run.Workdir.Raw(); got != c.home {
			t.Errorf("%s: works in %q, want %q", c.main, got, c.home)
		}
		libpq := false
		for _, ch := range log.Choices() {
			libpq = libpq || strings.Contains(ch.Value, "libpq")
		}
		if libpq != c.packages {
			t.Errorf("%s: libpq: %v, want %v", c.main, libpq, c.packages)
		}
	}
	// the members that come first are used by those behind them
	chain := uvWorkspace(map[string]string{
		"apps/a/pyproject.toml": strings.ReplaceAll(uvJobs, "jobs", "a"), "apps/a/a.py": "", "apps/b/pyproject.toml": strings.NewReplacer("jobs", "b", "redis", "a").Replace(uvJobs), "apps/b/b.py": "",
		"apps/jobs/pyproject.toml": strings.ReplaceAll(uvJobs, "redis", "b"),
	})
	if p, _, err := decideFiles(t, chain, "apps/jobs", "apps/jobs/Dockerfile"); err != nil || strings.Join(p.Needs, " ") != "apps/a apps/b apps/jobs" {
		t.Errorf("a member that uses one that uses another: %v, %v", p, err)
	}
	logging := "from pathlib import Path\n\ndef setup(file=\"logs/app.log\"):\n    Path(file).parent.mkdir(exist_ok=True)\n"
	_, log, err := decideFiles(t, uvWorkspace(map[string]string{"libs/core/src/core/log.py": logging}), "apps/api", "apps/api/Dockerfile")
	var said strings.Builder
	for _, n := range log.Notes() {
		said.WriteString(n.Pos.String() + ": " + n.Text + "\n")
	}
	if err != nil || !strings.Contains(said.String(), "libs/core/src/core/log.py:4: writes to logs") {
		t.Errorf("a library that writes: %v, %s", err, said.String())
	}
	if _, _, err := decideFiles(t, uvWorkspace(), "apps/none", "apps/none/Dockerfile"); !record.IsNoApp(err) {
		t.Errorf("no member: got %v", err)
	}
}

// TestVirtualWorkspace: the one app of a workspace whose root is no project is its member, which alone has what its code imports; also where the root has a Dockerfile.
func TestVirtualWorkspace(t *testing.T) {
	t.Parallel()
	const virtual = "[dependency-groups]\ndev = [\"ruff\"]\n\n[tool.uv.workspace]\nmembers = [\"apps/*\", \"libs/*\"]\n"
	const docker = "FROM python:3.13\nWORKDIR /srv\nCOPY . .\nRUN uv sync --package api\nCMD [\"uvicorn\", \"main:app\"]\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the folder that prod works in
	}{
		"a virtual root":                   {map[string]string{"pyproject.toml": virtual}, "/app/apps/api"},
		"with a Dockerfile":                {map[string]string{"pyproject.toml": virtual, "Dockerfile": docker}, "/app/apps/api"},
		"a root that is a project":         {map[string]string{"pyproject.toml": uvRoot}, "/app"},
		"a virtual root with requirements": {map[string]string{"pyproject.toml": virtual, "requirements.txt": "fastapi==0.115.0\n"}, "/app"},
	} {
		files := uvWorkspace(map[string]string{"apps/jobs/pyproject.toml": "", "apps/jobs/main.py": ""}, c.files)
		p, _, err := decideFiles(t, files, "", "")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := p.Run.Workdir.Raw(); got != c.want {
			t.Errorf("%s: works in %q, want %q", name, got, c.want)
		}
	}
}

// TestWorkspaceFrontEnd: a member finds what a front end of the workspace makes for its own folder, and has it there.
func TestWorkspaceFrontEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ folder, asked, want string }{
		"below the member":  {"Path(__file__).parent / 'web'", "apps/api/web", "web/"},
		"beside the member": {"Path(__file__).parent.parent / 'web'", "", ""},
	} {
		asked := ""
		app := "from pathlib import Path\nfrom fastapi import FastAPI\napp = FastAPI()\napp.frontend('/', directory=" + c.folder + ")\n"
		p, _, err := decideFiles(t, uvWorkspace(map[string]string{"apps/api/main.py": app}), "apps/api", "apps/api/Dockerfile", func(in *record.Input) {
			in.Offers = func() []record.Missing { return []record.Missing{{Folder: "apps/jobs/static"}} } // of another member
			in.FrontEnd = func(m record.Missing) (*record.Made, error) {
				asked += m.Folder
				return &record.Made{Dir: "web", Artifact: plan.Artifact{Stage: plan.MustStageName("frontend-build"), Copy: plan.MustCopy(m.Folder+"/", "/app/dist/")}}, nil
			}
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		for _, s := range p.Image.Stages {
			if b, ok := s.Data.(*Build); ok && len(b.Copies) > 0 {
				got = b.Copies[0].Copy.To.Raw()
			}
		}
		if asked != c.asked || got != c.want {
			t.Errorf("%s: asks for %q, and has it in %q", name, asked, got)
		}
	}
}
