package gradle

import (
	"slices"
)

// nodeKind is what a node of the tree of a script is.
type nodeKind uint8

const (
	unknownNode nodeKind = iota
	nameNode             // text
	strNode              // parts
	numNode              // text
	memberNode           // kids[0].text
	indexNode            // kids[0][kids[1]]
	callNode             // kids[0](kids[1:]) { block }
	pairNode             // kids[0]: kids[1], of maps and of named arguments
	listNode             // kids, those of a map are pairs
	blockNode            // kids are its statements, names its parameters
	assignNode           // kids[0] text kids[1]
	varNode              // text = kids[0]; by says that it is delegated
	ifNode               // kids are the branches; cond is asked first
	loopNode             // for (text in kids[0]) kids[1]
	funNode              // text, names are its parameters, kids[0] its body
	classNode            // text, kids[0] its body
	binaryNode           // kids, text is the operator
	returnNode           // kids[0], if there is a value
)

// node is a statement or an expression.
type node struct {
	kind  nodeKind
	line  int
	text  string
	parts []part
	kids  []*node
	names []string
	typ   string // of a call, its argument of type: named<Jar>("x")
	block *node  // of a call
	cond  *node
	by    bool // of a variable: it is delegated
	fixed bool // of a variable: val
	whole bool // of an if: there is an else
}

// The bounds of a tree.
const (
	maxDepth = 60
	maxChain = 400
)

// parser reads the tokens of one script into a tree of statements. It never fails: what it does
// not know is passed over, to the end of its line or to its closing bracket.
type parser struct {
	t      []token
	i      int
	close  []int // of each opening bracket the index of its closing one
	kotlin bool
	depth  int
}

// parse reads a script.
func parse(text []byte, line int, kotlin bool) *node {
	p := &parser{t: lex(text[:min(len(text), maxScript)], line, kotlin), kotlin: kotlin}
	p.match()
	b := &node{kind: blockNode, line: line}
	for p.i < len(p.t) {
		p.statements(b)
		p.i++ // a bracket too many
	}
	return b
}

// match pairs the brackets. One that nothing closes is closed by the end.
func (p *parser) match() {
	p.close = make([]int, len(p.t))
	opens := map[string]string{")": "(", "]": "[", "}": "{"}
	count := map[string]int{}
	var open []int
	for i, t := range p.t {
		p.close[i] = len(p.t)
		if t.kind != punct {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			open = append(open, i)
			count[t.text]++
		case ")", "]", "}":
			for done := count[opens[t.text]] == 0; !done; { // it closes what is left open inside, too
				last := open[len(open)-1]
				open = open[:len(open)-1]
				p.close[last] = i
				count[p.t[last].text]--
				done = p.t[last].text == opens[t.text]
			}
		}
	}
}

func (p *parser) peek() token {
	if p.i < len(p.t) {
		return p.t[p.i]
	}
	return token{nl: true, text: ""}
}

func (p *parser) ahead(n int) token {
	if p.i+n < len(p.t) {
		return p.t[p.i+n]
	}
	return token{nl: true}
}

// is reports whether the token n further on is that operator or bracket.
func (p *parser) is(n int, texts ...string) bool {
	return p.i+n < len(p.t) && p.t[p.i+n].kind == punct && slices.Contains(texts, p.t[p.i+n].text)
}

// word reports whether the token n further on is one of those names.
func (p *parser) word(n int, texts ...string) bool {
	return p.i+n < len(p.t) && p.t[p.i+n].kind == ident && slices.Contains(texts, p.t[p.i+n].text)
}

func (p *parser) take(text string) bool {
	if p.is(0, text) {
		p.i++
		return true
	}
	return false
}

// statements reads up to the bracket that closes them.
func (p *parser) statements(b *node) {
	for p.i < len(p.t) && !p.is(0, "}", ")", "]") {
		from := p.i
		if s := p.statement(); s != nil {
			b.kids = append(b.kids, s)
		}
		for p.i < len(p.t) && !p.is(0, "}", ")", "]", ";") && (p.i == from || !p.peek().nl) {
			p.over()
		}
		for p.take(";") {
		}
	}
}

// over passes over one token, or all between two brackets.
func (p *parser) over() {
	if p.is(0, "(", "[", "{") {
		p.i = p.close[p.i]
	}
	p.i++
	p.i = min(p.i, len(p.t))
}

