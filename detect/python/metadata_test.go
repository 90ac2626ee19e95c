package python

import (
	"strings"
	"testing"
)

// TestIntrospects: what reads the metadata of its own project is found, and what reads another's is not.
func TestIntrospects(t *testing.T) {
	for text, want := range map[string]bool{
		"from importlib.metadata import version\n__version__ = version('my-app')":                true,
		"from importlib.metadata import version\n__version__ = version('My.App')":                true,
		"import importlib.metadata\nv = importlib.metadata.version(__package__)":                 true,
		"from importlib import metadata\nv = metadata.version(__name__)":                         true,
		"import importlib_metadata as m\nv = m.metadata('my_app')['Version']":                    true,
		"import pkg_resources\nv = pkg_resources.get_distribution('my-app').version":             true,
		"from importlib.metadata import entry_points\nfor e in entry_points(group='my.plug'): e": true,
		"from importlib.metadata import entry_points\nfor e in entry_points()['my.plug']: e":     true,
		"from importlib.metadata import entry_points\nfor e in entry_points(group='other'): e":   false,
		"from importlib.metadata import version\nv = version('flask')":                           false,
		"from importlib.metadata import PackageNotFoundError\nversion('my-app')":                 false,
		"def version(x): pass\nversion('my-app')":                                                false,
	} {
		f, err := Detect(scan(t, map[string]string{"app.py": text + "\n", "requirements.txt": ""}), ".")
		if err != nil {
			t.Fatal(err)
		}
		at := f.Modules[0].Introspects("my-app", []string{"my.plug"})
		if got := !at.IsZero(); got != want || want && at.Line != strings.Count(text, "\n")+1 {
			t.Errorf("%s: got %v at %s", text, got, at)
		}
	}
}

// TestGunicorn: where a configuration of gunicorn binds, and what else it sets.
func TestGunicorn(t *testing.T) {
	for text, want := range map[string]string{
		"bind = '0.0.0.0:9001'":                " 9001  ",
		"bind = ':9001'":                       " 9001  ",
		"bind = ['[::]:9001', '0.0.0.0:9002']": " 9001  ",
		"bind = '127.0.0.1:9001'":              "127.0.0.1 9001  ",
		"import os\nbind = f\"0.0.0.0:{os.environ.get('PORT', 7000)}\"": " 7000 PORT ",
		"import os\nbind = '0.0.0.0:' + os.getenv('PORT', '7000')":      " 7000 PORT ",
		"import os\nbind = os.getenv('BIND', '0.0.0.0:7000')":           " 7000 BIND BIND",
		"bind = 'unix:/run/app.sock'":                                   "   ",
		"bind = 'unix:/run/app:80'":                                     "   ",
		"bind = '0.0.0.0'":                                              "   ",
		"bind = make()":                                                 "   ",
		"workers = 3":                                                   "   ",
	} {
		f, err := Detect(scan(t, map[string]string{"requirements.txt": "", "gunicorn.conf.py": text + "\nworker_class = 'gevent'\naccesslog = None\n"}), ".")
		if err != nil || len(f.Gunicorns) != 1 {
			t.Fatal(f, err)
		}
		g := f.Gunicorn("gunicorn.conf.py")
		a := g.Bind.Addr
		if got := strings.Join([]string{a.Host.Text, a.Port.Text, a.Port.Env, a.Host.Env}, " "); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		if list := strings.Join(g.Sets, " "); !strings.Contains(list, "worker_class") || strings.Contains(list, "accesslog") {
			t.Errorf("%s: got settings %s", text, list)
		}
	}
}
