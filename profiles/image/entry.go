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
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// starts is the verb of the evidence for an entry point.
const starts Verb = " starts "

// entry is the script of the repository that its own Dockerfile starts, and that starts the
// app: docker-entrypoint.sh, which migrates and then execs what it is given.
type entry struct {
	file  string // of the app's folder
	to    string // in the image, as the own Dockerfile has it
	shell string // that reads it
	pos   fact.Pos
	lines []step // what it runs before the app
	needs []Need // the packages of its programs
	links []string
	args  bool   // it starts the program itself, and is given arguments
	self  string // the command with which it starts the app by itself, "" if it does not
	port  int    // on which that listens
	line  int    // of that command
	why   string // why this image cannot start it, "" if it can
}

// step is a command of the script.
type step struct {
	words []string
	pos   fact.Pos
}

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
	s, err := shell.Read(f.Text, shell.Start{})
	if err != nil || len(s.Commands) == 0 {
		e.why = "it cannot be read"
		return e, true
	}
	if strings.ContainsAny(f.Text, "\r") {
		e.why = "its lines end as on Windows"
	}
	if own := i.Workdir.Value; own != "" && own != "/" && own != "/app" && strings.Contains(f.Text, own) {
		e.refuse("it names " + own + ", where this image has nothing")
	}
	if strings.Contains(f.Text, "BASH_SOURCE") || strings.Contains(f.Text, "dirname") {
		e.refuse("it looks for files beside itself")
	}
	if e.shell == "bash" {
		e.need(in, "bash", e.pos)
	}
	asksRoot := strings.Contains(f.Text, "id -u")
	last := s.Commands[len(s.Commands)-1]
	for n, c := range s.Commands {
		e.command(in, i, c, n == len(s.Commands)-1, asksRoot)
	}
	end := last.Unwrap()
	switch {
	case len(end.Words) == 0 || last.Conditional:
		e.refuse("it does not start what it is given")
	case end.Words[0].Has("@"):
	case slices.ContainsFunc(end.Words, func(w shell.Word) bool { return w.Has("@") }) && language(in) == "go":
		e.args = true
	case last.Words[0].Text == "exec" && e.serves(in, i, end):
		e.self, e.line = strings.Join(shell.Texts(end.Words), " "), last.Line
	default:
		e.refuse("it starts " + plan.Printable(strings.Join(buildfile.Sure(shell.Texts(end.Words)), " "), 60) + " itself")
	}
	return e, true
}

// bound matches the address that a server of Python is told to listen on, on every interface: a number alone
// follows a flag that takes a port.
var bound = lazy.MustCompile(`^(?:(?:0\.0\.0\.0|\[::\]|\*)?:)?([0-9]{2,5})$`)

// serves reports whether the script's last command starts the app as this image can: a server of Python that the
// app depends on, with the port that it says, from the folder that is this image's, too.
func (e *entry) serves(in record.Input, i *buildfile.Image, c shell.Command) bool {
	words := shell.Texts(c.Words)
	name := path.Base(words[0])
	whole := len(i.Copies) == 0 || slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool {
		return c.From == "" && path.Clean(c.Path) == "." && path.Clean(c.To) == path.Join("/", i.Workdir.Value)
	})
	if !whole || language(in) != "python" || !slices.Contains([]string{"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "granian"}, name) || !e.ofLanguage(in, i, words) ||
		slices.ContainsFunc(words, func(w string) bool {
			return strings.Contains(w, buildfile.Unknown) || w == "--reload" || w == "127.0.0.1" || w == "localhost"
		}) {
		return false
	}
	everyone := name == "daphne" || name == "uvicorn" || name == "granian" || name == "waitress-serve"
	if everyone && name != "waitress-serve" {
		everyone = slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(w, "0.0.0.0") || w == "::" })
	}
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
		e.port, _ = strconv.Atoi(m[1])
	}
	return e.port > 0 && e.port < 65536 && (in.Settings.Port == 0 || in.Settings.Port == e.port)
}

