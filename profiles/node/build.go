package node

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// build is how the app is built, and which dependencies prod has.
type build struct {
	run     [][]string // the commands that build; none: nothing is built
	prune   [][]string // take devDependencies out of what is installed
	alone   []string   // installs production dependencies in a stage of their own instead
	env     []plan.Env
	why     string      // what the variables are for: a sentence without its subject, the build
	modules bool        // prod ships node_modules
	outputs []string    // folders that the build writes
	writes  []string    // folders that the framework's server writes
	made    outputs     // what the scripts write, as far as it can be told
	beside  bool        // nothing is built but what the app serves beside its own code
	whole   bool        // what else a step writes is not known
	fetches bool        // a step installs packages
	deploy  string      // the folder that a command of the manager makes of what prod has, "" for none
	texts   []plan.File // which it reads
	above   []string    // what it reads beside the folder of a part: "../schema.graphql"
}

// steps reports whether something is built.
func (b build) steps() bool { return len(b.run) > 0 }

// prunes reports whether prod has production dependencies alone.
func (b build) prunes() bool { return len(b.prune) > 0 || b.alone != nil }

// decideBuild decides what the build runs, and what becomes of the dependencies.
func decideBuild(p project, s start, i install, sys system, keep kept, more further) (build, error) {
	f := p.app.Root
	var b build
	var err error
	if b.env, b.why, err = buildEnv(p.in, f, p.fw.Build); err != nil {
		return b, err
	}
	generate, env := generateClients(p.app, p.pm)
	if len(env) > 0 {
		b.env = image.SetEnv(b.env, env...)
		b.why = cmp.Or(b.why, "has a placeholder for the variable that Prisma's configuration reads: generating the client does not use it.")
	}
	if given := givenVariables(p); len(given) > 0 {
		b.env = image.SetEnv(b.env, given...)
		b.why = cmp.Or(b.why, "has the variables with which "+image.OwnName(p.in)+" builds.")
	}
	secrets, err := b.placeholders(p)
	if err != nil {
		return b, err
	}
	ch := plan.Choice{Key: "build"}
	b.run = buildCommands(p, s, &ch)
	built := slices.Clone(b.run)
	b.besides(p, &ch)
	if n := len(built); n > 0 && len(secrets) > 0 {
		i := slices.IndexFunc(b.run, func(c []string) bool { return slices.Equal(c, built[n-1]) })
		b.run = slices.Clone(b.run)
		b.run[i] = slices.Concat([]string{"env"}, secrets, b.run[i])
	}
	b.further(p, s, more, &ch)
	b.local(p, &ch)
	if len(generate) > 0 {
		b.run = append(generate, b.run...)
		b.beside = false
		b.made.paths = append(b.made.paths, slices.DeleteFunc(slices.Clone(f.Prisma.Outputs), func(dir string) bool { return p.app.HasDir(topOf(dir)) })...)
	}
	if b.steps() {
		ch.Value = join(b.run)
		p.in.Log.Choose(ch)
	}
	if p.fw.Used() && p.fw.Build.Output != "" {
		b.outputs = append(b.outputs, p.fw.Build.Output)
	}
	if f.TSConfig != nil && f.TSConfig.OutDir.Found() && !strings.HasPrefix(f.TSConfig.OutDir.Value, "..") {
		b.outputs = append(b.outputs, f.TSConfig.OutDir.Value)
	}
	if top, _, ok := strings.Cut(s.code(), "/"); ok && b.steps() && top != "node_modules" && !p.app.HasDir(top) {
		b.outputs = append(b.outputs, top)
	}
	slices.Sort(b.outputs)
	b.outputs = slices.Compact(b.outputs)
	if p.fw.Server != nil && b.steps() {
		b.writes = p.fw.Server.Writes
	}

	b.modules = p.fw.Site == nil && i.needed && (p.fw.Server == nil || !p.fw.Server.Standalone)
	hasProd := slices.ContainsFunc(f.Deps, func(d node.Dep) bool { return d.Kind == node.Prod || d.Kind == node.Optional || d.Kind == node.Peer })
	if len(f.Packages) == 0 && !hasProd && keep.dep.Name == "" || i.apart {
		b.modules = false
	}
	units := parts(p.app, p.fw, s, sys)
	dev := hasDev(p.app.Deps())
	if b.modules && p.pm.Deploy != nil && p.app.Member != nil {
		return b, b.deploys(p, s, keep)
	}
	if b.modules && (dev || p.leaves(units)) {
		switch pos, why, hint := p.pm.KeepsAll(f); {
		case why != "" && !dev:
		case keep.dep.Name != "":
			p.in.Log.Note(keep.dep.Pos, keep.why, "make "+keep.dep.Name+" one of the dependencies: then prod leaves the rest of devDependencies out")
		case why != "":
			p.in.Log.Note(pos, why, hint)
		default:
			if apart(p.app, p.fw, s, i, sys, b) {
				b.alone = p.pm.ProductionInstall(f, p.eng.Node)
			}
			if b.alone == nil {
				only := ""
				if len(units) > 0 {
					only = p.app.Member.Name
				}
				b.prune = p.pm.PruneCommands(f, p.eng.Node, only, workspace.ModuleFolders(p.members()))
			}
			recordPrune(p, b)
			if len(i.extra.list) > 0 && len(b.prune) > 0 { // npm prune takes them out, too
				b.prune = append(slices.Clone(b.prune), i.extra.command(true, npmFlags(p.pm.InstallCommand())))
				b.fetches = true
			}
		}
	}
	if p.fw.Site == nil && (p.fw.Server == nil || !p.fw.Server.Standalone) {
		for _, x := range i.folders {
			if x.prune != nil && (x.runs || !b.beside) {
				b.prune = append(b.prune, x.prune)
			}
		}
	}
	return b, nil
}

