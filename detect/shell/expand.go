package shell

import (
	"path"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fields expands words as the shell does: a variable outside of quotes is
// split where its value has spaces, and "$@" is as many words as there are
// arguments.
func (r *runner) fields(list []*syntax.Word) []Word {
	b := builder{r: r}
	for _, w := range list {
		if len(b.done) >= maxWords {
			break
		}
		b.parts(w.Parts, false)
		b.end()
	}
	return b.done
}

// value expands a word that is not split: that of an assignment.
func (r *runner) value(w *syntax.Word) Word {
	if w == nil {
		return Word{}
	}
	b := builder{r: r}
	b.parts(w.Parts, true)
	b.end()
	return joined(b.done)
}

// joined is the words as one, with spaces between them.
func joined(list []Word) Word {
	if len(list) == 1 {
		return list[0]
	}
	var out Word
	for i, w := range list {
		if i > 0 {
			out.add(Part{Text: " "})
		}
		for _, p := range w.Parts {
			out.add(p)
		}
	}
	return out
}

// builder puts words together.
type builder struct {
	r    *runner
	done []Word
	word Word
	some bool // the word exists, even if it is empty
}

func (b *builder) add(p Part) {
	b.some = true
	if *b.r.left -= len(p.Text); *b.r.left < 0 && p.Var != "" || len(b.word.Text)+len(p.Text) > maxWord {
		p.Text = Unknown
		if strings.HasSuffix(b.word.Text, Unknown) {
			return
		}
	}
	b.word.add(p)
}

func (b *builder) end() {
	if b.some && len(b.done) < maxWords {
		b.done = append(b.done, b.word)
	}
	b.word, b.some = Word{}, false
}

// parts adds the parts of a word. whole says that they are not split, because
// they stand in quotes or in an assignment.
func (b *builder) parts(list []syntax.WordPart, whole bool) {
	for _, p := range list {
		switch p := p.(type) {
		case *syntax.Lit:
			b.add(Part{Text: unescape(p.Value), Expands: strings.ContainsAny(p.Value, "*?[~")})
		case *syntax.SglQuoted:
			b.add(Part{Text: p.Value, Expands: p.Dollar})
		case *syntax.DblQuoted:
			b.quoted(p)
		case *syntax.ParamExp:
			b.param(p, whole)
		case *syntax.CmdSubst:
			b.add(Part{Text: b.r.substitute(p), Expands: true})
		default:
			b.add(Part{Text: Unknown})
		}
	}
}

func (b *builder) quoted(q *syntax.DblQuoted) {
	if len(q.Parts) == 1 { // "$@" may be no word at all
		if p, ok := q.Parts[0].(*syntax.ParamExp); ok {
			b.param(p, true)
			return
		}
	}
	b.some = true
	for _, p := range q.Parts {
		if l, ok := p.(*syntax.Lit); ok {
			b.add(Part{Text: unescapeQuoted(l.Value), Expands: q.Dollar})
			continue
		}
		b.parts([]syntax.WordPart{p}, true)
	}
}

// list adds several words, such as the arguments.
func (b *builder) list(words []Word) {
	for i, w := range words {
		if i > 0 {
			b.end()
		}
		for _, p := range w.Parts {
			b.add(p)
		}
		b.some = true
	}
}

func (b *builder) param(p *syntax.ParamExp, whole bool) {
	if p.Param == nil || p.Excl || p.Length || p.Slice != nil || p.Repl != nil || p.Names != 0 {
		b.add(Part{Text: Unknown})
		return
	}
	name := p.Param.Value
	if p.Index != nil {
		b.element(p)
		return
	}
	if (name == "@" || name == "*") && p.Exp == nil {
		b.list(b.r.args)
		return
	}
	text := b.r.expansion(name, p.Exp)
	words := strings.Fields(text)
	if whole || len(words) == 1 && len(words[0]) == len(text) {
		b.add(Part{Text: text, Var: name})
		return
	}
	if len(words) > 0 && strings.ContainsAny(text[:1], " \t\n") {
		b.end()
	}
	for i, w := range words[:min(len(words), maxWords)] {
		if i > 0 {
			b.end()
		}
		b.add(Part{Text: w, Var: name})
	}
	if len(words) > 0 && strings.ContainsAny(text[len(text)-1:], " \t\n") {
		b.end()
	}
}

// element adds ${X[@]}, ${X[*]} and ${X[0]}.
func (b *builder) element(p *syntax.ParamExp) {
	name, index := p.Param.Value, ""
	if w, ok := p.Index.(*syntax.Word); ok {
		index = w.Lit()
	}
	list, ok := b.r.vars.array(name)
	if name == "BASH_SOURCE" {
		list, ok = []Word{Literal(b.r.expansion("0", nil))}, true
	}
	n, err := strconv.Atoi(index)
	switch {
	case !ok || p.Exp != nil:
		b.add(Part{Text: Unknown, Var: name})
	case index == "@" || index == "*":
		b.list(list)
	case err == nil && n >= 0 && n < len(list):
		b.list(list[n : n+1])
	default:
		b.add(Part{Text: Unknown, Var: name})
	}
}

// expansion is the value of $name, or of ${name…}:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02.
func (r *runner) expansion(name string, exp *syntax.Expansion) string {
	v, set := r.parameter(name)
	if exp == nil {
		if !set {
			return Unknown
		}
		return v
	}
	switch exp.Op { //nolint:exhaustive // the others are not known
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if set && (v != "" || exp.Op == syntax.DefaultUnset || exp.Op == syntax.AssignUnset) {
			return v
		}
		v = r.value(exp.Word).Text
		if exp.Op == syntax.AssignUnset || exp.Op == syntax.AssignUnsetOrNull {
			r.vars.set(name, v)
		}
		return v
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if set {
			return v
		}
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		if set && v == "" {
			return ""
		}
		if set && !strings.Contains(v, Unknown) {
			return r.value(exp.Word).Text
		}
	case syntax.RemSmallSuffix, syntax.RemLargePrefix, syntax.RemSmallPrefix:
		if set && !strings.Contains(v, Unknown) {
			return without(v, exp.Op, r.value(exp.Word).Text)
		}
	}
	return Unknown
}

// without takes a literal off a value, or a folder or a base name off a path.
func without(v string, op syntax.ParExpOperator, pattern string) string {
	plain := !strings.ContainsAny(pattern, "*?["+Unknown)
	slash := strings.LastIndexByte(v, '/')
	switch {
	case op == syntax.RemSmallSuffix && pattern == "/*" && slash >= 0:
		return v[:slash]
	case op == syntax.RemLargePrefix && pattern == "*/":
		return v[slash+1:]
	case op == syntax.RemSmallSuffix && (plain || pattern == "/*"):
		return strings.TrimSuffix(v, pattern)
	case op != syntax.RemSmallSuffix && plain:
		return strings.TrimPrefix(v, pattern)
	}
	return Unknown
}

// parameter is the value of a variable or of an argument.
func (r *runner) parameter(name string) (string, bool) {
	switch name {
	case "PWD":
		return r.dir, !strings.Contains(r.dir, Unknown)
	case "0":
		return r.start.Name, r.start.Name != ""
	case "UID", "EUID":
		if v, ok := r.vars.get(name); ok || r.start.User == "" {
			return v, ok
		}
		return r.start.User, true
	}
	n, err := strconv.Atoi(name)
	if err != nil {
		return r.vars.get(name)
	}
	for i, w := range r.args {
		if w.Has("@") {
			return "", false
		}
		if i == n-1 {
			return w.Text, true
		}
	}
	return "", n > 0
}

// substitute is what $(…) prints, if it is one of the commands that scripts
// find their own folder with.
func (r *runner) substitute(c *syntax.CmdSubst) string {
	sub := *r
	sub.vars = newScope(r.vars)
	sub.captured++
	before := len(r.out.Commands)
	sub.statements(c.Stmts, sub.depth+1)
	list := r.out.Commands[before:]
	if len(list) == 0 {
		return Unknown
	}
	last := list[len(list)-1]
	words := Texts(last.Words)
	printed := Unknown
	switch name, args := words[0], words[1:]; {
	case name == "pwd":
		printed = last.Dir
	case name == "id" && len(args) == 1 && (args[0] == "-u" || args[0] == "-g") && r.start.User != "":
		printed = r.start.User
	case (name == "whoami" && len(args) == 0 || name == "id" && len(args) == 1 && args[0] == "-un") && r.start.User != "":
		printed = someone
	case name == "git" && len(args) == 2 && args[0] == "rev-parse" && args[1] == "--show-toplevel" && r.start.Top != "":
		printed = r.start.Top
	case len(args) == 0 || strings.Contains(strings.Join(args, " "), Unknown): // what it is given, whatever the variables
	case name == "dirname":
		printed = path.Dir(args[len(args)-1])
	case name == "basename" && len(args) == 1:
		printed = path.Base(args[0])
	case name == "realpath", name == "readlink" && args[0] == "-f":
		printed = enter(last.Dir, args[len(args)-1])
	case name == "echo" && len(args) == 1, name == "which" && len(args) == 1, name == "command" && len(args) == 2 && args[0] == "-v":
		printed = args[len(args)-1]
	}
	if printed != Unknown { // the shell did it all by itself
		r.out.Commands = r.out.Commands[:before]
	}
	return printed
}

// enter is the folder that cd leads to.
func enter(dir, to string) string {
	switch {
	case strings.Contains(to, Unknown) || to == "-" || strings.HasPrefix(to, "~"):
		return Unknown
	case path.IsAbs(to):
		return path.Clean(to)
	case strings.Contains(dir, Unknown):
		return Unknown
	}
	return path.Join(dir, to)
}
