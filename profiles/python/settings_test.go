package python

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestSettingsOfDjango: prod runs with the settings that the repository's people run it with, and what nothing names is found.
func TestSettingsOfDjango(t *testing.T) {
	const (
		base = "INSTALLED_APPS = ['django.contrib.staticfiles']\nWSGI_APPLICATION = 'shop.wsgi.application'\nSTATIC_ROOT = 'static'\n"
		star = "from .base import *\n"
		head = "FROM python:3.13-slim\nCOPY . .\n"
	)
	manage := func(module string) string {
		text := "import os, sys\nfrom django.core.management import execute_from_command_line\n"
		if module != "" {
			text += "os.environ.setdefault('DJANGO_SETTINGS_MODULE', '" + module + "')\n"
		}
		return text + "execute_from_command_line(sys.argv)\n"
	}
	for _, tt := range []struct {
		name, module string
		files        map[string]string // below shop
		own          string
		set          []string
		want         string // of ENV, "" for none, or of the error
		build        bool   // only collectstatic has it
	}{
		{name: "manage.py's", module: "shop.settings", files: map[string]string{"settings.py": base}},
		{name: "none, and one module", files: map[string]string{"settings.py": base}, want: "shop.settings"},
		{name: "none, and one of production", files: map[string]string{"settings/base.py": base, "settings/dev.py": star, "settings/production.py": star}, want: "shop.settings.production"},
		{name: "none, and a base", files: map[string]string{"settings/base.py": base, "settings/development.py": star, "settings/test.py": star, "settings/clever-cloud.py": star, "settings/production.example.py": star}, want: "shop.settings.base"},
		{name: "none, and two of production", files: map[string]string{"settings/base.py": base, "settings/prod.py": star, "settings/docker.py": star}, want: "does not say which settings"},
		{name: "none at all", want: "does not say which settings"},
		{name: "development's, and one of production", module: "shop.settings.dev", files: map[string]string{"settings/base.py": base, "settings/dev.py": star, "settings/prod.py": star}, want: "shop.settings.prod"},
		{name: "development's by the end of the name", module: "shop.settings_local", files: map[string]string{"base.py": base, "settings_local.py": star, "settings_production.py": star}, want: "shop.settings_production"},
		{name: "development's alone", module: "shop.settings.dev", files: map[string]string{"settings/base.py": base, "settings/dev.py": star}},
		{name: "everything's, beside one of production", module: "shop.settings.base", files: map[string]string{"settings/base.py": base, "settings/production.py": star}},
		{name: "the own image's", module: "shop.settings.base", files: map[string]string{"settings/base.py": base, "settings/live.py": star}, own: "ENV DJANGO_SETTINGS_MODULE=shop.settings.live\n", want: "shop.settings.live"},
		{name: "the own image's, not there", module: "shop.settings.base", files: map[string]string{"settings/base.py": base}, own: "ENV DJANGO_SETTINGS_MODULE=other.settings\n"},
		{name: "the own image's, the same", module: "shop.settings.base", files: map[string]string{"settings/base.py": base}, own: "ENV DJANGO_SETTINGS_MODULE=shop.settings.base\n"},
		{name: "development's, taken in", module: "shop.settings", files: map[string]string{"settings/__init__.py": "from .dev import *\n", "settings/base.py": base, "settings/dev.py": star, "settings/prod.py": star}, want: "shop.settings.prod"},
		{name: "uwsgi's", module: "shop.settings.base", files: map[string]string{"settings/base.py": base, "settings/live.py": star, "uwsgi.ini": "[uwsgi]\nenv = X=1\nenv = DJANGO_SETTINGS_MODULE=shop.settings.live\n"}, want: "shop.settings.live"},
		{name: "the user's", module: "shop.settings.base", files: map[string]string{"settings/base.py": base, "settings/live.py": star}, set: []string{"env={DJANGO_SETTINGS_MODULE: shop.settings.live}"}, want: "shop.settings.live"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"requirements.txt": "django==5.2\ngunicorn==23.0.0\n", "manage.py": manage(tt.module), "shop/__init__.py": "", "shop/wsgi.py": "application = 1\n"}
			for n, text := range tt.files {
				files["shop/"+n] = text
			}
			if tt.own != "" {
				files["Dockerfile"] = head + tt.own + "CMD [\"gunicorn\", \"shop.wsgi\"]\n"
			}
			s := settings.Settings{}
			if tt.set != nil {
				s = set(t, tt.set...)
			}
			app, _, err := decide(t, files, s)
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) || tt.want == "" {
					t.Error(err)
				}
				return
			}
			text := dockerfile(t, app.App)
			prod := text[strings.LastIndex(text, " AS prod"):]
			if got := strings.Contains(prod, "ENV DJANGO_SETTINGS_MODULE="+tt.want+"\n"); got != (tt.want != "") || strings.Count(prod, "DJANGO_SETTINGS_MODULE") > 1 {
				t.Errorf("got %s", prod)
			}
			if got := strings.Contains(text, "RUN DJANGO_SETTINGS_MODULE="+tt.want+" python manage.py collectstatic"); got != (tt.want != "") {
				t.Errorf("got %s", text)
			}
		})
	}
}

