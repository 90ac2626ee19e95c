package analysis

import (
	"go/ast"
	"path"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
)

// EnvFile is a .env file that a program loads when it starts.
type EnvFile struct {
	Name string
	Must bool // the program ends without it
}

// variables are those that a program reads by name, each once.
type variables struct {
	list  []effect.Env
	index map[string]int
}

// add records a variable. A place that says more of it counts more.
func (x *variables) add(at fact.Pos, p part) {
	e := effect.Env{Pos: at, Name: p.env, Required: p.required}
	if p.has {
		e.Default = effect.Value{Text: p.text, Sure: effect.Default}
	}
	if x.index == nil {
		x.index = map[string]int{}
	}
	i, ok := x.index[p.env]
	switch {
	case !ok:
		x.index[p.env] = len(x.list)
		x.list = append(x.list, e)
	case !x.list[i].Default.Known() && e.Default.Known(), e.Required && !x.list[i].Required:
		x.list[i] = e
	}
}

// variable records the variable that a call reads by a literal name: os.Getenv,
// a function of the program's own, or one of a library.
func (x *variables) read(v *view, call *ast.CallExpr) {
	if len(call.Args) == 0 || len(call.Args) > 3 {
		return
	}
	name, ok := v.constant(call.Args[0])
	if !ok || !isEnvName(name) {
		return
	}
	for _, val := range v.eval(call) {
		if len(val) == 1 && val[0].env == name {
			x.add(v.loader.Pos(call.Pos()), val[0])
		}
	}
}

// envFiles finds godotenv.Load in a block, and whether the program ends without
// the file.
func (v *view) envFiles(block *ast.BlockStmt) []fact.Fact[EnvFile] {
	var out []fact.Fact[EnvFile]
	for i, stmt := range block.List {
		var next ast.Stmt
		if i+1 < len(block.List) {
			next = block.List[i+1]
		}
		call, must := calledIn(stmt, next)
		if call == nil {
			continue
		}
		t, ok := v.selector(call.Fun)
		if !ok {
			continue
		}
		for _, r := range calls().funcs[t.name] {
			if !r.EnvFile || !r.matches(t.pkg) {
				continue
			}
			names := []string{".env"}
			if len(call.Args) > 0 {
				names = nil
				for _, e := range call.Args {
					for _, s := range v.texts(e) {
						names = append(names, path.Clean(s))
					}
				}
			}
			for _, n := range names {
				out = append(out, fact.Fact[EnvFile]{Value: EnvFile{n, must}, Pos: v.loader.Pos(call.Pos())})
			}
		}
	}
	return out
}

// calledIn is the call that a statement makes, and whether the program ends if
// it fails: by the statement itself, or by the one after it.
func calledIn(stmt, next ast.Stmt) (call *ast.CallExpr, must bool) {
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		call, _ = s.X.(*ast.CallExpr)
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			call, _ = s.Rhs[0].(*ast.CallExpr)
		}
		if next, ok := next.(*ast.IfStmt); ok && call != nil && next.Init == nil {
			must = ends(next.Body)
		}
	case *ast.IfStmt:
		if as, ok := s.Init.(*ast.AssignStmt); ok && len(as.Rhs) == 1 {
			call, _ = as.Rhs[0].(*ast.CallExpr)
		} else if bin, ok := s.Cond.(*ast.BinaryExpr); ok {
			call, _ = bin.X.(*ast.CallExpr)
		}
		must = call != nil && ends(s.Body)
	}
	return call, must
}

// ends reports whether a block ends the program.
func ends(block *ast.BlockStmt) bool {
	found := false
	ast.Inspect(block, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || terminates(call)
		}
		return !found
	})
	return found
}
