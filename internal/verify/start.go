package verify

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/shell"
)

// base is a base image: what it starts if the file names no entry point, and which programs
// it has. Its zero value is an image of which nothing is known.
type base struct {
	entry    []string
	family   Family
	programs []string // on its PATH, beside those of its family
}

// Family is what a base image has beside a language.
type Family string

// The families. A bare image has neither a shell nor the usual programs.
const (
	Bare   Family = "bare"
	Debian Family = "debian"
	Alpine Family = "alpine"
)

// bases are the images of which it is known what they have, by the beginning of the name:
// https://github.com/GoogleContainerTools/distroless, https://hub.docker.com/_/node and
// https://hub.docker.com/_/python. What has "alpine" in its tag is of that family.
var bases = []struct { //nolint:gochecknoglobals // a constant table
	prefix string
	base   base
}{
	{"scratch", base{family: Bare}},
	{"gcr.io/distroless/nodejs", base{family: Bare, entry: []string{"/nodejs/bin/node"}, programs: []string{"node"}}},
	{"gcr.io/distroless/python3", base{family: Bare, entry: []string{"/usr/bin/python3"}, programs: []string{"python3", "python"}}},
	{"gcr.io/distroless/java-base", base{family: Bare}},
	{"gcr.io/distroless/java", base{family: Bare, entry: []string{"/usr/bin/java", "-jar"}, programs: []string{"java"}}},
	{"gcr.io/distroless/", base{family: Bare}},
	{"node:", base{family: Debian, programs: []string{"node", "npm", "npx", "yarn", "yarnpkg", "corepack", "docker-entrypoint.sh"}}},
	{"python:", base{family: Debian, programs: []string{"python", "python3", "pip", "pip3"}}},
	{"debian:", base{family: Debian}},
	{"alpine:", base{family: Alpine}},
}

func imageOf(name string) base {
	for _, b := range bases {
		if strings.HasPrefix(name, b.prefix) {
			out := b.base
			if out.family == Debian && strings.Contains(name, "alpine") {
				out.family = Alpine
			}
			return out
		}
	}
	return base{}
}

// holds reports whether a path may be the image's own. What a Dockerfile makes is below
// other folders than the system's.
func (b base) holds(name string) bool {
	top, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	switch top {
	case "app", "src", "out", "folders", "rootfs", "build", "work":
		return false
	}
	return true
}

// start checks what a stage starts. Only of prod's programs is it said that they are missing;
// the other targets hold the tools of the language.
func (c *checker) start(st *stage, prod bool) {
	at := st.cmdLine
	if len(st.cmd) == 0 {
		at = st.entryLine
	}
	if at == 0 {
		return
	}
	words := slices.Concat(st.entry, st.cmd)
	if st.entryLine == 0 { // an ENTRYPOINT takes the image's away
		words = slices.Concat(st.image.entry, st.cmd)
	}
	list := make([]shell.Word, len(words))
	for i, w := range words {
		list[i] = shell.Literal(w)
	}
	cmd := shell.Command{Dir: st.dir, Words: list}.Unwrap()
	if text, ok := cmd.Text(); ok {
		if prod && !c.has(st, "sh") {
			c.fault(at, "starts a shell, which its image does not have")
			return
		}
		script, err := shell.Read(text, shell.Start{Dir: st.dir})
		if err != nil {
			return
		}
		for _, s := range script.Commands {
			if !s.Conditional && !s.Captured {
				c.starts(st, at, prod, s.Unwrap())
			}
		}
		return
	}
	c.starts(st, at, prod, cmd)
}

// starts checks one command of what a stage starts: its program, and the file that an
// interpreter is given.
func (c *checker) starts(st *stage, at int, prod bool, cmd shell.Command) {
	if len(cmd.Words) == 0 || !cmd.Known() || strings.Contains(cmd.Dir, shell.Unknown) {
		return
	}
	words := shell.Texts(cmd.Words)
	program := words[0]
	switch {
	case strings.Contains(program, "/"):
		if file := join(cmd.Dir, program); !c.may(st, file) {
			c.fault(at, "starts %s, which is neither in the repository nor made by a step", program)
			return
		}
	case prod && !isBuiltin(program) && !c.has(st, program):
		c.fault(at, "starts %s, which its image does not have", program)
		return
	}
	file, ok := script(path.Base(program), words[1:])
	if !ok {
		return
	}
	for _, name := range forms(path.Base(program), join(cmd.Dir, file)) {
		if c.may(st, name) {
			return
		}
	}
	c.fault(at, "starts %s, which is neither in the repository nor made by a step", file)
}

// isBuiltin reports whether a shell itself does what the word says.
func isBuiltin(word string) bool {
	return slices.Contains([]string{"cd", "exec", "export", "set", "exit", "trap", "wait", ":", "true", "false", "echo", "test", "[", "unset", "umask", "ulimit", "."}, word)
}

// has reports whether a program may be on the PATH of a stage.
func (c *checker) has(st *stage, program string) bool {
	if st.image.family == "" || slices.Contains(st.image.programs, program) || c.onPath(st, program) {
		return true
	}
	if st.image.family == Bare {
		return false
	}
	packages, known := c.packages(st.image.family, program)
	if !known { // one of the packages may have it
		return len(st.installed) > 0
	}
	return len(packages) == 0 || slices.ContainsFunc(packages, func(p string) bool { return slices.Contains(st.installed, p) })
}

// onPath reports whether a layer or a step may have put a program into a folder of PATH.
func (c *checker) onPath(st *stage, program string) bool {
	for _, dir := range slices.Concat(st.path, []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
		name := path.Join(dir, program)
		copied := slices.ContainsFunc(st.layers, func(l layer) bool { return c.brings(l, name) })
		if copied || slices.Contains(st.made, name) || slices.ContainsFunc(st.open, func(o string) bool { return within(name, o) }) {
			return true
		}
	}
	return false
}

// script is the file that an interpreter is told to run, if it is told by a path that says
// so: flags that are not known may take the word behind them.
func script(program string, args []string) (string, bool) {
	takes := map[string][]string{ // flags and what of them takes the next word
		"node": {"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--conditions"},
		"sh":   nil, "bash": nil, "python": {"-W", "-X"}, "python3": {"-W", "-X"}, "java": {"-cp", "-classpath", "--class-path", "-p", "--module-path"},
	}
	flags, ok := takes[program]
	if !ok {
		return "", false
	}
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case program == "java" && a == "-jar" && i+1 < len(args):
			return args[i+1], true
		case slices.Contains(flags, a):
			i++
		case a == "-m" || a == "-c" || a == "-e" || a == "-p" || a == "--eval" || a == "--print" || a == "--test" || a == "--run" || a == "-":
			return "", false
		case strings.HasPrefix(a, "-"):
		case program == "java" || a == "inspect" || strings.ContainsAny(a, "$*"):
			return "", false
		default:
			return a, true
		}
	}
	return "", false
}

// forms are the files that an interpreter takes a path for:
// https://nodejs.org/api/modules.html#file-modules.
func forms(program, file string) []string {
	switch program {
	case "node":
		return []string{file, file + ".js", file + ".json", file + ".node", file + ".mjs", file + ".cjs", path.Join(file, "index.js")}
	default:
		return []string{file}
	}
}
