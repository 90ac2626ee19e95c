package js

import (
	"path"
	"slices"
	"strings"
)

// use is what a binding holds where token i uses it.
func (r reader) use(b int32, i int) Value {
	if !r.enter() {
		return r.at(Value{}, i)
	}
	defer r.leave()
	v := r.held(r.bindings[b].writes, i)
	if v.Kind == Computed {
		if t, ok := r.typed(b); ok {
			v = t
		}
	}
	if (v.Kind == Computed || v.Kind == Call) && v.Made == (Site{}) {
		v.Made = r.received(b)
	}
	v.File, v.Line, v.Token = r.Name, r.Line(i), i
	return v
}

// received is the function whose first parameter a name is, where that is an object that
// nothing else is known of.
func (r reader) received(b int32) Site {
	if w := r.bindings[b].writes; len(w) == 1 && w[0].kind == parameter && w[0].index == 0 && len(w[0].steps) == 0 {
		return Site{r.Name, int(r.scope[w[0].scope].from)}
	}
	return Site{}
}

// typed is an object of the class of another module, if the name is declared to
// be one: (app: FastifyInstance).
func (r reader) typed(b int32) (Value, bool) {
	for _, w := range r.bindings[b].writes[:min(len(r.bindings[b].writes), 4)] {
		if v, ok := r.instance(w.typ); ok && len(w.steps) == 0 {
			return v, true
		}
	}
	return Value{}, false
}

// instance is an object of the type at token i, as far as the type is a name.
func (r reader) instance(i int32) (Value, bool) {
	if i < 0 || r.word(int(i)) == "" {
		return Value{}, false
	}
	end := int(i) + 1
	for r.is(end, ".") && r.word(end+1) != "" {
		end += 2
	}
	if b := r.lookup(r.text(int(i)), int(i)); b < 0 || len(r.bindings[b].writes) != 1 || r.bindings[b].writes[0].kind != imported {
		return Value{}, false
	}
	v, _ := r.postfix(int(i), end)
	if v.Kind == Function && v.file.scope[v.scope].kind == classScope {
		return Value{Kind: Call, file: v.file, scope: v.scope}, true
	}
	if v.Kind != Reference || v.Ref.Module == "" {
		return Value{}, false
	}
	return Value{Kind: Call, Ref: v.Ref}, true
}

// maxWrites bounds the writes to one name.
const maxWrites = 64

// held is what a list of writes leaves at token use: the value of the last one
// that surely comes before, with what is written to its members after it. A
// write that may come between makes it one of several, or computed.
func (r reader) held(writes []write, use int) Value {
	if len(writes) > maxWrites {
		return Value{}
	}
	writes = r.settle(writes)
	base, from := Value{}, -1
	for k, w := range writes {
		if len(w.path) == 0 && r.before(w, use) && !w.conditional && r.encloses(w.scope, r.inside[use]) {
			from = k
		}
	}
	full := 0
	for k, w := range writes {
		if len(w.path) > 0 {
			continue
		}
		full++
		if from < 0 && full == 1 && (w.kind == callable || w.kind == imported || w.kind == parameter) {
			from = k // these are there from the start
		}
	}
	if from < 0 && full == 1 {
		from = slices.IndexFunc(writes, func(w write) bool { return len(w.path) == 0 })
	}
	if from >= 0 {
		base = r.written(writes[from])
		if w := writes[from]; w.kind == orElse {
			base = logicalOr(r.held(writes[:from], use), base, true)
		}
	}
	list := []Value{base}
	if from < 0 {
		list = nil
	}
	var members []write
	for k, w := range writes {
		switch {
		case len(w.path) > 0:
			members = append(members, w)
		case k == from || w.kind == nothing && from >= 0:
		case r.may(w, from, writes, use):
			x := r.written(w)
			if w.kind == orElse {
				x = either(base, x)
			}
			list = append(list, x)
		}
	}
	if len(list) > 1 {
		// A name without a value is not used.
		list = slices.DeleteFunc(list, func(v Value) bool { return v.nothing() })
	}
	v := either(list...)
	for _, w := range members {
		switch {
		case from >= 0 && w.at < writes[from].at && r.before(writes[from], use):
		case r.before(w, use) && !w.conditional && r.encloses(w.scope, r.inside[use]):
			v = withMember(v, w.path, r.written(w), false)
		case r.may(w, from, writes, use):
			v = withMember(v, w.path, r.written(w), true)
		}
	}
	return v
}

// before reports whether a write stands before a use of the same run: not in a
// function that is only defined there.
func (r reader) before(w write, use int) bool {
	return int(w.at) < use
}

// may reports whether a write can happen between the write at from and the use.
func (r reader) may(w write, from int, writes []write, use int) bool {
	same := r.scope[w.scope].function == r.scope[r.inside[use]].function
	switch {
	case int(w.at) > use && same:
		// Only the next round of a loop comes back to the use.
		return r.looped(w.scope, use)
	case from >= 0 && int(w.at) < use && w.at < writes[from].at && r.scope[w.scope].function == r.scope[writes[from].scope].function:
		return false // it is written over
	}
	return true
}

