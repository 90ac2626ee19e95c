package node

import (
	"maps"
	"strings"
	"testing"
)

// TestMigrations says how migrations are applied, where nothing of the app does.
func TestMigrations(t *testing.T) {
	sql := map[string]string{"prisma/schema.prisma": "", "prisma/migrations/1/migration.sql": ""}
	const deps = `"dependencies": {"@prisma/client": "6", "express": "5"}, "devDependencies": {"prisma": "6", "knex": "3", "sequelize-cli": "6", "typeorm": "0.3", "@mikro-orm/migrations": "6"}`
	for name, c := range map[string]struct {
		start string
		files map[string]string
		want  string
	}{
		"Prisma":               {"node a.js", sql, "npx prisma migrate deploy"},
		"no migrations":        {"node a.js", map[string]string{"prisma/schema.prisma": ""}, ""},
		"at the start":         {"prisma migrate deploy && node a.js", sql, ""},
		"for development":      {"prisma migrate dev && node a.js", sql, ""},
		"by the code":          {"node a.js", map[string]string{"prisma/schema.prisma": "", "prisma/migrations/1/migration.sql": "", "a.js": "require('child_process').execSync('npx prisma migrate deploy')"}, ""},
		"Knex":                 {"node a.js", map[string]string{"knexfile.js": ""}, "npx knex migrate:latest"},
		"Knex by the code":     {"node a.js", map[string]string{"knexfile.js": "", "a.js": "db.migrate.latest()"}, ""},
		"Sequelize":            {"node a.js", map[string]string{"migrations/1.js": ""}, "npx sequelize-cli db:migrate"},
		"MikroORM":             {"node a.js", map[string]string{"src/mikro-orm.config.ts": ""}, "npx mikro-orm migration:up"},
		"TypeORM's script":     {`node a.js", "typeorm": "x", "migration:run": "typeorm -d src/db.ts migration:run", "migration:run:dev": "x migration:run`, nil, "npm run migration:run"},
		"TypeORM without one":  {"node a.js", map[string]string{"src/migration/1.ts": ""}, ""},
		"a script of Knex's":   {`node a.js", "db:migrate": "knex migrate:latest --knexfile db/k.js", "db:migrate:undo": "knex migrate:latest`, map[string]string{"db/k.js": ""}, "npm run db:migrate"},
		"a Procfile's release": {"node a.js", map[string]string{"knexfile.js": "", "Procfile": "release: knex migrate:latest\n"}, ""},
	} {
		files := map[string]string{"package.json": `{"name": "x", "scripts": {"start": "` + c.start + `"}, ` + deps + `}`, "a.js": "require('express')().listen(3000)"}
		maps.Copy(files, c.files)
		_, _, notes := render(t, files)
		if strings.Contains(notes, "apply the migrations") {
			if c.want == "" || !strings.Contains(notes, c.want) {
				t.Errorf("%s: got %s, want %q", name, notes, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%s: got %s, want %q", name, notes, c.want)
		}
	}
}

// TestChecksOfTheBuild: a check that a build cannot pass is left out by the variable that
// its source has for it.
func TestChecksOfTheBuild(t *testing.T) {
	for name, c := range map[string]struct{ build, file, text, want string }{
		"a check":              {"run-s check-db app", "scripts/check-db.js", "if (process.env.SKIP_DB_CHECK) process.exit(0)", "ENV SKIP_DB_CHECK=1"},
		"by node":              {"node scripts/validate-env && tsc", "scripts/validate-env.mjs", "\nif (!process.env.SKIP_ENV) throw 1", "ENV SKIP_ENV=1"},
		"a step that builds":   {"node scripts/build.js", "scripts/build.js", "if (!process.env.SKIP_TYPES) x()", ""},
		"nothing to leave out": {"node scripts/check-db.js && tsc", "scripts/check-db.js", "process.env.DB", ""},
	} {
		dockerfile, _, _ := render(t, map[string]string{
			"package.json": `{"scripts": {"build": "` + c.build + `", "check-db": "node scripts/check-db.js", "app": "tsc", "start": "node a.js"}, "dependencies": {"express": "5", "npm-run-all": "4", "typescript": "5"}}`,
			"a.js":         "require('express')().listen(3000)", c.file: c.text,
		})
		if got := strings.Contains(dockerfile, "ENV SKIP_"); got != (c.want != "") || !strings.Contains(dockerfile, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, dockerfile)
		}
	}
}

// TestServerBesideSite: a server in a folder beside a site is said.
func TestServerBesideSite(t *testing.T) {
	for dir, want := range map[string]bool{"service": true, "examples": false} {
		_, _, notes := render(t, map[string]string{
			"package.json": `{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}`, "index.html": "",
			dir + "/package.json": `{"scripts": {"start": "node a.js"}, "dependencies": {"express": "5"}}`, dir + "/a.js": "require('express')().listen(3002)",
		})
		if got := strings.Contains(notes, dir+" is a server of its own"); got != want {
			t.Errorf("%s: got %s", dir, notes)
		}
	}
}
