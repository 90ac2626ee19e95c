package image

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Move is what makes an app listen elsewhere than its code says. The zero value
// is nothing: the app listens there whatever it is told.
type Move struct {
	Env  string // an environment variable, or ""
	Flag string // an argument of the start command with its hyphens, or ""; with "=" at its end the value follows in the same argument
	// HostPort says that the variable or the flag holds host and port together (":8080").
	HostPort bool
	// Free says that dockgen writes the command or the configuration that names
	// the port, so that any port will do.
	Free bool
}

// can reports whether there is anything that moves the app.
func (m Move) can() bool { return m.Env != "" || m.Flag != "" || m.Free }

// Address is where an app may listen, and how dockgen knows.
type Address struct {
	Port int    // 0: the source gives none, so Move has to
	Host string // "" is every interface
	Pos  fact.Pos
	Rule string // why it would count: "the default of PORT"
	Link string // the source of the rule, if it is not the repository
	// Move moves the port, HostMove the host. Of a HostPort one, Move says both.
	Move, HostMove Move
	// NoDefault says that the app has this port from Move alone: it listens
	// nowhere without.
	NoDefault bool
	// Also says that the app listens here beside the addresses before it. Any
	// other address after the first is one that would count without the first.
	Also bool
	// Evidence is set if the port follows from what this release of dockgen
	// knows: see plan.Choice.
	Evidence string
}

// PortRequest is what a language knows of where its app listens.
type PortRequest struct {
	// Addresses are in the order of precedence. The first counts, and with it
	// those that the app listens on also.
	Addresses []Address
	// Unknown is a place that listens, if the source does not say where;
	// UnknownText says more of it than that.
	Unknown     fact.Pos
	UnknownText string
	// Exposed are the ports that the repository's own image opens. They count if
	// the source does not say the port; if it says several, those of them count that
	// are among these. ExposedRule names them, and is their evidence.
	Exposed     []fact.Fact[int]
	ExposedRule string
	// Serves says that the app serves, although no code that listens was found: it depends on what serves.
	Serves bool
	// Default is the port of a variable or flag that the source gives none:
	// the convention of the language.
	Default int
}

// Ports is where an app listens in its image, and what it takes for that.
type Ports struct {
	List []plan.Port // the app's own first; nil: none, or none that is known
	Env  []plan.Env  // variables of prod that make it so
	Args []string    // arguments of the start command that make it so
	// Var is the variable from which the app takes its port when it runs, "" for
	// none. VarHostPort says that it holds host and port together.
	Var         string
	VarHostPort bool
}

// portHint tells how to say a port that the source does not.
const portHint = "--set port=8080 names it"

// Port decides where the app listens, and records it as "port". The policy is
// the same for every language:
//
//   - What the code says counts. A port that is not known is noted and never made up.
//   - If the user asks for another port, the app's variable or flag moves it there. If
//     it has none, that is a *fact.Error with the line that listens.
//   - An app that listens on the loopback alone is moved by its variable or flag, or
//     else refused with that line.
//   - A port that the repository's people publish stays, and the app is moved to it if it can be
//     (contract.go); never to the port of another listener.
//   - Any other port below 1024 is moved likewise, 8000 up, or else noted.
//   - A variable that the source gives no port gets one from the image, unless it is
//     of a further address beside one that is known: that is off until somebody sets it.
//   - Of several addresses, those count that the repository's own image exposes.
func Port(in record.Input, r PortRequest) (Ports, error) {
	d := &ports{in: in, r: r}
	list, inside, err := d.listening()
	if err != nil {
		return Ports{}, err
	}
	d.promise(list)
	r = d.r
	asked := in.Settings.Port
	known := len(list) > 0
	if known && asked == 0 && !r.Unknown.IsZero() && !slices.ContainsFunc(list, func(a Address) bool { return a.Move.can() }) {
		// A fixed port beside one that the source does not say is seldom the app's.
		known = false
	}
	switch {
	case len(list) == 0 && inside != nil && r.Unknown.IsZero():
		return Ports{}, record.Refuse(inside.Pos, "listen on every interface, or take the host from a variable",
			"listens on %s only, which nothing outside of the container reaches", plan.Printable(inside.Host, 40))
	case asked > 0 && (len(list) == 0 || !r.Unknown.IsZero()) && !slices.ContainsFunc(list, func(a Address) bool { return a.Port == asked || a.Move.can() }):
		// The fixed ports, if there are any, are others than the one that the user names.
		for _, a := range list {
			d.reject(a, "is fixed in the source; the image exposes the port that is asked for")
		}
		d.choose([]int{asked}, Address{Rule: "asked for", Pos: in.Settings.Pos("port")})
		return d.out, nil
	case !known && asked == 0 && len(r.Exposed) > 0:
		for _, a := range list {
			d.reject(a, "is fixed in the source, and another port is not known")
		}
		var open []int
		for _, p := range r.Exposed {
			if p.Value > 0 && p.Value < 65536 && !slices.Contains(open, p.Value) {
				open = append(open, p.Value)
			}
		}
		d.choose(open, Address{Rule: r.ExposedRule, Pos: r.Exposed[0].Pos, Evidence: r.ExposedRule})
		return d.out, nil
	case !known && len(list) == 0 && asked == 0 && inside == nil && d.documented():
		return d.out, nil
	case !known && asked == 0 && !r.Unknown.IsZero():
		text := r.UnknownText
		if text == "" {
			text = "listens, and the source does not say on which port"
		}
		in.Log.Note(r.Unknown, text, portHint)
	}
	if len(list) == 0 {
		c := plan.Choice{Key: "port", Value: "none", Rule: "no code that listens was found", Rejected: d.rejected}
		if !r.Unknown.IsZero() {
			c.Rule, c.Pos = "it is not known on which port the app listens", record.At(r.Unknown)
		}
		in.Log.Choose(c)
		return Ports{}, nil
	}
	err = d.decide(list, asked)
	return d.out, err
}

