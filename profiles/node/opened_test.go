package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// What the code reads and writes is where it looks for it, however the source became what runs.
func TestOpened(t *testing.T) {
	const (
		ts   = "import fs from 'fs'; import path from 'path'; import express from 'express'; express().listen(3000); "
		tsc  = `{"dependencies": {"express": "1.0.0"}, "devDependencies": {"typescript": "5"}, "scripts": {"build": "tsc", "start": "node dist/server.js"}}`
		conf = `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`
	)
	with := func(build string) string { return strings.Replace(tsc, `"tsc"`, `"`+build+`"`, 1) }
	compiled := map[string]string{"package.json": tsc, "tsconfig.json": conf}
	for name, c := range map[string]struct {
		files map[string]string
		base  map[string]string
		read  string // what prod takes beside what it always does
		write string // the folders
	}{
		"beside the project":    {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync(path.join(__dirname, '../data/cities.json'))", "data/cities.json": "[]"}, read: "data/ data/"},
		"a single file of docs": {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync('docs/openapi.yaml')", "docs/openapi.yaml": "", "docs/a.md": ""}, read: "docs/openapi.yaml docs/"},
		"a script":              {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync(path.resolve('scripts/limit.lua'))", "scripts/limit.lua": "", "scripts/a.sh": ""}, read: "scripts/limit.lua scripts/"},
		"a document":            {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync('README.md')", "README.md": ""}, read: "README.md ./"},
		"a folder of prompts":   {base: compiled, files: map[string]string{"src/server.ts": ts + "load('prompts/system.md')", "prompts/system.md": "", "prompts/b.md": ""}, read: "prompts/ prompts/"},
		"a folder of the source by the working directory": {base: compiled, files: map[string]string{"src/server.ts": ts + "express().set('views', path.join(process.cwd(), 'src/views'))", "src/views/a.ejs": ""}, read: "src/ src/"},
		"beside the source":                  {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync(path.join(__dirname, 'templates/a.html'))", "src/templates/a.html": ""}, read: "src/ src/, src/templates/ dist/templates/"},
		"beside the source, by tsgo":         {base: compiled, files: map[string]string{"package.json": with("tsgo"), "src/server.ts": ts + "fs.readFileSync(path.join(__dirname, 'templates/a.html'))", "src/templates/a.html": ""}, read: "src/ src/, src/templates/ dist/templates/"},
		"beside the source, of a file below": {base: compiled, files: map[string]string{"src/server.ts": ts + "import './lib/mail'", "src/lib/mail.ts": ts + "fs.readdirSync(path.join(__dirname, '../templates'))", "src/templates/a.html": ""}, read: "src/ src/, src/templates/ dist/templates/"},
		"what the build copies":              {base: compiled, files: map[string]string{"package.json": with("tsc && copyfiles -u 1 src/**/*.html dist"), "src/server.ts": ts + "fs.readFileSync(path.join(__dirname, 'templates/a.html'))", "src/templates/a.html": ""}, read: "src/ src/"},
		"what is not there":                  {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync('rules.json'); fs.existsSync('./prompts')"}},
		"an environment file":                {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.readFileSync('conf/.env')", "conf/.env": "A=1"}, read: "conf/ conf/"},
		"what another file reads":            {base: compiled, files: map[string]string{"src/server.ts": ts, "src/seed.ts": ts + "fs.readFileSync('docs/a.yaml')", "docs/a.yaml": ""}},
		"the source of a string":             {base: compiled, files: map[string]string{"src/server.ts": ts + "glob('src/server.ts'); x(path.join(__dirname, '../src'))"}},
		"what the code writes there":         {base: compiled, files: map[string]string{"src/server.ts": ts + "fs.mkdirSync(path.join(__dirname, '../uploads')); fs.mkdirSync(path.join(__dirname, 'cache'))"}, write: "dist/cache uploads"},
		"with the source below the output":   {base: compiled, files: map[string]string{"tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "."}}`, "package.json": strings.Replace(tsc, "dist/server.js", "dist/src/server.js", 1), "src/server.ts": ts + "fs.mkdirSync(path.join(__dirname, '../../data')); fs.mkdirSync(path.join(__dirname, '../tmp'))"}, write: "data dist/tmp"},
		"a bundle":                           {base: compiled, files: map[string]string{"package.json": with("esbuild src/server.ts --bundle --platform=node --outdir=dist"), "src/server.ts": ts + "import './lib/db'", "src/lib/db.ts": ts + "fs.mkdirSync(path.join(__dirname, '../data'))"}, write: "data"},
		"a bundle of another name":           {base: compiled, files: map[string]string{"package.json": strings.Replace(with("tsup src/index.ts"), "dist/server.js", "dist/index.mjs", 1), "src/index.ts": ts + "fs.mkdirSync('logs')"}, write: "logs"},
		"compiled by Babel":                  {files: map[string]string{"package.json": `{"dependencies": {"express": "1.0.0"}, "devDependencies": {"@babel/cli": "7"}, "scripts": {"build": "babel src -d lib", "start": "node lib/server.js"}}`, "src/server.js": ts + "fs.mkdirSync('data'); fs.readFileSync('docs/a.yaml')", "docs/a.yaml": ""}, write: "data", read: "docs/a.yaml docs/"},
		"a program that loads what is built": {base: compiled, files: map[string]string{"package.json": strings.Replace(tsc, "node dist/server.js", "node bin/www", 1), "bin/www": "#!/usr/bin/env node\nrequire('../dist/server')", "src/server.ts": ts + "fs.mkdirSync(path.join(__dirname, '../data'))"}, read: "", write: "data"},
		"run by tsx":                         {files: map[string]string{"package.json": nodetest.Manifest("express tsx typescript", "start: tsx src/server.ts"), "src/server.ts": ts + "fs.mkdirSync(path.join(__dirname, '../data'))"}, read: ". .", write: "data"},
		"a framework's server": {files: map[string]string{
			"package.json":     `{"type": "module", "scripts": {"build": "vite build"}, "dependencies": {"drizzle-orm": "1"}, "devDependencies": {"@sveltejs/adapter-node": "5.0.0", "@sveltejs/kit": "2.0.0", "svelte": "5.0.0", "vite": "7.0.0"}}`,
			"svelte.config.js": "import adapter from '@sveltejs/adapter-node'\nexport default { kit: { adapter: adapter() } }", "src/routes/+page.svelte": "<p/>",
			"src/hooks.server.ts": "import { resolve } from 'path'; import fs from 'fs'; import { migrate } from 'drizzle-orm/postgres-js/migrator'; await migrate(db, { migrationsFolder: resolve(process.cwd(), 'migrations') }); fs.mkdirSync('uploads'); x('docs/a.md')",
			"migrations/1.sql":    "", "docs/a.md": "", "scripts/seed.ts": "import fs from 'fs'; fs.mkdirSync('seeds')",
		}, read: "migrations/ migrations/", write: "uploads"},
	} {
		files := maps.Clone(c.base)
		if files == nil {
			files = map[string]string{}
		}
		maps.Copy(files, c.files)
		p, _, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var read []string
		for _, row := range p.Run.Copies {
			if text := row.Copy.String(); row.Stage.IsZero() && row.Owner == (plan.User{}) && row.Image.IsZero() {
				read = append(read, text)
			}
		}
		if got := strings.Join(read, ", "); got != c.read {
			t.Errorf("%s: reads %s, want %s", name, got, c.read)
		}
		var write []string
		for _, w := range p.Run.Writes {
			write = append(write, strings.TrimPrefix(w.Raw(), record.Workdir+"/"))
		}
		if got := strings.Join(write, " "); got != c.write {
			t.Errorf("%s: writes %s, want %s", name, got, c.write)
		}
	}
}
