package node

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// decide makes the plan of a repository of these files.
func decide(t testing.TB, files map[string]string, set ...string) (*plan.App, *record.Log, error) {
	t.Helper()
	index := nodetest.Scan(t, files)
	f, err := node.Detect(index, ".")
	if err != nil {
		return nil, nil, err
	}
	if f == nil {
		t.Fatal("nothing found")
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	var s settings.Settings
	for _, a := range set {
		if s, err = s.Set(a); err != nil {
			t.Fatal(err)
		}
	}
	log := &record.Log{Profile: "default", Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}, Asked: s.Runtime}
	p, err := Decide(record.Input{Log: log, Settings: s, Know: know, Tree: index, Dir: "."}, f)
	return p, log, err
}

// decideBeside makes the plan of a repository of these files with what its own build files say,
// and with the lock of an earlier plan.
func decideBeside(t testing.TB, files map[string]string, old ...plan.Choice) (*plan.App, *record.Log, error) {
	t.Helper()
	index, f := nodetest.Facts(t, files)
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	locked := map[string]record.Locked{}
	for _, c := range old {
		locked[c.Key] = record.Locked{Value: c.Value, Evidence: c.Evidence}
	}
	log := &record.Log{Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}, Locked: locked}
	log.Choose(plan.Choice{Key: "language", Value: "node"})
	p, err := Decide(record.Input{Log: log, Know: know, Tree: index, Dir: ".", Builds: buildfile.Of(index, ".")}, f)
	return p, log, err
}

// chosen are the values of the choices of such a plan, by their keys.
func chosen(t testing.TB, files map[string]string, old ...plan.Choice) (map[string]string, []plan.Choice, error) {
	t.Helper()
	_, log, err := decideBeside(t, files, old...)
	out := map[string]string{}
	for _, c := range log.Choices() {
		out[c.Key] = c.Value
	}
	return out, log.Choices(), err
}

// of is the stage of that type, nil for none.
func of[T plan.Staged](p *plan.App) (out T) {
	for _, s := range p.Image.Stages {
		if data, ok := s.Data.(T); ok {
			return data
		}
	}
	return out
}

