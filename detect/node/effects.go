package node

import (
	_ "embed"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

// row is a row of calls.yaml, which explains its fields.
type row struct {
	Module   []string   `yaml:"module"`
	Call     []string   `yaml:"call"`
	On       []string   `yaml:"on"`
	If       []string   `yaml:"if"`
	Makes    string     `yaml:"makes"`
	Gives    string     `yaml:"gives"`
	Listen   *listenRow `yaml:"listen"`
	Read     []string   `yaml:"read"`
	Write    []string   `yaml:"write"`
	Dir      bool       `yaml:"dir"`
	Below    string     `yaml:"below"`
	Scheme   string     `yaml:"scheme"`
	Load     []string   `yaml:"load"`
	Account  bool       `yaml:"account"`
	Run      []string   `yaml:"run"`
	Signal   []string   `yaml:"signal"`
	Signals  []string   `yaml:"signals"`
	Ends     bool       `yaml:"ends"`
	Headless bool       `yaml:"headless"`
	Route    string     `yaml:"route"`
	// RouteMethod is the member with the method beside that of Route.
	RouteMethod string   `yaml:"route-method"`
	RouteOf     string   `yaml:"route-of"`
	Root        bool     `yaml:"root"`
	Mounts      string   `yaml:"mounts"`
	Program     string   `yaml:"program"`
	Mount       string   `yaml:"mount"`
	Prefix      string   `yaml:"prefix"`
	Keys        string   `yaml:"keys"`
	Nest        bool     `yaml:"nest"`
	Settings    bool     `yaml:"settings"`
	Demand      []string `yaml:"demand"`
	Wants       []string `yaml:"wants"`
	Anywhere    bool     `yaml:"anywhere"`
	Env         string   `yaml:"env"`
	Default     string   `yaml:"default"`
	Needed      bool     `yaml:"needed"`
	Source      string   `yaml:"source"`
}

// listenRow says where a call is told its address.
type listenRow struct {
	Port     []string `yaml:"port"`
	Host     []string `yaml:"host"`
	Address  string   `yaml:"address"`
	Default  int      `yaml:"default"`
	Env      string   `yaml:"env"`
	Loopback bool     `yaml:"loopback"`
}

//go:embed calls.table
var callsCompiled string

// rules are the rows by what they are looked up by.
type rules struct {
	functions map[js.Ref][]*row
	methods   map[string][]*row
	members   map[string]bool // the last names of functions
	programs  []*row
}

var calls = sync.OnceValue(func() *rules { //nolint:gochecknoglobals // a constant table
	out := &rules{functions: map[js.Ref][]*row{}, methods: map[string][]*row{}, members: map[string]bool{}}
	rows := table.Must[[]row]("calls.yaml", callsCompiled)
	for i := range rows {
		r := &rows[i]
		if r.Program != "" {
			out.programs = append(out.programs, r)
		}
		for _, name := range r.Call {
			if r.On != nil {
				out.methods[name] = append(out.methods[name], r)
				continue
			}
			switch name {
			case "default":
				name = ""
			case "default()", "default#":
				name = strings.TrimPrefix(name, "default")
			}
			out.members[name[strings.LastIndex(name, ".")+1:]] = true
			if r.Module == nil {
				out.functions[js.Ref{Name: name}] = append(out.functions[js.Ref{Name: name}], r)
			}
			for _, m := range r.Module {
				out.functions[js.Ref{Module: m, Name: name}] = append(out.functions[js.Ref{Module: m, Name: name}], r)
			}
		}
	}
	return out
})

// of returns the rows of a function. The variants that wait for the end
// (readFileSync) and those that give a promise are the same function.
func (t *rules) of(ref js.Ref) []*row {
	if rows := t.functions[ref]; rows != nil {
		return rows
	}
	short := js.Ref{Module: ref.Module, Name: strings.TrimSuffix(strings.TrimPrefix(ref.Name, "promises."), "Sync")}
	if short != ref {
		return t.functions[short]
	}
	return nil
}

// kinds of objects that are no row's.
const (
	unknown = ""        // nothing says what it is
	foreign = "foreign" // something else than what the rows know
	// anything is the receiver of methods whose name alone says what they do.
	anything = "any"
)

// kind says what an object is: what the call that made it makes.
func (t *rules) kind(v js.Value, depth int) string {
	if depth > 50 {
		return unknown
	}
	switch v.Kind {
	case js.Call:
		if v.Recv == nil || v.Text == "" {
			for _, r := range t.of(v.Ref) {
				switch {
				case r.Gives != "":
					if x, ok := selected(v.Values, r.Gives); ok {
						return t.kind(x, depth+1)
					}
				case r.Makes != "":
					return r.Makes
				}
			}
			if v.Ref.Module == "" || strings.HasPrefix(v.Ref.Module, ".") {
				return unknown
			}
			return foreign
		}
		on := t.kind(*v.Recv, depth+1)
		for _, r := range t.methods[v.Text] {
			switch {
			case !slices.Contains(r.On, on) && !slices.Contains(r.On, anything):
			case r.Gives != "":
				if x, ok := selected(v.Values, r.Gives); ok && x.Kind == js.Reference {
					return t.kind(js.Value{Kind: js.Call, Ref: x.Ref}, depth+1)
				}
			case r.Makes != "":
				return r.Makes
			}
		}
		return on // methods of servers return the server
	case js.Reference:
		if v.Ref.Module == "" || strings.HasPrefix(v.Ref.Module, ".") {
			return unknown
		}
		for _, r := range t.functions[js.Ref{Module: v.Ref.Module, Name: v.Ref.Name + "#"}] {
			return r.Makes
		}
		return foreign
	case js.Either:
		out := unknown
		for _, x := range v.Values {
			if k := t.kind(x, depth+1); k != unknown && (out == unknown || out == foreign) {
				out = k
			}
		}
		return out
	case js.Object, js.Array, js.Scalar, js.Env, js.Parts:
		return foreign
	default:
		return unknown
	}
}

// effects reads what the calls of the file do.
func (s *source) effects() {
	listens := len(s.Listens)
	for i, t := range s.Tokens {
		switch {
		case t.Kind == js.Ident && t.Text == "if" && s.is(i+1, "("):
			s.demanded(i + 1)
		case t.Kind == js.Ident && t.Text == "filter" && s.is(i-1, ".") && s.is(i+1, "("):
			s.missing(i + 1)
		case t.Kind == js.Ident && t.Text == "process" && s.is(i+1, ".", "env", "."):
			s.dereferenced(i)
		case t.Kind == js.Ident && t.Text == "Controller" && s.is(i-1, "@"):
			s.controller(i)
		case t.Kind == js.Ident && t.Text == "APP_GUARD" && s.is(i+1, ",", "useClass", ":") && !s.is(i+4, "ThrottlerGuard"):
			s.routing.nest.guarded = true
		case t.Kind == js.Punct && t.Text == "(":
			s.call(i)
		case (t.Kind == js.Template || t.Kind == js.Head) && i > 0 && s.is(i-1, "$"):
			s.call(i)
		case t.Kind == js.Ident && t.Text == "export" && s.is(i+1, "default", "{"):
			s.exported(i)
		}
		s.loose(i)
	}
	s.named(listens)
	if len(s.Listens) > listens || s.serves || s.answersItself() {
		s.requested()
	}
}

// loose takes the expression that starts at token i, or the call whose parenthesis is
// there, as a file that is read if it looks like a path and the repository has that:
// no row may know what the library does with it.
func (s *source) loose(i int) {
	t := s.Tokens[i]
	start := -1
	switch {
	case t.Kind == js.Punct && t.Text == "(":
		if name := s.text(i - 1); name == "join" || name == "resolve" || name == "URL" {
			start = s.CalleeStart(i)
		}
	case t.Kind == js.Head && (s.text(i+1) == "__dirname" || s.text(i+1) == "process"), t.Kind == js.Ident && t.Text == "__dirname" && s.is(i+1, "+"):
		start = i
	case t.Kind == js.String || t.Kind == js.Template:
		if name := t.Value(); !strings.Contains(name, "/") || strings.ContainsAny(name, " :\n") || len(name) > maxLoose || s.is(i-1, "from") || s.is(i-1, "import") || s.is(i-2, "require", "(") || s.is(i-2, "import", "(") {
			return
		}
		start = i
	}
	if start < 0 {
		return
	}
	v := js.Of(t.Value(), "", 0)
	if t.Kind != js.String && t.Kind != js.Template {
		v, _ = s.Eval(start)
	}
	if v.Kind == js.Env {
		v = v.Unset()
	}
	if v.Kind != js.Scalar {
		return
	}
	pos := s.pos(i)
	f, ok := s.path(v, pos)
	if !ok || !f.Path.Known() || path.IsAbs(f.Path.Text) || len(f.Path.Text) > maxLoose {
		return
	}
	name := s.located(f)
	if name == "" {
		return
	}
	dir := s.modules.tree.HasDir(name)
	if !dir && !s.modules.tree.Has(name) || name == s.modules.dir {
		return
	}
	f.Use, f.Pos, f.Dir, f.Loose = effect.Read, pos, dir, true
	if t.Kind != js.String && t.Kind != js.Template {
		f.Call = "path" // it is put together as one
	}
	s.Files = append(s.Files, f)
}

// maxLoose is the longest text that may be a path.
const maxLoose = 200

// call applies the rows of the call whose parenthesis or template is at i.
func (s *source) call(i int) {
	before := i - 1
	for s.is(before, "?.") || s.is(before, "!") || s.is(before, ">") && before > i-2 {
		before--
	}
	name := s.text(before)
	if !s.is(i-1, ">") && !s.is(i-1, ")") {
		if !s.identifier(before) || s.Head(i) {
			return
		}
		short := strings.TrimSuffix(name, "Sync")
		known := s.members[name] || s.members[short] || len(s.methods[name]) > 0 || settingsRead().names[name]
		if s.is(before-1, ".") || s.is(before-1, "?.") {
			if !known && (!serving.MatchString(name) || s.is(i+1, ")")) {
				return
			}
		} else if !known && !s.Declared(before) {
			return
		}
	}
	c, ok := s.Callee(i)
	if !ok {
		return
	}
	s.required(c, i)
	s.hand(c, i)
	switch c.Kind {
	case js.Reference:
		if rows := s.of(c.Ref); rows != nil {
			s.apply(rows, c, i, "")
			return
		}
		// A method of a module or of a name that the file does not explain.
		if dot := strings.LastIndex(c.Ref.Name, "."); dot >= 0 || c.Ref.Module != "" && c.Ref.Name != "" {
			owner := js.Value{Kind: js.Reference, Ref: js.Ref{Module: c.Ref.Module, Name: c.Ref.Name[:max(dot, 0)]}}
			s.methodCall(owner, c, i)
		}
	case js.Call: // a module's function that was called: new (session-file-store(session))
		if rows := s.functions[js.Ref{Module: c.Ref.Module, Name: c.Ref.Name + "()"}]; rows != nil {
			s.apply(rows, c, i, "")
		}
	case js.Method:
		s.methodCall(*c.Recv, c, i)
	case js.Either:
		for _, v := range c.Values {
			if v.Kind == js.Method {
				s.methodCall(*v.Recv, c, i)
				return
			}
		}
	default:
	}
}

// hand tells the file of a function what this file calls it with.
func (s *source) hand(c js.Called, i int) {
	fn := c.Value
	if own, ok := s.program.Method(fn); ok {
		fn = own
	}
	if fn.Kind != js.Function || fn.Code().File == s.Name || s.is(i+1, ")") {
		return
	}
	if file := s.program.Hand(fn, func() []js.Value { return s.Arguments(i) }); file != "" {
		s.again[file] = true
	}
}

// methodCall applies the rows of a method of recv.
func (s *source) methodCall(recv js.Value, c js.Called, i int) {
	if s.methods[c.Name] == nil {
		return
	}
	rows := s.methods[c.Name]
	on := s.kind(recv, 0)
	if on == unknown && recv.Made != (js.Site{}) && c.Name != "listen" {
		on = plugin
	}
	if on == unknown && c.Name == "listen" {
		on = "server"
		if !s.addressed(s.Arguments(i)) {
			return
		}
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r *row) bool {
		return r.Gives != "" || !slices.Contains(r.On, on) && !slices.Contains(r.On, anything)
	})
	if len(rows) > 0 {
		s.apply(rows, c, i, on)
	}
}

