package python

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// testGroups are the names of groups of development dependencies that hold
// what tests need.
var testGroups = []string{"test", "tests", "testing", "dev", "develop", "development", "dev-packages"} //nolint:gochecknoglobals // a constant table

// test fills in the test stage: the project's own tests where it has some
// that a build can run, else a check that every file compiles.
func (d *decider) test(p *Plan) error {
	var cases, functions, django bool
	var first, e2e fact.Pos
	var ignored []string
	for _, m := range d.f.TestFiles {
		if isE2E(m.File) || len(m.Required()) > 0 {
			if m.Tests.Any() {
				e2e = d.at(m.File)
				ignored = append(ignored, m.File)
			}
			continue
		}
		if m.Tests.Any() && first.IsZero() {
			first = d.at(m.File)
		}
		cases = cases || m.Tests.Cases
		functions = functions || m.Tests.Functions
		django = django || m.Tests.Django
	}
	c := plan.Choice{Key: "test", Pos: record.At(first)}
	var command []string
	group, hasPytest := d.testGroup()
	runnable, why, whyAt := d.testable(django)
	needs := false
	switch {
	case first.IsZero():
		c.Rule = "there are no tests: every file is compiled instead"
		d.log.Note(d.whereAt(), "has no tests that dockgen can find: the test target only compiles every file", "")
		command = d.compile()
	case !runnable:
		c.Rule = why
		d.log.Note(whyAt, "the tests are not run in the build: "+why, "run them where that is there")
		command = d.compile()
		if _, _, ok := d.djangoEnv(); d.f.Django != nil && ok {
			env, _, _ := d.djangoEnv()
			command = slices.Concat(env, []string{"python", d.manage(), "check"})
		}
	case functions && !cases || hasPytest || d.f.PytestConfig != fact.Pos{} && !d.f.PytestConfig.IsZero():
		c.Rule = "tests are written for pytest"
		needs = true
		command = []string{"python", "-m", "pytest"}
		for _, f := range ignored {
			command = append(command, "--ignore="+f)
		}
		command = append(command, d.uncollected()...)
	case django && d.f.Django != nil:
		c.Rule = "tests are written for Django"
		command = d.manageTest()
		if env, _, ok := d.djangoEnv(); ok {
			command = append(env, command...)
		}
	default:
		c.Rule = "tests are written for unittest"
		command = []string{"python", "-m", "unittest", "discover"}
		if dir, pattern := d.unittestLayout(); pattern != "" {
			command = append(command, "-s", dir, "-p", pattern)
		}
	}
	if needs && d.f.Django != nil && !d.has("pytest-django") && !slices.ContainsFunc(group.List, func(r facts.Requirement) bool { return r.Name == "pytest-django" }) && django {
		command = d.manageTest()
		c.Rule, needs = "tests are written for Django, and pytest-django is not there", false
	}
	if needs && d.f.Django != nil {
		if env, _, ok := d.djangoEnv(); ok {
			command = append(env, command...)
		}
	}
	if !e2e.IsZero() {
		d.log.Note(e2e, "tests that need a deployed app, or its variables, are left out of the test target: "+plan.Printable(strings.Join(ignored, ", "), 120), "")
	}
	if d.f.Django == nil && !first.IsZero() {
		command = append(d.testEnv(), command...)
	}
	c.Value = strings.Join(command, " ")
	d.log.Choose(c)
	var err error
	if p.Test.Command, err = plan.NewShell(command...); err != nil {
		return err
	}
	if !first.IsZero() && runnable {
		if err := d.testInstall(p, group, needs); err != nil {
			return err
		}
		if p.Test.Project, err = d.editable(); err != nil {
			return err
		}
	} else {
		p.Test.Remark = plan.NewComment("compiles every file, because " + strings.TrimSuffix(c.Rule, ": every file is compiled instead"))
		if slices.Contains(command, "check") {
			p.Test.Remark = plan.NewComment("checks the project without its tests: " + c.Rule)
		}
	}
	return nil
}

// testEnv gives a value to each variable that the code reads without a
// default, so that a test does not fail for its absence; where a test sets
// it, that counts.
func (d *decider) testEnv() []string {
	var out []string
	for _, m := range d.f.Modules {
		for _, v := range slices.Concat(m.Required(), m.Needed) {
			if e, err := plan.NewEnv(v.Name, "only-for-this-build"); err == nil && !v.Parsed && !slices.Contains(out, e.String()) {
				out = append(out, e.String())
			}
		}
	}
	slices.Sort(out)
	return out
}

// uncollected are the test files that pytest has to be given, because none
// has a name that it collects by itself: tests.py.
// https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
func (d *decider) uncollected() []string {
	if !d.f.PytestConfig.IsZero() {
		return nil
	}
	var out []string
	for _, m := range d.f.TestFiles {
		rel := m.File
		base := path.Base(rel)
		if !m.Tests.Any() || isE2E(rel) || len(m.Required()) > 0 {
			continue
		}
		if strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") {
			return nil
		}
		out = append(out, rel)
	}
	return out
}

// manageTest runs Django's tests; below a folder, that folder is named, so
// that they are found from there.
func (d *decider) manageTest() []string {
	c := []string{"python", d.manage(), "test"}
	if d.f.Django.Dir != "." {
		c = append(c, "./"+d.f.Django.Dir)
	}
	return c
}

