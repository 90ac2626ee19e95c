package python

import (
	_ "embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
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
	rule     string
	pos      fact.Pos
	losers   []plan.Candidate
	writes   bool // it writes below the working directory
	writesAt fact.Pos
	django   bool
	console  bool // a console script: the project must be installed
	module   *facts.Module
}

// candidate is one thing that could be run.
type candidate struct {
	object *facts.Object
	row    *facts.Framework // for scripts that a framework's own command runs
	module *facts.Module
	name   string // what --set main= takes
	depth  int
	rank   int
	pos    fact.Pos
}

// Order of file names; what is not in them comes last.
var (
	objectNames = []string{"app", "main", "wsgi", "asgi", "server", "application", "run", "api", "index", "web", "__init__"} //nolint:gochecknoglobals // a constant table
	scriptNames = []string{"main", "app", "run", "bot", "server", "start", "index", "job", "worker", "__main__"}             //nolint:gochecknoglobals // a constant table
	entryObject = []string{"app", "application", "api", "server", "asgi", "wsgi"}                                            //nolint:gochecknoglobals // a constant table
)

func (d *decider) rel(file string) string { return strings.TrimPrefix(file, d.in.Dir+"/") }

func (d *decider) depth(file string) int {
	rel := strings.TrimPrefix(d.rel(file), "src/")
	n := strings.Count(rel, "/")
	if path.Base(rel) == "__init__.py" || path.Base(rel) == "__main__.py" {
		// A package counts as the file of its name.
		n = max(n-1, 0)
		if n == 0 && path.Base(rel) == "__init__.py" && strings.Count(rel, "/") == 0 {
			n = 0
		}
	}
	return n
}

func stem(file string) string { return strings.TrimSuffix(path.Base(file), ".py") }

func rank(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// objects lists the application objects, the best first.
func (d *decider) objects() []candidate {
	var out []candidate
	rows, err := facts.Frameworks()
	if err != nil {
		return nil
	}
	for _, m := range d.f.Modules {
		best := -1
		for i, o := range m.Objects {
			if o.Interface == "" {
				continue
			}
			if best < 0 || better(o, m.Objects[best]) {
				best = i
			}
		}
		if best >= 0 {
			o := &m.Objects[best]
			c := candidate{object: o, module: m, name: o.Module + ":" + o.Name, depth: d.depth(m.File), rank: rank(objectNames, stem(m.File)), pos: o.Pos}
			if o.Factory { // what somebody else has already called comes first
				c.rank += len(objectNames) + 1
			}
			out = append(out, c)
		}
		for i := range rows {
			row := &rows[i]
			if row.Run == nil {
				continue
			}
			for j, o := range m.Objects {
				if o.Framework == row.Name {
					out = append(out, candidate{object: &m.Objects[j], row: row, module: m, name: o.Module + ":" + o.Name, depth: d.depth(m.File), rank: rank(objectNames, stem(m.File)), pos: o.Pos})
					break
				}
			}
			if len(row.Imports) > 0 && slices.ContainsFunc(m.Imports, func(f fact.Fact[string]) bool { return slices.Contains(row.Imports, f.Value) }) {
				r := rank(objectNames, stem(m.File))
				if strings.HasPrefix(stem(m.File), row.Name) {
					r = -1
				}
				if strings.Contains(d.rel(m.File), "pages/") {
					continue
				}
				out = append(out, candidate{row: row, module: m, name: d.rel(m.File), depth: d.depth(m.File), rank: r, pos: fact.At(m.File, 1)})
			}
		}
	}
	sortCandidates(out)
	return out
}

func sortCandidates(list []candidate) {
	slices.SortStableFunc(list, func(a, b candidate) int {
		if a.depth != b.depth {
			return a.depth - b.depth
		}
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.name, b.name)
	})
}

// better prefers an object to a factory, a well-known name, and the one that
// has routes.
func better(a, b facts.Object) bool {
	switch {
	case a.Factory != b.Factory:
		return !a.Factory
	case rank(entryObject, a.Name) != rank(entryObject, b.Name):
		return rank(entryObject, a.Name) < rank(entryObject, b.Name)
	}
	return len(a.Routes) > len(b.Routes)
}

