package python

import (
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/internal/lazy"
)

// handling is a route whose handler is known once all modules are read: a function, a class, or an object of one.
type handling struct {
	at      *syntax.Stmt
	path    string
	handler []syntax.Token
	method  string // of the class that answers GET: "on_get"; "" for a function
	line    int
	owner   string // the name in front of the method
}

// place is where a call of a statement stands: below the path of a Mount, or among the arguments of an object's method.
type place struct {
	prefix, owner string
	unknown       bool // the path cannot be read
}

// put notes that a call puts what a name has below a path.
func (r *reader) put(name string, at place) {
	if _, twice := r.under[name]; twice {
		at.unknown = true
	}
	if r.under == nil {
		r.under = map[string]place{}
	}
	if len(r.under) < maxItems {
		r.under[name] = at
	}
}

// mounting notes app.mount("/api", api): https://fastapi.tiangolo.com/advanced/sub-applications/.
func (r *reader) mounting(c syntax.Call) {
	if c.Method != "mount" {
		return
	}
	pos, kw := c.Args()
	app, ok := pick([]string{"app", "1"}, pos, kw)
	if !ok || len(app) != 1 || app[0].Kind != syntax.Name {
		return
	}
	a, _ := pick([]string{"path", "0"}, pos, kw)
	p, known := syntax.Literal(a)
	owner, _, _ := strings.Cut(c.Name, ".")
	r.put(app[0].Text, place{prefix: rooted(p), owner: owner, unknown: !known || strings.ContainsAny(p, "<{")})
}

// prefixOf is the path below which what a name has answers; ok is false where that is not known.
func (m *Module) prefixOf(name string) (string, bool) {
	out := ""
	for range 8 {
		x, put := m.under[name]
		if !put {
			return out, true
		}
		if x.unknown {
			return "", false
		}
		out, name = x.prefix+out, x.owner
	}
	return "", false
}

// below finds the places of the calls of a statement by their first token, and notes what is put below a path by its name:
// https://www.starlette.io/routing/#submounting-routes, https://docs.aiohttp.org/en/stable/web_advanced.html#nested-applications.
func (r *reader) below(list []syntax.Call) map[*syntax.Token]place {
	var out map[*syntax.Token]place
	for _, c := range list {
		mount := c.Name[strings.LastIndexByte(c.Name, '.')+1:] == "Mount"
		if !mount && c.Method != "add_routes" && c.Method != "add_subapp" || len(c.In) == 0 {
			continue
		}
		pos, kw := c.Args()
		a, _ := pick([]string{"path", "0"}, pos, kw)
		p, ok := syntax.Literal(a)
		if mount || c.Method == "add_subapp" {
			at := out[&c.In[0]] // below another, whose calls come before those in it
			at.prefix, at.unknown = at.prefix+rooted(p), at.unknown || !ok || strings.ContainsAny(p, "<{")
			if !mount {
				at.owner, _, _ = strings.Cut(c.Name, ".")
			}
			for _, a := range append(slices.Clone(pos), kw["routes"], kw["app"]) {
				if len(a) == 1 && a[0].Kind == syntax.Name {
					r.put(a[0].Text, at)
				}
			}
		}
		for _, inner := range syntax.Calls(c.In) {
			if len(inner.In) == 0 {
				continue
			}
			if out == nil {
				out = map[*syntax.Token]place{}
			}
			x := out[&inner.In[0]]
			if mount {
				x.prefix, x.unknown = x.prefix+rooted(p), x.unknown || !ok || strings.ContainsAny(p, "<{")
			} else if x.owner == "" {
				x.owner, _, _ = strings.Cut(c.Name, ".")
			}
			out[&inner.In[0]] = x
		}
	}
	return out
}

// routeTable is a list of routes that an application is made with.
type routeTable struct {
	kind tableKind
	list expr
	path string // below which they stand
}

// tableKind is what stands in such a list.
type tableKind int

const (
	tornadoRoutes  tableKind = iota // (r"/health", Health): https://www.tornadoweb.org/en/stable/web.html#tornado.web.Application
	litestarRoutes                  // functions and classes whose decorators have the paths: https://docs.litestar.dev/latest/usage/routing/overview.html
)

// handled notes a route whose handler is not a function of the file.
func (r *reader) handled(s *syntax.Stmt, c syntax.Call, at place, p string, handler []syntax.Token) {
	if len(r.handlings) >= maxItems {
		return
	}
	h := handling{at: s, path: at.prefix + p, handler: handler, line: c.Line, owner: at.owner}
	if c.Method == "add_route" && r.importsAny([]string{"falcon"}) {
		h.method = "on_get" // https://falcon.readthedocs.io/en/stable/api/routing.html
	}
	r.handlings = append(r.handlings, h)
}

