package node

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// defaultPort is where a server listens that takes any port: the convention
// of Express' generator and of most tutorials.
const defaultPort = 3000

// serverPackages are libraries whose use says that the program listens.
var serverPackages = []string{ //nolint:gochecknoglobals // a constant table
	"express", "fastify", "koa", "hono", "@hono/node-server", "@hapi/hapi", "restify", "polka", "h3", "micro", "@nestjs/core",
	"@adonisjs/core", "@feathersjs/express", "@feathersjs/koa", "sails", "json-server", "graphql-yoga", "@apollo/server",
	"apollo-server", "@trpc/server", "uWebSockets.js", "elysia", "http-proxy", "socket.io", "moleculer-web", "loopback", "@loopback/rest", "fastify-cli",
}

// ownPorts are where some of them listen when they are told nothing, whatever
// PORT says: https://www.apollographql.com/docs/apollo-server/api/standalone.
var ownPorts = map[string]int{"apollo-server": 4000, "@apollo/server": 4000} //nolint:gochecknoglobals // a constant table

// listen is what was decided about the port.
type listen struct {
	Port int // 0: the app does not listen
	Env  [][2]string
}

// decidePort finds the port that prod listens on with no variable set, or
// sets the variable where the code needs one.
func (a *app) decidePort(s start) listen {
	log := a.in.Log
	code, found := a.codePort(s)
	addr := code.Addr
	number, _ := strconv.Atoi(addr.Port.Text)
	fw, isFW := a.fw, a.fw.Server != nil || a.fw.Site != nil
	if reached, _ := a.reach(s); found && !code.Named && reached[code.Pos.File] && fw.Site == nil {
		isFW = false // the framework listens where the code tells it to
	}
	set := func(port int) [][2]string {
		if addr.Port.Env != "" {
			return [][2]string{{addr.Port.Env, strconv.Itoa(port)}}
		}
		return [][2]string{{"PORT", strconv.Itoa(port)}}
	}
	var out listen
	named := a.named(s)
	ch := plan.Choice{Key: "port", Link: ""}
	switch given := envValue(s.Env, "PORT"); {
	case a.in.Settings.Port > 0:
		out.Port, out.Env = a.in.Settings.Port, set(a.in.Settings.Port)
		ch.Rule, ch.Pos = "asked for", record.At(a.in.Settings.Pos("port"))
		if found && number > 0 && addr.Port.Env == "" && number != out.Port {
			log.Note(code.Pos, fmt.Sprintf("the code listens on %d whatever PORT says", number), "")
		}
	case given > 0:
		out.Port = given
		ch.Rule, ch.Pos = "the start command sets PORT", record.At(s.Pos)
	case script.Port(s.Argv) > 0 && !slices.Contains(s.Argv, "inspect"):
		out.Port = script.Port(s.Argv)
		ch.Rule, ch.Pos = "the start command names it", record.At(s.Pos)
	case shellPort.MatchString(s.Shell):
		out.Port, out.Env = defaultPort, [][2]string{{"PORT", strconv.Itoa(defaultPort)}}
		ch.Rule, ch.Pos = "the start command takes it from PORT", record.At(s.Pos)
	case isFW && fw.Site != nil:
		out.Port = nginxPort
		ch.Rule, ch.Pos, ch.Link = "where the web server's image listens", nil, nginxSource
	case isFW && fw.Port() > 0:
		out.Port = fw.Port()
		ch.Rule, ch.Pos, ch.Link = "where "+fw.Name+" listens", record.At(fw.Pos), fw.Link
	case named.Port > 0:
		out.Port = named.Port
		ch.Rule, ch.Pos, ch.Link = "where "+named.Program+" listens", record.At(s.Pos), named.Source
	case found && number > 0 && (number >= 1024 || addr.Port.Env == ""):
		out.Port = number
		ch.Rule, ch.Pos = "the code listens there", record.At(code.Pos)
		if addr.Port.Env != "" {
			ch.Rule = "the code's default for " + addr.Port.Env
		}
		if number < 1024 {
			log.Note(code.Pos, fmt.Sprintf("listens on port %d, which only root may do outside of Docker", number), "let the code read PORT")
		}
	case found && number > 0:
		out.Port, out.Env = 8080, set(8080)
		ch.Rule, ch.Pos = fmt.Sprintf("an unprivileged port in place of the code's default %d for %s", number, addr.Port.Env), record.At(code.Pos)
	case fw.Port() > 0:
		out.Port = fw.Port()
		ch.Rule, ch.Pos, ch.Link = "where "+a.fw.Name+" listens", record.At(a.fw.Pos), a.fw.Link
	case found:
		out.Port, out.Env = defaultPort, set(defaultPort)
		ch.Rule, ch.Pos = "the code takes it from "+addr.Port.Env+" and has no default", record.At(code.Pos)
	default:
		for _, name := range serverPackages {
			if d, ok := a.f.Dep(name); ok && d.Kind != node.Dev {
				if pos, used := a.f.Code.Imports[name]; used {
					out.Port, out.Env = defaultPort, set(defaultPort)
					ch.Rule, ch.Pos = "the code uses "+name+", and names no port that dockgen can read", record.At(pos)
					if own, ok := ownPorts[name]; ok {
						out.Port, out.Env = own, nil
						ch.Rule = "the code uses " + name + " and names no port, and this is where it then listens"
					}
					ch.Evidence = name
					break
				}
			}
		}
	}
	if out.Port == 0 {
		return out
	}
	ch.Value = strconv.Itoa(out.Port)
	if n, err := strconv.Atoi(log.Choose(ch)); err == nil && n > 0 {
		out.Port = n
	}
	for _, k := range slices.Sorted(maps.Keys(named.Env)) {
		// What names the port is of no use beside a flag that does.
		if envValue([][2]string{{k, named.Env[k]}}, "PORT") == 0 || out.Port == named.Port {
			out.Env = append(out.Env, [2]string{k, named.Env[k]})
		}
	}
	// A server bound to the loopback of its container answers nobody.
	switch {
	case !found || named.Port > 0:
	case local(addr.Host.Text) && addr.Host.Env == "" && addr.Host.Sure == effect.Default:
		log.Note(code.Pos, "Fastify listens on the loopback alone where it is given no host, where nobody outside of the container reaches it", "listen({port, host: '0.0.0.0'})")
	case local(addr.Host.Text) && addr.Host.Env != "":
		out.Env = append(out.Env, [2]string{addr.Host.Env, "0.0.0.0"})
	case local(addr.Host.Text):
		log.Note(code.Pos, "the code listens on "+addr.Host.Text+" alone, where nobody outside of the container reaches it", "listen on 0.0.0.0")
	case addr.Host.Env == "HOSTNAME":
		// Docker sets HOSTNAME to the container's id.
		out.Env = append(out.Env, [2]string{addr.Host.Env, "0.0.0.0"})
	}
	return out
}

