// Package python reads Python projects: what they depend on, which version
// they want, and where in the source their application is.
//
// Source is tokenized and its statements are read; nothing is run, imported
// or guessed from a file's name.
package python

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Facts are what a Python project says of itself.
type Facts struct {
	Dir          string
	Name         string     // of the project, where pyproject.toml has one
	Manifests    []Manifest // in the order in which their tools are preferred
	Versions     []Version
	FreeThreaded fact.Pos // a build without the global lock is asked for
	Readme       fact.Fact[string]
	Processes    []Process // of the Procfile and app.yaml
	Scripts      []Process // scripts of a shell whose names say that they start the app
	Django       *Django
	Modules      []*Module // every source file but tests, by path
	TestFiles    []*Module
	TestReqs     []Group           // requirements files for development
	PytestConfig fact.Pos          // pytest is configured
	Served       fact.Fact[string] // the file of the application that FLASK_APP of .flaskenv or the entrypoint of FastAPI's settings names
	ServedObject string            // the application in it, "" if it is not named
	Conda        fact.Pos          // environment.yml, or Pixi's manifest
	Gunicorns    []Gunicorn        // configurations of gunicorn
	Configured   []Configured      // frameworks by files of their own
	Recipe       Recipe            // of the own Dockerfile
	Workspace    []Member          // of uv, sorted by folder
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "python" }

// Bare reports whether no manifest stands behind the facts.
func (f *Facts) Bare() bool { return len(f.Manifests) == 0 && f.Django == nil }

// Bounds of what is read of a repository's source. A token takes 200 bytes and
// a µs until its module is read, and is 6.5 bytes of source on average: 750,000
// are 5 MB of real code.
const (
	maxSource       = 512 << 10 // bytes of one file
	maxSourceTokens = 750_000
	maxModules      = 4000
)

// Detect returns nil where dir holds no Python project.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	f := &Facts{Dir: dir}
	if err := f.manifests(t); err != nil {
		return nil, err
	}
	if len(f.Manifests) == 0 && !t.Has(f.join("manage.py")) {
		if slices.ContainsFunc(slices.Concat(aside.Manifests("python"), aside.Foreign()), func(n string) bool { return t.Has(f.join(n)) }) {
			return nil, nil
		}
		if !slices.ContainsFunc(t.Names(dir), func(n string) bool { return strings.HasSuffix(n, ".py") }) && f.Conda.IsZero() {
			return nil, nil
		}
		if err := f.readInline(t); err != nil {
			return nil, err
		}
	}
	for i := range f.Manifests {
		if err := f.near(t, &f.Manifests[i]); err != nil {
			return nil, err
		}
	}
	if err := f.readVersions(t); err != nil {
		return nil, err
	}
	for i := range f.Versions {
		if freeThreaded.MatchString(f.Versions[i].Pin) && f.FreeThreaded.IsZero() {
			f.FreeThreaded = f.Versions[i].Pos
		}
	}
	if err := f.processes(t); err != nil {
		return nil, err
	}
	f.flaskenv(t)
	if err := f.configured(t); err != nil {
		return nil, err
	}
	if err := f.workspace(t); err != nil {
		return nil, err
	}
	return f, f.source(t)
}

// Configured is where a framework serves by a file of its own.
type Configured struct {
	Framework string
	Port      fact.Fact[int]
	Base      fact.Fact[string]
}

// configured reads the files of frameworks.
func (f *Facts) configured(t *tree.Tree) error {
	rows, err := Frameworks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Config.File == "" || !t.Has(f.join(row.Config.File)) {
			continue
		}
		doc, err := document.Read(t, f.join(row.Config.File))
		if err != nil {
			return err
		}
		at := func(keys []string) document.Value {
			v := doc
			for _, k := range keys {
				v = v.Get(k)
			}
			return v
		}
		c := Configured{Framework: row.Name, Base: at(row.Config.Base).Fact()}
		if v := at(row.Config.Port); v.Found() {
			if n, err := strconv.Atoi(v.Text); err == nil && n > 0 && n < 65536 {
				c.Port = fact.Fact[int]{Value: n, Pos: v.Pos()}
			}
		}
		f.Configured = append(f.Configured, c)
	}
	return nil
}

