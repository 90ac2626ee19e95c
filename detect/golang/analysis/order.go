package analysis

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// reaching lists what a local variable may hold where it is used: the last
// writes on every way that leads there (https://en.wikipedia.org/wiki/Reaching_definition).
// ok is false if that cannot be told, and then every write counts: for fields
// and package variables, with goto and labels, and for variables with more
// than 60 writes.
//
// A function literal runs at a time that is not known: it sees what was written
// before it, and all that is written after it and in other literals.
func (f *flow) reaching(obj types.Object, use token.Pos) (out []def, ok bool) {
	v, isVar := obj.(*types.Var)
	list := f.defs[obj]
	if f.budget < 0 || !isVar || v.IsField() || len(list) < 2 && !slices.ContainsFunc(list, isWritten) || len(list) > 60 {
		return nil, false
	}
	d := f.declAt(v.Pos())
	if d == nil || d != f.declAt(use) || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return nil, false
	}
	body := f.owner(d, v.Pos())
	if body == nil || use < body.Pos() || use >= body.End() {
		return nil, false
	}
	w := &writes{f: f, defs: list, at: map[ast.Node]uint64{}, use: use}
	var start state
	for i, x := range list {
		bit := uint64(1) << i
		switch {
		case x.kind == passed:
			start.defs |= bit
		case x.kind == anywhere:
			w.always |= bit
		case x.node.Pos() >= body.Pos() && x.node.End() <= body.End():
			w.at[x.node] |= bit
			w.places = append(w.places, x.node)
			if f.owner(d, x.node.Pos()) != body {
				w.inLiterals |= bit
			}
		default:
			w.always |= bit
		}
	}
	w.block(body.List, start)
	if w.gaveUp || !w.found {
		return nil, false
	}
	w.result |= w.always
	for i, x := range list {
		if w.result&(1<<i) != 0 {
			out = append(out, x)
		}
	}
	return out, true
}

func isWritten(d def) bool { return d.kind == written }

// owner is the body of the innermost function that holds a position, or nil
// outside of functions.
func (f *flow) owner(d *decl, pos token.Pos) *ast.BlockStmt {
	var out *ast.BlockStmt
	if fn, ok := d.node.(*ast.FuncDecl); ok {
		out = fn.Body
	}
	lits, ok := f.literals[d.node]
	if !ok {
		for _, n := range d.nodes {
			if lit, ok := n.(*ast.FuncLit); ok {
				lits = append(lits, lit)
			}
		}
		f.literals[d.node] = lits
	}
	f.budget -= len(lits)
	for _, lit := range lits { // an inner one comes after the one around it
		if lit.Pos() > pos {
			break
		}
		if pos < lit.End() {
			out = lit.Body
		}
	}
	return out
}

// state is what the variable may hold at a place.
type state struct {
	defs uint64 // bits, by index in writes.defs
	dead bool   // the place is never reached
}

func join(a, b state) state {
	switch {
	case a.dead:
		return b
	case b.dead:
		return a
	}
	return state{defs: a.defs | b.defs}
}

// writes follows the writes of one variable through the statements of its
// function, to one use. Statements that hold neither are passed over.
type writes struct {
	f          *flow
	defs       []def
	at         map[ast.Node]uint64
	places     []ast.Node // of the writes
	use        token.Pos
	always     uint64 // what counts wherever the use stands
	inLiterals uint64 // what function literals write
	found      bool
	result     uint64
	gaveUp     bool
	loops      []*loop
}

// loop is a statement that break leaves.
type loop struct {
	breaks, continues state
	noContinue        bool // a switch or select
}

// concerns reports whether a node holds the use or a write, or may leave the
// function.
func (w *writes) concerns(n ast.Node) bool {
	from, to := n.Pos(), n.End()
	if from <= w.use && w.use < to {
		return true
	}
	for _, p := range w.places {
		if from <= p.Pos() && p.Pos() < to {
			return true
		}
	}
	return false
}

func (w *writes) block(list []ast.Stmt, s state) state {
	for _, stmt := range list {
		if w.f.budget--; w.f.budget < 0 {
			w.gaveUp = true
		}
		if w.gaveUp {
			return s
		}
		s = w.stmt(stmt, s)
	}
	return s
}

