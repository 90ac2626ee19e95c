package python

import (
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestAccount: the modules that run find prod's user.
func TestAccount(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		want       bool
	}{
		{"getpass", "import getpass\nwho = getpass.getuser()\n", true},
		{"by its name", "from getpass import getuser\ndef f():\n  return getuser()\n", true},
		{"pwd", "import os, pwd\nhome = pwd.getpwuid(os.getuid()).pw_dir\n", true},
		{"a password", "import getpass\np = getpass.getpass\n", false},
	} {
		p, _, err := decide(t, map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n" + tt.code}, settings.Settings{Runtime: plan.Slim})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(p.Run.Prepare) > 0; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, p.Run.Prepare, tt.want)
		}
	}
}
