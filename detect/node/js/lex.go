package js

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind says what a token is.
type Kind uint8

// The kinds of tokens.
const (
	Punct  Kind = iota // an operator or a bracket
	Ident              // a name or a keyword
	Number             // as it is written
	String             // in quotes, as it is written
	// A template without substitutions is one Template. Else it is a Head, which
	// ends with ${, the tokens of an expression, a Middle for each further
	// substitution, and a Tail.
	Template
	Head
	Middle
	Tail
	Regexp
	Markup // a piece of a JSX tag; the text between tags is left out
)

// Token is a token. Blanks, comments and the text of JSX are left out.
type Token struct {
	Text   string
	Offset int32 // in bytes
	Line   int32 // from 1 on
	Kind   Kind
	// object says of an opening brace that an expression starts with it, and of a
	// closing bracket that a value ends with it.
	object bool
	fresh  bool // the token is the first of its line
}

// Value is the text that a string or a template without substitutions stands
// for; of Head, Middle and Tail it is the text of that part.
func (t Token) Value() string {
	s := t.Text
	switch t.Kind {
	case String, Template, Tail:
		s = s[1 : len(s)-1]
	case Head, Middle:
		s = s[1 : len(s)-2]
	default:
		return s
	}
	return unescape(s)
}

// dialect says which grammar a file has beside JavaScript's.
type dialect struct{ markup, types bool }

// dialectOf tells by the extension: https://www.typescriptlang.org/docs/handbook/jsx.html.
func dialectOf(name string) dialect {
	switch path.Ext(name) {
	case ".ts", ".mts", ".cts":
		return dialect{types: true}
	case ".tsx":
		return dialect{types: true, markup: true}
	}
	return dialect{markup: true}
}

// maxRestarts bounds how often the lexer goes back to a "<" that started no JSX.
const maxRestarts = 4

// lex reads the tokens of a text. It never fails and takes linear time. The
// lexical grammar: https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar,
// of JSX: https://facebook.github.io/jsx/.
func lex(text string, d dialect) []Token {
	l := &lexer{s: text, line: 1, dialect: d, out: make([]Token, 0, len(text)/6+8)}
	if strings.HasPrefix(text, "#!") {
		l.skipLine()
	}
	var no map[int]bool
	for {
		l.plain = no
		for l.next() {
		}
		if l.elements == 0 {
			return l.out
		}
		// The element never ends, so it was none: go on behind its "<".
		if no == nil {
			no = map[int]bool{}
		}
		no[l.saved.i] = true
		if len(no) > maxRestarts {
			l.markup = false
		}
		l.i, l.line, l.out, l.open, l.elements = l.saved.i, l.saved.line, l.out[:l.saved.tokens], l.open[:l.saved.depth], 0
	}
}

// inside says in what the lexer is.
type inside uint8

const (
	inBraces   inside = iota // of code
	inObject                 // braces where an expression starts
	inParens                 // after a name or an operator
	inHeader                 // the parentheses of if, for, while, with
	inTemplate               // a substitution
	inTag                    // <a b={c}
	inEndTag                 // </a
	inChildren               // what is between tags
)

// state is where an outermost JSX element starts. What is open below depth does
// not change before the element ends.
type state struct{ i, line, tokens, depth int }

type lexer struct {
	s    string
	i    int
	line int
	out  []Token
	open []inside
	dialect
	ended    int          // the line on which the last token ends
	elements int          // JSX elements and tags that are open
	saved    state        // the outermost one
	plain    map[int]bool // offsets at which "<" is an operator
	// The line on which a quote or a slash was found to end nothing, so that a
	// long line is not searched again and again; and the same for all backticks.
	noQuote, noRegexp int
	noTemplate        bool
}

func (l *lexer) top() inside {
	if len(l.open) == 0 {
		return inBraces
	}
	return l.open[len(l.open)-1]
}

func (l *lexer) push(x inside) {
	l.open = append(l.open, x)
	if x >= inTag {
		l.elements++
	}
}

func (l *lexer) pop() {
	if n := len(l.open) - 1; n >= 0 {
		if l.open[n] >= inTag {
			l.elements--
		}
		l.open = l.open[:n]
	}
}

