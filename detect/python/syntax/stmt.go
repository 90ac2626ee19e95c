package syntax

import "strings"

// Stmt is one statement: its tokens without what follows the colon of a
// compound statement, and the statements below it.
type Stmt struct {
	Tokens []Token
	Body   []*Stmt

	seq   int // the order in the file
	scope *Scope
	block *Block
}

// Line is where the statement begins.
func (s *Stmt) Line() int { return s.Tokens[0].Line }

// Keyword is the word that says what the statement is: "def" for "async def",
// "@" for a decorator, the first name for an expression or an assignment.
func (s *Stmt) Keyword() string {
	if s.Tokens[0].Kind != Name && !s.Tokens[0].Is("@") {
		return ""
	}
	if s.Tokens[0].Text == "async" && len(s.Tokens) > 1 {
		return s.Tokens[1].Text
	}
	return s.Tokens[0].Text
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

// maxBlocks is how deep blocks nest: Python itself takes no more than 100
// levels of indentation. What is deeper counts as part of the deepest block.
const maxBlocks = 100

// Parse makes the tree of statements. Indentation that no open block has
// counts as the indentation of the nearest block around it.
func Parse(source string) []*Stmt {
	type block struct {
		indent int
		into   *[]*Stmt
	}
	var root []*Stmt
	open := []block{{-1, &root}}
	var last *Stmt // the statement that a deeper line belongs to
	lastIndent := 0
	for _, l := range tokenize(source) {
		if last != nil && l.indent > lastIndent && len(open) < maxBlocks {
			open = append(open, block{lastIndent, &last.Body})
		}
		for len(open) > 1 && l.indent <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		into := open[len(open)-1].into
		for _, s := range statements(l.tokens, 0) {
			*into = append(*into, s)
			last = s
		}
		lastIndent = l.indent
	}
	return root
}

// statements splits one logical line at its semicolons, and a compound
// statement from what follows its colon.
func statements(toks []Token, depth int) []*Stmt {
	if len(toks) == 0 {
		return nil
	}
	if toks[0].Kind == Name && compound(toks[0].Text) && depth < maxBlocks {
		if i := Top(toks, ":"); i >= 0 {
			// match and case are names too, and a line that only begins like one has no colon.
			return []*Stmt{{Tokens: toks[:i], Body: statements(toks[i+1:], depth+1)}}
		}
	}
	var out []*Stmt
	for len(toks) > 0 {
		i := Top(toks, ";")
		if i < 0 {
			return append(out, &Stmt{Tokens: toks})
		}
		if i > 0 {
			out = append(out, &Stmt{Tokens: toks[:i]})
		}
		toks = toks[i+1:]
	}
	return out
}

// Top returns the index of the first operator or keyword text outside of
// brackets and lambdas, or -1.
func Top(toks []Token, text string) int {
	depth, lambdas := 0, 0
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if t.Kind == String || t.Kind == Number {
			continue
		}
		if depth == 0 && t.Text == text {
			if text != ":" || lambdas == 0 {
				return i
			}
			lambdas--
			continue
		}
		switch t.Text {
		case "(", "[", "{":
			if t.Partner > 0 && i+t.Partner < len(toks) {
				i += t.Partner
				continue
			}
			depth++
		case ")", "]", "}":
			depth = max(depth-1, 0)
		case "lambda":
			if depth == 0 {
				lambdas++
			}
		}
	}
	return -1
}

// Split cuts tokens at every separator outside of brackets.
func Split(toks []Token, sep string) [][]Token { return SplitN(toks, sep, len(toks)+1) }

