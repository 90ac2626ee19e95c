package node

import (
	"strings"
	"testing"
)

// TestSeveral: of several apps of a workspace the one that is clearly its app is taken, and said.
func TestSeveral(t *testing.T) {
	for _, tt := range []struct {
		root    string
		members []string // folders
		want    string   // what the note says, or the error
	}{
		{"shop", []string{"apps/api", "apps/docs"}, "apps/api is what the image is for: of 2 apps of this workspace it is the only one that is no documentation, example or test; --set main=apps/docs takes another"},
		{"shop", []string{"apps/api", "apps/api-e2e", "examples/basic"}, "apps/api is what the image is for: of 3"},
		{"shop", []string{"apps/api", "apps/storybook"}, "apps/api is what the image is for"},
		{"@me/shop", []string{"apps/api", "apps/shop"}, "apps/shop is what the image is for: of 2 apps of this workspace it is the one with the project's name; --set main=apps/api"},
		{"x", []string{"apps/api", "apps/web"}, "this workspace has several apps and its root does not say which to start: apps/api, apps/web"},
		{"x", []string{"docs/a", "docs/b"}, "this workspace has several apps"},
	} {
		files := map[string]string{"package.json": `{"name": "` + tt.root + `", "workspaces": ["apps/*", "docs/*", "examples/*"]}`}
		for _, dir := range tt.members {
			files[dir+"/package.json"] = `{"name": "m-` + strings.ReplaceAll(dir, "/", "-") + `", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`
			files[dir+"/a.js"] = "require('express')().listen(3000)"
		}
		p, log, err := decide(t, files)
		said := ""
		if err != nil {
			said = err.Error()
		} else if got := p.Run.Cmd.String(); got != `["a.js"]` {
			t.Errorf("%v: got %s", tt.members, got)
		}
		if log != nil {
			for _, n := range log.Notes() {
				said += n.Text + "; " + n.Hint + "\n"
			}
		}
		if !strings.Contains(said, tt.want) {
			t.Errorf("%v: no %q in %s", tt.members, tt.want, said)
		}
	}
}

// TestSeveralBroken: a start script that no shell can run says nothing of which app of a workspace is meant.
func TestSeveralBroken(t *testing.T) {
	for start, want := range map[string]string{
		`concurrently \"yarn workspace a start\" \"yarn workspace b dev`: "this workspace has several apps and its root does not say which to start: apps/a, apps/b",
		`cd apps/a && npm start`: "",
	} {
		files := map[string]string{"package.json": `{"name": "x", "workspaces": ["apps/*"], "scripts": {"start": "` + start + `"}}`}
		for _, name := range []string{"a", "b"} {
			files["apps/"+name+"/package.json"] = `{"name": "` + name + `", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`
			files["apps/"+name+"/a.js"] = "require('express')().listen(3000)"
		}
		_, _, err := decide(t, files)
		if got := ""; err != nil {
			if got = err.Error(); !strings.Contains(got, want) || want == "" {
				t.Errorf("%s: got %s, want %s", start, got, want)
			}
		} else if want != "" {
			t.Errorf("%s: no error, want %s", start, want)
		}
	}
}
