package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestSeveral: of several programs the one that the repository sets apart is taken, and
// said with the way to take another; where nothing does, none is.
func TestSeveral(t *testing.T) {
	const (
		script = "def f():\n  pass\nif __name__ == '__main__':\n  f()\n"
		api    = "from fastapi import FastAPI\nservice = FastAPI()\n"
	)
	two := func(more ...string) map[string]string {
		files := map[string]string{"requirements.txt": "", "clean.py": script, "fetch.py": script}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	apis := func(more ...string) map[string]string {
		files := map[string]string{"requirements.txt": "fastapi\nuvicorn", "alpha.py": api, "beta.py": api}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	const none = "several programs can be run, and nothing says which is the app: "
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // of the command, or of the error
		note  string
	}{
		{"nothing", two(), none + "clean.py, fetch.py", ""},
		{"the README runs one", two("README.md", "# X\n\n    $ python3 fetch.py --all\n"), "python fetch.py", "of 2 that can be run it is the one that the README runs"},
		{"the README runs both", two("README.md", "`python fetch.py`, then `python clean.py`"), none, ""},
		{"the README speaks of one", two("README.md", "fetch.py takes all"), none, ""},
		{"the Makefile comes before the README", two("README.md", "python clean.py", "Makefile", "run:\n\tpython fetch.py\n"), "python fetch.py", "Makefile runs"},
		{"compose", two("compose.yaml", "services:\n  app:\n    build: .\n    command: [python, fetch.py]\n"), "python fetch.py", "runs"},
		{"a module", two("README.md", "python -m fetch"), "python fetch.py", "runs"},
		{"uv", two("README.md", "uv run ./fetch.py"), "python fetch.py", "runs"},
		{"one imports the other", two("fetch.py", "import clean\n"+script), "python fetch.py", "--set main=clean.py takes another"},
		{"both import each other", two("fetch.py", "import clean\n"+script, "clean.py", "import fetch\n"+script), none, ""},
		{"one listens", two("fetch.py", "from http.server import HTTPServer\n"+script+"  HTTPServer(('', 8080), None).serve_forever()\n"), "python fetch.py", "the only one that listens"},
		{"both listen", two("fetch.py", "from http.server import HTTPServer\n"+script+"  HTTPServer(('', 8080), None).serve_forever()\n", "clean.py", "from http.server import HTTPServer\n"+script+"  HTTPServer(('', 8081), None).serve_forever()\n"), none, ""},
		{"the project's name", two("shop.py", script), "python shop.py", "with the project's name"},
		{"a client beside it", map[string]string{"requirements.txt": "grpcio", "email_client.py": script, "email_server.py": script}, "python email_server.py", "the others are its clients"},
		{"two servers and a client", map[string]string{"requirements.txt": "grpcio", "a_client.py": script, "a_server.py": script, "b_server.py": script}, none, ""},
		{"two applications", apis(), none + "alpha:service, beta:service", ""},
		{"an application that the README serves", apis("README.md", "uvicorn beta:service --reload"), "uvicorn beta:service --host 0.0.0.0 --port 8000", "the README runs"},
		{"an application that the README names", apis("README.md", "    FLASK_APP=beta.py flask run\n"), "uvicorn beta:service --host 0.0.0.0 --port 8000", "the README runs"},
		{"an application that the README gives to flask", apis("README.md", "`flask --app beta run --debug`"), "uvicorn beta:service --host 0.0.0.0 --port 8000", "the README runs"},
		{"an application that the tests import", apis("tests/test_a.py", "from beta import service\ndef test_a(): pass\n"), "uvicorn beta:service --host 0.0.0.0 --port 8000", "the tests import"},
		{"two that the tests import", apis("tests/test_a.py", "import alpha, beta\ndef test_a(): pass\n"), none, ""},
		{"an application that mounts the other", apis("beta.py", "import alpha\n"+api+"service.mount('/a', alpha.service)\n"), "uvicorn beta:service --host 0.0.0.0 --port 8000", "imports the others"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, log, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got error %v, want %s", err, tt.want)
				}
				return
			}
			if got := strings.Join(p.Run.Cmd, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			var said strings.Builder
			for _, n := range log.Notes() {
				said.WriteString(n.Text + "; " + n.Hint + "\n")
			}
			if !strings.Contains(said.String(), tt.note) {
				t.Errorf("no %q in\n%s", tt.note, said.String())
			}
		})
	}
}

