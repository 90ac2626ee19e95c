package java

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/syntax"
)

// effects reads what the calls of one file do. The rules are calls.yaml.
type effects struct {
	*rules
	*effect.Set

	f       *syntax.File
	eval    *syntax.Evaluator
	fill    filler
	imports []string

	given, defaults []Setting // see Sources

	rest  []effect.Route // of JAX-RS, below the path of the application
	below string         // that path, if the file has it
}

// read adds the file's effects to the set.
func (e *effects) read() {
	for name := range e.f.Imports {
		e.imports = append(e.imports, name)
	}
	e.imports = append(e.imports, e.f.Package()+".*")
	for c := range e.f.Calls {
		var best *callRow // one for this number of arguments counts before one for any
		for _, r := range e.calls[c.Name] {
			if (best == nil || r.Args > best.Args) && e.matches(r, c) {
				best = r
			}
		}
		if best != nil {
			e.apply(best, c)
		}
		e.variable(c)
		e.settings(c)
	}
	for a := range e.f.Assigns {
		e.assigned(a)
	}
	e.propertySources()
	e.annotated()
	e.application()
	e.named()
	e.databases()
	e.embedded()
}

// matches reports whether the call is the rule's: of its class, as far as that
// is known, and of its package.
func (e *effects) matches(r *callRow, c syntax.Call) bool {
	args := len(e.f.Args(c.Open))
	if r.New != c.New || !e.of(r, c.At) || r.Args > 0 && r.Args != args || r.Args == 0 && r.Listen != nil && args == 2 && e.texty(c) {
		return false
	}
	switch {
	case len(r.Class) == 0, slices.Contains(r.Class, c.Class):
	case slices.ContainsFunc(r.Via, func(v string) bool { return slices.Contains(c.Via, v) }):
	case c.Bare && !c.New && e.static(r):
	default:
		return false
	}
	full, _ := e.f.Dotted(c.Receiver)
	return e.imported(r, full)
}

// of reports whether the name at a token is that of a member of the property that the rule names, if it names one.
func (e *effects) of(r *callRow, at int) bool {
	return len(r.Of) == 0 || e.f.Is(at-1, ".") && e.f.Ident(at-2) && slices.Contains(r.Of, e.f.Tokens[at-2].Text)
}

// imported reports whether the file has the row's package: by an import, by its own, or in the full name of what is called.
func (e *effects) imported(r *callRow, full string) bool {
	if r.Package == "" {
		return true
	}
	if slices.ContainsFunc(e.imports, func(i string) bool { return i == r.Package || strings.HasPrefix(i, r.Package+".") }) {
		return true
	}
	// Kotlin has java.io without an import, and both may write names in full.
	return e.f.Kotlin && r.Package == "java.io" || strings.HasPrefix(full, r.Package+".")
}

// texty reports whether the first of two arguments is a text: a host, before a port.
func (e *effects) texty(c syntax.Call) bool {
	k, ok := e.f.Kind(e.f.Args(c.Open)[0][0])
	return ok && k == syntax.Str
}

// static reports whether the file imports the methods of one of the classes.
func (e *effects) static(r *callRow) bool {
	return slices.ContainsFunc(e.imports, func(i string) bool {
		return slices.ContainsFunc(r.Class, func(c string) bool { return strings.HasPrefix(i, r.Package+"."+c+".") })
	})
}

func (e *effects) pos(i int) fact.Pos { return fact.At(e.f.Name, e.f.Tokens[i].Line) }

// arg is the value of an argument of the call; Computed if it has no such.
func (e *effects) arg(c syntax.Call, n argument) effect.Value { return e.valued(c, n, e.eval.Of) }

// folder is the folder of an argument whose last part is worked out.
func (e *effects) folder(c syntax.Call, n argument) effect.Value {
	return e.valued(c, n, e.eval.Folder)
}

// valued is what of says of the tokens of an argument.
func (e *effects) valued(c syntax.Call, n argument, of func(f *syntax.File, from, to int) effect.Value) effect.Value {
	if n == self {
		return of(e.f, c.Receiver, c.At-1)
	}
	if args := e.f.Args(c.Open); int(n) < len(args) {
		return of(e.f, args[n][0], args[n][1])
	}
	return effect.Value{}
}

