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

// maxFollowed bounds how many commands of scripts that only a shell can run are followed.
const maxFollowed = 60

// Followed are the words of the commands of a script, with those of the scripts
// that it runs in their place, and without wrappers; of a script that only a shell
// can run, the commands that stand in it.
func Followed(f *node.Facts, script string) [][]string {
	left := maxFollowed
	return followed(f, script, 0, &left)
}

func followed(f *node.Facts, script string, depth int, left *int) [][]string {
	list, ok := Expanded(f, script)
	if !ok {
		var out [][]string
		for _, words := range Commands(script) {
			name, _, runs := Script(f, words)
			if *left--; !runs || depth > 4 || *left < 0 {
				out = append(out, words)
				continue
			}
			s, _ := f.Script(name)
			out = append(out, followed(f, s.Value, depth+1, left)...)
		}
		return out
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
func Expand(f *node.Facts, list []Command) ([]Command, bool) {
	left := 10 * maxSteps
	return expand(f, list, 0, &left)
}

// expand is Expand; left is how many commands it may still look at.
func expand(f *node.Facts, list []Command, depth int, left *int) ([]Command, bool) {
	if *left -= len(list); depth > 8 || *left < 0 {
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
			inner, ok := expand(f, each, depth+1, left)
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
			if inner, ok = expand(f, inner, depth+1, left); !ok {
				return nil, false
			}
			out = append(out, inner...)
		}
	}
	return out, true
}

// sequence are the scripts that npm-run-all runs one after another.
func sequence(f *node.Facts, argv []string) (names []string, ok bool) {
	groups, ok := runAll(f, argv)
	for _, g := range groups {
		ok = ok && (!g.parallel || len(g.names) == 1)
		names = append(names, g.names...)
	}
	return names, ok
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
	if task, all := InAll(argv); all {
		if u := onlyMember(f, task); u != nil {
			return u, []Command{{Env: list[0].Env, Argv: []string{"npm", "run", task}}}
		}
		return nil, nil
	}
	name, rest := elsewhere(argv)
	u := find(strings.TrimSuffix(name, "..."))
	if u == nil || len(rest) < 2 {
		return nil, nil
	}
	if rest[0] == "turbo" || rest[0] == "lerna" {
		rest = []string{"npm", "run", turboTask(rest)}
	}
	return u, []Command{{Env: list[0].Env, Argv: rest}}
}

// elsewhere splits a command that names the package or the folder that it runs in: npm
// start -w web, pnpm -C web start. The name is "" for any other command.
func elsewhere(argv []string) (name string, rest []string) {
	if len(argv) == 0 {
		return "", argv
	}
	rest = []string{argv[0]}
	for i := 1; i < len(argv); i++ {
		option, value, has := strings.Cut(argv[i], "=")
		switch {
		case argv[0] == "npm" && slices.Contains([]string{"-w", "--workspace", "--prefix", "-C"}, option),
			argv[0] == "pnpm" && slices.Contains([]string{"--filter", "-F", "-C", "--dir", "--prefix"}, option),
			argv[0] == "yarn" && (option == "workspace" || option == "--cwd") && i == 1,
			argv[0] == "turbo" && (option == "--filter" || option == "-F"),
			argv[0] == "lerna" && option == "--scope",
			argv[0] == "bun" && (option == "--filter" || option == "--cwd"):
			if !has && i+1 < len(argv) {
				i++
				value = argv[i]
			}
			name = value
		default:
			rest = append(rest, argv[i])
		}
	}
	return name, rest
}

// Folder finds the folder beside the workspace, with a manifest of its own, that commands
// run in: cd server && npm start, npm start --prefix server. The commands come back as they
// run there.
func Folder(f *node.Facts, list []Command) (*node.WorkspaceUnit, []Command) {
	for _, from := range [][]Command{list, expandedOr(f, list)} {
		if u, rest := folder(f, from); u != nil {
			return u, rest
		}
	}
	return nil, nil
}

func expandedOr(f *node.Facts, list []Command) []Command {
	if all, ok := Expand(f, list); ok {
		return all
	}
	return nil
}

func folder(f *node.Facts, list []Command) (*node.WorkspaceUnit, []Command) {
	find := func(name string) *node.WorkspaceUnit {
		i := slices.IndexFunc(f.Others, func(u node.WorkspaceUnit) bool { return name != "" && u.Dir == path.Clean(name) })
		if i < 0 {
			return nil
		}
		return &f.Others[i]
	}
	if len(list) > 1 && len(list[0].Argv) == 2 && list[0].Argv[0] == "cd" {
		return find(list[0].Argv[1]), list[1:]
	}
	if len(list) != 1 {
		return nil, nil
	}
	name, rest := elsewhere(list[0].Argv)
	return find(name), []Command{{Env: list[0].Env, Argv: rest}}
}

// turboTask is the task of turbo run start, turbo start and lerna run start.
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

// Step is a command that a script runs, and the package in whose folder it runs.
type Step struct {
	Command
	Of  *node.Facts // nil for a folder without a manifest
	Dir string      // of the folder, from the root on; "" for the root
}

// Steps are the commands of a script with those of the scripts that it runs in their
// place, in whichever package of the repository these are; what runs side by side comes one
// after another. all is false if there is more that only a shell can tell.
func Steps(f *node.Facts, script string) (list []Step, all bool) {
	w := stepper{root: f, all: true}
	w.text(f, "", script, 0)
	return w.out, w.all
}

// StepsOf is Steps of commands.
func StepsOf(f *node.Facts, list []Command) []Step {
	w := stepper{root: f, all: true}
	w.walk(f, "", list, 0)
	return w.out
}

type stepper struct {
	root *node.Facts
	out  []Step
	all  bool
	work int // commands that were looked at
}

// maxSteps is more commands than any build has.
const maxSteps = 100

func (w *stepper) text(of *node.Facts, dir, text string, depth int) {
	list, ok := Parse(text)
	if !ok {
		w.all = false
		for _, words := range Commands(text) {
			list = append(list, Command{Argv: words})
		}
	}
	w.work += len(list)
	w.walk(of, dir, list, depth)
}

// at is the package in a folder, nil for none.
func (w *stepper) at(dir string) *node.Facts {
	if dir == "" {
		return w.root
	}
	for _, units := range [][]node.WorkspaceUnit{w.root.Packages, w.root.Others} {
		if i := slices.IndexFunc(units, func(u node.WorkspaceUnit) bool { return u.Dir == dir }); i >= 0 {
			return units[i].Facts
		}
	}
	return nil
}

func (w *stepper) walk(of *node.Facts, dir string, list []Command, depth int) {
	for _, c := range list {
		if w.work++; depth > 8 || len(w.out) > maxSteps || w.work > 10*maxSteps {
			w.all = false
			return
		}
		c = Unwrap(c)
		if c.Argv = Binary(c.Argv); len(c.Argv) == 0 {
			continue
		}
		if c.Argv[0] == "cd" && len(c.Argv) == 2 {
			if dir = path.Join(dir, c.Argv[1]); dir == "." || path.IsAbs(c.Argv[1]) {
				dir = ""
			}
			of = w.at(dir)
			continue
		}
		if of == nil || !w.inner(of, dir, c, depth) {
			w.out = append(w.out, Step{c, of, dir})
		}
	}
}

// inner follows a command into what it runs; ok is false for a command that runs no
// script of the repository.
func (w *stepper) inner(of *node.Facts, dir string, c Command, depth int) (ok bool) {
	run := func(of *node.Facts, dir, name string) {
		w.walk(of, dir, []Command{{Env: c.Env, Argv: []string{"npm", "run", name}}}, depth+1)
	}
	if name, rest := elsewhere(c.Argv); name != "" && len(rest) > 1 {
		if u, own := member(w.root, []Command{c}); u != nil {
			w.walk(u.Facts, u.Dir, own, depth+1)
			return true
		}
		at := path.Join(dir, name)
		other := w.at(at)
		if other == nil {
			return false
		}
		w.walk(other, at, []Command{{Env: c.Env, Argv: rest}}, depth+1)
		return true
	}
	if groups, is := runAll(of, c.Argv); is {
		for _, g := range groups {
			for _, name := range g.names {
				run(of, dir, name)
			}
		}
		return true
	}
	if branches, is := Parallel(of, c.Argv); is {
		for _, b := range branches {
			w.walk(of, dir, b.List, depth+1)
		}
		return true
	}
	if task, is := InAll(c.Argv); is && dir == "" && len(w.root.Packages) > 0 {
		for i := range w.root.Packages {
			u := &w.root.Packages[i]
			if _, has := u.Facts.Script(task); has && len(w.out) <= maxSteps {
				run(u.Facts, u.Dir, task)
			}
		}
		return true
	}
	name, args, is := Script(of, c.Argv)
	if !is {
		return false
	}
	for _, part := range []string{"pre" + name, name, "post" + name} {
		s, has := of.Script(part)
		if !has {
			continue
		}
		before := len(w.out)
		w.text(of, dir, s.Value, depth+1)
		if n := len(w.out); part == name && len(args) > 0 && n > before {
			w.out[n-1].Argv = append(slices.Clone(w.out[n-1].Argv), args...)
		}
	}
	return true
}

// IsBuild reports whether words are a command of what builds the app.
func IsBuild(f *node.Facts, words []string) bool {
	_, build, ok := Build(f)
	if !ok || len(words) == 0 {
		return false
	}
	steps, _ := Steps(f, build.Value)
	return slices.ContainsFunc(steps, func(s Step) bool { return s.Dir == "" && slices.Equal(s.Argv, words) })
}