// addressed reports whether arguments look like those of a server's listen,
// if nothing says what the receiver is.
func (s *source) addressed(args []js.Value) bool {
	if len(args) == 0 {
		return false
	}
	switch v := args[0]; v.Kind {
	case js.Scalar:
		return port(v).Text != ""
	case js.Object:
		_, ok := v.Field("port")
		return ok
	case js.Function, js.Array:
		return false
	default:
		return true
	}
}

// apply takes over what the rows say of a call.
func (s *source) apply(rows []*row, c js.Called, i int, on string) {
	args := s.Arguments(i)
	pos := s.pos(c.At)
	call := c.Name
	if on != "" {
		call = s.text(c.At-2) + "." + c.Name
	} else if c.Ref.Module != "" {
		call = c.Ref.Module
		if c.Ref.Name != "" {
			call += "." + c.Ref.Name
		}
	}
	for _, r := range rows {
		if !r.holds(args) {
			continue
		}
		if r.Listen != nil {
			s.listen(r.Listen, call, args, pos)
		}
		for _, sel := range r.Run {
			// $('x') is no program: a shell is given a template.
			if c.Name != "$" || s.Tokens[i].Kind != js.Punct {
				s.run(sel, args, call, pos)
			}
		}
		for _, v := range all(args, r.Signal) {
			s.signal(v, pos)
		}
		for _, name := range r.Signals {
			s.Signals = append(s.Signals, effect.Signal{Pos: pos, Name: name})
		}
		if r.Headless {
			s.Headless = append(s.Headless, pos)
		}
		if r.Ends {
			s.Ends = append(s.Ends, pos)
		}
		if r.Route != "" {
			s.route(c, args, recvOf(c), r)
		}
		own := recvOf(c)
		if on == "" { // what the call makes
			own = js.Value{Kind: js.Call, Made: js.Site{File: s.Name, Token: i}}
		}
		if r.Mount != "" || r.Prefix != "" {
			s.mount(r, args, own)
		}
		if r.Mounts != "" {
			s.mountFolder(r, args, own, pos)
		}
		if r.Listen != nil || r.Makes == "server" {
			s.serve(args, own)
		}
		if r.Nest {
			s.nestCall(c.Name, args)
		}
		for _, v := range all(args, r.Demand) {
			if v.Kind == js.Env && v.Default == nil {
				s.Env = append(s.Env, effect.Env{Pos: pos, Name: v.Text, Required: true})
			}
		}
		for _, v := range all(args, r.Wants) {
			s.wanted(v, i, r.Anywhere)
		}
		if r.Settings {
			s.told(c.Name, args, pos)
		}
		if v, ok := first(args, []string{r.Keys}); ok && r.Keys != "" {
			for _, key := range v.Keys {
				if strings.HasPrefix(key, "/") {
					s.add(foundRoute{pos: pos, path: key, method: "GET", root: true})
				}
			}
		}
		s.loads(r, args, pos)
		if r.Account {
			s.Accounts = append(s.Accounts, effect.Account{Pos: pos, Call: call})
		}
		s.files(r, effect.Read, r.Read, args, call, pos)
		s.files(r, effect.Write, r.Write, args, call, pos)
		if r.Env != "" {
			if v, ok := s.setting(js.Value{Kind: js.Call, Text: c.Name, Recv: c.Recv, Ref: c.Ref, Values: args}, 0); ok {
				s.Env = append(s.Env, effect.Env{Pos: pos, Name: v.Text, Default: textOf(v.Default), Parsed: v.Parsed, Required: v.Needed})
			}
		}
	}
}

