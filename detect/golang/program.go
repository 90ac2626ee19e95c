package golang

import (
	"bytes"
	"errors"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// program is the type-checked code of every local package that a main
// reaches. Packages of other modules are not read: each is a stand-in that
// has the types that the local code names, so that a value's package can
// still be told.
type program struct {
	src      *source
	info     *types.Info
	checked  map[string]*types.Package // local, by folder
	standins map[string]*types.Package // by import path
	units    map[types.Object]*unit    // functions
	owner    map[ast.Decl]*unit        // what of them, and of package variables, is a unit
	vars     map[types.Object]*unit    // declarations of package variables
	methods  map[types.Object][]*unit  // by the type's name
	always   map[string][]*unit        // what runs when the package of a folder is initialised
	defs     map[types.Object][]def
	results  map[*ast.BlockStmt][]*ast.ReturnStmt
	rules    *rules
	viper    map[string][]ast.Expr            // defaults by lower-case key
	cliFlags map[string][]ast.Expr            // urfave/cli flag values by name
	flags    map[string]def                   // other flags by name
	mapped   map[types.Object]string          // fields that viper fills, by its key
	structs  map[types.Object]*ast.StructType // the declarations of named structs
	tagged   map[string]bool                  // variables that struct tags name
	spaces   map[*ast.StructType]space        // of the structs whose fields' tags have a common start
	unit     *unit                            // whose flow is being recorded
	traced   map[any]bool                     // what the search for a value's package has seen
	live     map[*unit]bool                   // the units of the main that is being described; nil for all
}

// unit is a function, or a declaration that runs at package initialisation.
type unit struct {
	pkg  *pkg
	node ast.Node
	uses []types.Object
	done bool
}

// analyse fills in what each main's program does.
func (s *source) analyse(mains []Main) {
	p := &program{
		src: s,
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		},
		checked: map[string]*types.Package{}, standins: map[string]*types.Package{},
		units: map[types.Object]*unit{}, owner: map[ast.Decl]*unit{}, vars: map[types.Object]*unit{}, methods: map[types.Object][]*unit{}, always: map[string][]*unit{},
		defs: map[types.Object][]def{}, results: map[*ast.BlockStmt][]*ast.ReturnStmt{},
		viper: map[string][]ast.Expr{}, cliFlags: map[string][]ast.Expr{},
		flags: map[string]def{}, mapped: map[types.Object]string{}, traced: map[any]bool{},
		structs: map[types.Object]*ast.StructType{}, tagged: map[string]bool{}, spaces: map[*ast.StructType]space{},
		rules: loadRules(),
	}
	for i := range mains {
		main := s.load(mains[i].Dir)
		if main == nil {
			continue
		}
		mains[i].Files = slices.Concat(main.build.GoFiles, main.build.CgoFiles)
		sort.Strings(mains[i].Files)
		p.check(main, nil)
	}
	p.collect()
	for i := range mains {
		if main := s.load(mains[i].Dir); main != nil {
			p.describe(&mains[i], main)
		}
	}
}

// check type-checks a package after the local packages that it imports.
// Faults are ignored: what cannot be told stays unknown.
func (p *program) check(k *pkg, stack []string) {
	if _, ok := p.checked[k.dir]; ok || slices.Contains(stack, k.dir) {
		return
	}
	stack = append(stack[:len(stack):len(stack)], k.dir)
	for _, imp := range k.imports {
		if dir, ok := p.src.dirOf(imp); ok {
			if dep := p.src.load(dir); dep != nil {
				p.check(dep, stack)
			}
		}
	}
	p.prepare(k)
	conf := types.Config{
		Importer:    p,
		Error:       func(error) {},
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", "amd64"),
	}
	p.checked[k.dir] = p.typeCheck(&conf, k)
}

// typeCheck survives a fault of the type checker on odd code: the package
// then stays unknown.
func (p *program) typeCheck(conf *types.Config, k *pkg) (t *types.Package) {
	defer func() {
		if recover() != nil {
			t = p.standin(k.path)
		}
	}()
	t, _ = conf.Check(k.path, p.src.fset, k.files, p.info)
	return t
}

// Import implements types.Importer.
func (p *program) Import(importPath string) (*types.Package, error) {
	if importPath == "unsafe" {
		return types.Unsafe, nil
	}
	if dir, ok := p.src.dirOf(importPath); ok {
		if t := p.checked[dir]; t != nil {
			return t, nil
		}
	}
	return p.standin(importPath), nil
}

