// Package node decides how a JavaScript or TypeScript repository is
// installed, built and run.
package node

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/scripts"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Plan is what the templates of templates/node see.
type Plan struct {
	plan.Base
	Image   plan.Word     // "node" or "oven/bun"
	Arg     plan.Word     // "NODE_VERSION"
	Version plan.Word     // "24"
	Suite   plan.Word     // "trixie-slim"
	System  []plan.System // packages that the app needs at run time
	Setup   []Setup       // variables of base
	Tool    plan.Shell
	ToolFor plan.Remark
	HasTool bool
	BunFrom plan.Word // the image that Bun's program is copied from
	HasBun  bool
	Parent  plan.Word // of dev, test and build: deps where there is one, else base
	Deps    *Deps
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
	Why plan.Remark
	Env plan.Env
}

// Template implements plan.Stack.
func (*Plan) Template() string { return "node" }

// Deps is the stage with the dependencies.
type Deps struct {
	Why       plan.Remark // what the comment says of the install command
	Debian    []plan.System
	Alpine    []plan.System
	Manifests []plan.Copy
	Members   *plan.Copy // manifests of workspace members, each to its place
	All       bool       // the install runs the repository's own code: copy everything first
	Secrets   []Secret
	SSH       bool // a package comes from a Git repository by SSH
	Env       []plan.Env
	Cache     plan.Word
	Run       []plan.Shell
}

// Dev is the dev stage.
type Dev struct {
	Copy    bool // the source is not there yet
	Debian  []plan.System
	Env     []plan.Env
	Volumes []plan.Word
	Ports   []plan.Port
	Cmd     plan.Exec
	Why     plan.Remark
	Path
}

// Test is the test stage.
type Test struct {
	Copy bool
	Env  []plan.Env
	Run  []plan.Shell
	Why  plan.Remark
}

// Build is the stage that builds and prunes.
type Build struct {
	Copy   bool // false: only dependencies are pruned here
	Args   []Arg
	Env    []plan.Env
	Caches []plan.Word
	Run    []plan.Shell
	Why    plan.Remark
}

// Prod is the prod stage.
type Prod struct {
	FromBase   bool // it needs what base has: a package manager
	Bun        bool // Bun's program is needed
	Init       bool // tini is PID 1
	Copies     []Copy
	Entrypoint plan.Exec
	Cmd        plan.Exec
	Why        plan.Remark
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
	Why     plan.Remark
	Stage   plan.Word
	From    bool // of a stage
	Own     bool // the app writes there
	Exclude []plan.Word
	Copy    plan.Copy
}

// workdir is where the app lives in every stage.
const workdir = "/app"

