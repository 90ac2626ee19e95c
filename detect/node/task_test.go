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
		more           map[string]string
	}{
		"a text":                    {`{}`, "tasks:\n  build:\n    command: 'vite build'\n", "build: vite|build", nil},
		"a list and arguments":      {`{}`, "tasks:\n  build:\n    command: [vite, build]\n    args: '--mode production'\n", "build: vite|build|--mode|production", nil},
		"variables":                 {`{}`, "tasks:\n  start:\n    command: node main.js\n    env: {NODE_ENV: production, A: 'b c'}\n", "start: env|NODE_ENV=production|A=b c|node|main.js", nil},
		"a script of one command":   {`{}`, "tasks:\n  build:\n    script: tsc -b\n", "build: tsc|-b", nil},
		"a script of several":       {`{}`, "tasks:\n  build:\n    script: rm -rf dist && tsc\n  a:\n    command: 'x $(id)'\n  b:\n    command: x > y\n", "", nil},
		"package.json has it":       {`{"scripts": {"build": "tsc"}}`, "tasks:\n  build:\n    command: npm run build\n  start:\n    command: node a.js\n", "start: node|a.js", nil},
		"after the build":           {`{}`, "tasks:\n  start:\n    command: node a.js\n    deps: ['~:build', '^:build']\n", "start: node|a.js", nil},
		"after another task":        {`{}`, "tasks:\n  build:\n    command: tsc\n    deps: ['~:codegen']\n  start:\n    command: node a.js\n    deps: [{target: 'db:up'}]\n", "", nil},
		"tokens":                    {`{}`, "tasks:\n  build:\n    command: [tsc, '@files(sources)']\n  start:\n    command: [node, $projectRoot/a.js]\n", "", nil},
		"nothing to run":            {`{}`, "tasks:\n  build:\n    command: noop\n  test:\n    deps: ['^:test']\n", "", nil},
		"hostile":                   {`{}`, "tasks:\n  \"x\\nRUN id\":\n    command: a\n  build: [1]\n  test:\n    command: {a: b}\n", "", nil},
		"Nx's by package.json":      {`{"name": "@m/api", "nx": {"targets": {"build": {"executor": "@nx/esbuild:esbuild"}, "test": {"command": "vitest"}, "serve": {"executor": "x"}, "lint": {}}}}`, "", "build: ^nx|run|@m/api:build test: ^nx|run|@m/api:test", nil},
		"Nx's with another name":    {`{"name": "@m/api", "nx": {"name": "api", "targets": {"build": {"executor": "@nx/js:tsc"}, "test": {"cache": true}}}}`, "", "build: ^nx|run|api:build", nil},
		"Nx's beside a script":      {`{"name": "api", "scripts": {"build": "tsc"}, "nx": {"targets": {"build": {"executor": "x"}}}}`, "", "", nil},
		"Nx's that only has tasks":  {`{"name": "api", "nx": {"tags": ["a"]}}`, "", "", nil},
		"of all":                    {`{}`, "type: application\n", "build: tsc|-b lint: eslint|.", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: tsc -b\n  lint:\n    command: eslint\n    args: [.]\n"}},
		"of all, in version 2":      {`{}`, "layer: application\n", "build: tsc", map[string]string{".moon/tasks/all.yml": "tasks:\n  build:\n    command: tsc\n"}},
		"of a tag, which counts":    {`{}`, "tags: [web]\n", "build: vite|build", map[string]string{".moon/tasks/tag-web.yml": "tasks:\n  build:\n    command: vite build\n", ".moon/tasks/node.yml": "tasks:\n  build:\n    command: tsc\n"}},
		"of another tag":            {`{}`, "tags: [api]\n", "", map[string]string{".moon/tasks/tag-web.yml": "tasks:\n  build:\n    command: vite build\n"}},
		"of a layer by the name":    {`{}`, "type: library\n", "build: tsc", map[string]string{".moon/tasks/node-library.yml": "tasks:\n  build:\n    command: tsc\n", ".moon/tasks/node-application.yml": "tasks:\n  build:\n    command: a\n"}},
		"of another language":       {`{}`, "{}\n", "", map[string]string{".moon/tasks/rust.yml": "tasks:\n  build:\n    command: cargo build\n"}},
		"of TypeScript":             {`{}`, "{}\n", "build: tsc", map[string]string{".moon/tasks/typescript.yml": "tasks:\n  build:\n    command: tsc\n", "a/tsconfig.json": "{}"}},
		"by conditions":             {`{}`, "tags: [a, b]\nstack: backend\n", "x: x", map[string]string{".moon/tasks/x.yml": "inheritedBy:\n  tags: {and: [a, b], not: [c]}\n  stack: backend\n  toolchains: {or: [node, bun]}\n  file: package.json\ntasks: {x: {command: x}}\n", ".moon/tasks/y.yml": "inheritedBy:\n  tags: {not: [a]}\ntasks: {y: {command: y}}\n", ".moon/tasks/z.yml": "inheritedBy:\n  weather: rain\ntasks: {z: {command: z}}\n"}},
		"with arguments of its own": {`{}`, "tasks:\n  build:\n    args: '--mode x'\n", "build: vite|build|--mode|x", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: vite build\n"}},
		"with a command of its own": {`{}`, "tasks:\n  build:\n    command: vite build\n", "build: vite|build", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: tsc --build\n"}},
		"left out and renamed":      {`{}`, "workspace:\n  inheritedTasks:\n    exclude: [lint]\n    rename: {make: build}\n", "build: tsc", map[string]string{".moon/tasks.yml": "tasks:\n  make:\n    command: tsc\n  lint:\n    command: eslint\n"}},
		"included alone":            {`{}`, "workspace: {inheritedTasks: {include: [build]}}\n", "build: tsc", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: tsc\n  lint:\n    command: eslint\n"}},
		"without a moon.yml":        {`{}`, "", "build: tsc", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: tsc\n", ".moon/workspace.yml": "projects: ['*']\n"}},
		"no project":                {`{}`, "", "", map[string]string{".moon/tasks.yml": "tasks:\n  build:\n    command: tsc\n", ".moon/workspace.yml": "projects: {b: b}\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"package.json": `{"workspaces": ["a"]}`, "a/package.json": tt.manifest}
			if tt.moon != "" {
				files["a/moon.yml"] = tt.moon
			}
			maps.Copy(files, tt.more)
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
