package buildfile

import (
	"path"
	"strings"
)

// maxCalls is how deep rules of Makefiles call each other at the most.
const maxCalls = 4

// Recipe is how a file of the repository builds it: the commands that it runs, in order.
type Recipe struct {
	Own      bool // it is the own Dockerfile: what it does not run, no image has
	Commands []Command
}

// buildTargets are the rules of a Makefile that build, by custom, those first that do most.
var buildTargets = []string{"release", "dist", "all", "build"} //nolint:gochecknoglobals // a constant table

// recipesOf is a key of tree.Once.
type recipesOf string

// Recipes are those of the folder's files, those first that count more: the own Dockerfile, the Makefile's
// rules that build, CI. They are read once.
func (r *Reader) Recipes() []Recipe {
	if r == nil || r.t == nil {
		return nil
	}
	list, _ := r.t.Once(recipesOf(r.dir), func() any {
		var out []Recipe
		add := func(own bool, list []Command) {
			if len(list) > 0 {
				out = append(out, Recipe{own, list})
			}
		}
		add(true, r.Recipe(r.Image()))
		for _, name := range buildTargets {
			list, _ := r.Rules(name)
			add(false, list)
		}
		for _, f := range r.Builds(".") {
			if f.Kind == CI {
				add(false, r.Recipe(f))
			}
		}
		return out
	}).([]Recipe)
	return list
}

// Recipe are the commands of a file in order, with the commands of a Makefile's rule, and
// of the rules that it needs, in the place of a call of make. A call that is not
// understood stays as it is. Of a Dockerfile, these are the commands that build the image.
func (r *Reader) Recipe(f *File) []Command {
	if r == nil || f == nil {
		return nil
	}
	var list []Command
	for _, c := range f.Commands {
		if c.Step || f.Kind != Dockerfile {
			list = append(list, c)
		}
	}
	return r.unmade(list, 0)
}

// Rules are the commands of a rule of the Makefile in the folder, in order; ok is false if there is none
// of that name.
func (r *Reader) Rules(name string) (list []Command, ok bool) {
	if list, ok = r.makefileIn(".").target(name); !ok {
		return nil, false
	}
	return r.unmade(list, 1), true
}

// makefileIn is the Makefile that make takes in a folder: https://www.gnu.org/software/make/manual/make.html#Makefile-Names.
func (r *Reader) makefileIn(dir string) *File {
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		if f := r.File(path.Join(dir, name)); f != nil {
			return f
		}
	}
	return nil
}

func (r *Reader) unmade(list []Command, depth int) []Command {
	var out []Command
	for _, c := range list {
		made, ok := r.made(c, depth)
		if !ok {
			made = []Command{c}
		}
		if out = append(out, made...); len(out) > maxCommands {
			return out[:maxCommands]
		}
	}
	return out
}

// made are the commands of a call of make.
func (r *Reader) made(c Command, depth int) ([]Command, bool) {
	if c.Program() != "make" || depth >= maxCalls || strings.Contains(c.Dir, Unknown) || path.IsAbs(c.Dir) {
		return nil, false
	}
	dir, targets, env := c.Dir, []string{}, c.Env
	for i := 1; i < len(c.Words); i++ {
		w := c.Words[i]
		switch name, value, set := strings.Cut(w, "="); {
		case (w == "-C" || w == "--directory") && i+1 < len(c.Words):
			i++
			dir = path.Join(dir, c.Words[i])
		case set && !strings.HasPrefix(w, "-"):
			env = append(env[:len(env):len(env)], Var{Name: name, Value: value})
		case strings.HasPrefix(w, "-j"), w == "-s", w == "--silent", w == "--no-print-directory", w == "-B", w == "--always-make":
		case strings.HasPrefix(w, "-"), strings.Contains(w, Unknown):
			return nil, false
		default:
			targets = append(targets, w)
		}
	}
	if len(targets) == 0 {
		targets = []string{""}
	}
	var out []Command
	for _, t := range targets {
		list, ok := r.makefileIn(dir).target(t)
		if !ok {
			return nil, false
		}
		for i, x := range list {
			x.Dir, x.Step = path.Join(dir, x.Dir), c.Step
			x.Env, x.Job = append(env[:len(env):len(env)], x.Env...), c.Job
			x.Conditional, x.Loop = x.Conditional || c.Conditional, x.Loop || c.Loop
			list[i] = x
		}
		if out = append(out, r.unmade(list, depth+1)...); len(out) > maxCommands {
			return out[:maxCommands], true
		}
	}
	return out, true
}
