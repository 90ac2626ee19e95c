package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Raw are the words of the last command of a line as they are written, with their quotes; nil for a text that is more
// than simple commands one after the other.
func Raw(text string) []string {
	if len(text) > 4096 {
		return nil
	}
	f, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil || len(f.Stmts) == 0 {
		return nil
	}
	s := f.Stmts[len(f.Stmts)-1]
	for b, ok := s.Cmd.(*syntax.BinaryCmd); ok && b.Op == syntax.AndStmt; b, ok = s.Cmd.(*syntax.BinaryCmd) {
		s = b.Y
	}
	c, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || len(s.Redirs) > 0 || s.Background || s.Negated {
		return nil
	}
	var out []string
	for _, w := range c.Args {
		out = append(out, text[w.Pos().Offset():w.End().Offset()])
	}
	return out
}
