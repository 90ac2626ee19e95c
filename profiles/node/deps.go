package node

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// install is how the dependencies are installed: what the stages that install
// copy, see and run. The zero value installs nothing.
type install struct {
	needed  bool
	all     bool // it runs the repository's own code, so that the source is there before it
	sources []plan.Artifact
	mounts  []plan.Mount
	// strict are the secrets that every command of the package manager needs.
	strict         []plan.Mount
	env            []plan.Env
	debian, alpine []plan.System
	before         [][]string // commands before the install
	// renewed are files of the repository that the install writes anew.
	renewed []plan.Token
	// restored copy them from the install once more, where COPY cannot leave them out.
	restored []plan.Artifact
	why      string // what a comment says of the lockfile, "" for nothing
	// folders have packages of their own, which are installed, too; apart says that there
	// is nothing else to install.
	folders []folder
	apart   bool
	extra   extra
	near    near
}

// source copies what the install has not: the repository, but for what the install has written anew.
func (i install) source(in record.Input) []plan.Artifact {
	if i.all {
		return i.near.source
	}
	s := plan.Artifact{NoLink: true, Exclude: i.renewed, Copy: everything()}
	if len(i.renewed) > 0 {
		s.Why = i.rewritten(in)
	}
	return slices.Concat(i.near.source, []plan.Artifact{s}, i.restored)
}

// rewritten is the comment on how a stage keeps the lockfile that the install wrote.
func (i install) rewritten(in record.Input) plan.Comment {
	return plan.NewComment("The lockfile is the one that " + in.Stage("deps").String() + " wrote.")
}

// cached are the mounts of an install, with the manager's cache.
func (i install) cached(pm manager.Manager) []plan.Mount {
	return append(slices.Clone(i.mounts), plan.CacheMount(plan.MustToken(pm.Cache)))
}

// everything is the whole context.
func everything() plan.Copy {
	return plan.Copy{From: []plan.Path{plan.MustPath(".")}, To: plan.MustPath(".")}
}

// decideInstall decides how dependencies are installed.
func decideInstall(p project, sys system, folders []folder) (install, error) {
	f := p.app.Root
	out := install{folders: folders}
	// The root's install may be there for its scripts, which install the packages of other folders.
	has := slices.ContainsFunc(f.Deps, func(d node.Dep) bool { return d.Kind != node.Peer || p.pm.Name != "yarn" }) || len(installedBy(p, p.pm.InstallScripts())) > 0
	if out.apart = !has && len(f.Packages) == 0; out.apart && len(folders) == 0 {
		return install{}, nil
	}
	if err := checkProtocols(p.app, p.pm); err != nil {
		return out, err
	}
	for _, w := range f.Empty {
		p.in.Log.Note(w.Pos, "the workspace has no package in "+plan.Printable(w.Value, 60), "")
	}
	out.needed = true
	out.debian, out.alpine = sys.DebianBuild, sys.AlpineBuild
	out.env = slices.Clone(sys.InstallEnv)
	for _, v := range p.pm.Env {
		e, err := plan.NewEnv(v.Name, v.Value)
		if err != nil {
			return out, err
		}
		e.Why = plan.NewComment(v.Why)
		out.env = append(out.env, e)
	}
	out.mounts = []plan.Mount{}
	var paths []string
	out.all, paths = p.pm.Reads(f)
	out.all = out.all && !out.apart || slices.ContainsFunc(folders, func(x folder) bool { return !node.Outside(x.dir) && x.hooked(p.pm.InstallScripts()) })
	out.git(p)
	local, known, err := localPaths(p)
	if err != nil {
		return out, err
	}
	if out.near, err = decideNear(p, folders); err != nil {
		return out, err
	}
	out.all = out.all || !known
	if err := out.secrets(p.in, f, p.pm); err != nil {
		return out, err
	}
	if p.pm.Stale != "" && !out.all {
		// Yarn from version 2 on runs nothing beside a lockfile that is out of step.
		file, err := plan.NewToken(p.pm.Lock.File)
		if err != nil {
			return out, err
		}
		if image.Syntax(p.in) {
			out.renewed = []plan.Token{file}
		} else {
			c, err := plan.NewCopy("./", path.Join(p.in.Workdir(), p.pm.Lock.File))
			if err != nil {
				return out, err
			}
			out.restored = []plan.Artifact{{Why: out.rewritten(p.in), NoLink: true, Stage: p.in.Stage("deps"), Copy: c}}
		}
	}
	if out.all {
		out.sources = append(slices.Clone(out.near.install), plan.Artifact{NoLink: true, Copy: everything()})
	} else if out.sources, err = out.manifests(p, append(paths, local...)); err != nil {
		return out, err
	}
	if out.apart {
		return out, nil
	}
	if names := p.pm.GitHooks(f); len(names) > 0 {
		run := []string{"npm", "pkg", "delete"}
		if p.eng.Node == "" {
			run = []string{"bun", "pm", "pkg", "delete"}
		}
		for _, name := range names {
			run = append(run, "scripts."+name)
			p.in.Log.Note(f.Scripts[name].Pos, "the image installs without the "+name+" script, which needs Git and sets up its hooks", "")
		}
		out.before = [][]string{run}
	}
	out.before = append(out.before, out.near.before...)
	out.why = recordInstall(p.in, f, p.pm)
	out.extra = ownExtra(p)
	out.extra.record(p.in.Log)
	out.env = append(out.env, engines(p)...)
	return out, nil
}

