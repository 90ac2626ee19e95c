// Package load finds and parses the packages of local modules as go list finds
// them for linux/amd64, without running Go: by go/build over the tree.
//
// A package of another module is never read. Its files, each of which uses
// only those after it: load.go, context.go, measure.go, name.go.
package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// The most Go code of a build that is read. Beyond maxTokens nothing is said of
// what programs do, rather than half of it; beyond the others, packages are
// missing.
//
// A token takes some 1.5 µs and 300 bytes until its program is analysed, and
// is 6 bytes of source on average: one file takes a second at the most, and the
// largest servers, of some 14 MB of code, four.
const (
	maxFiles      = 20_000
	maxBytes      = 64 << 20
	maxTokens     = 2_400_000
	maxFileTokens = 600_000
)

// Loader loads packages, each once.
type Loader struct {
	Fset *token.FileSet
	// Unparsable are the loaded files that do not parse, and why.
	Unparsable []fact.Fact[string]
	// Unread are files that are larger than Go files are, or nest too deep to be
	// parsed, and why.
	Unread []fact.Fact[string]
	// Imports says that there is more code than is analysed: of some packages
	// only the imports were read.
	Imports bool
	// Large says that there is so much more of it that some packages were not
	// loaded.
	Large bool

	folder   module.Folder
	build    *module.Build
	byDir    map[string]int    // of build.Modules
	byPath   map[string]int    // of build.Modules
	replaced map[string]string // folders by the path of the module that they replace
	ctx      build.Context
	packages map[string]*Package // by folder
	config   string              // of the context, as a key
	files    int
	bytes    int
	tokens   int
}

// Package is one package of a local module, parsed.
type Package struct {
	Dir     string              // relative to the folder
	Path    string              // import path; the folder's name without a module
	GoFiles []string            // base names of its Go files, sorted
	Files   []*ast.File         // those of them that could be parsed
	Imports []string            // sorted
	Embeds  []fact.Fact[string] // patterns of go:embed, as written
	Cgo     *Cgo                // nil without import "C"
	Partial bool                // it has Go files that constraints leave out
}

// Cgo is one reason for which a program needs a C compiler.
type Cgo struct {
	Pos       fact.Pos
	Libs      []string // of #cgo LDFLAGS: -lNAME
	PkgConfig []string // of #cgo pkg-config
	CXX       bool     // the package has C++ files
}

// New returns a loader of the packages of a build.
func New(f module.Folder, b *module.Build, c Config) *Loader {
	l := &Loader{
		Fset: token.NewFileSet(), folder: f, build: b, ctx: newContext(f.Tree, c),
		byDir: map[string]int{}, byPath: map[string]int{}, replaced: map[string]string{},
		packages: map[string]*Package{}, config: fmt.Sprintf("%#v", c),
	}
	for i, m := range slices.Backward(b.Modules) { // the first of two counts
		l.byDir[m.Dir] = i
		if m.Path.Value != "" {
			l.byPath[m.Path.Value] = i
		}
	}
	for _, rep := range slices.Backward(b.Replaces()) {
		if rep.Value.Mod {
			l.replaced[rep.Value.Path] = rep.Value.Into
		}
	}
	return l
}

// Mains lists the folders of the main packages of the main modules, sorted, by
// their first Go file: files for another platform, tests and files that are
// never built do not count.
func (l *Loader) Mains() []string {
	roots := []string{l.build.Home}
	for _, m := range l.build.Modules {
		roots = append(roots, m.Dir)
	}
	seen := map[string]bool{}
	for _, root := range roots {
		for _, f := range l.folder.Tree.Files(l.folder.At(root)) {
			if module.IsSource(path.Base(f)) {
				seen[l.folder.Rel(path.Dir(f))] = true
			}
		}
	}
	var out []string
	for dir := range seen {
		if module.Unbuilt(dir) {
			continue
		}
		if mod, ok := l.ModuleOf(dir); !ok || mod >= 0 && !l.build.Modules[mod].Main {
			continue
		}
		if l.packageName(dir) == "main" {
			out = append(out, dir)
		}
	}
	sort.Strings(out)
	return out
}

