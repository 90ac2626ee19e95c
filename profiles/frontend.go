package profiles

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// frontends decides the front ends that one app embeds or serves. It is the same
// for every language of the app: record.Input.FrontEnd is its method find.
type frontends struct {
	repo *detect.Repo
	in   record.Input // of the app
	made []built
	// beside is what lies beside the app's folder in the image: what they make there, and what the repository has there. around are the
	// folders of the latter.
	beside []plan.Artifact
	around []string

	places  map[string]bool // folders that hold a placeholder alone
	copies  func() []frontend.Copied
	shipped func() []frontend.Copied // by the own Dockerfile
}

// built is a front end that was decided.
type built struct {
	dir    string // relative to the tree's root
	script string // that builds it, "" for build
	app    *plan.App
	log    *record.Log
}

// candidate is a front end that may make a folder: the less the rank, the more
// the repository says so.
type candidate struct {
	record.FrontBuild

	rank   int
	maker  frontend.Maker
	output string // what it makes, relative to the tree's root, as the build of its folder writes it
	to     string // where the app wants it, relative to the tree's root
	packed bool   // into the app by its build
	rule   string
	pos    fact.Pos
}

// The ranks of what says that a front end makes a folder.
const (
	named    = iota // its scripts or the configuration of its tools name the folder
	writes          // its framework writes there
	copied          // a build of the repository copies it there
	scripted        // a script names the folder, and none is called build
	around          // the folder lies in the front end's own
	only            // no other front end is here
	nothing         // it does not
)

// copiesOf is what the builds of the app's folder, and those of the root, copy.
func copiesOf(in record.Input) []frontend.Copied {
	out := frontend.Copies(in.Builds, in.Dir)
	if in.Dir != "." {
		out = append(out, frontend.Copies(buildfile.Of(in.Tree, "."), ".")...)
	}
	return out
}

// find implements record.Input's FrontEnd.
func (x *frontends) find(want record.Missing) (*record.Made, error) {
	if want.Maker != "" {
		return x.run(want)
	}
	folder := path.Join(x.in.Dir, want.Folder)
	if folder == "." || tree.Within(x.in.Dir, folder) || strings.HasPrefix(folder, "..") || !tree.Within(folder, x.in.Dir) && x.in.File != "" {
		return nil, nil //nolint:nilnil // none
	}
	if want.Placeholder {
		if x.places == nil {
			x.places = map[string]bool{}
		}
		x.places[folder] = true
	}
	if !tree.Within(folder, x.in.Dir) && x.here(folder) {
		index := x.repo.Tree.Has(path.Join(folder, "index.html"))
		made := slices.ContainsFunc(x.makers(), func(m frontend.Maker) bool { return tree.Within(folder, m.Dir) })
		if want.Loose && (!want.Page || !index || made) || made && !index || x.repo.Tree.Has(path.Join(folder, "package.json")) {
			return nil, nil //nolint:nilnil // not sure to be served, or not ready to be
		}
		return x.committed(folder)
	}
	c, ok := x.best(folder, want)
	if !ok {
		return nil, nil //nolint:nilnil // none
	}
	c.packed = want.Packed
	return x.build(c, want.Pos, want.Folder)
}

// run has a stage build a front end that the app's own build would run, which then packs what that made.
func (x *frontends) run(want record.Missing) (*record.Made, error) {
	makers := x.makers()
	i := slices.IndexFunc(makers, func(m frontend.Maker) bool {
		return m.Dir == path.Join(x.in.Dir, want.Maker) && m.Runs(cmp.Or(want.Build.Script, "build"))
	})
	if i < 0 || x.facts(makers[i].Dir) == nil {
		return nil, nil //nolint:nilnil // none
	}
	c := candidate{FrontBuild: want.Build, maker: makers[i], output: x.writes(makers[i], want), packed: true, rule: "the app's own build runs its scripts", pos: want.Pos}
	if c.to = c.output; c.output == "" {
		return nil, nil //nolint:nilnil // nothing says what it makes
	}
	return x.build(c, want.Pos, x.in.Rel(c.output))
}

