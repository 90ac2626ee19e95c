package golang

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Verb is a sub command of a program: what its arguments may start with.
type Verb struct {
	Pos     fact.Pos
	Words   []string // "serve"; "db", "migrate"
	Listens bool     // what it runs opens a port
	Hidden  bool     // it is hidden or deprecated
}

// verb is a Verb while it is looked for.
type verb struct {
	Verb
	lit    *ast.CompositeLit // of the command, nil where it is no literal
	parent *ast.CompositeLit
	bodies []ast.Node // what it runs
	root   bool       // it is what the program runs without a sub command
}

// verbFinder finds the sub commands of one main. Libraries know them as
// struct literals (https://pkg.go.dev/github.com/spf13/cobra#Command,
// https://pkg.go.dev/github.com/urfave/cli/v3#Command), as struct tags
// (https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Commands,
// https://github.com/alecthomas/kong#commands-and-arguments), as a map by name
// (https://pkg.go.dev/github.com/mitchellh/cli#CLI), and programs without one
// as a switch on the first argument.
type verbFinder struct {
	p       *program
	main    *Main
	in      map[string]bool // the packages that the main reaches
	list    []*verb
	parents map[*ast.CompositeLit]*ast.CompositeLit
	roots   map[*ast.CompositeLit]bool
	stop    map[ast.Node]bool // what only a sub command runs
	bare    []ast.Node        // what the command without a word runs
}

// verbs fills in the main's sub commands, and says of each place that listens
// which of them lead there.
func (p *program) verbs(m *Main, w *walker, pkgs []*pkg, units []*unit) {
	f := &verbFinder{
		p: p, main: m, in: map[string]bool{},
		parents: map[*ast.CompositeLit]*ast.CompositeLit{}, roots: map[*ast.CompositeLit]bool{}, stop: map[ast.Node]bool{},
	}
	for _, k := range pkgs {
		f.in[k.dir] = true
	}
	for _, u := range units {
		ast.Inspect(u.node, func(n ast.Node) bool {
			f.node(n)
			return true
		})
	}
	for _, k := range pkgs {
		f.tagged(k)
	}
	f.settle()
	if len(f.list) == 0 {
		return
	}
	f.attribute(w, pkgs)
	for _, v := range f.list {
		m.Verbs = append(m.Verbs, v.Verb)
	}
}

// node looks at one node of a unit that runs.
func (f *verbFinder) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		f.elements(n)
		f.literal(n)
		f.table(n)
	case *ast.CallExpr:
		f.call(n)
	case *ast.AssignStmt:
		f.assign(n)
	case *ast.SwitchStmt:
		f.choice(n)
	}
}

