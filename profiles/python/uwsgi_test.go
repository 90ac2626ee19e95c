package python

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestUwsgiPlaces: places that the settings of uWSGI work out are those of this image, and what is in none of them is not started.
func TestUwsgiPlaces(t *testing.T) {
	const plain = "uwsgi --master --die-on-term --need-app --http 0.0.0.0:8000 --module=app:app"
	const own = "uwsgi --ini conf/uwsgi.ini --die-on-term"
	for _, tt := range []struct{ name, ini, want, port, env, notes string }{
		{name: "the environment's variable", ini: "virtualenv = $(VIRTUAL_ENV)", want: own, env: "VIRTUAL_ENV=/opt/venv"},
		{name: "that of a condition", ini: "if-env = VIRTUAL_ENV\nvirtualenv = %(_)\nendif =", want: own, env: "VIRTUAL_ENV=/opt/venv"},
		{name: "a folder that no image has", ini: "home = venv", want: plain, port: "8000"},
		{name: "below the file's folder", ini: "home = %d../.venv", want: plain, port: "8000"},
		{name: "below an option", ini: "base = /srv/app\nhome = %(base)/venv", want: plain, port: "8000"},
		{name: "the file's folder", ini: "chdir = %d..", want: own},
		{name: "the working directory", ini: "chdir = %v", want: own},
		{name: "the image's folder", ini: "base = /app\nchdir = %(base)", want: own},
		{name: "a folder that is not there", ini: "chdir = /app/src", want: plain, port: "8000"},
		{name: "one by a variable", ini: "chdir = $(PROJECT_DIR)", want: plain, port: "8000"},
		{name: "the port's option", ini: "port = 9100\nhttp = :%(port)", want: own, port: "9100"},
		{name: "the port's variable", ini: "http = :$(PORT)", want: own, port: "8000", env: "PORT=8000"},
		{name: "with a default", ini: "http = :$(PORT:-9200)", want: own, port: "9200"},
		{name: "the host's variable", ini: "http = $(HOST):$(PORT)", want: own, port: "8000", env: "HOST=0.0.0.0"},
		{name: "the home", ini: "env = CACHE=$(HOME)/cache", want: own, env: "HOME=/home/nonroot"},
		{name: "another variable", ini: "workers = $(WORKERS)", want: own, notes: "needs the variable WORKERS to start"},
		{name: "one with a default", ini: "workers = $(WORKERS:-2)", want: own},
		{name: "of a condition", ini: "if-env = WORKERS\nworkers = $(WORKERS)\nendif =", want: own},
		{name: "a hostile variable", ini: "virtualenv = $(VIRTUAL_ENV)\nworkers = $(A B)\nchdir = %d..\nx = %(x)%(x)%(x)", want: own, env: "VIRTUAL_ENV=/opt/venv"},
	} {
		text, port := "[uwsgi]\nmodule = app:app\n"+tt.ini+"\n", tt.port
		if !strings.Contains(tt.ini, "http =") {
			text += "http = :9000\n"
		}
		if port == "" {
			port = "9000"
		}
		app, log, err := decide(t, map[string]string{"requirements.txt": "flask\nuwsgi\n", "app.py": flask, "conf/uwsgi.ini": text}, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(app.Run.Cmd, " "); got != tt.want || len(app.Run.Ports) != 1 || app.Run.Ports[0].String() != port {
			t.Errorf("%s: got %s on %v, want %s on %s", tt.name, got, app.Run.Ports, tt.want, port)
		}
		var env []string
		for _, e := range append(app.Image.Stages[0].Data.(*Base).Env, app.Run.Env...) {
			env = append(env, e.Name.String()+"="+e.Value.Raw())
		}
		if got := strings.Join(env, " "); tt.env != "" && !strings.Contains(got, tt.env) || tt.env == "" && strings.Contains(got, virtualEnv) {
			t.Errorf("%s: has the variables %s, want %q", tt.name, got, tt.env)
		}
		var said []string
		misfit := false
		for _, n := range log.Notes() {
			misfit = misfit || strings.Contains(n.Text, "does not fit this image") && strings.HasPrefix(n.Pos.String(), "conf/uwsgi.ini:3")
			if strings.HasPrefix(n.Text, "needs ") {
				said = append(said, n.Text)
			}
		}
		if misfit != (tt.want == plain) && tt.name != "below an option" {
			t.Errorf("%s: says that a setting does not fit: %v", tt.name, misfit)
		}
		if needs := strings.Join(said, ""); needs != tt.notes {
			t.Errorf("%s: says %q, want %q", tt.name, needs, tt.notes)
		}
	}
}

// TestVenv: VIRTUAL_ENV is set where something that the start reads names it, and only there.
func TestVenv(t *testing.T) {
	own := "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nENTRYPOINT [\"/app/entry.sh\"]\nCMD [\"gunicorn\", \"app:app\"]\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"nothing", nil, false},
		{"the code", map[string]string{"app.py": "import os\nx = os.environ['VIRTUAL_ENV']\n" + flask}, true},
		{"the entry point", map[string]string{"Dockerfile": own, "entry.sh": "#!/bin/sh\nset -e\n. $VIRTUAL_ENV/bin/activate\nexec \"$@\"\n"}, true},
		{"an entry point without", map[string]string{"Dockerfile": own, "entry.sh": "#!/bin/sh\nset -e\nexec \"$@\"\n"}, false},
		{"a program of it", map[string]string{"Dockerfile": own, "entry.sh": "#!/bin/sh\nset -e\n${VIRTUAL_ENV}/bin/python prepare.py\nexec \"$@\"\n", "prepare.py": "print(1)\n"}, true},
		{"gunicorn's configuration", map[string]string{"gunicorn.conf.py": "import os\npythonpath = os.environ['VIRTUAL_ENV']\n"}, true},
		{"a file that nothing starts", map[string]string{"deploy.sh": "source $VIRTUAL_ENV/bin/activate\n"}, false},
	} {
		files := map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": flask}
		maps.Copy(files, tt.files)
		app, log, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := false
		for _, e := range app.Image.Stages[0].Data.(*Base).Env {
			got = got || e == plan.MustEnv(virtualEnv, venv)
		}
		if got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, virtualEnv) {
				t.Errorf("%s: says %s", tt.name, n.Text)
			}
		}
	}
}

