package image

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// starts is the verb of the evidence for an entry point.
const starts Verb = " starts "

// entry is the script of the repository that its own Dockerfile starts, and that starts the
// app: docker-entrypoint.sh, which migrates and then execs what it is given.
type entry struct {
	file   string // of the app's folder
	to     string // in the image, as the own Dockerfile has it
	shell  string // that reads it
	pos    fact.Pos
	cmd    bool                // it is the own image's CMD, so that another command takes its place
	after  []string            // what the own entry point gives it first: the app's program
	given  []string            // what the own image gives it by default
	home   string              // the own working directory, if the script names it
	own    string              // the own working directory
	writes []fact.Fact[string] // the files that it writes
	known  bool                // of the lock, which has it because all that it runs was there
	place  bool                // the app's folder is in the image as it was in the own one

	lines    []step // what it runs before the app
	needs    []Need // the packages of its programs
	lacks    []step // what it runs only if a variable asks for it, and this image does not have
	links    []string
	venv     string      // the virtual environment of the own image, if it names that by its path
	laid     bool        // it names the folders of an image that Jib makes
	passes   bool        // it starts what it is given
	self     []string    // the command with which it starts the app by itself, nil if it does not
	args     bool        // it gives that its own arguments
	port     int         // on which that listens
	line     int         // of that command
	bare     bool        // the shell stays, and waits for it
	reads    [][2]string // files of the app's folder that it names, and where the own image has them
	near     [][2]string // files that it finds beside itself, and scripts that it starts
	deep     int         // how many scripts around are followed
	globals  []string    // packages of Node that the own image installs for every folder, and that it calls
	bins     bool        // it calls programs of node_modules/.bin by their names
	switched string      // the variable from which it takes the user, "" for none
	why      string      // why this image cannot start it, "" if it can
}

// step is a command of the script.
type step struct {
	words []string
	pos   fact.Pos
}

// userByVariable finds the variables by which scripts are told as whom to start the app.
var userByVariable = lazy.MustCompile(`\b(?:[A-Z]+_)?(PUID|UID|USER_ID)\b`)

// entryOf finds the script, and reports whether there is one. It is a shell's, and each of its
// commands is one that this image has: of the shell and the system, of the language, or
// of a package that knowledge has a row for. What is for root alone is left to a branch that
// asks for root, which another user never takes.
func entryOf(in record.Input) (entry, bool) {
	e, i, ok := entryFile(in)
	if !ok {
		return e, false
	}
	f := in.Builds.File(e.file)
	if f == nil {
		return e, false
	}
	vars := map[string]string{}
	for _, v := range i.Env {
		if !v.Value.Secret {
			vars[v.Value.Name] = v.Value.Value
		}
	}
	start := shell.Start{User: nonRootID, Vars: vars}
	looks := looksAround.MatchString(f.Text)
	if looks {
		start.Name = e.to
	}
	s, err := shell.Read(f.Text, start)
	if err != nil || len(s.Commands) == 0 {
		e.why = "it cannot be read"
		return e, true
	}
	if strings.ContainsAny(f.Text, "\r") {
		e.why = "its lines end as on Windows"
	}
	if looks && (!e.place || language(in) != "python") {
		e.around(in, i, s.Commands)
	}
	if e.shell == "bash" {
		e.need(in, "bash", e.pos)
	}
	for _, c := range s.Commands {
		for _, w := range c.Outputs {
			if w.Known() && w.Text != "" {
				e.writes = append(e.writes, fact.Fact[string]{Value: w.Text, Pos: fact.At(path.Join(in.Dir, e.file), c.Line)})
			}
		}
	}
	if m := ownVenv.FindStringSubmatch(f.Text); m != nil && language(in) == "python" && m[1] != Venv && !slices.Contains([]string{"/usr", "/usr/local"}, m[1]) && !strings.Contains(m[1], "conda") {
		e.venv = m[1]
	}
	goesOn := !failing.MatchString(f.Text)
	for n, c := range s.Commands {
		e.command(in, i, c, n == len(s.Commands)-1, goesOn)
	}
	e.begin(in, i, s.Commands)
	e.named(in, i, f.Text)
	e.reading(in, i, f.Text)
	if m := userByVariable.FindStringSubmatch(f.Text); m != nil && dropping.MatchString(f.Text) && (!strings.Contains(f.Text, m[0]+"=") || strings.Contains(f.Text, "${"+m[0]+":-")) {
		e.switched = m[0]
	}
	return e, true
}

// rooted finds the paths of a script's text.
var rooted = lazy.MustCompile(`(?:^|[\s"'=<(:])(/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)`)

// reading finds the files that the script names and that the own image copies there from the app's folder.
func (e *entry) reading(in record.Input, i *buildfile.Image, text string) {
	if in.Tree == nil {
		return
	}
	for _, m := range rooted.FindAllStringSubmatch(text, 200) {
		p := path.Clean(m[1])
		if p == e.to || len(e.reads) >= maxKept || e.place && within(path.Join("/", i.Workdir.Value), p) && i.Workdir.Value != "/" || slices.ContainsFunc(e.reads, func(r [2]string) bool { return r[1] == p }) {
			continue
		}
		file := brought(in, i, p)
		if _, err := plan.NewCopy(p, file); err == nil && file != "" {
			e.reads = append(e.reads, [2]string{file, p})
		}
	}
}

var (
	failing  = lazy.MustCompile(`(?m)^\s*set\s+(-[a-z]*e|-o\s+errexit)|^#!.*\s-[a-z]*e`)
	dropping = lazy.MustCompile(`\b(gosu|su-exec|setpriv|usermod|su)\b`)
)

