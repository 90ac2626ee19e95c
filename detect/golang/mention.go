package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Mention is a place where the repository itself builds, runs or starts one
// of its programs.
type Mention struct {
	Pos fact.Pos
	By  By
	// Rule is the part of the file that it stands in: a process of a Procfile,
	// a rule of a Makefile.
	Rule   string
	Dir    string   // the main package, relative to Facts.Dir; "" where the line names a binary alone
	Binary string   // the program's file name, "" where nothing says it
	Starts bool     // it starts the program, with Args; else it builds it
	Args   []string // as far as the line says them
}

// By is a kind of file that mentions programs.
type By string

// The kinds.
const (
	ByProcfile   By = "the Procfile"
	ByHeroku     By = "the heroku line of go.mod"
	ByPlatform   By = "the hosting platform's file"
	ByDockerfile By = "the repository's own Dockerfile"
	ByCompose    By = "the compose file"
	ByGoreleaser By = "the goreleaser file"
	ByMakefile   By = "the Makefile"
	ByReloader   By = "the reloader's file"
	ByReadme     By = "the README"
)

// mentions fills in f.Mentions, f.Exposed and f.Preset. What cannot be read as the file
// that its name says is another tool's, and says nothing.
func (r *reader) mentions(f *Facts) {
	m := &mentioner{r: r, f: f}
	m.procfile()
	m.heroku()
	m.platforms()
	m.dockerfiles()
	m.compose()
	m.goreleaser()
	m.makefile()
	m.reloader()
	m.readme()
	m.prune()
}

// prune drops the commands of a Makefile, of a reloader and of the README that
// start anything but a program of the repository's.
func (m *mentioner) prune() {
	m.f.Mentions = slices.DeleteFunc(slices.Clone(m.f.Mentions), func(x Mention) bool {
		weak := x.By == ByMakefile || x.By == ByReloader || x.By == ByReadme
		return weak && !m.ours(x)
	})
}

// ours reports whether a mention is of a program of the repository's.
func (m *mentioner) ours(x Mention) bool {
	named := func(s string) bool { return s == x.Binary }
	return x.Dir != "" ||
		slices.ContainsFunc(m.mains(), func(y Main) bool { return named(path.Base(y.Dir)) }) ||
		slices.ContainsFunc(m.modules(), func(y Module) bool { return slices.ContainsFunc(guessNames(y.Path.Value), named) }) ||
		slices.ContainsFunc(m.f.Mentions, func(y Mention) bool { return y.Dir != "" && named(y.Binary) })
}

// mentioner collects mentions.
type mentioner struct {
	r *reader
	f *Facts
}

// mains are the main packages of the folder's own build and of those below.
func (m *mentioner) mains() []Main {
	out := slices.Clone(m.f.Mains)
	for _, f := range m.f.Nested {
		out = append(out, f.Mains...)
	}
	return out
}

func (m *mentioner) isMain(dir string) bool {
	return slices.ContainsFunc(m.mains(), func(x Main) bool { return x.Dir == dir })
}

// modules are the local modules of the same builds.
func (m *mentioner) modules() []Module {
	out := slices.Clone(m.f.Modules)
	for _, f := range m.f.Nested {
		out = append(out, f.Modules...)
	}
	return out
}

// The most of one such file that is read.
const maxMention = 256 << 10

// read returns the text of a file, "" where there is none.
func (m *mentioner) read(name string) string {
	if !m.r.has(name) {
		return ""
	}
	text, err := m.r.t.ReadHead(m.r.at(name), maxMention)
	if err != nil {
		return ""
	}
	return string(text)
}

func (m *mentioner) add(x Mention) {
	same := func(o Mention) bool {
		return o.Pos == x.Pos && o.Rule == x.Rule && o.Dir == x.Dir && o.Binary == x.Binary && slices.Equal(o.Args, x.Args)
	}
	if len(m.f.Mentions) < 500 && !slices.ContainsFunc(m.f.Mentions, same) {
		m.f.Mentions = append(m.f.Mentions, x)
	}
}

// place is where and as what a command is mentioned.
type place struct {
	pos  fact.Pos
	by   By
	rule string
	dir  string // the working directory within the repository
}

// script records the programs that a shell script builds, runs and starts.
// vars gives the values of variables; nil knows none.
func (m *mentioner) script(text string, vars map[string]string, at place) {
	for _, c := range shellCommands(text, vars) {
		in := at
		in.dir = path.Join(at.dir, c.dir)
		if path.IsAbs(c.dir) {
			in.dir = at.dir
		}
		m.command(c.words, in)
	}
}

