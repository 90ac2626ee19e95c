package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// candidate is one thing that could be run. The zero value is none.
type candidate struct {
	object *facts.Object
	row    *facts.Framework // for scripts that a framework's own command runs
	module *facts.Module
	name   string // what --set main= takes
	depth  int
	rank   int
	pos    fact.Pos
}

// program is what the image runs, and why.
type program struct {
	candidate
	way      way
	command  command  // of a process, or the user's own
	other    *program // what would be started without the user's command; nil if nothing stands out
	name     string   // of the process: "web", "worker"
	rule     string
	evidence string // of the choice of the start, which the lock keeps
	pos      fact.Pos
	rejected []plan.Rejected
	notes    []plan.Note // what was seen on the way
}

// way is how a program is started.
type way int

const (
	byObject    way = iota // a server serves the application object
	byFramework            // a command of the framework runs the file
	byScript               // Python runs the file
	byConsole              // the project's console script
	byDjango               // a server serves Django's application
	byProcess              // the command line of a Procfile or of a platform's file
	byUser                 // the user's own command
)

// Order of file names; what is not in them comes last.
var (
	objectNames = []string{"app", "main", "wsgi", "asgi", "server", "application", "run", "api", "index", "web", "__init__", "manage"} //nolint:gochecknoglobals // a constant table
	scriptNames = []string{"main", "app", "run", "bot", "server", "start", "index", "job", "worker", "__main__"}                       //nolint:gochecknoglobals // a constant table
	workerNames = []string{"celery", "celery_app", "celeryapp", "worker", "app", "main", "tasks"}                                      //nolint:gochecknoglobals // a constant table
	entryObject = []string{"app", "application", "api", "server", "asgi", "wsgi"}                                                      //nolint:gochecknoglobals // a constant table
)

// depth is how far below the root a file is, src not counted.
func depth(file string) int {
	rel := strings.TrimPrefix(file, "src/")
	n := strings.Count(rel, "/")
	if path.Base(rel) == "__init__.py" || path.Base(rel) == "__main__.py" {
		// A package counts as the file of its name.
		n = max(n-1, 0)
	}
	return n
}

func stem(file string) string { return strings.TrimSuffix(path.Base(file), ".py") }

// beside reports whether a file is by its name of a process beside the web one, for which it makes the
// application too: celery_worker.py.
func beside(stem string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(stem, func(r rune) bool { return r == '_' || r == '-' }), func(w string) bool {
		return slices.Contains([]string{"celery", "worker", "tasks", "beat", "scheduler", "rq", "huey", "dramatiq"}, w)
	})
}

