package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// delegated refuses a root whose scripts only run what is in folders, each with packages of its own: what its start script starts is an
// app of its own, and so is another that a script runs. A program that reaches out of its folder is built from the root, as it is where
// somebody wrote how the root itself is deployed.
func delegated(p project, s start) error {
	f, set := p.app.Root, p.in.Settings
	if p.app.Member != nil || len(f.Packages) > 0 || len(f.Procfile) > 0 || len(f.Recipes) > 0 || set.Main != "" || len(set.Start) > 0 {
		return nil
	}
	if p.in.HasDockerfile() || hasCode(p) {
		return nil
	}
	started := startedFolders(f)
	if s.Folder != nil {
		started = []*node.WorkspaceUnit{s.Folder}
	}
	for _, u := range started {
		if reachesOut(p, u) || writtenInto(p, u) {
			return nil
		}
	}
	for i := range f.Others {
		if u := &f.Others[i]; len(started) > 0 && isOther(u, started[0]) {
			return record.NoApp(record.Refuse(f.Scripts["start"].Pos, "dockgen init "+plan.Printable(started[0].Dir, 60),
				"the scripts only run what is in %s and %s, which are apps of their own", plan.Printable(started[0].Dir, 60), plan.Printable(u.Dir, 60)))
		}
	}
	return nil
}

// startedFolders are the folders in which the start script starts several programs side by side, none if one of them runs elsewhere.
func startedFolders(f *node.Facts) []*node.WorkspaceUnit {
	own, _ := f.Script("start")
	list, ok := script.Parse(own.Value)
	if !ok || len(list) != 1 {
		return nil
	}
	branches, _ := script.Parallel(f, list[0].Argv)
	var out []*node.WorkspaceUnit
	for _, b := range branches {
		u, _ := script.Folder(f, b.List)
		if u == nil {
			return nil
		}
		out = append(out, u)
	}
	return out
}

// isOther reports whether a folder that scripts run commands in has an app beside the one that is started.
func isOther(u, started *node.WorkspaceUnit) bool {
	_, starts := u.Facts.Script("start")
	_, builds := u.Facts.Script("build")
	return (starts || builds) && aside.Folder("node", u.Dir) == nil && !tree.Within(u.Dir, started.Dir) && !tree.Within(started.Dir, u.Dir)
}

// writtenInto reports whether a build writes what is not there into the folder of the started program, which may serve it.
func writtenInto(p project, started *node.WorkspaceUnit) bool {
	dir := p.app.Path(started.Dir)
	for _, m := range frontend.Makers(p.app.Tree, p.app.Root.Dir) {
		for _, n := range m.Named {
			if m.Dir != dir && n.Path != dir && tree.Within(n.Path, dir) && !p.app.Tree.Has(n.Path) {
				return true
			}
		}
	}
	for _, text := range p.app.Root.Scripts {
		for _, word := range strings.FieldsFunc(text.Value, func(r rune) bool { return strings.ContainsRune(" \t=;&|\"'()", r) }) {
			name := strings.TrimLeft(path.Clean(word), "./")
			if inside, ok := tree.Below(name, started.Dir); ok && inside != "" && !p.app.Has(name) && !p.app.HasDir(name) {
				return true // it is relative to the folder that the script is in by then
			}
		}
	}
	return false
}

// hasCode reports whether there is code outside of the folders that scripts run commands in, beside that of tools.
func hasCode(p project) bool {
	others := func(file string) bool {
		return slices.ContainsFunc(p.app.Root.Others, func(u node.WorkspaceUnit) bool { return tree.Within(file, p.app.Path(u.Dir)) })
	}
	for file, uses := range p.app.Root.Code.Uses {
		if len(uses) > 0 && !others(file) && aside.File("node", p.app.Rel(file)) == nil {
			return true
		}
	}
	return slices.ContainsFunc(p.app.Root.Code.Listens, func(l effect.Listen) bool { return !l.Named && !others(l.Pos.File) })
}

// reachesOut reports whether the code of a folder reads files, code or packages of what lies around it.
func reachesOut(p project, u *node.WorkspaceUnit) bool {
	f, dir := p.app.Root, p.app.Path(u.Dir)
	outside := func(at fact.Pos, name string) bool {
		return tree.Within(at.File, dir) && (!tree.Within(path.Join(path.Dir(at.File), name), dir) || !tree.Within(path.Join(dir, name), dir) && p.app.HasDir(path.Join(u.Dir, name, "..")))
	}
	for _, c := range f.Code.Climbs {
		if outside(c.Pos, c.Value) {
			return true
		}
	}
	for file, targets := range f.Code.Local {
		for _, to := range targets {
			if tree.Within(file, dir) && !tree.Within(to, dir) {
				return true
			}
		}
	}
	for file, uses := range f.Code.Uses {
		for _, use := range uses {
			if tree.Within(file, dir) && f.Has(use.Value) && !u.Facts.Has(use.Value) {
				return true
			}
		}
	}
	return false
}
