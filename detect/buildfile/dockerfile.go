package buildfile

import (
	"iter"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	dockershell "github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Image is what a Dockerfile makes: its stages, and what its last stage has, with
// what that inherits from the stages that it is built on. A value that depends
// on a variable without one holds Unknown.
type Image struct {
	Stages     []Stage
	Args       []fact.Fact[Var] // of ARG, in any stage; Value is the default
	Env        []fact.Fact[Var]
	Ports      []fact.Fact[Port]
	User       fact.Fact[string]
	Workdir    fact.Fact[string]
	Volumes    []fact.Fact[string]
	Entrypoint fact.Fact[Start]
	Cmd        fact.Fact[Start]
	Health     fact.Fact[Start] // not found for none, and for NONE
	Timing     Timing           // of Health
	Copies     []Copy
	Packages   []fact.Fact[Package] // that the system's package manager installs
	Labels     []fact.Fact[Var]
	Stop       fact.Fact[string]   // the signal of STOPSIGNAL
	Folders    []fact.Fact[Folder] // that its commands make, or give to a user
	Staged     []Staged            // files of the build context that its commands, or those of a stage that it copies from, place or change
	Taken      []Taken             // variables and labels that a build argument gives
	Lines      []Instruction       // all of them, in order
	Written    []Written           // files that its lines write with texts of their own
	Services   []Service           // that a supervisor starts, without the one that is the app
}

// Instruction is a line of a Dockerfile.
type Instruction struct {
	Name     string          // lower case
	Text     string          // as written, on one line
	Commands []shell.Command // of a RUN
	Pos      fact.Pos
}

// Folder is a folder that a RUN line makes, or gives to a user.
type Folder struct {
	Path  string // rooted
	Given bool   // to a user
}

// Taken is a variable or a label whose value is a build argument's.
type Taken struct {
	Name  string
	Arg   string
	Label bool
	Pos   fact.Pos
}

// Stage is one FROM.
type Stage struct {
	Name   string // lower case, "" for one without
	Base   string // an image, or the name of a stage
	Pos    fact.Pos
	Copies []Copy // with those of the stage that it is built on
	// Env are the variables that ENV gives it, with those of the stage that it is built on.
	Env []fact.Fact[Var]
	// Args are the arguments that the stage declares, with the default that is in force there.
	Args []fact.Fact[Var]
	// Given are the variables that an argument gives: of ENV, those of the stages that it is built on
	// too, and of a command.
	Given []Taken
	// Packages are those that the stage installs, without those of the stages that it is built on.
	Packages []fact.Fact[Package]
}

// Port is a port that a container opens.
type Port struct {
	Number int
	Host   int // that it is published on, or 0
	UDP    bool
}

// Start is an ENTRYPOINT, a CMD or the command of a HEALTHCHECK.
type Start struct {
	Words []string // in exec form
	Shell string   // in shell form, as written
}

// Text is what a shell reads of it, "" for one in exec form that starts none.
func (s Start) Text() string {
	if len(s.Words) == 3 && shell.IsShell(s.Words[0]) && s.Words[1] == "-c" {
		return s.Words[2]
	}
	return s.Shell
}

// Copy is one source of a COPY or an ADD.
type Copy struct {
	From string // a stage or an image; "" for the build context
	Path string // in the build context or in From
	To   string // rooted
	// Source is the file or folder of the build context that it is: Path, or what From was given to that place. It is "" for
	// what a stage makes, and for what an image has.
	Source string
	Into   bool   // To is a folder, which a file is copied into
	Empty  bool   // it is a folder that a command of From makes, with nothing in it
	Blank  bool   // it is a file that a command of From makes so
	Owner  string // of --chown, as written
	Mode   string // of --chmod
	Pos    fact.Pos
}

// Package is a package of the system.
type Package struct {
	Manager string // "apt", "apk", "dnf"
	Name    string // without the version
}

// imageNames are the Dockerfiles that docker build takes by default, or took
// before dockgen's own came into their place.
var imageNames = []string{"Dockerfile", "Dockerfile.bak", "Containerfile"} //nolint:gochecknoglobals // a constant table

// imageFolders hold Dockerfiles by custom.
var imageFolders = []string{ //nolint:gochecknoglobals // a constant table
	"docker", ".docker", "build", "package", "packaging", "deploy", "deployment", "deployments", "container", "containers", "image", "images",
}

// ownLine is a comment of each Dockerfile that dockgen writes. Nobody else's
// file is told by the names of its stages: base, dev, test and prod are what
// people call theirs.
var ownLine = lazy.MustCompile(`(?m)^# test [^\n]*: docker build (?:-f [^\n]+ )?--target test \.\r?$`)

// maxInstructions is the most instructions that are read of one.
const maxInstructions = 1000

// dockerfile reads one: https://docs.docker.com/reference/dockerfile/. It
// reports false for dockgen's own, which would only confirm what was decided
// before.
func (f *File) dockerfile(text string) bool {
	if ownLine.MatchString(text) {
		return false
	}
	res, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		f.Loose = true
		return true
	}
	f.Default = slices.Contains(imageNames, f.rel)
	d := &dockerfile{f: f, lex: dockershell.NewLex(res.EscapeToken), stages: map[string]*stage{}, image: &Image{}}
	d.global = &stage{vars: variables{}}
	for _, n := range res.AST.Children[:min(len(res.AST.Children), maxInstructions)] {
		switch name := strings.ToLower(n.Value); {
		case name == "from":
			d.from(n)
		case d.stage == nil:
			d.set(d.global, name, n)
		case name == "run":
			d.line(name, n)
			d.run(n)
		default:
			d.line(name, n)
			d.read(name, n)
		}
	}
	if d.stage != nil {
		d.finish()
	}
	return true
}

