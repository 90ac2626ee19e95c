package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// manage is manage.py, or its path below the app's folder.
func (p project) manage() string {
	if p.f.Django == nil {
		return "manage.py"
	}
	return manageOf(p.f.Django)
}

// startDjango serves a Django project.
func (p project) startDjango(as command) (launch, error) {
	dj := p.f.Django
	if dj.Settings.Value == "" && !dj.Production.Found() {
		return launch{}, record.Refuse(dj.Manage, "set DJANGO_SETTINGS_MODULE in manage.py, as startproject writes it, or name them: --set 'env={DJANGO_SETTINGS_MODULE: …}'", "does not say which settings it uses")
	}
	iface, app, pos := "wsgi", dj.WSGI, dj.WSGI.Pos
	async := dj.ASGI.Found() && !p.brought("gunicorn") && (p.brought("uvicorn") || p.brought("daphne") || p.brought("hypercorn") || p.brought("granian"))
	sockets := dj.ASGI.Found() && p.has("channels") // only ASGI serves them
	if async || sockets || !dj.WSGI.Found() && dj.ASGI.Found() {
		iface, app, pos = "asgi", dj.ASGI, dj.ASGI.Pos
	}
	if !app.Found() {
		return launch{}, record.Refuse(dj.Settings.Pos, "add WSGI_APPLICATION to the settings, as startproject writes it", "names no WSGI or ASGI application")
	}
	i := strings.LastIndexByte(app.Value, '.')
	if i < 0 {
		return launch{}, record.Refuse(pos, "", "%q is not MODULE:OBJECT", plan.Printable(app.Value, 60))
	}
	l, err := p.serve(served{iface: iface, sockets: sockets, app: app.Value[:i] + ":" + app.Value[i+1:], pos: pos, port: as.listens(p.orUsual(listen{}, 8000, "the usual port of Django"))})
	if err != nil {
		return l, err
	}
	l.dev = []string{"python", p.manage(), "runserver", "0.0.0.0:{port}"}
	l.root, l.pos, l.django = dj.Dir, pos, true
	return l, nil
}

// djangoEnv are the variables with which Django's application finds its settings
// and its modules, where the module that a server imports does not see to it.
func (p project) djangoEnv(l *launch) error {
	dj := p.f.Django
	if dj.Fixed {
		return record.Refuse(dj.Missing, "name settings that the repository has", "names settings that are not in the repository")
	}
	add := func(name, value string) error {
		e, err := plan.NewEnv(name, value)
		l.env = append(l.env, e)
		return err
	}
	if v := p.settings.Value; v != "" {
		l.choices = append(l.choices, p.settings)
		if err := add(settingsVariable, v); err != nil {
			return err
		}
	}
	if !dj.Missing.IsZero() {
		l.notes = append(l.notes, plan.Note{Pos: dj.Missing, Text: "names settings that are not in the repository: prod uses those of " + p.manage() + ", " + plan.Printable(dj.Settings.Value, 60), Hint: "choose others with --set 'env={DJANGO_SETTINGS_MODULE: …}', or mount the module"})
		if err := add(settingsVariable, dj.Settings.Value); err != nil {
			return err
		}
	}
	if len(dj.Paths) == 0 {
		return nil
	}
	list := []string{}
	if l.root != "" && l.root != "." {
		list = append(list, path.Join(p.home(), l.root))
	}
	for _, x := range dj.Paths {
		list = append(list, path.Join(p.home(), x.Value))
	}
	l.root = ""
	return add("PYTHONPATH", strings.Join(list, ":"))
}

// managed is Django with the settings of manage.py, which tests run with.
func (p project) managed() *facts.Django {
	if dj := p.f.Django; dj != nil && dj.Manages != nil {
		return dj.Manages
	}
	return p.f.Django
}

// servesDjango reports whether a start serves Django's application, and says
// what the user should know of its settings.
func (p project) servesDjango(l launch) bool {
	dj := p.f.Django
	if dj == nil || !l.django && !slices.ContainsFunc(l.cmd, func(a string) bool { return strings.Contains(a, "wsgi") || strings.Contains(a, "asgi") }) {
		return false
	}
	owned := slices.ContainsFunc(dj.Files, func(f effect.File) bool { return f.Call == "NAME" })
	for _, e := range dj.Engines {
		if e.Value == "django.db.backends.sqlite3" && !owned {
			p.in.Log.Note(e.Pos, "the SQLite database is below the app's folder, which belongs to root in the image", "take its path from the environment, and mount a volume there")
		}
	}
	p.noteMigrations(dj)
	if at := dj.Hosts.Pos; !at.IsZero() && dj.Debug.IsZero() {
		hint := ""
		if dj.Hosts.Value != "" {
			hint = "docker run -e " + plan.Printable(dj.Hosts.Value, 60) + "=…"
		}
		p.noteHosts(at, "ALLOWED_HOSTS", dj.OtherHosts, hint)
	}
	if !dj.Debug.IsZero() {
		p.in.Log.Note(dj.Debug, "DEBUG is on in production too", "take it from the environment")
	}
	return true
}

