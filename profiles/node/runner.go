package node

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/plan"
)

// skipOptions drops the options before a command's words; those of valued take a
// word of their own.
func skipOptions(args []string, valued ...string) []string {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		args = args[min(len(args), pick(slices.Contains(valued, args[0]), 2, 1)):]
	}
	return args
}

// envFileOptions are the options of programs that load a .env file for the
// command behind them; those with true take a word of their own:
// https://github.com/entropitor/dotenv-cli#usage, https://github.com/toddbluhm/env-cmd#-usage.
var envFileOptions = map[string]map[string]bool{ //nolint:gochecknoglobals // a constant table
	"dotenv":  {"-e": true, "-o": false, "--override": false},
	"dotenvx": {},
	"env-cmd": {"-f": true, "--file": true, "--no-override": false, "--silent": false, "--fallback": false},
}

// behindEnvFile is the command behind such a program, nil where it does more
// than load the file.
func behindEnvFile(argv []string) []string {
	if i := slices.Index(argv, "--"); i >= 0 {
		return argv[i+1:]
	}
	rest := argv[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		valued, known := envFileOptions[argv[0]][rest[0]]
		if !known || valued && len(rest) < 2 {
			return nil
		}
		rest = rest[pick(valued, 2, 1):]
	}
	// Before version 9, env-cmd took the file as its first word.
	if argv[0] == "env-cmd" && len(rest) > 1 && len(rest) == len(argv)-1 && strings.Contains(path.Base(rest[0]), ".env") {
		rest = rest[1:]
	}
	return rest
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

// foreverFile is the command of forever without what it adds:
// https://github.com/foreversd/forever#command-line-usage.
func foreverFile(args []string) []string {
	valued := []string{"-m", "-l", "-o", "-e", "-a", "-p", "--pidFile", "--uid", "--id", "--minUptime", "--spinSleepTime", "--killSignal"}
	for {
		switch {
		case len(args) > 0 && args[0] == "start":
			args = args[1:]
		case len(args) > 0 && slices.Contains([]string{"-c", "--sourceDir", "--workingDir"}, args[0]):
			return nil
		case len(args) > 0 && strings.HasPrefix(args[0], "-"):
			args = args[min(len(args), pick(slices.Contains(valued, args[0]), 2, 1)):]
		default:
			return args
		}
	}
}

// pm2Valued are the options of pm2 that take a word of their own and that a
// container has its own means for:
// https://pm2.keymetrics.io/docs/usage/quick-start/#managing-processes.
var pm2Valued = []string{"-n", "--name", "-i", "--instances", "-l", "--log", "-o", "--output", "-e", "--error", "--max-memory-restart", "--restart-delay", "--namespace", "--exp-backoff-restart-delay"} //nolint:gochecknoglobals // a constant table

// pm2Command splits pm2's command into what it starts and the arguments for
// that. ok is false where an option changes what runs.
func pm2Command(args []string) (target string, rest []string, ok bool) {
	if len(args) > 0 && args[0] == "start" {
		args = args[1:]
	}
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(args[i], "=")
		switch {
		case name == "--":
			return target, args[i+1:], target != ""
		case name == "--env" || name == "--only" || name == "--interpreter" || name == "--node-args" || name == "--cwd" || name == "-x":
			return target, nil, false
		case slices.Contains(pm2Valued, name):
			i += pick(joined, 0, 1)
		case strings.HasPrefix(name, "-"):
		case target != "":
			return target, nil, false
		default:
			target = args[i]
		}
	}
	return target, nil, target != ""
}

// pm2 is the one program that pm2 keeps running, run by Node alone: a container
// is restarted, logged and copied from outside. env are its variables.
func (a *app) pm2(argv []string, pos fact.Pos) (out []string, env [][2]string, ok bool) {
	target, rest, plain := pm2Command(argv[1:])
	if plain && slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(target)) && !strings.Contains(target, ".config.") {
		return append([]string{"node", target}, rest...), nil, true
	}
	if eco := a.f.Config.Of("pm2"); eco != nil && path.Clean(target) == eco.File {
		if out, env, ok = a.pm2Only(eco); ok {
			a.in.Book.Note(pos, "pm2 is left out: the image runs the one program of "+eco.File+" itself", "")
			return out, env, true
		}
	}
	// pm2 itself leaves its programs in the background and ends.
	if argv[0] == "pm2" && len(argv) > 1 && argv[1] == "start" && a.f.Has("pm2") && !slices.Contains(argv, "--no-daemon") {
		return append([]string{"pm2-runtime"}, argv[1:]...), nil, true
	}
	return nil, nil, false
}

// pm2Only is the one program of a configuration of pm2, where all of it can
// be read: https://pm2.keymetrics.io/docs/usage/application-declaration/.
func (a *app) pm2Only(eco *node.ConfigFile) (argv []string, env [][2]string, ok bool) {
	at := []string{"apps", "0"}
	if _, several := eco.Get("apps", "1"); several != node.Absent {
		return nil, nil, false
	}
	script, state := eco.Get(append(at, "script")...)
	if state != node.Literal || !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(script.Value)) {
		return nil, nil, false
	}
	for _, key := range eco.Keys(at...) {
		switch key {
		case "args", "interpreter", "interpreter_args", "cwd", "exec_interpreter":
			return nil, nil, false
		case "node_args":
			return nil, nil, false
		}
	}
	for _, table := range []string{"env", "env_production"} {
		for _, name := range eco.Keys(append(at, table)...) {
			v, state := eco.Get(append(at, table, name)...)
			if state != node.Literal || !envName.MatchString(name) {
				return nil, nil, false
			}
			env = append(env, [2]string{name, v.Value})
		}
	}
	return []string{"node", path.Clean(script.Value)}, env, true
}

