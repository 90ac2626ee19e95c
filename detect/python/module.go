package python

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Module is what one source file says.
type Module struct {
	File     string
	Imports  []fact.Fact[string] // dotted names of imported modules, in order
	Optional []fact.Fact[string] // those that stand in a try
	Objects  []Object
	Guard    fact.Pos // if __name__ == "__main__"
	Servers  []Server
	Programs []fact.Fact[string] // programs that it runs by a literal name
	Dynamic  fact.Pos            // it looks for a shared library, or runs a program of unknown name
	Signals  fact.Pos            // it handles SIGTERM
	Python2  fact.Pos            // a print statement
	Writes   fact.Pos            // it writes a file below the working directory
	Tests    Tests
	Required []Variable // variables that importing it needs
	Reads    []Variable // variables that its functions need
	Raises   fact.Pos   // it may raise when it is imported

	names   map[string]string  // local name -> full dotted name
	stars   []string           // modules imported with *
	consts  map[string][]token // assigned names, the first assignment of each
	pending []pendingObject    // x = f(), from x import y
	stmts   []*stmt
}

// Tests says what kind of tests a file holds.
type Tests struct {
	Functions bool // def test_..., or a class Test... without a base
	Cases     bool // classes of unittest
	Django    bool // cases of django.test
}

// Any reports whether there are tests.
func (t Tests) Any() bool { return t.Functions || t.Cases }

// Variable is an environment variable that is read without a default.
type Variable struct {
	Name   string
	Parsed bool // its text is converted, so that not any value will do
	Pos    fact.Pos
}

// Object is an application object, or a factory of one.
type Object struct {
	Module    string // as Python would import it from the repository's root
	File      string
	Name      string
	Framework string // row of Frameworks
	Interface string
	Factory   bool
	Alias     string // File:Name of the object that this one is
	Routes    []Route
	Pos       fact.Pos
}

// Route is a literal path that answers GET.
type Route struct {
	Path  string
	Plain bool // the function only returns a value: no checks, no I/O that is seen
	Pos   fact.Pos
}

// Server is a call that listens.
type Server struct {
	Framework string
	Object    string // the object whose method it is
	Target    string // "main:app", where the call names the application
	Host      string // "" where unknown
	HostEnv   string
	Port      int
	PortEnv   string // the variable that Port is the default of
	Signals   bool
	Guarded   bool // below if __name__ == "__main__"
	Pos       fact.Pos
}

type pendingObject struct {
	name, callee string
	call         bool
	line         int
}

// ModuleName is the dotted name of a file, seen from the root.
func ModuleName(file string) string {
	m := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", ".")
	return strings.TrimSuffix(m, ".__init__")
}

// readModule reads one file. It never fails.
func readModule(file, source string, rows []Framework) *Module {
	m := &Module{File: file, names: map[string]string{}, consts: map[string][]token{}}
	m.stmts = parse(source)
	m.collect(m.stmts)
	r := reader{m, rows}
	r.walk(m.stmts, scope{})
	return m
}

func (m *Module) at(line int) fact.Pos { return fact.At(m.File, line) }

// collect reads imports and constants everywhere.
func (m *Module) collect(list []*stmt) {
	for _, s := range list {
		switch s.keyword() {
		case "try":
			// What is imported here may fail, and something else takes its place.
			n := len(m.Imports)
			m.collect(s.body)
			m.Optional = append(m.Optional, m.Imports[n:]...)
			m.Imports = m.Imports[:n]
			continue
		case "import":
			m.imports(s)
		case "from":
			m.from(s)
		default:
			if targets, value := assignment(s.tokens); value != nil {
				for _, t := range targets {
					if _, ok := m.consts[t]; !ok {
						m.consts[t] = value
					}
				}
			}
		}
		m.collect(s.body)
	}
}

// imports reads import a.b, c as d.
func (m *Module) imports(s *stmt) {
	for _, part := range split(s.tokens[1:], ",") {
		full, i := dotted(part, 0)
		if full == "" {
			continue
		}
		m.Imports = append(m.Imports, fact.New(full, m.File, s.line()))
		if i+1 < len(part) && part[i].is("as") {
			m.names[part[i+1].text] = full
		} else {
			head, _, _ := strings.Cut(full, ".")
			m.names[head] = head
		}
	}
}

