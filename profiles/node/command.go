package node

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
)

// bunScript matches a script that Bun runs.
var bunScript = regexp.MustCompile(`^(bun|bunx)\s`)

// command is one command of a script: variables set for it, and its words.
type command struct {
	Env  [][2]string
	Argv []string
}

// parseScript splits a script of package.json into the simple commands that
// && joins. ok is false for everything else that a shell can do: then only a
// shell can run it. The grammar:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html.
func parseScript(script string) (list []command, ok bool) {
	if len(script) > 10_000 {
		return nil, false
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), "")
	if err != nil || len(file.Stmts) != 1 {
		return nil, false
	}
	if !flatten(file.Stmts[0], &list) {
		return nil, false
	}
	return list, true
}

func flatten(s *syntax.Stmt, list *[]command) bool {
	if s.Negated || s.Background || s.Coprocess || len(s.Redirs) > 0 {
		return false
	}
	switch x := s.Cmd.(type) {
	case *syntax.BinaryCmd:
		return x.Op == syntax.AndStmt && flatten(x.X, list) && flatten(x.Y, list)
	case *syntax.CallExpr:
		var c command
		for _, a := range x.Assigns {
			if a.Naked || a.Append || a.Index != nil || a.Array != nil {
				return false
			}
			value, ok := "", true
			if a.Value != nil {
				value, ok = plainWord(a.Value)
			}
			if !ok {
				return false
			}
			c.Env = append(c.Env, [2]string{a.Name.Value, value})
		}
		for _, w := range x.Args {
			word, ok := plainWord(w)
			if !ok {
				return false
			}
			c.Argv = append(c.Argv, word)
		}
		if len(c.Argv) == 0 {
			return false
		}
		*list = append(*list, c)
		return true
	}
	return false
}

// plainWord is a word that no shell would change: literals and quotes.
func plainWord(w *syntax.Word) (string, bool) {
	var b strings.Builder
	for _, part := range w.Parts {
		switch x := part.(type) {
		case *syntax.Lit:
			if strings.ContainsAny(x.Value, "*?[~") {
				return "", false
			}
			b.WriteString(unescape(x.Value))
		case *syntax.SglQuoted:
			if x.Dollar {
				return "", false
			}
			b.WriteString(x.Value)
		case *syntax.DblQuoted:
			for _, inner := range x.Parts {
				lit, ok := inner.(*syntax.Lit)
				if !ok || x.Dollar {
					return "", false
				}
				b.WriteString(unescapeQuoted(lit.Value))
			}
		default:
			return "", false
		}
	}
	return b.String(), true
}

var (
	backslash       = regexp.MustCompile(`\\(\n|.)`)
	quotedBackslash = regexp.MustCompile("\\\\([$`\"\\\\])")
)

func unescape(s string) string {
	return backslash.ReplaceAllStringFunc(s, func(m string) string {
		if m[1] == '\n' {
			return ""
		}
		return m[1:]
	})
}

func unescapeQuoted(s string) string {
	return quotedBackslash.ReplaceAllString(strings.ReplaceAll(s, "\\\n", ""), "$1")
}

