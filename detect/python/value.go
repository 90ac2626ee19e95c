package python

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// The evaluator says what an expression holds when its statement runs, as far
// as the source says it.
//
//	read                                    not read: Computed
//	literals, adjacent strings, f-strings   comprehensions, lambdas
//	+ of texts, / of paths, % with a text   other arithmetic
//	a or b, a if c else b                   comparisons, and
//	names by scope, across the repository   names that loops and with bind
//	parameters: the default, or the calls   parameters of methods
//	tuples, lists, dictionaries by item     slices
//	attributes of classes and instances     properties, descriptors
//	functions that return one value         generators
//	rows of calls.yaml with a value         other calls

// form is what a value is.
type form uint8

const (
	unknown form = iota
	text
	number
	boolean
	none
	list
	dict
	class
	instance
	options  // what a parser of options returns
	argument // of the command, which an image starts without
)

// value is what an expression holds. A text or number has an effect.Value; a
// path also has the base that it starts from.
type value struct {
	effect.Value
	form form
	part bool        // Env or Flag decides a part of the text alone
	base effect.Base // of a path; for effect.Code, Text is relative to the app's folder
	at   expr        // of a list or dict: its tokens; of an instance: the call
	of   *syntax.Scope
	mod  *Module // that of
	// otherwise says that Env or Flag has a default, which cannot be read.
	otherwise bool
}

// known reports whether v is a text or number, or a variable decides it.
func (v value) known() bool { return v.form == text || v.form == number }

// fixed is the text of v if nothing overrides it.
func (v value) fixed() (string, bool) {
	return v.Text, v.known() && v.Sure == effect.Literal && v.base == effect.WorkDir
}

// address is a text that holds host and port: 0.0.0.0:8000.
func (v value) address() (out effect.Addr, ok bool) {
	i := strings.LastIndexByte(v.Text, ':')
	port := v.Text[i+1:]
	if !v.known() || v.base != effect.WorkDir || i < 0 || port == "" || strings.Trim(port, "0123456789") != "" || strings.Contains(v.Text, "/") {
		return out, false
	}
	host := strings.Trim(v.Text[:i], "[]")
	if host == "0.0.0.0" || host == "::" {
		host = ""
	}
	out = effect.Addr{Host: effect.Value{Text: host, Sure: v.Sure}, Port: effect.Value{Text: port, Sure: v.Sure}}
	switch {
	case v.Env == "":
	case !v.part:
		out.Host.Env, out.Port.Env = v.Env, v.Env
	case strings.Contains(strings.ToUpper(v.Env), "PORT"):
		out.Port.Env = v.Env
	}
	return out, true
}

// expr is an expression and the statement in whose scope it stands.
type expr struct {
	mod  *Module
	at   *syntax.Stmt
	toks []syntax.Token
}

// Bounds of what is evaluated, so that the work stays proportional to the text.
const (
	maxSteps     = 2_000   // expressions for one value
	maxTokens    = 200_000 // tokens read for one value
	maxExpr      = 4_096   // tokens of an expression that is no list
	maxFollowed  = 24      // names, calls and brackets within each other
	maxText      = 4_096   // bytes of a text
	maxItems     = 1_000   // of a list
	maxEvaluated = 20_000_000
)

// evaluator bounds the work for one value.
type evaluator struct {
	w             *world
	steps, tokens int
}

// eval says what an expression holds.
func (w *world) eval(x expr) value {
	if w.evaluated > maxEvaluated {
		return value{}
	}
	e := &evaluator{w: w}
	v := e.expr(x, 0)
	w.evaluated += e.tokens
	return v
}

func literal(s string) value {
	return value{form: text, Value: effect.Value{Text: s, Sure: effect.Literal}}
}

// expr evaluates by the operators from the loosest on.
// https://docs.python.org/3/reference/expressions.html#operator-precedence
func (e *evaluator) expr(x expr, depth int) value {
	toks := x.toks
	e.steps++
	e.tokens += min(len(toks), maxExpr)
	if len(toks) == 0 || depth > maxFollowed || e.steps > maxSteps || e.tokens > maxTokens || x.at == nil {
		return value{}
	}
	sub := func(t []syntax.Token) value { return e.expr(expr{x.mod, x.at, t}, depth+1) }
	if len(toks) > maxExpr {
		if closed(toks) && !toks[0].Is("(") {
			return collection(x)
		}
		return value{}
	}
	if len(toks) == 1 {
		return e.atom(x, depth)
	}
	if toks[0].Is("lambda") || toks[0].Is("await") || toks[0].Is("yield") {
		return value{}
	}
	if i := syntax.Top(toks, ":="); i >= 0 {
		return sub(toks[i+1:])
	}
	if i := syntax.Top(toks, "if"); i > 0 {
		j := i + 1 + syntax.Top(toks[i+1:], "else")
		if j <= i {
			return value{}
		}
		switch then, or := toks[:i], toks[j+1:]; {
		case slices.ContainsFunc(toks[i:j], func(t syntax.Token) bool { return t.Is("argv") }):
			return overridable(either(value{form: argument}, either(argued(sub(then)), argued(sub(or)))))
		default:
			return either(sub(then), sub(or))
		}
	}
	if parts := syntax.Split(toks, "or"); len(parts) > 1 {
		v := sub(parts[0])
		for _, p := range parts[1:] {
			v = orElse(v, sub(p))
		}
		return v
	}
	for _, o := range []string{"and", "not", "in", "is", "==", "!=", "<", ">", "<=", ">=", "for", ","} {
		if syntax.Top(toks, o) >= 0 {
			if o == "," {
				return value{form: list, at: expr{x.mod, x.at, toks}}
			}
			return value{}
		}
	}
	if parts := syntax.Split(toks, "+"); len(parts) > 1 {
		return e.sum(x, parts, depth)
	}
	if parts := syntax.Split(toks, "/"); len(parts) > 1 {
		v := sub(parts[0])
		for _, p := range parts[1:] {
			v = join(v, sub(p))
		}
		return v
	}
	if i := syntax.Top(toks, "%"); i > 0 {
		return percent(sub(toks[:i]), sub(toks[i+1:]))
	}
	for _, o := range []string{"-", "*", "**", "//", "|", "&", "@"} {
		if syntax.Top(toks, o) >= 0 {
			return value{}
		}
	}
	return e.chain(x, depth)
}