func (p *program) standin(importPath string) *types.Package {
	t := p.standins[importPath]
	if t == nil {
		t = types.NewPackage(importPath, guessNames(importPath)[0])
		t.MarkComplete()
		p.standins[importPath] = t
	}
	return t
}

// prepare gives the stand-ins of k's imports their names and the types that k
// names.
func (p *program) prepare(k *pkg) {
	for _, f := range k.files {
		used := map[string]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok {
					used[x.Name] = true
				}
			}
			return true
		})
		local := map[string]*types.Package{}
		for _, spec := range f.Imports {
			imp := importPath(spec)
			if dir, ok := p.src.dirOf(imp); ok && p.checked[dir] != nil {
				continue
			}
			t := p.standin(imp)
			if spec.Name != nil {
				local[spec.Name.Name] = t
				continue
			}
			for _, name := range guessNames(imp) {
				if used[name] {
					t.SetName(name)
					break
				}
			}
			local[t.Name()] = t
		}
		name := func(e ast.Expr) { declareTypes(e, local) }
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				name(n.Type)
			case *ast.ValueSpec:
				name(n.Type)
			case *ast.CompositeLit:
				name(n.Type)
			case *ast.TypeSpec:
				name(n.Type)
			case *ast.TypeAssertExpr:
				name(n.Type)
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "new" || id.Name == "make") && len(n.Args) > 0 {
					name(n.Args[0])
				}
			}
			return true
		})
	}
}

// declareTypes declares every pkg.Name of a type expression in pkg's stand-in.
func declareTypes(e ast.Expr, local map[string]*types.Package) {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		if !ok {
			return
		}
		t := local[x.Name]
		if t == nil || t.Scope().Lookup(e.Sel.Name) != nil {
			return
		}
		obj := types.NewTypeName(token.NoPos, t, e.Sel.Name, nil)
		types.NewNamed(obj, types.NewStruct(nil, nil), nil)
		t.Scope().Insert(obj)
	case *ast.StarExpr:
		declareTypes(e.X, local)
	case *ast.ParenExpr:
		declareTypes(e.X, local)
	case *ast.ArrayType:
		declareTypes(e.Elt, local)
	case *ast.MapType:
		declareTypes(e.Key, local)
		declareTypes(e.Value, local)
	case *ast.ChanType:
		declareTypes(e.Value, local)
	case *ast.Ellipsis:
		declareTypes(e.Elt, local)
	}
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// guessNames lists the names that the package of an import path may have,
// likeliest first; the last element of the path by convention.
func guessNames(importPath string) []string {
	parts := strings.Split(importPath, "/")
	last := parts[len(parts)-1]
	if majorVersion.MatchString(last) && len(parts) > 1 {
		last = parts[len(parts)-2]
	}
	if i := strings.LastIndex(last, ".v"); i > 0 && majorVersion.MatchString(last[i+1:]) {
		last = last[:i] // gopkg.in/yaml.v3
	}
	var out []string
	add := func(s string) {
		if token.IsIdentifier(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(last)
	trimmed := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(last, "go-"), "-go"), ".go")
	add(trimmed)
	add(strings.TrimPrefix(trimmed, "go"))
	add(strings.ReplaceAll(trimmed, "-", ""))
	add(strings.ReplaceAll(trimmed, "-", "_"))
	if i := strings.LastIndexAny(trimmed, "-."); i >= 0 {
		add(trimmed[i+1:])
		add(trimmed[:i])
	}
	if len(parts) > 1 {
		add(parts[len(parts)-2])
	}
	add("p")
	return out
}

func importPath(spec *ast.ImportSpec) string {
	s, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return s
}

func lineOfError(err error) int {
	if list := (scanner.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		return list[0].Pos.Line
	}
	return 0
}

// closure lists the local packages that k reaches, k first, then by folder.
func (p *program) closure(k *pkg) []*pkg {
	seen := map[string]bool{}
	var out []*pkg
	var visit func(k *pkg)
	visit = func(k *pkg) {
		if seen[k.dir] {
			return
		}
		seen[k.dir] = true
		out = append(out, k)
		for _, imp := range k.imports {
			if dir, ok := p.src.dirOf(imp); ok {
				if dep := p.src.load(dir); dep != nil {
					visit(dep)
				}
			}
		}
	}
	visit(k)
	sort.Slice(out[1:], func(i, j int) bool { return out[1+i].dir < out[1+j].dir })
	return out
}

