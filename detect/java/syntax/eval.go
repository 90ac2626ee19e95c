package syntax

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
)

// Evaluator works out what names and expressions hold. It knows:
//
//	known                                       computed
//	literals, + of texts, casts, parentheses    arithmetic
//	names: fields, constants, local variables,  parameters
//	  the last write before the use
//	constants of other classes: Config.PORT     fields of other objects
//	methods without arguments, of this file     methods with arguments
//	  or of a class in the index
//	System.getenv, System.getProperty           other sources
//	a ? b : c, ?:, if … else, orElse(b)         switch, loops
//	conversions: rows of Calls
//
// If two branches hold different values, one of the environment and one
// literal, the literal is the default of the variable; else it is computed.
type Evaluator struct {
	// Class gives the files that may declare the type of that simple name.
	Class func(name string) []*File
	// Convert says what a call is as a value: see Conversion.
	Convert func(class, method string, args int) Conversion
	// Property is what is known of a system property.
	Property func(name string) (value string, ok bool)
	// Inject is what a framework gives a field or parameter, by its annotation;
	// ok is false if it gives none.
	Inject func(f *File, name string, a Annotation) (v effect.Value, ok bool)
	// Setting is what a library of configuration gives code of the file for a key, and otherwise where its files have none.
	Setting func(f *File, key string, otherwise effect.Value) effect.Value
	// Filled is what a library of configuration gives a field of an object that it fills, by the path on which code reaches it:
	// config.server.port. It may be nil.
	Filled func(path string) effect.Value

	steps int // of the value that is worked out
	spent int // of all values so far
}

// Conversion says which value a call has.
type Conversion uint8

// The conversions. The zero value is none: the call is computed.
const (
	NoConversion Conversion = iota
	Arg                     // that of its first argument: Integer.parseInt(x)
	Self                    // that of what it is called on: x.trim()
	OrElse                  // that of what it is called on, with the first argument as default: x.orElse("8080")
	OrSecond                // that of the first argument, with the second as default
	Env                     // the variable that the first argument names, with the second as default
	Property                // a system property: the second argument is the default
	Join                    // a path of all arguments
	Child                   // a path of what it is called on and the argument
	Key                     // what a file of the configuration has for the key that the first argument is, with the second as default
)

// The work for one value, and for all of one evaluator. Beyond it, everything
// is computed.
const (
	maxSteps = 2000
	maxSpent = 2_000_000
)

// begin starts the work for another value.
func (e *Evaluator) begin() {
	if e.spent += e.steps; e.spent < maxSpent {
		e.steps = 0
	} else {
		e.steps = maxSteps
	}
}

// step counts work. It reports whether there is still some to spend.
func (e *Evaluator) step(n, depth int) bool {
	e.steps += n
	return e.steps <= maxSteps && depth <= maxDepth
}

// Of is the value of the expression in the tokens from a to b of a file.
func (e *Evaluator) Of(f *File, a, b int) effect.Value {
	e.begin()
	return e.expr(f, a, b, 0)
}

// maxDepth bounds how far values are followed.
const maxDepth = 24

func (e *Evaluator) expr(f *File, a, b, depth int) effect.Value {
	if a >= b || !e.step(1+(b-a)/16, depth) {
		return effect.Value{}
	}
	for f.Is(a, "(") && f.Close(a) == b-1 {
		a, b = a+1, b-1
	}
	if a >= b {
		return effect.Value{}
	}
	// (int) x
	if p := f.Close(a); f.Is(a, "(") && p > 0 && p < b-1 && f.Ident(p-1) && (f.Ident(p+1) || f.Is(p+1, "(") || f.literal(p+1)) {
		return e.expr(f, p+1, b, depth+1)
	}
	if v, ok := e.choice(f, a, b, depth); ok {
		return v
	}
	if i := f.top(a, b, "+"); i > a && !f.Is(i+1, "+") {
		return concat(e.expr(f, a, i, depth+1), e.expr(f, i+1, b, depth+1))
	}
	if b == a+1 {
		switch t := f.Tokens[a]; {
		case t.Kind == Str && !t.Template, t.Kind == Number:
			return effect.Value{Text: strings.TrimRight(t.Text, "lL"), Sure: effect.Literal}
		case t.Kind == Ident:
			return e.name(f, t.Text, a, depth)
		}
		return effect.Value{}
	}
	return e.chain(f, a, b, depth)
}