// writes is the folder that a front end's tools write for a build that runs them, relative to the tree's root, "" if nothing says that.
func (x *frontends) writes(m frontend.Maker, want record.Missing) string {
	into := func(n frontend.Name) bool {
		return slices.ContainsFunc(want.Into, func(dir string) bool {
			dir = path.Join(x.in.Dir, dir)
			return tree.Within(n.Path, dir) && !tree.Within(m.Dir, dir)
		})
	}
	for _, n := range m.Named {
		fills := usual(n.Path) && !tree.Within(n.Path, m.Dir) // what is there, too
		if path.Ext(n.Path) == "" && into(n) && (fills || !x.here(n.Path) || x.repo.Tree.IgnoresFolder(n.Path)) {
			return n.Path
		}
	}
	if out := x.output(m.Dir); out != "" && out != m.Dir {
		return out
	}
	for _, n := range m.Named {
		if n.Pos.File != m.Pos.File && usual(n.Path) && tree.Within(n.Path, m.Dir) && !x.here(n.Path) {
			return n.Path
		}
	}
	return ""
}

// committed is a folder of the repository beside the app's, as it is.
func (x *frontends) committed(folder string) (*record.Made, error) {
	from := tree.Relative(x.in.Dir, folder)
	files, err := plan.Beyond(path.Join(x.in.Workdir(), from)+"/", from+"/")
	if err != nil {
		return nil, err
	}
	x.around = append(x.around, folder)
	return x.besides(folder, plan.Artifact{Copy: files, Why: plan.NewComment("This lies where the app looks for it: beside the app's own folder.")}), nil
}

// holds are the folders of the front ends whose files the image has, and of the pages.
func (x *frontends) holds() []string {
	var out []string
	for _, b := range x.made {
		out = append(out, b.dir)
	}
	for _, m := range x.makers() {
		if slices.ContainsFunc(x.around, func(folder string) bool { return tree.Within(folder, m.Dir) }) && !slices.Contains(out, m.Dir) && m.Dir != x.in.Dir {
			out = append(out, m.Dir)
		}
	}
	for _, folder := range x.around { // pages that need no build
		if x.repo.Tree.Has(path.Join(folder, "index.html")) && !slices.ContainsFunc(out, func(dir string) bool { return tree.Within(folder, dir) }) {
			out = append(out, folder)
		}
	}
	return out
}

// besides adds what lies beside the app's folder, once.
func (x *frontends) besides(dir string, a plan.Artifact) *record.Made {
	if !slices.ContainsFunc(x.beside, func(o plan.Artifact) bool { return o.String() == a.String() }) {
		x.beside = append(x.beside, a)
	}
	return &record.Made{Dir: dir, Artifact: a}
}

// build is what a front end makes, which is decided once. pos is where the app asks for the folder.
func (x *frontends) build(c candidate, pos fact.Pos, folder string) (*record.Made, error) {
	if i := slices.IndexFunc(x.made, func(b built) bool { return b.dir == c.maker.Dir && b.script == c.Script }); i >= 0 {
		return x.artifact(x.made[i].app, c)
	}
	app, log, err := x.decide(c)
	if err != nil {
		var refused *record.UnsupportedError
		if !errors.As(err, &refused) {
			return nil, err
		}
		return nil, record.Refuse(pos, "commit what it makes, or mend the front end: "+refused.Hint,
			"%s is made by the front end in %s, which cannot be built: %s", plan.Printable(folder, 80), plan.Printable(c.maker.Dir, 80), refused.Error())
	}
	x.made = append(x.made, built{c.maker.Dir, c.Script, app, log})
	x.in.Log.Choose(plan.Choice{Key: "frontend", Value: c.maker.Dir, Rule: c.rule, Pos: record.At(c.pos)})
	return x.artifact(app, c)
}

// has reports whether the front end in a folder is a part of the image.
func (x *frontends) has(dir string) bool {
	return slices.ContainsFunc(x.made, func(b built) bool { return b.dir == dir })
}

// artifact is what a front end makes, at its place in the app's folder.
func (x *frontends) artifact(app *plan.App, c candidate) (*record.Made, error) {
	if c.output == c.maker.Dir && c.output != "." {
		return nil, errors.New("a front end does not make its own folder")
	}
	output := tree.Relative(c.maker.Dir, c.output)
	out, err := frontLanguage().take(app, output)
	if err != nil {
		return nil, err
	}
	dir, folder := x.in.Rel(c.maker.Dir), x.in.Rel(c.to)
	if !tree.Within(c.maker.Dir, x.in.Dir) {
		dir = tree.Relative(x.in.Dir, c.maker.Dir)
	}
	beside := c.to != "" && !tree.Within(c.to, x.in.Dir)
	switch {
	case c.to == "":
		folder = output // the caller gives it a place of its own
	case beside:
		folder = path.Join(x.in.Workdir(), tree.Relative(x.in.Dir, c.to))
		if out.Why = plan.NewComment("The front end lies where the app looks for it: beside the app's own folder."); c.packed {
			out.Why = plan.NewComment("The build packs the front end from where it lies beside the app's own folder.")
		}
	}
	if out.Copy.To, err = plan.NewPath(folder + "/"); err != nil {
		return nil, err
	}
	if beside && !c.packed {
		return x.besides(dir, out), nil
	}
	return &record.Made{Dir: dir, Artifact: out}, nil
}