// dockerfile is the state while one is read.
type dockerfile struct {
	f      *File
	lex    *dockershell.Lex
	stages map[string]*stage
	global *stage // the ARGs before the first FROM
	stage  *stage
	image  *Image
	args   []fact.Fact[Var]
	looks  int // see maxLooks
}

// stage is what is known of a stage while it is read.
type stage struct {
	Image
	vars    variables // of ARG and ENV
	args    variables // of ARG: a stage that is built on this one does not see them
	workdir string
	named   []string          // the paths that its commands name, but for those that make them
	touched []string          // the files that its commands make empty
	renamed map[string]string // base names that COPY --from gives to files
}

// variables implements buildkit's EnvGetter.
type variables map[string]string

func (v variables) Get(name string) (string, bool) { s, ok := v[name]; return s, ok }
func (v variables) Keys() []string                 { return slices.Sorted(maps.Keys(v)) }

// unset gives Unknown to every variable that has no value.
type unset struct{ variables }

func (v unset) Get(name string) (string, bool) {
	if s, ok := v.variables[name]; ok {
		return s, true
	}
	return Unknown, true
}

// defaulted is a reference with a value for variables that have none.
var defaulted = lazy.MustCompile(`\$\{\w+:?-`)

// trimmed is a reference that takes a pattern off a value.
var trimmed = lazy.MustCompile(`\$\{\w+[%#/]`)

// The most references in one word, the longest word with a pattern, and the most
// bytes that a word becomes.
const (
	maxReferences = 200
	maxPattern    = 200
	maxExpansion  = 4 << 10
)

// expand puts the values of variables in the place of their references, as
// BuildKit does: https://docs.docker.com/reference/dockerfile/#environment-replacement.
// A variable without a value is not known: the base image or a build argument
// may give it one.
func (d *dockerfile) expand(s *stage, word string) string {
	if !strings.ContainsAny(word, "$\\\"'") {
		return word
	}
	if strings.Count(word, "$") > maxReferences || len(word) > maxExpansion || len(word) > maxPattern && trimmed.MatchString(word) {
		return Unknown
	}
	res, err := d.lex.ProcessWordWithMatches(word, s.vars)
	if err == nil && len(res.Unmatched) > 0 && !defaulted.MatchString(word) {
		res, err = d.lex.ProcessWordWithMatches(word, unset{s.vars})
	}
	if err != nil || len(res.Result) > maxExpansion {
		return Unknown
	}
	return res.Result
}