func (f *File) literal(i int) bool {
	k, ok := f.Kind(i)
	return ok && (k == Str || k == Number)
}

// top is the first token between a and b that reads so outside of brackets, or -1.
func (f *File) top(a, b int, text string) int {
	for j := a; j < b; j++ {
		if p := f.Close(j); p >= 0 {
			j = p
			continue
		}
		if f.Is(j, text) {
			return j
		}
	}
	return -1
}

// choice reads c ? a : b, a ?: b, and Kotlin's if (c) a else b.
func (e *Evaluator) choice(f *File, a, b, depth int) (effect.Value, bool) {
	if f.Kotlin {
		if f.Is(a, "if") && f.Is(a+1, "(") {
			p := f.Close(a + 1)
			if i := f.top(p+1, b, "else"); p > 0 && i > 0 {
				return join(e.expr(f, p+1, i, depth+1), e.expr(f, i+1, b, depth+1)), true
			}
			return effect.Value{}, true
		}
		for i := f.top(a, b, "?"); i > a; i = f.top(i+1, b, "?") {
			if f.Is(i+1, ":") {
				return orElse(e.expr(f, a, i, depth+1), e.expr(f, i+2, b, depth+1)), true
			}
		}
		return effect.Value{}, false
	}
	if i := f.top(a, b, "?"); i > a {
		if j := f.top(i+1, b, ":"); j > 0 {
			return join(e.expr(f, i+1, j, depth+1), e.expr(f, j+1, b, depth+1)), true
		}
	}
	return effect.Value{}, false
}

// join is the value of two branches.
func join(a, b effect.Value) effect.Value {
	switch {
	case a == b:
		return a
	case a.Env != "" && a.Text == "" && b.Env == "" && b.Sure == effect.Literal:
		a.Text = b.Text
		return a
	case b.Env != "" && b.Text == "" && a.Env == "" && a.Sure == effect.Literal:
		b.Text = a.Text
		return b
	}
	return effect.Value{}
}

// orElse is a with b as its default.
func orElse(a, b effect.Value) effect.Value {
	switch {
	case a.Text == "" && a.Env != "" && b.Env == "":
		a.Text = b.Text
		return a
	case a.Sure == effect.Default && a.Env == "" && a.Text == "":
		return b
	}
	return a
}

func concat(a, b effect.Value) effect.Value {
	switch {
	case a.Sure == effect.Literal && b.Sure == effect.Literal:
		return effect.Value{Text: a.Text + b.Text, Sure: effect.Literal}
	case a.Text != "" && b.Text != "" && a.Sure != effect.Computed && b.Sure != effect.Computed:
		return effect.Value{Text: a.Text + b.Text, Sure: effect.Default}
	}
	return effect.Value{}
}

// name is what a name holds at token i.
func (e *Evaluator) name(f *File, name string, i, depth int) effect.Value {
	if !e.step(1, depth) {
		return effect.Value{}
	}
	d, ok := f.lookup(name, i)
	if !ok {
		return effect.Value{}
	}
	return e.declared(f, name, d, i, depth)
}

// declared is what a declared name holds at token i: the last write before it,
// joined with those that may have happened in between.
func (e *Evaluator) declared(f *File, name string, d decl, i, depth int) effect.Value {
	if !e.step(len(f.writes[name]), depth) {
		return effect.Value{}
	}
	field := f.blocks[d.block].kind == typeBlock
	if v, ok := e.injected(f, name, d, field); ok {
		return v
	}
	if d.param {
		return effect.Value{}
	}
	var v effect.Value
	written := false
	for _, w := range f.writesOf(name, d) {
		if !field && w.at > i {
			break
		}
		if i >= w.from && i < w.to {
			continue // its own initializer
		}
		x := e.expr(f, w.from, w.to, depth+1)
		if written && (field || !f.holds(int(f.inside[w.at]), int(f.inside[i]))) {
			x = join(x, v) // a write in a branch may not have happened
		}
		v, written = x, true
	}
	return v
}

