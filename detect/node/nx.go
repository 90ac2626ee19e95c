package node

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Nx is what an Nx workspace says of its projects.
type Nx struct {
	Default  fact.Fact[string] // the project that a command without one means
	Projects []NxProject       // sorted by name
}

// NxProject is one project with its build target.
type NxProject struct {
	Name    string
	Dir     string // relative to the workspace
	Library bool
	Pos     fact.Pos

	Executor   fact.Fact[string] // of the build: "@nx/webpack:webpack", or the tool that its command or its configuration file says: "vite"
	Output     fact.Fact[string] // its outputPath, relative to the workspace; "" where it is not plain
	Main       string            // its entry
	File       string            // its outputFileName
	Platform   string            // its target or platform: "node", "web"
	Formats    []string          // its formats: "esm", "cjs"
	Extension  string            // what esbuildOptions.outExtension makes of ".js"
	Production bool              // it has a configuration for production that it does not take by itself
	Serves     bool              // beside files for browsers, its build makes a server that renders pages
	Serve      bool              // it has a target that runs it for development
	Port       int               // of its development server, 0 where it does not say
	Manifest   bool              // its folder has a manifest of its own, of any stack
}

// Project returns the project of that name.
func (n *Nx) Project(name string) (NxProject, bool) {
	i := slices.IndexFunc(n.Projects, func(p NxProject) bool { return p.Name == name })
	if i < 0 {
		return NxProject{}, false
	}
	return n.Projects[i], true
}

// nx reads nx.json and the projects: each in a project.json of its folder, or
// in workspace.json as Nx kept them before version 15
// (https://nx.dev/reference/nx-json, https://nx.dev/reference/project-configuration).
func (f *Facts) nx(t *tree.Tree) error {
	file := path.Join(f.Dir, "nx.json")
	if !t.Has(file) {
		return nil
	}
	v, err := document.Read(t, file)
	if err != nil {
		return err
	}
	f.Nx = &Nx{Default: v.Get("defaultProject").Fact()}
	add := func(v document.Value, name, dir string) error {
		p := nxProject(v, dir)
		if err := p.inferred(t, f.Dir, v); err != nil {
			return err
		}
		p.Manifest = p.Dir != "." && slices.ContainsFunc(aside.Manifests(""), func(name string) bool { return t.Has(path.Join(f.Dir, p.Dir, name)) })
		if p.Name = name; p.Name == "" {
			p.Name = path.Base(dir)
		}
		if _, ok := f.Nx.Project(p.Name); !ok {
			f.Nx.Projects = append(f.Nx.Projects, p)
		}
		return nil
	}
	if file := path.Join(f.Dir, "workspace.json"); t.Has(file) {
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		for _, m := range v.Get("projects").Members {
			if m.Value.Kind == document.String {
				continue
			}
			if err := add(m.Value, m.Key, m.Value.Get("root").Text); err != nil {
				return err
			}
		}
	}
	for _, file := range t.Files(f.Dir) {
		dir := relative(f.Dir, path.Dir(file))
		if path.Base(file) != "project.json" || strings.Contains("/"+file, "/node_modules/") {
			continue
		}
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		if err := add(v, v.Get("name").Text, dir); err != nil {
			return err
		}
	}
	slices.SortFunc(f.Nx.Projects, func(a, b NxProject) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

func nxProject(v document.Value, dir string) NxProject {
	p := NxProject{Dir: path.Clean(dir), Library: v.Get("projectType").Text == "library", Pos: v.Pos()}
	build := v.Get("targets", "build")
	if !build.Found() {
		build = v.Get("architect", "build")
	}
	if p.Executor = build.Get("executor").Fact(); !p.Executor.Found() {
		p.Executor = build.Get("builder").Fact()
	}
	p.Serve = v.Get("targets", "serve").Found() || v.Get("architect", "serve").Found()
	o := build.Get("options")
	p.Output = o.Get("outputPath").Fact()
	if base := o.Get("outputPath", "base"); base.Found() { // https://angular.dev/reference/configs/workspace-config#output-path-configuration
		p.Output = base.Fact()
	}
	p.Serves = o.Get("ssr").Found() && o.Get("ssr").Text != "false" || o.Get("server").Found() && o.Get("outputMode").Text != "static"
	// https://nx.dev/recipes/running-tasks/configure-inputs#source-file-inputs
	p.Output.Value = strings.NewReplacer("{workspaceRoot}/", "", "{projectRoot}", p.Dir).Replace(p.Output.Value)
	if strings.Contains(p.Output.Value, "{") {
		p.Output = fact.Fact[string]{}
	}
	p.Main, p.File = o.Get("main").Text, o.Get("outputFileName").Text
	if p.Platform = o.Get("target").Text; p.Platform == "" {
		p.Platform = o.Get("platform").Text
	}
	for _, f := range o.Get("format").Strings() {
		p.Formats = append(p.Formats, f.Value)
	}
	p.Extension = o.Get("esbuildOptions", "outExtension", ".js").Text
	p.Production = build.Get("configurations", "production").Found() && build.Get("defaultConfiguration").Text == ""
	return p
}

// inferred fills in what a command of the build's or the tools' own configuration files say where no executor does:
// https://nx.dev/docs/concepts/inferred-tasks.
func (p *NxProject) inferred(t *tree.Tree, root string, v document.Value) error {
	if p.Library || p.Executor.Found() && p.Executor.Value != "nx:run-commands" {
		return nil
	}
	dir := path.Join(root, p.Dir)
	own := &Facts{Dir: dir, Files: t.Names(dir)}
	var err error
	if own.Config, err = readConfig(t, own); err != nil {
		return err
	}
	command, _, _ := strings.Cut(v.Get("targets", "build", "options", "command").Text, " ")
	runs := func(tool string) bool { return command == "" || command == tool || command == tool+"-cli" }
	if c := own.Config.Of("vite"); c != nil && runs("vite") {
		p.byVite(c, t.Has(path.Join(dir, "index.html")))
	} else if c := own.Config.Of("webpack"); c != nil && runs("webpack") {
		p.byWebpack(c)
	}
	return nil
}

// byVite fills in what the configuration of Vite says; without a page it makes no site.
func (p *NxProject) byVite(c *ConfigFile, page bool) {
	p.Executor = fact.Fact[string]{Value: "vite", Pos: c.Pos()}
	if !page {
		p.Executor.Value = "vite without index.html"
	}
	if p.Output, _ = c.Get("build", "outDir"); p.Output.Value == "" {
		p.Output = fact.Fact[string]{Value: "dist", Pos: c.Pos()}
	}
	p.Output.Value = path.Join(p.Dir, p.Output.Value)
	port, _ := c.Get("server", "port")
	if n, err := strconv.ParseUint(port.Value, 10, 16); err == nil {
		p.Port = int(n)
	}
}

// byWebpack fills in what the configuration of webpack says. The outputPath of Nx's plugin is relative to the workspace.
func (p *NxProject) byWebpack(c *ConfigFile) {
	p.Executor = fact.Fact[string]{Value: "webpack", Pos: c.Pos()}
	for _, module := range []string{"@nx/webpack/app-plugin", "@nx/webpack"} {
		target, _ := c.Get("plugins", module, "target")
		p.Platform = cmp.Or(p.Platform, target.Value)
		if out, _ := c.Get("plugins", module, "outputPath"); p.Output.Value == "" && out.Value != "" {
			p.Output = out
		}
	}
	if out, _ := c.Get("output", "path"); out.Value != "" {
		p.Output = fact.Fact[string]{Value: path.Join(p.Dir, out.Value), Pos: out.Pos}
	}
}
