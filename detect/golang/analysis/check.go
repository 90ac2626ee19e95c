package analysis

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"github.com/dockgen/dockgen/detect/golang/load"
)

// code is the type-checked code of every local package that the mains reach.
// Packages of other modules are not read: each is a stand-in that has the
// types that the local code names, so that a value's package can still be
// told. (go/ssa and its call graphs need code without type errors, which there
// always are with stand-ins.)
type code struct {
	loader   *load.Loader
	info     *types.Info
	packages []*load.Package           // by folder
	checked  map[string]*types.Package // by folder
	standins map[string]*types.Package // by import path
	decls    []*decl                   // of all packages, in their order
	byPos    []*decl                   // by position
	declsOf  map[*load.Package][]*decl

	constants constants
}

// decl is a top-level declaration.
type decl struct {
	pkg  *load.Package
	file *ast.File
	node ast.Decl
	// nodes are those of the kinds that a later step looks at, in the order of
	// the source. The syntax is walked once, here.
	nodes []ast.Node
	rank  int // in code.decls
}

// check type-checks packages, each after the local packages that it imports.
// Faults are ignored: what cannot be told stays unknown.
func check(l *load.Loader, mains []*load.Package) *code {
	c := &code{
		loader: l,
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		},
		checked: map[string]*types.Package{}, standins: map[string]*types.Package{},
		declsOf:   map[*load.Package][]*decl{},
		constants: constants{values: map[string][]ast.Expr{}, size: map[string]int{}},
	}
	entered := map[string]bool{} // a cycle of imports is a fault of the code
	for _, k := range mains {
		c.check(k, entered)
	}
	slices.SortFunc(c.packages, func(a, b *load.Package) int { return cmp.Compare(a.Dir, b.Dir) })
	for _, d := range c.decls {
		c.declsOf[d.pkg] = append(c.declsOf[d.pkg], d)
	}
	c.byPos = slices.Clone(c.decls)
	slices.SortFunc(c.byPos, func(a, b *decl) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) })
	c.decls = c.decls[:0]
	for _, k := range c.packages {
		for _, d := range c.declsOf[k] {
			d.rank = len(c.decls)
			c.decls = append(c.decls, d)
		}
	}
	return c
}

func (c *code) check(k *load.Package, entered map[string]bool) {
	if entered[k.Dir] {
		return
	}
	entered[k.Dir] = true
	for _, imp := range k.Imports {
		if dir, ok := c.loader.DirOf(imp); ok {
			if dep := c.loader.Load(dir); dep != nil {
				c.check(dep, entered)
			}
		}
	}
	c.constants.bound(k.Files)
	for _, f := range k.Files {
		decls := index(k, f)
		c.declare(f, decls)
		c.decls = append(c.decls, decls...)
	}
	c.packages = append(c.packages, k)
	conf := types.Config{
		Importer:    c,
		Error:       func(error) {},
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", "amd64"),
	}
	c.checked[k.Dir] = c.typeCheck(&conf, k)
}

// typeCheck survives a fault of the type checker on odd code: the package
// then stays unknown.
func (c *code) typeCheck(conf *types.Config, k *load.Package) (t *types.Package) {
	defer func() {
		if recover() != nil {
			t = c.standin(k.Path)
		}
	}()
	t, _ = conf.Check(k.Path, c.loader.Fset, k.Files, c.info)
	return t
}

// Import implements types.Importer.
func (c *code) Import(importPath string) (*types.Package, error) {
	if importPath == "unsafe" {
		return types.Unsafe, nil
	}
	if dir, ok := c.loader.DirOf(importPath); ok {
		if t := c.checked[dir]; t != nil {
			return t, nil
		}
	}
	return c.standin(importPath), nil
}

func (c *code) standin(importPath string) *types.Package {
	t := c.standins[importPath]
	if t == nil {
		t = types.NewPackage(importPath, load.Names(importPath)[0])
		t.MarkComplete()
		c.standins[importPath] = t
	}
	return t
}

// index walks the declarations of a file.
func index(k *load.Package, f *ast.File) []*decl {
	var out []*decl
	for _, node := range f.Decls {
		d := &decl{pkg: k, file: f, node: node}
		ast.Inspect(node, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.Ident, *ast.SelectorExpr, *ast.BasicLit, *ast.CompositeLit, *ast.FuncLit, *ast.CallExpr, *ast.UnaryExpr,
				*ast.TypeAssertExpr, *ast.StructType, *ast.Field, *ast.ValueSpec, *ast.TypeSpec,
				*ast.AssignStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.BlockStmt, *ast.LabeledStmt:
				d.nodes = append(d.nodes, n)
			}
			return true
		})
		out = append(out, d)
	}
	return out
}

