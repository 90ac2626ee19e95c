package analysis

import (
	"go/ast"
	"go/token"
)

// The most bytes of one constant string that is put together from others, and
// of all uses of constants that are larger than smallConstant. The type checker
// computes each constant, and compares those of a switch: 40 constants, each of
// which is twice the one before it, have a terabyte.
const (
	maxConstant   = 1 << 20
	maxConstants  = 32 << 20
	smallConstant = 4 << 10
)

// constants bounds the constant strings of the code before they are computed.
// Names are not resolved yet: a name has the size of the largest constant of
// that name in any package, so that what is found is never too small.
type constants struct {
	values map[string][]ast.Expr // by name
	size   map[string]int        // by name; that of a name whose size is being found is maxConstant+1
	total  int
}

// bound takes the operands away from every sum of the files that may be larger
// than the bound, and the name from what uses too much. They are no constants
// then, and nothing is known of them.
func (c *constants) bound(files []*ast.File) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if n, ok := n.(*ast.GenDecl); ok {
				c.declare(n)
			}
			return true
		})
	}
	if len(c.values) == 0 {
		return
	}
	within := map[ast.Expr]bool{} // operands of what was looked at
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if size := c.named(n.Name); size > smallConstant {
					if c.total += size; c.total > maxConstants {
						n.Name = "_"
					}
				}
			case *ast.BinaryExpr:
				if !within[n] {
					c.of(n)
				}
				delete(within, n)
				for _, x := range []ast.Expr{ast.Unparen(n.X), ast.Unparen(n.Y)} {
					if _, ok := x.(*ast.BinaryExpr); ok {
						within[x] = true
					}
				}
			}
			return true
		})
	}
}

// declare notes the values of a declaration's constants. One without values
// repeats those of the line before: https://go.dev/ref/spec#Constant_declarations.
func (c *constants) declare(n *ast.GenDecl) {
	if n.Tok != token.CONST {
		return
	}
	var values []ast.Expr
	for _, spec := range n.Specs {
		s, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(s.Values) > 0 {
			values = s.Values
		}
		for i, name := range s.Names {
			if i < len(values) {
				c.values[name.Name] = append(c.values[name.Name], values[i])
				delete(c.size, name.Name)
			}
		}
	}
}

// of is the most bytes that the constant string e has, and cuts the sums in it
// that are too large.
func (c *constants) of(e ast.Expr) int {
	switch e := e.(type) {
	case *ast.BasicLit:
		return len(e.Value)
	case *ast.Ident:
		return c.named(e.Name)
	case *ast.SelectorExpr:
		return c.named(e.Sel.Name)
	case *ast.ParenExpr:
		return c.of(e.X)
	case *ast.CallExpr: // a conversion
		if len(e.Args) == 1 {
			return c.of(e.Args[0])
		}
	case *ast.BinaryExpr:
		n := c.of(e.X) + c.of(e.Y)
		if e.Op == token.ADD && n > maxConstant {
			cut(e)
			return 0
		}
		return n
	}
	return 0
}

func (c *constants) named(name string) int {
	if n, ok := c.size[name]; ok {
		return n
	}
	if len(c.values[name]) == 0 {
		return 0
	}
	c.size[name] = maxConstant + 1
	most := 0
	for _, v := range c.values[name] {
		most = max(most, c.of(v))
	}
	c.size[name] = most
	return most
}

// cut makes a sum one that cannot be computed.
func cut(e *ast.BinaryExpr) {
	e.X, e.Y = &ast.BadExpr{From: e.X.Pos(), To: e.X.End()}, &ast.BadExpr{From: e.Y.Pos(), To: e.Y.End()}
}
