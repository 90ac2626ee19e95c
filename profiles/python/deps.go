package python

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"deps.dev/util/pypi"
	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed programs.yaml
var programsYAML []byte

//go:embed musl.yaml
var muslYAML []byte

//go:embed stdlib.txt
var stdlibText string

// program is a row of programs.yaml.
type program struct {
	Name    string   `yaml:"program"`
	Source  string   `yaml:"source"`
	Debian  []string `yaml:"debian,omitempty"`
	Alpine  []string `yaml:"alpine,omitempty"`
	Builtin bool     `yaml:"builtin,omitempty"`
	Tool    string   `yaml:"tool,omitempty"` // copied from an image of its own
}

type muslTable struct {
	Source   string   `yaml:"source"`
	Packages []string `yaml:"packages"`
}

var programs = table.Lazy[[]program]("programs.yaml", programsYAML) //nolint:gochecknoglobals // decoded once

var musl = table.Lazy[muslTable]("musl.yaml", muslYAML) //nolint:gochecknoglobals // decoded once

// stdlib reports whether a module is of the standard library.
func stdlib(module string) bool {
	return module != "" && slices.Contains(strings.Split(stdlibText, "\n"), module)
}

// resolve collects the names of what will be installed: requirements whose
// markers hold, their extras as NAME-EXTRA, and what the lock adds.
func (d *decider) resolve(version string) {
	d.names = map[string]facts.Requirement{}
	for _, r := range slices.Concat(d.m.List, d.selfRequires()) {
		if !holds(r.Marker, version) {
			continue
		}
		if r.Name != "" {
			d.names[r.Name] = r
			for _, e := range r.Extras {
				d.names[r.Name+"-"+e] = r
			}
		}
	}
	for n, k := range d.m.Locked {
		if _, ok := d.names[n]; !ok {
			d.names[n] = facts.Requirement{Name: n, Constraint: "==" + k.Version, Source: k.Source, Pos: d.m.Pos}
		}
	}
	if d.f.Django != nil && !d.f.Django.Geo.IsZero() {
		d.names["geodjango"] = facts.Requirement{Name: "geodjango", Pos: d.f.Django.Geo}
	}
}

// selfRequires is what the project itself, which its requirements file
// installs, depends on: its dependencies and those of the extras that are asked for.
func (d *decider) selfRequires() []facts.Requirement {
	if d.m.Self.IsZero() {
		return nil
	}
	var out []facts.Requirement
	for _, m := range d.f.Manifests {
		if m.Manager == "pip" {
			continue
		}
		out = append(out, m.List...)
		for _, g := range m.Groups {
			if g.Kind == "extra" && slices.Contains(d.m.Extras, pypi.CanonPackageName(g.Name)) {
				out = append(out, g.List...)
			}
		}
	}
	return out
}

func (d *decider) has(name string) bool { _, ok := d.names[name]; return ok }

// holds evaluates a PEP 508 marker as far as its comparisons are with Python's
// version or the platform; what it cannot know counts as true.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func holds(marker, version string) bool {
	marker = strings.TrimSpace(marker)
	if marker == "" || strings.ContainsAny(marker, "()") {
		return true
	}
	for alt := range strings.SplitSeq(marker, " or ") {
		all := true
		for part := range strings.SplitSeq(alt, " and ") {
			all = all && compare(strings.TrimSpace(part), version)
		}
		if all {
			return true
		}
	}
	return false
}

func compare(part, version string) bool {
	for _, o := range []string{"===", "~=", "==", "!=", "<=", ">=", "<", ">"} {
		left, right, ok := strings.Cut(part, o)
		if !ok {
			continue
		}
		left, right = strings.Trim(left, ` "'`), strings.Trim(right, ` "'`)
		known := map[string]string{"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython", "platform_python_implementation": "CPython"}
		if v, ok := known[left]; ok && (o == "==" || o == "!=") {
			return (v == right) == (o == "==")
		}
		if left != "python_version" && left != "python_full_version" {
			return true
		}
		c, err := semver.PyPI.ParseConstraint(o + right)
		if err != nil {
			return true
		}
		if left == "python_full_version" {
			version += ".99"
		}
		return c.Match(version)
	}
	return true
}

