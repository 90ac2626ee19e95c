package script

import (
	"slices"

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

// ServesItself returns the script by which a repository without a start
// script runs a server of its own in production: serve, where it is no server
// of static files but Node, with a file of the repository and in production.
func ServesItself(f *node.Facts) (name string, script fact.Fact[string]) {
	s, _ := f.Script("serve")
	list, ok := Expanded(f, s.Value)
	if _, starts := f.Script("start"); starts || !ok || len(list) == 0 {
		return "", fact.Fact[string]{}
	}
	c := Unwrap(list[len(list)-1])
	if len(c.Argv) < 2 || c.Argv[0] != "node" || !slices.Contains(c.Env, plan.MustEnv("NODE_ENV", "production")) {
		return "", fact.Fact[string]{}
	}
	return "serve", s
}
