package aside

import (
	"path"
	"slices"
	"strings"
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

func TestUnread(t *testing.T) {
	for _, tt := range []struct {
		files, folders []string
		want           string
	}{
		{[]string{"Makefile.c", "Makefile.txt"}, nil, ""},
		{[]string{"Cargo.toml", "Makefile", "main.c"}, nil, "Cargo.toml: Rust"},
		{[]string{"Gemfile", "config.ru"}, []string{"app"}, "Gemfile: Ruby"},
		{[]string{"Gemfile", "_config.yml"}, nil, "_config.yml: Jekyll"},
		{[]string{"_config.yml", "index.md"}, nil, ""},
		{[]string{"config.toml"}, []string{"content", "themes"}, "config.toml: Hugo"},
		{[]string{"config.toml"}, []string{"content"}, ""},
		{[]string{"Makefile", "main.c"}, nil, "Makefile: C or C++"},
		{[]string{"Makefile", "main.go"}, nil, ""},
		{[]string{"DESCRIPTION"}, []string{"R"}, "DESCRIPTION: R"},
		{[]string{"DESCRIPTION"}, nil, ""},
		{[]string{"go.mod", "package.json"}, nil, ""},
		{[]string{"App.fsproj", "App.sln"}, nil, "App.sln: .NET"},
	} {
		got, of := Unread(tt.files, tt.folders, true)
		if got != "" {
			got += ": " + of
		}
		if got != tt.want {
			t.Errorf("%v, %v: got %q, want %q", tt.files, tt.folders, got, tt.want)
		}
	}
	for name, want := range map[string]string{"Cargo.toml": "Rust", "Shop.csproj": ".NET", "mkdocs.yml": ""} {
		if _, of := Unread([]string{name}, nil, false); of != want {
			t.Errorf("%s below: got %q, want %q", name, of, want)
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
		{"python", ".github/workflows/scripts/bump_version.py", nil, Tools},
		{"python", "tools/main.py", nil, ""},
		{"python", "scripts/run.py", nil, ""},
		{"python", "tests/test_app.py", nil, Tests},
		{"python", "app/test_app.py", nil, Tests},
		{"python", "app/testing.py", nil, ""},
		{"python", "app/migrations/0001.py", nil, Migrations},
		{"node", "scripts/server.js", nil, Tools},
		{"node", "dev-reverse-proxy/server.js", nil, Tools},
		{"node", "dev-portal/server.js", nil, ""},
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

func TestOfOthers(t *testing.T) {
	for file, want := range map[string]bool{
		"testdata/a/README.md": true, "pkg/fixtures/k8s/a.yaml": true, "web/node_modules/x/Dockerfile": true,
		"testdata": false, "deploy/testdata.yaml": false, "test/compose.yaml": false, "README.md": false,
	} {
		if got := OfOthers(file); got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
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
	for _, m := range load().Manifests {
		if (m.Language == "") == (m.Of == "") || m.Language == "" && m.Source == "" || m.Tells != "" && m.Tells != tellsFolder && m.Tells != tellsAlone {
			t.Errorf("%+v: has no language, or no name and source of a stack that is not read", m)
		}
		if m.Tells == "" && strings.Contains(m.File, "*") {
			t.Errorf("%s is no name of a file", m.File)
		}
		for _, name := range append(m.Beside, m.File) {
			if strings.Contains(strings.TrimSuffix(strings.TrimPrefix(name, "*"), "*"), "*") {
				t.Errorf("%s has a * in the middle", name)
			}
		}
	}
}
