// Package node decides how a JavaScript or TypeScript repository is
// installed, built and run.
package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// project is the app with what runs it and what installs it. Nothing changes it.
type project struct {
	in  record.Input
	app workspace.App
	pm  manager.Manager
	fw  framework.Framework
	eng engine
	// part says that it is a front end of another app, in whose build context its folder lies.
	part bool
	// served are the folders, in the repository or not, that its program hands out.
	served []string
}

// dir is where the image has a folder or file of the app.
func (p project) dir(name string) string { return path.Join(p.in.Workdir(), name) }

// name is the name of the app's image.
func (p project) name() string {
	if p.app.Project.Name != "" {
		return image.Name(p.app.Project.Name, p.in.Name)
	}
	if p.in.File != "" { // one of several apps of the workspace
		return image.Name(p.app.Own.Name.Value, p.in.Name)
	}
	return image.Name(p.app.Root.Name.Value, p.in.Name)
}

// Decide makes the plan of a Node repository: first what the app is, what runs
// it and what starts it, then what prod is and does, then the stages.
func Decide(in record.Input, f *node.Facts) (*plan.App, error) {
	if err := checkRush(f); err != nil {
		return nil, err
	}
	pm, err := manager.Decide(in, f, func(needs string) bool { return runsOnAsked(in, f, needs) })
	if err != nil {
		return nil, err
	}
	app, fw, err := decideApp(in, f, pm)
	if err != nil {
		return nil, err
	}
	if err := checkKind(in, app, fw); err != nil {
		return nil, err
	}
	fw.Record(in.Log)
	eng, pm, err := decideEngine(in, app, pm, fw)
	if err != nil {
		return nil, err
	}
	p := project{in: in, app: app, pm: pm, fw: fw, eng: eng}
	if fw.Site != nil {
		in.Log.Lesser(kind.Beside(kindOf(in, app, fw, code{})))
		findBeside(p, code{})
		return decideSite(p)
	}
	s, err := decideStart(p)
	if err != nil {
		return nil, err
	}
	if err := delegated(p, s); err != nil {
		return nil, err
	}
	c := codeOf(app, s)
	if len(in.Settings.Start) == 0 {
		in.Log.Lesser(kind.Beside(kindOf(in, app, fw, c)))
	}
	if err := uninstalled(p, s, c); err != nil {
		return nil, err
	}
	ports, s, err := decidePort(p, s, c)
	if err != nil {
		return nil, err
	}
	keep := keptDev(app, fw, s, c, ownProduction(in))
	sys, err := decideSystem(p, s, c, keep.dep.Name != "")
	if err != nil {
		return nil, err
	}
	runtime, err := decideRuntime(p, s, sys)
	if err != nil {
		return nil, err
	}
	opened := filesOf(p, s)
	p.served = opened.served()
	more := decideFurther(p, s)
	findBeside(p, c)
	if err := takeFrontEnds(&p, s, opened, more); err != nil {
		return nil, err
	}
	folders, err := decideFolders(p, s, c, more)
	if err != nil {
		return nil, err
	}
	i, err := decideInstall(p, sys, folders)
	if err != nil {
		return nil, err
	}
	b, err := decideBuild(p, s, i, sys, keep, more)
	if err != nil {
		return nil, err
	}

	images, err := imagesOf(p, runtime)
	if err != nil {
		return nil, err
	}
	packages, err := image.Install(in, runtime, sys.System)
	if err != nil {
		return nil, err
	}
	// With packages to install, prod is made of base, so that dev and test have them too.
	ofBase := runtime != plan.Distroless && (len(packages) > 0 || sys.manager && pm.Name != "npm" && eng.Node != "")
	init := decideInit(p, s, c)
	if init.Needed && len(packages) > 0 {
		packages = append(packages, init.System())
		init.Installed = true
	}
	t, err := stagesFor(p, s, developedAs(p, s, ports), i, b, images, packages, runtime != plan.Alpine)
	if err != nil {
		return nil, err
	}
	prod, err := decideProd(p, s, c, opened, ports, i, b, sys, runtime, images, init, ofBase, t)
	if err != nil {
		return nil, err
	}
	before := migrations(p, s, c)
	kind := plan.Server
	switch {
	case len(ports.List) > 0:
	case in.Log.WhyLesser() != nil, imported(app):
		kind = plan.Job
	default:
		kind = plan.Worker
	}
	return &plan.App{
		Name: p.name(), Kind: kind,
		Image:  plan.Image{Syntax: image.Syntax(in), Checks: checks(fw), Stages: append(slices.Concat(t.list(), prod.stages), plan.Stage{Block: "prod", Data: prod.run})},
		Run:    prod.run,
		Beside: before,
		Ignore: decideIgnore(p, opened.reads(), b, prod.made),
		Needs:  p.needs(s, i),
	}, nil
}

