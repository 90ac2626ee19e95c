package python

import (
	"github.com/dockgen/dockgen/detect/fact"
)

// Manifest is one way in which the repository names its dependencies.
type Manifest struct {
	Manager    string // row of the table of managers: "pip", "uv", "poetry", "pdm", "pipenv", "pyproject", "setup.py"
	File       string
	More       []string // further requirements files, which the own Dockerfile installs
	Lock       string   // the lockfile, "" where there is none
	Files      []string // everything that an installation reads, File and Lock included
	List       []Requirement
	Groups     []Group // development dependencies and extras, in order
	Picked     []Group // those of Groups that the own Dockerfile installs
	Scripts    []Script
	Plugins    []string // the groups of the entry points that the project declares, console scripts apart
	BuildsWith []string // the packages that building it needs
	Package    fact.Pos // the project is a package of its own: it has a build system
	Dynamic    fact.Pos // its dependencies are computed by the build
	Hashes     bool
	// Variables, Self and Extras are those of Requirements.
	Variables []fact.Fact[string]
	Self      fact.Pos
	Extras    []string
	// Indexes are those that are not the manager's own.
	Indexes []PackageIndex
	// Requires is the range of versions of the manager itself.
	Requires fact.Fact[string]
	// Hook is the script of the repository that the project's build runs, by its path from the root.
	Hook fact.Fact[string]
	// DynamicVersion says that the build makes the project's version.
	DynamicVersion fact.Pos
	// Constrained are the packages whose version a constraints file fixes.
	Constrained []string
	// Workspace is where members are declared: their sources are needed to install.
	Workspace fact.Pos
	Near      []Near      // packages of the repository, by their paths
	Stale     Requirement // that the lockfile lacks, zero for none
	// Renumbered is the version of the project that uv's lockfile has, where the manifest says another.
	Renumbered fact.Fact[string]
	Locked     map[string]Locked // every package that production needs, by name; nil without a lock that says it
	Pos        fact.Pos
}

// Group is a set of development dependencies.
type Group struct {
	Name  string // "dev"; the file's name for requirements files
	Kind  string // "file", "group", "extra", "list", "workspace": a group of the workspace's own manifest
	Files []string
	List  []Requirement
	Pos   fact.Pos
}

// Script is a console script that installing the project makes.
type Script struct {
	Name   string
	Target string // "package.module:function"
	Pos    fact.Pos
}

// Locked is a package of a lockfile.
type Locked struct {
	Version string
	Wheels  []string // file names; nil where the lock does not list them
	Source  Source
}
