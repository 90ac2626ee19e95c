package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
)

// tsconfig reads tsconfig.json with what it extends inside of the repository:
// https://www.typescriptlang.org/tsconfig/#extends. An option of a nearer
// file counts.
func (f *Facts) tsconfig(t *tree.Tree) error {
	if !t.Has(path.Join(f.Dir, "tsconfig.json")) {
		return nil
	}
	c, err := ReadTSConfig(t, f.Dir, "tsconfig.json")
	f.TSConfig = c
	return err
}

// ReadTSConfig reads a TypeScript configuration of the folder dir.
func ReadTSConfig(t *tree.Tree, dir, name string) (*TSConfig, error) {
	c := &TSConfig{File: name}
	seen := map[string]bool{}
	var decided struct{ noEmit, module bool }
	var read func(file string) error
	read = func(file string) error {
		if seen[file] || len(seen) > 20 || !t.Has(file) {
			return nil
		}
		seen[file] = true
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		base := path.Dir(file)
		c.Chain = append(c.Chain, relative(dir, file))
		at := func(p string) string { return relative(dir, path.Clean(path.Join(base, p))) }
		o := v.Get("compilerOptions")
		if out := o.Get("outDir").Fact(); out.Found() && !c.OutDir.Found() {
			out.Value = at(out.Value)
			c.OutDir = out
		}
		if root := o.Get("rootDir").Fact(); root.Found() && !c.RootDir.Found() {
			root.Value = at(root.Value)
			c.RootDir = root
		}
		if e := o.Get("noEmit"); e.Found() && !decided.noEmit {
			c.NoEmit, decided.noEmit = e.IsTrue(), true
		}
		if m := o.Get("module"); m.Kind == document.String && !decided.module {
			c.Module, decided.module = strings.ToLower(m.Text), true
		}
		c.Paths = c.Paths || o.Get("paths").Found() || o.Get("baseUrl").Found()
		if c.aliases == nil {
			c.aliases = paths(o, base)
		}
		if c.Files == nil && c.Include == nil {
			for _, s := range v.Get("files").Strings() {
				c.Files = append(c.Files, at(s.Value))
			}
			for _, s := range v.Get("include").Strings() {
				c.Include = append(c.Include, at(s.Value))
			}
		}
		// The last file of a list overrides the ones before it.
		parents := v.Get("extends").Strings()
		slices.Reverse(parents)
		for _, p := range parents {
			next, ok := extended(t, base, p.Value)
			if !ok {
				continue // of a package, or absent
			}
			if err := read(next); err != nil {
				return err
			}
		}
		return nil
	}
	return c, read(path.Join(dir, name))
}

// extended finds a file that is named relative to base.
func extended(t *tree.Tree, base, name string) (string, bool) {
	if !strings.HasPrefix(name, ".") {
		return "", false
	}
	for _, suffix := range []string{"", ".json", "/tsconfig.json"} {
		if file := path.Join(base, name) + suffix; t.Has(file) {
			return file, true
		}
	}
	return "", false
}