// named sees to the own working directory, where the script names it: this image has a link there. A program of Go
// needs nothing of it but its own place.
func (e *entry) named(in record.Input, i *buildfile.Image, text string) {
	own := i.Workdir.Value
	if own == "" || own == "/" || own == "/app" {
		return
	}
	if language(in) == "go" {
		if within(cmp.Or(KeptWorkdir(in), "/nowhere"), own) {
			return // this image works there, too
		}
		for _, l := range e.links {
			text = strings.ReplaceAll(text, l, "")
		}
		if strings.Contains(text, own) {
			e.refuse("it names " + plan.Printable(own, 80) + ", where this image has nothing")
		}
		return
	}
	if !worksInSource(in, i) && slices.ContainsFunc(keptFolders(in, WritesRequest{Workdir: ourWorkdir}), func(k kept) bool { return within(own, k.dir) }) {
		return // it holds data, which lies there in this image, too
	}
	if _, err := plan.NewPath(own); err == nil && strings.Contains(text, own) {
		if e.home = path.Clean(own); !e.place {
			e.refuse("it names " + plan.Printable(own, 80) + ", where this image has nothing")
		}
	}
}

// begin finds with which commands the script starts the app: what it is given, or the app's own program.
func (e *entry) begin(in record.Input, i *buildfile.Image, list []shell.Command) {
	for n, c := range list {
		last, execs := n == len(list)-1, c.Words[0].Text == "exec"
		if !last && !execs || c.Captured {
			continue
		}
		u := c.Unwrap()
		switch {
		case len(u.Words) == 0:
		case u.Words[0].Has("@"):
			if e.passes = true; last && c.Conditional && !execs {
				e.refuse("it does not start what it is given")
			}
			continue
		case u.Words[0].Has("0") || u.Words[0].Text == e.to:
			continue // it starts again as another user
		case (execs || !c.Conditional) && e.starts(in, i, u):
			if e.self == nil {
				e.line, e.bare = c.Line, !execs
				for _, w := range u.Words {
					if !w.Has("@") && !w.Has("*") {
						e.self = append(e.self, w.Text)
					}
				}
			}
			e.args = e.args || slices.ContainsFunc(u.Words, func(w shell.Word) bool { return w.Has("@") || w.Has("*") || w.Has("1") })
			continue
		}
		if file, sub, _, ok := e.script(in, i, u); ok && (last || execs) {
			e.inside(file, func() { e.begin(in, i, sub) })
			return
		}
		if !last {
			continue
		}
		if len(u.Words) == 0 || !execs && len(shell.Texts(u.Words)) > 0 && slices.Contains(everywhere, path.Base(u.Words[0].Text)) {
			e.refuse("it does not start what it is given")
			continue
		}
		e.refuse("it starts " + plan.Printable(strings.Join(buildfile.Sure(shell.Texts(u.Words)), " "), 60) + " itself")
	}
	if !e.passes && e.self == nil {
		e.refuse("it does not start what it is given")
	}
}

// starts reports whether a command of the script starts the app as this image can. enter sees that it is the one
// that this image has.
func (e *entry) starts(in record.Input, i *buildfile.Image, c shell.Command) bool {
	words := shell.Texts(c.Words)
	name := path.Base(words[0])
	ok := false
	switch language(in) {
	case "go":
		ok = e.ofLanguage(in, i, words) || e.known && !slices.Contains(everywhere, name) && !e.need(in, name, e.pos) && e.calls(i, words[0])
	case "python":
		if ok = e.serves(in, i, c); ok {
			return true
		}
		ok = e.place && pythons.MatchString(name) && len(words) > 1 && e.has(in, words[1:]) || name == words[0] && installs(in, name)
	case "node":
		ok = name == "node" && len(words) > 1 && strings.Contains(strings.Join(words[1:], " "), ".") || name == "npm" && len(words) > 1
	case "java":
		if j := slices.IndexFunc(words, func(w string) bool {
			return strings.HasSuffix(w, ".jar") || strings.HasSuffix(w, ".war") || strings.HasSuffix(w, "*jar")
		}); name == "java" && j > 1 && (words[j-1] == "-jar" || onClassPath(words, j)) {
			file := strings.NewReplacer("*.", ".", "*jar", ".jar", "*", "").Replace(words[j]) // a name that the pattern fits
			if ok = !strings.Contains(file, buildfile.Unknown) && !strings.ContainsAny(file, "*?[") && (file == words[j] || path.IsAbs(file)); ok && !slices.Contains(e.links, file) {
				e.links = append(e.links, file)
			}
		}
		if name == "java" && slices.ContainsFunc(words, func(w string) bool { return jibPath.MatchString(w) }) {
			ok, e.laid = true, true
		}
		ok = ok || name == "catalina.sh"
	}
	if ok && e.port == 0 {
		e.port = portOf(c)
	}
	return ok
}

// onClassPath reports whether a word is the whole class path, and what is started of it a class of the app: a launcher would look for
// the layout of a jar that this image takes apart.
func onClassPath(words []string, j int) bool {
	return slices.Contains([]string{"-cp", "-classpath", "--class-path"}, words[j-1]) && !strings.ContainsAny(words[j], ":*") &&
		!slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "org.springframework.boot.loader.") })
}

// jibPath matches the class path of an image that Jib makes, whose folders prod has where its script names them:
// https://github.com/GoogleContainerTools/jib/tree/master/jib-maven-plugin#extended-usage
var jibPath = lazy.MustCompile(`^@/app/jib-classpath-file$|^(/app/(resources|classes)/?:)*/app/libs/\*$`)

var pythons = lazy.MustCompile(`^python3?(\.[0-9]+)?$`)

// installs reports whether the project itself is a command of that name:
// https://packaging.python.org/en/latest/specifications/entry-points/#use-for-scripts
func installs(in record.Input, name string) bool {
	for _, file := range []string{"pyproject.toml", "setup.cfg", "setup.py"} {
		f := in.Builds.File(file)
		if f == nil {
			continue
		}
		for line := range strings.Lines(f.Text) {
			key, value, ok := strings.Cut(line, "=")
			if strings.Trim(key, " \t\"'[") == name && ok && objectReference.MatchString(strings.TrimSpace(value)) {
				return true
			}
		}
	}
	return false
}

