package node

import (
	"path"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

func TestShipped(t *testing.T) {
	rows, err := shippedRows()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		".env": true, ".": true, "README.md": true, "yarn.lock": true, "package-lock.json": true, "pnpm-lock.yaml": true,
		"LICENSE": true, "licence.txt": true, "CHANGELOG.old": true, "Makefile": true, "Procfile": true, "Dockerfile.dev": true,
		"docker-compose.prod.yml": true, "compose.yaml": true, "tsconfig.json": true, "tsconfig.build.json": true, "biome.jsonc": true,
		"railway.toml": true, "railpack-plan.json": true, "bun.lockb": true, "package.json": true, "jest.config.js": true, "jest.js": true,
		"webpack.config.cjs": true, "vite.config.mts": true, "eslint.config.jsx": true, "Gulpfile.js": true, "drizzle.config.ts": true,
		"types.d.ts": true, "codecov.yml": true, "crowdin.yaml": true, "server.ts": true, "App.TSX": true, "run.sh": true, "swc.config.js": true, "lint-staged.config.mjs": true,
		"server.js": false, "data.json": false, "index.html": false, "schema.graphql": false, "jest.setup.js": false, "makefile.js": false,
		"config.js": false, "webpack.prod.js": false, "a.proto": false, "my.jest.config.js": false, "swc.json": false, "views.jsx": false, "compose.json": false,
	} {
		if got := rows.file(name); got != want {
			t.Errorf("file %s: got %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]bool{
		".github": true, "test": true, "tests": true, "__mocks__": true, "docs": true, "node_modules": true,
		"src": false, "testing": false, "public": false, "Docs": false,
	} {
		if got := rows.folder(name); got != want {
			t.Errorf("folder %s: got %v, want %v", name, got, want)
		}
	}
	for _, g := range append(rows.Folders, rows.Files...) {
		if _, err := path.Match(g, "x"); err != nil {
			t.Errorf("%s: %v", g, err)
		}
	}
}

// TestBuildFiles: a file that only the build runs is not shipped.
func TestBuildFiles(t *testing.T) {
	for name, c := range map[string]struct {
		scripts []string
		more    string
		want    string
	}{
		"run by the build":    {[]string{"build: node build.js && node tools/x.js", "start: node dist/a.js"}, "", "build.js tools/x.js"},
		"by a script of it":   {[]string{"build: npm run compile", "compile: node ./build.js --prod", "start: node dist/a.js"}, "", "build.js"},
		"that the app starts": {[]string{"build: node build.js", "start: node build.js serve"}, "", ""},
		"that code imports":   {[]string{"build: node build.js", "start: node a.js"}, "require('./build')", ""},
		"no build":            {[]string{"start: node a.js"}, "", ""},
	} {
		_, f := nodetest.Facts(t, map[string]string{"package.json": nodetest.Manifest("express", c.scripts...), "build.js": "", "a.js": c.more, "tools/x.js": ""})
		if got := strings.Join(buildFiles(f), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestOfImages: a folder that has the files of images and nothing else is not shipped.
func TestOfImages(t *testing.T) {
	for files, want := range map[string]bool{
		"containers/a/Dockerfile containers/b/Dockerfile.dev":           true,
		"docker/Dockerfile docker/entrypoint.sh docker/compose.dev.yml": true,
		"docker/web.dockerfile docker/.dockerignore":                    true,
		"docker/run.sh":                       false,
		"docker/Dockerfile docker/nginx.conf": false,
		"":                                    false,
	} {
		if got := ofImages(strings.Fields(files)); got != want {
			t.Errorf("%s: %v", files, got)
		}
	}
}