// restOfLine passes over the rest of a line.
func (p *parser) restOfLine() {
	for p.i++; p.i < len(p.t) && !p.peek().nl && !p.is(0, ";", "}"); {
		p.over()
	}
}

// modifiers stand before a declaration and say nothing of its value.
var modifiers = []string{"private", "public", "internal", "protected", "override", "static", "final", "abstract", "open", "const", "lateinit", "inline", "suspend", "data", "sealed", "operator", "synchronized"} //nolint:gochecknoglobals // a constant table

func (p *parser) statement() *node {
	if p.depth >= maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	p.annotations()
	declared := false
	for p.peek().kind == ident && slices.Contains(modifiers, p.peek().text) && p.ahead(1).kind == ident && !p.ahead(1).nl {
		p.i++
		declared = true
	}
	t := p.peek()
	if t.kind == ident && !p.is(1, ".", "=", "(") || p.word(0, "if", "for", "while", "when", "switch", "catch") {
		switch t.text {
		case "import", "package":
			p.restOfLine()
			return nil
		case "if", "when", "switch", "try":
			return p.branches()
		case "for", "while":
			return p.loop()
		case "class", "interface", "object", "enum", "trait", "record":
			if p.ahead(1).kind == ident {
				return p.class()
			}
		case "fun":
			return p.function(1)
		case "val", "var", "def":
			if t.text == "def" && p.method(1) {
				return p.function(1)
			}
			return p.variable()
		case "return", "throw":
			return p.leave()
		case "else", "finally", "do":
			p.i++
			return nil
		}
	}
	if declared && p.is(1, "=") { // final x = …
		return p.value(p.name())
	}
	if n := p.typed(); n > 0 {
		if p.is(n+1, "(") && (declared || slices.Contains(primitives, t.text) || t.text[0] >= 'A' && t.text[0] <= 'Z') {
			return p.function(n)
		}
		if p.is(n+1, "=") {
			p.i += n
			return p.value(p.name())
		}
	}
	if p.is(0, "{") {
		return p.closure()
	}
	return p.assignment(0)
}

// leave reads return and throw, of which the second never happens in a build that works.
func (p *parser) leave() *node {
	n := &node{kind: returnNode, line: p.peek().line}
	throws := p.word(0, "throw")
	p.i++
	if p.is(0, "@") && !p.peek().space { // return@subprojects
		p.i += 2
	}
	if t := p.peek(); p.i < len(p.t) && !t.nl && !p.is(0, "}", ";") {
		if v := p.expression(true); v != nil {
			n.kids = []*node{v}
		}
	}
	if throws {
		return nil
	}
	return n
}

// annotations passes over those before a statement.
func (p *parser) annotations() {
	for p.is(0, "@") && p.i+1 < len(p.t) {
		for p.i += 2; p.is(0, ":", ".") && p.ahead(1).kind == ident; p.i += 2 { //nolint:revive // the body is the step
		}
		if p.is(0, "(") && !p.peek().nl {
			p.over()
		}
	}
}

// typed reports at which token the name stands, if the statement starts as a declaration with a type does: "String x", "List<A> x".
func (p *parser) typed() int {
	if p.peek().kind != ident || p.word(0, "task") {
		return 0
	}
	n := 1
	for p.is(n, ".") && p.ahead(n+1).kind == ident && n < 20 {
		n += 2
	}
	if p.is(n, "<") {
		if n = p.types(n); n == 0 {
			return 0
		}
	}
	for p.is(n, "[") && p.is(n+1, "]") {
		n += 2
	}
	if p.ahead(n).kind == ident && !p.ahead(n).nl && p.is(n+1, "=", "(") && !p.ahead(n+1).nl {
		if p.is(n+1, "(") && !p.method(n) {
			return 0
		}
		return n
	}
	return 0
}

// method reports whether name(parameters) { stands n tokens further on.
func (p *parser) method(n int) bool {
	if p.ahead(n).kind != ident && p.ahead(n).kind != str || !p.is(n+1, "(") {
		return false
	}
	c := p.close[p.i+n+1] + 1
	return c < len(p.t) && (p.t[c].kind == punct && p.t[c].text == "{" || p.t[c].text == "throws")
}

