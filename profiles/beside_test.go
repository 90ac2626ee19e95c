package profiles

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestFrontEndsBeside has the front ends built that lie beside the app's folder, server: want is the line of prod, or of the build stage
// where the files land in the app's folder; "" is none.
func TestFrontEndsBeside(t *testing.T) {
	const (
		express = `{"name":"shop","scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`
		vite    = `{"name":"ui","scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"}}`
		dist    = "COPY --link --from=frontend-build /app/dist/ /client/dist/"
	)
	node := func(code string, more map[string]string) map[string]string {
		out := map[string]string{
			"server/package.json": express, "client/package.json": vite,
			"server/index.js": "const express = require('express'), path = require('path'), fs = require('fs')\nconst app = express()\n" + code + "\napp.listen(3000)\n",
		}
		maps.Copy(out, more)
		return out
	}
	python := func(needs, name, code string, more map[string]string) map[string]string {
		out := map[string]string{"server/requirements.txt": needs, "server/" + name: code, "client/package.json": vite}
		maps.Copy(out, more)
		return out
	}
	goCode := func(code, folder string, more map[string]string) map[string]string {
		out := map[string]string{"client/package.json": vite, "server/go.mod": "module example.com/shop\n\ngo 1.26\n", "server/main.go": strings.ReplaceAll(code, "FOLDER", folder)}
		maps.Copy(out, more)
		return out
	}
	const flask = "from flask import Flask\napp = Flask(__name__, static_folder='../client/dist')\n"
	const fastapi = "import os\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\ndist = os.path.join(os.path.dirname(__file__), '..', 'client', 'dist')\nif os.path.isdir(dist):\n    app.mount('/', StaticFiles(directory=dist, html=True))\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
		also  string // in the file, too
	}{
		"Express":                       {node("app.use(express.static(path.join(__dirname, '../client/dist')))", nil), dist, "COPY client/package.json ./"},
		"from where it starts":          {node("app.use(express.static('../client/dist'))", nil), dist, ""},
		"in production alone":           {node("if (process.env.NODE_ENV === 'production') { app.use(express.static(path.resolve(__dirname, '..', 'client', 'dist'))) }", nil), dist, ""},
		"if it is there":                {node("const dir = path.join(__dirname, '..', 'client', 'dist')\nif (fs.existsSync(dir)) app.use(express.static(dir))", nil), dist, ""},
		"a bundler's own output":        {node("app.use(express.static(path.join(__dirname, '../client/build')))", map[string]string{"client/package.json": `{"name":"ui","scripts":{"build":"react-scripts build"},"dependencies":{"react-scripts":"5.0.1"}}`}), "COPY --link --from=frontend-build /app/build/ /client/build/", ""},
		"outDir in the server":          {node("app.use(express.static('public'))", map[string]string{"client/vite.config.js": "export default {build: {outDir: '../server/public'}}"}), "COPY --link --from=frontend-build /server/public/ public/", ""},
		"a placeholder, and one alone":  {node("app.use(express.static(path.join(__dirname, 'static')))", map[string]string{"server/static/.gitkeep": ""}), "COPY --link --from=frontend-build /app/dist/ static/", ""},
		"a placeholder, and two":        {node("app.use(express.static(path.join(__dirname, 'static')))", map[string]string{"server/static/.gitkeep": "", "admin/package.json": vite}), "", ""},
		"a folder that is missing":      {node("app.use(express.static('public'))", nil), "", ""},
		"committed":                     {node("app.use(express.static(path.join(__dirname, '../client/dist')))", map[string]string{"client/dist/index.html": "<p>"}), "COPY --link client/dist/ /client/dist/", ""},
		"a folder of code":              {node("app.use(express.static(path.join(__dirname, '../client')))", nil), "", ""},
		"out of the repository":         {node("app.use(express.static(path.join(__dirname, '../../client/dist')))", nil), "", ""},
		"no front end there":            {node("app.use(express.static(path.join(__dirname, '../uploads')))", nil), "", ""},
		"Flask":                         {python("flask\n", "app.py", flask, nil), dist, "COPY server/requirements.txt ./"},
		"FastAPI":                       {python("fastapi\nuvicorn\n", "main.py", fastapi, nil), dist, ""},
		"Django":                        {python("django\ngunicorn\n", "manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings')\n", map[string]string{"server/x/__init__.py": "", "server/x/wsgi.py": "application = None\n", "server/x/settings.py": "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = 'x'\nWSGI_APPLICATION = 'x.wsgi.application'\nSTATIC_ROOT = BASE_DIR / 'static'\nSTATICFILES_DIRS = [BASE_DIR.parent / 'client' / 'dist']\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"}), dist, ""},
		"Go, served":                    {goCode(serving, "../client/dist", nil), dist, "WORKDIR /app\nCOPY --link --from=build"},
		"Go, embedded":                  {goCode(embedding, "dist", map[string]string{"client/vite.config.js": "export default {build: {outDir: '../server/dist'}}", "server/dist/.gitkeep": ""}), "COPY --link --from=frontend-build /server/dist/ dist/", ""},
		"Go, copied by a Makefile":      {goCode(embedding, "dist", map[string]string{"server/Makefile": "build:\n\tcd ../client && npm ci && npm run build\n\tcp -r ../client/dist dist\n\tgo build .\n", "server/dist/.gitkeep": ""}), "COPY --link --from=frontend-build /app/dist/ dist/", ""},
		"Go, embedded, nothing said":    {goCode(embedding, "pkg/frontend", nil), "COPY --link --from=frontend-build /app/dist/ pkg/frontend/", ""},
		"Go, embedded, and two":         {goCode(embedding, "pkg/frontend", map[string]string{"client/package.json": vite, "admin/package.json": vite, "client/vite.config.js": "export default {build: {outDir: '../server/pkg/frontend'}}"}), "COPY --link --from=frontend-build /server/pkg/frontend/ pkg/frontend/", ""},
		"copied by the root's Makefile": {goCode(embedding, "ui", map[string]string{"Makefile": "all:\n\tcd client && npm ci && npm run build\n\tcp -r client/dist server/ui\n", "server/ui/.gitkeep": ""}), "COPY --link --from=frontend-build /app/dist/ ui/", ""},
		"copied by the root's script":   {node("app.use(express.static(path.join(__dirname, 'site')))", map[string]string{"build.sh": "#!/bin/sh\n(cd client && npm run build)\nrsync -a client/dist/ server/site\n"}), "COPY --link --from=frontend-build /app/dist/ site/", ""},
		"shipped by the root's image":   {node("app.use(express.static(path.join(__dirname, 'site')))", map[string]string{"Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY client .\nRUN npm i && npm run build\nFROM node:22\nWORKDIR /app\nCOPY server ./server\nCOPY --from=ui /ui/dist ./server/site\n"}), "COPY --link --from=frontend-build /app/dist/ site/", ""},
		"shipped beside what is built":  {node("", map[string]string{"Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY client .\nRUN npm i && npm run build\nFROM node:22 AS api\nWORKDIR /api\nCOPY server .\nRUN npm i\nFROM node:22\nWORKDIR /srv\nCOPY --from=api /api/node_modules ./node_modules\nCOPY --from=api /api ./\nCOPY --from=ui /ui/dist ./public\n"}), "COPY --link --from=frontend-build /app/dist/ public/", ""},
		"shipped among what is there":   {node("", map[string]string{"server/public/robots.txt": "", "Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY client .\nRUN npm i && npm run build\nFROM node:22\nWORKDIR /app\nCOPY server ./server\nCOPY --from=ui /ui/dist ./server/public\n"}), "COPY --link --from=frontend-build /app/dist/ public/", ""},
		"shipped for another folder":    {node("", map[string]string{"other/package.json": express, "Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY client .\nRUN npm i && npm run build\nFROM node:22\nWORKDIR /app\nCOPY other ./other\nCOPY --from=ui /ui/dist ./other/public\n"}), "", ""},
		"Maven's resources":             {map[string]string{"client/package.json": vite, "server/pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>shop</artifactId><version>1</version><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.0</version></parent><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><resources><resource><directory>src/main/resources</directory></resource><resource><directory>../client/dist</directory><targetPath>static</targetPath></resource></resources><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>", "server/src/main/java/a/App.java": "package a;\n@org.springframework.boot.autoconfigure.SpringBootApplication\npublic class App { public static void main(String[] a) { org.springframework.boot.SpringApplication.run(App.class, a); } }\n"}, dist, ""},
		"several folders up, and aside": {map[string]string{"server/package.json": express, "server/index.js": "require('express')().use(require('express').static(require('path').join(__dirname, '../web/apps/shop/dist'))).listen(3000)\n", "web/apps/shop/package.json": vite}, "COPY --link --from=frontend-build /app/dist/ /web/apps/shop/dist/", "COPY web/apps/shop/ ./"},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, tt.files), Request{Name: "shop", Dir: "server"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			text := rendered(t, app)
			if tt.want == "" {
				if strings.Contains(text, "frontend") || app.Dir != "server" {
					t.Errorf("want no front end:\n%s", text)
				}
				return
			}
			if !strings.Contains(text, "\n"+tt.want+"\n") || !strings.Contains(text, tt.also) {
				t.Errorf("got\n%s\nwant %s and %q", text, tt.want, tt.also)
			}
			if app.Dir != "." || app.Place != "server" || len(app.Holds) != 1 {
				t.Errorf("context %s, files in %s, holds %q", app.Dir, app.Place, app.Holds)
			}
			for _, n := range app.Notes {
				if strings.Contains(n.Text, "not in the repository") {
					t.Errorf("note: %s", n.Text)
				}
			}
		})
	}
}

