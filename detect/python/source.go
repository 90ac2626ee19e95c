package python

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/internal/lazy"
)

// reader reads what the code of a module is, and what it does (effects.go).
type reader struct {
	*Module
	w    *world
	sets map[string]bool // variables that the file gave a value so far
	// mentioned counts the strings of a statement.
	mentioned map[*syntax.Stmt]map[string]int
	bottle    *bool // whether the file makes an application of Bottle, nil until it is asked
}

// read reads a module, once all modules are known.
func (w *world) read(m *Module) {
	r := &reader{Module: m, w: w, sets: map[string]bool{}, mentioned: map[*syntax.Stmt]map[string]int{}}
	r.walk(m.file.Body, false)
}

// framework finds the row whose object the call of a name makes.
func (r *reader) framework(at *syntax.Stmt, callee string) *Framework {
	for _, n := range r.w.kinds(r.Module, at, callee) {
		if f := byObject(r.w.rows, n); f != nil {
			return f
		}
	}
	if strings.Contains(callee, ".") || len(at.Lookup(callee).List) > 0 {
		return nil
	}
	for _, s := range r.file.Module.Stars {
		if f := byObject(r.w.rows, s+"."+callee); f != nil {
			return f
		}
	}
	return nil
}

// makesObject finds the row whose object a call makes: of a name, or of a method of an object.
func (r *reader) makesObject(at *syntax.Stmt, callee string) *Framework {
	if f := r.framework(at, callee); f != nil {
		return f
	}
	i := strings.LastIndexByte(callee, '.')
	if i < 0 || !slices.ContainsFunc(r.w.rows, func(f Framework) bool { return slices.Contains(f.Makes.Methods, callee[i+1:]) }) {
		return nil
	}
	return byMethod(r.w.rows, r.w.classOf(r.Module, at, callee[:i]), callee[i+1:])
}

// wraps is the application of the file that a call is given, nil for none.
func (r *reader) wraps(c syntax.Call) *Object {
	pos, kw := c.Args()
	args := slices.Concat(pos, slices.Collect(maps.Values(kw)))
	var inner *Object
	for i := range r.Objects {
		o := &r.Objects[i]
		if o.Interface != "" && !o.Factory && slices.ContainsFunc(args, func(a syntax.Arg) bool { return len(a) == 1 && a[0].Kind == syntax.Name && a[0].Text == o.Name }) {
			inner = o
		}
	}
	return inner
}

// within reports whether the scope is a function, or stands in one.
func within(s *syntax.Scope) bool {
	for ; s != nil; s = s.Parent {
		if s.Kind == syntax.FunctionScope {
			return true
		}
	}
	return false
}

func (r *reader) walk(stmts []*syntax.Stmt, guarded bool) {
	var decorators []*syntax.Stmt
	for _, s := range stmts {
		inner := guarded
		r.acts(s)
		switch s.Keyword() {
		case "@":
			decorators = append(decorators, s)
			r.effects(s, guarded)
			continue
		case "def":
			r.function(s, decorators)
		case "class":
			r.class(s)
		case "if":
			if isGuard(s.Tokens) {
				inner = true
				if r.Guard.IsZero() {
					r.Guard = r.at(s.Line())
				}
			}
			r.effects(s, guarded)
		case "print":
			if len(s.Tokens) > 1 && s.Tokens[1].Kind != syntax.Op && !s.Tokens[1].Is("if") && r.Python2.IsZero() {
				r.Python2 = r.at(s.Line())
			}
			r.effects(s, guarded)
		case "raise":
			if within(s.Scope()) {
				r.insistsLazily(s)
			} else if !guarded && !r.insists(s) && r.Raises.IsZero() {
				r.Raises = r.at(s.Line())
			}
		case "import", "from":
		default:
			if s.Scope().Kind == syntax.ModuleScope && !guarded {
				r.object(s)
			}
			r.effects(s, guarded)
		}
		decorators = nil
		r.walk(s.Body, inner)
	}
}

