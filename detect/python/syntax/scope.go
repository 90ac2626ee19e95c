package syntax

import (
	"slices"
	"strings"
)

// File is a source file whose names are bound.
type File struct {
	Body   []*Stmt
	Module *Scope
	Tokens int // of all statements

	seq int
}

// ScopeKind is what a scope belongs to.
type ScopeKind uint8

// The kinds of scopes.
const (
	ModuleScope ScopeKind = iota
	ClassScope
	FunctionScope
)

// Scope is where names live: a module, a class or a function. A block is no
// scope. https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
type Scope struct {
	Kind   ScopeKind
	Parent *Scope
	Def    *Stmt // the def or class; nil for a module
	// Decorators are the expressions over the def or class.
	Decorators []*Stmt
	// Names has the writes to each name of the scope in the order of the text.
	// Attributes and items that are written to are names too, as they stand:
	// "self.port", `app.config["PORT"]`.
	Names map[string][]*Binding
	Stars []string // modules imported with *

	root     *Block
	declared map[string]*Scope // names that global and nonlocal give to another scope
}

// BindingKind is how a name gets its value.
type BindingKind uint8

// The kinds of bindings.
const (
	Assigned  BindingKind = iota
	Augmented             // x += 1
	Imported
	Defined // def and class
	Parameter
	Unknown // for, with, except, del, unpacking
)

// Binding is one write to a name.
type Binding struct {
	Kind  BindingKind
	Name  string
	Value []Token // the value of Assigned; the default of a Parameter, nil without
	// Index is which item of Value a name of several takes (a, b = 1, 2); -1 for all of it.
	Index  int
	Import string // the full dotted name of Imported
	Stmt   *Stmt  // the statement, in whose scope Value counts
	Line   int
	// Scope is the scope of a Defined def or class, and that of the function of a Parameter.
	Scope *Scope
	// Number is the place of a Parameter, counted from 0; -1 if it is given by name alone.
	Number int

	block *Block
	seq   int
}

// Block is a list of statements that run together or not at all.
type Block struct {
	Header *Stmt // the if, for, try … ; nil for the body of a scope
	Parent *Block

	chain  *chain
	loop   bool
	argued bool // it runs for arguments of the command alone: if len(sys.argv) > 1
	ends   bool // what follows it never runs after it: return, raise, sys.exit()
}

// chain is the arms of an if, a try or a match. Not more than one arm of an if
// runs; the arms of a try do one after the other.
type chain struct {
	arms  []*Block
	try   bool
	whole bool // one of the arms always runs: there is an else
	long  bool // it has more arms than are kept
}

// maxArms is how many arms of a chain are kept.
const maxArms = 64

func (c *chain) add(b *Block) {
	if c.long = c.long || len(c.arms) >= maxArms; !c.long {
		c.arms = append(c.arms, b)
	}
}

// Bind reads source and finds what every name is bound to.
func Bind(source string) *File {
	f := &File{Body: Parse(source)}
	f.Module = newScope(ModuleScope, nil, nil)
	f.block(f.Body, f.Module, f.Module.root)
	return f
}

func newScope(kind ScopeKind, parent *Scope, def *Stmt) *Scope {
	return &Scope{Kind: kind, Parent: parent, Def: def, Names: map[string][]*Binding{}, root: &Block{}, declared: map[string]*Scope{}}
}

// Scope is the scope that the statement stands in.
func (s *Stmt) Scope() *Scope { return s.scope }

// Block is the block that the statement stands in.
func (s *Stmt) Block() *Block { return s.block }

// Enclosing are the statements whose blocks the statement stands in, from the
// nearest on, up to the scope's own. For an arm, the earlier arms count too.
func (s *Stmt) Enclosing() []*Stmt {
	var out []*Stmt
	for b := s.block; b != nil && b.Header != nil; b = b.Parent {
		out = append(out, b.Header)
		if b.chain != nil {
			for _, arm := range b.chain.arms {
				if arm != b {
					out = append(out, arm.Header)
				}
			}
		}
	}
	return out
}

