package js

import "slices"

// blockKind says when the code of a scope runs.
type blockKind uint8

const (
	plainBlock blockKind = iota
	branch               // only under a condition: if, else, switch, try, catch
	loop
	functionScope
	classScope
)

// scope is a part of a file in which names are declared.
type scope struct {
	parent, function int32 // the scopes around it; function is itself for a function
	from, to         int32 // the first and the last token
	kind             blockKind
	names            map[string]int32 // of its own bindings

	// Of a function or a class:
	open   int32 // the parenthesis of the parameters, or the one parameter
	body   int32 // the brace or the expression behind the parameters
	name   int32 // the binding that holds it, -1 for none
	method bool
	caller int32 // of a constructor, its class
}

// step is one step of a destructuring: a key, or a place in an array.
type step struct {
	key   string
	value int32 // the default's expression, -1 for none
}

// writeKind says how a write takes its value.
type writeKind uint8

const (
	assigned writeKind = iota // the value of an expression
	computed                  // +=, ++, a destructuring that cannot be read
	orElse                    // ||= and ??=: only if there is nothing yet
	element                   // each element of an expression in turn
	parameter
	imported
	nothing // let x;
	callable
)

// write is one place that gives a name, or a member of what it holds, a value.
type write struct {
	kind        writeKind
	at          int32 // the token
	scope       int32
	value       int32    // the first token of the expression; of callable, where its scope starts
	path        []string // the members, nil for the name itself
	steps       []step   // the destructuring between the expression and the name
	conditional bool     // a condition in the same scope guards it
	start       int32    // where the statement starts that is conditional; 0 if that is not known
	index       int32    // of a parameter
	module      int32    // of imported, the index in Imports
	typ         int32    // the type that is declared, -1 for none
}

// binding is a declared name.
type binding struct {
	name   string
	scope  int32
	writes []write
}

func (f *File) text(i int) string {
	if i < 0 || i >= len(f.Tokens) {
		return ""
	}
	return f.Tokens[i].Text
}

// is reports whether the tokens from i on have these texts. A string or a
// template is never meant.
func (f *File) is(i int, want ...string) bool {
	for k, w := range want {
		if i+k < 0 || i+k >= len(f.Tokens) || f.Tokens[i+k].Text != w {
			return false
		}
	}
	return true
}

// word returns the name at i, or "".
func (f *File) word(i int) string {
	if i >= 0 && i < len(f.Tokens) && f.Tokens[i].Kind == Ident {
		return f.Tokens[i].Text
	}
	return ""
}

// Str returns the text of the string or plain template at i.
func (f *File) Str(i int) (string, bool) {
	if i < 0 || i >= len(f.Tokens) || f.Tokens[i].Kind != String && f.Tokens[i].Kind != Template {
		return "", false
	}
	return f.Tokens[i].Value(), true
}

// Line is the line of token i.
func (f *File) Line(i int) int {
	if i < 0 || i >= len(f.Tokens) {
		return 0
	}
	return int(f.Tokens[i].Line)
}

// Close returns the token that closes the bracket at i; len(f.Tokens) if none
// does.
func (f *File) Close(i int) int {
	if i < 0 || i >= len(f.Tokens) || int(f.matches[i]) <= i {
		return len(f.Tokens)
	}
	return int(f.matches[i])
}

// closes reports whether a token of punctuation is a closing bracket.
func closes(text string) bool { return text == ")" || text == "]" || text == "}" }

// bracket numbers the pairs of brackets; those of a template are 0.
func bracket(t Token) int {
	if t.Kind != Punct {
		return 0
	}
	switch t.Text {
	case "(", ")":
		return 1
	case "[", "]":
		return 2
	default:
		return 3
	}
}

