package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestStartOnce holds prod to starting the app alone: nothing that watches files,
// and nothing that the build does.
func TestStartOnce(t *testing.T) {
	tsconfig := `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`
	commonJS := `{"compilerOptions": {"module": "commonjs", "outDir": "dist", "rootDir": "src"}}`
	for name, c := range map[string]struct{ start, build, tsconfig, more, want string }{
		"watch":                     {start: "node --watch src/a.js", want: "node src/a.js"},
		"a path to watch":           {start: "node --watch-path=./src src/a.js", want: "node src/a.js"},
		"a path as a word":          {start: "node --watch-path src --watch-path lib src/a.js x", want: "node src/a.js x"},
		"how to watch":              {start: "node --watch --watch-preserve-output src/a.js", want: "node src/a.js"},
		"a signal for it":           {start: "node --watch --watch-kill-signal SIGINT src/a.js", want: "node src/a.js"},
		"an option of the app":      {start: "node src/a.js --watch-path x", want: "node src/a.js --watch-path x"},
		"ts-node of what tsc built": {start: "ts-node src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node dist/b.js"},
		"what tsgo built":           {start: "ts-node src/b.ts", build: "tsgo", tsconfig: tsconfig, want: "node dist/b.js"},
		"without types":             {start: "ts-node -T src/b.ts --x", build: "rimraf dist && tsc", tsconfig: tsconfig, want: "node dist/b.js --x"},
		"by nodemon":                {start: "nodemon src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node dist/b.js"},
		"another configuration":     {start: "ts-node src/b.ts", build: "tsc -p tsconfig.build.json", tsconfig: tsconfig, want: "node -r ts-node/register src/b.ts"},
		"nothing is written":        {start: "ts-node src/b.ts", build: "tsc --noEmit", tsconfig: tsconfig, want: "node -r ts-node/register src/b.ts"},
		"another build":             {start: "ts-node src/b.ts", build: "echo x && vite build", tsconfig: tsconfig, want: "node -r ts-node/register src/b.ts"},
		"another hook":              {start: "ts-node -r tsconfig-paths/register src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node -r ts-node/register -r tsconfig-paths/register src/b.ts"},
		"the hook of ts-node":       {start: "node --require=ts-node/register src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node dist/b.js"},
		"its long name":             {start: "node --require ts-node/register/transpile-only src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node dist/b.js"},
		"tsx":                       {start: "tsx src/b.ts", build: "tsc", tsconfig: commonJS, want: "node dist/b.js"},
		"the hook of tsx":           {start: "node --import=tsx src/b.ts", build: "tsc", tsconfig: commonJS, want: "node dist/b.js"},
		"tsx by npx":                {start: "npx tsx src/b.ts --x", build: "tsc", tsconfig: commonJS, want: "node dist/b.js --x"},
		"tsx of other modules":      {start: "tsx src/b.ts", build: "tsc", tsconfig: tsconfig, want: "node --import tsx src/b.ts"},
		"tsx of other names":        {start: "tsx src/b.ts", build: "tsc", tsconfig: `{"compilerOptions": {"module": "commonjs", "outDir": "dist", "rootDir": "src", "paths": {"@/*": ["./src/*"]}}}`, want: "node --import tsx src/b.ts"},
		"tsx that is a dependency":  {start: "tsx src/b.ts", build: "tsc", tsconfig: commonJS, more: `"dependencies": {"tsx": "4"}, `, want: "node --import tsx src/b.ts"},
		"tsx of ES modules":         {start: "tsx src/b.ts", build: "tsc", tsconfig: commonJS, more: `"type": "module", `, want: "node --import tsx src/b.ts"},
		"ES modules":                {start: "ts-node src/b.ts", build: "tsc", tsconfig: tsconfig, more: `"type": "module", `, want: "node -r ts-node/register src/b.ts"},
		"types of dev alone":        {start: "ts-node src/b.ts --x", more: `"devDependencies": {"@types/node": "24"}, `, want: "node -r ts-node/register/transpile-only src/b.ts --x"},
		"of a loader":               {start: "node --loader=ts-node/esm src/b.ts ts-node/esm", more: `"devDependencies": {"@types/node": "24"}, `, want: "node --loader=ts-node/esm/transpile-only src/b.ts ts-node/esm"},
		"unchecked already":         {start: "ts-node -T src/b.ts", more: `"devDependencies": {"@types/node": "24"}, `, want: "node -r ts-node/register/transpile-only src/b.ts"},
	} {
		pkg := nodetest.Manifest("ts-node", "start: "+c.start)
		if c.build != "" {
			pkg = nodetest.Manifest("ts-node", "start: "+c.start, "build: "+c.build)
		}
		if c.more == "" || strings.Contains(c.more, `"type"`) {
			c.more += `"devDependencies": {"tsx": "4"}, `
		}
		files := map[string]string{"package.json": "{" + c.more + pkg[1:], "src/a.js": "", "src/b.ts": "export const x = 1"}
		if c.tsconfig != "" {
			files["tsconfig.json"] = c.tsconfig
		}
		_, log, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, ch := range log.Choices() {
			if ch.Key == "start" && ch.Value != c.want {
				t.Errorf("%s: got %s, want %s", name, ch.Value, c.want)
			}
		}
	}
}

