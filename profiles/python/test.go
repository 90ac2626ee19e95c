package python

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// testGroups are the names of groups of development dependencies that hold
// what tests need.
var testGroups = []string{"test", "tests", "testing", "dev", "develop", "development", "dev-packages", "hatch-test", "default"} //nolint:gochecknoglobals // a constant table

// testSuite is what the repository has of tests.
type testSuite struct {
	cases, functions, django bool
	first                    fact.Pos // of those that a build can run
	left                     []string // the files that need a deployed app
	leftAt                   fact.Pos
}

// suite reads the test files.
func (p project) suite() testSuite {
	var out testSuite
	for _, m := range p.f.TestFiles {
		if needsDeployment(m) {
			if m.Tests.Any() {
				out.leftAt = p.at(m.File)
				out.left = append(out.left, m.File)
			}
			continue
		}
		if m.Tests.Any() && out.first.IsZero() {
			out.first = p.at(m.File)
		}
		out.cases = out.cases || m.Tests.Cases
		out.functions = out.functions || m.Tests.Functions
		out.django = out.django || m.Tests.Django
	}
	return out
}

// test makes the test stage: the project's own tests if it has some that a
// build can run, else a check that every file compiles.
func (p project) test(s Start, d *Deps, sys system, runtime plan.Runtime) (*Test, error) {
	t := p.suite()
	group, named := p.testGroup()
	usesPytest := named || !p.f.PytestConfig.IsZero()
	runnable, why, whyAt := p.testable(t.django)
	env, _, settings := settingsEnv(p.managed())
	if dj := p.managed(); dj != nil && !dj.Settings.Found() {
		var err error
		if env, err = underProduction(dj, env); err != nil {
			return nil, err
		}
	}
	c := plan.Choice{Key: "test", Pos: record.At(t.first)}
	out := &Test{Head: p.head("test", d), Source: whole()}
	about, pytest := "fails the build when a test fails", false
	var command []string
	var ci ciTests
	switch {
	case t.first.IsZero():
		c.Rule = "there are no tests: every file is compiled instead"
		about = "compiles every file, because there are no tests"
		p.in.Log.Note(p.whereAt(), "has no tests that dockgen can find: the test target only compiles every file", "")
		command, env = p.compile(), nil
	case !runnable && settings:
		c.Rule, command = why, []string{"python", p.manage(), "check"}
		about = "checks the project without its tests: " + why
	case !runnable:
		c.Rule, command = why, p.compile()
		about = "compiles every file, because " + why
	case (t.functions && !t.cases || usesPytest) && !(t.django && p.f.Django != nil && !p.hasPytestDjango(group)):
		c.Rule, pytest = "tests are written for pytest", true
		command = []string{"python", "-m", "pytest"}
		for _, f := range t.left {
			command = append(command, "--ignore="+f)
		}
		if ci = p.ciTests(); ci.pos.IsZero() {
			command = append(command, p.uncollected()...)
		} else {
			c.Rule, c.Pos = "CI runs these tests", record.At(ci.pos)
			command = append(command, ci.args...)
		}
	case t.django && p.f.Django != nil:
		c.Rule, command = "tests are written for Django", p.manageTest()
		if usesPytest {
			c.Rule += ", and pytest-django is not installed"
		}
	default:
		c.Rule = "tests are written for unittest"
		command = []string{"python", "-m", "unittest", "discover"}
		if dir, pattern := p.unittestLayout(); pattern != "" {
			command = append(command, "-s", dir, "-p", pattern)
		}
	}
	if !runnable {
		p.in.Log.Note(whyAt, "the tests are not run in the build: "+why, "run them where it is available")
	}
	if !t.leftAt.IsZero() {
		p.in.Log.Note(t.leftAt, "tests that need a deployed app, or its variables, are left out of the test target: "+plan.Printable(strings.Join(t.left, ", "), 120), "")
	}
	if p.f.Django == nil && !t.first.IsZero() {
		env = p.testEnv()
	}
	for _, e := range ci.env {
		env = assigned(env, e)
	}
	command = slices.Concat(env, command)
	c.Value = strings.Join(command, " ")
	p.in.Log.Choose(c)
	out.About = []plan.Comment{plan.NewComment("test " + about + ": " + p.in.DockerBuild("--target "+out.Name.String()))}
	var err error
	if out.Command, err = plan.NewShell(command...); err != nil {
		return nil, err
	}
	runs := runnable && !t.first.IsZero()
	if out.Parts, err = p.parts(s.Install && runs); err != nil {
		return nil, err
	}
	if !runs {
		return out, nil
	}
	out.Made = p.in.Taken()
	out.Uses = plan.StagesOf(out.Made)
	if err := p.testInstall(out, d, group, pytest); err != nil {
		return nil, err
	}
	packages, err := p.testSystem(group, sys, runtime)
	if err != nil {
		return nil, err
	}
	out.Debian, out.Alpine = image.OfSystem(runtime, packages)
	out.Project, err = p.editable(s, out.Install)
	return out, err
}

