package analysis

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"github.com/dockgen/dockgen/detect/golang/load"
)

// graph says what runs if something else does: a declaration leads to every
// function, package variable and method of a type that it mentions.
type graph struct {
	*code
	funcs    map[types.Object]*decl
	vars     map[types.Object]*decl   // package variables
	methods  map[types.Object][]*decl // by the type's name
	structs  map[types.Object]*ast.StructType
	starts   map[string][]*decl // what runs when the package of a folder is initialised
	mentions map[*decl][]mention
	led      map[leading][]*decl // memo of leads
}

// mention is one use of a function, a package variable or a type.
type mention struct {
	pos token.Pos
	obj types.Object
}

type leading struct {
	obj      types.Object
	commands bool
}

func newGraph(c *code) *graph {
	g := &graph{
		code: c, funcs: map[types.Object]*decl{}, vars: map[types.Object]*decl{}, methods: map[types.Object][]*decl{},
		structs: map[types.Object]*ast.StructType{}, starts: map[string][]*decl{}, mentions: map[*decl][]mention{}, led: map[leading][]*decl{},
	}
	for _, d := range c.decls {
		switch node := d.node.(type) {
		case *ast.FuncDecl:
			g.function(d, node)
		case *ast.GenDecl:
			g.general(d, node)
		}
	}
	return g
}

func (g *graph) function(d *decl, fn *ast.FuncDecl) {
	g.mention(d)
	if fn.Recv == nil && (fn.Name.Name == "init" || fn.Name.Name == "_") {
		g.starts[d.pkg.Dir] = append(g.starts[d.pkg.Dir], d)
		return
	}
	obj := g.info.Defs[fn.Name]
	if obj == nil {
		return
	}
	g.funcs[obj] = d
	if sig, ok := obj.Type().(*types.Signature); ok && sig.Recv() != nil {
		if named := namedOf(sig.Recv().Type()); named != nil {
			g.methods[named.Obj()] = append(g.methods[named.Obj()], d)
		}
	}
}

func (g *graph) general(d *decl, gen *ast.GenDecl) {
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if st, ok := spec.Type.(*ast.StructType); ok {
				g.structs[g.info.Defs[spec.Name]] = st
			}
		case *ast.ValueSpec:
			if gen.Tok == token.VAR {
				for _, id := range spec.Names {
					g.vars[g.info.Defs[id]] = d
				}
			}
		}
	}
	if gen.Tok == token.VAR {
		g.mention(d)
		g.starts[d.pkg.Dir] = append(g.starts[d.pkg.Dir], d)
	}
}

func (g *graph) mention(d *decl) {
	for _, n := range d.nodes {
		id, ok := n.(*ast.Ident)
		if !ok {
			continue
		}
		switch obj := generic(g.info.Uses[id]).(type) {
		case *types.Func, *types.TypeName:
			g.mentions[d] = append(g.mentions[d], mention{id.Pos(), obj})
		case *types.Var:
			if obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
				g.mentions[d] = append(g.mentions[d], mention{id.Pos(), obj})
			}
		}
	}
}

// leads are the declarations that a mention may run. With commands, the
// methods of a type's subcommands count, which a library calls.
func (g *graph) leads(obj types.Object, commands bool) []*decl {
	key := leading{obj, commands}
	if out, ok := g.led[key]; ok {
		return out
	}
	var out []*decl
	switch obj.(type) {
	case *types.Func:
		if d := g.funcs[obj]; d != nil {
			out = []*decl{d}
		}
	case *types.Var:
		if d := g.vars[obj]; d != nil {
			out = []*decl{d}
		}
	case *types.TypeName:
		for _, t := range family(obj, commands) {
			out = append(out, g.methods[t]...)
		}
	}
	g.led[key] = out
	return out
}

// family is a type with those of its fields whose methods are called through
// it: embedded ones and, with commands, the subcommands that tags name.
func family(obj types.Object, commands bool) []types.Object {
	out := []types.Object{obj}
	for i := 0; i < len(out) && len(out) < 100; i++ {
		named, ok := out[i].Type().(*types.Named)
		if !ok {
			continue
		}
		st, ok := named.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for j := range st.NumFields() {
			tag := reflect.StructTag(st.Tag(j))
			_, command := tag.Lookup("command")
			_, cmd := tag.Lookup("cmd")
			if !st.Field(j).Embedded() && !(commands && (command || cmd)) {
				continue
			}
			if n := namedOf(st.Field(j).Type()); n != nil && !slices.Contains(out, types.Object(n.Obj())) {
				out = append(out, n.Obj())
			}
		}
	}
	return out
}

