package shell

import (
	"strconv"

	"mvdan.cc/sh/v3/syntax"
)

// answer is what a condition says for the user of the text.
type answer int

const (
	unclear answer = iota
	yes
	no
)

func (a answer) not() answer {
	switch a {
	case yes:
		return no
	case no:
		return yes
	case unclear:
	}
	return unclear
}

func (a answer) and(b answer) answer {
	switch {
	case a == no || b == no:
		return no
	case a == yes && b == yes:
		return yes
	}
	return unclear
}

func (a answer) or(b answer) answer { return a.not().and(b.not()).not() }

// someone is the name of a user that is not root.
const someone = "nonroot"

// says is what the last of the statements of a condition says, if it asks who runs the text: whether
// [ "$(id -u)" = 0 ]. It runs nothing.
func (r *runner) says(cond []*syntax.Stmt) answer {
	if r.start.User == "" || len(cond) == 0 {
		return unclear
	}
	out := *r.out // what is asked twice is listed once
	steps, left := *r.steps, *r.left
	sub := *r
	sub.vars, sub.out = newScope(r.vars), &out
	sub.steps, sub.left = &steps, &left
	return sub.answer(cond[len(cond)-1], 0)
}

func (r *runner) answer(s *syntax.Stmt, depth int) answer {
	if depth > maxDepth || s == nil {
		return unclear
	}
	out := unclear
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		if words, ok := asked(c); ok && len(c.Args) > 3 {
			out = r.list(words)
		}
	case *syntax.TestClause:
		out = r.clause(c.X, depth+1)
	case *syntax.ArithmCmd:
		out = r.arithmetic(c.X)
	case *syntax.Block:
		if len(c.Stmts) == 1 {
			out = r.answer(c.Stmts[0], depth+1)
		}
	case *syntax.Subshell:
		if len(c.Stmts) == 1 {
			out = r.answer(c.Stmts[0], depth+1)
		}
	case *syntax.BinaryCmd:
		switch c.Op { //nolint:exhaustive // a pipe says nothing
		case syntax.AndStmt:
			out = r.answer(c.X, depth+1).and(r.answer(c.Y, depth+1))
		case syntax.OrStmt:
			out = r.answer(c.X, depth+1).or(r.answer(c.Y, depth+1))
		}
	}
	if s.Negated {
		return out.not()
	}
	return out
}

// asked are the words between [ and ], or behind test; ok is false for another command.
func asked(c *syntax.CallExpr) (words []*syntax.Word, ok bool) {
	if len(c.Args) == 0 {
		return nil, false
	}
	switch words = c.Args[1:]; c.Args[0].Lit() {
	case "[":
		return words[:max(len(words)-1, 0)], true
	case "test":
		return words, true
	}
	return nil, false
}

// list is what the words of [ … ] say, which -a and -o may join.
func (r *runner) list(words []*syntax.Word) answer {
	for i, w := range words {
		switch w.Lit() {
		case "-o":
			return r.list(words[:i]).or(r.list(words[i+1:]))
		case "-a":
			return r.list(words[:i]).and(r.list(words[i+1:]))
		}
	}
	if len(words) == 4 && words[0].Lit() == "!" {
		return r.list(words[1:]).not()
	}
	if len(words) != 3 {
		return unclear
	}
	return r.compare(r.value(words[0]).Text, words[1].Lit(), r.value(words[2]).Text)
}

// clause is what the expression of [[ … ]] says.
func (r *runner) clause(x syntax.TestExpr, depth int) answer {
	if depth > maxDepth {
		return unclear
	}
	switch x := x.(type) {
	case *syntax.ParenTest:
		return r.clause(x.X, depth+1)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return r.clause(x.X, depth+1).not()
		}
	case *syntax.BinaryTest:
		switch x.Op { //nolint:exhaustive // the others compare
		case syntax.AndTest:
			return r.clause(x.X, depth+1).and(r.clause(x.Y, depth+1))
		case syntax.OrTest:
			return r.clause(x.X, depth+1).or(r.clause(x.Y, depth+1))
		}
		a, ok := x.X.(*syntax.Word)
		b, also := x.Y.(*syntax.Word)
		if ok && also {
			return r.compare(r.value(a).Text, x.Op.String(), r.value(b).Text)
		}
	}
	return unclear
}