// recvOf is the object that a method is called of, or what a call makes.
func recvOf(c js.Called) js.Value {
	switch {
	case c.Recv != nil:
		return *c.Recv
	case c.Kind == js.Either:
		for _, v := range c.Values {
			if v.Recv != nil {
				return *v.Recv
			}
		}
	}
	return js.Value{}
}

// loads takes the code that a call loads by its path.
func (s *source) loads(r *row, args []js.Value, pos fact.Pos) {
	for _, sel := range r.Load {
		if name, ok := strings.CutPrefix(sel, "="); ok {
			v := js.Of(name, "", 0)
			if below, ok := selected(args, r.Below); ok && r.Below != "" && below.Kind == js.Scalar {
				v, v.Text = below, path.Join(below.Text, name)
			}
			s.load(v, pos)
		}
	}
	for _, v := range all(args, r.Load) {
		s.load(v, pos)
	}
}

// holds reports whether a row's condition does: the first of If selects an
// argument, the others are the values that it may have.
func (r *row) holds(args []js.Value) bool {
	if len(r.If) == 0 {
		return true
	}
	v, ok := selected(args, r.If[0])
	if !ok {
		return false
	}
	text := v.Text
	if v.Kind == js.Reference {
		text = v.Ref.Module
	}
	return slices.Contains(r.If[1:], text)
}

