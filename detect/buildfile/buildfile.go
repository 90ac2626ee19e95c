// Package buildfile reads what a repository's own files say of building and
// running its programs: Makefiles, Dockerfiles, scripts, CI, the goreleaser
// file, Procfiles and the files of hosting platforms.
//
// A file becomes a File: the commands that it runs, each with its place, and
// the variables that it sets for them. Nothing is run, and whatever the shell,
// make or a template computes is not known: Hole stands in its place. Which of
// the commands are of a program of the repository's is for the caller to say.
package buildfile

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
)

// Kind is a kind of file, as a message calls it.
type Kind string

// The kinds.
const (
	Procfile   Kind = "the Procfile"
	Heroku     Kind = "the heroku line of go.mod"
	Platform   Kind = "the hosting platform's file"
	Dockerfile Kind = "the repository's own Dockerfile"
	Compose    Kind = "the compose file"
	Goreleaser Kind = "the goreleaser file"
	Makefile   Kind = "the Makefile"
	Reloader   Kind = "the reloader's file"
	Readme     Kind = "the README"
	Task       Kind = "the task runner's file"
	Script     Kind = "a script"
	CI         Kind = "the CI's file"
)

// Rank orders the kinds of files by how much the builds in them count: the
// releases, then images, task runners, scripts and CI. The others come last:
// they build for the one who works on the program, or for nobody.
func (k Kind) Rank() int {
	i := slices.IndexFunc([][]Kind{{Goreleaser}, {Dockerfile}, {Makefile, Task}, {Script}, {CI}}, func(l []Kind) bool { return slices.Contains(l, k) })
	if i < 0 {
		return Nowhere
	}
	return i
}

// Nowhere is the last rank.
const Nowhere = 5

// Var is a variable with its value.
type Var struct{ Name, Value string }

// File is what one file says.
type File struct {
	Name     string // relative to the scanned root
	Kind     Kind
	Env      []fact.Fact[Var] // of the go command, for every command in the file
	Commands []Command
	Links    []Link
	Rewrites []fact.Fact[Rewrite]
	Vet      fact.Fact[string] // go vet, where it runs that

	// Of a Dockerfile, of its last stage.
	Default bool // docker build takes it
	Ports   []fact.Fact[int]
	Preset  []fact.Fact[Var] // what ENV sets

	rel   string // relative to the Reader's folder
	image bool   // a Dockerfile that parses and has a stage
}

// Command is a command that builds or starts a program.
type Command struct {
	Pos fact.Pos
	// Rule is the part of the file that it stands in: a process of a Procfile,
	// a rule of a Makefile that runs it, or that needs one which does.
	Rule string
	Dir  string            // where it runs, relative to the Reader's folder
	Env  map[string]string // what it sets of the go command's variables
	// Words are its words, with Hole for what is not known. The first is "" for
	// the arguments of an image's own program.
	Words  []string
	Go     *Go    // go build, go install or go run
	Binary string // what it builds is called so, where its words do not say that
}

// Hole stands in a word for what is not known before the command runs.
const Hole = "\ufffc"

// The most of one file that is read, and the most commands and flags of the
// linker that are taken from it.
const (
	maxFile     = 256 << 10
	maxCommands = 500
)

// Reader reads each file below one folder once.
type Reader struct {
	t     *tree.Tree
	dir   string
	files map[string]*File
	mises map[string]toolversion.Mise
}

// NewReader returns the reader of a folder of the tree.
func NewReader(t *tree.Tree, dir string) *Reader {
	return &Reader{t: t, dir: dir, files: map[string]*File{}, mises: map[string]toolversion.Mise{}}
}

func (r *Reader) at(name string) string { return path.Join(r.dir, name) }

// Folders are the places of files that speak for a build: its home, and the
// folder itself.
func Folders(home string) []string { return slices.Compact([]string{home, "."}) }

// buildFolders are those in which a repository keeps what builds it, beside
// its root.
var buildFolders = []string{"scripts", "script", "hack", "build", "ci", ".ci", "docker", "deploy", "tools", ".github/workflows", ".circleci"} //nolint:gochecknoglobals // a constant table

var buildName = regexp.MustCompile(`(?i)^(\.?goreleaser\.ya?ml|(gnu)?makefile|taskfile\.(dist\.)?ya?ml|\.?justfile|magefile\.go|dockerfile(\..+)?|.+\.dockerfile|earthfile|\.ko\.yaml|\.gitlab-ci\.yml|\.travis\.yml|.+\.(mk|sh|just))$`)

