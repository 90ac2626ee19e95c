package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// manifests are the names under which a package describes itself; pnpm reads
// all of them (https://pnpm.io/package_json), the others only the first.
var manifests = []string{"package.json", "package.json5", "package.yaml"} //nolint:gochecknoglobals // a constant table

// Detect returns nil where dir holds no package, and no program that Node runs without one.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	f := &Facts{Dir: path.Clean(dir), Files: t.Names(dir), Dirs: t.Dirs(path.Clean(dir))}
	if is, err := f.rush(t); is || err != nil {
		return f, err
	}
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
		return bare(t, f), nil
	}
	root, err := document.Read(t, path.Join(dir, f.Manifest))
	if err != nil {
		return nil, err
	}
	if err := f.strict(t); err != nil {
		return nil, err
	}
	if err := f.manifest(root); err != nil {
		return nil, err
	}
	f.nxTargets(root)
	steps := []func(*tree.Tree) error{f.moonRoot, func(t *tree.Tree) error { return f.moon(t, f.moonTasks, ".") }, f.workspace, f.locals, f.npmrc, f.yarnrc, f.bunfig, f.lockfiles, f.versions, f.procfile, f.recipes, f.others, f.tsconfig, f.nx}
	for _, step := range steps {
		if err := step(t); err != nil {
			return nil, err
		}
	}
	marker.Of(t, f.Dir)
	f.readCode(t)
	if f.Config, err = readConfig(t, f); err != nil {
		return nil, err
	}
	f.Passes = f.passes(t, root.Get("proxy").Fact())
	f.prisma(t, root)
	return f, nil
}

// maxScript is the most bytes of a script: one that starts the app has to fit
// into a line of a Dockerfile, which BuildKit reads up to 64 KiB of.
const maxScript = 16 << 10

// manifest takes over package.json:
// https://docs.npmjs.com/cli/configuring-npm/package-json. A field of another
// type than npm wants counts as absent, as npm treats it.
func (f *Facts) manifest(v document.Value) error {
	if v.Kind != document.Object && v.Found() {
		return fact.Errorf(v.Pos(), "is not an object").WithHint("a package.json starts with {")
	}
	f.Name, f.Description = v.Get("name").Fact(), v.Get("description").Fact()
	f.Private = v.Get("private").IsTrue()
	f.Type, f.Main, f.Module = v.Get("type").Fact(), v.Get("main").Fact(), v.Get("module").Fact()
	f.Exports = exported(v.Get("exports"), 0)
	f.PackageManager = v.Get("packageManager").Fact()
	f.AllowScripts = len(v.Get("allowScripts").Members) > 0
	f.Scripts, f.Engines, f.Volta = v.Get("scripts").Facts(), v.Get("engines").Facts(), v.Get("volta").Facts()
	f.wireit(v.Get("wireit"))
	f.scriptsOfLinux()
	for _, name := range sortedKeys(f.Scripts) {
		if s := f.Scripts[name]; len(s.Value) > maxScript {
			return fact.Errorf(s.Pos, "the script %s has %d bytes, and dockgen reads no more than %d of one", fact.Clip(name), len(s.Value), maxScript).
				WithHint("move it to a file, and let the script run that")
		}
	}
	f.Workspaces = v.Get("workspaces").Strings()
	if packages := v.Get("workspaces", "packages"); len(packages.Items) > 0 {
		f.Workspaces = packages.Strings()
	}
	switch bin := v.Get("bin"); bin.Kind {
	case document.String:
		f.Bin = bin.Strings()
	default:
		for _, m := range bin.Members {
			if m.Value.Kind == document.String {
				f.Bin = append(f.Bin, m.Value.Fact())
			}
		}
	}
	for _, table := range []struct {
		key     string
		runtime bool
	}{{"runtime", true}, {"packageManager", false}} {
		// https://docs.npmjs.com/cli/configuring-npm/package-json#devengines
		e := v.Get("devEngines", table.key)
		for _, one := range append([]document.Value{e}, e.Items...) {
			if name := one.Get("name").Fact(); name.Found() {
				version := one.Get("version").Fact()
				if !version.Found() {
					version.Pos = name.Pos
				}
				f.DevEngines = append(f.DevEngines, Engine{Runtime: table.runtime, Name: name.Value, Version: version, OnFail: one.Get("onFail").Text})
			}
		}
	}
	f.Fields = map[string]fact.Pos{}
	for _, m := range v.Members {
		if !m.Value.IsFalse() {
			f.Fields[m.Key] = fact.At(v.File, m.Line)
		}
	}
	f.Deps = deps(v)
	f.catalogs(v)
	f.catalogs(v.Get("workspaces"))
	f.patches(v)
	return nil
}

