package js

import (
	"slices"
	"strings"
)

// What the reader knows of an expression:
//
//	read                                              computed
//	literals, templates of what is read, parentheses  regular expressions, JSX, arithmetic but +
//	objects, arrays, spreads of what is read          computed keys (the object is then Open)
//	names, members, destructuring, this.name          names that a branch or a loop writes to
//	process.env, import.meta.env, Bun.env, Deno.env   the variables of other programs
//	a || b, a ?? b, x ? a : b                         a && b
//	Number, parseInt, String, +x, x | 0, as, !        !x, typeof x, comparisons
//	path.join and the like, __dirname, import.meta    everything else of the libraries
//	functions of the file, by what they return        functions that return different values

// maxDepth bounds nested expressions and the calls of functions in one another.
const maxDepth = 120

// frame is the call of a function whose body is read.
type frame struct {
	file  *File
	scope int32
	args  []Value
	// unknown says that nothing is known of the arguments.
	unknown bool
	up      *frame
	depth   int
	values  map[Site]Value // of the expressions that depend on the arguments, once they are read
}

// maxFrames bounds calls in calls.
const maxFrames = 6

// reader reads expressions of a file, within the call of a function if frame
// is set.
type reader struct {
	*File
	frame *frame
}

// Eval reads the expression that starts at token i. end is the token behind it.
func (f *File) Eval(i int) (v Value, end int) {
	v, end = reader{File: f}.expr(i)
	return v, min(end, len(f.Tokens))
}

// enter counts a step. It is false once the file has taken more of them than
// any source written by people needs.
func (f *File) enter() bool {
	f.steps++
	f.program.depth++
	if f.steps > 4*len(f.Tokens)+4_000 || f.program.depth > maxDepth {
		f.program.depth--
		return false
	}
	return true
}

func (f *File) leave() { f.program.depth-- }

// Member reads the primary expression at token i with its members, up to the token end.
func (f *File) Member(i, end int) Value {
	v, _ := reader{File: f}.postfix(i, end)
	return v
}

// stop is the token that ends the expression at i at the latest.
func (f *File) stop(i int) int {
	if i >= len(f.Tokens) {
		return len(f.Tokens)
	}
	return int(f.stops[i])
}

// at gives a value the place of token i.
func (f *File) at(v Value, i int) Value {
	v.File, v.Line, v.Token = f.Name, f.Line(i), i
	return v
}

// expr reads an expression up to a comma.
func (r reader) expr(i int) (Value, int) {
	if i >= len(r.Tokens) || !r.enter() {
		return r.at(Value{}, i), r.stop(i)
	}
	defer r.leave()
	start := i
	if r.is(i, "async") && !r.starts[min(i+1, len(r.Tokens)-1)] {
		if _, ok := r.functions[i+1]; ok {
			i++
		}
	}
	if fn, ok := r.functions[i]; ok && r.scope[fn].kind == functionScope && !r.scope[fn].method {
		return r.at(Value{Kind: Function, file: r.File, scope: fn}, start), int(r.scope[fn].to) + 1
	}
	v, end := r.binary(i, 1)
	switch {
	case r.is(end, "?") && !r.starts[end]:
		v, end = r.conditional(i, v, end)
	case r.is(end, "="):
		v, end = r.expr(end + 1)
	}
	if v.File == "" {
		v = r.at(v, start)
	}
	return v, end
}

// conditional reads c ? a : b with the question mark at i.
func (r reader) conditional(start int, c Value, i int) (Value, int) {
	a, end := r.expr(i + 1)
	if !r.is(end, ":") {
		return r.at(Value{}, i), max(r.stop(i), end)
	}
	b, end := r.expr(end + 1)
	if c.Kind == Scalar {
		if c.falsy() {
			return b, end
		}
		return a, end
	}
	if v, ok := c.unset(func(c Value) (Value, bool) {
		if c.Kind == Scalar && c.falsy() {
			return b, true
		}
		return a, c.Kind == Scalar
	}); ok && r.program.Build {
		return r.at(v, start), end
	}
	// process.env.PORT ? Number(process.env.PORT) : 3000
	if a.Kind == Env && a.Default == nil && r.mentions(start, i, a.Text) {
		a.Default = &b
		return a, end
	}
	if b.Kind == Env && b.Default == nil && r.mentions(start, i, b.Text) {
		b.Default = &a
		return b, end
	}
	return either(a, b), end
}

