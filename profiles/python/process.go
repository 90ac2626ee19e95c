package python

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

var moduleName = lazy.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)

var appName = lazy.MustCompile(`^[A-Za-z_][\w.-]*:[A-Za-z_][\w.]*(\(.*\))?$`)

// serving are the names of processes that are the app itself: of a Procfile, app.yaml, and the files of platforms.
var serving = []string{"web", "entrypoint", "startCommand", "run_command", "cmd", "app"} //nolint:gochecknoglobals // a constant table

// process takes the web process of a Procfile, or the start command of a platform's file, as
// evidence: what is served, with which flags, at which port. The program is
// zero if there is none, or none that dockgen understands; the notes say why.
func (p project) process(all []candidate) (program, []plan.Note) {
	var notes []plan.Note
	note := func(pos fact.Pos, text, hint string) {
		notes = append(notes, plan.Note{Pos: pos, Text: text, Hint: hint})
	}
	named := map[string]int{}
	web := false
	for _, x := range p.f.Processes {
		named[x.Name]++
		web = web || slices.Contains(serving, x.Name)
	}
	for _, x := range p.f.Processes {
		// Several of a platform's services have their commands below one key.
		if !slices.Contains(serving, x.Name) && (web || x.Name != "worker") || named[x.Name] > 1 && x.Name != "web" {
			continue
		}
		if len(x.Commands) == 0 {
			note(x.Pos, "needs a shell, so its command was not used", "set the command: --set 'start=[…]'")
			continue
		}
		cmd := x.Commands[len(x.Commands)-1]
		dir := ""
		for _, c := range x.Commands[:len(x.Commands)-1] {
			texts := shell.Texts(c.Words)
			if len(texts) == 2 && texts[0] == "cd" && p.in.Tree.HasDir(path.Join(p.in.Dir, dir, texts[1])) && !path.IsAbs(texts[1]) {
				dir = into(dir, texts[1])
				continue
			}
			for i, w := range c.Words {
				texts[i], _ = spelledWord(w)
			}
			note(x.Pos, fmt.Sprintf("runs %q before the app; that belongs to a release, not to every start of a container", plan.Printable(strings.Join(texts, " "), 80)), "run it once per release, in a container of the same image")
		}
		c, understood, ok := p.understandIn(dir, cmd, x.Pos, all)
		if !ok {
			note(x.Pos, fmt.Sprintf("starts %s, which dockgen cannot check, so its command was not used", plan.Printable(cmd.Words[0].Text, 40)), "set the command: --set 'start=[…]'")
			continue
		}
		out := program{candidate: c, way: byProcess, command: understood, name: x.Name, rule: "the " + x.Name + " process of " + p.in.Rel(x.Pos.File), pos: x.Pos}
		if understood.at != nil {
			if out.way = p.wayOf(c); c.module == nil {
				out.way = byDjango
			}
		}
		return out, notes
	}
	return program{}, notes
}

// imaged takes the command of the repository's own Dockerfile as evidence, where it is a server with the
// application that it serves, or a console script of the project with its arguments. A development server, a file or a script of a
// shell is no evidence, nor a server of Django that the project does not name: the source says better how that is served.
func (p project) imaged(all []candidate) program {
	text, pos, evidence := image.OwnCommand(p.in)
	if text == "" {
		return program{}
	}
	x := facts.CommandLine("web", text, pos)
	if len(x.Commands) != 1 || len(x.Commands[0].Words) == 0 {
		return p.chained(text, pos, evidence)
	}
	cmd := x.Commands[0]
	if prog := path.Base(cmd.Words[0].Text); (prog == "python" || prog == "python3") && len(cmd.Words) > 1 && path.IsAbs(cmd.Words[1].Text) {
		cmd.Words = cmd.Words[1:] // python /venv/bin/gunicorn
	}
	cmd.Words = p.rooted(cmd.Words)
	if slices.ContainsFunc(cmd.Words[1:], func(w shell.Word) bool { return p.missed(w.Text) }) {
		return program{}
	}
	out := program{name: x.Name, rule: "the repository's own Dockerfile starts it", evidence: evidence, pos: pos}
	if args, ok := p.scripted(cmd); ok {
		out.candidate = candidate{name: path.Base(cmd.Words[0].Text), module: p.moduleOf(path.Base(cmd.Words[0].Text)), pos: pos}
		out.way, out.command.flags = byConsole, args
		if at := p.listensAt(out.module, args...); len(at.addresses) > 0 && slices.ContainsFunc(args, func(w string) bool {
			number := numbers.FindStringSubmatch(w)
			return number != nil && number[1] != strconv.Itoa(at.addresses[0].Port)
		}) {
			return program{} // it may be another port than the one that is known
		}
		return out
	}
	c, understood, ok := p.understand(cmd, pos, all)
	switch s := understood.server; {
	case !ok || c.module == nil || understood.at != nil || understood.worker:
		return program{}
	case p.f.Django != nil && (s == nil || !p.brought(s.Name)):
		return program{}
	case s != nil && !p.brought(s.Name) && p.bringsServer():
		return program{}
	case s == nil && (!understood.script || !p.deployed(c.module) && (len(understood.flags) == 0 || len(c.module.Objects) > 0)):
		return program{}
	}
	out.candidate, out.command, out.way = c, understood, byProcess
	return out
}

