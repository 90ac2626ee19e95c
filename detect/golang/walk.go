package golang

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// walker reads what one main's program does, unit by unit.
type walker struct {
	p       *program
	main    *Main
	imports map[string]bool // every import path that the program reaches
	configs struct{ paths, names []Path }
	serves  fact.Fact[string] // a call that listens on an address which stands elsewhere
	served  []token.Pos       // of every such call
	places  [][]token.Pos     // of each of the main's Listens
	names   map[string]bool   // of variables, it may be
	at      token.Pos         // of the call or the field that is being read
	made    bool              // the unit is in generated code
}

func (w *walker) unit(u *unit) {
	w.made = u.generated()
	ast.Inspect(u.node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			w.call(n)
		case *ast.CompositeLit:
			w.literal(n)
		case *ast.AssignStmt:
			w.assign(n)
		case *ast.BasicLit:
			w.name(n)
			w.loose(n)
		}
		return true
	})
	ast.Inspect(u.node, func(n ast.Node) bool {
		if block, ok := n.(*ast.BlockStmt); ok {
			w.envFiles(block)
		}
		return true
	})
}

// generated reports whether a generator wrote the unit's file:
// https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source.
func (u *unit) generated() bool {
	for _, f := range u.pkg.files {
		if f.FileStart <= u.node.Pos() && u.node.Pos() < f.FileEnd {
			return ast.IsGenerated(f)
		}
	}
	return false
}

// call applies the rules for a function of another package, or for a method
// of a value that comes from one.
func (w *walker) call(call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if t, ok := w.p.pkgSelector(sel); ok {
		if t == (selector{"github.com/gin-gonic/gin", "SetMode"}) {
			w.main.SetsMode = true
		}
		for _, r := range w.p.rules.funcs[t.name] {
			if r.matches(t.pkg) {
				w.apply(r, call, t.pkg+"."+t.name, true)
			}
		}
		return
	}
	candidates := w.p.rules.methods[sel.Sel.Name]
	if len(candidates) == 0 {
		return
	}
	if _, isLocal := origin(w.p.info.Uses[sel.Sel]).(*types.Func); isLocal {
		return
	}
	from := w.p.from(sel.X, 0)
	_, local := w.p.src.dirOf(from)
	for _, r := range candidates {
		switch {
		case r.matches(from):
			w.apply(r, call, from+"."+sel.Sel.Name, true)
		case (from == "" || local) && w.imported(r):
			w.apply(r, call, r.Package+"."+sel.Sel.Name, false)
		}
	}
}

func (w *walker) imported(r *rule) bool {
	for imp := range w.imports {
		if r.matches(imp) {
			return true
		}
	}
	return false
}

// apply records what a call means. Where the receiver is not surely the
// rule's, only an argument that looks right counts.
func (w *walker) apply(r *rule, call *ast.CallExpr, name string, sure bool) {
	at := w.p.src.pos(call.Pos())
	if l := r.Listen; l != nil {
		w.at = call.Pos()
		w.listen(l, call, name, at, sure)
	}
	for i, n := range r.Read {
		last := n
		if r.Rest && i == len(r.Read)-1 {
			last = len(call.Args) - 1
		}
		for ; n <= last; n++ {
			w.path(r, call, n, Read, name, at)
		}
	}
	for _, n := range r.Write {
		w.path(r, call, n, Write, name, at)
	}
	if r.Run != nil {
		if cmd, ok := w.p.arg(call, *r.Run); ok && cmd != "" {
			w.main.Commands = append(w.main.Commands, fact.Fact[string]{Value: cmd, Pos: at})
		}
	}
	if r.Route != nil && sure && !w.grouped(call) {
		if route, ok := w.p.arg(call, *r.Route); ok {
			route = strings.TrimPrefix(route, "GET ")
			if strings.HasPrefix(route, "/") {
				w.main.Routes = append(w.main.Routes, fact.Fact[string]{Value: route, Pos: at})
			}
		}
	}
	if d := r.Database; d != nil {
		driver, _ := w.p.arg(call, d.Driver)
		if driver == "sqlite3" || driver == "sqlite" {
			w.path(r, call, d.Name, Write, name, at)
		}
	}
	if r.Config != "" {
		if s, ok := w.p.arg(call, 0); ok {
			one := Path{Pos: at, Name: path.Clean(s), Use: Read, Call: name}
			if r.Config == "path" {
				w.configs.paths = append(w.configs.paths, one)
			} else {
				w.configs.names = append(w.configs.names, one)
			}
		}
	}
}

