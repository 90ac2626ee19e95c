package node

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
)

// aliases are the names of files of the repository that are no relative paths:
// those of compilerOptions.paths and baseUrl, those of "imports" in package.json,
// and the packages of the workspace.
type aliases struct {
	tree  *tree.Tree
	units map[string]*Facts // the packages of the workspace, by their names
	dirs  map[string][]alias
}

// alias is one such name: what stands before and behind its star, and the paths
// that it stands for, from the root of the tree on, with a star each.
type alias struct {
	before, after string
	star          bool
	targets       []string
}

// Bounds of the aliases of one folder.
const (
	maxAliases = 200
	maxTargets = 8
)

func newAliases(t *tree.Tree, f *Facts) *aliases {
	a := &aliases{tree: t, units: map[string]*Facts{}, dirs: map[string][]alias{}}
	for _, u := range f.Packages {
		if u.Name != "" && u.Facts != nil {
			a.units[u.Name] = u.Facts
		}
	}
	return a
}

// bases are the paths, without what Node and TypeScript try behind them, that a
// specifier may stand for in a file.
func (a *aliases) bases(from, specifier string) []string {
	if a == nil || specifier == "" || strings.HasPrefix(specifier, "/") {
		return nil
	}
	var out []string
	for _, x := range a.of(path.Dir(from)) {
		middle, ok := strings.CutPrefix(specifier, x.before)
		if ok && x.star {
			middle, ok = strings.CutSuffix(middle, x.after)
		} else if ok {
			ok = middle == ""
		}
		if !ok {
			continue
		}
		for _, to := range x.targets {
			out = append(out, path.Clean(strings.Replace(to, "*", middle, 1)))
		}
	}
	return append(out, a.unit(specifier)...)
}

// unit are the paths of a package of the workspace: its entry or one of its files,
// as they are before the package is built, too.
func (a *aliases) unit(specifier string) []string {
	name := PackageOf(specifier)
	f := a.units[name]
	if f == nil {
		return nil
	}
	names := []string{"src/index", "index", "lib/index", "src/main"}
	if rest := strings.TrimPrefix(strings.TrimPrefix(specifier, name), "/"); rest != "" {
		names = []string{rest, "src/" + rest}
	} else {
		for _, entry := range []string{f.Module.Value, f.Main.Value, f.Exports.Value} {
			if entry != "" {
				names = append([]string{entry}, names...)
			}
		}
	}
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, path.Join(f.Dir, n))
	}
	return out
}

// of are the aliases that hold in a folder: those of the nearest configuration of
// TypeScript and of the nearest package.json with any.
func (a *aliases) of(dir string) []alias {
	if list, ok := a.dirs[dir]; ok {
		return list
	}
	var list []alias
	if dir != "." && dir != "/" {
		list = a.of(path.Dir(dir))
	}
	if own := a.configured(dir); own != nil {
		list = own
	}
	if own := a.imports(dir); own != nil {
		list = append(own, list...)
	}
	a.dirs[dir] = list
	return list
}

// configured are the aliases of tsconfig.json or jsconfig.json:
// https://www.typescriptlang.org/tsconfig/#paths.
func (a *aliases) configured(dir string) []alias {
	for _, name := range []string{"tsconfig.json", "jsconfig.json"} {
		if !a.tree.Has(path.Join(dir, name)) {
			continue
		}
		c, err := ReadTSConfig(a.tree, dir, name)
		if err != nil {
			return nil
		}
		return c.aliases
	}
	return nil
}

// imports are the aliases of the field "imports" of a package.json:
// https://nodejs.org/api/packages.html#subpath-imports.
func (a *aliases) imports(dir string) []alias {
	file := path.Join(dir, manifests[0])
	if !a.tree.Has(file) {
		return nil
	}
	v, err := document.Read(a.tree, file)
	if err != nil {
		return nil
	}
	var out []alias
	for _, m := range v.Get("imports").Members {
		to := exported(m.Value, 0).Value
		if !strings.HasPrefix(m.Key, "#") || !strings.HasPrefix(to, ".") || len(out) == maxAliases {
			continue
		}
		x := newAlias(m.Key)
		x.targets = []string{path.Join(dir, to)}
		if rest, ok := strings.CutPrefix(path.Clean(to), "dist/"); ok { // as it is before the build
			x.targets = append(x.targets, path.Join(dir, "src", rest))
		}
		out = append(out, x)
	}
	return out
}

func newAlias(pattern string) alias {
	before, after, star := strings.Cut(pattern, "*")
	return alias{before: before, after: after, star: star}
}

// paths are the aliases of compilerOptions, in a file of the folder base. What no
// pattern matches may be a path from baseUrl on.
func paths(options document.Value, base string) []alias {
	root, fallback := base, options.Get("baseUrl")
	if fallback.Kind == document.String {
		root = path.Join(base, fallback.Text)
	}
	var out []alias
	for _, m := range options.Get("paths").Members {
		x := newAlias(m.Key)
		for _, to := range m.Value.Strings() {
			if len(x.targets) < maxTargets {
				x.targets = append(x.targets, path.Join(root, to.Value))
			}
		}
		if len(out) < maxAliases {
			out = append(out, x)
		}
	}
	if fallback.Kind == document.String {
		out = append(out, alias{star: true, targets: []string{path.Join(root, "*")}})
	}
	return out
}