// looped reports whether a loop holds a scope and a token.
func (r reader) looped(x int32, use int) bool {
	for range maxNesting {
		if x < 0 || r.scope[x].kind == functionScope {
			return false
		}
		if r.scope[x].kind == loop && int(r.scope[x].from) <= use && use <= int(r.scope[x].to) {
			return true
		}
		x = r.scope[x].parent
	}
	return true
}

// withMember is an object after a write to a member.
func withMember(v Value, keys []string, x Value, maybe bool) Value {
	if len(keys) == 0 {
		if maybe {
			return either(v, x)
		}
		return x
	}
	if v.Kind != Object {
		return v
	}
	v.Keys, v.Values = slices.Clone(v.Keys), slices.Clone(v.Values)
	old, ok := v.Field(keys[0])
	if !ok {
		old = &Value{Kind: Scalar, Type: Word, Text: "undefined", File: x.File, Line: x.Line}
		if len(keys) > 1 {
			old = &Value{Kind: Object}
		}
		v.Keys, v.Values = append(v.Keys, keys[0]), append(v.Values, *old)
		old = &v.Values[len(v.Values)-1]
	}
	*old = withMember(*old, keys[1:], x, maybe)
	return v
}

// written is the value that a write gives.
func (r reader) written(w write) Value {
	var v Value
	switch w.kind {
	case nothing:
		v = word("undefined")
	case assigned, orElse:
		v = r.memo(int(w.value))
	case callable:
		if fn, ok := r.functions[int(w.value)]; ok {
			v = Value{Kind: Function, file: r.File, scope: fn}
		}
	case element:
		list := r.memo(int(w.value))
		if list.Kind == Array && !list.Open && len(list.Values) > 0 {
			v = either(list.Values...)
		}
	case imported:
		v = r.module(r.Imports[w.module].Specifier, w.steps[0].key)
		return v
	case parameter:
		v = r.argument(w)
	case computed:
	}
	for _, s := range w.steps {
		if s.key != "" {
			v = r.member(v, s.key, int(w.at))
		}
		if s.value >= 0 {
			d := r.memo(int(s.value))
			switch {
			case v.nothing():
				v = d
			case v.Kind == Env && v.Default == nil:
				v.Default = &d
			case v.Kind == Computed, v.Kind == Either:
				v = either(v, d)
			}
		}
	}
	return v
}

// memo reads an expression once; one that depends on a call, once in each.
func (r reader) memo(i int) Value {
	for f := r.frame; f != nil; f = f.up {
		if f.file == r.File && i < len(r.inside) && r.encloses(f.scope, r.inside[i]) {
			at := Site{r.Name, i}
			if v, ok := r.frame.values[at]; ok {
				return v
			}
			v, _ := r.expr(i)
			if r.frame.values == nil {
				r.frame.values = map[Site]Value{}
			}
			r.frame.values[at] = v
			return v
		}
	}
	r.frame = nil
	if v, ok := r.values[i]; ok {
		return v
	}
	r.values[i] = Value{} // a name that is made of itself is computed
	v, _ := r.expr(i)
	r.values[i] = v
	return v
}

// maxCallers bounds the calls of a function that its parameters are read from.
const maxCallers = 8

// argument is what a parameter holds: the argument of the call that is read,
// else what the calls in the file give, else the element that forEach hands on.
func (r reader) argument(w write) Value {
	for f := r.frame; f != nil; f = f.up {
		if f.file == r.File && f.scope == w.scope {
			switch {
			case f.unknown:
				return Value{}
			case int(w.index) < len(f.args):
				return f.args[w.index]
			}
			return word("undefined")
		}
	}
	key := -1 - int(w.at)
	if v, ok := r.values[key]; ok {
		return v
	}
	r.values[key] = Value{}
	v := r.given(w)
	r.values[key] = v
	return v
}

// given is what a parameter holds by what stands around its function.
func (r reader) given(w write) Value {
	fn := r.scope[w.scope]
	name := fn.name
	if fn.caller >= 0 {
		name = r.scope[fn.caller].name
	}
	var list []Value
	about := w.scope
	if fn.caller >= 0 {
		about = fn.caller
	}
	for _, args := range r.handed[about] {
		switch {
		case args == nil:
			return Value{}
		case int(w.index) < len(args):
			list = append(list, args[w.index])
		default:
			list = append(list, word("undefined"))
		}
	}
	if name >= 0 {
		calls := r.calls[r.bindings[name].name]
		for _, open := range calls[:min(len(calls), maxWrites)] {
			if open == int(fn.open) || r.is(open-2, "function") || r.lookup(r.bindings[name].name, open-1) != name || fn.from <= int32(open) && int32(open) <= fn.to {
				r.steps++
				continue
			}
			if len(list) == maxCallers {
				return Value{}
			}
			args := (reader{File: r.File}).arguments(open)
			if int(w.index) < len(args) {
				list = append(list, args[w.index])
			} else {
				list = append(list, word("undefined"))
			}
		}
	}
	if name >= 0 && w.index == 0 {
		list = append(list, r.handedOn(name)...)
	}
	if len(list) > 0 {
		return either(list...)
	}
	if name >= 0 {
		return Value{}
	}
	if w.index > 0 {
		return Value{}
	}
	at := int(fn.from)
	if r.is(at-1, "async") {
		at--
	}
	if list := r.elements(at - 1); len(list) > 0 {
		return either(list...)
	}
	return Value{}
}

