package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/python/syntax"
)

// idle reports whether a statement stands below a condition that is false as long as nobody sets the variables that it
// asks for: if env.bool("USE_S3", False). What is not certain is not.
func (w *world) idle(m *Module, s *syntax.Stmt) bool {
	for b := s.Block(); b != nil && b.Header != nil; b = b.Parent {
		if h := b.Header; (h.Keyword() == "if" || h.Keyword() == "elif") && w.off(expr{m, h, h.Tokens[1:]}, 0) {
			return true
		}
	}
	return false
}

// off reports whether an expression is false then.
func (w *world) off(x expr, depth int) bool {
	toks := x.toks
	for closed(toks) && toks[0].Is("(") {
		toks = toks[1 : len(toks)-1]
	}
	if len(toks) == 0 || len(toks) > maxParts*8 || depth > maxFollowed {
		return false
	}
	part := func(t []syntax.Token) bool { return w.off(expr{x.mod, x.at, t}, depth+1) }
	if list := syntax.Split(toks, "or"); len(list) > 1 {
		return !slices.ContainsFunc(list, func(t []syntax.Token) bool { return !part(t) })
	}
	if list := syntax.Split(toks, "and"); len(list) > 1 {
		return slices.ContainsFunc(list, part)
	}
	if i := syntax.Top(toks, "in"); i > 0 { // "KEY" in os.environ
		_, literal := syntax.Literal(toks[:i])
		name, end := syntax.Dotted(toks, i+1)
		return literal && end == len(toks) && (name == "os.environ" || name == "environ")
	}
	if i := syntax.Top(toks, "is"); i > 0 {
		return i+3 == len(toks) && toks[i+1].Is("not") && toks[i+2].Is("None") && part(toks[:i])
	}
	if i := syntax.Top(toks, "=="); i > 0 {
		return w.differs(expr{x.mod, x.at, toks[:i]}, expr{x.mod, x.at, toks[i+1:]})
	}
	if len(toks) == 1 {
		if slices.ContainsFunc([]string{"False", "None", "0"}, toks[0].Is) {
			return true
		}
		list := x.at.Lookup(toks[0].Text).List
		return toks[0].Kind == syntax.Name && len(list) == 1 && list[0].Kind == syntax.Assigned && list[0].Index < 0 && w.off(expr{x.mod, list[0].Stmt, list[0].Value}, depth+1)
	}
	if c, ok := syntax.CallAt(toks, 0); ok {
		return w.offCall(x, c, depth)
	}
	v := w.eval(expr{x.mod, x.at, toks})
	return v.missing()
}

// offCall reports whether a call that reads a variable gives something false without it.
func (w *world) offCall(x expr, c syntax.Call, depth int) bool {
	pos, kw := c.Args()
	if len(pos) == 0 {
		return false
	}
	if _, ok := syntax.Literal(pos[0]); !ok {
		return false // it reads no variable
	}
	by := kw["default"]
	if len(by) == 0 && len(pos) > 1 {
		by = pos[1]
	}
	if text, ok := syntax.Literal(by); ok {
		return text == "" || text == "0" || text == "False" || text == "false"
	}
	if len(by) == 0 { // os.environ.get gives None, and readers of settings raise
		return c.Method == "get" && strings.HasSuffix(c.Name, "environ.get") || strings.HasSuffix(c.Name, "getenv")
	}
	return w.off(expr{x.mod, x.at, by}, depth+1)
}

// differs reports whether two sides differ then: one is a variable, and the other a text that is not its default.
func (w *world) differs(a, b expr) bool {
	x, y := w.eval(a), w.eval(b)
	if _, fixed := x.fixed(); fixed {
		x, y = y, x
	}
	want, ok := y.fixed()
	return ok && x.known() && x.Env != "" && !x.part && x.Text != want
}
