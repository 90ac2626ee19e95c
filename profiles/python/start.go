package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Start is how the app runs. Only complete makes one, so that all that follows
// from a start is there, whichever way the program was found.
type Start struct {
	Cmd       []string // of prod; in a command that expands, $NAME is a variable of the container
	Expands   bool
	Before    [][]string // what runs before Cmd at every start, in the same shell
	Dev       []string   // of dev, which takes over every save
	DevAdd    []string   // packages that dev needs and prod does not
	Added     []added    // packages that no manifest names
	Install   bool       // the project itself is installed
	Env       []plan.Env
	Ports     image.Ports
	Ends      image.InitRequest // by whom it ends on SIGTERM
	Framework image.HealthRoute // the framework's own route
	Routes    []effect.Route    // that answer a plain GET
	Kind      plan.Kind
	Django    bool     // Django's application is served
	Static    bool     // its server serves static files
	Migrate   []string // creates and migrates the tables of the database, where nothing else does
	Writes    []image.Write
	Named     fact.Pos         // where settings name the own image's working directory
	Accounts  []effect.Account // what looks the user up
	Takes     bool             // it reads arguments
	Stdin     string           // how docker run gives it standard input, "" for not at all
	Dir       string           // where it starts below the app's folder, "" for that one
	Venv      bool             // it reads VIRTUAL_ENV
	choice    plan.Choice
}

// launch is what one way to start a program says of it.
type launch struct {
	cmd     []string      // {port} stands for the port
	literal bool          // cmd is the user's own: it stays as it is
	dev     []string      // nil: watched, started again on every save
	watched []string      // nil: cmd
	before  [][]string    // what runs before it at every start
	expands bool          // $NAME in cmd is a variable of the container
	choices []plan.Choice // to record
	devAdd  []string
	added   []added
	tools   []string // whose version was used
	install bool
	env     []plan.Env
	root    string // the folder that imports start from, "" if it is not known
	stdin   bool   // it talks on its standard input
	dir     string // the folder below the app's that it starts in
	listen  listen
	ends    image.InitRequest
	health  string // of the framework
	module  *facts.Module
	object  *facts.Object
	django  bool
	static  bool // it serves static files, too
	pos     fact.Pos
	notes   []plan.Note
	writes  []image.Write // beside those of the code
	ownDir  fact.Pos      // where its settings name the own image's working directory
	needs   []effect.Env  // what its settings take from the environment
}

// start decides how the program runs.
func (p project) start(app program) (Start, error) {
	l, err := p.launch(app)
	if err != nil {
		return Start{}, err
	}
	return p.complete(app, l)
}

// launch starts the program in its own way. It writes nothing down.
func (p project) launch(app program) (launch, error) {
	switch app.way {
	case byDjango:
		return p.startDjango(app.command)
	case byFramework:
		return p.startFramework(app)
	case byObject:
		return p.startObject(app)
	case byConsole:
		return p.startConsole(app)
	case byProcess:
		return p.startProcess(app)
	case byUser:
		return p.startAsked(app), nil
	case byScript:
	}
	return p.startScript(app.candidate, nil)
}