// chain reads a.b.c(x).d(y).
func (e *Evaluator) chain(f *File, a, b, depth int) effect.Value {
	if f.Is(a, "new") {
		a++
	}
	c, ok := f.Chain(a, b)
	if !ok {
		return effect.Value{}
	}
	var v effect.Value
	known := false // whether v is what the chain is so far
	path := ""
	for k, s := range c {
		if !s.Called {
			switch {
			case known:
				return effect.Value{} // a field of a value
			case k == len(c)-1 && path == "this":
				return e.name(f, s.Name, s.At, depth+1)
			case k == len(c)-1:
				v := e.constant(f, path, s.Name, s.At, depth)
				if !v.Known() && path != "" && e.Filled != nil {
					v = e.Filled(path + "." + s.Name)
				}
				return v
			}
			if path != "" {
				path += "."
			}
			path += s.Name
			continue
		}
		args := f.Args(s.Open)
		arg := func(n int) effect.Value {
			if n >= len(args) {
				return effect.Value{}
			}
			x := args[n]
			if f.Is(x[0], "(", ")", "-", ">") { // () -> x
				x[0] += 4
			}
			return e.expr(f, x[0], x[1], depth+1)
		}
		on := path // of what it is called
		if known {
			on = "*"
		}
		kind := e.Convert(class(on), s.Name, len(args))
		if typ := f.typeAt(path, a); kind == NoConversion && !known && typ != "" {
			if kind = e.Convert(typ, s.Name, len(args)); kind != NoConversion {
				path = typ
			}
		}
		if alt := e.Convert("*", s.Name, len(args)); kind == NoConversion && path != "" && alt != NoConversion {
			v, kind = e.dotted(f, path, a, depth), alt
		}
		switch kind {
		case Arg:
			v = arg(0)
		case Self:
		case OrElse:
			v = orElse(v, arg(0))
		case OrSecond:
			v = orElse(arg(0), arg(1))
		case Env:
			n := arg(0)
			if n.Sure != effect.Literal || n.Text == "" {
				if len(args) == 0 { // System.getenv(), a map
					path, known = path+"."+s.Name+"()", false
					continue
				}
				return effect.Value{}
			}
			v = effect.Value{Env: n.Text, Sure: effect.Default}
			if text, ok := e.property(n.Text); ok {
				v = effect.Value{Text: text, Sure: effect.Literal}
			}
			if d := arg(1); len(args) > 1 && d.Sure == effect.Literal {
				v.Text = d.Text
			}
		case Property:
			v = effect.Value{Sure: effect.Default, Text: arg(1).Text}
			if name := arg(0); name.Sure == effect.Literal && name.Text != "" {
				v.Flag = "-D" + name.Text + "="
			}
			if text, ok := e.property(arg(0).Text); ok {
				v = effect.Value{Sure: effect.Literal, Text: text}
			}
		case Join:
			v = arg(0)
			for n := 1; n < len(args); n++ {
				v = child(v, arg(n))
			}
		case Child:
			v = child(v, arg(0))
		case Key:
			if len(args) == 0 { // a value of the configuration as a text
				break
			}
			key := arg(0)
			if v = (effect.Value{}); key.Sure == effect.Literal && e.Setting != nil {
				v = e.Setting(f, key.Text, arg(1))
			}
		case NoConversion:
			if len(args) > 0 || known {
				return effect.Value{}
			}
			v = e.method(f, path, s.Name, s.At, depth)
		}
		path, known = "", true
	}
	if !known {
		return effect.Value{}
	}
	return v
}

// typeAt is the declared type of the variable of that name at token i, or "".
func (f *File) typeAt(name string, i int) string {
	if d, ok := f.lookup(name, i); ok && !d.param {
		return f.declaredType(d)
	}
	return ""
}

// class drops the package before the name of a class.
func class(path string) string {
	for i := 0; i < len(path); i++ {
		if isUpper(path[i:]) && (i == 0 || path[i-1] == '.') {
			return path[i:]
		}
	}
	return path
}

// dotted is the value of a name, this.name or Class.NAME.
func (e *Evaluator) dotted(f *File, path string, at, depth int) effect.Value {
	owner, name, has := cutLast(path)
	if !has {
		return e.name(f, path, at, depth+1)
	}
	if owner == "this" {
		return e.name(f, name, at, depth+1)
	}
	return e.constant(f, owner, name, at, depth)
}

