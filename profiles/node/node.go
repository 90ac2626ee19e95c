// Package node decides how a JavaScript or TypeScript repository is
// installed, built and run.
package node

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Plan is what the templates of templates/node see.
type Plan struct {
	plan.Base
	Image   plan.Token    // "node" or "oven/bun"
	Arg     plan.Token    // "NODE_VERSION"
	Version plan.Token    // "24"
	Suite   plan.Token    // "trixie-slim"
	System  []plan.System // packages that the app needs at run time
	Setup   []Setup       // variables of base
	Tool    plan.Shell
	ToolFor plan.Comment
	HasTool bool
	BunFrom plan.Token // the image that Bun's program is copied from
	HasBun  bool
	Parent  plan.Token // of dev, test and build: deps where there is one, else base
	Deps    *Deps
	Renewed []plan.Token // files of the repository that deps writes anew
	Dev     Dev
	Test    Test
	Build   *Build // nil: nothing is built or pruned
	Prod    Prod
	Site    *Site // nil: the app runs on Node
	KeyArgs bool  // a build argument has the name of a secret, though it is none
	Strict  bool  // the package manager needs the secrets of deps to run scripts too
}

// Setup is a variable of base, and what for.
type Setup struct {
	Why plan.Comment
	Env plan.Env
}

// Template implements plan.Stack.
func (*Plan) Template() string { return "node" }

// Deps is the stage with the dependencies.
type Deps struct {
	Why       plan.Comment // what the comment says of the install command
	Debian    []plan.System
	Alpine    []plan.System
	Manifests []plan.Copy
	Members   *plan.Copy // manifests of workspace members, each to its place
	All       bool       // the install runs the repository's own code: copy everything first
	Secrets   []Secret
	SSH       bool // a package comes from a Git repository by SSH
	Env       []plan.Env
	Cache     plan.Token
	Run       []plan.Shell
}

// Dev is the dev stage.
type Dev struct {
	Copy    bool // the source is not there yet
	Debian  []plan.System
	Env     []plan.Env
	Volumes []plan.Token
	Ports   []plan.Port
	Cmd     plan.Exec
	Why     plan.Comment
	Path
}

// Test is the test stage.
type Test struct {
	Copy bool
	Env  []plan.Env
	Run  []plan.Shell
	Why  plan.Comment
}

// Build is the stage that builds and prunes.
type Build struct {
	Copy   bool // false: only dependencies are pruned here
	Args   []framework.Arg
	Env    []plan.Env
	Caches []plan.Token
	Run    []plan.Shell
	Why    plan.Comment
}

// Prod is the prod stage.
type Prod struct {
	FromBase   bool // it needs what base has: a package manager
	Bun        bool // Bun's program is needed
	Init       bool // tini is PID 1
	Copies     []Copy
	Folders    plan.Shell // makes the folders that the app writes to
	HasFolders bool
	made       []string // the folders, relative to the app
	Entrypoint plan.Exec
	Cmd        plan.Exec
	Why        plan.Comment
	Path
}

// Path is where a stage's command finds its programs.
type Path struct {
	Bin       bool      // programs of node_modules/.bin are on the PATH
	Member    plan.Path // the workspace's member that runs
	HasMember bool
}

// Copy is one COPY of prod, from a stage or from the repository.
type Copy struct {
	Why     plan.Comment
	Stage   plan.Token
	From    bool // of a stage
	Own     bool // the app writes there
	Exclude []plan.Token
	Copy    plan.Copy
}

// workdir is where the app lives in every stage.
const workdir = "/app"

// app is what the decisions about one repository share.
type app struct {
	in   record.Input
	f    *node.Facts
	pm   manager.Manager
	fw   framework.Framework
	site *Site          // of a static site, else nil
	node string         // the major version
	bun  bool           // Bun runs the app
	nx   node.NxProject // whose build prod runs, "" for none
	// member is the workspace's member that is the app, nil where the root is; own
	// are the app's own facts, and runs are the commands that the root starts it
	// with, as they run in its folder.
	member *node.WorkspaceUnit
	own    *node.Facts
	runs   []script.Command
	// links says which members of the workspace each one uses, and apps are those
	// that are apps; both are found once.
	links func() map[*node.WorkspaceUnit][]link
	apps  func() []*node.WorkspaceUnit
	// compile is the program that makes JavaScript of the entry, where nothing of
	// the repository does.
	compile compiler
	// before is what the start command compiles before the app starts.
	before []script.Command
	// bunImage says that Bun's own image is the base of every stage.
	bunImage bool
	// buildEnv are variables of the build stage, and buildWhy is what they are for.
	buildEnv []plan.Env
	buildWhy string
}

