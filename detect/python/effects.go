package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/detect/tree"
)

// effects reads what one statement does, by the rows of calls.yaml.
func (r *reader) effects(s *syntax.Stmt, guarded bool) {
	if files, vars := len(r.Files), len(r.Env); guarded {
		defer func() {
			for _, f := range r.Files[files:] {
				r.scripted = append(r.scripted, f.Pos)
			}
			for _, v := range r.Env[vars:] {
				r.scripted = append(r.scripted, v.Pos)
			}
		}()
	}
	for _, c := range syntax.Calls(s.Tokens) {
		full := ""
		if c.Name != "" {
			full = r.starred(s, c.Name, r.full(s, c.Name))
		}
		r.call(s, c, full, guarded)
		r.certificates(s, c)
	}
	r.environ(s)
	r.addresses(s)
	r.assigns(s)
}

// starred is the full name of what a file may have from a library by import *.
func (r *reader) starred(at *syntax.Stmt, n, full string) string {
	if full != n || strings.Contains(n, ".") || r.w.table.named(n) != nil || len(at.Lookup(n).List) > 0 {
		return full
	}
	for _, s := range r.file.Module.Stars {
		if r.w.table.named(s+"."+n) != nil {
			return s + "." + n
		}
	}
	return full
}

// rowsOf are the rows of a call: of its full name, of a class that it derives
// from, or of its method.
func (r *reader) rowsOf(s *syntax.Stmt, c syntax.Call, full string) []*callRow {
	if row := r.w.table.named(full); row != nil {
		return []*callRow{row}
	}
	if c.Name != "" {
		for _, n := range r.w.kinds(r.Module, s, c.Name) {
			if row := r.w.table.named(n); row != nil {
				return []*callRow{row}
			}
		}
	}
	if strings.HasPrefix(full, ".") || c.Name != "" && c.Method == "" { // from config import env
		if row := r.w.rowOfObject(r.Module, s, c.Name); row != nil {
			return []*callRow{row}
		}
	}
	var out []*callRow
	for _, row := range r.w.table.methods[c.Method] {
		switch {
		case c.Method == "":
		case len(row.Of) > 0:
			if c.Name != "" && row == r.w.rowOfObject(r.Module, s, c.Name) {
				out = append(out, row)
			}
		case len(row.Imports) == 0 || r.importsAny(row.Imports):
			out = append(out, row)
		}
	}
	return out
}

func (m *Module) importsAny(modules []string) bool {
	for _, list := range [][]fact.Fact[string]{m.Imports, m.Optional} {
		for _, f := range list {
			if slices.ContainsFunc(modules, func(n string) bool { return f.Value == n || strings.HasPrefix(f.Value, n+".") }) {
				return true
			}
		}
	}
	return false
}