var objectReference = lazy.MustCompile(`^["']?[A-Za-z_][\w.]*:[A-Za-z_][\w.]*`)

// has reports whether what python is given first is a file or a module of the app's folder.
func (e *entry) has(in record.Input, words []string) bool {
	for len(words) > 1 && (words[0] == "-u" || words[0] == "-O" || words[0] == "-B") {
		words = words[1:]
	}
	if words[0] == "-m" && len(words) > 1 {
		module := strings.ReplaceAll(words[1], ".", "/")
		return in.Tree.Has(path.Join(in.Dir, module+".py")) || in.Tree.Has(path.Join(in.Dir, module, "__main__.py"))
	}
	return strings.HasSuffix(words[0], ".py") && !strings.HasPrefix(words[0], "-") && !path.IsAbs(words[0]) && path.Base(words[0]) != "manage.py" && in.Tree.Has(path.Join(in.Dir, words[0]))
}

// portFlag matches an option that says where a program listens, and the address.
var (
	portFlag = lazy.MustCompile(`^(?:--?(?:port|http-port|http\.port|server\.port|listen|bind|addr|address|http-addr|listen-addr|web\.listen-address)|-p|-Dserver\.port|-Dquarkus\.http\.port)$`)
	portText = lazy.MustCompile(`^(?:(?:[0-9.]+|\[::\]|\*|localhost)?:)?([0-9]{2,5})$`)
)

// portOf is the port that a command is told to listen on, 0 where it says none.
func portOf(c shell.Command) int {
	words := shell.Texts(c.Words)
	number := func(text string) int {
		m := portText.FindStringSubmatch(text)
		if m == nil {
			return 0
		}
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 65535 {
			return 0
		}
		return n
	}
	for i, w := range words[1:] {
		name, value, joined := strings.Cut(w, "=")
		if !portFlag.MatchString(name) {
			continue
		}
		if !joined && i+2 < len(words) {
			value = words[i+2]
		}
		if n := number(value); n > 0 {
			return n
		}
	}
	port := 0
	for _, v := range c.Env {
		if v.Name == "PORT" {
			port = number(v.Value.Text)
		}
	}
	return port
}

// bound matches the address that a server of Python is told to listen on, on every interface: a number alone
// follows a flag that takes a port.
var bound = lazy.MustCompile(`^(?:(?:0\.0\.0\.0|\[::\]|\*)?:)?([0-9]{2,5})$`)

// pythonServers are the servers of Python that are told an application.
var pythonServers = []string{"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "granian"} //nolint:gochecknoglobals // a constant table

// serves reports whether the script's last command starts the app as this image can: a server of Python that the
// app depends on, with the port that it says, from the folder that is this image's, too.
func (e *entry) serves(in record.Input, i *buildfile.Image, c shell.Command) bool {
	words := shell.Texts(c.Words)
	name := path.Base(words[0])
	if !e.place || name != words[0] || !slices.Contains(pythonServers, name) || !e.ofLanguage(in, i, words) ||
		slices.ContainsFunc(words, func(w string) bool { return w == "--reload" || w == "127.0.0.1" || w == "localhost" }) {
		return false
	}
	everyone := name == "daphne" || name == "uvicorn" || name == "granian" || name == "waitress-serve"
	if everyone && name != "waitress-serve" {
		everyone = slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(w, "0.0.0.0") || w == "::" })
	}
	port := 0
	for n, w := range words[1:] {
		flag, value, joined := strings.Cut(w, "=")
		if !slices.Contains([]string{"-b", "--bind", "-p", "--port", "--listen"}, flag) || name == "daphne" && (flag == "-b" || flag == "--bind") { // its host
			continue
		}
		if !joined && n+2 < len(words) {
			value = words[n+2]
		}
		m := bound.FindStringSubmatch(value)
		if m == nil || !everyone && !strings.Contains(value, ":") {
			return false
		}
		port, _ = strconv.Atoi(m[1])
	}
	if port == 0 || port > 65535 || in.Settings.Port != 0 && in.Settings.Port != port {
		return false
	}
	if e.port == 0 {
		e.port = port
	}
	return true
}

// scriptWrites are the files that the entry point's script writes before the app starts: they are the user's, or the script fails.
func scriptWrites(in record.Input) []Write {
	e, ok := startable(in)
	if !ok || bare(in) {
		return nil
	}
	var out []Write
	for _, f := range e.writes {
		name := path.Clean(f.Value)
		if rest, below := strings.CutPrefix(name, path.Clean(e.own)+"/"); below && e.own != "/" && e.own != "" {
			name = rest
		}
		if strings.HasPrefix(name, "/dev/") || name == ".." || strings.HasPrefix(name, "../") || strings.ContainsAny(name, "~$*") {
			continue
		}
		w := Write{Dir: path.Dir(name), Quiet: true, Pos: f.Pos}
		if !path.IsAbs(name) && in.Tree != nil && in.Tree.Has(path.Join(in.Dir, name)) {
			w.File = path.Base(name)
		}
		if out = append(out, w); len(out) == maxKept {
			break
		}
	}
	return out
}

// startable is the script, if this image can start it and no other start is asked for.
func startable(in record.Input) (entry, bool) {
	e, ok := entryOf(in)
	return e, ok && e.why == "" && len(in.Settings.Start) == 0
}

// ownStart is the script that starts the app by itself, if prod starts it.
func ownStart(in record.Input) (entry, bool) {
	e, ok := startable(in)
	return e, ok && e.self != nil && !bare(in)
}

