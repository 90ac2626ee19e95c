package python

import (
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// Module is what one source file says.
type Module struct {
	// File is relative to Facts.Dir; the places of facts are relative to the root.
	File     string
	Imports  []fact.Fact[string] // dotted names of imported modules, in order
	Branched []fact.Fact[string] // those of Imports that only some run, because they stand below an if
	Optional []fact.Fact[string] // those that stand in a try
	Objects  []Object
	Guard    fact.Pos // if __name__ == "__main__"
	Defines  bool     // it has functions or classes
	Acts     bool     // it does more than define and set up when it runs
	Equips   []Equip  // calls that give an application its routes
	Hosts    []string // that its middleware takes requests for, where no others are; nil for any
	HostsAt  fact.Pos
	Answers  []Route // that no decorator of an application of the file names
	// Set is what the file does when it runs. A program that is not known is an
	// Exec with a Computed Program.
	effect.Set
	Servers []Server            // Listens, with what only Python says of them
	Needed  []effect.Env        // variables without which one of its functions fails when it is called
	Loads   fact.Pos            // it looks for a shared library
	Models  []fact.Fact[string] // what it loads by the name of a package of data
	Stdin   Stdin               // it reads standard input
	Streams bool                // it talks over its standard streams unless it is told to listen
	Takes   fact.Pos            // it reads the arguments of its command line
	// Unplaced are where it writes to files whose places only running it tells.
	Unplaced []fact.Pos
	// Roots are the folders that names of the module hold by __file__, relative to the
	// app's folder.
	Roots   []string
	Python2 fact.Pos // a print statement
	Tests   Tests
	Raises  fact.Pos // it may raise when it is imported

	dir       string // Facts.Dir
	file      *syntax.File
	names     map[string]string   // what imports anywhere in the file bind: local name to full one
	pending   []pendingObject     // x = f(), from x import y
	starred   []fact.Fact[string] // the modules of which it takes all names
	factories []pendingFactory
	called    map[string][]callSite
	uses      []*Module    // the modules of the repository that it names
	loose     []looseRoute // of objects that are no application
	mounts    []mount
	handlings []handling
	under     map[string]place // where what a name has is put: below a path of its owner, "" for the application that is served
	tables    []routeTable
	trusts    []expr                // lists of hosts
	commands  map[fact.Pos][]string // of writes, with the commands of a command line that alone reach them
	scripted  []fact.Pos            // of files and variables that only starting the file asks for
	runs      []*Module             // the modules of the repository that importing it imports
	lazily    []lazily              // what its functions need
	taken     []fact.Fact[string]   // the full names of what from m import x takes
	loads     bool                  // it imports modules by names that are worked out
	gpu       fact.Pos              // it fails without a GPU of Nvidia
	asksGPU   bool                  // it asks whether there is one
}

// GPU is where the file fails without a GPU of Nvidia; it is zero for a file that asks whether there is one.
func (m *Module) GPU() fact.Pos {
	if m.asksGPU {
		return fact.Pos{}
	}
	return m.gpu
}

// Tests says what kind of tests a file holds.
type Tests struct {
	Functions bool // def test_..., or a class Test... without a base
	Cases     bool // classes of unittest
	Django    bool // cases of django.test
}

// Stdin is where a file reads standard input.
type Stdin struct {
	Pos      fact.Pos
	Terminal bool // of somebody who types
}

// Any reports whether there are tests.
func (t Tests) Any() bool { return t.Functions || t.Cases }

// Libraries are the full names of all that the file imports, with their places.
// What from m import x takes has m.x as well as m.
func (m *Module) Libraries() []fact.Fact[string] {
	return slices.Concat(m.Imports, m.Optional, m.taken)
}

// Scripted reports whether what stands at a place of the file runs only if the file is started, and never if
// it is imported: it is below if __name__ == "__main__".
func (m *Module) Scripted(at fact.Pos) bool { return slices.Contains(m.scripted, at) }

// Commands are the commands of a command line that alone reach a write of the file; nil where anything may.
func (m *Module) Commands(at fact.Pos) []string { return m.commands[at] }

// Required are the variables without which importing the file fails. What one must look like, another line that reads it may say.
func (m *Module) Required() []effect.Env {
	var out []effect.Env
	for _, v := range m.Env {
		if !v.Required {
			continue
		}
		if i := slices.IndexFunc(m.Env, func(o effect.Env) bool { return o.Name == v.Name && o.Like != "" }); i >= 0 {
			v.Parsed, v.Like = true, m.Env[i].Like
		}
		out = append(out, v)
	}
	return out
}

// Object is an application object, or a factory of one.
type Object struct {
	Module    string // as Python would import it from the app's folder
	File      string
	Name      string
	Framework string // row of Frameworks
	Interface string
	Factory   bool
	Asks      string // the first parameter that a factory does not start without
	With      string // the arguments with which the repository calls a factory that needs some: ("prod")
	Alias     string // File:Name of the object that this one is
	Wrapped   bool   // another object of the file holds it
	Routes    []Route
	// Below is the path below which another object of the file has it, "" for none. Where that is not known, its routes are not plain.
	Below string
	Pos   fact.Pos
}

// Equip is a call that gives an application routes: app.include_router(x).
type Equip struct {
	Object string // the name in front of the method
	Inside bool   // in a function, which somebody must call
	// Part says that the name is a part of an application, a blueprint or a router, which something must give it.
	Part   bool
	Handed bool   // to a function or a class of the repository, whose routes are not known
	Class  string // the file of that class, "" for a function
}

// Route is a literal path that answers GET.
type Route struct {
	effect.Route
	Plain bool // the function only returns a value: no checks, no I/O that is seen
}

// lazily is a variable without which a function fails when it is called.
type lazily struct {
	def *syntax.Stmt
	env effect.Env
}

// Server is a call that listens.
type Server struct {
	effect.Listen
	Framework string
	Object    string   // the object whose method it is
	Maker     string   // what makes that, if only what runs there has it: create_app
	Target    string   // "main:app", if the call names the application
	Ends      bool     // it ends on SIGTERM by itself
	Also      bool     // it listens beside the app's own
	Instead   []string // a command that serves in the place of the call, and listens where it is told: {module}, {file}, {port}
	With      string   // the package that Instead needs
	Chosen    bool     // the call names another server than the framework's own
	Guarded   bool     // below if __name__ == "__main__"
	Verb      string   // the command of a command line with several that makes the call: serve
	Imported  bool     // importing the module runs the call, which returns once the server ends
}

type pendingObject struct {
	name, callee string
	call         bool
	line         int
}

// looseRoute is a route of a router or blueprint.
type looseRoute struct {
	object string
	Route
}

// mount puts a router below a prefix of what object names.
type mount struct {
	at     *syntax.Stmt
	target string
	prefix string
}

// pendingFactory is a function that returns what a call in it makes.
type pendingFactory struct {
	def    *syntax.Stmt
	callee string
}

// callSite is a call and the statement that it stands in.
type callSite struct {
	at   *syntax.Stmt
	call syntax.Call
}

// ModuleName is the dotted name of a file, seen from the app's folder.
func ModuleName(file string) string {
	m := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", ".")
	return strings.TrimSuffix(m, ".__init__")
}

// newModule reads the names of one file. It never fails. What the code does is
// read afterwards, once all modules are known.
func newModule(dir, file, source string) *Module {
	m := &Module{File: file, dir: dir, file: syntax.Bind(source), names: map[string]string{}}
	m.collect(m.file.Body)
	return m
}

func (m *Module) at(line int) fact.Pos { return fact.At(path.Join(m.dir, m.File), line) }

// collect reads imports everywhere.
func (m *Module) collect(stmts []*syntax.Stmt) {
	for _, s := range stmts {
		switch s.Keyword() {
		case "try":
			// What is imported here may fail, and something else takes its place.
			n := len(m.Imports)
			m.collect(s.Body)
			m.Optional = append(m.Optional, m.Imports[n:]...)
			m.Imports = m.Imports[:n]
			continue
		case "if", "elif", "else":
			n := len(m.Imports)
			m.collect(s.Body)
			m.Branched = append(m.Branched, m.Imports[n:]...)
			continue
		case "import":
			for _, part := range syntax.Split(s.Tokens[1:], ",") {
				full, i := syntax.Dotted(part, 0)
				if full == "" {
					continue
				}
				m.Imports = append(m.Imports, fact.Fact[string]{Value: full, Pos: m.at(s.Line())})
				if i+1 < len(part) && part[i].Is("as") {
					m.names[part[i+1].Text] = full
				} else {
					head, _, _ := strings.Cut(full, ".")
					m.names[head] = head
				}
			}
		case "from":
			x, ok := syntax.ReadFrom(s)
			if !ok {
				break
			}
			base := m.absolute(strings.Repeat(".", x.Level) + x.Module)
			if x.Level == 0 {
				m.Imports = append(m.Imports, fact.Fact[string]{Value: base, Pos: m.at(s.Line())})
			}
			if x.Star {
				m.starred = append(m.starred, fact.New(base, m.at(s.Line()).File, s.Line()))
			}
			for _, n := range x.Names {
				m.names[n.As] = strings.Trim(base+"."+n.Name, ".")
				m.pending = append(m.pending, pendingObject{name: n.As, callee: m.names[n.As], line: s.Line()})
				m.taken = append(m.taken, fact.New(m.names[n.As], m.at(s.Line()).File, s.Line()))
			}
		}
		m.collect(s.Body)
	}
}

// absolute resolves the dots of a relative import from the file's folder.
func (m *Module) absolute(name string) string {
	rest := strings.TrimLeft(name, ".")
	level := len(name) - len(rest)
	if level == 0 {
		return name
	}
	dir := path.Dir(m.File)
	for ; level > 1; level-- {
		dir = path.Dir(dir)
	}
	prefix := ""
	if dir != "." && dir != "/" {
		prefix = strings.ReplaceAll(dir, "/", ".")
	}
	return strings.Trim(prefix+"."+rest, ".")
}

// full resolves a dotted name, as it is used in a statement, by the imports
// that its first part is bound to. A name that the file itself binds to
// something else begins with a dot.
func (m *Module) full(at *syntax.Stmt, n string) string {
	for range 4 { // x = flask.Flask
		head, rest, more := strings.Cut(n, ".")
		if more {
			rest = "." + rest
		}
		list := at.Lookup(head).List
		if len(list) == 0 {
			return n
		}
		// Of an import and what takes its place, the first is meant.
		for _, b := range slices.Backward(list) {
			if b.Kind == syntax.Imported {
				return m.absolute(b.Import) + rest
			}
		}
		b := list[0]
		alias, end := syntax.Dotted(b.Value, 0)
		if len(list) > 1 || b.Kind != syntax.Assigned || b.Index >= 0 || alias == "" || end != len(b.Value) {
			return "." + n
		}
		at, n = b.Stmt, alias+rest
	}
	return "." + n
}

// imported resolves a dotted name by an import anywhere in the file.
func (m *Module) imported(n string) string {
	head, rest, more := strings.Cut(n, ".")
	full, ok := m.names[head]
	switch {
	case !ok:
		return n
	case more:
		return full + "." + rest
	}
	return full
}

// CallsMethod reports whether the file calls one of the methods, whatever the object.
func (m *Module) CallsMethod(names []string) bool {
	found := false
	m.each(func(s *syntax.Stmt) {
		if !found && slices.ContainsFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.Name && slices.Contains(names, t.Text) }) {
			found = slices.ContainsFunc(syntax.Calls(s.Tokens), func(c syntax.Call) bool { return slices.Contains(names, c.Method) })
		}
	})
	return found
}