// selected returns the argument that a selector names: "0" is the first one,
// "0.port" a member of it, "0.*.path" that of each member. A selector without
// a member means no object and no function.
func selected(args []js.Value, selector string) (js.Value, bool) {
	list := selectedAll(args, selector)
	if len(list) == 0 {
		return js.Value{}, false
	}
	return list[0], true
}

func selectedAll(args []js.Value, selector string) []js.Value {
	keys := strings.Split(selector, ".")
	n, err := strconv.Atoi(keys[0])
	if err != nil || n >= len(args) {
		return nil
	}
	list := []js.Value{args[n]}
	for _, key := range keys[1:] {
		var next []js.Value
		for _, v := range list {
			switch {
			case key == "*" && (v.Kind == js.Object || v.Kind == js.Array):
				next = append(next, v.Values...)
			case key == "()": // what a function hands its callback
				next = append(next, v)
			case v.Kind == js.Array:
				if k, err := strconv.Atoi(key); err == nil && k < len(v.Values) {
					next = append(next, v.Values[k])
				}
			default:
				if x, ok := v.Field(key); ok {
					next = append(next, *x)
				}
			}
		}
		list = next
	}
	if len(keys) == 1 && (list[0].Kind == js.Object || list[0].Kind == js.Function) || len(list) > 100 {
		return nil
	}
	return slices.DeleteFunc(list, func(v js.Value) bool { return v.Kind == js.Scalar && !v.Known() })
}