// rooted is a command of Python whose script is named by its place in the own image, with its path in the repository. Once that Dockerfile is gone,
// the one file of that name is meant.
func (p project) rooted(words []shell.Word) []shell.Word {
	if prog := path.Base(words[0].Text); prog != "python" && prog != "python3" {
		return words
	}
	i := 1
	for i < len(words) && words[i].Text == "-u" {
		i++
	}
	if i == len(words) || !path.IsAbs(words[i].Text) || path.Ext(words[i].Text) != ".py" {
		return words
	}
	file := image.FileAt(p.in, words[i].Text)
	for _, m := range p.f.Modules {
		if p.in.HasDockerfile() || path.Base(m.File) != path.Base(words[i].Text) {
			continue
		}
		if file != "" {
			return words // it may be any of them
		}
		file = m.File
	}
	if file == "" {
		return words
	}
	words = slices.Clone(words)
	words[i] = shell.Literal(file)
	return words
}

// numbers match an argument that may be a port, or end with one.
var numbers = lazy.MustCompile(`(?:^|[:=])([0-9]{2,5})$`)

// chained takes a chain of console scripts of the project as the own Dockerfile has it: those that prepare, and the one that serves,
// in which variables of that file stand.
func (p project) chained(text string, pos fact.Pos, evidence string) program {
	list := facts.Chain(text)
	if len(list) == 0 || len(list) > maxChained || p.f.Django != nil {
		return program{}
	}
	var chain command
	for n, c := range list {
		args, ok := p.spelled(c, &chain)
		if !ok || len(args) < 2 || !p.packaged() || !slices.ContainsFunc(p.m.Scripts, func(s facts.Script) bool { return s.Name == args[0] }) {
			return program{}
		}
		if n < len(list)-1 {
			chain.before = append(chain.before, args)
			continue
		}
		chain.flags = args[1:]
	}
	name := path.Base(list[len(list)-1].Words[0].Text)
	return program{
		candidate: candidate{name: name, module: p.moduleOf(name), pos: pos}, way: byConsole, command: chain, name: "web",
		rule: "the repository's own Dockerfile starts it", evidence: evidence, pos: pos,
	}
}

// maxChained is more commands than an image starts.
const maxChained = 5

// spelled are the words of a command in which $NAME stands for a variable that this image sets, too. Its port is
// {port}.
func (p project) spelled(c shell.Command, of *command) (words []string, ok bool) {
	if len(c.Env) > 0 {
		return nil, false
	}
	for _, w := range c.Words {
		var parts []string
		for n, part := range w.Parts {
			switch {
			case part.Var == "" && !part.Expands && !strings.Contains(part.Text, shell.Unknown) && !strings.ContainsAny(part.Text, "${}"):
				parts = append(parts, part.Text)
				continue
			case part.Var == "" || n < len(w.Parts)-1:
				return nil, false
			}
			value, ok := image.OwnValue(p.in, part.Var)
			if !ok {
				return nil, false
			}
			port, err := strconv.Atoi(value)
			if err == nil && strings.HasSuffix(part.Var, "PORT") && port > 0 && port < 65536 && (of.variable == "" || of.variable == part.Var) {
				of.variable, of.port = part.Var, port
				parts = append(parts, "{port}")
				continue
			}
			parts = append(parts, "$"+part.Var)
		}
		text := strings.Join(parts, "")
		if p.missed(text) {
			return nil, false
		}
		words = append(words, text)
	}
	_, err := plan.NewShell(words...)
	return words, err == nil
}

