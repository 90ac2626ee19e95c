package python

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestMade: what a console script of the project makes while the own Dockerfile builds its image, the build makes here, too; prod takes the files
// that lie beside the code, and what names them is kept.
func TestMade(t *testing.T) {
	t.Parallel()
	const project = "[build-system]\nrequires=['hatchling']\n[project]\nname='notes'\nversion='1'\ndependencies=['flask']\n[project.scripts]\nnotes='notes.cli:main'\n"
	for name, tt := range map[string]struct{ own, step, copied, cmd, said string }{
		"a file that a variable names": {
			"ENV NOTES_INI=/etc/notes/notes.ini PORT=8888\nRUN notes init --ini $NOTES_INI --backend=memory\nEXPOSE 8888\nCMD [\"sh\", \"-c\", \"notes migrate --ini $NOTES_INI && notes start --ini $NOTES_INI --port $PORT\"]\n",
			"mkdir -p /etc/notes|notes init --ini /etc/notes/notes.ini --backend=memory", "/etc/notes/notes.ini", "sh -c notes migrate --ini $NOTES_INI && exec notes start --ini $NOTES_INI --port $PORT", "",
		},
		"a file of its own start": {
			"RUN /venv/bin/notes generate --out=/srv/notes/site.json\nCMD [\"notes\", \"serve\", \"--site\", \"/srv/notes/site.json\"]\n",
			"mkdir -p /srv/notes|notes generate --out=/srv/notes/site.json", "/srv/notes/site.json", "notes serve --site /srv/notes/site.json", "",
		},
		"assets below the code":      {"RUN notes build --minify\nCMD [\"notes\", \"serve\"]\n", "notes build --minify", "", "notes serve", ""},
		"what needs a database":      {"RUN notes migrate\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", ""},
		"a file of the system":       {"RUN notes init --out /etc/passwd\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", "notes init --out /etc/passwd"},
		"a value that is not known":  {"ARG X\nRUN notes init --key $X --out /etc/notes/x\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", "notes init"},
		"what another program makes": {"RUN other init --out /etc/notes/x\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", ""},
		"a command of setup.py":      {"RUN python3 setup.py build_locale\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", "setup.py build_locale"},
		"one that installs":          {"RUN python setup.py install\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", ""},
		"on a condition":             {"ARG X\nRUN if [ -n \"$X\" ]; then notes init --out /etc/notes/x; fi\nCMD [\"notes\", \"serve\"]\n", "", "", "notes serve", ""},
	} {
		files := map[string]string{"pyproject.toml": project, "notes/__init__.py": "", "notes/cli.py": "import flask\ndef main():\n  pass\n", "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install .\n" + tt.own}
		app, log, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		var steps []string
		for _, s := range app.build.Steps {
			for _, c := range s.Run {
				if text := c.String(); strings.HasPrefix(text, "notes") || strings.HasPrefix(text, "mkdir") {
					steps = append(steps, text)
				}
			}
		}
		var list []string
		for _, c := range app.Run.Copies {
			if to := c.Copy.To.Raw(); !strings.HasPrefix(to, "/opt") && to != "." {
				list = append(list, to)
			}
		}
		copied, said := strings.Join(list, " "), false
		for _, n := range log.Notes() {
			said = said || tt.said != "" && strings.Contains(n.Text, tt.said)
		}
		if got := strings.Join(steps, "|"); got != tt.step || copied != tt.copied || strings.Join(app.Run.Cmd, " ") != tt.cmd || said != (tt.said != "") {
			t.Errorf("%s: got %q, copied %q, starts %q, said %v", name, got, copied, app.Run.Cmd, said)
		}
	}
}

