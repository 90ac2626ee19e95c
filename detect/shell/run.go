package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// runner follows a text as the shell would run it.
type runner struct {
	out       *Script
	start     Start
	dir       string
	dirs      []string // of pushd
	vars      *scope
	args      []Word
	exported  []string
	functions map[string]*function
	ended     bool // exit, return or exec came by
	over      bool // an exit or exec came by to which the user of the text always comes
	// How many conditions, loops and $(…) are around, and statements.
	conditions, loops, captured, depth, nested int
	tried, asked                               int // what Command says of it
	line                                       int // of the sh -c that is read; 0 for the text itself
	steps, left                                *int
}

type function struct {
	body    *syntax.Stmt
	called  bool
	running bool
}

func (r *runner) statements(list []*syntax.Stmt, depth int) {
	for _, s := range list {
		r.statement(s, depth)
	}
}

func (r *runner) incomplete() {
	if r.captured == 0 {
		r.out.Complete = false
	}
}

func (r *runner) statement(s *syntax.Stmt, depth int) {
	if *r.steps--; s == nil || *r.steps < 0 || *r.left < 0 || depth > maxDepth {
		r.incomplete()
		return
	}
	if r.over {
		return
	}
	if s.Negated || s.Background || s.Coprocess || len(s.Redirs) > 0 {
		r.incomplete()
	}
	was := r.depth
	r.depth = depth
	defer func() { r.depth = was }()
	if s.Background || s.Coprocess {
		r.subshell(func(sub *runner) { sub.command(s, depth) })
		return
	}
	if s.Negated {
		r.tried++
		defer func() { r.tried-- }()
	}
	r.command(s, depth)
}

func (r *runner) command(s *syntax.Stmt, depth int) {
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		r.call(c, s.Redirs, depth)
		return
	case *syntax.DeclClause:
		r.declare(c)
		return
	case *syntax.BinaryCmd: // a chain of them is as deep as it is long
		r.binary(c, depth)
		return
	case *syntax.TimeClause:
		r.statement(c.Stmt, depth+1)
		return
	}
	r.incomplete()
	switch c := s.Cmd.(type) {
	case *syntax.Block:
		r.statements(c.Stmts, depth+1)
	case *syntax.Subshell:
		r.subshell(func(sub *runner) { sub.statements(c.Stmts, depth+1) })
	case *syntax.IfClause:
		r.condition(c, depth)
	case *syntax.CaseClause:
		var branches []func(*runner)
		always := false
		for _, item := range c.Items {
			branches = append(branches, func(b *runner) { b.statements(item.Stmts, depth+1) })
			always = always || len(item.Patterns) > 0 && item.Patterns[len(item.Patterns)-1].Lit() == "*"
		}
		r.branches(branches, always, nil)
	case *syntax.ForClause:
		r.loop(c, depth)
	case *syntax.WhileClause:
		r.tries(func() { r.statements(c.Cond, depth+1) })
		r.loops++
		r.branches([]func(*runner){func(b *runner) { b.statements(c.Do, depth+1) }}, false, nil)
		r.loops--
	case *syntax.FuncDecl:
		if c.Name != nil {
			r.functions[c.Name.Value] = &function{body: c.Body}
		}
	case *syntax.CoprocClause:
		r.subshell(func(sub *runner) { sub.statement(c.Stmt, depth+1) })
	}
}

// binary reads a && b, a || b and a | b.
func (r *runner) binary(c *syntax.BinaryCmd, depth int) {
	right := []func(*runner){func(b *runner) { b.statement(c.Y, depth) }}
	switch c.Op {
	case syntax.AndStmt:
		says := r.says([]*syntax.Stmt{c.X})
		if says == no {
			return
		}
		if r.statement(c.X, depth); !tests(c.X) || says == yes {
			r.statement(c.Y, depth)
			return
		}
		r.incomplete()
		asks := r.asks([]*syntax.Stmt{c.X})
		r.asked += asks
		r.branches(right, false, unset([]*syntax.Stmt{c.X}))
		r.asked -= asks
	case syntax.OrStmt:
		says := r.says([]*syntax.Stmt{c.X})
		r.incomplete()
		r.tries(func() { r.statement(c.X, depth) })
		switch says {
		case yes:
		case no:
			r.statement(c.Y, depth)
		case unclear:
			r.branches(right, false, nil)
		}
	default:
		r.incomplete()
		r.subshell(func(sub *runner) { sub.statement(c.X, depth) })
		r.subshell(func(sub *runner) { sub.statement(c.Y, depth) })
	}
}