// mentions reports whether a condition in the tokens from i to end reads the
// environment variable.
func (r reader) mentions(i, end int, name string) bool {
	for end = min(end, i+40); i < end && i < len(r.Tokens); i++ {
		if r.word(i) == "" || r.is(i-1, ".") || r.is(i-1, "?.") {
			continue
		}
		if v, _ := r.postfix(i, end); v.Kind == Env && v.Text == name {
			return true
		}
	}
	return false
}

// precedence of the operators between two operands:
// https://developer.mozilla.org/docs/Web/JavaScript/Reference/Operators/Operator_precedence.
func precedence(op Token) int {
	if op.Kind == Ident {
		switch op.Text {
		case "in", "instanceof":
			return 7
		}
		return 0
	}
	if op.Kind != Punct {
		return 0
	}
	switch op.Text {
	case "||", "??":
		return 1
	case "&&":
		return 2
	case "|":
		return 3
	case "^":
		return 4
	case "&":
		return 5
	case "==", "!=", "===", "!==":
		return 6
	case "<", ">", "<=":
		return 7
	case "+", "-":
		return 9
	case "*", "/", "%":
		return 10
	case "**":
		return 11
	}
	return 0
}

func (r reader) binary(i, least int) (Value, int) {
	v, end := r.unary(i)
	for end < len(r.Tokens) && !r.starts[end] {
		op := r.Tokens[end]
		if op.Kind == Ident && (op.Text == "as" || op.Text == "satisfies") {
			end = r.skipType(end + 1)
			continue
		}
		p := precedence(op)
		if p < least || p == 0 {
			break
		}
		if !r.enter() {
			return r.at(Value{}, i), r.stop(i)
		}
		b, next := r.binary(end+1, p+1)
		r.leave()
		if next <= end+1 && next < len(r.Tokens) && op.Text == ">" { // >>, >= in pieces
			return r.at(Value{}, i), r.stop(i)
		}
		v, end = r.at(r.combine(op.Text, v, b), i), next
	}
	return v, end
}

func (r reader) combine(op string, a, b Value) Value {
	if r.program.Build {
		if v, ok := combineUnset(op, a, b); ok {
			return v
		}
	}
	switch op {
	case "==", "===", "!=", "!==":
		if is, ok := equal(a, b, len(op) == 3); ok {
			return truth(is == (op[0] == '='))
		}
	case "||":
		return logicalOr(a, b, false)
	case "??":
		return logicalOr(a, b, true)
	case "&&":
		if a.Kind == Scalar {
			if a.falsy() {
				return a
			}
			return b
		}
	case "|":
		if b.Kind == Scalar && b.Text == "0" { // x | 0
			return numeric(a, false)
		}
	case "+":
		if v, ok := r.suffixed(a, b); ok {
			return v
		}
		return plus(a, b)
	}
	return Value{}
}

// suffixed is a text with the default of a variable behind it, as a build has it
// that does not set the variable. It stays an Env, so that the variable is known.
func (r reader) suffixed(a, b Value) (Value, bool) {
	if !r.program.Build || a.Kind != Scalar || b.Kind != Env || a.Text == "" {
		return Value{}, false
	}
	return b.unset(func(x Value) (Value, bool) {
		v := plus(a, x)
		return v, x.Known() && v.Kind == Scalar
	})
}

