package framework

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed frameworks.table
var frameworksCompiled string

// row is one framework. A command in it is a program with its first
// arguments; {output} stands for the folder that the build writes, {app} for the
// way from the root of a workspace to the app, empty or with a slash at its end.
type row struct {
	Name     string   `yaml:"name"`
	Source   string   `yaml:"source"`          // how it is deployed
	Packages []string `yaml:"packages"`        // one of these is a dependency
	Below    int      `yaml:"below,omitempty"` // of a major version below this
	Also     []string `yaml:"also,omitempty"`  // and all of these
	Entry    []string `yaml:"entry,omitempty"` // and, if no script runs it, one of these files, folders or configs exists
	Commands []string `yaml:"commands"`        // the build: a build script runs one of these
	Build    []string `yaml:"build,omitempty"` // the build if there is no script
	Dev      devRow   `yaml:"dev"`
	Starts   []string `yaml:"starts,omitempty"`  // start scripts that say no more than this row
	Inlined  []string `yaml:"inlined,omitempty"` // prefixes of variables that the build inlines
	// InlinedSetting sets another prefix; InlinedSource is the page that says so
	// of both.
	InlinedSetting setting `yaml:"inlined-setting,omitempty"`
	// InlinedSchema lists variables with their access; the build inlines the
	// public ones.
	InlinedSchema setting   `yaml:"inlined-schema,omitempty"`
	InlinedSource string    `yaml:"inlined-source,omitempty"`
	Public        []string  `yaml:"public,omitempty"`    // prefixes of variables that are no secrets, though the build does not inline them
	Loads         string    `yaml:"loads,omitempty"`     // the build loads the code of the server, which may throw: where that is said
	Caches        []string  `yaml:"caches,omitempty"`    // folders that a build may keep
	Generated     []string  `yaml:"generated,omitempty"` // other folders that its tools write: patterns of .dockerignore
	Programs      []toolRow `yaml:"programs,omitempty"`  // that its tools start
	Output        outputRow `yaml:"output,omitempty"`
	Tests         testsRow  `yaml:"tests,omitempty"`
	Modes         []mode    `yaml:"modes"` // the first that holds counts
}

// setting names a setting: the tool whose configuration holds it, then the keys.
type setting []string

// of is what an app's configuration says.
func (s setting) of(f *node.Facts) (fact.Fact[string], node.State) {
	if len(s) == 0 {
		return fact.Fact[string]{}, node.Absent
	}
	return f.Config.Of(s[0]).Get(s[1:]...)
}

// variable is the environment variable that decides the setting, "" for none.
func (s setting) variable(f *node.Facts) string {
	if len(s) == 0 {
		return ""
	}
	return f.Config.Of(s[0]).Variable(s[1:]...)
}

func (s setting) key() string { return strings.Join(s[1:], ".") }

// port is the setting as a port, if it is one.
func (s setting) port(f *node.Facts) (int, bool) {
	v, state := s.of(f)
	n, err := strconv.Atoi(v.Value)
	return n, state == node.Literal && err == nil && n > 0 && n < 1<<16
}

// devRow is the development server.
type devRow struct {
	Commands    []string          `yaml:"commands"`             // a script that runs one of these is the development server
	Run         []string          `yaml:"run,omitempty"`        // if there is no such script
	Flags       []string          `yaml:"flags,omitempty"`      // make it listen on every address
	Port        int               `yaml:"port"`                 // its default
	PortFlags   []string          `yaml:"port-flags,omitempty"` // set it
	PortSetting setting           `yaml:"port-setting,omitempty"`
	Ports       []devPort         `yaml:"ports,omitempty"` // other defaults
	Env         map[string]string `yaml:"env,omitempty"`
	Debian      []string          `yaml:"debian,omitempty"` // packages that Alpine's image has
	DebianFor   string            `yaml:"debian-for,omitempty"`
}

// devPort is the port of a development server if a setting of it is there.
type devPort struct {
	Setting setting `yaml:"setting"`
	Port    int     `yaml:"port"`
	Source  string  `yaml:"source"`
}

// toolRow is a program that a build starts if a setting is on; the packages
// that have it are those of program:NAME in the table of packages.
type toolRow struct {
	Setting setting `yaml:"setting"`
	Program string  `yaml:"program"`
	For     string  `yaml:"for"` // what the comment says
	Note    string  `yaml:"note,omitempty"`
	Source  string  `yaml:"source"`
}

// testsRow is what has to run before the tests, where the repository has a file and none of those that stand for what it makes.
type testsRow struct {
	With    string     `yaml:"with,omitempty"`
	Without []string   `yaml:"without,omitempty"`
	Run     [][]string `yaml:"run,omitempty"`
	Source  string     `yaml:"source,omitempty"`
}

// outputRow is the folder that the build writes.
type outputRow struct {
	Default  string   `yaml:"default,omitempty"`
	Setting  setting  `yaml:"setting,omitempty"`  // sets it
	Flags    []string `yaml:"flags,omitempty"`    // of the build command that set it
	Root     setting  `yaml:"root,omitempty"`     // the folder that it is relative to
	Argument bool     `yaml:"argument,omitempty"` // the build command's argument is that folder
	Cwd      bool     `yaml:"cwd,omitempty"`      // what is set is relative to neither of these two
	Below    string   `yaml:"below,omitempty"`    // the part of it that is meant
	Angular  bool     `yaml:"angular,omitempty"`  // as angular.json has it
}