// from reads from a.b import c as d, e and from . import f.
func (m *Module) from(s *stmt) {
	toks := s.tokens[1:]
	level := 0
	for len(toks) > 0 && (toks[0].is(".") || toks[0].is("...")) {
		level += len(toks[0].text)
		toks = toks[1:]
	}
	base := ""
	if len(toks) > 0 && !toks[0].is("import") {
		var i int
		base, i = dotted(toks, 0)
		toks = toks[i:]
	}
	if len(toks) < 2 || !toks[0].is("import") {
		return
	}
	if level > 0 {
		dir := path.Dir(m.File)
		for ; level > 1; level-- {
			dir = path.Dir(dir)
		}
		prefix := ""
		if dir != "." && dir != "/" {
			prefix = strings.ReplaceAll(dir, "/", ".")
		}
		base = strings.Trim(prefix+"."+base, ".")
	} else {
		m.Imports = append(m.Imports, fact.New(base, m.File, s.line()))
	}
	toks = toks[1:]
	if toks[0].is("(") {
		toks, _ = inside(toks, 0)
	}
	for _, part := range split(toks, ",") {
		if len(part) == 0 {
			continue
		}
		if part[0].is("*") {
			m.stars = append(m.stars, base)
			continue
		}
		if part[0].kind != name {
			continue
		}
		local := part[0].text
		if len(part) > 2 && part[1].is("as") {
			local = part[2].text
		}
		m.names[local] = strings.Trim(base+"."+part[0].text, ".")
		m.pending = append(m.pending, pendingObject{name: local, callee: m.names[local], line: s.line()})
	}
}

// assignment splits a = b = value, with or without an annotation; value is
// nil where the statement is none.
func assignment(toks []token) (targets []string, value []token) {
	if len(toks) < 3 || toks[0].kind != name {
		return nil, nil
	}
	if toks[1].is(":") {
		i := top(toks, "=")
		if i < 0 || i+1 >= len(toks) {
			return nil, nil
		}
		return []string{toks[0].text}, toks[i+1:]
	}
	parts := split(toks, "=")
	if len(parts) < 2 {
		return nil, nil
	}
	for _, p := range parts[:len(parts)-1] {
		for _, t := range split(p, ",") {
			if len(t) == 1 && t[0].kind == name {
				targets = append(targets, t[0].text)
			}
		}
	}
	return targets, parts[len(parts)-1]
}

// full resolves a dotted name by the module's imports.
func (m *Module) full(n string) string {
	head, rest, more := strings.Cut(n, ".")
	if f, ok := m.names[head]; ok {
		if more {
			return f + "." + rest
		}
		return f
	}
	return n
}

type scope struct {
	function bool
	class    bool
	guard    bool
}

type reader struct {
	*Module
	rows []Framework
}

// framework finds the row whose object the call makes.
func (r *reader) framework(callee string) *Framework {
	if f := byObject(r.rows, r.full(callee)); f != nil {
		return f
	}
	if strings.Contains(callee, ".") {
		return nil
	}
	for _, s := range r.stars {
		if f := byObject(r.rows, s+"."+callee); f != nil {
			return f
		}
	}
	return nil
}

func (r *reader) walk(list []*stmt, in scope) {
	var decorators []*stmt
	for _, s := range list {
		inner := in
		switch s.keyword() {
		case "@":
			decorators = append(decorators, s)
			r.expression(s.tokens, in)
			continue
		case "def":
			r.function(s, decorators, in)
			inner.function = true
		case "class":
			r.class(s, in)
			inner.class = true
		case "if":
			if isGuard(s.tokens) {
				inner.guard = true
				if r.Guard.IsZero() {
					r.Guard = r.at(s.line())
				}
			}
			r.expression(s.tokens, in)
		case "print":
			if len(s.tokens) > 1 && s.tokens[1].kind != op && !s.tokens[1].is("if") && r.Python2.IsZero() {
				r.Python2 = r.at(s.line())
			}
			r.expression(s.tokens, in)
		case "raise":
			if !in.function && !in.guard && r.Raises.IsZero() {
				r.Raises = r.at(s.line())
			}
		case "import", "from":
		default:
			if !in.function && !in.class {
				r.object(s)
			}
			r.expression(s.tokens, in)
		}
		decorators = nil
		r.walk(s.body, inner)
	}
}

func isGuard(toks []token) bool {
	for i := 0; i+2 < len(toks); i++ {
		a, b, c := toks[i], toks[i+1], toks[i+2]
		if b.is("==") && (a.is("__name__") && c.kind == str && c.text == "__main__" || c.is("__name__") && a.kind == str && a.text == "__main__") {
			return true
		}
	}
	return false
}

