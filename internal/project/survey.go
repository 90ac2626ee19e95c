package project

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
)

// NoApps are the folders that hold no app of their own, each with why, in order: those that were tried, those that a language knows, and
// the front ends that an app's image holds.
func (r *Result) NoApps() ([]plan.None, error) {
	known, err := profiles.NoApps(r.Apps[0].repo)
	if err != nil {
		return nil, err
	}
	apps := map[string]bool{}
	var out []plan.None
	for _, app := range r.Apps {
		apps[app.Plan.Of] = true
		for _, dir := range app.Plan.Holds {
			out = append(out, plan.None{Dir: dir, Why: "a front end that the image of " + plan.Printable(app.Plan.Of, 60) + " holds"})
		}
	}
	for _, x := range r.Refused {
		apps[x.Dir] = true
	}
	out = slices.DeleteFunc(slices.Concat(out, r.none, known), func(n plan.None) bool { return n.Dir == root || apps[n.Dir] })
	slices.SortStableFunc(out, func(a, b plan.None) int { return strings.Compare(a.Dir, b.Dir) })
	return slices.CompactFunc(out, func(a, b plan.None) bool { return a.Dir == b.Dir }), nil
}

// Needs are the folders of the repository beside an app's own that its image is made of or that it talks to: packages, front ends, other
// apps.
func (r *Result) Needs(app *App) []string {
	p := app.Plan
	var out []string
	for _, dir := range p.Needs {
		if dir = path.Join(p.Dir, dir); app.repo.Tree.HasDir(dir) && !tree.Within(dir, p.Of) && !tree.Within(p.Of, dir) {
			out = append(out, dir)
		}
	}
	out = append(out, p.Holds...)
	names := targetNames(r.Apps)
	for i, other := range r.Apps {
		if other != app && slices.ContainsFunc(p.Run.Env, func(e plan.Env) bool { return strings.Contains(e.Value.Raw(), "//"+names[i]+":") }) {
			out = append(out, other.Plan.Of)
		}
	}
	slices.Sort(out)
	last := ""
	return slices.DeleteFunc(out, func(dir string) bool {
		if last != "" && tree.Within(dir, last) {
			return true
		}
		last = dir
		return false
	})
}
