package node

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideApp finds the package that is the app, and its framework: the root, or
// the member of a workspace that the user or the start command names, or the
// only member that is an app where the root is none.
func (a *app) decideApp() (err error) {
	a.own = a.f
	a.links, a.apps = sync.OnceValue(a.readLinks), sync.OnceValue(a.findApps)
	if u := a.namedMember(); u != nil {
		a.take(u)
		if a.fw, err = a.memberFramework(); err != nil && a.in.Settings.Main == "" {
			// What cannot be built alone may be built by the root's script.
			err = nil
		}
		return err
	}
	if a.fw, err = framework.Find(a.asks(a.f, "")); err != nil || a.fw.Used() || len(a.f.Packages) == 0 || a.starts() {
		return err
	}
	apps := a.apps()
	switch len(apps) {
	case 0:
		return nil
	case 1:
		a.take(apps[0])
		a.fw, err = a.memberFramework()
		return err
	}
	var dirs []string
	for _, u := range apps {
		dirs = append(dirs, plan.Printable(u.Dir, 60))
	}
	return record.Refuse(fact.At(path.Join(a.f.Dir, a.f.Manifest), 0),
		fmt.Sprintf(`say --set main=%s, or add a "start" script to %s that starts one of them`, dirs[0], a.f.Manifest),
		"this workspace has several apps and its root does not say which to start: %s", strings.Join(dirs, ", "))
}

// namedMember is the member that --set main names, or that the root's Procfile
// or start script runs; nil for none.
func (a *app) namedMember() *node.WorkspaceUnit {
	set := a.in.Settings
	if set.Main != "" {
		main := path.Clean(set.Main)
		if i := slices.IndexFunc(a.f.Packages, func(u node.WorkspaceUnit) bool { return u.Dir == main }); i >= 0 {
			return &a.f.Packages[i]
		}
	}
	if len(a.f.Packages) == 0 || set.Main != "" || len(set.Start) > 0 {
		return nil
	}
	start, ok := script.Production(a.f)
	if !ok {
		return nil
	}
	list, ok := script.Parse(start.Value)
	if !ok {
		return nil
	}
	u, rest := script.Member(a.f, list)
	a.runs = rest
	return u
}

// starts reports whether the root says by itself how something is started.
func (a *app) starts() bool {
	if _, ok := script.Production(a.f); ok || len(a.in.Settings.Start) > 0 || a.in.Settings.Main != "" || len(a.f.Procfile) > 0 || len(a.nxPrograms()) == 1 {
		return true
	}
	for _, e := range append([]fact.Fact[string]{a.f.Main, a.f.Exports, a.f.Module}, a.f.Bin...) {
		if _, ok := a.entry(e.Value); ok && e.Value != "" {
			return true
		}
	}
	return len(a.usualEntries()) > 0
}

// findApps finds the members of the workspace that are apps.
func (a *app) findApps() []*node.WorkspaceUnit {
	var apps []*node.WorkspaceUnit
	for i := range a.f.Packages {
		if u := &a.f.Packages[i]; a.isApp(u) {
			apps = append(apps, u)
		}
	}
	return apps
}

// isApp reports whether a member is an app and no package of another one: it
// can be started, or its code listens, or a framework makes a site or a server
// of it.
func (a *app) isApp(u *node.WorkspaceUnit) bool {
	for i := range a.f.Packages {
		if other := &a.f.Packages[i]; other != u && other.Facts.Has(u.Name) {
			return false
		}
	}
	if _, ok := u.Facts.Script("start"); ok {
		return true
	}
	dir := path.Join(a.f.Dir, u.Dir) + "/"
	if slices.ContainsFunc(a.f.Code.Listens, func(l effect.Listen) bool { return !l.Named && strings.HasPrefix(l.Pos.File, dir) }) {
		return true
	}
	fw, err := framework.Find(a.asks(a.ownOf(u), u.Dir))
	return fw.Site != nil || fw.Server != nil || err != nil
}