// shelled takes a script such as run.sh as evidence, where its last command is a server with an application of the
// repository, and no reload says that it is for who develops.
func (p project) shelled(all []candidate) program {
	if p.f.Django != nil {
		return program{}
	}
	for _, x := range p.f.Scripts {
		cmd := x.Commands[len(x.Commands)-1]
		c, understood, ok := p.understand(cmd, x.Pos, all)
		reloads := slices.ContainsFunc(cmd.Words, func(w shell.Word) bool { return strings.HasPrefix(w.Text, "--reload") || w.Text == "--debug" })
		loopback := slices.Contains([]string{"127.0.0.1", "localhost"}, understood.host)
		if !ok || understood.server == nil || c.module == nil || reloads || loopback || !p.brought(understood.server.Name) && p.bringsServer() {
			continue
		}
		return program{candidate: c, way: byProcess, command: understood, name: x.Name, rule: p.in.Rel(x.Pos.File) + " starts it", pos: x.Pos}
	}
	return program{}
}

// deployed reports whether a script starts a server that is made for production.
func (p project) deployed(m *facts.Module) bool {
	s := p.server(m)
	if s == nil {
		return false
	}
	row, ok := facts.FrameworkNamed(s.Framework)
	return s.Chosen || ok && row.Interface == "" && !slices.Contains([]string{"wsgiref", "werkzeug", "http.server", "bottle"}, row.Name)
}

// missed reports whether an argument, or the value of a flag, is a file of the own image that this one does not keep.
func (p project) missed(arg string) bool {
	_, arg = joined(arg)
	return p.foreign(arg) && !image.IsKept(p.in, arg) && !image.IsMade(p.in, arg) && image.FileAt(p.in, arg) == ""
}

// joined is an argument in two: a flag with its sign, "" for none, and the value.
func joined(arg string) (flag, value string) {
	i := strings.IndexByte(arg, '=') + 1
	return arg[:i], arg[i:]
}

// foreign reports whether an argument is a file of another image.
func (p project) foreign(arg string) bool {
	if path.IsAbs(arg) {
		return !strings.HasPrefix(arg, "/dev/") && arg != "/tmp"
	}
	return configs[path.Ext(arg)] && !p.in.Tree.Has(path.Join(p.in.Dir, arg))
}

// configs are the ends of names of files that servers read.
var configs = map[string]bool{".py": true, ".ini": true, ".json": true, ".yaml": true, ".yml": true, ".toml": true, ".conf": true, ".cfg": true, ".pem": true, ".key": true, ".crt": true} //nolint:gochecknoglobals // a constant table

// scripted are the arguments of a command that starts a console script of the project: ok is false if it is
// no such command, or has no arguments although the project has no other.
func (p project) scripted(cmd shell.Command) (args []string, ok bool) {
	words := shell.Texts(cmd.Words)
	name := path.Base(words[0])
	return words[1:], (len(words) > 1 || len(p.m.Scripts) > 1) && p.packaged() && slices.ContainsFunc(p.m.Scripts, func(s facts.Script) bool { return s.Name == name })
}

// command is a command line that dockgen understands: a server with its
// application, or Python with a file.
type command struct {
	server *server
	app    string // as the command names it
	flags  []string
	env    []plan.Env
	port   int     // that it gives, 0 for none
	host   string  // that it gives, "" for every interface
	bound  bool    // it says where to listen
	follow bool    // it takes the port from PORT
	script bool    // Python runs the candidate's file
	ini    *launch // of uWSGI, which its settings start
	dir    string  // the folder below the app's that it starts in, "" for that one
	root   string  // Django's folder, which the command starts in: its modules are named from there
	at     *listen // where a framework's own command listens: the rest is the framework's row's, or a server's
	worker bool    // flags are the whole command of a worker
	page   *listen // where that serves a page, nil for nowhere
	health string  // what answers there who asks for its health
	expand bool    // $NAME in flags is a variable of the container

	variable string     // of a chain: that of its port, "" for none
	before   [][]string // of a chain: what runs first
}

