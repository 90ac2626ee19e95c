package python

import (
	"path"
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
