package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// findBeside finds the members of the workspace that are apps of their own beside the one that the image is for: a server, a worker or a
// site that its own scripts build and start, or that the repository's files make an image of. What the image runs, builds or serves is a
// part of it. What the user asks for, and an own Dockerfile in the root, are about one app.
func findBeside(p project, c code) {
	in, app := p.in, p.app
	if in.File != "" || p.part || len(app.Root.Packages) == 0 || in.Settings.Main != "" || len(in.Settings.Start) > 0 || in.HasDockerfile() {
		return
	}
	part := partOf(p, c)
	root := workspace.New(in.Tree, app.Root)
	choice := plan.Choice{Key: "apps"}
	var parts []record.Part
	for _, u := range appsOf(in, root) {
		if u == app.Member || part(u) {
			continue
		}
		lost := plan.Rejected{Value: u.Dir, Pos: record.At(root.At(path.Join(u.Dir, u.Manifest)))}
		why, at := evidenceOf(in, root, u)
		if lost.Why = noImage(in, root, u); lost.Why == "" && (why == "" || app.Member == nil && !strings.HasPrefix(why, byFile)) {
			lost.Why = "nothing says that it is deployed: no script builds and starts it, and no file makes an image of it"
		}
		if lost.Why != "" {
			choice.Rejected = append(choice.Rejected, lost)
			continue
		}
		if parts = append(parts, record.Part{Main: u.Dir, Dir: u.Dir}); len(parts) == 1 {
			choice.Rule, choice.Pos = "an app of its own beside this one: "+why, record.At(at)
		}
	}
	if len(parts) == 0 {
		return
	}
	var dirs []string
	for _, x := range parts {
		dirs = append(dirs, plan.Printable(x.Dir, 60))
	}
	choice.Value = strings.Join(dirs, ", ")
	in.Log.Choose(choice)
	in.Log.Beside(parts)
}

// byFile begins the evidence of a file that makes an image of a member.
const byFile = "the repository makes an image of it"

// evidenceOf says why a member is one that somebody deploys, "" if nothing says so.
func evidenceOf(in record.Input, root workspace.App, u *workspace.Unit) (why string, at fact.Pos) {
	dir := root.Path(u.Dir)
	if pos, ok := in.Builds.Makes(dir); ok {
		return byFile, pos
	}
	for _, c := range written(u.Facts) {
		if !watches(c.text.Value) {
			return c.rule, c.text.Pos
		}
	}
	built, builds := u.Facts.Script("build")
	if preview, ok := u.Facts.Script("preview"); ok && builds {
		return "it has a script that builds and one that shows what that writes", preview.Pos
	}
	if fw, err := framework.Find(ask(in, root.Of(u, fact.Fact[string]{}))); builds && err == nil && fw.Used() {
		return "its build makes a site or a server", built.Pos
	}
	if file, ok := runsOwn(root, u); ok {
		return "a script of its own runs it", file.Pos
	}
	return "", fact.Pos{}
}

// noImage says why no image could be for a member that looks like an app, or why nobody would deploy it; "" if nothing does.
func noImage(in record.Input, root workspace.App, u *workspace.Unit) string {
	if r := aside.Folder("node", strings.ToLower(u.Dir)); r != nil {
		return "its folder " + r.Why
	}
	if isDocs(u) {
		return "it documents or tests the others, by its name"
	}
	if _, makes := in.Builds.Makes(root.Path(u.Dir)); !makes {
		if why := noRushApp(root, u); why != "" {
			return why
		}
		if err := kind.Beside(kindOf(in, root.Of(u, fact.Fact[string]{}), framework.Framework{}, code{})); err != nil {
			return record.NoneOf(u.Dir, err).Why
		}
	}
	for _, name := range []string{"start", "build", "dev"} {
		for _, words := range script.Followed(u.Facts, u.Scripts[name].Value) {
			if slices.Contains([]string{"storybook", "start-storybook", "build-storybook"}, words[0]) {
				return "it shows components one by one"
			}
		}
	}
	return ""
}

// isDocs reports whether the name of a member's folder is of documentation, of tests or of a catalogue of components.
func isDocs(u *workspace.Unit) bool {
	last := strings.ToLower(path.Base(u.Dir))
	return last == "storybook" || last == "website" || strings.HasSuffix(last, "-e2e") || strings.HasSuffix(last, "-docs")
}

// watches reports whether a script only builds again at every save.
func watches(text string) bool {
	if script.IsDevLike(text) {
		return true
	}
	words := strings.Fields(text)
	return slices.ContainsFunc(words, func(w string) bool { return w == "-w" || w == "-cw" || w == "-wc" || w == "watch" })
}

// runsOwn is the file of the member that its script for development runs, with the script's line: it is a program, and no package for
// others. ok is false if there is none.
func runsOwn(root workspace.App, u *workspace.Unit) (file fact.Fact[string], ok bool) {
	dev, _ := u.Facts.Script("dev")
	list := script.Followed(u.Facts, dev.Value)
	if len(list) == 0 {
		return fact.Fact[string]{}, false
	}
	words := list[len(list)-1]
	if !slices.Contains([]string{"bun", "node", "tsx", "ts-node", "ts-node-dev", "nodemon"}, words[0]) {
		return fact.Fact[string]{}, false
	}
	for _, w := range words[1:] {
		if runnable(w) && root.Has(path.Join(u.Dir, w)) {
			return fact.Fact[string]{Value: path.Clean(w), Pos: dev.Pos}, true
		}
	}
	return fact.Fact[string]{}, false
}

// partOf reports which members are parts of the image: it installs them, runs code of theirs, serves what they build or has a folder that
// their builds write.
func partOf(p project, c code) func(u *workspace.Unit) bool {
	app := p.app
	var needed []*workspace.Unit
	if app.Member != nil {
		needed = app.Closure(app.Member, true)
	}
	home := app.Path(app.Dir())
	makers := frontend.Makers(app.Tree, app.Root.Dir)
	return func(u *workspace.Unit) bool {
		dir := app.Path(u.Dir)
		for file := range c.files {
			if tree.Within(file, dir) {
				return true
			}
		}
		return slices.Contains(needed, u) || slices.ContainsFunc(p.served, func(name string) bool { return tree.Within(app.Path(name), dir) }) ||
			slices.ContainsFunc(makers, func(m frontend.Maker) bool {
				return app.Member != nil && m.Dir == dir && slices.ContainsFunc(m.Named, func(n frontend.Name) bool {
					return n.Path != home && tree.Within(n.Path, home) && !app.Tree.Has(n.Path)
				})
			})
	}
}
