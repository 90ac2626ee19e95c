package node

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// defaultPort is the port of a variable that the source gives none: the
// convention of Express' generator and of most tutorials.
const defaultPort = 3000

// shellPort matches a command that needs PORT: with a default of its own it
// would not.
var shellPort = lazy.MustCompile(`\$(PORT\b|\{PORT\})`)

// byPort is how most servers of Node take their port.
var byPort = image.Move{Env: "PORT"} //nolint:gochecknoglobals // a constant

// decidePort finds where prod listens. The command comes back as it makes the
// app listen there.
func decidePort(p project, s start, c code) (image.Ports, start, error) {
	q := image.PortRequest{Default: defaultPort}
	given := envPort(s.Env)
	flag := script.Port(s.Argv)
	// A program that is run by its name listens where its flag says.
	host, byFlag := script.Host(s.Argv), image.Move{Free: len(p.in.Settings.Start) == 0}
	add := func(a image.Address) { q.Addresses = append(q.Addresses, a) }
	addNamed := func(a image.Address) {
		a.Host, a.HostMove = host, byFlag
		add(a)
	}
	if given > 0 {
		addNamed(image.Address{Port: given, Pos: s.Pos, Rule: "the start command sets PORT", Move: byPort})
	}
	if flag > 0 && !slices.Contains(s.Argv, "inspect") {
		addNamed(image.Address{Port: flag, Pos: s.Pos, Rule: "the start command names it", Move: image.Move{Free: true}})
	}
	if shellPort.MatchString(s.Shell) {
		add(image.Address{Pos: s.Pos, Rule: "the start command takes it from PORT", Move: byPort, NoDefault: true})
	}
	listen, found := codePort(p.app, s, c)
	runs := found && !listen.Named && c.has(listen.Pos)
	of := image.Address{Port: p.fw.Port(), Pos: p.fw.Pos, Rule: "where " + p.fw.Name + " listens", Link: p.fw.Link, Move: byPort}
	headless := headless(p.app, c)
	if p.fw.Port() > 0 && !runs && !headless {
		addNamed(of)
	}
	if row := serverOf(s); row.Port > 0 {
		move := byPort
		if row.Variable != "" {
			move = image.Move{Env: row.Variable}
		}
		// One that takes its port from its row's variables may have another default.
		addNamed(image.Address{Port: row.Port, Pos: s.Pos, Rule: "where " + row.Program + " listens", Link: row.Source, Move: move, NoDefault: row.Env["PORT"] != ""})
	}
	if found {
		a := address(listen, runs)
		for _, e := range s.Env {
			if e.Name.String() == a.HostMove.Env {
				a.Host = e.Value.Raw() // what the start command sets
			}
		}
		add(a)
		if runs && len(q.Addresses) == 1 {
			q.Addresses = append(q.Addresses, otherListens(p.app, listen, c)...)
		}
	}
	if found && len(q.Addresses) == 1 {
		// Where the app is reached first is not read.
		if a, ok := image.OwnPort(p.in, q.Addresses[0].Port); ok && a.Move.Env != listen.Addr.Port.Env {
			q.Addresses[0].Also = true
			q.Addresses = []image.Address{a, q.Addresses[0]}
		}
	}
	if p.fw.Port() > 0 && runs {
		add(of)
	}
	if len(q.Addresses) == 0 && !headless {
		unread(p.app, p.eng, &q)
	}
	if i := slices.IndexFunc(p.app.Root.Code.Listens, func(l effect.Listen) bool { return !l.Addr.Known() && c.has(l.Pos) }); i >= 0 && len(q.Addresses) == 0 && q.Unknown.IsZero() {
		q.Unknown = p.app.Root.Code.Listens[i].Pos
	}
	if len(q.Addresses) == 0 {
		adopt(p.in, p.app, &q)
	}
	documented(p.app, &q)
	ports, err := image.Port(p.in, q)
	if err != nil || len(ports.List) == 0 {
		return ports, s, err
	}
	if port := int(ports.List[0]); flag > 0 && given == 0 && port != flag {
		s.Argv = script.SetPort(s.Argv, port)
	}
	if image.Loopback(host) {
		s.Argv = script.SetHost(s.Argv, "0.0.0.0")
	}
	s.Env = slices.DeleteFunc(slices.Clone(s.Env), func(e plan.Env) bool {
		return slices.ContainsFunc(ports.Env, func(p plan.Env) bool { return p.Name == e.Name })
	})
	row := serverOf(s)
	for _, name := range slices.Sorted(maps.Keys(row.Env)) {
		if e, err := plan.NewEnv(name, row.Env[name]); err == nil && envPort([]plan.Env{e}) == 0 {
			ports.Env = image.SetEnv(ports.Env, e) // what makes it listen on every address
		}
	}
	return ports, s, nil
}

