package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// prod decides what the image holds and runs.
func (a *app) prod(p *Plan, s start, l listen, b built, n needs) error {
	if a.fw.Site != nil {
		p.Site = a.site
		p.User = a.site.user()
		p.Ports = []plan.Port{nginxPort}
		if a.in.Settings.Port > 0 {
			p.Ports = []plan.Port{plan.Port(a.in.Settings.Port)}
		}
		p.Health = a.site.health(a.in, p.Runtime, p.Ports[0])
		return nil
	}
	pr := &p.Prod
	pr.FromBase = pr.FromBase || n.manager && a.pm.Name != "npm" && !a.bunImage
	pr.Bun = a.bun || slices.ContainsFunc(n.spawns, func(p effect.Exec) bool { return p.Program.Text == "bun" || p.Program.Text == "bunx" })
	from := func(stage string, to string, paths ...string) error {
		c, err := plan.NewCopy(to, paths...)
		if err != nil {
			return err
		}
		row := Copy{Copy: c, From: stage != ""}
		if all := len(paths) == 1 && (paths[0] == "." || paths[0] == workdir+"/"); all && !n.manager && (a.hasDir(".yarn") || row.From && a.pm.Name == "berry") {
			row.Exclude = mustWords(".yarn") // Yarn itself, its state, and the archives that it installs from
		}
		if stage != "" {
			row.Stage = plan.MustToken(stage)
		}
		pr.Copies = append(pr.Copies, row)
		return nil
	}
	stage := ""
	switch {
	case p.Build != nil:
		stage = "build"
	case p.Deps != nil:
		stage = "deps"
	}
	modules := func() error {
		if !b.modules {
			return nil
		}
		for _, dir := range a.localFolders() {
			if err := from(stage, dir+"/", path.Join(workdir, dir)+"/"); err != nil {
				return err
			}
		}
		return from(stage, "node_modules/", workdir+"/node_modules/")
	}
	var err error
	file := s.file()
	parts := a.parts(s, n)
	switch {
	case a.fw.Server != nil && a.fw.Server.Copies != nil && stage == "build" && (a.fw.Server.Standalone || a.member == nil):
		all := slices.ContainsFunc(a.fw.Server.Copies, func(x framework.Copy) bool { return x.From == "./" })
		if !a.fw.Server.Standalone {
			// A build that is the app's whole folder has a manifest of its own.
			whole := all || slices.ContainsFunc(a.fw.Server.Copies, func(x framework.Copy) bool { return x.To == "./" && strings.HasSuffix(x.From, "/") })
			if !whole {
				if err := from(stage, "./", path.Join(workdir, a.f.Manifest)); err != nil {
					return err
				}
			}
			if !all {
				if err := modules(); err != nil {
					return err
				}
			}
		}
		for _, x := range a.fw.Server.Copies {
			if err := from(stage, x.To, workdir+"/"+strings.TrimPrefix(x.From, "./")); err != nil {
				return err
			}
			if err := describe(&pr.Copies[len(pr.Copies)-1], x); err != nil {
				return err
			}
		}
		absent := pick(p.Runtime == plan.Distroless, "; no npm, no source.", "; no source.")
		if all {
			pr.Why = plan.NewComment("has the built app" + pick(b.prune, " with its production dependencies.", "."))
			break
		}
		pr.Why = plan.NewComment("is what the build of " + a.fw.Name + " wrote" + pick(a.fw.Server.Standalone, ", with the packages it uses"+absent, pick(b.modules, ", and its production dependencies.", absent)))
	case len(parts) > 0 && stage != "":
		source := stage == "build" && b.steps || p.Deps.All
		err = a.copyParts(pr, parts, source, stage, from)
		pr.Why = plan.NewComment("has " + plan.Printable(a.member.Dir, 60) + pick(len(parts) > 1, ", the packages of the workspace that it uses,", "") + " and " + pick(b.prune, "production ", "its ") + "dependencies.")
	case len(a.f.Packages) > 0 && stage != "":
		// Members are linked from node_modules to their folders.
		all := stage == "build" && b.steps || p.Deps.All
		if all {
			err = from(stage, "./", workdir+"/")
		} else if err = from(stage, "./", workdir+"/"); err == nil {
			err = from("", ".", ".")
		}
		pr.Why = plan.NewComment("is the whole workspace: its packages are linked to one another.")
	case b.steps && a.outDir(file, b) != "":
		out := a.outDir(file, b)
		extra, err := shipped(a.tree(), a.f, out)
		if err != nil {
			return err
		}
		if a.nx.Name != "" {
			out, extra = path.Dir(file), nil // the build copies what the program reads
		}
		if err := from(stage, "./", path.Join(workdir, a.f.Manifest)); err != nil {
			return err
		}
		if err := modules(); err != nil {
			return err
		}
		if err := from(stage, out+"/", path.Join(workdir, out)+"/"); err != nil {
			return err
		}
		for _, x := range extra {
			to := x
			if !strings.HasSuffix(x, "/") {
				to = "./"
			}
			if err := from("", to, x); err != nil {
				return err
			}
		}
		pr.Why = plan.NewComment("has the compiled code" + pick(b.modules, " and its production dependencies", "") + "; no " + pick(p.Runtime == plan.Distroless, "npm, no shell, no ", "") + "compiler.")
	case b.steps || p.Deps != nil && p.Deps.All:
		err = from(stage, "./", workdir+"/")
		pr.Why = plan.NewComment("has the built app" + pick(b.prune, " with its production dependencies.", "."))
	default:
		if err = modules(); err == nil {
			err = from("", ".", ".")
		}
		pr.Why = plan.NewComment("has the code" + pick(b.modules, " and its "+pick(b.prune || !hasDev(a.f.Deps), "production ", "")+"dependencies.", "."))
	}
	if err != nil {
		return err
	}
	if stage == "build" && b.steps && a.fw.Server != nil {
		for i, dir := range a.fw.Server.Writes {
			if err := from(stage, dir, workdir+"/"+dir); err != nil {
				return err
			}
			row := &pr.Copies[len(pr.Copies)-1]
			row.Own = true
			if i == 0 {
				row.Why = plan.NewComment("The server writes here; a volume keeps it.")
			}
		}
	}
	if err := a.writes(pr, s, pick(stage == "build" && b.steps, stage, "")); err != nil {
		return err
	}
	return a.command(p, s, l)
}

