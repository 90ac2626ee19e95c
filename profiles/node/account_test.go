package node

import (
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// TestAccount: what the code that runs asks the system for is there.
func TestAccount(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		account    bool
		home       string // HOME in prod
	}{
		{"the module", "const os = require('os'); os.userInfo()", true, ""},
		{"by its name", "import {userInfo} from 'node:os'\nuserInfo().username", true, ""},
		{"a package", "import {usernameSync} from 'username'\nusernameSync()", true, ""},
		{"a program", "require('child_process').spawn('psql', ['-c', 'select 1'])", true, ""},
		{"another function", "require('os').homedir()", false, ""},
		{"a method of something else", "db.userInfo()", false, ""},
		{"npx keeps what it downloads", "require('child_process').execSync('npx cowsay')", false, "/home/nonroot"},
	} {
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest("username", "start: node a.mjs"), "a.mjs": tt.code}, "runtime=slim")
		if err != nil {
			t.Fatal(err)
		}
		home := ""
		for _, e := range p.Run.Env {
			if e.Name.String() == "HOME" {
				home = e.Value.Raw()
			}
		}
		if got := len(p.Run.Prepare) > 0; got != tt.account || home != tt.home {
			t.Errorf("%s: %v, HOME %q", tt.name, p.Run.Prepare, home)
		}
	}
}
