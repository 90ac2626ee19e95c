package node

import (
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// browserTest matches test scripts that drive a browser or a service, which no
// build has.
var browserTest = lazy.MustCompile(`\b(cypress|playwright|karma|ng e2e|wdio|testcafe|nightwatch|protractor|web-test-runner|wtr|testem|test-storybook|ember test|ember exam|polymer test|wct|jest-puppeteer|detox)\b|\bstencil test\b.*--e2e`)

// ngTest matches Angular's tests: what they run in is written in angular.json.
var ngTest = lazy.MustCompile(`\bng test\b`)

// startsService matches scripts that start a database or containers.
var startsService = lazy.MustCompile(`\b(mongodb-runner|mongo-runner|supabase start|firebase emulators:(start|exec)|pg_ctl|initdb|minikube|kind create)\b|\bdocker([ -]compose)? (-\S+ \S+ )*(up|run|start)\b`)

// needsService reports whether a test script starts a service, by itself or by what runs before it: a build has none.
func needsService(f *node.Facts, text string) bool {
	if startsService.MatchString(text) {
		return true
	}
	for name, s := range f.Scripts {
		if of, ok := strings.CutPrefix(name, "pre"); (script.Mentions(text, name) && s.Value != text || ok && f.Scripts[of].Value == text && text != "") && startsService.MatchString(s.Value) {
			return true
		}
	}
	return false
}

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

// unfit is why a build cannot run a test script, "" if nothing is known against it.
func unfit(app workspace.App, f *node.Facts, text string) string {
	switch {
	case drivesBrowser(f, text):
		return "drives a browser, which the build does not have"
	case needsService(f, text):
		return "starts a service, which the build does not have"
	case lacksTests(app, f, text):
		return "finds no tests in this repository, and would fail"
	}
	return ""
}

// testStage decides what test runs.
func testStage(p project, s start, i install, b build, parent plan.From) (*Test, error) {
	f := p.app.Root
	out := &Test{Head: plan.Head{Name: p.in.Stage("test"), From: parent, Uses: plan.StagesOf(p.in.Imports)}, Copies: p.in.Imports}
	out.Sources = i.source(p.in)
	about := "fails the build when a test fails"
	ch := plan.Choice{Key: "test"}
	var run [][]string
	generate, env := generateClients(p.app, p.pm)
	test, ok := f.Script("test")
	own := p.ownTests()
	switch {
	case own != nil:
		tested := p.tested()
		last := tested[len(tested)-1]
		run = append(slices.Clone(generate), own...)
		ch.Rule, ch.Pos = "the test script of "+last.Dir, record.At(last.Scripts["test"].Pos)
	case tests(p.app, f):
		run = generate
		if !orders(test.Value) {
			run = append(run, usesBuild(p.app, p.pm, p.pm)...)
		}
		run = append(append(run, p.fw.Tests...), p.pm.Script("test"))
		ch.Rule, ch.Pos = "the test script of "+f.Manifest, record.At(test.Pos)
	case p.app.Member != nil && tests(p.app, p.app.Own):
		run = append(slices.Concat(generate, usesBuild(p.app, p.pm, p.pm), p.fw.Tests), p.pm.MemberScript(p.app.Member.Dir, "test"))
		ch.Rule, ch.Pos = "the test script of "+p.app.Member.Dir, record.At(p.app.Own.Scripts["test"].Pos)
	case p.app.Member == nil:
		if by := ranInCI(p, f); by.Found() {
			run = append(slices.Clone(generate), p.pm.Script(by.Value))
			ch.Rule, ch.Pos = "the "+plan.Printable(by.Value, 40)+" script, which "+p.in.Rel(by.Pos.File)+" runs", record.At(by.Pos)
		} else if unit := unitTests(p.app, f); unit != "" {
			run = append(slices.Clone(generate), p.pm.Script(unit))
			ch.Rule, ch.Pos = "the "+plan.Printable(unit, 40)+" script of "+f.Manifest, record.At(f.Scripts[unit].Pos)
		}
	}
	if len(run) > 0 {
		out.Env = image.SetEnv([]plan.Env{plan.MustEnv("CI", "true")}, env...)
	} else {
		out.Env = b.env
		why := "this repository has no tests"
		if not := unfit(p.app, f, test.Value); ok && not != "" {
			why = "the test script " + not
		}
		about = "has no tests to run; it fails the build when the code does not compile"
		var what string
		run, what = check(p, s, generate)
		ch.Rule = why + ": " + what + " is the check"
		pos := p.app.Manifest()
		if ok {
			pos = test.Pos
		}
		p.in.Log.Note(pos, why, "")
	}
	ch.Value = join(run)
	p.in.Log.Choose(ch)
	out.About = []plan.Comment{plan.NewComment(out.Name.String() + " " + about + ": " + p.in.DockerBuild("--target "+out.Name.String()))}
	commands, err := shells(run)
	out.Steps = []plan.Step{{Mounts: i.strict, Run: commands}}
	return out, err
}

// check is what fails where the code is wrong, of a repository without tests.
func check(p project, s start, generate [][]string) (run [][]string, what string) {
	f := p.app.Root
	if p.app.Member == nil { // the build of a member makes what it uses
		run = linkedBuilds(p.app, p.pm, p.pm)
	}
	if name, build, ok := script.Build(f); ok && buildsAll(p.app, build.Value) && !p.ownBuild(build.Value) {
		run = append(run, generate...)
		if p.beside() {
			return append(run, rootBuild(p.app, p.pm, name, build.Value)), "the build"
		}
		return append(run, p.pm.Script(name)), "the build"
	}
	if own := memberBuild(p); len(own) > 0 {
		return append(run, own...), "the build"
	}
	switch {
	case p.fw.Used() && len(p.fw.Build.Command) > 0:
		return append(run, frameworkBuild(f, p.pm, p.fw, &plan.Choice{})), "the build"
	case f.TSConfig != nil && installs(f, "typescript"):
		return append(run, p.pm.Program("tsc", "--noEmit")), "the type check"
	}
	return [][]string{syntaxCheck(p.app, p.eng, s)}, "the syntax check"
}

// installs reports whether a package is surely in node_modules: one that is only
// asked of who uses this package may not be.
func installs(f *node.Facts, name string) bool {
	d, ok := f.Dep(name)
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
func tests(app workspace.App, f *node.Facts) bool {
	s, ok := f.Script("test")
	return ok && !script.Placeholder(s.Value) && !strings.Contains(s.Value, "no test specified") && unfit(app, f, s.Value) == "" &&
		(f != app.Root || !unconfigured(app, s.Value))
}

// unlikeUnit are the parts of the names of test scripts that need what no build has, or that never end.
var unlikeUnit = []string{"e2e", "integration", "it", "browser", "browsers", "ui", "visual", "watch", "dev", "debug", "update", "docker", "smoke", "load", "perf", "bench", "types", "lint", "format", "all", "a11y", "db", "cypress", "playwright"} //nolint:gochecknoglobals // a constant table

// startsServices matches CI that starts databases and the like beside its jobs.
var startsServices = lazy.MustCompile(`(?m)^\s+-?\s*services:`)

// ranInCI is the script with tests that CI or a Makefile runs and a build can run, too: the first one by its
// name that is for a part of the tests (test:unit, test-backend), in a repository whose test script is for more or not there.
func ranInCI(p project, f *node.Facts) fact.Fact[string] {
	if slices.ContainsFunc(f.Deps, func(d node.Dep) bool { return strings.Contains(d.Name, "testcontainers") }) {
		return fact.Fact[string]{}
	}
	for _, r := range f.Recipes {
		if r.Own {
			continue
		}
		for _, c := range r.Commands {
			name, _, ok := script.Script(f, c.Words)
			parts := script.NameParts(name)
			text := f.Scripts[name].Value
			if !ok || name == "test" || c.Conditional || !slices.Contains(parts, "test") && !slices.Contains(parts, "tests") && !slices.Contains(parts, "unit") ||
				slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(unlikeUnit, part) }) ||
				script.Placeholder(text) || unfit(p.app, f, text) != "" || strings.Contains(text, "watch") || strings.Contains(text, "docker") {
				continue
			}
			if file := p.in.Builds.File(p.in.Rel(c.Pos.File)); file != nil && startsServices.MatchString(file.Text) && !slices.Contains(parts, "unit") {
				continue
			}
			return fact.Fact[string]{Value: name, Pos: c.Pos}
		}
	}
	return fact.Fact[string]{}
}