// tests reports whether a statement only asks something: [ -f x ].
func tests(s *syntax.Stmt) bool {
	switch c := s.Cmd.(type) {
	case *syntax.TestClause, *syntax.ArithmCmd:
		return true
	case *syntax.BinaryCmd:
		return tests(c.Y)
	case *syntax.CallExpr:
		_, ok := asked(c)
		return ok
	}
	return s.Negated
}

// unset are the variables that a condition finds without a value: [ -z "$X" ].
func unset(cond []*syntax.Stmt) []string {
	var out []string
	for _, s := range cond {
		switch c := s.Cmd.(type) {
		case *syntax.CallExpr:
			if len(c.Args) > 2 && c.Args[1].Lit() == "-z" {
				out = append(out, variableOf(c.Args[2]))
			}
		case *syntax.TestClause:
			if u, ok := c.X.(*syntax.UnaryTest); ok && u.Op == syntax.TsEmpStr {
				if w, ok := u.X.(*syntax.Word); ok {
					out = append(out, variableOf(w))
				}
			}
		}
	}
	return out
}

// variableOf is the variable that a word is the value of, or "".
func variableOf(w *syntax.Word) string {
	parts := w.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	if len(parts) == 1 {
		if p, ok := parts[0].(*syntax.ParamExp); ok && p.Param != nil {
			return p.Param.Value
		}
	}
	return ""
}

// condition reads an if. Its conditions run, and one of its branches.
func (r *runner) condition(c *syntax.IfClause, depth int) {
	var branches []func(*runner)
	fallbacks := unset(c.Cond)
	always := false
	for first := true; c != nil && !always; c, first = c.Else, false {
		at, asks, says := c, r.asks(c.Cond), r.says(c.Cond)
		if says == no {
			continue
		}
		if first {
			r.tries(func() { r.statements(at.Cond, depth+1) })
		}
		always = len(c.Cond) == 0 || says == yes
		if always && len(branches) == 0 {
			r.statements(at.Then, depth+1) // this user always comes here
			return
		}
		branches = append(branches, func(b *runner) {
			if !first {
				b.tries(func() { b.statements(at.Cond, depth+1) })
			}
			b.asked += asks
			b.statements(at.Then, depth+1)
		})
	}
	if len(branches) == 0 {
		return
	}
	r.branches(branches, always, fallbacks)
}

// branches runs each of several alternatives from the same state. always
// reports that one of them runs.
func (r *runner) branches(list []func(*runner), always bool, fallbacks []string) {
	var scopes []*scope
	var dirs []string
	for _, run := range list {
		b := *r
		b.vars, b.ended = newScope(r.vars), false
		b.conditions++
		run(&b)
		if b.ended {
			continue
		}
		scopes, dirs = append(scopes, b.vars), append(dirs, b.dir)
		for _, name := range b.exported[min(len(r.exported), len(b.exported)):] {
			r.export(name)
		}
	}
	r.vars.join(scopes, always, fallbacks)
	for i, d := range dirs {
		if d != r.dir && (!always || i > 0 && d != dirs[0]) {
			r.dir = Unknown
			return
		}
	}
	if always && len(dirs) > 0 {
		r.dir = dirs[0]
	}
}

// loop reads a for. If its words are known, it is read once for each of them.
func (r *runner) loop(c *syntax.ForClause, depth int) {
	body := func(b *runner) {
		b.loops++
		b.statements(c.Do, depth+1)
	}
	it, ok := c.Loop.(*syntax.WordIter)
	if !ok || it.Name == nil {
		r.branches([]func(*runner){body}, false, nil)
		return
	}
	words := r.args
	if it.InPos.IsValid() {
		words = r.fields(it.Items)
	}
	known := !c.Select && len(words) <= maxTurns && !slices.ContainsFunc(words, func(w Word) bool { return !w.Known() })
	if !known {
		words = []Word{{Text: Unknown}}
	}
	for _, w := range words {
		r.branches([]func(*runner){func(b *runner) {
			if known && b.conditions == 1+r.conditions {
				b.conditions-- // it does run
			}
			b.vars.set(it.Name.Value, w.Text)
			body(b)
		}}, known, nil)
	}
	r.vars.set(it.Name.Value, Unknown)
}

// maxTurns is the longest list of a for that is read word by word.
const maxTurns = 16

// tries runs what may fail.
func (r *runner) tries(run func()) {
	r.tried++
	run()
	r.tried--
}

