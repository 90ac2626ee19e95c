package python

import "strings"

// stmt is one statement: its tokens without what follows a compound
// statement's colon, and the statements that depend on it.
type stmt struct {
	tokens []token
	body   []*stmt
}

func (s *stmt) line() int { return s.tokens[0].line }

func (s *stmt) keyword() string {
	if s.tokens[0].kind != name && !s.tokens[0].is("@") {
		return ""
	}
	if s.tokens[0].text == "async" && len(s.tokens) > 1 {
		return s.tokens[1].text
	}
	return s.tokens[0].text
}

// compound are the keywords that open a block.
// https://docs.python.org/3/reference/compound_stmts.html
func compound(word string) bool {
	switch word {
	case "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "async", "match", "case":
		return true
	}
	return false
}

// parse makes the tree of statements. Indentation that no open block has
// counts as that of the nearest block around it.
func parse(source string) []*stmt {
	type block struct {
		indent int
		into   *[]*stmt
	}
	var root []*stmt
	open := []block{{-1, &root}}
	var last *stmt // the statement that a deeper line belongs to
	lastIndent := 0
	for _, l := range tokenize(source) {
		if last != nil && l.indent > lastIndent {
			open = append(open, block{lastIndent, &last.body})
		}
		for len(open) > 1 && l.indent <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		into := open[len(open)-1].into
		for _, s := range statements(l.tokens) {
			*into = append(*into, s)
			last = s
		}
		lastIndent = l.indent
	}
	return root
}

// statements splits one logical line at its semicolons, and a compound
// statement from what follows its colon.
func statements(toks []token) []*stmt {
	if len(toks) == 0 {
		return nil
	}
	first := toks[0].kind == name && compound(toks[0].text)
	if first {
		if i := top(toks, ":"); i >= 0 {
			// match and case are names too, and a line that only begins like one has no colon.
			s := &stmt{tokens: toks[:i]}
			s.body = statements(toks[i+1:])
			return []*stmt{s}
		}
	}
	var out []*stmt
	for len(toks) > 0 {
		i := top(toks, ";")
		if i < 0 {
			return append(out, &stmt{tokens: toks})
		}
		if i > 0 {
			out = append(out, &stmt{tokens: toks[:i]})
		}
		toks = toks[i+1:]
	}
	return out
}

// top returns the index of the first operator or keyword text outside of
// brackets and lambdas, or -1.
func top(toks []token, text string) int {
	depth, lambdas := 0, 0
	for i, t := range toks {
		if t.kind == str || t.kind == number {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth = max(depth-1, 0)
		case "lambda":
			if depth == 0 {
				lambdas++
			}
		}
		if depth == 0 && t.text == text {
			if text == ":" && lambdas > 0 {
				lambdas--
				continue
			}
			return i
		}
	}
	return -1
}

// split cuts tokens at every separator outside of brackets.
func split(toks []token, sep string) [][]token {
	var out [][]token
	for {
		i := top(toks, sep)
		if i < 0 {
			if len(toks) > 0 {
				out = append(out, toks)
			}
			return out
		}
		out = append(out, toks[:i])
		toks = toks[i+1:]
	}
}

// What is longer or deeper than code by hand is not looked into, so that the
// work stays proportional to the text.
const (
	maxParts = 16 // of a dotted name
	maxCalls = 24 // brackets around a call
)

// dotted reads a dotted name at i and returns it with the index after it.
func dotted(toks []token, i int) (string, int) {
	if i >= len(toks) || toks[i].kind != name {
		return "", i
	}
	parts := []string{toks[i].text}
	i++
	for n := 0; i+1 < len(toks) && toks[i].is(".") && toks[i+1].kind == name; n++ {
		if n < maxParts {
			parts = append(parts, toks[i+1].text)
		}
		i += 2
	}
	return strings.Join(parts, "."), i
}

// inside returns what stands between the bracket at i and its partner, and
// the index after the partner.
func inside(toks []token, i int) ([]token, int) {
	depth := 0
	for j := i; j < len(toks); j++ {
		if toks[j].kind != op {
			continue
		}
		switch toks[j].text {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth == 0 {
				return toks[i+1 : j], j + 1
			}
		}
	}
	return toks[min(i+1, len(toks)):], len(toks)
}

// call is one call expression.
type call struct {
	name string // dotted, as written
	pos  []arg
	kw   map[string]arg
	line int
	end  int // index after the closing bracket
}

type arg []token

// callAt reads the call whose dotted name begins at i.
func callAt(toks []token, i int) (call, bool) {
	n, j := dotted(toks, i)
	if n == "" || j >= len(toks) || !toks[j].is("(") {
		return call{}, false
	}
	in, end := inside(toks, j)
	c := call{name: n, line: toks[i].line, end: end, kw: map[string]arg{}}
	for _, a := range split(in, ",") {
		if len(a) >= 2 && a[0].kind == name && a[1].is("=") {
			c.kw[a[0].text] = a[2:]
			continue
		}
		c.pos = append(c.pos, a)
	}
	return c, true
}

// calls returns every call in the tokens, nested ones too.
func calls(toks []token) []call {
	var out []call
	depth := 0
	for i := range toks {
		switch {
		case toks[i].kind != op:
		case toks[i].text == "(" || toks[i].text == "[" || toks[i].text == "{":
			depth++
		case toks[i].text == ")" || toks[i].text == "]" || toks[i].text == "}":
			depth = max(depth-1, 0)
		}
		if toks[i].kind != name || depth > maxCalls || i > 0 && toks[i-1].is(".") {
			continue
		}
		if i > 0 && (toks[i-1].is("def") || toks[i-1].is("class")) {
			continue
		}
		if c, ok := callAt(toks, i); ok {
			out = append(out, c)
		}
	}
	return out
}

// text is the value of an argument that is one plain string, or several that
// stand side by side.
func (a arg) text() (string, bool) {
	var s strings.Builder
	for _, t := range a {
		if t.kind != str || t.dynamic {
			return "", false
		}
		s.WriteString(t.text)
	}
	return s.String(), len(a) > 0
}