// each are the methods of an array that call a function with each element.
var each = []string{"forEach", "map", "some", "every", "flatMap", "filter", "find"} //nolint:gochecknoglobals // a constant table

// elements are those of the array whose method is called by the parenthesis at
// open: [a, b].forEach(x => …).
func (r reader) elements(open int) []Value {
	if !r.is(open, "(") || !slices.Contains(each, r.word(open-1)) || !r.is(open-2, ".") {
		return nil
	}
	start := r.CalleeStart(open)
	if start < 0 {
		return nil
	}
	list, _ := reader{File: r.File}.postfix(start, open-2)
	if list.Kind != Array || list.Open {
		return nil
	}
	return list.Values
}

// handedOn are the elements of the arrays whose methods get a function by its name:
// [a, b].forEach(f).
func (r reader) handedOn(name int32) []Value {
	var out []Value
	for _, method := range each {
		calls := r.calls["."+method]
		for _, open := range calls[:min(len(calls), maxWrites)] {
			r.steps++
			if r.word(open+1) == r.bindings[name].name && r.is(open+2, ")") && r.lookup(r.bindings[name].name, open+1) == name && len(out) < maxCallers {
				out = append(out, r.elements(open)...)
			}
		}
	}
	return out
}

// member is v.name, read at token i.
func (r reader) member(v Value, name string, i int) Value {
	switch v.Kind {
	case Object:
		if x, ok := v.Field(name); ok {
			return *x
		}
		if v.Ref.Module == "config" {
			return Value{Kind: Method, Text: name, Recv: &v}
		}
		if v.Open {
			return Value{}
		}
		return word("undefined")
	case Array:
		for k, x := range v.Values {
			if itoa(k) == name {
				return x
			}
		}
		if name != "" && isDigit(name[0]) && !v.Open {
			return word("undefined")
		}
		return Value{Kind: Method, Text: name, Recv: &v}
	case Env, Scalar, Parts:
		if v.nothing() {
			return Value{}
		}
		if v.Base != None && (name == "pathname" || name == "href" || name == "path") { // of a URL, and of app-root-path
			return v
		}
		return Value{Kind: Method, Text: name, Recv: &v}
	case Reference:
		return r.part(v, name)
	case Either:
		list := make([]Value, 0, len(v.Values))
		for _, x := range v.Values {
			if !x.nothing() {
				list = append(list, r.member(x, name, i))
			}
		}
		return either(list...)
	case Call:
		if v.file != nil {
			if x, ok := v.file.field(int(v.scope), name); ok {
				return x
			}
		}
	case Method:
		if v.Text == "this" && v.Recv.Kind == Computed {
			if class := r.classOf(int(r.inside[min(i, len(r.inside)-1)])); class >= 0 {
				if x, ok := r.field(class, name); ok {
					return x
				}
				if super, ok := r.superOf(int32(class)); ok {
					return Value{Kind: Method, Text: name, Recv: &Value{Kind: Call, Ref: super.Ref}}
				}
			}
			return Value{Kind: Method, Text: name, Recv: &Value{}}
		}
	case Function:
		if v.file.scope[v.scope].kind == classScope { // static port = 1, and the members of an enum
			if x, ok := v.file.field(int(v.scope), name); ok {
				return x
			}
		}
	default:
	}
	recv := v
	out := Value{Kind: Method, Text: name, Recv: &recv}
	if v.Kind == Call && r.program.source != nil {
		if x, ok := r.program.source.Call(r.Name, out); ok {
			return x
		}
	}
	return out
}

// field is what this.name holds in a class.
func (f *File) field(class int, name string) (Value, bool) {
	var list []Value
	r := reader{File: f}
	writes := f.fields[field{class, name}]
	if len(writes) > maxWrites {
		return Value{}, true
	}
	for _, w := range writes {
		if len(w.path) > 1 {
			continue
		}
		v := r.written(w)
		if v.Kind == Computed && w.value >= 0 {
			if b := f.lookup(name, int(w.at)); b >= 0 {
				if t, ok := r.typed(b); ok {
					v = t
				}
			}
		}
		if !v.nothing() {
			list = append(list, v)
		}
	}
	if len(list) > 0 {
		return either(list...), true
	}
	// A field that is only declared: private app: Application;
	from, to := int(f.scope[class].from), int(f.scope[class].to)
	for i := from + 1; i < to && i < from+400; i++ {
		if f.is(i, "(") || f.is(i, "{") {
			i = f.Close(i)
			continue
		}
		if fn, ok := f.functions[i+1]; ok && f.word(i) == name && f.is(i-1, "get") {
			return r.returned(fn, nil), true
		}
		if f.word(i) == name && (f.is(i+1, ":") || f.is(i+1, "!") && f.is(i+2, ":") || f.is(i+1, "?") && f.is(i+2, ":")) {
			at := i + 2
			if !f.is(i+1, ":") {
				at++
			}
			return r.instance(int32(at))
		}
	}
	return Value{}, false
}

