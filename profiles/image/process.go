package image

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// process is a command that the repository runs with the app's image beside the app, or before a release.
type process struct {
	name  string
	words []string // of its only command, nil for a text that needs a shell
	text  string   // as it is written
	ends  bool     // it is done with when it has run
	pos   fact.Pos
}

// Words in the name of a process, or in its command, that say that it is not what the image starts.
var (
	goesOn = lazy.MustCompile(`^(workers?|scheduler|beat|clock|crons?|cronjobs?|queues?|consumers?|celery|celerybeat|rqworker|huey|dramatiq|taskiq|arq|procrastinate|qcluster)$`)
	doneBy = lazy.MustCompile(`^(release|migrate|migrations?|migrator|upgrade|seeds?|createsuperuser|collectstatic)$`)
)

// roleOf tells what a text speaks of: what goes on beside the app, or what ends.
func roleOf(text string) (goes, ends bool) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune("_-:./ ", c) }) {
		goes, ends = goes || goesOn.MatchString(w), ends || doneBy.MatchString(w)
	}
	return goes, ends
}

// spoken are the words of a command that say what it does: neither options nor what follows the first few.
func spoken(words []string) string {
	var out []string
	for _, w := range words {
		if !strings.HasPrefix(w, "-") && len(out) < 4 {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// maxProcesses is the most processes that a note names.
const maxProcesses = 4

// processes says, in one note, what the repository runs in the app's image that this image does not start by
// itself, with the commands that do.
func processes(in record.Input, app *plan.App) {
	list := besides(in, app)
	if len(list) == 0 {
		return
	}
	var goes, ends, how []string
	for _, p := range list {
		if p.ends {
			ends = append(ends, plan.Printable(p.name, 30))
		} else {
			goes = append(goes, plan.Printable(p.name, 30))
		}
		if c, ok := inImage(in, app, p); ok {
			app.Beside = append(app.Beside, c)
			how = append(how, "docker run "+plan.Printable(RunOf(c, Name(app.Name, in.Name)), 160))
		} else {
			how = append(how, "the command of "+plan.Printable(p.name, 30)+" is not known to be in this image: "+plan.Printable(p.text, 80))
		}
	}
	var parts []string
	if len(goes) > 0 {
		parts = append(parts, "runs "+Enumerate(goes)+" beside the app")
	}
	if len(ends) > 0 {
		verb, before := "runs ", " before the app"
		if len(goes) > 0 {
			verb, before = "", " before it"
		}
		parts = append(parts, verb+Enumerate(ends)+before)
	}
	in.Log.Note(list[0].pos, strings.Join(parts, " and ")+", and this image starts the app alone", strings.Join(how, "; "))
}

// besides are the processes that are to be said, each command once: not what prod starts, and nothing that
// another note or choice has.
func besides(in record.Input, app *plan.App) []process {
	scripted := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	var out []process
	add := func(p process) {
		said := slices.ContainsFunc(in.Log.Notes(), func(n plan.Note) bool {
			return n.Pos == p.pos || len(p.words) > 1 && strings.Contains(n.Hint, strings.Join(p.words, " "))
		}) || slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Pos != nil && *c.Pos == p.pos })
		known := slices.ContainsFunc(out, func(o process) bool { return o.text == p.text || o.name == p.name })
		if said || known || p.ends && scripted || isStart(app.Run, p.words) || len(out) >= maxProcesses {
			return
		}
		out = append(out, p)
	}
	for _, x := range in.Builds.Processes() {
		if goes, ends := roleOf(x.Name); goes || ends {
			words, _ := onlyCommand(x.Text)
			add(process{name: x.Name, words: words, text: x.Text, ends: ends && !goes, pos: x.Pos})
		}
	}
	c := contractOf(in)
	if c.Own != nil {
		for _, x := range c.Own.Image.Services {
			words := startWords(x.Start)
			if goes, _ := roleOf(x.Name + " " + strings.Join(words, " ")); goes && !x.Once && len(words) > 0 {
				p := process{name: x.Name, words: x.Start.Words, text: strings.Join(words, " "), pos: x.Pos}
				if len(out) == 0 || out[len(out)-1].pos != p.pos {
					add(p)
				} else if len(out) < maxProcesses {
					out = append(out, p) // of the same file
				}
			}
		}
	}
	for _, r := range c.Runs {
		words := startOf(c, r)
		if r.Dev || len(r.Ports) > 0 || len(words) == 0 || isReadme(r.Pos.File) {
			continue
		}
		p := process{name: r.Name, words: words, text: strings.Join(words, " "), pos: r.Pos}
		if len(words) == 3 && shell.IsShell(words[0]) && words[1] == "-c" {
			p.words, p.text = nil, words[2]
			if only, ok := onlyCommand(words[2]); ok {
				p.words = only
			}
		}
		goes, ends := roleOf(spoken(strings.Fields(p.text)))
		named, done := roleOf(r.Name)
		if p.name == "" || !named && !done && ends {
			p.name = p.text
		}
		if p.ends = (ends || done) && !goes && !named; goes || named || p.ends {
			add(p)
		}
	}
	return out
}

func isReadme(file string) bool { return strings.HasPrefix(strings.ToLower(path.Base(file)), "readme") }

// onlyCommand are the words of a text that is one command; ok is false for what needs a shell.
func onlyCommand(text string) (words []string, ok bool) {
	s, err := shell.Read(text, shell.Start{})
	if err != nil || len(s.Commands) != 1 {
		return nil, false
	}
	u := s.Commands[0].Unwrap()
	if len(u.Env) > 0 || !u.Plain() || len(u.Words) == 0 {
		return nil, false
	}
	return shell.Texts(u.Words), true
}

// startOf is what a container runs: its own entry point or that of the image, unless that is a script, with
// its arguments; nil if it runs what the image does.
func startOf(c buildfile.Contract, r buildfile.Container) []string {
	if len(r.Entrypoint)+len(r.Args) == 0 {
		return nil
	}
	entry := r.Entrypoint
	if len(entry) == 0 && c.Own != nil {
		entry = bareEntry(c.Own.Image.Entrypoint.Value.Words)
		if len(entry) > 0 && (shell.IsShell(entry[0]) || strings.HasSuffix(entry[len(entry)-1], ".sh") || strings.Contains(path.Base(entry[0]), "entrypoint")) {
			entry = nil
		}
	}
	words := slices.Concat(entry, r.Args)
	if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, buildfile.Unknown) }) {
		return nil
	}
	return words
}

