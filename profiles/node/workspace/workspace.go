// Package workspace knows the packages of a repository, and how they use one
// another: the root with its package.json, and the members of its workspace
// (https://docs.npmjs.com/cli/using-npm/workspaces). It decides nothing.
package workspace

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
)

// Unit is a member of the workspace.
type Unit = node.WorkspaceUnit

// App is the package that the image is for: the root of the repository, or a
// member of its workspace. Nothing changes it. Paths are relative to the root.
type App struct {
	Tree *tree.Tree
	Root *node.Facts // of the root, which has the lockfile and the code of all
	// Own are the app's own facts: those of Root, or what the member says of
	// itself, with the code that it uses, and with the dependencies of the root,
	// in which Node finds packages too.
	Own    *node.Facts
	Member *Unit // nil: the app is the root
	// Alone says that no other member of the workspace is an app.
	Alone bool
	// Project is that of Nx whose build makes what the image is for, in a folder without a manifest; its Name is "" for none.
	Project node.NxProject

	uses     map[*Unit][]use
	imported map[string]map[string]bool // the packages that the code of each member imports, by its folder
}

// use is the use of one member by another.
type use struct {
	unit *Unit
	dev  bool // by its development alone
}

// New is the root of a repository as the app.
func New(t *tree.Tree, f *node.Facts) App {
	imported := imports(f)
	return App{Tree: t, Root: f, Own: f, uses: uses(f, imported), imported: imported}
}

// Of is a member as the app. start is what starts it in place of its own start
// script; an empty one is none.
func (a App) Of(u *Unit, start fact.Fact[string]) App {
	a.Member, a.Own = u, a.facts(u)
	if start.Value != "" {
		scripts := maps.Clone(a.Own.Scripts)
		if scripts == nil {
			scripts = map[string]fact.Fact[string]{}
		}
		scripts["start"] = start
		a.Own.Scripts = scripts
	}
	return a
}

// OfProject is a project of Nx as the app: what the root's scripts start and build is not it, and the code of the others, which have
// folders of their own, is no part of it.
func (a App) OfProject(p node.NxProject, others []string) App {
	own := *a.Root
	if p.Dir != "." { // of the root's own, they are
		own.Scripts = maps.Clone(own.Scripts)
		maps.DeleteFunc(own.Scripts, func(name string, _ fact.Fact[string]) bool { return name != "test" })
	}
	own.Code = own.Code.Without(others...)
	a.Root, a.Own, a.Project = &own, &own, p
	return a
}

// facts are what App.Own has of a member.
func (a App) facts(u *Unit) *node.Facts {
	own := *u.Facts
	var dirs []string
	for _, used := range a.Closure(u, false) {
		dirs = append(dirs, path.Join(a.Root.Dir, used.Dir))
	}
	own.Code = a.Root.Code.Below(dirs...)
	own.Deps = slices.Clone(own.Deps)
	for _, d := range a.Root.Deps {
		if !own.Has(d.Name) {
			own.Deps = append(own.Deps, d)
		}
	}
	return &own
}

// Has reports whether the repository has a file.
func (a App) Has(file string) bool { return a.Tree.Has(a.Path(file)) }

// HasDir reports whether the repository has a folder.
func (a App) HasDir(dir string) bool { return a.Tree.HasDir(a.Path(dir)) }

// Path is a file or folder as the scanned tree names it.
func (a App) Path(file string) string { return path.Join(a.Root.Dir, file) }

// Rel is a file or folder of the scanned tree as it is named from the root on.
func (a App) Rel(file string) string { return relative(a.Root, file) }

func relative(root *node.Facts, file string) string {
	return strings.TrimPrefix(file, strings.TrimPrefix(root.Dir+"/", "./"))
}

// At is the place of a whole file.
func (a App) At(file string) fact.Pos { return fact.At(a.Path(file), 0) }

// Manifest is the place of the root's manifest, or of the program that has none.
func (a App) Manifest() fact.Pos { return a.At(a.Root.Manifest + a.Root.Bare) }