// combineUnset compares two values if no variable is set, and combines them by &&.
func combineUnset(op string, a, b Value) (Value, bool) {
	switch op {
	case "==", "===", "!=", "!==":
		if a.Kind != Env {
			a, b = b, a
		}
		return a.unset(func(x Value) (Value, bool) {
			is, ok := equal(x, b.Unset(), len(op) == 3)
			return truth(is == (op[0] == '=')), ok
		})
	case "&&":
		return a.unset(func(x Value) (Value, bool) {
			if x.Kind == Scalar && x.falsy() {
				return x, true
			}
			return b, x.Kind == Scalar
		})
	}
	return Value{}, false
}

func truth(is bool) Value {
	if is {
		return word("true")
	}
	return word("false")
}

func (r reader) unary(i int) (Value, int) {
	if i >= len(r.Tokens) || !r.enter() {
		return r.at(Value{}, i), r.stop(i)
	}
	defer r.leave()
	t := r.Tokens[i]
	if t.Kind == Ident && r.word(i+1) != "=>" {
		switch t.Text {
		case "await":
			return r.unary(i + 1)
		case "typeof", "void", "delete", "yield":
			_, end := r.unary(i + 1)
			return r.at(Value{}, i), end
		}
	}
	if t.Kind == Punct {
		switch t.Text {
		case "+":
			v, end := r.unary(i + 1)
			return r.at(numeric(v, false), i), end
		case "-":
			v, end := r.unary(i + 1)
			if v.Kind == Scalar && v.Type == Numeric {
				v.Text = "-" + v.Text
				return r.at(v, i), end
			}
			return r.at(Value{}, i), end
		case "!":
			v, end := r.unary(i + 1)
			if v.Kind == Scalar || r.program.Build {
				v, _ = v.unset(func(x Value) (Value, bool) { return truth(x.falsy()), x.Kind == Scalar })
				return r.at(v, i), end
			}
			return r.at(Value{}, i), end
		case "~", "++", "--", "...":
			_, end := r.unary(i + 1)
			return r.at(Value{}, i), end
		case "<": // a type assertion, or type parameters
			if after := r.skipTypeArguments(i); after > i {
				return r.expr(after)
			}
		}
	}
	return r.postfix(i, len(r.Tokens))
}

// postfix reads a primary expression with its members and calls, up to the
// token until.
func (r reader) postfix(i, until int) (Value, int) {
	if r.is(i, "new") && !r.is(i+1, ".") {
		return r.creation(i, until)
	}
	v, end := r.primary(i)
	return r.members(i, v, end, until)
}

// members reads what follows a primary expression.
func (r reader) members(start int, v Value, end, until int) (Value, int) {
	for end < until && end < len(r.Tokens) && !r.starts[end] {
		if !r.enter() {
			return r.at(Value{}, start), r.stop(start)
		}
		r.leave()
		t := r.Tokens[end]
		switch {
		case t.Kind == Template || t.Kind == Head:
			arg, after := r.template(end)
			v, end = r.at(r.call(v, []Value{arg}, r.text(start)), start), after
		case t.Kind != Punct:
			return v, end
		case (t.Text == "." || t.Text == "?.") && r.word(end+1) != "":
			v, end = r.member(v, r.text(end+1), end+1), end+2
		case t.Text == "[" || t.Text == "?." && r.is(end+1, "["):
			open := end
			if t.Text == "?." {
				open++
			}
			key, after := r.expr(open + 1)
			if after != r.Close(open) {
				v = Value{}
			} else {
				v = r.element(v, key, open+1)
			}
			end = r.Close(open) + 1
		case t.Text == "(" || t.Text == "?." && r.is(end+1, "("):
			open := end
			if t.Text == "?." {
				open++
			}
			v, end = r.made(r.at(r.call(v, r.arguments(open), r.text(start)), start), open), r.Close(open)+1
		case t.Text == "<":
			after := r.skipTypeArguments(end)
			if after == end || !r.is(after, "(") {
				return v, end
			}
			end = after
		case t.Text == "!" && !t.fresh:
			end++ // TypeScript's x!
		case t.Text == "++" || t.Text == "--":
			v, end = r.at(Value{}, start), end+1
		default:
			return v, end
		}
		if v.File == "" {
			v = r.at(v, start)
		}
	}
	return v, min(end, len(r.Tokens))
}

