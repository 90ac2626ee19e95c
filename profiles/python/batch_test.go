package python

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestCompiledLocked: a package of a lock that has wheels for Linux, and none for this Python, is compiled with a compiler, without a row of
// its own; also one of a group that the own Dockerfile installs.
func TestCompiledLocked(t *testing.T) {
	t.Parallel()
	const project = "[build-system]\nrequires=['hatchling']\n[project]\nname='notes'\nversion='1'\nrequires-python='>=3.11'\ndependencies=['flask', 'gunicorn']\n[dependency-groups]\ndocker=['odd==1.0']\n"
	lock := func(wheels ...string) string {
		var list []string
		for _, w := range wheels {
			list = append(list, fmt.Sprintf("{ url = 'https://files.example/%s' }", w))
		}
		const pure = "[[package]]\nname = '%s'\nversion = '3.0.0'\nwheels = [{ url = 'https://files.example/%s-3.0.0-py3-none-any.whl' }]\n"
		return "version = 1\n" + fmt.Sprintf(pure, "flask", "flask") + fmt.Sprintf(pure, "gunicorn", "gunicorn") + "[[package]]\nname = 'odd'\nversion = '1.0'\nwheels = [" + strings.Join(list, ", ") + "]\n" +
			"[[package]]\nname = 'notes'\nversion = '1'\nsource = { editable = '.' }\ndependencies = [{ name = 'flask' }, { name = 'gunicorn' }]\n[package.dev-dependencies]\ndocker = [{ name = 'odd' }]\n"
	}
	for name, tt := range map[string]struct {
		wheels []string
		want   bool
	}{
		"an older Python's":  {[]string{"odd-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", "odd-1.0-cp312-cp312-win_amd64.whl"}, true},
		"this Python's":      {[]string{"odd-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", "odd-1.0-cp313-cp313-manylinux_2_17_x86_64.whl"}, false},
		"a stable interface": {[]string{"odd-1.0-cp36-abi3-manylinux_2_17_x86_64.whl"}, false},
		"another system's":   {[]string{"odd-1.0-cp312-cp312-win_amd64.whl"}, false},
		"no wheels":          {nil, false},
	} {
		files := map[string]string{
			".python-version": "3.13\n", "pyproject.toml": project, "uv.lock": lock(tt.wheels...), "notes/__init__.py": "", "app.py": flask,
			"Dockerfile": "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --group docker\nCMD [\"gunicorn\", \"app:app\"]\n",
		}
		app, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := slices.ContainsFunc(app.deps.Debian, func(x plan.Token) bool { return x.String() == "gcc" }); got != tt.want {
			t.Errorf("%s: a compiler %v", name, got)
		}
	}
}

// TestOwnTools: what scripts for who works on a repository write and start is none of the app's, wherever the app loads its modules from.
func TestOwnTools(t *testing.T) {
	t.Parallel()
	const app = "import importlib\nfrom flask import Flask\napp = Flask(__name__)\nimportlib.import_module('plug.' + name)\n"
	const writes = "import subprocess\nopen('i18n/x', 'w').write('')\nsubprocess.run(['ffmpeg'])\n"
	for name, want := range map[string]bool{
		"tools/translate.py": false, "scripts/make.py": false, "dev/testing/stress.py": false, "plug/make-list.py": false, "make-list.py": false,
		"plug/list.py": true, "helpers/list.py": true,
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\n", "app.py": app, name: writes}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := strings.Contains(dockerfile(t, p.App), "i18n"); got != want {
			t.Errorf("%s: its folder is the app's: %v", name, got)
		}
	}
}