func (a *app) has(file string) bool    { return a.in.Tree.Has(path.Join(a.f.Dir, file)) }
func (a *app) hasDir(dir string) bool  { return a.in.Tree.HasDir(path.Join(a.f.Dir, dir)) }
func (a *app) tree() *tree.Tree        { return a.in.Tree }
func (a *app) at(file string) fact.Pos { return fact.At(path.Join(a.f.Dir, file), 0) }

// Decide makes the plan of a Node repository.
func Decide(in record.Input, f *node.Facts) (*plan.App, error) {
	a := &app{in: in, f: f}
	var err error
	if a.pm, err = manager.Decide(in, f, func(needs string) bool { return runsOnAsked(in, f, needs) }); err != nil {
		return nil, err
	}
	if err := a.decideApp(); err != nil {
		return nil, err
	}
	a.fw.Record(in.Log)
	if a.buildEnv, a.buildWhy, err = uncheckedEnv(in.Log, f, a.fw.Build); err != nil {
		return nil, err
	}
	if a.fw.Site != nil {
		if a.site, err = newSite(in, a.fw); err != nil {
			return nil, err
		}
	}
	a.bun, a.bunImage = a.usesBun()
	out := &plan.App{Name: f.Name.Value}
	p := &Plan{}
	out.Image = plan.WholeImage(p)

	rel, err := a.decideImage(p)
	if err != nil {
		return nil, err
	}
	var s start
	if a.fw.Site != nil {
		in.Log.Choose(plan.Choice{Key: "start", Value: "nginx", Rule: "the build writes files for a browser: a web server answers with them", Pos: record.At(a.fw.Pos), Link: a.fw.Link})
	} else if s, err = a.decideStart(); err != nil {
		return nil, err
	}
	l := a.decidePort(s)
	needs := a.decidePackages(s)
	runtime, err := a.decideRuntime(s, rel, needs)
	if err != nil {
		return nil, err
	}
	env, err := a.prodEnv(s, l, needs)
	if err != nil {
		return nil, err
	}
	if p.Base, err = image.Base(in, runtime, env...); err != nil {
		return nil, err
	}
	if l.Port > 0 {
		p.Ports = []plan.Port{plan.Port(l.Port)}
	}
	out.Run = &plan.Run{Ports: p.Ports}
	if err := a.suite(p, rel, runtime); err != nil {
		return nil, err
	}
	if a.fw.Site == nil {
		p.addPackages(needs, runtime)
	}
	if err := a.setup(p); err != nil {
		return nil, err
	}
	if err := a.deps(p, needs); err != nil {
		return nil, err
	}
	b, err := a.build(p, s, needs)
	if err != nil {
		return nil, err
	}
	if err := a.prod(p, s, l, b, needs); err != nil {
		return nil, err
	}
	if err := a.devStage(p, s, l); err != nil {
		return nil, err
	}
	if err := a.testStage(p, s); err != nil {
		return nil, err
	}
	out.Ignore = a.ignore(b, p.Prod.made)
	return out, nil
}

// usesBun reports whether Bun runs the app, and whether its own image can:
// where nothing asks for Node beside it.
func (a *app) usesBun() (runs, image bool) {
	text := ""
	if s, ok := script.Production(a.f); ok && a.fw.Server == nil {
		text = s.Value
	} else if s, ok := a.own.Script("start"); ok && a.fw.Server == nil {
		text = s.Value
	}
	runs = script.RunsBun(text) || text == "" && a.pm.Name == "bun" && !a.fw.Used()
	image = runs && a.pm.Name == "bun" && !slices.ContainsFunc(script.RoughPrograms(text), func(w string) bool { return w == "node" || w == "npm" || w == "npx" })
	for _, s := range a.own.Code.Execs {
		if slices.Contains([]string{"node", "npm", "npx", "pnpm", "yarn"}, s.Program.Text) {
			image = false
		}
	}
	return runs, image && !a.f.Has("prisma")
}

