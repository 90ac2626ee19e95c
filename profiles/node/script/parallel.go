package script

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
)

// Branch is one of the commands that a runner runs side by side: its word in the
// runner's command, and what it runs.
type Branch struct {
	Word string
	List []Command
}

// Parallel are the branches of a command that runs several side by side:
// concurrently (https://github.com/open-cli-tools/concurrently#usage), run-p and
// npm-run-all --parallel (https://github.com/bcomnes/npm-run-all2/blob/master/docs/npm-run-all.md).
// ok is false for other commands, and where one of them cannot be read.
func Parallel(f *node.Facts, argv []string) (list []Branch, ok bool) {
	if len(argv) == 0 {
		return nil, false
	}
	if argv[0] != "concurrently" && argv[0] != "conc" {
		groups, ok := runAll(f, argv)
		if !ok || len(groups) != 1 || !groups[0].parallel || len(groups[0].names) < 2 {
			return nil, false
		}
		for _, name := range groups[0].names {
			list = append(list, Branch{name, []Command{{Argv: []string{"npm", "run", name}}}})
		}
		return list, true
	}
	for _, w := range concurrentWords(argv[1:]) {
		names, shorthand := shorthands(f, w)
		for _, name := range names {
			list = append(list, Branch{"npm:" + name, []Command{{Argv: []string{"npm", "run", name}}}})
		}
		if shorthand {
			continue
		}
		inner, plain := Parse(w)
		if !plain {
			return nil, false
		}
		list = append(list, Branch{w, inner})
	}
	return list, len(list) > 0 && len(list) <= maxBranches
}

// maxBranches is more than anybody runs side by side.
const maxBranches = 30

// concurrentValued are the options of concurrently that take a word of their own:
// https://github.com/open-cli-tools/concurrently/blob/main/docs/cli/configuration.md.
var concurrentValued = []string{ //nolint:gochecknoglobals // a constant table
	"-n", "--names", "--name-separator", "-s", "--success", "-c", "--prefix-colors", "-p", "--prefix", "-l", "--prefix-length", "-t", "--timestamp-format",
	"-m", "--max-processes", "--hide", "--restart-tries", "--restart-after", "--default-input-target", "--handle-input-target", "--kill-signal", "--ks", "--teardown", "--cwd", "--kill-timeout",
}

// concurrentWords are the commands among the words of concurrently.
func concurrentWords(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(args[i], "=")
		switch {
		case args[i] == "--":
			return out // what is passed on to the commands
		case !strings.HasPrefix(args[i], "-"):
			out = append(out, args[i])
		case !joined && slices.Contains(concurrentValued, name):
			i++
		}
	}
	return out
}

// shorthands are the scripts that a word like npm:watch-* names.
func shorthands(f *node.Facts, word string) (names []string, ok bool) {
	for _, manager := range []string{"npm:", "yarn:", "pnpm:", "bun:", "node:"} {
		if pattern, has := strings.CutPrefix(word, manager); has && !strings.Contains(pattern, " ") {
			return matching(f, strings.ReplaceAll(pattern, "*", "**")), true
		}
	}
	return nil, false
}

// group is scripts that npm-run-all runs one after another, or side by side.
type group struct {
	names    []string
	parallel bool
}

// runAll are the scripts that npm-run-all, run-s and run-p run. ok is false for
// other commands, and for words that name no script.
func runAll(f *node.Facts, argv []string) (groups []group, ok bool) {
	parallel := false
	switch argv[0] {
	case "run-s", "npm-run-all", "npm-run-all2":
	case "run-p":
		parallel = true
	default:
		return nil, false
	}
	now := group{parallel: parallel}
	turn := func(parallel bool) {
		if len(now.names) > 0 {
			groups = append(groups, now)
		}
		now = group{parallel: parallel}
	}
	for _, w := range argv[1:] {
		if w == "--" {
			break // what is passed on to the scripts
		}
		name, _, _ := strings.Cut(w, " ") // "build-only {@}"
		names := matching(f, name)
		switch {
		case w == "-p" || w == "--parallel":
			turn(true)
		case w == "-s" || w == "--serial" || w == "--sequential":
			turn(false)
		case strings.HasPrefix(w, "-"):
			if !slices.Contains([]string{"-l", "--print-label", "-n", "--print-name", "--silent", "-c", "--continue-on-error", "-r", "--race", "--aggregate-output"}, w) {
				return nil, false
			}
		case len(names) == 0:
			return nil, false
		default:
			now.names = append(now.names, names...)
		}
	}
	turn(false)
	return groups, len(groups) > 0
}

// matching are the scripts that a name or a pattern of npm-run-all names, in the
// order of the manifest: in a pattern, a star stands for a part between colons, and
// two for any.
func matching(f *node.Facts, pattern string) []string {
	if _, is := f.Script(pattern); is {
		return []string{pattern}
	}
	if !strings.Contains(pattern, "*") || len(pattern) > 200 {
		return nil
	}
	var out []string
	for name := range f.Scripts {
		if _, is := f.Script(name); is && len(name) < 200 && globs(strings.Split(pattern, ":"), strings.Split(name, ":")) {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(f.Scripts[a].Pos.Line-f.Scripts[b].Pos.Line, strings.Compare(a, b))
	})
	return out
}

