package golang

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// reason is why the program is linked with C code, and the system packages
// that this takes beside a compiler.
type reason struct {
	name string
	pos  fact.Pos
	pkg  knowledge.Package
}

// ecoLibrary is the ecosystem of C libraries in knowledge/packages/go.yaml: by
// their -l or pkg-config names.
const ecoLibrary = "c"

// libcLibs are part of the C library, or of every compiler.
var libcLibs = []string{"c", "m", "dl", "pthread", "rt", "util", "resolv", "gcc", "gcc_s"} //nolint:gochecknoglobals // a constant table

// cReasons are why a program is linked with C code, none if it is not.
func cReasons(s *source, m golang.Main) ([]reason, error) {
	var out []reason
	for _, c := range m.Cgo {
		libs := slices.Concat(c.Libs, c.PkgConfig)
		found := false
		for _, lib := range libs {
			if slices.Contains(libcLibs, lib) {
				continue
			}
			row := knowledge.Package{}
			if lib != "stdc++" {
				var ok bool
				if row, ok = s.Know.Package(ecoLibrary, lib); !ok {
					row, ok = s.Know.Package(ecoLibrary, strings.TrimPrefix(lib, "lib")) // as pkg-config has it
				}
				if !ok {
					return nil, record.Refuse(c.Pos, "dockgen needs a row for it in knowledge/packages/go.yaml",
						"links with the C library %s, and dockgen does not know which packages have it", printable(lib))
				}
			} else {
				row.Debian.Runtime, row.Alpine.Runtime = []string{"libstdc++6"}, []string{"libstdc++"}
				row.Static = &knowledge.Static{} // g++ brings its archive
			}
			out, found = append(out, reason{"the C library " + lib, c.Pos, row}), true
		}
		if !found {
			row := knowledge.Package{Static: &knowledge.Static{}} // the repository's own code needs libc alone
			if c.CXX {
				row.Debian.Runtime, row.Alpine.Runtime = []string{"libstdc++6"}, []string{"libstdc++"}
			}
			out = append(out, reason{`import "C"`, c.Pos, row})
		}
	}
	for _, row := range s.Know.System {
		if row.Ecosystem != "go" {
			continue
		}
		i := slices.IndexFunc(m.Imports, func(x fact.Fact[string]) bool {
			return x.Value == row.Name || strings.HasPrefix(x.Value, row.Name+"/")
		})
		if i < 0 {
			continue
		}
		if row.Refuse != "" {
			return nil, record.Refuse(m.Imports[i].Pos, row.Hint, "%s %s", row.Name, row.Refuse)
		}
		if row.Note != "" {
			s.Log.Note(m.Imports[i].Pos, row.Note, "")
		}
		out = append(out, reason{row.Name, m.Imports[i].Pos, row})
	}
	return out, nil
}

// decideCgo reports whether the programs, which are compiled together, are
// linked with C code.
func decideCgo(s *source, programs []program) bool {
	c := plan.Choice{Key: "go.cgo", Value: "0", Rule: "nothing that the program imports is known to be C code, so the binary needs no C library", Link: "https://pkg.go.dev/cmd/cgo"}
	i := slices.IndexFunc(programs, func(p program) bool { return len(p.cgo) > 0 })
	if i >= 0 {
		why := programs[i].cgo[0]
		c.Value, c.Pos = "1", record.At(why.pos)
		c.Rule = why.name + " is C code, which Go does not cross-compile: a build for another platform runs the compiler emulated"
	}
	s.Log.Choose(c)
	return i >= 0
}

// toolchain is the image that compiles for a runtime, and how.
type toolchain struct {
	image.Release
	runtime plan.Runtime
	cgo     bool // the programs are linked with C code
}

// alpine reports whether the image is Alpine's. A binary that is linked with
// glibc does not run on musl, and glibc does not link into a static program.
func (t toolchain) alpine() bool {
	return t.cgo && (t.runtime == plan.Alpine || t.runtime == plan.Scratch)
}

// static reports whether the C code is linked in.
func (t toolchain) static() bool { return t.cgo && t.runtime == plan.Scratch }

// system is the runtime that the toolchain's own system is that of.
func (t toolchain) system() plan.Runtime {
	if t.alpine() {
		return plan.Alpine
	}
	return plan.Slim
}

// image is what base starts from.
func (t toolchain) image(s *source) (plan.Ref, error) {
	return image.ImagesOf("go").Ref(s.Know, t.Tag, t.system(), "")
}

// baseStage is the toolchain. Without C code it runs on the platform of the
// machine that builds, because Go cross-compiles.
func baseStage(s *source, t toolchain, env []Setting, packages []plan.System) (*Base, error) {
	ref, err := t.image(s)
	if err != nil {
		return nil, err
	}
	out := &Base{Head: plan.Head{Name: s.Stage("base"), From: plan.FromImage(ref)}, Env: env}
	name := out.Name.String()
	switch {
	case t.static():
		out.About = []plan.Comment{
			plan.NewComment(name + " is the toolchain. The program is linked with C code, so each platform builds its own."),
			plan.NewComment("The image is Alpine's, because glibc does not link into a static program."),
		}
	case t.cgo:
		out.About = []plan.Comment{plan.NewComment(name + " is the toolchain. The program is linked with C code, so each platform builds its own.")}
	default:
		out.From = out.From.OnBuildPlatform()
		out.About = []plan.Comment{plan.NewComment(name + " is the toolchain, on the machine's own platform: Go cross-compiles, so nothing is emulated.")}
	}
	out.Debian, out.Alpine = image.OfSystem(t.system(), packages)
	return out, nil
}
