package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
)

// Process is a command that the repository itself starts the app with.
type Process struct {
	Name string // as buildfile.Process has it
	Text string
	// Commands are the simple commands of an && or ; chain in order, in which
	// nothing but $PORT, $WEB_CONCURRENCY and what has a default depends on the environment; nil where the line
	// is more than that.
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
			if strings.Contains(e.Value.Text, shell.Unknown) {
				return p
			}
		}
		for _, w := range c.Words {
			if !settled(w) {
				return p
			}
		}
		s.Commands[i] = unwrapped(c)
	}
	p.Commands = s.Commands
	return p
}

// Chain are the simple commands that && joins in a text, whatever variables they hold; nil where it is more than that.
func Chain(text string) []shell.Command {
	s, err := shell.Read(text, shell.Start{})
	if err != nil || !s.Complete || s.Statements != 1 {
		return nil
	}
	for i, c := range s.Commands {
		s.Commands[i] = unwrapped(c)
	}
	return s.Commands
}

// settled reports whether a word depends on nothing but variables of platforms, and on such as have a default.
func settled(w shell.Word) bool {
	for _, p := range w.Parts {
		platform := p.Var == "PORT" || p.Var == "WEB_CONCURRENCY" || strings.HasSuffix(p.Var, "_URL")
		if p.Expands || strings.Contains(p.Text, shell.Unknown) && !platform {
			return false
		}
	}
	return true
}

// managers run a program in their environment, which is the image's own: poetry run gunicorn.
var runners = []string{"poetry", "pipenv", "pdm", "uv", "hatch", "rye"} //nolint:gochecknoglobals // a constant table

// unwrapped is the command that exec, env or a package manager starts.
func unwrapped(c shell.Command) shell.Command {
	if c.Words[0].Text == "exec" && len(c.Words) > 1 {
		c.Words = c.Words[1:]
	}
	for range 4 {
		words := c.Words
		switch name := path.Base(words[0].Text); {
		case name == "env" && len(words) > 1:
			n := 1
			for n < len(words) && strings.Contains(words[n].Text, "=") && !strings.HasPrefix(words[n].Text, "-") {
				key, _, _ := strings.Cut(words[n].Text, "=")
				if !words[n].Plain() {
					return c
				}
				c.Env = append(slices.Clone(c.Env), shell.Assign{Name: key, Value: shell.Literal(strings.TrimPrefix(words[n].Text, key+"="))})
				n++
			}
			if n == len(words) || strings.HasPrefix(words[n].Text, "-") {
				return c
			}
			c.Words = words[n:]
		case slices.Contains(runners, name) && len(words) > 2 && words[1].Text == "run" && !strings.HasPrefix(words[2].Text, "-"):
			c.Words = words[2:]
		default:
			return c
		}
	}
	return c
}

// followed is a process with the commands of the script or of the rule of a Makefile that it starts in the place of its last one.
func (f *Facts) followed(t *tree.Tree, p Process) Process {
	if len(p.Commands) == 0 {
		return p
	}
	end := len(p.Commands) - 1
	words := shell.Texts(p.Commands[end].Words)
	var inner []shell.Command
	switch file, ok := scriptOf(words); {
	case ok:
		text, err := t.ReadHead(f.join(file), 64<<10)
		if err != nil {
			return p
		}
		inner = CommandLine(p.Name, string(text), p.Pos).Commands
	case words[0] == "make" && len(words) == 2:
		inner = ruleOf(buildfile.Of(t, f.Dir).File("Makefile"), words[1])
	}
	inner = slices.DeleteFunc(slices.Clone(inner), func(c shell.Command) bool {
		return slices.Contains([]string{"set", "export", "cd", "echo", "source", "."}, c.Words[0].Text)
	})
	if len(inner) == 0 || len(inner) > 20 {
		return p
	}
	for i := range inner {
		inner[i].Env = append(slices.Clone(p.Commands[end].Env), inner[i].Env...)
	}
	p.Commands = append(slices.Clone(p.Commands[:end]), inner...)
	return p
}

// scriptOf is the script of a shell that a command line starts without arguments: sh run.sh, ./run.sh.
func scriptOf(words []string) (file string, ok bool) {
	file = words[0]
	if len(words) == 2 && shell.IsShell(path.Base(file)) {
		file = words[1]
	} else if len(words) > 1 {
		return "", false
	}
	file = path.Clean(file)
	return file, strings.HasSuffix(file, ".sh") && !path.IsAbs(file) && !strings.HasPrefix(file, "..")
}

// ruleOf are the commands of a rule of a Makefile, nil if one of them is not known.
func ruleOf(f *buildfile.File, rule string) []shell.Command {
	var out []shell.Command
	if f == nil {
		return nil
	}
	for _, c := range f.Commands {
		if c.Rule != rule {
			continue
		}
		line := shell.Command{Line: c.Pos.Line}
		for _, w := range c.Words {
			line.Words = append(line.Words, shell.Literal(w))
		}
		for _, v := range c.Env {
			line.Env = append(line.Env, shell.Assign{Name: v.Name, Value: shell.Literal(v.Value)})
		}
		if c.Conditional || c.Loop || len(line.Words) == 0 || strings.Contains(strings.Join(c.Words, " "), buildfile.Unknown) || slices.ContainsFunc(c.Env, func(v buildfile.Var) bool { return v.Secret || strings.Contains(v.Value, buildfile.Unknown) }) {
			return nil
		}
		out = append(out, unwrapped(line))
	}
	return out
}

// scripts are the scripts of a shell that start the app by their name, as processes.
func (f *Facts) readScripts(t *tree.Tree) {
	for _, file := range []string{"start.sh", "run.sh", "serve.sh", "bin/start.sh", "bin/run.sh", "scripts/start.sh", "scripts/run.sh"} {
		if !t.Has(f.join(file)) {
			continue
		}
		at := fact.At(f.join(file), 1)
		if p := f.followed(t, CommandLine("web", "sh "+file, at)); len(p.Commands) > 0 && p.Commands[len(p.Commands)-1].Words[0].Text != "sh" {
			p.Text = file
			if n := p.Commands[len(p.Commands)-1].Line; n > 0 {
				p.Pos.Line = n
			}
			f.Scripts = append(f.Scripts, p)
		}
	}
}