// TestGunicornConfiguration: what gunicorn.conf.py says counts, unless gunicorn would not be reached by it.
func TestGunicornConfiguration(t *testing.T) {
	const rest = "--worker-tmp-dir /dev/shm --access-logfile - --no-control-socket "
	for _, tt := range []struct{ name, conf, proc, set, want, port string }{
		{"a port", "bind = '0.0.0.0:9001'", "", "", "gunicorn " + rest + "app:app", "9001"},
		{"a worker's kind and a log", "bind = '0.0.0.0:9001'\nworker_class = 'gthread'\naccesslog = '/dev/null'\nworker_tmp_dir = '/tmp'", "", "", "gunicorn --no-control-socket app:app", "9001"},
		{"the loopback", "bind = '127.0.0.1:9001'", "", "", "gunicorn --bind 0.0.0.0:9001 " + rest + "app:app", "9001"},
		{"a socket", "bind = 'unix:/run/x.sock'", "", "", "gunicorn --bind 0.0.0.0:8000 " + rest + "app:app", "8000"},
		{"a port that is asked for", "bind = '0.0.0.0:9001'", "", "port=7000", "gunicorn --bind 0.0.0.0:7000 " + rest + "app:app", "7000"},
		{"a Procfile", "bind = '0.0.0.0:9001'", "web: gunicorn app:app", "", "gunicorn " + rest + "app:app", "9001"},
		{"a Procfile with a port", "bind = '0.0.0.0:9001'", "web: gunicorn -b :9002 app:app", "", "gunicorn --bind 0.0.0.0:9002 " + rest + "app:app", "9002"},
		{"another file", "bind = '0.0.0.0:9001'", "web: gunicorn -c deploy/gunicorn.py app:app", "", "gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket -c deploy/gunicorn.py app:app", "9003"},
	} {
		files := map[string]string{"requirements.txt": "flask\ngunicorn\ngevent\n", "app.py": flask, "gunicorn.conf.py": tt.conf + "\n", "deploy/gunicorn.py": "bind = '0.0.0.0:9003'\n"}
		if !strings.Contains(tt.conf, "worker_class") {
			files["requirements.txt"] = "flask\ngunicorn\n"
		}
		if tt.proc != "" {
			files["Procfile"] = tt.proc + "\n"
		}
		s := settings.Settings{}
		if tt.set != "" {
			s = set(t, tt.set)
		}
		app, _, err := decide(t, files, s)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if got := strings.Join(app.Run.Cmd, " "); got != tt.want || len(app.Run.Ports) != 1 || app.Run.Ports[0].String() != tt.port {
			t.Errorf("%s: got %s on %v", tt.name, got, app.Run.Ports)
		}
	}
}

