package golang

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"strconv"
	"strings"
)

// value is one string that an expression may hold when the program runs: a
// concatenation of what is written in the source and what is decided outside.
type value []part

// part is a piece of a value. A literal has only text.
type part struct {
	text string // the literal; the default of a variable or a flag
	env  string // decided by this variable
	has  bool   // with env: text is the default
	// required, with env: the program ends without it, whatever stands beside.
	required bool
	flag     string // decided by this flag
	flagArg  string
	unknown  bool
}

func unknown() value { return value{{unknown: true}} }

func literal(s string) value { return value{{text: s}} }

// text is the value when nothing outside decides otherwise; ok is false where
// that is not known.
func (v value) text() (string, bool) {
	var b strings.Builder
	for _, p := range v {
		if p.unknown || p.env != "" && !p.has {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), true
}

func (v value) plain() bool {
	for _, p := range v {
		if p.unknown || p.env != "" || p.flag != "" {
			return false
		}
	}
	return true
}

// prefix is the literal text that the value surely starts with.
func (v value) prefix() string {
	var b strings.Builder
	for _, p := range v {
		if p.unknown || p.env != "" && !p.has {
			break
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// evaluator follows values back to where they come from. It is bounded: what
// takes more steps is unknown.
type evaluator struct {
	p     *program
	steps int
	busy  map[types.Object]bool
}

// frame holds the arguments of the calls that are being followed.
type frame struct {
	args  map[types.Object][]value
	depth int
}

const (
	maxSteps = 4000
	maxDepth = 8
	maxAlts  = 12
)

// eval lists the values that an expression may have.
func (p *program) eval(e ast.Expr) []value {
	ev := &evaluator{p: p, busy: map[types.Object]bool{}}
	return merge(ev.expr(e, frame{}))
}

// constant is the value of an expression that can have only one.
func (p *program) constant(e ast.Expr) (string, bool) {
	if e == nil {
		return "", false
	}
	vals := p.eval(e)
	if len(vals) != 1 || !vals[0].plain() {
		return "", false
	}
	return vals[0].text()
}

// arg is the constant value of a call's argument.
func (p *program) arg(call *ast.CallExpr, i int) (string, bool) {
	if i >= len(call.Args) {
		return "", false
	}
	return p.constant(call.Args[i])
}

// merge joins the alternatives of one variable: a literal beside a variable
// of the environment is that variable's default, and an empty string beside
// anything else is the zero value before it was set.
func merge(vals []value) []value {
	var out []value
	var fallback string
	var has bool
	env := false
	for _, v := range vals {
		if len(v) == 1 && v[0].env != "" {
			env = true
		}
		if s, ok := v.text(); ok && v.plain() && s != "" && !has {
			fallback, has = s, true
		}
	}
	for _, v := range vals {
		s, known := v.text()
		switch {
		case known && s == "" && v.plain() && len(vals) > 1:
			continue
		case env && v.plain() && known:
			continue
		case env && len(v) == 1 && v[0].unknown:
			continue
		case len(v) == 1 && v[0].env != "" && !v[0].has && !v[0].required && has:
			v = value{{env: v[0].env, text: fallback, has: true}}
		}
		if !contains(out, v) {
			out = append(out, v)
		}
	}
	if len(out) == 0 && len(vals) > 0 {
		return vals[:1]
	}
	if len(out) > maxAlts {
		out = append(out[:maxAlts:maxAlts], unknown())
	}
	return out
}

func contains(list []value, v value) bool {
	for _, w := range list {
		if len(w) != len(v) {
			continue
		}
		same := true
		for i := range w {
			same = same && w[i] == v[i]
		}
		if same {
			return true
		}
	}
	return false
}

// cross concatenates every value of a with every value of b.
func cross(a, b []value) []value {
	var out []value
	for _, x := range a {
		for _, y := range b {
			if len(out) >= maxAlts {
				return append(out, unknown())
			}
			out = append(out, append(x[:len(x):len(x)], y...))
		}
	}
	return out
}

func (ev *evaluator) expr(e ast.Expr, f frame) []value {
	if ev.steps++; ev.steps > maxSteps || f.depth > maxDepth {
		return []value{unknown()}
	}
	if tv, ok := ev.p.info.Types[e]; ok && tv.Value != nil {
		switch tv.Value.Kind() { //nolint:exhaustive // no other kind is an address or a path
		case constant.String:
			return []value{literal(constant.StringVal(tv.Value))}
		case constant.Int:
			return []value{literal(tv.Value.ExactString())}
		}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			if s, err := strconv.Unquote(e.Value); err == nil {
				return []value{literal(s)}
			}
		}
		if e.Kind == token.INT {
			return []value{literal(e.Value)}
		}
	case *ast.ParenExpr:
		return ev.expr(e.X, f)
	case *ast.StarExpr:
		return ev.expr(e.X, f)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return ev.expr(e.X, f)
		}
	case *ast.TypeAssertExpr:
		return ev.expr(e.X, f)
	case *ast.Ident:
		obj := origin(ev.p.info.Uses[e])
		if obj == nil {
			obj = ev.p.info.Defs[e]
		}
		return ev.object(obj, f)
	case *ast.SelectorExpr:
		return ev.object(origin(ev.p.info.Uses[e.Sel]), f)
	case *ast.IndexExpr:
		return ev.elements(e.X, f)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return cross(ev.expr(e.X, f), ev.expr(e.Y, f))
		}
	case *ast.CallExpr:
		return ev.call(e, 0, f)
	}
	return []value{unknown()}
}

// object is what flows into a variable or a field.
func (ev *evaluator) object(obj types.Object, f frame) []value {
	if obj == nil {
		return []value{unknown()}
	}
	if vals, ok := f.args[obj]; ok {
		return vals
	}
	if c, ok := obj.(*types.Const); ok && c.Val() != nil {
		switch c.Val().Kind() { //nolint:exhaustive // no other kind is an address or a path
		case constant.String:
			return []value{literal(constant.StringVal(c.Val()))}
		case constant.Int:
			return []value{literal(c.Val().ExactString())}
		}
	}
	if ev.busy[obj] {
		return nil
	}
	ev.busy[obj] = true
	defer delete(ev.busy, obj)
	var out []value
	for _, d := range ev.p.defs[obj] {
		if ev.steps > maxSteps {
			return []value{unknown()}
		}
		if ev.p.lives(d) {
			out = append(out, ev.def(d, f)...)
		}
	}
	if key := ev.p.mapped[obj]; key != "" && len(out) == 0 {
		out = ev.configured(key, f)
	}
	if len(out) == 0 {
		return []value{unknown()}
	}
	return merge(out)
}

// lives reports whether the main that is being described reaches a def.
func (p *program) lives(d def) bool { return d.unit == nil || p.live == nil || p.live[d.unit] }

// configured is what viper has for a key: its default, or that of the flag of
// the same name (https://pkg.go.dev/github.com/spf13/viper#BindPFlags).
func (ev *evaluator) configured(key string, f frame) []value {
	var out []value
	for _, e := range ev.p.viper[key] {
		out = append(out, ev.expr(e, f)...)
	}
	if d, ok := ev.p.flags[key]; ok && len(out) == 0 {
		out = ev.def(d, f)
	}
	return out
}

func (ev *evaluator) def(d def, f frame) []value {
	switch {
	case d.expr == nil:
		return []value{d.value}
	case d.value != nil: // a flag, and the expression of its default
		return ev.flag(d.value[0], ev.expr(d.expr, f))
	case d.elem:
		return ev.elements(d.expr, f)
	case d.index > 0:
		if call, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok {
			return ev.call(call, d.index, f)
		}
		return []value{unknown()}
	}
	return ev.expr(d.expr, f)
}

// flag makes values that a flag decides, with the defaults given.
func (ev *evaluator) flag(flag part, defaults []value) []value {
	var out []value
	for _, v := range merge(defaults) {
		if s, ok := v.text(); ok && v.plain() {
			v = value{{text: s, flag: flag.flag, flagArg: flag.flagArg}}
		}
		out = append(out, v)
	}
	return out
}

// elements are the values of a list's elements.
func (ev *evaluator) elements(e ast.Expr, f frame) []value {
	if ev.steps++; ev.steps > maxSteps || f.depth > maxDepth {
		return []value{unknown()}
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		var out []value
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			if _, ok := el.(*ast.CompositeLit); ok {
				return []value{unknown()}
			}
			out = append(out, ev.expr(el, f)...)
		}
		return out
	case *ast.Ident, *ast.SelectorExpr:
		obj := ev.p.target(e)
		if obj == nil || ev.busy[obj] {
			return []value{unknown()}
		}
		ev.busy[obj] = true
		defer delete(ev.busy, obj)
		var out []value
		for _, d := range ev.p.defs[obj] {
			if d.expr != nil && d.index == 0 && !d.elem && ev.p.lives(d) {
				out = append(out, ev.elements(d.expr, f)...)
			}
		}
		return out
	}
	return []value{unknown()}
}