//nolint:gocyclo // one case for each kind of statement
func (w *writes) stmt(stmt ast.Stmt, s state) state {
	switch stmt := stmt.(type) {
	case nil:
		return s
	case *ast.BranchStmt:
		return w.branch(stmt, s)
	case *ast.LabeledStmt:
		w.gaveUp = true
		return s
	case *ast.ReturnStmt:
		w.expr(stmt, s)
		return state{dead: true}
	case *ast.ExprStmt:
		w.expr(stmt, s)
		if call, ok := stmt.X.(*ast.CallExpr); ok && terminates(call) {
			return state{dead: true}
		}
		return s
	case *ast.BlockStmt:
		return w.block(stmt.List, s)
	case *ast.IfStmt:
		s = w.stmt(stmt.Init, s)
		w.expr(stmt.Cond, s)
		then, other := s, s
		switch w.f.onLinux(stmt.Cond) {
		case always:
			other = state{dead: true}
		case never:
			then = state{dead: true}
		case sometimes:
		}
		if then = w.block(stmt.Body.List, then); stmt.Else == nil {
			return join(then, other)
		}
		return join(then, w.stmt(stmt.Else, other))
	case *ast.ForStmt:
		s = w.stmt(stmt.Init, s)
		return w.loop(s, stmt.Cond == nil, func(s state) state {
			if stmt.Cond != nil {
				w.expr(stmt.Cond, s)
			}
			return w.block(stmt.Body.List, s)
		}, func(s state) state { return w.stmt(stmt.Post, s) })
	case *ast.RangeStmt:
		w.expr(stmt.X, s)
		return w.loop(s, false, func(s state) state {
			return w.block(stmt.Body.List, w.write(stmt, s))
		}, func(s state) state { return s })
	case *ast.SwitchStmt:
		s = w.stmt(stmt.Init, s)
		if stmt.Tag != nil {
			w.expr(stmt.Tag, s)
			if w.f.isGOOS(stmt.Tag) {
				return w.clauses(w.f.linuxClauses(stmt.Body.List), s)
			}
		}
		return w.clauses(stmt.Body.List, s)
	case *ast.TypeSwitchStmt:
		s = w.stmt(stmt.Init, s)
		return w.clauses(stmt.Body.List, w.stmt(stmt.Assign, s))
	case *ast.SelectStmt:
		return w.clauses(stmt.Body.List, s)
	}
	if !w.concerns(stmt) {
		return s
	}
	w.expr(stmt, s)
	if decl, ok := stmt.(*ast.DeclStmt); ok {
		if gen, ok := decl.Decl.(*ast.GenDecl); ok {
			for _, spec := range gen.Specs {
				s = w.write(spec, s)
			}
		}
		return s
	}
	return w.write(stmt, s)
}

// write is the state after a statement that may write the variable.
func (w *writes) write(n ast.Node, s state) state {
	if bits := w.at[n]; bits != 0 && !s.dead {
		s.defs = bits
	}
	return s
}

func (w *writes) branch(stmt *ast.BranchStmt, s state) state {
	if stmt.Label != nil || stmt.Tok == token.GOTO {
		w.gaveUp = true
		return s
	}
	for _, l := range slices.Backward(w.loops) {
		switch {
		case stmt.Tok == token.BREAK:
			l.breaks = join(l.breaks, s)
		case stmt.Tok == token.CONTINUE && !l.noContinue:
			l.continues = join(l.continues, s)
		case stmt.Tok == token.CONTINUE:
			continue
		}
		break
	}
	if stmt.Tok == token.FALLTHROUGH { // the next clause starts with it too
		return s
	}
	return state{dead: true}
}

// loop follows a body twice, so that what one round writes reaches the next.
// An endless one is left by break alone.
func (w *writes) loop(s state, endless bool, body, post func(state) state) state {
	dead := state{dead: true}
	l := &loop{breaks: dead, continues: dead}
	w.loops = append(w.loops, l)
	head := s
	for range 2 {
		head = join(head, post(join(body(head), l.continues)))
	}
	w.loops = w.loops[:len(w.loops)-1]
	if endless {
		return l.breaks
	}
	return join(head, l.breaks)
}