// bareEntry is an entry point without the init that starts it.
func bareEntry(words []string) []string {
	if len(words) > 0 && shell.IsInit(words[0]) {
		words = words[1:]
		for len(words) > 0 && strings.HasPrefix(words[0], "-") {
			words = words[1:]
		}
	}
	return words
}

// isStart reports whether a command is what prod starts: the same program with the same first words.
func isStart(run *plan.Run, words []string) bool {
	own := slices.Concat(bareEntry(run.Entry), run.Cmd)
	if len(own) == 0 || len(words) == 0 {
		return false
	}
	tail := func(list []string) []string {
		if b := path.Base(list[0]); b == "node" || b == "python" || b == "python3" || b == "java" {
			list = list[1:]
		}
		var out []string
		for _, w := range list {
			if !strings.HasPrefix(w, "-") {
				out = append(out, path.Base(w))
			}
		}
		return out
	}
	return slices.Equal(tail(own), tail(words))
}

// RunOf are the arguments of docker run that start a process in the image of that name.
func RunOf(p plan.Process, image string) string {
	words := append([]string{image}, p.Cmd...)
	if len(p.Entry) > 0 {
		words = append([]string{"--entrypoint", p.Entry[0]}, words...)
	}
	c, err := plan.NewShell(words...)
	if err != nil {
		return ""
	}
	return c.String()
}

