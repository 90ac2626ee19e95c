package python

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// readSetup reads what setup.py or setup.cfg says in plain text. The build
// computes the dependencies, so what is read here only tells which system
// packages they need: what is not literal is passed over.
// https://setuptools.pypa.io/en/latest/references/keywords.html
func (f *Facts) readSetup(file, text string) Manifest {
	m := Manifest{
		Manager: "setup.py", File: file, Files: []string{file}, Pos: fact.At(file, 1),
		Package: fact.At(file, 1), Dynamic: fact.At(file, 1),
	}
	add := func(s string, line int) {
		if r, err := parseRequirement(strings.TrimSpace(s), fact.At(file, line)); err == nil {
			m.List = append(m.List, r)
		}
	}
	if strings.HasSuffix(file, ".cfg") {
		in := false
		no := 0
		for l := range strings.Lines(text) {
			no++
			key, value, ok := strings.Cut(l, "=")
			indented := strings.HasPrefix(l, " ") || strings.HasPrefix(l, "\t")
			switch {
			case strings.TrimSpace(l) == "":
			case !indented && ok && strings.TrimSpace(key) == "install_requires":
				in = true
			case !indented && ok && strings.TrimSpace(key) == "python_requires":
				f.Versions = append(f.Versions, Version{Range: strings.TrimSpace(value), From: "python_requires", Pos: fact.At(file, no)})
				in = false
			case !indented:
				in = false
			case in:
				add(l, no)
			}
		}
		return m
	}
	src := &Module{consts: map[string][]token{}, names: map[string]string{}}
	stmts := parse(text)
	src.collect(stmts)
	r := reader{Module: src}
	var look func([]*stmt)
	look = func(list []*stmt) {
		for _, s := range list {
			for _, c := range calls(s.tokens) {
				if c.name != "setup" && c.name != "setuptools.setup" {
					continue
				}
				for _, t := range r.value(c.kw["install_requires"]) {
					if t.kind == str && !t.dynamic {
						add(t.text, t.line)
					}
				}
				if v, ok := r.value(c.kw["python_requires"]).text(); ok {
					f.Versions = append(f.Versions, Version{Range: v, From: "python_requires", Pos: fact.At(file, c.line)})
				}
			}
			look(s.body)
		}
	}
	look(stmts)
	return m
}
