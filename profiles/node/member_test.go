package node

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestMember holds the Dockerfile of a workspace to the one member that is the
// app, with what it uses.
func TestMember(t *testing.T) {
	const (
		lock9 = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n"
		lib   = `{"name": "lib", "main": "dist/index.js", "scripts": {"build": "tsc"}, "dependencies": {"b": "1"}}`
		api   = `{"name": "api", "scripts": {"build": "tsc", "start": "node dist/main.js", "dev": "tsx watch src/main.ts"}, "dependencies": {"lib": "*", "a": "1"}, "devDependencies": {"conf": "*", "tsx": "4"}}`
		tsc   = `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`
		next  = `{"name": "web", "scripts": {"build": "next build", "start": "next start", "dev": "next dev"}, "dependencies": {"next": "16", "lib": "*"}}`
		vite  = `{"name": "web", "scripts": {"build": "vite build", "dev": "vite"}, "devDependencies": {"vite": "8"}}`
	)
	compiled := map[string]string{
		"package.json":          `{"workspaces": ["apps/*", "libs/*"], "scripts": {"start": "npm start -w api", "build": "npm run build --workspaces"}}`,
		"apps/api/package.json": api, "apps/api/tsconfig.json": tsc, "apps/api/src/main.ts": "import express from 'express'\nconst app = express()\napp.get('/health', h)\napp.listen(1234)\nprocess.on('SIGTERM', f)",
		"libs/lib/package.json": lib, "libs/lib/src/index.ts": "", "libs/conf/package.json": `{"name": "conf"}`, "apps/other/package.json": `{"name": "other", "dependencies": {"c": "1"}}`,
	}
	whole := "# prod is the whole workspace"
	plain := map[string]string{
		"package.json":          `{"workspaces": ["apps/*"], "packageManager": "yarn@4.18.1", "scripts": {"start": "yarn workspace api start"}}`,
		"apps/api/package.json": `{"name": "api", "scripts": {"start": "node main.js"}, "dependencies": {"express": "5"}}`, "apps/api/main.js": "require('express')().listen(1234)",
		"apps/other/package.json": `{"name": "other", "dependencies": {"c": "1"}}`,
	}
	for name, c := range map[string]struct {
		files map[string]string
		with  map[string]string // beside files
		set   []string
		want  []string // of the Dockerfile and the notes; "!" before what must not be there
	}{
		"npm": {files: compiled, want: []string{
			"RUN npm run build \\\n && npm prune --omit=dev --ignore-scripts\n",
			"COPY --link --from=build /app/node_modules/ node_modules/\nCOPY --link --from=build /app/libs/lib/ libs/lib/\nCOPY --link --from=build /app/apps/api/ apps/api/\nWORKDIR /app/apps/api\n",
			"!apps/other/ ", "!libs/conf/ ", "!tini", "!AS test\nENV", "EXPOSE 1234\nHEALTHCHECK", "1234/health", `CMD ["dist/main.js"]`,
			`CMD ["sh", "-c", "npm run build -w libs/lib && exec npm run dev -w apps/api"]`,
		}},
		"pnpm": {files: compiled, with: map[string]string{"package.json": "{}", "pnpm-lock.yaml": lock9, "pnpm-workspace.yaml": "packages: [apps/*, libs/*]\n"}, want: []string{
			" pnpm --filter ./apps/api... run build \\\n && env CI=true pnpm install --prod --ignore-scripts --prefer-offline --config.modules-cache-max-age=0",
		}},
		"pnpm with a lockfile that is out of step": {files: compiled, with: map[string]string{"package.json": `{"packageManager": "pnpm@10.1.0"}`, "pnpm-workspace.yaml": "packages: [apps/*, libs/*]\n"}, want: []string{
			"--config.modules-cache-max-age=0 --no-frozen-lockfile\n",
		}},
		"Yarn 4": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "packageManager": "yarn@4.18.1", "scripts": {"start": "yarn workspace api start"}}`}, want: []string{
			"yarn --cwd libs/lib run build \\\n && yarn --cwd apps/api run build \\\n && yarn workspaces focus api --production\n",
		}},
		"Yarn 4, no devDependencies":    {files: plain, want: []string{"# modules removes what the workspace's other members install;", "RUN --mount=type=cache,target=/root/.yarn/berry/cache \\\n    yarn workspaces focus api --production\n", "COPY --link --from=modules /app/node_modules/ node_modules/\n"}},
		"Yarn 4, packages of the root":  {files: plain, with: map[string]string{"package.json": `{"workspaces": ["apps/*"], "packageManager": "yarn@4.18.1", "scripts": {"start": "yarn workspace api start"}, "dependencies": {"ms": "2"}}`}, want: []string{"!focus"}},
		"Yarn 4, no packages elsewhere": {files: plain, with: map[string]string{"apps/other/package.json": `{"name": "other"}`}, want: []string{"!focus"}},
		"Yarn 3, without the plugin":    {files: plain, with: map[string]string{"package.json": `{"workspaces": ["apps/*"], "packageManager": "yarn@3.8.7", "scripts": {"start": "yarn workspace api start"}}`}, want: []string{"!focus", "!keeps devDependencies"}},
		"Bun": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "packageManager": "bun@1.3.0", "scripts": {"start": "cd apps/api && node dist/main.js"}}`}, want: []string{
			"rm -rf node_modules apps/api/node_modules apps/other/node_modules libs/lib/node_modules \\\n && bun install --production --ignore-scripts\n",
			"VOLUME /app/node_modules /app/apps/api/node_modules /app/apps/other/node_modules /app/libs/lib/node_modules\n",
		}},
		"TypeScript that a hook runs": {
			files: map[string]string{
				"package.json": `{"workspaces": ["a", "b"]}`, "a/package.json": `{"name": "a", "scripts": {"start": "nodemon main.ts"}, "dependencies": {"ts-node": "10", "typescript": "5"}, "devDependencies": {"@types/node": "24", "nodemon": "3"}}`,
				"a/tsconfig.json": `{"compilerOptions": {"outDir": "dist"}, "include": ["**/*.ts"]}`, "a/main.ts": "import express from 'express'\nexpress().listen(1234)", "b/package.json": `{"name": "b"}`,
			},
			want: []string{
				"npm exec -w a -- tsc \\\n", "WORKDIR /app/a\n", `CMD ["dist/main.js"]`, "!" + whole,
				`CMD ["sh", "-c", "npm exec -w a -- tsc && { npm exec -w a -- tsc --watch --preserveWatchOutput & cd a && exec node --watch dist/main.js; }"]`,
			},
		},
		"TypeScript that its own build compiles": {
			files: map[string]string{
				"package.json": `{"workspaces": ["a", "b"], "scripts": {"start": "npm start -w a"}}`, "a/package.json": `{"name": "a", "scripts": {"start": "node dist/main.js", "build": "tsc -p tsconfig.json"}, "dependencies": {"express": "5"}, "devDependencies": {"typescript": "5"}}`,
				"a/tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`, "a/src/main.ts": "import express from 'express'\nexpress().listen(1234)", "b/package.json": `{"name": "b"}`,
			},
			want: []string{
				`CMD ["sh", "-c", "npm exec -w a -- tsc -p tsconfig.json && { npm exec -w a -- tsc -p tsconfig.json --watch --preserveWatchOutput & cd a && exec node --watch dist/main.js; }"]`,
				"# dev restarts on every save:",
			},
		},
		"a build that is not known to watch": {
			files: map[string]string{
				"package.json": `{"workspaces": ["a", "b"], "scripts": {"start": "npm start -w a"}}`, "a/package.json": `{"name": "a", "scripts": {"start": "node dist/main.js", "build": "node build.mjs && tsc"}, "dependencies": {"express": "5"}, "devDependencies": {"typescript": "5"}}`,
				"a/tsconfig.json": `{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}`, "a/src/main.ts": "import express from 'express'\nexpress().listen(1234)", "a/build.mjs": "", "b/package.json": `{"name": "b"}`,
			},
			want: []string{"!# dev restarts on every save:", "# dev runs the app, and nothing in it is known to watch files: a save takes effect with a restart of the container:"},
		},
		"TypeScript that a hook runs, of one that uses another": {
			files: map[string]string{
				"package.json": `{"workspaces": ["a", "b"]}`, "a/package.json": `{"name": "a", "scripts": {"start": "ts-node main.ts"}, "dependencies": {"b": "*", "ts-node": "10", "typescript": "5"}, "devDependencies": {"@types/node": "24"}}`,
				"a/tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "a/main.ts": "import express from 'express'\nexpress().listen(1234)", "b/package.json": `{"name": "b", "main": "b.ts"}`, "b/b.ts": "",
			},
			want: []string{`CMD ["-r", "ts-node/register/transpile-only", "main.ts"]`},
		},
		"a task runner of Bun": {
			files: map[string]string{"package.json": `{"workspaces": ["a", "b"], "packageManager": "bun@1.3.0", "scripts": {"build": "turbo build"}, "devDependencies": {"turbo": "2"}}`, "turbo.json": "{}", "a/package.json": `{"name": "a", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "8"}}`, "a/index.html": "", "b/package.json": `{"name": "b", "scripts": {"start": "node b.js"}}`, "b/b.js": ""},
			set:   []string{"main=a"},
			want:  []string{"RUN bun x turbo build --filter=./a\n"}, // there is no bunx beside Node
		},
		"code that climbs out":                 {files: compiled, with: map[string]string{"apps/api/src/site.ts": "static(path.join(__dirname, '..', '..', 'other', 'dist'))"}, want: []string{whole}},
		"code of what it uses that climbs out": {files: compiled, with: map[string]string{"libs/lib/src/x.ts": "read('../../conf/x.json')"}, want: []string{whole}},
		"a template that climbs out":           {files: compiled, with: map[string]string{"apps/api/src/site.ts": "static(`${__dirname}/../../other/dist`)"}, want: []string{whole}},
		"a package that is imported unsaid":    {files: compiled, with: map[string]string{"apps/api/src/x.ts": "import y from 'other'"}, want: []string{"/app/apps/other/ apps/other/\n", "!" + whole}},
		"an import of a file outside":          {files: compiled, with: map[string]string{"apps/api/src/x.ts": "import '../../other/y'", "apps/other/y.ts": ""}, want: []string{whole}},
		"code that climbs inside":              {files: compiled, with: map[string]string{"apps/api/src/x.ts": "path.join(__dirname, '..', 'views')", "apps/api/views/a.html": ""}, want: []string{"!" + whole}},
		"a program that only others start":     {files: compiled, with: map[string]string{"apps/other/x.js": "execSync('git log')\nexecSync('npm i')"}, want: []string{"!" + whole, "!git"}},
		"a package manager at run time":        {files: compiled, with: map[string]string{"apps/api/package.json": strings.Replace(api, "node dist/main.js", "a; node dist/main.js", 1)}, want: []string{whole}},
		"Next standalone": {
			files: map[string]string{"package.json": `{"workspaces": ["apps/*"], "scripts": {"start": "npm start -w web"}}`, "apps/web/package.json": next, "apps/web/next.config.js": `module.exports = {output: "standalone"}`, "apps/web/public/x.png": "", "apps/web/app/page.jsx": ""},
			want: []string{
				"target=/app/apps/web/.next/cache \\\n    npm run build -w apps/web\n",
				"COPY --link --from=build --exclude=apps/web/.next /app/apps/web/.next/standalone/ ./\n",
				"--from=build /app/apps/web/.next/standalone/apps/web/.next/ apps/web/.next/\n",
				"COPY --link --from=build /app/apps/web/.next/static/ apps/web/.next/static/\nCOPY --link --from=build /app/apps/web/public/ apps/web/public/\nWORKDIR /app/apps/web\n",
				`CMD ["server.js"]`, `CMD ["npm", "run", "dev", "-w", "apps/web"]`,
			},
		},
		"Next with its packages": {
			files: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "scripts": {"start": "npm start -w web", "build": "npm run build -w web"}}`, "apps/web/package.json": next, "libs/lib/package.json": lib, "apps/web/app/page.jsx": ""},
			want: []string{
				"COPY --link --from=build --exclude=.next /app/apps/web/ apps/web/\n", "--from=build /app/apps/web/.next/ apps/web/.next/\n", "/app/libs/lib/ libs/lib/\n",
				"ENV PATH=/app/apps/web/node_modules/.bin:/app/node_modules/.bin:$PATH\n", `CMD ["next", "start"]`,
			},
		},
		"the only app is a site": {
			files: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"]}`, "apps/web/package.json": vite, "apps/web/index.html": "", "apps/web/src/a.ts": "import.meta.env.VITE_SHOP", "libs/lib/src/x.ts": "import.meta.env.VITE_OTHER", "libs/lib/package.json": lib},
			want: []string{
				"ARG VITE_SHOP\nRUN npm run build -w apps/web\n", "!VITE_OTHER", "COPY --link --from=build /app/apps/web/dist/ /usr/share/nginx/html/\n",
				`CMD ["npm", "run", "dev", "-w", "apps/web", "--", "--host", "0.0.0.0"]`,
			},
		},
		"an app without scripts": {
			files: map[string]string{"package.json": `{"dependencies": {"next": "16"}}`, "pnpm-lock.yaml": lock9, "pnpm-workspace.yaml": "packages: [apps/*]\n", "apps/web/package.json": `{"name": "web", "dependencies": {"next": "16"}}`, "apps/web/src/app/page.tsx": ""},
			want:  []string{"pnpm -C apps/web exec next build", `CMD ["node_modules/next/dist/bin/next", "start"]`},
		},
		"two apps, of which one is asked for": {
			files: map[string]string{"package.json": `{"workspaces": ["*"]}`, "web/package.json": vite, "web/index.html": "", "api/package.json": "{}", "api/a.js": "x.listen(8)"},
			set:   []string{"main=web"},
			want:  []string{"/app/web/dist/"},
		},
		"the member that is asked for": {
			files: map[string]string{"package.json": `{"workspaces": ["*"], "scripts": {"start": "npm start -w a"}}`, "a/package.json": `{"name": "a", "scripts": {"start": "node a.js"}}`, "b/package.json": `{"name": "b", "scripts": {"start": "node b.js"}}`, "a/a.js": "", "b/b.js": ""},
			set:   []string{"main=b"},
			want:  []string{"WORKDIR /app/b\n", `CMD ["b.js"]`},
		},
		"tests of what is built": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "scripts": {"start": "npm start -w api", "test": "npm test -w api"}}`}, want: []string{
			"RUN npm run build -w libs/lib \\\n && npm test\n",
		}},
		"Yarn 4 with a build of the root": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "packageManager": "yarn@4.18.1", "scripts": {"build": "yarn workspaces foreach -At run build", "start": "yarn workspace api start"}}`}, want: []string{
			`CMD ["sh", "-c", "npm run build && exec npm run dev -w apps/api"]`,
		}},
		"tests that a task runner orders": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "scripts": {"start": "npm start -w api", "test": "turbo run test"}}`, "turbo.json": "{}"}, want: []string{
			"RUN npm test\n",
		}},
		"tests of a task runner without its configuration": {files: compiled, with: map[string]string{"package.json": `{"workspaces": ["apps/*", "libs/*"], "scripts": {"build": "turbo run build", "start": "npm start -w api", "test": "turbo run test"}}`}, want: []string{
			"!turbo", "!RUN npm test\n", "RUN npm run build -w libs/lib",
		}},
		"Turborepo with two apps": {
			files: map[string]string{"turbo.json": "{}", "package.json": `{"workspaces": ["*"], "scripts": {"build": "turbo run build", "start": "npm start -w a"}}`, "a/package.json": `{"name": "a", "scripts": {"start": "node dist/a.js", "build": "x"}}`, "b/package.json": `{"name": "b", "scripts": {"start": "node b.js"}}`},
			want:  []string{"RUN npx turbo run build --filter=./a\n"},
		},
		"Turborepo without turbo.json": {
			files: turboless("turbo run build"),
			want:  []string{"RUN npm run build -w ui \\\n && npm run build -w web\n", "!npm run build\n", "!turbo"},
		},
		"Turborepo in package.json": {
			files: turboless("turbo run build"), with: map[string]string{"package.json": `{"workspaces": ["*"], "scripts": {"build": "turbo run build", "start": "npm start -w web"}, "turbo": {"pipeline": {}}}`},
			want: []string{"RUN npm run build\n"},
		},
		"Turborepo with turbo.jsonc": {
			files: turboless("npx turbo build"), with: map[string]string{"turbo.jsonc": "{}"},
			want: []string{"RUN npm run build\n"},
		},
		"Lerna without lerna.json": {
			files: turboless("npx lerna run build"),
			want:  []string{"RUN npm run build -w ui \\\n && npm run build -w web\n", "!lerna"},
		},
		"Turborepo without turbo.json, and pnpm": {
			files: turboless("pnpm turbo run build"), with: map[string]string{"pnpm-lock.yaml": lock9, "pnpm-workspace.yaml": "packages: ['*']\n"},
			want: []string{"RUN pnpm --filter ./web... run build\n", "!turbo"},
		},
		"the tests of the member": {
			files: map[string]string{"package.json": `{"workspaces": ["*"]}`, "a/package.json": `{"name": "a", "scripts": {"start": "node a.js", "test": "node --test"}}`, "a/a.js": ""},
			want:  []string{"RUN npm run test -w a\n", "cd a && exec node --watch a.js"},
		},
	} {
		files := maps.Clone(c.files)
		maps.Copy(files, c.with)
		dockerfile, _, notes := render(t, files, c.set...)
		for _, want := range c.want {
			want, not := strings.CutPrefix(want, "!")
			if text := dockerfile + notes; strings.Contains(text, want) == not {
				t.Errorf("%s: %q: want %v, got\n%s", name, want, !not, text)
			}
		}
	}
}

// BenchmarkWorkspace decides on a workspace of many members that use and import
// one another.
func BenchmarkWorkspace(b *testing.B) {
	files := map[string]string{"package.json": `{"workspaces": ["p/*"]}`, "p/m0/server.js": "x.listen(8)"}
	for i := range 200 {
		dir := fmt.Sprintf("p/m%d/", i)
		files[dir+"package.json"] = fmt.Sprintf(`{"name": "m%d", "main": "server.js", "dependencies": {"m%d": "*"}}`, i, i+1)
		files[dir+"a.js"] = fmt.Sprintf("import x from 'm%d'", i+1)
	}
	index, f := nodetest.Facts(b, files)
	know, err := knowledge.Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		in := record.Input{Log: &record.Log{Profile: "default", Preferred: plan.Runtimes()}, Know: know, Tree: index, Dir: "."}
		if _, err := Decide(in, f); err != nil {
			b.Fatal(err)
		}
	}
}

// turboless is a workspace whose root builds all by a task runner.
func turboless(build string) map[string]string {
	return map[string]string{
		"package.json":     `{"workspaces": ["*"], "scripts": {"build": "` + build + `", "start": "npm start -w web"}}`,
		"ui/package.json":  `{"name": "ui", "main": "dist/ui.js", "scripts": {"build": "x"}}`,
		"web/package.json": `{"name": "web", "scripts": {"start": "node dist/a.js", "build": "y"}, "dependencies": {"ui": "*"}}`,
	}
}