// TestMadeListens: settings that the project's own program makes for this machine alone are made for every interface.
func TestMadeListens(t *testing.T) {
	t.Parallel()
	const project = "[build-system]\nrequires=['hatchling']\n[project]\nname='notes'\nversion='1'\ndependencies=['flask']\n[project.scripts]\nnotes='notes.cli:main'\n"
	const cli = "import argparse\nimport flask\ndef main():\n  parser = argparse.ArgumentParser()\n  for command in ('init', 'start'):\n    sub = parser.add_subparsers().add_parser(command)\n    if command == '%s':\n      sub.add_argument('--host', help='it', default='%s')\n"
	for name, tt := range map[string]struct{ verb, host, given, want string }{
		"this machine":         {"init", "127.0.0.1", "", " --host 0.0.0.0"},
		"by name":              {"init", "localhost", "", " --host 0.0.0.0"},
		"every interface":      {"init", "0.0.0.0", "", ""},
		"it is given":          {"init", "127.0.0.1", " --host=10.0.0.1", " --host=10.0.0.1"},
		"of another command's": {"start", "127.0.0.1", "", ""},
	} {
		files := map[string]string{"pyproject.toml": project, "notes/__init__.py": "", "notes/cli.py": fmt.Sprintf(cli, tt.verb, tt.host), "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install . && notes init --ini /etc/notes/x.ini" + tt.given + "\nCMD [\"notes\", \"start\"]\n"}
		app, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		got := ""
		for _, s := range app.build.Steps {
			for _, c := range s.Run {
				if text, ok := strings.CutPrefix(c.String(), "notes init --ini /etc/notes/x.ini"); ok {
					got = text
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestOwnPackages: the packages that the own Dockerfile installs by name, on the processor that most have, too; browsers only where it installs
// some.
func TestOwnPackages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		own, adds, note string
		browsers        bool
	}{
		"one that may fail":        {"RUN pip install 'playwright~=1.56.0' || echo none\n", "playwright~=1.56.0", "", false},
		"with its browsers":        {"RUN pip install playwright==1.56.0 && playwright install chromium\n", "playwright==1.56.0", "", true},
		"by processor":             {"ARG TARGETPLATFORM\nRUN case \"$TARGETPLATFORM\" in linux/arm/v7) echo no ;; *) pip install lz4==4.4.4 ;; esac\n", "lz4==4.4.4", "", false},
		"by uname":                 {"RUN if [ \"$(uname -m)\" = x86_64 ]; then uv pip install --system lz4; fi\n", "lz4", "", false},
		"on a condition":           {"ARG DEBUG\nRUN if [ \"$DEBUG\" = 1 ]; then pip install lz4; fi\n", "", "lz4 on a condition", false},
		"what the manifest brings": {"RUN pip install flask gunicorn\n", "", "", false},
	} {
		files := map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": flask, "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + tt.own + "CMD [\"gunicorn\", \"app:app\"]\n"}
		app, log, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		line := app.deps.Install[0].Run[len(app.deps.Install[0].Run)-1].String()
		_, adds, _ := strings.Cut(line, "requirements.txt")
		said, want := 0, 0
		if tt.note != "" {
			want = 1
		}
		for _, n := range log.Notes() {
			if tt.note != "" && strings.Contains(n.Text, tt.note) {
				said++
			}
		}
		browsers := false
		for _, s := range app.Run.Prepare {
			browsers = browsers || strings.Contains(s.Why.String(), "browsers")
		}
		if got := strings.Trim(adds, " '"); got != tt.adds || said != want || browsers != tt.browsers {
			t.Errorf("%s: adds %q, said %d times, browsers %v", name, got, said, browsers)
		}
	}
}

// TestBuildHook: a project whose build runs a script of its own, which makes what no repository has, is installed; where that starts another tool, it is said.
func TestBuildHook(t *testing.T) {
	t.Parallel()
	const catalogs = "from babel_utils import compile_catalogs\n"
	for name, tt := range map[string]struct {
		file, code, settings string
		installs             bool
		says                 string
	}{
		"of Hatch":               {"hatch_build.py", catalogs, "[tool.hatch.build.hooks.custom]\n", true, ""},
		"of Hatch, for wheels":   {"tools/hook.py", catalogs, "[tool.hatch.build.targets.wheel.hooks.custom]\npath = 'tools/hook.py'\n", true, ""},
		"of PDM":                 {"pdm_build.py", catalogs, "[tool.pdm.build]\ncustom-hook = 'pdm_build.py'\n", true, ""},
		"of Poetry":              {"build.py", catalogs, "[tool.poetry.build]\nscript = 'build.py'\n", true, ""},
		"one that is not there":  {"other.py", catalogs, "[tool.hatch.build.hooks.custom]\n", false, ""},
		"of another tool's name": {"hatch_build.py", catalogs, "[tool.hatch.build.hooks.vcs]\n", false, ""},
		"with npm":               {"hatch_build.py", "import subprocess\nsubprocess.run(['npm', 'ci'])\n", "[tool.hatch.build.hooks.custom]\n", false, "which starts npm"},
	} {
		app, log, err := decide(t, map[string]string{
			"pyproject.toml": "[project]\nname = 'money'\nversion = '1'\ndependencies = ['flask==3.1.0', 'gunicorn==23.0.0']\n[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n" + tt.settings,
			"money/wsgi.py":  flask, tt.file: tt.code,
		}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		said := ""
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "the build of the project runs") {
				said = n.Text
			}
		}
		got := dockerfile(t, app.App)
		if strings.Contains(got, "build installs the project itself") != tt.installs || !strings.Contains(said, tt.says) || (said == "") != (tt.says == "") {
			t.Errorf("%s: says %q\n%s", name, said, got)
		}
	}
}
