package node

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// devStage decides what dev runs: the framework's dev server or the dev
// script, else the app itself under a watcher.
func (a *app) devStage(p *Plan, s start, l listen) error {
	d := &p.Dev
	d.Copy = p.Deps == nil || !p.Deps.All
	d.Why = plan.NewComment("restarts on every save")
	env := slices.Clone(l.Env)
	port := l.Port
	pm := a.pm.ForDev(a.f)
	ch := plan.Choice{Key: "dev"}
	var cmd []string
	var err error
	of, last, name := a.devScript()
	switch {
	case a.fw.Used() && a.fw.Dev.Script != "" && of == a.own:
		sc, _ := a.own.Script(a.fw.Dev.Script)
		cmd = a.script(pm, a.fw.Dev.Script, a.fw.Dev.Flags...)
		ch.Rule, ch.Pos, ch.Link = "the "+a.fw.Dev.Script+" script runs the dev server of "+a.fw.Name, record.At(sc.Pos), a.fw.Link
		env = a.frameworkDevEnv()
		port = a.fw.Dev.Port
	case name != "":
		sc, _ := of.Script(name)
		cmd = pm.Script(name)
		if of == a.own {
			cmd = a.script(pm, name)
		} else if !orders(sc.Value) {
			cmd = a.afterUses(pm, cmd)
		}
		ch.Rule, ch.Pos = "the "+name+" script of "+path.Base(sc.Pos.File), record.At(sc.Pos)
		if n := envValue(last.Env, "PORT"); n > 0 {
			port = n
		} else if n := script.Port(last.Argv); n > 0 {
			port = n
		} else if a.fw.Used() && of != a.own {
			port, env = a.fw.Dev.Port, a.frameworkDevEnv()
		}
	case a.fw.Used() && len(a.fw.Dev.Command) > 0:
		cmd = a.program(pm, a.fw.Dev.Command...)
		ch.Rule, ch.Pos, ch.Link = "the dev server of "+a.fw.Name, record.At(a.fw.Pos), a.fw.Link
		env = a.frameworkDevEnv()
		port = a.fw.Dev.Port
	default:
		cmd, ch.Rule = a.watch(s)
		ch.Pos = record.At(s.Pos)
		env = append(env, s.Env...)
		// Only a package manager knows where programs of dependencies are.
		d.Bin = p.Deps != nil && cmd[0] == "sh" && (s.Shell != "" || s.Argv[0] != "node")
		if s.Dir != "" {
			if d.Member, err = plan.NewPath(path.Join(workdir, s.Dir)); err != nil {
				return err
			}
			d.HasMember = true
		}
	}
	if port == 0 {
		port = l.Port
	}
	cmd = a.devPrisma(cmd)
	env = slices.DeleteFunc(env, func(e [2]string) bool { return e[0] == "NODE_ENV" })
	ch.Value = strings.Join(cmd, " ")
	a.in.Log.Choose(ch)
	d.Cmd = plan.Exec(cmd)
	if d.Env, err = envs(env); err != nil {
		return err
	}
	if a.fw.Used() && len(a.fw.Dev.Debian) > 0 && (p.Runtime != plan.Alpine || p.Site != nil) {
		d.Debian = []plan.System{{For: plan.NewComment(a.fw.Dev.DebianFor), Packages: mustWords(a.fw.Dev.Debian...)}}
	}
	if port > 0 {
		d.Ports = []plan.Port{plan.Port(port)}
	}
	if p.Deps != nil {
		dirs := []string{"node_modules"}
		if a.pm.Name == "pnpm" || a.pm.Name == "bun" || a.f.Yarn.Linker.Value == "pnpm" {
			dirs = append(dirs, a.moduleFolders()...)
		}
		for _, dir := range dirs {
			v, err := plan.NewToken(path.Join(workdir, dir))
			if err != nil {
				return err
			}
			d.Volumes = append(d.Volumes, v)
		}
	}
	return nil
}

// devScript is the script that is there for development, and the package that
// has it: the root's, which may watch all that the app uses, where the workspace
// has no other app and the dev server needs no flag, else the app's own.
func (a *app) devScript() (of *node.Facts, last script.Command, name string) {
	from := []*node.Facts{a.own, a.f}
	if a.member != nil && len(a.fw.Dev.Flags) == 0 && len(a.apps()) < 2 {
		from = []*node.Facts{a.f, a.own}
	}
	for _, of = range from {
		if last, name = a.scriptForDev(of); name != "" {
			return of, last, name
		}
	}
	return a.own, last, ""
}

// scriptForDev is the script of a package that is there for development and
// whose program is installed.
func (a *app) scriptForDev(f *node.Facts) (script.Command, string) {
	for _, name := range []string{"dev", "start:dev", "develop", "watch:dev", "dev:server", "server:dev", "start"} {
		s, ok := f.Script(name)
		if !ok || script.Placeholder(s.Value) {
			continue
		}
		if _, serves := a.devServer(s.Value); name == "start" && !serves {
			continue
		}
		list, ok := script.Expanded(f, s.Value)
		if !ok {
			return script.Command{}, name
		}
		last := list[len(list)-1]
		if len(last.Argv) == 0 || !a.installed(last.Argv[0]) {
			continue
		}
		return last, name
	}
	return script.Command{}, ""
}

