package image

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// command is what the own image starts without a script: the arguments that its ENTRYPOINT gives the program, and
// those that its CMD gives it, which people replace.
type command struct {
	program    string   // as it is written
	entry, cmd []string // arguments
	split      bool     // the program is the ENTRYPOINT
	reads      [][2]string
	pos        fact.Pos
}

// ownCommand is what the own image starts, if that is the app's program and no script, and all of it is known.
func ownCommand(in record.Input, app *plan.App) (command, bool) {
	own := contractOf(in).Own
	if own == nil {
		return command{}, false
	}
	i := own.Image
	if i.Entrypoint.Value.Shell != "" || i.Cmd.Value.Shell != "" {
		return command{}, false
	}
	entry, cmd := bareEntry(i.Entrypoint.Value.Words), i.Cmd.Value.Words
	c := command{split: len(entry) > 0, pos: i.Entrypoint.Pos}
	if c.pos.IsZero() || len(cmd) > 0 {
		c.pos = i.Cmd.Pos
	}
	if !c.split {
		entry, cmd = bareEntry(cmd), nil
	}
	n := programWords(entry)
	if n == 0 || n > len(entry) || sure(slices.Concat(entry, cmd)) == nil && len(entry)+len(cmd) > 0 {
		return command{}, false
	}
	c.program = entry[n-1]
	if c.entry, c.cmd = entry[n:], cmd; !c.split {
		c.entry, c.cmd = nil, entry[n:]
	}
	if shell.IsShell(entry[0]) || strings.HasSuffix(c.program, ".sh") || !isProgram(app, i, c.program) {
		return command{}, false
	}
	for _, w := range slices.Concat(c.entry, c.cmd) {
		c.reads = append(c.reads, named(in, i, app, w)...)
	}
	_, err := plan.NewShell(slices.Concat([]string{c.program}, c.entry, c.cmd)...)
	return c, err == nil
}

// programWords is how many words of a command are its program: python -m notes, node server.js, java -jar a.jar.
func programWords(words []string) int {
	if len(words) == 0 {
		return 0
	}
	name := path.Base(words[0])
	if name != "node" && name != "java" && !pythons.MatchString(name) {
		return 1
	}
	for n := 1; n < len(words); n++ {
		switch w := words[n]; {
		case w == "-jar" || w == "-m" || w == "-cp" || w == "-classpath" || w == "--class-path" || w == "-r" || w == "--require" || w == "--import":
			if n++; w == "-jar" || w == "-m" {
				return n + 1
			}
		case !strings.HasPrefix(w, "-"):
			return n + 1
		}
	}
	return 0
}

// isProgram reports whether the program of the own image is what prod starts.
func isProgram(app *plan.App, i *buildfile.Image, program string) bool {
	run := app.Run
	ours := slices.Concat(bareEntry(run.Entry), run.Cmd)
	n := programWords(ours)
	if run.Runtime == plan.Distroless && len(run.Entry) == 0 && (app.Language == "node" || app.Language == "java") {
		n = 1
	}
	if n == 0 || n > len(ours) {
		return false
	}
	name, own := path.Base(program), path.Base(ours[n-1])
	switch app.Language {
	case "go":
		return name == own || len(app.Outputs) == 1 && slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool {
			return c.To == program || path.Base(c.To) == name || path.Join(c.To, path.Base(c.Path)) == path.Join("/", i.Workdir.Value, program)
		})
	case "java":
		return strings.HasSuffix(name, ".jar") && strings.HasSuffix(own, ".jar") || name == own
	}
	return strings.TrimSuffix(name, ".js") == strings.TrimSuffix(own, ".js")
}

