package node

import (
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Base is the toolchain, from which the other stages start.
type Base struct {
	plan.Head
	Workdir        plan.Path
	Debian, Alpine []plan.System // what the app needs at run time, so that dev and test have it too
	Copies         []plan.Artifact
	Env            []plan.Env
	Steps          []plan.Step
}

// Deps has the dependencies, those of development too.
type Deps struct {
	plan.Head
	Debian, Alpine []plan.System
	Env            []plan.Env
	Sources        []plan.Artifact
	Steps          []plan.Step
}

// Dev runs the app and restarts it on every save.
type Dev struct {
	plan.Head
	Debian  []plan.System
	Env     []plan.Env
	Sources []plan.Artifact
	Volumes plan.Volumes
	Ports   []plan.Port
	Cmd     plan.Exec
}

// Test fails the build if a test fails.
type Test struct {
	plan.Head
	Env     []plan.Env
	Copies  []plan.Artifact // what other apps' stages made for this one
	Sources []plan.Artifact
	Steps   []plan.Step
}

// Build builds the app.
type Build struct {
	plan.Head
	Env     []plan.Env
	Copies  []plan.Artifact // what other apps' stages made for this one
	Sources []plan.Artifact
	ArgsFor []plan.Comment // the comment above Args
	Args    []framework.Arg
	Given   []plan.Given // the arguments of the own Dockerfile, and the variables that they give
	Texts   []plan.File  // files that dockgen writes
	Steps   []plan.Step
}

// Modules has the dependencies of production alone.
type Modules struct {
	plan.Head
	Env     []plan.Env
	Sources []plan.Artifact
	Steps   []plan.Step
}

// tokens makes words of dockgen's own constants.
func tokens(list ...string) []plan.Token {
	var out []plan.Token
	for _, s := range list {
		out = append(out, plan.MustToken(s))
	}
	return out
}

// shells quotes commands for RUN lines.
func shells(run [][]string) ([]plan.Shell, error) {
	var out []plan.Shell
	for _, argv := range run {
		sh, err := plan.NewShell(argv...)
		if err != nil {
			return nil, err
		}
		out = append(out, sh)
	}
	return out, nil
}
