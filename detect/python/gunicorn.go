package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// Gunicorn is a configuration of gunicorn: https://docs.gunicorn.org/en/stable/configure.html#configuration-file.
type Gunicorn struct {
	File string
	Sets []string // the names that it gives a value, whatever it is
	// Bind is where bind says that it listens; Known of its address is false where it says nothing
	// that can be read, or a socket of Unix.
	Bind effect.Listen
}

// maxGunicorns bounds how many of them are read.
const maxGunicorns = 8

// isGunicorn reports whether a file is one by its name.
func isGunicorn(file string) bool { return strings.Contains(path.Base(file), "gunicorn") }

// gunicorn reads one.
func (m *Module) gunicorn(w *world) Gunicorn {
	out := Gunicorn{File: m.File}
	for name, list := range m.file.Module.Names {
		if slices.ContainsFunc(list, func(b *syntax.Binding) bool {
			return b.Kind == syntax.Assigned && len(b.Value) > 0 && !b.Value[0].Is("None")
		}) {
			out.Sets = append(out.Sets, name)
		}
	}
	slices.Sort(out.Sets)
	b, ok := m.setting("bind")
	if !ok {
		return out
	}
	v := w.eval(expr{m, b.Stmt, b.Value})
	if list := v.items(); len(list) > 0 {
		v = w.eval(list[0])
	}
	addr, ok := v.address()
	if !ok {
		return out
	}
	out.Bind = effect.Listen{Pos: m.at(b.Value[0].Line), Call: "bind", Addr: addr}
	return out
}

// Gunicorn is the configuration of gunicorn in a file, nil for none.
func (f *Facts) Gunicorn(file string) *Gunicorn {
	i := slices.IndexFunc(f.Gunicorns, func(g Gunicorn) bool { return g.File == path.Clean(file) })
	if i < 0 {
		return nil
	}
	return &f.Gunicorns[i]
}