// OwnStart is the command with which the own entry point's script starts the app, where prod leaves that to it.
func OwnStart(in record.Input) (words []string, at fact.Pos, ok bool) {
	if e, ok := ownStart(in); ok {
		return buildfile.Sure(e.self), fact.At(path.Join(in.Dir, e.file), e.line), ok
	}
	if len(in.Settings.Start) == 0 {
		if e, ok := besideStart(in); ok {
			return e.self, fact.At(e.file, e.line), true
		}
	}
	return nil, at, false
}

// besideStart is the script of an own Dockerfile in the root that lies beside the folder of the app, and that starts a file of that folder by
// itself. This image does not have it.
func besideStart(in record.Input) (entry, bool) {
	own, context := in.Builds.Whole()
	if own == nil || in.Tree == nil || context == in.Dir || in.Builds.Image() == nil {
		return entry{}, false
	}
	whole := in
	whole.Dir, whole.Builds = context, buildfile.Of(in.Tree, context)
	e, i, ok := entryFile(whole)
	if !ok || tree.Within(path.Join(context, e.file), in.Dir) {
		return e, false
	}
	s, err := shell.Read(whole.Builds.File(e.file).Text, shell.Start{User: nonRootID})
	if err != nil {
		return e, false
	}
	e.begin(whole, i, s.Commands)
	there := false
	for n, w := range e.self {
		if file := copiedTo(in, in.Builds.Image().Image, w); n > 0 && path.IsAbs(w) && file != "" {
			e.self[n], there = file, true
		}
	}
	e.file = path.Join(context, e.file)
	return e, there && len(sure(e.self)) > 0
}

// EntryScript is the script of the app's folder through which prod starts the app, as the own image does; "" for none.
func EntryScript(in record.Input) string {
	if e, ok := startable(in); ok {
		return e.file
	}
	return ""
}

// entryFile finds the file of the script, in the own Dockerfile or by what the lock remembers of it.
func entryFile(in record.Input) (entry, *buildfile.Image, bool) {
	c := contractOf(in)
	if c.Own == nil {
		old, ok := Remembered(in, "entrypoint", starts)
		to, has := strings.CutPrefix(old.Evidence, ownDockerfile+string(starts))
		e := entry{file: old.Value, to: to, own: "/", pos: fact.At(record.LockFile, 0), known: true, place: true}
		if !ok || !has || old.Value == "none" || !e.sound(in) {
			return e, nil, false
		}
		return e, &buildfile.Image{}, true
	}
	i := c.Own.Image
	words, cmd := argv(i.Entrypoint.Value), argv(i.Cmd.Value)
	pos := i.Entrypoint.Pos
	if i.Entrypoint.Value.Shell != "" {
		cmd = nil // it is not looked at
	}
	before := len(words)
	for n, w := range slices.Concat(words, cmd) {
		base := path.Base(w)
		if shell.IsShell(w) || shell.IsInit(base) || base == "env" || w == "--" || w == "-g" || w == "exec" {
			continue
		}
		e := entry{cmd: n >= before, own: workdirOf(c)}
		if e.cmd {
			pos = i.Cmd.Pos
		}
		if strings.HasPrefix(w, "-") || strings.Contains(w, buildfile.Unknown) {
			return e, nil, false
		}
		p := w
		if !path.IsAbs(p) && strings.Contains(p, "/") {
			p = path.Join(workdirOf(c), p)
		}
		if e.file, e.to, e.pos = sourceOf(in, i, p), p, pos; !path.IsAbs(e.to) {
			e.to = "/usr/local/bin/" + base
			if sh := n > 0 && shell.IsShell(slices.Concat(words, cmd)[n-1]); sh && workdirOf(c) != "/" {
				e.to = path.Join(workdirOf(c), base) // a shell reads a file of the folder that it is in
			}
		}
		if e.cmd {
			e.given = sure(cmd[n-before+1:])
		} else {
			e.after, e.given = sure(words[n+1:]), sure(cmd)
		}
		e.place = slices.ContainsFunc(i.Copies, func(x buildfile.Copy) bool {
			whole := x.From == "" && path.Clean(x.Path) == "." || x.From != "" && (x.Path == x.To || x.Path == workdirOf(c) || x.Path == "/app" || x.Path == "/build")
			return whole && path.Clean(x.To) == path.Join("/", i.Workdir.Value)
		}) || len(i.Copies) == 0
		return e, i, e.file != "" && e.sound(in)
	}
	return entry{}, nil, false
}

// argv are the words of a start, of the only command of one in shell form.
func argv(s buildfile.Start) []string {
	text := s.Text()
	if text == "" {
		return s.Words
	}
	if x, err := shell.Read(text, shell.Start{}); err == nil && len(x.Commands) == 1 {
		return shell.Texts(x.Commands[0].Words)
	}
	return nil
}

// sure are words that are known, nil if one is not.
func sure(words []string) []string {
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, buildfile.Unknown+"$") }) {
		return nil
	}
	return words
}

// sourceOf is the file of the app's folder that lies at p in the own image: it is copied there, by way of another
// stage, too, which keeps the end of its path.
func sourceOf(in record.Input, i *buildfile.Image, p string) string {
	if in.Tree == nil {
		return ""
	}
	return cmp.Or(brought(in, i, p), ending(in, p))
}

// brought is the file of the app's folder that the own image has at p, by one copy or by way of another stage; "" for none.
func brought(in record.Input, i *buildfile.Image, p string) string {
	if file := copiedTo(in, i, p); file != "" {
		return file
	}
	return staged(in, i, p)
}

// copiedTo is the file of the app's folder that the own image copies to p, "" for none.
func copiedTo(in record.Input, i *buildfile.Image, p string) string {
	for _, c := range slices.Backward(i.Copies) {
		one := buildfile.Image{Copies: []buildfile.Copy{c}}
		if name, ok := one.Repo(p); ok && in.Tree.Has(path.Join(in.Dir, name)) && !(c.Into && c.To == p) {
			return name
		}
	}
	return ""
}

