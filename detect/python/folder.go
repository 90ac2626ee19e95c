package python

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// folder is the folder that a path surely lies in, although its end is not
// read: uploads in f"uploads/{name}". It is not known if nothing of it is sure.
func (w *world) folder(x expr) value {
	if w.evaluated > maxEvaluated {
		return value{}
	}
	e := &evaluator{w: w}
	v, whole := e.beginning(x, 0)
	w.evaluated += e.tokens
	i := strings.LastIndexByte(v.Text, '/')
	if whole || !v.known() || i <= 0 {
		return value{}
	}
	v.Text = v.Text[:i]
	return v
}

// beginning is the text that an expression surely begins with, and whether that
// is all of it.
func (e *evaluator) beginning(x expr, depth int) (v value, whole bool) {
	if v = e.expr(x, depth); v.known() && !v.needs() {
		return v, true
	}
	if len(x.toks) == 0 || len(x.toks) > maxExpr || depth > maxFollowed || e.steps > maxSteps || e.tokens > maxTokens || x.at == nil {
		return value{}, false
	}
	in := func(toks []syntax.Token) expr { return expr{x.mod, x.at, toks} }
	toks := x.toks
	if closed(toks) && toks[0].Is("(") {
		return e.beginning(in(toks[1:len(toks)-1]), depth+1)
	}
	if len(toks) == 1 && toks[0].Kind == syntax.String {
		return e.pieces(x, toks[0], depth)
	}
	if n, end := syntax.Dotted(toks, 0); n != "" && end == len(toks) {
		if w := x.at.Lookup(n); len(w.List) == 1 && w.List[0].Kind == syntax.Assigned && w.List[0].Index < 0 && w.List[0].Stmt != x.at {
			return e.beginning(expr{x.mod, w.List[0].Stmt, w.List[0].Value}, depth+1)
		}
		return value{}, false
	}
	if parts := syntax.Split(toks, "+"); len(parts) > 1 {
		return e.leading(x, parts, "", depth)
	}
	if parts := syntax.Split(toks, "/"); len(parts) > 1 {
		return e.leading(x, parts, "/", depth)
	}
	cut := func(text, at string) (value, bool) {
		before, _, found := strings.Cut(text, at)
		return literal(before), !found
	}
	if i := syntax.Top(toks, "%"); i > 0 {
		if v := e.expr(in(toks[:i]), depth+1); v.known() && v.base == effect.WorkDir {
			return cut(v.Text, "%")
		}
		return value{}, false
	}
	if toks[0].Kind == syntax.String && len(toks) > 2 && toks[1].Is(".") && toks[2].Is("format") && !toks[0].Dynamic {
		return cut(toks[0].Text, "{")
	}
	if c, ok := syntax.CallAt(toks, 0); ok && toks[len(toks)-1].Is(")") && c.Name != "" {
		pos, _ := c.Args()
		parts := make([][]syntax.Token, 0, len(pos))
		for _, p := range pos {
			parts = append(parts, p)
		}
		switch row := e.w.table.named(x.mod.full(x.at, c.Name)); {
		case row == nil || len(parts) == 0:
		case row.Value == "join", row.Value == "path":
			return e.leading(x, parts, "/", depth)
		case row.Value == "same":
			return e.beginning(in(parts[0]), depth+1)
		}
	}
	return value{}, false
}

// leading joins what is sure of the parts of a path, up to the first that is not.
func (e *evaluator) leading(x expr, parts [][]syntax.Token, between string, depth int) (value, bool) {
	out := value{}
	for i, p := range parts[:min(len(parts), maxParts)] {
		v, whole := e.beginning(expr{x.mod, x.at, p}, depth+1)
		switch {
		case v.known() && i == 0:
			out = v
		case v.known() && (between == "/" && v.base != effect.WorkDir || path.IsAbs(v.Text) && between == "/"):
			out = v
		case v.known():
			out = concat(out, v)
		}
		if !v.known() || !whole || !out.known() {
			return out, false
		}
		out.Text += between
	}
	return out, false
}

// pieces is the beginning of an f-string.
func (e *evaluator) pieces(x expr, t syntax.Token, depth int) (value, bool) {
	out := literal("")
	for _, p := range t.Pieces {
		v, whole := literal(p.Text), true
		if p.Expr != "" {
			toks := syntax.Tokenize(p.Expr)
			for _, end := range []string{"!", ":"} {
				if i := syntax.Top(toks, end); i >= 0 {
					toks = toks[:i]
				}
			}
			v, whole = e.beginning(expr{x.mod, x.at, toks}, depth+1)
		}
		if !v.known() {
			return out, false
		}
		if out = concat(out, v); !whole || !out.known() {
			return out, false
		}
	}
	return out, false
}

// temporary reports whether an expression, or what its names are bound to, says
// that it is a temporary file or no file at all.
func temporary(x expr, depth int) bool {
	for i, t := range x.toks {
		if t.Kind != syntax.Name || i > maxParts*4 {
			continue
		}
		switch low := strings.ToLower(t.Text); {
		case strings.Contains(low, "temp"), strings.Contains(low, "tmp"), strings.Contains(low, "bytesio"), strings.Contains(low, "stringio"), low == "devnull", low == "argv", low == "args":
			return true
		}
		if depth > 1 || i > 0 && x.toks[i-1].Is(".") {
			continue
		}
		for _, b := range x.at.Lookup(t.Text).List {
			if b.Stmt != nil && b.Stmt != x.at && temporary(expr{x.mod, b.Stmt, b.Stmt.Tokens}, depth+1) {
				return true
			}
		}
	}
	return false
}
