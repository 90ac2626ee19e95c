package script

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Unwrap drops wrappers: programs that only prepare the environment of the command
// behind them; each says how many words of its own to drop. A .env file never
// reaches an image, so what loads one is dropped too.
func Unwrap(c Command) Command {
	for len(c.Argv) > 0 {
		switch c.Argv[0] {
		case "exec":
			c.Argv = c.Argv[1:]
		case "corepack":
			if len(c.Argv) < 3 || strings.HasPrefix(c.Argv[1], "-") || c.Argv[1] == "enable" || c.Argv[1] == "use" || c.Argv[1] == "prepare" {
				return c
			}
			c.Argv = c.Argv[1:]
		case "cross-env", "cross-env-shell", "env":
			rest := c.Argv[1:]
			for len(rest) > 0 {
				name, value, ok := strings.Cut(rest[0], "=")
				if !ok || !plan.IsEnvName(name) || len(rest) == 1 && c.Argv[0] == "cross-env-shell" {
					break
				}
				e, err := plan.NewEnv(name, value)
				if err != nil {
					return c // no Dockerfile can set it
				}
				c.Env = append(slices.Clone(c.Env), e)
				rest = rest[1:]
			}
			if len(rest) == 0 || strings.HasPrefix(rest[0], "-") {
				return c
			}
			if c.Argv[0] == "cross-env-shell" {
				// What is left is a script.
				inner, ok := Parse(strings.Join(rest, " "))
				if !ok || len(inner) != 1 {
					return Command{Env: c.Env, Argv: append([]string{"sh", "-c"}, strings.Join(rest, " "))}
				}
				c.Env, rest = append(c.Env, inner[0].Env...), inner[0].Argv
			}
			c.Argv = rest
		case "dotenv", "dotenvx", "env-cmd":
			rest := behindEnvFile(c.Argv)
			if len(rest) == 0 {
				return c
			}
			c.Argv = rest
		case "yarn", "pnpm":
			if len(c.Argv) < 3 || c.Argv[1] != "dlx" && (c.Argv[1] != "node" || c.Argv[0] == "pnpm") {
				return c
			}
			c.Argv = c.Argv[1:]
			if c.Argv[0] == "dlx" {
				c.Argv = append([]string{"npx"}, c.Argv[1:]...)
			}
		case "npx", "bunx", "pnpx":
			rest := c.Argv[1:]
			for len(rest) > 0 && (rest[0] == "--no-install" || rest[0] == "-y" || rest[0] == "--yes" || rest[0] == "--no" || rest[0] == "--") {
				rest = rest[1:]
			}
			if len(rest) == 0 || strings.HasPrefix(rest[0], "-") || c.Argv[0] == "bunx" && rest[0] == "--bun" {
				return c
			}
			c.Argv = append([]string{programOf(rest[0])}, rest[1:]...)
		default:
			return c
		}
	}
	return c
}

// programOf is the program that npx runs of a package that is named with its
// scope or its version: https://docs.npmjs.com/cli/commands/npx#description.
func programOf(spec string) string {
	if at := strings.LastIndexByte(spec, '@'); at > 0 {
		spec = spec[:at]
	}
	if strings.HasPrefix(spec, "@") {
		spec = path.Base(spec)
	}
	return spec
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
		rest = rest[width(valued):]
	}
	// Before version 9, env-cmd took the file as its first word.
	if argv[0] == "env-cmd" && len(rest) > 1 && len(rest) == len(argv)-1 && strings.Contains(path.Base(rest[0]), ".env") {
		rest = rest[1:]
	}
	return rest
}

// nodeFlags are the options of node that take their value as a word of their
// own: https://nodejs.org/api/cli.html.
var nodeFlags = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"-r": true, "--require": true, "--import": true, "--loader": true, "--experimental-loader": true,
	"-C": true, "--conditions": true, "-e": true, "--eval": true, "-p": true, "--print": true,
	"--watch-path": true, "--watch-kill-signal": true, "--env-file": true, "--env-file-if-exists": true, "--title": true, "--max-http-header-size": true,
}

// TakesValue reports whether an option of node takes the word behind it.
func TakesValue(option string) bool { return nodeFlags[option] }

// FileIndex is the file that a node command runs: its index in argv, or -1.
func FileIndex(argv []string) int {
	for i := 1; i < len(argv); i++ {
		switch a := argv[i]; {
		case a == "-e" || a == "--eval" || a == "-p" || a == "--print" || a == "--test":
			return -1
		case nodeFlags[a]:
			i++
		case strings.HasPrefix(a, "-"):
		default:
			return i
		}
	}
	return -1
}

