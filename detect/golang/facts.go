package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// Facts are what a folder of Go code says of itself. Paths are relative to
// the folder, positions to the scanned root.
type Facts struct {
	Dir          string // the folder, "." for the scanned root
	module.Build        // Home is "." but for Nested

	Mains      []Main              // sorted by folder
	Tests      []fact.Fact[bool]   // test files; the value says whether it starts containers
	Dotenv     []fact.Fact[Var]    // variables of committed .env files
	Unparsable []fact.Fact[string] // Go files that do not parse, and why
	Unread     []fact.Fact[string] // Go files that dockgen does not read, and why
	BuildSettings
	// Legacy is a manifest from before modules, if there is no module.
	Legacy fact.Pos
	Large  bool // more code than dockgen reads: nothing is known of what it does, nor all of what it imports
	// Unanalyzed says that it is more code than dockgen analyses: what it imports
	// and embeds is known, and not what it does when it runs.
	Unanalyzed bool

	// Nested are the builds of modules in folders below that have a main
	// package, by folder. They are looked for if the folder's own build has
	// no program, or only examples, tools and tests.
	Nested  []*Facts
	Invalid []fact.Fact[string] // manifests of such modules that do not parse, and why

	StartEvidence // of the scanned folder; it applies to every build in it
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "go" }

// Bare reports Go code without a module.
func (f *Facts) Bare() bool { return len(f.Modules) == 0 && !f.Below() }

// Starts reports a server without a module: see detect.Facts.
func (f *Facts) Starts() bool {
	return f.Bare() && slices.ContainsFunc(f.Mains, func(m Main) bool { return m.App() && len(m.Listens) > 0 })
}

// Below reports that the folder holds no Go code of its own, and folders below
// it do.
func (f *Facts) Below() bool { return len(f.Modules) == 0 && len(f.Mains) == 0 && len(f.Nested) > 0 }

// Outside reports that the build needs a folder beside the app's, so that this one alone does not build.
func (f *Facts) Outside() bool {
	return slices.ContainsFunc(f.Replaces(), func(r fact.Fact[module.Replace]) bool { return strings.HasPrefix(r.Value.Into, "..") })
}

// Members are the folders of the workspace's modules: see detect.Facts.
func (f *Facts) Members() []string {
	var out []string
	for _, m := range f.Modules {
		if dir := path.Join(f.Dir, m.Dir); dir != f.Dir {
			out = append(out, dir)
		}
	}
	return out
}

// app reports whether the build has a program that may be what it is for.
func (f *Facts) app() bool { return slices.ContainsFunc(f.Mains, Main.App) }

// Programs are the main packages of the folder's own build, then those of the
// builds below it.
func (f *Facts) Programs() []Main {
	out := slices.Clone(f.Mains)
	for _, n := range f.Nested {
		out = append(out, n.Mains...)
	}
	return out
}

// places are the folders of the programs, and the modules of the folder's own
// build and of those below it.
func (f *Facts) places() (mains []string, modules []module.Module) {
	for _, m := range f.Programs() {
		mains = append(mains, m.Dir)
	}
	modules = slices.Clone(f.Modules)
	for _, n := range f.Nested {
		modules = append(modules, n.Modules...)
	}
	return mains, modules
}

// Main is one main package and what its program does.
type Main struct {
	Dir       string   // "." for the folder itself, "cmd/api"
	Module    int      // index in Facts.Modules, -1 for none
	GoFiles   []string // the base names of its Go files, sorted
	Reaches   []string // the folders of the local packages that it is built of
	Auxiliary bool     // in a folder of examples, tools or tests

	analysis.Program
	Cgo         []load.Cgo
	Embeds      []fact.Fact[Embed]
	LinkVars    []fact.Fact[LinkVar]    // variables that a build sets
	Generations []fact.Fact[Generation] // code that is not committed, by output
}

// App reports whether the program may be what the build is for.
func (m Main) App() bool { return !m.Auxiliary && m.Pos.Line > 0 }
