package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// build makes the stage that installs the project itself and collects static
// files; nil if there is nothing to do.
func (p project) build(s Start, d *Deps) (*Build, error) {
	var commands [][]string
	var why []string
	if s.Install {
		if r := p.f.Readme; r.Found() {
			return nil, record.Refuse(r.Pos, "add the file, or take the line out", "names %s, which is not in the repository: the package does not build without it", plan.Printable(r.Value, 60))
		}
		name := p.f.Name
		if name == "" {
			name = "."
		}
		for _, c := range p.man.Project {
			commands = append(commands, fill(p.unlocked(c), "name", name))
		}
		why = append(why, "installs the project itself")
	}
	if collect := p.collectstatic(s); collect != nil {
		commands = append(commands, collect)
		text := "collects the static files below STATIC_ROOT"
		if slices.ContainsFunc(collect, func(a string) bool { return strings.Contains(a, "=") }) {
			text += ", with values that only this command sees"
		}
		why = append(why, text)
	}
	if len(commands) == 0 {
		return nil, nil
	}
	out := &Build{Head: p.head("build", d)}
	var caches []string
	if s.Install {
		caches = p.man.Cache
	}
	var err error
	if out.Steps, err = p.step(caches, commands...); err != nil {
		return nil, err
	}
	out.About = []plan.Comment{plan.NewComment("build " + strings.Join(why, " and ") + ".")}
	return out, nil
}

// unlocked leaves out the options that a project without a lockfile, or
// without dependencies that stand written, cannot take.
func (p project) unlocked(c []string) []string {
	return slices.DeleteFunc(slices.Clone(c), func(a string) bool {
		return a == "--locked" && p.m.Lock == "" || a == "--no-deps" && !p.m.Dynamic.IsZero() && p.m.Lock == ""
	})
}
