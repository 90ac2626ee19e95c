package java

import (
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NoApps are the modules that are no apps.
func NoApps(_ record.Input, f *java.Facts) []plan.None {
	var out []plan.None
	user := map[*java.Project]*java.Project{} // of each that is a part of another, one of these
	for _, p := range f.Projects {
		for _, part := range withParts(f, p)[1:] {
			user[part] = p
		}
	}
	for _, p := range f.Projects {
		a, err := artifactOf(p)
		if err != nil || p.Dir == "." || p.Packaging().Value == "pom" {
			continue
		}
		m := module{Project: p, made: a}
		why := ""
		switch {
		case shows(p.Dir):
			why = "an example or a test, by its folder"
		case user[p] != nil && a.kind != War:
			why = "a library of " + plan.Printable(user[p].Dir, 60)
		case !m.built() && len(p.Sources.Mains) == 0:
			why = "no program: no main class, and no plugin that finds one"
		default:
			continue
		}
		out = append(out, plan.None{Dir: p.Dir, Why: why, Pos: p.Pos()})
	}
	return out
}