// element is v[key], read at token i.
func (r reader) element(v, key Value, i int) Value {
	switch key.Kind {
	case Scalar:
		return r.member(v, key.Text, i)
	case Env:
		if !r.program.Build {
			break
		}
		if out, ok := key.unset(func(k Value) (Value, bool) { return r.member(v, k.Text, i), k.Known() }); ok {
			return out
		}
	case Either:
		var list []Value
		for _, k := range key.Values {
			if k.Kind != Scalar {
				return Value{}
			}
			list = append(list, r.member(v, k.Text, i))
		}
		return either(list...)
	default:
	}
	return Value{}
}

// creation reads new X(…).
func (r reader) creation(i, until int) (Value, int) {
	if !r.enter() {
		return r.at(Value{}, i), r.stop(i)
	}
	defer r.leave()
	name := i + 1
	v, end := r.primary(name)
	for r.is(end, ".") && r.word(end+1) != "" {
		v, end = r.member(v, r.text(end+1), end+1), end+2
	}
	if after := r.skipTypeArguments(end); r.is(after, "(") {
		end = after
	}
	var args []Value
	site := i
	if r.is(end, "(") {
		args, site = r.arguments(end), end
		end = r.Close(end) + 1
	}
	switch {
	case v.Kind == Reference && v.Ref == Ref{Name: "URL"}:
		v = location(args)
	case v.Kind == Function && v.file.scope[v.scope].kind == classScope:
		v = Value{Kind: Call, file: v.file, scope: v.scope, Values: args, Named: r.text(name)}
		if super, ok := v.file.superOf(v.scope); ok {
			v.Ref = super.Ref
		}
	default:
		v = made(v, args, r.text(name))
	}
	return r.members(i, r.made(r.at(v, i), site), end, until)
}

// made gives an object the place at which it is made.
func (r reader) made(v Value, i int) Value {
	if v.Kind == Call && v.Made == (Site{}) {
		v.Made = Site{r.Name, i}
	}
	return v
}

// superOf is what the class extends.
func (f *File) superOf(class int32) (Value, bool) {
	brace := int(f.scope[class].from)
	for i := brace - 1; i > brace-40 && i >= 0 && !f.is(i, "class"); i-- {
		if f.is(i, "extends") {
			v, _ := reader{File: f}.postfix(i+1, brace)
			return v, v.Kind == Reference
		}
	}
	return Value{}, false
}

// maxArguments bounds the arguments that are read.
const maxArguments = 64

// arguments reads those in the parentheses at open.
func (r reader) arguments(open int) []Value {
	var out []Value
	end := r.Close(open)
	if end >= len(r.Tokens) {
		return nil
	}
	for j := open + 1; j < end && len(out) < maxArguments; {
		if r.is(j, "...") {
			v, _ := r.expr(j + 1)
			if v.Kind != Array || v.Open {
				return append(out, r.at(Value{}, j))
			}
			out = append(out, v.Values...)
		} else {
			v, after := r.expr(j)
			if after != r.stop(j) && after != end {
				v = r.at(Value{}, j)
			}
			out = append(out, v)
		}
		j = behind(r.File, min(r.stop(j), end), j)
	}
	return out
}

