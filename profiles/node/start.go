package node

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// start is what prod runs.
type start struct {
	Dir  string // the member of the workspace that it runs in, "" for the root
	Env  [][2]string
	Argv []string // "node" first where a JavaScript file is run
	// Shell is the script that only a shell can run; Argv is empty then.
	Shell string
	Pos   fact.Pos
	// Programs are the programs that Argv and Shell name, for what they need.
	Programs []string
}

// file is the JavaScript or TypeScript file that is run, "" where there is
// none.
func (s start) file() string {
	if len(s.Argv) > 1 && (s.Argv[0] == "node" || s.Argv[0] == "bun") {
		if i := script.FileIndex(s.Argv); i > 0 {
			if s.Argv[0] == "bun" && s.Argv[i] == "run" && i+1 < len(s.Argv) {
				i++
			}
			return path.Join(s.Dir, s.Argv[i])
		}
	}
	return ""
}

// option is one way to start the app.
type option struct {
	text  string // as it is shown
	pos   fact.Pos
	rule  string
	start func() (start, error)
}

// decideStart chooses what prod runs: what somebody wrote for the purpose
// first, then what the framework is known to need, then the entry that
// package.json names, then the names that are usual.
func (a *app) decideStart() (start, error) {
	var list []option
	byScript := func(name string) {
		if s, ok := a.f.Script(name); ok {
			list = append(list, option{s.Value, s.Pos, fmt.Sprintf("the %s script of %s", name, a.f.Manifest), func() (start, error) {
				return a.fromScript(name)
			}})
		}
	}
	procfile := func(match func(string) bool) {
		for _, p := range a.f.Procfile {
			if match(p.Name) {
				list = append(list, option{p.Text, p.Pos, p.Name + " of the Procfile", func() (start, error) {
					return a.fromText(p.Text, p.Pos)
				}})
			}
		}
	}
	framework := func() { list = append(list, a.frameworkStarts()...) }
	if s := a.in.Settings; len(s.Start) > 0 {
		list = append(list, option{strings.Join(s.Start, " "), s.Pos("start"), "asked for", func() (start, error) {
			return start{Argv: s.Start, Pos: s.Pos("start"), Programs: s.Start[:1]}, nil
		}})
	}
	if s := a.in.Settings; s.Main != "" && a.member == nil {
		list = append(list, option{s.Main, s.Pos("main"), "asked for", func() (start, error) { return a.fromFile(s.Main, s.Pos("main")) }})
	}
	procfile(func(n string) bool { return n == "web" })
	if a.fw.Server != nil {
		framework()
	}
	// Where start is made for development, another script is for production.
	written, ok := a.f.Script("start")
	server, serves := a.devServer(written.Value)
	develops := ok && (serves || script.IsDevLike(written.Value))
	if develops {
		for _, name := range prodScripts {
			byScript(name)
		}
	}
	if ok && !serves {
		byScript("start")
	}
	if name, _ := script.ServesItself(a.f); !ok && name != "" {
		byScript(name)
	}
	if !develops {
		byScript("start:prod")
	}
	if project, nx := a.nxServe(server); nx {
		list = append(list, option{written.Value, written.Pos, "what the build of the project writes that the start script serves for development", func() (start, error) {
			return a.fromNx(project, written.Pos)
		}})
	} else if apps := a.nxPrograms(); !ok && len(apps) == 1 {
		list = append(list, option{apps[0].Name, apps[0].Pos, "what the build of the workspace's one program for Node writes", func() (start, error) {
			return a.fromNx(apps[0].Name, apps[0].Pos)
		}})
	}
	if a.fw.Server == nil {
		framework()
	}
	procfile(func(n string) bool { return n != "web" && n != "release" })
	// Beside a development server, a file is code for the browser unless it
	// listens.
	by := "start"
	if !ok {
		by = "dev"
		written, _ = a.f.Script("dev")
		server, serves = a.devServer(written.Value)
	}
	entry := func(file string) bool { return !serves || a.listens(file) }
	for _, e := range []struct {
		field string
		f     fact.Fact[string]
	}{{"main", a.f.Main}, {"exports", a.f.Exports}, {"module", a.f.Module}} {
		if e.f.Value == "" || !runnable(e.f.Value) {
			continue
		}
		if file, ok := a.entry(e.f.Value); ok && !entry(file) {
			continue
		} else if ok {
			list = append(list, option{file, e.f.Pos, e.field + " of " + a.f.Manifest, func() (start, error) { return a.fromFile(file, e.f.Pos) }})
		} else if len(list) == 0 {
			a.in.Log.Note(e.f.Pos, fmt.Sprintf("%s names %s, which does not exist", e.field, plan.Printable(e.f.Value, 60)), "")
		}
	}
	for _, b := range a.f.Bin {
		if file, ok := a.entry(b.Value); ok && len(a.f.Bin) == 1 && entry(file) {
			list = append(list, option{file, b.Pos, "bin of " + a.f.Manifest, func() (start, error) { return a.fromFile(file, b.Pos) }})
		}
	}
	// Of the usual names, one that listens comes before what it imports.
	usual := slices.DeleteFunc(a.usualEntries(), func(file string) bool { return !entry(file) })
	slices.SortStableFunc(usual, func(x, y string) int { return cmp.Compare(pick(a.serves(x), 0, 1), pick(a.serves(y), 0, 1)) })
	for _, file := range usual {
		list = append(list, option{file, a.at(file), "a usual name for the entry", func() (start, error) { return a.fromFile(file, a.at(file)) }})
	}
	if a.member != nil && (len(list) == 0 || a.in.Settings.Main != "") {
		list = a.memberStarts()
	}
	if len(list) == 0 && serves {
		return start{}, record.Refuse(written.Pos, `add a script "start:prod" that runs the app in production, or say --set start=…`,
			"the %s script runs a development server (%s), and nothing says how the app runs in production", by, plan.Printable(strings.Join(server, " "), 60))
	}
	if len(list) == 0 {
		return start{}, record.Refuse(fact.At(path.Join(a.f.Dir, a.f.Manifest), 0),
			`add a "start" script, or say --set main=FILE`,
			"nothing says how this app is started: there is no start script, no Procfile, no main that exists, and no server.js or index.js")
	}
	win := list[0]
	s, err := win.start()
	if err != nil {
		return start{}, err
	}
	if s.Pos.IsZero() {
		s.Pos = win.pos
	}
	if why := unshellable(s); why != "" {
		return start{}, record.Refuse(s.Pos, "", "the start command cannot be parsed: %s", why)
	}
	if err := a.unserved(s); err != nil && win.rule != "asked for" {
		return start{}, err
	}
	if len(s.Argv) > 0 {
		s.Argv = append(s.Argv, script.Missing(s.Argv, a.named(s).Flags)...)
	}
	var rejected []plan.Rejected
	if serves && ok {
		rejected = append(rejected, plan.Rejected{Value: plan.Printable(written.Value, 80), Pos: record.At(written.Pos), Why: "it runs a development server"})
	}
	for _, o := range list[1:] {
		pos := o.pos
		rejected = append(rejected, plan.Rejected{Value: plan.Printable(o.text, 80), Pos: record.At(pos), Why: win.rule + " comes before " + o.rule})
	}
	rejected = slices.DeleteFunc(rejected, func(l plan.Rejected) bool { return l.Value == s.String() })
	a.in.Log.Choose(plan.Choice{Key: "start", Value: s.String(), Rule: win.rule, Pos: record.At(win.pos), Rejected: rejected})
	return s, nil
}

