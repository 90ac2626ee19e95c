package profiles

import (
	"maps"
	"strings"
	"testing"
)

// Of the stacks that share a folder, the one that is started counts, and not its tools or
// its front end.
func TestRoles(t *testing.T) {
	flask := map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
	scripts := map[string]string{"requirements.txt": "pandas\n", "tool.py": "print(1)\n"}
	golang := map[string]string{"go.mod": "module m\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n"}
	maven := map[string]string{"pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version></project>", "src/main/java/a/Main.java": "package a; public class Main { public static void main(String[] a) {} }"}
	node := func(text string) map[string]string { return map[string]string{"package.json": text} }
	linters := node(`{"scripts": {"lint": "eslint ."}, "devDependencies": {"eslint": "9", "prettier": "3"}}`)
	server := map[string]string{"package.json": `{"scripts": {"start": "node s.js"}}`, "s.js": "require('http').createServer().listen(3000)\n"}
	webpack := node(`{"scripts": {"start": "run-p watch serve", "watch": "webpack --watch", "serve": "webpack-dev-server", "build": "webpack"}, "devDependencies": {"webpack": "5", "npm-run-all": "4"}}`)
	vite := map[string]string{"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}`, "index.html": ""}
	proc := func(text string) map[string]string { return map[string]string{"Procfile": text} }
	for name, c := range map[string]struct {
		list []map[string]string
		want string
	}{
		"linters beside Python":             {[]map[string]string{flask, linters}, "python"},
		"linters beside Python's scripts":   {[]map[string]string{scripts, linters}, "python"},
		"linters beside Go":                 {[]map[string]string{golang, linters}, "go"},
		"linters beside Java":               {[]map[string]string{maven, linters}, "java"},
		"assets of a Python app":            {[]map[string]string{flask, webpack}, "python"},
		"a Python server's site":            {[]map[string]string{flask, vite}, "python"},
		"a site with scripts in Python":     {[]map[string]string{scripts, vite}, "node"},
		"a server with scripts in Python":   {[]map[string]string{scripts, server}, "node"},
		"two servers":                       {[]map[string]string{flask, server}, "node"},
		"two servers, gunicorn is started":  {[]map[string]string{flask, server, proc("web: gunicorn app:app\n")}, "python"},
		"two servers, uwsgi is started":     {[]map[string]string{flask, server, proc("web: uwsgi etc/uwsgi.ini\n")}, "python"},
		"two servers, uv starts":            {[]map[string]string{flask, server, proc("web: uv run gunicorn app:app\n")}, "python"},
		"a program of Go, Node is started":  {[]map[string]string{golang, server, proc("web: npm start\n")}, "node"},
		"a program of Node, Go is started":  {[]map[string]string{golang, server, proc("web: bin/m\n")}, "go"},
		"two servers, the worker is Python": {[]map[string]string{flask, server, proc("web: node s.js\nworker: python app.py\n")}, "node"},
		"Go's tools beside a site":          {[]map[string]string{{"go.mod": "module m\n\ngo 1.26\n", "tools.go": "//go:build tools\n\npackage tools\n"}, vite}, "node"},
		"a program of Java is started":      {[]map[string]string{maven, server, proc("web: java -cp target/classes a.Main\n")}, "java"},
	} {
		files := map[string]string{}
		for _, f := range c.list {
			maps.Copy(files, f)
		}
		p, err := Decide(scan(t, files), Request{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := p.Apps[0].Language; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// What a program is refused for is said; neither its front end nor its tools stand in for it.
func TestRefusedProgram(t *testing.T) {
	files := map[string]string{
		"requirements.txt": "flask\n", "a.py": "from flask import Flask\napp = Flask(__name__)\n", "b.py": "from flask import Flask\napp = Flask(__name__)\n",
		"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}`, "index.html": "",
	}
	if _, err := Decide(scan(t, files), Request{}); err == nil || !strings.Contains(err.Error(), "several programs can be run") {
		t.Errorf("got %v, want Python's refusal", err)
	}
	p, err := Decide(scan(t, map[string]string{"package.json": files["package.json"], "index.html": "", "requirements.txt": "pandas\n"}), Request{})
	if err != nil || p.Apps[0].Language != "node" {
		t.Errorf("what is no program stands in nobody's way: %v", err)
	}
}