// named is the server that a start command runs by its own name.
func (a *app) named(s start) server {
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

// shellPort matches a command that needs PORT: with a default of its own it
// would not.
var shellPort = regexp.MustCompile(`\$(PORT\b|\{PORT\})`)

func local(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

func envValue(env [][2]string, name string) int {
	for _, e := range env {
		if n, err := strconv.Atoi(e[1]); e[0] == name && err == nil && n > 0 && n < 65536 {
			return n
		}
	}
	return 0
}

// codePort is the port that the code names: in the file that is run, else in
// its folder's package, else anywhere; a call that listens before a variable
// that only names a port.
func (a *app) codePort(s start) (effect.Listen, bool) {
	file := s.file()
	if src := a.source(file); src != "" {
		file = src
	}
	entry := path.Join(a.f.Dir, file)
	unit := ""
	for _, u := range a.f.Packages {
		if strings.HasPrefix(file, u.Dir+"/") || strings.Contains(s.Shell, u.Dir) {
			unit = path.Join(a.f.Dir, u.Dir) + "/"
		}
	}
	best, rank := effect.Listen{}, 0
	reached, _ := a.reach(s)
	for _, l := range a.f.Code.Listens {
		if !l.Addr.Known() {
			continue
		}
		r := 1
		if reached[l.Pos.File] {
			r += 6
		}
		if !l.Named {
			r += 4
		}
		if unit != "" && strings.HasPrefix(l.Pos.File, unit) {
			r += 8
		}
		if l.Pos.File == entry {
			r += 16
		}
		if l.Addr.Port.Env != "" {
			r++
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
