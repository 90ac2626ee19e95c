package node

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
)

// migration is a tool that applies migrations by a command of its own.
type migration struct {
	Package string   `yaml:"package"`
	Files   []string `yaml:"files"`   // one of them is there: files and folders of migrations
	Command []string `yaml:"command"` // applies them; empty for one that has to be told more than that
	Script  string   `yaml:"script"`  // what a script that applies them runs, where that is not Command
	Source  string   `yaml:"source"`
}

// migrates matches code that applies migrations by itself.
var migrates = lazy.MustCompile(`migrator\b|migrate\.latest|runMigrations|migrationsRun|[Uu]mzug|migrate deploy|migrate:latest|db:migrate|\.migrate\(|migration:run|@prisma/migrate\b`)

// notApplied matches what the name of a script says that does not just apply migrations.
var notApplied = lazy.MustCompile(`(?i)dev|test|undo|rollback|revert|down|create|make|new|gen|reset|fresh|seed|drop|watch|start`)

// script is the one of package.json that applies the migrations: it may tell the tool what that needs. "" for none.
func (m migration) script(p project) string {
	if p.app.Member != nil {
		return ""
	}
	text := cmp.Or(m.Script, strings.Join(m.Command, " "))
	for _, name := range slices.Sorted(maps.Keys(p.app.Own.Scripts)) {
		if strings.Contains(name, "migrat") && !notApplied.MatchString(name) && strings.Contains(p.app.Own.Scripts[name].Value, text) {
			return name
		}
	}
	return ""
}

// found are the command that applies the migrations of the app, and where the repository has them.
func (m migration) found(p project) (argv []string, at fact.Pos) {
	own := p.app.Own
	if !own.Has(m.Package) {
		return nil, fact.Pos{}
	}
	if name := m.script(p); name != "" {
		return p.pm.Script(name), own.Scripts[name].Pos
	}
	files := m.Files
	if m.Package == "prisma" && own.Prisma.Schema != "" {
		files = []string{path.Join(path.Dir(own.Prisma.Schema), "migrations"), path.Join(own.Prisma.Schema, "migrations")}
	}
	for _, file := range files {
		full := path.Join(own.Dir, file)
		switch {
		case len(m.Command) == 0, !p.in.Tree.Has(full) && !p.in.Tree.HasDir(full):
		case p.app.Member != nil:
			return p.pm.MemberProgram(p.app.Member.Dir, m.Command...), fact.At(full, 0)
		default:
			return p.pm.Program(m.Command...), fact.At(full, 0)
		}
	}
	return nil, fact.Pos{}
}

// migrations is the step that applies the migrations of the app's database before it starts, if neither what
// starts the app nor its code does: in dev's image, which has the tools. A note says so.
func migrations(p project, s start, c code) []plan.Process {
	rows, err := buildRows()
	if err != nil || slices.ContainsFunc(p.app.Root.Procfile, func(x buildfile.Process) bool { return x.Name == "release" }) {
		return nil
	}
	if migrates.MatchString(s.String()) || strings.Contains(s.String(), "migrate") {
		return nil
	}
	for _, r := range rows.Migrations {
		argv, at := r.found(p)
		if len(argv) == 0 {
			continue
		}
		if appliesMigrations(p, c) {
			return nil
		}
		dev := p.name() + ":" + p.in.Stage("dev").String()
		p.in.Log.Note(at, "nothing that prod runs is seen to apply the migrations",
			p.in.DockerBuild("-t "+dev, "--target dev")+" && docker run --rm --env-file .env "+dev+" "+script.Quote([]script.Command{{Argv: argv}}, false))
		return []plan.Process{{Name: "migrate", Cmd: plan.Exec(argv), Ends: true, Dev: true}}
	}
	return nil
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
