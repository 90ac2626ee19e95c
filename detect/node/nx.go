package node

import (
	"path"
	"slices"
	"strings"

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
	v, err := readValue(t, file)
	if err != nil {
		return err
	}
	f.Nx = &Nx{Default: v.get("defaultProject").fact()}
	add := func(v value, name, dir string) {
		p := nxProject(v, dir)
		if p.Name = name; p.Name == "" {
			p.Name = path.Base(dir)
		}
		if _, ok := f.Nx.Project(p.Name); !ok {
			f.Nx.Projects = append(f.Nx.Projects, p)
		}
	}
	if file := path.Join(f.Dir, "workspace.json"); t.Has(file) {
		v, err := readValue(t, file)
		if err != nil {
			return err
		}
		for _, m := range v.get("projects").members {
			if !m.value.str {
				add(m.value, m.key, m.value.get("root").text)
			}
		}
	}
	for _, file := range t.Files(f.Dir) {
		dir := relative(f.Dir, path.Dir(file))
		if path.Base(file) != "project.json" || strings.Contains("/"+file, "/node_modules/") {
			continue
		}
		v, err := readValue(t, file)
		if err != nil {
			return err
		}
		add(v, v.get("name").text, dir)
	}
	slices.SortFunc(f.Nx.Projects, func(a, b NxProject) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

func nxProject(v value, dir string) NxProject {
	p := NxProject{Dir: path.Clean(dir), Library: v.get("projectType").text == "library", Pos: fact.At(v.file, v.line)}
	build := v.get("targets", "build")
	if build.line == 0 {
		build = v.get("architect", "build")
	}
	if p.Executor = build.get("executor").fact(); !p.Executor.Found() {
		p.Executor = build.get("builder").fact()
	}
	o := build.get("options")
	p.Output = o.get("outputPath").fact()
	// https://nx.dev/recipes/running-tasks/configure-inputs#source-file-inputs
	p.Output.Value = strings.NewReplacer("{workspaceRoot}/", "", "{projectRoot}", p.Dir).Replace(p.Output.Value)
	if strings.Contains(p.Output.Value, "{") {
		p.Output = fact.Fact[string]{}
	}
	p.Main, p.File = o.get("main").text, o.get("outputFileName").text
	if p.Platform = o.get("target").text; p.Platform == "" {
		p.Platform = o.get("platform").text
	}
	for _, f := range o.get("format").list() {
		p.Formats = append(p.Formats, f.Value)
	}
	p.Extension = o.get("esbuildOptions", "outExtension", ".js").text
	p.Production = build.get("configurations", "production").line > 0 && build.get("defaultConfiguration").text == ""
	return p
}
