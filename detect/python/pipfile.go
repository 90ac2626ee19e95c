package python

import (
	"path"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// readPipfile reads https://github.com/pypa/pipfile.
func (f *Facts) readPipfile(t *tree.Tree, file string) error {
	doc, err := document.Read(t, file)
	if err != nil {
		return err
	}
	m := Manifest{Manager: "pipenv", File: file, Files: []string{file}, Pos: fact.At(file, 1), List: poetryList(doc.Get("packages"))}
	if dev := doc.Get("dev-packages"); len(dev.Members) > 0 {
		m.Groups = append(m.Groups, Group{Name: "dev-packages", Kind: "group", List: poetryList(dev), Pos: dev.Pos()})
	}
	m.sources(doc.Get("source"), true)
	for _, key := range []string{"python_full_version", "python_version"} {
		if v := doc.Get("requires", key); v.Text != "" {
			f.Versions = append(f.Versions, Version{Pin: v.Text, From: "the Pipfile", Pos: v.Pos()})
			break
		}
	}
	if lock := path.Join(path.Dir(file), "Pipfile.lock"); t.Has(lock) {
		m.Lock = lock
		m.Files = append(m.Files, lock)
		if err := m.readPipfileLock(t); err != nil {
			return err
		}
	}
	f.Manifests = append(f.Manifests, m)
	return nil
}

func (m *Manifest) readPipfileLock(t *tree.Tree) error {
	lock, err := document.Read(t, m.Lock)
	if err != nil {
		return err
	}
	m.Locked = map[string]Locked{}
	for _, p := range lock.Get("default").Members {
		k := Locked{Version: strings.TrimLeft(p.Value.Get("version").Text, "=")}
		switch {
		case p.Value.Get("git").Text != "":
			k.Source = Git
		case p.Value.Get("path").Text != "":
			k.Source = Local
		}
		m.Locked[pypi.CanonPackageName(p.Key)] = k
	}
	return nil
}