// full is the call's name with its class and package, as far as the rule names them.
func (r *callRow) full(c syntax.Call) string {
	var parts []string
	if r.Package != "" {
		parts = append(parts, r.Package)
	}
	if len(r.Class) > 0 && !slices.Contains(r.Class, c.Name) {
		class := r.Class[0]
		if slices.Contains(r.Class, c.Class) {
			class = c.Class
		}
		parts = append(parts, class)
	}
	return strings.Join(append(parts, c.Name), ".")
}

func (e *effects) apply(r *callRow, c syntax.Call) {
	at, name := e.pos(c.At), r.full(c)
	if r.Listen != nil {
		e.listen(r, c, effect.Listen{Pos: at, Call: name, TLS: r.Listen.TLS})
	}
	file := func(n *argument, use effect.Use) {
		if n == nil {
			return
		}
		v, dir := e.arg(c, *n), r.Dir
		if use == effect.Write && !r.Text && v.Text == "" {
			if top := e.folder(c, *n); top.Text != "" { // the name of the file is worked out
				v, dir = top, true
			}
		}
		if r.Text && v.Sure == effect.Computed || v.Text == "" && !v.Decided() {
			return
		}
		e.file(effect.File{Pos: at, Use: use, Call: name, Path: v, Dir: dir})
	}
	file(r.Read, effect.Read)
	file(r.Write, effect.Write)
	switch {
	case r.Run != nil:
		e.exec(r, c, name)
	case r.Route != nil:
		if v := e.arg(c, *r.Route); v.Sure == effect.Literal && strings.HasPrefix(v.Text, "/") {
			e.Routes = limit(append(e.Routes, effect.Route{Pos: at, Method: "GET", Path: v.Text}))
		}
	case r.Signal != "":
		e.Signals = limit(append(e.Signals, effect.Signal{Pos: at, Name: r.Signal}))
	case r.Signals != nil:
		for i := c.Open; i < e.f.Close(c.Open); i++ {
			if k, _ := e.f.Kind(i); k == syntax.Str {
				e.Signals = limit(append(e.Signals, effect.Signal{Pos: at, Name: "SIG" + strings.TrimPrefix(e.f.Tokens[i].Text, "SIG")}))
				break
			}
		}
	}
}

// file adds a file, its path cleaned.
func (e *effects) file(x effect.File) {
	if x = cleaned(x); !strings.Contains(x.Path.Text, "://") && !strings.HasPrefix(x.Path.Text, "http:/") {
		e.Files = limit(append(e.Files, x))
	}
}

// listen adds the address of a call that listens.
func (e *effects) listen(r *callRow, c syntax.Call, l effect.Listen) {
	value := func(n *int, name string) (effect.Value, bool) {
		if r.Listen.Names {
			if x, ok := e.f.Named(c.Open, name); ok {
				return e.eval.Of(e.f, x[0], x[1]), true
			}
		}
		if n == nil || *n >= len(e.f.Args(c.Open)) {
			return effect.Value{}, false
		}
		return e.arg(c, argument(*n)), true
	}
	if r.Listen.Address != nil {
		args := e.f.Args(c.Open)
		if *r.Listen.Address >= len(args) {
			return
		}
		l.Addr = e.address(args[*r.Listen.Address], 0)
	} else {
		port, ok := value(r.Listen.Port, "port")
		if args := e.f.Args(c.Open); !ok || r.Listen.Port != nil && *r.Listen.Port < len(args) && e.f.Lambda(args[*r.Listen.Port]) {
			return // the library's own default, which the code does not say, or a function that sets it
		}
		l.Addr.Port = port
		if host, ok := value(r.Listen.Host, "host"); ok {
			l.Addr.Host = host
		} else {
			l.Addr.Host = effect.Value{Sure: effect.Default}
		}
		// bind(new InetSocketAddress(8080)) of a server that takes a port as well.
		if args := e.f.Args(c.Open); len(args) > 0 && !port.Known() {
			l.Addr = e.address(args[0], 0)
		}
	}
	if p := l.Addr.Port; p.Text != "" && portOf(p.Text) == 0 {
		return // 0 takes any free port, and what is no port is another overload's
	}
	e.Listens = limit(append(e.Listens, l))
}