// TestPagesBeside: pages that need no build, and that a server serves from beside its folder, are in its image. Those of a program of Go are below its build context.
func TestPagesBeside(t *testing.T) {
	const spring = "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>notes</artifactId><version>1</version><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.8</version></parent>" +
		"<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
	const main = "package a;\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.web.servlet.config.annotation.*;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\npublic class A implements WebMvcConfigurer {\n  public static void main(String[] a) { SpringApplication.run(A.class, a); }\n"
	for name, files := range map[string]map[string]string{
		"Express":  {"server/package.json": `{"name":"notes","scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`, "server/index.js": "const app = require('express')()\napp.use(require('express').static(require('path').join(__dirname, '../client')))\napp.listen(3000)\n"},
		"a page":   {"server/package.json": `{"name":"notes","scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`, "server/index.js": "const app = require('express')(), path = require('path')\napp.get('/', (q, r) => r.sendFile(path.join(__dirname, '../client/index.html')))\napp.listen(3000)\n"},
		"its page": {"server/requirements.txt": "fastapi\nuvicorn\n", "server/main.py": "from fastapi import FastAPI\nfrom fastapi.responses import FileResponse\napp = FastAPI()\n@app.get('/')\ndef index():\n    return FileResponse('../client/index.html')\n"},
		"Flask":    {"server/requirements.txt": "flask\n", "server/app.py": "from flask import Flask\napp = Flask(__name__, static_folder='../client', static_url_path='')\n"},
		"Flask's":  {"server/requirements.txt": "flask\n", "server/app.py": "from flask import Flask, send_from_directory\napp = Flask(__name__)\n@app.get('/')\ndef index():\n    return send_from_directory('../client', 'index.html')\n"},
		"FastAPI":  {"server/requirements.txt": "fastapi\nuvicorn\n", "server/main.py": "from pathlib import Path\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\napp.mount('/', StaticFiles(directory=Path(__file__).parent.parent / 'client', html=True))\n"},
		"Spring":   {"server/pom.xml": spring, "server/src/main/java/a/A.java": main + "}\n", "server/src/main/resources/application.properties": "spring.web.resources.static-locations=file:../client/\n"},
		"a Spring": {"server/pom.xml": spring, "server/src/main/java/a/A.java": main + "  public void addResourceHandlers(ResourceHandlerRegistry r) { r.addResourceHandler(\"/**\").addResourceLocations(\"file:../client/\"); }\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			files["client/index.html"], files["client/js/app.js"] = "<!doctype html>\n<html><body><script src=\"js/app.js\"></script></body></html>\n", "fetch('/api/notes')\n"
			project, err := Decide(scan(t, files), Request{Name: "notes", Dir: "server"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			_, prod, _ := strings.Cut(rendered(t, app), " AS prod\n")
			if !strings.Contains(prod, "COPY --link client/ /client/\n") || app.Dir != "." || !slices.Equal(app.Holds, []string{"client"}) {
				t.Errorf("context %s, holds %q, prod is\n%s", app.Dir, app.Holds, prod)
			}
		})
	}
}

// TestShippedForRoot: the root's start script runs a server in a folder, and the root's own Dockerfile puts there what a front end makes.
func TestShippedForRoot(t *testing.T) {
	project, err := Decide(scan(t, map[string]string{
		"package.json":        `{"scripts":{"start":"npm run start:prod --prefix server","postinstall":"npm i --prefix server"},"dependencies":{"genversion":"^3"}}`,
		"server/package.json": `{"name":"api","scripts":{"start:prod":"node app.js"},"dependencies":{"express":"^5"}}`,
		"server/app.js":       "require('express')().listen(1337)\n", "server/public/robots.txt": "", "client/package.json": vite,
		"Dockerfile": "FROM node:22 AS server\nWORKDIR /app\nCOPY server .\nRUN npm install\nFROM node:22 AS client\nWORKDIR /app\nCOPY client .\nRUN npm install && npm run build\n" +
			"FROM node:22\nWORKDIR /app\nCOPY --from=server /app/node_modules node_modules\nCOPY --from=server /app .\nCOPY --from=client /app/dist public\nCMD [\"node\", \"app.js\"]\n",
	}), Request{Name: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	if text, want := rendered(t, project.Apps[0]), "COPY --link --from=frontend-build /app/dist/ server/public/\n"; !strings.Contains(text, want) {
		t.Errorf("want %s in\n%s", want, text)
	}
}

// TestContext: the build context of an app with a front end beside it is the folder around both, and no more.
func TestContext(t *testing.T) {
	files := map[string]string{
		"go.mod": "module x\n", "shop/api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`,
		"shop/api/index.js":     "const e = require('express')\ne().use(e.static(__dirname + '/../web/dist')).listen(3000)\n",
		"shop/web/package.json": `{"scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"}}`,
	}
	for _, tt := range []struct {
		req                Request
		dir, place, copies string
	}{
		{Request{Dir: "shop/api"}, "shop", "api", "web/package.json"},
		{Request{Dir: "shop/api", Context: ".", AtTop: true}, ".", "", "shop/web/package.json"},
		{Request{Dir: "shop/api", Context: "."}, ".", "shop/api", "shop/web/package.json"},
	} {
		repo := scan(t, files)
		repo.Apps = nil // as if the root were none
		for _, l := range Languages() {
			if facts, err := l.Find(repo.Tree, "shop/api"); err == nil && facts != nil {
				repo.Apps = append(repo.Apps, detect.App{Dir: "shop/api", Facts: facts, Builds: buildfile.Of(repo.Tree, "shop/api")})
			}
		}
		project, err := Decide(repo, tt.req)
		if err != nil {
			t.Fatal(err)
		}
		app := project.Apps[0]
		if app.Dir != tt.dir || app.Place != tt.place {
			t.Errorf("%+v: context %s, files in %q", tt.req, app.Dir, app.Place)
		}
		for _, want := range []string{"COPY " + tt.copies + " ./\n", "COPY --link --from=frontend-build /app/dist/ /web/dist/\n"} { // where ../web/dist leads from /app
			if !strings.Contains(rendered(t, app), want) {
				t.Errorf("%+v: want %s in\n%s", tt.req, want, rendered(t, app))
			}
		}
	}
}

// TestCommittedBeside: what the repository has beside an app two folders down lies where the app looks for it, whatever the context is.
func TestCommittedBeside(t *testing.T) {
	files := map[string]string{
		"apps/api/package.json": `{"scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`,
		"apps/api/index.js":     "const e = require('express')\ne().use(e.static(__dirname + '/../web')).use(e.static(__dirname + '/../../art')).listen(3000)\n",
		"apps/web/index.html":   "<p>", "art/index.html": "<p>",
	}
	for more, want := range map[string][]string{
		"":    {"COPY --link apps/web/ /web/\n", "COPY --link art/ /art/\n"},
		"art": {"COPY --link web/ /web/\n"},
	} {
		these := maps.Clone(files)
		if more != "" {
			delete(these, "art/index.html")
		}
		project, err := Decide(scan(t, these), Request{Dir: "apps/api"})
		if err != nil {
			t.Fatal(err)
		}
		text := rendered(t, project.Apps[0])
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("want %s in\n%s", w, text)
			}
		}
	}
}

// TestOwnAtTop: the root's own Dockerfile is that of the one app below the root, whose Dockerfile takes its place.
func TestOwnAtTop(t *testing.T) {
	files := map[string]string{
		"api/package.json":  `{"scripts":{"start":"node index.js"},"dependencies":{"express":"^5"}}`,
		"api/index.js":      "const e = require('express')\ne().use(e.static(__dirname + '/public')).listen(process.env.PORT || 4000)\n",
		"api/conf/app.json": "{}",
		"web/package.json":  `{"scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"}}`,
		"web/src/main.js":   "",
		"Dockerfile": "FROM node:22 AS ui\nWORKDIR /srv\nCOPY web/package.json ./\nRUN npm install\nCOPY web/src ./src\nRUN npm run build\n" +
			"FROM node:22-alpine\nENV MODE=full\nWORKDIR /srv\nCOPY api/package.json ./\nRUN npm install --omit=dev\nCOPY api/ ./\nCOPY api/conf/app.json /etc/shop/app.json\nCOPY --from=ui /srv/dist ./public\nEXPOSE 4100\nENV PORT=4100\nUSER 1234\nVOLUME /srv/data\nCMD [\"node\", \"index.js\", \"--all\"]\n",
	}
	project, err := Decide(scan(t, files), Request{Dir: "api", Context: ".", AtTop: true})
	if err != nil {
		t.Fatal(err)
	}
	text := rendered(t, project.Apps[0])
	for _, want := range []string{
		"FROM node:22-trixie-slim AS base\n", "COPY web/package.json ./\n", "COPY api/ ./\n", "COPY --link --from=frontend-build /app/dist/ public/\n", "COPY --link api/conf/app.json /etc/shop/\n", "# As in the former Dockerfile.\n",
		"EXPOSE 4100\n", "ENV MODE=full\n", "USER 1234:1234\n", `"index.js", "--all"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if apart, err := Decide(scan(t, files), Request{Dir: "api"}); err != nil || strings.Contains(rendered(t, apart.Apps[0]), "4100") {
		t.Errorf("a Dockerfile in the app's folder takes the place of none: %v", err)
	}
}

// TestEntryBeside: a script beside the folder of the app that the root's own image starts says what starts the app, and that this image does
// not have it.
func TestEntryBeside(t *testing.T) {
	const image = "FROM node:22 AS build\nWORKDIR /src\nCOPY ./server/package* ./server/\nRUN npm install --prefix server\nCOPY . .\nFROM node:22\nWORKDIR /usr/app\nCOPY --from=build /src/entry /\nCOPY --from=build /src/server .\nEXPOSE 3000\nENTRYPOINT [\"/entry\"]\n"
	for name, tt := range map[string]struct {
		script string
		want   string // the command
		said   bool
	}{
		"starts a file of the app": {"#!/bin/bash\nset -e\nfor f in /etc/hooks/*.sh; do . \"$f\"; done\nexec node /usr/app/server.js $@\n", `"server.js"`, true},
		"starts another file":      {"#!/bin/sh\nexec node /opt/other.js\n", `"server.js", "--config", "dev.env"`, false},
		"starts what it is given":  {"#!/bin/sh\nexec \"$@\"\n", `"server.js", "--config", "dev.env"`, false},
		"hostile":                  {"#!/bin/sh\nexec node '/usr/app/server.js\nUSER root'\n", `"server.js", "--config", "dev.env"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{
				"server/package.json": `{"scripts":{"start":"node server.js --config dev.env"},"dependencies":{"express":"^5"}}`, "server/dev.env": "A=1\n",
				"server/server.js": "require('express')().listen(3000)\n", "client/package.json": `{"name":"client"}`, "entry": tt.script, "Dockerfile": image,
			}
			project, err := Decide(scan(t, files), Request{Dir: "server", Context: ".", AtTop: true})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			text := rendered(t, app)
			if !strings.Contains(text, "["+tt.want+"]") && !strings.Contains(text, `"node", `+tt.want+"]") {
				t.Errorf("no start by %s in\n%s", tt.want, text)
			}
			said := slices.ContainsFunc(app.Notes, func(n plan.Note) bool { return n.Pos.File == "entry" && strings.Contains(n.Text, "lies beside") })
			if said != tt.said {
				t.Errorf("notes: %+v", app.Notes)
			}
		})
	}
}

