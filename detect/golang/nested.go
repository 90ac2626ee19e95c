package golang

import (
	"errors"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/tree"
)

// The most builds below a folder whose programs are read, and the most that
// are listed; of more, nothing is said.
const (
	maxNested = 32
	maxHomes  = 500
)

// below adds to f the builds of modules in folders below, if f itself has no
// app. f may be nil, and is returned as it is if nothing is found.
func (r *reader) below(f *Facts) *Facts {
	var own []module.Module
	switch {
	case f == nil:
		if slices.ContainsFunc(aside.Foreign(), r.Has) {
			return nil
		}
	case f.app() || f.Work != nil || f.Large:
		return f
	default:
		own = f.Modules
	}
	out := &Facts{Dir: r.Dir, Build: module.Build{Home: "."}}
	if f != nil {
		out = f
	}
	r.nested(out, own)
	if f == nil && !slices.ContainsFunc(out.Nested, (*Facts).app) {
		return nil
	}
	return out
}

// nested fills in f.Nested. A manifest that does not parse is remembered, and
// is no error: the folder is another build's.
func (r *reader) nested(f *Facts, own []module.Module) {
	var builds []*build
	for _, home := range r.homes(own) {
		in := new(reader)
		*in = *r
		in.home = home
		b, err := in.build()
		if err != nil {
			f.Invalid = append(f.Invalid, invalid(in, err))
			continue
		}
		if b != nil && len(b.facts.Mains) > 0 {
			builds = append(builds, b)
		}
	}
	for _, b := range builds {
		if len(builds) <= maxNested {
			b.describe()
		} else {
			b.outline()
		}
		f.Nested = append(f.Nested, b.facts)
	}
}

// outline fills in where the main packages are, and no more.
func (b *build) outline() {
	b.facts.Large = true
	for i, m := range b.facts.Mains {
		names := b.Tree.Names(b.At(m.Dir))
		if j := slices.IndexFunc(names, module.IsSource); j >= 0 {
			b.facts.Mains[i].Pos = fact.At(b.At(path.Join(m.Dir, names[j])), 1)
		}
	}
}

// homes lists the folders below that have a go.work, or a go.mod that no
// go.work and no own build takes, sorted; none if there are too many.
func (r *reader) homes(own []module.Module) []string {
	taken := map[string]bool{} // by an own build
	for _, m := range own {
		taken[m.Dir] = taken[m.Dir] || m.Main
	}
	var out, mods []string
	works := map[string]bool{}
	for _, f := range r.Tree.Named(r.Dir, "go.mod", "go.work") {
		switch dir := r.Rel(path.Dir(f)); {
		case dir == "." || module.Unbuilt(dir):
		case path.Base(f) == "go.work":
			works[dir] = true
			out = append(out, dir)
		case path.Base(f) == "go.mod" && !taken[dir]:
			mods = append(mods, dir)
		}
	}
	for _, dir := range mods {
		if !isWithin(dir, works) {
			out = append(out, dir)
		}
	}
	if len(out) > maxHomes {
		return nil
	}
	slices.Sort(out)
	return out
}

// isWithin reports whether dir is one of some folders, or lies in one.
func isWithin(dir string, folders map[string]bool) bool {
	for d := range tree.Above(dir) {
		if folders[d] {
			return true
		}
	}
	return false
}

// invalid is the fault of a nested manifest as a fact.
func invalid(r *reader, err error) fact.Fact[string] {
	if fe := (*fact.Error)(nil); errors.As(err, &fe) {
		return fact.Fact[string]{Value: fe.Msg, Pos: fe.Pos}
	}
	return fact.New(fact.Clip(err.Error()), r.At(path.Join(r.home, "go.mod")), 0)
}