// TestTaskWorkers: an application whose command runs tasks is the app where nothing is served.
func TestTaskWorkers(t *testing.T) {
	const app = "from celery import Celery\napp = Celery('x')\n@app.task\ndef add(x, y): return x + y\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"tasks.py", map[string]string{"requirements.txt": "celery[redis]", "tasks.py": app}, "celery -A tasks:app worker --loglevel=INFO"},
		{"a package", map[string]string{"requirements.txt": "celery", "proj/__init__.py": "from .celery import app as celery_app", "proj/celery.py": app, "proj/tasks.py": "from .celery import app"}, "celery -A proj.celery:app worker --loglevel=INFO"},
		{"a script that sends tasks", map[string]string{"requirements.txt": "celery", "tasks.py": app, "send.py": "from tasks import add\nadd.delay(1, 2)"}, "celery -A tasks:app worker --loglevel=INFO"},
		{"a script with a usual name", map[string]string{"requirements.txt": "celery", "tasks.py": app, "main.py": "from tasks import add\nadd.delay(1, 2)"}, "python main.py"},
		{"beside a web application", map[string]string{"requirements.txt": "celery\nflask\ngunicorn", "tasks.py": app, "web.py": flask}, "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket web:app"},
		{"beside a factory that asks", map[string]string{"requirements.txt": "celery\nflask", "tasks.py": app, "web.py": "from flask import Flask\ndef create_app(config):\n  return Flask('x')"}, "web.py:2: the factory create_app needs the argument config"},
		{"not among the requirements", map[string]string{"requirements.txt": "x", "tasks.py": app}, "requirements.txt: found no app to start"},
		{"tasks.py of invoke", map[string]string{"requirements.txt": "invoke", "tasks.py": "from invoke import task\n@task\ndef build(c): pass\n", "main.py": "print(1)"}, "python main.py"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, _, err := decide(t, tt.files, settings.Settings{})
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = strings.Join(p.Run.Cmd, " ")
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestInline: what a script says in a comment that it needs is installed.
func TestInline(t *testing.T) {
	const meta = "# /// script\n# dependencies = [\n#   \"httpx==0.28.1\",\n# ]\n# ///\nimport httpx\nhttpx.get('x')\n"
	acme := strings.ReplaceAll(meta, "import httpx\nhttpx", "import acme_http\nacme_http")
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // of the installation, or the error
	}{
		{"one script", map[string]string{"bot.py": meta}, "uv pip install -r bot.py"},
		{"behind other comments", map[string]string{"bot.py": "#!/usr/bin/env -S uv run\n\n" + meta}, "uv pip install -r bot.py"},
		{"a manifest comes first", map[string]string{"bot.py": meta, "requirements.txt": "httpx==0.28.1"}, "pip --python /opt/venv install -r requirements.txt"},
		{"two scripts", map[string]string{"bot.py": acme, "cat.py": acme}, "imports acme_http, which no manifest names"},
		{"not closed", map[string]string{"bot.py": "# /// script\n# dependencies = [\"acme-http\"]\nimport acme_http\nacme_http.get('x')\n"}, "imports acme_http, which no manifest names"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got error %v, want %s", err, tt.want)
				}
				return
			}
			var got strings.Builder
			for _, s := range p.deps.Install {
				for _, c := range s.Run {
					got.WriteString(c.String() + "\n")
				}
			}
			if !strings.Contains(got.String(), tt.want) {
				t.Errorf("got %s, want %s", got.String(), tt.want)
			}
		})
	}
}
