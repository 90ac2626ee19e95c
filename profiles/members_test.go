package profiles

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestMembers: which members' manifests the install of one of a workspace's apps reads.
func TestMembers(t *testing.T) {
	const server = "require('http').createServer().listen(3000)\n"
	files := func(root string, more map[string]string) map[string]string {
		out := map[string]string{
			"package.json":             root,
			"apps/api/package.json":    `{"name":"api","scripts":{"start":"node index.js"},"dependencies":{"a":"1.0.0"}}`,
			"apps/api/index.js":        server,
			"apps/web/package.json":    `{"name":"web","scripts":{"start":"node index.js"},"dependencies":{"b":"1.0.0"}}`,
			"apps/web/index.js":        server,
			"packages/a/package.json":  `{"name":"a","version":"1.0.0","dependencies":{"c":"1.0.0"}}`,
			"packages/a/index.js":      "",
			"packages/b/package.json":  `{"name":"b","version":"1.0.0"}`,
			"packages/b/index.js":      "",
			"packages/c/package.json":  `{"name":"c","version":"1.0.0"}`,
			"packages/c/index.js":      "",
			"tools/lint/package.json":  `{"name":"lint","version":"1.0.0"}`,
			"tools/other/package.json": `{"name":"other","version":"1.0.0"}`,
		}
		maps.Copy(out, more)
		return out
	}
	const (
		plain = `{"private":true,"workspaces":["apps/*","packages/*","tools/*"]}`
		uses  = `{"private":true,"workspaces":["apps/*","packages/*","tools/*"],"devDependencies":{"lint":"1.0.0"}}`
		all   = `{"private":true,"workspaces":["apps/*","packages/*","tools/*"],"scripts":{"build":"node all.js"}}`
		own   = "apps/api/package.json packages/a/package.json packages/c/package.json ./"
		every = "apps/*/package.json packages/*/package.json tools/*/package.json ./"
	)
	npm := map[string]string{"package-lock.json": `{"lockfileVersion":3,"packages":{}}`}
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"npm":                          {files(plain, npm), own},
		"what the root uses":           {files(uses, npm), "apps/api/package.json packages/a/package.json packages/c/package.json tools/lint/package.json ./"},
		"a build of all":               {files(all, npm), every},
		"Yarn 1":                       {files(plain, map[string]string{"yarn.lock": "# yarn lockfile v1\n"}), own},
		"a later Yarn, which asks all": {files(plain, map[string]string{"yarn.lock": "__metadata:\n  version: 8\n", ".yarnrc.yml": "nodeLinker: node-modules\n"}), every},
		"Bun":                          {files(plain, map[string]string{"bun.lock": `{"lockfileVersion": 1, "workspaces": {"": {}, "apps/api": {"name": "api", "dependencies": {"a": "1.0.0"}}, "apps/web": {"name": "web", "dependencies": {"b": "1.0.0"}}, "packages/a": {"name": "a", "dependencies": {"c": "1.0.0"}}, "packages/b": {"name": "b"}, "packages/c": {"name": "c"}, "tools/lint": {"name": "lint"}, "tools/other": {"name": "other"}}}`}), own},
		"Bun with a lockfile that is out of step":               {files(plain, map[string]string{"bun.lock": `{"lockfileVersion": 1, "workspaces": {}}`}), every},
		"Bun without one, which wants all that workspaces name": {files(`{"private":true,"packageManager":"bun@1.4.5","workspaces":["apps/*","packages/*","tools/*"]}`, nil), every},
	} {
		t.Run(name, func(t *testing.T) {
			project, err := Decide(scan(t, tt.files), Request{Name: "shop", One: record.Part{Main: "apps/api", Dir: "apps/api"}})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			if m := regexp.MustCompile(`(?m)^COPY --parents (.*)$`).FindStringSubmatch(text); m == nil || m[1] != tt.want {
				t.Errorf("got %q, want %s in\n%s", m, tt.want, text)
			}
		})
	}
}