func (r *reader) call(s *syntax.Stmt, c syntax.Call, full string, guarded bool) {
	rows := r.rowsOf(s, c, full)
	var pos []syntax.Arg
	var kw map[string]syntax.Arg
	if len(rows) > 0 || c.Method == "run" {
		pos, kw = c.Args()
	}
	listens := false
	for _, row := range rows {
		at := r.at(c.Line)
		switch {
		case row.Listen != nil:
			transport := ""
			if row.Listen.Needs != nil {
				a, given := pick(row.Listen.Needs, pos, kw)
				if transport, _ = r.w.eval(expr{r.Module, s, a}).fixed(); !given || transport == "stdio" {
					r.Stdin, listens = Stdin{Pos: at}, true
					continue
				}
			}
			n := len(r.Servers)
			r.listen(s, c, row.Listen, pos, kw, guarded)
			for i := range r.Servers[n:] {
				r.Servers[n+i].Instead, r.Servers[n+i].With = r.instead(s, row, c, pos, kw, transport), row.Listen.Instead.With
			}
			listens = true
		case row.Takes:
			r.Takes = at
		case row.Stdin != "":
			r.Stdin = Stdin{Pos: at, Terminal: r.Stdin.Terminal || row.Stdin == "terminal"}
		case row.Run != nil:
			r.run(s, c, row, pos, kw)
		case row.Starts != nil:
			for _, name := range row.Starts {
				r.Execs = append(r.Execs, effect.Exec{Pos: at, Program: effect.Value{Text: name, Sure: effect.Literal}})
			}
		case row.Account:
			r.Accounts = append(r.Accounts, effect.Account{Pos: at, Call: full})
		case row.Model != nil:
			if a, ok := pick(row.Model, pos, kw); ok && len(r.Models) < maxItems {
				if v := r.w.eval(expr{r.Module, s, a}); v.known() && v.form == text && v.base == effect.WorkDir {
					r.Models = append(r.Models, fact.Fact[string]{Value: v.Text, Pos: at})
				}
			}
		case row.Loads:
			r.Loads = at
		case row.GPU:
			r.gpu = at
		case row.AsksGPU:
			r.asksGPU = true
		case row.Device != nil:
			if a, ok := pick(row.Device, pos, kw); ok {
				if n, ok := syntax.Literal(a); ok && strings.HasPrefix(n, "cuda") {
					r.gpu = at
				}
			}
		case row.Signal != nil:
			if a, ok := pick(row.Signal, pos, kw); ok {
				for _, n := range signals(s, a) {
					r.Signals = append(r.Signals, effect.Signal{Pos: at, Name: n})
				}
			}
		case row.Locale != nil:
			if a, ok := pick(row.Locale, pos, kw); ok {
				if v := r.w.eval(expr{r.Module, s, a}); v.known() && v.Text != "" {
					r.Locales = append(r.Locales, fact.Fact[string]{Value: v.Text, Pos: at})
				}
			}
		case row.Sets:
			if len(pos) > 0 {
				if n, ok := syntax.Literal(pos[0]); ok {
					r.sets[n] = true
				}
			}
		case row.Value == "env":
			r.env(s, c, row, pos, kw)
		case row.Value == "settings":
			r.settings(s, c, kw)
		case row.Write != nil || row.Read != nil:
			r.opened(s, c, row, pos, kw)
		case row.Each != nil:
			for _, key := range row.Each {
				one := *row
				one.Read = []string{key}
				r.opened(s, c, &one, pos, kw)
			}
		case row.Database != nil:
			if a, ok := pick(row.Database, pos, kw); ok {
				r.database(expr{r.Module, s, a}, c.Line, written(c), row)
			}
		}
	}
	// app.run(...): link keeps it if app is an application.
	if object, ok := strings.CutSuffix(c.Name, ".run"); ok && !listens && !strings.Contains(object, ".") && r.w.table.named(full) == nil {
		r.listen(s, c, &listenRow{Host: []string{"host", "0"}, Port: []string{"port", "1"}, DefaultHost: "127.0.0.1", Blocks: true}, pos, kw, guarded)
		x := &r.Servers[len(r.Servers)-1]
		x.Object, x.Target = object, ""
		if list := s.Lookup(object).List; len(list) == 1 && list[0].Kind == syntax.Assigned && (within(s.Scope()) || underGuard(list[0].Stmt)) {
			if made, ok := syntax.CallAt(list[0].Value, 0); ok {
				if r.framework(list[0].Stmt, made.Name) != nil {
					x.Object = "" // an application that only what runs here has
				} else {
					x.Maker = made.Name
				}
			}
		}
	}
}

// signals are the names of the signals in an expression, or in the loop whose
// variable it is: for s in (signal.SIGINT, signal.SIGTERM).
func signals(s *syntax.Stmt, toks []syntax.Token) []string {
	var out []string
	for _, t := range toks {
		if t.Kind == syntax.Name && strings.HasPrefix(t.Text, "SIG") && !slices.Contains(out, t.Text) {
			out = append(out, t.Text)
		}
	}
	if len(out) > 0 || len(toks) != 1 || toks[0].Kind != syntax.Name {
		return out
	}
	for _, b := range s.Lookup(toks[0].Text).List {
		if b.Stmt != s {
			out = append(out, signals(b.Stmt, b.Stmt.Tokens)...)
		}
	}
	return out
}

// written is the name of a call as it is written.
func written(c syntax.Call) string {
	if c.Name == "" {
		return c.Method
	}
	return c.Name
}

// devServers are the names of servers that are for development: https://bottlepy.org/docs/stable/deployment.html#switching-the-server-backend.
var devServers = []string{"wsgiref", "auto"} //nolint:gochecknoglobals // a constant table

