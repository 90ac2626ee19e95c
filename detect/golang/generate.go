package golang

import (
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Generation is code that a generator writes and that is not committed.
type Generation struct {
	Tool    string
	Output  string   // the file or folder that is missing, relative to Facts.Dir
	Dir     string   // where the generator runs, relative to Facts.Dir
	Args    []string // of the generator
	Packs   []string // the folders whose files it puts into the code, relative to Facts.Dir
	Package string   // its main package, as go run takes it; "" where that is not known
	Pinned  Pinned
	Version string // of the pinned module, for RequireLine and ExactVersion
	Outside string // what it needs that Go does not bring
	Watch   string // the extension of what it reads, without a dot
	Pattern string // of the base names that it writes, "" where Output is all
	Needed  bool   // the program does not compile without it
	Whole   bool   // go generate itself runs, with Args, as in the repository's own builds
}

// Pinned is what holds a generator to one version.
type Pinned string

// The pins. A package of the repository is pinned by being there.
const (
	NotPinned    Pinned = ""
	ToolLine     Pinned = "a tool line"    // https://go.dev/ref/mod#go-mod-file-tool
	BlankImport  Pinned = "a blank import" // https://go.dev/wiki/Modules#how-can-i-track-tool-dependencies-for-a-module
	RequireLine  Pinned = "a require line"
	ExactVersion Pinned = "an exact version"
	OwnPackage   Pinned = "a package of this repository"
)

// generations looks for output of generators that a program needs and that is
// not committed. missing are the packages without a Go file that it imports.
func (r *reader) generations(b *module.Build, l *load.Loader, pkgs []*load.Package, missing []fact.Fact[string]) []fact.Fact[Generation] {
	g := &generating{reader: r, build: b, loader: l, reached: map[string]bool{}, empty: map[string]bool{}, seen: map[string]bool{}}
	for _, k := range pkgs {
		g.reached[k.Dir] = true
	}
	for _, x := range missing {
		if dir, ok := l.DirOf(x.Value); ok {
			g.empty[path.Clean(dir)] = true
		}
	}
	for _, d := range r.marks().directives {
		g.directive(d)
	}
	g.commands()
	for i := range generators() {
		row := &generators()[i]
		g.inputs(row)
		g.marked(row)
		g.configs(row)
	}
	sort.SliceStable(g.found, func(i, j int) bool { return g.found[i].Value.Output < g.found[j].Value.Output })
	return g.found
}

// generating is the search for one main.
type generating struct {
	*reader
	build   *module.Build
	loader  *load.Loader
	reached map[string]bool // folders of packages that the main reaches
	empty   map[string]bool // those of packages that have no Go file
	seen    map[string]bool // outputs
	found   []fact.Fact[Generation]
}

// matters reports whether a file or folder to be written belongs to a package
// that the main reaches, and is not there.
func (g *generating) matters(output string) bool {
	if strings.HasSuffix(output, ".go") {
		dir := path.Dir(output)
		return !g.Has(output) && (g.reached[dir] || g.empty[dir])
	}
	return g.empty[output]
}

// add records an output once. What a go:generate line writes comes first, by
// the command that stands there.
func (g *generating) add(row *generator, gen Generation, at fact.Pos) {
	if g.seen[gen.Output] || module.Outside(gen.Output) {
		return
	}
	if row.Outside != "" && !g.empty[path.Dir(gen.Output)] && !g.empty[gen.Output] {
		return // the same may be committed elsewhere
	}
	g.seen[gen.Output] = true
	gen.Tool, gen.Outside = row.Tool, row.Outside
	gen.Watch = row.Watch
	if strings.Contains(row.Output, "*") {
		gen.Pattern = row.Output
	}
	if ext := strings.TrimPrefix(path.Ext(row.Input), "."); gen.Watch == "" {
		gen.Watch = ext
	}
	gen.Needed = !row.Optional && !row.Tests
	if gen.Pinned == NotPinned {
		g.pin(row, &gen)
	}
	g.found = append(g.found, fact.Fact[Generation]{Value: gen, Pos: at})
}

// directive looks at what a go:generate line writes.
func (g *generating) directive(d directive) {
	tool, version, args := commandOf(d.words)
	row, pkg := rowOf(tool)
	if row == nil {
		g.unknown(d, tool, version, args)
		return
	}
	for _, out := range g.outputs(row, d, args) {
		if !g.matters(out) && !(row.Tests && strings.HasSuffix(out, ".go") && !g.Has(out)) {
			continue
		}
		gen := Generation{Output: out, Dir: d.dir, Args: args, Packs: row.packed(d.dir, args), Package: pkg}
		if version != "" {
			gen.Pinned, gen.Version = ExactVersion, version
		}
		g.add(row, gen, d.pos)
	}
}

// commands looks at what the repository's own builds run before they compile, for the
// generators that nothing else in a repository shows.
func (g *generating) commands() {
	for _, f := range g.builds.Builds(g.reader.home) {
		for _, c := range f.Commands {
			if len(c.Words) == 0 || strings.Contains(c.Dir, buildfile.Unknown) {
				continue
			}
			words := buildfile.Sure(c.Words)
			if len(words) == 0 {
				continue
			}
			tool, _, args := commandOf(append([]string{c.Program()}, words[1:]...))
			row, _ := rowOf(tool)
			if row == nil || !row.Command {
				continue
			}
			d := directive{words: append([]string{tool}, args...), pos: c.Pos, dir: path.Clean(c.Dir)}
			for _, out := range g.outputs(row, d, args) {
				if g.matters(out) && g.Tree.Ignores(g.At(out)) {
					g.directive(d)
				}
			}
		}
	}
}

// unknown takes a go:generate line of a program that no row knows, where it
// names a package that is missing.
func (g *generating) unknown(d directive, tool, version string, args []string) {
	for _, out := range slices.Sorted(maps.Keys(g.empty)) {
		names := slices.ContainsFunc(args, func(a string) bool {
			_, value, ok := strings.Cut(a, "=")
			if !ok {
				value = a
			}
			at := path.Join(d.dir, value)
			return value != "" && (at == out || path.Dir(at) == out)
		})
		if !names {
			continue
		}
		row := &generator{Tool: path.Base(tool)}
		gen := Generation{Output: out, Dir: d.dir, Args: args, Package: tool}
		switch {
		case strings.HasPrefix(tool, ".") || strings.HasSuffix(tool, ".go"):
			row.Tool, gen.Pinned = "go run "+tool, OwnPackage
		case version != "":
			gen.Pinned, gen.Version = ExactVersion, version
		case !strings.Contains(tool, "/"):
			gen.Package = ""
		}
		g.add(row, gen, d.pos)
	}
}

// commandOf is the program that a directive runs: a package or a name, the
// exact version that it names, and its arguments.
func commandOf(words []string) (tool, version string, args []string) {
	tool, args = words[0], words[1:]
	if tool == "go" && len(args) > 1 && (args[0] == "run" || args[0] == "tool") {
		args = args[1:]
		for len(args) > 1 && strings.HasPrefix(args[0], "-") {
			args = args[1:]
		}
		tool, args = args[0], args[1:]
	}
	if base, v, ok := strings.Cut(tool, "@"); ok {
		tool = base
		if exactVersion.MatchString(v) {
			version = v
		}
	}
	return tool, version, args
}

var exactVersion = lazy.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$`)

// rowOf finds a generator by its package or name.
func rowOf(tool string) (row *generator, pkg string) {
	for i := range generators() {
		row := &generators()[i]
		if slices.Contains(row.Package, tool) {
			return row, tool
		}
		if row.Tool == tool {
			return row, ""
		}
	}
	return nil, ""
}

// outputs are what a directive's command writes.
func (g *generating) outputs(row *generator, d directive, args []string) []string {
	kind := ""
	var out []string
	for i, a := range args {
		name, value, ok := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !strings.HasPrefix(a, "-") {
			if strings.HasSuffix(a, ".yaml") || strings.HasSuffix(a, ".yml") {
				out = append(out, g.keyed(path.Join(d.dir, a), row.Keys, d.dir)...)
			}
			continue
		}
		if !ok && i+1 < len(args) {
			value = args[i+1]
		}
		switch {
		case value == "":
		case slices.Contains(row.Flags, name):
			out = append(out, path.Join(d.dir, value))
		case name == "type":
			kind, _, _ = strings.Cut(strings.ToLower(value), ",")
		case ok && (strings.HasSuffix(value, ".yaml") || strings.HasSuffix(value, ".yml")):
			out = append(out, g.keyed(path.Join(d.dir, value), row.Keys, d.dir)...)
		}
	}
	if len(out) == 0 && row.Name != "" && (kind != "" || !strings.Contains(row.Name, "{type}")) {
		out = append(out, path.Join(d.dir, strings.ReplaceAll(row.Name, "{type}", kind)))
	}
	if row.Output != "" && row.Input != "" || len(row.Config) > 0 {
		out = append(out, g.byRow(row, d.dir)...)
	}
	return out
}

// packed are the folders that a command puts into the code.
func (row *generator) packed(dir string, args []string) []string {
	var out []string
	add := func(value string) {
		at := path.Join(dir, strings.TrimSuffix(value, "..."))
		if value != "" && !strings.ContainsAny(value, "*?[$") && !path.IsAbs(value) && !module.Outside(at) && at != "." {
			out = append(out, at)
		}
	}
	for i := 0; i < len(args); i++ {
		name, value, ok := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		switch {
		case !strings.HasPrefix(args[i], "-"):
			if slices.Contains(row.Packs, ".") {
				add(args[i])
			}
			continue
		case !ok && !slices.Contains(row.Switches, name) && i+1 < len(args):
			i++
			value = args[i]
		}
		if slices.Contains(row.Packs, name) {
			add(value)
		}
	}
	return out
}

// byRow are the outputs that a row's own rules expect below a folder.
func (g *generating) byRow(row *generator, dir string) []string {
	var out []string
	below := func(rel string) bool { return dir == "." || strings.HasPrefix(rel, dir+"/") }
	for _, in := range g.marks().inputs {
		if in.row == row && below(in.file) {
			out = append(out, in.out)
		}
	}
	for _, rel := range g.configFiles(row) {
		if below(rel) {
			out = append(out, g.keyed(rel, row.Keys, path.Dir(rel))...)
		}
	}
	return out
}

// configFiles lists the files that may be a row's configuration, sorted.
func (g *generating) configFiles(row *generator) []string {
	var out []string
	for _, name := range row.Config {
		out = append(out, g.marks().configs[name]...)
	}
	slices.Sort(out)
	return out
}

// inputs finds files whose output is missing beside them.
func (g *generating) inputs(row *generator) {
	for _, in := range g.marks().inputs {
		if in.row == row && g.matters(in.out) {
			g.add(row, Generation{Output: in.out, Dir: g.home(in.file), Args: row.Args}, fact.At(g.At(in.file), 0))
		}
	}
}

// marked finds Go files with a row's mark whose output is missing.
func (g *generating) marked(row *generator) {
	for _, rel := range g.marks().marked[row.Mark] {
		home := g.home(rel)
		at := fact.At(g.At(rel), 0)
		if row.Missing == "" {
			if out := path.Join(path.Dir(rel), row.Output); g.matters(out) {
				g.add(row, Generation{Output: out, Dir: home, Args: row.args(home, rel, "")}, at)
			}
			continue
		}
		for _, out := range slices.Sorted(maps.Keys(g.empty)) {
			if path.Base(out) == row.Missing && g.home(out) == home {
				g.add(row, Generation{Output: out, Dir: home, Args: row.args(home, rel, out)}, at)
			}
		}
	}
}

// args fills in a row's arguments, with paths as they are from home.
func (row *generator) args(home, file, out string) []string {
	from := func(p string) string {
		if home != "." {
			p = strings.TrimPrefix(strings.TrimPrefix(p, home), "/")
		}
		return p
	}
	dir := "./" + from(path.Dir(file))
	if path.Dir(file) == home {
		dir = "."
	}
	var list []string
	for _, a := range row.Args {
		list = append(list, strings.NewReplacer("{file}", from(file), "{dir}", dir, "{out}", from(out)).Replace(a))
	}
	return list
}

// configs finds configuration whose outputs are missing.
func (g *generating) configs(row *generator) {
	for _, rel := range g.configFiles(row) {
		at := fact.At(g.At(rel), 0)
		for _, out := range g.keyed(rel, row.Keys, path.Dir(rel)) {
			if g.matters(out) {
				g.add(row, Generation{Output: out, Dir: path.Dir(rel), Args: row.Args}, at)
				continue
			}
			// A folder of folders: the packages of all that it compiles.
			for _, dir := range slices.Sorted(maps.Keys(g.empty)) {
				if !strings.HasSuffix(out, ".go") && (out == "." || strings.HasPrefix(dir, out+"/")) {
					g.add(row, Generation{Output: dir, Dir: path.Dir(rel), Args: row.Args}, at)
				}
			}
		}
	}
}

// keyed are the paths at some keys of a YAML file, at any depth, as they are
// from base.
func (g *generating) keyed(rel string, names []string, base string) []string {
	if len(names) == 0 {
		return nil
	}
	key := rel + " " + strings.Join(names, " ")
	texts, ok := g.marks().keys[key]
	if !ok {
		texts = g.readKeys(rel, names)
		g.marks().keys[key] = texts
	}
	var out []string
	for _, s := range texts {
		out = append(out, path.Join(base, s))
	}
	return out
}

// readKeys are the texts at some keys of a YAML file, at any depth.
func (g *generating) readKeys(rel string, names []string) []string {
	text, err := g.Tree.ReadHead(g.At(rel), 64<<10)
	if err != nil {
		return nil
	}
	docs, err := document.ParseAll(rel, text)
	if err != nil {
		return nil
	}
	var out []string
	var visit func(v document.Value)
	visit = func(v document.Value) {
		for _, m := range v.Members {
			if slices.Contains(names, m.Key) && m.Value.IsScalar() && m.Value.Text != "" {
				out = append(out, m.Value.Text)
			}
			visit(m.Value)
		}
		for _, e := range v.Items {
			visit(e)
		}
	}
	for _, doc := range docs {
		visit(doc)
	}
	return out
}

// home is the folder of the module that holds a path.
func (g *generating) home(rel string) string {
	if i, ok := g.loader.ModuleOf(path.Dir(rel)); ok && i >= 0 {
		return g.build.Modules[i].Dir
	}
	return "."
}

// majorElement finds the major version in the path of a package.
var majorElement = lazy.MustCompile(`/(v[2-9][0-9]*)(/|$)`)

// ofMajor reports whether a version of a module can hold a package, whose path may name a major version:
// https://go.dev/ref/mod#major-version-suffixes.
func ofMajor(pkg, version string) bool {
	m := majorElement.FindStringSubmatch(pkg)
	return m == nil || strings.HasPrefix(version, m[1]+".") && !strings.HasSuffix(version, "+incompatible")
}

// pin says what holds the generator to a version.
func (g *generating) pin(row *generator, gen *Generation) {
	i, ok := g.loader.ModuleOf(gen.Dir)
	if !ok || i < 0 {
		return
	}
	m := &g.build.Modules[i]
	packages := row.Package
	if gen.Package != "" {
		packages = []string{gen.Package}
	}
	for _, pkg := range packages {
		if slices.ContainsFunc(m.Tools, func(t fact.Fact[string]) bool { return t.Value == pkg }) {
			gen.Package, gen.Pinned = pkg, ToolLine
			return
		}
	}
	for _, pkg := range packages {
		if slices.ContainsFunc(g.marks().imports, func(x imported) bool {
			at, _ := g.loader.ModuleOf(x.dir)
			return x.pkg == pkg && at == i
		}) {
			gen.Package, gen.Pinned = pkg, BlankImport
			return
		}
	}
	for _, pkg := range packages {
		if v := m.Provides(pkg); v != "" && ofMajor(pkg, v) {
			gen.Package, gen.Pinned, gen.Version = pkg, RequireLine, v
			return
		}
	}
}
