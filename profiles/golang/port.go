package golang

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// decidePort decides where the program listens.
func decidePort(s *source, m golang.Main) (image.Ports, error) {
	request := image.PortRequest{Default: 8080}
	request.Exposed, request.ExposedRule = image.Exposed(s.Input, s.all.DockerfilePorts)
	listens := slices.Clone(m.Listens)
	if slices.ContainsFunc(listens, func(l effect.Listen) bool { return !l.Challenges && !l.Addr.Known() }) {
		listens = slices.DeleteFunc(listens, func(l effect.Listen) bool { return l.Challenges }) // it is there for HTTPS alone, which the app is not told to speak
	}
	slices.SortStableFunc(listens, func(a, b effect.Listen) int { return compareAddresses(a.Addr, b.Addr) })
	var last []image.Address // those that do not count beside the others
	for i := range listens {
		l := &listens[i]
		if !l.Addr.Known() {
			if request.Unknown.IsZero() {
				request.Unknown = l.Pos
			}
			continue
		}
		a := addressOf(s, m, l)
		if stopgap(m, l) || image.Loopback(l.Addr.Host.Text) && isAside(m, l.Addr) {
			last = append(last, a)
			continue
		}
		a.Also = len(request.Addresses) > 0
		request.Addresses = append(request.Addresses, a)
	}
	request.Addresses = append(request.Addresses, last...)
	return image.Port(s.Input, request)
}

// addressOf is one place that listens, and what moves it.
func addressOf(s *source, m golang.Main, l *effect.Listen) image.Address {
	a := l.Addr
	n, _ := strconv.Atoi(a.Port.Text)
	out := image.Address{
		Port: n, Host: a.Host.Text, Pos: l.Pos, Rule: "the address in the source",
		Move:     image.Move{Env: a.Port.Env, Flag: a.Port.Flag, HostPort: a.WholeEnv() || a.WholeFlag()},
		HostMove: image.Move{Env: a.Host.Env, Flag: a.Host.Flag},
	}
	if out.Move.HostPort {
		out.HostMove = image.Move{}
	}
	if !a.File.IsZero() {
		out.Pos, out.Rule = a.File, "the configuration file that the program reads"
		if image.Loopback(out.Host) && !a.Host.Decided() {
			s.Log.Note(a.File, "listens on "+printable(out.Host)+", which nothing outside of the container reaches, as this file has it",
				"mount a file that has 0.0.0.0 there, or commit it so")
			out.Host = ""
		}
	}
	switch {
	case a.Port.Env != "" && !a.Port.HasDefault():
		out.Port, out.Rule, out.NoDefault = 0, a.Port.Env, true
		if n, rule, ok := given(s, m, a.Port.Env); ok {
			out.Port, out.Rule = n, rule
		}
	case a.Port.Env != "":
		out.Rule = "the default of " + a.Port.Env
	case a.Port.Flag != "":
		out.Rule = "the default of the flag " + a.Port.Flag
	}
	return out
}

// secondary matches variables and flags of what a server has beside the service
// that it is for, as words of their names.
var secondary = lazy.MustCompile(`(?i)(^|[_.-])(admin|debug|pprof|profil(er|ing)|metrics?|prometheus|plugins?|mgmt|management|internal|tracing|control)([_.-]|$)`)

// side reports whether an address is by its name not the app's own.
func side(a effect.Addr) bool {
	return slices.ContainsFunc([]string{a.Port.Env, a.Host.Env, a.Port.Flag, a.Host.Flag}, secondary.MatchString)
}

// otherProtocol matches variables and flags of what a server speaks beside HTTP, likewise.
var otherProtocol = lazy.MustCompile(`(?i)(^|[_.-])(e?smtps?|lmtp|pop3?s?|imaps?|ssh|s?ftps?|dns|ldaps?|grpc|rpc|mqtts?|amqp|syslog|gossip|raft|stun|turn)([_.-]|$)`)