// closed reports whether the tokens are one pair of brackets.
func closed(toks []syntax.Token) bool { return len(toks) > 1 && toks[0].Partner == len(toks)-1 }

func collection(x expr) value {
	in := expr{x.mod, x.at, x.toks[1 : len(x.toks)-1]}
	if x.toks[0].Is("{") {
		return value{form: dict, at: in}
	}
	return value{form: list, at: in}
}

// items are the expressions of a list or tuple.
func (v value) items() []expr {
	if v.form != list {
		return nil
	}
	var out []expr
	parts := syntax.SplitN(v.at.toks, ",", maxItems+1)
	if len(parts) > maxItems {
		return nil
	}
	for _, t := range parts {
		if len(t) > 0 && !t[0].Is("*") && syntax.Top(t, "for") < 0 {
			out = append(out, expr{v.at.mod, v.at.at, t})
		}
	}
	return out
}

// item finds the value of a key that is a literal, in a dictionary of literals
// or in dict(key=value).
func (v value) item(key string) (expr, bool) {
	if v.form != dict {
		return expr{}, false
	}
	for _, t := range syntax.SplitN(v.at.toks, ",", maxItems+1) {
		if k := syntax.Top(t, ":"); k > 0 {
			if s, ok := syntax.Literal(t[:k]); ok && s == key {
				return expr{v.at.mod, v.at.at, t[k+1:]}, true
			}
		}
		if len(t) > 2 && t[1].Is("=") && t[0].Text == key {
			return expr{v.at.mod, v.at.at, t[2:]}, true
		}
	}
	return expr{}, false
}

// keys are the keys of a dictionary that are literals, in its order.
func (v value) keys() []string {
	if v.form != dict {
		return nil
	}
	var out []string
	for _, t := range syntax.SplitN(v.at.toks, ",", maxItems+1) {
		if k := syntax.Top(t, ":"); k > 0 {
			if s, ok := syntax.Literal(t[:k]); ok {
				out = append(out, s)
			}
		} else if len(t) > 2 && t[1].Is("=") {
			out = append(out, t[0].Text)
		}
	}
	return out
}

// first is the first item of a list.
func (v value) first() (expr, bool) {
	if v.form != list {
		return expr{}, false
	}
	t := syntax.SplitN(v.at.toks, ",", 2)
	if len(t) == 0 || len(t[0]) == 0 {
		return expr{}, false
	}
	return expr{v.at.mod, v.at.at, t[0]}, true
}

// either merges what two branches give. A literal beside a variable without a
// default is its default; what only arguments of the command give does not
// count; other values must agree.
func either(a, b value) value {
	switch {
	case a.form == argument && b.form == argument:
		return a
	case a.form == argument:
		return overridable(b)
	case b.form == argument:
		return overridable(a)
	case !a.known() || !b.known():
		if a.form == none && b.form == none || a.form == class && b.form == class && a.of == b.of {
			return a
		}
		if a.needs() && b.form == none {
			return a
		}
		if b.needs() && a.form == none {
			return b
		}
		return value{}
	case a.needs() && b.Sure == effect.Literal, a.needs() && a.Env == b.Env && a.Flag == b.Flag:
		return withDefault(a, b)
	case b.needs() && a.Sure == effect.Literal:
		return withDefault(b, a)
	case a.Text == b.Text && a.base == b.base && (a.Env == b.Env || a.Env == "" || b.Env == ""):
		if a.Sure == effect.Literal {
			return b
		}
		return a
	}
	return value{}
}

// argued marks a value that the command's arguments select, if they do.
func argued(v value) value {
	if v.form == unknown {
		return value{form: argument}
	}
	return v
}

// overridable is a value that something other than a variable overrides.
func overridable(v value) value {
	if v.Sure == effect.Literal {
		v.Sure = effect.Default
	}
	return v
}