// words are the arguments of an instruction.
func words(n *parser.Node) []string {
	var out []string
	for n = n.Next; n != nil; n = n.Next {
		out = append(out, n.Value)
	}
	return out
}

func (d *dockerfile) from(n *parser.Node) {
	w := words(n)
	if len(w) == 0 {
		return
	}
	x := Stage{Base: d.expand(d.global, w[0]), Pos: fact.At(d.f.Name, n.StartLine)}
	s := &stage{vars: variables{}, args: variables{}, workdir: "/", renamed: map[string]string{}}
	if parent := d.stages[strings.ToLower(x.Base)]; parent != nil {
		c := *parent
		c.vars, c.args, c.renamed = maps.Clone(parent.vars), variables{}, maps.Clone(parent.renamed)
		for name, v := range parent.args {
			if c.vars[name] == v {
				delete(c.vars, name)
			}
		}
		c.clip()
		s = &c
		x.Given = slices.Clip(d.given(strings.ToLower(x.Base)))
	}
	if len(w) == 3 && strings.EqualFold(w[1], "as") {
		x.Name = strings.ToLower(w[2])
		d.stages[x.Name] = s
	}
	d.image.Stages = append(d.image.Stages, x)
	d.stages[strconv.Itoa(len(d.image.Stages)-1)] = s
	d.stage = s
}

// given are the variables that arguments give to a stage before, by its name or number.
func (d *dockerfile) given(name string) []Taken {
	for i, x := range slices.Backward(d.image.Stages) {
		if x.Name == name || strconv.Itoa(i) == name {
			return x.Given
		}
	}
	return nil
}

// IsStage reports whether COPY --from means a stage of the file by that name or number, and not an image.
func (i *Image) IsStage(from string) bool {
	n, err := strconv.Atoi(from)
	return err == nil && n >= 0 && n < len(i.Stages) || slices.ContainsFunc(i.Stages, func(s Stage) bool { return s.Name != "" && s.Name == strings.ToLower(from) })
}

// Commands are those of its lines, in order, each with the place of its line.
func (i *Image) Commands() iter.Seq2[fact.Pos, shell.Command] {
	return func(yield func(fact.Pos, shell.Command) bool) {
		for _, l := range i.Lines {
			for _, c := range l.Commands {
				if !yield(l.Pos, c) {
					return
				}
			}
		}
	}
}

// IsRoot reports whether USER or --chown means root, with or without a group: they do where they say nothing.
func IsRoot(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "root" || name == "0"
}

// clip lets the lists of a stage grow without those of its parent.
func (i *Image) clip() {
	i.Env, i.Ports, i.Volumes, i.Copies = slices.Clip(i.Env), slices.Clip(i.Ports), slices.Clip(i.Volumes), slices.Clip(i.Copies)
	i.Packages, i.Labels = slices.Clip(i.Packages), slices.Clip(i.Labels)
	i.Folders, i.Taken, i.Lines, i.Staged = slices.Clip(i.Folders), slices.Clip(i.Taken), slices.Clip(i.Lines), slices.Clip(i.Staged)
}

// listed appends to a list that has a bound.
func listed[T any](list []T, x T) []T {
	if len(list) >= maxListed {
		return list
	}
	return append(list, x)
}

