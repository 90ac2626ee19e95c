package node

import (
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is, as far as the rules here need to know.
type tokenKind uint8

const (
	punctuation tokenKind = iota
	identifier            // keywords too
	number
	literal  // a string in quotes
	template // a template literal without substitutions
	opening  // the part of a template literal before its first substitution
	rest     // the part behind a substitution, where it leads up a folder
	pattern  // a regular expression
)

// token is a token of JavaScript or TypeScript with its line; blanks and
// comments are left out.
type token struct {
	kind tokenKind
	text string
	line int
}

// value is what a string literal stands for, or the text itself.
func (t token) value() string {
	if t.kind == literal || t.kind == template {
		return unquote(t.text)
	}
	return t.text
}

// lex reads the tokens of a source file. It never fails: JSX text and broken
// code give tokens that no rule looks for. The lexical grammar:
// https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar.
func lex(text []byte) []token {
	l := lexer{s: text, line: 1}
	if strings.HasPrefix(string(text[:min(2, len(text))]), "#!") {
		l.skipLine()
	}
	for l.next() {
	}
	return l.out
}

type lexer struct {
	s      []byte
	i      int
	line   int
	out    []token
	braces []bool // whether the brace closes a template's substitution
}

func (l *lexer) peek(n int) byte {
	if l.i+n < len(l.s) {
		return l.s[l.i+n]
	}
	return 0
}

func (l *lexer) emit(kind tokenKind, from int) {
	l.out = append(l.out, token{kind, string(l.s[from:l.i]), l.line})
}

func (l *lexer) skipLine() {
	for l.i < len(l.s) && l.s[l.i] != '\n' {
		l.i++
	}
}

func (l *lexer) next() bool {
	if l.i >= len(l.s) {
		return false
	}
	from := l.i
	switch c := l.s[l.i]; {
	case c == '\n':
		l.line++
		l.i++
	case c == ' ' || c == '\t' || c == '\r':
		l.i++
	case c == '/' && l.peek(1) == '/':
		l.skipLine()
	case c == '/' && l.peek(1) == '*':
		end := strings.Index(string(l.s[l.i+2:]), "*/")
		if end < 0 {
			l.i = len(l.s)
			return false
		}
		l.line += strings.Count(string(l.s[l.i:l.i+end+4]), "\n")
		l.i += end + 4
	case c == '"' || c == '\'':
		l.quoted(c)
	case c == '`':
		l.i++
		l.templateText(from)
	case c == '}' && len(l.braces) > 0 && l.braces[len(l.braces)-1]:
		l.braces = l.braces[:len(l.braces)-1]
		l.i++
		l.templateText(l.i)
	case c == '{' || c == '}':
		l.i++
		if c == '{' {
			l.braces = append(l.braces, false)
		} else if len(l.braces) > 0 {
			l.braces = l.braces[:len(l.braces)-1]
		}
		l.emit(punctuation, from)
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		for isWord(l.peek(0)) || l.peek(0) == '.' && isDigit(l.peek(1)) {
			l.i++
		}
		l.emit(number, from)
	case isWord(c):
		for isWord(l.peek(0)) {
			l.i++
		}
		l.emit(identifier, from)
	case c == '/' && !l.operand():
		l.regexp()
	default:
		for _, op := range []string{"===", "!==", "...", "??=", "||=", "&&=", "=>", "||", "??", "&&", "?.", "==", "!="} {
			if strings.HasPrefix(string(l.s[l.i:min(l.i+3, len(l.s))]), op) {
				l.i += len(op)
				l.emit(punctuation, from)
				return true
			}
		}
		_, n := utf8.DecodeRune(l.s[l.i:])
		l.i += n
		l.emit(punctuation, from)
	}
	return true
}

// quoted reads a string; one that its line does not end was none.
func (l *lexer) quoted(q byte) {
	for j := l.i + 1; j < len(l.s) && l.s[j] != '\n'; j++ {
		switch l.s[j] {
		case '\\':
			j++
			if j < len(l.s) && l.s[j] == '\n' {
				l.line++
			}
		case q:
			from := l.i
			l.i = j + 1
			l.emit(literal, from)
			return
		}
	}
	l.i++
}

// templateText reads a template literal up to its end or its next
// substitution.
func (l *lexer) templateText(from int) {
	at := l.line
	for ; l.i < len(l.s); l.i++ {
		switch {
		case l.s[l.i] == '\n':
			l.line++
		case l.s[l.i] == '\\':
			l.i++
			if l.peek(0) == '\n' {
				l.line++
			}
		case l.s[l.i] == '`':
			l.i++
			if l.s[from] == '`' {
				l.out = append(l.out, token{template, string(l.s[from:l.i]), at})
			} else if text := string(l.s[from : l.i-1]); upward(text) != "" {
				l.out = append(l.out, token{rest, text, at})
			}
			return
		case l.s[l.i] == '$' && l.peek(1) == '{':
			if l.s[from] == '`' {
				l.out = append(l.out, token{opening, string(l.s[from:l.i]), at})
			}
			l.i += 2
			l.braces = append(l.braces, true)
			return
		}
	}
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
			l.emit(pattern, from)
			return
		}
	}
	l.i++
}

// operand reports whether the last token ends an operand, so that a slash
// behind it divides.
func (l *lexer) operand() bool {
	if len(l.out) == 0 {
		return false
	}
	switch t := l.out[len(l.out)-1]; t.kind {
	case number, literal, template, pattern, rest:
		return true
	case opening:
		return false
	case identifier:
		switch t.text {
		case "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "do", "else", "await", "yield":
			return false
		}
		return true
	case punctuation:
		return t.text == ")" || t.text == "]" || t.text == "}" || t.text == "<" // </tag>
	}
	return false
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$' || c >= 0x80
}

// unquote returns what a string literal without unusual escapes stands for.
func unquote(s string) string {
	if len(s) < 2 {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", "\\\n", "", `\`, "").Replace(s)
}

// plainText is a token for a message.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s[:min(len(s), 40)])
}
