// Package syntax reads the text of Java and Kotlin sources: tokens, matched
// brackets, blocks, and the value that a name or an expression has where it is
// used. It never fails: what it does not know is Computed.
//
// Files, each using only those above it: lex.go (tokens), file.go (brackets and
// blocks), scope.go (names), eval.go (values), call.go (calls).
package syntax

import (
	"bytes"
	"strings"
)

// Kind is a kind of token.
type Kind uint8

// The kinds.
const (
	Punct  Kind = iota // one byte
	Ident              // names and keywords
	Str                // Text is without quotes, escapes as they are
	Number             // Text is without underscores
)

// Token is one token and the line on which it starts.
type Token struct {
	Kind Kind
	Text string
	Line int
	// Template says that a Kotlin string has a part that is computed: "$x".
	Template bool
}

// maxTokens bounds what is read of one file.
const maxTokens = 400_000

// lex splits Java (https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html)
// or Kotlin (https://kotlinlang.org/spec/syntax-and-grammar.html) into tokens
// without comments and character literals.
func lex(text []byte, kotlin bool) []Token {
	var out []Token
	line := 1
	n := len(text)
	for i := 0; i < n && len(out) < maxTokens; {
		c := text[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			i++
		case c == '/' && i+1 < n && text[i+1] == '/':
			if j := bytes.IndexByte(text[i:], '\n'); j >= 0 {
				i += j
			} else {
				i = n
			}
		case c == '/' && i+1 < n && text[i+1] == '*':
			j := skipComment(text, i, kotlin)
			line += bytes.Count(text[i:j], []byte{'\n'})
			i = j
		case c == '"':
			j, val := lexString(text, i, kotlin)
			out = append(out, Token{Kind: Str, Text: val, Line: line, Template: kotlin && template(val)})
			line += bytes.Count(text[i:j], []byte{'\n'})
			i = j
		case c == '\'':
			i = skipChar(text, i)
		case c == '`' && kotlin:
			j := i + 1
			for j < n && text[j] != '`' && text[j] != '\n' {
				j++
			}
			out = append(out, Token{Kind: Ident, Text: string(text[i+1 : j]), Line: line})
			i = j
			if j < n && text[j] == '`' {
				i++
			}
		case isIdentStart(c):
			j := endOfWord(text, i)
			out = append(out, Token{Kind: Ident, Text: string(text[i:j]), Line: line})
			i = j
		case c >= '0' && c <= '9':
			j := endOfWord(text, i)
			out = append(out, Token{Kind: Number, Text: strings.ReplaceAll(string(text[i:j]), "_", ""), Line: line})
			i = j
		default:
			out = append(out, Token{Kind: Punct, Text: string(c), Line: line})
			i++
		}
	}
	return out
}

func isIdentStart(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func endOfWord(text []byte, i int) int {
	for i < len(text) && (isIdentStart(text[i]) || text[i] >= '0' && text[i] <= '9') {
		i++
	}
	return i
}

// skipChar returns the index after the character literal at i. If its line ends
// first, it was none.
func skipChar(text []byte, i int) int {
	n := len(text)
	j := i + 1
	for j < n && text[j] != '\'' && text[j] != '\n' {
		if text[j] == '\\' {
			j++
		}
		j++
	}
	if j < n && text[j] == '\n' {
		return j
	}
	return min(j+1, n)
}

// skipComment returns the index after the comment at i; Kotlin's nest.
func skipComment(text []byte, i int, nest bool) int {
	depth := 1
	for i += 2; i+1 < len(text); i++ {
		switch {
		case text[i] == '*' && text[i+1] == '/':
			if depth--; depth == 0 {
				return i + 2
			}
			i++
		case nest && text[i] == '/' && text[i+1] == '*':
			depth++
			i++
		}
	}
	return len(text)
}

// lexString returns the index after the string at i and its text, escapes
// left as they are.
func lexString(text []byte, i int, kotlin bool) (int, string) {
	n := len(text)
	if bytes.HasPrefix(text[i:], []byte(`"""`)) {
		for j := i + 3; j < n; j++ {
			if text[j] == '\\' && !kotlin {
				j++
				continue
			}
			if bytes.HasPrefix(text[j:], []byte(`"""`)) {
				end := j + 3
				for end < n && text[end] == '"' {
					end++
				}
				return end, string(text[i+3 : j])
			}
		}
		return n, ""
	}
	braces := 0
	for j := i + 1; j < n; j++ {
		switch c := text[j]; {
		case c == '\\':
			j++
		case c == '\n':
			return j, string(text[i+1 : j])
		case kotlin && braces == 0 && c == '$' && j+1 < n && text[j+1] == '{':
			braces = 1
			j++
		case braces > 0 && c == '{':
			braces++
		case braces > 0 && c == '}':
			braces--
		case c == '"' && braces == 0:
			return j + 1, string(text[i+1 : j])
		}
	}
	return n, ""
}

// template reports whether the text of a Kotlin string has a part that is
// computed: https://kotlinlang.org/docs/strings.html#string-templates.
func template(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '$' && (s[i+1] == '{' || isIdentStart(s[i+1])):
			return true
		}
	}
	return false
}