// maxPlaceholders bounds the variables that a build has placeholders for.
const maxPlaceholders = 8

// placeholders gives the build of a framework that loads the app's code, as Next.js does to find out what its pages
// are, a value for each variable without which that code throws. Those whose names are of secrets come back as words
// for the command alone: in ENV they would look like secrets.
func (b *build) placeholders(p project) (secrets []string, err error) {
	if p.fw.Build.Loads == "" || p.fw.Server == nil || len(b.env) > len(p.fw.Build.Env) {
		return nil, nil // the build does not look, or has been told so
	}
	var names []string
	for _, e := range p.app.Own.Code.Env {
		if !e.Required || !plan.IsEnvName(e.Name) || slices.Contains(names, e.Name) || len(names) == maxPlaceholders || e.Name == "NODE_ENV" ||
			slices.ContainsFunc(p.fw.Build.Args, func(a framework.Arg) bool { return a.Env.Name.String() == e.Name }) {
			continue
		}
		value, err := plan.NewEnv(e.Name, placeholder(p.app.Own, e.Name))
		if err != nil {
			return nil, err
		}
		if names = append(names, e.Name); secret.Linted(e.Name) {
			secrets = append(secrets, value.Name.String()+"="+value.Value.Raw())
		} else {
			b.env = image.SetEnv(b.env, value)
			b.why = cmp.Or(b.why, "has a placeholder for what the code asks for while it is built; prod does not have it.")
		}
		if len(names) == 1 {
			p.in.Log.Choose(plan.Choice{Key: "build.placeholders", Value: value.String(), Pos: record.At(e.Pos), Link: p.fw.Build.Loads, Rule: "the build loads the code, which throws without it; prod gets it from who runs it"})
		}
	}
	return secrets, nil
}

// placeholder is a value of the form that code wants of a variable: an address is parsed, and nothing is there.
func placeholder(f *node.Facts, name string) string {
	upper := strings.ToUpper(name)
	if !strings.HasSuffix(upper, "URL") && !strings.HasSuffix(upper, "URI") {
		return unusedValue
	}
	if strings.Contains(upper, "REDIS") {
		return "redis://localhost:6379"
	}
	for _, row := range []struct{ address, words string }{
		{"postgresql://localhost:5432/unused", "pg postgres @prisma/adapter-pg @neondatabase/serverless @vercel/postgres"},
		{"mysql://localhost:3306/unused", "mysql mysql2 mariadb"},
		{"mongodb://localhost:27017/unused", "mongodb mongoose"},
	} {
		scheme, _, _ := strings.Cut(row.address, ":")
		database := strings.Contains(upper, "DATABASE") || strings.Contains(upper, "DB") || strings.Contains(upper, strings.ToUpper(scheme[:5]))
		if database && slices.ContainsFunc(strings.Fields(row.words), f.Has) {
			return row.address
		}
	}
	return "http://localhost"
}

// leaves reports whether the command that takes devDependencies out also takes out the packages of members that prod, which has the units, is
// without, where the install needs all members. Those of the root, which members find too, are not to be lost.
func (p project) leaves(units []*workspace.Unit) bool {
	own := slices.ContainsFunc(p.app.Root.Deps, func(d node.Dep) bool { return d.Kind == node.Prod })
	return !own && len(units) > 0 && len(p.pm.PruneMember) > 0 && slices.ContainsFunc(p.members(), func(u workspace.Unit) bool {
		return len(u.Deps) > 0 && !slices.ContainsFunc(units, func(x *workspace.Unit) bool { return x.Dir == u.Dir })
	})
}

// recordPrune writes down how devDependencies stay out of prod.
func recordPrune(p project, b build) {
	ch := plan.Choice{Key: "node.prune", Value: join(b.prune), Rule: "prod has no devDependencies: they are removed from what is installed", Link: p.pm.Source}
	if d := slices.IndexFunc(p.app.Deps(), func(d node.Dep) bool { return d.Kind == node.Dev }); d >= 0 {
		ch.Pos = record.At(p.app.Deps()[d].Pos)
	} else {
		ch.Rule, ch.Pos = "prod has no packages of the workspace's other members: they are removed from what is installed", record.At(p.app.Manifest())
	}
	if b.alone != nil {
		ch.Value, ch.Rule = strings.Join(b.alone, " "), "prod has no devDependencies: production's alone are installed in a stage of their own"
	}
	p.in.Log.Choose(ch)
}