// nodemon is what nodemon starts where it is given no file: the exec of its
// configuration, else main: https://github.com/remy/nodemon#config-files.
func (a *app) nodemon() []string {
	if exec, state := a.f.Config.Of("nodemon").Get("exec"); state == node.Literal && exec.Value != "" {
		list, ok := parseScript(exec.Value)
		if !ok || len(list) != 1 {
			return nil
		}
		c := unwrap(list[0])
		if name, _, is := runsScript(a.f, c.Argv); is {
			list, ok = parseScript(a.f.Scripts[name].Value)
			if !ok || len(list) != 1 {
				return nil
			}
			c = unwrap(list[0])
		}
		if len(c.Env) > 0 {
			return nil
		}
		return c.Argv
	}
	for _, name := range []string{a.f.Main.Value, "index.js"} {
		if file, ok := a.entry(name); ok && name != "" {
			return []string{"node", file}
		}
	}
	return nil
}

// resolve turns what a supervisor starts, and a folder that node finds the
// file of, into that file. env are variables that come with it.
func (a *app) resolve(argv []string, pos fact.Pos) (out []string, env [][2]string) {
	switch argv[0] {
	case "pm2", "pm2-runtime":
		if out, env, ok := a.pm2(argv, pos); ok {
			return out, env
		}
	case "nodemon":
		if rest := skipOptions(argv[1:]); len(rest) == 0 {
			if out := a.nodemon(); out != nil {
				argv = out
			}
		}
	}
	if i := fileIndex(argv); argv[0] == "node" && i > 0 {
		argv = slices.Clone(argv)
		argv[i] = a.folderFile(argv[i])
	}
	return argv, nil
}

// folderFile is the file that node runs for a folder: its main, else its index:
// https://nodejs.org/api/modules.html#folders-as-modules.
func (a *app) folderFile(dir string) string {
	name := path.Clean(dir)
	switch {
	case name == "." && a.f.Main.Value != "":
		if file, ok := a.entry(a.f.Main.Value); ok && !isTypeScript(file) {
			return file
		} else if ok && a.source(strings.TrimPrefix(path.Clean(a.f.Main.Value), "./")) != "" {
			return path.Clean(a.f.Main.Value)
		}
	case a.has(path.Join(name, "index.js")) && !a.has(name) && !a.has(path.Join(name, "package.json")):
		return path.Join(name, "index.js")
	}
	return dir
}

// elsewhere refuses a command that runs in a folder with packages of its own that
// nothing installs: then that folder is the app.
func (a *app) elsewhere(list []command, pos fact.Pos) error {
	dir := ""
	for _, c := range list {
		for i, w := range c.Argv[:max(len(c.Argv)-1, 0)] {
			if next := c.Argv[i+1]; strings.HasPrefix(next, "..") || path.IsAbs(next) {
				continue
			}
			if w == "--prefix" && c.Argv[0] == "npm" || w == "--cwd" && c.Argv[0] == "yarn" || w == "cd" && i == 0 || w == "-C" && (c.Argv[0] == "npm" || c.Argv[0] == "pnpm") {
				dir = path.Clean(c.Argv[i+1])
			}
		}
	}
	if dir == "" || dir == "." {
		return nil
	}
	text, err := a.in.Tree.Read(path.Join(a.f.Dir, dir, "package.json"))
	if err != nil || !bytes.Contains(text, []byte(`"dependencies"`)) || slices.ContainsFunc(a.f.Packages, func(u node.WorkspaceUnit) bool { return u.Dir == dir }) {
		return nil
	}
	for name, s := range a.f.Scripts {
		if strings.Contains(s.Value, dir) && name != "start" && strings.Contains(s.Value, "install") || name == "heroku-postbuild" {
			return nil
		}
	}
	return choice.Refuse(pos, "dockgen init "+plan.Printable(dir, 60)+", or make "+plan.Printable(dir, 60)+" a member of a workspace",
		"the app is started in %s, which has a package.json of its own that nothing here installs", plan.Printable(dir, 60))
}

// missing refuses a command that runs a script which is not there.
func (a *app) missing(list []command, pos fact.Pos) error {
	for _, c := range list {
		if len(c.Argv) != 3 || c.Argv[0] != "npm" && c.Argv[0] != "pnpm" || c.Argv[1] != "run" || a.member != nil {
			continue
		}
		if _, ok := a.f.Script(c.Argv[2]); !ok && !strings.HasPrefix(c.Argv[2], "-") {
			return choice.Refuse(pos, "add the script, or take the line out", "it runs the script %s, which %s does not have", fmt.Sprintf("%q", plan.Printable(c.Argv[2], 40)), a.f.Manifest)
		}
	}
	return nil
}
