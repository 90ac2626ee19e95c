package python

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

var appName = regexp.MustCompile(`^[A-Za-z_][\w.-]*:[A-Za-z_][\w.]*(\(.*\))?$`)

// process takes the web process of a Procfile, or app.yaml's entrypoint, as
// evidence: what is served, with which flags, at which port.
func (d *decider) process(all []candidate) (candidate, string, bool) {
	var none candidate
	web := slices.ContainsFunc(d.f.Processes, func(p facts.Process) bool { return p.Name == "web" || p.Name == "entrypoint" })
	for _, p := range d.f.Processes {
		if p.Name != "web" && p.Name != "entrypoint" && (web || p.Name != "worker") {
			continue
		}
		rule := "the " + p.Name + " process of " + d.rel(p.Pos.File)
		if len(p.Commands) == 0 {
			d.log.Note(p.Pos, "is more than a command that runs without a shell; what it says was not used", "set the command: --set 'start=[…]'")
			continue
		}
		cmd := p.Commands[len(p.Commands)-1]
		for _, c := range p.Commands[:len(p.Commands)-1] {
			words := strings.ReplaceAll(strings.Join(shell.Texts(c.Words), " "), shell.Unknown, "$PORT")
			d.log.Note(p.Pos, fmt.Sprintf("runs %q before the app; that belongs to a release, not to every start of a container", plan.Printable(words, 80)), "run it once per release, in a container of the same image")
		}
		c, ok := d.command(cmd, p.Pos, all)
		if !ok {
			d.log.Note(p.Pos, fmt.Sprintf("starts %s, which dockgen cannot check; what it says was not used", plan.Printable(cmd.Words[0].Text, 40)), "set the command: --set 'start=[…]'")
			continue
		}
		d.start.rule, d.start.pos = rule, p.Pos
		return c, rule, true
	}
	return none, "", false
}

// command understands one command line. It returns the candidate that it
// starts, and sets the command itself where it has flags worth keeping.
func (d *decider) command(cmd shell.Command, pos fact.Pos, all []candidate) (candidate, bool) {
	var none candidate
	args := shell.Texts(cmd.Words)
	port := slices.ContainsFunc(cmd.Words, func(w shell.Word) bool { return w.Has("PORT") })
	find := func(app string) (candidate, bool) {
		app = strings.TrimSuffix(app, "()")
		for _, m := range d.f.Modules {
			for i, o := range m.Objects {
				if o.Module+":"+o.Name == app || strings.TrimPrefix(o.Module, "src.")+":"+o.Name == app || !strings.Contains(app, ":") && o.Module == app {
					return candidate{object: &m.Objects[i], module: m, name: app, pos: o.Pos}, true
				}
			}
		}
		mod, _, _ := strings.Cut(app, ":")
		file := strings.ReplaceAll(mod, ".", "/") + ".py"
		return candidate{name: app, pos: pos, module: d.f.Module(file)}, d.in.Tree.Has(path.Join(d.in.Dir, file))
	}
	switch prog := path.Base(args[0]); prog {
	case "gunicorn", "uvicorn", "hypercorn", "daphne", "granian":
		i := slices.IndexFunc(args[1:], func(a string) bool { return appName.MatchString(a) })
		if i < 0 {
			return none, false
		}
		c, ok := find(args[i+1])
		if !ok {
			return none, false
		}
		if !d.serverCommand(prog, args, port, pos) {
			return none, false
		}
		d.start.module = c.module
		switch {
		case c.object != nil:
			d.start.dev, d.start.devAdd = d.dev(*c.object, d.start.port)
		case d.f.Django != nil:
			d.start.dev = []string{"python", d.manage(), "runserver", "0.0.0.0:" + strconv.Itoa(d.start.port)}
		default:
			d.start.dev = append(slices.Clone(d.start.cmd), "--reload")
		}
		for _, e := range cmd.Env {
			if v, err := plan.NewEnv(e.Name, e.Value.Text); err == nil {
				d.start.env = append(d.start.env, v)
			}
		}
		return c, true
	case "python", "python3":
		rest := args[1:]
		for len(rest) > 0 && rest[0] == "-u" {
			rest = rest[1:]
		}
		if len(rest) == 1 && !strings.HasPrefix(rest[0], "-") {
			file := strings.TrimPrefix(rest[0], "./")
			for _, c := range all {
				if c.module != nil && c.module.File == file {
					return c, true
				}
			}
			if m := d.f.Module(path.Clean(file)); m != nil {
				return candidate{module: m, name: file, pos: pos}, true
			}
		}
	case "streamlit", "functions-framework", "flask", "fastapi":
		// Their own rows and servers start them better than a development server would.
		return none, false
	}
	return none, false
}

