package gradle

import (
	"bytes"
	"strings"
)

// kind is a kind of token.
type kind uint8

const (
	punct kind = iota // an operator or a bracket
	ident             // a name or a keyword; of Kotlin in backticks, too
	str               // a string, in parts
	number
)

// token is one token of a script.
type token struct {
	kind  kind
	text  string // of a string without a computed part, its value
	parts []part // of a string, more than one only where a part is computed
	line  int
	nl    bool // a line ends before it
	space bool // blanks stand before it
}

// part is a piece of a string: text as it is, or code that is filled in.
type part struct {
	text string
	code bool
	line int
}

// The bounds of a script.
const (
	maxScript = 1 << 20 // bytes
	maxTokens = 200_000
)

// operators are those of more than one byte, the longest first.
var operators = []string{"===", "!==", "<=>", "**=", "?.", "?:", "*.", "::", "->", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "<<", "..", "++", "--", "!!", "=~"} //nolint:gochecknoglobals // a constant table

// lexer splits a script of either DSL into tokens. What differs is small
// enough for one: https://groovy-lang.org/syntax.html,
// https://kotlinlang.org/spec/syntax-and-grammar.html.
type lexer struct {
	text   []byte
	kotlin bool
	i      int
	line   int
	out    []token
	nl     bool
	space  bool
}

func lex(text []byte, line int, kotlin bool) []token {
	l := &lexer{text: text, kotlin: kotlin, line: line, nl: true}
	for l.i < len(text) && len(l.out) < maxTokens {
		l.next()
	}
	return l.out
}

func (l *lexer) at(s string) bool { return bytes.HasPrefix(l.text[l.i:], []byte(s)) }

func (l *lexer) add(t token, end int) {
	t.line, t.nl, t.space = l.line, l.nl, l.space
	l.out = append(l.out, t)
	l.skip(end)
	l.nl, l.space = false, false
}

// skip moves on to a later byte and counts the lines.
func (l *lexer) skip(end int) {
	end = min(end, len(l.text))
	l.line += bytes.Count(l.text[l.i:end], []byte{'\n'})
	l.i = end
}

func (l *lexer) next() {
	switch c := l.text[l.i]; {
	case c == '\n':
		l.nl = true
		l.skip(l.i + 1)
	case c == ' ', c == '\t', c == '\r', c == '\f':
		l.space = true
		l.i++
	case c == '\\' && (l.at("\\\n") || l.at("\\\r\n")): // Groovy goes on in the next line
		l.skip(l.i + bytes.IndexByte(l.text[l.i:], '\n') + 1)
	case l.at("//"), l.at("#!") && l.i == 0:
		if j := bytes.IndexByte(l.text[l.i:], '\n'); j >= 0 {
			l.i += j
		} else {
			l.i = len(l.text)
		}
	case l.at("/*"):
		l.space = true
		l.skip(l.comment())
	case c == '"', c == '\'':
		l.str()
	case c == '/' && !l.kotlin && l.slashy():
		j := l.i + 1 + bytes.IndexByte(l.text[l.i+1:], '/')
		l.literal(string(l.text[l.i+1:j]), j+1)
	case c == '`':
		l.backtick()
	case isNameStart(c):
		j := l.word()
		l.add(token{kind: ident, text: string(l.text[l.i:j])}, j)
	case c >= '0' && c <= '9':
		j := l.numeral()
		l.add(token{kind: number, text: strings.ReplaceAll(string(l.text[l.i:j]), "_", "")}, j)
	default:
		for _, op := range operators {
			if l.at(op) {
				l.add(token{text: op}, l.i+len(op))
				return
			}
		}
		l.add(token{text: string(c)}, l.i+1)
	}
}