// subshell runs something whose state is lost.
func (r *runner) subshell(run func(*runner)) {
	sub := *r
	sub.vars = newScope(r.vars)
	run(&sub)
}

// uncalled reads the functions that nothing called: other files may.
func (r *runner) uncalled() {
	if r.start.User != "" {
		return
	}
	var rest []*function
	for _, f := range r.functions {
		if !f.called {
			rest = append(rest, f)
		}
	}
	slices.SortFunc(rest, func(a, b *function) int { return int(a.body.Pos().Offset()) - int(b.body.Pos().Offset()) })
	for _, f := range rest {
		if !f.called {
			f.called = true
			r.branches([]func(*runner){func(b *runner) { b.args = []Word{every}; b.statement(f.body, 1) }}, false, nil)
		}
	}
}

// declare reads export, declare, local, readonly and the like.
func (r *runner) declare(c *syntax.DeclClause) {
	exports := c.Variant.Value == "export"
	for _, a := range c.Args {
		if a.Name == nil {
			if w := r.value(a.Value).Text; strings.HasPrefix(w, "-") && strings.Contains(w, "x") {
				exports = true
			}
			continue
		}
		if !a.Naked {
			r.assign(a)
		}
		if exports {
			r.export(a.Name.Value)
		}
	}
}

func (r *runner) export(name string) {
	if len(r.exported) < maxExports && !slices.Contains(r.exported, name) {
		r.exported = append(slices.Clip(r.exported), name)
	}
}

// assign reads X=y, X+=y and X=(a b).
func (r *runner) assign(a *syntax.Assign) {
	name := a.Name.Value
	switch {
	case a.Array != nil:
		var list []Word
		if a.Append {
			list, _ = r.vars.array(name)
		}
		for _, e := range a.Array.Elems {
			if e.Index == nil && e.Value != nil && len(list) < maxWords {
				list = append(slices.Clip(list), r.fields([]*syntax.Word{e.Value})...)
			}
		}
		r.vars.setArray(name, list)
	case a.Index != nil:
		r.vars.set(name, Unknown)
	default:
		v := r.value(a.Value).Text
		if a.Append {
			before, ok := r.vars.get(name)
			if !ok {
				before = Unknown
			}
			v = before + v
		}
		if *r.left -= len(v); *r.left < 0 || len(v) > maxWord {
			v = Unknown
		}
		r.vars.set(name, v)
	}
}

// outputs are the redirections that write a file.
var outputs = []syntax.RedirOperator{syntax.RdrOut, syntax.AppOut, syntax.RdrAll, syntax.AppAll, syntax.RdrClob} //nolint:gochecknoglobals // a constant table

// call reads a simple command.
func (r *runner) call(c *syntax.CallExpr, redirs []*syntax.Redirect, depth int) {
	words := r.fields(c.Args)
	if len(c.Args) == 0 {
		for _, a := range c.Assigns {
			if a.Name != nil {
				r.assign(a)
			}
		}
		return
	}
	if len(words) == 0 {
		r.incomplete()
		return
	}
	cmd := Command{
		Line: r.line, Dir: r.dir, Words: words,
		Conditional: r.conditions > 0, Loop: r.loops > 0, Captured: r.captured > 0,
		Tried: r.tried > 0, Asked: r.asked > 0,
	}
	if cmd.Line == 0 {
		cmd.Line = int(c.Pos().Line())
	}
	for _, h := range redirs {
		if h.Word != nil && slices.Contains(outputs, h.Op) {
			cmd.Outputs = append(cmd.Outputs, r.value(h.Word))
		}
		if h.Hdoc != nil {
			cmd.Input = r.document(h.Hdoc)
		}
	}
	for _, name := range r.exported {
		if v, ok := r.vars.get(name); ok {
			cmd.Env = append(cmd.Env, Assign{name, Word{v, []Part{{Text: v, Var: name}}}})
		}
	}
	for _, a := range c.Assigns {
		if a.Name == nil || a.Append || a.Index != nil || a.Array != nil {
			r.incomplete()
			continue
		}
		cmd.Env = append(cmd.Env, Assign{a.Name.Value, r.value(a.Value)})
	}
	if r.function(words, depth) {
		return
	}
	if r.within(cmd, redirs) {
		r.leaves(words[0].Text == "exec")
		return
	}
	if len(r.out.Commands) >= maxCommands {
		r.incomplete()
		return
	}
	r.out.Commands = append(r.out.Commands, cmd)
	r.builtin(cmd)
}

