package image

import (
	"fmt"
	"path"
	"slices"
	"strings"

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
		address := "'" + u.scheme() + "://127.0.0.1:" + u.inside("' + (process.env.%s || %s) + '", "' + (process.env.%s || ':%s').split(':').pop() + '") + u.path + "'"
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
		if u.variable != "" {
			modules = "os, " + modules
		}
		address := "'" + u.scheme() + "://127.0.0.1:" + u.inside("' + (os.environ.get('%s') or '%s') + '", "' + (os.environ.get('%s') or ':%s').split(':')[-1] + '") + u.path + "'"
		return plan.Exec{program, "-c", "import " + modules + "; u.urlopen(" + address + context + ")"}
	}}
}

// url is what is asked: a port of the container itself, or the one that a
// variable names when the container runs.
type url struct {
	port     plan.Port
	variable string // "" for none
	whole    bool   // it holds host and port together
	path     string // escaped, so that it needs no quotes but in a shell
	tls      bool
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
	if u.variable == "" {
		return append(command, u.scheme()+"://127.0.0.1:"+u.port.String()+u.path)
	}
	first, port := "", fmt.Sprintf("${%s:-%s}", u.variable, u.port)
	if u.whole {
		first, port = fmt.Sprintf("a=${%s:-:%s}; ", u.variable, u.port), "${a##*:}"
	}
	return plan.Exec{"sh", "-c", first + "exec " + strings.Join(command, " ") + " " + u.scheme() + "://127.0.0.1:" + port + plan.ShellQuote(u.path)}
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
	if check, pos := selfCheck(in, r.Program); check != nil && asked == "" {
		in.Log.Choose(plan.Choice{Key: "healthcheck", Value: strings.Join(append([]string{path.Base(r.Program)}, check...), " "), Rule: DisplayName(in, pos) + " asks the program itself", Pos: record.At(pos)})
		out := &plan.Probe{Cmd: append(plan.Exec{r.Program}, check...)}
		if len(r.Ports.List) > 0 {
			out.Port = r.Ports.List[0]
		}
		return out, nil
	}
	options := []HealthRoute{{Path: asked, Pos: at, Rule: "asked for"}, promisedRoute(in, r), r.Framework, codeRoute(in, r.Routes)}
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
	switch {
	case len(r.Ports.List) == 0 && asked != "":
		return nil, fact.Errorf(at, "healthcheck: it is not known on which port the app listens").WithHint("%s", portHint)
	case len(r.Ports.List) == 0:
		return none("it is not known on which port the app listens", fact.Pos{})
	case asker.IsZero() && asked != "":
		return nil, unaskable(in, at, r, asked)
	case r.TLS && asked == "":
		return none("the app serves TLS only", route.Pos)
	case asker.IsZero():
		return none(fmt.Sprintf("%s has no program that can probe %s; an orchestrator can", r.Runtime, plan.Printable(route.Path, 60)), route.Pos)
	}
	in.Log.Choose(plan.Choice{Key: "healthcheck", Value: "GET " + plan.Printable(route.Path, 200), Rule: route.Rule, Pos: record.At(route.Pos), Link: route.Link, Rejected: rejected})
	text, err := plan.NewText(route.Path)
	if err != nil {
		return nil, fact.Errorf(route.Pos, "healthcheck: %w", err)
	}
	port := r.Ports.List[0]
	u := url{port: port, variable: r.Ports.Var, whole: r.Ports.VarHostPort, path: escapePath(route.Path), tls: r.TLS}
	if route.Port > 0 {
		port = route.Port
		u = url{port: port, variable: route.Var, path: u.path}
	}
	return &plan.Probe{Path: text, Port: port, Cmd: asker.command(u)}, nil
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