// staged is the file of the app's folder that a stage had and that the own image copies from there to p, "" for none.
func staged(in record.Input, i *buildfile.Image, p string) string {
	for _, c := range i.Copies {
		if c.From == "" {
			continue
		}
		file := ""
		if p == c.To {
			file = ending(in, c.Path)
		} else if rest, ok := strings.CutPrefix(p, strings.TrimSuffix(c.To, "/")+"/"); ok {
			file = ending(in, path.Join(c.Path, rest))
		}
		if file != "" {
			return file
		}
	}
	return ""
}

// ending is the longest end of a path that is a file of the app's folder, "" for none.
func ending(in record.Input, p string) string {
	for rest := strings.TrimPrefix(path.Clean(p), "/"); rest != ""; {
		if in.Tree.Has(path.Join(in.Dir, rest)) {
			return rest
		}
		_, rest, _ = strings.Cut(rest, "/")
	}
	return ""
}

// sound reports whether the file is a shell's script of the app's folder, and sets its shell.
func (e *entry) sound(in record.Input) bool {
	e.file = path.Clean(e.file)
	if in.Tree == nil || path.IsAbs(e.file) || strings.HasPrefix(e.file, "..") || !in.Tree.Has(path.Join(in.Dir, e.file)) {
		return false
	}
	if _, err := plan.NewCopy(e.to, e.file); err != nil || !path.IsAbs(e.to) {
		return false
	}
	f := in.Builds.File(e.file)
	if f == nil {
		return false
	}
	line, _, _ := strings.Cut(f.Text, "\n")
	if words := strings.Fields(line); strings.HasPrefix(line, "#!") && len(words) > 0 {
		if e.shell = path.Base(strings.TrimPrefix(words[0], "#!")); e.shell == "env" && len(words) > 1 {
			e.shell = words[1]
		}
		if len(words) > 1 && words[0] == "#!" {
			e.shell = path.Base(words[1])
		}
	}
	switch e.shell {
	case "bash":
	case "sh", "ash", "dash":
		e.shell = "sh"
	case "":
		e.shell = "sh"
		return path.Ext(e.file) == ".sh"
	default:
		return false
	}
	return true
}

// refuse keeps the first reason why this image cannot start the script.
func (e *entry) refuse(why string) {
	if e.why == "" {
		e.why = why
	}
}

// forRoot are programs that only root may use, or for what it may.
var forRoot = []string{ //nolint:gochecknoglobals // a constant table
	"chown", "gosu", "su-exec", "su", "sudo", "setpriv", "usermod", "groupmod", "adduser", "addgroup", "useradd", "groupadd", "apt-get", "apk", "service", "crond", "cron", "update-ca-certificates",
}

// everywhere are the commands of the shell, and those programs of Debian and Alpine that
// knowledge has no row for because no code starts them.
var everywhere = []string{ //nolint:gochecknoglobals // a constant table
	"set", "export", "unset", "echo", "printf", "cd", "exec", "exit", "return", "test", "[", "[[", "true", "false", ":", "trap", "wait", "read", "shift", "eval", "local", "command", "type", "umask", "ulimit", "declare", "readonly", "let",
	"cut", "tr", "basename", "dirname", "mktemp", "seq", "expr", "uniq", "stat", "readlink", "realpath", "base64", "sha256sum", "md5sum", "nproc", "timeout", "tty", "getopts", "printenv", "yes", "rev", "paste", "fold", "od", "kill", "break", "continue", "shopt", "set",
}

// owning are programs that give a file to a user or mode, and change nothing where prod's user may not.
var owning = []string{"chown", "chgrp", "chmod"} //nolint:gochecknoglobals // a constant table

// command judges one command of the script. goesOn says that a command that fails does not end it.
func (e *entry) command(in record.Input, i *buildfile.Image, c shell.Command, last, goesOn bool) {
	raw := path.Base(c.Words[0].Text)
	if raw == "exec" && len(c.Words) > 1 {
		raw = path.Base(c.Words[1].Text)
	}
	if slices.Contains(forRoot, raw) {
		if !c.Asked && !c.Tried && !(goesOn && slices.Contains(owning, raw)) {
			e.refuse("it runs " + raw + ", which is for root")
		}
		return
	}
	u := c.Unwrap()
	if len(u.Words) == 0 || u.Words[0].Has("@") {
		return
	}
	words := shell.Texts(u.Words)
	name := path.Base(words[0])
	at := fact.At(path.Join(in.Dir, e.file), c.Line)
	switch {
	case strings.Contains(name, buildfile.Unknown):
		e.refuse("what it starts is not known before it runs")
	case slices.Contains(everywhere, name), e.follow(in, i, u, last || c.Words[0].Text == "exec"):
		return
	case (name == "." || name == "source") && c.Conditional && len(words) > 1 && path.IsAbs(words[1]):
		return // a file that is mounted
	case (name == "." || name == "source") && len(u.Words) > 1 && e.activates(in, u.Words[1]):
		return
	case e.ofLanguage(in, i, words) || e.known && last:
	case language(in) == "node" && e.ofPackage(in, i, words):
	case language(in) == "node" && slices.Contains(nodePrograms, name):
		e.refuse("it runs " + plan.Printable(name, 40) + ", which this image does not have")
	case e.need(in, name, at):
		return // a program of the system
	case last || c.Words[0].Text == "exec":
		return // begin says it
	case c.Asked:
		e.lacks = append(e.lacks, step{words, at})
		return
	case (name == "." || name == "source") && len(words) > 1 && e.follow(in, i, shell.Command{Dir: u.Dir, Words: append([]shell.Word{shell.Literal("sh")}, u.Words[1:]...)}, last):
		return
	case (name == "." || name == "source") && len(words) > 1:
		e.refuse("it reads " + plan.Printable(words[1], 60) + ", which this image may not have")
	default:
		e.refuse("it runs " + plan.Printable(name, 40) + ", which this image does not have")
	}
	if !last && !c.Captured && len(e.lines) < 10 {
		e.lines = append(e.lines, step{buildfile.Sure(words), at})
	}
}

