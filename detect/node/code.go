package node

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// What of the source is read: enough for any app's own code, and bounded.
const (
	maxSources     = 2000
	maxSourceBytes = 512 << 10
)

// sourceExtensions are the files that Node, Bun or TypeScript run.
var sourceExtensions = []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"} //nolint:gochecknoglobals // a constant table

// testFile are the names under which tests are kept; what they listen on is
// not what the app listens on.
var testFile = regexp.MustCompile(`(^|/)(__tests__|__mocks__|tests?|spec|e2e|cypress|fixtures|stories|examples?|docs|scripts|public|static|assets)/|\.(test|spec|stories|e2e)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$|\.min\.[cm]?js$|(^|/)[^/]+\.config\.[cm]?[jt]s$`)

// IsSource reports whether a file is code that the app may run: no test, no
// type declaration, no tool's configuration.
func IsSource(name string) bool {
	return slices.Contains(sourceExtensions, path.Ext(name)) && !testFile.MatchString(name)
}

// readCode reads the tokens of the folder's source files. A file that cannot
// be read says nothing.
func readCode(t *tree.Tree, dir string) Code {
	c := Code{Imports: map[string]fact.Pos{}, Local: map[string][]string{}, Uses: map[string][]fact.Fact[string]{}, Serving: map[string]bool{}}
	count := 0
	for _, file := range t.Files(dir) {
		component := componentFile.MatchString(relative(dir, file))
		if !IsSource(relative(dir, file)) && !component || strings.Contains("/"+file, "/.yarn/") {
			continue
		}
		if count++; count > maxSources {
			break
		}
		if component {
			readComponent(t, file, &c)
			continue
		}
		text, err := t.ReadHead(file, maxSourceBytes)
		if err != nil {
			continue
		}
		s := source{tree: t, file: file, t: lex(text), vars: map[string]Port{}}
		s.read(&c)
	}
	readPages(t, dir, &c)
	c.Env, c.Public, c.Private = firstOfEach(c.Env), firstOfEach(c.Public), firstOfEach(c.Private)
	slices.SortStableFunc(c.Routes, func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) })
	return c
}

// source is one file's tokens. Its rules look at sequences of tokens; what
// they do not recognise is no fact.
type source struct {
	tree *tree.Tree
	file string
	t    []token
	vars map[string]Port // what constants and variables of the file hold
	// server is the variable that holds the framework's app, maker what made it.
	server, maker string
}

func (s *source) text(i int) string {
	if i < 0 || i >= len(s.t) {
		return ""
	}
	return s.t[i].text
}

func (s *source) is(i int, want ...string) bool {
	for k, w := range want {
		if s.text(i+k) != w {
			return false
		}
	}
	return true
}

func (s *source) str(i int) (string, bool) {
	if i < 0 || i >= len(s.t) || s.t[i].kind != literal && s.t[i].kind != template {
		return "", false
	}
	return s.t[i].value(), true
}

func (s *source) pos(i int) fact.Pos { return fact.At(s.file, s.t[i].line) }

func (s *source) read(c *Code) {
	typescript := strings.Contains(path.Ext(s.file), "ts")
	for i := range s.t {
		s.variable(i)
		s.imports(i, c)
		s.signal(i, c)
		s.route(i, c)
		s.spawn(i, c)
		s.variables(i, c)
		s.climb(i, c)
		if typescript && c.Untyped.IsZero() && s.untyped(i) {
			c.Untyped = s.pos(i)
		}
	}
	for i := range s.t {
		s.listen(i, c)
		if s.t[i].kind == identifier && s.is(i+1, "(") && serving.MatchString(s.text(i)) && s.text(i) != "serveStatic" {
			c.Serving[s.file] = true
		}
	}
	// A variable that only names the port, and no call that uses it: the
	// server may be started by a library.
	for i := range s.t {
		if p, ok := s.env(i); ok && p.Env == "PORT" {
			p.Weak = true
			c.add(p)
		}
	}
}

// serving matches names of functions that may bind a port.
var serving = regexp.MustCompile(`(?i)listen|serve|start|run|boot|launch`)

func (c *Code) add(p Port) {
	for i, old := range c.Ports {
		if old.Pos.File == p.Pos.File && old.Env == p.Env && (old.Number == p.Number || p.Number == 0) {
			if !p.Weak {
				c.Ports[i].Weak = false
			}
			return
		}
	}
	c.Ports = append(c.Ports, p)
}