// tabled notes the list of routes that an application is made with.
func (r *reader) tabled(s *syntax.Stmt, c syntax.Call, full string) {
	if len(r.tables) >= maxItems {
		return
	}
	if c.Name == "" && c.Method == "__init__" && len(c.Of) > 0 && c.Of[0].Is("super") {
		for d := s.Scope(); d != nil; d = d.Parent {
			if d.Kind == syntax.ClassScope && d.Def != nil && slices.ContainsFunc(classBases(d.Def), func(n string) bool { return r.full(d.Def, n) == "tornado.web.Application" }) {
				full = "tornado.web.Application"
			}
		}
	}
	switch full {
	case "tornado.web.Application":
		pos, kw := c.Args()
		if list, ok := pick([]string{"handlers", "0"}, pos, kw); ok {
			r.tables = append(r.tables, routeTable{tornadoRoutes, expr{r.Module, s, list}, ""})
		}
	case "litestar.Litestar", "litestar.app.Litestar":
		pos, kw := c.Args()
		if list, ok := pick([]string{"route_handlers", "0"}, pos, kw); ok && !protected(kw) {
			if p, ok := r.w.pathOf(r.Module, s, kw["path"]); ok {
				r.tables = append(r.tables, routeTable{litestarRoutes, expr{r.Module, s, list}, p})
			}
		}
	}
}

// trusting notes the list of hosts beside which a call has requests refused.
func (r *reader) trusting(s *syntax.Stmt, c syntax.Call, full string) {
	if len(r.trusts) >= maxItems || !refusing(full, c.In) {
		return
	}
	if _, kw := c.Args(); kw["allowed_hosts"] != nil {
		r.trusts = append(r.trusts, expr{r.Module, s, kw["allowed_hosts"]})
	}
}

// refusing reports whether a call refuses requests for other hosts than it is told: https://www.starlette.io/middleware/#trustedhostmiddleware,
// https://docs.litestar.dev/latest/usage/middleware/builtin-middleware.html#allowed-hosts.
func refusing(full string, in []syntax.Token) bool {
	name := full[strings.LastIndexByte(full, '.')+1:]
	return slices.Contains([]string{"TrustedHostMiddleware", "AllowedHostsConfig", "Litestar"}, name) ||
		(name == "Middleware" || name == "add_middleware") && slices.ContainsFunc(in, func(t syntax.Token) bool { return t.Kind == syntax.Name && t.Text == "TrustedHostMiddleware" })
}

// trust takes in a list of hosts, if all of it is known.
func (m *Module) trust(w *world, x expr) {
	v := w.eval(x)
	var hosts []string
	for _, item := range v.items() {
		name, ok := w.eval(item).fixed()
		if !ok || !hostName.MatchString(name) && !slices.Contains(thisMachine, name) && name != "testserver" && name != "test" {
			return
		}
		hosts = append(hosts, name)
	}
	if len(hosts) > 0 && len(hosts) == len(syntax.SplitN(v.at.toks, ",", maxItems+1)) && m.Hosts == nil {
		m.Hosts, m.HostsAt = hosts, x.mod.at(x.toks[0].Line)
	}
}

// protected reports whether arguments of Litestar may ask who is there.
func protected(kw map[string]syntax.Arg) bool {
	for _, k := range []string{"guards", "on_app_init", "dependencies", "before_request"} {
		if _, ok := kw[k]; ok {
			return true
		}
	}
	return false
}

// pathOf is the path that an argument gives, "" for none; ok is false for one that cannot be read or has parameters.
func (w *world) pathOf(m *Module, s *syntax.Stmt, a syntax.Arg) (string, bool) {
	if a == nil {
		return "", true
	}
	v, ok := w.eval(expr{m, s, a}).fixed()
	return strings.TrimSuffix(v, "/"), ok && !strings.ContainsAny(v, "<{")
}