// types is the index behind <…> n tokens further on, or 0 if there is something else.
func (p *parser) types(n int) int {
	depth := 0
	for end := n + 60; n < end; n++ {
		t := p.ahead(n)
		switch {
		case t.kind == ident:
		case t.kind != punct || t.text == "":
			return 0
		case t.text == "<":
			depth++
		case t.text == ">":
			if depth--; depth == 0 {
				return n + 1
			}
		case t.text != "." && t.text != "," && t.text != "?" && t.text != "*":
			return 0
		}
	}
	return 0
}

func (p *parser) name() *node {
	n := &node{kind: varNode, line: p.peek().line, text: p.peek().text}
	p.i++
	return n
}

// orNothing is the node, or one that says nothing where none was read.
func orNothing(n *node) *node {
	if n == nil {
		return &node{}
	}
	return n
}

// value reads "= value" or "by value" of a variable.
func (p *parser) value(v *node) *node {
	switch {
	case p.take("="):
		v.kids = []*node{orNothing(p.assignment(0))}
	case p.word(0, "by"):
		p.i++
		v.by, v.kids = true, []*node{orNothing(p.expression(false))}
	}
	return v
}

// variable reads val, var and def.
func (p *parser) variable() *node {
	line, fixed := p.peek().line, p.peek().text == "val"
	p.i++
	if p.is(0, "<") {
		p.i += max(p.types(0), 1)
	}
	v := &node{kind: varNode, line: line}
	defer func() { v.fixed = fixed }()
	switch {
	case p.is(0, "("): // several at once
		p.over()
	case p.peek().kind == ident:
		if !p.kotlin { // def String x = …
			if n := p.typed(); n > 0 && p.is(n+1, "=") {
				p.i += n
			}
		}
		v = p.name()
		for p.is(0, ".") && p.ahead(1).kind == ident {
			p.i++
			v = p.name()
		}
	}
	if p.take(":") {
		p.typeName()
	}
	return p.value(v)
}

// typeName passes over a type of Kotlin.
func (p *parser) typeName() {
	for p.i < len(p.t) {
		switch t := p.peek(); {
		case p.is(0, "<"):
			n := p.types(0)
			if n == 0 {
				return
			}
			p.i += n
		case p.is(0, "("):
			p.over()
		case p.is(0, "?", ".", "->"):
			p.i++
		case t.kind == ident && t.text != "by" && !t.nl:
			p.i++
		default:
			return
		}
	}
}

// primitives are the types of functions that begin with a small letter.
var primitives = []string{"void", "boolean", "byte", "char", "short", "int", "long", "float", "double"} //nolint:gochecknoglobals // a constant table

// function reads the declaration of one, whose name or type stands n tokens further on.
func (p *parser) function(n int) *node {
	p.i += n
	if p.is(0, "<") {
		p.i += max(p.types(0), 1)
	}
	f := &node{kind: funNode, line: p.peek().line}
	for p.i < len(p.t) && !p.is(0, "(", "{", "=") && (f.text == "" || !p.peek().nl) {
		f.text = p.peek().text
		p.i++
	}
	if p.is(0, "(") {
		end := p.close[p.i]
		for p.i++; p.i < end; p.i++ {
			// The last name before a comma, a default or the end is Java's and Groovy's, the first Kotlin's.
			switch {
			case p.peek().kind == ident && (p.kotlin && p.is(1, ":") || !p.kotlin && (p.is(1, ",", "=") || p.i+1 == end)):
				f.names = append(f.names, p.peek().text)
			case p.is(0, "(", "[", "{"):
				p.i = min(p.close[p.i], end)
			}
		}
		p.i++
	}
	for p.i < len(p.t) && !p.is(0, "{", "=") && !p.peek().nl {
		p.i++
	}
	switch {
	case p.is(0, "{"):
		f.kids = []*node{p.closure()}
	case p.take("="):
		f.kids = []*node{orNothing(p.expression(true))}
	}
	return f
}

