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
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/script"
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
	if f.Nx == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Nx.Projects), func(p node.NxProject) bool {
		_, ok := nxExecutor(p)
		return p.Library || !ok
	})
}

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
	const hint = `add a script "start:prod" that runs what nx build writes, such as "node dist/apps/api/main.js"`
	if name == "" {
		name = f.Nx.Default.Value
	}
	if apps := nxPrograms(f); name == "" && len(apps) == 1 {
		name = apps[0].Name
	}
	p, ok := f.Nx.Project(name)
	if !ok {
		return start{}, record.Refuse(pos, hint, "the start script runs Nx's development server, and no project.json says how %s is built", plan.Printable(cmp.Or(name, "its default project"), 40))
	}
	row, ok := nxExecutor(p)
	out := path.Clean(p.Output.Value)
	if !ok || p.Output.Value == "" || path.IsAbs(out) || out == ".." || strings.HasPrefix(out, "../") {
		return start{}, record.Refuse(p.Pos, hint, "the start script runs Nx's development server, and dockgen does not know what the build of %s writes (%s)",
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
	File      string   `yaml:"file"`               // that it writes where nothing else is said
	Platform  string   `yaml:"platform,omitempty"` // that the target must name to be for Node
	Formats   bool     `yaml:"formats,omitempty"`  // the extension follows from the format
}

var executors = table.Lazy[[]executor]("nx.yaml", nxCompiled) //nolint:gochecknoglobals // decoded once
