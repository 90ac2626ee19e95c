package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestMarkedCITests: a command of CI with the marker of tests that pytest's settings leave out is none for a build.
func TestMarkedCITests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ settings, run, want string }{
		"what is left out":         {"addopts = --strict-markers -m \"not online\"", "pytest -q -m online", "python -m pytest"},
		"on lines of their own":    {"addopts =\n  --strict-markers\n  -m \"not online\"", "pytest -q -m online", "python -m pytest"},
		"some of the rest":         {"addopts = -m \"not online\"", "pytest -m \"not online and not slow\"", "python -m pytest -m 'not online and not slow'"},
		"no marker in the options": {"addopts = --strict-markers\nmarkers = -m", "pytest -m fast", "python -m pytest -m fast"},
	} {
		app, _, err := decide(t, map[string]string{
			"requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\npytest==8.0.0\n", "app.py": flask, "tests/test_a.py": "def test_x():\n  pass\n", "pytest.ini": "[pytest]\n" + tt.settings + "\n",
			".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: " + tt.run + "\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := dockerfile(t, app.App); !strings.Contains(got, "RUN "+tt.want+"\n") {
			t.Errorf("%s: no %q in\n%s", name, tt.want, got)
		}
	}
}

// TestCITests: the test target runs the tests that CI runs, with the variables that it gives them.
func TestCITests(t *testing.T) {
	t.Parallel()
	const all = "python -m pytest"
	for name, tt := range map[string]struct{ env, run, want string }{
		"a folder":                {"", "pytest tests/unit", all + " tests/unit"},
		"by uv, with reports":     {"", "uv run --frozen pytest -n auto --cov notes --cov-report=xml --junitxml=x.xml tests/unit -v", all + " tests/unit"},
		"by coverage":             {"", "coverage run -m pytest -k 'not slow' tests", all + " -k 'not slow' tests"},
		"a marker":                {"", "poetry run python -m pytest -m \"not integration\"", all + " -m 'not integration'"},
		"without some":            {"", "pytest --ignore=tests/e2e --ignore tests/unit/test_b.py", all + " --ignore=tests/e2e --ignore tests/unit/test_b.py"},
		"variables of the job":    {"    env:\n      NOTES_MODE: fake\n      CI: 1\n      API_TOKEN: abcdef123456\n      DB: postgres://x/y\n", "X=1 pytest tests/unit", "NOTES_MODE=fake X=1 " + all + " tests/unit"},
		"by make":                 {"", "make check", "MODE=a " + all + " tests/unit/test_a.py::test_x"},
		"all of them":             {"", "pytest", all},
		"all, with a report":      {"", "pytest --cov notes", all},
		"those of a deployed app": {"", "pytest tests/integration", all},
		"a place that is not":     {"", "pytest tests/missing", all},
		"outside":                 {"", "pytest ../x tests/unit", all},
		"what is not known":       {"", "pytest ${{ matrix.args }} tests/unit", all},
		"a command in a word":     {"", "pytest -k '$(touch /x)' tests/unit", all},
		"a marker that the settings do not leave out": {"", "pytest -m fast", all + " -m fast"},
		"another folder": {"", "cd sub && pytest tests/unit", all},
	} {
		files := map[string]string{
			"requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\npytest==8.0.0\n", "app.py": flask, "tests/unit/test_a.py": "def test_x():\n  pass\n", "tests/unit/test_b.py": "def test_y():\n  pass\n",
			"tests/integration/test_c.py": "def test_z():\n  pass\n", "tests/e2e/test_d.py": "", "Makefile": "check: lint\n\tMODE=a uv run pytest tests/unit/test_a.py::test_x\nlint:\n\truff check\n",
			".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n" + tt.env + "    steps:\n      - run: |\n          pip install -r requirements.txt\n          " + tt.run + "\n",
		}
		app, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		got := ""
		for line := range strings.Lines(dockerfile(t, app.App)) {
			if command, ok := strings.CutPrefix(line, "RUN "); ok && strings.Contains(line, all) {
				got = strings.TrimSpace(command)
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
