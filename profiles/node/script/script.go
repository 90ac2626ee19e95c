// Package script reads the scripts of package.json as the commands that they
// are: it splits them as a shell would, follows the scripts that they run as a
// package manager would, and takes off the runners (nodemon, pm2, cross-env and
// the like) that a container has no use for. It decides nothing.
package script

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Command is one command of a script: variables set for it, and its words.
type Command struct {
	Env  []plan.Env
	Argv []string
}

// Parse splits a script of package.json into the simple commands that && joins.
// ok is false if the script is more than that, or if a word depends on the
// environment: then only a shell can run it. What only makes its log pretty for people is no part of it: a container's log is for programs.
func Parse(script string) (list []Command, ok bool) {
	if script == "" { // which is often asked for
		return nil, false
	}
	s, err := shell.Read(unformatted(script), shell.Start{})
	if err != nil || !s.Complete || s.Statements != 1 {
		return nil, false
	}
	for _, c := range s.Commands {
		for _, w := range c.Words {
			if !literal(w) {
				return nil, false
			}
		}
		for _, e := range c.Env {
			if !e.Value.Plain() {
				return nil, false
			}
		}
		out := Command{Argv: shell.Texts(c.Words)}
		for _, e := range c.Env {
			v, err := plan.NewEnv(e.Name, e.Value.Text)
			if err != nil {
				return nil, false // no Dockerfile can set it
			}
			out.Env = append(out.Env, v)
		}
		list = append(list, out)
	}
	return list, len(list) > 0
}

// formatters are programs that print, for people, the lines of JSON that a program logs: https://github.com/pinojs/pino-pretty,
// https://github.com/lrlna/pino-colada, https://github.com/holmok/pino-tiny, https://github.com/kiliczsh/pino-zen, https://github.com/pinojs/pino-http-print,
// https://github.com/pinojs/pino/tree/v4.17.6#cli, https://github.com/trentm/node-bunyan#cli-usage, https://github.com/gajus/roarr-cli,
// https://github.com/mattdesl/garnish, https://jqlang.org/manual/.
var formatters = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"pino-pretty": true, "pino-colada": true, "pino-tiny": true, "pino-zen": true, "pino-http-print": true, "pino": true,
	"bunyan": true, "roarr": true, "garnish": true, "jq": true,
}

// unformatted is a script whose last command is not piped into a formatter.
func unformatted(script string) string {
	if !strings.Contains(script, "|") {
		return script
	}
	file, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil || len(file.Stmts) != 1 || file.Stmts[0].Background || file.Stmts[0].Negated {
		return script
	}
	at := file.Stmts[0]
	for len(at.Redirs) == 0 {
		both, ok := at.Cmd.(*syntax.BinaryCmd)
		if !ok {
			break
		}
		if at = both.Y; both.Op != syntax.Pipe && both.Op != syntax.PipeAll {
			continue
		}
		to := Commands(script[both.Y.Pos().Offset():both.Y.End().Offset()])
		if len(to) != 1 || len(both.Y.Redirs) > 0 || !formatters[to[0][0]] {
			break
		}
		script = strings.TrimSuffix(script[:both.X.End().Offset()], "2>&1") // which was for the formatter
		at = both.X
	}
	return script
}

// literal reports whether the shell leaves a word as it is written: also a pattern of the
// names of scripts (build:*), which no file has.
func literal(w shell.Word) bool { return w.Plain() || w.Known() && scriptPattern.MatchString(w.Text) }

var scriptPattern = lazy.MustCompile(`^[A-Za-z0-9_-]+(:[A-Za-z0-9_*-]+)+$`)

// Quote writes commands as a shell would read them, the last one in place of
// the shell, so that it gets the signals.
func Quote(list []Command, exec bool) string {
	var parts []string
	for i, c := range list {
		var words []string
		for _, e := range c.Env {
			words = append(words, e.Name.String()+"="+plan.ShellQuote(e.Value.Raw()))
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
// shell would expand is "", or the name of the variable that it sets with an equals sign. A script that does not parse has no commands.
func Commands(script string) [][]string {
	s, err := shell.Read(script, shell.Start{})
	if err != nil {
		return nil
	}
	var out [][]string
	for _, c := range s.Commands {
		words := shell.Texts(c.Words)
		for i, w := range c.Words {
			if literal(w) {
				continue
			}
			if name, _, set := strings.Cut(words[i], "="); set && plan.IsEnvName(name) {
				words[i] = name + "=" // cross-env A=$B vite build
			} else {
				words[i] = ""
			}
		}
		if words = Binary(Unwrap(Command{Argv: words}).Argv); len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}

// RoughPrograms are the words of a script that may be programs.
func RoughPrograms(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()$`\"'{}<>", r) })
}
