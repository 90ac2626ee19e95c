package syntax

// Step is one part of a chain: a name, or a call of it.
type Step struct {
	Name   string
	At     int // the token of the name
	Called bool
	Open   int // the parenthesis of the call
}

// maxChain bounds the parts of a chain.
const maxChain = 60

// Chain reads a.b(c).d from token a on, to b at most. ok is false if there is
// something else before b.
func (f *File) Chain(a, b int) (list []Step, ok bool) {
	i := a
	for i < b && len(list) < maxChain {
		s := Step{At: i}
		switch {
		case f.Ident(i):
			s.Name = f.Tokens[i].Text
		case f.literal(i) && i == a && !f.Tokens[i].Template:
			s.Name = ""
		default:
			return list, false
		}
		i++
		if f.Is(i, "<") { // new ArrayList<String>(
			j := i
			for j < b && !f.Is(j, "(") && j < i+30 {
				j++
			}
			i = j
		}
		if f.Is(i, "(") {
			p := f.Close(i)
			if p < 0 || p >= b {
				return list, false
			}
			s.Called, s.Open = true, i
			i = p + 1
		}
		if f.Kotlin && f.Is(i, "{") { // a trailing lambda
			p := f.Close(i)
			if p < 0 || p >= b {
				return list, false
			}
			if !s.Called {
				s.Called, s.Open = true, i
			}
			i = p + 1
		}
		list = append(list, s)
		if f.Is(i, "!", "!") { // Kotlin's x!!
			i += 2
		}
		if f.Is(i, "?", ".") {
			i++
		}
		if i >= b {
			return list, true
		}
		if !f.Is(i, ".") {
			return list, false
		}
		i++
	}
	return list, i >= b
}

// maxVia bounds the calls before a call in its chain that are looked at.
const maxVia = 24

// maxArgs bounds the arguments of a call.
const maxArgs = 40

// Args are the arguments of the call whose parenthesis is at open, each as the
// index of its first token and the one after its last. A name before it
// (port = 8080) is left out.
func (f *File) Args(open int) [][2]int {
	end := f.Close(open)
	if end < 0 {
		return nil
	}
	var out [][2]int
	for i := open + 1; i < end && len(out) < maxArgs; {
		j := i
		for j < end && !f.Is(j, ",") {
			if p := f.Close(j); p > 0 {
				j = p
			}
			j++
		}
		a := i
		if f.Kotlin && f.Ident(a) && f.Is(a+1, "=") && !f.Is(a+2, "=") {
			a += 2
		}
		out = append(out, [2]int{a, j})
		i = j + 1
	}
	return out
}

// Named is the argument with a name, as Kotlin writes it.
func (f *File) Named(open int, name string) ([2]int, bool) {
	for _, x := range f.Args(open) {
		if x[0] >= 2 && f.Is(x[0]-1, "=") && f.Is(x[0]-2, name) && x[0]-2 > open {
			return x, true
		}
	}
	return [2]int{}, false
}

// Call is a call of a function, method or constructor.
type Call struct {
	Name string // "listen", "InetSocketAddress"
	At   int    // the token of the name
	Open int
	New  bool
	// Class is the type that it is called on, as far as the file says: of a
	// variable, a constructor, or a class ("Files"). "" if it is not known.
	Class string
	// Via are the methods called before in the same chain.
	Via []string
	// Receiver is the first token of the chain, or At.
	Receiver int
	// Bare says that it is called without a receiver.
	Bare bool
}

// Calls yields the calls of the file in order.
func (f *File) Calls(yield func(Call) bool) {
	for i := range f.Tokens {
		if !f.Ident(i) || f.Close(i+1) < 0 || !f.Is(i+1, "(") || control[f.Tokens[i].Text] || f.declares(i) {
			continue
		}
		if !yield(f.call(i)) {
			return
		}
	}
}

// Lambda reports whether the tokens of an argument are a function: config -> { … }, { config -> … }.
func (f *File) Lambda(arg [2]int) bool {
	for i := arg[0]; i < min(arg[1], arg[0]+4); i++ {
		if f.Is(i, "-") && f.Is(i+1, ">") {
			return true
		}
	}
	return false
}

// Assigned is a property that code gives a value: connector.port = 8080, or port = 8080 in Kotlin's Connector().apply { }.
type Assigned struct {
	Class, Name  string // the class of the object, "" if it is not known
	At, From, To int    // the name, and the tokens of the value
}

