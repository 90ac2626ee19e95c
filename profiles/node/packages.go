package node

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// needs is what prod has to have beside Node.
type needs struct {
	debian, alpine           []plan.System // at run time
	debianBuild, alpineBuild []plan.System
	spawns                   []effect.Exec
	manager                  bool // the package manager itself
	noAlpine                 string
	env                      [][2]string // at install and at run time
	installEnv               [][2]string // at install alone
	prodEnv                  [][2]string // at run time alone
}

// usage says who uses a package.
type usage int

const (
	byNobody usage = iota
	byDevelopers
	byProd
)

// decidePackages looks the dependencies and the programs that the code starts
// up in the table of system packages.
func (a *app) decidePackages(s start) needs {
	var n needs
	var shown, reasons []string
	ch := plan.Choice{Key: "packages"}
	// reason is what the comment says of packages, "" to say it of the library.
	// uses says what of the repository uses it: prod, its developers, or
	// nobody, where it is only installed.
	row := func(name, version, reason string, pos fact.Pos, uses usage) {
		shipped := uses == byProd
		k, ok := a.in.Know.Package("node", name)
		if !ok || k.Versions != "" && !release.Overlaps(version, k.Versions) {
			return
		}
		add := func(list *[]plan.System, packages []string, reason string) {
			words, err := plan.Tokens(packages...)
			have := plan.Packages(*list)
			words = slices.DeleteFunc(words, func(w plan.Token) bool { return slices.Contains(have, w) })
			if err == nil && len(words) > 0 {
				*list = append(*list, plan.System{For: plan.NewComment(reason), Packages: words})
			}
		}
		k = a.builtFor(k, version)
		if uses == byNobody {
			k.Debian.Runtime, k.Alpine.Runtime = nil, nil
		}
		debian, alpine := &n.debian, &n.alpine
		if !shipped {
			debian, alpine = &n.debianBuild, &n.alpineBuild
		}
		if !k.Wheel {
			add(&n.debianBuild, k.Debian.Build, cmp.Or(reason, buildReason(k, k.Debian)))
		}
		add(&n.alpineBuild, k.Alpine.Build, cmp.Or(reason, buildReason(k, k.Alpine)))
		add(debian, k.Debian.Runtime, cmp.Or(reason, runReason(k, k.Debian)))
		add(alpine, k.Alpine.Runtime, cmp.Or(reason, runReason(k, k.Alpine)))
		if k.NoAlpine != "" && n.noAlpine == "" && shipped {
			n.noAlpine = name + ": " + k.NoAlpine
		}
		if k.Note != "" && shipped {
			a.in.Log.Note(pos, k.Note, "")
		}
		for _, e := range slices.Sorted(maps.Keys(k.Env)) {
			to := &n.env
			switch {
			case strings.HasPrefix(name, "program:"):
				to = &n.prodEnv
			case !shipped:
				to = &n.installEnv
			}
			*to = append(*to, [2]string{e, k.Env[e]})
		}
		for _, e := range slices.Sorted(maps.Keys(k.InstallEnv)) {
			n.installEnv = append(n.installEnv, [2]string{e, k.InstallEnv[e]})
		}
		if !k.Wheel {
			shown = append(shown, k.Debian.Build...)
		}
		shown = append(shown, k.Debian.Runtime...)
		if len(k.Debian.Runtime) > 0 || len(k.Debian.Build) > 0 && !k.Wheel {
			said := cmp.Or(reason, runReason(k, k.Debian))
			if len(k.Debian.Runtime) == 0 {
				said = cmp.Or(reason, buildReason(k, k.Debian))
			}
			reasons = append(reasons, strings.TrimSuffix(said, "."))
			if ch.Pos == nil {
				ch.Pos, ch.Link = record.At(pos), k.Source
			}
		}
	}
	seen := map[string]bool{}
	keep, _ := a.keepsDev(s)
	look := func(deps []node.Dep, runs bool) {
		for _, d := range deps {
			if seen[d.Name] || d.Kind == node.Peer {
				continue
			}
			seen[d.Name] = true
			uses := byProd
			switch {
			case !runs:
				uses = byNobody
			case d.Kind == node.Dev && keep.Name == "":
				uses = byDevelopers
			}
			row(d.Name, cmp.Or(d.Locked, d.Range), "", d.Pos, uses)
		}
	}
	look(a.f.Deps, true)
	runs := a.runningMembers()
	for _, running := range []bool{true, false} { // what runs needs more than what is only installed
		for _, u := range a.f.Packages {
			if runs[u.Dir] == running {
				look(u.Deps, running)
			}
		}
	}
	for _, p := range a.fw.Build.Programs {
		row("program:"+p.Name, "", p.For, p.Pos, byDevelopers)
	}
	if a.fw.Site != nil {
		n.debian, n.alpine = nil, nil
	} else {
		programs := map[string]bool{}
		reached, all := a.reach(s)
		for _, p := range a.own.Code.Execs {
			name := p.Program.Text
			if programs[name] || !reached[p.Pos.File] && (all || a.isBin(p.Pos.File)) {
				continue
			}
			programs[name] = true
			n.spawns = append(n.spawns, p)
			row("program:"+name, "", name+" is started by the code.", p.Pos, byProd)
		}
		for _, p := range s.Programs {
			if !programs[p] {
				programs[p] = true
				row("program:"+path.Base(p), "", path.Base(p)+" is in the start command.", s.Pos, byProd)
			}
		}
		n.manager = programs[a.pm.Command()] || a.pm.Name == "pnpm" && programs["pnpx"]
	}
	slices.Sort(shown)
	if shown = slices.Compact(shown); len(shown) > 0 {
		ch.Value, ch.Rule = strings.Join(shown, " "), strings.Join(reasons, "; ")
		a.in.Log.Choose(ch)
	}
	return n
}

