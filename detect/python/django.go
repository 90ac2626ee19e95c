package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Django is a Django project: https://docs.djangoproject.com/en/stable/ref/django-admin/.
type Django struct {
	Dir       string // of manage.py below the app, "." for its root
	Manage    fact.Pos
	Settings  fact.Fact[string] // DJANGO_SETTINGS_MODULE
	WSGI      fact.Fact[string] // "proj.wsgi.application"
	ASGI      fact.Fact[string]
	Static    fact.Pos            // STATIC_ROOT
	StaticDir fact.Fact[string]   // the folder of STATIC_ROOT where its text says it
	Remote    fact.Pos            // files are stored by another service
	Serves    bool                // WhiteNoise serves static files
	Engines   []fact.Fact[string] // database engines
	Debug     fact.Pos            // DEBUG = True
	// Hosts is ALLOWED_HOSTS if all its hosts are known, or have a default: the variable that sets it, "" for none.
	Hosts fact.Fact[string]
	// OtherHosts are those that it has besides, by literals.
	OtherHosts []string
	Geo        fact.Pos            // django.contrib.gis
	Required   []effect.Env        // variables without which the settings do not import
	Raises     fact.Pos            // the settings may raise
	Files      []effect.File       // files that the settings name, relative to the app's folder
	Served     []fact.Fact[string] // folders of static files and templates that the settings name, relative to the app's folder
	Known      bool                // the settings were found and read
	// Production is what the WSGI or ASGI module sets DJANGO_SETTINGS_MODULE to, where
	// that is not what manage.py does. All the rest is of those settings then, and
	// Manages of manage.py's.
	Production fact.Fact[string]
	Manages    *Django
	// Missing is where the WSGI or ASGI module names settings that are not there, and
	// Fixed says that it does so whatever the environment says.
	Missing fact.Pos
	Fixed   bool
	// Modules are the settings of the project, by the names that DJANGO_SETTINGS_MODULE takes:
	// those that set INSTALLED_APPS, and those that take them in with *.
	Modules []fact.Fact[string]
	// Others are the project with each of these, which is its Production then; only the project itself has them.
	Others []*Django
	Chain  []string // the files of the settings and of what they take in with *
	// Paths are folders that manage.py alone adds to those that imports start from.
	Paths []fact.Fact[string]
}

// Spare reports whether a module holds settings of the project other than those in use.
func (d *Django) Spare(m *Module) bool {
	file := m.at(1).File
	return d.Known && !slices.Contains(d.Chain, m.File) && slices.ContainsFunc(d.Modules, func(s fact.Fact[string]) bool { return s.Pos.File == file })
}

// django reads manage.py and the settings that it names. Its paths are
// relative to the app's folder.
func (f *Facts) django(w *world, dirs []string, read func(file string) *Module, has func(string) bool) {
	manage, in := "manage.py", "."
	if !has(manage) {
		// One folder below, and only one: the requirements of many projects stand above it.
		n := 0
		for _, dir := range dirs {
			if has(dir + "/manage.py") {
				manage, in = dir+"/manage.py", dir
				n++
			}
		}
		if n != 1 {
			return
		}
	}
	m := read(manage)
	if m == nil {
		return
	}
	d := &Django{Dir: in, Manage: fact.At(f.join(manage), 1)}
	d.Settings = m.settingsModule(w)
	if !d.Settings.Found() {
		if !m.django() {
			return // another program called manage.py
		}
	}
	f.Django = d
	d.Modules = f.settingsModules(in)
	paths := m.searched(w)
	find := func(name string) []*Module {
		out := settingsChain(in, name, read, has)
		for i := 0; len(out) == 0 && i < len(paths); i++ {
			out = settingsChain(paths[i].Value, name, read, has)
		}
		return out
	}
	d.take(w, f, find(d.Settings.Value), has)
	manages := *d
	with := func(settings fact.Fact[string]) *Django {
		p := &Django{Dir: in, Manage: d.Manage, Settings: d.Settings, Modules: d.Modules, Paths: d.Paths, Production: settings}
		p.take(w, f, find(settings.Value), has)
		if !p.WSGI.Found() && !p.ASGI.Found() {
			p.WSGI, p.ASGI = manages.WSGI, manages.ASGI
		}
		if manages.Settings.Found() {
			p.Manages = &manages
		}
		return p
	}
	defer func() {
		for _, m := range d.Modules {
			f.Django.Others = append(f.Django.Others, with(m))
		}
	}()
	served := d.served(read, has, paths)
	if served == nil {
		return
	}
	extends := len(served.searched(w)) > 0
	for _, s := range find(d.Settings.Value) {
		extends = extends || len(s.searched(w)) > 0
	}
	if !extends {
		d.Paths = paths
	}
	production, fixed := served.configured(w)
	switch chain := find(production.Value); {
	case !production.Found() || production.Value == d.Settings.Value:
	case len(chain) == 0:
		d.Missing, d.Fixed = production.Pos, fixed
	default:
		manages.Paths = d.Paths
		f.Django = with(production)
	}
}