// browserTests matches the folders of tests that drive a browser.
var browserTests = lazy.MustCompile(`(^|/)(e2e|cypress|playwright)/`)

// unitTests is the script of the unit tests (test:unit), "" where none is by its name, or there are no tests for its runner.
func unitTests(app workspace.App, f *node.Facts) string {
	for _, name := range slices.Sorted(maps.Keys(f.Scripts)) {
		parts, text := script.NameParts(name), f.Scripts[name].Value
		if !slices.Contains(parts, "unit") || slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(unlikeUnit, part) }) ||
			unfit(app, f, text) != "" || strings.Contains(text, "watch") {
			continue
		}
		list := script.Commands(text)
		if len(list) != 1 {
			continue
		}
		if names, known := testFiles[list[0][0]]; known && slices.ContainsFunc(app.Tree.Files(f.Dir), func(file string) bool {
			return names.MatchString(file) && !browserTests.MatchString(file)
		}) {
			return name
		}
	}
	return ""
}

// testFiles are the names of tests that a runner looks for where nothing is
// configured, by its program; it fails where it finds none:
// https://vitest.dev/config/include, https://jestjs.io/docs/configuration#testmatch-arraystring,
// https://github.com/angular/angular-cli/blob/main/packages/angular/build/src/builders/unit-test/schema.json.
var testFiles = map[string]*lazy.Regexp{ //nolint:gochecknoglobals // a constant table
	"vitest": lazy.MustCompile(`\.(test|spec)\.[cm]?[jt]sx?$`),
	"ng":     lazy.MustCompile(`\.(test|spec)\.[jt]sx?$`),
	"jest":   lazy.MustCompile(`(^|/)__tests__/.*\.[cm]?[jt]sx?$|(^|[/.])(test|spec)\.[cm]?[jt]sx?$`),
}

// lacksTests reports whether a test script only runs a runner that would find
// no test.
func lacksTests(app workspace.App, f *node.Facts, text string) bool {
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
	return !slices.ContainsFunc(app.Tree.Files(f.Dir), names.MatchString)
}

// syntaxCheck is the cheapest check of what is run.
func syntaxCheck(app workspace.App, eng engine, s start) []string {
	file := s.file()
	if !app.Has(file) {
		if file += ".js"; !app.Has(file) {
			file = ""
		}
	}
	if file == "" {
		for _, name := range []string{"index.js", "server.js", "main.js", "app.js", "src/index.js", "src/server.js", "src/main.js"} {
			if app.Has(name) {
				file = name
				break
			}
		}
	}
	switch {
	case eng.Bun && file != "":
		return []string{"bun", "build", "--target=bun", "--packages=external", "--outdir=/tmp/check", file}
	case file != "" && !isTypeScript(file):
		return []string{"node", "--check", file}
	case file != "":
		return []string{"node", "--check", "--experimental-strip-types", file}
	}
	return []string{eng.program(), "-e", "JSON.parse(require('fs').readFileSync('package.json'))"}
}