// decideSite is Decide of a site: the build writes files, and a web server
// answers with them.
func decideSite(p project) (*plan.App, error) {
	sayOthers(p)
	folder, err := plan.NewPath(p.dir(p.fw.Build.Output) + "/")
	if err != nil {
		return nil, record.Refuse(p.fw.Pos, "use letters, digits, dots and hyphens", "the folder of this %s app cannot be served: %v", p.fw.Name, err)
	}
	run, err := image.ServeSite(p.in, image.SiteRequest{
		Site: *p.fw.Site, Stage: p.in.Stage("build"), Folder: folder, Pos: p.fw.Pos, Link: p.fw.Link, Passes: p.passes(),
		Rule:  "the build writes files for a browser: a web server serves them",
		About: "prod is the built site behind an unprivileged web server: no Node, no source.",
	})
	if err != nil {
		return nil, err
	}
	s := start{Project: p.app.Project}
	sys, err := decideSystem(p, s, code{}, false)
	if err != nil {
		return nil, err
	}
	folders, err := decideFolders(p, s, code{}, further{})
	if err != nil {
		return nil, err
	}
	i, err := decideInstall(p, sys, folders)
	if err != nil {
		return nil, err
	}
	b, err := decideBuild(p, s, i, sys, kept{}, further{})
	if err != nil {
		return nil, err
	}
	images, err := imagesOf(p, plan.Slim)
	if err != nil {
		return nil, err
	}
	t, err := stagesFor(p, s, developed{s, image.Ports{List: run.Ports}}, i, b, images, nil, true)
	if err != nil {
		return nil, err
	}
	return &plan.App{
		Name: p.name(), Kind: plan.Site,
		Image:   plan.Image{Syntax: image.Syntax(p.in), Checks: checks(p.fw), Stages: append(t.list(), plan.Stage{Block: "prod", Data: run})},
		Run:     run,
		Passes:  passedTo(p.app.Own.Passes),
		Ignore:  decideIgnore(p, nil, b, nil),
		Needs:   p.needs(s, i),
		Outputs: []plan.Artifact{{Stage: p.in.Stage("build"), Copy: plan.Copy{From: []plan.Path{folder}, To: plan.MustPath(".")}}},
	}, nil
}

// passes are the paths that the site's web server passes on.
func (p project) passes() (out []image.Pass) {
	for _, x := range p.app.Own.Passes {
		out = append(out, image.Pass(x))
	}
	return out
}

// checks are the rules of BuildKit's linter that the file breaks on purpose: a
// build argument has the name of a secret, though browsers load its value.
func checks(fw framework.Framework) []plan.Token {
	if fw.Build.LooksSecret {
		return tokens("SecretsUsedInArgOrEnv")
	}
	return nil
}

// images are those that the stages start from.
type images struct {
	base plan.Ref // of Node, or of Bun
	bun  plan.Ref // that Bun's program is copied from, zero for none
}

// imagesOf are the images for a runtime: what is installed on one C library does not
// run on the other.
func imagesOf(p project, runtime plan.Runtime) (images, error) {
	var out images
	of, tag := plan.Slim, "1"
	if runtime == plan.Alpine {
		of, tag = plan.Alpine, "1-alpine"
	}
	var err error
	if out.base, err = p.eng.images().Ref(p.in.Know, p.eng.Version, of, ""); err != nil {
		return out, err
	}
	if p.eng.Node != "" && (p.eng.Bun || p.pm.Name == "bun") {
		out.bun, err = plan.NewRef("oven/bun", tag)
	}
	return out, err
}