// all are the values that several selectors name, those of alternatives and of
// arrays one by one.
func all(args []js.Value, selectors []string) []js.Value {
	var out []js.Value
	for _, sel := range selectors {
		for _, v := range selectedAll(args, sel) {
			if v.Kind == js.Either || v.Kind == js.Array {
				out = append(out, v.Values...)
			} else {
				out = append(out, v)
			}
		}
	}
	return out
}

// first is the value that the first selector with one names.
func first(args []js.Value, selectors []string) (js.Value, bool) {
	for _, sel := range selectors {
		if v, ok := selected(args, sel); ok {
			return v, true
		}
	}
	return js.Value{}, false
}

func (s *source) signal(v js.Value, pos fact.Pos) {
	if v.IsString() && strings.HasPrefix(v.Text, "SIG") {
		s.Signals = append(s.Signals, effect.Signal{Pos: pos, Name: v.Text})
	}
}

var programName = lazy.MustCompile(`^[A-Za-z0-9_.+-]+$`)

// windowsProgram matches what no Linux image runs.
var windowsProgram = lazy.MustCompile(`(?i)\.(exe|cmd|bat|ps1)$`)

// run takes the programs that a call starts: an argument's text up to its first blank, which the name of a
// program has none of; of a line for a shell, the programs of its commands.
func (s *source) run(selector string, args []js.Value, call string, pos fact.Pos) {
	for _, v := range all(args, []string{selector}) {
		for _, name := range programs(v) {
			s.exec(name, call, pos)
		}
	}
	if line, ok := shellLine(args); ok {
		for _, name := range programs(line) {
			s.exec(name, call, pos)
		}
	}
}

// shellLine is what a call gives a shell to run: spawn("sh", ["-c", line]).
func shellLine(args []js.Value) (js.Value, bool) {
	if len(args) < 2 || !args[0].IsString() || !shell.IsShell(args[0].Text) || args[1].Kind != js.Array {
		return js.Value{}, false
	}
	list := args[1].Values
	if len(list) < 2 || !list[0].IsString() || !strings.HasPrefix(list[0].Text, "-") || !strings.HasSuffix(list[0].Text, "c") {
		return js.Value{}, false
	}
	return list[1], true
}

// programs are the programs that a text starts.
func programs(v js.Value) []string {
	if !v.Known() && v.Kind != js.Parts || v.Base != js.None {
		return nil
	}
	words := strings.Fields(v.Text)
	whole := v.Kind == js.Scalar || strings.HasSuffix(v.Text, " ")
	if len(words) == 0 || !whole && len(words) == 1 {
		return nil
	}
	if !strings.ContainsAny(v.Text, "&|;\n") {
		return words[:1]
	}
	line, err := shell.Read(v.Text, shell.Start{})
	if err != nil {
		return words[:1]
	}
	var out []string
	for i, c := range line.Commands {
		cut := i == len(line.Commands)-1 && !whole && len(c.Words) == 1 // more of the word follows
		if name, ok := c.Program(); ok && !cut && len(out) < maxPrograms {
			out = append(out, name)
		}
	}
	return out
}

// maxPrograms bounds the programs of one line.
const maxPrograms = 20