// TestTypedWrites: what only other commands of the command line write is none of prod's, unless they are started before it.
func TestTypedWrites(t *testing.T) {
	t.Parallel()
	const project = "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['click', 'uvicorn']\n[project.scripts]\nshop = 'shop.cli:cli'\n[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"
	const cli = "import click, uvicorn\n@click.group()\ndef cli():\n  pass\n@cli.command()\ndef serve():\n  open('served/x', 'w')\n  uvicorn.run('shop.web:app', host='0.0.0.0')\n@cli.command()\ndef publish():\n  save()\ndef save():\n  open('published/x', 'w')\n"
	for name, tt := range map[string]struct {
		own  string
		want bool // that the folder of the other command is there
	}{
		"the one that listens": {"", false},
		"the own image's":      {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\nCMD [\"shop\", \"serve\"]\n", false},
		"both, one before":     {"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\nCMD shop publish --all && shop serve --all\n", true},
	} {
		files := map[string]string{"pyproject.toml": project, "shop/__init__.py": "", "shop/cli.py": cli, "shop/web.py": "app = None\n"}
		if tt.own != "" {
			files["Dockerfile"] = tt.own
		}
		p, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if file := dockerfile(t, p.App); strings.Contains(file, "published") != tt.want || !strings.Contains(file, "served") {
			t.Errorf("%s: got %s", name, file)
		}
	}
}

// TestManyBases: a setting is found in whichever of the many classes that a class of settings derives from.
func TestManyBases(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	var bases []string
	b.WriteString("from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\nclass Base(BaseModel):\n  pass\n")
	for n := range 40 {
		fmt.Fprintf(&b, "class S%d(Base):\n  x%d: int = 1\n", n, n)
		bases = append(bases, fmt.Sprintf("S%d", n))
	}
	b.WriteString("class Env(Base):\n  folder: str = Field(default='lib')\nclass Editable(" + strings.Join(bases, ", ") + "):\n  pass\nclass Settings(Editable, Env, BaseSettings):\n  pass\nsettings = Settings()\n")
	files := map[string]string{
		"requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\npydantic-settings==2.0.0\n", "conf.py": b.String(),
		"app.py": "from pathlib import Path\nfrom flask import Flask\nfrom conf import settings\napp = Flask(__name__)\nPath(settings.folder, 'extensions').mkdir(parents=True, exist_ok=True)\n",
	}
	p, _, err := decide(t, files, settings.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dockerfile(t, p.App); !strings.Contains(got, "/folders/app/lib/extensions") {
		t.Error(got)
	}
}

// TestCollectWith: where the settings need what a deployment has, the static files are collected with the variables with which the own
// Dockerfile or CI collects them.
func TestCollectWith(t *testing.T) {
	t.Parallel()
	const config = "import os\nimport importlib\nconf = importlib.import_module(os.environ['SHOP_CONFIG'])\nSECRET_KEY = conf.KEY\nSTATIC_ROOT = 'static'\nSTATIC_URL = '/static/'\nWSGI_APPLICATION = 'shop.wsgi.application'\nMIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nif not hasattr(conf, 'HOSTS'):\n  raise Exception('no HOSTS')\nraise_if = int(os.environ['SHOP_ID'])\n"
	workflow := func(env, run string) string {
		return "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n" + env + "    steps:\n      - run: |\n          pip install -r requirements.txt\n      - name: Collect\n        run: " + run + "\n"
	}
	for name, tt := range map[string]struct{ file, text, want string }{
		"of the job":         {".github/workflows/ci.yml", workflow("    env:\n      SHOP_CONFIG: shop.testing\n      SHOP_ID: 5\n      GITHUB_TOKEN: x\n", "python manage.py collectstatic --no-input"), "SHOP_CONFIG=shop.testing SHOP_ID=5 python manage.py collectstatic --noinput"},
		"before the command": {".github/workflows/ci.yml", workflow("", "SHOP_CONFIG=shop.testing SHOP_ID=5 python3 manage.py collectstatic"), "SHOP_CONFIG=shop.testing SHOP_ID=5 python manage.py collectstatic --noinput"},
		"by make":            {".github/workflows/ci.yml", workflow("    env:\n      SHOP_ID: 5\n", "make static"), "SHOP_ID=5 SHOP_CONFIG=shop.testing python manage.py collectstatic --noinput"},
		"of the own image":   {"Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN SHOP_CONFIG=shop.docker SHOP_ID=1 python manage.py collectstatic --noinput\n", "SHOP_CONFIG=shop.docker SHOP_ID=1 python manage.py collectstatic --noinput"},
		"a secret":           {".github/workflows/ci.yml", workflow("    env:\n      SHOP_SECRET_KEY: hunter2hunter2\n      SHOP_ID: 5\n", "python manage.py collectstatic"), "SHOP_ID=5 SHOP_SECRET_KEY=only-for-this-build python manage.py collectstatic --noinput"},
		"what is not known":  {".github/workflows/ci.yml", workflow("    env:\n      SHOP_ID: ${{ matrix.id }}\n", "python manage.py collectstatic"), ""},
		"an address":         {".github/workflows/ci.yml", workflow("    env:\n      DATABASE_URL: postgres://localhost/x\n", "python manage.py collectstatic"), "DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput"},
		"a queue":            {".github/workflows/ci.yml", workflow("    env:\n      CELERY_BROKER_URL: redis://:hunter2hunter2@queue:6379/1\n", "python manage.py collectstatic"), "CELERY_BROKER_URL=redis://localhost:6379/0 python manage.py collectstatic --noinput"},
		"only tests":         {".github/workflows/ci.yml", workflow("    env:\n      SHOP_ID: 5\n", "python manage.py test"), ""},
		"it adds no command": {".github/workflows/ci.yml", workflow("    env:\n      SHOP_ID: \"5; touch /x\"\n", "python manage.py collectstatic"), ""},
	} {
		files := map[string]string{
			"requirements.txt": "django==5.2\ngunicorn==23.0.0\nwhitenoise==6.0.0\n", "shop/__init__.py": "", "shop/settings.py": config,
			"shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
			"manage.py":    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n", "Makefile": "static:\n\tSHOP_CONFIG=shop.testing python manage.py collectstatic\n",
			tt.file: tt.text,
		}
		app, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		got := ""
		for _, s := range app.build.Steps {
			for _, c := range s.Run {
				if strings.Contains(c.String(), "collectstatic") {
					got = c.String()
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestStale: a lockfile that lacks what the manifest names, or has another release than it pins, is not installed from, which would fail.
func TestStale(t *testing.T) {
	t.Parallel()
	const uv = "version = 1\n[[package]]\nname = 'flask'\nversion = '3.0.0'\n[[package]]\nname = 'gunicorn'\nversion = '23.0'\n[[package]]\nname = 'notes'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'flask' }, { name = 'gunicorn' }]\n"
	const poetry = "[[package]]\nname = 'flask'\nversion = '3.0.0'\n[[package]]\nname = 'gunicorn'\nversion = '23.0'\n[metadata]\nlock-version = '2.0'\n"
	for name, tt := range map[string]struct {
		deps, says string
	}{
		"as it is":                 {"'flask>=3', 'gunicorn==23.0.0'", ""},
		"one more":                 {"'flask', 'gunicorn', 'Odd_Thing'", "odd-thing"},
		"another release":          {"'flask==3.1.0', 'gunicorn'", "flask"},
		"for another system":       {"'flask', 'gunicorn', \"pywin32; sys_platform == 'win32'\"", ""},
		"a range is for the lock":  {"'flask>=4', 'gunicorn'", ""},
		"a release by its pattern": {"'flask==3.*', 'gunicorn'", ""},
	} {
		for lock, text := range map[string]string{"uv.lock": uv, "poetry.lock": poetry} {
			files := map[string]string{"pyproject.toml": "[project]\nname='notes'\nversion='1'\nrequires-python='>=3.11'\ndependencies=[" + tt.deps + "]\n", lock: text, "app.py": flask}
			app, log, err := decide(t, files, settings.Settings{})
			if err != nil {
				t.Fatal(name, err)
			}
			says := ""
			for _, n := range log.Notes() {
				if before, _, ok := strings.Cut(n.Text, " is not so in "); ok {
					says = before
				}
			}
			locked := slices.ContainsFunc(app.deps.Copies, func(c plan.Copy) bool { return strings.Contains(c.String(), lock) })
			if says != tt.says || locked != (tt.says == "") || strings.Contains(dockerfile(t, app.App), "--locked") && !locked {
				t.Errorf("%s, %s: says %q, installs from it %v", lock, name, says, locked)
			}
		}
	}
}

// TestRenumbered: a lockfile of uv that has another version of the project is installed from as it is, which uv refuses to do with --locked.
func TestRenumbered(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ project, locked, want string }{
		"another":             {"version = '2.0'", "version = '1.9'\n", "--frozen"},
		"the same":            {"version = '2.0'", "version = '2.0.0'\n", "--locked"},
		"made by the build":   {"dynamic = ['version']", "", "--locked"},
		"one that is no text": {"version = '2.0'", "version = 2\n", "--locked"},
	} {
		app, log, err := decide(t, map[string]string{
			"pyproject.toml": "[project]\nname = 'notes'\n" + tt.project + "\nrequires-python = '>=3.11'\ndependencies = ['flask']\n[project.scripts]\nnotes = 'notes:main'\n[dependency-groups]\ndev = ['pytest']\n[build-system]\nrequires = ['hatchling']\n",
			"uv.lock":        "version = 1\n[[package]]\nname = 'flask'\nversion = '3.0.0'\nsource = { registry = 'https://pypi.org/simple' }\n[[package]]\nname = 'notes'\n" + tt.locked + "source = { editable = '.' }\ndependencies = [{ name = 'flask' }]\n",
			"notes.py":       "def main():\n    print('x')\n", "test_notes.py": "import pytest\n\ndef test_notes():\n    assert pytest\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		got := dockerfile(t, app.App)
		other := map[string]string{"--frozen": "--locked", "--locked": "--frozen"}[tt.want]
		said := slices.ContainsFunc(log.Notes(), func(n plan.Note) bool {
			return strings.HasPrefix(n.Text, "is another version of the project than 1.9, which uv.lock has")
		})
		if strings.Count(got, tt.want) < 4 || strings.Contains(got, other) || said != (tt.want == "--frozen") {
			t.Errorf("%s: want %s in deps, dev, test and build, said %v\n%s", name, tt.want, said, got)
		}
	}
}

// TestParentFolder: the folder above by its name in os is found, and the variables before it.
func TestParentFolder(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"BASE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))\nDIR = os.path.join(BASE, 'lib', 'cache')\n":                                     "lib/cache",
		"BASE = os.path.normpath(os.path.join(os.path.dirname(__file__), os.path.pardir))\nDIR = os.environ.get('CACHE', os.environ.get('CACHE_DIR', os.path.join(BASE, 'cache')))\n": "cache",
		"DIR = os.path.join(os.curdir, 'store')\n":                                     "store",
		"DIR = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, 'etc')\n": "",
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\n", "lib/__init__.py": "", "lib/const.py": "import os\n" + code, "app.py": "import os\nfrom flask import Flask\nfrom lib.const import DIR\napp = Flask(__name__)\nos.makedirs(DIR)\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(code, err)
		}
		if got := dockerfile(t, p.App); want != "" && !strings.Contains(got, "/folders/app/"+want) || want == "" && strings.Contains(got, "/etc ") {
			t.Errorf("%s\n%s", code, got)
		}
	}
}
