package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
)

// contents is what prod copies, and what a comment says of it, "" for nothing.
type contents struct {
	copies []plan.Artifact
	about  string
}

// packer gathers the COPY lines of prod.
type packer struct {
	project
	stage  plan.StageName // that holds the app and its dependencies, zero for none
	deps   plan.StageName // that holds what prod has of the dependencies
	hidden bool           // .yarn stays out of what is copied whole
	own    []folder       // that have packages of their own
	copies []plan.Artifact
	err    error // the first one
}

// add copies paths to a place: of a stage, or of the repository.
func (p *packer) add(stage plan.StageName, to string, paths ...string) {
	c, err := plan.NewCopy(to, paths...)
	if err != nil && p.err == nil {
		p.err = err
	}
	row := plan.Artifact{Stage: stage, Copy: c}
	if whole := image.Syntax(p.in) && len(paths) == 1 && (paths[0] == "." || paths[0] == p.in.Workdir()+"/"); whole && p.hidden && (p.app.HasDir(".yarn") || !stage.IsZero() && p.pm.Name == "berry") {
		row.Exclude = tokens(".yarn") // Yarn itself, its state, and the archives that it installs from
	}
	p.copies = append(p.copies, row)
}

// built copies a path of the stage to its place.
func (p *packer) built(dir string) { p.add(p.stage, dir, p.dir(dir)+"/") }

// last is the row that was added last.
func (p *packer) last() *plan.Artifact { return &p.copies[len(p.copies)-1] }

// modules copies what is installed.
func (p *packer) modules() {
	for _, dir := range localFolders(p.app.Root) {
		p.built(dir + "/")
	}
	p.add(p.deps, "node_modules/", p.dir("node_modules")+"/")
}

// inFolders copies what is installed in folders with packages of their own.
func (p *packer) inFolders() {
	for _, x := range p.own {
		if !x.runs || node.Outside(x.dir) {
			continue
		}
		p.built(path.Join(x.dir, "node_modules") + "/")
	}
}

// describe takes over what the framework says of a copy beside its paths.
func (p *packer) describe(x framework.Copy) {
	row := p.last()
	if x.Writable {
		row.Owner = image.NonRoot()
	}
	if x.Why != "" {
		row.Why = plan.NewComment(x.Why)
	}
	if x.Except != "" {
		p.except(row, x.Except)
	}
}

// except leaves a file or folder out of a row because the next one copies it, with the user as its owner. Without --exclude the row copies it
// too: with the same owner, since a folder that is there keeps the one it has.
func (p *packer) except(row *plan.Artifact, name string) {
	if !image.Syntax(p.in) {
		row.Owner = image.NonRoot()
		return
	}
	except, err := plan.NewToken(name)
	if err != nil && p.err == nil {
		p.err = err
	}
	row.Exclude = append(row.Exclude, except)
}

// decideContents decides what prod holds of the app.
func decideContents(p project, s start, i install, b build, sys system, runtime plan.Runtime, stage, modules plan.StageName) (contents, error) {
	f := p.app.Root
	pack := &packer{project: p, stage: stage, deps: modules, hidden: !sys.manager, own: i.folders}
	made := b.steps() || i.all // the stage has the app's code too
	units := parts(p.app, p.fw, s, sys)
	var about string
	switch out := outDir(p.app, s.code(), b); {
	case p.fw.Server != nil && p.fw.Server.Copies != nil && b.steps() && (p.fw.Server.Standalone || p.app.Member == nil):
		about = pack.framework(b, runtime)
	case b.deploy != "":
		pack.deployed(b.deploy)
		about = "is the folder that Rush made of " + plan.Printable(p.app.Member.Dir, 60) + ": the projects that it uses, and production dependencies."
	case len(units) > 0 && !stage.IsZero():
		pack.units(units, made)
		about = "has " + plan.Printable(p.app.Member.Dir, 60)
		if len(units) > 1 {
			about += ", the packages of the workspace that it uses,"
		}
		about += " and " + whose(b.prunes()) + "dependencies."
	case len(f.Packages) > 0 && !stage.IsZero():
		// Members are linked from node_modules to their folders.
		pack.add(stage, "./", p.in.Workdir()+"/")
		if !made {
			pack.add(plan.StageName{}, ".", ".")
		}
		about = "is the whole workspace: its packages are linked to one another."
	case b.steps() && out != "":
		if err := pack.compiled(s, b, out); err != nil {
			return contents{}, err
		}
		about = "has the compiled code"
		if b.modules {
			about += " and its production dependencies"
		}
		about += "; no "
		if runtime == plan.Distroless {
			about += "npm, no shell, no "
		}
		about += "compiler."
	case b.beside && !i.all:
		if b.modules {
			pack.modules()
		}
		pack.inFolders()
		pack.add(plan.StageName{}, ".", ".")
		for _, o := range b.made.paths {
			pack.output(o)
		}
		about = "has the source, what the build wrote for it to serve, and its dependencies."
	case made && !stage.IsZero():
		pack.add(stage, "./", p.in.Workdir()+"/")
	default:
		if b.modules {
			pack.modules()
		}
		pack.inFolders()
		pack.add(plan.StageName{}, ".", ".")
	}
	if b.modules {
		pack.links(i.near.links, made)
	}
	for i, dir := range b.writes {
		pack.add(stage, dir, p.in.Workdir()+"/"+dir)
		row := pack.last()
		row.Owner = image.NonRoot()
		if i == 0 {
			row.Why = plan.NewComment("The server writes here; a volume keeps the data.")
		}
	}
	return contents{pack.copies, about}, pack.err
}

