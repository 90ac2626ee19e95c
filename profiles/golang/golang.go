// Package golang decides how a Go program is built and what its image holds.
package golang

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Plan is what the templates of templates/golang see.
type Plan struct {
	Program            // prod
	Others  []Program  // the further ones that were asked for, each a final stage
	Version plan.Token // of the image: "1.27"
	Variant plan.Token // of the image: "trixie"

	Toolkit  []plan.System // base: packages of the image's own system
	GoEnv    []Setting     // base: variables of the go command
	Unsummed bool          // deps: go.sum is not committed

	// deps: the manifests of every local module. Without any there is no such stage.
	Manifests []plan.Copy
	Work      bool       // go.work is among them
	Private   []*Private // none or one

	Generators []plan.Shell // generate: what is installed before the source is there
	Generate   []Generated  // generate, dev: what runs before the build. Without any there is no such stage.

	Tools   []plan.Token // dev: what it installs, as module@version
	Reloads bool         // dev: on every save
	Debug   []plan.Port  // dev: none or one, where a debugger connects
	Warm    plan.Shell   // dev: the build that fills the compiler's cache
	Dev     plan.Exec
	DevEnv  []plan.Env

	Test plan.Shell
	Vet  plan.Shell // before Test; zero for none

	Stamps    []Stamp      // build: what the linker sets
	StampArgs []plan.Env   // build: the arguments that it takes for them, with their defaults
	StampHelp plan.Comment // build: how to pass them

	Static  bool        // build: the C code is linked in
	Tags    plan.Shell  // build: -tags and its value
	Sources []plan.Copy // build: the folders that it needs; none for all
	Go      plan.Shell  // the go command, told where the module is
	Builds  []Build
}

// Template implements plan.Stack.
func (*Plan) Template() string { return "golang" }

// HasDeps reports whether there are modules to download.
func (p *Plan) HasDeps() bool { return len(p.Manifests) > 0 }

// root is where prod's files lie, as they lie in the repository.
const root = "/app"

// decider carries what the steps of Decide share.
type decider struct {
	record.Input
	f     *golang.Facts // of the build that holds the main
	all   *golang.Facts // of the folder
	main  golang.Main
	more  []*decider // of the further programs
	name  string     // of the binary
	p     *Plan
	mod   *module.Module // of the main, nil without modules
	cgo   []reason
	runs  []command
	args  []string   // that prod and dev pass to the program
	env   []plan.Env // that prod and dev need to be reached
	built []string   // the tags of the repository's own builds
	dir   string     // of the working directory within the repository
	copy  []string   // repository paths that prod needs
}

// Decide makes the plan of a Go program.
func Decide(in record.Input, f *golang.Facts) (*plan.App, error) {
	d := &decider{Input: in, f: f, p: &Plan{Program: Program{Stage: plan.MustToken("prod")}}, dir: "."}
	for _, step := range []func() error{
		d.complete, d.settle, d.version, d.aged, d.choose, d.verb, d.generate, d.buildable, d.further, d.linked, d.files, d.ports, d.preset, d.runtime,
		d.modules, d.private, d.custom, d.sources, d.targets, d.stamp, d.prod, d.finals,
	} {
		if err := step(); err != nil {
			var unsupported *record.UnsupportedError
			if errors.As(err, &unsupported) {
				// A server is what the folder is for: a front end beside it is a part of it.
				unsupported.Final = len(d.main.Listens) > 0
			}
			return nil, err
		}
	}
	return &plan.App{Name: d.name, Image: plan.WholeImage(d.p), Ignore: d.ignore(), Reads: d.embeds(), Run: &plan.Run{Ports: d.p.Ports}}, nil
}

// complete refuses a repository that is not whole.
func (d *decider) complete() error {
	if len(d.f.Modules)+len(d.f.Mains)+len(d.f.Nested) == 0 {
		if err := d.before(); err != nil {
			return err
		}
	}
	for _, m := range d.f.Modules {
		if m.Path.Value == "" {
			return fact.Errorf(fact.At(path.Join(d.Dir, m.Dir, "go.mod"), 0), "has no module line").WithHint("go mod init writes one")
		}
	}
	if err := d.replaced(); err != nil {
		return err
	}
	if d.f.Large {
		return record.Refuse(d.modPos(), "run dockgen in the folder of one app", "the main packages here reach more Go code than dockgen reads")
	}
	if d.f.Work != nil {
		for _, u := range d.f.Work.Use {
			if !slices.ContainsFunc(d.f.Modules, func(m module.Module) bool { return m.Dir == u.Value }) {
				return record.Refuse(u.Pos, "commit the folder with its go.mod", "go.work uses %s, which has no go.mod here", printable(u.Value))
			}
		}
	}
	return nil
}

