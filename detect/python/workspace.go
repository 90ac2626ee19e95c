package python

import (
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// maxMembers is the most members of a workspace that are read.
const maxMembers = 200

// Member is a member of uv's workspace: https://docs.astral.sh/uv/concepts/projects/workspaces/.
type Member struct {
	Dir  string // relative to the folder of the workspace
	Name string // of its project, normalised
	// Facts are those of its folder. Its manifest has the dependencies of the members that it uses, too, and is locked by the lockfile
	// of the workspace, which it does not name.
	Facts *Facts
	// Uses are the folders of the members that it uses, its own among them, sorted.
	Uses []string
	// Packages says that one of these is a package that an installation builds.
	Packages bool
	// Groups are those of the workspace's own manifest, with what all members are developed with.
	Groups []Group
}

// Members are the folders of the workspace's members: see detect.Facts.
func (f *Facts) Members() []string {
	var out []string
	for _, m := range f.Workspace {
		out = append(out, f.join(m.Dir))
	}
	return out
}

// Member is the one of that folder or name, nil for none.
func (f *Facts) Member(name string) *Member {
	i := slices.IndexFunc(f.Workspace, func(m Member) bool { return m.Dir == path.Clean(name) || m.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Workspace[i]
}

// MemberOf is the one whose folder holds a file, nil for none.
func (f *Facts) MemberOf(file string) *Member {
	i := slices.IndexFunc(f.Workspace, func(m Member) bool { return tree.Within(file, m.Dir) })
	if i < 0 {
		return nil
	}
	return &f.Workspace[i]
}

// workspace reads the members of a workspace whose patterns pyproject.toml has.
func (f *Facts) workspace(t *tree.Tree) error {
	i := slices.IndexFunc(f.Manifests, func(m Manifest) bool { return !m.Workspace.IsZero() })
	if i < 0 {
		return nil
	}
	root := f.Manifests[i]
	doc, err := document.Read(t, f.join("pyproject.toml"))
	if err != nil {
		return err
	}
	table := doc.Get("tool", "uv", "workspace")
	members, exclude := table.Get("members").Strings(), table.Get("exclude").Strings()
	for _, file := range t.Named(f.Dir, "pyproject.toml") {
		dir := path.Dir(f.rel(file))
		if dir == "." || !matchesAny(members, dir) || matchesAny(exclude, dir) || len(f.Workspace) == maxMembers {
			continue
		}
		own, err := Detect(t, f.join(dir))
		if err != nil {
			return err
		}
		if own == nil || own.Name == "" || !slices.ContainsFunc(own.Manifests, func(m Manifest) bool { return m.File == "pyproject.toml" }) {
			continue
		}
		f.Workspace = append(f.Workspace, Member{Dir: dir, Name: pypi.CanonPackageName(own.Name), Facts: own})
	}
	var groups []Group
	for _, g := range root.Groups {
		if g.Kind == "group" {
			g.Kind = "workspace"
			groups = append(groups, g)
		}
	}
	installed := make([]*Facts, len(f.Workspace))
	for i := range f.Workspace {
		var err error
		if installed[i], err = f.installed(t, root, &f.Workspace[i]); err != nil {
			return err
		}
	}
	for i := range f.Workspace {
		f.Workspace[i].Facts, f.Workspace[i].Groups = installed[i], groups
	}
	return nil
}

// matchesAny reports whether a folder matches a pattern, each part of which stands for one folder.
func matchesAny(patterns []fact.Fact[string], dir string) bool {
	return slices.ContainsFunc(patterns, func(p fact.Fact[string]) bool {
		pattern := path.Clean(strings.TrimPrefix(p.Value, "./"))
		if before, ok := strings.CutSuffix(pattern, "/**"); ok {
			return tree.Within(dir, before) && dir != before
		}
		ok, err := path.Match(pattern, dir)
		return ok && err == nil
	})
}

// installed are the facts of a member with what its installation takes: with what it uses, by the lockfile of the workspace.
func (f *Facts) installed(t *tree.Tree, root Manifest, u *Member) (*Facts, error) {
	own := u.manifest()
	own.Near = slices.Clone(own.Near)
	seen := map[string]bool{u.Name: true}
	for queue := []*Member{u}; len(queue) > 0; queue = queue[1:] {
		x := queue[0]
		m := x.manifest()
		u.Uses, u.Packages = append(u.Uses, x.Dir), u.Packages || !m.Package.IsZero()
		if x != u {
			for _, n := range m.Near {
				n.Path = tree.Relative(u.Facts.Dir, x.Facts.join(n.Path))
				own.takeNear(n)
			}
		}
		for _, r := range m.List {
			i := slices.IndexFunc(f.Workspace, func(y Member) bool { return y.Name == r.Name })
			switch {
			case i >= 0 && !seen[r.Name]:
				seen[r.Name] = true
				queue = append(queue, &f.Workspace[i])
			case i < 0 && x != u:
				own.List = append(slices.Clip(own.List), r)
			}
		}
	}
	slices.Sort(u.Uses)
	own.List = slices.DeleteFunc(slices.Clone(own.List), func(r Requirement) bool { return seen[r.Name] })
	own.Manager, own.Lock, own.Files = "uv", f.join(root.Lock), nil
	if root.Lock != "" {
		if err := own.readLock(t, u.Name, document.Value{}); err != nil {
			return nil, err
		}
	}
	own.Lock, own.Workspace = root.Lock, root.Workspace
	facts := *u.Facts
	facts.Manifests = []Manifest{own}
	facts.Versions = slices.Concat(facts.Versions, f.Versions)
	return &facts, nil
}

// manifest is the member's own.
func (m *Member) manifest() Manifest {
	i := slices.IndexFunc(m.Facts.Manifests, func(x Manifest) bool { return x.File == "pyproject.toml" })
	return m.Facts.Manifests[i]
}
