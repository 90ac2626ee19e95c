// Package syntax reads Python source: tokens, statements, and which value a
// name has where it is used.
//
// It accepts anything and never fails: if the text is not Python, its tokens
// make no sense, and nothing is found in them. Every pass is linear in the
// text, and what is nested deeper than people write is not looked into.
//
// From the bottom: token.go, stmt.go, scope.go; no file uses a later one.
package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the kind of a token.
type Kind uint8

// The kinds.
const (
	Name Kind = iota
	Number
	String
	Op
)

// Token is one token. https://docs.python.org/3/reference/lexical_analysis.html
type Token struct {
	Kind Kind
	// Dynamic says that Text is not all of the value: an f-string, or bytes.
	Dynamic bool
	// Text is the source, but for a string its value, with the common escapes
	// decoded and without the replacement fields.
	Text string
	// Pieces are the texts and replacement fields of an f-string; nil if it has
	// more than anybody would write.
	Pieces []Piece
	Line   int
	// Partner is how many tokens the partner of a bracket is away: positive for
	// an opening bracket, negative for a closing one, 0 without a partner.
	Partner int
}

// Piece is a part of an f-string: a text, or the source of an expression
// without its conversion and format.
type Piece struct{ Text, Expr string }

// Bounds of the pieces of one f-string.
const (
	maxPieces = 32
	maxExpr   = 512 // bytes of an expression
)

// Is reports whether t is this operator, keyword or name.
func (t Token) Is(text string) bool { return (t.Kind == Op || t.Kind == Name) && t.Text == text }

// logicalLine is the tokens between two newlines that count.
type logicalLine struct {
	indent int
	tokens []Token
}

// maxNesting bounds f-strings within f-strings.
const maxNesting = 16

// Tokenize returns the tokens of an expression.
func Tokenize(source string) []Token {
	var out []Token
	for _, l := range tokenize(source) {
		out = append(out, l.tokens...)
	}
	pair(out)
	return out
}

// pair fills in Partner.
func pair(toks []Token) {
	var open []int
	for i := range toks {
		toks[i].Partner = 0
		if toks[i].Kind != Op {
			continue
		}
		switch toks[i].Text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if len(open) > 0 {
				j := open[len(open)-1]
				open = open[:len(open)-1]
				toks[i].Partner, toks[j].Partner = j-i, i-j
			}
		}
	}
}

type lexer struct {
	text string
	pos  int
	line int
	buf  []Token // of the line that is read
}

// tokenize splits source into logical lines; empty ones are left out.
func tokenize(source string) []logicalLine {
	x := &lexer{text: source, line: 1}
	var out []logicalLine
	for x.pos < len(x.text) {
		indent := x.indentation()
		if x.buf = x.logical(x.buf[:0]); len(x.buf) > 0 {
			toks := slices.Clone(x.buf)
			pair(toks)
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

// logical appends to out the tokens up to the newline that ends the logical
// line, and passes it.
func (x *lexer) logical(out []Token) []Token {
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
			if x.pos < len(x.text) && (x.text[x.pos] == '"' || x.text[x.pos] == '\'') && isPrefix(t.Text) {
				t = x.str(strings.ToLower(t.Text), 0)
			}
			out = append(out, t)
		default:
			t := x.op()
			switch t.Text {
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

func (x *lexer) name() Token {
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
		return Token{Kind: Op, Text: x.text[start:x.pos], Line: x.line}
	}
	return Token{Kind: Name, Text: x.text[start:x.pos], Line: x.line}
}

func (x *lexer) number() Token {
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
	return Token{Kind: Number, Text: x.text[start:x.pos], Line: x.line}
}

func (x *lexer) op() Token {
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
	return Token{Kind: Op, Text: rest[:n], Line: x.line}
}

// str reads a string whose opening quote is next. Within the braces of an
// f-string, strings nest (PEP 701), quotes of the same kind included.
func (x *lexer) str(prefix string, nesting int) Token {
	t := Token{Kind: String, Line: x.line}
	raw := strings.ContainsRune(prefix, 'r')
	format := strings.ContainsAny(prefix, "ft")
	t.Dynamic = format || strings.ContainsRune(prefix, 'b')
	quote := x.text[x.pos : x.pos+1]
	if strings.HasPrefix(x.text[x.pos:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	x.pos += len(quote)
	var value strings.Builder
	text, expr, braces := 0, 0, 0 // where the piece began, in value and in the source
	end := func(whole bool) Token {
		t.Text = value.String()
		if text < value.Len() && len(t.Pieces) > 0 {
			t.Pieces = append(t.Pieces, Piece{Text: t.Text[text:]})
		}
		if !whole || len(t.Pieces) > maxPieces {
			t.Pieces = nil
		}
		return t
	}
	for x.pos < len(x.text) {
		c := x.text[x.pos]
		switch {
		case c == '\\' && braces == 0:
			x.escape(&value, raw)
		case c == '\n' && len(quote) == 1:
			return end(false) // unterminated: the line ends it
		case braces == 0 && strings.HasPrefix(x.text[x.pos:], quote):
			x.pos += len(quote)
			return end(true)
		case format && c == '{':
			x.pos++
			if braces == 0 && strings.HasPrefix(x.text[x.pos:], "{") {
				value.WriteByte('{')
				x.pos++
				continue
			}
			if braces == 0 && len(t.Pieces) <= maxPieces {
				if text < value.Len() {
					t.Pieces = append(t.Pieces, Piece{Text: value.String()[text:]})
				}
				text, expr = value.Len(), x.pos
			}
			braces++
		case format && c == '}':
			if braces == 1 && len(t.Pieces) <= maxPieces {
				t.Pieces = append(t.Pieces, Piece{Expr: x.text[expr:min(x.pos, expr+maxExpr)]})
			}
			x.pos++
			switch {
			case braces > 0:
				braces--
			case strings.HasPrefix(x.text[x.pos:], "}"):
				value.WriteByte('}')
				x.pos++
			}
		case braces > 0 && (c == '"' || c == '\''):
			if nesting >= maxNesting || strings.HasPrefix(x.text[x.pos:], quote) && !closes(x.text[x.pos+len(quote):], quote) {
				braces = 0 // before PEP 701 this quote ends the string
				t.Pieces = nil
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
	return end(false)
}

// closes reports whether quote stands again in rest, for a short quote before
// its line ends.
func closes(rest, quote string) bool {
	i := strings.Index(rest, quote)
	return i >= 0 && (len(quote) == 3 || !strings.Contains(rest[:i], "\n"))
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