// scripts lists the files that can be run, the best first.
func (d *decider) scripts() []candidate {
	var out []candidate
	root := 0
	for _, m := range d.f.Modules {
		rel := strings.TrimPrefix(d.rel(m.File), "src/")
		if !strings.Contains(rel, "/") {
			root++
		}
	}
	for _, m := range d.f.Modules {
		rel := strings.TrimPrefix(d.rel(m.File), "src/")
		base := stem(m.File)
		top := !strings.Contains(rel, "/")
		if base == "__init__" && top {
			continue
		}
		switch {
		case top && (root == 1 || slices.Contains(scriptNames, base) || !m.Guard.IsZero() || len(m.Servers) > 0):
		case base == "__main__" && strings.Count(rel, "/") == 1:
		default:
			continue
		}
		out = append(out, candidate{module: m, name: d.rel(m.File), depth: d.depth(m.File), rank: rank(scriptNames, base), pos: fact.At(m.File, 1)})
	}
	sortCandidates(out)
	return out
}

// hint tells how to choose.
const mainHint = "choose with --set main=FILE or --set main=module:object"

// begin decides what runs.
func (d *decider) begin() error {
	objects, scripts := d.objects(), d.scripts()
	pick, rule, losers, err := d.pick(objects, scripts)
	if err != nil {
		return err
	}
	if d.start.cmd != nil { // a Procfile's line, or the user's own
		return nil
	}
	d.start.rule, d.start.losers = rule, losers
	if !d.start.django {
		for _, m := range d.f.Modules {
			if !m.Writes.IsZero() && !d.start.writes {
				d.start.writes, d.start.writesAt = true, m.Writes
				d.book.Note(m.Writes, "writes below the working directory, which is lost with the container", "mount a volume there, or write below /tmp")
			}
		}
	}
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

func (d *decider) pick(objects, scripts []candidate) (candidate, string, []plan.Candidate, error) {
	var none candidate
	loser := func(list []candidate, why string) []plan.Candidate {
		var out []plan.Candidate
		for _, c := range list {
			out = append(out, plan.Candidate{Value: c.name, Pos: choice.At(c.pos), Why: why})
		}
		return out
	}
	all := append(slices.Clone(objects), scripts...)
	if want := d.in.Settings.Main; want != "" {
		c, err := d.named(want, all)
		return c, "asked for", nil, err
	}
	if len(d.in.Settings.Start) > 0 {
		d.start.cmd, d.start.rule, d.start.pos = d.in.Settings.Start, "asked for", d.in.Settings.Pos("start")
		d.start.port = d.in.Settings.Port
		return none, "", nil, nil
	}
	if c, rule, ok := d.process(all); ok {
		return c, rule, loser(others(all, c), rule+" says what runs"), nil
	}
	if d.f.Django != nil && (d.has("django") || d.f.Django.Settings.Found()) {
		d.start.django = true
		return none, "manage.py makes it a Django project", loser(all, "a Django project is served by its own application"), nil
	}
	if s := d.console(); s != nil && len(objects) == 0 && (len(scripts) == 0 || scripts[0].depth > 0 || !slices.Contains([]string{"main", "app"}, stem(scripts[0].module.File))) {
		d.start.console = true
		return candidate{name: s.Name, pos: s.Pos}, "the project's only console script", loser(scripts, "the project declares what it runs"), nil
	}
	if len(objects) > 0 && (len(scripts) == 0 || objects[0].depth <= scripts[0].depth || scripts[0].rank >= len(scriptNames)) {
		win := objects[0]
		var tie []candidate
		for _, c := range objects[1:] {
			same := c.object != nil && win.object != nil && origin(c.object) == origin(win.object)
			if c.depth == win.depth && c.rank == win.rank && !same && c.module != win.module {
				tie = append(tie, c)
			}
		}
		if len(tie) > 0 {
			// One of them is started by its own file.
			return none, "", nil, d.several(append([]candidate{win}, tie...))
		}
		rule := "the only application object"
		if len(objects) > 1 {
			rule = "the application object nearest to the root, by its file's name"
		}
		return win, rule, append(loser(others(objects, win), win.name+" comes before it"), loser(others(scripts, win), "an application object comes before a script")...), nil
	}
	if len(scripts) == 0 {
		var list []string
		for _, m := range d.f.Modules {
			list = append(list, d.rel(m.File))
		}
		return none, "", nil, choice.Refuse(fact.At(d.where(), 0), mainHint, "holds no application object and no script that stands out%s", among(list))
	}
	win := scripts[0]
	if len(scripts) > 1 && scripts[1].rank == win.rank && scripts[1].depth == win.depth {
		return none, "", nil, d.several(scripts)
	}
	rule := "the only script"
	if len(scripts) > 1 {
		rule = "the script to start, by its name"
	}
	return win, rule, loser(scripts[1:], win.name+" comes before it"), nil
}

func (d *decider) where() string {
	if len(d.f.Manifests) > 0 {
		return d.m.File
	}
	return d.in.Dir
}

func among(list []string) string {
	if len(list) == 0 {
		return "; there is no Python source"
	}
	if len(list) > 8 {
		list = append(slices.Clone(list[:8]), "…")
	}
	return " among " + plan.Printable(strings.Join(list, ", "), 300)
}

func (d *decider) several(list []candidate) error {
	var names []string
	for _, c := range list {
		names = append(names, c.name)
	}
	return choice.Refuse(list[0].pos, mainHint, "there are several to run: %s", plan.Printable(strings.Join(names, ", "), 300))
}

func origin(o *facts.Object) string {
	if o.Alias != "" {
		return o.Alias
	}
	return o.File + ":" + o.Name
}

func others(list []candidate, win candidate) []candidate {
	var out []candidate
	for _, c := range list {
		if c.name != win.name {
			out = append(out, c)
		}
	}
	return out
}

// named finds what the user means by --set main=.
func (d *decider) named(want string, all []candidate) (candidate, error) {
	clean := strings.TrimPrefix(want, "./")
	for _, c := range all {
		if c.name == clean || d.relName(c) == clean || c.object != nil && c.object.Module == clean {
			return c, nil
		}
	}
	for _, m := range d.f.Modules {
		for i, o := range m.Objects {
			if o.Module+":"+o.Name == clean {
				return candidate{object: &m.Objects[i], module: m, name: clean, pos: o.Pos}, nil
			}
		}
		if d.rel(m.File) == clean {
			return candidate{module: m, name: clean, pos: fact.At(m.File, 1)}, nil
		}
	}
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	return candidate{}, choice.Refuse(d.in.Settings.Pos("main"), "these can be run: "+plan.Printable(strings.Join(names, ", "), 200), "there is no %s", plan.Printable(want, 60))
}

func (d *decider) relName(c candidate) string {
	if c.module == nil {
		return ""
	}
	return d.rel(c.module.File)
}

func (d *decider) console() *facts.Script {
	if len(d.m.Scripts) != 1 || d.m.Package.IsZero() || d.man.Project == nil {
		return nil
	}
	return &d.m.Scripts[0]
}

var appName = regexp.MustCompile(`^[A-Za-z_][\w.-]*:[A-Za-z_][\w.]*(\(.*\))?$`)

// process takes the web process of a Procfile, or app.yaml's entrypoint, as
// evidence: what is served, with which flags, at which port.
func (d *decider) process(all []candidate) (candidate, string, bool) {
	var none candidate
	web := slices.ContainsFunc(d.f.Processes, func(p facts.Process) bool { return p.Name == "web" || p.Name == "entrypoint" })
	for _, p := range d.f.Processes {
		if p.Name != "web" && p.Name != "entrypoint" && (web || p.Name != "worker") {
			continue
		}
		rule := "the " + p.Name + " process of " + p.Pos.File
		if len(p.Commands) == 0 {
			d.book.Note(p.Pos, "is more than a command that runs without a shell; what it says was not used", "set the command: --set 'start=[…]'")
			continue
		}
		cmd := p.Commands[len(p.Commands)-1]
		for _, c := range p.Commands[:len(p.Commands)-1] {
			var words []string
			for _, a := range c.Args {
				words = append(words, a.Text)
			}
			d.book.Note(p.Pos, fmt.Sprintf("runs %q before the app; that belongs to a release, not to every start of a container", plan.Printable(strings.Join(words, " "), 80)), "run it once per release, in a container of the same image")
		}
		c, ok := d.command(cmd, p.Pos, all)
		if !ok {
			d.book.Note(p.Pos, fmt.Sprintf("starts %s, which dockgen cannot check; what it says was not used", plan.Printable(cmd.Args[0].Text, 40)), "set the command: --set 'start=[…]'")
			continue
		}
		d.start.rule, d.start.pos = rule, p.Pos
		return c, rule, true
	}
	return none, "", false
}

// command understands one command line. It returns the candidate that it
// starts, and sets the command itself where it has flags worth keeping.
func (d *decider) command(cmd facts.Command, pos fact.Pos, all []candidate) (candidate, bool) {
	var none candidate
	args := make([]string, len(cmd.Args))
	port := false
	for i, a := range cmd.Args {
		args[i] = a.Text
		port = port || a.Port
	}
	find := func(app string) (candidate, bool) {
		app = strings.TrimSuffix(app, "()")
		for _, m := range d.f.Modules {
			for i, o := range m.Objects {
				if o.Module+":"+o.Name == app || strings.TrimPrefix(o.Module, "src.")+":"+o.Name == app || !strings.Contains(app, ":") && o.Module == app {
					return candidate{object: &m.Objects[i], module: m, name: app, pos: o.Pos}, true
				}
			}
		}
		mod, _, _ := strings.Cut(app, ":")
		file := d.f.Dir + "/" + strings.ReplaceAll(mod, ".", "/") + ".py"
		return candidate{name: app, pos: pos, module: d.f.Module(path.Clean(file))}, d.in.Tree.Has(file)
	}
	switch prog := path.Base(args[0]); prog {
	case "gunicorn", "uvicorn", "hypercorn", "daphne", "granian":
		i := slices.IndexFunc(args[1:], func(a string) bool { return appName.MatchString(a) })
		if i < 0 {
			return none, false
		}
		c, ok := find(args[i+1])
		if !ok {
			return none, false
		}
		d.serverCommand(prog, args, port, pos)
		d.start.module = c.module
		switch {
		case c.object != nil:
			d.start.dev, d.start.devAdd = d.dev(*c.object, d.start.port)
		case d.f.Django != nil:
			d.start.dev = []string{"python", d.manage(), "runserver", "0.0.0.0:" + strconv.Itoa(d.start.port)}
		default:
			d.start.dev = append(slices.Clone(d.start.cmd), "--reload")
		}
		for _, e := range cmd.Env {
			name, value, _ := strings.Cut(e, "=")
			if v, err := plan.NewEnv(name, value); err == nil {
				d.start.env = append(d.start.env, v)
			}
		}
		return c, true
	case "python", "python3":
		rest := args[1:]
		for len(rest) > 0 && rest[0] == "-u" {
			rest = rest[1:]
		}
		if len(rest) == 1 && !strings.HasPrefix(rest[0], "-") {
			file := strings.TrimPrefix(rest[0], "./")
			for _, c := range all {
				if c.module != nil && d.rel(c.module.File) == file {
					return c, true
				}
			}
			if m := d.f.Module(path.Join(d.f.Dir, file)); m != nil {
				return candidate{module: m, name: file, pos: pos}, true
			}
		}
	case "streamlit", "functions-framework", "flask", "fastapi":
		// Their own rows and servers start them better than a development server would.
		return none, false
	}
	return none, false
}

// serverCommand keeps a server's flags, and makes where it listens that of a
// container.
func (d *decider) serverCommand(prog string, args []string, port bool, pos fact.Pos) {
	out := []string{prog}
	number := 0
	rest := args[1:]
	bound := false
	for i := 0; i < len(rest); i++ {
		flag, value, joined := strings.Cut(rest[i], "=")
		if !strings.HasPrefix(rest[i], "-") {
			out = append(out, rest[i])
			continue
		}
		drop := false
		switch prog {
		case "gunicorn", "hypercorn":
			drop = flag == "-b" || flag == "--bind" || flag == "--worker-tmp-dir" || flag == "--access-logfile"
			bound = bound || flag == "-b" || flag == "--bind"
			if strings.HasPrefix(flag, "-b") && !strings.HasPrefix(flag, "--") && len(flag) > 2 { // -b0.0.0.0:80
				value, joined, drop, bound = flag[2:], true, true, true
				flag = "-b"
			}
			if flag == "--reload" || flag == "--daemon" || flag == "-D" {
				continue
			}
		case "uvicorn", "granian":
			drop = flag == "--host" || flag == "--port"
			if flag == "--reload" {
				continue
			}
		case "daphne":
			drop = flag == "-b" || flag == "-p" || flag == "--port" || flag == "--bind"
		}
		if !drop {
			out = append(out, rest[i])
			continue
		}
		if !joined && i+1 < len(rest) {
			i++
			value = rest[i]
		}
		text := value[strings.LastIndexByte(value, ':')+1:]
		if n, err := strconv.Atoi(text); err == nil && strings.Contains(flag, "b") || err == nil && strings.Contains(flag, "p") {
			number = n
		}
	}
	if number == 0 || port {
		number = 8000
		if port {
			number = 8080
		}
	}
	if d.in.Settings.Port != 0 {
		number = d.in.Settings.Port
	}
	app := slices.IndexFunc(out[1:], func(a string) bool { return appName.MatchString(a) }) + 1
	flags := append(slices.Clone(out[1:app]), out[app+1:]...)
	n := strconv.Itoa(number)
	switch prog {
	case "gunicorn":
		// Without --bind, gunicorn takes $PORT: https://docs.gunicorn.org/en/stable/settings.html#bind
		d.start.cmd = []string{prog}
		if port || !bound {
			d.start.portEnv = true
		} else {
			d.start.cmd = append(d.start.cmd, "--bind", "0.0.0.0:"+n)
		}
		d.start.cmd = append(d.start.cmd, "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-")
	case "hypercorn":
		d.start.cmd = []string{prog, "--bind", "0.0.0.0:" + n, "--access-logfile", "-"}
	case "daphne":
		d.start.cmd = []string{prog, "-b", "0.0.0.0", "-p", n}
	default:
		d.start.cmd = []string{prog, "--host", "0.0.0.0", "--port", n}
	}
	d.start.cmd = append(append(d.start.cmd, flags...), out[app])
	portRule := "the port that " + pos.File + " gives"
	switch {
	case d.in.Settings.Port != 0:
		portRule = "asked for"
	case port:
		portRule = "the default for $PORT, which " + pos.File + " takes"
	}
	d.book.Choose(plan.Choice{Key: "port", Value: strconv.Itoa(number), Rule: portRule, Pos: choice.At(pos)})
	d.start.port, d.start.signals = number, true
	if !d.brought(prog) {
		d.addTool(prog, pos, "the start command runs it, and it is not among the dependencies")
	}
}

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
	d.book.Note(pos, fmt.Sprintf("%s is added to the image: %s", spec, why), "name it in "+d.where()+" to choose the version yourself")
}

