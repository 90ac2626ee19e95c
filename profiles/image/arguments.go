package image

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// BuildArguments are the build arguments of the own Dockerfile from which the stages that build, as the language
// tells by a command, take variables: the argument with its default, and the variable. An argument that the build reads by its own
// name, as reads says, has that name. None is a secret, and none is what an image is run with.
func BuildArguments(in record.Input, commands []buildfile.Command, builds func(words []string) bool, reads func(name string) bool) []plan.Given {
	own := contractOf(in).Own
	if own == nil {
		return nil
	}
	var out []plan.Given
	add := func(name, arg string, args []fact.Fact[buildfile.Var]) {
		if !argument.MatchString(arg) || !plan.IsEnvName(name) || secret.Certain(name) || secret.Certain(arg) || secret.Linted(name) || runVariable.MatchString(name) || len(out) >= maxKept ||
			slices.ContainsFunc(out, func(g plan.Given) bool { return g.Name.String() == name }) {
			return
		}
		g := plan.Given{}
		var err error
		if g.Name, err = plan.NewToken(name); err != nil {
			return
		}
		if g.From, err = plan.NewToken(arg); err != nil {
			return
		}
		if slices.ContainsFunc(out, func(o plan.Given) bool { return o.From == g.From }) {
			out = append(out, g) // it is declared above
			return
		}
		i := slices.IndexFunc(args, func(a fact.Fact[buildfile.Var]) bool { return a.Value.Name == arg })
		if i < 0 || strings.ContainsAny(args[i].Value.Value, "$"+buildfile.Unknown) {
			return
		}
		if g.Arg, err = plan.NewEnv(arg, args[i].Value.Value); err == nil {
			out = append(out, g)
		}
	}
	var args []fact.Fact[buildfile.Var] // of the stages so far: a variable outlives the stage of its argument
	for i, s := range own.Image.Stages {
		args = append(slices.Clone(s.Args), args...)
		if !buildsIn(own, i, commands, builds) {
			continue
		}
		for _, t := range s.Given {
			add(t.Name, t.Arg, args)
		}
		for _, a := range s.Args {
			if reads(a.Value.Name) {
				add(a.Value.Name, a.Value.Name, args)
			}
		}
	}
	return out
}

// buildsIn reports whether a stage of the own Dockerfile builds.
func buildsIn(own *buildfile.File, i int, commands []buildfile.Command, builds func(words []string) bool) bool {
	stages := own.Image.Stages
	return slices.ContainsFunc(commands, func(c buildfile.Command) bool {
		return c.Pos.File == own.Name && c.Pos.Line > stages[i].Pos.Line && (i+1 == len(stages) || c.Pos.Line < stages[i+1].Pos.Line) && builds(c.Words)
	})
}

// BuildVariables are the variables with a fixed value that the own Dockerfile sets where it builds, and that the build reads, as reads
// says; recorded as "build.variables". None is a secret, one of a tool, or names a place of the own image.
func BuildVariables(in record.Input, builds func(words []string) bool, reads func(name string) bool) []plan.Env {
	own := contractOf(in).Own
	if own == nil {
		return nil
	}
	var items []string
	var pos fact.Pos
	for i, s := range own.Image.Stages {
		if !buildsIn(own, i, own.Commands, builds) {
			continue
		}
		for _, v := range s.Env {
			item := v.Value.Name + "=" + v.Value.Value
			if v.Value.Secret || v.Value.Value == "" || strings.ContainsAny(v.Value.Value, "$"+buildfile.Unknown) || buildVariables.MatchString(v.Value.Name) || runVariable.MatchString(v.Value.Name) ||
				rootedValue.MatchString(v.Value.Value) || !reads(v.Value.Name) || slices.Contains(items, item) || len(items) == maxVariables {
				continue
			}
			if items = append(items, item); pos.IsZero() {
				pos = v.Pos
			}
		}
	}
	var out []plan.Env
	for _, item := range recorded(in, "build.variables", Sets, items, rule(in, pos, "sets them where it builds"), pos) {
		name, value, ok := strings.Cut(item, "=")
		if !ok || secret.Linted(name) || secret.Certain(name) || secret.Value(value) {
			continue
		}
		if e, err := plan.NewEnv(name, value); err == nil {
			out = SetEnv(out, e)
		}
	}
	return out
}

// runVariable matches the variables that say how an image is run, or that a build sets by itself.
var runVariable = lazy.MustCompile(`^(PATH|HOME|USER|NODE_ENV|PORT|HOST|HOSTNAME|UID|GID|PUID|PGID|TZ|CI|SHELL|TARGET[A-Z]*|BUILD(PLATFORM|OS|ARCH|VARIANT)|(HTTPS?|FTP|NO|ALL)_PROXY|https?_proxy|no_proxy)$`)