// Venv is where Python's dependencies are installed, in every stage.
const Venv = "/opt/venv"

// ownVenv finds a path of a virtual environment, by a program that is in all of them.
var ownVenv = lazy.MustCompile(`(?:^|[\s"'=(:;])(/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)/bin/(?:activate|python[0-9.]*)(?:[\s"';)]|$)`)

// activates reports whether a file that the script reads is the one that activates this image's virtual environment, which is there by the own
// path, too.
func (e *entry) activates(in record.Input, file shell.Word) bool {
	if language(in) != "python" || path.Base(file.Text) != "activate" {
		return false
	}
	return len(file.Parts) > 0 && file.Parts[0].Var == "VIRTUAL_ENV" || file.Text == Venv+"/bin/activate" || e.venv != "" && file.Text == e.venv+"/bin/activate"
}

// need adds the packages of a program; it reports false if nothing is known of it.
func (e *entry) need(in record.Input, name string, at fact.Pos) bool {
	row, ok := in.Know.Package(programs, name)
	if !ok {
		return false
	}
	if len(row.Debian.Runtime)+len(row.Alpine.Runtime) > 0 && !slices.ContainsFunc(e.needs, func(n Need) bool { return n.Name == name }) {
		e.needs = append(e.needs, Need{Name: name, Pos: at, Row: row, Program: true, Why: path.Base(e.file) + " runs {}"})
	}
	return true
}

// libraries are the programs of Python that are a package's of another name.
var libraries = map[string]string{"django-admin": "django", "pybabel": "babel"} //nolint:gochecknoglobals // a constant table

// ofLanguage reports whether a command is one that the language's image has.
func (e *entry) ofLanguage(in record.Input, i *buildfile.Image, words []string) bool {
	name := path.Base(words[0])
	has := func(name string, files ...string) bool {
		return slices.ContainsFunc(files, func(file string) bool {
			f := in.Builds.File(file)
			return f != nil && slices.Contains(strings.FieldsFunc(strings.ToLower(f.Text), func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
			}), name)
		})
	}
	switch language(in) {
	case "node":
		if name == "npx" && len(words) > 1 {
			return dependsOn(in, words[1])
		}
		return name == "node" || name == "npm"
	case "python":
		if name == "python" || name == "python3" {
			return true
		}
		if library, ok := libraries[name]; ok {
			name = library
		}
		return has(name, "requirements.txt", "pyproject.toml", "Pipfile", "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt")
	case "java":
		return name == "java" || name == "catalina.sh"
	case "go":
		// The program that the own Dockerfile copies from the stage that builds it.
		var built []string
		for _, c := range i.Copies {
			made := c.From != "" || in.Tree != nil && !in.Tree.Has(path.Join(in.Dir, c.Path)) && !in.Tree.HasDir(path.Join(in.Dir, c.Path)) // built before
			if made && path.Base(c.Path) != "" && path.Ext(c.To) == "" {
				built = append(built, path.Base(c.To), path.Base(c.Path))
			}
		}
		if !slices.Contains(built, name) {
			return false
		}
		return e.calls(i, words[0])
	}
	return false
}

// calls keeps where the script looks for the app's program; it reports false for a second one, which is another's.
func (e *entry) calls(i *buildfile.Image, word string) bool {
	to := path.Join("/usr/local/bin", path.Base(word))
	switch {
	case path.IsAbs(word):
		to = path.Clean(word)
	case strings.Contains(word, "/"):
		to = path.Join(cmp.Or(i.Workdir.Value, "/"), word)
	}
	if !slices.Contains(e.links, to) {
		e.links = append(e.links, to)
	}
	return len(e.links) < 2
}

// decideEntry records the script that prod starts first, as "entrypoint", if there is one. Of one that
// this image cannot start, it says what the script does before the app.
func decideEntry(in record.Input, images string) (shellFor string) {
	e, ok := entryOf(in)
	if !ok && len(in.Settings.Start) == 0 {
		if b, beside := besideStart(in); beside {
			in.Log.Note(fact.At(b.file, 0), "is the entry point of "+DisplayName(in, b.pos)+", and this image does not have it: it lies beside the folder of the app. What it starts is what this image starts", "")
		}
	}
	if !ok || len(in.Settings.Start) > 0 || !strings.EqualFold(images, language(in)) {
		return ""
	}
	switch r := in.Log.Asked; {
	case r != "" && bare(in):
		e.refuse(string(r) + " is asked for, which has no shell")
	case bare(in):
		e.refuse(record.LockFile + " holds a runtime that has no shell")
	}
	if e.why == "" {
		in.Log.Choose(plan.Choice{Key: "entrypoint", Value: e.file, Rule: DisplayName(in, e.pos) + " starts it, and it starts the app", Pos: record.At(e.pos), Evidence: ownDockerfile + string(starts) + e.to})
		return "the script " + e.file
	}
	e.left(in)
	return ""
}

// left says that this image does not start the script, and what it does before the app.
func (e *entry) left(in record.Input) {
	text, hint := "is the entry point of "+DisplayName(in, e.pos)+", and this image does not start it: "+e.why, ""
	for _, l := range e.lines {
		if setsUp(l.words) {
			hint = "before the start it runs " + plan.Printable(strings.Join(l.words, " "), 80) + ": run that with this image, or copy the script into it"
			break
		}
	}
	in.Log.Note(fact.At(path.Join(in.Dir, e.file), 0), text, hint)
}