// flaskenv reads https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv.
func (f *Facts) flaskenv(t *tree.Tree) {
	text, err := t.ReadHead(f.join(".flaskenv"), 4<<10)
	if err != nil {
		return
	}
	for i, line := range strings.Split(string(text), "\n") {
		name, v, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "export ")), "=")
		if !ok || strings.TrimSpace(name) != "FLASK_APP" {
			continue
		}
		f.serves(t, strings.Trim(strings.TrimSpace(v), `"'`), fact.At(f.join(".flaskenv"), i+1))
	}
}

// serves notes the application that a setting names as module:object, module or file:object.
func (f *Facts) serves(t *tree.Tree, ref string, pos fact.Pos) {
	name, object, _ := strings.Cut(ref, ":")
	file := strings.TrimPrefix(name, "./")
	if !strings.HasSuffix(file, ".py") {
		file = strings.ReplaceAll(file, ".", "/") + ".py"
	}
	for _, at := range []string{file, strings.TrimSuffix(file, ".py") + "/__init__.py", "src/" + file} {
		if t.Has(f.join(at)) {
			f.Served, f.ServedObject = fact.Fact[string]{Value: path.Clean(at), Pos: pos}, object
			return
		}
	}
}

// join is the place in the tree of a path relative to the app's folder, and
// rel the other way round.
func (f *Facts) join(n string) string { return path.Join(f.Dir, n) }

func (f *Facts) rel(file string) string {
	if f.Dir == "." {
		return file
	}
	return strings.TrimPrefix(file, f.Dir+"/")
}

// manifests reads every manifest of the folder, the preferred tool's first:
// a lockfile says what was installed, requirements.txt comes before the bare
// pyproject.toml of a project that has both.
func (f *Facts) manifests(t *tree.Tree) error {
	if file := f.join("pyproject.toml"); t.Has(file) {
		if err := f.readPyproject(t, file); err != nil {
			return err
		}
	}
	if file := f.join("Pipfile"); t.Has(file) {
		if err := f.readPipfile(t, file); err != nil {
			return err
		}
	}
	f.recipe(t)
	if err := f.requirements(t); err != nil {
		return err
	}
	if len(f.Manifests) == 0 && (t.Has(f.join("setup.py")) || t.Has(f.join("setup.cfg"))) {
		m, err := f.readSetup(t)
		if err != nil {
			return err
		}
		if !m.Package.IsZero() {
			f.Manifests = append(f.Manifests, m)
		}
	}
	for i := range f.Manifests {
		m := &f.Manifests[i]
		m.File, m.Lock, m.Files, m.More = f.rel(m.File), f.rel(m.Lock), f.rels(m.Files), f.rels(m.More)
		for j := range m.Groups {
			m.Groups[j].Files = f.rels(m.Groups[j].Files)
		}
	}
	slices.SortStableFunc(f.Manifests, func(a, b Manifest) int { return a.rank() - b.rank() })
	for _, n := range []string{"environment.yml", "environment.yaml", "pixi.toml"} {
		if t.Has(f.join(n)) && f.Conda.IsZero() {
			f.Conda = fact.At(f.join(n), 1)
		}
	}
	return f.testRequirements(t)
}

