package python

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// port decides where the app listens.
func (d *decider) port(found int, foundAt fact.Pos, rule string, fallback int, fallbackRule string) int {
	exposed, exposedAt := 0, fact.Pos{}
	if fallback > 0 { // the command gives the port
		exposed, exposedAt = d.exposed()
	}
	win, rejected, _ := record.First(
		record.Option{Value: number(d.in.Settings.Port), Pos: d.in.Settings.Pos("port"), Rule: "asked for"},
		record.Option{Value: number(found), Pos: foundAt, Rule: rule},
		record.Option{Value: number(exposed), Pos: exposedAt, Rule: exposedRule},
		record.Option{Value: number(fallback), Rule: fallbackRule},
	)
	c := plan.Choice{Key: "port", Value: win.Value, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: rejected}
	if win.Rule == exposedRule {
		c.Evidence = exposedRule
	}
	v := d.log.Choose(c)
	n, _ := strconv.Atoi(v)
	return n
}

// exposedRule is the evidence of a port that the code does not say.
const exposedRule = "exposed by the repository's own Dockerfile"

// exposed is the one port that the repository's own Dockerfile opens. The lock
// remembers it, because dockgen's Dockerfile may take the other's place.
func (d *decider) exposed() (int, fact.Pos) {
	if f := d.in.Builds.Image(); f != nil {
		var found []fact.Fact[buildfile.Port]
		for _, p := range f.Image.Ports {
			if !p.Value.UDP && (len(found) == 0 || found[0].Value.Number != p.Value.Number) {
				found = append(found, p)
			}
		}
		if len(found) != 1 {
			return 0, fact.Pos{}
		}
		return found[0].Value.Number, found[0].Pos
	}
	if old := d.log.Locked["port"]; old.Evidence == exposedRule {
		n, _ := strconv.Atoi(old.Value)
		return n, fact.At("dockgen.lock", 0)
	}
	return 0, fact.Pos{}
}

func number(n int) string {
	if n <= 0 || n > 65535 {
		return ""
	}
	return strconv.Itoa(n)
}

// portNumber is the port that a value has, or is the default of; 0 if it has none.
func portNumber(v effect.Value) int {
	n, err := strconv.Atoi(v.Text)
	if err != nil || n < 0 || n > 65535 {
		return 0
	}
	return n
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
			if n := portNumber(s.Addr.Port); n > 0 && (target || x == m) {
				return n, s.Pos, "the port that the code gives"
			}
		}
	}
	return 0, fact.Pos{}, ""
}

// listens decides whether a script is a server, and where.
func (d *decider) listens(m *facts.Module) error {
	d.start.signals = m.Handles("SIGTERM")
	if len(m.Servers) == 0 {
		d.log.Choose(plan.Choice{Key: "port", Value: "none", Rule: "nothing in " + m.File + " listens"})
		if d.in.Settings.Port != 0 {
			d.start.port = d.in.Settings.Port
		}
		return nil
	}
	s := m.Servers[0]
	row, _ := facts.FrameworkNamed(s.Framework)
	host, port := s.Addr.Host, s.Addr.Port
	switch loopback := host.Text == "127.0.0.1" || host.Text == "localhost" || host.Text == "::1"; {
	case loopback && host.Env != "":
		env, err := plan.NewEnv(host.Env, "0.0.0.0")
		if err != nil {
			return err
		}
		d.start.env = append(d.start.env, env)
	case loopback && strings.HasPrefix(host.Flag, "--"):
		d.start.flags = append(d.start.flags, host.Flag, "0.0.0.0")
	case loopback:
		return record.Refuse(s.Pos, `listen on 0.0.0.0, or take the host from the environment`, "listens on %s, which nothing outside of its container reaches", host.Text)
	}
	found := portNumber(port)
	if found == 0 && d.in.Settings.Port == 0 {
		return record.Refuse(s.Pos, "--set port=NUMBER", "listens on a port that dockgen cannot read from the code")
	}
	rule := "the port that the code gives"
	switch {
	case port.Env != "":
		rule = "the default of $" + port.Env
	case port.Flag != "":
		rule = "the default of " + port.Flag
	}
	d.start.port = d.port(found, s.Pos, rule, 0, "")
	moved := d.in.Settings.Port != 0 && d.in.Settings.Port != found
	switch {
	case port.Env != "":
		env, err := plan.NewEnv(port.Env, strconv.Itoa(d.start.port))
		if err != nil {
			return err
		}
		d.start.env = append(d.start.env, env)
	case moved && strings.HasPrefix(port.Flag, "--"):
		d.start.flags = append(d.start.flags, port.Flag, strconv.Itoa(d.start.port))
	case moved && found != 0:
		return record.Refuse(d.in.Settings.Pos("port"), "change the code, or leave port out", "the code listens on %d whatever the port asked for", found)
	}
	d.start.signals = d.start.signals || s.Ends
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