// mode is one way in which a framework is deployed: exactly one of a static
// site, a server, and one that no container can run.
type mode struct {
	When   []condition `yaml:"when,omitempty"` // all hold
	Static *staticRow  `yaml:"static,omitempty"`
	Server *serverRow  `yaml:"server,omitempty"`
	Refuse string      `yaml:"refuse,omitempty"`
	Hint   string      `yaml:"hint,omitempty"` // of Refuse

	Source   string            `yaml:"source,omitempty"`
	Output   *outputRow        `yaml:"output,omitempty"`
	Note     string            `yaml:"note,omitempty"`
	Forms    *formsRow         `yaml:"forms,omitempty"`
	Inlined  []string          `yaml:"inlined,omitempty"` // prefixes beside the row's
	DevEnv   map[string]string `yaml:"dev-env,omitempty"` // beside the row's; it counts before the server's
	BuildEnv map[string]string `yaml:"build-env,omitempty"`
	BuildWhy string            `yaml:"build-why,omitempty"`
}

// formsRow is a note where the code answers forms, unless a setting says by which address it is asked.
type formsRow struct {
	Unless setting `yaml:"unless"`
	Note   string  `yaml:"note"`
	Hint   string  `yaml:"hint"`
	Source string  `yaml:"source"`
}

// article is the name of the framework with the article that it is spoken with.
func (r row) article() string {
	if strings.ContainsAny(r.Name[:1], "AEIO") {
		return "an " + r.Name
	}
	return "a " + r.Name
}

// staticRow is a site for a web server.
type staticRow struct {
	Hashed          []string `yaml:"hashed,omitempty"` // folders whose names carry a hash of the content
	Names           string   `yaml:"names,omitempty"`  // a regular expression of such names elsewhere
	Base            baseRow  `yaml:"base,omitempty"`
	Fallback        string   `yaml:"fallback,omitempty"` // "router": if a router is a dependency; "always"; "setting"
	FallbackSetting setting  `yaml:"fallback-setting,omitempty"`
	Index           string   `yaml:"index,omitempty"`     // of the fallback; /index.html
	Shell           string   `yaml:"shell,omitempty"`     // the fallback if the build wrote it
	Suffix          bool     `yaml:"suffix,omitempty"`    // the pages beside a fallback are PATH.html
	NotFound        string   `yaml:"not-found,omitempty"` // page for what is not there
}

// baseRow is the path below which an app is served.
type baseRow struct {
	Setting setting  `yaml:"setting,omitempty"`
	Flags   []string `yaml:"flags,omitempty"`    // of the build command
	Angular bool     `yaml:"angular,omitempty"`  // as angular.json has it
	NoSlash bool     `yaml:"no-slash,omitempty"` // the app answers without a slash at its end
}

// serverRow is a server of Node's.
type serverRow struct {
	Start   []string  `yaml:"start"`
	Program string    `yaml:"program,omitempty"` // a start script that runs this has the arguments of start's script
	Scripts []string  `yaml:"scripts,omitempty"` // scripts that say it better than start
	Copies  []copyRow `yaml:"copies"`
	Writes  []string  `yaml:"writes,omitempty"`  // folders that it writes
	Configs []string  `yaml:"configs,omitempty"` // tools whose config is read at run time
	// ReadsTypeScript is a range of npm: these versions read a config in TypeScript without the package typescript.
	ReadsTypeScript string            `yaml:"reads-typescript,omitempty"`
	Standalone      bool              `yaml:"standalone,omitempty"` // needs no node_modules
	Imports         []string          `yaml:"imports,omitempty"`    // packages that every build of it imports
	Port            int               `yaml:"port"`
	PortFlags       []string          `yaml:"port-flags,omitempty"`
	PortSetting     setting           `yaml:"port-setting,omitempty"`
	Env             map[string]string `yaml:"env,omitempty"`
	EnvWhy          map[string]string `yaml:"env-why,omitempty"` // what the comment says of a variable
	Signals         bool              `yaml:"signals,omitempty"` // ends on SIGTERM by itself
	Health          string            `yaml:"health,omitempty"`  // below the base path
	Base            baseRow           `yaml:"base,omitempty"`
}

// copyRow is what prod takes of the build.
type copyRow struct {
	From      string `yaml:"from"`
	To        string `yaml:"to"`
	Source    bool   `yaml:"source,omitempty"`    // only if the repository has it
	Writable  bool   `yaml:"writable,omitempty"`  // the server writes there
	Workspace bool   `yaml:"workspace,omitempty"` // it mirrors the workspace, from its root on
	Except    string `yaml:"except,omitempty"`    // a folder below from that is left out
	Why       string `yaml:"why,omitempty"`       // what the comment says
}

var frameworkRows = table.Lazy[[]row]("frameworks.yaml", frameworksCompiled) //nolint:gochecknoglobals // decoded once