// Method is the function that a method of an object of the program's own class is.
func (p *Program) Method(v Value) (Value, bool) {
	if v.Kind != Method || v.Recv.Kind != Call && v.Recv.Kind != Function || v.Recv.file == nil {
		return Value{}, false
	}
	f, class := v.Recv.file, v.Recv.scope
	if f.scope[class].kind != classScope {
		return Value{}, false
	}
	list, ok := f.methods[class]
	if !ok {
		list = map[string]int32{}
		for i := int(f.scope[class].from) + 1; i < int(f.scope[class].to) && i < len(f.Tokens); i++ {
			if fn, ok := f.functions[i+1]; ok && f.word(i) != "" && f.scope[fn].method && f.scope[fn].parent == class {
				list[f.text(i)] = fn
			}
			if f.is(i, "(") || f.is(i, "{") || f.is(i, "[") {
				i = f.Close(i)
			}
		}
		if f.methods == nil {
			f.methods = map[int32]map[string]int32{}
		}
		f.methods[class] = list
	}
	fn, ok := list[v.Text]
	return Value{Kind: Function, file: f, scope: fn}, ok
}

// Result is what a function gives that is called without arguments.
func (p *Program) Result(fn Value) Value {
	if fn.Kind != Function || fn.file == nil || fn.file.scope[fn.scope].kind == classScope {
		return Value{}
	}
	return reader{File: fn.file}.returned(fn.scope, nil)
}

// module is what an import of that name from a module holds.
func (r reader) module(specifier, name string) Value {
	if f, data, ok := r.program.load(r.Name, specifier); ok {
		if f != nil {
			return r.part(Value{Kind: Reference, file: f}, name)
		}
		if name == "default" || name == "*" {
			return data
		}
		if x, ok := data.Field(name); ok {
			return *x
		}
		return Value{}
	}
	specifier = strings.TrimPrefix(specifier, "node:")
	if name == "*" || name == "default" {
		name = ""
	}
	if specifier == "app-root-path" && name == "" {
		// The folder of the app's package, which node_modules lies in: https://github.com/inxilpro/node-app-root-path.
		return Value{Kind: Scalar, Text: ".", Base: WorkDir}
	}
	return Value{Kind: Reference, Ref: joined(Ref{Module: specifier}, name)}
}

func joined(ref Ref, name string) Ref {
	if name == "" || name == "default" {
		return ref
	}
	if ref.Name != "" {
		name = ref.Name + "." + name
	}
	ref.Name = name
	return ref
}

// globalWrite is a write to a member of the global object in a file.
type globalWrite struct {
	file  *File
	write write
}

// Global reports whether a file writes to a member of that name of the global object.
func (p *Program) Global(name string) bool { return len(p.globals[name]) > 0 }

// global is what the files of the program write to a member of the global object: where they
// write several values, one of these. Of an object, other files may write more.
func (r reader) global(name string) (Value, bool) {
	writes := r.program.globals[name]
	if len(writes) == 0 || len(writes) > maxCallers || r.program.reading[name] || !r.enter() {
		return Value{}, false
	}
	defer r.leave()
	r.program.reading[name] = true
	defer delete(r.program.reading, name)
	var list []Value
	for _, w := range writes {
		if w.write.kind == computed {
			return Value{}, false
		}
		v := reader{File: w.file}.written(w.write)
		if v.Kind == Object {
			v.Open = true
		}
		list = append(list, v)
	}
	v := either(list...)
	return v, v.Kind != Computed
}