func (r reader) primary(i int) (Value, int) {
	if i >= len(r.Tokens) {
		return r.at(Value{}, i), i
	}
	t := r.Tokens[i]
	switch t.Kind {
	case String:
		return r.at(Value{Kind: Scalar, Text: t.Value()}, i), i + 1
	case Number:
		return r.at(number(t.Text), i), i + 1
	case Template, Head:
		return r.template(i)
	case Regexp:
		return r.at(Value{}, i), i + 1
	case Ident:
		return r.ident(i)
	case Punct:
		end := r.Close(i)
		if end >= len(r.Tokens) {
			break
		}
		switch t.Text {
		case "(":
			v, after := r.expr(i + 1)
			for r.is(after, ",") { // the last of a list
				v, after = r.expr(after + 1)
			}
			if after != end {
				v = r.at(Value{}, i)
			}
			return v, end + 1
		case "[":
			return r.array(i), end + 1
		case "{":
			return r.object(i), end + 1
		}
	default:
	}
	return r.at(Value{}, i), max(r.stop(i), i+1)
}

// template reads a template literal.
func (r reader) template(i int) (Value, int) {
	if r.Tokens[i].Kind == Template {
		return r.at(Value{Kind: Scalar, Text: r.Tokens[i].Value()}, i), i + 1
	}
	end := r.templateEnd(i) + 1
	v := Value{Kind: Scalar, Text: r.Tokens[i].Value()}
	for part := i; part < end-1; {
		x, after := r.expr(part + 1)
		next := int(r.matches[part])
		if next <= part {
			return r.at(Value{}, i), max(r.stop(i), i+1)
		}
		if after != next {
			x = Value{}
		}
		if v.Kind == Scalar && v.Text == "" && v.Type == Text {
			v = text(x)
			if x.Kind == Computed || v.Kind == Computed || v.Kind == Call || v.Kind == Method {
				v = Value{Kind: Parts}
			}
		} else if y, ok := r.suffixed(v, x); ok {
			v = y
		} else {
			v = plus(v, text(x))
		}
		if s := r.Tokens[next].Value(); s != "" {
			v = plus(v, Value{Kind: Scalar, Text: s})
		}
		part = next
	}
	return r.at(v, i), end
}

// maxMembers bounds the members of one object, with those that spreads bring.
const maxMembers = 20_000

func (r reader) array(i int) Value {
	v := Value{Kind: Array}
	end := r.Close(i)
	for j := i + 1; j < end; {
		if r.is(j, "...") {
			x, _ := r.expr(j + 1)
			if r.program.Build {
				x = x.Unset()
			}
			if x.Kind == Array && len(v.Values)+len(x.Values) < maxMembers {
				r.steps += len(x.Values)
				v.Values, v.Open = append(v.Values, x.Values...), v.Open || x.Open
			} else {
				v.Open = true
			}
		} else {
			x, after := r.expr(j)
			if stop := min(r.stop(j), end); after != stop {
				x = r.at(Value{}, j)
			}
			v.Values = append(v.Values, x)
		}
		j = behind(r.File, min(r.stop(j), end), j)
	}
	return r.at(v, i)
}

func (r reader) object(i int) Value {
	v := Value{Kind: Object}
	end := r.Close(i)
	put := func(key string, x Value) {
		v.Keys, v.Values = append(v.Keys, key), append(v.Values, x)
	}
	for j := i + 1; j < end; {
		stop := min(r.stop(j), end)
		t := r.Tokens[j]
		key := t.Text
		if t.Kind == String {
			key = t.Value()
		}
		switch {
		case r.is(j, "..."):
			x, _ := r.expr(j + 1)
			if r.program.Build {
				x = x.Unset()
			}
			if x.Kind == Object && len(v.Values)+len(x.Values) < maxMembers {
				r.steps += len(x.Values)
				v.Keys, v.Values, v.Open = append(v.Keys, x.Keys...), append(v.Values, x.Values...), v.Open || x.Open
			} else if x.Kind != Scalar || !x.falsy() { // ...false adds nothing
				v.Open = true
			}
		case (t.Kind == String || t.Kind == Ident || t.Kind == Number) && r.is(j+1, ":"):
			x, after := r.expr(j + 2)
			if after != stop {
				x = r.at(Value{}, j+2)
			}
			put(key, x)
		case t.Kind == Ident && stop == j+1: // shorthand
			x, _ := r.ident(j)
			put(key, x)
		case r.is(j, "["):
			x, after := r.expr(j + 1)
			if after == r.Close(j) && x.Kind == Scalar && r.is(after+1, ":") {
				y, last := r.expr(after + 2)
				if last != stop {
					y = r.at(Value{}, after+2)
				}
				put(x.Text, y)
			} else {
				v.Open = true
			}
		case t.Kind == Ident || t.Kind == String: // a method
			k := j
			for (r.is(k, "async") || r.is(k, "get") || r.is(k, "set") || r.is(k, "*")) && !r.is(k+1, "(") {
				k++
			}
			x := r.at(Value{}, j)
			if fn, ok := r.functions[k+1]; ok && k == j {
				x = r.at(Value{Kind: Function, file: r.File, scope: fn}, j)
			} else if ok && r.is(j, "get") {
				x = r.returned(fn, nil)
			}
			name := r.text(k)
			if s, ok := r.Str(k); ok {
				name = s
			}
			put(name, x)
		case r.is(j, ","):
		default:
			v.Open = true
		}
		j = behind(r.File, stop, j)
	}
	return r.at(v, i)
}

