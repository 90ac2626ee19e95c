// Package golang reads Go modules without running Go: go.mod, go.work, the
// files that name a version, and the packages that each main package reaches.
//
// Packages are found as go list finds them for linux/amd64, by go/build. What
// a program does (where it listens, which files it reads) is read from its
// syntax and types, function by function from main on; the rules are rows of
// calls.yaml. A fact that cannot be read from the source is left out.
package golang

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Facts are what a folder of Go code says of itself. Paths are relative to
// the folder, positions to the scanned root.
type Facts struct {
	Dir  string // the folder, "." for the scanned root
	Home string // where the go command finds go.mod or go.work, "." but for Nested

	// Modules are the local modules of the build: the folder's own or those
	// that go.work uses, then those that a replace line leads to. It is empty
	// for Go code without a module.
	Modules    []Module
	Work       *Work               // go.work, or nil
	Vendor     fact.Fact[bool]     // vendor/modules.txt; the value says whether it is that of a workspace
	Version    []fact.Fact[Pin]    // every line that names a version of Go
	Mains      []Main              // sorted by folder
	Tests      []fact.Fact[bool]   // test files; the value says whether it starts containers
	Vet        fact.Fact[string]   // where the repository itself runs go vet
	Dotenv     []fact.Fact[Var]    // variables of committed .env files
	Unparsable []fact.Fact[string] // Go files that do not parse, and why
	BuildFlags BuildFlags          // how the repository's own builds call the go command
	// Env are the variables that its files set for where modules come from:
	// GOPRIVATE, GONOPROXY, GONOSUMDB, GOINSECURE, GOPROXY.
	Env      []fact.Fact[Var]
	Rewrites []fact.Fact[buildfile.Rewrite]
	// Legacy is a manifest from before modules, where there is no module.
	Legacy fact.Pos
	Large  bool // more code than dockgen reads: nothing is known of what it does

	// Nested are the builds of modules in folders below that have a main
	// package, by folder. They are looked for where the folder's own build has
	// no program, or only examples, tools and tests.
	Nested  []*Facts
	Invalid []fact.Fact[string] // manifests of such modules that do not parse, and why
	// The files beside the manifest, or above those of Nested, speak for all.
	Evidence        []Evidence       // where the repository itself builds and starts its programs
	DockerfilePorts []fact.Fact[int] // the ports of its own Dockerfile
	DockerfileEnv   []fact.Fact[Var] // the variables that its own Dockerfile sets
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "go" }

// Bare reports Go code without a module.
func (f *Facts) Bare() bool { return len(f.Modules) == 0 && !f.Below() }

// Below reports that the folder holds no Go code of its own, and folders below
// it do.
func (f *Facts) Below() bool { return len(f.Modules) == 0 && len(f.Mains) == 0 && len(f.Nested) > 0 }

// Pin is a version of Go and the kind of line that it stands in.
type Pin struct {
	Version string // "1.26", "1.26.5", "1.27rc1"; as written, without a "go" before it
	Source  Source
}

// Source is a kind of line that names a version of Go.
type Source string

// The sources.
const (
	GoLine        Source = "go line"
	ToolchainLine Source = "toolchain line"
	GoVersionFile Source = ".go-version"
	ToolVersions  Source = ".tool-versions"
	Mise          Source = "mise"
)

// Var is a variable with its value.
type Var = buildfile.Var

// Main is one main package and what its program does.
type Main struct {
	Dir    string   // "." for the folder itself, "cmd/api"
	Module int      // index in Facts.Modules, -1 for none
	Files  []string // the base names of its Go files, sorted
	Pos    fact.Pos // of func main
	Aside  bool     // in a folder of examples, tools or tests

	Listens     []Listen
	Paths       []Path
	Commands    []fact.Fact[string] // programs that it runs by a literal name
	Routes      []fact.Fact[string] // literal paths of GET routes at a server's root
	Cgo         []Cgo
	Imports     []fact.Fact[string] // packages from other modules, sorted
	Missing     []fact.Fact[string] // packages of a local module that have no Go file
	Embeds      []fact.Fact[Embed]
	EnvFiles    []fact.Fact[EnvFile]    // .env files that it loads
	SetsMode    bool                    // it chooses gin's mode itself
	LinkVars    []fact.Fact[LinkVar]    // variables that a build sets
	Generations []fact.Fact[Generation] // code that is not committed, by output
	Verbs       []Verb                  // its sub commands
	Waits       bool                    // it has some, and opens a port without one too
	Names       []string                // what in its source may be names of variables, sorted
}

// App reports whether the program may be what the build is for.
func (m Main) App() bool { return !m.Aside && m.Pos.Line > 0 }

// Embed is one pattern of a go:embed line.
type Embed struct {
	Pattern string // relative to Facts.Dir
	Matches bool   // whether a committed file matches
	Only    string // the file that stands in for all that it is meant for: "web/dist/.gitkeep"
}

// EnvFile is a .env file that a program loads when it starts.
type EnvFile struct {
	Name string
	Must bool // the program ends without it
}

// Cgo is one reason for which a program needs a C compiler.
type Cgo struct {
	Pos       fact.Pos
	Libs      []string // of #cgo LDFLAGS: -lNAME
	PkgConfig []string // of #cgo pkg-config
	CXX       bool     // the package has C++ files
}