// part is a member of a module or a global.
func (r reader) part(v Value, name string) Value {
	if v.file != nil {
		f := v.file
		switch name {
		case "default":
			return f.Export("default")
		case "*":
			// What require gives, and a namespace with its default beside its names.
			if len(f.commonJS) > 0 {
				return f.required()
			}
			return v
		default:
			return f.Export(name)
		}
	}
	owner := v.Ref
	if owner == (Ref{Name: "global"}) || owner == (Ref{Name: "globalThis"}) {
		if x, ok := r.global(name); ok {
			return x
		}
	}
	v.Ref = joined(v.Ref, name)
	switch v.Ref {
	case Ref{Name: "import.meta.dirname"}:
		return folder(r.Name)
	case Ref{Name: "import.meta.filename"}, Ref{Name: "import.meta.url"}, Ref{Name: "import.meta.path"}:
		return Value{Kind: Scalar, Text: r.Name, Base: Root}
	case Ref{Name: "import.meta.dir"}: // of Bun
		return folder(r.Name)
	case Ref{Name: "require.main.filename"}, Ref{Module: "process", Name: "mainModule.filename"}, Ref{Name: "Bun.main"}, Ref{Module: "process", Name: "argv.1"}:
		return Value{Kind: Scalar, Text: "main", Base: Main}
	case Ref{Name: "require.main.path"}, Ref{Module: "process", Name: "mainModule.path"}:
		return Value{Kind: Scalar, Text: ".", Base: Main}
	case Ref{Module: "process", Name: "env.PWD"}, Ref{Module: "process", Name: "env.INIT_CWD"}:
		return Value{Kind: Scalar, Text: ".", Base: WorkDir}
	case Ref{Module: "process", Name: "env.HOME"}:
		return Value{Kind: Scalar, Text: ".", Base: Home}
	}
	for _, env := range []Ref{{"process", "env"}, {"", "import.meta.env"}, {"", "Bun.env"}, {"bun", "env"}, {"", "globalThis.process.env"}, loaded} {
		if v.Ref.Module == env.Module {
			// A name may hold dots itself: process.env['app.port'].
			if rest, ok := strings.CutPrefix(v.Ref.Name, env.Name+"."); ok && (owner == env || !strings.Contains(rest, ".")) {
				if (r.program.Build || r.program.Production) && rest == "NODE_ENV" {
					return Value{Kind: Scalar, Text: "production"}
				}
				out := Value{Kind: Env, Text: rest}
				if env == loaded {
					out.Ref = loaded
				}
				return out
			}
		}
	}
	return Value{Kind: Reference, Ref: v.Ref}
}

// loaded is what Vite's loadEnv returns: the variables of the build, and those of the files .env*.
var loaded = Ref{Module: "vite", Name: "loaded"} //nolint:gochecknoglobals // a constant

// Loaded reports whether a variable's value is that of a file .env* where the environment has none.
func (v Value) Loaded() bool { return v.Kind == Env && v.Ref == loaded }

// Export is what the file exports under a name; "default" is module.exports
// too.
func (f *File) Export(name string) Value {
	if v, ok := f.exported[name]; ok {
		return v
	}
	f.exported[name] = Value{}
	v := f.export(name)
	f.exported[name] = v
	return v
}

func (f *File) export(name string) Value {
	r := reader{File: f}
	if e, ok := f.exports[name]; ok {
		switch {
		case e.from != "" && e.local == "*":
			return r.module(e.from, "*")
		case e.from != "":
			return r.module(e.from, e.local)
		case e.value >= 0:
			return r.memo(int(e.value))
		}
		name = e.local
		if b, ok := f.scope[0].names[name]; ok {
			return r.use(b, len(f.Tokens)-1)
		}
		return Value{}
	}
	if len(f.commonJS) > 0 {
		v := f.required()
		if name == "default" {
			return v
		}
		return r.member(v, name, len(f.Tokens)-1)
	}
	if b, ok := f.scope[0].names[name]; ok && name != "default" {
		return r.use(b, len(f.Tokens)-1)
	}
	for _, from := range f.stars {
		if v := r.module(from, name); v.Kind != Computed && v.Kind != Reference {
			return v
		}
	}
	return Value{}
}

// required is what require gives for a CommonJS module.
func (f *File) required() Value {
	if v, ok := f.exported["\x00"]; ok {
		return v
	}
	f.exported["\x00"] = Value{}
	r := reader{File: f}
	writes := f.commonJS
	if !slices.ContainsFunc(writes, func(w write) bool { return len(w.path) == 0 }) {
		v := Value{Kind: Object}
		for _, w := range writes {
			v = withMember(v, w.path, r.written(w), w.conditional)
		}
		f.exported["\x00"] = r.at(v, 0)
		return f.exported["\x00"]
	}
	v := r.held(writes, len(f.Tokens)-1)
	f.exported["\x00"] = v
	return v
}

// call is what a call of fn with these arguments gives. named is the first name
// of what is called.
func (r reader) call(fn Value, args []Value, named string) Value {
	v := r.called(fn, args, named)
	if v.Kind == Call && r.program.source != nil {
		if got, ok := r.program.source.Call(r.Name, v); ok {
			return got
		}
	}
	return v
}

func (r reader) called(fn Value, args []Value, named string) Value {
	switch fn.Kind {
	case Env:
		if r.program.Build { // (process.env.X ? a : b)()
			if v, ok := fn.unset(func(f Value) (Value, bool) { return r.call(f, args, named), f.Kind == Reference || f.Kind == Function }); ok {
				return v
			}
		}
		return Value{}
	case Reference:
		if fn.file != nil { // a namespace that is called is its default
			return r.call(fn.file.Export("default"), args, named)
		}
		if v, ok := r.builtin(fn.Ref, args); ok {
			return v
		}
		return Value{Kind: Call, Ref: fn.Ref, Values: args, Named: named}
	case Function:
		if fn.file.scope[fn.scope].kind == classScope {
			return Value{}
		}
		if v := (reader{File: fn.file, frame: r.frame}).returned(fn.scope, args); v.Kind != Computed {
			return v
		}
		return Value{Kind: Call, Values: args, Named: named}
	case Method:
		if own, ok := r.program.Method(fn); ok {
			if v := (reader{File: own.file, frame: r.frame}).returned(own.scope, args); v.Kind != Computed {
				return v
			}
		}
		return method(fn, args, named)
	case Either:
		return Value{}
	default:
		return made(fn, args, named)
	}
}

