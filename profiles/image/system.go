package image

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Need is what one library or program needs of the system.
type Need struct {
	Name    string // as the repository has it: "canvas", "git"
	Pos     fact.Pos
	Row     knowledge.Package // what the table says; a language leaves out what does not apply
	Program bool              // it is a program that the code starts
	Command bool              // it is a program of the start command
	// Dev says that prod does not need it: what it runs with goes to the build packages.
	Dev bool
	// Why replaces the comment's text after the packages: "the Nest CLI ends the app with it".
	Why string
}

// System is what an app needs of the system, beside its language.
type System struct {
	// DebianRun and AlpineRun are what prod needs, DebianBuild and AlpineBuild what
	// installing, compiling and developing need.
	DebianRun, DebianBuild []plan.System
	AlpineRun, AlpineBuild []plan.System
	// Env are variables for prod, InstallEnv those for the installation of the
	// libraries: of equal names the last one stands.
	Env, InstallEnv []plan.Env

	needs    []Need
	noAlpine error
}

// Accounts are those of its libraries and programs that look their user up.
func (s System) Accounts() []effect.Account {
	var out []effect.Account
	for _, n := range s.needs {
		if n.Row.Account && !n.Dev {
			out = append(out, effect.Account{Pos: n.Pos, Call: n.Name})
		}
	}
	return out
}

// Run are the packages that prod needs on a runtime, without those that the user asks for.
func (s System) Run(r plan.Runtime) []plan.System { return forRuntime(r, s.DebianRun, s.AlpineRun) }

// Build are the packages that installing, compiling and developing need.
func (s System) Build(r plan.Runtime) []plan.System {
	return forRuntime(r, s.DebianBuild, s.AlpineBuild)
}

func forRuntime[T any](r plan.Runtime, debian, alpine []T) []T {
	if r == plan.Alpine {
		return alpine
	}
	return debian
}

// OfSystem are packages of a runtime as those of Debian and those of Alpine: one of the
// two is nil.
func OfSystem(r plan.Runtime, packages []plan.System) (debian, alpine []plan.System) {
	if r == plan.Alpine {
		return nil, packages
	}
	return packages, nil
}