// match fills matches, starts and stops.
func (f *File) match() {
	n := len(f.Tokens)
	f.matches, f.stops, f.starts, f.inside = make([]int32, n), make([]int32, n+1), make([]bool, n), make([]int32, n)
	var open []int32
	var count [4]int // of the open brackets of each pair
	opening := func(i int) {
		open = append(open, int32(i))
		count[bracket(f.Tokens[i])]++
	}
	closing := func(i int) {
		// Brackets that were not closed before are nobody's.
		for want := bracket(f.Tokens[i]); count[want] > 0; {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			k := bracket(f.Tokens[at])
			count[k]--
			if k == want {
				f.matches[at], f.matches[i] = int32(i), at
				return
			}
		}
	}
	for i, t := range f.Tokens {
		f.matches[i] = -1
		switch {
		case t.Kind == Punct && (t.Text == "(" || t.Text == "[" || t.Text == "{"), t.Kind == Head:
			opening(i)
		case t.Kind == Punct && closes(t.Text), t.Kind == Tail:
			closing(i)
		case t.Kind == Middle:
			closing(i)
			opening(i)
		}
		f.starts[i] = i > 0 && t.fresh && f.endsValue(i-1) && startsStatement(t)
	}
	f.stops[n] = int32(n)
	for i := n - 1; i >= 0; i-- {
		next := i + 1
		switch t := f.Tokens[i]; {
		case t.Kind == Middle, t.Kind == Tail, t.Kind == Punct && (t.Text == "," || t.Text == ";" || closes(t.Text)):
			f.stops[i] = int32(i)
			continue
		case t.Kind == Head:
			next = f.templateEnd(i) + 1
		case int(f.matches[i]) > i:
			next = int(f.matches[i]) + 1
		}
		if next < n && f.starts[next] {
			f.stops[i] = int32(next)
		} else {
			f.stops[i] = f.stops[min(next, n)]
		}
	}
}

// templateEnd returns the last token of the template whose Head is at i.
func (f *File) templateEnd(i int) int {
	for i < len(f.Tokens) && f.Tokens[i].Kind != Tail {
		if int(f.matches[i]) <= i {
			return i
		}
		i = int(f.matches[i])
	}
	return i
}

// endsValue reports whether an expression can end with token i.
func (f *File) endsValue(i int) bool {
	switch t := f.Tokens[i]; t.Kind {
	case Number, String, Template, Tail, Regexp:
		return true
	case Ident:
		return !operatorWord(t.Text) || f.is(i-1, ".")
	case Markup:
		return t.Text == ">" || t.Text == "/>"
	case Punct:
		return closes(t.Text) || t.Text == "++" || t.Text == "--" || t.Text == "!"
	default:
		return false
	}
}

// startsStatement reports whether no operator can be meant by the first token
// of a line, so that a semicolon is inserted before it:
// https://tc39.es/ecma262/#sec-automatic-semicolon-insertion.
func startsStatement(t Token) bool {
	switch t.Kind {
	case Ident:
		return !slices.Contains([]string{"in", "of", "instanceof", "as", "satisfies", "extends", "implements", "from"}, t.Text)
	case Number, String:
		return true
	case Punct:
		return t.Text == "{" || t.Text == "@" || t.Text == "!" || t.Text == "++" || t.Text == "--"
	default:
		return false
	}
}

// scopes finds the scopes, the names that they declare and what is written to
// them, in one pass.
func (f *File) scopes() {
	n := len(f.Tokens)
	f.scope = []scope{{parent: -1, to: int32(n), name: -1, caller: -1}}
	f.fields, f.calls, f.exports, f.functions, f.results = map[field][]write{}, map[string][]int{}, map[string]export{}, map[int]int32{}, map[int32][]int{}
	declared := make([]bool, n)
	s := &scoper{File: f, declared: declared, open: []int32{0}}
	for i := range f.Tokens {
		for len(s.open) > 1 && i > int(f.scope[s.top()].to) {
			s.open = s.open[:len(s.open)-1]
		}
		for k := range s.pending {
			if s.pending[k].from == int32(i) {
				s.enter(s.pending[k])
				s.pending = slices.Delete(s.pending, k, k+1)
				break
			}
		}
		f.inside[i] = s.top()
		s.token(i)
	}
	for _, op := range s.sites {
		s.assignment(int(op))
	}
	for i := range f.bindings {
		slices.SortStableFunc(f.bindings[i].writes, func(a, b write) int { return int(a.at - b.at) })
	}
}

