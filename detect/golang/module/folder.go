package module

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/tree"
)

// Folder is one folder of the tree. The names that its methods take and give
// are relative to it, but for those of At and Rel.
type Folder struct {
	Tree *tree.Tree
	Dir  string // clean, "." for the scanned root
}

// At is the place in the tree of a name in the folder.
func (f Folder) At(name string) string { return path.Join(f.Dir, name) }

// Rel is the inverse of At.
func (f Folder) Rel(name string) string {
	if f.Dir == "." {
		return name
	}
	if name == f.Dir {
		return "."
	}
	return strings.TrimPrefix(name, f.Dir+"/")
}

// Has reports whether the folder holds a file of that name.
func (f Folder) Has(name string) bool { return f.Tree.Has(f.At(name)) }

// HasGo reports whether a Go file lies directly in dir.
func (f Folder) HasGo(dir string) bool {
	return slices.ContainsFunc(f.Tree.Names(f.At(dir)), IsSource)
}

// IsSource reports whether a base name is one of a Go file that a build may
// take: https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns.
func IsSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".")
}

// Unbuilt reports whether ./... passes over dir:
// https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns.
func Unbuilt(dir string) bool {
	if dir == "." {
		return false
	}
	for w := range strings.SplitSeq(dir, "/") {
		if w == "testdata" || w == "vendor" || strings.HasPrefix(w, "_") || strings.HasPrefix(w, ".") {
			return true
		}
	}
	return false
}

// Outside reports whether a clean path leads out of the folder.
func Outside(p string) bool { return p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) }
