package python

import (
	"slices"
	"strconv"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/plan"
)

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