// further adds the steps that make what the program runs or serves and the build script
// does not write.
func (b *build) further(p project, s start, more further, ch *plan.Choice) {
	f := p.app.Root
	if p.app.Member != nil {
		return
	}
	b.beside = len(b.run) == 0 && len(more.scripts)+len(more.folders) > 0
	if (len(b.run) > 0 || b.beside) && p.fw.Server == nil && p.fw.Site == nil {
		b.made = more.made
		b.outputs = append(b.outputs, b.made.paths...)
	}
	b.whole = len(b.made.unknown) > 0 && slices.ContainsFunc(b.made.paths, func(dir string) bool { return within(s.code(), dir) })
	var why []string
	for _, name := range more.scripts {
		b.run = append(b.run, p.pm.Script(name))
		why = append(why, "the "+plan.Printable(name, 40)+" script")
		for _, step := range script.StepsOf(f, []script.Command{{Argv: []string{"npm", "run", name}}}) {
			b.fetches = b.fetches || script.Installs(step.Argv)
		}
		if ch.Pos == nil {
			ch.Pos = record.At(f.Scripts[name].Pos)
		}
	}
	for _, dir := range more.folders {
		b.run = append(b.run, buildIn(p, dir))
		why = append(why, "the build script of "+plan.Printable(dir, 60))
		if ch.Pos == nil {
			ch.Pos = record.At(p.app.At(dir))
		}
	}
	if len(why) == 0 {
		return
	}
	rule := strings.Join(why, " and ") + " makes what the app runs or serves and no other step writes"
	if ch.Rule != "" {
		rule = ch.Rule + "; " + rule
	}
	ch.Rule = rule
}

// local adds the builds of the packages of other folders that the app's own build does not make.
func (b *build) local(p project, ch *plan.Choice) {
	list := linkedBuilds(p.app, p.pm, p.pm)
	if p.app.Member != nil || len(list) == 0 {
		return
	}
	b.run, b.beside = append(list, b.run...), false
	if ch.Rule == "" {
		ch.Rule, ch.Pos = "what node_modules links to is built first", record.At(linked(p.app.Root, p.pm)[0].Dep.Pos)
	}
}

// besides adds the scripts that the repository's own files run before and after the build script.
func (b *build) besides(p project, ch *plan.Choice) {
	f := p.app.Root
	name, _, ok := script.Build(f)
	if !ok || p.app.Member != nil || len(b.run) != 1 || !slices.Equal(b.run[0], p.pm.Script(name)) {
		return
	}
	first, then := script.Beside(f, name)
	var before, after [][]string
	take := func(to *[][]string, list []fact.Fact[string], when string) {
		for _, s := range list {
			above, ok := p.above(f.Scripts[s.Value].Value)
			if !ok {
				p.in.Log.Note(f.Scripts[s.Value].Pos, "the script "+plan.Printable(s.Value, 40)+", which "+s.Pos.String()+" runs "+when+" the build, needs files outside of the build context: it is not run",
					"commit what it makes")
				continue
			}
			b.above = append(b.above, above...)
			*to = append(*to, p.pm.Script(s.Value))
			ch.Rule += "; " + image.DisplayName(p.in, s.Pos) + " runs the " + plan.Printable(s.Value, 40) + " script " + when + " it"
		}
	}
	take(&before, first, "before")
	take(&after, then, "after")
	b.run = slices.Concat(before, b.run, after)
}

// above is what a script reads beside the app's folder; ok is false if the build has none of it.
func (p project) above(text string) (list []string, ok bool) {
	for w := range strings.FieldsSeq(text) {
		_, w, _ = strings.Cut("="+w, "../")
		name := path.Clean(strings.TrimLeft(strings.Trim(w, "\"'"), "/"))
		at := path.Join(path.Dir(path.Clean(p.app.Root.Dir)), name)
		switch {
		case w == "":
			continue
		case !p.part || name == "." || strings.HasPrefix(name, ".."):
			return nil, false
		case p.in.Tree.HasDir(at):
			name += "/"
		case !p.in.Tree.Has(at):
			return nil, false
		}
		if !slices.Contains(list, "../"+name) {
			list = append(list, "../"+name)
		}
	}
	return list, true
}

// buildIn runs the build script of a folder with packages of its own.
func buildIn(p project, dir string) []string {
	if slices.ContainsFunc(p.app.Root.Packages, func(u node.WorkspaceUnit) bool { return u.Dir == dir }) {
		return p.pm.MemberScript(dir, "build")
	}
	return scriptIn(p.pm, dir, "build")
}

// scriptIn runs a script of a folder with a manifest of its own that is no member of the workspace.
func scriptIn(run manager.Manager, dir, name string) []string {
	if run.Name == "npm" || run.Name == "berry" {
		return []string{"npm", "run", name, "--prefix", dir}
	}
	return run.MemberScript(dir, name)
}

// apart reports whether prod takes what is installed apart from the rest of the
// app, and nothing has to be there for it but the manifests.
func apart(app workspace.App, fw framework.Framework, s start, i install, sys system, b build) bool {
	switch {
	case i.all || len(i.folders) > 0 || sys.manager || len(i.debian) > 0 || len(i.alpine) > 0:
		return false // a second install would take the compilers, too
	case !b.steps():
		return true
	case fw.Server != nil && fw.Server.Copies != nil:
		return !slices.ContainsFunc(fw.Server.Copies, func(x framework.Copy) bool { return x.From == "./" })
	}
	return outDir(app, s.code(), b) != ""
}