// call is the result of a call: that of a local function, or of the few
// functions of other packages through which addresses and paths pass.
func (ev *evaluator) call(call *ast.CallExpr, index int, f frame) []value {
	p := ev.p
	if tv, ok := p.info.Types[call.Fun]; ok && tv.IsType() && len(call.Args) == 1 {
		return ev.expr(call.Args[0], f)
	}
	if fn := p.function(call.Fun); fn != nil {
		return ev.local(fn, call, index, f)
	}
	arg := func(i int) []value {
		if i >= len(call.Args) {
			return []value{unknown()}
		}
		return ev.expr(call.Args[i], f)
	}
	one := func(i int) string {
		vals := merge(arg(i))
		if len(vals) != 1 || !vals[0].plain() {
			return ""
		}
		s, _ := vals[0].text()
		return s
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return []value{unknown()}
	}
	name := sel.Sel.Name
	pkg := ""
	if t, ok := p.pkgSelector(call.Fun); ok {
		pkg = t.pkg
	}
	switch pkg + "." + name {
	case "os.Getenv", "syscall.Getenv", "os.LookupEnv":
		if k := one(0); k != "" && index == 0 {
			return []value{{{env: k}}}
		}
		return []value{unknown()}
	case "cmp.Or":
		var out []value
		for i := range call.Args {
			out = append(out, arg(i)...)
		}
		return merge(out)
	case "fmt.Sprintf":
		return ev.sprintf(call, f)
	case "fmt.Sprint", "strconv.Itoa", "strconv.FormatInt", "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint",
		"strings.TrimSpace", "strings.ToLower", "strings.TrimSuffix", "strings.TrimRight",
		"path.Clean", "path/filepath.Clean", "path/filepath.ToSlash", "path/filepath.FromSlash", "path/filepath.Abs":
		if index == 0 {
			return arg(0)
		}
	case "strings.TrimPrefix", "strings.TrimLeft":
		return trimmed(arg(0), one(1))
	case "net.JoinHostPort":
		return cross(cross(arg(0), []value{literal(":")}), arg(1))
	case "path.Join", "path/filepath.Join":
		return ev.join(call, f)
	}
	if strings.HasPrefix(pkg, "github.com/spf13/viper") || pkg == "" && (name == "GetString" || name == "GetInt") {
		if out := ev.configured(strings.ToLower(one(0)), f); len(out) > 0 {
			return merge(out)
		}
	}
	if shape, ok := flagCall(name, false); ok && len(call.Args) >= shape.value+2 {
		if flag := one(shape.name); flag != "" {
			return ev.flag(part{flag: flag, flagArg: p.flagArg(sel)}, arg(shape.value))
		}
	}
	if name == "String" && len(call.Args) == 0 {
		if flag, e := p.kingpin(sel.X); e != nil {
			return ev.flag(part{flag: flag, flagArg: "--"}, ev.expr(e, f))
		}
	}
	if (name == "String" || name == "Int") && len(call.Args) == 1 {
		var out []value
		for _, e := range p.cliFlags[one(0)] {
			out = append(out, ev.flag(part{flag: one(0), flagArg: "--"}, ev.expr(e, f))...)
		}
		if len(out) > 0 {
			return merge(out)
		}
	}
	// A library's own getenv: envy.Get("PORT", "3000").
	if k := one(0); pkg != "" && envNamePattern(k) && strings.Contains(strings.ToLower(pkg+name), "env") && index == 0 {
		v := part{env: k}
		if d := merge(arg(1)); len(call.Args) == 2 && len(d) == 1 && d[0].plain() {
			v.text, _ = d[0].text()
			v.has = true
		}
		return []value{{v}}
	}
	return []value{unknown()}
}

