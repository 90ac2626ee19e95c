package python

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// Process is a command that the repository itself starts the app with.
type Process struct {
	Name string // "web"; "entrypoint" for app.yaml
	Text string
	// Commands are the simple commands of an && or ; chain in order, in which
	// nothing but $PORT depends on the environment; nil where the line is more than
	// that.
	Commands []shell.Command
	Pos      fact.Pos
}

// readAppYAML reads the entrypoint and runtime of
// https://cloud.google.com/appengine/docs/standard/reference/app-yaml.
func (f *Facts) readAppYAML(file string, text []byte) {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return // another tool's app.yaml
	}
	m := doc.Content[0].Content
	for i := 0; i+1 < len(m); i += 2 {
		k, v := m[i], m[i+1]
		switch {
		case v.Kind != yaml.ScalarNode:
		case k.Value == "entrypoint":
			f.Processes = append(f.Processes, process("entrypoint", v.Value, fact.At(file, v.Line)))
		case k.Value == "runtime" && len(v.Value) > len("python3") && strings.HasPrefix(v.Value, "python3"):
			f.Versions = append(f.Versions, Version{Pin: "3." + strings.TrimPrefix(v.Value, "python3"), From: "the runtime of app.yaml", Pos: fact.At(file, v.Line)})
		}
	}
}

func process(name, text string, at fact.Pos) Process {
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
