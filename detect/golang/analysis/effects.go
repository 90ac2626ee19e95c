package analysis

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

// reader reads what one program does from the declarations that it runs, by
// the rows of calls.yaml.
type reader struct {
	*view
	folder   module.Folder
	dir      string // of the main package
	embedded patterns
	imports  map[string]bool // every import path that the program reaches
	reached  map[*row]bool   // memo of imported

	out    effect.Set
	files  files
	env    variables
	places [][]token.Pos         // of each of the listens
	known  map[effect.Addr][]int // indexes of the listens at an address

	serves effect.Listen // the first call that listens on an address which stands elsewhere
	served []token.Pos   // every such call

	configPaths, configNames []effect.File // of viper
	envFiles                 []fact.Fact[EnvFile]
	names                    map[string]bool // of variables, it may be
	setsMode                 bool
	challenges               bool                // the server that is read answers these alone
	verbs                    map[fact.Pos]string // the libraries' own subcommands with which those calls listen
	virtual                  []string            // packages whose functions read another file system
}

// decl reads one declaration.
func (r *reader) decl(d *decl) {
	made := ast.IsGenerated(d.file) // https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source
	for _, n := range d.nodes {
		switch n := n.(type) {
		case *ast.CallExpr:
			r.call(n)
			r.env.read(r.view, n)
		case *ast.CompositeLit:
			r.literal(n)
		case *ast.AssignStmt:
			r.assign(n)
		case *ast.BasicLit:
			r.name(n)
			if !made {
				r.loose(n)
			}
		}
	}
	for _, n := range d.nodes {
		if block, ok := n.(*ast.BlockStmt); ok {
			r.envFiles = append(r.envFiles, r.view.envFiles(block)...)
		}
	}
}

// meaning is a call or a field that a row describes.
type meaning struct {
	row  *row
	name string // "net/http.ListenAndServe"
	at   token.Pos
	// sure says that the receiver is surely of the row's package. If not, only
	// an argument that looks right counts.
	sure bool
}

// call applies the rows for a function of another package, or for a method of
// a value that comes from one.
func (r *reader) call(call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if t, ok := r.selector(sel); ok {
		if t == (selector{"github.com/gin-gonic/gin", "SetMode"}) {
			r.setsMode = true
		}
		for _, row := range calls().funcs[t.name] {
			if row.matches(t.pkg) {
				r.apply(meaning{row, t.pkg + "." + t.name, call.Pos(), true}, call)
			}
		}
		return
	}
	candidates := calls().methods[sel.Sel.Name]
	if len(candidates) == 0 {
		return
	}
	if _, isLocal := generic(r.info.Uses[sel.Sel]).(*types.Func); isLocal {
		return
	}
	from := r.from(sel.X)
	_, local := r.loader.DirOf(from)
	for _, row := range candidates {
		switch {
		case row.matches(from):
			r.apply(meaning{row, from + "." + sel.Sel.Name, call.Pos(), true}, call)
		case (from == "" || local) && r.imported(row):
			r.apply(meaning{row, row.Package + "." + sel.Sel.Name, call.Pos(), false}, call)
		}
	}
}

// imported reports whether the program reaches the row's package.
func (r *reader) imported(x *row) bool {
	is, ok := r.reached[x]
	if !ok {
		for imp := range r.imports {
			is = is || x.matches(imp)
		}
		r.reached[x] = is
	}
	return is
}