// listen reads a call that starts a server.
func (r *reader) listen(s *syntax.Stmt, c syntax.Call, row *listenRow, pos []syntax.Arg, kw map[string]syntax.Arg, guarded bool) {
	x := Server{Framework: row.Framework, Ends: row.Ends, Also: row.Also, Guarded: guarded, Imported: row.Blocks && !guarded && !within(s.Scope())}
	x.Pos, x.Call, x.Verb = r.at(c.Line), written(c), r.verb(s.Scope())
	x.Addr.Host = effect.Value{Text: row.DefaultHost, Env: row.HostEnv}
	if row.DefaultHost != "" {
		x.Addr.Host.Sure = effect.Default
	}
	if row.DefaultPort != "" {
		x.Addr.Port = effect.Value{Text: row.DefaultPort, Env: row.PortEnv, Sure: effect.Default}
	}
	at := func(a syntax.Arg) expr { return expr{r.Module, s, a} }
	pos, more := r.unpacked(s, pos)
	host, gotHost := pick(row.Host, pos, kw)
	port, gotPort := pick(row.Port, pos, kw)
	hostAt, portAt := at(host), at(port)
	if more.form != none {
		hostAt, gotHost = more.orItem(row.Host, hostAt, gotHost)
		portAt, gotPort = more.orItem(row.Port, portAt, gotPort)
	}
	if row.Address != nil && *row.Address < len(pos) {
		v := r.w.eval(at(pos[*row.Address]))
		whole, ok := v.address()
		gotHost, gotPort = !ok, !ok
		hostAt, portAt = expr{}, expr{}
		if pair := v.items(); len(pair) == 2 {
			hostAt, portAt = pair[0], pair[1]
		} else if ok {
			x.Addr = whole
		}
	}
	if at := r.keyed(row.HostKey); at.at != nil {
		gotHost, hostAt = true, at
	}
	if at := r.keyed(row.PortKey); at.at != nil {
		gotPort, portAt = true, at
	}
	if a, ok := r.maker(s, c, row.MadeHost); ok {
		gotHost, hostAt = true, a
	}
	if a, ok := r.maker(s, c, row.MadePort); ok {
		gotPort, portAt = true, a
	}
	if gotHost {
		x.Addr.Host = addressOf(r.w.eval(hostAt), x.Addr.Host)
	}
	if gotPort {
		x.Addr.Port = addressOf(r.w.eval(portAt), x.Addr.Port)
		if p := x.Addr.Port; p.Text != "" && strings.Trim(p.Text, "0123456789") != "" {
			x.Addr.Port = effect.Value{}
		}
	}
	if server, ok := pick(row.Server, pos, kw); ok {
		name, known := r.w.eval(at(server)).fixed()
		x.Chosen = !known || !slices.Contains(devServers, name)
	}
	if p := x.Addr.Port; p.Text == "0" && !p.Decided() {
		return // whichever is free: nobody is told
	}
	if row.Over {
		x.Addr.Host.Env, x.Addr.Port.Env = row.HostEnv, row.PortEnv
	}
	if len(pos) > 0 {
		if t, ok := r.w.eval(at(pos[0])).fixed(); ok && strings.Contains(t, ":") {
			x.Target = t
		} else if len(pos[0]) == 1 {
			x.Target = pos[0][0].Text
		}
	}
	r.Servers = append(r.Servers, x)
}

// unpacked are the arguments of a call without what it unpacks, and the dictionary of these: f(a, **options). Its form is none where there is none.
func (r *reader) unpacked(s *syntax.Stmt, pos []syntax.Arg) ([]syntax.Arg, value) {
	out, more := []syntax.Arg(nil), value{form: none}
	for _, a := range pos {
		switch {
		case len(a) > 1 && a[0].Is("**"):
			more = r.w.eval(expr{r.Module, s, a[1:]})
		case len(a) == 0 || !a[0].Is("*"):
			out = append(out, a)
		}
	}
	return out, more
}

// orItem is an argument of a call, or else the one that a dictionary which it unpacks has under one of these names. A dictionary that is not known
// may have any.
func (v value) orItem(names []string, by expr, given bool) (expr, bool) {
	if given {
		return by, true
	}
	for _, name := range names {
		if x, ok := v.item(name); ok {
			return x, true
		}
	}
	return expr{}, v.form != dict
}

// instead is what serves in the place of a call, as seen from a module whose name is {module}; nil for none.
func (r *reader) instead(s *syntax.Stmt, row *callRow, c syntax.Call, pos []syntax.Arg, kw map[string]syntax.Arg, transport string) []string {
	object, _, _ := strings.Cut(c.Name, ".")
	target := ""
	if a, ok := pick([]string{"app", "0"}, pos, kw); ok && len(a) == 1 && a[0].Kind == syntax.Name {
		target = ":" + a[0].Text
	}
	made, by := "", row.Listen.Instead
	if only := by.Only; only != nil {
		for k := range kw {
			if !slices.Contains(only, k) {
				return nil
			}
		}
		var served []syntax.Token
		switch method := len(row.Method) > 0; {
		case method && len(c.Of) == 1:
			served = c.Of
		case !method && len(pos) > 0:
			served = pos[0]
		}
		if made = r.made(s, served); made == "" || !underGuard(s) && !within(s.Scope()) {
			return nil
		}
	}
	values := strings.NewReplacer("{made}", made, "{object}", object, "{target}", target, "{transport}", transport, "{transport_}", strings.ReplaceAll(transport, "-", "_"))
	var out []string
	for _, a := range by.Run {
		out = append(out, values.Replace(a))
	}
	if out != nil && !by.Always && !r.isGuarded() {
		return nil
	}
	return out
}