type scoper struct {
	*File
	declared []bool
	open     []int32
	pending  []scope // those that start at a later token
	sites    []int32
}

func (s *scoper) top() int32 { return s.open[len(s.open)-1] }

// enter opens a scope at the current token.
func (s *scoper) enter(x scope) {
	x.parent = s.top()
	at := int32(len(s.scope))
	x.function = s.scope[x.parent].function
	if x.kind == functionScope {
		x.function = at
	}
	if to := s.scope[x.parent].to; x.to > to {
		x.to = to
	}
	s.scope = append(s.scope, x)
	s.open = append(s.open, at)
	if x.kind == functionScope || x.kind == classScope {
		s.functions[int(x.from)] = at
	}
	if x.kind == functionScope {
		s.parameters(at)
	}
}

// declare returns the binding of a name in a scope.
func (s *scoper) declare(scope int32, name string) int32 {
	x := &s.scope[scope]
	if b, ok := x.names[name]; ok {
		return b
	}
	if x.names == nil {
		x.names = map[string]int32{}
	}
	b := int32(len(s.bindings))
	x.names[name] = b
	s.bindings = append(s.bindings, binding{name: name, scope: scope})
	return b
}

func (s *scoper) token(i int) {
	t := s.Tokens[i]
	switch {
	case t.Kind == Ident && s.is(i-1, "."), t.Kind == Ident && s.is(i-1, "?."):
		if s.is(i+1, "(") && slices.Contains(each, t.Text) {
			s.calls["."+t.Text] = append(s.calls["."+t.Text], i+1)
		}
	case t.Kind == Ident:
		s.keyword(i, t.Text)
	case t.Kind != Punct:
	case t.Text == "(":
		s.paren(i)
	case t.Text == "{" && !t.object:
		s.block(i)
	case writes(t.Text):
		s.sites = append(s.sites, int32(i))
	}
}

// writes reports whether an operator writes to its operand.
func writes(op string) bool {
	switch op {
	case "==", "===", "!=", "!==", "<=":
		return false
	case "++", "--":
		return true
	}
	return op[len(op)-1] == '='
}

func (s *scoper) keyword(i int, text string) {
	switch text {
	case "const", "let", "var":
		if !s.is(i-1, "as") {
			s.declarations(i)
		}
	case "function":
		s.function(i)
	case "class":
		s.class(i)
	case "enum":
		if s.word(i+1) != "" && s.is(i+2, "{") {
			b := s.declare(s.top(), s.text(i+1))
			s.declared[i+1] = true
			s.bindings[b].writes = append(s.bindings[b].writes, write{kind: callable, at: int32(i + 1), scope: s.top(), value: int32(i + 2), typ: -1})
			s.pend(scope{from: int32(i + 2), to: int32(s.Close(i + 2)), kind: classScope, open: -1, name: b, caller: -1})
		}
	case "import":
		s.importing(i)
	case "export":
		s.exporting(i)
	case "require":
		s.requiring(i)
	case "for":
		open := i + 1
		if s.is(open, "await") {
			open++
		}
		if s.is(open, "(") {
			to := s.bodyEnd(s.Close(open) + 1)
			s.pend(scope{from: int32(open), to: int32(to), kind: loop, open: -1, name: -1, caller: -1})
		}
	case "catch":
		if s.is(i+1, "(") && s.is(s.Close(i+1)+1, "{") {
			s.pend(scope{from: int32(i + 1), to: int32(s.Close(s.Close(i+1) + 1)), kind: branch, open: -1, name: -1, caller: -1})
		}
	default:
		if s.is(i+1, "=>") {
			s.arrow(i, i, i+1)
		}
	}
	if text != "if" && s.is(i+1, "(") {
		s.calls[text] = append(s.calls[text], i+1)
	}
}