// TestFrontEndDev: the front end's development server is a target of the app's Dockerfile where it passes paths on to the app.
func TestFrontEndDev(t *testing.T) {
	const client = `{"name":"ui","scripts":{"build":"vite build","dev":"vite"},"devDependencies":{"vite":"^7"}}`
	config := func(target string) string {
		return "export default { server: { proxy: { '/api': '" + target + "' } } }\n"
	}
	for name, tt := range map[string]struct {
		dir, config, scripts string
		want                 string // "" for no such stage
	}{
		"beside":                   {"client", config("http://localhost:8080"), client, `-v "$(pwd)/client:/app" shop:frontend-dev`},
		"below":                    {"web", config("http://127.0.0.1:8080"), client, `-v "$(pwd)/web:/app" shop:frontend-dev`},
		"another server":           {"client", config("http://localhost:9000"), client, ""},
		"another host":             {"client", config("https://api.example.com:8080"), client, ""},
		"no proxy":                 {"client", "export default {}\n", client, ""},
		"no script of development": {"client", config("http://localhost:8080"), `{"name":"ui","scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			base, served := "server", "../client/dist"
			if tt.dir == "web" {
				base, served = ".", "web/dist"
			}
			project, err := Decide(scan(t, map[string]string{
				path.Join(base, "go.mod"): "module example.com/shop\n\ngo 1.26\n", path.Join(base, "main.go"): strings.ReplaceAll(serving, "FOLDER", served),
				tt.dir + "/package.json": tt.scripts, tt.dir + "/vite.config.js": tt.config, tt.dir + "/src/main.js": "", tt.dir + "/index.html": "<p>",
			}), Request{Name: "shop", Dir: base})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			_, stage, found := strings.Cut(text, "# frontend-dev is the front end's development server")
			if found != (tt.want != "") || !strings.Contains(stage, tt.want) {
				t.Fatalf("want %q in\n%s", tt.want, text)
			}
			if found && !strings.Contains(stage, "AS frontend-dev\n") {
				t.Errorf("no stage:\n%s", text)
			}
		})
	}
}