// buildCommands are the commands that build the app; ch takes why.
func buildCommands(p project, s start, ch *plan.Choice) [][]string {
	f := p.app.Root
	name, text, has := script.Build(f)
	if run := nxBuild(f, p.pm, s.Project); run != nil {
		ch.Rule, ch.Pos = "what prod runs is written by the build of "+plan.Printable(s.Project.Name, 40), record.At(s.Project.Executor.Pos)
		return [][]string{run}
	}
	if has && (p.fw.Build.Command == nil || !p.fw.Used() || p.app.Member != nil) && buildsAll(p.app, text.Value) && !p.ownBuild(text.Value) {
		ch.Rule, ch.Pos = "the "+name+" script of "+f.Manifest, record.At(text.Pos)
		return [][]string{rootBuild(p.app, p.pm, name, text.Value)}
	}
	if run := memberBuild(p); len(run) > 0 {
		ch.Rule, ch.Pos = "how "+p.app.Member.Dir+" is built, after what it uses", record.At(fact.At(path.Join(p.app.Own.Dir, p.app.Own.Manifest), 0))
		return run
	}
	switch {
	case p.fw.Used() && len(p.fw.Build.Command) > 0:
		return [][]string{frameworkBuild(f, p.pm, p.fw, ch)}
	case len(s.Before) > 0:
		var run [][]string
		for _, c := range s.Before {
			if fileTools[c.Argv[0]] {
				run = append(run, c.Argv)
			} else {
				run = append(run, p.pm.Program(c.Argv...))
			}
		}
		ch.Rule, ch.Pos = "there is no build script, and the start command compiles first", record.At(s.Pos)
		return run
	case s.Compiler.Name != "":
		ch.Rule, ch.Pos = "there is no build script, and Node cannot run the TypeScript by dropping the types", record.At(f.Code.Untyped)
		return [][]string{p.pm.Program(s.Compiler.Argv...)}
	case source(p.app, s.file()) != "" && !p.app.Has(s.file()):
		ch.Rule, ch.Pos = "there is no build script, and what is run is compiled from TypeScript", record.At(p.app.At(f.TSConfig.File))
		return [][]string{p.pm.Program(append([]string{"tsc"}, rootFlag(p.app)...)...)}
	}
	return nil
}

// frameworkBuild is the build of a repository without a build script: a
// script of another name, with all that it runs, or the framework's command.
func frameworkBuild(f *node.Facts, pm manager.Manager, fw framework.Framework, ch *plan.Choice) []string {
	if sc, ok := f.Script(fw.Build.Script); ok {
		ch.Rule, ch.Pos = "the "+fw.Build.Script+" script of "+f.Manifest, record.At(sc.Pos)
		return pm.Script(fw.Build.Script)
	}
	ch.Rule, ch.Pos, ch.Link = "how "+fw.Name+" is built; there is no build script", record.At(fw.Pos), fw.Link
	return pm.Program(fw.Build.Command...)
}

// memberBuild are the commands that build the member, after what it uses; nil
// where the app is the root, or nothing builds it.
func memberBuild(p project) [][]string {
	u := p.app.Member
	if u == nil {
		return allBuilds(p)
	}
	own := u.Scripts["build"].Value != "" || p.app.Root.Rush != nil && u.Scripts["_phase:build"].Value != ""
	var run [][]string
	for _, x := range p.buildInto(u) {
		run = append(run, p.pm.MemberScript(x.Dir, "build"))
	}
	if all, ok := p.pm.BuildWithUses(u.Dir, "build"); ok && own && rushBuilds(p.app) {
		return append(run, all)
	}
	for _, x := range p.app.Closure(u, false) {
		if x.Scripts["build"].Value != "" && x != u {
			run = append(run, p.pm.MemberScript(x.Dir, "build"))
		}
	}
	switch {
	case own:
		run = append(run, p.pm.MemberScript(u.Dir, "build"))
	case p.fw.Used() && p.fw.Build.Script != "":
		run = append(run, p.pm.MemberScript(u.Dir, p.fw.Build.Script))
	case p.fw.Used() && len(p.fw.Build.Command) > 0:
		run = append(run, p.pm.MemberProgram(u.Dir, p.fw.Build.Command...))
	case p.compilesMember():
		run = append(run, p.pm.MemberProgram(u.Dir, "tsc"))
	}
	return run
}

// buildInto are the members whose builds write into the folder of another one, which they are a part of, or fill what its program hands
// out from their own: pages of a server.
func (p project) buildInto(u *workspace.Unit) []*workspace.Unit {
	uses := p.app.Closure(u, false)
	var out []*workspace.Unit
	for i := range p.app.Root.Packages {
		x := &p.app.Root.Packages[i]
		if x.Scripts["build"].Value == "" || within(x.Dir, u.Dir) || within(u.Dir, x.Dir) || slices.Contains(uses, x) {
			continue
		}
		makes := outputsIn(p.app, x.Facts, x.Dir, "build")
		into := slices.ContainsFunc(makes.paths, func(to string) bool { return to != u.Dir && within(to, u.Dir) && p.absent(to) })
		if into || slices.ContainsFunc(p.served, func(dir string) bool { return dir != x.Dir && within(dir, x.Dir) && p.absent(dir) && makes.writes(dir) }) {
			out = append(out, x)
		}
	}
	return out
}

// absent reports whether the repository does not have a folder: a build makes it.
func (p project) absent(dir string) bool {
	return !p.app.Has(dir) && (!p.app.HasDir(dir) || p.app.Tree.IgnoresFolder(p.app.Path(dir)))
}