// isBin reports whether a file is a program that the package installs for its
// users: no server starts it.
func (a *app) isBin(file string) bool {
	return slices.ContainsFunc(a.f.Bin, func(b fact.Fact[string]) bool { return path.Join(a.f.Dir, b.Value) == file })
}

// runningMembers are the folders of the workspace's members that prod runs:
// the app with the members that it depends on, or where none is the app, all.
func (a *app) runningMembers() map[string]bool {
	out := map[string]bool{}
	if a.member != nil {
		for _, u := range a.closure(a.member, true) {
			out[u.Dir] = true
		}
		return out
	}
	for _, u := range a.f.Packages {
		out[u.Dir] = true
	}
	return out
}

// builtFor is a library's row for one of its versions: where nobody prebuilt
// that for the Node that was chosen, it is compiled, and linked against
// what it needs.
func (a *app) builtFor(k knowledge.Package, version string) knowledge.Package {
	for _, u := range k.Unbuilt {
		if !k.Wheel || a.node == "" || !release.Overlaps(version, u.Versions) || !release.Matches(u.Node, a.node) {
			continue
		}
		k.Wheel = false
		k.Debian.Runtime = u.Runtime
		if len(u.Runtime) > 0 {
			k.Why = "it is compiled, and linked against them"
		}
		if len(k.Alpine.Build) == 0 {
			k.Alpine.Build = k.Debian.Build
		}
	}
	return k
}

// buildReason says of a comment's packages what for: a library that is
// compiled, or one that looks at install for what it runs with.
func buildReason(k knowledge.Package, n knowledge.Need) string {
	if k.Why != "" && slices.Equal(n.Build, n.Runtime) {
		return runReason(k, n)
	}
	return k.Name + " is compiled when it is installed, which takes " + strings.Join(n.Build, ", ") + "."
}

// runReason is the same for what a library needs when it runs.
func runReason(k knowledge.Package, n knowledge.Need) string {
	why := ""
	if k.Why != "" {
		why = ": " + k.Why
	}
	return k.Name + " needs " + strings.Join(n.Runtime, ", ") + why + "."
}

// reach lists the files that the entry imports, directly or not. all says that
// nothing else can be loaded: every file is imported by a literal relative
// path, and every other import is a dependency or Node's own.
func (a *app) reach(s start) (files map[string]bool, all bool) {
	entry := s.file()
	if src := a.source(entry); src != "" && !a.has(entry) {
		entry = src
	}
	for _, c := range []string{entry, entry + ".js", path.Join(entry, "index.js")} {
		if entry != "" && a.has(c) {
			entry = c
			break
		}
	}
	if entry == "" || !a.has(entry) || s.Shell != "" {
		return nil, false
	}
	files = map[string]bool{path.Join(a.f.Dir, entry): true}
	queue := []string{path.Join(a.f.Dir, entry)}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		for _, next := range a.f.Code.Local[file] {
			if !files[next] {
				files[next] = true
				queue = append(queue, next)
			}
		}
	}
	all = a.f.Code.Computed.IsZero() && len(a.f.Packages) == 0
	for name, pos := range a.f.Code.Imports {
		// An import that is no dependency may be an alias of a folder.
		if files[pos.File] && !a.f.Has(name) && !strings.HasPrefix(name, "node:") && !builtin[name] {
			all = false
		}
	}
	return files, all
}

// builtin are Node's own modules that may be imported without "node:":
// https://nodejs.org/api/module.html#modulebuiltinmodules.
var builtin = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true, "constants": true,
	"crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true, "events": true, "fs": true, "http": true,
	"http2": true, "https": true, "inspector": true, "module": true, "net": true, "os": true, "path": true, "perf_hooks": true,
	"process": true, "punycode": true, "querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true,
	"timers": true, "tls": true, "tty": true, "url": true, "util": true, "v8": true, "vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}

// addPackages puts what the app needs at run time into base, where dev and
// test have it too; prod is then made of base.
func (p *Plan) addPackages(n needs, r plan.Runtime) {
	switch r {
	case plan.Slim:
		p.System, p.Debian = slices.Concat(n.debian, p.Debian), nil
	case plan.Alpine:
		p.System, p.Alpine = slices.Concat(n.alpine, p.Alpine), nil
	case plan.Distroless, plan.Scratch:
	}
	p.Prod.FromBase = len(p.System) > 0
}

// beyond are the rows of packages that base does not have yet.
func (p *Plan) beyond(rows []plan.System) []plan.System {
	have := plan.Packages(p.System)
	var out []plan.System
	for _, r := range rows {
		if slices.ContainsFunc(r.Packages, func(w plan.Token) bool { return !slices.Contains(have, w) }) {
			out = append(out, r)
		}
	}
	return out
}
