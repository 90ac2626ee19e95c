package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// manifests are the names under which a package describes itself; pnpm reads
// all of them (https://pnpm.io/package_json), the others only the first.
var manifests = []string{"package.json", "package.json5", "package.yaml"} //nolint:gochecknoglobals // a constant table

// Detect returns nil where dir holds no package.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	f := &Facts{Dir: path.Clean(dir), Files: t.Names(dir)}
	for _, name := range manifests {
		if t.Has(path.Join(dir, name)) {
			f.Manifest = name
			break
		}
	}
	if f.Manifest == "" {
		if t.IsLink(path.Join(dir, manifests[0])) {
			_, err := t.Read(path.Join(dir, manifests[0]))
			return nil, err
		}
		return nil, nil
	}
	root, err := readValue(t, path.Join(dir, f.Manifest))
	if err != nil {
		return nil, err
	}
	if err := f.manifest(root); err != nil {
		return nil, err
	}
	steps := []func(*tree.Tree) error{f.workspace, f.locals, f.npmrc, f.yarnrc, f.bunfig, f.lockfiles, f.versions, f.procfile, f.tsconfig, f.nx, f.shebangs}
	for _, step := range steps {
		if err := step(t); err != nil {
			return nil, err
		}
	}
	f.Code = readCode(t, f.Dir)
	if f.Config, err = readConfig(t, f); err != nil {
		return nil, err
	}
	f.prisma(t, root)
	return f, nil
}

// manifest takes over package.json:
// https://docs.npmjs.com/cli/configuring-npm/package-json. A field of another
// type than npm wants counts as absent, as npm treats it.
func (f *Facts) manifest(v value) error {
	if v.members == nil && v.text != "" || v.items != nil {
		return fact.Errorf(fact.At(v.file, v.line), "is not an object").WithHint("a package.json starts with {")
	}
	f.Name, f.Description = v.get("name").fact(), v.get("description").fact()
	f.Type, f.Main, f.Module = v.get("type").fact(), v.get("main").fact(), v.get("module").fact()
	f.Exports = exported(v.get("exports"), 0)
	f.PackageManager = v.get("packageManager").fact()
	f.Scripts, f.Engines, f.Volta = v.get("scripts").facts(), v.get("engines").facts(), v.get("volta").facts()
	f.Workspaces = v.get("workspaces").list()
	if packages := v.get("workspaces", "packages"); len(packages.items) > 0 {
		f.Workspaces = packages.list()
	}
	switch bin := v.get("bin"); {
	case bin.str:
		f.Bin = bin.list()
	default:
		for _, m := range bin.members {
			if m.value.str {
				f.Bin = append(f.Bin, m.value.fact())
			}
		}
	}
	for _, table := range []struct {
		key     string
		runtime bool
	}{{"runtime", true}, {"packageManager", false}} {
		// https://docs.npmjs.com/cli/configuring-npm/package-json#devengines
		e := v.get("devEngines", table.key)
		for _, one := range append([]value{e}, e.items...) {
			if name := one.get("name").fact(); name.Found() {
				version := one.get("version").fact()
				if !version.Found() {
					version.Pos = name.Pos
				}
				f.DevEngines = append(f.DevEngines, Engine{Runtime: table.runtime, Name: name.Value, Version: version, OnFail: one.get("onFail").text})
			}
		}
	}
	f.Deps = deps(v)
	f.patches(v)
	return nil
}

// exported is the file that exports gives Node for the package itself: the
// first of its conditions that hold (https://nodejs.org/api/packages.html#conditional-exports).
func exported(v value, depth int) fact.Fact[string] {
	if v.str || depth > 4 {
		return v.fact()
	}
	for _, i := range v.items {
		if got := exported(i, depth+1); got.Found() {
			return got
		}
	}
	for _, m := range v.members {
		if slices.Contains([]string{".", "node", "import", "module-sync", "require", "default"}, m.key) {
			if got := exported(m.value, depth+1); got.Found() {
				return got
			}
		}
	}
	return fact.Fact[string]{}
}