// describe takes over what the framework says of a copy beside its paths.
func describe(c *Copy, x framework.Copy) error {
	c.Own = x.Writable
	if x.Why != "" {
		c.Why = plan.NewComment(x.Why)
	}
	if x.Except == "" {
		return nil
	}
	except, err := plan.NewToken(x.Except)
	c.Exclude = append(c.Exclude, except)
	return err
}

// outDir is the folder of compiled code that the app is run from, "" where
// the build writes beside its sources or elsewhere.
func (a *app) outDir(file string, b built) string {
	for _, dir := range b.outputs {
		if dir != "." && (strings.HasPrefix(file, dir+"/") || file == dir) && !a.hasDir(dir) {
			return dir
		}
	}
	return ""
}

// command decides CMD, ENTRYPOINT and HEALTHCHECK.
func (a *app) command(p *Plan, s start, l listen) error {
	pr := &p.Prod
	if s.Dir != "" {
		dir, err := plan.NewPath(path.Join(workdir, s.Dir))
		if err != nil {
			return err
		}
		pr.Member, pr.HasMember = dir, true
	}
	distroless := p.Runtime == plan.Distroless
	switch {
	case s.Shell != "":
		pr.Cmd = plan.Exec{"sh", "-c", s.Shell}
		pr.Bin = len(s.Programs) > 0 && p.Deps != nil
	default:
		pr.Cmd = plan.Exec(slices.Clone(s.Argv))
		if s.Argv[0] != "node" && s.Argv[0] != "bun" && !strings.Contains(s.Argv[0], "/") && p.Deps != nil {
			pr.Bin = true
		}
	}
	// As PID 1, a program without a handler of its own ignores SIGTERM:
	// https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals
	init := plan.Choice{Key: "init", Value: "tini", Rule: "as PID 1, node ignores SIGTERM unless the code handles it: tini passes it on", Link: "https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals"}
	pr.Init = true
	if pos, handled := a.handlesSignals(s); handled {
		pr.Init = false
		init.Value, init.Rule, init.Pos = "none", "the code handles SIGTERM itself", record.At(pos)
	} else if a.fw.Server != nil && a.fw.Server.Signals {
		pr.Init = false
		init.Value, init.Rule, init.Pos = "none", "the server of "+a.fw.Name+" handles SIGTERM itself", record.At(a.fw.Pos)
	}
	a.in.Log.Choose(init)
	const tini = "node as PID 1 ignores SIGTERM; tini passes it on."
	row := plan.System{For: plan.NewComment(pick(a.bun, strings.Replace(tini, "node", "bun", 1), tini)), Packages: mustWords("tini")}
	switch {
	case distroless && pr.Init:
		pr.Entrypoint = plan.Exec{"/usr/bin/tini", "--", "/nodejs/bin/node"}
		pr.Cmd = pr.Cmd[1:]
	case distroless:
		pr.Cmd = pr.Cmd[1:]
	case pr.Init && len(p.System) > 0:
		p.System = append(p.System, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	case pr.Init && p.Runtime == plan.Alpine:
		p.Alpine = append(p.Alpine, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	case pr.Init:
		p.Debian = append(p.Debian, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	}
	return a.health(p, s, l)
}

// handlesSignals reports whether the code that runs has a handler of SIGTERM.
func (a *app) handlesSignals(s start) (fact.Pos, bool) {
	if s.Shell != "" || len(a.f.Packages) > 0 && a.member == nil {
		return fact.Pos{}, false
	}
	reached, _ := a.reach(s)
	for _, sig := range a.f.Code.Signals {
		if sig.Name == "SIGTERM" && reached[sig.Pos.File] {
			return sig.Pos, true
		}
	}
	return fact.Pos{}, false
}

// healthRoutes are paths that exist to say that all is well.
var healthRoutes = []string{"/healthz", "/health", "/api/health", "/api/healthz", "/livez", "/health/live", "/ping", "/status", "/"} //nolint:gochecknoglobals // a constant table

// health decides the HEALTHCHECK: only where a route is known to answer.
func (a *app) health(p *Plan, s start, l listen) error {
	if l.Port == 0 || a.in.Settings.Healthcheck == "none" || !a.bun && release.Major(a.node) < 18 {
		return nil // fetch is from Node 18 on
	}
	ch := plan.Choice{Key: "healthcheck"}
	route := a.in.Settings.Healthcheck
	switch {
	case route != "":
		ch.Rule, ch.Pos = "asked for", record.At(a.in.Settings.Pos("healthcheck"))
	case a.fw.Server != nil && a.fw.Server.Health != "":
		route = a.fw.Server.Health
		ch.Rule, ch.Pos, ch.Link = "a route that an app of "+a.fw.Name+" answers", record.At(a.fw.Pos), a.fw.Link
	case len(a.f.Packages) == 0 || a.member != nil:
		reached, _ := a.reach(s)
		for _, want := range healthRoutes {
			i := slices.IndexFunc(a.f.Code.Routes, func(r effect.Route) bool { return r.Path == want && reached[r.Pos.File] })
			if i >= 0 {
				route = want
				ch.Rule, ch.Pos = "the code has this route", record.At(a.f.Code.Routes[i].Pos)
				break
			}
		}
	}
	if route == "" {
		return nil
	}
	ch.Value = route
	route = a.in.Log.Choose(ch)
	runtime := pick(p.Runtime == plan.Distroless, "/nodejs/bin/node", pick(a.bunImage, "bun", "node"))
	port := plan.Port(l.Port).String()
	if code, ok := a.codePort(s); ok && code.Addr.Port.Env != "" && plan.IsEnvName(code.Addr.Port.Env) && a.fw.Server == nil {
		port = "' + (process.env." + code.Addr.Port.Env + " || " + port + ") + '"
	}
	if strings.ContainsAny(route, `'\`) || strings.ContainsFunc(route, func(r rune) bool { return r < ' ' }) {
		return nil
	}
	p.Health = plan.Exec{runtime, "-e", "fetch('http://127.0.0.1:" + port + route + "').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"}
	return nil
}
