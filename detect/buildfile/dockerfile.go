package buildfile

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect/fact"
)

// imageNames are the Dockerfiles that docker build takes by default, or took
// before dockgen's own came into their place.
var imageNames = []string{"Dockerfile", "Dockerfile.bak", "Containerfile"} //nolint:gochecknoglobals // a constant table

// imageFolders hold Dockerfiles by custom, and imageAsides are words of the
// names of those that are not what is deployed.
var (
	imageFolders = []string{"docker", ".docker", "build", "package", "packaging", "deploy", "deployment", "deployments", "container", "containers", "image", "images"} //nolint:gochecknoglobals // a constant table
	imageAsides  = regexp.MustCompile(`(?i)(^|[./_-])(dev|devel|development|test|tests|debug|ci|e2e|example|examples|bench)([./_-]|$)`)
)

// images lists the Dockerfiles with a longer name and those in folders for
// them, the nearest first.
func (r *Reader) images() []string {
	var out []string
	for _, f := range r.t.Files(r.dir) {
		name := f
		if r.dir != "." {
			name = strings.TrimPrefix(f, r.dir+"/")
		}
		base, dirs := path.Base(name), strings.Split(name, "/")
		if base != "Dockerfile" && !strings.HasPrefix(base, "Dockerfile.") && !strings.HasSuffix(base, ".Dockerfile") {
			continue
		}
		if len(dirs) == 1 && base == "Dockerfile" || len(dirs) > 4 || imageAsides.MatchString(name) {
			continue
		}
		if len(dirs) == 1 || slices.Contains(imageFolders, dirs[0]) {
			out = append(out, name)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return out[:min(len(out), 20)]
}

// stage is what is known of a stage of a Dockerfile while it is read.
type stage struct {
	*scope  // of ARG and ENV
	workdir string
	copies  []copied          // of the build context
	renamed map[string]string // base names that COPY --from gives to files
	entry   instruction
	cmd     instruction
	expose  []fact.Fact[int]
	env     []fact.Fact[Var] // what ENV sets
}

// copied is a folder of the build context, and where it lies in the stage.
type copied struct{ from, to string }

// instruction is an ENTRYPOINT or a CMD.
type instruction struct {
	words []string
	shell string // in shell form
	line  int
}

func (c instruction) set() bool { return len(c.words) > 0 || c.shell != "" }

// dockerfile reads one: https://docs.docker.com/reference/dockerfile/. It
// reports false for dockgen's own, which would only confirm what was decided
// before.
func (f *File) dockerfile(text string) bool {
	res, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return true
	}
	if own(res.AST) {
		return false
	}
	f.Default = slices.Contains(imageNames, f.rel)
	stages := map[string]*stage{}
	global := newScope(map[string]string{}, Hole)
	var s *stage
	for _, n := range res.AST.Children[:min(len(res.AST.Children), maxInstructions)] {
		if strings.EqualFold(n.Value, "from") {
			s = newStage(n, stages, global)
			continue
		}
		if s == nil {
			(&stage{scope: global}).set(n)
			continue
		}
		s.read(f.Name, n)
		if strings.EqualFold(n.Value, "run") {
			f.run(n, s)
		}
	}
	if f.image = s != nil; f.image {
		f.started(s)
		f.Ports, f.Preset = s.expose, s.env
	}
	return true
}

// The most instructions that are read of one, and of a stage the most ports,
// variables and folders.
const (
	maxInstructions = 1000
	maxListed       = 200
)

// own reports whether the stages are the ones that dockgen writes.
func own(ast *parser.Node) bool {
	var names []string
	for _, n := range ast.Children {
		if w := words(n); strings.EqualFold(n.Value, "from") && len(w) == 3 {
			names = append(names, w[2])
		}
	}
	for _, want := range []string{"base", "dev", "test", "prod"} {
		if !slices.Contains(names, want) {
			return false
		}
	}
	return true
}

// words are the arguments of an instruction.
func words(n *parser.Node) []string {
	var out []string
	for n = n.Next; n != nil; n = n.Next {
		out = append(out, n.Value)
	}
	return out
}

func newStage(n *parser.Node, stages map[string]*stage, global *scope) *stage {
	w := words(n)
	s := &stage{scope: global.clone(), workdir: "/", renamed: map[string]string{}}
	if len(w) > 0 {
		if parent := stages[strings.ToLower(w[0])]; parent != nil {
			c := *parent
			c.scope, c.renamed = parent.clone(), maps.Clone(parent.renamed)
			c.copies, c.expose, c.env = slices.Clone(parent.copies), slices.Clone(parent.expose), slices.Clone(parent.env)
			s = &c
		}
	}
	if len(w) == 3 {
		stages[strings.ToLower(w[2])] = s
	}
	return s
}

// set reads ARG and ENV.
func (s *stage) set(n *parser.Node) {
	switch strings.ToLower(n.Value) {
	case "arg":
		for _, w := range words(n) {
			if k, v, ok := strings.Cut(w, "="); ok && s.vars[k] == "" {
				s.vars[k] = s.expand(strings.Trim(v, `"'`))
			}
		}
	case "env": // the parser gives name, value and separator
		w := words(n)
		for i := 0; i+1 < len(w); i += 3 {
			s.vars[w[i]] = s.expand(strings.Trim(w[i+1], `"'`))
		}
	}
}

// read takes in every instruction but RUN.
func (s *stage) read(file string, n *parser.Node) {
	w := words(n)
	s.set(n)
	switch strings.ToLower(n.Value) {
	case "workdir":
		if len(w) > 0 {
			s.workdir = s.abs(w[0])
		}
	case "copy", "add":
		if len(w) > 1 {
			s.copy(n.Flags, w[:len(w)-1], w[len(w)-1])
		}
	case "entrypoint":
		s.entry, s.cmd = s.command(n), instruction{}
	case "env":
		for i := 0; i+1 < len(w); i += 3 {
			if v := s.vars[w[i]]; !strings.Contains(v, Hole) && len(s.env) < maxListed {
				s.env = append(s.env, fact.New(Var{w[i], v}, file, n.StartLine))
			}
		}
	case "cmd":
		s.cmd = s.command(n)
	case "expose":
		for _, x := range w {
			port, proto, _ := strings.Cut(s.expand(x), "/")
			if p, err := strconv.Atoi(port); err == nil && p > 0 && p < 65536 && proto != "udp" && len(s.expose) < maxListed {
				s.expose = append(s.expose, fact.New(p, file, n.StartLine))
			}
		}
	}
}

func (s *stage) abs(p string) string {
	if p = s.expand(p); path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(s.workdir, p)
}

func (s *stage) copy(flags, from []string, to string) {
	elsewhere := slices.ContainsFunc(flags, func(f string) bool { return strings.HasPrefix(f, "--from=") })
	for _, f := range from {
		f = s.expand(f)
		base := path.Base(to)
		if strings.HasSuffix(to, "/") || to == "." {
			base = path.Base(f)
		}
		if len(s.renamed)+len(s.copies) >= maxListed {
			return
		}
		if elsewhere {
			s.renamed[base] = path.Base(f)
			continue
		}
		s.copies = append(s.copies, copied{path.Clean("./" + f), s.abs(to)})
	}
}

func (s *stage) command(n *parser.Node) instruction {
	c := instruction{line: n.StartLine}
	if n.Attributes["json"] {
		for _, w := range words(n) {
			c.words = append(c.words, s.expand(w))
		}
		return c
	}
	c.shell = strings.Join(words(n), " ")
	return c
}

// repo is the folder of the repository that lies at p in the stage; ok is
// false where p is not of the build context.
func (s *stage) repo(p string) (dir string, ok bool) {
	best := -1
	for i, c := range s.copies {
		if (p == c.to || strings.HasPrefix(p, strings.TrimSuffix(c.to, "/")+"/")) && (best < 0 || len(c.to) >= len(s.copies[best].to)) {
			best = i
		}
	}
	if best < 0 {
		return ".", false
	}
	return path.Join(s.copies[best].from, strings.TrimPrefix(p, s.copies[best].to)), true
}

// run reads a RUN: its programs are built in the working directory, or where a
// cd leads.
func (f *File) run(n *parser.Node, s *stage) {
	text := strings.Join(words(n), " ")
	if len(n.Heredocs) > 0 { // the line itself names a shell, if anything
		text = ""
		for _, h := range n.Heredocs {
			text += h.Content
		}
	}
	mounted := slices.ContainsFunc(n.Flags, func(f string) bool {
		return strings.HasPrefix(f, "--mount=") && strings.Contains(f, "type=bind") && !strings.Contains(f, "from=")
	})
	at := f.at(n.StartLine)
	calls, err := shell(text, s.vars)
	if err != nil {
		f.search(s.expand(text), at)
	}
	for _, c := range calls {
		dir := c.dir
		if !path.IsAbs(dir) {
			dir = path.Join(s.workdir, dir)
		}
		repo, ok := s.repo(dir)
		if !ok && mounted {
			repo = strings.TrimPrefix(dir, s.workdir)
		}
		at.dir = path.Clean("./" + repo)
		if path.Base(c.words[0]) == "go" {
			f.command(c.words, c.env, at)
		}
	}
}

// started adds what ENTRYPOINT and CMD start; CMD alone as well, because an
// ENTRYPOINT is often a script that runs its arguments.
func (f *File) started(s *stage) {
	before := len(f.Commands)
	at := f.at(s.entry.line)
	if s.entry.shell != "" {
		f.script(s.entry.shell, s.vars, at)
	} else if s.entry.set() {
		f.command(append(slices.Clone(s.entry.words), s.cmd.words...), nil, at)
	}
	at = f.at(s.cmd.line)
	if s.cmd.shell != "" {
		f.script(s.cmd.shell, s.vars, at)
	} else if s.cmd.set() {
		f.command(s.cmd.words, nil, at)
	}
	for _, c := range f.Commands[before:] {
		for range 3 { // through the stages
			if from, ok := s.renamed[path.Base(c.Words[0])]; ok {
				c.Words[0] = from
			}
		}
	}
}