// exec takes a program that is started.
func (s *source) exec(name, call string, pos fact.Pos) {
	// Where distributions keep programs; a program of the repository has no such path.
	if dir, base := path.Split(name); dir == "/usr/bin/" || dir == "/bin/" {
		name = base
	}
	if programName.MatchString(name) && !windowsProgram.MatchString(name) && !shell.Builtin(name) {
		s.Execs = append(s.Execs, effect.Exec{Pos: pos, Call: call, Program: effect.Value{Text: name, Sure: effect.Literal}})
	}
}

// socketVariable matches the names of variables that hold the path of a Unix socket, where a port may stand:
// https://nodejs.org/api/net.html#serverlistenpath-backlog-callback.
var socketVariable = lazy.MustCompile(`(?i)(^|_)(sock|socket|pipe)(_(path|file|name))?$`)

// listen takes the address that a call listens on.
func (s *source) listen(r *listenRow, call string, args []js.Value, pos fact.Pos) {
	l := effect.Listen{Pos: pos, Call: call}
	if r.Address != "" {
		v, _ := selected(args, r.Address)
		if v.Kind != js.Scalar {
			s.Listens = append(s.Listens, l)
			return
		}
		i := strings.LastIndex(v.Text, ":")
		n := port(js.Of(v.Text[i+1:], "", 0))
		if i < 0 || n.Text == "" {
			return
		}
		l.Addr = effect.Addr{Port: n, Host: effect.Value{Text: strings.Trim(v.Text[:i], "[]"), Sure: effect.Literal}}
		s.Listens = append(s.Listens, l)
		return
	}
	v, ok := first(args, r.Port)
	if x, is := s.setting(v, 0); is {
		v = x
	}
	object := slices.ContainsFunc(r.Port, func(sel string) bool { // options that may hold more than is read
		n, err := strconv.Atoi(sel[:1])
		if err != nil || !strings.Contains(sel, ".") || n >= len(args) {
			return false
		}
		return args[n].Open || !slices.Contains([]js.ValueKind{js.Object, js.Function, js.Scalar, js.Env}, args[n].Kind)
	})
	switch {
	case ok && v.IsString() && port(v).Text == "":
		return // a socket, or the name of an event
	case ok && s.kind(v, 0) != unknown && v.Kind != js.Scalar && v.Kind != js.Env && v.Kind != js.Either:
		return // another server, which listens for this one
	case ok && v.Kind == js.Env && v.Default == nil && socketVariable.MatchString(v.Text):
		return
	case ok:
		l.Addr.Port = port(v)
	case object:
	case r.Default > 0:
		l.Addr.Port = effect.Value{Text: strconv.Itoa(r.Default), Sure: effect.Default, Env: r.Env}
	default:
		return
	}
	h, ok := first(args, r.Host)
	if x, is := s.setting(h, 0); is {
		h = x
	}
	switch {
	case ok:
		l.Addr.Host = host(h)
	case object:
	case r.Loopback:
		l.Addr.Host = effect.Value{Text: "localhost", Sure: effect.Default}
	default:
		l.Addr.Host = effect.Value{Sure: effect.Literal}
	}
	s.Listens = append(s.Listens, l)
}

// exported is the default export of a server, which Bun serves:
// https://bun.com/docs/runtime/http/server#export-default-syntax.
func (s *source) exported(i int) {
	v, _ := s.Eval(i + 2)
	if v.Kind != js.Object {
		return
	}
	if _, ok := v.Field("fetch"); !ok {
		return
	}
	if _, ok := v.Field("port"); ok {
		s.listen(&listenRow{Port: []string{"0.port"}, Host: []string{"0.hostname"}}, "export default", []js.Value{v}, s.pos(i))
	}
}

// named takes the variable PORT wherever the file reads it: the server may be
// started by a library.
func (s *source) named(from int) {
	for _, e := range s.Env {
		if e.Name != "PORT" || e.Pos.File != s.Name {
			continue
		}
		v := effect.Value{Env: "PORT", Sure: effect.Default}
		if n := portNumber(e.Default.Text); n > 0 {
			v.Text = strconv.Itoa(n)
		}
		if slices.ContainsFunc(s.Listens[from:], func(l effect.Listen) bool {
			return l.Addr.Port.Env == v.Env && (v.Text == "" || l.Addr.Port.Text == v.Text)
		}) {
			continue
		}
		s.Listens = append(s.Listens, effect.Listen{Pos: e.Pos, Named: true, Addr: effect.Addr{Port: v}})
	}
}

func portNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return 0
	}
	return n
}

