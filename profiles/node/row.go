package node

import (
	_ "embed"
	"strings"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed frameworks.yaml
var frameworksYAML []byte

// row is one framework. A command in it is a program with its first
// arguments; {output} stands for the folder that the build writes, {app} for the
// way from the root of a workspace to the app.
type row struct {
	Name     string   `yaml:"name"`
	Source   string   `yaml:"source"`          // how it is deployed
	Packages []string `yaml:"packages"`        // one of these is a dependency
	Below    int      `yaml:"below,omitempty"` // of a major version below this
	Also     []string `yaml:"also,omitempty"`  // and all of these
	Entry    []string `yaml:"entry,omitempty"` // and, where no script runs it, one of these files, folders or configs exists
	Commands []string `yaml:"commands"`        // the build: a build script runs one of these
	Build    []string `yaml:"build,omitempty"` // the build where there is no script
	Dev      devRow   `yaml:"dev"`
	Starts   []string `yaml:"starts,omitempty"`  // start scripts that say no more than this row
	Inlined  []string `yaml:"inlined,omitempty"` // prefixes of variables that the build inlines
	// InlinedSetting is the tool and the keys of its config that set another
	// prefix, InlinedSource the page that says so of both.
	InlinedSetting []string `yaml:"inlined-setting,omitempty"`
	// InlinedSchema is the tool and the keys of its config that list variables
	// with their access, of which the build inlines the public ones.
	InlinedSchema []string  `yaml:"inlined-schema,omitempty"`
	InlinedSource string    `yaml:"inlined-source,omitempty"`
	Public        []string  `yaml:"public,omitempty"`   // prefixes of variables that are no secrets, though the build does not inline them
	Caches        []string  `yaml:"caches,omitempty"`   // folders that a build may keep
	Made          []string  `yaml:"made,omitempty"`     // other folders that its tools write: patterns of .dockerignore
	Programs      []toolRow `yaml:"programs,omitempty"` // that its tools start
	Output        outputRow `yaml:"output,omitempty"`
	Modes         []mode    `yaml:"modes"` // the first that holds counts
}

// devRow is the dev server.
type devRow struct {
	Commands    []string          `yaml:"commands"`               // a script that runs one of these is the dev server
	Run         []string          `yaml:"run,omitempty"`          // where there is no such script
	Flags       []string          `yaml:"flags,omitempty"`        // make it listen on every address
	Port        int               `yaml:"port"`                   // its default
	PortFlags   []string          `yaml:"port-flags,omitempty"`   // set it
	PortSetting []string          `yaml:"port-setting,omitempty"` // tool and keys of its config that set it
	Ports       []devPort         `yaml:"ports,omitempty"`        // other defaults
	Env         map[string]string `yaml:"env,omitempty"`
	Debian      []string          `yaml:"debian,omitempty"` // packages that Alpine's image has
	DebianFor   string            `yaml:"debian-for,omitempty"`
}

// devPort is where a dev server listens when a setting of it is there.
type devPort struct {
	Setting []string `yaml:"setting"`
	Port    int      `yaml:"port"`
	Source  string   `yaml:"source"`
}

// toolRow is a program that a build starts where a setting is on; the packages
// that have it are those of program:NAME in the table of packages.
type toolRow struct {
	Setting []string `yaml:"setting"` // tool and keys of its config
	Program string   `yaml:"program"`
	For     string   `yaml:"for"` // what the comment says
	Note    string   `yaml:"note,omitempty"`
	Source  string   `yaml:"source"`
}

// outputRow is the folder that the build writes.
type outputRow struct {
	Default  string   `yaml:"default,omitempty"`
	Setting  []string `yaml:"setting,omitempty"`  // tool and keys of the config that set it
	Flags    []string `yaml:"flags,omitempty"`    // of the build command that set it
	Root     []string `yaml:"root,omitempty"`     // tool and keys of the folder that it is relative to
	Argument bool     `yaml:"argument,omitempty"` // the build command's argument is that folder
	Cwd      bool     `yaml:"cwd,omitempty"`      // what is set is relative to neither of these two
	Below    string   `yaml:"below,omitempty"`    // the part of it that is meant
	Angular  bool     `yaml:"angular,omitempty"`  // as angular.json has it
}

// mode is one way in which a framework is deployed: a static site, a server,
// or one that no container can run.
type mode struct {
	When     []condition       `yaml:"when,omitempty"` // all hold
	Source   string            `yaml:"source,omitempty"`
	Output   *outputRow        `yaml:"output,omitempty"`
	Static   *staticRow        `yaml:"static,omitempty"`
	Server   *serverRow        `yaml:"server,omitempty"`
	Refuse   string            `yaml:"refuse,omitempty"`
	Hint     string            `yaml:"hint,omitempty"`
	Note     string            `yaml:"note,omitempty"`
	Inlined  []string          `yaml:"inlined,omitempty"` // prefixes beside the row's
	DevEnv   map[string]string `yaml:"dev-env,omitempty"` // beside the row's; it counts before the server's
	BuildEnv map[string]string `yaml:"build-env,omitempty"`
	BuildWhy string            `yaml:"build-why,omitempty"`
}

// article is the name of the framework with the article that it is spoken with.
func (r row) article() string {
	if strings.ContainsAny(r.Name[:1], "AEIO") {
		return "an " + r.Name
	}
	return "a " + r.Name
}

// condition is one of: a setting is (or is set, perhaps, or is other than a list), a
// config imports one of the modules, a script runs a command, a package is a dependency from some major version
// on, npm installs a package for another one, what packages depend on lies in
// node_modules itself, or what angular.json builds.
type condition struct {
	Setting []string `yaml:"setting,omitempty"`
	Is      string   `yaml:"is,omitempty"`
	Set     bool     `yaml:"set,omitempty"`
	Perhaps bool     `yaml:"perhaps,omitempty"` // set, or computed
	Other   []string `yaml:"other,omitempty"`
	Imports []string `yaml:"imports,omitempty"` // the tool, then the modules
	Script  string   `yaml:"script,omitempty"`
	Runs    []string `yaml:"runs,omitempty"`
	Package string   `yaml:"package,omitempty"`
	From    int      `yaml:"from,omitempty"`
	Hoisted string   `yaml:"hoisted,omitempty"`
	Flat    bool     `yaml:"flat,omitempty"`
	Angular string   `yaml:"angular,omitempty"`
}

// staticRow is a site for a web server.
type staticRow struct {
	Hashed          []string `yaml:"hashed,omitempty"` // folders whose names carry a hash of the content
	Names           string   `yaml:"names,omitempty"`  // a regular expression of such names elsewhere
	Base            baseRow  `yaml:"base,omitempty"`
	Fallback        string   `yaml:"fallback,omitempty"` // "router": where a router is a dependency; "always"; "setting"
	FallbackSetting []string `yaml:"fallback-setting,omitempty"`
	Index           string   `yaml:"index,omitempty"`     // of the fallback; /index.html
	Shell           string   `yaml:"shell,omitempty"`     // the fallback where the build wrote it
	Suffix          bool     `yaml:"suffix,omitempty"`    // the pages beside a fallback are PATH.html
	NotFound        string   `yaml:"not-found,omitempty"` // page for what is not there
}

// baseRow is the path below which a site is served.
type baseRow struct {
	Setting []string `yaml:"setting,omitempty"`
	Flags   []string `yaml:"flags,omitempty"`
}

// serverRow is a server of Node's.
type serverRow struct {
	Start     []string  `yaml:"start"`
	Program   string    `yaml:"program,omitempty"` // a start script that runs this has the arguments of start's script
	Scripts   []string  `yaml:"scripts,omitempty"` // scripts that say it better than start
	Ship      []shipRow `yaml:"ship"`
	Writes    []string  `yaml:"writes,omitempty"`  // folders that it writes
	Configs   []string  `yaml:"configs,omitempty"` // tools whose config is read at run time
	Bundled   bool      `yaml:"bundled,omitempty"` // needs no node_modules
	Imports   []string  `yaml:"imports,omitempty"` // packages that every build of it imports
	Port      int       `yaml:"port"`
	PortFlags []string  `yaml:"port-flags,omitempty"`
	// PortSetting is the tool and the keys of its config that set it.
	PortSetting []string          `yaml:"port-setting,omitempty"`
	Env         map[string]string `yaml:"env,omitempty"`
	EnvWhy      map[string]string `yaml:"env-why,omitempty"` // what the comment says of a variable
	Signals     bool              `yaml:"signals,omitempty"` // ends on SIGTERM by itself
	Health      string            `yaml:"health,omitempty"`
}

type shipRow struct {
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	Source bool   `yaml:"source,omitempty"` // only where the repository has it
	Own    bool   `yaml:"own,omitempty"`    // the server writes there
	Whole  bool   `yaml:"whole,omitempty"`  // it mirrors the workspace, and lies at its root
	Except string `yaml:"except,omitempty"` // a folder below from that is left out
	Why    string `yaml:"why,omitempty"`    // what the comment says
}

var frameworkRows = table.Lazy[[]row]("frameworks.yaml", frameworksYAML) //nolint:gochecknoglobals // decoded once
