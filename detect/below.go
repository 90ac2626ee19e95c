package detect

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/parallel"
)

// Bounds of the search for apps in folders below.
const (
	maxDepth   = 4   // of an app's folder
	maxFolders = 500 // that have a manifest and are looked at
)

// lookBelow finds the apps of a root folder that has none of its own: the outermost folders with one. What lies below an app is its
// own; tests, examples and the like are no apps. An app that was found for the root folder stays if there is one folder alone; code
// without a manifest gives way to several.
// Where the root is of a stack that is not built, what lies below is a part of that.
func (r *Repo) lookBelow(languages []Language) {
	if len(r.Apps) == 0 && slices.ContainsFunc(append(aside.Foreign(), "build.xml"), r.Tree.Has) {
		return
	}
	var apps []App
	var broken []Broken
	var taken []string
	inApp := func(dir string) bool {
		return slices.ContainsFunc(taken, func(t string) bool { return strings.HasPrefix(dir, t+"/") })
	}
	folders := r.manifestFolders(languages)
	for i, dir := range folders {
		if i == 0 || depth(dir) > depth(folders[i-1]) { // none of one depth holds another
			level := slices.DeleteFunc(slices.Clone(folders[i:]), func(d string) bool { return depth(d) > depth(dir) || inApp(d) })
			parallel.Each(len(level), func(i int) { _, _ = find(r.Tree, level[i], languages) }) // what it finds is kept
		}
		if inApp(dir) {
			continue
		}
		marker.Of(r.Tree, dir)
		found, err := find(r.Tree, dir, languages)
		if err != nil {
			broken, taken = append(broken, Broken{dir, err}), append(taken, dir)
			continue
		}
		found = slices.DeleteFunc(found, func(a App) bool { return !a.own() || aside.Folder(a.Facts.Language(), dir) != nil })
		if len(found) > 0 {
			apps, taken = append(apps, found...), append(taken, dir)
		}
	}
	if len(taken) > 0 {
		bare := r.bareFolders(languages, taken)
		apps = append(apps, bare...)
		for _, a := range bare {
			taken = append(taken, a.Dir)
		}
		if len(taken) < 2 && slices.ContainsFunc(r.Apps, App.Bare) { // a site more is no reason to leave the root's code
			return
		}
		sites := r.siteFolders(languages, taken)
		apps = append(apps, sites...)
		for _, a := range sites {
			taken = append(taken, a.Dir)
		}
	}
	if len(taken) < 2 && len(r.Apps) > 0 {
		return
	}
	for _, a := range r.Apps { // which is built from here where those below need one another
		ofLanguage := func(b App) bool { return b.Facts.Language() == a.Facts.Language() }
		if slices.ContainsFunc(apps, func(b App) bool { return ofLanguage(b) && b.outside() }) {
			apps = slices.DeleteFunc(apps, ofLanguage)
		}
	}
	r.Apps, r.Broken = append(slices.DeleteFunc(r.Apps, App.Bare), apps...), broken
}

// depth is how many folders a folder lies below.
func depth(dir string) int { return strings.Count(dir, "/") }

// bareFolders are the apps without a manifest in folders beside those that have one: the outermost folders whose code is a program.
func (r *Repo) bareFolders(languages []Language, taken []string) []App {
	var out []App
	looked := map[string]bool{}
	for _, f := range r.Tree.Files(".") {
		dir := path.Dir(f)
		if looked[dir] || dir == "." || len(looked) > maxFolders || path.Ext(f) != ".go" || depth(dir) >= maxDepth || hidden(dir) || aside.Folder("go", dir) != nil {
			continue
		}
		looked[dir] = true
		below := func(t string) bool { return tree.Within(dir, t) || tree.Within(t, dir) }
		if slices.ContainsFunc(taken, below) || slices.ContainsFunc(out, func(a App) bool { return below(a.Dir) }) || r.inModule(dir) {
			continue
		}
		for _, l := range languages {
			facts, err := l.In(r.Tree, dir)
			if p, ok := facts.(interface{ Starts() bool }); err == nil && ok && p.Starts() {
				out = append(out, App{Dir: dir, Facts: facts, Builds: buildfile.Of(r.Tree, dir)})
			}
		}
	}
	return out
}