// serverCommand keeps a server's flags, and makes where it listens that of a
// container. It reports false if another flag takes a variable.
func (d *decider) serverCommand(prog string, args []string, port bool, pos fact.Pos) bool {
	out := []string{prog}
	number := 0
	rest := args[1:]
	bound := false
	for i := 0; i < len(rest); i++ {
		flag, value, joined := strings.Cut(rest[i], "=")
		if !strings.HasPrefix(rest[i], "-") {
			out = append(out, rest[i])
			continue
		}
		drop := false
		switch prog {
		case "gunicorn", "hypercorn":
			drop = flag == "-b" || flag == "--bind" || flag == "--worker-tmp-dir" || flag == "--access-logfile"
			bound = bound || flag == "-b" || flag == "--bind"
			if strings.HasPrefix(flag, "-b") && !strings.HasPrefix(flag, "--") && len(flag) > 2 { // -b0.0.0.0:80
				value, joined, drop, bound = flag[2:], true, true, true
				flag = "-b"
			}
			if flag == "--reload" || flag == "--daemon" || flag == "-D" {
				continue
			}
		case "uvicorn", "granian":
			drop = flag == "--host" || flag == "--port"
			if flag == "--reload" {
				continue
			}
		case "daphne":
			drop = flag == "-b" || flag == "-p" || flag == "--port" || flag == "--bind"
		}
		if !drop {
			out = append(out, rest[i])
			continue
		}
		if !joined && i+1 < len(rest) {
			i++
			value = rest[i]
		}
		text := value[strings.LastIndexByte(value, ':')+1:]
		if n, err := strconv.Atoi(text); err == nil && strings.Contains(flag, "b") || err == nil && strings.Contains(flag, "p") {
			number = n
		}
	}
	if strings.Contains(strings.Join(out, " "), shell.Unknown) {
		return false
	}
	switch {
	case number == 0 && port:
		number = 8080
	case number == 0:
		number = 8000
	}
	if d.in.Settings.Port != 0 {
		number = d.in.Settings.Port
	}
	app := slices.IndexFunc(out[1:], func(a string) bool { return appName.MatchString(a) }) + 1
	flags := append(slices.Clone(out[1:app]), out[app+1:]...)
	n := strconv.Itoa(number)
	switch prog {
	case "gunicorn":
		// Without --bind, gunicorn takes $PORT: https://docs.gunicorn.org/en/stable/settings.html#bind
		d.start.cmd = []string{prog}
		if port || !bound {
			d.start.portEnv = true
		} else {
			d.start.cmd = append(d.start.cmd, "--bind", "0.0.0.0:"+n)
		}
		d.start.cmd = append(d.start.cmd, "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-")
	case "hypercorn":
		d.start.cmd = []string{prog, "--bind", "0.0.0.0:" + n, "--access-logfile", "-"}
	case "daphne":
		d.start.cmd = []string{prog, "-b", "0.0.0.0", "-p", n}
	default:
		d.start.cmd = []string{prog, "--host", "0.0.0.0", "--port", n}
	}
	d.start.cmd = append(append(d.start.cmd, flags...), out[app])
	portRule := "the port that " + d.rel(pos.File) + " gives"
	switch {
	case d.in.Settings.Port != 0:
		portRule = "asked for"
	case port:
		portRule = "the default for $PORT, which " + d.rel(pos.File) + " takes"
	}
	d.log.Choose(plan.Choice{Key: "port", Value: strconv.Itoa(number), Rule: portRule, Pos: record.At(pos)})
	d.start.port, d.start.signals = number, true
	if !d.brought(prog) {
		d.addTool(prog, pos, "the start command runs it, and it is not among the dependencies")
	}
	return true
}