// env reads a variable of the environment with its default at token i:
// process.env.PORT || 3000, Number(process.env['PORT'] ?? "3000"), Bun.env.PORT.
func (s *source) env(i int) (Port, bool) {
	name, j := "", 0
	switch {
	case s.text(i) == "env" && s.text(i-1) == "." && s.is(i+1, "."):
		name, j = s.text(i+2), i+3
	case s.text(i) == "env" && s.text(i-1) == "." && s.is(i+1, "[") && s.is(i+3, "]"):
		name, _ = s.str(i + 2)
		j = i + 4
	case s.text(i) == "env" && s.text(i-1) == "." && s.is(i+1, "?."):
		name, j = s.text(i+2), i+3
	default:
		return Port{}, false
	}
	if owner := s.text(i - 2); owner != "process" && owner != "Bun" && owner != "import" && owner != "meta" {
		return Port{}, false
	}
	if upper := strings.ToUpper(name); !strings.HasSuffix(upper, "PORT") && !strings.HasSuffix(upper, "HOST") && !strings.HasSuffix(upper, "HOSTNAME") {
		return Port{}, false
	}
	p := Port{Env: name, Pos: s.pos(i)}
	// The default follows after what closes a conversion: "), 10) || 3000".
	for k := j; k < j+8 && k < len(s.t); k++ {
		switch s.text(k) {
		case ")", ",", "10", "!", "as", "string", "any", "number":
			continue
		case "||", "??":
			p.Number, p.Host = s.fallback(k + 1)
			return p, true
		case "?": // process.env.PORT ? Number(process.env.PORT) : 3000
			for m := k; m < k+14 && m < len(s.t); m++ {
				if s.text(m) == ":" {
					p.Number, p.Host = s.fallback(m + 1)
					return p, true
				}
			}
		}
		break
	}
	return p, true
}

// fallback reads a number or string at token i, through a conversion or a
// variable.
func (s *source) fallback(i int) (int, string) {
	for ; i < len(s.t); i++ {
		switch t := s.t[i]; {
		case t.kind == number:
			return portNumber(t.text), ""
		case t.kind == literal || t.kind == template:
			if n := portNumber(t.value()); n > 0 {
				return n, ""
			}
			return 0, t.value()
		case t.text == "(" || t.text == "+" || t.text == "Number" || t.text == "parseInt":
		case t.kind == identifier:
			if v, ok := s.vars[t.text]; ok {
				return v.Number, v.Host
			}
			return 0, ""
		default:
			return 0, ""
		}
	}
	return 0, ""
}

func portNumber(s string) int {
	n, err := strconv.Atoi(strings.ReplaceAll(s, "_", ""))
	if err != nil || n < 1 || n > 65535 {
		return 0
	}
	return n
}

var portName = regexp.MustCompile(`(?i)(port|host|hostname|address)$`)

// variable notes what a constant holds: const port = 3000, PORT =
// process.env.PORT || 3000, and { PORT = 3000 } = process.env.
func (s *source) variable(i int) {
	name := s.text(i)
	if s.t[i].kind != identifier || !portName.MatchString(name) || s.text(i-1) == "." || s.text(i-2) == "." {
		return
	}
	j := i + 1
	if s.is(j, ":") && s.t[min(j+1, len(s.t)-1)].kind == identifier && s.is(j+2, "=") {
		j += 2 // const port: number = 3000
	}
	if !s.is(j, "=") {
		return
	}
	for k := j + 1; k < j+8 && k < len(s.t); k++ {
		if p, ok := s.env(k); ok {
			s.vars[name] = p
			return
		}
		if s.is(k, ";") || s.is(k, ",") || s.is(k, "}") {
			break
		}
	}
	number, host := s.fallback(j + 1)
	if number == 0 && host == "" {
		return
	}
	p := Port{Number: number, Host: host, Pos: s.pos(i)}
	for k := j + 1; k < j+40 && k < len(s.t); k++ {
		if s.is(k, "}", "=", "process", ".", "env") && !s.is(k+5, ".") {
			p.Env = name
			break
		}
		if s.is(k, ";") || s.is(k, ")") {
			break
		}
	}
	s.vars[name] = p
}

// listeners are functions and constructors that take the port among their
// options: https://hapi.dev/api/#-serveroptions, https://github.com/websockets/ws/blob/master/doc/ws.md#new-websocketserveroptions-callback.
var listeners = map[string]bool{"server": true, "Server": true, "WebSocketServer": true} //nolint:gochecknoglobals // a constant table