// manifests are what the installs of the root and of the folders read.
func (i install) manifests(p project, paths []string) (rows []plan.Artifact, err error) {
	if !i.apart {
		if rows, err = manifests(p, p.members(), paths); err != nil {
			return nil, err
		}
	}
	rows = append(rows, i.near.install...)
	for _, x := range i.folders {
		if node.Outside(x.dir) {
			continue
		}
		c, err := plan.NewCopy(x.dir+"/", x.files...)
		if err != nil {
			return nil, err
		}
		rows = append(rows, plan.Artifact{NoLink: true, Copy: c})
	}
	return rows, nil
}

// recordInstall writes the install command down, and returns what a comment says
// of the lockfile.
func recordInstall(in record.Input, f *node.Facts, pm manager.Manager) (why string) {
	command := strings.Join(pm.InstallCommand(), " ")
	ch := plan.Choice{Key: "node.install", Value: command, Link: pm.Source}
	switch {
	case pm.Lock == nil:
		ch.Rule, ch.Pos = "there is no lockfile of "+pm.Command(), record.At(pm.Pos)
		why = "There is no lockfile, so a build takes the newest versions in range."
		in.Log.Note(pm.Pos, "there is no lockfile: every build installs the newest versions in range", "run "+pm.Locks()+" and commit its lockfile")
	case pm.Stale != "":
		ch.Rule, ch.Pos = pm.Stale, record.At(pm.StalePos)
		why = "The lockfile is out of sync with " + f.Manifest + ", so the install may change it."
		if pm.StalePos.File == pm.Lock.Pos.File {
			why = pm.Stale + "."
		}
		in.Log.Note(pm.StalePos, pm.Stale, cmp.Or(pm.Mend, "run "+pm.Locks()+" and commit the lockfile"))
	default:
		ch.Rule, ch.Pos = "the lockfile pins every package", record.At(pm.Lock.Pos)
	}
	in.Log.Choose(ch)
	return why
}

