package syntax

// decl is a declaration of a name.
type decl struct {
	at    int // the token of the name
	block int // the block that it belongs to
	param bool
	typ   int // the last token of its type, or -1 if none is written
}

// write gives a name a value.
type write struct {
	at       int // the token of the name
	from, to int // the tokens of the value; empty if it cannot be read (+=, ++)
	field    bool
}

// notType are words before a name that make it no declaration.
var notType = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"return": true, "new": true, "throw": true, "else": true, "case": true, "goto": true, "import": true, "package": true, "instanceof": true,
	"extends": true, "implements": true, "throws": true, "in": true, "is": true, "as": true, "assert": true, "yield": true, "do": true,
	"class": true, "interface": true, "enum": true, "record": true, "object": true, "fun": true,
}

// declare lists the declarations, assignments and functions of the file.
func (f *File) declare() {
	f.decls, f.writes, f.funcs = map[string][]decl{}, map[string][]write{}, map[string][]int{}
	for b, x := range f.blocks {
		if x.kind == funcBlock && x.name != "" {
			f.funcs[x.name] = append(f.funcs[x.name], b)
		}
	}
	for i := range f.Tokens {
		if !f.Ident(i) {
			continue
		}
		name := f.Tokens[i].Text
		if d, ok := f.declaration(i); ok {
			f.decls[name] = append(f.decls[name], d)
		}
		if w, ok := f.assignment(i); ok {
			f.writes[name] = append(f.writes[name], w)
		}
		if f.Kotlin && f.Is(i-1, "fun") && f.Is(i+1, "(") {
			f.expressionBody(i)
		}
	}
}

// declaration reports whether the name at i is declared there.
func (f *File) declaration(i int) (decl, bool) {
	d := decl{at: i, block: int(f.inside[i]), typ: -1}
	if f.Kotlin {
		switch {
		case f.Is(i-1, "val"), f.Is(i-1, "var"):
		case f.Is(i+1, ":") && (f.Is(i-1, "(") || f.Is(i-1, ",")):
			d.param = true
		default:
			return d, false
		}
		if f.Is(i+1, ":") && f.Ident(i+2) {
			_, end := f.Dotted(i + 2)
			d.typ = end - 1
		}
	} else {
		if f.Is(i-1, ".") || !f.typeEnd(i-1) || !(f.Is(i+1, "=") && !f.Is(i+2, "=") || f.Is(i+1, ";") || f.Is(i+1, ",") || f.Is(i+1, ")") || f.Is(i+1, ":")) {
			return d, false
		}
		d.typ = i - 1
	}
	if open := f.enclosingParen(i); open >= 0 {
		// Parameters, and what for, catch and try declare, belong to the block behind.
		d.param = d.param || !f.Ident(open-1) || !control[f.Tokens[open-1].Text]
		d.block = f.blockAfter(int(f.pair[open]), d.block)
	}
	return d, true
}

// typeEnd reports whether token i can end the type before a name.
func (f *File) typeEnd(i int) bool {
	k, ok := f.Kind(i)
	if !ok {
		return false
	}
	if k == Ident {
		return !notType[f.Tokens[i].Text]
	}
	return f.Is(i, "]") || f.Is(i, ">") && !f.Is(i-1, "-") || f.Is(i, ".") && f.Is(i-1, ".")
}

// maxParen bounds the distance of a name from the parenthesis around it.
const maxParen = 120

// enclosingParen is the parenthesis that i stands in, within its block, or -1.
func (f *File) enclosingParen(i int) int {
	for j := i - 1; j >= 0 && j > i-maxParen; j-- {
		switch {
		case f.Is(j, ")"), f.Is(j, "]"):
			if p := int(f.pair[j]); p >= 0 {
				j = p
			}
		case f.Is(j, "("):
			return j
		case f.Is(j, "{"), f.Is(j, "}"), f.Is(j, ";") && !f.Is(j-1, ")"):
			return -1
		}
	}
	return -1
}

// blockAfter is the block that opens soon after token i, else the given one.
func (f *File) blockAfter(i, otherwise int) int {
	if i < 0 {
		return otherwise
	}
	for j := i + 1; j < len(f.Tokens) && j < i+40; j++ {
		switch {
		case f.Is(j, "{"):
			return f.blockAt(j, otherwise)
		case f.Is(j, ";"), f.Is(j, "}"), f.Is(j, ")"):
			return otherwise
		}
	}
	return otherwise
}