// needs reports whether v is a variable or flag without a default.
func (v value) needs() bool { return v.known() && v.Decided() && v.Text == "" && !v.part }

// missing reports whether the program has nothing else where v, a variable or flag, is not set.
func (v value) missing() bool { return v.needs() && !v.otherwise }

// withDefault gives v, a variable or flag, the text of another value.
func withDefault(v, by value) value {
	v.Text, v.Sure, v.form, v.base = by.Text, effect.Default, by.form, by.base
	if v.Env == "" {
		v.Env = by.Env
	}
	return v
}

// orElse is a or b.
func orElse(a, b value) value {
	switch {
	case a.form == none, a.form == boolean, a.known() && a.Sure == effect.Literal && (a.Text == "" || a.form == number && a.Text == "0"):
		return b
	case a.needs() && b.known():
		return withDefault(a, b)
	case a.needs() && b.form == none:
		return a
	case a.known():
		a.otherwise = a.needs()
		return a
	case a.form == argument:
		return overridable(b)
	}
	return value{}
}

// sum joins texts, or adds numbers.
func (e *evaluator) sum(x expr, parts [][]syntax.Token, depth int) value {
	var out value
	total := 0
	for i, p := range parts {
		v := e.expr(expr{x.mod, x.at, p}, depth+1)
		switch {
		case !v.known() || i > 0 && v.form != out.form || v.form == number && v.Sure != effect.Literal:
			return value{}
		case i == 0:
			out = v
		case v.form == text:
			out = concat(out, v)
		}
		if v.form == number {
			n, err := strconv.Atoi(v.Text)
			if err != nil {
				return value{}
			}
			total += n
			out.Text = strconv.Itoa(total)
		}
	}
	return out
}

// concat joins two texts. A variable that decides one of them decides a part.
func concat(a, b value) value {
	// A path by __file__ or in the home folder stands alone, or ends an address.
	below := b.base != effect.WorkDir && a.Text != "" && !strings.HasSuffix(a.Text, "://") && !strings.HasSuffix(a.Text, ":///")
	if !a.known() || !b.known() || below || len(a.Text)+len(b.Text) > maxText {
		return value{}
	}
	switch {
	case a.Text == "" && a.Sure == effect.Literal: // f"{port}"
		b.form = text
		return b
	case b.Text == "" && b.Sure == effect.Literal:
		a.form = text
		return a
	}
	out := a
	out.form = text
	out.Text += b.Text
	out.part = a.part || b.part || a.Decided() || b.Decided()
	if b.Sure != effect.Literal {
		out.Sure = b.Sure
	}
	if out.Env == "" && out.Flag == "" {
		out.Env, out.Flag = b.Env, b.Flag
	}
	if b.base != effect.WorkDir {
		out.base = b.base
	}
	if (a.needs() || b.needs()) && out.Decided() {
		return value{} // a part of it has no text
	}
	return out
}

// percent is "…%s…" % text.
func percent(format, v value) value {
	if !format.known() || !v.known() || strings.Count(format.Text, "%s") != 1 || strings.Count(format.Text, "%") != 1 {
		return value{}
	}
	before, after, _ := strings.Cut(format.Text, "%s")
	return concat(concat(literal(before), v), literal(after))
}

// join is a path below another one.
func join(a, b value) value {
	switch {
	case !a.known() || !b.known() || b.needs() || a.needs() || len(a.Text)+len(b.Text) > maxText:
		return value{}
	case strings.HasPrefix(b.Text, "/"), b.base != effect.WorkDir:
		return b
	}
	out := concat(a, literal(""))
	out.part = a.part || a.Decided() || b.part || b.Decided()
	if out.Text = path.Join(a.Text, b.Text); out.Text == "" {
		out.Text = "."
	}
	if b.Sure != effect.Literal {
		out.Sure = b.Sure
		if out.Env == "" {
			out.Env = b.Env
		}
	}
	return out
}

// atom evaluates one token.
func (e *evaluator) atom(x expr, depth int) value {
	switch t := x.toks[0]; t.Kind {
	case syntax.String:
		return e.string(x, t, depth)
	case syntax.Number:
		n := strings.ReplaceAll(t.Text, "_", "")
		if i, err := strconv.ParseInt(n, 0, 64); err == nil {
			n = strconv.FormatInt(i, 10)
		}
		return value{form: number, Value: effect.Value{Text: n, Sure: effect.Literal}}
	case syntax.Name:
		switch t.Text {
		case "None":
			return value{form: none}
		case "True", "False":
			return value{form: boolean, Value: effect.Value{Text: t.Text}}
		case "__file__":
			return value{form: text, base: effect.Code, Value: effect.Value{Text: x.mod.File, Sure: effect.Literal}}
		}
		return e.name(x, t.Text, depth)
	case syntax.Op:
	}
	return value{}
}