// Attribute reports whether the file uses an attribute of that name.
func (m *Module) Attribute(name string) bool {
	found := false
	m.each(func(s *syntax.Stmt) {
		for i := 1; i < len(s.Tokens) && !found; i++ {
			found = s.Tokens[i].Is(name) && s.Tokens[i-1].Is(".")
		}
	})
	return found
}

// Passes reports whether the file gives some call the keyword.
func (m *Module) Passes(keyword string) bool {
	found := false
	m.each(func(s *syntax.Stmt) {
		for i := 1; i+1 < len(s.Tokens) && !found; i++ {
			found = s.Tokens[i].Is(keyword) && s.Tokens[i+1].Is("=") && (s.Tokens[i-1].Is(",") || s.Tokens[i-1].Is("("))
		}
	})
	return found
}

// callsOf are the calls of a function by its name in its own module.
func (m *Module) callsOf(def *syntax.Stmt) []callSite {
	name, _ := nameOf(def)
	if name == "" || def.Scope().Kind == syntax.ClassScope {
		return nil
	}
	return m.calls()[name]
}

// nameOf is the name of a function that a statement defines, and the index of the token behind it; "" for another statement.
func nameOf(def *syntax.Stmt) (name string, behind int) {
	i := slices.IndexFunc(def.Tokens, func(t syntax.Token) bool { return t.Is("def") })
	if i < 0 || i+1 >= len(def.Tokens) || def.Tokens[i+1].Kind != syntax.Name {
		return "", 0
	}
	return def.Tokens[i+1].Text, i + 2
}