// blockAt is the block that the brace at i opens.
func (f *File) blockAt(i, otherwise int) int {
	if i+1 < len(f.inside) && f.blocks[f.inside[i+1]].open == i {
		return int(f.inside[i+1])
	}
	lo, hi := 0, len(f.blocks) // blocks are in the order in which they open
	for lo < hi {
		mid := (lo + hi) / 2
		if f.blocks[mid].open < i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(f.blocks) && f.blocks[lo].open == i {
		return lo
	}
	return otherwise
}

// assignment reports whether the name at i is given a value there.
func (f *File) assignment(i int) (write, bool) {
	w := write{at: i, field: f.Is(i-1, ".")}
	if w.field && !f.Is(i-2, "this") {
		return w, false
	}
	eq := i + 1
	if f.Kotlin && f.Is(eq, ":") && (f.Is(i-1, "val") || f.Is(i-1, "var")) {
		_, eq = f.Dotted(i + 2)
		if f.Is(eq, "?") {
			eq++
		}
	}
	switch {
	case f.Is(eq, "=") && !f.Is(eq+1, "="):
		w.from, w.to = eq+1, f.end(eq+1)
		return w, true
	case f.Kotlin && f.Is(eq, "by"): // a delegate: lazy { … }
		return w, true
	case f.Is(i+2, "=") && !f.Is(i+3, "=") && (f.Is(i+1, "+") || f.Is(i+1, "-") || f.Is(i+1, "*") || f.Is(i+1, "|")),
		f.Is(i+1, "+", "+"), f.Is(i+1, "-", "-"), f.Is(i-2, "+", "+") && f.Is(i-1, "+"), f.Is(i-2, "-", "-"):
		return w, true
	}
	return w, false
}

// maxExpr bounds the tokens of an expression.
const maxExpr = 400

// end is the index after the expression that starts at i.
func (f *File) end(i int) int {
	limit := min(len(f.Tokens), i+maxExpr)
	for j := i; j < limit; j++ {
		switch {
		case f.Is(j, "("), f.Is(j, "["), f.Is(j, "{"):
			p := int(f.pair[j])
			if p < 0 {
				return j
			}
			j = p
		case f.Is(j, ")"), f.Is(j, "]"), f.Is(j, "}"), f.Is(j, ";"), f.Is(j, ","):
			return j
		case f.Kotlin && j > i && f.Tokens[j].Line > f.Tokens[j-1].Line && !f.continues(j):
			return j
		}
	}
	return limit
}

// continues reports whether the line of Kotlin that starts with token j goes on
// with the statement before it:
// https://kotlinlang.org/spec/syntax-and-grammar.html.
func (f *File) continues(j int) bool {
	return f.Is(j, ".") || f.Is(j, "?") || f.Is(j, "else") || f.Is(j, "&") || f.Is(j, "|") ||
		f.Is(j-1, "=") || f.Is(j-1, "(") || f.Is(j-1, "+") || f.Is(j-1, ":") || f.Is(j-1, ".") || f.Is(j-1, "else") || f.Is(j-1, ")") && f.Is(j, "{")
}

// expressionBody notes a Kotlin function whose body is an expression.
func (f *File) expressionBody(i int) {
	j := f.Close(i + 1)
	if j < 0 {
		return
	}
	if j++; f.Is(j, ":") {
		if _, j = f.Dotted(j + 1); f.Is(j, "?") {
			j++
		}
	}
	if f.Is(j, "=") && !f.Is(j+1, "=") {
		f.funcs[f.Tokens[i].Text] = append(f.funcs[f.Tokens[i].Text], -j)
	}
}

// holds reports whether block a is b or one around it.
func (f *File) holds(a, b int) bool {
	for ; b >= 0; b = f.blocks[b].parent {
		if a == b {
			return true
		}
	}
	return false
}

// lookup finds the declaration that a name means at token i.
func (f *File) lookup(name string, i int) (decl, bool) {
	list := f.decls[name]
	if len(list) > maxDecls {
		return decl{}, false
	}
	best, depth := decl{}, -1
	for _, d := range list {
		if !f.holds(d.block, int(f.inside[i])) || f.blocks[d.block].kind != typeBlock && d.at > i {
			continue
		}
		// The innermost block counts; in one block, the last one before the use.
		n := 0
		for b := d.block; b >= 0; b = f.blocks[b].parent {
			n++
		}
		if n >= depth {
			best, depth = d, n
		}
	}
	return best, depth >= 0
}

// maxDecls bounds the declarations and writes of one name that are compared.
const maxDecls = 60

// writesOf are the assignments to a declared name, in order.
func (f *File) writesOf(name string, d decl) []write {
	list := f.writes[name]
	if len(list) > maxDecls {
		return []write{{at: d.at}} // too many to follow: computed
	}
	var out []write
	for _, w := range list {
		switch o, ok := f.lookup(name, w.at); {
		case w.at == d.at:
		case w.field && (f.blocks[d.block].kind != typeBlock || !f.holds(d.block, int(f.inside[w.at]))):
			continue
		case !w.field && (!ok || o.at != d.at):
			continue
		}
		out = append(out, w)
	}
	return out
}
