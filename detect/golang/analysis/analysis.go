// Package analysis says what a Go program does when it runs, from its syntax
// and types, function by function from main on: where it listens, which files
// it opens, which programs it starts. Nothing is compiled, and no package of
// another module is read.
//
// Its pieces, each of which uses only those after it:
//
//	analysis.go  New, Program: one program described
//	command.go   subcommands, and what listens with which
//	effects.go   the effect.Set of the declarations that run, by the rows of calls.yaml
//	link.go      the variables that the linker can set
//	env.go       variables of the environment, .env files
//	required.go  those without which the program ends
//	file.go      paths, and literals that look like one
//	listen.go    values as addresses
//	row.go       the rows of calls.yaml
//	eval.go      the values that an expression may have
//	origin.go    the expressions that a value may come from
//	order.go     which writes of a variable reach a use
//	flow.go      what may be stored in a variable, a field or a parameter
//	flag.go      defaults of flags
//	naming.go    the variables that libraries make of keys, flags and fields
//	tag.go       defaults of struct tags
//	def.go       one thing that may be stored, and local functions
//	value.go     a string in pieces, some of which are decided outside
//	reach.go     what runs if a declaration does
//	check.go     the code, type-checked
//	constants.go what is too large to be computed
package analysis

import (
	"go/ast"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// Analysis is the checked code of the programs of one build.
type Analysis struct {
	folder module.Folder
	build  *module.Build
	flow   *flow
}

// New checks the code that the main packages reach.
func New(folder module.Folder, b *module.Build, l *load.Loader, mains []*load.Package) *Analysis {
	return &Analysis{folder, b, newFlow(newGraph(check(l, mains)))}
}

// Program is what one main package says and does.
type Program struct {
	effect.Set
	Pos             fact.Pos             // of func main; of the package's first file, with line 0, if there is none
	Imports         []fact.Fact[string]  // packages from other modules, sorted
	Missing         []fact.Fact[string]  // packages of a local module that have no Go file
	EnvFiles        []fact.Fact[EnvFile] // .env files that it loads
	SetsMode        bool                 // it chooses gin's mode itself
	Commands        []Command            // its subcommands
	ServesByDefault bool                 // it has some, and opens a port without one too
	EnvNames        []string             // what in its source may be names of variables, sorted
}

// Program describes the program of a main package, which New was given, with
// the local packages that it reaches, itself first. embeds are the patterns of
// its go:embed lines, relative to the folder. With outline, only the imports
// and the place are read.
func (a *Analysis) Program(pkgs []*load.Package, embeds []string, outline bool) Program {
	k := pkgs[0]
	p := Program{Pos: a.place(k, outline)}
	imports := a.imports(&p, pkgs)
	if outline {
		return p
	}
	within := map[string]bool{}
	var start []ast.Node
	for _, dep := range pkgs {
		within[dep.Dir] = true
		for _, d := range a.flow.starts[dep.Dir] {
			start = append(start, d.node)
		}
	}
	if main := a.flow.main(k); main != nil {
		start = append(start, main.node)
	}
	run := a.flow.reach(start, limits{within: within, commands: true})
	rank := map[string]int{k.Dir: -1} // the main package first
	slices.SortStableFunc(run.decls, func(a, b *decl) int { return rank[a.pkg.Dir] - rank[b.pkg.Dir] })

	live := &view{flow: a.flow, live: run.live}
	r := a.read(live, k, embeds, imports, within, run.decls)
	dirs := []string{".", k.Dir}
	if mod, ok := a.flow.loader.ModuleOf(k.Dir); ok && mod >= 0 {
		dirs = append(dirs, a.build.Modules[mod].Dir)
	}
	if live.read = readConfigs(a.folder, a.flow, r.opened(), dirs...); live.read != nil {
		r = a.read(live, k, embeds, imports, within, run.decls) // with what they hold
	}
	modulePath := ""
	if mod, ok := a.flow.loader.ModuleOf(k.Dir); ok && mod >= 0 {
		modulePath = a.build.Modules[mod].Path.Value
	}
	c := findCommands(r.view, run.decls, pkgs, programNames(k.Dir, modulePath))
	at := c.attribute(k, pkgs, r.places, r.served)
	for i, names := range at.with {
		r.out.Listens[i].Commands = names
	}
	at.ofLibraries(r.out.Listens, r.verbs)
	r.finish()
	p.Set, p.EnvFiles, p.SetsMode, p.EnvNames = r.out, r.envFiles, r.setsMode, r.sortedNames()
	p.Commands, p.ServesByDefault = at.commands, at.bare
	return p
}

// read reads what the declarations of a program do.
func (a *Analysis) read(v *view, k *load.Package, embeds []string, imports, within map[string]bool, decls []*decl) *reader {
	r := &reader{
		view: v, folder: a.folder, dir: k.Dir, embedded: newPatterns(embeds),
		imports: imports, reached: map[*row]bool{}, names: map[string]bool{}, verbs: map[fact.Pos]string{},
	}
	for _, d := range decls {
		if !a.flow.spend(len(d.nodes) / 16) {
			break
		}
		r.decl(d)
	}
	if main := a.flow.main(k); main != nil {
		if _, body := signature(main.node); body != nil {
			d := demands{view: v, out: &r.env, calls: maxDemandCalls}
			d.body(body, nil, 0)
		}
	}
	for _, name := range a.flow.variables() {
		r.names[name] = true
	}
	for _, t := range a.flow.tagged {
		r.names[t.value.env] = true
		if within[t.decl.pkg.Dir] {
			r.env.add(a.flow.loader.Pos(t.field.Pos()), t.value)
		}
	}
	return r
}

// Exhausted reports that following values took more steps than any program
// needs: what was said since then is incomplete.
func (a *Analysis) Exhausted() bool { return a.flow.work < 0 }

// Strings lists the variables of some packages that the linker can set, for each
// of the packages.
func (a *Analysis) Strings(pkgs []*load.Package) [][]String { return a.flow.stringVars(pkgs) }

// place is where func main stands. If it may stand in code that was not read,
// that is the first line of the package.
func (a *Analysis) place(k *load.Package, outline bool) fact.Pos {
	if t := a.flow.checked[k.Dir]; t != nil {
		if obj := t.Scope().Lookup("main"); obj != nil {
			return a.flow.loader.Pos(obj.Pos())
		}
	}
	if len(k.GoFiles) == 0 {
		return fact.Pos{}
	}
	line := 0
	if outline || len(k.Files) < len(k.GoFiles) {
		line = 1
	}
	return fact.At(a.folder.At(path.Join(k.Dir, k.GoFiles[0])), line)
}

// imports fills in what the packages import from elsewhere, and what is
// missing. It returns every import path.
func (a *Analysis) imports(p *Program, pkgs []*load.Package) map[string]bool {
	l := a.flow.loader
	seen := map[string]bool{}
	for _, dep := range pkgs {
		for _, f := range dep.Files {
			for _, spec := range f.Imports {
				imp := load.ImportPath(spec)
				if seen[imp] || imp == "C" || imp == "" {
					continue
				}
				seen[imp] = true
				x := fact.Fact[string]{Value: imp, Pos: l.Pos(spec.Pos())}
				if dir, ok := l.DirOf(imp); ok {
					if l.Load(dir) == nil && !l.Large {
						p.Missing = append(p.Missing, x)
					}
					continue
				}
				if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") {
					p.Imports = append(p.Imports, x)
				}
			}
		}
	}
	slices.SortFunc(p.Imports, func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) })
	return seen
}
