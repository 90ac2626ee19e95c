package python

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// listen is where the app may listen, the precedence as in image.PortRequest.
type listen struct {
	addresses []image.Address
	usual     image.Address // what counts if the source says nothing, zero for none
	// variable is the one from which the source takes the port, "" for none.
	variable string
	unknown  fact.Pos // it listens here, and nothing says on which port
	text     string   // of unknown, "" for the usual one
}

// moved is the place with what moves every address of it.
func (l listen) moved(by image.Move, noDefault bool) listen {
	l.addresses = slices.Clone(l.addresses)
	for i := range l.addresses {
		l.addresses[i].Move, l.addresses[i].NoDefault = by, noDefault
	}
	l.usual.Move, l.usual.NoDefault = by, noDefault
	return l
}

// portRequest is what is known of where the app listens. What the repository's own
// Dockerfile exposes counts if something listens on a port that nothing else says.
func (p project) portRequest(l listen, m *facts.Module) image.PortRequest {
	list := l.addresses
	if l.usual.Port > 0 {
		list = append(slices.Clone(list), l.usual)
	}
	q := image.PortRequest{Addresses: list, Unknown: l.unknown, UnknownText: l.text, Default: 8000, Serves: (p.bringsServer() || p.bringsFramework()) && !p.streams(m)}
	if !l.unknown.IsZero() {
		q.Exposed, q.ExposedRule = image.ExposedBy(p.in, image.OwnImage(p.in))
	}
	return q
}

// streams reports whether what a module starts talks over its standard streams, whatever its documentation says of the transports that it has beside.
func (p project) streams(m *facts.Module) bool {
	return m != nil && slices.ContainsFunc(p.started(m), func(x *facts.Module) bool { return x.Streams })
}

// bringsFramework reports whether a framework of applications is among the dependencies.
func (p project) bringsFramework() bool {
	rows, err := facts.Frameworks()
	return err == nil && slices.ContainsFunc(rows, func(row facts.Framework) bool {
		return row.Dependency != "" && p.has(row.Dependency) && (row.Interface != "" || slices.Contains(servingAlone, row.Name))
	})
}

// servingAlone are the frameworks without an interface of a server's that nobody depends on to ask others.
var servingAlone = []string{"uvicorn", "hypercorn", "waitress", "tornado", "cheroot", "cherrypy", "flask-socketio", "robyn", "nicegui", "gradio", "fastmcp", "sanic", "streamlit", "panel", "chainlit", "marimo"} //nolint:gochecknoglobals // a constant table

// servedAt is where an application listens that a server of dockgen's choice
// serves: the port that the code gives it, that of the repository's own
// Dockerfile, or the usual one.
func (p project) servedAt(m *facts.Module, o facts.Object, usual int, rule string) listen {
	var out listen
	if s := p.serverOf(m, o); s != nil {
		v := s.Addr.Port
		if plan.IsEnvName(v.Env) {
			out.variable = v.Env
		}
		if n := portNumber(v); n > 0 {
			out.addresses = append(out.addresses, image.Address{Port: n, Pos: s.Pos, Rule: portRule(v)})
		}
	}
	return p.orUsual(out, usual, rule)
}

// orUsual adds the ports that count if the source gives none.
func (p project) orUsual(l listen, usual int, rule string) listen {
	if n, pos, evidence := p.exposed(); n > 0 {
		l.addresses = append(l.addresses, image.Address{Port: n, Pos: pos, Rule: evidence, Evidence: evidence})
	}
	l.usual = image.Address{Port: usual, Rule: rule}
	return l
}

// serverOf is the call in which the code itself starts a server for the app.
func (p project) serverOf(m *facts.Module, o facts.Object) *facts.Server {
	look := append([]*facts.Module{m}, p.f.Modules...)
	for i, x := range look {
		if x == nil || i > 0 && depth(x.File) > 0 && x.File != m.File {
			continue
		}
		for j := range x.Servers {
			s := &x.Servers[j]
			if s.Also {
				continue
			}
			ours := s.Object == o.Name || o.Factory && s.Maker[strings.LastIndexByte(s.Maker, '.')+1:] == o.Name || s.Target == o.Name || s.Target == o.Module+":"+o.Name || x == m
			if ours && (portNumber(s.Addr.Port) > 0 || s.Addr.Port.Env != "") {
				return s
			}
		}
	}
	return nil
}