// set reads ARG and ENV.
func (d *dockerfile) set(s *stage, name string, n *parser.Node) {
	w := words(n)
	switch name {
	case "arg":
		for _, x := range w {
			k, v, ok := strings.Cut(x, "=")
			if given, chosen := d.f.given[k]; chosen {
				s.vars[k] = given
				continue // it is no argument of the app's own image
			}
			if v = d.expand(s, v); !ok {
				v, ok = d.global.vars.Get(k) // declared before the first FROM, an argument has its default there
			}
			a := fact.New(variable(k, v), d.f.Name, n.StartLine)
			d.args = listed(d.args, a)
			if d.stage == nil {
				s.vars[k] = v
				continue
			}
			if s.args[k] = v; ok && s.vars[k] == "" {
				s.vars[k] = v
			}
			x := d.at()
			x.Args = listed(x.Args, a)
		}
	case "env": // the parser gives name, value and separator
		values := make([]string, len(w))
		for i := 0; i+1 < len(w); i += 3 {
			values[i] = d.expand(s, w[i+1])
		}
		for i := 0; i+1 < len(w); i += 3 {
			s.vars[w[i]] = values[i]
			s.Env = listed(s.Env, fact.New(variable(w[i], values[i]), d.f.Name, n.StartLine))
			d.taken(s, w[i], w[i+1], false, n.StartLine)
		}
	}
}

// maxLine is how much of an instruction is kept as it is written.
const maxLine = 300

// line keeps an instruction as it is written.
func (d *dockerfile) line(name string, n *parser.Node) {
	text := strings.Join(strings.Fields(n.Original[:min(len(n.Original), maxLine)]), " ")
	d.stage.Lines = listed(d.stage.Lines, Instruction{Name: name, Text: text, Pos: fact.At(d.f.Name, n.StartLine)})
}

// read takes in every instruction but FROM and RUN.
func (d *dockerfile) read(name string, n *parser.Node) {
	s, w := d.stage, words(n)
	text := func(value string) fact.Fact[string] { return fact.New(value, d.f.Name, n.StartLine) }
	switch name {
	case "arg", "env":
		d.set(s, name, n)
	case "workdir":
		if len(w) > 0 {
			s.workdir = d.abs(w[0])
			s.Workdir = text(s.workdir)
			s.named = listed(s.named[:len(s.named):len(s.named)], s.workdir)
		}
	case "copy", "add":
		if len(w) > 1 {
			d.copy(n, w[:len(w)-1], w[len(w)-1])
		}
	case "entrypoint":
		s.Entrypoint, s.Cmd = d.start(n), fact.Fact[Start]{}
	case "cmd":
		s.Cmd = d.start(n)
	case "healthcheck":
		s.Health, s.Timing = fact.Fact[Start]{}, Timing{}
		if len(w) > 1 && strings.EqualFold(w[0], "cmd") {
			s.Health = d.start(n)
			for _, f := range n.Flags {
				name, value, _ := strings.Cut(f, "=")
				s.Timing.Set(strings.TrimPrefix(name, "--"), d.expand(s, value))
			}
		}
	case "expose":
		for _, x := range w {
			if p, ok := port(d.expand(s, x)); ok {
				s.Ports = listed(s.Ports, fact.New(p, d.f.Name, n.StartLine))
			}
		}
	case "user":
		if len(w) > 0 {
			s.User = text(d.expand(s, w[0]))
		}
	case "volume":
		for _, v := range w {
			folders := []string{v}
			if strings.ContainsAny(v, "[]'") { // a list with single quotes, which is no JSON
				folders = strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("[],'", r) })
			}
			for _, v := range folders {
				s.Volumes = listed(s.Volumes, text(d.abs(v)))
			}
		}
	case "label":
		for i := 0; i+1 < len(w); i += 3 {
			if m := oneReference.FindStringSubmatch(w[i+1]); m != nil {
				_, before := d.global.vars[m[1]+m[2]]
				if _, here := s.vars[m[1]+m[2]]; before && !here {
					continue // of an argument before the first FROM, which no stage sees: it is empty
				}
			}
			s.Labels = listed(s.Labels, fact.New(variable(d.expand(s, w[i]), d.expand(s, w[i+1])), d.f.Name, n.StartLine))
			d.taken(s, d.expand(s, w[i]), w[i+1], true, n.StartLine)
		}
	case "stopsignal":
		if len(w) > 0 {
			s.Stop = text(d.expand(s, w[0]))
		}
	}
}

// oneReference is a word that is the value of one variable.
var oneReference = lazy.MustCompile(`^"?\$(?:\{(\w+)\}|(\w+))"?$`)