// string evaluates a string; an f-string by its pieces.
func (e *evaluator) string(x expr, t syntax.Token, depth int) value {
	if !t.Dynamic {
		return literal(t.Text[:min(len(t.Text), maxText)])
	}
	if t.Pieces == nil {
		return value{}
	}
	out := literal("")
	for _, p := range t.Pieces {
		if p.Expr == "" {
			out = concat(out, literal(p.Text))
			continue
		}
		toks := syntax.Tokenize(p.Expr)
		for _, end := range []string{"!", ":"} {
			if i := syntax.Top(toks, end); i >= 0 {
				toks = toks[:i]
			}
		}
		out = concat(out, e.expr(expr{x.mod, x.at, toks}, depth+1))
	}
	return out
}

// name evaluates a name by the last writes to it.
func (e *evaluator) name(x expr, n string, depth int) value {
	w := x.at.Lookup(n)
	if len(w.List) == 0 && !w.Argued {
		return e.starred(x, n, depth)
	}
	v := e.writes(x, w, depth)
	return v
}

// starred finds a name that from module import * may have brought.
func (e *evaluator) starred(x expr, n string, depth int) value {
	for _, s := range x.mod.file.Module.Stars {
		if m := e.w.module(x.mod, x.mod.absolute(s)); m != nil && m != x.mod && len(m.file.Module.Names[n]) > 0 {
			return e.writes(expr{mod: m}, m.file.Module.Final(n), depth)
		}
	}
	return value{}
}

// writes merges what the last writes to a name give.
func (e *evaluator) writes(x expr, w syntax.Writes, depth int) value {
	var out value
	for i, b := range w.List {
		v := e.binding(x.mod, b, depth+1)
		if i == 0 {
			out = v
			continue
		}
		out = either(out, v)
	}
	if w.Argued {
		if len(w.List) == 0 {
			return value{form: argument}
		}
		return overridable(out)
	}
	return out
}

// binding evaluates one write to a name.
func (e *evaluator) binding(m *Module, b *syntax.Binding, depth int) value {
	switch b.Kind {
	case syntax.Assigned:
		v := e.expr(expr{m, b.Stmt, b.Value}, depth)
		if b.Index < 0 {
			return v
		}
		if items := v.items(); b.Index < len(items) {
			return e.expr(items[b.Index], depth+1)
		}
	case syntax.Imported:
		return e.imported(m, m.absolute(b.Import), depth)
	case syntax.Defined:
		if b.Stmt.Keyword() == "class" {
			return value{form: class, of: b.Scope, mod: m}
		}
	case syntax.Parameter:
		return e.parameter(m, b, depth)
	case syntax.Augmented, syntax.Unknown:
	}
	return value{}
}

// imported evaluates a name of another module of the repository.
func (e *evaluator) imported(m *Module, full string, depth int) value {
	target, rest := e.w.split(m, full)
	if target == nil || rest == "" || depth > maxFollowed {
		return value{}
	}
	head, attributes, _ := strings.Cut(rest, ".")
	v := e.writes(expr{mod: target}, target.file.Module.Final(head), depth+1)
	if len(target.file.Module.Names[head]) == 0 {
		if len(target.file.Body) == 0 {
			return value{}
		}
		v = e.starred(expr{mod: target, at: target.file.Body[0]}, head, depth+1)
	}
	for a := range strings.SplitSeq(attributes, ".") {
		if a != "" {
			v = e.attribute(v, a, depth+1)
		}
	}
	return v
}

// maxCalls is how many calls of a function are asked for a parameter.
const maxCalls = 8

// parameter evaluates a parameter: the option of a command line that gives
// it, or else what the calls in the module pass, or the default.
func (e *evaluator) parameter(m *Module, b *syntax.Binding, depth int) value {
	name := b.Name
	if v := e.option(m, b.Scope, name, depth); v.form != unknown {
		return v
	}
	def := value{}
	if b.Value != nil {
		def = overridable(e.expr(expr{m, b.Stmt, b.Value}, depth+1))
	}
	calls := m.callsOf(b.Stmt)
	if len(calls) == 0 || len(calls) > maxCalls {
		if len(calls) == 0 {
			return def
		}
		return value{}
	}
	var out value
	for i, c := range calls {
		pos, kw := c.call.Args()
		v := def
		if a, ok := kw[name]; ok {
			v = e.expr(expr{m, c.at, a}, depth+1)
		} else if b.Number >= 0 && b.Number < len(pos) {
			v = e.expr(expr{m, c.at, pos[b.Number]}, depth+1)
		}
		if i == 0 {
			out = v
			continue
		}
		out = either(out, v)
	}
	return out
}

// option evaluates a parameter that a decorator of click gives:
// @click.option("--port", default=8000, envvar="PORT").
// https://click.palletsprojects.com/en/stable/options/
func (e *evaluator) option(m *Module, f *syntax.Scope, name string, depth int) value {
	for _, d := range f.Decorators {
		c, ok := syntax.CallAt(d.Tokens, 1)
		if !ok || e.w.table.value(m.full(d, c.Name)) != "option" {
			continue
		}
		if v, ok := e.flag(m, d, c, name, depth); ok {
			return v
		}
	}
	return value{}
}

