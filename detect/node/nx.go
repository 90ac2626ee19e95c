package node

import (
	"path"
	"slices"
	"strings"

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

	Executor   fact.Fact[string] // of the build: "@nx/webpack:webpack"
	Output     fact.Fact[string] // its outputPath, relative to the workspace; "" where it is not plain
	Main       string            // its entry
	File       string            // its outputFileName
	Platform   string            // its target or platform: "node", "web"
	Formats    []string          // its formats: "esm", "cjs"
	Extension  string            // what esbuildOptions.outExtension makes of ".js"
	Production bool              // it has a configuration for production that it does not take by itself
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
	add := func(v document.Value, name, dir string) {
		p := nxProject(v, dir)
		if p.Name = name; p.Name == "" {
			p.Name = path.Base(dir)
		}
		if _, ok := f.Nx.Project(p.Name); !ok {
			f.Nx.Projects = append(f.Nx.Projects, p)
		}
	}
	if file := path.Join(f.Dir, "workspace.json"); t.Has(file) {
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		for _, m := range v.Get("projects").Members {
			if m.Value.Kind != document.String {
				add(m.Value, m.Key, m.Value.Get("root").Text)
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
		add(v, v.Get("name").Text, dir)
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
	o := build.Get("options")
	p.Output = o.Get("outputPath").Fact()
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