// requirementsFiles are the names of the files that pip installs an app from, by custom.
var requirementsFiles = []string{"requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "requirements/requirements.txt"} //nolint:gochecknoglobals // a constant table

// requirements reads the requirements files that the own Dockerfile installs, else the first of those that are
// called so by custom.
func (f *Facts) requirements(t *tree.Tree) error {
	var names []string
	for _, n := range f.Recipe.Files {
		if !slices.ContainsFunc(strings.FieldsFunc(n.Value, func(c rune) bool { return strings.ContainsRune("-_./", c) }), developing.MatchString) {
			names = append(names, n.Value)
		}
	}
	if i := slices.IndexFunc(requirementsFiles, func(n string) bool { return t.Has(f.join(n)) }); len(names) == 0 && i >= 0 {
		names = requirementsFiles[i : i+1]
	}
	var m Manifest
	for i, n := range names {
		r, err := readRequirements(t, f.Dir, f.join(n))
		if err != nil {
			return err
		}
		switch {
		case i == 0:
			m = Manifest{Manager: "pip", File: f.join(n), Pos: fact.At(f.join(n), 1)}
		case slices.Contains(m.Files, f.join(n)):
			continue // another includes it
		default:
			m.More = append(m.More, f.join(n))
		}
		m.requirements(r)
	}
	if len(names) > 0 {
		f.Manifests = append(f.Manifests, m)
	}
	return nil
}

// requirements takes in what one file says, with those that it includes.
func (m *Manifest) requirements(r *Requirements) {
	for _, file := range r.Files {
		if !slices.Contains(m.Files, file) {
			m.Files = append(m.Files, file)
		}
	}
	m.List, m.Extras, m.Constrained = append(m.List, r.List...), append(m.Extras, r.Extras...), append(m.Constrained, r.Constrained...)
	m.Hashes = m.Hashes || r.Hashes
	for _, v := range r.Variables {
		m.Variables = addVariable(m.Variables, v)
	}
	for _, s := range r.Sources {
		m.indexed(PackageIndex{Pos: s.Pos}, s.Value, true)
	}
	if m.Self.IsZero() {
		m.Self = r.Self
	}
}

func (f *Facts) rels(files []string) []string {
	out := slices.Clone(files)
	for i := range out {
		out[i] = f.rel(out[i])
	}
	return out
}

func (m Manifest) rank() int {
	switch {
	case m.Lock != "":
		return 0
	case m.Manager == "poetry", m.Manager == "pdm", m.Manager == "pip" && m.pinned():
		return 1
	case m.Manager == "pipenv":
		return 2
	case m.Manager == "pip":
		return 3
	}
	return 4
}

// pinned reports whether each line of a list names one version: that says more than a Pipfile without its lockfile.
func (m Manifest) pinned() bool {
	return len(m.List) > 0 && !slices.ContainsFunc(m.List, func(r Requirement) bool {
		v, exact := strings.CutPrefix(strings.TrimSpace(r.Constraint), "==")
		return !exact || strings.ContainsAny(v, ",*")
	})
}

// testRequirements reads the requirements files whose names say that they are
// for development.
func (f *Facts) testRequirements(t *tree.Tree) error {
	for _, n := range []string{
		"requirements-test.txt", "requirements-tests.txt", "requirements_test.txt", "test-requirements.txt", "test_requirements.txt", "requirements.test.txt",
		"requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "dev_requirements.txt", "requirements.dev.txt", "requirements-development.txt",
		"requirements/test.txt", "requirements/tests.txt", "requirements/testing.txt", "requirements/dev.txt", "requirements/development.txt", "requirements/local.txt",
	} {
		if !t.Has(f.join(n)) {
			continue
		}
		r, err := readRequirements(t, f.Dir, f.join(n))
		if err != nil {
			return err
		}
		f.TestReqs = append(f.TestReqs, Group{Name: n, Kind: "file", Files: f.rels(r.Files), List: r.List, Pos: fact.At(f.join(n), 1)})
	}
	return nil
}

// processes reads what the Procfile and the files of hosting platforms start, and
// the runtime of https://cloud.google.com/appengine/docs/standard/reference/app-yaml.
func (f *Facts) processes(t *tree.Tree) error {
	builds := buildfile.Of(t, f.Dir)
	if _, err := builds.Procfile(); err != nil {
		return err
	}
	for _, p := range builds.Processes() {
		f.Processes = append(f.Processes, f.followed(t, CommandLine(p.Name, p.Text, p.Pos)))
	}
	f.readScripts(t)
	for _, name := range []string{"app.yaml", "app.yml"} {
		if file := builds.File(name); file != nil {
			if minor, ok := strings.CutPrefix(file.Runtime.Value, "python3"); ok && minor != "" {
				f.Versions = append(f.Versions, Version{Pin: "3." + minor, From: "the runtime of app.yaml", Pos: file.Runtime.Pos})
			}
		}
	}
	return nil
}

// byDepth are Python files with those nearest to the root first, and tests and migrations, which no start needs, last.
func byDepth(files []string, rel func(string) string) []string {
	weight := func(file string) int {
		dir := path.Dir(rel(file))
		n := strings.Count(dir, "/")
		if aside.Folder("python", dir) != nil || aside.Named("python", path.Base(file)) != nil || path.Base(dir) == "migrations" {
			n += 1000
		}
		return n
	}
	weights := make(map[string]int, len(files))
	for _, file := range files {
		weights[file] = weight(file)
	}
	return slices.SortedStableFunc(slices.Values(files), func(a, b string) int { return weights[a] - weights[b] })
}

// source reads the repository's Python files.
func (f *Facts) source(t *tree.Tree) error {
	w, err := newWorld()
	if err != nil {
		return err
	}
	tokens := 0 // of all files
	known := map[string]*Module{}
	load := func(file string) *Module {
		if m, ok := known[file]; ok {
			return m
		}
		text, err := t.ReadHead(f.join(file), maxSource)
		if err != nil || tokens > maxSourceTokens {
			known[file] = nil
			return nil
		}
		m := newModule(f.Dir, file, string(text))
		tokens += m.file.Tokens
		known[file] = m
		return m
	}
	n := 0
	var servers []*Module // that configure one
	// Where there is more than is read, what lies near to the root is, and tests come last.
	files := slices.DeleteFunc(slices.Clone(t.Files(f.Dir)), func(file string) bool { return !strings.HasSuffix(file, ".py") })
	for _, file := range byDepth(files, f.rel) {
		if folder := aside.Folder("python", path.Dir(f.rel(file))); folder == nil || folder.Role == aside.Tests {
			if n++; n > maxModules {
				break
			}
			load(f.rel(file))
		}
	}
	n = 0
	for _, file := range files {
		if n >= maxModules {
			break
		}
		rel := f.rel(file)
		folder, named := aside.Folder("python", path.Dir(rel)), aside.Named("python", path.Base(rel))
		if folder != nil && folder.Role != aside.Tests {
			continue
		}
		n++
		m := load(rel)
		if m == nil {
			continue
		}
		if isGunicorn(rel) && len(servers) < maxGunicorns {
			servers = append(servers, m)
		}
		switch {
		case named != nil:
			f.TestFiles = append(f.TestFiles, m)
		case folder != nil:
		case slices.Contains([]string{"setup.py", "noxfile.py", "noxfile_config.py", "fabfile.py", "conftest.py", "gunicorn.conf.py", "gunicorn_config.py"}, rel), rel == "manage.py" && m.django(), rel == "tasks.py" && m.imports("invoke"):
			// The root's own, but no app.
		default:
			f.Modules = append(f.Modules, m)
			w.add(m)
		}
	}
	for _, m := range slices.Concat(f.Modules, f.TestFiles) {
		w.read(m)
	}
	for _, m := range servers {
		f.Gunicorns = append(f.Gunicorns, m.gunicorn(w))
	}
	w.told = f.tellsTransport(t)
	f.link(w)
	read := map[*Module]bool{}
	for _, m := range slices.Concat(f.Modules, f.TestFiles) {
		read[m] = true
	}
	f.django(w, t.Dirs(f.Dir), func(file string) *Module {
		m := load(file)
		if m != nil && !read[m] {
			read[m] = true
			w.read(m)
		}
		return m
	}, func(file string) bool { return t.Has(f.join(file)) })
	if f.PytestConfig.IsZero() {
		for _, n := range []string{"pytest.ini", "conftest.py", "tests/conftest.py"} {
			if t.Has(f.join(n)) {
				f.PytestConfig = fact.At(f.join(n), 1)
				break
			}
		}
	}
	if f.Readme.Found() && t.Has(f.Readme.Value) {
		f.Readme = fact.Fact[string]{}
	}
	f.Readme.Value = f.rel(f.Readme.Value)
	return nil
}

// Module returns the module of that file, a path relative to Dir.
func (f *Facts) Module(file string) *Module {
	i := slices.IndexFunc(f.Modules, func(m *Module) bool { return m.File == file })
	if i < 0 {
		return nil
	}
	return f.Modules[i]
}

// starred are the applications that from m import * takes.
func (w *world) starred(m *Module) []pendingObject {
	var out []pendingObject
	for _, x := range m.starred {
		from := w.byName[x.Value]
		if from == nil || from == m {
			continue
		}
		for _, o := range from.Objects {
			if o.Interface != "" && !o.Factory && !strings.HasPrefix(o.Name, "_") && len(out) < maxItems {
				out = append(out, pendingObject{name: o.Name, callee: x.Value + "." + o.Name, line: x.Pos.Line})
			}
		}
	}
	return out
}

// link names every object as Python would import it, and follows x = f() and
// from m import x to the module that makes the object.
func (f *Facts) link(w *world) {
	for _, m := range f.Modules {
		for i := range m.Objects {
			m.Objects[i].Module, m.Objects[i].File = ModuleName(m.File), m.File
		}
	}
	// Rounds: wsgi.py takes it from app/__init__.py, which takes it from app/main.py.
	for range 4 {
		for _, m := range f.Modules {
			w.factories(m)
			for _, p := range slices.Concat(m.pending, w.starred(m)) {
				if slices.ContainsFunc(m.Objects, func(o Object) bool { return o.Name == p.name }) {
					continue
				}
				o := w.object(m, p)
				if o == nil || o.Factory != p.call {
					continue
				}
				alias := *o
				if row, _ := FrameworkNamed(o.Framework); row.Attribute != "" {
					alias.Interface = o.Interface
					if strings.HasSuffix(p.callee, "."+row.Attribute) {
						alias.Interface = "wsgi"
					}
				}
				alias.Alias = o.File + ":" + o.Name
				if o.Alias != "" {
					alias.Alias = o.Alias
				}
				alias.Module, alias.File, alias.Name, alias.Factory, alias.Asks, alias.Pos = ModuleName(m.File), m.File, p.name, false, "", m.at(p.line)
				m.Objects = append(m.Objects, alias)
			}
		}
	}
	for _, m := range f.Modules {
		m.attributes()
	}
	w.given(f.Modules)
	needs := map[*syntax.Stmt][]effect.Env{}
	for _, m := range f.Modules {
		for _, x := range m.lazily {
			needs[x.def] = append(needs[x.def], x.env)
		}
	}
	for _, m := range f.Modules {
		w.use(m)
		m.serve(w)
		if len(needs) > 0 {
			w.demand(m, needs)
		}
		w.resolve(m)
		w.commanded(m)
		if len(m.Objects) > 0 || len(m.Servers) > 0 {
			w.mounted(m)
		}
	}
}

// attributes adds the applications that are attributes of objects, where no name holds one: app.server of Dash.
func (m *Module) attributes() {
	for _, o := range m.Objects {
		row, _ := FrameworkNamed(o.Framework)
		if row.Attribute == "" || !m.completes(o.Name+"."+row.Complete) || o.Interface != "" || o.Factory || o.Alias != "" || slices.ContainsFunc(m.Objects, func(x Object) bool { return x.Interface != "" && x.Framework == o.Framework }) {
			continue
		}
		o.Name, o.Interface = o.Name+"."+row.Attribute, "wsgi"
		m.Objects = append(m.Objects, o)
	}
}

// given finds the arguments of factories that need some, where all calls of one in the repository have the same ones and these are literals.
func (w *world) given(modules []*Module) {
	asking := map[*syntax.Stmt]*Object{}
	names := map[string]bool{}
	for _, m := range modules {
		for i := range m.Objects {
			o := &m.Objects[i]
			if b := m.file.Module.Final(o.Name).List; o.Asks != "" && o.Interface == "wsgi" && len(b) == 1 && b[0].Kind == syntax.Defined {
				asking[b[0].Scope.Def] = o
				names[o.Name] = true
			}
		}
	}
	if len(asking) == 0 {
		return
	}
	said := map[*Object]string{}
	for _, m := range modules {
		calls := m.calls()
		for _, name := range slices.Sorted(maps.Keys(calls)) {
			if !names[name[strings.LastIndexByte(name, '.')+1:]] {
				continue
			}
			for _, c := range calls[name] {
				_, f := w.function(m, c.at, name)
				if f == nil || asking[f.Def] == nil {
					continue
				}
				o, with := asking[f.Def], literals(c.call)
				if before, known := said[o]; known && before != with {
					with = ""
				}
				said[o] = with
			}
		}
	}
	for o, with := range said {
		o.With = with
	}
}

// literals are the arguments of a call as Python writes them, "" if one of them is no simple literal.
func literals(c syntax.Call) string {
	var out []string
	for _, a := range syntax.Split(c.In, ",") {
		name := ""
		if len(a) == 3 && a[1].Is("=") {
			name, a = a[0].Text+"=", a[2:]
		}
		switch {
		case len(a) == 0:
			continue
		case len(a) == 1 && a[0].Kind == syntax.String && !a[0].Dynamic && plainText.MatchString(a[0].Text):
			out = append(out, name+"'"+a[0].Text+"'")
		case len(a) == 1 && (a[0].Is("True") || a[0].Is("False") || a[0].Is("None")):
			out = append(out, name+a[0].Text)
		default:
			return ""
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// plainText matches a text that needs no escapes anywhere.
var plainText = lazy.MustCompile(`^[A-Za-z0-9_.:/-]{1,80}$`)

// completes reports whether importing the file writes to an attribute.
func (m *Module) completes(attribute string) bool {
	return slices.ContainsFunc(m.file.Body, func(s *syntax.Stmt) bool {
		targets, _ := syntax.Assignment(s.Tokens)
		return slices.ContainsFunc(targets, func(t []syntax.Token) bool { n, end := syntax.Dotted(t, 0); return n == attribute && end == len(t) })
	})
}

// demand makes the variables that a function needs those of a module that calls it when it is imported:
// settings = get_settings().
func (w *world) demand(m *Module, needs map[*syntax.Stmt][]effect.Env) {
	calls := m.calls()
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		for _, c := range calls[name] {
			if within(c.at.Scope()) || strings.HasPrefix(name, "add_argument ") {
				continue
			}
			_, f := w.function(m, c.at, name)
			if f == nil {
				continue
			}
			for _, v := range needs[f.Def] {
				v.Required = true
				m.Env = append(m.Env, v)
				if len(m.Env) > maxItems {
					return
				}
			}
		}
	}
}

// factories makes factories of the functions that return what another one makes.
func (w *world) factories(m *Module) {
	for _, p := range m.factories {
		name, behind := nameOf(p.def)
		if slices.ContainsFunc(m.Objects, func(o Object) bool { return o.Name == name }) {
			continue
		}
		o := w.object(m, pendingObject{callee: p.callee})
		if o == nil || !o.Factory || o.Name == name && o.File == m.File {
			continue
		}
		params, _ := syntax.Inside(p.def.Tokens, behind)
		made := Object{Module: ModuleName(m.File), File: m.File, Name: name, Framework: o.Framework, Interface: o.Interface, Factory: true, Asks: asks(params), Routes: o.Routes, Pos: m.at(p.def.Line())}
		m.Objects = append(m.Objects, made)
	}
}

// serve keeps the servers: x.run() starts one only if x turned out to be an
// application.
func (m *Module) serve(w *world) {
	m.Servers = slices.DeleteFunc(m.Servers, func(s Server) bool {
		local := s.Maker != "" && w.object(m, pendingObject{callee: s.Maker}) != nil
		return s.Object != "" && !local && !slices.ContainsFunc(m.Objects, func(o Object) bool { return o.Name == s.Object })
	})
	if m.Streams = w.overStreams(m); m.Streams {
		m.Servers = slices.DeleteFunc(m.Servers, func(s Server) bool { return !s.Also })
	}
	for _, s := range m.Servers {
		m.Listens = append(m.Listens, s.Listen)
	}
}

// object finds the object or factory that a dotted name means in a module.
func (w *world) object(m *Module, p pendingObject) *Object {
	find := func(m *Module, n string) *Object {
		i := slices.IndexFunc(m.Objects, func(o Object) bool { return o.Name == n })
		if i < 0 {
			return nil
		}
		return &m.Objects[i]
	}
	if !strings.Contains(p.callee, ".") {
		if o := find(m, p.callee); o != nil {
			return o
		}
	}
	full := m.imported(p.callee)
	i := strings.LastIndexByte(full, '.')
	if i < 0 {
		return nil
	}
	mod, n := full[:i], full[i+1:]
	if o := find(m, mod); o != nil { // server = app.server
		if row, _ := FrameworkNamed(o.Framework); row.Attribute == n && n != "" {
			return o
		}
	}
	for range 4 { // from app import create_app, which app/__init__.py takes from app/factory.py
		target := w.byName[mod]
		if target == nil || target == m {
			// A file beside this one, run as a script.
			if target = w.byName[beside(m, mod)]; target == nil || target == m {
				return nil
			}
		}
		if o := find(target, n); o != nil {
			return o
		}
		b := target.file.Module.Final(n).List
		if len(b) != 1 || b[0].Kind != syntax.Imported {
			return nil
		}
		full = target.absolute(b[0].Import)
		if i = strings.LastIndexByte(full, '.'); i < 0 {
			return nil
		}
		m, mod, n = target, full[:i], full[i+1:]
	}
	return nil
}