// flag evaluates the declaration of an option, if it is the one of that name.
func (e *evaluator) flag(m *Module, at *syntax.Stmt, c syntax.Call, name string, depth int) (value, bool) {
	pos, kw := c.Args()
	flag, dest := optionName(pos, kw)
	if dest != name || flag == "" {
		return value{}, false
	}
	v := e.expr(expr{m, at, kw["default"]}, depth+1)
	if !v.known() {
		if kw["default"] != nil && v.form != none {
			return value{}, true
		}
		v = value{form: text, Value: effect.Value{Sure: effect.Default}}
	}
	v = overridable(v)
	v.Flag = flag
	if env, ok := syntax.Literal(kw["envvar"]); ok && v.Env == "" {
		v.Env = env
	}
	return v, true
}

// defines evaluates an option that define declares, in the module or in another one:
// define("port", default=8888) is --port. https://www.tornadoweb.org/en/stable/options.html
func (e *evaluator) defines(m *Module, name string, depth int) value {
	for _, x := range append([]*Module{m}, e.w.modules...) {
		for _, call := range []string{"define", "options.define", "tornado.options.define"} {
			for _, c := range x.calls()[call] {
				pos, kw := c.call.Args()
				if len(pos) == 0 || !strings.HasPrefix(x.full(c.at, c.call.Name), "tornado.options") {
					continue
				}
				if n, ok := syntax.Literal(pos[0]); !ok || n != name {
					continue
				}
				by := kw["default"]
				if len(by) == 0 && len(pos) > 1 {
					by = pos[1]
				}
				v := overridable(e.expr(expr{x, c.at, by}, depth+1))
				if v.known() {
					v.Flag = "--" + name
				}
				return v
			}
		}
	}
	return value{}
}

// optionName is the flag that an option is given by, and the name that its
// value has in the program.
func optionName(pos []syntax.Arg, kw map[string]syntax.Arg) (flag, dest string) {
	for _, p := range pos {
		s, ok := syntax.Literal(p)
		switch {
		case !ok:
		case strings.HasPrefix(s, "--"):
			if !strings.HasPrefix(flag, "--") {
				flag = s
			}
		case strings.HasPrefix(s, "-"):
			if flag == "" {
				flag = s
			}
		default:
			dest = s
		}
	}
	if s, ok := syntax.Literal(kw["dest"]); ok {
		dest = s
	}
	if dest == "" {
		dest = strings.ReplaceAll(strings.TrimLeft(flag, "-"), "-", "_")
	}
	return flag, dest
}

// chain evaluates a primary and what follows it: names, calls and items.
func (e *evaluator) chain(x expr, depth int) value {
	toks := x.toks
	var v value
	full, written, i := "", "", 1
	switch t := toks[0]; {
	case t.Kind == syntax.String:
		for i < len(toks) && toks[i].Kind == syntax.String {
			i++
		}
		v = e.string(x, t, depth)
		for _, s := range toks[1:i] {
			v = concat(v, e.string(x, s, depth))
		}
	case t.Kind == syntax.Name:
		var n string
		n, i = syntax.Dotted(toks, 0)
		full, written = x.mod.full(x.at, n), n
		if v = e.dotted(x, n, full, depth); v.form != unknown && i == len(toks) {
			return v
		}
	case t.Partner > 0 && t.Partner < len(toks):
		i = t.Partner + 1
		inner := expr{x.mod, x.at, toks[:i]}
		if t.Is("(") {
			inner.toks = toks[1 : i-1]
			v = e.expr(inner, depth+1)
		} else {
			v = collection(inner)
		}
	default:
		return value{}
	}
	for i < len(toks) {
		switch t := toks[i]; {
		case t.Is(".") && i+1 < len(toks) && toks[i+1].Kind == syntax.Name:
			name := toks[i+1].Text
			i += 2
			if i < len(toks) && toks[i].Is("(") {
				var in []syntax.Token
				in, i = syntax.Inside(toks, i)
				v = e.method(x, v, name, in, depth)
			} else {
				v = e.attribute(v, name, depth)
			}
			full, written = "", ""
		case t.Is("("):
			c, end := syntax.Call{Name: written}, 0
			c.In, end = syntax.Inside(toks, i)
			v = e.call(x, v, full, c, depth)
			full, written, i = "", "", end
		case t.Is("["):
			in, end := syntax.Inside(toks, i)
			v = e.index(x, v, full, written, in, depth)
			full, written, i = "", "", end
		default:
			return value{}
		}
	}
	return v
}

// dotted evaluates a dotted name, or an attribute that an application has by its
// library: app.instance_path.
func (e *evaluator) dotted(x expr, n, full string, depth int) value {
	v := e.reference(x, n, full, depth)
	if v.form != unknown {
		return v
	}
	row := e.w.table.attributes[n[strings.LastIndexByte(n, '.')+1:]]
	if row == nil || !strings.Contains(n, ".") || !slices.ContainsFunc(row.Imports, e.w.imports) {
		return v
	}
	dir := path.Dir(e.w.application(x.mod).File)
	if row.Value == "instance" {
		dir = e.w.instance(x.mod)
	}
	return value{form: text, base: effect.Code, Value: effect.Value{Text: dir, Sure: effect.Literal}}
}

