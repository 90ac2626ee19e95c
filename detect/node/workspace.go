package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Bounds of the patterns of a workspace. The time of a match grows with the
// alternatives that braces make, and with nothing else.
const (
	maxGlobs        = 500
	maxAlternatives = 256
	maxBraces       = 8 // in one another
)

// workspace finds the members of a workspace: the folders with a manifest
// that the patterns of package.json match
// (https://docs.npmjs.com/cli/using-npm/workspaces, https://yarnpkg.com/features/workspaces,
// https://bun.com/docs/install/workspaces), or for pnpm those of
// pnpm-workspace.yaml (https://pnpm.io/pnpm-workspace_yaml).
func (f *Facts) workspace(t *tree.Tree) error {
	pnpm := false
	if file := path.Join(f.Dir, "pnpm-workspace.yaml"); t.Has(file) {
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		f.patched(v.Get("patchedDependencies"))
		f.catalogs(v)
		// pnpm does not read the workspaces of package.json, nor the others
		// this file.
		if packages := v.Get("packages").Strings(); len(packages) > 0 &&
			(len(f.Workspaces) == 0 || strings.HasPrefix(f.PackageManager.Value, "pnpm") || t.Has(path.Join(f.Dir, "pnpm-lock.yaml"))) {
			f.Workspaces, pnpm = packages, true
		}
	}
	bun := t.Has(path.Join(f.Dir, "bun.lock")) || t.Has(path.Join(f.Dir, "bun.lockb"))
	in, err := newPatterns(f.Workspaces, pnpm, bun)
	if err != nil || len(f.Workspaces) == 0 {
		return err
	}
	for _, file := range t.Named(f.Dir, manifests...) {
		dir := relative(f.Dir, path.Dir(file))
		if dir == "." || !in.match(dir) {
			continue
		}
		if err := f.member(t, file, bun); err != nil {
			return err
		}
	}
	slices.SortFunc(f.Packages, func(a, b WorkspaceUnit) int { return strings.Compare(a.Dir, b.Dir) })
	for _, w := range f.Workspaces {
		named := !strings.ContainsAny(w.Value, "*?[{(!") && !slices.ContainsFunc(f.Packages, func(u WorkspaceUnit) bool { return u.Dir == path.Clean(w.Value) })
		if catchAll := path.Clean(w.Value) == "." || strings.HasPrefix(w.Value, "*"); !catchAll && (named || len(f.Packages) == 0 && !strings.HasPrefix(w.Value, "!")) {
			f.Empty = append(f.Empty, w)
		}
	}
	return nil
}

// member reads the manifest of a member, and what its folder says beside it; loose says that the manifest may hold what npm does not read.
func (f *Facts) member(t *tree.Tree, file string, loose bool) error {
	v, err := document.Read(t, file)
	if err != nil {
		return err
	}
	own := &Facts{Dir: path.Dir(file), Manifest: path.Base(file), Files: t.Names(path.Dir(file))}
	if !loose {
		if err := own.strict(t); err != nil {
			return err
		}
	}
	if err := own.manifest(v); err != nil {
		return err
	}
	own.nxTargets(v)
	if err := own.moon(t, f.moonTasks, relative(f.Dir, own.Dir)); err != nil {
		return err
	}
	if err := own.tsconfig(t); err != nil {
		return err
	}
	marker.Of(t, own.Dir)
	if own.Config, err = readConfig(t, own); err != nil {
		return err
	}
	own.Passes = own.passes(t, v.Get("proxy").Fact())
	own.prisma(t, v)
	dir := relative(f.Dir, own.Dir)
	for _, p := range own.Patches {
		if inside := path.Join(dir, p.Value); t.Has(path.Join(f.Dir, inside)) {
			p.Value = inside
		}
		f.patch(p.Value, p.Pos)
	}
	f.Packages = append(f.Packages, WorkspaceUnit{
		Dir: dir, Manifest: own.Manifest, Name: own.Name.Value,
		Scripts: own.Scripts, Deps: own.Deps, Facts: own,
	})
	return nil
}

