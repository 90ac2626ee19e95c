package python

import "github.com/dockgen/dockgen/profiles/plan"

// Base is the toolchain: Python, and the system packages that the app needs
// when it runs.
type Base struct {
	plan.Head
	Env     []plan.Env
	Workdir plan.Path
	Copies  []plan.Artifact
	Debian  []plan.System
	Alpine  []plan.System
	Steps   []plan.Step
}

// Deps is the virtual environment with the dependencies.
type Deps struct {
	plan.Head
	Debian  []plan.Token // what the dependencies are built with
	Alpine  []plan.Token
	Env     []plan.Env
	Taken   []plan.Artifact // of the stages before it
	Copies  []plan.Copy
	Version []plan.Env // of Parts
	Install []plan.Step
}

// Parts are what a stage copies of a workspace.
type Parts struct {
	Sources []plan.Copy // for one of its members; nil: Source
	Home    plan.Path   // where the app lies then; zero: where the stage is
	Version []plan.Env  // the argument that is the project's version, where that is a tag of Git; nil for none
}

// Dev has the development tools, and reads the source from a mount.
type Dev struct {
	plan.Head
	Parts
	Install  []plan.Step // what only development needs
	Env      []plan.Env
	Browsers []plan.Step // of Playwright
	Source   plan.Copy
	Project  []plan.Step     // the project itself, editable
	Made     []plan.Artifact // what front ends make for the app
	Kept     plan.Volumes    // what a mount of the source must not hide
	Dir      plan.Path       // where the command starts, zero: the app's folder
	Ports    []plan.Port
	Cmd      plan.Exec
}

// Test runs the project's tests.
type Test struct {
	plan.Head
	Parts
	Debian  []plan.System // what only the tests' own dependencies need
	Alpine  []plan.System
	Copies  []plan.Copy
	Install []plan.Step
	Source  plan.Copy
	Made    []plan.Artifact // what front ends make for the app
	Project []plan.Step
	Command plan.Shell
}

// whole is the COPY of the whole project.
func whole() plan.Copy { return plan.MustCopy(".", ".") }

// Build has the source with all that is made of it, for prod to take.
type Build struct {
	plan.Head
	Parts
	Debian []plan.System // what only its steps need
	Alpine []plan.System
	Source plan.Copy
	Copies []plan.Artifact // of the stages of other apps
	Steps  []plan.Step
}
