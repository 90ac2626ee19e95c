package python

import (
	"testing"
)

// TestChain: settings that take others in with * write over theirs.
func TestChain(t *testing.T) {
	const base = "DEBUG = True\nINSTALLED_APPS = []\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n"
	for name, tt := range map[string]struct {
		production string
		debug      bool
		engine     string
		files      int
	}{
		"as they are":         {"from .base import *\n", true, "django.db.backends.sqlite3", 1},
		"without debugging":   {"from .base import *\nDEBUG = False\n", false, "django.db.backends.sqlite3", 1},
		"with it":             {"from .base import *\nDEBUG = True\n", true, "django.db.backends.sqlite3", 1},
		"of the environment":  {"from .base import *\nimport os\nDEBUG = os.getenv('DEBUG') == '1'\n", false, "django.db.backends.sqlite3", 1},
		"another database":    {"from .base import *\nDEBUG = False\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n", false, "django.db.backends.postgresql", 0},
		"another, by chance":  {"from .base import *\nif x:\n  DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n", true, "django.db.backends.sqlite3", 1},
		"a part of the entry": {"from .base import *\nDATABASES['default']['NAME'] = '/data/db.sqlite3'\n", true, "django.db.backends.sqlite3", 1},
	} {
		f, err := Detect(scan(t, map[string]string{
			"requirements.txt": "django==5.2.8\n", "x/__init__.py": "", "x/settings/__init__.py": "", "x/settings/base.py": base, "x/settings/production.py": tt.production,
			"manage.py": "import os, django\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings.production')\n",
		}), ".")
		if err != nil {
			t.Fatal(err)
		}
		d := f.Django
		if got := !d.Debug.IsZero(); got != tt.debug {
			t.Errorf("%s: debug is %t", name, got)
		}
		engines := map[string]bool{}
		for _, e := range d.Engines {
			engines[e.Value] = true
		}
		if !engines[tt.engine] || tt.engine == "django.db.backends.postgresql" && len(engines) > 1 {
			t.Errorf("%s: engines %v", name, engines)
		}
		if len(d.Files) != tt.files {
			t.Errorf("%s: files %v", name, d.Files)
		}
	}
}
