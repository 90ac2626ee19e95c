package aside

import (
	"path"
	"slices"
	"testing"
)

func TestRows(t *testing.T) {
	rows := load() // panics if they cannot be read
	seen := map[[2]string]bool{}
	for _, r := range rows.Rows {
		if r.Role == "" || r.Why == "" || len(r.Folders)+len(r.Files) == 0 {
			t.Errorf("%+v: has no role, reason or names", r)
		}
		for _, name := range slices.Concat(r.Folders, r.Files) {
			if seen[[2]string{r.Language, name}] || seen[[2]string{"", name}] {
				t.Errorf("%s is in the list twice for %q", name, r.Language)
			}
			seen[[2]string{r.Language, name}] = true
			if _, err := path.Match(name, ""); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestFile(t *testing.T) {
	for _, tt := range []struct {
		language, file string
		started        []string
		want           Role
	}{
		{"go", "cmd/server/main.go", nil, ""},
		{"go", "tools/gen/main.go", nil, Tools},
		{"go", "a/examples/tools/main.go", nil, Examples},
		{"python", "tools/main.py", nil, ""},
		{"python", "scripts/run.py", nil, ""},
		{"python", "tests/test_app.py", nil, Tests},
		{"python", "app/test_app.py", nil, Tests},
		{"python", "app/testing.py", nil, ""},
		{"python", "app/migrations/0001.py", nil, Migrations},
		{"node", "scripts/server.js", nil, Tools},
		{"node", "scripts/server.js", []string{"scripts/server.js"}, ""},
		{"node", "scripts/lib/db.js", []string{"scripts/server.js"}, ""},
		{"node", "scripts/test/db.js", []string{"scripts/server.js"}, Tests},
		{"node", "scripts2/lib.js", []string{"scripts/server.js"}, ""},
		{"node", "docs/lib.js", []string{"scripts/server.js"}, Docs},
		{"node", "test/a.js", []string{"server.js"}, Tests},
		{"node", "docs/server.js", []string{"a.js", "docs/server.js"}, ""},
		{"node", "src/app.spec.ts", nil, Tests},
		{"node", "src/app.d.ts", nil, Types},
		{"node", "vite.config.ts", nil, Tools},
		{"node", "vite.config.ts", []string{"vite.config.ts"}, ""},
		{"node", "src/config.ts", nil, ""},
		{"node", "libs/ui/.storybook/preview.js", nil, Tests},
		{"node", "jest.preset.js", nil, Tests},
		{"node", "src/preset.js", nil, ""},
		{"node", "public/app.js", nil, Assets},
		{"java", "docs/A.java", nil, Docs},
		{"java", "public/A.java", nil, ""},
	} {
		got := Role("")
		if r := File(tt.language, tt.file, tt.started...); r != nil {
			got = r.Role
		}
		if got != tt.want {
			t.Errorf("%s: %s started from %v: got %q, want %q", tt.language, tt.file, tt.started, got, tt.want)
		}
	}
}

func TestImage(t *testing.T) {
	for name, want := range map[string]bool{
		"Dockerfile": false, "Dockerfile.prod": false, "docker/Dockerfile": false, "Dockerfile.dev": true, "ci/Dockerfile": true,
		"docker/Test_app.Dockerfile": true, "devices/Dockerfile": false, "Dockerfile.DEBUG": true,
	} {
		if got := Image(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestManifests(t *testing.T) {
	for _, tt := range []struct {
		list []string
		name string
		want bool
	}{
		{Foreign(), "Cargo.toml", true},
		{Foreign(), "go.mod", false},
		{Manifests(""), "go.mod", true},
		{Manifests("go"), "go.mod", false},
		{Manifests("go"), "pom.xml", true},
		{Manifests("go"), "Cargo.toml", false},
	} {
		if slices.Contains(tt.list, tt.name) != tt.want {
			t.Errorf("%s in %v: got %v", tt.name, tt.list, !tt.want)
		}
	}
}
