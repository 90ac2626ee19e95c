package node

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideApp finds the package that is the app, and its framework: the root, or
// the member of a workspace that the user or the start command names, or the
// only member that is an app where the root is none.
func decideApp(in record.Input, f *node.Facts, pm manager.Manager) (workspace.App, framework.Framework, error) {
	root := workspace.New(in.Tree, f)
	if u, start := namedMember(in, f); u != nil {
		app := root.Of(u, start)
		app.Alone = len(appsOf(in, root)) < 2
		fw, err := frameworkOf(in, app, pm)
		if err == nil {
			return app, fw, nil
		}
		if none := checkKind(in, app, framework.Framework{}); none != nil {
			return app, fw, none
		}
		if in.Settings.Main == "" {
			// What cannot be built alone may be built by the root's script.
			return app, framework.Framework{}, nil
		}
		return app, fw, err
	}
	projects := nxApps(f)
	if i := slices.IndexFunc(projects, func(p node.NxProject) bool { return in.Settings.Main != "" && p.Dir == path.Clean(in.Settings.Main) }); i >= 0 {
		return ofNx(root, projects, projects[i])
	}
	if in.File != "" {
		return root, framework.Framework{}, record.NoApp(record.Refuse(root.Manifest(), "", "%s is no member of this workspace", plan.Printable(in.Settings.Main, 60)))
	}
	if p, ok := nxMain(f); ok && len(in.Settings.Start) == 0 && in.Settings.Main == "" {
		besideNx(in, projects, p)
		if row, ok := nxExecutor(p); ok && row.Site != "" {
			return ofNx(root, projects, p)
		}
	}
	fw, err := frameworkOf(in, root, pm)
	if err != nil || fw.Used() || len(f.Packages)+len(projects) == 0 || saysStart(in, root) {
		return root, fw, err
	}
	apps := appsOf(in, root)
	switch {
	case len(apps)+len(projects) == 0:
		return root, fw, nil
	case len(projects) > 0 && (len(apps)+len(projects) == 1 || projects[0].Dir == "."):
		besideNx(in, projects, projects[0])
		return ofNx(root, projects, projects[0])
	case len(apps)+len(projects) == 1:
		app := root.Of(apps[0], fact.Fact[string]{})
		app.Alone = true
		fw, err := frameworkOf(in, app, pm)
		return app, fw, err
	}
	own := slices.DeleteFunc(slices.Clone(apps), func(u *workspace.Unit) bool { return noImage(in, root, u) != "" })
	u, by := builtByOwn(in, apps), "the one that the repository's own Dockerfile builds"
	if u == nil && len(projects) == 0 {
		u, by = mainApp(in, root, own)
	}
	if u != nil {
		app := root.Of(u, fact.Fact[string]{})
		fw, err := frameworkOf(in, app, pm)
		if err == nil {
			others := slices.DeleteFunc(slices.Concat(own, apps), func(x *workspace.Unit) bool { return x == u })
			other := append(others, u)[0]
			in.Log.Note(root.Manifest(), plan.Printable(u.Dir, 60)+" is what the image is for: of "+strconv.Itoa(len(apps))+" apps of this workspace it is "+by, "--set main="+plan.Printable(other.Dir, 60)+" takes another")
		}
		return app, fw, err
	}
	var dirs []string
	var parts []record.Part
	for _, p := range projects {
		dirs, parts = append(dirs, plan.Printable(p.Dir, 60)), append(parts, record.Part{Main: p.Dir, Dir: p.Dir})
	}
	for _, u := range apps {
		dirs = append(dirs, plan.Printable(u.Dir, 60))
	}
	for _, u := range own {
		parts = append(parts, record.Part{Main: u.Dir, Dir: u.Dir})
	}
	return root, fw, record.OneOf(parts, record.Refuse(root.Manifest(),
		fmt.Sprintf(`say --set main=%s, or add a "start" script to %s that starts one of them`, dirs[0], f.Manifest),
		"this workspace has several apps and its root does not say which to start: %s", strings.Join(dirs, ", ")))
}