// ownStart is the script that starts the app by itself, if prod starts it.
func ownStart(in record.Input) (entry, bool) {
	e, ok := entryOf(in)
	return e, ok && e.self != "" && e.why == "" && len(in.Settings.Start) == 0 && !bare(in)
}

// OwnStart is the command with which the own entry point's script starts the app, where prod leaves that to it.
func OwnStart(in record.Input) (command string, at fact.Pos, ok bool) {
	e, ok := ownStart(in)
	return plan.Printable(e.self, 200), fact.At(path.Join(in.Dir, e.file), e.line), ok
}

// entryFile finds the file of the script, in the own Dockerfile or by what the lock remembers of it.
func entryFile(in record.Input) (entry, *buildfile.Image, bool) {
	c := contractOf(in)
	e := entry{}
	if c.Own == nil {
		old, ok := Remembered(in, "entrypoint", starts)
		word, has := strings.CutPrefix(old.Evidence, ownDockerfile+string(starts))
		e.file, e.to, e.pos = old.Value, word, fact.At(record.LockFile, 0)
		if !ok || !has || old.Value == "none" || !e.sound(in) {
			return e, nil, false
		}
		return e, &buildfile.Image{}, true
	}
	i := c.Own.Image
	words := i.Entrypoint.Value.Words
	if text := i.Entrypoint.Value.Shell; text != "" {
		if s, err := shell.Read(text, shell.Start{}); err == nil && len(s.Commands) == 1 {
			words = shell.Texts(s.Commands[0].Words)
		}
	}
	for _, w := range words {
		base := path.Base(w)
		if shell.IsShell(w) || base == "tini" || base == "dumb-init" || base == "catatonit" || base == "env" || w == "--" || w == "exec" {
			continue
		}
		if strings.HasPrefix(w, "-") || strings.Contains(w, buildfile.Unknown) {
			return e, nil, false
		}
		p := w
		if !path.IsAbs(p) && strings.Contains(p, "/") {
			p = path.Join(workdirOf(c), p)
		}
		name, ok := i.Repo(p)
		if !ok && in.Tree != nil && in.Tree.Has(path.Join(in.Dir, base)) {
			name, ok = base, true // copied by way of another stage
		}
		if e.file, e.to, e.pos = name, p, i.Entrypoint.Pos; !path.IsAbs(e.to) {
			e.to = "/usr/local/bin/" + base
		}
		return e, i, ok && e.sound(in)
	}
	return e, nil, false
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
	"cut", "tr", "basename", "dirname", "mktemp", "seq", "expr", "uniq", "stat", "readlink", "realpath", "base64", "sha256sum", "md5sum", "nproc", "timeout", "tty", "getopts",
}