// frameworkStarts is the way in which the framework's own server is started.
func (a *app) frameworkStarts() []option {
	if a.fw.Server == nil || len(a.fw.Server.Command) == 0 {
		return nil
	}
	return []option{{strings.Join(a.fw.Server.Command, " "), a.fw.Pos, "how a build of " + a.fw.Name + " is run", func() (start, error) {
		return start{Dir: a.dir(), Argv: a.fw.Server.Command, Pos: a.fw.Pos, Programs: script.Programs(a.fw.Server.Command)}, nil
	}}}
}

// usualEntries are the files that are there under a usual name for the entry.
func (a *app) usualEntries() []string {
	var list []string
	for _, dir := range []string{"", "src/"} {
		for _, base := range []string{"server", "index", "app", "main"} {
			for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"} {
				if file := dir + base + ext; a.has(file) {
					list = append(list, file)
				}
			}
		}
	}
	return list
}

// unshellable says why no shell could run a start command, "" where one can.
func unshellable(s start) string {
	if s.Shell == "" {
		return pick(len(s.Argv) == 0 || s.Argv[0] == "", "it names no program", "")
	}
	var err error
	for _, lang := range []syntax.LangVariant{syntax.LangPOSIX, syntax.LangBash} {
		var file *syntax.File
		if file, err = syntax.NewParser(syntax.Variant(lang)).Parse(strings.NewReader(s.Shell), ""); err == nil {
			return pick(len(file.Stmts) == 0, "it names no program", "")
		}
	}
	return plan.Printable(err.Error(), 80)
}

