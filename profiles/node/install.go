package node

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// deps decides how dependencies are installed.
func (a *app) deps(p *Plan, n needs) error {
	p.Parent = plan.MustToken("base")
	installed := slices.ContainsFunc(a.f.Deps, func(d node.Dep) bool { return d.Kind != node.Peer || a.pm.Name != "yarn" })
	if !installed && len(a.f.Packages) == 0 {
		return nil
	}
	p.Parent = plan.MustToken("deps")
	d := &Deps{Debian: p.beyond(n.debianBuild), Alpine: p.beyond(n.alpineBuild)}
	p.Deps = d
	var folders []string
	d.All, folders = a.pm.Reads(a.f)
	env := slices.Concat(n.env, n.installEnv)
	if a.git(d) {
		// Nobody answers ssh's question about a host that it does not know.
		env = append(env, [2]string{"GIT_SSH_COMMAND", "ssh -o StrictHostKeyChecking=accept-new"})
	}
	local, err := a.local(d)
	if err != nil {
		return err
	}
	if err := a.secrets(p); err != nil {
		return err
	}
	if a.pm.Stale != "" && !d.All {
		// Yarn from version 2 on runs nothing beside a lockfile that is out of step.
		file, err := plan.NewToken(a.pm.Lock.File)
		if err != nil {
			return err
		}
		p.Renewed = []plan.Token{file}
	}
	if !d.All {
		if err := a.manifests(d, append(folders, local...)); err != nil {
			return err
		}
	}
	for _, argv := range [][]string{a.dropHooks(), a.withPrisma(a.pm.InstallCommand())} {
		if len(argv) == 0 {
			continue
		}
		run, err := plan.NewShell(argv...)
		if err != nil {
			return err
		}
		d.Run = append(d.Run, run)
	}
	d.Cache = plan.MustToken(a.pm.Cache)
	d.Why = a.installChoice()
	d.Env, err = envs(append(env, a.engines()...))
	return err
}

// dropHooks takes out the install scripts that would fail where there is no
// Git, and do nothing but set up its hooks.
func (a *app) dropHooks() []string {
	names := a.pm.GitHooks(a.f)
	if len(names) == 0 {
		return nil
	}
	run := slices.Concat(pick(a.bunImage, []string{"bun", "pm"}, []string{"npm"}), []string{"pkg", "delete"})
	for _, name := range names {
		run = append(run, "scripts."+name)
		a.in.Log.Note(a.f.Scripts[name].Pos, "the image installs without the "+name+" script, which needs Git and sets up its hooks", "")
	}
	return run
}

// installChoice writes the install command down, and returns what the comment
// says of it.
func (a *app) installChoice() plan.Comment {
	command := strings.Join(a.pm.InstallCommand(), " ")
	ch := plan.Choice{Key: "node.install", Value: command, Link: a.pm.Source}
	stale, at := a.pm.Stale, a.pm.StalePos
	remark := ""
	switch {
	case a.pm.Lock == nil:
		ch.Rule, ch.Pos = "there is no lockfile of "+a.pm.Command(), record.At(a.pm.Pos)
		remark = "There is no lockfile, so a build takes the newest versions in range."
		a.in.Log.Note(a.pm.Pos, "there is no lockfile: every build installs the newest versions in range", "run "+a.pm.Command()+" install and commit its lockfile")
	case stale != "":
		ch.Rule, ch.Pos = stale, record.At(at)
		remark = "The lockfile is out of step with " + a.f.Manifest + ", so it cannot be taken as it is."
		if at.File == a.pm.Lock.Pos.File {
			remark = stale + "."
		}
		a.in.Log.Note(at, stale, "run "+a.pm.Command()+" install and commit the lockfile")
	default:
		ch.Rule, ch.Pos = "the lockfile says exactly what to install", record.At(a.pm.Lock.Pos)
		remark = command + " takes exactly what the lockfile says."
	}
	a.in.Log.Choose(ch)
	return plan.NewComment(remark)
}

// engines lets an install pass where the repository asks for one patch of
// Node: the image has the newest patch of its major. npm and pnpm only warn of
// that unless engine-strict is set, Yarn 1 ends:
// https://classic.yarnpkg.com/en/docs/package-json#toc-engines.
func (a *app) engines() [][2]string {
	if d, ok := a.engineLister(); ok && a.pm.Name == "yarn" && !a.bunImage {
		a.in.Log.Note(d.Pos, "Yarn 1 ends where a package does not know the version of Node, and one that "+d.Name+" depends on lists those that it knows: the install does not check engines", "move to Yarn 4, which only warns")
		return [][2]string{{"YARN_IGNORE_ENGINES", "true"}}
	}
	e, ok := a.f.Engines["node"]
	for i := range a.f.Packages {
		if own, has := a.f.Packages[i].Facts.Engines["node"]; has && !release.TakesNewest(own.Value, a.node) {
			e, ok = own, true
		}
	}
	if !ok || a.bunImage || release.TakesNewest(e.Value, a.node) {
		return nil
	}
	if a.pm.Name == "yarn" {
		a.in.Log.Note(e.Pos, "Yarn 1 ends where engines.node is not met, and the image has the newest patch of Node "+a.node+": the install does not check engines", "make engines.node a range")
		return [][2]string{{"YARN_IGNORE_ENGINES", "true"}}
	}
	if line, ok := manager.Strict(a.f); ok {
		a.in.Log.Note(line.Pos, "engine-strict and an exact engines.node do not go together with an image that gets patches: the install does not check engines", "make engines.node a range")
		return [][2]string{{"npm_config_engine_strict", "false"}}
	}
	return nil
}

