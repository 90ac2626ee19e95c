package analysis

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Command is a subcommand of a program: what its arguments may start with.
type Command struct {
	Pos     fact.Pos
	Words   []string // "serve"; "db", "migrate"
	Listens bool     // what it runs opens a port
	Hidden  bool     // it is hidden or deprecated
	Needs   bool     // it fails without a flag: https://pkg.go.dev/github.com/spf13/cobra#Command.MarkFlagRequired
}

// Name is the subcommand's words, joined by a space.
func (c Command) Name() string { return strings.Join(c.Words, " ") }

// command is a Command while it is looked for.
type command struct {
	Command
	lit    *ast.CompositeLit // of the command, nil if it is no literal
	parent *ast.CompositeLit
	bodies []ast.Node // what it runs
	root   bool       // it is what the program runs without a subcommand
}

// maxCommands is how many subcommands a program may have; of more, nothing is
// said.
const maxCommands = 300

// commands finds the subcommands of one program. Libraries know them as
// struct literals (https://pkg.go.dev/github.com/spf13/cobra#Command,
// https://pkg.go.dev/github.com/urfave/cli/v3#Command), as struct tags
// (https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Commands,
// https://github.com/alecthomas/kong#commands-and-arguments), as a map by name
// (https://pkg.go.dev/github.com/mitchellh/cli#CLI), and programs without one
// as a switch on the first argument.
type commands struct {
	*view
	within  map[string]bool // folders of the packages that the program reaches
	names   []string        // what the program itself may be called
	list    []*command
	byLit   map[*ast.CompositeLit]*command
	parents map[*ast.CompositeLit]*ast.CompositeLit
	roots   map[*ast.CompositeLit]bool
	bare    []ast.Node // what the program runs without a subcommand
	stop    *nodeSet   // what only a subcommand runs
}

// findCommands looks at the declarations that a program runs, and at the types
// of the packages that it reaches.
func findCommands(v *view, run []*decl, pkgs []*load.Package, names []string) *commands {
	c := &commands{
		view: v, within: map[string]bool{}, names: names, byLit: map[*ast.CompositeLit]*command{},
		parents: map[*ast.CompositeLit]*ast.CompositeLit{}, roots: map[*ast.CompositeLit]bool{},
	}
	for _, k := range pkgs {
		c.within[k.Dir] = true
	}
	for _, d := range run {
		for _, n := range d.nodes {
			c.node(n)
		}
	}
	for _, k := range pkgs {
		for _, d := range v.declsOf[k] {
			for _, n := range d.nodes {
				if st, ok := n.(*ast.StructType); ok {
					for _, field := range st.Fields.List {
						c.field(field)
					}
				}
			}
		}
	}
	if len(c.list) > maxCommands {
		c.list = nil
	}
	c.finish()
	return c
}

// node looks at one node of a declaration that runs.
func (c *commands) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		c.elements(n)
		c.literal(n)
		c.table(n)
	case *ast.CallExpr:
		c.call(n)
	case *ast.AssignStmt:
		c.assign(n)
	case *ast.SwitchStmt:
		c.choice(n)
	}
}

var commandWord = lazy.MustCompile(`^[a-z][a-z0-9_-]{0,30}$`)

// isCommandType reports whether a type is a command of a library, or one of
// the program's own that is named so.
func (c *commands) isCommandType(e ast.Expr) bool {
	if t, ok := c.selector(e); ok {
		if _, local := c.loader.DirOf(t.pkg); !local {
			return t.name == "Command" && (t.pkg == "github.com/spf13/cobra" || strings.HasPrefix(t.pkg, "github.com/urfave/cli"))
		}
		return isCommandName(t.name)
	}
	id, ok := e.(*ast.Ident)
	return ok && isCommandName(id.Name)
}

func isCommandName(s string) bool {
	s = strings.ToLower(s)
	return strings.HasSuffix(s, "command") || strings.HasSuffix(s, "cmd")
}

// literal records a command that is written as a struct.
func (c *commands) literal(lit *ast.CompositeLit) {
	if lit.Type == nil || !c.isCommandType(lit.Type) {
		if t, ok := c.selector(lit.Type); !ok || !strings.HasPrefix(t.pkg, "github.com/urfave/cli") || t.name != "App" {
			return
		}
		c.roots[lit] = true
	}
	c.command(lit)
}

