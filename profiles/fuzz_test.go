package profiles_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// values are what a repository can say in its scripts and its code.
type values struct{ script, variable, host, file string }

// repositories are an app of each language in which the values stand where its
// tools read them: scripts, processes, names of variables, hosts and paths.
func (v values) repositories() map[string]fstest.MapFS {
	quote := func(s string) string {
		b, _ := json.Marshal(s)
		return string(b)
	}
	goQuote := strconv.Quote
	return map[string]fstest.MapFS{
		"go": {
			"go.mod": file("module example.com/m\n\ngo 1.26\n"),
			"main.go": file("package main\n\nimport (\"net/http\"; \"os\"; \"os/exec\")\n\nfunc main() {\n\tport := os.Getenv(" + goQuote(v.variable) + ")\n" +
				"\tif port == \"\" { port = \"8080\" }\n\tos.ReadFile(" + goQuote(v.file) + ")\n\tos.WriteFile(" + goQuote(v.file+".out") + ", nil, 0o600)\n" +
				"\texec.Command(" + goQuote(v.script) + ").Run()\n\thttp.ListenAndServe(" + goQuote(v.host) + "+\":\"+port, nil)\n}\n"),
			"Makefile": file("run:\n\t" + line(v.script) + "\n"),
		},
		"node": {
			"package.json": file(`{"name":"m","scripts":{"start":` + quote(v.script) + `,"build":` + quote(v.script) + `},"dependencies":{"express":"5"}}`),
			"index.js": file("const fs = require('fs')\nconst app = require('express')()\nfs.readFileSync(" + quote(v.file) + ")\nfs.writeFileSync(" + quote(v.file+".out") + ", '')\n" +
				"require('child_process').spawn(" + quote(v.script) + ")\napp.listen(process.env[" + quote(v.variable) + "] || 3000, " + quote(v.host) + ")\n"),
		},
		"node, started by name": {
			"package.json": file(`{"name":"m","scripts":{"start":"node index.js"},"dependencies":{"express":"5"}}`),
			"index.js":     file("require('express')().listen(process.env[" + quote(v.variable) + "] || 3000, " + quote(v.host) + ")\nrequire('fs').writeFileSync(" + quote(v.file) + ", '')\n"),
		},
		"python": {
			"requirements.txt": file("flask==3.1.0\n"), "Procfile": file("web: " + line(v.script) + "\n"),
			"app.py": file("import os, subprocess\nfrom flask import Flask\napp = Flask(__name__)\nopen(" + quote(v.file) + ")\nopen(" + quote(v.file+".out") + ", 'w')\n" +
				"subprocess.run([" + quote(v.script) + "])\nif __name__ == '__main__':\n    app.run(host=os.environ.get(" + quote(v.variable) + ", " + quote(v.host) + "), port=5000)\n"),
		},
		"java": {
			"pom.xml": file(`<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>` +
				`<dependencies><dependency><groupId>io.javalin</groupId><artifactId>javalin</artifactId><version>6.0.0</version></dependency></dependencies></project>`),
			"src/main/java/A.java": file("import io.javalin.Javalin;\nimport java.nio.file.*;\nclass A { public static void main(String[] a) throws Exception {\n" +
				"Files.readString(Path.of(" + quote(v.file) + ")); Files.writeString(Path.of(" + quote(v.file+".out") + "), \"\"); new ProcessBuilder(" + quote(v.script) + ").start();\n" +
				"Javalin.create().start(" + quote(v.host) + ", Integer.parseInt(System.getenv().getOrDefault(" + quote(v.variable) + ", \"7070\"))); } }\n"),
		},
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// line is s on one line, as the formats of a line each want it.
func line(s string) string { return strings.NewReplacer("\n", " ", "\r", " ").Replace(s) }

// FuzzDecide makes hostile what a repository says in its own words, and wants
// either an error or a Dockerfile with the stages of its plan and nothing that
// the values could have added: no stage, no second user, no instruction that
// dockgen never writes.
func FuzzDecide(f *testing.F) {
	for _, v := range []values{
		{"node index.js", "PORT", "0.0.0.0", "data/a.txt"},
		{"exec", "APP.HOST", "127.0.0.1", "../../etc/passwd"},
		{"exec exec", "PORT\nUSER 0", "localhost\"]\nRUN evil", "a b/$HOME/`id`"},
		{"A=1 exec", "", "::1", "/"},
		{"node index.js -l 5 && curl $(id) | sh", "P'ORT", "[::1]", "-rf"},
		{"sh -c 'node index.js' # <<EOF", "EOF", "\\", "<<EOF"},
		{"npm run start", "npm_config_x", "\u202ehost", "x\x00y"},
		{"env -S node --watch-path=. index.js", "NODE_OPTIONS", "a'b", "certs/key.pem"},
		{strings.Repeat("a && ", 300) + "b", strings.Repeat("A", 5000), strings.Repeat("h", 5000), strings.Repeat("d/", 500) + "f"},
	} {
		f.Add(v.script, v.variable, v.host, v.file)
	}
	f.Fuzz(func(t *testing.T, script, variable, host, path string) {
		for name, fsys := range (values{script, variable, host, path}).repositories() {
			repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
			if err != nil {
				continue
			}
			p, err := profiles.Decide(repo, profiles.Request{Name: "m"})
			if err != nil {
				continue
			}
			files, err := templates.Render(p.Apps[0])
			if err != nil {
				continue // too long a line
			}
			checkStages(t, name, files[0].Data, p.Apps[0])
		}
	})
}

// checkStages wants the stages of the plan in the Dockerfile, the last with one
// user, who is not root.
func checkStages(t *testing.T, name string, dockerfile []byte, app *plan.App) {
	t.Helper()
	result, err := parser.Parse(strings.NewReader(string(dockerfile)))
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, dockerfile)
	}
	stages, _, err := instructions.Parse(result.AST, nil)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, dockerfile)
	}
	var got, want []string
	for _, s := range stages {
		got = append(got, s.Name)
	}
	for _, s := range app.Image.Stages {
		want = append(want, s.Data.Stage().Name.String())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatalf("%s: the stages are %v, want %v\n%s", name, got, want, dockerfile)
	}
	var users []string
	for _, s := range stages {
		for _, c := range s.Commands {
			switch c := c.(type) {
			case *instructions.UserCommand:
				users = append(users, c.User)
			case *instructions.AddCommand, *instructions.OnbuildCommand, *instructions.MaintainerCommand, *instructions.ShellCommand, *instructions.StopSignalCommand:
				t.Fatalf("%s: dockgen writes no %s\n%s", name, c.Name(), dockerfile)
			}
		}
	}
	if len(users) != 1 || users[0] != app.Run.User.String() {
		t.Fatalf("%s: the users are %v, want %s alone\n%s", name, users, app.Run.User, dockerfile)
	}
}
