package node

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// developed is the app as dev runs it, if it has no script for development.
type developed struct {
	start start
	ports image.Ports
}

// developedAs is the app as it is started if the user asks for no start command, which
// is one of prod. An app that nothing else starts is started so in dev, too.
func developedAs(p project, s start, ports image.Ports) developed {
	prod := developed{s, ports}
	if len(p.in.Settings.Start) == 0 {
		return prod
	}
	p.in.Log, p.in.Settings.Start = &record.Log{Locked: p.in.Log.Locked}, nil // what prod is not is not recorded
	s, err := decideStart(p)
	if err != nil {
		return prod
	}
	ports, s, err = decidePort(p, s, codeOf(p.app, s))
	if err != nil {
		return prod
	}
	return developed{s, ports}
}

// devFinder finds how the app is developed. Nothing changes it.
type devFinder struct {
	project
	run manager.Manager // as dev runs scripts, unlike the other stages
	s   start
}

// devStage decides what dev runs: the framework's dev server or the dev
// script, else the app itself under a watcher. debian says that the stage is made
// of Debian.
func devStage(p project, by developed, i install, parent plan.From, debian bool) (*Dev, error) {
	s, ports := by.start, by.ports
	d := devFinder{p, p.pm.ForDev(p.app.Root), s}
	out := &Dev{Head: plan.Head{Name: p.in.Stage("dev"), From: parent, Uses: plan.StagesOf(p.in.Served)}}
	out.Sources = append(i.source(p.in), p.in.Served...)
	env := slices.Clone(ports.Env)
	port := 0
	if len(ports.List) > 0 {
		port = int(ports.List[0])
	}
	own := port
	ch := plan.Choice{Key: "dev"}
	var cmd []string
	does := " restarts on every save"
	of, last, named := d.script()
	switch {
	case p.app.Project.Name != "" && p.app.Project.Dir != "." && p.fw.Site == nil:
		cmd, ch.Rule, ch.Pos = d.ofNx(), "how Nx develops this project", record.At(s.Pos)
		env = append(env, s.Env...)
	case p.fw.Used() && p.fw.Dev.Script != "" && of == p.app.Own:
		sc, _ := p.app.Own.Script(p.fw.Dev.Script)
		cmd = d.runScript(p.fw.Dev.Script, p.fw.Dev.Flags...)
		ch.Rule, ch.Pos, ch.Link = "the "+p.fw.Dev.Script+" script runs the dev server of "+p.fw.Name, record.At(sc.Pos), p.fw.Link
		env, port = frameworkDevEnv(p.fw), p.fw.Dev.Port
	case named != "":
		sc, _ := of.Script(named)
		cmd = d.run.Script(named)
		if of == p.app.Own {
			cmd = d.runScript(named)
		} else if !orders(sc.Value) {
			cmd = d.afterUses(cmd)
		}
		ch.Rule, ch.Pos = "the "+named+" script of "+path.Base(sc.Pos.File), record.At(sc.Pos)
		if n := envPort(last.Env); n > 0 {
			port = n
		} else if n := script.Port(last.Argv); n > 0 {
			port = n
		} else if p.fw.Used() && of != p.app.Own {
			env, port = frameworkDevEnv(p.fw), p.fw.Dev.Port
		}
	case p.fw.Used() && len(p.fw.Dev.Command) > 0:
		cmd = d.runProgram(p.fw.Dev.Command...)
		ch.Rule, ch.Pos, ch.Link = "the dev server of "+p.fw.Name, record.At(p.fw.Pos), p.fw.Link
		env, port = frameworkDevEnv(p.fw), p.fw.Dev.Port
	default:
		var watches bool
		if cmd, ch.Rule, watches = d.watch(); !watches {
			does = " runs the app, and nothing in it is known to watch files: a save takes effect with a restart of the container"
		}
		ch.Pos = record.At(s.Pos)
		env = append(env, s.Env...)
		// Only a package manager knows where programs of dependencies are.
		if i.needed && cmd[0] == "sh" && (s.Shell != "" || s.Argv[0] != "node") {
			path, err := p.binPath(s.Dir)
			if err != nil {
				return nil, err
			}
			env = append(env, path)
		}
	}
	if port == 0 {
		port = own
	}
	if p.app.Member == nil {
		cmd = d.afterUses(cmd)
	}
	cmd = devPrisma(p.app, p.pm, cmd)
	ch.Value = strings.Join(cmd, " ")
	p.in.Log.Choose(ch)
	out.Cmd = plan.Exec(cmd)
	out.Env = slices.DeleteFunc(image.SetEnv(nil, env...), func(e plan.Env) bool { return e.Name.String() == "NODE_ENV" })
	if p.fw.Used() && len(p.fw.Dev.Debian) > 0 && debian {
		words, err := plan.Tokens(p.fw.Dev.Debian...)
		if err != nil {
			return nil, err
		}
		out.Debian = []plan.System{{For: plan.NewComment(p.fw.Dev.DebianFor), Packages: words}}
	}
	if port > 0 {
		out.Ports = []plan.Port{plan.Port(port)} //nolint:gosec // checked to be a port
	}
	if i.needed {
		dirs := []string{cmp.Or(p.pm.Modules, "node_modules")}
		if i.apart {
			dirs = nil
		}
		for _, x := range i.folders {
			dirs = append(dirs, path.Join(x.dir, "node_modules"))
		}
		if p.pm.Isolated || p.pm.Name == "bun" || p.app.Root.Yarn.Linker.Value == "pnpm" {
			dirs = append(dirs, workspace.ModuleFolders(p.installed())...)
		}
		for _, dir := range dirs {
			v, err := plan.NewPath(p.dir(dir))
			if err != nil {
				return nil, err
			}
			out.Volumes = append(out.Volumes, v)
		}
	}
	served := p.in
	served.Imports = nil // which dev does not have
	kept, about := image.KeptInDev(served, p.in.Workdir())
	mount := image.Mounted(p.in, p.in.Workdir())
	out.About = image.DevUsage(p.in, out.Name.String()+does, p.name(), out.Name, mount, out.Ports)
	if len(out.Volumes) > 0 {
		out.About = append(out.About, plan.NewComment("The volume keeps the image's node_modules when the source is mounted over "+mount+"."))
	}
	out.Volumes, out.About = append(out.Volumes, kept...), append(out.About, about...)
	return out, nil
}

