package node

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NoApps are the members of the workspace that are no apps.
func NoApps(in record.Input, f *node.Facts) []plan.None {
	root := workspace.New(in.Tree, f)
	var out []plan.None
	for i := range f.Packages {
		u := &f.Packages[i]
		if why, at := noApp(in, root, u); why != "" {
			out = append(out, plan.None{Dir: u.Dir, Why: why, Pos: at})
		}
	}
	if f.Nx == nil {
		return out
	}
	for _, p := range f.Nx.Projects {
		if why := noProject(p); why != "" && !p.Manifest && p.Dir != "." {
			out = append(out, plan.None{Dir: p.Dir, Why: why, Pos: p.Pos})
		}
	}
	return out
}

// noProject says why a project of Nx is no app; "" for one that Nx builds an app of.
func noProject(p node.NxProject) string {
	if row := aside.Folder("node", strings.ToLower(p.Dir)); row != nil {
		return "its folder " + row.Why
	}
	switch {
	case p.Library:
		return "a library, as its project.json says"
	case !p.Executor.Found():
		return "Nx has no build of it that dockgen knows"
	}
	return ""
}

// noApp says why a member is no app, and where that stands; "" for one that is.
func noApp(in record.Input, root workspace.App, u *workspace.Unit) (why string, at fact.Pos) {
	manifest := root.At(path.Join(u.Dir, u.Manifest))
	if why := noImage(in, root, u); why != "" {
		return why, manifest
	}
	if isApp(in, root, u) {
		return "", fact.Pos{}
	}
	for _, other := range root.Root.Packages {
		if d, ok := other.Facts.Dep(u.Name); ok && other.Dir != u.Dir {
			return "a package that " + plan.Printable(other.Dir, 60) + " uses", d.Pos
		}
	}
	req := kindOf(in, root.Of(u, fact.Fact[string]{}), framework.Framework{}, code{})
	if err := kind.Check(req); err != nil {
		none := record.NoneOf(u.Dir, err)
		return none.Why, none.Pos
	}
	return "nothing in it starts, listens or makes a site", manifest
}