// setup are methods that only prepare what runs later.
var setup = []string{ //nolint:gochecknoglobals // a constant table
	"load_dotenv", "basicConfig", "dictConfig", "fileConfig", "getLogger", "setLevel", "addHandler", "append", "insert", "extend", "setdefault", "update", "filterwarnings", "simplefilter", "register",
	"add_argument", "patch_all", "seed", "set_start_method", "from_object", "from_pyfile", "from_mapping", "from_envvar", "reconfigure", "install", "configure", "makedirs", "mkdir",
	"add_middleware", "init_app", "create_all", "set_event_loop_policy", "set_option", "chdir", "setrecursionlimit", "addsitedir", "setdefaulttimeout", "add_exception_handler",
}

// equips are methods that give an application routes.
var equips = []string{ //nolint:gochecknoglobals // a constant table
	"register_blueprint", "register_blueprints", "include_router", "add_url_rule", "add_api_route", "add_route", "add_routes", "mount", "add_resource", "add_websocket_route", "add_namespace", "blueprint", "frontend",
}

// acts notes whether the file does something when it runs, and what gives an
// application its routes.
func (r *reader) acts(s *syntax.Stmt) {
	inside := within(s.Scope())
	k := s.Keyword()
	if k == "@" {
		if n, _ := syntax.Dotted(s.Tokens, 1); strings.Contains(n, ".") {
			object, method, _ := strings.Cut(n, ".")
			if slices.Contains([]string{"route", "get", "post", "put", "delete", "patch", "websocket", "before_request", "errorhandler", "callback", "api_route"}, method) {
				r.Equips = append(r.Equips, Equip{Object: object, Inside: inside, Part: partOf(s, object)})
			}
		}
		return
	}
	r.Defines = r.Defines || k == "def" || k == "class"
	if k == "def" || k == "class" || k == "import" || k == "from" || len(r.Equips) > maxItems {
		return
	}
	list := syntax.Calls(s.Tokens)
	expression := s.Scope().Kind == syntax.ModuleScope && !slices.Contains([]string{"if", "elif", "else", "for", "try", "except", "finally", "with", "async", "assert", "del", "global", "return", "raise"}, k)
	if _, v := syntax.Assignment(s.Tokens); v != nil {
		expression = false
	}
	r.Acts = r.Acts || k == "while" && !inside
	below := r.below(list)
	for _, c := range list {
		full := r.full(s, c.Name)
		r.tabled(s, c, full)
		r.trusting(s, c, full)
		method := c.Method
		if method == "" {
			method = c.Name
		}
		switch {
		case slices.Contains(equips, method):
			object, _, _ := strings.Cut(c.Name, ".")
			r.Equips = append(r.Equips, Equip{Object: object, Inside: inside, Part: partOf(s, object)})
			r.mount(s, c)
			r.mounting(c)
			r.answers(s, c, below)
		case slices.Contains(routes, method):
			r.answers(s, c, below)
		case !inside && c.Name != "" && len(c.In) > 0 && c.In[0].Kind == syntax.Name:
			if m, f := r.w.defined(r.Module, s, c.Name); f != nil { // init_routes(app)
				e := Equip{Object: c.In[0].Text, Handed: true}
				if f.Kind == syntax.ClassScope {
					e.Class = m.File
				}
				r.Equips = append(r.Equips, e)
			}
			fallthrough
		default:
			r.Acts = r.Acts || expression && !slices.Contains(setup, method)
		}
	}
}

// parts are what makes a part of an application.
var parts = []string{"Blueprint", "APIRouter", "Router", "APIBlueprint", "RouteTableDef", "SmorestBlueprint"} //nolint:gochecknoglobals // a constant table

// partOf reports whether a name holds a part of an application.
func partOf(s *syntax.Stmt, name string) bool {
	return slices.ContainsFunc(s.Lookup(name).List, func(b *syntax.Binding) bool {
		list := syntax.Calls(b.Value)
		return b.Kind == syntax.Assigned && len(list) > 0 && slices.Contains(parts, list[0].Name[strings.LastIndexByte(list[0].Name, '.')+1:])
	})
}

// insists notes a variable whose absence makes the module raise:
// if not SECRET_KEY: raise ImproperlyConfigured.
func (r *reader) insists(s *syntax.Stmt) bool {
	x, ok := r.insisted(s)
	if ok {
		r.Env = append(r.Env, x)
	}
	return ok
}

