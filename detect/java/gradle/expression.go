package gradle

import (
	"slices"
)

// notArguments are names that end an expression or are operators of their own.
var notArguments = []string{"in", "as", "is", "instanceof", "else", "by", "catch", "finally", "to", "downTo", "until", "step"} //nolint:gochecknoglobals // a constant table

// expression reads one. command says that arguments may stand without
// parentheses: https://groovy-lang.org/dsls.html#_command_chains.
func (p *parser) expression(command bool) *node {
	if p.depth >= maxDepth {
		p.over()
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	left := p.operation(command)
	switch {
	case left == nil:
		return nil
	case p.is(0, "?") && !p.peek().nl || p.is(0, "?") && p.ahead(1).kind == str: // a ? b : c
		p.i++
		n := &node{kind: ifNode, line: left.line, cond: left, whole: true}
		if a := p.expression(false); a != nil {
			n.kids = append(n.kids, a)
		}
		if p.take(":") {
			if b := p.expression(false); b != nil {
				n.kids = append(n.kids, b)
			}
		}
		n.whole = len(n.kids) == 2
		return n
	case p.word(0, "to") && !p.peek().nl:
		p.i++
		right := p.operation(false)
		if right == nil {
			right = &node{line: left.line}
		}
		return &node{kind: pairNode, line: left.line, kids: []*node{left, right}}
	}
	return left
}

// infix are the operators that stand between two operands.
var infix = []string{"+", "-", "*", "/", "%", "?:", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||", "|", "&", "<<", "..", "=~", "<=>"} //nolint:gochecknoglobals // a constant table

// weight is how strongly an operator binds.
func weight(op string) int {
	switch op {
	case "||":
		return 1
	case "&&":
		return 2
	case "?:":
		return 4
	case "+", "-", "*", "/", "%", "..", "<<", "|", "&":
		return 5
	}
	return 3
}

// operation reads operands and the operators between them. Those that bind
// strongest are joined first.
func (p *parser) operation(command bool) *node {
	left := p.operand(command)
	if left == nil {
		return nil
	}
	operands, ops := []*node{left}, []string{}
	for p.i < len(p.t) {
		t := p.peek()
		op := t.text
		switch {
		case t.kind == punct && slices.Contains(infix, op) && (!t.nl || op == "?:" || op == "&&" || op == "||" || op == "+" && !p.kotlin):
			p.i++
		case p.word(0, "in", "is", "instanceof") && !t.nl:
			p.i++
		case p.is(0, "!") && p.word(1, "in", "is") && !t.nl:
			p.i += 2
			op = "!" + p.t[p.i-1].text
		default:
			return join(operands, ops)
		}
		right := p.operand(false)
		if right == nil {
			right = &node{line: t.line}
		}
		operands, ops = append(operands, right), append(ops, op)
	}
	return join(operands, ops)
}

// join makes one node of operands and operators, in one pass for each weight.
func join(operands []*node, ops []string) *node {
	for w := 5; w > 0 && len(ops) > 0; w-- {
		outN, outOps := []*node{operands[0]}, []string{}
		var open *node // made here, and not in parentheses, so that more operands join it
		for i, op := range ops {
			last := outN[len(outN)-1]
			switch {
			case weight(op) != w:
				outN, outOps = append(outN, operands[i+1]), append(outOps, op)
			case last == open && open.text == op:
				open.kids = append(open.kids, operands[i+1])
			default:
				open = &node{kind: binaryNode, line: last.line, text: op, kids: []*node{last, operands[i+1]}}
				outN[len(outN)-1] = open
			}
		}
		operands, ops = outN, outOps
	}
	return operands[0]
}

// operand reads a value with what is called on it.
func (p *parser) operand(command bool) *node {
	t := p.peek()
	switch {
	case p.is(0, "!", "*", "&", "+", "++", "--"):
		p.i++
		inner := p.deeper(func() *node { return p.operand(false) })
		if inner == nil || t.text != "!" {
			return inner
		}
		return &node{kind: binaryNode, text: "!", line: t.line, kids: []*node{inner}}
	case p.is(0, "-") && p.ahead(1).kind == number:
		p.i += 2
		return &node{kind: numNode, line: t.line, text: "-" + p.t[p.i-1].text}
	case p.is(0, "-"):
		p.i++
		p.deeper(func() *node { return p.operand(false) })
		return &node{line: t.line}
	}
	n := p.primary()
	if n == nil {
		return nil
	}
	n = p.chain(n, command)
	for !p.peek().nl && p.word(0, "as") {
		p.i++
		p.take("?")
		p.typeName()
		n = p.chain(n, false)
	}
	return n
}

func (p *parser) deeper(read func() *node) *node {
	if p.depth >= maxDepth {
		p.over()
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	return read()
}

func (p *parser) primary() *node {
	t := p.peek()
	if p.i >= len(p.t) {
		return nil
	}
	switch {
	case t.kind == str:
		p.i++
		return &node{kind: strNode, line: t.line, text: t.text, parts: t.parts}
	case t.kind == number:
		p.i++
		return &node{kind: numNode, line: t.line, text: t.text}
	case p.word(0, "if", "when", "switch", "try") && (p.is(1, "(", "{")):
		return p.deeper(p.branches)
	case p.word(0, "new") && p.ahead(1).kind == ident:
		p.i++
		n := p.primary()
		return p.chain(n, false)
	case t.kind == ident && p.is(1, "->"):
		b := &node{kind: blockNode, line: t.line, names: []string{t.text}}
		p.i += 2
		return p.lambda(b)
	case t.kind == ident:
		p.i++
		return &node{kind: nameNode, line: t.line, text: t.text}
	case p.is(0, "("):
		return p.parenthesis()
	case p.is(0, "["):
		n := &node{kind: listNode, line: t.line, kids: p.arguments()}
		return n
	case p.is(0, "{"):
		return p.closure()
	}
	return nil
}

// lambda reads the body of Java's x -> …
func (p *parser) lambda(b *node) *node {
	return p.deeper(func() *node {
		inner := p.body()
		b.kids = inner.kids
		return b
	})
}

func (p *parser) parenthesis() *node {
	line, end := p.peek().line, p.close[p.i]
	if end+1 < len(p.t) && p.t[end+1].kind == punct && p.t[end+1].text == "->" { // (a, b) -> …
		b := &node{kind: blockNode, line: line}
		for i := p.i + 1; i < end && len(b.names) < 10; i++ {
			if p.t[i].kind == ident {
				b.names = append(b.names, p.t[i].text)
			}
		}
		p.i = end + 2
		return p.lambda(b)
	}
	p.i++
	n := p.expression(false)
	p.i = min(end+1, len(p.t))
	if n == nil {
		n = &node{line: line}
	}
	// A cast of Groovy: the value is what follows.
	if t := p.peek(); !p.kotlin && n.kind == nameNode && !t.nl && (t.kind == ident && !slices.Contains(notArguments, t.text) || t.kind == str || t.kind == number) {
		if inner := p.primary(); inner != nil {
			return inner
		}
	}
	return n
}

// arguments reads those between the bracket here and the one that closes it.
func (p *parser) arguments() []*node {
	end := p.close[p.i]
	var out []*node
	for p.i++; p.i < end; {
		from := p.i
		if a := p.argument(); a != nil {
			out = append(out, a)
		}
		for p.i < end && !p.is(0, ",") {
			p.over()
		}
		p.take(",")
		if p.i == from {
			p.i++
		}
	}
	p.i = min(end+1, len(p.t))
	return out
}

// argument reads a value, name = value, or name: value.
func (p *parser) argument() *node {
	t := p.peek()
	if t.kind == ident && p.is(1, "=") || (t.kind == ident || t.kind == str) && p.is(1, ":") {
		p.i += 2
		key := &node{kind: strNode, line: t.line, text: t.text, parts: t.parts}
		if t.kind == ident {
			key.parts = []part{{text: t.text}}
		}
		return p.pair(key)
	}
	n := p.expression(false)
	if n != nil && p.is(0, ":") {
		p.i++
		return p.pair(n)
	}
	return n
}

func (p *parser) pair(key *node) *node {
	v := p.expression(false)
	if v == nil {
		v = &node{line: key.line}
	}
	return &node{kind: pairNode, line: key.line, kids: []*node{key, v}}
}

// chain reads what follows a value: members, calls, blocks, and arguments without parentheses.
func (p *parser) chain(n *node, command bool) *node {
	for range maxChain {
		t := p.peek()
		switch {
		case p.is(0, ".", "?.", "*.", "::") && (p.ahead(1).kind == ident || p.ahead(1).kind == str):
			n = &node{kind: memberNode, line: p.ahead(1).line, text: p.ahead(1).text, kids: []*node{n}}
			p.i += 2
		case p.is(0, ".") && p.is(1, "("):
			p.i++ // a.(b): not read
			p.over()
			n = &node{line: n.line}
		case p.is(0, "!!", "++", "--") && !t.nl:
			p.i++
		case p.is(0, "(") && !t.nl:
			n = &node{kind: callNode, line: n.line, kids: append([]*node{n}, p.arguments()...)}
		case p.is(0, "[") && !t.nl && (!t.space || p.kotlin):
			line := t.line
			if args := p.arguments(); len(args) == 1 {
				n = &node{kind: indexNode, line: line, kids: []*node{n, args[0]}}
			} else {
				n = &node{line: line}
			}
		case p.is(0, "{") && p.blockFits(n, t.nl):
			if n.kind != callNode {
				n = &node{kind: callNode, line: n.line, kids: []*node{n}}
			}
			n.block = p.closure()
		case p.is(0, "<") && !t.nl && (n.kind == nameNode || n.kind == memberNode) && p.generic():
			end := p.types(0)
			typ := ""
			for i := range end {
				if p.ahead(i).kind == ident && (typ == "" || p.is(i-1, ".")) {
					typ = p.ahead(i).text
				}
			}
			p.i += end
			if p.is(0, "(") {
				n = &node{kind: callNode, line: n.line, kids: append([]*node{n}, p.arguments()...)}
			} else {
				n = &node{kind: callNode, line: n.line, kids: []*node{n}}
			}
			n.typ = typ
		default:
			if next := p.without(n, command); next != nil {
				n = next
				continue
			}
			return n
		}
	}
	return n
}

// blockFits reports whether the block here belongs to a value as the last argument of a call.
func (p *parser) blockFits(n *node, nl bool) bool {
	switch n.kind {
	case nameNode, memberNode, indexNode:
		return !nl || n.kind == nameNode
	case callNode:
		return n.block == nil && !nl || n.block == nil && n.kids[0].kind == nameNode
	case strNode:
		return p.kotlin && !nl
	default:
	}
	return false
}

// generic reports whether the < here opens arguments of type of a call.
func (p *parser) generic() bool {
	n := p.types(0)
	return n > 0 && p.is(n, "(", "{", ".", ")")
}

// without reads a call whose arguments stand without parentheses, nil if there is none.
func (p *parser) without(n *node, command bool) *node {
	t := p.peek()
	if t.nl || p.i >= len(p.t) || t.kind == ident && slices.Contains(notArguments, t.text) {
		return nil
	}
	if n.kind == nameNode || n.kind == memberNode {
		starts := t.kind != punct || t.text == "["
		if p.kotlin || !command || !starts {
			if !p.kotlin || t.kind != ident {
				return nil
			}
			return p.named(n)
		}
		return &node{kind: callNode, line: n.line, kids: append([]*node{n}, p.bare()...)}
	}
	if t.kind != ident || !p.kotlin && (!command || n.kind != callNode) {
		return nil
	}
	return p.named(n)
}

// named reads "name argument" behind a value, a call of name on it: id("x") version "1".
func (p *parser) named(n *node) *node {
	next := p.ahead(1)
	if next.nl || next.kind == punct && next.text != "(" && next.text != "[" {
		return nil
	}
	m := &node{kind: memberNode, line: p.peek().line, text: p.peek().text, kids: []*node{n}}
	p.i++
	if p.kotlin || p.is(0, "(") {
		a := p.deeper(func() *node { return p.simple() })
		if a == nil {
			return nil
		}
		return &node{kind: callNode, line: m.line, kids: []*node{m, a}}
	}
	return &node{kind: callNode, line: m.line, kids: append([]*node{m}, p.bare()...)}
}

// simple reads an operand that no name follows as a call.
func (p *parser) simple() *node {
	n := p.primary()
	for n != nil {
		switch {
		case p.is(0, ".", "?.") && p.ahead(1).kind == ident:
			n = &node{kind: memberNode, line: p.ahead(1).line, text: p.ahead(1).text, kids: []*node{n}}
			p.i += 2
		case p.is(0, "(") && !p.peek().nl:
			n = &node{kind: callNode, line: n.line, kids: append([]*node{n}, p.arguments()...)}
		case p.is(0, "[") && !p.peek().nl && !p.peek().space:
			if args := p.arguments(); len(args) == 1 {
				n = &node{kind: indexNode, line: n.line, kids: []*node{n, args[0]}}
			}
		default:
			return n
		}
	}
	return n
}

// bare reads arguments without parentheses.
func (p *parser) bare() []*node {
	var out []*node
	for {
		a := p.argument()
		if a == nil {
			return out
		}
		out = append(out, a)
		if !p.is(0, ",") || len(out) > maxChain {
			return out
		}
		p.i++
	}
}
