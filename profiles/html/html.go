// Package html decides for sites that need no build: a web server hands out the files of the repository.
package html

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/html"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Decide decides the image of a site. Of the choices it makes "html.folder", "html.routing", "dev" and "test"; those of a web server are
// image.ServeSite's.
func Decide(in record.Input, f *html.Facts) (*plan.App, error) {
	if err := kind.Check(kind.Request{Tree: in.Tree, Dir: f.Dir, At: fact.At(f.Dir, 0)}); err != nil {
		return nil, err
	}
	if in.Settings.Version != "" {
		return nil, fact.Errorf(in.Settings.Pos("version"), "version: %s is of a language, and a site of HTML has none", plan.Printable(in.Settings.Version, 40)).WithHint("leave the key out")
	}
	folder, err := decideFolder(in, f)
	if err != nil {
		return nil, err
	}
	site, err := decideRouting(in, f, folder)
	if err != nil {
		return nil, err
	}
	sayIgnored(in, f)
	from := "."
	if folder != "." {
		from = folder + "/"
	}
	source, err := plan.NewPath(from)
	if err != nil {
		return nil, err
	}
	index := path.Join(f.Dir, folder, "index.html")
	run, err := image.ServeSite(in, image.SiteRequest{
		Site: site, Passes: passes(in, f), Checked: true, Folder: source, Pos: fact.At(index, 0), Rule: "files for a browser that need no build: a web server serves them",
		About: "prod is the site behind an unprivileged web server.",
	})
	if err != nil {
		return nil, err
	}
	base := &Base{
		Head:    plan.Head{Name: in.Stage("base"), From: run.From, About: []plan.Comment{plan.NewComment("base is the web server, with the configuration of the site.")}},
		Workdir: image.SiteRoot(), Texts: run.Texts,
	}
	run.From, run.Texts = plan.FromStage(base.Name), nil
	check := plan.MustShell("nginx", "-t")
	if len(run.Cmd) > 0 { // dev and test start as prod does
		base.Env, base.Cmd, run.Env, run.Cmd = run.Env, run.Cmd, nil, nil
		check = plan.MustShell("sh", image.SiteStart, "-t")
	}
	all, err := plan.NewCopy(".", ".")
	if err != nil {
		return nil, err
	}
	name := image.Name(in.Name)
	dev := &Dev{
		Head:   plan.Head{Name: in.Stage("dev"), From: plan.FromStage(base.Name)},
		Copies: []plan.Artifact{{Copy: all, NoLink: true}}, Ports: run.Ports,
	}
	dev.About = image.DevUsage(in, "dev serves the files as they are, and a reload of the page shows each save", name, dev.Name, image.SiteRoot().Raw(), run.Ports)
	in.Log.Choose(plan.Choice{Key: "dev", Value: "nginx", Rule: "prod's web server over the source: nothing is built, so a reload of the page shows each save"})
	test := &Test{
		Head: plan.Head{Name: in.Stage("test"), From: plan.FromStage(base.Name), About: []plan.Comment{
			plan.NewComment("test has no tests to run; it fails the build when the web server's configuration is wrong: " + in.DockerBuild("--target "+in.Stage("test").String())),
		}},
		Run: check,
	}
	in.Log.Choose(plan.Choice{Key: "test", Value: "nginx -t", Rule: "a site without a build has no tests: the web server checks its configuration"})
	return &plan.App{
		Name: name, Kind: plan.Site,
		Image: plan.Image{Syntax: image.Syntax(in), Stages: []plan.Stage{
			{Block: "html/base", Data: base}, {Block: "html/dev", Data: dev}, {Block: "html/test", Data: test}, {Block: "prod", Data: run},
		}},
		Run:    run,
		Ignore: decideIgnore(in, f, folder),
	}, nil
}

// passes are the paths that the site's web server passes on: those that its pages ask for only where a server of the repository may answer them.
func passes(in record.Input, f *html.Facts) (out []image.Pass) {
	for _, p := range f.Passes {
		if !p.Asked || len(in.Beside) > 0 {
			out = append(out, image.Pass(p))
		}
	}
	if f.Machine.Found() && len(in.Beside) > 0 && len(in.Settings.Start) == 0 {
		in.Log.Note(f.Machine.Pos, "asks "+plan.Printable(f.Machine.Value, 60)+", which is the machine of whoever visits the site",
			"ask for a path of the site, as in fetch(\"/api\"): its web server passes that on to the server beside it")
	}
	return out
}