// With is the project with other settings, which something names; nil if it has none of that name.
func (d *Django) With(settings fact.Fact[string]) *Django {
	i := slices.IndexFunc(d.Others, func(o *Django) bool { return o.Production.Value == settings.Value })
	if i < 0 {
		return nil
	}
	out := *d.Others[i]
	out.Production.Pos = settings.Pos
	return &out
}

// settingsModules finds the modules of settings below the folder of manage.py.
func (f *Facts) settingsModules(in string) []fact.Fact[string] {
	var out []fact.Fact[string]
	known := map[string]bool{}
	for range 3 { // production.py takes base.py in, and docker.py takes production.py
		before := len(out)
		for _, m := range f.Modules {
			rel := m.File
			if in != "." {
				var below bool
				if rel, below = strings.CutPrefix(m.File, in+"/"); !below {
					continue
				}
			}
			name := ModuleName(rel)
			if len(out) >= maxSettings || known[name] || slices.ContainsFunc(strings.Split(name, "."), func(p string) bool { return !identifier.MatchString(p) }) || strings.Count(strings.TrimSuffix(path.Base(rel), ".py"), ".") > 0 {
				continue
			}
			b, ok := m.setting("INSTALLED_APPS")
			if !ok && !slices.ContainsFunc(m.file.Module.Stars, func(s string) bool {
				full := m.absolute(s)
				return known[full] || in != "." && known[strings.TrimPrefix(full, strings.ReplaceAll(in, "/", ".")+".")]
			}) {
				continue
			}
			at := m.at(1)
			if ok {
				at = m.at(b.Value[0].Line)
			}
			known[name] = true
			out = append(out, fact.Fact[string]{Value: name, Pos: at})
		}
		if len(out) == before {
			break
		}
	}
	return out
}

// maxSettings bounds the modules of settings that are read.
const maxSettings = 16

var identifier = lazy.MustCompile(`^[A-Za-z_]\w*$`)