func (c *commands) command(lit *ast.CompositeLit) {
	x := &command{lit: lit}
	x.Pos = c.loader.Pos(lit.Pos())
	c.fields(lit, x)
	c.add(x)
}

func (c *commands) add(x *command) {
	c.list = append(c.list, x)
	if x.lit != nil {
		c.byLit[x.lit] = x
	}
}

// fields reads the fields of a command's literal.
func (c *commands) fields(lit *ast.CompositeLit, x *command) {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		switch {
		case key == nil:
		case key.Name == "Commands" || key.Name == "Subcommands":
			c.children(lit, kv.Value)
		case key.Name == "Use" || key.Name == "Name":
			s, _ := c.text(kv.Value)
			if w := strings.Fields(s); len(w) > 0 && commandWord.MatchString(w[0]) {
				x.Words = []string{w[0]}
			}
		case key.Name == "Hidden" || key.Name == "Deprecated":
			x.Hidden = true
		case isHandler(key.Name):
			if _, text := ast.Unparen(kv.Value).(*ast.BasicLit); !text {
				x.bodies = append(x.bodies, kv.Value)
			}
		}
	}
}

// isHandler reports whether a field of a command is a function that runs it.
func isHandler(name string) bool {
	return name == "Action" || name == "Func" || name == "Main" || name == "CobraFunc" ||
		strings.HasPrefix(name, "Run") || strings.HasPrefix(name, "PreRun") || strings.HasPrefix(name, "PostRun")
}

// children records the commands in a list as those of another.
func (c *commands) children(parent *ast.CompositeLit, list ast.Expr) {
	items, _ := c.items(list)
	for _, e := range items {
		c.adopt(parent, e)
	}
}

func (c *commands) adopt(parent *ast.CompositeLit, e ast.Expr) {
	if child := c.resolve(e); child != nil && child != parent {
		if _, ok := c.parents[child]; !ok {
			c.parents[child] = parent
		}
	}
}

// resolve follows an expression to the literal of the command that it is, or
// returns nil.
func (c *commands) resolve(e ast.Expr) *ast.CompositeLit {
	for x := range c.sources(e, nil) {
		if lit, ok := x.(*ast.CompositeLit); ok && (lit.Type == nil || c.isCommandType(lit.Type) || c.roots[lit]) {
			return lit
		}
	}
	return nil
}

// elements records the commands of a list that are written without their
// type: []cli.Command{{Name: …}}.
func (c *commands) elements(list *ast.CompositeLit) {
	t, ok := list.Type.(*ast.ArrayType)
	if !ok {
		return
	}
	elem := t.Elt
	if star, ok := elem.(*ast.StarExpr); ok {
		elem = star.X
	}
	if !c.isCommandType(elem) {
		return
	}
	for _, e := range list.Elts {
		if lit, ok := e.(*ast.CompositeLit); ok && lit.Type == nil {
			c.command(lit)
		}
	}
}

// call reads AddCommand and Execute.
func (c *commands) call(call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	switch {
	case sel.Sel.Name == "AddCommand":
		if parent := c.resolve(sel.X); parent != nil {
			for _, a := range call.Args {
				c.adopt(parent, a)
			}
		}
	case sel.Sel.Name == "MarkFlagRequired" || sel.Sel.Name == "MarkPersistentFlagRequired":
		if x := c.byLit[c.resolve(sel.X)]; x != nil {
			x.Needs = true
		}
	case strings.HasPrefix(sel.Sel.Name, "Execute"):
		for _, e := range append([]ast.Expr{sel.X}, call.Args...) {
			if lit := c.resolve(e); lit != nil {
				c.roots[lit] = true
			}
		}
	}
}

