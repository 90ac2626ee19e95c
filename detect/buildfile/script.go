package buildfile

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// place is where commands stand.
type place struct {
	pos  fact.Pos
	rule string
	dir  string // the working directory within the folder
	step bool
	// processor says that the line asks which processor it is for.
	processor bool
}

// at is a line of the file.
func (f *File) at(n int) place { return place{pos: fact.At(f.Name, n), dir: "."} }

// root stands for the Reader's folder as a rooted path while a script is read.
const root = "/.repository"

// script reads a script of a shell. It runs where people run it: in the folder
// that the Reader reads.
func (f *File) script(text string) bool {
	s, err := shell.Read(text, shell.Start{Dir: root, Top: root, Name: root + "/" + f.rel})
	if err != nil {
		return f.loose(text)
	}
	f.commands(s.Commands, f.at(0), func(dir string) string { return below(root, dir) })
	return true
}

// loose is what a file says that no reader here takes apart.
func (f *File) loose(string) bool {
	f.Loose = true
	return true
}

// below is a rooted path as one relative to the folder at top, or as it is.
func below(top, p string) string {
	if p == top {
		return "."
	}
	if rest, ok := strings.CutPrefix(p, top+"/"); ok {
		return rest
	}
	return p
}

// shell adds the commands of a shell text at a place. Its first line is that of
// the place. It reports false for what the grammar does not take.
func (f *File) shell(text string, vars map[string]string, at place) bool {
	s, err := shell.Read(text, shell.Start{Vars: vars, Dir: at.dir})
	if err != nil {
		return false
	}
	at.pos.Line--
	f.commands(s.Commands, at, func(dir string) string { return dir })
	return true
}

// commands adds the commands of a shell text. dir maps their working
// directories to the folder.
func (f *File) commands(list []shell.Command, at place, dir func(string) string) {
	for _, c := range list {
		c = c.Unwrap()
		if c.Captured || len(c.Words) == 0 || shell.Silent(c.Words[0].Text) {
			continue
		}
		x := Command{
			Pos: fact.At(at.pos.File, at.pos.Line+c.Line), Rule: at.rule, Dir: path.Clean(dir(c.Dir)), Step: at.step,
			Words: f.near(shell.Texts(c.Words), dir(c.Dir)), Conditional: c.Conditional, Loop: c.Loop, Processor: at.processor,
		}
		for _, e := range c.Env {
			x.Env = append(x.Env, Var{Name: e.Name, Value: e.Value.Text})
		}
		f.command(x)
	}
}

// near writes paths below the folder as a command in dir may write them.
func (f *File) near(words []string, dir string) []string {
	for i, w := range words {
		if !strings.Contains(w, root) {
			continue
		}
		up := "."
		if dir != "." && !path.IsAbs(dir) {
			up = strings.TrimSuffix(strings.Repeat("../", 1+strings.Count(dir, "/")), "/")
		}
		words[i] = strings.ReplaceAll(w, root, up)
	}
	return words
}

// command adds one command, if it is one that can be told.
func (f *File) command(c Command) {
	if len(c.Words) == 0 || strings.Contains(c.Words[0], Unknown) || strings.HasPrefix(c.Words[0], "-") {
		return
	}
	f.add(c)
}

// vector adds a command that no shell reads.
func (f *File) vector(words []string, at place) {
	c := shell.Command{Dir: at.dir}
	for _, w := range words {
		c.Words = append(c.Words, shell.Literal(w))
	}
	f.wrapped(c, at)
}

func (f *File) wrapped(c shell.Command, at place) {
	if len(c.Words) == 0 {
		return
	}
	// A shell's words may hold a text: sh -c "…".
	if text, ok := c.Unwrap().Text(); ok {
		f.shell(text, nil, at)
		return
	}
	c.Line = 0
	f.commands([]shell.Command{c}, at, func(dir string) string { return dir })
}