// port decides where the app listens.
func (d *decider) port(found int, foundAt fact.Pos, rule string, fallback int, fallbackRule string) int {
	win, losers, _ := choice.First(
		choice.Candidate{Value: number(d.in.Settings.Port), Pos: d.in.Settings.Pos("port"), Rule: "asked for"},
		choice.Candidate{Value: number(found), Pos: foundAt, Rule: rule},
		choice.Candidate{Value: number(fallback), Rule: fallbackRule},
	)
	v := d.book.Choose(plan.Choice{Key: "port", Value: win.Value, Rule: win.Rule, Pos: choice.At(win.Pos), Losers: losers})
	n, _ := strconv.Atoi(v)
	return n
}

func number(n int) string {
	if n <= 0 || n > 65535 {
		return ""
	}
	return strconv.Itoa(n)
}

// serve chooses the server of an application.
func (d *decider) serve(iface, app string, factory bool, pos fact.Pos, port int) error {
	rows, err := servers()
	if err != nil {
		return err
	}
	var win *server
	var losers []plan.Candidate
	for i := range rows {
		r := &rows[i]
		if !d.brought(r.Name) {
			continue
		}
		switch {
		case !slices.Contains(r.Interfaces, iface):
			losers = append(losers, plan.Candidate{Value: r.Name, Why: "does not serve " + strings.ToUpper(iface)})
		case factory && r.Factory == "":
			losers = append(losers, plan.Candidate{Value: r.Name, Why: "cannot call a factory"})
		case win == nil:
			win = r
		default:
			losers = append(losers, plan.Candidate{Value: r.Name, Why: win.Name + " comes before it"})
		}
	}
	rule := "the server among the dependencies"
	input := ""
	if win == nil {
		name := map[string]string{"wsgi": "gunicorn", "asgi": "uvicorn"}[iface]
		i := slices.IndexFunc(rows, func(r server) bool { return r.Name == name })
		if i < 0 {
			return choice.Refuse(pos, "", "no server is known for the interface %q", plan.Printable(iface, 20))
		}
		win = &rows[i]
		why := "no " + strings.ToUpper(iface) + " server is among the dependencies, and a development server is not for production"
		rule, input = why, iface
	}
	kept := d.book.Choose(plan.Choice{Key: "python.server", Value: win.Name, Rule: rule, Link: win.Source, Losers: losers, Input: input})
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
	rel := d.rel(m.File)
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
	rel := d.rel(file)
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
	d.tools[name] = d.book.Choose(plan.Choice{Key: "python.tool." + name, Value: t.Version, Rule: "the version that dockgen puts into the image", Link: t.Source, Input: name})
	return d.tools[name]
}