// listen finds where a server is bound: app.listen(3000), listen(port, host),
// listen({ port, host }), Bun.serve({ port }), export default { port, fetch },
// startStandaloneServer(server, { listen: { port } }).
func (s *source) listen(i int, c *Code) {
	object := -1
	switch {
	case s.is(i, "listen", "("):
		if s.is(i+2, "{") {
			object = i + 2
			break
		}
		p, end, ok := s.argument(i + 2)
		if !ok {
			return
		}
		p.Pos, p.Weak = s.pos(i), false
		if s.is(end, ",") {
			if h, _, ok := s.argument(end + 1); ok {
				p.Host, p.HostEnv = h.Host, h.Env
			}
		}
		p.Loopback = s.loopback(i) && s.is(end, ")")
		c.add(p)
		return
	case s.is(i, "serve", "(", "{"):
		object = i + 2
	case listeners[s.text(i)] && s.is(i+1, "(", "{"):
		object = i + 2
	case s.is(i, "listen", ":", "{"): // https://www.apollographql.com/docs/apollo-server/api/standalone
		object = i + 2
	case s.is(i, "serve", "(") && s.is(i+3, ",", "{"):
		object = i + 4
	case s.is(i, "export", "default", "{"):
		object = i + 2
	}
	if object < 0 {
		return
	}
	p := Port{Pos: s.pos(i)}
	found, fetch := false, !s.is(i, "export")
	named := false // a host, or what may hold one
	depth := 0
	for k := object; k < len(s.t); k++ {
		switch s.text(k) {
		case "{", "(", "[":
			depth++
		case "}", ")", "]":
			depth--
		}
		if depth == 0 {
			break
		}
		if depth != 1 || s.text(k-1) != "{" && s.text(k-1) != "," {
			continue
		}
		switch key := s.text(k); key {
		case "...":
			named = true
		case "fetch":
			fetch = true
		case "port", "host", "hostname":
			named = named || key != "port"
			arg := k + 2
			if s.is(k+1, ",") || s.is(k+1, "}") {
				arg = k // shorthand
			} else if !s.is(k+1, ":") {
				continue
			}
			v, _, ok := s.argument(arg)
			if !ok {
				continue
			}
			if key == "port" {
				p.Number, p.Env, found = v.Number, v.Env, true
			} else {
				p.Host, p.HostEnv = v.Host, v.Env
			}
		}
	}
	if found && fetch {
		p.Loopback = s.loopback(i) && !named
		c.add(p)
	}
}

// loopback reports whether the call at token i binds the loopback where it
// names no host: https://fastify.dev/docs/latest/Reference/Server/#listen.
func (s *source) loopback(i int) bool {
	return s.is(i, "listen") && s.is(i-2, s.server, ".") && strings.EqualFold(s.maker, "fastify")
}

// argument reads one argument: a number, a string, a variable or a variable
// of the environment. end is the token behind it.
func (s *source) argument(i int) (p Port, end int, ok bool) {
	depth := 0
	for end = i; end < len(s.t); end++ {
		switch s.text(end) {
		case "(", "{", "[":
			depth++
		case ")", "}", "]":
			depth--
		}
		if depth < 0 || depth == 0 && s.is(end, ",") {
			break
		}
		if e, is := s.env(end); is && !ok {
			p, ok = e, true
		}
	}
	if ok || end == i {
		return p, end, ok
	}
	n, host := s.fallback(i)
	if v, is := s.vars[s.text(i)]; is && end == i+1 {
		return v, end, true
	}
	if v, is := s.vars[s.text(i+2)]; is && end == i+4 { // Number(PORT)
		return v, end, true
	}
	return Port{Number: n, Host: host}, end, n > 0 || host != ""
}

// signal finds process.on('SIGTERM', …).
func (s *source) signal(i int, c *Code) {
	if sig, ok := s.str(i); ok && sig == "SIGTERM" && (s.is(i-2, "on", "(") || s.is(i-2, "once", "(") || s.is(i-2, "addListener", "(")) {
		c.Signals = append(c.Signals, s.pos(i))
	}
}

// servers are the constructors of what routes from the root: a router of its
// own is mounted somewhere else.
var servers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"express": true, "fastify": true, "Fastify": true, "Hono": true, "OpenAPIHono": true, "Elysia": true, "polka": true, "createServer": true, "restana": true,
}

// created reports whether token i starts "app = express(", "app = new Hono<"
// or "app = await Fastify(".
func (s *source) created(i int) bool {
	name := s.text(i)
	if name != "app" && name != "server" && name != "fastify" || !s.is(i+1, "=") {
		return false
	}
	for k := i + 2; k < i+8; k++ {
		if servers[s.text(k)] && (s.is(k+1, "(") || s.is(k+1, "<")) {
			s.maker = s.text(k)
			return true
		}
	}
	return false
}

