package node

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestStartForms holds what prod runs to what the start script means, without
// the program that supervises it or prepares its environment.
func TestStartForms(t *testing.T) {
	for name, c := range map[string]struct {
		start string
		deps  string // "name!" is one of devDependencies
		files map[string]string
		want  string // "!TEXT" is a refusal that says TEXT
		notes []string
	}{
		"pm2 start leaves the program behind":  {start: "pm2 start a.js -i max --name api", deps: "pm2", want: "node a.js"},
		"pm2 with arguments":                   {start: "pm2-runtime start a.js -- --port 3", deps: "pm2", want: "node a.js --port 3"},
		"pm2 with more than a container has":   {start: "pm2 start a.js --node-args=--x", deps: "pm2", want: "pm2-runtime start a.js --node-args=--x"},
		"pm2's configuration of one program":   {start: "pm2 start eco.config.js", deps: "pm2", files: map[string]string{"eco.config.js": ""}, want: "pm2-runtime start eco.config.js"},
		"pm2's configuration that can be read": {start: "pm2-runtime ecosystem.config.js", deps: "pm2", files: map[string]string{"ecosystem.config.js": `module.exports = {apps: [{name: "x", script: "./a.js", instances: 2, env: {PORT: 81}}]}`}, want: "PORT=81 node a.js", notes: []string{"pm2 is left out"}},
		"pm2's configuration of two":           {start: "pm2 start ecosystem.config.js", deps: "pm2", files: map[string]string{"ecosystem.config.js": `module.exports = {apps: [{script: "a.js"}, {script: "b.js"}]}`}, want: "pm2-runtime start ecosystem.config.js"},
		"pm2's configuration that is computed": {start: "pm2 start ecosystem.config.js", deps: "pm2", files: map[string]string{"ecosystem.config.js": `module.exports = {apps: [{script: "a.js", env: {A: x()}}]}`}, want: "pm2-runtime start ecosystem.config.js"},
		"nodemon runs main":                    {start: "nodemon", deps: "nodemon!", want: "node a.js"},
		"nodemon runs its configuration":       {start: "nodemon", deps: "nodemon! ts-node!", files: map[string]string{"nodemon.json": `{"exec": "ts-node ./a.ts"}`, "a.ts": ""}, want: "node -r ts-node/register ./a.ts", notes: []string{"needs ts-node"}},
		"a log made pretty":                    {start: "node-dev a.js -- --x | pino-pretty", deps: "node-dev! pino-pretty!", want: "node a.js -- --x"},
		"ts-node-dev, and a log made pretty":   {start: "ts-node-dev --respawn a.ts | npx bunyan", deps: "ts-node-dev! typescript!", files: map[string]string{"a.ts": ""}, want: "node -r ts-node/register a.ts", notes: []string{"needs ts-node-dev"}},
		"a folder":                             {start: "node .", want: "node a.js"},
		"a folder's index":                     {start: "node ./lib", files: map[string]string{"lib/index.js": ""}, want: "node lib/index.js"},
		"the debugger":                         {start: "node --inspect=0.0.0.0 a.js", want: "node a.js", notes: []string{"prod starts without --inspect=0.0.0.0"}},
		"an argument of the app's":             {start: "node a.js --inspect", want: "node a.js --inspect"},
		"a loader of devDependencies":          {start: "node --loader ts-node/esm a.ts", deps: "ts-node!", files: map[string]string{"a.ts": ""}, want: "node --loader ts-node/esm a.ts", notes: []string{"needs ts-node"}},
		"a hook with a scope":                  {start: "node --require=@swc-node/register a.ts", deps: "@swc-node/register!", files: map[string]string{"a.ts": ""}, want: "node --require=@swc-node/register a.ts", notes: []string{"needs @swc-node/register"}},
		"tsx with an env file":                 {start: "tsx --tsconfig x.json --env-file=.env a.ts", deps: "tsx", files: map[string]string{"a.ts": ""}, want: "tsx --tsconfig x.json a.ts", notes: []string{".env is not in the image"}},
		"a folder with packages of its own":    {start: "cd server && npm start", files: map[string]string{"server/package.json": `{"dependencies": {"a": "1"}, "scripts": {"start": "node s.js"}}`, "server/s.js": ""}, want: "node s.js"},
		"one that another manager installs":    {start: "cd server && npm start", files: map[string]string{"server/package.json": `{"dependencies": {"a": "1"}}`, "server/pnpm-lock.yaml": ""}, want: "!the app needs the packages of server"},
		"the same by an option":                {start: "npm start --prefix server", files: map[string]string{"server/package.json": `{"dependencies": {"a": "1"}, "scripts": {"start": "node s.js"}}`, "server/s.js": ""}, want: "node s.js"},
		"a folder that needs nothing":          {start: "cd server && node s.js", files: map[string]string{"server/package.json": `{}`, "server/s.js": ""}, want: "node s.js"},
		"a folder without a manifest":          {start: "cd server && node s.js", files: map[string]string{"server/s.js": ""}, want: "cd server && exec node s.js"},
		"a script that is not there":           {start: "npm run serve", want: "!it runs the script \"serve\""},
	} {
		tables := map[bool][]string{}
		for dep := range strings.FieldsSeq(c.deps) {
			name, dev := strings.CutSuffix(dep, "!")
			tables[dev] = append(tables[dev], fmt.Sprintf("%q: \"1\"", name))
		}
		files := map[string]string{"a.js": "", "package.json": fmt.Sprintf(`{"main": "a.js", "scripts": {"start": %q}, "dependencies": {%s}, "devDependencies": {%s}}`,
			c.start, strings.Join(tables[false], ", "), strings.Join(tables[true], ", "))}
		maps.Copy(files, c.files)
		_, log, err := decide(t, files)
		if want, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, ch := range log.Choices() {
			if ch.Key == "start" && ch.Value != c.want {
				t.Errorf("%s: got %s, want %s", name, ch.Value, c.want)
			}
		}
		var texts []string
		for _, n := range log.Notes() {
			texts = append(texts, n.Text)
		}
		notes := strings.Join(texts, "\n")
		for _, want := range c.notes {
			if !strings.Contains(notes, want) {
				t.Errorf("%s: %q is not among the notes:\n%s", name, want, notes)
			}
		}
	}
}