// ident reads a name, a keyword or a function.
func (r reader) ident(i int) (Value, int) {
	name := r.text(i)
	switch name {
	case "true", "false", "null", "undefined":
		return r.at(word(name), i), i + 1
	case "this":
		return r.at(Value{Kind: Method, Text: "this", Recv: &Value{}}, i), i + 1
	case "function", "class":
		at := i
		if name == "class" {
			for end := i + 60; at < end && !r.is(at, "{"); at++ {
				if r.is(at, "(") {
					at = r.Close(at)
				}
			}
		}
		if fn, ok := r.functions[at]; ok {
			return r.at(Value{Kind: Function, file: r.File, scope: fn}, i), int(r.scope[fn].to) + 1
		}
		return r.at(Value{}, i), max(r.stop(i), i+1)
	case "import":
		if r.is(i+1, ".", "meta") {
			return r.at(Value{Kind: Reference, Ref: Ref{Name: "import.meta"}}, i), i + 3
		}
		if s, ok := r.Str(i + 2); ok && r.is(i+1, "(") {
			return r.at(r.module(s, "*"), i), r.Close(i+1) + 1
		}
		return r.at(Value{}, i), i + 1
	}
	b := r.lookup(name, i)
	if b >= 0 {
		return r.use(b, i), i + 1
	}
	switch name {
	case "__dirname":
		return r.at(folder(r.Name), i), i + 1
	case "__filename":
		return r.at(Value{Kind: Scalar, Text: r.Name, Base: Root}, i), i + 1
	case "process":
		return r.at(Value{Kind: Reference, Ref: Ref{Module: "process"}}, i), i + 1
	}
	if v, ok := r.global(name); ok {
		return r.at(v, i), i + 1
	}
	return r.at(Value{Kind: Reference, Ref: Ref{Name: name}}, i), i + 1
}

// CalleeStart returns the first token of the expression that is called by the
// parenthesis, or given the template, at i; or -1 if nothing is. Far back it is
// not looked.
func (f *File) CalleeStart(i int) int {
	j := i - 1
	const maxLinks = 48
	for range maxLinks {
		if j < 0 {
			return -1
		}
		if f.is(j, "!") || f.is(j, "?.") {
			j--
			continue
		}
		t := f.Tokens[j]
		switch {
		case t.Kind == Punct && (t.Text == ")" || t.Text == "]"):
			open := int(f.matches[j])
			if open < 0 {
				return -1
			}
			prev := f.text(open - 1)
			chained := open > 0 && !f.starts[open] && f.endsValue(open-1) && prev != "if" && prev != "while" && prev != "for" && prev != "switch" && prev != "}"
			if !chained {
				return open
			}
			j = open - 1
			continue
		case t.Kind == Punct && t.Text == ">":
			// Type arguments: find where they start.
			open, depth := j, 0
			for ; open >= 0 && open > j-40; open-- {
				if f.is(open, ">") {
					depth++
				} else if f.is(open, "<") {
					if depth--; depth == 0 {
						break
					}
				}
			}
			if depth != 0 || f.skipTypeArguments(open) != j+1 {
				return -1
			}
			j = open - 1
			continue
		case t.Kind == Template, t.Kind == Ident:
		default:
			return -1
		}
		if f.is(j-1, ".") || f.is(j-1, "?.") {
			j -= 2
			continue
		}
		if t.Kind == Ident && f.is(j-1, "new") {
			return j - 1
		}
		return j
	}
	return -1
}

