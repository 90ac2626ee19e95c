package node

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// gitHook matches commands of install scripts that set up Git hooks or check
// who installs: they read nothing of the repository and do nothing in an image.
var gitHook = regexp.MustCompile(`^(npx\s+(-y\s+|--yes\s+)?)?(husky|lefthook|simple-git-hooks|only-allow|is-ci|check-node-version|pinst|git\s+config)\b|^(true|:|exit\s+0|echo\b[^$` + "`" + `]*|cd\s+\.\.(/\.\.)*)$`)

// sourceless matches commands of install scripts that do as well without the
// source: they build packages anew, or write types of the app, which its build
// and its dev server do too. With nothing but the manifests there these
// succeed: https://github.com/sveltejs/kit/issues/4366,
// https://nuxt.com/docs/api/commands/prepare, which is Nitro's too.
var sourceless = regexp.MustCompile(`^((npm|pnpm|yarn)\s+rebuild\b.*|svelte-kit\s+sync|(nuxt|nuxi|nitropack)\s+prepare)$`)

// needsGit matches those of them that fail where there is no Git, as in an
// image; husky and simple-git-hooks go on.
var needsGit = regexp.MustCompile(`(^|[&|;]\s*)(npx\s+(-y\s+|--yes\s+)?)?(lefthook\s+install|git\s+config)\b[^|]*$`)

// joined matches what stands between the commands of a script.
var joined = regexp.MustCompile(`&&|\|\||;`)

// onlyHooks reports whether a script does nothing that reads the source: it
// sets up Git hooks, checks who installs, or does as well without.
func onlyHooks(script string) bool {
	for part := range slices.Values(joined.Split(script, -1)) {
		command := strings.TrimSpace(part)
		if !gitHook.MatchString(command) && !sourceless.MatchString(command) || strings.ContainsAny(part, "&|<>") {
			return false
		}
	}
	return true
}

// lifecycle are the scripts that an install runs for the root package:
// https://docs.npmjs.com/cli/using-npm/scripts#npm-ci.
var lifecycle = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"} //nolint:gochecknoglobals // a constant table

// lifecycle returns the install scripts that this manager runs.
func (m manager) lifecycle() []string {
	if len(m.Lifecycle) > 0 {
		return m.Lifecycle
	}
	return lifecycle
}

// installNeeds says what the install scripts read: everything, or some
// folders.
func (a *app) installNeeds() (all bool, folders []string) {
	for _, u := range a.f.Packages {
		for _, name := range a.pm.lifecycle() {
			if v, ok := u.Scripts[name]; ok && v.Value != "" && !onlyHooks(v.Value) {
				return true, nil
			}
		}
	}
	for _, c := range a.installCommands() {
		switch {
		case len(c.Argv) == 0:
			return true, nil
		case onlyHooks(strings.Join(c.Argv, " ")):
		case c.Argv[0] == "patch-package":
			dir := "patches"
			if v, ok := script.Flag(c.Argv, []string{"--patch-dir"}); ok {
				dir = v
			}
			folders = append(folders, path.Clean(dir))
		case c.Argv[0] == "prisma" && len(c.Argv) == 2 && c.Argv[1] == "generate" && a.f.Prisma.Schema != "":
			folders = append(folders, a.f.Prisma.Schema)
		case c.Argv[0] == "echo":
		default:
			return true, nil
		}
	}
	return false, folders
}

// installCommands are the commands that an install runs for the root package;
// one without words is a script that only a shell can tell.
func (a *app) installCommands() []script.Command {
	var out []script.Command
	for _, name := range a.pm.lifecycle() {
		s, ok := a.f.Script(name)
		if !ok || onlyHooks(s.Value) {
			continue
		}
		list, ok := script.Expanded(a.f, s.Value)
		if !ok {
			return append(out, script.Command{})
		}
		out = append(out, list...)
	}
	return out
}