// made is the value of a call that nothing more is known of.
func made(fn Value, args []Value, named string) Value {
	v := Value{Kind: Call, Values: args, Named: named}
	switch fn.Kind {
	case Reference:
		v.Ref = fn.Ref
	case Call: // f(a)(b)
		v.Recv = &fn
	default:
	}
	return v
}

// method is what a call of a method gives.
func method(fn Value, args []Value, named string) Value {
	switch fn.Recv.Kind {
	case Env, Scalar, Parts:
		if fn.Recv.Base != None && fn.Recv.Kind == Scalar && fn.Text == "resolve" { // app-root-path
			return joinPath(append([]Value{*fn.Recv}, args...), false)
		}
		switch fn.Text {
		case "toString", "trim", "valueOf":
			return text(*fn.Recv)
		case "toLowerCase":
			return mapped(*fn.Recv, func(v Value) Value { v.Text = strings.ToLower(v.Text); return v })
		case "toUpperCase":
			return mapped(*fn.Recv, func(v Value) Value { v.Text = strings.ToUpper(v.Text); return v })
		}
		return Value{}
	case Object:
		// The packages config and convict: get('server.port') is the member of a member.
		switch own := fn.Recv.Ref.Module == "config"; {
		case fn.Text == "get" && len(args) == 1 && args[0].IsString():
			return asked(*fn.Recv, args[0].Text)
		case fn.Text == "has" && own && len(args) == 1 && args[0].IsString():
			if v := asked(*fn.Recv, args[0].Text); v.Kind != Computed {
				return truth(true)
			}
		case own && slices.Contains([]string{"get", "getProperties", "toObject", "validate", "loadFile", "load"}, fn.Text):
			return *fn.Recv
		}
		return Value{}
	case Array:
		if fn.Text == "join" && len(args) == 1 && args[0].Kind == Scalar && !fn.Recv.Open {
			out := Value{Kind: Scalar}
			for k, x := range fn.Recv.Values {
				if k > 0 {
					out = plus(out, args[0])
				}
				out = plus(out, text(x))
			}
			return out
		}
		if fn.Text == "concat" || fn.Text == "filter" || fn.Text == "slice" {
			return Value{}
		}
	default:
	}
	return Value{Kind: Call, Text: fn.Text, Recv: fn.Recv, Values: args, Named: named}
}

// asked is the member of members that a path with dots names.
func asked(v Value, path string) Value {
	for key := range strings.SplitSeq(path, ".") {
		x, ok := v.Field(key)
		if !ok {
			return Value{}
		}
		v = *x
	}
	return v
}

// returned is what all return statements of a function agree on.
func (r reader) returned(fn int32, args []Value) Value {
	depth := 0
	if r.frame != nil {
		depth = r.frame.depth
	}
	if depth >= maxFrames || !r.enter() {
		return Value{}
	}
	defer r.leave()
	x := r.scope[fn]
	in := reader{File: r.File, frame: &frame{file: r.File, scope: fn, args: args, up: r.frame, depth: depth + 1}}
	if !r.is(int(x.body), "{") {
		v, _ := in.expr(int(x.body))
		return v
	}
	var list []Value
	for _, at := range in.reached(fn) {
		v, _ := in.expr(at)
		list = append(list, v)
	}
	return agreed(list)
}

// returns lists the expressions that a function returns.
func (f *File) returns(fn int32) []int {
	if out, ok := f.results[fn]; ok {
		return out
	}
	f.results[fn] = nil
	var out []int
	x := f.scope[fn]
	for i := int(x.body) + 1; i < int(x.to) && i < len(f.Tokens); i++ {
		if inner, ok := f.functions[i]; ok && inner != fn {
			i = max(i, int(f.scope[inner].to))
			continue
		}
		if f.is(i, "return") && f.Tokens[i].Kind == Ident && !f.is(i-1, ".") && !f.is(i+1, ":") {
			if f.is(i+1, ";") || f.is(i+1, "}") || i+1 < len(f.Tokens) && f.Tokens[i+1].fresh {
				continue
			}
			out = append(out, i+1)
			if len(out) > maxCallers {
				return nil
			}
		}
	}
	f.results[fn] = out
	return out
}

// agreed is what several results have in common. Where one of them is a
// variable, those that say that it is unusable do not count: false, null, and
// the variable itself before it is converted.
func agreed(list []Value) Value {
	if len(list) == 0 {
		return Value{}
	}
	var env *Value
	for k := range list {
		if list[k].Kind == Env && (env == nil || list[k].Parsed && !env.Parsed) {
			env = &list[k]
		}
	}
	v := list[0]
	if env != nil {
		// if (v === undefined) return fallback
		var other *Value
		for k, x := range list {
			switch {
			case x.Kind == Scalar && (x.nothing() || x.Type == Word) || x.Kind == Env && x.Text == env.Text:
			case x.Known() && other == nil && env.Default == nil:
				other = &list[k]
			default:
				return Value{}
			}
		}
		v = *env
		if other != nil {
			d := *other
			v.Default = &d
		}
		return v
	}
	for _, x := range list[1:] {
		v = common(v, x)
	}
	return v
}

