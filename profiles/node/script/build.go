package script

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

// Build returns the script that builds the app: build, or where there is
// none, what a platform runs in its place
// (https://devcenter.heroku.com/articles/nodejs-support#customizing-the-build-process,
// https://cloud.google.com/docs/buildpacks/nodejs#executing_custom_build_steps_during_deployment),
// or what the app runs to be built before it starts (prestart: npm run compile). What the repository's own
// Dockerfile runs comes before.
func Build(f *node.Facts) (name string, script fact.Fact[string], ok bool) {
	if name := owned(f); name != "" {
		return name, f.Scripts[name], true
	}
	for _, name := range []string{"build", "heroku-postbuild", "gcp-build"} {
		if s, ok := f.Script(name); ok {
			return name, s, true
		}
	}
	for _, before := range []string{"prestart", "start"} {
		list, _ := Parse(f.Scripts[before].Value)
		for _, c := range list {
			name, rest, ok := Script(f, c.Argv)
			parts := NameParts(name)
			if ok && len(rest) == 0 && (slices.Contains(parts, "build") || slices.Contains(parts, "compile")) {
				return name, f.Scripts[name], true
			}
		}
	}
	if name := unbuilt(f); name != "" {
		return name, f.Scripts[name], true
	}
	return "", fact.Fact[string]{}, false
}

// otherBuilds are further names for the script that builds, the best first.
var otherBuilds = []string{"build:production", "build:prod", "build-prod", "prod:build", "build:all", "build:server", "build:app", "build:ts", "build:js", "build:dist", "build:node", "build:backend", "build:api", "compile", "bundle", "transpile", "tsc", "dist", "prepack", "prepublishOnly"} //nolint:gochecknoglobals // a constant table

// unbuilt is the script that builds a repository without a build script, whose start
// command runs a file of a folder that is not there; "" for none.
func unbuilt(f *node.Facts) string {
	for _, start := range []string{"start:prod", "start:production", "prod", "start", "serve"} {
		list, _ := Parse(f.Scripts[start].Value)
		if len(list) == 0 {
			continue
		}
		argv, ok := AsNode(Unwrap(list[len(list)-1]).Argv)
		i := FileIndex(argv)
		if !ok || i < 0 {
			continue
		}
		top, _, nested := strings.Cut(path.Clean(argv[i]), "/")
		if !nested || top == ".." || top == "" || top == "node_modules" || slices.Contains(f.Dirs, top) {
			continue
		}
		for _, name := range otherBuilds {
			if s, ok := f.Script(name); ok && !slices.ContainsFunc(Commands(s.Value), WatchesBuild) {
				return name
			}
		}
	}
	return ""
}

// BuildCommand finds the script that runs one of the commands: build itself,
// one that it calls (build-only, build:client), or, where there is no build, one
// whose name says that it builds (docs:build). Sites are generated and
// exported too.
func BuildCommand(f *node.Facts, commands []string) (script string, words []string, ok bool) {
	build, has := f.Script("build")
	names := make([]string, 0, len(f.Scripts))
	for name := range f.Scripts {
		switch {
		case name == "build", name == "generate", name == "export":
			names = append(names, name)
		case slices.Contains(NameParts(name), "build") && (!has || Mentions(build.Value, name)):
			names = append(names, name)
		}
	}
	slices.Sort(names) // build comes before build:client
	// What a script runs itself comes before what it runs by way of another.
	direct := func(_ *node.Facts, script string) [][]string { return Commands(script) }
	for _, read := range []func(*node.Facts, string) [][]string{direct, Followed} {
		for _, name := range names {
			for _, words := range read(f, f.Scripts[name].Value) {
				if Runs(words, commands) {
					return name, words, true
				}
			}
		}
	}
	return "", nil, false
}

// NameParts are the parts of a script's name: docs:build, build-storybook.
func NameParts(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == ':' || r == '-' || r == '.' || r == '_' })
}

// Mentions reports whether a command names a script, by its name or by a
// pattern of npm-run-all: run-p type-check "build:*".
func Mentions(command, name string) bool {
	return slices.ContainsFunc(RoughPrograms(command), func(w string) bool {
		prefix, pattern := strings.CutSuffix(strings.TrimRight(w, ",;"), "*")
		return w == name || pattern && strings.HasPrefix(name, prefix) || strings.HasSuffix(w, ":"+name)
	})
}
