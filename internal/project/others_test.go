package project_test

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dockgen/dockgen/internal/project"
)

// TestHideOthers: of the apps that share a context with one, its build sees what it uses, and the manifests that an install reads.
func TestHideOthers(t *testing.T) {
	const (
		workspace = "-- package.json --\n{\"name\": \"shop\", \"private\": true, \"workspaces\": [\"apps/*\"]}\n"
		server    = "require(\"http\").createServer((q, s) => s.end(\"hi\")).listen(3000)\n"
		api       = "-- apps/api/package.json --\n{\"name\": \"api\", \"scripts\": {\"start\": \"node index.js\"}}\n-- apps/api/index.js --\n" + server
		web       = "-- apps/web/package.json --\n{\"name\": \"web\", \"scripts\": {\"start\": \"node index.js\"}}\n-- apps/web/index.js --\n" + server
		mod       = "-- go.mod --\nmodule example.com/shop\n\ngo 1.26\n"
		listen    = "\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
		goAPI     = "-- cmd/api/main.go --\npackage main\n\nimport \"net/http\"\n" + listen
	)
	tests := map[string]struct {
		app, files, want string // want: the patterns of the group, "" for none
	}{
		"node":                   {"apps/api", workspace + api + web, "apps/web"},
		"Bun":                    {"apps/api", workspace + api + web + "-- bun.lock --\n{\"lockfileVersion\": 1, \"workspaces\": {}}\n", "apps/web"},
		"Bun without a lockfile": {"apps/api", strings.Replace(workspace, `"name"`, `"packageManager": "bun@1.4.5", "name"`, 1) + api + web, "apps/web !apps/*/package.json"},
		"of three":               {"apps/api", workspace + api + web + strings.ReplaceAll(web, "web", "job"), "apps/* !apps/api"},
		"beside what is none":    {"apps/api", workspace + api + web + strings.ReplaceAll(web, "web", "job") + "-- apps/tsconfig.json --\n{}\n", "apps/job apps/web"},
		"a dependency":           {"apps/api", workspace + strings.Replace(api, `{"name": "api",`, `{"name": "api", "dependencies": {"web": "*"},`, 1) + web + strings.ReplaceAll(web, "web", "job"), "apps/job"},
		"a relative import":      {"apps/api", workspace + strings.Replace(api, "require", `require("../web/index.js"); require`, 1) + web, ""},
		"a type":                 {"apps/api", workspace + api + "-- apps/api/t.ts --\nimport type { X } from \"../web/index\"\n" + web, ""},
		"a tool's settings":      {"apps/api", workspace + api + "-- apps/api/tsconfig.json --\n{\"references\": [{\"path\": \"../web\"}]}\n" + web, ""},
		"prose":                  {"apps/api", workspace + api + "-- apps/api/README.md --\nbeside ../web\n" + web, "apps/web"},
		"the root builds all":    {"apps/api", strings.Replace(workspace, `"name"`, `"scripts": {"build": "node build.js"}, "name"`, 1) + api + web, ""},
		"the root builds each": {
			"apps/api", strings.Replace(workspace, `"name"`, `"scripts": {"build": "npm run build --workspaces"}, "name"`, 1) +
				strings.Replace(api, `"scripts": {`, `"scripts": {"build": "tsc", `, 1) + web, "apps/web",
		},
		"the root tests all": {"apps/api", strings.Replace(workspace, `"name"`, `"scripts": {"test": "vitest run"}, "name"`, 1) + api + web + "-- a.test.js --\n", ""},
		"go":                 {"cmd/api", mod + goAPI + strings.ReplaceAll(goAPI, "api", "web"), "cmd/web"},
		"a package of another": {
			"cmd/api", mod + strings.Replace(goAPI, `"net/http"`, "(\n\t\"net/http\"\n\n\t_ \"example.com/shop/cmd/web/client\"\n)", 1) +
				strings.ReplaceAll(goAPI, "api", "web") + "-- cmd/web/client/c.go --\npackage client\n", "",
		},
		"a name with signs": {"apps/api", workspace + api + strings.ReplaceAll(web, "apps/web", "apps/w*b"), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range txtar.Parse([]byte(tt.files)).Files {
				write(t, dir, f.Name, string(f.Data))
			}
			c, err := openFolder(t, dir).Init(t.Context(), project.Request{App: tt.app}, false)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for _, e := range c.Edits {
				if head, rest, ok := strings.Cut(string(e.New), "\n"); ok && strings.HasPrefix(head, "# The other apps") {
					group, _, _ := strings.Cut(rest, "\n\n")
					got = strings.ReplaceAll(group, "\n", " ")
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