// Called is what a call calls.
type Called struct {
	Value        // a Reference, a Function, a Method, or something computed
	Name  string // the last name of it, "" for none
	At    int    // the token of the name
	New   bool
}

// Callee reads what is called by the parenthesis, or given the template, at
// token i.
func (f *File) Callee(i int) (Called, bool) {
	start := f.CalleeStart(i)
	if start < 0 {
		return Called{}, false
	}
	last := i - 1
	for last > start && (f.is(last, "?.") || f.is(last, "!") || f.is(last, ">")) {
		for angle := 0; f.is(last, ">") || angle > 0 && last > start; last-- {
			if f.is(last, ">") {
				angle++
			} else if f.is(last, "<") {
				if angle--; angle == 0 {
					break
				}
			}
		}
		last--
	}
	c := Called{At: last, Name: f.word(last), New: f.is(start, "new")}
	if c.New {
		start++
	}
	c.Value, _ = reader{File: f}.postfix(start, last+1)
	return c, true
}

// Arguments reads the arguments in the parentheses at token i, or the template
// there.
func (f *File) Arguments(i int) []Value {
	if f.Tokens[i].Kind != Punct {
		v, _ := reader{File: f}.template(i)
		return []Value{v}
	}
	return reader{File: f}.arguments(i)
}

// Head reports whether the parenthesis at i belongs to the head of a function,
// a method or a statement, and calls nothing.
func (f *File) Head(i int) bool {
	if x := f.scope[f.inside[i]]; x.kind == functionScope && int(x.open) == i {
		return true
	}
	keywords := []string{"if", "for", "while", "switch", "catch", "with", "function", "return", "typeof", "await", "import"}
	return slices.Contains(keywords, f.text(i-1)) && !f.is(i-2, ".")
}

// Declared reports whether the file declares the name at token i.
func (f *File) Declared(i int) bool { return f.lookup(f.text(i), i) >= 0 }

// InConstructor reports whether token i is among the parameters of a
// constructor.
func (f *File) InConstructor(i int) bool {
	x := f.scope[f.inside[i]]
	return x.kind == functionScope && x.caller >= 0 && i < int(x.body)
}

// Handed lists what a function gives one of its parameters when it calls it, by
// the number of the argument: the folder in (req, file, done) => done(null, 'x').
func (f *File) Handed(fn Value, place, argument int) []Value {
	if fn.Kind != Function || fn.file != f {
		return nil
	}
	var name string
	for n, b := range f.scope[fn.scope].names {
		for _, w := range f.bindings[b].writes {
			if w.kind == parameter && w.scope == fn.scope && int(w.index) == place {
				name = n
			}
		}
	}
	var out []Value
	for _, open := range f.calls[name] {
		if x := f.scope[fn.scope]; int(x.from) < open && open < int(x.to) && len(out) < maxCallers {
			if args := f.Arguments(open); argument < len(args) {
				out = append(out, args[argument])
			}
		}
	}
	return out
}

// passes reports whether a function of that name hands its configuration
// through: by the convention of all the frameworks' define functions and of
// Next's plugins (https://nextjs.org/docs/app/guides/mdx#configure-nextconfigmjs).
func passes(name string) bool {
	for _, p := range []string{"define", "with", "compose", "mergeConfig"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
