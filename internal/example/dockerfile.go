package example

import (
	"bytes"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Dockerfile is a Dockerfile taken apart into stages.
type Dockerfile struct {
	Warnings []parser.Warning
	Args     []instructions.ArgCommand // before the first FROM
	Stages   []instructions.Stage      // the mounts of their RUNs are read

	top   string   // parser directives and what stands before the first FROM
	texts []string // of each stage, without the comments between instructions
}

// ParseDockerfile takes text apart with BuildKit's parser, and shows it to lint
// on the way; a nil lint sees nothing.
func ParseDockerfile(text []byte, lint *linter.Linter) (*Dockerfile, error) {
	result, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if lint == nil {
		lint = linter.New(&linter.Config{})
	}
	d := &Dockerfile{Warnings: result.Warnings}
	if d.Stages, d.Args, err = instructions.Parse(result.AST, lint); err != nil {
		return nil, err
	}
	same := func(word string) (string, error) { return word, nil }
	for _, s := range d.Stages {
		for _, c := range s.Commands {
			if run, ok := c.(*instructions.RunCommand); ok {
				// The mounts of a RUN are only read when its words are expanded.
				if err := run.Expand(same); err != nil {
					return nil, err
				}
			}
		}
	}
	directives, err := new(parser.DirectiveParser).ParseAll(text)
	if err != nil {
		return nil, err
	}
	for _, x := range directives {
		d.top += x.Name + "=" + x.Value + "\n"
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, n := range result.AST.Children {
		at := &d.top
		if strings.EqualFold(n.Value, "from") {
			d.texts = append(d.texts, "")
		}
		if len(d.texts) > 0 {
			at = &d.texts[len(d.texts)-1]
		}
		*at += strings.Join(lines[n.StartLine-1:min(n.EndLine, len(lines))], "")
	}
	return d, nil
}

// Needs lists the stages that the build of the one of that name takes, which
// is one of them, in the order of the file.
func (d *Dockerfile) Needs(name string) []string {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		at := d.index(name)
		if at < 0 || seen[name] {
			return
		}
		seen[name] = true
		visit(d.Stages[at].BaseName)
		for _, c := range d.Stages[at].Commands {
			switch c := c.(type) {
			case *instructions.CopyCommand:
				visit(c.From)
			case *instructions.RunCommand:
				for _, m := range instructions.GetMounts(c) {
					visit(m.From)
				}
			}
		}
	}
	visit(name)
	var out []string
	for _, s := range d.Stages {
		if seen[s.Name] {
			out = append(out, s.Name)
		}
	}
	return out
}

// Recipe is the text that the build of the stages of these names depends on:
// the parser directives, the arguments before the first FROM, and the
// instructions of the stages, without comments and blank lines between them.
func (d *Dockerfile) Recipe(names ...string) string {
	var out strings.Builder
	out.WriteString(d.top)
	for i, s := range d.Stages {
		if slices.Contains(names, s.Name) {
			out.WriteString(d.texts[i])
		}
	}
	return out.String()
}

func (d *Dockerfile) index(name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(d.Stages, func(s instructions.Stage) bool { return s.Name == name })
}
