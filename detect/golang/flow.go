package golang

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// def is one thing that flows into a variable.
type def struct {
	expr  ast.Expr
	index int   // of a call's results, where it has several
	elem  bool  // an element of expr, as range gives it
	value value // known outright, where expr is nil
	unit  *unit // where it stands; nil for what holds everywhere
}

// flow records what flows into each variable within a declaration:
// assignments, fields of composite literals, arguments, range loops, defaults
// of flags and of struct tags.
func (p *program) flow(d ast.Decl, u *unit) {
	p.unit = u
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			p.assign(n.Lhs, n.Rhs, n.Tok)
		case *ast.ValueSpec:
			var lhs []ast.Expr
			for _, id := range n.Names {
				lhs = append(lhs, id)
			}
			p.assign(lhs, n.Values, token.ASSIGN)
		case *ast.RangeStmt:
			if obj := p.target(n.Value); obj != nil {
				p.define(obj, def{expr: n.X, elem: true})
			}
		case *ast.CompositeLit:
			p.literal(n)
		case *ast.CallExpr:
			p.call(n)
		case *ast.StructType:
			p.tags(n)
		}
		return true
	})
}

// define records that d flows into obj.
func (p *program) define(obj types.Object, d def) {
	d.unit = p.unit
	p.defs[obj] = append(p.defs[obj], d)
}

// target is the variable or field that an assignment's left side names.
func (p *program) target(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		if obj := p.info.Defs[e]; obj != nil {
			return obj
		}
		return origin(p.info.Uses[e])
	case *ast.SelectorExpr:
		return origin(p.info.Uses[e.Sel])
	case *ast.StarExpr:
		return p.target(e.X)
	case *ast.ParenExpr:
		return p.target(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return p.target(e.X)
		}
	}
	return nil
}

func (p *program) assign(lhs, rhs []ast.Expr, tok token.Token) {
	for i, l := range lhs {
		obj := p.target(l)
		if obj == nil {
			continue
		}
		switch {
		case tok != token.ASSIGN && tok != token.DEFINE:
			p.define(obj, def{value: unknown()})
		case len(rhs) == len(lhs):
			p.define(obj, def{expr: rhs[i]})
		case len(rhs) == 1:
			p.define(obj, def{expr: rhs[0], index: i})
		}
	}
}

// literal records the fields of a local struct's literal.
func (p *program) literal(lit *ast.CompositeLit) {
	if t, ok := p.pkgSelector(lit.Type); ok && strings.HasPrefix(t.pkg, "github.com/urfave/cli") {
		p.cliFlag(lit)
	}
	var fields *types.Struct
	if t := p.info.Types[lit].Type; t != nil {
		fields, _ = t.Underlying().(*types.Struct)
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				if v, ok := origin(p.info.Uses[key]).(*types.Var); ok && v.IsField() {
					p.define(v, def{expr: kv.Value})
				}
			}
			continue
		}
		if fields != nil && i < fields.NumFields() {
			v := fields.Field(i).Origin()
			p.define(v, def{expr: e})
		}
	}
}

// cliFlag records the value of a flag of https://github.com/urfave/cli.
func (p *program) cliFlag(lit *ast.CompositeLit) {
	var name string
	var value ast.Expr
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
		case key.Name == "Name":
			name, _ = p.constant(kv.Value)
		case key.Name == "Value":
			value = kv.Value
		}
	}
	if name != "" && value != nil {
		p.cliFlags[name] = append(p.cliFlags[name], value)
	}
}

// call records arguments as what flows into parameters, and the variables
// that flags set.
func (p *program) call(call *ast.CallExpr) {
	for i, v := range p.params(call.Fun) {
		if v == nil {
			continue
		}
		args := call.Args
		if i >= len(args) {
			break
		}
		p.define(v, def{expr: args[i]})
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	name := sel.Sel.Name
	if key, ok := p.arg(call, 0); ok && (name == "SetDefault") {
		if len(call.Args) > 1 {
			key = strings.ToLower(key)
			p.viper[key] = append(p.viper[key], call.Args[1])
		}
	}
	if f, ok := flagCall(name, true); ok && len(call.Args) >= f.value+2 {
		flag, ok := p.arg(call, f.name+1)
		obj := p.target(call.Args[0])
		if ok && obj != nil {
			p.define(obj, def{expr: call.Args[f.value+1], value: value{{flag: flag, flagArg: p.flagArg(sel)}}})
			p.flags[flag] = def{expr: call.Args[f.value+1], value: value{{flag: flag, flagArg: p.flagArg(sel)}}}
		}
	}
	if f, ok := flagCall(name, false); ok && len(call.Args) >= f.value+2 {
		if flag, ok := p.arg(call, f.name); ok {
			p.flags[flag] = def{expr: call.Args[f.value], value: value{{flag: flag, flagArg: p.flagArg(sel)}}}
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
		if base, ok := strings.CutSuffix(name, "VarP"); ok && flagTypes[base] {
			return flagShape{0, 2}, true
		}
		base, ok := strings.CutSuffix(name, "Var")
		return flagShape{0, 1}, ok && flagTypes[base]
	}
	if base, ok := strings.CutSuffix(name, "P"); ok && flagTypes[base] {
		return flagShape{0, 2}, true
	}
	return flagShape{0, 1}, flagTypes[name]
}

var flagTypes = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"String": true, "Int": true, "Uint": true, "Int64": true, "Uint64": true, "Uint16": true, "Uint32": true, "Int32": true,
}

// flagArg is what stands before a flag's name: one hyphen for the standard
// library, which takes two as well, and two for pflag, which takes no other.
func (p *program) flagArg(sel *ast.SelectorExpr) string {
	if x, ok := sel.X.(*ast.Ident); ok {
		if name, ok := p.info.Uses[x].(*types.PkgName); ok && name.Imported().Path() == "flag" {
			return "-"
		}
	}
	return "--"
}

// params are the parameters of a local function, as far as they have names.
func (p *program) params(fun ast.Expr) []types.Object {
	switch fn := p.function(fun).(type) {
	case *ast.FuncDecl:
		return p.paramsOf(fn.Type)
	case *ast.FuncLit:
		return p.paramsOf(fn.Type)
	}
	return nil
}

func (p *program) paramsOf(t *ast.FuncType) []types.Object {
	var out []types.Object
	for _, f := range t.Params.List {
		if len(f.Names) == 0 {
			out = append(out, nil)
		}
		for _, id := range f.Names {
			out = append(out, p.info.Defs[id])
		}
	}
	return out
}

// function is the local function that an expression calls: a *ast.FuncDecl, a
// *ast.FuncLit or nil.
func (p *program) function(fun ast.Expr) ast.Node {
	var obj types.Object
	switch e := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		return e
	case *ast.Ident:
		obj = origin(p.info.Uses[e])
	case *ast.SelectorExpr:
		obj = origin(p.info.Uses[e.Sel])
	case *ast.IndexExpr:
		return p.function(e.X)
	}
	switch obj.(type) {
	case *types.Func:
		if u := p.units[obj]; u != nil {
			return u.node
		}
	case *types.Var:
		for _, d := range p.defs[obj] {
			if lit, ok := d.expr.(*ast.FuncLit); ok {
				return lit
			}
		}
	}
	return nil
}