// frameworkDevEnv are the variables of the framework's development server:
// those of its server in production, and its own.
func frameworkDevEnv(fw framework.Framework) []plan.Env {
	if fw.Server == nil {
		return fw.Dev.Env
	}
	return image.SetEnv(fw.Server.Env, fw.Dev.Env...)
}

// binPath is PATH with the programs of the packages that a folder and the root
// install.
func (p project) binPath(dir string) (plan.Env, error) {
	const bin = "node_modules/.bin"
	list := []string{p.dir(bin)}
	if dir != "" {
		list = slices.Insert(list, 0, p.dir(path.Join(dir, bin)))
	}
	folders, err := plan.Paths(list...)
	return plan.PathEnv(folders...), err
}

// script is the script that is there for development, and the package that
// has it: the root's, which may watch all that the app uses, where the workspace
// has no other app and the dev server needs no flag, else the app's own.
func (d devFinder) script() (of *node.Facts, last script.Command, name string) {
	from := []*node.Facts{d.app.Own, d.app.Root}
	if d.app.Member != nil && len(d.fw.Dev.Flags) == 0 && d.app.Alone {
		from = []*node.Facts{d.app.Root, d.app.Own}
	}
	for _, of = range from {
		if last, name = d.scriptOf(of); name != "" {
			return of, last, name
		}
	}
	return d.app.Own, last, ""
}

// scriptOf is the script of a package that is there for development and
// whose program is installed.
func (d devFinder) scriptOf(f *node.Facts) (script.Command, string) {
	for _, name := range devScripts {
		s, ok := f.Script(name)
		if !ok || script.Placeholder(s.Value) {
			continue
		}
		if _, serves := devServer(d.app.Root, s.Value); name == "start" && !serves {
			continue
		}
		list, ok := script.Expanded(f, s.Value)
		if !ok {
			return script.Command{}, name
		}
		last := list[len(list)-1]
		if len(last.Argv) == 0 || !d.installed(last.Argv[0]) || onlyCompiles(last.Argv) {
			continue
		}
		return last, name
	}
	return script.Command{}, ""
}

// devScripts are the names of scripts for development, the first that there is counts.
var devScripts = []string{"dev", "start:dev", "develop", "watch:dev", "dev:server", "server:dev", "start"} //nolint:gochecknoglobals // a constant table

// onlyCompiles reports whether the last command of a script goes on with compiling, and starts nothing: tsc --watch has no option
// for a program (https://www.typescriptlang.org/docs/handbook/compiler-options.html).
func onlyCompiles(argv []string) bool { return script.TypeScript(argv[0]) && script.WatchesBuild(argv) }

