package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/kind"
)

// checkKind refuses what no image runs: app is what was chosen to start, and found says
// that there is one. What the user says of the start counts more.
func (p project) checkKind(app program, found bool) error {
	if len(p.in.Settings.Start) > 0 || p.in.Settings.Main != "" || found && app.way != byScript {
		return nil
	}
	req := kind.Request{
		Tree: p.in.Tree, Dir: p.in.Dir, Language: "python", At: p.whereAt(),
		Deps: map[string]fact.Pos{}, Imports: map[string]fact.Pos{},
	}
	for name, r := range p.names {
		req.Deps[name] = r.Pos
	}
	modules := p.f.Modules
	if m := app.module; found && m != nil {
		modules = p.f.Reach(m)
		req.Says = len(m.Listens) > 0 || len(m.Servers) > 0
		if !slices.Contains(modules, m) {
			modules = append(slices.Clone(modules), m)
		}
	}
	for _, m := range modules {
		for _, i := range m.Imports {
			top, _, _ := strings.Cut(i.Value, ".")
			if _, ok := req.Imports[top]; !ok {
				req.Imports[top] = i.Pos
			}
		}
	}
	// What the rows of kinds.yaml ask: the file that would be started, whether there is
	// none, and whether the project is then a package for others.
	req.Field = func(name string) (string, fact.Pos, bool) {
		switch name {
		case "entry":
			if found && app.module != nil {
				return app.module.File, p.at(app.module.File), true
			}
		case "nothing":
			return "", p.whereAt(), !found
		case "library":
			return "", p.whereAt(), !found && p.isLibrary()
		}
		return "", fact.Pos{}, false
	}
	p.in.Log.Lesser(kind.Beside(req))
	return kind.Check(req)
}

// isLibrary reports whether the project is a package that others install, and has no
// script of its own.
func (p project) isLibrary() bool {
	return p.packaged() && len(p.m.Scripts) == 0 && slices.ContainsFunc(p.f.Modules, func(m *facts.Module) bool { return path.Base(m.File) == "__init__.py" })
}

// Serves reports whether the project has a program that answers: Django, an application
// object, a framework's own file, a server that a script starts.
func Serves(f *facts.Facts) bool {
	if f.Django != nil {
		return true
	}
	rows, err := facts.Frameworks()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(f.Modules, func(m *facts.Module) bool {
		return len(m.Servers) > 0 || slices.ContainsFunc(m.Objects, func(o facts.Object) bool { return o.Interface != "" }) ||
			slices.ContainsFunc(rows, func(row facts.Framework) bool {
				return row.Run != nil && slices.ContainsFunc(m.Imports, func(i fact.Fact[string]) bool { return slices.Contains(row.Imports, i.Value) })
			})
	})
}
