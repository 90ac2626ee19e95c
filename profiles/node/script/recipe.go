package script

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

// built are the parts of the names of scripts that build an app.
var built = []string{"build", "generate", "compile", "bundle", "dist", "export"} //nolint:gochecknoglobals // a constant table

// unlike are the parts of the names of scripts that make nothing of the app, or more than it.
var unlike = []string{ //nolint:gochecknoglobals // a constant table
	"test", "tests", "e2e", "coverage", "lint", "format", "fmt", "prettier", "check", "typecheck", "tsc", "dev", "develop", "development", "watch", "start", "serve", "preview", "stop",
	"storybook", "docs", "doc", "website", "release", "publish", "deploy", "version", "prepare", "postinstall", "preinstall", "install", "clean", "audit", "electron", "desktop",
	"android", "ios", "migrate", "migration", "migrations", "seed", "docker", "up", "ci", "analyze", "stats", "help", "update", "upgrade",
}

// before are the parts of the names of scripts that make what a build reads.
var before = []string{"generate", "gen", "codegen", "i18n", "locales", "translations", "intl", "icons", "css", "sass", "less", "styles", "proto", "protobuf", "schema", "graphql", "types", "routes", "assets", "sprites", "fonts", "templates", "vendor", "prebuild"} //nolint:gochecknoglobals // a constant table

// run are the scripts that a recipe surely runs here, in order, each once.
func run(f *node.Facts, r buildfile.Recipe) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, c := range r.Commands {
		name, _, ok := Script(f, plainly(c.Words))
		if !ok || c.Conditional && !r.Own || slices.ContainsFunc(out, func(o fact.Fact[string]) bool { return o.Value == name }) {
			continue
		}
		out = append(out, fact.Fact[string]{Value: name, Pos: c.Pos})
	}
	return out
}

// plainly is a command of a package manager without the options that change nothing of what it runs.
func plainly(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	out := words[:1:1]
	for _, w := range words[1:] {
		if len(out) == 1 && (w == "--silent" || w == "-s" || w == "--if-present") || w == "--prod" || strings.HasPrefix(w, "--max-old-space") {
			continue
		}
		out = append(out, w)
	}
	return out
}

func named(name string, parts []string) bool {
	return slices.ContainsFunc(NameParts(name), func(p string) bool { return slices.Contains(parts, p) })
}

// owned is the script that the own Dockerfile builds the app with, if it is another than build; "" for none.
func owned(f *node.Facts) string {
	for _, r := range f.Recipes {
		if !r.Own {
			continue
		}
		var best string
		for _, s := range run(f, r) {
			if s.Value == "build" {
				return ""
			}
			if named(s.Value, built) && !slices.ContainsFunc(NameParts(s.Value), func(p string) bool { return p != "docker" && p != "ci" && slices.Contains(unlike, p) }) {
				best = s.Value
			}
		}
		return best
	}
	return ""
}

// Beside are the scripts that the repository runs before it runs the script that builds the app, and those that its
// own Dockerfile runs after it, because that one neither runs them nor depends on them by its name. Of a Makefile and of CI, only
// scripts count whose names say that they make what a build reads.
func Beside(f *node.Facts, build string) (first, then []fact.Fact[string]) {
	for _, r := range f.Recipes {
		list := run(f, r)
		i := slices.IndexFunc(list, func(s fact.Fact[string]) bool { return s.Value == build })
		if i < 0 {
			continue
		}
		mentioned := func(s fact.Fact[string]) bool {
			return slices.ContainsFunc([]string{build, "pre" + build, "post" + build}, func(n string) bool { return s.Value == n || Mentions(f.Scripts[n].Value, s.Value) })
		}
		for at, s := range list {
			switch {
			case mentioned(s), named(s.Value, unlike), !r.Own && (at > i || !named(s.Value, before)):
			case at < i:
				first = append(first, s)
			default:
				then = append(then, s)
			}
		}
		return first, then
	}
	return nil, nil
}
