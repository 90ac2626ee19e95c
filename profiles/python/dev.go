package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// develop makes dev's command for an application object: one that reloads.
func (p project) develop(l *launch, o facts.Object) {
	app := o.Module + ":" + o.Name
	row, _ := facts.FrameworkNamed(o.Framework)
	needs := func(server string) {
		if !p.brought(server) && !slices.Contains(l.tools, server) {
			l.tools = append(l.tools, server)
			l.devAdd = append(l.devAdd, p.spec(server))
		}
	}
	switch {
	case strings.Contains(o.Name, "."): // what reloads names no attribute
	case row.Dev == "flask":
		l.dev = []string{"flask", "--app", app + o.With, "run", "--debug", "--host", "0.0.0.0", "--port", "{port}"}
	case o.Framework == "django-wsgi" || o.Framework == "django-asgi":
		l.dev = []string{"python", p.manage(), "runserver", "0.0.0.0:{port}"}
	case o.Interface == "asgi":
		l.dev = []string{"uvicorn", app, "--reload", "--host", "0.0.0.0", "--port", "{port}"}
		if o.Factory {
			l.dev = append(l.dev, "--factory")
		}
		needs("uvicorn")
	default:
		if o.Factory {
			app += cmp.Or(o.With, "()")
		}
		l.dev = []string{"gunicorn", "--reload", "--bind", "0.0.0.0:{port}", app}
		needs("gunicorn")
	}
}

// dev makes the dev stage.
func (p project) dev(s Start, d *Deps) (*Dev, error) {
	out := &Dev{Head: p.head("dev", d), Source: whole(), Env: s.Env, Ports: s.Ports.List, Cmd: s.Dev, Made: p.in.Taken()}
	out.Uses = plan.StagesOf(out.Made)
	if p.settings.Value != "" && p.f.Django.Settings.Found() {
		// manage.py has settings of its own for who develops.
		out.Env = slices.DeleteFunc(slices.Clone(out.Env), func(e plan.Env) bool { return e.Name.String() == settingsVariable })
	}
	rule, does := "restarts on every save", "dev restarts on every save"
	if len(out.Ports) > 0 {
		does = "dev reloads on every save"
	}
	if s.Dev[0] != "watchfiles" {
		rule = "reloads on every save"
	}
	p.in.Log.Choose(plan.Choice{Key: "dev", Value: strings.Join(s.Dev, " "), Rule: rule})
	out.About = image.DevUsage(p.in, does, image.Name(p.f.Name, p.in.Name), out.Name, "/app", out.Ports)
	kept, about := image.KeptInDev(p.in, p.home())
	out.Kept, out.About = kept, append(out.About, about...)
	var err error
	if out.Parts, err = p.parts(s.Install); err != nil {
		return nil, err
	}
	if s.Dir != "" {
		if out.Dir, err = plan.NewPath(path.Join(p.home(), s.Dir)); err != nil {
			return nil, err
		}
	}
	switch {
	case len(s.DevAdd) == 0:
	case d == nil:
		out.Install, err = p.step(p.man.Cache[:1], append([]string{"pip", "install", "--root-user-action", "ignore"}, s.DevAdd...))
	default:
		out.Install, err = p.step(p.man.Cache[:1], slices.Concat(p.man.Add, s.DevAdd))
	}
	if err != nil {
		return nil, err
	}
	var made [][]string
	for _, m := range p.made {
		if len(m.files) > 0 { // what it makes below the code lies in the mount
			made = append(made, m.commands()...)
		}
	}
	out.Project, err = p.editable(s, out.Install, made...)
	return out, err
}

// editable installs the project so that its source is read in place, over what the stage has installed, and then runs more commands.
func (p project) editable(s Start, over []plan.Step, then ...[]string) ([]plan.Step, error) {
	if !s.Install {
		return nil, nil
	}
	commands := p.itself(p.man.Editable, len(s.Added)+len(p.data)+len(over) > 0)
	return p.install(append(commands, then...)...)
}
