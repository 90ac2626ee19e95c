package shell

import (
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// Unknown stands in a text for what is not known before the command runs. It is
// one character, U+FFFC OBJECT REPLACEMENT CHARACTER.
const Unknown = "\ufffc"

// Word is one word of a command, without its quotes.
type Word struct {
	Text  string // of all parts
	Parts []Part
}

// Part is a piece of a word.
type Part struct {
	Text string // a literal, or the value of Var, or Unknown
	Var  string // the variable that it is the value of, or "" for a literal and for what a command prints
	// Expands says that the shell makes something else of what is written: of a
	// pattern, a tilde, $'…', $(…).
	Expands bool
}

// every is "$@" of a text whose arguments are not known: any number of words.
var every = Word{Text: Unknown, Parts: []Part{{Text: Unknown, Var: "@"}}} //nolint:gochecknoglobals // a constant

// Literal is a word of a text that needs no quotes.
func Literal(text string) Word { return Word{Text: text, Parts: []Part{{Text: text}}} }

// Known reports whether the whole text is known.
func (w Word) Known() bool { return !strings.Contains(w.Text, Unknown) }

// Plain reports whether the word is made of literals alone, so that it means
// the same to every shell in every environment.
func (w Word) Plain() bool {
	for _, p := range w.Parts {
		if p.Var != "" || p.Expands || strings.Contains(p.Text, Unknown) {
			return false
		}
	}
	return true
}

// Has reports whether a part is the value of the variable.
func (w Word) Has(name string) bool {
	for _, p := range w.Parts {
		if p.Var == name {
			return true
		}
	}
	return false
}

func (w *Word) add(p Part) {
	w.Text += p.Text
	if n := len(w.Parts); n > 0 && w.Parts[n-1].Var == "" && p.Var == "" && !p.Expands && !w.Parts[n-1].Expands {
		w.Parts[n-1].Text += p.Text
		return
	}
	w.Parts = append(w.Parts, p)
}

// Texts are the texts of words.
func Texts(words []Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}

var (
	escape       = lazy.MustCompile(`\\(\n|.)`)
	quotedEscape = lazy.MustCompile("\\\\([$`\"\\\\])")
)

// unescape drops the backslashes outside of quotes, unescapeQuoted those within
// double quotes: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return escape.ReplaceAllStringFunc(s, func(m string) string {
		if m[1] == '\n' {
			return ""
		}
		return m[1:]
	})
}

func unescapeQuoted(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return quotedEscape.ReplaceAllString(strings.ReplaceAll(s, "\\\n", ""), "$1")
}
