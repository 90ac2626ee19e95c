package script

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
)

func facts(pairs ...string) *node.Facts {
	f := &node.Facts{Scripts: map[string]fact.Fact[string]{}}
	for i := 0; i < len(pairs); i += 2 {
		f.Scripts[pairs[i]] = fact.New(pairs[i+1], "package.json", 1+i/2)
	}
	return f
}

func TestParse(t *testing.T) {
	for script, want := range map[string]string{
		"node server.js": "node server.js",
		`NODE_ENV=production PORT="80 80" node 'a b.js'`: "NODE_ENV=production PORT='80 80' node 'a b.js'",
		"a && b --x && c":              "a && b --x && c",
		`node -e "console.log(\"x\")"`: `node -e 'console.log("x")'`,
		`node a\ b.js`:                 "node 'a b.js'",
		"node x.js &":                  "",
		"node x.js | tee log":          "",
		"node x.js > log":              "",
		"node x.js | pino-pretty":      "node x.js",
		"a && PORT=1 node x.js -- --y | npx pino-pretty -c -t": "a && PORT=1 node x.js -- --y",
		"node x.js 2>&1 | ./node_modules/.bin/bunyan -o short": "node x.js",
		"node x.js |& yarn exec pino-colada":                   "node x.js",
		"node x.js | pino-colada | pino-pretty":                "node x.js",
		"nodemon -w src x.js | jq .":                           "nodemon -w src x.js",
		"node x.js | pino-pretty > log":                        "",
		"node x.js | pino-pretty | tee log":                    "",
		"node x.js | pino-pretty && y":                         "",
		"node x.js | pino-pretty &":                            "",
		"node x.js | tee log | pino-pretty":                    "",
		"node $FILE | pino-pretty":                             "",
		"node x.js | $FORMAT":                                  "",
		"node x.js | pino-pretty; y":                           "",
		"node $FILE":                                           "",
		"node ${FILE:-x}":                                      "",
		"node $(ls)":                                           "",
		"node *.js":                                            "",
		"node x.js; node y.js":                                 "",
		"a || b":                                               "",
		"! a":                                                  "",
		"(a)":                                                  "",
		"PORT=1":                                               "",
		"":                                                     "",
		"if x; then y; fi":                                     "",
		"node \"":                                              "",
		"node x.js # comment":                                  "node x.js",
		"node ~/x.js":                                          "",
	} {
		list, ok := Parse(script)
		got := ""
		if ok {
			got = Quote(list, false)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", script, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	f := facts(
		"start", "npm run serve",
		"preserve", "node check.js",
		"serve", "cross-env NODE_ENV=production node dist/x.js",
		"loop", "yarn loop",
		"piped", "a | b",
		"nested", "A=1 npm run serve -- --port 3",
	)
	for script, want := range map[string]string{
		"npm start":                              "node check.js && NODE_ENV=production node dist/x.js",
		"yarn serve":                             "node check.js && NODE_ENV=production node dist/x.js",
		"pnpm run serve --flag":                  "node check.js && NODE_ENV=production node dist/x.js --flag",
		"npm run nested":                         "A=1 node check.js && A=1 NODE_ENV=production node dist/x.js --port 3",
		"npm run missing":                        "npm run missing",
		"npm start -w api":                       "npm start -w api",
		"yarn loop":                              "",
		"npm run piped":                          "",
		"npx --no-install tsx src/x.ts":          "tsx src/x.ts",
		"npx @google-cloud/functions-framework":  "functions-framework",
		"npx -y serve@14 out":                    "serve out",
		"pnpx srvx --prod dist/server.js":        "srvx --prod dist/server.js",
		"pnpm dlx serve out":                     "serve out",
		"yarn dlx @scope/serve@1.2.3 out":        "serve out",
		"dotenv -e .env -- node x.js":            "node x.js",
		"env A=1 B=2 node x.js":                  "A=1 B=2 node x.js",
		"exec node x.js":                         "node x.js",
		"dotenv -e .env node x.js":               "node x.js",
		"dotenv -v A=1 node x.js":                "dotenv -v A=1 node x.js",
		"dotenvx run -f .env -- node x.js":       "node x.js",
		"env-cmd -f .env node x.js":              "node x.js",
		"env-cmd ./.env.prod node x.js --y":      "node x.js --y",
		"env-cmd -e prod node x.js":              "env-cmd -e prod node x.js",
		"cross-env-shell A=1 'B=2 node x.js'":    "A=1 B=2 node x.js",
		"cross-env-shell A=1 'node $X'":          "A=1 sh -c 'node $X'",
		"corepack yarn serve":                    "node check.js && NODE_ENV=production node dist/x.js",
		"run-s serve nested":                     "node check.js && NODE_ENV=production node dist/x.js && A=1 node check.js && A=1 NODE_ENV=production node dist/x.js --port 3",
		"npm-run-all -p serve":                   "node check.js && NODE_ENV=production node dist/x.js",
		"run-p serve nested":                     "run-p serve nested",
		"npm-run-all 'build:*'":                  "npm-run-all 'build:*'",
		"cd web && npm run serve":                "cd web && npm run serve",
		"env":                                    "env",
		"cross-env":                              "cross-env",
		"env -i node x.js":                       "env -i node x.js",
		"bun index.ts":                           "bun index.ts",
		"bun run serve":                          "node check.js && NODE_ENV=production node dist/x.js",
		"npm run serve && npm run missing --now": "node check.js && NODE_ENV=production node dist/x.js && npm run missing --now",
	} {
		list, ok := Parse(script)
		if !ok {
			t.Errorf("%s does not parse", script)
			continue
		}
		got := ""
		if list, ok = Expand(f, list); ok {
			got = Quote(list, false)
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", script, got, want)
		}
	}
}

func TestAsNode(t *testing.T) {
	for command, want := range map[string]string{
		"node --inspect x.js":                      "node --inspect x.js",
		"nodemon server.js --port 1":               "node server.js --port 1",
		"nodemon -w src --ext ts,js src/index.js":  "node src/index.js",
		"nodemon src/index.ts":                     "node -r ts-node/register src/index.ts",
		"nodemon --watch src --exec tsx src/a.ts":  "node --import tsx src/a.ts",
		"nodemon --exec 'ts-node -T' src/a.ts":     "node -r ts-node/register/transpile-only src/a.ts",
		"tsx src/x.ts --flag":                      "node --import tsx src/x.ts --flag",
		"tsx watch src/x.ts":                       "node --import tsx src/x.ts",
		"ts-node-dev --respawn --transpile-only a": "node -r ts-node/register/transpile-only a",
		"ts-node -r tsconfig-paths/register a.ts":  "node -r ts-node/register -r tsconfig-paths/register a.ts",
		"tsx --import ./x.js a.ts":                 "node --import tsx --import ./x.js a.ts",
		"forever start -l x.log app.js":            "node app.js",
		"forever --workingDir x app.js":            "",
		"pm2-runtime ecosystem.config.js":          "",
		"next start":                               "",
		"nodemon":                                  "",
		"tsx":                                      "",
		"ts-node --esm x.ts":                       "",
		"tsx --tsconfig x.json y.ts":               "",
	} {
		list, ok := Parse(command)
		if !ok {
			t.Fatalf("%s does not parse", command)
		}
		got, _ := AsNode(list[0].Argv)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", command, strings.Join(got, " "), want)
		}
	}
}

