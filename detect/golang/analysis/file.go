package analysis

import (
	"go/ast"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// files are what a program opens, each path once for a use.
type files struct {
	list  []effect.File
	index map[fileKey]int
}

type fileKey struct {
	name string
	use  effect.Use
}

func (f *files) add(x effect.File) {
	key := fileKey{x.Path.Text, x.Use}
	if f.index == nil {
		f.index = map[fileKey]int{}
	}
	i, ok := f.index[key]
	switch {
	case !ok:
		f.index[key] = len(f.list)
		f.list = append(f.list, x)
	case f.list[i].Loose && !x.Loose:
		f.list[i] = x
	}
}

// addPaths records the relative paths among values. One whose end is not known
// counts as the folder before it. like has the other facts.
func (f *files) addPaths(vals []value, like effect.File) {
	for _, v := range vals {
		s, known := v.text()
		x := like
		x.Path.Sure = effect.Literal
		if len(v) == 1 && known && !v.plain() {
			x.Path = v[0].decides(x.Path)
		}
		if !known {
			if name, whole := v.beneath(); x.Use == effect.Read && shipped.MatchString(name) {
				below := x
				below.Loose, below.Dir, below.Glob = true, x.Dir || !whole, x.Glob && whole
				below.Path = effect.Value{Text: name, Sure: effect.Literal}
				f.add(below)
			}
			s = v.prefix()
			i := strings.LastIndexByte(s, '/')
			if i <= 0 || x.Glob && strings.ContainsAny(s, "*?[") {
				continue
			}
			s, x.Dir, x.Glob = s[:i], true, false
		}
		s = strings.TrimPrefix(s, "file://")
		if x.Use == effect.Write {
			s = strings.TrimPrefix(s, "file:")
			s, _, _ = strings.Cut(s, "?")
			if s == "" || s == ":memory:" || strings.Contains(s, "=") {
				continue
			}
		}
		if s == "" || len(s) > 400 || strings.Contains(s, "://") || strings.ContainsAny(s, "\x00\n") || path.IsAbs(s) || strings.HasPrefix(s, "~") {
			continue
		}
		x.Path.Text = path.Clean(strings.TrimSuffix(s, "/"))
		f.add(x)
	}
}

// shipped matches folders that come with a program, whatever folder it is told to look in.
var shipped = lazy.MustCompile(`^(templates?|views?|pages|layouts|static|public|assets|web|www|html|themes|emails?|locales?|translations|i18n|migrations)(/|$)`)

// creates reports whether an os.OpenFile may create the file.
func creates(call *ast.CallExpr) bool {
	found := false
	if len(call.Args) > 1 {
		ast.Inspect(call.Args[1], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "O_CREATE" || id.Name == "O_WRONLY" || id.Name == "O_RDWR" || id.Name == "O_APPEND") {
				found = true
			}
			return true
		})
	}
	return found
}

// patterns are those of go:embed lines.
type patterns struct {
	names map[string]bool // without wildcards
	globs []string
}

// maxGlobs is how many patterns with wildcards are tried.
const maxGlobs = 50

func newPatterns(list []string) patterns {
	p := patterns{names: map[string]bool{}}
	for _, s := range list {
		if !strings.ContainsAny(s, `*?[\`) {
			p.names[s] = true
		} else if len(p.globs) < maxGlobs {
			p.globs = append(p.globs, s)
		}
	}
	return p
}

// match reports whether a file, or a folder that holds it, is embedded.
func (p patterns) match(name string) bool {
	for n := range tree.Above(name) {
		if p.names[n] {
			return true
		}
		for _, g := range p.globs {
			if ok, err := path.Match(g, n); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// guess finds what a literal that looks like a path names in the repository:
// a file, or a folder of files without Go. mainDir is the folder of the main
// package.
func guess(folder module.Folder, mainDir, s string, embedded patterns) (like effect.File, ok bool) {
	name := path.Clean(s)
	base := path.Base(name)
	if name == "." || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".go") || base == "go.mod" || base == "go.sum" || base == "Dockerfile" || base == "Makefile" || isProse(base) {
		return like, false
	}
	like = effect.File{Use: effect.Read, Path: effect.Value{Text: name, Sure: effect.Literal}, Loose: true}
	explicit := strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
	for _, from := range []string{".", mainDir} {
		at := path.Join(from, name)
		if module.Outside(at) {
			continue
		}
		is := folder.Has(at) && (explicit || strings.Contains(name, "/") || path.Ext(base) != "")
		like.Dir = !is && explicit && isData(folder, at)
		if (is || like.Dir) && !embedded.match(at) {
			return like, true
		}
	}
	return like, false
}

// isData reports whether a folder holds files and none of them is Go.
func isData(folder module.Folder, dir string) bool {
	files := folder.Tree.Files(folder.At(dir))
	for _, f := range files {
		if strings.HasSuffix(f, ".go") {
			return false
		}
	}
	return len(files) > 0
}

// prose are files about a repository, whose names a program knows for the sake
// of other repositories.
var prose = lazy.MustCompile(`^(?i:readme|licen[sc]e|copying|changelog|contributing|notice)(\.[a-z]+)?$`)

func isProse(base string) bool { return prose.MatchString(base) }