// kingpin finds the name and the default in Flag("name", "").Default("x"),
// which https://pkg.go.dev/github.com/alecthomas/kingpin/v2 ends with String().
func (p *program) kingpin(e ast.Expr) (flag string, value ast.Expr) {
	for range maxDepth {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return "", nil
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return "", nil
		}
		switch sel.Sel.Name {
		case "Default":
			if len(call.Args) == 1 {
				value = call.Args[0]
			}
		case "Flag":
			flag, _ = p.arg(call, 0)
			return flag, value
		}
		e = sel.X
	}
	return "", nil
}

func envNamePattern(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && !strings.ContainsAny(s[:1], "0123456789")
}

func trimmed(vals []value, prefix string) []value {
	var out []value
	for _, v := range vals {
		if len(v) > 0 && !v[0].unknown {
			v = append(value{}, v...)
			v[0].text = strings.TrimPrefix(v[0].text, prefix)
		}
		out = append(out, v)
	}
	return out
}

// local follows a call into the local function.
func (ev *evaluator) local(fn ast.Node, call *ast.CallExpr, index int, f frame) []value {
	var body *ast.BlockStmt
	var typ *ast.FuncType
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		body, typ = fn.Body, fn.Type
	case *ast.FuncLit:
		body, typ = fn.Body, fn.Type
	}
	if body == nil || typ.Results == nil || f.depth >= maxDepth {
		return []value{unknown()}
	}
	inner := frame{args: map[types.Object][]value{}, depth: f.depth + 1}
	for i, obj := range ev.p.paramsOf(typ) {
		if obj != nil && i < len(call.Args) {
			inner.args[obj] = ev.expr(call.Args[i], f)
		}
	}
	var named []types.Object
	for _, r := range typ.Results.List {
		for _, id := range r.Names {
			named = append(named, ev.p.info.Defs[id])
		}
	}
	var out []value
	for _, ret := range ev.p.returns(body) {
		switch {
		case index < len(ret.Results) && len(ret.Results) > 1, len(ret.Results) == 1 && index == 0:
			out = append(out, ev.expr(ret.Results[index], inner)...)
		case len(ret.Results) == 0 && index < len(named):
			out = append(out, ev.object(named[index], inner)...)
		}
	}
	if len(out) == 0 {
		return []value{unknown()}
	}
	return merge(out)
}