func (l *lexer) peek(n int) byte {
	if l.i+n < len(l.s) {
		return l.s[l.i+n]
	}
	return 0
}

func (l *lexer) emit(kind Kind, from, line int) {
	l.out = append(l.out, Token{Kind: kind, Text: l.s[from:l.i], Offset: int32(from), Line: int32(line), fresh: line > l.ended})
	l.ended = l.line
}

// skip moves to the offset and counts the lines.
func (l *lexer) skip(to int) {
	l.line += strings.Count(l.s[l.i:to], "\n")
	l.i = to
}

func (l *lexer) skipLine() {
	if n := strings.IndexByte(l.s[l.i:], '\n'); n >= 0 {
		l.i += n
		return
	}
	l.i = len(l.s)
}

// blank skips one blank or comment.
func (l *lexer) blank() bool {
	switch c := l.s[l.i]; {
	case c == '\n':
		l.line++
		l.i++
	case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
		l.i++
	case strings.HasPrefix(l.s[l.i:], "\u00a0") || strings.HasPrefix(l.s[l.i:], "\ufeff"):
		_, n := utf8.DecodeRuneInString(l.s[l.i:])
		l.i += n
	case c == '/' && l.peek(1) == '/':
		l.skipLine()
	case c == '/' && l.peek(1) == '*':
		if end := strings.Index(l.s[l.i+2:], "*/"); end >= 0 {
			l.skip(l.i + end + 4)
		} else {
			l.i = len(l.s)
		}
	default:
		return false
	}
	return true
}

// operators are the tokens of several characters that a reader has to tell
// apart. ">>" and ">=" stay in pieces, because they also end type arguments.
var operators = []string{ //nolint:gochecknoglobals // a constant table
	"===", "!==", "...", "??=", "||=", "&&=", "**=",
	"=>", "||", "??", "&&", "?.", "==", "!=", "<=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "++", "--", "**",
}

func (l *lexer) next() bool {
	if l.i >= len(l.s) {
		return false
	}
	switch l.top() {
	case inChildren:
		l.children()
		return true
	case inTag, inEndTag:
		l.tag()
		return true
	default:
	}
	if l.blank() {
		return true
	}
	from, line := l.i, l.line
	switch c := l.s[l.i]; {
	case (c == '"' || c == '\'') && l.noQuote != l.line:
		l.quoted(c)
	case c == '`' && !l.noTemplate:
		l.i++
		l.template(from, line, Head, Template)
	case c == '}' && l.top() == inTemplate:
		l.pop()
		l.i++
		l.template(from, line, Middle, Tail)
	case c == '{' || c == '(' || c == '[':
		l.bracket(c)
	case c == '}' || c == ')' || c == ']':
		l.i++
		l.emit(Punct, from, line)
		l.close()
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		for isWord(l.peek(0)) || l.peek(0) == '.' && isDigit(l.peek(1)) {
			l.i++
		}
		l.emit(Number, from, line)
	case isWord(c) || c == '#' && isWord(l.peek(1)):
		for l.i++; isWord(l.peek(0)); {
			l.i++
		}
		l.emit(Ident, from, line)
	case c == '/' && l.noRegexp != l.line && l.startsValue():
		l.regexp()
	case c == '<' && l.markup && l.startsElement():
		if l.elements == 0 {
			l.saved = state{l.i, l.line, len(l.out), len(l.open)}
		}
		l.startTag()
	default:
		for _, op := range operators {
			if strings.HasPrefix(l.s[l.i:], op) {
				if op == "?." && isDigit(l.peek(2)) {
					continue // a ? .5 : 1
				}
				l.i += len(op)
				l.emit(Punct, from, line)
				return true
			}
		}
		_, n := utf8.DecodeRuneInString(l.s[l.i:])
		l.i += n
		l.emit(Punct, from, line)
	}
	return true
}