// TestUwsgiOwnFolder: settings of uWSGI that name the folder of the app's own image are started with, and a link leads there.
func TestUwsgiOwnFolder(t *testing.T) {
	const own = "uwsgi --ini conf/uwsgi.ini --die-on-term"
	for _, tt := range []struct {
		name, ini, workdir string
		linked             bool
	}{
		{"the folder", "chdir = /opt/checks", "/opt/checks", true},
		{"one below it", "chdir = /opt/checks/conf", "/opt/checks", true},
		{"another image's", "chdir = /opt/other", "/opt/checks", false},
		{"one that is not there", "chdir = /opt/checks/src", "/opt/checks", false},
		{"the system's", "chdir = /usr/local/checks", "/usr/local/checks", false},
	} {
		app, _, err := decide(t, map[string]string{
			"requirements.txt": "flask\nuwsgi\n", "app.py": flask, "conf/uwsgi.ini": "[uwsgi]\nmodule = app:app\nhttp = :9000\n" + tt.ini + "\n",
			"Dockerfile": "FROM python:3.13\nWORKDIR " + tt.workdir + "\nCOPY . .\nCMD [\"uwsgi\", \"" + tt.workdir + "/conf/uwsgi.ini\"]\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		got := dockerfile(t, app.App)
		if cmd := strings.Join(app.Run.Cmd, " "); (cmd == own) != tt.linked || strings.Contains(got, "ln -s /app /folders/links"+tt.workdir+"\n") != tt.linked {
			t.Errorf("%s: got %s\n%s", tt.name, cmd, got)
		}
	}
}

// TestUwsgiMigrates: where the settings of uWSGI migrate the tables, nobody is told to do it.
func TestUwsgiMigrates(t *testing.T) {
	for hook, want := range map[string]bool{"": true, "hook-pre-app = exec:./manage.py migrate": false, "exec-asap = python manage.py migrate --noinput": false, "hook-pre-app = exec:./manage.py check": true} {
		_, log, err := decide(t, map[string]string{
			"requirements.txt": "Django==5.2\nuwsgi\n", "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
			"site/settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\nWSGI_APPLICATION = 'site.wsgi.application'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n",
			"site/wsgi.py":     "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\napplication = get_wsgi_application()\n",
			"uwsgi.ini":        "[uwsgi]\nhttp = :9000\nmodule = site.wsgi:application\n" + hook + "\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(hook, err)
		}
		said := false
		for _, n := range log.Notes() {
			said = said || strings.Contains(n.Text, "migrates the tables")
		}
		if said != want {
			t.Errorf("%q: said %v", hook, said)
		}
	}
}
