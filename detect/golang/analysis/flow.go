package analysis

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// newFlow reads assignments, fields of composite literals, arguments, range
// loops, and defaults of flags and of struct tags.
func newFlow(g *graph) *flow {
	f := emptyFlow(g)
	f.readSpaces()
	for _, d := range f.decls {
		s := step{f, d}
		if gen, ok := d.node.(*ast.GenDecl); ok && gen.Tok != token.VAR {
			s.decl = nil
		}
		for _, n := range d.nodes {
			s.node(n, d)
		}
	}
	for _, d := range f.decls { // a parameter of a function value is known once the value is
		s := step{f, d}
		for _, n := range d.nodes {
			if call, ok := n.(*ast.CallExpr); ok {
				s.arguments(call)
				s.processed(call)
			}
		}
	}
	for obj, list := range f.defs {
		if slices.ContainsFunc(list, func(d def) bool { return d.kind == passed }) {
			slices.SortStableFunc(list, f.bySource)
			f.defs[obj] = list
		}
	}
	return f
}

// bySource orders definitions as the source has them, package by package.
func (f *flow) bySource(a, b def) int {
	if a.decl == nil || b.decl == nil {
		return cmp.Compare(rankOf(a), rankOf(b))
	}
	return cmp.Or(cmp.Compare(a.decl.rank, b.decl.rank), cmp.Compare(a.node.Pos(), b.node.Pos()))
}

func rankOf(d def) int {
	if d.decl == nil {
		return -1
	}
	return d.decl.rank
}

func (s step) node(n ast.Node, d *decl) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		s.assign(n, n.Lhs, n.Rhs, n.Tok)
	case *ast.ValueSpec:
		var lhs []ast.Expr
		for _, id := range n.Names {
			lhs = append(lhs, id)
		}
		s.assign(n, lhs, n.Values, token.ASSIGN)
	case *ast.RangeStmt:
		if obj := s.target(n.Value); obj != nil {
			s.define(obj, def{node: n, expr: n.X, elem: true})
		}
	case *ast.CompositeLit:
		s.literal(n)
	case *ast.CallExpr:
		s.declared(n)
	case *ast.StructType:
		s.tags(n, d)
	}
}

func (s step) assign(n ast.Node, lhs, rhs []ast.Expr, tok token.Token) {
	for i, l := range lhs {
		obj := s.target(l)
		if obj == nil {
			continue
		}
		switch {
		case tok == token.ADD_ASSIGN && len(rhs) == 1:
			s.define(obj, def{node: n, expr: &ast.BinaryExpr{X: l, OpPos: l.End(), Op: token.ADD, Y: rhs[0]}})
		case tok != token.ASSIGN && tok != token.DEFINE:
			s.define(obj, def{node: n, value: unknown()})
		case len(rhs) == len(lhs):
			s.define(obj, def{node: n, expr: rhs[i]})
		case len(rhs) == 1:
			s.define(obj, def{node: n, expr: rhs[0], index: i})
		}
	}
}

// literal records the fields of a local struct's literal.
func (s step) literal(lit *ast.CompositeLit) {
	if t, ok := s.selector(lit.Type); ok && strings.HasPrefix(t.pkg, "github.com/urfave/cli") {
		s.cliFlag(lit)
	}
	var fields *types.Struct
	if t := s.info.Types[lit].Type; t != nil {
		fields, _ = t.Underlying().(*types.Struct)
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				if v, ok := generic(s.info.Uses[key]).(*types.Var); ok && v.IsField() {
					s.define(v, def{kind: anywhere, node: kv, expr: kv.Value})
				}
			}
			continue
		}
		if fields != nil && i < fields.NumFields() {
			s.define(fields.Field(i).Origin(), def{kind: anywhere, node: e, expr: e})
		}
	}
}

// arguments records what a call gives to the parameters of a local function.
func (s step) arguments(call *ast.CallExpr) {
	typ, _ := signature(s.callee(call.Fun))
	if typ == nil {
		return
	}
	for i, v := range s.params(typ) {
		if v != nil && i < len(call.Args) {
			s.define(v, def{kind: passed, node: call, expr: call.Args[i]})
		}
	}
}
