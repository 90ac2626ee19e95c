package python

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// running are the calls that start another program: the name of the function
// and whether its argument is a shell's line.
func running(full string) bool {
	switch full {
	case "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
		"subprocess.getoutput", "subprocess.getstatusoutput", "os.system", "os.popen", "os.execvp", "os.execlp", "os.spawnlp",
		"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "shutil.which":
		return true
	}
	return false
}

// expression reads the calls of one statement.
func (r *reader) expression(toks []token, in scope) {
	for _, c := range calls(toks) {
		full := r.full(c.name)
		r.listen(c, full, in)
		switch {
		case running(full):
			if p := r.program(c); p != "" {
				r.Programs = append(r.Programs, fact.New(p, r.File, c.line))
			} else if full != "shutil.which" {
				r.Dynamic = r.at(c.line)
			}
		case full == "ctypes.util.find_library" || full == "ctypes.CDLL" || full == "ctypes.cdll.LoadLibrary":
			r.Dynamic = r.at(c.line)
		case full == "signal.signal" || strings.HasSuffix(c.name, ".add_signal_handler"):
			if slices.ContainsFunc(toks, func(t token) bool { return t.is("SIGTERM") }) {
				r.Signals = r.at(c.line)
			}
		}
		if !in.function {
			r.required(c, full)
		}
		r.writes(c, full)
	}
	for _, t := range toks {
		// Three slashes are a path below the working directory, four an absolute one.
		if t.kind == str && strings.HasPrefix(t.text, "sqlite:///") && !strings.HasPrefix(t.text, "sqlite:////") && !strings.Contains(t.text, ":memory:") && t.text != "sqlite:///" && r.Writes.IsZero() {
			r.Writes = r.at(t.line)
		}
	}
	if toks[0].is("del") {
		return
	}
	// os.environ["X"] is read here, unless it is assigned.
	for i := 0; i+2 < len(toks); i++ {
		n, j := dotted(toks, i)
		if n == "" || i > 0 && toks[i-1].is(".") || r.full(n) != "os.environ" || j >= len(toks) || !toks[j].is("[") {
			continue
		}
		key, end := inside(toks, j)
		if end < len(toks) && toks[end].is("=") || len(key) != 1 || key[0].kind != str {
			continue
		}
		v := Variable{Name: key[0].text, Parsed: i > 0 && toks[i-1].is("("), Pos: r.at(toks[i].line)}
		if in.function {
			r.Reads = append(r.Reads, v)
		} else {
			r.Required = append(r.Required, v)
		}
	}
}

// required notices the settings libraries' reads without a default:
// env("X") of django-environ, config("X") of python-decouple.
func (r *reader) required(c call, full string) {
	var key string
	var ok bool
	if len(c.pos) > 0 {
		key, ok = c.pos[0].text()
	}
	if !ok {
		return
	}
	head := plainCall(r.consts[c.name])
	switch {
	case full == "decouple.config" || r.full(head) == "environ.Env" || r.full(head) == "environs.Env":
	case strings.Contains(c.name, ".") && r.isEnv(c.name):
	default:
		return
	}
	_, def := c.kw["default"]
	if def || len(c.pos) > 1 || strings.HasSuffix(c.name, ".read_env") {
		return
	}
	r.Required = append(r.Required, Variable{
		Name: key, Parsed: strings.Contains(c.name, ".") || len(c.kw) > 0 && full != "decouple.config" || c.kw["cast"] != nil,
		Pos: r.at(c.line),
	})
}

func (r *reader) isEnv(n string) bool {
	head, _, _ := strings.Cut(n, ".")
	f := r.full(plainCall(r.consts[head]))
	return f == "environ.Env" || f == "environs.Env"
}

func plainCall(toks []token) string {
	n, _ := dotted(toks, 0)
	return n
}

// writes notices a literal relative path that is opened for writing.
func (r *reader) writes(c call, full string) {
	if !r.Writes.IsZero() || len(c.pos) == 0 {
		return
	}
	p, ok := r.value(c.pos[0]).text()
	if !ok || p == "" || strings.HasPrefix(p, "/") || strings.Contains(p, "://") {
		return
	}
	mode, _ := c.kw["mode"].text()
	if len(c.pos) > 1 {
		mode, _ = c.pos[1].text()
	}
	last := full[strings.LastIndexByte(full, '.')+1:]
	switch {
	case full == "open" && strings.ContainsAny(mode, "wax+"),
		full == "os.makedirs", full == "os.mkdir", full == "sqlite3.connect" && p != ":memory:",
		slices.Contains([]string{"to_csv", "to_json", "to_excel", "to_parquet", "savefig", "write_html", "SVGSurface", "PDFSurface", "write_to_png"}, last):
		r.Writes = r.at(c.line)
	}
}

// program is the literal name of the program that a call starts.
func (r *reader) program(c call) string {
	var a arg
	if len(c.pos) > 0 {
		a = c.pos[0]
	} else if a = c.kw["args"]; a == nil {
		return ""
	}
	a = r.value(a)
	for len(a) > 0 && (a[0].is("[") || a[0].is("(")) {
		a = a[1:]
	}
	if len(a) == 0 || a[0].kind != str {
		if n, _ := dotted(a, 0); r.full(n) == "sys.executable" {
			return "python"
		}
		return ""
	}
	fields := strings.Fields(a[0].text)
	if len(fields) == 0 {
		return ""
	}
	return path.Base(fields[0])
}