// replaced refuses replace lines that lead to nothing. With vendor/, Go reads
// no module behind them.
func (d *decider) replaced() error {
	if d.vendored() {
		return nil
	}
	for _, r := range d.f.Replaces() {
		switch {
		case strings.HasPrefix(r.Value.Into, ".."):
			return record.Refuse(r.Pos, "run dockgen in the folder that holds both, or replace it by a version",
				"the module %s is replaced by a folder outside of this one, which no build context of it holds", printable(r.Value.Path))
		case !r.Value.Mod:
			return record.Refuse(r.Pos, "commit the folder with its go.mod",
				"the module %s is replaced by %s, which has no go.mod", printable(r.Value.Path), printable(r.Value.Dir))
		}
	}
	return nil
}

// buildable refuses a program that would not compile in a clean checkout.
func (d *decider) buildable() error {
	m := d.main
	for _, b := range d.f.Unparsable {
		d.Log.Note(b.Pos, "does not parse: "+b.Value, "go build will say the same")
	}
	for _, u := range d.f.Unread {
		d.Log.Note(u.Pos, u.Value, "what it does when it runs is not known to dockgen")
	}
	if d.f.Unanalyzed {
		d.Log.Note(d.modPos(), "the main packages reach more Go code than dockgen analyses: where they listen, what they read, write and start is not known",
			"set port and packages in dockgen.yaml, and look at what the image needs of the repository")
	}
	for _, x := range m.Missing {
		if d.generates(x.Value) {
			continue
		}
		return record.Refuse(x.Pos, "commit the generated code, or generate it before dockgen runs",
			"the package %s has no Go file here: generated code that is not committed", printable(x.Value))
	}
	for _, e := range m.Embeds {
		if !e.Value.Matches {
			return record.Refuse(e.Pos, "commit what it embeds; dockgen does not yet build a front end into a Go program",
				"embeds %s, which is not in the repository", printable(e.Value.Pattern))
		}
		if e.Value.Only != "" {
			d.Log.Note(e.Pos, "embeds "+printable(e.Value.Pattern)+", of which the repository has "+printable(e.Value.Only)+" alone: the program is built without the rest, such as what a front end's build writes there",
				"run that build before docker build, or commit what it writes")
		}
	}
	if len(d.f.Modules) == 0 {
		if len(m.Imports) > 0 {
			x := m.Imports[0]
			if err := d.before(); err != nil {
				return err
			}
			return record.Refuse(x.Pos, "run go mod init and go mod tidy, and commit go.mod and go.sum",
				"imports %s, and there is no go.mod that says which version", printable(x.Value))
		}
		return nil
	}
	if d.vendored() {
		return nil
	}
	for _, x := range m.Imports {
		if !d.required(x.Value) {
			return record.Refuse(x.Pos, "run go mod tidy, and commit go.mod and go.sum", "imports %s, which no go.mod here requires", printable(x.Value))
		}
	}
	return nil
}

// before refuses what a dependency manager from before modules holds together.
// Since Go 1.22 the go command reads none of their files:
// https://go.dev/doc/go1.22#go-command.
func (d *decider) before() error {
	if d.f.Legacy.IsZero() {
		return nil
	}
	return record.Refuse(d.f.Legacy, "run go mod init with the path that the packages are imported by, then go mod tidy, and commit go.mod and go.sum",
		"is of a dependency manager from before Go modules, and there is no go.mod")
}

// required reports whether a local module requires the module of an import.
func (d *decider) required(imp string) bool {
	for _, m := range d.f.Modules {
		for _, r := range m.Requires {
			if imp == r.Value || strings.HasPrefix(imp, r.Value+"/") {
				return true
			}
		}
	}
	return false
}

func printable(s string) string { return plan.Printable(s, 120) }

var majorSuffix = regexp.MustCompile(`^v[0-9]+$`)

// moduleName is the name that go install gives to the program at the root of
// a module: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies.
func moduleName(modulePath string) string {
	base := path.Base(modulePath)
	if majorSuffix.MatchString(base) && path.Dir(modulePath) != "." {
		base = path.Base(path.Dir(modulePath))
	}
	return base
}