// grouped reports whether a route is added to a group, below a path that is
// not known here.
func (w *walker) grouped(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return true
	}
	if _, ok := w.p.pkgSelector(sel); ok {
		return false
	}
	return !w.root(sel.X, map[any]bool{})
}

// root reports whether e is a server or router as its constructor made it.
func (w *walker) root(e ast.Expr, seen map[any]bool) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if t, ok := w.p.pkgSelector(e.Fun); ok {
			return strings.HasPrefix(t.name, "New") || t.name == "Default" || t.name == "Classic"
		}
		if fn, ok := w.p.function(e.Fun).(*ast.FuncDecl); ok && fn.Body != nil && !seen[fn] {
			seen[fn] = true
			for _, ret := range w.p.returns(fn.Body) {
				if len(ret.Results) > 0 && w.root(ret.Results[0], seen) {
					return true
				}
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		obj := w.p.target(e)
		if obj == nil || len(w.p.defs[obj]) == 0 {
			return false
		}
		if seen[obj] {
			return true
		}
		seen[obj] = true
		for _, d := range w.p.defs[obj] {
			if d.expr == nil || !w.root(d.expr, seen) {
				return false
			}
		}
		return true
	}
	return false
}

// literal applies the rules for fields of struct literals.
func (w *walker) literal(lit *ast.CompositeLit) {
	t, ok := w.p.pkgSelector(lit.Type)
	if !ok {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		w.field(t.pkg, t.name, key.Name, kv.Value)
	}
}

// assign applies the same rules to srv.Addr = ….
func (w *walker) assign(as *ast.AssignStmt) {
	if as.Tok != token.ASSIGN || len(as.Lhs) != len(as.Rhs) {
		return
	}
	for i, l := range as.Lhs {
		if sel, ok := l.(*ast.SelectorExpr); ok && len(w.p.rules.fields[sel.Sel.Name]) > 0 && w.p.info.Uses[sel.Sel] == nil {
			from := w.p.from(sel.X, 0)
			for _, r := range w.p.rules.fields[sel.Sel.Name] {
				if r.matches(from) {
					w.field(from, r.Type, sel.Sel.Name, as.Rhs[i])
					break
				}
			}
		}
	}
}

func (w *walker) field(pkg, typ, field string, e ast.Expr) {
	at := w.p.src.pos(e.Pos())
	name := pkg + "." + typ + "." + field
	for _, r := range w.p.rules.fields[field] {
		if r.Type != typ || !r.matches(pkg) {
			continue
		}
		switch {
		case r.Listen != nil:
			w.at = e.Pos()
			for _, a := range addresses(w.p.eval(e)) {
				w.addListen(name, at, r.Listen.TLS, a, true)
			}
		case r.Write != nil:
			w.paths(w.p.eval(e), r, Write, name, at)
		case r.Read != nil:
			w.paths(w.p.eval(e), r, Read, name, at)
		}
	}
}

func (w *walker) listen(l *listening, call *ast.CallExpr, name string, at fact.Pos, sure bool) {
	if l.Network != nil {
		network, known := w.p.arg(call, *l.Network)
		if known && !strings.HasPrefix(network, "tcp") {
			return
		}
	}
	if l.Elsewhere {
		if !sure {
			return
		}
		w.served = append(w.served, call.Pos())
		if !w.serves.Found() {
			w.serves = fact.Fact[string]{Value: name, Pos: at}
		}
		return
	}
	if l.Addr == nil || *l.Addr >= len(call.Args) {
		if l.Default == "" || !sure {
			return
		}
		a := address(literal(l.Default))
		if l.Env != "" {
			a.Env, a.Default = l.Env, true
		}
		w.addListen(name, at, l.TLS, a, true)
		return
	}
	for _, a := range addresses(w.p.eval(call.Args[*l.Addr])) {
		w.addListen(name, at, l.TLS, a, sure)
	}
}