var verbWord = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,30}$`)

// commandType reports whether a type is a command of a library, or one of the
// program's own that is named so.
func (f *verbFinder) commandType(e ast.Expr) bool {
	if t, ok := f.p.pkgSelector(e); ok {
		if _, local := f.p.src.dirOf(t.pkg); !local {
			return t.name == "Command" && (t.pkg == "github.com/spf13/cobra" || strings.HasPrefix(t.pkg, "github.com/urfave/cli"))
		}
		return commandName(t.name)
	}
	id, ok := e.(*ast.Ident)
	return ok && commandName(id.Name)
}

func commandName(s string) bool {
	s = strings.ToLower(s)
	return strings.HasSuffix(s, "command") || strings.HasSuffix(s, "cmd")
}

// literal records a command that is written as a struct.
func (f *verbFinder) literal(lit *ast.CompositeLit) {
	if lit.Type == nil || !f.commandType(lit.Type) {
		if t, ok := f.p.pkgSelector(lit.Type); !ok || !strings.HasPrefix(t.pkg, "github.com/urfave/cli") || t.name != "App" {
			return
		}
		f.roots[lit] = true
	}
	f.command(lit)
}

func (f *verbFinder) command(lit *ast.CompositeLit) {
	v := &verb{lit: lit}
	v.Pos = f.p.src.pos(lit.Pos())
	f.fields(lit, v)
	f.list = append(f.list, v)
}

// fields reads the fields of a command's literal.
func (f *verbFinder) fields(lit *ast.CompositeLit, v *verb) {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		switch {
		case key == nil:
		case key.Name == "Commands" || key.Name == "Subcommands":
			f.children(lit, kv.Value, 0)
		case key.Name == "Use" || key.Name == "Name":
			s, _ := f.p.constant(kv.Value)
			if w := strings.Fields(s); len(w) > 0 && verbWord.MatchString(w[0]) {
				v.Words = []string{w[0]}
			}
		case key.Name == "Hidden" || key.Name == "Deprecated":
			v.Hidden = true
		case handler(key.Name) && !f.isData(kv.Value):
			v.bodies = append(v.bodies, kv.Value)
		}
	}
}

// handler reports whether a field of a command is a function that runs it.
func handler(name string) bool {
	return name == "Action" || name == "Func" || name == "Main" || name == "CobraFunc" ||
		strings.HasPrefix(name, "Run") || strings.HasPrefix(name, "PreRun") || strings.HasPrefix(name, "PostRun")
}

// isData reports that a field's value is surely no function.
func (f *verbFinder) isData(e ast.Expr) bool {
	_, lit := ast.Unparen(e).(*ast.BasicLit)
	return lit
}

// children records the commands in a list as those of another.
func (f *verbFinder) children(parent *ast.CompositeLit, e ast.Expr, depth int) {
	if depth > 4 {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		for _, el := range e.Elts {
			f.adopt(parent, el)
		}
	case *ast.Ident, *ast.SelectorExpr:
		if obj := f.p.target(e); obj != nil {
			for _, d := range f.p.defs[obj] {
				if d.expr != nil && !d.elem && d.index == 0 {
					f.children(parent, d.expr, depth+1)
				}
			}
		}
	case *ast.CallExpr: // append(list, command…)
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "append" {
			for _, a := range e.Args {
				f.adopt(parent, a)
			}
		}
	}
}

// elements records the commands of a list that are written without their
// type: []cli.Command{{Name: …}}.
func (f *verbFinder) elements(list *ast.CompositeLit) {
	t, ok := list.Type.(*ast.ArrayType)
	if !ok {
		return
	}
	elem := t.Elt
	if star, ok := elem.(*ast.StarExpr); ok {
		elem = star.X
	}
	if !f.commandType(elem) {
		return
	}
	for _, e := range list.Elts {
		if lit, ok := e.(*ast.CompositeLit); ok && lit.Type == nil {
			f.command(lit)
		}
	}
}

func (f *verbFinder) adopt(parent *ast.CompositeLit, e ast.Expr) {
	if c := f.resolve(e, 0); c != nil && c != parent {
		if _, ok := f.parents[c]; !ok {
			f.parents[c] = parent
		}
	}
}

// resolve follows an expression to the literal of the command that it is.
func (f *verbFinder) resolve(e ast.Expr, depth int) *ast.CompositeLit {
	if depth > 6 || e == nil {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return f.resolve(e.X, depth+1)
	case *ast.CompositeLit:
		if e.Type == nil || f.commandType(e.Type) || f.roots[e] {
			return e
		}
	case *ast.Ident, *ast.SelectorExpr:
		obj := f.p.target(e)
		if obj == nil {
			return nil
		}
		for _, d := range f.p.defs[obj] {
			if d.expr != nil && !d.elem && d.index == 0 {
				if c := f.resolve(d.expr, depth+1); c != nil {
					return c
				}
			}
		}
	case *ast.CallExpr:
		fn, ok := f.p.function(e.Fun).(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			return nil
		}
		for _, ret := range f.p.returns(fn.Body) {
			if len(ret.Results) > 0 {
				if c := f.resolve(ret.Results[0], depth+1); c != nil {
					return c
				}
			}
		}
	}
	return nil
}

// call reads AddCommand and Execute.
func (f *verbFinder) call(call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	switch {
	case sel.Sel.Name == "AddCommand":
		if parent := f.resolve(sel.X, 0); parent != nil {
			for _, a := range call.Args {
				f.adopt(parent, a)
			}
		}
	case strings.HasPrefix(sel.Sel.Name, "Execute"):
		for _, e := range append([]ast.Expr{sel.X}, call.Args...) {
			if lit := f.resolve(e, 0); lit != nil {
				f.roots[lit] = true
			}
		}
	}
}

// assign reads app.Commands = … and cmd.RunE = ….
func (f *verbFinder) assign(as *ast.AssignStmt) {
	if len(as.Lhs) != len(as.Rhs) {
		return
	}
	for i, l := range as.Lhs {
		sel, ok := l.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		name := sel.Sel.Name
		if name != "Commands" && !handler(name) {
			continue
		}
		from := f.p.from(sel.X, 0)
		switch {
		case name == "Commands" && strings.HasPrefix(from, "github.com/urfave/cli"):
			f.children(nil, as.Rhs[i], 0)
		case handler(name) && from == "github.com/spf13/cobra":
			lit := f.resolve(sel.X, 0)
			for _, v := range f.list {
				if lit != nil && v.lit == lit {
					v.bodies = append(v.bodies, as.Rhs[i])
				}
			}
		}
	}
}

// table records the commands of a map by name.
func (f *verbFinder) table(lit *ast.CompositeLit) {
	t, ok := lit.Type.(*ast.MapType)
	if !ok {
		return
	}
	elem := t.Value
	if star, ok := elem.(*ast.StarExpr); ok {
		elem = star.X
	}
	var name string
	switch e := elem.(type) {
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		name = e.Sel.Name
	}
	if !commandName(name) && name != "CommandFactory" {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if s, ok := f.p.constant(kv.Key); ok && verbWord.MatchString(s) {
			f.add(s, kv.Key.Pos(), kv.Value)
		}
	}
}

func (f *verbFinder) add(word string, at token.Pos, bodies ...ast.Node) {
	v := &verb{bodies: bodies}
	v.Words, v.Pos = []string{word}, f.p.src.pos(at)
	f.list = append(f.list, v)
}

// choice records the cases of a switch on the first argument.
func (f *verbFinder) choice(s *ast.SwitchStmt) {
	if s.Tag == nil || !f.argument(s.Tag, 0) {
		return
	}
	for _, stmt := range s.Body.List {
		c, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		var bodies []ast.Node
		for _, b := range c.Body {
			bodies = append(bodies, b)
		}
		for _, e := range c.List {
			if word, ok := f.p.constant(e); ok && verbWord.MatchString(word) {
				f.add(word, e.Pos(), bodies...)
				break
			}
		}
	}
}

// argument reports whether an expression is the program's first argument:
// os.Args[1], flag.Arg(0), flag.Args()[0], or a variable that holds it.
func (f *verbFinder) argument(e ast.Expr, depth int) bool {
	if depth > 4 {
		return false
	}
	first := func(obj types.Object) bool {
		for _, d := range f.p.defs[obj] {
			if d.expr != nil && !d.elem && d.index == 0 && f.argument(d.expr, depth+1) {
				return true
			}
		}
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		n, ok := e.Index.(*ast.BasicLit)
		if !ok {
			return false
		}
		list := f.arguments(e.X, depth)
		return list == "os" && n.Value == "1" || list == "flag" && n.Value == "0"
	case *ast.CallExpr:
		t, ok := f.p.pkgSelector(e.Fun)
		if ok && (t == (selector{"flag", "Arg"}) || t == (selector{"strings", "ToLower"}) || t == (selector{"github.com/spf13/pflag", "Arg"})) && len(e.Args) == 1 {
			n, lit := e.Args[0].(*ast.BasicLit)
			return lit && n.Value == "0" || t.name == "ToLower" && f.argument(e.Args[0], depth+1)
		}
	case *ast.Ident:
		if obj := f.p.target(e); obj != nil {
			return first(obj)
		}
	}
	return false
}

// arguments tells os.Args, which starts with the program, from what starts
// with the first argument.
func (f *verbFinder) arguments(e ast.Expr, depth int) string {
	if depth > 4 {
		return ""
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		if t, ok := f.p.pkgSelector(e); ok && t == (selector{"os", "Args"}) {
			return "os"
		}
	case *ast.SliceExpr:
		low, ok := e.Low.(*ast.BasicLit)
		if ok && low.Value == "1" && f.arguments(e.X, depth+1) == "os" {
			return "flag"
		}
	case *ast.CallExpr:
		if t, ok := f.p.pkgSelector(e.Fun); ok && t.name == "Args" && (t.pkg == "flag" || t.pkg == "github.com/spf13/pflag") {
			return "flag"
		}
	case *ast.Ident:
		if obj := f.p.target(e); obj != nil {
			for _, d := range f.p.defs[obj] {
				if d.expr != nil && !d.elem && d.index == 0 {
					if s := f.arguments(d.expr, depth+1); s != "" {
						return s
					}
				}
			}
		}
	}
	return ""
}

// tagged records the commands that struct tags name; the method that runs them
// is called through the library.
func (f *verbFinder) tagged(k *pkg) {
	for _, file := range k.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if st, ok := n.(*ast.StructType); ok {
				for _, field := range st.Fields.List {
					f.field(field)
				}
			}
			return true
		})
	}
}

func (f *verbFinder) field(field *ast.Field) {
	word, method := commandTag(field)
	if word == "" || !verbWord.MatchString(word) {
		return
	}
	named := namedOf(f.p.info.TypeOf(field.Type))
	if named == nil {
		return
	}
	var bodies []ast.Node
	for _, u := range f.p.methods[named.Obj()] {
		if fn, ok := u.node.(*ast.FuncDecl); ok && fn.Name.Name == method && f.in[u.pkg.dir] {
			bodies = append(bodies, fn)
		}
	}
	if len(bodies) > 0 {
		f.add(word, field.Pos(), bodies...)
	}
}

// commandTag reads the tags of go-flags and of kong: the word of the sub
// command, and the method that the library calls for it.
func commandTag(field *ast.Field) (word, method string) {
	if field.Tag == nil {
		return "", ""
	}
	raw, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return "", ""
	}
	tag := reflect.StructTag(raw)
	if s, ok := tag.Lookup("command"); ok {
		return s, "Execute"
	}
	if _, ok := tag.Lookup("cmd"); ok && len(field.Names) == 1 {
		if s := tag.Get("name"); s != "" {
			return s, "Run"
		}
		return strings.ToLower(field.Names[0].Name), "Run"
	}
	return "", ""
}

// settle tells the command that runs without a word from the others, and
// gives each its whole path.
func (f *verbFinder) settle() {
	byLit := map[*ast.CompositeLit]*verb{}
	literals := 0
	for _, v := range f.list {
		if v.lit != nil {
			byLit[v.lit] = v
			literals++
		}
	}
	for _, v := range f.list {
		if v.lit == nil {
			continue
		}
		v.parent = f.parents[v.lit]
		_, child := f.parents[v.lit]
		isParent := false
		for _, parent := range f.parents {
			isParent = isParent || parent == v.lit
		}
		v.root = !child && (f.roots[v.lit] || isParent || literals == 1 || len(v.Words) == 1 && slices.Contains(f.names(), v.Words[0]))
	}
	var out []*verb
	seen := map[string]bool{}
	for _, v := range f.list {
		if v.root {
			f.bare = append(f.bare, v.bodies...)
		}
		if v.root || len(v.Words) == 0 {
			continue
		}
		for up, n := byLit[v.parent], 0; up != nil && !up.root && len(up.Words) > 0 && n < 5; up, n = byLit[up.parent], n+1 {
			v.Words = append([]string{up.Words[0]}, v.Words...)
		}
		for _, b := range v.bodies {
			f.stop[b] = true
		}
		if key := strings.Join(v.Words, " "); !seen[key] && len(v.bodies) > 0 {
			seen[key] = true
			out = append(out, v)
		}
	}
	f.list = out
}

// names are what the program itself may be called.
func (f *verbFinder) names() []string {
	out := []string{path.Base(f.main.Dir)}
	if f.main.Module >= 0 {
		out = append(out, guessNames(f.p.src.modules[f.main.Module].Path.Value)...)
	}
	return out
}

// attribute finds what listens without a sub command, and what only with one.
func (f *verbFinder) attribute(w *walker, pkgs []*pkg) {
	all := slices.Concat(slices.Concat(w.places...), w.served)
	if len(all) == 0 {
		return
	}
	start := slices.Clone(f.bare)
	if t := f.p.checked[pkgs[0].dir]; t != nil {
		if u := f.p.units[t.Scope().Lookup("main")]; u != nil {
			start = append(start, u.node)
		}
	}
	// What a package registers when it is initialised is not yet what runs.
	waits := f.reach(start)
	for _, k := range pkgs {
		for _, u := range f.p.always[k.dir] {
			if fn, ok := u.node.(*ast.FuncDecl); ok {
				start = append(start, fn)
			}
		}
	}
	bare := f.reach(start)
	under := make([]reached, len(f.list))
	for i, v := range f.list {
		under[i] = f.reach(v.bodies)
	}
	for i := range w.main.Listens {
		if slices.ContainsFunc(w.places[i], bare.has) {
			continue
		}
		for j, v := range f.list {
			if slices.ContainsFunc(w.places[i], under[j].has) {
				w.main.Listens[i].Verbs = append(w.main.Listens[i].Verbs, strings.Join(v.Words, " "))
			}
		}
	}
	for j, v := range f.list {
		v.Listens = slices.ContainsFunc(all, under[j].has)
	}
	w.main.Waits = slices.ContainsFunc(all, waits.has)
}

// reached is code that runs: spans of it, less others.
type reached struct{ in, out []span }

type span struct{ from, to token.Pos }

func (r reached) has(at token.Pos) bool {
	within := func(s span) bool { return s.from <= at && at < s.to }
	// A stretch that was left out may be reached on another way.
	n := 0
	for _, s := range r.in {
		if within(s) {
			n++
		}
	}
	for _, s := range r.out {
		if within(s) {
			n--
		}
	}
	return n > 0
}

// reach follows nodes to every local function and every method of a type that
// they mention, but not into what only another sub command runs.
func (f *verbFinder) reach(start []ast.Node) reached {
	var out reached
	seen := map[ast.Node]bool{}
	queue := slices.Clone(start)
	own := map[ast.Node]bool{}
	for _, n := range start {
		own[n] = true
	}
	push := func(u *unit) {
		if u != nil && f.in[u.pkg.dir] && (!f.stop[u.node] || own[u.node]) {
			queue = append(queue, u.node)
		}
	}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		if seen[node] {
			continue
		}
		seen[node] = true
		out.in = append(out.in, span{node.Pos(), node.End()})
		ast.Inspect(node, func(n ast.Node) bool {
			if n != nil && n != node && f.stop[n] && !own[n] {
				out.out = append(out.out, span{n.Pos(), n.End()})
				return false
			}
			if id, ok := n.(*ast.Ident); ok {
				f.p.follow(origin(f.p.info.Uses[id]), push)
			}
			return true
		})
	}
	return out
}

// follow pushes the units that a mention of obj may lead to.
func (p *program) follow(obj types.Object, push func(*unit)) {
	switch obj.(type) {
	case *types.Func:
		push(p.units[obj])
	case *types.Var:
		push(p.vars[obj])
	case *types.TypeName:
		for _, t := range p.family(obj, false) {
			for _, u := range p.methods[t] {
				push(u)
			}
		}
	}
}

// family is a type with those of its fields whose methods are called through
// it: embedded ones and, with verbs, the sub commands that tags name.
func (p *program) family(obj types.Object, verbs bool) []types.Object {
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
			if !st.Field(j).Embedded() && !(verbs && (command || cmd)) {
				continue
			}
			if n := namedOf(st.Field(j).Type()); n != nil && !slices.Contains(out, types.Object(n.Obj())) {
				out = append(out, n.Obj())
			}
		}
	}
	return out
}
