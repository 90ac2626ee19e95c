package project

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/plan"
)

// maxForeignDepth is the depth of a folder that is named, at most.
const maxForeignDepth = 4

// sayForeign names the folders beside the apps that are of a stack that dockgen does not read, with what says so: the first app has
// a note, and explain has them with what holds no app. An app of the root holds
// what is below it.
func (r *Result) sayForeign(repo *detect.Repo) {
	if slices.ContainsFunc(r.Apps, func(a *App) bool { return a.Plan.Of == root }) {
		return
	}
	seen := map[string]bool{}
	var names []string
	var none []plan.None
	for _, file := range repo.Tree.Files(root) {
		dir := path.Dir(file)
		if seen[dir] || dir == root || strings.Count(dir, "/") >= maxForeignDepth || strings.Contains("/"+dir, "/.") {
			continue
		}
		seen[dir] = true
		base, stack := aside.Unread(repo.Tree.Names(dir), nil, false)
		if base == "" {
			continue
		}
		inside := func(other string) bool { return tree.Within(dir, other) }
		held := slices.ContainsFunc(r.Apps, func(a *App) bool { return inside(a.Plan.Of) || tree.Within(a.Plan.Of, dir) }) ||
			slices.ContainsFunc(r.Refused, func(x Refused) bool { return inside(x.Dir) }) ||
			slices.ContainsFunc(none, func(n plan.None) bool { return inside(n.Dir) })
		if held || aside.Folder("", dir) != nil {
			continue
		}
		none = append(none, plan.None{Dir: dir, Why: stack + ", which dockgen does not read yet", Pos: fact.At(file[:len(dir)+1]+base, 0)})
		names = append(names, plan.Printable(dir, 60)+" ("+stack+": "+plan.Printable(base, 40)+")")
	}
	if len(names) == 0 {
		return
	}
	r.none = append(r.none, none...)
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "…")
	}
	first := r.Apps[0].Plan
	first.Notes = append(slices.Clip(first.Notes), plan.Note{Text: "dockgen does not read these folders yet, and writes no files for them: " + strings.Join(names, ", ")})
}