// declare gives the stand-ins of a file's imports their names and the types
// that the file names.
func (c *code) declare(f *ast.File, decls []*decl) {
	used := map[string]bool{}
	var named []ast.Expr
	for _, d := range decls {
		for _, n := range d.nodes {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					used[x.Name] = true
				}
			case *ast.Field:
				named = append(named, n.Type)
			case *ast.ValueSpec:
				named = append(named, n.Type)
			case *ast.CompositeLit:
				named = append(named, n.Type)
			case *ast.TypeSpec:
				named = append(named, n.Type)
			case *ast.TypeAssertExpr:
				named = append(named, n.Type)
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "new" || id.Name == "make") && len(n.Args) > 0 {
					named = append(named, n.Args[0])
				}
			}
		}
	}
	local := map[string]*types.Package{}
	for _, spec := range f.Imports {
		imp := load.ImportPath(spec)
		if dir, ok := c.loader.DirOf(imp); ok && c.checked[dir] != nil {
			continue
		}
		t := c.standin(imp)
		if spec.Name != nil {
			local[spec.Name.Name] = t
			continue
		}
		for _, name := range load.Names(imp) {
			if used[name] {
				t.SetName(name)
				break
			}
		}
		local[t.Name()] = t
	}
	for _, e := range named {
		declareTypes(e, local)
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

// declAt is the declaration that holds a position, or nil.
func (c *code) declAt(pos token.Pos) *decl {
	i, found := slices.BinarySearchFunc(c.byPos, pos, func(d *decl, pos token.Pos) int { return cmp.Compare(d.node.Pos(), pos) })
	if !found {
		i--
	}
	if i < 0 || pos >= c.byPos[i].node.End() {
		return nil
	}
	return c.byPos[i]
}

// object is what an identifier declares or uses.
func (c *code) object(id *ast.Ident) types.Object {
	if obj := c.info.Defs[id]; obj != nil {
		return obj
	}
	return generic(c.info.Uses[id])
}

// generic is the generic object of an instantiated one.
func generic(obj types.Object) types.Object {
	switch o := obj.(type) {
	case *types.Func:
		return o.Origin()
	case *types.Var:
		return o.Origin()
	}
	return obj
}

// namedOf is the named type behind pointers and aliases, or nil.
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

// target is the variable or field that an expression names, as on the left of
// an assignment.
func (c *code) target(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return c.object(e)
	case *ast.SelectorExpr:
		return generic(c.info.Uses[e.Sel])
	case *ast.StarExpr:
		return c.target(e.X)
	case *ast.ParenExpr:
		return c.target(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return c.target(e.X)
		}
	}
	return nil
}

// constantOf is the value of a constant string or integer.
func constantOf(v constant.Value) (string, bool) {
	if v == nil {
		return "", false
	}
	switch v.Kind() { //nolint:exhaustive // no other kind is an address or a path
	case constant.String:
		return constant.StringVal(v), true
	case constant.Int:
		return v.ExactString(), true
	}
	return "", false
}

// constant is the value of an expression that is a constant by Go's rules.
func (c *code) constant(e ast.Expr) (string, bool) {
	if s, ok := constantOf(c.info.Types[e].Value); ok {
		return s, true
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
		return e.Value, e.Kind == token.INT
	case *ast.Ident:
		if k, ok := c.object(e).(*types.Const); ok {
			return constantOf(k.Val())
		}
	case *ast.SelectorExpr:
		if k, ok := c.info.Uses[e.Sel].(*types.Const); ok {
			return constantOf(k.Val())
		}
	}
	return "", false
}

// imported is the import path of a package where the type checker does not look at a name that its file imports: in an assertion of a
// value whose type it does not know. "" for any other name.
func (c *code) imported(id *ast.Ident) string {
	d := c.declAt(id.Pos())
	if d == nil || c.info.Uses[id] != nil || c.info.Defs[id] != nil {
		return ""
	}
	for _, i := range d.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		if i.Name != nil && i.Name.Name == id.Name || i.Name == nil && slices.Contains(load.Names(p), id.Name) {
			return p
		}
	}
	return ""
}

// selector is a name of another package.
type selector struct{ pkg, name string }

// selector reports that e is pkg.Name with an imported package.
func (c *code) selector(e ast.Expr) (selector, bool) {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr: // an instantiated type or function
			e = x.X
		case *ast.SelectorExpr:
			id, ok := x.X.(*ast.Ident)
			if !ok {
				return selector{}, false
			}
			if name, ok := c.info.Uses[id].(*types.PkgName); ok {
				return selector{name.Imported().Path(), x.Sel.Name}, true
			}
			from := c.imported(id)
			return selector{from, x.Sel.Name}, from != ""
		default:
			return selector{}, false
		}
	}
}