// assign reads app.Commands = … and cmd.RunE = ….
func (c *commands) assign(as *ast.AssignStmt) {
	if len(as.Lhs) != len(as.Rhs) {
		return
	}
	for i, l := range as.Lhs {
		sel, ok := l.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		name := sel.Sel.Name
		if name != "Commands" && !isHandler(name) {
			continue
		}
		from := c.from(sel.X)
		switch {
		case name == "Commands" && strings.HasPrefix(from, "github.com/urfave/cli"):
			c.children(nil, as.Rhs[i])
		case isHandler(name) && from == "github.com/spf13/cobra":
			if x := c.byLit[c.resolve(sel.X)]; x != nil {
				x.bodies = append(x.bodies, as.Rhs[i])
			}
		}
	}
}

// table records the commands of a map by name.
func (c *commands) table(lit *ast.CompositeLit) {
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
	if !isCommandName(name) && name != "CommandFactory" {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if s, ok := c.text(kv.Key); ok && commandWord.MatchString(s) {
			c.word(s, kv.Key.Pos(), kv.Value)
		}
	}
}

func (c *commands) word(word string, at token.Pos, bodies ...ast.Node) {
	x := &command{bodies: bodies}
	x.Words, x.Pos = []string{word}, c.loader.Pos(at)
	c.add(x)
}

// choice records the cases of a switch on the first argument.
func (c *commands) choice(s *ast.SwitchStmt) {
	if s.Tag == nil || !c.isArgument(s.Tag) {
		return
	}
	for _, stmt := range s.Body.List {
		clause, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		var bodies []ast.Node
		for _, b := range clause.Body {
			bodies = append(bodies, b)
		}
		for _, e := range clause.List {
			if word, ok := c.text(e); ok && commandWord.MatchString(word) {
				c.word(word, e.Pos(), bodies...)
				break
			}
		}
	}
}

// isArgument reports whether an expression is the program's first argument:
// os.Args[1], flag.Arg(0), flag.Args()[0], or a variable that holds it, in
// lower case or not.
func (c *commands) isArgument(e ast.Expr) bool {
	for x := range c.sources(e, c.lowered) {
		switch x := x.(type) {
		case *ast.IndexExpr:
			n, ok := x.Index.(*ast.BasicLit)
			if list := c.arguments(x.X); ok && (list == "os" && n.Value == "1" || list == "flag" && n.Value == "0") {
				return true
			}
		case *ast.CallExpr:
			t, ok := c.selector(x.Fun)
			if !ok || len(x.Args) != 1 || t.name != "Arg" || t.pkg != "flag" && t.pkg != "github.com/spf13/pflag" {
				continue
			}
			if n, ok := x.Args[0].(*ast.BasicLit); ok && n.Value == "0" {
				return true
			}
		}
	}
	return false
}

// lowered is what strings.ToLower is called with.
func (c *commands) lowered(e ast.Expr) []ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok {
		if t, ok := c.selector(call.Fun); ok && t == (selector{"strings", "ToLower"}) {
			return call.Args
		}
	}
	return nil
}

// arguments tells os.Args, which starts with the program ("os"), from what
// starts with the first argument ("flag").
func (c *commands) arguments(e ast.Expr) string {
	for x := range c.sources(e, nil) {
		switch x := x.(type) {
		case *ast.SelectorExpr:
			if t, ok := c.selector(x); ok && t == (selector{"os", "Args"}) {
				return "os"
			}
		case *ast.SliceExpr:
			if low, ok := x.Low.(*ast.BasicLit); ok && low.Value == "1" {
				if t, ok := c.selector(x.X); ok && t == (selector{"os", "Args"}) {
					return "flag"
				}
			}
		case *ast.CallExpr:
			if t, ok := c.selector(x.Fun); ok && t.name == "Args" && (t.pkg == "flag" || t.pkg == "github.com/spf13/pflag") {
				return "flag"
			}
		}
	}
	return ""
}

// field records a command that a struct tag names; the method that runs it is
// called through the library.
func (c *commands) field(field *ast.Field) {
	word, method := commandTag(field)
	if word == "" || !commandWord.MatchString(word) {
		return
	}
	named := namedOf(c.info.TypeOf(field.Type))
	if named == nil {
		return
	}
	var bodies []ast.Node
	for _, d := range c.methods[named.Obj()] {
		if fn, ok := d.node.(*ast.FuncDecl); ok && fn.Name.Name == method && c.within[d.pkg.Dir] {
			bodies = append(bodies, fn)
		}
	}
	if len(bodies) > 0 {
		c.word(word, field.Pos(), bodies...)
	}
}

