package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// gunicornFile is what gunicorn reads from its working directory without being told.
const gunicornFile = "gunicorn.conf.py"

// configured is the configuration that gunicorn reads: that of -c among its arguments, or else its usual one; nil for
// none, and for another server.
func (p project) configured(s *server, args []string) *facts.Gunicorn {
	if s.Name != "gunicorn" {
		return nil
	}
	file := gunicornFile
	for i, a := range args {
		flag, value, joined := strings.Cut(a, "=")
		switch {
		case flag != "-c" && flag != "--config":
		case joined:
			file = value
		case i+1 < len(args):
			file = args[i+1]
		}
	}
	return p.f.Gunicorn(strings.TrimPrefix(strings.TrimPrefix(file, "python:"), "./"))
}

// settingOf is the name of the setting that a flag of gunicorn sets.
func settingOf(flag string) string {
	if flag == "--access-logfile" {
		return "accesslog"
	}
	return strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_")
}

// unless leaves out the arguments, each a flag and its value, whose setting the configuration has: an argument
// would count more. So it does with a switch of the row, also where another argument has one of its settings.
func (s server) unless(g *facts.Gunicorn, args []string) []string {
	if g == nil {
		g = &facts.Gunicorn{}
	}
	has := func(setting string) bool { return slices.Contains(g.Sets, setting) }
	said := func(n since) bool {
		return slices.ContainsFunc(n.Settings, func(setting string) bool {
			return has(setting) || slices.ContainsFunc(args, func(a string) bool {
				flag, _, _ := strings.Cut(a, "=")
				return strings.HasPrefix(a, "--") && settingOf(flag) == setting
			})
		})
	}
	var out []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		if at := slices.IndexFunc(s.Since, func(n since) bool { return n.Switch == a }); at >= 0 {
			if !said(s.Since[at]) && !slices.Contains(out, a) {
				out = append(out, a)
			}
			continue
		}
		if strings.HasPrefix(a, "--") && a != "--bind" && has(settingOf(a)) && i+1 < len(args) {
			i++
			continue
		}
		out = append(out, a)
	}
	return out
}

// listening are the arguments with which a server listens, and what moves it: where its configuration says, or else
// at l.
func (p project) listening(s server, conf *facts.Gunicorn, l listen) ([]string, listen) {
	switch at, free, ok := p.bound(conf); {
	case !ok:
		if s.Variables.HostPort == "PORT" && l.variable == "" && len(l.addresses) > 0 && p.ownPort() == l.addresses[0].Port {
			l.variable = "PORT" // as in the own image, whose start hands it over
		}
		return s.listening(l)
	case free:
		return nil, at
	default:
		return s.listening(at)
	}
}

// ownPort is the port that the own image sets as PORT, 0 for none.
func (p project) ownPort() int {
	value, _ := image.OwnValue(p.in, "PORT")
	return portNumber(effect.Value{Text: value})
}

// bound is where the configuration makes gunicorn listen. Whether it does so by itself is told by free: else
// the address is only what it would take, and an argument moves it.
func (p project) bound(g *facts.Gunicorn) (at listen, free, ok bool) {
	if g == nil || !g.Bind.Addr.Port.Known() || portNumber(g.Bind.Addr.Port) == 0 {
		return listen{}, false, false
	}
	addr := g.Bind.Addr
	a := image.Address{Port: portNumber(addr.Port), Pos: g.Bind.Pos, Rule: "the bind of " + g.File}
	if image.Loopback(addr.Host.Text) || p.in.Settings.Port != 0 && addr.Port.Env == "" {
		return listen{addresses: []image.Address{a}}, false, true
	}
	if plan.IsEnvName(addr.Port.Env) {
		a.Move = image.Move{Env: addr.Port.Env, HostPort: addr.WholeEnv()}
	}
	return listen{addresses: []image.Address{a}}, true, true
}
