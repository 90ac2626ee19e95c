package golang

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideBuild finds the build that holds the main package: the folder's own, or
// that of a module below. It refuses a repository that is not whole.
func decideBuild(in record.Input, f *golang.Facts) (*source, error) {
	s := &source{Input: in, all: f, f: f}
	if err := s.complete(); err != nil || len(f.Nested) == 0 {
		return s, err
	}
	win, _, err := s.chooseMain()
	if err != nil {
		return nil, err
	}
	main := win.main
	if m, ok := s.locked(); ok {
		main = m
	}
	s = &source{Input: in, all: f, f: s.build(main)}
	if s.f == f {
		return s, nil
	}
	for _, x := range f.Invalid {
		in.Log.Note(x.Pos, "was skipped: "+printable(x.Value), "a program in that module needs --set main")
	}
	if err := s.takeFrontEnds(main); err != nil {
		return nil, final(err, main)
	}
	if err := s.refuseOtherApps(main); err != nil {
		return nil, err
	}
	return s, s.complete()
}

// complete refuses a build that is not whole.
func (s *source) complete() error {
	if len(s.f.Modules)+len(s.f.Mains)+len(s.f.Nested) == 0 {
		if err := s.before(); err != nil {
			return err
		}
	}
	for _, m := range s.f.Modules {
		if m.Path.Value == "" {
			return fact.Errorf(fact.At(path.Join(s.Dir, m.Dir, "go.mod"), 0), "has no module line").WithHint("go mod init writes one")
		}
	}
	if err := s.replaced(); err != nil {
		return err
	}
	if s.f.Large {
		return record.Refuse(s.modPos(), "run dockgen in the folder of one app", "the main packages here reach more Go code than dockgen reads")
	}
	if s.f.Work != nil {
		for _, u := range s.f.Work.Use {
			if !slices.ContainsFunc(s.f.Modules, func(m module.Module) bool { return m.Dir == u.Value }) {
				return record.Refuse(u.Pos, "commit the folder with its go.mod", "go.work uses %s, which has no go.mod here", printable(u.Value))
			}
		}
	}
	return nil
}

// decideMain picks the main package of the app.
func decideMain(s *source) (golang.Main, error) {
	win, rejected, err := s.chooseMain()
	if err != nil {
		return golang.Main{}, err
	}
	c := plan.Choice{Key: "go.main", Value: target(win.main), Rule: win.rule, Pos: record.At(win.main.Pos), Rejected: rejected}
	if !win.at.Pos.IsZero() {
		c.Pos = record.At(win.at.Pos)
	}
	if s.Settings.Main == "" && len(s.mains()) > 1 {
		c.Evidence = s.signed()
	}
	kept := s.Log.Choose(c)
	if i := slices.IndexFunc(s.f.Mains, func(m golang.Main) bool { return target(m) == kept }); i >= 0 {
		return s.f.Mains[i], nil
	}
	return win.main, nil
}

// target is the main as the go command wants it.
func target(m golang.Main) string {
	if m.Dir == "." {
		return "."
	}
	return "./" + m.Dir
}

// chooseMain finds the app among the mains.
func (s *source) chooseMain() (win evidence, rejected []plan.Rejected, err error) {
	none := evidence{}
	if asked := s.Settings.Main; asked != "" {
		for _, m := range s.mains() {
			if m.Dir == path.Clean(asked) {
				why := "another was asked for"
				if s.File != "" {
					why = "these files are for another"
				}
				return evidence{main: m, rule: s.MainRule()}, s.rejected(m, why), nil
			}
		}
		return none, nil, record.Refuse(s.Settings.Pos("main"), s.mainHint(s.mains()), "%s is not a main package of this repository", printable(asked))
	}
	var list []golang.Main
	for _, m := range s.mains() {
		if m.App() {
			list = append(list, m)
		}
	}
	list = outer(list)
	reasons := s.evidences(list)
	win, ok := best(reasons)
	kept, locked := s.locked()
	switch {
	case !ok && locked:
		return evidence{main: kept, rule: "as dockgen.lock has it"}, s.rejected(kept, "another is in dockgen.lock"), nil
	case ok:
		return win, s.passedOver(win, reasons, "lost to "+target(win.main)+": "+win.rule), nil
	case len(list) > 0:
		return none, nil, record.OneOf(servers(list), record.Refuse(s.modPos(), s.mainHint(list), "%d main packages, and nothing says which is the app", len(list)))
	case len(s.mains()) > 0:
		return none, nil, record.NoApp(record.Refuse(s.mains()[0].Pos, s.mainHint(s.mains()),
			"a library: its only main packages are examples, tools and tests"))
	}
	return none, nil, record.NoApp(record.Refuse(s.modPos(), "dockgen builds images of programs, not of libraries: add a main package", "a library: no package main here"))
}