// commandTag reads the tags of go-flags and of kong: the word of the
// subcommand, and the method that the library calls for it.
func commandTag(field *ast.Field) (word, method string) {
	tag, ok := tagOf(field)
	if !ok {
		return "", ""
	}
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

// finish finds the command that runs without a subcommand, and
// gives each its whole path.
func (c *commands) finish() {
	isParent := map[*ast.CompositeLit]bool{}
	for _, parent := range c.parents {
		isParent[parent] = true
	}
	for _, x := range c.list {
		if x.lit == nil {
			continue
		}
		_, child := c.parents[x.lit]
		x.parent = c.parents[x.lit]
		x.root = !child && (c.roots[x.lit] || isParent[x.lit] || len(c.byLit) == 1 || len(x.Words) == 1 && slices.Contains(c.names, x.Words[0]))
	}
	var out []*command
	var stop []ast.Node
	seen := map[string]bool{}
	for _, x := range c.list {
		if x.root {
			c.bare = append(c.bare, x.bodies...)
		}
		if x.root || len(x.Words) == 0 {
			continue
		}
		for up, n := c.byLit[x.parent], 0; up != nil && !up.root && len(up.Words) > 0 && n < 5; up, n = c.byLit[up.parent], n+1 {
			x.Words = append([]string{up.Words[0]}, x.Words...)
		}
		stop = append(stop, x.bodies...)
		if key := x.Name(); !seen[key] && len(x.bodies) > 0 {
			seen[key] = true
			out = append(out, x)
		}
	}
	c.list, c.stop = out, newNodeSet(stop)
}

// attribution is what listens with which subcommands.
type attribution struct {
	with     [][]string // of each of the listens: nil for one that needs no subcommand
	commands []Command
	bare     bool // the program opens a port without a subcommand too
}

// attribute finds what listens without a subcommand, and what only with one.
// places are those of each of the listens; served are further places that
// listen.
func (c *commands) attribute(k *load.Package, pkgs []*load.Package, places [][]token.Pos, served []token.Pos) attribution {
	out := attribution{with: make([][]string, len(places))}
	all := slices.Concat(slices.Concat(places...), served)
	if len(all) > 0 && len(c.list) > 0 {
		lim := limits{within: c.within, stop: c.stop}
		start := slices.Clone(c.bare)
		if main := c.main(k); main != nil {
			start = append(start, main.node)
		}
		// What a package registers when it is initialised is not yet what runs.
		out.bare = slices.ContainsFunc(all, c.reach(start, lim).has)
		for _, k := range pkgs {
			for _, d := range c.starts[k.Dir] {
				if fn, ok := d.node.(*ast.FuncDecl); ok {
					start = append(start, fn)
				}
			}
		}
		bare := c.reach(start, lim)
		for _, x := range c.list {
			under := c.reach(x.bodies, lim)
			x.Listens = slices.ContainsFunc(all, under.has)
			for i, at := range places {
				if !slices.ContainsFunc(at, bare.has) && slices.ContainsFunc(at, under.has) {
					out.with[i] = append(out.with[i], x.Name())
				}
			}
		}
	}
	for _, x := range c.list {
		out.commands = append(out.commands, x.Command)
	}
	return out
}

// ofLibraries adds the subcommands that libraries have of their own, with which calls listen: verbs, by the places of the calls.
func (a *attribution) ofLibraries(listens []effect.Listen, verbs map[fact.Pos]string) {
	for i := range listens {
		verb := verbs[listens[i].Pos]
		if verb == "" {
			continue
		}
		a.bare, listens[i].Commands = false, []string{verb}
		if !slices.ContainsFunc(a.commands, func(c Command) bool { return c.Name() == verb }) {
			a.commands = append(a.commands, Command{Pos: listens[i].Pos, Words: []string{verb}, Listens: true})
		}
	}
}

// programNames are what a program in a folder of a module may be called.
func programNames(dir, modulePath string) []string {
	out := []string{path.Base(dir)}
	if modulePath != "" {
		out = append(out, load.Names(modulePath)...)
	}
	return out
}