// Assigns yields them.
func (f *File) Assigns(yield func(Assigned) bool) {
	for i := range f.Tokens {
		if !f.Ident(i) || !f.Is(i+1, "=") || f.Is(i+2, "=") {
			continue
		}
		a := Assigned{Name: f.Tokens[i].Text, At: i, From: i + 2, To: f.end(i + 2)}
		switch {
		case f.Is(i-1, "."):
			if f.Ident(i-2) && !f.Is(i-3, ".") {
				a.Class = f.typeAt(f.Tokens[i-2].Text, i)
			}
		case f.Kotlin:
			open := f.blocks[f.inside[i]].open
			if !f.Is(open-1, "apply") || !f.Is(open-2, ".") || !f.Is(open-3, ")") || f.pair[open-3] < 1 {
				continue
			}
			a.Class = f.Tokens[f.pair[open-3]-1].Text
		default:
			continue
		}
		if !yield(a) {
			return
		}
	}
}

// declares reports whether the name at i is that of a function being declared.
func (f *File) declares(i int) bool {
	if f.Kotlin {
		return f.Is(i-1, "fun") || f.Is(i-1, "class")
	}
	if f.Is(i-1, ".") || !f.typeEnd(i-1) || f.Is(i-1, ">") && f.Is(i-2, "-") {
		return false
	}
	k, _ := f.Kind(i - 1)
	return k == Ident && !notType[f.Tokens[i-1].Text] && !f.Is(i-2, "@") || f.Is(i-1, "]") || f.Is(i-1, ">")
}

func (f *File) call(i int) Call {
	c := Call{Name: f.Tokens[i].Text, At: i, Open: i + 1, Receiver: i}
	start := i
	for n := 0; n < maxVia && f.Is(start-1, "."); n++ {
		j := start - 2
		if f.Is(j, "?") || f.Is(j, "!") {
			for f.Is(j, "?") || f.Is(j, "!") {
				j--
			}
		}
		if f.Kotlin && f.Is(j, "}") { // a trailing lambda: create { … }.start(8080)
			p := int(f.pair[j])
			if p < 1 {
				break
			}
			if j = p - 1; f.Ident(j) {
				c.Via = append(c.Via, f.Tokens[j].Text)
			}
		}
		if f.Is(j, ")") {
			p := int(f.pair[j])
			if p < 1 {
				break
			}
			if f.Ident(p - 1) {
				c.Via = append(c.Via, f.Tokens[p-1].Text)
				j = p - 1
			} else { // (x).f()
				start = p
				break
			}
		}
		if !f.Ident(j) {
			break
		}
		start = j
	}
	c.New = f.Is(start-1, "new") && len(c.Via) == 0 || f.Kotlin && start == i && isUpper(c.Name)
	c.Bare, c.Receiver = start == i, start
	if c.Bare || c.New {
		if c.New {
			c.Class = c.Name
		}
		return c
	}
	c.Class = f.typeOf(start, i)
	return c
}

func isUpper(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

// typeOf is the type of the chain that starts at token i and ends before the
// name at end: that of its variable or constructor, or the class itself.
func (f *File) typeOf(i, end int) string {
	if f.Is(i, "this") {
		i += 2
	}
	name := ""
	for j := i; j < end; j += 2 { // a.b.Class
		if !f.Ident(j) {
			return ""
		}
		if name = f.Tokens[j].Text; isUpper(name) || !f.Is(j+1, ".") {
			break
		}
		if d, ok := f.lookup(name, j); ok {
			return f.declaredType(d)
		}
	}
	if isUpper(name) {
		return name
	}
	if d, ok := f.lookup(name, i); ok {
		return f.declaredType(d)
	}
	return ""
}

// declaredType is the type of a declared name: as it is written, else that of
// the constructor or class in its value.
func (f *File) declaredType(d decl) string {
	if d.typ >= 0 {
		typ := d.typ
		if f.Is(typ, ">") { // List<String>
			for depth, j := 0, typ; j > typ-40 && j >= 0; j-- {
				if f.Is(j, ">") {
					depth++
				} else if f.Is(j, "<") {
					if depth--; depth == 0 {
						typ = j - 1
						break
					}
				}
			}
		}
		if f.Ident(typ) && f.Tokens[typ].Text != "var" && f.Tokens[typ].Text != "final" {
			return f.Tokens[typ].Text
		}
	}
	for _, w := range f.writes[f.Tokens[d.at].Text] {
		if w.at == d.at && w.from < w.to {
			a := w.from
			if f.Is(a, "new") {
				a++
			}
			for j := a; j < w.to && f.Ident(j); j += 2 {
				if isUpper(f.Tokens[j].Text) {
					return f.Tokens[j].Text
				}
				if !f.Is(j+1, ".") {
					break
				}
			}
		}
	}
	return ""
}