// catalogs notes the dependencies that the catalogs of a file have a range for:
// https://pnpm.io/catalogs, https://bun.com/docs/pm/catalogs, https://yarnpkg.com/features/catalogs.
func (f *Facts) catalogs(v document.Value) {
	f.catalog("default", v.Get("catalog"))
	for _, m := range v.Get("catalogs").Members {
		f.catalog(m.Key, m.Value)
	}
}

func (f *Facts) catalog(name string, list document.Value) {
	if f.Catalogs == nil {
		f.Catalogs = map[string]bool{}
	}
	for _, m := range list.Members {
		f.Catalogs[name+":"+m.Key] = true
	}
}

// patterns are those of a workspace, with *, **, ?, [abc], {a,b}, and for all but Bun
// @(a|b), !(a|b) and the like. A folder is a member if one of them matches and no
// negated one does.
type patterns struct {
	dirs   map[string]bool // patterns without a wildcard
	globs  []glob
	except []glob // negated
}

// negation matches the exclamation marks before a pattern; an even number negates
// nothing. rooted matches the beginnings that change nothing:
// https://github.com/npm/map-workspaces/blob/main/lib/index.js.
var (
	negation = lazy.MustCompile(`^!*`)
	rooted   = lazy.MustCompile(`^\.?/+`)
)

// newPatterns reads the list. For pnpm, which hands it to fast-glob, the order
// means nothing (https://github.com/mrmlnc/fast-glob#how-to-exclude-directory-from-reading);
// for the others a pattern takes back the negated ones before it that match
// its own text.
func newPatterns(list []fact.Fact[string], pnpm, bun bool) (*patterns, error) {
	p := &patterns{dirs: map[string]bool{}}
	for _, one := range list {
		marks := len(negation.FindString(one.Value))
		text := rooted.ReplaceAllString(strings.ReplaceAll(one.Value[marks:], `\`, "/"), "")
		text = strings.TrimRight(text, "/")
		g, valid := newGlob(text, !bun)
		plain := !strings.ContainsAny(text, "*?[{") && g.extended == nil
		switch {
		case alternatives(text) > maxAlternatives:
			return nil, fact.Errorf(one.Pos, "has a workspace pattern whose braces make more than %d alternatives, or are deeper than %d", maxAlternatives, maxBraces)
		case !valid:
			continue
		case marks%2 == 1:
			p.except = append(p.except, g)
		case plain:
			p.dirs[path.Clean(text)] = true
		default:
			p.globs = append(p.globs, g)
		}
		if marks%2 == 0 && !pnpm {
			p.except = slices.DeleteFunc(p.except, func(not glob) bool { return not.match(text) })
		}
		if len(p.globs)+len(p.except) > maxGlobs {
			return nil, fact.Errorf(one.Pos, "is one of more than %d workspace patterns", maxGlobs)
		}
	}
	return p, nil
}

// match reports whether a folder, which has a manifest, is a member.
func (p *patterns) match(dir string) bool {
	matches := func(g glob) bool { return g.match(dir) && (!hidden(dir) || hidden(g.text)) }
	return (p.dirs[dir] || slices.ContainsFunc(p.globs, matches)) && !slices.ContainsFunc(p.except, matches) &&
		!strings.Contains("/"+dir+"/", "/node_modules/") && !strings.Contains("/"+dir+"/", "/bower_components/")
}

// hidden reports whether a folder of the path starts with a dot, which
// wildcards do not match: https://github.com/isaacs/minimatch#dot.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// alternatives is how many patterns braces stand for, at the most. Those of
// braces that are too deep are too many.
func alternatives(glob string) int {
	all, here, depth := 1, 1, 0
	for _, c := range glob {
		switch c {
		case '{':
			if depth++; depth > maxBraces {
				return maxAlternatives + 1
			}
		case ',':
			if depth > 0 {
				here++
			}
		case '}':
			if depth--; depth <= 0 {
				all, here, depth = min(all*here, maxAlternatives+1), 1, 0
			}
		}
	}
	return all
}