func whose(pruned bool) string {
	if pruned {
		return "production "
	}
	return "its "
}

// framework copies what a framework's server needs of its build.
func (p *packer) framework(b build, runtime plan.Runtime) (about string) {
	server := p.fw.Server
	all := slices.ContainsFunc(server.Copies, func(x framework.Copy) bool { return x.From == "./" })
	if !server.Standalone {
		// A build that is the app's whole folder has a manifest of its own.
		if whole := all || slices.ContainsFunc(server.Copies, func(x framework.Copy) bool { return x.To == "./" && strings.HasSuffix(x.From, "/") }); !whole {
			p.add(p.stage, "./", p.dir(p.app.Root.Manifest))
		}
		if !all && b.modules {
			p.modules()
		}
	}
	for _, x := range server.Copies {
		p.add(p.stage, x.To, p.in.Workdir()+"/"+strings.TrimPrefix(x.From, "./"))
		p.describe(x)
	}
	absent := "; no source."
	if runtime == plan.Distroless {
		absent = "; no npm, no source."
	}
	switch {
	case all:
		return ""
	case server.Standalone:
		return "is what the build of " + p.fw.Name + " wrote, with the packages it uses" + absent
	case b.modules:
		return "is what the build of " + p.fw.Name + " wrote, and its production dependencies."
	}
	return "is what the build of " + p.fw.Name + " wrote" + absent
}

// output copies a file or a folder that the build wrote.
func (p *packer) output(name string) {
	if isFile(name) && !p.app.HasDir(name) {
		p.add(p.stage, path.Dir(name)+"/", p.dir(name))
		return
	}
	p.built(name + "/")
	if name == p.fw.Build.Output && p.fw.Build.Writable {
		row := p.last()
		row.Owner = image.NonRoot()
		row.Why = plan.NewComment("The server writes here.")
	}
}

// isFile reports whether an output is a file by its name.
func isFile(name string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".css", ".html", ".json", ".map", ".svg", ".txt", ".xml", ".yaml", ".yml", ".db"}, path.Ext(name)) && !strings.HasPrefix(path.Base(name), ".")
}

// compiled copies what the build wrote, and what the code may read when it runs.
func (p *packer) compiled(s start, b build, out string) error {
	extra, err := shipped(p.app.Tree, p.app.Root, out)
	if err != nil {
		return err
	}
	if s.Project.Name != "" {
		out, extra = path.Dir(s.file()), nil // the build copies what the program reads
	}
	p.add(p.stage, "./", p.dir(p.app.Root.Manifest))
	if b.modules {
		p.modules()
	}
	p.inFolders()
	p.built(out + "/")
	rest := slices.DeleteFunc(slices.Clone(b.made.paths), func(o string) bool { return within(o, out) || within(out, o) })
	if s.Project.Name != "" {
		rest = nil
	}
	for _, o := range rest {
		if !slices.ContainsFunc(extra, func(x string) bool { return strings.HasPrefix(o+"/", x) }) {
			p.output(o)
		}
	}
	for _, x := range extra {
		if slices.ContainsFunc(rest, func(o string) bool { return strings.HasPrefix(o+"/", x) }) {
			p.built(x) // the build writes into it
			continue
		}
		to := x
		if !strings.HasSuffix(x, "/") {
			to = "./"
		}
		p.add(plan.StageName{}, to, x)
	}
	return nil
}

// units copies the packages of the workspace that prod needs, with what is
// installed for them. made says that the stage has their code.
func (p *packer) units(units []*workspace.Unit, made bool) {
	p.built("node_modules/")
	for _, u := range units {
		if !made && len(u.Deps) == 0 {
			continue // nothing is installed for it
		}
		p.built(u.Dir + "/")
	}
	if !made {
		for _, u := range units {
			p.add(plan.StageName{}, u.Dir+"/", u.Dir+"/")
		}
		return
	}
	p.writable(p.app.Member.Dir+"/", p.in.Workdir())
}

// deployed copies the folder that the package manager made of the app.
func (p *packer) deployed(dir string) {
	p.add(p.stage, "./", dir+"/")
	p.writable("", dir)
}

// writable copies what the framework's server writes apart from the last row so far, which is of a folder that has it; at is where the stage has the app.
func (p *packer) writable(folder, at string) {
	if p.fw.Server == nil {
		return
	}
	whole := len(p.copies) - 1
	for _, x := range p.fw.Server.Copies {
		if !x.Writable {
			continue
		}
		p.except(&p.copies[whole], strings.TrimSuffix(strings.TrimPrefix(x.From, folder), "/"))
		p.add(p.stage, x.To, at+"/"+x.From)
		p.describe(x)
	}
}