func isNameStart(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (l *lexer) word() int {
	j := l.i
	for j < len(l.text) && (isNameStart(l.text[j]) || l.text[j] >= '0' && l.text[j] <= '9') {
		j++
	}
	return j
}

// numeral is the end of a number: 17, 1.8, 1_000L.
func (l *lexer) numeral() int {
	j := l.word()
	if j+1 < len(l.text) && l.text[j] == '.' && l.text[j+1] >= '0' && l.text[j+1] <= '9' {
		for j++; j < len(l.text) && l.text[j] >= '0' && l.text[j] <= '9'; j++ { //nolint:revive // the body is the step
		}
	}
	return j
}

// comment is the end of the one that starts here; Kotlin's nest.
func (l *lexer) comment() int {
	depth := 1
	for j := l.i + 2; j+1 < len(l.text); j++ {
		switch two := string(l.text[j : j+2]); {
		case two == "*/":
			if depth--; depth == 0 {
				return j + 2
			}
			j++
		case two == "/*" && l.kotlin:
			depth++
			j++
		}
	}
	return len(l.text)
}

func (l *lexer) backtick() {
	j := l.i + 1
	for j < len(l.text) && l.text[j] != '`' && l.text[j] != '\n' {
		j++
	}
	l.add(token{kind: ident, text: string(l.text[l.i+1 : j])}, j+1)
}

// slashy reports whether a slash begins a string of Groovy and not a division:
// it stands where a value does, and ends on its line.
func (l *lexer) slashy() bool {
	if len(l.out) > 0 {
		if p := l.out[len(l.out)-1]; p.kind == number || p.kind == str || p.kind == ident && !l.space || p.kind == punct && (p.text == ")" || p.text == "]") {
			return false
		}
	}
	j := bytes.IndexAny(l.text[l.i+1:], "/\n")
	return j > 0 && l.text[l.i+1+j] == '/' && l.text[l.i+1] != ' '
}

// literal adds a string without computed parts.
func (l *lexer) literal(text string, end int) {
	l.add(token{kind: str, text: text, parts: []part{{text: text}}}, end)
}

// str reads a string that starts with a quote, or three.
func (l *lexer) str() {
	quote := l.text[l.i : l.i+1]
	single := quote[0] == '\''
	triple := bytes.Repeat(quote, 3)
	long := bytes.HasPrefix(l.text[l.i:], triple) && !(l.kotlin && single)
	if long {
		quote = triple
	}
	raw := long && l.kotlin // without escapes
	s := stringReader{line: l.line}
	j := l.i + len(quote)
	for j < len(l.text) && !bytes.HasPrefix(l.text[j:], quote) {
		c := l.text[j]
		switch {
		case c == '\n' && !long:
			l.finish(&s, j)
			return
		case c == '\\' && !raw && j+1 < len(l.text):
			s.escape(l.text[j+1])
			j += 2
		case c == '$' && !single && j+1 < len(l.text) && (l.text[j+1] == '{' || isNameStart(l.text[j+1])):
			j = s.code(l.text, j, l.kotlin)
		default:
			if c == '\n' {
				s.line++
			}
			s.b.WriteByte(c)
			j++
		}
	}
	l.finish(&s, j+len(quote))
}

func (l *lexer) finish(s *stringReader, end int) {
	s.flush()
	t := token{kind: str, parts: s.parts}
	if len(s.parts) == 0 {
		t.parts = []part{{}}
	}
	if len(t.parts) == 1 && !t.parts[0].code {
		t.text = t.parts[0].text
	}
	l.add(t, end)
}

// stringReader collects the parts of a string.
type stringReader struct {
	parts []part
	b     strings.Builder
	line  int
}

func (s *stringReader) flush() {
	if s.b.Len() > 0 {
		s.parts = append(s.parts, part{text: s.b.String(), line: s.line})
		s.b.Reset()
	}
}

func (s *stringReader) escape(c byte) {
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case '\n':
		s.line++
		return
	}
	s.b.WriteByte(c)
}

// code reads $name, Groovy's $a.b.c, or ${code} at j, and returns what is behind.
func (s *stringReader) code(text []byte, j int, kotlin bool) int {
	s.flush()
	start, end := j+1, j+1
	if text[j+1] == '{' {
		depth := 0
		for start, end = j+2, j+1; end < len(text); end++ {
			if text[end] == '{' {
				depth++
			} else if text[end] == '}' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		s.parts = append(s.parts, part{text: string(text[min(start, end):end]), code: true, line: s.line})
		s.line += bytes.Count(text[j:end], []byte{'\n'})
		return min(end+1, len(text))
	}
	word := func() {
		for end < len(text) && (isNameStart(text[end]) && text[end] != '$' || text[end] >= '0' && text[end] <= '9') {
			end++
		}
	}
	word()
	for !kotlin && end+1 < len(text) && text[end] == '.' && isNameStart(text[end+1]) {
		end++
		word()
	}
	if end == start { // "$$": text
		s.b.WriteByte('$')
		return start
	}
	s.parts = append(s.parts, part{text: string(text[start:end]), code: true, line: s.line})
	return end
}
