package python

import (
	"strings"

	"gopkg.in/yaml.v3"
	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect/fact"
)

// Process is a command that the repository itself starts the app with.
type Process struct {
	Name string // "web"; "entrypoint" for app.yaml
	Text string
	// Commands are the simple commands of an && or ; chain in order; nil where the
	// line is more than that.
	Commands []Command
	Pos      fact.Pos
}

// Command is a simple command, as the shell would run it.
type Command struct {
	Env  []string // NAME=value before it
	Args []Arg
}

// Arg is one word of a command.
type Arg struct {
	Text string
	Port bool // it holds $PORT, which stands as {port} in Text
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
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil {
		return p
	}
	// a; b runs as a && b does, as long as nothing fails.
	var all []Command
	for _, s := range file.Stmts {
		c, ok := chain(s)
		if !ok {
			return p
		}
		all = append(all, c...)
	}
	p.Commands = all
	return p
}

// chain flattens a && b && c.
func chain(s *syntax.Stmt) ([]Command, bool) {
	if s.Background || s.Negated || len(s.Redirs) > 0 {
		return nil, false
	}
	switch c := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		if c.Op != syntax.AndStmt {
			return nil, false
		}
		left, ok := chain(c.X)
		if !ok {
			return nil, false
		}
		right, ok := chain(c.Y)
		return append(left, right...), ok
	case *syntax.CallExpr:
		var out Command
		for _, a := range c.Assigns {
			v := Arg{}
			if a.Value != nil {
				var ok bool
				if v, ok = word(a.Value); !ok {
					return nil, false
				}
			}
			if a.Name == nil || v.Port {
				return nil, false
			}
			out.Env = append(out.Env, a.Name.Value+"="+v.Text)
		}
		for _, w := range c.Args {
			a, ok := word(w)
			if !ok {
				return nil, false
			}
			out.Args = append(out.Args, a)
		}
		if len(out.Args) > 0 && out.Args[0].Text == "exec" {
			out.Args = out.Args[1:]
		}
		return []Command{out}, len(out.Args) > 0
	}
	return nil, false
}

// maxWord is the longest word of a command that is evaluated, in bytes: longer
// than any real one, and short enough to be put together piece by piece.
const maxWord = 1 << 16

// word evaluates a word without expansions but $PORT, in whatever form.
func word(w *syntax.Word) (Arg, bool) {
	var a Arg
	ok := true
	var part func(syntax.WordPart)
	part = func(p syntax.WordPart) {
		if len(a.Text) > maxWord {
			ok = false
			return
		}
		switch p := p.(type) {
		case *syntax.Lit:
			if strings.ContainsAny(p.Value, "*?[~") {
				ok = false
			}
			a.Text += strings.ReplaceAll(p.Value, `\`, "")
		case *syntax.SglQuoted:
			a.Text += p.Value
		case *syntax.DblQuoted:
			for _, q := range p.Parts {
				if l, is := q.(*syntax.Lit); is {
					a.Text += l.Value
					continue
				}
				part(q)
			}
		case *syntax.ParamExp:
			if p.Param == nil || p.Param.Value != "PORT" || p.Exp != nil && p.Exp.Op != syntax.DefaultUnset && p.Exp.Op != syntax.DefaultUnsetOrNull {
				ok = false
				return
			}
			a.Port = true
			a.Text += "{port}"
		default:
			ok = false
		}
	}
	for _, p := range w.Parts {
		part(p)
	}
	return a, ok
}