// isGuarded reports whether the file has a part that runs only if it is started, wherever that stands.
func (r *reader) isGuarded() bool {
	return !r.Guard.IsZero() || slices.ContainsFunc(r.file.Body, func(s *syntax.Stmt) bool { return s.Keyword() == "if" && isGuard(s.Tokens) })
}

// made is what a statement serves as an expression of the module, whose import makes it: what stands there, or what makes that without
// arguments. It is "" where a function around the statement does more than that, or where it is neither.
func (r *reader) made(s *syntax.Stmt, toks []syntax.Token) string {
	n, end := syntax.Dotted(toks, 0)
	if n == "" {
		return ""
	}
	call, called := syntax.CallAt(toks, 0)
	if called && (call.End != len(toks) || len(call.In) > 0) || !called && end != len(toks) {
		return ""
	}
	if fn := s.Scope().Def; fn != nil {
		for _, x := range fn.Body {
			names, v := assigned(x)
			switch inner, ok := syntax.CallAt(v, 0); {
			case x == s, x.Tokens[0].Kind == syntax.String, x.Tokens[0].Is("logging"):
			case ok && !called && slices.Equal(names, []string{n}) && len(inner.In) == 0 && inner.End == len(v):
				n, called = inner.Name, true // app = make_app()
			default:
				return ""
			}
		}
	}
	head, _, _ := strings.Cut(n, ".")
	own := r.file.Module.Names[head]
	if len(own) == 0 || slices.ContainsFunc(own, func(b *syntax.Binding) bool { return b.Stmt != nil && underGuard(b.Stmt) }) {
		return ""
	}
	if called {
		_, f := r.w.function(r.Module, s, n)
		if f == nil {
			return ""
		}
		if list, _ := params(f.Def); asks(list) != "" {
			return ""
		}
		return n + "()"
	}
	return n
}

// keyed is the value of a key of a dictionary of the file: {"server.socket_port": 80}.
func (r *reader) keyed(key string) expr {
	var out expr
	if key == "" {
		return out
	}
	r.each(func(s *syntax.Stmt) {
		for i := 0; i+2 < len(s.Tokens); i++ {
			if t := s.Tokens[i]; t.Kind == syntax.String && t.Text == key && s.Tokens[i+1].Is(":") {
				out = expr{r.Module, s, syntax.UntilEnd(s.Tokens[i+2:])}
			}
		}
	})
	return out
}

// maker is an argument of the call that makes the object of a method.
func (r *reader) maker(s *syntax.Stmt, c syntax.Call, keys []string) (expr, bool) {
	i := strings.LastIndexByte(c.Name, '.')
	if len(keys) == 0 || i < 0 {
		return expr{}, false
	}
	list := s.Lookup(c.Name[:i]).List
	if len(list) != 1 || list[0].Kind != syntax.Assigned {
		return expr{}, false
	}
	made, ok := syntax.CallAt(list[0].Value, 0)
	if !ok {
		return expr{}, false
	}
	pos, kw := made.Args()
	a, ok := pick(keys, pos, kw)
	return expr{r.Module, list[0].Stmt, a}, ok
}

// addressOf is a host or port that is given to a call; None leaves the
// library's own.
func addressOf(v value, byLibrary effect.Value) effect.Value {
	switch {
	case v.form == none:
		return byLibrary
	case !v.known() || v.part || v.base != effect.WorkDir:
		return effect.Value{}
	}
	v.Text = strings.TrimSpace(v.Text)
	return v.Value
}

// run reads the program that a call starts.
func (r *reader) run(s *syntax.Stmt, c syntax.Call, row *callRow, pos []syntax.Arg, kw map[string]syntax.Arg) {
	x := effect.Exec{Pos: r.at(c.Line), Call: written(c)}
	if a, ok := pick(row.Run, pos, kw); ok {
		x.Program = r.program(expr{r.Module, s, a})
		if !x.Program.Known() {
			r.handed(expr{r.Module, s, a}, x.Call)
		}
	}
	if row.Which && !x.Program.Known() {
		return
	}
	r.Execs = append(r.Execs, x)
}

// handed reads the programs that calls of a function in its module hand to it, which starts them: def sh(args): … subprocess.run(args).
func (r *reader) handed(x expr, call string) {
	if len(x.toks) != 1 || x.toks[0].Kind != syntax.Name || x.at.Scope() == nil {
		return
	}
	name := x.toks[0].Text
	for _, b := range x.at.Scope().Names[name] {
		if b.Kind != syntax.Parameter {
			continue
		}
		for _, c := range r.callsOf(b.Stmt) {
			pos, kw := c.call.Args()
			a, ok := kw[name]
			if !ok && b.Number >= 0 && b.Number < len(pos) {
				a, ok = pos[b.Number], true
			}
			if v := r.program(expr{r.Module, c.at, a}); ok && v.Known() {
				r.Execs = append(r.Execs, effect.Exec{Pos: r.at(c.call.Line), Call: call, Program: v})
			}
		}
	}
}