// parts are the folders of the workspace that prod needs, nil where only the
// whole workspace is sure to hold what is run: a shell, a package manager or a
// compiler may read any of it, and so may code that climbs out of its package.
func parts(app workspace.App, fw framework.Framework, s start, sys system) []*workspace.Unit {
	if app.Member == nil || sys.manager || s.Shell != "" || fw.Site != nil {
		return nil
	}
	if file := s.file(); fw.Server == nil && (s.Argv[0] != "node" || isTypeScript(file) || slices.ContainsFunc(s.Argv, script.TakesValue)) {
		return nil
	}
	list := app.Closure(app.Member, true)
	unit := func(file string) string {
		for _, u := range list {
			if dir := app.Path(u.Dir); strings.HasPrefix(file, dir+"/") || file == dir {
				return dir
			}
		}
		return ""
	}
	for _, imports := range app.Own.Code.Local {
		if slices.ContainsFunc(imports, func(i string) bool { return unit(i) == "" }) {
			return nil
		}
	}
	for _, c := range app.Own.Code.Climbs {
		to := path.Join(path.Dir(c.Pos.File), c.Value)
		if unit(to) == "" || unit(to) != unit(c.Pos.File) || !app.Tree.Has(to) && !app.Tree.HasDir(to) {
			return nil
		}
	}
	return list
}

// outDir is the folder of compiled code that the app is run from, "" where
// the build writes beside its sources or elsewhere.
func outDir(app workspace.App, file string, b build) string {
	if b.whole {
		return ""
	}
	for _, dir := range b.outputs {
		if dir != "." && (strings.HasPrefix(file, dir+"/") || file == dir) && !app.HasDir(dir) {
			return dir
		}
	}
	return ""
}

// decideInit decides whether tini is PID 1:
// https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals.
func decideInit(p project, s start, c code) image.InitPlan {
	q := image.InitRequest{Program: "node", Command: s.Argv}
	if s.Shell != "" {
		q.Command = shellCommand(s.Shell)
	}
	if p.eng.Bun {
		q.Program = "bun"
	}
	if pos, handled := handlesSignals(p.app, s, c); handled {
		q.Handled, q.Pos = "the code handles SIGTERM itself", pos
	} else if p.fw.Server != nil && p.fw.Server.Signals {
		q.Handled, q.Pos = "the server of "+p.fw.Name+" handles SIGTERM itself", p.fw.Pos
	} else if row := serverOf(s); row.Signals && s.Shell == "" {
		q.Handled, q.Pos = row.Program+" handles SIGTERM itself", s.Pos
	}
	return image.Init(p.in, q)
}

// handlesSignals reports whether the code that runs has a handler of SIGTERM.
func handlesSignals(app workspace.App, s start, c code) (fact.Pos, bool) {
	if s.Shell != "" || len(app.Root.Packages) > 0 && app.Member == nil {
		return fact.Pos{}, false
	}
	for _, sig := range app.Root.Code.Signals {
		if sig.Name == "SIGTERM" && c.has(sig.Pos) {
			return sig.Pos, true
		}
	}
	return fact.Pos{}, false
}

// decideProbe decides HEALTHCHECK.
func decideProbe(p project, run *plan.Run, ports image.Ports, c code, runtime plan.Runtime) (*plan.Probe, error) {
	q := image.ProbeRequest{Ports: ports, Runtime: runtime, Ask: func(r plan.Runtime) image.Asker {
		switch {
		case r == plan.Scratch || r == plan.Distroless && p.eng.Bun:
			return image.Asker{}
		case r == plan.Distroless:
			return image.AskNode("/nodejs/bin/node", p.eng.major())
		case p.eng.Node == "":
			return image.AskBun()
		}
		return image.AskNode("node", p.eng.major())
	}}
	q.Script = func(file string) plan.Exec {
		program, full := "node", path.Clean(file)
		there := p.app.Has(file) || tsOf(p.app, file) != ""
		if u := p.app.Member; u != nil && run.Dir.Raw() == p.dir(u.Dir) {
			full = path.Join(u.Dir, file)
			there = p.app.Has(full) || source(p.app.Of(u, fact.Fact[string]{}), full) != ""
		} else if run.Dir.Raw() != "" {
			return nil
		}
		switch {
		case !there || !covers(run.Copies, full):
			return nil
		case runtime == plan.Distroless:
			program = "/nodejs/bin/node"
		case p.eng.Node == "":
			program = "bun"
		}
		return plan.Exec{program, file}
	}
	if p.fw.Server != nil && p.fw.Server.Health != "" {
		q.Framework = image.HealthRoute{Path: p.fw.Server.Health, Pos: p.fw.Pos, Rule: "a route that an app of " + p.fw.Name + " answers", Link: p.fw.Link}
	}
	if len(p.app.Root.Packages) == 0 || p.app.Member != nil {
		q.Routes = slices.DeleteFunc(slices.Clone(p.app.Root.Code.Routes), func(r effect.Route) bool { return !c.has(r.Pos) })
	}
	return image.Probe(p.in, q)
}
