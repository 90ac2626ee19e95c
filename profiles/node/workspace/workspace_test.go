package workspace

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// read is the workspace of a repository of these files.
func read(t *testing.T, files map[string]string) App {
	t.Helper()
	return New(nodetest.Facts(t, files))
}

func (a App) unit(t *testing.T, dir string) *Unit {
	t.Helper()
	i := slices.IndexFunc(a.Root.Packages, func(u Unit) bool { return u.Dir == dir })
	if i < 0 {
		t.Fatalf("no member %s", dir)
	}
	return &a.Root.Packages[i]
}

func dirs(units []*Unit) string {
	var out []string
	for _, u := range units {
		out = append(out, u.Dir)
	}
	return strings.Join(out, " ")
}

func TestApp(t *testing.T) {
	a := read(t, map[string]string{
		"package.json":           `{"workspaces": ["apps/*", "libs/*"], "dependencies": {"shared": "1", "x": "1"}, "scripts": {"start": "npm run serve -w api"}}`,
		"apps/api/package.json":  `{"name": "api", "dependencies": {"lib": "*", "x": "2"}, "devDependencies": {"conf": "*"}, "scripts": {"serve": "node a.js"}}`,
		"apps/api/a.js":          "const y = require('undeclared'); app.listen(1)",
		"apps/web/package.json":  `{"name": "web", "dependencies": {"lib": "*"}}`,
		"apps/web/b.js":          "app.listen(2)",
		"libs/lib/package.json":  `{"name": "lib", "main": "dist/index.js", "dependencies": {"base": "*"}}`,
		"libs/lib/c.js":          "app.listen(3)",
		"libs/base/package.json": `{"name": "base", "main": "index.js"}`, "libs/base/index.js": "",
		"libs/conf/package.json": `{"name": "conf"}`, "libs/undeclared/package.json": `{"name": "undeclared"}`,
		// Two that use each other.
		"libs/p/package.json": `{"name": "p", "dependencies": {"q": "*"}}`, "libs/q/package.json": `{"name": "q", "dependencies": {"p": "*"}}`,
	})
	if a.Dir() != "" || a.Own != a.Root || len(a.Running()) != 8 {
		t.Errorf("the root: got %q, %d running", a.Dir(), len(a.Running()))
	}
	for _, c := range []struct {
		dir  string
		prod bool
		want string
	}{
		{"apps/api", false, "libs/conf libs/base libs/lib libs/undeclared apps/api"},
		{"apps/api", true, "libs/base libs/lib libs/undeclared apps/api"},
		{"libs/p", true, "libs/q libs/p"},
		{"libs/conf", false, "libs/conf"},
	} {
		if got := dirs(a.Closure(a.unit(t, c.dir), c.prod)); got != c.want {
			t.Errorf("%s, prod %v: got %s, want %s", c.dir, c.prod, got, c.want)
		}
	}
	for dir, want := range map[string]struct{ built, used bool }{"libs/lib": {true, true}, "libs/base": {false, true}, "libs/conf": {false, true}, "apps/web": {false, false}} {
		if u := a.unit(t, dir); a.IsBuilt(u) != want.built || a.Used(u) != want.used {
			t.Errorf("%s: got built %v, used %v", dir, a.IsBuilt(u), a.Used(u))
		}
	}

	api := a.Of(a.unit(t, "apps/api"), fact.Fact[string]{Value: "npm run serve"})
	if api.Dir() != "apps/api" || a.Member != nil || api.Own.Scripts["start"].Value != "npm run serve" || api.unit(t, "apps/api").Scripts["start"].Value != "" {
		t.Errorf("got %q, %v, %v", api.Dir(), a.Member, api.Own.Scripts)
	}
	if d, _ := api.Own.Dep("x"); d.Range != "2" || !api.Own.Has("shared") {
		t.Errorf("own facts: got %v", api.Own.Deps)
	}
	if got := len(api.Running()); got != 4 {
		t.Errorf("running: got %d members", got)
	}
	if got := strings.Join(ModuleFolders(api.Root.Packages), " "); got != "apps/api/node_modules apps/web/node_modules libs/lib/node_modules libs/p/node_modules libs/q/node_modules" {
		t.Errorf("folders: got %s", got)
	}
	if !api.Has("libs/lib/c.js") || api.Has("c.js") || !api.HasDir("libs") {
		t.Error("files are not found from the root on")
	}
}
