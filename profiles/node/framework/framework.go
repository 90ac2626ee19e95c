// Package framework finds the framework that a JavaScript app uses, and what
// the app's configuration makes of it: how it is built, served and developed. It
// reads facts and decides nothing: what it would write down is in its result.
package framework

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Framework is a row of frameworks.yaml as it applies to one app. It is one of
// these:
//
//   - a site, if Site is set: the build writes files, and a web server serves them;
//   - a server, if Server is set: the framework serves its build by itself;
//   - a custom server, if neither is: a program of the repository runs the
//     framework within itself, and starts as any other program does;
//   - none, if Name is empty. Then all is zero but Build.Args, Build.Env files and
//     the notes on them: a server of the repository's own may serve what a
//     framework built, and its build takes the framework's variables.
//
// Paths are relative to the root of the workspace that the app is in. Commands
// run in the app's folder, and so do the paths in them.
type Framework struct {
	Name string   // "Next.js"
	Pos  fact.Pos // the dependency or the file that shows it
	Rule string   // why: "next is among the dependencies and its config says output: standalone"
	Link string   // the page that says how it is deployed

	Build  Build
	Dev    Dev
	Tests  [][]string // what has to run before the tests
	Server *Server
	Site   *image.Site // how a web server answers for the folder Build.Output
	// NeedsDev is a package of devDependencies that prod needs; its Name is
	// empty for none.
	NeedsDev DevPackage

	// Choices and Notes are to be written down if the app is this one.
	Choices []plan.Choice
	Notes   []plan.Note
}

// Used reports whether the app uses a framework.
func (f *Framework) Used() bool { return f.Name != "" }

// Port is where prod listens if nothing else says it; 0 leaves it to the code.
func (f *Framework) Port() int {
	if f.Server != nil {
		return f.Server.Port
	}
	return 0
}

// Record writes down what was found.
func (f *Framework) Record(log *record.Log) {
	for _, c := range f.Choices {
		log.Choose(c)
	}
	for _, n := range f.Notes {
		log.Note(n.Pos, n.Text, n.Hint)
	}
}

// Build is how the app is built.
type Build struct {
	// Command builds an app that has no build script; its first word is a
	// program of node_modules/.bin. Script is a script of another name that runs
	// it, empty for none.
	Command []string
	Script  string
	Output  string // the folder that it writes; of a site, the folder to serve
	// Writable says that a server of the framework writes to Output.
	Writable bool
	Env      []plan.Env // its variables
	Why      string     // what they are for: a sentence without its subject, the build
	Args     []Arg
	// LooksSecret says that the name of an argument looks like that of a secret,
	// though browsers load its value.
	LooksSecret bool
	// EnvFiles are files of variables that it reads, and that hold nothing but
	// what the site shows anyone.
	EnvFiles  []string
	Loads     string   // where it is said that the build loads the server's code, which may throw; "" if it does not
	Caches    []string // folders that it may keep in a cache mount
	Generated []string // what else the framework's tools write: patterns of .dockerignore
	Programs  []Program
}

// Dev is the development server.
type Dev struct {
	// Script runs it and nothing else, empty for none; Flags are to be added to
	// it, so that it listens on every address: npm run dev -- FLAGS.
	Script string
	Flags  []string
	// Command is the same without a script; its first word is a program of
	// node_modules/.bin.
	Command []string
	Port    int
	Env     []plan.Env
	// Debian are packages that it needs of Debian, and DebianFor is what for: a
	// sentence.
	Debian    []string
	DebianFor string
}

// Server is a framework's own server.
type Server struct {
	// Command starts it: "node", a file, arguments. It holds even if there is a
	// start script, which is then known to be a development server or a wrapper of it.
	Command []string
	// Program is the program of node_modules/.bin that does the same, empty for
	// none.
	Program string
	// Copies are what prod needs of the build, nil for the app's whole folder.
	Copies []Copy
	// Standalone says that what is built needs no node_modules.
	Standalone bool
	Port       int
	Env        []plan.Env
	Given      []plan.Env // what the repository's own start command sets beside them
	Signals    bool       // it ends on SIGTERM by itself
	Health     string     // a path that a new app answers with 200, empty if none is known
	Writes     []string   // folders that it writes
}