// apply records what a call means.
func (r *reader) apply(m meaning, call *ast.CallExpr) {
	at := r.loader.Pos(m.at)
	if m.row.Listen != nil {
		r.listen(m, call)
	}
	for i, n := range m.row.Read {
		last := n
		if m.row.Rest && i == len(m.row.Read)-1 {
			last = len(call.Args) - 1
		}
		for ; n <= last; n++ {
			r.path(m, call, n, effect.Read)
		}
	}
	for _, n := range m.row.Write {
		r.path(m, call, n, effect.Write)
	}
	if m.row.Account {
		r.out.Accounts = append(r.out.Accounts, effect.Account{Pos: at, Call: m.name})
	}
	if n := m.row.Run; n != nil && *n < len(call.Args) {
		for _, name := range r.started(call, *n) {
			r.out.Execs = append(r.out.Execs, effect.Exec{Pos: at, Call: m.name, Program: effect.Value{Text: name, Sure: effect.Literal}})
		}
	}
	if n := m.row.Route; n != nil && *n < len(call.Args) && m.sure && r.atRoot(call) {
		for _, s := range r.texts(call.Args[*n]) {
			r.route(s, call, at)
		}
	}
	if d := m.row.Database; d != nil && d.Driver < len(call.Args) {
		for _, driver := range r.texts(call.Args[d.Driver]) {
			if driver == "sqlite3" || driver == "sqlite" {
				r.path(m, call, d.Name, effect.Write)
				break
			}
		}
	}
	if m.row.Config != "" && len(call.Args) > 0 {
		for _, s := range r.texts(call.Args[0]) {
			one := effect.File{Pos: at, Use: effect.Read, Call: m.name, Path: effect.Value{Text: path.Clean(s), Sure: effect.Literal}}
			if len(r.configPaths)+len(r.configNames) >= maxConfigs {
				break
			}
			if m.row.Config == "path" {
				r.configPaths = append(r.configPaths, one)
			} else {
				r.configNames = append(r.configNames, one)
			}
		}
	}
	if m.row.Keeps != "" && m.sure {
		r.files.add(effect.File{Pos: at, Use: effect.Write, Call: m.name, Dir: true, Path: effect.Value{Text: m.row.Keeps, Sure: effect.Default}})
	}
	if m.row.Answers != "" && m.sure {
		r.route(m.row.Answers, call, at)
	}
	if m.row.Virtual && (len(call.Args) == 0 || !isNil(call.Args[0])) {
		r.virtual = append(r.virtual, packageOf(m.name))
	}
	if m.row.Signal != nil && m.sure {
		r.signals(m.row.Signal, call, at)
	}
}

// packageOf is the import path of a function's full name.
func packageOf(name string) string { return name[:max(strings.LastIndexByte(name, '.'), 0)] }

// isNil reports whether an expression is the word nil.
func isNil(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "nil"
}

