package profiles

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// holds wants a Dockerfile to have some texts, and not to have others.
func holds(t *testing.T, text string, want, not []string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(text, s) {
			t.Errorf("no %s in\n%s", s, text)
		}
	}
	for _, s := range not {
		if strings.Contains(text, s) {
			t.Errorf("%s in\n%s", s, text)
		}
	}
}

// TestPackagesBeside: an app whose dependencies lie in folders beside its own has the folder around them as its context, and lies in the image as
// it does there. Nothing else of the repository is copied.
func TestPackagesBeside(t *testing.T) {
	const (
		flask   = "from flask import Flask\nfrom prices import label\n\napp = Flask(__name__)\n"
		project = "[project]\nname = \"api\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\", \"gunicorn\", \"prices\"]\n"
		prices  = "[project]\nname = \"prices\"\nversion = \"1\"\ndependencies = [\"psycopg2\", \"base\"]\n\n[tool.uv.sources]\nbase = { path = \"../base\" }\n\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
		library = "COPY libs/prices/ /app/libs/prices/"
		kept    = "COPY --link --from=deps /app/libs/prices/ /app/libs/prices/"
	)
	python := func(name, text string) map[string]string {
		return map[string]string{
			"api/" + name: text, "api/app.py": flask, "worker/requirements.txt": "celery\n", "worker/app.py": flask,
			"libs/prices/pyproject.toml": prices, "libs/prices/prices/__init__.py": "",
			"libs/base/pyproject.toml": "[project]\nname = \"base\"\nversion = \"1\"\n", "libs/base/base/__init__.py": "",
		}
	}
	for name, tt := range map[string]struct {
		files     map[string]string
		want, not []string
	}{
		"a path of uv": {
			python("pyproject.toml", project+"\n[tool.uv.sources]\nprices = { path = \"../libs/prices\" }\n"),
			[]string{library, "COPY libs/base/ /app/libs/base/", "WORKDIR /app/api", "COPY api/pyproject.toml ./", "COPY --link --from=build /app/api/ ./", `-v "$(pwd):/app"`, "libpq"},
			[]string{kept, "worker/"},
		},
		"an editable one of uv":  {python("pyproject.toml", project+"\n[tool.uv.sources]\nprices = { path = \"../libs/prices\", editable = true }\n"), []string{library, kept}, nil},
		"of Poetry":              {python("pyproject.toml", project+"\n[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nprices = { path = \"../libs/prices\", develop = true }\n"), []string{library, kept}, nil},
		"of Poetry's own table":  {python("pyproject.toml", "[tool.poetry]\nname = \"api\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nflask = \"*\"\ngunicorn = \"*\"\nprices = { path = \"../libs/prices\" }\n"), []string{library}, []string{kept}},
		"of PDM":                 {python("pyproject.toml", strings.ReplaceAll(project, `"prices"`, `"prices @ file:///${PROJECT_ROOT}/../libs/prices"`)+"\n[tool.pdm]\ndistribution = false\n"), []string{library, "pdm install"}, []string{kept}},
		"of Hatch":               {python("pyproject.toml", strings.ReplaceAll(project, `"prices"`, `"prices @ {root:uri}/../libs/prices"`)), []string{library}, nil},
		"of pip":                 {python("requirements.txt", "flask\ngunicorn\n../libs/prices\n"), []string{library, "COPY api/requirements.txt ./"}, []string{kept}},
		"an editable one of pip": {python("requirements.txt", "flask\ngunicorn\n-e ../libs/prices\n"), []string{library, kept}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, tt.files), Request{Name: "api", Dir: "api"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			holds(t, rendered(t, app), tt.want, tt.not)
			if app.Dir != "." || app.Place != "api" || !strings.Contains(strings.Join(app.Needs, " "), "libs/prices") {
				t.Errorf("context %s, files in %q, needs %q", app.Dir, app.Place, app.Needs)
			}
		})
	}
}

