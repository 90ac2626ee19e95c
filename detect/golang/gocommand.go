package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

// goFile is what a build file says of Go.
type goFile struct {
	*buildfile.File
	commands []goCommand
	env      []fact.Fact[Var] // of the go command, for every command in the file
	links    []link
	rewrites []fact.Fact[Rewrite]
	vet      fact.Fact[string] // go vet, where it runs that
}

// goCommand is a command of a build file, and the go build, go install or go
// run that it is.
type goCommand struct {
	buildfile.Command
	set      map[string]string // the go command's variables that it sets
	verb     string            // "build", "install", "run"; "" for another program
	flags    map[string]string // by name, without hyphens
	tags     []string
	packages []string // as they stand there
	args     []string // of go run: what follows the package
}

// readGoFile reads a build file.
func readGoFile(f *buildfile.File) *goFile {
	g := &goFile{File: f, env: settingsIn(f), rewrites: rewritesIn(f), vet: vetIn(f)}
	for _, c := range f.Commands {
		if c, ok := parseGo(c); ok {
			g.commands = append(g.commands, c)
		}
	}
	switch {
	case f.Kind == buildfile.Readme:
		n := 0
		for l := range strings.Lines(f.Text) {
			n++
			for part := range strings.FieldsFuncSeq(l, func(r rune) bool { return strings.ContainsRune("`|<>()\n", r) }) {
				g.search(part, "", n)
			}
		}
	case f.Loose:
		for _, l := range buildfile.Lines(f.Text) {
			if !l.Comment() {
				g.search(f.Expand(goWord.ReplaceAllString(l.Text, "go"), buildfile.Unknown), "", l.N)
			}
		}
	}
	for _, b := range f.Broken {
		g.search(f.Expand(goWord.ReplaceAllString(b.Text, "go"), buildfile.Unknown), b.Rule, b.Pos.Line)
	}
	g.links = linksIn(f, f.Kind == buildfile.Goreleaser && slices.ContainsFunc(g.commands, func(c goCommand) bool {
		_, said := c.flags["ldflags"]
		return c.verb != "" && !said
	}))
	return g
}

// valued are the flags of go build and go run that take a value:
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies.
var valued = []string{ //nolint:gochecknoglobals // a constant table
	"C", "p", "covermode", "coverpkg", "asmflags", "buildmode", "compiler", "gccgoflags", "gcflags", "installsuffix", "ldflags",
	"mod", "modfile", "overlay", "pgo", "pkgdir", "tags", "toolexec", "o", "exec",
}

// parseGo reads the words of a command. ok is false for a go command that builds
// no program. A word that is not known, in front of the packages, may be any
// flags.
func parseGo(c buildfile.Command) (goCommand, bool) {
	g := goCommand{Command: c, set: goEnv(c.Env), flags: map[string]string{}}
	if c.Program() != "go" {
		return g, true
	}
	words := g.takeFlags(c.Words[1:])
	if len(words) == 0 || words[0] != "build" && words[0] != "install" && words[0] != "run" {
		return g, false
	}
	g.verb = words[0]
	words = g.takeFlags(words[1:])
	g.tags = splitTags(g.flags["tags"])
	n := len(words)
	if g.verb == "run" {
		n = slices.IndexFunc(words, func(w string) bool { return !strings.HasSuffix(w, ".go") })
		if n < 0 {
			n = len(words)
		}
		n = min(max(n, 1), len(words))
		g.args = words[n:]
	}
	g.packages = words[:n]
	g.Dir = path.Join(g.Dir, g.flags["C"])
	return g, true
}

// takeFlags takes in the flags at the start, and returns what follows them.
func (g *goCommand) takeFlags(words []string) []string {
	for len(words) > 0 && (strings.HasPrefix(words[0], "-") || words[0] == buildfile.Unknown && len(words) > 1) {
		name, value, has := strings.Cut(strings.TrimLeft(words[0], "-"), "=")
		if words = words[1:]; !has && slices.Contains(valued, name) && len(words) > 0 {
			value, words = words[0], words[1:]
		}
		g.flags[name] = value
	}
	return words
}

var tagWord = lazy.MustCompile(`^[A-Za-z0-9_.]+$`)

// splitTags takes the value of -tags apart: separated by commas, or, as they
// once were, by spaces. What is not known says nothing, and what is no tag makes
// the list none.
func splitTags(s string) []string {
	var out []string
	for _, tag := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch {
		case tagWord.MatchString(tag):
			out = append(out, tag)
		case strings.ContainsAny(tag, "{}"): // a template
			return nil
		case !strings.Contains(tag, buildfile.Unknown):
			return nil
		}
	}
	return out
}

// tagsIn lists the tags in a GOFLAGS.
func tagsIn(goflags string) []string {
	g := goCommand{flags: map[string]string{}}
	g.takeFlags(strings.Fields(goflags))
	return splitTags(g.flags["tags"])
}

var (
	goLine  = lazy.MustCompile(`(?:^|[\s;&|@("'` + "`" + `!])((?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s;&|"'])*\s+)*(?:go|\$[({]GO(?:CMD|BIN|_BIN|LANG)?[)}])\s+(?:-C\s+\S+\s+)?(?:build|install|run)\s[^;&|\n]*)`)
	goWord  = lazy.MustCompile(`\$[({]GO(?:CMD|BIN|_BIN|LANG)?[)}]`)
	anyWord = lazy.MustCompile(`(?:[^\s"']|"[^"]*"|'[^']*')+`)
)

// search adds the go commands that stand somewhere in a line: of the README, of
// a file whose language dockgen does not read, or of a shell text that is none.
func (g *goFile) search(text, rule string, n int) {
	if len(g.commands) >= maxSearched {
		return
	}
	for _, m := range goLine.FindAllStringSubmatch(text, 20) {
		c := buildfile.Command{Pos: fact.At(g.Name, n), Rule: rule, Dir: "."}
		if s, err := shell.Read(m[1], shell.Start{}); err == nil && len(s.Commands) > 0 {
			first := s.Commands[0].Unwrap()
			c.Words = shell.Texts(first.Words)
			for _, e := range first.Env {
				c.Env = append(c.Env, Var{Name: e.Name, Value: e.Value.Text})
			}
		} else {
			for _, w := range anyWord.FindAllString(m[1], 200) {
				c.Words = append(c.Words, strings.NewReplacer(`"`, "", `'`, "").Replace(w))
			}
			for len(c.Words) > 0 && strings.Contains(c.Words[0], "=") {
				c.Words = c.Words[1:]
			}
		}
		if x, ok := parseGo(c); ok && x.verb != "" {
			g.commands = append(g.commands, x)
		}
	}
}