// AsNode turns programs that start node on a file into that: nodemon and the
// like for their file, tsx and ts-node for node with their hook, so that the
// app is the process that gets the signals. ok is false for other programs.
func AsNode(argv []string) (out []string, ok bool) {
	if len(argv) == 0 {
		return nil, false
	}
	switch name := path.Base(argv[0]); name {
	case "node", "nodejs":
		return append([]string{"node"}, argv[1:]...), true
	case "forever":
		if args := foreverFile(argv[1:]); len(args) > 0 {
			return append([]string{"node"}, args...), true
		}
	case "nodemon", "node-dev", "supervisor":
		args := argv[1:]
		for i, a := range args {
			if a != "--exec" && a != "-x" || i+1 >= len(args) {
				continue
			}
			inner, ok := Parse(args[i+1])
			if !ok || len(inner) != 1 {
				return nil, false
			}
			rest := append(SkipOptions(args[:i:i], "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay"), SkipOptions(args[i+2:], "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay")...)
			return AsNode(append(Unwrap(inner[0]).Argv, rest...))
		}
		args = SkipOptions(args, "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay", "-n")
		if len(args) == 0 {
			return nil, false
		}
		if strings.HasSuffix(args[0], ".ts") {
			return AsNode(append([]string{"ts-node"}, args...))
		}
		return append([]string{"node"}, args...), true
	case "tsx":
		args := argv[1:]
		if len(args) > 0 && args[0] == "watch" {
			args = args[1:]
		}
		var flags []string
		for len(args) > 0 && strings.HasPrefix(args[0], "-") {
			if args[0] != "--clear-screen=false" && args[0] != "--no-cache" {
				flags = append(flags, args[0])
				if name, _, _ := strings.Cut(args[0], "="); name == "--tsconfig" || name == "-e" || name == "-p" {
					return nil, false
				}
				if nodeFlags[args[0]] && len(args) > 1 {
					args = args[1:]
					flags = append(flags, args[0])
				}
			}
			args = args[1:]
		}
		if len(args) == 0 {
			return nil, false
		}
		return append(append([]string{"node", "--import", "tsx"}, flags...), args...), true
	case "ts-node", "ts-node-esm", "ts-node-dev", "tsnd", "ts-node-transpile-only":
		hook := "ts-node/register"
		var hooks []string
		args := argv[1:]
		for len(args) > 0 && strings.HasPrefix(args[0], "-") {
			switch args[0] {
			case "-T", "--transpile-only", "--transpileOnly", "--transpile":
				hook = "ts-node/register/transpile-only"
			case "--respawn", "--clear", "--cls", "--files", "--quiet":
			case "-r", "--require":
				if len(args) < 2 {
					return nil, false
				}
				hooks = append(hooks, args[0], args[1])
				args = args[1:]
			default:
				return nil, false
			}
			args = args[1:]
		}
		if name == "ts-node-esm" || len(args) == 0 {
			return nil, false
		}
		if name == "ts-node-transpile-only" {
			hook = "ts-node/register/transpile-only"
		}
		return slices.Concat([]string{"node", "-r", hook}, hooks, args), true
	}
	return nil, false
}

// SkipOptions drops the options before a command's words; those of valued take a
// word of their own.
func SkipOptions(args []string, valued ...string) []string {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		args = args[min(len(args), width(slices.Contains(valued, args[0]))):]
	}
	return args
}

// width is how many words an option takes.
func width(valued bool) int {
	if valued {
		return 2
	}
	return 1
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
			args = args[min(len(args), width(slices.Contains(valued, args[0]))):]
		default:
			return args
		}
	}
}

// pm2Valued are the options of pm2 that take a word of their own and that a
// container has its own means for:
// https://pm2.keymetrics.io/docs/usage/quick-start/#managing-processes.
var pm2Valued = []string{"-n", "--name", "-i", "--instances", "-l", "--log", "-o", "--output", "-e", "--error", "--max-memory-restart", "--restart-delay", "--namespace", "--exp-backoff-restart-delay"} //nolint:gochecknoglobals // a constant table

// PM2 splits pm2's command into what it starts and the arguments for
// that. ok is false where an option changes what runs.
func PM2(args []string) (target string, rest []string, ok bool) {
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
			if !joined {
				i++
			}
		case strings.HasPrefix(name, "-"):
		case target != "":
			return target, nil, false
		default:
			target = args[i]
		}
	}
	return target, nil, target != ""
}

// hookFlags are the options of node that load a module before the app.
var hookFlags = []string{"--import", "-r", "--require", "--loader", "--experimental-loader"} //nolint:gochecknoglobals // a constant table

// Programs are what a command needs: its program, and the hooks that node
// loads.
func Programs(argv []string) []string {
	out := argv[:1:1]
	for i, w := range argv {
		name, hook, joined := strings.Cut(w, "=")
		if !slices.Contains(hookFlags, name) || argv[0] != "node" {
			continue
		}
		if !joined && i+1 < len(argv) {
			hook = argv[i+1]
		}
		out = append(out, node.PackageOf(hook))
	}
	return out
}
