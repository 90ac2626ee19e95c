package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/node/script"
)

// migration is a tool that applies migrations by a command of its own.
type migration struct {
	Package string   `yaml:"package"`
	Files   []string `yaml:"files"`   // one of them is there: files and folders of migrations
	Command []string `yaml:"command"` // applies them
	Source  string   `yaml:"source"`
}

// migrates matches code that applies migrations by itself.
var migrates = lazy.MustCompile(`migrator\b|migrate\.latest|runMigrations|migrationsRun|[Uu]mzug|migrate deploy|migrate:latest|db:migrate|\.migrate\(|migration:run|@prisma/migrate\b`)

// sayMigrations says how the migrations of the app's database are applied, if neither what
// starts the app nor its code does.
func sayMigrations(p project, s start, c code) {
	rows, err := buildRows()
	own := p.app.Own
	if err != nil || slices.ContainsFunc(p.app.Root.Procfile, func(x buildfile.Process) bool { return x.Name == "release" }) {
		return
	}
	if migrates.MatchString(s.String()) || strings.Contains(s.String(), "migrate") {
		return
	}
	for _, r := range rows.Migrations {
		if !own.Has(r.Package) {
			continue
		}
		files := r.Files
		if r.Package == "prisma" && own.Prisma.Schema != "" {
			files = []string{path.Join(path.Dir(own.Prisma.Schema), "migrations"), path.Join(own.Prisma.Schema, "migrations")}
		}
		for _, file := range files {
			full := path.Join(own.Dir, file)
			if !p.in.Tree.Has(full) && !p.in.Tree.HasDir(full) {
				continue
			}
			if appliesMigrations(p, c) {
				return
			}
			argv := p.pm.Program(r.Command...)
			if p.app.Member != nil {
				argv = p.pm.MemberProgram(p.app.Member.Dir, r.Command...)
			}
			dev := p.name() + ":" + p.in.Stage("dev").String()
			p.in.Log.Note(fact.At(full, 0), "nothing that prod runs is seen to apply the migrations",
				"docker build -t "+dev+" --target dev . && docker run --rm --env-file .env "+dev+" "+script.Quote([]script.Command{{Argv: argv}}, false))
			return
		}
	}
}

// appliesMigrations reports whether the code that runs applies migrations itself.
func appliesMigrations(p project, c code) bool {
	for file := range c.files {
		if text, err := p.in.Tree.ReadHead(file, 64<<10); err == nil && migrates.Match(text) {
			return true
		}
	}
	for _, uses := range p.app.Own.Code.Uses { // also where the entry is a bundle
		if slices.ContainsFunc(uses, func(u fact.Fact[string]) bool { return u.Value == "@prisma/migrate" }) {
			return true
		}
	}
	return false
}