// complete decides what every start needs, and refuses one that would fail at once.
func (p project) complete(app program, l launch) (Start, error) {
	if l.django && !l.literal {
		if err := p.djangoEnv(&l); err != nil {
			return Start{}, err
		}
	}
	p.addImported(&l)
	for _, n := range slices.Concat(app.notes, l.notes) {
		p.in.Log.Note(n.Pos, n.Text, n.Hint)
	}
	for _, c := range l.choices {
		p.in.Log.Choose(c)
	}
	if err := p.check(l); err != nil {
		return Start{}, err
	}
	if idle := p.idle(l); idle != (plan.Env{}) {
		l.env = append(l.env, idle)
	}
	if l.root == "" && l.object != nil {
		if m := p.f.Module(l.object.File); m != nil {
			l.root = p.importRoot(m)
		}
	}
	out := Start{
		Added: slices.Concat(l.added, p.besides(), p.companions()), DevAdd: l.devAdd, Django: p.servesDjango(l), Static: l.static, Kind: plan.Job,
		Install: p.of.installs() || l.install || len(p.made) > 0 || l.root == "src" && p.packaged() || p.introspects(l.module) || !l.install && p.hooked() || !p.m.Dynamic.IsZero() && p.man.Project != nil, // only a build knows dynamic dependencies
	}
	from := where{source: out.Install && p.leaves(l.module), config: logArguments(l.cmd)}
	if _, _, script := image.OwnStart(p.in); !script && !l.literal {
		from.words = slices.Concat(slices.Concat(l.before...), l.cmd)
	}
	if from.dir = l.dir; app.way == byObject {
		from.dir = p.workdir(l)
	}
	out.Named = l.ownDir
	out.Writes, out.Accounts, out.Dir = append(p.writes(l.module, from), l.writes...), p.accounts(l.module), from.dir
	out.Framework, out.Routes = p.health(l)
	if p.refusesLocal(l) {
		out.Framework, out.Routes = image.HealthRoute{}, nil // the check names this machine, which is answered 400
	}
	if out.Django {
		out.Migrate = p.djangoMigration()
	} else {
		out.Migrate = p.noteTables(l.named())
	}
	p.noteWorker(app, l)
	var err error
	request := p.portRequest(l.listen, l.module)
	request.Addresses = append(request.Addresses, p.beside(l.module)...)
	if out.Ports, err = image.Port(p.in, request); err != nil {
		return Start{}, err
	}
	out.Env = slices.Concat(out.Ports.Env, l.env)
	if from.source && (l.root == "" || l.root == ".") {
		l.root = "."
		if m := l.module; m != nil && strings.HasPrefix(m.File, "src/") {
			l.root = "src"
		}
	}
	if (l.root != "" && l.root != "." && !out.Install || from.source) && from.dir == "" {
		e, err := importsFrom(p.home(), l.root)
		if err != nil {
			return Start{}, err
		}
		out.Env = append(out.Env, e)
	}
	port := ""
	if len(out.Ports.List) > 0 {
		port = out.Ports.List[0].String()
	}
	switch {
	case port != "" || !l.listen.unknown.IsZero():
		out.Kind = plan.Server
	case app.name == "worker" || l.ends.Handled != "":
		out.Kind = plan.Worker
	}
	if out.Takes = out.Kind == plan.Job && p.takes(l); out.Kind != plan.Server {
		out.Stdin = p.stdin(l)
	}
	out.Cmd, out.Dev = l.cmd, fill(l.dev, "port", port)
	if !l.literal {
		at := port
		if l.listen.variable != "" && slices.ContainsFunc(l.cmd, holdsPort) {
			at, out.Expands = "$"+l.listen.variable, true
		}
		out.Cmd, out.Expands = append(fill(l.cmd, "port", at), out.Ports.Args...), out.Expands || l.expands || len(l.before) > 0
		for _, c := range l.before {
			out.Before = append(out.Before, fill(c, "port", at))
		}
	}
	if len(l.dev) == 0 {
		if out.Dev, err = p.watching(l, port, out.Ports.Args); err != nil {
			return Start{}, err
		}
		if !p.has("watchfiles") && !p.has("uvicorn-standard") && !p.has("fastapi-standard") {
			l.tools = append(l.tools, "watchfiles")
			out.DevAdd = append(out.DevAdd, p.spec("watchfiles"))
		}
	}
	out.Venv = p.readsVenv(out.Cmd, l)
	out.Ends = l.ends
	if out.Ends.Program = path.Base(out.Cmd[0]); l.literal {
		out.Ends.Command = out.Cmd
	}
	for _, name := range l.tools {
		p.recordTool(name)
	}
	pos := app.pos
	if !l.pos.IsZero() {
		pos = l.pos
	}
	out.choice = plan.Choice{Key: "start", Value: strings.Join(out.Cmd, " "), Rule: app.rule, Pos: record.At(pos), Rejected: app.rejected, Evidence: app.evidence}
	return out, nil
}

// idle is the variable with which importing the application that is served starts no server of its own, zero where it starts none.
func (p project) idle(l launch) plan.Env {
	if l.object == nil || l.module == nil || p.importedServer(l.module) == nil {
		return plan.Env{}
	}
	return idleOf(*l.object)
}

// takes reports whether a program that ends by itself reads the arguments of its command line.
func (p project) takes(l launch) bool {
	return l.module != nil && len(p.f.Processes) == 0 && slices.ContainsFunc(p.started(l.module), func(m *facts.Module) bool {
		return !m.Takes.IsZero() || m.Attribute("argv")
	})
}

// stdin are the options of docker run with which a program that does not listen reads standard input, "" if it does not.
func (p project) stdin(l launch) string {
	out := ""
	if l.stdin {
		out = "-i"
	}
	if l.module == nil {
		return out
	}
	for _, m := range p.started(l.module) {
		switch at := m.Stdin; {
		case at.Pos.IsZero():
		case at.Terminal:
			if m == l.module { // another one's may ask for a password, if at all
				return "-it"
			}
		default:
			out = "-i"
		}
	}
	return out
}

