package node

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestOwnStart: what the repository's own Dockerfile starts comes before the Procfile and the scripts, and
// stays when dockgen's has taken its place.
func TestOwnStart(t *testing.T) {
	const listen = "require('express')().listen(3000)"
	app := map[string]string{
		"package.json": `{"scripts": {"start": "node index.js", "prod": "node server.js --prod", "dev": "nodemon index.js"}, "dependencies": {"express": "5"}}`,
		"Procfile":     "web: node index.js --web\n", "index.js": listen, "server.js": listen,
	}
	const head = "FROM node:22\nWORKDIR /srv/app\nCOPY . .\n"
	for name, c := range map[string]struct{ dockerfile, want string }{
		"none":                       {"", "node index.js --web"},
		"a file":                     {head + `CMD ["node", "server.js"]`, "node server.js"},
		"an absolute file":           {head + `CMD ["node", "/srv/app/server.js", "-v"]`, "node server.js -v"},
		"without its end":            {head + `CMD ["node", "server"]`, "node server"},
		"a script":                   {head + `CMD ["npm", "run", "prod"]`, "node server.js --prod"},
		"in a shell":                 {head + `CMD node server.js`, "node server.js"},
		"behind an entry point":      {head + `ENTRYPOINT ["./docker-entrypoint.sh"]` + "\n" + `CMD ["node", "server.js"]`, "node server.js"},
		"behind tini":                {head + `ENTRYPOINT ["tini", "--", "node"]` + "\n" + `CMD ["server.js"]`, "node server.js"},
		"a script for development":   {head + `CMD ["npx", "vite"]`, "node index.js --web"},
		"a file that is not there":   {head + `CMD ["node", "gone.js"]`, "node index.js --web"},
		"a file of the other image":  {head + `CMD ["node", "/usr/lib/x.js"]`, "node index.js --web"},
		"a file above":               {head + `CMD ["node", "../server.js"]`, "node index.js --web"},
		"a value that is not known":  {head + `CMD node $FILE`, "node index.js --web"},
		"another program":            {head + `CMD ["nginx"]`, "node index.js --web"},
		"a script that is not there": {head + `CMD ["npm", "run", "x\"; rm -rf /"]`, "node index.js --web"},
	} {
		files := maps.Clone(app)
		if c.dockerfile != "" {
			files["Dockerfile"] = c.dockerfile
		}
		got, choices, err := chosen(t, files)
		if err != nil || got["start"] != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
		delete(files, "Dockerfile")
		if got, _, err := chosen(t, files, choices...); err != nil || got["start"] != c.want {
			t.Errorf("%s, replaced: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}

// TestOwnMember: which app of a workspace the image is for, the repository's own Dockerfile says.
func TestOwnMember(t *testing.T) {
	app := map[string]string{
		"package.json":          `{"workspaces": ["apps/*"], "scripts": {"web": "npm start -w web"}}`,
		"apps/api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`,
		"apps/api/a.js":         "require('express')().listen(3000)",
		"apps/web/package.json": `{"name": "web", "dependencies": {"express": "5"}, "scripts": {"start": "node w.js", "build": "tsc"}}`,
		"apps/web/w.js":         "require('express')().listen(4000)",
	}
	const head = "FROM node:22\nWORKDIR /app\nCOPY . .\n"
	for name, c := range map[string]struct{ dockerfile, want string }{
		"none":                      {"", "several apps"},
		"a file":                    {head + `CMD ["node", "apps/web/w.js", "--x"]`, "node apps/web/w.js --x"},
		"a script of the root":      {head + `CMD ["npm", "run", "web"]`, "node w.js"},
		"by its name":               {head + `CMD ["npm", "start", "-w", "web"]`, "node w.js"},
		"in its folder":             {head + "WORKDIR /app/apps/web\n" + `CMD ["node", "w.js"]`, "node w.js"},
		"in its folder, by start":   {head + "WORKDIR /app/apps/web\n" + `CMD ["npm", "start"]`, "node w.js"},
		"what is built":             {head + "RUN npx turbo run build --filter=web...\n" + `CMD ["./run"]`, "node w.js"},
		"what is copied":            {"FROM node:22\nCOPY apps/web/dist ./dist\n" + `CMD ["./run"]`, "node w.js"},
		"what is deployed alone":    {"FROM node:22 AS b\nCOPY . .\nFROM node:22\nWORKDIR /srv\nCOPY --from=b /out .\n" + `CMD ["node", "w.js"]`, "node w.js"},
		"a file that no member has": {head + `CMD ["node", "dist/x.js"]`, "several apps"},
		"both are built":            {head + "RUN npx turbo run build --filter=web --filter=api\n" + `CMD ["./run"]`, "several apps"},
	} {
		files := maps.Clone(app)
		if c.dockerfile != "" {
			files["Dockerfile"] = c.dockerfile
		}
		got, _, err := chosen(t, files)
		if got["start"] != c.want && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}

// TestMemberOfProduction: the root's script for production says which member of a workspace is the app, and the members whose builds write into its
// folder are built with it.
func TestMemberOfProduction(t *testing.T) {
	const vite = `import { defineConfig } from 'vite'
export default defineConfig({ build: { outDir: '%s' } })
`
	for name, c := range map[string]struct{ out, own, build string }{
		"into the app's folder": {"../src/public/admin", "", "pnpm -C admin run build"},
		"into its own folder":   {"dist", "", ""},
		"into another's":        {"../ui/public", "", ""},
		"over what is there":    {"../src/lib", "", ""},
		"before the app's own":  {"../src/public/admin", `, "build": "tsc -p ."`, "pnpm -C admin run build && pnpm --filter ./src... run build"},
	} {
		files := map[string]string{
			"package.json":         `{"name": "pad", "scripts": {"dev": "pnpm --filter server run dev", "prod": "pnpm --filter server run prod"}}`,
			"pnpm-workspace.yaml":  "packages: [src, admin, ui]\n",
			"pnpm-lock.yaml":       "lockfileVersion: '9.0'\n",
			"src/package.json":     `{"name": "server", "dependencies": {"express": "5"}, "scripts": {"prod": "cross-env NODE_ENV=production node server.js", "dev": "node --watch server.js"` + c.own + `}}`,
			"src/server.js":        "require('express')().listen(9001)",
			"src/lib/a.js":         "",
			"admin/package.json":   `{"name": "admin", "devDependencies": {"vite": "7"}, "scripts": {"build": "vite build"}}`,
			"admin/index.html":     "<div id=app></div>",
			"admin/vite.config.ts": fmt.Sprintf(vite, c.out),
			"ui/package.json":      `{"name": "ui"}`,
		}
		got, _, err := chosen(t, files)
		if err != nil || got["start"] != "NODE_ENV=production node server.js" || got["build"] != c.build {
			t.Errorf("%s: got %q, built by %q, %v, want %q", name, got["start"], got["build"], err, c.build)
		}
	}
}

// TestServedMember: a member whose build fills the folder that the app hands out is built with it, is no app of its own, and is the user's where
// the app writes into it.
func TestServedMember(t *testing.T) {
	const write = "require('fs').writeFileSync(require('path').join(__dirname, '../client/dist/index.html'), '')\n"
	for name, c := range map[string]struct{ dir, code, build, apps, owned string }{
		"served":       {"../client/dist", "", "pnpm -C apps/client run build", "", ""},
		"written, too": {"../client/dist", write, "pnpm -C apps/client run build", "", "build /app/apps/client/dist/"},
		"its source":   {"../client/src", "", "", "", ""},
		"its own":      {"public", "", "", "apps/client", ""},
		"not its dist": {"../client/out", "", "", "", ""},
	} {
		files := map[string]string{
			"package.json":             `{"name": "shop", "scripts": {"start": "pnpm --filter server start"}}`,
			"pnpm-workspace.yaml":      "packages: [apps/*]\n",
			"pnpm-lock.yaml":           "lockfileVersion: '9.0'\n",
			"apps/server/package.json": `{"name": "server", "dependencies": {"express": "5"}, "scripts": {"start": "node server.js"}}`,
			"apps/server/server.js":    c.code + "const express = require('express'), app = express()\napp.use(express.static(require('path').join(__dirname, '" + c.dir + "')))\napp.listen(9001)\n",
			"apps/server/public/a.css": "",
			"apps/client/package.json": `{"name": "client", "devDependencies": {"vite": "7"}, "scripts": {"build": "vite build", "preview": "vite preview"}}`,
			"apps/client/index.html":   "<div id=app></div>",
			"apps/client/src/main.js":  "",
		}
		app, log, err := decideBeside(t, files)
		got := map[string]string{}
		for _, choice := range log.Choices() {
			got[choice.Key] = choice.Value
		}
		if err != nil || got["build"] != c.build || got["apps"] != c.apps {
			t.Errorf("%s: built by %q, apps %q, %v, want %q and %q", name, got["build"], got["apps"], err, c.build, c.apps)
			continue
		}
		owned := ""
		for _, a := range of[*plan.Run](app).Copies {
			if a.Owner != (plan.User{}) && strings.Contains(a.String(), "client") {
				owned = a.Stage.String() + " " + a.Copy.From[0].Raw()
			}
		}
		if owned != c.owned {
			t.Errorf("%s: the user owns %q, want %q", name, owned, c.owned)
		}
	}
}

// TestServingMember: of several apps of a workspace the one that serves is its app, where the root starts none.
func TestServingMember(t *testing.T) {
	const root = `{"workspaces": ["apps/*"]}`
	server := map[string]string{"apps/api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`, "apps/api/a.js": "require('express')().listen(3000)"}
	for name, c := range map[string]struct {
		other, code string
		want        string
	}{
		"a worker":                   {`{"name": "w", "scripts": {"start": "node a.js"}}`, "setInterval(work, 1000)", "node a.js"},
		"one with a port for itself": {`{"name": "w", "scripts": {"start": "node a.js"}}`, "require('http').createServer().listen(0, '127.0.0.1')", "node a.js"},
		"an app of phones":           {`{"name": "m", "dependencies": {"expo": "51"}, "scripts": {"start": "expo start"}}`, "", "node a.js"},
		"another server":             {`{"name": "w", "scripts": {"start": "node a.js"}}`, "require('http').createServer().listen(8080)", "several apps"},
		"a site that browsers load":  {`{"name": "s", "dependencies": {"vite": "6", "react": "19"}, "scripts": {"start": "vite", "build": "vite build"}}`, "", "several apps"},
	} {
		files := maps.Clone(server)
		files["package.json"], files["apps/zother/package.json"], files["apps/zother/a.js"] = root, c.other, c.code
		if strings.Contains(c.other, "vite") {
			files["apps/zother/index.html"] = "<div id=app></div>"
		}
		got, _, err := chosen(t, files)
		if got["start"] != c.want && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}

// TestShownMember: what the root starts to hand out the site of a member says that the member is the app, and a web server hands it out.
func TestShownMember(t *testing.T) {
	for name, c := range map[string]struct{ root, web, start string }{
		"its output":                 {`"start": "http-server apps/web/dist -p 3000"`, `"build": "vite build"`, "nginx"},
		"its script that builds":     {`"start:production": "yarn --cwd ./apps/web start:production"`, `"build": "vite build", "start:production": "yarn build && yarn serve", "serve": "npx http-server dist -a localhost -p 5001 -o"`, "nginx"},
		"Node runs the program":      {`"start": "http-server apps/web/dist"`, `"build": "node --max_old_space_size=8192 ./node_modules/vite/bin/vite.js build"`, "nginx"},
		"a shell sets what it reads": {`"start": "http-server apps/web/dist"`, `"build": "yarn build:app", "build:app": "cross-env SHA=$SHA cross-env A=1 vite build"`, "nginx"},
		"another folder":             {`"start": "http-server pages -p 3000"`, `"build": "vite build"`, "http-server pages -p 3000"},
		"a program of its own":       {`"start": "yarn --cwd ./apps/web serve"`, `"build": "vite build", "serve": "node server.js"`, "node server.js"},
	} {
		got, _, err := chosen(t, map[string]string{
			"package.json":          `{"name": "shop", "private": true, "workspaces": ["apps/*"], "scripts": {` + c.root + `}, "devDependencies": {"http-server": "14"}}`,
			"yarn.lock":             "# yarn lockfile v1\n",
			"pages/index.html":      "",
			"apps/web/package.json": `{"name": "web", "devDependencies": {"vite": "7"}, "scripts": {` + c.web + `}}`,
			"apps/web/index.html":   "<div id=app></div>",
			"apps/web/server.js":    "require('http').createServer().listen(3000)",
		})
		if err != nil || got["start"] != c.start {
			t.Errorf("%s: started by %q, %v, want %q", name, got["start"], err, c.start)
		}
	}
}

// TestExamplePort: a server whose port cannot be read listens where the example of its variables says, if that names PORT.
func TestExamplePort(t *testing.T) {
	for name, c := range map[string]struct{ code, example, want string }{
		"the example names it": {"require('koa')().listen(await port())", "PORT=4000\n", "4000"},
		"another variable":     {"require('koa')().listen(await port())", "SMTP_PORT=25\n", "none"},
		"no example":           {"require('koa')().listen(await port())", "", "none"},
		"the code says it":     {"require('koa')().listen(5000)", "PORT=4000\n", "5000"},
	} {
		files := map[string]string{"package.json": `{"name": "a", "dependencies": {"koa": "3"}, "scripts": {"start": "node a.js"}}`, "a.js": "const Koa = require('koa')\n" + c.code}
		if c.example != "" {
			files[".env.sample"] = c.example
		}
		if got, _, err := chosen(t, files); err != nil || got["port"] != c.want {
			t.Errorf("%s: port %q, %v, want %q", name, got["port"], err, c.want)
		}
	}
}

// TestOwnSteps: what the own Dockerfile runs before the app is run here too, if it is one of the repository's scripts or a tool for
// migrations; and an option that names the folder where npm is anyway is none.
func TestOwnSteps(t *testing.T) {
	const head = "FROM node:22\nWORKDIR /srv/app\nCOPY . .\n"
	for name, c := range map[string]struct{ dockerfile, want string }{
		"a script and the start":   {"CMD npm run migrate && npm start", "knex migrate:latest && exec node server.js"},
		"in a vector":              {`CMD ["sh", "-c", "npm run migrate && node server.js"]`, "knex migrate:latest && exec node server.js"},
		"the tool itself":          {"CMD npx knex migrate:latest && node server.js", "knex migrate:latest && exec node server.js"},
		"a file":                   {"CMD node seed.js && node server.js", "node seed.js && exec node server.js"},
		"a program of the system":  {"CMD wait-for db:5432 && npm start", "node server.js"},
		"a file that is not there": {"CMD node gone.js && npm start", "node server.js"},
		"a shell's":                {"CMD rm -rf / && npm start", "node server.js"},
		"its own folder":           {`ENTRYPOINT ["npm", "--prefix=/srv/app/", "run", "start", "--", "--host=::"]`, "node server.js --host=::"},
		"its own folder, in words": {`CMD ["npm", "--prefix", ".", "start"]`, "node server.js"},
		"another folder":           {`CMD ["npm", "--prefix", "/srv/other", "run", "other"]`, "node server.js"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := chosen(t, map[string]string{
				"package.json": `{"scripts": {"start": "node server.js", "migrate": "knex migrate:latest", "other": "node other.js"}, "dependencies": {"express": "5", "knex": "3"}}`,
				"server.js":    "require('express')().listen(3000)", "seed.js": "", "other.js": "", "knexfile.js": "", "package-lock.json": `{"lockfileVersion": 3}`,
				"Dockerfile": head + c.dockerfile,
			})
			if err != nil || got["start"] != c.want {
				t.Errorf("start %q, want %q: %v", got["start"], c.want, err)
			}
		})
	}
}

// TestOwnFirstPort: the port that the own image exposes first, and sets a variable to, comes before one that the code is seen to
// listen on and that the image exposes too.
func TestOwnFirstPort(t *testing.T) {
	for name, c := range map[string]struct{ lines, want string }{
		"the web before the mail":   {"EXPOSE 1080 1025\nENV WEB_PORT=1080", "1080 1025"},
		"on lines of their own":     {"ENV MAIL_WEB_PORT=1080\nEXPOSE 1080\nEXPOSE 1025", "1080 1025"},
		"no variable":               {"EXPOSE 1080 1025", "1025"},
		"a variable with another":   {"EXPOSE 1080 1025\nENV WEB_PORT=1081", "1025"},
		"the one of the code first": {"EXPOSE 1025 1080\nENV WEB_PORT=1080", "1025"},
		"the code's is not exposed": {"EXPOSE 1080 9000\nENV WEB_PORT=1080", "1025"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{
				"package.json": `{"scripts": {"start": "node server.js"}, "dependencies": {"smtp-server": "3"}}`,
				"server.js":    "const net = require('net')\nnet.createServer().listen(1025)", "package-lock.json": `{"lockfileVersion": 3}`,
				"Dockerfile": "FROM node:22\nWORKDIR /srv/app\nCOPY . .\n" + c.lines + "\nCMD [\"node\", \"server.js\"]\n",
			}
			got, choices, err := chosen(t, files)
			if err != nil || got["port"] != c.want {
				t.Errorf("port %q, want %q: %v", got["port"], c.want, err)
			}
			files["Dockerfile.bak"] = files["Dockerfile"]
			delete(files, "Dockerfile")
			if again, _, err := chosen(t, files, choices...); err != nil || again["port"] != c.want {
				t.Errorf("kept as a backup: port %q, want %q: %v", again["port"], c.want, err)
			}
		})
	}
}

// TestOwnBuildVariables: a variable that the own Dockerfile sets where it builds, and that the code reads, is one of the stage build.
func TestOwnBuildVariables(t *testing.T) {
	for name, c := range map[string]struct{ lines, want string }{
		"read by the code":     {"ENV IN_DOCKER=true\nRUN npm run build", "IN_DOCKER=true"},
		"of the stage below":   {"ENV IN_DOCKER=true\nFROM base AS build\nRUN npm run build", "IN_DOCKER=true"},
		"for the browser":      {"ENV VITE_API=/api\nENV VITE_NAME=Notes\nRUN npm run build", "VITE_NAME=Notes"},
		"of a stage beside":    {"RUN npm run build\nFROM node:22\nENV IN_DOCKER=true", ""},
		"read by nothing":      {"ENV OTHER=true\nRUN npm run build", ""},
		"a secret":             {"ENV API_TOKEN=abc\nRUN npm run build", ""},
		"of the run":           {"ENV PORT=8080 NODE_ENV=production\nRUN npm run build", ""},
		"a value of the build": {"ARG V\nENV IN_DOCKER=$V\nRUN npm run build", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{
				"package.json": `{"scripts": {"start": "node server.js", "build": "node make.js"}, "dependencies": {"express": "5"}}`, "make.js": "", "package-lock.json": `{"lockfileVersion": 3}`,
				"server.js":  "if (process.env.IN_DOCKER || process.env.API_TOKEN || process.env.PORT) {}\nrequire('express')().listen(3000)",
				"Dockerfile": "FROM node:22 AS base\nWORKDIR /srv/app\nCOPY . .\n" + c.lines + "\nCMD [\"node\", \"server.js\"]\n",
			}
			got, choices, err := chosen(t, files)
			if err != nil || got["build.variables"] != c.want {
				t.Errorf("got %q, want %q: %v", got["build.variables"], c.want, err)
			}
			files["Dockerfile.bak"] = files["Dockerfile"]
			delete(files, "Dockerfile")
			if again, _, err := chosen(t, files, choices...); err != nil || again["build.variables"] != c.want {
				t.Errorf("kept as a backup: %q, want %q: %v", again["build.variables"], c.want, err)
			}
		})
	}
}

// TestOwnEntry: what the script starts by which the own image is started is what the app is started with, if it is there.
func TestOwnEntry(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"a file":                   {"node migrate.js\nexec node server.js --all", "node server.js --all"},
		"a file that is not there": {"exec node gone.js", "node index.js"},
		"no file":                  {"exec node --version", "node index.js"},
		"a value":                  {"exec node $FILE", "node index.js"},
		"what it is given":         {"exec \"$@\"", "node index.js"},
	} {
		t.Run(name, func(t *testing.T) {
			const listen = "require('express')().listen(3000)"
			got, _, err := chosen(t, map[string]string{
				"package.json": `{"scripts": {"start": "node index.js"}, "dependencies": {"express": "5"}}`, "package-lock.json": `{"lockfileVersion": 3}`,
				"index.js": listen, "server.js": listen, "migrate.js": "", "run.sh": "#!/bin/sh\n" + c.script + "\n",
				"Dockerfile": "FROM node:22\nWORKDIR /srv/app\nCOPY . .\nENTRYPOINT [\"/srv/app/run.sh\"]\n",
			})
			if err != nil || got["start"] != c.want {
				t.Errorf("start %q, want %q: %v", got["start"], c.want, err)
			}
		})
	}
}

// TestOwnCheck: the script with which the own image asks how the app is asks that here, too, if prod has it.
func TestOwnCheck(t *testing.T) {
	for name, c := range map[string]struct{ check, want string }{
		"a script":                      {"node healthcheck.js --quick", "/nodejs/bin/node healthcheck.js --quick"},
		"a script that is not there":    {"node gone.js", ""},
		"a script of the other image's": {"node /usr/lib/check.js", ""},
		"a script above":                {"node ../healthcheck.js", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, _, err := decideBeside(t, map[string]string{
				"package.json": `{"scripts": {"start": "node server.js"}, "dependencies": {"express": "5"}}`, "package-lock.json": `{"lockfileVersion": 3}`,
				"server.js": "require('express')().listen(3000)", "healthcheck.js": "require('http').get('http://localhost:3000')",
				"Dockerfile": "FROM node:22\nWORKDIR /srv/app\nCOPY . .\nHEALTHCHECK CMD " + c.check + "\nCMD [\"node\", \"server.js\"]\n",
			})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if p.Run.Probe != nil {
				got = strings.Join(p.Run.Probe.Cmd, " ")
			}
			if got != c.want {
				t.Errorf("asks %q, want %q", got, c.want)
			}
		})
	}
}