// common is what two values have in common; the rest is computed.
func common(a, b Value) Value {
	if same(a, b, 0) && a.Kind != Computed {
		return a
	}
	if a.Kind != Object || b.Kind != Object {
		return Value{File: a.File, Line: a.Line, Token: a.Token}
	}
	out := Value{Kind: Object, File: a.File, Line: a.Line, Token: a.Token, Open: a.Open || b.Open}
	absent := Value{Kind: Object}
	for _, key := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.Keys, b.Keys)))) {
		x, _ := a.Field(key)
		y, _ := b.Field(key)
		var v Value
		switch {
		case x != nil && y != nil:
			v = common(*x, *y)
		case x != nil:
			v = common(*x, absent) // what an object lacks, one that is not there lacks too
		default:
			v = common(*y, absent)
		}
		out.Keys, out.Values = append(out.Keys, key), append(out.Values, v)
	}
	return out
}

// folder is the folder of a file.
func folder(file string) Value {
	return Value{Kind: Scalar, Text: path.Dir(file), Base: Root}
}

// location is new URL(x, import.meta.url) as a path.
func location(args []Value) Value {
	known := len(args) == 2 && args[0].Kind == Scalar && args[1].Kind == Scalar && args[1].Base == Root
	if !known || path.IsAbs(args[0].Text) || strings.Contains(args[0].Text, "://") {
		return Value{Kind: Call, Ref: Ref{Name: "URL"}, Values: args}
	}
	name := strings.TrimPrefix(args[0].Text, "file:")
	v := Value{Kind: Scalar, Base: Root, Text: path.Join(path.Dir(args[1].Text), name)}
	if base := path.Base(name); base == "." || base == ".." || strings.HasSuffix(name, "/") {
		v.Text += "/" // a name may be put behind it
	}
	return v
}

// builtin is what a function of JavaScript or of Node makes of its arguments.
func (r reader) builtin(ref Ref, args []Value) (Value, bool) {
	first := Value{}
	if len(args) > 0 {
		first = args[0]
	}
	if ref.Module == "" {
		switch ref.Name {
		case "require":
			if first.IsString() && len(args) == 1 {
				return r.module(first.Text, "*"), true
			}
			return Value{}, true
		case "Number", "parseFloat", "Number.parseFloat":
			return numeric(first, false), true
		case "parseInt", "Number.parseInt", "Math.trunc", "Math.floor":
			return numeric(first, true), true
		case "String":
			return text(first), true
		case "Object.freeze", "Object.seal", "structuredClone":
			return first, true
		case "Deno.env.get":
			if first.IsString() {
				return Value{Kind: Env, Text: first.Text}, true
			}
		case "Object.assign":
			return spread(args), true
		case "Symbol", "Boolean", "isNaN", "Array.from", "Object.keys", "Object.entries", "Object.values", "JSON.stringify":
			return Value{}, true
		}
		return Value{}, false
	}
	switch ref.Module {
	case "vite":
		// https://vite.dev/config/#using-environment-variables-in-config
		if ref.Name == "loadEnv" && r.program.Build {
			return Value{Kind: Reference, Ref: loaded}, true
		}
	case "path", "path/posix":
		if r.program.Build {
			args = slices.Clone(args)
			for k := 1; k < len(args); k++ {
				args[k] = args[k].Unset()
			}
		}
		switch strings.TrimPrefix(ref.Name, "posix.") {
		case "join":
			return joinPath(args, false), true
		case "resolve":
			return joinPath(args, true), true
		case "normalize":
			return mapped(first, func(v Value) Value {
				if v.Kind == Scalar {
					v.Text = path.Clean(v.Text)
				}
				return v
			}), true
		case "dirname":
			return mapped(first, func(v Value) Value {
				if v.Kind != Scalar {
					return Value{}
				}
				v.Text = path.Dir(v.Text)
				return v
			}), true
		case "basename", "extname", "relative", "parse", "format":
			return Value{}, true
		}
	case "url":
		if ref.Name == "fileURLToPath" || ref.Name == "pathToFileURL" {
			return first, true
		}
	case "process":
		if ref.Name == "cwd" {
			return Value{Kind: Scalar, Text: ".", Base: WorkDir}, true
		}
		// The way of https://svelte.dev/docs/kit/adapter-static#GitHub-Pages to see the development server.
		if ref.Name == "argv.includes" && r.program.Build && first.IsString() {
			return truth(first.Text == "build"), true
		}
	case "os":
		switch ref.Name {
		case "tmpdir":
			return Value{Kind: Scalar, Text: ".", Base: Temp}, true
		case "homedir":
			return Value{Kind: Scalar, Text: ".", Base: Home}, true
		}
	case "util":
		if ref.Name == "promisify" {
			return first, true
		}
	}
	return Value{}, false
}

