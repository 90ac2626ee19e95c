package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

// routing is what the files say of routes. A route's path is known once it is
// known below which others its router answers.
type routing struct {
	routes  []foundRoute
	mounts  map[js.Site][]mount
	serving map[js.Site]bool   // what listens, or is handed to what does
	apps    map[js.Site]bool   // what is no part of another app, if nothing hangs it there
	own     map[js.Site]string // the prefix that a router has of itself
	folders []mountedFolder
	nest    nest
}

// foundRoute is a route of a router.
type foundRoute struct {
	pos    fact.Pos
	method string
	path   string
	on     js.Site
	root   bool // the name of the router says that it is the app
}

// unreadable is the prefix of a router whose own is not known: no path with it is a
// literal.
const unreadable = "/:"

// mount is one place where a router hangs in another.
type mount struct {
	in     js.Site
	prefix string
}

// mountedFolder is a folder whose files export what hangs in a router, each below the path of
// its folder.
type mountedFolder struct {
	mount
	dir    string
	flat   bool // the folders' names are no part of the paths
	handed bool // with the options that the router itself was handed
}

// bounds of what is kept of an app's routes.
const (
	maxRoutes = 5000
	maxMounts = 16   // of one router
	maxPaths  = 4    // of one route
	maxUp     = 12   // routers in routers
	maxWays   = 1000 // that are tried from one route up to the app
)

// guard matches the names of functions that ask who calls: what is behind one answers no
// health check.
var guard = lazy.MustCompile(`(?i)auth|passport|jwt|protect|guard|session|login|token|permission|verif|acl$`)

// plugin is the kind of what a function is handed as its first argument, if nothing else
// says what it is: (fastify) => fastify.get('/health').
const plugin = "plugin"

// siteOf is the router that a value is, with the prefix that its chain of calls adds.
func siteOf(v js.Value) (at js.Site, prefix string) {
	for range maxChain {
		switch {
		case v.Kind == js.Either:
			for _, x := range v.Values {
				if at, prefix := siteOf(x); at != (js.Site{}) {
					return at, prefix
				}
			}
			return js.Site{}, ""
		case v.Kind == js.Method && v.Recv != nil: // app.fetch, router.routes
			v = *v.Recv
		case v.Kind == js.Call && v.Recv != nil && v.Text != "":
			if v.Text == "basePath" && len(v.Values) == 1 && v.Values[0].IsString() {
				prefix = path.Join("/", v.Values[0].Text, prefix)
			}
			v = *v.Recv
		case v.Kind == js.Function:
			return v.Code(), prefix
		default:
			return v.Made, prefix
		}
	}
	return js.Site{}, ""
}

// literal reports whether a text is the path of a route without parameters.
func literal(p string) bool {
	return (p == "" || strings.HasPrefix(p, "/")) && !strings.ContainsAny(p, ":*{}()?$\n\"' ") && len(p) < 200
}

// route takes the path of app.get('/health', …).
func (s *source) route(c js.Called, args []js.Value, recv js.Value, r *row) {
	on := s.kind(recv, 0)
	list, method := selectedAll(args, r.Route), "GET"
	if r.RouteMethod != "" {
		list = nil
		n, key, _ := strings.Cut(r.Route, ".")
		described, _ := argument(args, n)
		if described.Kind != js.Array {
			described.Values = []js.Value{described}
		}
		for _, o := range described.Values[:min(len(described.Values), maxSettings)] {
			list = append(list, routeOf(o, key, r.RouteMethod)...)
		}
	}
	at, prefix := siteOf(recv)
	if r.RouteOf != "" { // app.route('/x').get(f)
		if on := *s.receiver(&recv); on.Kind == js.Call && (on.Text == r.RouteOf || on.Ref.Name == r.RouteOf) && len(on.Values) == 1 {
			list, args = on.Values, append(on.Values[:1:1], args...)
		}
	}
	if len(args) < 2 && r.RouteMethod == "" || s.guarded(args) || r.Root && s.moved(c.At) {
		return
	}
	if on == "express" && len(args) > 0 && args[len(args)-1].TakesNothing() {
		return // it has no response to send, and what it returns is not sent
	}
	name := s.text(c.At - 2)
	for _, v := range list {
		if r.Root && v.IsString() && !strings.HasPrefix(v.Text, "/") {
			v.Text = "/" + v.Text
		}
		if !v.IsString() || !literal(v.Text) || v.Text == "" && on == "express" {
			continue
		}
		s.add(foundRoute{
			pos: s.pos(c.At), method: method, path: path.Join("/", prefix, v.Text), on: at,
			root: r.Root || s.is(c.At-1, ".") && (name == "app" || name == "server" || name == "fastify" && on == "fastify"),
		})
	}
}