func TestMember(t *testing.T) {
	f := facts()
	f.Packages = []node.WorkspaceUnit{{Dir: "apps/web", Name: "@x/web", Facts: facts()}, {Dir: "api", Name: "api", Facts: facts()}}
	for command, want := range map[string]string{
		"cd apps/web && npm start":            "apps/web: npm start",
		"cd ./api/ && node x.js && y":         "api: node x.js && y",
		"npm start -w @x/web":                 "apps/web: npm start",
		"npm --workspace=api run serve":       "api: npm run serve",
		"pnpm --filter @x/web start":          "apps/web: pnpm start",
		"yarn workspace api start --port 1":   "api: yarn start --port 1",
		"pnpm -F missing start":               "",
		"cd other && npm start":               "",
		"npm start":                           "",
		"node -w api":                         "",
		"yarn start workspace":                "",
		"pnpm --filter api":                   "",
		"npm run build && npm start -w @x/we": "",
	} {
		list, ok := Parse(command)
		if !ok {
			t.Fatalf("%s does not parse", command)
		}
		got := ""
		if u, rest := Member(f, list); u != nil {
			got = u.Dir + ": " + Quote(rest, false)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", command, got, want)
		}
	}
}

// TestExpandBounded holds scripts that multiply one another to a bound.
func TestExpandBounded(t *testing.T) {
	many := func(name string) string { return strings.Repeat("npm run "+name+" && ", 200) + "x" }
	f := facts("a", many("b"), "b", many("c"), "c", many("d"), "d", many("e"), "e", many("f"), "f", "node x.js")
	list, _ := Parse("npm run a")
	if got, ok := Expand(f, list); ok {
		t.Errorf("got %d commands", len(got))
	}
}