// assigned reads the port that a property is given, as the call of its setter would.
func (e *effects) assigned(a syntax.Assigned) {
	setter := "set" + strings.ToUpper(a.Name[:1]) + a.Name[1:]
	for _, r := range e.calls[setter] {
		if r.Listen == nil || r.Listen.Port == nil || !e.of(r, a.At) || len(r.Class) > 0 && !slices.Contains(r.Class, a.Class) || !e.imported(r, "") {
			continue
		}
		l := effect.Listen{Pos: e.pos(a.At), Call: r.full(syntax.Call{Name: setter, Class: a.Class}), TLS: r.Listen.TLS}
		l.Addr = effect.Addr{Host: effect.Value{Sure: effect.Default}, Port: e.eval.Of(e.f, a.From, a.To)}
		if p := l.Addr.Port; p.Text == "" || portOf(p.Text) > 0 {
			e.Listens = limit(append(e.Listens, l))
		}
		return
	}
}

// address reads an InetSocketAddress, or a variable that holds one.
func (e *effects) address(arg [2]int, depth int) effect.Addr {
	a := arg[0]
	if e.f.Is(a, "new") {
		a++
	}
	chain, _ := e.f.Chain(a, arg[1])
	if len(chain) == 0 || depth > 4 {
		return effect.Addr{}
	}
	last := chain[len(chain)-1]
	if last.Called && last.Name == "InetSocketAddress" {
		args := e.f.Args(last.Open)
		switch len(args) {
		case 1:
			return effect.Addr{Host: effect.Value{Sure: effect.Default}, Port: e.eval.Of(e.f, args[0][0], args[0][1])}
		case 2:
			return effect.Addr{Host: e.host(args[0]), Port: e.eval.Of(e.f, args[1][0], args[1][1])}
		}
		return effect.Addr{}
	}
	if len(chain) == 1 && !last.Called {
		if from, to, ok := e.f.Initial(last.At); ok {
			return e.address([2]int{from, to}, depth+1)
		}
	}
	return effect.Addr{}
}

// host reads the host of an address: a text, or an InetAddress.
func (e *effects) host(arg [2]int) effect.Value {
	chain, _ := e.f.Chain(arg[0], arg[1])
	if n := len(chain); n > 1 && chain[n-1].Called && chain[n-2].Name == "InetAddress" {
		switch chain[n-1].Name {
		case "getLoopbackAddress", "getLocalHost":
			return effect.Value{Text: "127.0.0.1", Sure: effect.Literal}
		case "getByName":
			if args := e.f.Args(chain[n-1].Open); len(args) == 1 {
				return e.eval.Of(e.f, args[0][0], args[0][1])
			}
		}
	}
	return e.eval.Of(e.f, arg[0], arg[1])
}

// portOf reads a port of digits; 0 if it is none that a server would have.
func portOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 80 || n > 65535 {
		return 0
	}
	return n
}

// variable notes a variable that the code reads.
func (e *effects) variable(c syntax.Call) {
	args := e.f.Args(c.Open)
	if c.Name != "getenv" && !slices.Contains(c.Via, "getenv") || len(args) == 0 {
		return
	}
	name := e.eval.Of(e.f, args[0][0], args[0][1])
	if name.Sure != effect.Literal || name.Text == "" || slices.ContainsFunc(e.Env, func(x effect.Env) bool { return x.Name == name.Text }) {
		return
	}
	x := effect.Env{Pos: e.pos(c.At), Name: name.Text}
	if len(args) > 1 {
		x.Default = e.arg(c, 1)
	}
	e.Env = limit(append(e.Env, x))
}