// makers are the front ends below the app's folder, and then those beside it.
func (x *frontends) makers() []frontend.Maker {
	list := frontend.Makers(x.repo.Tree, x.in.Dir)
	if x.in.Dir == "." || x.in.File != "" {
		return list
	}
	for _, m := range frontend.Makers(x.repo.Tree, ".") {
		if !tree.Within(m.Dir, x.in.Dir) && !tree.Within(x.in.Dir, m.Dir) {
			list = append(slices.Clip(list), m)
		}
	}
	return list
}

// context is the build context that the app and the front ends beside it need, if it is not the one that they have; "" for none.
func (x *frontends) context() string {
	dirs := slices.Clone(x.around)
	for _, b := range x.made {
		dirs = append(append(dirs, b.dir), x.needs(b.dir)...)
	}
	dir := enclosing(x.in.Dir, dirs)
	if above, _ := tree.Below(x.in.Dir, dir); above == "" || len(above) <= len(x.in.Above) {
		return ""
	}
	return dir
}

// best is the front end that most says for. Two for which the same is said are
// none, unless one lies nearer around the folder.
func (x *frontends) best(folder string, want record.Missing) (candidate, bool) {
	var list []candidate
	for _, m := range x.makers() {
		if want.Other && m.Dir == x.in.Dir {
			continue
		}
		if c := x.rank(m, folder, want); c.rank < nothing && (!want.Loose || c.rank <= scripted) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		if a.rank == around {
			return len(b.maker.Dir) - len(a.maker.Dir)
		}
		return 0
	})
	list = slices.DeleteFunc(list, func(c candidate) bool { return x.facts(c.maker.Dir) == nil })
	switch {
	case len(list) == 0:
		return candidate{}, false
	case len(list) > 1 && list[1].rank == list[0].rank && list[0].rank != around:
		if want.Say && !want.Loose {
			x.in.Log.Note(want.Pos, plan.Printable(want.Folder, 80)+" is not in the repository, and the front ends in "+plan.Printable(list[0].maker.Dir, 80)+" and "+plan.Printable(list[1].maker.Dir, 80)+" may both make it: this image has neither",
				"have the one write there (its outDir), or copy it there in the own Dockerfile or a Makefile")
		}
		return candidate{}, false
	}
	return list[0], true
}

// rank says how a front end makes a folder, or a part of it.
func (x *frontends) rank(m frontend.Maker, folder string, want record.Missing) candidate {
	c := candidate{rank: nothing, maker: m, output: folder, to: folder, pos: m.Pos}
	if to, n, ok := x.names(m, folder); ok && (m.Builds || m.Only(n.Script)) {
		c.rank, c.output, c.to, c.rule, c.pos, c.Script = named, to, to, "its build writes "+plan.Printable(to, 80), n.Pos, n.Script
		if !m.Builds {
			c.rank = scripted
		}
		return x.ownScript(c)
	}
	if !m.Builds {
		return c
	}
	own := tree.Within(folder, m.Dir)
	copies := slices.Concat(x.shipped(), x.copies())
	if want.Loose && !own && !tree.Within(m.Dir, folder) && len(copies) == 0 {
		return c // whatever its framework writes is no part of the folder
	}
	output := x.output(m.Dir)
	if output != "" && (tree.Within(folder, output) || tree.Within(output, folder)) && !x.here(output) {
		c.rank, c.to, c.output, c.rule = writes, output, output, "its framework writes "+plan.Printable(output, 80)
		return x.ownScript(c)
	}
	for _, cp := range copies {
		inside := cp.From != m.Dir && tree.Within(cp.From, m.Dir) && (m.Dir != "." || cp.From == output)
		if lands := cp.To == folder || path.Join(cp.To, path.Base(cp.From)) == folder; inside && lands && !x.here(cp.From) {
			c.rank, c.output, c.rule, c.pos = copied, cp.From, "its output is copied to "+plan.Printable(folder, 80), cp.Pos
			return x.ownScript(c)
		}
	}
	switch {
	case m.Docs:
	case own && m.Dir != "." && (output == "" || usual(folder)):
		c.rank, c.rule = around, plan.Printable(folder, 80)+" lies in its folder"
		if output != "" {
			c.output = output
		}
	case own && output == "" && !want.Loose:
		c.rank, c.rule = around, "its build script makes it, because nothing else does"
	case output != "" && usual(folder) && (tree.Within(m.Dir, x.in.Dir) || x.places[folder] || want.Needed):
		c.rank, c.output, c.rule = only, output, "the only front end here"
	}
	return c
}