// command records one command.
func (m *mentioner) command(words []string, at place) {
	words = unwrap(words)
	switch {
	case len(words) == 0 || strings.Contains(words[0], hole) || strings.HasPrefix(words[0], "-"):
	case path.Base(words[0]) == "go" && len(words) > 1:
		m.goCommand(words[1], words[2:], at)
	case path.Base(words[0]) == "air" || path.Base(words[0]) == "make" || path.Base(words[0]) == "docker":
	default:
		m.add(Mention{Pos: at.pos, By: at.by, Rule: at.rule, Binary: path.Base(words[0]), Starts: true, Args: known(words[1:])})
	}
}

// known are the words before the first whose value is not known; a flag before
// that one goes with it.
func known(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, hole) })
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
var valued = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"C": true, "p": true, "covermode": true, "coverpkg": true, "asmflags": true, "buildmode": true, "compiler": true,
	"gccgoflags": true, "gcflags": true, "installsuffix": true, "ldflags": true, "mod": true, "modfile": true,
	"overlay": true, "pgo": true, "pkgdir": true, "tags": true, "toolexec": true, "o": true, "exec": true,
}

// goCommand records what go build, go install and go run name.
func (m *mentioner) goCommand(verb string, words []string, at place) {
	if verb != "build" && verb != "install" && verb != "run" {
		return
	}
	output := ""
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		name, value, has := strings.Cut(strings.TrimLeft(words[0], "-"), "=")
		words = words[1:]
		if valued[name] && !has && len(words) > 0 {
			value, words = words[0], words[1:]
		}
		switch name {
		case "o":
			output = value
		case "C":
			at.dir = path.Join(at.dir, value)
		}
	}
	if verb == "run" {
		m.goRun(words, at)
		return
	}
	if len(words) == 0 {
		words = []string{"."}
	}
	dirs := m.dirs(words, at)
	for _, dir := range dirs {
		x := Mention{Pos: at.pos, By: at.by, Rule: at.rule, Dir: dir}
		if out := path.Base(output); len(dirs) == 1 && output != "" && !strings.Contains(out, hole) && !strings.HasSuffix(output, "/") {
			x.Binary = out
		}
		m.add(x)
	}
}

// goRun records the package of a go run, and the arguments that follow it.
func (m *mentioner) goRun(words []string, at place) {
	n := 0
	for n < len(words) && strings.HasSuffix(words[n], ".go") {
		n++
	}
	n = max(n, 1)
	if n > len(words) {
		return
	}
	if dirs := m.dirs(words[:n], at); len(dirs) == 1 {
		m.add(Mention{Pos: at.pos, By: at.by, Rule: at.rule, Dir: dirs[0], Starts: true, Args: known(words[n:])})
	}
}

// dirs are the folders of the main packages that the arguments of the go
// command name.
func (m *mentioner) dirs(words []string, at place) []string {
	var out []string
	for _, w := range words {
		dir, ok := m.dir(w, at.dir)
		if ok && !slices.Contains(out, dir) && m.isMain(dir) {
			out = append(out, dir)
		}
	}
	return out
}

// dir is the folder that one argument names: a file, a relative path or an
// import path of a local module.
func (m *mentioner) dir(word, from string) (string, bool) {
	word, _, _ = strings.Cut(word, "@")
	if word == "" || strings.Contains(word, hole) || strings.Contains(word, "...") || path.IsAbs(word) {
		return "", false
	}
	if strings.HasSuffix(word, ".go") || path.Base(word) == "*" {
		word = path.Dir(word)
		if !strings.HasPrefix(word, ".") {
			word = "./" + word
		}
	}
	if strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") || word == "." || word == ".." {
		dir := path.Join(from, word)
		return dir, !outside(dir)
	}
	for _, mod := range m.modules() {
		p := mod.Path.Value
		for _, p := range []string{p, strings.TrimSuffix(p, "/"+path.Base(p))} {
			if p != mod.Path.Value && !majorVersion.MatchString(path.Base(mod.Path.Value)) || p == "" {
				continue
			}
			if rest, ok := strings.CutPrefix(word+"/", p+"/"); ok {
				return path.Join(mod.Dir, rest), true
			}
		}
	}
	return "", false
}
