package python

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed musl.table
var muslCompiled string

//go:embed stdlib.txt
var stdlibText string

type muslTable struct {
	Source   string   `yaml:"source"`
	Packages []string `yaml:"packages"`
}

var musl = table.Lazy[muslTable]("musl.yaml", muslCompiled) //nolint:gochecknoglobals // decoded once

// stdlib reports whether a module is of the standard library.
func stdlib(module string) bool {
	return module != "" && slices.Contains(strings.Split(stdlibText, "\n"), module)
}

// system is what the dependencies and the code need of the system.
type system struct {
	image.System
	debian, alpine []string // the dependencies that are compiled there
	git            []string // what is fetched with Git
	starts         []effect.Exec
	computed       fact.Pos // a program or library whose name is known at run time alone
	uv             bool     // the code starts uv
	locales        []image.Locale
}

// packaged are programs that packages of another name bring, themselves or with what they need: https://babel.pocoo.org/en/latest/cmdline.html,
// https://docs.djangoproject.com/en/stable/ref/django-admin/, https://www.sphinx-doc.org/en/master/man/sphinx-build.html.
var packaged = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"pybabel": {"babel", "flask-babel", "flask-babelex"}, "django-admin": {"django"}, "sphinx-build": {"sphinx"},
}

// system collects the system packages of every dependency and program; start is the module that is started, nil for none.
func (p project) system(start *facts.Module) (system, error) {
	out, needs := p.libraries()
	for _, r := range p.m.List {
		if r.Source == facts.Git && r.Name == "" {
			out.git = append(out.git, r.URL)
		}
	}
	tools := p.f.Tools(start)
	var sets []fact.Fact[string]
	for _, m := range p.f.Modules {
		if tools[m] {
			continue
		}
		sets = append(sets, m.Locales...)
		if !m.Loads.IsZero() && out.computed.IsZero() {
			out.computed = m.Loads
		}
		for _, x := range m.Execs {
			switch name := x.Program.Text; {
			case name == "" && out.computed.IsZero():
				out.computed = x.Pos
			case name == "", strings.HasPrefix(path.Base(name), "python"):
			case p.has(name), slices.ContainsFunc(packaged[name], p.has), p.in.Tree.Has(path.Join(p.in.Dir, name)):
				// A dependency or the repository has it.
			default:
				out.uv = out.uv || name == "uv"
				out.starts = append(out.starts, x)
			}
		}
	}
	needs = append(needs, image.Started(p.in, out.starts, "pip", "uv")...)
	out.locales = image.Locales(p.in, sets)
	needs = append(needs, image.LocaleNeeds(p.in, out.locales)...)
	if p.has("streamlit") || p.has("gradio") {
		needs = append(needs, image.Listed(p.in, p.in.Builds.Listed("packages.txt"))...)
	}
	var err error
	if out.System, err = p.needed(needs); err != nil {
		return out, err
	}
	if len(out.git) > 0 {
		git := []plan.System{{Packages: []plan.Token{plan.MustToken("git")}}}
		if p.ssh {
			git[0].Packages = append(git[0].Packages, plan.MustToken("openssh-client"))
		}
		out.DebianBuild, out.AlpineBuild = append(out.DebianBuild, git...), append(out.AlpineBuild, git...)
	}
	return out, nil
}

// libraries is what the packages of p need of the system by themselves.
func (p project) libraries() (system, []image.Need) {
	var out system
	var needs []image.Need
	for _, n := range slices.Sorted(maps.Keys(p.names)) {
		r := p.names[n]
		if r.Source == facts.Git && n == r.Name {
			out.git = append(out.git, n)
		}
		need, ok := image.Library(p.in, "python", n, r.Pos)
		if k := p.m.Locked[n]; !ok && !optionalBuild(n) && (forLinux(k.Wheels) && p.lists(n) || p.source[n]) {
			need, ok = image.Need{Name: n, Pos: r.Pos, Row: compiledRow}, true
		}
		if !ok || need.Row.Unless != "" && p.has(need.Row.Unless) {
			continue
		}
		need.Name = label(n, r)
		// What is prebuilt has its libraries in it.
		for _, x := range []struct {
			need *knowledge.Need
			musl bool
			list *[]string
		}{{&need.Row.Debian, false, &out.debian}, {&need.Row.Alpine, true, &out.alpine}} {
			switch {
			case len(x.need.Build) == 0:
			case p.compiled(need.Row, n, x.musl):
				*x.list = append(*x.list, need.Name)
			default:
				*x.need = knowledge.Need{}
			}
		}
		needs = append(needs, need)
	}
	return out, needs
}