// lock is a package-lock.json that agrees with a manifest of nodetest.Manifest.
func lock(deps string) string {
	var d []string
	for name := range strings.FieldsSeq(deps) {
		d = append(d, fmt.Sprintf(`%q: "1.0.0"`, name))
	}
	return fmt.Sprintf(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {%s}}}}`, strings.Join(d, ", "))
}

// berryLock is a yarn.lock of a format from version 2 on, for a manifest that
// asks for a 1.
func berryLock(format int) string {
	return fmt.Sprintf("__metadata:\n  version: %d\n\n\"root@workspace:.\":\n  resolution: \"root@workspace:.\"\n  dependencies:\n    a: 1\n", format)
}

func TestDecide(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		set   []string
		want  string // KEY=VALUE of choices, separated by "; "
	}{
		"start script": {
			map[string]string{"package.json": nodetest.Manifest("express", "start: NODE_ENV=production node --enable-source-maps app.js"), "app.js": "app.listen(4000)"},
			nil,
			"start=NODE_ENV=production node --enable-source-maps app.js; port=4000; runtime=distroless; node.install=npm install; init=tini; dev=node --watch --enable-source-maps app.js; test=node --check app.js",
		},
		"Procfile first": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "Procfile": "release: x\nweb: node b.js\n", "a.js": "", "b.js": ""},
			nil,
			"start=node b.js",
		},
		"what a platform builds with": {
			map[string]string{"package.json": nodetest.Manifest("express", "start: node a.js", "heroku-postbuild: cd client && npm install && npm run build"), "a.js": "app.listen(80)", "client/package.json": "{}"},
			nil,
			"start=node a.js; build=npm run heroku-postbuild; test=npm run heroku-postbuild",
		},
		"a package for older Nodes": {
			map[string]string{"package.json": nodetest.Manifest("node-sass@^4.14.1", "start: node a.js"), "a.js": ""},
			nil,
			"node.version=14",
		},
		"a locked package for older Nodes": {
			map[string]string{"package.json": nodetest.Manifest("node-sass@^4.0.0", "start: node a.js"), "a.js": "", "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"node-sass": "^4.0.0"}}, "node_modules/node-sass": {"version": "4.12.0"}}}`},
			nil,
			"node.version=12",
		},
		"a package for older Nodes, in a range": {
			map[string]string{"package.json": strings.Replace(nodetest.Manifest("node-sass@^7.0.0", "start: node a.js"), "{", `{"engines": {"node": ">=14"}, `, 1), "a.js": ""},
			nil,
			"node.version=16",
		},
		"a package for older Nodes, and npm's own": {
			map[string]string{"package.json": strings.Replace(nodetest.Manifest("node-sass@^8.0.0", "start: node a.js"), "{", `{"packageManager": "npm@9.9.4", `, 1), "a.js": ""},
			nil,
			"node.version=18",
		},
		"a package for older Nodes that another one brings": {
			map[string]string{"package.json": nodetest.Manifest("x@^1.0.0", "start: node a.js"), "a.js": "", "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"x": "^1.0.0"}}, "node_modules/x": {"version": "1.0.0"}, "node_modules/restify": {"version": "11.1.0"}}}`},
			nil,
			"node.version=22",
		},
		"a flag that the newest Node does not know": {
			map[string]string{"package.json": strings.Replace(nodetest.Manifest("", "start: node --experimental-transform-types a.ts"), "{", `{"engines": {"node": "24 || 26"}, `, 1), "a.ts": ""},
			nil,
			"node.version=24",
		},
		"a package for older Nodes than asked for": {
			map[string]string{"package.json": strings.Replace(nodetest.Manifest("node-sass@^7.0.0", "start: node a.js"), "{", `{"engines": {"node": "22"}, `, 1), "a.js": ""},
			nil,
			"node.version=22",
		},
		"a browser behind the test script": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js", "test: run-s lint 'test:*'", "lint: eslint .", "test:ember: ember test"), "a.js": ""},
			nil,
			"test=node --check a.js",
		},
		"tests behind the test script": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js", "test: run-s unit", "unit: mocha", "e2e: cypress run"), "a.js": ""},
			nil,
			"test=npm test",
		},
		"pnpm's Plug'n'Play": {
			map[string]string{"package.json": `{"main": "a.js", "packageManager": "pnpm@7.32.3", "dependencies": {"a": "1"}}`, "a.js": "", ".npmrc": "node-linker=pnp\nsymlink=false\n"},
			nil,
			"node.linker=hoisted",
		},
		"compiled before it starts": {
			map[string]string{"package.json": nodetest.Manifest("express typescript rimraf", "start: rimraf dist && tsc -p tsconfig.json && node dist/index.js"), "src/index.ts": "import express from 'express'; express().listen(3000)", "tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`},
			nil,
			"start=node dist/index.js; build=npx rimraf dist && npx tsc -p tsconfig.json; runtime=distroless",
		},
		"compiled by prestart": {
			map[string]string{"package.json": nodetest.Manifest("typescript", "prestart: npm run compile", "compile: shx rm -rf lib/ && tsc", "start: node lib/"), "src/index.ts": "http.createServer().listen(3030)", "tsconfig.json": `{"compilerOptions": {"outDir": "lib", "rootDir": "src"}}`},
			nil,
			"start=node lib/index.js; build=npm run compile; port=3030",
		},
		"built by name before it starts": {
			map[string]string{"package.json": nodetest.Manifest("fastify-cli typescript", "build:ts: tsc", "start: npm run build:ts && fastify start dist/app.js"), "src/app.ts": "", "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`},
			nil,
			"start=fastify start dist/app.js; build=npm run build:ts; dev=sh -c npm run build:ts && exec fastify start dist/app.js",
		},
		"a migration before it starts": {
			map[string]string{"package.json": nodetest.Manifest("prisma", "start: prisma migrate deploy && node a.js"), "a.js": ""},
			nil,
			"start=prisma migrate deploy && exec node a.js",
		},
		"a server by its name": {
			map[string]string{"package.json": nodetest.Manifest("fastify-cli fastify", "start: fastify start -l info app.js"), "app.js": "module.exports = async (f) => {}"},
			nil,
			"start=fastify start -l info app.js; port=3000",
		},
		"the routes of what a server by its name loads": {
			map[string]string{
				"package.json": nodetest.Manifest("fastify-cli fastify @fastify/autoload", "start: fastify start -l info app.js"), "routes/root.js": "module.exports = async (fastify) => { fastify.get('/', async () => 1) }",
				"app.js": "const AutoLoad = require('@fastify/autoload')\nmodule.exports = async (fastify, opts) => { fastify.register(AutoLoad, {dir: require('path').join(__dirname, 'routes'), options: Object.assign({}, opts)}) }",
			},
			nil,
			"start=fastify start -l info app.js; port=3000; healthcheck=GET /",
		},
		"the routes of AdonisJS": {
			map[string]string{
				"package.json": strings.Replace(nodetest.Manifest("@adonisjs/core@7.5.2", "build: node ace build", "start: node bin/server.js"), "{", `{"imports": {"#start/*": "./start/*.js"}, `, 1), "tsconfig.json": `{"compilerOptions": {"outDir": "build"}}`,
				"bin/server.ts": "const { Ignitor } = await import('@adonisjs/core')\nnew Ignitor(new URL('../', import.meta.url), {}).httpServer().start()\n", "adonisrc.ts": "export default defineConfig({ preloads: [() => import('#start/routes')] })",
				"start/routes.ts": "import router from '@adonisjs/core/services/router'\nrouter.get('/health', [HealthChecksController])\n",
			},
			nil,
			"start=node bin/server.js; healthcheck=GET /health",
		},
		"the routes of AdonisJS in a workspace": {
			map[string]string{
				"package.json": `{"workspaces": ["apps/*"], "scripts": {"build": "turbo build"}, "devDependencies": {"turbo": "2"}}`, "turbo.json": "{}", "apps/web/package.json": `{"name": "web"}`,
				"apps/api/package.json":  `{"name": "api", "type": "module", "scripts": {"build": "node ace build", "start": "node bin/server.js"}, "imports": {"#start/*": "./start/*.js"}, "dependencies": {"@adonisjs/core": "^7.5.2"}}`,
				"apps/api/tsconfig.json": `{"compilerOptions": {"rootDir": "./", "outDir": "./build"}}`, "apps/api/adonisrc.ts": "export default defineConfig({ preloads: [() => import('#start/routes')] })",
				"apps/api/bin/server.ts":   "const { Ignitor } = await import('@adonisjs/core')\nconst APP_ROOT = new URL('../', import.meta.url)\nnew Ignitor(APP_ROOT, {}).httpServer().start()\n",
				"apps/api/start/routes.ts": "import router from '@adonisjs/core/services/router'\nrouter.get('/', () => {\n  return { hello: 'world' }\n})\n",
			},
			nil,
			"start=node build/bin/server.js; healthcheck=GET /",
		},
		"a dev script that only compiles": {
			map[string]string{"package.json": nodetest.Manifest("typescript tsx", "build: tsc", "dev: npm run build:watch", "build:watch: tsc -w --pretty", "start: node dist/a.js"), "src/a.ts": "http.createServer().listen(3030)", "tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`},
			nil,
			"start=node dist/a.js; dev=node --watch --import tsx src/a.ts",
		},
		"a dev script that compiles and starts": {
			map[string]string{"package.json": nodetest.Manifest("typescript tsc-watch", "build: tsc", "dev: tsc-watch --onSuccess 'node dist/a.js'", "start: node dist/a.js"), "src/a.ts": "http.createServer().listen(3030)", "tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`},
			nil,
			"start=node dist/a.js; dev=npm run dev",
		},
		"a server by its name, with its port": {
			map[string]string{"package.json": nodetest.Manifest("json-server", "start: json-server --watch db.json --port 3004"), "db.json": "{}"},
			nil,
			"start=json-server --watch db.json --port 3004 --host 0.0.0.0; port=3004",
		},
		"a server by its name, last": {
			map[string]string{"package.json": nodetest.Manifest("directus", "start: directus bootstrap && directus start")},
			nil,
			"start=directus bootstrap && exec directus start; port=8055",
		},
		"Apollo": {
			map[string]string{"package.json": nodetest.Manifest("@apollo/server", "start: node a.js"), "a.js": "import { startStandaloneServer } from '@apollo/server/standalone'; await startStandaloneServer(server, { context: f, listen: { port: Number(process.env.PORT) || 4000 } })"},
			nil,
			"port=4000",
		},
		"what a member needs": {
			map[string]string{
				"package.json": `{"workspaces": ["p/*"], "scripts": {"start": "npm start -w api"}}`, "p/api/index.js": "app.listen(3000)",
				"p/api/package.json": `{"name": "api", "dependencies": {"db": "*", "express": "1"}, "devDependencies": {"puppeteer": "1"}, "scripts": {"start": "node index.js"}}`,
				"p/db/package.json":  `{"name": "db", "dependencies": {"@prisma/client": "5.0.0"}}`,
				"p/web/package.json": `{"name": "web", "dependencies": {"fluent-ffmpeg": "1"}}`,
			},
			nil,
			"packages=openssl; runtime=slim",
		},
		"a program by its path": {
			map[string]string{"package.json": nodetest.Manifest("express", "start: node a.js"), "a.js": "const { execSync } = require('child_process'); execSync(`/usr/bin/dot ${flags} -Tpng`); app.listen(80)"},
			nil,
			"packages=graphviz; runtime=slim",
		},
		"styles before it starts": {
			map[string]string{"package.json": nodetest.Manifest("express sass", "scss: sass --update ./scss:./css", "start: npm run scss && node app.js"), "app.js": "app.listen(8080)"},
			nil,
			"start=node app.js; build=npx sass --update ./scss:./css; runtime=distroless",
		},
		"Next in a member that it is started in": {
			map[string]string{"package.json": `{"workspaces": ["apps/*"], "scripts": {"start": "npm start -w web"}}`, "apps/web/package.json": `{"name": "web", "dependencies": {"next": "16"}, "scripts": {"start": "next start", "build": "next build"}}`, "apps/web/next.config.js": "module.exports = {output: x()}"},
			nil,
			"port=3000",
		},
		"serve as start": {
			map[string]string{"package.json": nodetest.Manifest("express vite", "dev: node server", "build: vite build", "serve: NODE_ENV=production node server"), "server.js": "app.listen(3000)", "vite.config.ts": "export default defineConfig((e) => ({build: e.x ? a : b}))"},
			nil,
			"start=NODE_ENV=production node server; build=npm run build; port=3000",
		},
		"the entry that listens": {
			map[string]string{"package.json": nodetest.Manifest("express typescript"), "src/server.ts": "import express from 'express'; export const app = express()", "src/index.ts": "import {app} from './server'; app.listen(config.port)", "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`},
			nil,
			"start=node dist/index.js",
		},
		"hapi": {
			map[string]string{"package.json": nodetest.Manifest("@hapi/hapi", "start: node a.js"), "a.js": "const Hapi = require('@hapi/hapi'); const server = Hapi.server({ port: 3005, host: process.env.HOST || 'localhost' })"},
			nil,
			"port=3005",
		},
		"Apollo by default": {
			map[string]string{"package.json": nodetest.Manifest("apollo-server", "start: node a.js"), "a.js": "const {ApolloServer} = require('apollo-server'); new ApolloServer({}).listen()"},
			nil,
			"port=4000",
		},
		"build comes first": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js", "build: node b.js", "gcp-build: node c.js"), "a.js": ""},
			nil,
			"build=npm run build",
		},
		"Bun by the dev script": {
			map[string]string{"package.json": nodetest.Manifest("hono", "dev: bun run --hot src/index.ts"), "src/index.ts": "import { Hono } from 'hono'\nexport default new Hono()"},
			nil,
			"node.manager=bun; start=bun src/index.ts; port=3000",
		},
		"Bun for development alone": {
			map[string]string{"package.json": nodetest.Manifest("", "dev: bun run --hot a.js", "start: node a.js"), "a.js": ""},
			nil,
			"node.manager=npm; start=node a.js",
		},
		"another server": {
			map[string]string{"package.json": nodetest.Manifest("express"), "index.js": "const app = require('express')(); require('./run')(app)", "run.js": "module.exports = (app) => require('http').createServer(app)"},
			nil,
			"start=node index.js",
		},
		"main": {
			map[string]string{"package.json": `{"main": "lib/x"}`, "lib/x.js": ""},
			nil,
			"start=node lib/x.js; node.version=26",
		},
		"exports": {
			map[string]string{"package.json": `{"exports": {"./x": "./x.js", ".": {"types": "./lib/a.d.ts", "browser": "./b.js", "node": {"import": "./lib/a.mjs", "require": "./lib/a.cjs"}}}}`, "lib/a.mjs": "", "b.js": "", "x.js": ""},
			nil,
			"start=node lib/a.mjs",
		},
		"exports of one file": {
			map[string]string{"package.json": `{"exports": "./lib/a.js"}`, "lib/a.js": ""},
			nil,
			"start=node lib/a.js",
		},
		"Angular's tests": {
			map[string]string{"package.json": nodetest.Manifest("@angular/cli", "build: ng build", "test: ng test"), "angular.json": `{"projects": {"a": {"architect": {"build": {"builder": "@angular/build:application"}, "test": {"builder": "@angular/build:unit-test"}}}}}`, "src/a.spec.ts": ""},
			nil,
			"test=npm test",
		},
		"Angular without tests": {
			map[string]string{"package.json": nodetest.Manifest("@angular/cli", "build: ng build", "test: ng test"), "angular.json": `{"projects": {"a": {"architect": {"build": {"builder": "@angular/build:application"}, "test": {"builder": "@angular/build:unit-test"}}}}}`},
			nil,
			"test=npm run build",
		},
		"a build of another name": {
			map[string]string{"package.json": nodetest.Manifest("vitepress", "docs:build: typedoc && vitepress build docs"), "docs/index.md": ""},
			nil,
			"build=npm run docs:build; test=npm run docs:build",
		},
		"TypeScript that a bundler must translate": {
			map[string]string{"package.json": `{"type": "module", "devDependencies": {"esbuild": "1"}}`, "src/index.ts": "enum A { B }"},
			nil,
			"start=node dist/index.js; build=npx esbuild src/index.ts --bundle --platform=node --packages=external --format=esm --outdir=dist",
		},
		"TypeScript that tsc only checks": {
			map[string]string{"package.json": `{"devDependencies": {"typescript": "1"}}`, "src/index.ts": "enum A { B }", "tsconfig.json": `{"compilerOptions": {"noEmit": true}, "include": ["src"]}`},
			nil,
			"start=node dist/index.js; build=npx tsc --noEmit false --outDir dist",
		},
		"unit tests by another name": {
			map[string]string{"package.json": nodetest.Manifest("vite vitest @playwright/test", "build: vite build", "test:e2e: playwright test", "test:unit: vitest", "test:unit:watch: vitest --watch"), "index.html": "", "vitest.config.ts": "", "src/a.spec.ts": "", "e2e/b.spec.ts": ""},
			nil,
			"build=npm run build; test=npm run test:unit",
		},
		"unit tests that are not there": {
			map[string]string{"package.json": nodetest.Manifest("vite vitest", "build: vite build", "test:unit: vitest"), "index.html": "", "vitest.config.ts": "", "e2e/b.spec.ts": ""},
			nil,
			"build=npm run build; test=npm run build",
		},
		"unit tests beside those of a browser": {
			map[string]string{"package.json": nodetest.Manifest("vite jest cypress", "build: vite build", "test: npm run test:unit && cypress run", "test:unit: jest --ci"), "index.html": "", "src/a.test.js": ""},
			nil,
			"build=npm run build; test=npm run test:unit",
		},
		"variables of a framework's start script": {
			map[string]string{"package.json": nodetest.Manifest("next react cross-env", "build: next build", "start: next build && cross-env PORT=4000 NODE_ENV=production NODE_OPTIONS=--no-deprecation HOSTNAME=localhost next start"), "app/page.js": ""},
			nil,
			"start=PORT=4000 NODE_OPTIONS=--no-deprecation node node_modules/next/dist/bin/next start; port=4000",
		},
		"variables of a framework's server of a package of its own": {
			map[string]string{"package.json": nodetest.Manifest("@react-router/serve@8.4.0 react-router @react-router/dev", "build: react-router build", "start: PORT=4000 HOST=localhost SESSION_SECRET=abcdefgh react-router-serve ./build/server/index.js"), "app/root.tsx": ""},
			nil,
			"start=PORT=4000 node node_modules/@react-router/serve/bin.cjs ./build/server/index.js; port=4000",
		},
		"variables of a development server": {
			map[string]string{"package.json": nodetest.Manifest("next react", "build: next build", "start: PORT=4000 next dev"), "app/page.js": ""},
			nil,
			"start=node node_modules/next/dist/bin/next start; port=3000",
		},
		"AdonisJS, whose tests want the variables": {
			map[string]string{"package.json": nodetest.Manifest("@adonisjs/core@7.5.2", "build: node ace build", "start: node bin/server.js", "test: node ace test"), ".env.example": "APP_KEY=\n", "tests/unit/a.spec.ts": ""},
			nil,
			"start=node bin/server.js; build=npm run build; test=cp .env.example .env && node ace generate:key && npm test",
		},
		"AdonisJS, whose tests have the variables": {
			map[string]string{"package.json": nodetest.Manifest("@adonisjs/core@7.5.2", "build: node ace build", "start: node bin/server.js", "test: node ace test"), ".env.example": "APP_KEY=\n", ".env.test": "APP_KEY=a\n", "tests/unit/a.spec.ts": ""},
			nil,
			"start=node bin/server.js; build=npm run build; test=npm test",
		},
		"AdonisJS in a workspace, whose build stays in its place": {
			map[string]string{
				"package.json": `{"workspaces": ["apps/*"], "scripts": {"build": "turbo build", "test": "turbo test"}, "devDependencies": {"turbo": "2"}}`, "turbo.json": "{}", "apps/web/package.json": `{"name": "web"}`,
				"apps/api/package.json": `{"name": "api", "type": "module", "scripts": {"build": "node ace build", "start": "node bin/server.js", "test": "node ace test"}, "dependencies": {"@adonisjs/core": "^7.5.2"}}`, "apps/api/.env.example": "APP_KEY=\n", "apps/api/tests/unit/a.spec.ts": "",
			},
			nil,
			"start=node build/bin/server.js; build=npm run build; test=cp apps/api/.env.example apps/api/.env && node apps/api/ace generate:key && npm test",
		},
		"TypeScript 7, which does not look for the rootDir": {
			map[string]string{"package.json": `{"devDependencies": {"typescript": "^7.0.2"}}`, "src/index.ts": "enum A { B }", "tsconfig.json": `{"compilerOptions": {"noEmit": true}, "include": ["src"]}`},
			nil,
			"start=node dist/index.js; build=npx tsc --noEmit false --outDir dist --rootDir src",
		},
		"TypeScript 7 that compiles without a script": {
			map[string]string{"package.json": `{"main": "out/index.js", "devDependencies": {"typescript": "7"}}`, "src/index.ts": "enum A { B }", "tsconfig.json": `{"compilerOptions": {"outDir": "out"}}`},
			nil,
			"start=node out/index.js; build=npx tsc --rootDir src",
		},
		"TypeScript that Node runs without its bundler": {
			map[string]string{"package.json": `{"devDependencies": {"esbuild": "1"}}`, "index.ts": "const a: number = 1"},
			nil,
			"start=node index.ts",
		},
		"main is missing": {
			map[string]string{"package.json": `{"main": "x.js"}`, "server.js": ""},
			nil,
			"start=node server.js",
		},
		"shell": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js | cat"), "a.js": ""},
			nil,
			"start=node a.js | cat; runtime=slim",
		},
		"a program of a dependency": {
			map[string]string{"package.json": nodetest.Manifest("x", "start: x serve a.js"), "a.js": ""},
			nil,
			"start=x serve a.js; runtime=slim; dev=npx x serve a.js",
		},
		"a shell script": {
			map[string]string{"package.json": nodetest.Manifest("x", "start: ./run.sh"), "run.sh": ""},
			nil,
			"start=sh run.sh; dev=sh run.sh",
		},
		"Nx": {
			map[string]string{
				"package.json": nodetest.Manifest("express nx", "start: nx serve api", "build: nx run-many -t build"), "nx.json": "{}",
				"apps/api/project.json": `{"targets": {"build": {"executor": "@nx/webpack:webpack", "options": {"target": "node", "outputPath": "dist/{projectRoot}", "main": "apps/api/src/main.ts"}}}}`,
				"apps/web/project.json": `{"targets": {"build": {"executor": "@nx/webpack:webpack", "options": {"target": "web", "outputPath": "dist/{projectRoot}"}}}}`,
				"apps/api/src/main.ts":  "app.listen(3333)",
			},
			nil,
			"start=node dist/apps/api/main.js; build=npm run build; port=3333; dev=npm run start",
		},
		"Nx without scripts": {
			map[string]string{
				"package.json": nodetest.Manifest("nx", ""), "nx.json": "{}",
				"api/project.json": `{"name": "x", "targets": {"build": {"executor": "@nx/esbuild:esbuild", "configurations": {"production": {}}, "options": {"format": ["cjs"], "outputPath": "{workspaceRoot}/dist/x", "main": "api/src/run.ts"}}}}`,
			},
			nil,
			"start=node dist/x/run.cjs; build=npx nx build x --configuration=production",
		},
		"Nx in the root": {
			map[string]string{
				"package.json": nodetest.Manifest("nx", "start: nx serve --skip-nx-cache"), "nx.json": "{}",
				"project.json":     `{"name": "api", "projectType": "application", "targets": {"build": {"executor": "@nx/esbuild:esbuild", "options": {"format": ["cjs"], "outputPath": "dist/api", "main": "src/main.ts", "esbuildOptions": {"outExtension": {".js": ".js"}}}}, "serve": {"executor": "@nx/js:node"}}}`,
				"e2e/project.json": `{"name": "e2e", "projectType": "application"}`,
				"src/main.ts":      "app.listen(3333)",
			},
			nil,
			"start=node dist/api/main.js; build=npx nx build api; port=3333; dev=npm run start",
		},
		"Nx, the default project": {
			map[string]string{
				"package.json": nodetest.Manifest("nx", "start: nx serve", "build: nx build web"), "nx.json": `{"defaultProject": "b"}`,
				"workspace.json":      `{"projects": {"a": "libs/a", "b": {"root": "apps/b", "architect": {"build": {"builder": "@nrwl/node:build", "options": {"outputPath": "dist/b", "outputFileName": "b.js"}}}}}}`,
				"libs/a/project.json": `{"projectType": "library", "targets": {"build": {"executor": "@nrwl/node:webpack", "options": {"outputPath": "dist/a"}}}}`,
			},
			nil,
			"start=node dist/b/b.js; build=npx nx build b",
		},
		"start is for development, another script is not": {
			map[string]string{"package.json": nodetest.Manifest("", "start: ng serve", "server: node a.js"), "a.js": ""},
			nil,
			"start=node a.js; dev=npm run start",
		},
		"start is for development, a server listens": {
			map[string]string{"package.json": nodetest.Manifest("", "start: webpack serve"), "src/main.js": "", "server.js": "app.listen(3000)"},
			nil,
			"start=node server.js",
		},
		"start of Turborepo": {
			map[string]string{"package.json": `{"workspaces": ["apps/*"], "scripts": {"start": "turbo run start --filter=web"}}`, "apps/web/package.json": `{"name": "web", "scripts": {"start": "node x.js"}}`, "apps/web/x.js": "app.listen(1234)", "apps/a/package.json": `{"scripts": {"start": "node y.js"}}`},
			nil,
			"start=node x.js; port=1234",
		},
		"start of Turborepo, one app": {
			map[string]string{"package.json": `{"workspaces": ["apps/*"], "scripts": {"start": "turbo start --no-daemon"}}`, "apps/web/package.json": `{"name": "web", "scripts": {"start": "node x.js"}}`, "apps/web/x.js": "app.listen(1234)", "apps/a/package.json": `{}`},
			nil,
			"start=node x.js; port=1234",
		},
		"a chain": {
			map[string]string{"package.json": nodetest.Manifest("x", "start: x migrate && node a.js"), "a.js": ""},
			nil,
			"start=x migrate && exec node a.js; runtime=slim",
		},
		"start builds first": {
			map[string]string{"package.json": nodetest.Manifest("", "build: tsc", "start: npm run build && node dist/a.js"), "a.ts": ""},
			nil,
			"start=node dist/a.js; build=npm run build",
		},
		"a secret stays out of ENV": {
			map[string]string{"package.json": nodetest.Manifest("", "start: API_KEY=x node a.js"), "a.js": ""},
			nil,
			"start=API_KEY=x exec node a.js; runtime=slim",
		},
		"TypeScript without a build": {
			map[string]string{"package.json": `{"main": "index.js", "devDependencies": {"typescript": "5"}}`, "tsconfig.json": `{"compilerOptions": {"outDir": "out"}}`, "index.ts": "", "lib/x.ts": ""},
			nil,
			"start=node out/index.js; build=npx tsc",
		},
		"TypeScript that Node runs": {
			map[string]string{"package.json": `{"main": "index.ts"}`, "index.ts": "let x: number = 1"},
			nil,
			"start=node index.ts; node.version=26",
		},
		"TypeScript with tsx": {
			map[string]string{"package.json": `{"main": "index.ts", "devDependencies": {"tsx": "4"}}`, "index.ts": "enum X { A }"},
			nil,
			"start=node --import tsx index.ts",
		},
		"npm's placeholder is no test": {
			map[string]string{"package.json": `{"main": "a.js", "scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}`, "a.js": ""},
			nil,
			"test=node --check a.js",
		},
		"a browser's tests": {
			map[string]string{"package.json": nodetest.Manifest("", "test: cypress run", "build: tsc"), "index.js": ""},
			nil,
			"test=npm run build",
		},
		"a real test": {
			map[string]string{"package.json": nodetest.Manifest("jest", "test: jest --watchAll"), "index.js": "", "index.test.js": ""},
			nil,
			"test=npm test",
		},
		"privileged port": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "app.listen(process.env.PORT || 80)"},
			nil,
			"port=8080",
		},
		"port from the start command": {
			map[string]string{"package.json": nodetest.Manifest("", "start: PORT=5000 node a.js"), "a.js": "app.listen(process.env.PORT || 80)"},
			nil,
			"port=5000",
		},
		"port that the code takes": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "app.listen(process.env.PORT)"},
			nil,
			"port=3000",
		},
		"asked for": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "app.listen(process.env.PORT || 80)"},
			[]string{"port=9000", "version=22", "start=[node, b.js]", "runtime=alpine"},
			"port=9000; node.version=22; start=node b.js; runtime=alpine",
		},
		"SIGTERM is handled": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "process.on('SIGTERM', stop)"},
			nil,
			"init=none",
		},
		"a program is started": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "require('child_process').execSync('git log')"},
			nil,
			"runtime=slim; packages=ca-certificates git",
		},
		"pnpm by its lockfile": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "", "pnpm-lock.yaml": "lockfileVersion: '6.0'\n"},
			nil,
			"node.manager=pnpm; node.manager.version=8.15.9",
		},
		"pnpm by packageManager": {
			map[string]string{"package.json": `{"packageManager": "pnpm@9.1.0+sha256.x", "main": "a.js"}`, "a.js": "", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"},
			nil,
			"node.manager.version=9.1.0",
		},
		"pnpm 11 raises Node": {
			map[string]string{"package.json": `{"packageManager": "pnpm@11.1.2", "main": "a.js", "engines": {"node": ">=18 <23"}}`, "a.js": ""},
			nil,
			"node.version=22",
		},
		"Yarn 4": {
			map[string]string{"package.json": `{"packageManager": "yarn@4.9.2+sha512.x", "main": "a.js", "dependencies": {"a": "1"}}`, "a.js": "", "yarn.lock": berryLock(8)},
			nil,
			"node.manager=berry; node.manager.version=4.9.2; node.install=yarn install --immutable --inline-builds; node.linker=node-modules; runtime=distroless",
		},
		"Yarn by the format of its lockfile": {
			map[string]string{"package.json": nodetest.Manifest("a@1", "start: node a.js"), "a.js": "", "yarn.lock": berryLock(6), ".yarnrc.yml": "nodeLinker: node-modules\n"},
			nil,
			"node.manager=berry; node.manager.version=3.8.7; node.linker=",
		},
		"Yarn with another format of lockfile": {
			map[string]string{"package.json": `{"packageManager": "yarn@4.18.1", "main": "a.js", "dependencies": {"a": "1"}}`, "a.js": "", "yarn.lock": berryLock(8)},
			nil,
			"node.install=yarn install --no-immutable --inline-builds",
		},
		"a committed release": {
			map[string]string{"package.json": nodetest.Manifest("a@1", "start: yarn node -r ./.pnp.cjs a.js"), "a.js": "", "yarn.lock": berryLock(4), ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-2.4.3.cjs\n", ".yarn/releases/yarn-2.4.3.cjs": ""},
			nil,
			"node.manager.version=2.4.3; start=node a.js; node.install=yarn install --immutable --inline-builds",
		},
		"a committed release of Yarn 1": {
			map[string]string{"package.json": nodetest.Manifest("a@1", "start: node a.js"), "a.js": "", ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-1.22.19.cjs\n", ".yarn/releases/yarn-1.22.19.cjs": "", "yarn.lock": "a@1:\n  version \"1.0.0\"\n"},
			nil,
			"node.manager=yarn; node.manager.version=1.22.19; node.install=yarn install --frozen-lockfile",
		},
		"Yarn 4 converts the lockfile of Yarn 1": {
			map[string]string{"package.json": `{"packageManager": "yarn@4.9.2", "main": "a.js", "dependencies": {"a": "1"}}`, "a.js": "", "yarn.lock": "a@1:\n  version \"1.0.0\"\n"},
			nil,
			"node.manager=berry; node.install=yarn install --no-immutable --inline-builds",
		},
		"engines allow any Yarn": {
			map[string]string{"package.json": `{"engines": {"yarn": ">=1.22"}, "main": "a.js", "dependencies": {"a": "1"}}`, "a.js": "", "yarn.lock": berryLock(8)},
			nil,
			"node.manager=berry; node.manager.version=4.13.0",
		},
		"two lockfiles, packageManager decides": {
			map[string]string{"package.json": `{"packageManager": "npm@10.0.0", "main": "a.js"}`, "a.js": "", "package-lock.json": lock(""), "yarn.lock": ""},
			nil,
			"node.manager=npm",
		},
		"two lockfiles, one in step": {
			map[string]string{"package.json": nodetest.Manifest("a", "start: node a.js"), "a.js": "", "package-lock.json": lock("a"), "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"},
			nil,
			"node.manager=npm",
		},
		"two lockfiles, engines decide": {
			map[string]string{"package.json": `{"engines": {"npm": ">=9", "yarn": "^1.22"}, "main": "a.js"}`, "a.js": "", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "yarn.lock": ""},
			nil,
			"node.manager=yarn",
		},
		"two lockfiles, the scripts decide": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js", "build: npm run x && npm run y", "x: tsc", "y: cp a b"), "a.js": "", "package-lock.json": lock(""), "yarn.lock": ""},
			nil,
			"node.manager=npm",
		},
		"two lockfiles, only-allow decides": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js", "preinstall: npx only-allow npm"), "a.js": "", "package-lock.json": lock(""), "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"},
			nil,
			"node.manager=npm",
		},
		"npm's first lockfile": {
			map[string]string{"package.json": nodetest.Manifest("a", "start: node a.js"), "a.js": "", "package-lock.json": `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0"}}}`},
			nil,
			"node.install=npm ci --legacy-peer-deps",
		},
		"pnpm 12 in engines": {
			map[string]string{"package.json": `{"main": "a.js", "engines": {"pnpm": ">=12"}, "dependencies": {"x": "1"}}`, "a.js": ""},
			nil,
			"node.manager=pnpm; node.manager.version=12.21.0",
		},
		"pnpm in engines reads the lockfile": {
			map[string]string{"package.json": `{"engines": {"pnpm": ">=7"}, "main": "a.js", "dependencies": {"a": "1"}}`, "a.js": "", "pnpm-lock.yaml": "lockfileVersion: 5.4\nspecifiers:\n  a: '1'\ndependencies:\n  a: 1.0.0\n"},
			nil,
			"node.manager.version=7.33.7; node.install=pnpm install --frozen-lockfile",
		},
		"yarn 1": {
			map[string]string{"package.json": nodetest.Manifest("a", "start: node a.js"), "a.js": "", "yarn.lock": "a@1.0.0:\n  version \"1.0.0\"\n"},
			nil,
			"node.manager=yarn; node.install=yarn install --frozen-lockfile",
		},
		"bun runs": {
			map[string]string{"package.json": `{"module": "index.ts", "devDependencies": {"@types/bun": "latest"}}`, "index.ts": "", "bun.lock": `{"workspaces": {"": {"devDependencies": {"@types/bun": "latest"}}}}`},
			nil,
			"bun.version=1; start=bun index.ts; runtime=slim; node.install=bun install --frozen-lockfile",
		},
		"bun installs, node runs": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "", "bun.lock": `{}`},
			nil,
			"node.manager=bun; start=node a.js; runtime=distroless",
		},
		"npm in step": {
			map[string]string{"package.json": nodetest.Manifest("a", "start: node a.js"), "a.js": "", "package-lock.json": lock("a")},
			nil,
			"node.install=npm ci",
		},
		"npm out of step": {
			map[string]string{"package.json": nodetest.Manifest("a b", "start: node a.js"), "a.js": "", "package-lock.json": lock("a")},
			nil,
			"node.install=npm install",
		},
		"the one member that starts": {
			map[string]string{"package.json": `{"workspaces": ["apps/*"]}`, "apps/web/package.json": `{"name": "web", "scripts": {"start": "node dist/x.js", "build": "tsc"}}`, "apps/web/x.ts": "app.listen(1234)", "apps/a/package.json": "{}"},
			nil,
			"start=node dist/x.js; port=1234; build=npm run build -w apps/web",
		},
		"watching is for development": {
			map[string]string{"package.json": nodetest.Manifest("", "start: node --watch --env-file=.env a.js"), "a.js": ""},
			nil,
			"start=node a.js",
		},
		"start:prod": {
			map[string]string{"package.json": nodetest.Manifest("", "start: nest start", "start:prod: node dist/main", "start:dev: nest start --watch", "build: nest build"), "src/main.ts": "app.listen(process.env.PORT ?? 3000)"},
			nil,
			"start=node dist/main; port=3000",
		},
		"a framework's port in the code": {
			map[string]string{"package.json": `{"dependencies": {"@nestjs/core": "11"}, "scripts": {"build": "nest build", "start": "nest start", "start:prod": "node dist/main"}}`, "tsconfig.json": `{"compilerOptions": {"outDir": "./dist"}}`, "src/main.ts": "await app.listen(process.env.PORT ?? 8081)", "test/app.e2e-spec.ts": ""},
			nil,
			"start=node dist/main; port=8081",
		},
		"PORT in a Procfile": {
			map[string]string{"package.json": nodetest.Manifest("x", ""), "Procfile": "web: x -p $PORT\n", "a.js": ""},
			nil,
			"start=x -p $PORT; port=3000; runtime=slim",
		},
		"a workspace's member": {
			map[string]string{"package.json": `{"workspaces": ["apps/*"], "scripts": {"start": "npm start -w web"}}`, "apps/web/package.json": `{"name": "web", "scripts": {"start": "node x.js"}}`, "apps/web/x.js": "app.listen(1234)", "apps/a/package.json": "{}", "apps/a/x.js": "app.listen(99)"},
			nil,
			"start=node x.js; port=1234",
		},
	} {
		_, log, err := decide(t, c.files, c.set...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := map[string]string{}
		for _, ch := range log.Choices() {
			got[ch.Key] = ch.Value
		}
		for w := range strings.SplitSeq(c.want, "; ") {
			key, value, _ := strings.Cut(w, "=")
			if got[key] != value {
				t.Errorf("%s: %s: got %q, want %q", name, key, got[key], value)
			}
		}
	}
}

func TestRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		set   []string
		want  string
	}{
		"nothing starts":       {map[string]string{"package.json": "{}"}, nil, "nothing says how this app is started"},
		"a site and a program": {map[string]string{"package.json": `{"workspaces": ["*"]}`, "web/package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`, "web/index.html": "", "api/package.json": "{}", "api/a.js": "x.listen(8)"}, nil, "does not say which to start: api, web"},
		"several members":      {map[string]string{"package.json": `{"workspaces": ["*"]}`, "a/package.json": `{"scripts": {"start": "x"}}`, "b/package.json": `{"scripts": {"start": "y"}}`}, nil, "does not say which to start: a, b"},
		"Nx, unknown executor": {map[string]string{"package.json": nodetest.Manifest("nx", "start: nx serve a"), "nx.json": "{}", "a/project.json": `{"name": "a", "targets": {"build": {"executor": "x:y", "options": {"outputPath": "dist/a"}}}}`, "src/main.js": ""}, nil, "a/project.json:1: the start script runs Nx's development server, and dockgen does not know what the build of a writes (x:y)"},
		"Nx, outside":          {map[string]string{"package.json": nodetest.Manifest("nx", "start: nx run a:serve:development"), "nx.json": "{}", "a/project.json": `{"name": "a", "targets": {"build": {"executor": "@nrwl/node:webpack", "options": {"outputPath": "../a"}}}}`}, nil, "does not know what the build of a writes"},
		"Nx, no such project":  {map[string]string{"package.json": nodetest.Manifest("nx", "start: nx serve b"), "nx.json": "{}", "src/main.js": ""}, nil, "no project.json says how b is built"},
		"ng serve":             {map[string]string{"package.json": nodetest.Manifest("", "start: ng serve"), "src/main.js": ""}, nil, "package.json:1: the start script runs a development server (ng serve)"},
		"next dev":             {map[string]string{"package.json": nodetest.Manifest("", "start: npm run x", "x: NODE_ENV=development npx next dev -p 80"), "index.js": ""}, nil, "the start script runs a development server (next dev -p 80)"},
		"turbo dev":            {map[string]string{"package.json": nodetest.Manifest("", "start: turbo run dev"), "index.js": ""}, nil, "the start script runs a development server (turbo run dev)"},
		"a future Node":        {map[string]string{"package.json": `{"main": "a.js", "engines": {"node": ">=99"}}`, "a.js": ""}, nil, "there is no image of Node >=99"},
		"pnpm 11 on Node 20":   {map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "20"}, "packageManager": "pnpm@11.0.0"}`, "a.js": ""}, nil, "needs Node >=22.13"},
		"Ruby's":               {map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": "", "Procfile": "web: bundle exec puma\n"}, nil, "Procfile:1: the app is started by bundle, which is Ruby"},
		"Python's":             {map[string]string{"package.json": nodetest.Manifest("", "start: python -m http.server")}, nil, "the app is started by python, which is Python"},
		"for a platform":       {map[string]string{"package.json": nodetest.Manifest("hono"), "src/index.ts": "import { Hono } from 'hono'\nconst app = new Hono()\nexport default app"}, nil, "src/index.ts:1: src/index.ts creates a Hono app, but nothing that it runs listens"},
		"for a platform, far":  {map[string]string{"package.json": nodetest.Manifest("express typescript", "start: node dist/index.js", "build: tsc"), "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "index.ts": "import app from './app'\nexport default app", "app.ts": "import express from 'express'\nexport default express()"}, nil, "app.ts:1: dist/index.js creates an Express app"},
		"cloud functions":      {map[string]string{"package.json": nodetest.Manifest("@google-cloud/functions-framework"), "index.js": "require('@google-cloud/functions-framework').http('a', f)"}, nil, "index.js creates functions"},
		"a browser's code":     {map[string]string{"package.json": nodetest.Manifest("", "dev: rollup -c -w && rspack serve", "build: x"), "src/index.js": "document.body"}, nil, "package.json:1: the dev script runs a development server (rspack serve)"},
		"an open quote":        {map[string]string{"package.json": nodetest.Manifest("", "start: node 'a.js"), "a.js": ""}, nil, "package.json:1: the start command cannot be parsed: 1:6: reached EOF without closing quote"},
		"blanks":               {map[string]string{"package.json": nodetest.Manifest("", "start:   ")}, nil, "the start command cannot be parsed: it names no program"},
		"an empty word":        {map[string]string{"package.json": nodetest.Manifest("", "start: tsc && ''")}, nil, "the start command cannot be parsed: it names no program"},
		"a page":               {map[string]string{"package.json": `{"main": "index.html"}`, "index.html": ""}, nil, "nothing says how this app is started"},
		"TypeScript":           {map[string]string{"package.json": `{"main": "a.ts"}`, "a.ts": "enum A { B }"}, nil, "cannot run by dropping the types"},
	} {
		_, _, err := decide(t, c.files, c.set...)
		var u *record.UnsupportedError
		if !errors.As(err, &u) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	_, _, err := decide(t, map[string]string{"package.json": `{"main": "a.js"}`, "a.js": ""}, "runtime=scratch")
	var i *record.ImpossibleError
	if !errors.As(err, &i) || len(i.Works) != 3 {
		t.Errorf("scratch: got %v", err)
	}
}

// TestStartRows holds the rows that a start command is looked up in.
func TestStartRows(t *testing.T) {
	rows, err := startRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Foreign {
		if r.Language == "" || len(r.Programs) == 0 || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("foreign: %+v is not whole", r)
		}
	}
	for _, r := range rows.Programs {
		if _, err := plan.NewShell(append([]string{r.Program}, r.Flags...)...); err != nil || r.Port == 0 || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("programs: %+v is not whole: %v", r, err)
		}
	}
	for _, r := range rows.Listeners {
		if r.Package == "" || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("listeners: %+v is not whole", r)
		}
	}
	for _, r := range rows.Handlers {
		if r.Package == "" || r.Name == "" || r.Hint == "" || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("handlers: %+v is not whole", r)
		}
	}
}

// TestNextNode holds a version that has no image to the next one that has.
func TestNextNode(t *testing.T) {
	p, log, err := decide(t, map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "^8.9.0"}}`, "a.js": ""})
	if err != nil {
		t.Fatal(err)
	}
	if got := of[*Base](p).From.String(); got != "node:12-bullseye-slim" {
		t.Errorf("suite: got %s", got)
	}
	var notes []string
	for _, n := range log.Notes() {
		notes = append(notes, n.Text)
	}
	if !slices.Contains(notes, "Node ^8.9.0 has no image that dockgen can use: Node 12 is taken") || !slices.Contains(notes, "Node 12 is out of support: its image gets no security fixes") {
		t.Errorf("got %q", notes)
	}
}

