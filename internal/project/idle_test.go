package project

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stock has what the folders of tests are made of.
type stock struct {
	goServer, nodeServer, nodeLibrary, nodeTools, nodePrefixed, viteSite, flaskApp, pythonTools map[string]string
}

func stocked() stock {
	return stock{
		goServer:     map[string]string{"go.mod": "module example.com/x\n\ngo 1.26\n", "main.go": "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"},
		nodeServer:   map[string]string{"package.json": `{"name": "x", "scripts": {"start": "node index.js"}}`, "index.js": "require('http').createServer().listen(3000)"},
		nodeLibrary:  map[string]string{"package.json": `{"name": "lib", "main": "index.js", "files": ["index.js"], "peerDependencies": {"react": "19"}}`, "index.js": "module.exports = () => 1"},
		nodeTools:    map[string]string{"package.json": `{"private": true, "scripts": {"prepare": "husky", "lint": "eslint ."}, "devDependencies": {"husky": "9", "prettier": "3", "@commitlint/cli": "19"}}`},
		nodePrefixed: map[string]string{"package.json": `{"private": true, "scripts": {"start": "concurrently \"npm start --prefix api\" \"npm start --prefix web\""}, "devDependencies": {"concurrently": "9"}}`},
		viteSite:     map[string]string{"package.json": `{"name": "site", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}`, "index.html": "<p>"},
		flaskApp:     map[string]string{"requirements.txt": "flask\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"},
		pythonTools:  map[string]string{"pyproject.toml": "[tool.ruff]\nline-length = 100\n\n[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\n"},
	}
}

// in are files in a folder.
func in(dir string, files map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		out[dir+"/"+name] = text
	}
	return out
}

// appsIn are the folders of the apps that a repository of these files has, with what was refused, and the notes.
func appsIn(t *testing.T, req Request, files ...map[string]string) (apps []string, said string) {
	t.Helper()
	dir := t.TempDir()
	for _, some := range files {
		for name, text := range some {
			to := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	made, err := f.Generate(context.Background(), req)
	if err != nil {
		return nil, err.Error()
	}
	for _, a := range made.Apps {
		apps = append(apps, a.Plan.Of)
		for _, n := range append(slices.Clone(a.Plan.Notes), a.Notes...) {
			said += n.Pos.String() + ": " + n.Text + "\n"
		}
	}
	for _, x := range made.Refused {
		apps = append(apps, "!"+x.Dir)
	}
	return apps, said
}

// TestIdleRoot: a root whose manifest is of tools, of scripts that run what is in folders, or of a library is no app where folders below
// are; without one, it says why it is none.
func TestIdleRoot(t *testing.T) {
	s := stocked()
	const none = "is of no app"
	for name, c := range map[string]struct {
		files []map[string]string
		want  string // the folders of the apps
		said  string // by a note or the error
	}{
		"tools beside two":          {[]map[string]string{s.nodeTools, in("api", s.nodeServer), in("web", s.viteSite)}, "api web", "package.json: " + none},
		"tools beside Go":           {[]map[string]string{s.nodeTools, in("api", s.goServer), in("web", s.viteSite)}, "api web", ""},
		"tools beside three":        {[]map[string]string{s.nodeTools, in("src/a", s.flaskApp), in("src/b", s.goServer), in("src/c", s.nodeServer)}, "src/a src/b src/c", "package.json: " + none},
		"tools beside one":          {[]map[string]string{s.nodeTools, in("api", s.nodeServer)}, "api", "package.json: " + none},
		"Python's tools":            {[]map[string]string{s.pythonTools, in("a", s.flaskApp), in("b", s.flaskApp)}, "a b", ""},
		"both languages' tools":     {[]map[string]string{s.pythonTools, s.nodeTools, in("a", s.flaskApp), in("b", s.nodeServer)}, "a b", ""},
		"scripts for folders":       {[]map[string]string{s.nodePrefixed, in("api", s.nodeServer), in("web", s.nodeServer)}, "api web", "package.json: " + none},
		"members of a workspace":    {[]map[string]string{{"package.json": `{"workspaces": ["packages/*"]}`}, in("packages/a", s.nodeLibrary), in("packages/b", s.nodeLibrary)}, "", "nothing says how this app is started"},
		"a folder beside them":      {[]map[string]string{{"package.json": `{"workspaces": ["packages/*"]}`}, in("packages/a", s.nodeLibrary), in("api", s.goServer)}, "api", "package.json: " + none},
		"a library beside a server": {[]map[string]string{s.nodeLibrary, in("server", s.flaskApp)}, "server", "package.json: " + none},
		"tests and examples alone":  {[]map[string]string{s.nodeTools, in("e2e", s.nodeServer), in("examples/a", s.nodeServer)}, "", "only what developers run"},
		"code that may be an app":   {[]map[string]string{{"requirements.txt": "aiohttp\n", "app/one.py": "import aiohttp\n", "app/two.py": "import aiohttp\n"}, in("ui", s.viteSite)}, "", "no script that is clearly the main one"},
		"nothing below":             {[]map[string]string{s.nodeLibrary}, "", "library"},
		"an app of its own":         {[]map[string]string{s.nodeServer, in("other", s.goServer)}, ".", ""},
		"one that is refused":       {[]map[string]string{s.nodeTools, in("api", s.nodeServer), {"web/package.json": "{"}}, "api !web", "package.json: " + none},
	} {
		apps, said := appsIn(t, Request{}, c.files...)
		if got := strings.Join(apps, " "); got != c.want || !strings.Contains(said, c.said) {
			t.Errorf("%s: got %q, want %q; %s", name, got, c.want, said)
		}
	}
	if apps, said := appsIn(t, Request{App: "api"}, s.nodeTools, in("api", s.nodeServer), in("web", s.viteSite)); len(apps) != 1 || apps[0] != "api" {
		t.Errorf("one that is asked for: got %v, %s", apps, said)
	}
	files := maps.Clone(s.nodeTools)
	files["dockgen.lock"] = "version: 3\napps:\n  .:\n    files:\n      Dockerfile: []\n"
	if apps, said := appsIn(t, Request{}, files, in("api", s.nodeServer)); len(apps) > 0 {
		t.Errorf("a root that dockgen has written before: got %v, %s", apps, said)
	}
}