// exported is the file that exports gives Node for the package itself: the
// first of its conditions that hold (https://nodejs.org/api/packages.html#conditional-exports).
func exported(v document.Value, depth int) fact.Fact[string] {
	if v.Kind == document.String || depth > 4 {
		return v.Fact()
	}
	for _, i := range v.Items {
		if got := exported(i, depth+1); got.Found() {
			return got
		}
	}
	for _, m := range v.Members {
		if slices.Contains([]string{".", "node", "import", "module-sync", "require", "default"}, m.Key) {
			if got := exported(m.Value, depth+1); got.Found() {
				return got
			}
		}
	}
	return fact.Fact[string]{}
}

// deps lists a manifest's dependencies.
func deps(v document.Value) []Dep {
	var out []Dep
	for _, kind := range []Kind{Prod, Dev, Peer, Optional} {
		for _, m := range v.Get(string(kind)).Members {
			if m.Value.Kind == document.String {
				out = append(out, Dep{Name: m.Key, Range: m.Value.Text, Kind: kind, Pos: fact.At(v.File, m.Line)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Dep) int { return strings.Compare(a.Name, b.Name) })
	return out
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

// procfile reads the processes of the Procfile.
func (f *Facts) procfile(t *tree.Tree) (err error) {
	f.Procfile, err = buildfile.Of(t, f.Dir).Procfile()
	return err
}

// strict refuses a package.json that is read here, and neither by Node nor by npm,
// pnpm and Yarn: one with comments or trailing commas. Bun takes both:
// https://bun.com/docs/runtime/jsonc.
func (f *Facts) strict(t *tree.Tree) error {
	if f.Manifest != manifests[0] || t.Has(path.Join(f.Dir, "bun.lock")) || t.Has(path.Join(f.Dir, "bun.lockb")) {
		return nil
	}
	file := path.Join(f.Dir, f.Manifest)
	text, err := t.Read(file)
	if err != nil {
		return err
	}
	var bad *json.SyntaxError
	if err := json.Unmarshal(text, new(json.RawMessage)); !errors.As(err, &bad) {
		return nil
	}
	line := 1 + bytes.Count(text[:min(int(bad.Offset), len(text))], []byte("\n"))
	return fact.Errorf(fact.At(file, line), "is not valid JSON: neither npm nor Node reads comments and commas before } or ]").WithHint("take them out")
}

// wireit puts what wireit runs in the place of the scripts that only call it: the scripts
// that it runs before, and the command: https://github.com/google/wireit#setup.
func (f *Facts) wireit(v document.Value) {
	for _, m := range v.Members {
		if s, ok := f.Scripts[m.Key]; !ok || s.Value != "wireit" {
			continue
		}
		var parts []string
		for _, d := range m.Value.Get("dependencies").Items {
			name := d.Text
			if d.Kind == document.Object {
				name = d.Get("script").Text
			}
			if _, own := f.Scripts[name]; own && wireitName.MatchString(name) && !v.Get(name, "service").Found() {
				parts = append(parts, "npm run "+name)
			}
		}
		if command := m.Value.Get("command").Text; command != "" {
			parts = append(parts, command)
		}
		if len(parts) > 0 {
			f.Scripts[m.Key] = fact.Fact[string]{Value: strings.Join(parts, " && "), Pos: fact.At(v.File, m.Line)}
		}
	}
}

// scriptsOfLinux puts the script that run-script-os runs on Linux in the place of one that only calls it:
// https://github.com/charlesguse/run-script-os#usage.
func (f *Facts) scriptsOfLinux() {
	for _, name := range sortedKeys(f.Scripts) {
		if text := strings.TrimSpace(f.Scripts[name].Value); text != "run-script-os" && text != "run-os" {
			continue
		}
		of := func(system string) int {
			return slices.IndexFunc(sortedKeys(f.Scripts), func(other string) bool {
				systems, below := strings.CutPrefix(other, name+":")
				return below && slices.Contains(strings.Split(systems, ":"), system)
			})
		}
		for _, system := range []string{"linux", "nix", "default"} {
			if i := of(system); i >= 0 {
				f.Scripts[name] = f.Scripts[sortedKeys(f.Scripts)[i]]
				break
			}
		}
	}
}

// wireitName matches the scripts that can be named in a command as they are.
var wireitName = lazy.MustCompile(`^[\w:.-]+$`)