// at is the stage that is read.
func (d *dockerfile) at() *Stage { return &d.image.Stages[len(d.image.Stages)-1] }

// taken keeps a variable or a label whose value is that of a build argument of the stage.
func (d *dockerfile) taken(s *stage, name, value string, label bool, line int) {
	m := oneReference.FindStringSubmatch(value)
	if m == nil {
		return
	}
	if _, ok := s.args[m[1]+m[2]]; !ok {
		return
	}
	t := Taken{Name: name, Arg: m[1] + m[2], Label: label, Pos: fact.At(d.f.Name, line)}
	s.Taken = listed(s.Taken, t)
	if x := d.at(); !label {
		x.Given = listed(x.Given, t)
	}
}

// givenBefore is an assignment before a command, or of export, whose value is that of one variable.
var givenBefore = lazy.MustCompile(`^([A-Za-z_]\w*)=("?\$(?:\{\w+\}|\w+)"?)$`)

// givenIn keeps the variables that a command gets from build arguments of the stage:
// RUN NEXT_PUBLIC_VERSION=$VERSION npm run build.
func (d *dockerfile) givenIn(text string, line int) {
	for w := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(" \t\n;&|()", c) }) {
		m := givenBefore.FindStringSubmatch(w)
		if m == nil {
			continue
		}
		v := oneReference.FindStringSubmatch(m[2])
		if v == nil {
			continue
		}
		if _, ok := d.stage.args[v[1]+v[2]]; ok {
			x := d.at()
			x.Given = listed(x.Given, Taken{Name: m[1], Arg: v[1] + v[2], Pos: fact.At(d.f.Name, line)})
		}
	}
}

// folders are those that a command makes or gives to a user.
func folders(c shell.Command) []Folder {
	if len(c.Words) == 0 {
		return nil
	}
	program := path.Base(c.Words[0].Text)
	if program != "mkdir" && program != "chown" && program != "install" {
		return nil
	}
	var out []Folder
	for _, w := range c.Words[1:] {
		dir := w.Text
		if w.Known() && !strings.HasPrefix(dir, "-") && !strings.ContainsAny(dir, "*?[{~:") {
			if path.IsAbs(dir) || program == "mkdir" {
				out = append(out, Folder{Path: path.Join(c.Dir, dir), Given: program != "mkdir"})
			}
			if path.IsAbs(dir) {
				out[len(out)-1].Path = path.Clean(dir)
			}
		}
	}
	return out
}

// port reads "8080", "8080/udp" and "8080:80".
func port(s string) (Port, bool) {
	s, proto, _ := strings.Cut(s, "/")
	host := ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		host, s = s[:i], s[i+1:]
		host = host[strings.LastIndexByte(host, ':')+1:]
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return Port{}, false
	}
	h, err := strconv.Atoi(host)
	if err != nil || h < 1 || h > 65535 {
		h = 0
	}
	return Port{Number: n, Host: h, UDP: strings.EqualFold(proto, "udp")}, true
}

func (d *dockerfile) abs(p string) string {
	if p = d.expand(d.stage, p); path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(d.stage.workdir, p)
}

