package python

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// start is how the app runs.
type start struct {
	cmd      []string
	dev      []string
	port     int // 0: it does not listen
	portEnv  bool
	signals  bool // it ends on SIGTERM without an init
	health   string
	env      []plan.Env
	devAdd   []string // packages that only dev needs
	flags    []string // options that move where it listens
	rule     string
	pos      fact.Pos
	rejected []plan.Rejected
	writes   []string // folders below the app's own that it writes to, "." for that one
	files    []string // files of the repository that it writes to
	writesAt fact.Pos
	django   bool
	console  bool // a console script: the project must be installed
	module   *facts.Module
}

// rel is a path of the tree relative to the app's folder.
func (d *decider) rel(file string) string { return strings.TrimPrefix(file, d.in.Dir+"/") }

// at is the place of a file of the facts.
func (d *decider) at(file string) fact.Pos { return fact.At(path.Join(d.in.Dir, file), 1) }

// begin decides what runs.
func (d *decider) begin() error {
	objects, scripts := d.objects(), d.scripts()
	pick, rule, rejected, err := d.pick(objects, scripts)
	if err != nil {
		return err
	}
	module := pick.module
	switch {
	case module == nil && d.start.console:
		module = d.consoleModule()
	case module == nil:
		module = d.start.module
	}
	d.writes(module)
	if d.start.cmd != nil { // a Procfile's line, or the user's own
		return nil
	}
	d.start.rule, d.start.rejected = rule, rejected
	if d.start.django {
		return d.startDjango()
	}
	d.start.pos, d.start.module = pick.pos, pick.module
	switch {
	case pick.row != nil:
		return d.startFramework(pick)
	case pick.object != nil:
		return d.startObject(pick)
	case pick.module == nil:
		return d.startConsole()
	}
	return d.startScript(pick)
}

// startObject serves a WSGI or ASGI object.
func (d *decider) startObject(c candidate) error {
	o := *c.object
	found, at, rule := d.portOf(c.module, o)
	port := d.port(found, at, rule, 8000, "the usual port of Python's servers")
	root := d.importRoot(c.module)
	d.project = d.project || root == "src" && !d.m.Package.IsZero() && d.man.Project != nil
	if _, err := plan.NewPath("/app/" + root); err != nil {
		return err
	}
	d.pythonPath(root)
	o.Module = d.moduleFrom(root, c.module.File)
	if err := d.serve(o.Interface, o.Module+":"+o.Name, o.Factory, o.Pos, port); err != nil {
		return err
	}
	d.start.dev, d.start.devAdd = d.dev(o, port)
	d.start.health, _ = d.healthRoute(o)
	return nil
}

// startFramework runs what has a command of its own.
func (d *decider) startFramework(c candidate) error {
	port := d.port(0, fact.Pos{}, "", c.row.Port, "the default of "+c.row.Name)
	values := map[string]string{"port": strconv.Itoa(port), "file": c.module.File}
	if c.object != nil {
		values["name"] = c.object.Name
	}
	d.start.cmd = fill(c.row.Run, values)
	d.start.dev = append(fill(c.row.Run, values), c.row.DevArgs...)
	d.start.port, d.start.signals, d.start.health = port, true, c.row.Health
	if !d.has(c.row.Dependency) {
		return record.Refuse(c.pos, "name "+c.row.Dependency+" in the requirements", "imports %s, which no manifest names", c.row.Name)
	}
	return nil
}

// startConsole runs the console script that installing the project makes.
func (d *decider) startConsole() error {
	s := d.console()
	d.project, d.start.console = true, true
	d.start.cmd = []string{s.Name}
	d.start.pos = s.Pos
	d.devTool()
	if m := d.consoleModule(); m != nil {
		d.start.module = m
		if err := d.listens(m); err != nil {
			return err
		}
		d.start.cmd = append(d.start.cmd, d.start.flags...)
	}
	line, err := plan.NewShell(d.start.cmd...)
	if err != nil {
		return err
	}
	d.start.dev = []string{"watchfiles", line.String()}
	return nil
}

// consoleModule is the module that the console script starts, or nil.
func (d *decider) consoleModule() *facts.Module {
	file := strings.ReplaceAll(strings.SplitN(d.console().Target, ":", 2)[0], ".", "/")
	for _, f := range []string{file + ".py", file + "/__init__.py", "src/" + file + ".py", "src/" + file + "/__init__.py"} {
		if m := d.f.Module(f); m != nil {
			return m
		}
	}
	return nil
}

func (d *decider) devTool() {
	if !d.has("watchfiles") && !d.has("uvicorn-standard") && !d.has("fastapi-standard") {
		d.start.devAdd = append(d.start.devAdd, d.pinned("watchfiles"))
	}
}

// startScript runs a file.
func (d *decider) startScript(c candidate) error {
	m := c.module
	rel := m.File
	d.start.cmd = []string{"python", rel}
	if stem(m.File) == "__main__" {
		d.start.cmd = []string{"python", path.Dir(rel)}
		if dir := path.Dir(rel); slices.ContainsFunc(m.Imports, func(i fact.Fact[string]) bool { return strings.HasPrefix(i.Value, dir) }) || d.in.Tree.Has(path.Join(d.in.Dir, dir, "__init__.py")) {
			d.start.cmd = []string{"python", "-m", strings.ReplaceAll(dir, "/", ".")}
		}
	}
	d.devTool()
	if err := d.listens(m); err != nil {
		return err
	}
	d.start.cmd = append(d.start.cmd, d.start.flags...)
	line, err := plan.NewShell(d.start.cmd...)
	if err != nil {
		return err
	}
	d.start.dev = []string{"watchfiles", line.String()}
	return nil
}