// object reads x = Framework(...) at the module's level.
func (r *reader) object(s *stmt) {
	targets, value := assignment(s.tokens)
	if value == nil || len(targets) == 0 {
		return
	}
	c, ok := callAt(value, 0)
	if !ok {
		if n, end := dotted(value, 0); n != "" && end == len(value) {
			r.pending = append(r.pending, pendingObject{name: targets[0], callee: n, line: s.line()})
		}
		return
	}
	if f := r.framework(c.name); f != nil {
		r.Objects = append(r.Objects, Object{Name: targets[0], Framework: f.Name, Interface: f.Interface, Pos: r.at(s.line())})
		if _, given := c.kw[f.Writes]; f.Writes != "" && !given && r.Writes.IsZero() {
			r.Writes = r.at(s.line())
		}
		return
	}
	r.pending = append(r.pending, pendingObject{name: targets[0], callee: c.name, call: true, line: s.line()})
}

// function reads a def: a factory, a route, a test, an entry by decorator.
func (r *reader) function(s *stmt, decorators []*stmt, in scope) {
	i := slices.IndexFunc(s.tokens, func(t token) bool { return t.is("def") })
	if i < 0 || i+2 >= len(s.tokens) || s.tokens[i+1].kind != name {
		return
	}
	fn := s.tokens[i+1].text
	if strings.HasPrefix(fn, "test") && (!in.function) {
		r.Tests.Functions = r.Tests.Functions || !in.class
	}
	if in.function || in.class {
		return
	}
	for _, d := range decorators {
		n, _ := dotted(d.tokens, 1)
		for _, f := range r.rows {
			if slices.Contains(f.Decorators, r.full(n)) {
				r.Objects = append(r.Objects, Object{Name: fn, Framework: f.Name, Pos: r.at(s.line())})
			}
		}
		r.route(d, s, len(decorators) == 1)
	}
	params, _ := inside(s.tokens, i+2)
	if required(params) > 0 {
		return
	}
	if f := r.makes(s.body); f != nil {
		r.Objects = append(r.Objects, Object{Name: fn, Framework: f.Name, Interface: f.Interface, Factory: true, Pos: r.at(s.line())})
	}
}

// required counts the parameters without a default.
func required(params []token) int {
	n := 0
	for _, p := range split(params, ",") {
		if len(p) == 0 || p[0].is("*") || p[0].is("**") || p[0].is("/") || top(p, "=") >= 0 {
			continue
		}
		n++
	}
	return n
}

// makes returns the framework whose object the function's body constructs and
// returns.
func (r *reader) makes(body []*stmt) *Framework {
	made := map[string]*Framework{}
	var found *Framework
	var look func(list []*stmt)
	look = func(list []*stmt) {
		for _, s := range list {
			if k := s.keyword(); k == "def" || k == "class" {
				continue
			}
			if targets, value := assignment(s.tokens); value != nil {
				if c, ok := callAt(value, 0); ok {
					if f := r.framework(c.name); f != nil {
						for _, t := range targets {
							made[t] = f
						}
					}
				}
			}
			if s.keyword() == "return" && len(s.tokens) > 1 && found == nil {
				if c, ok := callAt(s.tokens, 1); ok {
					found = r.framework(c.name)
				} else if n, end := dotted(s.tokens, 1); end == len(s.tokens) {
					found = made[n]
				}
			}
			look(s.body)
		}
	}
	look(body)
	return found
}

// route reads @app.get("/path") over a function.
func (r *reader) route(d, fn *stmt, alone bool) {
	c, ok := callAt(d.tokens, 1)
	if !ok {
		return
	}
	object, method, ok := strings.Cut(c.name, ".")
	if !ok { // rt = app.route
		if object, method, ok = strings.Cut(plainName(r.consts[c.name]), "."); !ok {
			return
		}
	}
	if method != "route" && method != "get" && method != "api_route" {
		return
	}
	var p string
	switch {
	case len(c.pos) > 0:
		p, ok = c.pos[0].text()
	default:
		p, ok = c.kw["path"].text()
	}
	if !ok || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "<{") {
		return
	}
	if m, given := c.kw["methods"]; given && !slices.ContainsFunc(m, func(t token) bool { return t.kind == str && strings.EqualFold(t.text, "GET") }) {
		return
	}
	i := slices.IndexFunc(r.Objects, func(o Object) bool { return o.Name == object && !o.Factory })
	if i < 0 {
		return
	}
	r.Objects[i].Routes = append(r.Objects[i].Routes, Route{Path: p, Plain: alone && plainBody(fn), Pos: r.at(d.line())})
}

