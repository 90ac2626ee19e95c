package python

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/detect/tree"
)

// readSetup reads what setup.py, and setup.cfg beside it, say in plain text.
// The build computes the dependencies, so what is read here only tells which
// system packages they need: what is not literal is passed over.
// https://setuptools.pypa.io/en/latest/references/keywords.html
func (f *Facts) readSetup(t *tree.Tree) (Manifest, error) {
	file := f.join("setup.py")
	m := Manifest{
		Manager: "setup.py", File: file, Files: []string{file}, Pos: fact.At(file, 1),
		Package: fact.At(file, 1), Dynamic: fact.At(file, 1),
	}
	add := func(s string, at fact.Pos) {
		if r, err := parseRequirement(strings.TrimSpace(s), at); err == nil {
			m.List = append(m.List, r)
		}
	}
	text, err := t.Read(file)
	if err != nil {
		return m, err
	}
	w, err := newWorld()
	if err != nil {
		return m, err
	}
	src := newModule(f.Dir, "setup.py", string(text))
	src.each(func(s *syntax.Stmt) {
		for _, c := range syntax.Calls(s.Tokens) {
			if c.Name != "setup" && c.Name != "setuptools.setup" {
				continue
			}
			_, kw := c.Args()
			for _, x := range w.eval(expr{src, s, kw["install_requires"]}).items() {
				if v, ok := w.eval(x).fixed(); ok {
					add(v, fact.At(file, x.toks[0].Line))
				}
			}
			if v, ok := w.eval(expr{src, s, kw["python_requires"]}).fixed(); ok {
				f.Versions = append(f.Versions, Version{Range: v, From: "python_requires", Pos: fact.At(file, c.Line)})
			}
		}
	})
	cfg := f.join("setup.cfg")
	if !t.Has(cfg) {
		return m, nil
	}
	doc, err := document.Read(t, cfg)
	if err != nil {
		return m, err
	}
	m.Files = append(m.Files, cfg)
	options := doc.Get("options")
	for _, s := range options.Get("install_requires").Strings() {
		add(s.Value, s.Pos)
	}
	if v := options.Get("python_requires"); v.Text != "" {
		f.Versions = append(f.Versions, Version{Range: v.Text, From: "python_requires", Pos: v.Pos()})
	}
	return m, nil
}