// documented takes the port at which the repository's pages say that the app is found, where nothing else says one.
func (d *ports) documented() bool {
	at := d.in.Builds.Address()
	if !at.Found() || d.r.Unknown.IsZero() && !d.r.Serves {
		return false
	}
	d.choose([]int{at.Value}, Address{Rule: d.in.Rel(at.Pos.File) + " says that the app is found there", Pos: at.Pos})
	return true
}

// ports is the state of one call of Port.
type ports struct {
	in       record.Input
	r        PortRequest
	rejected []plan.Rejected
	moved    bool // the choice "address" is recorded
	narrowed bool // an address is left out because of what is exposed
	promised []promise
	out      Ports
}

// promise looks for the ports of the contract. What is published counts as what the image
// exposes does, if that says nothing.
func (d *ports) promise(list []Address) {
	variable := ""
	if len(list) > 0 {
		variable = list[0].Move.Env
	}
	d.promised = promised(d.in, variable)
	if len(d.r.Exposed) > 0 {
		return
	}
	if len(d.promised) == 0 {
		return
	}
	p := d.promised[0]
	d.r.Exposed, d.r.ExposedRule = []fact.Fact[int]{{Value: p.port, Pos: p.pos}}, p.rule
	if len(p.all) > 0 {
		d.r.Exposed, d.r.ExposedRule = slices.Clone(p.all), p.rules
		slices.SortStableFunc(d.r.Exposed, func(a, b fact.Fact[int]) int { return cmp.Compare(ofSSH(a), ofSSH(b)) })
	}
}

// ofSSH sorts the ports of SSH behind those that a browser opens.
func ofSSH(p fact.Fact[int]) int {
	if p.Value == 22 || p.Value == 2222 {
		return 1
	}
	return 0
}

// kept is the port of the contract for an address that the source has on n: n itself, or
// where the app is moved to; ok is false if the contract says nothing of it. A port that is
// only exposed moves no app whose source has another.
func (d *ports) kept(a Address, n int) (p promise, ok bool) {
	for _, p := range d.promised {
		if p.port == n || p.set && a.Move.can() {
			return p, true
		}
	}
	for _, p := range d.promised {
		other := slices.ContainsFunc(d.r.Addresses, func(o Address) bool { return o.Also && o.Port == p.port })
		if !other && a.Move.can() && (p.moves || p.gives && (n == 0 || a.Pos.IsZero())) {
			return p, true
		}
	}
	return promise{}, false
}

// listening are the addresses that the app listens on and that something
// outside of the container reaches, or can be made to. inside is the first that
// nothing reaches.
func (d *ports) listening() (list []Address, inside *Address, err error) {
	for i, a := range d.r.Addresses {
		// No Dockerfile sets a variable with such a name.
		if !plan.IsEnvName(a.Move.Env) {
			a.Move.Env = ""
		}
		if !plan.IsEnvName(a.HostMove.Env) {
			a.HostMove.Env = ""
		}
		if a.Port < 0 || a.Port > 65535 {
			return nil, nil, fact.Errorf(a.Pos, "%d is not a port", a.Port)
		}
		switch {
		case i > 0 && !a.Also:
			d.reject(a, d.r.Addresses[0].Rule+" comes before "+a.Rule)
		case (a.Port == 0 || a.NoDefault) && !a.Move.can():
			// It is as if nothing were known of it.
			if d.r.Unknown.IsZero() {
				d.r.Unknown = a.Pos
			}
		case Loopback(a.Host) && !a.HostMove.can() && !(a.Move.HostPort && a.Move.can()):
			d.reject(a, "listens on "+plan.Printable(a.Host, 40)+", inside of the container only")
			if inside == nil {
				inside = &d.r.Addresses[i]
			}
		default:
			list = append(list, a)
		}
	}
	return d.offered(list), inside, nil
}