// main is the function that a main package starts with, or nil.
func (g *graph) main(k *load.Package) *decl {
	t := g.checked[k.Dir]
	if t == nil {
		return nil
	}
	return g.funcs[t.Scope().Lookup("main")]
}

// limits say how far reach goes.
type limits struct {
	within   map[string]bool // folders of packages
	commands bool            // what libraries call for subcommands runs too
	// stop are nodes that do not run, unless reach starts with them.
	stop *nodeSet
}

// nodeSet is a set of nodes with their order.
type nodeSet struct {
	has    map[ast.Node]bool
	sorted []ast.Node // by position
}

func newNodeSet(list []ast.Node) *nodeSet {
	s := &nodeSet{has: map[ast.Node]bool{}}
	for _, n := range list {
		if !s.has[n] {
			s.has[n] = true
			s.sorted = append(s.sorted, n)
		}
	}
	slices.SortStableFunc(s.sorted, func(a, b ast.Node) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return s
}

// region is code that runs.
type region struct {
	decls []*decl        // that start to run as a whole, in the order of code.decls
	live  map[*decl]bool // the same
	spans []span         // sorted, disjoint
}

type span struct{ from, to token.Pos }

// has reports whether the region holds a position.
func (r region) has(pos token.Pos) bool {
	i, found := slices.BinarySearchFunc(r.spans, pos, func(s span, pos token.Pos) int { return cmp.Compare(s.from, pos) })
	if !found {
		i--
	}
	return i >= 0 && pos < r.spans[i].to
}

// reach lists what runs if some nodes do, each of which is a declaration or
// lies within one.
func (g *graph) reach(start []ast.Node, lim limits) region {
	r := region{live: map[*decl]bool{}}
	own, seen := map[ast.Node]bool{}, map[ast.Node]bool{}
	for _, n := range start {
		own[n] = true
	}
	queue := slices.Clone(start)
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		if seen[node] {
			continue
		}
		seen[node] = true
		d := g.declAt(node.Pos())
		if d == nil {
			continue
		}
		if d.node == node {
			r.live[d] = true
			r.decls = append(r.decls, d)
		}
		for _, s := range pieces(node, lim.stop, own) {
			r.spans = append(r.spans, s)
			for _, m := range within(g.mentions[d], s) {
				for _, to := range g.leads(m.obj, lim.commands) {
					if lim.within[to.pkg.Dir] && !seen[to.node] && (lim.stop == nil || !lim.stop.has[to.node] || own[to.node]) {
						queue = append(queue, to.node)
					}
				}
			}
		}
	}
	slices.SortFunc(r.decls, func(a, b *decl) int { return cmp.Compare(a.rank, b.rank) })
	r.spans = union(r.spans)
	return r
}

// pieces is a node without the stops within it.
func pieces(node ast.Node, stop *nodeSet, own map[ast.Node]bool) []span {
	from, end := node.Pos(), node.End()
	if stop == nil {
		return []span{{from, end}}
	}
	var out []span
	i, _ := slices.BinarySearchFunc(stop.sorted, from, func(n ast.Node, pos token.Pos) int { return cmp.Compare(n.Pos(), pos) })
	for ; i < len(stop.sorted) && stop.sorted[i].Pos() < end; i++ {
		n := stop.sorted[i]
		if n == node || own[n] || n.End() > end || n.Pos() < from {
			continue
		}
		if n.Pos() > from {
			out = append(out, span{from, n.Pos()})
		}
		from = max(from, n.End())
	}
	if from < end {
		out = append(out, span{from, end})
	}
	return out
}

// within are the mentions in a span.
func within(list []mention, s span) []mention {
	at := func(pos token.Pos) int {
		i, _ := slices.BinarySearchFunc(list, pos, func(m mention, pos token.Pos) int { return cmp.Compare(m.pos, pos) })
		return i
	}
	return list[at(s.from):at(s.to)]
}

// union sorts spans and joins those that overlap.
func union(list []span) []span {
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}