// decideRuntime asks the log, with the reasons why a runtime cannot be.
func (a *app) decideRuntime(s start, rel knowledge.Release, needs needs) (plan.Runtime, error) {
	if a.fw.Site != nil {
		a.in.Log.ForSite()
		return a.in.Log.Runtime(siteRuns)
	}
	img, _ := a.in.Know.Image("gcr.io/distroless/nodejs")
	return a.in.Log.Runtime(func(r plan.Runtime) error {
		switch r {
		case plan.Scratch:
			return errors.New("JavaScript needs a runtime, and scratch is empty")
		case plan.Distroless:
			_, published := img.Release(rel.Version)
			switch {
			case a.bunImage || a.bun:
				return errors.New("the app runs on Bun, which distroless does not have")
			case !published:
				return fmt.Errorf("there is no distroless image of Node %s", rel.Version)
			case s.Shell != "":
				return errors.New("the start command needs a shell: " + plan.Printable(s.Shell, 60))
			case len(s.Argv) > 0 && s.Argv[0] != "node":
				return fmt.Errorf("the start command runs %s, which distroless does not have", plan.Printable(s.Argv[0], 40))
			case len(needs.spawns) > 0:
				return fmt.Errorf("the code starts %s (%s), which distroless does not have", plan.Printable(needs.spawns[0].Program.Text, 40), needs.spawns[0].Pos)
			case len(needs.debian) > 0:
				return fmt.Errorf("%s", needs.debian[0].For)
			case len(a.in.Settings.Packages) > 0:
				return errors.New("packages are asked for, which distroless cannot install")
			}
		case plan.Alpine:
			if !rel.Has("alpine") {
				return fmt.Errorf("there is no Alpine image of %s", rel.Version)
			}
			if needs.noAlpine != "" {
				return errors.New(needs.noAlpine)
			}
		case plan.Slim:
		}
		return nil
	})
}

// prodEnv are prod's variables: what the start command sets, what the
// framework needs, what makes the app listen.
func (a *app) prodEnv(s start, l listen, n needs) ([]plan.Env, error) {
	if a.fw.Site != nil {
		return nil, nil
	}
	list := [][2]string{{"NODE_ENV", "production"}}
	if a.bunImage && len(a.f.Deps) == 0 {
		list = nil
	}
	list = append(append(list, n.env...), n.prodEnv...)
	why := map[string]plan.Comment{}
	if a.fw.Server != nil {
		list = append(list, pairs(a.fw.Server.Env)...)
		for _, e := range a.fw.Server.Env {
			why[e.Name.String()] = e.Why
		}
	}
	list = append(list, l.Env...)
	list = append(list, s.Env...)
	out, err := envs(list)
	for i, e := range out {
		out[i].Why = why[e.Name.String()]
	}
	return out, err
}

// pairs are the names and values of variables.
func pairs(list []plan.Env) [][2]string {
	var out [][2]string
	for _, e := range list {
		out = append(out, [2]string{e.Name.String(), e.Value.Raw()})
	}
	return out
}

// envs makes variables; of equal names the last counts.
func envs(list [][2]string) ([]plan.Env, error) {
	var out []plan.Env
	for _, e := range list {
		v, err := plan.NewEnv(e[0], e[1])
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out, func(o plan.Env) bool { return o.Name == v.Name }); i >= 0 {
			out[i] = v
			continue
		}
		out = append(out, v)
	}
	return out, nil
}

// ignore is the .dockerignore.
func (a *app) ignore(b built, written []string) plan.Ignore {
	made := []string{"**/node_modules", "**/*.tsbuildinfo"}
	if a.pm.Name == "berry" {
		// .pnp.cjs is not asked for, but some tools follow it where it lies.
		made = append(made, ".pnp.*", ".yarn/install-state.gz", ".yarn/unplugged")
		if !a.hasDir(".yarn/cache") {
			made = append(made, ".yarn/cache")
		}
	}
	// Names that may be the repository's own are left out only where none is.
	coverage, logs := false, false
	for _, file := range a.tree().Files(a.f.Dir) {
		coverage = coverage || strings.Contains("/"+file, "/coverage/")
		logs = logs || strings.HasSuffix(file, ".log")
	}
	if !coverage {
		made = append(made, "**/coverage")
	}
	if !logs {
		made = append(made, "**/*.log")
	}
	for _, dir := range slices.Concat(b.outputs, a.fw.Build.Caches, a.fw.Build.Generated, written) {
		below := slices.ContainsFunc(made, func(m string) bool { return strings.HasPrefix(dir+"/", m+"/") })
		if dir != "." && !a.hasDir(dir) && !below {
			made = append(made, dir)
		}
	}
	groups := []plan.IgnoreGroup{{Heading: plan.NewComment("What is installed and built inside of the image"), Patterns: patterns("", made)}}
	if a.hidesNpmrc() {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewComment("It authenticates: the build takes it as a secret"), Patterns: plan.MustPatterns(".npmrc")})
	}
	if keep := patterns("!", a.fw.Build.EnvFiles); len(keep) > 0 {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewComment("The build writes these into the site, where anyone can read them"), Patterns: keep})
	}
	return image.Ignore(groups...)
}

// patterns are names of files behind a prefix; one that no pattern can hold
// is left out, so that the file stays as it is without it.
func patterns(prefix string, names []string) []plan.Pattern {
	var out []plan.Pattern
	for _, name := range names {
		if p, err := plan.NewPattern(prefix + name); err == nil {
			out = append(out, p)
		}
	}
	return out
}
