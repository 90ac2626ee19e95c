package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// readPyproject reads pyproject.toml: its project
// (https://packaging.python.org/en/latest/specifications/pyproject-toml/) and
// what Poetry, uv and PDM write in it.
func (f *Facts) readPyproject(t *tree.Tree, file string) error {
	doc, err := document.Read(t, file)
	if err != nil {
		return err
	}
	tool := doc.Get("tool")
	if pytest := tool.Get("pytest"); pytest.Found() {
		f.PytestConfig = pytest.Pos()
	}
	// https://fastapi.tiangolo.com/fastapi-cli/
	if e := tool.Get("fastapi", "entrypoint"); e.Found() {
		f.serves(t, e.Text, e.Pos())
	}
	project, poetry, uv, pdm := doc.Get("project"), tool.Get("poetry"), tool.Get("uv"), tool.Get("pdm")
	if !project.Found() && !poetry.Found() && !uv.Found() && !pdm.Found() {
		return nil // settings of tools alone
	}
	m := Manifest{File: file, Files: []string{file}, Pos: fact.At(file, 1)}
	if build := doc.Get("build-system"); build.Found() {
		m.Package = build.Pos()
		for _, s := range build.Get("requires").Strings() {
			m.buildsWith(s.Value)
		}
	}
	m.chooseManager(t, tool)
	if m.Manager == "uv" || m.Manager == "pyproject" {
		if err := m.uvSettings(t, uv); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		read func(*Manifest, document.Value) error
		of   document.Value
	}{{f.project, project}, {groups, doc.Get("dependency-groups")}, {f.poetry, poetry}, {readUV, uv}, {readPDM, pdm}, {readHatch, tool.Get("hatch")}} {
		if err := step.read(&m, step.of); err != nil {
			return err
		}
	}
	m.Hook = hook(t, file, tool)
	f.recipe(t)
	m.Picked = f.Recipe.picked(m)
	if m.Lock != "" {
		if err := m.readLock(t, f.Name, project.Get("version")); err != nil {
			return err
		}
	}
	f.Manifests = append(f.Manifests, m)
	return nil
}

// chooseManager is by the lockfile, else by the table of a tool.
func (m *Manifest) chooseManager(t *tree.Tree, tool document.Value) {
	for _, name := range []string{"uv", "poetry", "pdm"} {
		if lock := path.Join(path.Dir(m.File), name+".lock"); t.Has(lock) {
			m.Manager, m.Lock = name, lock
			m.Files = append(m.Files, lock)
			return
		}
	}
	m.Manager = "pyproject"
	for _, name := range []string{"poetry", "pdm", "uv"} {
		if tool.Get(name).Found() {
			m.Manager = name
			return
		}
	}
}

