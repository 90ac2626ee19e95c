package python

import (
	"cmp"
	_ "embed"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"
	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed servers.table
var serversCompiled string

// server is a row of servers.yaml.
type server struct {
	Name        string   `yaml:"server"`
	Source      string   `yaml:"source"`
	Command     string   `yaml:"command,omitempty"` // if it is not the name
	Interfaces  []string `yaml:"interfaces"`
	Args        []string `yaml:"args"`
	Listen      []string `yaml:"listen"`
	Factory     string   `yaml:"factory,omitempty"` // how a factory is named; "" cannot
	FactoryArgs []string `yaml:"factory-args,omitempty"`
	Dotted      bool     `yaml:"dotted,omitempty"`  // it serves an attribute of an object, too: app:app.server
	Object      string   `yaml:"object,omitempty"`  // what it serves of a module that is named alone
	Signals     bool     `yaml:"signals,omitempty"` // ends on SIGTERM by itself
	App         []string `yaml:"app,omitempty"`     // flags that name the application
	Bind        []string `yaml:"bind,omitempty"`
	Host        []string `yaml:"host,omitempty"`
	Port        []string `yaml:"port,omitempty"`
	Default     int      `yaml:"default"` // its own port
	Loopback    bool     `yaml:"loopback,omitempty"`
	Variables   struct {
		HostPort string `yaml:"host-port,omitempty"`
		Host     string `yaml:"host,omitempty"`
		Port     string `yaml:"port,omitempty"`
	} `yaml:"variables,omitempty"`
	Workers struct {
		Flags    []string `yaml:"flags"`
		Variable string   `yaml:"variable"`
	} `yaml:"workers,omitempty"` // flags of how many processes serve, and the variable that the server reads for it
	Dir    string   `yaml:"dir,omitempty"` // the flag that names the folder to start in
	Drop   []string `yaml:"drop,omitempty"`
	Reload string   `yaml:"reload,omitempty"`
	With   []asked  `yaml:"with,omitempty"` // what dependencies ask of the server: the first row that holds
	Since  []since  `yaml:"since,omitempty"`
}

// asked is what dependencies ask of a server, of its releases below one: "" for all.
type asked struct {
	Dependencies []string `yaml:"dependencies"`
	Below        string   `yaml:"below,omitempty"`
	Source       string   `yaml:"source"`
	Args         []string `yaml:"args"`
}

// since is what a release of a server brought: an interface with the arguments for it, or a switch that is given unless one of the settings is.
type since struct {
	Version   string   `yaml:"version"`
	Source    string   `yaml:"source"`
	Interface string   `yaml:"interface,omitempty"`
	Args      []string `yaml:"args,omitempty"`
	Switch    string   `yaml:"switch,omitempty"`
	Settings  []string `yaml:"settings,omitempty"`
}

var servers = table.Lazy[[]server]("servers.yaml", serversCompiled) //nolint:gochecknoglobals // decoded once

// program is the name of its command.
func (s server) program() string {
	if s.Command != "" {
		return s.Command
	}
	return s.Name
}

// command is the server's command line: listen are the arguments that say where
// it listens, rest those that follow {listen} and the row's own.
func (s server) command(app string, listen, front, rest []string) []string {
	out := append([]string{s.program()}, front...)
	for _, a := range s.Args {
		switch a {
		case "{listen}":
			out = append(out, listen...)
		case "{app}":
			for _, n := range s.Since {
				if n.Switch != "" {
					out = append(out, n.Switch)
				}
			}
			if app != "" {
				out = append(out, app)
			}
		default:
			out = append(out, strings.ReplaceAll(a, "{app}", app))
		}
	}
	return append(out, rest...)
}

// isFor reports whether the server is made for an interface.
func (s server) isFor(iface string) bool { return slices.Contains(s.Interfaces, iface) }

// noAttribute is why most servers do not serve app:app.server.
const noAttribute = "serves no attribute of an object"

// cannot is why the server does not serve an application, "" if it does.
func (s server) cannot(x served) string {
	_, object, _ := strings.Cut(x.app, ":")
	switch {
	case !s.isFor(x.iface) && !slices.ContainsFunc(s.Since, func(n since) bool { return n.Interface == x.iface }):
		return "does not serve " + strings.ToUpper(x.iface)
	case strings.Contains(object, ".") && !s.Dotted:
		return noAttribute
	case x.factory && s.Factory == "":
		return "cannot call a factory"
	case x.with != "" && !strings.HasSuffix(s.Factory, "()"):
		return "cannot call a factory with arguments"
	}
	return ""
}

// sigterm says whether the server ends on SIGTERM.
func (s server) sigterm() image.InitRequest {
	if !s.Signals {
		return image.InitRequest{Evidence: s.Name}
	}
	return endsBy(s.Name, s.Source)
}

// added is a package that the image has and no manifest names.
type added struct{ spec, why string }

// brought reports whether a server is installed with the dependencies.
func (p project) brought(server string) bool {
	if p.has(server) {
		return true
	}
	rows, err := facts.Frameworks()
	if err != nil {
		return false
	}
	for _, r := range rows {
		for req, list := range r.Brings {
			if p.has(req) && slices.Contains(list, server) {
				return true
			}
		}
	}
	return false
}

// bringsServer reports whether any server is, but for some.
func (p project) bringsServer(but ...string) bool {
	rows, err := servers()
	return err == nil && slices.ContainsFunc(rows, func(r server) bool { return p.brought(r.Name) && !slices.Contains(but, r.Name) })
}

// add puts a pinned package beside the dependencies.
func (p project) add(l *launch, name string, pos fact.Pos, why string) {
	spec := p.spec(name)
	l.added = append(l.added, added{spec, name + " is added: " + why + "."})
	l.tools = append(l.tools, name)
	l.notes = append(l.notes, plan.Note{Pos: pos, Text: spec + " is added to the image: " + why, Hint: "name it in " + p.where() + " to choose the version yourself"})
}

// served is an application that a server is to serve.
type served struct {
	iface   string // "wsgi" or "asgi"
	sockets bool   // it serves WebSockets, which not every server of ASGI does by itself
	app     string // module:object
	factory bool
	with    string // the factory's arguments, in brackets
	pos     fact.Pos
	port    listen
}

// servers are the rows, each with what the release has that is installed.
func (p project) servers() ([]server, error) {
	rows, err := servers()
	rows = slices.Clone(rows)
	for i, r := range rows {
		rows[i].Since = slices.DeleteFunc(slices.Clone(r.Since), func(n since) bool { return !p.reaches(r.Name, n.Version) })
	}
	return rows, err
}

// reaches reports whether a package is known to be installed in a release or a newer one: in the locked one, in the one that the repository
// names, or in the newest that it allows.
func (p project) reaches(name, release string) bool {
	rows := p.in.Know.Tools(name)
	r, named := p.names[name]
	k, locked := p.m.Locked[name]
	newest := slices.IndexFunc(rows, p.suits)
	version := ""
	switch {
	case locked:
		version = k.Version
	case exact(r) != "":
		version = exact(r)
	case over(r.Constraint, release):
		return true
	case slices.Contains(p.m.Constrained, name) || newest < 0:
	case !p.brought(name):
		version = p.tool(name)
	case !named || r.Constraint == "" || inToolRange(rows[newest].Version, r.Constraint):
		version = rows[newest].Version
	}
	return version != "" && semver.PyPI.Compare(version, release) >= 0
}

// older keeps the newest releases of a server out, which lack what the row asks of it, where nothing pins the release; it reports whether the
// image has one that has it.
func (p project) older(l *launch, s *server, w asked) bool {
	if w.Below == "" || !p.reaches(s.Name, w.Below) {
		return true
	}
	r := p.names[s.Name]
	if _, locked := p.m.Locked[s.Name]; locked || exact(r) != "" || over(r.Constraint, w.Below) {
		return false
	}
	spec := s.Name + "<" + w.Below
	i := slices.IndexFunc(l.tools, func(n string) bool { return n == s.Name })
	if i >= 0 {
		rows := p.in.Know.Tools(s.Name)
		n := slices.IndexFunc(rows, func(t knowledge.Tool) bool { return semver.PyPI.Compare(t.Version, w.Below) < 0 })
		if n < 0 {
			return false
		}
		spec = s.Name + "==" + rows[n].Version
		s.Since = slices.DeleteFunc(s.Since, func(x since) bool { return semver.PyPI.Compare(x.Version, rows[n].Version) > 0 })
		l.tools = slices.Delete(l.tools, i, i+1)
		l.added = slices.DeleteFunc(l.added, func(a added) bool { return a.spec == p.spec(s.Name) })
		l.notes = slices.DeleteFunc(l.notes, func(n plan.Note) bool { return strings.HasPrefix(n.Text, p.spec(s.Name)+" ") })
	}
	why := "newer ones have no " + strings.Join(w.Args[:2], " ")
	l.added = append(l.added, added{spec, spec + ": " + why + "."})
	l.notes = append(l.notes, plan.Note{Pos: cmp.Or(r.Pos, l.pos), Text: spec + " is installed: " + why, Hint: "name it in " + p.where() + ", or move to another worker"})
	return true
}

// serve starts the application with a server, which it chooses.
func (p project) serve(x served) (launch, error) {
	rows, err := p.servers()
	if err != nil {
		return launch{}, err
	}
	// What is made for the interface comes before what serves it, too.
	slices.SortStableFunc(rows, func(a, b server) int {
		switch fa, fb := a.isFor(x.iface), b.isFor(x.iface); {
		case fa == fb:
			return 0
		case fa:
			return -1
		}
		return 1
	})
	var win *server
	var lost []plan.Rejected
	for i := range rows {
		r := &rows[i]
		if !p.brought(r.Name) {
			continue
		}
		switch why := r.cannot(x); {
		case why != "":
			lost = append(lost, plan.Rejected{Value: r.Name, Why: why})
		case win == nil:
			win = r
		default:
			lost = append(lost, plan.Rejected{Value: r.Name, Why: win.Name + " comes before it"})
		}
	}
	rule, evidence := "the server among the dependencies", ""
	if win == nil {
		i := slices.IndexFunc(rows, func(r server) bool {
			// https://channels.readthedocs.io/en/latest/deploying.html
			return r.cannot(x) == "" && (!x.sockets || r.Name == "daphne")
		})
		if i < 0 {
			return launch{}, record.Refuse(x.pos, "", "no server is known for the interface %q", plan.Printable(x.iface, 20))
		}
		win, evidence = &rows[i], x.iface
		rule = "no " + strings.ToUpper(x.iface) + " server is among the dependencies, and a development server is not for production"
		if i := slices.IndexFunc(lost, func(r plan.Rejected) bool { return r.Why == noAttribute }); i >= 0 {
			rule = lost[i].Value + ", which is among the dependencies, " + noAttribute + ": " + x.app
		}
	}
	choice := plan.Choice{Key: "python.server", Value: win.Name, Rule: rule, Link: win.Source, Rejected: lost, Evidence: evidence}
	kept := p.in.Log.Value(choice)
	if i := slices.IndexFunc(rows, func(r server) bool { return r.Name == kept }); i >= 0 {
		win = &rows[i]
	}
	l := launch{ends: win.sigterm(), pos: x.pos, choices: []plan.Choice{choice}}
	if evidence != "" {
		p.add(&l, win.Name, x.pos, rule)
	}
	var front []string
	app := x.app
	if x.factory {
		app = strings.ReplaceAll(win.Factory, "{app}", app)
		if x.with != "" {
			app = strings.TrimSuffix(app, "()") + x.with
		}
		front = slices.Clone(win.FactoryArgs)
	}
	for _, n := range win.Since {
		if n.Interface == x.iface {
			front = append(slices.Clone(n.Args), front...)
		}
	}
	for _, w := range win.With {
		if win.isFor(x.iface) && !slices.ContainsFunc(w.Dependencies, func(n string) bool { return !p.has(n) }) && p.older(&l, win, w) {
			front = append(slices.Clone(w.Args), front...)
			break
		}
	}
	conf := p.configured(win, nil)
	args, ports := p.listening(*win, conf, x.port)
	l.cmd, l.listen = win.unless(conf, win.command(app, args, front, nil)), ports
	return l, nil
}

// listening are the arguments with which the server listens on {port}, and what
// moves it: a variable that the source takes the port from stays the one that
// decides when the container runs.
func (s server) listening(l listen) ([]string, listen) {
	l = l.moved(image.Move{Env: l.variable, Free: l.variable == ""}, l.variable != "")
	if l.variable != "" && l.variable == s.Variables.HostPort {
		return nil, l
	}
	return s.Listen, l
}

// importRoot is the folder from which the file's own imports resolve: the
// app's, src, or the nearest above the file that has what it imports.
func (p project) importRoot(m *facts.Module) string {
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
	for _, i := range m.Imports {
		top, _, _ := strings.Cut(i.Value, ".")
		if p.importable(base, top) || stdlib(top) || p.has(top) && top != pypi.CanonPackageName(p.f.Name) { // a lockfile has the project itself, too
			continue
		}
		for at := range tree.Above(dir) {
			if at == base {
				break
			}
			if p.importable(at, top) {
				return at
			}
		}
	}
	return base
}

// importable reports whether the repository has a module of that name in a folder.
func (p project) importable(dir, name string) bool {
	at := path.Join(p.in.Dir, dir, name)
	return p.in.Tree.Has(at+".py") || p.in.Tree.HasDir(at)
}

// own reports whether the app's code has a module of that name, where imports start from its folder or from root.
func (p project) own(root, name string) bool {
	return p.importable(".", name) || p.importable(root, name)
}

// moduleFrom is the name that a file has for who imports it from root.
func moduleFrom(root, file string) string {
	if root != "." {
		file = strings.TrimPrefix(file, root+"/")
	}
	return facts.ModuleName(file)
}
