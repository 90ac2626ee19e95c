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
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// fallbackPort is what a program is given that wants a port and has none.
const fallbackPort = 8080

// ports decides where the program listens: what its source says, made
// reachable from outside of the container where a variable or a flag can do
// that.
func (d *decider) ports() error {
	var found []plan.Port
	var unknown, loopback *effect.Listen
	var rejected []plan.Rejected
	rule, pos, input := "", fact.Pos{}, ""
	asked, decided := d.Settings.Port, false
	for i := range d.main.Listens {
		l := &d.main.Listens[i]
		a := l.Addr
		switch {
		case !a.Known():
			unknown = cmp.Or(unknown, l)
			continue
		case d.stopgap(l):
			rejected = append(rejected, plan.Rejected{Value: a.Port.Text, Pos: record.At(l.Pos), Why: "taken where nothing else decides, and something does"})
			continue
		case inside(a.Host.Text) && (!a.Host.Decided() || d.aside(a)):
			loopback = l
			rejected = append(rejected, plan.Rejected{Value: a.Port.Text, Pos: record.At(l.Pos), Why: "listens on " + printable(a.Host.Text) + ", inside of the container only"})
			continue
		}
		port, why, err := d.port(a, l.Pos, asked)
		if err != nil {
			return err
		}
		asked = 0 // a port that was asked for is the first
		decided = decided || a.Port.Decided() || d.Settings.Port != 0
		if pos.IsZero() {
			rule, pos = why, l.Pos
		}
		if !slices.Contains(found, port) {
			found = append(found, port)
		}
	}
	// Fixed ports beside one that the source does not say are seldom the app's.
	said := len(found) > 0 && (decided || unknown == nil)
	switch {
	case d.Settings.Port != 0 && asked != 0:
		found, rule, pos = []plan.Port{plan.Port(d.Settings.Port)}, "asked for", d.Settings.Pos("port")
	case !said && (unknown != nil || len(d.main.Listens) == 0) && len(d.exposed()) > 0:
		for _, p := range found {
			rejected = append(rejected, plan.Rejected{Value: p.String(), Pos: record.At(pos), Why: "fixed in the source, beside one that the configuration decides"})
		}
		found, rule, input = d.exposed(), "the source does not say it; the repository's own Dockerfile exposes it", elsewhere
		if len(d.all.DockerfilePorts) > 0 {
			pos = d.all.DockerfilePorts[0].Pos
		}
	case len(found) == 0 && loopback != nil && unknown == nil:
		return record.Refuse(loopback.Pos, "listen on :"+loopback.Addr.Port.Text+", or take the address from a variable",
			"listens on %s only, which nothing outside of the container reaches", printable(loopback.Addr.Host.Text))
	case !said && unknown != nil:
		d.Log.Note(unknown.Pos, "listens, and the source does not say on which port", "say it with --set port=8080")
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	d.p.Ports = found
	var values []string
	for _, p := range found {
		values = append(values, p.String())
		if p < 1024 {
			d.Log.Note(pos, fmt.Sprintf("listens on %d, a port that only root may open on a plain Linux; Docker and containerd let every user", p),
				"a port from 1024 works everywhere")
		}
	}
	c := plan.Choice{Key: "port", Value: strings.Join(values, " "), Rule: rule, Pos: record.At(pos), Rejected: rejected, Evidence: input}
	d.Log.Choose(c)
	return nil
}

// beside matches variables and flags of what a server has beside the service
// that it is for, as words of their names.
var beside = regexp.MustCompile(`(?i)(^|[_.-])(admin|debug|pprof|profil(er|ing)|metrics?|plugins?|mgmt|management|internal|tracing|control)([_.-]|$)`)

// aside reports whether an address within the container is best left there: it
// is by its name not the app's, and there is another.
func (d *decider) aside(a effect.Addr) bool {
	side := func(a effect.Addr) bool {
		return slices.ContainsFunc([]string{a.Port.Env, a.Host.Env, a.Port.Flag, a.Host.Flag}, beside.MatchString)
	}
	return side(a) && slices.ContainsFunc(d.main.Listens, func(l effect.Listen) bool {
		return l.Addr.Known() && l.Addr != a && !side(l.Addr) && (!inside(l.Addr.Host.Text) || l.Addr.Host.Decided())
	})
}

// stopgap reports whether a fixed address stands beside others that the source
// does not say, in a program that is told elsewhere where to listen.
func (d *decider) stopgap(l *effect.Listen) bool {
	if l.Addr.Port.Decided() || !slices.ContainsFunc(d.main.Listens, func(o effect.Listen) bool { return o.Addr.Port.Decided() }) {
		return false
	}
	return slices.ContainsFunc(d.main.Listens, func(o effect.Listen) bool { return !o.Addr.Known() && o.Pos == l.Pos })
}

func inside(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

// port is the port of one address; what it takes for the program to listen
// there goes into the environment or the arguments.
func (d *decider) port(a effect.Addr, at fact.Pos, asked int) (port plan.Port, rule string, err error) {
	n, _ := strconv.Atoi(a.Port.Text)
	rule = "the address in the source"
	set := false // whether the program has to be told
	switch {
	case asked != 0:
		set = asked != n
		n, rule = asked, "asked for"
		if set && !a.Port.Decided() {
			return 0, "", fact.Errorf(d.Settings.Pos("port"), "port: the program listens on %s, whatever is asked for (%s)", a.Port.Text, at)
		}
	case a.Port.Env != "" && !a.Port.HasDefault():
		set = true
		n, rule = d.fallback(a.Port.Env)
	case a.Port.Env != "":
		rule = "the default of " + a.Port.Env
	case a.Port.Flag != "":
		rule = "the default of the flag " + a.Port.Flag
	}
	if n < 1024 && a.Port.Decided() && asked == 0 {
		n, set = n+8000, true
		rule += ", moved to a port that any user may open"
	}
	host := a.Host.Text
	open := inside(host)
	if open {
		host = ""
		switch {
		case a.WholeEnv() || a.WholeFlag(): // set below, with the port
		case a.Host.Flag != "":
			d.args = append(d.args, a.Host.Flag, "0.0.0.0")
			open = false
		case a.Host.Env != "":
			e, err := plan.NewEnv(a.Host.Env, "0.0.0.0")
			if err != nil {
				return 0, "", err
			}
			d.env = append(d.env, e)
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
			return 0, "", err
		}
		if !slices.ContainsFunc(d.env, func(o plan.Env) bool { return o.Name == e.Name }) {
			d.env = append(d.env, e)
		}
	case a.Port.Flag != "" && (set || open):
		// The flag holds either the whole address or the port alone.
		if a.WholeFlag() {
			value = host + ":" + value
		}
		d.args = append(d.args, a.Port.Flag, value)
	}
	return plan.Port(n), rule, nil
}

// elsewhere is the evidence for ports that the source does not say.
const elsewhere = "the program's configuration"

// exposed are the ports of the repository's own Dockerfile, for a program whose
// configuration says where it listens. The lock remembers them, because
// dockgen's Dockerfile may take the other's place.
func (d *decider) exposed() []plan.Port {
	var out []plan.Port
	for _, x := range d.all.DockerfilePorts {
		if p := plan.Port(x.Value); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if old := d.Log.Locked["port"]; len(out) == 0 && old.Evidence == elsewhere {
		for s := range strings.FieldsSeq(old.Value) {
			if n, err := strconv.ParseUint(s, 10, 16); err == nil && n > 0 {
				out = append(out, plan.Port(n))
			}
		}
	}
	return out
}

// fallback is the port for a variable without a default: what the repository's
// own Dockerfile or a committed .env file has for it, else 8080 and the ones
// after it.
func (d *decider) fallback(env string) (int, string) {
	for _, v := range slices.Concat(d.presets(), d.f.Dotenv) {
		if v.Value.Name != env {
			continue
		}
		s := v.Value.Value
		if n, err := strconv.Atoi(s[strings.LastIndexByte(s, ':')+1:]); err == nil && n > 0 && n < 65536 {
			return n, fmt.Sprintf("%s=%s in %s", env, s, cited(v.Pos))
		}
	}
	return fallbackPort + len(d.env), "dockgen's own for " + env + ", which has no default"
}