// port is what a value says of a port.
func port(v js.Value) effect.Value {
	return valueOf(v, func(v js.Value) (string, bool) {
		n := portNumber(v.Text)
		return strconv.Itoa(n), n > 0 && v.Kind == js.Scalar && v.Base == js.None
	})
}

// host is what a value says of a host.
func host(v js.Value) effect.Value {
	return valueOf(v, func(v js.Value) (string, bool) { return v.Text, v.IsString() })
}

// valueOf gives a value the form of a fact. text reads a Scalar. Where a value
// is one of two, and the other is computed, the one that is read is the default
// of the other.
func valueOf(v js.Value, text func(js.Value) (string, bool)) effect.Value {
	switch v.Kind {
	case js.Scalar:
		if s, ok := text(v); ok {
			return effect.Value{Text: s, Sure: effect.Literal}
		}
	case js.Env:
		out := effect.Value{Env: v.Text, Sure: effect.Default}
		for d := v.Default; d != nil; d = d.Default {
			if s, ok := text(*d); ok {
				out.Text = s
			}
			if d.Kind == js.Either {
				out.Text = valueOf(*d, text).Text
			}
		}
		return out
	case js.Either:
		var known []effect.Value
		for _, x := range v.Values {
			if k := valueOf(x, text); k.Known() && !slices.Contains(known, k) {
				known = append(known, k)
			}
		}
		if len(known) == 1 {
			known[0].Sure = effect.Default
			return known[0]
		}
	case js.Call: // a conversion that the file does not explain: toPort(process.env.PORT)
		if len(v.Values) > 0 && len(v.Values) <= 2 && v.Values[0].Kind == js.Env && (v.Ref.Module == "" || strings.HasPrefix(v.Ref.Module, ".")) && v.Recv == nil {
			return valueOf(v.Values[0], text)
		}
	default:
	}
	return effect.Value{}
}

// setting resolves a call that a row says reads an environment variable, and
// what code makes of it.
func (s *source) setting(v js.Value, depth int) (js.Value, bool) {
	if v.Kind == js.Either && depth < 3 {
		out := v
		out.Values = slices.Clone(v.Values)
		var found bool
		for i, x := range v.Values {
			if got, ok := s.setting(x, depth+1); ok {
				out.Values[i], found = got, true
			}
		}
		if len(out.Values) == 2 && out.Values[0].Kind == js.Env && out.Values[0].Default == nil { // config.get('PORT') || 3000
			d := out.Values[1]
			out = out.Values[0]
			out.Default = &d
		}
		return out, found
	}
	if v.Kind == js.Method && v.Recv.Kind == js.Method && v.Recv.Text == "config" && s.kind(*v.Recv.Recv, 0) == "fastify" { // https://github.com/fastify/fastify-env#usage
		return s.settingOf(v.Text)
	}
	if v.Kind != js.Call {
		return v, false
	}
	// https://expressjs.com/en/5x/api.html#app.set
	if v.Text == "get" && v.Recv != nil && len(v.Values) == 1 && v.Values[0].IsString() && s.kind(*v.Recv, 0) == "express" {
		got, _ := s.modules.once(s.Name, "set "+v.Values[0].Text, func() js.Value {
			for _, c := range s.modules.made(s.Name, "set") {
				if len(c.args) == 2 && c.args[0].IsString() && c.args[0].Text == v.Values[0].Text {
					return js.Value{Kind: js.Object, Keys: []string{"is"}, Values: c.args[1:]}
				}
			}
			return js.Value{}
		})
		x, ok := got.Field("is")
		if !ok {
			return js.Value{}, true
		}
		return *x, true
	}
	var rows []*row
	if v.Recv != nil {
		on := s.kind(*v.Recv, 0)
		for _, r := range s.methods[v.Text] {
			if slices.Contains(r.On, on) {
				rows = append(rows, r)
			}
		}
	} else {
		rows = s.of(v.Ref)
	}
	for _, r := range rows {
		name, ok := selected(v.Values, r.Env)
		if r.Env == "" || !ok || !name.IsString() {
			continue
		}
		if x, ok := s.settingOf(name.Text); ok {
			return x, true
		}
		if !envName.MatchString(name.Text) {
			continue
		}
		out := js.Value{Kind: js.Env, Text: name.Text, Parsed: true}
		if d, ok := selected(v.Values, r.Default); ok && r.Default != "" {
			out.Default = &d
		}
		out.Needed = r.Needed && out.Default == nil
		return out, true
	}
	return v, false
}