func (d *dockerfile) copy(n *parser.Node, from []string, to string) {
	s, stage := d.stage, ""
	var owner, mode string
	for _, f := range n.Flags {
		switch name, v, _ := strings.Cut(f, "="); name {
		case "--from":
			stage = d.expand(s, v)
		case "--chown":
			owner = d.expand(s, v)
		case "--chmod":
			mode = d.expand(s, v)
		}
	}
	into := len(from) > 1 || strings.HasSuffix(to, "/") || path.Base(to) == "." || path.Base(to) == ".." || s.workdir != "/" && d.abs(to) == s.workdir
	for _, p := range from {
		if i := slices.IndexFunc(n.Heredocs, func(h parser.Heredoc) bool { return strings.HasSuffix(p, h.Name) && strings.HasPrefix(p, "<<") }); i >= 0 && len(s.Written) < maxListed {
			s.Written = append(slices.Clip(s.Written), Written{To: d.abs(to), Text: n.Heredocs[i].Content, Pos: fact.At(d.f.Name, n.StartLine)})
		}
		p = d.expand(s, p)
		base := path.Base(to)
		if strings.HasSuffix(to, "/") || to == "." {
			base = path.Base(p)
		}
		if stage != "" && len(s.renamed) < maxListed {
			s.renamed[base] = path.Base(p)
		}
		c := Copy{From: stage, Path: path.Clean(p), To: d.abs(to), Into: into, Owner: owner, Mode: mode, Pos: fact.At(d.f.Name, n.StartLine)}
		if stage == "" {
			c.Path = path.Join(d.f.context, path.Clean("./"+p))
			c.Source = c.Path
		} else if of := d.stages[strings.ToLower(stage)]; of != nil {
			c.Source = of.source(path.Join("/", p))
			s.take(of, c)
			c.Blank = of.blank(c)
			c.Empty = !c.Blank && s.takeEmpty(of, c, d.f.Name, n.StartLine)
		}
		s.Copies = listed(s.Copies, c)
	}
}

// start is what an instruction starts; one with a secret among its words is not taken up.
func (d *dockerfile) start(n *parser.Node) fact.Fact[Start] {
	w := words(n)
	if strings.EqualFold(n.Value, "healthcheck") {
		w = w[1:]
	}
	if tellsSecret(w) {
		return fact.Fact[Start]{}
	}
	if n.Attributes["json"] {
		return fact.New(Start{Words: w}, d.f.Name, n.StartLine)
	}
	return fact.New(Start{Shell: strings.Join(w, " ")}, d.f.Name, n.StartLine)
}

// bareFile matches names without an extension that are files: LICENSE, Makefile, mvnw.
var bareFile = lazy.MustCompile(`^([A-Z]{3,}|Makefile|Pipfile|Procfile|mvnw|gradlew)$`)

// namesFile reports whether a name is that of a file, as far as a Dockerfile lets one tell.
func namesFile(name string) bool {
	return path.Ext(name) != "" && !strings.HasPrefix(name, ".") || bareFile.MatchString(name)
}

// maxFrom is how many stages files go through at the most, maxLooks how many COPY lines are looked at for the folders of
// one Dockerfile.
const (
	maxFrom  = 5
	maxLooks = 100_000
)

// repo is the folder of the repository that lies at p in the stage, or at the place in another stage
// from which it was copied; ok is false if p is not of the build context.
func (d *dockerfile) repo(s *stage, p string, depth int) (dir string, ok bool) {
	best := -1
	dir = "."
	for i, c := range s.Copies {
		if d.looks++; d.looks > maxLooks {
			return dir, ok
		}
		if !under(c.To, p) || best >= 0 && len(c.To) < len(s.Copies[best].To) {
			continue
		}
		rest := strings.TrimPrefix(p, c.To)
		switch from := d.stages[strings.ToLower(c.From)]; {
		case c.From == "" && p == c.To && namesFile(path.Base(c.Path)): // one file says where its folder is
			if path.Dir(c.Path) != "." || ok {
				continue
			}
			dir = "."
		case c.From == "":
			dir = path.Join(c.Path, rest)
		case from == nil || from == s || depth >= maxFrom:
			continue
		default:
			at, is := d.repo(from, path.Join(c.Path, rest), depth+1)
			if !is {
				continue
			}
			dir = at
		}
		best, ok = i, true
	}
	return dir, ok
}