// moved reports whether the route of a method at token i may be another one: in a function, as a group's is, or with a
// method behind it that adds a prefix or a guard.
func (s *source) moved(i int) bool {
	if !s.unconditional()[i] || !s.is(i+1, "(") {
		return true
	}
	for i = s.Close(i+1) + 1; s.is(i, ".") && s.is(i+2, "("); i = s.Close(i+2) + 1 {
		if !s.is(i+1, "as") {
			return true
		}
	}
	return s.is(i, ".")
}

// receiver is the object before the methods that give it back.
func (s *source) receiver(v *js.Value) *js.Value {
	for range maxChain {
		if v.Kind != js.Call || v.Recv == nil || v.Text == "route" {
			break
		}
		v = v.Recv
	}
	return v
}

// routeOf are the paths of an object that describes a route, if it answers a GET.
func routeOf(o js.Value, key, method string) []js.Value {
	m, ok := o.Field(method)
	if !ok {
		return nil
	}
	get := m.IsString() && (strings.EqualFold(m.Text, "GET") || m.Text == "*")
	if m.Kind == js.Array {
		get = slices.ContainsFunc(m.Values, func(v js.Value) bool { return strings.EqualFold(v.Text, "GET") })
	}
	if p, ok := o.Field(key); ok && get {
		return []js.Value{*p}
	}
	return nil
}

func (s *source) add(r foundRoute) {
	if len(s.routing.routes) < maxRoutes {
		s.routing.routes = append(s.routing.routes, r)
	}
}

// guarded reports whether a function among the arguments asks who calls.
func (s *source) guarded(args []js.Value) bool {
	return slices.ContainsFunc(args, func(v js.Value) bool {
		return v.Kind != js.Function && !v.IsString() && v.File == s.Name && s.identifier(v.Token) && guard.MatchString(s.text(v.Token))
	})
}

// mount takes where a call hangs routers in another one.
func (s *source) mount(r *row, args []js.Value, recv js.Value) {
	at, own := siteOf(recv)
	if at == (js.Site{}) {
		return
	}
	var prefixes []js.Value
	if v, ok := first(args, []string{r.Prefix}); ok && r.Prefix != "" {
		if v.Kind == js.Env { // an image does not set it
			v = v.Unset()
		}
		switch {
		case v.Kind == js.Either || v.Kind == js.Array:
			prefixes = v.Values
		case v.Kind == js.Scalar:
			prefixes = []js.Value{v}
		case r.Mount == "":
			s.routing.own[at] = unreadable
			return
		case v.Kind == js.Parts || v.Kind == js.Method || v.Kind == js.Computed && v.Made == (js.Site{}) || v.Kind == js.Reference && v.Ref.Module == "" || strings.Contains(r.Prefix, "."):
			return
		}
	} else if options, ok := argument(args, strings.TrimSuffix(r.Prefix, ".prefix")); ok && strings.Contains(r.Prefix, ".") && (options.Kind != js.Object || options.Open) {
		return
	}
	switch on := s.kind(recv, 0); on {
	case "express", "fastify", "server":
		s.routing.apps[at] = true
	}
	if r.Mount == "" { // its own prefix
		if len(prefixes) == 1 && prefixes[0].IsString() {
			s.routing.own[at] = prefixes[0].Text
		}
		return
	}
	var list []js.Value
	if r.Mount == "*" {
		if s.guarded(args) {
			return
		}
		list = args
	} else if n, ok := argument(args, r.Mount); ok {
		list = []js.Value{n}
	}
	for _, v := range list {
		each := []js.Value{v}
		if v.Kind == js.Either {
			each = v.Values
		}
		for k, x := range each {
			router, _ := siteOf(x)
			if x.Kind == js.Call && x.Ref.Module == "fastify-plugin" && len(x.Values) > 0 { // it stays in the same instance
				router, _ = siteOf(x.Values[0])
				s.hang(router, mount{at, own})
				continue
			}
			if x.Kind == js.Call && x.Ref.Module == "koa-mount" && len(x.Values) == 2 && x.Values[0].IsString() {
				router, _ = siteOf(x.Values[1])
				s.hang(router, mount{at, path.Join(own, x.Values[0].Text)})
				continue
			}
			switch {
			case router == (js.Site{}) || router == at || !s.isRouter(x):
			case len(prefixes) == 0:
				s.hang(router, mount{at, own})
			case len(each) > 1 && len(prefixes) == len(each): // [{path, router}].forEach
				if prefixes[k].IsString() {
					s.hang(router, mount{at, path.Join(own, prefixes[k].Text)})
				}
			case len(each) == 1:
				for _, p := range prefixes {
					if p.IsString() {
						s.hang(router, mount{at, path.Join(own, p.Text)})
					}
				}
			}
		}
	}
}

