package node

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// start is what prod runs, and what has to be built for it.
type start struct {
	Dir string // the member of the workspace that it runs in, "" for the root
	// Folder is that folder if it has packages of its own and is no member; else nil.
	Folder *node.WorkspaceUnit
	Env    []plan.Env
	Argv   []string // "node" first where a JavaScript file is run
	// Shell is the script that only a shell can run; Argv is empty then.
	Shell string
	Pos   fact.Pos
	// Programs are the programs that Argv and Shell name, for what they need.
	Programs []string

	// If the repository has no build script, one of these builds what is run: the
	// commands that compiled before the app started, or a compiler of its
	// TypeScript. Project is that of Nx whose build writes what is run.
	Before   []script.Command
	Members  []string // of the workspace that the start command builds first, by their folders
	Compiler compiler
	Project  node.NxProject

	Notes []plan.Note // to be told if the app is started so
}

// file is the JavaScript or TypeScript file that is run, "" where there is
// none.
func (s start) file() string {
	if list := script.Commands(s.Shell); len(list) > 1 && !slices.ContainsFunc(list, func(c []string) bool { return c[0] == "cd" }) {
		// What comes before the app is no part of it.
		return start{Dir: s.Dir, Argv: list[len(list)-1]}.file()
	}
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

// String is the command as a person would type it.
func (s start) String() string {
	if s.Shell != "" {
		return plan.Printable(s.Shell, 200)
	}
	return plan.Printable(script.Quote([]script.Command{{Env: s.Env, Argv: s.Argv}}, false), 200)
}

// unshellable says why no shell could run a start command, "" where one can.
func (s start) unshellable() string {
	const empty = "it names no program"
	if s.Shell == "" {
		if len(s.Argv) == 0 || s.Argv[0] == "" {
			return empty
		}
		return ""
	}
	list, plain := script.Parse(s.Shell)
	if plain && !slices.ContainsFunc(list, func(c script.Command) bool { return len(script.Unwrap(c).Argv) > 0 }) {
		return empty
	}
	var err error
	for _, lang := range []syntax.LangVariant{syntax.LangPOSIX, syntax.LangBash} {
		var file *syntax.File
		if file, err = syntax.NewParser(syntax.Variant(lang)).Parse(strings.NewReader(s.Shell), ""); err != nil {
			continue
		}
		if len(file.Stmts) == 0 {
			return empty
		}
		return ""
	}
	return plan.Printable(err.Error(), 80)
}

// option is one way to start the app.
type option struct {
	text  string // as it is shown
	pos   fact.Pos
	rule  string
	start func() (start, error)
}

// starter finds the ways in which an app can be started. Nothing changes it, and
// trying one way writes nothing down.
type starter struct {
	project
	own owned // of the repository's own Dockerfile
}

// decideStart chooses what prod runs: what somebody wrote for the purpose
// first, then what the framework is known to need, then the entry that
// package.json names, then the names that are usual.
func decideStart(p project) (start, error) {
	w := starter{p, ownCommand(p.in, p.app.Root)}
	list, dev, err := w.options()
	if err != nil {
		return start{}, err
	}
	win := list[0]
	s, err := win.start()
	if err != nil {
		return start{}, err
	}
	if s.Pos.IsZero() {
		s.Pos = win.pos
	}
	if why := s.unshellable(); why != "" {
		return start{}, record.Refuse(s.Pos, "", "the start command cannot be parsed: %s", why)
	}
	if win.rule != "asked for" {
		if err := unserved(p.app, p.eng, s); err != nil {
			return start{}, err
		}
	}
	if win.rule != "asked for" {
		s = moved(p, s)
		if err := absent(p, s); err != nil {
			return start{}, err
		}
	}
	if len(s.Argv) > 0 {
		flags := serverOf(s).Flags
		if script.Host(s.Argv) != "" {
			flags = nil // all of them name the address
		}
		s.Argv = append(slices.Clone(s.Argv), script.Missing(s.Argv, flags)...)
	}
	var rejected []plan.Rejected
	if dev.text.Value != "" {
		rejected = append(rejected, plan.Rejected{Value: plan.Printable(dev.text.Value, 80), Pos: record.At(dev.text.Pos), Why: "it runs a development server"})
	}
	for _, o := range list[1:] {
		rejected = append(rejected, plan.Rejected{Value: plan.Printable(o.text, 80), Pos: record.At(o.pos), Why: win.rule + " comes before " + o.rule})
	}
	rejected = slices.DeleteFunc(rejected, func(l plan.Rejected) bool { return l.Value == s.String() })
	for _, n := range s.Notes {
		p.in.Log.Note(n.Pos, n.Text, n.Hint)
	}
	evidence := "" // of a file whose place dockgen's takes
	if win.rule == ownRule {
		evidence = w.own.evidence
	}
	p.in.Log.Choose(plan.Choice{Key: "start", Value: s.String(), Rule: win.rule, Pos: record.At(win.pos), Rejected: rejected, Evidence: evidence})
	return s, nil
}

// moved is a start command whose file the compiler writes one folder deeper than it says,
// because the code imports a JSON file from above its folder, and no rootDir is set: the
// folder that all inputs share is then the root. https://www.typescriptlang.org/tsconfig/#rootDir
func moved(p project, s start) start {
	c := p.app.Root.TSConfig
	file := s.file()
	if s.Shell != "" || p.app.Member != nil || s.Dir != "" || c == nil || !c.OutDir.Found() || c.RootDir.Found() || !within(file, c.OutDir.Value) || p.app.Has(file) || !translates(p.app.Root, s) {
		return s
	}
	src := source(p.app, file)
	top, _, nested := strings.Cut(src, "/")
	if !nested {
		return s
	}
	to := path.Join(c.OutDir.Value, strings.TrimSuffix(src, path.Ext(src))+strings.Replace(strings.Replace(path.Ext(src), "tsx", "ts", 1), "ts", "js", 1))
	if strings.TrimSuffix(to, path.Ext(to)) == strings.TrimSuffix(file, path.Ext(to)) {
		return s
	}
	for name := range codeFrom(p.app, src).files {
		for _, data := range p.app.Root.Code.Data[name] {
			if at := p.app.Rel(data.Value); !within(at, top) {
				s.Argv = slices.Clone(s.Argv)
				s.Argv[script.FileIndex(s.Argv)] = to
				s.Notes = append(s.Notes, plan.Note{Pos: data.Pos, Text: fmt.Sprintf("the import of %s makes the compiler write %s in place of %s", plan.Printable(at, 60), plan.Printable(to, 60), plan.Printable(file, 60))})
				return s
			}
		}
	}
	return s
}

// absent refuses to start a file that is not there, in a repository in which nothing could
// make it.
func absent(p project, s start) error {
	f, file := p.app.Root, s.file()
	_, _, builds := script.Build(f)
	if file == "" || s.Shell != "" || builds || p.fw.Used() || p.app.Member != nil || len(s.Before) > 0 || s.Compiler.Name != "" || s.Project.Name != "" ||
		strings.HasPrefix(path.Clean(file), "node_modules") || path.IsAbs(file) || strings.HasPrefix(file, "..") || exists(p.app, file) || source(p.app, file) != "" {
		return nil
	}
	for _, ext := range []string{".cjs", ".mjs", ".json", ".node", ".ts"} {
		if p.app.Has(file + ext) {
			return nil
		}
	}
	if len(p.pm.InstallCommands(f)) > 0 || len(decideFurther(p, s).scripts) > 0 || len(p.in.Imports) > 0 {
		return nil // that may make it
	}
	return record.Refuse(s.Pos, "commit the file, or add a build script that makes it", "the start command runs %s, which is not in the repository, and no script makes it", plan.Printable(file, 80))
}

// command is a command that the repository itself has for production.
type command struct {
	text fact.Fact[string]
	rule string
	name string // of the script, "" for a process of the Procfile
}

// prodScripts are the scripts that run the app in production where start is
// for development.
var prodScripts = []string{"start:prod", "start:production", "start-prod", "prod", "production", "start:server", "server", "serve:prod", "serve"} //nolint:gochecknoglobals // a constant table

// written are the commands by which a repository says how it runs in production,
// the one that counts first: what a platform starts, then the scripts for it.
func written(f *node.Facts) []command {
	var list []command
	for _, p := range f.Procfile {
		if p.Name == "web" {
			list = append(list, command{text: fact.Fact[string]{Value: p.Text, Pos: p.Pos}, rule: p.Name + " of the Procfile"})
		}
	}
	add := func(name string) {
		if s, ok := f.Script(name); ok {
			list = append(list, command{s, fmt.Sprintf("the %s script of %s", name, f.Manifest), name})
		}
	}
	// Where start is made for development, another script is for production.
	own, ok := f.Script("start")
	_, serves := devServer(f, own.Value)
	made := ok && (serves || script.IsDevLike(own.Value) || hasDeveloper(f, own.Value))
	if made {
		for _, name := range prodScripts {
			if _, serves := devServer(f, f.Scripts[name].Value); !serves && !servesFiles(f, name) {
				add(name)
			}
		}
	}
	if ok && !serves {
		add("start")
	}
	if name, _ := script.ServesItself(f); !ok && name != "" {
		add(name)
	}
	if !made {
		add("start:prod")
	}
	return list
}

// hasDeveloper reports whether a script runs a development server beside something else.
func hasDeveloper(f *node.Facts, text string) bool {
	list, ok := script.Expanded(f, text)
	if !ok {
		return false
	}
	_, dropped := meant(f, list, 0)
	return len(dropped) > 0
}

// servesFiles reports whether a script runs a server of static files, which a web server
// does in its place.
func servesFiles(f *node.Facts, name string) bool {
	steps, _ := script.Steps(f, f.Scripts[name].Value)
	return name == "serve" && len(steps) > 0 && framework.IsFileServer(steps[len(steps)-1].Argv)
}

// background are the processes of the Procfile that answer nobody.
func background(f *node.Facts) []command {
	var list []command
	for _, p := range f.Procfile {
		if p.Name != "web" && p.Name != "release" {
			list = append(list, command{text: fact.Fact[string]{Value: p.Text, Pos: p.Pos}, rule: p.Name + " of the Procfile"})
		}
	}
	return list
}

// development is the script that serves for development alone, where production
// is not said; the zero value is none.
type development struct {
	text  fact.Fact[string] // of the start script, empty if another serves
	words []string
}

// options are the ways to start the app, at least one.
func (w starter) options() ([]option, development, error) {
	f, set := w.app.Root, w.in.Settings
	if p := w.app.Project; p.Name != "" && len(set.Start) == 0 {
		return []option{{p.Name, p.Pos, "what the build of this project of Nx writes", func() (start, error) { return w.fromNx(p.Name, p.Pos) }}}, development{}, nil
	}
	var list []option
	add := func(c command) {
		list = append(list, option{c.text.Value, c.text.Pos, c.rule, func() (start, error) {
			if c.name != "" {
				return w.fromScript(c.name)
			}
			return w.fromText(c.text.Value, c.text.Pos)
		}})
	}
	if len(set.Start) > 0 {
		list = append(list, option{strings.Join(set.Start, " "), set.Pos("start"), "asked for", func() (start, error) {
			return start{Argv: set.Start, Pos: set.Pos("start"), Programs: set.Start[:1]}, nil
		}})
	}
	if set.Main != "" && w.app.Member == nil {
		list = append(list, option{set.Main, set.Pos("main"), "asked for", func() (start, error) { return w.fromFile(set.Main, set.Pos("main")) }})
	}
	if c, ok := w.byEntry(); ok {
		add(c)
	}
	if w.fw.Server == nil && w.own.starts(w.app) {
		own := w.own
		list = append(list, option{own.text(), own.pos, ownRule, func() (start, error) { return w.fromCommands(slices.Clone(own.list), own.text(), own.pos) }})
	}
	commands := written(f)
	for _, c := range commands {
		if c.name == "" {
			add(c)
		}
	}
	list = append(list, w.byFramework()...)
	for _, c := range commands {
		if c.name != "" {
			add(c)
		}
	}
	own, ok := f.Script("start")
	server, serves := devServer(f, own.Value)
	if project, nx := nxServe(f, server); nx {
		list = append(list, option{own.Value, own.Pos, "what the build of the project writes that the start script serves for development", func() (start, error) {
			return w.fromNx(project, own.Pos)
		}})
	}
	for _, c := range background(f) {
		add(c)
	}
	var dev development
	if serves {
		dev = development{own, server}
	}
	by := "start"
	if !ok {
		by = "dev"
		own, _ = f.Script("dev")
		server, serves = devServer(f, own.Value)
	}
	list = append(list, w.entries(len(list) == 0, serves)...)
	if w.app.Member != nil && (len(list) == 0 || set.Main != "") {
		list = w.ofMember()
	}
	switch {
	case len(list) > 0:
		return list, dev, nil
	case serves && elsewhere(f, own.Value) != "":
		dir := elsewhere(f, own.Value)
		return nil, dev, record.NoApp(record.Refuse(own.Pos, "dockgen init "+plan.Printable(dir, 60),
			"the %s script runs the development server of %s (%s), which is an app of its own", by, plan.Printable(dir, 60), plan.Printable(strings.Join(server, " "), 60)))
	case serves:
		return nil, dev, record.Refuse(own.Pos, `add a script "start:prod" that runs the app in production, or say --set start=…`,
			"the %s script runs a development server (%s), and nothing says how the app runs in production", by, plan.Printable(strings.Join(server, " "), 60))
	}
	return nil, dev, record.NoApp(record.Refuse(w.app.Manifest(), `add a "start" script, or say --set main=FILE`,
		"nothing says how this app is started: there is no start script, no Procfile, no main that exists, and no server.js or index.js"))
}

// byEntry is the command with which the script that the own image starts first starts the app: of a file that is there, or that a
// build makes.
func (w starter) byEntry() (command, bool) {
	words, at, ok := image.OwnStart(w.in)
	if !ok || w.app.Member != nil {
		return command{}, false
	}
	line, err := plan.NewShell(words...)
	if err != nil || strings.Contains(line.String(), buildfile.Unknown) {
		return command{}, false
	}
	if words[0] == "node" {
		_, _, builds := script.Build(w.app.Root)
		i := script.FileIndex(words)
		if i < 1 {
			return command{}, false
		}
		if _, there := entry(w.app, words[i]); !there && !builds {
			return command{}, false
		}
	}
	return command{text: fact.Fact[string]{Value: line.String(), Pos: at}, rule: "the entry point " + w.in.Rel(at.File)}, true
}

// entries are the files that package.json names, and those with a usual name.
// Beside a development server (serves), a file is code for the browser unless it
// listens. only says that nothing else starts the app.
func (w starter) entries(only, serves bool) []option {
	app, f := w.app, w.app.Root
	var list []option
	add := func(file string, pos fact.Pos, rule string) {
		list = append(list, option{file, pos, rule, func() (start, error) { return w.fromFile(file, pos) }})
	}
	isEntry := func(file string) bool { return !serves || listens(app, file) }
	for _, e := range []struct {
		field string
		f     fact.Fact[string]
	}{{"main", f.Main}, {"exports", f.Exports}, {"module", f.Module}} {
		if e.f.Value == "" || !runnable(e.f.Value) {
			continue
		}
		if file, ok := entry(app, e.f.Value); ok && isEntry(file) {
			add(file, e.f.Pos, e.field+" of "+f.Manifest)
		} else if !ok && only && len(list) == 0 {
			w.in.Log.Note(e.f.Pos, fmt.Sprintf("%s names %s, which does not exist", e.field, plan.Printable(e.f.Value, 60)), "")
		}
	}
	for _, b := range f.Bin {
		if file, ok := entry(app, b.Value); ok && len(f.Bin) == 1 && isEntry(file) {
			add(file, b.Pos, "bin of "+f.Manifest)
		}
	}
	// Of the usual names, one that listens comes before what it imports.
	var first, others []string
	for _, file := range usualEntries(app) {
		switch {
		case !isEntry(file):
		case answers(app, file):
			first = append(first, file)
		default:
			others = append(others, file)
		}
	}
	for _, file := range slices.Concat(first, others) {
		add(file, app.At(file), "a usual name for the entry")
	}
	return list
}

// byFramework is the way in which the framework's own server is started.
func (w starter) byFramework() []option {
	s := w.fw.Server
	if s == nil || len(s.Command) == 0 {
		return nil
	}
	return []option{{strings.Join(s.Command, " "), w.fw.Pos, "how a build of " + w.fw.Name + " is run", func() (start, error) {
		return start{Dir: w.app.Dir(), Argv: s.Command, Env: s.Given, Pos: w.fw.Pos, Programs: script.Programs(s.Command)}, nil
	}}}
}

// ofMember are the ways to start the member, where the root names none.
func (w starter) ofMember() []option {
	u := w.app.Member
	list := w.byFramework()
	why := ", the one member of the workspace that is an app"
	if !w.app.Alone {
		why = ", the member of the workspace that is its app"
	}
	if w.in.Settings.Main != "" {
		why = ", the member that is asked for"
		if w.in.File != "" {
			why = ", one of the several apps of this workspace"
		}
	}
	if s, ok := u.Facts.Script("start"); ok {
		list = append(list, option{s.Value, s.Pos, "the start script of " + u.Dir + why, func() (start, error) {
			return w.fromCommands([]script.Command{{Argv: []string{"cd", u.Dir}}, {Argv: []string{"npm", "run", "start"}}}, "cd "+plan.ShellQuote(u.Dir)+" && npm run start", u.Scripts["start"].Pos)
		}})
	}
	if e := w.app.Own.Main; e.Value != "" && w.in.Tree.Has(path.Join(w.app.Own.Dir, e.Value)) {
		list = append(list, option{e.Value, e.Pos, "main of " + u.Dir + why, func() (start, error) {
			return w.fromCommands([]script.Command{{Argv: []string{"cd", u.Dir}}, {Argv: []string{"node", path.Clean(e.Value)}}}, e.Value, e.Pos)
		}})
	}
	if len(list) == 0 {
		list = w.byMemberFile(why)
	}
	return list
}

// byMemberFile is the file of a member that nothing but its development starts: its main, which its build writes, or what its script for
// development runs.
func (w starter) byMemberFile(why string) []option {
	u := w.app.Member
	file, runs := runsOwn(w.app, u)
	if !runs {
		return nil
	}
	of := "what the dev script runs of "
	if main := w.app.Own.Main; source(w.app, path.Join(u.Dir, main.Value)) != "" {
		if _, _, builds := script.Build(u.Facts); builds {
			file, of = fact.Fact[string]{Value: path.Clean(main.Value), Pos: main.Pos}, "main, which the build writes, of "
		}
	}
	program := "node"
	if w.eng.Bun {
		program = "bun"
	}
	return []option{{file.Value, file.Pos, of + u.Dir + why, func() (start, error) {
		return w.fromCommands([]script.Command{{Argv: []string{"cd", u.Dir}}, {Argv: []string{program, file.Value}}}, file.Value, file.Pos)
	}}}
}

// runnable reports whether a file may be a program: main of a package may
// also name a page or a style sheet.
func runnable(file string) bool {
	return !slices.Contains([]string{".html", ".htm", ".css", ".scss", ".sass", ".less", ".json", ".vue", ".md"}, path.Ext(file))
}

// devServer returns the command of a script that serves for development
// alone: a framework's development server, the serve target of a task runner, or several
// such side by side. words are those of its last command, which is the one that stays.
func devServer(f *node.Facts, text string) (words []string, ok bool) {
	list, plain := script.Parse(text)
	if !plain {
		commands := script.Commands(text)
		if len(commands) == 0 {
			return nil, false
		}
		list = []script.Command{{Argv: commands[len(commands)-1]}}
	}
	return develops(f, list, 0)
}

// elsewhere is the folder in which the last command of a script runs, "" for the root.
func elsewhere(f *node.Facts, text string) string {
	steps, _ := script.Steps(f, text)
	if len(steps) == 0 {
		return ""
	}
	return steps[len(steps)-1].Dir
}

// develops is devServer of commands.
func develops(f *node.Facts, list []script.Command, depth int) (words []string, ok bool) {
	if all, plain := script.Expand(f, list); plain {
		list = all
	}
	if len(list) == 0 || depth > 4 {
		return nil, false
	}
	if branches, is := script.Parallel(f, list[len(list)-1].Argv); is {
		for _, b := range branches {
			own, ok := develops(f, b.List, depth+1)
			if !ok && !watchesBuild(f, b) {
				return nil, false
			}
			if words == nil && ok {
				words = own
			}
		}
		return list[len(list)-1].Argv, true
	}
	steps := script.StepsOf(f, list)
	if len(steps) == 0 {
		return nil, false
	}
	words = steps[len(steps)-1].Argv
	if _, ok := nxServe(f, words); ok {
		return words, true
	}
	rows, err := startRows()
	if err != nil {
		return nil, false
	}
	for _, d := range rows.Developers {
		if script.Runs(words, d.Commands) {
			return words, true
		}
	}
	if words[0] == "webpack" && slices.Contains(words, "serve") || framework.IsDevServer(words) {
		return words, true
	}
	return nil, false
}

// watchesBuild reports whether a branch of what runs side by side makes files for a
// developer.
func watchesBuild(f *node.Facts, b script.Branch) bool {
	steps := script.StepsOf(f, b.List)
	return len(steps) > 0 && script.WatchesBuild(steps[len(steps)-1].Argv)
}

// meant are commands without what serves for development beside the app: of those that
// run side by side, those that production needs. dropped are the others.
func meant(f *node.Facts, list []script.Command, depth int) (rest []script.Command, dropped []script.Branch) {
	if len(list) == 0 || depth > 4 {
		return list, nil
	}
	last := list[len(list)-1]
	branches, ok := script.Parallel(f, last.Argv)
	if !ok {
		return list, nil
	}
	var keep []script.Branch
	for _, b := range branches {
		if _, serves := develops(f, b.List, depth+1); serves || watchesBuild(f, b) {
			dropped = append(dropped, b)
		} else {
			keep = append(keep, b)
		}
	}
	list = slices.Clone(list[:len(list)-1])
	switch {
	case len(dropped) == 0 || len(keep) == 0:
		return append(list, last), nil
	case len(keep) > 1:
		return append(list, script.Command{Env: last.Env, Argv: script.OnlyParallel(last.Argv, keep)}), dropped
	}
	inner := slices.Clone(keep[0].List)
	for i := range inner {
		inner[i].Env = append(slices.Clone(last.Env), inner[i].Env...)
	}
	if all, ok := script.Expand(f, inner); ok {
		inner = all
	}
	rest, more := meant(f, inner, depth+1)
	return append(list, rest...), append(dropped, more...)
}

// fromScript is the command of a script, with those that it runs.
func (w starter) fromScript(name string) (start, error) {
	s, _ := w.app.Root.Script(name)
	list, ok := script.Parse(s.Value)
	if !ok {
		return w.fromText(s.Value, s.Pos)
	}
	for _, part := range []string{"pre" + name, "post" + name} {
		if hook, has := w.app.Root.Script(part); has && !onlyBuilds(w.app.Root, hook.Value) {
			list = []script.Command{{Argv: append(slices.Clone(w.pm.Run), name)}}
			if w.pm.Name == "npm" {
				list = []script.Command{{Argv: []string{"npm", "run", name}}}
			}
		}
	}
	return w.fromCommands(list, s.Value, s.Pos)
}

// onlyBuilds reports whether a script does nothing but run the one that builds, with what comes before and after that: the image is built
// before it starts.
func onlyBuilds(f *node.Facts, text string) bool {
	list, ok := script.Parse(text)
	return ok && !slices.ContainsFunc(list, func(c script.Command) bool { return !runsBuild(f, c) })
}

// runsBuild reports whether a command runs the script that builds.
func runsBuild(f *node.Facts, c script.Command) bool {
	name, _, ok := script.Build(f)
	asked, args, is := script.Script(f, c.Argv)
	return ok && is && asked == name && len(args) == 0
}

// fromText is a command line as somebody wrote it.
func (w starter) fromText(text string, pos fact.Pos) (start, error) {
	if list, ok := script.Parse(text); ok {
		return w.fromCommands(list, text, pos)
	}
	return start{Shell: text, Pos: pos, Programs: script.RoughPrograms(text)}, nil
}

// forProduction is the start of a package with its script for production in the place of a start script that is
// made for development.
func forProduction(f *node.Facts, run []script.Command) []script.Command {
	if len(run) != 1 {
		return run
	}
	if name, args, ok := script.Script(f, run[0].Argv); !ok || name != "start" || len(args) > 0 {
		return run
	}
	for _, c := range written(f) {
		if c.name != "" {
			return []script.Command{{Env: run[0].Env, Argv: []string{"npm", "run", c.name}}}
		}
	}
	return run
}

// fromCommands is what commands start; text is how somebody wrote them.
func (w starter) fromCommands(list []script.Command, text string, pos fact.Pos) (start, error) {
	f := w.app.Root
	s := start{Pos: pos}
	if rest := slices.DeleteFunc(slices.Clone(list), func(c script.Command) bool { return runsBuild(f, c) }); len(rest) > 0 {
		list = rest
	}
	all, ok := script.Expand(f, list)
	var dropped []script.Branch
	if ok && w.app.Member == nil {
		if all, dropped = meant(f, all, 0); len(dropped) > 0 {
			list = all
		}
	}
	list, s.Members = membersFirst(f, list)
	u, rest := script.Member(f, list)
	if u == nil {
		if u, rest = script.Folder(f, list); u != nil {
			s.Folder = u
		}
	}
	if u != nil {
		s.Dir = u.Dir
		all, ok = script.Expand(u.Facts, forProduction(u.Facts, rest))
	}
	if !ok {
		return start{Shell: text, Pos: pos, Programs: script.RoughPrograms(text)}, nil
	}
	for _, b := range dropped {
		s.Notes = append(s.Notes, leftOut(f, b, pos)...)
	}
	// The image is built before it starts: what installs and builds is not run again.
	list = slices.DeleteFunc(slices.Clone(all), func(c script.Command) bool { return builds(f, c) || script.Installs(c.Argv) || generatesClient(f, c) })
	if len(list) == 0 {
		list = slices.Clone(all)
	}
	if u == nil && w.app.Member == nil {
		s.Before, list = compilesFirst(f, list)
	}
	if err := w.refuse(list, pos, u != nil || w.app.Member != nil); err != nil {
		return start{}, err
	}
	of := f
	if u != nil {
		of = u.Facts
	}
	for i, c := range list {
		r := w.resolve(of, c.Argv, pos)
		list[i].Argv, list[i].Env = r.argv, append(slices.Clone(r.env), c.Env...)
		s.Notes = append(s.Notes, r.notes...)
	}
	// node is what a command runs as a program of Node, without what a container
	// has no use for.
	node := func(argv []string) []string {
		argv, notes := forProd(argv, pos)
		s.Notes = append(s.Notes, notes...)
		return argv
	}
	if len(list) > 1 || slices.ContainsFunc(list[0].Env, func(e plan.Env) bool { return secret.Linted(e.Name.String()) }) {
		for i, c := range list {
			if argv, ok := script.AsNode(c.Argv); ok {
				list[i].Argv = node(argv)
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
		s.Argv = append([]string{cmp.Or(w.in.Builds.Shebang(file), "sh"), file}, c.Argv[1:]...)
		s.Programs = s.Argv[:1:1]
		return s, nil
	case shell.Builtin(first) || first == "echo" || first == "printf": // no distroless image has them
		s.Shell = script.Quote(list, false)
		s.Env = nil
	default:
		if argv, ok := script.AsNode(c.Argv); ok {
			c.Argv = typeless(of, w.built(of, node(argv)))
		} else if c.Argv[0] == "tsx" {
			c.Argv = node(c.Argv)
		}
		s.Argv = c.Argv
	}
	s.Programs = script.Programs(c.Argv)
	if file := s.file(); strings.HasSuffix(file, ".ts") && s.Argv[0] == "node" && !slices.Contains(s.Argv, "--import") && !slices.Contains(s.Argv, "-r") && !slices.Contains(s.Argv, "--loader") {
		if !stripsTypes(w.eng) {
			return s, record.Refuse(pos, "ask for Node 24, or add a build script", "the start script runs TypeScript, which Node %s cannot", w.eng.Node)
		}
	}
	return s, nil
}

// built is a command of a package that runs TypeScript by a hook of ts-node or tsx, as it runs what
// the build script compiles with tsc: then the image holds neither the source nor the
// compiler. A member that uses others may find their source alone.
func (w starter) built(of *node.Facts, argv []string) []string {
	c, app := of.TSConfig, workspace.App{Tree: w.app.Tree, Root: of}
	i := script.FileIndex(argv)
	alone := w.app.Member == nil || len(w.app.Closure(w.app.Member, true)) == 1
	if !alone || c == nil || c.NoEmit || !c.OutDir.Found() || i < 2 || !isTypeScript(argv[i]) {
		return argv
	}
	module := of.Type.Value == "module"
	if module && !strings.HasPrefix(c.Module, "node") {
		return argv // the compiler may leave imports that Node does not resolve
	}
	switch hook := strings.Join(argv[1:i], " "); {
	case esmHook.MatchString(hook):
		if !module {
			return argv
		}
	case tsNodeHook.MatchString(hook):
	case tsxHook.MatchString(hook):
		// It does more than tsc: https://tsx.is/typescript. Whoever has it among the
		// dependencies means it.
		d, _ := of.Dep("tsx")
		commonJS := c.Module == "commonjs" || strings.HasPrefix(c.Module, "node") // with no "type": "module"
		if d.Kind != node.Dev || c.Paths || !commonJS {
			return argv
		}
	default:
		return argv
	}
	_, build, _ := script.Build(of)
	list, ok := script.Expanded(of, build.Value)
	tsc := ok && slices.ContainsFunc(list, func(c script.Command) bool {
		_, other := script.Flag(c.Argv, []string{"-p", "--project", "--outDir"})
		return script.TypeScript(c.Argv[0]) && !other && !slices.Contains(c.Argv, "--noEmit")
	}) || w.compilesMember()
	if !tsc || !app.Has(argv[i]) || !compiles(app, path.Clean(argv[i])) {
		return argv
	}
	return append([]string{"node", compiled(app, path.Clean(argv[i]))}, argv[i+1:]...)
}

// typeless is a command whose hook of ts-node leaves the types alone, where production installs ts-node and not all of
// them: https://typestrong.org/ts-node/docs/options#transpileonly.
func typeless(of *node.Facts, argv []string) []string {
	d, ok := of.Dep("ts-node")
	if !ok || d.Kind == node.Dev || !slices.ContainsFunc(of.Deps, func(d node.Dep) bool { return d.Kind == node.Dev && strings.HasPrefix(d.Name, "@types/") }) {
		return argv
	}
	argv = slices.Clone(argv)
	for i := range max(script.FileIndex(argv), 0) {
		if typeHook.MatchString(argv[i]) {
			argv[i] += "/transpile-only"
		}
	}
	return argv
}

// typeHook matches a hook of ts-node that reports errors of types.
var typeHook = lazy.MustCompile(`(^|=)ts-node/(register|esm)$`)

// What makes node run TypeScript: https://typestrong.org/ts-node/docs/usage#programmatic,
// https://tsx.is/dev-api/node-cli.
var (
	tsNodeHook = lazy.MustCompile(`^(-r|--require)[ =]ts-node/register(/transpile-only|/type-check)?$`)
	esmHook    = lazy.MustCompile(`^(--no-warnings )?(--(experimental-)?loader[ =]ts-node/esm(/transpile-only)?|--import[ =]ts-node/register/esm)$`)
	tsxHook    = lazy.MustCompile(`^(--import[ =]tsx|(-r|--require)[ =]tsx/cjs)$`)
)

// builds reports whether a command is a part of the build.
func builds(f *node.Facts, c script.Command) bool {
	_, build, ok := script.Build(f)
	if len(c.Argv) == 0 || !ok {
		return false
	}
	inner, ok := script.Expanded(f, build.Value)
	return ok && slices.ContainsFunc(inner, func(b script.Command) bool { return slices.Equal(b.Argv, c.Argv) })
}

// membersFirst takes the commands that build members of the workspace, and come before the one that starts the app, out of a list: the
// image is built before it starts. The members come back by their folders.
func membersFirst(f *node.Facts, list []script.Command) (rest []script.Command, members []string) {
	rest = list
	if all, ok := script.Expand(f, list); ok && len(list) == 1 {
		rest = all
	}
	for len(rest) > 1 {
		u, run := script.Member(f, rest[:1])
		if u == nil || len(run) != 1 {
			break
		}
		name, _, ok := script.Build(u.Facts)
		if asked, args, is := script.Script(u.Facts, run[0].Argv); !ok || !is || asked != name || len(args) > 0 {
			break
		}
		rest, members = rest[1:], append(members, u.Dir)
	}
	if len(members) == 0 {
		return list, nil
	}
	return rest, members
}

// generatesClient reports whether a command generates Prisma's client, which the build or
// the install does.
func generatesClient(f *node.Facts, c script.Command) bool {
	return script.Runs(c.Argv, []string{"prisma generate"}) && len(c.Argv) == 2 && f.Has("prisma") && f.Has("@prisma/client") && f.Prisma.Schema != ""
}

// leftOut says that a folder is developed beside the app by a server that prod does not
// run; nothing of a branch of the app's own folder.
func leftOut(f *node.Facts, b script.Branch, pos fact.Pos) []plan.Note {
	steps := script.StepsOf(f, b.List)
	if len(steps) == 0 || steps[len(steps)-1].Dir == "" || script.WatchesBuild(steps[len(steps)-1].Argv) {
		return nil
	}
	dir := plan.Printable(steps[len(steps)-1].Dir, 60)
	return []plan.Note{{Pos: pos, Text: "prod does not run the development server of " + dir, Hint: "dockgen init " + dir + " makes an image of that, unless the app serves what its build writes"}}
}

// compilesFirst takes what compiles the app before it starts out of the start
// command: the build stage does it, where the app is written. Without a build
// script it is what the build is.
func compilesFirst(f *node.Facts, list []script.Command) (before, rest []script.Command) {
	if _, _, ok := script.Build(f); ok {
		return nil, list
	}
	n := 0
	for ; n < len(list)-1; n++ {
		program := path.Base(list[n].Argv[0])
		if _, err := plan.NewShell(list[n].Argv...); err != nil {
			break
		}
		if len(list[n].Env) > 0 || !translator(program) && !bundlers[program] || program == "prisma" || slices.Contains(list[n].Argv, "--watch") {
			break
		}
	}
	if !slices.ContainsFunc(list[:n], func(c script.Command) bool { return !fileTools[c.Argv[0]] }) {
		return nil, list // they only move files about
	}
	return list[:n], list[n:]
}

// fileTools are programs of every image that a build moves files with.
var fileTools = map[string]bool{"rm": true, "cp": true, "mkdir": true, "chmod": true, "echo": true} //nolint:gochecknoglobals // a constant table

// pnpLoader matches what Yarn's Plug'n'Play has node load, which an image
// with node_modules does not have.
var pnpLoader = lazy.MustCompile(`^(\./)?\.pnp(\.loader)?\.[cm]?js$`)

// forProd drops options of node that no image can follow: --env-file for a
// file that stays out of it, without which node would not start, those that watch
// files, the debugger, and the loaders of Plug'n'Play.
func forProd(argv []string, pos fact.Pos) (out []string, notes []plan.Note) {
	for i := 0; i < len(argv); i++ {
		name, file, has := strings.Cut(argv[i], "=")
		own := argv[0] == "node" && i < max(script.FileIndex(argv), 1) // an option of node, not of the app
		switch {
		case name == "--watch" && !has, own && name == "--watch-preserve-output":
			continue
		case own && (name == "--watch-path" || name == "--watch-kill-signal"):
			if !has {
				i++
			}
			continue
		case strings.HasPrefix(name, "--inspect") && (i == 0 || own):
			notes = append(notes, plan.Note{Pos: pos, Text: "prod starts without " + plan.Printable(argv[i], 40) + ": anyone who reaches the debugger can run code"})
			continue
		case i+1 < len(argv) && script.TakesValue(name) && pnpLoader.MatchString(argv[i+1]):
			i++
			continue
		case name != "--env-file" && name != "--env-file-if-exists":
			out = append(out, argv[i])
			continue
		}
		if !has && i+1 < len(argv) {
			i++
			file = argv[i]
		}
		notes = append(notes, plan.Note{Pos: pos, Text: fmt.Sprintf("%s is not in the image, because it may hold secrets", plan.Printable(file, 40)), Hint: "docker run --env-file " + plan.Printable(file, 40)})
	}
	return out, notes
}

// stripsTypes reports whether Node runs TypeScript by dropping its types, with
// no flag: https://nodejs.org/api/typescript.html.
func stripsTypes(eng engine) bool { return eng.major() >= 22 }

// fromFile runs a file of the repository, or one that the build writes.
func (w starter) fromFile(file string, pos fact.Pos) (start, error) {
	app, f := w.app, w.app.Root
	file, ok := entry(app, file)
	if !ok {
		return start{}, record.Refuse(pos, "", "%s does not exist", plan.Printable(file, 80))
	}
	s := start{Pos: pos}
	if w.eng.Bun {
		s.Argv, s.Programs = []string{"bun", file}, []string{"bun"}
		return s, nil
	}
	s.Programs = []string{"node"}
	if !isTypeScript(file) {
		s.Argv = []string{"node", file}
		return s, nil
	}
	_, _, builds := script.Build(f)
	made := compilerOf(app, file)
	switch c := f.TSConfig; {
	case f.Has("tsx"):
		s.Argv = []string{"node", "--import", "tsx", file}
		s.Programs = append(s.Programs, "tsx")
	case (f.Has("typescript") || builds) && c != nil && !c.NoEmit:
		s.Argv = []string{"node", compiled(app, file)}
	case stripsTypes(w.eng) && f.Code.Untyped.IsZero():
		s.Argv = []string{"node", file}
	case made.Name != "":
		s.Compiler, s.Argv = made, []string{"node", made.Out}
	case f.Has("ts-node"):
		s.Argv = typeless(f, []string{"node", "-r", "ts-node/register", file})
		s.Programs = append(s.Programs, "ts-node")
	default:
		at, why := pos, "Node "+w.eng.Node+" does not run TypeScript"
		if stripsTypes(w.eng) {
			at, why = f.Code.Untyped, "this is TypeScript that Node cannot run by dropping the types"
		}
		return start{}, record.Refuse(at, "add typescript with a tsconfig.json, or tsx", "%s is TypeScript, and %s", plan.Printable(file, 80), why)
	}
	return s, nil
}