// TestServedByItself: where frameworks with commands, files or options of their own listen.
func TestServedByItself(t *testing.T) {
	const (
		tornado = "import tornado.web\nfrom tornado.options import define, options, parse_command_line\n%s\nparse_command_line()\ntornado.web.Application([]).listen(options.port)\n"
		dash    = "from dash import Dash\napp = Dash(__name__)\nif __name__ == '__main__':\n  app.run(%s)\n"
		manage  = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
	)
	django := func(requirements string) map[string]string {
		return map[string]string{"requirements.txt": requirements, "manage.py": manage, "shop/settings.py": "WSGI_APPLICATION = 'shop.wsgi.application'\nASGI_APPLICATION = 'shop.asgi.application'\n", "shop/wsgi.py": "application = 1\n", "shop/asgi.py": "application = 1\n"}
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // the command
		env   string // that prod must have
		port  string
		path  string // of the health check
	}{
		{"tornado", map[string]string{"requirements.txt": "tornado", "main.py": fmt.Sprintf(tornado, "define('port', default=8889, type=int)")}, "python main.py", "", "8889", ""},
		{"tornado, by position", map[string]string{"requirements.txt": "tornado", "main.py": fmt.Sprintf(tornado, "define('x', 1)\ndefine('port', 8890)")}, "python main.py", "", "8890", ""},
		{"tornado, from a variable", map[string]string{"requirements.txt": "tornado", "main.py": "import os\n" + fmt.Sprintf(tornado, "define('port', default=os.environ.get('PORT', 8891))")}, "python main.py", "", "8891", ""},
		{"Dash", map[string]string{"requirements.txt": "dash", "app.py": fmt.Sprintf(dash, "debug=True")}, "python app.py", "HOST=0.0.0.0", "8050", ""},
		{"Dash on the loopback", map[string]string{"requirements.txt": "dash", "app.py": fmt.Sprintf(dash, "host='127.0.0.1', port=9000")}, "python app.py", "HOST=0.0.0.0", "9000", ""},
		{"marimo", map[string]string{"requirements.txt": "marimo", "nb.py": "import marimo\napp = marimo.App()\nif __name__ == '__main__':\n  app.run()\n"}, "marimo run nb.py --host 0.0.0.0 --port 2718 --headless", "", "2718", "/health"},
		{"streamlit's configuration", map[string]string{"requirements.txt": "streamlit", "app.py": "import streamlit as st\nst.title('x')\n", ".streamlit/config.toml": "[server]\nport = 8600\nbaseUrlPath = 'dash/'\n"}, "streamlit run app.py --server.address=0.0.0.0 --server.port=8600 --server.headless=true --browser.gatherUsageStats=false", "", "8600", "/dash/_stcore/health"},
		{"streamlit's configuration without a port", map[string]string{"requirements.txt": "streamlit", "app.py": "import streamlit as st\nst.title('x')\n", ".streamlit/config.toml": "[server]\nport = 'x'\n[theme]\nbase = 'dark'\n"}, "streamlit run app.py --server.address=0.0.0.0 --server.port=8501 --server.headless=true --browser.gatherUsageStats=false", "", "8501", "/_stcore/health"},
		{"channels", django("django\nchannels\n"), "daphne -b 0.0.0.0 -p 8000 shop.asgi:application", "", "8000", ""},
		{"channels and gunicorn", django("django\nchannels\ngunicorn==23.0.0\n"), "daphne -b 0.0.0.0 -p 8000 shop.asgi:application", "", "8000", ""},
		{"channels and a gunicorn that serves them", django("django\nchannels\ngunicorn\n"), "gunicorn --worker-class asgi --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket shop.asgi:application", "", "8000", ""},
		{"channels and uvicorn", django("django\nchannels\ngunicorn\nuvicorn[standard]\n"), "uvicorn shop.asgi:application --host 0.0.0.0 --port 8000", "", "8000", ""},
		{"no channels", django("django\ngunicorn\n"), "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket shop.wsgi:application", "", "8000", ""},
	} {
		app, _, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		text := dockerfile(t, app.App)
		if got := strings.Join(app.Run.Cmd, " "); got != tt.want || len(app.Run.Ports) != 1 || app.Run.Ports[0].String() != tt.port {
			t.Errorf("%s: got %s on %v", tt.name, got, app.Run.Ports)
		}
		if tt.env != "" && !strings.Contains(text, "ENV "+tt.env+"\n") || tt.path != "" && !strings.Contains(text, ":"+tt.port+tt.path+"'") {
			t.Errorf("%s: got %s", tt.name, text)
		}
	}
}

