package profiles

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestPackagesBeside: an app whose dependencies lie in folders beside its own has the folder around them as its context, and lies in the image as
// it does there. Nothing else of the repository is copied.
func TestPackagesBeside(t *testing.T) {
	const (
		flask   = "from flask import Flask\nfrom prices import label\n\napp = Flask(__name__)\n"
		project = "[project]\nname = \"api\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\", \"gunicorn\", \"prices\"]\n"
		prices  = "[project]\nname = \"prices\"\nversion = \"1\"\ndependencies = [\"psycopg2\", \"base\"]\n\n[tool.uv.sources]\nbase = { path = \"../base\" }\n\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
		library = "COPY libs/prices/ /app/libs/prices/"
		kept    = "COPY --link --from=deps /app/libs/prices/ /app/libs/prices/"
	)
	python := func(name, text string) map[string]string {
		return map[string]string{
			"api/" + name: text, "api/app.py": flask, "worker/requirements.txt": "celery\n", "worker/app.py": flask,
			"libs/prices/pyproject.toml": prices, "libs/prices/prices/__init__.py": "",
			"libs/base/pyproject.toml": "[project]\nname = \"base\"\nversion = \"1\"\n", "libs/base/base/__init__.py": "",
		}
	}
	for name, tt := range map[string]struct {
		files     map[string]string
		want, not []string
	}{
		"a path of uv": {
			python("pyproject.toml", project+"\n[tool.uv.sources]\nprices = { path = \"../libs/prices\" }\n"),
			[]string{library, "COPY libs/base/ /app/libs/base/", "WORKDIR /app/api", "COPY api/pyproject.toml ./", "COPY --link --from=build /app/api/ ./", `-v "$PWD:/app"`, "libpq"},
			[]string{kept, "worker/"},
		},
		"an editable one of uv":  {python("pyproject.toml", project+"\n[tool.uv.sources]\nprices = { path = \"../libs/prices\", editable = true }\n"), []string{library, kept}, nil},
		"of Poetry":              {python("pyproject.toml", project+"\n[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nprices = { path = \"../libs/prices\", develop = true }\n"), []string{library, kept}, nil},
		"of Poetry's own table":  {python("pyproject.toml", "[tool.poetry]\nname = \"api\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nflask = \"*\"\ngunicorn = \"*\"\nprices = { path = \"../libs/prices\" }\n"), []string{library}, []string{kept}},
		"of PDM":                 {python("pyproject.toml", strings.ReplaceAll(project, `"prices"`, `"prices @ file:///${PROJECT_ROOT}/../libs/prices"`)+"\n[tool.pdm]\ndistribution = false\n"), []string{library, "pdm install"}, []string{kept}},
		"of Hatch":               {python("pyproject.toml", strings.ReplaceAll(project, `"prices"`, `"prices @ {root:uri}/../libs/prices"`)), []string{library}, nil},
		"of pip":                 {python("requirements.txt", "flask\ngunicorn\n../libs/prices\n"), []string{library, "COPY api/requirements.txt ./"}, []string{kept}},
		"an editable one of pip": {python("requirements.txt", "flask\ngunicorn\n-e ../libs/prices\n"), []string{library, kept}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, tt.files), Request{Name: "api", Dir: "api"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			text := rendered(t, app)
			for _, s := range tt.want {
				if !strings.Contains(text, s) {
					t.Errorf("no %s in\n%s", s, text)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(text, s) {
					t.Errorf("%s in\n%s", s, text)
				}
			}
			if app.Dir != "." || app.Place != "api" || !strings.Contains(strings.Join(app.Needs, " "), "libs/prices") {
				t.Errorf("context %s, files in %q, needs %q", app.Dir, app.Place, app.Needs)
			}
		})
	}
}

// TestPackagesNotBeside: what is not in the repository, and what holds the app itself, is no package beside it.
func TestPackagesNotBeside(t *testing.T) {
	for _, line := range []string{"../libs/none", "../../prices", "/srv/prices", "..", "-e ..", "../../../etc"} {
		_, err := Decide(scan(t, map[string]string{"api/requirements.txt": "flask\n" + line + "\n", "api/app.py": "from flask import Flask\napp = Flask(__name__)\n", "web/requirements.txt": "flask\n"}), Request{Name: "api", Dir: "api"})
		if err == nil || !strings.Contains(err.Error(), "outside of the") {
			t.Errorf("%s: got %v", line, err)
		}
	}
}

// TestFrontEndBesideNested: an app that lies in the image as it does in the repository finds a front end beside it there, too, in prod from its own
// folder, and in dev although the source is mounted over both.
func TestFrontEndBesideNested(t *testing.T) {
	for _, runtime := range []plan.Runtime{plan.Distroless, plan.Slim} {
		project, err := Decide(scan(t, map[string]string{
			"api/requirements.txt":       "flask\ngunicorn\n../libs/prices\n",
			"api/app.py":                 "from flask import Flask\n\napp = Flask(__name__, static_folder='../client/dist', static_url_path='/')\n",
			"libs/prices/pyproject.toml": "[project]\nname = \"prices\"\nversion = \"1\"\n",
			"client/package.json":        `{"name": "client", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "8.0.0"}}`,
			"client/index.html":          "<title>shop</title>",
		}), Request{Name: "api", Dir: "api", Settings: settings.Settings{Runtime: runtime}})
		if err != nil {
			t.Fatal(err)
		}
		text := rendered(t, project.Apps[0])
		stage := func(name string) string {
			_, out, _ := strings.Cut(text, " AS "+name+"\n")
			out, _, _ = strings.Cut(out, "\nFROM ")
			return out
		}
		base := stage("prod")
		if runtime == plan.Slim {
			base += stage("base")
		}
		for what, ok := range map[string]bool{
			"dev keeps the front end":        strings.Contains(stage("dev"), "VOLUME /app/client/dist\n"),
			"prod has the front end":         strings.Contains(stage("prod"), " /app/client/dist/\n"),
			"prod starts in the folder":      strings.Contains(base, "WORKDIR /app/api\n"),
			"prod starts in no other folder": strings.Count(stage("prod"), "WORKDIR ") == strings.Count(stage("prod"), "WORKDIR /app/api\n"),
		} {
			if !ok {
				t.Errorf("%s: not so: %s\n%s", runtime, what, text)
			}
		}
	}
}
