package golang

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
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

// command is a program that the app runs, and the packages that bring it.
type command struct {
	name string
	pos  fact.Pos
	pkg  knowledge.Package
}

// The pseudo-ecosystems of knowledge/packages/go.yaml beside "go".
const (
	ecoCommand = "command" // a program, by its name
	ecoLibrary = "c"       // a C library, by -l or pkg-config name
)

// libcLibs are part of the C library, or of every compiler.
var libcLibs = []string{"c", "m", "dl", "pthread", "rt", "util", "resolv", "gcc", "gcc_s"} //nolint:gochecknoglobals // a constant table

// desktop are programs that open something on a person's desktop, or exist on
// another system: a server that names one does not need it.
var desktop = []string{"xdg-open", "open", "rundll32", "cmd", "powershell", "explorer", "start", "osascript", "x-www-browser", "sw_vers", "wslview"} //nolint:gochecknoglobals // a constant table

// linked finds why C code is needed and which programs are run.
func (d *decider) linked() error {
	for _, c := range d.main.Cgo {
		libs := slices.Concat(c.Libs, c.PkgConfig)
		found := false
		for _, lib := range libs {
			if slices.Contains(libcLibs, lib) {
				continue
			}
			row := knowledge.Package{}
			if lib != "stdc++" {
				var ok bool
				if row, ok = d.Know.Package(ecoLibrary, lib); !ok {
					row, ok = d.Know.Package(ecoLibrary, strings.TrimPrefix(lib, "lib")) // as pkg-config has it
				}
				if !ok {
					return record.Refuse(c.Pos, "dockgen needs a row for it in knowledge/packages/go.yaml",
						"links with the C library %s, and dockgen does not know which packages bring it", printable(lib))
				}
			} else {
				row.Debian.Runtime, row.Alpine.Runtime = []string{"libstdc++6"}, []string{"libstdc++"}
				row.Static = &knowledge.Static{} // g++ brings its archive
			}
			d.cgo, found = append(d.cgo, reason{"the C library " + lib, c.Pos, row}), true
		}
		if !found {
			row := knowledge.Package{Static: &knowledge.Static{}} // the repository's own code needs libc alone
			if c.CXX {
				row.Debian.Runtime, row.Alpine.Runtime = []string{"libstdc++6"}, []string{"libstdc++"}
			}
			d.cgo = append(d.cgo, reason{`import "C"`, c.Pos, row})
		}
	}
	for _, row := range d.Know.System {
		if row.Ecosystem != "go" {
			continue
		}
		i := slices.IndexFunc(d.main.Imports, func(x fact.Fact[string]) bool {
			return x.Value == row.Name || strings.HasPrefix(x.Value, row.Name+"/")
		})
		if i >= 0 {
			d.cgo = append(d.cgo, reason{row.Name, d.main.Imports[i].Pos, row})
		}
	}
	d.p.Cgo = slices.ContainsFunc(d.programs(), func(x *decider) bool { return len(x.cgo) > 0 })
	for _, x := range d.more {
		x.p.Cgo = d.p.Cgo // they are compiled together
	}
	d.commands()
	d.cgoChoice()
	return nil
}

// commands finds the packages of the programs that it starts. What one place in
// the source may start is one note.
func (d *decider) commands() {
	unknown := map[fact.Pos][]string{}
	for _, c := range d.execs() {
		name := path.Base(c.Program.Text)
		if slices.Contains(desktop, name) || path.Ext(name) == ".exe" || strings.HasPrefix(c.Program.Text, "./") || strings.HasPrefix(c.Program.Text, "../") {
			continue
		}
		if row, ok := d.Know.Package(ecoCommand, name); ok {
			d.runs = append(d.runs, command{name, c.Pos, row})
		} else {
			unknown[c.Pos] = append(unknown[c.Pos], printable(c.Program.Text))
		}
	}
	for _, c := range d.execs() {
		names := unknown[c.Pos]
		delete(unknown, c.Pos)
		switch len(names) {
		case 0:
		case 1:
			d.Log.Note(c.Pos, "runs the program "+names[0]+", and dockgen does not know which package brings it", "name the package with --set packages=[NAME]")
		default:
			d.Log.Note(c.Pos, "runs one of the programs "+plan.Printable(strings.Join(names, ", "), 400)+", and dockgen does not know which packages bring them", "name the packages with --set packages=[NAME]")
		}
	}
}

// execs are the programs that it starts, each once, sorted.
func (d *decider) execs() []effect.Exec {
	out := slices.Clone(d.main.Execs)
	slices.SortStableFunc(out, func(a, b effect.Exec) int { return strings.Compare(a.Program.Text, b.Program.Text) })
	return slices.CompactFunc(out, func(a, b effect.Exec) bool { return a.Program.Text == b.Program.Text })
}

