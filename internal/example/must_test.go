package example_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMustIsConstant: what a function of profiles/plan whose name begins with Must
// is called with is constant, so that no text of a repository makes it panic.
func TestMustIsConstant(t *testing.T) {
	fset, files := sources(t)
	constants := map[string]map[string]bool{} // by the name of the package
	for _, list := range files {
		for _, f := range list {
			known := constants[f.Name.Name]
			if known == nil {
				known = map[string]bool{}
				constants[f.Name.Name] = known
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
					for _, s := range d.Specs {
						for _, name := range s.(*ast.ValueSpec).Names {
							known[name.Name] = true
						}
					}
				}
				return true
			})
		}
	}
	calls := 0
	for dir, list := range files {
		own := dir == "profiles/plan"
		for _, f := range list {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !must(call.Fun, own) {
					return true
				}
				calls++
				for _, a := range call.Args {
					if (!constant(a, constants, f.Name.Name) || call.Ellipsis.IsValid()) && !slices.Contains(tableValues()[path.Base(dir)], types.ExprString(a)) {
						t.Errorf("%s: what it is called with is not constant: take the function that returns an error", fset.Position(a.Pos()))
					}
				}
				return true
			})
		}
	}
	if calls < 50 {
		t.Errorf("saw only %d calls", calls)
	}
}

// sources is the code of the module without its tests, by folder, slash-separated.
func sources(t *testing.T) (*token.FileSet, map[string][]*ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	files := map[string][]*ast.File{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && p != root):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, p, text, parser.SkipObjectResolution)
		dir := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(p), root+string(filepath.Separator)))
		files[dir] = append(files[dir], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fset, files
}

// tableValues are what other calls are made with, by package: the prefix of stages, which
// dockgen sets, and columns of its own tables, whose tests read every row.
func tableValues() map[string][]string {
	return map[string][]string{
		"record": {"in.Prefix + name"},
		"node":   {"pm.Cache", "pm.Login.ID", "pm.Login.Target", "s"}, // s is a constant that tokens is called with
	}
}

// must reports whether a function is one of profiles/plan's that panic.
func must(fun ast.Expr, own bool) bool {
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "plan" && strings.HasPrefix(f.Sel.Name, "Must")
	case *ast.Ident:
		return own && strings.HasPrefix(f.Name, "Must")
	}
	return false
}

// constant reports whether an expression is one: a literal, the name of a
// constant, or what is made of them.
func constant(e ast.Expr, constants map[string]map[string]bool, in string) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return constants[in][e.Name]
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && constants[x.Name][e.Sel.Name]
	case *ast.ParenExpr:
		return constant(e.X, constants, in)
	case *ast.BinaryExpr:
		return constant(e.X, constants, in) && constant(e.Y, constants, in)
	}
	return false
}