// take reads a chain of settings.
func (d *Django) take(w *world, f *Facts, chain []*Module, has func(string) bool) {
	d.Known = len(chain) > 0
	// Settings that take others in with * write over theirs.
	replaced := false
	for _, s := range chain {
		d.read(w, s, replaced)
		d.Chain = append(d.Chain, s.File)
		replaced = replaced || slices.ContainsFunc(s.file.Module.Names["DATABASES"], func(b *syntax.Binding) bool { return b.Stmt.Block().Header == nil })
	}
	if s, b := settingIn(chain, "DEBUG"); s != nil && len(b.Value) == 1 && b.Value[0].Is("True") {
		d.Debug = s.at(b.Value[0].Line)
	}
	if s, b := settingIn(chain, "ALLOWED_HOSTS"); s != nil {
		if name, others, only := onlyHosts(b.Value); only && !slices.ContainsFunc(d.Required, func(v effect.Env) bool { return v.Name == name }) {
			d.Hosts = fact.Fact[string]{Value: name, Pos: s.at(b.Value[0].Line)}
			d.OtherHosts = others
		}
	}
	// The wsgi module's own default is what production uses.
	for _, kind := range []struct {
		module, dotted string
		into           *fact.Fact[string]
	}{{"wsgi", "wsgi.application", &d.WSGI}, {"asgi", "asgi.application", &d.ASGI}} {
		pkg, _, _ := strings.Cut(cmp.Or(d.Settings.Value, d.Production.Value), ".")
		file := path.Join(d.Dir, pkg, kind.module+".py")
		if !kind.into.Found() && pkg != "" && has(file) {
			*kind.into = fact.New(pkg+"."+kind.dotted, f.join(file), 1)
		}
	}
}

// served is the module of the application that a server imports, nil for none.
func (d *Django) served(read func(string) *Module, has func(string) bool, paths []fact.Fact[string]) *Module {
	app := d.WSGI
	if !app.Found() {
		app = d.ASGI
	}
	module := app.Value[:max(strings.LastIndexByte(app.Value, '.'), 0)]
	for _, dir := range append([]fact.Fact[string]{{Value: d.Dir}}, paths...) {
		if file := path.Join(dir.Value, strings.ReplaceAll(module, ".", "/")+".py"); module != "" && has(file) {
			return read(file)
		}
	}
	return nil
}

// searched are the folders of the repository that a module adds to sys.path.
func (m *Module) searched(w *world) []fact.Fact[string] {
	var out []fact.Fact[string]
	m.each(func(s *syntax.Stmt) {
		for _, c := range syntax.Calls(s.Tokens) {
			pos, _ := c.Args()
			i := map[string]int{"sys.path.append": 0, "sys.path.insert": 1}[c.Name]
			if c.Name != "sys.path.append" && c.Name != "sys.path.insert" || i >= len(pos) || len(out) >= maxParts {
				continue
			}
			v := w.eval(expr{m, s, pos[i]})
			if v.known() && (v.base == effect.Code || v.base == effect.WorkDir) && !path.IsAbs(v.Text) && v.Text != "." && v.Text != "" && !strings.HasPrefix(v.Text, "..") && !strings.ContainsAny(v.Text, ":\n\r\x00") {
				out = append(out, fact.New(path.Clean(v.Text), m.at(c.Line).File, c.Line))
			}
		}
	})
	return out
}

// configured is what a module sets DJANGO_SETTINGS_MODULE to, and whether it does
// so although the environment has it.
func (m *Module) configured(w *world) (fact.Fact[string], bool) {
	if out := m.settingsModule(w); out.Found() {
		return out, false
	}
	var out fact.Fact[string]
	m.each(func(s *syntax.Stmt) {
		targets, v := syntax.Assignment(s.Tokens)
		for _, t := range targets {
			n, i := syntax.Dotted(t, 0)
			if !strings.HasSuffix(n, "environ") || i >= len(t) || !t[i].Is("[") {
				continue
			}
			key, _ := syntax.Inside(t, i)
			if k, _ := syntax.Literal(key); k == "DJANGO_SETTINGS_MODULE" {
				if text, ok := w.eval(expr{m, s, v}).fixed(); ok {
					out = fact.Fact[string]{Value: text, Pos: m.at(s.Line())}
				}
			}
		}
	})
	return out, out.Found()
}

// django reports whether a manage.py is Django's.
func (m *Module) django() bool {
	return m.imports("django") || len(m.calls()["os.environ.setdefault"]) > 0
}

// imports reports whether the module imports a library or something of it.
func (m *Module) imports(library string) bool {
	return slices.ContainsFunc(m.Libraries(), func(i fact.Fact[string]) bool { return i.Value == library || strings.HasPrefix(i.Value, library+".") })
}