// Needed gathers the needs of an app, with one comment for each of them:
// "libpq5: psycopg2 needs it." A package stands once.
func Needed(needs ...Need) (System, error) {
	out := System{needs: needs}
	for _, n := range needs {
		run := [2]*[]plan.System{&out.DebianRun, &out.AlpineRun}
		build := [2]*[]plan.System{&out.DebianBuild, &out.AlpineBuild}
		if n.Dev {
			run = build
		}
		for i, need := range []knowledge.Need{n.Row.Debian, n.Row.Alpine} {
			if err := addRow(build[i], need.Build, n.buildWhy(need)); err != nil {
				return out, err
			}
			if err := addRow(run[i], need.Runtime, n.runWhy(need.Runtime)); err != nil {
				return out, err
			}
		}
		if n.Row.NoAlpine != "" && !n.Dev && out.noAlpine == nil {
			out.noAlpine = Because(n.Name, "%s: %s", plan.Printable(n.Name, 40), n.Row.NoAlpine)
		}
		for _, name := range slices.Sorted(maps.Keys(n.Row.Env)) {
			e, err := plan.NewEnv(name, n.Row.Env[name])
			if err != nil {
				return out, err
			}
			if !n.Dev {
				out.Env = SetEnv(out.Env, e)
			}
			if !n.Program && !n.Command {
				out.InstallEnv = SetEnv(out.InstallEnv, e)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(n.Row.InstallEnv)) {
			e, err := plan.NewEnv(name, n.Row.InstallEnv[name])
			if err != nil {
				return out, err
			}
			out.InstallEnv = SetEnv(out.InstallEnv, e)
		}
	}
	return out, nil
}

// NeededIn is Needed with the names that the packages have in a suite, which is the Debian or Ubuntu that the images of a release are made of.
func NeededIn(know *knowledge.Base, suite string, needs ...Need) (System, error) {
	in := func(list []string) []string {
		var out []string
		for _, name := range list {
			out = append(out, know.Debian.In(suite, name))
		}
		return out
	}
	there := slices.Clone(needs)
	for i, n := range there {
		there[i].Row.Debian.Build, there[i].Row.Debian.Runtime = in(n.Row.Debian.Build), in(n.Row.Debian.Runtime)
	}
	out, err := Needed(there...)
	out.needs = needs // distroless is asked for them by the names that they have there
	return out, err
}

// SuiteOf is the Debian or Ubuntu that the images of a release are made of.
func (i Images) SuiteOf(know *knowledge.Base, release string) string {
	img, _ := know.Image(i.System)
	r, _ := img.ReleaseOf(release)
	return r.Suite()
}

// addRow adds the packages that the list does not have yet, below the comment
// "PACKAGES: WHY." In why, {} becomes "it" or "them".
func addRow(list *[]plan.System, packages []string, why string) error {
	words, err := plan.Tokens(packages...)
	if err != nil {
		return err
	}
	*list = AddPackages(*list, why, words...)
	return nil
}

// AddPackages is list with a row, as Packages makes it, for the packages that it does not have yet.
func AddPackages(list []plan.System, why string, packages ...plan.Token) []plan.System {
	have := plan.Packages(list)
	packages = slices.DeleteFunc(slices.Clone(packages), func(w plan.Token) bool { return slices.Contains(have, w) })
	if len(packages) == 0 {
		return list
	}
	return append(list, Packages(why, packages...))
}

// Packages is a row of system packages with its comment, "git: the code starts it.":
// why is "the code starts {}", and {} becomes "it" or "them".
func Packages(why string, packages ...plan.Token) plan.System {
	them := "it"
	if len(packages) > 1 {
		them = "them"
	}
	text := Enumerate(names(packages)) + ": " + strings.ReplaceAll(strings.TrimSuffix(why, "."), "{}", them) + "."
	return plan.System{For: plan.NewComment(text), Packages: packages}
}

// Enumerate joins names for a sentence: "a, b and c".
func Enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func (n Need) runWhy(packages []string) string {
	name := plan.Printable(n.Name, 60)
	own := len(packages) == 1 && packages[0] == n.Name // the package is the program
	switch {
	case n.Why != "":
		return n.Why
	case n.Program && own:
		return "the code starts {}"
	case n.Program:
		return "the code starts " + name
	case n.Command && own:
		return "the start command runs {}"
	case n.Command:
		return "the start command runs " + name
	case n.Row.Why != "":
		return name + " needs {}, because " + n.Row.Why
	}
	return name + " needs {}"
}

func (n Need) buildWhy(need knowledge.Need) string {
	switch {
	case n.Why != "":
		return n.Why
	case slices.Equal(need.Build, need.Runtime):
		return n.runWhy(need.Build)
	}
	return plan.Printable(n.Name, 60) + " is compiled with {}"
}

// Library is the need of a dependency, by its name in the table of its ecosystem;
// ok is false if the table has no row.
func Library(in record.Input, ecosystem, name string, pos fact.Pos) (n Need, ok bool) {
	row, ok := in.Know.Package(ecosystem, name)
	return Need{Name: name, Pos: pos, Row: row}, ok
}

// programs is the ecosystem of programs, by their names: a row without packages
// is a program that every Debian and Alpine has.
const programs = "program"

// Started looks up the programs that the code starts, each once. brings are the
// names that the image of the language has: "node", "npm". Programs that no
// row has are noted. Programs of another system, of a desktop and of the repository
// itself need nothing. What the contract needs comes after them (contract.go).
func Started(in record.Input, execs []effect.Exec, brings ...string) []Need {
	var out []Need
	var unknown []effect.Exec
	seen := map[string]bool{}
	for _, x := range execs {
		name := path.Base(x.Program.Text)
		if x.Program.Text == "" || seen[name] || slices.Contains(brings, name) || foreign(x.Program.Text) {
			continue
		}
		seen[name] = true
		row, ok := in.Know.Package(programs, name)
		if !ok {
			unknown = append(unknown, x)
			continue
		}
		if len(row.Debian.Runtime)+len(row.Alpine.Runtime)+len(row.Env) > 0 {
			out = append(out, Need{Name: name, Pos: x.Pos, Row: row, Program: true})
		}
	}
	noteUnknown(in, unknown)
	for _, n := range promisedNeeds(in) {
		if !seen[n.Name] {
			seen[n.Name] = true
			out = append(out, n)
		}
	}
	return out
}

// noteUnknown says in one note which programs no row has.
func noteUnknown(in record.Input, list []effect.Exec) {
	if len(list) == 0 {
		return
	}
	var which []string
	for _, x := range list[:min(len(list), maxUnplaced)] {
		which = append(which, plan.Printable(path.Base(x.Program.Text), 40))
	}
	have := "no package that has it"
	if len(list) > 1 {
		have = "no packages that have them"
	}
	if more := len(list) - len(which); more > 0 {
		which = append(which, strconv.Itoa(more)+" more programs")
	}
	in.Log.Note(list[0].Pos, "the code starts "+Enumerate(which)+", and dockgen knows "+have, "--set packages=[NAME] installs one")
}

// Existing are those of the programs that the code starts that Debian has, in a package
// or in every image: a runtime without programs has none of them.
func Existing(in record.Input, execs []effect.Exec) []effect.Exec {
	var out []effect.Exec
	for _, x := range execs {
		if _, ok := in.Know.Package(programs, path.Base(x.Program.Text)); ok && !foreign(x.Program.Text) {
			out = append(out, x)
		}
	}
	return out
}

// desktop are programs that open something on a person's desktop, or exist on
// another system: a server that names one does not need it.
var desktop = []string{"xdg-open", "open", "rundll32", "cmd", "powershell", "explorer", "start", "osascript", "x-www-browser", "sw_vers", "wslview"} //nolint:gochecknoglobals // a constant table

func foreign(program string) bool {
	name := path.Base(program)
	return slices.Contains(desktop, name) || path.Ext(name) == ".exe" || strings.HasPrefix(program, "./") || strings.HasPrefix(program, "../")
}

// Install decides which packages prod installs: those that the app needs, further
// ones of the language, and those that the user asks for. The choice "packages" is recorded once, with
// the names of the packages; the lock keeps them while the app needs the same.
func Install(in record.Input, r plan.Runtime, s System, further ...plan.System) ([]plan.System, error) {
	rows := append(slices.Clone(s.Run(r)), further...)
	c := plan.Choice{Key: "packages", Rule: "what the app needs of the system"}
	var about []string
	for _, n := range s.needs {
		if n.Dev || len(forRuntime(r, n.Row.Debian.Runtime, n.Row.Alpine.Runtime)) == 0 {
			continue
		}
		about = append(about, n.Name)
		if c.Pos == nil {
			c.Pos, c.Link = record.At(n.Pos), n.Row.Source
		}
	}
	for _, w := range plan.Packages(further) {
		about = append(about, w.String())
	}
	if len(in.Settings.Packages) > 0 {
		words, err := plan.Tokens(in.Settings.Packages...)
		if err != nil {
			return nil, fact.Errorf(in.Settings.Pos("packages"), "packages: %w", err)
		}
		rows = AddPackages(rows, "the settings ask for {}", words...)
		if c.Pos == nil {
			c.Pos = record.At(in.Settings.Pos("packages"))
		}
		about = append(about, in.Settings.Packages...)
	}
	list := plan.Packages(rows)
	if len(list) == 0 || r == plan.Scratch || r == plan.Distroless {
		return nil, nil
	}
	var why []string
	for _, row := range rows {
		why = append(why, row.For.String())
	}
	c.Value, c.Rule = strings.Join(names(list), " "), strings.Join(why, " ")
	slices.Sort(about)
	c.Evidence = strings.Join(slices.Compact(about), ", ") + " on " + string(r)
	kept := in.Log.Choose(c)
	if kept == c.Value {
		return rows, nil
	}
	words, err := plan.Tokens(strings.Fields(kept)...)
	if err != nil {
		return nil, record.RefuseLocked(fact.At(record.LockFile, 0), "packages that cannot be installed: %v", err)
	}
	return only(rows, words), nil
}

// Without are the rows without the packages that a stage has.
func Without(rows []plan.System, have []plan.Token) []plan.System {
	return only(rows, slices.DeleteFunc(plan.Packages(rows), func(w plan.Token) bool { return slices.Contains(have, w) }))
}

// only leaves the packages that are in keep, and adds a row for those of keep
// that no row has.
func only(rows []plan.System, keep []plan.Token) []plan.System {
	var out []plan.System
	for _, row := range rows {
		left := slices.DeleteFunc(slices.Clone(row.Packages), func(w plan.Token) bool { return !slices.Contains(keep, w) })
		if len(left) == 0 {
			continue
		}
		if _, why, ok := strings.Cut(row.For.String(), ": "); ok && len(left) < len(row.Packages) {
			row.For = Packages(why, left...).For
		}
		row.Packages = left
		out = append(out, row)
	}
	return AddPackages(out, "dockgen.lock records {}", keep...)
}

// names are the texts of package names.
func names(packages []plan.Token) []string {
	var out []string
	for _, p := range packages {
		out = append(out, p.String())
	}
	return out
}