// declared are the options of that name that the module adds to a parser.
func (m *Module) declared(name string) []callSite { return m.calls()["add_argument "+name] }

// calls are the calls of names, by name, and those of add_argument by the name
// of the option.
func (m *Module) calls() map[string][]callSite {
	if m.called != nil {
		return m.called
	}
	m.called = map[string][]callSite{}
	m.each(func(s *syntax.Stmt) {
		for _, c := range syntax.Calls(s.Tokens) {
			n := c.Name
			if c.Method == "add_argument" {
				_, dest := optionName(c.Args())
				n = "add_argument " + dest
			}
			if n != "" && len(m.called[n]) <= maxCalls {
				m.called[n] = append(m.called[n], callSite{s, c})
			}
		}
	})
	return m.called
}

// each calls f for every statement.
func (m *Module) each(f func(*syntax.Stmt)) {
	var look func([]*syntax.Stmt)
	look = func(stmts []*syntax.Stmt) {
		for _, s := range stmts {
			f(s)
			look(s.Body)
		}
	}
	look(m.file.Body)
}

// world is the modules of the repository, by which names are followed from
// one to another.
type world struct {
	modules   []*Module
	byName    map[string]*Module
	rows      []Framework
	table     *callTable
	settings  map[string][]expr // what app.config["KEY"] is set to
	evaluated int               // tokens
	imported  map[string]bool   // answers of imports
	flask     *Module           // that makes Flask's application, nil for none, once flaskRead is set
	flaskRead bool
	mentions  map[string][]mention // what names functions, by their names; nil where there is no command line with several commands, or asked is not set
	asked     bool
	told      bool // the repository has the app started with a transport that listens
}