// settingsModule is the argument of
// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings").
func (m *Module) settingsModule(w *world) fact.Fact[string] {
	var out fact.Fact[string]
	m.each(func(s *syntax.Stmt) {
		for _, c := range syntax.Calls(s.Tokens) {
			if out.Found() || !strings.HasSuffix(c.Name, "environ.setdefault") {
				continue
			}
			pos, _ := c.Args()
			if len(pos) != 2 {
				continue
			}
			k, _ := w.eval(expr{m, s, pos[0]}).fixed()
			if v, ok := w.eval(expr{m, s, pos[1]}).fixed(); ok && k == "DJANGO_SETTINGS_MODULE" {
				out = fact.Fact[string]{Value: v, Pos: m.at(c.Line)}
			}
		}
	})
	return out
}

// settingsChain reads the settings module and what it takes in with *.
func settingsChain(in, module string, read func(string) *Module, has func(string) bool) []*Module {
	var out []*Module
	seen := map[string]bool{}
	for next := []string{module}; len(next) > 0 && len(out) < 8; {
		n := next[0]
		next = next[1:]
		base := path.Join(in, strings.ReplaceAll(n, ".", "/"))
		if in != "." && strings.HasPrefix(n, strings.ReplaceAll(in, "/", ".")+".") && !has(base+".py") {
			base = strings.ReplaceAll(n, ".", "/") // a relative import, which was resolved from the app's folder
		}
		for _, file := range []string{base + ".py", base + "/__init__.py"} {
			if n == "" || seen[file] || !has(file) {
				continue
			}
			seen[file] = true
			if m := read(file); m != nil {
				out = append(out, m)
				for _, s := range m.file.Module.Stars {
					next = append(next, m.absolute(s))
				}
			}
		}
	}
	return out
}

// setting is the last write to a name of the settings.
func (m *Module) setting(key string) (*syntax.Binding, bool) {
	for _, b := range m.file.Module.Final(key).List {
		if b.Kind == syntax.Assigned && len(b.Value) > 0 {
			return b, true
		}
	}
	return nil, false
}

// settingIn is the write to a name that counts in a chain, with its module; nil for none.
func settingIn(chain []*Module, key string) (*Module, *syntax.Binding) {
	for _, m := range chain {
		if b, ok := m.setting(key); ok {
			return m, b
		}
	}
	return nil, nil
}

// read reads one module of a chain. replaced says that one before it has DATABASES of its own.
func (d *Django) read(w *world, m *Module, replaced bool) {
	application := func(key string, into *fact.Fact[string]) {
		if b, ok := m.setting(key); ok && !into.Found() {
			if v, ok := w.eval(expr{m, b.Stmt, b.Value}).fixed(); ok {
				*into = fact.Fact[string]{Value: v, Pos: m.at(b.Value[0].Line)}
			}
		}
	}
	application("WSGI_APPLICATION", &d.WSGI)
	application("ASGI_APPLICATION", &d.ASGI)
	if b, ok := m.setting("STATIC_ROOT"); ok && d.Static.IsZero() && !b.Value[0].Is("None") {
		d.Static = m.at(b.Value[0].Line)
		d.StaticDir = fact.Fact[string]{Pos: d.Static}
		if v := w.eval(expr{m, b.Stmt, b.Value}); v.known() && (v.base == effect.WorkDir || v.base == effect.Code) {
			d.StaticDir.Value = path.Clean(v.Text)
		}
	}
	d.folders(w, m)
	d.Required = append(d.Required, m.Required()...)
	// Django does not start without one: https://docs.djangoproject.com/en/stable/ref/settings/#secret-key.
	if b, ok := m.setting("SECRET_KEY"); ok {
		v := w.eval(expr{m, b.Stmt, b.Value})
		if v.missing() && v.Env != "" && !slices.ContainsFunc(d.Required, func(x effect.Env) bool { return x.Name == v.Env }) {
			d.Required = append(d.Required, effect.Env{Pos: m.at(b.Value[0].Line), Name: v.Env, Required: true})
		}
	}
	if d.Raises.IsZero() {
		d.Raises = m.Raises
	}
	written, databases := files(m), m.databases()
	if replaced {
		written, databases = slices.DeleteFunc(written, func(f effect.File) bool { return f.Call == "NAME" }), nil
	}
	d.Files = append(d.Files, written...)
	for _, list := range m.file.Module.Names {
		for _, b := range list {
			d.words(m, b.Value, slices.Contains(databases, b), w.idle(m, b.Stmt))
		}
	}
	slices.SortFunc(d.Engines, func(a, b fact.Fact[string]) int { return a.Pos.Line - b.Pos.Line })
}

