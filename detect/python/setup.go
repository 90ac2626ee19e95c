package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/detect/tree"
)

// readSetup reads what setup.py, and setup.cfg beside it or without it, say in plain text.
// The build computes the dependencies, so what is read here only tells which
// system packages they need: what is not literal is passed over. The manifest is no package
// where there is only a setup.cfg that holds the settings of tools.
// https://setuptools.pypa.io/en/latest/references/keywords.html
func (f *Facts) readSetup(t *tree.Tree) (Manifest, error) {
	m := Manifest{Manager: "setup.py"}
	if file := f.join("setup.py"); t.Has(file) {
		m.built(file)
		if err := f.setupPy(t, &m, file); err != nil {
			return m, err
		}
	}
	cfg := f.join("setup.cfg")
	if !t.Has(cfg) {
		return m, nil
	}
	doc, err := document.Read(t, cfg)
	if err != nil {
		return m, err
	}
	name := doc.Get("metadata").Get("name")
	switch {
	case !m.Package.IsZero():
		m.Files = append(m.Files, cfg)
	case name.Text == "" || !t.Has(f.join("pyproject.toml")):
		return m, nil // nothing builds it: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
	default:
		m.built(cfg)
	}
	if f.Name == "" {
		f.Name = name.Text
	}
	options := doc.Get("options")
	for _, s := range options.Get("install_requires").Strings() {
		m.require(s.Value, s.Pos)
	}
	for _, s := range options.Get("setup_requires").Strings() {
		m.buildsWith(s.Value)
	}
	for _, e := range doc.Get("options.extras_require").Sorted() {
		m.listed(e.Key, m.Pos, e.Value.Strings())
	}
	if v := options.Get("python_requires"); v.Text != "" {
		f.Versions = append(f.Versions, Version{Range: v.Text, From: "python_requires", Pos: v.Pos()})
	}
	for _, s := range doc.Get("options.entry_points").Get("console_scripts").Strings() {
		m.script(s.Value, s.Pos)
	}
	return m, nil
}

// built makes the manifest that of a package which a build of its file makes.
func (m *Manifest) built(file string) {
	m.File, m.Files = file, []string{file}
	m.Pos, m.Package, m.Dynamic = fact.At(file, 1), fact.At(file, 1), fact.At(file, 1)
}

// require adds a requirement, if it can be read.
func (m *Manifest) require(text string, at fact.Pos) {
	if r, err := parseRequirement(strings.TrimSpace(text), at); err == nil {
		m.List = append(m.List, r)
	}
}

// listed adds a group of what a tool other than the manager installs, by the texts of its requirements. What is none, such as a template of Hatch, is
// passed over.
func (m *Manifest) listed(name string, at fact.Pos, texts []fact.Fact[string]) {
	g := Group{Name: name, Kind: "list", Pos: at}
	for _, s := range texts {
		if r, err := parseRequirement(strings.TrimSpace(s.Value), s.Pos); err == nil && r.Name != "" {
			g.List = append(g.List, r)
		}
	}
	if len(g.List) > 0 {
		m.Groups = append(m.Groups, g)
	}
}

// buildsWith adds a requirement of the build.
func (m *Manifest) buildsWith(text string) {
	if r, err := parseRequirement(strings.TrimSpace(text), m.Pos); err == nil && r.Name != "" {
		m.BuildsWith = append(m.BuildsWith, r.Name)
	}
}

// script adds the console script of a line NAME = package.module:function [extra].
func (m *Manifest) script(line string, at fact.Pos) {
	name, target, ok := strings.Cut(line, "=")
	target, _, _ = strings.Cut(target, "[")
	name, target = strings.TrimSpace(name), strings.TrimSpace(target)
	if ok && name != "" && strings.Contains(target, ":") {
		m.Scripts = append(m.Scripts, Script{Name: name, Target: target, Pos: at})
	}
}