// portOf finds the port that the code itself gives the app.
func (d *decider) portOf(m *facts.Module, o facts.Object) (int, fact.Pos, string) {
	look := append([]*facts.Module{m}, d.f.Modules...)
	for i, x := range look {
		if x == nil || i > 0 && d.depth(x.File) > 0 && x.File != m.File {
			continue
		}
		for _, s := range x.Servers {
			target := s.Object == o.Name || s.Target == o.Name || s.Target == o.Module+":"+o.Name
			if s.Port > 0 && (target || x == m) {
				return s.Port, s.Pos, "the port that the code gives"
			}
		}
	}
	return 0, fact.Pos{}, ""
}

// healthPaths are paths that an app has for no other reason.
var healthPaths = []string{"/health", "/healthz", "/_health", "/health/", "/healthcheck", "/livez", "/readyz", "/ping", "/up", "/api/health", "/status"} //nolint:gochecknoglobals // a constant table

// healthRoute is a route that is known to answer a plain GET.
func (d *decider) healthRoute(o facts.Object) (string, fact.Pos) {
	m := d.f.Module(o.File)
	if m == nil {
		return "", fact.Pos{}
	}
	for _, want := range append(slices.Clone(healthPaths), "/") {
		for _, x := range m.Objects {
			for _, r := range x.Routes {
				if r.Path == want && r.Plain {
					d.start.health = want
					return want, r.Pos
				}
			}
		}
	}
	return "", fact.Pos{}
}

