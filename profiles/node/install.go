package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
)

// gitHook matches install scripts that set up Git hooks or check who
// installs: they read nothing of the repository and do nothing in an image.
var gitHook = regexp.MustCompile(`^(npx\s+(-y\s+|--yes\s+)?)?(husky|lefthook|simple-git-hooks|only-allow|is-ci|check-node-version|pinst)\b`)

// lifecycle are the scripts that an install runs for the root package:
// https://docs.npmjs.com/cli/using-npm/scripts#npm-ci.
var lifecycle = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"} //nolint:gochecknoglobals // a constant table

// installNeeds says what the install scripts read: everything, or some
// folders.
func installNeeds(f *node.Facts) (all bool, folders []string) {
	for _, name := range lifecycle {
		s, ok := f.Script(name)
		if !ok {
			continue
		}
		if gitHook.MatchString(strings.TrimSpace(s.Value)) {
			continue
		}
		list, ok := parseScript(s.Value)
		if !ok {
			return true, nil
		}
		list, ok = expand(f, list, 0)
		if !ok {
			return true, nil
		}
		for _, c := range list {
			switch {
			case gitHook.MatchString(strings.Join(c.Argv, " ")):
			case c.Argv[0] == "patch-package":
				folders = append(folders, "patches")
			case c.Argv[0] == "prisma" && len(c.Argv) == 2 && c.Argv[1] == "generate":
				folders = append(folders, "prisma")
			case c.Argv[0] == "echo":
			default:
				return true, nil
			}
		}
	}
	return false, folders
}

