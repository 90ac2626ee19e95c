package python

import (
	"slices"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
)

// TestSecretKey: a secret that the settings make up themselves is not asked for.
func TestSecretKey(t *testing.T) {
	for key, required := range map[string]bool{
		"os.environ['KEY']":                                  true,
		"os.environ.get('KEY')":                              true,
		"os.environ.get('KEY', None)":                        true,
		"os.environ.get('KEY', '')":                          true,
		"os.environ.get('KEY', 'dev')":                       false,
		"os.environ.get('KEY', default=secrets.token_hex())": false,
		"os.getenv('KEY', get_random_secret_key())":          false,
		"os.getenv('KEY') or get_random_secret_key()":        false,
		"os.getenv('KEY') or None":                           true,
	} {
		f, err := Detect(scan(t, map[string]string{
			"requirements.txt": "django==5.2.8\n", "x/__init__.py": "", "x/settings.py": "import os, secrets\nSECRET_KEY = " + key + "\nINSTALLED_APPS = []\n",
			"manage.py": "import os, django\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings')\n",
		}), ".")
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(f.Django.Required, func(e effect.Env) bool { return e.Name == "KEY" }); got != required {
			t.Errorf("%s: required is %t", key, got)
		}
	}
}

// TestRequiredLike: what a variable that the settings insist on must look like, the line says that takes it apart.
func TestRequiredLike(t *testing.T) {
	f, err := Detect(scan(t, map[string]string{
		"requirements.txt": "django==5.2.8\n", "x/__init__.py": "", "x/settings.py": "import os, dj_database_url\nINSTALLED_APPS = []\nif os.getenv('DATABASE_URL') is None:\n  raise Exception('none')\nDATABASES = {'default': dj_database_url.parse(os.environ.get('DATABASE_URL'))}\n",
		"manage.py": "import os, django\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings')\n",
	}), ".")
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Django.Required; len(got) != 1 || got[0].Name != "DATABASE_URL" || got[0].Like != "sqlite://:memory:" {
		t.Errorf("got %+v", got)
	}
}

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