// TestNodePackagesBeside: the same of npm, Yarn, pnpm and Bun. What node_modules only links to has packages of its own, which are installed there
// by its manifest; what is copied into it is there before the install. Either is built first, if its files are no source.
func TestNodePackagesBeside(t *testing.T) {
	const (
		manifest = "COPY libs/prices/package.json /app/libs/prices/\n"
		source   = "COPY libs/prices/ /app/libs/prices/\n"
		shipped  = "COPY --link --from=build /app/libs/prices/ /app/libs/prices/\n"
		depends  = `, "dependencies": {"ms": "^2"}`
		builds   = `, "main": "dist/index.js", "scripts": {"build": "tsc"}, "devDependencies": {"typescript": "^5"}`
	)
	for name, tt := range map[string]struct {
		manager, protocol, prices string
		want, not                 []string
	}{
		"npm":                    {"npm@11.0.0", "file:", "", []string{manifest, "WORKDIR /app/api\n", "COPY api/package.json ./\n", source + "COPY api/ ./\n", "COPY --link libs/prices/ /app/libs/prices/\n", `-v "$(pwd):/app"`, "VOLUME /app/api/node_modules\n"}, []string{"--prefix", "worker/"}},
		"npm, with packages":     {"npm@11.0.0", "file:", depends, []string{manifest, " && npm install --prefix ../libs/prices\n", "COPY --link --from=deps /app/libs/prices/ /app/libs/prices/\nCOPY --link libs/prices/ /app/libs/prices/\n", "VOLUME /app/api/node_modules /app/libs/prices/node_modules\n"}, nil},
		"npm, built":             {"npm@11.0.0", "file:", depends + builds, []string{manifest, "RUN npm run build --prefix ../libs/prices", "npm prune --omit=dev --ignore-scripts --prefix ../libs/prices\n", shipped, `CMD ["sh", "-c", "npm run build --prefix ../libs/prices && exec`}, nil},
		"npm, a hook of its own": {"npm@11.0.0", "file:", depends + `, "scripts": {"prepare": "tsc"}`, []string{source + "RUN", "and with the packages beside"}, []string{manifest}},
		"npm, without a word":    {"npm@11.0.0", "", depends, []string{manifest, "npm install --prefix"}, nil},
		"npm, a development one": {"npm@11.0.0", "dev:file:", depends, []string{manifest}, []string{"COPY --link libs/prices/", shipped}},
		"Yarn 1":                 {"yarn@1.22.22", "file:", depends, []string{source + "RUN"}, []string{manifest, "--prefix", "COPY --link libs"}},
		"Yarn 1, built":          {"yarn@1.22.22", "file:", builds, []string{source + "RUN", "npm install --prefix ../libs/prices \\\n && yarn --cwd ../libs/prices run build \\\n && rm -rf ../libs/prices/node_modules \\\n && yarn install"}, []string{manifest}},
		"Yarn 1, a link":         {"yarn@1.22.22", "link:", depends, []string{manifest, "npm install --prefix ../libs/prices"}, nil},
		"Yarn 4":                 {"yarn@4.9.2", "file:", depends, []string{source + "RUN"}, []string{manifest, "--prefix"}},
		"Yarn 4, a portal":       {"yarn@4.9.2", "portal:", depends, []string{manifest, "npm install --prefix ../libs/prices"}, nil},
		"pnpm":                   {"pnpm@10.34.8", "file:", depends, []string{source + "RUN"}, []string{manifest, "--prefix"}},
		"pnpm, a link":           {"pnpm@10.34.8", "link:", depends + builds, []string{manifest, "npm install --prefix ../libs/prices", "RUN pnpm -C ../libs/prices run build", shipped}, nil},
		"Bun":                    {"bun@1.3.0", "file:", depends, []string{source + "RUN"}, []string{manifest, "--cwd"}},
		"Bun, a link":            {"bun@1.3.0", "link:", depends, []string{manifest, "bun install --cwd ../libs/prices"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			protocol, dev := strings.CutPrefix(tt.protocol, "dev:")
			kind := "dependencies"
			if dev {
				kind = "devDependencies"
			}
			start := "node index.js"
			if strings.HasPrefix(tt.manager, "bun") {
				start = "bun index.js"
			}
			project, err := Decide(scan(t, map[string]string{
				"api/package.json":         `{"packageManager": "` + tt.manager + `", "scripts": {"start": "` + start + `"}, "peerDependencies": {"express": "^5"}, "` + kind + `": {"prices": "` + protocol + `../libs/prices"}}`,
				"api/index.js":             "require('express')().listen(3000)\n",
				"libs/prices/package.json": `{"name": "prices"` + tt.prices + `}`, "libs/prices/src/index.ts": "",
				"worker/package.json": `{"scripts": {"start": "node index.js"}}`, "worker/index.js": "require('http').createServer().listen(1)\n",
			}), Request{Name: "api", Dir: "api"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			holds(t, rendered(t, app), tt.want, tt.not)
			if app.Dir != "." || app.Place != "api" || strings.Join(app.Needs, " ") != "api libs/prices" {
				t.Errorf("context %s, files in %q, needs %q", app.Dir, app.Place, app.Needs)
			}
		})
	}
}

// TestNodePackagesChained: a package beside the app may need another; one that is not there, or that holds the app, is none.
func TestNodePackagesChained(t *testing.T) {
	files := func(rng string) map[string]string {
		return map[string]string{
			"apps/api/package.json": `{"scripts": {"start": "node index.js"}, "dependencies": {"express": "^5", "prices": "` + rng + `"}}`, "apps/api/index.js": "require('express')().listen(3000)\n",
			"libs/prices/package.json": `{"name": "prices", "dependencies": {"base": "file:../base"}}`, "libs/base/package.json": `{"name": "base"}`, "apps/web/package.json": "{}",
		}
	}
	project, err := Decide(scan(t, files("file:../../libs/prices")), Request{Name: "api", Dir: "apps/api"})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, rendered(t, project.Apps[0]), []string{"COPY libs/base/package.json /app/libs/base/\nCOPY libs/prices/package.json /app/libs/prices/\n"}, nil)
	for _, rng := range []string{"file:../../libs/none", "file:../../../prices", "file:/srv/prices", "file:..", "file:../..", "link:../../../../etc", "file:~/prices"} {
		_, err := Decide(scan(t, files(rng)), Request{Name: "api", Dir: "apps/api"})
		if err == nil || !strings.Contains(err.Error(), "outside of the") {
			t.Errorf("%s: got %v", rng, err)
		}
	}
}

// TestNodeFrontEndNested: a front end whose packages lie beside it lies in its stages as it does in the repository.
func TestNodeFrontEndNested(t *testing.T) {
	project, err := Decide(scan(t, map[string]string{
		"server/package.json":      `{"scripts": {"start": "node index.js"}, "dependencies": {"express": "^5"}}`,
		"server/index.js":          "const e = require('express')\nconst app = e()\napp.use(e.static(require('path').join(__dirname, '../ui/web/dist')))\napp.listen(3000)\n",
		"ui/web/package.json":      `{"scripts": {"dev": "vite", "build": "vite build"}, "dependencies": {"parts": "file:../parts"}, "devDependencies": {"vite": "^7"}}`,
		"ui/web/vite.config.js":    "export default {server: {proxy: {'/api': 'http://localhost:3000'}}}\n",
		"ui/parts/package.json":    `{"name": "parts"}`,
		"elsewhere/x/package.json": "{}",
	}), Request{Name: "shop", Dir: "server"})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, rendered(t, project.Apps[0]), []string{
		"AS frontend-base\nWORKDIR /app/web\n", "COPY ui/parts/package.json /app/parts/\n", "COPY ui/parts/ /app/parts/\nCOPY ui/web/ ./\n",
		"COPY --link --from=frontend-build /app/web/dist/ /ui/web/dist/\n", `-v "$(pwd)/ui:/app" shop:frontend-dev`, "VOLUME /app/web/node_modules\n",
	}, nil)
}

