package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// TestBare: a program without a manifest is an app, if it listens and imports nothing.
func TestBare(t *testing.T) {
	const http = "require('http').createServer().listen(3100)"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // prod's command, "" for no app, "!TEXT" for a refusal that says TEXT
	}{
		"server.js":           {map[string]string{"server.js": http}, `["server.js"]`},
		"main.mjs":            {map[string]string{"main.mjs": "import { createServer } from 'node:http'; createServer().listen(3100)"}, `["main.mjs"]`},
		"server.ts":           {map[string]string{"server.ts": "import http from 'node:http'; const p: number = 3100; http.createServer().listen(p)"}, `["server.ts"]`},
		"what it imports":     {map[string]string{"index.js": "require('./lib/web')", "lib/web.js": http}, `["index.js"]`},
		"a package":           {map[string]string{"server.js": "const e = require('express'); e().listen(3100)"}, "!imports express"},
		"a page's script":     {map[string]string{"main.js": "document.title = 'x'", "index.html": ""}, ""},
		"another language":    {map[string]string{"server.js": http, "requirements.txt": "flask"}, ""},
		"another language's":  {map[string]string{"server.js": http, "app.py": ""}, ""},
		"Bun":                 {map[string]string{"server.ts": "Bun.serve({port: 3100, fetch() {}})"}, ""},
		"a file of its own":   {map[string]string{"lib/server.js": http}, ""},
		"a version":           {map[string]string{"app.js": http, ".nvmrc": "22"}, `["app.js"]`},
		"a Procfile's worker": {map[string]string{"app.js": http, "Procfile": "web: node app.js --x\n"}, `["app.js", "--x"]`},
	} {
		index := nodetest.Scan(t, c.files)
		f, err := node.Detect(index, ".")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f == nil {
			if c.want != "" {
				t.Errorf("%s: no app", name)
			}
			continue
		}
		p, _, err := decide(t, c.files)
		if want, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
			continue
		}
		if err != nil || p.Run.Cmd.String() != c.want {
			t.Errorf("%s: got %v, %v, want %s", name, p, err, c.want)
		}
	}
}

// TestStartedFile holds prod to a file that is there, or that the build makes.
func TestStartedFile(t *testing.T) {
	const nest, deps = `{"compilerOptions": {"outDir": "./dist", "module": "commonjs", "resolveJsonModule": true}}`, `"dependencies": {"express": "5"}, "devDependencies": {"typescript": "5", "ts-node": "10", "tsx": "4"}`
	const modules = `{"compilerOptions": {"outDir": "dist", "rootDir": "src", "module": "nodenext"}}`
	for name, c := range map[string]struct {
		scripts, more string
		files         map[string]string
		want          string // "!TEXT" is a refusal that says TEXT
		note          string
	}{
		"no such file":                     {`"start": "node server.js"`, "", nil, "!server.js, which is not in the repository", ""},
		"a script that may make it":        {`"start": "node server.js", "postinstall": "node make.js"`, "", nil, "node server.js", ""},
		"without its extension":            {`"start": "node server"`, "", map[string]string{"server.js": ""}, "node server", ""},
		"an import of package.json":        {`"start": "node dist/main", "build": "tsc"`, "", map[string]string{"src/main.ts": "import { version } from '../package.json'", "tsconfig.json": nest}, "node dist/src/main.js", "the import of package.json"},
		"by a module that it imports":      {`"start": "node dist/main.js", "build": "nest build"`, "", map[string]string{"src/main.ts": "import './a'", "src/a.ts": "import * as p from '../package.json'", "tsconfig.json": nest}, "node dist/src/main.js", ""},
		"the right one":                    {`"start": "node dist/src/main.js", "build": "tsc"`, "", map[string]string{"src/main.ts": "import '../package.json'", "tsconfig.json": nest}, "node dist/src/main.js", ""},
		"a require of it":                  {`"start": "node dist/main.js", "build": "tsc"`, "", map[string]string{"src/main.ts": "const p = require('../package.json')", "tsconfig.json": nest}, "node dist/main.js", ""},
		"a JSON file of its own":           {`"start": "node dist/main.js", "build": "tsc"`, "", map[string]string{"src/main.ts": "import './x.json'", "src/x.json": "{}", "tsconfig.json": nest}, "node dist/main.js", ""},
		"ES modules by ts-node":            {`"start": "node --loader ts-node/esm src/a.ts", "build": "tsc"`, `"type": "module", `, map[string]string{"src/a.ts": "", "tsconfig.json": modules}, "node dist/a.js", ""},
		"ES modules without warnings":      {`"start": "node --no-warnings --loader=ts-node/esm src/a.ts --x", "build": "tsc"`, `"type": "module", `, map[string]string{"src/a.ts": "", "tsconfig.json": modules}, "node dist/a.js --x", ""},
		"ES modules by tsx":                {`"start": "node --import tsx src/a.ts", "build": "tsc"`, `"type": "module", `, map[string]string{"src/a.ts": "", "tsconfig.json": modules}, "node dist/a.js", ""},
		"modules that only a loader finds": {`"start": "node --loader ts-node/esm src/a.ts", "build": "tsc"`, `"type": "module", `, map[string]string{"src/a.ts": "", "tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src", "module": "esnext"}}`}, "node --loader ts-node/esm src/a.ts", ""},
		"make":                             {`"start": "make run"`, "", map[string]string{"Makefile": ""}, "make run", ""},
		"what nothing installs":            {`"start": "node a.js"`, "", map[string]string{"a.js": "require('koa'); require('express'); require('fs')"}, "node a.js", "imports koa"},
		"a script by system":               {`"start": "run-script-os", "start:default": "node a.js", "start:windows": "node b.js"`, "", map[string]string{"a.js": "", "b.js": ""}, "node a.js", ""},
		"Linux' own":                       {`"start": "run-script-os", "start:default": "node b.js", "start:darwin:linux": "node a.js"`, "", map[string]string{"a.js": "", "b.js": ""}, "node a.js", ""},
		"wireit":                           {`"start": "wireit", "build": "wireit"`, `"wireit": {"start": {"command": "node a.js", "dependencies": ["build"]}, "build": {"command": "tsc"}}, `, map[string]string{"a.js": ""}, "node a.js", ""},
	} {
		files := map[string]string{"package.json": "{" + c.more + `"scripts": {` + c.scripts + "}, " + deps + "}"}
		maps.Copy(files, c.files)
		_, log, err := decide(t, files)
		if want, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, ch := range log.Choices() {
			if ch.Key == "start" && ch.Value != c.want {
				t.Errorf("%s: got %s, want %s", name, ch.Value, c.want)
			}
		}
		var notes []string
		for _, n := range log.Notes() {
			notes = append(notes, n.Text)
		}
		if all := strings.Join(notes, "\n"); !strings.Contains(all, c.note) || c.note == "" && strings.Contains(all, "does not list") {
			t.Errorf("%s: got the notes %s", name, all)
		}
	}
}
