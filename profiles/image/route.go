package image

import (
	"cmp"
	"fmt"
	neturl "net/url"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Pass is a path of a site that another server answers, as the repository says.
type Pass struct {
	Path   string // a prefix, "/" for all that is no file and no page
	Target string // the server's URL there, "" if it is not known
	Strip  bool   // the server sees the path without the prefix
	Socket bool
	Own    bool // the repository's own nginx passes it on, and not the development server
	Asked  bool // neither does: the pages ask the site's own server for it
	Pos    fact.Pos
}

// routes are the paths that a site's web server passes on. Where to is a variable of the image for each server.
type routes struct {
	list []passed
	env  []plan.Env
}

type passed struct {
	Pass
	path     plan.Token
	variable string // of nginx, without $
	foreign  bool   // a host of its own, which wants its own name
}

// maxRoutes bounds what a configuration passes on.
const maxRoutes = 20

// decideRoutes decides where the paths go. It records "backend".
func decideRoutes(in record.Input, list []Pass) (routes, error) {
	if len(in.Settings.Start) > 0 {
		return routes{}, nil
	}
	var out routes
	list = list[:min(len(list), maxRoutes)]
	names := map[string]string{} // variables by the address that they have if nobody sets them
	addresses := map[string]bool{}
	for _, p := range list {
		address, _ := addressOf(in, p)
		addresses[address] = true
	}
	var said []string
	for _, p := range list {
		token, err := plan.NewToken(p.Path)
		if err != nil {
			return routes{}, err
		}
		address, foreign := addressOf(in, p)
		name, ok := names[address]
		if !ok {
			if name = "BACKEND_URL"; len(addresses) > 1 {
				name = variableOf(in, p)
			}
			if slices.ContainsFunc(out.env, func(e plan.Env) bool { return e.Name.String() == name }) {
				continue
			}
			names[address] = name
			e, err := plan.NewEnv(name, address)
			if err != nil {
				return routes{}, err
			}
			e.Why = plan.NewComment("Where the web server passes " + shown(p.Path) + " on to.")
			out.env = append(out.env, e)
		}
		out.list = append(out.list, passed{p, token, strings.ToLower(name), foreign})
		said = append(said, shown(p.Path)+" to "+name)
	}
	if len(out.list) == 0 {
		return routes{}, nil
	}
	first := out.list[0]
	rule, as := "the development server passes these paths on", "the development server"
	switch {
	case first.Own:
		rule, as = "the repository's own nginx passes these paths on", "the repository's nginx"
	case first.Asked:
		rule, as = "the pages ask the site's own server for these paths, and no file is there", ""
	}
	in.Log.Choose(plan.Choice{Key: "backend", Value: plan.Printable(strings.Join(said, ", "), 200), Rule: rule, Pos: record.At(first.Pos)})
	e := out.env[0]
	text := fmt.Sprintf("the site's web server passes %s on to %s", shown(first.Path), e.Value.Raw())
	if as != "" {
		text += ", as " + as + " does"
	}
	in.Log.Note(first.Pos, text,
		"another address: docker run -e "+e.Name.String()+"=http://HOST:PORT")
	return out, nil
}

// shown is a path for people.
func shown(path string) string {
	if path == "/" {
		return "what is no file and no page"
	}
	return plan.Printable(path, 60)
}

// variableOf is the variable for one of several servers: that of the app that its path names, or of the path: AUTH_URL for /auth.
func variableOf(in record.Input, p Pass) string {
	name := strings.Trim(p.Path, "/")
	if app := inPath(in.Beside, p.Path); app != "" {
		name = app
	}
	if name == "" {
		return "BACKEND_URL"
	}
	return strings.ToUpper(strings.NewReplacer("/", "_", "-", "_", ".", "_", "~", "_").Replace(name)) + "_URL"
}

// inPath is the app that a path names, "" for none.
func inPath(apps []string, path string) string {
	for word := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if word != "api" && slices.Contains(apps, word) {
			return word
		}
	}
	return ""
}

// addressOf is where a server of the repository is among containers: the app that the path names, or the one beside this, by the name of
// its target. Another host is what it is, and foreign unless its name is a container's.
func addressOf(in record.Input, p Pass) (address string, foreign bool) {
	target := p.Target
	u, err := neturl.Parse(target)
	if err != nil {
		u = &neturl.URL{}
	}
	if host := u.Hostname(); !slices.Contains(thisMachine, host) {
		return target, strings.Contains(host, ".")
	}
	name := cmp.Or(inPath(in.Beside, p.Path), serverBeside(in.Beside))
	address = "http://" + name
	if port := cmp.Or(u.Port(), in.Ports[name]); port != "" {
		address += ":" + port
	}
	return address, false
}