// understand reads a command line, and finds what it starts.
func (p project) understand(cmd shell.Command, pos fact.Pos, all []candidate) (candidate, command, bool) {
	return p.understandIn("", cmd, pos, all)
}

// understandIn does so for one that starts in a folder of the app's.
func (p project) understandIn(dir string, cmd shell.Command, pos fact.Pos, all []candidate) (candidate, command, bool) {
	words := cmd.Words
	out := command{}
	if p.f.Django == nil { // whose folder is known
		out.dir = dir
	}
	for _, e := range cmd.Env {
		if v, err := plan.NewEnv(e.Name, e.Value.Text); err == nil {
			out.env = append(out.env, v)
		}
	}
	prog := path.Base(words[0].Text)
	if (prog == "python" || prog == "python3") && len(words) > 2 && words[1].Text == "-m" {
		words = words[2:]
		prog = words[0].Text
		// A package of the repository's own, with arguments.
		if m := p.f.Module(strings.ReplaceAll(prog, ".", "/") + "/__main__.py"); m != nil && moduleName.MatchString(prog) && !strings.Contains(strings.Join(shell.Texts(words), " "), shell.Unknown) {
			out.script, out.flags = true, shell.Texts(words[1:])
			return candidate{module: m, name: m.File, pos: pos}, out, true
		}
	}
	if prog == "uwsgi" && p.brought("uwsgi") {
		if l, ok := p.uwsgi(words[1:], pos); ok {
			out.ini = &l
			return candidate{name: "uwsgi", pos: pos}, out, true
		}
	}
	if prog == "pserve" {
		if x, ok, err := p.pserves(); ok && err == nil && slices.Contains(shell.Texts(words), p.in.Rel(x.pos.File)) {
			out.ini = x.command.ini
			return x.candidate, out, true
		}
	}
	rows, err := p.servers()
	if err != nil {
		return candidate{}, out, false
	}
	if i := slices.IndexFunc(rows, func(r server) bool { return r.program() == prog || r.Name == prog }); i >= 0 {
		out.server = &rows[i]
		words = words[1:]
		if p.f.Django == nil {
			words = out.takeDir(words)
		} else {
			there := command{server: out.server, dir: dir}
			if rest := there.takeDir(words); there.dir != "" && there.dir == p.f.Django.Dir {
				words, out.root = rest, there.dir
			}
		}
		if !out.read(words, func(name string) bool { return p.isModule(below(out.root, name)) }) {
			return candidate{}, out, false
		}
		c, ok := p.application(cmp.Or(out.root, out.dir), out.app, pos)
		return c, out, ok
	}
	if c, ok := p.framework(&out, words, pos, all); ok {
		return c, out, true
	}
	if prog != "python" && prog != "python3" {
		// What a framework's own command would start, its row or a server starts better.
		return candidate{}, out, false
	}
	rest := shell.Texts(words[1:])
	if p.f.Django != nil && len(rest) > 2 && path.Base(rest[0]) == "manage.py" && rest[1] == "runserver" {
		last := words[len(words)-1]
		out.at = p.told(last, last.Text[strings.LastIndexByte(last.Text, ':')+1:], 8000, pos)
		return candidate{pos: pos}, out, true
	}
	for len(rest) > 0 && rest[0] == "-u" {
		rest = rest[1:]
	}
	if len(rest) == 0 || strings.HasPrefix(rest[0], "-") || strings.Contains(strings.Join(rest, " "), shell.Unknown) {
		return candidate{}, out, false
	}
	out.script, out.flags = true, rest[1:]
	file := path.Join(out.dir, rest[0])
	for _, c := range all {
		if c.module != nil && c.module.File == file {
			return c, out, true
		}
	}
	if m := p.f.Module(file); m != nil {
		return candidate{module: m, name: file, pos: pos}, out, true
	}
	return candidate{}, out, false
}

