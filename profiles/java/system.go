package java

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/record"
)

// needs are what the module's libraries and the programs that it starts need of
// the system.
func needs(in record.Input, m *module) []image.Need {
	var out []image.Need
	add := func(name string, pos fact.Pos) {
		if slices.ContainsFunc(out, func(n image.Need) bool { return n.Name == name }) {
			return
		}
		if n, ok := image.Library(in, "java", name, pos); ok {
			out = append(out, n)
		}
	}
	for _, d := range m.dependencies() {
		if d.AtRuntime() {
			add(d.Name(), d.Pos)
		}
	}
	for _, i := range of(m, func(s java.Sources) []fact.Fact[string] { return s.Desktop }) {
		add("java.awt", i.Pos)
	}
	return append(out, image.Started(in, m.execs(), brings)...)
}

// inImages are the packages whose files the images of Java have.
func inImages(list []image.Need) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.Row.Brought...)
	}
	return out
}

// brings is the program that every image of Java has.
const brings = "java"

func (m *module) execs() []effect.Exec {
	return of(m, func(s java.Sources) []effect.Exec { return s.Execs })
}

// starts are the programs that the code starts, if dockgen knows them: an image
// without programs has none of them.
func starts(in record.Input, m *module) []effect.Exec {
	return slices.DeleteFunc(m.execs(), func(x effect.Exec) bool {
		_, ok := in.Know.Package("program", path.Base(x.Program.Text))
		return !ok || path.Base(x.Program.Text) == brings
	})
}