// TestIgnoreKeeps holds .dockerignore to what is copied: an output folder
// that is committed stays in the context.
func TestIgnoreKeeps(t *testing.T) {
	p, _, err := decide(t, map[string]string{
		"package.json": nodetest.Manifest("", "build: tsc", "start: node dist/a.js"), "dist/a.js": "", "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "a.ts": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	for _, g := range p.Ignore {
		for _, pattern := range g.Patterns {
			fmt.Fprintln(&text, pattern)
		}
	}
	if strings.Contains(text.String(), "dist") || !strings.Contains(text.String(), "**/node_modules\n") {
		t.Errorf("got\n%s", &text)
	}
}

// TestPackageReasons holds the comment above an install to naming what is
// installed, and why.
func TestPackageReasons(t *testing.T) {
	for deps, want := range map[string]string{
		"@prisma/client": "openssl: @prisma/client needs it, because its engines are linked against OpenSSL.",
		"node-pty":       "python3, make and g++: node-pty is compiled with them.",
		// Nobody prebuilt these for Node 24.
		"better-sqlite3@11.3.0": "python3, make and g++: better-sqlite3 is compiled with them.",
		"bcrypt@3.0.0":          "python3, make and g++: bcrypt is compiled with them.",
		"canvas@2.11.2":         "libcairo2, libpangocairo-1.0-0, libjpeg62-turbo, libgif7 and librsvg2-2: canvas needs them, because it is compiled, and linked against them.",
		"playwright":            "chromium and fonts-liberation: playwright needs them, because it drives a browser.",
	} {
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest(deps, "start: node a.js"), "a.js": ""})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range slices.Concat(of[*Base](p).Debian, of[*Deps](p).Debian, p.Run.Debian) {
			got = append(got, row.For.String())
		}
		if !slices.Contains(got, want) {
			t.Errorf("%s: got %q, want %q among them", deps, got, want)
		}
	}
}