// below is the name, from the app's folder on, of a module of a folder.
func below(dir, name string) string {
	if dir == "" {
		return name
	}
	return strings.ReplaceAll(dir, "/", ".") + "." + name
}

// isModule reports whether the repository has a module of that name.
func (p project) isModule(name string) bool {
	file := strings.ReplaceAll(name, ".", "/")
	return moduleName.MatchString(name) && (p.f.Module(file+".py") != nil || p.f.Module(file+"/__init__.py") != nil)
}

// into is the folder that a name leads to from another one, both below the app's: "" for that one.
func into(dir, name string) string {
	if dir = path.Join(dir, name); dir == "." {
		return ""
	}
	return dir
}

// takeDir takes out of the arguments of a server the flag that names the folder to start in.
func (c *command) takeDir(args []shell.Word) []shell.Word {
	for i, w := range args {
		flag, value, joined := strings.Cut(w.Text, "=")
		if c.server.Dir == "" || flag != c.server.Dir || !w.Plain() {
			continue
		}
		end := i + 1
		if !joined {
			if end == len(args) || !args[end].Plain() {
				break
			}
			value = args[end].Text
			end++
		}
		if outside(value) {
			break
		}
		c.dir = into(c.dir, value)
		return slices.Concat(args[:i], args[end:])
	}
	return args
}

// framework takes a framework's own command as evidence: which file or application it starts, and from which variable it takes
// the port. That of a worker is taken as it stands.
func (p project) framework(out *command, words []shell.Word, pos fact.Pos, all []candidate) (candidate, bool) {
	rows, err := facts.Frameworks()
	if err != nil {
		return candidate{}, false
	}
	texts := shell.Texts(words)
	prog := path.Base(texts[0])
	for i := range rows {
		row := &rows[i]
		if row.Program() != prog || !p.has(row.Dependency) {
			continue
		}
		if row.Worker {
			return p.workerOf(out, row, words, pos)
		}
		for _, c := range all {
			own := c.row == row || c.row == nil && c.object != nil && c.object.Framework == row.Name
			if !own || row.Run != nil && c.object == nil && !slices.Contains(texts, strings.TrimPrefix(c.module.File, out.dir+"/")) {
				continue
			}
			if out.at = p.toldBy(words, row.PortFlags(), row.Port, pos); out.at == nil {
				out.at = &listen{}
			}
			return c, true
		}
	}
	return candidate{}, false
}

// toldBy is where a command makes something listen with one of the flags, nil for none of them.
func (p project) toldBy(words []shell.Word, flags []string, usual int, pos fact.Pos) (at *listen) {
	for n, w := range words {
		flag, value, joined := strings.Cut(w.Text, "=")
		if !slices.Contains(flags, flag) {
			continue
		}
		if !joined && n+1 < len(words) {
			w = words[n+1]
			value = w.Text
		}
		at = p.told(w, value, usual, pos)
	}
	return at
}

// monitored is where a worker's program serves a page, by a command of its row's, and what answers who asks for its health.
func (p project) monitored(row *facts.Framework, words []shell.Word, pos fact.Pos) (at *listen, health string) {
	for _, m := range row.Monitors {
		if !slices.Contains(shell.Texts(words), m.Command) {
			continue
		}
		if at = p.toldBy(words, m.Flags, m.Port, pos); at == nil {
			at = &listen{addresses: []image.Address{{Port: m.Port, Pos: pos, Rule: "the default of " + m.Command, Move: image.Move{Env: m.Variable}}}}
		} else if at.variable != "" {
			*at = at.moved(image.Move{Env: at.variable}, true)
		}
		return at, m.Health
	}
	return nil, ""
}

// told is where a word of a command makes something listen: at a port, or at the one of PORT.
func (p project) told(w shell.Word, port string, usual int, pos fact.Pos) *listen {
	at := &listen{}
	n := portNumber(effect.Value{Text: port})
	if w.Has("PORT") {
		at.variable, n = "PORT", cmp.Or(n, usual, 8000)
	}
	if n > 0 {
		at.addresses = []image.Address{{Port: n, Pos: pos, Rule: "the port that " + image.DisplayName(p.in, pos) + " gives"}}
	}
	return at
}