// runnable reports whether a file may be a program: main of a package may
// also name a page or a style sheet.
func runnable(file string) bool {
	return !slices.Contains([]string{".html", ".htm", ".css", ".scss", ".sass", ".less", ".json", ".vue", ".md"}, path.Ext(file))
}

// devServer returns the command of a script that serves for development
// alone: a framework's development server, or the serve target of a task
// runner. words are those of its last command, which is the one that stays.
func (a *app) devServer(text string) (words []string, ok bool) {
	rows, err := startRows()
	if err != nil {
		return nil, false
	}
	commands := script.Commands(text)
	if list, plain := script.Expanded(a.f, text); plain {
		commands = nil
		for _, c := range list {
			commands = append(commands, script.Binary(script.Unwrap(c).Argv))
		}
	}
	if len(commands) == 0 {
		return nil, false
	}
	words = commands[len(commands)-1]
	if len(words) == 0 {
		return nil, false
	}
	if _, ok := a.nxServe(words); ok {
		return words, true
	}
	for _, d := range rows.Developers {
		if script.Runs(words, d.Commands) {
			return words, true
		}
	}
	if words[0] == "webpack" && slices.Contains(words, "serve") {
		return words, true
	}
	if framework.IsDevServer(words) {
		return words, true
	}
	return nil, false
}

// prodScripts are the scripts that run the app in production where start is
// for development.
var prodScripts = []string{"start:prod", "start:production", "prod", "production", "server"} //nolint:gochecknoglobals // a constant table

// listens reports whether a file, or one that it imports, binds a port.
func (a *app) listens(file string) bool {
	reached, _ := a.reach(start{Argv: []string{"node", file}})
	return slices.ContainsFunc(a.f.Code.Listens, func(l effect.Listen) bool { return reached[l.Pos.File] && !l.Named })
}

// serves reports whether a file, or one that it imports, calls something that
// may bind a port.
func (a *app) serves(file string) bool {
	reached, _ := a.reach(start{Argv: []string{"node", file}})
	for name := range reached {
		if a.f.Code.Serving[name] {
			return true
		}
	}
	return false
}

// String is the command as a person would type it.
func (s start) String() string {
	if s.Shell != "" {
		return plan.Printable(s.Shell, 200)
	}
	return plan.Printable(script.Quote([]script.Command{{Env: s.Env, Argv: s.Argv}}, false), 200)
}

// entry finds the file that a package.json means: itself, with an extension,
// a folder's index, its TypeScript source, or a file that the build writes.
func (a *app) entry(name string) (string, bool) {
	name = path.Clean(strings.TrimPrefix(name, "./"))
	if strings.HasPrefix(name, "..") || path.IsAbs(name) {
		return "", false
	}
	for _, c := range []string{name, name + ".js", name + ".cjs", name + ".mjs", name + ".ts", path.Join(name, "index.js"), path.Join(name, "index.ts")} {
		if a.has(c) {
			return c, true
		}
	}
	for _, pair := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}, {".cjs", ".cts"}} {
		if base, ok := strings.CutSuffix(name, pair[0]); ok && a.has(base+pair[1]) {
			return base + pair[1], true
		}
	}
	// A file below a folder that is not committed is the build's.
	_, _, builds := script.Build(a.f)
	top, _, nested := strings.Cut(name, "/")
	return name, builds && nested && !a.hasDir(top)
}

// fromScript is the command of a script, with those that it runs.
func (a *app) fromScript(name string) (start, error) {
	s, _ := a.f.Script(name)
	if list, ok := script.Parse(s.Value); ok {
		text := s.Value
		for _, part := range []string{"pre" + name, "post" + name} {
			if _, has := a.f.Script(part); has {
				list = []script.Command{{Argv: append(slices.Clone(a.pm.Run), name)}}
				if a.pm.Name == "npm" {
					list = []script.Command{{Argv: []string{"npm", "run", name}}}
				}
			}
		}
		return a.fromCommands(list, text, s.Pos)
	}
	return a.fromText(s.Value, s.Pos)
}

