package analysis

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// flow says what may be stored in each variable, field and parameter.
type flow struct {
	*graph
	defs     map[types.Object][]def
	returned map[*ast.BlockStmt][]*ast.ReturnStmt // memo of returns
	viper    map[string][]ast.Expr                // defaults by lower-case key
	cliFlags map[string][]ast.Expr                // urfave/cli flag values by name
	flags    map[string]def                       // other flags by name
	mapped   map[types.Object]string              // fields that viper fills, by its key
	tagged   []tagged                             // variables that struct tags name
	spaces   map[*ast.StructType]space            // of the structs whose fields' tags have a common start
	literals map[ast.Node][]*ast.FuncLit          // memo of order.go, by declaration
	budget   int                                  // of order.go
}

// def is one thing that may be stored in a variable.
type def struct {
	kind  defKind
	node  ast.Node // the statement or call that stores it
	expr  ast.Expr
	index int   // of a call's results, if it has several
	elem  bool  // an element of expr, as range gives it
	value value // known outright if expr is nil; of a flag, with expr as its default
	decl  *decl // where it stands; nil for what holds everywhere
}

type defKind int

// The kinds of def.
const (
	written  defKind = iota // by a statement, which is the only one to count after it
	passed                  // as an argument: what a parameter starts with
	anywhere                // at a time that the place does not say
)

// step is where the reading of the flow is.
type step struct {
	*flow
	decl *decl // nil for type declarations
}

// newFlow reads assignments, fields of composite literals, arguments, range
// loops, and defaults of flags and of struct tags.
func newFlow(g *graph) *flow {
	f := &flow{
		graph: g, defs: map[types.Object][]def{}, returned: map[*ast.BlockStmt][]*ast.ReturnStmt{},
		viper: map[string][]ast.Expr{}, cliFlags: map[string][]ast.Expr{}, flags: map[string]def{},
		mapped: map[types.Object]string{}, spaces: map[*ast.StructType]space{},
		literals: map[ast.Node][]*ast.FuncLit{}, budget: maxStatements,
	}
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

// define records that d flows into obj.
func (s step) define(obj types.Object, d def) {
	d.decl = s.decl
	s.defs[obj] = append(s.defs[obj], d)
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

// signature is the type and the body of a local function.
func signature(fn ast.Node) (*ast.FuncType, *ast.BlockStmt) {
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		return fn.Type, fn.Body
	case *ast.FuncLit:
		return fn.Type, fn.Body
	}
	return nil, nil
}

// params are a function's parameters; nil for one without a name.
func (f *flow) params(t *ast.FuncType) []types.Object { return f.names(t.Params) }

// names are the objects of a list of fields; nil for one without a name.
func (f *flow) names(list *ast.FieldList) []types.Object {
	var out []types.Object
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		if len(field.Names) == 0 {
			out = append(out, nil)
		}
		for _, id := range field.Names {
			out = append(out, f.info.Defs[id])
		}
	}
	return out
}

// callee is the local function that an expression calls: a *ast.FuncDecl, a
// *ast.FuncLit or nil.
func (f *flow) callee(fun ast.Expr) ast.Node {
	var obj types.Object
	switch e := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		return e
	case *ast.Ident:
		obj = generic(f.info.Uses[e])
	case *ast.SelectorExpr:
		obj = generic(f.info.Uses[e.Sel])
	case *ast.IndexExpr:
		return f.callee(e.X)
	}
	switch obj.(type) {
	case *types.Func:
		if d := f.funcs[obj]; d != nil {
			return d.node
		}
	case *types.Var:
		for i, d := range f.defs[obj] {
			if i == maxAlternatives {
				break
			}
			if lit, ok := d.expr.(*ast.FuncLit); ok {
				return lit
			}
		}
	}
	return nil
}

// returns lists the return statements of a body, but not those of function
// literals within.
func (f *flow) returns(body *ast.BlockStmt) []*ast.ReturnStmt {
	if body == nil {
		return nil
	}
	if list, ok := f.returned[body]; ok {
		return list
	}
	var out []*ast.ReturnStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			out = append(out, n)
		}
		return true
	})
	f.returned[body] = out
	return out
}