// Copy is a file or folder of the build with its place in prod.
type Copy struct {
	From, To  string
	Writable  bool   // the server writes there
	Workspace bool   // it mirrors the folders of the workspace, from its root on
	Except    string // a folder below From that is left out, empty for none
	Why       string // the comment, empty for none
}

// Program is one that the build starts, and the setting that asks for it.
type Program struct {
	Name, For string
	Pos       fact.Pos
}

// DevPackage is a package of devDependencies, and what prod needs it for.
type DevPackage struct{ Name, Why string }

// Request is what Find asks about.
type Request struct {
	Tree  *tree.Tree
	Facts *node.Facts // of the app: a package of a workspace finds the dependencies of the root too
	Dir   string      // from the root of the workspace to the app, empty for the root
	Asked bool        // the user says how the app is started
}

// Find returns the framework that an app uses. An error is a refusal: the
// framework is known, and this use of it cannot work.
func Find(req Request) (Framework, error) {
	rows, err := frameworkRows()
	if err != nil {
		return Framework{}, err
	}
	site, err := siteRows()
	if err != nil {
		return Framework{}, err
	}
	for _, r := range rows {
		dep, ok := r.uses(req.Tree, req.Facts)
		if !ok {
			continue
		}
		out, err := matcher{Request: req, row: r, dep: dep, site: site}.framework()
		if err != nil {
			return Framework{}, err
		}
		return out.below(req.Dir), nil
	}
	return Framework{}, nil
}

// below is the framework with its paths from the root of the workspace on.
func (f Framework) below(dir string) Framework {
	if dir == "" {
		return f
	}
	at := func(p string) string {
		if p == "" {
			return p
		}
		return path.Join(dir, p) + slash(p)
	}
	all := func(list []string) []string {
		out := slices.Clone(list)
		for i, p := range out {
			out[i] = at(p)
		}
		return out
	}
	f.Build.Output, f.Build.Caches, f.Build.EnvFiles = at(f.Build.Output), all(f.Build.Caches), all(f.Build.EnvFiles)
	if f.Server != nil {
		s := f.Server.inPlace()
		s.Writes, s.Copies = all(s.Writes), slices.Clone(s.Copies)
		for i, x := range s.Copies {
			s.Copies[i].From = at(x.From)
			if !x.Workspace {
				s.Copies[i].To = at(x.To)
			}
		}
		f.Server = &s
	}
	return f
}

// inPlace is the server of a member, whose folder is in prod as the build leaves it: what would be copied from the build's output to
// the working directory runs in the output.
func (s *Server) inPlace() Server {
	out := *s
	i := slices.IndexFunc(s.Copies, func(x Copy) bool { return x.To == "./" && !x.Workspace })
	if i < 0 || s.Standalone || len(s.Command) < 2 {
		return out
	}
	from := s.Copies[i].From
	out.Command = slices.Clone(s.Command)
	out.Command[1] = path.Join(from, s.Command[1])
	out.Writes = nil
	for _, dir := range s.Writes {
		out.Writes = append(out.Writes, path.Join(from, dir)+slash(dir))
	}
	return out
}

func slash(p string) string {
	if strings.HasSuffix(p, "/") {
		return "/"
	}
	return ""
}

// IsDevServer reports whether words run a framework's development server.
func IsDevServer(words []string) bool {
	rows, err := frameworkRows()
	return err == nil && slices.ContainsFunc(rows, func(r row) bool {
		return script.Runs(words, r.Dev.Commands) && !script.Watches(words[0])
	})
}

// IsFileServer reports whether words run a server of static files.
func IsFileServer(words []string) bool {
	rows, err := siteRows()
	return err == nil && len(words) > 0 && slices.ContainsFunc(rows.Servers, func(s staticServer) bool { return s.Program == words[0] })
}
