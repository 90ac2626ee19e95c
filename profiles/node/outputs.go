package node

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
)

// outputs are what commands of a build write.
type outputs struct {
	paths []string // folders and files, from the root on, sorted
	// unknown are programs of which dockgen does not know what they write, with their
	// arguments.
	unknown []string
}

// writes reports whether one of the outputs is the path, holds it, or is in it.
func (o outputs) writes(name string) bool {
	return slices.ContainsFunc(o.paths, func(p string) bool { return within(name, p) || within(p, name) })
}

// add takes in what other commands write.
func (o *outputs) add(more outputs) {
	o.paths, o.unknown = append(o.paths, more.paths...), append(o.unknown, more.unknown...)
}

// within reports whether a path is a folder or below it.
func within(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }

// outputsOf are what a script of the root writes, with all that it runs.
func outputsOf(app workspace.App, name string) outputs { return outputsIn(app, app.Root, "", name) }

// outputsIn are what a script of the package in a folder writes.
func outputsIn(app workspace.App, of *node.Facts, dir, name string) outputs {
	var out outputs
	rows, err := buildRows()
	if err != nil {
		return out
	}
	for _, s := range script.StepsOf(of, []script.Command{{Argv: []string{"npm", "run", name}}}) {
		s.Dir = path.Join(dir, s.Dir)
		list, known := wrote(app, rows.Outputs, s)
		if !known {
			out.unknown = append(out.unknown, strings.Join(s.Argv, " "))
		}
		for _, w := range list {
			if p := path.Join(s.Dir, w); local(p) {
				out.paths = append(out.paths, p)
			}
		}
	}
	slices.Sort(out.paths)
	out.paths = slices.Compact(out.paths)
	out.paths = slices.DeleteFunc(out.paths, func(p string) bool { // what another holds
		return slices.ContainsFunc(out.paths, func(q string) bool { return q != p && within(p, q) })
	})
	return out
}

// wrote are what a command writes, from the folder on in which it runs; known is false if
// dockgen cannot tell.
func wrote(app workspace.App, rows []outputRow, s script.Step) (list []string, known bool) {
	words := s.Argv
	if script.Installs(words) || len(words) == 0 {
		return nil, true
	}
	if s.Of == nil {
		return nil, false
	}
	if len(words) == 3 && words[0] == "node" && slices.Contains([]string{"-e", "--eval", "-p", "--print"}, words[1]) {
		return nil, node.OnlyRemoves(words[2])
	}
	if script.TypeScript(words[0]) || words[0] == "vue-tsc" {
		return wroteByTSC(app, s)
	}
	if script.Runs(words, []string{"prisma generate"}) {
		return slices.DeleteFunc(slices.Clone(s.Of.Prisma.Outputs), func(dir string) bool { return app.HasDir(topOf(path.Join(s.Dir, dir))) }), true
	}
	if words[0] == "nest" && len(words) > 1 && words[1] == "build" && s.Of.TSConfig != nil && s.Of.TSConfig.OutDir.Found() {
		return []string{s.Of.TSConfig.OutDir.Value}, len(words) == 2
	}
	if file, other := script.Flag(words, []string{"--config", "-c"}); !other || isConfig(s.Of, words[0], file) {
		if dir, ok := framework.Written(framework.Request{Tree: app.Tree, Facts: s.Of, Dir: s.Dir}, words); ok {
			return []string{dir}, true
		}
	}
	for _, r := range rows {
		if script.Runs(words, r.Commands) || len(words) > 0 && slices.Contains(r.Commands, words[0]) {
			return r.written(words)
		}
	}
	return nil, false
}

// isConfig reports whether a file is the tool's configuration that was read.
func isConfig(f *node.Facts, tool, file string) bool {
	c := f.Config.Of(tool)
	return c != nil && c.File == path.Clean(file)
}

// wroteByTSC is the folder that a compiler of TypeScript writes.
func wroteByTSC(app workspace.App, s script.Step) (list []string, known bool) {
	words := s.Argv
	if slices.Contains(words, "--noEmit") || words[0] == "vue-tsc" && !slices.Contains(words, "--outDir") {
		return nil, true
	}
	if slices.Contains(words, "-b") || slices.Contains(words, "--build") {
		return nil, false
	}
	if dir, ok := script.Flag(words, []string{"--outDir", "--outdir"}); ok {
		return []string{path.Clean(dir)}, true
	}
	c := s.Of.TSConfig
	if file, ok := script.Flag(words, []string{"-p", "--project"}); ok {
		if file = path.Clean(file); app.Tree.HasDir(path.Join(s.Of.Dir, file)) {
			file = path.Join(file, "tsconfig.json")
		}
		if !app.Tree.Has(path.Join(s.Of.Dir, file)) {
			return nil, false
		}
		c, _ = node.ReadTSConfig(app.Tree, s.Of.Dir, file)
	}
	switch {
	case c == nil:
		return nil, false
	case c.NoEmit:
		return nil, true
	case !c.OutDir.Found():
		return nil, false // beside the sources
	}
	return []string{c.OutDir.Value}, true
}

// outputRow is programs of a build, and what they write. Without one of these fields they
// write nothing that prod needs: a file of the source, or nothing at all.
type outputRow struct {
	Commands []string `yaml:"commands"`
	Flags    []string `yaml:"flags,omitempty"`   // whose value is the output
	Default  string   `yaml:"default,omitempty"` // without a flag
	Last     bool     `yaml:"last,omitempty"`    // the last word is the output
	Pair     bool     `yaml:"pair,omitempty"`    // so is the second one, or what stands behind a colon
	Unknown  bool     `yaml:"unknown,omitempty"` // without a flag, a configuration says it
	Source   string   `yaml:"source"`
}

