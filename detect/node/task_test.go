package node

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// TestTasks: which tasks of moon's and targets of Nx's stand for scripts: "NAME: WORD|WORD", with ^ for those of the root.
func TestTasks(t *testing.T) {
	for name, tt := range map[string]struct {
		manifest, moon string
		want           string
	}{
		"a text":                   {`{}`, "tasks:\n  build:\n    command: 'vite build'\n", "build: vite|build"},
		"a list and arguments":     {`{}`, "tasks:\n  build:\n    command: [vite, build]\n    args: '--mode production'\n", "build: vite|build|--mode|production"},
		"variables":                {`{}`, "tasks:\n  start:\n    command: node main.js\n    env: {NODE_ENV: production, A: 'b c'}\n", "start: env|NODE_ENV=production|A=b c|node|main.js"},
		"a script of one command":  {`{}`, "tasks:\n  build:\n    script: tsc -b\n", "build: tsc|-b"},
		"a script of several":      {`{}`, "tasks:\n  build:\n    script: rm -rf dist && tsc\n  a:\n    command: 'x $(id)'\n  b:\n    command: x > y\n", ""},
		"package.json has it":      {`{"scripts": {"build": "tsc"}}`, "tasks:\n  build:\n    command: npm run build\n  start:\n    command: node a.js\n", "start: node|a.js"},
		"after the build":          {`{}`, "tasks:\n  start:\n    command: node a.js\n    deps: ['~:build', '^:build']\n", "start: node|a.js"},
		"after another task":       {`{}`, "tasks:\n  build:\n    command: tsc\n    deps: ['~:codegen']\n  start:\n    command: node a.js\n    deps: [{target: 'db:up'}]\n", ""},
		"tokens":                   {`{}`, "tasks:\n  build:\n    command: [tsc, '@files(sources)']\n  start:\n    command: [node, $projectRoot/a.js]\n", ""},
		"nothing to run":           {`{}`, "tasks:\n  build:\n    command: noop\n  test:\n    deps: ['^:test']\n", ""},
		"hostile":                  {`{}`, "tasks:\n  \"x\\nRUN id\":\n    command: a\n  build: [1]\n  test:\n    command: {a: b}\n", ""},
		"Nx's by package.json":     {`{"name": "@m/api", "nx": {"targets": {"build": {"executor": "@nx/esbuild:esbuild"}, "test": {"command": "vitest"}, "serve": {"executor": "x"}, "lint": {}}}}`, "", "build: ^nx|run|@m/api:build test: ^nx|run|@m/api:test"},
		"Nx's with another name":   {`{"name": "@m/api", "nx": {"name": "api", "targets": {"build": {"executor": "@nx/js:tsc"}, "test": {"cache": true}}}}`, "", "build: ^nx|run|api:build"},
		"Nx's beside a script":     {`{"name": "api", "scripts": {"build": "tsc"}, "nx": {"targets": {"build": {"executor": "x"}}}}`, "", ""},
		"Nx's that only has tasks": {`{"name": "api", "nx": {"tags": ["a"]}}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"package.json": `{"workspaces": ["a"]}`, "a/package.json": tt.manifest}
			if tt.moon != "" {
				files["a/moon.yml"] = tt.moon
			}
			f, err := Detect(treetest.Of(t, files), ".")
			if err != nil || len(f.Packages) != 1 {
				t.Fatalf("%+v, %v", f, err)
			}
			own := f.Packages[0].Facts
			var got []string
			for _, name := range slices.Sorted(maps.Keys(own.Tasks)) {
				task := own.Tasks[name]
				mark := ""
				if task.Top {
					mark = "^"
				}
				got = append(got, name+": "+mark+strings.Join(task.Argv, "|"))
				if s := f.Packages[0].Scripts[name]; s.Value != strings.Join(task.Argv, " ") || s.Pos.Line == 0 {
					t.Errorf("the script %s is %+v", name, s)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}