// class reads the declaration of one.
func (p *parser) class() *node {
	c := &node{kind: classNode, line: p.peek().line, text: p.ahead(1).text}
	for p.i++; p.i < len(p.t) && !p.is(0, "{"); {
		if p.peek().nl && !p.is(0, ":", ",", "(") && !p.word(0, "extends", "implements") && !p.is(-1, ",", ":") {
			return c
		}
		p.over()
	}
	if p.is(0, "{") {
		c.kids = []*node{p.closure()}
	}
	return c
}

// branches reads if, when, switch and try.
func (p *parser) branches() *node {
	n := &node{kind: ifNode, line: p.peek().line}
	word := p.peek().text
	p.i++
	switch word {
	case "try":
		n.kids = append(n.kids, p.body())
		for p.word(0, "catch", "finally") {
			p.i++
			if p.is(0, "(") {
				p.over()
			}
			n.kids = append(n.kids, p.body())
		}
		return n
	case "when", "switch":
		if p.is(0, "(") {
			p.over()
		}
		return p.cases(n)
	}
	if p.is(0, "(") {
		end := p.close[p.i]
		p.i++
		n.cond = p.expression(false)
		p.i = min(end+1, len(p.t))
	}
	n.kids = append(n.kids, p.body())
	if p.is(0, ";") && p.word(1, "else") {
		p.i++
	}
	if p.word(0, "else") {
		p.i++
		n.whole = true
		n.kids = append(n.kids, p.body())
	}
	return n
}

// cases reads those of a when or switch, each as a branch.
func (p *parser) cases(n *node) *node {
	if !p.is(0, "{") {
		return n
	}
	end := p.close[p.i]
	for p.i++; p.i < end; {
		switch {
		case p.take("->"), p.is(0, ":") && !p.kotlin && p.take(":"):
			n.kids = append(n.kids, p.body())
		case p.word(0, "else", "default"):
			n.whole = true
			p.i++
		default:
			p.over()
		}
	}
	p.i = min(end+1, len(p.t))
	return n
}

// body is a block or one statement.
func (p *parser) body() *node {
	if p.is(0, "{") {
		return p.closure()
	}
	b := &node{kind: blockNode, line: p.peek().line}
	if s := p.statement(); s != nil {
		b.kids = append(b.kids, s)
	}
	return b
}

// loop reads for and while.
func (p *parser) loop() *node {
	n := &node{kind: loopNode, line: p.peek().line, kids: []*node{{}, {}}}
	each := p.word(0, "for")
	p.i++
	if p.is(0, "(") {
		end := p.close[p.i]
		for p.i++; each && p.i < end && !p.word(0, "in") && !p.is(0, ":"); p.over() {
			if p.peek().kind == ident {
				n.text = p.peek().text
			}
		}
		if each && p.i < end {
			p.i++
			n.kids[0] = p.expression(false)
		}
		p.i = min(end+1, len(p.t))
	}
	n.kids[1] = p.body()
	return n
}

// closure reads { statements }, with its parameters.
func (p *parser) closure() *node {
	b := &node{kind: blockNode, line: p.peek().line}
	end := p.close[p.i]
	p.i++
	p.parameters(b)
	if p.depth < maxDepth {
		p.depth++
		p.statements(b)
		p.depth--
	}
	p.i = min(end+1, len(p.t))
	return b
}

// parameters reads "a, b ->".
func (p *parser) parameters(b *node) {
	for n := range 30 {
		t := p.ahead(n)
		switch {
		case p.is(n, "->"):
			for i := range n {
				if p.ahead(i).kind == ident && (i+1 == n || p.is(i+1, ",", ":", ")")) && !p.is(i-1, ":", ".") {
					b.names = append(b.names, p.ahead(i).text)
				}
			}
			p.i += n + 1
			return
		case t.kind == ident, t.kind == punct && slices.Contains([]string{",", ":", ".", "?", "<", ">", "(", ")", "*"}, t.text) && !(n == 0 && t.nl && t.text == "."):
		default:
			return
		}
	}
}

// assignment reads an expression, and what is assigned to it.
func (p *parser) assignment(depth int) *node {
	left := p.expression(true)
	if left == nil || !p.is(0, "=", "+=", "-=") || depth > maxDepth {
		return left
	}
	n := &node{kind: assignNode, line: left.line, text: p.peek().text}
	p.i++
	right := p.assignment(depth + 1)
	if right == nil {
		right = &node{line: left.line}
	}
	n.kids = []*node{left, right}
	return n
}