// offered leaves out what the app does not offer by itself, or not in the repository's
// own image: see Port.
func (d *ports) offered(list []Address) []Address {
	known := slices.ContainsFunc(list, func(a Address) bool { return a.Port > 0 })
	shown := func(a Address) bool {
		return slices.ContainsFunc(d.r.Exposed, func(p fact.Fact[int]) bool { return p.Value == a.Port })
	}
	narrow := d.in.Settings.Port == 0 && slices.ContainsFunc(list, shown)
	var out []Address
	for i, a := range list {
		_, set := d.in.Settings.Env[a.Move.Env]
		switch {
		case set && a.Move.Env != "":
		case i > 0 && known && a.Port == 0:
			d.rejected = append(d.rejected, plan.Rejected{Value: plan.Printable(a.Move.name(), 40), Pos: record.At(a.Pos), Why: "has no default: nothing listens there unless it is set"})
			continue
		case narrow && !shown(a) && (i > 0 || !a.Move.can()):
			d.reject(a, "is none that the repository's own image exposes")
			d.narrowed = true
			continue
		}
		out = append(out, a)
	}
	return out
}

// reject writes down an address that does not count.
func (d *ports) reject(a Address, why string) {
	if a.Port == 0 {
		return
	}
	d.rejected = append(d.rejected, plan.Rejected{Value: strconv.Itoa(a.Port), Pos: record.At(a.Pos), Why: why})
}