// bare reports whether the runtime is one without programs: the user's, or one that the lock
// holds although the repository asked for a shell then, too.
func bare(in record.Input) bool {
	r := cmp.Or(in.Log.Asked, in.Log.LockedDespite(factShell))
	return r == plan.Distroless || r == plan.Scratch
}

// setsUp reports whether a command prepares a database or the like.
func setsUp(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		w = strings.ToLower(w)
		return strings.Contains(w, "migrat") || w == "upgrade" || w == "seed" || w == "deploy" || strings.HasPrefix(w, "db:") || w == "collectstatic"
	})
}

// enter makes the script that was decided on the entry point of run, or says why it is not: what it starts is not
// what this image has.
func enter(in record.Input, app *plan.App) error {
	i := slices.IndexFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	e, ok := entryOf(in)
	run := app.Run
	if i < 0 || !ok || e.why != "" || run == nil || run.Runtime == plan.Scratch || run.Runtime == plan.Distroless {
		return nil
	}
	program := programOf(app)
	if e.agrees(in, run, program); e.why != "" {
		in.Log.Withdraw("entrypoint")
		e.left(in)
		return nil
	}
	work := workOf(app)
	if rest, below := strings.CutPrefix(e.to, e.own+"/"); below && e.own != "/" && app.Language != "go" {
		e.to = path.Join(work, rest)
	}
	if e.to != path.Join(work, e.file) || !holds(run.Copies, work) {
		script, err := plan.NewCopy(e.to, e.file)
		if err != nil {
			return err
		}
		run.Copies = append(slices.Clone(run.Copies), plan.Artifact{Why: plan.NewComment(path.Base(e.file) + " prepares what the app needs, and then starts it."), Copy: script})
	}
	for _, r := range e.reads {
		has := slices.ContainsFunc(run.Copies, func(a plan.Artifact) bool { return within(path.Clean(a.Copy.To.Raw()), r[1]) && a.Copy.To.Raw() != "/" })
		if c, err := plan.NewCopy(r[1], r[0]); err == nil && !has && in.Tree.Has(path.Join(in.Dir, r[0])) {
			run.Copies = append(run.Copies, plan.Artifact{Copy: c})
		}
	}
	e.nearby(run, work)
	if err := e.installed(in, run); err != nil {
		return err
	}
	e.start(run)
	if file := e.configured(in, run); file != "" {
		run.Cmd = nil
		in.Log.Choose(plan.Choice{Key: "start.arguments", Value: "none", Rule: path.Base(e.file) + " gives the app " + file + ", which says where it listens", Pos: record.At(fact.At(path.Join(in.Dir, file), 0))})
	}
	var links []link
	for _, l := range e.links {
		if !path.IsAbs(l) {
			l = path.Join(work, l)
		}
		if program != "" && l != program {
			links = append(links, link{l, program, path.Base(e.file) + " calls the program by this path."})
		}
	}
	if e.venv != "" && slices.ContainsFunc(run.Copies, func(a plan.Artifact) bool { return path.Clean(a.Copy.To.Raw()) == Venv }) {
		links = append(links, link{e.venv, Venv, path.Base(e.file) + " looks for the virtual environment in this folder."})
	}
	if e.home != "" && e.home != work && !isAliased(run) {
		links = append(links, link{e.home, work, path.Base(e.file) + " looks for the app in this folder."})
	}
	for _, l := range links {
		at, err := l.step()
		if err != nil {
			return err
		}
		run.Steps = append(slices.Clone(run.Steps), at)
	}
	if e.bare && !run.Init {
		in.Log.Note(fact.At(path.Join(in.Dir, e.file), e.line), "starts the app without exec, so that the app is not told to end: docker stop kills it after 10 seconds", "write exec before "+plan.Printable(e.self[0], 40))
	}
	if len(e.lacks) > 0 {
		in.Log.Note(e.lacks[0].pos, "runs "+plan.Printable(path.Base(e.lacks[0].words[0]), 40)+" if a variable asks for it, which this image does not have", "")
	}
	if e.switched != "" {
		in.Log.Note(fact.At(path.Join(in.Dir, e.file), 0), "takes the user from "+e.switched+", which only root can: this image never runs as root", "docker run --user 1000:1000 … runs it as another user")
	}
	return nil
}

// configured is the file that the script brings and that says the port of the image, where the own image gives its program of Go no
// arguments: flags of this image would count before what its users write there. "" for none.
func (e *entry) configured(in record.Input, run *plan.Run) string {
	if language(in) != "go" || e.cmd || !e.args || e.self == nil || len(e.given) > 0 || len(run.Ports) == 0 || slices.ContainsFunc(run.Cmd, func(w string) bool {
		return !strings.HasPrefix(w, "-") && w != run.Ports[0].String() && !strings.HasPrefix(w, "0.0.0.0") && !strings.HasPrefix(w, ":")
	}) || len(run.Cmd) == 0 {
		return ""
	}
	for _, r := range e.reads {
		text, err := in.Tree.ReadHead(path.Join(in.Dir, r[0]), 16<<10)
		if err != nil || strings.Contains(string(text), "127.0.0.1") || strings.Contains(string(text), "localhost") {
			continue
		}
		if slices.Contains(strings.FieldsFunc(string(text), func(c rune) bool { return c < '0' || c > '9' }), run.Ports[0].String()) {
			return r[0]
		}
	}
	return ""
}