// system collects the system packages of every dependency and program.
func (d *decider) system(version string) error {
	for _, n := range sortedNames(d.names) {
		r := d.names[n]
		label := n
		if r.Name != n && strings.HasPrefix(n, r.Name+"-") {
			label = r.Name + "[" + strings.TrimPrefix(n, r.Name+"-") + "]"
		}
		if n == "geodjango" {
			label = "django.contrib.gis"
		}
		if r.Source == facts.Git && n == r.Name {
			d.git = append(d.git, n)
		}
		row, ok := d.in.Know.Package("python", n)
		if !ok || row.Unless != "" && d.has(row.Unless) {
			continue
		}
		d.sysFor = append(d.sysFor, label)
		if d.compiled(row, n, version, false) || len(row.Debian.Build) == 0 {
			if err := d.need(&d.debBuild, &d.debRun, label, row.Debian); err != nil {
				return err
			}
			if len(row.Debian.Build) > 0 {
				d.debNames = append(d.debNames, label)
			}
		}
		if d.compiled(row, n, version, true) || len(row.Alpine.Build) == 0 {
			if err := d.need(&d.apkBuild, &d.apkRun, label, row.Alpine); err != nil {
				return err
			}
			if len(row.Alpine.Build) > 0 {
				d.apkNames = append(d.apkNames, label)
			}
		}
		if row.NoAlpine != "" {
			d.noAlpine = row.NoAlpine
		}
	}
	for _, r := range d.m.List {
		if r.Source == facts.Git && r.Name == "" {
			d.git = append(d.git, r.URL)
		}
	}
	if len(d.git) > 0 {
		row := plan.System{For: plan.NewComment(strings.Join(d.git, ", ") + " " + isAre(len(d.git)) + " fetched with Git."), Packages: []plan.Token{plan.MustToken("git")}}
		d.debBuild, d.apkBuild = append(d.debBuild, row), append(d.apkBuild, row)
	}
	return d.programs()
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// compiled reports whether pip will build the package from source.
func (d *decider) compiled(row knowledge.Package, name, version string, musl bool) bool {
	if k, ok := d.m.Locked[name]; ok && k.Wheels != nil {
		return !hasWheel(k.Wheels, version, musl)
	}
	return !row.Wheel || d.fromSource[name]
}

func (d *decider) need(build, runtime *[]plan.System, label string, n knowledge.Need) error {
	add := func(into *[]plan.System, list []string, text string) error {
		if len(list) == 0 {
			return nil
		}
		words, err := plan.Tokens(list...)
		if err != nil {
			return err
		}
		*into = append(*into, plan.System{For: plan.NewComment(text), Packages: words})
		return nil
	}
	if err := add(build, n.Build, label+" is compiled here; the compiler stays behind in this stage."); err != nil {
		return err
	}
	return add(runtime, n.Runtime, label+" needs "+strings.Join(n.Runtime, ", ")+" when it runs.")
}

// programs adds what the code starts by name.
func (d *decider) programs() error {
	rows, err := programs()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, m := range d.f.Modules {
		if !m.Loads.IsZero() && d.dynamic.IsZero() {
			d.dynamic = m.Loads
		}
		for _, x := range m.Execs {
			p := fact.Fact[string]{Value: x.Program.Text, Pos: x.Pos}
			if p.Value == "" {
				if d.dynamic.IsZero() {
					d.dynamic = x.Pos
				}
				continue
			}
			if seen[p.Value] {
				continue
			}
			seen[p.Value] = true
			i := slices.IndexFunc(rows, func(r program) bool { return r.Name == p.Value })
			switch {
			case i < 0 && (d.has(p.Value) || d.in.Tree.Has(joinDir(d.in.Dir, p.Value))):
			case i < 0:
				d.dynamic = p.Pos
				d.log.Note(p.Pos, fmt.Sprintf("starts %s, which dockgen knows no package for", plan.Printable(p.Value, 40)), "add its package: --set 'packages=[name]'")
			case rows[i].Tool == "uv":
				d.uv = true
			case rows[i].Builtin:
				if !strings.HasPrefix(p.Value, "python") {
					d.dynamic = p.Pos
				}
			default:
				d.sysFor = append(d.sysFor, plan.Printable(p.Value, 40))
				text := fmt.Sprintf("%s starts %s.", d.rel(p.Pos.File), plan.Printable(p.Value, 40))
				for _, x := range []struct {
					into *[]plan.System
					list []string
				}{{&d.debRun, rows[i].Debian}, {&d.apkRun, rows[i].Alpine}} {
					if len(x.list) > 0 {
						words, err := plan.Tokens(x.list...)
						if err != nil {
							return err
						}
						*x.into = append(*x.into, plan.System{For: plan.NewComment(text), Packages: words})
					}
				}
			}
		}
	}
	return nil
}

func sortedNames(m map[string]facts.Requirement) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// can says why a runtime cannot run the app.
func (d *decider) can(version string) func(plan.Runtime) error {
	return func(r plan.Runtime) error {
		if r != plan.Slim && r != plan.Alpine && len(d.in.Settings.Packages) > 0 {
			return fmt.Errorf("the packages asked for cannot be installed there")
		}
		switch r {
		case plan.Scratch:
			return fmt.Errorf("Python needs its interpreter, its library and a C library, which scratch has none of") //nolint:staticcheck // a name
		case plan.Distroless:
			return d.distroless(version)
		case plan.Alpine:
			return d.alpine(version)
		case plan.Slim:
		}
		return nil
	}
}

func (d *decider) distroless(version string) error {
	img, ok := d.in.Know.Image("gcr.io/distroless/python3")
	if !ok {
		return fmt.Errorf("no image is known")
	}
	switch {
	case version != img.Default:
		return fmt.Errorf("its only Python is %s, and %s is wanted", img.Default, version)
	case len(d.debRun) > 0:
		return fmt.Errorf("there is no package manager for %s: %s", plan.Packages(d.debRun)[0], strings.TrimSuffix(d.debRun[0].For.String(), "."))
	case !d.dynamic.IsZero():
		return fmt.Errorf("%s starts a program or loads a library that may not be there", d.dynamic)
	case d.uv:
		return fmt.Errorf("the code starts uv")
	case len(d.start.writes) > 0:
		return fmt.Errorf("the code writes below its working directory (%s), which only root could there", d.start.writesAt)
	}
	return nil
}

func (d *decider) alpine(version string) error {
	table, err := musl()
	if err != nil {
		return err
	}
	if d.noAlpine != "" {
		return fmt.Errorf("%s", d.noAlpine)
	}
	for _, n := range sortedNames(d.names) {
		r := d.names[n]
		if r.Name != n {
			continue
		}
		if k, ok := d.m.Locked[n]; ok && k.Wheels != nil && hasWheel(k.Wheels, version, true) || ok && k.Source == facts.Local {
			continue
		}
		row, ok := d.in.Know.Package("python", n)
		if ok && len(row.Alpine.Build)+len(row.Alpine.Runtime) > 0 {
			continue
		}
		if slices.Contains(table.Packages, n) && !d.fromSource[n] {
			continue
		}
		return fmt.Errorf("dockgen does not know that %s installs there without glibc", n)
	}
	for _, r := range d.m.List {
		if r.Name == "" {
			return fmt.Errorf("%s: what it needs on Alpine is not known", r.Pos)
		}
	}
	rows, err := programs()
	if err != nil {
		return err
	}
	for _, m := range d.f.Modules {
		for _, x := range m.Execs {
			name := x.Program.Text
			if i := slices.IndexFunc(rows, func(r program) bool { return r.Name == name }); i >= 0 && !rows[i].Builtin && rows[i].Tool == "" && rows[i].Alpine == nil &&
				rows[i].Debian != nil && name != "wget" && name != "unzip" {
				return fmt.Errorf("%s: no Alpine package is known for %s", x.Pos, plan.Printable(name, 40))
			}
		}
	}
	return nil
}