// program is the program of a command line or of a list of words.
func (r *reader) program(x expr) effect.Value {
	v := r.w.eval(x)
	first := x
	for range 4 {
		if v.form != list {
			break
		}
		var ok bool
		if first, ok = v.first(); !ok {
			return effect.Value{}
		}
		v = r.w.eval(first)
	}
	if !v.known() {
		// ["dot", …] + args, ["dot"] if x else …: the first word is what counts.
		toks := x.toks
		if len(toks) == 1 && toks[0].Kind == syntax.Name {
			if w := x.at.Lookup(toks[0].Text); len(w.List) == 1 && w.List[0].Kind == syntax.Assigned {
				x, toks = expr{x.mod, w.List[0].Stmt, w.List[0].Value}, w.List[0].Value
			}
		}
		for len(toks) > 0 && (toks[0].Is("[") || toks[0].Is("(")) {
			toks = toks[1:]
		}
		first = expr{x.mod, x.at, toks}
		if len(toks) > 0 && toks[0].Kind == syntax.String && !toks[0].Dynamic {
			v = literal(toks[0].Text)
		} else if len(toks) > 0 && toks[0].Kind == syntax.String && len(toks[0].Pieces) > 0 && strings.Contains(toks[0].Pieces[0].Text, " ") {
			v = literal(toks[0].Pieces[0].Text) // f"convert {name}"
		}
	}
	if !v.known() {
		if n, _ := syntax.Dotted(first.toks, 0); n != "" && first.mod.full(first.at, n) == "sys.executable" {
			return effect.Value{Text: "python", Sure: effect.Literal}
		}
		return effect.Value{}
	}
	fields := strings.Fields(v.Text)
	if len(fields) == 0 {
		if v.Env != "" {
			return v.Value
		}
		return effect.Value{}
	}
	v.Text = path.Base(fields[0])
	return v.Value
}

// env notes a variable that a call reads.
func (r *reader) env(s *syntax.Stmt, c syntax.Call, row *callRow, pos []syntax.Arg, kw map[string]syntax.Arg) {
	if len(pos) == 0 {
		return
	}
	n, ok := r.w.eval(expr{r.Module, s, pos[0]}).fixed()
	if !ok || n == "" {
		return
	}
	_, cast := pick(row.Cast, pos, kw)
	x := effect.Env{Pos: r.at(c.Line), Name: n, Parsed: row.Parsed || cast}
	if x.Parsed {
		x.Like = r.w.table.like[c.Method]
	}
	if kind, ok := pick(row.Cast, pos, kw); ok {
		name, _ := syntax.Dotted(kind, 0)
		x.Like = r.w.table.like[name[strings.LastIndexByte(name, '.')+1:]]
	}
	r.parsed(s, &x)
	a, given := pick(row.Default, pos, kw)
	if given {
		if v := r.w.eval(expr{r.Module, s, a}); v.known() && v.base == effect.WorkDir {
			x.Default = overridable(v).Value
		}
	}
	r.needs(s, x, row.Required && !given && !r.schemed(s, c, n), 1)
}

// parsed notes the value that the call takes which a variable is read for: dj_database_url.parse(config("X")).
func (r *reader) parsed(s *syntax.Stmt, x *effect.Env) {
	i := slices.IndexFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.String && t.Text == x.Name })
	if x.Like != "" || i < 0 {
		return
	}
	closed, opened := 0, 0
	for i--; i > 0 && opened < 2; i-- {
		switch t := s.Tokens[i]; {
		case t.Is(")") || t.Is("]") || t.Is("}"):
			closed++
		case !t.Is("(") && !t.Is("[") && !t.Is("{"):
		case closed > 0:
			closed--
		default:
			opened++
		}
	}
	if opened < 2 || s.Tokens[i].Kind != syntax.Name {
		return
	}
	from := i
	for from > 1 && s.Tokens[from-1].Is(".") {
		from -= 2
	}
	name, _ := syntax.Dotted(s.Tokens[from:i+1], 0)
	full := r.full(s, name)
	if like := r.w.table.readers[full]; like != "" {
		x.Like, x.Parsed = like, true
	}
}