// block binds the names of a list of statements.
func (f *File) block(list []*Stmt, in *Scope, at *Block) {
	var decorators []*Stmt
	var open *chain
	for _, s := range list {
		f.seq++
		f.Tokens += len(s.Tokens)
		s.seq, s.scope, s.block = f.seq, in, at
		word := s.Keyword()
		switch word {
		case "@":
			decorators = append(decorators, s)
			continue
		case "def", "class":
			f.define(s, word, in, decorators)
			decorators, open = nil, nil
			continue
		}
		decorators = nil
		switch word {
		case "if", "for", "while", "try", "with", "match":
			open = &chain{try: word == "try", whole: word == "try"}
		case "elif", "else", "except", "finally", "case":
			if open == nil || word == "case" && len(s.Body) == 0 {
				open = &chain{}
			}
		default:
			open = nil
		}
		f.statement(s, in)
		if at != nil && ends(s) {
			at.ends = true
		}
		if len(s.Body) == 0 {
			continue
		}
		inner := at
		switch word {
		case "with", "async", "finally":
		case "match":
			f.cases(s, in, at)
			continue
		default:
			inner = &Block{Header: s, Parent: at, chain: open, loop: word == "for" || word == "while", argued: mentionsArguments(s)}
			switch {
			case open == nil:
			case word == "else" && open.try:
				inner.chain = nil // it runs after the try, not in its place
			default:
				open.whole = open.whole || word == "else" && !inner.afterLoop()
				open.add(inner)
			}
		}
		f.block(s.Body, in, inner)
	}
}

// afterLoop reports whether the else belongs to a loop.
func (b *Block) afterLoop() bool { return len(b.chain.arms) > 0 && b.chain.arms[0].loop }

// cases binds the cases of a match, which are its statements.
func (f *File) cases(s *Stmt, in *Scope, at *Block) {
	c := &chain{}
	for _, k := range s.Body {
		f.seq++
		k.seq, k.scope, k.block = f.seq, in, at
		inner := &Block{Header: k, Parent: at, chain: c}
		c.add(inner)
		c.whole = c.whole || len(k.Tokens) == 2 && k.Tokens[1].Is("_")
		f.block(k.Body, in, inner)
	}
}

// ends reports whether nothing runs after the statement in its block.
func ends(s *Stmt) bool {
	switch s.Keyword() {
	case "return", "raise":
		return true
	}
	n, _ := Dotted(s.Tokens, 0)
	return n == "sys.exit" || n == "exit" || n == "os._exit" || n == "quit"
}

// mentionsArguments reports whether a condition asks for the arguments of the
// command.
func mentionsArguments(s *Stmt) bool {
	return slices.ContainsFunc(s.Tokens, func(t Token) bool { return t.Kind == Name && (t.Text == "argv" || t.Text == "argc") })
}

// statement binds what one statement writes to.
func (f *File) statement(s *Stmt, in *Scope) {
	toks := s.Tokens
	switch s.Keyword() {
	case "import":
		f.imports(s, in)
	case "from":
		f.from(s, in)
	case "global", "nonlocal":
		for _, t := range toks[1:] {
			if t.Kind != Name || in.Kind != FunctionScope {
				continue
			}
			to := f.Module
			if toks[0].Is("nonlocal") {
				if to = in.Parent.owner(t.Text); to == nil {
					continue
				}
			}
			in.declared[t.Text] = to
		}
	case "for":
		if i := Top(toks, "in"); i > 0 {
			f.unknown(s, in, toks[slices.IndexFunc(toks, func(t Token) bool { return t.Is("for") })+1:i])
		}
	case "with", "except":
		for i := 0; i+1 < len(toks); i++ {
			if !toks[i].Is("as") {
				continue
			}
			// with open(x) as f: the value is read where it is asked for.
			f.unknown(s, in, toks[i+1:i+2])
		}
	case "del":
		f.unknown(s, in, toks[1:])
	default:
		f.assignment(s, in)
	}
	// if port := os.environ.get("PORT"):
	for i, n := 1, 0; i+1 < len(toks) && n < maxParts; i++ {
		if toks[i].Is(":=") {
			n++
		}
		if toks[i].Is(":=") && toks[i-1].Kind == Name {
			in.bind(toks[i-1].Text, &Binding{Value: UntilEnd(toks[i+1:]), Index: -1, Stmt: s, Line: toks[i].Line})
		}
	}
}

// UntilEnd cuts an expression at the bracket or comma that ends it.
func UntilEnd(toks []Token) []Token {
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		switch {
		case t.Kind != Op:
		case t.Partner > 0 && i+t.Partner < len(toks):
			i += t.Partner
		case t.Text == ")" || t.Text == "]" || t.Text == "}" || t.Text == ",":
			return toks[:i]
		}
	}
	return toks
}