// named are the files of the app's folder that an argument names, and where they lie: what the own image copies to
// a rooted path lies there, what it finds from its working directory lies below prod's.
func named(in record.Input, i *buildfile.Image, app *plan.App, word string) [][2]string {
	_, value, joined := strings.Cut(word, "=")
	if !joined {
		value = word
	}
	if value == "" || strings.HasPrefix(value, "-") || in.Tree == nil || len(value) > 200 {
		return nil
	}
	p := value
	if !path.IsAbs(p) {
		if path.Ext(p) == "" || strings.Contains(p, ":") {
			return nil
		}
		p = path.Join("/", i.Workdir.Value, p)
	}
	p = path.Clean(p)
	file := brought(in, i, p)
	if file == "" {
		return nil
	}
	if !path.IsAbs(value) {
		p = path.Join(workOf(app), value)
	}
	if _, err := plan.NewCopy(p, file); err != nil {
		return nil
	}
	return [][2]string{{file, p}}
}

// FileAt is the file of the app's folder that the own image copies to a rooted path, where it lies in this image, too; "" for none.
func FileAt(in record.Input, file string) string {
	own := contractOf(in).Own
	if own == nil || in.Tree == nil || !path.IsAbs(file) {
		return ""
	}
	return brought(in, own.Image, path.Clean(file))
}

// arguments gives the program what the own image gives it, and makes it the ENTRYPOINT where the own image or the docs hand it
// arguments, or where it ends by itself and reads some: docker run IMAGE --flag works then as it is documented.
func arguments(in record.Input, app *plan.App) error {
	run := app.Run
	scripted := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	if scripted || len(in.Settings.Start) > 0 || len(run.Cmd)+len(run.Entry) == 0 {
		return nil
	}
	if ours := slices.Concat(bareEntry(run.Entry), run.Cmd); len(ours) == 0 || slices.Contains(pythonServers, path.Base(ours[0])) {
		return nil
	}
	c, ok := ownCommand(in, app)
	if !ok {
		unpassed(in, app)
		switch rest := throughScript(in); {
		case len(rest) > 0 && slices.Equal(rest, givenBy(app)):
			split(app, rest, nil)
		case handed(in) || app.Takes:
			split(app, nil, nil)
		}
		return nil
	}
	if !c.split && handed(in) {
		c.split = true
	}
	entry, cmd, changed := c.given(in, app)
	if app.Language != "go" && !c.split || slices.Contains(pythonServers, path.Base(c.program)) {
		return nil // the language has it as its start
	}
	if !split(app, entry, cmd) {
		return nil
	}
	if len(c.entry)+len(c.cmd) > 0 && (changed || app.Language != "go") {
		value := plan.Printable(strings.Join(slices.Concat(c.entry, c.cmd), " "), 200)
		in.Log.Choose(plan.Choice{Key: "start.arguments", Value: value, Rule: DisplayName(in, c.pos) + " gives them to the program", Pos: record.At(c.pos), Evidence: Adopted(in, c.pos, starts, value)})
	}
	c.files(in, app)
	return nil
}

// throughScript are the arguments that the own ENTRYPOINT gives the app through a script of its manifest, whatever else people hand it:
// npm run start -- --host=::.
func throughScript(in record.Input) []string {
	own := contractOf(in).Own
	if own == nil {
		return nil
	}
	words := bareEntry(own.Image.Entrypoint.Value.Words)
	if len(words) == 0 || !slices.Contains([]string{"npm", "pnpm", "yarn"}, path.Base(words[0])) {
		return nil
	}
	n := slices.Index(words, "--")
	if n < 0 {
		return nil
	}
	return sure(words[n+1:])
}

// givenBy are the arguments that prod gives its program.
func givenBy(app *plan.App) []string {
	ours := slices.Concat(bareEntry(app.Run.Entry), app.Run.Cmd)
	n := programWords(ours)
	if app.Run.Runtime == plan.Distroless && len(app.Run.Entry) == 0 && app.Language == "node" {
		n = min(1, len(ours))
	}
	return ours[min(n, len(ours)):]
}

// handed reports whether the docs give the image options, which only a program in the ENTRYPOINT can take.
func handed(in record.Input) bool {
	return slices.ContainsFunc(contractOf(in).Runs, func(r buildfile.Container) bool {
		return !r.Dev && len(r.Entrypoint) == 0 && len(r.Args) > 0 && strings.HasPrefix(r.Args[0], "-")
	})
}