// needed gathers the needs, with the names that packages have in the Debian that the image of this Python is made of.
func (p project) needed(needs []image.Need) (image.System, error) {
	suite := images().SuiteOf(p.in.Know, p.version)
	if p.patched() {
		suite = "bookworm"
	}
	return image.NeededIn(p.in.Know, suite, needs...)
}

// compiledRow is what a package of a lock needs that has wheels for Linux, none of which may be for this Python, and no row of its own: its
// compiler.
var compiledRow = knowledge.Package{ //nolint:gochecknoglobals // a constant
	Debian: knowledge.Need{Build: []string{"g++", "gcc", "libc6-dev", "make"}}, Alpine: knowledge.Need{Build: []string{"build-base"}},
}

// lists reports whether what the image installs names a package itself, for this Python: of what others bring, the lock may say that an older
// one alone needs it.
func (p project) lists(name string) bool {
	return slices.ContainsFunc(p.m.List, func(r facts.Requirement) bool { return r.Name == name && holds(r.Marker, p.version) })
}

// forLinux reports whether a package has wheels that are compiled for Linux.
func forLinux(wheels []string) bool {
	return slices.ContainsFunc(wheels, func(w string) bool { return strings.Contains(w, "manylinux") || strings.Contains(w, "musllinux") })
}

// label is how a sentence names a dependency: "psycopg[c]" for psycopg-c.
func label(name string, r facts.Requirement) string {
	switch {
	case name == "geodjango":
		return "django.contrib.gis"
	case r.Name != name && strings.HasPrefix(name, r.Name+"-"):
		return r.Name + "[" + strings.TrimPrefix(name, r.Name+"-") + "]"
	}
	return name
}

// compiledHere says why deps has compilers and Git.
func (s system) compiledHere(runtime plan.Runtime) []string {
	names := s.debian
	if runtime == plan.Alpine {
		names = s.alpine
	}
	var out []string
	if len(names) > 0 {
		out = append(out, image.Enumerate(names)+" "+isAre(len(names))+" compiled here: the compiler stays behind in this stage.")
	}
	if len(s.git) > 0 {
		out = append(out, image.Enumerate(s.git)+" "+isAre(len(s.git))+" fetched with Git.")
	}
	return out
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// compiled reports whether pip will build the package from source.
func (p project) compiled(row knowledge.Package, name string, musl bool) bool {
	if k, ok := p.m.Locked[name]; ok && k.Wheels != nil {
		return !hasWheel(k.Wheels, p.version, musl)
	}
	return !row.Wheel || p.source[name]
}

// images are those of Python.
func images() image.Images { return image.ImagesOf("python") }

// runtime decides what prod runs on.
func (p project) runtime(sys system, s Start) (plan.Runtime, error) {
	names := slices.Sorted(maps.Keys(p.names))
	if !sys.computed.IsZero() {
		names = append(names, factComputed)
	}
	sh := ""
	if len(s.Before) > 0 {
		sh = "the start command: " + s.Before[0][0] + " runs before " + s.Cmd[0]
	}
	return image.Runtime(p.in, image.RuntimeRequest{
		Shell: sh, Images: images(), Release: p.version, Needs: sys.System, Starts: sys.starts, Facts: names,
		Can: func(r plan.Runtime) error {
			switch {
			case r == plan.Alpine:
				return p.alpine()
			case r != plan.Distroless:
				return nil
			case p.patched():
				return image.Because("python.version", "Python %s has no image there", p.tag)
			case p.has("playwright"):
				return image.Because("playwright", "the browsers of playwright need libraries of the system")
			case p.has("uwsgi"):
				return image.Because("uwsgi", "uwsgi is linked against the shared library of Python, which is not there")
			case !sys.computed.IsZero():
				return image.Because(factComputed, "%s starts a program or loads a library that may not be there", sys.computed)
			}
			return nil
		},
	})
}

// factComputed is the fact of a reason that has no name of its own in the repository.
const factComputed = "a program that is computed"

// alpine says why dockgen does not know that the dependencies work with musl.
func (p project) alpine() error {
	table, err := musl()
	if err != nil {
		return err
	}
	for _, n := range slices.Sorted(maps.Keys(p.names)) {
		r := p.names[n]
		if r.Name != n {
			continue
		}
		if k, ok := p.m.Locked[n]; ok && (k.Wheels != nil && hasWheel(k.Wheels, p.version, true) || k.Source == facts.Local) {
			continue
		}
		row, ok := p.in.Know.Package("python", n)
		if ok && len(row.Alpine.Build)+len(row.Alpine.Runtime) > 0 || slices.Contains(table.Packages, n) && !p.source[n] {
			continue
		}
		return image.Because(n, "dockgen does not know that %s installs there without glibc", n)
	}
	for _, r := range p.m.List {
		if r.Name == "" {
			return image.Because("", "%s: what it needs on Alpine is not known", r.Pos)
		}
	}
	return nil
}