// stages are those before prod; nil for one that is not needed.
type stages struct {
	base    *Base
	deps    *Deps
	dev     *Dev
	test    *Test
	build   *Build
	modules *Modules
}

// stagesFor makes the stages before prod. packages are what the app needs at run time,
// so that dev and test have it too; debian says that they are of Debian.
func stagesFor(p project, s start, dev developed, i install, b build, images images, packages []plan.System, debian bool) (stages, error) {
	var t stages
	var err error
	if t.base, err = baseStage(p, images); err != nil {
		return t, err
	}
	if debian {
		t.base.Debian = packages
	} else {
		t.base.Alpine = packages
	}
	parent := plan.FromStage(t.base.Name)
	if i.needed {
		if t.deps, err = depsStage(p, i, debian, packages); err != nil {
			return t, err
		}
		parent = plan.FromStage(t.deps.Name)
	}
	if t.dev, err = devStage(p, dev, i, parent, debian); err != nil {
		return t, err
	}
	if t.test, err = testStage(p, s, i, b, parent); err != nil {
		return t, err
	}
	if t.build, err = buildStage(p, i, b, parent); err != nil {
		return t, err
	}
	t.modules, err = modulesStage(p, i, b)
	return t, err
}

// list are the stages in their order.
func (t stages) list() []plan.Stage {
	out := []plan.Stage{{Block: "node/base", Data: t.base}}
	if t.deps != nil {
		out = append(out, plan.Stage{Block: "node/deps", Data: t.deps})
	}
	out = append(out, plan.Stage{Block: "node/dev", Data: t.dev}, plan.Stage{Block: "node/test", Data: t.test})
	if t.build != nil {
		out = append(out, plan.Stage{Block: "node/build", Data: t.build})
	}
	if t.modules != nil {
		out = append(out, plan.Stage{Block: "node/modules", Data: t.modules})
	}
	return out
}

// app is the stage that has the app, and what is installed for it; zero for none.
func (t stages) app() plan.StageName {
	switch {
	case t.build != nil:
		return t.build.Name
	case t.modules != nil:
		return t.modules.Name
	case t.deps != nil:
		return t.deps.Name
	}
	return plan.StageName{}
}

// installed is the stage that has what prod has of the dependencies.
func (t stages) installed() plan.StageName {
	if t.modules != nil {
		return t.modules.Name
	}
	return t.app()
}

// prod is the last stage, and those that are made for it alone.
type prod struct {
	run    *plan.Run
	stages []plan.Stage
	made   []string // folders that the app writes to, but the repository does not have
}