// none says that no script is there for development.
func (d devFinder) none() string {
	for _, name := range devScripts {
		s, _ := d.app.Own.Script(name)
		if list, ok := script.Expanded(d.app.Own, s.Value); ok && len(list) > 0 && len(list[len(list)-1].Argv) > 0 && onlyCompiles(list[len(list)-1].Argv) {
			return "the " + name + " script starts nothing"
		}
	}
	return "there is no dev script"
}

// installed reports whether a program is in the image or comes with a
// dependency. A program whose package is not known by name is believed.
func (d devFinder) installed(program string) bool {
	switch program {
	case "nodemon", "ts-node", "ts-node-dev", "tsx", "tsc", "nest", "vite", "next", "concurrently", "npm-run-all", "run-p", "run-s", "webpack", "parcel":
		return d.app.Own.Has(cmp.Or(binPackages[program], program))
	case "bun", "bunx":
		return d.eng.Bun || d.pm.Name == "bun"
	}
	return true
}

// runScript is the command that runs a script of the app's own package. What
// the member uses is built before it, where its packages are files that no
// source is.
func (d devFinder) runScript(name string, args ...string) []string {
	if d.app.Member == nil {
		return d.run.Script(name, args...)
	}
	return d.afterUses(d.run.MemberScript(d.app.Member.Dir, name, args...))
}

// runProgram is the same of a program of node_modules/.bin.
func (d devFinder) runProgram(argv ...string) []string {
	if d.app.Member == nil {
		return d.run.Program(argv...)
	}
	return d.afterUses(d.run.MemberProgram(d.app.Member.Dir, argv...))
}

func (d devFinder) afterUses(argv []string) []string {
	var list []script.Command
	for _, build := range usesBuild(d.app, d.pm, d.run) {
		list = append(list, script.Command{Argv: build})
	}
	if len(list) == 0 {
		return argv
	}
	return shellCommand(script.Quote(append(list, script.Command{Argv: argv}), true))
}

// shellCommand runs a line of a shell.
func shellCommand(line string) []string { return []string{"sh", "-c", line} }

// quoted is a command in place of the shell.
func quoted(argv []string) string { return script.Quote([]script.Command{{Argv: argv}}, true) }

// watch runs the app itself and starts it again when a file changes; watches is false where nothing is known to see that.
func (d devFinder) watch() (cmd []string, rule string, watches bool) {
	s, file := d.s, d.s.file()
	blind := d.none() + ", and what the start command runs is not known to watch files"
	switch {
	case s.Dir != "" && s.Shell == "" && s.Argv[0] == "node" && exists(d.app, file):
		return shellCommand("cd " + plan.ShellQuote(s.Dir) + " && " + quoted(d.watched())), d.none() + ": node restarts the app itself", true
	case s.Dir != "" && s.Shell == "" && s.Argv[0] == "node" && (d.compilesMember() || len(d.memberTSC()) > 0) && source(d.app, file) != "":
		return d.compiled(file)
	case s.Dir != "":
		var parts []string
		if file != "" && !exists(d.app, file) {
			for _, argv := range memberBuild(d.project) {
				parts = append(parts, script.Quote([]script.Command{{Argv: argv}}, false))
			}
		}
		parts = append(parts, "cd "+plan.ShellQuote(s.Dir), cmp.Or(s.Shell, quoted(s.Argv)))
		return shellCommand(strings.Join(parts, " && ")), blind, false
	case s.Shell != "":
		return shellCommand(s.Shell), blind, false
	case s.Argv[0] == "bun":
		argv := slices.Clone(s.Argv)
		if len(argv) > 1 && argv[1] == "run" {
			argv = append(argv[:1], argv[2:]...)
		}
		return slices.Insert(argv, 1, "--watch"), d.none() + ": Bun restarts the app itself", true
	case s.Argv[0] != "node":
		cmd, rule = d.unwatched()
		return cmd, rule, false
	case file == "" || exists(d.app, file):
		return d.watched(), d.none() + ": node restarts the app itself", true
	}
	return d.compiled(file)
}

// unwatched runs a program that is not known to watch files.
func (d devFinder) unwatched() (cmd []string, rule string) {
	argv := d.s.Argv
	if name, build, ok := script.Build(d.app.Root); ok && buildsAll(d.app, build.Value) {
		return shellCommand(strings.Join(d.run.Script(name), " ") + " && " + quoted(argv)), d.none() + ", and " + argv[0] + " is not known to watch the build"
	}
	if _, system := d.in.Know.Package("program", argv[0]); !system && argv[0] != "env" && !strings.Contains(argv[0], "/") && !shell.IsShell(argv[0]) && len(d.app.Root.Deps) > 0 {
		argv = d.run.Program(argv...)
	}
	return argv, d.none() + ", and " + d.s.Argv[0] + " is not known to watch files"
}

