package image

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Asker is a program of an image that can ask a route over HTTP and fails
// unless the answer is a good one. The zero value is none.
type Asker struct{ command func(u url) plan.Exec }

// IsZero reports whether there is no program.
func (a Asker) IsZero() bool { return a.command == nil }

// AskWget is wget as BusyBox has it, which every Alpine image holds:
// https://busybox.net/downloads/BusyBox.html#wget. It asks by way of the shell.
func AskWget() Asker {
	return Asker{func(u url) plan.Exec {
		options := []string{"-q", "-O", "/dev/null"}
		if u.tls {
			options = append(options, "--no-check-certificate")
		}
		return u.shell("wget", options...)
	}}
}

// AskCurl is curl: https://curl.se/docs/manpage.html. It asks by way of the shell.
func AskCurl() Asker {
	return Asker{func(u url) plan.Exec {
		options := []string{"-fsS", "-o", "/dev/null"}
		if u.tls {
			options = append(options, "-k")
		}
		return u.shell("curl", options...)
	}}
}

// AskNode is a Node of that major version, 0 for one that is not known:
// "node", or "/nodejs/bin/node". fetch is from Node 18 on:
// https://nodejs.org/api/globals.html#fetch.
func AskNode(program string, major int) Asker {
	return Asker{func(u url) plan.Exec {
		address := "'" + u.scheme() + "://127.0.0.1:" + u.inside("' + (process.env.%s || %s) + '", "' + (process.env.%s || ':%s').split(':').pop() + '") + u.pathIn("' + (process.env.%s || '%s') + '") + "'"
		switch {
		case u.tls:
			return plan.Exec{program, "-e", "require('https').get(" + address + ", {rejectUnauthorized: false}, r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"}
		case major > 0 && major < 18:
			return plan.Exec{program, "-e", "require('http').get(" + address + ", r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"}
		}
		return plan.Exec{program, "-e", "fetch(" + address + ").then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"}
	}}
}

// AskBun is Bun, which has Node's interfaces: https://bun.com/docs/runtime/nodejs-apis.
func AskBun() Asker { return AskNode("bun", 0) }

// AskPython is Python's own HTTP client, which raises an error for a bad answer:
// https://docs.python.org/3/library/urllib.request.html.
func AskPython(program string) Asker {
	return Asker{func(u url) plan.Exec {
		modules, context := "urllib.request as u", ""
		if u.tls {
			modules, context = "ssl, "+modules, ", context=ssl._create_unverified_context()"
		}
		if u.variable != "" || u.varies() {
			modules = "os, " + modules
		}
		address := "'" + u.scheme() + "://" + u.at() + ":" + u.inside("' + (os.environ.get('%s') or '%s') + '", "' + (os.environ.get('%s') or ':%s').split(':')[-1] + '") + u.pathIn("' + (os.environ.get('%s') or '%s') + '") + "'"
		return plan.Exec{program, "-c", "import " + modules + "; u.urlopen(" + address + context + ")"}
	}}
}

// url is what is asked: a port of the container itself, or the one that a
// variable names when the container runs.
type url struct {
	port     plan.Port
	variable string // "" for none
	whole    bool   // it holds host and port together
	host     string // "" for 127.0.0.1
	path     []part // escaped, so that it needs no quotes but in a shell
	tls      bool
}

// at is the host for a client that tries each address of a name, as curl and Python do; the others are
// given the number, because localhost is ::1 first for them, and not every server listens there.
func (u url) at() string {
	if u.host != "" {
		return u.host
	}
	return "127.0.0.1"
}

// pathIn is the path with its variables as a program's text has them: a format with verbs for the name and the default.
func (u url) pathIn(variable string) string {
	var b strings.Builder
	for _, p := range u.path {
		if p.variable == "" {
			b.WriteString(p.text)
		} else {
			fmt.Fprintf(&b, variable, p.variable, p.text)
		}
	}
	return b.String()
}