// TestBuiltFor: a library whose version nobody prebuilt for a Node is compiled.
func TestBuiltFor(t *testing.T) {
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, version, node string
		compiled            bool
	}{
		{"better-sqlite3", "12.9.0", "26", true},
		{"better-sqlite3", "12.9.0", "24", false},
		{"better-sqlite3", "12.10.0", "26", false},
		{"better-sqlite3", "12.10.0", "20", true},
		{"better-sqlite3", "12.10.0", "22", false},
		{"better-sqlite3", "13.0.0", "26", false},
		{"isolated-vm", "7.0.1", "22", true},
		{"isolated-vm", "7.0.1", "26", false},
		{"isolated-vm", "6.1.2", "24", false},
	} {
		row, ok := know.Package("node", c.name)
		if got := !builtFor(row, c.version, engine{Node: c.node}).Wheel; !ok || got != c.compiled {
			t.Errorf("%s %s on Node %s: compiled %v, want %v", c.name, c.version, c.node, got, c.compiled)
		}
	}
}

// TestUnneededPackages holds an image to what its libraries need.
func TestUnneededPackages(t *testing.T) {
	for deps, prod := range map[string]bool{"better-sqlite3@12.4.1": false, "bcrypt@5.1.0": false, "canvas@3.1.0": false, "sharp": false, "puppeteer": true} {
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest(deps, "start: node a.js"), "a.js": ""})
		if err != nil {
			t.Fatal(err)
		}
		base, own := of[*Base](p).Debian, of[*Deps](p).Debian
		if got := len(base) > 0; got != prod || len(own) > 0 {
			t.Errorf("%s: got %v and %v", deps, base, own)
		}
	}
	// A browser for the tests alone is in no image that runs.
	p, _, err := decide(t, map[string]string{"package.json": `{"scripts": {"start": "node a.js"}, "devDependencies": {"puppeteer": "1"}}`, "a.js": ""})
	if err != nil {
		t.Fatal(err)
	}
	base, deps := of[*Base](p), of[*Deps](p)
	if len(base.Debian) > 0 || len(deps.Debian) != 1 || len(deps.Env) != 2 || p.Run.Ports != nil {
		t.Errorf("got %v, %v and %v", base.Debian, deps.Debian, deps.Env)
	}
	// What only developers start is not downloaded, wherever it is listed.
	p, _, err = decide(t, map[string]string{"package.json": nodetest.Manifest("cypress", "start: node a.js"), "a.js": ""})
	if err != nil {
		t.Fatal(err)
	}
	deps = of[*Deps](p)
	if len(deps.Env) != 1 || deps.Env[0].Name.String() != "CYPRESS_INSTALL_BINARY" || slices.ContainsFunc(p.Run.Env, func(e plan.Env) bool { return e.Name == deps.Env[0].Name }) {
		t.Errorf("cypress: got %v and %v", deps.Env, p.Run.Env)
	}
}