// decide gives each address its port; the first is the one that the user asks for.
func (d *ports) decide(list []Address, asked int) error {
	// The app may listen there already.
	if i := slices.IndexFunc(list, func(a Address) bool { return a.Port == asked }); asked > 0 && i > 0 {
		list = slices.Concat(list[i:i+1], list[:i], list[i+1:])
	}
	var numbers, own []int
	main := list[0]
	for i, a := range list {
		if i > 0 {
			asked = 0
		}
		n, rule, pos, err := d.number(a, asked, numbers)
		if err != nil {
			return err
		}
		own = append(own, n)
		if i == 0 {
			main.Rule, main.Pos = rule, pos
			if !strings.HasPrefix(rule, a.Rule) {
				main.Evidence = "" // something else than what dockgen knows decides
			}
			if slices.ContainsFunc(d.promised, func(p promise) bool { return p.rule == rule }) {
				main.Evidence = rule
			}
		}
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	if d.narrowed && main.Evidence == "" {
		main.Evidence = d.r.ExposedRule
	}
	slices.Sort(numbers[1:])
	d.choose(numbers, main)
	own[0] = int(d.out.List[0])
	for i, a := range list {
		if err := d.apply(a, own[i]); err != nil {
			return err
		}
	}
	d.out.Var, d.out.VarHostPort = list[0].Move.Env, list[0].Move.HostPort
	return nil
}

// number is the port of one address and why. taken are those of others.
func (d *ports) number(a Address, asked int, taken []int) (n int, rule string, pos fact.Pos, err error) {
	n, rule, pos = a.Port, a.Rule, a.Pos
	given, set := d.in.Settings.Env[a.Move.Env]
	set = set && a.Move.Env != ""
	if set {
		number, bad := strconv.Atoi(given[strings.LastIndexByte(given, ':')+1:])
		at := d.in.Settings.Pos("env")
		switch {
		case bad != nil || number < 1 || number > 65535:
			return 0, "", at, fact.Errorf(at, "env: %s sets where the app listens, and %q is not a port", a.Move.Env, plan.Printable(given, 40))
		case asked > 0 && asked != number:
			return 0, "", at, fact.Errorf(d.in.Settings.Pos("port"), "port: env sets %s to %s (%s)", a.Move.Env, plan.Printable(given, 40), at)
		}
		return number, a.Move.Env + ", which env sets", at, nil
	}
	p, has := promise{}, false
	if !a.Also {
		p, has = d.kept(a, n)
	}
	switch {
	case asked > 0:
		if asked != n && !a.Move.can() {
			return 0, "", pos, fact.Errorf(d.in.Settings.Pos("port"), "port: the app always listens on %d (%s)", n, a.Pos).
				WithHint("let the code read the port from a variable such as PORT, or leave port out")
		}
		return asked, "asked for", d.in.Settings.Pos("port"), nil
	case has && p.port == n:
		return n, rule, pos, nil
	case has:
		return p.port, p.rule, p.pos, nil
	case n == 0:
		n = d.r.Default
		for slices.Contains(taken, n) {
			n++
		}
		return n, fmt.Sprintf("dockgen's own for %s, which has no default", a.Move.name()), pos, nil
	case n < 1024 && a.Move.can():
		return n + 8000, rule + ", moved to a port that any user may open", pos, nil
	}
	return n, rule, pos, nil
}

// name is what moves the port, for a sentence.
func (m Move) name() string {
	switch {
	case m.Env != "":
		return m.Env
	case m.Flag != "":
		return strings.TrimSuffix(m.Flag, "=")
	}
	return "its command"
}

// portsIn are the ports that a text names, between spaces: the value of the choice "port".
func portsIn(text string) []plan.Port {
	var out []plan.Port
	for word := range strings.FieldsSeq(text) {
		if n, err := strconv.ParseUint(word, 10, 16); err == nil && n > 0 {
			out = append(out, plan.Port(n))
		}
	}
	return out
}

// choose records the ports, which become the plan's: those of the lock, if it
// remembers others on the same evidence.
func (d *ports) choose(numbers []int, main Address) {
	var values []string
	for _, n := range numbers {
		values = append(values, strconv.Itoa(n))
	}
	value := strings.Join(values, " ")
	rejected := slices.DeleteFunc(d.rejected, func(x plan.Rejected) bool { return slices.Contains(values, x.Value) })
	kept := d.in.Log.Choose(plan.Choice{Key: "port", Value: value, Rule: main.Rule, Pos: record.At(main.Pos), Link: main.Link, Rejected: rejected, Evidence: main.Evidence})
	if d.out.List = portsIn(kept); len(d.out.List) == 0 { // a lock that was edited by hand
		for _, n := range numbers {
			d.out.List = append(d.out.List, plan.Port(n)) //nolint:gosec // checked to be a port
		}
	}
	for _, p := range d.out.List {
		if p < 1024 {
			d.in.Log.Note(main.Pos, fmt.Sprintf("listens on %d: on plain Linux only root may open it; Docker and containerd let every user", p),
				"a port from 1024 works everywhere")
		}
	}
}

// apply adds what it takes for the app to listen at the address on port n, on
// every interface.
func (d *ports) apply(a Address, n int) error {
	move := n != a.Port || a.NoDefault
	host, hidden := a.Host, Loopback(a.Host)
	if hidden {
		host = ""
	}
	switch {
	case hidden && a.Move.HostPort && a.Move.can():
		move = true
	case hidden, a.HostMove.Env == "HOSTNAME":
		// Docker sets HOSTNAME to the container's id, so an app that reads its host
		// there would not listen on the loopback, where the probe asks.
		if err := d.set(a.HostMove, "0.0.0.0"); err != nil {
			return err
		}
	}
	if hidden && !d.moved {
		d.moved = true
		by := a.HostMove
		if by == (Move{}) {
			by = a.Move
		}
		d.in.Log.Choose(plan.Choice{
			Key: "address", Value: "0.0.0.0", Rule: by.name() + " moves the app there, where it is reached from outside of the container", Pos: record.At(a.Pos),
			Rejected: []plan.Rejected{{Value: plan.Printable(a.Host, 40), Pos: record.At(a.Pos), Why: "is reached from inside of the container only"}},
		})
	}
	if !move {
		return nil
	}
	value := strconv.Itoa(n)
	if a.Move.HostPort {
		value = host + ":" + value
	}
	return d.set(a.Move, value)
}

// set gives a variable or a flag its value. What the user sets, and a command
// of the user's own, stays.
func (d *ports) set(m Move, value string) error {
	switch {
	case m.Env != "":
		if _, ok := d.in.Settings.Env[m.Env]; ok {
			return nil
		}
		e, err := plan.NewEnv(m.Env, value)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.out.Env, func(o plan.Env) bool { return o.Name == e.Name }) {
			d.out.Env = append(d.out.Env, e)
		}
	case m.Flag != "" && len(d.in.Settings.Start) == 0:
		if strings.HasSuffix(m.Flag, "=") {
			d.out.Args = append(d.out.Args, m.Flag+value)
			return nil
		}
		d.out.Args = append(d.out.Args, m.Flag, value)
	}
	return nil
}

// Loopback reports whether a host is reached from within its own container
// alone.
func Loopback(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" || host == "[::1]"
}