// fromMember is the command of a script of a workspace's member.
func (a *app) fromMember(u *node.WorkspaceUnit, name string) (start, error) {
	s := u.Scripts[name]
	return a.fromCommands([]script.Command{{Argv: []string{"cd", u.Dir}}, {Argv: []string{"npm", "run", name}}}, "cd "+plan.ShellQuote(u.Dir)+" && npm run "+name, s.Pos)
}

// fromText is a command line as somebody wrote it.
func (a *app) fromText(text string, pos fact.Pos) (start, error) {
	if list, ok := script.Parse(text); ok {
		return a.fromCommands(list, text, pos)
	}
	return start{Shell: text, Pos: pos, Programs: script.RoughPrograms(text)}, nil
}

func (a *app) fromCommands(list []script.Command, text string, pos fact.Pos) (start, error) {
	dir := ""
	all, ok := script.Expand(a.f, list)
	if u, rest := script.Member(a.f, list); u != nil {
		a.member, dir = u, u.Dir
		all, ok = script.Expand(u.Facts, rest)
	}
	if !ok {
		return start{Shell: text, Pos: pos, Programs: script.RoughPrograms(text)}, nil
	}
	// The image is built before it starts: what builds is not run again.
	list = slices.DeleteFunc(slices.Clone(all), func(c script.Command) bool { return a.builds(c) })
	if len(list) == 0 {
		list = all
	}
	list = a.compilesFirst(list)
	for _, refuse := range []func([]script.Command, fact.Pos) error{a.foreign, a.elsewhere, a.missing} {
		if err := refuse(list, pos); err != nil {
			return start{}, err
		}
	}
	for i, c := range list {
		argv, env := a.resolve(c.Argv, pos)
		list[i].Argv, list[i].Env = argv, append(slices.Clone(env), c.Env...)
	}
	s := start{Dir: dir, Pos: pos}
	if len(list) > 1 || slices.ContainsFunc(list[0].Env, func(e [2]string) bool { return secret.Linted(e[0]) }) {
		for i, c := range list {
			if argv, ok := script.AsNode(c.Argv); ok {
				list[i].Argv = a.forProd(argv, pos)
			}
			s.Programs = append(s.Programs, script.Programs(list[i].Argv)...)
		}
		s.Shell = script.Quote(list, true)
		return s, nil
	}
	c := list[0]
	s.Env = c.Env
	switch first := c.Argv[0]; {
	case strings.HasSuffix(first, ".sh"):
		// A script needs neither the executable bit nor a #! line this way.
		file := path.Clean(first)
		s.Argv = append([]string{a.interpreter(file), file}, c.Argv[1:]...)
		s.Programs = s.Argv[:1:1]
		return s, nil
	case shellBuiltin[first]:
		s.Shell = script.Quote(list, false)
		s.Env = nil
	default:
		if argv, ok := script.AsNode(c.Argv); ok {
			c.Argv = a.forProd(argv, pos)
		} else if c.Argv[0] == "tsx" {
			c.Argv = a.forProd(c.Argv, pos)
		}
		s.Argv = c.Argv
	}
	s.Programs = script.Programs(c.Argv)
	if file := s.file(); strings.HasSuffix(file, ".ts") && s.Argv[0] == "node" && !slices.Contains(s.Argv, "--import") && !slices.Contains(s.Argv, "-r") && !slices.Contains(s.Argv, "--loader") {
		if !stripsTypes(a.node) {
			return s, record.Refuse(pos, "ask for Node 24, or add a build script", "the start script runs TypeScript, which Node %s cannot", a.node)
		}
	}
	return s, nil
}

// interpreter is the shell that a script's first line names, sh where it
// names none.
func (a *app) interpreter(file string) string {
	return cmp.Or(a.in.Builds.Shebang(file), "sh")
}

// shellBuiltin are words that only a shell knows, and programs that no
// distroless image has.
var shellBuiltin = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"cd": true, "echo": true, "printf": true, "export": true, "source": true, ".": true, "eval": true, "exit": true, "true": true, "set": true,
}

// builds reports whether a command is a part of the build.
func (a *app) builds(c script.Command) bool {
	if len(c.Argv) == 0 {
		return false
	}
	_, build, ok := script.Build(a.f)
	if !ok {
		return false
	}
	inner, ok := script.Expanded(a.f, build.Value)
	return ok && slices.ContainsFunc(inner, func(b script.Command) bool { return slices.Equal(b.Argv, c.Argv) })
}