// route finds the literal path of app.get('/health', …), where app is what
// the file made of a framework.
func (s *source) route(i int, c *Code) {
	if s.created(i) {
		s.server = s.text(i)
	}
	if !s.is(i, ".", "get", "(") || s.server == "" || s.text(i-1) != s.server {
		return
	}
	if p, ok := s.str(i + 3); ok && strings.HasPrefix(p, "/") && !strings.ContainsAny(p, ":*{}()?$\n\"' ") && s.is(i+4, ",") {
		c.Routes = append(c.Routes, fact.New(p, s.file, s.t[i].line))
	}
}

// imports finds import … from 'x', import 'x', import('x') and require('x').
func (s *source) imports(i int, c *Code) {
	name, ok := s.str(i)
	if !ok || !s.is(i-1, "from") && !s.is(i-1, "import") && !s.is(i-2, "require", "(") && !s.is(i-2, "import", "(") {
		// What is loaded by a computed name may be any file.
		if (s.is(i, "require", "(") || s.is(i, "import", "(")) && s.text(i-1) != "." {
			if _, literal := s.str(i + 2); !literal && c.Computed.IsZero() {
				c.Computed = s.pos(i)
			}
		}
		return
	}
	if strings.HasPrefix(name, ".") {
		if file, ok := s.resolve(name); ok {
			c.Local[s.file] = append(c.Local[s.file], file)
		}
		return
	}
	if name == "" || strings.HasPrefix(name, "/") {
		return
	}
	if !s.typesOnly(i) {
		c.Uses[s.file] = append(c.Uses[s.file], fact.Fact[string]{Value: PackageOf(name), Pos: s.pos(i)})
	}
	if _, seen := c.Imports[PackageOf(name)]; !seen {
		c.Imports[PackageOf(name)] = s.pos(i)
	}
}

// climb finds '../x' and `${__dirname}/../x` that is no import, and '..' with what path.join puts behind
// it.
func (s *source) climb(i int, c *Code) {
	name, ok := s.str(i)
	if s.t[i].kind == rest {
		name, ok = s.t[i].text, true
	}
	name = upward(name)
	if !ok || name == "" || s.is(i-1, "from") || s.is(i-1, "import") || s.text(i-1) == "(" && (s.text(i-2) == "require" || s.text(i-2) == "import") {
		return
	}
	if before, ok := s.str(i - 2); ok && s.is(i-1, ",") && upward(before) != "" {
		return // told by the one before
	}
	pos := s.pos(i)
	for s.is(i+1, ",") {
		next, ok := s.str(i + 2)
		if !ok {
			break
		}
		name = path.Join(name, next)
		i += 2
	}
	c.Climbs = append(c.Climbs, fact.Fact[string]{Value: path.Clean(name), Pos: pos})
}

// upward is the part of a path from its first step up on: "../x" of "/../x" and
// of `${__dirname}/../x`; "" where it has none.
func upward(name string) string {
	if name == ".." || strings.HasPrefix(name, "../") {
		return name
	}
	if i := strings.Index(name, "/../"); i >= 0 {
		return name[i+1:]
	}
	if strings.HasSuffix(name, "/..") {
		return ".."
	}
	return ""
}

// Below is what the code of some folders says, of what names a file.
func (c Code) Below(dirs ...string) Code {
	in := func(file string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return dir == "." || strings.HasPrefix(file, dir+"/") })
	}
	keep := func(list []fact.Fact[string]) []fact.Fact[string] {
		return slices.DeleteFunc(slices.Clone(list), func(f fact.Fact[string]) bool { return !in(f.Pos.File) })
	}
	out := c
	out.Env, out.Public, out.Private, out.Climbs = keep(c.Env), keep(c.Public), keep(c.Private), keep(c.Climbs)
	out.Spawns, out.Routes = keep(c.Spawns), keep(c.Routes)
	out.Uses, out.Local = map[string][]fact.Fact[string]{}, map[string][]string{}
	for file, uses := range c.Uses {
		if in(file) {
			out.Uses[file] = uses
		}
	}
	for file, local := range c.Local {
		if in(file) {
			out.Local[file] = local
		}
	}
	return out
}

