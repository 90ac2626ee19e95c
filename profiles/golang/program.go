package golang

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// Program is a main package in an image of its own: what the final stage holds
// and runs.
type Program struct {
	plan.Base
	Stage   plan.Token  // its name: "prod", or the program's
	Cgo     bool        // the build links with C code
	Image   plan.Token  // what it starts from: the tag, for distroless the kind of image
	Install plan.Copy   // from the build stage, the binary
	Workdir []plan.Path // none or one
	Files   []plan.Copy // what the program reads
	Own     []plan.Copy // what it reads and writes: the user's own
	Keep    []plan.Copy // from the build stage, the user's own
	Entry   plan.Exec
	Args    plan.Exec

	// In the build stage:
	Skeleton plan.Shell // makes the folders that the program expects to find
	Touch    plan.Shell // makes the empty files among them
	Owned    bool       // the folders are the user's to write to
}

// Further reports whether the program is one beside the app.
func (p Program) Further() bool { return p.Stage.String() != "prod" }

// Build is one go build: a program and its file, or several and their folder.
type Build struct {
	Binary   plan.Path
	Packages plan.Shell
}

// programs are the deciders of the app and of every further program.
func (d *decider) programs() []*decider { return append([]*decider{d}, d.more...) }

// can says why a runtime cannot run the programs; all of them have the same.
func (d *decider) can(r plan.Runtime) error {
	for _, x := range d.programs() {
		if err := x.able(r); err != nil {
			if x != d {
				err = fmt.Errorf("the target %s: %w", x.p.Stage, err)
			}
			return err
		}
	}
	return nil
}

// further decides for the programs that are to be targets of their own.
func (d *decider) further() error {
	list, err := d.wanted()
	if err != nil {
		return err
	}
	taken := append(slices.Clone(stages), d.name)
	for _, m := range list {
		x := d.beyond(m, taken)
		for _, step := range []func() error{x.verb, x.generate, x.buildable, x.linked, x.files, x.ports, x.preset} {
			if err = step(); err != nil {
				break
			}
		}
		switch {
		case err == nil:
			taken = append(taken, x.p.Stage.String())
			d.more = append(d.more, x)
			d.generated(x.p)
		case !slices.ContainsFunc(d.Settings.Targets, func(t string) bool { return path.Clean(t) == m.Dir }): // one of all
			d.Log.Note(m.Pos, printable(target(m))+" is no target: "+err.Error(), "")
		default:
			return err
		}
	}
	for _, x := range d.more {
		for _, n := range x.Log.Notes() {
			if !slices.Contains(d.Log.Notes(), n) {
				d.Log.Note(n.Pos, n.Text, n.Hint)
			}
		}
	}
	return nil
}

// everything stands for every further main package in the setting targets.
const everything = "all"

// wanted are the main packages that the user wants beside the app, in their
// order.
func (d *decider) wanted() ([]golang.Main, error) {
	var out []golang.Main
	add := func(m golang.Main) {
		if m.Dir != d.main.Dir && !slices.ContainsFunc(out, func(o golang.Main) bool { return o.Dir == m.Dir }) {
			out = append(out, m)
		}
	}
	for _, asked := range d.Settings.Targets {
		if asked == everything {
			for _, m := range d.f.Mains {
				if m.App() {
					add(m)
				}
			}
			continue
		}
		i := slices.IndexFunc(d.f.Mains, func(m golang.Main) bool { return m.Dir == path.Clean(asked) })
		if i < 0 {
			why := "is not a main package of this repository"
			if slices.ContainsFunc(d.mains(), func(m golang.Main) bool { return m.Dir == path.Clean(asked) }) {
				why = "is a main package of another module, which another build makes"
			}
			return nil, record.Refuse(d.Settings.Pos("targets"), "there are "+listed(d.f.Mains), "targets: %s %s", printable(asked), why)
		}
		add(d.f.Mains[i])
	}
	return out, nil
}