// compilesFirst takes what compiles the app before it starts out of the start
// command: the build stage does it, where the app is written. Without a build
// script it is what the build is.
func (a *app) compilesFirst(list []script.Command) []script.Command {
	if _, _, ok := script.Build(a.f); ok || a.member != nil {
		return list
	}
	n := 0
	for ; n < len(list)-1; n++ {
		program := path.Base(list[n].Argv[0])
		if _, err := plan.NewShell(list[n].Argv...); err != nil {
			break
		}
		if len(list[n].Env) > 0 || !translators[program] && !bundlers[program] || program == "prisma" || slices.Contains(list[n].Argv, "--watch") {
			break
		}
	}
	if !slices.ContainsFunc(list[:n], func(c script.Command) bool { return !fileTools[c.Argv[0]] }) {
		return list // they only move files about
	}
	a.before = list[:n]
	return list[n:]
}

// fileTools are programs of every image that a build moves files with.
var fileTools = map[string]bool{"rm": true, "cp": true, "mkdir": true, "chmod": true, "echo": true} //nolint:gochecknoglobals // a constant table

// pnpLoader matches what Yarn's Plug'n'Play has node load, which an image
// with node_modules does not have.
var pnpLoader = regexp.MustCompile(`^(\./)?\.pnp(\.loader)?\.[cm]?js$`)

// forProd drops options of node that no image can follow: --env-file for a
// file that stays out of it, without which node would not start, --watch, the
// debugger, and the loaders of Plug'n'Play.
func (a *app) forProd(argv []string, pos fact.Pos) []string {
	var out []string
	for i := 0; i < len(argv); i++ {
		name, file, has := strings.Cut(argv[i], "=")
		if name == "--watch" && !has {
			continue
		}
		if strings.HasPrefix(name, "--inspect") && (i == 0 || argv[0] == "node") && i < max(script.FileIndex(argv), 1) {
			a.in.Log.Note(pos, "prod starts without "+plan.Printable(argv[i], 40)+": whoever reaches the debugger runs code", "")
			continue
		}
		if i+1 < len(argv) && script.TakesValue(name) && pnpLoader.MatchString(argv[i+1]) {
			i++
			continue
		}
		if name != "--env-file" && name != "--env-file-if-exists" {
			out = append(out, argv[i])
			continue
		}
		if !has && i+1 < len(argv) {
			i++
			file = argv[i]
		}
		a.in.Log.Note(pos, fmt.Sprintf("the image does not read %s: secrets stay out of images", plan.Printable(file, 40)), "docker run --env-file "+plan.Printable(file, 40))
	}
	return out
}

// stripsTypes reports whether Node runs TypeScript by dropping its types, with
// no flag: https://nodejs.org/api/typescript.html.
func stripsTypes(version string) bool { return release.Major(version) >= 22 }

// fromFile runs a file of the repository, or one that the build writes.
func (a *app) fromFile(file string, pos fact.Pos) (start, error) {
	file, ok := a.entry(file)
	if !ok {
		return start{}, record.Refuse(pos, "", "%s does not exist", plan.Printable(file, 80))
	}
	s := start{Pos: pos}
	if a.bun {
		s.Argv, s.Programs = []string{"bun", file}, []string{"bun"}
		return s, nil
	}
	s.Programs = []string{"node"}
	if !isTypeScript(file) {
		s.Argv = []string{"node", file}
		return s, nil
	}
	_, _, builds := script.Build(a.f)
	switch c := a.f.TSConfig; {
	case a.f.Has("tsx"):
		s.Argv = []string{"node", "--import", "tsx", file}
		s.Programs = append(s.Programs, "tsx")
	case (a.f.Has("typescript") || builds) && c != nil && !c.NoEmit:
		s.Argv = []string{"node", a.compiled(file)}
	case stripsTypes(a.node) && a.f.Code.Untyped.IsZero():
		s.Argv = []string{"node", file}
	case a.compiler(file):
		s.Argv = []string{"node", a.compile.Out}
	case a.f.Has("ts-node"):
		s.Argv = []string{"node", "-r", "ts-node/register", file}
		s.Programs = append(s.Programs, "ts-node")
	default:
		at, why := pos, "Node "+a.node+" does not run TypeScript"
		if stripsTypes(a.node) {
			at, why = a.f.Code.Untyped, "this is TypeScript that Node cannot run by dropping the types"
		}
		return start{}, record.Refuse(at, "add typescript with a tsconfig.json, or tsx", "%s is TypeScript, and %s", plan.Printable(file, 80), why)
	}
	return s, nil
}