// named adds the variables that stand for the app's own port and that no call
// was seen to use.
func (e *effects) named() {
	for at, v := range e.eval.Variables(e.f) {
		if !slices.Contains(e.own, v.Env) || v.Text != "" && portOf(v.Text) == 0 {
			continue
		}
		i := slices.IndexFunc(e.Listens, func(l effect.Listen) bool { return l.Named && l.Pos.File == e.f.Name && l.Addr.Port.Env == v.Env })
		switch {
		case i >= 0 && e.Listens[i].Addr.Port.Text == "":
			e.Listens[i].Addr.Port = v
		case i < 0:
			e.Listens = limit(append(e.Listens, effect.Listen{Pos: e.pos(at), Named: true, Addr: effect.Addr{Port: v}}))
		}
	}
}

// exec adds the program that a call starts. Beside it, a literal path of a
// system program in the same file is one that the call may be given.
func (e *effects) exec(r *callRow, c syntax.Call, name string) {
	add := func(v effect.Value, at int) {
		if w := strings.Fields(v.Text); len(w) > 0 {
			v.Text = w[0]
			e.Execs = limit(append(e.Execs, effect.Exec{Pos: e.pos(at), Call: name, Program: v}))
		}
	}
	args := e.f.Args(c.Open)
	if n := int(*r.Run); n < len(args) {
		a, b := args[n][0], args[n][1]
		add(e.eval.Of(e.f, a, b), a)
		if list, ok := e.list(a, b); ok {
			add(e.eval.Of(e.f, list[0], list[1]), a)
		}
	}
	for i, t := range e.f.Tokens {
		dir, base := path.Split(t.Text)
		if t.Kind == syntax.Str && base != "" && slices.Contains([]string{"/usr/bin/", "/bin/", "/usr/local/bin/"}, dir) && !strings.ContainsAny(base, " \t") {
			v := effect.Value{Text: t.Text, Sure: effect.Literal}
			if !slices.ContainsFunc(e.Execs, func(x effect.Exec) bool { return x.Program == v && x.Pos == e.pos(i) }) {
				add(v, i)
			}
		}
	}
}

// servers are the packages of servers that a program starts for the folder of a web app:
// https://tomcat.apache.org/tomcat-10.1-doc/api/org/apache/catalina/startup/Tomcat.html#addWebapp(java.lang.String,java.lang.String),
// https://jetty.org/docs/jetty/12/programming-guide/server/http.html#handler-use-webapp-context,
// https://devcenter.heroku.com/articles/create-a-java-web-application-using-embedded-tomcat
var servers = []string{"org.apache.catalina.", "org.eclipse.jetty."} //nolint:gochecknoglobals // a constant table

// embedded adds the folders that a program hands its own server by a name in the repository, whatever the path before them is worked out from:
// those of the web app, and of the classes that the server looks for servlets in.
func (e *effects) embedded() {
	if !slices.ContainsFunc(e.imports, func(i string) bool {
		return slices.ContainsFunc(servers, func(s string) bool { return strings.HasPrefix(i, s) })
	}) {
		return
	}
	for i, t := range e.f.Tokens {
		dir := strings.Trim(strings.TrimPrefix(t.Text, "./"), "/")
		if k, _ := e.f.Kind(i); k != syntax.Str || dir != webappDir && dir != classesDir {
			continue
		}
		if !slices.ContainsFunc(e.Files, func(x effect.File) bool { return x.Path.Text == dir && x.Base == effect.WorkDir }) {
			e.file(effect.File{Pos: e.pos(i), Use: effect.Read, Path: effect.Value{Text: dir, Sure: effect.Literal}, Dir: true})
		}
	}
}

// The folders of a web app and of compiled classes:
// https://maven.apache.org/plugins/maven-war-plugin/usage.html, https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html
const (
	webappDir  = "src/main/webapp"
	classesDir = "target/classes"
)

// list is the first element of List.of(x), Arrays.asList(x), listOf(x) or new String[] {x}.
func (e *effects) list(a, b int) ([2]int, bool) {
	for i := a; i < b && i < a+8; i++ {
		if e.f.Is(i, "(") && (e.f.Is(i-1, "of") || e.f.Is(i-1, "asList") || e.f.Is(i-1, "listOf") || e.f.Is(i-1, "arrayOf")) || e.f.Is(i, "{") && e.f.Is(i-1, "]") {
			if args := e.f.Args(i); len(args) > 0 {
				return args[0], true
			}
		}
	}
	return [2]int{}, false
}
