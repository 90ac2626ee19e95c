package node

import (
	"path"
	"regexp"
	"slices"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
)

// maxOthers is more folders than anybody runs scripts in beside a workspace.
const maxOthers = 20

// otherFolder matches what runs a command in another folder: cd client,
// npm --prefix client, yarn --cwd client, pnpm -C client.
var otherFolder = regexp.MustCompile(`(?:--prefix|--cwd|-C|\bcd)[ =]+(?:\./)?([A-Za-z0-9_][A-Za-z0-9_./-]*)`)

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
			full := path.Join(f.Dir, dir)
			i := slices.IndexFunc(manifests, func(name string) bool { return t.Has(path.Join(full, name)) })
			if i < 0 {
				continue
			}
			own := &Facts{Dir: full, Manifest: manifests[i], Files: t.Names(full)}
			v, err := document.Read(t, path.Join(full, own.Manifest))
			if err != nil || own.manifest(v) != nil {
				continue
			}
			f.Others = append(f.Others, WorkspaceUnit{Dir: dir, Manifest: own.Manifest, Name: own.Name.Value, Scripts: own.Scripts, Deps: own.Deps, Facts: own})
		}
	}
	return nil
}
