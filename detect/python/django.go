package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
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
	Geo       fact.Pos            // django.contrib.gis
	Required  []Variable          // variables without which the settings do not import
	Raises    fact.Pos            // the settings may raise
	Known     bool                // the settings were found and read
}

// django reads manage.py and the settings that it names.
func (f *Facts) django(dirs []string, read func(file string) *Module, has func(string) bool) {
	manage, in := f.join("manage.py"), "."
	if !has(manage) {
		// One folder below, and only one: the requirements of many projects stand above it.
		n := 0
		for _, dir := range dirs {
			if has(f.join(dir + "/manage.py")) {
				manage, in = f.join(dir+"/manage.py"), dir
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
	d := &Django{Dir: in, Manage: fact.At(manage, 1)}
	d.Settings = m.settingsModule()
	if !d.Settings.Found() {
		if !slices.ContainsFunc(m.Imports, func(i fact.Fact[string]) bool { return strings.HasPrefix(i.Value, "django") }) {
			return // another program called manage.py
		}
	}
	f.Django = d
	chain := f.settingsChain(in, d.Settings.Value, read, has)
	d.Known = len(chain) > 0
	for _, s := range chain {
		d.read(s)
	}
	// The wsgi module's own default is what production uses.
	for _, kind := range []struct {
		module, dotted string
		into           *fact.Fact[string]
	}{{"wsgi", "wsgi.application", &d.WSGI}, {"asgi", "asgi.application", &d.ASGI}} {
		pkg, _, _ := strings.Cut(d.Settings.Value, ".")
		file := f.join(path.Join(in, pkg, kind.module+".py"))
		if !kind.into.Found() && pkg != "" && has(file) {
			*kind.into = fact.New(pkg+"."+kind.dotted, file, 1)
		}
	}
}

// settingsModule is the argument of
// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings").
func (m *Module) settingsModule() fact.Fact[string] {
	var out fact.Fact[string]
	var look func([]*stmt)
	look = func(list []*stmt) {
		for _, s := range list {
			for _, c := range calls(s.tokens) {
				if !strings.HasSuffix(c.name, "environ.setdefault") || len(c.pos) != 2 {
					continue
				}
				k, _ := c.pos[0].text()
				if v, ok := c.pos[1].text(); ok && k == "DJANGO_SETTINGS_MODULE" && !out.Found() {
					out = fact.New(v, m.File, c.line)
				}
			}
			look(s.body)
		}
	}
	look(m.stmts)
	return out
}

// settingsChain reads the settings module and what it takes in with *.
func (f *Facts) settingsChain(in, module string, read func(string) *Module, has func(string) bool) []*Module {
	var out []*Module
	seen := map[string]bool{}
	for next := []string{module}; len(next) > 0 && len(out) < 8; {
		n := next[0]
		next = next[1:]
		base := f.join(path.Join(in, strings.ReplaceAll(n, ".", "/")))
		if in != "." && strings.HasPrefix(n, strings.ReplaceAll(in, "/", ".")+".") && !has(base+".py") {
			base = f.join(strings.ReplaceAll(n, ".", "/")) // a relative import, which was resolved from the app's folder
		}
		for _, file := range []string{base + ".py", base + "/__init__.py"} {
			if n == "" || seen[file] || !has(file) {
				continue
			}
			seen[file] = true
			if m := read(file); m != nil {
				out = append(out, m)
				next = append(next, m.stars...)
			}
		}
	}
	return out
}

func (d *Django) read(m *Module) {
	text := func(key string) (fact.Fact[string], bool) {
		v, ok := m.consts[key]
		if !ok {
			return fact.Fact[string]{}, false
		}
		s, ok := arg(v).text()
		return fact.New(s, m.File, v[0].line), ok
	}
	if v, ok := text("WSGI_APPLICATION"); ok && !d.WSGI.Found() {
		d.WSGI = v
	}
	if v, ok := text("ASGI_APPLICATION"); ok && !d.ASGI.Found() {
		d.ASGI = v
	}
	if v, ok := m.consts["STATIC_ROOT"]; ok && d.Static.IsZero() && !v[0].is("None") {
		d.Static = m.at(v[0].line)
		d.StaticDir = fact.Fact[string]{Value: joined(v), Pos: d.Static}
	}
	if v, ok := m.consts["DEBUG"]; ok && len(v) == 1 && v[0].is("True") && d.Debug.IsZero() {
		d.Debug = m.at(v[0].line)
	}
	d.Required = append(d.Required, m.Required...)
	if d.Raises.IsZero() {
		d.Raises = m.Raises
	}
	for key, v := range m.consts {
		for _, t := range v {
			if t.kind != str || t.dynamic {
				continue
			}
			switch {
			case strings.HasPrefix(t.text, "django.db.backends.") && key == "DATABASES", strings.HasPrefix(t.text, "django.contrib.gis.db.backends."):
				d.Engines = append(d.Engines, fact.New(t.text, m.File, t.line))
			case strings.HasPrefix(t.text, "storages.backends.") && d.Remote.IsZero():
				d.Remote = m.at(t.line)
			case strings.HasPrefix(t.text, "whitenoise."):
				d.Serves = true
			}
			if strings.HasPrefix(t.text, "django.contrib.gis") && d.Geo.IsZero() {
				d.Geo = m.at(t.line)
			}
		}
		for _, t := range v {
			// DATABASES = {"default": env.db()}: the engine is known at run time only.
			if key == "DATABASES" && (t.is("db") || t.is("db_url") || t.is("dj_database_url")) {
				d.Engines = append(d.Engines, fact.New("", m.File, t.line))
			}
		}
	}
	slices.SortFunc(d.Engines, func(a, b fact.Fact[string]) int { return a.Pos.Line - b.Pos.Line })
}

// joined is the path that BASE_DIR / "a" or os.path.join(BASE_DIR, "a") makes
// below the project, or a literal one; "" where it is not plain.
func joined(toks []token) string {
	var parts []string
	for _, t := range toks {
		switch {
		case t.kind == str && !t.dynamic:
			parts = append(parts, t.text)
		case t.kind == name && !slices.Contains([]string{"os", "path", "join", "str", "BASE_DIR", "PROJECT_ROOT", "PROJECT_DIR", "ROOT_DIR", "Path"}, t.text):
			return ""
		}
	}
	return path.Join(parts...)
}