// agrees refuses a script that starts something else than this image was made for.
func (e *entry) agrees(in record.Input, run *plan.Run, program string) {
	if e.self == nil {
		return
	}
	what := plan.Printable(strings.Join(buildfile.Sure(e.self), " "), 60)
	switch language(in) {
	case "node":
		if !begins(run, scriptOf(in, e.self)) {
			e.refuse("it starts " + what + ", and this image " + plan.Printable(strings.Join(slices.Concat(bareEntry(run.Entry), run.Cmd), " "), 60))
		}
	case "python":
		if (pythons.MatchString(path.Base(e.self[0])) || installs(in, e.self[0])) && !begins(run, e.self) {
			e.refuse("it starts " + what + ", and this image " + plan.Printable(strings.Join(slices.Concat(bareEntry(run.Entry), run.Cmd), " "), 60))
		}
	case "java":
		if len(e.links) > 0 && program == "" {
			e.refuse("it starts " + what + ", and this image has no such file")
		}
		if e.laid && !slices.ContainsFunc(run.Copies, func(a plan.Artifact) bool { return path.Join(ourWorkdir, a.Copy.To.Raw()) == ourWorkdir+"/classes" }) {
			e.refuse("it starts " + what + ", and this image has no such folders")
		}
	case "go":
		if program == "" {
			e.refuse("it starts " + what + ", and this image has several programs")
		}
	}
	if e.port > 0 && len(run.Ports) > 0 && int(run.Ports[0]) != e.port {
		e.refuse("it listens on " + strconv.Itoa(e.port) + ", and the image's port is " + run.Ports[0].String())
	}
	if e.home == "" {
		return
	}
	for _, w := range run.Writes {
		if within(e.home, w.Raw()) {
			e.refuse("it names " + plan.Printable(e.home, 80) + ", which is not the app's folder here")
		}
	}
	for _, c := range run.Copies {
		if within(e.home, c.Copy.To.Raw()) {
			e.refuse("it names " + plan.Printable(e.home, 80) + ", which is not the app's folder here")
		}
	}
}

// start makes the script the entry point of run, or its command, as it is in the own image.
func (e *entry) start(run *plan.Run) {
	before := run.Entry
	var init plan.Exec
	if run.Init && len(before) > 1 {
		init, before = before[:2:2], before[2:]
		if e.bare { // the shell hands nothing on
			init = plan.Exec{init[0], "-g", init[1]}
		}
	}
	program := slices.Concat(before, run.Cmd)
	script := plan.Exec{e.shell, e.to}
	switch {
	case e.self != nil && len(e.given) > 0 && (e.args || e.passes):
		run.Cmd = plan.Exec(e.given)
	case e.self != nil && e.args && !fixed(e.self):
		// the script has the program, prod its arguments
	case e.self != nil:
		run.Cmd = nil
	case len(e.after) > 0 && len(before) > 0:
		script = append(script, before...)
	default:
		run.Cmd = program
	}
	if e.self != nil {
		run.Dir = plan.Path{}
	}
	run.Entry = append(slices.Clone(init), script...)
	if e.cmd {
		if run.Entry = slices.Clone(init); len(init) == 0 {
			run.Entry = nil
		}
		run.Cmd = slices.Concat(script, run.Cmd)
	}
	run.NoEntry = false
}

// begins reports whether a command is what prod starts, whatever follows its program and file.
func begins(run *plan.Run, words []string) bool {
	file := func(words []string) string {
		if len(words) > 1 && (path.Base(words[0]) == "node" || pythons.MatchString(path.Base(words[0]))) {
			words = words[1:]
			for len(words) > 1 && strings.HasPrefix(words[0], "-") && words[0] != "-m" {
				words = words[1:]
			}
			if words[0] == "-m" && len(words) > 1 {
				return "-m " + words[1]
			}
			name := strings.TrimSuffix(path.Clean(strings.TrimPrefix(words[0], "/app/")), ".js")
			return strings.TrimSuffix(name, "/index")
		}
		return strings.Join(words[:min(1, len(words))], "")
	}
	own := slices.Concat(bareEntry(run.Entry), run.Cmd)
	return len(words) > 0 && len(own) > 0 && file(own) == file(words)
}

// fixed reports whether a command has arguments of its own.
func fixed(words []string) bool {
	return slices.ContainsFunc(words[1:], func(w string) bool { return !strings.HasPrefix(w, "-") })
}

// programOf is the file of the app that prod starts, rooted, "" where it is none or one of several.
func programOf(app *plan.App) string {
	switch app.Language {
	case "go":
		if len(app.Outputs) == 1 {
			return app.Outputs[0].Copy.To.Raw()
		}
	case "java":
		for _, w := range slices.Concat(app.Run.Entry, app.Run.Cmd) {
			if ext := path.Ext(w); (ext == ".jar" || ext == ".war") && !strings.HasPrefix(w, "-") && !strings.ContainsAny(w, ":*") {
				if path.IsAbs(w) {
					return w
				}
				return path.Join(workOf(app), w)
			}
		}
	}
	return ""
}

// workOf is the working directory of prod.
func workOf(app *plan.App) string {
	if w := app.Run.Workdir.Raw(); w != "" {
		return path.Clean(w)
	}
	if app.Language == "go" {
		return "/"
	}
	return "/app"
}

// holds reports whether prod has the whole folder of the app in its working directory.
func holds(copies []plan.Artifact, work string) bool {
	return slices.ContainsFunc(copies, func(a plan.Artifact) bool {
		if len(a.Copy.From) != 1 || len(a.Exclude) > 0 || a.Image != (plan.Ref{}) {
			return false
		}
		from, to := path.Clean(a.Copy.From[0].Raw()), path.Clean(a.Copy.To.Raw())
		return (from == "." && a.Stage.IsZero() || from == "/app" && !a.Stage.IsZero()) && (to == "." || to == work)
	})
}

// link is a second place of something.
type link struct{ at, to, why string }

func (l link) step() (plan.Step, error) {
	out := plan.Step{Why: plan.NewComment(l.why)}
	commands := [][]string{{"mkdir", "-p", path.Dir(l.at)}, {"ln", "-s", l.to, l.at}}
	if path.Dir(l.at) == "/" {
		commands = commands[1:]
	}
	for _, words := range commands {
		c, err := plan.NewShell(words...)
		if err != nil {
			return out, err
		}
		out.Run = append(out.Run, c)
	}
	return out, nil
}