// bracket reads an opening bracket, and notes what its end says of a slash
// that follows.
func (l *lexer) bracket(c byte) {
	from, value := l.i, l.startsValue()
	kind := inParens
	switch last := l.last(); {
	case c == '{' && value && last.Kind != 0xff && !slices.Contains([]string{";", "{", "}", "=>", ")", "else", "do"}, last.Text):
		kind = inObject
	case c == '{':
		kind = inBraces
	case c == '(' && last.Kind == Ident && (slices.Contains([]string{"if", "for", "while", "with"}, last.Text) || last.Text == "await" && l.before(2).Text == "for"):
		kind = inHeader
	}
	l.i++
	l.emit(Punct, from, l.line)
	l.out[len(l.out)-1].object = kind == inObject
	l.push(kind)
}

// close leaves a bracket. The token then tells whether it ends a value.
func (l *lexer) close() {
	if len(l.open) == 0 {
		return
	}
	// The mark stays on the closing token: object says that a value ends here.
	l.out[len(l.out)-1].object = l.top() == inObject || l.top() == inParens
	l.pop()
}

func (l *lexer) last() Token { return l.before(1) }

// before is the n-th token from the end; without one its kind is no kind.
func (l *lexer) before(n int) Token {
	if len(l.out) < n {
		return Token{Kind: 0xff}
	}
	return l.out[len(l.out)-n]
}

// startsValue reports whether an expression can start here, so that a slash
// starts a regular expression and "<" starts JSX.
func (l *lexer) startsValue() bool {
	switch t := l.last(); t.Kind {
	case Number, String, Template, Tail, Regexp:
		return false
	case Ident:
		return l.before(2).Text != "." && operatorWord(t.Text)
	case Markup:
		return t.Text != ">" && t.Text != "/>"
	case Punct:
		switch t.Text {
		case ")", "]", "}":
			return !t.object
		case "++", "--":
			return false
		case "!":
			// x! / 2 divides; !/a/.test(x) does not.
			return l.before(2).Kind == Punct && l.before(2).Text != ")" && l.before(2).Text != "]"
		}
	default:
	}
	return true
}

// operatorWord reports whether a keyword waits for a value.
func operatorWord(s string) bool {
	switch s {
	case "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "do", "else", "await", "yield", "instanceof", "default", "extends":
		return true
	}
	return false
}

// startsElement reports whether the "<" here starts a JSX element: it stands
// where a value does, and a name or ">" follows. In TypeScript it must not look
// like the parameters of a generic function.
func (l *lexer) startsElement() bool {
	if l.plain[l.i] || !l.startsValue() || l.last().Text == ")" || l.last().Text == "}" {
		return false
	}
	c := l.peek(1)
	if c == '>' {
		return true
	}
	if !isWord(c) || isDigit(c) {
		return false
	}
	if !l.types {
		return true
	}
	j := l.i + 1
	for j < len(l.s) && isWord(l.s[j]) {
		j++
	}
	rest := l.s[j:min(j+16, len(l.s))]
	trimmed := strings.TrimLeft(rest, " ")
	return !strings.HasPrefix(trimmed, ",") && !strings.HasPrefix(trimmed, "extends ") && !strings.HasPrefix(rest, ">(") && !strings.HasPrefix(rest, "[")
}

func (l *lexer) startTag() {
	from := l.i
	l.i++
	kind := inTag
	if l.peek(0) == '/' {
		l.i++
		kind = inEndTag
	}
	l.emit(Markup, from, l.line)
	l.push(kind)
}

// children skips the text between tags.
func (l *lexer) children() {
	n := strings.IndexAny(l.s[l.i:], "<{")
	if n < 0 {
		l.skip(len(l.s))
		return
	}
	l.skip(l.i + n)
	if l.s[l.i] == '{' {
		l.bracket('{')
		return
	}
	l.startTag()
}