// listensAt is where a script listens that starts its server itself; args are those of its command.
func (p project) listensAt(m *facts.Module, args ...string) listen {
	var out listen
	s := p.server(m)
	if s == nil {
		return out
	}
	host, port := s.Addr.Host, s.Addr.Port
	a := image.Address{Port: portNumber(port), Host: host.Text, Pos: s.Pos, Rule: portRule(port), Move: move(port), HostMove: move(host)}
	a.Move.HostPort = s.Addr.WholeEnv() || s.Addr.WholeFlag()
	told(&a, args, host.Flag, port.Flag)
	inside := image.Loopback(a.Host)
	if a.Port == 0 && a.Move == (image.Move{}) && (!inside || a.HostMove != (image.Move{})) {
		out.unknown = s.Pos
		// Where it listens is not known, but that nothing reaches it there is.
		if !inside {
			return out
		}
	}
	out.addresses = []image.Address{a}
	return out
}

// told lays over an address what the arguments of the command say of it, by the flags from which the source takes it or
// by those that servers of Python have.
func told(a *image.Address, args []string, host, port string) {
	c := command{host: a.Host, port: a.Port, server: &server{Host: []string{"--host", host}, Port: []string{"--port", port}, Bind: []string{"--bind"}}}
	words := make([]shell.Word, len(args))
	for i, w := range args {
		words[i] = shell.Literal(w)
	}
	if c.read(words, func(string) bool { return false }); !c.bound && !c.everywhere(args) {
		return
	}
	if c.port != a.Port {
		a.Rule = "the port that its command gives"
	}
	a.Host, a.Port = c.host, c.port
}

// everywhere reads arguments of which one is the address of every interface, which nobody gives for anything else than where to listen, whatever
// its flag is called: -l 0.0.0.0:5001, -H 0.0.0.0 -p 8000. It reports false if none is.
func (c *command) everywhere(args []string) bool {
	found := false
	for i, w := range args {
		_, value := joined(w)
		if m := everyInterface.FindStringSubmatch(value); m != nil {
			found, c.host = true, ""
			if n, err := strconv.Atoi(m[1]); err == nil {
				c.port = n
			}
		}
		if n, err := strconv.Atoi(w); err == nil && i > 0 && slices.Contains([]string{"-p", "-P", "-port"}, args[i-1]) {
			c.port = n
		}
	}
	return found
}

// everyInterface matches the address of every interface, with a port or without.
var everyInterface = lazy.MustCompile(`^(?:0\.0\.0\.0|\[::\]|::)(?::([0-9]{1,5}))?$`)

// beside are the places where an app listens beside its own server, such as one
// for metrics.
func (p project) beside(m *facts.Module) []image.Address {
	var out []image.Address
	for _, x := range p.started(m) {
		for _, s := range x.Servers {
			if n := portNumber(s.Addr.Port); s.Also && n > 0 && !image.Loopback(s.Addr.Host.Text) && (x == m || !s.Guarded) {
				out = append(out, image.Address{Port: n, Pos: s.Pos, Rule: portRule(s.Addr.Port), Also: true})
			}
		}
	}
	return out
}

// server is the first call that listens, where something is known of where if one of them says it: in the module that is started, or else
// in one that it imports.
func (p project) server(m *facts.Module) *facts.Server {
	if m == nil {
		return nil
	}
	first := slices.IndexFunc(m.Servers, func(s facts.Server) bool { return !s.Also })
	if i := slices.IndexFunc(m.Servers, func(s facts.Server) bool {
		return !s.Also && (portNumber(s.Addr.Port) > 0 || move(s.Addr.Port) != (image.Move{}))
	}); i >= 0 {
		first = i
	}
	if first >= 0 {
		return &m.Servers[first]
	}
	for _, x := range p.f.Reach(m) {
		if m.Using(x) {
			for i := range x.Servers {
				if !x.Servers[i].Guarded && !x.Servers[i].Also {
					return &x.Servers[i]
				}
			}
		}
	}
	return nil
}

// move is what gives a value of the source another one.
func move(v effect.Value) image.Move {
	m := image.Move{Env: v.Env}
	if len(v.Flag) > 2 && v.Flag[:2] == "--" {
		m.Flag = v.Flag
	}
	return m
}

// portRule says where a port of the source comes from.
func portRule(v effect.Value) string {
	switch {
	case v.Env != "":
		return "the default of $" + v.Env
	case v.Flag != "":
		return "the default of " + v.Flag
	}
	return "the port that the code gives"
}

// exposed is the one port that the repository's own Dockerfile opens, and its evidence;
// 0 if it opens more.
func (p project) exposed() (port int, pos fact.Pos, evidence string) {
	list, rule := image.ExposedBy(p.in, image.OwnImage(p.in))
	if len(list) != 1 {
		return 0, fact.Pos{}, ""
	}
	return list[0].Value, list[0].Pos, rule
}

// portNumber is the port that a value has, or is the default of; 0 if it has none.
func portNumber(v effect.Value) int {
	n, err := strconv.Atoi(v.Text)
	if err != nil || n < 0 || n > 65535 {
		return 0
	}
	return n
}