// assignment binds the targets of =, of an annotation and of += and the like.
func (f *File) assignment(s *Stmt, in *Scope) {
	targets, value := Assignment(s.Tokens)
	for _, t := range targets {
		list := Split(untuple(t), ",")
		starred := false
		for i, one := range list {
			starred = starred || len(one) > 0 && one[0].Is("*")
			name := target(one)
			if name == "" {
				continue
			}
			b := &Binding{Value: value, Index: -1, Stmt: s, Line: s.Line()}
			if len(list) > 1 {
				b.Index = i
				if starred {
					b.Kind, b.Value = Unknown, nil
				}
			}
			in.bind(name, b)
		}
	}
	if value != nil {
		return
	}
	for i, t := range s.Tokens[:min(len(s.Tokens), 2*maxParts)] {
		if i > 0 && augments(t) {
			if name := target(s.Tokens[:i]); name != "" {
				in.bind(name, &Binding{Kind: Augmented, Value: s.Tokens[i+1:], Index: -1, Stmt: s, Line: s.Line()})
			}
			return
		}
	}
	// A bare annotation declares a name without a value: port: int.
	if i := Top(s.Tokens, ":"); i == 1 && s.Tokens[0].Kind == Name && in.Kind == ClassScope {
		in.bind(s.Tokens[0].Text, &Binding{Index: -1, Stmt: s, Line: s.Line()})
	}
}

func augments(t Token) bool {
	switch t.Text {
	case "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=":
		return t.Kind == Op
	}
	return false
}

func untuple(t []Token) []Token {
	if len(t) > 1 && (t[0].Is("(") || t[0].Is("[")) && t[0].Partner == len(t)-1 {
		return t[1 : len(t)-1]
	}
	return t
}

// target is the name of what is written to: a name, a dotted name, or an item
// with a literal key of one.
func target(toks []Token) string {
	n, j := Dotted(toks, 0)
	switch {
	case n == "":
		return ""
	case j == len(toks), toks[j].Is(":"): // x: int = 1
		return n
	case toks[j].Is("["):
		if key, ok := Literal(firstItem(toks, j)); ok && j+3 == len(toks) {
			return Item(n, key)
		}
	}
	return ""
}

func firstItem(toks []Token, i int) []Token {
	in, _ := Inside(toks, i)
	return in
}

// Item is the name under which an item of a dotted name is bound.
func Item(name, key string) string { return name + `["` + key + `"]` }

func (f *File) unknown(s *Stmt, in *Scope, toks []Token) {
	for _, t := range toks {
		if t.Kind == Name {
			in.bind(t.Text, &Binding{Kind: Unknown, Index: -1, Stmt: s, Line: t.Line})
		}
	}
}

// bind adds a write to a name. What global and nonlocal give to another scope
// is written there at a time that is not known.
func (s *Scope) bind(name string, b *Binding) {
	b.Name, b.block, b.seq = name, b.Stmt.block, b.Stmt.seq
	s.Names[name] = append(s.Names[name], b)
	head, _, _ := strings.Cut(name, ".")
	if to := s.declared[head]; to != nil {
		away := *b
		away.block = &Block{Header: s.Def, Parent: to.root}
		to.Names[name] = append(to.Names[name], &away)
	}
	// self.port = … in a method is an attribute of the class.
	if s.Kind == FunctionScope && s.Parent.Kind == ClassScope && (head == "self" || head == "cls") && head != name {
		away := *b
		away.block = &Block{Header: s.Def, Parent: s.Parent.root}
		s.Parent.Names[name] = append(s.Parent.Names[name], &away)
	}
}

// define binds a def or class, and what stands in it.
func (f *File) define(s *Stmt, word string, in *Scope, decorators []*Stmt) {
	i := slices.IndexFunc(s.Tokens, func(t Token) bool { return t.Is(word) })
	kind := FunctionScope
	if word == "class" {
		kind = ClassScope
	}
	inner := newScope(kind, in, s)
	inner.Decorators = decorators
	if i >= 0 && i+1 < len(s.Tokens) && s.Tokens[i+1].Kind == Name {
		in.bind(s.Tokens[i+1].Text, &Binding{Kind: Defined, Index: -1, Stmt: s, Line: s.Line(), Scope: inner})
	}
	if kind == FunctionScope && i >= 0 && i+2 < len(s.Tokens) {
		params, _ := Inside(s.Tokens, i+2)
		f.parameters(s, inner, params)
	}
	f.block(s.Body, inner, inner.root)
}