// fills reports whether the build of another member fills a folder, which the program hands out: it is in prod as it was built.
func (p project) fills(dir string) bool {
	return p.app.Member != nil && slices.ContainsFunc(p.buildInto(p.app.Member), func(x *workspace.Unit) bool {
		return dir != x.Dir && within(dir, x.Dir) && outputsIn(p.app, x.Facts, x.Dir, "build").writes(dir)
	})
}

// compilesMember reports whether tsc builds the member, which has no script that does.
func (p project) compilesMember() bool {
	ts := p.app.Own.TSConfig
	return p.app.Member != nil && p.app.Own.Scripts["build"].Value == "" && ts != nil && p.app.Own.Has("typescript") && !p.fw.Used() && !ts.NoEmit && ts.OutDir.Found()
}

// allBuilds are the commands that build every member, each after what it uses, where the root is the app and its own
// build script cannot run; nil where it can, or where there is none.
func allBuilds(p project) [][]string {
	_, text, has := script.Build(p.app.Root)
	if !has || script.Placeholder(text.Value) || !unconfigured(p.app, text.Value) {
		return nil
	}
	var run [][]string
	done := map[string]bool{}
	for i := range p.app.Root.Packages {
		for _, u := range p.app.Closure(&p.app.Root.Packages[i], false) {
			if u.Scripts["build"].Value != "" && !done[u.Dir] {
				done[u.Dir] = true
				run = append(run, p.pm.MemberScript(u.Dir, "build"))
			}
		}
	}
	return run
}

// buildsAll reports whether the root's build script builds something.
func buildsAll(app workspace.App, text string) bool {
	return !script.Placeholder(text) && !unconfigured(app, text)
}

// taskRunners are the programs that order the scripts of a workspace, and the files without one of which they fail:
// https://turborepo.dev/docs/reference/configuration, https://lerna.js.org/docs/api-reference/configuration.
var taskRunners = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"turbo": {"turbo.json", "turbo.jsonc"},
	"lerna": {"lerna.json"},
}

// unconfigured reports whether a script of the root runs a task runner that fails, because its configuration is not in
// the repository: what the members' own scripts do is left then.
func unconfigured(app workspace.App, text string) bool {
	for _, words := range script.Commands(text) {
		if len(words) > 1 && (words[0] == "pnpm" || words[0] == "yarn" || words[0] == "bun") {
			words = words[1:] // a name that is no script is a program's
		}
		name, _, _ := strings.Cut(words[0], "@")
		files, ok := taskRunners[name]
		if !ok || slices.ContainsFunc(files, app.Has) {
			continue
		}
		if _, inManifest := app.Root.Fields["turbo"]; inManifest && name == "turbo" { // its first releases read it there
			continue
		}
		return true
	}
	return false
}

// rootBuild is the command of the root's build script. Where Turborepo would
// build other apps of the workspace too, it builds the member with what it uses:
// https://turborepo.dev/docs/crafting-your-repository/running-tasks#using-filters.
func rootBuild(app workspace.App, pm manager.Manager, name, text string) []string {
	if app.Member == nil || app.Alone || !turbo(text) {
		return pm.Script(name)
	}
	return append(pm.Program(script.Commands(text)[0]...), "--filter=./"+app.Member.Dir)
}

// usesBuild are the commands that build those packages of the workspace that
// the app uses and whose files are no source; run is who runs them.
func usesBuild(app workspace.App, pm, run manager.Manager) [][]string {
	list := linkedBuilds(app, pm, run)
	if app.Member == nil {
		return list
	}
	for _, u := range app.Closure(app.Member, false) {
		if _, builds := u.Facts.Script("build"); builds && u != app.Member && app.IsBuilt(u) {
			list = append(list, run.MemberScript(u.Dir, "build"))
		}
	}
	// Yarn from version 2 on finds the root's programs for the scripts of a member
	// only where a script of the root runs them.
	if build, ok := app.Root.Script("build"); ok && len(list) > 0 && pm.Name == "berry" && buildsAll(app, build.Value) {
		return [][]string{run.Script("build")}
	}
	return list
}

// buildEnv are the variables of the build, and what they are for: those of the
// framework, and that by which the code leaves out the check of what the app
// needs when it runs.
func buildEnv(in record.Input, f *node.Facts, b framework.Build) (env []plan.Env, why string, err error) {
	rows, err := buildRows()
	if err != nil {
		return nil, "", err
	}
	env = slices.Clone(b.Env)
	if len(env) > 0 {
		why = b.Why
	}
	for _, r := range rows.Unchecked {
		i := slices.IndexFunc(f.Code.Env, func(v effect.Env) bool { return v.Name == r.Variable })
		if i < 0 {
			continue
		}
		in.Log.Choose(plan.Choice{
			Key: "build.unchecked", Value: r.Variable + "=" + r.Value, Pos: record.At(f.Code.Env[i].Pos), Link: r.Source,
			Rule: "with it the build does not check the variables that the app needs at run time",
		})
		e, err := plan.NewEnv(r.Variable, r.Value)
		if err != nil {
			return nil, "", err
		}
		env = append(env, e)
		why = cmp.Or(why, b.Why, "does not check the variables that the app needs at run time.")
	}
	for _, v := range skipped(in, f) {
		e, err := plan.NewEnv(v.Value, "1")
		if err != nil || slices.ContainsFunc(env, func(x plan.Env) bool { return x.Name == e.Name }) {
			continue
		}
		in.Log.Choose(plan.Choice{Key: "build.unchecked", Value: v.Value + "=1", Pos: record.At(v.Pos), Rule: "with it the build leaves out a check that needs what only the running app has"})
		env = append(env, e)
		why = cmp.Or(why, b.Why, "leaves out a check that needs what only the running app has.")
	}
	return env, why, nil
}