// FuzzParse holds the parser to its promise: what it takes for simple
// commands reads the same to a shell when it is quoted again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"node x.js", "A='b c' node \"d\\\"e\" && f", "a\\\nb", "$'x'", "a=(1 2) b", "a[1]=2 c", "cross-env A=1 npm run x -- --y", "node -e 'a\nb'", "\\", "''", "cd x && exec y", "exec", "env exec", "npx exec"} {
		f.Add(s)
	}
	repo := facts("x", "node y.js", "a", "npm run x && yarn a")
	f.Fuzz(func(t *testing.T, script string) {
		list, ok := Parse(script)
		if !ok {
			return
		}
		again, ok := Parse(Quote(list, false))
		if !ok {
			t.Fatalf("%q: its quoted form %q is no simple command", script, Quote(list, false))
		}
		if d := cmp.Diff(list, again, cmp.Comparer(func(x, y plan.Env) bool { return x == y })); d != "" {
			t.Fatalf("%q: %s", script, d)
		}
		Expand(repo, list)
		for _, c := range list {
			AsNode(c.Argv)
			Unwrap(c)
			FileIndex(c.Argv)
			Port(c.Argv)
		}
	})
}

func TestPort(t *testing.T) {
	for command, want := range map[string]string{
		"serve -l 5000":                                    "5000: serve -l 9",
		"serve -s build -l tcp://x:5000":                   "5000: serve -s build -l tcp://x:9",
		"next start -p 4000":                               "4000: next start -p 9",
		"http-server --port=4000 -c-1":                     "4000: http-server --port=9 -c-1",
		"node a.js --port 81 x":                            "81: node a.js --port 9 x",
		"node node_modules/next/dist/bin/next start -p 81": "81: node node_modules/next/dist/bin/next start -p 9",
		// Of a program that is not known, a letter means anything.
		"node worker.js -l 5": "",
		"node a.js -p 3 -P 4": "",
		"worker -l 5":         "",
		"node -p 5":           "",
		"serve -l nowhere":    "",
		"serve --port 70000":  "",
	} {
		list, _ := Parse(command)
		got := ""
		if n := Port(list[0].Argv); n > 0 {
			got = fmt.Sprintf("%d: %s", n, Quote([]Command{{Argv: SetPort(list[0].Argv, 9)}}, false))
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", command, got, want)
		}
	}
}

// Scripts that run one another many times are not followed to their end.
func TestExpandInCircles(t *testing.T) {
	var pairs []string
	for i := range 9 {
		pairs = append(pairs, fmt.Sprintf("x%d", i), "run-s"+strings.Repeat(fmt.Sprintf(" x%d", i+1), 40))
	}
	for _, last := range []string{"node x.js", "run-s nothing", "npm-run-all x0"} {
		if got, ok := Expanded(facts(append(pairs, "x9", last)...), "npm run x0"); ok {
			t.Errorf("%s: got %d commands", last, len(got))
		}
	}
}

// TestFollowedByShell: the scripts that one for a shell runs are followed, too, and a tree of them ends.
func TestFollowedByShell(t *testing.T) {
	for _, c := range []struct {
		scripts []string
		want    string
	}{
		{[]string{"build", "yarn a && yarn b", "a", "cross-env SHA=$SHA cross-env A=1 vite build", "b", "node x.js"}, "vite build | node x.js"},
		{[]string{"build", "node --max-old-space-size=8192 ./node_modules/vite/bin/vite.js build"}, "vite build"},
		{[]string{"build", "node node_modules/next/dist/bin/next build"}, "next build"},
		{[]string{"build", "node node_modules/x/lib/y.js build"}, "node node_modules/x/lib/y.js build"},
		{[]string{"build", "node tools/bin/vite.js build"}, "node tools/bin/vite.js build"},
		{[]string{"build", "$X && yarn a", "a", "yarn build"}, ""},
	} {
		var got []string
		for _, words := range Followed(facts(c.scripts...), c.scripts[1]) {
			if len(got) < 5 && words[0] != "" {
				got = append(got, strings.Join(words, " "))
			}
		}
		if text := strings.Join(got, " | "); c.want != "" && text != c.want {
			t.Errorf("%q: got %q, want %q", c.scripts, text, c.want)
		}
	}
	wide := "$X " + strings.Repeat("&& yarn build ", 40)
	if got := len(Followed(facts("build", wide), wide)); got > 100*maxFollowed {
		t.Errorf("a script that runs itself: %d commands", got)
	}
}