func (s *scoper) pend(x scope) {
	if x.to > int32(len(s.Tokens)) {
		x.to = int32(len(s.Tokens))
	}
	if len(s.pending) < 8 {
		s.pending = append(s.pending, x)
	}
}

// bodyEnd returns the last token of the statement at i.
func (s *scoper) bodyEnd(i int) int {
	if s.is(i, "{") {
		return s.Close(i)
	}
	if i >= len(s.Tokens) {
		return i
	}
	return int(s.stops[i])
}

// block opens the scope of braces that are no object.
func (s *scoper) block(i int) {
	x := &s.scope[s.top()]
	if int(x.from) == i || x.kind == functionScope && int(x.body) == i || x.kind == classScope && int(x.from) == i {
		return // it is open already
	}
	b := scope{from: int32(i), to: int32(s.Close(i)), open: -1, name: -1, caller: -1}
	switch prev := s.text(i - 1); {
	case prev == "else", prev == "try":
		b.kind = branch
	case prev == "do":
		b.kind = loop
	case prev == ")" && s.matches[i-1] > 0:
		switch s.text(int(s.matches[i-1]) - 1) {
		case "if", "switch", "catch", "with":
			b.kind = branch
		case "while":
			b.kind = loop
		}
	}
	s.enter(b)
	s.inside[i] = s.top()
}

// paren finds methods, and arrow functions with parentheses.
func (s *scoper) paren(i int) {
	end := s.Close(i)
	if end >= len(s.Tokens) {
		return
	}
	after := end + 1
	if s.is(after, "=>") {
		s.arrow(i, i, after)
		return
	}
	// A return type can stand before the arrow or the body.
	if s.is(after, ":") && !s.is(i-1, "?") {
		after = s.skipType(after + 1)
		if s.is(after, "=>") {
			s.arrow(i, i, after)
			return
		}
	}
	if !s.is(after, "{") {
		return
	}
	name := s.word(i - 1)
	switch name {
	case "if", "for", "while", "switch", "catch", "with", "function", "await":
		return
	case "":
		if !s.is(i-1, "]") && !s.is(i-1, ">") && (i == 0 || s.Tokens[i-1].Kind != String) {
			return
		}
	}
	if x := s.scope[s.top()]; x.kind == functionScope && x.open == int32(i) {
		return // a function that has its keyword
	}
	m := scope{from: int32(i), to: int32(s.Close(after)), kind: functionScope, open: int32(i), body: int32(after), name: -1, method: true, caller: -1}
	if top := s.top(); name == "constructor" && s.scope[top].kind == classScope {
		m.caller = top
	}
	s.enter(m)
	s.inside[i] = s.top()
}

// arrow opens the scope of an arrow function with its parameters at open.
func (s *scoper) arrow(from, open, arrow int) {
	body := arrow + 1
	to := s.bodyEnd(body)
	if !s.is(body, "{") {
		to--
	}
	s.enter(scope{from: int32(from), to: int32(max(to, arrow)), kind: functionScope, open: int32(open), body: int32(body), name: s.holder(from), caller: -1})
	s.inside[from] = s.top()
}

// holder returns the binding that a function expression at i is written to, if
// it is declared right there.
func (s *scoper) holder(i int) int32 {
	if s.is(i-1, "async") {
		i--
	}
	if !s.is(i-1, "=") {
		return -1
	}
	for k := i - 2; k >= 0 && k > i-12; k-- {
		if s.declared[k] {
			if b, ok := s.scope[s.top()].names[s.text(k)]; ok {
				return b
			}
		}
	}
	return -1
}