// globs matches the parts of a name with those of a pattern.
func globs(pattern, name []string) bool {
	for i, p := range pattern {
		if strings.Contains(p, "**") {
			prefix, _, _ := strings.Cut(p, "*")
			return strings.HasPrefix(strings.Join(name[min(i, len(name)):], ":"), prefix)
		}
		if i >= len(name) {
			return false
		}
		prefix, suffix, star := strings.Cut(p, "*")
		if !star && p != name[i] || star && (len(name[i]) < len(prefix)+len(suffix) || !strings.HasPrefix(name[i], prefix) || !strings.HasSuffix(name[i], suffix)) {
			return false
		}
	}
	return len(pattern) == len(name)
}

// OnlyParallel is a command that runs several side by side, with those branches alone.
func OnlyParallel(argv []string, list []Branch) []string {
	program := argv[0]
	if program != "concurrently" && program != "conc" {
		program = "run-p"
	}
	out := []string{program}
	for _, b := range list {
		out = append(out, b.Word)
	}
	return out
}

// InAll is the script that a task runner runs in every member of the workspace that has
// it, or in several that it names: turbo run start, lerna run start, nx run-many -t start, pnpm -r start.
func InAll(argv []string) (task string, ok bool) {
	if len(argv) < 2 {
		return "", false
	}
	rest := argv[1:]
	words := slices.DeleteFunc(slices.Clone(rest), func(w string) bool { return strings.HasPrefix(w, "-") })
	if len(words) > 0 && words[0] == "run" {
		words = words[1:]
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(rest, func(w string) bool { return slices.Contains(names, w) })
	}
	named := 0
	for _, w := range rest {
		if name, _, _ := strings.Cut(w, "="); slices.Contains([]string{"--filter", "-F", "--scope", "-p", "--projects"}, name) {
			named++
		}
	}
	switch {
	case named == 1: // of one
	case argv[0] == "turbo" && len(words) > 0 && words[0] != "watch" && words[0] != "prune":
		return words[0], true
	case argv[0] == "lerna" && rest[0] == "run" && len(words) > 0:
		return words[0], true
	case argv[0] == "nx" && rest[0] == "run-many":
		if target, ok := Flag(rest, []string{"-t", "--target", "--targets"}); ok {
			return target, true
		}
	case argv[0] == "pnpm" && has("-r", "--recursive") && len(words) > 0:
		return words[0], true
	case argv[0] == "npm" && has("-ws", "--workspaces") && len(words) > 0:
		return words[0], true
	case argv[0] == "yarn" && rest[0] == "workspaces" && len(rest) > 2 && (rest[1] == "run" || rest[1] == "foreach"):
		if i := slices.Index(rest, "run"); i > 0 && i+1 < len(rest) {
			return rest[i+1], true
		}
	}
	return "", false
}

// Installs reports whether words install the packages of the folder that they run in, which
// an image has at its build.
func Installs(words []string) bool {
	if len(words) == 0 || !slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, words[0]) {
		return false
	}
	rest := words[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") && rest[0] != "-C" && rest[0] != "-v" && rest[0] != "--version" && !strings.HasPrefix(rest[0], "--prefix") && !strings.HasPrefix(rest[0], "--cwd") {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return words[0] == "yarn"
	}
	if !slices.Contains([]string{"install", "i", "ci", "clean-install"}, rest[0]) {
		return false
	}
	for _, w := range rest[1:] { // a package by its name, or another folder
		if !strings.HasPrefix(w, "-") || w == "-g" || w == "-C" || strings.HasPrefix(w, "--global") || strings.HasPrefix(w, "--prefix") || strings.HasPrefix(w, "--cwd") {
			return false
		}
	}
	return true
}

// buildTools are programs that make files, and go on with an option.
var buildTools = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"tsc-watch": true, "vue-tsc": true, "webpack": true, "rollup": true, "vite": true, "esbuild": true, "tsup": true, "tsdown": true, "swc": true, "babel": true,
	"tailwindcss": true, "@tailwindcss/cli": true, "postcss": true, "sass": true, "node-sass": true, "stylus": true, "parcel": true, "rspack": true, "rsbuild": true, "gulp": true, "grunt": true, "tsc-alias": true,
	"graphql-codegen": true, "cpx": true, "cpx2": true, "eslint": true, "jest": true, "vitest": true, "ng": true, "turbo": true, "microbundle": true, "copyfiles": true, "encore": true, "svelte-package": true,
}

// TypeScript reports whether a program is the compiler of TypeScript, or one that is called as that is and writes the same files:
// https://github.com/microsoft/typescript-go, https://github.com/cevek/ttypescript, https://github.com/nonara/ts-patch.
func TypeScript(program string) bool {
	return slices.Contains([]string{"tsc", "tsgo", "ttsc", "tspc"}, program)
}

// developers are programs that serve nobody in production, beside development servers: they
// wait, watch or open something.
var developers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"wait-on": true, "chokidar": true, "onchange": true, "livereload": true, "open-cli": true, "opener": true, "docker-compose": true, "electron": true, "tsc-watch": true, "stripe": true, "ngrok": true, "localtunnel": true,
}

// WatchesBuild reports whether words make files again and again as they are edited, or
// only help a developer.
func WatchesBuild(words []string) bool {
	if len(words) == 0 {
		return false
	}
	if developers[words[0]] || words[0] == "docker" && len(words) > 1 && words[1] == "compose" {
		return true
	}
	return (TypeScript(words[0]) || buildTools[words[0]]) && slices.ContainsFunc(words[1:], func(w string) bool {
		return w == "watch" || w == "-w" || w == "--watch" || strings.HasPrefix(w, "--watch=") || strings.HasPrefix(w, "watch:")
	})
}