// ModuleOf finds the local module whose folder holds dir and no nested module
// between, by its index in the build's. Without any module only the folder
// itself counts, and the index is -1.
func (l *Loader) ModuleOf(dir string) (int, bool) {
	if len(l.build.Modules) == 0 {
		return -1, dir == "."
	}
	for d := dir; ; d = path.Dir(d) {
		if l.folder.Has(path.Join(d, "go.mod")) {
			i, ok := l.byDir[d]
			if !ok {
				i = -1
			}
			return i, ok
		}
		if d == "." || d == "/" {
			return -1, false
		}
	}
}

// packageName reads the package clause of dir's first Go file that a build
// would take.
func (l *Loader) packageName(dir string) string {
	at := l.folder.At(dir)
	name, _ := l.folder.Tree.Once(nameKey{at, l.config}, func() any {
		for _, base := range l.folder.Tree.Names(at) {
			if !module.IsSource(base) {
				continue
			}
			if ok, err := l.ctx.MatchFile(at, base); err != nil || !ok {
				continue
			}
			text, err := l.folder.Tree.ReadHead(path.Join(at, base), maxHead)
			if err != nil {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), base, text, parser.PackageClauseOnly)
			if err == nil && file.Name != nil && file.Name.Name != "documentation" {
				return file.Name.Name
			}
		}
		return ""
	}).(string)
	return name
}

// nameKey is a key of Once: a folder of the tree, and how the go command is called. The build of a module and that of the folder above it ask for the same.
type nameKey struct{ dir, config string }

// Load parses the package in dir, or returns nil if there is none.
func (l *Loader) Load(dir string) *Package {
	if p, ok := l.packages[dir]; ok {
		return p
	}
	l.packages[dir] = nil
	mod, ok := l.ModuleOf(dir)
	if !ok {
		return nil
	}
	bp, err := l.ctx.ImportDir(l.folder.At(dir), 0)
	if err != nil && len(bp.GoFiles)+len(bp.CgoFiles) == 0 {
		return nil
	}
	p := &Package{Dir: dir, Path: path.Base(dir), GoFiles: slices.Concat(bp.GoFiles, bp.CgoFiles), Cgo: l.cgo(bp, dir), Partial: len(bp.IgnoredGoFiles) > 0}
	if mod >= 0 {
		p.Path = l.build.Modules[mod].ImportPath(dir)
	}
	for _, pattern := range bp.EmbedPatterns {
		at := fact.At(l.folder.At(dir), 0)
		if list := bp.EmbedPatternPos[pattern]; len(list) > 0 {
			at = fact.At(list[0].Filename, list[0].Line)
		}
		p.Embeds = append(p.Embeds, fact.Fact[string]{Value: pattern, Pos: at})
	}
	sort.Strings(p.GoFiles)
	for _, base := range p.GoFiles {
		if !l.parse(p, bp.Name, l.folder.At(path.Join(dir, base))) {
			return nil
		}
	}
	slices.Sort(p.Imports)
	p.Imports = slices.Compact(p.Imports)
	l.packages[dir] = p
	return p
}