// inImage is a process in this image; ok is false if its program is not known to be there.
func inImage(in record.Input, app *plan.App, p process) (c plan.Process, ok bool) {
	run, words := app.Run, p.words
	entry := bareEntry(run.Entry)
	bareRuntime := run.Runtime == plan.Distroless || run.Runtime == plan.Scratch
	e, scripted := entryOf(in)
	if scripted = scripted && slices.ContainsFunc(slices.Concat(run.Entry, run.Cmd), func(w string) bool { return path.Base(w) == path.Base(e.to) }); scripted {
		entry = nil
	}
	alone := scripted && e.self != nil && !e.passes && !e.cmd && (!e.args || app.Language != "go") // the script starts nothing else
	has := func(words []string) bool {
		return e.ofLanguage(in, &buildfile.Image{}, words) || !bareRuntime && slices.Contains(everywhere, path.Base(words[0]))
	}
	started := func(words []string) (plan.Process, bool) {
		if _, err := plan.NewShell(words...); err != nil || len(words) == 0 {
			return plan.Process{}, false
		}
		out := plan.Process{Name: p.name, Cmd: words, Ends: p.ends}
		if alone {
			out.Entry, out.Cmd = words[:1], words[1:]
		}
		return out, true
	}
	if words = scriptOf(in, words); len(words) == 0 {
		if bareRuntime || len(entry) > 0 || p.text == "" || app.Language == "go" || app.Language == "java" {
			return plan.Process{}, false
		}
		return started([]string{"sh", "-c", p.text})
	}
	switch app.Language {
	case "go":
		program := ""
		if len(app.Outputs) == 1 {
			program = path.Base(app.Outputs[0].Copy.To.Raw())
		} else if len(entry) > 0 {
			program = path.Base(entry[0])
		}
		names := []string{program}
		if c := contractOf(in); c.Own != nil {
			if own := bareEntry(c.Own.Image.Entrypoint.Value.Words); len(own) > 0 {
				names = append(names, path.Base(own[0]))
			}
		}
		if !slices.Contains(names, path.Base(words[0])) {
			return plan.Process{}, false
		}
		if scripted && (!e.args || e.passes || e.cmd) {
			return started(append([]string{program}, words[1:]...))
		}
		return started(words[1:])
	case "node":
		switch node := path.Base(words[0]) == "node"; {
		case node && (bareRuntime || len(entry) > 0 && path.Base(entry[0]) == "node"):
			return started(words[1:])
		case node || !bareRuntime && len(entry) == 0 && has(words):
			return started(words)
		}
	case "python":
		if len(entry) == 0 && has(words) {
			return started(words)
		}
	case "java":
		i := slices.IndexFunc(words, func(w string) bool { return strings.HasSuffix(w, ".jar") })
		if path.Base(words[0]) == "java" && i > 0 && i+1 < len(words) {
			return started(slices.Concat(run.Cmd, plan.Exec(words[i+1:])))
		}
	}
	return plan.Process{}, false
}

// scriptOf is the command of the package script that a manager of Node's packages runs; words themselves
// for another command.
func scriptOf(in record.Input, words []string) []string {
	for range 3 {
		if len(words) < 2 || !slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, words[0]) {
			return words
		}
		name, rest := words[1], words[2:]
		if (name == "run" || name == "run-script") && len(rest) > 0 {
			name, rest = rest[0], rest[1:]
		}
		f := in.Builds.File("package.json")
		if f == nil || len(rest) > 0 {
			return words
		}
		var manifest struct {
			Scripts map[string]string `json:"scripts"`
		}
		if json.Unmarshal([]byte(f.Text), &manifest) != nil || manifest.Scripts[name] == "" {
			return words
		}
		next, ok := onlyCommand(manifest.Scripts[name])
		if !ok {
			return words
		}
		words = next
	}
	return words
}