// sources is a shell's function that lists the sources of TypeScript, for a compiler that cannot watch: tsc --watch of TypeScript 7 sees
// no edit of a mounted folder, whatever its watchOptions (https://github.com/microsoft/TypeScript/issues/63646; with 7.0.2, its inotify
// watches were those below node_modules alone). Declarations are left out, which the compiler may write itself.
const sources = `sources() { find . -name node_modules -prune -o '(' -name '*.ts' -o -name '*.tsx' -o -name '*.[cm]ts' ')' ! -name '*.d.*' -exec ls -l --full-time {} +; }`

// compiled runs a file that a compiler writes.
func (d devFinder) compiled(file string) (cmd []string, rule string, watches bool) {
	f, s := d.app.Own, d.s
	src := source(d.app, file)
	program, cd := d.run.Program, ""
	if s.Dir != "" {
		program = func(argv ...string) []string { return d.run.MemberProgram(s.Dir, argv...) }
		cd = "cd " + plan.ShellQuote(s.Dir) + " && "
	}
	compiler, first := strings.Join(program("tsc"), " "), ""
	if argv := d.memberTSC(); len(argv) > 0 {
		compiler = script.Quote([]script.Command{{Argv: program(argv...)}}, false)
		for _, argv := range d.builtBefore() {
			first += script.Quote([]script.Command{{Argv: argv}}, false) + " && "
		}
	}
	i := script.FileIndex(s.Argv)
	rest, flags := s.Argv[i+1:], s.Argv[1:i]
	typescript, _ := f.Dep("typescript")
	// both starts a compiler once, and then again and again beside node, which
	// watches what it writes.
	both := func(once, again string) []string {
		return shellCommand(first + once + " && { " + once + " " + again + " & " + cd + quoted(d.watched()) + "; }")
	}
	switch {
	case s.Compiler.Name != "":
		return both(strings.Join(d.run.Program(s.Compiler.Argv...), " "), s.Compiler.Watch), d.none() + ": " + s.Compiler.Name + " and node both watch", true
	case src != "" && f.Has("tsx") && cd == "":
		return slices.Concat([]string{"node", "--watch", "--import", "tsx"}, flags, []string{src}, rest), d.none() + ": tsx runs the source, and node restarts it", true
	case src != "" && f.Has("typescript") && release.DepMajor(typescript) >= 7:
		tsc := compiler
		return shellCommand(first + sources + "; seen=$(sources); " + tsc + " && { while sleep 1; do now=$(sources); [ \"$now\" = \"$seen\" ] || { seen=$now; " + tsc + "; }; done & " + cd + quoted(d.watched()) + "; }"),
			d.none() + ": what changed is compiled, and node restarts it", true
	case src != "" && f.Has("typescript"):
		return both(compiler, "--watch --preserveWatchOutput"), d.none() + ": the compiler and node both watch", true
	}
	build := ""
	if name, _, ok := script.Build(f); ok {
		build = strings.Join(d.run.Script(name), " ") + " && "
	}
	return shellCommand(build + quoted(s.Argv)), d.none() + ", and nothing is known to watch the build", false
}

// memberTSC is the call of TypeScript's compiler that the build script of a member is, which can watch as well; nil for any other script.
func (d devFinder) memberTSC() []string {
	if d.app.Member == nil {
		return nil
	}
	list, ok := script.Expanded(d.app.Own, d.app.Own.Scripts["build"].Value)
	if !ok || len(list) != 1 || len(list[0].Env) > 0 || list[0].Argv[0] != "tsc" {
		return nil
	}
	return list[0].Argv
}

// builtBefore are the builds of the other members that the build of this one waits for.
func (d devFinder) builtBefore() [][]string {
	out := usesBuild(d.app, d.pm, d.run)
	for _, x := range d.buildInto(d.app.Member) {
		out = append(out, d.run.MemberScript(x.Dir, "build"))
	}
	return out
}

// watched is the start command of node, which starts it again when a file
// changes: --watch is stable from Node 22 on, and there from 18.11 on.
func (d devFinder) watched() []string {
	if d.eng.major() < 18 {
		return slices.Clone(d.s.Argv)
	}
	return slices.Insert(slices.Clone(d.s.Argv), 1, "--watch")
}
