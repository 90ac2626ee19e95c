// Package verify holds a Dockerfile against itself and against the build context before it
// is written: what a COPY takes is in the context or is made by the stage that it names, a
// command's folder and file exist where it runs, and a program that prod starts is in its image.
//
// It works on the bytes, which are all that docker build will see. What it cannot follow it
// takes for right: a step that it does not know may have made anything, and a base image may
// hold anything outside of the folders that this file makes.
package verify

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/ignore"
)

// Context is the build context: what the repository has and the ignore file does not hide.
type Context interface {
	// Has reports whether a file or folder is in it, by its slash-separated path. "." is.
	Has(name string) bool
	// Glob reports whether a pattern of path.Match means a file or a folder of it.
	Glob(pattern string) bool
}

// Fault is a line of the Dockerfile that cannot work.
type Fault struct {
	Line int    // of the Dockerfile, from 1
	Text string // "starts dist/main.js, which …"
}

// Packages says which system packages of a family have a program, none if every image of the
// family has it. known is false for a program of which nothing is known.
type Packages func(f Family, program string) (packages []string, known bool)

// Faults lists what cannot work, in the order of the file. The error is the parser's.
func Faults(dockerfile []byte, in Context, packages Packages) ([]Fault, error) {
	stages, err := ignore.Stages(dockerfile)
	if err != nil {
		return nil, err
	}
	c := &checker{context: in, packages: packages, stages: map[string]*stage{}, known: map[file]bool{}}
	for i, s := range stages {
		c.stage(s, i == len(stages)-1)
	}
	return c.faults, nil
}

// checker goes through the stages in order.
type checker struct {
	context  Context
	packages Packages
	stages   map[string]*stage // by name, those that are complete
	known    map[file]bool     // what was found out of complete stages
	faults   []Fault
}

func (c *checker) fault(line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{line, fmt.Sprintf(format, args...)})
}

func line(cmd interface{ Location() []parser.Range }) int {
	if at := cmd.Location(); len(at) > 0 {
		return at[0].Start.Line
	}
	return 0
}

func (c *checker) stage(s instructions.Stage, last bool) {
	st := c.from(s.BaseName)
	for _, cmd := range s.Commands {
		c.command(st, cmd)
	}
	c.stages[s.Name] = st
	c.start(st, last)
}

// from is the stage at its FROM.
func (c *checker) from(base string) *stage {
	if b, ok := c.stages[base]; ok {
		return b.clone()
	}
	return &stage{image: imageOf(base), dir: "/"}
}

func (c *checker) command(st *stage, cmd instructions.Command) {
	switch cmd := cmd.(type) {
	case *instructions.WorkdirCommand:
		st.dir = st.abs(cmd.Path)
		st.made = append(st.made, st.dir)
	case *instructions.EnvCommand:
		for _, kv := range cmd.Env {
			if kv.Key == "PATH" {
				st.path = append(strings.Split(strings.TrimSuffix(kv.Value, ":$PATH"), ":"), st.path...)
			}
		}
	case *instructions.CopyCommand:
		c.copy(st, cmd)
	case *instructions.AddCommand:
		st.open = append(st.open, st.abs(cmd.DestPath))
	case *instructions.RunCommand:
		c.run(st, cmd)
	case *instructions.EntrypointCommand:
		st.entry, st.entryLine, st.cmd = argv(cmd.ShellDependantCmdLine), line(cmd), nil
	case *instructions.CmdCommand:
		st.cmd, st.cmdLine = argv(cmd.ShellDependantCmdLine), line(cmd)
	}
}

// argv is a command line as the kernel gets it.
func argv(c instructions.ShellDependantCmdLine) []string {
	if c.PrependShell {
		return []string{"sh", "-c", strings.Join(c.CmdLine, " ")}
	}
	return c.CmdLine
}

