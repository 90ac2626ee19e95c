package analysis

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
)

// evaluator follows values back to where they come from. What it does not
// handle, and what takes more than maxSteps, is unknown.
//
//	handled                                          unknown
//	literals, constants, + of them                   other operators
//	variables, fields, parameters: each definition   map and channel contents by key
//	  that may reach the use (order.go)              anything through an interface's method
//	defaults of flags, struct tags, viper            arithmetic on ports
//	os.Getenv and functions called like it           os.Args, files, the network
//	results of local functions, with the arguments   results of other modules' functions,
//	  of this call                                     but for those of library
//	elements of lists and maps: the one at a         nested lists
//	  constant index or key, else all of them
//	fmt.Sprintf with %s %d %v                        other verbs
//	net.JoinHostPort, path.Join, strings.Trim…       the rest of the standard library
type evaluator struct {
	*view
	steps int
	busy  map[any]bool // objects and definitions that are being followed
}

// frame holds the arguments of the calls that are being followed.
type frame struct {
	args  map[types.Object][]value
	depth int
}

const (
	maxSteps = 4000
	maxDepth = 8
)

// eval lists the values that an expression may have.
func (v *view) eval(e ast.Expr) []value {
	ev := &evaluator{view: v, busy: map[any]bool{}}
	return merge(ev.expr(e, frame{}))
}

// evalItems lists the values that the elements of a list may have.
func (v *view) evalItems(e ast.Expr) []value {
	ev := &evaluator{view: v, busy: map[any]bool{}}
	return ev.elements(e, frame{})
}

// texts are the values of an expression that its source has as a whole.
func (v *view) texts(e ast.Expr) []string {
	var out []string
	for _, x := range v.eval(e) {
		if s, ok := x.text(); ok && x.plain() {
			out = append(out, s)
		}
	}
	return out
}

// text is the value of an expression that can have only one.
func (v *view) text(e ast.Expr) (string, bool) {
	if e == nil {
		return "", false
	}
	vals := v.eval(e)
	if len(vals) != 1 || !vals[0].plain() {
		return "", false
	}
	return vals[0].text()
}

// arg is the text of a call's argument.
func (v *view) arg(call *ast.CallExpr, i int) (string, bool) {
	if i >= len(call.Args) {
		return "", false
	}
	return v.text(call.Args[i])
}

