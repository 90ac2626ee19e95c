package analysis

import (
	"go/ast"
	"go/types"
	"iter"
	"slices"
	"strings"
)

// view is the flow of one program: what stands in declarations that it never
// runs does not count.
type view struct {
	*flow
	live map[*decl]bool
	read *configs // configuration files that the program reads, nil for none
}

// definitions are what may be stored in a variable, a field or a parameter
// where an expression uses it. ordered says that they are those that reach this
// use; else they are the same wherever it is used.
func (v *view) definitions(obj types.Object, use ast.Node) (list []def, ordered bool) {
	defs, ordered := v.reaching(obj, use.Pos())
	if !ordered {
		defs = v.defs[obj]
	}
	for i, d := range defs {
		if i%16 == 0 && !v.spend(1) {
			break
		}
		if d.decl == nil || v.live[d.decl] {
			if list = append(list, d); len(list) == maxDefinitions {
				break
			}
		}
	}
	return list, ordered
}

// The most definitions of a variable that count, and the most expressions that
// are followed to find where a value comes from.
const (
	maxDefinitions = 200
	maxSources     = 400
)

// sources walks back from an expression to those that its value may come from,
// the expression itself first: through parentheses, & and *, conversions and
// assertions, the definitions of a variable, a field or a parameter, and the
// first results of local functions. via gives further expressions to follow; it
// may be nil. Each is visited once. The second value says that the walk ends
// there: the value is made by the expression itself, or it is not known where.
func (v *view) sources(e ast.Expr, via func(ast.Expr) []ast.Expr) iter.Seq2[ast.Expr, bool] {
	return func(yield func(ast.Expr, bool) bool) {
		seen, stored := map[ast.Expr]bool{}, map[types.Object]bool{}
		stack := []ast.Expr{e}
		for len(stack) > 0 && len(seen) < maxSources && v.spend(1) {
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if e = ast.Unparen(e); e == nil || seen[e] {
				continue
			}
			seen[e] = true
			next, ends := v.next(e, stored)
			if via != nil {
				next = append(next, via(e)...)
			}
			if !yield(e, ends && len(next) == 0) {
				return
			}
			for _, x := range slices.Backward(next) {
				stack = append(stack, x)
			}
		}
	}
}

// next is one step of sources. stored are the variables that were followed,
// those whose definitions are the same wherever they are used.
func (v *view) next(e ast.Expr, stored map[types.Object]bool) (list []ast.Expr, ends bool) {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return []ast.Expr{e.X}, false
	case *ast.StarExpr:
		return []ast.Expr{e.X}, false
	case *ast.TypeAssertExpr:
		return []ast.Expr{e.X}, false
	case *ast.Ident, *ast.SelectorExpr:
		obj := v.target(e)
		if obj == nil || stored[obj] {
			return nil, !stored[obj]
		}
		defs, ordered := v.definitions(obj, e)
		if !ordered {
			stored[obj] = true
		}
		for _, d := range defs {
			if d.expr != nil && !d.elem && d.index == 0 {
				list = append(list, d.expr)
			}
		}
	case *ast.CallExpr:
		if tv, ok := v.info.Types[e.Fun]; ok && tv.IsType() && len(e.Args) == 1 {
			return e.Args, false
		}
		list = v.results(v.callee(e.Fun))
	}
	return list, true
}

// results are the first results of a local function.
func (v *view) results(fn ast.Node) []ast.Expr {
	typ, body := signature(fn)
	if typ == nil {
		return nil
	}
	var out []ast.Expr
	for _, ret := range v.returns(body) {
		if len(ret.Results) > 0 {
			out = append(out, ret.Results[0])
		}
	}
	return out
}

// from is the import path of the package that an expression's value comes
// from, by its type or by the call that made it; "" if it is not known.
func (v *view) from(e ast.Expr) string {
	for x := range v.sources(e, v.receiver) {
		if pkg := v.madeBy(x); pkg != "" {
			return pkg
		}
	}
	return ""
}

// madeBy is the package that an expression itself names.
func (v *view) madeBy(e ast.Expr) string {
	if tv, ok := v.info.Types[e]; ok && tv.Type != nil {
		if named := namedOf(tv.Type); named != nil && named.Obj().Pkg() != nil {
			return named.Obj().Pkg().Path()
		}
	}
	var t selector
	switch e := e.(type) {
	case *ast.CompositeLit:
		t, _ = v.selector(e.Type)
	case *ast.CallExpr:
		t, _ = v.selector(e.Fun)
	case *ast.SelectorExpr:
		t, _ = v.selector(e)
	case *ast.TypeAssertExpr:
		t, _ = v.selector(e.Type)
	}
	return t.pkg
}

// receiver is what a method of another package is called on.
func (v *view) receiver(e ast.Expr) []ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && v.callee(call.Fun) == nil {
			return []ast.Expr{sel.X}
		}
	}
	return nil
}

// isRoot reports whether e is a server or router as its constructor made it,
// and no group of one.
func (v *view) isRoot(e ast.Expr) bool {
	found := false
	for x, leaf := range v.sources(e, nil) {
		if !leaf {
			continue
		}
		if id, ok := x.(*ast.Ident); ok && id.Name == "nil" {
			continue
		}
		call, ok := x.(*ast.CallExpr)
		if !ok {
			return false
		}
		t, ok := v.selector(call.Fun)
		if !ok || !strings.HasPrefix(t.name, "New") && t.name != "Default" && t.name != "Classic" {
			return false
		}
		found = true
	}
	return found
}

// appended gives the list that append starts with.
func appended(e ast.Expr) []ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok && isAppend(call) {
		return call.Args[:1]
	}
	return nil
}

func isAppend(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "append" && len(call.Args) > 0
}

// items are the elements of the lists that an expression may be. known is
// false if some are not to be read.
func (v *view) items(e ast.Expr) (out []ast.Expr, known bool) {
	known = true
	for x, leaf := range v.sources(e, appended) {
		switch x := x.(type) {
		case *ast.CompositeLit:
			for _, el := range x.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					el = kv.Value
				}
				out = append(out, el)
			}
			continue
		case *ast.CallExpr:
			if isAppend(x) {
				if x.Ellipsis.IsValid() {
					known = false
				} else {
					out = append(out, x.Args[1:]...)
				}
				continue
			}
		}
		if id, ok := x.(*ast.Ident); leaf && (!ok || id.Name != "nil") {
			known = false
		}
	}
	return out, known
}
