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

// TestBesideRoot: a folder below an app of the root is an app of its own where the repository makes an image of it, and the root's does
// not hold it.
func TestBesideRoot(t *testing.T) {
	s := stocked()
	image := func(dir string) map[string]string {
		return map[string]string{dir + "/Dockerfile.web": "FROM nginx\nCOPY . /usr/share/nginx/html\n"}
	}
	compose := map[string]string{"compose.yaml": "services:\n  a:\n    build: .\n  b:\n    build: ./worker\n"}
	for name, c := range map[string]struct {
		files []map[string]string
		want  string
	}{
		"a Dockerfile of its own":  {[]map[string]string{s.goServer, in("web", s.viteSite), image("web")}, ". web"},
		"a service of compose":     {[]map[string]string{s.nodeServer, in("worker", s.flaskApp), compose}, ". worker"},
		"of the same language":     {[]map[string]string{s.nodeServer, in("worker", s.nodeServer), compose}, ". worker"},
		"two floors below":         {[]map[string]string{s.nodeServer, in("services/b", s.flaskApp), image("services/b")}, ". services/b"},
		"nothing says so":          {[]map[string]string{s.goServer, in("web", s.viteSite)}, "."},
		"for tests":                {[]map[string]string{s.goServer, in("e2e", s.nodeServer), image("e2e")}, "."},
		"for tests, by its name":   {[]map[string]string{s.goServer, in("tests_integration", s.flaskApp), image("tests_integration")}, "."},
		"for documentation":        {[]map[string]string{s.goServer, in("docs", s.viteSite), image("docs")}, "."},
		"no app":                   {[]map[string]string{s.goServer, in("lib", s.nodeTools), image("lib")}, "."},
		"an image without an app":  {[]map[string]string{s.goServer, {"db/Dockerfile": "FROM postgres\n"}}, "."},
		"a module of its own":      {[]map[string]string{s.nodeServer, in("api", s.goServer), image("api")}, ". api"},
		"what the root embeds":     {[]map[string]string{{"go.mod": s.goServer["go.mod"], "main.go": "package main\n\nimport (\n\t\"embed\"\n\t\"net/http\"\n)\n\n//go:embed web/dist\nvar files embed.FS\n\nfunc main() { http.ListenAndServe(\":8080\", http.FileServerFS(files)) }\n"}, in("web", s.viteSite), image("web")}, "."},
		"members of a workspace":   {[]map[string]string{{"package.json": `{"workspaces": ["worker"], "main": "index.js"}`, "index.js": s.nodeServer["index.js"]}, in("worker", s.nodeServer), compose}, ". worker"},
		"several, and another":     {[]map[string]string{{"package.json": `{"workspaces": ["a", "b"]}`}, in("a", s.nodeServer), in("b", s.nodeServer), in("api", s.flaskApp), in("scripts/x", s.nodeServer)}, "a b api"},
		"another stack's member":   {[]map[string]string{{"package.json": `{"workspaces": ["web"]}`}, in("web", s.viteSite), s.flaskApp, image("web")}, ". web"},
		"another stack's, unnamed": {[]map[string]string{{"package.json": `{"workspaces": ["web"]}`}, in("web", s.viteSite), s.flaskApp}, "."},
	} {
		apps, said := appsIn(t, Request{}, c.files...)
		if got := strings.Join(apps, " "); got != c.want {
			t.Errorf("%s: got %q, want %q; %s", name, got, c.want, said)
		}
	}
}

// TestForeign: the folders of other languages beside the apps are named once, with what was seen; those in an app are the app's.
func TestForeign(t *testing.T) {
	s := stocked()
	const starts = "dockgen does not read these folders yet, and writes no files for them: "
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the rest of the note, "" for none
	}{
		"each kind":         {map[string]string{"core/Cargo.toml": "", "shop/composer.json": "{}", "cart/src/cart.csproj": "", "mobile/pubspec.yaml": "", "old/Gemfile": "", "native/CMakeLists.txt": "", "chat/mix.exs": ""}, "cart/src (.NET: cart.csproj), chat (Elixir: mix.exs), core (Rust: Cargo.toml), mobile (Dart or Flutter: pubspec.yaml), native (C or C++: CMakeLists.txt), old (Ruby: Gemfile), shop (PHP: composer.json)"},
		"one below another": {map[string]string{"core/Cargo.toml": "", "core/sub/Cargo.toml": ""}, "core (Rust: Cargo.toml)"},
		"in an app":         {map[string]string{"api/native/Cargo.toml": ""}, ""},
		"documentation":     {map[string]string{"book/book.toml": "", "site/mkdocs.yml": ""}, ""},
		"tests":             {map[string]string{"tests/x/Cargo.toml": "", ".config/Gemfile": ""}, ""},
		"none":              {nil, ""},
	} {
		_, said := appsIn(t, Request{}, in("api", s.nodeServer), in("web", s.viteSite), c.files)
		_, got, ok := strings.Cut(said, starts)
		got, _, _ = strings.Cut(got, "\n")
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if _, said := appsIn(t, Request{}, s.nodeServer, map[string]string{"core/Cargo.toml": ""}); strings.Contains(said, starts) {
		t.Errorf("below an app of the root: %s", said)
	}
}

// TestBareGo: a folder of Go without a module is an app beside others, if it is a program.
func TestBareGo(t *testing.T) {
	s := stocked()
	library := map[string]string{"fe/x.go": "package fe\n"}
	outside := map[string]string{"fe/main.go": "package main\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc main() { gin.Default().Run() }\n"}
	for name, c := range map[string]struct {
		files []map[string]string
		want  string
	}{
		"of the standard library": {[]map[string]string{{"fe/main.go": s.goServer["main.go"]}, in("api", s.nodeServer)}, "api fe"},
		"beside two":              {[]map[string]string{{"fe/main.go": s.goServer["main.go"]}, in("api", s.nodeServer), in("b", s.flaskApp)}, "api b fe"},
		"with other packages":     {[]map[string]string{outside, in("api", s.nodeServer)}, "api !fe"},
		"no program":              {[]map[string]string{library, in("api", s.nodeServer), in("b", s.flaskApp)}, "api b"},
		"what one types":          {[]map[string]string{{"fe/main.go": "package main\n\nfunc main() { println(1) }\n"}, in("api", s.nodeServer), in("b", s.flaskApp)}, "api b"},
		"tools":                   {[]map[string]string{{"hack/main.go": s.goServer["main.go"]}, in("api", s.nodeServer), in("b", s.flaskApp)}, "api b"},
		"in an app":               {[]map[string]string{{"api/fe/main.go": s.goServer["main.go"]}, in("api", s.nodeServer), in("b", s.flaskApp)}, "api b"},
	} {
		apps, said := appsIn(t, Request{}, c.files...)
		slices.Sort(apps)
		if got := strings.Join(apps, " "); got != strings.Join(sorted(c.want), " ") {
			t.Errorf("%s: got %q, want %q; %s", name, got, c.want, said)
		}
	}
}

// sorted are the words of a text.
func sorted(s string) []string {
	words := strings.Fields(s)
	slices.Sort(words)
	return words
}