// given are the arguments of the program: the own image's, then what the language gives it that the own image does
// not. changed says that they are not the language's alone.
func (c command) given(in record.Input, app *plan.App) (entry, cmd []string, changed bool) {
	ours := slices.Concat(bareEntry(app.Run.Entry), app.Run.Cmd)
	n := programWords(ours)
	if app.Run.Runtime == plan.Distroless && len(app.Run.Entry) == 0 && app.Language != "go" && app.Language != "python" {
		n = 1
	}
	ours = ours[n:]
	all := slices.Concat(c.entry, c.cmd)
	if len(all) == 1 && slices.Contains(onlySaying, all[0]) {
		return nil, ours, false
	}
	if len(all) == 0 || app.Language == "java" && len(ours) > 0 {
		return nil, ours, false
	}
	port := 0
	if len(app.Run.Ports) > 0 {
		port = int(app.Run.Ports[0])
	}
	if told := portOf(shell.Command{Words: literals(append([]string{c.program}, all...))}); told > 0 && told != port || slices.ContainsFunc(all, func(w string) bool { return strings.Contains(w, "127.0.0.1") || strings.Contains(w, "localhost") }) {
		unpassed(in, app) // the image has another port
		return nil, ours, false
	}
	name := func(w string) string {
		w, _, _ = strings.Cut(w, "=")
		return "-" + strings.TrimLeft(w, "-")
	}
	has := func(list []string, w string) bool {
		return slices.ContainsFunc(list, func(o string) bool { return name(o) == name(w) && strings.HasPrefix(o, "-") })
	}
	var more []string
	for i := 0; i < len(ours); i++ {
		flag := ours[i]
		values := i
		for values+1 < len(ours) && !strings.HasPrefix(ours[values+1], "-") && strings.HasPrefix(flag, "-") && !strings.Contains(flag, "=") {
			values++
		}
		if strings.HasPrefix(flag, "-") && !has(all, flag) {
			more = append(more, ours[i:values+1]...)
		}
		i = values
	}
	if len(more) == 0 && slices.Equal(all, ours) {
		return c.entry, c.cmd, len(c.entry) > 0
	}
	return c.entry, slices.Concat(c.cmd, more), true
}

// onlySaying are arguments with which a program only says something.
var onlySaying = []string{"-h", "-help", "--help", "help", "--version", "version"} //nolint:gochecknoglobals // a constant table