// checking matches the names of files that check, in a build, what the app needs; skips
// the variable by which one is left out.
var (
	checking = lazy.MustCompile(`(?i)check|valid|verify|preflight|wait`)
	skips    = lazy.MustCompile(`process\.env\.(SKIP_[A-Z0-9_]{1,60})\b`)
)

// skipped are the variables by which the checks that the build script runs are left out.
func skipped(in record.Input, f *node.Facts) []fact.Fact[string] {
	name, _, ok := script.Build(f)
	if !ok {
		return nil
	}
	var out []fact.Fact[string]
	for _, step := range script.StepsOf(f, []script.Command{{Argv: []string{"npm", "run", name}}}) {
		i := script.FileIndex(step.Argv)
		if step.Argv[0] != "node" || i < 0 || !checking.MatchString(path.Base(step.Argv[i])) {
			continue
		}
		file := path.Join(f.Dir, step.Dir, step.Argv[i])
		for _, c := range []string{file, file + ".js", file + ".mjs", file + ".cjs"} {
			text, err := in.Tree.ReadHead(c, 64<<10)
			if err != nil {
				continue
			}
			for _, m := range skips.FindAllSubmatchIndex(text, 5) {
				out = append(out, fact.Fact[string]{Value: string(text[m[2]:m[3]]), Pos: fact.At(c, 1+strings.Count(string(text[:m[0]]), "\n"))})
			}
			break
		}
	}
	return out
}

// buildStage builds, and then takes devDependencies out; nil where nothing is built.
func buildStage(p project, i install, b build, parent plan.From) (*Build, error) {
	if !b.steps() {
		return nil, nil
	}
	out := &Build{
		Head: plan.Head{Name: p.in.Stage("build"), From: parent, Uses: plan.StagesOf(p.in.Imports)},
		Env:  b.env, Copies: p.in.Imports, Args: p.fw.Build.Args,
	}
	if b.why != "" {
		out.About = []plan.Comment{plan.NewComment(p.in.Stage("build").String() + " " + b.why)}
	}
	out.Sources = i.source(p.in)
	for _, from := range b.above {
		c, err := plan.Above(strings.TrimPrefix(from, ".."), from)
		if err != nil {
			return nil, err
		}
		out.Sources = append(out.Sources, plan.Artifact{NoLink: true, Copy: c})
	}
	out.Given = givenArguments(p)
	fw := p.fw.Build
	fw.Args = slices.DeleteFunc(slices.Clone(fw.Args), func(a framework.Arg) bool {
		return slices.ContainsFunc(out.Given, func(g plan.Given) bool { return g.Name == a.Env.Name || g.From == a.Env.Name })
	})
	out.Args, out.ArgsFor = fw.Args, argsComment(p.in, fw)
	run := slices.Concat(b.run, b.prune)
	if len(b.writes) > 0 {
		run = append(run, append([]string{"mkdir", "-p"}, b.writes...))
	}
	commands, err := shells(run)
	if err != nil {
		return nil, err
	}
	mounts := slices.Clone(i.strict)
	if len(b.prune) > 0 {
		mounts = append(mounts, pruneMounts(p.app, p.pm)...)
	}
	if b.fetches {
		mounts = i.cached(p.pm)
	}
	for _, c := range p.fw.Build.Caches {
		if dir, err := plan.NewToken(p.dir(c)); err == nil && !strings.Contains(join(run), "rm -rf node_modules") {
			mounts = append(mounts, plan.CacheMount(dir))
		}
	}
	out.Texts = b.texts
	out.Steps = []plan.Step{{Mounts: mounts, Run: commands}}
	return out, nil
}

// publicPrefixes are those of variables that bundlers write into what they make.
var publicPrefixes = lazy.MustCompile(`^(VITE|NEXT_PUBLIC|NUXT_PUBLIC|NUXT|REACT_APP|VUE_APP|GATSBY|PUBLIC|EXPO_PUBLIC|NG_APP|STORYBOOK|SNOWPACK_PUBLIC)_`)

// givenArguments are the build arguments of the own Dockerfile that its build reads.
func givenArguments(p project) []plan.Given {
	if p.part || p.app.Member != nil {
		return nil
	}
	listed := func(name string) bool {
		return slices.ContainsFunc(p.fw.Build.Args, func(a framework.Arg) bool { return a.Env.Name.String() == name })
	}
	for _, r := range p.app.Root.Recipes {
		if !r.Own {
			continue
		}
		list := image.BuildArguments(p.in, r.Commands, p.buildsBy, p.readsInBuild)
		return slices.DeleteFunc(list, func(g plan.Given) bool {
			return g.Name == g.From && g.Arg.Value.Raw() == "" && listed(g.Name.String())
		})
	}
	return nil
}

