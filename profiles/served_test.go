package profiles

import (
	"strings"
	"testing"
)

// TestServedBeside has a front end built that lies beside the app's folder, server, whatever serves it and however the folder is named.
func TestServedBeside(t *testing.T) {
	pkg := func(deps string) string {
		return `{"name":"shop","type":"commonjs","scripts":{"start":"node index.js"},"dependencies":{` + deps + `}}`
	}
	js := func(deps, code string) map[string]string {
		return map[string]string{"server/package.json": pkg(deps), "server/index.js": code, "client/package.json": vite}
	}
	py := func(needs, code string) map[string]string {
		return map[string]string{"server/requirements.txt": needs, "server/main.py": code, "client/package.json": vite}
	}
	dj := func(settings, needs string) map[string]string {
		return map[string]string{"server/requirements.txt": "django\ngunicorn\n" + needs, "client/package.json": vite, "server/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings')\n", "server/x/__init__.py": "", "server/x/wsgi.py": "application = None\n", "server/x/settings.py": "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = 'x'\nWSGI_APPLICATION = 'x.wsgi.application'\nSTATIC_ROOT = BASE_DIR / 'static'\nINSTALLED_APPS = ['django.contrib.staticfiles']\n" + settings}
	}
	goCode := func(module, imports, code string) map[string]string {
		if module != "" {
			module = "require " + module + "\n"
		}
		quoted := "\t\"" + strings.ReplaceAll(imports, " ", "\"\n\t\"") + "\"\n"
		return map[string]string{"client/package.json": vite, "server/go.mod": "module example.com/shop\n\ngo 1.26\n" + module, "server/go.sum": "", "server/main.go": "package main\n\nimport (\n" + quoted + ")\n\nfunc main() {\n\t" + code + "\n}\n"}
	}
	for name, files := range map[string]map[string]string{
		"nest":              {"server/package.json": `{"name":"shop","scripts":{"build":"nest build","start":"nest start","start:prod":"node dist/main"},"dependencies":{"@nestjs/core":"^11","@nestjs/common":"^11","@nestjs/platform-express":"^11","@nestjs/serve-static":"^5"},"devDependencies":{"@nestjs/cli":"^11","typescript":"^5"}}`, "server/tsconfig.json": `{"compilerOptions":{"outDir":"./dist","module":"commonjs"}}`, "server/nest-cli.json": `{"sourceRoot":"src"}`, "server/src/main.ts": "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() { const app = await NestFactory.create(AppModule); await app.listen(3000); }\nbootstrap();\n", "server/src/app.module.ts": "import { Module } from '@nestjs/common';\nimport { ServeStaticModule } from '@nestjs/serve-static';\nimport { join } from 'path';\n@Module({ imports: [ServeStaticModule.forRoot({ rootPath: join(__dirname, '..', '..', 'client', 'dist') })] })\nexport class AppModule {}\n", "client/package.json": vite},
		"fastify":           js(`"fastify":"^5","@fastify/static":"^8"`, "const path = require('path')\nconst app = require('fastify')()\napp.register(require('@fastify/static'), {root: path.join(__dirname, '../client/dist')})\napp.listen({port: 3000, host: '0.0.0.0'})\n"),
		"koa":               js(`"koa":"^3","koa-static":"^5"`, "const Koa = require('koa'), serve = require('koa-static'), path = require('path')\nconst app = new Koa()\napp.use(serve(path.join(__dirname, '..', 'client', 'dist')))\napp.listen(3000)\n"),
		"hapi":              js(`"@hapi/hapi":"^21","@hapi/inert":"^7"`, "const Hapi = require('@hapi/hapi'), Path = require('path')\nconst init = async () => {\nconst server = Hapi.server({port: 3000, host: '0.0.0.0', routes: {files: {relativeTo: Path.join(__dirname, '../client/dist')}}})\nawait server.register(require('@hapi/inert'))\nserver.route({method: 'GET', path: '/{p*}', handler: {directory: {path: '.'}}})\nawait server.start()\n}\ninit()\n"),
		"hapi directory":    js(`"@hapi/hapi":"^21","@hapi/inert":"^7"`, "const Hapi = require('@hapi/hapi'), Path = require('path')\nconst init = async () => {\nconst server = Hapi.server({port: 3000, host: '0.0.0.0'})\nserver.route({method: 'GET', path: '/{p*}', handler: {directory: {path: Path.join(__dirname, '../client/dist')}}})\nawait server.start()\n}\ninit()\n"),
		"variable node":     js(`"express":"^5"`, "const express = require('express'), path = require('path')\nconst app = express()\nconst dir = process.env.CLIENT_DIR || path.join(__dirname, '../client/dist')\napp.use(express.static(dir))\napp.listen(3000)\n"),
		"variable node ??":  js(`"express":"^5"`, "const express = require('express'), path = require('path')\nconst app = express()\napp.use(express.static(process.env.CLIENT_DIR ?? '../client/dist'))\napp.listen(3000)\n"),
		"sendFile":          js(`"express":"^5"`, "const express = require('express'), path = require('path')\nconst app = express()\napp.get('*', (req, res) => res.sendFile(path.join(__dirname, '../client/dist/index.html')))\napp.listen(3000)\n"),
		"hono":              js(`"hono":"^4","@hono/node-server":"^1"`, "const { Hono } = require('hono'), { serve } = require('@hono/node-server'), { serveStatic } = require('@hono/node-server/serve-static')\nconst app = new Hono()\napp.use('/*', serveStatic({root: '../client/dist'}))\nserve({fetch: app.fetch, port: 3000})\n"),
		"flask":             py("flask\n", "from flask import Flask\napp = Flask(__name__, static_folder='../client/dist', template_folder='../client/dist')\n"),
		"flask join":        py("flask\n", "import os\nfrom flask import Flask\nDIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'client', 'dist')\napp = Flask(__name__, static_folder=DIST, static_url_path='')\n"),
		"flask send":        py("flask\n", "import os\nfrom flask import Flask, send_from_directory\napp = Flask(__name__)\n@app.route('/')\ndef index():\n    return send_from_directory('../client/dist', 'index.html')\n"),
		"variable python":   py("fastapi\nuvicorn\n", "import os\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\napp.mount('/', StaticFiles(directory=os.getenv('STATIC_DIR', '../client/dist'), html=True))\n"),
		"variable python 2": py("fastapi\nuvicorn\n", "import os\nfrom pathlib import Path\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\nSTATIC = Path(os.environ.get('STATIC_DIR') or Path(__file__).parent.parent / 'client' / 'dist')\napp.mount('/', StaticFiles(directory=STATIC, html=True))\n"),
		"spa fallback":      py("fastapi\nuvicorn\n", "import os\nfrom fastapi import FastAPI\nfrom fastapi.responses import FileResponse\napp = FastAPI()\nDIST = os.path.join(os.path.dirname(__file__), '..', 'client', 'dist')\n@app.get('/{p:path}')\nasync def spa(p: str):\n    f = os.path.join(DIST, p)\n    if os.path.isfile(f):\n        return FileResponse(f)\n    return FileResponse(os.path.join(DIST, 'index.html'))\n"),
		"starlette":         py("starlette\nuvicorn\n", "from pathlib import Path\nfrom starlette.applications import Starlette\nfrom starlette.routing import Mount\nfrom starlette.staticfiles import StaticFiles\nROOT = Path(__file__).resolve().parents[1]\napp = Starlette(routes=[Mount('/', app=StaticFiles(directory=ROOT / 'client' / 'dist', html=True))])\n"),
		"spa class":         py("fastapi\nuvicorn\n", "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\nclass SPA(StaticFiles):\n    async def get_response(self, path, scope):\n        return await super().get_response('index.html', scope)\napp = FastAPI()\napp.mount('/', SPA(directory='../client/dist', html=True))\n"),
		"django vite":       dj("DJANGO_VITE = {'default': {'dev_mode': False, 'manifest_path': BASE_DIR.parent / 'client' / 'dist' / 'manifest.json'}}\n", "django-vite\n"),
		"django vite 2":     dj("DJANGO_VITE_ASSETS_PATH = BASE_DIR.parent / 'client' / 'dist'\nSTATICFILES_DIRS = [DJANGO_VITE_ASSETS_PATH]\n", "django-vite\n"),
		"django templates":  dj("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [os.path.join(BASE_DIR.parent, 'client', 'dist')]}]\n", ""),
		"whitenoise":        dj("WHITENOISE_ROOT = BASE_DIR.parent / 'client' / 'dist'\n", "whitenoise\n"),
		"gin static":        goCode("(\n\tgithub.com/gin-gonic/gin v1.0.0\n\tgithub.com/gin-contrib/static v1.0.0\n)", "github.com/gin-gonic/gin github.com/gin-contrib/static", "r := gin.Default()\n\tr.Use(static.Serve(\"/\", static.LocalFile(\"../client/dist\", true)))\n\tr.Run(\":8080\")"),
		"gin Static":        goCode("github.com/gin-gonic/gin v1.0.0", "github.com/gin-gonic/gin", "r := gin.Default()\n\tr.Static(\"/\", \"../client/dist\")\n\tr.Run(\":8080\")"),
		"gin NoRoute":       goCode("github.com/gin-gonic/gin v1.0.0", "github.com/gin-gonic/gin", "r := gin.Default()\n\tr.NoRoute(func(c *gin.Context) { c.File(\"../client/dist/index.html\") })\n\tr.Run(\":8080\")"),
		"fiber":             goCode("github.com/gofiber/fiber/v2 v2.0.0", "github.com/gofiber/fiber/v2", "app := fiber.New()\n\tapp.Static(\"/\", \"../client/dist\")\n\tapp.Listen(\":3000\")"),
		"echo":              goCode("github.com/labstack/echo/v4 v4.0.0", "github.com/labstack/echo/v4", "e := echo.New()\n\te.Static(\"/\", \"../client/dist\")\n\te.Start(\":1323\")"),
		"chi":               goCode("github.com/go-chi/chi/v5 v5.0.0", "net/http github.com/go-chi/chi/v5", "r := chi.NewRouter()\n\tr.Handle(\"/*\", http.FileServer(http.Dir(\"../client/dist\")))\n\thttp.ListenAndServe(\":3000\", r)"),
		"go variable":       goCode("", "net/http os", "dir := os.Getenv(\"STATIC_DIR\")\n\tif dir == \"\" {\n\t\tdir = \"../client/dist\"\n\t}\n\thttp.Handle(\"/\", http.FileServer(http.Dir(dir)))\n\thttp.ListenAndServe(\":3000\", nil)"),
		"go cmp.Or":         goCode("", "net/http os cmp", "http.Handle(\"/\", http.FileServer(http.Dir(cmp.Or(os.Getenv(\"STATIC_DIR\"), \"../client/dist\"))))\n\thttp.ListenAndServe(\":3000\", nil)"),
		"go flag":           goCode("", "net/http flag", "dir := flag.String(\"web\", \"../client/dist\", \"\")\n\tflag.Parse()\n\thttp.Handle(\"/\", http.FileServer(http.Dir(*dir)))\n\thttp.ListenAndServe(\":3000\", nil)"),
		"os.DirFS":          goCode("", "net/http os", "http.Handle(\"/\", http.FileServerFS(os.DirFS(\"../client/dist\")))\n\thttp.ListenAndServe(\":3000\", nil)"),
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, files), Request{Name: "shop", Dir: "server"})
			if err != nil {
				t.Fatal(err)
			}
			if text, want := rendered(t, project.Apps[0]), "COPY --link --from=frontend-build /app/dist/ /client/dist/\n"; !strings.Contains(text, want) {
				t.Errorf("want %s in\n%s", want, text)
			}
		})
	}
}