// TestDevFindsPrograms holds the shell of dev to the programs of dependencies.
func TestDevFindsPrograms(t *testing.T) {
	for script, want := range map[string]bool{"x migrate && node a.js": true, "x | cat": true, "node a.js": false, "x": false} {
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest("x", "start: "+script), "a.js": ""})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(of[*Dev](p).Env, func(e plan.Env) bool { return e.Name.String() == "PATH" }); got != want {
			t.Errorf("%s: on the PATH: got %v, want %v", script, got, want)
		}
	}
}

func TestMD4(t *testing.T) {
	const legacy = "NODE_OPTIONS=--openssl-legacy-provider"
	tests := []struct {
		name, manifest string
		want           bool
	}{
		{"an old webpack", nodetest.Manifest("react-scripts@^4.0.3", "build: react-scripts build"), true},
		{"a newer one", nodetest.Manifest("react-scripts@5.0.1", "build: react-scripts build"), false},
		{"an old Node", `{"engines": {"node": "16"}, ` + nodetest.Manifest("react-scripts@^4.0.3", "build: react-scripts build")[1:], false},
		{"an old webpack below", nodetest.Manifest("", "start: node src/index.js", "heroku-postbuild: npm install --prefix web && npm run build --prefix web"), true},
		{"an old webpack behind a script", nodetest.Manifest("", "start: node src/index.js", "client: cd ./web && npm run build", "build: npm run client"), true},
		{"an old webpack that is not built", nodetest.Manifest("", "start: node src/index.js", "build: tsc", "web: cd web && npm start"), false},
		{"a script that allows it", nodetest.Manifest("react-scripts@^4.0.3", "build: react-scripts --openssl-legacy-provider build"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, log, err := decide(t, map[string]string{"package.json": tt.manifest, "src/index.js": "", "web/package.json": nodetest.Manifest("react-scripts@3.4.3")})
			if err != nil {
				t.Fatal(err)
			}
			got := slices.ContainsFunc(of[*Base](p).Env, func(e plan.Env) bool { return e.String() == legacy })
			if told := strings.Contains(fmt.Sprint(log.Notes()), "MD4"); got != tt.want || told != tt.want {
				t.Errorf("set %v, told %v, want %v", got, told, tt.want)
			}
		})
	}
}