func newWorld() (*world, error) {
	rows, err := Frameworks()
	if err != nil {
		return nil, err
	}
	t, err := calls()
	if err != nil {
		return nil, err
	}
	return &world{byName: map[string]*Module{}, rows: rows, table: t, settings: map[string][]expr{}, imported: map[string]bool{}}, nil
}

// add makes a module known by the names that it can be imported by.
func (w *world) add(m *Module) {
	w.modules = append(w.modules, m)
	n := ModuleName(m.File)
	w.byName[n] = m
	if s, ok := strings.CutPrefix(n, "src."); ok {
		w.byName[s] = m
	}
	m.each(func(s *syntax.Stmt) { w.configure(m, s) })
}

// configure notes what a statement writes to app.config.
func (w *world) configure(m *Module, s *syntax.Stmt) {
	targets, v := syntax.Assignment(s.Tokens)
	for _, t := range targets {
		if key := configKey(t); key != "" {
			w.settings[key] = append(w.settings[key], expr{m, s, v})
		}
	}
	for _, t := range s.Tokens {
		if t.Is("config") { // app.config.update(KEY=…), app.config.from_mapping(KEY=…)
			for _, c := range syntax.Calls(s.Tokens) {
				if !strings.HasSuffix(c.Name, ".config.update") && !strings.HasSuffix(c.Name, ".config.from_mapping") {
					continue
				}
				_, kw := c.Args()
				for key, a := range kw {
					w.settings[key] = append(w.settings[key], expr{m, s, a})
				}
			}
			return
		}
	}
}