// TestKeptDevDependencies holds prod to devDependencies that the code imports
// when it runs, and to no others.
func TestKeptDevDependencies(t *testing.T) {
	const ts = `{"compilerOptions": {"outDir": "dist"}, "include": ["src"]}`
	for name, c := range map[string]struct {
		scripts string
		files   map[string]string
		want    string // the place that imports one, "" where none is kept
	}{
		"the entry":                   {`"start": "node a.js"`, map[string]string{"a.js": `require("d")`}, "a.js:1"},
		"what the entry leads to":     {`"start": "node a.js"`, map[string]string{"a.js": "\nimport './b.js'", "b.js": `import d from "d/x"`}, "b.js:1"},
		"another file":                {`"start": "node a.js"`, map[string]string{"a.js": "", "seed.js": `require("d")`}, ""},
		"a file loaded by name":       {`"start": "node a.js"`, map[string]string{"a.js": "require(x)", "routes/r.js": `require("d")`}, "routes/r.js:1"},
		"a tool's configuration":      {`"start": "node a.js"`, map[string]string{"a.js": "require(x)", "webpack.config.js": `require("d")`}, ""},
		"TypeScript that tsc made":    {`"start": "node dist/a.js", "build": "rimraf dist && tsc"`, map[string]string{"src/a.ts": "import './b'", "src/b.ts": `import d from "d"`, "tsconfig.json": ts}, "src/b.ts:1"},
		"types alone":                 {`"start": "node dist/a.js", "build": "tsc"`, map[string]string{"src/a.ts": "import type { D } from 'd'\nexport type { E } from 'd'", "tsconfig.json": ts}, ""},
		"a value called type":         {`"start": "node dist/a.js", "build": "tsc"`, map[string]string{"src/a.ts": "import type from 'd'", "tsconfig.json": ts}, "src/a.ts:1"},
		"what a bundler took in":      {`"start": "node dist/a.js", "build": "esbuild src/a.ts --bundle --outdir=dist"`, map[string]string{"src/a.ts": "import 'd'", "tsconfig.json": ts}, ""},
		"a build that cannot be told": {`"start": "node a.js", "build": "nx build"`, map[string]string{"a.js": "require('d')"}, "a.js:1"},
		"a bundle of JavaScript":      {`"start": "node dist/a.js", "build": "rollup -c"`, map[string]string{"a.js": "import 'd'"}, ""},
		"a page rendered by Vite":     {`"start": "node server.js", "build": "vite build && vite build --ssr src/entry.jsx"`, map[string]string{"server.js": "await import('vite'); await import('./dist/entry.js')", "src/entry.jsx": "import 'd'"}, "src/entry.jsx:1"},
		"a page that browsers render": {`"start": "node server.js", "build": "vite build"`, map[string]string{"server.js": "", "src/entry.jsx": "import 'd'"}, ""},
		"TypeScript as it is":         {`"start": "node src/a.ts"`, map[string]string{"src/a.ts": "import 'd'"}, "src/a.ts:1"},
	} {
		files := map[string]string{"package.json": `{"scripts": {` + c.scripts + `}, "dependencies": {"a": "1"}, "devDependencies": {"d": "1", "typescript": "5"}}`}
		maps.Copy(files, c.files)
		p, log, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := ""
		for _, n := range log.Notes() {
			if _, rest, ok := strings.Cut(n.Text, "the code imports d ("); ok {
				got, _, _ = strings.Cut(rest, ")")
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		pruned := of[*Modules](p) != nil
		if build := of[*Build](p); build != nil {
			pruned = slices.ContainsFunc(build.Steps[0].Run, func(s plan.Shell) bool { return strings.Contains(s.String(), "prune") })
		}
		if pruned != (c.want == "") {
			t.Errorf("%s: devDependencies taken out: %v", name, pruned)
		}
	}
}

// TestCompilerThatCannotWatch holds that dev looks for edits itself where the compiler sees none of a mounted folder.
func TestCompilerThatCannotWatch(t *testing.T) {
	for version, want := range map[string]string{
		"^5.9.3": "npx tsc && { npx tsc --watch --preserveWatchOutput & exec node --watch dist/main.js; }",
		"~6.0":   "npx tsc && { npx tsc --watch --preserveWatchOutput & exec node --watch dist/main.js; }",
		"^7.0.2": sources + "; seen=$(sources); npx tsc && { while sleep 1; do now=$(sources); [ \\\"$now\\\" = \\\"$seen\\\" ] || { seen=$now; npx tsc; }; done & exec node --watch dist/main.js; }",
	} {
		dockerfile, _, _ := render(t, map[string]string{
			"package.json":  `{"scripts": {"build": "tsc", "start": "node dist/main.js"}, "devDependencies": {"typescript": "` + version + `"}}`,
			"tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}, "include": ["src"]}`, "src/main.ts": "import http from 'node:http'\nhttp.createServer().listen(1234)",
		})
		if !strings.Contains(dockerfile, `CMD ["sh", "-c", "`+want+`"]`) {
			t.Errorf("%s: want %s, got\n%s", version, want, dockerfile)
		}
	}
}
