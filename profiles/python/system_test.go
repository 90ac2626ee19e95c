package python

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestPackagedPrograms: a program that a dependency of another name brings needs no package of the system.
func TestPackagedPrograms(t *testing.T) {
	for requirements, want := range map[string]bool{"flask-babel\nflask\n": false, "Babel==2.17.0\nflask\n": false, "flask\n": true} {
		_, log, err := decide(t, map[string]string{"requirements.txt": requirements, "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\nos.system('pybabel compile -d x')\n"}, settings.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if said := slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, "starts pybabel") }); said != want {
			t.Errorf("%q: said: %v", requirements, said)
		}
	}
}
