package golang

import (
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NoApps are the main packages that are no apps: what developers run, and what one types beside servers.
func NoApps(_ record.Input, f *golang.Facts) []plan.None {
	var out []plan.None
	mains := f.Programs()
	serves := len(servers(mains)) > 0
	for _, m := range mains {
		switch {
		case m.Dir == ".":
		case m.Auxiliary:
			out = append(out, plan.None{Dir: m.Dir, Why: ofDevelopers, Pos: m.Pos})
		case serves && len(m.Listens) == 0:
			out = append(out, plan.None{Dir: m.Dir, Why: "a program that does not listen: one types it", Pos: m.Pos})
		}
	}
	return out
}