// configKey is the key of app.config["KEY"].
func configKey(target []syntax.Token) string {
	n, i := syntax.Dotted(target, 0)
	if !strings.HasSuffix(n, ".config") || i >= len(target) || !target[i].Is("[") {
		return ""
	}
	in, _ := syntax.Inside(target, i)
	key, _ := syntax.Literal(in)
	return key
}

// module finds a module by its full name as seen from another one: from the
// app's folder, or from the folder of the file, run as a script.
func (w *world) module(from *Module, full string) *Module {
	if m := w.byName[full]; m != nil {
		return m
	}
	return w.byName[beside(from, full)]
}

func beside(from *Module, full string) string {
	return strings.Trim(strings.ReplaceAll(path.Dir(from.File), "/", ".")+"."+full, ".")
}

// use finds the modules that a module imports, or names as texts do: uvicorn's
// "app.main:app". The packages that a module stands in are imported with it.
func (w *world) use(m *Module) {
	add := func(full string) { m.uses = w.with(m, m.uses, full) }
	for _, list := range [][]fact.Fact[string]{m.Imports, m.Optional} {
		for _, i := range list {
			add(i.Value)
			m.loads = m.loads || i.Value == "importlib" || i.Value == "pkgutil"
		}
	}
	for _, n := range m.names {
		add(n)
	}
	for _, n := range m.file.Module.Stars {
		add(m.absolute(n))
	}
	m.each(func(s *syntax.Stmt) {
		for _, t := range s.Tokens {
			if t.Kind == syntax.String && !t.Dynamic && len(t.Text) < 200 && strings.ContainsAny(t.Text, ".:") && !strings.ContainsAny(t.Text, " /\n") {
				name, _, _ := strings.Cut(t.Text, ":")
				add(name)
			}
		}
	})
	slices.SortFunc(m.uses, func(a, b *Module) int { return strings.Compare(a.File, b.File) })
	for _, s := range m.file.Body {
		switch s.Keyword() {
		case "import":
			for _, part := range syntax.Split(s.Tokens[1:], ",") {
				full, _ := syntax.Dotted(part, 0)
				m.runs = w.with(m, m.runs, full)
			}
		case "from":
			x, _ := syntax.ReadFrom(s)
			base := m.absolute(strings.Repeat(".", x.Level) + x.Module)
			m.runs = w.with(m, m.runs, base)
			for _, n := range x.Names {
				m.runs = w.with(m, m.runs, strings.Trim(base+"."+n.Name, "."))
			}
		}
	}
}