func cutLast(s string) (before, last string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// child joins two parts of a path.
func child(a, b effect.Value) effect.Value {
	if b.Sure != effect.Literal || a.Sure == effect.Computed {
		return effect.Value{}
	}
	if a.Text == "" {
		return effect.Value{}
	}
	a.Text = strings.TrimSuffix(a.Text, "/") + "/" + strings.TrimPrefix(b.Text, "/")
	return a
}

// owners are the files that may declare the type of that name.
func (e *Evaluator) owners(f *File, class string) []*File {
	_, simple, _ := cutLast(class)
	list := e.Class(simple)
	if len(list) > 1 {
		if slices.Contains(list, f) {
			return []*File{f}
		}
		return nil // which of them is not known
	}
	return list
}

// constant is a field of a type: Config.PORT.
func (e *Evaluator) constant(f *File, class, name string, at, depth int) effect.Value {
	if d, ok := f.lookup(class, at); ok && d.typ >= 0 { // a variable of that type
		class = f.Tokens[d.typ].Text
	}
	_, simple, _ := cutLast(class)
	if simple == "File" && strings.HasPrefix(name, "separator") {
		return effect.Value{Text: "/", Sure: effect.Literal}
	}
	for _, o := range e.owners(f, class) {
		for _, d := range o.decls[name] {
			if b := o.blocks[d.block]; b.kind == typeBlock && (b.name == simple || b.name == "" || d.block == 0) {
				return e.declared(o, name, d, d.at, depth+1)
			}
		}
	}
	return effect.Value{}
}

// method is what a method without arguments returns.
func (e *Evaluator) method(f *File, class, name string, at, depth int) effect.Value {
	if !e.step(1, depth) {
		return effect.Value{}
	}
	files := []*File{f}
	if class != "" && class != "this" {
		if d, ok := f.lookup(class, at); ok && d.typ >= 0 {
			class = f.Tokens[d.typ].Text
		}
		files = e.owners(f, class)
	}
	for _, o := range files {
		if bodies := o.funcs[name]; len(bodies) == 1 {
			return e.returns(o, bodies[0], depth+1)
		}
		if v := e.getter(o, name, depth+1); v.Known() {
			return v
		}
	}
	return effect.Value{}
}

// getter is the value of the field that a method gets which is written nowhere:
// that of a record, or of a class whose getters a tool writes.
func (e *Evaluator) getter(f *File, name string, depth int) effect.Value {
	field := name
	if rest, ok := strings.CutPrefix(name, "get"); ok && isUpper(rest) {
		field = strings.ToLower(rest[:1]) + rest[1:]
	}
	if list := f.decls[field]; len(list) == 1 && len(f.funcs[name]) == 0 {
		return e.declared(f, field, list[0], list[0].at, depth)
	}
	return effect.Value{}
}

// property is what is known of a system property.
func (e *Evaluator) property(name string) (string, bool) {
	if e.Property == nil || name == "" {
		return "", false
	}
	return e.Property(name)
}

// injected is what a framework gives the declared name.
func (e *Evaluator) injected(f *File, name string, d decl, field bool) (effect.Value, bool) {
	if e.Inject == nil {
		return effect.Value{}, false
	}
	for _, a := range f.annotations(d.at) {
		if v, ok := e.Inject(f, name, a); ok {
			return v, true
		}
	}
	if field && f.blocks[d.block].open > 0 {
		for _, a := range f.annotations(f.blocks[d.block].open) {
			if v, ok := e.Inject(f, name, a); ok {
				return v, true
			}
		}
	}
	return effect.Value{}, false
}

// Folder is the folder of a path whose last part is worked out when the program
// runs: dir.resolve(name), new File(dir, name), "uploads/" + name.
func (e *Evaluator) Folder(f *File, a, b int) effect.Value {
	e.begin()
	return e.folder(f, a, b, 0)
}

func (e *Evaluator) folder(f *File, a, b, depth int) effect.Value {
	for f.Is(a, "(") && f.Close(a) == b-1 {
		a, b = a+1, b-1
	}
	if a >= b || !e.step(1+(b-a)/16, depth) {
		return effect.Value{}
	}
	if v := e.expr(f, a, b, depth+1); v.Text != "" && depth > 0 {
		return v
	}
	if i := f.top(a, b, "+"); i > a {
		v := e.expr(f, a, i, depth+1)
		for v.Text != "" && i > 0 && i < b { // as far as the parts are known
			next := f.top(i+1, b, "+")
			end := next
			if end < 0 {
				end = b
			}
			x := concat(v, e.expr(f, i+1, end, depth+1))
			if x.Text == "" {
				break
			}
			v, i = x, next
		}
		cut := strings.LastIndexByte(v.Text, '/')
		switch {
		case cut > 0:
			v.Text = v.Text[:cut]
		case v.Text != "":
			v.Text = "."
		}
		return v
	}
	if b == a+1 {
		if d, ok := f.lookup(f.Tokens[a].Text, a); ok && !d.param {
			if _, given := e.injected(f, f.Tokens[a].Text, d, f.blocks[d.block].kind == typeBlock); given {
				return effect.Value{}
			}
			if w := f.writesOf(f.Tokens[a].Text, d); len(w) == 1 && w[0].from < w[0].to {
				return e.folder(f, w[0].from, w[0].to, depth+1)
			}
		}
		return effect.Value{}
	}
	start := a
	if f.Is(a, "new") {
		start++
	}
	chain, ok := f.Chain(start, b)
	if !ok || len(chain) == 0 || !chain[len(chain)-1].Called {
		return effect.Value{}
	}
	last := chain[len(chain)-1]
	switch kind := e.Convert(f.classOf(chain), last.Name, len(f.Args(last.Open))); {
	case kind == Join:
		if args := f.Args(last.Open); len(args) > 0 {
			return e.folder(f, args[0][0], args[0][1], depth+1)
		}
	case kind == Child || last.Name == "resolve" || e.Convert("*", last.Name, 0) == Self:
		return e.folder(f, a, last.At-1, depth+1)
	}
	return effect.Value{}
}

// classOf is the class that the last call of a chain is a method of, as it is written.
func (f *File) classOf(chain []Step) string {
	if len(chain) == 1 {
		return ""
	}
	return chain[len(chain)-2].Name
}

// returns joins what the returns of a function give.
func (e *Evaluator) returns(f *File, body, depth int) effect.Value {
	if body < 0 {
		return e.expr(f, 1-body, f.end(1-body), depth)
	}
	var v effect.Value
	n := 0
	b := f.blocks[body]
	for i := b.open + 1; i < b.close && n < 20; i++ {
		if f.Is(i, "return") && !f.Is(i+1, ";") && e.function(f, i) == body {
			x := e.expr(f, i+1, f.end(i+1), depth)
			if n++; n > 1 {
				x = join(v, x)
			}
			v = x
		}
	}
	return v
}

// function is the innermost function around token i.
func (e *Evaluator) function(f *File, i int) int {
	b := int(f.inside[i])
	for b > 0 && f.blocks[b].kind != funcBlock {
		b = f.blocks[b].parent
	}
	return b
}

// Variables yields the values that variables and methods of the file hold in
// the end, if a variable of the environment decides them, each with the token
// of its name.
func (e *Evaluator) Variables(f *File) func(yield func(at int, v effect.Value) bool) {
	return func(yield func(int, effect.Value) bool) {
		names := make([]string, 0, len(f.decls)+len(f.funcs))
		for name := range f.decls {
			names = append(names, name)
		}
		slices.Sort(names)
		n := 0
		for _, name := range names {
			for _, d := range f.decls[name] {
				if n++; n > maxVariables || len(f.decls[name]) > maxDecls {
					return
				}
				e.begin()
				end := max(f.blocks[d.block].close-1, d.at)
				if v := e.declared(f, name, d, end, 0); v.Env != "" && !yield(d.at, v) {
					return
				}
			}
		}
		names = names[:0]
		for name := range f.funcs {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			for _, body := range f.funcs[name] {
				if n++; n > maxVariables {
					return
				}
				at := -body
				if body >= 0 {
					at = f.blocks[body].open
				}
				e.begin()
				if v := e.returns(f, body, 0); v.Env != "" && !yield(at, v) {
					return
				}
			}
		}
	}
}

// maxVariables bounds the variables and methods of one file that are evaluated.
const maxVariables = 2000

// Initial is the value that the name at token i is first given, as tokens.
func (f *File) Initial(i int) (from, to int, ok bool) {
	name := f.Tokens[i].Text
	d, found := f.lookup(name, i)
	if !found || d.param {
		return 0, 0, false
	}
	for _, w := range f.writes[name] {
		if w.at == d.at && w.from < w.to {
			return w.from, w.to, true
		}
	}
	return 0, 0, false
}