// returns lists the return statements of a body, but not those of function
// literals within.
func (p *program) returns(body *ast.BlockStmt) []*ast.ReturnStmt {
	if list, ok := p.results[body]; ok {
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
	p.results[body] = out
	return out
}

// sprintf follows the verbs %s, %d and %v.
func (ev *evaluator) sprintf(call *ast.CallExpr, f frame) []value {
	if len(call.Args) == 0 {
		return []value{unknown()}
	}
	formats := merge(ev.expr(call.Args[0], f))
	if len(formats) != 1 || !formats[0].plain() {
		return []value{unknown()}
	}
	format, _ := formats[0].text()
	out := []value{{}}
	next := 1
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 >= len(format) {
			return cross(out, []value{literal(format)})
		}
		if i > 0 {
			out = cross(out, []value{literal(format[:i])})
		}
		switch format[i+1] {
		case '%':
			out = cross(out, []value{literal("%")})
		case 's', 'd', 'v':
			arg := []value{unknown()}
			if next < len(call.Args) {
				arg = ev.expr(call.Args[next], f)
			}
			next++
			out = cross(out, arg)
		default:
			return cross(out, []value{unknown()})
		}
		format = format[i+2:]
	}
	return out
}

// join follows path.Join and filepath.Join.
func (ev *evaluator) join(call *ast.CallExpr, f frame) []value {
	out := []value{{}}
	for i, a := range call.Args {
		if i > 0 {
			out = cross(out, []value{literal("/")})
		}
		out = cross(out, ev.expr(a, f))
	}
	for i, v := range out {
		if s, ok := v.text(); ok && v.plain() && s != "/" {
			out[i] = literal(path.Clean(s))
		}
	}
	return out
}