// reached lists the units that run when main does: initialisation, main, and
// every function and every method of a type that these mention.
func (p *program) reached(pkgs []*pkg) []*unit {
	for _, u := range p.units {
		u.done = false
	}
	var queue, out []*unit
	push := func(u *unit) {
		if u != nil && !u.done {
			u.done = true
			queue = append(queue, u)
		}
	}
	in := map[string]bool{}
	for _, k := range pkgs {
		in[k.dir] = true
		for _, u := range p.always[k.dir] {
			u.done = false
			push(u)
		}
	}
	for _, k := range pkgs[:1] {
		if t := p.checked[k.dir]; t != nil {
			push(p.units[t.Scope().Lookup("main")])
		}
	}
	for len(queue) > 0 {
		u := queue[0]
		queue = queue[1:]
		out = append(out, u)
		for _, obj := range u.uses {
			if next := p.units[obj]; next != nil && in[next.pkg.dir] {
				push(next)
			}
			if _, ok := obj.(*types.TypeName); !ok {
				continue
			}
			for _, t := range p.family(obj, true) {
				for _, m := range p.methods[t] {
					if in[m.pkg.dir] {
						push(m)
					}
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if ra, rb := slices.Index(pkgs, a.pkg), slices.Index(pkgs, b.pkg); ra != rb {
			return ra < rb
		}
		return a.node.Pos() < b.node.Pos()
	})
	return out
}

// collect records every function, and what flows into every variable.
func (p *program) collect() {
	var dirs []string
	for dir := range p.checked {
		dirs = append(dirs, dir)
	}
	sort.Strings(dirs)
	for _, dir := range dirs {
		k := p.src.load(dir)
		if k == nil {
			continue
		}
		for _, f := range k.files {
			for _, d := range f.Decls {
				p.declare(k, d)
			}
		}
	}
	for _, dir := range dirs {
		if k := p.src.load(dir); k != nil {
			p.spaced(k)
		}
	}
	for _, dir := range dirs {
		if k := p.src.load(dir); k != nil {
			for _, f := range k.files {
				for _, d := range f.Decls {
					p.flow(d, p.owner[d])
				}
			}
		}
	}
}

func (p *program) declare(k *pkg, d ast.Decl) {
	u := &unit{pkg: k, node: d}
	fn, isFunc := d.(*ast.FuncDecl)
	if gen, ok := d.(*ast.GenDecl); ok && gen.Tok != token.VAR {
		for _, spec := range gen.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				if st, ok := t.Type.(*ast.StructType); ok {
					p.structs[p.info.Defs[t.Name]] = st
				}
			}
		}
		return
	}
	seen := map[types.Object]bool{}
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := origin(p.info.Uses[id])
			switch obj.(type) {
			case *types.Func, *types.TypeName:
				if !seen[obj] {
					seen[obj] = true
					u.uses = append(u.uses, obj)
				}
			}
		}
		return true
	})
	p.owner[d] = u
	if gen, ok := d.(*ast.GenDecl); ok {
		for _, spec := range gen.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, id := range v.Names {
					p.vars[p.info.Defs[id]] = u
				}
			}
		}
	}
	if !isFunc || fn.Recv == nil && (fn.Name.Name == "init" || fn.Name.Name == "_") {
		p.always[k.dir] = append(p.always[k.dir], u)
		return
	}
	obj := p.info.Defs[fn.Name]
	if obj == nil {
		return
	}
	p.units[obj] = u
	if fn.Recv == nil {
		return
	}
	if sig, ok := obj.Type().(*types.Signature); ok && sig.Recv() != nil {
		if named := namedOf(sig.Recv().Type()); named != nil {
			p.methods[named.Obj()] = append(p.methods[named.Obj()], u)
		}
	}
}

// origin is the generic object of an instantiated one.
func origin(obj types.Object) types.Object {
	switch o := obj.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return obj
}

func namedOf(t types.Type) *types.Named {
	for range 4 {
		switch u := t.(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Alias:
			t = types.Unalias(u)
		case *types.Named:
			return u.Origin()
		default:
			return nil
		}
	}
	return nil
}

