package python

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
)

// TestManifestLines wants every fact of a manifest at its own line, however
// often the same words stand elsewhere in the file.
func TestManifestLines(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a task of the same name as Poetry's python": {
			map[string]string{"pyproject.toml": "[tool.poe.tasks]\npython = 'x'\nflask = 'flask run'\n[tool.poetry.dependencies]\npython = \"^3.12\"\nflask = '*'\n[tool.poetry.dev-dependencies]\n# none of pytest\nblack = '*'\n"},
			[]string{"version ^3.12 pyproject.toml:5", "manifest poetry pyproject.toml:1", "needs flask* pyproject.toml:6", "group dev pyproject.toml:7", "needs black* pyproject.toml:9"},
		},
		"a requirement that stands in two lists": {
			map[string]string{"pyproject.toml": "[build-system]\nrequires = ['flask']\n[project]\nname = 'x'\nrequires-python = '>=3.12'\ndependencies = [\n  'click', 'flask',\n]\n[project.optional-dependencies]\nflask = [\n  'click',\n\n  'flask']\n[dependency-groups]\ndev = [{include-group = 'x'}, 'flask']\n"},
			[]string{"version >=3.12 pyproject.toml:5", "manifest pyproject pyproject.toml:1", "package pyproject.toml:1", "needs click pyproject.toml:7", "needs flask pyproject.toml:7", "group flask pyproject.toml:10", "needs click pyproject.toml:11", "needs flask pyproject.toml:13", "group dev pyproject.toml:15", "needs flask pyproject.toml:15"},
		},
		"a script of the same name as a requirement": {
			map[string]string{"pyproject.toml": "[tool.poetry.dependencies.flask]\nversion = '3'\nextras = ['async']\n[tool.poetry.scripts]\nflask = 'a:b'\n[tool.poetry.group.test.dependencies]\nflask = '3'\n"},
			[]string{"manifest poetry pyproject.toml:1", "needs flask[async]3 pyproject.toml:1", "script flask pyproject.toml:5", "group test pyproject.toml:6", "needs flask3 pyproject.toml:7"},
		},
		"dotted keys": {
			map[string]string{"pyproject.toml": "project.name = 'x'\nproject.dynamic = [\n 'version',\n 'dependencies']\ntool.uv.workspace.members = ['a']\ntool.pytest.ini_options.x = 1\n"},
			[]string{"manifest uv pyproject.toml:1", "dynamic pyproject.toml:4", "workspace pyproject.toml:5", "pytest pyproject.toml:6"},
		},
		"a Pipfile": {
			map[string]string{"Pipfile": "[scripts]\nflask = 'flask run'\npython_version = 'x'\n[packages]\nflask = {version = '==3', extras = ['async']}\n[dev-packages]\npytest = '*'\n[requires]\npython_version = '3.12'\n"},
			[]string{"version 3.12 Pipfile:9", "manifest pipenv Pipfile:1", "needs flask[async]==3 Pipfile:5", "group dev-packages Pipfile:6", "needs pytest* Pipfile:7"},
		},
		"setup.cfg beside setup.py": {
			map[string]string{"setup.py": "from setuptools import setup\nsetup(install_requires=['click'])\n", "setup.cfg": "[flake8]\ninstall_requires = no\n[options]\npython_requires = >=3.11\ninstall_requires =\n  flask\n  # comment\n  psycopg2 ; python_version > '3'\n"},
			[]string{"version >=3.11 setup.cfg:4", "manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1", "needs click setup.py:2", "needs flask setup.cfg:6", "needs psycopg2 setup.cfg:8"},
		},
		"a file that setup.py reads": {
			map[string]string{"setup.py": "from setuptools import setup\ndef get(name):\n  return open('requirements/' + name).read().splitlines()\nsetup(name='shop', install_requires=get('default.txt'))\n", "requirements/default.txt": "celery>=5\n./local\ntornado # web\n"},
			[]string{"manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1", "needs celery>=5 requirements/default.txt:1", "needs tornado requirements/default.txt:3"},
		},
		"a file that setup.py reads into a name": {
			map[string]string{"setup.py": "from setuptools import setup\nneeds = [l.strip() for l in open('needs.txt')]\nsetup(install_requires=needs)\n", "needs.txt": "celery\n"},
			[]string{"manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1", "needs celery needs.txt:1"},
		},
		"a file of elsewhere that setup.py reads": {
			map[string]string{"setup.py": "from setuptools import setup\nsetup(install_requires=open('../needs.txt').read().split())\n", "needs.txt": "celery\n"},
			[]string{"manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1"},
		},
		"a file of the machine that setup.py reads": {
			map[string]string{"setup.py": "from setuptools import setup\nsetup(install_requires=open('/srv/needs.txt').read().split())\n", "srv/needs.txt": "celery\n"},
			[]string{"manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1"},
		},
		"setup.cfg without setup.py": {
			map[string]string{"pyproject.toml": "[build-system]\nrequires = ['setuptools']\n", "setup.cfg": "[metadata]\nname = shop\n[options]\ninstall_requires =\n  flask\n[options.entry_points]\nconsole_scripts =\n  shop = shop.cli:main\n  other = shop.cli:other [x]\n"},
			[]string{"manifest setup.py setup.cfg:1", "package setup.cfg:1", "dynamic setup.cfg:1", "needs flask setup.cfg:5", "script shop setup.cfg:8", "script other setup.cfg:9"},
		},
		"console scripts of setup.py": {
			map[string]string{"setup.py": "from setuptools import setup\nsetup(name='shop', entry_points={\n 'x': ['a = b:c'],\n 'console_scripts': ['shop=shop.cli:main', 'bad'],\n})\n"},
			[]string{"manifest setup.py setup.py:1", "package setup.py:1", "dynamic setup.py:1", "script shop setup.py:4"},
		},
		"setup.cfg of tools alone": {
			map[string]string{"app.py": "", "setup.cfg": "[flake8]\nmax-line-length = 100\n"}, nil,
		},
	} {
		f, err := Detect(scan(t, c.files), ".")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		say := func(what string, pos fact.Pos) {
			if !pos.IsZero() {
				got = append(got, what+" "+pos.String())
			}
		}
		needs := func(list []Requirement) {
			for _, r := range list {
				what := "needs " + r.Name
				if len(r.Extras) > 0 {
					what += fmt.Sprint(r.Extras)
				}
				say(what+r.Constraint, r.Pos)
			}
		}
		for _, v := range f.Versions {
			say("version "+v.Range+v.Pin, v.Pos)
		}
		for _, m := range f.Manifests {
			say("manifest "+m.Manager, m.Pos)
			say("package", m.Package)
			say("dynamic", m.Dynamic)
			say("workspace", m.Workspace)
			needs(m.List)
			for _, s := range m.Scripts {
				say("script "+s.Name, s.Pos)
			}
			for _, g := range m.Groups {
				say("group "+g.Name, g.Pos)
				needs(g.List)
			}
		}
		say("pytest", f.PytestConfig)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLocks(t *testing.T) {
	const pyproject = "[project]\nname = 'App'\nversion = '1'\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"uv": {map[string]string{"pyproject.toml": pyproject, "uv.lock": `version = 1
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "a", extra = ["x"] }]
[package.dev-dependencies]
dev = [{ name = "d" }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "b" }]
wheels = [{ url = "https://x/a-1.0-py3-none-any.whl", hash = "x" }, { url = "https://x/a-1.0.tar.gz" }]
[package.optional-dependencies]
x = [{ name = "c" }]
y = [{ name = "d" }]
[[package]]
name = "b"
version = "2"
source = { git = "https://x" }
dependencies = [{ name = "a" }]
[[package]]
name = "c"
version = "3"
[[package]]
name = "d"
version = "4"
`}, "a 1.0 [a-1.0-py3-none-any.whl], app  [] local, b 2 [] git, c 3 []"},
		"poetry": {map[string]string{"pyproject.toml": pyproject, "poetry.lock": `[[package]]
name = "A_b"
version = "1"
groups = ["main", "dev"]
files = [{file = "a_b-1.whl", hash = "x"}]
[package.source]
type = "git"
[[package]]
name = "c"
version = "1"
groups = ["dev"]
[[package]]
name = "d"
version = "1"
category = "dev"
[[package]]
name = "e"
version = "1"
[metadata.files]
e = [{file = "e-1.whl", hash = "x"}]
`}, "a-b 1 [a_b-1.whl] git, e 1 [e-1.whl]"},
		"pipenv": {map[string]string{"Pipfile": "[packages]\na = '*'\n", "Pipfile.lock": `{"default": {"a": {"version": "==1.2"}, "B_c": {"git": "x"}, "d": {"path": "."}}, "develop": {"e": {}}}`}, "a 1.2 [], b-c  [] git, d  [] local"},
	} {
		f, err := Detect(scan(t, c.files), ".")
		if err != nil || len(f.Manifests) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for n, k := range f.Manifests[0].Locked {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %v %s", n, k.Version, k.Wheels, k.Source)))
		}
		slices.Sort(got)
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, text, c.want)
		}
	}
}
