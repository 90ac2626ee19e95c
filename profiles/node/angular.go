package node

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/node/scripts"
)

// angular is what angular.json says of the application that ng build builds.
type angular struct {
	project string
	server  bool
	output  fact.Fact[string] // of a site the folder to serve, of a server the folder with browser and server
}

// readAngular reads angular.json: https://angular.dev/reference/configs/workspace-config.
func readAngular(f *node.Facts) (angular, error) {
	c := f.Config.Of("angular")
	if c == nil {
		dep, _ := f.Dep("@angular/cli")
		return angular{}, choice.Refuse(dep.Pos, "add angular.json, or --set language=… for another stack", "this is an Angular app, but there is no angular.json")
	}
	var a angular
	_, words, _ := buildCommand(f, []string{"ng build", "ng b"})
	a.project = scripts.Argument(words, []string{"ng build", "ng b"})
	if v, state := c.Get("defaultProject"); a.project == "" && state == node.Literal {
		a.project = v.Value
	}
	var apps []string
	for _, name := range c.Keys("projects") {
		if v, _ := c.Get("projects", name, "projectType"); v.Value != "library" {
			apps = append(apps, name)
		}
	}
	if a.project == "" {
		if len(apps) != 1 {
			return a, choice.Refuse(c.Pos(), "name the application in the build script: ng build NAME", "angular.json has %d applications, and the build script names none", len(apps))
		}
		a.project = apps[0]
	}
	target := func(keys ...string) []string {
		for _, name := range []string{"architect", "targets"} {
			if len(c.Keys("projects", a.project, name)) > 0 {
				return append([]string{"projects", a.project, name, "build"}, keys...)
			}
		}
		return append([]string{"projects", a.project, "architect", "build"}, keys...)
	}
	builder, _ := c.Get(target("builder")...)
	out, _ := c.Get(target("options", "outputPath")...)
	base, browser := out, "browser"
	if v, state := c.Get(target("options", "outputPath", "base")...); state == node.Literal {
		base = v
		if v, state := c.Get(target("options", "outputPath", "browser")...); state == node.Literal {
			browser = v.Value
		}
	}
	if base.Value == "" {
		// From 18 on the path may be left out.
		base = fact.Fact[string]{Value: path.Join("dist", a.project), Pos: builder.Pos}
	}
	switch {
	case strings.HasSuffix(builder.Value, ":application"):
		_, ssr := c.Get(target("options", "ssr")...)
		off, _ := c.Get(target("options", "ssr")...)
		mode, _ := c.Get(target("options", "outputMode")...)
		a.server = ssr == node.Literal && off.Value != "false" && mode.Value != "static"
		if !a.server {
			base.Value = path.Join(base.Value, browser)
		}
	case strings.HasSuffix(builder.Value, ":browser"), strings.HasSuffix(builder.Value, ":browser-esbuild"):
	default:
		return a, choice.Refuse(builder.Pos, "dockgen knows the builders application, browser and browser-esbuild",
			"the project's builder is %q, whose output dockgen does not know", builder.Value)
	}
	for _, keys := range [][]string{target("options", "localize"), target("configurations", "production", "localize")} {
		if v, state := c.Get(keys...); state == node.Literal && v.Value != "false" {
			// https://angular.dev/guide/i18n/deploy
			return a, choice.Refuse(v.Pos, "take localize out, or write the web server's configuration yourself",
				"localize builds a site for each language, and which one a visitor gets is not said")
		}
	}
	a.output = base
	return a, nil
}
