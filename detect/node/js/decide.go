package js

// Conditions that production decides: a branch that it does not take writes and
// returns nothing, and one that it takes is as if it had no condition.

// outcome is what is known of a condition.
type outcome uint8

const (
	open outcome = iota // only running the code would tell
	yes
	no
)

func (o outcome) not() outcome {
	switch o {
	case yes:
		return no
	case no:
		return yes
	default:
		return open
	}
}

func (o outcome) and(p outcome) outcome {
	switch {
	case o == no || p == no:
		return no
	case o == yes && p == yes:
		return yes
	default:
		return open
	}
}

// maxElse bounds the branches of one statement.
const maxElse = 16

// truthOf is whether the condition in the parentheses at i holds.
func (r reader) truthOf(i int) outcome {
	if !r.is(i, "(") || r.stop(i+1) != r.Close(i) {
		return open
	}
	v := r.memo(i + 1)
	if r.program.Build {
		v = v.Unset()
	}
	switch {
	case v.Kind == Object || v.Kind == Array || v.Kind == Function:
		return yes
	case v.Kind != Scalar || v.Base != None:
		return open
	case v.falsy():
		return no
	}
	return yes
}

// taken is whether the statement runs that starts at i, as far as the if or else
// right before it says.
func (r reader) taken(i int) outcome {
	out := yes
	for range maxElse {
		switch {
		case r.is(i-1, "else"):
			// The branch before it, and what that depends on.
			end := i - 2
			if !r.is(end, "}") || r.matches[end] < 0 {
				return out.and(open)
			}
			i = int(r.matches[end])
			if !r.is(i-1, ")") || r.matches[i-1] < 0 || !r.is(int(r.matches[i-1])-1, "if") {
				return out.and(open)
			}
			paren := int(r.matches[i-1])
			out = out.and(r.truthOf(paren).not())
			i = paren - 1
		case r.is(i-1, ")") && r.matches[i-1] >= 0 && r.is(int(r.matches[i-1])-1, "if"):
			paren := int(r.matches[i-1])
			out = out.and(r.truthOf(paren))
			i = paren - 1
		case r.is(i-1, ")") && i < len(r.Tokens) && !r.starts[i]: // for, while
			return out.and(open)
		default:
			return out
		}
		if out == no || !r.is(i-1, "else") {
			return out
		}
	}
	return open
}

// entered is whether the block of a scope runs once what is around it does.
func (r reader) entered(x int32) outcome {
	s := r.scope[x]
	switch {
	case s.kind == plainBlock && r.is(int(s.from), "{"):
		return yes
	case s.kind != branch || !r.is(int(s.from), "{"):
		return open
	case r.is(int(s.from)-1, "else"), r.is(int(s.from)-1, ")"):
		if r.is(int(s.from)-1, ")") && !r.is(int(r.matches[max(int(s.from)-1, 0)])-1, "if") {
			return open
		}
		return r.taken(int(s.from))
	}
	return open
}

// settled is a write without the conditions that are known to hold; ok is false
// if one of them does not hold, so that nothing is written.
func (r reader) settled(w write) (write, bool) {
	if w.conditional && (r.is(int(w.start)-1, ")") || r.is(int(w.start)-1, "else")) {
		switch r.taken(int(w.start)) {
		case no:
			return w, false
		case yes:
			w.conditional = false
		case open:
		}
	}
	hoist := true
	x := w.scope
	for range maxNesting {
		if x < 0 || r.scope[x].kind == functionScope || r.scope[x].kind == classScope || r.scope[x].parent < 0 {
			break
		}
		switch r.entered(x) {
		case no:
			return w, false
		case yes:
			if hoist {
				w.scope = r.scope[x].parent
			}
		case open:
			hoist = false
		}
		x = r.scope[x].parent
	}
	return w, true
}

// settle is a list of writes without those that do not happen.
func (r reader) settle(writes []write) []write {
	if len(writes) < 2 {
		return writes // the only value there is
	}
	var out []write
	for k, w := range writes {
		got, ok := r.settled(w)
		if out == nil && ok && got.scope == w.scope && got.conditional == w.conditional {
			continue
		}
		if out == nil {
			out = append(make([]write, 0, len(writes)), writes[:k]...)
		}
		if ok {
			out = append(out, got)
		}
	}
	if out == nil {
		return writes
	}
	return out
}

// reached lists those of a function's return statements that may end it, up to
// the first one that does.
func (r reader) reached(fn int32) []int {
	var out []int
	for _, at := range r.returns(fn) {
		if at >= len(r.Tokens) {
			break
		}
		is := r.taken(at - 1)
		for x := r.inside[at]; x != fn && x >= 0 && is != no; x = r.scope[x].parent {
			if label, ok := r.chosen(x, at); ok {
				is = is.and(label)
			} else {
				is = is.and(r.entered(x))
			}
		}
		if is != no {
			out = append(out, at)
		}
		if is == yes {
			break
		}
	}
	return out
}

// chosen is whether a switch whose body is the scope x comes to the token at; ok
// is false if the scope is no switch.
func (r reader) chosen(x int32, at int) (is outcome, ok bool) {
	brace := int(r.scope[x].from)
	if !r.is(brace, "{") || !r.is(brace-1, ")") || r.matches[brace-1] < 0 || !r.is(int(r.matches[brace-1])-1, "switch") {
		return open, false
	}
	paren := int(r.matches[brace-1])
	v := r.memo(paren + 1)
	if r.program.Build {
		v = v.Unset()
	}
	if v.Kind != Scalar || v.Base != None {
		return open, true
	}
	label, chosen, fallback := -1, -1, -1 // the case before the token, the one that is taken, and the default
	for i := brace + 1; i < r.Close(brace) && i < len(r.Tokens); i++ {
		switch {
		case r.is(i, "{"), r.is(i, "("), r.is(i, "["):
			if r.Close(i) < at || i > at {
				i = r.Close(i)
			}
			continue
		case r.word(i) == "default" && r.is(i+1, ":"):
			fallback = i
		case r.word(i) == "case" && !r.is(i-1, "."):
			c := r.memo(i + 1)
			same, known := equal(v, c, true)
			if !known {
				return open, true
			}
			if same && chosen < 0 {
				chosen = i
			}
		default:
			continue
		}
		if i < at {
			label = i
		}
	}
	if chosen < 0 {
		chosen = fallback
	}
	switch {
	case label < 0 || label < chosen || chosen < 0:
		return no, true
	case label == chosen:
		return yes, true
	}
	return open, true // it may fall through
}