func plainName(toks []token) string {
	n, end := dotted(toks, 0)
	if end != len(toks) {
		return ""
	}
	return n
}

// plainBody reports whether a function does nothing but return a value that
// it makes itself: what could fail, ask or wait is not in it.
func plainBody(fn *stmt) bool {
	i := slices.IndexFunc(fn.tokens, func(t token) bool { return t.is("(") })
	if i < 0 {
		return false
	}
	params, _ := inside(fn.tokens, i)
	for _, p := range split(params, ",") {
		// A bare request object is harmless; anything declared is injected, or asked for.
		if len(p) > 0 && p[0].text != "request" && p[0].text != "self" {
			return false
		}
	}
	returns := false
	for _, s := range fn.body {
		if len(s.body) > 0 {
			return false
		}
		if s.tokens[0].kind == str {
			continue // the docstring
		}
		if s.keyword() != "return" && s.keyword() != "pass" {
			if targets, _ := assignment(s.tokens); targets == nil {
				return false
			}
		}
		for _, t := range s.tokens {
			if t.kind != name {
				continue
			}
			switch t.text {
			case "await", "open", "abort", "redirect", "url_for", "session", "db", "cursor", "query", "execute", "requests", "client", "Depends", "RedirectResponse", "status", "status_code", "randint", "os":
				return false
			}
		}
		returns = returns || s.keyword() == "return"
	}
	return returns
}

func (r *reader) class(s *stmt, in scope) {
	if in.function || len(s.tokens) < 2 {
		return
	}
	derived := false
	if len(s.tokens) > 2 && s.tokens[2].is("(") {
		params, _ := inside(s.tokens, 2)
		for _, p := range split(params, ",") {
			n, _ := dotted(p, 0)
			n = r.full(n)
			derived = derived || n != ""
			for _, f := range r.rows {
				for _, l := range f.Listens {
					if slices.Contains(l.Calls, n) { // a server of the module's own
						r.names[s.tokens[1].text] = n
					}
				}
			}
			switch {
			case strings.HasPrefix(n, "unittest."):
				r.Tests.Cases = true
			case strings.HasPrefix(n, "django.test.") || strings.HasPrefix(n, "rest_framework.test."):
				r.Tests.Cases, r.Tests.Django = true, true
			}
		}
	}
	if !derived && strings.HasPrefix(s.tokens[1].text, "Test") {
		for _, f := range s.body {
			if f.keyword() == "def" && len(f.tokens) > 1 && strings.HasPrefix(f.tokens[1].text, "test") {
				r.Tests.Functions = true
			}
		}
	}
}

// running are the calls that start another program: the name of the function
// and whether its argument is a shell's line.
func running(full string) bool {
	switch full {
	case "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
		"subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "os.execvp", "os.execlp", "os.spawnlp",
		"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "shutil.which":
		return true
	}
	return false
}

// expression reads the calls of one statement.
func (r *reader) expression(toks []token, in scope) {
	for _, c := range calls(toks) {
		full := r.full(c.name)
		r.listen(c, full, in)
		switch {
		case running(full):
			if p := r.program(c); p != "" {
				r.Programs = append(r.Programs, fact.New(p, r.File, c.line))
			} else if full != "shutil.which" {
				r.Dynamic = r.at(c.line)
			}
		case full == "ctypes.util.find_library" || full == "ctypes.CDLL" || full == "ctypes.cdll.LoadLibrary":
			r.Dynamic = r.at(c.line)
		case full == "signal.signal" || strings.HasSuffix(c.name, ".add_signal_handler"):
			if slices.ContainsFunc(toks, func(t token) bool { return t.is("SIGTERM") }) {
				r.Signals = r.at(c.line)
			}
		}
		if !in.function {
			r.required(c, full)
		}
		r.writes(c, full)
	}
	for _, t := range toks {
		// Three slashes are a path below the working directory, four an absolute one.
		if t.kind == str && strings.HasPrefix(t.text, "sqlite:///") && !strings.HasPrefix(t.text, "sqlite:////") && !strings.Contains(t.text, ":memory:") && t.text != "sqlite:///" && r.Writes.IsZero() {
			r.Writes = r.at(t.line)
		}
	}
	if toks[0].is("del") {
		return
	}
	// os.environ["X"] is read here, unless it is assigned.
	for i := 0; i+2 < len(toks); i++ {
		n, j := dotted(toks, i)
		if n == "" || i > 0 && toks[i-1].is(".") || r.full(n) != "os.environ" || j >= len(toks) || !toks[j].is("[") {
			continue
		}
		key, end := inside(toks, j)
		if end < len(toks) && toks[end].is("=") || len(key) != 1 || key[0].kind != str {
			continue
		}
		v := Variable{Name: key[0].text, Parsed: i > 0 && toks[i-1].is("("), Pos: r.at(toks[i].line)}
		if in.function {
			r.Reads = append(r.Reads, v)
		} else {
			r.Required = append(r.Required, v)
		}
	}
}

