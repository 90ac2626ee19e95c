package golang

import (
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/detect/golang/load"
)

// LinkVar is a variable that a build may set with the linker's -X: a string of
// a package, declared with a constant or with nothing
// (https://pkg.go.dev/cmd/link).
type LinkVar struct {
	Package string // as -X names it: "main", or an import path
	Name    string
	Known   bool   // its declaration was read; that of another module is not
	Value   string // what it is declared with
	Written bool   // the program sets it too
	// Set is what the repository's own builds give it, as written there.
	Set []fact.Fact[string]
}

// linkVars lists the variables that the repository's builds set with -X, and
// the strings in main and in packages called version or buildinfo that only a
// build can set. imports are the packages of other modules that the program
// reaches.
func (r *reader) linkVars(a *analysis.Analysis, pkgs []*load.Package, imports []fact.Fact[string]) []fact.Fact[LinkVar] {
	var out []fact.Fact[LinkVar]
	links := map[string][]link{} // by the variable's name
	for _, f := range r.builds.Builds(r.home) {
		for _, l := range r.goFile(f).links {
			links[l.name] = append(links[l.name], l)
		}
	}
	vars := a.Strings(pkgs)
	packageOf := func(i int) string {
		if i == 0 {
			return "main"
		}
		return pkgs[i].Path
	}
	packages := map[string][]string{} // those that have a variable, by its name
	for i, list := range vars {
		for _, v := range list {
			packages[v.Name] = append(packages[v.Name], packageOf(i))
		}
	}
	for i, list := range vars {
		for _, v := range list {
			s := LinkVar{Package: packageOf(i), Name: v.Name, Known: true, Value: v.Value, Written: v.Written}
			for _, l := range links[v.Name] {
				if l.sets(s.Package, s.Name) && (l.module == "" || alone(l, packages[l.name])) {
					s.Set = append(s.Set, fact.Fact[string]{Value: l.value, Pos: l.pos})
				}
			}
			if len(s.Set) > 0 || i == 0 || isNamed(pkgs[i].Dir, saysVersion) {
				out = append(out, fact.Fact[LinkVar]{Value: s, Pos: v.Pos})
			}
		}
	}
	return append(out, r.foreignLinkVars(imports)...)
}

// foreignLinkVars lists the variables of other modules' packages that the
// repository's builds set.
func (r *reader) foreignLinkVars(imports []fact.Fact[string]) []fact.Fact[LinkVar] {
	reached := map[string]bool{}
	for _, x := range imports {
		reached[x.Value] = true
	}
	var out []fact.Fact[LinkVar]
	at := map[[2]string]int{}
	for _, f := range r.builds.Builds(r.home) {
		for _, l := range r.goFile(f).links {
			if l.module != "" || !reached[l.pkg] {
				continue
			}
			key := [2]string{l.pkg, l.name}
			i, ok := at[key]
			if !ok {
				i = len(out)
				at[key] = i
				out = append(out, fact.Fact[LinkVar]{Value: LinkVar{Package: l.pkg, Name: l.name}, Pos: l.pos})
			}
			out[i].Value.Set = append(out[i].Value.Set, fact.Fact[string]{Value: l.value, Pos: l.pos})
		}
	}
	return out
}

// alone reports whether one package only fits a link whose package is named by
// a variable that could not be followed.
func alone(l link, packages []string) bool {
	n := 0
	for _, p := range packages {
		if l.sets(p, l.name) {
			n++
		}
	}
	return n == 1
}