// engines lets an install pass where the repository asks for one patch of
// Node: the image has the newest patch of its major. npm and pnpm only warn of
// that unless engine-strict is set, Yarn 1 fails:
// https://classic.yarnpkg.com/en/docs/package-json#toc-engines.
func engines(p project) []plan.Env {
	f := p.app.Root
	if p.eng.Node == "" {
		return nil
	}
	unchecked := []plan.Env{plan.MustEnv("YARN_IGNORE_ENGINES", "true")}
	if d, ok := engineLister(p.app); ok && p.pm.Name == "yarn" {
		p.in.Log.Note(d.Pos, "Yarn 1 fails if a package's engines leave out this Node, and a dependency of "+d.Name+" lists single versions: the install does not check engines", "move to Yarn 4, which only warns")
		return unchecked
	}
	e, ok := f.Engines["node"]
	for i := range f.Packages {
		if f.Rush != nil {
			break // which asks rush.json alone
		}
		if own, has := f.Packages[i].Facts.Engines["node"]; has && !release.TakesNewest(own.Value, p.eng.Node) {
			e, ok = own, true
		}
	}
	if !ok || release.TakesNewest(e.Value, p.eng.Node) {
		return nil
	}
	if p.pm.Name == "rush" { // https://rushjs.io/pages/configs/environment_vars/
		p.in.Log.Note(e.Pos, "Rush fails if nodeSupportedVersionRange is not met, and the image has the newest patch of Node "+p.eng.Node+": the build does not check it", "make nodeSupportedVersionRange a range")
		return []plan.Env{plan.MustEnv("RUSH_ALLOW_UNSUPPORTED_NODEJS", "1")}
	}
	if p.pm.Name == "yarn" {
		p.in.Log.Note(e.Pos, "Yarn 1 fails if engines.node is not met, and the image has the newest patch of Node "+p.eng.Node+": the install does not check engines", "make engines.node a range")
		return unchecked
	}
	if line, ok := manager.Strict(f); ok {
		p.in.Log.Note(line.Pos, "with engine-strict, an exact engines.node fails in an image that gets patch releases: the install does not check engines", "make engines.node a range")
		return []plan.Env{plan.MustEnv("npm_config_engine_strict", "false")}
	}
	return nil
}

// engineLister is a dependency that installs a package whose engines end with
// the newest Node of its time.
func engineLister(app workspace.App) (node.Dep, bool) {
	for _, d := range app.Deps() {
		if release.ListsEngines(d) {
			return d, true
		}
	}
	return node.Dep{}, false
}

// git adds what packages of Git repositories need to be fetched.
func (i *install) git(p project) {
	name, ssh := "", false
	for _, dep := range p.app.Deps() {
		if dep.FromGit() {
			name = cmp.Or(name, dep.Name)
			ssh = ssh || strings.Contains(dep.Range, "ssh://") || strings.HasPrefix(dep.Range, "git@")
		}
	}
	if name == "" && p.pm.Lock != nil && len(p.pm.Lock.Git) > 0 {
		name = path.Base(p.pm.Lock.Git[0])
	}
	if name == "" {
		return
	}
	words := tokens("git", "ca-certificates")
	if ssh {
		words = append(words, plan.MustToken("openssh-client"))
		i.mounts = append(i.mounts, plan.SSHMount())
		// Nobody answers ssh's question about a host that it does not know.
		i.env = append(i.env, plan.MustEnv("GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=accept-new"))
		p.in.Log.Note(p.pm.Pos, name+" comes from a Git repository by SSH", p.in.DockerBuild("--ssh default"))
	}
	row := image.Packages(plan.Printable(name, 60)+" comes from a Git repository", words...)
	i.debian, i.alpine = append(slices.Clone(i.debian), row), append(slices.Clone(i.alpine), row)
}

