package golang

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// hole stands in a word for what is not known before the shell runs.
const hole = "\x00"

// shellCommand is one simple command of a script.
type shellCommand struct {
	dir   string // where it runs, relative to where the script starts; absolute after cd with a rooted path
	words []string
}

// shellCommands lists the simple commands of a script, in order, as far as
// it parses.
func shellCommands(text string, vars map[string]string) []shellCommand {
	if len(text) > maxMention {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil || file == nil {
		return nil
	}
	s := scriptReader{vars: vars, dir: "."}
	for _, stmt := range file.Stmts {
		s.stmt(stmt, 0)
	}
	return s.out
}

type scriptReader struct {
	vars map[string]string
	dir  string
	out  []shellCommand
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
	case *syntax.BinaryCmd:
		s.stmt(c.X, depth+1)
		s.stmt(c.Y, depth+1)
	case *syntax.Block:
		list(c.Stmts)
	case *syntax.Subshell:
		dir := s.dir
		list(c.Stmts)
		s.dir = dir
	case *syntax.IfClause:
		for ; c != nil; c = c.Else {
			list(c.Then)
		}
	}
}

func (s *scriptReader) call(c *syntax.CallExpr, depth int) {
	var words []string
	for _, w := range c.Args {
		words = append(words, s.parts(w.Parts))
	}
	words = unwrap(words)
	switch {
	case len(words) == 0:
	case words[0] == "cd" && len(words) > 1:
		if path.IsAbs(words[1]) {
			s.dir = path.Clean(words[1])
		} else {
			s.dir = path.Join(s.dir, words[1])
		}
	case len(words) > 2 && shells[path.Base(words[0])] && strings.HasPrefix(words[1], "-") && strings.HasSuffix(words[1], "c") && depth < 3:
		inner := scriptReader{vars: s.vars, dir: s.dir}
		if file, err := syntax.NewParser().Parse(strings.NewReader(words[2]), ""); err == nil {
			for _, stmt := range file.Stmts {
				inner.stmt(stmt, depth+1)
			}
		}
		s.out = append(s.out, inner.out...)
	default:
		s.out = append(s.out, shellCommand{s.dir, words})
	}
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
			b.WriteString(hole)
		}
	}
	return b.String()
}

// param is the value of $X, ${X} and ${X:-default}.
func (s *scriptReader) param(p *syntax.ParamExp) string {
	v, ok := s.vars[p.Param.Value]
	switch {
	case p.Length || p.Excl || p.Index != nil || p.Slice != nil || p.Repl != nil:
		return hole
	case p.Exp == nil && ok:
		return v
	case p.Exp != nil && (p.Exp.Op == syntax.DefaultUnsetOrNull || p.Exp.Op == syntax.DefaultUnset):
		if ok && v != "" || p.Exp.Word == nil {
			return v
		}
		return s.parts(p.Exp.Word.Parts)
	}
	return hole
}

var shells = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true} //nolint:gochecknoglobals // a constant table

// wrappers are commands that run the command in their arguments.
var wrappers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"exec": true, "env": true, "sudo": true, "nice": true, "nohup": true, "time": true, "command": true,
	"tini": true, "dumb-init": true, "catatonit": true, "su-exec": true, "gosu": true,
}

// unwrap drops the wrappers before a command, with their options and the
// variables that env sets.
func unwrap(words []string) []string {
	for len(words) > 0 && wrappers[path.Base(words[0])] {
		user := path.Base(words[0]) == "su-exec" || path.Base(words[0]) == "gosu"
		words = words[1:]
		for len(words) > 0 && (strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "=")) {
			words = words[1:]
		}
		if user && len(words) > 0 {
			words = words[1:]
		}
	}
	return words
}
