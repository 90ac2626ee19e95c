package python

import (
	"cmp"
	"path"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkLocal refuses a dependency that lies outside of the build context, or that is a member of
// a workspace of which this folder is not the root: no image has it.
func (p project) checkLocal() error {
	for _, r := range p.m.List {
		if r.Source != facts.Local {
			continue
		}
		name := plan.Printable(r.Name, 60)
		switch at := path.Join(p.in.Dir, r.Path()); {
		case p.of != nil && r.Member:
		case r.Member && p.m.Workspace.IsZero():
			return record.Refuse(r.Pos, "run dockgen init in the folder that has [tool.uv.workspace], and name this app there: --set main=FILE",
				"%s is a member of a workspace of uv, and this folder is the root of none", name)
		case r.URL != "" && outside(r.Path()) && !p.in.Tree.HasDir(at) && !p.in.Tree.Has(at):
			return refuseOutside(r.Pos, name, r.URL)
		}
	}
	for _, n := range p.m.Near {
		if at := path.Join(p.in.Dir, n.Path); tree.Within(p.in.Dir, at) || outside(p.seen(n)) && !p.in.Nested {
			return refuseOutside(p.m.Pos, path.Base(at), n.Path)
		}
	}
	return nil
}

func refuseOutside(pos fact.Pos, name, from string) error {
	return record.Refuse(pos, "run dockgen init in the folder that holds both, or publish the package",
		"%s comes from %s, which is outside of the build context", cmp.Or(name, "a requirement"), plan.Printable(from, 60))
}

// near are the packages of the repository that the installation reads, as the deps stage copies them.
func (p project) near() []string {
	var out []string
	for _, n := range p.m.Near {
		from := p.seen(n)
		if n.Folder {
			from += "/"
		}
		out = append(out, from)
	}
	return out
}

// seen is where such a package lies from where the deps stage works on: from the app's folder, or from that of the workspace.
func (p project) seen(n facts.Near) string {
	if p.of != nil {
		return tree.Relative(p.of.root.Dir, path.Join(p.in.Dir, n.Path))
	}
	return n.Path
}

// needs are the folders that the build reads beside the app's own; nil: that is not known.
func (p project) needs() []string {
	out := p.of.needs()
	for _, n := range p.m.Near {
		if n.Outside() {
			out = append(out, p.seen(n))
		}
	}
	return out
}

// inPlace are the packages that run from where they lie, which is not in the app's folder.
func (p project) inPlace(from plan.StageName) ([]plan.Artifact, error) {
	var out []plan.Artifact
	for _, n := range p.m.Near {
		if !n.Editable || !n.Folder || !n.Outside() {
			continue
		}
		at := path.Join(p.works(), p.seen(n)) + "/"
		c, err := plan.NewCopy(at, at)
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Stage: from, Copy: c})
	}
	return out, nil
}