func (d *decider) cgoChoice() {
	c := plan.Choice{Key: "go.cgo", Value: "0", Rule: "nothing that the program imports is C code, so the binary needs no C library", Link: "https://pkg.go.dev/cmd/cgo"}
	if i := slices.IndexFunc(d.programs(), func(x *decider) bool { return len(x.cgo) > 0 }); i >= 0 {
		why := d.programs()[i].cgo[0]
		c.Value, c.Pos = "1", record.At(why.pos)
		c.Rule = why.name + " is C code, which Go does not cross-compile: a build for another platform runs the compiler emulated"
	}
	d.Log.Choose(c)
}

// What the distroless images hold beside the C library:
// https://github.com/GoogleContainerTools/distroless/tree/main/base and cc.
var (
	inBase = []string{"libc6", "libssl3t64", "tzdata", "ca-certificates", "zlib1g"} //nolint:gochecknoglobals // a constant table
	inCC   = []string{"libstdc++6", "libgcc-s1", "libgomp1"}                        //nolint:gochecknoglobals // a constant table
)

// able says why a runtime cannot run the program.
func (d *decider) able(r plan.Runtime) error {
	bare := r == plan.Scratch || r == plan.Distroless
	if bare && len(d.runs) > 0 {
		return fmt.Errorf("the program runs %s (%s), and %s holds no programs", d.runs[0].name, d.runs[0].pos, r)
	}
	if bare && len(d.Settings.Packages) > 0 {
		return fmt.Errorf("packages were asked for, and %s has no package manager", r)
	}
	for _, c := range d.cgo {
		switch {
		case r == plan.Scratch && c.pkg.Static == nil:
			return fmt.Errorf("%s is C code (%s) that is not known to link into a static program, and scratch has no C library to run it with", c.name, c.pos)
		case r == plan.Alpine && c.pkg.NoAlpine != "":
			return fmt.Errorf("%s (%s): %s", c.name, c.pos, c.pkg.NoAlpine)
		case r == plan.Distroless:
			for _, p := range c.pkg.Debian.Runtime {
				if !slices.Contains(inBase, p) && !slices.Contains(inCC, p) {
					return fmt.Errorf("%s needs the library %s (%s), which no distroless image holds", c.name, p, c.pos)
				}
			}
		}
	}
	if d.musl(r) {
		if img, ok := d.Know.Image("golang"); ok {
			v, _ := parseRelease(d.p.Version.String())
			if rel, ok := img.Release(v.line()); ok && !rel.Has("alpine") {
				return fmt.Errorf("there is no golang image of %s on Alpine to build it with", rel.Version)
			}
		}
	}
	return nil
}

// musl reports whether the program is to be compiled on Alpine.
func (d *decider) musl(r plan.Runtime) bool {
	return d.p.Cgo && (r == plan.Alpine || r == plan.Scratch)
}

// runtime picks prod's base, and the compiler's image to go with it.
func (d *decider) runtime() error {
	r, err := d.Log.Runtime(d.can)
	if err != nil {
		return err
	}
	release := ""
	switch r {
	case plan.Alpine:
		release = d.release("alpine")
	case plan.Slim:
		release = d.release("debian") + "-slim"
	case plan.Scratch, plan.Distroless:
	}
	for _, x := range d.programs() {
		if err := x.dress(r, release); err != nil {
			return err
		}
		for _, row := range x.p.Toolkit {
			if x != d && !slices.ContainsFunc(d.p.Toolkit, func(o plan.System) bool { return o.For == row.For }) {
				d.p.Toolkit = append(d.p.Toolkit, row)
			}
		}
	}
	d.packagesChoice()
	return nil
}

// dress gives a program its image: the runtime, at a release of the system's
// where it has one, and what this takes of packages.
func (d *decider) dress(r plan.Runtime, release string) error {
	base, err := image.Base(d.Input, r, d.env...)
	if err != nil {
		return err
	}
	base.Ports = d.p.Ports
	d.p.Base = base
	image := "static"
	if d.p.Cgo {
		image = "base"
	}
	for _, c := range d.cgo {
		if slices.ContainsFunc(c.pkg.Debian.Runtime, func(p string) bool { return slices.Contains(inCC, p) }) {
			image = "cc"
		}
	}
	if d.p.Image, err = plan.NewToken(cmp.Or(release, image)); err != nil {
		return err
	}
	if d.musl(r) {
		// A binary that is linked with glibc does not run on musl, and glibc does
		// not link into a static program.
		d.p.Variant = plan.MustToken("alpine")
	}
	return d.systemPackages(r)
}

// release is the default release of a system's image.
func (d *decider) release(name string) string {
	img, _ := d.Know.Image(name) // a test keeps images.yaml right
	return d.Log.Choose(plan.Choice{Key: "go." + name, Value: img.Default, Rule: "the newest release that dockgen knows", Link: img.Source, Evidence: "the image that prod starts from"})
}