// tags records the defaults that struct tags give to fields, as these
// libraries read them: caarlos0/env (env, envDefault, envPrefix),
// kelseyhightower/envconfig (envconfig, default), ilyakaznacheev/cleanenv (env,
// env-default), sethvargo/go-envconfig (env:"X, default=Y"), creasty/defaults
// (default), jessevdk/go-flags (long, env, default, namespace, env-namespace),
// alecthomas/kong (env, default), alexflint/go-arg (arg:"--x,env:X", default).
func (p *program) tags(st *ast.StructType) {
	in := p.spaces[st]
	for _, f := range st.Fields.List {
		if f.Tag == nil || len(f.Names) == 0 {
			continue
		}
		raw, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		tag := reflect.StructTag(raw)
		if inner, ok := f.Type.(*ast.StructType); ok {
			p.spaces[inner] = in.within(tag)
		}
		v, ok := tagValue(tag, in)
		if ok && v[0].env != "" {
			p.tagged[v[0].env] = true
		}
		key, _, _ := strings.Cut(tag.Get("mapstructure"), ",")
		for _, id := range f.Names {
			obj := p.info.Defs[id]
			if obj == nil {
				continue
			}
			if ok {
				p.define(obj, def{value: v})
			}
			if key != "" {
				p.mapped[obj] = strings.ToLower(key)
			}
		}
	}
}

// space is what the names of a struct's variables and flags start with.
type space struct{ env, flag string }

// within is the space of a struct in a field with a tag:
// https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Available_field_tags,
// https://pkg.go.dev/github.com/caarlos0/env/v11.
func (s space) within(tag reflect.StructTag) space {
	if n := tag.Get("env-namespace"); n != "" {
		s.env += n + "_"
	}
	s.env += tag.Get("envPrefix")
	if n := tag.Get("namespace"); n != "" {
		s.flag += n + "."
	}
	return s
}

// spaced records the spaces of the structs that have a name and stand in one
// field only.
func (p *program) spaced(k *pkg) {
	uses := map[types.Object][]space{}
	for _, f := range k.files {
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			raw, err := strconv.Unquote(field.Tag.Value)
			if named := namedOf(p.info.TypeOf(field.Type)); err == nil && named != nil {
				uses[named.Obj()] = append(uses[named.Obj()], space{}.within(reflect.StructTag(raw)))
			}
			return true
		})
	}
	for obj, list := range uses {
		for _, s := range list[1:] {
			if s != list[0] {
				list[0] = space{}
			}
		}
		if st := p.structs[obj]; st != nil {
			p.spaces[st] = list[0]
		}
	}
}

func tagValue(tag reflect.StructTag, in space) (value, bool) {
	var env, fallback string
	var has, required bool
	for _, key := range []string{"env", "envconfig"} {
		s, ok := tag.Lookup(key)
		if !ok {
			continue
		}
		name, options, _ := strings.Cut(s, ",")
		if env == "" {
			env = strings.TrimSpace(name)
		}
		for o := range strings.SplitSeq(options, ",") {
			if d, ok := strings.CutPrefix(strings.TrimSpace(o), "default="); ok {
				fallback, has = d, true
			}
			required = required || strings.TrimSpace(o) == "required"
		}
	}
	long := tag.Get("long")
	for o := range strings.SplitSeq(tag.Get("arg"), ",") {
		o = strings.TrimSpace(o)
		if s, ok := strings.CutPrefix(o, "env:"); ok && env == "" {
			env = s
		}
		if s, ok := strings.CutPrefix(o, "--"); ok && long == "" {
			long = s
		}
	}
	required = required || tag.Get("env-required") == "true" || tag.Get("required") == "true"
	for _, key := range []string{"envDefault", "env-default", "default"} {
		if s, ok := tag.Lookup(key); ok && !has {
			fallback, has = s, true
		}
	}
	switch {
	case env != "":
		return value{{env: in.env + env, text: fallback, has: has, required: required && !has}}, true
	case long != "":
		return value{{flag: in.flag + long, flagArg: "--", text: fallback}}, true
	case has:
		return value{{text: fallback}}, true
	}
	return nil, false
}