// schemed reports whether the reader of a variable was made with a default for it:
// env = environ.Env(DEBUG=(bool, False)).
func (r *reader) schemed(s *syntax.Stmt, c syntax.Call, name string) bool {
	object, _, _ := strings.Cut(c.Name, ".")
	list := s.Lookup(object).List
	if object == "" || len(list) == 0 || list[0].Kind != syntax.Assigned {
		return false
	}
	made, ok := syntax.CallAt(list[0].Value, 0)
	if !ok {
		return false
	}
	_, kw := made.Args()
	return len(r.w.eval(expr{r.Module, s, kw[name]}).items()) == 2
}

// environ notes os.environ["X"], unless it is assigned or deleted.
func (r *reader) environ(s *syntax.Stmt) {
	toks := s.Tokens
	if toks[0].Is("del") {
		return
	}
	for i := 0; i+2 < len(toks); i++ {
		if toks[i].Kind != syntax.Name || i > 0 && toks[i-1].Is(".") {
			continue
		}
		n, j := syntax.Dotted(toks, i)
		if j >= len(toks) || !toks[j].Is("[") || r.w.table.value(r.full(s, n)) != "environ" {
			continue
		}
		key, end := syntax.Inside(toks, j)
		if len(key) != 1 || key[0].Kind != syntax.String || key[0].Dynamic {
			continue
		}
		if end < len(toks) && toks[end].Is("=") {
			r.sets[key[0].Text] = true
			continue
		}
		x := effect.Env{Pos: r.at(toks[i].Line), Name: key[0].Text, Parsed: i > 0 && toks[i-1].Is("(")}
		if x.Parsed && i > 1 {
			x.Like = r.w.table.like[toks[i-2].Text]
		}
		r.parsed(s, &x)
		r.needs(s, x, true, 0)
	}
}

// needs notes a variable, and whether the file fails without it: when it is
// imported, or when a function of it is called. own is how often the read
// itself has the name in a way that asks for the variable.
func (r *reader) needs(s *syntax.Stmt, x effect.Env, fails bool, own int) {
	fails = fails && !r.sets[x.Name] && !r.w.table.always[x.Name] && !r.asked(s, x.Name, own)
	in := within(s.Scope())
	x.Required = fails && !in
	r.Env = append(r.Env, x)
	if fails && in {
		r.Needed = append(r.Needed, x)
		if scope := s.Scope(); scope.Kind == syntax.FunctionScope {
			r.lazily = append(r.lazily, lazily{scope.Def, x})
		}
	}
}

// asked reports whether a read of a variable is guarded: a condition around it
// asks for the variable, or its absence is caught.
func (r *reader) asked(s *syntax.Stmt, name string, own int) bool {
	if r.mentions(s, name) > own || r.w.idle(r.Module, s) {
		return true
	}
	for _, h := range s.Enclosing() {
		switch h.Keyword() {
		case "if", "elif", "while":
			if r.mentions(h, name) > 0 {
				return true
			}
		case "except":
			if len(h.Tokens) == 1 || slices.ContainsFunc(h.Tokens, func(t syntax.Token) bool {
				return t.Is("KeyError") || t.Is("LookupError") || t.Is("Exception") || t.Is("BaseException")
			}) {
				return true
			}
		}
	}
	return false
}

// mentions counts how often a statement asks for a variable: "X" in
// os.environ, os.environ.get("X"), but not os.environ["X"].
func (r *reader) mentions(s *syntax.Stmt, name string) int {
	count, ok := r.mentioned[s]
	if !ok {
		for i, t := range s.Tokens {
			if t.Kind == syntax.String && (i == 0 || !s.Tokens[i-1].Is("[")) {
				if count == nil {
					count = map[string]int{}
				}
				count[t.Text]++
			}
		}
		r.mentioned[s] = count
	}
	return count[name]
}

// opened notes a file that a call opens.
func (r *reader) opened(s *syntax.Stmt, c syntax.Call, row *callRow, pos []syntax.Arg, kw map[string]syntax.Arg) {
	use, keys := effect.Write, row.Write
	if keys == nil {
		use, keys = effect.Read, row.Read
	}
	if row.Mode != nil {
		mode := ""
		if a, ok := pick(row.Mode, pos, kw); ok {
			v := r.w.eval(expr{r.Module, s, a})
			if !v.known() {
				return
			}
			mode = v.Text
		}
		if !strings.ContainsAny(mode, "wax+") {
			use = effect.Read
		}
	}
	a, ok := pick(keys, pos, kw)
	if keys[0] == "self" {
		a, ok = c.Of, len(c.Of) > 0
	}
	f := effect.File{Use: use, Call: written(c), Dir: row.Dir}
	if row.Code {
		f.Base = effect.Code
	}
	if use == effect.Read && ok {
		for _, x := range r.w.eval(expr{r.Module, s, a}).items() { // several folders
			r.opens(x, c.Line, f)
		}
	}
	switch {
	case ok:
		if !r.opens(expr{r.Module, s, a}, c.Line, f) && row.Unplaced && use == effect.Write && len(r.Unplaced) < maxItems && !temporary(expr{r.Module, s, a}, 0) {
			r.Unplaced = append(r.Unplaced, r.at(c.Line))
		}
	case row.Makes != "" && !slices.ContainsFunc(row.Unless, func(k string) bool { return kw[k] != nil }):
		f.Pos, f.Path = r.at(c.Line), effect.Value{Text: row.Makes, Sure: effect.Default}
		r.Files = append(r.Files, f)
	}
}