// joinPath is path.join or path.resolve of the arguments:
// https://nodejs.org/api/path.html#pathjoinpaths.
func joinPath(args []Value, resolve bool) Value {
	out := Value{Kind: Scalar}
	if resolve {
		out.Base = WorkDir
	}
	if len(args) == 0 {
		out.Text = "."
		return out
	}
	for k, x := range args {
		switch x.Kind {
		case Env:
			// The default of a folder, with what comes behind it.
			if k == 0 {
				d := Value{}
				if x.Default != nil {
					d = joinPath(append([]Value{*x.Default}, args[1:]...), resolve)
				}
				x.Default = &d
				return x
			}
			out.Kind = Parts
		case Scalar:
			if x.Type != Text && x.Type != Numeric || len(out.Text)+len(x.Text) > maxText {
				return Value{}
			}
			if out.Kind == Parts {
				continue
			}
			switch {
			case k == 0 && (x.Base != None || !resolve):
				out.Text, out.Base = x.Text, x.Base
			case resolve && (path.IsAbs(x.Text) || x.Base != None):
				out.Text, out.Base = x.Text, x.Base
				if x.Base == None {
					out.Base = WorkDir
				}
			default:
				out.Text = path.Join(out.Text, x.Text)
			}
		case Parts:
			if k == 0 {
				out.Base = x.Base
			}
			if out.Kind != Parts {
				out.Kind = Parts
				if k == 0 {
					out.Text = x.Text
				} else {
					out.Text = path.Join(out.Text, "x")[:len(path.Join(out.Text, "x"))-1] + x.Text
				}
			}
		case Either:
			if k == 0 && len(args) > 1 {
				return mapped(x, func(v Value) Value { return joinPath(append([]Value{v}, args[1:]...), resolve) })
			}
			return Value{}
		default:
			if k == 0 {
				return Value{}
			}
			if out.Kind != Parts {
				out.Kind = Parts
				if out.Text != "" {
					out.Text += "/"
				}
			}
		}
	}
	if out.Kind == Scalar {
		out.Text = path.Clean(out.Text)
	}
	return out
}

// Config is the object that a file of configuration exports: by default, as
// module.exports, or under the name config. It follows functions that hand
// their configuration through (defineConfig, withMDX), and takes of other
// functions what all their return statements agree on. Anything else is
// Computed. args are what the tool gives a function that the file exports; none
// is known without them. A file without a token exports an empty object.
func (f *File) Config(args ...Value) Value {
	if len(f.Tokens) == 0 {
		return Value{Kind: Object, File: f.Name, Line: 1}
	}
	var v Value
	_, config := f.scope[0].names["config"]
	switch {
	case f.exports["default"].value > 0:
		v = f.Export("default")
	case len(f.commonJS) > 0:
		v = f.required()
	case config:
		v = f.Export("config")
	}
	return f.configured(v, args, 0)
}

func (f *File) configured(v Value, args []Value, depth int) Value {
	if depth > maxFrames {
		return Value{}
	}
	switch v.Kind {
	case Object:
		return v
	case Function:
		if v.file.scope[v.scope].kind == classScope {
			return Value{}
		}
		// Each return statement by itself: it may call what hands through.
		r := reader{File: v.file, frame: &frame{file: v.file, scope: v.scope, args: args, unknown: len(args) == 0, depth: 1}}
		x := v.file.scope[v.scope]
		if !v.file.is(int(x.body), "{") {
			got, _ := r.expr(int(x.body))
			return f.configured(got, args, depth+1)
		}
		var list []Value
		for _, at := range r.reached(v.scope) {
			got, _ := r.expr(at)
			list = append(list, f.configured(got, args, depth+1))
		}
		if len(list) == 0 {
			return Value{}
		}
		out := list[0]
		for _, x := range list[1:] {
			out = common(out, x)
		}
		return out
	case Call:
		if !passes(v.Named) {
			return Value{}
		}
		if v.Named == "mergeConfig" { // https://vite.dev/guide/api-javascript#mergeconfig
			return f.merged(v.Values, args, depth+1)
		}
		for _, a := range v.Values {
			if got := f.configured(a, args, depth+1); got.Kind == Object {
				return got
			}
		}
	default:
	}
	return Value{}
}

// merged is the configuration that several are merged to; it is open if one of
// them cannot be read.
func (f *File) merged(list, args []Value, depth int) Value {
	out := Value{Kind: Object, File: f.Name, Line: 1}
	for _, v := range list {
		got := f.configured(v, args, depth)
		if got.Kind != Object {
			out.Open = out.Open || !got.nothing() && !(v.Kind == Scalar)
			continue
		}
		out = Merged(out, got)
	}
	return out
}

// spread is an object with the members of all: the last of equal names counts.
func spread(list []Value) Value {
	out := Value{Kind: Object}
	for _, x := range list {
		if x.Kind != Object || len(out.Keys)+len(x.Keys) > maxMembers {
			out.Open = true
			continue
		}
		out.Keys, out.Values, out.Open = append(out.Keys, x.Keys...), append(out.Values, x.Values...), out.Open || x.Open
	}
	return out
}