// givenVariables are the variables that the own Dockerfile sets where it builds, and that the code reads then.
func givenVariables(p project) []plan.Env {
	if p.part || p.app.Member != nil {
		return nil
	}
	return image.BuildVariables(p.in, p.buildsBy, p.readsInBuild)
}

// buildsBy reports whether a command of the own Dockerfile runs a script of the root that may build.
func (p project) buildsBy(words []string) bool {
	name, _, ok := script.Script(p.app.Root, words)
	return ok && name != "test" && name != "start"
}

// readsInBuild reports whether a build of the root reads a variable.
func (p project) readsInBuild(name string) bool {
	return publicPrefixes.MatchString(name) || slices.ContainsFunc(p.app.Root.Code.Env, func(e effect.Env) bool { return e.Name == name })
}

// argsComment is the comment above the build arguments. It begins with a name, as
// BuildKit wants it: https://docs.docker.com/reference/build-checks/invalid-definition-description/.
func argsComment(in record.Input, b framework.Build) []plan.Comment {
	if len(b.Args) == 0 {
		return nil
	}
	name := b.Args[0].Env.Name.String()
	why := name + " ends up in the browser bundle, so it must not be a secret:"
	if len(b.Args) > 1 {
		why = name + " and the others end up in the browser bundle, so none of them may be a secret:"
	}
	return []plan.Comment{plan.NewComment(why), plan.NewComment(in.DockerBuild("--build-arg " + name + "=…"))}
}

// modulesStage has the dependencies of production alone, where nothing is built
// that needs the others; nil where prod has them all, or a build leaves them out.
func modulesStage(p project, i install, b build) (*Modules, error) {
	name := p.in.Stage("modules")
	if b.alone != nil {
		commands := [][]string{b.alone}
		if len(i.extra.list) > 0 {
			commands = append(commands, i.extra.command(true, npmFlags(b.alone)))
		}
		run, err := shells(commands)
		return &Modules{
			Head:    plan.Head{Name: name, From: plan.FromStage(p.in.Stage("base")), About: []plan.Comment{plan.NewComment(name.String() + " has only production dependencies.")}},
			Env:     i.env,
			Sources: i.sources,
			Steps:   []plan.Step{{Mounts: i.cached(p.pm), Run: run}},
		}, err
	}
	if b.steps() || !b.prunes() {
		return nil, nil
	}
	commands, err := shells(b.prune)
	what := "devDependencies"
	if !hasDev(p.app.Deps()) {
		what = "what the workspace's other members install"
	}
	mounts := append(slices.Clone(i.strict), pruneMounts(p.app, p.pm)...)
	if b.fetches && len(i.extra.list) > 0 {
		mounts = i.cached(p.pm)
	}
	return &Modules{
		Head:  plan.Head{Name: name, From: plan.FromStage(p.in.Stage("deps")), About: []plan.Comment{plan.NewComment(name.String() + " removes " + what + "; it changes only with the manifests.")}},
		Steps: []plan.Step{{Mounts: mounts, Run: commands}},
	}, err
}

// pruneMounts are the mounts of the commands that take devDependencies out: what
// some managers install again for it.
func pruneMounts(app workspace.App, pm manager.Manager) []plan.Mount {
	if pm.Name == "npm" || pm.Name == "pnpm" && len(app.Root.Packages) == 0 {
		return nil
	}
	return []plan.Mount{plan.CacheMount(plan.MustToken(pm.Cache))}
}

func join(run [][]string) string {
	var parts []string
	for _, r := range run {
		parts = append(parts, strings.Join(r, " "))
	}
	return strings.Join(parts, " && ")
}

// binPackages are the packages of programs that are not named after theirs.
var binPackages = map[string]string{ //nolint:gochecknoglobals // a constant table
	"tsc": "typescript", "tsgo": "@typescript/native-preview", "nest": "@nestjs/cli", "remix-serve": "@remix-run/serve", "react-router-serve": "@react-router/serve",
	"sequelize": "sequelize-cli", "mikro-orm": "@mikro-orm/cli", "run-s": "npm-run-all", "run-p": "npm-run-all", "dotenv": "dotenv-cli",
	"pm2-runtime": "pm2", "fastify": "fastify-cli", "moleculer-runner": "moleculer", "strapi": "@strapi/strapi", "medusa": "@medusajs/cli",
	"ng": "@angular/cli", "cap": "@capacitor/cli", "babel-node": "@babel/node", "babel": "@babel/cli", "swc": "@swc/cli", "swc-node": "@swc-node/register",
	"redwood": "@redwoodjs/cli", "typeorm-ts-node-commonjs": "typeorm", "cross-env-shell": "cross-env",
}

// kept is a devDependency that prod cannot do without, and why; the zero value
// is none.
type kept struct {
	dep node.Dep
	why string
}