// Dir is the app's folder, "" for the root.
func (a App) Dir() string {
	if a.Member == nil {
		return ""
	}
	return a.Member.Dir
}

// Deps are the dependencies of the root and of all members.
func (a App) Deps() []node.Dep { return a.Root.All() }

// Used reports whether another member depends on a member, so that it is no app
// but a package.
func (a App) Used(u *Unit) bool {
	return slices.ContainsFunc(a.Root.Packages, func(other Unit) bool { return other.Dir != u.Dir && other.Facts.Has(u.Name) })
}

// Imported reports whether the code of another member imports a member to run: one that is imported for its types alone is not.
func (a App) Imported(u *Unit) bool {
	for dir, names := range a.imported {
		if dir != u.Dir && names[u.Name] {
			return true
		}
	}
	return false
}

// Closure is a member after the members that it uses, each after those that it
// uses itself; prod leaves out what only their development uses.
func (a App) Closure(u *Unit, prod bool) []*Unit {
	var out []*Unit
	seen := map[*Unit]bool{}
	var visit func(u *Unit)
	visit = func(u *Unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, x := range a.uses[u] {
			if !prod || !x.dev {
				visit(x.unit)
			}
		}
		out = append(out, u)
	}
	visit(u)
	return out
}

// uses finds which members each one uses, in their order: those that it
// depends on, and those that it imports without saying so, because package
// managers that hoist link all members.
func uses(f *node.Facts, imported map[string]map[string]bool) map[*Unit][]use {
	named := map[string][]*Unit{}
	for i := range f.Packages {
		if u := &f.Packages[i]; u.Name != "" {
			named[u.Name] = append(named[u.Name], u)
		}
	}
	out := map[*Unit][]use{}
	for i := range f.Packages {
		u := &f.Packages[i]
		found := map[*Unit]bool{}
		add := func(name string) {
			for _, other := range named[name] {
				found[other] = other != u
			}
		}
		for _, d := range u.Facts.Deps {
			add(d.Name)
		}
		for name := range imported[u.Dir] {
			add(name)
		}
		for other, ok := range found {
			if ok {
				d, _ := u.Facts.Dep(other.Name)
				out[u] = append(out[u], use{other, !imported[u.Dir][other.Name] && d.Kind == node.Dev})
			}
		}
		slices.SortFunc(out[u], func(x, y use) int { return strings.Compare(x.unit.Dir, y.unit.Dir) })
	}
	return out
}

// imports are the packages that the code of each member imports, by its folder.
func imports(f *node.Facts) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, u := range f.Packages {
		out[u.Dir] = map[string]bool{}
	}
	for file, uses := range f.Code.Uses {
		for dir := range tree.Above(path.Dir(relative(f, file))) {
			if names, ok := out[dir]; ok {
				for _, u := range uses {
					names[u.Value] = true
				}
			}
		}
	}
	return out
}

// IsBuilt reports whether what others import of a member is written by its build.
func (a App) IsBuilt(u *Unit) bool {
	for _, e := range []fact.Fact[string]{u.Facts.Exports, u.Facts.Main, u.Facts.Module} {
		if e.Value != "" {
			file := path.Join(u.Facts.Dir, e.Value)
			return !a.Tree.Has(file) && !a.Tree.Has(file+".js") && !a.Tree.Has(path.Join(file, "index.js"))
		}
	}
	return false
}

// Running are the folders of the members that prod runs: the app with the
// members that it uses, or all where the root is the app.
func (a App) Running() map[string]bool {
	out := map[string]bool{}
	if a.Member != nil {
		for _, u := range a.Closure(a.Member, true) {
			out[u.Dir] = true
		}
		return out
	}
	for _, u := range a.Root.Packages {
		out[u.Dir] = true
	}
	return out
}

// ModuleFolders are the folders below the root in which something may be
// installed for one of the members alone.
func ModuleFolders(members []Unit) []string {
	var dirs []string
	for _, u := range members {
		if len(u.Deps) > 0 {
			dirs = append(dirs, path.Join(u.Dir, "node_modules"))
		}
	}
	return dirs
}