// Builds lists the files that say how the build in home, a path relative to
// the folder, is made, those of its home first.
func (r *Reader) Builds(home string) []*File {
	var out []*File
	add := func(dir string, yaml bool) {
		for _, base := range r.t.Names(r.at(dir)) {
			if buildName.MatchString(base) || yaml && isYAML(base) {
				if f := r.file(path.Join(dir, base)); f != nil && !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	for _, dir := range Folders(home) {
		add(dir, false)
	}
	for _, dir := range buildFolders {
		add(dir, strings.HasPrefix(dir, "."))
	}
	return out
}

// runs are the files that build and start programs, those that count more
// first; of a kind, all count or the first that is there.
var runs = []struct { //nolint:gochecknoglobals // a constant table
	kind  Kind
	all   bool
	names []string
}{
	{Procfile, false, []string{"Procfile"}},
	{Heroku, false, []string{"go.mod"}},
	{Platform, true, platformNames()},
	{Dockerfile, false, imageNames},
	{Compose, false, []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}},
	{Goreleaser, false, []string{".goreleaser.yaml", ".goreleaser.yml", "goreleaser.yaml", "goreleaser.yml"}},
	{Makefile, false, []string{"GNUmakefile", "makefile", "Makefile"}},
	{Reloader, false, []string{".air.toml", "air.toml"}},
	{Readme, true, []string{"README.md", "Readme.md", "readme.md", "README", "README.rst"}},
}

// Runs lists the files that build and start the folder's programs.
func (r *Reader) Runs() []*File {
	var out []*File
	for _, row := range runs {
		n := len(out)
		add := func(names []string, all bool) {
			for _, name := range names {
				if f := r.file(name); f != nil && (all || len(out) == n) && (f.image || f.Kind != Dockerfile) {
					out = append(out, f)
				}
			}
		}
		if add(row.names, row.all); len(out) == n && row.kind == Dockerfile {
			add(r.images(), true)
		}
	}
	return out
}

// kindOf says what a file, relative to the folder, is by its name.
func kindOf(name string) Kind {
	for _, row := range runs {
		if slices.Contains(row.names, name) {
			return row.kind
		}
	}
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.HasPrefix(strings.TrimPrefix(base, "."), "goreleaser."):
		return Goreleaser
	case strings.HasPrefix(base, "dockerfile"), strings.HasSuffix(base, ".dockerfile"), base == "containerfile":
		return Dockerfile
	case strings.HasSuffix(base, "makefile"), strings.HasSuffix(base, ".mk"):
		return Makefile
	case strings.HasSuffix(base, ".sh"):
		return Script
	case strings.Contains(name, ".github/"), strings.Contains(name, ".circleci/"), base == ".gitlab-ci.yml", base == ".travis.yml":
		return CI
	}
	return Task
}

// file reads one; nil where there is none that says anything. dockgen's own
// Dockerfile does not: what dockgen made of the others must not speak for itself.
func (r *Reader) file(name string) *File {
	if f, ok := r.files[name]; ok {
		return f
	}
	r.files[name] = nil
	if path.Base(name) == "Dockerfile" && r.t.Managed(r.at(path.Dir(name))) || !r.t.Has(r.at(name)) {
		return nil
	}
	text, err := r.t.ReadHead(r.at(name), maxFile)
	if err != nil || len(text) == 0 {
		return nil
	}
	f := &File{Name: r.at(name), Kind: kindOf(name), rel: name}
	if f.Kind == Procfile {
		r.procfile(f)
	} else if !f.read(string(text)) {
		return nil
	}
	r.files[name] = f
	return f
}

// read takes in the text of a file. It reports whether that says anything.
func (f *File) read(text string) bool {
	switch f.Kind {
	case Heroku:
		f.heroku(text)
	case Compose:
		f.compose(text)
	case Reloader:
		f.reloader(text)
	case Readme:
		f.readme(text)
	default:
		return f.build(text)
	}
	return true
}

// build takes in a file that may build programs.
func (f *File) build(text string) bool {
	lines := joined(text)
	vars := assigned(f.Name, text)
	switch f.Kind {
	case Dockerfile:
		if !f.dockerfile(text) {
			return false
		}
	case Goreleaser:
		f.goreleaser(text)
	case Platform:
		f.platform(text)
	case Makefile:
		mk := parseMake(lines)
		vars = mk.vars
		f.makefile(mk)
	default:
		f.lines(lines, newScope(vars, Hole))
	}
	if f.Kind != Goreleaser {
		f.Env = f.settings(text)
	}
	f.links(text, newScope(vars, ""))
	f.rewrites(lines)
	f.vet(lines)
	return true
}

var vetCommand = regexp.MustCompile(`(^|[\s;&|@"'(])go vet\b`)

func (f *File) vet(lines []line) {
	for _, l := range lines {
		if !comment(l.text) && vetCommand.MatchString(l.text) {
			f.Vet = fact.New("go vet", f.Name, l.n)
			return
		}
	}
}

// Mise is the mise.toml of a folder.
func (r *Reader) Mise(dir string) (toolversion.Mise, error) {
	if m, ok := r.mises[dir]; ok {
		return m, nil
	}
	m, err := toolversion.ReadMise(r.t, r.at(dir))
	if err == nil {
		r.mises[dir] = m
	}
	return m, err
}

// Surroundings are the variables of the go command that mise.toml and .envrc
// set for whoever works in the home of a build:
// https://mise.jdx.dev/environments/ and https://direnv.net/.
func (r *Reader) Surroundings(home string) ([]fact.Fact[Var], error) {
	var out []fact.Fact[Var]
	for _, dir := range Folders(home) {
		mise, err := r.Mise(dir)
		if err != nil {
			return nil, err
		}
		for _, v := range mise.Env {
			if known(v.Name, v.Value) {
				out = append(out, fact.Fact[Var]{Value: Var{v.Name, v.Value}, Pos: v.Pos})
			}
		}
		f := File{Name: r.at(path.Join(dir, ".envrc")), Kind: Script}
		if text, err := r.t.ReadHead(f.Name, 64<<10); err == nil {
			out = append(out, f.settings(string(text))...)
		}
	}
	return out, nil
}

func isYAML(name string) bool { return path.Ext(name) == ".yml" || path.Ext(name) == ".yaml" }