// typesOnly reports whether the import with its name at token i is gone once
// the types are: import type, export type.
func (s *source) typesOnly(i int) bool {
	if !s.is(i-1, "from") {
		return false
	}
	for j := i - 2; j > i-200 && j >= 0; j-- {
		if s.is(j, "import") || s.is(j, "export") {
			return s.is(j+1, "type") && !s.is(j+2, "from") && !s.is(j+2, ",")
		}
	}
	return false
}

// resolve finds the file that a relative import names, as Node, TypeScript
// and bundlers look for it.
func (s *source) resolve(name string) (string, bool) {
	base := path.Join(path.Dir(s.file), name)
	if s.tree.Has(base) {
		return base, true
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(base, ".js"), ".mjs"), ".cjs")
	for _, ext := range sourceExtensions {
		for _, c := range []string{base + ext, stem + ext, path.Join(base, "index"+ext)} {
			if s.tree.Has(c) {
				return c, true
			}
		}
	}
	return "", false
}

// PackageOf is the package that an import specifier names: "@a/b" of
// "@a/b/c", "fs" of "fs/promises".
func PackageOf(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// spawners are the functions that start a program by its name:
// https://nodejs.org/api/child_process.html, https://bun.com/docs/runtime/child-process.
var spawners = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"exec": true, "execSync": true, "spawn": true, "spawnSync": true, "execFile": true, "execFileSync": true,
	"execa": true, "execaSync": true, "execaCommand": true, "execAsync": true, "$": true,
}

var programName = regexp.MustCompile(`^[A-Za-z0-9_.+-]+$`)

func (s *source) spawn(i int, c *Code) {
	if !spawners[s.text(i)] || s.text(i-1) == "function" {
		return
	}
	arg := i + 2
	switch {
	case s.is(i, "$") && i+1 < len(s.t) && s.t[i+1].kind == template:
		arg = i + 1 // Bun's $`node -v`
	case !s.is(i+1, "("):
		return
	case s.text(i-1) == "." && (s.text(i) == "exec"):
		// regexp.exec(string) is no program; child_process.exec is.
		if owner := s.text(i - 2); owner != "child_process" && owner != "cp" && owner != "childProcess" {
			return
		}
	case s.is(arg, "["):
		arg++ // Bun.spawn(["node", "-v"])
	case s.is(arg, "{", "cmd", ":", "["):
		arg += 4
	}
	command, ok := s.str(arg)
	if !ok && arg < len(s.t) && s.t[arg].kind == opening {
		// The program, where the first substitution does not belong to its name.
		command, _, ok = strings.Cut(strings.TrimLeft(s.t[arg].text, "` "), " ")
	}
	words := strings.Fields(command)
	if !ok || len(words) == 0 {
		return
	}
	// Where distributions keep programs; a program of the repository has no such path.
	name := words[0]
	if dir, base := path.Split(name); dir == "/usr/bin/" || dir == "/bin/" {
		name = base
	}
	if programName.MatchString(name) {
		c.Spawns = append(c.Spawns, fact.New(name, s.file, s.t[i].line))
	}
}

// untyped reports whether token i starts TypeScript that Node's type
// stripping does not run: enums, namespaces, decorators, parameter
// properties, import aliases, and imports without their extension
// (https://nodejs.org/api/typescript.html#typescript-features).
func (s *source) untyped(i int) bool {
	switch s.text(i) {
	case "enum", "namespace", "module":
		return i+2 < len(s.t) && s.t[i+1].kind == identifier && s.is(i+2, "{") && s.text(i-1) != "declare" && s.text(i-1) != "."
	case "@":
		return i+1 < len(s.t) && s.t[i+1].kind == identifier && s.text(i-1) != "."
	case "private", "public", "protected", "readonly":
		return (s.is(i-1, "(") || s.is(i-1, ",")) && i+1 < len(s.t) && s.t[i+1].kind == identifier && s.text(i+1) != ":" && s.insideConstructor(i)
	case "import":
		return s.is(i+2, "=") && s.text(i+1) != "type"
	}
	if name, ok := s.str(i); ok && strings.HasPrefix(name, ".") && (s.is(i-1, "from") || s.is(i-1, "import") || s.is(i-2, "require", "(")) {
		ext := path.Ext(name)
		return !slices.Contains(sourceExtensions, ext) && ext != ".json" || strings.HasPrefix(ext, ".j") && ext != ".json"
	}
	return false
}

func (s *source) insideConstructor(i int) bool {
	for depth := 0; i >= 0; i-- {
		switch s.text(i) {
		case ")":
			depth++
		case "(":
			if depth == 0 {
				return s.text(i-1) == "constructor"
			}
			depth--
		}
	}
	return false
}