// parameters binds the parameters of a function.
// https://docs.python.org/3/reference/compound_stmts.html#function-definitions
func (f *File) parameters(s *Stmt, inner *Scope, params []Token) {
	n := 0
	for _, p := range Split(params, ",") {
		switch {
		case len(p) == 0 || p[0].Is("/"):
			continue
		case p[0].Is("*") || p[0].Is("**"):
			n = -1 << 20 // what follows is given by name
			if len(p) > 1 && p[1].Kind == Name {
				f.unknown(s, inner, p[1:2])
			}
			continue
		case p[0].Kind != Name:
			continue
		}
		b := &Binding{Kind: Parameter, Name: p[0].Text, Index: -1, Stmt: s, Line: p[0].Line, Scope: inner, Number: max(n, -1)}
		if i := Top(p, "="); i > 0 {
			b.Value = p[i+1:]
		}
		b.block, b.seq = inner.root, s.seq
		inner.Names[p[0].Text] = append(inner.Names[p[0].Text], b)
		n++
	}
}

// imports binds import a.b, c as d.
func (f *File) imports(s *Stmt, in *Scope) {
	for _, part := range Split(s.Tokens[1:], ",") {
		full, i := Dotted(part, 0)
		if full == "" {
			continue
		}
		var local string
		as := full
		if i+1 < len(part) && part[i].Is("as") {
			local = part[i+1].Text
		} else {
			local, _, _ = strings.Cut(full, ".")
			as = local
		}
		in.bind(local, &Binding{Kind: Imported, Import: as, Index: -1, Stmt: s, Line: s.Line()})
	}
}

// From is what a from … import … takes from where.
type From struct {
	Level  int    // how many dots stand before Module
	Module string // "" for from . import x
	Names  []struct{ Name, As string }
	Star   bool
}

// ReadFrom reads from a.b import c as d, e.
func ReadFrom(s *Stmt) (From, bool) {
	var out From
	if s.Keyword() != "from" {
		return out, false
	}
	toks := s.Tokens[1:]
	for len(toks) > 0 && (toks[0].Is(".") || toks[0].Is("...")) {
		out.Level += len(toks[0].Text)
		toks = toks[1:]
	}
	if len(toks) > 0 && !toks[0].Is("import") {
		var i int
		out.Module, i = Dotted(toks, 0)
		toks = toks[i:]
	}
	if len(toks) < 2 || !toks[0].Is("import") {
		return out, false
	}
	toks = toks[1:]
	if toks[0].Is("(") {
		toks, _ = Inside(toks, 0)
	}
	for _, part := range Split(toks, ",") {
		switch {
		case len(part) == 0:
		case part[0].Is("*"):
			out.Star = true
		case part[0].Kind == Name:
			as := part[0].Text
			if len(part) > 2 && part[1].Is("as") {
				as = part[2].Text
			}
			out.Names = append(out.Names, struct{ Name, As string }{part[0].Text, as})
		}
	}
	return out, true
}

// from binds the names of from a.b import c. A relative module keeps its dots,
// which only the place of the file resolves.
func (f *File) from(s *Stmt, in *Scope) {
	x, ok := ReadFrom(s)
	if !ok {
		return
	}
	base := strings.Repeat(".", x.Level) + x.Module
	if x.Star {
		in.Stars = append(in.Stars, base)
	}
	if x.Module != "" {
		base += "."
	}
	for _, n := range x.Names {
		in.bind(n.As, &Binding{Kind: Imported, Import: base + n.Name, Index: -1, Stmt: s, Line: s.Line()})
	}
}

// owner is the scope that a name belongs to when s uses it, or nil.
func (s *Scope) owner(name string) *Scope {
	for first := true; s != nil; s, first = s.Parent, false {
		// The names of a class are seen in its own body alone.
		if (first || s.Kind != ClassScope) && len(s.Names[name]) > 0 {
			return s
		}
	}
	return nil
}

// Writes are the last writes to a name before a use, the latest first: all of
// those that may have been the last, since branches and loops may run or not.
type Writes struct {
	List []*Binding
	// Argued says that arguments of the command would lead to another write.
	Argued bool
}

// Lookup finds the last writes to a name before its use in the statement. In
// the body of a function, a name from outside of it has the value that it has
// when all of the outside has run.
func (s *Stmt) Lookup(name string) Writes {
	in := s.scope
	if in == nil {
		return Writes{}
	}
	head, _, _ := strings.Cut(name, ".")
	if to := in.declared[head]; to != nil && to != in {
		if w, sure := in.reaching(name, s.seq, s.block); sure {
			return w
		}
		w, _ := to.reaching(name, to.end(), to.root)
		return w
	}
	if strings.HasPrefix(name, "self.") && in.Kind == FunctionScope && in.Parent.Kind == ClassScope {
		if w, sure := in.reaching(name, s.seq, s.block); sure {
			return w
		}
		return in.Parent.Attribute(name[len("self."):])
	}
	at := in.owner(name)
	switch at {
	case nil:
		return Writes{}
	case in:
		if w, _ := in.reaching(name, s.seq, s.block); len(w.List) > 0 || in.Kind == FunctionScope {
			return w
		}
		if in.Parent == nil {
			return Writes{}
		}
		if at = in.Parent.owner(name); at == nil {
			return Writes{}
		}
	}
	w, _ := at.reaching(name, at.end(), at.root)
	return w
}