// decideFolder is the folder that is served, relative to the app's.
func decideFolder(in record.Input, f *html.Facts) (string, error) {
	c := plan.Choice{Key: "html.folder", Value: f.Folders[0], Rule: "it has an index.html, and everything that this loads", Pos: record.At(fact.At(path.Join(f.Dir, f.Folders[0], "index.html"), 0))}
	if in.Settings.Main != "" {
		c.Value, c.Rule, c.Pos = path.Clean(in.Settings.Main), in.MainRule(), record.At(in.Settings.Pos("main"))
		if !fs.ValidPath(c.Value) || !in.Tree.Has(path.Join(f.Dir, c.Value, "index.html")) {
			return "", fact.Errorf(in.Settings.Pos("main"), "main: %s is no folder with an index.html", plan.Printable(in.Settings.Main, 60)).WithHint("the folders are: %s", strings.Join(f.Folders, ", "))
		}
	} else if len(f.Folders) > 1 {
		return "", record.Refuse(fact.At(path.Join(f.Dir, f.Folders[0], "index.html"), 0), "name the one that is served: --set main="+f.Folders[0], "%s hold a site each, and nothing says which one is served", image.Enumerate(f.Folders))
	}
	return in.Log.Choose(c), nil
}

// decideRouting is what the web server answers for what is no file. A page that routes in the browser cannot be told from others by its
// files, so that a rule of the repository's own alone has every path answered by index.html.
func decideRouting(in record.Input, f *html.Facts, folder string) (image.Site, error) {
	site := image.Site{Base: plan.MustToken("/"), Hidden: true}
	if folder != "." {
		root, err := plan.NewToken("/" + folder)
		if err != nil {
			return site, record.Refuse(fact.At(path.Join(f.Dir, folder, "index.html"), 0), "use letters, digits, dots and hyphens", "the folder of this site cannot be served: %v", err)
		}
		site.Root = root
	}
	c := plan.Choice{Key: "html.routing", Value: "files", Rule: "no rule of the repository sends other paths to a page: one that is no file is not found"}
	notFound := path.Join(f.Dir, folder, "404.html")
	switch {
	case f.Fallback.Value != "":
		site.Index = plan.MustToken("/index.html")
		c.Value, c.Rule, c.Pos = "index.html", "a rule of the repository sends every path that is no file to it", record.At(f.Fallback.Pos)
	case in.Tree.Has(notFound):
		site.NotFound = plan.MustToken("/404.html")
		c.Rule, c.Pos = "a path that is no file is answered by 404.html", record.At(fact.At(notFound, 0))
	}
	in.Log.Choose(c)
	return site, nil
}

// sayIgnored names the files with rules that this web server does not read.
func sayIgnored(in record.Input, f *html.Facts) {
	for _, i := range f.Ignored {
		text := "nginx does not read " + plan.Printable(i.Value, 60) + ": its rules do not hold in this image"
		if slices.ContainsFunc(f.Passes, func(p buildfile.Pass) bool { return p.Own && p.Pos.File == i.Pos.File }) {
			text = "of " + plan.Printable(i.Value, 60) + ", the image has the paths that are passed on to another server, and no other rule"
		}
		in.Log.Note(i.Pos, text, "put what the site needs of them into the server block of the stage base; dockgen update keeps such edits")
	}
}

// decideIgnore is the .dockerignore: browsers get what the site is made of, and nothing that describes or configures the repository.
func decideIgnore(in record.Input, f *html.Facts, folder string) plan.Ignore {
	hidden := []string{"**/.*", "**/node_modules", "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "CODEOWNERS", "CNAME", "eslint.config.*", "stylelint.config.*", "prettier.config.*"}
	if folder != "." || !f.Markdown { // whose pages may be these texts
		hidden = append(hidden, "README*", "CONTRIBUTING*", "CHANGELOG*")
	}
	for _, i := range f.Ignored {
		hidden = append(hidden, "**/"+path.Base(i.Value))
	}
	if f.Fallback.Found() {
		hidden = append(hidden, "**/"+path.Base(f.Fallback.Pos.File))
	}
	var reads []image.Reading
	for _, file := range in.Tree.Files(f.Dir) {
		// https://www.rfc-editor.org/rfc/rfc8615
		if name := in.Rel(file); strings.Contains("/"+name, "/.well-known/") {
			reads = append(reads, image.Reading{Path: name, Pos: fact.At(file, 0)})
		}
	}
	group := plan.IgnoreGroup{Heading: plan.NewComment("Of the repository, and not of the site: browsers would get these")}
	for i, h := range hidden {
		if p, err := plan.NewPattern(h); err == nil && !slices.Contains(hidden[:i], h) {
			group.Patterns = append(group.Patterns, p)
		}
	}
	return image.IgnoreFile(in, []plan.IgnoreGroup{group}, reads...)
}

// NoApps are the folders of a site that are no apps: it has none.
func NoApps(record.Input, *html.Facts) []plan.None { return nil }