// Listen is one place where a program opens a port.
type Listen struct {
	Pos  fact.Pos
	Call string // "net/http.ListenAndServe"
	TLS  bool
	Addr Addr
	// Verbs are the sub commands, their words joined by a space, of which one
	// has to be given for the program to come here; nil where it comes here
	// without.
	Verbs []string
}

// Addr is where it listens, as far as the source says.
type Addr struct {
	Known   bool   // false: the source does not say
	Host    string // "" for every interface
	HostEnv string // the variable that decides the host, with Host as its default, or ""
	Port    string // digits; the default where a variable or a flag decides
	Env     string // the variable that decides the port, or ""
	Default bool   // Port is used when Env is not set
	Whole   bool   // Env holds host and port, not just the port
	Flag    string // the flag that decides, without hyphens, or ""
	FlagArg string // "-" or "--", as the flag's library wants it
	// HostFlag decides the host, with Host as its default.
	HostFlag    string
	HostFlagArg string
	// FlagWhole: the flag holds host and port, not just the port.
	FlagWhole bool
}

// Use is what a program does with a path.
type Use string

// The uses.
const (
	Read  Use = "read"
	Write Use = "write"
)

// Path is a relative path in the source that the program opens at run time.
type Path struct {
	Pos   fact.Pos
	Name  string // relative to the working directory; clean
	Use   Use
	Call  string // "html/template.ParseGlob"
	Glob  bool   // Name is a pattern
	Dir   bool   // Name is a folder by the call's nature
	Loose bool   // found as a literal only, not by a rule
}

// Detect returns nil where dir holds no Go code that it could build: no
// go.mod, no go.work and no main package of its own, no module below that has
// one, and no dependencies from before there were modules.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	dir = path.Clean(dir)
	r := &reader{t: t, dir: dir, home: ".", recipes: buildfile.NewReader(t, dir), own: map[*buildfile.File][]buildfile.Command{}}
	r.marks = sync.OnceValue(r.readMarks)
	f, src, err := r.build()
	if err != nil {
		return nil, err
	}
	if f != nil {
		r.describe(f, src)
	}
	if f = r.below(f); f != nil {
		r.mentions(f)
	} else if old := r.before(); !old.IsZero() && slices.ContainsFunc(t.Files(dir), func(name string) bool { return isSource(path.Base(name)) }) {
		f = &Facts{Dir: dir, Home: "."}
	}
	if f != nil && f.Bare() {
		f.Legacy = r.before()
	}
	return f, nil
}

// before finds the manifest of a dependency manager from before modules:
// https://go.dev/wiki/PackageManagementTools.
func (r *reader) before() fact.Pos {
	for _, name := range []string{"Gopkg.lock", "Gopkg.toml", "glide.lock", "glide.yaml", "Godeps/Godeps.json", "vendor/vendor.json"} {
		if r.has(name) {
			return fact.At(r.at(name), 0)
		}
	}
	return fact.Pos{}
}

// build reads the manifests of the build whose home is the reader's, and lists
// its main packages. It returns nil where there is nothing to build.
func (r *reader) build() (*Facts, *source, error) {
	f := &Facts{Dir: r.dir, Home: r.home}
	if !r.has(path.Join(r.home, "go.mod")) && !r.has(path.Join(r.home, "go.work")) && !r.hasGo(r.home) {
		return nil, nil, nil
	}
	if err := r.custom(f); err != nil {
		return nil, nil, err
	}
	if err := r.modules(f); err != nil {
		return nil, nil, err
	}
	if len(f.Modules) == 0 && !r.hasGo(r.home) {
		return nil, nil, nil
	}
	if err := r.versions(f); err != nil {
		return nil, nil, err
	}
	src := newSource(r, f)
	f.Mains = src.mains()
	if len(f.Modules) == 0 && len(f.Mains) == 0 {
		return nil, nil, nil
	}
	return f, src, nil
}

// describe fills in what the programs of a build do, and what the files
// around them say.
func (r *reader) describe(f *Facts, src *source) {
	src.analyse(f.Mains)
	f.Unparsable, f.Large = src.broken, src.large
	r.tests(f)
	r.dotenv(f)
}

// reader reads the files below one folder of the tree, for the build whose
// manifest is in home.
type reader struct {
	t    *tree.Tree
	dir  string
	home string // relative to dir
	// recipes reads what the files say of building and running.
	recipes *buildfile.Reader
	own     map[*buildfile.File][]buildfile.Command // ownBuilds
	// marks reads what the text of the Go files says of generators, once.
	marks func() *marks
}

// at is the place in the tree of a path relative to the folder.
func (r *reader) at(name string) string { return path.Join(r.dir, name) }

// rel is the inverse of at.
func (r *reader) rel(name string) string {
	if r.dir == "." {
		return name
	}
	if name == r.dir {
		return "."
	}
	return strings.TrimPrefix(name, r.dir+"/")
}

// near lists the places at which a file may stand that speaks for the build:
// in its home, and in the folder that was asked for.
func (r *reader) near(names ...string) []string {
	var out []string
	for _, dir := range buildfile.Folders(r.home) {
		for _, n := range names {
			out = append(out, path.Join(dir, n))
		}
	}
	return out
}

func (r *reader) has(name string) bool { return r.t.Has(r.at(name)) }

func (r *reader) hasGo(dir string) bool {
	return slices.ContainsFunc(r.t.Names(r.at(dir)), isSource)
}

// isSource reports whether a base name is that of a Go file that a build may
// take: https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".")
}
