package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideTest decides what the test stage runs: the tests, after go vet if the
// repository itself runs that; without tests, go vet, which type-checks all
// packages. go test runs the checks of vet that have no false alarms anyway
// (https://pkg.go.dev/cmd/go#hdr-Test_packages).
func decideTest(s *source, m golang.Main, t toolchain, tags tags) ([]plan.Shell, error) {
	var first []string // before the tests
	patterns := patterns(s, m)
	c := plan.Choice{Key: "test"}
	test, race := testCommand(s, t, tags)
	run := append(slices.Clone(test), patterns...)
	vet := append(tags.command(s, "vet"), patterns...)
	switch {
	case len(s.f.Tests) == 0:
		run = vet
		c.Rule = "there are no tests; go vet compiles and checks every package"
		s.Log.Note(fact.Pos{}, "there are no tests: the test stage runs go vet", "")
	case s.f.Vet.Found():
		first = vet
		c.Rule, c.Pos = "the repository has tests, and runs go vet itself"+race, record.At(s.f.Vet.Pos)
	default:
		c.Rule, c.Pos = "the repository has tests"+race, record.At(s.f.Tests[0].Pos)
	}
	if i := slices.IndexFunc(s.f.Tests, func(t fact.Fact[bool]) bool { return t.Value }); i >= 0 {
		// The packages whose tests start containers are compiled, and not run.
		run = append(slices.Clone(test), closed(s)...)
		first = vet
		c.Rule += "; those that start containers cannot run while an image is built"
		if len(run) == len(test) {
			run, first = vet, nil
		}
		s.Log.Note(s.f.Tests[i].Pos, "starts containers, which does not work during an image build: the test stage skips its package", "run go test outside of Docker for it")
	}
	c.Value = strings.Join(run, " ")
	if first != nil {
		c.Value = strings.Join(first, " ") + " && " + c.Value
	}
	s.Log.Choose(c)
	var out []plan.Shell
	for _, command := range [][]string{first, run} {
		if command == nil {
			continue
		}
		shell, err := plan.NewShell(command...)
		if err != nil {
			return nil, err
		}
		out = append(out, shell)
	}
	return out, nil
}

// testStage runs the tests.
func testStage(s *source, ground ground, run []plan.Shell) *Test {
	return &Test{
		Head: plan.Head{
			Name: s.Stage("test"), From: plan.FromStage(ground.source), Uses: plan.StagesOf(without(s.Taken(), ground.has)),
			About: []plan.Comment{plan.NewComment("test fails the build when a test fails: " + s.DockerBuild("--target "+s.Stage("test").String()))},
		},
		Copies: slices.Concat(ground.copies, without(s.Taken(), ground.has)),
		Run:    []plan.Step{{Mounts: []plan.Mount{compilerCache()}, Run: run}},
	}
}

// testCommand is go test, with the race detector where the program is linked
// with C code anyway. The detector needs cgo and glibc:
// https://go.dev/doc/articles/race_detector#Requirements and
// https://go.dev/doc/go1.19 (runtime).
func testCommand(s *source, t toolchain, tags tags) (command []string, why string) {
	if command = tags.command(s, "test"); s.f.Short.Found() {
		command, why = append(command, "-short"), "; with -short, as "+s.Rel(s.f.Short.Pos.File)+" runs them"
	}
	switch {
	case !t.cgo:
		return command, why
	case t.alpine():
		return command, why + "; without -race, whose runtime library is built for glibc"
	}
	return append(command, "-race"), why + "; with -race, because cgo is there"
}

// closed are the packages whose tests need nothing outside of themselves.
func closed(s *source) []string {
	var open, out []string
	for _, t := range s.f.Tests {
		if t.Value {
			open = append(open, path.Dir(t.Pos.File))
		}
	}
	for _, t := range s.f.Tests {
		dir := path.Dir(t.Pos.File)
		pattern := "."
		if dir != s.Dir {
			pattern = s.home(s.Rel(dir))
		}
		if !slices.Contains(open, dir) && !slices.Contains(out, pattern) {
			out = append(out, pattern)
		}
	}
	return out
}

// patterns are the packages of every local module: ./... takes those of one. For one of several apps, a workspace's modules
// that it is not built of do not count. Outside of a module, they are files.
func patterns(s *source, m golang.Main) []string {
	if len(s.f.Modules) == 0 {
		out := slices.Clone(m.GoFiles)
		for _, t := range s.f.Tests {
			out = append(out, path.Base(t.Pos.File))
		}
		return out
	}
	if s.f.Work == nil {
		return []string{"./..."}
	}
	var out []string
	for _, u := range s.f.Work.Use {
		of := func(dir string) bool { return tree.Within(dir, u.Value) }
		if s.File != "" && !s.f.Large && !slices.ContainsFunc(m.Reaches, of) {
			continue
		}
		if u.Value == s.f.Home {
			out = append(out, "./...")
			continue
		}
		out = append(out, s.home(u.Value)+"/...")
	}
	slices.Sort(out)
	return out
}