// started are the programs that a call starts, whose argument n is the first word of
// the command: that one, and those that a shell runs for it.
func (r *reader) started(call *ast.CallExpr, n int) []string {
	var out []string
	for _, s := range r.texts(call.Args[n]) {
		// Some hand over the whole command as one string.
		words := strings.Fields(s)
		if len(words) == 0 {
			continue
		}
		out = append(out, words[0])
		if !shell.IsShell(words[0]) || n+2 >= len(call.Args) {
			continue
		}
		if flag, ok := r.arg(call, n+1); !ok || !strings.HasPrefix(flag, "-") || !strings.HasSuffix(flag, "c") {
			continue
		}
		for _, text := range r.texts(call.Args[n+2]) {
			script, err := shell.Read(text, shell.Start{})
			if err != nil {
				continue
			}
			for _, c := range script.Commands {
				if name, ok := c.Program(); ok && plainProgram.MatchString(name) && !shell.Builtin(name) && !slices.Contains(out, name) && len(out) < maxAlternatives {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// plainProgram matches names of programs.
var plainProgram = lazy.MustCompile(`^[A-Za-z0-9_./+-]*[a-z0-9]$`)

// route records a route of a server: "/healthz", or "GET /healthz" as
// https://pkg.go.dev/net/http#hdr-Patterns-ServeMux has it.
func (r *reader) route(s string, call *ast.CallExpr, at fact.Pos) {
	x := effect.Route{Pos: at, Path: s}
	if method, rest, ok := strings.Cut(s, " "); ok && method != "" && strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		x.Method, x.Path = method, strings.TrimLeft(rest, " ")
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && strings.EqualFold(sel.Sel.Name, "GET") {
		x.Method = "GET"
	}
	if strings.HasPrefix(x.Path, "/") {
		r.out.Routes = append(r.out.Routes, x)
	}
}

// atRoot reports whether a route is added to the server itself, and not to a
// group below a path that is not known here.
func (r *reader) atRoot(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if _, ok := r.selector(sel); ok {
		return true
	}
	return r.isRoot(sel.X)
}

// signals records the signals that a call handles.
func (r *reader) signals(s *signals, call *ast.CallExpr, at fact.Pos) {
	add := func(name string) {
		x := effect.Signal{Pos: at, Name: name}
		if !slices.Contains(r.out.Signals, x) {
			r.out.Signals = append(r.out.Signals, x)
		}
	}
	named := false
	if s.From != nil && *s.From < len(call.Args) {
		list := call.Args[*s.From:]
		if call.Ellipsis.IsValid() {
			list, _ = r.items(list[0])
		}
		named = true
		for _, e := range list {
			for x := range r.sources(e, nil) {
				if t, ok := r.selector(x); ok {
					if name := signalName(t); name != "" {
						add(name)
					}
					break
				}
			}
		}
	}
	if !named {
		for _, name := range s.Names {
			add(name)
		}
	}
}

// signalName is the signal that a name of the standard library means:
// https://pkg.go.dev/os#Signal.
func signalName(t selector) string {
	switch {
	case t == selector{"os", "Interrupt"}:
		return "SIGINT"
	case t == selector{"os", "Kill"}:
		return "SIGKILL"
	case (t.pkg == "syscall" || t.pkg == "golang.org/x/sys/unix") && strings.HasPrefix(t.name, "SIG"):
		return t.name
	}
	return ""
}

// literal applies the rows for fields of struct literals.
func (r *reader) literal(lit *ast.CompositeLit) {
	t, ok := r.selector(lit.Type)
	if !ok {
		return
	}
	defer func(was bool) { r.challenges = was }(r.challenges)
	r.challenges = slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		return ok && r.acme(kv.Value)
	})
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := kv.Key.(*ast.Ident); ok {
			r.field(t.pkg, t.name, key.Name, kv.Value)
		}
	}
}

// acme reports whether an expression is the handler of a server that answers an ACME server's challenges, and sends all else to HTTPS:
// https://pkg.go.dev/golang.org/x/crypto/acme/autocert#Manager.HTTPHandler.
func (r *reader) acme(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "HTTPHandler" && r.from(sel.X) == "golang.org/x/crypto/acme/autocert"
}

// assign applies the same rows to srv.Addr = ….
func (r *reader) assign(as *ast.AssignStmt) {
	if as.Tok != token.ASSIGN || len(as.Lhs) != len(as.Rhs) {
		return
	}
	for i, l := range as.Lhs {
		sel, ok := l.(*ast.SelectorExpr)
		if !ok || len(calls().fields[sel.Sel.Name]) == 0 || r.info.Uses[sel.Sel] != nil {
			continue
		}
		from := r.from(sel.X)
		for _, row := range calls().fields[sel.Sel.Name] {
			if row.matches(from) {
				r.field(from, row.Type, sel.Sel.Name, as.Rhs[i])
				break
			}
		}
	}
}

func (r *reader) field(pkg, typ, field string, e ast.Expr) {
	for _, row := range calls().fields[field] {
		if row.Type != typ || !row.matches(pkg) {
			continue
		}
		m := meaning{row, pkg + "." + typ + "." + field, e.Pos(), true}
		switch {
		case row.Listen != nil:
			for _, a := range addresses(r.eval(e)) {
				r.addListen(m, a)
			}
		case row.Write != nil:
			r.files.addPaths(r.eval(e), r.file(m, effect.Write))
		case row.Read != nil:
			r.files.addPaths(r.eval(e), r.file(m, effect.Read))
		}
	}
}

func (r *reader) listen(m meaning, call *ast.CallExpr) {
	l := m.row.Listen
	if l.Network != nil && *l.Network < len(call.Args) {
		if network, known := r.text(call.Args[*l.Network]); known && !strings.HasPrefix(network, "tcp") {
			return
		}
	}
	switch {
	case l.Elsewhere && m.sure:
		r.served = append(r.served, m.at)
		if r.serves.Call == "" {
			r.serves = effect.Listen{Pos: r.loader.Pos(m.at), Call: m.name, TLS: l.TLS}
		}
	case l.Elsewhere:
	case l.Addr != nil && *l.Addr < len(call.Args):
		defer func(was bool) { r.challenges = was }(r.challenges)
		r.challenges = slices.ContainsFunc(call.Args, r.acme)
		for _, a := range addresses(r.eval(call.Args[*l.Addr])) {
			r.addListen(m, a)
		}
	case l.Default != "" && m.sure: // what the library documents
		a := addressOf(literal(l.Default))
		a.Host.Sure, a.Port.Sure = effect.Default, effect.Default
		a.Port.Env, a.Port.Flag = l.Env, l.Flag
		if l.Flag != "" {
			a.Host.Flag = l.Flag
		}
		if l.Command != "" {
			r.verbs[r.loader.Pos(m.at)] = l.Command
		}
		r.addListen(m, a)
	}
}

func (r *reader) addListen(m meaning, a address) {
	if !a.Known() && (!m.sure || a.other) || a.Port.Text == "0" {
		return
	}
	at := r.loader.Pos(m.at)
	for _, i := range r.known[a.Addr] {
		if a.Known() || r.out.Listens[i].Pos == at {
			r.places[i] = append(r.places[i], m.at)
			return
		}
	}
	if r.known == nil {
		r.known = map[effect.Addr][]int{}
	}
	if len(r.known[a.Addr]) < maxAlternatives { // of those that are not known
		r.known[a.Addr] = append(r.known[a.Addr], len(r.out.Listens))
	}
	r.out.Listens = append(r.out.Listens, effect.Listen{Pos: at, Call: m.name, TLS: m.row.Listen.TLS, Challenges: r.challenges, Addr: a.Addr})
	r.places = append(r.places, []token.Pos{m.at})
}

func (r *reader) file(m meaning, use effect.Use) effect.File {
	return effect.File{Pos: r.loader.Pos(m.at), Use: use, Call: m.name, Glob: m.row.Glob, Dir: m.row.Dir}
}

func (r *reader) path(m meaning, call *ast.CallExpr, n int, use effect.Use) {
	if n >= len(call.Args) {
		return
	}
	e := call.Args[n]
	vals := r.eval(e)
	if call.Ellipsis.IsValid() && n == len(call.Args)-1 {
		vals = r.evalItems(e)
	}
	if m.name == "os.OpenFile" && use == effect.Write && !creates(call) {
		use = effect.Read
	}
	r.files.addPaths(vals, r.file(m, use))
}

// maxNames is how many names of variables are kept.
const maxNames = 2000

// name records a literal that may be the name of a variable.
func (r *reader) name(lit *ast.BasicLit) {
	if lit.Kind != token.STRING || len(lit.Value) < 4 || len(lit.Value) > 80 || len(r.names) > maxNames {
		return
	}
	if s, err := strconv.Unquote(lit.Value); err == nil && isEnvName(s) {
		r.names[s] = true
	}
}

var loosePath = lazy.MustCompile(`^(\./|\.\./)?[A-Za-z0-9_@.+-]+(/[A-Za-z0-9_@.+-]+)*/?$`)

// loose records a literal that names a committed file, in a call of a library
// that no row knows.
func (r *reader) loose(lit *ast.BasicLit) {
	if lit.Kind != token.STRING || len(lit.Value) > 200 {
		return
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil || !loosePath.MatchString(s) {
		return
	}
	if _, ok := r.files.index[fileKey{path.Clean(s), effect.Read}]; ok {
		return
	}
	if like, ok := guess(r.folder, r.dir, s, r.embedded); ok {
		like.Pos = r.loader.Pos(lit.Pos())
		r.files.add(like)
	}
}

// maxConfigs is how many folders and names of configuration files are kept.
const maxConfigs = 100

// configExtensions are those of the files that viper looks for:
// https://pkg.go.dev/github.com/spf13/viper#pkg-variables.
func configExtensions() []string { return []string{"", ".yaml", ".yml", ".json", ".toml", ".env"} }

// opened are the files that are read, with those that viper finds.
func (r *reader) opened() []effect.File {
	out := slices.Clone(r.files.list)
	for _, dir := range r.configPaths {
		for _, name := range r.configNames {
			for _, ext := range configExtensions() {
				x := name
				x.Path.Text = path.Join(dir.Path.Text, name.Path.Text) + ext
				out = append(out, x)
			}
		}
	}
	return out
}

// finish combines viper's paths and names, and takes out what is read from no disk.
func (r *reader) finish() {
	r.files.list = slices.DeleteFunc(r.files.list, func(f effect.File) bool {
		return f.Use == effect.Read && slices.Contains(r.virtual, packageOf(f.Call))
	})
	for _, dir := range r.configPaths {
		for _, name := range r.configNames {
			base := path.Join(dir.Path.Text, name.Path.Text)
			for _, ext := range configExtensions() {
				if r.folder.Has(base+ext) && !strings.HasPrefix(path.Base(base+ext), ".env") {
					x := name
					x.Path.Text = base + ext
					r.files.add(x)
				}
			}
		}
	}
	if len(r.out.Listens) == 0 && r.serves.Call != "" {
		r.out.Listens = []effect.Listen{r.serves}
	}
	r.out.Files, r.out.Env = r.files.list, r.env.list
}

func (r *reader) sortedNames() []string { return slices.Sorted(maps.Keys(r.names)) }