// describe fills in one main.
func (p *program) describe(m *Main, k *pkg) {
	pkgs := p.closure(k)
	var other []fact.Fact[string]
	seen := map[string]bool{}
	for _, dep := range pkgs {
		p.cgo(m, dep)
		p.embeds(m, dep)
		for _, f := range dep.files {
			for _, spec := range f.Imports {
				imp := importPath(spec)
				if seen[imp] || imp == "C" || imp == "" {
					continue
				}
				seen[imp] = true
				at := p.src.pos(spec.Pos())
				if dir, ok := p.src.dirOf(imp); ok {
					if p.src.load(dir) == nil && !p.src.large {
						m.Missing = append(m.Missing, fact.Fact[string]{Value: imp, Pos: at})
					}
					continue
				}
				if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") {
					other = append(other, fact.Fact[string]{Value: imp, Pos: at})
				}
			}
		}
	}
	sort.Slice(other, func(i, j int) bool { return other[i].Value < other[j].Value })
	m.Imports = other
	if t := p.checked[k.dir]; t != nil {
		if obj := t.Scope().Lookup("main"); obj != nil {
			m.Pos = p.src.pos(obj.Pos())
		}
	}
	if m.Pos.IsZero() && len(m.Files) > 0 {
		m.Pos = fact.At(p.src.r.at(path.Join(m.Dir, m.Files[0])), 0)
	}
	if p.src.large {
		return
	}
	p.generations(m, pkgs)
	p.stamps(m, pkgs)
	w := &walker{p: p, main: m, imports: seen, names: map[string]bool{}}
	units := p.reached(pkgs)
	p.live = map[*unit]bool{}
	for _, u := range units {
		p.live[u] = true
	}
	for _, u := range units {
		w.unit(u)
	}
	p.verbs(m, w, pkgs, units)
	w.finish()
	p.live = nil
}

func (p *program) cgo(m *Main, k *pkg) {
	if len(k.build.CgoFiles) == 0 {
		return
	}
	at := fact.At(p.src.r.at(path.Join(k.dir, k.build.CgoFiles[0])), 0)
	if list := k.build.ImportPos["C"]; len(list) > 0 {
		at.Line = list[0].Line
	}
	c := Cgo{Pos: at, PkgConfig: k.build.CgoPkgConfig, CXX: len(k.build.CXXFiles) > 0}
	for _, flag := range k.build.CgoLDFLAGS {
		if lib, ok := strings.CutPrefix(flag, "-l"); ok && !slices.Contains(c.Libs, lib) {
			c.Libs = append(c.Libs, lib)
		}
	}
	m.Cgo = append(m.Cgo, c)
}

func (p *program) embeds(m *Main, k *pkg) {
	for _, pattern := range k.build.EmbedPatterns {
		at := fact.At(p.src.r.at(k.dir), 0)
		if list := k.build.EmbedPatternPos[pattern]; len(list) > 0 {
			at = fact.At(list[0].Filename, list[0].Line)
		}
		inner, all := strings.CutPrefix(pattern, "all:")
		e := Embed{Pattern: path.Join(k.dir, inner)}
		list := p.src.r.embedded(e.Pattern, all)
		if e.Matches = len(list) > 0; len(list) == 1 && p.src.r.placeholder(list[0]) {
			e.Only = list[0]
		}
		m.Embeds = append(m.Embeds, fact.Fact[Embed]{Value: e, Pos: at})
	}
}

// embedded lists the committed files that a pattern means, the first two of
// them. Of a folder, those that begin with a dot or an underscore are left out:
// https://pkg.go.dev/embed#hdr-Directives.
func (r *reader) embedded(pattern string, all bool) []string {
	if r.has(pattern) {
		return []string{pattern}
	}
	dir := pattern
	if strings.ContainsAny(pattern, `*?[\\`) {
		dir = globDir(pattern)
	}
	var out []string
	for _, f := range r.t.Files(r.at(dir)) {
		if len(out) == 2 {
			break
		}
		file := r.rel(f)
		for name := file; name != "." && name != "/"; name = path.Dir(name) {
			if ok, err := path.Match(pattern, name); name != pattern && (err != nil || !ok) {
				continue
			}
			if inside := strings.TrimPrefix(file, name); all || !strings.Contains(inside, "/.") && !strings.Contains(inside, "/_") {
				out = append(out, file)
			}
			break
		}
	}
	return out
}

var placeholderName = regexp.MustCompile(`(?i)^\.(git)?(keep|ignore|empty)$|placeholder|^dummy`)

// placeholder reports whether a file is only there so that its folder is: by its
// name, by what it says of itself, or because it is empty.
func (r *reader) placeholder(name string) bool {
	if placeholderName.MatchString(path.Base(name)) {
		return true
	}
	text, err := r.t.ReadHead(r.at(name), 2048)
	return err == nil && (len(bytes.TrimSpace(text)) == 0 || len(text) < 2048 && bytes.Contains(bytes.ToLower(text), []byte("placeholder")))
}

// globDir is the folder of a pattern before its first wildcard.
func globDir(pattern string) string {
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		pattern = pattern[:i]
		return path.Dir(pattern + "x")
	}
	return path.Dir(pattern)
}
