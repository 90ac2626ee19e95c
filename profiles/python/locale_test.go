package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestLocales: a locale that the code sets is made where the image can have it.
func TestLocales(t *testing.T) {
	const made = "# locales: the code sets the locale de_DE.UTF-8.\nRUN "
	for _, tt := range []struct {
		name, code string
		runtime    plan.Runtime
		want, err  string
	}{
		{"the code sets it", "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n", "", "RUN localedef -i de_DE -f UTF-8 de_DE.UTF-8\n", ""},
		{"with its package", "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n", plan.Slim, made, ""},
		{"by keyword and a name", "from locale import setlocale, LC_TIME\nGERMAN = 'de_DE.utf8'\ndef f():\n  try:\n    setlocale(LC_TIME, locale=GERMAN)\n  except Exception:\n    pass\n", "", "de_DE.UTF-8\n", ""},
		{"by a variable with a default", "import locale, os\nlocale.setlocale(locale.LC_ALL, os.getenv('APP_LOCALE', 'fr_FR.UTF-8'))\n", "", "localedef -i fr_FR -f UTF-8 fr_FR.UTF-8\n", ""},
		{"that of the user", "import locale\nlocale.setlocale(locale.LC_ALL, '')\n", "", "", ""},
		{"a query", "import locale\nlocale.setlocale(locale.LC_ALL)\n", "", "", ""},
		{"hostile", "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8\\nRUN evil')\n", "", "", ""},
		{"Alpine", "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n", plan.Alpine, "", "its C library has no dates"},
		{"distroless", "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n", plan.Distroless, "", "distroless"},
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n" + tt.code}, settings.Settings{Runtime: tt.runtime})
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got error %v", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if got := dockerfile(t, p.App); !strings.Contains(got, tt.want) || tt.want == "" && strings.Contains(got, "locale") {
			t.Errorf("%s: want %q, got\n%s", tt.name, tt.want, got)
		}
	}
}
