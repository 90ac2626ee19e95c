package html

import "github.com/dockgen/dockgen/profiles/plan"

// Base is the web server with its configuration, from which the other stages start.
type Base struct {
	plan.Head
	Workdir plan.Path
	Texts   []plan.File
	Env     []plan.Env // where paths are passed on, as Cmd
	Cmd     plan.Exec
}

// Dev is the web server over the source.
type Dev struct {
	plan.Head
	Copies []plan.Artifact
	Ports  []plan.Port
}

// Test fails the build if the configuration is wrong.
type Test struct {
	plan.Head
	Run plan.Shell
}
