package python

import (
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

// TestOwnRelease: the Python on which the repository's own image runs comes after a pin, and before a range.
func TestOwnRelease(t *testing.T) {
	for _, tt := range []struct{ name, file, text, own, want string }{
		{"it alone", "x", "", "FROM python:3.12-slim-bookworm\n", "3.12"},
		{"of a patch, by a registry", "x", "", "FROM docker.io/library/python:3.12.4-alpine3.20@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", "3.12"},
		{"by an argument and a stage", "x", "", "ARG V=3.12\nFROM python:${V} AS base\nFROM python:3.11 AS build\nFROM base\n", "3.12"},
		{"a pin", ".python-version", "3.11\n", "FROM python:3.12\n", "3.11"},
		{"within a range", "pyproject.toml", "[project]\nname='x'\nrequires-python='>=3.10'\ndependencies=['flask', 'gunicorn']\n", "FROM python:3.12\n", "3.12"},
		{"outside of a range", "pyproject.toml", "[project]\nname='x'\nrequires-python='>=3.13'\ndependencies=['flask', 'gunicorn']\n", "FROM python:3.12\n", "3.13"},
		{"out of support", "x", "", "FROM python:3.7\n", "3.13"},
		{"none that it tells", "x", "", "FROM python:3\n", "3.13"},
		{"of another kind", "x", "", "FROM acme/python-base:3.12\n", "3.13"},
	} {
		files := map[string]string{"app.py": flask, tt.file: tt.text, "Dockerfile": tt.own + "COPY . .\nCMD [\"python\", \"app.py\"]\n"}
		if tt.file != "pyproject.toml" {
			files["requirements.txt"] = "flask\ngunicorn\n"
		}
		app, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if text := dockerfile(t, app.App); !strings.Contains(text, "FROM python:"+tt.want+"-slim-trixie AS base") {
			t.Errorf("%s: got %s", tt.name, text[:120])
		}
	}
}

// TestGunicornConfiguration: what gunicorn.conf.py says counts, unless gunicorn would not be reached by it.
func TestGunicornConfiguration(t *testing.T) {
	const rest = "--worker-tmp-dir /dev/shm --access-logfile - "
	for _, tt := range []struct{ name, conf, proc, set, want, port string }{
		{"a port", "bind = '0.0.0.0:9001'", "", "", "gunicorn " + rest + "app:app", "9001"},
		{"a worker's kind and a log", "bind = '0.0.0.0:9001'\nworker_class = 'gthread'\naccesslog = '/dev/null'\nworker_tmp_dir = '/tmp'", "", "", "gunicorn app:app", "9001"},
		{"the loopback", "bind = '127.0.0.1:9001'", "", "", "gunicorn --bind 0.0.0.0:9001 " + rest + "app:app", "9001"},
		{"a socket", "bind = 'unix:/run/x.sock'", "", "", "gunicorn --bind 0.0.0.0:8000 " + rest + "app:app", "8000"},
		{"a port that is asked for", "bind = '0.0.0.0:9001'", "", "port=7000", "gunicorn --bind 0.0.0.0:7000 " + rest + "app:app", "7000"},
		{"a Procfile", "bind = '0.0.0.0:9001'", "web: gunicorn app:app", "", "gunicorn " + rest + "app:app", "9001"},
		{"a Procfile with a port", "bind = '0.0.0.0:9001'", "web: gunicorn -b :9002 app:app", "", "gunicorn --bind 0.0.0.0:9002 " + rest + "app:app", "9002"},
		{"another file", "bind = '0.0.0.0:9001'", "web: gunicorn -c deploy/gunicorn.py app:app", "", "gunicorn --worker-tmp-dir /dev/shm --access-logfile - -c deploy/gunicorn.py app:app", "9003"},
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