// command judges one command of the script.
func (e *entry) command(in record.Input, i *buildfile.Image, c shell.Command, last, asksRoot bool) {
	raw := path.Base(c.Words[0].Text)
	if raw == "exec" && len(c.Words) > 1 {
		raw = path.Base(c.Words[1].Text)
	}
	if slices.Contains(forRoot, raw) {
		if !c.Conditional || !asksRoot {
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
	case slices.Contains(everywhere, name):
		return
	case e.ofLanguage(in, i, words):
	case e.need(in, name, at):
		return // a program of the system
	default:
		e.refuse("it runs " + plan.Printable(name, 40) + ", which this image does not have")
	}
	if !last && !c.Captured && len(e.lines) < 10 {
		e.lines = append(e.lines, step{buildfile.Sure(words), at})
	}
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
var libraries = map[string]string{"django-admin": "django", "celery": "celery", "flask": "flask"} //nolint:gochecknoglobals // a constant table

// ofLanguage reports whether a command is one that the language's image has.
func (e *entry) ofLanguage(in record.Input, i *buildfile.Image, words []string) bool {
	name := path.Base(words[0])
	has := func(text string, files ...string) bool {
		return slices.ContainsFunc(files, func(file string) bool {
			f := in.Builds.File(file)
			return f != nil && strings.Contains(strings.ToLower(f.Text), text)
		})
	}
	switch language(in) {
	case "node":
		if name == "npx" && len(words) > 1 {
			f := in.Builds.File("package.json")
			if f == nil {
				return false
			}
			_, deps, _ := strings.Cut(f.Text, `"dependencies"`)
			deps, _, _ = strings.Cut(deps, "}")
			return strings.Contains(deps, `"`+words[1]+`"`)
		}
		return name == "node"
	case "python":
		if name == "python" || name == "python3" {
			return true
		}
		if library, ok := libraries[name]; ok {
			name = library
		}
		return len(name) > 3 && has(name, "requirements.txt", "pyproject.toml", "Pipfile", "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt")
	case "java":
		return name == "java"
	case "go":
		// The program that the own Dockerfile copies from the stage that builds it.
		var built []string
		for _, c := range i.Copies {
			if c.From != "" && path.Base(c.Path) != "" && path.Ext(c.To) == "" {
				built = append(built, path.Base(c.To), path.Base(c.Path))
			}
		}
		if !slices.Contains(built, name) {
			return false
		}
		to := path.Join("/usr/local/bin", name)
		if path.IsAbs(words[0]) {
			to = path.Clean(words[0])
		}
		if !slices.Contains(e.links, to) {
			e.links = append(e.links, to)
		}
		return len(e.links) < 2 && (path.IsAbs(words[0]) || words[0] == name) // of two programs, one is another's
	}
	return false
}

// decideEntry records the script that prod starts first, as "entrypoint", if there is one. Of one that
// this image cannot start, it says what the script does before the app.
func decideEntry(in record.Input, images string) (shellFor string) {
	e, ok := entryOf(in)
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
	text, hint := "is the entry point of "+DisplayName(in, e.pos)+", and this image does not start it: "+e.why, ""
	for _, l := range e.lines {
		if setsUp(l.words) {
			hint = "before the start it runs " + plan.Printable(strings.Join(l.words, " "), 80) + ": run that with this image, or copy the script into it"
			break
		}
	}
	in.Log.Note(fact.At(path.Join(in.Dir, e.file), 0), text, hint)
	return ""
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

// enter makes the script that was decided on the entry point of run.
func enter(in record.Input, app *plan.App) error {
	i := slices.IndexFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	e, ok := entryOf(in)
	run := app.Run
	if i < 0 || !ok || e.why != "" || run == nil || run.Runtime == plan.Scratch || run.Runtime == plan.Distroless {
		return nil
	}
	script, err := plan.NewCopy(e.to, e.file)
	if err != nil {
		return err
	}
	run.Copies = append(slices.Clone(run.Copies), plan.Artifact{Why: plan.NewComment(path.Base(e.file) + " prepares what the app needs, and then starts it."), Copy: script})
	before := run.Entry
	var init plan.Exec
	if run.Init && len(before) > 1 {
		init, before = before[:2:2], before[2:]
	}
	switch {
	case e.self != "":
		run.Cmd, run.Dir = nil, plan.Path{}
	case !e.args:
		run.Cmd = slices.Concat(before, run.Cmd)
	}
	run.Entry = append(slices.Clone(init), e.shell, e.to)
	run.NoEntry = false
	if len(app.Outputs) == 1 && app.Language == "go" {
		program := app.Outputs[0].Copy.To.Raw()
		for _, l := range e.links {
			if l == program {
				continue
			}
			commands := [][]string{{"mkdir", "-p", path.Dir(l)}, {"ln", "-s", program, l}}
			if path.Dir(l) == "/" {
				commands = commands[1:]
			}
			at := plan.Step{Why: plan.NewComment(path.Base(e.file) + " calls the program by this path.")}
			for _, words := range commands {
				c, err := plan.NewShell(words...)
				if err != nil {
					return err
				}
				at.Run = append(at.Run, c)
			}
			run.Steps = append(slices.Clone(run.Steps), at)
		}
	}
	return nil
}