// document is the text of a here-document. What it captures is not run.
func (r *runner) document(w *syntax.Word) Word {
	var out Word
	for _, p := range w.Parts {
		switch p := p.(type) {
		case *syntax.Lit:
			out.add(Part{Text: unescapeQuoted(p.Value)})
		case *syntax.ParamExp:
			text := "$" + p.Param.Value
			if v, ok := r.vars.get(p.Param.Value); ok && v != Unknown {
				text = v
			}
			if p.Exp != nil || p.Repl != nil || p.Slice != nil || p.Length {
				text = Unknown
			}
			out.add(Part{Text: text})
		default:
			out.add(Part{Text: Unknown})
		}
	}
	return out
}

// function runs a function of the text in the place of its call.
func (r *runner) function(words []Word, depth int) bool {
	f := r.functions[words[0].Text]
	if f == nil || f.running {
		return false
	}
	r.incomplete()
	f.called, f.running = true, true
	args, ended := r.args, r.ended
	r.args = words[1:]
	r.statement(f.body, depth+1)
	r.args, r.ended, f.running = args, ended, false
	return true
}

// within reads the text that a command gives to a shell.
func (r *runner) within(cmd Command, redirs []*syntax.Redirect) bool {
	u := cmd.Unwrap()
	if len(u.Words) == 0 || r.nested >= maxNested {
		return false
	}
	text, args, ok := u.inner()
	if name := u.Words[0].Text; !ok && name == "eval" && len(u.Words) > 1 {
		text, args, ok = joined(u.Words[1:]), r.args, true
	} else if ok {
		args = args[min(1, len(args)):]
	}
	for _, h := range redirs {
		if !ok && h.Hdoc != nil && u.reads() {
			text, args, ok = r.value(h.Hdoc), []Word{every}, true
			if len(u.Words) == 1 || u.Words[len(u.Words)-1].Text == "-s" {
				args = nil
			}
		}
	}
	if !ok || len(text.Text) > maxText {
		return false
	}
	file, err := parse(text.Text)
	if err != nil {
		return false
	}
	if len(file.Stmts) != 1 {
		r.incomplete()
	}
	inner := *r
	inner.vars, inner.args, inner.line, inner.nested = newScope(r.vars), args, cmd.Line, r.nested+1
	for _, e := range u.Env {
		inner.vars.set(e.Name, e.Value.Text)
		inner.export(e.Name)
	}
	inner.functions = map[string]*function{}
	inner.statements(file.Stmts, r.depth+1)
	inner.uncalled()
	return true
}

// builtin follows what changes the state of the shell.
func (r *runner) builtin(c Command) {
	args := Texts(c.Words[1:])
	for len(args) > 0 && (args[0] == "-P" || args[0] == "-L" || args[0] == "--") && c.Words[0].Text != "set" {
		args = args[1:]
	}
	switch c.Words[0].Text {
	case "cd":
		if len(args) == 1 {
			r.dir = enter(r.dir, args[0])
		} else {
			r.dir = Unknown
		}
	case "pushd":
		if r.dirs = append(slices.Clip(r.dirs), r.dir); len(args) == 1 {
			r.dir = enter(r.dir, args[0])
		} else {
			r.dir = Unknown
		}
	case "popd":
		if n := len(r.dirs); n > 0 {
			r.dir, r.dirs = r.dirs[n-1], r.dirs[:n-1]
		}
	case "exit", "return":
		r.ended = true
		r.leaves(c.Words[0].Text == "exit")
	case "exec":
		r.ended = len(args) > 0
		r.leaves(r.ended)
	case "unset":
		for _, name := range args {
			r.vars.set(name, "")
		}
	case "read":
		for _, name := range args {
			r.vars.set(name, Unknown)
		}
	case "set":
		r.setArgs(c.Words[1:])
	case "shift":
		if len(r.args) > 0 && !r.args[0].Has("@") && len(args) == 0 {
			r.args = r.args[1:]
		} else {
			r.args = []Word{every}
		}
	}
}

// leaves notes that nothing behind this runs.
func (r *runner) leaves(does bool) {
	r.over = r.over || does && r.start.User != "" && r.conditions == 0 && r.loops == 0 && r.captured == 0
}

// setArgs follows set -- a b and set a b.
func (r *runner) setArgs(words []Word) {
	for i, w := range words {
		if w.Text == "--" {
			r.args = words[i+1:]
			return
		}
		if !strings.HasPrefix(w.Text, "-") && !strings.HasPrefix(w.Text, "+") {
			if i == 0 { // set -o pipefail has a word of its own
				r.args = words
			}
			return
		}
	}
}
