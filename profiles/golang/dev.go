package golang

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// watched are the extensions that air watches by itself:
// https://github.com/air-verse/air/blob/master/air_example.toml.
var watched = []string{"go", "tpl", "tmpl", "html"} //nolint:gochecknoglobals // a constant table

// dev rebuilds and restarts the program on every save, or runs it once where
// the user wants no reloader. The build passes no version control data: git
// refuses a mounted repository of another user's.
func (d *decider) dev(shell func(...string) plan.Shell, packages []string) {
	d.p.DevEnv = d.env
	binary := "/tmp/" + d.name
	build := d.tagged("build", "-buildvcs=false")
	start := append([]string{binary}, d.args...)
	if d.debugger() {
		// Without inlining and optimisation, so that every line and variable is there.
		build = append(build, "-gcflags=all=-N -l")
		start = d.debugged(binary)
	}
	d.p.Warm = shell(append(append(build, "-o", binary), packages...)...)
	if d.Settings.Reloader == "none" {
		d.once(shell, packages, start)
		return
	}
	d.reload(shell, start)
}

// debugPort is what delve's editors take by default:
// https://github.com/golang/vscode-go/wiki/debugging#connecting-to-headless-delve-with-target-specified-at-server-start-up.
const debugPort = 2345

// debugger adds delve to dev where the user asks for it.
func (d *decider) debugger() bool {
	if d.Settings.Debug == nil || !*d.Settings.Debug {
		return false
	}
	port := plan.Port(debugPort)
	for slices.Contains(d.p.Ports, port) {
		port++
	}
	d.p.Debug = []plan.Port{port}
	d.install("delve", "github.com/go-delve/delve/cmd/dlv", plan.Choice{Key: "debugger", Evidence: "the debugger", Rule: "asked for", Pos: record.At(d.Settings.Pos("debug"))})
	return true
}

// debugged starts the program under delve, which lets it run until a debugger
// connects: https://github.com/go-delve/delve/blob/master/Documentation/usage/dlv_exec.md.
func (d *decider) debugged(binary string) []string {
	cmd := []string{"dlv", "exec", "--headless", "--listen=:" + d.p.Debug[0].String(), "--accept-multiclient", "--continue"}
	if d.dir != "." {
		cmd = append(cmd, "--wd", d.dir)
	}
	cmd = append(cmd, binary)
	if len(d.args) > 0 {
		cmd = append(append(cmd, "--"), d.args...)
	}
	return cmd
}

// install has dev install a program, at the version that c ends up with.
func (d *decider) install(name, module string, c plan.Choice) {
	t := d.tool(name)
	c.Value, c.Link = t.Name+" "+t.Version, t.Source
	c.Evidence += " for Go " + d.p.Version.String()
	version := strings.TrimPrefix(d.Log.Choose(c), t.Name+" ")
	w, err := plan.NewToken(module + "@" + version)
	if err != nil { // a lock that was edited by hand
		w = plan.MustToken(module + "@" + t.Version)
	}
	d.p.Tools = append(d.p.Tools, w)
}

// reload has air build and start the program again on every save.
func (d *decider) reload(shell func(...string) plan.Shell, start []string) {
	d.install("air", "github.com/air-verse/air", plan.Choice{Key: "dev", Evidence: "the reloader", Rule: "rebuilds and restarts on every save"})
	d.p.Reloads = true
	cmd := plan.Exec{"air", "--tmp_dir", "/tmp/air", "--build.cmd", d.rebuild()}
	if skip := d.unwatched(); len(skip) > 0 {
		cmd = append(cmd, "--build.exclude_regex", strings.Join(append([]string{"_test.go"}, skip...), ","))
	}
	if dirs := d.watches(); len(dirs) > 0 {
		cmd = append(cmd, "--build.include_dir", strings.Join(dirs, ","))
	}
	if len(d.p.Debug) > 0 {
		// delve takes its program along when it is interrupted; killed, it leaves
		// it behind, and the port with it.
		cmd = append(cmd, "--build.send_interrupt", "true", "--build.kill_delay", "2s")
	}
	if d.dir != "." && len(d.p.Debug) == 0 {
		// air starts the program in the folder that it watches.
		start = []string{"/bin/sh", "-c", shell("cd", d.dir).String() + " && exec " + shell(start...).String()}
	}
	cmd = append(cmd, "--build.entrypoint", start[0])
	if ext := append(d.extensions(), d.inputs()...); len(ext) > 0 {
		cmd = append(cmd, "--build.include_ext", strings.Join(append(slices.Clone(watched), ext...), ","))
	}
	if len(start) > 1 {
		cmd = append(cmd, "--")
		for _, a := range start[1:] {
			cmd = append(cmd, plan.ShellQuote(a)) // air hands them to a shell
		}
	}
	d.p.Dev = cmd
}

// rebuild is what dev runs on every save: the generators, then the compiler.
func (d *decider) rebuild() string {
	var all []string
	for _, g := range d.p.Generate {
		all = append(all, g.Run.String())
	}
	return strings.Join(append(all, d.p.Warm.String()), " && ")
}

// once runs the program that is mounted: with go run where that starts it in
// the folder that it expects, and no debugger is to come between.
func (d *decider) once(shell func(...string) plan.Shell, packages, start []string) {
	d.Log.Choose(plan.Choice{Key: "dev", Value: "go run", Rule: "asked for: no reloader", Pos: record.At(d.Settings.Pos("reloader"))})
	if d.dir == d.f.Home && len(d.p.Debug)+len(d.p.Generate) == 0 {
		d.p.Dev = append(append(d.tagged("run", "-buildvcs=false"), packages...), d.args...)
		return
	}
	run := d.rebuild() + " && "
	if d.dir != "." && len(d.p.Debug) == 0 {
		run += shell("cd", d.dir).String() + " && "
	}
	d.p.Dev = plan.Exec{"/bin/sh", "-c", run + "exec " + shell(start...).String()}
}

// tool is the newest version of a program that the image's Go can build: the
// image sets GOTOOLCHAIN=local, so go install fetches no newer one.
func (d *decider) tool(name string) knowledge.Tool {
	rows := d.Know.Tools(name)
	have, _ := parseRelease(d.p.Version.String())
	for _, t := range rows {
		if needs, ok := parseRelease(t.Needs); !ok || compare(have, needs) >= 0 {
			return t
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
func (d *decider) extensions() []string {
	var out []string
	add := func(name string) {
		ext := strings.TrimPrefix(path.Ext(name), ".")
		if ext != "" && fileName(ext) == ext && len(ext) <= 6 && !slices.Contains(slices.Concat(watched, unedited, out), ext) {
			out = append(out, ext)
		}
	}
	for _, p := range d.main.Files {
		if p.Use == effect.Read && len(d.find(d.dir, p)) > 0 {
			add(p.Path.Text)
		}
	}
	for _, e := range d.main.Embeds {
		for _, name := range d.embedded(e.Value) {
			add(name)
		}
	}
	sort.Strings(out)
	return out
}
