package python

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed servers.yaml
var serversYAML []byte

// server is a row of servers.yaml.
type server struct {
	Name        string   `yaml:"server"`
	Source      string   `yaml:"source"`
	Command     string   `yaml:"command,omitempty"` // where it is not the name
	Interfaces  []string `yaml:"interfaces"`
	Args        []string `yaml:"args"`
	Factory     string   `yaml:"factory,omitempty"` // how a factory is named; "" cannot
	FactoryArgs []string `yaml:"factory-args,omitempty"`
	Signals     bool     `yaml:"signals,omitempty"` // ends on SIGTERM by itself
	With        []struct {
		Dependency string   `yaml:"dependency"`
		Source     string   `yaml:"source"`
		Args       []string `yaml:"args"`
	} `yaml:"with,omitempty"` // what a dependency asks of the server
}

var servers = table.Lazy[[]server]("servers.yaml", serversYAML) //nolint:gochecknoglobals // decoded once

// brought reports whether a server is installed with the dependencies.
func (d *decider) brought(server string) bool {
	if d.has(server) {
		return true
	}
	rows, err := facts.Frameworks()
	if err != nil {
		return false
	}
	for _, r := range rows {
		for req, list := range r.Brings {
			if d.has(req) && slices.Contains(list, server) {
				return true
			}
		}
	}
	return false
}

// addTool puts a pinned package beside the dependencies.
func (d *decider) addTool(name string, pos fact.Pos, why string) {
	spec := name
	if slices.ContainsFunc(d.in.Know.Tooling, func(t knowledge.Tool) bool { return t.Name == name }) {
		spec = d.pinned(name)
	}
	d.add = append(d.add, spec)
	d.addWhy = append(d.addWhy, name+" is added: "+why+".")
	d.log.Note(pos, fmt.Sprintf("%s is added to the image: %s", spec, why), "name it in "+d.where()+" to choose the version yourself")
}

// serve chooses the server of an application.
func (d *decider) serve(iface, app string, factory bool, pos fact.Pos, port int) error {
	rows, err := servers()
	if err != nil {
		return err
	}
	var win *server
	var rejected []plan.Rejected
	for i := range rows {
		r := &rows[i]
		if !d.brought(r.Name) {
			continue
		}
		switch {
		case !slices.Contains(r.Interfaces, iface):
			rejected = append(rejected, plan.Rejected{Value: r.Name, Why: "does not serve " + strings.ToUpper(iface)})
		case factory && r.Factory == "":
			rejected = append(rejected, plan.Rejected{Value: r.Name, Why: "cannot call a factory"})
		case win == nil:
			win = r
		default:
			rejected = append(rejected, plan.Rejected{Value: r.Name, Why: win.Name + " comes before it"})
		}
	}
	rule := "the server among the dependencies"
	input := ""
	if win == nil {
		name := map[string]string{"wsgi": "gunicorn", "asgi": "uvicorn"}[iface]
		i := slices.IndexFunc(rows, func(r server) bool { return r.Name == name })
		if i < 0 {
			return record.Refuse(pos, "", "no server is known for the interface %q", plan.Printable(iface, 20))
		}
		win = &rows[i]
		why := "no " + strings.ToUpper(iface) + " server is among the dependencies, and a development server is not for production"
		rule, input = why, iface
	}
	kept := d.log.Choose(plan.Choice{Key: "python.server", Value: win.Name, Rule: rule, Link: win.Source, Rejected: rejected, Evidence: input})
	if i := slices.IndexFunc(rows, func(r server) bool { return r.Name == kept }); i >= 0 {
		win = &rows[i]
	}
	if input != "" {
		d.addTool(win.Name, pos, rule)
	}
	command := win.Command
	if command == "" {
		command = win.Name
	}
	values := map[string]string{"port": strconv.Itoa(port), "app": app}
	args := win.Args
	if factory {
		values["app"] = strings.ReplaceAll(win.Factory, "{app}", app)
		args = append(slices.Clone(win.FactoryArgs), args...)
	}
	for _, w := range win.With {
		if d.has(w.Dependency) {
			args = append(slices.Clone(w.Args), args...)
		}
	}
	d.start.cmd = append([]string{command}, fill(args, values)...)
	d.start.port, d.start.signals = port, win.Signals
	return nil
}

// importRoot is the folder from which the file's own imports resolve: the
// app's, src, or the file's own.
func (d *decider) importRoot(m *facts.Module) string {
	rel := m.File
	if !strings.Contains(rel, "/") {
		return "."
	}
	base := "."
	if rest, ok := strings.CutPrefix(rel, "src/"); ok {
		base = "src"
		if !strings.Contains(rest, "/") {
			return base
		}
	}
	dir := path.Dir(rel)
	exists := func(root, top string) bool {
		return d.in.Tree.Has(path.Join(d.in.Dir, root, top+".py")) || d.in.Tree.HasDir(path.Join(d.in.Dir, root, top))
	}
	for _, i := range m.Imports {
		top, _, _ := strings.Cut(i.Value, ".")
		if !exists(base, top) && exists(dir, top) && !d.has(top) && !stdlib(top) {
			return dir
		}
	}
	return base
}

func (d *decider) moduleFrom(root, file string) string {
	rel := file
	if root != "." {
		rel = strings.TrimPrefix(rel, root+"/")
	}
	return facts.ModuleName(rel)
}

// pythonPath makes modules below root importable.
func (d *decider) pythonPath(root string) {
	if root != "." && !d.project {
		d.start.env = append(d.start.env, plan.MustEnv("PYTHONPATH", "/app/"+root))
	}
}

// dev is the command that reloads.
func (d *decider) dev(o facts.Object, port int) (cmd, add []string) {
	app, n := o.Module+":"+o.Name, strconv.Itoa(port)
	row, _ := facts.FrameworkNamed(o.Framework)
	switch {
	case row.Dev == "flask":
		return []string{"flask", "--app", app, "run", "--debug", "--host", "0.0.0.0", "--port", n}, nil
	case o.Framework == "django-wsgi" || o.Framework == "django-asgi":
		return []string{"python", d.manage(), "runserver", "0.0.0.0:" + n}, nil
	case o.Interface == "asgi":
		cmd = []string{"uvicorn", app, "--reload", "--host", "0.0.0.0", "--port", n}
		if o.Factory {
			cmd = append(cmd, "--factory")
		}
		if !d.brought("uvicorn") && !slices.ContainsFunc(d.add, func(s string) bool { return strings.HasPrefix(s, "uvicorn==") }) {
			add = []string{d.pinned("uvicorn")}
		}
		return cmd, add
	}
	if o.Factory {
		app += "()"
	}
	if !d.brought("gunicorn") && !slices.ContainsFunc(d.add, func(s string) bool { return strings.HasPrefix(s, "gunicorn==") }) {
		add = []string{d.pinned("gunicorn")}
	}
	return []string{"gunicorn", "--reload", "--bind", "0.0.0.0:" + n, app}, add
}

// pinned is the requirement for a tool of tools.yaml.
func (d *decider) pinned(tool string) string { return tool + "==" + d.tool(tool) }

// tool is the version that dockgen puts into the image; once in a lock, it
// stays.
func (d *decider) tool(name string) string {
	if v, ok := d.tools[name]; ok {
		return v
	}
	t := d.in.Know.Tool(name)
	d.tools[name] = d.log.Choose(plan.Choice{Key: "python.tool." + name, Value: t.Version, Rule: "the version that dockgen puts into the image", Link: t.Source, Evidence: name})
	return d.tools[name]
}