// take makes a member the app.
func (a *app) take(u *node.WorkspaceUnit) {
	a.member, a.own = u, a.ownOf(u)
	if len(a.runs) == 0 {
		return
	}
	// If the root runs anything but the member's own start script, that command
	// replaces the script.
	if name, _, ok := script.Script(u.Facts, a.runs[0].Argv); len(a.runs) > 1 || !ok || name != "start" {
		own := maps.Clone(a.own.Scripts)
		if own == nil {
			own = map[string]fact.Fact[string]{}
		}
		start, _ := script.Production(a.f)
		start.Value = script.Quote(a.runs, false)
		own["start"] = start
		a.own.Scripts = own
	}
}

// ownOf is what a member says of itself, with the code of the packages that it
// uses, and with the dependencies of the root, where Node finds packages too.
func (a *app) ownOf(u *node.WorkspaceUnit) *node.Facts {
	own := *u.Facts
	var dirs []string
	for _, used := range a.closure(u, false) {
		dirs = append(dirs, path.Join(a.f.Dir, used.Dir))
	}
	own.Code = a.f.Code.Below(dirs...)
	own.Deps = slices.Clone(own.Deps)
	for _, d := range a.f.Deps {
		if !own.Has(d.Name) {
			own.Deps = append(own.Deps, d)
		}
	}
	return &own
}

// closure is a member after the members that it uses, each after those that it
// uses itself; prod leaves out what only their development uses.
func (a *app) closure(u *node.WorkspaceUnit, prod bool) []*node.WorkspaceUnit {
	var out []*node.WorkspaceUnit
	seen := map[*node.WorkspaceUnit]bool{}
	var visit func(u *node.WorkspaceUnit)
	visit = func(u *node.WorkspaceUnit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, l := range a.links()[u] {
			if !prod || !l.dev {
				visit(l.to)
			}
		}
		out = append(out, u)
	}
	visit(u)
	return out
}

// link is the use of one member of a workspace by another.
type link struct {
	to  *node.WorkspaceUnit
	dev bool // by its development alone
}

// readLinks finds which members each one uses, in their order: those that it
// depends on, and those that it imports without saying so, because package
// managers that hoist link all members.
func (a *app) readLinks() map[*node.WorkspaceUnit][]link {
	imported := a.imported()
	out := map[*node.WorkspaceUnit][]link{}
	for i := range a.f.Packages {
		u := &a.f.Packages[i]
		for k := range a.f.Packages {
			other := &a.f.Packages[k]
			if k == i || other.Name == "" {
				continue
			}
			d, depends := u.Facts.Dep(other.Name)
			imports := imported[u.Dir][other.Name]
			if depends || imports {
				out[u] = append(out[u], link{other, !imports && d.Kind == node.Dev})
			}
		}
	}
	return out
}

// imported are the packages that the code of each member imports, by its folder.
func (a *app) imported() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, u := range a.f.Packages {
		out[u.Dir] = map[string]bool{}
	}
	root := strings.TrimPrefix(a.f.Dir+"/", "./")
	for file, imports := range a.f.Code.Uses {
		for dir := path.Dir(strings.TrimPrefix(file, root)); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if names, ok := out[dir]; ok {
				for _, f := range imports {
					names[f.Value] = true
				}
			}
		}
	}
	return out
}

// asks is what framework.Find is asked about the app in a folder of the
// workspace, "" for the root.
func (a *app) asks(f *node.Facts, dir string) framework.Request {
	return framework.Request{Tree: a.in.Tree, Facts: f, Dir: dir, Asked: len(a.in.Settings.Start) > 0}
}

// memberFramework is the member's framework. The package manager decides in
// which folder the package of its server lies, so that its program is found by name.
func (a *app) memberFramework() (framework.Framework, error) {
	fw, err := framework.Find(a.asks(a.own, a.member.Dir))
	if s := fw.Server; s != nil && len(s.Command) > 1 && s.Program != "" && strings.HasPrefix(s.Command[1], "node_modules/") && !a.isolated(s.Command[1]) {
		s.Command = append([]string{s.Program}, s.Command[2:]...)
	}
	return fw, err
}

// isolated reports whether a file of a package is surely in the member's own
// node_modules.
func (a *app) isolated(file string) bool {
	name := node.PackageOf(strings.TrimPrefix(file, "node_modules/"))
	return a.pm.Name == "pnpm" && a.member.Facts.Has(name)
}