// documented gives a port that the code takes from a variable without a default the one
// that a file of variables names: .env, or else the example of it.
func documented(app workspace.App, q *image.PortRequest) {
	for i, a := range q.Addresses {
		if a.Port != 0 || a.Move.Env == "" || a.Move.HostPort {
			continue
		}
		if v, ok := exampleOf(app, a.Move.Env); ok {
			q.Addresses[i].Port, q.Addresses[i].Pos = v.Value, v.Pos
			q.Addresses[i].Rule = v.Pos.File + " names it for " + a.Move.Env
		}
	}
}

// exampleOf is the port that a file of variables names for one: .env, or else the example of it.
func exampleOf(app workspace.App, variable string) (v fact.Fact[int], ok bool) {
	own := app.Own.Config
	for _, e := range slices.Concat(own.Env, own.Examples) {
		if v, ok = e.Port(variable); ok {
			return v, true
		}
	}
	return v, false
}

// otherListens are where the running code listens besides its own port: for metrics, or
// for a second protocol. What listens on loopback is not a port of
// the image.
func otherListens(app workspace.App, own effect.Listen, c code) []image.Address {
	var out []image.Address
	seen := []string{own.Addr.Port.Text}
	for _, l := range app.Root.Code.Listens {
		if !l.Addr.Known() || l.Named || !c.has(l.Pos) || slices.Contains(seen, l.Addr.Port.Text) || l.Addr.Port.Text == "" ||
			own.Addr.Port.Env != "" && l.Addr.Port.Env == own.Addr.Port.Env || image.Loopback(l.Addr.Host.Text) {
			continue
		}
		seen = append(seen, l.Addr.Port.Text)
		a := address(l, true)
		a.Also = true
		out = append(out, a)
	}
	return out
}

// address is where the code listens. reached says that what is run leads to it: the
// host counts only there.
func address(l effect.Listen, reached bool) image.Address {
	port, _ := strconv.Atoi(l.Addr.Port.Text)
	a := image.Address{Port: port, Pos: l.Pos, Rule: "the code listens there", Move: image.Move{Env: l.Addr.Port.Env, HostPort: l.Addr.WholeEnv()}}
	switch {
	case a.Move.Env != "" && port == 0:
		a.Rule, a.NoDefault = "the code takes it from "+a.Move.Env, true
	case a.Move.Env != "":
		a.Rule = "the code's default for " + a.Move.Env
	}
	if reached {
		a.Host, a.HostMove = l.Addr.Host.Text, image.Move{Env: l.Addr.Host.Env}
	}
	return a
}

// headless reports whether what the code that runs starts of its framework answers nobody, and nothing else of it listens.
func headless(app workspace.App, c code) bool {
	all := app.Root.Code
	return slices.ContainsFunc(all.Headless, c.has) && !slices.ContainsFunc(all.Listens, func(l effect.Listen) bool { return !l.Named && c.has(l.Pos) })
}

// unread says of an app that uses a server's library, and names no port that
// dockgen can read, what is known all the same.
func unread(app workspace.App, eng engine, q *image.PortRequest) {
	f := app.Own
	rows, err := startRows()
	if err != nil {
		return
	}
	for _, row := range rows.Listeners {
		name := row.Package
		d, ok := f.Dep(name)
		pos, used := f.Code.Imports[name]
		if !ok || d.Kind == node.Dev || !used {
			continue
		}
		i := slices.IndexFunc(f.Code.Env, func(e effect.Env) bool { return e.Name == "PORT" })
		named, documents := exampleOf(app, "PORT")
		switch {
		case row.Port > 0:
			q.Addresses = append(q.Addresses, image.Address{Port: row.Port, Pos: pos, Rule: "the code uses " + name + " and names no port, and this is where it then listens", Evidence: name})
		case eng.Bun:
			q.Addresses = append(q.Addresses, image.Address{Port: defaultPort, Pos: pos, Rule: "where Bun serves what a file exports", Link: "https://bun.com/docs/runtime/http/server#export-default-syntax", Move: byPort, Evidence: "bun"})
		case i >= 0:
			q.Addresses = append(q.Addresses, image.Address{Pos: f.Code.Env[i].Pos, Rule: "the code reads PORT", Move: byPort, NoDefault: true})
		case documents:
			q.Addresses = append(q.Addresses, image.Address{Pos: named.Pos, Rule: named.Pos.File + " names PORT", Move: byPort, NoDefault: true})
		case q.Unknown.IsZero():
			q.Unknown, q.UnknownText = pos, "the code uses "+name+", and names no port that dockgen can read"
		}
		return
	}
}