func (w *walker) addListen(name string, at fact.Pos, tls bool, a Addr, sure bool) {
	if !a.Known && (!sure || a.Port == "none") {
		return
	}
	if a.Port == "0" {
		return
	}
	l := Listen{Pos: at, Call: name, TLS: tls, Addr: a}
	if i := slices.IndexFunc(w.main.Listens, func(o Listen) bool { return o.Addr == a && (o.Pos == at || a.Known) }); i >= 0 {
		w.places[i] = append(w.places[i], w.at)
		return
	}
	w.main.Listens = append(w.main.Listens, l)
	w.places = append(w.places, []token.Pos{w.at})
}

// addresses reads the alternatives of one place. An address that a variable
// or a flag decides comes before the literal that it replaces, which is its
// default where it has none.
func addresses(vals []value) []Addr {
	var out, literals []Addr
	decided := -1
	for _, v := range vals {
		a := address(v)
		if v.plain() && a.Known {
			literals = append(literals, a)
			continue
		}
		if a.Known && decided < 0 {
			decided = len(out)
		}
		out = append(out, a)
	}
	if i := slices.IndexFunc(vals, unset); i >= 0 && decided < 0 && len(literals) > 0 {
		return []Addr{flagged(vals[i][0], literals, vals)}
	}
	if decided < 0 {
		return append(literals, out...)
	}
	if a := &out[decided]; a.Env != "" && !a.Default && !required(vals) && len(literals) > 0 {
		a.Port, a.Default = literals[0].Port, true
	}
	return out
}

// unset reports whether a value is that of a flag with an empty default.
func unset(v value) bool { return len(v) == 1 && v[0].flag != "" && v[0].text == "" }

// flagged is the address of a flag that is empty by default: the program then
// takes one of the literals, the last that any user may open first.
func flagged(flag part, literals []Addr, vals []value) Addr {
	a := literals[len(literals)-1]
	for _, l := range literals {
		if n, _ := strconv.Atoi(l.Port); n >= 1024 {
			a = l
		}
	}
	a.Flag, a.FlagArg = flag.flag, flag.flagArg
	a.FlagWhole = slices.ContainsFunc(vals, func(v value) bool { return v.plain() && strings.Contains(v.prefix(), ":") })
	return a
}

func required(vals []value) bool {
	for _, v := range vals {
		for _, p := range v {
			if p.required {
				return true
			}
		}
	}
	return false
}

var portPattern = regexp.MustCompile(`^[0-9]{1,5}$`)

// address reads host and port out of a value: ":8080", "8080" (some servers
// take that), "localhost:" + port.
func address(v value) Addr {
	var a Addr
	if len(v) == 1 && v[0].env != "" {
		a.Env, a.Whole, a.Default = v[0].env, true, v[0].has
		if !v[0].has {
			return Addr{Known: true, Env: a.Env, Whole: true}
		}
	}
	for i, p := range v {
		switch {
		case p.flag != "" && i == 0 && len(v) > 1 && !strings.Contains(p.text, ":"):
			a.HostFlag, a.HostFlagArg = p.flag, p.flagArg
		case p.flag != "":
			a.Flag, a.FlagArg, a.FlagWhole = p.flag, p.flagArg, strings.Contains(p.text, ":")
		case p.env != "" && a.Env == "" && len(v) > 1:
			a.Env, a.Default = p.env, p.has
		}
	}
	// ":" + port with a variable that has no default: host and colon are
	// known, the port is not.
	var s strings.Builder
	missing := ""
	for _, p := range v {
		switch {
		case p.unknown:
			return Addr{Port: ""}
		case p.env != "" && !p.has:
			missing = p.env
			s.WriteString("\x00")
		default:
			s.WriteString(p.text)
		}
	}
	host, port := "", s.String()
	if i := strings.LastIndexByte(s.String(), ':'); i >= 0 {
		host, port = s.String()[:i], s.String()[i+1:]
	}
	if strings.Contains(host, "\x00") { // the host comes from a variable: nothing decides it, so every interface
		host = ""
	} else if len(v) > 1 && v[0].env != "" && !strings.Contains(v[0].text, ":") {
		a.HostEnv = v[0].env
	}
	switch port {
	case "\x00":
		a.Env, a.Default, a.Known, a.Host = missing, false, true, strings.Trim(host, "[]")
		return a
	case "http":
		port = "80"
	case "https":
		port = "443"
	}
	if n, err := strconv.Atoi(port); !portPattern.MatchString(port) || err != nil || n > 65535 {
		return Addr{Port: "none"}
	}
	// A variable of the host does not decide the port.
	if last := v[len(v)-1]; len(v) > 1 {
		a.Env, a.Default = last.env, last.env != ""
	}
	a.Known, a.Host, a.Port = true, strings.Trim(host, "[]"), port
	return a
}