// resolve adds to a module the routes whose handlers are known now.
func (w *world) resolve(m *Module) {
	for _, h := range m.handlings {
		owner := h.owner
		listed, _ := assigned(h.at)
		for _, n := range listed {
			if _, put := m.under[n]; put {
				owner = n // a list of routes
			}
		}
		if prefix, ok := m.prefixOf(owner); ok && w.answering(m, h.at, h.handler, h.method, h.path) {
			m.answer(prefix+h.path, m.at(h.line))
		}
	}
	for i := range m.Objects {
		o := &m.Objects[i]
		var ok bool
		if o.Below, ok = m.prefixOf(o.Name); !ok {
			for j := range o.Routes {
				o.Routes[j].Plain = false
			}
		}
	}
	for _, t := range m.trusts {
		m.trust(w, t)
	}
	for _, t := range m.tables {
		for _, x := range w.eval(t.list).items() {
			switch t.kind {
			case tornadoRoutes:
				w.tornado(m, x)
			case litestarRoutes:
				w.litestar(m, x, t.path, 0)
			}
		}
	}
}

// answer adds a route that answers GET by itself.
func (m *Module) answer(p string, at fact.Pos) {
	if len(m.Answers) < maxItems {
		m.Answers = append(m.Answers, Route{effect.Route{Pos: at, Method: "GET", Path: p}, true})
	}
}

// answering reports whether a handler answers a GET by itself: a function, or with a method a class or an object of one.
func (w *world) answering(m *Module, at *syntax.Stmt, handler []syntax.Token, method, p string) bool {
	n, end := syntax.Dotted(handler, 0)
	if n == "" {
		return false
	}
	if c, ok := syntax.CallAt(handler, 0); ok && method != "" {
		n, end = c.Name, c.End // Health()
	}
	if end != len(handler) {
		return false
	}
	if method == "" {
		_, f := w.function(m, at, n)
		return f != nil && len(f.Decorators) == 0 && w.bears(p, f.Def)
	}
	_, class := w.defined(m, at, n)
	if class == nil { // health = Health()
		if list := at.Lookup(n).List; len(list) == 1 && list[0].Kind == syntax.Assigned {
			if c, ok := syntax.CallAt(list[0].Value, 0); ok && c.End == len(list[0].Value) {
				_, class = w.defined(m, list[0].Stmt, c.Name)
			}
		}
	}
	if class == nil || class.Kind != syntax.ClassScope || len(class.Decorators) > 0 || len(class.Names["prepare"]) > 0 {
		return false
	}
	list := class.Names[method]
	return len(list) == 1 && list[0].Kind == syntax.Defined && len(list[0].Scope.Decorators) == 0 && w.bears(p, list[0].Scope.Def)
}

// bears reports whether a function answers a check of its path.
func (w *world) bears(p string, fn *syntax.Stmt) bool { return w.plain(fn) || wellness(p, fn) }

// plainPath is a regular expression of Tornado that is one path.
var plainPath = lazy.MustCompile(`^\^?(/[A-Za-z0-9_./-]*?)(?:/\?)?\$?$`)

// tornado reads a route of Tornado: (r"/health", Health), url(r"/health", Health).
func (w *world) tornado(m *Module, x expr) {
	toks := x.toks
	if c, ok := syntax.CallAt(toks, 0); ok && c.End == len(toks) {
		toks = c.In
	} else if len(toks) > 2 && toks[0].Is("(") {
		toks, _ = syntax.Inside(toks, 0)
	}
	parts := syntax.SplitN(toks, ",", 3)
	if len(parts) < 2 {
		return
	}
	text, ok := syntax.Literal(parts[0])
	found := plainPath.FindStringSubmatch(text)
	if ok && found != nil && w.answering(x.mod, x.at, parts[1], "get", found[1]) {
		m.answer(found[1], x.mod.at(parts[0][0].Line))
	}
}

// litestar reads a handler of Litestar: a function, a controller, or a router with handlers of its own.
func (w *world) litestar(m *Module, x expr, prefix string, depth int) {
	n, end := syntax.Dotted(x.toks, 0)
	if n == "" || depth > 3 {
		return
	}
	if end != len(x.toks) {
		w.litestarRouter(m, x, prefix, depth)
		return
	}
	in, sc := w.defined(x.mod, x.at, n)
	switch {
	case sc == nil:
		if list := x.at.Lookup(n).List; len(list) == 1 && list[0].Kind == syntax.Assigned {
			w.litestarRouter(m, expr{x.mod, list[0].Stmt, list[0].Value}, prefix, depth)
		} else if t, rest := w.split(x.mod, x.mod.full(x.at, n)); t != nil && rest != "" {
			if list := t.file.Module.Final(rest).List; len(list) == 1 && list[0].Kind == syntax.Assigned {
				w.litestarRouter(m, expr{t, list[0].Stmt, list[0].Value}, prefix, depth)
			}
		}
	case sc.Kind == syntax.FunctionScope:
		w.litestarGet(m, in, sc, prefix)
	case sc.Kind == syntax.ClassScope:
		if len(sc.Names["guards"])+len(sc.Names["dependencies"])+len(sc.Names["before_request"]) > 0 {
			return
		}
		if list := sc.Names["path"]; len(list) == 1 {
			p, ok := w.pathOf(in, list[0].Stmt, list[0].Value)
			if !ok {
				return
			}
			prefix += rooted(p)
		}
		for _, name := range slices.Sorted(maps.Keys(sc.Names)) {
			if list := sc.Names[name]; len(list) == 1 && list[0].Kind == syntax.Defined && list[0].Scope.Kind == syntax.FunctionScope {
				w.litestarGet(m, in, list[0].Scope, prefix)
			}
		}
	}
}