// setupPy reads the call of setup.
func (f *Facts) setupPy(t *tree.Tree, m *Manifest, file string) error {
	text, err := t.Read(file)
	if err != nil {
		return err
	}
	w, err := newWorld()
	if err != nil {
		return err
	}
	src := newModule(f.Dir, "setup.py", string(text))
	src.each(func(s *syntax.Stmt) {
		for _, c := range syntax.Calls(s.Tokens) {
			if c.Name != "setup" && c.Name != "setuptools.setup" {
				continue
			}
			_, kw := c.Args()
			texts := func(list expr, each func(string, fact.Pos)) {
				for _, x := range w.eval(list).items() {
					if v, ok := w.eval(x).fixed(); ok {
						each(v, fact.At(file, x.toks[0].Line))
					}
				}
			}
			at := func(toks []syntax.Token) expr { return expr{src, s, toks} }
			extra := func(name string, list expr) {
				var found []fact.Fact[string]
				texts(list, func(text string, pos fact.Pos) { found = append(found, fact.Fact[string]{Value: text, Pos: pos}) })
				m.listed(name, m.Pos, found)
			}
			texts(at(kw["install_requires"]), m.require)
			if len(m.List) == 0 {
				f.requiredFrom(t, m, src, kw["install_requires"])
			}
			texts(at(kw["setup_requires"]), func(text string, _ fact.Pos) { m.buildsWith(text) })
			extras := w.eval(at(kw["extras_require"]))
			for _, name := range extras.keys() {
				list, _ := extras.item(name)
				extra(name, list)
			}
			extra("tests", at(kw["tests_require"]))
			if kw["use_scm_version"] != nil {
				m.buildsWith("setuptools-scm")
			}
			texts(at(consoleScripts(kw["entry_points"])), m.script)
			if v, ok := w.eval(expr{src, s, kw["name"]}).fixed(); ok && f.Name == "" {
				f.Name = v
			}
			if v, ok := w.eval(expr{src, s, kw["python_requires"]}).fixed(); ok {
				f.Versions = append(f.Versions, Version{Range: v, From: "python_requires", Pos: fact.At(file, c.Line)})
			}
		}
	})
	return nil
}

// requiredFrom takes in the requirements of the files from which the value of install_requires is read, there or where a name gets its value:
// open("requirements.txt").read().splitlines(), or a function that is given a name below the folder "requirements".
func (f *Facts) requiredFrom(t *tree.Tree, m *Manifest, src *Module, toks []syntax.Token) {
	if len(toks) == 1 && toks[0].Kind == syntax.Name {
		name := toks[0].Text
		toks = nil
		src.each(func(s *syntax.Stmt) {
			if i := slices.IndexFunc(s.Tokens, func(t syntax.Token) bool { return t.Is("=") || t.Is("as") || t.Is("+=") }); i == 1 && s.Tokens[0].Text == name {
				toks = append(toks, s.Tokens...)
			}
		})
	}
	for _, tok := range toks {
		if tok.Kind != syntax.String || path.Ext(tok.Text) != ".txt" || len(m.List) > 0 || path.IsAbs(tok.Text) || strings.HasPrefix(path.Clean(tok.Text), "..") {
			continue
		}
		for _, name := range []string{tok.Text, path.Join("requirements", tok.Text)} {
			if !t.Has(f.join(name)) {
				continue
			}
			r, err := readRequirements(t, f.Dir, f.join(name))
			if err != nil {
				break // only the build knows what the code makes of it
			}
			for _, q := range r.List {
				if q.Source == Index && q.Name != "" {
					m.List = append(m.List, q)
				}
			}
			break
		}
	}
}

// consoleScripts is the list below the key of console scripts in entry_points.
func consoleScripts(toks []syntax.Token) []syntax.Token {
	for i := 0; i+2 < len(toks); i++ {
		if toks[i].Kind == syntax.String && toks[i].Text == "console_scripts" && toks[i+1].Is(":") {
			return syntax.UntilEnd(toks[i+2:])
		}
	}
	return nil
}
