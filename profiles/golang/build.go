package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// binaries is the folder that prod has its program in.
const binaries = "/usr/local/bin/"

// ground is what the stages that compile start from.
type ground struct {
	deps   plan.StageName  // with the modules
	source plan.StageName  // of test and build: with the source too, if code is generated
	copies []plan.Artifact // the source, none if it is there
	has    []plan.Artifact // the imports that are there
}

// wholeContext copies all that the build context has.
func wholeContext() []plan.Artifact {
	return []plan.Artifact{{Copy: plan.MustCopy(".", "."), NoLink: true}}
}

func compilerCache() plan.Mount { return plan.CacheMount(plan.MustToken("/root/.cache/go-build")) }
func moduleCache() plan.Mount   { return plan.CacheMount(plan.MustToken("/go/pkg/mod")) }

// maker says what makes a folder or a file that is not in the repository, as far as the
// files say that describe its builds: a site generator's settings, or a command that names it.
func (s *source) maker(name string) string {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "all:"), "/*")
	for _, file := range []string{"mkdocs.yml", "mkdocs.yaml"} {
		doc, err := document.Read(s.Tree, path.Join(s.Dir, file))
		if err != nil {
			continue
		}
		// https://www.mkdocs.org/user-guide/configuration/#site_dir
		if v := doc.Get("site_dir"); path.Clean(v.Text) == name {
			return "mkdocs build makes it, as " + file + " says, and dockgen does not run that"
		}
	}
	for _, f := range s.Builds.Builds(".") {
		for _, c := range f.Commands {
			if len(c.Words) > 1 && slices.ContainsFunc(buildfile.Sure(c.Words[1:]), func(w string) bool { return path.Join(c.Dir, w) == name }) && !prepares(c.Program()) {
				return printable(c.Program()) + " of " + printable(c.Pos.String()) + " may make it, and dockgen does not run that"
			}
		}
	}
	return "nothing here says which build makes it"
}

// prepares reports whether a program only makes room for what another one writes.
func prepares(program string) bool {
	return slices.Contains([]string{"mkdir", "rm", "touch", "ls", "cd", "test", "[", "git", "chmod", "chown", "find", "echo"}, program)
}

// buildable refuses a program that would not compile in a clean checkout.
func buildable(s *source, m golang.Main) error {
	for _, b := range s.f.Unparsable {
		s.Log.Note(b.Pos, "does not parse: "+b.Value, "go build will say the same")
	}
	for _, u := range s.f.Unread {
		s.Log.Note(u.Pos, u.Value, "what it does when it runs is not known to dockgen")
	}
	if s.f.Unanalyzed {
		s.Log.Note(s.modPos(), "the main packages reach more Go code than dockgen analyses: where they listen, what they read, write and start is not known",
			"set port and packages in dockgen.yaml, and look at what the image needs of the repository")
	}
	for _, x := range m.Missing {
		if generates(s, m, x.Value) {
			continue
		}
		return record.Refuse(x.Pos, "commit the generated code, or generate it before dockgen runs",
			"the package %s has no Go file here: generated code that is not committed", printable(x.Value))
	}
	for _, e := range m.Embeds {
		if len(s.imported(e.Value.Pattern)) > 0 || embedded(m, e.Value.Pattern) {
			continue // another app's stage makes it, or a generator
		}
		if !e.Value.Matches {
			return record.Refuse(e.Pos, "commit what it embeds, or generate it before dockgen runs: "+s.maker(e.Value.Pattern),
				"embeds %s, which is not in the repository", printable(e.Value.Pattern))
		}
		if e.Value.Only != "" {
			s.Log.Note(e.Pos, "embeds "+printable(e.Value.Pattern)+", and the repository has only "+printable(e.Value.Only)+" of it: the program is built without the rest, such as what a front end's build writes there",
				"run that build before docker build, or commit what it writes")
		}
	}
	if len(s.f.Modules) == 0 {
		if len(m.Imports) > 0 {
			x := m.Imports[0]
			if err := s.before(); err != nil {
				return err
			}
			return record.Refuse(x.Pos, "run go mod init and go mod tidy, and commit go.mod and go.sum",
				"imports %s, and there is no go.mod that says which version", printable(x.Value))
		}
		return nil
	}
	if s.vendored() {
		return nil
	}
	for _, x := range m.Imports {
		if !s.required(x.Value) {
			return record.Refuse(x.Pos, "run go mod tidy, and commit go.mod and go.sum", "imports %s, which no go.mod here requires", printable(x.Value))
		}
	}
	return nil
}

// gocmd is a go command that runs in the build's home. The -C flag came with
// Go 1.20: https://go.dev/doc/go1.20#go-command.
func (s *source) gocmd(args ...string) []string {
	out := []string{"go"}
	if s.f.Home != "." {
		out = append(out, "-C", s.f.Home)
	}
	return append(out, args...)
}

// home is a path of the repository as the go command, which runs in the
// build's home, wants it.
func (s *source) home(dir string) string {
	switch {
	case dir == s.f.Home:
		return "."
	case s.f.Home == ".":
		return "./" + dir
	}
	return "./" + strings.TrimPrefix(dir, s.f.Home+"/")
}