func (c *checker) copy(st *stage, cmd *instructions.CopyCommand) {
	dest := cmd.DestPath
	folder := strings.HasSuffix(dest, "/") || dest == "." || len(cmd.SourcePaths)+len(cmd.SourceContents) > 1
	to := st.abs(dest)
	for _, text := range cmd.SourceContents {
		name := to
		if folder {
			name = path.Join(to, text.Path)
		}
		st.made = append(st.made, name)
	}
	var of *stage
	if cmd.From != "" {
		if of = c.stages[cmd.From]; of == nil { // an image
			st.open = append(st.open, to)
			return
		}
	}
	for _, src := range cmd.SourcePaths {
		if strings.Contains(src, "$") || strings.Contains(to, "$") {
			st.open = append(st.open, "/")
			continue
		}
		l := layer{stage: of, src: path.Clean("/" + src), dest: to, into: folder, parents: cmd.Parents}
		if strings.ContainsAny(src, "*?[") {
			l.glob = true
		} else if !c.holds(of, l.src) {
			where := "the build context"
			if of != nil {
				where = "the stage " + cmd.From
			}
			c.fault(line(cmd), "copies %s, which is not in %s", src, where)
		}
		st.layers = append(st.layers, l)
	}
}

// holds reports whether a rooted path may be in a stage, nil for the context.
func (c *checker) holds(of *stage, name string) bool {
	if of == nil {
		return c.context.Has(path.Clean("./" + name))
	}
	return c.complete(of, name)
}

func (c *checker) run(st *stage, cmd *instructions.RunCommand) {
	text := strings.Join(cmd.CmdLine, " ")
	if len(cmd.Files) > 0 {
		text = cmd.Files[0].Data
	}
	script, err := shell.Read(text, shell.Start{Dir: st.dir})
	if err != nil {
		st.open = append(st.open, "/") // what cannot be read may have made anything
		return
	}
	for _, s := range script.Commands {
		c.step(st, line(cmd), s)
	}
	if !script.Complete {
		st.open = append(st.open, "/") // redirections and pipes write, too
	}
}

// step follows one simple command of a RUN.
func (c *checker) step(st *stage, at int, s shell.Command) {
	s = s.Unwrap()
	if len(s.Words) == 0 {
		return
	}
	words := shell.Texts(s.Words)
	name := path.Base(words[0])
	dir := s.Dir
	if strings.Contains(dir, shell.Unknown) {
		dir = "/"
	}
	if !s.Conditional && !strings.Contains(s.Dir, shell.Unknown) && !c.may(st, dir) {
		c.fault(at, "works in %s, which is not there", dir)
	}
	switch name {
	case "cd", "mkdir", "touch":
		for _, w := range operands(words[1:]) {
			if strings.Contains(w, shell.Unknown) {
				st.open = append(st.open, "/")
				continue
			}
			file := join(dir, w)
			switch parent := path.Dir(file); {
			case name == "cd" || s.Conditional || c.may(st, parent):
			case name == "touch", !slices.ContainsFunc(words, func(w string) bool { return w == "-p" || w == "--parents" }):
				c.fault(at, "makes %s, and %s is not there", w, parent)
			}
			if name != "cd" {
				st.made = append(st.made, file)
			}
		}
	default:
		st.open = append(st.open, writes(name, words, dir)...)
		st.installed = append(st.installed, installed(name, words)...)
	}
}

// operands are the words of a command that are no flags. A mode of mkdir is none.
func operands(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-m" || w == "--mode":
			i++
		case strings.HasPrefix(w, "-") && len(w) > 1:
		default:
			out = append(out, w)
		}
	}
	return out
}

// writes are the folders that a command may have written to.
func writes(name string, words []string, dir string) []string {
	switch name {
	case "apt-get", "apk", "apt", "rm", "chown", "chmod", "useradd", "adduser", "groupadd", "addgroup", "true", "test", "[", "set", "export", "echo":
		return nil // below /usr, /etc and the like, which are open always
	case "python", "python3":
		if len(words) > 2 && words[1] == "-m" && words[2] == "compileall" {
			return nil
		}
	case "go":
		if len(words) > 2 && words[1] == "mod" && words[2] == "download" {
			return nil
		}
	case "npm", "pnpm", "yarn", "bun":
		// Scripts of the dependencies run, but not those of the app.
		if slices.Contains(words, "--ignore-scripts") && slices.ContainsFunc(words, func(w string) bool { return w == "ci" || w == "install" || w == "i" }) {
			return []string{path.Join(dir, "node_modules")}
		}
	}
	return []string{"/"}
}

// installed are the packages that a command of Debian's or Alpine's manager installs, but for
// those whose programs are known.
func installed(name string, words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return w == "install" || w == "add" })
	if i < 0 || name != "apt-get" && name != "apt" && name != "apk" {
		return nil
	}
	return slices.DeleteFunc(operands(words[i+1:]), func(p string) bool { return p == "tini" || p == "ca-certificates" || p == "tzdata" })
}

func join(dir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}