// needs are the folders of the packages that programs are built of, and of what they embed; nil if that is not known.
func (s *source) needs(programs []program) []string {
	if s.f.Large {
		return nil
	}
	out := slices.Clone(s.fronts)
	for _, p := range programs {
		out = append(out, p.Reaches...)
		for _, e := range p.Embeds {
			out = append(out, path.Dir(e.Value.Pattern))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// servers are the mains that listen, each of which is an app of its own; other programs may be what one types.
func servers(list []golang.Main) []record.Part {
	var out []record.Part
	for _, m := range list {
		if len(m.Listens) > 0 && m.Dir != "." {
			out = append(out, record.Part{Main: target(m), Dir: m.Dir})
		}
	}
	return out
}

// locked is the main of dockgen.lock, if the evidence for it has not changed.
func (s *source) locked() (golang.Main, bool) {
	old := s.Log.Locked["go.main"]
	mains := s.mains()
	i := slices.IndexFunc(mains, func(m golang.Main) bool { return target(m) == old.Value })
	if i < 0 || s.Settings.Main != "" || old.Evidence != s.signed() {
		return golang.Main{}, false
	}
	return mains[i], true
}

// outer leaves out the mains below a folder internal, which nobody can install
// (https://go.dev/doc/go1.4#internalpackages), if there are others.
func outer(list []golang.Main) []golang.Main {
	out := slices.DeleteFunc(slices.Clone(list), func(m golang.Main) bool {
		return len(m.Listens) == 0 && slices.Contains(strings.Split(m.Dir, "/"), "internal")
	})
	if !slices.ContainsFunc(out, func(m golang.Main) bool { return !slices.Contains(strings.Split(m.Dir, "/"), "internal") }) {
		return list // all are: that says nothing of one
	}
	return out
}

// libraries are names of folders that hold what several programs have in
// common.
var libraries = []string{"shared", "common", "lib", "libs"} //nolint:gochecknoglobals // a constant table

func inLibrary(m golang.Main) bool {
	return slices.ContainsFunc(strings.Split(m.Dir, "/"), func(w string) bool { return slices.Contains(libraries, w) })
}

// mainNamedAsProject finds the main that is called like the module or the repository; the
// main at the root of its module is.
func (s *source) mainNamedAsProject(list []golang.Main) (golang.Main, bool) {
	var found []golang.Main
	for _, m := range list {
		if m.Dir == "." {
			found = append(found, m)
		}
	}
	names := s.names()
	for _, m := range list {
		if m.Dir != "." && slices.Contains(names, path.Base(m.Dir)) {
			found = append(found, m)
		}
	}
	// A client with the name, and the server that belongs to it: wtf and wtfd.
	for _, m := range list {
		for _, n := range names {
			if len(found) == 1 && len(found[0].Listens) == 0 && len(m.Listens) > 0 && n != "" &&
				slices.Contains(serverNames(n), path.Base(m.Dir)) {
				return m, true
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1 && found[0].Dir == ".":
		// A program at the root, and another with its name: the one that listens, else the root's.
		for _, m := range found {
			if len(m.Listens) > 0 {
				return m, true
			}
		}
		return found[0], true
	}
	return golang.Main{}, false
}

func (s *source) rejected(win golang.Main, why string) []plan.Rejected {
	var out []plan.Rejected
	for _, m := range s.mains() {
		if m.Dir == win.Dir || len(out) >= 20 {
			continue
		}
		w := why
		if m.Auxiliary {
			w = ofDevelopers
		}
		out = append(out, plan.Rejected{Value: target(m), Pos: record.At(m.Pos), Why: w + "; --set main=" + target(m) + " takes it"})
	}
	return out
}

// ofDevelopers is why a main package in such a folder is no app.
const ofDevelopers = "in a folder of examples, tools or tests"

// mainHint lists what could be asked for.
func (s *source) mainHint(list []golang.Main) string {
	if len(list) == 0 {
		return ""
	}
	hint := "choose one with --set main=" + printable(target(list[0])) + "; there are " + listed(list)
	if len(list) > 1 && len(s.all.Nested) == 0 {
		hint += "; --set targets=all makes each of the others a target of its own"
	}
	return hint
}

// listed names the first few.
func listed(list []golang.Main) string {
	var names []string
	for i, m := range list {
		if i == 12 {
			names = append(names, fmt.Sprintf("… %d more", len(list)-i))
			break
		}
		names = append(names, printable(target(m)))
	}
	return strings.Join(names, ", ")
}

// modPos is the place to point at where the whole module is meant.
func (s *source) modPos() fact.Pos {
	switch {
	case s.f.Work != nil:
		return s.f.Work.Pos
	case len(s.f.Modules) > 0:
		return s.f.Modules[0].Path.Pos
	}
	return fact.Pos{}
}

// binary names the program: as the repository itself releases it, or builds it
// under the project's name, or starts it in its own image; else its folder, or its
// module where the folder says nothing.
func (s *source) binary(m golang.Main) string {
	for _, x := range s.f.Evidence {
		if x.Dir == m.Dir && x.Binary != "" && (x.By == buildfile.Goreleaser || x.By == buildfile.Promu || slices.Contains(s.names(), x.Binary)) {
			return fileName(x.Binary)
		}
	}
	if name := s.started(m); name != "" {
		return name
	}
	return s.folderName(m)
}

// binaryKey is the choice of the program's name, where it is the own image's.
const binaryKey = "go.binary"

// started is the name by which the repository's own Dockerfile starts the program, "" for
// none that says more than that it is one.
func (s *source) started(m golang.Main) string {
	for _, x := range starts(s, m, buildfile.Dockerfile) {
		name := fileName(path.Base(x.Binary))
		if x.Binary == "" || anyProgram.MatchString(name) || name == s.folderName(m) {
			continue
		}
		if _, known := s.mentioned(x); !known && !s.ofProject(m, name) {
			continue
		}
		s.Log.Choose(plan.Choice{
			Key: binaryKey, Value: name, Rule: "the name that the repository's own image starts it by", Pos: record.At(x.Pos),
			Evidence: image.Adopted(s.Input, x.Pos, image.Sets, name),
		})
		return name
	}
	return ""
}

// anyProgram matches names that each program could have, and those of what starts one.
var anyProgram = lazy.MustCompile(`(?i)^(app|application|main|server|service|api|web|bin|binary|program|run|start|init|entrypoint|goapp|go|sh|bash|tini|dumb-init|air|.*\.(sh|bash))$`)

// ofProject reports whether a program's name has that of the project in it, or of
// who makes it, or is a part of one: gotify-app of github.com/gotify/server, miniflux of
// miniflux.app.
func (s *source) ofProject(m golang.Main, name string) bool {
	words := s.names()
	if mod := s.module(m); mod != nil {
		words = append(words, strings.Split(mod.Path.Value, "/")...)
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return len(w) > 3 && !anyProgram.MatchString(w) && w != "github.com" && (strings.Contains(name, w) || len(name) > 3 && strings.HasPrefix(w, name))
	})
}

// folderName is the name that the go command gives to the program, or its module's.
func (s *source) folderName(m golang.Main) string {
	name := path.Base(m.Dir)
	mod := s.module(m)
	if mod != nil && m.Dir == mod.Dir {
		name = "."
	}
	switch name {
	case ".", "cmd", "src", "main":
		name = ""
		if mod != nil {
			name = moduleName(mod.Path.Value)
		}
		if name == "" || name == "main" {
			name = s.Name
		}
		if m.Dir != "." && name == "" {
			name = path.Base(m.Dir)
		}
	}
	return fileName(name)
}

var notFileName = lazy.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName makes of s a name that needs no quotes anywhere.
func fileName(s string) string {
	s = strings.Trim(notFileName.ReplaceAllString(s, "-"), "-.")
	if s == "" {
		return "app"
	}
	return s[:min(len(s), 60)]
}

// printable is a text of the repository's for an error or a note.
func printable(s string) string { return plan.Printable(s, 120) }

var majorSuffix = lazy.MustCompile(`^v[0-9]+$`)

// moduleName is the name that go install gives to the program at the root of
// a module: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies.
func moduleName(modulePath string) string {
	base := path.Base(modulePath)
	if majorSuffix.MatchString(base) && path.Dir(modulePath) != "." {
		base = path.Base(path.Dir(modulePath))
	}
	return base
}

// module is the module of a main package of the build, nil without one.
func (s *source) module(m golang.Main) *module.Module {
	if m.Module < 0 {
		return nil
	}
	return &s.f.Modules[m.Module]
}

// mains are all main packages that could be asked for: the folder's own, then
// those of the modules below.
func (s *source) mains() []golang.Main { return s.all.Programs() }

// build is the build that a main package is part of.
func (s *source) build(m golang.Main) *golang.Facts {
	for _, f := range s.all.Nested {
		if slices.ContainsFunc(f.Mains, func(o golang.Main) bool { return o.Dir == m.Dir }) {
			return f
		}
	}
	return s.all
}

// refuseOtherApps looks for the manifests of other stacks next to a nested module. A
// note says that a server's front end is left out. If one of them may be an app
// of its own, nothing says which of the two the image is for.
func (s *source) refuseOtherApps(win golang.Main) error {
	if len(s.all.Modules) > 0 || s.Settings.Main != "" || s.Settings.Language != "" {
		return nil
	}
	noted, manifests := 0, aside.Manifests("go")
	for _, f := range s.Tree.Files(s.Dir) {
		name := s.Rel(f)
		dir := path.Dir(name)
		if dir == "." || !slices.Contains(manifests, path.Base(name)) || aside.Folder("go", dir) != nil || tree.Within(dir, s.f.Home) {
			continue
		}
		if slices.Contains(s.fronts, dir) {
			continue // it is a part of the image
		}
		at := fact.At(f, 0)
		if len(win.Listens) == 0 || path.Base(name) != "package.json" {
			return record.Refuse(at, "say which with --set main="+target(win)+", or run dockgen in that app's folder",
				"may be an app, and so may %s: nothing says which of them to build", printable(target(win)))
		}
		if noted++; noted <= 3 {
			s.Log.Note(at, "is not part of this image, which holds the program of "+printable(target(win)), "run dockgen in "+printable(dir)+" for an image of its own")
		}
	}
	return nil
}