// reference evaluates a dotted name: as it is written to, by the module that it
// is imported from, or as attributes of its first name.
func (e *evaluator) reference(x expr, n, full string, depth int) value {
	head, rest, more := strings.Cut(n, ".")
	if !more {
		return e.atom(expr{x.mod, x.at, []syntax.Token{{Kind: syntax.Name, Text: n}}}, depth)
	}
	if w := x.at.Lookup(n); len(w.List) > 0 {
		return e.writes(x, w, depth)
	}
	switch e.w.table.value(full) {
	case "argument":
		return value{form: argument}
	case "separator":
		return literal("/")
	case "above":
		return literal("..")
	case "here":
		return literal(".")
	}
	if i := strings.LastIndexByte(full, '.'); e.w.table.value(full[:max(i, 0)]) == "defines" {
		return e.defines(x.mod, full[i+1:], depth)
	}
	if !strings.HasPrefix(full, ".") {
		if target, _ := e.w.split(x.mod, full); target != nil {
			return e.imported(x.mod, full, depth)
		}
	}
	v := e.atom(expr{x.mod, x.at, []syntax.Token{{Kind: syntax.Name, Text: head}}}, depth)
	for a := range strings.SplitSeq(rest, ".") {
		if v.form == unknown {
			return v
		}
		v = e.attribute(v, a, depth)
	}
	return v
}

// call evaluates a call of a name.
func (e *evaluator) call(x expr, v value, full string, c syntax.Call, depth int) value {
	pos, kw := c.Args()
	arg := func(i int, name string) value {
		if a, ok := kw[name]; ok {
			return e.expr(expr{x.mod, x.at, a}, depth+1)
		}
		if i < len(pos) {
			return e.expr(expr{x.mod, x.at, pos[i]}, depth+1)
		}
		return value{}
	}
	if v.form == class {
		v.form, v.at = instance, expr{x.mod, x.at, c.In}
		return v
	}
	row := e.w.table.named(full)
	if row == nil && c.Name != "" {
		if r := e.w.rowOfObject(x.mod, x.at, c.Name); r != nil && r.Value != "" {
			row = r
		}
	}
	if row == nil {
		if i := strings.LastIndexByte(c.Name, '.'); i > 0 {
			object, method := c.Name[:i], c.Name[i+1:]
			if of := e.dotted(x, object, x.mod.full(x.at, object), depth+1); of.form != unknown {
				return e.method(x, of, method, c.In, depth)
			}
			if k, ok := arg(0, "").fixed(); ok && method == "get" && strings.HasSuffix(object, ".config") {
				return e.setting(k, depth)
			}
		}
		return e.function(x, c, depth)
	}
	switch row.Value {
	case "env":
		return e.env(row, arg(0, "key"), pos, kw, x, depth)
	case "same":
		return arg(0, "")
	case "path", "join":
		if len(pos) == 0 {
			return literal(".")
		}
		out := arg(0, "")
		for i := 1; i < len(pos) && i < maxParts; i++ {
			out = join(out, arg(i, ""))
		}
		return out
	case "parent":
		return parent(arg(0, ""))
	case "home":
		return value{form: text, base: effect.Home, Value: effect.Value{Text: ".", Sure: effect.Literal}}
	case "temp":
		return value{form: text, base: effect.Temp, Value: effect.Value{Text: ".", Sure: effect.Literal}}
	case "cwd":
		return literal(".")
	case "expand":
		return expand(arg(0, ""))
	case "dict":
		return value{form: dict, at: expr{x.mod, x.at, c.In}}
	case "field":
		return e.field(row, x, pos, kw, depth)
	case "options":
		return value{form: options, mod: x.mod}
	}
	return value{}
}

const maxParts = 16

// env is a variable that a call reads.
func (e *evaluator) env(row *callRow, key value, pos []syntax.Arg, kw map[string]syntax.Arg, x expr, depth int) value {
	name, ok := key.fixed()
	if !ok || name == "" {
		return value{}
	}
	out := value{form: text, Value: effect.Value{Env: name, Sure: effect.Default}}
	a, given := pick(row.Default, pos, kw)
	if !given {
		return out
	}
	switch d := e.expr(expr{x.mod, x.at, a}, depth+1); {
	case d.known():
		return withDefault(out, d)
	case d.form == none:
	default:
		// The default cannot be read, but the variable can.
		out.Text, out.Sure, out.otherwise = "", effect.Default, true
	}
	return out
}