// startFramework runs what has a command of its own.
func (d *decider) startFramework(c candidate) error {
	port := d.port(0, fact.Pos{}, "", c.row.Port, "the default of "+c.row.Name)
	values := map[string]string{"port": strconv.Itoa(port), "file": d.rel(c.module.File)}
	if c.object != nil {
		values["name"] = c.object.Name
	}
	d.start.cmd = fill(c.row.Run, values)
	d.start.dev = append(fill(c.row.Run, values), c.row.DevArgs...)
	d.start.port, d.start.signals, d.start.health = port, true, c.row.Health
	if !d.has(c.row.Dependency) {
		return choice.Refuse(c.pos, "name "+c.row.Dependency+" in the requirements", "imports %s, which no manifest names", c.row.Name)
	}
	return nil
}

// startConsole runs the console script that installing the project makes.
func (d *decider) startConsole() error {
	s := d.console()
	d.project, d.start.console = true, true
	d.start.cmd = []string{s.Name}
	d.start.pos = s.Pos
	d.start.dev = []string{"watchfiles", s.Name}
	d.devTool()
	file := strings.ReplaceAll(strings.SplitN(s.Target, ":", 2)[0], ".", "/")
	for _, f := range []string{file + ".py", file + "/__init__.py", "src/" + file + ".py", "src/" + file + "/__init__.py"} {
		if m := d.f.Module(path.Join(d.in.Dir, f)); m != nil {
			d.start.module = m
			return d.listens(m)
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
	rel := d.rel(m.File)
	d.start.cmd = []string{"python", rel}
	if stem(m.File) == "__main__" {
		d.start.cmd = []string{"python", path.Dir(rel)}
		if dir := path.Dir(rel); slices.ContainsFunc(m.Imports, func(i fact.Fact[string]) bool { return strings.HasPrefix(i.Value, dir) }) || d.in.Tree.Has(path.Join(d.in.Dir, dir, "__init__.py")) {
			d.start.cmd = []string{"python", "-m", strings.ReplaceAll(dir, "/", ".")}
		}
	}
	line, err := plan.NewShell(d.start.cmd...)
	if err != nil {
		return err
	}
	d.start.dev = []string{"watchfiles", line.String()}
	d.devTool()
	return d.listens(m)
}

// listens decides whether a script is a server, and where.
func (d *decider) listens(m *facts.Module) error {
	d.start.signals = !m.Signals.IsZero()
	if len(m.Servers) == 0 {
		d.book.Choose(plan.Choice{Key: "port", Value: "none", Rule: "nothing in " + d.rel(m.File) + " listens"})
		if d.in.Settings.Port != 0 {
			d.start.port = d.in.Settings.Port
		}
		return nil
	}
	s := m.Servers[0]
	row, _ := facts.FrameworkNamed(s.Framework)
	loopback := s.Host == "127.0.0.1" || s.Host == "localhost" || s.Host == "::1"
	switch {
	case loopback && s.HostEnv != "":
		d.start.env = append(d.start.env, plan.MustEnv(s.HostEnv, "0.0.0.0"))
	case loopback:
		return choice.Refuse(s.Pos, `listen on 0.0.0.0, or take the host from the environment`, "listens on %s, which nothing outside of its container reaches", s.Host)
	}
	if s.Port == 0 && d.in.Settings.Port == 0 {
		return choice.Refuse(s.Pos, "--set port=NUMBER", "listens on a port that dockgen cannot read from the code")
	}
	rule := "the port that the code gives"
	if s.PortEnv != "" {
		rule = "the default of $" + s.PortEnv
	}
	d.start.port = d.port(s.Port, s.Pos, rule, 0, "")
	if s.PortEnv != "" {
		env, err := plan.NewEnv(s.PortEnv, strconv.Itoa(d.start.port))
		if err != nil {
			return err
		}
		d.start.env = append(d.start.env, env)
	} else if d.in.Settings.Port != 0 && s.Port != 0 && s.Port != d.in.Settings.Port {
		return choice.Refuse(d.in.Settings.Pos("port"), "change the code, or leave port out", "the code listens on %d whatever the port asked for", s.Port)
	}
	d.start.signals = d.start.signals || s.Signals
	d.start.health = row.Health
	return nil
}

// manage is manage.py, or its path below the app's folder.
func (d *decider) manage() string {
	if d.f.Django == nil || d.f.Django.Dir == "." {
		return "manage.py"
	}
	return d.f.Django.Dir + "/manage.py"
}

// startDjango serves a Django project.
func (d *decider) startDjango() error {
	dj := d.f.Django
	if dj.Settings.Value == "" {
		return choice.Refuse(dj.Manage, "set DJANGO_SETTINGS_MODULE in manage.py, as startproject writes it", "does not say which settings it uses")
	}
	iface, app, pos := "wsgi", dj.WSGI, dj.WSGI.Pos
	async := dj.ASGI.Found() && !d.brought("gunicorn") && (d.brought("uvicorn") || d.brought("daphne") || d.brought("hypercorn") || d.brought("granian"))
	if async || !dj.WSGI.Found() && dj.ASGI.Found() {
		iface, app, pos = "asgi", dj.ASGI, dj.ASGI.Pos
	}
	if !app.Found() {
		return choice.Refuse(dj.Settings.Pos, "add WSGI_APPLICATION to the settings, as startproject writes it", "names no WSGI or ASGI application")
	}
	i := strings.LastIndexByte(app.Value, '.')
	if i < 0 {
		return choice.Refuse(pos, "", "%q is no module and object", plan.Printable(app.Value, 60))
	}
	port := d.port(0, fact.Pos{}, "", 8000, "the usual port of Django")
	d.start.pos = pos
	if err := d.serve(iface, app.Value[:i]+":"+app.Value[i+1:], false, pos, port); err != nil {
		return err
	}
	d.start.dev = []string{"python", d.manage(), "runserver", "0.0.0.0:" + strconv.Itoa(port)}
	if _, err := plan.NewPath("/app/" + dj.Dir); err != nil {
		return err
	}
	d.pythonPath(dj.Dir)
	for _, e := range dj.Engines {
		if e.Value == "django.db.backends.sqlite3" {
			d.book.Note(e.Pos, "the SQLite database is below the app's folder, which belongs to root in the image", "take its path from the environment, and mount a volume there")
		}
	}
	if !dj.Debug.IsZero() {
		d.book.Note(dj.Debug, "DEBUG is on in production too", "take it from the environment")
	}
	return nil
}
