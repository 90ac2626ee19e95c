package analysis

import (
	"go/ast"
	"go/types"
	"strings"
)

// cliFlag is a flag of urfave/cli: its default, and the variable that sets it, if one does.
type cliFlag struct {
	value ast.Expr
	env   string
}

// cliFlag records a flag of https://github.com/urfave/cli: its variable is in
// EnvVar (v1), EnvVars (v2) or Sources (v3).
func (s step) cliFlag(lit *ast.CompositeLit) {
	var name, env string
	var value ast.Expr
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
		case key.Name == "Name":
			name, _ = s.constant(kv.Value)
		case key.Name == "Value":
			value = kv.Value
		case key.Name == "EnvVar", key.Name == "EnvVars", key.Name == "Sources":
			env = s.firstVariable(kv.Value)
		}
	}
	if name != "" && (value != nil || env != "") {
		s.cliFlags[name] = append(s.cliFlags[name], cliFlag{value, env})
	}
}

// firstVariable is the first name in "A,B", []string{"A"} or cli.EnvVars("A"), or "".
func (s step) firstVariable(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		if len(x.Elts) > 0 {
			e = x.Elts[0]
		}
	case *ast.CallExpr:
		if len(x.Args) > 0 {
			e = x.Args[0]
		}
	}
	text, _ := s.constant(e)
	name, _, _ := strings.Cut(text, ",")
	if name = strings.TrimSpace(name); !isEnvName(name) {
		return ""
	}
	return name
}

// declared records the flags and defaults that a call declares.
func (s step) declared(call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	arg := func(i int) (string, bool) {
		if i >= len(call.Args) {
			return "", false
		}
		return s.constant(call.Args[i])
	}
	name := sel.Sel.Name
	s.told(name, call, arg)
	if name == "SetDefault" && len(call.Args) > 1 {
		if key, ok := arg(0); ok {
			key = strings.ToLower(key)
			s.viper[key] = append(s.viper[key], call.Args[1])
		}
	}
	if f, ok := flagCall(name, true); ok && len(call.Args) >= f.value+2 {
		obj := s.target(call.Args[0])
		if flag, ok := arg(f.name + 1); ok && obj != nil {
			d := def{kind: anywhere, node: call, expr: call.Args[f.value+1], value: value{{flag: s.hyphens(sel) + flag}}}
			s.define(obj, d)
			d.decl = s.decl
			s.flags[flag] = d
		}
	}
	if f, ok := flagCall(name, false); ok && len(call.Args) >= f.value+2 {
		if flag, ok := arg(f.name); ok {
			s.flags[flag] = def{kind: anywhere, node: call, expr: call.Args[f.value], value: value{{flag: s.hyphens(sel) + flag}}}
		}
	}
}

// flagShape says which arguments of a flag's declaration hold its name and
// its default value.
type flagShape struct{ name, value int }

// flagCall recognises the functions of https://pkg.go.dev/flag and of
// https://pkg.go.dev/github.com/spf13/pflag.
func flagCall(name string, pointer bool) (flagShape, bool) {
	if pointer {
		if base, ok := strings.CutSuffix(name, "VarP"); ok && flagType(base) {
			return flagShape{0, 2}, true
		}
		base, ok := strings.CutSuffix(name, "Var")
		return flagShape{0, 1}, ok && flagType(base)
	}
	if base, ok := strings.CutSuffix(name, "P"); ok && flagType(base) {
		return flagShape{0, 2}, true
	}
	return flagShape{0, 1}, flagType(name)
}

func flagType(name string) bool {
	switch name {
	case "String", "Int", "Uint", "Int64", "Uint64", "Uint16", "Uint32", "Int32":
		return true
	}
	return false
}

// hyphens are what stands before a flag's name: one for the standard library,
// which takes two as well, and two for pflag, which takes no other.
func (f *flow) hyphens(sel *ast.SelectorExpr) string {
	if x, ok := sel.X.(*ast.Ident); ok {
		if name, ok := f.info.Uses[x].(*types.PkgName); ok && name.Imported().Path() == "flag" {
			return "-"
		}
	}
	return "--"
}