// Final finds the last writes to a name once all of the scope has run.
func (s *Scope) Final(name string) Writes {
	w, _ := s.reaching(name, s.end(), s.root)
	return w
}

// Attribute finds the last writes to an attribute of a class: those of its
// methods, or of its body if no method writes to it.
func (s *Scope) Attribute(name string) Writes {
	w, _ := s.reaching("self."+name, s.end(), s.root)
	if len(w.List) == 0 {
		return s.Final(name)
	}
	body := s.Final(name)
	w.List = append(w.List, body.List...)
	return w
}

func (s *Scope) end() int { return 1 << 60 }

// maxWrites is how many writes to one name are looked at.
const maxWrites = 16

// reaching goes back from a use through the writes to a name. sure says that
// one of the writes has certainly happened.
func (s *Scope) reaching(name string, seq int, use *Block) (w Writes, sure bool) {
	list := s.Names[name]
	var covered blocks
	after, _ := slices.BinarySearchFunc(list, seq, func(b *Binding, seq int) int { return b.seq - seq })
	n := 0
	for i := min(len(list), after+maxWrites) - 1; i >= 0; i-- {
		b := list[i]
		later := i >= after
		if later && !sameLoop(b.block, use) {
			continue
		}
		if n++; n > maxWrites {
			return Writes{List: []*Binding{{Kind: Unknown, Index: -1, Stmt: b.Stmt, Line: b.Line}}}, true
		}
		switch how := b.block.meets(use, &covered); {
		case how == never:
		case how == argued:
			w.Argued = true
		case later:
			w.List = append(w.List, b)
		case how == always:
			w.List = append(w.List, b)
			if b.Kind != Augmented {
				return w, true
			}
		default:
			w.List = append(w.List, b)
			if b.Kind != Augmented && b.block.cover(use, &covered) {
				w.Argued = w.Argued || covered.argued
				return w, true
			}
		}
	}
	return w, false
}

// blocks are those that certainly write.
type blocks struct {
	list   []*Block
	argued bool // an arm that only arguments lead to does not count
}

func (s *blocks) has(b *Block) bool { return slices.Contains(s.list, b) }

type meeting uint8

const (
	maybe meeting = iota
	always
	never
	argued
)

// meets says how a write in block b reaches a use in block use after it.
func (b *Block) meets(use *Block, covered *blocks) meeting {
	for x := b; x != nil; x = x.Parent {
		if covered.has(x) {
			return never // another write in the block came later
		}
		if x.holds(use) {
			if x == b {
				return always
			}
			break
		}
		// An arm that ends, or that only arguments lead to.
		if x.argued {
			return argued
		}
		if x.ends {
			return never
		}
		if x.chain != nil && !x.chain.try && x.chain.around(use) {
			return never // only one of the two arms runs
		}
	}
	return maybe
}

// around reports whether a block stands in an arm of the chain.
func (c *chain) around(b *Block) bool {
	for ; b != nil; b = b.Parent {
		if b.chain == c {
			return true
		}
	}
	return false
}

// holds reports whether b is use or around it.
func (b *Block) holds(use *Block) bool {
	for ; use != nil; use = use.Parent {
		if use == b {
			return true
		}
	}
	return false
}

// cover notes that b certainly writes, and reports whether thereby a block
// around the use does: all arms of an if with an else.
func (b *Block) cover(use *Block, covered *blocks) bool {
	for {
		covered.list = append(covered.list, b)
		if b.chain == nil || !b.chain.whole || b.chain.long || b.Parent == nil {
			return false
		}
		for _, arm := range b.chain.arms {
			if !covered.has(arm) && !arm.ends && !arm.argued {
				return false
			}
			covered.argued = covered.argued || arm.argued
		}
		b = b.Parent
		if b.holds(use) {
			return true
		}
	}
}

// sameLoop reports whether both blocks stand in one loop, so that a write
// further down reaches a use further up.
func sameLoop(b, use *Block) bool {
	for ; b != nil; b = b.Parent {
		if b.loop && b.holds(use) {
			return true
		}
	}
	return false
}