func (w *walker) path(r *rule, call *ast.CallExpr, n int, use Use, name string, at fact.Pos) {
	if n >= len(call.Args) {
		return
	}
	e := call.Args[n]
	vals := w.p.eval(e)
	if call.Ellipsis.IsValid() && n == len(call.Args)-1 {
		ev := &evaluator{p: w.p, busy: map[types.Object]bool{}}
		vals = ev.elements(e, frame{})
	}
	if name == "os.OpenFile" && use == Write && !w.creates(call) {
		use = Read
	}
	w.paths(vals, r, use, name, at)
}

// creates reports whether an os.OpenFile may create the file.
func (w *walker) creates(call *ast.CallExpr) bool {
	found := false
	if len(call.Args) > 1 {
		ast.Inspect(call.Args[1], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "O_CREATE" || id.Name == "O_WRONLY" || id.Name == "O_RDWR" || id.Name == "O_APPEND") {
				found = true
			}
			return true
		})
	}
	return found
}

// paths records relative paths. One whose end is not known counts as the
// folder before it.
func (w *walker) paths(vals []value, r *rule, use Use, name string, at fact.Pos) {
	for _, v := range vals {
		s, known := v.text()
		p := Path{Pos: at, Use: use, Call: name, Glob: r.Glob, Dir: r.Dir}
		if !known {
			s = v.prefix()
			i := strings.LastIndexByte(s, '/')
			if i <= 0 || r.Glob && strings.ContainsAny(s, "*?[") {
				continue
			}
			s, p.Dir, p.Glob = s[:i], true, false
		}
		s = strings.TrimPrefix(s, "file://")
		if use == Write {
			s = strings.TrimPrefix(s, "file:")
			s, _, _ = strings.Cut(s, "?")
			if s == "" || s == ":memory:" || strings.Contains(s, "=") {
				continue
			}
		}
		if s == "" || len(s) > 400 || strings.Contains(s, "://") || strings.ContainsAny(s, "\x00\n") || path.IsAbs(s) || strings.HasPrefix(s, "~") {
			continue
		}
		p.Name = path.Clean(strings.TrimSuffix(s, "/"))
		w.addPath(p)
	}
}

func (w *walker) addPath(p Path) {
	same := func(o Path) bool { return o.Name == p.Name && o.Use == p.Use }
	if i := slices.IndexFunc(w.main.Paths, same); i >= 0 {
		if w.main.Paths[i].Loose && !p.Loose {
			w.main.Paths[i] = p
		}
		return
	}
	w.main.Paths = append(w.main.Paths, p)
}

// name records a literal that may be the name of a variable.
func (w *walker) name(lit *ast.BasicLit) {
	if lit.Kind != token.STRING || len(lit.Value) < 4 || len(lit.Value) > 80 || len(w.names) > 2000 {
		return
	}
	if s, err := strconv.Unquote(lit.Value); err == nil && envNamePattern(s) {
		w.names[s] = true
	}
}

var loosePath = regexp.MustCompile(`^(\./|\.\./)?[A-Za-z0-9_@.+-]+(/[A-Za-z0-9_@.+-]+)*/?$`)

// prose are files about a repository, whose names a program knows for the sake
// of other repositories.
var prose = regexp.MustCompile(`^(?i:readme|licen[sc]e|copying|changelog|contributing|notice)(\.[a-z]+)?$`)

// loose records a literal that names a committed file, in a call of a library
// that no rule knows.
func (w *walker) loose(lit *ast.BasicLit) {
	if lit.Kind != token.STRING || len(lit.Value) > 200 || w.made {
		return
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil || !loosePath.MatchString(s) {
		return
	}
	name := path.Clean(s)
	base := path.Base(name)
	if name == "." || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".go") || base == "go.mod" || base == "go.sum" || base == "Dockerfile" || base == "Makefile" || prose.MatchString(base) {
		return
	}
	explicit := strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
	for _, from := range []string{".", w.main.Dir} {
		at := path.Join(from, name)
		if outside(at) || w.embedded(at) {
			continue
		}
		if w.p.src.r.has(at) && (explicit || strings.Contains(name, "/") || path.Ext(base) != "") {
			w.addPath(Path{Pos: w.p.src.pos(lit.Pos()), Name: name, Use: Read, Loose: true})
			return
		}
		if explicit && w.data(at) {
			w.addPath(Path{Pos: w.p.src.pos(lit.Pos()), Name: name, Use: Read, Dir: true, Loose: true})
			return
		}
	}
}