// TestPackagesNotBeside: what is not in the repository, and what holds the app itself, is no package beside it.
func TestPackagesNotBeside(t *testing.T) {
	for _, line := range []string{"../libs/none", "../../prices", "/srv/prices", "..", "-e ..", "../../../etc"} {
		_, err := Decide(scan(t, map[string]string{"api/requirements.txt": "flask\n" + line + "\n", "api/app.py": "from flask import Flask\napp = Flask(__name__)\n", "web/requirements.txt": "flask\n"}), Request{Name: "api", Dir: "api"})
		if err == nil || !strings.Contains(err.Error(), "outside of the") {
			t.Errorf("%s: got %v", line, err)
		}
	}
}

// TestGradleBeside: a build of Gradle that takes projects, builds, scripts and catalogs from beside its folder has the folder around them as its
// context. What no context has is refused at its line, unless the script goes on without.
func TestGradleBeside(t *testing.T) {
	files := func(settings, build string) map[string]string {
		return map[string]string{
			"api/settings.gradle": "rootProject.name = 'api'\n" + settings, "api/build.gradle": "plugins { id 'application' }\napplication { mainClass = 'A' }\n" + build,
			"api/src/main/java/A.java": "class A { public static void main(String[] a) throws Exception { new java.net.ServerSocket(7000).accept(); } }",
			"lib/settings.gradle":      "", "lib/build.gradle": "plugins { id 'java-library' }", "lib/src/main/java/B.java": "class B {}",
			"common.gradle": "java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }", "VERSION": "1.0", "gradle/libs.versions.toml": "[versions]\n", "other/package.json": "{}",
		}
	}
	for name, tt := range map[string]struct {
		settings, build string
		want, not       []string
	}{
		"a project": {
			"include 'lib'\nproject(':lib').projectDir = file('../lib')\n", "dependencies { implementation project(':lib') }\n",
			[]string{"WORKDIR /src/api\n", "COPY api/settings.gradle api/build.gradle ./\nCOPY lib/build.gradle /src/lib/\n", "COPY api/ ./\nCOPY --link lib/ /src/lib/\nRUN", "COPY --link --from=build /src/api/build/image/lib/ lib/", `-v "$(pwd):/src"`, "build.gradle src ../lib/build.gradle ../lib/src; }"},
			[]string{"common"},
		},
		"a flat one":        {"includeFlat 'lib'\n", "", []string{"COPY lib/build.gradle /src/lib/\n", "COPY --link lib/ /src/lib/\n"}, nil},
		"a build":           {"includeBuild '../lib'\n", "", []string{"COPY lib/ /src/lib/\n"}, []string{"COPY --link lib/"}},
		"a build, if there": {"if (file('../lib').exists()) includeBuild '../lib'\nif (file('../../gone').exists()) includeBuild '../../gone'\n", "", []string{"COPY lib/ /src/lib/\n"}, nil},
		"a script":          {"", "apply from: '../common.gradle'\n", []string{"COPY common.gradle /src/\n", "gradle:8.14-jdk17"}, []string{"lib/"}},
		"a file to read":    {"", "version = file('../VERSION').text\n", []string{"COPY VERSION /src/\n"}, nil},
		"a catalog":         {"dependencyResolutionManagement { versionCatalogs { libs { from(files('../gradle/libs.versions.toml')) } } }\n", "", []string{"COPY gradle/libs.versions.toml /src/gradle/\n"}, nil},
		"sources":           {"", "sourceSets.main.java.srcDir '../lib/src/main/java'\n", []string{"COPY --link lib/src/main/java/ /src/lib/src/main/java/\n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, files(tt.settings, tt.build)), Request{Name: "api", Dir: "api"})
			if err != nil {
				t.Fatal(err)
			}
			app := project.Apps[0]
			holds(t, rendered(t, app), tt.want, append(tt.not, "other/", "COPY . "))
			if app.Dir != "." || app.Place != "api" {
				t.Errorf("context %s, files in %q", app.Dir, app.Place)
			}
		})
	}
	for line, refused := range map[string]bool{
		"includeBuild '../../lib'": true, "includeBuild '../none'": true, "includeBuild '..'": true, "include 'x'\nproject(':x').projectDir = file('../../x')": true, "includeFlat 'none'": true,
		"apply from: '../../x.gradle'": true, "if (System.getenv('CI')) includeBuild '../none'": false, "includeBuild 'none'": false, "if (file('../../etc').exists()) { apply from: '../../etc/passwd' }": false,
	} {
		_, err := Decide(scan(t, files(line+"\n", "")), Request{Name: "api", Dir: "api"})
		if got := err != nil && strings.Contains(err.Error(), "api/settings.gradle:") && strings.Contains(err.Error(), "outside of the build context"); got != refused || err != nil && !refused {
			t.Errorf("%s: got %v", line, err)
		}
	}
}