// value follows one name to what was assigned to it.
func (r *reader) value(a arg) arg {
	for range 2 {
		if len(a) != 1 || a[0].kind != name {
			break
		}
		v, ok := r.consts[a[0].text]
		if !ok {
			break
		}
		a = v
	}
	return a
}

// listen reads a call that starts a server.
func (r *reader) listen(c call, full string, in scope) {
	object, method, isMethod := cutLast(c.name)
	for _, f := range r.rows {
		for _, l := range f.Listens {
			match := slices.Contains(l.Calls, full)
			if !match && isMethod && slices.Contains(l.Methods, method) {
				class := r.full(plainCall(r.consts[object]))
				match = slices.Contains(l.Of, class) || len(l.Of) == 0 && r.importsAny(f.Imports)
			}
			if _, given := c.kw[l.Needs]; !match || l.Needs != "" && !given {
				continue
			}
			s := Server{Framework: f.Name, Host: l.DefaultHost, HostEnv: l.HostEnv, Port: l.DefaultPort, Signals: l.Signals, Guarded: in.guard, Pos: r.at(c.line)}
			r.address(&s, c, l)
			if len(c.pos) > 0 {
				if t, ok := r.value(c.pos[0]).text(); ok && strings.Contains(t, ":") {
					s.Target = t
				} else if len(c.pos[0]) == 1 {
					s.Target = c.pos[0][0].text
				}
			}
			r.Servers = append(r.Servers, s)
			return
		}
	}
	// app.run(...): link keeps it where app is an application.
	if isMethod && method == "run" && !strings.Contains(object, ".") {
		s := Server{Object: object, Host: "127.0.0.1", Guarded: in.guard, Pos: r.at(c.line)}
		r.address(&s, c, Listen{Host: []string{"host", "0"}, Port: []string{"port", "1"}})
		r.Servers = append(r.Servers, s)
	}
}

func (r *reader) importsAny(modules []string) bool {
	return slices.ContainsFunc(append(slices.Clone(r.Imports), r.Optional...), func(f fact.Fact[string]) bool {
		return slices.ContainsFunc(modules, func(m string) bool { return f.Value == m || strings.HasPrefix(f.Value, m+".") })
	})
}

func cutLast(n string) (string, string, bool) {
	i := strings.LastIndexByte(n, '.')
	if i < 0 {
		return n, "", false
	}
	return n[:i], n[i+1:], true
}

// address fills in host and port from a call's arguments.
func (r *reader) address(s *Server, c call, l Listen) {
	pick := func(keys []string) arg {
		for _, k := range keys {
			if a, ok := c.kw[k]; ok {
				return a
			}
			if n, err := strconv.Atoi(k); err == nil && n < len(c.pos) {
				return c.pos[n]
			}
		}
		return nil
	}
	host, port := pick(l.Host), pick(l.Port)
	if l.Address != nil && *l.Address < len(c.pos) {
		a := r.value(c.pos[*l.Address])
		if len(a) > 0 && a[0].is("(") {
			in, _ := inside(a, 0)
			if pair := split(in, ","); len(pair) == 2 {
				host, port = pair[0], pair[1]
			}
		}
	}
	if host != nil {
		v, env, ok := r.literal(host)
		s.Host, s.HostEnv = v, env
		if ok && v == "" {
			s.Host = "0.0.0.0" // an empty host is every address
		}
		if !ok && env == "" {
			s.Host = ""
		}
	}
	if port != nil {
		v, env, _ := r.literal(port)
		s.Port, _ = strconv.Atoi(v)
		s.PortEnv = env
	}
}

// literal evaluates an argument as far as it is written down: a literal, a
// name that is assigned one, or an environment variable with its default, in
// whatever form: os.environ.get("PORT", 8080), int(os.getenv("PORT") or 8080).
func (r *reader) literal(a arg) (value, env string, ok bool) {
	for range 3 {
		if len(a) != 1 || a[0].kind != name {
			break
		}
		v, found := r.consts[a[0].text]
		if !found {
			return "", "", false
		}
		a = v
	}
	names := 0
	for i := 0; i < len(a); i++ {
		t := a[i]
		switch t.kind {
		case number:
			if value == "" {
				value, ok = strings.ReplaceAll(t.text, "_", ""), true
			}
		case str:
			reads := i > 0 && (a[i-1].is("(") || a[i-1].is("[")) && i > 1 && a[i-2].kind == name && (a[i-2].text == "get" || a[i-2].text == "getenv" || a[i-2].text == "environ")
			switch {
			case reads:
				env = t.text
			case !ok && !t.dynamic:
				value, ok = t.text, true
			}
		case name:
			switch t.text {
			case "int", "os", "environ", "get", "getenv", "str", "or", "if", "else", "not", "None", "in", "default":
			default:
				names++
			}
		case op:
		}
	}
	if names > 0 && env == "" {
		return "", "", false
	}
	return value, env, ok
}