// parse adds a file to a package. It returns false if the bound is met.
func (l *Loader) parse(p *Package, pkgName, name string) bool {
	text, err := l.folder.Tree.Read(name)
	if err != nil {
		l.unread(name, 0, err)
		return true
	}
	if l.files, l.bytes = l.files+1, l.bytes+len(text); l.files > maxFiles || l.bytes > maxBytes {
		l.Large = true
		return false
	}
	mode := parser.ParseComments | parser.SkipObjectResolution
	if !l.Imports {
		tokens, deep := measure(text)
		if deep > 0 {
			l.unread(name, deep, fmt.Errorf("nests deeper than %d, the most that dockgen reads", maxDepth))
			return true
		}
		if tokens > maxFileTokens {
			l.unread(name, 0, fmt.Errorf("has more than %d tokens, the most that dockgen reads", maxFileTokens))
			return true
		}
		l.tokens += tokens
		l.Imports = l.tokens > maxTokens
	}
	if l.Imports {
		mode |= parser.ImportsOnly
	}
	file, err := parser.ParseFile(l.Fset, name, text, mode)
	if err != nil {
		l.Unparsable = append(l.Unparsable, fact.Fact[string]{Value: fact.Clip(err.Error()), Pos: fact.At(name, lineOf(err))})
	}
	if file == nil || file.Name == nil || file.Name.Name != pkgName {
		return true
	}
	if ofProtoc(text) {
		signatures(file)
	}
	p.Files = append(p.Files, file)
	for _, spec := range file.Imports {
		p.Imports = append(p.Imports, ImportPath(spec))
	}
	return true
}

func (l *Loader) unread(name string, line int, err error) {
	why := err.Error()
	if e := (*fact.Error)(nil); errors.As(err, &e) {
		why = e.Msg
	}
	l.Unread = append(l.Unread, fact.Fact[string]{Value: fact.Clip(why), Pos: fact.At(name, line)})
}

func (l *Loader) cgo(bp *build.Package, dir string) *Cgo {
	if len(bp.CgoFiles) == 0 {
		return nil
	}
	at := fact.At(l.folder.At(path.Join(dir, bp.CgoFiles[0])), 0)
	if list := bp.ImportPos["C"]; len(list) > 0 {
		at.Line = list[0].Line
	}
	c := &Cgo{Pos: at, PkgConfig: bp.CgoPkgConfig, CXX: len(bp.CXXFiles) > 0}
	for _, flag := range bp.CgoLDFLAGS {
		if lib, ok := strings.CutPrefix(flag, "-l"); ok && !slices.Contains(c.Libs, lib) {
			c.Libs = append(c.Libs, lib)
		}
	}
	return c
}

// DirOf finds the folder of an import path; ok is false for a package that no
// local module holds. The module with the longest path counts, as in the go
// command.
func (l *Loader) DirOf(importPath string) (dir string, ok bool) {
	for p := importPath; p != "." && p != "/" && p != ""; p = parent(p) {
		rest := strings.TrimPrefix(importPath, p)
		if i, ok := l.byPath[p]; ok {
			return path.Join(l.build.Modules[i].Dir, rest), true
		}
		if into, ok := l.replaced[p]; ok {
			return path.Join(into, rest), true
		}
	}
	return "", false
}

// parent is an import path without its last element, "" if it has only one.
func parent(importPath string) string {
	return importPath[:max(strings.LastIndexByte(importPath, '/'), 0)]
}

// Reach lists the local packages that k reaches: k first, then by folder.
func (l *Loader) Reach(k *Package) []*Package {
	seen := map[string]bool{k.Dir: true}
	out := []*Package{k}
	for i := 0; i < len(out); i++ {
		for _, imp := range out[i].Imports {
			dir, ok := l.DirOf(imp)
			if !ok || seen[dir] {
				continue
			}
			if dep := l.Load(dir); dep != nil && !seen[dep.Dir] {
				seen[dep.Dir] = true
				out = append(out, dep)
			}
		}
	}
	slices.SortFunc(out[1:], func(a, b *Package) int { return strings.Compare(a.Dir, b.Dir) })
	return out
}

// Pos is the place of a position in a loaded file.
func (l *Loader) Pos(p token.Pos) fact.Pos {
	q := l.Fset.PositionFor(p, false) // a line directive must not lead elsewhere
	return fact.At(q.Filename, q.Line)
}

func lineOf(err error) int {
	if list := (scanner.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		return list[0].Pos.Line
	}
	return 0
}
