package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// browserTest matches test scripts that drive a browser or a service, which no
// build has.
var browserTest = regexp.MustCompile(`\b(cypress|playwright|karma|ng e2e|wdio|testcafe|nightwatch|protractor|web-test-runner|wtr|testem|test-storybook|ember test|ember exam|polymer test|wct|jest-puppeteer|detox)\b|\bstencil test\b.*--e2e`)

// ngTest matches Angular's tests: what they run in is written in angular.json.
var ngTest = regexp.MustCompile(`\bng test\b`)

// drivesBrowser reports whether a test script, or one that it runs by its
// name, needs more than a build has.
func drivesBrowser(f *node.Facts, text string) bool {
	drives := func(one string) bool {
		return browserTest.MatchString(one) ||
			ngTest.MatchString(one) && (strings.Contains(one, "--browsers") || !framework.AngularTestsInNode(f))
	}
	if drives(text) {
		return true
	}
	for name, s := range f.Scripts {
		if s.Value != text && script.Mentions(text, name) && drives(s.Value) {
			return true
		}
	}
	return false
}

// testStage decides what test runs.
func (a *app) testStage(p *Plan, s start) error {
	t := &p.Test
	t.Copy = p.Deps == nil || !p.Deps.All
	t.Why = plan.NewComment("fails the build when a test fails")
	env := [][2]string{{"CI", "true"}}
	ch := plan.Choice{Key: "test"}
	var run [][]string
	test, ok := a.f.Script("test")
	name, build, hasBuild := script.Build(a.f)
	switch {
	case a.tests(a.f):
		if a.needsPrismaGenerate() {
			run = append(run, a.pm.Program("prisma", "generate"))
		}
		if !orders(test.Value) {
			run = append(run, a.buildUses(a.pm)...)
		}
		run = append(run, a.pm.Script("test"))
		ch.Rule, ch.Pos = "the test script of "+a.f.Manifest, record.At(test.Pos)
	case a.member != nil && a.tests(a.own):
		run = append(a.buildUses(a.pm), a.pm.MemberScript(a.member.Dir, "test"))
		ch.Rule, ch.Pos = "the test script of "+a.member.Dir, record.At(a.own.Scripts["test"].Pos)
	default:
		env = nil
		why := "this repository has no tests"
		switch {
		case ok && drivesBrowser(a.f, test.Value):
			why = "the test script drives a browser, which a build has none of"
		case ok && a.lacksTests(a.f, test.Value):
			why = "the test script finds no tests in this repository, and would fail"
		}
		t.Why = plan.NewComment("has no tests to run; it fails the build when the code does not compile")
		switch {
		case hasBuild && !script.Placeholder(build.Value):
			if a.needsPrismaGenerate() {
				run = append(run, a.pm.Program("prisma", "generate"))
			}
			run = append(run, a.pm.Script(name))
			ch.Rule = why + ": the build is the check"
		case a.member != nil && len(a.buildMember()) > 0:
			run = append(run, a.buildMember()...)
			ch.Rule = why + ": the build is the check"
		case a.fw.Used() && len(a.fw.Build.Command) > 0:
			run = append(run, a.frameworkBuild(&plan.Choice{}))
			ch.Rule = why + ": the build is the check"
		case a.f.TSConfig != nil && a.installs("typescript"):
			run = append(run, a.pm.Program("tsc", "--noEmit"))
			ch.Rule = why + ": the type check is the check"
		default:
			run = append(run, a.syntaxCheck(s))
			ch.Rule = why + ": the syntax check is the check"
		}
		env = append(env, pairs(a.buildEnv)...)
		pos := fact.At(path.Join(a.f.Dir, a.f.Manifest), 0)
		if ok {
			pos = test.Pos
		}
		a.in.Log.Note(pos, why, "")
	}
	ch.Value = join(run)
	a.in.Log.Choose(ch)
	for _, r := range run {
		sh, err := plan.NewShell(r...)
		if err != nil {
			return err
		}
		t.Run = append(t.Run, sh)
	}
	var err error
	t.Env, err = envs(append(env, a.prismaEnv()...))
	return err
}

// installs reports whether a package is surely in node_modules: one that is only
// asked of who uses this package may not be.
func (a *app) installs(name string) bool {
	d, ok := a.f.Dep(name)
	return ok && d.Kind != node.Peer
}

// orders reports whether a script leaves to a task runner what has to be built
// before it.
func orders(text string) bool {
	return slices.ContainsFunc(script.Commands(text), func(words []string) bool {
		return slices.Contains([]string{"turbo", "nx", "lerna", "wireit"}, words[0])
	})
}

// tests reports whether a package has a test script that a build can run.
func (a *app) tests(f *node.Facts) bool {
	s, ok := f.Script("test")
	return ok && !script.Placeholder(s.Value) && !strings.Contains(s.Value, "no test specified") && !drivesBrowser(f, s.Value) && !a.lacksTests(f, s.Value)
}

// testFiles are the names of tests that a runner looks for where nothing is
// configured, by its program; it fails where it finds none:
// https://vitest.dev/config/include, https://jestjs.io/docs/configuration#testmatch-arraystring,
// https://github.com/angular/angular-cli/blob/main/packages/angular/build/src/builders/unit-test/schema.json.
var testFiles = map[string]*regexp.Regexp{ //nolint:gochecknoglobals // a constant table
	"vitest": regexp.MustCompile(`\.(test|spec)\.[cm]?[jt]sx?$`),
	"ng":     regexp.MustCompile(`\.(test|spec)\.[jt]sx?$`),
	"jest":   regexp.MustCompile(`(^|/)__tests__/.*\.[cm]?[jt]sx?$|(^|[/.])(test|spec)\.[cm]?[jt]sx?$`),
}

// lacksTests reports whether a test script only runs a runner that would find
// no test.
func (a *app) lacksTests(f *node.Facts, text string) bool {
	list := script.Commands(text)
	if len(list) != 1 || slices.Contains(list[0], "--passWithNoTests") || slices.Contains(list[0], "--config") || slices.Contains(list[0], "-c") {
		return false
	}
	runner := list[0][0]
	names, known := testFiles[runner]
	if !known || slices.ContainsFunc(f.Files, func(file string) bool {
		return strings.HasPrefix(file, runner+".") || strings.HasPrefix(file, "vitest.")
	}) {
		return false // its configuration may name others
	}
	if _, state := f.Config.Of("vite").Get("test"); state != node.Absent {
		return false
	}
	if _, state := f.Config.Of("package").Get("jest"); runner == "jest" && state != node.Absent {
		return false
	}
	return !slices.ContainsFunc(a.tree().Files(f.Dir), names.MatchString)
}

// syntaxCheck is the cheapest check of what is run.
func (a *app) syntaxCheck(s start) []string {
	file := s.file()
	if !a.has(file) {
		if file += ".js"; !a.has(file) {
			file = ""
		}
	}
	if file == "" {
		for _, name := range []string{"index.js", "server.js", "main.js", "app.js", "src/index.js", "src/server.js", "src/main.js"} {
			if a.has(name) {
				file = name
				break
			}
		}
	}
	switch {
	case a.bun && file != "":
		return []string{"bun", "build", "--target=bun", "--packages=external", "--outdir=/tmp/check", file}
	case file != "" && !isTypeScript(file):
		return []string{"node", "--check", file}
	case file != "":
		return []string{"node", "--check", "--experimental-strip-types", file}
	}
	return []string{pick(a.bunImage, "bun", "node"), "-e", "JSON.parse(require('fs').readFileSync('package.json'))"}
}
