package node

import (
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/record"
)

// framework is a row of frameworks.yaml as it applies to one repository.
type framework struct {
	Name string   // "Next.js"
	Pos  fact.Pos // the dependency or the file that shows it
	Rule string   // why: "next is among the dependencies and its config says output: standalone"
	Link string   // the page that says how it is deployed

	// Static says that the build's output is files for a web server; else
	// the app is a Node server or program.
	Static bool
	// Output is the folder that the build writes, relative to the app; for a
	// static site the folder to serve.
	Output string
	// Fallback says that the app routes in the browser: unknown paths answer
	// with index.html.
	Fallback bool
	// Site is the web server of a static site, nil for any other app.
	Site *Site

	// Build is the command for a repository without a build script, its
	// first word a program of node_modules/.bin; nil for none. BuildScript is
	// the script of another name that runs it, "" where there is none.
	Build       []string
	BuildScript string
	// Start is what prod runs, its first word "node", its second the script;
	// nil leaves it to package.json. Over says that Start counts even where
	// there is a start script (which is known to be a dev server or a wrapper
	// of Start).
	Start []string
	Over  bool
	// Program is the program of node_modules/.bin that Start is the same as, ""
	// where there is none.
	Program string
	// Ship are the files and folders that prod needs of the build, each with
	// its place in prod; nil is the whole app folder.
	Ship []ship
	// Bundled says that the output needs no node_modules.
	Bundled bool
	// NeedsDev is a package of devDependencies that prod needs, "" for none,
	// and NeedsDevWhy says what for.
	NeedsDev, NeedsDevWhy string
	// Port is where prod listens when nothing sets it; 0 leaves it to the code.
	Port int
	// Env are prod's variables, and EnvWhy says of some of them what for.
	Env    [][2]string
	EnvWhy map[string]string
	// Signals says that its server ends on SIGTERM by itself.
	Signals bool
	// Health is a path that a new app answers with 200; "" where none is known.
	Health string

	// DevScript is the script that runs the dev server and nothing else, ""
	// where there is none. DevFlags are the flags to add to it so that it
	// listens on 0.0.0.0: npm run dev -- FLAGS.
	DevScript string
	DevFlags  []string
	// Dev is the same without a script: its first word is a program of
	// node_modules/.bin. DevPort is where it listens.
	Dev     []string
	DevPort int
	// DevEnv are the dev stage's variables.
	DevEnv [][2]string
	// DevDebian are the packages that the dev server needs of Debian, and
	// DevDebianFor says what for: a sentence.
	DevDebian    []string
	DevDebianFor string
	// Programs are those that the build starts, each at the setting that asks
	// for it.
	Programs []program
	// Caches are folders below the app that a build may keep in a cache mount,
	// and Made patterns of others that the framework's tools write.
	Caches, Made []string
	// Writes are folders that prod must be able to write, relative to the app.
	Writes []string
	// BuildEnv are variables of the build stage, and BuildWhy says what for:
	// a sentence without its subject, the build.
	BuildEnv [][2]string
	BuildWhy string
	// Args are the build arguments, and KeyArgs says that the name of one
	// looks like that of a secret, though browsers load its value.
	Args    []Arg
	KeyArgs bool
	// Keep are files of variables that the build reads and that hold nothing
	// but what the site shows anyone: .dockerignore lets them in.
	Keep []string
	// Notes are told to the user, at Pos.
	Notes []string
}

// program is one that the build starts.
type program struct {
	Name, For string
	Pos       fact.Pos
}

// ship is one thing that prod takes of the build.
type ship struct {
	From, To string
	Own      bool   // the server writes there
	Whole    bool   // it mirrors the workspace, and lies at its root
	Except   string // a folder below From that is left out, "" for none
	Why      string // what the comment says, "" for nothing
}

// findFramework returns the framework that f uses. An error is a refusal:
// the framework is known and this use of it cannot work. ok is false where f
// uses none or has a server of its own around it; then no more is known than
// what the build inlines.
func findFramework(in record.Input, f *node.Facts) (framework, bool, error) {
	return frameworkAt(in, f, "")
}

// frameworkAt is the same for a member of a workspace; app is the way to it from
// the root on, with a slash at its end.
func frameworkAt(in record.Input, f *node.Facts, app string) (framework, bool, error) {
	rows, err := frameworkRows()
	if err != nil {
		return framework{}, false, err
	}
	site, err := siteRows()
	if err != nil {
		return framework{}, false, err
	}
	for _, r := range rows {
		dep, ok := r.uses(in.Tree, f)
		if !ok {
			continue
		}
		m := matcher{in: in, f: f, app: app, row: r, dep: dep, site: site}
		return m.framework()
	}
	return framework{}, false, nil
}