// refusesLocal reports whether the app refuses requests for 127.0.0.1, and says which hosts it takes where these are not all.
func (p project) refusesLocal(l launch) bool {
	if l.module == nil {
		return false
	}
	for _, m := range p.f.Imported(l.module) {
		if m.HostsAt.IsZero() {
			continue
		}
		var names []string
		for _, h := range m.Hosts {
			if strings.Contains(h, ".") && !image.Loopback(h) && h != "0.0.0.0" {
				names = append(names, h)
			}
		}
		p.noteHosts(m.HostsAt, "its list of allowed hosts", names, "")
		return !slices.Contains(m.Hosts, "127.0.0.1")
	}
	return false
}

// noteHosts says that the app answers 400 to requests that name another host.
func (p project) noteHosts(at fact.Pos, list string, names []string, hint string) {
	whom := "this machine"
	if len(names) > 0 {
		whom = plan.Printable(image.Enumerate(names[:min(len(names), 3)]), 120)
	}
	if len(names) > 3 {
		whom += " and others"
	}
	p.in.Log.Note(at, "answers only requests to "+whom+" by name: "+list+" has no other host", cmp.Or(hint, "name the host there, or take the list from the environment"))
}

// noteMigrations says how the database gets its tables.
func (p project) noteMigrations(dj *facts.Django) {
	if command := p.djangoMigration(); command != nil {
		p.in.Log.Note(dj.Engines[0].Pos, "nothing in the image creates or migrates the tables", "run once per release: docker run --rm "+image.Name(p.f.Name, p.in.Name)+" "+strings.Join(command, " "))
	}
}

// djangoMigration is the command that creates and migrates the tables, nil where something does already.
func (p project) djangoMigration() []string {
	if len(p.f.Django.Engines) == 0 || p.migrates() {
		return nil
	}
	return []string{"python", p.manage(), "migrate"}
}

// settingsEnv are the variables with which settings of Django import in a build;
// ok is false if they need more than can be made up, and pos says where.
func settingsEnv(dj *facts.Django) (env []string, pos fact.Pos, ok bool) {
	if dj == nil {
		return nil, pos, false
	}
	if !dj.Known {
		return nil, dj.Settings.Pos, false
	}
	if !dj.Raises.IsZero() {
		return nil, dj.Raises, false
	}
	for _, v := range dj.Required {
		value, ok := placeholder(v)
		e, err := plan.NewEnv(v.Name, value)
		if err != nil || !ok {
			return nil, v.Pos, false
		}
		if s := e.String(); !slices.Contains(env, s) {
			env = append(env, s)
		}
	}
	return env, fact.Pos{}, true
}

// placeholder is a value that lets code start which reads a variable, without it being of use. Any text will do for a secret.
func placeholder(v effect.Env) (value string, ok bool) {
	if v.Parsed && v.Like != "" {
		return v.Like, true
	}
	switch {
	case v.Parsed:
	case databases.MatchString(v.Name):
		return "sqlite://", true
	case addressed.MatchString(v.Name):
		return "redis://localhost:6379/0", true
	}
	return "only-for-this-build", !v.Parsed || secret.Linted(v.Name) || secret.Certain(v.Name)
}

// loaded are the variables with which the repository's own Dockerfile, its Makefile or its CI collects the static files; the settings import with
// them. ok is false if none does it with variables that are known. With own, the Dockerfile alone is asked.
func (p project) loaded(own bool) (env []string, at fact.Pos, ok bool) {
	for _, r := range p.in.Builds.Recipes() {
		if own && !r.Own {
			continue
		}
		for _, c := range r.Commands {
			words := pythonless(c)
			if c.Conditional || len(words) < 2 || path.Base(words[0]) != "manage.py" || words[1] != "collectstatic" {
				continue
			}
			env = nil
			for _, v := range slices.Concat(c.Job, c.Env) {
				value := v.Value
				switch {
				case ofRunner.MatchString(v.Name), v.Name == settingsVariable && p.f.Django.Production.Found():
					continue
				case v.Name == "DATABASE_URL" && (v.Secret || strings.Contains(value, "://")):
					value = "sqlite://:memory:"
				case v.Secret && addressed.MatchString(v.Name):
					value = "redis://localhost:6379/0"
				case v.Secret || secret.Linted(v.Name) || secret.Certain(v.Name):
					value = "only-for-this-build"
				}
				e, err := plan.NewEnv(v.Name, value)
				if err != nil || len(env) == maxSteps || !plainValue.MatchString(value) {
					continue
				}
				env = assigned(env, e.String())
			}
			if len(env) > 0 {
				return env, c.Pos, true
			}
		}
	}
	return nil, at, false
}

