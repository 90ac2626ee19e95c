package golang

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/dockgen/dockgen/detect/fact"
)

// The most Go code that is read: beyond it nothing is said of what programs
// do, rather than half of it.
const (
	maxFiles = 20_000
	maxBytes = 64 << 20
)

// source finds packages as go list does.
type source struct {
	r       *reader
	modules []Module
	local   []Replace // that lead to a module here
	ctx     build.Context
	fset    *token.FileSet
	pkgs    map[string]*pkg // by folder relative to Facts.Dir
	names   map[string]string
	files   int
	bytes   int
	large   bool
	broken  []fact.Fact[string]
}

// pkg is one package of a local module, parsed.
type pkg struct {
	dir     string
	path    string // import path; the folder's name without a module
	build   *build.Package
	files   []*ast.File
	imports []string // sorted
}

func newSource(r *reader, f *Facts) *source {
	s := &source{r: r, modules: f.Modules, fset: token.NewFileSet(), pkgs: map[string]*pkg{}, names: map[string]string{}}
	for _, rep := range f.Replaces() {
		if rep.Value.Mod {
			s.local = append(s.local, rep.Value)
		}
	}
	s.ctx = build.Context{
		GOOS: "linux", GOARCH: "amd64", Compiler: "gc", CgoEnabled: !f.BuildFlags.NoCgo.Value,
		ReleaseTags:   releaseTags(),
		JoinPath:      path.Join,
		SplitPathList: func(string) []string { return nil },
		IsAbsPath:     path.IsAbs,
		IsDir:         func(p string) bool { return r.t.HasDir(p) },
		HasSubdir:     func(_, _ string) (string, bool) { return "", false },
		ReadDir: func(dir string) ([]fs.FileInfo, error) {
			var out []fs.FileInfo
			for _, n := range r.t.Names(dir) {
				out = append(out, info(n))
			}
			return out, nil
		},
		OpenFile: func(name string) (io.ReadCloser, error) {
			text, err := r.t.Read(name)
			if err != nil {
				return nil, err
			}
			return io.NopCloser(bytes.NewReader(text)), nil
		},
	}
	for _, tag := range f.BuildFlags.Tags {
		s.ctx.BuildTags = append(s.ctx.BuildTags, tag.Value)
	}
	for _, x := range f.BuildFlags.Experiments {
		s.ctx.ToolTags = append(s.ctx.ToolTags, "goexperiment."+x.Value)
	}
	return s
}

// releaseTags are the go1.N tags of the newest Go that dockgen knows of;
// older sources know no others.
func releaseTags() []string {
	var tags []string
	for i := 1; i <= 27; i++ {
		tags = append(tags, "go1."+itoa(i))
	}
	return tags
}

// info is the name of a regular file; go/build asks for nothing else.
type info string

func (i info) Name() string       { return string(i) }
func (i info) Size() int64        { return 0 }
func (i info) Mode() fs.FileMode  { return 0o644 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }

// mains lists the main packages of the local modules, by their first Go file:
// files for another platform, tests and files that are never built do not
// count.
func (s *source) mains() []Main {
	var out []Main
	for _, dir := range s.dirs() {
		mod, ok := s.moduleOf(dir)
		if !ok || mod >= 0 && !s.modules[mod].Main {
			continue
		}
		if s.packageName(dir) != "main" {
			continue
		}
		m := Main{Dir: dir, Module: mod, Aside: s.aside(dir, mod)}
		out = append(out, m)
	}
	return out
}

// dirs lists the folders with Go files, relative to Facts.Dir, sorted.
func (s *source) dirs() []string {
	roots := []string{s.r.home}
	for _, m := range s.modules {
		roots = append(roots, m.Dir)
	}
	seen := map[string]bool{}
	for _, root := range roots {
		for _, f := range s.r.t.Files(s.r.at(root)) {
			if isSource(path.Base(f)) {
				seen[s.r.rel(path.Dir(f))] = true
			}
		}
	}
	var out []string
	for d := range seen {
		if !unbuilt(d) {
			out = append(out, d)
		}
	}
	sort.Strings(out)
	return out
}

// unbuilt reports whether ./... would pass dir over:
// https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns.
func unbuilt(dir string) bool {
	if dir == "." {
		return false
	}
	return slices.ContainsFunc(strings.Split(dir, "/"), func(w string) bool {
		return w == "testdata" || w == "vendor" || strings.HasPrefix(w, "_") || strings.HasPrefix(w, ".")
	})
}

// asides are folders whose programs show, test or build the module and are
// not what it is for.
var asides = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"example": true, "examples": true, "sample": true, "samples": true, "demo": true, "demos": true,
	"tool": true, "tools": true, "hack": true, "script": true, "scripts": true, "build": true, "ci": true,
	"test": true, "tests": true, "testing": true, "testutil": true, "fixtures": true, "e2e": true, "integration": true, "bench": true, "benchmark": true, "benchmarks": true,
	"doc": true, "docs": true, "contrib": true, "misc": true, "mocks": true, "gen": true, "generate": true, "codegen": true,
}

