package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// TestPrismaDatabase: the file of the schema's database is written beside the schema, and the address that it
// takes from a variable is asked for.
func TestPrismaDatabase(t *testing.T) {
	const client = "const {PrismaClient} = require('@prisma/client'); const db = new PrismaClient(); require('express')().listen(3000)"
	for name, c := range map[string]struct {
		datasource, code string
		dir, variable    string // that is the user's, that is asked for
	}{
		"a file beside":          {`url = "file:./dev.db"`, client, "/app/prisma", ""},
		"a file elsewhere":       {`url = "file:../data/app.db?mode=rwc"`, client, "/app/data", ""},
		"an absolute file":       {`url = "file:/var/lib/app/app.db"`, client, "/var/lib/app", ""},
		"a file above the app":   {`url = "file:../../app.db"`, client, "", ""},
		"a variable":             {`url = env("DATABASE_URL")`, client, "", "DATABASE_URL"},
		"a variable of any name": {"relationMode = \"prisma\"\n  url = env(\"PG_URL\")", client, "", "PG_URL"},
		"in a comment":           {"// url = env(\"OLD_URL\")\n  url = env(\"DATABASE_URL\")", client, "", "DATABASE_URL"},
		"the code has a default": {`url = env("DATABASE_URL")`, "process.env.DATABASE_URL = 'file:/tmp/x'; " + client, "", ""},
		"the code hands it over": {`url = env("DATABASE_URL")`, strings.Replace(client, "PrismaClient()", "PrismaClient({datasourceUrl: url()})", 1), "", ""},
		"no address":             {`provider = "sqlite"`, client, "", ""},
		"no line":                {"url = \"file:./a\nRUN rm -rf /\"", client, "", ""},
	} {
		p, log, err := decide(t, map[string]string{
			"package.json": nodetest.Manifest("express @prisma/client@6.0.0 prisma@6.0.0", "start: node a.js"), "a.js": c.code,
			"prisma/schema.prisma": "datasource db {\n  " + c.datasource + "\n}\n",
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var dirs, notes []string
		for _, w := range p.Run.Writes {
			dirs = append(dirs, "/"+strings.Trim("app/"+strings.TrimPrefix(w.Raw(), "/app"), "/"))
		}
		for _, n := range log.Notes() {
			notes = append(notes, n.Text)
		}
		written := strings.Join(dirs, " ") + " " + strings.Join(notes, " ")
		if c.dir != "" && !strings.Contains(written, strings.TrimPrefix(strings.TrimPrefix(c.dir, "/app/"), "/")) || c.dir == "" && strings.Contains(written, "writes to") {
			t.Errorf("%s: got %s, want %q", name, written, c.dir)
		}
		if asked := strings.Contains(written, "needs the variable "+c.variable+" to start"); asked != (c.variable != "") {
			t.Errorf("%s: got %s, want %q", name, written, c.variable)
		}
	}
}

// TestPrismaOfMember: the client of a package of the workspace is generated, unless its own scripts do it.
func TestPrismaOfMember(t *testing.T) {
	for name, c := range map[string]struct{ root, scripts, want string }{
		"nothing does":          {"turbo run build", `{"x": "prisma generate"}`, "pnpm -C packages/db exec prisma generate && pnpm run build"},
		"its build does":        {"turbo run build", `{"build": "prisma generate && tsc"}`, "pnpm run build"},
		"its install does":      {"turbo run build", `{"postinstall": "prisma generate"}`, "pnpm run build"},
		"the root's build does": {"turbo run generate build", `{"generate": "prisma generate"}`, "pnpm run build"},
	} {
		_, log, err := decide(t, map[string]string{
			"package.json":        `{"packageManager": "pnpm@10.1.0", "scripts": {"build": "` + c.root + `"}, "devDependencies": {"turbo": "2"}}`,
			"pnpm-workspace.yaml": `packages: ["apps/*", "packages/*"]`, "turbo.json": "{}",
			"apps/web/package.json":    `{"name": "web", "scripts": {"start": "node a.js"}, "dependencies": {"express": "5", "@m/db": "workspace:*"}}`,
			"apps/web/a.js":            "require('@m/db'); require('express')().listen(3000)",
			"packages/db/package.json": `{"name": "@m/db", "main": "index.js", "scripts": ` + c.scripts + `, "dependencies": {"@prisma/client": "6"}, "devDependencies": {"prisma": "6"}}`,
			"packages/db/index.js":     "exports.x = require('@prisma/client')", "packages/db/prisma/schema.prisma": "",
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := ""
		for _, ch := range log.Choices() {
			if ch.Key == "build" {
				got = ch.Value
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestPlaceholders: the build of Next.js runs the code of its pages, which may throw without a variable.
func TestPlaceholders(t *testing.T) {
	const throws = "if (!process.env.DATABASE_URL) throw new Error('x');\n"
	for name, c := range map[string]struct{ deps, code, want string }{
		"of PostgreSQL": {"next@15.0.0 react pg", throws, "ENV DATABASE_URL=postgresql://localhost:5432/unused"},
		"of MySQL":      {"next@15.0.0 react mysql2", throws, "ENV DATABASE_URL=mysql://localhost:3306/unused"},
		"of MongoDB":    {"next@15.0.0 react mongoose", "if (!process.env.MONGODB_URI) throw new Error('x');", "ENV MONGODB_URI=mongodb://localhost:27017/unused"},
		"of Redis":      {"next@15.0.0 react", "if (!process.env.REDIS_URL) throw new Error('x');", "ENV REDIS_URL=redis://localhost:6379"},
		"of a service":  {"next@15.0.0 react pg", "if (!process.env.API_URL) throw new Error('x');", "ENV API_URL=http://localhost"},
		"no address":    {"next@15.0.0 react", "if (!process.env.REGION) throw new Error('x');", "ENV REGION=unused"},
		"a secret":      {"next@15.0.0 react", "if (!process.env.AUTH_SECRET) throw new Error('x');", "env AUTH_SECRET=unused npm run build"},
		"not needed":    {"next@15.0.0 react pg", "const x = process.env.DATABASE_URL;", ""},
		"another build": {"express pg", throws, ""},
	} {
		files := map[string]string{"package.json": nodetest.Manifest(c.deps, "start: next start", "build: next build"), "app/page.js": "import '../lib/db'; export default function P() { return null }", "lib/db.js": c.code, "next.config.js": "module.exports = {output: 'standalone'}"}
		if name == "another build" {
			files = map[string]string{"package.json": nodetest.Manifest(c.deps, "start: node lib/db.js", "build: tsc"), "lib/db.js": c.code}
		}
		got, _, _ := render(t, files)
		if !strings.Contains(got, c.want) || c.want == "" && strings.Contains(got, "unused") {
			t.Errorf("%s: got %s", name, got)
		}
		if strings.Contains(got, "ENV AUTH_SECRET") {
			t.Errorf("%s: the name of a secret is in ENV", name)
		}
	}
}