func TestPrismaSchema(t *testing.T) {
	pkg := nodetest.Manifest("prisma@6.0.0 @prisma/client@6.0.0", "start: node a.js")
	tests := []struct {
		name  string
		files map[string]string
		want  string // of the first COPYs of deps; "" where nothing is generated
	}{
		{"none", map[string]string{"package.json": pkg}, ""},
		{"the folder", map[string]string{"package.json": pkg, "prisma/schema.prisma": ""}, "package.json ./, prisma/ prisma/"},
		{"the file", map[string]string{"package.json": pkg, "schema.prisma": ""}, "package.json schema.prisma ./"},
		{"package.json", map[string]string{"package.json": `{"prisma": {"schema": "./src/db/schema.prisma"}, ` + pkg[1:], "src/db/schema.prisma": ""}, "package.json ./, src/db/schema.prisma src/db/"},
		{"prisma.config", map[string]string{"package.json": pkg, "prisma.config.ts": "import { defineConfig } from 'prisma/config';\nexport default defineConfig({schema: 'db/models/'})", "db/models/a.prisma": ""}, "package.json ./, db/models/ db/models/"},
		{"one that is not there", map[string]string{"package.json": `{"prisma": {"schema": "../x.prisma"}, ` + pkg[1:]}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.files["a.js"] = ""
			p, _, err := decide(t, tt.files)
			if err != nil {
				t.Fatal(err)
			}
			build := of[*Build](p)
			generates := build != nil && slices.ContainsFunc(build.Steps[0].Run, func(s plan.Shell) bool { return s.String() == "npx prisma generate" })
			var copies []string
			for _, c := range of[*Deps](p).Sources {
				copies = append(copies, c.String())
			}
			if got := strings.Join(copies, ", "); generates != (tt.want != "") || generates && got != tt.want {
				t.Errorf("generates %v, copies %s; want %s", generates, got, tt.want)
			}
		})
	}
}

