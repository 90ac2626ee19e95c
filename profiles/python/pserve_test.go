package python

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestPserve: a project of Pyramid is installed, and starts with the settings that are for production where these are reached from outside.
func TestPserve(t *testing.T) {
	const (
		setup  = "from setuptools import setup\nsetup(name='shop-web', version='0', packages=['shop_web'], install_requires=['pyramid', 'waitress'], entry_points={'paste.app_factory': ['main = shop_web:main']})\n"
		code   = "from pyramid.config import Configurator\ndef main(global_config, **settings):\n  with Configurator(settings=settings) as config:\n    config.scan()\n  return config.make_wsgi_app()\n"
		app    = "[app:main]\nuse = egg:shop-web\n"
		server = "[server:main]\nuse = egg:waitress#main\n"
		runner = "python -c from pyramid.paster import get_app, setup_logging; from waitress import serve; setup_logging('production.ini'); serve(get_app('production.ini'), host='0.0.0.0', port="
	)
	for _, tt := range []struct {
		name     string
		files    map[string]string
		port     int
		want, on string
	}{
		{name: "listen", files: map[string]string{"production.ini": app + server + "listen = *:6543\n"}, want: "pserve production.ini", on: "6543"},
		{name: "two addresses", files: map[string]string{"production.ini": app + server + "listen = 0.0.0.0:6543 [::]:6543\n"}, want: "pserve production.ini", on: "6543"},
		{name: "host and port", files: map[string]string{"production.ini": app + server + "host = 0.0.0.0\nport = 9000\n"}, want: "pserve production.ini", on: "9000"},
		{name: "a reference", files: map[string]string{"production.ini": "[DEFAULT]\nweb = 9100\n" + app + server + "listen = *:%(web)s\n"}, want: "pserve production.ini", on: "9100"},
		{name: "an argument", files: map[string]string{"production.ini": app + server + "host = 0.0.0.0\nport = %(http_port)s\n"}, want: "pserve production.ini http_port=6543", on: "6543"},
		{name: "this machine alone", files: map[string]string{"production.ini": app + server + "listen = localhost:6543\n"}, want: runner + "6543)", on: "6543"},
		{name: "gunicorn", files: map[string]string{"production.ini": app + "[server:main]\nuse = egg:gunicorn#main\nhost = 0.0.0.0\nport = 8001\n"}, want: "pserve production.ini", on: "8001"},
		{name: "another port is asked for", files: map[string]string{"production.ini": app + server + "listen = *:6543\n"}, port: 7000, want: runner + "7000)", on: "7000"},
		{name: "development's beside it", files: map[string]string{"production.ini": app + server + "listen = *:6543\n", "development.ini": app + server + "listen = localhost:6544\n"}, want: "pserve production.ini", on: "6543"},
		{name: "another name", files: map[string]string{"conf/shop.ini": app + server + "listen = *:6543\n", "development.ini": app + server + "listen = localhost:6544\n"}, want: "pserve conf/shop.ini", on: "6543"},
		{name: "what the Procfile names", files: map[string]string{"production.ini": app + server + "listen = *:1\n", "heroku.ini": app + server + "listen = *:6545\n", "Procfile": "web: pserve heroku.ini\n"}, want: "pserve heroku.ini", on: "6545"},
		{name: "what the Procfile names, for this machine alone", files: map[string]string{"heroku.ini": app + server + "listen = localhost:6545\n", "Procfile": "web: pserve heroku.ini\n"}, want: strings.ReplaceAll(runner, "production.ini", "heroku.ini") + "6545)", on: "6545"},
		{name: "what the Procfile names, with an argument", files: map[string]string{"heroku.ini": app + server + "host = 0.0.0.0\nport = %(http_port)s\n", "Procfile": "web: pserve heroku.ini\n"}, want: "pserve heroku.ini http_port=6543", on: "6543"},
		{name: "a hostile port", files: map[string]string{"production.ini": app + server + "listen = *:$(id)\n"}, want: runner + "6543)", on: "6543"},
	} {
		files := map[string]string{"setup.py": setup, "shop_web/__init__.py": code}
		maps.Copy(files, tt.files)
		p, log, err := decide(t, files, settings.Settings{Port: tt.port})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := strings.Join(p.Run.Cmd, " "); got != tt.want || len(p.Run.Ports) != 1 || p.Run.Ports[0].String() != tt.on {
			t.Errorf("%s: got %s on %v, want %s on %s", tt.name, got, p.Run.Ports, tt.want, tt.on)
		}
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "cannot check") {
				t.Errorf("%s: says %s", tt.name, n.Text)
			}
		}
		installs := false
		for _, s := range p.build.Steps {
			for _, c := range s.Run {
				installs = installs || strings.HasSuffix(c.String(), " install .")
			}
		}
		if !installs {
			t.Errorf("%s: the project is not installed: %v", tt.name, p.build.Steps)
		}
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"an entry point of nothing that installs": {map[string]string{"requirements.txt": "pyramid\n", "production.ini": app + server, "shop_web/__init__.py": code}, "production.ini:2: finds the application by an entry point"},
		"Reflex": {map[string]string{"requirements.txt": "reflex\n", "rxconfig.py": "import reflex as rx\nconfig = rx.Config(app_name='app')\n", "app/app.py": "import reflex as rx\napp = rx.App()\n"}, "rxconfig.py:1: makes it an app of Reflex"},
	} {
		if _, _, err := decide(t, tt.files, settings.Settings{}); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}
