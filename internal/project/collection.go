package project

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// minCollection is how many apps of a repository that calls itself a collection of examples are too many to write files for unasked.
const minCollection = 6

// collects matches the title of a repository that is one.
var collects = lazy.MustCompile(`(?i)\b(examples|samples|recipes|quick-?starts|tutorials|demos|snippets|exercises|katas)\b`)

// collection refuses a repository that calls itself a collection of examples and holds many, none of which the user asks for: each is an app
// of its own, and nobody runs them together.
func (r *run) collection(tried []attempt) error {
	apps := ofApps(tried)
	if len(apps) < minCollection || r.req.App != "" || len(r.lock.Apps) > 0 {
		return nil
	}
	title := buildfile.Of(r.repo.Tree, root).Title()
	if !collects.MatchString(title.Value) {
		return nil
	}
	var names []string
	for _, t := range apps {
		names = append(names, plan.Printable(t.at.code(), 200))
	}
	slices.Sort(names)
	return record.Refuse(title.Pos, "dockgen init --app "+plan.ShellQuote(names[0])+" writes the files of one, and of another when it is run again for that",
		"is a collection of %d examples, each of them an app of its own: %s", len(names), plan.Printable(strings.Join(names, ", "), 600))
}
