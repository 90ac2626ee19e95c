package node

import (
	"maps"
	"strings"
	"testing"
)

// TestDelegated: a root whose scripts only run what is in folders is none, unless what it starts reaches out of its folder.
func TestDelegated(t *testing.T) {
	const (
		scripts = `"start": "cd server && npm start", "build": "cd client && npm run build"`
		both    = `"start": "concurrently \"npm --prefix server start\" \"npm --prefix client start\""`
	)
	for name, c := range map[string]struct {
		manifest string
		files    map[string]string
		want     bool
	}{
		"each of its own":       {scripts, nil, true},
		"both at once":          {both, nil, true},
		"a client below it":     {`"start": "cd server && npm start", "build": "cd server/web && npm run build"`, map[string]string{"server/web/package.json": `{"scripts": {"build": "vite build"}}`}, false},
		"no other":              {`"start": "cd server && npm start"`, nil, false},
		"serves the other":      {scripts, map[string]string{"server/app.js": "const e = require('express'); e().use(e.static(require('path').join(__dirname, '../client/dist'))).listen(3000)"}, false},
		"by the working folder": {scripts, map[string]string{"server/src/x.js": "", "server/app.js": "require('./src/y')", "server/src/y.js": "const e = require('express'); e().use(e.static('../client/dist')).listen(3000)"}, false},
		"shares code":           {scripts, map[string]string{"shared/a.js": "", "server/app.js": "require('../shared/a'); require('express')().listen(3000)"}, false},
		"packages of the root":  {scripts + `}, "dependencies": {"express": "5", "cors": "2"`, map[string]string{"server/app.js": "require('cors'); require('express')().listen(3000)"}, false},
		"written into it":       {`"start": "cd server && npm start", "build": "cd client && npm run build && cp -r dist ../server/public"`, nil, false},
		"written by Vite":       {scripts, map[string]string{"client/vite.config.js": "export default { build: { outDir: '../server/public' } }"}, false},
		"a Procfile":            {scripts, map[string]string{"Procfile": "web: npm start\n"}, false},
		"an own Dockerfile":     {scripts, map[string]string{"Dockerfile": "FROM node:22\nCOPY . .\nCMD npm start\n"}, false},
		"code of the root":      {scripts, map[string]string{"lib.js": "require('lodash')"}, false},
		"tests":                 {`"start": "cd server && npm start", "test": "cd e2e && npm start"`, map[string]string{"e2e/package.json": `{"scripts": {"start": "node x.js"}}`}, false},
	} {
		files := map[string]string{
			"package.json":        `{"name": "x", "scripts": {` + c.manifest + `}}`,
			"server/package.json": `{"scripts": {"start": "node app.js"}, "dependencies": {"express": "5"}}`,
			"server/app.js":       "require('express')().listen(3000)",
			"client/package.json": `{"scripts": {"start": "vite preview", "build": "vite build"}, "devDependencies": {"vite": "7"}}`,
			"client/index.html":   "<p>",
		}
		maps.Copy(files, c.files)
		_, _, err := decideBeside(t, files)
		if got := err != nil && strings.Contains(err.Error(), "are apps of their own"); got != c.want {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}