// source is the file or folder of the build context that the stage was given at p, "" for none, and for a folder
// that is made of several. A copy of the whole context covers what was there before.
func (s *stage) source(p string) string {
	best, inside := -1, 0
	for _, c := range slices.Backward(s.Copies) {
		if c.Source == "." && under(c.To, p) {
			return path.Join(".", strings.TrimPrefix(p, c.To))
		}
		if under(c.To, p) || under(p, c.To) {
			break
		}
	}
	for i, c := range s.Copies {
		if under(c.To, p) && (best < 0 || len(c.To) >= len(s.Copies[best].To)) {
			best = i
		}
		if under(p, c.To) {
			inside++
		}
	}
	if best < 0 || s.Copies[best].Source == "" || inside > 1 {
		return ""
	}
	c := s.Copies[best]
	rest := strings.TrimPrefix(strings.TrimPrefix(p, c.To), "/")
	if c.Into && rest == path.Base(c.Source) {
		return c.Source
	}
	return path.Join(c.Source, rest)
}

// under reports whether p is top, or lies below it.
func under(top, p string) bool {
	return p == top || strings.HasPrefix(p, strings.TrimSuffix(top, "/")+"/")
}

// run reads a RUN: its commands run in the working directory, or where a cd
// leads.
func (d *dockerfile) run(n *parser.Node) {
	s := d.stage
	text := strings.Join(words(n), " ")
	if n.Attributes["json"] {
		var quoted []string
		for _, w := range words(n) {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		text = strings.Join(quoted, " ")
	}
	if len(n.Heredocs) > 0 {
		text = heredoc(text, n.Heredocs)
	} else {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	mounted := slices.ContainsFunc(n.Flags, func(f string) bool {
		return strings.HasPrefix(f, "--mount=") && strings.Contains(f, "type=bind") && !strings.Contains(f, "from=")
	})
	d.givenIn(text, n.StartLine)
	script, err := shell.Read(text, shell.Start{Vars: s.vars, Dir: s.workdir})
	if err != nil {
		d.f.broken(text, d.f.at(n.StartLine))
		return
	}
	if last := len(s.Lines) - 1; last >= 0 && s.Lines[last].Pos.Line == n.StartLine {
		s.Lines[last].Commands = script.Commands[:min(len(script.Commands), maxListed)]
	}
	at := d.f.at(n.StartLine - 1)
	at.step, at.processor = true, processor.MatchString(text)
	d.f.commands(script.Commands, at, func(dir string) string {
		repo, ok := d.repo(s, dir, 0)
		if !ok && mounted {
			repo = strings.TrimPrefix(dir, s.workdir)
		}
		return path.Clean("./" + repo)
	})
	for _, c := range script.Commands {
		s.written(c, fact.At(d.f.Name, n.StartLine))
		list, virtual := installed(c.Unwrap())
		for _, name := range list {
			if !virtual {
				s.Packages = listed(s.Packages, fact.New(name, d.f.Name, n.StartLine))
			}
			x := d.at()
			x.Packages = listed(x.Packages, fact.New(name, d.f.Name, n.StartLine))
		}
		s.stages(c, fact.At(d.f.Name, n.StartLine))
		s.names(c)
		for _, dir := range folders(c) {
			if path.IsAbs(dir.Path) {
				s.Folders = listed(s.Folders, fact.New(dir, d.f.Name, n.StartLine))
			}
		}
	}
}

// processor matches what tells a line of a Dockerfile for which processor it builds:
// https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope.
var processor = lazy.MustCompile(`\b(TARGETPLATFORM|TARGETARCH|uname -[mp]|dpkg --print-architecture|apk --print-arch)\b`)

// heredoc is the text of a RUN with here-documents, as a shell reads it, line by
// line as it stands in the file. A document by itself is a script:
// https://docs.docker.com/reference/dockerfile/#here-documents.
func heredoc(line string, docs []parser.Heredoc) string {
	if strings.HasPrefix(strings.TrimSpace(line), "<<") {
		first, _, _ := strings.Cut(docs[0].Content, "\n")
		if strings.HasPrefix(first, "#!") && !strings.HasSuffix(strings.TrimSpace(first), "sh") {
			return "" // a script of another language
		}
		return "\n" + docs[0].Content
	}
	var b strings.Builder
	b.WriteString(line + "\n")
	for _, h := range docs {
		b.WriteString(h.Content + h.Name + "\n")
	}
	return b.String()
}

// packageManagers are the commands that install packages of the system, with
// the options that take the word behind them.
var packageManagers = map[string]struct { //nolint:gochecknoglobals // a constant table
	name, verb string
	valued     []string
}{
	"apt-get":  {"apt", "install", []string{"-o", "-c", "-t", "--target-release"}},
	"apt":      {"apt", "install", []string{"-o", "-c", "-t", "--target-release"}},
	"apk":      {"apk", "add", []string{"-X", "--repository", "-p", "--root"}},
	"dnf":      {"dnf", "install", nil},
	"microdnf": {"dnf", "install", nil},
	"yum":      {"dnf", "install", nil},
}

var packageName = lazy.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+_-]*$`)

// installed are the packages that a command installs. Those of a virtual
// package of apk are build tools that a later line takes away again.
func installed(c shell.Command) (out []Package, virtual bool) {
	if len(c.Words) == 0 {
		return nil, false
	}
	m, ok := packageManagers[path.Base(c.Words[0].Text)]
	if !ok {
		return nil, false
	}
	verb := false
	args := shell.Texts(c.Words[1:])
	for i := 0; i < len(args); i++ {
		name, _, _ := strings.Cut(args[i], "=")
		switch {
		case name == "-t" && m.name == "apk", name == "--virtual":
			virtual = true
			if name == args[i] {
				i++
			}
		case slices.Contains(m.valued, args[i]):
			i++
		case strings.HasPrefix(name, "-"):
		case !verb:
			if name != m.verb {
				return nil, false
			}
			verb = true
		default:
			name, _, _ = strings.Cut(name, "~")
			name, _, _ = strings.Cut(name, ":")
			if packageName.MatchString(name) {
				out = append(out, Package{Manager: m.name, Name: name})
			}
		}
	}
	return out, virtual
}

// below is the stage that the last one is built on, if all of another image is laid over that: a variant with a program that
// the repository does not have. nil otherwise.
func (d *dockerfile) below() *stage {
	last := d.at()
	below := d.stages[strings.ToLower(last.Base)]
	if below == nil || len(below.Entrypoint.Value.Words)+len(below.Cmd.Value.Words) == 0 {
		return nil
	}
	for _, c := range d.stage.Copies[min(len(below.Copies), len(d.stage.Copies)):] {
		if c.From != "" && c.Path == "/" && c.To == "/" && !d.made(c.From) {
			return below
		}
	}
	return nil
}

// made reports whether a stage is made from files of the repository.
func (d *dockerfile) made(name string) bool {
	of := d.stages[strings.ToLower(name)]
	return of != nil && len(of.Lines) > 0
}

// finish keeps what the last stage has, and adds the commands that ENTRYPOINT
// and CMD start; CMD alone as well, because an ENTRYPOINT is often a script that
// runs its arguments.
func (d *dockerfile) finish() {
	s, f := d.stage, d.f
	stages := d.image.Stages
	if below := d.below(); below != nil {
		s = below
	}
	for i := range stages {
		stages[i].Copies, stages[i].Env = d.stages[strconv.Itoa(i)].Copies, d.stages[strconv.Itoa(i)].Env
	}
	*d.image = s.Image
	d.image.Stages, d.image.Args = stages, d.args
	f.Image = d.image
	before := len(f.Commands)
	entry, cmd := s.Entrypoint.Value, s.Cmd.Value
	at := f.at(s.Entrypoint.Pos.Line)
	if entry.Shell != "" {
		f.shell(entry.Shell, s.vars, at)
	} else if len(entry.Words) > 0 {
		f.vector(slices.Concat(entry.Words, cmd.Words), at)
	}
	at = f.at(s.Cmd.Pos.Line)
	if cmd.Shell != "" {
		f.shell(cmd.Shell, s.vars, at)
	} else if len(cmd.Words) > 0 {
		f.vector(cmd.Words, at)
	}
	for _, c := range f.Commands[before:] {
		for range 3 { // through the stages
			if from, ok := s.renamed[path.Base(c.Words[0])]; ok {
				c.Words[0] = from
			}
		}
	}
}
