// Package shell reads shell text: a script, the recipe of a make rule, a RUN,
// a step of CI, the line of a Procfile, a script of package.json. It is the one
// reader of such text.
//
// Read lists the simple commands in the order in which they would run, with the
// folder, the variables and the words of each. Nothing is run. The grammar is
// Bash's, of which sh is a part:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html and
// https://www.gnu.org/software/bash/manual/bash.html.
//
//	read as                 text
//	commands                a && b, a || b, a; b, a | b, a &, (a), { a; }, ! a, time a
//	commands, Conditional   if, case, while and until, behind || and behind a test, functions that are not called
//	commands, Loop          for, while, until; a for over known words is read once for each of them
//	commands, Captured      $(a), `a`
//	commands in its place   a function that is called, sh -c 'a', eval 'a', sh <<E
//	state                   cd, pushd, X=y, export, declare, local, unset, set --, shift
//	not commands            comments, here-documents, what echo and the like are given
//	values                  quotes, $X, ${X:-y}, ${X%suffix}, "$@", arrays, $(dirname …), $(basename …), $(pwd)
//
// Everything else is not known before the command runs, and Unknown stands in
// its place. A variable that branches give different values is not known after
// them.
//
// The files, each using only those above it: word.go, scope.go, command.go,
// expand.go, run.go.
package shell

import (
	"errors"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

// Start is what is known when the text begins to run. The zero value knows
// nothing and starts in ".".
type Start struct {
	Vars map[string]string // values of variables; one may hold Unknown
	Dir  string            // the working directory; relative or rooted
	Name string            // $0
	Top  string            // what git rev-parse --show-toplevel prints
	// User is the number of the user that runs the text, "" for any. What asks for it is decided: a branch
	// that this user never takes is not read, one that it always takes is read as what stands before it, and nothing
	// behind an exec or an exit that it always comes to. Functions that are not called are not read.
	User string
}

// Script is what a text runs.
type Script struct {
	Commands []Command
	// Complete reports that the commands are all that the text does: a chain of
	// &&, ; or newlines, without pipes, redirections, conditions and the like.
	Complete bool
	// Statements is the number of statements of the text itself. If it is 1 and the
	// text is complete, && joins all commands.
	Statements int
}

// ErrLarge is the error of a text that no person wrote.
var ErrLarge = errors.New("the shell text is too large or too deeply nested")

// Bounds of one text.
const (
	maxText     = 64 << 10 // bytes
	maxBrackets = 2000
	maxDepth    = 40     // statements within statements
	maxNested   = 3      // sh -c within sh -c
	maxSteps    = 20_000 // statements, counted again for each call of a function and each turn of a loop
	maxCommands = 2000
	maxExpanded = 1 << 20 // bytes of all words
	maxWord     = 16 << 10
	maxWords    = 5000
	maxExports  = 64
)

// Read reads a text. The error is the grammar's, or ErrLarge.
func Read(text string, start Start) (Script, error) {
	var out Script
	file, err := parse(text)
	if err != nil {
		return out, err
	}
	if start.Dir == "" {
		start.Dir = "."
	}
	out.Complete, out.Statements = true, len(file.Stmts)
	steps, left := maxSteps, maxExpanded
	r := &runner{
		out: &out, start: start, dir: start.Dir, vars: newScope(nil), args: []Word{every},
		functions: map[string]*function{}, steps: &steps, left: &left,
	}
	for name, v := range start.Vars {
		r.vars.set(name, v)
	}
	r.statements(file.Stmts, 0)
	r.uncalled()
	return out, nil
}

func parse(text string) (*syntax.File, error) {
	if len(text) > maxText || strings.Count(text, "(")+strings.Count(text, "{")+strings.Count(text, "`") > maxBrackets {
		return nil, ErrLarge
	}
	p, ok := parsers.Get().(*syntax.Parser)
	if !ok {
		p = syntax.NewParser(syntax.Variant(syntax.LangBash))
	}
	defer parsers.Put(p)
	return p.Parse(strings.NewReader(text), "")
}

// parsers have buffers larger than most texts, and begin with each text anew.
var parsers sync.Pool //nolint:gochecknoglobals // it has nothing of the texts
