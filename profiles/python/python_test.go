package python

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/buildfile"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

func TestSatisfies(t *testing.T) {
	tests := []struct {
		minor, rng string
		want       bool
	}{
		{"3.13", ">=3.9", true},
		{"3.13", ">=3.9,<3.13", false},
		{"3.12", ">=3.9,<3.13", true},
		{"3.12", ">=3.12.4", true},
		{"3.12", "<=3.12", true},
		{"3.12", "==3.12.*", true},
		{"3.13", "==3.12.*", false},
		{"3.12", "==3.12.4", true},
		{"3.13", "~=3.10", true},
		{"3.13", "^3.10", true},
		{"3.9", "^3.10", false},
		{"3.10", "~3.10", true},
		{"3.11", "~3.10", false},
		{"3.13", "!=3.13.*", false},
		{"3.13", "*", true},
		{"3.13", "", true},
		{"3.9", ">=3.8,<3.9 || >=3.12", false},
		{"3.12", ">=3.8,<3.9 || >=3.12", true},
		{"3.13", "3.13", true},
	}
	for _, tt := range tests {
		if got := satisfies(tt.minor, tt.rng); got != tt.want {
			t.Errorf("satisfies(%q, %q) = %v", tt.minor, tt.rng, got)
		}
	}
}

// decided is an app with its stages by name; nil is one that it does not have.
type decided struct {
	*plan.App
	base  *Base
	deps  *Deps
	dev   *Dev
	test  *Test
	build *Build
}

// decideIn runs the decisions on the files of a folder.
func decideIn(t *testing.T, dir string, files map[string]string, s settings.Settings) (*decided, *record.Log, error) {
	t.Helper()
	return decideInput(t, files, record.Input{Settings: s, Dir: dir})
}

// decideWith runs the decisions with what other apps' stages make.
func decideWith(t *testing.T, files map[string]string, imports []plan.Artifact) (*decided, error) {
	t.Helper()
	out, _, err := decideInput(t, files, record.Input{Dir: ".", Imports: imports})
	return out, err
}

