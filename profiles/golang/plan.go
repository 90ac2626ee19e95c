package golang

import "github.com/dockgen/dockgen/profiles/plan"

// Base is the data of golang/base: the toolchain.
type Base struct {
	plan.Head
	Env    []Setting     // of the go command
	Debian []plan.System // packages of the image's own system
	Alpine []plan.System
}

// Setting is a variable of the go command that every stage has, and why:
// https://pkg.go.dev/cmd/go#hdr-Environment_variables.
type Setting struct {
	Why []plan.Comment
	Env plan.Env
}

// Deps is the data of golang/deps: the modules.
type Deps struct {
	plan.Head
	Manifests []plan.Copy // of every local module
	Download  []plan.Step
}

// Generate is the data of golang/generate: the code that is not committed.
type Generate struct {
	plan.Head
	Install []plan.Step     // before the source is there
	Copies  []plan.Artifact // the source
	Run     []plan.Step
}

// Dev is the data of golang/dev: the program, rebuilt on every save.
type Dev struct {
	plan.Head
	Install []plan.Step     // the reloader, the debugger and the generators
	Copies  []plan.Artifact // the source, and what other apps' stages made
	Env     []plan.Env
	Warm    []plan.Step  // fills the compiler's cache
	Kept    plan.Volumes // what a mount of the source must not hide
	Ports   []plan.Port
	Cmd     plan.Exec
}

// Test is the data of golang/test.
type Test struct {
	plan.Head
	Copies []plan.Artifact // the source, unless generate has it, and what other apps' stages made
	Run    []plan.Step
}

// Build is the data of golang/build: the binaries.
type Build struct {
	plan.Head
	Copies   []plan.Artifact // as of Test
	Cross    bool            // it compiles for the platform that is asked for, on its own
	Stamping *Stamps         // nil: the linker sets no variable from outside
	Compile  []Compile
	Rootfs   []plan.User // none or one: scratch gets what programs expect of a system, and this user
}

// Compile is one go build: a program and its file, or several and their folder.
type Compile struct {
	Cgo       bool
	Static    bool       // the C code is linked in
	Go        plan.Shell // the go command, told where the module is
	Stamps    []Stamp    // from build arguments
	Guarded   []Stamp    // from build arguments, if these are given
	Constants []Stamp
	Args      plan.Shell // the tags, the file and the packages
}

// Stamps is the build arguments that the linker takes.
type Stamps struct {
	Help plan.Comment // how to pass them
	Args []plan.Env   // with their defaults
}

// Stamp is a variable that the linker sets: https://pkg.go.dev/cmd/link.
type Stamp struct {
	Var   plan.Token // "main.version"
	Arg   plan.Token // the build argument that it has the value of
	Value plan.Token // the constant, for one that takes none
}