// certificates notes the files of certificates and keys that arguments of a call name.
func (r *reader) certificates(s *syntax.Stmt, c syntax.Call) {
	if !slices.ContainsFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.Name && r.w.table.keywords[t.Text] }) {
		return
	}
	_, kw := c.Args()
	for _, name := range slices.Sorted(maps.Keys(kw)) {
		if !r.w.table.keywords[name] {
			continue
		}
		x := expr{r.Module, s, kw[name]}
		list := r.w.eval(x).items() // cert=("a.pem", "a.key")
		if list == nil {
			list = []expr{x}
		}
		for _, x := range list {
			if ext := path.Ext(r.w.eval(x).Text); ext == ".pem" || ext == ".key" || ext == ".crt" {
				r.opens(x, c.Line, effect.File{Use: effect.Read, Call: written(c)})
			}
		}
	}
}

// opens adds a file if its path can be read. It reports whether the path is
// known, or is no path.
func (r *reader) opens(x expr, line int, f effect.File) bool {
	v := r.w.eval(x)
	if f.Use == effect.Write && v.form == unknown {
		if v = r.w.folder(x); !v.known() {
			return false
		}
		f.Dir = true
	}
	if !v.known() || v.form != text || v.Text == "" || strings.ContainsAny(v.Text, "\x00\n") || strings.Contains(v.Text, "://") || strings.HasPrefix(v.Text, ":") {
		return true
	}
	beside := f.Base == effect.Code && v.base == effect.WorkDir && !path.IsAbs(v.Text)
	f.Pos, f.Path, f.Base = r.at(line), v.Value, v.base
	f.Path.Text = path.Clean(v.Text)
	if beside {
		f.Base = effect.Code
	} else if f.Base == effect.Code {
		f.Path.Text = tree.Relative(path.Dir(r.File), f.Path.Text)
	}
	if !slices.Contains(r.Files, f) {
		r.Files = append(r.Files, f)
	}
	return true
}

// Path is a file's path as seen from the app's folder; ok is false if it is
// not below it, or not known.
func (m *Module) Path(f effect.File) (p string, ok bool) {
	p, ok = m.Place(f)
	return p, ok && p != ".." && !strings.HasPrefix(p, "../")
}

// Place is the same for one that may lie beside the app's folder: "../web/dist".
func (m *Module) Place(f effect.File) (p string, ok bool) {
	switch f.Base {
	case effect.WorkDir:
		p = path.Clean(f.Path.Text)
	case effect.Code:
		p = path.Join(path.Dir(m.File), f.Path.Text)
	default:
		return "", false
	}
	return p, f.Path.Text != "" && !path.IsAbs(p)
}

// sqlite is what stands between the scheme of an address of SQLite and its path:
// three slashes, but for the libraries of which a row says otherwise.
func (w *world) sqlite() string {
	for _, row := range w.table.addresses {
		if slices.ContainsFunc(row.Imports, w.imports) {
			return row.Address
		}
	}
	return ":///"
}

// database notes the file of an address of SQLite. A relative one starts after
// three slashes, an absolute one with the fourth.
// https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#file-databases
func (r *reader) database(x expr, line int, call string, row *callRow) bool {
	v := r.w.eval(x)
	scheme, rest, ok := strings.Cut(v.Text, r.w.sqlite())
	if !v.known() || !ok || scheme != "sqlite" && !strings.HasPrefix(scheme, "sqlite+") {
		return false
	}
	rest, _, _ = strings.Cut(rest, "?")
	if rest == "" || strings.Contains(rest, ":memory:") || strings.HasPrefix(rest, "file:") {
		return true
	}
	f := effect.File{Pos: r.at(line), Use: effect.Write, Call: call, Path: v.Value, Base: v.base}
	f.Path.Text = path.Clean(rest)
	switch {
	case f.Base == effect.Code:
		f.Path.Text = tree.Relative(path.Dir(r.File), f.Path.Text)
	case row != nil && row.Instance != "" && !strings.HasPrefix(rest, "/") && r.w.imports(row.Instance):
		f.Base = effect.Code
		f.Path.Text = tree.Relative(path.Dir(r.File), path.Join(r.w.instance(r.Module), rest))
	}
	if !slices.ContainsFunc(r.Files, func(o effect.File) bool { return o.Pos == f.Pos && o.Use == f.Use }) {
		r.Files = append(r.Files, f)
	}
	return true
}