// mainApp is the one of several apps of a workspace that is clearly its app: the only
// one that is no documentation, example or test, or the one with the project's name.
// by says which; nil is none. own are the apps that an image could be for.
func mainApp(in record.Input, root workspace.App, own []*workspace.Unit) (app *workspace.Unit, by string) {
	f := root.Root
	if len(own) == 1 {
		return own[0], "the only one that is no documentation, example or test"
	}
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(path.Base(s)))
	}
	var named []*workspace.Unit
	for _, u := range own {
		if slices.ContainsFunc([]string{f.Name.Value, in.Name}, func(n string) bool {
			return n != "" && (plain(n) == plain(u.Dir) || plain(n) == plain(u.Facts.Name.Value))
		}) {
			named = append(named, u)
		}
	}
	if len(named) == 1 {
		return named[0], "the one with the project's name"
	}
	if _, all := f.Script("start"); all {
		return nil, "" // it starts them all
	}
	var serving []*workspace.Unit
	for _, u := range own {
		if answers, known := serves(in, root, u); answers {
			serving = append(serving, u)
		} else if !known {
			return nil, ""
		}
	}
	if len(serving) == 1 {
		return serving[0], "the only one that serves"
	}
	return nil, ""
}

// serves reports whether a member answers requests: its framework has a server, or its code listens. known is
// false for one of which that cannot be told: a site, which a web server serves.
func serves(in record.Input, root workspace.App, u *workspace.Unit) (serves, known bool) {
	fw, err := framework.Find(ask(in, root.Of(u, fact.Fact[string]{})))
	dir := root.Path(u.Dir) + "/"
	listens := slices.ContainsFunc(root.Root.Code.Listens, func(l effect.Listen) bool {
		return !l.Named && strings.HasPrefix(l.Pos.File, dir) && (l.Addr.Port != effect.Value{Sure: l.Addr.Port.Sure} || !slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, l.Addr.Host.Text)) // one for itself, on any port
	})
	switch {
	case u.Facts.Has("expo") || u.Facts.Has("react-native") || u.Facts.Has("electron"):
		return false, true // it runs on another device
	case err != nil || fw.Site != nil:
		return false, false
	}
	return listens || fw.Server != nil, true
}

// namedMember is the member that --set main names, or that the command by which
// the root is started runs; nil for none. start is what it runs there, if that is
// something else than the member's own start script.
func namedMember(in record.Input, f *node.Facts) (u *workspace.Unit, start fact.Fact[string]) {
	set := in.Settings
	if set.Main != "" {
		main := path.Clean(set.Main)
		if i := slices.IndexFunc(f.Packages, func(u workspace.Unit) bool { return u.Dir == main }); i >= 0 {
			return &f.Packages[i], start
		}
	}
	if len(f.Packages) == 0 || set.Main != "" || len(set.Start) > 0 {
		return nil, start
	}
	if u, start = ownCommand(in, f).member(f, workspace.New(in.Tree, f)); u != nil {
		return u, start
	}
	if start = startOf(f); start.Value == "" {
		return nil, start
	}
	list, ok := script.Parse(start.Value)
	if !ok {
		return nil, start
	}
	u, run := script.Member(f, list)
	if u == nil {
		if u = shownMember(in, f, list[len(list)-1].Argv); u != nil {
			start = fact.Fact[string]{}
		}
		return u, start
	}
	if name, _, ok := script.Script(u.Facts, run[0].Argv); ok && len(run) == 1 && (name == "start" || showsSite(in, f, u, run[0].Argv)) {
		return u, fact.Fact[string]{}
	}
	start.Value = script.Quote(run, false)
	return u, start
}

// shownMember is the member whose site a command hands out from the root: http-server packages/web/dist. nil for none.
func shownMember(in record.Input, f *node.Facts, argv []string) *workspace.Unit {
	if !framework.IsFileServer(argv) {
		return nil
	}
	for i := range f.Packages {
		u := &f.Packages[i]
		if slices.ContainsFunc(argv[1:], func(w string) bool { return path.Clean(w) != u.Dir && tree.Within(path.Clean(w), u.Dir) }) && isSite(in, f, u) {
			return u
		}
	}
	return nil
}