// TestBuiltBefore: what runs the build script before the start, with what comes before that, is not run again.
func TestBuiltBefore(t *testing.T) {
	const before = `"lint": "eslint src/**/*.ts", "prebuild": "npm run lint", "build": "tsc", `
	for name, c := range map[string]struct{ scripts, want string }{
		"a hook":                {before + `"prestart": "npm run build", "start": "node ."`, "node dist/b.js"},
		"the script itself":     {before + `"start": "npm run build && node ."`, "node dist/b.js"},
		"a hook that does more": {before + `"prestart": "npm run build && ./wait", "start": "node ."`, "node ."},
		"a build of its own":    {before + `"prestart": "npm run build -- --force", "start": "node ."`, "node ."},
		"nothing else":          {`"build": "node a.js", "start": "npm run build"`, "node a.js"},
	} {
		files := map[string]string{"package.json": `{"main": "dist/b.js", "devDependencies": {"typescript": "5"}, "scripts": {` + c.scripts + `}}`, "src/b.ts": "export const x = 1", "a.js": "", "tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`}
		_, log, err := decide(t, files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, ch := range log.Choices() {
			if ch.Key == "start" && ch.Value != c.want {
				t.Errorf("%s: got %s, want %s", name, ch.Value, c.want)
			}
		}
	}
}

// TestNoProgram holds a command of wrappers alone to an error.
func TestNoProgram(t *testing.T) {
	for _, text := range []string{"exec", "exec exec", "A=1 exec", "cross-env A=1", "npx", "dotenv --", "A=1"} {
		for name, files := range map[string]map[string]string{
			"start":    {"package.json": nodetest.Manifest("", "start: "+text)},
			"Procfile": {"package.json": "{}", "Procfile": "web: " + text + "\n"},
		} {
			if _, _, err := decide(t, files); err == nil && strings.HasPrefix(text, "exec") {
				t.Errorf("%s %q: no error", name, text)
			}
		}
	}
}

// TestMemberOfAnotherScript: a member that a script for production runs is the
// app in every stage, whatever the start script of the root is.
func TestMemberOfAnotherScript(t *testing.T) {
	root := func(scripts string) map[string]string {
		return map[string]string{
			"package.json":     `{"workspaces": ["api"], "devDependencies": {"nodemon": "3"}, "scripts": {` + scripts + `}}`,
			"api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js", "dev": "node --watch a.js"}}`,
			"api/a.js":         "require('express')().listen(3000)",
		}
	}
	direct, _, _ := render(t, root(`"start": "npm start -w api"`))
	for _, scripts := range []string{
		`"start": "nodemon x.js", "start:prod": "npm start -w api"`,
		`"start": "tsx watch x.ts", "production": "cd api && npm start"`,
		`"start:prod": "npm start -w api"`,
	} {
		got, _, _ := render(t, root(scripts))
		if got != direct {
			t.Errorf("%s: got\n%s\nwant\n%s", scripts, got, direct)
		}
	}
	files := root(`"x": "y"`)
	files["Procfile"] = "worker: npm start -w api\n"
	if got, _, _ := render(t, files); got != direct {
		t.Errorf("Procfile: got\n%s", got)
	}
}

// TestTryingChangesNothing holds the evaluation of the ways to start an app to
// writing nothing down for those that are not taken.
func TestTryingChangesNothing(t *testing.T) {
	p, log, err := decide(t, map[string]string{
		"package.json": `{"main": "a.js", "scripts": {"start": "node b.js", "start:prod": "pm2-runtime ecosystem.config.js", "prod": "node --inspect --env-file=.env c.js"}, "dependencies": {"pm2": "5"}}`,
		"a.js":         "", "b.js": "", "c.js": "", "ecosystem.config.js": `module.exports = {apps: [{script: "a.js"}]}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range log.Notes() {
		if strings.Contains(n.Text, "pm2") || strings.Contains(n.Text, "debugger") || strings.Contains(n.Text, ".env") {
			t.Errorf("got the note %q", n.Text)
		}
	}
	if p.Run.Cmd.String() != plan.Exec([]string{"b.js"}).String() {
		t.Errorf("got %s", p.Run.Cmd)
	}
}

// TestFolderWithSpaces writes a Dockerfile for members whose folders hold spaces.
func TestFolderWithSpaces(t *testing.T) {
	for _, lockfile := range []string{"package-lock.json", "pnpm-lock.yaml", "bun.lock"} {
		text := map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {}}`, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "bun.lock": "{}"}[lockfile]
		files := map[string]string{
			"package.json": `{"workspaces": ["apps/*"]}`, lockfile: text, "pnpm-workspace.yaml": "packages: [apps/*]",
			"apps/my api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js", "build": "tsc"}}`,
			"apps/my api/a.js":         "require('express')().listen(3000)",
		}
		dockerfile, _, _ := render(t, files)
		if !strings.Contains(dockerfile, `"/app/apps/my api`) && !strings.Contains(dockerfile, "'/app/apps/my api'") && !strings.Contains(dockerfile, `"apps/my api/`) {
			t.Errorf("%s: got\n%s", lockfile, dockerfile)
		}
	}
}

