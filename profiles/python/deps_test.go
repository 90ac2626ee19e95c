package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// A requirements file that leaves a version open is not a lock, and that is said once.
func TestUnpinned(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the place of the note, "" for none
	}{
		"bare":                {map[string]string{"requirements.txt": "flask\ngunicorn\n"}, "requirements.txt:1"},
		"a lower bound":       {map[string]string{"requirements.txt": "gunicorn==23.0.0\nflask>=3\n"}, "requirements.txt:2"},
		"a pattern":           {map[string]string{"requirements.txt": "flask==3.*\n"}, "requirements.txt:1"},
		"compatible":          {map[string]string{"requirements.txt": "flask~=3.0\n"}, "requirements.txt:1"},
		"included":            {map[string]string{"requirements.txt": "-r base.txt\n", "base.txt": "flask\n"}, "base.txt:1"},
		"pinned":              {map[string]string{"requirements.txt": "Flask==3.1.0\n"}, ""},
		"constrained":         {map[string]string{"requirements.txt": "-c c.txt\nFlask\n", "c.txt": "flask==3.1.0\n"}, ""},
		"constrained loosely": {map[string]string{"requirements.txt": "-c c.txt\nflask\n", "c.txt": "flask>=3\n"}, "requirements.txt:2"},
		"for Windows":         {map[string]string{"requirements.txt": "flask==3.1.0\npywin32; sys_platform == 'win32'\n"}, ""},
		"a local package":     {map[string]string{"requirements.txt": "flask==3.1.0\n./lib\n", "lib/setup.py": "from setuptools import setup\nsetup(name='lib')\n"}, ""},
	} {
		c.files["app.py"] = "from flask import Flask\napp = Flask(__name__)\n"
		_, log, err := decideIn(t, ".", c.files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "no exact version") {
				got = append(got, n.Pos.String())
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
