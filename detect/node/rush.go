package node

import (
	"path"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
)

// rush looks for a rush.json above that has the folder as a project: https://rushjs.io/pages/configs/rush_json/.
func (f *Facts) rush(t *tree.Tree) error {
	for dir := f.Dir; dir != "."; {
		dir = path.Dir(dir)
		file := path.Join(dir, "rush.json")
		if !t.Has(file) {
			continue
		}
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		for _, p := range v.Get("projects").Items {
			if at := p.Get("projectFolder"); path.Join(dir, at.Text) == f.Dir {
				f.Rush = at.Pos()
			}
		}
		return nil
	}
	return nil
}