// SplitN cuts tokens into at most n parts; the last one is what remains.
func SplitN(toks []Token, sep string, n int) [][]Token {
	var out [][]Token
	for {
		i := -1
		if len(out) < n-1 {
			i = Top(toks, sep)
		}
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
	maxDepth = 24 // brackets around a call
)

// Dotted reads a dotted name at i and returns it with the index after it.
func Dotted(toks []Token, i int) (string, int) {
	if i >= len(toks) || toks[i].Kind != Name {
		return "", i
	}
	first := i
	i++
	for i+1 < len(toks) && toks[i].Is(".") && toks[i+1].Kind == Name {
		i += 2
	}
	if i == first+1 {
		return toks[first].Text, i
	}
	var b strings.Builder
	for j := first; j < i && j <= first+2*maxParts; j++ {
		b.WriteString(toks[j].Text)
	}
	return b.String(), i
}

// Inside returns what stands between the bracket at i and its partner, and
// the index after the partner. Without a partner, it is all that follows.
func Inside(toks []Token, i int) ([]Token, int) {
	if i < len(toks) {
		if p := toks[i].Partner; p > 0 && i+p < len(toks) {
			return toks[i+1 : i+p], i + p + 1
		}
	}
	return toks[min(i+1, len(toks)):], len(toks)
}

// Call is one call expression.
type Call struct {
	// Name is the dotted name that is called, as written; "" if something else
	// than a name is called, or the method of something else: f(x)(y), f(x).go().
	Name string
	// Method is what follows the last dot: "go" of f(x).go(); "" without a dot.
	Method string
	// Of is the expression before the last dot: f(x) of f(x).go().
	Of   []Token
	In   []Token // between the brackets
	Line int
	End  int // index after the closing bracket
}

// CallAt returns the call that begins at i with a dotted name.
func CallAt(toks []Token, i int) (Call, bool) {
	n, j := Dotted(toks, i)
	if n == "" || j >= len(toks) || !toks[j].Is("(") {
		return Call{}, false
	}
	return callOf(toks, i, j), true
}

func callOf(toks []Token, from, open int) Call {
	c := Call{Line: toks[from].Line}
	c.In, c.End = Inside(toks, open)
	if n, j := Dotted(toks, from); j == open {
		c.Name = n
	}
	if open-from >= 3 && toks[open-1].Kind == Name && toks[open-2].Is(".") {
		c.Method, c.Of = toks[open-1].Text, toks[from:open-2]
	}
	return c
}

// Calls returns every call in the tokens, nested ones too.
func Calls(toks []Token) []Call {
	var out []Call
	depth := 0
	for i, t := range toks {
		if t.Kind != Op {
			continue
		}
		switch t.Text {
		case "(":
			if from := callee(toks, i); from < i && depth <= maxDepth {
				out = append(out, callOf(toks, from, i))
			}
			depth++
		case "[", "{":
			depth++
		case ")", "]", "}":
			depth = max(depth-1, 0)
		}
	}
	return out
}

// callee is where the expression that the bracket at i calls begins, or i if
// the bracket calls nothing.
func callee(toks []Token, i int) int {
	j := i
	for range maxParts {
		switch k := j - 1; {
		case k < 0:
			return i
		case toks[k].Kind == Op && toks[k].Partner < 0 && k+toks[k].Partner >= 0:
			// f(x)(…), f[x](…), f(x).go(…), (a / b).go(…)
			j = k + toks[k].Partner
			if j > 0 && (toks[j-1].Kind == Name && !keyword(toks[j-1].Text) || toks[j-1].Kind == Op && toks[j-1].Partner < 0) {
				continue
			}
		case toks[k].Kind == Name && !keyword(toks[k].Text):
			j = k
		case toks[k].Kind == String && j < i: // "x".join(…)
			j = k
		default:
			return i
		}
		if j == 0 || !toks[j-1].Is(".") {
			if j > 0 && (toks[j-1].Is("def") || toks[j-1].Is("class")) {
				return i
			}
			return j
		}
		j--
	}
	return i
}

// keyword are the words before a bracket that call nothing.
func keyword(word string) bool {
	switch word {
	case "if", "elif", "while", "for", "in", "and", "or", "not", "is", "return", "yield", "await", "assert",
		"del", "lambda", "else", "from", "import", "with", "as", "except", "raise":
		return true
	}
	return false
}

// Arg is the tokens of an argument.
type Arg []Token

// Args are the arguments of a call, by position and by keyword.
func (c Call) Args() (pos []Arg, kw map[string]Arg) {
	for _, a := range Split(c.In, ",") {
		switch {
		case len(a) >= 2 && a[0].Kind == Name && a[1].Is("="):
			if kw == nil {
				kw = map[string]Arg{}
			}
			kw[a[0].Text] = a[2:]
		default:
			pos = append(pos, a)
		}
	}
	return pos, kw
}

// Literal is the value of tokens that are one plain string, or several that
// stand side by side.
func Literal(toks []Token) (string, bool) {
	if len(toks) == 1 {
		return toks[0].Text, toks[0].Kind == String && !toks[0].Dynamic
	}
	var s strings.Builder
	for _, t := range toks {
		if t.Kind != String || t.Dynamic {
			return "", false
		}
		s.WriteString(t.Text)
	}
	return s.String(), len(toks) > 0
}

// Assignment splits a = b = value, with or without an annotation. value is nil
// if the statement assigns nothing. targets holds the expressions that are
// assigned to, one for each =.
func Assignment(toks []Token) (targets [][]Token, value []Token) {
	if len(toks) < 3 || toks[0].Kind == Op && !toks[0].Is("(") && !toks[0].Is("[") && !toks[0].Is("*") {
		return nil, nil
	}
	if i := Top(toks, ":"); i > 0 && toks[0].Kind == Name {
		j := Top(toks, "=")
		if j < i || j+1 >= len(toks) || compound(toks[0].Text) || toks[0].Is("lambda") {
			return nil, nil
		}
		return [][]Token{toks[:i]}, toks[j+1:]
	}
	parts := Split(toks, "=")
	if len(parts) < 2 || len(parts[len(parts)-1]) == 0 {
		return nil, nil
	}
	return parts[:len(parts)-1], parts[len(parts)-1]
}
