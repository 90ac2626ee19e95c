package python

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

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
		return record.Refuse(dj.Manage, "set DJANGO_SETTINGS_MODULE in manage.py, as startproject writes it", "does not say which settings it uses")
	}
	iface, app, pos := "wsgi", dj.WSGI, dj.WSGI.Pos
	async := dj.ASGI.Found() && !d.brought("gunicorn") && (d.brought("uvicorn") || d.brought("daphne") || d.brought("hypercorn") || d.brought("granian"))
	if async || !dj.WSGI.Found() && dj.ASGI.Found() {
		iface, app, pos = "asgi", dj.ASGI, dj.ASGI.Pos
	}
	if !app.Found() {
		return record.Refuse(dj.Settings.Pos, "add WSGI_APPLICATION to the settings, as startproject writes it", "names no WSGI or ASGI application")
	}
	i := strings.LastIndexByte(app.Value, '.')
	if i < 0 {
		return record.Refuse(pos, "", "%q is no module and object", plan.Printable(app.Value, 60))
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
		owned := slices.ContainsFunc(dj.Files, func(f effect.File) bool { return f.Call == "NAME" && !d.movable(f) })
		if e.Value == "django.db.backends.sqlite3" && !owned {
			d.log.Note(e.Pos, "the SQLite database is below the app's folder, which belongs to root in the image", "take its path from the environment, and mount a volume there")
		}
	}
	if !dj.Debug.IsZero() {
		d.log.Note(dj.Debug, "DEBUG is on in production too", "take it from the environment")
	}
	return nil
}