// litestarRouter reads the handlers of a call of Router.
func (w *world) litestarRouter(m *Module, x expr, prefix string, depth int) {
	c, ok := syntax.CallAt(x.toks, 0)
	if !ok || c.End != len(x.toks) || x.mod.full(x.at, c.Name) != "litestar.Router" && x.mod.full(x.at, c.Name) != "litestar.router.Router" {
		return
	}
	pos, kw := c.Args()
	a, _ := pick([]string{"path", "0"}, pos, kw)
	p, ok := w.pathOf(x.mod, x.at, a)
	list, has := pick([]string{"route_handlers"}, nil, kw)
	if !ok || !has || protected(kw) {
		return
	}
	for _, y := range w.eval(expr{x.mod, x.at, list}).items() {
		w.litestar(m, y, prefix+rooted(p), depth+1)
	}
}

// litestarGet reads a function below @get("/health").
func (w *world) litestarGet(m, in *Module, fn *syntax.Scope, prefix string) {
	if len(fn.Decorators) != 1 || fn.Def == nil {
		return
	}
	d := fn.Decorators[0]
	c, ok := syntax.CallAt(d.Tokens, 1)
	if !ok {
		return
	}
	if full := in.full(d, c.Name); !strings.HasPrefix(full, "litestar.") || !strings.HasSuffix(full, ".get") {
		return
	}
	pos, kw := c.Args()
	a, _ := pick([]string{"path", "0"}, pos, kw)
	p, ok := w.pathOf(in, d, a)
	if !ok || protected(kw) {
		return
	}
	p = prefix + rooted(p)
	if p == "" {
		p = "/"
	}
	if w.bears(p, fn.Def) {
		m.answer(p, in.at(d.Line()))
	}
}

// rooted is a path with its slash, "" for none.
func rooted(p string) string {
	if p = strings.Trim(p, "/"); p == "" {
		return ""
	}
	return "/" + p
}

// bottled reads a route of Bottle's default application, which a file that makes applications of its own may not serve:
// https://bottlepy.org/docs/stable/tutorial.html#the-default-application.
func (r *reader) bottled(d, fn *syntax.Stmt, c syntax.Call, alone bool) {
	pos, kw := c.Args()
	a, _ := pick([]string{"path", "0"}, pos, kw)
	p, ok := syntax.Literal(a)
	_, other := kw["method"]
	if !ok || other || !alone || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "<:") || !r.w.bears(p, fn) {
		return
	}
	if !r.makesBottle() {
		r.answer(p, r.at(d.Line()))
	}
}

// makesBottle reports whether the file makes an application of Bottle of its own.
func (r *reader) makesBottle() bool {
	if r.bottle == nil {
		own := false
		for _, list := range r.file.Module.Names {
			own = own || slices.ContainsFunc(list, func(b *syntax.Binding) bool {
				c, ok := syntax.CallAt(b.Value, 0)
				return ok && b.Kind == syntax.Assigned && r.full(b.Stmt, c.Name) == "bottle.Bottle"
			})
		}
		r.bottle = &own
	}
	return *r.bottle
}

// fast is the application beside which FastHTML gives the decorator of a binding: app, rt = fast_app(). The name of the function that
// it decorates is the method, if it is one: https://fastht.ml/docs/tutorials/by_example.html.
func (r *reader) fast(b *syntax.Binding, fn *syntax.Stmt) (object string, ok bool) {
	c, ok := syntax.CallAt(b.Value, 0)
	name, _ := nameOf(fn)
	if !ok || b.Index != 1 || b.Stmt == nil || slices.Contains([]string{"post", "put", "delete", "patch", "head", "options"}, name) {
		return "", false
	}
	names, _ := assigned(b.Stmt)
	if f := r.framework(b.Stmt, c.Name); f == nil || f.Name != "fasthtml" || len(names) == 0 {
		return "", false
	}
	return names[0], true
}
