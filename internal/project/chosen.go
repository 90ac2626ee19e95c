package project

import (
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/plan"
)

// chosenFolders leaves out the folders in which the user chose no app, where the lock remembers that there was a choice: they are not decided.
func (r *run) chosenFolders(all []string) []string {
	return chosen(r, all, func(dir string) string { return dir }, func(dir string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(r.lock.Apps)), func(at string) bool { return r.written(at) && tree.Within(at, dir) })
	})
}

// chosenPlaces does the same for the apps of one folder.
func (r *run) chosenPlaces(tried []attempt) []attempt {
	return chosen(r, tried, func(t attempt) string { return t.at.folder() }, r.written)
}

// chosen are those of a list whose folders have what was chosen, all if none has it any more.
func chosen[T any](r *run, all []T, folder func(T) string, has func(folder string) bool) []T {
	if !r.lock.Chosen || r.req.App != "" {
		return all
	}
	var left []T
	var rest []string
	for _, x := range all {
		if dir := folder(x); has(dir) {
			left = append(left, x)
		} else {
			rest = append(rest, dir)
		}
	}
	if len(left) == 0 {
		return all
	}
	r.unchosen = append(r.unchosen, rest...)
	return left
}

// sayUnchosen names the folders that may hold apps which the user did not choose.
func (r *Result) sayUnchosen(dirs []string) {
	if len(dirs) == 0 {
		return
	}
	slices.Sort(dirs)
	for i := range dirs {
		dirs[i] = plan.Printable(dirs[i], 60)
	}
	first := dirs[0]
	if len(dirs) > maxNamed {
		dirs = append(dirs[:maxNamed], "…")
	}
	r.Apps[0].note(fact.At(lock.Name, 0), "keeps the apps that were chosen; what else is here has no files of dockgen's: "+strings.Join(dirs, ", "),
		"dockgen init --app "+plan.ShellQuote(first)+" writes them; without the line \"chosen\" in "+lock.Name+", update writes all")
}
