package buildfile

import (
	"errors"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// shellCall is one simple command of a script.
type shellCall struct {
	dir   string // where it runs, relative to where the script starts; absolute after cd with a rooted path
	env   []string
	words []string
}

// shell lists the simple commands of a script, in order:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html.
// vars gives the values of variables; nil knows none.
func shell(text string, vars map[string]string) ([]shellCall, error) {
	s := scriptReader{vars: vars, dir: "."}
	err := s.read(text, 0)
	return s.out, err
}

type scriptReader struct {
	vars map[string]string
	dir  string
	env  []string // that is exported
	loop bool     // the go command alone is read: what else a loop runs is no app
	out  []shellCall
}

// errDeep is the error of a script that no person wrote.
var errDeep = errors.New("a script that is too large or too deep")

// The most that is read of one script.
const (
	maxScript = 64 << 10
	maxNested = 2000 // brackets
)

func (s *scriptReader) read(text string, depth int) error {
	if len(text) > maxScript || strings.Count(text, "(")+strings.Count(text, "{") > maxNested {
		return errDeep
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return err
	}
	for _, stmt := range file.Stmts {
		s.stmt(stmt, depth)
	}
	return nil
}

// stmt reads a statement. Both branches of a condition are read: each may run.
func (s *scriptReader) stmt(stmt *syntax.Stmt, depth int) {
	if stmt == nil || depth > 20 {
		return
	}
	list := func(stmts []*syntax.Stmt) {
		for _, x := range stmts {
			s.stmt(x, depth+1)
		}
	}
	switch c := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		s.call(c, depth)
	case *syntax.DeclClause:
		if c.Variant.Value == "export" {
			s.env = append(s.env, s.assigns(c.Args)...)
		}
	case *syntax.BinaryCmd: // a chain of them is as deep as it is long
		s.stmt(c.X, depth)
		s.stmt(c.Y, depth)
	case *syntax.Block:
		list(c.Stmts)
	case *syntax.Subshell:
		dir, env := s.dir, s.env
		list(c.Stmts)
		s.dir, s.env = dir, env
	case *syntax.IfClause:
		for ; c != nil; c = c.Else {
			list(c.Then)
		}
	case *syntax.ForClause:
		s.looped(c.Do, list)
	case *syntax.WhileClause:
		s.looped(c.Do, list)
	}
}

func (s *scriptReader) looped(stmts []*syntax.Stmt, list func([]*syntax.Stmt)) {
	was := s.loop
	s.loop = true
	list(stmts)
	s.loop = was
}

func (s *scriptReader) call(c *syntax.CallExpr, depth int) {
	var words []string
	for _, w := range c.Args {
		words = append(words, s.parts(w.Parts))
	}
	words, set := unwrap(words)
	switch {
	case len(words) == 0:
	case words[0] == "cd" && len(words) > 1:
		if path.IsAbs(words[1]) {
			s.dir = path.Clean(words[1])
		} else {
			s.dir = path.Join(s.dir, words[1])
		}
	case len(words) > 2 && slices.Contains(shells, path.Base(words[0])) && strings.HasPrefix(words[1], "-") && strings.HasSuffix(words[1], "c") && depth < 3:
		inner := scriptReader{vars: s.vars, dir: s.dir, env: slices.Concat(s.env, s.assigns(c.Assigns), set), loop: s.loop}
		if inner.read(words[2], depth+1) == nil {
			s.out = append(s.out, inner.out...)
		}
	case s.loop && path.Base(words[0]) != "go":
	default:
		s.out = append(s.out, shellCall{s.dir, slices.Concat(s.env, s.assigns(c.Assigns), set), words})
	}
}

var shells = []string{"sh", "bash", "ash", "dash"} //nolint:gochecknoglobals // a constant table

// assigns are the NAME=value of a command.
func (s *scriptReader) assigns(list []*syntax.Assign) []string {
	var out []string
	for _, a := range list {
		if a.Name != nil && a.Value != nil {
			out = append(out, a.Name.Value+"="+s.parts(a.Value.Parts))
		}
	}
	return out
}

// parts is the text of a word, with a hole for each part that is not known.
func (s *scriptReader) parts(list []syntax.WordPart) string {
	var b strings.Builder
	for _, p := range list {
		switch p := p.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(p.Value, `\`, ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			b.WriteString(s.parts(p.Parts))
		case *syntax.ParamExp:
			b.WriteString(s.param(p))
		default:
			b.WriteString(Hole)
		}
	}
	return b.String()
}

// param is the value of $X, ${X} and ${X:-default}.
func (s *scriptReader) param(p *syntax.ParamExp) string {
	v, ok := s.vars[p.Param.Value]
	switch {
	case p.Length || p.Excl || p.Index != nil || p.Slice != nil || p.Repl != nil:
		return Hole
	case p.Exp == nil && ok:
		return v
	case p.Exp != nil && (p.Exp.Op == syntax.DefaultUnsetOrNull || p.Exp.Op == syntax.DefaultUnset):
		if ok && v != "" || p.Exp.Word == nil {
			return v
		}
		return s.parts(p.Exp.Word.Parts)
	}
	return Hole
}