// packagesOf is a main package as the go command wants it: outside of a module,
// its files.
func packagesOf(s *source, m golang.Main) []string {
	if len(s.f.Modules) == 0 {
		return m.GoFiles
	}
	return []string{s.home(m.Dir)}
}

// tags are the build tags of the programs, which are compiled together.
type tags struct {
	own       []string // of the repository's own builds
	toolchain toolchain
	programs  []program
}

// list is the repository's own tags, those that the image's system asks for, and
// for prod on scratch those that leave nothing to it. netgo and osusergo take
// Go's own resolver and user database, because those of a static C library read
// files of the system (https://pkg.go.dev/net#hdr-Name_Resolution).
func (g tags) list(prod bool) []string {
	var out []string
	add := func(tags ...string) {
		for _, t := range tags {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	scratch := prod && g.toolchain.runtime == plan.Scratch
	add(g.own...)
	if scratch {
		add("timetzdata")
	}
	if scratch && g.toolchain.cgo {
		add("netgo", "osusergo")
	}
	for _, p := range g.programs {
		for _, c := range p.cgo {
			if g.toolchain.alpine() {
				add(c.pkg.Alpine.Tags...)
			}
			if scratch && c.pkg.Static != nil {
				add(c.pkg.Static.Tags...)
			}
		}
	}
	return out
}

// command puts the tags that do not depend on prod into a go command: go test,
// and the build of dev.
func (g tags) command(s *source, args ...string) []string {
	out := s.gocmd(args...)
	if list := g.list(false); len(list) > 0 {
		return append(out, "-tags", strings.Join(list, ","))
	}
	return out
}

// sources names the folders that the build stage compiles if these are not all:
// a nested module needs its own and those that replace lines lead to, so that an
// edit elsewhere leaves the stage as it is. C code may include what is beside
// the module.
func sources(s *source, programs []program) ([]plan.Artifact, error) {
	if slices.ContainsFunc(programs, func(p program) bool { return len(p.Cgo) > 0 }) {
		return wholeContext(), nil
	}
	dirs := []string{s.f.Home}
	for _, m := range s.f.Modules {
		if !slices.ContainsFunc(dirs, func(dir string) bool { return tree.Within(m.Dir, dir) }) {
			dirs = append(dirs, m.Dir)
		}
	}
	if slices.Contains(dirs, ".") {
		return wholeContext(), nil
	}
	var out []plan.Artifact
	for _, dir := range dirs {
		c, err := plan.NewCopy(dir+"/", dir+"/")
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Copy: c, NoLink: true})
	}
	return out, nil
}

// compiled is where the build stage puts the programs: with several, all of
// them at once in one folder, each in the file that go install would call so
// (https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies). If two
// would have one name, each is compiled on its own.
func compiled(s *source, programs []program) (outputs []string, together bool) {
	names := map[string]bool{}
	for _, p := range programs {
		names[p.fileName(s)] = true
	}
	together = len(programs) > 1 && len(names) == len(programs)
	for _, p := range programs {
		switch {
		case together:
			outputs = append(outputs, "/out/"+p.fileName(s))
		case p.further:
			outputs = append(outputs, "/out/"+p.stage.String())
		default:
			outputs = append(outputs, "/out/"+p.name)
		}
	}
	return outputs, together
}

// buildStage compiles the programs into their outputs.
func buildStage(s *source, t toolchain, g tags, programs []program, outputs []string, together bool, stamps stamps, ground ground) (*Build, error) {
	out := &Build{
		Head:  plan.Head{Name: s.Stage("build"), From: plan.FromStage(ground.source), Uses: plan.StagesOf(without(s.Imports, ground.has))},
		Cross: !t.cgo, Stamping: stamps.plan(),
	}
	if len(ground.copies) > 0 {
		var err error
		if out.Copies, err = sources(s, programs); err != nil {
			return nil, err
		}
	}
	out.Copies = append(out.Copies, without(s.Imports, ground.has)...)
	if t.runtime == plan.Scratch {
		out.Rootfs = []plan.User{image.NonRoot()}
	}
	gocmd, err := plan.NewShell(s.gocmd()...)
	if err != nil {
		return nil, err
	}
	compile := func(to string, packages []string) error {
		var args []string
		if list := g.list(true); len(list) > 0 {
			args = append(args, "-tags", strings.Join(list, ","))
		}
		shell, err := plan.NewShell(slices.Concat(args, []string{"-o", to}, packages)...)
		out.Compile = append(out.Compile, Compile{
			Cgo: t.cgo, Static: t.static(), Go: gocmd, Stamps: stamps.set, Guarded: stamps.guarded, Constants: stamps.constants, Args: shell,
		})
		return err
	}
	var all []string
	for i, p := range programs {
		all = append(all, packagesOf(s, p.Main)...)
		if together {
			continue
		}
		if err := compile(outputs[i], packagesOf(s, p.Main)); err != nil {
			return nil, err
		}
	}
	if together {
		err = compile(path.Dir(outputs[0])+"/", all)
	}
	return out, err
}