func (ev *evaluator) expr(e ast.Expr, f frame) []value {
	if ev.steps++; ev.steps > maxSteps || f.depth > maxDepth || !ev.spend(1) {
		return []value{unknown()}
	}
	if s, ok := ev.constant(e); ok {
		return []value{literal(s)}
	}
	switch e := e.(type) {
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
		return ev.object(ev.code.object(e), e, f)
	case *ast.SelectorExpr:
		return ev.object(generic(ev.info.Uses[e.Sel]), e, f)
	case *ast.IndexExpr:
		if key, ok := ev.constant(e.Index); ok {
			return ev.element(e.X, key, f)
		}
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

// object is what a variable or a field may hold at a use.
func (ev *evaluator) object(obj types.Object, use ast.Node, f frame) []value {
	if obj == nil {
		return []value{unknown()}
	}
	list, ordered := ev.definitions(obj, use)
	// The last write in a function counts more than what it was called with.
	all := ordered && len(list) > 0 && !slices.ContainsFunc(list, func(d def) bool { return d.kind != written })
	if vals, ok := f.args[obj]; ok && !all {
		return vals
	}
	if !all {
		// What flows round in a circle adds nothing.
		if ev.busy[obj] {
			return nil
		}
		ev.busy[obj] = true
		defer delete(ev.busy, obj)
	}
	var out []value
	for _, d := range list {
		if ev.steps > maxSteps {
			return []value{unknown()}
		}
		if all {
			key := d.key(obj)
			if ev.busy[key] {
				continue
			}
			ev.busy[key] = true
			out = append(out, ev.def(d, f)...)
			delete(ev.busy, key)
			continue
		}
		out = append(out, ev.def(d, f)...)
	}
	if key := ev.mapped[obj]; key != "" && len(out) == 0 {
		out = ev.configured(key, f)
	}
	if out = over(out, ev.read.field(obj)); len(out) == 0 {
		return []value{unknown()}
	}
	return merge(out)
}

// key tells a definition from others.
func (d def) key(obj types.Object) any {
	return struct {
		obj  types.Object
		node ast.Node
	}{obj, d.node}
}

// configured is what viper has for a key: its default, or that of the flag of
// the same name (https://pkg.go.dev/github.com/spf13/viper#BindPFlags).
func (ev *evaluator) configured(key string, f frame) []value {
	var out []value
	for _, e := range ev.viper[key] {
		out = append(out, ev.expr(e, f)...)
	}
	if d, ok := ev.flags[key]; ok && len(out) == 0 {
		out = ev.def(d, f)
	}
	if len(out) > 0 {
		out = byVariable(ev.variable(key), out)
	}
	return over(out, ev.read.key(key))
}

func (ev *evaluator) def(d def, f frame) []value {
	switch {
	case d.expr == nil:
		return []value{d.value}
	case d.value != nil: // a flag, and the expression of its default
		return byVariable(ev.flagVariable(strings.TrimLeft(d.value[0].flag, "-")), flagged(d.value[0].flag, ev.expr(d.expr, f)))
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

// flagged makes values that a flag decides, with the defaults given.
func flagged(flag string, defaults []value) []value {
	var out []value
	for _, v := range merge(defaults) {
		if s, ok := v.text(); ok && v.plain() {
			v = value{{text: s, flag: flag}}
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
	list, known := ev.items(e)
	if slices.ContainsFunc(list, func(e ast.Expr) bool { _, nested := e.(*ast.CompositeLit); return nested }) {
		return []value{unknown()}
	}
	var out []value
	for _, el := range list {
		out = append(out, ev.expr(el, f)...)
	}
	if !known {
		out = append(out, unknown())
	}
	return out
}

// element is the value at a constant index or key of a list or a map.
func (ev *evaluator) element(e ast.Expr, key string, f frame) []value {
	var out []value
	for x, leaf := range ev.sources(e, nil) {
		if call, ok := x.(*ast.CallExpr); ok && key == "0" && ev.splits(call) {
			for _, v := range ev.expr(call.Args[0], f) {
				word := unknown()
				if first, _, cut := strings.Cut(strings.TrimLeft(v.prefix(), " "), " "); first != "" && (cut || v.plain()) {
					word = literal(first)
				}
				out = append(out, word)
			}
			continue
		}
		lit, ok := x.(*ast.CompositeLit)
		if !ok {
			if leaf {
				out = append(out, unknown())
			}
			continue
		}
		for i, el := range lit.Elts {
			at := strconv.Itoa(i)
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				at, _ = ev.constant(kv.Key)
				el = kv.Value
			}
			if at == key {
				out = append(out, ev.expr(el, f)...)
			}
		}
	}
	return out
}

// splits reports whether a call takes a command apart into its words.
func (ev *evaluator) splits(call *ast.CallExpr) bool {
	t, ok := ev.selector(call.Fun)
	if !ok || len(call.Args) == 0 {
		return false
	}
	switch t {
	case selector{"strings", "Fields"}, selector{"github.com/google/shlex", "Split"}, selector{"github.com/mattn/go-shellwords", "Parse"}, selector{"github.com/kballard/go-shellquote", "Split"}:
		return true
	case selector{"strings", "Split"}:
		sep, ok := ev.constant(call.Args[1])
		return ok && sep == " "
	}
	return false
}

// call is the result of a call: of a local function, or of the few functions
// of other packages through which addresses and paths pass.
func (ev *evaluator) call(call *ast.CallExpr, index int, f frame) []value {
	if tv, ok := ev.info.Types[call.Fun]; ok && tv.IsType() && len(call.Args) == 1 {
		return ev.expr(call.Args[0], f)
	}
	if fn := ev.callee(call.Fun); fn != nil {
		return ev.local(fn, call, index, f)
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return []value{unknown()}
	}
	c := library{ev, call, sel, index, f}
	for _, read := range []func() []value{c.standard, c.configured, c.flag, c.getenv} {
		if out := read(); out != nil {
			return out
		}
	}
	return []value{unknown()}
}

// local follows a call into the local function.
func (ev *evaluator) local(fn ast.Node, call *ast.CallExpr, index int, f frame) []value {
	typ, body := signature(fn)
	if body == nil || typ.Results == nil || f.depth >= maxDepth {
		return []value{unknown()}
	}
	inner := frame{args: map[types.Object][]value{}, depth: f.depth + 1}
	for i, obj := range ev.params(typ) {
		if obj != nil && i < len(call.Args) {
			inner.args[obj] = ev.expr(call.Args[i], f)
		}
	}
	named := ev.names(typ.Results)
	var out []value
	for _, ret := range ev.returns(body) {
		switch {
		case index < len(ret.Results) && len(ret.Results) > 1, len(ret.Results) == 1 && index == 0:
			out = append(out, ev.expr(ret.Results[index], inner)...)
		case len(ret.Results) == 0 && index < len(named):
			out = append(out, ev.object(named[index], ret, inner)...)
		}
	}
	if len(out) == 0 {
		return []value{unknown()}
	}
	return merge(out)
}

// library is a call of another package's function, or of a method.
type library struct {
	*evaluator
	call  *ast.CallExpr
	sel   *ast.SelectorExpr
	index int // of the result
	frame frame
}

func (c library) arg(i int) []value {
	if i >= len(c.call.Args) {
		return []value{unknown()}
	}
	return c.expr(c.call.Args[i], c.frame)
}

// one is the only value of an argument, "" if that is not known.
func (c library) one(i int) string {
	vals := merge(c.arg(i))
	if len(vals) != 1 || !vals[0].plain() {
		return ""
	}
	s, _ := vals[0].text()
	return s
}

func (c library) pkg() string {
	t, _ := c.selector(c.call.Fun)
	return t.pkg
}

// standard is the result of a function of the standard library, or nil.
func (c library) standard() []value {
	switch c.pkg() + "." + c.sel.Sel.Name {
	case "os.Getenv", "syscall.Getenv", "os.LookupEnv":
		if k := c.one(0); k != "" && c.index == 0 {
			return []value{{{env: k}}}
		}
		return []value{unknown()}
	case "os.Getwd":
		if c.index == 0 {
			return []value{literal(".")}
		}
	case "cmp.Or":
		var out []value
		for i := range c.call.Args {
			out = append(out, c.arg(i)...)
		}
		return merge(out)
	case "fmt.Sprintf":
		return c.sprintf()
	case "fmt.Sprint", "strconv.Itoa", "strconv.FormatInt", "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint",
		"strings.TrimSpace", "strings.ToLower", "strings.TrimSuffix", "strings.TrimRight",
		"path.Clean", "path/filepath.Clean", "path/filepath.ToSlash", "path/filepath.FromSlash", "path/filepath.Abs":
		if c.index == 0 {
			return c.arg(0)
		}
	case "strings.TrimPrefix", "strings.TrimLeft":
		return trimmed(c.arg(0), c.one(1))
	case "net.JoinHostPort":
		return cross(cross(c.arg(0), []value{literal(":")}), c.arg(1))
	case "path.Join", "path/filepath.Join":
		return c.join()
	}
	return nil
}

// configured is a value that viper gives, or nil.
func (c library) configured() []value {
	pkg, name := c.pkg(), c.sel.Sel.Name
	if strings.HasPrefix(pkg, "github.com/spf13/viper") || pkg == "" && (name == "GetString" || name == "GetInt") {
		key := strings.ToLower(c.one(0))
		if c.ofFlags() {
			if d, ok := c.flags[key]; ok {
				return merge(c.def(d, c.frame))
			}
			return nil
		}
		if out := c.evaluator.configured(key, c.frame); len(out) > 0 {
			return merge(out)
		}
		if env := c.variable(key); env != "" {
			return []value{{{env: env}}}
		}
	}
	return nil
}

// ofFlags reports whether a method is one of pflag's set of flags, which reads no variable:
// cmd.Flags().GetString("port").
func (c library) ofFlags() bool {
	call, ok := ast.Unparen(c.sel.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && strings.HasSuffix(sel.Sel.Name, "Flags")
}

// flag is the value of a flag, by the call that declares or reads it, or nil.
func (c library) flag() []value {
	name := c.sel.Sel.Name
	if shape, ok := flagCall(name, false); ok && len(c.call.Args) >= shape.value+2 {
		if flag := c.one(shape.name); flag != "" {
			return byVariable(c.flagVariable(flag), flagged(c.hyphens(c.sel)+flag, c.arg(shape.value)))
		}
	}
	if name == "String" && len(c.call.Args) == 0 {
		if flag, env, e := c.kingpin(c.sel.X); e != nil {
			return byVariable(env, flagged("--"+flag, c.expr(e, c.frame)))
		} else if env != "" {
			return byVariable(env, nil)
		}
	}
	if (name == "String" || name == "Int") && len(c.call.Args) == 1 {
		var out []value
		for _, flag := range c.cliFlags[c.one(0)] {
			var vals []value
			if flag.value != nil {
				vals = flagged("--"+c.one(0), c.expr(flag.value, c.frame))
			}
			out = append(out, byVariable(flag.env, vals)...)
		}
		if len(out) > 0 {
			return merge(out)
		}
	}
	return nil
}

// kingpin finds the name, the variable and the default in
// Flag("name", "").Envar("X").Default("x"), which
// https://pkg.go.dev/github.com/alecthomas/kingpin/v2 ends with String().
func (c library) kingpin(e ast.Expr) (flag, env string, value ast.Expr) {
	for range maxDepth {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return "", "", nil
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return "", "", nil
		}
		switch sel.Sel.Name {
		case "Default":
			if len(call.Args) == 1 {
				value = call.Args[0]
			}
		case "Envar", "OverrideDefaultFromEnvar":
			if name, _ := c.view.arg(call, 0); isEnvName(name) {
				env = name
			}
		case "Flag":
			flag, _ = c.view.arg(call, 0)
			return flag, env, value
		}
		e = sel.X
	}
	return "", "", nil
}

// getenv is the value of a library's own getenv, envy.Get("PORT", "3000"), or
// nil.
func (c library) getenv() []value {
	pkg, k := c.pkg(), c.one(0)
	if pkg == "" || !isEnvName(k) || !strings.Contains(strings.ToLower(pkg+c.sel.Sel.Name), "env") || c.index != 0 {
		return nil
	}
	p := part{env: k}
	if d := merge(c.arg(1)); len(c.call.Args) == 2 && len(d) == 1 && d[0].plain() {
		p.text, _ = d[0].text()
		p.has = true
	}
	return []value{{p}}
}

// isEnvName reports whether a text is written as names of variables are.
func isEnvName(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && !strings.ContainsAny(s[:1], "0123456789")
}

// sprintf follows the verbs %s, %d and %v.
func (c library) sprintf() []value {
	formats := merge(c.arg(0))
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
			out = cross(out, c.arg(next))
			next++
		default:
			return cross(out, []value{unknown()})
		}
		format = format[i+2:]
	}
	return out
}

// tagged reports whether an expression is a field with a tag, which a configuration may set
// to anything, whatever the code stores there.
func (c library) tagged(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	typ := c.info.Types[sel.X].Type
	if typ == nil {
		return false
	}
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range s.NumFields() {
		if s.Field(i).Name() == sel.Sel.Name {
			return s.Tag(i) != ""
		}
	}
	return false
}

// join follows path.Join and filepath.Join.
func (c library) join() []value {
	out := []value{{}}
	for i := range c.call.Args {
		if i > 0 {
			out = cross(out, []value{literal("/")})
		}
		vals := c.arg(i)
		if i == 0 && c.tagged(c.call.Args[0]) && len(vals) < maxAlternatives {
			vals = append(slices.Clone(vals), unknown())
		}
		out = cross(out, vals)
	}
	for i, v := range out {
		if s, ok := v.text(); ok && v.plain() && s != "/" {
			out[i] = literal(path.Clean(s))
		}
	}
	return out
}
