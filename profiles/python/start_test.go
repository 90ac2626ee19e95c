package python

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// set makes settings of what stands after --set.
func set(t *testing.T, list ...string) settings.Settings {
	t.Helper()
	var s settings.Settings
	for _, x := range list {
		var err error
		if s, err = s.Set(x); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// dockerfile is the app's Dockerfile.
func dockerfile(t *testing.T, app *plan.App) string {
	t.Helper()
	files, err := templates.Render(app)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f templates.File) bool { return f.Name == templates.Dockerfile })
	return string(files[i].Data)
}

// TestCompleteStart: whatever names the start, the app has its port, its health
// check, the folder that it writes to, the root of its imports, and a dev that
// takes over a save.
func TestCompleteStart(t *testing.T) {
	flask := map[string]string{
		"requirements.txt": "flask\ngunicorn\n",
		"src/shop.py":      "from flask import Flask\nimport store\napp = Flask(__name__)\n@app.route('/health')\ndef health():\n  return 'ok'\n",
		"src/store.py":     "open('data/x', 'w')\n",
	}
	fastapi := map[string]string{
		"requirements.txt": "fastapi\nuvicorn\n",
		"src/shop.py":      "from fastapi import FastAPI\nimport store\napp = FastAPI()\n@app.get('/health')\ndef health():\n  return {}\n",
		"src/store.py":     "open('data/x', 'w')\n",
	}
	tests := []struct {
		name  string
		files map[string]string
		proc  string
		set   []string
		cmd   string
		dev   string
	}{
		{"found", flask, "", nil, "gunicorn", "flask"},
		{"Procfile", flask, "web: gunicorn shop:app", nil, "gunicorn", "flask"},
		{"Procfile with a port", flask, "web: gunicorn -b 0.0.0.0:8000 shop:app", nil, "gunicorn", "flask"},
		{"Procfile with Python before", flask, "web: python -m gunicorn shop:app", nil, "gunicorn", "flask"},
		{"start", flask, "", []string{"start=[gunicorn, 'shop:app']"}, "gunicorn", "flask"},
		{"start with a port", flask, "", []string{"start=[gunicorn, --bind, '0.0.0.0:8000', 'shop:app']"}, "gunicorn", "flask"},
		{"start before a Procfile", flask, "web: gunicorn other:app", []string{"start=[gunicorn, --workers, '2', 'shop:app']"}, "gunicorn", "flask"},
		{"main", flask, "", []string{"main=src/shop.py"}, "gunicorn", "flask"},
		{"found", fastapi, "", nil, "uvicorn", "uvicorn"},
		{"Procfile", fastapi, "web: uvicorn shop:app --host 0.0.0.0", nil, "uvicorn", "uvicorn"},
		{"start", fastapi, "", []string{"start=[uvicorn, --host, 0.0.0.0, 'shop:app']"}, "uvicorn", "uvicorn"},
		{"start on the loopback", fastapi, "", []string{"start=[uvicorn, 'shop:app']"}, "uvicorn", "uvicorn"},
	}
	for _, tt := range tests {
		t.Run(tt.cmd+" "+tt.name, func(t *testing.T) {
			files := map[string]string{}
			maps.Copy(files, tt.files)
			if tt.proc != "" {
				files["Procfile"] = tt.proc
			}
			p, _, err := decide(t, files, set(t, tt.set...))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Run.Ports, []plan.Port{8000}) || !slices.Equal(p.dev.Ports, p.Run.Ports) {
				t.Errorf("ports are %v, in dev %v", p.Run.Ports, p.dev.Ports)
			}
			if p.Run.Probe == nil || !strings.Contains(p.Run.Probe.Cmd.String(), "8000") || p.Run.Probe.Path.Raw() != "/health" {
				t.Errorf("the probe is %v", p.Run.Probe)
			}
			if got := dockerfile(t, p.App); !strings.Contains(got, "--chown=65532:65532") && !strings.Contains(got, "chown -R 65532:65532 data") {
				t.Errorf("data is not the user's:\n%s", got)
			}
			if !slices.Contains(p.Run.Env, plan.MustEnv("PYTHONPATH", "/app/src")) || !slices.Contains(p.dev.Env, plan.MustEnv("PYTHONPATH", "/app/src")) {
				t.Errorf("src is not where imports start from: %v", p.Run.Env)
			}
			if p.Run.Cmd[0] != tt.cmd || p.dev.Cmd[0] != tt.dev || !strings.Contains(strings.Join(p.dev.Cmd, " "), "0.0.0.0") {
				t.Errorf("prod runs %v, dev %v", p.Run.Cmd, p.dev.Cmd)
			}
			if p.Kind != plan.Server || p.Run.Init {
				t.Errorf("kind %s, init %v", p.Kind, p.Run.Init)
			}
			if asked := slices.IndexFunc(tt.set, func(s string) bool { return strings.HasPrefix(s, "start=") }); asked >= 0 {
				if diff := cmp.Diff(set(t, tt.set...).Start, []string(p.Run.Cmd)); diff != "" {
					t.Errorf("the user's command was changed: %s", diff)
				}
			}
		})
	}
}

// TestStartOfItsOwn: a command that dockgen does not understand starts again on every
// save, and its port is not made up.
func TestStartOfItsOwn(t *testing.T) {
	files := map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": flask + "open('data/x', 'w')\n", "run.sh": ""}
	p, log, err := decide(t, files, set(t, "start=[./run.sh]"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan.Exec{"watchfiles", "./run.sh"}, p.dev.Cmd); diff != "" {
		t.Error(diff)
	}
	if len(p.Run.Ports) > 0 || !p.Run.Init || !strings.Contains(dockerfile(t, p.App), "65532:65532 ") {
		t.Errorf("ports %v, init %v", p.Run.Ports, p.Run.Init)
	}
	if !slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, "on which port") }) {
		t.Errorf("no note on the port: %v", log.Notes())
	}
	if p, _, err = decide(t, files, set(t, "start=[./run.sh]", "port=9000")); err != nil || !slices.Equal(p.Run.Ports, []plan.Port{9000}) {
		t.Errorf("the port that is asked for: %v %v", p, err)
	}
}

// TestPort: what the source says counts; a variable that the source takes the port from
// decides when the container runs; nothing is made up.
func TestPort(t *testing.T) {
	const (
		flaskRun = "if __name__ == '__main__':\n  app.run(host='0.0.0.0', port="
		fast     = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health():\n  return {}\nif __name__ == '__main__':\n  import uvicorn\n  uvicorn.run(app, port="
		web      = "import os\nfrom aiohttp import web\n"
	)
	gunicorn := map[string]string{"requirements.txt": "flask\ngunicorn\n"}
	uvicorn := map[string]string{"requirements.txt": "fastapi\nuvicorn\n"}
	aiohttp := map[string]string{"requirements.txt": "aiohttp\n"}
	tests := []struct {
		name string
		with map[string]string
		code string
		set  []string
		want string // EXPOSE, ENV and CMD, or the beginning of the error
	}{
		{"gunicorn and PORT", gunicorn, "import os\n" + flask + flaskRun + "int(os.environ.get('PORT', 5000)))", nil, "5000 PORT=5000 gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"gunicorn and PORT without a default", gunicorn, "import os\n" + flask + flaskRun + "int(os.environ['PORT']))", nil, "8000 PORT=8000 gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"gunicorn and another variable", gunicorn, "import os\n" + flask + flaskRun + "int(os.getenv('WEB_PORT', '5000')))", []string{"runtime=slim"}, "5000 WEB_PORT=5000 sh -c exec gunicorn --bind 0.0.0.0:$WEB_PORT --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"gunicorn and PORT that is asked for", gunicorn, "import os\n" + flask + flaskRun + "int(os.environ.get('PORT', 5000)))", []string{"port=9000"}, "9000 PORT=9000 gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"gunicorn and a fixed port that is asked for", gunicorn, flask + flaskRun + "5000)", []string{"port=9000"}, "9000 gunicorn --bind 0.0.0.0:9000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"gunicorn and a variable that no shell has", gunicorn, "import os\n" + flask + flaskRun + "int(os.environ.get('WEB.PORT', 5000)))", nil, "5000 gunicorn --bind 0.0.0.0:5000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app"},
		{"uvicorn and PORT", uvicorn, "import os\n" + fast + "int(os.environ.get('PORT', 5000)))", []string{"runtime=slim"}, "5000 PORT=5000 sh -c exec uvicorn main:app --host 0.0.0.0 --port $PORT"},
		{"uvicorn and PORT on distroless", uvicorn, "import os\n" + fast + "int(os.environ.get('PORT', 5000)))", nil, "5000 PORT=5000 python -c import os, sys; os.execvp(sys.argv[1], [os.path.expandvars(a) for a in sys.argv[1:]]) uvicorn main:app --host 0.0.0.0 --port $PORT"},
		{"uvicorn and a fixed port", uvicorn, fast + "5000)", nil, "5000 uvicorn main:app --host 0.0.0.0 --port 5000"},
		{"a script and PORT", aiohttp, web + "web.run_app(x, port=int(os.environ.get('PORT', 5000)))", nil, "5000 python main.py"},
		{"a script and PORT that is asked for", aiohttp, web + "web.run_app(x, port=int(os.environ.get('PORT', 5000)))", []string{"port=9000"}, "9000 PORT=9000 python main.py"},
		{"a script and PORT without a default", aiohttp, web + "web.run_app(x, port=int(os.environ['PORT']))", nil, "8000 PORT=8000 python main.py"},
		{"a script and a fixed port", aiohttp, web + "web.run_app(x, port=5000)", nil, "5000 python main.py"},
		{"a script and another port that is asked for", aiohttp, web + "web.run_app(x, port=5000)", []string{"port=9000"}, "--set: port: the app always listens on 5000 (main.py:3)"},
		{"a script and a port that is computed", aiohttp, web + "import sys\nweb.run_app(x, port=int(sys.argv[1]))", nil, "python main.py"},
		{"a script and a port that is computed, asked for", aiohttp, web + "import sys\nweb.run_app(x, port=int(sys.argv[1]))", []string{"port=9000"}, "9000 python main.py"},
		{"a script on the loopback", aiohttp, web + "web.run_app(x, host='127.0.0.1', port=5000)", nil, "main.py:3: listens on 127.0.0.1"},
		{"a script on the loopback, and its variable", aiohttp, web + "web.run_app(x, host=os.environ.get('HOST', '127.0.0.1'), port=5000)", nil, "5000 HOST=0.0.0.0 python main.py"},
		{"a script on the loopback, and a variable that no shell has", aiohttp, web + "web.run_app(x, host=os.environ.get('APP.HOST', '127.0.0.1'), port=5000)", nil, "main.py:3: listens on 127.0.0.1"},
		{"a script on the loopback, and its flag", aiohttp, web + "import argparse\np = argparse.ArgumentParser()\np.add_argument('--host', default='127.0.0.1')\na = p.parse_args()\nweb.run_app(x, host=a.host, port=5000)", nil, "5000 python main.py --host 0.0.0.0"},
		{"a script that does not listen", aiohttp, "print(1)", nil, "python main.py"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"main.py": tt.code}
			maps.Copy(files, tt.with)
			p, log, err := decide(t, files, set(t, tt.set...))
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("got error %v, want %s", err, tt.want)
				}
				return
			}
			var got []string
			for _, n := range p.Run.Ports {
				got = append(got, n.String())
			}
			for _, e := range p.Run.Env {
				if !strings.HasPrefix(e.String(), "PYTHON") && !strings.HasPrefix(e.String(), "PATH=") {
					got = append(got, e.String())
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(append(got, p.Run.Cmd...), " ")); diff != "" {
				t.Error(diff, log.Notes())
			}
			if variable := slices.ContainsFunc(p.Run.Cmd, func(a string) bool { return strings.Contains(a, "$") }); variable && !slices.ContainsFunc(p.Run.Env, func(e plan.Env) bool { return strings.Contains(strings.Join(p.Run.Cmd, " "), "$"+e.Name.String()) }) {
				t.Errorf("%v takes a variable that the image does not set: %v", p.Run.Cmd, p.Run.Env)
			}
			if strings.Contains(strings.Join(p.dev.Cmd, " "), "$") || strings.Contains(strings.Join(p.dev.Cmd, " "), "{") {
				t.Errorf("dev runs %v", p.dev.Cmd)
			}
		})
	}
}

