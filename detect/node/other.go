package node

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// maxOthers is more folders than anybody runs scripts in beside a workspace.
const maxOthers = 20

// otherFolder matches what runs a command in another folder: cd client,
// npm --prefix client, yarn --cwd client, pnpm -C client.
var otherFolder = lazy.MustCompile(`(?:--prefix|--cwd|-C|\bcd)[ =]+(?:\./)?([A-Za-z0-9_][A-Za-z0-9_./-]*)`)

// others finds the folders that the scripts and the Procfile run commands in and
// that have a manifest of their own, though they are no members of the workspace.
// One that cannot be read says nothing here: its install will.
func (f *Facts) others(t *tree.Tree) error {
	var texts []string
	for _, name := range sortedKeys(f.Scripts) {
		texts = append(texts, f.Scripts[name].Value)
	}
	for _, p := range f.Procfile {
		texts = append(texts, p.Text)
	}
	seen := map[string]bool{".": true}
	for _, u := range f.Packages {
		seen[u.Dir] = true
	}
	for _, text := range texts {
		for _, m := range otherFolder.FindAllStringSubmatch(text, maxOthers) {
			dir := path.Clean(m[1])
			if seen[dir] || len(f.Others) == maxOthers {
				continue
			}
			seen[dir] = true
			if u, ok := Beside(t, f, dir); ok {
				f.Others = append(f.Others, u)
			}
		}
	}
	return nil
}

// Beside is the package in another folder of the repository: what its manifest and
// its configuration say. ok is false if there is none, or if it cannot be read.
func Beside(t *tree.Tree, f *Facts, dir string) (u WorkspaceUnit, ok bool) {
	full := path.Join(f.Dir, dir)
	own, _ := t.Once(besideOf(full), func() any { return packageIn(t, full) }).(*Facts)
	if own == nil {
		return u, false
	}
	return WorkspaceUnit{Dir: dir, Manifest: own.Manifest, Name: own.Name.Value, Scripts: own.Scripts, Deps: own.Deps, Facts: own}, true
}

// besideOf is a key of tree.Once.
type besideOf string

// packageIn are the facts of a folder's manifest and configuration; nil if there is none, or if it cannot be read.
func packageIn(t *tree.Tree, full string) *Facts {
	i := slices.IndexFunc(manifests, func(name string) bool { return t.Has(path.Join(full, name)) })
	if i < 0 {
		return nil
	}
	own := &Facts{Dir: full, Manifest: manifests[i], Files: t.Names(full), Dirs: t.Dirs(full)}
	v, err := document.Read(t, path.Join(full, own.Manifest))
	if err != nil || own.manifest(v) != nil || own.tsconfig(t) != nil {
		return nil
	}
	if own.Config, err = readConfig(t, own); err != nil {
		return nil
	}
	return own
}