func isE2E(rel string) bool {
	base := path.Base(rel)
	return strings.HasPrefix(base, "e2e_") || strings.HasPrefix(base, "test_e2e") || slices.Contains(strings.Split(path.Dir(rel), "/"), "e2e")
}

// compile checks the syntax of every file of Python 3.
func (d *decider) compile() []string {
	c := []string{"python", "-m", "compileall", "-q"}
	var old []string
	for _, m := range slices.Concat(d.f.Modules, d.f.TestFiles) {
		if !m.Python2.IsZero() {
			old = append(old, regexp.QuoteMeta(m.File))
		}
	}
	if len(old) > 0 {
		c = append(c, "-x", "/("+strings.Join(old, "|")+")$")
		d.log.Note(d.whereAt(), fmt.Sprintf("%d files of Python 2 are left out of the test target", len(old)), "")
	}
	return append(c, ".")
}

// testable says whether a build has what the tests need.
func (d *decider) testable(django bool) (ok bool, why string, at fact.Pos) {
	dj := d.f.Django
	if dj == nil {
		return true, "", fact.Pos{}
	}
	if _, pos, ok := d.djangoEnv(); !ok {
		return false, "the settings need values that only a deployment has", pos
	}
	for _, e := range dj.Engines {
		if e.Value != "django.db.backends.sqlite3" && e.Value != "" && (django || d.has("pytest-django")) {
			return false, "they need a database that is not there (" + e.Value + ")", e.Pos
		}
	}
	return true, "", fact.Pos{}
}

// testGroup is the group of development dependencies that the tests need, and
// whether pytest is among all that is named.
func (d *decider) testGroup() (facts.Group, bool) {
	pytest := d.has("pytest")
	var best facts.Group
	found := -1
	look := func(g facts.Group, rank int) {
		names := slices.ContainsFunc(g.List, func(r facts.Requirement) bool { return r.Name == "pytest" })
		pytest = pytest || names
		if names {
			rank -= 100
		}
		if found < 0 || rank < found-1000 {
			best, found = g, rank+1000
		}
	}
	for i, g := range d.f.TestReqs {
		look(g, i)
	}
	for i, g := range d.m.Groups {
		if j := slices.Index(testGroups, g.Name); j >= 0 {
			look(g, 50+i+j)
		}
	}
	return best, pytest
}

// testInstall adds what the tests need to the dependencies.
func (d *decider) testInstall(p *Plan, g facts.Group, pytest bool) error {
	var commands [][]string
	var files []string
	values := map[string]string{"group": g.Name, "file": g.Name}
	switch {
	case g.Kind == "file":
		files = g.Files
		commands = append(commands, fill(d.man.File, values))
	case g.Kind == "extra" && d.man.Extra != nil:
		for _, c := range d.man.Extra {
			commands = append(commands, d.export(fill(c, values)))
		}
	case g.Kind == "group" && d.m.Lock == "" && d.man.UnlockedGroup != nil:
		for _, c := range d.man.UnlockedGroup {
			commands = append(commands, fill(c, values))
		}
	case g.Kind == "group" && d.man.Group != nil:
		for _, c := range d.man.Group {
			commands = append(commands, d.export(fill(c, values)))
		}
	}
	for i := range commands {
		if d.m.Lock == "" {
			commands[i] = slices.DeleteFunc(commands[i], func(a string) bool { return a == "--locked" })
		}
	}
	named := d.has("pytest") || slices.ContainsFunc(g.List, func(r facts.Requirement) bool { return r.Name == "pytest" })
	if pytest && !named {
		commands = append(commands, append(slices.Clone(d.man.Add), d.pinned("pytest")))
		d.log.Note(d.whereAt(), "names no pytest, which the tests are written for: "+d.pinned("pytest")+" is added to the test stage", "name it in requirements-dev.txt")
	}
	if len(commands) == 0 {
		return nil
	}
	if !p.Deps {
		commands = append([][]string{{"python", "-m", "venv", "--without-pip", "/opt/venv"}}, commands...)
	}
	var err error
	if p.Test.Install, err = d.run(commands...); err != nil {
		return err
	}
	have := map[string]bool{}
	for _, c := range p.Copies {
		for _, f := range c.From {
			have[f.Raw()] = true
		}
	}
	files = slices.DeleteFunc(slices.Clone(files), func(f string) bool { return have[f] })
	p.Test.Copies, err = copies(files)
	return err
}

// unittestLayout says where unittest's discovery should look, where its
// defaults (test*.py from the root, in packages) would find nothing.
// https://docs.python.org/3/library/unittest.html#test-discovery
func (d *decider) unittestLayout() (dir, pattern string) {
	for _, m := range d.f.TestFiles {
		if !m.Tests.Cases {
			continue
		}
		rel := m.File
		in := path.Dir(rel)
		pattern := "test*.py"
		if !strings.HasPrefix(path.Base(rel), "test") {
			pattern = "*_test.py"
		}
		if in != "." && !d.in.Tree.Has(joinDir(d.in.Dir, in, "__init__.py")) || pattern != "test*.py" {
			if in != "." && !d.in.Tree.Has(joinDir(d.in.Dir, in, "__init__.py")) {
				return in, pattern
			}
			return ".", pattern
		}
	}
	return "", ""
}