// workerOf takes the command of a worker as it stands. Variables that it takes are those of the container.
func (p project) workerOf(out *command, row *facts.Framework, words []shell.Word, pos fact.Pos) (candidate, bool) {
	for _, w := range words {
		text, expands := spelledWord(w)
		if strings.Contains(text, shell.Unknown) || p.missed(text) {
			return candidate{}, false
		}
		out.flags, out.expand = append(out.flags, text), out.expand || expands
	}
	out.worker = true
	out.page, out.health = p.monitored(row, words, pos)
	c, ok := p.worker()
	if !ok || c.row != row {
		c = candidate{row: row, name: row.Name}
	}
	c.pos = pos
	return c, true
}

// spelledWord is a word in which a variable at its end stands as $NAME.
func spelledWord(w shell.Word) (text string, expands bool) {
	n := len(w.Parts) - 1
	if n < 0 || w.Parts[n].Var == "" || w.Parts[n].Expands || !(shell.Word{Parts: w.Parts[:n]}).Plain() || !plan.IsEnvName(w.Parts[n].Var) {
		return w.Text, false
	}
	return strings.TrimSuffix(w.Text, w.Parts[n].Text) + "$" + w.Parts[n].Var, true
}

// application finds the object that a server's command line names, which starts in a folder of the app's.
func (p project) application(dir, app string, pos fact.Pos) (candidate, bool) {
	name := below(dir, strings.TrimSuffix(app, "()"))
	for _, m := range p.f.Modules {
		for i, o := range m.Objects {
			if o.Module+":"+o.Name == name || strings.TrimPrefix(o.Module, "src.")+":"+o.Name == name {
				return candidate{object: &m.Objects[i], module: m, name: name, pos: o.Pos}, true
			}
		}
	}
	module, _, _ := strings.Cut(name, ":")
	file := strings.ReplaceAll(module, ".", "/") + ".py"
	return candidate{name: name, pos: pos, module: p.f.Module(file)}, p.in.Tree.Has(path.Join(p.in.Dir, file))
}

// read sorts the arguments of a server: its application, where it listens, and
// the rest. It reports false if there is no application, or if the rest takes a
// variable. A module alone, which module tells, has the server's usual object.
func (c *command) read(args []shell.Word, module func(name string) bool) bool {
	for i := 0; i < len(args); i++ {
		word := args[i]
		text := word.Text
		if !strings.HasPrefix(text, "-") {
			switch {
			case c.app == "" && appName.MatchString(text):
				c.app = text
			case c.app == "" && c.server.Object != "" && module(text):
				c.app = text + ":" + c.server.Object
			default:
				c.keep(word)
			}
			continue
		}
		flag, value, joined := strings.Cut(text, "=")
		for _, f := range slices.Concat(c.server.Bind, c.server.Host, c.server.Port) {
			if len(f) == 2 && strings.HasPrefix(text, f) && len(text) > 2 && text[1] != '-' { // -b0.0.0.0:80
				flag, value, joined = f, text[2:], true
			}
		}
		if slices.Contains(c.server.App, flag) {
			if !joined && i+1 < len(args) {
				i++
				value = args[i].Text
			}
			if c.app = value; !strings.Contains(value, ":") {
				c.app += ":application"
			}
			continue
		}
		bind, host, port := slices.Contains(c.server.Bind, flag), slices.Contains(c.server.Host, flag), slices.Contains(c.server.Port, flag)
		switch {
		case slices.Contains(c.server.Drop, flag):
			continue
		case slices.Contains(c.server.Workers.Flags, flag) && c.scaled(args, &i):
			continue
		case !bind && !host && !port && !c.server.sets(flag):
			c.keep(word)
			continue
		}
		if !joined && i+1 < len(args) {
			i++
			word = args[i]
			value = word.Text
		}
		if !bind && !host && !port {
			continue // the server's row has it
		}
		c.bound = true
		at := value
		if bind {
			at = value[strings.LastIndexByte(value, ':')+1:]
			c.host = strings.TrimSuffix(value[:len(value)-len(at)], ":")
		}
		if host {
			c.host = value
			continue
		}
		c.follow = c.follow || word.Has("PORT")
		if n, err := strconv.Atoi(at); err == nil {
			c.port = n
		}
	}
	if c.host == "0.0.0.0" || c.host == "[::]" || c.host == "::" {
		c.host = ""
	}
	return c.app != "" && !strings.Contains(strings.Join(c.flags, " ")+c.app, shell.Unknown)
}