// TestDjangoNotes: what Django's settings say is noted, whatever starts it.
func TestDjangoNotes(t *testing.T) {
	for _, proc := range []string{"", "web: gunicorn proj.wsgi:application", "web: python -m gunicorn proj.wsgi"} {
		files := map[string]string{
			"requirements.txt": "django\ngunicorn", "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')", "Procfile": proc,
			"proj/settings.py": "DEBUG = True\nSTATIC_ROOT = 'static'\nWSGI_APPLICATION = 'proj.wsgi.application'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/data/x'}}\n",
			"proj/wsgi.py":     "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()",
		}
		p, log, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"DEBUG is on", "SQLite database"} {
			if !slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, want) }) {
				t.Errorf("%s: no note that says %q", proc, want)
			}
		}
		if !strings.Contains(dockerfile(t, p.App), "collectstatic") {
			t.Errorf("%s: static files are not collected", proc)
		}
	}
}

// TestExpanding: a command in which a variable counts when the container runs
// keeps every other argument as it is.
func TestExpanding(t *testing.T) {
	cmd := []string{"uvicorn", "a b:app", "it's", "$(x)", "--port", "$PORT", "0.0.0.0:$PORT"}
	if diff := cmp.Diff([]string{"sh", "-c", `exec uvicorn 'a b:app' 'it'\''s' '$(x)' --port $PORT 0.0.0.0:$PORT`}, expanding(cmd, plan.Slim)); diff != "" {
		t.Error(diff)
	}
	if got := expanding(cmd, plan.Distroless); got[0] != "python" || !slices.Equal(got[3:], cmd) {
		t.Errorf("got %q", got)
	}
}

// TestFolder: the paths of a plan are relative to the app's folder.
func TestFolder(t *testing.T) {
	const pyproject = "[project]\nname='x'\nversion='1'\nrequires-python='>=3.12'\ndependencies=['flask','gunicorn','lib']\n[build-system]\nrequires=['hatchling']\n"
	django := "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')"
	tests := map[string]map[string]string{
		"requirements in a folder": {"requirements/production.txt": "-r base.txt\ngunicorn", "requirements/base.txt": "flask", "app.py": flask},
		"a folder to install":      {"requirements.txt": "flask\ngunicorn\n./libs/a\n", "libs/a/setup.py": "", "app.py": flask},
		"a wheel to install":       {"requirements.txt": "flask\ngunicorn\n./wheels/a-1-py3-none-any.whl\n", "wheels/a-1-py3-none-any.whl": "", "app.py": flask},
		"constraints":              {"requirements.txt": "-c constraints/all.txt\nflask\ngunicorn\n", "constraints/all.txt": "flask==3\n", "app.py": flask},
		"tests":                    {"requirements.txt": "flask\ngunicorn\n", "requirements/test.txt": "pytest", "app.py": flask, "tests/test_app.py": "def test_x(): pass", "tests/e2e/test_y.py": "def test_y(): pass"},
		"workspace":                {"pyproject.toml": pyproject + "[tool.uv.workspace]\nmembers=['packages/*']\n[tool.uv.sources]\nlib={workspace=true}\n", "uv.lock": "version=1\n", "packages/lib/pyproject.toml": "[project]\nname='lib'\nversion='1'\n", "packages/lib/lib.py": "", "app.py": flask},
		"Poetry":                   {"pyproject.toml": "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\npython='^3.12'\nflask='*'\nlib={path='libs/lib'}\n", "poetry.lock": "", "libs/lib/pyproject.toml": "", "app.py": flask},
		"source folder":            {"requirements.txt": "flask\ngunicorn\n", "src/shop/web.py": flask + "open('data/x', 'w')\n", "data/.gitkeep": ""},
		"Procfile":                 {"requirements.txt": "flask\n", "shop/web.py": flask, "Procfile": "web: gunicorn -b :$PORT shop.web:app"},
		"console script":           {"pyproject.toml": pyproject + "[project.scripts]\nx='x:main'\n", "src/x/__init__.py": "import subprocess\ndef main():\n  subprocess.run(['dot'])\n  open('out/y', 'w')\n"},
		"Django":                   {"requirements.txt": "django\ngunicorn", "site/manage.py": django, "site/proj/settings.py": "STATIC_ROOT = 'static'\nWSGI_APPLICATION = 'proj.wsgi.application'", "site/proj/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()", "site/shop/tests.py": "from django.test import TestCase\nclass A(TestCase):\n  def test_a(self): pass\n"},
		"no manifest":              {"main.py": "import tool", "tool.py": "", "venv/x": ""},
		"a pem file":               {"requirements.txt": "flask\ngunicorn\n", "app.py": flask + "open('certs/ca.pem')\n", "certs/ca.pem": "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"},
	}
	for name, files := range tests {
		t.Run(name, func(t *testing.T) {
			var got [2]string
			for i, dir := range []string{".", "apps/my app"} {
				p, _, err := decideIn(t, dir, files, settings.Settings{})
				if err != nil {
					t.Fatal(dir, err)
				}
				out, err := templates.Render(p.App)
				if err != nil {
					t.Fatal(dir, err)
				}
				for _, f := range out {
					got[i] += f.Name + "\n" + string(f.Data)
				}
			}
			if diff := cmp.Diff(got[0], got[1]); diff != "" {
				t.Errorf("at the root, and in a folder: %s", diff)
			}
			if strings.Contains(got[0], path.Join("apps", "my app")) {
				t.Error("the files name the app's folder")
			}
		})
	}
}

// TestImports: what the app takes from another app's stages is there before its
// build runs, and comes into prod with the source.
func TestImports(t *testing.T) {
	p, err := decideWith(t, map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": flask}, []plan.Artifact{
		{Stage: plan.MustStageName("frontend-build"), Copy: plan.MustCopy("static/", "/app/dist/")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]plan.StageName{plan.MustStageName("frontend-build")}, p.build.Uses, cmp.AllowUnexported(plan.StageName{})); diff != "" {
		t.Error(diff)
	}
	if got := dockerfile(t, p.App); !strings.Contains(got, "COPY . .\nCOPY --link --from=frontend-build /app/dist/ static/\nRUN python -c") {
		t.Errorf("got\n%s", got)
	}
}

