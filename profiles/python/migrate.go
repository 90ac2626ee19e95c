package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// migrations are tools that change the tables of a database: the file that shows
// that the repository uses one, the package, the command, and the functions with
// which code does it itself.
var migrations = []struct{ file, name, command, calls string }{ //nolint:gochecknoglobals // a constant table
	{"alembic.ini", "alembic", "alembic upgrade head", "alembic.command"},
	{"migrations/alembic.ini", "flask-migrate", "flask --app {app} db upgrade", "flask_migrate.upgrade"},
	{"aerich.ini", "aerich", "aerich upgrade", "aerich.Command"},
}

// migrates reports whether a process of the repository, or uWSGI, migrates before it serves.
func (p project) migrates() bool {
	return p.uwsgiMigrates() || slices.ContainsFunc(p.f.Processes, func(x facts.Process) bool {
		return len(x.Commands) > 1 && (x.Name == "web" || x.Name == "entrypoint")
	})
}

// noteTables says how the database gets its tables, if the repository has
// migrations that its code does not run; app is how a server names the application. It returns the command that does.
func (p project) noteTables(app string) []string {
	for _, x := range migrations {
		if !p.in.Tree.Has(path.Join(p.in.Dir, x.file)) || !p.has(x.name) || p.migrates() {
			continue
		}
		calls := slices.ContainsFunc(p.f.Modules, func(m *facts.Module) bool {
			return slices.ContainsFunc(m.Libraries(), func(i fact.Fact[string]) bool { return i.Value == x.calls && path.Base(m.File) != "env.py" })
		})
		if calls || app == "" && x.name == "flask-migrate" {
			continue
		}
		command := fill([]string{x.command}, "app", app)[0]
		p.in.Log.Note(p.at(x.file), "nothing in the image creates or migrates the tables", "run once per release: docker run --rm "+image.Name(p.f.Name, p.in.Name)+" "+command)
		return strings.Fields(command)
	}
	return nil
}

// before is the command that runs once before a release, nil for none.
func before(run *plan.Run, command []string) []plan.Process {
	if len(command) == 0 {
		return nil
	}
	x := plan.Process{Name: "migrate", Cmd: command, Ends: true}
	if n := len(run.Entry); n > 0 && run.Entry[n-1] != "--" { // an entry point that is no init
		x.Entry, x.Cmd = command[:1], command[1:]
	}
	return []plan.Process{x}
}
