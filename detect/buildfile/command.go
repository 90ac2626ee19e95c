package buildfile

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Go is a go build, go install or go run.
type Go struct {
	Verb     string
	Flags    map[string]string // by name, without hyphens
	Tags     []string
	Packages []string // as they stand there
	Args     []string // of go run: what follows the package
}

// place is where commands stand.
type place struct {
	pos  fact.Pos
	rule string
	dir  string // the working directory within the folder
}

// at is a line of the file.
func (f *File) at(n int) place { return place{pos: fact.At(f.Name, n), dir: "."} }

// script adds the commands of a shell script; one that the shell's grammar
// does not take is searched for the go command alone.
func (f *File) script(text string, vars map[string]string, at place) {
	calls, err := shell(text, vars)
	if err != nil {
		f.search(text, at)
	}
	for _, c := range calls {
		in := at
		if !path.IsAbs(c.dir) {
			in.dir = path.Join(at.dir, c.dir)
		}
		f.command(c.words, c.env, in)
	}
}

// command adds one command.
func (f *File) command(words, env []string, at place) {
	words, set := unwrap(words)
	if len(words) == 0 || strings.Contains(words[0], Hole) || strings.HasPrefix(words[0], "-") {
		return
	}
	c := Command{Pos: at.pos, Rule: at.rule, Dir: at.dir, Env: goEnv(slices.Concat(env, set)), Words: words}
	if path.Base(words[0]) == "go" {
		if c.Go = parseGo(words[1:]); c.Go == nil {
			return
		}
		c.Dir = path.Join(c.Dir, c.Go.Flags["C"])
	}
	f.add(c)
}

func (f *File) add(c Command) {
	if len(f.Commands) < maxCommands {
		f.Commands = append(f.Commands, c)
	}
}

// Sure are the words before the first that is not known; a flag before that
// one goes with it.
func Sure(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, Hole) })
	if i < 0 {
		return slices.Clone(words)
	}
	if i > 0 && strings.HasPrefix(words[i-1], "-") && !strings.HasPrefix(words[i], "-") {
		i--
	}
	return slices.Clone(words[:i])
}

// valued are the flags of go build and go run that take a value:
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies.
var valued = []string{ //nolint:gochecknoglobals // a constant table
	"C", "p", "covermode", "coverpkg", "asmflags", "buildmode", "compiler", "gccgoflags", "gcflags", "installsuffix", "ldflags",
	"mod", "modfile", "overlay", "pgo", "pkgdir", "tags", "toolexec", "o", "exec",
}

// parseGo reads the words after "go"; nil for what builds no program. A word
// that is not known, in front of the packages, may be any flags.
func parseGo(words []string) *Go {
	g := &Go{Flags: map[string]string{}}
	words = g.flags(words)
	if len(words) == 0 || words[0] != "build" && words[0] != "install" && words[0] != "run" {
		return nil
	}
	g.Verb = words[0]
	words = g.flags(words[1:])
	g.Tags = splitTags(g.Flags["tags"])
	n := len(words)
	if g.Verb == "run" {
		n = slices.IndexFunc(words, func(w string) bool { return !strings.HasSuffix(w, ".go") })
		if n < 0 {
			n = len(words)
		}
		n = min(max(n, 1), len(words))
		g.Args = words[n:]
	}
	g.Packages = words[:n]
	return g
}

// flags takes in the flags at the start, and returns what follows them.
func (g *Go) flags(words []string) []string {
	for len(words) > 0 && (strings.HasPrefix(words[0], "-") || words[0] == Hole && len(words) > 1) {
		name, value, has := strings.Cut(strings.TrimLeft(words[0], "-"), "=")
		if words = words[1:]; !has && slices.Contains(valued, name) && len(words) > 0 {
			value, words = words[0], words[1:]
		}
		g.Flags[name] = value
	}
	return words
}

var tagWord = regexp.MustCompile(`^[A-Za-z0-9_.]+$`)

// splitTags takes the value of -tags apart: separated by commas, or, as they
// once were, by spaces. What is not known says nothing, and what is no tag makes
// the list none.
func splitTags(s string) []string {
	if strings.ContainsAny(s, "{}") { // a template
		return nil
	}
	var out []string
	for _, tag := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch {
		case tagWord.MatchString(tag):
			out = append(out, tag)
		case !strings.Contains(tag, Hole):
			return nil
		}
	}
	return out
}

// TagsIn lists the tags in a GOFLAGS.
func TagsIn(goflags string) []string {
	g := Go{Flags: map[string]string{}}
	g.flags(strings.Fields(goflags))
	return splitTags(g.Flags["tags"])
}

var (
	goCommand = regexp.MustCompile(`(?:^|[\s;&|@("'` + "`" + `!])((?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s;&|"'])*\s+)*(?:go|\$[({]GO(?:CMD|BIN|_BIN|LANG)?[)}])\s+(?:-C\s+\S+\s+)?(?:build|install|run)\s[^;&|\n]*)`)
	goWord    = regexp.MustCompile(`\$[({]GO(?:CMD|BIN|_BIN|LANG)?[)}]`)
	anyWord   = regexp.MustCompile(`(?:[^\s"']|"[^"]*"|'[^']*')+`)
)

// lines adds the go commands that stand somewhere in lines of a file of any
// kind, such as a script of a language that dockgen does not read.
func (f *File) lines(lines []line, vars *scope) {
	for _, l := range lines {
		if comment(l.text) || len(f.Commands) >= maxCommands {
			continue
		}
		f.search(vars.expand(goWord.ReplaceAllString(l.text, "go")), f.at(l.n))
	}
}

// search adds the go commands in one line.
func (f *File) search(text string, at place) {
	for _, m := range goCommand.FindAllStringSubmatch(text, 20) {
		if calls, err := shell(m[1], nil); err == nil && len(calls) > 0 {
			f.command(calls[0].words, calls[0].env, at)
			continue
		}
		words := anyWord.FindAllString(m[1], 200)
		for i, w := range words {
			words[i] = strings.NewReplacer(`"`, "", `'`, "").Replace(w)
		}
		f.command(words, nil, at)
	}
}

// wrappers are commands that run the command in their arguments.
var wrappers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"exec": true, "env": true, "sudo": true, "nice": true, "nohup": true, "time": true, "command": true,
	"tini": true, "dumb-init": true, "catatonit": true, "su-exec": true, "gosu": true,
}

var settingWord = regexp.MustCompile(`^[A-Za-z_]\w*=`)

// unwrap drops the wrappers before a command, with their options and the
// variables that are set there.
func unwrap(words []string) (rest, set []string) {
	for len(words) > 0 {
		base := path.Base(words[0])
		if !wrappers[base] && !settingWord.MatchString(words[0]) {
			break
		}
		if wrappers[base] {
			words = words[1:]
		}
		for len(words) > 0 && (strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "=")) {
			set, words = append(set, words[0]), words[1:]
		}
		if (base == "su-exec" || base == "gosu") && len(words) > 0 {
			words = words[1:]
		}
	}
	return words, set
}

// goEnv are those of some NAME=value that the go command reads.
func goEnv(list []string) map[string]string {
	out := map[string]string{}
	for _, s := range list {
		if name, v, ok := strings.Cut(s, "="); ok && known(name, v) {
			out[name] = v
		}
	}
	return out
}