// TestProductionStage: production dependencies are installed beside the build where
// the manifests say all that the install needs, and else what is installed is pruned.
func TestProductionStage(t *testing.T) {
	const npm = "FROM base AS modules\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm \\\n    npm ci --omit=dev\n"
	lockfile := func(deps, dev string) string {
		return `{"lockfileVersion": 3, "packages": {"": {"dependencies": {` + deps + `}, "devDependencies": {` + dev + `}}}}`
	}
	dev := `, "devDependencies": {"d": "1.0.0"}`
	for name, c := range map[string]struct {
		pkg   string
		files map[string]string
		alone bool
		prune bool
	}{
		"no build":             {pkg: `{"main": "a.js", "dependencies": {"x": "1.0.0"}` + dev + `}`, alone: true},
		"compiled":             {pkg: `{"scripts": {"build": "tsc", "start": "node dist/b.js"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, files: map[string]string{"b.ts": "", "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`}, alone: true},
		"built in place":       {pkg: `{"scripts": {"build": "x", "start": "node a.js"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, prune: true},
		"a tool's import":      {pkg: `{"scripts": {"build": "babel src -d dist", "fill": "node ./fill.mjs", "start": "node dist/b.js"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, files: map[string]string{"src/b.js": "", "fill.mjs": "import 'd'\n"}, alone: true},
		"the start's import":   {pkg: `{"scripts": {"build": "babel src -d dist", "start": "node dist/b.js"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, files: map[string]string{"src/b.js": "", "fill.mjs": "import 'd'\n"}},
		"the start's, by two":  {pkg: `{"scripts": {"again": "node a.js", "start": "node a.js"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, files: map[string]string{"a.js": "require('d')\nrequire(process.env.X)\n"}},
		"nothing to leave out": {pkg: `{"main": "a.js", "dependencies": {"x": "1.0.0"}}`},
		"out of step":          {pkg: `{"main": "a.js", "dependencies": {"x": "1.0.0", "y": "1"}` + dev + `}`, prune: true},
		"an install script":    {pkg: `{"main": "a.js", "scripts": {"prepare": "husky"}, "dependencies": {"x": "1.0.0"}` + dev + `}`, prune: true},
		"a folder":             {pkg: `{"main": "a.js", "dependencies": {"x": "file:x"}` + dev + `}`, files: map[string]string{"x/package.json": "{}"}, prune: true},
		"a workspace":          {pkg: `{"main": "a.js", "workspaces": ["w"], "dependencies": {"x": "1.0.0"}` + dev + `}`, files: map[string]string{"w/package.json": "{}"}, prune: true},
		"what is compiled":     {pkg: `{"main": "a.js", "dependencies": {"node-pty": "1.0.0"}` + dev + `}`, prune: true},
	} {
		files := map[string]string{"a.js": "", "package.json": c.pkg, "package-lock.json": lockfile(`"x": "1.0.0"`, "")}
		if c.pkg != "" && strings.Contains(c.pkg, `"d"`) {
			files["package-lock.json"] = lockfile(`"x": "1.0.0"`, `"d": "1.0.0"`)
		}
		maps.Copy(files, c.files)
		dockerfile, _, _ := render(t, files)
		if got := strings.Contains(dockerfile, npm); got != c.alone {
			t.Errorf("%s: a stage of its own: got %v in\n%s", name, got, dockerfile)
		}
		if got := strings.Contains(dockerfile, "npm prune"); got != c.prune {
			t.Errorf("%s: pruned: got %v in\n%s", name, got, dockerfile)
		}
	}
}

// TestMemberManifests: a glob of the workspace copies the manifests of its members,
// unless it names others too.
func TestMemberManifests(t *testing.T) {
	const member = `{"name": "m", "dependencies": {"x": "1"}}`
	for _, c := range []struct{ workspaces, want string }{
		{`"p/*"`, "COPY --parents p/*/package.json ./"},
		{`"p/*", "q/one"`, "COPY --parents q/one/package.json p/*/package.json ./"},
		{`"p/*", "!p/b"`, "COPY --parents p/a/package.json ./"},
		{`"p/a", "p/b"`, "COPY --parents p/a/package.json p/b/package.json ./"},
		{`"p/**"`, "COPY --parents p/a/package.json p/b/package.json ./"},
		{`"p/*", "my pkgs/*"`, `COPY --parents ["my pkgs/*/package.json", "p/*/package.json", "./"]`},
	} {
		dockerfile, _, _ := render(t, map[string]string{
			"package.json": `{"main": "a.js", "workspaces": [` + c.workspaces + `]}`, "a.js": "",
			"p/a/package.json": member, "p/b/package.json": member, "q/one/package.json": member, "q/two/package.json": member, "my pkgs/c/package.json": member,
		})
		if !strings.Contains(dockerfile, c.want+"\n") {
			t.Errorf("%s: want %s in\n%s", c.workspaces, c.want, dockerfile)
		}
	}
}

// TestDevOfAskedStart: the start command that is asked for is prod's; dev and test
// are as they are without.
func TestDevOfAskedStart(t *testing.T) {
	stages := func(dockerfile string) string { return dockerfile[:strings.LastIndex(dockerfile, "\nFROM ")] }
	const ts = `{"compilerOptions": {"outDir": "dist"}}`
	for name, c := range map[string]struct {
		files map[string]string
		same  bool // dev is the same, or else it runs what is asked for
	}{
		"a script with a port": {map[string]string{"package.json": `{"scripts": {"start": "PORT=5000 node a.js"}}`, "a.js": "require('http').createServer().listen(process.env.PORT)"}, true},
		"a flag":               {map[string]string{"package.json": `{"scripts": {"start": "serve --port 5000"}, "dependencies": {"serve": "1"}}`}, true},
		"a file":               {map[string]string{"package.json": "{}", "server.js": "require('http').createServer().listen(4000)"}, true},
		"compiled":             {map[string]string{"package.json": `{"scripts": {"start": "node dist/a.js", "build": "tsc"}, "devDependencies": {"typescript": "5"}}`, "a.ts": "", "tsconfig.json": ts}, true},
		"a dev script":         {map[string]string{"package.json": `{"scripts": {"start": "node a.js", "dev": "nodemon a.js"}, "devDependencies": {"nodemon": "3"}}`, "a.js": ""}, true},
		"nothing else":         {map[string]string{"package.json": "{}"}, false},
	} {
		set := `start=["node", "other.js"]`
		asked, _, notes := render(t, c.files, set)
		if !strings.HasSuffix(asked, "CMD [\"node\", \"other.js\"]\n") && !strings.HasSuffix(asked, "CMD [\"other.js\"]\n") {
			t.Errorf("%s: prod does not run what is asked for:\n%s", name, asked)
		}
		if !c.same {
			if !strings.Contains(stages(asked), "other.js") {
				t.Errorf("%s: dev runs nothing:\n%s", name, asked)
			}
			continue
		}
		without, _, before := render(t, c.files)
		dev := func(dockerfile string) string {
			_, rest, _ := strings.Cut(dockerfile, "\n# dev ")
			text, _, _ := strings.Cut(rest, "\n# test ")
			return text
		}
		if a, b := dev(asked), dev(without); a != b || a == "" {
			t.Errorf("%s: dev is\n%s\nwithout what is asked for:\n%s", name, a, b)
		}
		if strings.Count(notes, "\n") > strings.Count(before, "\n") {
			t.Errorf("%s: more is noted:\n%s", name, notes)
		}
	}
}