// decideInput runs the decisions on an input that lacks the tree, the log and
// the knowledge.
func decideInput(t *testing.T, files map[string]string, in record.Input) (*decided, *record.Log, error) {
	t.Helper()
	dir := in.Dir
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[path.Join(dir, name)] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := tree.Scan(context.Background(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := facts.Detect(tr, dir)
	if err != nil {
		return nil, nil, err
	}
	if f == nil {
		t.Fatal("nothing detected")
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	log := &record.Log{Asked: in.Settings.Runtime, Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}, Profile: "default"}
	log.Choose(plan.Choice{Key: "language", Value: "python"})
	in.Log, in.Know, in.Tree, in.Builds, in.Name = log, know, tr, buildfile.Of(tr, dir), "shop"
	app, err := Decide(in, f)
	if err != nil {
		return nil, log, err
	}
	out := &decided{App: app}
	for _, s := range app.Image.Stages {
		switch d := s.Data.(type) {
		case *Base:
			out.base = d
		case *Deps:
			out.deps = d
		case *Dev:
			out.dev = d
		case *Test:
			out.test = d
		case *Build:
			out.build = d
		}
	}
	seen := map[string]bool{}
	for _, c := range log.Choices() {
		if seen[c.Key] {
			t.Errorf("the choice %s is recorded twice", c.Key)
		}
		seen[c.Key] = true
	}
	return out, log, nil
}

// decide runs the decisions on the files of a repository.
func decide(t *testing.T, files map[string]string, s settings.Settings) (*decided, *record.Log, error) {
	t.Helper()
	return decideIn(t, ".", files, s)
}

const flask = "from flask import Flask\napp = Flask(__name__)\n"

func TestStart(t *testing.T) {
	const expanding = "python -c import os, sys; os.execvp(sys.argv[1], [os.path.expandvars(a) for a in sys.argv[1:]]) "
	gunicorn := "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket "
	tests := []struct {
		name  string
		files map[string]string
		want  string // the command, or the beginning of the error
	}{
		{"object of its own name", map[string]string{"requirements.txt": "flask\ngunicorn", "hello.py": "from flask import Flask\nserver = Flask(__name__)"}, gunicorn + "hello:server"},
		{"app.py before main.py", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "main.py": flask}, gunicorn + "app:app"},
		{"two that nothing tells apart", map[string]string{"requirements.txt": "flask\ngunicorn", "a.py": flask, "b.py": flask}, "a.py:2: several programs can be run, and nothing says which is the app: a:app, b:app"},
		{"the root before a folder", map[string]string{"requirements.txt": "flask\ngunicorn", "clients/x/main.py": flask, "web.py": flask}, gunicorn + "web:app"},
		{"wsgi.py that only passes it on", map[string]string{"requirements.txt": "flask\ngunicorn", "wsgi.py": "from shop import app as application", "shop/__init__.py": flask}, gunicorn + "wsgi:application"},
		{"factory", map[string]string{"requirements.txt": "flask\ngunicorn", "shop/__init__.py": "from flask import Flask\ndef create_app():\n  app = Flask('x')\n  return app"}, gunicorn + "shop:create_app()"},
		{"called factory", map[string]string{"requirements.txt": "flask\ngunicorn", "run.py": "from shop import create_app\napp = create_app()\nif __name__ == '__main__':\n  app.run()", "shop/__init__.py": "from flask import Flask\ndef create_app():\n  return Flask('x')"}, gunicorn + "run:app"},
		{"no server among the dependencies", map[string]string{"requirements.txt": "flask", "app.py": flask}, gunicorn + "app:app"},
		{"source folder", map[string]string{"requirements.txt": "flask\ngunicorn", "src/main.py": flask}, gunicorn + "main:app"},
		{"package run from within", map[string]string{"requirements.txt": "fastapi\nuvicorn", "app/main.py": "from fastapi import FastAPI\nimport db\napp = FastAPI()", "app/db.py": ""}, "uvicorn main:app --host 0.0.0.0 --port 8000"},
		{"ASGI factory", map[string]string{"requirements.txt": "fastapi\nuvicorn", "app/main.py": "from fastapi import FastAPI\ndef make():\n  return FastAPI()"}, "uvicorn --factory app.main:make --host 0.0.0.0 --port 8000"},
		{"fastapi brings its server", map[string]string{"requirements.txt": "fastapi[standard]", "main.py": "from fastapi import FastAPI\napp = FastAPI()"}, "uvicorn main:app --host 0.0.0.0 --port 8000"},
		{"port of its own Dockerfile", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Dockerfile": "FROM python AS base\nARG P=9999\nFROM base AS prod\nARG P\nEXPOSE ${P:-9999}/tcp 53/udp\n"}, strings.ReplaceAll(gunicorn, "8000", "9999") + "app:app"},
		{"port of the code before that", map[string]string{"requirements.txt": "flask\ngunicorn", "Dockerfile": "FROM python\nEXPOSE 9999\n", "app.py": flask + "if __name__ == '__main__':\n  app.run(port=5001)"}, strings.ReplaceAll(gunicorn, "8000", "5001") + "app:app"},
		{"several ports of its own Dockerfile", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Dockerfile": "FROM python\nEXPOSE 80 443\n"}, gunicorn + "app:app"},
		{"port of the code", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask + "if __name__ == '__main__':\n  app.run(port=5001)"}, strings.ReplaceAll(gunicorn, "8000", "5001") + "app:app"},
		{"Procfile with $PORT", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Procfile": "web: gunicorn --bind :$PORT --workers 2 app:app"}, "gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket --workers 2 app:app"},
		{"Procfile with a default of $PORT", map[string]string{"requirements.txt": "fastapi\nuvicorn", "app.py": "from fastapi import FastAPI\napp = FastAPI()", "Procfile": "web: exec uvicorn app:app --host=0.0.0.0 --port ${PORT:-5000}"}, expanding + "uvicorn --host 0.0.0.0 --port $PORT app:app"},
		{"Procfile with $PORT elsewhere", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Procfile": "web: gunicorn --name=x$PORT app:app"}, gunicorn + "app:app"},
		{"Procfile with a migration", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Procfile": "web: flask db upgrade && gunicorn app:app -b 0.0.0.0:9000"}, "gunicorn --bind 0.0.0.0:9000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app"},
		{"Procfile with statements", map[string]string{"requirements.txt": "flask\ngunicorn", "blog.py": flask, "Procfile": "web: flask db upgrade; flask translate compile; gunicorn blog:app"}, "gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket blog:app"},
		{"an object before the factory that makes it", map[string]string{"requirements.txt": "flask\ngunicorn", "blog.py": "from app import create_app\napp = create_app()", "app/__init__.py": "from flask import Flask\ndef create_app():\n  return Flask('x')"}, gunicorn + "blog:app"},
		{"Procfile with a shell", map[string]string{"requirements.txt": "flask\ngunicorn", "app.py": flask, "Procfile": "web: cat x | gunicorn other:app"}, gunicorn + "app:app"},
		{"Procfile that names a script", map[string]string{"requirements.txt": "", "jobs/run.py": "print(1)", "Procfile": "web: python3 -u jobs/run.py"}, "python jobs/run.py"},
		{"script", map[string]string{"requirements.txt": "flask", "main.py": "print('flask')"}, "python main.py"},
		{"several scripts", map[string]string{"requirements.txt": "", "x.py": "print(1)", "y.py": "print(2)"}, "requirements.txt: found no app to start: no WSGI or ASGI object"},
		{"bot", map[string]string{"requirements.txt": "discord.py", "bot.py": "import discord\nclient = discord.Client()\nclient.run('t')"}, "python bot.py"},
		{"loopback", map[string]string{"requirements.txt": "aiohttp", "main.py": "from aiohttp import web\nweb.run_app(x, host='127.0.0.1')"}, "main.py:2: listens on 127.0.0.1"},
		{"no manifest, and an import", map[string]string{"main.py": "import acme_tools"}, "main.py:1: imports acme_tools"},
		{"no manifest, and its own module", map[string]string{"main.py": "import json, tool", "tool.py": ""}, "python main.py"},
		{"Python 2", map[string]string{"main.py": "print 'x'"}, "main.py:1: is Python 2"},
		{"streamlit", map[string]string{"requirements.txt": "streamlit", "dash.py": "import streamlit as st"}, "streamlit run dash.py --server.address=0.0.0.0 --server.port=8501 --server.headless=true --browser.gatherUsageStats=false"},
		{"console script", map[string]string{"pyproject.toml": "[project]\nname='tool'\n[project.scripts]\ntool='tool:main'\n[build-system]\nrequires=['hatchling']", "src/tool/__init__.py": "def main(): pass"}, "tool"},
		{"Dash", map[string]string{"requirements.txt": "dash\ngunicorn", "app.py": "import dash\napp = dash.Dash()\nserver = app.server"}, gunicorn + "app:server"},
		{"worker alone", map[string]string{"requirements.txt": "discord.py", "Procfile": "worker: python src/thing.py", "src/thing.py": "import discord"}, "python src/thing.py"},
		{"Django below the requirements", map[string]string{"requirements.txt": "django\ngunicorn", "site/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')", "site/proj/settings.py": "WSGI_APPLICATION = 'proj.wsgi.application'", "site/proj/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()"}, gunicorn + "proj.wsgi:application"},
		{"conda", map[string]string{"environment.yml": "name: x", "main.py": ""}, "environment.yml:1: names Conda packages"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("got error %v, want %s", err, tt.want)
				}
				return
			}
			if diff := cmp.Diff(tt.want, strings.Join(p.Run.Cmd, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTests(t *testing.T) {
	function, unit := "def test_x(): pass", "import unittest\nclass A(unittest.TestCase):\n  def test_x(self): pass"
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", map[string]string{}, "python -m compileall -q ."},
		{"Python 2 beside", map[string]string{"old/x.py": "print 'x'"}, `python -m compileall -q -x '/(old/x\.py)$' .`},
		{"functions", map[string]string{"test_a.py": function}, "python -m pytest"},
		{"class", map[string]string{"tests/a_test.py": "class TestA:\n  def test_x(self): pass"}, "python -m pytest"},
		{"a name that pytest does not collect", map[string]string{"tests.py": function}, "python -m pytest tests.py"},
		{"unittest", map[string]string{"test_a.py": unit}, "python -m unittest discover"},
		{"unittest in a folder", map[string]string{"tests/test_a.py": unit}, "python -m unittest discover -s tests -p 'test*.py'"},
		{"unittest with another name", map[string]string{"a_test.py": unit}, "python -m unittest discover -s . -p '*_test.py'"},
		{"unittest run by pytest", map[string]string{"test_a.py": unit, "requirements-dev.txt": "pytest"}, "python -m pytest"},
		{"end-to-end", map[string]string{"test_a.py": function, "e2e_test.py": function}, "python -m pytest --ignore=e2e_test.py"},
		{"a variable that the code needs", map[string]string{"test_a.py": function, "lib.py": "import os\ndef f():\n  return os.environ['PROJECT']"}, "PROJECT=only-for-this-build python -m pytest"},
		{"a variable that the tests need", map[string]string{"test_a.py": "import os\nP = os.environ['PROJECT']\n" + function}, "python -m compileall -q ."},
		{"a file that only has the name", map[string]string{"test_a.py": "print(1)"}, "python -m compileall -q ."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["main.py"], tt.files["requirements.txt"] = "print(1)", "requests\n"
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, p.test.Command.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	files := map[string]string{"requirements.txt": "flask\ngunicorn", "a.py": flask, "b.py": flask + "api = Flask('x')\n", "job.py": "print(1)"}
	tests := []struct{ set, want string }{
		{"main=a.py", "a:app"},
		{"main=./b.py", "b:app"},
		{"main=b:api", "b:api"},
		{"main=job.py", "python job.py"},
		{"main=c.py", "--set: there is no c.py"},
		{"start=[gunicorn, 'a:app']", "gunicorn a:app"},
		{"runtime=scratch", "a.py:2: several programs can be run"},
	}
	for _, tt := range tests {
		s, err := settings.Settings{}.Set(tt.set)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := decide(t, files, s)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(p.Run.Cmd, " ")
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.set, got, tt.want)
		}
	}
	s, err := settings.Settings{}.Set("port=9001")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := decide(t, map[string]string{"requirements.txt": "flask\ngunicorn", "a.py": flask}, s)
	if err != nil || p.Run.Ports[0] != 9001 || !slices.Contains(p.Run.Cmd, "0.0.0.0:9001") {
		t.Errorf("port: %v %v", p, err)
	}
}

func TestVersion(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", map[string]string{}, "3.13"},
		{"a file's pin", map[string]string{".python-version": "# why\n3.11.11\n"}, "3.11"},
		{"range", map[string]string{"pyproject.toml": "[project]\nrequires-python='>=3.9,<3.12'"}, "3.11"},
		{"the pin before the range", map[string]string{".python-version": "3.12", "pyproject.toml": "[project]\nrequires-python='>=3.9'"}, "3.12"},
		{"a pin that the range excludes", map[string]string{".tool-versions": "uv 1\npython 3.9.23", "pyproject.toml": "[project]\nrequires-python='>=3.11'"}, "3.13"},
		{"a pin without an image that the range excludes", map[string]string{".tool-versions": "python 3.7.4", "pyproject.toml": "[project]\nrequires-python='>=3.11'"}, "3.13"},
		{"a pin with a newer image that the range excludes", map[string]string{".python-version": "3.14", "pyproject.toml": "[project]\nrequires-python='<3.13,>=3.10'"}, "3.12"},
		{"two ranges", map[string]string{"pyproject.toml": "[project]\nrequires-python='>=3.9'\n[tool.poetry.dependencies]\npython = '<3.12'"}, "3.11"},
		{"latest", map[string]string{".python-version": "latest"}, "3.13"},
		{"Heroku", map[string]string{"runtime.txt": "python-3.12.4"}, "3.12"},
		{"Conda, beside what pip installs", map[string]string{"environment.yml": "name: x\ndependencies:\n- python=3.11\n- pip\n- pip:\n  - -r requirements.txt\n", "requirements.txt": "x"}, "3.11"},
		{"Conda, a range", map[string]string{"environment.yml": "dependencies: ['python>=3.9,<3.12', pip]\n", "requirements.txt": "x"}, "3.11"},
		{"Pixi alone", map[string]string{"pixi.toml": "[workspace]\nname = 'x'\n[dependencies]\npython = '>=3.12'\n"}, "pixi.toml:1: names Conda packages"},
		{"mise", map[string]string{"mise.toml": "[tools]\npython = '3.10'"}, "3.10"},
		{"mise, several", map[string]string{".config/mise/config.toml": "[tools]\npython = ['3.11', '3.10']"}, "3.11"},
		{"mise, free-threaded", map[string]string{"mise.toml": "[env]\nPYTHON_BUILD_FREE_THREADING = 1"}, "mise.toml:2: asks for a free-threaded"},
		{"mise, not free-threaded", map[string]string{"mise.toml": "[env]\nPYTHON_BUILD_FREE_THREADING = false\n[tools]\npython = '3.12'"}, "3.12"},
		{"Pipfile", map[string]string{"Pipfile": "[requires]\npython_version = '3.12'"}, "3.12"},
		{"poetry", map[string]string{"pyproject.toml": "[tool.poetry.dependencies]\npython = '~3.11'"}, "3.11"},
		{"App Engine", map[string]string{"app.yaml": "runtime: python314"}, "3.14"},
		{"3.8, which is out of support", map[string]string{".python-version": "3.8.10"}, "3.8"},
		{"3.7, of a range", map[string]string{"pyproject.toml": "[project]\nrequires-python='>=3.6,<3.8'"}, "3.7"},
		{"older than all that have an image", map[string]string{"runtime.txt": "python-3.6.5"}, "3.7"},
		{"of a script's own metadata", map[string]string{"main.py": "# /// script\n# requires-python = \"<3.13\"\n# dependencies = [\"x\"]\n# ///\nprint(1)"}, "3.12"},
		{"Python 2", map[string]string{"runtime.txt": "python-2.7"}, "runtime.txt:1: asks for Python 2.7"},
		{"not published", map[string]string{".python-version": "3.99"}, ".python-version:1: there is no image of Python 3.99"},
		{"PyPy", map[string]string{".python-version": "pypy3.10"}, "3.13"},
		{"no wheel", map[string]string{"requirements.txt": "numpy==1.26.0\npandas==1.4.3"}, "3.10"},
		{"no wheel in the lock", map[string]string{"pyproject.toml": "[project]\nname='x'\nrequires-python='>=3.10'\ndependencies=['thing']", "uv.lock": "version=1\n[[package]]\nname='x'\nsource={virtual='.'}\ndependencies=[{name='thing'}]\n[[package]]\nname='thing'\nversion='1'\nsource={registry='https://pypi.org/simple'}\nwheels=[{url='https://x/thing-1-cp311-cp311-manylinux_2_17_x86_64.whl'},{url='https://x/thing-1-cp312-cp312-manylinux_2_17_x86_64.whl'}]"}, "3.12"},
		{"free-threaded", map[string]string{".python-version": "3.13t"}, ".python-version:1: asks for a free-threaded"},
		{"impossible range", map[string]string{"pyproject.toml": "[project]\nrequires-python='<3'"}, "pyproject.toml:2: no image fits: requires-python asks for <3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.files["main.py"] == "" {
				tt.files["main.py"] = "print(1)"
			}
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("got error %v, want %s", err, tt.want)
				}
				return
			}
			if version, _, _ := strings.Cut(p.base.From.Image().Tag(), "-"); version != tt.want {
				t.Errorf("got %s, want %s", version, tt.want)
			}
		})
	}
}

func TestPackages(t *testing.T) {
	tests := []struct{ requirements, code, want string }{
		{"psycopg2==2.9.11", "", "base libpq5, deps gcc libc6-dev libpq-dev"},
		{"psycopg2-binary", "", "distroless"},
		{"psycopg[binary]", "", "distroless"},
		{"psycopg[c]", "", "base libpq5, deps gcc libc6-dev libpq-dev"},
		{"psycopg", "", "base libpq5"},
		{"psycopg2-binary==2.9.9", "", "slim 3.12"},
		{"opencv-python", "", "base libgl1 libglib2.0-0t64"},
		{"pillow\nlxml\ncryptography\nnumpy", "", "distroless"},
		{"x @ git+https://example.org/x", "", "distroless, deps git"},
		{"", "import subprocess\nsubprocess.run(['dot'])", "base graphviz"},
		{"", "import subprocess, sys\nsubprocess.run([sys.argv[1]])", "slim 3.13"},
		{"pywin32; sys_platform == 'win32'", "", "distroless"},
	}
	for _, tt := range tests {
		t.Run(tt.requirements+tt.code, func(t *testing.T) {
			p, _, err := decide(t, map[string]string{"requirements.txt": tt.requirements, "main.py": tt.code + "\n"}, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			join := func(packages []plan.Token) string {
				var out []string
				for _, w := range packages {
					if w.String() != "tini" {
						out = append(out, w.String())
					}
				}
				return strings.Join(out, " ")
			}
			var got []string
			var build string
			if p.deps != nil {
				build = join(p.deps.Debian)
			}
			switch base := join(plan.Packages(p.base.Debian)); {
			case p.Run.Runtime == plan.Distroless:
				got = append(got, "distroless")
			case base != "":
				got = append(got, "base "+base)
			case build == "":
				version, _, _ := strings.Cut(p.base.From.Image().Tag(), "-")
				got = append(got, "slim "+version)
			}
			if build != "" {
				got = append(got, "deps "+build)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSelf: a requirements file that installs the project itself brings what
// the project depends on, and the extras that it asks for.
func TestSelf(t *testing.T) {
	const project = "[build-system]\nrequires=['hatchling']\n[project]\nname='x'\nversion='1'\ndependencies=['flask','gunicorn']\n[project.optional-dependencies]\npg_db=['psycopg2']\n"
	tests := []struct{ requirements, want string }{
		{"flask\n-e .", "COPY . ."},
		{"flask\n-e .[pg-db]", "COPY . . libpq5"},
		{"flask\n.[pg_db]", "COPY . . libpq5"},
		{"flask\n-e ./", "COPY . ."},
		{"flask\n--editable=.[other,PG-DB]", "COPY . . libpq5"},
		// What names nothing but the project says no more than its own manifest.
		{"-e .", "COPY pyproject.toml ./"},
		{"# as pip install .\n-i https://pypi.python.org/simple\n.\n", "COPY pyproject.toml ./"},
		{"-e .[pg-db]", "COPY pyproject.toml ./ libpq5"},
		{"--index-url https://pypi.example.org/simple\n-e .", "COPY . ."},
		{"flask\ngunicorn", "COPY requirements.txt ./"},
	}
	for _, tt := range tests {
		p, _, err := decide(t, map[string]string{"requirements.txt": tt.requirements, "pyproject.toml": project, "app.py": flask}, settings.Settings{Runtime: plan.Slim})
		if err != nil {
			t.Fatal(tt.requirements, err)
		}
		var got []string
		for _, c := range p.deps.Copies {
			got = append(got, "COPY "+c.String())
		}
		for _, w := range plan.Packages(p.base.Debian) {
			got = append(got, w.String())
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s %v", tt.requirements, diff, p.deps.About)
		}
		if slices.ContainsFunc(p.deps.About, func(c plan.Comment) bool { return strings.Contains(c.String(), "is added") }) {
			t.Errorf("%s: adds %v, which the project brings", tt.requirements, p.deps.About)
		}
	}
}

// TestWrites: the folders that the app writes to exist and belong to the user,
// whatever names the start; what the app must not change stays root's.
func TestWrites(t *testing.T) {
	const (
		factory = "import os\nfrom flask import Flask\ndef create_app():\n  app = Flask(__name__)\n  if not os.path.exists('logs'):\n    os.mkdir('logs')\n  return app\n"
		micro   = "from app import create_app\napp = create_app()\n"
		django  = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\n"
		media   = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nWSGI_APPLICATION = 'proj.wsgi.application'\n"
		sqlite  = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'data' / 'db.sqlite3'}}\n"
	)
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing", map[string]string{"app.py": flask}, ""},
		{"p1b: below the file, a variable's default, by app.config", map[string]string{"app/__init__.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\n" +
			"app.config['C'] = os.getenv('V', os.path.join(os.path.dirname(__file__), 'static/config'))\nos.makedirs(app.config['C'])\n"}, "--from=folders /folders/app/app/static/ app/static/"},
		{"p1e: no Procfile", map[string]string{"app/__init__.py": factory, "micro.py": micro}, "--from=folders /folders/app/logs/ logs/"},
		{"p1f: a Procfile", map[string]string{"app/__init__.py": factory, "micro.py": micro, "Procfile": "web: gunicorn micro:app"}, "--from=folders /folders/app/logs/ logs/"},
		{"in the working directory", map[string]string{"app.py": flask + "open('x.txt', 'w')"}, "--link --from=folders /folders/app/ ./"},
		{"a file that is there", map[string]string{"x.db": "", "app.py": flask + "import sqlite3\nsqlite3.connect('x.db')"}, "--link --from=folders /folders/app/ ./; --link --from=build /app/x.db ./"},
		{"a folder that is there", map[string]string{"data/.gitkeep": "", "app.py": flask + "import os\nu = os.getenv('U', 'sqlite:///./data/app.db')"}, "--link --from=build /app/data/ data/"},
		{"several", map[string]string{"app.py": flask + "open('a/x', 'w')\nopen('a/b/x', 'w')\nopen('c/x', 'w')\nopen('x', 'w')"}, "--link --from=folders /folders/app/ ./; --from=folders /folders/app/a/ a/; --from=folders /folders/app/c/ c/"},
		{"a folder with code", map[string]string{"shop/__init__.py": flask + "import os\nopen(os.path.join(os.path.dirname(__file__), 'x'), 'w')"}, "--link --from=folders /folders/app/shop/ shop/"},
		{"a handler", map[string]string{"app.py": flask + "import logging\nlogging.FileHandler('logs/x.log')"}, "--from=folders /folders/app/logs/ logs/"},
		{"logging in YAML", map[string]string{"app.py": flask + "import logging.config, yaml\nwith open('conf/logging.yaml') as f:\n  logging.config.dictConfig(yaml.safe_load(f))\n", "conf/logging.yaml": "version: 1\nhandlers:\n  console: {class: logging.StreamHandler}\n  file:\n    class: logging.handlers.RotatingFileHandler\n    filename: logs/app.log\n"}, "--from=folders /folders/app/logs/ logs/"},
		{"logging in JSON", map[string]string{"app.py": flask + "import logging.config, json\nlogging.config.dictConfig(json.load(open('log.json')))\n", "log.json": "{\"version\": 1, \"handlers\": {\"f\": {\"class\": \"logging.FileHandler\", \"filename\": \"/var/log/shop/app.log\"}}}"}, "--from=folders /folders/var/log/shop/ /var/log/shop/"},
		{"logging in INI", map[string]string{"app.py": flask + "import logging.config\nlogging.config.fileConfig('logging.ini')\n", "logging.ini": "[loggers]\nkeys=root\n[handlers]\nkeys=file\n[handler_file]\nclass=handlers.TimedRotatingFileHandler\nargs=('logs/app.log', 'midnight')\n"}, "--from=folders /folders/app/logs/ logs/"},
		{"logging by uvicorn", map[string]string{"requirements.txt": "fastapi\nuvicorn\n", "Procfile": "web: uvicorn app:app --log-config log.yml", "app.py": "from fastapi import FastAPI\napp = FastAPI()\n", "log.yml": "version: 1\nhandlers: {f: {class: logging.FileHandler, filename: logs/a.log}}\n"}, "--from=folders /folders/app/logs/ logs/"},
		{"logging to the console", map[string]string{"app.py": flask + "import logging.config\nlogging.config.fileConfig('logging.ini')\n", "logging.ini": "[handlers]\nkeys=c\n[handler_c]\nclass=StreamHandler\nargs=(sys.stderr,)\n"}, ""},
		{"logging that only running tells", map[string]string{"app.py": flask + "import logging.config\nlogging.config.fileConfig('logging.ini')\n", "logging.ini": "[handlers]\nkeys=c\n[handler_c]\nclass=FileHandler\nargs=('%(logfile)s',)\n"}, ""},
		{"logging above the app", map[string]string{"app.py": flask + "import logging.config\nlogging.config.fileConfig('logging.ini')\n", "logging.ini": "[handlers]\nkeys=c\n[handler_c]\nclass=FileHandler\nargs=('../../etc/x',)\n"}, ""},
		{"a configuration that nothing reads", map[string]string{"app.py": flask, "logging.ini": "[handlers]\nkeys=c\n[handler_c]\nclass=FileHandler\nargs=('logs/x',)\n"}, ""},
		{"settings of another module", map[string]string{"conf.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  folder: str = 'store'\ns = S()", "app.py": flask + "from conf import s\nimport os\nos.makedirs(s.folder)"}, "--from=folders /folders/app/store/ store/"},
		{"a tool beside the app", map[string]string{"app.py": flask, "scripts/gen.py": "open('gen/x', 'w')", "release.py": "open('CHANGES', 'w')"}, ""},
		{"what the app imports", map[string]string{"app.py": flask + "import lib.store", "lib/__init__.py": "", "lib/store.py": "open('a/x', 'w')"}, "--from=folders /folders/app/a/ a/"},
		{"what an imported file does when it is started", map[string]string{"app.py": flask + "import version", "version.py": "if __name__ == '__main__':\n  with open('gen/x', 'w') as f:\n    f.write('')\n"}, ""},
		{"what it does beside that", map[string]string{"app.py": flask + "import version", "version.py": "open('a/x', 'w')\nif __name__ == '__main__':\n  open('gen/x', 'w')\nelse:\n  open('b/x', 'w')\n"}, "--from=folders /folders/app/a/ a/; --from=folders /folders/app/b/ b/"},
		{"what the started file does", map[string]string{"run.py": "if __name__ == '__main__':\n  open('a/x', 'w')\n"}, "--from=folders /folders/app/a/ a/"},
		{"the package of what it imports", map[string]string{"app.py": flask + "import lib.store", "lib/__init__.py": "open('a/x', 'w')", "lib/store.py": ""}, "--from=folders /folders/app/a/ a/"},
		{"what the app names", map[string]string{"app.py": flask + "app.config.from_object('conf.Local')", "conf.py": "open('a/x', 'w')"}, "--from=folders /folders/app/a/ a/"},
		{"what may be imported", map[string]string{"app.py": flask + "import importlib", "plugins/a.py": "open('a/x', 'w')"}, "--from=folders /folders/app/a/ a/"},
		{"tests of Django", map[string]string{"manage.py": django, "proj/settings.py": media, "proj/wsgi.py": "", "proj/tests_e2e/__init__.py": "", "proj/tests_e2e/helpers.py": "open('gen/x', 'w')"}, ""},
		{"a tool beside Django", map[string]string{"manage.py": django, "proj/settings.py": media, "proj/wsgi.py": "", "scripts/gen.py": "open('gen/x', 'w')"}, ""},
		{"a command of Django", map[string]string{"manage.py": django, "proj/settings.py": media, "proj/wsgi.py": "", "shop/__init__.py": "", "shop/management/commands/gen.py": "open('gen/x', 'w')"}, ""},
		{"a command line beside the app", map[string]string{"app.py": flask + "import shop.cli", "shop/cli.py": "open('gen/x', 'w')"}, ""},
		{"a place that only running it tells", map[string]string{"app.py": flask + "def save(path):\n  open(path, 'w')"}, "--link --from=folders /folders/app/ ./"},
		{"a place that only running it tells beside another", map[string]string{"app.py": flask + "def save(path):\n  open(path, 'w')\nopen('a/x', 'w')"}, "--from=folders /folders/app/a/ a/"},
		{"a library's data", map[string]string{"app.py": flask + "from huggingface_hub import hf_hub_download"}, "--from=folders /folders/home/nonroot/.cache/huggingface/ /home/nonroot/.cache/huggingface/"},
		{"a library's data in a try", map[string]string{"app.py": flask + "try:\n  import nltk\nexcept ImportError:\n  nltk = None"}, "--from=folders /folders/home/nonroot/nltk_data/ /home/nonroot/nltk_data/"},
		{"a module of a library", map[string]string{"app.py": flask + "from tensorflow import keras"}, "--from=folders /folders/home/nonroot/.keras/ /home/nonroot/.keras/"},
		{"absolute", map[string]string{"app.py": flask + "open('/tmp/x', 'w')"}, ""},
		{"elsewhere", map[string]string{"app.py": flask + "open('/data/x', 'w')\nopen('/etc/x', 'w')"}, "--from=folders /folders/data/ /data/"},
		{"the home", map[string]string{"app.py": flask + "import os\nopen(os.path.expanduser('~/.shop/x'), 'w')"}, "--from=folders /folders/home/nonroot/.shop/ /home/nonroot/.shop/"},
		{"a folder above the home", map[string]string{"app.py": flask + "import os\nopen(os.path.expanduser('~/../../etc/x'), 'w')"}, ""},
		{"above", map[string]string{"app.py": flask + "open('../x', 'w')"}, ""},
		{"temporary", map[string]string{"app.py": flask + "import tempfile\nopen(tempfile.mkdtemp() + '/x', 'w')"}, ""},
		{"an option's name", map[string]string{"app.py": flask + "open('-R/x', 'w')"}, `--from=folders ["/folders/app/-R/", "-R/"]`},
		{"hostile", map[string]string{"app.py": flask + "open('$(x); y/x', 'w')"}, `--from=folders ["/folders/app/\\$(x); y/", "\\$(x); y/"]`},
		{"Django's media", map[string]string{"manage.py": django, "proj/settings.py": media + "MEDIA_ROOT = BASE_DIR / 'media'\n", "proj/wsgi.py": ""}, "--from=folders /folders/app/media/ media/"},
		{"Django's database", map[string]string{"manage.py": django, "proj/settings.py": media + sqlite, "proj/wsgi.py": ""}, "--from=folders /folders/app/data/ data/"},
		{"Django's database with a Procfile", map[string]string{"manage.py": django, "proj/settings.py": media + sqlite, "proj/wsgi.py": "", "Procfile": "web: gunicorn proj.wsgi:application"}, "--from=folders /folders/app/data/ data/"},
		{"Django's database that a variable moves", map[string]string{"manage.py": django, "proj/settings.py": "import os\n" + media + strings.ReplaceAll(sqlite, "BASE_DIR / 'data' / 'db.sqlite3'", "os.getenv('D', BASE_DIR / 'data' / 'db.sqlite3')"), "proj/wsgi.py": ""}, "--from=folders /folders/app/data/ data/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["requirements.txt"] = "flask\ngunicorn\n"
			if tt.files["manage.py"] != "" {
				tt.files["requirements.txt"] = "django\ngunicorn\n"
			}
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range p.Run.Copies {
				if c.Owner != (plan.User{}) {
					got = append(got, strings.ReplaceAll(c.String(), "--chown=65532:65532 ", ""))
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Error(diff)
			}
			if p.Run.Runtime != plan.Distroless {
				t.Errorf("%s has a shell, which no folder needs", p.Run.Runtime)
			}
		})
	}
}

// TestDatabase: a database that only a variable selects does not keep the
// tests from the one that is used without it.
func TestDatabase(t *testing.T) {
	const (
		head   = "import os\nWSGI_APPLICATION = 'proj.wsgi.application'\n"
		sqlite = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/tmp/x'}}\n"
		server = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n"
	)
	tests := []struct{ settings, want string }{
		{sqlite, "python manage.py test"},
		{server, "python manage.py check"},
		{sqlite + "if os.getenv('DB'):\n  " + server, "python manage.py test"},
		{"if os.getenv('DB'):\n  " + server + "else:\n  " + sqlite, "python manage.py check"},
		{sqlite + server, "python manage.py check"},
	}
	for _, tt := range tests {
		p, _, err := decide(t, map[string]string{
			"requirements.txt": "django\ngunicorn\n", "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\n", "proj/settings.py": head + tt.settings, "proj/wsgi.py": "",
			"shop/tests.py": "from django.test import TestCase\nclass A(TestCase):\n  def test_a(self): pass\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.test.Command.String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.settings, got, tt.want)
		}
	}
}

// TestHome: where the image has no home for its user, a library that wants one
// gets it, with no note if it only keeps caches there.
func TestHome(t *testing.T) {
	const flask = "from flask import Flask\napp = Flask(__name__)\n"
	for _, tt := range []struct{ name, requirements, source, want string }{
		{"no library", "flask\ngunicorn\nopencv-python\n", flask, ""},
		{"a cache", "flask\ngunicorn\nopencv-python\nmatplotlib\n", flask, "HOME=/home/nonroot"},
		{"a folder for settings", "flask\ngunicorn\nopencv-python\n", flask + "from platformdirs import user_config_dir", "HOME=/home/nonroot"},
		{"the home of distroless", "flask\ngunicorn\nmatplotlib\n", flask, ""},
	} {
		p, log, err := decide(t, map[string]string{"requirements.txt": tt.requirements, "app.py": tt.source}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, e := range p.Run.Env {
			if strings.HasPrefix(e.String(), "HOME=") {
				got = e.String()
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, "writes to") }) {
			t.Errorf("%s: a cache is noted", tt.name)
		}
	}
}

// TestTables holds the tables of this folder to what the code relies on.
func TestTables(t *testing.T) {
	link := func(what, source string) {
		if !strings.HasPrefix(source, "https://") {
			t.Errorf("%s: source %q is no link", what, source)
		}
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	tool := func(name string) {
		if !slices.ContainsFunc(know.Tooling, func(x knowledge.Tool) bool { return x.Name == name }) {
			t.Errorf("tools.yaml has no %s", name)
		}
	}
	for _, n := range []string{"uv", "gunicorn", "uvicorn", "watchfiles", "pytest"} {
		tool(n)
	}
	ms, err := managers()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ms {
		link(m.Name, m.Source)
		if m.Tool != "" {
			tool(m.Tool)
		}
		if len(m.Cache) == 0 || len(m.Add) == 0 || len(m.File) == 0 {
			t.Errorf("%s: want caches, and commands that add packages", m.Name)
		}
	}
	ss, err := servers()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ss {
		link(s.Name, s.Source)
		if !slices.ContainsFunc(s.Listen, holdsPort) || !slices.Contains(s.Args, "{listen}") || !strings.Contains(strings.Join(s.Args, " "), "{app}") {
			t.Errorf("%s listens on no {port}, or serves no {app}", s.Name)
		}
		if len(s.Bind)+len(s.Port) == 0 || s.Default == 0 {
			t.Errorf("%s: want the flags that say where it listens, and its own port", s.Name)
		}
	}
	ws, err := wheelRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ws {
		link(w.Package, w.Source)
		for i := 1; i < len(w.Until); i++ {
			if minorNumber(w.Until[i-1].Python) >= minorNumber(w.Until[i].Python) {
				t.Errorf("%s: its rows are not in order", w.Package)
			}
		}
	}
	rows, err := facts.Frameworks()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rows {
		link(f.Name, f.Source)
		for _, list := range f.Brings {
			for _, s := range list {
				if !slices.ContainsFunc(ss, func(x server) bool { return x.Name == s }) {
					t.Errorf("%s brings %s, which is no server", f.Name, s)
				}
			}
		}
	}
	if _, err := musl(); err != nil {
		t.Error(err)
	}
	if !stdlib("json") || stdlib("requests") || stdlib("") {
		t.Error("stdlib")
	}
}

// TestHostile feeds names that would change a Dockerfile if they reached it
// as they are.
func TestHostile(t *testing.T) {
	for _, bad := range []string{"a b", "$(x)", "`x`", "x\"y", "x'y", "x\\y", "x\nRUN y", "--x", "x\x1b[31m"} {
		files := map[string]string{
			"requirements.txt":         "flask\ngunicorn\n",
			bad + "/main.py":           flask,
			"pkg/" + bad + ".py":       flask,
			"Procfile":                 "web: gunicorn '" + bad + ":app'\n",
			"tests/test_" + bad:        "def test_x(): pass",
			"tests/e2e_" + bad + ".py": "def test_x(): pass",
			".python-version":          bad,
		}
		p, log, err := decide(t, files, settings.Settings{})
		if err == nil {
			_ = fmt.Sprint(p.Run.Cmd, log.Choices())
		}
	}
}

func TestIgnoreVenv(t *testing.T) {
	app := map[string]string{"main.py": "print(1)\n", "requirements.txt": "requests==2.32.5\n"}
	for name, tt := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"myvenv":       {map[string]string{"myvenv/pyvenv.cfg": "home = /usr\n"}, true},
		"py*":          {map[string]string{"py*/pyvenv.cfg": "home = /usr\n"}, true},
		"**/env3-venv": {map[string]string{".gitignore": "env3-venv/\n"}, true},
		"ignored":      {map[string]string{"ignored/pyvenv.cfg": "home = /usr\n", ".gitignore": "ignored/\n"}, false},
	} {
		maps.Copy(tt.files, app)
		out, _, err := decideIn(t, ".", tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		pattern := strings.Replace(name, "py*", `py\*`, 1)
		if got := slices.ContainsFunc(out.Ignore, func(g plan.IgnoreGroup) bool {
			return slices.ContainsFunc(g.Patterns, func(p plan.Pattern) bool { return p.String() == pattern })
		}); got != tt.want {
			t.Errorf("%s: hidden is %t", name, got)
		}
	}
}
