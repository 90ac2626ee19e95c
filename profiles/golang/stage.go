package golang

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// targets fills in the stages that compile: dev, test and build.
func (d *decider) targets() error {
	packages := []string{d.home(d.main.Dir)}
	tests := d.patterns()
	if len(d.f.Modules) == 0 {
		// Outside of a module, go takes files.
		packages = nil
		packages = append(packages, d.main.GoFiles...)
		tests = slices.Clone(packages)
		for _, t := range d.f.Tests {
			tests = append(tests, path.Base(t.Pos.File))
		}
	}
	var err error
	shell := func(args ...string) (s plan.Shell) {
		if err == nil {
			s, err = plan.NewShell(args...)
		}
		return s
	}
	d.p.Go = shell(d.gocmd()...)
	d.p.Static = d.p.Cgo && d.p.Runtime == plan.Scratch
	if tags := d.tags(d.p.Runtime); len(tags) > 0 {
		d.p.Tags = shell("-tags", strings.Join(tags, ","))
	}
	d.test(shell, tests)
	d.dev(shell, packages)
	if err != nil {
		return err
	}
	return d.binaries(packages)
}

// tags are the build tags: those of the repository's own builds, those that
// the image's system asks for, and with scratch those that leave nothing to
// it. netgo and osusergo take Go's own resolver and user database, because
// those of a static C library read files of the system
// (https://pkg.go.dev/net#hdr-Name_Resolution).
func (d *decider) tags(r plan.Runtime) []string {
	var out []string
	add := func(tags ...string) {
		for _, t := range tags {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	add(d.built...)
	if r == plan.Scratch {
		add("timetzdata")
	}
	if r == plan.Scratch && d.p.Cgo {
		add("netgo", "osusergo")
	}
	for _, x := range d.programs() {
		for _, c := range x.cgo {
			if d.p.Variant.String() == "alpine" {
				add(c.pkg.Alpine.Tags...)
			}
			if r == plan.Scratch && c.pkg.Static != nil {
				add(c.pkg.Static.Tags...)
			}
		}
	}
	return out
}

// tagged puts the tags that do not depend on prod into a go command: go test,
// and the build of dev.
func (d *decider) tagged(args ...string) []string {
	command := d.gocmd(args...)
	if tags := d.tags(""); len(tags) > 0 {
		return append(command, "-tags", strings.Join(tags, ","))
	}
	return command
}

// patterns are the packages of every local module: ./... takes those of one.
func (d *decider) patterns() []string {
	if d.f.Work == nil {
		return []string{"./..."}
	}
	var out []string
	for _, u := range d.f.Work.Use {
		if u.Value == d.f.Home {
			out = append(out, "./...")
			continue
		}
		out = append(out, d.home(u.Value)+"/...")
	}
	sort.Strings(out)
	return out
}

// test decides what the test stage runs: the tests, after go vet where the
// repository itself runs that; without tests, go vet, which type-checks all
// packages. go test runs the checks of vet that have no false alarms anyway
// (https://pkg.go.dev/cmd/go#hdr-Test_packages).
func (d *decider) test(shell func(...string) plan.Shell, patterns []string) {
	c := plan.Choice{Key: "test"}
	test, race := d.testCommand()
	run := append(slices.Clone(test), patterns...)
	vet := append(d.tagged("vet"), patterns...)
	switch {
	case len(d.f.Tests) == 0:
		run = vet
		c.Rule = "there are no tests; go vet compiles and checks every package"
		d.Log.Note(fact.Pos{}, "there are no tests: the test stage runs go vet", "")
	case d.f.Vet.Found():
		d.p.Vet = shell(vet...)
		c.Rule, c.Pos = "the repository has tests, and runs go vet itself"+race, record.At(d.f.Vet.Pos)
	default:
		c.Rule, c.Pos = "the repository has tests"+race, record.At(d.f.Tests[0].Pos)
	}
	if i := slices.IndexFunc(d.f.Tests, func(t fact.Fact[bool]) bool { return t.Value }); i >= 0 {
		// The packages whose tests start containers are compiled, and not run.
		run = append(slices.Clone(test), d.closed()...)
		d.p.Vet = shell(vet...)
		c.Rule += "; those that start containers cannot run while an image is built"
		if len(run) == len(test) {
			run, d.p.Vet = vet, plan.Shell{}
		}
		d.Log.Note(d.f.Tests[i].Pos, "starts containers, which no test can while an image is built: the test stage leaves its package out", "run go test outside of Docker for it")
	}
	d.p.Test = shell(run...)
	c.Value = strings.Join(run, " ")
	if !d.p.Vet.IsZero() {
		c.Value = strings.Join(vet, " ") + " && " + c.Value
	}
	d.Log.Choose(c)
}

// testCommand is go test, with the race detector where the program is linked
// with C code anyway. The detector needs cgo and glibc:
// https://go.dev/doc/articles/race_detector#Requirements and
// https://go.dev/doc/go1.19 (runtime).
func (d *decider) testCommand() (command []string, why string) {
	switch command = d.tagged("test"); {
	case !d.p.Cgo:
		return command, ""
	case d.p.Variant.String() == "alpine":
		return command, "; without -race, whose runtime library is built for glibc"
	}
	return append(command, "-race"), "; with -race, because cgo is there"
}

// closed are the packages whose tests need nothing outside of themselves.
func (d *decider) closed() []string {
	var open, out []string
	for _, t := range d.f.Tests {
		if t.Value {
			open = append(open, path.Dir(t.Pos.File))
		}
	}
	for _, t := range d.f.Tests {
		dir := path.Dir(t.Pos.File)
		pattern := "."
		if dir != d.Dir {
			pattern = d.home(d.rel(dir))
		}
		if !slices.Contains(open, dir) && !slices.Contains(out, pattern) {
			out = append(out, pattern)
		}
	}
	return out
}

// prod decides the start command and the health check.
func (d *decider) prod() error {
	d.p.Entry = plan.Exec{d.name}
	if d.p.Runtime == plan.Scratch {
		d.p.Entry = plan.Exec{"/usr/local/bin/" + d.name} // nothing sets PATH
	}
	c := plan.Choice{Key: "start", Value: d.name, Rule: "the binary itself: PID 1 gets the signals", Pos: record.At(d.main.Pos)}
	if len(d.args) > 0 {
		d.p.Args = d.args
		c.Value += " " + strings.Join(d.args, " ")
		c.Rule = "the binary, told to listen where the container is reached"
		if d.startsWith(d.args) != nil && len(d.startsWith(d.args).Words) == len(d.args) {
			c.Rule = "the binary, with its sub command"
		}
	}
	if start := d.Settings.Start; len(start) > 0 {
		d.p.Entry, d.p.Args = nil, start
		c.Value, c.Rule, c.Pos = strings.Join(start, " "), "asked for", record.At(d.Settings.Pos("start"))
	}
	d.Log.Choose(c)
	if len(d.Settings.Start) == 0 {
		d.furtherArguments()
	}
	if slices.ContainsFunc(d.main.Imports, func(x fact.Fact[string]) bool { return x.Value == ginPackage }) && !d.main.SetsMode {
		set := slices.ContainsFunc(d.env, func(e plan.Env) bool { return e.Name.String() == "GIN_MODE" })
		if _, asked := d.Settings.Env["GIN_MODE"]; !asked && !set {
			d.p.Env = append([]plan.Env{plan.MustEnv("GIN_MODE", "release")}, d.p.Env...)
		}
	}
	d.health()
	return nil
}

// ginPackage's debug mode, its default, logs every route and parses templates
// on every request: https://pkg.go.dev/github.com/gin-gonic/gin#SetMode.
const ginPackage = "github.com/gin-gonic/gin"

// healthRoutes are paths that by convention answer 200 while a program is
// well: https://kubernetes.io/docs/reference/using-api/health-checks/.
var healthRoutes = []string{"/healthz", "/health", "/livez", "/readyz", "/ping", "/-/healthy", "/up"} //nolint:gochecknoglobals // a constant table

// health adds a check where the image has a program that can ask, and the
// source a route that is made to be asked.
func (d *decider) health() {
	asked := d.Settings.Healthcheck
	c := plan.Choice{Key: "healthcheck", Value: "none"}
	var route string
	switch {
	case asked == "none":
		c.Rule, c.Pos = "asked for", record.At(d.Settings.Pos("healthcheck"))
	case asked != "":
		route, c.Rule, c.Pos = asked, "asked for", record.At(d.Settings.Pos("healthcheck"))
	default:
		for _, r := range d.main.Routes {
			if gets(r) && slices.Contains(healthRoutes, r.Path) {
				route, c.Rule, c.Pos = r.Path, "a route that is made for it", record.At(r.Pos)
				break
			}
		}
	}
	switch {
	case route == "":
		if c.Rule == "" {
			c.Rule = "no route is known to answer"
		}
	case len(d.p.Ports) == 0:
		c.Rule = "the program does not listen"
	case d.p.Runtime != plan.Alpine:
		if asked != "" {
			d.Log.Note(d.Settings.Pos("healthcheck"), fmt.Sprintf("%s holds no program that could ask for %s", d.p.Runtime, printable(route)), "let the orchestrator ask, or take --runtime alpine, which has wget")
		}
		c.Rule = fmt.Sprintf("%s has no program that could ask for %s; an orchestrator's probe can", d.p.Runtime, printable(route))
	default:
		scheme := "http"
		for _, l := range d.main.Listens {
			if l.TLS && l.Addr.Port.Text == d.p.Ports[0].String() {
				scheme = "https"
			}
		}
		if scheme == "https" {
			c.Rule = "it answers over TLS alone"
			break
		}
		d.p.Health = plan.Exec{"wget", "-q", "-O", "/dev/null", fmt.Sprintf("%s://127.0.0.1:%s%s", scheme, d.p.Ports[0], route)}
		c.Value = "GET " + route
	}
	d.Log.Choose(c)
}