// required notices the settings libraries' reads without a default:
// env("X") of django-environ, config("X") of python-decouple.
func (r *reader) required(c call, full string) {
	var key string
	var ok bool
	if len(c.pos) > 0 {
		key, ok = c.pos[0].text()
	}
	if !ok {
		return
	}
	head := plainCall(r.consts[c.name])
	switch {
	case full == "decouple.config" || r.full(head) == "environ.Env" || r.full(head) == "environs.Env":
	case strings.Contains(c.name, ".") && r.isEnv(c.name):
	default:
		return
	}
	_, def := c.kw["default"]
	if def || len(c.pos) > 1 || strings.HasSuffix(c.name, ".read_env") {
		return
	}
	r.Required = append(r.Required, Variable{
		Name: key, Parsed: strings.Contains(c.name, ".") || len(c.kw) > 0 && full != "decouple.config" || c.kw["cast"] != nil,
		Pos: r.at(c.line),
	})
}

func (r *reader) isEnv(n string) bool {
	head, _, _ := strings.Cut(n, ".")
	f := r.full(plainCall(r.consts[head]))
	return f == "environ.Env" || f == "environs.Env"
}

func plainCall(toks []token) string {
	n, _ := dotted(toks, 0)
	return n
}

// writes notices a literal relative path that is opened for writing.
func (r *reader) writes(c call, full string) {
	if !r.Writes.IsZero() || len(c.pos) == 0 {
		return
	}
	p, ok := r.value(c.pos[0]).text()
	if !ok || p == "" || strings.HasPrefix(p, "/") || strings.Contains(p, "://") {
		return
	}
	mode, _ := c.kw["mode"].text()
	if len(c.pos) > 1 {
		mode, _ = c.pos[1].text()
	}
	last := full[strings.LastIndexByte(full, '.')+1:]
	switch {
	case full == "open" && strings.ContainsAny(mode, "wax+"),
		full == "os.makedirs", full == "os.mkdir", full == "sqlite3.connect" && p != ":memory:",
		slices.Contains([]string{"to_csv", "to_json", "to_excel", "to_parquet", "savefig", "write_html", "SVGSurface", "PDFSurface", "write_to_png"}, last):
		r.Writes = r.at(c.line)
	}
}

// program is the literal name of the program that a call starts.
func (r *reader) program(c call) string {
	var a arg
	if len(c.pos) > 0 {
		a = c.pos[0]
	} else if a = c.kw["args"]; a == nil {
		return ""
	}
	a = r.value(a)
	for len(a) > 0 && (a[0].is("[") || a[0].is("(")) {
		a = a[1:]
	}
	if len(a) == 0 || a[0].kind != str {
		if n, _ := dotted(a, 0); r.full(n) == "sys.executable" {
			return "python"
		}
		return ""
	}
	fields := strings.Fields(a[0].text)
	if len(fields) == 0 {
		return ""
	}
	return path.Base(fields[0])
}

// value follows one name to what was assigned to it.
func (r *reader) value(a arg) arg {
	for range 2 {
		if len(a) != 1 || a[0].kind != name {
			break
		}
		v, ok := r.consts[a[0].text]
		if !ok {
			break
		}
		a = v
	}
	return a
}