// TestTasks: a member that moon or Nx builds, starts and tests by files of their own is built so, whatever package.json lacks.
func TestTasks(t *testing.T) {
	base := map[string]string{
		"apps/api/package.json": `{"name":"api","dependencies":{"express":"^5"}}`, "apps/api/src/main.ts": "import express from 'express'\nexpress().listen(4000)\n",
		"apps/api/tsconfig.json": `{"compilerOptions":{"outDir":"out","rootDir":"src"}}`, "apps/api/a.test.js": "",
		"apps/api/moon.yml":    "tasks:\n  build:\n    command: tsc -p .\n    deps: ['^:build']\n  start:\n    command: node out/main.js\n    deps: ['~:build']\n  test:\n    command: [node, --test]\n",
		"libs/ui/package.json": `{"name":"ui"}`, "libs/ui/moon.yml": "tasks:\n  build:\n    command: tsup\n",
		"apps/web/package.json": `{"name":"web","scripts":{"start":"node index.js"}}`, "apps/web/index.js": "require('http').createServer().listen(3000)\n",
	}
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"npm": {map[string]string{"package.json": `{"private":true,"workspaces":["apps/*","libs/*"],"scripts":{"build":"moon run :build"},"devDependencies":{"@moonrepo/cli":"^1","typescript":"^5"}}`, "package-lock.json": `{"lockfileVersion":3,"packages":{}}`}, []string{
			"npm exec -w apps/api -- tsc -p .", "npm exec -w apps/api -- node --test\n", `"out/main.js"]`, "!npm run", "!libs/ui", "!moon",
		}},
		"pnpm, with what it uses": {map[string]string{
			"package.json": `{"private":true,"packageManager":"pnpm@10.34.8","devDependencies":{"typescript":"^5"}}`, "pnpm-workspace.yaml": "packages: ['apps/*', 'libs/*']\n",
			"apps/api/package.json": `{"name":"api","dependencies":{"express":"^5","ui":"workspace:*"}}`,
		}, []string{"pnpm -C libs/ui exec tsup \\\n && pnpm -C apps/api exec tsc -p .", "!--filter", "!run build"}},
		"Nx's targets": {map[string]string{
			"package.json": `{"private":true,"workspaces":["apps/*","libs/*"],"devDependencies":{"nx":"^22","typescript":"^5"}}`, "package-lock.json": `{"lockfileVersion":3,"packages":{}}`, "nx.json": "{}",
			"apps/api/moon.yml":     "",
			"apps/api/package.json": `{"name":"api","main":"out/main.js","scripts":{"start":"node out/main.js"},"dependencies":{"express":"^5"},"nx":{"targets":{"build":{"executor":"@nx/esbuild:esbuild"}}}}`,
		}, []string{"npx nx run api:build", `"out/main.js"]`, "!npm run build"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := maps.Clone(base)
			maps.Copy(files, tt.files)
			project, err := Decide(scan(t, files), Request{Name: "shop", One: record.Part{Main: "apps/api", Dir: "apps/api"}})
			if err != nil {
				t.Fatal(err)
			}
			text := rendered(t, project.Apps[0])
			for _, w := range tt.want {
				if not, absent := strings.CutPrefix(w, "!"); strings.Contains(text, not) == absent {
					t.Errorf("%q in\n%s", w, text)
				}
			}
		})
	}
}

// TestBuildHints: a command that a note or a comment has names the Dockerfile of the app, where that is not the one that docker build takes.
func TestBuildHints(t *testing.T) {
	const server = "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"Go's private modules": {map[string]string{
			"go.mod": "module example.com/shop\n\ngo 1.26\n\nrequire github.com/acme/kit v1.0.0\n", "go.sum": "x\n", ".envrc": "export GOPRIVATE=github.com/acme\n",
			"apps/api/main.go": server, "apps/web/main.go": server,
		}, "docker build -f apps/api/Dockerfile --secret id=netrc,src=$HOME/.netrc ."},
		"npm's registry": {map[string]string{
			"package.json": `{"private":true,"workspaces":["apps/*"]}`, "package-lock.json": `{"lockfileVersion":3,"packages":{}}`,
			".npmrc":                "//npm.example.com/:_authToken=${TOKEN}\n@acme:registry=https://npm.example.com/\n",
			"apps/api/package.json": `{"name":"api","scripts":{"start":"node index.js"},"dependencies":{"@acme/kit":"1.0.0"}}`, "apps/api/index.js": "require('http').createServer().listen(3000)\n",
		}, "docker build -f apps/api/Dockerfile --secret id=TOKEN ."},
	} {
		t.Run(name, func(t *testing.T) {
			main := "apps/api"
			if tt.files["go.mod"] != "" {
				main = "./apps/api"
			}
			project, err := Decide(scan(t, tt.files), Request{Name: "shop", One: record.Part{Main: main, Dir: "apps/api"}})
			if err != nil {
				t.Fatal(err)
			}
			notes := project.Apps[0].Notes
			if !slices.ContainsFunc(notes, func(n plan.Note) bool { return n.Hint == tt.want }) {
				t.Errorf("no %s in %+v", tt.want, notes)
			}
		})
	}
}
