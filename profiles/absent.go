package profiles

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/record"
)

// absent says which files of the app are there by name alone: what Git LFS has not
// fetched, and links out of the folder, which is the build context.
func absent(repo *detect.Repo, app detect.App, log *record.Log) {
	say := func(names []string, one, more, hint string) {
		own := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			rel, below := tree.Below(name, app.Dir)
			return !below || !matters(app, rel)
		})
		switch len(own) {
		case 0:
		case 1:
			log.Note(fact.At(own[0], 0), one, hint)
		default:
			log.Note(fact.At(own[0], 0), fmt.Sprintf("this file and %d more %s", len(own)-1, more), hint)
		}
	}
	say(repo.Pointers, "is only a pointer: Git LFS has not fetched the file", "are only pointers: Git LFS has not fetched them", "git lfs pull")
	say(repo.Links, "is a link that leads out of this folder, which is all that the build sees", "are links that lead out of this folder, which is all that the build sees", "put a copy in the place of the link")
}

// matters reports whether a file may be one that the app needs.
func matters(app detect.App, name string) bool {
	if path.Ext(name) == ".md" || strings.HasPrefix(name, ".") {
		return false
	}
	return aside.Folder(app.Facts.Language(), path.Dir(name)) == nil || slices.Contains([]string{"public", "static", "assets"}, strings.SplitN(name, "/", 2)[0])
}