// field is the default of an attribute or parameter that a call declares:
// Field(8000, env="APP_PORT"), typer.Option(8000, envvar="PORT").
func (e *evaluator) field(row *callRow, x expr, pos []syntax.Arg, kw map[string]syntax.Arg, depth int) value {
	v := value{form: text, Value: effect.Value{Sure: effect.Default}}
	if a, given := pick(row.Default, pos, kw); given {
		switch d := e.expr(expr{x.mod, x.at, a}, depth+1); {
		case d.known():
			v = overridable(d)
		case len(a) == 1 && a[0].Is("..."): // required
		case d.form == none:
			v = value{form: none}
		default:
			v = d
		}
	}
	if a, given := kw["default_factory"]; given {
		if i := syntax.Top(a, "lambda"); i == 0 {
			if j := slices.IndexFunc(a, func(t syntax.Token) bool { return t.Is(":") }); j > 0 {
				v = overridable(e.expr(expr{x.mod, x.at, a[j+1:]}, depth+1))
			}
		} else {
			return value{}
		}
	}
	for _, k := range row.Env {
		if s, ok := syntax.Literal(kw[k]); ok && s != "" && (v.known() || v.form == none) {
			v.Env, v.form = s, max(v.form, text)
			if v.form == none {
				v.form = text
			}
			v.Sure = effect.Default
		}
	}
	return v
}

// pick finds an argument by its keyword or its index.
func pick(keys []string, pos []syntax.Arg, kw map[string]syntax.Arg) (syntax.Arg, bool) {
	for _, k := range keys {
		if a, ok := kw[k]; ok {
			return a, true
		}
		if n, err := strconv.Atoi(k); err == nil && n < len(pos) {
			return pos[n], true
		}
	}
	return nil, false
}

// function evaluates a call of a function of the repository by what it returns.
func (e *evaluator) function(x expr, c syntax.Call, depth int) value {
	m, f := e.w.function(x.mod, x.at, c.Name)
	if f == nil || depth > maxFollowed {
		return value{}
	}
	var out value
	n := 0
	var look func([]*syntax.Stmt)
	look = func(list []*syntax.Stmt) {
		for _, s := range list {
			switch s.Keyword() {
			case "def", "class":
				continue
			case "return":
				v := e.expr(expr{m, s, s.Tokens[1:]}, depth+1)
				if n++; n == 1 {
					out = v
				} else {
					out = either(out, v)
				}
			}
			if e.steps > maxSteps {
				return
			}
			e.steps++
			look(s.Body)
		}
	}
	look(f.Def.Body)
	return out
}

// method evaluates a call of a method of a text, path or dictionary.
func (e *evaluator) method(x expr, v value, name string, in []syntax.Token, depth int) value {
	pos, kw := syntax.Call{In: in}.Args()
	arg := func(i int) value {
		if i < len(pos) {
			return e.expr(expr{x.mod, x.at, pos[i]}, depth+1)
		}
		return value{form: none}
	}
	switch {
	case v.form == dict && name == "get":
		e.tokens += len(v.at.toks)
		if k, ok := arg(0).fixed(); ok {
			if item, found := v.item(k); found {
				return e.expr(item, depth+1)
			}
		}
		return value{}
	case !v.known():
		if v.form == options {
			return v
		}
		return value{}
	}
	switch name {
	case "strip", "lower", "upper", "rstrip", "lstrip", "resolve", "absolute", "as_posix", "encode":
		return v
	case "expanduser":
		return expand(v)
	case "joinpath":
		for i := range min(len(pos), maxParts) {
			v = join(v, arg(i))
		}
		return v
	case "format":
		if strings.Count(v.Text, "{") == 1 && strings.Contains(v.Text, "{}") && len(pos) == 1 && len(kw) == 0 {
			before, after, _ := strings.Cut(v.Text, "{}")
			return concat(concat(literal(before), arg(0)), literal(after))
		}
	}
	return value{}
}

// expand is expanduser: ~ is the home folder.
func expand(v value) value {
	if rest, ok := strings.CutPrefix(v.Text, "~"); ok && v.known() && (rest == "" || rest[0] == '/') {
		v.Text, v.base = path.Join(".", "."+rest), effect.Home
	}
	return v
}

func parent(v value) value {
	if !v.known() || v.needs() {
		return value{}
	}
	if v.Text == "." || v.Text == ".." || strings.HasSuffix(v.Text, "/..") {
		v.Text = path.Join(v.Text, "..")
		return v
	}
	v.Text = path.Dir(v.Text)
	return v
}

// attribute evaluates an attribute of a value.
func (e *evaluator) attribute(v value, name string, depth int) value {
	if depth > maxFollowed {
		return value{}
	}
	switch {
	case v.form == class || v.form == instance:
		return e.member(v, name, depth)
	case v.form == options:
		return e.optionNamed(v.mod, name, depth)
	case v.known() && name == "parent":
		return parent(v)
	case v.known() && (name == "parents" || name == "value"):
		return v
	}
	return value{}
}

// optionNamed evaluates an option of a parser that the module declares:
// parser.add_argument("--port", type=int, default=8000).
// https://docs.python.org/3/library/argparse.html#the-add-argument-method
func (e *evaluator) optionNamed(m *Module, name string, depth int) value {
	var out value
	n := 0
	for _, c := range m.declared(name) {
		if v, ok := e.flag(m, c.at, c.call, name, depth); ok {
			if n++; n == 1 {
				out = v
			} else {
				out = either(out, v)
			}
		}
	}
	return out
}

