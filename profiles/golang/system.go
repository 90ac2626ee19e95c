package golang

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// started is a program that the app runs, and the packages that bring it.
type started struct {
	name string
	pos  fact.Pos
	pkg  knowledge.Package
}

// The pseudo-ecosystems of knowledge/packages/go.yaml beside "go".
const (
	ecoCommand = "command" // a program, by its name
	ecoLibrary = "c"       // a C library, by -l or pkg-config name
)

// desktop are programs that open something on a person's desktop, or exist on
// another system: a server that names one does not need it.
var desktop = []string{"xdg-open", "open", "rundll32", "cmd", "powershell", "explorer", "start", "osascript", "x-www-browser", "sw_vers", "wslview"} //nolint:gochecknoglobals // a constant table

// startedBy finds the packages of the programs that a program starts. What one
// place in the source may start is one note.
func startedBy(s *source, m golang.Main) []started {
	var out []started
	unknown := map[fact.Pos][]string{}
	for _, c := range execs(m) {
		name := path.Base(c.Program.Text)
		if slices.Contains(desktop, name) || path.Ext(name) == ".exe" || strings.HasPrefix(c.Program.Text, "./") || strings.HasPrefix(c.Program.Text, "../") {
			continue
		}
		if row, ok := s.Know.Package(ecoCommand, name); ok {
			out = append(out, started{name, c.Pos, row})
		} else {
			unknown[c.Pos] = append(unknown[c.Pos], printable(c.Program.Text))
		}
	}
	for _, c := range execs(m) {
		names := unknown[c.Pos]
		delete(unknown, c.Pos)
		switch len(names) {
		case 0:
		case 1:
			s.Log.Note(c.Pos, "runs the program "+names[0]+", and dockgen does not know which package brings it", "name the package with --set packages=[NAME]")
		default:
			s.Log.Note(c.Pos, "runs one of the programs "+plan.Printable(strings.Join(names, ", "), 400)+", and dockgen does not know which packages bring them", "name the packages with --set packages=[NAME]")
		}
	}
	return out
}

// execs are the programs that it starts, each once, sorted.
func execs(m golang.Main) []effect.Exec {
	out := slices.Clone(m.Execs)
	slices.SortStableFunc(out, func(a, b effect.Exec) int { return strings.Compare(a.Program.Text, b.Program.Text) })
	return slices.CompactFunc(out, func(a, b effect.Exec) bool { return a.Program.Text == b.Program.Text })
}

// What the distroless images hold beside the C library:
// https://github.com/GoogleContainerTools/distroless/tree/main/base and cc.
var (
	inBase = []string{"libc6", "libssl3t64", "tzdata", "ca-certificates", "zlib1g"} //nolint:gochecknoglobals // a constant table
	inCC   = []string{"libstdc++6", "libgcc-s1", "libgomp1"}                        //nolint:gochecknoglobals // a constant table
)

// can says why a runtime cannot run the programs; all of them have the same.
func can(s *source, v version, programs []program, r plan.Runtime) error {
	cgo := slices.ContainsFunc(programs, func(p program) bool { return len(p.cgo) > 0 })
	for _, p := range programs {
		if err := able(s, toolchainOf(v, cgo, r), p); err != nil {
			if p.further {
				err = fmt.Errorf("the target %s: %w", p.stage, err)
			}
			return err
		}
	}
	return nil
}

// able says why the toolchain's runtime cannot run a program.
func able(s *source, t toolchain, p program) error {
	r := t.runtime
	bare := r == plan.Scratch || r == plan.Distroless
	if bare && len(p.started) > 0 {
		return fmt.Errorf("the program runs %s (%s), and %s holds no programs", p.started[0].name, p.started[0].pos, r)
	}
	if bare && len(s.Settings.Packages) > 0 && !p.further {
		return fmt.Errorf("packages were asked for, and %s has no package manager", r)
	}
	for _, c := range p.cgo {
		switch {
		case r == plan.Scratch && c.pkg.Static == nil:
			return fmt.Errorf("%s is C code (%s) that is not known to link into a static program, and scratch has no C library to run it with", c.name, c.pos)
		case r == plan.Alpine && c.pkg.NoAlpine != "":
			return fmt.Errorf("%s (%s): %s", c.name, c.pos, c.pkg.NoAlpine)
		case r == plan.Distroless:
			for _, lib := range c.pkg.Debian.Runtime {
				if !slices.Contains(inBase, lib) && !slices.Contains(inCC, lib) {
					return fmt.Errorf("%s needs the library %s (%s), which no distroless image holds", c.name, lib, c.pos)
				}
			}
		}
	}
	if t.alpine {
		if img, ok := s.Know.Image("golang"); ok {
			if rel, ok := img.Release(t.release().line()); ok && !rel.Has("alpine") {
				return fmt.Errorf("there is no golang image of %s on Alpine to build it with", rel.Version)
			}
		}
	}
	return nil
}

// machine is the image of prod that one program runs in.
type machine struct {
	from plan.Ref
	kind string // of distroless: "static", "base", "cc"
	plan.Base
}