// installed reports whether a program is in the image or comes with a
// dependency. A program whose package is not known by name is believed.
func (a *app) installed(program string) bool {
	switch program {
	case "nodemon", "ts-node", "ts-node-dev", "tsx", "tsc", "nest", "vite", "next", "concurrently", "npm-run-all", "run-p", "run-s", "webpack", "parcel":
		name := program
		if p, ok := binPackages[program]; ok {
			name = p
		}
		return a.own.Has(name)
	case "bun", "bunx":
		return a.bun || a.pm.Name == "bun"
	}
	return true
}

// watch runs the app itself and starts it again when a file changes.
func (a *app) watch(s start) (cmd []string, rule string) {
	file := s.file()
	switch {
	case s.Dir != "" && s.Shell == "" && s.Argv[0] == "node" && a.exists(file):
		run := script.Quote([]script.Command{{Argv: a.watched(s)}}, true)
		return []string{"sh", "-c", "cd " + plan.ShellQuote(s.Dir) + " && " + run}, "there is no dev script: node restarts the app itself"
	case s.Dir != "":
		var before strings.Builder
		if file != "" && !a.exists(file) && a.member != nil {
			for _, argv := range a.buildMember() {
				before.WriteString(script.Quote([]script.Command{{Argv: argv}}, false) + " && ")
			}
		}
		return []string{"sh", "-c", before.String() + "cd " + plan.ShellQuote(s.Dir) + " && " + cmp.Or(s.Shell, script.Quote([]script.Command{{Argv: s.Argv}}, true))}, "there is no dev script, and what the start command runs is not known to watch files"
	case s.Shell != "":
		return []string{"sh", "-c", s.Shell}, "there is no dev script, and what the start command runs is not known to watch files"
	case s.Argv[0] == "bun":
		argv := slices.Clone(s.Argv)
		if len(argv) > 1 && argv[1] == "run" {
			argv = append(argv[:1], argv[2:]...)
		}
		return slices.Insert(argv, 1, "--watch"), "there is no dev script: Bun restarts the app itself"
	case s.Argv[0] != "node":
		cmd = s.Argv
		if name, build, ok := script.Build(a.f); ok && !script.Placeholder(build.Value) {
			return []string{"sh", "-c", strings.Join(a.pm.ForDev(a.f).Script(name), " ") + " && " + script.Quote([]script.Command{{Argv: cmd}}, true)}, "there is no dev script, and " + s.Argv[0] + " is not known to watch the build"
		}
		if !strings.Contains(cmd[0], "/") && !shells[cmd[0]] && len(a.f.Deps) > 0 {
			cmd = a.pm.ForDev(a.f).Program(cmd...)
		}
		return cmd, "there is no dev script, and " + s.Argv[0] + " is not known to watch files"
	case file == "" || a.exists(file):
		return a.watched(s), "there is no dev script: node restarts the app itself"
	}
	src := a.source(file)
	i := script.FileIndex(s.Argv)
	rest := s.Argv[i+1:]
	flags := s.Argv[1:i]
	switch {
	case a.compile.Name != "":
		once := strings.Join(a.pm.ForDev(a.f).Program(a.compile.Argv...), " ")
		run := script.Quote([]script.Command{{Argv: a.watched(s)}}, true)
		return []string{"sh", "-c", once + " && { " + once + " " + a.compile.Watch + " & " + run + "; }"},
			"there is no dev script: " + a.compile.Name + " and node both watch"
	case src != "" && a.f.Has("tsx"):
		return append(append([]string{"node", "--watch", "--import", "tsx"}, flags...), append([]string{src}, rest...)...), "there is no dev script: tsx runs the source, and node restarts it"
	case src != "" && a.f.Has("typescript"):
		// The compiler writes anew what node watches.
		tsc := strings.Join(a.pm.ForDev(a.f).Program("tsc"), " ")
		run := script.Quote([]script.Command{{Argv: a.watched(s)}}, true)
		return []string{"sh", "-c", tsc + " && { " + tsc + " --watch --preserveWatchOutput & " + run + "; }"},
			"there is no dev script: the compiler and node both watch"
	}
	build := ""
	if name, _, ok := script.Build(a.f); ok {
		build = strings.Join(a.pm.ForDev(a.f).Script(name), " ") + " && "
	}
	return []string{"sh", "-c", build + script.Quote([]script.Command{{Argv: s.Argv}}, true)}, "there is no dev script, and nothing is known to watch the build"
}

// shells are the interpreters that run scripts; no package brings them.
var shells = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true} //nolint:gochecknoglobals // a constant table

// watched is the start command of node, which starts it again when a file
// changes: --watch is stable from Node 22 on, and there from 18.11 on.
func (a *app) watched(s start) []string {
	if release.Major(a.node) < 18 {
		return slices.Clone(s.Argv)
	}
	return slices.Insert(slices.Clone(s.Argv), 1, "--watch")
}

// exists reports whether node finds the file in the repository itself.
func (a *app) exists(file string) bool {
	return a.has(file) || a.has(file+".js") || a.has(path.Join(file, "index.js")) || a.hasDir(file)
}

// frameworkDevEnv are the variables of the framework's development server:
// those of its server in production, and its own.
func (a *app) frameworkDevEnv() [][2]string {
	own := pairs(a.fw.Dev.Env)
	if a.fw.Server == nil {
		return own
	}
	return slices.Concat(pairs(a.fw.Server.Env), own)
}