// unpassed says which options the own image gives a program of Go that this image does not.
func unpassed(in record.Input, app *plan.App) {
	own := contractOf(in).Own
	if own == nil || app.Language != "go" {
		return
	}
	i := own.Image
	words := bareEntry(slices.Concat(i.Entrypoint.Value.Words, i.Cmd.Value.Words))
	if len(words) < 2 || shell.IsShell(words[0]) || strings.HasSuffix(words[0], ".sh") {
		return
	}
	var rest []string
	for _, w := range words[1:] {
		name, _, _ := strings.Cut(w, "=")
		if !slices.ContainsFunc(app.Run.Cmd, func(o string) bool { return strings.TrimLeft(o, "-") == strings.TrimLeft(name, "-") }) && !slices.Contains(onlySaying, w) {
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 || !strings.HasPrefix(rest[0], "-") {
		return
	}
	pos := i.Entrypoint.Pos
	if pos.IsZero() || len(i.Cmd.Value.Words) > 0 {
		pos = i.Cmd.Pos
	}
	in.Log.Note(pos, "starts it with arguments that this image does not pass: "+plan.Printable(strings.Join(buildfile.Sure(rest), " "), 120),
		"if the image needs them: --set 'start=["+plan.Printable(strings.Join(append([]string{path.Base(words[0])}, buildfile.Sure(words[1:])...), ", "), 120)+"]'")
}

func literals(words []string) []shell.Word {
	out := make([]shell.Word, len(words))
	for i, w := range words {
		out[i] = shell.Literal(w)
	}
	return out
}

// split makes the program of prod, with arguments that stay, the ENTRYPOINT, and the rest the CMD. Nil arguments leave those that
// prod has. A shell that execs the program hands that what it is given; for any other command of a shell it reports false.
func split(app *plan.App, entry, cmd []string) bool {
	run := app.Run
	before := run.Entry
	var init plan.Exec
	if run.Init && len(before) > 1 {
		init, before = before[:2:2], before[2:]
	}
	words := slices.Concat(before, run.Cmd)
	if len(words) == 0 {
		return false
	}
	if shell.IsShell(words[0]) {
		text, ok := passing(words)
		if !ok || len(entry) > 0 || len(cmd) > 0 {
			return false
		}
		run.Entry, run.Cmd, run.NoEntry = slices.Concat(init, plan.Exec{words[0], words[1], text, words[0]}), nil, false
		return true
	}
	if run.Runtime == plan.Distroless && len(before) == 0 {
		switch app.Language {
		case "node":
			words = append(plan.Exec{"/nodejs/bin/node"}, words...)
		case "java":
			words = append(plan.Exec{"java", "-jar"}, words...)
		}
	}
	n := programWords(words)
	if n == 0 || n > len(words) {
		return false
	}
	if entry == nil && cmd == nil {
		cmd = words[n:]
	}
	run.Entry = slices.Concat(init, words[:n], plan.Exec(entry))
	if run.Cmd = nil; len(cmd) > 0 {
		run.Cmd = plan.Exec(cmd)
	}
	run.NoEntry = false
	return true
}

// passing is the text of sh -c that ends with exec and a program, with what the shell is given behind it.
func passing(words []string) (text string, ok bool) {
	if len(words) != 3 || words[1] != "-c" {
		return "", false
	}
	last := words[2]
	for _, sep := range []string{"&&", ";", "\n"} {
		last = last[strings.LastIndex(last, sep)+1:]
	}
	last = strings.TrimLeft(last, "& ")
	return words[2] + ` "$@"`, strings.HasPrefix(last, "exec ") && !strings.ContainsAny(last, "&|;<>@#`")
}

// files brings the files that the arguments name, and says which is to be mounted.
func (c command) files(in record.Input, app *plan.App) {
	run := app.Run
	for _, r := range c.reads {
		if x, err := plan.NewCopy(r[1], r[0]); err == nil && !has(run.Copies, workOf(app), r[1]) && in.Tree.Has(path.Join(in.Dir, r[0])) {
			run.Copies = append(slices.Clone(run.Copies), plan.Artifact{Why: plan.NewComment("The program is started with it."), Copy: x})
		}
	}
	for _, w := range slices.Concat(c.entry, c.cmd) {
		value := w[strings.IndexByte(w, '=')+1:]
		if !path.IsAbs(value) || !fileNames.MatchString(value) || has(run.Copies, workOf(app), path.Clean(value)) || strings.ContainsAny(value, ":, ") {
			continue
		}
		if strings.HasSuffix(value, ".db") || strings.Contains(value, ".sqlite") || strings.HasSuffix(value, ".log") || strings.HasSuffix(value, ".pid") || strings.HasSuffix(value, ".sock") {
			continue // it makes that
		}
		in.Log.Note(c.pos, "starts it with "+plan.Printable(w, 80)+", and the file is not in the image", "docker run -v ./"+plan.Printable(path.Base(value), 40)+":"+plan.Printable(value, 80)+":ro …")
		return
	}
}

// has reports whether copies bring a file to a rooted path, by itself or with its folder.
func has(copies []plan.Artifact, work, p string) bool {
	return slices.ContainsFunc(copies, func(a plan.Artifact) bool {
		to := a.Copy.To.Raw()
		if !path.IsAbs(to) {
			to = path.Join(work, to)
		}
		return path.Clean(to) == p && len(a.Copy.From) == 1 || strings.HasSuffix(to, "/") && slices.ContainsFunc(a.Copy.From, func(f plan.Path) bool { return path.Join(to, path.Base(f.Raw())) == p })
	})
}
