package golang

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// What the distroless images hold beside the C library:
// https://github.com/GoogleContainerTools/distroless/tree/main/base and cc.
var (
	inBase = []string{"libc6", "libssl3t64", "tzdata", "ca-certificates", "zlib1g"} //nolint:gochecknoglobals // a constant table
	inCC   = []string{"libstdc++6", "libgcc-s1", "libgomp1"}                        //nolint:gochecknoglobals // a constant table
)

// decideRuntime decides what all programs run on.
func decideRuntime(s *source, v image.Release, programs []program, cgo bool) (plan.Runtime, error) {
	request := image.RuntimeRequest{Images: image.ImagesOf("go"), Release: v.Tag, Ask: func(r plan.Runtime) image.Asker {
		if r == plan.Alpine {
			return image.AskWget()
		}
		return image.Asker{}
	}}
	var others []image.Need // that the code does not start
	for _, p := range programs {
		request.Starts = append(request.Starts, image.Existing(s.Input, p.Execs)...)
		for _, n := range p.started {
			if !n.Program {
				others = append(others, n)
			}
		}
		for _, c := range p.cgo {
			request.Facts = append(request.Facts, c.name)
		}
	}
	var err error
	if request.Needs, err = image.Needed(others...); err != nil {
		return "", err
	}
	request.Can = func(r plan.Runtime) error {
		for _, p := range programs {
			if err := linksOn(s, toolchain{v, r, cgo}, p); err != nil {
				return err
			}
		}
		return nil
	}
	return image.Runtime(s.Input, request)
}

// linksOn says why a program with C code cannot be built for the toolchain's
// runtime, or cannot run there.
func linksOn(s *source, t toolchain, p program) error {
	for _, c := range p.cgo {
		switch {
		case t.runtime == plan.Scratch && c.pkg.Static == nil:
			return image.Because(c.name, "%s is C code (%s) that is not known to link into a static program, and scratch has no C library to run it with", c.name, c.pos)
		case t.runtime == plan.Alpine && c.pkg.NoAlpine != "":
			return image.Because(c.name, "%s (%s): %s", c.name, c.pos, c.pkg.NoAlpine)
		case t.runtime == plan.Distroless:
			for _, lib := range c.pkg.Debian.Runtime {
				if !slices.Contains(inBase, lib) && !slices.Contains(inCC, lib) {
					return image.Because(c.name, "%s needs the library %s (%s), which no distroless image holds", c.name, lib, c.pos)
				}
			}
		}
	}
	_, err := t.image(s)
	return err
}

// machine is the image of prod that one program runs in.
type machine struct {
	from     plan.Ref
	env      []plan.Env
	packages []plan.System
}

// decideMachines makes the images of the programs, at one release of the system.
func decideMachines(s *source, t toolchain, programs []program) ([]machine, error) {
	system, err := image.Bare(s.Input, "go", t.runtime)
	if err != nil {
		return nil, err
	}
	var out []machine
	for _, p := range programs {
		from := s
		if p.further {
			from = s.alone()
		}
		m := machine{from: system}
		images := image.ImagesOf("go")
		if t.cgo {
			images.Distroless = "gcr.io/distroless/base"
		}
		for _, c := range p.cgo {
			if slices.ContainsFunc(c.pkg.Debian.Runtime, func(lib string) bool { return slices.Contains(inCC, lib) }) {
				images.Distroless = "gcr.io/distroless/cc"
			}
		}
		if system.IsZero() {
			if m.from, err = images.Ref(s.Know, t.Tag, t.runtime, ""); err != nil {
				return nil, err
			}
		}
		if m.env, err = image.Env(from.Input, p.env...); err != nil {
			return nil, err
		}
		if p.debugsGin(from) {
			m.env = append([]plan.Env{plan.MustEnv("GIN_MODE", "release")}, m.env...)
		}
		if m.packages, err = decidePackages(from, t, p); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
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

// libraries are what a program's C code needs.
func (p program) libraries() []image.Need {
	var out []image.Need
	for _, c := range p.cgo {
		out = append(out, image.Need{Name: c.name, Pos: c.pos, Row: c.pkg})
	}
	return out
}

// decidePackages are the system packages of prod.
func decidePackages(s *source, t toolchain, p program) ([]plan.System, error) {
	needs, err := image.Needed(append(p.libraries(), p.started...)...)
	if err != nil {
		return nil, err
	}
	// Distroless has them, Alpine and slim do not.
	certificates := image.Packages("requests over TLS need {}", plan.MustToken("ca-certificates"))
	if t.runtime == plan.Alpine {
		certificates = image.Packages("requests over TLS and time zones need {}", plan.MustToken("ca-certificates"), plan.MustToken("tzdata"))
	}
	return image.Install(s.Input, t.runtime, needs, certificates)
}

// toolkit are the system packages of base: what the compiler, the linker and the
// tests need.
func toolkit(t toolchain, programs []program) ([]plan.System, error) {
	var libraries, started []image.Need
	for _, p := range programs {
		libraries = append(libraries, p.libraries()...)
		for _, n := range p.started {
			if n.Program { // of the others, no test and no reload knows
				started = append(started, n)
			}
		}
	}
	needs, err := image.Needed(libraries...)
	if err != nil {
		return nil, err
	}
	var out []plan.System
	if t.alpine() && len(libraries) > 0 {
		out = append(out, image.Packages("golang:alpine has no C compiler, which "+libraries[0].Name+" needs", plan.MustToken("build-base")))
	}
	out = append(out, needs.Build(t.system())...)
	for _, n := range libraries {
		if n.Row.Static == nil || !t.static() {
			continue
		}
		archives, err := plan.Tokens(n.Row.Static.Packages...)
		if err != nil {
			return nil, err
		}
		out = image.AddPackages(out, "the linker takes "+strings.TrimPrefix(n.Name, "the ")+" from {}", archives...)
	}
	programsOf, err := image.Needed(started...)
	return append(out, programsOf.Run(t.system())...), err
}
