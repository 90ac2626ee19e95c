package node

import (
	"cmp"
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed nx.table
var nxCompiled string

// nxServe finds the project whose serve target a command of Nx runs: nx serve
// api, nx run api:serve, nx serve (the default project). ok is false for
// every other command.
func nxServe(f *node.Facts, words []string) (project string, ok bool) {
	if f.Nx == nil || len(words) < 2 || words[0] != "nx" {
		return "", false
	}
	if words[1] == "run" {
		if len(words) < 3 {
			return "", false
		}
		parts := strings.Split(words[2], ":")
		return parts[0], len(parts) > 1 && parts[1] == "serve"
	}
	if words[1] != "serve" && words[1] != "s" {
		return "", false
	}
	if name, ok := script.Flag(words, []string{"--project", "-p"}); ok {
		return name, true
	}
	for _, w := range words[2:] {
		if _, ok := f.Nx.Project(w); ok {
			return w, true
		}
	}
	return script.Argument(words, []string{"nx serve", "nx s"}), true
}

// nxPrograms are the projects that Nx builds a program for Node of.
func nxPrograms(f *node.Facts) []node.NxProject {
	return slices.DeleteFunc(nxApps(f), func(p node.NxProject) bool {
		row, ok := nxExecutor(p)
		return !ok || row.Site != ""
	})
}

// nxApps are the projects of Nx that it builds apps of, by folder, in those that are not for tests, examples or documentation and without a manifest
// of their own: what has one is a member of the workspace, or of another stack.
func nxApps(f *node.Facts) []node.NxProject {
	if f.Nx == nil {
		return nil
	}
	list := slices.DeleteFunc(slices.Clone(f.Nx.Projects), func(p node.NxProject) bool {
		return p.Manifest || noProject(p) != ""
	})
	slices.SortStableFunc(list, func(a, b node.NxProject) int { return cmp.Compare(a.Dir, b.Dir) })
	return list
}

// nxMain is the project that the start script serves for development.
func nxMain(f *node.Facts) (p node.NxProject, ok bool) {
	own, _ := f.Script("start")
	server, _ := devServer(f, own.Value)
	name, ok := nxServe(f, server)
	if !ok {
		return p, false
	}
	return f.Nx.Project(cmp.Or(name, f.Nx.Default.Value))
}

// besideNx writes down the projects beside the one that the root starts: Nx builds an app of each.
func besideNx(in record.Input, projects []node.NxProject, main node.NxProject) {
	for _, p := range projects {
		if _, ok := nxExecutor(p); ok && p.Name != main.Name && !in.HasDockerfile() {
			in.Log.Beside([]record.Part{{Main: p.Dir, Dir: p.Dir}})
			in.Log.Choose(plan.Choice{Key: "apps", Value: p.Dir, Rule: "an app of its own beside this one: Nx builds it", Pos: record.At(p.Executor.Pos)})
		}
	}
}

// ofNx is the app of a project of Nx, one of several, with the framework of a site.
func ofNx(root workspace.App, projects []node.NxProject, p node.NxProject) (workspace.App, framework.Framework, error) {
	var others []string
	for _, o := range projects {
		if o.Dir != p.Dir {
			others = append(others, root.Path(o.Dir))
		}
	}
	app := root.OfProject(p, others)
	row, ok := nxExecutor(p)
	if !ok || row.Site == "" {
		return app, framework.Framework{}, nil // a program, or what is refused when it is started
	}
	out := path.Join(path.Clean(p.Output.Value), row.Below)
	if p.Output.Value == "" || !local(out) || p.Serves {
		return app, framework.Framework{}, unbuilt(p)
	}
	fw := framework.Framework{Name: row.Site, Pos: p.Executor.Pos, Link: row.Source, Rule: "the build of this project of Nx makes a site with it"}
	fw.Build.Output = out
	fw.Site = &image.Site{Base: plan.MustToken("/"), Index: plan.MustToken("/index.html")}
	if row.Dev {
		fw.Dev = framework.Dev{Command: []string{"nx", "serve", p.Name, "--host", "0.0.0.0"}, Port: nxPort}
	} else {
		fw.Dev = framework.Dev{Command: []string{"vite", p.Dir, "--host", "0.0.0.0"}, Port: cmp.Or(p.Port, vitePort)}
	}
	fw.Choices = []plan.Choice{
		{Key: "node.framework", Value: fw.Name, Rule: fw.Rule, Pos: record.At(fw.Pos), Link: fw.Link},
		{Key: "node.output", Value: out, Rule: "where that writes", Pos: record.At(p.Output.Pos)},
		{Key: "node.routing", Value: "browser", Rule: "this kind of build has one page for every path", Pos: record.At(fw.Pos), Link: fw.Link},
	}
	return app, fw, nil
}

// ofNx is the command that develops a program of Nx: its target for that, or else the build before the start.
func (d devFinder) ofNx() []string {
	p := d.app.Project
	if p.Serve {
		return d.run.Program("nx", "serve", p.Name)
	}
	return shellCommand(script.Quote([]script.Command{{Argv: nxBuild(d.app.Root, d.run, p)}, {Env: d.s.Env, Argv: d.s.Argv}}, true))
}

// The ports of the development servers: https://angular.dev/cli/serve, https://vite.dev/config/server-options#server-port.
const (
	nxPort   = 4200
	vitePort = 5173
)

// local reports whether a clean path lies in the repository.
func local(name string) bool {
	return !path.IsAbs(name) && !node.Outside(name) && name != "."
}

// unbuilt refuses a project whose build is not known to make a program or a site.
func unbuilt(p node.NxProject) error {
	return record.Refuse(p.Pos, nxHint, "dockgen does not know what the build of %s writes (%s)", plan.Printable(p.Name, 40), plan.Printable(p.Executor.Value, 60))
}

const nxHint = `add a script "start:prod" to package.json that runs what nx build writes, such as "node dist/apps/api/main.js"`

func nxExecutor(p node.NxProject) (executor, bool) {
	rows, err := executors()
	if err != nil {
		return executor{}, false
	}
	i := slices.IndexFunc(rows, func(e executor) bool {
		return slices.Contains(e.Executors, p.Executor.Value) && (e.Platform == "" || e.Platform == p.Platform)
	})
	if i < 0 {
		return executor{}, false
	}
	return rows[i], true
}

// fromNx runs what the build of a project writes; pos is the line that asks
// for the project, "" for the default one.
func (w starter) fromNx(name string, pos fact.Pos) (start, error) {
	f := w.app.Root
	if name == "" {
		name = f.Nx.Default.Value
	}
	if apps := nxPrograms(f); name == "" && len(apps) == 1 {
		name = apps[0].Name
	}
	p, ok := f.Nx.Project(name)
	if !ok {
		return start{}, record.Refuse(pos, nxHint, "the start script runs Nx's development server, and no project.json says how %s is built", plan.Printable(cmp.Or(name, "its default project"), 40))
	}
	row, ok := nxExecutor(p)
	out := path.Clean(p.Output.Value)
	if !ok || row.Site != "" || p.Output.Value == "" || !local(out) {
		if w.app.Project.Name != "" {
			return start{}, unbuilt(p)
		}
		return start{}, record.Refuse(p.Pos, nxHint, "the start script runs Nx's development server, and dockgen does not know what the build of %s writes (%s)",
			plan.Printable(name, 40), plan.Printable(p.Executor.Value, 40))
	}
	return start{Argv: []string{"node", path.Join(out, row.file(p))}, Pos: p.Output.Pos, Programs: []string{"node"}, Project: p}, nil
}

// file is the name of the file that the executor writes.
func (e executor) file(p node.NxProject) string {
	name := p.File
	if name == "" {
		main := path.Base(p.Main)
		name = strings.ReplaceAll(e.File, "{main}", strings.TrimSuffix(main, path.Ext(main))+".js")
	}
	if !e.Formats {
		return name
	}
	ext := ".js"
	switch {
	case p.Extension != "":
		ext = p.Extension
	case slices.Contains(p.Formats, "cjs") && !slices.Contains(p.Formats, "esm"):
		ext = ".cjs"
	}
	return strings.TrimSuffix(name, path.Ext(name)) + ext
}

// nxBuild is the command that builds the project that prod runs. nil leaves
// it to the build script, where that builds the project too.
func nxBuild(f *node.Facts, pm manager.Manager, p node.NxProject) []string {
	if p.Name == "" {
		return nil
	}
	if s, ok := f.Script("build"); ok {
		for _, words := range script.Commands(s.Value) {
			if len(words) < 2 || words[0] != "nx" {
				continue
			}
			target := script.Argument(words, []string{"nx build", "nx b"})
			if words[1] == "run-many" || words[1] == "run" && len(words) > 2 && strings.HasPrefix(words[2], p.Name+":build") ||
				(words[1] == "build" || words[1] == "b") && (target == p.Name || target == "" && f.Nx.Default.Value == p.Name) {
				return nil
			}
		}
	}
	argv := []string{"nx", "build", p.Name}
	if p.Production {
		argv = append(argv, "--configuration=production")
	}
	return pm.Program(argv...)
}

// executor is what of Nx builds a program for Node.
type executor struct {
	Executors []string `yaml:"executors"`
	Source    string   `yaml:"source"`
	File      string   `yaml:"file,omitempty"`     // that it writes where nothing else is said
	Platform  string   `yaml:"platform,omitempty"` // that the target must name to be for Node
	Formats   bool     `yaml:"formats,omitempty"`  // the extension follows from the format
	Site      string   `yaml:"site,omitempty"`     // what builds a site, "" for a program
	Below     string   `yaml:"below,omitempty"`    // the folder of outputPath that is served
	Dev       bool     `yaml:"dev,omitempty"`      // nx serve runs its development server
}

var executors = table.Lazy[[]executor]("nx.yaml", nxCompiled) //nolint:gochecknoglobals // decoded once