// insistsLazily notes a variable whose absence makes a function raise before all else that it decides.
func (r *reader) insistsLazily(s *syntax.Stmt) {
	scope := s.Scope()
	if scope.Kind != syntax.FunctionScope {
		return
	}
	x, ok := r.insisted(s)
	if ok && !r.sets[x.Name] && !r.w.table.always[x.Name] && s.Block().Parent == scope.Def.Body[0].Block() {
		r.lazily = append(r.lazily, lazily{scope.Def, x})
	}
}

// insisted is the variable whose absence a condition around raise asks for.
func (r *reader) insisted(s *syntax.Stmt) (x effect.Env, ok bool) {
	h := s.Block().Header
	if h == nil || h.Keyword() != "if" {
		return x, false
	}
	toks := h.Tokens[1:]
	if n := len(toks); n > 0 && toks[n-1].Is(":") {
		toks = toks[:n-1]
	}
	switch n := len(toks); {
	case n > 1 && toks[0].Is("not"):
		toks = toks[1:]
	case n > 2 && toks[n-2].Is("is") && toks[n-1].Is("None"):
		toks = toks[:n-2]
	default:
		return x, false
	}
	v := r.w.eval(expr{r.Module, h, toks})
	if !v.missing() || v.Env == "" {
		return x, false
	}
	return effect.Env{Pos: r.at(h.Line()), Name: v.Env, Required: true}, true
}

// routes are calls that name a path and what answers it.
var routes = []string{"Route", "get", "add_get"} //nolint:gochecknoglobals // a constant table

// mount notes what a call puts below an application, and below which prefix.
func (r *reader) mount(s *syntax.Stmt, c syntax.Call) {
	if c.Method != "register_blueprint" && c.Method != "include_router" && c.Method != "add_routes" || len(r.mounts) >= maxItems {
		return
	}
	pos, kw := c.Args()
	if len(pos) == 0 {
		return
	}
	n, end := syntax.Dotted(pos[0], 0)
	if n == "" || end != len(pos[0]) {
		return
	}
	if prefix, ok := r.prefix(s, kw); ok {
		r.mounts = append(r.mounts, mount{s, n, prefix})
	}
}

// prefix is the argument that says below which path routes stand, "" without it;
// ok is false if it cannot be read.
func (r *reader) prefix(s *syntax.Stmt, kw map[string]syntax.Arg) (string, bool) {
	for _, k := range []string{"url_prefix", "prefix"} {
		if a, given := kw[k]; given {
			v, ok := r.w.eval(expr{r.Module, s, a}).fixed()
			return strings.TrimSuffix(v, "/"), ok && (v == "" || strings.HasPrefix(v, "/"))
		}
	}
	return "", true
}

// answers notes the route of a call: Route("/health", health), web.get("/health", health).
func (r *reader) answers(s *syntax.Stmt, c syntax.Call, below map[*syntax.Token]place) {
	if c.Method == "get" && r.full(s, c.Name) != "aiohttp.web.get" || c.Method == "" && c.Name == "get" || len(r.Answers) >= maxItems {
		return
	}
	pos, kw := c.Args()
	if len(pos) == 0 {
		return
	}
	p, ok := syntax.Literal(pos[0])
	if _, given := kw["methods"]; given || !ok || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "<{") {
		return
	}
	handler, ok := pick([]string{"view_func", "endpoint", "handler"}, nil, kw)
	if !ok && len(pos) > 1 {
		handler = pos[len(pos)-1]
	}
	at := below[&c.In[0]]
	if at.owner == "" {
		at.owner, _, _ = strings.Cut(c.Name, ".")
	}
	if !at.unknown {
		r.handled(s, c, at, p, handler)
	}
}