// decideMachines makes the images of the programs, at one release of the
// system, and the packages that base takes for them.
func decideMachines(s *source, t toolchain, programs []program) (machines []machine, toolkit []plan.System, err error) {
	release := decideRelease(s, t.runtime)
	for _, p := range programs {
		from := s
		if p.further {
			from = s.alone()
		}
		m, err := machineOf(from, t, p, release)
		if err != nil {
			return nil, nil, err
		}
		base, prod, err := needsOf(t, p)
		if err != nil {
			return nil, nil, err
		}
		switch t.runtime {
		case plan.Slim:
			m.Debian = append(m.Debian, prod...)
		case plan.Alpine:
			m.Alpine = append(m.Alpine, prod...)
		case plan.Scratch, plan.Distroless: // can refuses what needs packages
		}
		for _, row := range base {
			if !p.further || !slices.ContainsFunc(toolkit, func(o plan.System) bool { return o.For == row.For }) {
				toolkit = append(toolkit, row)
			}
		}
		machines = append(machines, m)
	}
	packagesChoice(s, programs[0], machines[0])
	return machines, toolkit, nil
}

// decideRelease is the default release of the system that prod runs on, "" if it
// has no system.
func decideRelease(s *source, r plan.Runtime) string {
	name := ""
	switch r {
	case plan.Alpine:
		name = "alpine"
	case plan.Slim:
		name = "debian"
	case plan.Scratch, plan.Distroless:
		return ""
	}
	img, _ := s.Know.Image(name) // a test keeps images.yaml right
	return s.Log.Choose(plan.Choice{Key: "go." + name, Value: img.Default, Rule: "the newest release that dockgen knows", Link: img.Source, Evidence: "the image that prod starts from"})
}

// machineOf is the image that a program runs in, before its packages.
func machineOf(s *source, t toolchain, p program, release string) (machine, error) {
	base, err := image.Base(s.Input, t.runtime, p.env...)
	if err != nil {
		return machine{}, err
	}
	if p.debugsGin(s) {
		base.Env = append([]plan.Env{plan.MustEnv("GIN_MODE", "release")}, base.Env...)
	}
	out := machine{Base: base, kind: "static"}
	if t.cgo {
		out.kind = "base"
	}
	for _, c := range p.cgo {
		if slices.ContainsFunc(c.pkg.Debian.Runtime, func(lib string) bool { return slices.Contains(inCC, lib) }) {
			out.kind = "cc"
		}
	}
	switch t.runtime {
	case plan.Alpine:
		out.from, err = plan.NewRef("alpine", release)
	case plan.Slim:
		out.from, err = plan.NewRef("debian", release+"-slim")
	case plan.Scratch:
		out.from = plan.ScratchRef()
	case plan.Distroless:
		out.from, err = plan.NewRef("gcr.io/distroless/"+out.kind+"-debian13", "nonroot")
	}
	return out, err
}

// debugsGin reports whether a program leaves gin in its debug mode, the default,
// which logs every route and parses templates on every request:
// https://pkg.go.dev/github.com/gin-gonic/gin#SetMode.
func (p program) debugsGin(s *source) bool {
	const name, gin = "GIN_MODE", "github.com/gin-gonic/gin"
	_, asked := s.Settings.Env[name]
	return !asked && !p.SetsMode && slices.ContainsFunc(p.Imports, func(x fact.Fact[string]) bool { return x.Value == gin }) &&
		!slices.ContainsFunc(p.env, func(e plan.Env) bool { return e.Name.String() == name })
}

// needsOf are the system packages that a program needs in base, and in prod.
func needsOf(t toolchain, p program) (base, prod []plan.System, err error) {
	add := func(rows *[]plan.System, why string, packages []string) {
		words, e := plan.Tokens(packages...)
		if err = cmp.Or(err, e); err == nil && len(words) > 0 {
			*rows = append(*rows, plan.System{For: plan.NewComment(why), Packages: words})
		}
	}
	of := func(n knowledge.Package, alpine bool) knowledge.Need {
		if alpine {
			return n.Alpine
		}
		return n.Debian
	}
	onAlpine := t.runtime == plan.Alpine
	if t.alpine && len(p.cgo) > 0 {
		// golang:alpine has no C compiler; the Debian image has.
		add(&base, "golang:alpine has no C compiler, which "+p.cgo[0].name+" needs.", []string{"build-base"})
	}
	for _, c := range p.cgo {
		add(&base, "The compiler needs these for "+c.name+".", of(c.pkg, t.alpine).Build)
		if static := c.pkg.Static; static != nil && t.runtime == plan.Scratch {
			add(&base, "The linker needs these archives for "+c.name+".", static.Packages)
		}
		add(&prod, "The program loads these, for "+c.name+".", of(c.pkg, onAlpine).Runtime)
	}
	for _, c := range p.started {
		add(&base, "The program runs "+c.name+", and so do its tests and dev.", of(c.pkg, t.alpine).Runtime)
		add(&prod, "The program runs "+c.name+".", of(c.pkg, onAlpine).Runtime)
	}
	// What distroless has and these have not.
	tls := "For the program's own requests over TLS"
	if onAlpine {
		add(&prod, tls+", and for time zones.", []string{"ca-certificates", "tzdata"})
	} else {
		add(&prod, tls+".", []string{"ca-certificates"})
	}
	return base, prod, err
}

func packagesChoice(s *source, p program, m machine) {
	var names []string
	for _, w := range plan.Packages(slices.Concat(m.Debian, m.Alpine)) {
		names = append(names, w.String())
	}
	if len(names) == 0 {
		return
	}
	c := plan.Choice{Key: "packages", Value: strings.Join(names, " "), Rule: "what the program needs of the system at run time"}
	switch {
	case len(p.started) > 0:
		c.Rule, c.Pos, c.Link = "the programs that it runs", record.At(p.started[0].pos), p.started[0].pkg.Source
	case len(p.cgo) > 0:
		c.Pos, c.Link = record.At(p.cgo[0].pos), p.cgo[0].pkg.Source
	}
	s.Log.Choose(c)
}
