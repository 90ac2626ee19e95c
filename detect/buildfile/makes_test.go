package buildfile_test

import (
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
)

// TestMakes: a Dockerfile in a folder, or a file that names the folder as what is built, makes an image of it.
func TestMakes(t *testing.T) {
	const image = "FROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]\n"
	for name, c := range map[string]struct {
		file, text string
		want       string // the place, "" for none
	}{
		"a Dockerfile":              {"apps/a/Dockerfile", image, "apps/a/Dockerfile"},
		"one with a name":           {"apps/a/Dockerfile.web", image, "apps/a/Dockerfile.web"},
		"web.Dockerfile":            {"apps/a/web.Dockerfile", image, "apps/a/web.Dockerfile"},
		"Podman's":                  {"apps/a/Containerfile", image, "apps/a/Containerfile"},
		"for development":           {"apps/a/Dockerfile.dev", image, ""},
		"for tests":                 {"apps/a/Dockerfile.test", image, ""},
		"an ignore file":            {"apps/a/Dockerfile.dockerignore", "x\n", ""},
		"dockgen's":                 {"apps/a/Dockerfile", "# test runs: docker build --target test .\n" + image, ""},
		"of another folder":         {"apps/b/Dockerfile", image, ""},
		"of a folder below":         {"apps/a/db/Dockerfile", image, ""},
		"compose, short":            {"compose.yaml", "services:\n  x:\n    build: ./apps/a\n", "compose.yaml:2"},
		"compose, a context":        {"docker-compose.yml", "services:\n  x:\n    build:\n      context: apps/a/\n", "docker-compose.yml:2"},
		"compose, a Dockerfile":     {"compose.yaml", "services:\n  x:\n    build:\n      context: .\n      dockerfile: ./apps/a/Dockerfile\n", "compose.yaml:2"},
		"compose, elsewhere":        {"deploy/compose.yaml", "services:\n  x:\n    build: ../apps/a\n", "deploy/compose.yaml:2"},
		"compose, of the root":      {"compose.yaml", "services:\n  x:\n    build: .\n", ""},
		"compose for development":   {"compose.dev.yaml", "services:\n  x:\n    build: ./apps/a\n", ""},
		"compose, unknown":          {"compose.yaml", "services:\n  x:\n    build: ./apps/${NAME}\n", ""},
		"compose, of an address":    {"compose.yaml", "services:\n  x:\n    build: https://example.com/apps/a\n", ""},
		"compose, dockgen's":        {"compose.yaml", "# docker compose up --build runs it; the ports are on this machine alone.\nservices:\n  x:\n    build: ./apps/a\n", ""},
		"bake":                      {"docker-bake.hcl", "target \"a\" {\n  context = \"apps/a\"\n}\n", "docker-bake.hcl:1"},
		"bake, dockgen's":           {"docker-bake.hcl", "# docker buildx bake builds all of them; with names, those alone: docker buildx bake a\ntarget \"a\" {\n  context = \"apps/a\"\n}\n", ""},
		"CI, an action":             {".github/workflows/x.yml", "on: push\njobs:\n  b:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ./apps/a\n          push: true\n", ".github/workflows/x.yml:7"},
		"CI, a command":             {".github/workflows/x.yml", "on: push\njobs:\n  b:\n    steps:\n      - run: docker build -f apps/a/Dockerfile -t a .\n", ".github/workflows/x.yml:5"},
		"a README, which may dream": {"README.md", "    docker build apps/a\n", ""},
	} {
		fsys := fstest.MapFS{"apps/a/package.json": {Data: []byte("{}")}, c.file: {Data: []byte(c.text)}}
		index, err := tree.Scan(t.Context(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		pos, ok := buildfile.Of(index, ".").Makes("apps/a")
		got := ""
		if ok {
			got = pos.String()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestMakesElsewhere: a Dockerfile outside of a folder makes an image of it if it takes all from there.
func TestMakesElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		text string // of Dockerfile.a in the root
		want bool
	}{
		"files of the folder":     {"FROM node:22\nCOPY apps/a/package.json apps/a/a.js ./\nCMD [\"node\", \"a.js\"]\n", true},
		"the folder":              {"FROM node:22 AS b\nCOPY ./apps/a/ .\nFROM node:22\nCOPY --from=b /x /x\n", true},
		"the repository":          {"FROM node:22\nCOPY . .\n", false},
		"the folder, and others":  {"FROM node:22\nCOPY apps/a ./\nCOPY libs ./libs\n", false},
		"another folder":          {"FROM node:22\nCOPY apps/ab ./\n", false},
		"nothing":                 {"FROM node:22\n", false},
		"what it cannot be known": {"FROM node:22\nARG DIR\nCOPY ${DIR} ./\n", false},
	} {
		index, err := tree.Scan(t.Context(), fstest.MapFS{
			"apps/a/package.json": {Data: []byte("{}")}, "Dockerfile.a": {Data: []byte(c.text)},
			"compose.yaml": {Data: []byte("services:\n  x:\n    build:\n      context: .\n      dockerfile: Dockerfile.a\n")},
		}, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := buildfile.Of(index, ".").Makes("apps/a"); ok != c.want {
			t.Errorf("%s: got %v", name, ok)
		}
	}
}