// isRouter reports whether a value may be a router: an object of a kind that has routes, or
// a function that is handed one.
func (s *source) isRouter(v js.Value) bool {
	on := s.kind(v, 0)
	return v.Kind == js.Function || v.Kind == js.Call && on != foreign && on != unknown
}

func (r *codeReader) hang(router js.Site, m mount) {
	if list := r.routing.mounts[router]; len(list) < maxMounts && !slices.Contains(list, m) && router != m.in {
		r.routing.mounts[router] = append(list, m)
	}
}

// mountFolder takes where a call hangs what the files of a folder export. Options that choose among the files say nothing
// that can be read.
func (s *source) mountFolder(r *row, args []js.Value, recv js.Value, pos fact.Pos) {
	at, own := siteOf(recv)
	options, ok := argument(args, r.Mounts)
	if at == (js.Site{}) || !ok || options.Kind != js.Object || options.Open || len(s.routing.folders) >= maxMounts {
		return
	}
	out := mountedFolder{mount: mount{in: at, prefix: own}}
	for i, key := range options.Keys {
		switch v := options.Values[i]; key {
		case "dir":
			f, ok := s.path(v, pos)
			if !ok || !f.Path.Known() {
				return
			}
			out.dir = s.located(f)
		case "options":
			prefix, ok := v.Field("prefix")
			if ok && !prefix.IsString() {
				return
			} else if ok {
				out.prefix = path.Join(own, prefix.Text)
			}
			out.handed = v.Kind != js.Object || v.Open
		case "dirNameRoutePrefix":
			if out.flat = v.Text == "false"; v.Type != js.Word {
				return
			}
		case "routeParams", "forceESM":
		default:
			return
		}
	}
	if s.kind(recv, 0) == "fastify" {
		s.routing.apps[at] = true
	}
	if s.modules.tree.HasDir(out.dir) {
		s.routing.folders = append(s.routing.folders, out)
	}
}

// exportsOptions matches the names of exports with which a file of such a folder says itself where it hangs.
var exportsOptions = lazy.MustCompile(`^(autoPrefix|prefixOverride|autoload|autoConfig)$`)

