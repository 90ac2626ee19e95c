package script

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
)

// Script is the script that a command runs through a package manager, and
// the arguments it passes on: npm start, yarn build, pnpm run serve, bun run x.
func Script(f *node.Facts, argv []string) (name string, args []string, ok bool) {
	if len(argv) < 2 {
		return "", nil, false
	}
	rest := argv[1:]
	switch argv[0] {
	case "npm":
		switch {
		case (rest[0] == "run" || rest[0] == "run-script") && len(rest) > 1:
			name, args = rest[1], rest[2:]
		case rest[0] == "start" || rest[0] == "test":
			name, args = rest[0], rest[1:]
		}
		if len(args) > 0 && args[0] == "--" {
			args = args[1:]
		} else if len(args) > 0 {
			return "", nil, false // npm's own options: -w api, --prefix x
		}
	case "yarn", "pnpm", "bun":
		if (rest[0] == "run") && len(rest) > 1 {
			rest = rest[1:]
		} else if argv[0] == "bun" {
			return "", nil, false // bun x.ts
		}
		name, args = rest[0], rest[1:]
	}
	if _, is := f.Script(name); !is || strings.HasPrefix(name, "-") {
		return "", nil, false
	}
	return name, args, true
}

// Expanded are the commands of a script, with those of the scripts that it
// runs in their place.
func Expanded(f *node.Facts, script string) ([]Command, bool) {
	list, ok := Parse(script)
	if !ok {
		return nil, false
	}
	return Expand(f, list)
}

// Followed are the words of the commands of a script, with those of the scripts
// that it runs in their place, and without wrappers; of a script that only a shell
// can run, the commands that stand in it.
func Followed(f *node.Facts, script string) [][]string {
	list, ok := Expanded(f, script)
	if !ok {
		return Commands(script)
	}
	var out [][]string
	for _, c := range list {
		if words := Binary(Unwrap(c).Argv); len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}

// Expand replaces what runs another script by that script's own commands,
// with its pre and post scripts. ok is false where only a shell can tell.
func Expand(f *node.Facts, list []Command) ([]Command, bool) { return expand(f, list, 0) }

func expand(f *node.Facts, list []Command, depth int) ([]Command, bool) {
	if depth > 8 {
		return nil, false
	}
	var out []Command
	for i, c := range list {
		if c.Argv[0] == "cd" && path.Clean(strings.Join(c.Argv[1:], " ")) != "." {
			return append(out, list[i:]...), true // scripts of another folder
		}
		if len(out) > 50 {
			return nil, false // scripts that multiply one another
		}
		if c = Unwrap(c); len(c.Argv) == 0 {
			return nil, false // a wrapper around nothing
		}
		if names, ok := sequence(f, c.Argv); ok {
			var each []Command
			for _, name := range names {
				each = append(each, Command{Env: c.Env, Argv: []string{"npm", "run", name}})
			}
			inner, ok := expand(f, each, depth+1)
			if !ok {
				return nil, false
			}
			out = append(out, inner...)
			continue
		}
		name, args, is := Script(f, c.Argv)
		if !is {
			out = append(out, c)
			continue
		}
		for _, part := range []string{"pre" + name, name, "post" + name} {
			s, has := f.Script(part)
			if !has {
				continue
			}
			inner, ok := Parse(s.Value)
			if !ok {
				return nil, false
			}
			if part == name && len(args) > 0 {
				last := &inner[len(inner)-1]
				last.Argv = append(slices.Clone(last.Argv), args...)
			}
			for i := range inner {
				inner[i].Env = append(slices.Clone(c.Env), inner[i].Env...)
			}
			if inner, ok = expand(f, inner, depth+1); !ok {
				return nil, false
			}
			out = append(out, inner...)
		}
	}
	return out, true
}

// sequence are the scripts that npm-run-all runs one after another:
// https://github.com/mysticatea/npm-run-all/blob/master/docs/npm-run-all.md.
func sequence(f *node.Facts, argv []string) (names []string, ok bool) {
	parallel := false
	switch argv[0] {
	case "run-s", "npm-run-all", "npm-run-all2":
	case "run-p":
		parallel = true
	default:
		return nil, false
	}
	for _, w := range argv[1:] {
		_, is := f.Script(w)
		switch {
		case is:
			names = append(names, w)
		case w == "-p" || w == "--parallel":
			parallel = true
		case slices.Contains([]string{"-s", "--serial", "--sequential", "-l", "--print-label", "-n", "--print-name", "--silent"}, w):
		default:
			return nil, false
		}
	}
	return names, len(names) == 1 || len(names) > 1 && !parallel
}

// Member finds the member of the workspace that commands run a script
// or a program of: cd apps/web && npm start, npm start -w web, pnpm --filter
// web start, yarn workspace web start, turbo run start --filter=web; scripts of
// the root that they run are followed. The commands come back as they run in the
// member's folder.
func Member(f *node.Facts, list []Command) (*node.WorkspaceUnit, []Command) {
	u, rest := member(f, list)
	if all, ok := Expand(f, list); u == nil && ok {
		return member(f, all)
	}
	return u, rest
}

func member(f *node.Facts, list []Command) (*node.WorkspaceUnit, []Command) {
	find := func(name string) *node.WorkspaceUnit {
		name = strings.TrimPrefix(strings.TrimSuffix(name, "/"), "./")
		for i := range f.Packages {
			if u := &f.Packages[i]; name != "" && (u.Dir == name || u.Name == name) {
				return u
			}
		}
		return nil
	}
	if len(list) > 1 && len(list[0].Argv) == 2 && list[0].Argv[0] == "cd" {
		if u := find(path.Clean(list[0].Argv[1])); u != nil {
			return u, list[1:]
		}
	}
	if len(list) != 1 || len(list[0].Argv) < 2 {
		return nil, nil
	}
	argv := list[0].Argv
	var u *node.WorkspaceUnit
	if argv[0] == "turbo" {
		u = onlyMember(f, turboTask(argv))
	}
	rest := []string{argv[0]}
	for i := 1; i < len(argv); i++ {
		name, value, has := strings.Cut(argv[i], "=")
		switch {
		case argv[0] == "npm" && (name == "-w" || name == "--workspace" || name == "--prefix" || name == "-C"),
			argv[0] == "pnpm" && (name == "--filter" || name == "-F" || name == "-C" || name == "--dir"),
			argv[0] == "yarn" && (name == "workspace" || name == "--cwd") && i == 1,
			argv[0] == "turbo" && (name == "--filter" || name == "-F"),
			argv[0] == "bun" && (name == "--filter" || name == "--cwd"):
			if !has && i+1 < len(argv) {
				i++
				value = argv[i]
			}
			u = find(strings.TrimSuffix(value, "..."))
		default:
			rest = append(rest, argv[i])
		}
	}
	if u == nil || len(rest) < 2 {
		return nil, nil
	}
	if rest[0] == "turbo" {
		rest = []string{"npm", "run", turboTask(rest)}
	}
	return u, []Command{{Env: list[0].Env, Argv: rest}}
}

// turboTask is the task of turbo run start and turbo start.
func turboTask(argv []string) string {
	for _, w := range argv[1:] {
		if w != "run" && !strings.HasPrefix(w, "-") {
			return w
		}
	}
	return ""
}

// onlyMember is the one member of the workspace that has the script.
func onlyMember(f *node.Facts, script string) *node.WorkspaceUnit {
	var found *node.WorkspaceUnit
	for i := range f.Packages {
		if _, ok := f.Packages[i].Facts.Script(script); ok {
			if found != nil {
				return nil
			}
			found = &f.Packages[i]
		}
	}
	return found
}