// deps decides how dependencies are installed.
func (a *app) deps(p *Plan, n needs) error {
	p.Parent = plan.MustWord("base")
	p.ToolFor = plan.NewRemark(a.toolRemark())
	installed := slices.ContainsFunc(a.f.Deps, func(d node.Dep) bool { return d.Kind != node.Peer || a.pm.Name != "yarn" })
	if !installed && len(a.f.Packages) == 0 {
		return nil
	}
	p.Parent = plan.MustWord("deps")
	d := &Deps{Debian: p.beyond(n.debianBuild), Alpine: p.beyond(n.alpineBuild)}
	p.Deps = d
	var folders []string
	d.All, folders = installNeeds(a.f)
	for _, u := range a.f.Packages {
		for _, s := range lifecycle {
			if v, ok := u.Scripts[s]; ok && v.Value != "" && !gitHook.MatchString(v.Value) {
				d.All = true
			}
		}
	}
	every := a.f.Deps
	for _, u := range a.f.Packages {
		every = append(slices.Clone(every), u.Deps...)
	}
	git, ssh := "", false
	for _, dep := range every {
		switch {
		case strings.HasPrefix(dep.Range, "file:"), strings.HasPrefix(dep.Range, "link:"), strings.HasPrefix(dep.Range, "./"), strings.HasPrefix(dep.Range, "../"), strings.HasPrefix(dep.Range, "portal:"):
			d.All = true
		case gitRange.MatchString(dep.Range):
			git = dep.Name
			ssh = ssh || strings.Contains(dep.Range, "ssh://") || strings.HasPrefix(dep.Range, "git@")
		}
	}
	if git != "" {
		words := plan.Packages([]plan.System{{Packages: mustWords("git", "ca-certificates")}})
		if ssh {
			words = append(words, plan.MustWord("openssh-client"))
		}
		row := plan.System{For: plan.NewRemark(git + " comes from a Git repository."), Packages: words}
		d.Debian, d.Alpine = append(d.Debian, row), append(d.Alpine, row)
	}
	if a.f.Has("@prisma/client") && a.hasDir("prisma") {
		folders = append(folders, "prisma")
	}
	if a.hasDir("patches") {
		folders = append(folders, "patches")
	}

	files := []string{a.f.Manifest}
	if a.pm.lock != nil {
		files = append(files, a.pm.lock.File)
	}
	for _, name := range a.pm.Files {
		if a.has(name) && (name != ".npmrc" || a.f.NpmrcSecret.IsZero()) {
			files = append(files, name)
		}
	}
	d.Secret = !a.f.NpmrcSecret.IsZero()
	if d.Secret {
		a.in.Book.Note(a.f.NpmrcSecret, ".npmrc authenticates, so it stays out of the image", "docker build --secret id=npmrc,src=.npmrc .")
	}
	if !d.All {
		c, err := plan.NewCopy("./", files...)
		if err != nil {
			return err
		}
		d.Manifests = append(d.Manifests, c)
		slices.Sort(folders)
		for _, dir := range slices.Compact(folders) {
			if !a.hasDir(dir) {
				continue
			}
			c, err := plan.NewCopy(dir+"/", dir+"/")
			if err != nil {
				return err
			}
			d.Manifests = append(d.Manifests, c)
		}
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
	}
	command := a.install()
	run, err := plan.NewShell(command...)
	if err != nil {
		return err
	}
	d.Run = append(d.Run, run)
	d.Cache, d.HasCache = plan.MustWord(a.pm.Cache), true
	ch := plan.Choice{Key: "node.install", Value: strings.Join(command, " "), Rule: "the lockfile says exactly what to install", Link: a.pm.Source}
	d.Why = plan.NewRemark(strings.Join(command, " ") + " takes exactly what the lockfile says.")
	switch {
	case a.pm.lock == nil:
		ch.Rule, ch.Pos = "there is no lockfile of "+a.pm.Name, &a.pm.pos
		d.Why = plan.NewRemark("There is no lockfile, so a build takes the newest versions in range.")
		a.in.Book.Note(a.pm.pos, "there is no lockfile: every build installs the newest versions in range", "run "+a.pm.Name+" install and commit its lockfile")
	case a.pm.lock.Stale != "":
		pos := a.pm.lock.StalePos
		ch.Rule, ch.Pos = a.pm.lock.File+" is out of step: it does not know "+plan.Printable(a.pm.lock.Stale, 60)+" as "+a.f.Manifest+" wants it", &pos
		d.Why = plan.NewRemark("The lockfile is out of step with " + a.f.Manifest + ", so it cannot be taken as it is.")
		a.in.Book.Note(pos, a.pm.lock.File+" is out of step with "+a.f.Manifest+": "+plan.Printable(a.pm.lock.Stale, 60)+" differs", "run "+a.pm.Name+" install and commit the lockfile")
	default:
		pos := a.pm.lock.Pos
		ch.Pos = &pos
	}
	a.in.Book.Choose(ch)
	env := slices.Clone(n.env)
	// The image has the newest patch of its major; an exact version of Node
	// would fail the install where engine-strict is set.
	if e, ok := a.f.Engines["node"]; ok && exactVersion.MatchString(e.Value) {
		for _, line := range a.f.Npmrc {
			if line.Value == "engine-strict=true" {
				env = append(env, [2]string{"npm_config_engine_strict", "false"})
				a.in.Book.Note(line.Pos, "engine-strict and an exact engines.node do not go together with an image that gets patches: the install does not check engines", "make engines.node a range")
			}
		}
	}
	d.Env, err = envs(env)
	return err
}

var exactVersion = regexp.MustCompile(`^=?\s*v?\d+\.\d+\.\d+$`)

// gitRange matches dependencies that Git fetches:
// https://docs.npmjs.com/cli/configuring-npm/package-json#git-urls-as-dependencies.
var gitRange = regexp.MustCompile(`^(git(\+\w+)?:|git@|github:|gitlab:|bitbucket:|gist:|[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+(#|$)|https?://[^ ]+\.git(#|$))`)

func mustWords(list ...string) []plan.Word {
	var out []plan.Word
	for _, s := range list {
		out = append(out, plan.MustWord(s))
	}
	return out
}

// install is the install command.
func (a *app) install() []string {
	if a.pm.lock == nil || a.pm.lock.Stale != "" {
		return a.pm.Loose
	}
	return a.pm.Install
}

// toolRemark says which line of the repository asks for the version of the
// package manager.
func (a *app) toolRemark() string {
	for _, c := range a.in.Book.Choices() {
		if c.Key == "node.manager.version" {
			if c.Pos != nil && c.Pos.File != "dockgen.lock" {
				return a.pm.Name + " is not in the image; its version is from " + c.Pos.String() + "."
			}
			return a.pm.Name + " is not in the image."
		}
	}
	return ""
}