// TestHosts: a list of hosts that has only this machine is said, with the variable that sets it.
func TestHosts(t *testing.T) {
	const manage = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
	for text, want := range map[string]string{
		"[]":                         "name the host",
		"['localhost', '127.0.0.1']": "name the host",
		"['*']":                      "",
		"['shop.example.com']":       "",
		"os.environ.get('HOSTS', 'localhost').split(',')":                   "docker run -e HOSTS=…",
		"os.getenv('DJANGO_ALLOWED_HOSTS', '').split(',')":                  "docker run -e DJANGO_ALLOWED_HOSTS=…",
		"env.list('ALLOWED_HOSTS', default=['localhost'])":                  "docker run -e ALLOWED_HOSTS=…",
		"env.list('ALLOWED_HOSTS', default=['*'])":                          "",
		"[os.environ['HOST_NAME']] if 'HOST_NAME' in os.environ else []":    "docker run -e HOST_NAME=…",
		"[os.environ['HOST_NAME']] if 'HOST_NAME' in os.environ else ['*']": "",
		"os.environ['HOSTS'].split(',')":                                    "", // it is needed, which is said already
		"hosts()":                                                           "",
		"[] if DEBUG else ['*']":                                            "",
		"os.environ.get('EVIL\\nUSER root', '').split(',')":                 "",
		"config('ALLOWED_HOSTS', default='', cast=Csv())":                   "docker run -e ALLOWED_HOSTS=…",
	} {
		_, log, err := decide(t, map[string]string{"requirements.txt": "django\ngunicorn\n", "manage.py": manage, "shop/settings.py": "import os\nWSGI_APPLICATION = 'shop.wsgi.application'\nALLOWED_HOSTS = " + text + "\n", "shop/wsgi.py": "application = 1\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(text, err)
		}
		got := ""
		for _, n := range log.Notes() {
			if strings.HasPrefix(n.Text, "answers only requests to this machine") {
				got = n.Hint
			}
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

// TestOtherHosts: an app that answers 400 to other names than its own is said so, and gets no health check that names this machine.
func TestOtherHosts(t *testing.T) {
	const manage = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
	django := func(hosts string) map[string]string {
		return map[string]string{"requirements.txt": "django\ngunicorn\n", "manage.py": manage, "shop/settings.py": "import os\nWSGI_APPLICATION = 'shop.wsgi.application'\nALLOWED_HOSTS = " + hosts + "\n", "shop/wsgi.py": "application = 1\n"}
	}
	fast := func(add string) map[string]string {
		return map[string]string{"requirements.txt": "fastapi\nuvicorn\n", "app.py": "from fastapi import FastAPI\nfrom starlette.middleware import Middleware\nfrom starlette.middleware.trustedhost import TrustedHostMiddleware\nHOSTS = ['a.example.com']\napp = FastAPI()\n" + add + "\n@app.get('/health')\ndef health():\n  return {}\n"}
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
		probe bool
	}{
		{"one host", django("['shop.example.com']"), "answers only requests to shop.example.com by name: ALLOWED_HOSTS has no other host; name the host", false},
		{"several", django("['a.example.com', 'b.example.com', '.c.example.com', 'd.example.com']"), "answers only requests to a.example.com, b.example.com and .c.example.com and others by name", false},
		{"beside this machine", django("['localhost', 'shop.example.com']"), "answers only requests to shop.example.com by name", false},
		{"a default", django("os.getenv('HOSTS', 'shop.example.com,localhost').split(',')"), "answers only requests to shop.example.com by name: ALLOWED_HOSTS has no other host; docker run -e HOSTS=…", false},
		{"any", django("['*', 'shop.example.com']"), "", false},
		{"more than is read", django("['shop.example.com'] + more()"), "", false},
		{"no name of a host", django("['shop example\\nUSER root']"), "", false},
		{"a middleware", fast("app.add_middleware(TrustedHostMiddleware, allowed_hosts=['a.example.com', '*.a.example.com'])"), "answers only requests to a.example.com and *.a.example.com by name: its list of allowed hosts", false},
		{"by a name", fast("app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)"), "answers only requests to a.example.com by name", false},
		{"with this machine", fast("app.add_middleware(TrustedHostMiddleware, allowed_hosts=['a.example.com', '127.0.0.1'])"), "answers only requests to a.example.com by name", true},
		{"any host", fast("app.add_middleware(TrustedHostMiddleware, allowed_hosts=['*'])"), "", true},
		{"by the environment", fast("import os\napp.add_middleware(TrustedHostMiddleware, allowed_hosts=os.environ['X'].split(','))"), "", true},
		{"another middleware", fast("app.add_middleware(Other, allowed_hosts=['a.example.com'])"), "", true},
		{"litestar", map[string]string{"requirements.txt": "litestar\nuvicorn\n", "app.py": "from litestar import Litestar, get\n@get('/health')\nasync def health() -> str:\n  return 'ok'\napp = Litestar([health], allowed_hosts=['a.example.com'])\n"}, "answers only requests to a.example.com by name", false},
	} {
		p, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var said []string
		for _, n := range log.Notes() {
			if strings.HasPrefix(n.Text, "answers only") {
				said = append(said, n.Text+"; "+n.Hint)
			}
		}
		got := strings.Join(said, "")
		if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" || (p.Run.Probe != nil) != tt.probe {
			t.Errorf("%s: says %q, and has a health check: %t", tt.name, got, p.Run.Probe != nil)
		}
	}
}

// TestWorkerBeside: tasks beside a web app are said once, unless a file of the repository runs their worker.
func TestWorkerBeside(t *testing.T) {
	const tasks = "from celery import Celery\nqueue = Celery('shop', broker='redis://queue')\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"beside a web app", map[string]string{"requirements.txt": "flask\ngunicorn\ncelery\n", "app.py": flask, "shop/__init__.py": "", "shop/tasks.py": tasks}, "celery -A shop.tasks:queue worker --loglevel=INFO"},
		{"beside Django in a folder", map[string]string{
			"requirements.txt": "django\ngunicorn\ncelery\n", "shop/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
			"shop/shop/settings.py": "SECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nWSGI_APPLICATION = 'shop.wsgi.application'\nBROKER = 'redis://queue'\n", "shop/shop/__init__.py": "",
			"shop/shop/wsgi.py":  "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\napplication = get_wsgi_application()\n",
			"shop/shop/tasks.py": "import os\nfrom celery import Celery\napp = Celery('shop')\napp.config_from_object('django.conf:settings')\n",
		}, "celery -A shop.tasks:app worker --loglevel=INFO"},
		{"a Procfile runs it", map[string]string{"requirements.txt": "flask\ngunicorn\ncelery\n", "app.py": flask, "shop/tasks.py": tasks, "Procfile": "web: gunicorn app:app\nworker: celery -A shop.tasks worker\n"}, ""},
		{"alone", map[string]string{"requirements.txt": "celery\n", "tasks.py": tasks}, ""},
		{"configured by a factory", map[string]string{"requirements.txt": "flask\ngunicorn\ncelery\n", "app.py": flask, "shop/tasks.py": "from celery import Celery\nqueue = Celery('shop')\n"}, ""},
		{"no tasks", map[string]string{"requirements.txt": "flask\ngunicorn\ncelery\n", "app.py": flask}, ""},
	} {
		_, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		var hints []string
		for _, n := range log.Notes() {
			if strings.HasPrefix(n.Text, "the tasks of celery") {
				hints = append(hints, n.Hint)
			}
		}
		got := strings.Join(hints, "")
		if !strings.HasSuffix(got, tt.want) || tt.want == "" && got != "" || strings.Count(got, "celery") > 1 {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

// TestSettingsOfProcess: what a Procfile starts has the settings, and what they need, too.
func TestSettingsOfProcess(t *testing.T) {
	for _, command := range []string{"gunicorn shop.wsgi", "gunicorn shop.wsgi:application --log-file -", "bash run.sh"} {
		app, log, err := decide(t, map[string]string{
			"requirements.txt": "django\ngunicorn\n", "Procfile": "web: " + command + "\n", "run.sh": "gunicorn shop.wsgi\n",
			"manage.py":        "import sys\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
			"shop/settings.py": "import os\nINSTALLED_APPS = []\nKEY = os.environ['SHOP_KEY']\n", "shop/wsgi.py": "application = 1\n",
		}, settings.Settings{})
		if err != nil {
			t.Fatal(command, err)
		}
		needs := false
		for _, n := range log.Notes() {
			needs = needs || strings.Contains(n.Text, "SHOP_KEY")
		}
		if text := dockerfile(t, app.App); !needs || strings.Count(text[strings.LastIndex(text, " AS prod"):], "ENV DJANGO_SETTINGS_MODULE=shop.settings\n") != 1 {
			t.Errorf("%s: needs %v, %s", command, needs, text)
		}
	}
}