// varies reports whether the path has a variable.
func (u url) varies() bool {
	return slices.ContainsFunc(u.path, func(p part) bool { return p.variable != "" })
}

func (u url) scheme() string {
	if u.tls {
		return "https"
	}
	return "http"
}

// inside is the port for a program's text, in which one or whole stands for the
// port of a variable, with verbs for its name and for the port without it.
func (u url) inside(one, whole string) string {
	switch {
	case u.variable == "":
		return u.port.String()
	case u.whole:
		return fmt.Sprintf(whole, u.variable, u.port)
	}
	return fmt.Sprintf(one, u.variable, u.port)
}

// shell is the command of a program that takes the address as its last
// argument. A shell fills in the variable, and is replaced by the program, which
// a timeout then ends.
func (u url) shell(program string, options ...string) plan.Exec {
	command := append([]string{program}, options...)
	host := "127.0.0.1"
	if program == "curl" {
		host = u.at()
	}
	if u.variable == "" && !u.varies() {
		return append(command, u.scheme()+"://"+host+":"+u.port.String()+u.pathIn(""))
	}
	first, port := "", u.port.String()
	switch {
	case u.whole:
		first, port = fmt.Sprintf("a=${%s:-:%s}; ", u.variable, u.port), "${a##*:}"
	case u.variable != "":
		port = fmt.Sprintf("${%s:-%s}", u.variable, u.port)
	}
	var words strings.Builder
	for _, p := range u.path {
		if p.variable != "" {
			words.WriteString(p.String())
		} else {
			words.WriteString(plan.ShellQuote(p.text))
		}
	}
	return plan.Exec{"sh", "-c", first + "exec " + strings.Join(command, " ") + " " + u.scheme() + "://" + host + ":" + port + words.String()}
}

// HealthRoute is a route that answers while the app is well, and how dockgen knows.
type HealthRoute struct {
	Path string // "" for none
	Pos  fact.Pos
	Rule string
	Link string
	// Rooted says that the path is not below the base path of the app. Port is one
	// of its own, 0 for the app's, and Var the variable that moves it there.
	Rooted bool
	Port   plan.Port
	Var    string

	// Of the contract: what is asked, how often, and the evidence that the lock has.
	address  *url
	timing   buildfile.Timing
	evidence string
}

// ProbeRequest is what a language knows of how its app says that it is well.
type ProbeRequest struct {
	Ports   Ports
	Runtime plan.Runtime
	// Ask is the program that the image of a runtime asks with: the zero Asker
	// if it has none, or if the app cannot run on it.
	Ask func(plan.Runtime) Asker
	// Framework is the route of the framework, Routes those of the code that
	// runs, if they answer a GET that has no credentials.
	Framework HealthRoute
	Routes    []effect.Route
	// Base is the path below which the app answers, "" or "/" for its root. A
	// slash at its end counts if the route is the start page.
	Base string
	TLS  bool // the app answers over TLS alone
	// Program is the app's own program, if it is one file that may have a command for its
	// check; "" for none.
	Program string
	// Script is the command that runs a file of the app's folder in prod, nil if prod does not
	// have it.
	Script func(file string) plan.Exec
	// Commands are the subcommands of Program by which it may check itself.
	Commands []fact.Fact[string]
	// Further says that the program is one beside the app, of which the contract says nothing.
	Further bool
}