// buildMember are the commands that build the member, after what it uses.
func (a *app) buildMember() [][]string {
	var run [][]string
	if build, ok := a.pm.BuildWithUses(a.member.Dir, "build"); ok && a.member.Scripts["build"].Value != "" {
		return [][]string{build}
	}
	for _, u := range a.closure(a.member, false) {
		if u.Scripts["build"].Value != "" && u != a.member {
			run = append(run, a.pm.MemberScript(u.Dir, "build"))
		}
	}
	switch {
	case a.member.Scripts["build"].Value != "":
		run = append(run, a.pm.MemberScript(a.member.Dir, "build"))
	case a.fw.Used() && a.fw.Build.Script != "":
		run = append(run, a.pm.MemberScript(a.member.Dir, a.fw.Build.Script))
	case a.fw.Used() && len(a.fw.Build.Command) > 0:
		run = append(run, a.pm.MemberProgram(a.member.Dir, a.fw.Build.Command...))
	case a.own.TSConfig != nil && a.own.Has("typescript") && !a.fw.Used() && !a.own.TSConfig.NoEmit && a.own.TSConfig.OutDir.Found():
		run = append(run, a.pm.MemberProgram(a.member.Dir, "tsc"))
	}
	return run
}

// rootBuild is the command of the root's build script. Where Turborepo would
// build other apps of the workspace too, it builds the member with what it uses:
// https://turborepo.dev/docs/crafting-your-repository/running-tasks#using-filters.
func (a *app) rootBuild(name, text string) []string {
	list := script.Commands(text)
	if a.member == nil || len(list) != 1 || list[0][0] != "turbo" || slices.ContainsFunc(list[0], func(w string) bool { return w == "" || strings.HasPrefix(w, "--filter") || w == "-F" }) || len(a.apps()) < 2 {
		return a.pm.Script(name)
	}
	return append(a.pm.Program(list[0]...), "--filter=./"+a.member.Dir)
}

// parts are the folders of the workspace that prod needs, nil where only the
// whole workspace is sure to hold what is run: a shell, a package manager or a
// compiler may read any of it, and so may code that climbs out of its package.
func (a *app) parts(s start, n needs) []*node.WorkspaceUnit {
	if a.member == nil || n.manager || s.Shell != "" {
		return nil
	}
	framed := a.fw.Server != nil
	if file := s.file(); !framed && (s.Argv[0] != "node" || isTypeScript(file) || slices.ContainsFunc(s.Argv, script.TakesValue)) {
		return nil
	}
	list := a.closure(a.member, true)
	unit := func(file string) string {
		for _, u := range list {
			if dir := path.Join(a.f.Dir, u.Dir); strings.HasPrefix(file, dir+"/") || file == dir {
				return dir
			}
		}
		return ""
	}
	for _, imports := range a.own.Code.Local {
		if slices.ContainsFunc(imports, func(i string) bool { return unit(i) == "" }) {
			return nil
		}
	}
	for _, c := range a.own.Code.Climbs {
		to := path.Join(path.Dir(c.Pos.File), c.Value)
		if unit(to) == "" || unit(to) != unit(c.Pos.File) || !a.tree().Has(to) && !a.tree().HasDir(to) {
			return nil
		}
	}
	return list
}

// dir is the app's folder from the root of the workspace on, "" for the root.
func (a *app) dir() string {
	if a.member == nil {
		return ""
	}
	return a.member.Dir
}

// memberStarts are the ways to start the member, where the root names none.
func (a *app) memberStarts() []option {
	list := a.frameworkStarts()
	why := ", the one member of the workspace that is an app"
	if a.in.Settings.Main != "" {
		why = ", the member that is asked for"
	}
	if s, ok := a.member.Facts.Script("start"); ok {
		list = append(list, option{s.Value, s.Pos, "the start script of " + a.member.Dir + why, func() (start, error) { return a.fromMember(a.member, "start") }})
	}
	if e := a.own.Main; e.Value != "" && a.in.Tree.Has(path.Join(a.own.Dir, e.Value)) {
		list = append(list, option{e.Value, e.Pos, "main of " + a.member.Dir + why, func() (start, error) {
			return a.fromCommands([]script.Command{{Argv: []string{"cd", a.member.Dir}}, {Argv: []string{"node", path.Clean(e.Value)}}}, e.Value, e.Pos)
		}})
	}
	return list
}