// systemPackages lists the packages of base and of prod.
func (d *decider) systemPackages(r plan.Runtime) error {
	musl := d.p.Variant.String() == "alpine"
	add := func(rows *[]plan.System, why string, packages []string) error {
		if len(packages) == 0 {
			return nil
		}
		words, err := plan.Tokens(packages...)
		if err == nil {
			*rows = append(*rows, plan.System{For: plan.NewComment(why), Packages: words})
		}
		return err
	}
	of := func(n knowledge.Package, alpine bool) knowledge.Need {
		if alpine {
			return n.Alpine
		}
		return n.Debian
	}
	if musl && len(d.cgo) > 0 {
		// golang:alpine has no C compiler; the Debian image has.
		if err := add(&d.p.Toolkit, "golang:alpine has no C compiler, which "+d.cgo[0].name+" needs.", []string{"build-base"}); err != nil {
			return err
		}
	}
	for _, c := range d.cgo {
		if err := add(&d.p.Toolkit, "The compiler needs these for "+c.name+".", of(c.pkg, musl).Build); err != nil {
			return err
		}
		if s := c.pkg.Static; s != nil && r == plan.Scratch {
			if err := add(&d.p.Toolkit, "The linker needs these archives for "+c.name+".", s.Packages); err != nil {
				return err
			}
		}
		why := "The program loads these, for " + c.name + "."
		if r == plan.Slim {
			if err := add(&d.p.Debian, why, c.pkg.Debian.Runtime); err != nil {
				return err
			}
		}
		if r == plan.Alpine {
			if err := add(&d.p.Alpine, why, c.pkg.Alpine.Runtime); err != nil {
				return err
			}
		}
	}
	for _, c := range d.runs {
		why := fmt.Sprintf("The program runs %s.", c.name)
		if err := add(&d.p.Toolkit, "The program runs "+c.name+", and so do its tests and dev.", of(c.pkg, musl).Runtime); err != nil {
			return err
		}
		switch r {
		case plan.Slim:
			if err := add(&d.p.Debian, why, c.pkg.Debian.Runtime); err != nil {
				return err
			}
		case plan.Alpine:
			if err := add(&d.p.Alpine, why, c.pkg.Alpine.Runtime); err != nil {
				return err
			}
		case plan.Scratch, plan.Distroless: // can refuses them
		}
	}
	// What distroless has and these have not.
	tls := "For the program's own requests over TLS"
	if r == plan.Slim {
		return add(&d.p.Debian, tls+".", []string{"ca-certificates"})
	}
	if r == plan.Alpine {
		return add(&d.p.Alpine, tls+", and for time zones.", []string{"ca-certificates", "tzdata"})
	}
	return nil
}

func (d *decider) packagesChoice() {
	rows := d.p.Debian
	if d.p.Runtime == plan.Alpine {
		rows = d.p.Alpine
	}
	var names []string
	for _, w := range plan.Packages(rows) {
		names = append(names, w.String())
	}
	if len(names) == 0 {
		return
	}
	c := plan.Choice{Key: "packages", Value: strings.Join(names, " "), Rule: "what the program needs of the system at run time"}
	switch {
	case len(d.runs) > 0:
		c.Rule, c.Pos, c.Link = "the programs that it runs", record.At(d.runs[0].pos), d.runs[0].pkg.Source
	case len(d.cgo) > 0:
		c.Pos, c.Link = record.At(d.cgo[0].pos), d.cgo[0].pkg.Source
	}
	d.Log.Choose(c)
}

// modules fills in the deps stage.
func (d *decider) modules() error {
	if d.vendored() {
		return d.vendor()
	}
	needs := false
	for _, m := range d.f.Modules {
		fetches := slices.ContainsFunc(m.Requires, func(r fact.Fact[string]) bool { return !d.local(r.Value) })
		needs = needs || fetches
		if fetches && !m.Sum && d.f.Work == nil && m.Main {
			d.p.Unsummed = true
			if err := d.goflag("-mod=mod", "There is no go.sum: Go has to look the modules' sums up."); err != nil {
				return err
			}
			d.Log.Note(m.Path.Pos, "there is no go.sum: the modules' contents are not pinned", "run go mod tidy and commit go.sum")
		}
	}
	if !needs {
		return nil
	}
	if d.f.Work != nil {
		d.p.Work = true
		if err := d.manifest(d.f.Home, "go.work", d.f.Work.Sum, "go.work.sum"); err != nil {
			return err
		}
	}
	for _, m := range d.f.Modules {
		if err := d.manifest(m.Dir, "go.mod", d.Tree.Has(path.Join(d.Dir, m.Dir, "go.sum")), "go.sum"); err != nil {
			return err
		}
	}
	return nil
}

// local reports whether a required module is replaced by a folder or is a
// member of the workspace.
func (d *decider) local(modulePath string) bool {
	for _, m := range d.f.Modules {
		if m.Path.Value == modulePath && d.f.Work != nil {
			return true
		}
	}
	return slices.ContainsFunc(d.f.Replaces(), func(r fact.Fact[module.Replace]) bool { return r.Value.Path == modulePath })
}

func (d *decider) manifest(dir, mod string, sum bool, sumName string) error {
	from := []string{path.Join(dir, mod)}
	if sum {
		from = append(from, path.Join(dir, sumName))
	}
	to := "./"
	if dir != "." {
		to = dir + "/"
	}
	c, err := plan.NewCopy(to, from...)
	if err != nil {
		return err
	}
	d.p.Manifests = append(d.p.Manifests, c)
	return nil
}