// Probe decides HEALTHCHECK, and records it as "healthcheck": "GET /healthz", or
// "none". The policy is the same for every language:
//
//   - The path that the user asks for counts as it is written; then the check that the
//     repository's own files make (contract.go), a route or the program itself; then the framework's route, then the route of the code that comes first in
//     knowledge/routes.yaml, both below the app's base path.
//   - It is asked on the port that the app's variable says when the container runs.
//   - A check that is asked for and that nothing in the image can make is a
//     *fact.Error, which names the runtimes that can.
//
// nil is no HEALTHCHECK.
func Probe(in record.Input, r ProbeRequest) (*plan.Probe, error) {
	asked, at := in.Settings.Healthcheck, in.Settings.Pos("healthcheck")
	none := func(rule string, pos fact.Pos, rejected ...plan.Rejected) (*plan.Probe, error) {
		in.Log.Choose(plan.Choice{Key: "healthcheck", Value: "none", Rule: rule, Pos: record.At(pos), Rejected: rejected})
		return nil, nil //nolint:nilnil // no probe is no error
	}
	if asked == "none" {
		return none("asked for", at)
	}
	var promised HealthRoute
	if asked == "" {
		var cmd plan.Exec
		var route HealthRoute
		if !r.Further {
			cmd, route = promisedProbe(in, r)
		}
		if route.Path == "" && cmd == nil {
			cmd, route = r.itself()
		}
		if cmd != nil {
			in.Log.Choose(plan.Choice{Key: "healthcheck", Value: strings.Join(append([]string{path.Base(cmd[0])}, cmd[1:]...), " "), Rule: route.Rule, Pos: record.At(route.Pos), Evidence: route.evidence})
			out := &plan.Probe{Options: times(in, route.timing), Cmd: cmd}
			if len(r.Ports.List) > 0 {
				out.Port = r.Ports.List[0]
			}
			return out, nil
		}
		promised = route
	}
	options := []HealthRoute{{Path: asked, Pos: at, Rule: "asked for"}, promised, r.Framework, codeRoute(in, r.Routes)}
	var list []record.Option
	for i, o := range options {
		if i > 0 && o.Path != "" && !o.Rooted && o.Port == 0 {
			options[i].Path = below(r.Base, o.Path)
		}
		list = append(list, record.Option{Value: options[i].Path, Pos: o.Pos, Rule: o.Rule})
	}
	win, rejected, ok := record.First(list...)
	if !ok {
		return none("no route for a health check was found", fact.Pos{})
	}
	route := options[slices.Index(list, win)]
	asker := r.asker(in, r.Runtime)
	u := url{path: []part{{text: escapePath(route.Path)}}, tls: r.TLS}
	switch {
	case route.address != nil:
		u = *route.address
	case len(r.Ports.List) == 0:
	case route.Port > 0:
		u.port, u.variable = route.Port, route.Var
	default:
		u.port, u.variable, u.whole = r.Ports.List[0], r.Ports.Var, r.Ports.VarHostPort
	}
	switch {
	case len(r.Ports.List) == 0 && asked != "":
		return nil, fact.Errorf(at, "healthcheck: it is not known on which port the app listens").WithHint("%s", portHint)
	case u.port == 0:
		return none("it is not known on which port the app listens", fact.Pos{})
	case asker.IsZero() && asked != "":
		return nil, unaskable(in, at, r, asked)
	case r.TLS && asked == "" && route.address == nil:
		return none("the app serves TLS only", route.Pos)
	case asker.IsZero():
		if route.evidence != "" {
			in.Log.Note(route.Pos, "has a HEALTHCHECK that is not kept: "+string(r.Runtime)+" has no program that can ask", "--runtime alpine has one")
		}
		return none(fmt.Sprintf("%s has no program that can probe %s; an orchestrator can", r.Runtime, plan.Printable(route.Path, 60)), route.Pos)
	}
	in.Log.Choose(plan.Choice{Key: "healthcheck", Value: "GET " + plan.Printable(route.Path, 200), Rule: route.Rule, Pos: record.At(route.Pos), Link: route.Link, Rejected: rejected, Evidence: route.evidence})
	text, err := plan.NewText(route.Path)
	if err != nil {
		return nil, fact.Errorf(route.Pos, "healthcheck: %w", err)
	}
	return &plan.Probe{Path: text, Port: u.port, Options: times(in, route.timing), Cmd: asker.command(u)}, nil
}

// selfChecks are the names of subcommands by which a program checks the one that runs.
var selfChecks = []string{"healthcheck", "health-check", "health_check", "healthz", "health", "readyz", "livez"} //nolint:gochecknoglobals // a constant table