// tag reads one piece of a tag.
func (l *lexer) tag() {
	if l.blank() {
		return
	}
	from, line := l.i, l.line
	switch c := l.s[l.i]; {
	case c == '{':
		l.bracket('{')
	case c == '"' || c == '\'':
		end := strings.IndexByte(l.s[l.i+1:], c)
		if end < 0 {
			l.skip(len(l.s))
			return
		}
		l.skip(l.i + end + 2)
		l.emit(Markup, from, line)
	case c == '/' && l.peek(1) == '>':
		l.i += 2
		l.pop()
		l.emit(Markup, from, line)
	case c == '>' && l.top() == inEndTag:
		l.i++
		l.pop() // the end tag
		if l.top() == inChildren {
			l.pop() // and the element
		}
		l.emit(Markup, from, line)
	case c == '>':
		l.i++
		l.pop()
		l.push(inChildren)
		l.emit(Markup, from, line)
	case c == '<': // type arguments: <Select<Option> …>
		depth, end := 0, 0
		for j := l.i; j < min(l.i+300, len(l.s)) && end == 0; j++ {
			if l.s[j] == '<' {
				depth++
			} else if l.s[j] == '>' && l.s[j-1] != '=' {
				if depth--; depth == 0 {
					end = j
				}
			}
		}
		l.skip(max(end, l.i) + 1)
		l.emit(Markup, from, line)
	case isWord(c) || c == '-':
		for l.i++; isWord(l.peek(0)) || l.peek(0) == '-' || l.peek(0) == ':' || l.peek(0) == '.'; {
			l.i++
		}
		l.emit(Markup, from, line)
	default:
		_, n := utf8.DecodeRuneInString(l.s[l.i:])
		l.i += n
		l.emit(Markup, from, line)
	}
}

// quoted reads a string literal. If the line ends first, it was not a string,
// and only the quote is skipped.
func (l *lexer) quoted(q byte) {
	line := l.line
	for j := l.i + 1; j < len(l.s) && l.s[j] != '\n'; j++ {
		switch l.s[j] {
		case '\\':
			j++
			if j+1 < len(l.s) && l.s[j] == '\r' && l.s[j+1] == '\n' {
				j++
			}
			if j < len(l.s) && l.s[j] == '\n' {
				line++
			}
		case q:
			from := l.i
			l.i = j + 1
			l.emit(String, from, l.line)
			l.line, l.ended = line, line
			return
		}
	}
	l.noQuote = l.line
	l.i++
}

// template reads a template literal up to its end or its next substitution.
func (l *lexer) template(from, line int, part, last Kind) {
	for j := l.i; j < len(l.s); j++ {
		switch {
		case l.s[j] == '\\':
			j++
		case l.s[j] == '`':
			l.skip(j + 1)
			l.emit(last, from, line)
			return
		case l.s[j] == '$' && j+1 < len(l.s) && l.s[j+1] == '{':
			l.skip(j + 2)
			l.emit(part, from, line)
			l.push(inTemplate)
			return
		}
	}
	// It never ends, so it was none.
	l.noTemplate = true
}

func (l *lexer) regexp() {
	class := false
	for j := l.i + 1; j < len(l.s) && l.s[j] != '\n'; j++ {
		switch c := l.s[j]; {
		case c == '\\':
			j++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			from := l.i
			l.i = j + 1
			for isWord(l.peek(0)) {
				l.i++
			}
			l.emit(Regexp, from, l.line)
			return
		}
	}
	l.noRegexp = l.line
	from := l.i
	l.i++
	l.emit(Punct, from, l.line)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$' || c >= 0x80
}

// unescape replaces the escapes of a string:
// https://tc39.es/ecma262/#sec-literals-string-literals.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'v':
			b.WriteByte('\v')
		case '0':
			b.WriteByte(0)
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
		case '\n':
		case 'x', 'u':
			hex := ""
			switch {
			case s[i] == 'x':
				hex = s[i+1 : min(i+3, len(s))]
			case i+1 < len(s) && s[i+1] == '{':
				end := strings.IndexByte(s[i:min(i+12, len(s))], '}')
				if end > 2 {
					hex = s[i+1 : i+end+1]
				}
			default:
				hex = s[i+1 : min(i+5, len(s))]
			}
			r, err := strconv.ParseUint(strings.Trim(hex, "{}"), 16, 32)
			if err != nil {
				b.WriteByte(s[i])
				continue
			}
			b.WriteRune(rune(r)) // an invalid one is written as U+FFFD
			i += len(hex)
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
