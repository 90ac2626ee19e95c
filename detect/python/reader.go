package python

import (
	"slices"
	"strings"
)

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
