package node

import (
	"maps"
	"strings"
	"testing"
)

// TestBeside: members of a workspace that somebody deploys get files of their own beside those of the app that the image is for; packages,
// tests, documentation, apps of phones and what the image holds do not.
func TestBeside(t *testing.T) {
	const (
		express = `"dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}`
		vite    = `"scripts": {"dev": "vite", "build": "vite build", "preview": "vite preview"}, "devDependencies": {"vite": "7"}`
		listen  = "require('express')().listen(3000)"
	)
	main := map[string]string{"apps/main/package.json": `{"name": "main", ` + express + `}`, "apps/main/a.js": listen}
	for name, c := range map[string]struct {
		root  string // fields of the root's package.json
		files map[string]string
		want  string
	}{
		"a server that starts":       {"", map[string]string{"apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen}, "apps/b"},
		"a worker that starts":       {"", map[string]string{"apps/b/package.json": `{"name": "b", "scripts": {"start": "node a.js"}}`, "apps/b/a.js": "setInterval(() => 1, 9)"}, "apps/b"},
		"a site":                     {"", map[string]string{"apps/b/package.json": `{"name": "b", ` + vite + `}`, "apps/b/index.html": "<p>"}, "apps/b"},
		"a site without a build":     {"", map[string]string{"apps/b/package.json": `{"name": "b", "scripts": {"dev": "vite"}, "devDependencies": {"vite": "7"}}`, "apps/b/index.html": "<p>"}, ""},
		"a start for development":    {"", map[string]string{"apps/b/package.json": `{"name": "b", "scripts": {"start": "tsc -w"}}`}, ""},
		"a library":                  {"", map[string]string{"apps/b/package.json": `{"name": "b", "main": "x.js", "scripts": {"build": "tsc"}}`, "apps/b/x.js": "module.exports = 1"}, ""},
		"a package of another":       {"", map[string]string{"apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "apps/c/package.json": `{"name": "c", "dependencies": {"b": "*"}}`, "apps/c/i.js": "require('b')"}, ""},
		"one that others wait for":   {"", map[string]string{"apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "apps/c/package.json": `{"name": "c", "dependencies": {"b": "*"}}`}, "apps/b"},
		"one that types are of":      {"", map[string]string{"apps/b/package.json": `{"name": "b", "main": "dist/a.js", "types": "dist/a.d.ts", "scripts": {"build": "tsc", "dev": "tsx watch src/a.ts"}}`, "apps/b/src/a.ts": "export const x = 1", "apps/b/tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`, "apps/c/package.json": `{"name": "c", "dependencies": {"b": "*"}}`, "apps/c/i.ts": "import type { X } from 'b'"}, "apps/b"},
		"one that code is of":        {"", map[string]string{"apps/b/package.json": `{"name": "b", "main": "a.js", "scripts": {"dev": "node --watch a.js"}}`, "apps/b/a.js": "exports.x = 1", "apps/c/package.json": `{"name": "c", "dependencies": {"b": "*"}}`, "apps/c/i.js": "require('b')"}, ""},
		"tests":                      {"", map[string]string{"apps/b-e2e/package.json": `{"name": "b", ` + express + `}`, "apps/e2e/package.json": `{"name": "c", ` + express + `}`}, ""},
		"documentation":              {"", map[string]string{"apps/docs/package.json": `{"name": "b", ` + vite + `}`, "apps/website/package.json": `{"name": "c", ` + vite + `}`, "apps/website/index.html": "", "apps/docs/index.html": ""}, ""},
		"Storybook":                  {"", map[string]string{"apps/ui/package.json": `{"name": "b", "scripts": {"start": "storybook dev", "build": "storybook build"}, "devDependencies": {"storybook": "9", "vite": "7"}}`}, ""},
		"an app of phones":           {"", map[string]string{"apps/b/package.json": `{"name": "b", "scripts": {"start": "expo start", "android": "expo run:android"}, "dependencies": {"expo": "54"}}`}, ""},
		"examples":                   {"", map[string]string{"examples/b/package.json": `{"name": "b", ` + express + `}`, "examples/b/a.js": listen}, ""},
		"what the image serves":      {"", map[string]string{"apps/main/a.js": "const e = require('express'); e().use(e.static(require('path').join(__dirname, '../b/dist'))).listen(3000)", "apps/b/package.json": `{"name": "b", ` + vite + `}`, "apps/b/index.html": "<p>"}, ""},
		"what is written into it":    {"", map[string]string{"apps/b/package.json": `{"name": "b", ` + vite + `}`, "apps/b/index.html": "<p>", "apps/b/vite.config.js": "export default { build: { outDir: '../main/public' } }"}, ""},
		"an own Dockerfile":          {"", map[string]string{"Dockerfile": "FROM node:22\nCOPY . .\nCMD npm start -w main\n", "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen}, ""},
		"a root of its own":          {`"main": "server.js", `, map[string]string{"server.js": listen, "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen}, ""},
		"beside it, by a Dockerfile": {`"main": "server.js", `, map[string]string{"server.js": listen, "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "apps/b/Dockerfile": "FROM node:22\nCOPY . .\nCMD node a.js\n"}, "apps/b"},
		"beside it, by compose":      {`"main": "server.js", `, map[string]string{"server.js": listen, "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "compose.yaml": "services:\n  b:\n    build: ./apps/b\n"}, "apps/b"},
		"beside it, by its own file": {`"main": "server.js", `, map[string]string{"server.js": listen, "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "compose.yaml": "services:\n  b:\n    build: {context: ., dockerfile: apps/b/Dockerfile.b}\n"}, "apps/b"},
		"for development alone":      {`"main": "server.js", `, map[string]string{"server.js": listen, "apps/b/package.json": `{"name": "b", ` + express + `}`, "apps/b/a.js": listen, "compose.dev.yaml": "services:\n  b:\n    build: ./apps/b\n", "apps/b/Dockerfile.dev": "FROM node:22\nCMD node a.js\n"}, ""},
	} {
		start := `"scripts": {"start": "npm start -w main"}, `
		if c.root != "" {
			start = ""
		}
		files := map[string]string{"package.json": `{"name": "x", ` + start + c.root + `"workspaces": ["apps/*", "examples/*"]}`}
		maps.Copy(files, main)
		maps.Copy(files, c.files)
		_, log, err := decideBeside(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, x := range log.Others() {
			got = append(got, x.Dir)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}
