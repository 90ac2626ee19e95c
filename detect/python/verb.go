package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// verb is the command that a function is, or that one around it is: @cli.command() of a click.Group, which has several, and of a
// typer.Typer that has.
// https://click.palletsprojects.com/en/stable/commands-and-groups/, https://typer.tiangolo.com/tutorial/commands/
func (r *reader) verb(scope *syntax.Scope) string {
	for ; scope != nil; scope = scope.Parent {
		for _, d := range scope.Decorators {
			c, ok := syntax.CallAt(d.Tokens, 1)
			group, found := strings.CutSuffix(c.Name, ".command")
			if !ok || !found || !r.groups(d, group) {
				continue
			}
			pos, kw := c.Args()
			for _, a := range append(slices.Clip(pos), kw["name"]) {
				if name, ok := syntax.Literal(a); ok {
					return name
				}
			}
			name, _ := nameOf(scope.Def)
			return strings.ReplaceAll(name, "_", "-")
		}
	}
	return ""
}

// groups reports whether a name is a group of commands: a function under @click.group(), a Typer with more than one command or a callback, or what
// a function that adds a command is given.
func (r *reader) groups(at *syntax.Stmt, name string) bool {
	for _, b := range at.Lookup(name).List {
		switch {
		case b.Kind == syntax.Parameter:
			return true // whoever calls the function has a group for it: def publish_subcommand(publish)
		case b.Scope != nil:
			if slices.ContainsFunc(b.Scope.Decorators, func(d *syntax.Stmt) bool {
				n, _ := syntax.Dotted(d.Tokens, 1)
				return n == "group" || strings.HasSuffix(n, ".group")
			}) {
				return true
			}
		case b.Kind == syntax.Assigned:
			if n, _ := syntax.Dotted(b.Value, 0); r.full(b.Stmt, n) == "typer.Typer" {
				others := func(d string) bool { return d != name+".command" && d != name+".callback" }
				return len(slices.DeleteFunc(r.decorations(), others)) > 1
			}
		}
	}
	return false
}

// Bounds of the search for what commands alone reach: the modules of a repository, the mentions of a name, and the functions on the way.
const (
	maxMentioning = 2000
	maxMentions   = 50
	maxReached    = 30
)

// mention is a statement that names a function of a module.
type mention struct {
	m  *Module
	at *syntax.Stmt
	of string // the name in front, of which it is an attribute
}

// commanded notes the writes of a module that only commands of a command line with several reach, with those: someone types them, and what starts
// another command, or imports the module, does not write there.
func (w *world) commanded(m *Module) {
	for _, f := range m.Files {
		if f.Use == effect.Write {
			m.command(w, f.Pos)
		}
	}
	for _, at := range m.Unplaced {
		m.command(w, at)
	}
}

// command notes the commands that reach a place of the file.
func (m *Module) command(w *world, at fact.Pos) {
	if _, known := m.commands[at]; known || !w.commanding() {
		return
	}
	var inner *syntax.Stmt
	m.each(func(s *syntax.Stmt) {
		if s.Line() <= at.Line {
			inner = s
		}
	})
	if inner == nil {
		return
	}
	if verbs, ok := w.reaching(m, inner.Scope(), map[*syntax.Scope]bool{}); ok && len(verbs) > 0 {
		if m.commands == nil {
			m.commands = map[fact.Pos][]string{}
		}
		m.commands[at] = verbs
	}
}

// reaching are the commands that a scope is of, or those of all that name the function around it; ok is false where something else may run it.
func (w *world) reaching(m *Module, scope *syntax.Scope, seen map[*syntax.Scope]bool) (verbs []string, ok bool) {
	if v := (&reader{Module: m, w: w}).verb(scope); v != "" {
		return []string{v}, true
	}
	scope = outermost(scope)
	if seen[scope] {
		return nil, true // functions that call each other
	}
	if scope == nil || scope.Kind != syntax.FunctionScope || scope.Parent == nil || scope.Parent.Kind != syntax.ModuleScope || len(seen) > maxReached {
		return nil, false
	}
	seen[scope] = true
	if slices.ContainsFunc(scope.Decorators, func(d *syntax.Stmt) bool {
		n, _ := syntax.Dotted(d.Tokens, 1)
		return n != "contextmanager" && n != "contextlib.contextmanager"
	}) {
		return nil, false
	}
	name, _ := nameOf(scope.Def)
	list := w.mentions[name]
	if len(list) > maxMentions {
		return nil, false
	}
	for _, x := range list {
		switch full := x.m.names[x.of]; {
		case x.of != "" && full != "" && !strings.HasPrefix(full, ".") && w.byName[full] == nil:
			continue // a library's: shutil.copytree
		case x.of != "", x.m != m && !strings.HasSuffix(x.m.names[name], "."+name):
			return nil, false // it is not known which function that is
		}
		more, ok := w.reaching(x.m, x.at.Scope(), seen)
		if !ok {
			return nil, false
		}
		for _, v := range more {
			if !slices.Contains(verbs, v) {
				verbs = append(verbs, v)
			}
		}
	}
	return verbs, len(list) > 0
}

// outermost is the function around all other functions around a scope, or the scope.
func outermost(scope *syntax.Scope) *syntax.Scope {
	for scope != nil && scope.Parent != nil && scope.Parent.Kind == syntax.FunctionScope {
		scope = scope.Parent
	}
	return scope
}

// commanding reports whether the repository has a command line with several commands; the first time, it notes what names functions.
func (w *world) commanding() bool {
	if w.asked {
		return w.mentions != nil
	}
	w.asked = true
	if len(w.modules) > maxMentioning || !slices.ContainsFunc(w.modules, func(m *Module) bool {
		return slices.ContainsFunc(m.decorations(), func(d string) bool { return strings.HasSuffix(d, ".command") })
	}) {
		return false
	}
	w.mentions = map[string][]mention{}
	functions := map[string]bool{}
	for _, m := range w.modules {
		for name, list := range m.file.Module.Names {
			functions[name] = functions[name] || slices.ContainsFunc(list, func(b *syntax.Binding) bool {
				return b.Kind == syntax.Defined && b.Scope != nil && b.Scope.Kind == syntax.FunctionScope
			})
		}
	}
	for _, m := range w.modules {
		for local, full := range m.names {
			if last := full[strings.LastIndexByte(full, '.')+1:]; local != last && functions[last] {
				w.mentions[last] = append(w.mentions[last], mention{m: m, of: "."}) // by a name that is not looked for
			}
		}
		m.each(func(s *syntax.Stmt) {
			if k := s.Keyword(); k == "import" || k == "from" {
				return
			}
			defined, _ := nameOf(s)
			for i, t := range s.Tokens {
				if t.Kind != syntax.Name || !functions[t.Text] || t.Text == defined || len(w.mentions[t.Text]) > maxMentions {
					continue
				}
				x := mention{m: m, at: s}
				if i > 0 && s.Tokens[i-1].Is(".") {
					x.of = "."
					if i > 1 && s.Tokens[i-2].Kind == syntax.Name && (i < 3 || !s.Tokens[i-3].Is(".")) {
						x.of = s.Tokens[i-2].Text
					}
				}
				w.mentions[t.Text] = append(w.mentions[t.Text], x)
			}
		})
	}
	return true
}

// decorations are the names of the decorators of the file.
func (m *Module) decorations() []string {
	var out []string
	m.each(func(s *syntax.Stmt) {
		if len(s.Tokens) > 1 && s.Tokens[0].Is("@") {
			n, _ := syntax.Dotted(s.Tokens, 1)
			out = append(out, n)
		}
	})
	return out
}
