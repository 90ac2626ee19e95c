package golang

import (
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// watched are the extensions that air watches by itself:
// https://github.com/air-verse/air/blob/master/air_example.toml.
var watched = []string{"go", "tpl", "tmpl", "html"} //nolint:gochecknoglobals // a constant table

// decideDev rebuilds and restarts the program on every save, or runs it once if
// the user wants no reloader. The build passes no version control data: git
// refuses a mounted repository of another user's.
func decideDev(s *source, t toolchain, g tags, app program, list []generator, env []Setting, from plan.StageName) (*Dev, error) {
	d := developer{source: s, app: app, binary: "/tmp/" + app.name, build: g.command(s, "build", "-buildvcs=false"), start: slices.Concat([]string{"/tmp/" + app.name}, app.args)}
	out := &Dev{
		Head:   plan.Head{Name: s.Stage("dev"), From: plan.FromStage(from), Uses: plan.StagesOf(s.Taken())},
		Copies: append(wholeContext(), s.Taken()...), Env: app.env, Ports: slices.Clone(app.ports.List),
	}
	var tools []plan.Token
	for _, x := range list {
		tools = append(tools, x.install...)
		if x.Whole {
			d.first = append(d.first, x.run)
		} else {
			d.before = append(d.before, x.run)
		}
	}
	debug := image.DebugPort(s.Input, debugPort, app.ports.List)
	for _, port := range debug {
		tools = append(tools, installed(s, t, "delve", "github.com/go-delve/delve/cmd/dlv", plan.Choice{Key: "debugger", Evidence: "the debugger", Rule: "asked for", Pos: record.At(s.Settings.Pos("debug"))}))
		// Without inlining and optimisation, so that every line and variable is there.
		d.build = append(d.build, "-gcflags=all=-N -l")
		d.start, d.debugged = debugged(app, d.binary, port), true
	}
	warm, err := plan.NewShell(slices.Concat(d.build, []string{"-o", d.binary}, packagesOf(s, app.Main))...)
	if err != nil {
		return nil, err
	}
	d.before = append(d.before, warm)
	does := "rebuilds on every save"
	if s.Settings.Reloader == "none" {
		does = "runs the source that is mounted"
		out.Cmd, err = d.once(slices.Concat(g.command(s, "run", "-buildvcs=false"), packagesOf(s, app.Main), app.args))
	} else {
		tools = append(tools, installed(s, t, "air", "github.com/air-verse/air", plan.Choice{Key: "dev", Evidence: "the reloader", Rule: "rebuilds and restarts on every save"}))
		out.Cmd, err = d.reload()
	}
	if err != nil {
		return nil, err
	}
	if out.Cmd, err = d.prepared(out.Cmd); err != nil {
		return nil, err
	}
	if out.Install, err = install(tools, env); err != nil {
		return nil, err
	}
	out.Warm = []plan.Step{{Why: plan.NewComment("What this compiles stays in the image, so that the first start is quick."), Run: slices.Concat(d.first, d.before)}}
	kept, about := image.KeptInDev(s.Input, "/src")
	out.Kept = kept
	out.About = append(image.DevUsage(s.Input, out.Name.String()+" "+does, image.Name(app.name, s.Name), out.Name, "/src", app.ports.List, debug...), about...)
	out.Ports = append(out.Ports, debug...)
	return out, nil
}

// install compiles the programs that dev runs. Flags that every go command has
// are not for go install of another module's program.
func install(tools []plan.Token, env []Setting) ([]plan.Step, error) {
	if len(tools) == 0 {
		return nil, nil
	}
	out := plan.Step{Mounts: []plan.Mount{moduleCache(), compilerCache()}}
	if sets(env, "GOPROXY") { // it may ask for a credential
		out.Mounts = append(out.Mounts, netrc())
	}
	command := []string{"go", "install"}
	if sets(env, "GOFLAGS") {
		command = append([]string{"GOFLAGS="}, command...)
	}
	seen := map[plan.Token]bool{}
	for _, t := range tools {
		if seen[t] {
			continue
		}
		seen[t] = true
		run, err := plan.NewShell(append(slices.Clone(command), t.String())...)
		if err != nil {
			return nil, err
		}
		out.Run = append(out.Run, run)
	}
	return []plan.Step{out}, nil
}

// debugPort is what delve's editors take by default:
// https://github.com/golang/vscode-go/wiki/debugging#connecting-to-headless-delve-with-target-specified-at-server-start-up.
const debugPort = 2345

// debugged starts the program under delve, which lets it run until a debugger
// connects: https://github.com/go-delve/delve/blob/master/Documentation/usage/dlv_exec.md.
func debugged(app program, binary string, port plan.Port) []string {
	cmd := []string{"dlv", "exec", "--headless", "--listen=:" + port.String(), "--accept-multiclient", "--continue"}
	if app.files.dir != "." {
		cmd = append(cmd, "--wd", app.files.dir)
	}
	cmd = append(cmd, binary)
	if len(app.args) > 0 {
		cmd = append(append(cmd, "--"), app.args...)
	}
	return cmd
}

// installed is a program that dev installs, as module@version.
func installed(s *source, t toolchain, name, module string, c plan.Choice) plan.Token {
	row := toolFor(s, t, name)
	c.Value, c.Link = row.Name+" "+row.Version, row.Source
	c.Evidence += " for Go " + t.Tag
	version := strings.TrimPrefix(s.Log.Choose(c), row.Name+" ")
	w, err := plan.NewToken(module + "@" + version)
	if err != nil { // a lock that was edited by hand
		w, _ = plan.NewToken(module + "@" + row.Version) // a test keeps tools.yaml right
	}
	return w
}

// developer is how dev builds and starts the program.
type developer struct {
	*source
	app      program
	binary   string
	build    []string     // the command that compiles, without output and packages
	first    []plan.Shell // what runs once before all that: it may write what the reloader watches
	before   []plan.Shell // what runs before the start: the generators, then the compiler
	start    []string
	debugged bool
}

// reload has air build and start the program again on every save.
func (d developer) reload() (plan.Exec, error) {
	cmd := plan.Exec{"air", "--tmp_dir", "/tmp/air", "--build.cmd", d.rebuild()}
	generates := len(d.before) > 1
	if generates {
		if skip := unwatched(d.app.Main); len(skip) > 0 {
			cmd = append(cmd, "--build.exclude_regex", strings.Join(append([]string{"_test.go"}, skip...), ","))
		}
	}
	if dirs := d.watches(); len(dirs) > 0 {
		cmd = append(cmd, "--build.include_dir", strings.Join(dirs, ","))
	}
	if d.debugged {
		// delve takes its program along when it is interrupted; killed, it leaves
		// it behind, and the port with it.
		cmd = append(cmd, "--build.send_interrupt", "true", "--build.kill_delay", "2s")
	}
	run, err := d.started()
	if err != nil {
		return nil, err
	}
	// air waits for the shell that it starts, which exec makes the program: else
	// the next one may start before the last has left its port.
	// https://github.com/air-verse/air/blob/v1.67.4/runner/util_linux.go
	cmd = append(cmd, "--build.full_bin", run)
	ext := d.extensions()
	if generates {
		ext = append(ext, inputs(d.app.Main)...)
	}
	if len(ext) > 0 {
		cmd = append(cmd, "--build.include_ext", strings.Join(append(slices.Clone(watched), ext...), ","))
	}
	return cmd, nil
}

// prepared is a command after what runs once before it.
func (d developer) prepared(cmd plan.Exec) (plan.Exec, error) {
	if len(d.first) == 0 {
		return cmd, nil
	}
	run, err := plan.NewShell(cmd...)
	text := "exec " + run.String()
	if len(cmd) == 3 && cmd[0] == "/bin/sh" {
		text = cmd[2]
	}
	for _, before := range slices.Backward(d.first) {
		text = before.String() + " && " + text
	}
	return plan.Exec{"/bin/sh", "-c", text}, err
}

// rebuild is what dev runs on every save: the generators, then the compiler.
func (d developer) rebuild() string {
	var all []string
	for _, run := range d.before {
		all = append(all, run.String())
	}
	return strings.Join(all, " && ")
}

// once runs the program that is mounted: with go run if that starts it in the
// folder that it expects, and neither a debugger nor a generator comes between.
func (d developer) once(goRun []string) (plan.Exec, error) {
	d.Log.Choose(plan.Choice{Key: "dev", Value: "go run", Rule: "asked for: no reloader", Pos: record.At(d.Settings.Pos("reloader"))})
	if d.app.files.dir == d.f.Home && !d.debugged && len(d.before) == 1 {
		return goRun, nil
	}
	run, err := d.started()
	return plan.Exec{"/bin/sh", "-c", d.rebuild() + " && " + run}, err
}

// started is the program in place of the shell, in the folder that it expects.
func (d developer) started() (string, error) {
	run, err := plan.NewShell(d.start...)
	if err != nil {
		return "", err
	}
	text := "exec " + run.String()
	if d.app.files.dir == "." || d.debugged { // delve has a flag for it
		return text, nil
	}
	cd, err := plan.NewShell("cd", d.app.files.dir)
	return cd.String() + " && " + text, err
}

// toolFor is the newest version of a program that the image's Go can build: the
// image sets GOTOOLCHAIN=local, so go install fetches no newer one.
func toolFor(s *source, t toolchain, name string) knowledge.Tool {
	rows := s.Know.Tools(name)
	have := mustRelease(t.Tag)
	for _, row := range rows {
		if needs, ok := parseRelease(row.Needs); !ok || compareReleases(have, needs) >= 0 {
			return row
		}
	}
	return rows[len(rows)-1]
}

// unedited are extensions of files that nobody edits as text while dev runs.
var unedited = []string{ //nolint:gochecknoglobals // a constant table
	"key", "pem", "cert", "crt", "db", "br", "gz", "zip", "wasm", "map", "pdf", "mp3", "mp4",
	"png", "jpg", "jpeg", "gif", "ico", "webp", "woff", "woff2", "ttf", "otf", "eot",
}

// extensions are those of the files that the program reads or embeds, beyond
// what air watches.
func (d developer) extensions() []string {
	var out []string
	add := func(name string) {
		ext := strings.TrimPrefix(path.Ext(name), ".")
		if ext != "" && fileName(ext) == ext && len(ext) <= 6 && !slices.Contains(slices.Concat(watched, unedited, out), ext) {
			out = append(out, ext)
		}
	}
	for _, p := range d.app.Files {
		if p.Use == effect.Read && len(d.find(d.app.files.dir, p)) > 0 {
			add(p.Path.Text)
		}
	}
	for _, e := range d.app.Embeds {
		for _, name := range d.embedded(e.Value) {
			add(name)
		}
	}
	sort.Strings(out)
	return out
}

// watches are the folders that dev watches, nil for all: beside a nested
// module lie other stacks' files, which are many.
func (d developer) watches() []string {
	if d.f.Home == "." {
		return nil
	}
	list := []string{d.f.Home}
	for _, m := range d.f.Modules {
		list = append(list, m.Dir)
	}
	for _, c := range d.app.files.reads {
		list = append(list, path.Dir(c+"x"))
	}
	slices.Sort(list)
	var out []string
	for _, dir := range list {
		switch {
		case dir == "." || strings.Contains(dir, ","): // the flag's separator
			return nil
		case !slices.ContainsFunc(out, func(o string) bool { return tree.Within(dir, o) }):
			out = append(out, dir)
		}
	}
	return out
}

// inputs are the extensions of what the generators read.
func inputs(m golang.Main) []string {
	var out []string
	for _, x := range m.Generations {
		if w := x.Value.Watch; w != "" && fileName(w) == w && !slices.Contains(watched, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// unwatched are patterns of what the generators write: a build that writes
// them must not start the next.
func unwatched(m golang.Main) []string {
	var out []string
	for _, x := range m.Generations {
		g := x.Value
		re := "/" + regexp.QuoteMeta(g.Output) + "/"
		switch {
		case g.Pattern != "":
			re = regexp.QuoteMeta(strings.TrimPrefix(g.Pattern, "*")) + "$"
		case strings.HasSuffix(g.Output, ".go"):
			re = "/" + regexp.QuoteMeta(g.Output) + "$"
		}
		if !strings.Contains(re, ",") && !slices.Contains(out, re) {
			out = append(out, re)
		}
	}
	return out
}
