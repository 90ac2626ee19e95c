// Package buildfile reads what a repository's own files say of building,
// starting and publishing its programs, for every language: Dockerfiles, compose
// files, Makefiles, scripts, CI, the goreleaser file, Procfiles, the files of
// hosting platforms, charts and manifests, the README, examples of .env.
//
// A Reader reads each file below one folder once and makes a File of it: the
// commands, images, containers, processes and variables that it has, each with
// its place. Nothing is run. What a shell, make or a template computes is not
// known, and Unknown stands in its place. Which commands concern a program of
// the repository is for the caller to say. A file that does not parse says
// nothing and is no error: it is another tool's. The value of a variable that
// looks like a secret is not kept.
//
// To read a new kind of file, write a row of kinds (kind.go) and the function that
// it names: starts lists it in Starts and Processes, builds in Builds. For a YAML,
// TOML or JSON file in which only commands, packages and the like stand, a row of
// platforms.yaml is enough. Go asks for all of it, Python for processes and the
// own image, Node for the Procfile; what concerns every language, profiles/image
// asks for: the Contract.
//
// Of is the way in: the Reader of a folder, the same for every language.
//
// The files, each using only those above it: line.go, expand.go, buildfile.go (the
// types), secret.go; script.go, makefile.go, ci.go, goreleaser.go, procfile.go,
// platform.go, dockerfile.go, container.go, compose.go, bake.go, manifest.go, readme.go,
// dotenv.go; service.go; kind.go; reader.go; contract.go; recipe.go; described.go; chosen.go.
package buildfile

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// Unknown stands in a text for what is not known before it runs.
const Unknown = shell.Unknown

// Kind is a kind of file, as a message calls it.
type Kind string

// The kinds.
const (
	Procfile   Kind = "the Procfile"
	Heroku     Kind = "the heroku line of go.mod"
	Platform   Kind = "the hosting platform's file"
	Dockerfile Kind = "the repository's own Dockerfile"
	Compose    Kind = "the compose file"
	Goreleaser Kind = "the goreleaser file"
	Promu      Kind = "the promu file"
	Makefile   Kind = "the Makefile"
	Reloader   Kind = "the reloader's file"
	Readme     Kind = "the README"
	Task       Kind = "the task runner's file"
	Script     Kind = "a script"
	CI         Kind = "the CI's file"
	Manifest   Kind = "the Kubernetes manifest"
	Dotenv     Kind = "the .env file"
	Bake       Kind = "the bake file"
	Plugin     Kind = "the plugin that makes the image"
)

// Rank orders the kinds of files by how much the builds in them count: the
// releases, then images, task runners, scripts and CI. The other kinds rank
// last: they serve local development, or build nothing.
func (k Kind) Rank() int {
	i := slices.IndexFunc([][]Kind{{Goreleaser, Promu}, {Dockerfile}, {Makefile, Task}, {Script}, {CI}}, func(l []Kind) bool { return slices.Contains(l, k) })
	if i < 0 {
		return Nowhere
	}
	return i
}

// Nowhere is the last rank.
const Nowhere = 5

// File is what one file says.
type File struct {
	Name string // relative to the scanned root
	Kind Kind
	// Text is the file, or its first part. Tools' own settings stand anywhere in it.
	Text string
	// Loose says that the file is not made of commands, or that they do not parse:
	// Commands is empty, and Text may quote some.
	Loose bool
	// Broken are texts for the shell that its grammar does not take.
	Broken []Broken

	Commands   []Command
	Processes  []Process           // what it starts by name
	Containers []Container         // how it runs images
	Builds     []Build             // how it builds images, but for those of its services
	Image      *Image              // of a Dockerfile
	Env        []fact.Fact[Var]    // of a .env file
	Runtime    fact.Fact[string]   // of a platform's file: "python312", "go122"
	Installs   []fact.Fact[string] // of a platform's file: packages of Debian
	Example    bool                // of a .env file: it is for the user to copy
	Default    bool                // of a Dockerfile: docker build takes it

	rel string // relative to the Reader's folder
	// context is the folder, likewise, in which a module's own Dockerfile is built; "" for the Reader's.
	context string
	chart   document.Value    // of a chart's template: values.yaml
	given   map[string]string // of a Dockerfile: the arguments that choose the app
	vars    map[string]string // that the file gives values
	mk      *makeText         // of a Makefile
}

// Var is a variable with its value.
type Var struct {
	Name, Value string
	Secret      bool // it looks like a secret, and Value is ""
}

// Command is a command that the file runs.
type Command struct {
	Pos fact.Pos
	// Rule is the part of the file that it stands in: a process of a Procfile,
	// a rule of a Makefile that runs it, or that needs one which does.
	Rule string
	Dir  string // where it runs, relative to the Reader's folder; it may hold Unknown
	Env  []Var  // that the file sets for it; the last of a name counts
	Job  []Var  // that the job of CI gives it, sorted by name
	// Words are its words, with Unknown for what is not known. The first is "" for
	// the arguments of an image's own program.
	Words  []string
	Binary string // what it builds is called so, where its words do not say that
	Step   bool   // it runs while an image is built
	// Conditional says that it may not run, Loop that it may run often. Processor says that the line asks which processor it is for:
	// what it does for one, it does for most.
	Conditional, Loop, Processor bool
}

// Program is the base name of the command's program, or "".
func (c Command) Program() string {
	if len(c.Words) == 0 || c.Words[0] == "" {
		return ""
	}
	return path.Base(c.Words[0])
}

// Sure are the words before the first that is not known; a flag before that
// one goes with it.
func Sure(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, Unknown) })
	if i < 0 {
		return slices.Clone(words)
	}
	if i > 0 && strings.HasPrefix(words[i-1], "-") && !strings.HasPrefix(words[i], "-") {
		i--
	}
	return slices.Clone(words[:i])
}

// Process is a command that a file starts by name.
type Process struct {
	Name string // "web", "worker", "release"; "entrypoint" for app.yaml
	Text string // a line for the shell, never empty
	Pos  fact.Pos
}

// The most of one file that is read, and the most commands, variables, ports and
// the like that are taken from it.
const (
	maxFile     = 256 << 10
	maxCommands = 500
	maxListed   = 200
)

func (f *File) add(c Command) {
	if len(f.Commands) < maxCommands {
		f.Commands = append(f.Commands, c)
	}
}

// Broken is a text for the shell that its grammar does not take.
type Broken struct {
	Pos  fact.Pos
	Rule string
	Text string
}

// broken keeps a text that shell.Read refused.
func (f *File) broken(text string, at place) {
	if len(f.Broken) < maxListed {
		f.Broken = append(f.Broken, Broken{at.pos, at.rule, text})
	}
}

// Expand puts the values that the file gives to variables in the place of their
// references. The others become unknown, or stay as they are if that is "".
func (f *File) Expand(text, unknown string) string {
	return newScope(f.vars, unknown).expand(text)
}