// keep takes an argument as it is. A variable at its end that has a default stays one.
func (c *command) keep(word shell.Word) {
	text, expands := spelledWord(word)
	if expands && word.Known() {
		v := word.Parts[len(word.Parts)-1]
		if e, err := plan.NewEnv(v.Var, v.Text); err == nil {
			c.flags, c.env, c.expand = append(c.flags, text), append(c.env, e), true
			return
		}
	}
	c.flags = append(c.flags, word.Text)
}

// scaled leaves out the number of workers that comes from the variable which the server reads by itself, and gives that its default.
func (c *command) scaled(args []shell.Word, i *int) bool {
	name := c.server.Workers.Variable
	value := args[*i]
	if !strings.Contains(value.Text, "=") && *i+1 < len(args) {
		value = args[*i+1]
	}
	if !value.Has(name) {
		return false
	}
	if value.Text != args[*i].Text {
		*i++
	}
	if e, err := plan.NewEnv(name, value.Text[strings.IndexByte(value.Text, '=')+1:]); err == nil && value.Known() {
		c.env = append(c.env, e)
	}
	return true
}

// sets reports whether the row gives a flag itself.
func (s server) sets(flag string) bool {
	return strings.HasPrefix(flag, "--") && slices.Contains(s.Args, flag)
}

// startProcess starts what a Procfile starts, and makes where it listens that
// of a container.
func (p project) startProcess(app program) (launch, error) {
	c := app.command
	if c.ini != nil {
		l := *c.ini
		l.env = append(slices.Clip(c.env), l.env...)
		return l, nil
	}
	if c.worker {
		l := launch{cmd: c.flags, expands: c.expand, env: c.env, ends: endsBy(app.row.Name, app.row.Source), pos: app.pos, module: app.module, dir: c.dir}
		if c.page != nil {
			l.listen, l.health = *c.page, c.health
		}
		for _, w := range c.flags {
			if i := strings.IndexByte(w, '$'); i >= 0 && c.expand && w[i+1:] != l.listen.variable {
				image.Require(p.in, []effect.Env{{Name: w[i+1:], Pos: app.pos, Required: true}}, c.env)
			}
		}
		return l, nil
	}
	if c.server == nil {
		l, err := p.startScript(app.candidate, c.flags)
		l.env, l.dir = c.env, c.dir
		if c.dir != "" {
			l.cmd[1] = strings.TrimPrefix(l.cmd[1], c.dir+"/")
		}
		// What its own image starts and exposes is surer than a server of a module that this imports.
		if n, pos, evidence := p.exposed(); n > 0 && app.evidence != "" && len(app.module.Servers) == 0 && !slices.ContainsFunc(l.listen.addresses, func(a image.Address) bool { return a.Port == n }) {
			l.listen = listen{addresses: []image.Address{{Port: n, Pos: pos, Rule: evidence, Evidence: evidence}}}
		}
		return l, err
	}
	s := c.server
	at := listen{}
	file := image.DisplayName(p.in, app.pos)
	switch {
	case c.follow:
		at.addresses = []image.Address{{Port: cmp.Or(c.port, 8080), Pos: app.pos, Rule: "the default for $PORT, which " + file + " takes"}}
	case c.port > 0:
		at.addresses = []image.Address{{Port: c.port, Pos: app.pos, Rule: "the port that " + file + " gives"}}
	default:
		at = p.orUsual(at, s.Default, "the default of "+s.Name+", which "+file+" starts")
	}
	if c.follow || !c.bound && s.Variables.HostPort == "PORT" {
		at.variable = "PORT"
	}
	conf := p.configured(s, c.flags)
	args, ports := s.listening(at)
	if !c.bound {
		args, ports = p.listening(*s, conf, at)
	}
	cmd := s.command(c.app, args, nil, c.flags)
	if slices.Contains(s.Args, "{app}") { // its flags come before it
		cmd = append(s.command("", args, nil, c.flags), c.app)
	}
	l := launch{
		cmd: s.unless(conf, cmd), listen: ports, ends: s.sigterm(),
		env: c.env, pos: app.pos, module: app.module, object: app.object, expands: c.expand, dir: c.dir, root: c.root,
		django: p.f.Django != nil && (strings.Contains(c.app, "wsgi") || strings.Contains(c.app, "asgi")),
	}
	if !p.brought(s.Name) {
		p.add(&l, s.Name, app.pos, "the start command runs it, and it is not among the dependencies")
	}
	for _, w := range s.With {
		if w.Below != "" && slices.Contains(c.flags, w.Args[1]) {
			p.older(&l, s, w)
			break
		}
	}
	p.reload(&l, c)
	return l, nil
}