// mounted adds to a module the plain routes of the routers that it mounts, and of
// those that these mount.
func (w *world) mounted(m *Module) {
	type step struct {
		m      *Module
		prefix string
		depth  int
	}
	for next := []step{{m: m}}; len(next) > 0 && len(m.Answers) < maxItems; {
		x := next[0]
		next = next[1:]
		for _, y := range x.m.mounts {
			target, name := w.router(x.m, y)
			if target == nil {
				continue
			}
			b := target.file.Module.Final(name).List
			if len(b) != 1 || b[0].Kind != syntax.Assigned {
				continue
			}
			made, ok := syntax.CallAt(b[0].Value, 0)
			if !ok {
				continue
			}
			_, kw := made.Args()
			if _, guarded := kw["dependencies"]; guarded {
				continue
			}
			r := &reader{Module: target, w: w}
			own, ok := r.prefix(b[0].Stmt, kw)
			if !ok {
				continue
			}
			prefix := x.prefix + y.prefix + own
			if y.prefix != "" && strings.HasSuffix(made.Name, "Blueprint") {
				prefix = x.prefix + y.prefix // Flask's argument takes the place of the blueprint's own
			}
			for _, route := range target.loose {
				if route.object == name && route.Plain {
					route.Path = prefix + route.Path
					m.Answers = append(m.Answers, route.Route)
				}
			}
			if x.depth < 3 && target != x.m {
				next = append(next, step{m: target, prefix: prefix, depth: x.depth + 1})
			}
		}
	}
}

// router is the module and the name there of what a mount names.
func (w *world) router(m *Module, y mount) (*Module, string) {
	n := y.target
	if list := y.at.Lookup(n).List; len(list) == 1 && list[0].Kind == syntax.Assigned && !within(list[0].Stmt.Scope()) {
		return m, n
	}
	full := m.full(y.at, n)
	if strings.HasPrefix(full, ".") {
		return nil, ""
	}
	for range 4 { // from .routes import router, which comes from .routes.api
		target, rest := w.split(m, full)
		if target == nil || rest == "" || strings.Contains(rest, ".") {
			return nil, ""
		}
		b := target.file.Module.Final(rest).List
		if len(b) != 1 || b[0].Kind != syntax.Imported {
			return target, rest
		}
		m, full = target, target.absolute(b[0].Import)
	}
	return nil, ""
}

func isGuard(toks []syntax.Token) bool {
	for i := 0; i+2 < len(toks); i++ {
		a, b, c := toks[i], toks[i+1], toks[i+2]
		if a.Is("__name__") && b.Is("in") && slices.ContainsFunc(toks[i+2:], func(t syntax.Token) bool { return t.Kind == syntax.String && t.Text == "__main__" }) {
			return true
		}
		if b.Is("==") && (a.Is("__name__") && c.Kind == syntax.String && c.Text == "__main__" || c.Is("__name__") && a.Kind == syntax.String && a.Text == "__main__") {
			return true
		}
	}
	return false
}

// underGuard reports whether a statement runs only if its file is started.
func underGuard(s *syntax.Stmt) bool {
	for b := s.Block(); b != nil && b.Header != nil; b = b.Parent {
		if b.Header.Keyword() == "if" && isGuard(b.Header.Tokens) {
			return true
		}
	}
	return false
}

// assigned are the names that a statement assigns to, and the value.
func assigned(s *syntax.Stmt) (names []string, v []syntax.Token) {
	targets, v := syntax.Assignment(s.Tokens)
	for _, t := range targets {
		for _, one := range syntax.Split(t, ",") {
			if len(one) > 0 && one[0].Kind == syntax.Name && (len(one) == 1 || one[1].Is(":")) {
				names = append(names, one[0].Text)
			}
		}
	}
	return names, v
}

