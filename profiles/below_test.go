package profiles

import (
	"slices"
	"strings"
	"testing"
)

// TestFolders: which folders have an app, where the root has none of its own.
func TestFolders(t *testing.T) {
	const (
		server = "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
		page   = "<!doctype html>\n<html><body></body></html>\n"
		start  = `{"scripts": {"start": "node index.js"}}`
	)
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"side by side":                       {map[string]string{"backend/go.mod": "module x\n", "backend/main.go": server, "frontend/package.json": start}, ". backend frontend"},
		"in a folder of services":            {map[string]string{"services/a/requirements.txt": "flask\n", "services/b/package.json": start}, "services/a services/b"},
		"a lone one":                         {map[string]string{"src/api/package.json": start}, "src/api"},
		"a lone module of Go":                {map[string]string{"server/go.mod": "module x\n", "server/main.go": server}, "."},
		"an app in the root":                 {map[string]string{"package.json": start, "worker/requirements.txt": "celery\n", "web/package.json": start}, "."},
		"a script in the root":               {map[string]string{"seed.py": "print(1)\n", "api/requirements.txt": "flask\n", "web/package.json": start}, "api web"},
		"a script in the root, and one more": {map[string]string{"main.py": "print(1)\n", "web/package.json": start}, "."},
		"below an app":                       {map[string]string{"a/package.json": start, "a/b/package.json": start, "c/pom.xml": "<project/>"}, "a c"},
		"examples, tests and docs":           {map[string]string{"a/package.json": start, "examples/b/package.json": start, "test/go.mod": "module x\n", "docs/package.json": start, "a/fixtures/x/package.json": start}, "a"},
		"of tools":                           {map[string]string{"a/package.json": start, ".github/scripts/package.json": start, "a/.yarn/x/package.json": start, "b/.devcontainer/package.json": start}, "a"},
		"below the root of another stack":    {map[string]string{"Cargo.toml": "", "a/package.json": start, "b/package.json": start}, ""},
		"below the root of Ant":              {map[string]string{"build.xml": "<project/>", "src/main/js/package.json": start}, ""},
		"of other stacks":                    {map[string]string{"a/package.json": start, "b/Cargo.toml": "", "c/composer.json": "{}"}, "a"},
		"too deep":                           {map[string]string{"a/b/c/d/e/package.json": start, "f/package.json": start}, "f"},
		"one that cannot be read":            {map[string]string{"a/package.json": "{", "b/package.json": start}, "a b"},
		"modules that need one another":      {map[string]string{"a/go.mod": "module a\nrequire b v0.0.0\nreplace b => ../b\n", "a/main.go": server, "b/go.mod": "module b\n", "b/b.go": "package b\n", "c/package.json": start}, ". c"},
		"a site beside":                      {map[string]string{"backend/requirements.txt": "flask\n", "frontend/index.html": page, "frontend/a.js": ""}, "backend frontend"},
		"a site beside a module of Go":       {map[string]string{"server/go.mod": "module x\n", "server/main.go": server, "web/public/index.html": page, "web/README.md": ""}, ". server web"},
		"a site two folders down":            {map[string]string{"apps/api/package.json": start, "apps/client/index.html": page}, "apps/api apps/client"},
		"a site by its image":                {map[string]string{"api/package.json": start, "pages/index.html": page, "pages/Dockerfile": "FROM nginx\nCOPY . /usr/share/nginx/html\n"}, "api pages"},
		"pages of no name":                   {map[string]string{"api/package.json": start, "pages/index.html": page, "reports/web2/index.html": page, "emails/index.html": page, "templates/index.html": page, "htmlcov/index.html": page}, "api"},
		"pages of docs, samples and tests":   {map[string]string{"api/package.json": start, "docs/index.html": page, "docs/site/index.html": page, "examples/web/index.html": page, "tests/frontend/index.html": page, "testdata/ui/index.html": page, "coverage/site/index.html": page, "templates/web/index.html": page, ".github/web/index.html": page}, "api"},
		"pages within an app":                {map[string]string{"api/package.json": start, "api/web/index.html": page}, "api"},
		"templates":                          {map[string]string{"api/package.json": start, "web/index.html": "<!doctype html><html>{{ .Title }}</html>", "ui/index.html": "<!doctype html><html>{% block a %}</html>"}, "api"},
		"pages that something builds":        {map[string]string{"api/package.json": start, "web/index.html": "<!doctype html><html><script src=/src/main.ts></script></html>", "web/src/main.ts": ""}, "api"},
		"pages of another stack":             {map[string]string{"api/package.json": start, "web/index.html": page, "web/index.php": ""}, "api"},
		"pages and no server":                {map[string]string{"frontend/index.html": page, "notes.txt": ""}, ""},
		"pages beside code of the root":      {map[string]string{"main.py": "print(1)\n", "api/requirements.txt": "flask\n", "web/index.html": page}, "."},
	} {
		if got := strings.Join(scan(t, tt.files).Folders(), " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// TestFoldersBound: a repository of many folders is looked at in part, the least deep ones first.
func TestFoldersBound(t *testing.T) {
	files := map[string]string{"z/package.json": "{}"}
	for i := range 1000 {
		files["a/"+strings.Repeat("x", i%50+1)+string(rune('a'+i/50))+"/package.json"] = "{}"
	}
	got := scan(t, files).Folders()
	if len(got) != 500 || !slices.Contains(got, "z") {
		t.Errorf("got %d folders", len(got))
	}
}

// TestDecideDir decides each app with what the root says of it.
func TestDecideDir(t *testing.T) {
	repo := scan(t, map[string]string{
		"api/requirements.txt": "flask\ngunicorn\n", "api/app.py": "from flask import Flask\napp = Flask(__name__)\n",
		"web/package.json": `{"scripts": {"start": "node index.js"}}`, "web/index.js": "require('http').createServer().listen(process.env.PORT)\n",
		"compose.yaml": "services:\n  api: {build: api, ports: [\"9000:9000\"]}\n  web: {build: ./web, ports: [\"80:7070\"], environment: {PORT: 7070}}\n",
	})
	for dir, port := range map[string]uint16{"api": 9000, "web": 7070} {
		p, err := Decide(repo, Request{Name: "shop", Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		app := p.Apps[0]
		if app.Dir != dir || app.Folder() != dir || len(app.Run.Ports) != 1 || uint16(app.Run.Ports[0]) != port {
			t.Errorf("%s: got %s, ports %v", dir, app.Folder(), app.Run.Ports)
		}
	}
}