// ownScript has the front end built by the command with which the own Dockerfile builds what it takes.
func (x *frontends) ownScript(c candidate) candidate {
	for _, s := range x.shipped() {
		if !tree.Within(s.From, c.output) {
			continue
		}
		if c.Script == "" && s.Script != "" && c.maker.Runs(s.Script) {
			c.Script = s.Script
		}
		if c.Release.Value == "" {
			c.Release = ownRelease(s)
		}
	}
	return c
}

// names finds the folder among what a front end's own files name: the folder itself,
// one that is around it, or something in it. What is in the repository is no output.
func (x *frontends) names(m frontend.Maker, folder string) (string, frontend.Name, bool) {
	for _, n := range m.Named {
		switch {
		case installed(n.Path):
		case n.Path == folder && !x.here(folder), tree.Within(folder, n.Path) && n.Path != m.Dir && !x.here(n.Path):
			return n.Path, n, true
		case tree.Within(n.Path, folder) && !x.here(n.Path):
			if path.Ext(n.Path) != "" && path.Dir(n.Path) != m.Dir {
				return path.Dir(n.Path), n, true
			} else if path.Ext(n.Path) == "" && x.repo.Tree.IgnoresFolder(n.Path) {
				return n.Path, n, true
			}
		}
	}
	return "", frontend.Name{}, false
}

// here reports whether the repository has a file or a folder, and not only a file
// that keeps the folder's place.
func (x *frontends) here(name string) bool {
	if x.repo.Tree.Has(name) {
		return true
	}
	list := x.repo.Tree.Files(name)
	return len(list) > 1 || len(list) == 1 && !strings.HasPrefix(path.Base(list[0]), ".") && !x.places[name]
}

// facts are those of the front end in a folder, nil if it is none.
func (x *frontends) facts(dir string) *frontFacts { return frontLanguage().in(x.repo.Tree, dir) }

// needs are the folders beside a front end's that its build finds by their paths.
func (x *frontends) needs(dir string) []string {
	if f := x.facts(dir); f != nil {
		return f.Beside()
	}
	return nil
}

// output is what the framework of a front end writes, relative to the tree's root; ""
// if that is not known.
func (x *frontends) output(dir string) string {
	f := x.facts(dir)
	if f == nil {
		return ""
	}
	out := frontLanguage().output(x.input(dir, &record.Log{}), f)
	if out == "" {
		return ""
	}
	return path.Join(dir, out)
}

// usual reports whether a folder is called as those are that builds write.
func usual(folder string) bool {
	return slices.Contains([]string{"dist", "build", "out", "public", "static", "www", "web", "ui", "frontend", "client", "assets", "webapp", "site", "_site"}, path.Base(folder))
}

// input is what the front end in a folder is decided with. The user's settings are
// for the app, but for those of the file.
func (x *frontends) input(dir string, log *record.Log) record.Input {
	in := x.in
	in.Log, in.Settings, in.Dir, in.Builds = log, settings.Settings{Syntax: x.in.Settings.Syntax, Link: x.in.Settings.Link}, dir, buildfile.Of(x.repo.Tree, dir)
	in.Imports, in.Served, in.FrontEnd, in.Offers, in.Prefix = nil, nil, nil, nil, x.prefix(dir)
	in.Above, in.AtTop, in.Nested = "", false, false
	if above, ok := tree.Below(dir, enclosing(dir, x.needs(dir))); ok {
		in.Above, in.AtTop, in.Nested = above, true, true
	}
	return in
}