// object reads x = Framework(...) at the module's level.
func (r *reader) object(s *syntax.Stmt) {
	names, v := assigned(s)
	if v == nil || len(names) == 0 {
		return
	}
	c, ok := syntax.CallAt(v, 0)
	if !ok {
		if n, end := syntax.Dotted(v, 0); n != "" && end == len(v) {
			r.pending = append(r.pending, pendingObject{name: names[0], callee: n, line: s.Line()})
		}
		return
	}
	f, inner := r.makesObject(s, c.Name), r.wraps(c)
	if f == nil && inner != nil && inner.Name != names[0] {
		f = byWrapper(r.w.rows, r.full(s, c.Name))
	}
	if f == nil {
		r.pending = append(r.pending, pendingObject{name: names[0], callee: c.Name, call: true, line: s.Line()})
		return
	}
	if _, kw := c.Args(); f.Writes != "" && kw[f.Writes] == nil {
		// The library chooses the file's name.
		here := effect.Value{Text: ".", Sure: effect.Default}
		r.Files = append(r.Files, effect.File{Pos: r.at(s.Line()), Use: effect.Write, Call: c.Name, Path: here, Dir: true})
	}
	o := Object{Name: names[0], Framework: f.Name, Interface: f.Interface, Pos: r.at(s.Line())}
	if inner != nil && inner.Name != o.Name {
		if inner.Wrapped = true; f.Wraps != nil {
			o.Routes = inner.Routes
			o.Interface = cmp.Or(f.Interface, inner.Interface)
		}
	}
	i := slices.IndexFunc(r.Objects, func(x Object) bool { return x.Name == o.Name && !x.Factory })
	switch final := r.file.Module.Final(o.Name).List; {
	case i < 0:
		r.Objects = append(r.Objects, o)
	case slices.ContainsFunc(final, func(b *syntax.Binding) bool { return b.Line == r.Objects[i].Pos.Line }):
	default:
		o.Routes = r.Objects[i].Routes // app = ASGIApp(server, app)
		r.Objects[i] = o
	}
}

// function reads a def: a factory, a route, a test, an entry by decorator.
func (r *reader) function(s *syntax.Stmt, decorators []*syntax.Stmt) {
	fn, behind := nameOf(s)
	if fn == "" || behind >= len(s.Tokens) {
		return
	}
	if strings.HasPrefix(fn, "test") && !within(s.Scope()) {
		r.Tests.Functions = r.Tests.Functions || s.Scope().Kind != syntax.ClassScope
	}
	if s.Scope().Kind != syntax.ModuleScope {
		for _, d := range decorators {
			r.route(d, s, len(decorators) == 1)
		}
		return
	}
	for _, d := range decorators {
		n, _ := syntax.Dotted(d.Tokens, 1)
		for _, f := range r.w.rows {
			if slices.Contains(f.Decorators, r.full(d, n)) {
				r.Objects = append(r.Objects, Object{Name: fn, Framework: f.Name, Pos: r.at(s.Line())})
			}
		}
		r.route(d, s, len(decorators) == 1)
	}
	params, end := syntax.Inside(s.Tokens, behind)
	if f := r.callable(params); f != nil && len(decorators) == 0 {
		r.Objects = append(r.Objects, Object{Name: fn, Framework: f.Name, Interface: f.Interface, Pos: r.at(s.Line())})
		return
	}
	o := Object{Name: fn, Factory: true, Asks: asks(params), Pos: r.at(s.Line())}
	f := r.makes(s)
	if f == nil && end+1 < len(s.Tokens) && s.Tokens[end].Is("->") {
		if n, _ := syntax.Dotted(s.Tokens, end+1); n != "" {
			f = r.framework(s, n) // def create_app() -> Flask
		}
	}
	if f != nil {
		o.Framework, o.Interface = f.Name, f.Interface
		r.Objects = append(r.Objects, o)
	}
}

// callable finds the row of a function that is an application itself, by its parameters.
func (r *reader) callable(params []syntax.Token) *Framework {
	var names []string
	for _, p := range syntax.Split(params, ",") {
		if len(p) > 0 {
			names = append(names, p[0].Text)
		}
	}
	i := slices.IndexFunc(r.w.rows, func(f Framework) bool { return f.Parameters != nil && slices.Equal(f.Parameters, names) })
	if i < 0 {
		return nil
	}
	return &r.w.rows[i]
}

// params are the parameters of a function; ok is false for a statement that has none in brackets.
func params(fn *syntax.Stmt) (list []syntax.Token, ok bool) {
	i := slices.IndexFunc(fn.Tokens, func(t syntax.Token) bool { return t.Is("(") })
	if i < 0 {
		return nil, false
	}
	list, _ = syntax.Inside(fn.Tokens, i)
	return list, true
}

// asks is the first parameter without a default, "" if there is none.
func asks(params []syntax.Token) string {
	for _, p := range syntax.Split(params, ",") {
		if len(p) == 0 || p[0].Is("*") || p[0].Is("**") || p[0].Is("/") || syntax.Top(p, "=") >= 0 {
			continue
		}
		return p[0].Text
	}
	return ""
}