// decideProd decides what the image holds and does.
func decideProd(p project, s start, c code, opened opened, ports image.Ports, i install, b build, sys system, runtime plan.Runtime, images images, init image.InitPlan, ofBase bool, t stages) (prod, error) {
	var out prod
	has, err := decideContents(p, s, i, b, sys, runtime, t.app(), t.installed())
	if err != nil {
		return out, err
	}
	env, err := image.Env(p.in, prodEnv(p, s, ports, sys)...)
	image.Require(p.in, required(p, s, c), env)
	if err != nil {
		return out, err
	}
	run := &plan.Run{
		Head:    plan.Head{Name: p.in.Stage("prod")},
		Runtime: runtime, Env: env, User: image.NonRoot(), Ports: ports.List,
	}
	if runtime == plan.Distroless {
		s = p.byFile(s)
	}
	run.Cmd = plan.Exec(slices.Clone(s.Argv))
	if has.about != "" {
		run.About = []plan.Comment{plan.NewComment(p.in.Stage("prod").String() + " " + has.about)}
	}
	if s.Shell != "" {
		run.Cmd = shellCommand(s.Shell)
	}
	switch {
	case runtime == plan.Distroless:
		ref, err := p.eng.images().Ref(p.in.Know, p.eng.Version, runtime, "")
		if err != nil {
			return out, err
		}
		run.From = plan.FromImage(ref)
	case ofBase:
		run.From = plan.FromStage(t.base.Name)
	default:
		run.From = plan.FromImage(images.base)
	}
	if run.From.Stage().IsZero() {
		if run.Workdir, err = plan.NewPath(p.in.Workdir()); err != nil {
			return out, err
		}
		spawnsBun := slices.ContainsFunc(sys.starts, func(x effect.Exec) bool { return x.Program.Text == "bun" || x.Program.Text == "bunx" })
		if !images.bun.IsZero() && (p.eng.Bun || spawnsBun) && runtime != plan.Distroless {
			run.Copies = append(run.Copies, bunProgram(images.bun))
		}
	}
	if i.needed && usesBin(s) {
		path, err := p.binPath(s.Dir)
		if err != nil {
			return out, err
		}
		run.Env = append(run.Env, path)
	}
	if s.Dir != "" {
		if run.Dir, err = plan.NewPath(p.dir(s.Dir)); err != nil {
			return out, err
		}
	}
	run.Copies = append(run.Copies, has.copies...)
	stage := plan.StageName{}
	if t.build == nil {
		run.Copies = append(run.Copies, p.in.Imports...)
	} else {
		stage = t.build.Name
	}
	w, err := decideWrites(p, opened, b.outputs, stage, plan.FromStage(t.base.Name), sys, runtime)
	if err != nil {
		return out, err
	}
	read, err := opened.missing(p, slices.Concat(run.Copies, w.Copies))
	if err != nil {
		return out, err
	}
	run.Copies = append(run.Copies, read...)
	for _, a := range p.in.Imports {
		if !covers(run.Copies, path.Clean(a.Copy.To.Raw())) {
			run.Copies = append(run.Copies, a)
		}
	}
	for _, a := range run.Copies {
		if a.Owner != (plan.User{}) {
			run.Writes = append(run.Writes, a.Copy.To)
		}
	}
	run.Uses = plan.StagesOf(run.Copies)
	out.stages = w.Apply(run)
	for _, d := range w.Dirs {
		if dir, ok := strings.CutPrefix(d.Raw(), p.in.Workdir()+"/"); ok {
			out.made = append(out.made, dir)
		}
	}
	var entry plan.Exec // of the image
	if runtime == plan.Distroless {
		entry, run.Cmd = plan.Exec{"/nodejs/bin/node"}, run.Cmd[1:]
	}
	out.stages = append(init.Apply(p.in, run, plan.FromStage(t.base.Name), entry), out.stages...)
	run.Probe, err = decideProbe(p, run, ports, c, runtime)
	out.run = run
	return out, err
}

// byFile is the start command with node and the file of a program of dependencies in its place, where that is known.
func (p project) byFile(s start) start {
	row := serverOf(s)
	if row.File == "" || s.Shell != "" || s.Dir != "" || p.app.Member != nil || len(p.app.Root.Packages) > 0 || p.eng.Bun || p.pm.PnP(p.app.Root) || !p.app.Root.Has(node.PackageOf(row.File)) {
		return s
	}
	s.Argv = append([]string{"node", path.Join("node_modules", row.File)}, s.Argv[1:]...)
	return s
}

// usesBin reports whether the start command runs programs of dependencies.
func usesBin(s start) bool {
	if s.Shell != "" {
		return len(s.Programs) > 0
	}
	return s.Argv[0] != "node" && s.Argv[0] != "bun" && !strings.Contains(s.Argv[0], "/")
}

// prodEnv are prod's variables: what the start command sets, what the
// framework needs, what makes the app listen. Of equal names the last counts, in the
// place of the first.
func prodEnv(p project, s start, ports image.Ports, sys system) []plan.Env {
	var list []plan.Env
	if p.eng.Node != "" || len(p.app.Root.Deps) > 0 {
		list = append(list, plan.MustEnv("NODE_ENV", "production"))
	}
	list = append(list, sys.Env...)
	if p.fw.Server != nil {
		list = append(list, p.fw.Server.Env...)
	}
	return slices.Concat(list, ports.Env, s.Env, ports.Env)
}