// startAsked starts the user's own command as it stands. Where it listens is
// what dockgen understands of it, or else what holds without the command.
func (p project) startAsked(app program) launch {
	c := app.command
	l := launch{cmd: p.in.Settings.Start, literal: true, pos: app.pos, module: app.module, object: app.object}
	switch s := c.server; {
	case c.ini != nil:
		l.listen, l.ends, l.dev, l.root, l.django = c.ini.listen, c.ini.ends, c.ini.dev, c.ini.root, c.ini.django
		return l
	case s != nil:
		l.listen, l.ends = listen{addresses: []image.Address{c.address(app.pos)}}, s.sigterm()
		p.reload(&l, c)
		return l
	case c.script:
		l.listen, l.ends = p.listensAt(app.module, c.flags...), p.sigtermOf(app.module)
		return l
	}
	unknown := listen{unknown: app.pos, text: "dockgen does not know on which port this command listens"}
	l.listen = unknown
	if app.other == nil {
		return l
	}
	other, err := p.launch(*app.other)
	if err != nil {
		return l
	}
	l.module, l.object, l.root, l.env, l.health, l.django = other.module, other.object, other.root, other.env, other.health, other.django
	l.listen = other.listen
	// A port that is nothing but usual is not known to be the command's.
	if l.listen.usual = (image.Address{}); len(l.listen.addresses) == 0 && other.listen.usual.Port > 0 {
		l.listen.unknown, l.listen.text = unknown.unknown, unknown.text
	}
	if len(l.listen.addresses) == 0 && p.in.Settings.Port == 0 && slices.ContainsFunc(other.dev, holdsPort) {
		return l // dev runs the command too
	}
	l.dev, l.devAdd, l.watched = other.dev, other.devAdd, other.cmd
	for _, name := range other.tools {
		if slices.Contains(other.devAdd, p.spec(name)) {
			l.tools = append(l.tools, name)
		}
	}
	return l
}

// address is where a server's command line listens.
func (c command) address(at fact.Pos) image.Address {
	s := c.server
	a := image.Address{Port: c.port, Host: c.host, Pos: at, Rule: "the port that the command gives"}
	if c.port == 0 {
		a.Port, a.Rule, a.Move = s.Default, "the default of "+s.Name, image.Move{Env: s.Variables.Port}
	}
	switch {
	case c.bound || !s.Loopback:
	case s.Variables.HostPort != "":
		// The variable alone makes it listen on every interface.
		a.Move, a.NoDefault = image.Move{Env: s.Variables.HostPort}, true
	default:
		a.Host, a.HostMove = "127.0.0.1", image.Move{Env: s.Variables.Host}
	}
	return a
}

// reload is dev's command for what a server serves.
func (p project) reload(l *launch, c command) {
	switch {
	case l.object != nil:
		o := *l.object
		o.Module, _, _ = strings.Cut(c.app, ":")
		p.develop(l, o)
	case p.f.Django != nil:
		l.dev = []string{"python", p.manage(), "runserver", "0.0.0.0:{port}"}
	case c.server.Reload != "" && !l.literal:
		// A preloaded application is not loaded again.
		l.dev = append(slices.DeleteFunc(slices.Clone(l.cmd), func(a string) bool { return a == "--preload" }), c.server.Reload)
	}
}