// copyParts copies the packages of the workspace that prod needs, with what is
// installed for them. source says that the stage has their code.
func (a *app) copyParts(pr *Prod, parts []*node.WorkspaceUnit, source bool, stage string, from func(stage, to string, paths ...string) error) error {
	if err := from(stage, "node_modules/", workdir+"/node_modules/"); err != nil {
		return err
	}
	for _, u := range parts {
		if !source && len(u.Deps) == 0 {
			continue // nothing is installed for it
		}
		if err := from(stage, u.Dir+"/", path.Join(workdir, u.Dir)+"/"); err != nil {
			return err
		}
	}
	if source {
		return a.copyOwned(pr, stage, from)
	}
	for _, u := range parts {
		if err := from("", u.Dir+"/", u.Dir+"/"); err != nil {
			return err
		}
	}
	return nil
}

// copyOwned copies what the framework's server writes apart from the rest of
// the member, whose row is the last one so far.
func (a *app) copyOwned(pr *Prod, stage string, from func(stage, to string, paths ...string) error) error {
	if a.fw.Server == nil {
		return nil
	}
	last := len(pr.Copies) - 1
	for _, x := range a.fw.Server.Copies {
		if !x.Writable {
			continue
		}
		rel := strings.TrimSuffix(strings.TrimPrefix(x.From, a.member.Dir+"/"), "/")
		except, err := plan.NewToken(rel)
		if err != nil {
			return err
		}
		pr.Copies[last].Exclude = append(pr.Copies[last].Exclude, except)
		if err := from(stage, x.To, workdir+"/"+x.From); err != nil {
			return err
		}
		if err := describe(&pr.Copies[len(pr.Copies)-1], x); err != nil {
			return err
		}
	}
	return nil
}

// script is the command that runs a script of the app's own package in dev. What
// the member uses is built before it, where its packages are files that no
// source is.
func (a *app) script(pm manager.Manager, name string, args ...string) []string {
	if a.member == nil {
		return pm.Script(name, args...)
	}
	return a.afterUses(pm, pm.MemberScript(a.member.Dir, name, args...))
}

// program is the same of a program of node_modules/.bin.
func (a *app) program(pm manager.Manager, argv ...string) []string {
	if a.member == nil {
		return pm.Program(argv...)
	}
	return a.afterUses(pm, pm.MemberProgram(a.member.Dir, argv...))
}

func (a *app) afterUses(pm manager.Manager, argv []string) []string {
	var list []script.Command
	for _, build := range a.buildUses(pm) {
		list = append(list, script.Command{Argv: build})
	}
	if len(list) == 0 {
		return argv
	}
	return []string{"sh", "-c", script.Quote(append(list, script.Command{Argv: argv}), true)}
}

// buildUses are the commands that build those packages of the workspace that
// the app uses and whose files are no source.
func (a *app) buildUses(pm manager.Manager) [][]string {
	if a.member == nil {
		return nil
	}
	var list [][]string
	for _, u := range a.closure(a.member, false) {
		if _, builds := u.Facts.Script("build"); builds && u != a.member && a.isBuilt(u) {
			list = append(list, pm.MemberScript(u.Dir, "build"))
		}
	}
	// Yarn from version 2 on finds the root's programs for the scripts of a member
	// only where a script of the root runs them.
	if build, ok := a.f.Script("build"); ok && len(list) > 0 && a.pm.Name == "berry" && !script.Placeholder(build.Value) {
		return [][]string{pm.Script("build")}
	}
	return list
}

// isBuilt reports whether what others import of a member is written by its build.
func (a *app) isBuilt(u *node.WorkspaceUnit) bool {
	for _, e := range []fact.Fact[string]{u.Facts.Exports, u.Facts.Main, u.Facts.Module} {
		if e.Value != "" {
			file := path.Join(u.Facts.Dir, e.Value)
			return !a.tree().Has(file) && !a.tree().Has(file+".js") && !a.tree().Has(path.Join(file, "index.js"))
		}
	}
	return false
}

// moduleFolders are the folders below the root in which something may be
// installed for a member alone.
func (a *app) moduleFolders() []string {
	var dirs []string
	for _, u := range a.f.Packages {
		if len(u.Deps) > 0 {
			dirs = append(dirs, path.Join(u.Dir, "node_modules"))
		}
	}
	return dirs
}