// introspects reports whether the program reads its own version or plug-ins, which only an installed package has.
func (p project) introspects(start *facts.Module) bool {
	i := slices.IndexFunc(p.f.Manifests, func(m facts.Manifest) bool { return !m.Package.IsZero() })
	if i < 0 || p.man.Project == nil {
		return false
	}
	return slices.ContainsFunc(p.started(start), func(m *facts.Module) bool {
		// A server of Django's application does not run what the console scripts start.
		command := start == nil && slices.ContainsFunc(p.f.Manifests, func(x facts.Manifest) bool {
			return slices.ContainsFunc(x.Scripts, func(s facts.Script) bool {
				return strings.HasSuffix(m.File, strings.ReplaceAll(strings.Split(s.Target, ":")[0], ".", "/")+".py")
			})
		})
		return !command && !m.Introspects(p.f.Name, p.f.Manifests[i].Plugins).IsZero()
	})
}

// named is the application as the command line of its server names it, "" for none.
func (l launch) named() string {
	i := slices.IndexFunc(l.cmd, appName.MatchString)
	if i < 0 || l.object == nil {
		return ""
	}
	return strings.TrimSuffix(l.cmd[i], "()")
}

// importsFrom is the variable with which imports start from a folder of the app's.
func importsFrom(home, dir string) (plan.Env, error) {
	root, err := plan.NewPath(path.Join(home, dir))
	if err != nil {
		return plan.Env{}, err
	}
	return plan.NewEnv("PYTHONPATH", root.Raw())
}

// watching starts the app again on every save; args move the port. What prod has at a place of its own, dev finds in
// the repository's folder.
func (p project) watching(l launch, port string, args []string) ([]string, error) {
	cmd := append(fill(l.cmd, "port", port), args...)
	switch {
	case l.watched != nil:
		cmd = fill(l.watched, "port", port)
	case l.literal:
		cmd = l.cmd
	}
	cmd = slices.Clone(cmd)
	for i, w := range cmd {
		flag, value := joined(w)
		if at := image.FileAt(p.in, value); at != "" {
			cmd[i] = flag + path.Join(p.home(), at)
		}
	}
	line, err := plan.NewShell(cmd...)
	return []string{"watchfiles", line.String()}, err
}

// required are the variables without which the program does not start: those of its module, and of the modules that this imports.
func (p project) required(l launch) []effect.Env {
	var out []effect.Env
	if l.module == nil {
		return nil
	}
	for _, m := range p.f.Imported(l.module) {
		for _, v := range m.Required() {
			if started := m == l.module && l.object == nil; started || !m.Scripted(v.Pos) {
				out = append(out, v)
			}
		}
	}
	return out
}

func holdsPort(arg string) bool { return strings.Contains(arg, "{port}") }

// check refuses a start that would fail at once, and says what it needs.
func (p project) check(l launch) error {
	required := slices.Concat(p.required(l), l.needs)
	if p.f.Django != nil && (l.django || l.module == nil) {
		required = slices.Concat(required, p.f.Django.Required)
	}
	required = slices.DeleteFunc(required, func(v effect.Env) bool { return v.Name == virtualEnv })
	image.Require(p.in, required, nil)
	m := l.module
	if m == nil {
		return nil
	}
	if !m.Python2.IsZero() {
		return record.Refuse(m.Python2, "port it to Python 3", "is Python 2: a print statement")
	}
	if len(p.f.Manifests) > 0 {
		return nil
	}
	root := p.importRoot(m)
	for _, i := range m.Imports {
		top, _, _ := strings.Cut(i.Value, ".")
		if top != "" && !stdlib(top) && packageOf(top) == "" && !p.own(root, top) {
			return record.Refuse(i.Pos, "write a requirements.txt that names it", "imports %s, which no manifest names", plan.Printable(top, 40))
		}
	}
	return nil
}

// startObject serves a WSGI or ASGI object.
func (p project) startObject(app program) (launch, error) {
	c, o := app.candidate, *app.object
	root := p.importRoot(c.module)
	name := moduleFrom(root, c.module.File) + ":" + o.Name
	l, err := p.serve(served{iface: o.Interface, app: name, factory: o.Factory, with: o.With, pos: o.Pos, port: app.command.listens(p.servedAt(c.module, o, 8000, "the usual port of Python's servers"))})
	if err != nil {
		return l, err
	}
	l.root, l.pos, l.module, l.object = root, c.pos, c.module, c.object
	o.Module = moduleFrom(root, c.module.File)
	p.develop(&l, o)
	return l, nil
}