// engineLister is a dependency that installs a package whose engines end with
// the newest Node of its time.
func (a *app) engineLister() (node.Dep, bool) {
	for _, d := range a.every() {
		if release.ListsEngines(d) {
			return d, true
		}
	}
	return node.Dep{}, false
}

// every lists the dependencies of the root and of the members.
func (a *app) every() []node.Dep {
	out := slices.Clone(a.f.Deps)
	for _, u := range a.f.Packages {
		out = append(out, u.Deps...)
	}
	return out
}

// git adds what packages of Git repositories need to be fetched, and reports
// whether some of them come by SSH.
func (a *app) git(d *Deps) (ssh bool) {
	name := ""
	for _, dep := range a.every() {
		if gitRange.MatchString(dep.Range) {
			name = cmp.Or(name, dep.Name)
			ssh = ssh || strings.Contains(dep.Range, "ssh://") || strings.HasPrefix(dep.Range, "git@")
		}
	}
	if name == "" && a.pm.Lock != nil {
		name = a.pm.Lock.Git
	}
	if name == "" {
		return false
	}
	words := mustWords("git", "ca-certificates")
	if ssh {
		words = append(words, plan.MustToken("openssh-client"))
		d.SSH = true
		a.in.Log.Note(a.pm.Pos, name+" comes from a Git repository by SSH", "docker build --ssh default .")
	}
	row := plan.System{For: plan.NewComment(name + " comes from a Git repository."), Packages: words}
	d.Debian, d.Alpine = append(d.Debian, row), append(d.Alpine, row)
	return ssh
}

// local lists the folders and archives of the repository that dependencies
// come from. Where one cannot be told, everything is copied first.
func (a *app) local(d *Deps) ([]string, error) {
	var out []string
	for _, l := range a.f.Local {
		switch {
		case path.IsAbs(l.Path) || strings.HasPrefix(l.Path, "~/") || l.Path == ".." || strings.HasPrefix(l.Path, "../"):
			return nil, record.Refuse(l.Dep.Pos, "run dockgen in the folder that holds both, or publish the package",
				"%s comes from %s, which is outside of what a build of this folder can see", plan.Printable(l.Dep.Name, 60), plan.Printable(l.Dep.Range, 60))
		case !l.Known:
			d.All = true
		default:
			out = append(out, l.Path)
		}
	}
	return out, nil
}

// localFolders are the folders that node_modules links to.
func (a *app) localFolders() []string {
	var out []string
	for _, l := range a.f.Local {
		if l.Known && !l.Archive {
			out = append(out, l.Path)
		}
	}
	return out
}

// manifests lists what the install reads: manifests, the lockfile, the
// manager's configuration, and the paths that scripts and packages need.
func (a *app) manifests(d *Deps, paths []string) error {
	files := []string{a.f.Manifest}
	if a.pm.Lock != nil {
		files = append(files, a.pm.Lock.File)
	}
	for _, name := range a.pm.Files {
		if a.has(name) && (name != ".npmrc" || !a.hidesNpmrc()) {
			files = append(files, name)
		}
	}
	paths = append(paths, a.prismaPaths()...)
	for _, patch := range a.f.Patches {
		paths = append(paths, path.Dir(patch.Value))
		if path.Dir(patch.Value) == "." {
			files = append(files, patch.Value)
		}
	}
	paths = append(paths, a.pm.Folders...)
	if a.pm.Release != "" {
		paths = append(paths, path.Dir(a.pm.Release))
	}
	if a.pm.Name == "yarn" && a.f.Yarn.Mirror.Found() {
		paths = append(paths, path.Clean(a.f.Yarn.Mirror.Value))
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	var rows []plan.Copy
	for i, p := range paths {
		inner := slices.ContainsFunc(paths[:i], func(outer string) bool { return strings.HasPrefix(p, outer+"/") })
		switch {
		case inner || p == ".":
		case a.hasDir(p):
			c, err := plan.NewCopy(p+"/", p+"/")
			if err != nil {
				return err
			}
			rows = append(rows, c)
		case a.has(p) && path.Dir(p) == ".":
			files = append(files, p)
		case a.has(p):
			c, err := plan.NewCopy(path.Dir(p)+"/", p)
			if err != nil {
				return err
			}
			rows = append(rows, c)
		}
	}
	c, err := plan.NewCopy("./", files...)
	if err != nil {
		return err
	}
	d.Manifests = append([]plan.Copy{c}, rows...)
	var members []string
	for _, u := range a.f.Packages {
		members = append(members, path.Join(u.Dir, u.Manifest))
	}
	if len(members) > 0 {
		c, err := plan.NewCopy("./", members...)
		if err != nil {
			return err
		}
		d.Members = &c
	}
	return nil
}

// gitRange matches dependencies that Git fetches:
// https://docs.npmjs.com/cli/configuring-npm/package-json#git-urls-as-dependencies.
var gitRange = regexp.MustCompile(`^(git(\+\w+)?:|ssh:|git@|github:|gitlab:|bitbucket:|gist:|[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+(#|$)|https?://[^ ]+\.git(#|$))`)

func mustWords(list ...string) []plan.Token {
	var out []plan.Token
	for _, s := range list {
		out = append(out, plan.MustToken(s))
	}
	return out
}
