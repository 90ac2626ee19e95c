package analysis

import (
	"go/ast"
	"go/token"
	"go/types"
)

// demands finds the variables without which a program surely ends: main, or a function
// that it calls whatever happens, reads one and ends the program if it is empty.
type demands struct {
	*view
	out   *variables
	calls int // that may still be followed
}

// maxDemandCalls is how many calls are followed for them, and maxDemandDepth how deep.
const (
	maxDemandCalls = 2000
	maxDemandDepth = 6
)

// body reads the statements of a function that are not within others. texts are what its
// parameters hold.
func (d *demands) body(block *ast.BlockStmt, texts map[types.Object]string, depth int) {
	if block == nil || depth > maxDemandDepth {
		return
	}
	for i, stmt := range block.List {
		var next *ast.IfStmt
		if i+1 < len(block.List) {
			next, _ = block.List[i+1].(*ast.IfStmt)
		}
		switch s := stmt.(type) {
		case *ast.AssignStmt:
			if len(s.Rhs) == 1 && next != nil && next.Init == nil {
				d.tested(s, next, texts)
			}
			d.expressions(texts, depth, s.Rhs...)
		case *ast.ExprStmt:
			d.expressions(texts, depth, s.X)
		case *ast.ReturnStmt:
			d.expressions(texts, depth, s.Results...)
		case *ast.IfStmt:
			if init, ok := s.Init.(*ast.AssignStmt); ok {
				if len(init.Rhs) == 1 {
					d.tested(init, s, texts)
				}
				d.expressions(texts, depth, init.Rhs...)
			} else if x, ok := empty(s.Cond); ok && ends(s.Body) {
				d.add(x, texts)
			}
		}
	}
}

// tested records the variable that an assignment reads, if the program ends where it is empty.
func (d *demands) tested(s *ast.AssignStmt, test *ast.IfStmt, texts map[types.Object]string) {
	if !ends(test.Body) || len(s.Lhs) == 0 {
		return
	}
	if x, ok := empty(test.Cond); ok && d.same(x, s.Lhs[0]) {
		d.add(s.Rhs[0], texts)
	}
	if not, ok := ast.Unparen(test.Cond).(*ast.UnaryExpr); ok && not.Op == token.NOT && len(s.Lhs) == 2 && d.same(not.X, s.Lhs[1]) {
		d.add(s.Rhs[0], texts)
	}
}

func (d *demands) same(a, b ast.Expr) bool {
	x := d.target(a)
	return x != nil && x == d.target(b)
}

// empty is x of x == "" and of len(x) == 0.
func empty(e ast.Expr) (ast.Expr, bool) {
	is, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || is.Op != token.EQL {
		return nil, false
	}
	lit, ok := is.Y.(*ast.BasicLit)
	if !ok {
		return nil, false
	}
	switch lit.Value {
	case `""`, "``":
		return is.X, true
	case "0":
		if call, ok := is.X.(*ast.CallExpr); ok && len(call.Args) == 1 {
			if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == "len" {
				return call.Args[0], true
			}
		}
	}
	return nil, false
}

// add records the variable of os.Getenv(NAME) or os.LookupEnv(NAME).
func (d *demands) add(e ast.Expr, texts map[types.Object]string) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return
	}
	if t, ok := d.selector(call.Fun); !ok || t != (selector{"os", "Getenv"}) && t != (selector{"os", "LookupEnv"}) {
		return
	}
	if name := d.known(call.Args[0], texts); isEnvName(name) {
		d.out.add(d.loader.Pos(call.Pos()), part{env: name, required: true})
	}
}

// known is the text of an expression, "" if it is none that stands in the source.
func (d *demands) known(e ast.Expr, texts map[types.Object]string) string {
	if s, ok := d.constant(e); ok {
		return s
	}
	if obj := d.target(e); obj != nil {
		return texts[obj]
	}
	return ""
}

// expressions follows the calls of local functions that expressions surely make.
func (d *demands) expressions(texts map[types.Object]string, depth int, list ...ast.Expr) {
	for _, e := range list {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BinaryExpr:
				return n.Op != token.LAND && n.Op != token.LOR
			case *ast.CallExpr:
				d.call(n, texts, depth)
			}
			return true
		})
	}
}

func (d *demands) call(call *ast.CallExpr, texts map[types.Object]string, depth int) {
	fn := d.callee(call.Fun)
	if fn == nil {
		return
	}
	if d.calls--; d.calls < 0 || !d.spend(1) {
		return
	}
	typ, body := signature(fn)
	if typ == nil {
		return
	}
	inner := map[types.Object]string{}
	for i, p := range d.params(typ) {
		if p != nil && i < len(call.Args) {
			inner[p] = d.known(call.Args[i], texts)
		}
	}
	d.body(body, inner, depth+1)
}