// thisMachine are the hosts that mean this machine, and none.
var thisMachine = []string{"", "localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal"} //nolint:gochecknoglobals // a constant table

// serverNames are what the folder of a site's server is called, before others.
var serverNames = []string{"backend", "api", "server", "back-end", "back", "app"} //nolint:gochecknoglobals // a constant table

// serverBeside is the name of the app that answers a site, "backend" if nothing says which it is.
func serverBeside(apps []string) string {
	if len(apps) == 1 {
		return apps[0]
	}
	for _, name := range serverNames {
		if slices.Contains(apps, name) {
			return name
		}
	}
	return "backend"
}

// locations are the lines for the paths.
func (r routes) locations() (out []string) {
	if len(r.list) == 0 {
		return nil
	}
	out = append(out, "", "include /tmp/backend.conf;")
	for _, x := range r.list {
		if x.Path == "/" {
			continue
		}
		out = append(out, "location ^~ "+x.path.String()+" {")
		if x.Strip {
			out = append(out, "    rewrite ^"+strings.TrimSuffix(strings.ReplaceAll(x.path.String(), ".", `\.`), "/")+"/?(.*)$ /$1 break;")
		}
		out = append(append(out, x.pass()...), "}")
	}
	return out
}

// other is the route of all that is no file and no page, nil for none.
func (r routes) other() *passed {
	i := slices.IndexFunc(r.list, func(x passed) bool { return x.Path == "/" })
	if i < 0 {
		return nil
	}
	return &r.list[i]
}

// other is the name of the location for what no file answers.
const other = "@other"

// rest are the lines of that location: a page is for who asks for one.
func (r routes) rest(s Site) []string {
	x := r.other()
	if x == nil {
		return nil
	}
	page := "return 404;"
	if s.Single() {
		page = "rewrite ^ " + s.Index.String() + " last;"
	}
	out := []string{"location " + other + " {", "    if ($http_accept ~ text/html) {", "        " + page, "    }"}
	return append(append(out, x.pass()...), "}")
}

// pass hands a request on as it came: of any size, and what answers it piece by piece.
func (x passed) pass() []string {
	host := "$http_host"
	if x.foreign {
		host = "$proxy_host"
	}
	out := []string{
		"    proxy_pass $" + x.variable + ";",
		"    proxy_http_version 1.1;",
		"    proxy_set_header Host " + host + ";",
		"    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
		"    proxy_set_header X-Forwarded-Proto $scheme;",
	}
	if x.foreign {
		out = append(out, "    proxy_ssl_server_name on;")
	}
	if x.Socket {
		out = append(out, "    proxy_set_header Upgrade $http_upgrade;", `    proxy_set_header Connection "upgrade";`)
	}
	return append(out, "    proxy_buffering off;", "    client_max_body_size 0;")
}

// start has the image start the web server after it wrote what the configuration takes from variables: nginx reads none. The names of
// servers are looked up with each request, so that it starts before them: https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver.
// Checked is for a script that takes options of nginx: -t checks the configuration.
func (r routes) start(run *plan.Run, checked bool) error {
	if len(r.list) == 0 {
		return nil
	}
	lines := []string{
		"#!/bin/sh", "set -e", "{",
		`  echo "resolver $(awk '$1 == "nameserver" { printf "%s ", $2 ~ /:/ ? "[" $2 "]" : $2 }' /etc/resolv.conf) valid=10s;"`,
	}
	for _, e := range r.env {
		lines = append(lines, fmt.Sprintf(`  echo "set \$%s \"${%s%%/}\";"`, strings.ToLower(e.Name.String()), e.Name))
	}
	last := "exec nginx -g 'daemon off;'"
	if checked {
		last += ` "$@"`
	}
	lines = append(lines, "} > /tmp/backend.conf", last)
	text, err := plan.Lines(lines...)
	if err != nil {
		return err
	}
	run.Texts = append(run.Texts, plan.File{Why: plan.NewComment("nginx reads no variables: what it takes from them becomes a file when it starts."), Path: plan.MustPath(SiteStart), Lines: text})
	run.Cmd = plan.Exec{"sh", SiteStart}
	return nil
}
