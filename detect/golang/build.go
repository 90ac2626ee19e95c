package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// build is one build while its facts are read.
type build struct {
	*reader
	facts  *Facts
	loader *load.Loader
}

// build reads the manifests of the build whose home is the reader's, and lists
// its main packages. It returns nil if there is nothing to build.
func (r *reader) build() (*build, error) {
	f := &Facts{Dir: r.Dir}
	if !r.Has(path.Join(r.home, "go.mod")) && !r.Has(path.Join(r.home, "go.work")) && !r.HasGo(r.home) {
		return nil, nil
	}
	var err error
	if f.BuildSettings, err = r.buildSettings(); err != nil {
		return nil, err
	}
	if f.Build, err = module.Read(r.Folder, r.home, f.BuildFlags.NoWork.Value); err != nil {
		return nil, err
	}
	if len(f.Modules) == 0 && !r.HasGo(r.home) {
		return nil, nil
	}
	pins, err := module.Pins(r.Folder, buildfile.Folders(r.home), r.mise)
	if err != nil {
		return nil, err
	}
	f.Version = append(f.Version, pins...)
	b := &build{r, f, load.New(r.Folder, &f.Build, f.BuildFlags.config())}
	for _, dir := range b.loader.Mains() {
		mod, _ := b.loader.ModuleOf(dir)
		f.Mains = append(f.Mains, Main{Dir: dir, Module: mod, Auxiliary: b.auxiliary(dir, mod)})
	}
	if len(f.Modules) == 0 && len(f.Mains) == 0 {
		return nil, nil
	}
	return b, nil
}

// describe fills in what the programs of the build do, and what the files
// around them say.
func (b *build) describe() {
	f := b.facts
	packages, mains := b.load()
	if b.embedding(mains) {
		b.loader = load.New(b.Folder, &f.Build, f.BuildFlags.config())
		packages, mains = b.load()
	}
	f.Large, f.Unanalyzed = b.loader.Large, b.loader.Imports
	large := f.Large || f.Unanalyzed // what is read of half a program says nothing
	if large {
		mains = nil
	}
	a := analysis.New(b.Folder, &f.Build, b.loader, mains)
	for i, k := range packages {
		if k != nil {
			b.main(&f.Mains[i], a, k, large)
		}
	}
	f.Unparsable, f.Unread = b.loader.Unparsable, b.loader.Unread
	f.Large = f.Large || a.Exhausted()
	f.Tests, f.Dotenv = b.tests(&f.Build, b.loader), b.dotenv()
}

// load loads the main packages, by their index, and all that those reach that there are.
func (b *build) load() (packages, mains []*load.Package) {
	packages = make([]*load.Package, len(b.facts.Mains))
	for i, m := range b.facts.Mains {
		packages[i] = b.loader.Load(m.Dir)
	}
	mains = slices.DeleteFunc(slices.Clone(packages), func(k *load.Package) bool { return k == nil })
	for _, k := range mains {
		b.loader.Reach(k)
	}
	return packages, mains
}

// main describes one main package.
func (b *build) main(m *Main, a *analysis.Analysis, k *load.Package, large bool) {
	pkgs := b.loader.Reach(k)
	m.GoFiles = k.GoFiles
	var patterns []string
	for _, dep := range pkgs {
		m.Reaches = append(m.Reaches, dep.Dir)
		if dep.Cgo != nil {
			m.Cgo = append(m.Cgo, *dep.Cgo)
		}
		for _, x := range dep.Embeds {
			e := b.embed(dep.Dir, x.Value)
			m.Embeds = append(m.Embeds, fact.Fact[Embed]{Value: e, Pos: x.Pos})
			patterns = append(patterns, e.Pattern)
		}
	}
	m.Program = a.Program(pkgs, patterns, large)
	if !large {
		m.Generations = b.generations(&b.facts.Build, b.loader, pkgs, m.Missing)
		m.Generations = append(m.Generations, b.wholes(m)...)
		m.LinkVars = b.linkVars(a, pkgs, m.Imports)
	}
}

// auxiliary reports whether a main package is no app in its module; of a
// nested module, nobody says that it is what the repository is for, so its own
// place counts as well.
func (b *build) auxiliary(dir string, mod int) bool {
	if mod >= 0 && b.facts.Modules[mod].Dir != "." && b.home == "." {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, b.facts.Modules[mod].Dir), "/")
	}
	return aside.Folder("go", dir) != nil
}
