package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// A requirements file that leaves a version open is not a lock, and that is said once.
func TestUnpinned(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the place of the note, "" for none
	}{
		"bare":                {map[string]string{"requirements.txt": "flask\ngunicorn\n"}, "requirements.txt:1"},
		"a lower bound":       {map[string]string{"requirements.txt": "gunicorn==23.0.0\nflask>=3\n"}, "requirements.txt:2"},
		"a pattern":           {map[string]string{"requirements.txt": "flask==3.*\n"}, "requirements.txt:1"},
		"compatible":          {map[string]string{"requirements.txt": "flask~=3.0\n"}, "requirements.txt:1"},
		"included":            {map[string]string{"requirements.txt": "-r base.txt\n", "base.txt": "flask\n"}, "base.txt:1"},
		"pinned":              {map[string]string{"requirements.txt": "Flask==3.1.0\n"}, ""},
		"constrained":         {map[string]string{"requirements.txt": "-c c.txt\nFlask\n", "c.txt": "flask==3.1.0\n"}, ""},
		"constrained loosely": {map[string]string{"requirements.txt": "-c c.txt\nflask\n", "c.txt": "flask>=3\n"}, "requirements.txt:2"},
		"for Windows":         {map[string]string{"requirements.txt": "flask==3.1.0\npywin32; sys_platform == 'win32'\n"}, ""},
		"a local package":     {map[string]string{"requirements.txt": "flask==3.1.0\n./lib\n", "lib/setup.py": "from setuptools import setup\nsetup(name='lib')\n"}, ""},
	} {
		c.files["app.py"] = "from flask import Flask\napp = Flask(__name__)\n"
		_, log, err := decideIn(t, ".", c.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "no exact version") {
				got = append(got, n.Pos.String())
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestToolPins: a tool is installed in a version that runs with the Python of the image, with what that version needs beside it.
func TestToolPins(t *testing.T) {
	poetry := func(python string) map[string]string {
		return map[string]string{"pyproject.toml": "[tool.poetry]\nname = \"x\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"" + python + "\"\nflask = \"*\"\n[build-system]\nrequires = [\"poetry-core\"]\n", "poetry.lock": ""}
	}
	pipenv := func(python string) map[string]string {
		return map[string]string{"Pipfile": "[packages]\nflask = \"*\"\n[requires]\npython_version = \"" + python + "\"\n", "Pipfile.lock": "{\"default\": {}}"}
	}
	pdm := func(python string) map[string]string {
		return map[string]string{"pyproject.toml": "[project]\nname = \"x\"\nversion = \"1\"\nrequires-python = \"==" + python + ".*\"\ndependencies = [\"flask\"]\n[tool.pdm]\n", "pdm.lock": "[[package]]\nname = \"flask\"\nversion = \"1\"\n"}
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"poetry with 3.13": {poetry("~3.13"), "poetry==2.5.1 poetry-plugin-export==1.10.1"},
		"poetry with 3.9":  {poetry("~3.9"), "poetry==2.2.1 poetry-plugin-export==1.9.0"},
		"poetry with 3.8":  {poetry("~3.8"), "poetry==1.8.5 poetry-plugin-export==1.8.0"},
		"poetry with 3.7":  {poetry("~3.7"), "poetry==1.5.1 poetry-plugin-export==1.4.0"},
		"pipenv with 3.12": {pipenv("3.12"), "pipenv==2026.10.3"},
		"pipenv with 3.8":  {pipenv("3.8"), "pipenv==2024.4.1"},
		"pipenv with 3.7":  {pipenv("3.7"), "pipenv==2023.10.3"},
		"pdm with 3.12":    {pdm("3.12"), "pdm==2.29.4 'hishel<2'"},
		"pdm with 3.9":     {pdm("3.9"), "pdm==2.26.9"},
		"pdm with 3.8":     {pdm("3.8"), "pdm==2.20.1"},
	} {
		c.files["app.py"] = "from flask import Flask\napp = Flask(__name__)\n"
		out, _, err := decideIn(t, ".", c.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got string
		for _, step := range out.deps.Install {
			for _, r := range step.Run {
				if _, spec, ok := strings.Cut(r.String(), "/bin/pip install "); ok {
					got = spec
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestInPlainText: what setup.py and setup.cfg name in plain text is installed before the source, and the tests get what the environments of Hatch and
// the extras of setup name.
func TestInPlainText(t *testing.T) {
	const cli = "def main():\n  print(1)\nif __name__ == '__main__':\n  main()\n"
	const hatch = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"flask==3.1.2\"]\n"
	for name, c := range map[string]struct {
		files      map[string]string
		deps, test string // what is installed there, at the end
	}{
		"setup.cfg":          {map[string]string{"setup.py": "from setuptools import setup\nsetup()\n", "setup.cfg": "[options]\ninstall_requires =\n  tornado>=6,<7\n  redis[hiredis]==5.0\n[options.extras_require]\ntest =\n  pytest>=8\n  pytest-asyncio\n"}, "'tornado>=6,<7' 'redis[hiredis]==5.0'", "'pytest>=8' pytest-asyncio"},
		"setup.py":           {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='x', install_requires=['tornado'], extras_require={'tests': ['pytest', 'mock; python_version<\"3\"']})\n"}, "tornado", "pytest 'mock; python_version<\"3\"'"},
		"tests_require":      {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='x', tests_require=['pytest==9.2.0'])\n"}, "", "pytest==9.2.0"},
		"what is computed":   {map[string]string{"setup.py": "from setuptools import setup\nsetup(name='x', install_requires=open('r.txt').read().split())\n"}, "", "pytest==9.2.0"},
		"Hatch":              {map[string]string{"pyproject.toml": hatch + "[tool.hatch.envs.default]\ndependencies = [\"pytest==9.2.0\", \"pytest-cov\"]\n"}, "-r pyproject.toml", "pytest==9.2.0 pytest-cov"},
		"another of Hatch's": {map[string]string{"pyproject.toml": hatch + "[tool.hatch.envs.docs]\ndependencies = [\"mkdocs\"]\n[tool.hatch.envs.hatch-test]\nextra-dependencies = [\"pytest\", \"httpx\"]\n"}, "-r pyproject.toml", "pytest httpx"},
	} {
		c.files["app.py"], c.files["test_app.py"] = cli, "def test_a():\n  assert True\n"
		out, _, err := decideIn(t, ".", c.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := runs(out.deps.Install); c.deps != "" && !strings.HasSuffix(got, " "+c.deps) || c.deps == "" && strings.Contains(got, "install") {
			t.Errorf("%s: deps %q, want %q", name, got, c.deps)
		}
		if got := runs(out.test.Install); !strings.HasSuffix(got, " "+c.test) {
			t.Errorf("%s: test %q, want %q", name, got, c.test)
		}
	}
}
