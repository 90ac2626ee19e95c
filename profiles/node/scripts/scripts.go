// Package scripts reads the scripts of package.json as the commands that they
// are: it splits them as a shell would, follows the scripts that they run as a
// package manager would, and takes off the runners (nodemon, pm2, cross-env and
// the like) that a container has no use for. It decides nothing.
package scripts

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/profiles/plan"
)

// Command is one command of a script: variables set for it, and its words.
type Command struct {
	Env  [][2]string
	Argv []string
}

// Parse splits a script of package.json into the simple commands that
// && joins. ok is false for everything else that a shell can do: then only a
// shell can run it. The grammar:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html.
func Parse(script string) (list []Command, ok bool) {
	if len(script) > 10_000 {
		return nil, false
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), "")
	if err != nil || len(file.Stmts) != 1 {
		return nil, false
	}
	if !flatten(file.Stmts[0], &list) {
		return nil, false
	}
	return list, true
}

func flatten(s *syntax.Stmt, list *[]Command) bool {
	if s.Negated || s.Background || s.Coprocess || len(s.Redirs) > 0 {
		return false
	}
	switch x := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		return x.Op == syntax.AndStmt && flatten(x.X, list) && flatten(x.Y, list)
	case *syntax.CallExpr:
		var c Command
		for _, a := range x.Assigns {
			if a.Naked || a.Append || a.Index != nil || a.Array != nil {
				return false
			}
			value, ok := "", true
			if a.Value != nil {
				value, ok = plainWord(a.Value)
			}
			if !ok {
				return false
			}
			c.Env = append(c.Env, [2]string{a.Name.Value, value})
		}
		for _, w := range x.Args {
			word, ok := plainWord(w)
			if !ok {
				return false
			}
			c.Argv = append(c.Argv, word)
		}
		if len(c.Argv) == 0 {
			return false
		}
		*list = append(*list, c)
		return true
	}
	return false
}

// plainWord is a word that no shell would change: literals and quotes.
func plainWord(w *syntax.Word) (string, bool) {
	var b strings.Builder
	for _, part := range w.Parts {
		switch x := part.(type) {
		case *syntax.Lit:
			if strings.ContainsAny(x.Value, "*?[~") {
				return "", false
			}
			b.WriteString(unescape(x.Value))
		case *syntax.SglQuoted:
			if x.Dollar {
				return "", false
			}
			b.WriteString(x.Value)
		case *syntax.DblQuoted:
			for _, inner := range x.Parts {
				lit, ok := inner.(*syntax.Lit)
				if !ok || x.Dollar {
					return "", false
				}
				b.WriteString(unescapeQuoted(lit.Value))
			}
		default:
			return "", false
		}
	}
	return b.String(), true
}

var (
	backslash       = regexp.MustCompile(`\\(\n|.)`)
	quotedBackslash = regexp.MustCompile("\\\\([$`\"\\\\])")
)

func unescape(s string) string {
	return backslash.ReplaceAllStringFunc(s, func(m string) string {
		if m[1] == '\n' {
			return ""
		}
		return m[1:]
	})
}

func unescapeQuoted(s string) string {
	return quotedBackslash.ReplaceAllString(strings.ReplaceAll(s, "\\\n", ""), "$1")
}

// Quote writes commands as a shell would read them, the last one in place of
// the shell, so that it gets the signals.
func Quote(list []Command, exec bool) string {
	var parts []string
	for i, c := range list {
		var words []string
		for _, e := range c.Env {
			words = append(words, e[0]+"="+plan.ShellQuote(e[1]))
		}
		if exec && i == len(list)-1 && len(c.Argv) > 0 && c.Argv[0] != "cd" {
			words = append(words, "exec")
		}
		for i, a := range c.Argv {
			if i == 0 && (strings.Contains(a, "=") || syntax.IsKeyword(a)) {
				words = append(words, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
				continue
			}
			words = append(words, plan.ShellQuote(a))
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, " && ")
}

// Commands returns the simple commands of a script of package.json,
// wherever they stand in it, without wrappers like cross-env. A word that the
// shell would expand is "". A script that does not parse has no commands.
func Commands(script string) [][]string {
	if len(script) > 10_000 {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil
	}
	var out [][]string
	syntax.Walk(file, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok {
			return true
		}
		var words []string
		for _, w := range call.Args {
			word, ok := plainWord(w)
			if !ok {
				word = ""
			}
			words = append(words, word)
		}
		if words = Binary(Unwrap(Command{Argv: words}).Argv); len(words) > 0 {
			out = append(out, words)
		}
		return true
	})
	return out
}

// RoughPrograms are the words of a script that may be programs.
func RoughPrograms(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()$`\"'{}<>", r) })
}
