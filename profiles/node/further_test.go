package node

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestMeant holds prod to the server or the site that is meant where the start script is
// made for development.
func TestMeant(t *testing.T) {
	const express, vite = `"dependencies": {"express": "5"}, "devDependencies": {"concurrently": "9", "npm-run-all": "4", "nodemon": "3", "vite": "7", "typescript": "5", "webpack": "5"}`,
		`"devDependencies": {"vite": "7", "concurrently": "9", "npm-run-all": "4", "tailwindcss": "4"}`
	client := map[string]string{"client/package.json": `{"devDependencies": {"vite": "7"}, "scripts": {"start": "vite"}}`}
	server := map[string]string{"server.js": "require('express')().listen(4000)"}
	for name, c := range map[string]struct {
		scripts, deps string
		files         map[string]string
		want          string // "!TEXT" is a refusal that says TEXT
	}{
		"concurrently":           {`"start": "concurrently \"npm run server\" \"npm run client\"", "server": "nodemon server.js", "client": "npm start --prefix client"`, express, client, "node server.js"},
		"its options":            {`"start": "concurrently -k -n a,b -c red,blue 'npm:serve' 'npm:watch-*'", "serve": "node server.js", "watch-css": "webpack --watch", "watch-js": "tsc -w"`, express, nil, "node server.js"},
		"run-p of a pattern":     {`"start": "run-p start:*", "start:client": "vite", "start:server": "node server.js"`, express, nil, "node server.js"},
		"a folder by nodemon":    {`"start": "npm start --prefix server"`, express, map[string]string{"server/package.json": `{"main": "app.js", "scripts": {"start": "nodemon"}, "dependencies": {"express": "5"}}`, "server/app.js": "require('express')().listen(3000)"}, "node app.js"},
		"a folder for prod":      {`"start": "concurrently \"npm run client\" \"npm run api\"", "api": "npm start --prefix server", "client": "npm start --prefix client"`, express, map[string]string{"client/package.json": client["client/package.json"], "server/package.json": `{"scripts": {"start": "nodemon app.js", "start:prod": "node app.js --prod"}, "dependencies": {"express": "5"}}`, "server/app.js": "require('express')().listen(3000)"}, "node app.js --prod"},
		"npm-run-all -p":         {`"start": "npm-run-all -p watch serve", "watch": "tsc -w", "serve": "nodemon server.js"`, express, nil, "node server.js"},
		"first one, then both":   {`"start": "npm-run-all clean --parallel watch serve", "clean": "rimraf x", "watch": "tsc -w", "serve": "nodemon server.js"`, express, nil, "npm-run-all clean --parallel watch serve"},
		"one that watches":       {`"start": "sandbox/watch.sh", "start:prod": "node server.js"`, express, nil, "node server.js"},
		"a script for prod":      {`"start": "concurrently 'npm:api' 'vite'", "api": "nodemon server.js", "start:prod": "NODE_ENV=production node server.js"`, express, nil, "NODE_ENV=production node server.js"},
		"two that stay":          {`"start": "concurrently 'node server.js' 'node worker.js' 'tsc -w'"`, express, nil, "concurrently 'node server.js' 'node worker.js'"},
		"nothing for production": {`"start": "concurrently 'vite' 'tsc -w'"`, `"devDependencies": {"x": "1"}`, nil, "!development server"},
		"a client's server":      {`"start": "npm start --prefix client"`, `"dependencies": {"x": "1"}`, client, "!development server of client"},
		"cd":                     {`"start": "cd client && npm start"`, `"dependencies": {"x": "1"}`, client, "!development server of client"},
		"an install first":       {`"start": "npm install && node server.js"`, express, nil, "node server.js"},
		"a site":                 {`"start": "yarn && vite", "build": "vite build"`, vite, nil, "nginx"},
		"a site that is built":   {`"start": "npm install && npm run build && vite preview", "build": "vite build"`, vite, nil, "nginx"},
		"a site beside styles":   {`"start": "run-p dev css", "dev": "vite", "css": "tailwindcss -i a -o b --watch", "build": "vite build"`, vite, nil, "nginx"},
		"a daemon":               {`"start": "egg-scripts start --daemon --title=x"`, `"dependencies": {"egg": "3", "egg-scripts": "3"}`, nil, "egg-scripts start --title=x"},
		"development migrations": {`"start": "prisma migrate dev && node server.js"`, `"dependencies": {"express": "5", "prisma": "6", "@prisma/client": "6"}`, nil, "prisma migrate deploy && exec node server.js"},
		"generated at start":     {`"start": "npx prisma generate && node server.js"`, `"dependencies": {"express": "5", "prisma": "6", "@prisma/client": "6"}`, map[string]string{"prisma/schema.prisma": ""}, "node server.js"},
	} {
		files := map[string]string{"package.json": `{"scripts": {` + c.scripts + `}, ` + c.deps + `}`}
		maps.Copy(files, c.files)
		if strings.Contains(c.deps, "express") {
			maps.Copy(files, server)
		}
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
		got := ""
		for _, ch := range log.Choices() {
			if ch.Key == "start" {
				got = ch.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestTaskRunner: a task runner that starts every member is no command for prod.
func TestTaskRunner(t *testing.T) {
	for _, start := range []string{"turbo run start", "turbo start", "lerna run start", "nx run-many -t start", "nx run-many --target=start", "pnpm -r start", "pnpm -r run start", "npm start --workspaces", "npm run start -ws", "yarn workspaces run start", "yarn workspaces foreach -A run start"} {
		files := map[string]string{
			"package.json":     `{"workspaces": ["api", "lib"], "scripts": {"start": "` + start + `"}}`,
			"api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`,
			"api/a.js":         "require('express')().listen(3000)",
			"lib/package.json": `{"name": "lib"}`,
		}
		p, _, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", start, err)
			continue
		}
		if got := p.Run.Cmd.String(); got != `["a.js"]` {
			t.Errorf("%s: got %s", start, got)
		}
		files["lib/package.json"] = `{"name": "lib", "scripts": {"start": "node b.js"}}`
		if _, _, err := decide(t, files); err == nil || !strings.Contains(err.Error(), "several apps") {
			t.Errorf("%s of two: got %v", start, err)
		}
	}
}

// TestOutputs holds prod to everything that the build writes.
func TestOutputs(t *testing.T) {
	const ts = `{"compilerOptions": {"outDir": "dist"}, "include": ["src"]}`
	for name, c := range map[string]struct {
		build string
		files map[string]string
		want  string // the copies of the build stage, without those of dependencies; separated by spaces
	}{
		"tsc alone":           {"tsc", nil, "dist/"},
		"what only helps":     {"rimraf dist && eslint . && tsc && tsc-alias && chmod +x dist/*.js", nil, "dist/"},
		"a text that removes": {`node -e \"require('fs').rmSync('dist', {recursive: true, force: true})\" && tsc`, nil, "dist/"},
		"a text that copies":  {`node -e \"require('fs').cpSync('a', 'dist/a', {recursive: true})\" && tsc`, nil, "."},
		"a program that loads the output": {"", map[string]string{
			"package.json": `{"scripts": {"start": "fastify start -l info dist/a.js", "build": "tsc"}, "dependencies": {"fastify": "5", "fastify-cli": "8"}, "devDependencies": {"typescript": "5"}}`,
			"src/a.ts":     "export default async (app) => { app.get('/', async () => 1) }",
		}, "dist/"},
		"one that loads the source": {"", map[string]string{
			"package.json": `{"scripts": {"start": "fastify start -l info a.js", "build": "tsc"}, "dependencies": {"fastify": "5", "fastify-cli": "8"}, "devDependencies": {"typescript": "5"}}`,
			"a.js":         "module.exports = async (app) => { app.get('/', async () => 1) }",
		}, "."},
		"styles":                 {"tailwindcss -i a.css -o ./public/out.css && tsc", map[string]string{"public/x.png": ""}, "dist/ public/"},
		"a new folder of styles": {"tailwindcss -i a.css -o assets/out.css && tsc", nil, "assets/out.css dist/"},
		"Sass":                   {"sass styles:public/css && tsc", map[string]string{"public/x.png": ""}, "dist/ public/"},
		"a client":               {"vite build && tsc", map[string]string{"vite.config.js": "export default {build: {outDir: 'web-dist'}}"}, "dist/ web-dist/"},
		"a client by a flag":     {"vite build --outDir web && tsc", nil, "dist/ web/"},
		"a client in the output": {"tsc && vite build --outDir dist/client", nil, "dist/"},
		"a client that has its configuration elsewhere": {"vite build --config web/vite.config.js && tsc", map[string]string{"web/vite.config.js": "export default {root: './web', build: {outDir: '../web-dist'}}"}, "dist/ web-dist/"},
		"another configuration":                         {"tsc -p tsconfig.worker.json && tsc", map[string]string{"tsconfig.worker.json": `{"compilerOptions": {"outDir": "worker"}}`}, "dist/ worker/"},
		"copied files":                                  {"tsc && copyfiles -u 1 'src/**/*.html' templates-out", nil, "dist/ templates-out/"},
		"files into the output":                         {"tsc && cp -r src/views dist/", nil, "dist/"},
		"by npm-run-all":                                {"run-p build:*", nil, "dist/ public/"},
		"what nobody knows":                             {"tsc && node scripts/assets.js", nil, "."},
		"a compiler of its own":                         {"node build.js", nil, "dist/"},
		"generated code":                                {"prisma generate && tsc", map[string]string{"prisma/schema.prisma": "generator client {\n  output = \"../generated/prisma\"\n}\n"}, "dist/ generated/prisma/"},
	} {
		files := map[string]string{
			"package.json":  `{"scripts": {"start": "node dist/a.js", "build": "` + c.build + `", "build:ts": "tsc", "build:css": "tailwindcss -o public/a.css"}, "dependencies": {"express": "5", "prisma": "6"}, "devDependencies": {"typescript": "5", "vite": "7", "tailwindcss": "3"}}`,
			"tsconfig.json": ts, "src/a.ts": "require('express')().listen(3000)", "index.html": "",
		}
		if name == "by npm-run-all" {
			files["public/x.png"] = ""
		}
		maps.Copy(files, c.files)
		p, _, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, a := range p.Run.Copies {
			if to := a.Copy.To.Raw(); a.Stage.String() == "build" && to != "node_modules/" {
				from := strings.TrimPrefix(a.Copy.From[0].Raw(), "/app")
				switch {
				case from == "/package.json":
					continue
				case !strings.HasSuffix(from, "/"):
					to = from[1:]
				}
				got = append(got, to)
			}
		}
		if sorted(got) != c.want {
			t.Errorf("%s: got %s, want %s", name, sorted(got), c.want)
		}
	}
}

// TestFurther holds the build to making what is started and served, by whichever script.
func TestFurther(t *testing.T) {
	const start, app = `"start": "node index.js"`, "const express = require('express'); const path = require('path'); const app = express(); app.use(express.static(path.join(__dirname, 'client/dist'))); app.listen(3000)"
	client := map[string]string{"client/package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}`, "client/package-lock.json": "{}", "index.js": app}
	for name, c := range map[string]struct {
		scripts string
		files   map[string]string
		want    string // parts of the Dockerfile, separated by "; "
	}{
		"a script that builds the client":         {start + `, "client": "cd client && npm ci && npm run build"`, client, "    npm run client; COPY --link --from=build /app/client/dist/ client/dist/"},
		"one that does not install it":            {start + `, "build:client": "cd client && npm run build"`, client, "npm ci --prefix client; COPY client/package.json client/package-lock.json client/; npm run build:client; /app/client/dist/ client/dist/"},
		"a script with a configuration elsewhere": {start + `, "dev:front": "vite --config ./front/vite.config.js", "build:front": "cross-env A=b vite build --config ./front/vite.config.js"`, map[string]string{"front/vite.config.js": "export default {root: './front', build: {outDir: '../client/dist'}}", "index.js": app}, "npm run build:front; /app/client/dist/ client/dist/"},
		"the client's own script":                 {start, client, "npm ci --prefix client; npm run build --prefix client; /app/client/dist/ client/dist/"},
		"a platform's script":                     {start + `, "heroku-postbuild": "npm install --prefix client && npm run build --prefix client"`, client, "npm run heroku-postbuild; COPY --link --from=build /app/ ./"},
		"another name for build":                  {`"build:production": "tsc", "start": "node dist/apps/api/main"`, map[string]string{"apps/api/main.ts": ""}, "npm run build:production"},
		"the build of what is started":            {`"build": "vite build", "build:server": "esbuild server.ts --bundle --outfile=build/server.js", "start": "node build/server.js"`, map[string]string{"index.html": "", "server.ts": ""}, "npm run build; npm run build:server; /app/build/ build/; /app/dist/ dist/"},
		"installed by a script":                   {`"postinstall": "cd api && npm ci", "start": "node api/a.js"`, map[string]string{"api/package.json": `{"dependencies": {"express": "5"}}`, "api/a.js": "require('express')().listen(3000)"}, "COPY . .\nRUN --mount=type=cache,target=/root/.npm \\\n    npm install; COPY --link --from=deps /app/ ./"},
		"a folder that nothing installs":          {`"start": "cd server && npm start"`, map[string]string{"server/package.json": `{"dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`, "server/a.js": "require('express')().listen(3000)"}, "npm install --prefix server; WORKDIR /app/server; CMD [\"a.js\"]; server/node_modules/ server/node_modules/"},
		"a file of a folder with a manifest":      {`"start": "node relay/a.cjs"`, map[string]string{"relay/package.json": `{"dependencies": {"ws": "8"}}`, "relay/a.cjs": "require('ws')"}, "npm install --prefix relay; relay/node_modules/ relay/node_modules/"},
	} {
		files := map[string]string{"package.json": `{"scripts": {` + c.scripts + `}, "dependencies": {"express": "5"}, "devDependencies": {"vite": "7", "esbuild": "0.25.0", "typescript": "5"}}`}
		if name == "installed by a script" || strings.HasPrefix(name, "a f") {
			files["package.json"] = `{"scripts": {` + c.scripts + `}}`
		}
		maps.Copy(files, c.files)
		dockerfile, _, _ := render(t, files)
		for want := range strings.SplitSeq(c.want, "; ") {
			if !strings.Contains(dockerfile, want) {
				t.Errorf("%s: want %s in\n%s", name, want, dockerfile)
			}
		}
	}
}

// TestHostileFolders: names of folders and of what a build writes add nothing to a
// Dockerfile.
func TestHostileFolders(t *testing.T) {
	for _, dir := range []string{"a b", "a$(x)", "a\\nRUN x", "--from=x", "a;b", "..", "/etc", "a/../../b"} {
		for _, scripts := range []string{`"start": "cd '` + dir + `' && node a.js"`, `"build": "tailwindcss -o '` + dir + `/o.css' && tsc", "start": "node dist/a.js"`} {
			files := map[string]string{
				"package.json":  `{"scripts": {` + scripts + `}, "dependencies": {"express": "5"}}`,
				"tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "a.ts": "",
			}
			p, _, err := decide(t, files)
			if err != nil {
				continue // refused
			}
			for _, a := range p.Run.Copies {
				if to := a.Copy.To.Raw(); strings.HasPrefix(to, "..") || strings.HasPrefix(to, "/etc") || strings.Contains(to, "\n") {
					t.Errorf("%q: copies to %q", scripts, to)
				}
			}
		}
	}
	// Scripts that multiply one another end.
	many := func(name string) string { return strings.Repeat("npm run "+name+" && ", 100) + "x" }
	_, _, _ = decide(t, map[string]string{"package.json": `{"scripts": {"start": "node a.js", "build": "` + many("b") + `", "b": "` + many("c") + `", "c": "` + many("d") + `", "d": "` + many("b") + `"}}`, "a.js": ""})
}

// sorted are words in their order.
func sorted(list []string) string {
	list = slices.Clone(list)
	slices.Sort(list)
	return strings.Join(list, " ")
}