// arithmetic is what (( … )) says.
func (r *runner) arithmetic(x syntax.ArithmExpr) answer {
	b, ok := x.(*syntax.BinaryArithm)
	if !ok {
		return unclear
	}
	text := func(x syntax.ArithmExpr) string {
		w, ok := x.(*syntax.Word)
		if !ok {
			return Unknown
		}
		if name := w.Lit(); name == "UID" || name == "EUID" {
			return r.expansion(name, nil)
		}
		return r.value(w).Text
	}
	return r.compare(text(b.X), b.Op.String(), text(b.Y))
}

// mirrored are the comparisons that say the same with their sides changed; the others are the same both ways.
var mirrored = map[string]string{ //nolint:gochecknoglobals // a constant table
	"-lt": "-gt", "-gt": "-lt", "-le": "-ge", "-ge": "-le", "<": ">", ">": "<", "<=": ">=", ">=": "<=",
}

// compare is what a comparison with a number of the user, or with its name, says.
func (r *runner) compare(a, op, b string) answer {
	if b == r.start.User || b == someone {
		a, b = b, a
		if other, ok := mirrored[op]; ok {
			op = other
		}
	}
	holds := func(is bool) answer {
		if is {
			return yes
		}
		return no
	}
	if a == someone && b == "root" {
		switch op {
		case "=", "==":
			return no
		case "!=":
			return yes
		}
		return unclear
	}
	x, err := strconv.Atoi(a)
	y, bad := strconv.Atoi(b)
	if a != r.start.User || err != nil || bad != nil {
		return unclear
	}
	switch op {
	case "=", "==", "-eq":
		return holds(x == y)
	case "!=", "-ne":
		return holds(x != y)
	case "-gt", ">":
		return holds(x > y)
	case "-lt", "<":
		return holds(x < y)
	case "-ge", ">=":
		return holds(x >= y)
	case "-le", "<=":
		return holds(x <= y)
	}
	return unclear
}

// asks is 1 if a condition holds only where a variable is given that the text does not set:
// [ "$X" = true ], [ -n "$X" ].
func (r *runner) asks(cond []*syntax.Stmt) int {
	if len(cond) != 1 || cond[0].Negated {
		return 0
	}
	given := func(w *syntax.Word) bool {
		name := variableOf(w)
		_, set := r.vars.get(name)
		return name != "" && !set && name != "UID" && name != "EUID" && (name[0] == '_' || name[0] >= 'A')
	}
	switch c := cond[0].Cmd.(type) {
	case *syntax.CallExpr:
		a, _ := asked(c)
		if len(a) == 2 && a[0].Lit() == "-n" && given(a[1]) || len(a) == 3 && (a[1].Lit() == "=" || a[1].Lit() == "==") && given(a[0]) && literal(a[2]) {
			return 1
		}
	case *syntax.TestClause:
		switch x := c.X.(type) {
		case *syntax.UnaryTest:
			if w, ok := x.X.(*syntax.Word); ok && x.Op == syntax.TsNempStr && given(w) {
				return 1
			}
		case *syntax.BinaryTest:
			a, ok := x.X.(*syntax.Word)
			b, also := x.Y.(*syntax.Word)
			if ok && also && (x.Op == syntax.TsMatch || x.Op == syntax.TsMatchShort) && given(a) && literal(b) {
				return 1
			}
		}
	}
	return 0
}

// literal reports whether a word is a text that is not empty, and no variable's.
func literal(w *syntax.Word) bool {
	if len(w.Parts) != 1 {
		return false
	}
	switch p := w.Parts[0].(type) {
	case *syntax.Lit:
		return p.Value != ""
	case *syntax.SglQuoted:
		return p.Value != ""
	case *syntax.DblQuoted:
		return len(p.Parts) == 1 && literal(&syntax.Word{Parts: p.Parts})
	}
	return false
}
