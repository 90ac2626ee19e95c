package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/tree"
)

// maxNear is the most packages beside a manifest that are read.
const maxNear = 50

// Near is a package of the repository that an installation takes from its folder, or from an archive.
type Near struct {
	Path     string // relative to the app's folder, "../libs/prices"
	Folder   bool
	Editable bool          // it runs from there
	List     []Requirement // what it depends on
}

// Outside reports whether it lies outside of the app's folder.
func (n Near) Outside() bool { return strings.HasPrefix(n.Path, "../") }

// near reads the packages of the repository that the requirements of a manifest name by their paths, and those that these name.
func (f *Facts) near(t *tree.Tree, m *Manifest) error {
	f.addNear(t, m, f.Dir, m.List)
	for i := 0; i < len(m.Near); i++ {
		if !m.Near[i].Folder {
			continue
		}
		dir := f.join(m.Near[i].Path)
		list, err := manifestsOf(t, dir)
		if err != nil {
			return err
		}
		for _, x := range list {
			m.Near[i].List = append(m.Near[i].List, x.List...)
			f.addNear(t, m, dir, x.List)
		}
	}
	return nil
}

// manifestsOf reads the manifests of such a package once, which the apps that need it share.
func manifestsOf(t *tree.Tree, dir string) ([]Manifest, error) {
	read, _ := t.Once(nearOf(dir), func() any {
		f := &Facts{Dir: dir}
		err := f.manifests(t)
		return readNear{f.Manifests, err}
	}).(readNear)
	return read.manifests, read.err
}

// nearOf is a key of tree.Once.
type nearOf string

type readNear struct {
	manifests []Manifest
	err       error
}

// addNear adds those that requirements name from a folder on. The app's own is none.
func (f *Facts) addNear(t *tree.Tree, m *Manifest, dir string, list []Requirement) {
	for _, r := range list {
		at := path.Join(dir, r.Path())
		if folder := t.HasDir(at); r.Source == Local && r.URL != "" && at != f.Dir && (folder || t.Has(at)) {
			m.takeNear(Near{Path: tree.Relative(f.Dir, at), Folder: folder, Editable: r.Editable})
		}
	}
}

// takeNear adds one once.
func (m *Manifest) takeNear(n Near) {
	i := slices.IndexFunc(m.Near, func(o Near) bool { return o.Path == n.Path })
	switch {
	case i >= 0:
		m.Near[i].Editable = m.Near[i].Editable || n.Editable
	case len(m.Near) < maxNear:
		m.Near = append(m.Near, n)
	}
}

// Beside are the folders of the tree outside of the app's own in which what it depends on lies: see detect.Facts.
func (f *Facts) Beside() []string {
	var out []string
	for _, m := range f.Manifests {
		for _, n := range m.Near {
			dir := f.join(n.Path)
			if !n.Folder {
				dir = path.Dir(dir)
			}
			if n.Outside() && !tree.Within(f.Dir, dir) {
				out = append(out, dir)
			}
		}
	}
	return out
}