// makes returns the framework whose object a function constructs and returns.
// That of a function which returns what another one makes is known once all
// modules are read: it is pending.
func (r *reader) makes(fn *syntax.Stmt) *Framework {
	made, taken := map[string]*Framework{}, map[string]string{}
	var found *Framework
	var look func([]*syntax.Stmt)
	call := func(s *syntax.Stmt, c syntax.Call) {
		if r.w.table.named(r.full(s, c.Name)) == nil && found == nil && c.Name != "" {
			r.factories = append(r.factories, pendingFactory{def: fn, callee: c.Name})
		}
	}
	look = func(stmts []*syntax.Stmt) {
		for _, s := range stmts {
			if k := s.Keyword(); k == "def" || k == "class" {
				continue
			}
			if names, v := assigned(s); v != nil {
				if c, ok := syntax.CallAt(v, 0); ok {
					f := r.framework(s, c.Name)
					for _, n := range names {
						if f != nil {
							made[n] = f
						} else if made[n] == nil {
							taken[n] = c.Name
						}
					}
				}
			}
			if s.Keyword() == "return" && len(s.Tokens) > 1 && found == nil {
				if c, ok := syntax.CallAt(s.Tokens, 1); ok {
					if found = r.framework(s, c.Name); found == nil {
						call(s, c)
					}
				} else if n, end := syntax.Dotted(s.Tokens, 1); end == len(s.Tokens) {
					if found = made[n]; found == nil && taken[n] != "" {
						call(s, syntax.Call{Name: taken[n]})
					}
				}
			}
			look(s.Body)
		}
	}
	look(fn.Body)
	return found
}

// route reads @app.get("/path") over a function.
func (r *reader) route(d, fn *syntax.Stmt, alone bool) {
	c, ok := syntax.CallAt(d.Tokens, 1)
	if !ok {
		return
	}
	object, method, ok := strings.Cut(c.Name, ".")
	if full := r.full(d, c.Name); full == "bottle.route" || full == "bottle.get" {
		r.bottled(d, fn, c, alone)
		return
	}
	if !ok { // rt = app.route
		b := d.Lookup(c.Name).List
		if len(b) == 0 {
			return
		}
		n, end := syntax.Dotted(b[0].Value, 0)
		if object, ok = r.fast(b[0], fn); ok {
			n, end = object+".route", len(b[0].Value)
		}
		if object, method, ok = strings.Cut(n, "."); !ok || end != len(b[0].Value) {
			return
		}
	}
	if method != "route" && method != "get" && method != "api_route" {
		return
	}
	pos, kw := c.Args()
	a := kw["path"]
	if len(pos) > 0 {
		a = pos[0]
	}
	p, ok := syntax.Literal(a)
	if !ok || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "<{") {
		return
	}
	if m, given := kw["methods"]; given && !slices.ContainsFunc(m, func(t syntax.Token) bool { return t.Kind == syntax.String && strings.EqualFold(t.Text, "GET") }) {
		return
	}
	i := slices.IndexFunc(r.Objects, func(o Object) bool { return o.Name == object && !o.Factory })
	if scope := fn.Scope(); scope.Kind != syntax.ModuleScope {
		i = r.factoryOf(scope, object)
	}
	if i < 0 {
		if fn.Scope().Kind == syntax.ModuleScope && len(r.loose) < maxItems {
			r.loose = append(r.loose, looseRoute{object, Route{effect.Route{Pos: r.at(d.Line()), Method: "GET", Path: p}, alone && r.w.bears(p, fn)}})
		}
		return
	}
	route := Route{effect.Route{Pos: r.at(d.Line()), Method: "GET", Path: p}, alone && r.w.bears(p, fn)}
	r.Objects[i].Routes = append(r.Objects[i].Routes, route)
	r.Routes = append(r.Routes, route.Route)
}

