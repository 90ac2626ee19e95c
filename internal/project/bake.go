package project

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// share adds the files that are for several apps.
func (r *Result) share(req Request, old *lock.File) error {
	if err := r.bake(req, old); err != nil {
		return err
	}
	return r.composeFiles(req, old)
}

// bake adds the file that builds several apps, where there are several and the run is about all of them, or one has it already.
func (r *Result) bake(req Request, old *lock.File) error {
	had := old != nil && old.Apps[root].Files[templates.Bake] != nil
	one := len(r.Apps) < 2 && (r.Apps[0].Plan.Place == "" || old != nil && old.Chosen)
	if req.App != "" || one && !had { // docker build alone does not find the Dockerfile of a place
		return nil
	}
	names := targetNames(r.Apps)
	bake := plan.Bake{Only: r.BakesOnly()}
	for i, app := range r.Apps {
		t := plan.Target{Name: names[i]}
		var err error
		if t.Context, err = plan.NewHCL(app.Plan.Dir); err != nil {
			return err
		}
		if t.Tag, err = plan.NewHCL(app.Plan.Name); err != nil {
			return err
		}
		if app.Plan.Place != "" {
			if t.File, err = plan.NewHCL(path.Join(app.Plan.Place, templates.Dockerfile)); err != nil {
				return err
			}
		}
		bake.Targets = append(bake.Targets, t)
	}
	file, err := templates.RenderBake(bake)
	r.add(file)
	return err
}

// BakesOnly reports whether a compose file lies beside the bake file: docker buildx bake reads both, unless it is told of one
// (https://docs.docker.com/build/bake/reference/#file-format).
func (r *Result) BakesOnly() bool {
	return r.stack != nil || slices.ContainsFunc(composeNames, r.Apps[0].repo.Tree.Has)
}

// tellApart gives the images of apps that have the same name the names of their folders.
func (r *Result) tellApart() {
	names := targetNames(r.Apps)
	count := map[string]int{}
	for _, app := range r.Apps {
		count[app.Plan.Name]++
	}
	for i, app := range r.Apps {
		if count[app.Plan.Name] > 1 {
			app.Plan.Name = image.Name(names[i], "")
		}
	}
}

// targetNames gives each app the shortest name that tells it from the others: the last names of its folder.
func targetNames(apps []*App) []string {
	out := make([]string, len(apps))
	for words := 1; words <= maxWords; words++ {
		seen := map[string]bool{}
		for i, app := range apps {
			parts := strings.Split(app.Plan.Folder(), "/")
			if app.Plan.Folder() == root && len(apps) > 1 {
				parts = []string{app.Plan.Name}
			}
			out[i] = plan.TargetName(strings.Join(parts[max(0, len(parts)-words):], "-"))
			seen[out[i]] = true
		}
		if len(seen) == len(apps) {
			return out
		}
	}
	for i := range out { // folders that only other characters tell apart
		out[i] += "-" + strconv.Itoa(i+1)
	}
	return out
}

// maxWords is the depth of an app's folder, at most.
const maxWords = 8

// leave keeps a file of the user's own in the place of one that the apps share.
func (r *Result) leave(name string) {
	for _, app := range r.all() {
		if app.Plan.Folder() == root {
			app.drop(name)
		}
	}
	r.Apps[0].note(fact.At(name, 0), "is yours and stays as it is; dockgen would write another, for all the apps", "")
}