// beyond is the decider of a further program. What the user asks of the app,
// its port or its command, is not for this one, and what it chooses goes into
// one line of its own.
func (d *decider) beyond(m golang.Main, taken []string) *decider {
	in := d.Input
	in.Log = &record.Log{}
	in.Settings = settings.Settings{}
	x := &decider{Input: in, f: d.f, all: d.all, main: m, p: &Plan{Version: d.p.Version, Variant: d.p.Variant}, dir: "."}
	if m.Module >= 0 {
		x.mod = &d.f.Modules[m.Module]
	}
	x.name = x.binary(m)
	x.p.Stage = stageName(x.name, m.Dir, taken)
	return x
}

// stages are the names that a further program's cannot have: the app's own,
// and those with a meaning to BuildKit
// (https://docs.docker.com/reference/build-checks/reserved-stage-name/).
var stages = []string{"base", "deps", "generate", "dev", "test", "build", "prod", "scratch", "context"} //nolint:gochecknoglobals // a constant table

var notStageName = regexp.MustCompile(`[^a-z0-9_.-]+`)

// stageName is a program's name, else its folder, as a stage may be called:
// https://docs.docker.com/reference/dockerfile/#from.
func stageName(name, dir string, taken []string) plan.Token {
	for n, c := range []string{name, strings.ReplaceAll(dir, "/", "-"), name} {
		c = strings.Trim(notStageName.ReplaceAllString(strings.ToLower(c), "-"), "-._")
		if c == "" || c[0] < 'a' || c[0] > 'z' {
			c = strings.TrimSuffix("app-"+c, "-")
		}
		for i := 2; n == 2 && slices.Contains(taken, c); i++ {
			c = fmt.Sprintf("%s-%d", strings.TrimSuffix(c, fmt.Sprintf("-%d", i-1)), i)
		}
		if !slices.Contains(taken, c) {
			if w, err := plan.NewToken(c); err == nil {
				return w
			}
		}
	}
	return plan.MustToken("app") // not reached: the last candidate is made to be free
}

// binaries says what the build stage compiles: the app, or with the further
// programs all at once, each in a file that go install would call so
// (https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies). Where two
// would have one name, each is compiled on its own.
func (d *decider) binaries(packages []string) error {
	names := map[string]bool{}
	for _, x := range d.programs() {
		names[x.fileName()] = true
	}
	together := len(d.more) > 0 && len(names) == len(d.programs())
	var all []string
	for _, x := range d.programs() {
		file, list := x.name, packages
		if x != d {
			file, list = x.p.Stage.String(), []string{d.home(x.main.Dir)}
		}
		if together {
			file = x.fileName()
		}
		var err error
		if x.p.Install, err = plan.NewCopy("/usr/local/bin/"+x.name, "/out/"+file); err != nil {
			return err
		}
		all = append(all, list...)
		if together {
			continue
		}
		if err := d.compile("/out/"+file, list); err != nil {
			return err
		}
	}
	if together {
		return d.compile("/out/", all)
	}
	return nil
}

// fileName is what the go command calls the program's file by itself.
func (d *decider) fileName() string {
	if d.mod == nil {
		return d.name
	}
	return moduleName(d.mod.ImportPath(d.main.Dir))
}

// compile adds a go build.
func (d *decider) compile(to string, packages []string) (err error) {
	var b Build
	if b.Binary, err = plan.NewPath(to); err != nil {
		return err
	}
	if b.Packages, err = plan.NewShell(packages...); err != nil {
		return err
	}
	d.p.Builds = append(d.p.Builds, b)
	return nil
}

// finals hands the further programs to the plan.
func (d *decider) finals() error {
	for _, x := range d.more {
		if err := x.prod(); err != nil {
			return err
		}
		d.p.Others = append(d.p.Others, x.p.Program)
		c := plan.Choice{Key: "target." + x.p.Stage.String(), Value: target(x.main), Rule: "asked for; docker build --target " + x.p.Stage.String() + " makes its image", Pos: record.At(d.Settings.Pos("targets"))}
		for i, port := range x.p.Ports {
			if i == 0 {
				c.Value += " on"
			}
			c.Value += " " + port.String()
		}
		d.Log.Choose(c)
	}
	return nil
}
