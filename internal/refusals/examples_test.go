package refusals

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestExamples holds examples of the page to what they lead to: each is refused with the
// message that it stands at.
func TestExamples(t *testing.T) {
	const (
		gomod  = "module example.com/a\n\ngo 1.26\n"
		gomain = "package main\n\nfunc main() {}\n"
		serves = "package main\n\nimport \"net/http\"\n\nfunc main() { _ = http.ListenAndServe(\":8080\", nil) }\n"
		script = "def f():\n    pass\nif __name__ == '__main__':\n    f()\n"
		jmain  = " { public static void main(String[] a) {} }"
		pom    = "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version>"
		member = `{"dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`
	)
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for want, files := range map[string]map[string]string{ // by the message
		"there is no image of …":          {".python-version": "3.99", "requirements.txt": "", "main.py": "print(1)"},
		"no image fits: …":                {"pyproject.toml": "[project]\nname = 'x'\nrequires-python = '<3'\n", "main.py": "print(1)"},
		"a library: no package main here": {"go.mod": gomod, "a.go": "package a\n"},
		"a library: its only main packages are examples, tools and tests":                               {"go.mod": gomod, "a.go": "package a\n", "examples/hello/main.go": gomain},
		"… main packages, and nothing says which is the app":                                            {"go.mod": gomod, "cmd/one/main.go": serves, "cmd/two/main.go": serves},
		"go.work uses …, which has no go.mod here":                                                      {"go.work": "go 1.26\n\nuse (\n\t.\n\t./lib\n)\n", "go.mod": gomod, "main.go": gomain},
		"… packs … into the code, which is not in the repository, and nothing of it is seen to make it": {"go.mod": gomod + "\nrequire github.com/rakyll/statik v0.1.7\n", "main.go": "package main\n\nimport _ \"example.com/a/statik\"\n\n//go:generate statik -src=./web/dist\n\nfunc main() {}\n"},
		"embeds …, which is not in the repository":                                                      {"go.mod": gomod, "main.go": "package main\n\nimport _ \"embed\"\n\n//go:embed assets/x.txt\nvar x string\n\nfunc main() { println(x) }\n"},
		"imports …, and there is no go.mod that says which version":                                     {"main.go": "package main\n\nimport _ \"github.com/gorilla/mux\"\n\nfunc main() {}\n"},
		"imports …, which no go.mod here requires":                                                      {"go.mod": gomod, "main.go": "package main\n\nimport _ \"github.com/gorilla/mux\"\n\nfunc main() {}\n"},
		"the module … is replaced by a folder outside of this one, so it is not in the build context":   {"go.mod": gomod + "\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ../lib\n", "main.go": "package main\n\nimport _ \"example.com/lib\"\n\nfunc main() {}\n"},
		"no module builds a program: no main class, no Spring Boot or Quarkus plugin":                   {"build.gradle": ""},
		"the sources of this module have no main class":                                                 {"pom.xml": pom + "</project>", "src/main/java/x/A.java": "package x; class A {}"},
		"… classes have a main method and nothing says which to start: …":                               {"pom.xml": pom + "</project>", "src/main/java/x/Load.java": "package x; public class Load" + jmain, "src/main/java/x/Dump.java": "package x; public class Dump" + jmain},
		"packaging …": {"pom.xml": pom + "<packaging>ear</packaging></project>"},
		"this workspace has several apps and its root does not say which to start: …":                                                    {"package.json": `{"name": "x", "workspaces": ["apps/*"]}`, "apps/api/package.json": member, "apps/web/package.json": member, "apps/api/a.js": "", "apps/web/a.js": ""},
		"nothing says how this app is started: there is no start script, no Procfile, no main that exists, and no server.js or index.js": {"package.json": `{"dependencies": {"express": "5"}}`},
		"it runs the script …, which … does not have":                                                                                    {"package.json": `{"scripts": {"start": "npm run serve"}}`},
		"the start command runs …, which is not in the repository, and no script makes it":                                               {"package.json": `{"scripts": {"start": "node dist/main.js"}}`},
		"the program imports …, and there is no package.json that would install it":                                                      {"server.js": "require('express')().listen(3000)"},
		"… comes from …, which is outside of the build context":                                                                          {"package.json": `{"scripts": {"start": "node a.js"}, "dependencies": {"ui": "file:../ui"}}`, "a.js": ""},
		"… is asked for as a package of a workspace (…), and this folder is the root of none":                                            {"package.json": `{"packageManager": "pnpm@10.1.0", "scripts": {"start": "node a.js"}, "dependencies": {"ui": "workspace:*"}}`, "a.js": ""},
		"listens on … only, which nothing outside of the container reaches":                                                              {"package.json": `{"scripts": {"start": "node a.js"}}`, "a.js": "require('http').createServer().listen(3000, '127.0.0.1')"},
		"this is an Angular app, but there is no angular.json":                                                                           {"package.json": `{"scripts": {"build": "ng build"}, "dependencies": {"@angular/core": "20"}, "devDependencies": {"@angular/build": "20", "@angular/cli": "20"}}`},
		"several programs can be run, and nothing says which is the app: …":                                                              {"requirements.txt": "", "clean.py": script, "fetch.py": script},
		"found no app to start: no WSGI or ASGI object, and no script that is clearly the main one…":                                     {"requirements.txt": "", "lib.py": "def f():\n    pass\n"},
		"the factory … needs the argument …, and nothing calls it":                                                                       {"requirements.txt": "flask", "shop.py": "from flask import Flask\ndef create_app(config):\n    return Flask('x')\n"},
		"is Python 2: a print statement":                                                                                                 {"requirements.txt": "", "main.py": "print 'x'"},
		"asks for Python …, which no longer has an official image":                                                                       {"runtime.txt": "python-2.7.18", "requirements.txt": "", "main.py": "print(1)"},
		"asks for a free-threaded Python, which has no official image":                                                                   {".python-version": "3.13t", "requirements.txt": "", "main.py": "print(1)"},
		"imports …, which no manifest names":                                                                                             {"main.py": "import acme_tools"},
		"names Conda packages, which dockgen does not install":                                                                           {"environment.yml": "name: x\n", "main.py": "print(1)"},
	} {
		t.Run(want, func(t *testing.T) {
			if !strings.Contains(string(text), "\n### `"+want+"`\n") {
				t.Fatal("is not on the page")
			}
			fsys := fstest.MapFS{}
			for name, content := range files {
				fsys[name] = &fstest.MapFile{Data: []byte(content)}
			}
			repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
			if err != nil {
				t.Fatal(err)
			}
			_, err = profiles.Decide(repo, profiles.Request{Name: "shop"})
			var refused *record.UnsupportedError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			fits := regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*") + "$")
			if !fits.MatchString(refused.Why) {
				t.Errorf("refused with %q", refused.Why)
			}
			if refused.Hint == "" {
				t.Error("does not say what to do")
			}
		})
	}
}