// function reads the head of a function with its keyword.
func (s *scoper) function(i int) {
	j := i + 1
	if s.is(j, "*") {
		j++
	}
	name := s.word(j)
	at := j
	if name != "" {
		j++
	}
	j = s.skipTypeArguments(j)
	if !s.is(j, "(") {
		return
	}
	body := s.Close(j) + 1
	if s.is(body, ":") {
		body = s.skipType(body + 1)
	}
	x := scope{from: int32(i), kind: functionScope, open: int32(j), body: int32(body), name: s.holder(i), caller: -1}
	if !s.is(body, "{") {
		return
	}
	x.to = int32(s.Close(body))
	if name != "" {
		b := s.declare(s.top(), name)
		s.declared[at] = true
		x.name = b
		s.bindings[b].writes = append(s.bindings[b].writes, write{kind: callable, at: int32(at), scope: s.top(), value: int32(i), typ: -1})
	}
	s.enter(x)
	s.inside[i] = s.top()
}

// class reads the head of a class.
func (s *scoper) class(i int) {
	j, at := i+1, i+1
	name := s.word(j)
	if name == "extends" || name == "implements" {
		name = ""
	}
	for end := j + 60; j < end && !s.is(j, "{"); j++ {
		if s.is(j, "(") || s.is(j, "[") {
			j = s.Close(j)
		}
	}
	if !s.is(j, "{") {
		return
	}
	x := scope{from: int32(j), to: int32(s.Close(j)), kind: classScope, open: -1, name: s.holder(i), caller: -1}
	if name != "" {
		b := s.declare(s.top(), name)
		s.declared[at] = true
		x.name = b
		s.bindings[b].writes = append(s.bindings[b].writes, write{kind: callable, at: int32(at), scope: s.top(), value: int32(j), typ: -1})
	}
	s.pend(x)
}

// parameters declares those of the function scope fn.
func (s *scoper) parameters(fn int32) {
	open := int(s.scope[fn].open)
	if !s.is(open, "(") {
		s.bind(fn, open, write{kind: parameter, at: int32(open), scope: fn, value: -1, typ: -1})
		return
	}
	end, index := s.Close(open), int32(0)
	for j := open + 1; j < end && j < len(s.Tokens); {
		stop := min(int(s.stops[j]), end)
		field := false
		for s.is(j, "@") || s.is(j, "public") || s.is(j, "private") || s.is(j, "protected") || s.is(j, "readonly") || s.is(j, "override") {
			if s.is(j, "@") { // a decorator
				j += 2
				if s.is(j, "(") {
					j = s.Close(j) + 1
				}
				continue
			}
			field = true
			j++
		}
		w := write{kind: parameter, at: int32(j), scope: fn, value: -1, index: index, typ: -1}
		if s.is(j, "...") {
			w.kind = computed
			j++
		}
		name := j
		s.pattern(fn, j, w)
		// A parameter with an access modifier is a field too.
		if class := s.scope[fn].caller; field && class >= 0 && s.word(name) != "" {
			s.fieldWrite(int(class), write{kind: assigned, at: int32(name), scope: fn, value: int32(name), path: []string{s.text(name)}, typ: -1})
		}
		index++
		j = behind(s.File, stop, j)
	}
}

// behind is where the list goes on whose element at j ends at stop.
func behind(f *File, stop, j int) int {
	if f.is(stop, ",") {
		return stop + 1
	}
	return max(stop, j+1)
}

// pattern declares the names of a binding pattern at i, and returns the token
// behind the pattern, its type and its default.
func (s *scoper) pattern(scope int32, i int, w write) int {
	after := i + 1
	if s.is(i, "{") || s.is(i, "[") {
		after = s.Close(i) + 1
	}
	if s.is(after, "?") || s.is(after, "!") {
		after++
	}
	if s.is(after, ":") {
		w.typ = int32(after + 1)
		after = s.skipType(after + 1)
	}
	if s.is(after, "=") && len(w.steps) > 0 || s.is(after, "=") && w.kind == parameter {
		if len(w.steps) == 0 {
			w.steps = append(w.steps, step{value: -1})
		}
		w.steps[len(w.steps)-1].value = int32(after + 1)
	}
	s.bindAll(scope, i, w, 0)
	return after
}