// hangFolders hangs the files of folders in their routers.
func (r *codeReader) hangFolders() {
	for _, m := range r.routing.folders {
		if m.handed && slices.ContainsFunc(r.routing.mounts[m.in], func(up mount) bool { return up.prefix != "" }) {
			continue // what the router was handed has its prefix, too
		}
		for _, name := range sortedKeys(r.seen) {
			sub, below := strings.CutPrefix(name, m.dir+"/")
			f := r.program.File(name)
			if !below || f == nil || !strings.HasPrefix(path.Base(sub), "index.") && r.indexed(path.Dir(name)) ||
				slices.ContainsFunc(f.Tokens, func(t js.Token) bool { return t.Kind == js.Ident && exportsOptions.MatchString(t.Text) }) {
				continue
			}
			folder := path.Join("/", path.Dir(sub))
			if strings.Contains(folder, "/_") { // a parameter, where the options ask for it
				continue
			}
			if m.flat {
				folder = ""
			}
			v := f.Export("default")
			in := mount{m.in, path.Join(m.prefix, folder)}
			if v.Kind == js.Call && v.Ref.Module == "fastify-plugin" && len(v.Values) > 0 { // it stays in the same instance
				v, in = v.Values[0], mount{in: m.in}
			}
			if v.Kind == js.Function {
				r.hang(v.Code(), in)
			}
		}
	}
}

// indexed reports whether a folder has an index, beside which its other files are not loaded.
func (r *codeReader) indexed(dir string) bool {
	return slices.ContainsFunc(sourceExtensions, func(ext string) bool { return r.seen[path.Join(dir, "index"+ext)] })
}

// instances makes apps of what a program of the scripts hands an instance to: fastify start app.js.
func (r *codeReader) instances(f *Facts) {
	for _, name := range sortedKeys(f.Scripts) {
		if !startScript.MatchString(name) {
			continue
		}
		text, err := shell.Read(f.Scripts[name].Value, shell.Start{})
		if err != nil {
			continue
		}
		for _, c := range text.Commands {
			for _, p := range r.programs {
				if file := r.program.File(r.handedTo(f, c, strings.Fields(p.Program))); file != nil {
					if v := file.Export("default"); v.Kind == js.Function {
						r.routing.apps[v.Code()] = true
					}
				}
			}
		}
	}
}

// handedTo is the file that a command gives a program; "" where it is another command, or says below which prefix the file answers.
func (r *codeReader) handedTo(f *Facts, c shell.Command, program []string) string {
	file := ""
	for i, w := range c.Words {
		switch {
		case i < len(program) && w.Text != program[i], !w.Plain():
			return ""
		case i < len(program):
		case w.Text == "-x", strings.HasPrefix(w.Text, "--prefix"):
			return ""
		case !strings.HasPrefix(w.Text, "-"):
			if name := r.sourceOf(f, w.Text); name != "" {
				file = name
			}
		}
	}
	return file
}

// sourceOf is the file that a command names, or what tsc compiles to it; "" for none.
func (r *codeReader) sourceOf(f *Facts, name string) string {
	if path.Ext(name) == "" || path.IsAbs(name) {
		return ""
	}
	if file := path.Join(f.Dir, name); r.seen[file] {
		return file
	}
	if c := f.TSConfig; c != nil && c.OutDir.Found() {
		if rest, ok := strings.CutPrefix(path.Clean(name), path.Clean(c.OutDir.Value)+"/"); ok {
			for _, root := range []string{c.RootDir.Value, "src", ""} {
				if file, ok := r.modules.find(path.Join(f.Dir, root, rest)); ok && r.seen[file] {
					return file
				}
			}
		}
	}
	return ""
}

// paths are those below which a router answers; none if that is not known. left is how
// many routers may still be asked: those that hang in one another have more ways up than
// can be tried.
func (r *routing) paths(at js.Site, root bool, depth int, left *int) []string {
	if *left--; *left < 0 {
		return nil
	}
	list := r.mounts[at]
	if len(list) == 0 {
		if root || r.serving[at] || r.apps[at] {
			return []string{r.own[at]}
		}
		return nil
	}
	var out []string
	for _, m := range list {
		if depth > maxUp || !literal(m.prefix) && m.prefix != "" {
			continue
		}
		for _, p := range r.paths(m.in, false, depth+1, left) {
			if len(out) < maxPaths {
				out = append(out, path.Join("/", p, m.prefix, r.own[at]))
			}
		}
	}
	return out
}