// adopt takes the port that the repository's own image has, for an app that says none.
// In a workspace of several apps that image may be another app's.
func adopt(in record.Input, app workspace.App, q *image.PortRequest) {
	if app.Member != nil && !app.Alone {
		return
	}
	own := image.OwnImage(in)
	if own != nil && !own.Default && !slices.ContainsFunc(own.Image.Stages, func(s buildfile.Stage) bool { return runsNode.MatchString(s.Base) }) {
		own = nil // in a folder of images, one of something else
	}
	if a, ok := image.GivenPort(in, own, byPort.Env); ok {
		q.Addresses = append(q.Addresses, a)
	}
	if q.Exposed, q.ExposedRule = image.ExposedBy(in, own); len(q.Exposed) == 0 {
		q.Exposed, q.ExposedRule = image.Published(in)
	}
}

// runsNode matches images with Node or Bun.
var runsNode = lazy.MustCompile(`(^|[/_-])(node|nodejs|bun)([:@/_-]|$)`)

// serverOf is the server that a start command runs by its own name.
func serverOf(s start) server {
	words := s.Argv
	if list := script.Commands(s.Shell); len(list) > 0 {
		words = list[len(list)-1]
		if words[0] == "exec" {
			words = words[1:]
		}
	}
	rows, err := startRows()
	if err != nil || len(words) == 0 {
		return server{}
	}
	i := slices.IndexFunc(rows.Programs, func(p server) bool {
		return p.Program == words[0] && (p.Command == "" || len(words) > 1 && words[1] == p.Command)
	})
	if i < 0 {
		return server{}
	}
	return rows.Programs[i]
}

// envPort is the port that PORT is set to, 0 for none.
func envPort(env []plan.Env) int {
	for _, e := range env {
		if n, err := strconv.Atoi(e.Value.Raw()); e.Name.String() == "PORT" && err == nil && n > 0 && n < 65536 {
			return n
		}
	}
	return 0
}

// sideCall matches calls that listen for something else than what most programs are for:
// metrics.listen, grpc's bindAsync, a WebSocketServer with a port of its own.
var sideCall = lazy.MustCompile(`(?i)(metric|prometheus|admin|debug|internal|health|probe|manage)\w*\.listen$|\.bind(async)?$|(^|\.)(web)?socket\w*server$|^ws\.|smtp`)

// codePort is the port that the code names: in the file that is run, else in
// its folder's package, else anywhere; a call that listens before a variable
// that only names a port.
func codePort(app workspace.App, s start, c code) (effect.Listen, bool) {
	file := s.file()
	if src := tsOf(app, file); src != "" {
		file = src
	}
	main := app.Path(file)
	unit := ""
	for _, u := range app.Root.Packages {
		if strings.HasPrefix(file, u.Dir+"/") || strings.Contains(s.Shell, u.Dir) {
			unit = app.Path(u.Dir) + "/"
		}
	}
	own := map[fact.Pos]bool{}
	for _, l := range app.Own.Code.Listens {
		own[l.Pos] = true
	}
	best, rank := effect.Listen{}, 0
	for _, l := range app.Root.Code.Listens {
		started := c.has(l.Pos)
		if !l.Addr.Known() || !started && !own[l.Pos] { // it is another app's
			continue
		}
		r := 1
		if started {
			r += 6
		}
		if !l.Named {
			r += 4
		}
		if unit != "" && strings.HasPrefix(l.Pos.File, unit) {
			r += 8
		}
		if l.Pos.File == main {
			r += 16
		}
		if l.Addr.Port.Env != "" {
			r++
		}
		if sideCall.MatchString(l.Call) {
			r -= 3
		}
		if l.Addr.Port.Env != "" && !strings.EqualFold(l.Addr.Port.Env, "PORT") && l.Named {
			continue
		}
		if unit != "" && !strings.HasPrefix(l.Pos.File, unit) {
			r -= 4
		}
		if r > rank {
			best, rank = l, r
		}
	}
	// A build's output says the same as its source: of equals the first counts.
	return best, rank > 0
}
