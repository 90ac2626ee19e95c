package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// sound is a repository of each stack that can be built; a test then makes
// one of its files hostile.
func sound() map[string]map[string]string {
	return map[string]map[string]string{
		"go": {
			"go.mod": "module example.com/m\n\ngo 1.26\n", "go.sum": "", "go.work": "go 1.26\n\nuse .\n",
			"main.go": "package main\n\nfunc main() {}\n", ".go-version": "1.26\n", "vendor/modules.txt": "",
			"mise.toml": "[tools]\ngo = \"1.26\"\n", ".tool-versions": "golang 1.26.1\n", "Procfile": "web: m\n",
		},
		"node": {
			"package.json": `{"name":"m","scripts":{"start":"node index.js"},"dependencies":{"vite":"1"}}`, "index.js": "require('http')\n",
			"package-lock.json": `{"lockfileVersion":3,"packages":{"":{"dependencies":{"vite":"1"}}}}`,
			".nvmrc":            "24\n", "tsconfig.json": "{}", "vite.config.js": "export default {}\n", ".npmrc": "",
			"next.config.js": "module.exports = {}\n", "angular.json": "{}", "svelte.config.js": "", "pnpm-workspace.yaml": "packages: []\n",
		},
		"pnpm": {
			"package.json": `{"name":"m","scripts":{"start":"node index.js"}}`, "index.js": "", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
		},
		"yarn": {
			"package.json": `{"name":"m","scripts":{"start":"node index.js"}}`, "index.js": "", "yarn.lock": "# yarn lockfile v1\n", ".yarnrc.yml": "",
		},
		"python": {
			"requirements.txt": "flask\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n", ".python-version": "3.13\n",
			"runtime.txt": "python-3.13\n", "Procfile": "web: gunicorn app:app\n", "setup.cfg": "[metadata]\nname = m\n", "app.yaml": "entrypoint: gunicorn app:app\n",
		},
		"uv": {
			"pyproject.toml": "[project]\nname = \"m\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\"]\n", "uv.lock": "version = 1\n",
			"main.py": "from flask import Flask\napp = Flask(__name__)\n",
		},
		"html": {
			"index.html": "<!doctype html><html><head><script src=\"/app.js\"></script></head><body></body></html>\n", "app.js": "console.log(1)\n", "404.html": "<html></html>\n",
			"_redirects": "/* /index.html 200\n", "package.json": `{"private": true, "devDependencies": {"prettier": "3.0.0"}}`, "manifest.json": `{"name": "m"}`,
		},
		"pipenv": {"Pipfile": "[packages]\nflask = \"*\"\n", "Pipfile.lock": "{}", "app.py": "from flask import Flask\napp = Flask(__name__)\n"},
		"poetry": {"pyproject.toml": "[tool.poetry]\nname = \"m\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\n", "poetry.lock": "", "main.py": "print(1)\n"},
		"java": {
			"pom.xml":              `<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>`,
			"src/main/java/A.java": "class A { public static void main(String[] a) {} }\n", ".java-version": "21\n", ".sdkmanrc": "java=21-tem\n",
			"system.properties": "java.runtime.version=21\n", "src/main/resources/application.properties": "server.port=8080\n",
			"src/main/resources/application.yml": "server: {port: 8080}\n", "mvnw": "#!/bin/sh\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=x\n",
			"src/main/resources/META-INF/microprofile-config.properties": "server.port=7001\n",
		},
	}
}

// hostile are contents that no tool wrote for a reader's good.
func hostile() map[string]string {
	utf16le := func(s string) string {
		var b bytes.Buffer
		b.WriteString("\xff\xfe")
		for _, u := range utf16.Encode([]rune(s)) {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
		return b.String()
	}
	return map[string]string{
		"empty":           "",
		"zero bytes":      "a\x00b\x00",
		"binary":          "\x7fELF\x02\x01\xff\xfe\xfd\x80",
		"utf-16":          utf16le("{\"a\": 1}\n"),
		"half utf-16":     "\xff\xfea",
		"brackets":        strings.Repeat("[", 100_000),
		"braces":          strings.Repeat("{\"a\":", 100_000),
		"parentheses":     strings.Repeat("(", 100_000),
		"elements":        strings.Repeat("<a>", 50_000),
		"one long line":   strings.Repeat("x", 1<<20),
		"many lines":      strings.Repeat("x\n", 200_000),
		"50 MB":           strings.Repeat("0123456789abcdef", 50<<20/16),
		"open quote":      "\"abc\n'def\n\"\"\"x\n`y",
		"escapes":         "\x1b]0;evil\x07\x1b[2J\r\n\u202e",
		"yaml bomb":       "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
		"xml entities":    `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><project>&b;</project>`,
		"another charset": `<?xml version="1.0" encoding="ISO-8859-1"?><project/>`,
		"instruction":     "x\nRUN touch /evil\n\\\nUSER 0\n",
		"conflict":        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n",
	}
}

// TestHostileFiles makes every file that is read hostile in every way. Either
// the files are made, or an error says whose fault it is; what takes more than
// linear time runs into go test's own limit.
func TestHostileFiles(t *testing.T) {
	for stack, files := range sound() {
		t.Run(stack, func(t *testing.T) {
			t.Parallel()
			for victim := range files {
				for kind, text := range hostile() {
					fsys := fstest.MapFS{}
					for name, text := range files {
						fsys[name] = &fstest.MapFile{Data: []byte(text)}
					}
					fsys[victim] = &fstest.MapFile{Data: []byte(text)}
					p, err := decideFS(t, fsys)
					what := fmt.Sprintf("%s: %s", victim, kind)
					if err != nil {
						checkError(t, what, err)
						continue
					}
					if strings.ContainsAny(p.Name, "\n\x1b") {
						t.Errorf("%s: the image's name is %q", what, p.Name)
					}
				}
			}
		})
	}
}

func TestTheSoundRepositoriesAreSound(t *testing.T) {
	for _, l := range Languages() {
		if sound()[l.Name] == nil {
			t.Errorf("there is no repository of %s", l.Name)
		}
	}
	for stack, files := range sound() {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := decideFS(t, fsys); err != nil {
			t.Errorf("%s: %v", stack, err)
		}
	}
}

func decideFS(t *testing.T, fsys fstest.MapFS) (*plan.App, error) {
	t.Helper()
	repo, err := detect.Scan(t.Context(), fsys, Languages())
	if err != nil {
		return nil, err
	}
	p, err := Decide(repo, Request{Name: "m"})
	if err != nil {
		return nil, err
	}
	return p.Apps[0], nil
}

// checkError wants an error of a kind that the command line explains.
func checkError(t *testing.T, what string, err error) {
	t.Helper()
	var (
		fault       *fact.Error
		unsupported *record.UnsupportedError
		impossible  *record.ImpossibleError
		nothing     *Nothing
		refused     *plan.RefusedError
	)
	switch {
	case errors.As(err, &fault):
		if fault.Pos.File == "" {
			t.Errorf("%s: the error names no file: %v", what, err)
		}
	case errors.As(err, &unsupported), errors.As(err, &impossible), errors.As(err, &nothing), errors.As(err, &refused):
	default:
		t.Errorf("%s: got %T %v", what, err, err)
	}
}