var (
	databases  = lazy.MustCompile(`(?i)(^|_)(DATABASE|DB)_(URL|URI)$`)
	addressed  = lazy.MustCompile(`(?i)(REDIS|BROKER|CELERY|CACHE).*(URL|URI)$`)
	plainValue = lazy.MustCompile(`^[A-Za-z0-9_./:@+,-]+$`)
)

// ofRunner are variables of the machine that runs CI, and of tools that install and test.
var ofRunner = lazy.MustCompile(`^(CI|GITHUB_.*|RUNNER_.*|FORCE_COLOR|PY_COLORS|TERM|COVERAGE_.*|CODECOV_.*|PIP_.*|UV_.*|POETRY_.*|PYTHON_?VERSION|PYTHONUNBUFFERED|PYTHONHASHSEED|PYTEST_.*|TOX.*|NODE_.*|POSTGRES_.*|PG[A-Z]+|DOCKER_.*|REGISTRY|IMAGE_NAME|.*_VERSION)$`)

// assigned are the variables of a command with one more, which takes the place of that of its name.
func assigned(env []string, variable string) []string {
	name, _, _ := strings.Cut(variable, "=")
	return append(slices.DeleteFunc(slices.Clone(env), func(o string) bool { return strings.HasPrefix(o, name+"=") }), variable)
}

// underProduction puts the settings that prod runs with, where manage.py has others, before those variables.
func underProduction(dj *facts.Django, env []string) ([]string, error) {
	if !dj.Production.Found() {
		return env, nil
	}
	e, err := plan.NewEnv(settingsVariable, dj.Production.Value)
	return append([]string{e.String()}, env...), err
}

// collected is the manifest of static files that the repository has below STATIC_ROOT, with the files: those are what its author collected. To
// collect them once more would write a manifest of what the finders find here, which lacks what a front end's build, that is not committed,
// made for it, and each page that names one of those would fail.
func (p project) collected() (file string, ok bool) {
	dir := p.f.Django.StaticDir.Value
	if dir == "" || path.IsAbs(dir) || strings.HasPrefix(dir, "..") {
		return "", false
	}
	file = path.Join(p.in.Dir, dir, "staticfiles.json")
	return file, p.in.Tree.Has(file)
}

// collectstatic is the command that collects static files, nil if there are
// none or if it would need what a build does not have.
func (p project) collectstatic(s Start) []string {
	dj := p.f.Django
	if !s.Django || dj.Static.IsZero() {
		return nil
	}
	skip := func(pos fact.Pos, why string) []string {
		p.in.Log.Choose(plan.Choice{Key: "collectstatic", Value: "no", Rule: why, Pos: record.At(pos)})
		p.in.Log.Note(pos, "static files are not collected in the build: "+why, "run python "+p.manage()+" collectstatic when you release")
		return nil
	}
	if file, ok := p.collected(); ok && dj.Remote.IsZero() && len(p.in.Taken()) == 0 {
		p.in.Log.Choose(plan.Choice{Key: "collectstatic", Value: "no", Rule: "the repository has them collected", Pos: record.At(fact.At(file, 1)), Link: "https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage"})
		return nil
	}
	env, pos, ok := settingsEnv(dj)
	if !ok && dj.Remote.IsZero() {
		if more, at, has := p.loaded(false); has {
			env, ok = more, true
			var names []string
			for _, e := range env {
				name, _, _ := strings.Cut(e, "=")
				names = append(names, name)
			}
			p.in.Log.Note(pos, "the settings need values that only a deployment has: "+p.in.Rel(at.File)+" sets "+image.Enumerate(names)+", and so does the build", "docker run -e "+names[0]+"=…, or mount what the settings read")
		}
	}
	if more, _, has := p.loaded(true); ok && has { // what its author says of a build: BUILDING=yes, which connects to nothing
		for _, e := range more {
			name, _, _ := strings.Cut(e, "=")
			if !slices.ContainsFunc(env, func(o string) bool { return strings.HasPrefix(o, name+"=") }) {
				env = append(env, e)
			}
		}
	}
	env, err := underProduction(dj, env)
	if err != nil {
		return nil
	}
	switch {
	case !dj.Remote.IsZero():
		return skip(dj.Remote, "they are stored by another service")
	case !ok:
		return skip(pos, "the settings need values that only a deployment has")
	case strings.HasPrefix(dj.StaticDir.Value, "/") && !strings.HasPrefix(dj.StaticDir.Value, "/app/"):
		return skip(dj.Static, "STATIC_ROOT is outside of the app's folder")
	}
	p.in.Log.Choose(plan.Choice{Key: "collectstatic", Value: "yes", Rule: "the settings have STATIC_ROOT", Pos: record.At(dj.Static), Link: "https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#collectstatic"})
	if !dj.Serves && !s.Static {
		p.in.Log.Note(dj.Static, "static files are collected, and nothing in the image serves them", "add WhiteNoise, or serve STATIC_ROOT from a web server")
	}
	return append(env, "python", p.manage(), "collectstatic", "--noinput")
}