// keptDev finds what of devDependencies runs in production. without says that the own image runs without them, so that what code
// imports of them is for tools, whatever it looks like.
func keptDev(app workspace.App, fw framework.Framework, s start, c code, without bool) kept {
	f := app.Root
	devOnly := func(name string) (node.Dep, bool) {
		d, ok := app.Own.Dep(cmp.Or(binPackages[name], name))
		if !ok && name == "ts-node" { // which brings it: https://github.com/wclr/ts-node-dev#install
			d, ok = app.Own.Dep("ts-node-dev")
		}
		return d, ok && d.Kind == node.Dev
	}
	for _, name := range s.Programs {
		if !strings.HasPrefix(name, "@") {
			name = path.Base(name)
		}
		if d, ok := devOnly(name); ok {
			return kept{d, "the start command needs " + d.Name + ", which is among devDependencies: prod keeps them all"}
		}
	}
	if d, ok := devOnly(fw.NeedsDev.Name); ok && fw.Used() {
		return kept{d, fw.NeedsDev.Why + ", and " + d.Name + " is among devDependencies: prod keeps them all"}
	}
	if without || fw.Site != nil || fw.Server != nil || len(f.Packages) > 0 || !translates(f, s) && !rendersOutside(f) {
		return kept{}
	}
	for _, use := range running(f, s, c) {
		if d, ok := f.Dep(use.Value); ok && d.Kind == node.Dev && !strings.HasPrefix(d.Name, "@types/") {
			return kept{d, "the code imports " + d.Name + " (" + use.Pos.String() + "), which is among devDependencies: prod keeps them all"}
		}
	}
	return kept{}
}

// running are the packages that the code imports when it runs: what the entry
// leads to, or where that cannot be told, all but the tools' configuration.
func running(f *node.Facts, s start, c code) []fact.Fact[string] {
	known := c.files != nil && f.Code.Computed.IsZero()
	outside := !translates(f, s) && rendersOutside(f)
	rows, _ := shippedRows()
	var builds map[string]bool
	if !known {
		builds = scriptFiles(f, s)
	}
	var out []fact.Fact[string]
	for file, uses := range f.Code.Uses {
		switch {
		case outside && !c.files[file] && !toolsConfig.MatchString(path.Base(file)):
			out = append(out, slices.DeleteFunc(slices.Clone(uses), func(u fact.Fact[string]) bool { return u.Value == "vite" })...)
		case outside:
		case known && !c.files[file]:
		case !known && (f.TSConfig != nil || rows.file(path.Base(file)) || builds[file]):
		default:
			out = append(out, uses...)
		}
	}
	slices.SortFunc(out, func(x, y fact.Fact[string]) int {
		return cmp.Or(strings.Compare(x.Value, y.Value), strings.Compare(x.Pos.File, y.Pos.File), x.Pos.Line-y.Pos.Line)
	})
	return out
}

// scriptFiles are the files that scripts of package.json run by Node which are none of those that start the app.
func scriptFiles(f *node.Facts, s start) map[string]bool {
	out := map[string]bool{}
	for name, text := range f.Scripts {
		if strings.HasPrefix(name, "start") || name == "serve" || name == "prod" {
			continue
		}
		for _, words := range script.Commands(text.Value) {
			if i := script.FileIndex(words); words[0] == "node" && i > 0 {
				out[path.Clean(words[i])] = true
			}
		}
	}
	delete(out, s.file())
	return out
}

// toolsConfig matches the configuration of tools.
var toolsConfig = lazy.MustCompile(`\.config\.[cm]?[jt]s$`)

// translator reports whether a program of a build leaves imports of packages as they are.
func translator(program string) bool { return script.TypeScript(program) || translators[program] }

// translators are those beside TypeScript's compiler. They leave imports of packages as they
// are; bundlers take what is imported into their output.
var translators = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"tsc-alias": true, "resolve-tspaths": true, "swc": true, "babel": true, "nest": true, "prisma": true,
	"sass": true, "node-sass": true, "lessc": true, "stylus": true, "postcss": true, "tailwindcss": true,
	"rm": true, "rimraf": true, "del-cli": true, "mkdir": true, "mkdirp": true, "cp": true, "cpx": true, "cpy": true, "copyfiles": true, "ncp": true, "shx": true,
	"echo": true, "eslint": true, "chmod": true,
}

// bundlers are programs of a build that take what is imported into their output.
var bundlers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"esbuild": true, "tsup": true, "tsdown": true, "rollup": true, "webpack": true, "vite": true, "parcel": true, "ncc": true, "unbuild": true, "rspack": true, "rsbuild": true, "pkgroll": true,
}

// translates reports whether what runs imports the same packages as the source.
// Where the build cannot be told, JavaScript is taken to be what runs, and
// TypeScript to be bundled.
func translates(f *node.Facts, s start) bool {
	_, build, ok := script.Build(f)
	if !ok || script.Placeholder(build.Value) {
		return s.Compiler.Name != "tsup" // which bundles devDependencies
	}
	list, ok := script.Expanded(f, build.Value)
	if f.TSConfig == nil {
		return !slices.ContainsFunc(list, func(c script.Command) bool { return bundlers[path.Base(c.Argv[0])] })
	}
	return ok && !slices.ContainsFunc(list, func(c script.Command) bool { return !translator(path.Base(c.Argv[0])) })
}

// rendersOutside reports whether the build makes code for a server that imports
// its packages when it runs: https://vite.dev/guide/ssr#ssr-externals.
func rendersOutside(f *node.Facts) bool {
	_, build, _ := script.Build(f)
	list, _ := script.Expanded(f, build.Value)
	return slices.ContainsFunc(list, func(c script.Command) bool { return c.Argv[0] == "vite" && slices.Contains(c.Argv, "--ssr") })
}

func hasDev(deps []node.Dep) bool {
	return slices.ContainsFunc(deps, func(d node.Dep) bool { return d.Kind == node.Dev })
}