// compareAddresses puts what the server is for before what it has beside that: HTTP, which
// a browser and a health check ask, before other protocols, and an address that has a default
// before one that nobody needs to set, unless its name says no more than that it is the port.
// Then the lowest port is first: the order of the source says nothing, but that of a configuration file does.
func compareAddresses(a, b effect.Addr) int {
	rank := func(a effect.Addr) int {
		switch {
		case side(a):
			return 3
		case slices.ContainsFunc([]string{a.Port.Env, a.Port.Flag}, otherProtocol.MatchString):
			return 2
		case a.Port.Env != "" && !a.Port.HasDefault() && !plainPort.MatchString(a.Port.Env):
			return 1
		}
		return 0
	}
	port := func(a effect.Addr) int { n, _ := strconv.Atoi(a.Port.Text); return n }
	file := a.File.File
	line := func(x effect.Addr) int {
		if file == "" || file != b.File.File {
			return 0
		}
		return x.File.Line
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(line(a), line(b)), cmp.Compare(port(a), port(b)))
}

// plainPort matches variables whose name says no more than that they are where it listens.
var plainPort = lazy.MustCompile(`(?i)^([a-z0-9]+_)?(http_|server_|web_)?(port|addr|address|listen|listen_addr|listen_address|bind|bind_addr|bind_address)$`)

// isAside reports whether an address within the container is best left there: it
// is by its name not the app's, and there is another.
func isAside(m golang.Main, a effect.Addr) bool {
	return side(a) && slices.ContainsFunc(m.Listens, func(l effect.Listen) bool {
		return l.Addr.Known() && l.Addr != a && !side(l.Addr) && (!image.Loopback(l.Addr.Host.Text) || l.Addr.Host.Decided())
	})
}

// stopgap reports whether a fixed address stands beside others that the source
// does not say, in a program that is told elsewhere where to listen.
func stopgap(m golang.Main, l *effect.Listen) bool {
	if l.Addr.Port.Decided() || !slices.ContainsFunc(m.Listens, func(o effect.Listen) bool { return o.Addr.Port.Decided() }) {
		return false
	}
	return slices.ContainsFunc(m.Listens, func(o effect.Listen) bool { return !o.Addr.Known() && o.Pos == l.Pos })
}

// given is the port that the repository's own Dockerfile or a committed .env file
// has for a variable.
func given(s *source, m golang.Main, env string) (port int, rule string, ok bool) {
	for _, v := range slices.Concat(presets(s, m), s.f.Dotenv) {
		if v.Value.Name != env {
			continue
		}
		text := v.Value.Value
		if n, err := strconv.Atoi(text[strings.LastIndexByte(text, ':')+1:]); err == nil && n > 0 && n < 65536 {
			return n, fmt.Sprintf("%s=%s in %s", env, text, image.DisplayName(s.Input, v.Pos)), true
		}
	}
	return 0, "", false
}

// healthCommands are the subcommands of one word that have none of their own.
func healthCommands(m golang.Main) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, c := range m.Commands {
		group := slices.ContainsFunc(m.Commands, func(o analysis.Command) bool { return len(o.Words) > 1 && o.Words[0] == c.Words[0] })
		if len(c.Words) == 1 && !c.Listens && !group && !c.Needs {
			out = append(out, fact.Fact[string]{Value: c.Words[0], Pos: c.Pos})
		}
	}
	return out
}

// decideProbe decides HEALTHCHECK.
func decideProbe(s *source, t toolchain, p program, m machine) (*plan.Probe, error) {
	tls := len(p.ports.List) > 0 && slices.ContainsFunc(p.Listens, func(l effect.Listen) bool { return l.TLS && l.Addr.Port.Text == p.ports.List[0].String() })
	curl := slices.Contains(plan.Packages(m.packages), plan.MustToken("curl"))
	return image.Probe(s.Input, image.ProbeRequest{
		Ports: p.ports, Runtime: t.runtime, Routes: p.Routes, TLS: tls, Program: p.file(t.runtime), Commands: healthCommands(p.Main), Further: p.further,
		Ask: func(r plan.Runtime) image.Asker {
			switch {
			case r == plan.Alpine && linksOn(s, toolchain{t.Release, r, t.cgo}, p) == nil:
				return image.AskWget()
			case r == plan.Slim && curl:
				return image.AskCurl()
			}
			return image.Asker{}
		},
	})
}
