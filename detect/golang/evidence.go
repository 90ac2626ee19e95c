package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// Evidence is a place where the repository itself builds, runs or starts one
// of its programs.
type Evidence struct {
	Pos fact.Pos
	By  buildfile.Kind
	// Rule is the part of the file that it stands in: a process of a Procfile,
	// a rule of a Makefile.
	Rule   string
	Dir    string   // the main package, relative to Facts.Dir; "" where the line names a binary alone
	Binary string   // the program's file name, "" where nothing says it
	Starts bool     // it starts the program, with Args; else it builds it
	Args   []string // as far as the line says them
}

// StartEvidence is what the repository's own files say of how its programs are
// built and started.
type StartEvidence struct {
	Evidence        []Evidence       // where it builds and starts them
	DockerfilePorts []fact.Fact[int] // the ports of its own Dockerfile
	DockerfileEnv   []fact.Fact[Var] // the variables that its own Dockerfile sets
}

// evidence reads what the files of the folder say of its programs, of which
// these are the folders and the modules.
func (r *reader) evidence(mains []string, modules []module.Module) StartEvidence {
	m := &evidenceReader{mains: mains, modules: modules}
	f := &m.out
	for _, file := range r.builds.Starts() {
		before := len(f.Evidence)
		for _, c := range r.goFile(file).commands {
			if c.verb == "" && (c.Step || c.Loop) {
				continue // what else an image's build and a loop run is no app
			}
			if file.Kind != buildfile.Makefile || buildfile.Usual(c.Rule) {
				m.command(c, file.Kind)
			}
		}
		// Ports and variables are those of the Dockerfile that docker build takes,
		// else of the first that builds or starts a program of the repository's.
		if len(f.DockerfilePorts)+len(f.DockerfileEnv) == 0 && (file.Default || slices.ContainsFunc(f.Evidence[before:], m.ours)) {
			f.DockerfilePorts, f.DockerfileEnv = imageFacts(file)
		}
	}
	m.prune()
	return m.out
}

// imageFacts are the TCP ports and the variables of a Dockerfile, as far as they
// are known.
func imageFacts(file *buildfile.File) (ports []fact.Fact[int], env []fact.Fact[Var]) {
	if file.Image == nil {
		return nil, nil
	}
	for _, p := range file.Image.Ports {
		if !p.Value.UDP {
			ports = append(ports, fact.Fact[int]{Value: p.Value.Number, Pos: p.Pos})
		}
	}
	for _, v := range file.Image.Env {
		if !v.Value.Secret && !strings.Contains(v.Value.Value, buildfile.Unknown) {
			env = append(env, v)
		}
	}
	return ports, env
}

// prune drops the commands of a Makefile, of a reloader and of the README that
// start anything but a program of the repository's.
func (m *evidenceReader) prune() {
	m.out.Evidence = slices.DeleteFunc(slices.Clone(m.out.Evidence), func(x Evidence) bool {
		weak := x.By == buildfile.Makefile || x.By == buildfile.Reloader || x.By == buildfile.Readme
		return weak && !m.ours(x)
	})
}

// ours reports whether a mention is of a program of the repository's.
func (m *evidenceReader) ours(x Evidence) bool {
	named := func(s string) bool { return s == x.Binary }
	return x.Dir != "" ||
		slices.ContainsFunc(m.mains, func(dir string) bool { return named(path.Base(dir)) }) ||
		slices.ContainsFunc(m.modules, func(y module.Module) bool { return slices.ContainsFunc(load.Names(y.Path.Value), named) }) ||
		slices.ContainsFunc(m.out.Evidence, func(y Evidence) bool { return y.Dir != "" && named(y.Binary) })
}

// evidenceReader collects mentions.
type evidenceReader struct {
	out     StartEvidence
	mains   []string // folders of main packages
	modules []module.Module
}

func (m *evidenceReader) isMain(dir string) bool {
	return slices.Contains(m.mains, dir)
}

func (m *evidenceReader) add(x Evidence) {
	same := func(o Evidence) bool {
		return o.Pos == x.Pos && o.Rule == x.Rule && o.Dir == x.Dir && o.Binary == x.Binary && slices.Equal(o.Args, x.Args)
	}
	if len(m.out.Evidence) < 500 && !slices.ContainsFunc(m.out.Evidence, same) {
		m.out.Evidence = append(m.out.Evidence, x)
	}
}

// command records what a command builds or starts.
func (m *evidenceReader) command(c goCommand, by buildfile.Kind) {
	x := Evidence{Pos: c.Pos, By: by, Rule: c.Rule}
	switch {
	case c.verb == "run":
		if dirs := m.dirs(c.packages, c.Dir); len(dirs) == 1 {
			x.Dir, x.Starts, x.Args = dirs[0], true, buildfile.Sure(c.args)
			m.add(x)
		}
	case c.verb != "":
		m.built(c, x)
	case c.Words[0] == "":
		x.Starts, x.Args = true, c.Words[1:]
		m.add(x)
	default:
		x.Binary, x.Starts, x.Args = path.Base(c.Words[0]), true, buildfile.Sure(c.Words[1:])
		if x.Binary != "air" && x.Binary != "make" && x.Binary != "docker" {
			m.add(x)
		}
	}
}

// built records what a go build or go install makes.
func (m *evidenceReader) built(c goCommand, x Evidence) {
	packages := c.packages
	if len(packages) == 0 {
		packages = []string{"."}
	}
	dirs := m.dirs(packages, c.Dir)
	out := c.Binary
	if o := c.flags["o"]; out == "" && o != "" && !strings.HasSuffix(o, "/") {
		out = path.Base(o)
	}
	out = strings.TrimSuffix(out, ".exe")
	for _, x.Dir = range dirs {
		if x.Binary = ""; len(dirs) == 1 && out != "." && !strings.Contains(out, buildfile.Unknown) {
			x.Binary = out
		}
		m.add(x)
	}
}

// dirs are the folders of the main packages that the arguments of the go
// command name.
func (m *evidenceReader) dirs(words []string, from string) []string {
	var out []string
	for _, w := range words {
		dir, ok := m.dir(w, from)
		if ok && !slices.Contains(out, dir) && m.isMain(dir) {
			out = append(out, dir)
		}
	}
	return out
}

// dir is the folder that one argument names: a file, a relative path or an
// import path of a local module.
func (m *evidenceReader) dir(word, from string) (string, bool) {
	word, _, _ = strings.Cut(word, "@")
	if word == "" || strings.Contains(word, buildfile.Unknown) || strings.Contains(word, "...") || path.IsAbs(word) {
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
		return dir, !module.Outside(dir)
	}
	for _, mod := range m.modules {
		p := mod.Path.Value
		for _, p := range []string{p, strings.TrimSuffix(p, "/"+path.Base(p))} {
			if p != mod.Path.Value && !load.IsMajor(path.Base(mod.Path.Value)) || p == "" {
				continue
			}
			if rest, ok := strings.CutPrefix(word+"/", p+"/"); ok {
				return path.Join(mod.Dir, rest), true
			}
		}
	}
	return "", false
}