// imports reports whether a module of the repository imports another one.
func (w *world) imports(module string) bool {
	yes, known := w.imported[module]
	if !known {
		yes = slices.ContainsFunc(w.modules, func(m *Module) bool { return m.importsAny([]string{module}) })
		w.imported[module] = yes
	}
	return yes
}

// application is the module that makes Flask's application, or else m.
func (w *world) application(m *Module) *Module {
	if !w.flaskRead {
		w.flaskRead = true
		if i := slices.IndexFunc(w.modules, func(x *Module) bool { return len(x.calls()["Flask"])+len(x.calls()["flask.Flask"]) > 0 }); i >= 0 {
			w.flask = w.modules[i]
		}
	}
	if w.flask == nil {
		return m
	}
	return w.flask
}

// instance is Flask's instance folder: beside the package or the module of the
// application. https://flask.palletsprojects.com/en/stable/config/#instance-folders
func (w *world) instance(m *Module) string {
	m = w.application(m)
	dir := path.Dir(m.File)
	for dir != "." {
		x := w.byName[strings.ReplaceAll(dir, "/", ".")]
		if x == nil || path.Base(x.File) != "__init__.py" {
			break
		}
		dir = path.Dir(dir)
	}
	return path.Join(dir, "instance")
}

// addresses notes the addresses of SQLite that stand anywhere in a statement.
func (r *reader) addresses(s *syntax.Stmt) {
	n := 0
	for i, t := range s.Tokens {
		if t.Kind != syntax.String || !strings.HasPrefix(t.Text, "sqlite") || !strings.Contains(t.Text, r.w.sqlite()) || n > maxCalls {
			continue
		}
		n++
		row := r.settingOf(s)
		if !r.database(expr{r.Module, s, syntax.UntilEnd(s.Tokens[i:])}, t.Line, "", row) {
			r.database(expr{r.Module, s, s.Tokens[i : i+1]}, t.Line, "", row)
		}
	}
}

// settingOf is the row of a setting that a statement sets, or nil.
func (r *reader) settingOf(s *syntax.Stmt) *callRow {
	for i, t := range s.Tokens {
		if row := r.w.table.settings[t.Text]; row != nil && (t.Kind == syntax.Name || t.Kind == syntax.String && i < 8) {
			return row
		}
	}
	return nil
}

// assigns notes the paths that settings and keys of dictionaries name.
func (r *reader) assigns(s *syntax.Stmt) {
	targets, v := syntax.Assignment(s.Tokens)
	if len(r.Roots) < maxParts && s.Scope().Kind == syntax.ModuleScope && slices.ContainsFunc(v, func(t syntax.Token) bool { return t.Is("__file__") }) {
		if x := r.w.eval(expr{r.Module, s, v}); x.known() && x.base == effect.Code {
			r.Roots = append(r.Roots, path.Clean(x.Text))
		}
	}
	for _, t := range targets {
		key := ""
		if n, i := syntax.Dotted(t, 0); i == len(t) || i < len(t) && t[i].Is(":") {
			key = n[strings.LastIndexByte(n, '.')+1:]
		} else {
			key = configKey(t)
		}
		row := r.w.table.settings[key]
		if row != nil && row.Makes != "" {
			if is, _ := r.w.eval(expr{r.Module, s, v}).fixed(); is == row.Is {
				f := effect.File{Pos: r.at(s.Line()), Use: effect.Write, Call: key, Dir: row.Dir, Path: effect.Value{Text: row.Makes, Sure: effect.Default}}
				r.Files = append(r.Files, f)
			}
			continue
		}
		if row != nil && row.Write != nil {
			r.opens(expr{r.Module, s, v}, s.Line(), effect.File{Use: effect.Write, Call: key, Dir: row.Dir})
		}
	}
	for _, row := range r.w.table.keys {
		if !slices.ContainsFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.String && strings.HasSuffix(t.Text, row.Beside) }) {
			continue
		}
		n := 0
		for i := 0; i+2 < len(s.Tokens) && n < maxItems; i++ {
			if t := s.Tokens[i]; t.Kind == syntax.String && slices.Contains(row.Key, t.Text) && s.Tokens[i+1].Is(":") {
				n++
				r.opens(expr{r.Module, s, syntax.UntilEnd(s.Tokens[i+2:])}, t.Line, effect.File{Use: effect.Write, Call: t.Text, Dir: row.Dir})
			}
		}
	}
}