// maxServed is how many folders of static files and templates are read.
const maxServed = 50

// folders reads the folders of static files and templates: STATICFILES_DIRS, DIRS of TEMPLATES, WhiteNoise's root, and where
// django-vite finds what Vite wrote.
// https://docs.djangoproject.com/en/stable/ref/settings/#staticfiles-dirs, https://whitenoise.readthedocs.io/en/stable/django.html#WHITENOISE_ROOT,
// https://github.com/MrBin99/django-vite#configuration-variables
func (d *Django) folders(w *world, m *Module) {
	add := func(x expr) {
		v := w.eval(x)
		if list := v.items(); len(list) == 2 { // ("prefix", folder)
			v = w.eval(list[1])
		}
		if v.known() && (v.base == effect.WorkDir || v.base == effect.Code) && v.Text != "" && !path.IsAbs(v.Text) && len(d.Served) < maxServed && len(x.toks) > 0 {
			d.Served = append(d.Served, fact.Fact[string]{Value: path.Clean(v.Text), Pos: m.at(x.toks[0].Line)})
		}
	}
	for _, key := range []string{"STATICFILES_DIRS", "WHITENOISE_ROOT", "DJANGO_VITE_ASSETS_PATH", "DJANGO_VITE_MANIFEST_PATH"} {
		for _, b := range m.file.Module.Names[key] {
			if b.Kind != syntax.Assigned || len(b.Value) == 0 {
				continue
			}
			x := expr{m, b.Stmt, b.Value}
			list := w.eval(x).items()
			if key != "STATICFILES_DIRS" {
				list = []expr{x}
			}
			for _, item := range list {
				add(item)
			}
		}
	}
	for _, b := range m.file.Module.Names["DJANGO_VITE"] {
		for i, t := range b.Value {
			if t.Kind == syntax.String && t.Text == "manifest_path" && i+2 < len(b.Value) && b.Value[i+1].Is(":") {
				value := b.Value[i+2:]
				if end := syntax.Top(value, "}"); end >= 0 {
					value = value[:end]
				}
				if items := syntax.SplitN(value, ",", 2); len(items) > 0 && len(items[0]) > 0 {
					add(expr{m, b.Stmt, items[0]})
				}
			}
		}
	}
	for _, b := range m.file.Module.Names["TEMPLATES"] {
		for i, t := range b.Value {
			if t.Kind != syntax.String || t.Text != "DIRS" || i+2 >= len(b.Value) || !b.Value[i+1].Is(":") || !b.Value[i+2].Is("[") {
				continue
			}
			inside, _ := syntax.Inside(b.Value, i+2)
			for _, item := range syntax.SplitN(inside, ",", maxServed) {
				if len(item) > 0 {
					add(expr{m, b.Stmt, item})
				}
			}
		}
	}
}