// factoryOf is the index of the factory whose function makes the app that a name of
// the function has, -1 for none.
func (r *reader) factoryOf(scope *syntax.Scope, name string) int {
	if scope.Def == nil || scope.Parent == nil || scope.Parent.Kind != syntax.ModuleScope {
		return -1
	}
	makes := slices.ContainsFunc(scope.Names[name], func(b *syntax.Binding) bool {
		c, ok := syntax.CallAt(b.Value, 0)
		return ok && r.framework(b.Stmt, c.Name) != nil
	})
	if !makes {
		return -1
	}
	return slices.IndexFunc(r.Objects, func(o Object) bool { return o.Factory && o.Pos == r.at(scope.Def.Line()) })
}

// harmless are parameters of a handler that nothing is asked for: the request, and the answer that it fills in.
var harmless = []string{"request", "self", "req", "resp", "response", "_", "_request", "_req"} //nolint:gochecknoglobals // a constant table

// bare reports whether a function takes nothing that is injected, or asked for. The request itself is harmless.
func bare(fn *syntax.Stmt) bool {
	list, ok := params(fn)
	return ok && !slices.ContainsFunc(syntax.Split(list, ","), func(p []syntax.Token) bool {
		return len(p) > 0 && (!slices.Contains(harmless, p[0].Text) || syntax.Top(p, "=") >= 0)
	})
}

// well matches the paths of health checks, and credential the names of what asks who is there.
var (
	well       = lazy.MustCompile(`(?i)/(_{0,2}(lb)?heartbeat_{0,2}|_?health[a-z_-]*|livez?|readyz?|liveness|readiness|alive|ping)/?$`)
	credential = lazy.MustCompile(`(?i)auth|login|token|permission|current_user|api_?key|redirect|abort|url_for|forbidden|admin`)
)

// wellness reports whether a function answers a health check: its path says so, and it asks nobody for
// credentials. That it fails when something is not well is what makes it one.
func wellness(p string, fn *syntax.Stmt) bool {
	if !well.MatchString(p) || !bare(fn) {
		return false
	}
	steps := 0
	var asks func(s *syntax.Stmt, depth int) bool
	asks = func(s *syntax.Stmt, depth int) bool {
		if steps++; steps > 200 || depth > 20 {
			return true
		}
		return slices.ContainsFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.Name && credential.MatchString(t.Text) }) ||
			slices.ContainsFunc(s.Body, func(b *syntax.Stmt) bool { return asks(b, depth+1) })
	}
	return !asks(fn, 0)
}

// plain reports whether a function does nothing but return a value that it
// makes itself: what could fail, ask or wait is not in it.
func (w *world) plain(fn *syntax.Stmt) bool {
	if !bare(fn) {
		return false
	}
	returns := false
	for _, s := range fn.Body {
		if len(s.Body) > 0 {
			return false
		}
		if s.Tokens[0].Kind == syntax.String {
			continue // the docstring
		}
		if s.Keyword() != "return" && s.Keyword() != "pass" {
			if names, v := assigned(s); v == nil || len(names) == 0 {
				return false
			}
		}
		if slices.ContainsFunc(s.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.Name && w.table.asks[t.Text] }) {
			return false
		}
		returns = returns || s.Keyword() == "return"
	}
	return returns
}

// class reads which tests a class holds.
func (r *reader) class(s *syntax.Stmt) {
	if within(s.Scope()) || len(s.Tokens) < 2 {
		return
	}
	for _, f := range r.w.rows {
		if slices.Contains(f.Classes, s.Tokens[1].Text) && r.importsAny([]string{f.Dependency}) {
			r.Objects = append(r.Objects, Object{Name: s.Tokens[1].Text, Framework: f.Name, Pos: r.at(s.Line())})
		}
	}
	derived := false
	for _, n := range classBases(s) {
		derived = true
		switch n = r.full(s, n); {
		case strings.HasPrefix(n, "unittest."):
			r.Tests.Cases = true
		case strings.HasPrefix(n, "django.test.") || strings.HasPrefix(n, "rest_framework.test."):
			r.Tests.Cases, r.Tests.Django = true, true
		}
	}
	if !derived && strings.HasPrefix(s.Tokens[1].Text, "Test") {
		for _, f := range s.Body {
			if f.Keyword() == "def" && len(f.Tokens) > 1 && strings.HasPrefix(f.Tokens[1].Text, "test") {
				r.Tests.Functions = true
			}
		}
	}
}
