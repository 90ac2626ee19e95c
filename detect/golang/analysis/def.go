package analysis

import (
	"go/ast"
	"go/types"
)

// flow says what may be stored in each variable, field and parameter.
type flow struct {
	*graph
	defs     map[types.Object][]def
	returned map[*ast.BlockStmt][]*ast.ReturnStmt // memo of returns
	viper    map[string][]ast.Expr                // defaults by lower-case key
	cliFlags map[string][]cliFlag                 // of urfave/cli, by name
	flags    map[string]def                       // other flags by name
	mapped   map[types.Object]string              // fields that viper fills, by its key
	keys     naming                               // of the variables of viper's keys
	flagKeys naming                               // of those of ff's flags
	tagged   []tagged                             // variables that struct tags name
	spaces   map[*ast.StructType]space            // of the structs whose fields' tags have a common start
	literals map[ast.Node][]*ast.FuncLit          // memo of order.go, by declaration
	budget   int                                  // of order.go
	work     int                                  // steps that are left to follow values
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

// maxStatements is how many statements are followed for the order of writes in
// all: beyond it, every write of a variable counts wherever it stands.
const maxStatements = 5_000_000

// maxWork is how many steps are made in all to follow values: five times what the
// largest of the programs that dockgen was tried on needs. What needs more is
// no program that somebody wrote.
const maxWork = 1_500_000

// spend takes some steps, and reports whether there were any left.
func (f *flow) spend(n int) bool {
	f.work -= n
	return f.work >= 0
}

// emptyFlow says nothing yet.
func emptyFlow(g *graph) *flow {
	return &flow{
		graph: g, defs: map[types.Object][]def{}, returned: map[*ast.BlockStmt][]*ast.ReturnStmt{},
		viper: map[string][]ast.Expr{}, cliFlags: map[string][]cliFlag{}, flags: map[string]def{},
		keys:   naming{bound: map[string][]string{}},
		mapped: map[types.Object]string{}, spaces: map[*ast.StructType]space{},
		literals: map[ast.Node][]*ast.FuncLit{}, budget: maxStatements, work: maxWork,
	}
}

// define records that d flows into obj.
func (s step) define(obj types.Object, d def) {
	d.decl = s.decl
	s.defs[obj] = append(s.defs[obj], d)
}

// tagged is a variable of the environment that a struct tag names.
type tagged struct {
	field *ast.Field
	decl  *decl
	value part
}

// space is what the names of a struct's variables and flags start with.
type space struct{ env, flag string }

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
