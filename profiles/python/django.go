package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// manage is manage.py, or its path below the app's folder.
func (p project) manage() string {
	if p.f.Django == nil || p.f.Django.Dir == "." {
		return "manage.py"
	}
	return p.f.Django.Dir + "/manage.py"
}

// startDjango serves a Django project.
func (p project) startDjango() (launch, error) {
	dj := p.f.Django
	if dj.Settings.Value == "" {
		return launch{}, record.Refuse(dj.Manage, "set DJANGO_SETTINGS_MODULE in manage.py, as startproject writes it", "does not say which settings it uses")
	}
	iface, app, pos := "wsgi", dj.WSGI, dj.WSGI.Pos
	async := dj.ASGI.Found() && !p.brought("gunicorn") && (p.brought("uvicorn") || p.brought("daphne") || p.brought("hypercorn") || p.brought("granian"))
	if async || !dj.WSGI.Found() && dj.ASGI.Found() {
		iface, app, pos = "asgi", dj.ASGI, dj.ASGI.Pos
	}
	if !app.Found() {
		return launch{}, record.Refuse(dj.Settings.Pos, "add WSGI_APPLICATION to the settings, as startproject writes it", "names no WSGI or ASGI application")
	}
	i := strings.LastIndexByte(app.Value, '.')
	if i < 0 {
		return launch{}, record.Refuse(pos, "", "%q is not MODULE:OBJECT", plan.Printable(app.Value, 60))
	}
	l, err := p.serve(served{iface: iface, app: app.Value[:i] + ":" + app.Value[i+1:], pos: pos, port: p.orUsual(listen{}, 8000, "the usual port of Django")})
	if err != nil {
		return l, err
	}
	l.dev = []string{"python", p.manage(), "runserver", "0.0.0.0:{port}"}
	l.root, l.pos, l.django = dj.Dir, pos, true
	return l, nil
}

// servesDjango reports whether a start serves Django's application, and says
// what the user should know of its settings.
func (p project) servesDjango(l launch) bool {
	dj := p.f.Django
	if dj == nil || !l.django && !slices.ContainsFunc(l.cmd, func(a string) bool { return strings.Contains(a, "wsgi") || strings.Contains(a, "asgi") }) {
		return false
	}
	owned := slices.ContainsFunc(dj.Files, func(f effect.File) bool { return f.Call == "NAME" && !p.movable(f) })
	for _, e := range dj.Engines {
		if e.Value == "django.db.backends.sqlite3" && !owned {
			p.in.Log.Note(e.Pos, "the SQLite database is below the app's folder, which belongs to root in the image", "take its path from the environment, and mount a volume there")
		}
	}
	if !dj.Debug.IsZero() {
		p.in.Log.Note(dj.Debug, "DEBUG is on in production too", "take it from the environment")
	}
	return true
}

// settingsEnv are the variables with which Django's settings import in a build;
// ok is false if they need more than a text, and pos says where.
func (p project) settingsEnv() (env []string, pos fact.Pos, ok bool) {
	dj := p.f.Django
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
		// Any text will do for a secret.
		if v.Parsed && !secret.Linted(v.Name) && !secret.Certain(v.Name) {
			return nil, v.Pos, false
		}
		e, err := plan.NewEnv(v.Name, "only-for-this-build")
		if err != nil {
			return nil, v.Pos, false
		}
		if s := e.String(); !slices.Contains(env, s) {
			env = append(env, s)
		}
	}
	return env, fact.Pos{}, true
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
		p.in.Log.Note(pos, "static files are not collected in the build: "+why, "run python manage.py collectstatic when you release")
		return nil
	}
	env, pos, ok := p.settingsEnv()
	switch {
	case !dj.Remote.IsZero():
		return skip(dj.Remote, "they are stored by another service")
	case !ok:
		return skip(pos, "the settings need values that only a deployment has")
	case strings.HasPrefix(dj.StaticDir.Value, "/") && !strings.HasPrefix(dj.StaticDir.Value, "/app/"):
		return skip(dj.Static, "STATIC_ROOT is outside of the app's folder")
	}
	p.in.Log.Choose(plan.Choice{Key: "collectstatic", Value: "yes", Rule: "the settings have STATIC_ROOT", Pos: record.At(dj.Static), Link: "https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#collectstatic"})
	if !dj.Serves {
		p.in.Log.Note(dj.Static, "static files are collected, and nothing in the image serves them", "add WhiteNoise, or serve STATIC_ROOT from a web server")
	}
	return append(env, "python", p.manage(), "collectstatic", "--noinput")
}
