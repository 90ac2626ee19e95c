package golang

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// fallbackPort is what a program is given that wants a port and has none.
const fallbackPort = 8080

// ports is where a program listens, and what it takes for it to be reached there.
type ports struct {
	list []plan.Port
	env  []plan.Env
	args []string
}

// decidePort decides where the program listens: what its source says, made
// reachable from outside of the container if a variable or a flag can do that.
func decidePort(s *source, m golang.Main) (ports, error) {
	var out ports
	var unknown, loopback *effect.Listen
	var rejected []plan.Rejected
	rule, pos, evidence := "", fact.Pos{}, ""
	asked, decided := s.Settings.Port, false
	for i := range m.Listens {
		l := &m.Listens[i]
		a := l.Addr
		switch {
		case !a.Known():
			unknown = cmp.Or(unknown, l)
			continue
		case stopgap(m, l):
			rejected = append(rejected, plan.Rejected{Value: a.Port.Text, Pos: record.At(l.Pos), Why: "taken where nothing else decides, and something does"})
			continue
		case inside(a.Host.Text) && (!a.Host.Decided() || isAside(m, a)):
			loopback = l
			rejected = append(rejected, plan.Rejected{Value: a.Port.Text, Pos: record.At(l.Pos), Why: "listens on " + printable(a.Host.Text) + ", inside of the container only"})
			continue
		}
		one, why, err := portOf(s, m, a, l.Pos, asked, len(out.env))
		if err != nil {
			return ports{}, err
		}
		asked = 0 // a port that was asked for is the first
		decided = decided || a.Port.Decided() || s.Settings.Port != 0
		if pos.IsZero() {
			rule, pos = why, l.Pos
		}
		if !slices.Contains(out.list, one.list[0]) {
			out.list = append(out.list, one.list[0])
		}
		out.args = append(out.args, one.args...)
		for _, e := range one.env {
			if !slices.ContainsFunc(out.env, func(o plan.Env) bool { return o.Name == e.Name }) {
				out.env = append(out.env, e)
			}
		}
	}
	// Fixed ports beside one that the source does not say are seldom the app's.
	said := len(out.list) > 0 && (decided || unknown == nil)
	exposed := exposed(s)
	switch {
	case s.Settings.Port != 0 && asked != 0:
		out.list, rule, pos = []plan.Port{plan.Port(s.Settings.Port)}, "asked for", s.Settings.Pos("port")
	case !said && (unknown != nil || len(m.Listens) == 0) && len(exposed) > 0:
		for _, p := range out.list {
			rejected = append(rejected, plan.Rejected{Value: p.String(), Pos: record.At(pos), Why: "fixed in the source, beside one that the configuration decides"})
		}
		out.list, rule, evidence = exposed, "the source does not say it; the repository's own Dockerfile exposes it", elsewhere
		if len(s.all.DockerfilePorts) > 0 {
			pos = s.all.DockerfilePorts[0].Pos
		}
	case len(out.list) == 0 && loopback != nil && unknown == nil:
		return ports{}, record.Refuse(loopback.Pos, "listen on :"+loopback.Addr.Port.Text+", or take the address from a variable",
			"listens on %s only, which nothing outside of the container reaches", printable(loopback.Addr.Host.Text))
	case !said && unknown != nil:
		s.Log.Note(unknown.Pos, "listens, and the source does not say on which port", "say it with --set port=8080")
	}
	if len(out.list) == 0 {
		return out, nil
	}
	slices.Sort(out.list)
	var values []string
	for _, p := range out.list {
		values = append(values, p.String())
		if p < 1024 {
			s.Log.Note(pos, fmt.Sprintf("listens on %d, a port that only root may open on a plain Linux; Docker and containerd let every user", p),
				"a port from 1024 works everywhere")
		}
	}
	s.Log.Choose(plan.Choice{Key: "port", Value: strings.Join(values, " "), Rule: rule, Pos: record.At(pos), Rejected: rejected, Evidence: evidence})
	return out, nil
}

// beside matches variables and flags of what a server has beside the service
// that it is for, as words of their names.
var beside = regexp.MustCompile(`(?i)(^|[_.-])(admin|debug|pprof|profil(er|ing)|metrics?|plugins?|mgmt|management|internal|tracing|control)([_.-]|$)`)

