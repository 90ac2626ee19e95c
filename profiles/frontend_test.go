package profiles

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

const (
	embedding = "package main\n\nimport (\n\t\"embed\"\n\t\"net/http\"\n)\n\n//go:embed all:FOLDER\nvar f embed.FS\n\nfunc main() { http.ListenAndServe(\":8080\", http.FileServerFS(f)) }\n"
	serving   = "package main\n\nimport \"net/http\"\n\nfunc main() {\n\thttp.Handle(\"/\", http.FileServer(http.Dir(\"FOLDER\")))\n\thttp.ListenAndServe(\":8080\", nil)\n}\n"
	vite      = `{"name":"ui","scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"}}`
	webpack   = `{"name":"ui","scripts":{"build":"webpack --mode production"},"devDependencies":{"webpack":"^5","webpack-cli":"^6"}}`
)

// goApp is a program with the code above for a folder, and further files.
func goApp(code, folder string, more map[string]string) map[string]string {
	out := map[string]string{"go.mod": "module example.com/shop\n\ngo 1.26\n", "main.go": strings.ReplaceAll(code, "FOLDER", folder)}
	maps.Copy(out, more)
	return out
}

// TestFrontEnds has the front ends built that a program embeds or serves. want is what
// the build stage takes, or prod if prod is set; "" is nothing.
func TestFrontEnds(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
		prod  bool
	}{
		{"a placeholder", goApp(embedding, "ui/dist", map[string]string{"ui/package.json": vite, "ui/dist/.gitkeep": ""}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", false},
		{"nothing there", goApp(embedding, "ui/dist", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", false},
		{"a pattern", goApp(embedding, "ui/dist/*", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", false},
		{"a file", goApp(embedding, "ui/dist/index.html", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", false},
		{"a part of the output", goApp(embedding, "ui/dist/assets", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", false},
		{"a bundler's own output", goApp(embedding, "web/public/js", map[string]string{"web/package.json": webpack}), "COPY --link --from=frontend-build /app/public/js/ web/public/js/", false},
		{"outDir beside the front end", goApp(embedding, "internal/web/static", map[string]string{"ui/package.json": vite, "ui/vite.config.ts": "export default {build: {outDir: '../internal/web/static'}}"}), "COPY --link --from=frontend-build /internal/web/static/ internal/web/static/", false},
		{"outDir of path.resolve", goApp(embedding, "static/app", map[string]string{"ui/package.json": vite, "ui/vite.config.ts": "export default {build: {outDir: path.resolve(__dirname, '..', 'static', 'app')}}"}), "COPY --link --from=frontend-build /static/app/ static/app/", false},
		{"a flag", goApp(embedding, "server/dist", map[string]string{"ui/package.json": strings.Replace(vite, "vite build", "vite build --outDir=../server/dist", 1)}), "COPY --link --from=frontend-build /server/dist/ server/dist/", false},
		{"another script", goApp(embedding, "server/dist", map[string]string{"ui/package.json": strings.Replace(vite, `"build"`, `"release":"vite build --outDir ../server/dist","build"`, 1)}), "COPY --link --from=frontend-build /server/dist/ server/dist/", false},
		{"a file that esbuild writes", goApp(embedding, "static/js", map[string]string{"js/package.json": `{"scripts":{"build":"esbuild a.ts --bundle --outfile=../static/js/a.js"},"devDependencies":{"esbuild":"^0.25"}}`}), "COPY --link --from=frontend-build /static/js/ static/js/", false},
		{"a copy in the Makefile", goApp(embedding, "assets/site", map[string]string{"ui/package.json": vite, "Makefile": "build:\n\tcd ui && npm run build\n\tcp -r ui/dist assets/site\n\tgo build .\n"}), "COPY --link --from=frontend-build /app/dist/ assets/site/", false},
		{"a copy with a star", goApp(embedding, "assets/site", map[string]string{"ui/package.json": vite, "build.sh": "#!/bin/sh\nmkdir -p assets/site\ncp -r ui/dist/* assets/site/\n"}), "COPY --link --from=frontend-build /app/dist/ assets/site/", false},
		{"the only front end", goApp(embedding, "internal/dist", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ internal/dist/", false},
		{"the same folder", goApp(embedding, "dist", map[string]string{"package.json": vite}), "COPY --link --from=frontend-build /app/dist/ dist/", false},
		{"a file that a folder lacks", goApp(embedding, "static", map[string]string{"static/logo.svg": "<svg/>", ".gitignore": "static/out.css\n", "package.json": `{"scripts":{"build":"tailwindcss -i in.css -o static/out.css"},"devDependencies":{"tailwindcss":"^3"}}`}), "COPY --link --from=frontend-build /app/static/ static/", false},
		{"served", goApp(serving, "ui/dist", map[string]string{"ui/package.json": vite}), "COPY --link --from=frontend-build /app/dist/ ui/dist/", true},
		{"served, beside the program in the own image", goApp(serving, "assets/site", map[string]string{"ui/package.json": vite, "b/package.json": vite, "Dockerfile": "FROM node AS ui\nWORKDIR /ui\nCOPY ui .\nRUN npm run build\nFROM golang AS go\nWORKDIR /src\nCOPY . .\nRUN go build -o shop .\nFROM alpine\nWORKDIR /srv\nCOPY --from=go /src/shop .\nCOPY --from=ui /ui/dist assets/site\nCMD [\"./shop\"]\n"}), "COPY --link --from=frontend-build /app/dist/ assets/site/", true},
		{"committed", goApp(embedding, "ui/dist", map[string]string{"ui/package.json": vite, "ui/dist/index.html": "<p>"}), "", false},
		{"committed output of a tool", goApp(embedding, "static", map[string]string{"static/out.css": "p{}", "package.json": `{"scripts":{"build":"tailwindcss -i in.css -o static/out.css"},"devDependencies":{"tailwindcss":"^3"}}`}), "", false},
		{"a script of another name", goApp(serving, "webapp/pack", map[string]string{"webapp/package.json": `{"scripts":{"pack":"NODE_ENV=production webpack --config webpack.prod.js","packdev":"webpack --mode development","watchdev":"webpack --watch"},"devDependencies":{"webpack":"^5","webpack-cli":"^6"}}`, "webapp/webpack.common.js": "const out = path.resolve(__dirname, 'pack')\n"}), "COPY --link --from=frontend-build /app/pack/ webapp/pack/", true},
		{"a browser extension", goApp(serving, "static", map[string]string{"ext/package.json": vite, "ext/vite.config.js": "export default {build: {outDir: '../static'}}", "ext/manifest.json": `{"manifest_version": 3, "name": "x"}`}), "", false},
		{"a folder that the app itself fills", map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\nCACHE = os.path.join(os.path.dirname(__file__), 'data', 'icons')\n@app.get('/icon')\ndef icon():\n  os.makedirs(CACHE, exist_ok=True)\n  return str(os.listdir(CACHE))\n", "package.json": `{"scripts":{"build":"postcss -o x.css a.css"},"devDependencies":{"postcss-cli":"^11"}}`}, "", false},
		{"an output whose paths the app changes", map[string]string{"requirements.txt": "fastapi\nuvicorn\n", "app.py": "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\nwith open('client/dist/index.html', 'w') as f:\n  f.write('')\napp.mount('/', StaticFiles(directory='client/dist'))\n", "client/package.json": vite}, "COPY --link --from=frontend-build /app/dist/ client/dist/", false},
		{"an output beside a manifest that a tool writes", map[string]string{"requirements.txt": "fastapi\nuvicorn\n", "bump.py": "with open('client/package.json', 'w') as f:\n  f.write('')\n", "app.py": "from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\napp.mount('/', StaticFiles(directory='client/dist'))\n", "client/package.json": vite}, "COPY --link --from=frontend-build /app/dist/ client/dist/", false},
		{"a folder that the app reads alone", map[string]string{"requirements.txt": "flask\ngunicorn\n", "app.py": "import os\nfrom flask import Flask\napp = Flask(__name__)\nCACHE = os.path.join(os.path.dirname(__file__), 'data', 'icons')\n@app.get('/icon')\ndef icon():\n  return str(os.listdir(CACHE))\n", "package.json": `{"scripts":{"build":"postcss -o x.css a.css"},"devDependencies":{"postcss-cli":"^11"}}`}, "COPY --link --from=frontend-build /app/data/icons/ data/icons/", false},
		{"a front end of its own", goApp(serving, "public", map[string]string{"public/index.html": "<p>", "docs/package.json": vite}), "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			project, err := Decide(scan(t, c.files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			text := rendered(t, app)
			if c.want == "" {
				if strings.Contains(text, "frontend") {
					t.Errorf("want no front end:\n%s", text)
				}
				return
			}
			_, stage, _ := strings.Cut(text, " AS build\n")
			if _, prod, _ := strings.Cut(text, " AS prod\n"); c.prod {
				stage = prod
			}
			if stage, _, _ = strings.Cut(stage, "\nFROM "); !strings.Contains(stage, c.want+"\n") {
				t.Errorf("got\n%s\nwant %s", text, c.want)
			}
			for _, n := range app.Notes {
				if strings.Contains(n.Text, "not part of this image") || strings.Contains(n.Text, "without the rest") {
					t.Errorf("note: %s", n.Text)
				}
			}
		})
	}
}

// TestPackedFrontEnds has the front ends built that a generator puts into the code: the stage that runs it has the files, and no later one
// copies them again.
func TestPackedFrontEnds(t *testing.T) {
	const statik = "package main\n\nimport (\n\t\"net/http\"\n\n\t_ \"example.com/shop/statik\"\n)\n\n//go:generate go run github.com/rakyll/statik@v0.1.7 -src=./FOLDER\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
	const copies = "COPY --link --from=frontend-build /app/dist/ ui/dist/\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  int // copies of the front end's files: for the generator, and for dev
		runs  bool
	}{
		"built by a front end":    {goApp(statik, "ui/dist", map[string]string{"ui/package.json": vite}), 2, true},
		"committed":               {goApp(statik, "ui/dist", map[string]string{"ui/package.json": vite, "ui/dist/index.html": "<p>"}), 0, true},
		"its output is committed": {goApp(statik, "ui/dist", map[string]string{"ui/package.json": vite, "statik/statik.go": "package statik\n"}), 0, false},
		"of another folder":       {goApp(statik, "assets", map[string]string{"ui/package.json": vite, "assets/a.txt": "a"}), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, tt.files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			_, stage, _ := strings.Cut(text, " AS generate\n")
			stage, _, _ = strings.Cut(stage, "\nFROM ")
			if n := strings.Count(text, copies); n != tt.want || tt.runs != strings.Contains(stage, "go run github.com/rakyll/statik@v0.1.7") {
				t.Errorf("got %d copies in\n%s", n, text)
			}
			if before, _, _ := strings.Cut(stage, "# statik writes"); tt.want > 0 && !strings.HasSuffix(before, "COPY . .\n"+copies) {
				t.Errorf("the generator runs without the files in\n%s", text)
			}
		})
	}
}

// TestNodeFrontEnds has the front ends built that a server of Node serves: want is the line of prod, "" is none.
func TestNodeFrontEnds(t *testing.T) {
	const server = "const express = require('express'), path = require('path')\nconst app = express()\napp.use(express.static(path.join(__dirname, 'FOLDER')))\napp.listen(3000)\n"
	const manifest = `{"name":"shop","scripts":{"start":"node index.js"SCRIPTS},"dependencies":{"express":"^5"}}`
	for _, c := range []struct {
		name, folder, scripts string
		files                 map[string]string
		want                  string
		also                  string // part of the build
		note                  string
	}{
		{name: "the only one", folder: "public", files: map[string]string{"client/package.json": vite}, want: "COPY --link --from=frontend-build /app/dist/ public/"},
		{name: "its own output", folder: "client/dist", files: map[string]string{"client/package.json": vite}, want: "COPY --link --from=build /app/client/dist/ client/dist/"},
		{name: "its tool names the folder", folder: "server/www", files: map[string]string{"ui/package.json": vite, "ui/vite.config.js": "export default {build: {outDir: '../server/www'}}"}, want: "COPY --link --from=frontend-build /server/www/ server/www/"},
		{name: "the own Dockerfile moves it", folder: "site", files: map[string]string{"client/package.json": vite, "Dockerfile": "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN cd client && npm ci && npm run build && cd .. && mv ./client/dist/* ./site\nCMD [\"node\", \"index.js\"]\n"}, want: "COPY --link --from=frontend-build /app/dist/ site/"},
		{name: "with a build of the server's own", folder: "public", scripts: `,"build":"esbuild lib.js --outfile=lib/out.js"`, files: map[string]string{"client/package.json": vite, "lib.js": ""}, want: "COPY --link --from=build /app/ ./", also: "COPY . .\nCOPY --link --from=frontend-build /app/dist/ public/\nRUN npm run build\n\n# init"},
		{name: "a script of the root makes it", folder: "client/dist", scripts: `,"client":"cd client && npm ci && npm run build"`, files: map[string]string{"client/package.json": vite}, want: "COPY --link --from=build /app/client/dist/ client/dist/"},
		{name: "a script of the root has it generated", folder: "client/dist", scripts: `,"client":"cd client && npm ci && npm run generate"`, files: map[string]string{"client/package.json": `{"scripts":{"build":"nuxt build","generate":"nuxt generate"},"dependencies":{"nuxt":"^2.17.0"}}`}, want: "COPY --link --from=build /app/client/dist/ client/dist/"},
		{name: "Nuxt's later output", folder: "client/.output/public", scripts: `,"client":"cd client && npm ci && npm run generate"`, files: map[string]string{"client/package.json": `{"scripts":{"build":"nuxt build","generate":"nuxt generate"},"dependencies":{"nuxt":"^3.17.0"}}`}, want: "COPY --link --from=build /app/client/.output/public/ client/.output/public/"},
		{name: "committed", folder: "public", files: map[string]string{"client/package.json": vite, "public/index.html": "<p>"}},
		{name: "a build that nobody knows may make it", folder: "public", scripts: `,"build":"gulp"`, files: map[string]string{"client/package.json": vite}},
		{name: "uploads", folder: "uploads", files: map[string]string{"client/package.json": vite}},
		{name: "the app's own folder", folder: "public", scripts: `,"build":"tsc --noEmit"`},
		{name: "one of two", folder: "public", files: map[string]string{"a/package.json": vite, "b/package.json": vite}},
		{name: "one that cannot be built", folder: "public", files: map[string]string{"client/package.json": `{"scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"},"engines":{"node":">=99"}}`}, note: "cannot be built"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"package.json": strings.Replace(manifest, "SCRIPTS", c.scripts, 1), "index.js": strings.Replace(server, "FOLDER", c.folder, 1)}
			maps.Copy(files, c.files)
			project, err := Decide(scan(t, files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			_, prod, _ := strings.Cut(text, " AS prod\n")
			if c.want == "" && strings.Contains(text, "frontend") || !strings.Contains(prod, c.want) || !strings.Contains(text, c.also) {
				t.Errorf("want %q, got\n%s", c.want, text)
			}
			var said strings.Builder
			for _, n := range project.Apps[0].Notes {
				said.WriteString(n.Text + "\n")
			}
			if !strings.Contains(said.String(), c.note) {
				t.Errorf("got notes\n%s", said.String())
			}
		})
	}
}

func rendered(t *testing.T, app *plan.App) string {
	t.Helper()
	files, err := templates.Render(app)
	if err != nil {
		t.Fatal(err)
	}
	return string(files[0].Data)
}

func TestFrontEndRunsTheScriptThatWrites(t *testing.T) {
	files := goApp(embedding, "server/dist", map[string]string{"ui/package.json": strings.Replace(vite, `"build"`, `"release":"vite build --outDir ../server/dist","build"`, 1)})
	project, err := Decide(scan(t, files), Request{Name: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	if text := rendered(t, project.Apps[0]); !strings.Contains(text, "RUN npm run release\n") || strings.Contains(text, "npm run build\n") {
		t.Error(text)
	}
}

// TestFrontEndRunsNothing: what its developers drive a browser with is not installed,
// and the ignore file has what it adds alone.
func TestFrontEndRunsNothing(t *testing.T) {
	files := goApp(embedding, "ui/dist", map[string]string{"ui/package.json": strings.Replace(vite, `"vite":"^7"`, `"vite":"^7","puppeteer":"^24"`, 1)})
	project, err := Decide(scan(t, files), Request{Name: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := templates.Render(project.Apps[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out {
		if text := string(f.Data); strings.Contains(text, "chromium") || strings.Contains(text, "ui/.git") || f.Name == ".dockerignore" && !strings.Contains(text, "\nui/dist\n") {
			t.Errorf("%s:\n%s", f.Name, text)
		}
	}
}

// TestTwoFrontEnds have stages by their folders.
func TestTwoFrontEnds(t *testing.T) {
	code := strings.Replace(embedding, "func main", "//go:embed all:admin/dist\nvar g embed.FS\n\nfunc main", 1)
	project, err := Decide(scan(t, goApp(code, "web/dist", map[string]string{"web/package.json": vite, "admin/package.json": vite})), Request{Name: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	text := rendered(t, project.Apps[0])
	for _, want := range []string{"FROM frontend-deps AS frontend-build\nCOPY admin/ ./\n", "FROM web-deps AS web-build\nCOPY web/ ./\n", "--from=frontend-build /app/dist/ admin/dist/\n", "--from=web-build /app/dist/ web/dist/\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %s in\n%s", want, text)
		}
	}
}

// TestFrontEndsRefused have no front end that can be built, or several that may be it.
func TestFrontEndsRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"nothing makes it", goApp(embedding, "ui/dist", nil), "embeds ui/dist, which is not in the repository"},
		{"no build script", goApp(embedding, "ui/dist", map[string]string{"ui/package.json": `{"name":"ui"}`}), "embeds ui/dist, which is not in the repository"},
		{"two could", goApp(embedding, "internal/dist", map[string]string{"a/package.json": vite, "b/package.json": vite}), "embeds internal/dist, which is not in the repository"},
		{"documentation", goApp(embedding, "internal/dist", map[string]string{"docs/package.json": vite}), "embeds internal/dist, which is not in the repository"},
		{"a workspace's protocol", goApp(embedding, "ui/dist", map[string]string{"ui/package.json": strings.Replace(vite, `"vite":"^7"`, `"vite":"^7","x":"file:../../x"`, 1)}), "ui/dist is made by the front end in ui, which cannot be built"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decide(scan(t, c.files), Request{Name: "shop"})
			var refused *record.UnsupportedError
			if !errors.As(err, &refused) || !strings.Contains(refused.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestHostileFrontEnd has names that may not reach the Dockerfile unquoted, nor lead
// out of the repository.
func TestHostileFrontEnd(t *testing.T) {
	for _, out := range []string{`../../etc`, `/etc`, `../x\nRUN rm -rf /`, `$(id)`, `..`, `.`, `../internal/di st`} {
		files := goApp(embedding, "internal/web", map[string]string{"ui/package.json": vite, "ui/vite.config.ts": `export default {build: {outDir: "` + out + `"}}`})
		project, err := Decide(scan(t, files), Request{Name: "shop"})
		if err != nil {
			continue
		}
		if text := rendered(t, project.Apps[0]); strings.Contains(text, "\nRUN rm") || strings.Contains(text, "/etc/ ") || strings.Contains(strings.ReplaceAll(text, `\\$(`, ""), "$(id)") {
			t.Errorf("%q:\n%s", out, text)
		}
	}
}

// TestPythonFrontEnds has the front ends built that an app of Python serves: want is the line of the build; "" is none.
func TestPythonFrontEnds(t *testing.T) {
	flask := func(args string) map[string]string {
		return map[string]string{"requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n", "app.py": "from flask import Flask\napp = Flask(__name__" + args + ")\n"}
	}
	fastapi := func(line string) map[string]string {
		return map[string]string{"requirements.txt": "fastapi==0.116.0\nuvicorn==0.35.0\n", "main.py": "import os\nfrom pathlib import Path\nfrom fastapi import FastAPI\nfrom fastapi.responses import FileResponse\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\n" + line + "\n"}
	}
	django := func(settings string) map[string]string {
		return map[string]string{
			"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\n", "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n",
			"site1/__init__.py": "", "site1/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napplication = get_wsgi_application()\n",
			"site1/settings.py": "from pathlib import Path\nimport os\nBASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = 'x'\nWSGI_APPLICATION = 'site1.wsgi.application'\nMIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nSTATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'staticfiles'\n" + settings + "\n",
		}
	}
	ui := map[string]string{"frontend/package.json": vite}
	const dist = "COPY --link --from=frontend-build /app/dist/ frontend/dist/"
	for _, c := range []struct {
		name string
		app  map[string]string
		more map[string]string
		want string
		step string // of the front end's build
		note string
	}{
		{name: "Flask's static folder", app: flask(`, static_folder="client/build", static_url_path="/"`), more: map[string]string{"client/package.json": `{"scripts":{"build":"react-scripts build"},"dependencies":{"react-scripts":"^5"}}`}, want: "COPY --link --from=frontend-build /app/build/ client/build/"},
		{name: "Flask's templates", app: flask(`, template_folder="frontend/dist"`), more: ui, want: dist},
		{name: "a blueprint in a package", app: map[string]string{"requirements.txt": "flask==3.1.0\n", "web/__init__.py": "from flask import Flask\napp = Flask(__name__, static_folder='../frontend/dist')\n"}, more: ui, want: dist},
		{name: "Flask's own static", app: flask(""), more: map[string]string{"ui/package.json": vite, "ui/vite.config.js": "export default {build: {outDir: '../static/app'}}", ".gitignore": "/static/app\n"}, want: "COPY --link --from=frontend-build /static/app/ static/app/"},
		{name: "a static folder of something else", app: flask(""), more: map[string]string{"ui/package.json": vite, "ui/vite.config.js": "export default {build: {outDir: '../static/app'}}", "static/app/index.html": "<p>"}},
		{name: "send_from_directory", app: map[string]string{"requirements.txt": "flask==3.1.0\n", "app.py": "from flask import Flask, send_from_directory\napp = Flask(__name__)\n@app.route('/<path:p>')\ndef page(p):\n    return send_from_directory('frontend/dist', p)\n"}, more: ui, want: dist},
		{name: "StaticFiles", app: fastapi(`app.mount("/", StaticFiles(directory="frontend/dist", html=True))`), more: ui, want: dist},
		{name: "a class that derives from StaticFiles", app: fastapi("class Site(StaticFiles):\n    pass\napp.mount('/', app=Site(directory='frontend/dist'))"), more: ui, want: dist},
		{name: "one of another module", app: fastapi("from site1.spa import Site\napp.mount('/', app=Site(directory='frontend/dist'))"), more: map[string]string{"frontend/package.json": vite, "site1/__init__.py": "", "site1/spa.py": "from fastapi.staticfiles import StaticFiles\nclass Base(StaticFiles):\n    pass\nclass Site(Base):\n    pass\n"}, want: dist},
		{name: "StaticFiles of a part", app: fastapi(`app.mount("/assets", StaticFiles(directory="frontend/dist/assets"))`), more: ui, want: dist},
		{name: "StaticFiles of a Path", app: fastapi("DIST = Path(__file__).parent / 'frontend' / 'dist'\napp.mount('/', StaticFiles(directory=DIST))"), more: ui, want: dist},
		{name: "a page alone", app: fastapi("@app.get('/')\ndef page():\n    return FileResponse('frontend/dist/index.html')"), more: ui, want: dist},
		{name: "where it exists", app: fastapi("if os.path.isdir('frontend/dist'):\n    app.mount('/', StaticFiles(directory='frontend/dist'))"), more: ui, want: dist},
		{name: "a back end in a folder beside it", app: map[string]string{"backend/requirements.txt": "fastapi==0.116.0\nuvicorn==0.35.0\n", "backend/main.py": "from pathlib import Path\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\napp.mount('/', StaticFiles(directory=Path(__file__).parent / 'static'))\n", "requirements.txt": "-r backend/requirements.txt\n"}, more: map[string]string{"frontend/package.json": vite, "frontend/vite.config.ts": "export default {build: {outDir: '../backend/static'}}", ".gitignore": "backend/static\n"}, want: "COPY --link --from=frontend-build /backend/static/ backend/static/"},
		{name: "aiohttp", app: map[string]string{"requirements.txt": "aiohttp==3.12.0\n", "main.py": "from aiohttp import web\napp = web.Application()\napp.router.add_static('/', 'frontend/dist')\nweb.run_app(app, port=8080)\n"}, more: ui, want: dist},
		{name: "aiohttp's routes", app: map[string]string{"requirements.txt": "aiohttp==3.12.0\n", "main.py": "from aiohttp import web\nroutes = web.RouteTableDef()\nroutes.static('/', 'frontend/dist')\napp = web.Application()\napp.add_routes(routes)\nweb.run_app(app, port=8080)\n"}, more: ui, want: dist},
		{name: "STATICFILES_DIRS", app: django("STATICFILES_DIRS = [BASE_DIR / 'frontend' / 'dist']"), more: ui, want: dist},
		{name: "STATICFILES_DIRS with a prefix", app: django("STATICFILES_DIRS = (('ui', os.path.join(BASE_DIR, 'frontend/dist')),)"), more: ui, want: dist},
		{name: "templates of Django", app: django("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [BASE_DIR / 'frontend/dist'], 'APP_DIRS': True}]"), more: ui, want: dist},
		{name: "WhiteNoise's root", app: django("WHITENOISE_ROOT = BASE_DIR / 'frontend' / 'dist'"), more: ui, want: dist},
		{name: "static of a Django app", app: django(""), more: map[string]string{"ui/package.json": vite, "ui/vite.config.ts": "export default {build: {outDir: '../shop/static/shop/'}}", "shop/__init__.py": "", ".gitignore": "shop/static/shop\n"}, want: "COPY --link --from=frontend-build /shop/static/shop/ shop/static/shop/"},
		{name: "Tailwind beside manage.py", app: django(""), more: map[string]string{"package.json": `{"scripts":{"build":"tailwindcss -i styles/in.css -o shop/static/css/out.css --minify"},"devDependencies":{"tailwindcss":"^3"}}`, "shop/static/logo.svg": "<svg/>", ".gitignore": "node_modules\nshop/static/css/out.css\n"}, want: "COPY --link --from=frontend-build /app/shop/static/css/ shop/static/css/"},
		{name: "a script of another name", app: django(""), more: map[string]string{"package.json": `{"scripts":{"build:css":"sass shop/scss/main.scss shop/static/css/main.css"},"devDependencies":{"sass":"^1"}}`, ".gitignore": "node_modules\nshop/static/css/\n"}, want: "COPY --link --from=frontend-build /app/shop/static/css/ shop/static/css/", step: "RUN npm run build:css\n"},
		{name: "one step of several", app: django(""), more: map[string]string{"package.json": `{"scripts":{"bundle":"concat -o shop/static/all.js","build:min":"terser shop/static/all.js -o shop/static/all.min.js"},"devDependencies":{"terser":"^5"}}`, "shop/static/all.min.js": "", ".gitignore": "shop/static/all.js\nshop/static/all.min.css\n"}},
		{name: "packages beside a theme", app: fastapi(`app.mount("/", StaticFiles(directory="theme"))`), more: map[string]string{"theme/package.json": vite, "theme/vite.config.js": "export default {alias: resolve(__dirname, './node_modules/'), build: {outDir: 'static'}}", "theme/static/x.js": "", ".gitignore": "node_modules\n"}},
		{name: "committed CSS", app: django(""), more: map[string]string{"package.json": `{"scripts":{"build":"tailwindcss -o shop/static/out.css"},"devDependencies":{"tailwindcss":"^3"}}`, "shop/static/out.css": "p{}"}},
		{name: "the own Dockerfile has a stage", app: fastapi("import settings"), more: map[string]string{"frontend/package.json": vite, "settings.py": "", "Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY frontend/ .\nRUN npm ci && npm run build -- --mode docker\nFROM python:3.13\nWORKDIR /app\nCOPY . .\nCOPY --from=ui /ui/dist ./web/static\nCMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]\n"}, want: "COPY --link --from=frontend-build /app/dist/ web/static/", step: "RUN npm run build -- --mode docker\n"},
		{name: "a web server has it", app: fastapi(""), more: map[string]string{"frontend/package.json": vite, "Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY frontend/ .\nRUN npm ci && npm run build\nFROM nginx\nCOPY --from=ui /ui/dist /usr/share/nginx/html\n"}},
		{name: "a front end of its own", app: fastapi(""), more: ui},
		{name: "one of two", app: fastapi(`app.mount("/", StaticFiles(directory="public"))`), more: map[string]string{"a/package.json": vite, "b/package.json": vite}, note: "public is not in the repository, and the front ends in a and b may both make it"},
		{name: "committed", app: fastapi(`app.mount("/", StaticFiles(directory="frontend/dist"))`), more: map[string]string{"frontend/package.json": vite, "frontend/dist/index.html": "<p>"}},
		{name: "uploads", app: fastapi(`app.mount("/", StaticFiles(directory="uploads"))`), more: ui},
		{name: "one that cannot be built", app: fastapi(`app.mount("/", StaticFiles(directory="frontend/dist"))`), more: map[string]string{"frontend/package.json": `{"scripts":{"build":"vite build"},"devDependencies":{"vite":"^7"},"engines":{"node":">=99"}}`}, note: "frontend/dist is made by the front end in frontend, which cannot be built"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(c.app)
			maps.Copy(files, c.more)
			project, err := Decide(scan(t, files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			text := rendered(t, app)
			if c.want == "" && strings.Contains(text, "frontend-build") {
				t.Errorf("want no front end:\n%s", text)
			}
			_, build, _ := strings.Cut(text, " AS build\n")
			build, _, _ = strings.Cut(build, "\nFROM ")
			_, dev, _ := strings.Cut(text, " AS dev\n")
			if c.want != "" && (!strings.Contains(build, c.want+"\nRUN ") || !strings.Contains(dev, c.want+"\n")) || !strings.Contains(text, c.step) {
				t.Errorf("want %s, got\n%s", c.want, text)
			}
			var said strings.Builder
			for _, n := range app.Notes {
				said.WriteString(n.Text + "\n")
			}
			if !strings.Contains(said.String(), c.note) || c.want != "" && strings.Contains(said.String(), "not part of this image") {
				t.Errorf("got notes\n%s", said.String())
			}
		})
	}
}

// TestJavaFrontEnds has the front ends built that a build of Maven packs: want is the line of the build; "" is none.
func TestJavaFrontEnds(t *testing.T) {
	const parent = "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.7</version></parent><groupId>a</groupId><artifactId>shop</artifactId><version>1</version>"
	const web = "<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>"
	const plugin = "<plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin>"
	pom := func(build string) string {
		return parent + web + "<build>" + strings.Replace(build, "PLUGINS", "<plugins>"+plugin, 1) + "</build></project>"
	}
	plain := pom("PLUGINS</plugins>")
	const main = "package a;\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\npublic class App { public static void main(String[] x) { SpringApplication.run(App.class, x); } }\n"
	for _, c := range []struct {
		name  string
		pom   string
		files map[string]string
		want  string
		also  string
	}{
		{"outDir below the resources", plain, map[string]string{"frontend/package.json": vite, "frontend/vite.config.ts": "export default {build: {outDir: '../src/main/resources/static'}}", ".gitignore": "/src/main/resources/static\n"}, "COPY --link --from=frontend-build /src/main/resources/static/ src/main/resources/static/", ""},
		{"a part of them", plain, map[string]string{"frontend/package.json": vite, "frontend/vite.config.ts": "export default {build: {outDir: '../src/main/resources/public/app'}}", "src/main/resources/public/x.html": "", ".gitignore": "app/\n"}, "COPY --link --from=frontend-build /src/main/resources/public/app/ src/main/resources/public/app/", ""},
		{"ignored, and nothing else makes it", plain, map[string]string{"frontend/package.json": vite, ".gitignore": "src/main/resources/static/\n"}, "COPY --link --from=frontend-build /app/dist/ src/main/resources/static/", ""},
		{"the classes", plain, map[string]string{"ui/package.json": vite, "ui/vite.config.js": "export default {build: {outDir: '../target/classes/static'}}", ".gitignore": "target/\n"}, "COPY --link --from=frontend-build /target/classes/static/ target/classes/static/", "VOLUME /src/target/classes/static"},
		{"a front end among the sources", plain, map[string]string{"src/main/frontend/package.json": vite, "src/main/frontend/vite.config.js": "export default {build: {outDir: '../resources/META-INF/resources'}}", ".gitignore": "src/main/resources/META-INF/resources\n"}, "COPY --link --from=frontend-build /resources/META-INF/resources/ src/main/resources/META-INF/resources/", ""},
		{"a resource of the POM", pom("<resources><resource><directory>src/main/resources</directory></resource><resource><directory>frontend/dist</directory><targetPath>static</targetPath></resource></resources>PLUGINS</plugins>"), map[string]string{"frontend/package.json": vite}, "COPY --link --from=frontend-build /app/dist/ frontend/dist/", ""},
		{"copied by the resources plugin", pom("PLUGINS<plugin><artifactId>maven-resources-plugin</artifactId><executions><execution><phase>process-resources</phase><goals><goal>copy-resources</goal></goals><configuration><outputDirectory>${project.build.outputDirectory}/static</outputDirectory><resources><resource><directory>${project.basedir}/frontend/dist</directory></resource></resources></configuration></execution></executions></plugin></plugins>"), map[string]string{"frontend/package.json": vite}, "COPY --link --from=frontend-build /app/dist/ frontend/dist/", ""},
		{"a script copies it", plain, map[string]string{"frontend/package.json": vite, "build.sh": "#!/bin/sh\ncd frontend && npm ci && npm run build && cd ..\ncp -r frontend/dist src/main/resources/static\nmvn package\n", ".gitignore": "src/main/resources/static\n"}, "COPY --link --from=frontend-build /app/dist/ src/main/resources/static/", ""},
		{"the own Dockerfile has a stage", plain, map[string]string{"frontend/package.json": vite, "Dockerfile": "FROM node:22 AS ui\nWORKDIR /ui\nCOPY frontend ./\nRUN npm ci && npm run build\nFROM maven:3 AS build\nWORKDIR /src\nCOPY pom.xml ./\nCOPY src ./src\nCOPY --from=ui /ui/dist ./src/main/resources/static\nRUN mvn package\nFROM eclipse-temurin:21\nCOPY --from=build /src/target/*.jar app.jar\nCMD [\"java\", \"-jar\", \"app.jar\"]\n"}, "COPY --link --from=frontend-build /app/dist/ src/main/resources/static/", ""},
		{"Maven builds it", pom("PLUGINS<plugin><groupId>com.github.eirslett</groupId><artifactId>frontend-maven-plugin</artifactId><version>1.15.1</version><executions><execution><goals><goal>npm</goal></goals></execution></executions></plugin></plugins>"), map[string]string{"frontend/package.json": vite, ".gitignore": "src/main/resources/static\n"}, "", ""},
		{"committed", plain, map[string]string{"frontend/package.json": vite, "src/main/resources/static/index.html": "<p>"}, "", ""},
		{"committed, beside an output for those who work on it", plain, map[string]string{"src/main/webapp/ui/package.json": `{"scripts":{"build":"gulp build"},"devDependencies":{"gulp":"^3.9.1"}}`, "src/main/webapp/ui/gulpfile.js": "const app = {devPath: 'tmp/', prdPath: 'dist/'};\n", "src/main/webapp/ui/dist/app.js": "x", ".gitignore": "tmp/\n"}, "", ""},
		{"a front end of its own", plain, map[string]string{"frontend/package.json": vite}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": c.pom, "src/main/java/a/App.java": main}
			maps.Copy(files, c.files)
			project, err := Decide(scan(t, files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			if c.want == "" && strings.Contains(text, "frontend-build") {
				t.Errorf("want no front end:\n%s", text)
			}
			_, build, _ := strings.Cut(text, " AS build\n")
			build, _, _ = strings.Cut(build, "\nFROM ")
			_, dev, _ := strings.Cut(text, " AS dev\n")
			if c.want != "" && (!strings.Contains(build, c.want+"\nRUN ") || !strings.Contains(dev, c.want+"\n")) || !strings.Contains(text, c.also) {
				t.Errorf("want %s, got\n%s", c.want, text)
			}
		})
	}
}

// TestFrontEndRelease: a front end is built with the release of Node with which the own Dockerfile builds it, where its folder does not say
// another, also once that Dockerfile is gone.
func TestFrontEndRelease(t *testing.T) {
	const built = "FROM IMAGE AS ui\nWORKDIR /ui\nCOPY ui .\nRUN npm ci && npm run build\nFROM golang:1.26 AS go\nWORKDIR /src\nCOPY . .\nCOPY --from=ui /ui/dist ui/dist\nRUN go build -o shop .\nCMD [\"./shop\"]\n"
	engines := func(rng string) string { return strings.TrimSuffix(vite, "}") + `,"engines":{"node":"` + rng + `"}}` }
	for _, c := range []struct {
		name, image, manifest string
		files                 map[string]string
		want                  string
	}{
		{"a tag", "node:22-alpine", vite, nil, "22"},
		{"a whole version", "node:v22.11.0", vite, nil, "22"},
		{"of a registry", "docker.io/library/node:22-slim", vite, nil, "22"},
		{"with a platform and a digest", "--platform=$BUILDPLATFORM node:22@sha256:" + strings.Repeat("0a", 32), vite, nil, "22"},
		{"no number", "node:lts", vite, nil, "26"},
		{"another image", "acme/node-builder:22", vite, nil, "26"},
		{"a file of the folder", "node:22", vite, map[string]string{"ui/.nvmrc": "20"}, "20"},
		{"within a range", "node:22", engines(">=20"), nil, "22"},
		{"outside of a range", "node:22", engines(">=24"), nil, "26"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := goApp(embedding, "ui/dist", map[string]string{"ui/package.json": c.manifest, "Dockerfile": strings.Replace(built, "IMAGE", c.image, 1)})
			maps.Copy(files, c.files)
			project, err := Decide(scan(t, files), Request{Name: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			if text := rendered(t, project.Apps[0]); !strings.Contains(text, " node:"+c.want+"-") {
				t.Errorf("want Node %s, got\n%s", c.want, text)
			}
		})
	}
}