// showsSite reports whether a script of a member does no more than hand out the site that the member is.
func showsSite(in record.Input, f *node.Facts, u *workspace.Unit, argv []string) bool {
	list := script.Followed(u.Facts, script.Quote([]script.Command{{Argv: argv}}, false))
	return len(list) > 0 && framework.IsFileServer(list[len(list)-1]) && isSite(in, f, u)
}

// isSite reports whether a framework makes a site of a member.
func isSite(in record.Input, f *node.Facts, u *workspace.Unit) bool {
	fw, err := framework.Find(ask(in, workspace.New(in.Tree, f).Of(u, fact.Fact[string]{})))
	return err == nil && fw.Site != nil
}

// startOf is the command that counts most of those by which a repository says
// how it is started, an empty one for none.
func startOf(f *node.Facts) fact.Fact[string] {
	for _, w := range written(f) {
		return w.text
	}
	if s, ok := script.Production(f); ok {
		return s // a development server, which names the app
	}
	for _, p := range background(f) {
		return p.text
	}
	return fact.Fact[string]{}
}

// saysStart reports whether the root says by itself how something is started.
func saysStart(in record.Input, app workspace.App) bool {
	f := app.Root
	own, ok := script.Production(f)
	if len(f.Packages) > 0 && (start{Shell: own.Value}).unshellable() != "" {
		ok = false // no shell can run it, and a member is meant
	}
	if list, plain := script.Expanded(f, own.Value); ok && plain && len(f.Packages) > 0 && len(list) > 0 {
		_, all := script.InAll(list[len(list)-1].Argv)
		ok = !all // it starts whatever the members are
	}
	if ok || len(in.Settings.Start) > 0 || in.Settings.Main != "" || len(f.Procfile) > 0 {
		return true
	}
	for _, e := range append([]fact.Fact[string]{f.Main, f.Exports, f.Module}, f.Bin...) {
		if _, ok := entry(app, e.Value); ok && e.Value != "" {
			return true
		}
	}
	return len(usualEntries(app)) > 0
}

// appsOf are the members of the workspace that are apps.
func appsOf(in record.Input, root workspace.App) []*workspace.Unit {
	var apps []*workspace.Unit
	for i := range root.Root.Packages {
		if u := &root.Root.Packages[i]; isApp(in, root, u) {
			apps = append(apps, u)
		}
	}
	return apps
}

// isApp reports whether a member is an app and no package of another one: it
// can be started, or its code listens, or a framework makes a site or a server
// of it.
func isApp(in record.Input, root workspace.App, u *workspace.Unit) bool {
	_, runs := runsOwn(root, u)
	if _, starts := u.Facts.Script("start"); starts {
		runs = true
	}
	switch {
	case root.Used(u) && (!runs || root.Imported(u)):
		return false
	case runs:
		return true
	}
	dir := root.Path(u.Dir) + "/"
	if slices.ContainsFunc(root.Root.Code.Listens, func(l effect.Listen) bool { return !l.Named && strings.HasPrefix(l.Pos.File, dir) }) {
		return true
	}
	fw, err := framework.Find(ask(in, root.Of(u, fact.Fact[string]{})))
	return fw.Site != nil || fw.Server != nil || err != nil
}

func ask(in record.Input, app workspace.App) framework.Request {
	return framework.Request{Tree: app.Tree, Facts: app.Own, Dir: app.Dir(), Asked: len(in.Settings.Start) > 0}
}

// frameworkOf is the app's framework. The package manager decides in which folder
// the package of a member's server lies, so that its program is found by name.
func frameworkOf(in record.Input, app workspace.App, pm manager.Manager) (framework.Framework, error) {
	fw, err := framework.Find(ask(in, app))
	s := fw.Server
	if app.Member == nil || s == nil || len(s.Command) < 2 || s.Program == "" {
		return fw, err
	}
	file, ok := strings.CutPrefix(s.Command[1], "node_modules/")
	if isolated := pm.Isolated && app.Member.Facts.Has(node.PackageOf(file)); ok && !isolated {
		own := *s
		own.Command = append([]string{s.Program}, s.Command[2:]...)
		fw.Server = &own
	}
	return fw, err
}