// isAside reports whether an address within the container is best left there: it
// is by its name not the app's, and there is another.
func isAside(m golang.Main, a effect.Addr) bool {
	side := func(a effect.Addr) bool {
		return slices.ContainsFunc([]string{a.Port.Env, a.Host.Env, a.Port.Flag, a.Host.Flag}, beside.MatchString)
	}
	return side(a) && slices.ContainsFunc(m.Listens, func(l effect.Listen) bool {
		return l.Addr.Known() && l.Addr != a && !side(l.Addr) && (!inside(l.Addr.Host.Text) || l.Addr.Host.Decided())
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

func inside(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

// portOf is the port of one address, and what it takes for the program to
// listen there. given is the number of variables that other addresses have.
func portOf(s *source, m golang.Main, a effect.Addr, at fact.Pos, asked, given int) (out ports, rule string, err error) {
	n, _ := strconv.Atoi(a.Port.Text)
	rule = "the address in the source"
	set := false // whether the program has to be told
	switch {
	case asked != 0:
		set = asked != n
		n, rule = asked, "asked for"
		if set && !a.Port.Decided() {
			return out, "", fact.Errorf(s.Settings.Pos("port"), "port: the program listens on %s, whatever is asked for (%s)", a.Port.Text, at)
		}
	case a.Port.Env != "" && !a.Port.HasDefault():
		set = true
		n, rule = fallback(s, m, a.Port.Env, given)
	case a.Port.Env != "":
		rule = "the default of " + a.Port.Env
	case a.Port.Flag != "":
		rule = "the default of the flag " + a.Port.Flag
	}
	if n < 1024 && a.Port.Decided() && asked == 0 {
		n, set = n+8000, true
		rule += ", moved to a port that any user may open"
	}
	out.list = []plan.Port{plan.Port(n)}
	host := a.Host.Text
	open := inside(host)
	if open {
		host = ""
		switch {
		case a.WholeEnv() || a.WholeFlag(): // set below, with the port
		case a.Host.Flag != "":
			out.args = append(out.args, a.Host.Flag, "0.0.0.0")
			open = false
		case a.Host.Env != "":
			e, err := plan.NewEnv(a.Host.Env, "0.0.0.0")
			if err != nil {
				return out, "", err
			}
			out.env = append(out.env, e)
			open = false
		}
	}
	value := strconv.Itoa(n)
	switch {
	case a.Port.Env != "" && (set || open && a.WholeEnv()):
		if a.WholeEnv() {
			value = host + ":" + value
		}
		e, err := plan.NewEnv(a.Port.Env, value)
		if err != nil {
			return out, "", err
		}
		out.env = append(out.env, e)
	case a.Port.Flag != "" && (set || open):
		// The flag holds either the whole address or the port alone.
		if a.WholeFlag() {
			value = host + ":" + value
		}
		out.args = append(out.args, a.Port.Flag, value)
	}
	return out, rule, nil
}

// fallback is the port for a variable without a default: what the repository's
// own Dockerfile or a committed .env file has for it, else 8080 and the ones
// after it.
func fallback(s *source, m golang.Main, env string, given int) (int, string) {
	for _, v := range slices.Concat(presets(s, m), s.f.Dotenv) {
		if v.Value.Name != env {
			continue
		}
		text := v.Value.Value
		if n, err := strconv.Atoi(text[strings.LastIndexByte(text, ':')+1:]); err == nil && n > 0 && n < 65536 {
			return n, fmt.Sprintf("%s=%s in %s", env, text, cited(v.Pos))
		}
	}
	return fallbackPort + given, "dockgen's own for " + env + ", which has no default"
}

// healthRoutes are paths that by convention answer 200 while a program is
// well: https://kubernetes.io/docs/reference/using-api/health-checks/.
var healthRoutes = []string{"/healthz", "/health", "/livez", "/readyz", "/ping", "/-/healthy", "/up"} //nolint:gochecknoglobals // a constant table

// decideProbe adds a check if the image has a program that can ask, and the
// source a route that is made to be asked.
func decideProbe(s *source, p program, r plan.Runtime) *plan.Probe {
	asked := s.Settings.Healthcheck
	c := plan.Choice{Key: "healthcheck", Value: "none"}
	var route string
	switch {
	case asked == "none":
		c.Rule, c.Pos = "asked for", record.At(s.Settings.Pos("healthcheck"))
	case asked != "":
		route, c.Rule, c.Pos = asked, "asked for", record.At(s.Settings.Pos("healthcheck"))
	default:
		i := slices.IndexFunc(p.Routes, func(r effect.Route) bool { return gets(r) && slices.Contains(healthRoutes, r.Path) })
		if i >= 0 {
			route, c.Rule, c.Pos = p.Routes[i].Path, "a route that is made for it", record.At(p.Routes[i].Pos)
		}
	}
	var out *plan.Probe
	switch {
	case route == "":
		c.Rule = cmp.Or(c.Rule, "no route is known to answer")
	case len(p.ports) == 0:
		c.Rule = "the program does not listen"
	case r != plan.Alpine:
		if asked != "" {
			s.Log.Note(s.Settings.Pos("healthcheck"), fmt.Sprintf("%s holds no program that could ask for %s", r, printable(route)), "let the orchestrator ask, or take --runtime alpine, which has wget")
		}
		c.Rule = fmt.Sprintf("%s has no program that could ask for %s; an orchestrator's probe can", r, printable(route))
	case slices.ContainsFunc(p.Listens, func(l effect.Listen) bool { return l.TLS && l.Addr.Port.Text == p.ports[0].String() }):
		c.Rule = "it answers over TLS alone"
	default:
		path, err := plan.NewText(route)
		if err != nil {
			break
		}
		out = &plan.Probe{Path: path, Port: p.ports[0], Cmd: plan.Exec{"wget", "-q", "-O", "/dev/null", fmt.Sprintf("http://127.0.0.1:%s%s", p.ports[0], route)}}
		c.Value = "GET " + route
	}
	s.Log.Choose(c)
	return out
}
