package node

import (
	"cmp"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
)

// system is what the app has to have beside Node.
type system struct {
	image.System
	starts  []effect.Exec // programs that the code starts
	manager bool          // prod runs the package manager itself
}

// brings are the programs that the images of Node have, or that dockgen puts there
// where the app runs them.
var brings = []string{"node", "npm", "npx", "corepack", "yarn", "yarnpkg", "pnpm", "pnpx", "bun", "bunx"} //nolint:gochecknoglobals // a constant table

// usage says who uses a package.
type usage int

const (
	byNobody usage = iota // it is only installed
	byDevelopers
	byProd
)

// decideSystem looks the dependencies and the programs that are started up in the
// table of system packages. keepsDev says that prod has devDependencies too.
func decideSystem(p project, s start, c code, keepsDev bool) (system, error) {
	var out system
	var needs []image.Need
	library := func(name, version string, pos fact.Pos, by usage) {
		n, ok := image.Library(p.in, "node", name, pos)
		if !ok || n.Row.Versions != "" && !release.Overlaps(version, n.Row.Versions) {
			return
		}
		n.Row = builtFor(n.Row, version, p.eng)
		if n.Row.Wheel {
			n.Row.Debian.Build = nil
		}
		if by == byNobody {
			n.Row.Debian.Runtime, n.Row.Alpine.Runtime, n.Row.NoAlpine = nil, nil, ""
			if p.in.Prefix != "" {
				n.Row.Env = nil
			}
		}
		n.Dev = by != byProd
		if n.Row.Note != "" && by == byProd {
			p.in.Log.Note(pos, n.Row.Note, "")
		}
		needs = append(needs, n)
	}
	seen := map[string]bool{}
	look := func(deps []node.Dep, runs bool) {
		for _, d := range deps {
			if seen[d.Name] || d.Kind == node.Peer {
				continue
			}
			seen[d.Name] = true
			by := byProd
			switch {
			case !runs:
				by = byNobody
			case p.fw.Site != nil || d.Kind == node.Dev && !keepsDev:
				by = byDevelopers
			}
			library(d.Name, cmp.Or(release.Locked(d, p.pm.Lock), d.Range), d.Pos, by)
		}
	}
	look(p.app.Root.Deps, p.in.Prefix == "") // of a part of another app's image, nothing runs
	runs := p.app.Running()
	for _, running := range []bool{true, false} { // what runs needs more than what is only installed
		for _, u := range p.app.Root.Packages {
			if runs[u.Dir] == running {
				look(u.Deps, running)
			}
		}
	}
	for _, x := range p.fw.Build.Programs {
		if row, ok := p.in.Know.Package("program", x.Name); ok {
			needs = append(needs, image.Need{Name: x.Name, Pos: x.Pos, Row: row, Program: true, Dev: true, Why: x.For})
		}
	}
	if p.fw.Site == nil {
		programs := map[string]bool{}
		for _, x := range p.app.Own.Code.Execs {
			if name := x.Program.Text; !programs[name] && (c.has(x.Pos) || !c.all && !isBin(p.app, x.Pos.File)) {
				programs[name] = true
				out.starts = append(out.starts, x)
			}
		}
		needs = append(needs, image.Started(p.in, out.starts, brings...)...)
		for _, word := range s.Programs {
			if programs[word] {
				continue
			}
			programs[word] = true
			name := path.Base(word)
			if slices.Contains(brings, name) {
				continue
			}
			if row, ok := p.in.Know.Package("program", name); ok {
				needs = append(needs, image.Need{Name: name, Pos: s.Pos, Row: row, Command: true})
			}
		}
		out.manager = programs[p.pm.Command()] || p.pm.Name == "pnpm" && programs["pnpx"]
	}
	var err error
	if !p.part { // what is built with the app of another language has that one's packages around it
		needs = append(needs, image.OwnBuildNeeds(p.in)...)
	}
	out.System, err = image.NeededIn(p.in.Know, p.eng.images().SuiteOf(p.in.Know, p.eng.Version), needs...)
	return out, err
}

// isBin reports whether a file is a program that the package installs for its
// users: no server starts it.
func isBin(app workspace.App, file string) bool {
	return slices.ContainsFunc(app.Root.Bin, func(b fact.Fact[string]) bool { return app.Path(b.Value) == file })
}

// builtFor is a library's row for one of its versions: where nobody prebuilt
// that for the Node that was chosen, it is compiled, and linked against
// what it needs.
func builtFor(k knowledge.Package, version string, eng engine) knowledge.Package {
	for _, u := range k.Unbuilt {
		if !k.Wheel || eng.Node == "" || !release.Overlaps(version, u.Versions) || !release.Matches(u.Node, eng.Node) {
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

// decideRuntime chooses what prod runs on.
func decideRuntime(p project, s start, sys system) (plan.Runtime, error) {
	in, eng := p.in, p.eng
	q := image.RuntimeRequest{Images: eng.images(), Release: eng.Version, Needs: sys.System, Starts: sys.starts}
	if s.Shell != "" {
		q.Shell = "the start command: " + plan.Printable(s.Shell, 60)
	}
	program := ""
	if argv := p.byFile(s).Argv; len(argv) > 0 && argv[0] != "node" {
		program = argv[0]
	}
	if program != "" {
		q.Facts = append(q.Facts, path.Base(program))
	}
	q.Can = func(r plan.Runtime) error {
		switch {
		case r != plan.Distroless || program == "":
			return nil
		case eng.Bun:
			return image.Because(path.Base(program), "the app runs on Bun, which distroless does not have")
		}
		return image.Because(path.Base(program), "the start command runs %s, which distroless does not have", plan.Printable(program, 40))
	}
	return image.Runtime(in, q)
}
