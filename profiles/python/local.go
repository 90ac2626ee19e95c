package python

import (
	"path"
	"strings"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkLocal refuses a dependency that lies outside of the folder, or that is a member of
// a workspace of which this folder is not the root: no image has it.
func (p project) checkLocal() error {
	for _, r := range p.m.List {
		if r.Source != facts.Local {
			continue
		}
		name := plan.Printable(r.Name, 60)
		switch to := path.Join(path.Dir(p.m.File), r.URL); {
		case p.of != nil && r.Member:
		case r.Member && p.m.Workspace.IsZero():
			return record.Refuse(r.Pos, "run dockgen init in the folder that has [tool.uv.workspace], and name this app there: --set main=FILE",
				"%s is a member of a workspace of uv, and this folder is the root of none", name)
		case r.URL != "" && !strings.Contains(r.URL, "${") && (path.IsAbs(r.URL) || to == ".." || strings.HasPrefix(to, "../")):
			return record.Refuse(r.Pos, "run dockgen init in the folder that holds both, or publish the package",
				"%s comes from %s, which is outside of the build context", name, plan.Printable(r.URL, 60))
		}
	}
	return nil
}