// TestPrismaInPrepare: from version 2 on, Yarn's install runs no prepare.
func TestPrismaInPrepare(t *testing.T) {
	for name, tt := range map[string]struct {
		manager, lockfile string
		want              bool
	}{
		"npm":    {"npm@11.0.0", "package-lock.json", false},
		"yarn 4": {"yarn@4.13.0", "yarn.lock", true},
	} {
		pkg := nodetest.Manifest("prisma@6.0.0 @prisma/client@6.0.0", "start: node a.js", "prepare: prisma generate")
		lock := map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {}}`, "yarn.lock": "__metadata:\n  version: 8\n"}[tt.lockfile]
		p, _, err := decide(t, map[string]string{
			"package.json": `{"packageManager": "` + tt.manager + `", ` + pkg[1:], tt.lockfile: lock,
			"prisma/schema.prisma": "", "a.js": "",
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		build := of[*Build](p)
		if got := build != nil && slices.ContainsFunc(build.Steps[0].Run, func(s plan.Shell) bool { return strings.Contains(s.String(), "prisma generate") }); got != tt.want {
			t.Errorf("%s: generates in the build: %v, want %v", name, got, tt.want)
		}
	}
}

func TestNodeBound(t *testing.T) {
	for name, c := range map[string]struct{ pkg, want string }{
		"pinned otherwise": {`{"main": "a.js", "engines": {"node": "22"}, "devDependencies": {"node-sass": "^6.0.0"}}`, "node-sass of this version runs on Node >=12 <17, and the image has Node 22"},
		"met":              {`{"main": "a.js", "engines": {"node": "16"}, "devDependencies": {"node-sass": "^6.0.0"}}`, ""},
		"two":              {`{"main": "a.js", "engines": {"node": ">=26"}, "dependencies": {"sass": "^1.0.0", "jwa": "2.0.0"}}`, "jwa of this version runs on Node <25, and the image has Node 26"},
		"not bounded":      {`{"main": "a.js", "dependencies": {"sass": "^1.0.0"}}`, ""},
	} {
		_, log, err := decide(t, map[string]string{"package.json": c.pkg, "a.js": ""})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		i := slices.IndexFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, "of this version runs on Node") })
		if found := i >= 0; found != (c.want != "") || found && log.Notes()[i].Text != c.want {
			t.Errorf("%s: got %+v, want %q", name, log.Notes(), c.want)
		}
	}
}