// TestEntry: which of the things that a repository could start is the app.
func TestEntry(t *testing.T) {
	const (
		wants = "from flask import Flask\ndef create_app(config_name):\n    app = Flask(__name__)\n    return app\n"
		conf  = "class Config:\n    X = 1\n"
		call  = "import os\nfrom app import create_app\napp = create_app(os.getenv('C') or 'default')\n"
		guard = "if __name__ == '__main__':\n    app.run()\n"
	)
	tests := []struct {
		name  string
		needs string
		files map[string]string
		want  string // the command, or the error
	}{
		{"a factory with an argument that run.py calls", "flask gunicorn", map[string]string{"app/__init__.py": wants, "config.py": conf, "run.py": call + guard}, "run:app"},
		{"a factory with an argument that manage.py calls", "flask gunicorn", map[string]string{"app/__init__.py": wants, "config.py": conf, "manage.py": call + "if __name__ == '__main__':\n    manager.run()\n"}, "manage:app"},
		{"a factory with an argument that nothing calls", "flask gunicorn", map[string]string{"app/__init__.py": wants, "config.py": conf}, "needs the argument config_name"},
		{"the file of .flaskenv", "flask gunicorn", map[string]string{".flaskenv": "export FLASK_APP='flasky.py'\n", "app/__init__.py": wants, "flasky.py": call, "other.py": call}, "flasky:app"},
		{"p2: a package that hides app.py", "flask gunicorn", map[string]string{"app/__init__.py": "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n", "app.py": "from app import create_app\napp = create_app()\n" + guard, "wsgi.py": "from app import create_app\napp = create_app()\n"}, "wsgi:app"},
		{"p3: a factory of a factory below src", "fastapi uvicorn", map[string]string{"src/main.py": "from shop.build import build_app\ndef create_app():\n    app = build_app()\n    return app\napp = create_app()\n", "src/shop/__init__.py": "", "src/shop/build.py": "from fastapi import FastAPI\ndef build_app():\n    return FastAPI()\n"}, "uvicorn main:app"},
		{"a factory that calls one in another module", "flask gunicorn", map[string]string{"wsgi.py": "from web.app import create\napp = create()\n", "web/__init__.py": "", "web/app.py": "from .base import make\ndef create():\n    return make('x')\n", "web/base.py": "from flask import Flask\ndef make(name):\n    return Flask(name)\n"}, "wsgi:app"},
		{"a factory that a package takes from its module", "flask gunicorn", map[string]string{"wsgi.py": "from web import create_app\nweb = create_app(config='x')\n", "web/__init__.py": "from web.app import create_app  # noqa\n", "web/app.py": "from flask import Flask\ndef create_app(config=None):\n    return Flask('x')\n"}, "wsgi:web"},
		{"a factory that two packages hand on", "flask gunicorn", map[string]string{"wsgi.py": "from web import make\napp = make()\n", "web/__init__.py": "from .core import create_app as make\n", "web/core/__init__.py": "from .factory import create_app\n", "web/core/factory.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\n"}, "wsgi:app"},
		{"packages that hand on in a circle", "flask gunicorn", map[string]string{"wsgi.py": "from a import make\napp = make()\n", "a/__init__.py": "from b import make\n", "b/__init__.py": "from a import make\n", "main.py": flask}, "main:app"},
		{"an application for the workers", "flask gunicorn celery", map[string]string{"celery_worker.py": "from web import create_app, celery\napp = create_app()\n", "wsgi.py": "from web import create_app\nweb = create_app()\n", "web/__init__.py": "from flask import Flask\ndef create_app():\n    return Flask('x')\n"}, "wsgi:web"},
		{"an application for the workers beside one of no known name", "flask gunicorn celery", map[string]string{"celery_app.py": flask, "shop.py": flask}, "shop:app"},
		{"the workers' application alone", "flask gunicorn celery", map[string]string{"celery_app.py": flask}, "celery_app:app"},
		{"an object that another function equips", "flask gunicorn", map[string]string{"pkg/__init__.py": "from flask import Flask\napp = Flask(__name__)\n", "pkg/main.py": "from . import app\nfrom .web import web\ndef main():\n    app.register_blueprint(web)\n    server.serve_forever()\n", "pkg/web.py": "from flask import Blueprint\nweb = Blueprint('w', __name__)\n@web.route('/')\ndef i(): return ''\n", "run.py": "from pkg.main import main\nif __name__ == '__main__':\n    main()\n"}, "python run.py"},
		{"an object that another function equips, beside its blueprints and a class", "flask gunicorn", map[string]string{"pkg/__init__.py": "from flask import Flask\nfrom . import db, log\nfrom .web import web\napp = Flask(__name__)\nstore = db.Store(app)\nlog.setup(False)\n", "pkg/db.py": "class Store:\n    def __init__(self, app):\n        self.app = app\n", "pkg/log.py": "def setup(on):\n    pass\n", "pkg/main.py": "from . import app\nfrom .web import web\ndef main():\n    app.register_blueprint(web)\n    server.serve_forever()\n", "pkg/web.py": "from flask import Blueprint\nweb = Blueprint('w', __name__)\n@web.route('/')\ndef i(): return ''\nweb.add_url_rule('/b', view_func=i)\n", "run.py": "from pkg.main import main\nif __name__ == '__main__':\n    main()\n"}, "python run.py"},
		{"an object that a class equips", "flask gunicorn", map[string]string{"pkg/__init__.py": "from flask import Flask\nfrom . import views\napp = Flask(__name__)\nviews.Views(app)\n", "pkg/views.py": "class Views:\n    def __init__(self, app):\n        app.add_url_rule('/', view_func=f)\n", "pkg/main.py": "from . import app\ndef main():\n    app.register_blueprint(x)\n", "run.py": "from pkg.main import main\nif __name__ == '__main__':\n    main()\n"}, "pkg:app"},
		{"an object that its own module equips", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\nfrom views import add\napp = Flask(__name__)\nadd(app)\n", "views.py": "def add(app):\n    app.add_url_rule('/', view_func=f)\n", "run.py": "from app import app\n" + guard}, "app:app"},
		{"p14: a script that starts another one", "requests", map[string]string{"Old.py": "from Server import main\nif __name__ == '__main__':\n    main()\n", "Server.py": "def main(): pass\nif __name__ == '__main__':\n    main()\n"}, "python Server.py"},
		{"the script with the project's name", "requests", map[string]string{"a.py": "def main(): pass\nif __name__ == '__main__':\n    main()\n", "shop.py": "def main(): pass\nif __name__ == '__main__':\n    main()\n"}, "python shop.py"},
		{"two scripts that share a module", "requests", map[string]string{"a.py": "import c\nif __name__ == '__main__':\n    c.x()\n", "b.py": "import c\nif __name__ == '__main__':\n    c.y()\n", "c.py": "def x(): pass\n"}, "several programs can be run, and nothing says which is the app: a.py, b.py"},
		{"settings alone", "requests", map[string]string{"config.py": "X = 1\n", "settings.py": conf}, "found no app to start"},
		{"a script that imports its server", "flask", map[string]string{"run.py": "from web import main\nif __name__ == '__main__':\n    main()\n", "web.py": "from http.server import HTTPServer\ndef main():\n    HTTPServer(('', 8080), H).serve_forever()\n"}, "python run.py"},
		{"chainlit", "chainlit", map[string]string{"app.py": "import chainlit as cl\n@cl.on_message\nasync def main(m): pass\n"}, "chainlit run app.py --host 0.0.0.0 --port 8000 --headless"},
		{"sanic", "sanic", map[string]string{"server.py": "from sanic import Sanic\napp = Sanic('x')\n" + guard}, "sanic server:app --host=0.0.0.0 --port=8000"},
		{"panel", "panel", map[string]string{"app.py": "import panel as pn\npn.panel('x').servable()\n"}, "panel serve app.py --address 0.0.0.0 --port 5006"},
		{"a use of panel that serves nothing", "panel", map[string]string{"main.py": "import panel as pn\nprint(pn)\n"}, "python main.py"},
		{"nicegui", "nicegui", map[string]string{"main.py": "from nicegui import ui\nui.run()\n"}, "python main.py"},
		{"mcp on the loopback", "mcp", map[string]string{"server.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run(transport='streamable-http')\n"}, "listens on 127.0.0.1 only"},
		{"mcp", "mcp", map[string]string{"server.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x', host='0.0.0.0', port=9000)\nmcp.run(transport='streamable-http')\n"}, "python server.py"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["requirements.txt"] = strings.ReplaceAll(tt.needs, " ", "\n") + "\n"
			got := ""
			if p, _, err := decide(t, tt.files, settings.Settings{}); err != nil {
				got = err.Error()
			} else {
				got = strings.Join(p.Run.Cmd, " ")
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestOwnCommand: what the repository's own Dockerfile starts is evidence, where this image has what it starts.
func TestOwnCommand(t *testing.T) {
	const (
		head    = "FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n"
		script  = "[project]\nname = 'cal'\nversion = '1'\n[project.scripts]\ncal = 'cal.cli:main'\ncal-tool = 'cal.tool:main'\n[build-system]\nrequires = ['setuptools']\n"
		usual   = "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - app:app"
		chosen  = "waitress-serve --listen=0.0.0.0:8191 app:app"
		bottled = "import bottle\napp = bottle.Bottle()\n@app.get('/')\ndef f(): return 'x'\nif __name__ == '__main__':\n  app.install(print)\n  class Polling(bottle.ServerAdapter):\n    def run(self, handler):\n      import waitress\n      waitress.serve(handler, host=self.host, port=self.port)\n"
	)
	flasky := map[string]string{"requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n", "app.py": flask, "other.py": flask}
	const djangoUsual = "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - site.wsgi:application"
	djangos := map[string]string{
		"manage.py":        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
		"site/settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\nWSGI_APPLICATION = 'site.wsgi.application'\n",
		"site/wsgi.py":     "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n", "requirements.txt": "Django==5.2\ngunicorn==23.0.0\n",
	}
	console := map[string]string{"pyproject.toml": script, "cal/__init__.py": "", "cal/cli.py": "import socket\ndef main(): pass\n", "cal/tool.py": "def main(): pass\n"}
	for _, tt := range []struct {
		name  string
		files map[string]string
		own   string
		want  string
	}{
		{"no command", flasky, "", usual},
		{"another module", flasky, `CMD ["gunicorn", "-b", "0.0.0.0:8000", "other:app"]`, "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - other:app"},
		{"workers, in a shell's form", flasky, `CMD exec gunicorn --bind :$PORT --workers 1 --threads 8 --timeout 0 app:app`, "gunicorn --worker-tmp-dir /dev/shm --access-logfile - --workers 1 --threads 8 --timeout 0 app:app"},
		{"below an init", flasky, "ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"gunicorn\", \"--reload\", \"-w\", \"4\", \"other:app\"]", "gunicorn --worker-tmp-dir /dev/shm --access-logfile - -w 4 other:app"},
		{"by sh -c", flasky, `CMD ["sh", "-c", "gunicorn -w 2 other:app"]`, "gunicorn --worker-tmp-dir /dev/shm --access-logfile - -w 2 other:app"},
		{"a module that is not there", flasky, `CMD ["gunicorn", "-w", "4", "shop.web:app"]`, usual},
		{"a file of that image", flasky, `CMD ["gunicorn", "-c", "/etc/gunicorn.conf.py", "other:app"]`, usual},
		{"a file that is not there", flasky, `CMD ["gunicorn", "--config=docker/g.py", "other:app"]`, usual},
		{"an application that a package takes with all names of a module", map[string]string{"requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n", "bin/__init__.py": "from .core import *\n", "bin/core.py": flask}, `CMD ["gunicorn", "-b", "0.0.0.0:8000", "bin:app"]`, "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - bin:app"},
		{"a development server", flasky, `CMD ["flask", "run", "--host=0.0.0.0"]`, usual},
		{"a file that starts one", flasky, `CMD ["python", "other.py"]`, usual},
		{"a server that is no dependency", flasky, `CMD ["waitress-serve", "other:app"]`, usual},
		{"a server, where no dependency is one", map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": flask, "other.py": flask}, `CMD ["waitress-serve", "--port=8080", "other:app"]`, "waitress-serve --listen=0.0.0.0:8080 other:app"},
		{"a module alone", flasky, `CMD ["/srv/bin/gunicorn", "-b", "0.0.0.0:8000", "-k", "sync", "other"]`, "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - -k sync other:application"},
		{"a file with arguments", map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": flask, "serve.py": "import app\nif __name__ == '__main__':\n  app.main()\n"}, "VOLUME /datastore\nCMD [\"python\", \"./serve.py\", \"-d\", \"/datastore\"]", "python serve.py -d /datastore"},
		{"a file with arguments, behind a script", map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": flask, "serve.py": "import app\nif __name__ == '__main__':\n  app.main()\n"}, "ENTRYPOINT [\"/entry.sh\"]\nCMD [\"python\", \"serve.py\", \"--all\"]", "python serve.py --all"},
		{"a file with an argument of that image", flasky, "CMD [\"python\", \"serve.py\", \"-c\", \"/etc/x\"]", usual},
		{"a file that starts a server for production", map[string]string{"requirements.txt": "flask==3.1.0\nwaitress\n", "app.py": flask, "serve.py": "import app, waitress\nif __name__ == '__main__':\n  waitress.serve(app.app, port=9000)\n"}, `CMD ["python", "serve.py"]`, "python serve.py"},
		{"a file that starts a server of its choice", map[string]string{"requirements.txt": "bottle==0.13.4\nwaitress==3.0.2\n", "app.py": bottled + "  bottle.run(app, host='0.0.0.0', port=8191, server=Polling)\n"}, `CMD ["python", "-u", "/srv/app.py"]`, "python app.py"},
		{"a file that starts one for development", map[string]string{"requirements.txt": "bottle==0.13.4\nwaitress==3.0.2\n", "app.py": bottled + "  bottle.run(app, host='0.0.0.0', port=8191, server='wsgiref')\n"}, `CMD ["python", "-u", "/srv/app.py"]`, chosen},
		{"a script", flasky, `ENTRYPOINT ["./run.sh"]`, usual},
		{"a server of Django, with its flags", djangos, `CMD ["gunicorn", "-b", "0.0.0.0:8000", "--timeout=90", "site.wsgi:application"]`, "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --timeout=90 site.wsgi:application"},
		{"a development server of Django", djangos, `CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]`, djangoUsual},
		{"a server that a project of Django does not name", djangos, `CMD ["waitress-serve", "--listen=*:8000", "site.wsgi:application"]`, djangoUsual},
		{"several commands", flasky, `CMD flask db upgrade && gunicorn -w 2 other:app`, usual},
		{"a variable", flasky, `CMD gunicorn -w $WORKERS other:app`, usual},
		{"hostile", flasky, `CMD ["gunicorn", "-w", "$(id)\nUSER root", "other:app"]`, usual},
		{"a console script with arguments", console, `ENTRYPOINT ["/app/bin/python", "/app/bin/cal"]` + "\n" + `CMD ["--hosts", "0.0.0.0:5232,[::]:5232"]`, "cal --hosts 0.0.0.0:5232,[::]:5232"},
		{"a console script of several", console, `CMD ["cal-tool", "serve"]`, "cal-tool serve"},
		{"a console script with a file of that image", console, `CMD ["cal", "--config", "/etc/cal"]`, "found no app"},
		{"a console script with a file of the repository", with(console, "conf/cal.ini", "[cal]\n"), "COPY conf/cal.ini /etc/cal.ini\nCMD [\"cal\", \"--config\", \"/etc/cal.ini\"]", "cal --config /etc/cal.ini"},
		{"a console script with a file of a copied folder", with(console, "conf/cal.ini", "[cal]\n"), "COPY conf /etc/cal/\nCMD [\"cal\", \"--config=/etc/cal/cal.ini\"]", "cal --config=/etc/cal/cal.ini"},
		{"a console script with a file that is not there", console, "COPY conf/cal.ini /etc/cal.ini\nCMD [\"cal\", \"--config\", \"/etc/cal.ini\"]", "found no app"},
		{"a console script of another package", console, `CMD ["celery", "worker"]`, "found no app"},
		{"with variables of that image", console, "ENV CAL_PORT=5001 CAL_HOST=0.0.0.0\nCMD [\"sh\", \"-c\", \"uv run cal --port $CAL_PORT --host ${CAL_HOST} --ips='*'\"]", "python -c import os, sys; os.execvp(sys.argv[1], [os.path.expandvars(a) for a in sys.argv[1:]]) cal --port $CAL_PORT --host $CAL_HOST --ips=*"},
		{"after one that prepares", console, "ENV CAL_PORT=5001\nCMD cal-tool migrate && exec cal start --port=$CAL_PORT", "sh -c cal-tool migrate && exec cal start --port=$CAL_PORT"},
		{"after another program", console, "CMD wait-for-it db:5432 && cal start", "found no app"},
		{"with a variable that the user gives", console, "CMD cal start --port $CAL_PORT --to $OTHER", "found no app"},
		{"with a path of that image", console, "ENV CAL_CONFIG=/etc/cal.ini\nCMD cal start --config $CAL_CONFIG", "found no app"},
		{"with a secret", console, "ENV CAL_PASSWORD=abc\nCMD cal start --password $CAL_PASSWORD", "found no app"},
		{"hostile variables", console, "ENV CAL_A='x\\ny;$(id)'\nCMD cal start \"$(id)\" $CAL_A", "found no app"},
		{"a package with arguments", map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": flask, "cal/__init__.py": "", "cal/__main__.py": "import sys\nif __name__ == '__main__':\n  sys.exit()\n"}, `CMD ["python", "-m", "cal", "run"]`, "python -m cal run"},
		{"a service of s6", with(console, "root/etc/s6-overlay/s6-rc.d/svc-cal/run", "#!/usr/bin/with-contenv bash\n\necho starts\nexec \\\n  s6-setuidgid abc /venv/bin/cal serve --all\n"), "COPY root/ /", "cal serve --all"},
		{"two services of s6", with(console, "root/etc/services.d/a/run", "exec cal serve", "root/etc/services.d/b/run", "exec cal-tool serve"), "COPY root/ /", "found no app"},
		{"a service of s6 that is not copied", with(console, "root/etc/services.d/a/run", "exec cal serve"), "", "found no app"},
		{"a service that a line writes", console, "VOLUME /config\nRUN mkdir -p /etc/services.d/cal && echo -e \"#!/usr/bin/with-contenv bash\\n exec s6-setuidgid abc cal --dir /config\" > /etc/services.d/cal/run", "cal --dir /config"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := maps.Clone(tt.files)
			files["Dockerfile"] = head + tt.own + "\n"
			p, log, err := decide(t, files, settings.Settings{})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			if got := strings.Join(p.Run.Cmd, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			for _, c := range log.Choices() {
				if c.Key == "start" && (c.Evidence != "") != !slices.Contains([]string{usual, djangoUsual, chosen}, tt.want) {
					t.Errorf("got evidence %q", c.Evidence)
				}
			}
		})
	}
}

// TestTold: what the arguments of a start say of where it listens counts before what the code says.
func TestTold(t *testing.T) {
	project := "[project]\nname = 'cal'\nversion = '1'\ndependencies = ['uvicorn', 'click']\n[project.scripts]\ncal = 'cal.cli:main'\n[build-system]\nrequires = ['setuptools']\n"
	fixed := "import uvicorn\ndef main():\n  uvicorn.run('cal.app:app', reload=True)\n"
	flagged := "import argparse, uvicorn\np = argparse.ArgumentParser()\np.add_argument('--address', default='127.0.0.1')\np.add_argument('--at', type=int, default=8100)\na = p.parse_args()\ndef main():\n  uvicorn.run('cal.app:app', host=a.address, port=a.at)\n"
	for _, tt := range []struct{ name, cli, own, want string }{
		{"a host", fixed, `CMD ["cal", "server", "start", "cal.app:app", "--host=0.0.0.0"]`, "8000 cal server start cal.app:app --host=0.0.0.0"},
		{"a host and a port", fixed, `CMD ["cal", "start", "--host", "::", "--port", "9000"]`, "9000 cal start --host :: --port 9000"},
		{"both in one", fixed, `CMD ["cal", "start", "--bind=0.0.0.0:9001"]`, "9001 cal start --bind=0.0.0.0:9001"},
		{"flags of its own", flagged, `CMD ["cal", "--address=0.0.0.0", "--at=9002"]`, "9002 cal --address=0.0.0.0 --at=9002"},
		{"a port alone", flagged, `CMD ["cal", "--at", "9003"]`, "9003 cal --at 9003 --address 0.0.0.0"},
		{"the loopback", strings.Replace(fixed, "reload=True", "host='0.0.0.0'", 1), `CMD ["cal", "start", "--host", "localhost"]`, "listens on localhost only"},
		{"neither", fixed, `CMD ["cal", "start", "--name", "x"]`, "listens on 127.0.0.1 only"},
		{"by the short names of its flags", strings.NewReplacer("('--address'", "('-H', '--address'", "('--at'", "('-p', '--at'").Replace(flagged), `CMD ["cal", "-H", "0.0.0.0", "-p", "9005"]`, "9005 cal -H 0.0.0.0 -p 9005"},
		{"every interface, by a flag that is not known", flagged, `CMD ["cal", "-l", "0.0.0.0:9006"]`, "9006 cal -l 0.0.0.0:9006"},
		{"another number", fixed, `CMD ["cal", "start", "--host=0.0.0.0", "-p", "9004"]`, "listens on 127.0.0.1 only"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pyproject.toml": project, "cal/__init__.py": "", "cal/app.py": "app = None\n", "cal/cli.py": tt.cli, "Dockerfile": "FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n" + tt.own + "\n"}
			p, _, err := decide(t, files, settings.Settings{})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			if got := fmt.Sprint(p.Run.Ports[0], " ", strings.Join(p.Run.Cmd, " ")); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("a command of the user's", func(t *testing.T) {
		p, _, err := decide(t, map[string]string{"requirements.txt": "aiohttp\n", "main.py": "from aiohttp import web\nweb.run_app(web.Application(), host='127.0.0.1')\n"}, settings.Settings{Start: []string{"python", "main.py", "--host", "0.0.0.0", "--port", "9000"}})
		if err != nil || len(p.Run.Ports) != 1 || p.Run.Ports[0] != 9000 {
			t.Errorf("got %v, %v", p, err)
		}
	})
}

// with are files and some more: name, text.
func with(files map[string]string, more ...string) map[string]string {
	out := maps.Clone(files)
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

// TestListening: the port of what a script starts, wherever it stands.
func TestListening(t *testing.T) {
	for _, tt := range []struct {
		name, needs string
		files       map[string]string
		want        string
	}{
		{"in the module that the script imports", "requests", map[string]string{"run.py": "from web import main\nif __name__ == '__main__':\n    main()\n", "web.py": "from http.server import HTTPServer\ndef main():\n    HTTPServer(('', 8080), H).serve_forever()\n"}, "8080"},
		{"p10: defaults of settings within settings", "fastapi uvicorn pydantic-settings", map[string]string{"main.py": "import uvicorn\nfrom fastapi import FastAPI\nfrom settings import Settings\ndef main():\n    s = Settings()\n    uvicorn.run(FastAPI(), host=s.server.host, port=s.server.port)\nif __name__ == '__main__':\n    main()\n", "settings.py": "from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\nclass Server(BaseModel):\n    host: str = Field('0.0.0.0')\n    port: int = Field(9099, ge=1)\nclass Settings(BaseSettings):\n    server: Server = Server()\n"}, "9099"},
		{"gevent", "flask gevent", map[string]string{"main.py": "from gevent.pywsgi import WSGIServer\nif __name__ == '__main__':\n    WSGIServer(('0.0.0.0', 7000), f).serve_forever()\n"}, "7000"},
		{"cherrypy", "cherrypy", map[string]string{"main.py": "import cherrypy\ncherrypy.config.update({'server.socket_host': '0.0.0.0', 'server.socket_port': 7001})\ncherrypy.quickstart(X())\n"}, "7001"},
		{"nicegui", "nicegui", map[string]string{"main.py": "from nicegui import ui\nif __name__ in {'__main__', '__mp_main__'}:\n    ui.run(port=7002)\n"}, "7002"},
		{"an application of the function", "flask", map[string]string{"main.py": "from flask import Flask\ndef main():\n    app = Flask('x')\n    app.run('0.0.0.0', 7003)\nif __name__ == '__main__':\n    main()\n"}, "7003"},
		{"mcp", "mcp", map[string]string{"server.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x', host='0.0.0.0', port=9000)\nmcp.run(transport='streamable-http')\n"}, "9000"},
		{"gRPC", "grpcio", map[string]string{"server.py": "import grpc, os\nfrom concurrent import futures\ndef serve():\n    port = os.environ.get('PORT', '50051')\n    server = grpc.server(futures.ThreadPoolExecutor())\n    server.add_insecure_port('[::]:' + port)\n    server.start()\nif __name__ == '__main__':\n    serve()\n"}, "50051"},
		{"gRPC of asyncio", "grpcio", map[string]string{"server.py": "import grpc\nasync def serve():\n    server = grpc.aio.server()\n    port = 50052\n    server.add_secure_port(f'0.0.0.0:{port}', c)\n"}, "50052"},
		{"metrics beside", "flask gunicorn prometheus-client", map[string]string{"app.py": "from flask import Flask\nfrom prometheus_client import start_http_server\napp = Flask(__name__)\nstart_http_server(9100)\n"}, "8000 9100"},
		{"metrics beside, in another module", "flask gunicorn prometheus-client", map[string]string{"app.py": "from flask import Flask\nimport metrics\napp = Flask(__name__)\n", "metrics.py": "import prometheus_client\nprometheus_client.start_http_server(port=9101)\n"}, "8000 9101"},
		{"metrics on the loopback", "flask gunicorn prometheus-client", map[string]string{"app.py": "from flask import Flask\nfrom prometheus_client import start_http_server\napp = Flask(__name__)\nstart_http_server(9100, addr='127.0.0.1')\n"}, "8000"},
		{"websockets", "websockets", map[string]string{"server.py": "import asyncio\nimport websockets\nasync def main():\n  async with websockets.serve(print, '0.0.0.0', 8765):\n    await asyncio.Future()\nasyncio.run(main())\n"}, "8765"},
		{"robyn", "robyn", map[string]string{"app.py": "from robyn import Robyn\napp = Robyn(__file__)\napp.start(host='0.0.0.0', port=8085)\n"}, "8085"},
		{"mcp over the standard streams", "mcp", map[string]string{"server.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run(transport='stdio')\n"}, ""},
	} {
		tt.files["requirements.txt"] = strings.ReplaceAll(tt.needs, " ", "\n") + "\n"
		p, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, x := range p.Run.Ports {
			got = append(got, x.String())
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, s, tt.want)
		}
	}
}

// TestDjangoSettings: collectstatic and prod have the settings that production has.
func TestDjangoSettings(t *testing.T) {
	const (
		manage = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings.dev')\n"
		wsgi   = "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings.production')\napplication = get_wsgi_application()\n"
		base   = "import os\nimport environ\nenv = environ.Env(DEBUG=(bool, False))\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent.parent\nSTATIC_ROOT = BASE_DIR / 'static'\nWSGI_APPLICATION = 'x.wsgi.application'\n"
	)
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // of collectstatic, "" for none
		env   string // of prod
		fails string
	}{
		{"the settings of the WSGI module", map[string]string{"x/settings/production.py": "from .base import *\nSECRET_KEY = os.environ['KEY']\n", "x/settings/dev.py": "from .base import *\nA = os.environ['DEV']\n"}, "DJANGO_SETTINGS_MODULE=x.settings.production KEY=only-for-this-build python manage.py collectstatic", "", ""},
		{"typed readers", map[string]string{"x/settings/production.py": "from .base import *\nDEBUG = env('DEBUG')\nDATABASES = {'default': env.db('DB')}\nA = env.int('I')\nB = env.bool('B')\nC = env.list('L')\nD = int(os.environ['N'])\n", "x/settings/dev.py": ""}, "DB=sqlite://:memory: I=1 B=0 L=x N=1 python manage.py collectstatic", "", ""},
		{"a reader that is not known", map[string]string{"x/settings/production.py": "from .base import *\nA = parsed(os.environ['N'])\n", "x/settings/dev.py": ""}, "", "", ""},
		{"a secret key without a default", map[string]string{"x/settings/production.py": "from .base import *\nSECRET_KEY = os.getenv('SECRET_KEY')\n", "x/settings/dev.py": ""}, "SECRET_KEY=only-for-this-build python manage.py collectstatic", "", ""},
		{"an insisted secret key", map[string]string{"x/settings/production.py": "from .base import *\nSECRET_KEY = os.getenv('SECRET_KEY')\nif not SECRET_KEY:\n  raise ValueError('x')\n", "x/settings/dev.py": ""}, "SECRET_KEY=only-for-this-build python manage.py collectstatic", "", ""},
		{"p5: settings that are not there", map[string]string{"x/settings/dev.py": "from .base import *\n"}, "python manage.py collectstatic", "DJANGO_SETTINGS_MODULE=x.settings.dev", ""},
		{"settings that are not there, and no choice", map[string]string{"x/settings/dev.py": "from .base import *\n", "x/wsgi.py": "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'conf'\n"}, "", "", "names settings that are not in the repository"},
		{"manage.py that extends sys.path", map[string]string{"manage.py": manage + "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'apps'))\n", "apps/shop/__init__.py": "", "x/settings/dev.py": "", "x/settings/production.py": "from .base import *\n"}, "python manage.py collectstatic", "PYTHONPATH=/app/apps", ""},
		{"settings below what manage.py adds", map[string]string{"manage.py": manage + "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'src'))\n", "src/x/settings/dev.py": "WSGI_APPLICATION = 'x.wsgi.application'\n", "src/x/wsgi.py": wsgi, "src/x/settings/production.py": "STATIC_ROOT = 's'\n"}, "DJANGO_SETTINGS_MODULE=x.settings.production python manage.py collectstatic", "PYTHONPATH=/app/src", ""},
		{"collected and committed", map[string]string{"x/settings/production.py": "from .base import *\n", "x/settings/dev.py": "", "static/staticfiles.json": "{}", "static/a.css": ""}, "", "", ""},
		{"committed without a manifest", map[string]string{"x/settings/production.py": "from .base import *\n", "x/settings/dev.py": "", "static/a.css": ""}, "python manage.py collectstatic", "", ""},
		{"a hostile folder", map[string]string{"manage.py": manage + "sys.path.insert(0, 'a\\nRUN x')\n", "x/settings/dev.py": "", "x/settings/production.py": "from .base import *\n"}, "python manage.py collectstatic", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"requirements.txt": "django\ngunicorn\nwhitenoise\ndjango-environ\n", "manage.py": manage, "x/__init__.py": "", "x/settings/__init__.py": "", "x/settings/base.py": base, "x/wsgi.py": wsgi}
			maps.Copy(files, tt.files)
			if strings.Contains(tt.name, "below what") {
				for _, f := range []string{"x/__init__.py", "x/settings/__init__.py", "x/settings/base.py", "x/wsgi.py"} {
					delete(files, f)
				}
			}
			p, _, err := decide(t, files, settings.Settings{})
			if err != nil {
				if tt.fails == "" || !strings.Contains(err.Error(), tt.fails) {
					t.Fatalf("got %v, want %q", err, tt.fails)
				}
				return
			}
			file := dockerfile(t, p.App)
			if tt.want == "" && strings.Contains(file, "collectstatic") || !strings.Contains(file, tt.want) {
				t.Errorf("want %q in\n%s", tt.want, file)
			}
			var env []string
			for _, e := range p.Run.Env {
				env = append(env, e.String())
			}
			if !strings.Contains(strings.Join(env, " "), tt.env) || strings.Contains(file, "\nRUN x") {
				t.Errorf("env %v, want %q", env, tt.env)
			}
		})
	}
}

// TestMigrations: what makes the tables is said, unless the code does it.
func TestMigrations(t *testing.T) {
	const flask, fast = "from flask import Flask\napp = Flask(__name__)\n", "from fastapi import FastAPI\napp = FastAPI()\n"
	for _, tt := range []struct {
		name, needs string
		files       map[string]string
		want        string
	}{
		{"alembic", "fastapi uvicorn alembic", map[string]string{"alembic.ini": "", "main.py": fast}, "shop alembic upgrade head"},
		{"alembic that the code runs", "fastapi uvicorn alembic", map[string]string{"alembic.ini": "", "main.py": fast + "from alembic import command\n"}, ""},
		{"alembic that is not there", "fastapi uvicorn", map[string]string{"alembic.ini": "", "main.py": fast}, ""},
		{"Flask-Migrate", "flask gunicorn flask-migrate", map[string]string{"migrations/alembic.ini": "", "app.py": flask}, "shop flask --app app:app db upgrade"},
		{"a Procfile that migrates", "flask gunicorn flask-migrate", map[string]string{"migrations/alembic.ini": "", "app.py": flask, "Procfile": "web: flask db upgrade && gunicorn app:app"}, ""},
	} {
		tt.files["requirements.txt"] = strings.ReplaceAll(tt.needs, " ", "\n") + "\n"
		_, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "migrates the tables") {
				got = n.Hint
			}
		}
		if (tt.want == "") != (got == "") || !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestWorkdir: an app whose imports start in a folder is started there, where its
// relative paths are.
func TestWorkdir(t *testing.T) {
	const app = "from flask import Flask\nimport models\napp = Flask(__name__)\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
		env   string
		owned string
	}{
		{"a folder", map[string]string{"server/app.py": app, "server/models.py": ""}, "/app/server", "", ""},
		{"what it reads is there", map[string]string{"server/app.py": app + "open('data/x.json')\n", "server/models.py": "", "server/data/x.json": ""}, "/app/server", "", ""},
		{"what it reads is above", map[string]string{"server/app.py": app + "open('data/x.json')\n", "server/models.py": "", "data/x.json": ""}, "", "PYTHONPATH=/app/server", ""},
		{"what it writes is there", map[string]string{"server/app.py": app + "open('out/x', 'w')\n", "server/models.py": ""}, "/app/server", "", "server/out/"},
		{"src", map[string]string{"src/app.py": app, "src/models.py": ""}, "", "PYTHONPATH=/app/src", ""},
		{"a package that lies deeper", map[string]string{"code/py/shop/web/app.py": strings.Replace(app, "import models", "from shop.models import x", 1), "code/py/shop/__init__.py": "", "code/py/shop/models.py": ""}, "/app/code/py", "", ""},
		{"below the name of the project", map[string]string{
			"py/shop/web/app.py": strings.Replace(app, "import models", "from shop.models import x", 1), "py/shop/__init__.py": "", "py/shop/models.py": "", "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['flask', 'gunicorn']\n",
			"uv.lock": "version = 1\n[[package]]\nname = 'shop'\nversion = '1'\nsource = { virtual = '.' }\n[[package]]\nname = 'flask'\nversion = '3.0.0'\n[[package]]\nname = 'gunicorn'\nversion = '23.0.0'\n",
		}, "/app/py", "", ""},
		{"a Procfile starts it above", map[string]string{"server/app.py": app, "server/models.py": "", "Procfile": "web: gunicorn server.app:app"}, "", "", ""},
	} {
		if tt.files["uv.lock"] == "" {
			tt.files["requirements.txt"] = "flask\ngunicorn\n"
		}
		p, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var env []string
		for _, e := range p.Run.Env {
			env = append(env, e.String())
		}
		if p.Run.Dir.Raw() != tt.want || p.dev.Dir.Raw() != tt.want || !strings.Contains(strings.Join(env, " "), tt.env) || tt.want != "" && strings.Contains(strings.Join(env, " "), "PYTHONPATH") {
			t.Errorf("%s: starts in %q, dev in %q, with %v", tt.name, p.Run.Dir.Raw(), p.dev.Dir.Raw(), env)
		}
		if file := dockerfile(t, p.App); tt.owned != "" && !strings.Contains(file, tt.owned+" "+tt.owned) {
			t.Errorf("%s: %s is not the user's in\n%s", tt.name, tt.owned, file)
		}
	}
}

// TestLeaves is p9: an installed package that looks beside itself runs from its source.
func TestLeaves(t *testing.T) {
	const project = "[project]\nname = 'p9'\nversion = '1'\ndependencies = ['fastapi', 'uvicorn']\n[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
	const app = "from pathlib import Path\nfrom fastapi import FastAPI\napp = FastAPI()\n"
	for source, want := range map[string]bool{
		app + "ROOT = Path(__file__).resolve().parents[2]\n":                                                          true,
		app + "ROOT = Path(__file__).parent.parent.parent / 'data'\n":                                                 true,
		app + "HERE = Path(__file__).resolve().parent\n":                                                              false,
		app + "ROOT = Path(__file__).resolve().parents[9]\n":                                                          false,
		"import os\n" + app + "ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\n": true,
	} {
		p, _, err := decide(t, map[string]string{"pyproject.toml": project, "src/p9/__init__.py": "", "src/p9/main.py": source, "templates/a.html": ""}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(dockerfile(t, p.App), "PYTHONPATH=/app/src"); got != want {
			t.Errorf("%s: from its source: %v", source, got)
		}
	}
	// What it writes into its own package by a path from where it starts, it imports from there.
	for folder, want := range map[string]bool{"p9/plugins": true, "data/plugins": false, "p9x/plugins": false} {
		main := "import os\nos.makedirs('" + folder + "', exist_ok=True)\nfrom fastapi import FastAPI\napp = FastAPI()\n"
		p, _, err := decide(t, map[string]string{"pyproject.toml": project + "[project.scripts]\np9 = 'p9.main:run'\n", "p9/__init__.py": "", "p9/main.py": main + "def run():\n  pass\n", "Dockerfile": "FROM python:3.12\nCMD [\"p9\", \"serve\"]\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(dockerfile(t, p.App), "PYTHONPATH=/app\n"); got != want {
			t.Errorf("%s: from its source: %v", folder, got)
		}
	}
}

// TestWorkers: what the dependencies ask of gunicorn.
func TestWorkers(t *testing.T) {
	for needs, want := range map[string]string{
		"flask gunicorn":                                 "",
		"flask gunicorn gevent":                          "--worker-class gevent",
		"flask gunicorn flask-socketio":                  "--workers 1 --threads 100",
		"flask gunicorn flask-socketio eventlet":         "--worker-class eventlet --workers 1",
		"flask gunicorn==26.1.0 flask-socketio eventlet": "--workers 1 --threads 100",
		"flask gunicorn==25.0.0":                         "",
		"flask gunicorn flask-socketio gevent":           "--worker-class gevent --workers 1",
		"flask gunicorn flask-socketio gevent-websocket": "--worker-class geventwebsocket.gunicorn.workers.GeventWebSocketWorker --workers 1",
		"flask gunicorn[gevent]":                         "--worker-class gevent",
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": strings.ReplaceAll(needs, " ", "\n") + "\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(p.Run.Cmd, " ")
		if !strings.Contains(got, want) || want == "" && strings.Contains(got, "worker-class") {
			t.Errorf("%s: got %s, want %s", needs, got, want)
		}
	}
}

// TestGunicornReleases: what gunicorn is told is what its release knows.
func TestGunicornReleases(t *testing.T) {
	const wsgi, asgi = "from flask import Flask\napp = Flask(__name__)\n", "from fastapi import FastAPI\napp = FastAPI()\n"
	for name, tt := range map[string]struct {
		needs, app, conf, proc string
		want, not              string // of the Dockerfile
	}{
		"a release with the socket":          {"flask gunicorn==25.1.0", wsgi, "", "", `"-", "--no-control-socket", "app:app"]`, ""},
		"the newest":                         {"flask gunicorn", wsgi, "", "", `"--no-control-socket"`, ""},
		"none of the repository's":           {"flask", wsgi, "", "", `"--no-control-socket"`, ""},
		"a lower bound":                      {"flask gunicorn>=25.3,<26", wsgi, "", "", `"--no-control-socket"`, ""},
		"an older one":                       {"flask gunicorn==25.0.3", wsgi, "", "", `"-", "app:app"]`, "control"},
		"an upper bound":                     {"flask gunicorn<25", wsgi, "", "", `"-", "app:app"]`, "control"},
		"a configuration with a socket":      {"flask gunicorn", wsgi, "control_socket = '/tmp/g.ctl'\n", "", `"-", "app:app"]`, "control"},
		"a configuration that turns it off":  {"flask gunicorn", wsgi, "control_socket_disable = True\n", "", `"-", "app:app"]`, "control"},
		"a command":                          {"flask gunicorn", wsgi, "", "web: gunicorn app:app --workers 2", `"--no-control-socket", "--workers", "2", "app:app"]`, ""},
		"a command with a socket":            {"flask gunicorn", wsgi, "", "web: gunicorn --control-socket /tmp/g.ctl app:app", `"--control-socket", "/tmp/g.ctl", "app:app"]`, "no-control"},
		"a command without one":              {"flask gunicorn", wsgi, "", "web: gunicorn --no-control-socket app:app", `"--no-control-socket", "app:app"]`, `"--no-control-socket", "--no-control-socket"`},
		"a command with the eventlet worker": {"flask gunicorn eventlet", wsgi, "", "web: gunicorn -k eventlet -w 1 app:app", `requirements.txt 'gunicorn<26'`, ""},
		"the eventlet worker":                {"flask gunicorn flask-socketio eventlet", wsgi, "", "", `requirements.txt 'gunicorn<26'`, ""},
		"the eventlet worker, added":         {"flask flask-socketio eventlet", wsgi, "", "", `requirements.txt gunicorn==23.0.0`, "control"},
		"the application of ASGI":            {"fastapi gunicorn==26.0.0", asgi, "", "", `"--worker-class", "asgi", "--bind"`, "uvicorn=="},
		"one of a release that has it not":   {"fastapi gunicorn==23.0.0", asgi, "", "", `CMD ["uvicorn", "app:app"`, ""},
		"one beside a server of ASGI":        {"fastapi gunicorn==26.0.0 hypercorn", asgi, "", "", `CMD ["hypercorn"`, ""},
		"a configuration with a worker":      {"fastapi gunicorn==26.0.0", asgi, "worker_class = 'uvicorn.workers.UvicornWorker'\n", "", `CMD ["gunicorn", "--bind"`, "worker-class"},
		"gevent and ASGI":                    {"fastapi gunicorn==26.0.0 gevent", asgi, "", "", `"--worker-class", "asgi"`, `"gevent"`},
	} {
		files := map[string]string{"requirements.txt": strings.ReplaceAll(tt.needs, " ", "\n") + "\n", "app.py": tt.app}
		if tt.conf != "" {
			files["gunicorn.conf.py"] = tt.conf
		}
		if tt.proc != "" {
			files["Procfile"] = tt.proc
		}
		p, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		got := dockerfile(t, p.App)
		_, prod, _ := strings.Cut(got, " AS prod")
		if !strings.Contains(got, tt.want) || tt.not != "" && strings.Contains(prod, tt.not) {
			t.Errorf("%s: want %s, not %s, got\n%s", name, tt.want, tt.not, got)
		}
	}
}

// TestUwsgi: uWSGI is started with the settings that a Procfile names.
func TestUwsgi(t *testing.T) {
	for _, tt := range []struct{ name, needs, proc, ini, want, port string }{
		{"a port", "flask uwsgi", "web: uwsgi etc/uwsgi.ini", "[uwsgi]\nmodule = app:app\nhttp-socket = 0.0.0.0:9000\n", "uwsgi etc/uwsgi.ini --die-on-term", "9000"},
		{"an option", "flask uwsgi", "web: uwsgi --ini etc/uwsgi.ini", "[uwsgi]\nhttp = :9000\ndie-on-term = true\n", "uwsgi --ini etc/uwsgi.ini", "9000"},
		{"a variable", "flask uwsgi", "web: uwsgi etc/uwsgi.ini", "[uwsgi]\nhttp-socket = :$(PORT)\ndie-on-term = true\n", "uwsgi etc/uwsgi.ini", "8000"},
		{"another section", "flask uwsgi", "web: uwsgi etc/uwsgi.ini", "[other]\nhttp-socket = :9000\n", "uwsgi etc/uwsgi.ini --die-on-term", ""},
		{"a file that is not there", "flask gunicorn uwsgi", "web: uwsgi other.ini", "", "gunicorn", "8000"},
		{"no uwsgi", "flask gunicorn", "web: uwsgi etc/uwsgi.ini", "[uwsgi]\nhttp-socket = :9000\n", "gunicorn", "8000"},
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": strings.ReplaceAll(tt.needs, " ", "\n") + "\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n", "Procfile": tt.proc, "etc/uwsgi.ini": tt.ini}, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var port strings.Builder
		for _, x := range p.Run.Ports {
			port.WriteString(x.String())
		}
		if got := strings.Join(p.Run.Cmd, " "); !strings.HasPrefix(got, tt.want) || port.String() != tt.port || strings.HasPrefix(got, "uwsgi") && p.Run.Runtime == plan.Distroless {
			t.Errorf("%s: got %s on %q and %s, want %s on %q", tt.name, got, port.String(), p.Run.Runtime, tt.want, tt.port)
		}
	}
}

// TestBrowsers is p12: the browsers of Playwright are in prod, where it can install them.
func TestBrowsers(t *testing.T) {
	const flask = "from flask import Flask\napp = Flask(__name__)\n"
	for _, tt := range []struct{ name, needs, source, want string }{
		{"p12", "playwright", flask, "playwright install --with-deps chromium"},
		{"two browsers", "playwright>=1.50", flask + "def f(p):\n  p.firefox.launch()\n  p.webkit.launch()\n", "playwright install --with-deps firefox webkit"},
		{"a version that knows the system", "playwright==1.55.0", flask, "playwright install --with-deps chromium"},
		{"a version that does not", "playwright==1.40.0", flask, "does not install its browsers"},
		{"no browser", "requests", flask + "x.chromium\n", ""},
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask\ngunicorn\n" + tt.needs + "\n", "app.py": tt.source}, settings.Settings{})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = dockerfile(t, p.App)
		}
		if !strings.Contains(got, tt.want) || tt.want == "" && strings.Contains(got, "playwright") || err == nil && tt.want != "" && p.Run.Runtime != plan.Slim {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestLockedBrowsers: the version of Playwright that counts is the lock's.
func TestLockedBrowsers(t *testing.T) {
	for version, want := range map[string]string{"1.40.0": "does not install its browsers", "1.56.0": ""} {
		_, _, err := decide(t, map[string]string{
			"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['playwright>=1.30']\n",
			"uv.lock":        "version = 1\nrequires-python = '>=3.12'\n[[package]]\nname = 'playwright'\nversion = '" + version + "'\nsource = { registry = 'https://example.org/simple' }\n[[package]]\nname = 'x'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'playwright' }]\n",
			"main.py":        "print('x')\n",
		}, settings.Settings{})
		if got := fmt.Sprint(err); (err != nil) != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %v, want %q", version, err, want)
		}
	}
}

// TestRoutes: the route that the health check asks, below every prefix.
func TestRoutes(t *testing.T) {
	const health = "('/health')\ndef health():\n  return {'ok': True}\n"
	for _, tt := range []struct {
		name, needs string
		files       map[string]string
		want        string
	}{
		{"a blueprint", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\nfrom views import bp\napp = Flask(__name__)\napp.register_blueprint(bp)\n", "views.py": "from flask import Blueprint\nbp = Blueprint('x', __name__, url_prefix='/api')\n@bp.route" + health}, "/api/health"},
		{"a blueprint below another prefix", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\nfrom views import bp\napp = Flask(__name__)\napp.register_blueprint(bp, url_prefix='/v1')\n", "views.py": "from flask import Blueprint\nbp = Blueprint('x', __name__, url_prefix='/api')\n@bp.get" + health}, "/v1/health"},
		{"a blueprint in a factory", "flask gunicorn", map[string]string{"app/__init__.py": "from flask import Flask\ndef create_app():\n  app = Flask(__name__)\n  from .views import bp\n  app.register_blueprint(bp)\n  return app\n", "app/views.py": "from flask import Blueprint\nbp = Blueprint('x', __name__)\n@bp.route" + health}, "/health"},
		{"a factory that wsgi.py calls", "flask gunicorn", map[string]string{"wsgi.py": "from app import create_app\napp = create_app()\n", "app/__init__.py": "from flask import Flask\nfrom .views import bp\ndef create_app():\n  app = Flask(__name__)\n  app.register_blueprint(bp)\n  return app\n", "app/views.py": "from flask import Blueprint\nbp = Blueprint('x', __name__)\n@bp.route" + health}, "/health"},
		{"a router", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom api import router\napp = FastAPI()\napp.include_router(router, prefix='/api')\n", "api.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/v1')\n@router.get" + health}, "/api/v1/health"},
		{"a router of a router", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nimport api\napp = FastAPI()\napp.include_router(api.router, prefix='/api')\n", "api.py": "from fastapi import APIRouter\nfrom sub import router as sub\nrouter = APIRouter()\nrouter.include_router(sub, prefix='/sub')\n", "sub.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get" + health}, "/api/sub/health"},
		{"a prefix of a constant", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom api import router\nP = '/p'\napp = FastAPI()\napp.include_router(router, prefix=P)\n", "api.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get" + health}, "/p/health"},
		{"a prefix that only running tells", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom api import router\napp = FastAPI()\napp.include_router(router, prefix=p())\n", "api.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get" + health}, ""},
		{"a router that nothing mounts", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "api.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get" + health}, ""},
		{"a router that asks a database", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom api import router\napp = FastAPI()\napp.include_router(router)\n", "api.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/health')\ndef h(db=Depends(x)):\n  return 1\n"}, ""},
		{"a check that may fail", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n@app.route('/healthcheck')\ndef h():\n  if check_database() is False:\n    return 'ERR', 500\n  return 'ok', 200\n"}, "/healthcheck"},
		{"a check for who is logged in", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n@app.route('/healthcheck')\ndef h():\n  if not current_user():\n    abort(403)\n  return 'ok', 200\n"}, ""},
		{"a page that may fail", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef h():\n  if check_database() is False:\n    return 'ERR', 500\n  return 'ok', 200\n"}, ""},
		{"a rule", "flask gunicorn", map[string]string{"app.py": "from flask import Flask\napp = Flask(__name__)\ndef h():\n  return 'ok'\napp.add_url_rule('/health', 'h', h)\n"}, "/health"},
		{"a list of routes", "starlette uvicorn", map[string]string{"app.py": "from starlette.applications import Starlette\nfrom starlette.routing import Route\nasync def h(request):\n  return JSONResponse({})\napp = Starlette(routes=[Route('/healthz', h)])\n"}, "/healthz"},
		{"routers that mount each other", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom a import r\napp = FastAPI()\napp.include_router(r)\n", "a.py": "from fastapi import APIRouter\nfrom b import r as b\nr = APIRouter()\nr.include_router(b)\n", "b.py": "from fastapi import APIRouter\nfrom a import r as a\nr = APIRouter()\nr.include_router(a)\n"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["requirements.txt"] = strings.ReplaceAll(tt.needs, " ", "\n") + "\n"
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if p.Run.Probe != nil {
				got = strings.Join(p.Run.Probe.Cmd, " ")
			}
			if (tt.want == "") != (got == "") || !strings.Contains(got, "8000"+tt.want+"\"") && !strings.Contains(got, "8000"+tt.want+"'") && tt.want != "" {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestRequired: the variables that the program needs are in one note, without those that
// the user sets.
func TestRequired(t *testing.T) {
	files := map[string]string{
		"requirements.txt": "flask\ngunicorn\n",
		"app.py":           "import os\nfrom flask import Flask\nA = os.environ['A_URL']\nB = os.environ['B_URL']\nC = os.environ['C_MODE']\napp = Flask(__name__)\n",
	}
	_, log, err := decide(t, files, settings.Settings{Env: map[string]string{"C_MODE": "x"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range log.Notes() {
		if strings.HasPrefix(n.Text, "needs ") {
			got = append(got, n.Text+": "+n.Hint)
		}
	}
	if got, want := strings.Join(got, "; "), "needs the variables A_URL and B_URL to start: docker run -e A_URL=… -e B_URL=…"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestOwnIni: uwsgi among the dependencies starts with the repository's own settings, unless these name what is not in the image.
func TestOwnIni(t *testing.T) {
	const usual = "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app"
	const plain = "uwsgi --master --die-on-term --need-app --http 0.0.0.0:8000 --module=app:app"
	for _, tt := range []struct{ name, requirements, file, ini, want, port string }{
		{"an address", "flask\nuwsgi\n", "uwsgi.ini", "module = app:app\nhttp = :9000\ndie-on-term = true\n", "uwsgi --ini uwsgi.ini", "9000"},
		{"no address", "flask\npyuwsgi\n", "conf/uwsgi.ini", "module = app:app\nsocket = /tmp/x.sock\n", "uwsgi --ini conf/uwsgi.ini --die-on-term --http 0.0.0.0:8000", "8000"},
		{"another server", "flask\nuwsgi\ngunicorn\n", "uwsgi.ini", "module = app:app\nhttp = :9000\n", usual, "8000"},
		{"uwsgi is no dependency", "flask\n", "uwsgi.ini", "module = app:app\nhttp = :9000\n", usual, "8000"},
		{"a socket of another system", "flask\nuwsgi\n", "uwsgi.ini", "module = app:app\nsocket = /run/app/x.sock\n", plain, "8000"},
		{"an environment of another system", "flask\nuwsgi\n", "uwsgi.ini", "module = app:app\nhttp = :9000\nvirtualenv = /srv/venv\n", plain, "8000"},
		{"in the background", "flask\nuwsgi\n", "uwsgi.ini", "module = app:app\nhttp = :9000\ndaemonize = x.log\n", plain, "8000"},
		{"no application", "flask\nuwsgi\n", "uwsgi.ini", "http = :9000\n", plain, "8000"},
		{"another file", "flask\nuwsgi\n", "app.ini", "module = app:app\nhttp = :9000\n", plain, "8000"},
	} {
		app, _, err := decide(t, map[string]string{"requirements.txt": tt.requirements, "app.py": flask, tt.file: "[uwsgi]\n" + tt.ini}, settings.Settings{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if got := strings.Join(app.Run.Cmd, " "); got != tt.want || len(app.Run.Ports) != 1 || app.Run.Ports[0].String() != tt.port {
			t.Errorf("%s: got %s on %v", tt.name, got, app.Run.Ports)
		}
	}
}

// TestShelled: a script by the name of one that starts the app says which server serves what, unless it is for who develops.
func TestShelled(t *testing.T) {
	const usual = "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app"
	for _, tt := range []struct{ name, file, text, want string }{
		{"a server", "run.sh", "gunicorn -w 3 -b 0.0.0.0:9002 other:app", "gunicorn --bind 0.0.0.0:9002 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket -w 3 other:app"},
		{"in a folder", "scripts/start.sh", "set -e\nexec gunicorn -w 3 other:app", "gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket -w 3 other:app"},
		{"one that reloads", "run.sh", "gunicorn --reload other:app", usual},
		{"for this machine", "run.sh", "gunicorn -b 127.0.0.1:9000 other:app", usual},
		{"a development server", "run.sh", "flask --app other run", usual},
		{"a file", "run.sh", "python other.py", usual},
		{"another name", "backup.sh", "gunicorn -w 3 other:app", usual},
		{"a module that is not there", "run.sh", "gunicorn -w 3 shop:app", usual},
	} {
		app, _, err := decide(t, map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": flask, "other.py": flask, tt.file: "#!/bin/sh\n" + tt.text + "\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if got := strings.Join(app.Run.Cmd, " "); got != tt.want {
			t.Errorf("%s: got %s", tt.name, got)
		}
	}
}

// TestOwnPort: the variable PORT of the own image moves gunicorn in this one, too, where it is the port.
func TestOwnPort(t *testing.T) {
	for name, tt := range map[string]struct{ own, want string }{
		"the port":     {"ENV PORT=8000\nEXPOSE ${PORT}\n", "PORT=8000 gunicorn --worker-tmp-dir /dev/shm --access-logfile - app:app"},
		"another port": {"ENV PORT=9000\nEXPOSE 8000\n", "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - app:app"},
		"none":         {"EXPOSE 8000\n", "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - app:app"},
		"hostile":      {"ENV PORT='8000$(id)'\nEXPOSE 8000\n", "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - app:app"},
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n", "app.py": flask, "Dockerfile": "FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .\n" + tt.own + "ENTRYPOINT [\"./run.sh\"]\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		got := strings.Join(p.Run.Cmd, " ")
		for _, e := range p.Run.Env {
			if e.Name.String() == "PORT" {
				got = "PORT=" + e.Value.Raw() + " " + got
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}