// unwrap drops wrappers: programs that only prepare the environment of the command
// behind them; each says how many words of its own to drop. A .env file never
// reaches an image, so what loads one is dropped too.
func unwrap(c command) command {
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
				if !ok || !envName.MatchString(name) || len(rest) == 1 && c.Argv[0] == "cross-env-shell" {
					break
				}
				c.Env = append(slices.Clone(c.Env), [2]string{name, value})
				rest = rest[1:]
			}
			if len(rest) == 0 || strings.HasPrefix(rest[0], "-") {
				return c
			}
			if c.Argv[0] == "cross-env-shell" {
				// What is left is a script.
				inner, ok := parseScript(strings.Join(rest, " "))
				if !ok || len(inner) != 1 {
					return command{Env: c.Env, Argv: append([]string{"sh", "-c"}, strings.Join(rest, " "))}
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
		case "yarn":
			if len(c.Argv) < 3 || c.Argv[1] != "node" {
				return c
			}
			c.Argv = c.Argv[1:]
		case "npx", "bunx":
			rest := c.Argv[1:]
			for len(rest) > 0 && (rest[0] == "--no-install" || rest[0] == "-y" || rest[0] == "--yes" || rest[0] == "--no" || rest[0] == "--") {
				rest = rest[1:]
			}
			if len(rest) == 0 || strings.HasPrefix(rest[0], "-") || c.Argv[0] == "bunx" && rest[0] == "--bun" {
				return c
			}
			c.Argv = rest
		default:
			return c
		}
	}
	return c
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// runsScript is the script that a command runs through a package manager, and
// the arguments it passes on: npm start, yarn build, pnpm run serve, bun run x.
func runsScript(f *node.Facts, argv []string) (name string, args []string, ok bool) {
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

// expanded are the commands of a script, with those of the scripts that it
// runs in their place.
func expanded(f *node.Facts, script string) ([]command, bool) {
	list, ok := parseScript(script)
	if !ok {
		return nil, false
	}
	return expand(f, list, 0)
}

// expand replaces what runs another script by that script's own commands,
// with its pre and post scripts. ok is false where only a shell can tell.
func expand(f *node.Facts, list []command, depth int) ([]command, bool) {
	if depth > 8 {
		return nil, false
	}
	var out []command
	for i, c := range list {
		if c.Argv[0] == "cd" && path.Clean(strings.Join(c.Argv[1:], " ")) != "." {
			return append(out, list[i:]...), true // scripts of another folder
		}
		if len(out) > 50 {
			return nil, false // scripts that multiply one another
		}
		c = unwrap(c)
		if names, ok := sequence(f, c.Argv); ok {
			var each []command
			for _, name := range names {
				each = append(each, command{Env: c.Env, Argv: []string{"npm", "run", name}})
			}
			inner, ok := expand(f, each, depth+1)
			if !ok {
				return nil, false
			}
			out = append(out, inner...)
			continue
		}
		name, args, is := runsScript(f, c.Argv)
		if !is {
			out = append(out, c)
			continue
		}
		for _, part := range []string{"pre" + name, name, "post" + name} {
			s, has := f.Script(part)
			if !has {
				continue
			}
			inner, ok := parseScript(s.Value)
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

// quote writes commands as a shell would read them, the last one in place of
// the shell, so that it gets the signals.
func quote(list []command, exec bool) string {
	var parts []string
	for i, c := range list {
		var words []string
		for _, e := range c.Env {
			words = append(words, e[0]+"="+plan.ShellQuote(e[1]))
		}
		if exec && i == len(list)-1 && len(c.Argv) > 0 && c.Argv[0] != "cd" {
			words = append(words, "exec")
		}
		for i, a := range c.Argv {
			if i == 0 && (strings.Contains(a, "=") || syntax.IsKeyword(a)) {
				words = append(words, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
				continue
			}
			words = append(words, plan.ShellQuote(a))
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, " && ")
}

// nodeFlags are the options of node that take their value as a word of their
// own: https://nodejs.org/api/cli.html.
var nodeFlags = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"-r": true, "--require": true, "--import": true, "--loader": true, "--experimental-loader": true,
	"-C": true, "--conditions": true, "-e": true, "--eval": true, "-p": true, "--print": true,
	"--env-file": true, "--env-file-if-exists": true, "--title": true, "--max-http-header-size": true,
}

// script1 is the file that a node command runs: its index in argv, or -1.
func fileIndex(argv []string) int {
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

// asNode turns programs that start node on a file into that: nodemon and the
// like for their file, tsx and ts-node for node with their hook, so that the
// app is the process that gets the signals. ok is false for other programs.
func asNode(argv []string) (out []string, ok bool) {
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
			inner, ok := parseScript(args[i+1])
			if !ok || len(inner) != 1 {
				return nil, false
			}
			rest := append(skipOptions(args[:i:i], "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay"), skipOptions(args[i+2:], "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay")...)
			return asNode(append(unwrap(inner[0]).Argv, rest...))
		}
		args = skipOptions(args, "-w", "--watch", "-e", "--ext", "-i", "--ignore", "--delay", "-n")
		if len(args) == 0 {
			return nil, false
		}
		if strings.HasSuffix(args[0], ".ts") {
			return asNode(append([]string{"ts-node"}, args...))
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