// data reports whether a folder holds files and none of them is Go.
func (w *walker) data(dir string) bool {
	files := w.p.src.r.t.Files(w.p.src.r.at(dir))
	return len(files) > 0 && !slices.ContainsFunc(files, func(f string) bool { return strings.HasSuffix(f, ".go") })
}

func (w *walker) embedded(name string) bool {
	for _, e := range w.main.Embeds {
		for n := name; n != "."; n = path.Dir(n) {
			if ok, err := path.Match(e.Value.Pattern, n); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// envFiles finds godotenv.Load, and whether the program ends without the file.
func (w *walker) envFiles(block *ast.BlockStmt) {
	for i, stmt := range block.List {
		var call *ast.CallExpr
		var must bool
		switch s := stmt.(type) {
		case *ast.ExprStmt:
			call, _ = s.X.(*ast.CallExpr)
		case *ast.AssignStmt:
			if len(s.Rhs) == 1 {
				call, _ = s.Rhs[0].(*ast.CallExpr)
			}
			if i+1 < len(block.List) {
				if next, ok := block.List[i+1].(*ast.IfStmt); ok && next.Init == nil {
					must = ends(next.Body)
				}
			}
		case *ast.IfStmt:
			if as, ok := s.Init.(*ast.AssignStmt); ok && len(as.Rhs) == 1 {
				call, _ = as.Rhs[0].(*ast.CallExpr)
			} else if bin, ok := s.Cond.(*ast.BinaryExpr); ok {
				call, _ = bin.X.(*ast.CallExpr)
			}
			must = ends(s.Body)
		}
		if call == nil {
			continue
		}
		t, ok := w.p.pkgSelector(call.Fun)
		if !ok {
			continue
		}
		for _, r := range w.p.rules.funcs[t.name] {
			if !r.EnvFile || !r.matches(t.pkg) {
				continue
			}
			names := []string{".env"}
			if len(call.Args) > 0 {
				names = nil
				for i := range call.Args {
					if s, ok := w.p.arg(call, i); ok {
						names = append(names, path.Clean(s))
					}
				}
			}
			for _, n := range names {
				w.main.EnvFiles = append(w.main.EnvFiles, fact.Fact[EnvFile]{Value: EnvFile{n, must}, Pos: w.p.src.pos(call.Pos())})
			}
		}
	}
}

// ends reports whether a block ends the program.
func ends(block *ast.BlockStmt) bool {
	found := false
	ast.Inspect(block, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fn := call.Fun.(type) {
		case *ast.Ident:
			found = found || fn.Name == "panic"
		case *ast.SelectorExpr:
			n := fn.Sel.Name
			found = found || strings.HasPrefix(n, "Fatal") || strings.HasPrefix(n, "Panic") || n == "Exit"
		}
		return true
	})
	return found
}

// finish combines viper's paths and names, and sorts.
func (w *walker) finish() {
	for name := range w.p.tagged {
		w.names[name] = true
	}
	w.main.Names = slices.Sorted(maps.Keys(w.names))
	if len(w.main.Listens) == 0 && w.serves.Found() {
		w.main.Listens = []Listen{{Pos: w.serves.Pos, Call: w.serves.Value}}
	}
	for _, dir := range w.configs.paths {
		for _, name := range w.configs.names {
			base := path.Join(dir.Name, name.Name)
			for _, ext := range []string{"", ".yaml", ".yml", ".json", ".toml", ".env"} {
				if w.p.src.r.has(base+ext) && !strings.HasPrefix(path.Base(base+ext), ".env") {
					w.addPath(Path{Pos: name.Pos, Name: base + ext, Use: Read, Call: name.Call})
				}
			}
		}
	}
	sort.SliceStable(w.main.Commands, func(i, j int) bool { return w.main.Commands[i].Value < w.main.Commands[j].Value })
	w.main.Commands = slices.CompactFunc(w.main.Commands, func(a, b fact.Fact[string]) bool { return a.Value == b.Value })
}