// written are the outputs of words that run one of the row's programs.
func (r outputRow) written(words []string) (list []string, known bool) {
	if v, ok := script.Flag(words, r.Flags); ok {
		return []string{path.Clean(v)}, true
	}
	plain := slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool { return strings.HasPrefix(w, "-") })
	switch {
	case r.Last && len(plain) > 1 && plain[len(plain)-1] != "":
		return []string{path.Clean(plain[len(plain)-1])}, true
	case r.Pair && len(plain) > 0 && plain[0] != "":
		if _, to, ok := strings.Cut(plain[0], ":"); ok {
			return []string{path.Clean(to)}, true
		}
		if len(plain) > 1 && plain[1] != "" {
			return []string{path.Clean(plain[1])}, true
		}
		return nil, false
	case r.Default != "":
		return []string{r.Default}, true
	}
	return nil, !r.Unknown && !r.Last && !r.Pair
}

// wanted are the files and folders that the program runs or serves, and that are not in
// the repository: a step of the build has to make them.
func wanted(p project, s start) []string {
	var out []string
	add := func(name string) {
		if name != "" && name != "." && !strings.HasPrefix(name, "node_modules/") && !p.app.Has(name) && !p.app.HasDir(name) && !p.app.Has(name+".js") && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if p.app.Member != nil || p.fw.Server != nil || p.fw.Site != nil || s.Project.Name != "" || s.Compiler.Name != "" || len(s.Before) > 0 {
		return nil
	}
	if s.Shell == "" {
		add(s.file())
	}
	for _, dir := range p.served {
		add(dir)
	}
	return out
}

// notBuild are parts of the names of scripts that build nothing for prod.
var notBuild = []string{"dev", "watch", "test", "start", "serve", "preview", "lint", "clean", "deploy", "publish", "docs", "storybook", "docker", "release", "electron", "android", "ios", "types", "e2e", "install", "postinstall", "prod"} //nolint:gochecknoglobals // a constant table

// further is what has to be built beside what the build script does, because the program
// runs or serves it.
type further struct {
	scripts []string // of the root
	folders []string // whose own build script makes it
	made    outputs
}

// decideFurther finds what makes what the program wants and the build does not write.
func decideFurther(p project, s start) further {
	f := p.app.Root
	var out further
	name, _, builds := script.Build(f)
	if builds {
		out.made = outputsOf(p.app, name)
		first, then := script.Beside(f, name)
		for _, s := range slices.Concat(first, then) {
			out.made.add(outputsOf(p.app, s.Value))
		}
	}
	for _, dir := range s.Members {
		if u, ok := beside(p.app, dir); ok {
			out.folders = append(out.folders, dir)
			out.made.add(outputsIn(p.app, u.Facts, dir, "build"))
		}
	}
	made := out.made
	scripts := sync.OnceValue(func() []maker { return makers(p) })
	for _, w := range wanted(p, s) {
		if made.writes(w) || len(out.made.unknown) > 0 && (w == s.file() || p.app.HasDir(topOf(w))) || w == s.file() && source(p.app, w) != "" && !builds {
			continue
		}
		best, found := scriptFor(scripts(), w)
		switch dir, o := folderFor(p, w); {
		case best != "":
			out.scripts = append(out.scripts, best)
		case dir != "":
			out.folders = append(out.folders, dir)
			found = o
		default:
			continue
		}
		made.paths = append(made.paths, found.paths...)
	}
	made.unknown = out.made.unknown
	slices.Sort(made.paths)
	made.paths = slices.Compact(made.paths)
	out.made = made
	return out
}

// maker is a script of the root that builds something, of which all is known that it writes.
type maker struct {
	name  string
	makes outputs
	steps int
}

// maxMakers is more scripts than any package has.
const maxMakers = 300

// makers are the scripts of the root that may build something, by their names.
func makers(p project) []maker {
	f := p.app.Root
	var out []maker
	names := sortedNames(f)
	for _, name := range names[:min(len(names), maxMakers)] {
		if slices.ContainsFunc(script.NameParts(name), func(part string) bool { return slices.Contains(notBuild, part) }) {
			continue
		}
		if o := outputsOf(p.app, name); len(o.paths) > 0 && len(o.unknown) == 0 {
			out = append(out, maker{name, o, len(script.StepsOf(f, []script.Command{{Argv: []string{"npm", "run", name}}}))})
		}
	}
	return out
}

// scriptFor is the script that makes something, and does least else; "" for none.
func scriptFor(list []maker, want string) (best string, makes outputs) {
	steps := 0
	for _, m := range list {
		if m.makes.writes(want) && (best == "" || m.steps < steps) {
			best, steps, makes = m.name, m.steps, m.makes
		}
	}
	return best, makes
}

// folderFor is the folder above something, with a package.json whose build script makes
// it; "" for none.
func folderFor(p project, want string) (dir string, makes outputs) {
	for dir := range tree.Above(path.Dir(want)) {
		u, ok := beside(p.app, dir)
		if !ok {
			continue
		}
		if _, has := u.Facts.Script("build"); !has {
			return "", makes
		}
		if o := outputsIn(p.app, u.Facts, dir, "build"); o.writes(want) && len(o.unknown) == 0 {
			return dir, o
		}
		return "", makes
	}
	return "", makes
}

func topOf(name string) string {
	top, _, _ := strings.Cut(name, "/")
	return top
}

func sortedNames(f *node.Facts) []string {
	var names []string
	for name := range f.Scripts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