// Decide makes the plan of a Node repository.
func Decide(in choice.Input, f *node.Facts) (*plan.Plan, error) {
	a := &app{in: in, f: f}
	var err error
	if a.pm, err = decideManager(in, f); err != nil {
		return nil, err
	}
	if err := a.decideApp(); err != nil {
		return nil, err
	}
	if err := a.unchecked(); err != nil {
		return nil, err
	}
	a.bun, a.bunImage = a.usesBun()
	out := &plan.Plan{Name: f.Name.Value}
	p := &Plan{}
	out.Stack = p

	rel, err := a.decideImage(p)
	if err != nil {
		return nil, err
	}
	var s start
	if a.fw.Static {
		in.Book.Choose(plan.Choice{Key: "start", Value: "nginx", Rule: "the build writes files for a browser: a web server answers with them", Pos: choice.At(a.fw.Pos), Link: a.fw.Link})
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
	if p.Base, err = in.Base(runtime, env...); err != nil {
		return nil, err
	}
	if l.Port > 0 {
		p.Ports = []plan.Port{plan.Port(l.Port)}
	}
	out.Ports = p.Ports
	if err := a.suite(p, rel, runtime); err != nil {
		return nil, err
	}
	if !a.fw.Static {
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
	for _, n := range a.fw.Notes {
		in.Book.Note(a.fw.Pos, n, "")
	}
	out.Ignore = a.ignore(b)
	return out, nil
}

// usesBun reports whether Bun runs the app, and whether its own image can:
// where nothing asks for Node beside it.
func (a *app) usesBun() (runs, image bool) {
	text := ""
	if s, ok := production(a.f); ok && !a.fw.Over {
		text = s.Value
	} else if s, ok := a.own.Script("start"); ok && !a.fw.Over {
		text = s.Value
	}
	runs = bunScript.MatchString(text) || text == "" && a.pm.Name == "bun" && !a.isFW
	image = runs && a.pm.Name == "bun" && !slices.ContainsFunc(scripts.RoughPrograms(text), func(w string) bool { return w == "node" || w == "npm" || w == "npx" })
	for _, s := range a.own.Code.Spawns {
		if slices.Contains([]string{"node", "npm", "npx", "pnpm", "yarn"}, s.Value) {
			image = false
		}
	}
	return runs, image && !a.f.Has("prisma")
}

// decideImage chooses the image of base and its version.
func (a *app) decideImage(p *Plan) (rel knowledge.Release, err error) {
	if a.bunImage {
		img, ok := a.in.Know.Image("oven/bun")
		if !ok {
			return rel, errors.New("knowledge: no image oven/bun")
		}
		v := a.in.Book.Choose(plan.Choice{Key: "bun.version", Value: img.Default, Rule: "the app runs on Bun, whose image of this major is kept up to date", Pos: choice.At(a.pm.pos), Link: img.Source, Input: "bun"})
		rel, ok = img.Release(v)
		if !ok {
			return rel, choice.Refuse(fact.At("dockgen.lock", 0), "dockgen update --upgrade chooses anew", "dockgen.lock holds Bun %s, which has no image", plan.Printable(v, 20))
		}
		p.Image, p.Arg = plan.MustWord("oven/bun"), plan.MustWord("BUN_VERSION")
	} else {
		why := ""
		if a.pm.version != "" {
			why = a.pm.command() + " " + a.pm.version
		}
		if rel, err = decideVersion(a.in, a.f, a.pm.needs(), why); err != nil {
			return rel, err
		}
		a.node = rel.Version
		p.Image, p.Arg = plan.MustWord("node"), plan.MustWord("NODE_VERSION")
		if a.bun || a.pm.Name == "bun" {
			p.HasBun = true
		}
		a.replaceBrought()
		if err = a.tool(p); err != nil {
			return rel, err
		}
	}
	p.Version, err = plan.NewWord(rel.Version)
	return rel, err
}

// tool installs the package manager, where the image does not have it. A
// committed release needs only some Yarn that hands over to it, which the
// image's does from 1.22 on.
func (a *app) tool(p *Plan) (err error) {
	if a.pm.Package == "" || a.pm.version == "" || a.replaces() && (a.pm.release != "" || majorMinor(a.pm.version) == majorMinor(a.pm.Bundled)) {
		return nil
	}
	install := []string{"npm", "install", "-g", a.pm.Package + "@" + a.pm.version}
	if a.replaces() {
		install = slices.Insert(install, 3, "--force") // over the image's own
	}
	p.Tool, err = plan.NewShell(install...)
	p.HasTool = err == nil
	return err
}

func majorMinor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// setup decides the variables that the package manager needs in every stage.
func (a *app) setup(p *Plan) error {
	add := func(name, value, why string) error {
		e, err := plan.NewEnv(name, value)
		p.Setup = append(p.Setup, Setup{plan.NewRemark(why), e})
		return err
	}
	if a.pm.command() == "yarn" && a.f.Yarn.Path.Value != "" && a.pm.release == "" {
		if err := add("YARN_IGNORE_PATH", "1", a.f.Yarn.Config+" names a release that is not in the repository."); err != nil {
			return err
		}
	}
	if err := a.md4(add); err != nil {
		return err
	}
	if e, ok := a.unmet(); ok && (a.pm.Name == "npm" || a.pnp()) {
		a.in.Book.Note(e.Version.Pos, "npm ends where devEngines is not met, and the image has the newest patch of Node "+a.node, `make it a range, or add "onFail": "warn"`)
		if err := add("npm_config_force", "true", "devEngines asks for "+e.Name+" "+plan.Printable(e.Version.Value, 40)+", without which npm ends: it only warns this way."); err != nil {
			return err
		}
	}
	return a.linker(add)
}

// linker puts the packages of Plug'n'Play into node_modules.
func (a *app) linker(add func(name, value, why string) error) error {
	ch := plan.Choice{
		Key: "node.linker", Value: "node-modules", Link: "https://yarnpkg.com/features/linkers",
		Rule: "with Plug'n'Play what is installed lies beside the source, where a mounted source hides it, and prod would need Yarn's experimental loader",
		Pos:  choice.At(cmp.Or(a.f.Yarn.Linker.Pos, a.pm.pos)),
	}
	name := "YARN_NODE_LINKER"
	i := slices.IndexFunc(a.f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "node-linker=pnp" })
	switch {
	case a.pnp():
	case a.pm.Name == "pnpm" && i >= 0:
		name = "npm_config_node_linker"
		ch.Value, ch.Link, ch.Pos = "hoisted", "https://pnpm.io/settings#nodelinker", choice.At(a.f.Npmrc[i].Pos)
		ch.Rule = "with Plug'n'Play prod would need a loader, which the start command does not name"
	default:
		return nil
	}
	if value := ch.Value; a.in.Book.Choose(ch) != value {
		return nil
	}
	return add(name, ch.Value, "Plug'n'Play would put the packages beside the source, where a mounted source hides them.")
}

// md4 lets an old webpack hash as it does.
func (a *app) md4(add func(name, value, why string) error) error {
	rows, err := loadRows()
	if err != nil || a.bunImage || majorOf(a.node) < 17 {
		return err
	}
	for _, s := range a.f.Scripts {
		if strings.Contains(s.Value, "openssl-legacy-provider") {
			return nil // the repository does it itself
		}
	}
	deps := a.every()
	for _, f := range a.nested() {
		deps = append(deps, f.Deps...)
	}
	for _, r := range rows.MD4 {
		i := slices.IndexFunc(deps, func(d node.Dep) bool {
			return d.Name == r.Package && d.Kind != node.Peer && depMajor(d) < r.Below
		})
		if i < 0 {
			continue
		}
		a.in.Book.Note(deps[i].Pos, fmt.Sprintf("%s of this version bundles with a webpack that hashes with MD4, which Node refuses from 17 on: the build allows it", r.Package),
			fmt.Sprintf("move to %s %d", r.Package, r.Below))
		return add("NODE_OPTIONS", "--openssl-legacy-provider", "The webpack of this "+r.Package+" hashes with MD4, which OpenSSL 3 has among its legacy algorithms.")
	}
	return nil
}

// otherFolder is a folder that a script leaves its own for.
var otherFolder = regexp.MustCompile(`(?:--prefix|--cwd|-C|\bcd)[ =]+(?:\./)?([A-Za-z0-9_][A-Za-z0-9_./-]*)`)

// nested are the apps below that the build script installs and builds, such as
// a client with a package.json of its own.
func (a *app) nested() []*node.Facts {
	name, build, ok := buildScript(a.f)
	if !ok {
		return nil
	}
	texts := []string{build.Value}
	for _, other := range slices.Sorted(maps.Keys(a.f.Scripts)) {
		if other != name && mentions(build.Value, other) {
			texts = append(texts, a.f.Scripts[other].Value)
		}
	}
	var out []*node.Facts
	for _, m := range otherFolder.FindAllStringSubmatch(strings.Join(texts, "\n"), maxNested) {
		dir := path.Join(a.f.Dir, m[1])
		if dir == a.f.Dir || slices.ContainsFunc(out, func(f *node.Facts) bool { return f.Dir == dir }) {
			continue
		}
		// One that cannot be read says nothing here: its install will.
		if f, err := node.Detect(a.in.Tree, dir); err == nil && f != nil {
			out = append(out, f)
		}
	}
	return out
}

// maxNested is more apps than anybody builds with one script.
const maxNested = 5

// pnp reports whether Yarn would install without node_modules, as it does
// from version 2 on where nothing else is said:
// https://yarnpkg.com/configuration/yarnrc#nodeLinker.
func (a *app) pnp() bool {
	return a.pm.Name == "berry" && (a.f.Yarn.Linker.Value == "" || a.f.Yarn.Linker.Value == "pnp")
}

// suite names the variant of the image: the newest Debian that is published,
// or Alpine where prod runs on it, since what is installed on one C library
// does not run on the other.
func (a *app) suite(p *Plan, rel knowledge.Release, r plan.Runtime) error {
	variants := []string{"trixie-slim", "bookworm-slim", "bullseye-slim", "slim"}
	if r == plan.Alpine && p.Site == nil && !a.fw.Static {
		variants = []string{"alpine"}
	}
	for _, v := range variants {
		if rel.Has(v) {
			p.Suite = plan.MustWord(v)
			// Bun's program is linked against the image's C library.
			p.BunFrom = plan.MustWord("oven/bun:1" + pick(v == "alpine", "-alpine", ""))
			return nil
		}
	}
	return fmt.Errorf("knowledge: %s %s has no variant for %s", p.Image, rel.Version, r)
}

// decideRuntime asks the book, with the reasons why a runtime cannot be.
func (a *app) decideRuntime(s start, rel knowledge.Release, needs needs) (plan.Runtime, error) {
	if a.fw.Static && a.fw.Site != nil {
		a.in.Book.ForSite()
		return a.in.Book.Runtime(a.fw.Site.can)
	}
	img, _ := a.in.Know.Image("gcr.io/distroless/nodejs")
	return a.in.Book.Runtime(func(r plan.Runtime) error {
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
				return fmt.Errorf("the code starts %s (%s), which distroless does not have", plan.Printable(needs.spawns[0].Value, 40), needs.spawns[0].Pos)
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
	if a.fw.Static {
		return nil, nil
	}
	list := [][2]string{{"NODE_ENV", "production"}}
	if a.bunImage && len(a.f.Deps) == 0 {
		list = nil
	}
	list = append(append(list, n.env...), n.prodEnv...)
	list = append(list, a.fw.Env...)
	list = append(list, l.Env...)
	list = append(list, s.Env...)
	out, err := envs(list)
	for i, e := range out {
		out[i].Why = plan.NewRemark(a.fw.EnvWhy[e.Name.String()])
	}
	return out, err
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

// needs is what prod has to have beside Node.
type needs struct {
	debian, alpine           []plan.System // at run time
	debianBuild, alpineBuild []plan.System
	spawns                   []fact.Fact[string]
	manager                  bool // the package manager itself
	noAlpine                 string
	env                      [][2]string // at install and at run time
	installEnv               [][2]string // at install alone
	prodEnv                  [][2]string // at run time alone
}

// usage says who uses a package.
type usage int

const (
	byNobody usage = iota
	byDevelopers
	byProd
)

// decidePackages looks the dependencies and the programs that the code starts
// up in the table of system packages.
func (a *app) decidePackages(s start) needs {
	var n needs
	var shown, reasons []string
	ch := plan.Choice{Key: "packages"}
	// reason is what the comment says of packages, "" to say it of the library.
	// uses says what of the repository uses it: prod, its developers, or
	// nobody, where it is only installed.
	row := func(name, version, reason string, pos fact.Pos, uses usage) {
		shipped := uses == byProd
		k, ok := a.in.Know.Package("node", name)
		if !ok || k.Versions != "" && !overlaps(version, k.Versions) {
			return
		}
		add := func(list *[]plan.System, packages []string, reason string) {
			words, err := plan.Words(packages...)
			have := plan.Packages(*list)
			words = slices.DeleteFunc(words, func(w plan.Word) bool { return slices.Contains(have, w) })
			if err == nil && len(words) > 0 {
				*list = append(*list, plan.System{For: plan.NewRemark(reason), Packages: words})
			}
		}
		k = a.builtFor(k, version)
		if uses == byNobody {
			k.Debian.Runtime, k.Alpine.Runtime = nil, nil
		}
		debian, alpine := &n.debian, &n.alpine
		if !shipped {
			debian, alpine = &n.debianBuild, &n.alpineBuild
		}
		if !k.Wheel {
			add(&n.debianBuild, k.Debian.Build, cmp.Or(reason, buildReason(k, k.Debian)))
		}
		add(&n.alpineBuild, k.Alpine.Build, cmp.Or(reason, buildReason(k, k.Alpine)))
		add(debian, k.Debian.Runtime, cmp.Or(reason, runReason(k, k.Debian)))
		add(alpine, k.Alpine.Runtime, cmp.Or(reason, runReason(k, k.Alpine)))
		if k.NoAlpine != "" && n.noAlpine == "" && shipped {
			n.noAlpine = name + ": " + k.NoAlpine
		}
		if k.Note != "" && shipped {
			a.in.Book.Note(pos, k.Note, "")
		}
		for _, e := range sortedKeys(k.Env) {
			to := &n.env
			switch {
			case strings.HasPrefix(name, "program:"):
				to = &n.prodEnv
			case !shipped:
				to = &n.installEnv
			}
			*to = append(*to, [2]string{e, k.Env[e]})
		}
		for _, e := range sortedKeys(k.InstallEnv) {
			n.installEnv = append(n.installEnv, [2]string{e, k.InstallEnv[e]})
		}
		if !k.Wheel {
			shown = append(shown, k.Debian.Build...)
		}
		shown = append(shown, k.Debian.Runtime...)
		if len(k.Debian.Runtime) > 0 || len(k.Debian.Build) > 0 && !k.Wheel {
			said := cmp.Or(reason, runReason(k, k.Debian))
			if len(k.Debian.Runtime) == 0 {
				said = cmp.Or(reason, buildReason(k, k.Debian))
			}
			reasons = append(reasons, strings.TrimSuffix(said, "."))
			if ch.Pos == nil {
				ch.Pos, ch.Link = choice.At(pos), k.Source
			}
		}
	}
	seen := map[string]bool{}
	keep, _ := a.keepsDev(s)
	look := func(deps []node.Dep, runs bool) {
		for _, d := range deps {
			if seen[d.Name] || d.Kind == node.Peer {
				continue
			}
			seen[d.Name] = true
			uses := byProd
			switch {
			case !runs:
				uses = byNobody
			case d.Kind == node.Dev && keep.Name == "":
				uses = byDevelopers
			}
			row(d.Name, cmp.Or(d.Locked, d.Range), "", d.Pos, uses)
		}
	}
	look(a.f.Deps, true)
	runs := a.runningMembers()
	for _, running := range []bool{true, false} { // what runs needs more than what is only installed
		for _, u := range a.f.Packages {
			if runs[u.Dir] == running {
				look(u.Deps, running)
			}
		}
	}
	for _, p := range a.fw.Programs {
		row("program:"+p.Name, "", p.For, p.Pos, byDevelopers)
	}
	if a.fw.Static {
		n.debian, n.alpine = nil, nil
	} else {
		programs := map[string]bool{}
		reached, all := a.reach(s)
		for _, p := range a.own.Code.Spawns {
			if programs[p.Value] || all && !reached[p.Pos.File] {
				continue
			}
			programs[p.Value] = true
			n.spawns = append(n.spawns, p)
			row("program:"+p.Value, "", p.Value+" is started by the code.", p.Pos, byProd)
		}
		for _, p := range s.Programs {
			if !programs[p] {
				programs[p] = true
				row("program:"+path.Base(p), "", path.Base(p)+" is in the start command.", s.Pos, byProd)
			}
		}
		n.manager = programs[a.pm.command()] || a.pm.Name == "pnpm" && programs["pnpx"]
	}
	slices.Sort(shown)
	if shown = slices.Compact(shown); len(shown) > 0 {
		ch.Value, ch.Rule = strings.Join(shown, " "), strings.Join(reasons, "; ")
		a.in.Book.Choose(ch)
	}
	return n
}

// runningMembers are the folders of the workspace's members that prod runs:
// the app with the members that it depends on, or where none is the app, all.
func (a *app) runningMembers() map[string]bool {
	out := map[string]bool{}
	if a.member != nil {
		for _, u := range a.closure(a.member, true) {
			out[u.Dir] = true
		}
		return out
	}
	for _, u := range a.f.Packages {
		out[u.Dir] = true
	}
	return out
}

// builtFor is a library's row for one of its versions: where nobody prebuilt
// that for the Node that was chosen, it is compiled, and linked against
// what it needs.
func (a *app) builtFor(k knowledge.Package, version string) knowledge.Package {
	for _, u := range k.Unbuilt {
		if !k.Wheel || a.node == "" || !overlaps(version, u.Versions) || !matches(u.Node, a.node) {
			continue
		}
		k.Wheel = false
		k.Debian.Runtime = u.Runtime
		if len(u.Runtime) > 0 {
			k.Why = "it is compiled, and linked against them"
		}
		if len(k.Alpine.Build) == 0 {
			k.Alpine.Build = k.Debian.Build
		}
	}
	return k
}

// buildReason says of a comment's packages what for: a library that is
// compiled, or one that looks at install for what it runs with.
func buildReason(k knowledge.Package, n knowledge.Need) string {
	if k.Why != "" && slices.Equal(n.Build, n.Runtime) {
		return runReason(k, n)
	}
	return k.Name + " is compiled when it is installed, which takes " + strings.Join(n.Build, ", ") + "."
}

// runReason is the same for what a library needs when it runs.
func runReason(k knowledge.Package, n knowledge.Need) string {
	why := ""
	if k.Why != "" {
		why = ": " + k.Why
	}
	return k.Name + " needs " + strings.Join(n.Runtime, ", ") + why + "."
}

// reach lists the files that the entry imports, directly or not. all says that
// nothing else can be loaded: every file is imported by a literal relative
// path, and every other import is a dependency or Node's own.
func (a *app) reach(s start) (files map[string]bool, all bool) {
	entry := s.file()
	if src := a.source(entry); src != "" && !a.has(entry) {
		entry = src
	}
	for _, c := range []string{entry, entry + ".js", path.Join(entry, "index.js")} {
		if entry != "" && a.has(c) {
			entry = c
			break
		}
	}
	if entry == "" || !a.has(entry) || s.Shell != "" {
		return nil, false
	}
	files = map[string]bool{path.Join(a.f.Dir, entry): true}
	queue := []string{path.Join(a.f.Dir, entry)}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		for _, next := range a.f.Code.Local[file] {
			if !files[next] {
				files[next] = true
				queue = append(queue, next)
			}
		}
	}
	all = a.f.Code.Computed.IsZero() && len(a.f.Packages) == 0
	for name, pos := range a.f.Code.Imports {
		// An import that is no dependency may be an alias of a folder.
		if files[pos.File] && !a.f.Has(name) && !strings.HasPrefix(name, "node:") && !builtin[name] {
			all = false
		}
	}
	return files, all
}

// builtin are Node's own modules that may be imported without "node:":
// https://nodejs.org/api/module.html#modulebuiltinmodules.
var builtin = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true, "constants": true,
	"crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true, "events": true, "fs": true, "http": true,
	"http2": true, "https": true, "inspector": true, "module": true, "net": true, "os": true, "path": true, "perf_hooks": true,
	"process": true, "punycode": true, "querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true,
	"timers": true, "tls": true, "tty": true, "url": true, "util": true, "v8": true, "vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}

// addPackages puts what the app needs at run time into base, where dev and
// test have it too; prod is then made of base.
func (p *Plan) addPackages(n needs, r plan.Runtime) {
	switch r {
	case plan.Slim:
		p.System, p.Debian = slices.Concat(n.debian, p.Debian), nil
	case plan.Alpine:
		p.System, p.Alpine = slices.Concat(n.alpine, p.Alpine), nil
	case plan.Distroless, plan.Scratch:
	}
	p.Prod.FromBase = len(p.System) > 0
}

// beyond are the rows of packages that base does not have yet.
func (p *Plan) beyond(rows []plan.System) []plan.System {
	have := plan.Packages(p.System)
	var out []plan.System
	for _, r := range rows {
		if slices.ContainsFunc(r.Packages, func(w plan.Word) bool { return !slices.Contains(have, w) }) {
			out = append(out, r)
		}
	}
	return out
}

// ignore is the .dockerignore.
func (a *app) ignore(b built) plan.Ignore {
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
	for _, dir := range slices.Concat(b.outputs, a.fw.Caches, a.fw.Made) {
		below := slices.ContainsFunc(made, func(m string) bool { return strings.HasPrefix(dir+"/", m+"/") })
		if dir != "." && !a.hasDir(dir) && !below {
			made = append(made, dir)
		}
	}
	groups := []plan.IgnoreGroup{{Heading: plan.NewRemark("What is installed and built inside of the image"), Patterns: patterns("", made)}}
	if a.hidesNpmrc() {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewRemark("It authenticates: the build takes it as a secret"), Patterns: plan.MustPatterns(".npmrc")})
	}
	if keep := patterns("!", a.fw.Keep); len(keep) > 0 {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewRemark("The build writes these into the site, where anyone can read them"), Patterns: keep})
	}
	return choice.Ignore(groups...)
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

// bunScript matches a script that Bun runs.
var bunScript = regexp.MustCompile(`^(bun|bunx)\s`)