// itself is the check that the program makes by a subcommand of its own, nil if it has none.
func (r ProbeRequest) itself() (plan.Exec, HealthRoute) {
	for _, name := range selfChecks {
		for _, c := range r.Commands {
			if c.Value == name && r.Program != "" {
				return plan.Exec{r.Program, name}, HealthRoute{Pos: c.Pos, Rule: "the program has a command for it"}
			}
		}
	}
	return nil, HealthRoute{}
}

// asker is the program that the image of a runtime asks with: its own, or one of
// the packages that the user asks for.
func (r ProbeRequest) asker(in record.Input, on plan.Runtime) Asker {
	if r.Ask != nil {
		if a := r.Ask(on); !a.IsZero() {
			return a
		}
	}
	switch packages := in.Settings.Packages; {
	case on != plan.Slim && on != plan.Alpine:
	case slices.Contains(packages, "curl"):
		return AskCurl()
	case slices.Contains(packages, "wget"):
		return AskWget()
	}
	for _, x := range promisedPrograms(contractOf(in)) { // which the image has for it
		switch {
		case bare(in) || on != plan.Slim && on != plan.Alpine:
		case x.program == "curl":
			return AskCurl()
		case x.program == "wget":
			return AskWget()
		}
	}
	return Asker{}
}

// unaskable is the error for a check that nothing in the image can make.
func unaskable(in record.Input, at fact.Pos, r ProbeRequest, asked string) error {
	err := fact.Errorf(at, "healthcheck: the image of runtime %s has no program that can probe %s", r.Runtime, plan.Printable(asked, 60))
	var can []string
	for _, other := range plan.Runtimes() {
		if !r.asker(in, other).IsZero() {
			can = append(can, "--runtime "+string(other))
		}
	}
	if len(can) == 0 {
		return err.WithHint("leave healthcheck out, and let the orchestrator probe")
	}
	return err.WithHint("%s can; or leave healthcheck out, and let the orchestrator probe", strings.Join(can, " or "))
}

// codeRoute is the best of the routes that the code answers: one of
// knowledge/routes.yaml, or one below a prefix whose name says that it is for health.
func codeRoute(in record.Input, routes []effect.Route) HealthRoute {
	asked := func(x effect.Route) bool { return x.Method == "" || x.Method == "GET" }
	var start HealthRoute
	for _, want := range in.Know.Routes {
		for _, x := range routes {
			if !asked(x) || x.Path != want.Path && (len(want.Path) == 1 || strings.TrimSuffix(x.Path, "/") != want.Path) {
				continue
			}
			found := HealthRoute{Path: x.Path, Pos: x.Pos, Rule: "the code has this route", Link: want.Source}
			if want.Path != "/" {
				return found
			}
			start = found
			break
		}
	}
	for _, want := range in.Know.Routes {
		if !strings.Contains(want.Path, "health") {
			continue
		}
		for _, x := range routes {
			prefix, ok := strings.CutSuffix(strings.TrimSuffix(x.Path, "/"), want.Path)
			if ok && asked(x) && !private.MatchString(prefix) {
				return HealthRoute{Path: x.Path, Pos: x.Pos, Rule: "the code has this route", Link: want.Source}
			}
		}
	}
	return start
}

// private matches prefixes below which an answer is for those who have logged in.
var private = lazy.MustCompile(`(?i)admin|auth|user|account|private|secure|login`)

// below is a route under the app's base path.
func below(base, route string) string {
	base = "/" + strings.TrimLeft(base, "/")
	if route == "/" {
		return base
	}
	out := path.Join(base, route)
	if strings.HasSuffix(route, "/") && out != "/" {
		out += "/"
	}
	return out
}

// escapePath makes of a path one that a URL can hold, and the text of a program
// without quotes of its own: https://www.rfc-editor.org/rfc/rfc3986#section-3.3.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < 0x7f && !strings.ContainsRune(`'"\`+"`<>^{|}", rune(c)) {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
