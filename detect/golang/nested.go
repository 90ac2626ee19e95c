package golang

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// The most builds below a folder whose programs are read, and the most that
// are listed; of more, nothing is said.
const (
	maxNested = 32
	maxHomes  = 500
)

// foreign are manifests of stacks that dockgen does not build. A folder with
// one is theirs, and a Go module below it a part: a binding, a plugin, a test.
var foreign = []string{ //nolint:gochecknoglobals // a constant table
	"Cargo.toml", "composer.json", "Gemfile", "mix.exs", "rebar.config", "CMakeLists.txt", "meson.build", "configure.ac",
	"build.gradle", "build.gradle.kts", "build.sbt", "project.clj", "Package.swift", "pubspec.yaml", "deno.json", "deno.jsonc",
	"stack.yaml", "cabal.project", "dune-project", "Project.toml", "build.zig",
}

// below adds to f the builds of modules in folders below, where f itself has no
// app. f may be nil, and is returned as it is where nothing is found.
func (r *reader) below(f *Facts) *Facts {
	var own []Module
	switch {
	case f == nil:
		if slices.ContainsFunc(foreign, r.has) {
			return nil
		}
	case f.app() || f.Work != nil || f.Large:
		return f
	default:
		own = f.Modules
	}
	out := &Facts{Dir: r.dir, Home: "."}
	if f != nil {
		out = f
	}
	r.nested(out, own)
	if f == nil && !slices.ContainsFunc(out.Nested, (*Facts).app) {
		return nil
	}
	return out
}

// app reports whether the build has a program that may be what it is for.
func (f *Facts) app() bool {
	return slices.ContainsFunc(f.Mains, Main.App)
}

// Programs are the main packages of the folder's own build, then those of the
// builds below it.
func (f *Facts) Programs() []Main {
	out := slices.Clone(f.Mains)
	for _, n := range f.Nested {
		out = append(out, n.Mains...)
	}
	return out
}

// nested fills in f.Nested. A manifest that does not parse is remembered, and
// is no error: the folder is another build's.
func (r *reader) nested(f *Facts, own []Module) {
	var sources []*source
	var readers []*reader
	for _, home := range r.homes(own) {
		in := new(reader)
		*in = *r
		in.home = home
		b, src, err := in.build()
		if err != nil {
			f.Invalid = append(f.Invalid, faulty(in, err))
			continue
		}
		if b == nil || len(b.Mains) == 0 {
			continue
		}
		f.Nested, sources, readers = append(f.Nested, b), append(sources, src), append(readers, in)
	}
	for i, b := range f.Nested {
		if len(f.Nested) <= maxNested {
			readers[i].describe(b, sources[i])
			continue
		}
		b.Large = true
		for j, m := range b.Mains {
			b.Mains[j].Pos = fact.At(r.at(path.Join(m.Dir, sources[i].firstFile(m.Dir))), 1)
		}
	}
}

// homes lists the folders below that have a go.work, or a go.mod that no
// go.work and no own build takes, sorted.
func (r *reader) homes(own []Module) []string {
	var works, mods []string
	for _, f := range r.t.Files(r.dir) {
		dir := r.rel(path.Dir(f))
		switch {
		case dir == "." || unbuilt(dir):
		case path.Base(f) == "go.work":
			works = append(works, dir)
		case path.Base(f) == "go.mod":
			mods = append(mods, dir)
		}
	}
	out := works
	for _, dir := range mods {
		if slices.ContainsFunc(own, func(m Module) bool { return m.Main && m.Dir == dir }) ||
			slices.ContainsFunc(works, func(w string) bool { return dir == w || strings.HasPrefix(dir, w+"/") }) {
			continue
		}
		out = append(out, dir)
	}
	if len(out) > maxHomes {
		return nil
	}
	slices.Sort(out)
	return out
}

// firstFile is the base name of the first Go file of a folder.
func (s *source) firstFile(dir string) string {
	names := s.r.t.Names(s.r.at(dir))
	if i := slices.IndexFunc(names, isSource); i >= 0 {
		return names[i]
	}
	return ""
}

// faulty is the fault of a nested manifest as a fact.
func faulty(r *reader, err error) fact.Fact[string] {
	if fe := (*fact.Error)(nil); errors.As(err, &fe) {
		return fact.Fact[string]{Value: fe.Msg, Pos: fe.Pos}
	}
	return fact.New(fact.Clip(err.Error()), r.at(path.Join(r.home, "go.mod")), 0)
}
