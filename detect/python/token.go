package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The tokenizer reads Python source as far as finding definitions needs it:
// logical lines, indentation, brackets and every form of string. It accepts
// anything: where the text is not Python, the tokens end early or make no
// sense, and nothing is found in them.
// https://docs.python.org/3/reference/lexical_analysis.html

type kind uint8

const (
	name kind = iota
	number
	str
	op
)

// token is one token. The text of a string is its value, with the common
// escapes decoded; dynamic says that the value is not all of it (an f-string,
// or bytes).
type token struct {
	kind    kind
	text    string
	dynamic bool
	line    int
}

func (t token) is(text string) bool { return (t.kind == op || t.kind == name) && t.text == text }

// logicalLine is the tokens between two newlines that count.
type logicalLine struct {
	indent int
	tokens []token
}

// maxNesting bounds f-strings within f-strings.
const maxNesting = 16

type lexer struct {
	text string
	pos  int
	line int
}

// tokenize splits source into logical lines; empty ones are left out.
func tokenize(source string) []logicalLine {
	x := &lexer{text: source, line: 1}
	var out []logicalLine
	for x.pos < len(x.text) {
		indent := x.indentation()
		if toks := x.logical(); len(toks) > 0 {
			out = append(out, logicalLine{indent, toks})
		}
	}
	return out
}

// indentation measures and passes the blanks that start a line; a tab goes to
// the next multiple of eight.
func (x *lexer) indentation() int {
	n := 0
	for x.pos < len(x.text) {
		switch x.text[x.pos] {
		case ' ':
			n++
		case '\t':
			n += 8 - n%8
		case '\f':
			n = 0
		default:
			return n
		}
		x.pos++
	}
	return n
}

// logical reads tokens up to the newline that ends the logical line, and
// passes it.
func (x *lexer) logical() []token {
	var out []token
	depth := 0
	for x.pos < len(x.text) {
		c := x.text[x.pos]
		switch {
		case c == '\n':
			x.pos++
			x.line++
			if depth == 0 {
				return out
			}
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			x.pos++
		case c == '#':
			for x.pos < len(x.text) && x.text[x.pos] != '\n' {
				x.pos++
			}
		case c == '\\':
			x.pos++
			if strings.HasPrefix(x.text[x.pos:], "\r\n") {
				x.pos++
			}
			if x.pos < len(x.text) && x.text[x.pos] == '\n' {
				x.pos++
				x.line++
			}
		case c == '"' || c == '\'':
			out = append(out, x.str("", 0))
		case c >= '0' && c <= '9' || c == '.' && x.pos+1 < len(x.text) && isDigit(x.text[x.pos+1]):
			out = append(out, x.number())
		case isNameStart(c):
			t := x.name()
			if x.pos < len(x.text) && (x.text[x.pos] == '"' || x.text[x.pos] == '\'') && isPrefix(t.text) {
				t = x.str(strings.ToLower(t.text), 0)
			}
			out = append(out, t)
		default:
			t := x.op()
			switch t.text {
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				depth = max(depth-1, 0)
			}
			out = append(out, t)
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func isPrefix(s string) bool {
	switch strings.ToLower(s) {
	case "r", "b", "u", "f", "t", "rb", "br", "rf", "fr", "rt", "tr":
		return true
	}
	return false
}

func (x *lexer) name() token {
	start := x.pos
	for x.pos < len(x.text) {
		r, n := utf8.DecodeRuneInString(x.text[x.pos:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		x.pos += n
	}
	if x.pos == start { // a rune that no name may hold
		_, n := utf8.DecodeRuneInString(x.text[x.pos:])
		x.pos += n
		return token{kind: op, text: x.text[start:x.pos], line: x.line}
	}
	return token{kind: name, text: x.text[start:x.pos], line: x.line}
}

func (x *lexer) number() token {
	start := x.pos
	for x.pos < len(x.text) {
		c := x.text[x.pos]
		exponent := x.pos > start && (c == '+' || c == '-') && (x.text[x.pos-1]|0x20) == 'e' && !strings.HasPrefix(strings.ToLower(x.text[start:]), "0x")
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !isDigit(c) && c != '.' && c != '_' && !letter && !exponent {
			break
		}
		x.pos++
	}
	return token{kind: number, text: x.text[start:x.pos], line: x.line}
}

func (x *lexer) op() token {
	rest := x.text[x.pos:]
	n := 1
	if len(rest) > 1 && strings.IndexByte("=*/><.!-:+%&|^@", rest[0]) >= 0 && strings.IndexByte("=*/><.", rest[1]) >= 0 {
		for _, long := range []string{"**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "==", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>"} {
			if strings.HasPrefix(rest, long) {
				n = len(long)
				break
			}
		}
	}
	x.pos += n
	return token{kind: op, text: rest[:n], line: x.line}
}

// str reads a string whose opening quote is next. Within the braces of an
// f-string, strings nest (PEP 701), quotes of the same kind included.
func (x *lexer) str(prefix string, nesting int) token {
	t := token{kind: str, line: x.line}
	raw := strings.ContainsRune(prefix, 'r')
	format := strings.ContainsAny(prefix, "ft")
	t.dynamic = format || strings.ContainsRune(prefix, 'b')
	quote := x.text[x.pos : x.pos+1]
	if strings.HasPrefix(x.text[x.pos:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	x.pos += len(quote)
	var value strings.Builder
	braces := 0
	for x.pos < len(x.text) {
		c := x.text[x.pos]
		switch {
		case c == '\\' && braces == 0:
			x.escape(&value, raw)
		case c == '\n' && len(quote) == 1:
			t.text = value.String() // unterminated: the line ends it
			return t
		case braces == 0 && strings.HasPrefix(x.text[x.pos:], quote):
			x.pos += len(quote)
			t.text = value.String()
			return t
		case format && c == '{':
			if braces == 0 && strings.HasPrefix(x.text[x.pos:], "{{") {
				value.WriteByte('{')
				x.pos += 2
				continue
			}
			braces++
			x.pos++
		case format && c == '}':
			if braces > 0 {
				braces--
			}
			x.pos++
		case braces > 0 && (c == '"' || c == '\''):
			if nesting >= maxNesting || strings.HasPrefix(x.text[x.pos:], quote) && !closes(x.text[x.pos+len(quote):], quote) {
				braces = 0 // before PEP 701 this quote ends the string
				continue
			}
			x.str("", nesting+1)
		default:
			if c == '\n' {
				x.line++
			}
			if braces == 0 {
				value.WriteByte(c)
			}
			x.pos++
		}
	}
	t.text = value.String()
	return t
}

// closes reports whether quote stands again in rest before its line ends.
func closes(rest, quote string) bool {
	if i := strings.IndexByte(rest, '\n'); i >= 0 && len(quote) == 1 {
		rest = rest[:i]
	}
	return strings.Contains(rest, quote)
}

// escape reads one backslash sequence.
func (x *lexer) escape(value *strings.Builder, raw bool) {
	x.pos++
	if x.pos >= len(x.text) {
		return
	}
	c := x.text[x.pos]
	x.pos++
	if c == '\n' {
		x.line++
	}
	if raw {
		value.WriteByte('\\')
		value.WriteByte(c)
		return
	}
	switch c {
	case '\n':
	case 'n':
		value.WriteByte('\n')
	case 't':
		value.WriteByte('\t')
	case 'r':
		value.WriteByte('\r')
	case '\\', '\'', '"':
		value.WriteByte(c)
	default:
		value.WriteByte('\\')
		value.WriteByte(c)
	}
}