// clauses are those of a switch or a select, one of which runs.
func (w *writes) clauses(list []ast.Stmt, s state) state {
	l := &loop{breaks: state{dead: true}, noContinue: true}
	w.loops = append(w.loops, l)
	out, fall := state{dead: true}, state{dead: true}
	isDefault := false
	for _, stmt := range list {
		in := join(s, fall)
		fall = state{dead: true}
		var body []ast.Stmt
		switch c := stmt.(type) {
		case *ast.CaseClause:
			for _, e := range c.List {
				w.expr(e, in)
			}
			isDefault = isDefault || c.List == nil
			body = c.Body
		case *ast.CommClause: // one without a default waits: no way around it
			in = w.stmt(c.Comm, in)
			isDefault = true
			body = c.Body
		}
		end := w.block(body, in)
		if n := len(body); n > 0 && isFallthrough(body[n-1]) {
			fall = end
			continue
		}
		out = join(out, end)
	}
	w.loops = w.loops[:len(w.loops)-1]
	if out = join(out, l.breaks); !isDefault {
		out = join(out, s)
	}
	return out
}

func isFallthrough(stmt ast.Stmt) bool {
	b, ok := stmt.(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

// expr looks for the use in a node that is no block of statements.
func (w *writes) expr(n ast.Node, s state) {
	if n.Pos() > w.use || w.use >= n.End() {
		return
	}
	var lit *ast.FuncLit
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || lit != nil {
			return false
		}
		w.f.budget--
		if x, ok := n.(*ast.FuncLit); ok && x.Body.Pos() <= w.use && w.use < x.Body.End() {
			lit = x
		}
		return n.Pos() <= w.use && w.use < n.End()
	})
	if lit == nil {
		if !s.dead {
			w.found = true
			w.result |= s.defs | w.inLiterals
		}
		return
	}
	in := state{defs: s.defs | w.inLiterals}
	for node, bits := range w.at {
		if node.Pos() >= lit.End() || len(w.loops) > 0 {
			in.defs |= bits
		}
	}
	outer := w.loops
	w.loops = nil
	w.block(lit.Body.List, in)
	w.loops = outer
}

// terminates reports whether a call does not return.
func terminates(call *ast.CallExpr) bool {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name == "panic"
	case *ast.SelectorExpr:
		n := fn.Sel.Name
		return strings.HasPrefix(n, "Fatal") || strings.HasPrefix(n, "Panic") || n == "Exit"
	}
	return false
}

// isGOOS reports whether an expression is the system that the program runs on.
func (f *flow) isGOOS(e ast.Expr) bool {
	t, ok := f.selector(e)
	return ok && t == selector{"runtime", "GOOS"}
}

// frequency says when a condition holds on Linux.
type frequency int

const (
	sometimes frequency = iota
	always
	never
)

// onLinux tells runtime.GOOS == "linux" and the like.
func (f *flow) onLinux(cond ast.Expr) frequency {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || e.Op != token.EQL && e.Op != token.NEQ {
		return sometimes
	}
	name, known := f.constant(e.Y)
	switch {
	case !known || !f.isGOOS(e.X):
		return sometimes
	case (name == "linux") == (e.Op == token.EQL):
		return always
	}
	return never
}

// linuxClauses are the clauses of a switch on runtime.GOOS that run on Linux: the
// one that names it and those that it falls through to, else all without a
// name of a system.
func (f *flow) linuxClauses(list []ast.Stmt) []ast.Stmt {
	rest := []ast.Stmt{}
	for i, stmt := range list {
		c, ok := stmt.(*ast.CaseClause)
		if !ok {
			return list
		}
		for _, e := range c.List {
			if name, ok := f.constant(e); ok && name == "linux" {
				out := []ast.Stmt{&ast.CaseClause{Case: c.Case, Body: c.Body}} // as a default: nothing goes around it
				for ; len(c.Body) > 0 && isFallthrough(c.Body[len(c.Body)-1]) && i+1 < len(list); i++ {
					c, _ = list[i+1].(*ast.CaseClause)
					out = append(out, c)
				}
				return out
			}
		}
		if c.List == nil {
			rest = append(rest, c)
		}
	}
	return rest
}