// onlyHosts are the hosts that a list has beside this machine, and the variable that sets it, "" for none; only is false where it has others, or
// more than is read here.
func onlyHosts(toks []syntax.Token) (variable string, others []string, only bool) {
	for i, t := range toks {
		switch {
		case t.Kind != syntax.String:
			if t.Kind == syntax.Name && !slices.Contains([]string{"os", "environ", "getenv", "get", "env", "list", "config", "Csv", "cast", "default", "split", "strip", "if", "else", "in"}, t.Text) {
				return "", nil, false // more than is read here
			}
		case t.Dynamic:
			return "", nil, false
		case variable == "" && i > 0 && (toks[i-1].Is("(") || toks[i-1].Is("[") && i > 1 && toks[i-2].Is("environ")) && envName.MatchString(t.Text):
			variable = t.Text
		case t.Text == variable && variable != "": // [os.environ["HOST"]] if "HOST" in os.environ else []
		default:
			for name := range strings.SplitSeq(t.Text, ",") {
				switch name = strings.TrimSpace(name); {
				case slices.Contains(thisMachine, name):
				case hostName.MatchString(name):
					if others = append(others, name); len(others) > maxItems {
						return "", nil, false
					}
				default:
					return "", nil, false
				}
			}
		}
	}
	return variable, others, true
}

// thisMachine are names of hosts that only a client in the container uses; "" is none.
var thisMachine = []string{"", "localhost", "127.0.0.1", "[::1]", "::1", ".localhost", "0.0.0.0"} //nolint:gochecknoglobals // a constant table

// hostName is the name of a host, or of all below a domain.
var hostName = lazy.MustCompile(`^(\*?\.)?[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$`)

var envName = lazy.MustCompile(`^[A-Z][A-Z0-9_]+$`)

// databases are the writes to DATABASES, and to its items, that count: those
// that run always, or if there are none, those that may.
func (m *Module) databases() []*syntax.Binding {
	var always, maybe []*syntax.Binding
	for key, list := range m.file.Module.Names {
		if key != "DATABASES" && !strings.HasPrefix(key, "DATABASES[") {
			continue
		}
		for _, b := range list {
			if b.Stmt.Block().Header == nil {
				always = append(always, b)
			} else {
				maybe = append(maybe, b)
			}
		}
	}
	if len(always) > 0 {
		return always
	}
	return maybe
}

// words reads what single words of the settings say. The first in the file is
// what is cited. What is idle runs only once somebody sets a variable.
func (d *Django) words(m *Module, toks []syntax.Token, database, idle bool) {
	first := func(into *fact.Pos, line int) {
		if at := m.at(line); into.IsZero() || into.File == at.File && into.Line > line {
			*into = at
		}
	}
	for _, t := range toks {
		// DATABASES = {"default": env.db()}: the engine is known at run time only.
		if database && (t.Is("db") || t.Is("db_url") || t.Is("dj_database_url")) {
			d.Engines = append(d.Engines, fact.Fact[string]{Pos: m.at(t.Line)})
		}
		if t.Kind != syntax.String || t.Dynamic {
			continue
		}
		switch {
		case strings.HasPrefix(t.Text, "django.db.backends.") && database, strings.HasPrefix(t.Text, "django.contrib.gis.db.backends."):
			d.Engines = append(d.Engines, fact.Fact[string]{Value: t.Text, Pos: m.at(t.Line)})
		case strings.HasPrefix(t.Text, "storages.backends."):
			if idle {
				continue // only if a variable asks for it
			}
			first(&d.Remote, t.Line)
		case strings.HasPrefix(t.Text, "whitenoise."):
			d.Serves = true
		}
		if strings.HasPrefix(t.Text, "django.contrib.gis") {
			first(&d.Geo, t.Line)
		}
	}
}

// files are the files that a module writes, seen from the app's folder.
func files(m *Module) []effect.File {
	var out []effect.File
	for _, f := range m.Files {
		if p, ok := m.Path(f); ok && f.Use == effect.Write {
			f.Base, f.Path.Text = effect.WorkDir, p
			out = append(out, f)
		}
	}
	return out
}