// siteFolders are the sites without a manifest beside the apps: the outermost folders whose name or image says that browsers get what is there.
func (r *Repo) siteFolders(languages []Language, taken []string) []App {
	var dirs []string
	for _, f := range r.Tree.Files(".") {
		if path.Base(f) != "index.html" {
			continue
		}
		// The page may lie in a folder that the site's holds.
		for _, dir := range []string{path.Dir(path.Dir(f)), path.Dir(f)} {
			if dir != "." && depth(dir) < maxDepth && !hidden(dir) && aside.Folder("html", dir) == nil && len(dirs) < maxFolders {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.SortFunc(dirs, func(a, b string) int { return cmp.Or(depth(a)-depth(b), strings.Compare(a, b)) })
	var out []App
	for _, dir := range slices.Compact(dirs) {
		below := func(t string) bool { return tree.Within(dir, t) || tree.Within(t, dir) }
		if slices.ContainsFunc(taken, below) || slices.ContainsFunc(out, func(a App) bool { return below(a.Dir) }) || r.inModule(dir) {
			continue
		}
		for _, l := range languages {
			facts, err := l.In(r.Tree, dir)
			if s, ok := facts.(interface{ Site() bool }); err == nil && ok && s.Site() {
				out = append(out, App{Dir: dir, Facts: facts, Builds: buildfile.Of(r.Tree, dir)})
			}
		}
	}
	return out
}

// inModule reports whether a folder, or one above it, has a manifest.
func (r *Repo) inModule(dir string) bool {
	for above := range tree.Above(dir) {
		if slices.ContainsFunc(aside.Manifests(""), func(name string) bool { return r.Tree.Has(path.Join(above, name)) }) {
			return true
		}
	}
	return r.Tree.Has("go.mod")
}

// Aside is a folder that is not the app, with why.
type Aside struct {
	Dir string
	Row *aside.Row
}

// Aside are the outermost folders that hold a manifest and are for tests, examples or documentation, in order.
func (r *Repo) Aside(languages []Language) []Aside {
	of := map[string]string{} // the first language by the name of a manifest
	for _, l := range slices.Backward(languages) {
		for _, name := range l.Manifests() {
			of[name] = l.Name
		}
	}
	var out []Aside
	seen := map[string]bool{}
	for _, f := range r.Tree.Files(".") {
		if language, ok := of[path.Base(f)]; ok {
			if dir := path.Dir(f); !seen[dir] && !hidden(dir) {
				seen[dir] = true
				out = append(out, outermost(language, dir)...)
			}
		}
	}
	slices.SortFunc(out, func(a, b Aside) int { return strings.Compare(a.Dir, b.Dir) })
	return slices.CompactFunc(out, func(a, b Aside) bool { return a.Dir == b.Dir })
}

// outermost is the outermost of a folder and those above it that is not the app in that language; none for one that is.
func outermost(language, dir string) []Aside {
	for i := range len(dir) + 1 {
		if i == len(dir) || dir[i] == '/' {
			if row := aside.Folder(language, dir[:i]); row != nil {
				return []Aside{{dir[:i], row}}
			}
		}
	}
	return nil
}

// hidden reports whether a folder lies in one whose name starts with a dot: those are of tools (.github, .devcontainer).
func hidden(dir string) bool { return strings.HasPrefix(dir, ".") || strings.Contains(dir, "/.") }

// manifestFolders are the folders below that hold a manifest and are not aside in every language, those of least depth first.
func (r *Repo) manifestFolders(languages []Language) []string {
	var names []string
	for _, l := range languages {
		names = append(names, l.Manifests()...)
	}
	var out []string
	for _, f := range r.Tree.Files(".") {
		dir := path.Dir(f)
		if dir != "." && slices.Contains(names, path.Base(f)) && depth(dir) < maxDepth && !hidden(dir) && aside.Folder("", dir) == nil {
			out = append(out, dir)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(depth(a)-depth(b), strings.Compare(a, b))
	})
	out = slices.Compact(out)
	return out[:min(len(out), maxFolders)]
}