// hasPytestDjango reports whether pytest can run Django's tests.
func (p project) hasPytestDjango(g facts.Group) bool {
	return p.has("pytest-django") || requires(g, "pytest-django")
}

// testEnv gives a value to each variable that the code reads without a
// default, so that a test does not fail for its absence; where a test sets
// it, that counts.
func (p project) testEnv() []string {
	var out []string
	for _, m := range p.f.Modules {
		for _, v := range slices.Concat(m.Required(), m.Needed) {
			if value, ok := placeholder(v); ok {
				if e, err := plan.NewEnv(v.Name, value); err == nil && !slices.Contains(out, e.String()) {
					out = append(out, e.String())
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// uncollected are the test files that pytest has to be given, because none
// has a name that it collects by itself: tests.py.
// https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
func (p project) uncollected() []string {
	if !p.f.PytestConfig.IsZero() {
		return nil
	}
	var out []string
	for _, m := range p.f.TestFiles {
		if !m.Tests.Any() || needsDeployment(m) {
			continue
		}
		if base := path.Base(m.File); strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") {
			return nil
		}
		out = append(out, m.File)
	}
	return out
}

// manageTest runs Django's tests; below a folder, that folder is named, so
// that they are found from there.
func (p project) manageTest() []string {
	c := []string{"python", p.manage(), "test"}
	if p.f.Django.Dir != "." {
		c = append(c, "./"+p.f.Django.Dir)
	}
	return c
}

// needsDeployment reports whether a test file needs the deployed app, or its
// variables.
func needsDeployment(m *facts.Module) bool {
	base := path.Base(m.File)
	return strings.HasPrefix(base, "e2e_") || strings.HasPrefix(base, "test_e2e") || slices.Contains(strings.Split(path.Dir(m.File), "/"), "e2e") ||
		len(m.Required()) > 0
}

// compile checks the syntax of every file of Python 3.
func (p project) compile() []string {
	c := []string{"python", "-m", "compileall", "-q"}
	var old []string
	for _, m := range slices.Concat(p.f.Modules, p.f.TestFiles) {
		if !m.Python2.IsZero() {
			old = append(old, regexp.QuoteMeta(m.File))
		}
	}
	if len(old) > 0 {
		c = append(c, "-x", "/("+strings.Join(old, "|")+")$")
		p.in.Log.Note(p.whereAt(), fmt.Sprintf("%d files of Python 2 are left out of the test target", len(old)), "")
	}
	return append(c, ".")
}

// testable says whether a build has what the tests need.
func (p project) testable(django bool) (ok bool, why string, at fact.Pos) {
	dj := p.managed()
	if dj == nil {
		return true, "", fact.Pos{}
	}
	if _, pos, ok := settingsEnv(p.managed()); !ok {
		return false, "the settings need values that only a deployment has", pos
	}
	for _, e := range dj.Engines {
		if e.Value != "django.db.backends.sqlite3" && e.Value != "" && (django || p.has("pytest-django")) {
			return false, "they need a database that the build does not have (" + e.Value + ")", e.Pos
		}
	}
	return true, "", fact.Pos{}
}

// testGroup is the group of development dependencies that the tests need, and
// whether pytest is among all that is named.
func (p project) testGroup() (facts.Group, bool) {
	pytest := p.has("pytest")
	var best facts.Group
	found := -1
	look := func(g facts.Group, rank int) {
		names := requires(g, "pytest")
		pytest = pytest || names
		if names {
			rank -= 100
		}
		if found < 0 || rank < found-1000 {
			best, found = g, rank+1000
		}
	}
	for i, g := range p.f.TestReqs {
		look(g, i)
	}
	for i, g := range slices.Concat(p.m.Groups, p.of.groups()) {
		if j := slices.Index(testGroups, g.Name); j >= 0 {
			look(g, 50+i+j)
		}
	}
	return best, pytest
}

// requires reports whether a group names a package.
func requires(g facts.Group, name string) bool {
	return slices.ContainsFunc(g.List, func(r facts.Requirement) bool { return r.Name == name })
}

// testInstall adds what the tests need to the dependencies.
func (p project) testInstall(out *Test, d *Deps, g facts.Group, pytest bool) error {
	var commands [][]string
	var files []string
	values := []string{"group", g.Name, "file", g.Name}
	each := func(rows [][]string) {
		for _, c := range rows {
			commands = append(commands, p.export(fill(c, values...)))
		}
	}
	switch {
	case g.Kind == "file":
		files = g.Files
		commands = append(commands, fill(p.man.File, values...))
	case g.Kind == "extra":
		each(p.man.Extra)
	case g.Kind == "group" && p.m.Lock == "" && p.man.UnlockedGroup != nil:
		each(p.man.UnlockedGroup)
	case g.Kind == "group":
		each(p.man.Group)
	case g.Kind == "workspace":
		each(p.man.Workspace)
	case g.Kind == "list":
		commands = append(commands, slices.Concat(p.man.Add, written(g.List)))
	}
	if p.m.Lock == "" {
		for i := range commands {
			commands[i] = slices.DeleteFunc(commands[i], func(a string) bool { return a == "--locked" })
		}
	}
	if pytest && !p.has("pytest") && !requires(g, "pytest") {
		commands = append(commands, append(slices.Clone(p.man.Add), p.spec("pytest")))
		p.recordTool("pytest")
		p.in.Log.Note(p.whereAt(), "names no pytest, which the tests are written for: "+p.spec("pytest")+" is added to the test stage", "name it in requirements-dev.txt")
	}
	if len(commands) == 0 {
		return nil
	}
	have := map[string]bool{}
	if d == nil {
		commands = append([][]string{{"python", "-m", "venv", "--without-pip", venv}}, commands...)
	} else {
		for _, c := range d.Copies {
			for _, f := range c.From {
				have[f.Raw()] = true
			}
		}
	}
	var err error
	if out.Install, err = p.install(commands...); err != nil {
		return err
	}
	out.Copies, err = p.copies(slices.DeleteFunc(slices.Clone(files), func(f string) bool { return have[f] }))
	return err
}

// written are requirements as an installer takes them, without those that are folders of the repository.
func written(list []facts.Requirement) []string {
	var out []string
	for _, r := range list {
		if r.Source == facts.Local || r.Name == "" {
			continue
		}
		text := withExtras(r)
		switch {
		case r.URL != "":
			text += " @ " + r.URL
		case r.Constraint != "":
			text += r.Constraint
		}
		if r.Marker != "" {
			text += "; " + r.Marker
		}
		out = append(out, text)
	}
	return out
}

// withExtras is the name of a requirement with its extras: "uvicorn[standard]".
func withExtras(r facts.Requirement) string {
	if len(r.Extras) == 0 {
		return r.Name
	}
	return r.Name + "[" + strings.Join(r.Extras, ",") + "]"
}

// testSystem is what a group's packages need of the system that the stages below the tests do not have.
func (p project) testSystem(g facts.Group, sys system, runtime plan.Runtime) ([]plan.System, error) {
	all := p
	all.names = maps.Clone(p.names)
	for _, r := range g.List {
		if r.Name != "" && !p.has(r.Name) && holds(r.Marker, p.version) {
			include(all.names, r)
		}
	}
	libraries, needs := all.libraries()
	more, err := p.needed(needs)
	if err != nil {
		return nil, err
	}
	rows := slices.Concat(more.Build(runtime), more.Run(runtime))
	if len(libraries.git) > 0 {
		rows = append(rows, image.Packages("packages of the tests are fetched with {}", plan.MustToken("git")))
	}
	return image.Without(rows, slices.Concat(plan.Packages(sys.Build(runtime)), plan.Packages(sys.Run(runtime)))), nil
}

// unittestLayout says where unittest's discovery should look, where its
// defaults (test*.py from the root, in packages) would find nothing.
// https://docs.python.org/3/library/unittest.html#test-discovery
func (p project) unittestLayout() (dir, pattern string) {
	for _, m := range p.f.TestFiles {
		if !m.Tests.Cases {
			continue
		}
		in, pattern := path.Dir(m.File), "test*.py"
		if !strings.HasPrefix(path.Base(m.File), "test") {
			pattern = "*_test.py"
		}
		switch {
		case in != "." && !p.in.Tree.Has(path.Join(p.in.Dir, in, "__init__.py")):
			return in, pattern
		case pattern != "test*.py":
			return ".", pattern
		}
	}
	return "", ""
}
