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
		if !slices.ContainsFunc(commands, func(c buildfile.Command) bool {
			return c.Pos.File == own.Name && c.Pos.Line > s.Pos.Line && (i+1 == len(own.Image.Stages) || c.Pos.Line < own.Image.Stages[i+1].Pos.Line) && builds(c.Words)
		}) {
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

// runVariable matches the variables that say how an image is run, or that a build sets by itself.
var runVariable = lazy.MustCompile(`^(PATH|HOME|USER|NODE_ENV|PORT|HOST|HOSTNAME|UID|GID|PUID|PGID|TZ|CI|SHELL|TARGET[A-Z]*|BUILD(PLATFORM|OS|ARCH|VARIANT)|(HTTPS?|FTP|NO|ALL)_PROXY|https?_proxy|no_proxy)$`)