// TestFrontEndBesideNested: an app that lies in the image as it does in the repository finds a front end beside it there, too, in prod from its own
// folder, and in dev although the source is mounted over both.
func TestFrontEndBesideNested(t *testing.T) {
	for _, runtime := range []plan.Runtime{plan.Distroless, plan.Slim} {
		project, err := Decide(scan(t, map[string]string{
			"api/requirements.txt":       "flask\ngunicorn\n../libs/prices\n",
			"api/app.py":                 "from flask import Flask\n\napp = Flask(__name__, static_folder='../client/dist', static_url_path='/')\n",
			"libs/prices/pyproject.toml": "[project]\nname = \"prices\"\nversion = \"1\"\n",
			"client/package.json":        `{"name": "client", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "8.0.0"}}`,
			"client/index.html":          "<title>shop</title>",
		}), Request{Name: "api", Dir: "api", Settings: settings.Settings{Runtime: runtime}})
		if err != nil {
			t.Fatal(err)
		}
		text := rendered(t, project.Apps[0])
		stage := func(name string) string {
			_, out, _ := strings.Cut(text, " AS "+name+"\n")
			out, _, _ = strings.Cut(out, "\nFROM ")
			return out
		}
		base := stage("prod")
		if runtime == plan.Slim {
			base += stage("base")
		}
		for what, ok := range map[string]bool{
			"dev keeps the front end":        strings.Contains(stage("dev"), "VOLUME /app/client/dist\n"),
			"prod has the front end":         strings.Contains(stage("prod"), " /app/client/dist/\n"),
			"prod starts in the folder":      strings.Contains(base, "WORKDIR /app/api\n"),
			"prod starts in no other folder": strings.Count(stage("prod"), "WORKDIR ") == strings.Count(stage("prod"), "WORKDIR /app/api\n"),
		} {
			if !ok {
				t.Errorf("%s: not so: %s\n%s", runtime, what, text)
			}
		}
	}
}