// bind declares the name at i.
func (s *scoper) bind(scope int32, i int, w write) {
	if s.word(i) == "" {
		return
	}
	w.at = int32(i)
	b := s.declare(scope, s.text(i))
	s.declared[i] = true
	s.bindings[b].writes = append(s.bindings[b].writes, w)
}

// maxPattern bounds the nesting of a destructuring.
const maxPattern = 8

func (s *scoper) bindAll(scope int32, i int, w write, depth int) {
	if !s.is(i, "{") && !s.is(i, "[") {
		s.bind(scope, i, w)
		return
	}
	end, place := s.Close(i), 0
	if depth > maxPattern || end >= len(s.Tokens) {
		return
	}
	for j := i + 1; j < end; place++ {
		stop := min(int(s.stops[j]), end)
		inner := w
		at := j
		switch {
		case s.is(j, ","):
		case s.is(j, "..."):
			inner.kind = computed
			s.bind(scope, j+1, inner)
		default:
			key := ""
			if s.is(i, "[") {
				key = itoa(place)
			} else {
				key = s.text(j)
				if v, ok := s.Str(j); ok {
					key = v
				}
				if s.is(j, "[") {
					inner.kind, key = computed, ""
					at = s.Close(j)
				}
				if s.is(at+1, ":") {
					at += 2
				}
			}
			st := step{key: key, value: -1}
			after := at + 1
			if s.is(at, "{") || s.is(at, "[") {
				after = s.Close(at) + 1
			}
			if s.is(after, "=") {
				st.value = int32(after + 1)
			}
			inner.steps = append(append([]step(nil), w.steps...), st)
			s.bindAll(scope, at, inner, depth+1)
		}
		j = behind(s.File, stop, j)
	}
}

// declarations reads const, let and var.
func (s *scoper) declarations(i int) {
	scope := s.top()
	if s.is(i, "var") {
		scope = s.scope[scope].function
	}
	for j := i + 1; j < len(s.Tokens); {
		if s.word(j) == "" && !s.is(j, "{") && !s.is(j, "[") {
			return
		}
		if s.is(j, "enum") { // const enum
			return
		}
		after := j + 1
		if s.is(j, "{") || s.is(j, "[") {
			after = s.Close(j) + 1
		}
		w := write{kind: nothing, at: int32(j), scope: s.top(), value: -1, typ: -1}
		if s.is(after, "!") {
			after++
		}
		if s.is(after, ":") {
			w.typ = int32(after + 1)
			after = s.skipType(after + 1)
		}
		switch {
		case s.is(after, "="):
			w.kind, w.value = assigned, int32(after+1)
		case s.word(after) == "of":
			w.kind, w.value = element, int32(after+1)
		case s.word(after) == "in":
			w.kind = computed
		case s.is(i-1, "declare"):
			w.kind = computed
		}
		w.conditional, w.start = s.is(i, "var") && s.guarded(i), int32(i)
		s.bindAll(scope, j, w, 0)
		if after >= len(s.Tokens) || w.kind != assigned && w.kind != nothing {
			return
		}
		stop := after
		if w.kind == assigned {
			stop = int(s.stops[after])
		}
		if !s.is(stop, ",") {
			return
		}
		j = stop + 1
	}
}

// guarded reports whether the statement that starts at i runs only under a
// condition that is no scope: if (x) a = 1; x && (a = 1).
func (s *scoper) guarded(i int) bool {
	if i == 0 {
		return false
	}
	switch prev := s.Tokens[i-1]; {
	case prev.Kind == Punct && prev.Text == ")" && s.matches[i-1] > 0:
		switch s.text(int(s.matches[i-1]) - 1) {
		case "if", "for", "while", "with":
			return true
		}
		return !s.starts[i]
	case s.starts[i], prev.Kind == Punct && (prev.Text == ";" || prev.Text == "{" && !prev.object || prev.Text == "}"):
		return false
	case prev.Kind == Ident && (prev.Text == "export" || prev.Text == "declare"):
		return false
	}
	return true
}