// serve takes what listens, or is handed to a call that does.
func (s *source) serve(args []js.Value, recv js.Value) {
	s.serves = true
	for _, v := range append(args[:min(len(args), 2):min(len(args), 2)], recv) {
		list := []js.Value{v}
		if v.Kind == js.Object { // {fetch: app.fetch}
			list = v.Values[:min(len(v.Values), maxChain)]
		}
		for _, x := range list {
			if at, _ := siteOf(x); at != (js.Site{}) && (x.Kind == js.Call || x.Kind == js.Method || x.Kind == js.Either) {
				s.routing.serving[at] = true
			}
		}
	}
}

// resolve makes facts of the routes whose paths are known.
func (r *codeReader) resolve() {
	r.hangFolders()
	for _, x := range r.routing.routes {
		list := []string{""}
		if x.on != (js.Site{}) || !x.root {
			left := maxWays
			list = r.routing.paths(x.on, x.root, 0, &left)
		}
		for _, p := range list {
			if full := path.Join("/", p, x.path); literal(full) {
				r.Routes = append(r.Routes, effect.Route{Pos: x.pos, Method: x.method, Path: full})
			}
		}
	}
	r.controllers()
}

// requested finds the routes of a server that compares the path itself: req.url === '/health',
// and the cases of a switch on it.
func (s *source) requested() {
	for i, t := range s.Tokens {
		switch {
		case t.Kind != js.Ident || !requestPath(t.Text) || s.is(i-1, ".") && client(s.text(i-2)):
		case s.is(i+1, "===") || s.is(i+1, "=="):
			if p, ok := s.Str(i + 2); ok {
				s.answered(i, p)
			}
		case s.is(i-1, "===") || s.is(i-1, "=="):
		case s.is(i+1, ")") && s.switched(i+1):
			s.cases(i + 2)
		}
	}
}

// answersItself reports whether the file writes answers of Node's own server.
func (s *source) answersItself() bool {
	return slices.ContainsFunc(s.Tokens, func(t js.Token) bool { return t.Kind == js.Ident && t.Text == "writeHead" })
}

// requestPath reports whether a name is that of the path of a request.
func requestPath(name string) bool {
	return name == "url" || name == "pathname" || name == "path" || name == "originalUrl" || name == "rawPath"
}

// client reports whether a name is one of the browser's.
func client(name string) bool {
	return name == "location" || name == "window" || name == "router" || name == "route"
}

// switched reports whether the parenthesis that ends at i is the head of a switch.
func (s *source) switched(i int) bool {
	for k := i - 1; k >= 0 && k > i-8; k-- {
		if s.is(k, "switch", "(") {
			return s.Close(k+1) == i
		}
	}
	return false
}

func (s *source) cases(brace int) {
	for i := brace + 1; i < s.Close(brace) && i < len(s.Tokens); i++ {
		switch {
		case s.is(i, "{"), s.is(i, "("), s.is(i, "["):
			i = s.Close(i)
		case s.is(i, "case"):
			if p, ok := s.Str(i + 1); ok {
				s.answered(i, p)
			}
		}
	}
}

// answered takes a route that the condition at token i compares, unless the same condition
// asks for another method.
func (s *source) answered(i int, p string) {
	if !strings.HasPrefix(p, "/") || !literal(p) {
		return
	}
	for k := max(i-12, 0); k < min(i+14, len(s.Tokens)); k++ {
		if s.is(k, "{") && k > i || s.is(k, ";") && k > i {
			break
		}
		if m, ok := s.Str(k); ok && (m == "POST" || m == "PUT" || m == "DELETE" || m == "PATCH") && (s.is(k-1, "===") || s.is(k-1, "==")) {
			return
		}
	}
	s.add(foundRoute{pos: s.pos(i), path: p, root: true})
}

// nest is what the app object of NestJS says of all routes: https://docs.nestjs.com/faq/global-prefix.
type nest struct {
	prefix      string
	exclude     []string
	version     string // of controllers that name none
	unknown     bool
	guarded     bool // a guard asks who calls, wherever nothing says otherwise
	controllers []foundController
}

type foundController struct {
	foundRoute
	version string
	public  bool
}