func indexOf(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// objects lists the application objects, the best first.
func (p project) objects() []candidate {
	var out []candidate
	rows, err := facts.Frameworks()
	if err != nil {
		return nil
	}
	for _, m := range p.f.Modules {
		if p.hidden(m.File) {
			continue
		}
		best := -1
		for i, o := range m.Objects {
			if row, _ := facts.FrameworkNamed(o.Framework); o.Interface == "" || o.Asks != "" && o.With == "" || row.Alone || p.runsOnImport(m, o) {
				continue
			}
			if best < 0 || p.named(m, o) || !p.named(m, m.Objects[best]) && better(o, m.Objects[best]) {
				best = i
			}
		}
		if best >= 0 {
			o := &m.Objects[best]
			c := candidate{object: o, module: m, name: o.Module + ":" + o.Name, depth: depth(m.File), rank: indexOf(objectNames, stem(m.File)), pos: o.Pos}
			if o.Factory { // what somebody else has already called comes first
				c.rank += len(objectNames) + 1
			}
			if beside(stem(m.File)) {
				c.rank += 2 * (len(objectNames) + 1)
			}
			if p.f.Served.Value == m.File {
				c.depth, c.rank = 0, -1
			}
			out = append(out, c)
		}
		for i := range rows {
			row := &rows[i]
			if row.Run == nil || row.Worker || row.Alone {
				continue
			}
			for j, o := range m.Objects {
				if o.Framework == row.Name {
					out = append(out, candidate{object: &m.Objects[j], row: row, module: m, name: o.Module + ":" + o.Name, depth: depth(m.File), rank: indexOf(objectNames, stem(m.File)), pos: o.Pos})
					break
				}
			}
			if len(row.Imports) > 0 && slices.ContainsFunc(m.Imports, func(f fact.Fact[string]) bool { return slices.Contains(row.Imports, f.Value) }) && (row.Methods == nil || m.CallsMethod(row.Methods)) && (!row.Acts || m.Acts || !m.Guard.IsZero() || !m.Defines) {
				r := indexOf(objectNames, stem(m.File))
				if strings.HasPrefix(stem(m.File), row.Name) {
					r = -1
				}
				if strings.Contains(m.File, "pages/") {
					continue
				}
				out = append(out, candidate{row: row, module: m, name: m.File, depth: depth(m.File), rank: r, pos: p.at(m.File)})
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

// better prefers an object to a factory, the one that holds another, a well-known name, and the one that
// has routes.
func better(a, b facts.Object) bool {
	switch {
	case a.Factory != b.Factory:
		return !a.Factory
	case a.Wrapped != b.Wrapped:
		return !a.Wrapped
	case indexOf(entryObject, a.Name) != indexOf(entryObject, b.Name):
		return indexOf(entryObject, a.Name) < indexOf(entryObject, b.Name)
	}
	return len(a.Routes) > len(b.Routes)
}

// named reports whether a setting of the framework names the object.
func (p project) named(m *facts.Module, o facts.Object) bool {
	return p.f.Served.Value == m.File && p.f.ServedObject == o.Name
}

// runsOnImport reports whether importing a module starts a server that returns only once it ends, so that no other one can serve the
// module's application. A framework may have a variable with which its own call does nothing.
func (p project) runsOnImport(m *facts.Module, o facts.Object) bool {
	s := p.importedServer(m)
	return s != nil && (s.Framework != "" || idleOf(o).Value.Raw() == "")
}

// importedServer is the call that starts a server when a module is imported, nil for none.
func (p project) importedServer(m *facts.Module) *facts.Server {
	for _, x := range p.f.Imported(m) {
		if i := slices.IndexFunc(x.Servers, func(s facts.Server) bool { return s.Imported }); i >= 0 {
			return &x.Servers[i]
		}
	}
	return nil
}

// idleOf is the variable of an application's framework with which app.run() does nothing.
func idleOf(o facts.Object) plan.Env {
	row, _ := facts.FrameworkNamed(o.Framework)
	name, value, _ := strings.Cut(row.Idle, "=")
	e, err := plan.NewEnv(name, value)
	if err != nil {
		return plan.Env{}
	}
	return e
}

// hidden reports whether a package of the same name is imported in place of a file.
func (p project) hidden(file string) bool {
	return stem(file) != "__init__" && p.in.Tree.Has(path.Join(p.in.Dir, strings.TrimSuffix(file, ".py"), "__init__.py"))
}

// scripts lists the files that can be run, the best first.
func (p project) scripts() []candidate {
	var out []candidate
	root := 0
	for _, m := range p.f.Modules {
		rel := strings.TrimPrefix(m.File, "src/")
		if !strings.Contains(rel, "/") {
			root++
		}
	}
	for _, m := range p.f.Modules {
		rel := strings.TrimPrefix(m.File, "src/")
		base := stem(m.File)
		top := !strings.Contains(rel, "/")
		if base == "__init__" && top {
			continue
		}
		switch {
		case !m.Acts && m.Guard.IsZero() && len(m.Servers) == 0 && (m.Defines || len(m.Objects) > 0 || !slices.Contains(scriptNames, base)), base == "manage":
			continue // it only defines
		case top && (root == 1 || slices.Contains(scriptNames, base) || !m.Guard.IsZero() || len(m.Servers) > 0):
		case base == "__main__" && strings.Count(rel, "/") == 1:
		default:
			continue
		}
		out = append(out, candidate{module: m, name: m.File, depth: depth(m.File), rank: indexOf(scriptNames, base), pos: p.at(m.File)})
	}
	sortCandidates(out)
	return out
}

// called reports whether a script's name has a word.
func called(c candidate, word string) bool {
	return slices.Contains(strings.FieldsFunc(stem(c.module.File), func(r rune) bool { return r == '_' || r == '-' }), word)
}

// hint tells how to choose.
const mainHint = "choose with --set main=FILE or --set main=module:object"

// chooseProgram chooses the program that the image is for.
func (p project) chooseProgram() (program, error) {
	objects, scripts := p.objects(), p.scripts()
	all := slices.Concat(objects, scripts)
	var named candidate
	if want := p.in.Settings.Main; want != "" {
		var err error
		if named, err = p.asCandidate(want, all); err != nil {
			return program{}, err
		}
	}
	if len(p.in.Settings.Start) > 0 {
		return p.asked(named, objects, scripts), nil
	}
	if named.name != "" {
		return program{candidate: named, way: p.wayOf(named), rule: "asked for", pos: named.pos}, nil
	}
	proc, notes := p.process(all)
	if proc.rule != "" {
		proc.rejected, proc.notes = rejected(others(all, proc.candidate), proc.rule+" says what runs"), notes
		return proc, nil
	}
	if own := p.imaged(all); own.rule != "" {
		own.rejected, own.notes = rejected(others(all, own.candidate), own.rule), notes
		return own, nil
	}
	if own := p.shelled(all); own.rule != "" {
		own.rejected, own.notes = rejected(others(all, own.candidate), own.rule), notes
		return own, nil
	}
	out, err := p.found(objects, scripts)
	out.notes = slices.Concat(notes, p.unusedIni(), out.notes)
	return out, err
}

// found chooses among what the source holds.
func (p project) found(objects, scripts []candidate) (program, error) {
	all := slices.Concat(objects, scripts)
	if l, ok := p.ownIni(); ok {
		return program{way: byProcess, candidate: candidate{name: "uwsgi", pos: l.pos}, command: command{ini: &l}, rule: "uwsgi is the server among the dependencies, and these are its settings", pos: l.pos, rejected: rejected(all, "uwsgi's settings say what it serves")}, nil
	}
	if at := path.Join(p.in.Dir, "rxconfig.py"); p.has("reflex") && p.in.Tree.Has(at) {
		return program{}, record.Refuse(fact.At(at, 1), "https://reflex.dev/docs/hosting/self-hosting/ says how to host it; --set 'start=[…]' starts a command of your own",
			"makes it an app of Reflex, which builds its pages with a JavaScript toolchain of its own and serves them beside a back end: dockgen does not build these")
	}
	if out, ok, err := p.pserves(); ok || err != nil {
		out.rejected = rejected(all, "its settings say what is served")
		return out, err
	}
	if p.f.Django != nil && (p.has("django") || p.f.Django.Settings.Found()) {
		return program{way: byDjango, rule: "manage.py makes it a Django project", rejected: rejected(all, "a Django project is served by its own application")}, nil
	}
	if s := p.console(); s != nil && (len(objects) == 0 || p.isMain(s, objects, scripts)) && (len(scripts) == 0 || scripts[0].depth > 0 || !slices.Contains([]string{"main", "app"}, stem(scripts[0].module.File))) {
		c := candidate{name: s.Name, module: p.consoleModule(), pos: s.Pos}
		out := program{candidate: c, way: byConsole, rule: "the project's only console script", pos: s.Pos, rejected: rejected(scripts, "the project declares what it runs")}
		if verb := p.in.Builds.Verb(s.Name); verb.Found() {
			out.command.flags, out.rule, out.pos = []string{verb.Value}, p.in.Rel(verb.Pos.File)+" starts the project's console script so", verb.Pos
		} else if verb := p.servingVerb(c.module); verb.Found() {
			out.command.flags, out.rule = []string{verb.Value}, "the project's only console script, with the command that listens"
		}
		return out, nil
	}
	if c, ok := p.equipping(objects, scripts); ok {
		return program{candidate: c, way: byScript, rule: "the script that gives the application its routes", pos: c.pos, rejected: rejected(objects, "nothing gives it routes when it is imported")}, nil
	}
	if len(objects) > 0 && (len(scripts) == 0 || objects[0].depth <= scripts[0].depth || scripts[0].rank >= len(scriptNames)) {
		win, rule := objects[0], "the only application object"
		if len(objects) > 1 {
			rule = "the application object nearest to the root, by its file's name"
		}
		var tie []candidate
		var notes []plan.Note
		for _, c := range objects[1:] {
			same := c.object != nil && win.object != nil && origin(c.object) == origin(win.object)
			if c.depth == win.depth && c.rank == win.rank && !same && c.module != win.module {
				tie = append(tie, c)
			}
		}
		if len(tie) > 0 {
			list := append([]candidate{win}, tie...)
			c, by, ok := p.settle(list)
			if !ok {
				// One of them is started by its own file.
				return program{}, several(list)
			}
			win, rule, notes = c, "of the application objects, "+by, took(c, list, by)
		}
		lost := append(rejected(others(objects, win), win.name+" comes before it"), rejected(others(scripts, win), "an application object comes before a script")...)
		return program{candidate: win, way: p.wayOf(win), rule: rule, pos: win.pos, rejected: lost, notes: notes}, nil
	}
	if c, ok := p.worker(); ok && (len(scripts) == 0 || scripts[0].depth > 0 || scripts[0].rank >= len(scriptNames) || scripts[0].module == c.module) {
		return program{candidate: c, way: byFramework, rule: "there is no web application, and this one has tasks for a worker", pos: c.pos, rejected: rejected(scripts, c.row.Name+"'s worker runs the tasks")}, nil
	}
	if len(scripts) == 0 {
		if out, ok := p.last(); ok {
			return out, nil
		}
		if o := p.asking(); o != nil {
			return program{}, record.Refuse(o.Pos, "call it in a file of its own, as in wsgi.py: app = "+plan.Printable(o.Name, 40)+"(…)", "the factory %s needs the argument %s, and nothing calls it", plan.Printable(o.Name, 40), plan.Printable(o.Asks, 40))
		}
		var list []string
		for _, m := range p.f.Modules {
			list = append(list, m.File)
		}
		none := record.Refuse(p.whereAt(), mainHint, "found no app to start: no WSGI or ASGI object, and no script that is clearly the main one%s", among(list))
		if slices.ContainsFunc(list, p.isOwn) {
			return program{}, record.Unclear(none)
		}
		return program{}, record.NoApp(none)
	}
	win := scripts[0]
	rule := "the only script"
	if len(scripts) > 1 {
		rule = "the script to start, by its name"
	}
	if tie := tied(scripts); len(tie) > 1 {
		c, by, ok := p.settle(tie)
		if !ok {
			return program{}, several(scripts)
		}
		win, rule = c, "of the scripts, "+by
		return program{candidate: win, way: byScript, rule: rule, pos: win.pos, rejected: rejected(others(scripts, win), win.name+" comes before it"), notes: took(win, tie, by)}, nil
	}
	return program{candidate: win, way: byScript, rule: rule, pos: win.pos, rejected: rejected(scripts[1:], win.name+" comes before it")}, nil
}

// last is what is started where there is no application object of a framework that serves, and no script: the console script that has the project's
// name or is the only one that listens, or an object that is started if nothing else is.
func (p project) last() (program, bool) {
	if p.packaged() && len(p.m.Scripts) > 1 && image.OwnImage(p.in) == nil { // which says what starts, if it has one
		var list []candidate
		for _, s := range p.m.Scripts {
			if m := p.moduleOf(s.Name); m != nil {
				list = append(list, candidate{module: m, name: s.Name, pos: s.Pos})
			}
		}
		c, ok, rule := candidate{}, false, "the only console script that listens"
		if len(list) <= maxScripts { // a framework has many for who works with it
			c, ok = p.serves(list)
		}
		if i := slices.IndexFunc(list, func(c candidate) bool { return strings.ReplaceAll(c.name, "_", "-") == p.f.Name }); !ok && i >= 0 {
			c, ok, rule = list[i], true, "the console script with the project's name"
		}
		if ok {
			return program{candidate: c, way: byConsole, rule: rule, pos: c.pos, rejected: rejected(others(list, c), c.name+" comes before it")}, true
		}
	}
	var list []candidate
	for _, m := range p.f.Modules {
		for i, o := range m.Objects {
			row, _ := facts.FrameworkNamed(o.Framework)
			if !row.Alone || o.Factory || p.hidden(m.File) || row.Dependency != "" && !p.has(row.Dependency) || p.importedServer(m) != nil {
				continue
			}
			c := candidate{object: &m.Objects[i], module: m, name: o.Module + ":" + o.Name, depth: depth(m.File), rank: indexOf(objectNames, stem(m.File)), pos: o.Pos}
			if row.Run != nil {
				c.row = &row
			}
			list = append(list, c)
		}
	}
	if sortCandidates(list); len(list) == 0 {
		return p.guarded()
	}
	return program{candidate: list[0], way: p.wayOf(list[0]), rule: "the only thing that can be started", pos: list[0].pos, rejected: rejected(list[1:], list[0].name+" comes before it")}, true
}

// servingVerb is the command of a module's command line that listens, if only one does.
func (p project) servingVerb(m *facts.Module) fact.Fact[string] {
	var out fact.Fact[string]
	if m == nil {
		return out
	}
	for _, m := range p.started(m) {
		for _, s := range m.Servers {
			switch {
			case s.Verb == "" || s.Verb == out.Value:
			case out.Found() || !plainVerb.MatchString(s.Verb):
				return fact.Fact[string]{}
			default:
				out = fact.Fact[string]{Value: s.Verb, Pos: s.Pos}
			}
		}
	}
	return out
}

// plainVerb matches a command that is a word.
var plainVerb = lazy.MustCompile(`^[A-Za-z][\w-]*$`)

// guarded is the one file in a folder of the app's that listens where somebody starts it; where none does, the one of a usual name that does something then.
func (p project) guarded() (program, bool) {
	var servers, named []candidate
	for _, m := range p.f.Modules {
		base := stem(m.File)
		if m.Guard.IsZero() || base == "manage" || p.hidden(m.File) || depth(m.File) > 1 {
			continue
		}
		c := candidate{module: m, name: m.File, depth: depth(m.File), rank: indexOf(scriptNames, base), pos: m.Guard}
		if len(m.Servers) > 0 {
			servers = append(servers, c)
		}
		if c.rank < len(scriptNames) {
			named = append(named, c)
		}
	}
	for _, list := range [][]candidate{servers, named} {
		if sortCandidates(list); len(list) > 0 && len(tied(list)) == 1 {
			return program{candidate: list[0], way: byScript, rule: "the one file of a folder that is started", pos: list[0].pos, rejected: rejected(list[1:], list[0].name+" comes before it")}, true
		}
	}
	return program{}, false
}

// maxScripts is how many console scripts an app has beside the one that is it.
const maxScripts = 3

// isMain reports whether the script to start is the package of a console script, and the application objects lie deeper.
func (p project) isMain(s *facts.Script, objects, scripts []candidate) bool {
	if len(scripts) == 0 || objects[0].depth <= scripts[0].depth || stem(scripts[0].module.File) != "__main__" {
		return false
	}
	target, _, _ := strings.Cut(s.Target, ":")
	top, _, _ := strings.Cut(target, ".")
	return path.Dir(strings.TrimPrefix(scripts[0].module.File, "src/")) == top
}

// tied are the candidates of a sorted list that nothing sets apart from the first.
func tied(list []candidate) []candidate {
	n := 1
	for n < len(list) && list[n].rank == list[0].rank && list[n].depth == list[0].depth {
		n++
	}
	return list[:min(n, len(list))]
}

// ofProject is the one candidate whose file or package has the project's name.
func (p project) ofProject(list []candidate) (candidate, bool) {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(s))
	}
	var found []candidate
	for _, c := range list {
		names := []string{plain(stem(c.module.File)), plain(path.Base(path.Dir(c.module.File)))}
		if slices.ContainsFunc([]string{p.f.Name, p.in.Name}, func(n string) bool { return n != "" && slices.Contains(names, plain(n)) }) {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return candidate{}, false
	}
	return found[0], true
}

// wrapped is the one script of which every other one takes the main function.
func (p project) wrapped(list []candidate) (candidate, bool) {
	for _, c := range list {
		name := facts.ModuleName(strings.TrimPrefix(c.module.File, "src/"))
		all := !slices.ContainsFunc(list, func(o candidate) bool {
			return o.module != c.module && !slices.ContainsFunc(o.module.Libraries(), func(i fact.Fact[string]) bool {
				return slices.Contains([]string{name + ".main", name + ".run", name + ".start", name + ".serve", name + ".cli"}, strings.TrimPrefix(i.Value, "src."))
			})
		})
		if all {
			return c, true
		}
	}
	return candidate{}, false
}

// worker is the application of a framework whose command runs its tasks: the
// nearest to the root, if no factory of a web application waits for an argument.
func (p project) worker() (candidate, bool) {
	rows, err := facts.Frameworks()
	if err != nil || p.asking() != nil {
		return candidate{}, false
	}
	var list []candidate
	for i := range rows {
		row := &rows[i]
		if !row.Worker || !p.has(row.Dependency) {
			continue
		}
		for _, m := range p.f.Modules {
			if j := slices.IndexFunc(m.Objects, func(o facts.Object) bool { return o.Framework == row.Name && o.Alias == "" && !o.Factory }); j >= 0 && !p.hidden(m.File) {
				o := &m.Objects[j]
				list = append(list, candidate{object: o, row: row, module: m, name: o.Module + ":" + o.Name, depth: depth(m.File), rank: indexOf(workerNames, stem(m.File)), pos: o.Pos})
			}
		}
	}
	if len(list) == 0 {
		return candidate{}, false
	}
	sortCandidates(list)
	return list[0], true
}

// noteWorker says how tasks run beside the app, where the code has some and no file of the repository says so.
func (p project) noteWorker(app program, l launch) {
	c, ok := p.worker()
	// Without a configuration in its own file, a factory of the web application gives it one.
	if configured := ok && (c.row.Name != "celery" || c.module.Passes("broker") || c.module.CallsMethod([]string{"config_from_object"})); !configured || app.row != nil && app.row.Worker || slices.ContainsFunc(p.in.Builds.Starts(), func(f *buildfile.File) bool { return strings.Contains(f.Text, c.row.Name) }) ||
		slices.ContainsFunc(p.f.Processes, func(x facts.Process) bool { return strings.Contains(x.Text, c.row.Name) }) {
		return
	}
	root := p.importRoot(c.module)
	if root == "." && l.root != "" && tree.Within(c.module.File, l.root) {
		root = l.root // its own imports need not tell: it is imported as the app's modules are
	}
	words := fill(c.row.Run, "module", moduleFrom(root, c.module.File), "name", c.object.Name)
	line, err := plan.NewShell(words...)
	if err != nil {
		return
	}
	p.in.Log.Note(c.pos, "the tasks of "+c.row.Name+" run in a container of their own, beside the app", "docker run --rm "+image.Name(p.f.Name, p.in.Name)+" "+line.String())
}

// asking is a factory that nothing calls, because it needs an argument; nil for none.
func (p project) asking() *facts.Object {
	for _, m := range p.f.Modules {
		for i, o := range m.Objects {
			if o.Asks != "" && o.With == "" && o.Interface != "" {
				return &m.Objects[i]
			}
		}
	}
	return nil
}

// equipsApp reports whether what a module does equips an application, as far as it is known.
func (p project) equipsApp(m *facts.Module, e facts.Equip) bool {
	app := func(o facts.Object) bool { return o.Name == e.Object && o.Interface != "" }
	if e.Part || e.Handed && !slices.ContainsFunc(m.Objects, app) {
		return false
	}
	if e.Class == "" {
		return true
	}
	class := p.f.Module(e.Class) // whose file may give no application routes
	return class == nil || slices.ContainsFunc(class.Equips, func(o facts.Equip) bool { return o.Inside })
}

// equipping is the script that starts a function which gives the best
// application its routes, if importing the application does not.
func (p project) equipping(objects, scripts []candidate) (candidate, bool) {
	if len(objects) == 0 || objects[0].object == nil || objects[0].row != nil || objects[0].object.Factory {
		return candidate{}, false
	}
	app := objects[0]
	equips := func(list []*facts.Module, inside bool) bool {
		return slices.ContainsFunc(list, func(m *facts.Module) bool {
			return slices.ContainsFunc(m.Equips, func(e facts.Equip) bool { return e.Inside == inside && p.equipsApp(m, e) })
		})
	}
	reach := p.f.Reach(app.module)
	if app.object.Alias != "" || len(app.object.Routes) > 0 || equips(reach, false) {
		return candidate{}, false
	}
	for _, s := range scripts {
		if s.module == app.module || s.depth > app.depth {
			continue
		}
		if reach := p.f.Reach(s.module); slices.Contains(reach, app.module) && equips(reach, true) {
			return s, true
		}
	}
	return candidate{}, false
}

// asked is the user's own command, with what it starts if dockgen understands
// it, and what would be started without it.
func (p project) asked(named candidate, objects, scripts []candidate) program {
	at := p.in.Settings.Pos("start")
	out := program{way: byUser, rule: "asked for", pos: at}
	var words []shell.Word
	for _, w := range p.in.Settings.Start {
		words = append(words, shell.Literal(w))
	}
	if c, understood, ok := p.understand(shell.Command{Words: words}, at, slices.Concat(objects, scripts)); ok {
		out.candidate, out.command = c, understood
	}
	if named.name != "" {
		out.other = &program{candidate: named, way: p.wayOf(named)}
	} else if other, err := p.found(objects, scripts); err == nil {
		out.other = &other
	}
	return out
}

// wayOf is how a candidate of the source is started.
func (p project) wayOf(c candidate) way {
	switch {
	case c.row != nil:
		return byFramework
	case c.object != nil:
		return byObject
	}
	return byScript
}

// rejected says of each candidate why it was not taken.
func rejected(list []candidate, why string) []plan.Rejected {
	var out []plan.Rejected
	for _, c := range list {
		out = append(out, plan.Rejected{Value: c.name, Pos: record.At(c.pos), Why: why})
	}
	return out
}

// isOwn reports whether a file is code of the project itself, and not of a folder below that has a manifest of its own, of tests or of tools.
func (p project) isOwn(file string) bool {
	if aside.File("python", file) != nil || strings.Contains("/"+path.Dir(file)+"/", "/scripts/") {
		return false
	}
	for dir := range tree.Above(path.Dir(file)) {
		if slices.ContainsFunc(aside.ManifestsOf("python"), func(name string) bool { return p.in.Tree.Has(path.Join(p.in.Dir, dir, name)) }) {
			return false
		}
	}
	return true
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

func several(list []candidate) error {
	var names []string
	for _, c := range list {
		names = append(names, c.name)
	}
	return record.Refuse(list[0].pos, mainHint, "several programs can be run, and nothing says which is the app: %s", plan.Printable(strings.Join(names, ", "), 300))
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

// asCandidate finds what the user means by --set main=.
func (p project) asCandidate(want string, all []candidate) (candidate, error) {
	clean := strings.TrimPrefix(want, "./")
	for _, c := range all {
		if c.name == clean || c.module != nil && c.module.File == clean || c.object != nil && c.object.Module == clean {
			return c, nil
		}
	}
	for _, m := range p.f.Modules {
		for i, o := range m.Objects {
			if o.Module+":"+o.Name == clean {
				return candidate{object: &m.Objects[i], module: m, name: clean, pos: o.Pos}, nil
			}
		}
		if m.File == clean {
			return candidate{module: m, name: clean, pos: p.at(m.File)}, nil
		}
	}
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	return candidate{}, record.Refuse(p.in.Settings.Pos("main"), "these can be run: "+plan.Printable(strings.Join(names, ", "), 200), "there is no %s", plan.Printable(want, 60))
}

// console is the console script, if the project is a package that has just one.
func (p project) console() *facts.Script {
	if len(p.m.Scripts) != 1 || !p.packaged() {
		return nil
	}
	return &p.m.Scripts[0]
}

// consoleModule is the module that the console script starts, or nil.
func (p project) consoleModule() *facts.Module { return p.moduleOf(p.console().Name) }

// moduleOf is the module that a console script of the project starts, or nil.
func (p project) moduleOf(script string) *facts.Module {
	i := slices.IndexFunc(p.m.Scripts, func(s facts.Script) bool { return s.Name == script })
	if i < 0 {
		return nil
	}
	file := strings.ReplaceAll(strings.SplitN(p.m.Scripts[i].Target, ":", 2)[0], ".", "/")
	for _, f := range []string{file + ".py", file + "/__init__.py", "src/" + file + ".py", "src/" + file + "/__init__.py"} {
		if m := p.f.Module(f); m != nil {
			return m
		}
	}
	return nil
}