// with adds to a list of modules the one that a full name begins with, as seen from another one, and the packages that it stands in.
func (w *world) with(from *Module, list []*Module, full string) []*Module {
	target, _ := w.split(from, full)
	if target == nil {
		return list
	}
	for n := ModuleName(target.File); n != ""; n = n[:max(strings.LastIndexByte(n, '.'), 0)] {
		if x := w.byName[n]; x != nil && x != from && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// loaded are the modules that may run where one imports by names that only running it tells: all but the tools.
func (f *Facts) loaded(start *Module) []*Module {
	tools := f.Tools(start)
	return slices.DeleteFunc(slices.Clone(f.Modules), func(m *Module) bool { return tools[m] })
}

// toolFolders are folders of scripts for who works on a repository, by custom.
var toolFolders = []string{"tools", "tool", "scripts", "script", "dev", "hack", "contrib", "misc", "benchmarks", "examples", "devtools", "utilities"} //nolint:gochecknoglobals // a constant table

// Tools are scripts for who works on the repository: each runs only if somebody starts its file or lies where such scripts do, nothing
// imports it, it makes no application, and it lies in no folder from which modules are imported by names that are worked out.
func (f *Facts) Tools(start *Module) map[*Module]bool {
	used := map[*Module]bool{start: true}
	folders := map[string]bool{}
	top := func(m *Module) string {
		dir, _, _ := strings.Cut(strings.TrimPrefix(m.File, "src/"), "/")
		return dir
	}
	for _, m := range f.Modules {
		for _, x := range m.uses {
			used[x] = true
		}
		if m.loads && path.Dir(m.File) != "." {
			folders[top(m)] = true
		}
	}
	out := map[*Module]bool{}
	for _, m := range f.Modules {
		if !used[m] && (!m.Guard.IsZero() || slices.Contains(toolFolders, top(m)) || strings.Contains(path.Base(m.File), "-")) && len(m.Objects) == 0 && len(m.Servers) == 0 && !folders[top(m)] && path.Base(m.File) != "__main__.py" {
			out[m] = true
		}
	}
	return out
}

// Reach are the modules that run when one of them is started, in the order of
// Modules: it, and what it imports. They are all modules if start is nil, or if
// one of them imports by names that only running it tells.
func (f *Facts) Reach(start *Module) []*Module {
	if start == nil {
		return f.Modules
	}
	out := f.closure(start, func(x *Module) []*Module { return x.uses })
	if start.loads || slices.ContainsFunc(out, func(m *Module) bool { return m.loads }) {
		return f.loaded(start)
	}
	return out
}

// Imported are the modules that run for sure when one is imported: it, and what it imports at its top, in the order of Modules.
func (f *Facts) Imported(m *Module) []*Module {
	return f.closure(m, func(x *Module) []*Module { return x.runs })
}

// closure are a module and those that follow from it, in the order of Modules.
func (f *Facts) closure(start *Module, next func(*Module) []*Module) []*Module {
	seen := map[*Module]bool{start: true}
	for list := []*Module{start}; len(list) > 0; {
		m := list[len(list)-1]
		list = list[:len(list)-1]
		for _, x := range next(m) {
			if !seen[x] {
				seen[x] = true
				list = append(list, x)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(f.Modules), func(m *Module) bool { return !seen[m] })
}

// Using reports whether the module names the other one itself.
func (m *Module) Using(x *Module) bool { return slices.Contains(m.uses, x) }

// split finds the module that a full name begins with, and what follows.
func (w *world) split(from *Module, full string) (*Module, string) {
	for n := full; n != ""; {
		if m := w.module(from, n); m != nil && m != from {
			return m, strings.TrimPrefix(full[len(n):], ".")
		}
		i := strings.LastIndexByte(n, '.')
		if i < 0 {
			break
		}
		n = n[:i]
	}
	return nil, ""
}

// defined finds a def or class by the name that a statement uses.
func (w *world) defined(m *Module, at *syntax.Stmt, n string) (*Module, *syntax.Scope) {
	if at == nil || n == "" {
		return nil, nil
	}
	if b := at.Lookup(n).List; len(b) > 0 && b[0].Kind == syntax.Defined {
		return m, b[0].Scope
	}
	full := m.full(at, n)
	for range 4 { // re-exported
		target, rest := w.split(m, full)
		if target == nil || rest == "" {
			return nil, nil
		}
		b := target.file.Module.Final(rest).List
		if len(b) == 0 {
			return nil, nil
		}
		if b[0].Kind == syntax.Defined {
			return target, b[0].Scope
		}
		if b[0].Kind != syntax.Imported {
			return nil, nil
		}
		m, full = target, target.absolute(b[0].Import)
	}
	return nil, nil
}

// function finds the function that a name means.
func (w *world) function(m *Module, at *syntax.Stmt, n string) (*Module, *syntax.Scope) {
	m, sc := w.defined(m, at, n)
	if sc == nil || sc.Kind != syntax.FunctionScope {
		return nil, nil
	}
	return m, sc
}

// maxBases bounds the classes that a class derives from.
const maxBases = 80

// mro is a class and those of the repository that it derives from, in order.
func (w *world) mro(m *Module, sc *syntax.Scope) iter.Seq2[*Module, *syntax.Scope] {
	return func(yield func(*Module, *syntax.Scope) bool) {
		type of struct {
			m  *Module
			sc *syntax.Scope
		}
		list := []of{{m, sc}}
		for i := 0; i < len(list) && i < maxBases; i++ {
			x := list[i]
			if x.sc == nil || !yield(x.m, x.sc) {
				return
			}
			for _, n := range classBases(x.sc.Def) {
				bm, bs := w.defined(x.m, x.sc.Def, n)
				if bs != nil && bs.Kind == syntax.ClassScope && len(list) < maxBases && !slices.Contains(list, of{bm, bs}) {
					list = append(list, of{bm, bs})
				}
			}
		}
	}
}

// bases are the full names of all classes that a class derives from.
func (w *world) bases(m *Module, sc *syntax.Scope) []string {
	var out []string
	for x, c := range w.mro(m, sc) {
		for _, n := range classBases(c.Def) {
			out = append(out, x.full(c.Def, n))
		}
	}
	return out
}

// classBases are the dotted names that a class statement derives from.
func classBases(def *syntax.Stmt) []string {
	if def == nil || len(def.Tokens) < 3 || !def.Tokens[2].Is("(") {
		return nil
	}
	in, _ := syntax.Inside(def.Tokens, 2)
	var out []string
	for _, p := range syntax.Split(in, ",") {
		if n, end := syntax.Dotted(p, 0); n != "" && end == len(p) && len(out) < maxBases {
			out = append(out, n)
		}
	}
	return out
}

// kinds are the full names that a name stands for: its own, and if it is a
// class of the repository, those that the class derives from.
func (w *world) kinds(m *Module, at *syntax.Stmt, n string) []string {
	out := []string{m.full(at, n)}
	if bm, sc := w.defined(m, at, n); sc != nil && sc.Kind == syntax.ClassScope {
		out = append(out, w.bases(bm, sc)...)
	}
	return out
}

// classOf are the kinds of the class whose call an object is.
func (w *world) classOf(m *Module, at *syntax.Stmt, object string) []string {
	list := at.Lookup(object).List
	if len(list) > 0 && list[0].Kind == syntax.Imported { // from config import env
		target, rest := w.split(m, m.absolute(list[0].Import))
		if target == nil || rest == "" {
			return nil
		}
		m, list = target, target.file.Module.Final(rest).List
	}
	if len(list) == 0 {
		for _, s := range m.file.Module.Stars {
			if t := w.module(m, m.absolute(s)); t != nil && t != m {
				if list = t.file.Module.Final(object).List; len(list) > 0 {
					m = t
					break
				}
			}
		}
	}
	if len(list) == 0 || list[0].Kind != syntax.Assigned {
		return nil
	}
	c, ok := syntax.CallAt(list[0].Value, 0)
	if !ok {
		return nil
	}
	return w.kinds(m, list[0].Stmt, c.Name)
}

// rowOfObject is the row of a method, or of the call, of an object whose
// class is known: env("X") and env.int("X") of an environ.Env.
func (w *world) rowOfObject(m *Module, at *syntax.Stmt, n string) *callRow {
	object, method := n, "()"
	if i := strings.LastIndexByte(n, '.'); i >= 0 {
		object, method = n[:i], n[i+1:]
	}
	rows := w.table.methods[method]
	if len(rows) == 0 {
		return nil
	}
	var kinds []string
	for _, r := range rows {
		if len(r.Of) == 0 {
			continue
		}
		if kinds == nil {
			if kinds = w.classOf(m, at, object); kinds == nil {
				return nil
			}
		}
		if r.classes(kinds) {
			return r
		}
	}
	return nil
}
