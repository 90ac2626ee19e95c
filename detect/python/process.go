package python

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// Process is a command that the repository itself starts the app with.
type Process struct {
	Name string // as buildfile.Process has it
	Text string
	// Commands are the simple commands of an && or ; chain in order, in which
	// nothing but $PORT depends on the environment; nil where the line is more than
	// that.
	Commands []shell.Command
	Pos      fact.Pos
}

// CommandLine reads a command line that something starts the app with.
func CommandLine(name, text string, at fact.Pos) Process {
	p := Process{Name: name, Text: text, Pos: at}
	s, err := shell.Read(text, shell.Start{})
	if err != nil || !s.Complete {
		return p
	}
	for i, c := range s.Commands {
		for _, e := range c.Env {
			if !e.Value.Plain() {
				return p
			}
		}
		for _, w := range c.Words {
			if !settled(w) {
				return p
			}
		}
		if c.Words[0].Text == "exec" && len(c.Words) > 1 {
			s.Commands[i].Words = c.Words[1:]
		}
	}
	p.Commands = s.Commands
	return p
}

// settled reports whether a word depends on nothing but $PORT.
func settled(w shell.Word) bool {
	for _, p := range w.Parts {
		if p.Var != "PORT" && (p.Var != "" || p.Expands || strings.Contains(p.Text, shell.Unknown)) {
			return false
		}
	}
	return true
}