// startFramework runs what has a command of its own.
func (p project) startFramework(app program) (launch, error) {
	c := app.candidate
	by, health := listen{}, c.row.Health
	if i := slices.IndexFunc(p.f.Configured, func(x facts.Configured) bool { return x.Framework == c.row.Name }); i >= 0 {
		x := p.f.Configured[i]
		if x.Port.Found() {
			by.addresses = []image.Address{{Port: x.Port.Value, Pos: x.Port.Pos, Rule: "the port of " + p.in.Rel(x.Port.Pos.File)}}
		}
		if base := strings.Trim(x.Base.Value, "/"); base != "" && health != "" {
			health = "/" + base + health
		}
	}
	at := app.command.listens(p.orUsual(by, c.row.Port, "the default of "+c.row.Name))
	at = at.moved(image.Move{Env: at.variable, Free: at.variable == ""}, at.variable != "")
	root := p.importRoot(c.module)
	values := []string{"file", c.module.File, "module", moduleFrom(root, c.module.File), "name", ""}
	if c.object != nil {
		values[5] = c.object.Name
	}
	cmd := fill(c.row.Run, values...)
	l := launch{cmd: cmd, ends: endsBy(c.row.Name, c.row.Source), pos: c.pos, module: c.module, root: rootOf(c.row, root)}
	if d := c.row.Dependency; !p.has(d) { // the hosts of such apps have it, or another package brings it
		l.added = []added{{spec: d}}
		l.notes = []plan.Note{{Pos: c.pos, Text: "imports " + c.row.Name + ", which no manifest names: " + d + " is installed, in the newest version", Hint: "name it in the requirements"}}
	}
	if c.row.Worker || c.row.Port == 0 {
		l.stdin = c.row.Stdin
		return l, nil
	}
	l.dev, l.listen, l.health = slices.Concat(cmd, c.row.DevArgs), at, health
	if c.row.Origins != "" {
		l.notes = append(l.notes, plan.Note{Pos: c.pos, Text: c.row.Name + " answers WebSockets only to pages of localhost", Hint: "docker run -e " + c.row.Origins + "=www.example.com"})
	}
	return l, nil
}

// listens is where the command listens, or else where the program does by itself.
func (c command) listens(l listen) listen {
	if c.at == nil || len(c.at.addresses) == 0 {
		return l
	}
	return *c.at
}

// rootOf is the folder that imports start from, where the framework's command
// imports the module.
func rootOf(row *facts.Framework, root string) string {
	if slices.ContainsFunc(row.Run, func(a string) bool { return strings.Contains(a, "{module}") }) {
		return root
	}
	return ""
}

// startConsole runs the console script that installing the project makes.
func (p project) startConsole(c program) (launch, error) {
	l := launch{cmd: append([]string{c.candidate.name}, c.command.flags...), install: true, module: c.module, listen: p.listensAt(c.module, c.command.flags...), ends: p.sigtermOf(c.module), pos: c.pos}
	l.before, l.expands = c.command.before, slices.ContainsFunc(l.cmd, func(w string) bool { return strings.Contains(w, "$") })
	if v := c.command.variable; v != "" {
		l.listen = listen{variable: v, addresses: []image.Address{{Port: c.command.port, Pos: c.pos, Rule: "the default of $" + v}}}.moved(image.Move{Env: v}, true)
	}
	if l.expands {
		for _, w := range l.cmd {
			if before, name, ok := strings.Cut(w, "$"); ok {
				value, _ := image.OwnValue(p.in, name)
				w = before + value
			}
			l.watched = append(l.watched, w)
		}
	}
	return l, nil
}