// selector is a name of another package.
type selector struct{ pkg, name string }

// pkgSelector reports that e is pkg.Name with an imported package.
func (p *program) pkgSelector(e ast.Expr) (selector, bool) {
	if e == nil {
		return selector{}, false
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		if star, ok := e.(*ast.StarExpr); ok {
			return p.pkgSelector(star.X)
		}
		return selector{}, false
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return selector{}, false
	}
	name, ok := p.info.Uses[x].(*types.PkgName)
	if !ok {
		return selector{}, false
	}
	return selector{name.Imported().Path(), sel.Sel.Name}, true
}

// from is the import path of the package that an expression's value comes
// from, by its type or by the call that made it; "" where it is not known.
func (p *program) from(e ast.Expr, depth int) string {
	if depth == 0 {
		clear(p.traced)
	}
	if depth > maxDepth {
		return ""
	}
	e = ast.Unparen(e)
	if tv, ok := p.info.Types[e]; ok && tv.Type != nil {
		if named := namedOf(tv.Type); named != nil && named.Obj().Pkg() != nil {
			return named.Obj().Pkg().Path()
		}
	}
	switch e := e.(type) {
	case *ast.UnaryExpr:
		return p.from(e.X, depth+1)
	case *ast.StarExpr:
		return p.from(e.X, depth+1)
	case *ast.CompositeLit:
		t, _ := p.pkgSelector(e.Type)
		return t.pkg
	case *ast.CallExpr:
		if t, ok := p.pkgSelector(e.Fun); ok {
			return t.pkg
		}
		if fn := p.function(e.Fun); fn != nil {
			return p.fromResult(fn, depth+1)
		}
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok {
			return p.from(sel.X, depth+1)
		}
	case *ast.SelectorExpr:
		if t, ok := p.pkgSelector(e); ok {
			return t.pkg
		}
		return p.fromObject(origin(p.info.Uses[e.Sel]), depth+1)
	case *ast.Ident:
		obj := origin(p.info.Uses[e])
		if obj == nil {
			obj = p.info.Defs[e]
		}
		return p.fromObject(obj, depth+1)
	}
	return ""
}

func (p *program) fromObject(obj types.Object, depth int) string {
	if obj == nil || p.traced[obj] {
		return ""
	}
	p.traced[obj] = true
	for _, d := range p.defs[obj] {
		if d.expr == nil {
			continue
		}
		if s := p.from(d.expr, depth); s != "" {
			return s
		}
	}
	return ""
}

func (p *program) fromResult(fn ast.Node, depth int) string {
	var body *ast.BlockStmt
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		body = fn.Body
	case *ast.FuncLit:
		body = fn.Body
	}
	if body == nil || p.traced[fn] {
		return ""
	}
	p.traced[fn] = true
	for _, ret := range p.returns(body) {
		if len(ret.Results) > 0 {
			if s := p.from(ret.Results[0], depth); s != "" {
				return s
			}
		}
	}
	return ""
}

func itoa(i int) string { return strconv.Itoa(i) }