// manifests are what the install reads: manifests, the lockfile, the
// manager's configuration, and the paths that scripts and packages need.
func manifests(p project, units []workspace.Unit, paths []string) ([]plan.Artifact, error) {
	app, pm := p.app, p.pm
	f := app.Root
	files := []string{f.Manifest}
	if pm.Lock != nil && path.Dir(pm.Lock.File) == "." {
		files = append(files, pm.Lock.File)
	}
	for _, name := range pm.Files {
		if app.Has(name) && (name != ".npmrc" || !hidesNpmrc(f, pm)) {
			files = append(files, name)
		}
	}
	paths = append(paths, prismaPaths(f, pm)...)
	for _, patch := range f.Patches {
		paths = append(paths, path.Dir(patch.Value))
		if path.Dir(patch.Value) == "." {
			files = append(files, patch.Value)
		}
	}
	paths = append(paths, pm.Folders...)
	if pm.Release != "" {
		paths = append(paths, path.Dir(pm.Release))
	}
	if pm.Name == "yarn" && f.Yarn.Mirror.Found() {
		paths = append(paths, path.Clean(f.Yarn.Mirror.Value))
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	var rows []plan.Artifact
	add := func(to string, from ...string) error {
		c, err := plan.NewCopy(to, from...)
		rows = append(rows, plan.Artifact{NoLink: true, Copy: c})
		return err
	}
	for i, name := range paths {
		inner := slices.ContainsFunc(paths[:i], func(outer string) bool { return strings.HasPrefix(name, outer+"/") })
		var err error
		switch {
		case inner || name == ".":
		case app.HasDir(name):
			err = add(name+"/", name+"/")
		case app.Has(name) && path.Dir(name) == ".":
			files = append(files, name)
		case app.Has(name):
			err = add(path.Dir(name)+"/", name)
		}
		if err != nil {
			return nil, err
		}
	}
	c, err := plan.NewCopy("./", files...)
	if err != nil {
		return nil, err
	}
	rows = slices.Insert(rows, 0, plan.Artifact{NoLink: true, Copy: c})
	if len(f.Packages) == 0 {
		return rows, nil
	}
	if !image.Syntax(p.in) {
		for _, u := range units {
			if err := add(u.Dir+"/", path.Join(u.Dir, u.Manifest)); err != nil {
				return nil, err
			}
		}
		return rows, nil
	}
	members, each, err := memberManifests(app, units)
	if err != nil {
		return nil, err
	}
	err = add("./", members...)
	rows[len(rows)-1].Parents = true
	rows[len(rows)-1].Copy.Each = each
	return rows, err
}

// members are those of the workspace that the install is for: all, or of one of several apps those that it and the root use, where the
// package manager needs no others. So a change of another app's manifest rebuilds nothing, and prod has nothing of its packages.
func (p project) members() []workspace.Unit {
	f := p.app.Root
	if !p.pm.TakesPresent() || p.app.Member == nil || !p.alone() {
		return f.Packages
	}
	needed := map[string]bool{}
	reached := p.reached()
	for i := range f.Packages {
		u := &f.Packages[i]
		if u.Name != "" && f.Has(u.Name) || slices.ContainsFunc(reached, func(dir string) bool { return tree.Within(dir, u.Dir) }) {
			for _, x := range p.app.Closure(u, false) {
				needed[x.Dir] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(f.Packages), func(u workspace.Unit) bool { return !needed[u.Dir] })
}

// installed are those of the workspace for which something is installed: of Rush, which wants to see the manifests of all, the app and what it uses.
func (p project) installed() []workspace.Unit {
	if p.app.Root.Rush == nil || p.app.Member == nil {
		return p.members()
	}
	var out []workspace.Unit
	for _, u := range p.app.Closure(p.app.Member, false) {
		out = append(out, *u)
	}
	return out
}

// memberManifests are the manifests of the workspace's members: by a glob, if the
// workspace has it, too, and it names just the members, so that a further member
// changes no Dockerfile.
func memberManifests(app workspace.App, units []workspace.Unit) (files []string, each []plan.Glob, err error) {
	globs := map[string]bool{} // "apps/package.json": the glob is written
	for _, u := range units {
		folder := path.Dir(u.Dir)
		key := path.Join(folder, u.Manifest)
		written, seen := globs[key]
		if !seen {
			written = isGlob(app, units, folder, u.Manifest)
			globs[key] = written
			if written {
				list, err := plan.Paths(folder, u.Manifest)
				if err != nil {
					return nil, nil, err
				}
				each = append(each, plan.Glob{Folder: list[0], Name: list[1]})
			}
		}
		if !written {
			files = append(files, path.Join(u.Dir, u.Manifest))
		}
	}
	return files, each, nil
}

// isGlob reports whether the workspace has the pattern of all folders in a folder,
// and each of these that has a manifest of that name is a member.
func isGlob(app workspace.App, units []workspace.Unit, folder, manifest string) bool {
	f := app.Root
	if !slices.ContainsFunc(f.Workspaces, func(w fact.Fact[string]) bool {
		return path.Clean(strings.TrimSuffix(w.Value, "/")) == path.Join(folder, "*")
	}) {
		return false
	}
	for _, dir := range app.Tree.Dirs(app.Path(folder)) {
		member := path.Join(folder, dir)
		if app.Has(path.Join(member, manifest)) && !slices.ContainsFunc(units, func(u workspace.Unit) bool { return u.Dir == member && u.Manifest == manifest }) {
			return false
		}
	}
	return true
}

// depsStage installs all dependencies.
func depsStage(p project, i install, debian bool, have []plan.System) (*Deps, error) {
	name := p.in.Stage("deps").String()
	about := name + " changes only with the manifests."
	switch {
	case i.all:
		about = name + " copies the whole source, because install scripts read it."
	case i.near.whole:
		about = name + " changes only with the manifests, and with the packages beside the app that the install reads whole."
	}
	d := &Deps{
		Head:    plan.Head{Name: p.in.Stage("deps"), From: plan.FromStage(p.in.Stage("base")), About: []plan.Comment{plan.NewComment(strings.TrimSpace(about + " " + i.why))}},
		Env:     i.env,
		Sources: i.sources,
	}
	if debian {
		d.Debian = beyond(i.debian, have)
	} else {
		d.Alpine = beyond(i.alpine, have)
	}
	commands := slices.Clone(i.before)
	if !i.apart {
		commands = append(commands, withPrisma(p.app.Root, p.pm, p.pm.InstallCommand()))
	}
	if len(i.extra.list) > 0 {
		commands = append(commands, i.extra.command(false, npmFlags(p.pm.InstallCommand())))
	}
	for _, x := range i.folders {
		commands = append(commands, x.run)
	}
	run, err := shells(commands)
	d.Steps = []plan.Step{{Mounts: i.cached(p.pm), Run: run}}
	return d, err
}

// beyond are the rows of packages that are not all there.
func beyond(rows, have []plan.System) []plan.System {
	there := plan.Packages(have)
	return slices.DeleteFunc(slices.Clone(rows), func(r plan.System) bool {
		return !slices.ContainsFunc(r.Packages, func(w plan.Token) bool { return !slices.Contains(there, w) })
	})
}

// hidesNpmrc reports whether .npmrc stays out of the image: it holds a token,
// or Yarn 1 would fail in every stage that has the file but not the variable
// that it asks for.
func hidesNpmrc(f *node.Facts, pm manager.Manager) bool {
	return !f.NpmrcSecret.IsZero() || pm.Name == "yarn" && slices.ContainsFunc(f.Variables, isNpmrc)
}

func isNpmrc(v fact.Fact[string]) bool { return path.Base(v.Pos.File) == ".npmrc" }

// baseStage is the toolchain: Node, and the package manager that its image lacks.
func baseStage(p project, images images) (*Base, error) {
	b := &Base{Head: plan.Head{Name: p.in.Stage("base"), From: plan.FromImage(images.base)}}
	if !images.bun.IsZero() {
		b.Copies = []plan.Artifact{bunProgram(images.bun)}
	}
	var err error
	if b.Workdir, err = plan.NewPath(p.in.Workdir()); err != nil {
		return nil, err
	}
	if b.Env, err = setup(p); err != nil || p.eng.Node == "" {
		return b, err
	}
	if argv, why := p.pm.Bootstrap(p.eng.Node); argv != nil {
		run, err := shells([][]string{argv})
		if err != nil {
			return b, err
		}
		b.Steps = []plan.Step{{Why: plan.NewComment(why), Mounts: []plan.Mount{plan.CacheMount(plan.MustToken("/root/.npm"))}, Run: run}}
	}
	if len(p.pm.Allow) > 0 {
		run, err := shells([][]string{p.pm.Allow})
		if err != nil {
			return b, err
		}
		b.Steps = append(b.Steps, plan.Step{Why: plan.NewComment("This npm runs the install scripts of packages that are named, and the app names none."), Run: run})
	}
	return b, nil
}

// bunProgram is Bun's program, of an image of Bun with the same C library.
func bunProgram(of plan.Ref) plan.Artifact {
	const file = "/usr/local/bin/bun"
	return plan.Artifact{Image: of, Copy: plan.Copy{From: []plan.Path{plan.MustPath(file)}, To: plan.MustPath(file)}}
}

// setup are the variables that every stage needs.
func setup(p project) ([]plan.Env, error) {
	f := p.app.Root
	var out []plan.Env
	add := func(name, value, why string) {
		e := plan.Env{}
		if v, err := plan.NewEnv(name, value); err == nil {
			e = v
		}
		e.Why = plan.NewComment(why)
		out = append(out, e)
	}
	if p.pm.Command() == "yarn" && f.Yarn.Path.Value != "" && p.pm.Release == "" {
		add("YARN_IGNORE_PATH", "1", f.Yarn.Config+" names a release that is not in the repository.")
	}
	why, err := hashesMD4(p)
	if err != nil {
		return nil, err
	}
	if why != "" {
		add("NODE_OPTIONS", "--openssl-legacy-provider", why)
	}
	if e, ok := manager.Unmet(f, p.eng.Node); ok && (p.pm.Name == "npm" || p.pm.PnP(f)) {
		p.in.Log.Note(e.Version.Pos, "npm fails if devEngines is not met, and the image has the newest patch of Node "+p.eng.Node, `make it a range, or add "onFail": "warn"`)
		add("npm_config_force", "true", "devEngines asks for "+e.Name+" "+plan.Printable(e.Version.Value, 40)+". Without it npm fails; this makes npm only warn.")
	}
	if name, value := linker(p.in, f, p.pm); name != "" {
		add(name, value, "Plug'n'Play would put the packages next to the source, where dev's mount hides them.")
	}
	return out, nil
}

// linker is the variable that puts the packages of Plug'n'Play into node_modules.
func linker(in record.Input, f *node.Facts, pm manager.Manager) (name, value string) {
	ch := plan.Choice{
		Key: "node.linker", Value: "node-modules", Link: "https://yarnpkg.com/features/linkers",
		Rule: "with Plug'n'Play the packages lie next to the source, where dev's mount hides them, and prod would need Yarn's experimental loader",
		Pos:  record.At(cmp.Or(f.Yarn.Linker.Pos, pm.Pos)),
	}
	name = "YARN_NODE_LINKER"
	i := slices.IndexFunc(f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "node-linker=pnp" })
	switch {
	case pm.PnP(f):
	case pm.Name == "pnpm" && i >= 0:
		name = "npm_config_node_linker"
		ch.Value, ch.Link, ch.Pos = "hoisted", "https://pnpm.io/settings#nodelinker", record.At(f.Npmrc[i].Pos)
		ch.Rule = "with Plug'n'Play prod would need a loader, which the start command does not name"
	default:
		return "", ""
	}
	in.Log.Choose(ch)
	return name, ch.Value
}

// hashesMD4 says which old webpack hashes with MD4, "" for none: it is let do so.
func hashesMD4(p project) (why string, err error) {
	rows, err := buildRows()
	if err != nil || p.eng.major() < 17 {
		return "", err
	}
	for _, s := range p.app.Root.Scripts {
		if strings.Contains(s.Value, "openssl-legacy-provider") {
			return "", nil // the repository does it itself
		}
	}
	deps := append(p.app.Deps(), builtElsewhere(p.app.Root)...)
	for _, r := range rows.MD4 {
		i := slices.IndexFunc(deps, func(d node.Dep) bool {
			return d.Name == r.Package && d.Kind != node.Peer && release.DepMajor(d) < r.Below
		})
		if i < 0 {
			continue
		}
		p.in.Log.Note(deps[i].Pos, fmt.Sprintf("%s of this version bundles with a webpack that hashes with MD4, which Node refuses from 17 on: the build allows it", r.Package),
			fmt.Sprintf("move to %s %d", r.Package, r.Below))
		return "The webpack of this " + r.Package + " hashes with MD4, which OpenSSL 3 allows only with its legacy provider.", nil
	}
	return "", nil
}

// builtElsewhere are the dependencies of other folders that the build script
// builds, such as a client with a package.json of its own.
func builtElsewhere(f *node.Facts) []node.Dep {
	name, build, ok := script.Build(f)
	if !ok {
		return nil
	}
	texts := []string{build.Value}
	for other, s := range f.Scripts {
		if other != name && script.Mentions(build.Value, other) {
			texts = append(texts, s.Value)
		}
	}
	var out []node.Dep
	for _, u := range f.Others {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, u.Dir) }) {
			out = append(out, u.Deps...)
		}
	}
	return out
}
