package node

import (
	"path"
	"testing"
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
		"types.d.ts": true, "server.ts": true, "App.TSX": true, "run.sh": true, "swc.config.js": true, "lint-staged.config.mjs": true,
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
