package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// proc is the process web of the Procfile, where it starts the module by java.
type proc struct {
	options []string // of java
	args    []string // of the program
	pos     fact.Pos
}

// procfile reads it. An own Dockerfile, or a start command that is asked for, says more of the image.
// https://devcenter.heroku.com/articles/procfile#procfile-format
func (m *module) procfile(in record.Input) proc {
	f := in.Builds.File("Procfile")
	if f == nil || image.OwnImage(in) != nil || len(in.Settings.Start) > 0 || m.made.kind == War || m.made.kind == Runner || wantsNative(in) {
		return proc{}
	}
	for _, c := range f.Commands {
		if c.Rule != "web" || c.Step {
			continue
		}
		words := c.Words[1:]
		if s := m.script; s != nil {
			line := c.Words
			if shell.IsShell(c.Program()) {
				line = words
			}
			if len(line) > 0 && s.named(line[0]) {
				return proc{args: slices.Concat(s.args, line[1:]), pos: c.Pos}
			}
		}
		if c.Program() != "java" {
			continue
		}
		i, jar := 0, false
		for ; i < len(words); i++ {
			switch w := words[i]; {
			case w == "-jar":
				jar = true
				continue
			case takesNext(w):
				i++
				continue
			case strings.HasPrefix(w, "-") || strings.Contains(w, buildfile.Unknown) && !strings.HasSuffix(w, ".jar"):
				continue
			}
			break
		}
		if i >= len(words) || jar && !m.isJar(words[i]) || !jar && words[i] != m.main {
			continue
		}
		return proc{options: words[:i], args: words[i+1:], pos: c.Pos}
	}
	return proc{}
}

// isJar reports whether a jar that a command starts is the module's, by the folder that it is in.
func (m *module) isJar(name string) bool {
	dir := path.Dir(path.Clean(name))
	return strings.HasSuffix(name, ".jar") && (dir == m.in(m.BuildDir()) || dir == m.in(path.Dir(m.made.file)))
}

// decideProcess takes the arguments of the Procfile. What a variable of its platform decides is not known here: it is left out, and said where
// nothing else moves it.
func (m *module) decideProcess(in record.Input) {
	p := m.procfile(in)
	if len(p.args) == 0 {
		return
	}
	m.args, m.argsAt = buildfile.Sure(p.args), p.pos
	if _, err := plan.NewShell(m.args...); err != nil || len(m.args) > maxVariables {
		m.args = nil
		return
	}
	if len(m.args) > 0 {
		in.Log.Choose(plan.Choice{Key: argumentsKey, Value: strings.Join(m.args, " "), Rule: "the command of the Procfile", Pos: record.At(p.pos), Link: "https://devcenter.heroku.com/articles/procfile"})
	}
	rest := p.args[len(m.args):]
	if len(rest) > 1 || len(rest) == 1 && !strings.HasPrefix(rest[0], "--server.port=") {
		in.Log.Note(p.pos, "starts it with arguments in which variables stand, and this image does not pass these", "--set 'start=[…]' names a command that does")
	}
	for _, w := range m.args {
		if path.Ext(w) != "" && in.Tree.Has(path.Join(in.Dir, w)) {
			m.named = append(m.named, effect.File{Pos: p.pos, Use: effect.Read, Path: effect.Value{Text: path.Clean(w), Sure: effect.Literal}})
		}
	}
}

// processOptions are the options of the Procfile. Its sizes of memory are those of the platform's machines.
func processOptions(in record.Input, m *module) []string {
	p := m.procfile(in)
	out := slices.DeleteFunc(optionsOf(p.options), func(w string) bool { return strings.HasPrefix(w, "-Xm") || strings.Contains(w, "RAMPercentage") })
	if len(out) > maxOptions {
		out = out[:maxOptions]
	}
	if len(out) > 0 {
		in.Log.Choose(plan.Choice{Key: optionsKey, Value: strings.Join(out, " "), Rule: "the options with which the Procfile runs java", Pos: record.At(p.pos)})
	}
	return out
}