// assignment resolves the site whose operator is at op.
func (s *scoper) assignment(op int) {
	w := write{kind: computed, at: int32(op), scope: s.inside[op], value: -1, typ: -1}
	end := op - 1 // the last token of what is written to
	switch text := s.text(op); text {
	case "=":
		w.kind, w.value = assigned, int32(op+1)
	case "||=", "??=":
		w.kind, w.value = orElse, int32(op+1)
	case "++", "--":
		if s.word(op-1) == "" && !s.is(op-1, "]") || s.starts[op] {
			end = op + 1
			for k := 0; k < 8 && s.is(end+1, ".") && s.word(end+2) != ""; k++ {
				end += 2
			}
		}
	}
	if end < 0 || end >= len(s.Tokens) {
		return
	}
	if s.is(op, "=") && (s.is(end, "}") || s.is(end, "]") && s.word(int(s.matches[end])-1) == "") && s.matches[end] >= 0 {
		s.destructured(int(s.matches[end]), end, op)
		return
	}
	base, path, ok := s.target(end)
	if !ok {
		return
	}
	if s.declared[base] && len(path) == 0 {
		return // its own declaration
	}
	start := base
	for k := 0; k < 4 && s.is(start-1, "="); k++ { // a = b = c
		if prev, _, ok := s.target(start - 2); ok {
			start = prev
		} else {
			break
		}
	}
	w.conditional, w.start = s.guarded(start) && !s.declared[start], int32(start)
	if s.is(start-1, "++") || s.is(start-1, "--") {
		w.conditional, w.start = s.guarded(start-1), int32(start-1)
	}
	w.path = path
	if s.text(base) == "this" {
		if class := s.classOf(int(s.inside[base])); class >= 0 && len(path) > 0 {
			s.fieldWrite(class, w)
		}
		return
	}
	if x := s.inside[base]; s.scope[x].kind == classScope && len(path) == 0 {
		w.path = []string{s.text(base)}
		w.conditional = false
		s.fieldWrite(int(x), w)
		return
	}
	b := s.lookup(s.text(base), base)
	switch {
	case b >= 0:
		s.bindings[b].writes = append(s.bindings[b].writes, w)
	case s.is(base, "exports"):
		s.commonJS = append(s.commonJS, w)
	case (s.is(base, "global") || s.is(base, "globalThis")) && len(path) == 1 && len(s.globals) < maxWrites:
		s.globals = append(s.globals, w)
	case s.is(base, "module") && len(path) > 0 && path[0] == "exports":
		w.path = path[1:]
		s.commonJS = append(s.commonJS, w)
	}
}

// field is a member of this in a class.
type field struct {
	class int
	name  string
}

func (s *scoper) fieldWrite(class int, w write) {
	key := field{class, w.path[0]}
	s.fields[key] = append(s.fields[key], w)
}

// destructured marks the names in an assignment's pattern as computed.
func (s *scoper) destructured(from, to, op int) {
	if from > 0 && (s.is(from-1, "const") || s.is(from-1, "let") || s.is(from-1, "var") || s.is(from-1, ",") || s.declared[min(from+1, to)]) {
		return
	}
	for i := from; i < to; i++ {
		if s.word(i) != "" && !s.declared[i] && !s.is(i-1, ".") {
			if b := s.lookup(s.text(i), i); b >= 0 {
				s.bindings[b].writes = append(s.bindings[b].writes, write{kind: computed, at: int32(op), scope: s.inside[op], value: -1, typ: -1})
			}
		}
	}
}

