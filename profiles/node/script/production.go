package script

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Production returns the command that the repository itself runs in
// production: the web process of a Procfile or the start script.
func Production(f *node.Facts) (command fact.Fact[string], ok bool) {
	for _, p := range f.Procfile {
		if p.Name == "web" {
			return fact.Fact[string]{Value: p.Text, Pos: p.Pos}, true
		}
	}
	if s, ok := f.Script("start"); ok {
		return s, true
	}
	name, s := ServesItself(f)
	return s, name != ""
}

// servers are the scripts by which a repository without a start script runs a server of its own in production, if it is no server of static files
// but Node, with a file of the repository or of a member of its workspace. A script called serve says so by its environment alone: others of that name are a developer's.
var servers = []string{"start:production", "start-prod", "prod", "production", "start:server", "start-server", "serve"} //nolint:gochecknoglobals // a constant table

// ServesItself returns the first of these.
func ServesItself(f *node.Facts) (name string, script fact.Fact[string]) {
	if _, starts := f.Script("start"); starts {
		return "", fact.Fact[string]{}
	}
	production := plan.MustEnv("NODE_ENV", "production")
	for _, name := range servers {
		s, _ := f.Script(name)
		list, ok := Parse(s.Value)
		if u, run := Member(f, list); ok && u != nil {
			list, ok = Expand(u.Facts, run)
		} else if ok {
			list, ok = Expand(f, list)
		}
		if !ok || len(list) == 0 {
			continue
		}
		c := Unwrap(list[len(list)-1])
		if i := FileIndex(c.Argv); i < 1 || c.Argv[0] != "node" || strings.Contains(c.Argv[i], "node_modules/") || slices.Contains(c.Argv, "--watch") || name == "serve" && !slices.Contains(c.Env, production) {
			continue
		}
		return name, s
	}
	return "", fact.Fact[string]{}
}
