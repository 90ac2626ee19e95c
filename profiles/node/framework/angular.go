package framework

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed testers.table
var testersCompiled string

// angular is what angular.json says of the application that ng build builds.
type angular struct {
	config  *node.ConfigFile
	project string
	server  bool              // the build makes a server
	outside bool              // the server imports packages when it runs
	static  bool              // the pages are rendered by the build, each to a file
	output  fact.Fact[string] // of a site the folder to serve, of a server the folder with browser and server
	builder fact.Fact[string] // that ng build runs
	base    fact.Fact[string] // what links begin with, empty for the root
}

// readAngular reads angular.json: https://angular.dev/reference/configs/workspace-config.
func readAngular(f *node.Facts) (angular, error) {
	a := angular{config: f.Config.Of("angular")}
	if a.config == nil {
		dep, _ := f.Dep("@angular/cli")
		return a, record.Refuse(dep.Pos, "add angular.json, or --set language=… for another stack", "this is an Angular app, but there is no angular.json")
	}
	if err := a.choose(f); err != nil {
		return a, err
	}
	a.builder, _ = a.get("build", "builder")
	base, browser := a.folder()
	switch {
	case strings.HasSuffix(a.builder.Value, ":application"):
		a.mode()
		if !a.server {
			base.Value = path.Join(base.Value, browser)
		}
	case strings.HasSuffix(a.builder.Value, ":browser"), strings.HasSuffix(a.builder.Value, ":browser-esbuild"):
	default:
		return a, record.Refuse(a.builder.Pos, "dockgen knows the builders application, browser and browser-esbuild",
			"the project's builder is %q, whose output dockgen does not know", a.builder.Value)
	}
	for _, keys := range [][]string{{"options", "localize"}, {"configurations", "production", "localize"}} {
		if v, state := a.get("build", keys...); !a.server && state == node.Literal && v.Value != "false" {
			// https://angular.dev/guide/i18n/deploy
			return a, record.Refuse(v.Pos, "take localize out, or write the web server's configuration yourself",
				"localize builds a site for each language, and nothing says which one a visitor gets")
		}
	}
	a.output = base
	// https://angular.dev/tools/cli/deployment#--deploy-url
	for _, keys := range [][]string{{"configurations", "production", "baseHref"}, {"options", "baseHref"}} {
		if v, state := a.get("build", keys...); state == node.Literal && v.Value != "" {
			a.base = v
			break
		}
	}
	return a, nil
}

// choose finds the project that the build script builds.
func (a *angular) choose(f *node.Facts) error {
	_, words, _ := script.BuildCommand(f, []string{"ng build", "ng b"})
	a.project = script.Argument(words, []string{"ng build", "ng b"})
	if v, state := a.config.Get("defaultProject"); a.project == "" && state == node.Literal {
		a.project = v.Value
	}
	if a.project != "" {
		return nil
	}
	var apps []string
	for _, name := range a.config.Keys("projects") {
		if v, _ := a.config.Get("projects", name, "projectType"); v.Value != "library" {
			apps = append(apps, name)
		}
	}
	if len(apps) != 1 {
		return record.Refuse(a.config.Pos(), "name the application in the build script: ng build NAME", "angular.json has %d applications, and the build script names none", len(apps))
	}
	a.project = apps[0]
	return nil
}

// get is a setting of a target of the project.
func (a *angular) get(target string, keys ...string) (fact.Fact[string], node.State) {
	list := "architect"
	if len(a.config.Keys("projects", a.project, "targets")) > 0 && len(a.config.Keys("projects", a.project, list)) == 0 {
		list = "targets"
	}
	return a.config.Get(slices.Concat([]string{"projects", a.project, list, target}, keys)...)
}

// folder is where the build writes, and the part of it for browsers.
func (a *angular) folder() (base fact.Fact[string], browser string) {
	base, _ = a.get("build", "options", "outputPath")
	browser = "browser"
	if v, state := a.get("build", "options", "outputPath", "base"); state == node.Literal {
		base = v
		if v, state := a.get("build", "options", "outputPath", "browser"); state == node.Literal {
			browser = v.Value
		}
	}
	if base.Value == "" {
		// From 18 on the path may be left out.
		base = fact.Fact[string]{Value: path.Join("dist", a.project), Pos: a.builder.Pos}
	}
	return base, browser
}

// mode reads what the application builder makes: a server only of an entry
// for one, pages of the entry that renders.
// https://angular.dev/reference/configs/workspace-config#output-mode
func (a *angular) mode() {
	is := func(keys ...string) bool {
		v, state := a.get("build", append([]string{"options"}, keys...)...)
		return state == node.Literal && v.Value != "false"
	}
	output, _ := a.get("build", "options", "outputMode")
	a.server = is("ssr", "entry") && output.Value != "static"
	a.static = is("server") && output.Value == "static"
	a.outside = a.server && is("externalDependencies")
}

// makes reports whether the build makes a "server", or "static" pages.
func (a *angular) makes(what string) bool {
	switch what {
	case "server":
		return a.server
	case "static":
		return a.static
	}
	return false
}

// tester is a builder by which ng test runs in Node.
type tester struct {
	Builder string `yaml:"builder"`
	Source  string `yaml:"source"`
}

// AngularTestsInNode reports whether ng test needs no browser: its builder has a
// DOM of its own, and no option asks for a real one.
func AngularTestsInNode(f *node.Facts) bool {
	rows, err := testers()
	if err != nil {
		return false
	}
	a, err := readAngular(f)
	if err != nil {
		return false
	}
	builder, _ := a.get("test", "builder")
	runner, _ := a.get("test", "options", "runner")
	_, browsers := a.get("test", "options", "browsers")
	return runner.Value != "karma" && browsers == node.Absent &&
		slices.ContainsFunc(rows, func(t tester) bool { return t.Builder == builder.Value })
}

var testers = table.Lazy[[]tester]("testers.yaml", testersCompiled) //nolint:gochecknoglobals // decoded once