// listen reads a call that starts a server.
func (r *reader) listen(c call, full string, in scope) {
	object, method, isMethod := cutLast(c.name)
	for _, f := range r.rows {
		for _, l := range f.Listens {
			match := slices.Contains(l.Calls, full)
			if !match && isMethod && slices.Contains(l.Methods, method) {
				class := r.full(plainCall(r.consts[object]))
				match = slices.Contains(l.Of, class) || len(l.Of) == 0 && r.importsAny(f.Imports)
			}
			if _, given := c.kw[l.Needs]; !match || l.Needs != "" && !given {
				continue
			}
			s := Server{Framework: f.Name, Host: l.DefaultHost, HostEnv: l.HostEnv, Port: l.DefaultPort, Signals: l.Signals, Guarded: in.guard, Pos: r.at(c.line)}
			r.address(&s, c, l)
			if len(c.pos) > 0 {
				if t, ok := r.value(c.pos[0]).text(); ok && strings.Contains(t, ":") {
					s.Target = t
				} else if len(c.pos[0]) == 1 {
					s.Target = c.pos[0][0].text
				}
			}
			r.Servers = append(r.Servers, s)
			return
		}
	}
	// app.run(...): link keeps it where app is an application.
	if isMethod && method == "run" && !strings.Contains(object, ".") {
		s := Server{Object: object, Host: "127.0.0.1", Guarded: in.guard, Pos: r.at(c.line)}
		r.address(&s, c, Listen{Host: []string{"host", "0"}, Port: []string{"port", "1"}})
		r.Servers = append(r.Servers, s)
	}
}

func (r *reader) importsAny(modules []string) bool {
	return slices.ContainsFunc(append(slices.Clone(r.Imports), r.Optional...), func(f fact.Fact[string]) bool {
		return slices.ContainsFunc(modules, func(m string) bool { return f.Value == m || strings.HasPrefix(f.Value, m+".") })
	})
}

func cutLast(n string) (string, string, bool) {
	i := strings.LastIndexByte(n, '.')
	if i < 0 {
		return n, "", false
	}
	return n[:i], n[i+1:], true
}

// address fills in host and port from a call's arguments.
func (r *reader) address(s *Server, c call, l Listen) {
	pick := func(keys []string) arg {
		for _, k := range keys {
			if a, ok := c.kw[k]; ok {
				return a
			}
			if n, err := strconv.Atoi(k); err == nil && n < len(c.pos) {
				return c.pos[n]
			}
		}
		return nil
	}
	host, port := pick(l.Host), pick(l.Port)
	if l.Address != nil && *l.Address < len(c.pos) {
		a := r.value(c.pos[*l.Address])
		if len(a) > 0 && a[0].is("(") {
			in, _ := inside(a, 0)
			if pair := split(in, ","); len(pair) == 2 {
				host, port = pair[0], pair[1]
			}
		}
	}
	if host != nil {
		v, env, ok := r.literal(host)
		s.Host, s.HostEnv = v, env
		if ok && v == "" {
			s.Host = "0.0.0.0" // an empty host is every address
		}
		if !ok && env == "" {
			s.Host = ""
		}
	}
	if port != nil {
		v, env, _ := r.literal(port)
		s.Port, _ = strconv.Atoi(v)
		s.PortEnv = env
	}
}

// literal evaluates an argument as far as it is written down: a literal, a
// name that is assigned one, or an environment variable with its default, in
// whatever form: os.environ.get("PORT", 8080), int(os.getenv("PORT") or 8080).
func (r *reader) literal(a arg) (value, env string, ok bool) {
	for range 3 {
		if len(a) != 1 || a[0].kind != name {
			break
		}
		v, found := r.consts[a[0].text]
		if !found {
			return "", "", false
		}
		a = v
	}
	names := 0
	for i := 0; i < len(a); i++ {
		t := a[i]
		switch t.kind {
		case number:
			if value == "" {
				value, ok = strings.ReplaceAll(t.text, "_", ""), true
			}
		case str:
			reads := i > 0 && (a[i-1].is("(") || a[i-1].is("[")) && i > 1 && a[i-2].kind == name && (a[i-2].text == "get" || a[i-2].text == "getenv" || a[i-2].text == "environ")
			switch {
			case reads:
				env = t.text
			case !ok && !t.dynamic:
				value, ok = t.text, true
			}
		case name:
			switch t.text {
			case "int", "os", "environ", "get", "getenv", "str", "or", "if", "else", "not", "None", "in", "default":
			default:
				names++
			}
		case op:
		}
	}
	if names > 0 && env == "" {
		return "", "", false
	}
	return value, env, ok
}
