package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/templates"
)

// TestExtra: what the own Dockerfile installs beside the manifest's packages is installed with them, as it is pinned there.
func TestExtra(t *testing.T) {
	const lock = `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"pg": "^8.0.0"}%s}, "node_modules/pg": {"version": "8.11.3"}}}`
	for name, c := range map[string]struct {
		run   string
		dev   bool
		build bool
		want  []string // of the Dockerfile; "!" before what must not be there
	}{
		"pinned":                      {run: "RUN npm install redis@4.6.0 && npm i --save memcached@2.2.2", want: []string{"npm ci \\\n && npm install --no-save redis@4.6.0 memcached@2.2.2\n"}},
		"as written":                  {run: "RUN npm install --no-save '@scope/a@^1.2' b", want: []string{"npm install --no-save '@scope/a@^1.2' b\n"}},
		"by yarn and pnpm":            {run: "RUN yarn add a@1 && pnpm add b@2", want: []string{"npm install --no-save a@1 b@2\n"}},
		"what the manifest has":       {run: "RUN npm install pg && npm install pg@8.11.3 pg@^8.0.0", want: []string{"!--no-save"}},
		"another version of that":     {run: "RUN npm install pg@7.1.0", want: []string{"npm install --no-save pg@7.1.0\n"}},
		"for the whole image":         {run: "RUN npm install -g a@1 && npm install --location=global b@1", want: []string{"!--no-save"}},
		"of development":              {run: "RUN npm install -D a@1 && yarn add --dev b@1", want: []string{"!--no-save"}},
		"tools of a build":            {run: "RUN npm install typescript@5 node-gyp", want: []string{"!--no-save"}},
		"by an argument":              {run: "ARG V=1\nRUN npm install a@$X", want: []string{"!--no-save"}},
		"if it is asked for":          {run: "ARG X\nRUN if [ -n \"$X\" ]; then npm install a@1; fi", want: []string{"!--no-save"}},
		"from elsewhere":              {run: "RUN npm install ./a.tgz && npm install https://example.com/a.tgz && npm install git+https://example.com/a.git && npm install acme/a", want: []string{"!--no-save"}},
		"hostile":                     {run: "RUN npm install 'a;id' \"b\\nUSER root\" && npm install '-c x'", want: []string{"!--no-save", "!USER root"}},
		"beside devDependencies":      {run: "RUN npm install a@1", dev: true, want: []string{"npm ci \\\n && npm install --no-save a@1\n", "npm ci --omit=dev \\\n && npm install --no-save --omit=dev a@1\n"}},
		"beside what a build removes": {run: "RUN npm install a@1", dev: true, build: true, want: []string{"npm prune --omit=dev --ignore-scripts \\\n && npm install --no-save --omit=dev a@1\n"}},
	} {
		dev, scripts := "", `"start": "node a.js"`
		if c.dev {
			dev = `, "devDependencies": {"mocha": "10"}`
		}
		if c.build {
			scripts += `, "build": "node build.js"`
		}
		p, _, err := decideBeside(t, map[string]string{
			"package.json": `{"scripts": {` + scripts + `}, "dependencies": {"pg": "^8.0.0"}` + dev + `}`, "package-lock.json": strings.Replace(lock, "%s", dev, 1),
			"a.js": "require('http').createServer().listen(80)", "build.js": "", "Dockerfile": "FROM node:22\nWORKDIR /srv/a\nCOPY . .\nRUN npm ci\n" + c.run + "\nCMD [\"node\", \"a.js\"]\n",
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		files, err := templates.Render(p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		dockerfile := string(files[0].Data)
		for _, want := range c.want {
			want, not := strings.CutPrefix(want, "!")
			if strings.Contains(dockerfile, want) == not {
				t.Errorf("%s: %q: want %v, got\n%s", name, want, !not, dockerfile)
			}
		}
	}
}

// TestOwnProduction: what the own image runs without is a tool's, although code imports it.
func TestOwnProduction(t *testing.T) {
	for line, want := range map[string]bool{
		"npm ci --omit=dev":                                 true,
		"npm ci --omit dev --ignore-scripts":                true,
		"npm install --only=prod":                           true,
		"npm i --production && npm cache clean":             true,
		"npm ci && npm run build && npm prune --production": true,
		"yarn install --frozen-lockfile --production":       true,
		"yarn workspaces focus --production":                true,
		"pnpm install --frozen-lockfile --prod":             true,
		"pnpm prune -P":                                     true,
		"npm ci":                                            false,
		"npm ci --production=false":                         false,
		"yarn install --production=false":                   false,
		"npm run build --production":                        false,
		"npm ci --omit=optional":                            false,
		"yarn build --production":                           false,
	} {
		p, _, err := decideBeside(t, map[string]string{
			"package.json":      `{"scripts": {"start": "node bin/a", "build": "babel src -d lib"}, "dependencies": {"express": "5"}, "devDependencies": {"@babel/core": "7", "@babel/cli": "7"}}`,
			"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "5"}, "devDependencies": {"@babel/core": "7", "@babel/cli": "7"}}, "node_modules/express": {"version": "5.0.0"}, "node_modules/@babel/core": {"version": "7.0.0", "dev": true}, "node_modules/@babel/cli": {"version": "7.0.0", "dev": true}}}`,
			"bin/a":             "require('../lib/a')", "src/a.js": "const e = require('express'); e().listen(80); require(process.argv[2])", "resources/x.js": "require('@babel/core')",
			"Dockerfile": "FROM node:22\nWORKDIR /a\nCOPY . .\nRUN " + line + "\nCMD [\"node\", \"bin/a\"]\n",
		})
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		files, err := templates.Render(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(files[0].Data), "--omit=dev"); got != want {
			t.Errorf("%s: got %v\n%s", line, got, files[0].Data)
		}
	}
}
