package python

import (
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NoApps are the members of the workspace that are no apps.
func NoApps(in record.Input, f *facts.Facts) []plan.None {
	var out []plan.None
	for i := range f.Workspace {
		u := &f.Workspace[i]
		if _, err := decideMember(in.Trying(), f, u); record.IsNoApp(err) {
			out = append(out, record.NoneOf(u.Dir, err))
		}
	}
	return out
}