// aside reports whether a main package is aside in its module; of a nested
// module, nobody says that it is what the repository is for, so its own place
// counts as well.
func (s *source) aside(dir string, mod int) bool {
	if mod >= 0 && s.modules[mod].Dir != "." && s.r.home == "." {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, s.modules[mod].Dir), "/")
	}
	return Aside(dir)
}

// Aside reports whether dir is, or is in, a folder whose programs show, test
// or build something and are not what the repository is for.
func Aside(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(w string) bool { return asides[w] })
}

// moduleOf finds the local module whose folder holds dir and no nested module
// between. Without any module only the folder itself counts.
func (s *source) moduleOf(dir string) (int, bool) {
	if len(s.modules) == 0 {
		return -1, dir == "."
	}
	for d := dir; ; d = path.Dir(d) {
		if s.r.has(path.Join(d, "go.mod")) {
			i := slices.IndexFunc(s.modules, func(m Module) bool { return m.Dir == d })
			return i, i >= 0
		}
		if d == "." || d == "/" {
			return -1, false
		}
	}
}

// packageName reads the package clause of dir's first Go file that a build
// would take.
func (s *source) packageName(dir string) string {
	if name, ok := s.names[dir]; ok {
		return name
	}
	s.names[dir] = ""
	for _, base := range s.r.t.Names(s.r.at(dir)) {
		if !isSource(base) {
			continue
		}
		if ok, err := s.ctx.MatchFile(s.r.at(dir), base); err != nil || !ok {
			continue
		}
		text, err := s.r.t.Read(s.r.at(path.Join(dir, base)))
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), base, text, parser.PackageClauseOnly)
		if err != nil || file.Name == nil || file.Name.Name == "documentation" {
			continue
		}
		s.names[dir] = file.Name.Name
		break
	}
	return s.names[dir]
}

// load parses the package in dir, or returns nil where there is none.
func (s *source) load(dir string) *pkg {
	if p, ok := s.pkgs[dir]; ok {
		return p
	}
	s.pkgs[dir] = nil
	mod, ok := s.moduleOf(dir)
	if !ok {
		return nil
	}
	bp, err := s.ctx.ImportDir(s.r.at(dir), 0)
	if err != nil && len(bp.GoFiles)+len(bp.CgoFiles) == 0 {
		return nil
	}
	p := &pkg{dir: dir, build: bp, path: path.Base(dir)}
	if mod >= 0 {
		p.path = s.modules[mod].ImportPath(dir)
	}
	names := slices.Concat(bp.GoFiles, bp.CgoFiles)
	sort.Strings(names)
	for _, base := range names {
		name := s.r.at(path.Join(dir, base))
		text, err := s.r.t.Read(name)
		if err != nil {
			continue
		}
		if s.files, s.bytes = s.files+1, s.bytes+len(text); s.files > maxFiles || s.bytes > maxBytes {
			s.large = true
			return nil
		}
		file, err := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			s.broken = append(s.broken, fact.Fact[string]{Value: fact.Clip(err.Error()), Pos: fact.At(name, lineOfError(err))})
		}
		if file == nil || file.Name == nil || file.Name.Name != bp.Name {
			continue
		}
		p.files = append(p.files, file)
		for _, spec := range file.Imports {
			p.imports = append(p.imports, importPath(spec))
		}
	}
	slices.Sort(p.imports)
	p.imports = slices.Compact(p.imports)
	s.pkgs[dir] = p
	return p
}

// dirOf finds the folder of an import path; ok is false for a package that no
// local module holds.
func (s *source) dirOf(importPath string) (dir string, ok bool) {
	best := -1
	for i, m := range s.modules {
		mod := m.Path.Value
		if mod == "" || importPath != mod && !strings.HasPrefix(importPath, mod+"/") {
			continue
		}
		if best < 0 || len(mod) > len(s.modules[best].Path.Value) {
			best = i
		}
	}
	for _, rep := range s.local {
		p := rep.Path
		if (importPath == p || strings.HasPrefix(importPath, p+"/")) && (best < 0 || len(p) > len(s.modules[best].Path.Value)) {
			return path.Join(rep.Into, strings.TrimPrefix(importPath, p)), true
		}
	}
	if best < 0 {
		return "", false
	}
	return path.Join(s.modules[best].Dir, strings.TrimPrefix(importPath, s.modules[best].Path.Value)), true
}

func (s *source) pos(p token.Pos) fact.Pos {
	q := s.fset.PositionFor(p, false) // a line directive must not lead elsewhere
	return fact.At(q.Filename, q.Line)
}