// files takes the files that a call opens.
func (s *source) files(r *row, use effect.Use, selectors []string, args []js.Value, call string, pos fact.Pos) {
	from := len(s.Files)
	for _, sel := range selectors {
		if name, ok := strings.CutPrefix(sel, "="); ok { // a path of the library's own, unless an argument names another
			if len(s.Files) > from {
				continue
			}
			f := effect.File{Pos: pos, Use: use, Call: call, Path: effect.Value{Text: name, Sure: effect.Literal}, Dir: r.Dir}
			if rest, home := strings.CutPrefix(name, "~/"); home {
				f.Path.Text, f.Base = rest, effect.Home
			}
			s.Files = append(s.Files, f)
			continue
		}
		var list []js.Value
		if base, callback := strings.CutSuffix(sel, ".()"); callback {
			for _, v := range selectedAll(args, base) {
				if v.Kind == js.Function {
					list = append(list, s.Handed(v, 2, 1)...)
				}
			}
		} else {
			list = all(args, []string{sel})
		}
		for _, v := range list {
			if v.Kind == js.Function || v.Kind == js.Object {
				continue
			}
			if r.Scheme != "" {
				if v.Kind == js.Env {
					v = v.Unset()
				}
				if v.Kind != js.Scalar || !strings.HasPrefix(v.Text, r.Scheme+":") {
					continue
				}
				v.Text = strings.TrimPrefix(strings.TrimPrefix(v.Text, r.Scheme+":"), "//")
			}
			f, ok := s.path(v, pos)
			if !ok || use == effect.Read && !f.Path.Known() {
				continue
			}
			if r.Below != "" && f.Path.Text != "" && !path.IsAbs(f.Path.Text) && f.Base == effect.WorkDir {
				if below, ok := selected(args, r.Below); ok && below.Kind == js.Scalar {
					if g, ok := s.path(below, pos); ok && g.Path.Known() {
						g.Path.Text = path.Join(g.Path.Text, f.Path.Text)
						f.Path, f.Base = g.Path, g.Base
					}
				}
			}
			f.Use, f.Call, f.Pos, f.Dir = use, call, pos, f.Dir || r.Dir
			s.Files = append(s.Files, f)
		}
	}
}

// notFile matches texts that name no file of the program's: addresses of the
// network, databases in memory.
var notFile = lazy.MustCompile(`^([a-z][a-z0-9+.-]+://|data:|:memory:|-$)|[\x00\n]`)

// path reads a path; ok is false if the value is none.
func (s *source) path(v js.Value, pos fact.Pos) (effect.File, bool) {
	f := effect.File{}
	base := v.Base
	text := func(v js.Value) (string, bool) {
		name, local := strings.CutPrefix(v.Text, "file:")
		if local {
			name = strings.TrimPrefix(name, "//")
		}
		if v.Kind != js.Scalar && v.Kind != js.Parts || v.Type != js.Text || name == "" && v.Kind == js.Scalar || notFile.MatchString(name) {
			return "", false
		}
		if v.Kind == js.Parts { // the folder of a name that is put together
			i := strings.LastIndexByte(name, '/')
			if i < 0 {
				return "", false
			}
			name, f.Dir = name[:max(i, 1)], true
		}
		if i := strings.IndexAny(name, "*{"); i >= 0 { // a pattern: the folder that it starts with
			i = strings.LastIndexByte(name[:i], '/')
			if i < 0 {
				return "", false
			}
			name, f.Dir = name[:max(i, 1)], true
		}
		base = v.Base
		if base == js.Root && !path.IsAbs(name) {
			name = rel(path.Dir(pos.File), name)
			// A name that is put together beside the code may lead anywhere.
			return name, v.Kind == js.Scalar || name != "."
		}
		return path.Clean(name), true
	}
	switch v.Kind {
	case js.Scalar, js.Parts:
		name, ok := text(v)
		if !ok && v.Kind == js.Scalar {
			return f, false
		}
		if ok {
			f.Path = effect.Value{Text: name, Sure: effect.Literal}
		}
	case js.Env, js.Either:
		f.Path = valueOf(v, text)
	default:
	}
	switch base {
	case js.Root:
		f.Base = effect.Code
	case js.Temp:
		f.Base = effect.Temp
	case js.Home:
		f.Base = effect.Home
	case js.Main:
		f.Base = effect.Entry
	case js.None, js.WorkDir:
	}
	return f, true
}