// prefix is what the stages of a front end are called by: frontend-build, and those
// of a second one by its folder.
func (x *frontends) prefix(dir string) string {
	if len(x.made) == 0 {
		return "frontend-"
	}
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(path.Base(dir))), "-0123456789")
	for i := range x.made {
		if name == "" || name == "frontend" || x.made[i].app.Outputs[0].Stage.String() == name+"-build" {
			return "frontend" + string(rune('2'+min(len(x.made)-1, 7))) + "-"
		}
	}
	return name[:min(len(name), 60)] + "-"
}

// decide decides the build of a front end.
func (x *frontends) decide(c candidate) (*plan.App, *record.Log, error) {
	log := &record.Log{Locked: map[string]record.Locked{}, Profile: x.in.Log.Profile, Preferred: x.in.Log.Preferred, Sites: x.in.Log.Sites}
	for k, v := range x.in.Log.Locked {
		if rest, ok := strings.CutPrefix(k, "frontend."); ok {
			log.Locked[rest] = v
		}
	}
	in := x.input(c.maker.Dir, log)
	in.Front = c.FrontBuild
	app, err := frontLanguage().decide(in, x.facts(c.maker.Dir))
	return app, log, err
}

// compose puts the stages of the front ends before those of the app, and what was
// decided and noted of them into the app's log.
func (x *frontends) compose(app *plan.App) (*plan.App, error) {
	if err := x.place(app.Run); err != nil {
		return nil, err
	}
	if app.Run != nil && len(x.beside) > 0 {
		if app.Run.Workdir.Raw() == "" && app.Run.Dir.Raw() == "" {
			workdir, err := plan.NewPath(x.in.Workdir()) // from where the program names them
			if err != nil {
				return nil, err
			}
			app.Run.Workdir = workdir
		}
		app.Run.Copies = append(slices.Clip(app.Run.Copies), x.beside...)
		app.Run.Uses = append(slices.Clip(app.Run.Uses), plan.StagesOf(x.beside)...)
	}
	x.recordShipped()
	for _, b := range x.made {
		x.develop(app, b)
	}
	for _, b := range slices.Backward(x.made) {
		var err error
		if app, err = plan.Compose(app, b.app, tree.Relative(x.in.Dir, b.dir)); err != nil {
			return nil, err
		}
		for _, ch := range b.log.Choices() {
			if ch.Key == "dev" && b.app.Dev == nil {
				continue // there is no such stage
			}
			ch.Key = "frontend." + ch.Key
			x.in.Log.Choose(ch)
		}
		for _, n := range b.log.Notes() {
			x.in.Log.Note(n.Pos, n.Text, n.Hint)
		}
		for _, r := range b.log.Bounds() {
			x.in.Log.Bound(r)
		}
	}
	return app, nil
}

// develop keeps the stage of a front end's development server if that passes paths on to the app, and says how the two run together: it
// finds the app at localhost, so it shares the network of the app's dev.
func (x *frontends) develop(app *plan.App, b built) {
	dev := b.app.Dev
	if dev == nil {
		return
	}
	listens := func(p plan.Port) bool { return app.Run != nil && slices.Contains(app.Run.Ports, p) }
	if b.dir == x.in.Dir || !slices.ContainsFunc(dev.Passes, listens) {
		b.app.Dev = nil
		return
	}
	name := dev.Stage.String()
	own := x.input(b.dir, nil)
	above := path.Join(x.in.Above, tree.Relative(x.in.Dir, b.dir))
	if own.Nested {
		above = strings.TrimSuffix(strings.TrimSuffix(above, own.Above), "/")
	}
	tag := image.Name(app.Name, x.in.Name)
	about := []plan.Comment{plan.NewComment(name + " is the front end's development server, which passes requests on to the app. It runs beside dev, in whose network it finds the app:")}
	if len(dev.Ports) > 0 {
		about[0] = plan.NewComment(fmt.Sprintf("%s is the front end's development server, which passes requests on to the app. It runs beside dev, which publishes its port, too (-p %d:%d):", name, dev.Ports[0], dev.Ports[0]))
	}
	about = append(about, plan.NewCommand(x.in.DockerBuild("-t "+tag+":"+name, "--target "+name)+` && docker run --rm --network "container:$(docker ps -q -f ancestor=`+tag+`:dev)" -v `+image.Bind(above, "/app")+" "+tag+":"+name))
	dev.Tell(about)
}