// member evaluates an attribute of a class or of an instance: what the call
// gives, or what the class says. For settings of pydantic, a variable of the
// attribute's name overrides it.
// https://docs.pydantic.dev/latest/concepts/pydantic_settings/#environment-variable-names
func (e *evaluator) member(v value, name string, depth int) value {
	if v.form == instance {
		_, kw := syntax.Call{In: v.at.toks}.Args()
		if a, ok := kw[name]; ok {
			return e.expr(expr{v.at.mod, v.at.at, a}, depth+1)
		}
	}
	kinds := e.w.bases(v.mod, v.of)
	settings := slices.ContainsFunc(kinds, func(k string) bool { return e.w.table.value(k) == "settings" })
	var out value
	found := false
	for m, sc := range e.w.mro(v.mod, v.of) {
		w := sc.Attribute(name)
		if len(w.List) == 0 {
			continue
		}
		found = true
		if b := w.List[0]; b.Kind == syntax.Assigned && b.Value == nil {
			out = value{form: text, Value: effect.Value{Sure: effect.Default}} // port: int
			break
		}
		out = e.writes(expr{mod: m}, w, depth)
		break
	}
	if !found {
		return value{}
	}
	if settings && (out.known() || out.form == none) && out.Env == "" && v.form == instance {
		if out.form == none {
			out = value{form: text}
		}
		out.Env, out.Sure = e.variable(v, name, depth), effect.Default
	}
	if out.known() && !out.Decided() && out.Text == "" && out.Sure == effect.Default {
		return value{}
	}
	return out
}

// variable is the name of the variable of an attribute of settings: with env_prefix, in capitals as people write it.
func (e *evaluator) variable(v value, name string, depth int) string {
	prefix, _ := e.configured(v, "env_prefix", depth).fixed()
	return strings.ToUpper(prefix + name)
}

// configured is a key of the class's own line, of model_config, or of the inner class Config.
func (e *evaluator) configured(v value, key string, depth int) value {
	for m, sc := range e.w.mro(v.mod, v.of) {
		if toks := sc.Def.Tokens; len(toks) > 2 && toks[2].Is("(") { // class S(BaseSettings, env_prefix="app_"): https://docs.pydantic.dev/latest/concepts/config/
			c, _ := syntax.CallAt(toks, 1)
			if _, kw := c.Args(); len(kw[key]) > 0 {
				return e.expr(expr{m, sc.Def, kw[key]}, depth+1)
			}
		}
		for _, b := range sc.Final("model_config").List {
			i := slices.IndexFunc(b.Value, func(t syntax.Token) bool { return t.Is("(") || t.Is("{") })
			if i < 0 {
				continue
			}
			in, _ := syntax.Inside(b.Value, i)
			if x, ok := (value{form: dict, at: expr{m, b.Stmt, in}}).item(key); ok {
				return e.expr(x, depth+1)
			}
		}
		for _, b := range sc.Final("Config").List {
			if b.Kind == syntax.Defined {
				for _, p := range b.Scope.Final(key).List {
					return e.expr(expr{m, p.Stmt, p.Value}, depth+1)
				}
			}
		}
	}
	return value{}
}

// index evaluates x[key].
func (e *evaluator) index(x expr, v value, full, written string, in []syntax.Token, depth int) value {
	e.tokens += len(v.at.toks)
	key := e.expr(expr{x.mod, x.at, in}, depth+1)
	k, ok := key.fixed()
	if !ok {
		if v.form == argument {
			return v
		}
		return value{}
	}
	if written != "" {
		if w := x.at.Lookup(syntax.Item(written, k)); len(w.List) > 0 && key.form == text {
			return e.writes(x, w, depth)
		}
	}
	switch {
	case e.w.table.value(full) == "environ":
		return value{form: text, Value: effect.Value{Env: k, Sure: effect.Default}}
	case v.form == argument:
		return v
	case v.form == dict && key.form == text:
		if item, found := v.item(k); found {
			return e.expr(item, depth+1)
		}
	case v.form == list && key.form == number:
		items := v.items()
		if n, err := strconv.Atoi(k); err == nil && n >= 0 && n < len(items) {
			return e.expr(items[n], depth+1)
		}
	case v.known() && key.form == number: // path.parents[1]
		parents := slices.ContainsFunc(x.toks, func(t syntax.Token) bool { return t.Is("parents") })
		if n, err := strconv.Atoi(k); err == nil && n < maxParts && parents {
			for range n + 1 {
				v = parent(v)
			}
			return v
		}
	case strings.HasSuffix(written, ".config") && key.form == text:
		return e.setting(k, depth)
	}
	return value{}
}

// setting evaluates app.config["KEY"], which some module writes.
func (e *evaluator) setting(key string, depth int) value {
	var out value
	for i, b := range e.w.settings[key] {
		if i >= maxCalls {
			return value{}
		}
		v := e.expr(b, depth+1)
		if i == 0 {
			out = v
			continue
		}
		out = either(out, v)
	}
	return out
}