// requirements reads a list of PEP 508.
func requirements(list document.Value) ([]Requirement, error) {
	if list.Found() && list.Kind != document.List {
		return nil, fact.Errorf(list.Pos(), "is not a list of requirements")
	}
	var out []Requirement
	for _, s := range list.Strings() {
		r, err := parseRequirement(strings.TrimSpace(s.Value), s.Pos)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// addGroups adds the lists of a table as groups of a kind.
func (m *Manifest) addGroups(table document.Value, kind string) error {
	for _, g := range table.Sorted() {
		list, err := requirements(g.Value)
		if err != nil {
			return err
		}
		m.Groups = append(m.Groups, Group{Name: g.Key, Kind: kind, List: list, Pos: fact.At(table.File, g.Line)})
	}
	return nil
}

func (m *Manifest) addScripts(table document.Value) {
	for _, s := range table.Sorted() {
		if s.Value.Kind == document.String {
			m.Scripts = append(m.Scripts, Script{Name: s.Key, Target: s.Value.Text, Pos: fact.At(table.File, s.Line)})
		}
	}
}

func (m *Manifest) addPlugins(table document.Value) {
	for _, g := range table.Sorted() {
		m.Plugins = append(m.Plugins, g.Key)
	}
}

// project reads [project].
func (f *Facts) project(m *Manifest, project document.Value) error {
	f.Name = project.Get("name").Text
	if v := project.Get("requires-python"); v.Text != "" {
		f.Versions = append(f.Versions, Version{Range: v.Text, From: "requires-python", Pos: v.Pos()})
	}
	var err error
	if m.List, err = requirements(project.Get("dependencies")); err != nil {
		return err
	}
	if err := m.addGroups(project.Get("optional-dependencies"), "extra"); err != nil {
		return err
	}
	m.addScripts(project.Get("scripts"))
	m.addPlugins(project.Get("entry-points"))
	for _, s := range project.Get("dynamic").Strings() {
		switch s.Value {
		case "dependencies":
			m.Dynamic = s.Pos
		case "version":
			m.DynamicVersion = s.Pos
		}
	}
	if readme := project.Get("readme").Fact(); readme.Found() {
		readme.Value = path.Join(path.Dir(m.File), readme.Value)
		f.Readme = readme
	}
	return nil
}

// groups reads [dependency-groups], of which only the strings are requirements:
// https://packaging.python.org/en/latest/specifications/dependency-groups/.
func groups(m *Manifest, table document.Value) error { return m.addGroups(table, "group") }

// poetry reads [tool.poetry]: https://python-poetry.org/docs/pyproject/.
func (f *Facts) poetry(m *Manifest, table document.Value) error {
	deps := table.Get("dependencies")
	if v := deps.Get("python").Fact(); v.Found() {
		f.Versions = append(f.Versions, Version{Range: v.Value, From: "poetry's python", Pos: v.Pos})
	}
	have := map[string]int{}
	for i, r := range m.List {
		have[r.Name] = i
	}
	for _, r := range poetryList(deps) {
		i, ok := have[r.Name]
		switch {
		case !ok:
			m.List = append(m.List, r)
		case r.Source != Index: // of what the project names
			m.List[i].Source, m.List[i].URL, m.List[i].Editable = r.Source, r.URL, r.Editable
		}
	}
	if dev := table.Get("dev-dependencies"); len(dev.Members) > 0 {
		m.Groups = append(m.Groups, Group{Name: "dev", Kind: "group", List: poetryList(dev), Pos: dev.Pos()})
	}
	for _, g := range table.Get("group").Sorted() {
		m.Groups = append(m.Groups, Group{Name: g.Key, Kind: "group", List: poetryList(g.Value.Get("dependencies")), Pos: fact.At(m.File, g.Line)})
	}
	m.poetryExtras(table)
	if m.Manager == "poetry" {
		m.sources(table.Get("source"), false)
		m.Requires = table.Get("requires-poetry").Fact()
	}
	m.addScripts(table.Get("scripts"))
	m.addPlugins(table.Get("plugins"))
	if f.Name == "" {
		f.Name = table.Get("name").Text
	}
	if table.Get("package-mode").IsFalse() {
		m.Package = fact.Pos{}
	}
	return nil
}

// poetryExtras reads the extras, which name optional dependencies:
// https://python-poetry.org/docs/pyproject/#extras.
func (m *Manifest) poetryExtras(table document.Value) {
	optional := map[string]Requirement{}
	for _, d := range table.Get("dependencies").Members {
		if d.Value.Get("optional").IsTrue() {
			r := Requirement{Name: pypi.CanonPackageName(d.Key), Pos: fact.At(table.File, d.Line)}
			r.table(d.Value)
			optional[r.Name] = r
		}
	}
	for _, e := range table.Get("extras").Sorted() {
		g := Group{Name: e.Key, Kind: "extra", Pos: fact.At(table.File, e.Line)}
		for _, n := range e.Value.Strings() {
			if r, ok := optional[pypi.CanonPackageName(n.Value)]; ok {
				g.List = append(g.List, r)
			}
		}
		m.Groups = append(m.Groups, g)
	}
}

// poetryList reads a table of https://python-poetry.org/docs/dependency-specification/,
// which Pipenv writes too.
func poetryList(table document.Value) []Requirement {
	var out []Requirement
	for _, d := range table.Sorted() {
		if d.Key == "python" || d.Value.Get("optional").IsTrue() {
			continue
		}
		r := Requirement{Name: pypi.CanonPackageName(d.Key), Pos: fact.At(table.File, d.Line)}
		switch v := d.Value; v.Kind { //nolint:exhaustive // the others are no dependencies
		case document.String:
			r.Constraint = v.Text
		case document.Object:
			r.table(v)
		case document.List:
			if len(v.Items) > 0 {
				r.table(v.Items[0])
			}
		}
		out = append(out, r)
	}
	return out
}

// table reads a dependency that is a table, as Poetry and Pipenv write it.
func (r *Requirement) table(v document.Value) {
	r.Constraint, r.Marker, r.Index = v.Get("version").Text, v.Get("markers").Text, v.Get("source").Text
	for _, e := range v.Get("extras").Strings() {
		r.Extras = append(r.Extras, pypi.CanonPackageName(e.Value))
	}
	switch {
	case v.Get("git").Found():
		r.Source, r.URL = Git, v.Get("git").Text
	case v.Get("path").Found():
		r.Source, r.URL, r.Editable = Local, v.Get("path").Text, v.Get("develop").IsTrue() || v.Get("editable").IsTrue()
	case v.Get("file").Found():
		r.Source, r.URL = Local, v.Get("file").Text
	case v.Get("url").Found():
		r.Source = URL
	}
}

// readUV reads [tool.uv]: https://docs.astral.sh/uv/reference/settings/.
func readUV(m *Manifest, table document.Value) error {
	dev := table.Get("dev-dependencies")
	list, err := requirements(dev)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		m.Groups = append(m.Groups, Group{Name: "dev", Kind: "group", List: list, Pos: dev.Pos()})
	}
	if v := table.Get("workspace"); v.Found() {
		m.Workspace = v.Pos()
	}
	sources := map[string]Requirement{}
	for _, s := range table.Get("sources").Members {
		v, name := s.Value, pypi.CanonPackageName(s.Key)
		for _, item := range append(v.Items, v) {
			if index := item.Get("index").Text; index != "" {
				m.served(name, index)
			}
		}
		if len(v.Items) > 0 {
			v = v.Items[0]
		}
		switch {
		case v.Get("git").Found():
			sources[name] = Requirement{Source: Git, URL: v.Get("git").Text}
		case v.Get("path").Found():
			sources[name] = Requirement{Source: Local, URL: v.Get("path").Text, Editable: v.Get("editable").IsTrue()}
		case v.Get("workspace").Found():
			sources[name] = Requirement{Source: Local, Member: v.Get("workspace").IsTrue()}
		}
	}
	for i, r := range m.List {
		if s, ok := sources[r.Name]; ok {
			m.List[i].Source, m.List[i].URL, m.List[i].Member, m.List[i].Editable = s.Source, cmp.Or(s.URL, r.URL), s.Member, s.Editable
		}
	}
	if table.Get("package").IsFalse() {
		m.Package = fact.Pos{}
	}
	return nil
}

// readPDM reads [tool.pdm]: https://pdm-project.org/en/latest/reference/pep621/.
func readPDM(m *Manifest, table document.Value) error {
	if m.Manager == "pdm" {
		m.sources(table.Get("source"), true)
	}
	if table.Get("distribution").IsFalse() {
		m.Package = fact.Pos{}
	}
	return m.addGroups(table.Get("dev-dependencies"), "group")
}

// hook is the script that a build of the project runs, which makes more of it than its files: https://hatch.pypa.io/latest/plugins/build-hook/custom/,
// https://python-poetry.org/docs/building-extension-modules/, https://backend.pdm-project.org/hooks/.
func hook(t *tree.Tree, file string, tool document.Value) fact.Fact[string] {
	found := func(name string, pos fact.Pos) fact.Fact[string] {
		if at := path.Join(path.Dir(file), name); t.Has(at) {
			return fact.Fact[string]{Value: at, Pos: pos}
		}
		return fact.Fact[string]{}
	}
	for _, keys := range [][]string{{"hatch", "build", "hooks", "custom"}, {"hatch", "build", "targets", "wheel", "hooks", "custom"}} {
		if custom := tool.Get(keys...); custom.Found() {
			return found(cmp.Or(custom.Get("path").Text, "hatch_build.py"), custom.Pos())
		}
	}
	for _, keys := range [][]string{{"poetry", "build"}, {"poetry", "build", "script"}, {"pdm", "build", "custom-hook"}} {
		if script := tool.Get(keys...); script.Text != "" {
			return found(script.Text, script.Pos())
		}
	}
	return fact.Fact[string]{}
}

// readHatch reads the dependencies of Hatch's environments: https://hatch.pypa.io/latest/config/environment/overview/#dependencies.
func readHatch(m *Manifest, hatch document.Value) error {
	for _, e := range hatch.Get("envs").Sorted() {
		m.listed(e.Key, fact.At(m.File, e.Line), slices.Concat(e.Value.Get("dependencies").Strings(), e.Value.Get("extra-dependencies").Strings()))
	}
	return nil
}
