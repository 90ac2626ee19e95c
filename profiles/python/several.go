package python

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
)

// settle takes the one of several candidates that the repository itself sets apart,
// and says by what: what its own files run, its name, and what the code imports.
func (p project) settle(list []candidate) (win candidate, rule string, ok bool) {
	if c, by, ok := p.runs(list); ok {
		return c, "the one that " + string(by) + " runs", true
	}
	if c, ok := p.ofProject(list); ok {
		return c, "the one with the project's name", true
	}
	if c, ok := p.wrapped(list); ok {
		return c, "the one that the others start", true
	}
	if c, ok := p.uses(list); ok {
		return c, "the one that imports the others", true
	}
	if c, ok := p.serves(list); ok {
		return c, "the only one that listens", true
	}
	if c, ok := p.tested(list); ok {
		return c, "the one that the tests import", true
	}
	if c, ok := besideClients(list); ok {
		return c, "the server, and the others are its clients, by their names", true
	}
	return candidate{}, "", false
}

// besideClients is the one candidate whose name has the word server, where those of all others have client.
func besideClients(list []candidate) (win candidate, ok bool) {
	for _, c := range list {
		switch {
		case c.module == nil:
			return candidate{}, false
		case called(c, "client"):
		case called(c, "server") && win.module == nil:
			win = c
		default:
			return candidate{}, false
		}
	}
	return win, win.module != nil
}

// took says that one of several was taken, and how to take another.
func took(win candidate, list []candidate, by string) []plan.Note {
	other := others(list, win)[0].name
	return []plan.Note{{Pos: win.pos, Text: plan.Printable(win.name, 60) + " is what the image runs: of " + strconv.Itoa(len(list)) + " that can be run it is " + by, Hint: "--set main=" + plan.Printable(other, 60) + " takes another"}}
}

// serves is the one candidate that listens: the others ask it, or do something once.
func (p project) serves(list []candidate) (candidate, bool) {
	if slices.ContainsFunc(list, func(c candidate) bool { return c.module == nil }) {
		return candidate{}, false
	}
	return only(list, func(c candidate) bool {
		at := p.listensAt(c.module)
		return len(at.addresses) > 0 || !at.unknown.IsZero()
	})
}

// only is the one candidate of which something is true.
func only(list []candidate, is func(candidate) bool) (candidate, bool) {
	i := slices.IndexFunc(list, is)
	if i < 0 || slices.ContainsFunc(list[i+1:], is) {
		return candidate{}, false
	}
	return list[i], true
}

// tested is the one candidate that the tests import.
func (p project) tested(list []candidate) (candidate, bool) {
	return only(list, func(c candidate) bool {
		name := ""
		if c.module != nil {
			name = strings.TrimPrefix(facts.ModuleName(c.module.File), "src.")
		}
		return slices.ContainsFunc(p.f.TestFiles, func(m *facts.Module) bool {
			return slices.ContainsFunc(m.Libraries(), func(i fact.Fact[string]) bool { return strings.TrimPrefix(i.Value, "src.") == name })
		})
	})
}

// uses is the one candidate that imports every other one.
func (p project) uses(list []candidate) (candidate, bool) {
	return only(list, func(c candidate) bool {
		reach := p.f.Reach(c.module)
		return !slices.ContainsFunc(list, func(o candidate) bool { return o.module == nil || !slices.Contains(reach, o.module) })
	})
}

// runs is the one candidate that a file which starts the repository's programs runs,
// the README after all others. A file that runs several of them says nothing.
func (p project) runs(list []candidate) (candidate, buildfile.Kind, bool) {
	for _, f := range p.in.Builds.Starts() {
		if c, ok := only(list, func(c candidate) bool { return c.module != nil && startsIn(f.Text, c) }); ok {
			return c, f.Kind, true
		}
	}
	return candidate{}, "", false
}

// runner matches the words that run a file: python3, uv run, streamlit run.
var runner = lazy.MustCompile(`^(python[\d.]*|py|run|dev)$`)

// startsIn reports whether a line of a text runs the candidate: python FILE, python -m
// MODULE, ./FILE, a server with module:object, or Flask's command with the module.
func startsIn(text string, c candidate) bool {
	for _, l := range buildfile.Lines(text) {
		words := strings.FieldsFunc(l.Text, func(r rune) bool { return r <= ' ' || strings.ContainsRune("`\"',[]()*", r) })
		ran := false
		for i, w := range words {
			name := strings.TrimPrefix(w, "./")
			module := i > 0 && words[i-1] == "-m" && name == facts.ModuleName(c.module.File)
			served, named := strings.CutPrefix(name, "FLASK_APP=")
			if i > 0 && (words[i-1] == "--app" || words[i-1] == "-A") {
				named = true
			}
			switch {
			case named && c.object != nil && slices.Contains([]string{c.name, c.module.File, facts.ModuleName(c.module.File)}, served):
				return true
			case c.object != nil && name == c.name, ran && path.Clean(name) == c.module.File, ran && module, i == 0 && w == "./"+c.module.File:
				return true
			}
			ran = ran || runner.MatchString(path.Base(w))
		}
	}
	return false
}