// deps decides how dependencies are installed.
func (a *app) deps(p *Plan, n needs) error {
	p.Parent = plan.MustToken("base")
	p.ToolFor = plan.NewComment(a.toolRemark())
	installed := slices.ContainsFunc(a.f.Deps, func(d node.Dep) bool { return d.Kind != node.Peer || a.pm.Name != "yarn" })
	if !installed && len(a.f.Packages) == 0 {
		return nil
	}
	p.Parent = plan.MustToken("deps")
	d := &Deps{Debian: p.beyond(n.debianBuild), Alpine: p.beyond(n.alpineBuild)}
	p.Deps = d
	var folders []string
	d.All, folders = a.installNeeds()
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
	if stale, _ := a.pm.stale(a.f); stale != "" && !d.All {
		// Yarn from version 2 on runs nothing beside a lockfile that is out of step.
		file, err := plan.NewToken(a.pm.lock.File)
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
	for _, argv := range [][]string{a.dropHooks(), a.withPrisma(a.install())} {
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
	var names []string
	for _, name := range a.pm.lifecycle() {
		if s, ok := a.f.Script(name); ok && onlyHooks(s.Value) && needsGit.MatchString(s.Value) {
			names = append(names, "scripts."+name)
			a.in.Log.Note(s.Pos, "the image installs without the "+name+" script, which needs Git and sets up its hooks", "")
		}
	}
	if len(names) == 0 {
		return nil
	}
	return slices.Concat(pick(a.bunImage, []string{"bun", "pm"}, []string{"npm"}), []string{"pkg", "delete"}, names)
}

// installChoice writes the install command down, and returns what the comment
// says of it.
func (a *app) installChoice() plan.Comment {
	command := strings.Join(a.install(), " ")
	ch := plan.Choice{Key: "node.install", Value: command, Link: a.pm.Source}
	stale, at := a.pm.stale(a.f)
	remark := ""
	switch {
	case a.pm.lock == nil:
		ch.Rule, ch.Pos = "there is no lockfile of "+a.pm.command(), record.At(a.pm.pos)
		remark = "There is no lockfile, so a build takes the newest versions in range."
		a.in.Log.Note(a.pm.pos, "there is no lockfile: every build installs the newest versions in range", "run "+a.pm.command()+" install and commit its lockfile")
	case stale != "":
		ch.Rule, ch.Pos = stale, record.At(at)
		remark = "The lockfile is out of step with " + a.f.Manifest + ", so it cannot be taken as it is."
		if at.File == a.pm.lock.Pos.File {
			remark = stale + "."
		}
		a.in.Log.Note(at, stale, "run "+a.pm.command()+" install and commit the lockfile")
	default:
		ch.Rule, ch.Pos = "the lockfile says exactly what to install", record.At(a.pm.lock.Pos)
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
	if line, ok := a.strict(); ok {
		a.in.Log.Note(line.Pos, "engine-strict and an exact engines.node do not go together with an image that gets patches: the install does not check engines", "make engines.node a range")
		return [][2]string{{"npm_config_engine_strict", "false"}}
	}
	return nil
}

// engineLister is a dependency that installs a package whose engines end with
// the newest Node of its time.
func (a *app) engineLister() (node.Dep, bool) {
	rows, err := releaseRows()
	if err != nil {
		return node.Dep{}, false
	}
	for _, d := range a.every() {
		if d.Kind != node.Peer && slices.ContainsFunc(rows.Engines, func(r listsEngines) bool { return r.Package == d.Name && release.DepMajor(d) == r.Major }) {
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
	if name == "" && a.pm.lock != nil {
		name = a.pm.lock.Git
	}
	if name == "" {
		return false
	}
	words := mustWords("git", "ca-certificates")
	if ssh {
		words = append(words, plan.MustToken("openssh-client"))
		d.SSH = true
		a.in.Log.Note(a.pm.pos, name+" comes from a Git repository by SSH", "docker build --ssh default .")
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
	if a.pm.lock != nil {
		files = append(files, a.pm.lock.File)
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
	if a.pm.release != "" {
		paths = append(paths, path.Dir(a.pm.release))
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

// install is the install command.
func (a *app) install() []string {
	if stale, _ := a.pm.stale(a.f); a.pm.lock == nil || stale != "" {
		return a.pm.Loose
	}
	return a.pm.Install
}

// toolRemark says which line of the repository asks for the version of the
// package manager.
func (a *app) toolRemark() string {
	for _, c := range a.in.Log.Choices() {
		if c.Key != "node.manager.version" {
			continue
		}
		what := a.pm.command() + " is not in the image"
		if a.brought() != "" {
			what = a.pm.command() + " " + a.pm.version + " takes the place of the image's own"
		} else if a.replaces() {
			what = a.pm.command() + " " + a.pm.version + " takes the place of the image's Yarn 1"
		}
		if c.Pos != nil && c.Pos.File != "dockgen.lock" {
			return what + "; its version is from " + c.Pos.String() + "."
		}
		return what + "."
	}
	return ""
}

// replaces reports whether the image has a program of the manager's name that
// is another one, or another version.
func (a *app) replaces() bool {
	return a.pm.Over != "" && !a.bunImage && release.Matches(a.pm.Over, a.node)
}