// deps lists a manifest's dependencies.
func deps(v value) []Dep {
	var out []Dep
	for _, kind := range []Kind{Prod, Dev, Peer, Optional} {
		for _, m := range v.get(string(kind)).members {
			if m.value.str {
				out = append(out, Dep{Name: m.key, Range: m.value.text, Kind: kind, Pos: fact.At(v.file, m.line)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Dep) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// workspace finds the members of a workspace: the folders with a manifest
// that a pattern of package.json or pnpm-workspace.yaml matches
// (https://docs.npmjs.com/cli/using-npm/workspaces, https://pnpm.io/pnpm-workspace_yaml).
func (f *Facts) workspace(t *tree.Tree) error {
	patterns := f.Workspaces
	if file := path.Join(f.Dir, "pnpm-workspace.yaml"); t.Has(file) {
		v, err := readValue(t, file)
		if err != nil {
			return err
		}
		patterns = append(patterns[:len(patterns):len(patterns)], v.get("packages").list()...)
		f.Workspaces = patterns
		f.patched(v.get("patchedDependencies"))
	}
	if len(patterns) == 0 {
		return nil
	}
	for _, file := range t.Files(f.Dir) {
		base := path.Base(file)
		if !slices.Contains(manifests, base) || strings.Contains("/"+file, "/node_modules/") {
			continue
		}
		dir := relative(f.Dir, path.Dir(file))
		if dir == "." || !isMember(patterns, dir) {
			continue
		}
		v, err := readValue(t, file)
		if err != nil {
			return err
		}
		own := &Facts{Dir: path.Dir(file), Manifest: base, Files: t.Names(path.Dir(file))}
		if err := own.manifest(v); err != nil {
			return err
		}
		if err := own.tsconfig(t); err != nil {
			return err
		}
		if own.Config, err = readConfig(t, own); err != nil {
			return err
		}
		for _, p := range own.Patches {
			if inside := path.Join(dir, p.Value); t.Has(path.Join(f.Dir, inside)) {
				p.Value = inside
			}
			f.patch(p.Value, p.Pos)
		}
		f.Packages = append(f.Packages, WorkspaceUnit{
			Dir: dir, Manifest: base, Name: own.Name.Value,
			Scripts: own.Scripts, Deps: own.Deps, Facts: own,
		})
	}
	slices.SortFunc(f.Packages, func(a, b WorkspaceUnit) int { return strings.Compare(a.Dir, b.Dir) })
	return nil
}

// isMember reports whether dir matches the patterns, of which a later one that
// starts with ! takes back.
func isMember(patterns []fact.Fact[string], dir string) bool {
	in := false
	for _, p := range patterns {
		glob, not := strings.CutPrefix(p.Value, "!")
		glob = strings.TrimSuffix(strings.TrimPrefix(glob, "./"), "/")
		if globMatch(strings.Split(glob, "/"), strings.Split(dir, "/")) {
			in = !not
		}
	}
	return in
}

// globMatch matches path segments; ** stands for any number of them.
func globMatch(glob, dir []string) bool {
	switch {
	case len(glob) == 0:
		return len(dir) == 0
	case glob[0] == "**":
		for i := 0; i <= len(dir); i++ {
			if globMatch(glob[1:], dir[i:]) {
				return true
			}
		}
		return false
	case len(dir) == 0:
		return false
	}
	ok, err := path.Match(glob[0], dir[0])
	return err == nil && ok && globMatch(glob[1:], dir[1:])
}

// relative is p seen from dir.
func relative(dir, p string) string {
	if dir == "." {
		return p
	}
	if p == dir {
		return "."
	}
	return strings.TrimPrefix(p, dir+"/")
}

var shebang = regexp.MustCompile(`^#!\s*(?:/usr)?/bin/(?:env\s+)?([a-z]+)`)

// shebangs reads the first lines of the shell scripts.
func (f *Facts) shebangs(t *tree.Tree) error {
	f.Shebangs = map[string]string{}
	for _, file := range t.Files(f.Dir) {
		if !strings.HasSuffix(file, ".sh") || len(f.Shebangs) >= 50 {
			continue
		}
		head, err := t.ReadHead(file, 80)
		if err != nil {
			continue
		}
		if m := shebang.FindSubmatch(head); m != nil {
			f.Shebangs[relative(f.Dir, file)] = string(m[1])
		}
	}
	return nil
}
