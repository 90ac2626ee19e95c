// Package detect reads a repository and says what is in it: one bounded walk,
// then a parser for each kind of manifest, each fact with its file and line.
// It decides nothing and invents nothing.
//
// Scan is the way in. Each ecosystem has a folder of its own; what it found is
// the Facts of an App.
package detect

import (
	"context"
	"io/fs"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
)

// Repo is what a scan found.
type Repo struct {
	Tree *tree.Tree
	Apps []App // of the root folder first; several where several stacks share a folder
}

// App is one folder that one ecosystem's tools would build.
type App struct {
	Dir   string // slash-separated, "." for the root
	Facts Facts
	// Builds is how the repository itself builds, starts and publishes what is in
	// the folder, whatever its language.
	Builds *buildfile.Reader
}

// Facts are one ecosystem's facts, a type of its folder. One that can tell an
// app without a manifest (a lone main.py) has a method Bare() bool; such facts
// give way to those of a manifest in the same folder. One that looked into the
// folders below, because its own has nothing for it, has a method Below() bool;
// such facts count only where the folder itself is no app of any ecosystem.
type Facts interface {
	// Language is "go", "node", "python" or "java".
	Language() string
}

// ecosystem looks at one folder and returns nil facts where it is not its own.
type ecosystem func(t *tree.Tree, dir string) (Facts, error)

// ecosystems is the ordered list; where several own one folder, the decision
// is made later, with this order as the last resort.
func ecosystems() []ecosystem {
	return []ecosystem{
		func(t *tree.Tree, dir string) (Facts, error) { return optional(golang.Detect(t, dir)) },
		func(t *tree.Tree, dir string) (Facts, error) { return optional(java.Detect(t, dir)) },
		func(t *tree.Tree, dir string) (Facts, error) { return optional(node.Detect(t, dir)) },
		func(t *tree.Tree, dir string) (Facts, error) { return optional(python.Detect(t, dir)) },
	}
}

// optional turns a nil pointer into nil facts.
func optional[T any, P interface {
	*T
	Facts
}](f P, err error) (Facts, error) {
	if f == nil || err != nil {
		return nil, err
	}
	return f, nil
}

// Scan reads the repository below fsys. For a folder on disk, fsys should be
// os.Root.FS, which no symbolic link leads out of. A malformed manifest is a
// *fact.Error.
func Scan(ctx context.Context, fsys fs.FS) (*Repo, error) {
	t, err := tree.Scan(ctx, fsys, tree.Limits{})
	if err != nil {
		return nil, err
	}
	repo := &Repo{Tree: t}
	for _, find := range ecosystems() {
		facts, err := find(t, ".")
		if err != nil {
			return nil, err
		}
		if facts != nil {
			repo.Apps = append(repo.Apps, App{Dir: ".", Facts: facts, Builds: buildfile.Of(t, ".")})
		}
	}
	return repo, nil
}