// nestCall takes over what a method of Nest's app says of its routes.
func (s *source) nestCall(name string, args []js.Value) {
	n := &s.routing.nest
	switch name {
	case "setGlobalPrefix":
		if len(args) == 0 || !args[0].IsString() {
			n.unknown = true
			return
		}
		n.prefix = args[0].Text
		if len(args) > 1 {
			if list, ok := args[1].Field("exclude"); ok {
				for _, v := range list.Values {
					if p, ok := v.Field("path"); ok {
						v = *p
					}
					n.exclude = append(n.exclude, path.Join("/", v.Text))
				}
			}
		}
	case "enableVersioning":
		if len(args) > 0 {
			if v, ok := args[0].Field("defaultVersion"); ok {
				n.version = v.Text
				n.unknown = n.unknown || !v.IsString()
			}
		}
	case "useGlobalGuards":
		n.guarded = true
	}
}

// controller reads the class of a decorator @Controller at token i, whose methods answer routes:
// https://docs.nestjs.com/controllers#routing.
func (s *source) controller(i int) {
	var args []js.Value
	brace := i + 1
	if s.is(i+1, "(") {
		args, brace = s.Arguments(i+1), s.Close(i+1)+1
	}
	own, version := "", ""
	if len(args) > 0 {
		v := args[0]
		if p, ok := v.Field("path"); ok {
			if x, ok := v.Field("version"); ok {
				version = x.Text
			}
			v = *p
		}
		if !v.IsString() {
			return
		}
		own = v.Text
	}
	guarded, public := s.decorated(i-1, brace)
	for end := brace + 200; brace < end && !s.is(brace, "{"); brace++ {
		if s.is(brace, "(") {
			brace = s.Close(brace)
		}
	}
	end := min(s.Close(brace), len(s.Tokens))
	for k := brace + 1; k < end; k++ {
		if s.is(k, "{") || s.is(k, "(") || s.is(k, "[") {
			k = s.Close(k)
			continue
		}
		if !s.is(k, "@") {
			continue
		}
		last := k
		sub, found := "", false
		for at := k; s.is(at, "@") && at < end; {
			next := at + 2
			if s.is(next, "(") {
				if s.is(at+1, "Get") {
					if list := s.Arguments(next); len(list) > 0 {
						sub, found = list[0].Text, list[0].IsString()
					} else {
						found = true
					}
				}
				next = s.Close(next) + 1
			}
			last, at = next, next
		}
		behind, open := s.decorated(k, last)
		if p := path.Join("/", own, sub); found && literal(p) && !guarded && !behind && len(s.routing.nest.controllers) < maxRoutes {
			s.routing.nest.controllers = append(s.routing.nest.controllers, foundController{foundRoute{pos: s.pos(k), method: "GET", path: p}, version, public || open})
		}
		k = last - 1
	}
}

// decorated reports whether the decorators between two tokens guard what they stand at, or
// say that all may call it.
func (s *source) decorated(from, to int) (guarded, public bool) {
	for i := from; i < to && i < len(s.Tokens); i++ {
		switch name := s.text(i); {
		case !s.is(i-1, "@"):
		case name == "UseGuards":
			guarded = !s.is(i+2, "ThrottlerGuard")
		case name == "Public" || name == "SkipAuth" || name == "AllowAnonymous" || name == "NoAuth" || name == "IsPublic" || name == "HealthCheck" && public:
			public = true
		}
	}
	return guarded, public
}

// controllers makes facts of the routes of Nest's controllers.
func (r *codeReader) controllers() {
	n := r.routing.nest
	if n.unknown {
		return
	}
	for _, c := range n.controllers {
		if n.guarded && !c.public {
			continue
		}
		prefix := n.prefix
		if slices.Contains(n.exclude, c.path) {
			prefix = ""
		}
		version := c.version
		if version == "" {
			version = n.version
		}
		if version != "" {
			version = "v" + version
		}
		if full := path.Join("/", prefix, version, c.path); literal(full) {
			r.Routes = append(r.Routes, effect.Route{Pos: c.pos, Method: "GET", Path: full})
		}
	}
}
