// Package golang reads Go modules without running Go: how the repository
// builds them, and what the program of each main package does.
//
// Its subpackages stand below it, each using only those after it: analysis
// (what a program does), load (packages), module (go.mod, go.work, versions).
// A fact that cannot be read from the source is left out.
//
// Its files, each of which uses only those after it: golang.go, nested.go,
// build.go, facts.go, evidence.go, generate.go, ldflags.go, test.go,
// buildflags.go, embed.go, reader.go, gocommand.go, link.go, setting.go,
// marks.go, package.go.
package golang

import (
	"path"
	"slices"
	"sync"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
)

// Detect returns nil if dir holds no Go code that it could build: no
// go.mod, no go.work and no main package of its own, no module below that has
// one, and no dependencies from before there were modules.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	dir = path.Clean(dir)
	r := &reader{
		Folder: module.Folder{Tree: t, Dir: dir}, home: ".", matches: maxMatches,
		builds: buildfile.Of(t, dir), goFiles: map[*buildfile.File]*goFile{}, own: map[*buildfile.File][]goCommand{},
		mises: map[string]toolversion.Mise{},
	}
	r.marks = sync.OnceValue(func() *marks { return readMarks(r.Folder) })
	b, err := r.build()
	if err != nil {
		return nil, err
	}
	var f *Facts
	if b != nil {
		b.describe()
		f = b.facts
	}
	if f = r.below(f); f != nil {
		f.StartEvidence = r.evidence(f.places())
	} else if old := r.legacy(); !old.IsZero() && slices.ContainsFunc(t.Files(dir), func(name string) bool { return module.IsSource(path.Base(name)) }) {
		f = &Facts{Dir: dir, Build: module.Build{Home: "."}}
	}
	if f != nil && f.Bare() {
		f.Legacy = r.legacy()
	}
	return f, nil
}

// legacy finds the manifest of a dependency manager from before modules:
// https://go.dev/wiki/PackageManagementTools.
func (r *reader) legacy() fact.Pos {
	for _, name := range []string{"Gopkg.lock", "Gopkg.toml", "glide.lock", "glide.yaml", "Godeps/Godeps.json", "vendor/vendor.json"} {
		if r.Has(name) {
			return fact.At(r.At(name), 0)
		}
	}
	return fact.Pos{}
}
