// Package detect reads a repository and says what is in it: one bounded walk,
// then a parser for each kind of manifest, each fact with its file and line.
// It decides nothing and invents nothing.
//
// Scan is the way in. Each language has a folder of its own; what it found is
// the Facts of an App. Scan is given the languages: their one list is
// profiles.Languages, which names beside each what decides for it.
package detect

import (
	"context"
	"io/fs"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
)

// Repo is what a scan found.
type Repo struct {
	Tree *tree.Tree
	// Apps are those of the root folder, several where several stacks share it. If it has none of its own, those of the folders
	// below come after what was found for it.
	Apps []App
	// Broken are the folders below in which a manifest cannot be read.
	Broken []Broken
	// Submodules are the folders of Git's submodules that are not checked out.
	Submodules []fact.Fact[string]
	// Pointers are the files that Git LFS has not fetched, and Links those that
	// symbolic links outside of the repository stand for, each by its link.
	Pointers []string
	Links    []string
	// Kept are the folders whose replaced Dockerfile is read from what Scan was given.
	Kept []string
}

// Broken is a folder of which a manifest cannot be read.
type Broken struct {
	Dir string
	Err error // as Find returned it
}

// Folders are the folders that have an app, or would have one if they could be read, in order.
func (r *Repo) Folders() []string {
	var out []string
	for _, a := range r.Apps {
		out = append(out, a.Dir)
	}
	for _, b := range r.Broken {
		out = append(out, b.Dir)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Own reports whether a folder has an app of its own, and not one of a folder below.
func (r *Repo) Own(dir string) bool {
	return slices.ContainsFunc(r.In(dir), func(a App) bool { return !a.Below() })
}

// In are the apps of a folder.
func (r *Repo) In(dir string) []App {
	var out []App
	for _, a := range r.Apps {
		if a.Dir == dir {
			out = append(out, a)
		}
	}
	return out
}

// Replaced is a Dockerfile whose place dockgen's own took, with its folder, and KeptAs the name of the file that it is
// kept under. What it says of the app stays true when that file is gone.
type Replaced struct{ Dir, Text string }

// KeptAs is that name.
const KeptAs = "Dockerfile.bak"

// App is one folder that one language's tools would build.
type App struct {
	Dir   string // slash-separated, "." for the root
	Facts Facts
	// Builds is how the repository itself builds, starts and publishes what is in
	// the folder, whatever its language.
	Builds *buildfile.Reader
}

// Bare reports whether no manifest stands behind the app.
func (a App) Bare() bool {
	b, ok := a.Facts.(interface{ Bare() bool })
	return ok && b.Bare()
}

// Below reports whether the app is not one of its folder itself, but of one below.
func (a App) Below() bool {
	b, ok := a.Facts.(interface{ Below() bool })
	return ok && b.Below()
}

// own reports whether the app is that of a manifest of its folder.
func (a App) own() bool { return !a.Below() && !a.Bare() }

// outside reports whether the app needs a folder beside its own.
func (a App) outside() bool {
	o, ok := a.Facts.(interface{ Outside() bool })
	return ok && o.Outside()
}

// Facts are one language's facts, a type of its folder. One that can tell an
// app without a manifest (a lone main.py) has a method Bare() bool; such facts
// give way to those of a manifest in the same folder. One that looked into the
// folders below, because its own has nothing for it, has a method Below() bool;
// such facts count only where the folder itself is no app of any language. One that can tell that
// its folder alone does not build has a method Outside() bool. One without a manifest that can tell a server has a method
// Starts() bool; beside folders that have one, it is an app, too. One of the root of a workspace
// has a method Members() []string, the folders below that are built from there. One that finds folders beside its own by their paths
// has a method Beside() []string, of which profiles makes the build context.
type Facts interface {
	// Language is the Name of the Language that found them: "go".
	Language() string
}

// Language is one of those that Scan looks for: its name, and what finds its
// apps. Find looks at one folder and returns nil facts if it is not an app of
// the language; a malformed manifest is a *fact.Error.
type Language struct {
	Name string // as Facts.Language has it
	Find func(t *tree.Tree, dir string) (Facts, error)
}

// foundIn is a key of tree.Once.
type foundIn struct{ language, dir string }

// found is what Find returned.
type found struct {
	facts Facts
	err   error
}

// In is what Find finds in a folder, which is looked for once.
func (l Language) In(t *tree.Tree, dir string) (Facts, error) {
	f, _ := t.Once(foundIn{l.Name, dir}, func() any {
		facts, err := l.Find(t, dir)
		return found{facts, err}
	}).(found)
	return f.facts, f.err
}

// Manifests are the names of the files that make a folder an app of the
// language. They are rows of the package aside, which says of a folder whose it
// is to languages that do not know of one another.
func (l Language) Manifests() []string { return aside.ManifestsOf(l.Name) }

// Scan reads the repository below fsys and looks for apps of the languages;
// profiles.Languages has those that dockgen writes files for. If several share a
// folder, their order is the last resort of the decision which of them is meant.
// For a folder on disk, fsys should be os.Root.FS, which no symbolic link leads
// out of. A malformed manifest of the root folder is a *fact.Error. A Dockerfile that was replaced is read
// where the folder has none of its own.
func Scan(ctx context.Context, fsys fs.FS, languages []Language, replaced ...Replaced) (*Repo, error) {
	t, err := tree.Scan(ctx, fsys, tree.Limits{})
	if err != nil {
		return nil, err
	}
	repo := &Repo{Tree: t, Submodules: absentSubmodules(t), Pointers: pointers(t), Links: t.LinksOut()}
	for _, r := range replaced {
		if r.Text != "" && t.Keep(path.Join(r.Dir, KeptAs), []byte(r.Text)) {
			repo.Kept = append(repo.Kept, r.Dir)
		}
	}
	marker.Of(t, ".") // for the decisions, which read no file
	if repo.Apps, err = find(t, ".", languages); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(repo.Apps, App.own) {
		repo.lookBelow(languages)
	}
	repo.preload()
	return repo, ctx.Err()
}

// Beside is the repository with the apps of those folders below that keep says of, although the root has one of its own.
func (r *Repo) Beside(languages []Language, keep func(dir string) bool) *Repo {
	out := *r
	out.Apps, out.Broken = slices.Clone(r.Apps), slices.Clone(r.Broken)
	isMember := r.members()
	for _, dir := range r.manifestFolders(languages) {
		if !keep(dir) || slices.ContainsFunc(out.Apps, func(a App) bool { return a.Dir != "." && tree.Within(dir, a.Dir) }) {
			continue
		}
		marker.Of(r.Tree, dir)
		found, err := find(r.Tree, dir, slices.DeleteFunc(slices.Clone(languages), func(l Language) bool { return isMember(dir, l.Name) }))
		if err != nil {
			out.Broken = append(out.Broken, Broken{dir, err})
			continue
		}
		out.Apps = append(out.Apps, slices.DeleteFunc(found, func(a App) bool {
			return !a.own() || a.outside() || aside.Folder(a.Facts.Language(), a.Dir) != nil
		})...)
	}
	out.preload()
	return &out
}

// members returns what reports whether a folder is a member of a workspace of the root, which is built from there.
func (r *Repo) members() func(dir, language string) bool {
	of := map[string][]string{}
	for _, a := range r.In(".") {
		if m, ok := a.Facts.(interface{ Members() []string }); ok {
			of[a.Facts.Language()] = m.Members()
		}
	}
	return func(dir, language string) bool { return slices.Contains(of[language], dir) }
}

// preload reads what the decisions need of the folders: they read no file.
func (r *Repo) preload() {
	folders := r.Folders()
	if len(folders) > 0 && folders[0] != "." { // the root's files speak of those below
		buildfile.Of(r.Tree, ".").Preload()
	}
	for _, dir := range folders {
		buildfile.Of(r.Tree, dir).Preload()
	}
}

// Beneath is the repository as if its root folder had no app of its own, so that the folders below count. The members of a workspace of
// the root are built from there, and are no apps by themselves.
func (r *Repo) Beneath(languages []Language) *Repo {
	out := *r
	out.Apps = slices.DeleteFunc(slices.Clone(r.Apps), App.own)
	out.lookBelow(languages)
	isMember := r.members()
	out.Apps = slices.DeleteFunc(out.Apps, func(a App) bool { return isMember(a.Dir, a.Facts.Language()) })
	out.Broken = slices.DeleteFunc(out.Broken, func(b Broken) bool {
		return slices.ContainsFunc(languages, func(l Language) bool { return isMember(b.Dir, l.Name) })
	})
	out.preload()
	return &out
}

// find are the apps of one folder.
func find(t *tree.Tree, dir string, languages []Language) ([]App, error) {
	var out []App
	for _, l := range languages {
		facts, err := l.In(t, dir)
		if err != nil {
			return nil, err
		}
		if facts != nil {
			out = append(out, App{Dir: dir, Facts: facts, Builds: buildfile.Of(t, dir)})
		}
	}
	return out, nil
}