// target reads what is written to, backwards from its last token: a name with
// members.
func (s *scoper) target(end int) (base int, path []string, ok bool) {
	for i := end; i >= 0 && len(path) < maxPattern; {
		switch {
		case s.word(i) != "" && (s.is(i-1, ".") || s.is(i-1, "?.")):
			path = append(path, s.text(i))
			i -= 2
		case s.word(i) != "":
			slices.Reverse(path)
			return i, path, true
		case s.is(i, "]") && s.matches[i] == int32(i-2):
			key, isString := s.Str(i - 1)
			if !isString && s.Tokens[i-1].Kind != Number {
				return 0, nil, false
			}
			if !isString {
				key = s.text(i - 1)
			}
			path = append(path, key)
			i -= 3
		case s.is(i, "!"):
			i--
		default:
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// maxNesting bounds how many scopes are searched for a name.
const maxNesting = 200

// lookup returns the binding of a name at a token, or -1.
func (f *File) lookup(name string, at int) int32 {
	x := f.inside[at]
	for range maxNesting {
		if b, ok := f.scope[x].names[name]; ok {
			return b
		}
		if x = f.scope[x].parent; x < 0 {
			return -1
		}
	}
	return -1
}

// classOf returns the class around a scope, or -1.
func (f *File) classOf(x int) int {
	for range maxNesting {
		if x < 0 {
			return -1
		}
		if f.scope[x].kind == classScope {
			return x
		}
		x = int(f.scope[x].parent)
	}
	return -1
}

// encloses reports whether scope outer is inner or around it.
func (f *File) encloses(outer, inner int32) bool {
	return f.scope[outer].from <= f.scope[inner].from && f.scope[inner].to <= f.scope[outer].to
}

// maxType bounds the tokens of one type.
const maxType = 300

// skipType returns the token behind the type at i: what ends the expression, or
// the body of a function.
func (f *File) skipType(i int) int {
	angle, from := 0, i
	for ; i < len(f.Tokens) && i < from+maxType; i++ {
		if i > from && angle == 0 && f.starts[i] {
			return i
		}
		switch t := f.Tokens[i]; {
		case t.Kind == Head:
			i = f.templateEnd(i)
		case t.Kind != Punct:
		case t.Text == "<":
			angle++
		case t.Text == ">":
			if angle == 0 {
				return i
			}
			angle--
		case t.Text == "=>":
			if angle > 0 || f.is(i-1, ")") && i-1 > from && f.functionType(int(f.matches[i-1]), from) {
				continue
			}
			return i
		case t.Text == "," && angle > 0, t.Text == "|", t.Text == "&", t.Text == ".":
		case t.Text == "?" && angle == 0 || t.Text == ":" && angle == 0:
			return i
		case t.Text == "{":
			// It is part of the type only where one has to start.
			if prev := f.text(i - 1); i != from && prev != "|" && prev != "&" && prev != "<" && prev != "=>" && prev != "," && prev != "is" {
				return i
			}
			i = f.Close(i)
		case t.Text == "(" || t.Text == "[":
			i = f.Close(i)
		case angle > 0 && (t.Text == ":" || t.Text == "?" || t.Text == "=" || t.Text == "-" || t.Text == "+"):
		default:
			return i
		}
	}
	return min(i, len(f.Tokens))
}

// functionType reports whether the parentheses at open are the parameters of a
// function type in the type that starts at from.
func (f *File) functionType(open, from int) bool {
	if open == from {
		return true
	}
	prev := f.text(open - 1)
	return open > from && (prev == "|" || prev == "&" || prev == "=>" || prev == "new")
}

// skipTypeArguments returns the token behind <…> at i, or i.
func (f *File) skipTypeArguments(i int) int {
	if !f.is(i, "<") {
		return i
	}
	angle, from := 0, i
	for ; i < len(f.Tokens) && i < from+maxType; i++ {
		switch t := f.Tokens[i]; {
		case t.Kind == Head:
			i = f.templateEnd(i)
		case t.Kind != Punct:
		case t.Text == "<":
			angle++
		case t.Text == ">":
			if angle--; angle == 0 {
				return i + 1
			}
		case t.Text == "(" || t.Text == "[" || t.Text == "{":
			i = f.Close(i)
		case t.Text == "," || t.Text == "|" || t.Text == "&" || t.Text == "." || t.Text == "=>" || t.Text == "=" || t.Text == "?" || t.Text == ":":
		default:
			return from
		}
	}
	return from
}