// startScript runs a file.
func (p project) startScript(c candidate, args []string) (launch, error) {
	m := c.module
	if l, ok := p.instead(m); ok && len(args) == 0 {
		return l, nil
	}
	if s := p.importedServer(m); s != nil && len(args) == 0 && image.Loopback(s.Addr.Host.Text) && move(s.Addr.Host) == (image.Move{}) && slices.ContainsFunc(m.Objects, func(o facts.Object) bool { return o.Interface != "" }) {
		return launch{}, record.Refuse(s.Pos, `put the call below if __name__ == "__main__": the image then starts a server for the application itself`, "listens on %s only, which nothing outside of the container reaches, and does so whenever the file is imported", plan.Printable(s.Addr.Host.Text, 40))
	}
	l := launch{cmd: []string{"python", m.File}, module: m, listen: p.listensAt(m, args...), ends: p.sigtermOf(m), pos: c.pos}
	if stem(m.File) == "__main__" {
		dir := path.Dir(m.File)
		l.cmd = []string{"python", dir}
		if slices.ContainsFunc(m.Imports, func(i fact.Fact[string]) bool { return strings.HasPrefix(i.Value, dir) }) || p.in.Tree.Has(path.Join(p.in.Dir, dir, "__init__.py")) {
			if rest, ok := strings.CutPrefix(dir, "src/"); ok && !p.in.Tree.Has(path.Join(p.in.Dir, "src/__init__.py")) {
				l.root, dir = "src", rest
			}
			l.cmd = []string{"python", "-m", strings.ReplaceAll(dir, "/", ".")}
		}
	}
	l.cmd = append(l.cmd, args...)
	return l, nil
}

// instead serves what a script serves on the loopback alone, by a command of its library's that listens on every interface.
func (p project) instead(m *facts.Module) (launch, bool) {
	at := p.listensAt(m)
	s := p.server(m)
	if s == nil || s.Instead == nil || !slices.ContainsFunc(m.Servers, func(x facts.Server) bool { return x.Pos == s.Pos }) || len(at.addresses) != 1 {
		return launch{}, false
	}
	a := &at.addresses[0]
	if !image.Loopback(a.Host) || a.HostMove != (image.Move{}) || a.Port == 0 {
		return launch{}, false
	}
	root := p.importRoot(m)
	if slices.Contains(s.Instead, "-c") && !moduleName.MatchString(moduleFrom(root, m.File)) {
		return launch{}, false // no import statement can name it
	}
	host := plan.Printable(a.Host, 40)
	a.Host = ""
	l := launch{cmd: fill(s.Instead, "module", moduleFrom(root, m.File), "file", m.File), module: m, root: root, ends: p.sigtermOf(m), pos: s.Pos}
	l.listen = at.moved(image.Move{Free: true}, false)
	l.choices = []plan.Choice{{Key: "address", Value: "0.0.0.0", Rule: "a command of " + s.Framework + " serves it in the place of the code, which listens on " + host, Pos: record.At(s.Pos)}}
	if s.With != "" && !p.brought(s.With) {
		p.add(&l, s.With, s.Pos, "the code listens on "+host+" alone, which nothing outside of the container reaches")
	}
	return l, true
}

// sigtermOf says by whose handler a module's program ends on SIGTERM.
func (p project) sigtermOf(m *facts.Module) image.InitRequest {
	if m == nil {
		return image.InitRequest{}
	}
	for _, s := range m.Signals {
		if s.Name == "SIGTERM" {
			return image.InitRequest{Handled: "the code handles SIGTERM", Pos: s.Pos}
		}
	}
	server := p.server(m)
	if server == nil {
		return image.InitRequest{}
	}
	row, _ := facts.FrameworkNamed(server.Framework)
	if server.Ends {
		return endsBy(row.Name, row.Source)
	}
	return image.InitRequest{Evidence: row.Name}
}

// endsBy says that a server or framework handles SIGTERM itself.
func endsBy(name, source string) image.InitRequest {
	return image.InitRequest{Handled: name + " handles SIGTERM itself", Link: source, Evidence: name}
}

// health are the framework's own route, and the routes of the module that is
// started which answer a plain GET.
func (p project) health(l launch) (image.HealthRoute, []effect.Route) {
	framework := func(path string) image.HealthRoute {
		return image.HealthRoute{Path: path, Rule: "a route that the framework answers"}
	}
	if l.health != "" {
		return framework(l.health), nil
	}
	m := l.module
	if l.object != nil {
		m = p.f.Module(l.object.File)
		if file, _, ok := strings.Cut(l.object.Alias, ":"); ok && m != nil && len(m.Answers) == 0 {
			m = p.f.Module(file) // the factory is there
		}
	}
	if m == nil {
		return image.HealthRoute{}, nil
	}
	for _, s := range m.Servers {
		if row, _ := facts.FrameworkNamed(s.Framework); row.Health != "" {
			return framework(row.Health), nil
		}
	}
	var out []effect.Route
	for _, o := range m.Objects {
		for _, r := range o.Routes {
			if l.object == nil || l.object.Name != o.Name {
				r.Path = o.Below + r.Path
			}
			if r.Plain {
				out = append(out, r.Route)
			}
		}
	}
	for _, r := range m.Answers {
		out = append(out, r.Route)
	}
	return image.HealthRoute{}, out
}
