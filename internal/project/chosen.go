package project

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// chosenFolders leaves out the folders in which the user chose no app, where the lock remembers that there was a choice: they are not decided.
func (r *run) chosenFolders(all []string) []string {
	if !r.lock.Chosen || r.req.App != "" {
		return all
	}
	var rest []string
	left := slices.DeleteFunc(slices.Clone(all), func(dir string) bool {
		for at, app := range r.lock.Apps {
			if app.Files[templates.Dockerfile] != nil && tree.Within(at, dir) {
				return false
			}
		}
		rest = append(rest, dir)
		return true
	})
	if len(left) == 0 { // none of them is there any more
		return all
	}
	r.unchosen = rest
	return left
}

// chosenPlaces does the same for the apps of one folder.
func (r *run) chosenPlaces(tried []attempt) []attempt {
	if !r.lock.Chosen || r.req.App != "" {
		return tried
	}
	var rest []string
	left := slices.DeleteFunc(slices.Clone(tried), func(t attempt) bool {
		out := !r.written(t.at.folder())
		if out {
			rest = append(rest, t.at.folder())
		}
		return out
	})
	if len(left) == 0 {
		return tried
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
