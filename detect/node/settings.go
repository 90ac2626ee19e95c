package node

import (
	_ "embed"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/internal/table"
)

// settingsRow is a row of settings.yaml, which explains its fields.
type settingsRow struct {
	Module   []string `yaml:"module"`
	Call     []string `yaml:"call"`
	Is       string   `yaml:"is"`
	At       []string `yaml:"at"`
	Method   []string `yaml:"method"`
	Result   string   `yaml:"result"`
	Fields   string   `yaml:"fields"`
	Default  []string `yaml:"default"`
	Optional []string `yaml:"optional"`
	Needed   []string `yaml:"needed"`
	Required string   `yaml:"required"`
	Source   string   `yaml:"source"`
}

//go:embed settings.table
var settingsCompiled string

// settingsRules are the rows of settings.yaml by the functions that they are of, and
// the names by which code reads settings.
type settingsRules struct {
	functions map[js.Ref][]*settingsRow
	names     map[string]bool
}

var settingsRead = sync.OnceValue(func() *settingsRules { //nolint:gochecknoglobals // a constant table
	out := &settingsRules{functions: map[js.Ref][]*settingsRow{}, names: map[string]bool{}}
	rows := table.Must[[]settingsRow]("settings.yaml", settingsCompiled)
	for i := range rows {
		r := &rows[i]
		for _, name := range r.Call {
			refs := []js.Ref{{Name: name}}
			if r.Module != nil {
				refs = nil
			}
			for _, m := range r.Module {
				refs = append(refs, js.Ref{Module: m, Name: name})
			}
			for _, ref := range refs {
				out.functions[ref] = append(out.functions[ref], r)
			}
			if r.Is == "clean" && name != "" {
				out.names[name] = true
			}
		}
		for _, name := range r.Method {
			out.names[name] = true
		}
	}
	return out
})

// maxChain bounds the calls of one chain, and the depth of nested settings.
const maxChain = 64

// Call implements js.Source: what the libraries of settings.yaml give for values of the
// environment, and those whose settings are put together by several calls.
func (m modules) Call(from string, v js.Value) (js.Value, bool) {
	if v.Ref == (js.Ref{Module: "dotenv", Name: "config"}) && v.Kind == js.Call && v.Text == "" {
		return js.Value{Kind: js.Object, Open: true, Keys: []string{"parsed"}, Values: []js.Value{{Kind: js.Reference, Ref: js.Ref{Module: "process", Name: "env"}}}}, true
	}
	if v.Kind == js.Method {
		if v.Text == "argv" {
			return m.argv(from, v)
		}
		return js.Value{}, false
	}
	if v.Recv != nil && v.Text != "" {
		base := first0(v)
		switch {
		case base.Ref == js.Ref{Module: "env-var", Name: "get"} && strings.HasPrefix(v.Text, "as"):
			return envVar(v, base)
		case base.Ref.Module == "yargs" && (v.Text == "parse" || v.Text == "parseSync" || v.Text == "parseAsync"):
			return m.argv(from, v)
		case base.Ref.Module == "commander" && v.Text == "opts":
			return m.options(from)
		}
		for _, r := range settingsRead().functions[base.Ref] {
			if r.Is == "schema" && slices.Contains(r.Method, v.Text) && len(v.Values) > 0 {
				return r.parsed(v)
			}
		}
		return js.Value{}, false
	}
	switch v.Ref {
	case js.Ref{Module: "nconf", Name: "get"}:
		return m.nconf(from, v)
	case js.Ref{Module: "commander", Name: "program.opts"}, js.Ref{Module: "commander", Name: "opts"}:
		return m.options(from)
	case js.Ref{Module: "yargs", Name: "parse"}, js.Ref{Module: "yargs", Name: "parseSync"}:
		return m.argv(from, v)
	}
	for _, r := range settingsRead().functions[v.Ref] {
		switch r.Is {
		case "clean", "flags":
			if out, ok := r.read(v); ok {
				if v.Ref.Module == "convict" {
					return m.overlaid(from, out)
				}
				return out, true
			}
		case "file":
			if len(v.Values) > 0 {
				return m.fileOf(v.Values[0])
			}
		case "data":
			if len(v.Values) > 0 {
				return m.named(v.Values[0])
			}
		}
	}
	return js.Value{}, false
}

// first0 is the call that a chain of methods starts with.
func first0(v js.Value) js.Value {
	for range maxChain {
		if v.Recv == nil || v.Text == "" {
			break
		}
		v = *v.Recv
	}
	return v
}

// environment reports whether a value is the environment of the process.
func environment(v js.Value) bool {
	return v.Kind == js.Reference && (v.Ref == js.Ref{Module: "process", Name: "env"} || v.Ref == js.Ref{Name: "import.meta.env"} || v.Ref == js.Ref{Name: "Bun.env"})
}

// parsed is what a schema's method makes of the environment, or of an object with
// values of it.
func (r *settingsRow) parsed(v js.Value) (js.Value, bool) {
	given := v.Values[0]
	if !environment(given) && given.Kind != js.Object {
		return js.Value{}, false
	}
	left := maxShape
	fields, ok := r.shape(*v.Recv, &left)
	if !ok {
		return js.Value{}, false
	}
	out := js.Value{Kind: js.Object, Open: true}
	for i, key := range fields.Keys {
		name := js.Value{Kind: js.Env, Text: key}
		if x, ok := given.Field(key); ok {
			if name = *x; name.Kind != js.Env {
				out.Keys, out.Values = append(out.Keys, key), append(out.Values, name)
				continue
			}
		} else if given.Kind == js.Object && !given.Open {
			continue
		}
		out.Keys, out.Values = append(out.Keys, key), append(out.Values, r.field(name, fields.Values[i]))
	}
	if r.Result != "" {
		yes := js.Value{Kind: js.Scalar, Type: js.Word, Text: "true"}
		return js.Value{Kind: js.Object, Open: true, Keys: []string{r.Result, "success", "error"}, Values: []js.Value{out, yes, {Kind: js.Scalar, Type: js.Word, Text: "undefined"}}}, true
	}
	return out, true
}

// maxShape bounds the calls that one schema is put together by, with those of the
// schemas that it takes in.
const maxShape = 256

// shape are the fields of a schema with what its methods add; left is how many calls
// may still be looked at.
func (r *settingsRow) shape(v js.Value, left *int) (js.Value, bool) {
	out := js.Value{Kind: js.Object}
	for range maxChain {
		if *left--; v.Kind != js.Call || *left < 0 {
			return out, false
		}
		args := v.Values
		method := v.Text
		if v.Recv == nil || method == "" {
			if len(args) > 0 && args[0].Kind == js.Object {
				out = js.Merged(args[0], out)
			}
			return out, len(out.Keys) > 0
		}
		switch method {
		case "keys", "append", "extend", "shape", "safeExtend":
			if len(args) > 0 && args[0].Kind == js.Object {
				out = js.Merged(args[0], out)
			}
		case "merge", "and", "concat":
			if len(args) > 0 {
				if more, ok := r.shape(args[0], left); ok {
					out = js.Merged(more, out)
				}
			}
		case "transform", "pipe", "pick", "omit":
			return out, false
		}
		v = *v.Recv
	}
	return out, false
}

// field is a variable with what its schema says of it.
func (r *settingsRow) field(name, v js.Value) js.Value {
	name.Parsed = true
	said := r.Needed != nil
	needed := !said
	if v.Kind != js.Call {
		needed = false
	}
	for range maxChain {
		if v.Kind != js.Call {
			break
		}
		if v.Recv == nil || v.Text == "" {
			if i := len(v.Values) - 1; i >= 0 && strings.HasSuffix(v.Ref.Name, "preprocess") || i >= 0 && slices.Contains(r.Optional, lastName(v.Ref.Name)) {
				needed = needed && strings.HasSuffix(v.Ref.Name, "preprocess")
				v = v.Values[i]
				continue
			}
			break
		}
		switch {
		case slices.Contains(r.Default, v.Text):
			needed = false
			if name.Default == nil && len(v.Values) > 0 {
				if d := v.Values[0]; d.Known() || d.Kind == js.Env {
					name.Default = &d
				}
			}
		case slices.Contains(r.Optional, v.Text):
			needed = false
		case said && slices.Contains(r.Needed, v.Text):
			needed = name.Default == nil
		case v.Text == "when": // needed under a condition
			needed, said = false, false
		}
		v = *v.Recv
	}
	name.Needed = needed && name.Default == nil
	return name
}

func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// read is what a function gives that reads the environment or the arguments by the
// fields that it is given.
func (r *settingsRow) read(v js.Value) (js.Value, bool) {
	out := js.Value{Kind: js.Object, Open: true}
	if r.Fields == "convict" && r.Is == "clean" {
		out.Ref = js.Ref{Module: "config"} // it is asked by get('a.b')
	}
	found := false
	for _, at := range r.At {
		fields, ok := argument(v.Values, at)
		if !ok || fields.Kind != js.Object && fields.Kind != js.Array {
			continue
		}
		found = true
		got := r.values(fields, 0)
		out.Keys, out.Values = append(out.Keys, got.Keys...), append(out.Values, got.Values...)
	}
	if list, ok := argument(v.Values, r.Required); ok && r.Required != "" {
		for _, x := range list.Values {
			if f, ok := out.Field(x.Text); ok && f.Kind == js.Env && f.Default == nil {
				f.Needed = true
			}
		}
	}
	if r.Result != "" {
		return js.Value{Kind: js.Object, Open: true, Keys: []string{r.Result}, Values: []js.Value{out}}, found
	}
	return out, found || r.Is == "flags"
}

// argument is an argument, or a member of one: "0.schema".
func argument(args []js.Value, at string) (js.Value, bool) {
	if strings.Contains(at, ".") {
		return selected(args, at)
	}
	i, err := strconv.Atoi(at)
	if err != nil || i >= len(args) {
		return js.Value{}, false
	}
	return args[i], true
}

// values are the fields with what they say.
func (r *settingsRow) values(fields js.Value, depth int) js.Value {
	out := js.Value{Kind: js.Object, Open: true}
	add := func(key string, v js.Value) { out.Keys, out.Values = append(out.Keys, key), append(out.Values, v) }
	if fields.Kind == js.Array { // {name: 'port', defaultValue: 1}
		for i := range fields.Values {
			if name, ok := fields.Values[i].Field("name"); ok {
				if d, ok := r.defaultOf(&fields.Values[i]); ok {
					add(name.Text, d)
				}
			}
		}
		return out
	}
	for i, key := range fields.Keys {
		x := fields.Values[i]
		env := js.Value{Kind: js.Env, Text: key, Parsed: true}
		switch r.Fields {
		case "chain":
			add(key, r.field(env, x))
		case "options":
			if x.Kind != js.Call {
				add(key, env)
				continue
			}
			options, ok := argument(x.Values, "0")
			if d, has := r.defaultOf(&options); ok && has {
				env.Default = &d
			}
			_, optional := options.Field("requiredWhen")
			env.Needed = env.Default == nil && !optional && !options.Open && (!ok || options.Kind == js.Object)
			if _, has := options.Field("default"); has {
				env.Needed = false
			}
			add(key, env)
		case "json":
			if d, ok := r.defaultOf(&x); ok {
				env.Default = &d
			}
			add(key, env)
		case "convict":
			d, ok := r.defaultOf(&x)
			name, named := x.Field("env")
			switch {
			case named && name.IsString() && ok:
				add(key, js.Value{Kind: js.Env, Text: name.Text, Parsed: true, Default: &d})
			case named && name.IsString():
				add(key, js.Value{Kind: js.Env, Text: name.Text, Parsed: true})
			case ok:
				add(key, d)
			case x.Kind == js.Object && depth < 8:
				if _, leaf := x.Field("default"); !leaf {
					add(key, r.values(x, depth+1))
				}
			}
		default: // the defaults themselves
			add(key, x)
		}
	}
	return out
}

// defaultOf is the default that an object names.
func (r *settingsRow) defaultOf(v *js.Value) (js.Value, bool) {
	for _, name := range r.Default {
		if d, ok := v.Field(name); ok && (d.Known() || d.Kind == js.Env) {
			return *d, true
		}
	}
	return js.Value{}, false
}

// envVar is what env.get('PORT').default(1).asPortNumber() reads:
// https://github.com/evanshortiss/env-var#api.
func envVar(v, base js.Value) (js.Value, bool) {
	if len(base.Values) == 0 || !base.Values[0].IsString() {
		return js.Value{}, false
	}
	out := js.Value{Kind: js.Env, Text: base.Values[0].Text, Parsed: true}
	for x := v.Recv; x != nil && x.Text != ""; x = x.Recv {
		switch {
		case x.Text == "default" && len(x.Values) > 0 && x.Values[0].Known():
			d := x.Values[0]
			out.Default = &d
		case x.Text == "required":
			out.Needed = true
		}
	}
	out.Needed = out.Needed && out.Default == nil
	return out, true
}

// fileOf is the data of a file that was read as text: readFileSync('config.yml').
func (m modules) fileOf(v js.Value) (js.Value, bool) {
	v = first0(v)
	name := strings.TrimSuffix(strings.TrimPrefix(v.Ref.Name, "promises."), "Sync")
	if v.Kind != js.Call || len(v.Values) == 0 || name != "readFile" {
		return js.Value{}, false
	}
	switch v.Ref.Module {
	case "fs", "fs/promises", "fs-extra", "graceful-fs":
		return m.named(v.Values[0])
	}
	return js.Value{}, false
}

// named is the data of the file that a path names.
func (m modules) named(v js.Value) (js.Value, bool) {
	file, ok := m.place(v.Unset())
	if !ok {
		return js.Value{}, false
	}
	switch path.Ext(file) {
	case ".json", ".yaml", ".yml", ".json5", ".toml":
		return m.file(file)
	}
	return js.Value{}, false
}

// place is the file that a path names, from the root of the repository on.
func (m modules) place(v js.Value) (string, bool) {
	if v.Kind != js.Scalar && v.Kind != js.Parts || path.IsAbs(v.Text) {
		return "", false
	}
	switch v.Base {
	case js.Root:
		return path.Clean(v.Text), true
	case js.None, js.WorkDir:
		return path.Join(m.dir, v.Text), true
	default:
		return "", false
	}
}

// maxSettings bounds the calls that put the settings of one library together.
const maxSettings = 200

// made lists the calls of methods by these names in a file and in those of the repository
// that it imports.
func (m modules) made(from string, names ...string) []madeCall {
	var out []madeCall
	add := func(f *js.File) {
		if f == nil {
			return
		}
		for i, t := range f.Tokens {
			if t.Kind == js.Ident && slices.Contains(names, t.Text) && i+1 < len(f.Tokens) && f.Tokens[i+1].Text == "(" && i > 0 && f.Tokens[i-1].Text == "." && len(out) < maxSettings {
				out = append(out, madeCall{t.Text, f.Arguments(i + 1)})
			}
		}
	}
	f := m.files.program.File(from)
	if f == nil {
		return nil
	}
	add(f)
	for _, i := range f.Imports[:min(len(f.Imports), maxChain)] {
		if file, ok := m.Resolve(from, i.Specifier); ok && strings.HasPrefix(i.Specifier, ".") && file != from {
			add(m.files.program.File(file))
		}
	}
	return out
}

type madeCall struct {
	name string
	args []js.Value
}

// shared is what is found once for each file.
type shared struct {
	program *js.Program
	known   map[string]js.Value
}

// once is what first gives, the first time.
func (m modules) once(from, what string, first func() js.Value) (js.Value, bool) {
	if m.files == nil || m.files.program == nil {
		return js.Value{}, false
	}
	key := from + "\x00" + what
	if v, ok := m.files.known[key]; ok {
		return v, v.Kind == js.Object
	}
	m.files.known[key] = js.Value{} // what is made of itself is computed
	v := first()
	m.files.known[key] = v
	return v, v.Kind == js.Object
}

// argv are the defaults of yargs: https://yargs.js.org/docs/#api-reference-optionkey-opt.
func (m modules) argv(from string, v js.Value) (js.Value, bool) {
	base := first0(v)
	if base.Ref.Module != "yargs" && base.Ref.Module != "yargs/yargs" {
		return js.Value{}, false
	}
	return m.once(from, "yargs", func() js.Value {
		out := js.Value{Kind: js.Object, Open: true}
		add := func(key string, d *js.Value) { out.Keys, out.Values = append(out.Keys, key), append(out.Values, *d) }
		one := func(key string, o *js.Value) {
			if d, ok := o.Field("default"); ok {
				add(key, d)
				if alias, ok := o.Field("alias"); ok && alias.IsString() {
					add(alias.Text, d)
				}
			}
		}
		for _, c := range m.made(from, "option", "options", "default") {
			switch {
			case len(c.args) == 1 && c.args[0].Kind == js.Object:
				for i, key := range c.args[0].Keys {
					if c.name == "default" {
						add(key, &c.args[0].Values[i])
					} else {
						one(key, &c.args[0].Values[i])
					}
				}
			case len(c.args) > 1 && c.args[0].IsString() && c.name == "default":
				add(c.args[0].Text, &c.args[1])
			case len(c.args) > 1 && c.args[0].IsString():
				one(c.args[0].Text, &c.args[1])
			}
		}
		return out
	})
}

// options are the defaults of commander: https://github.com/tj/commander.js#options.
func (m modules) options(from string) (js.Value, bool) {
	return m.once(from, "commander", func() js.Value {
		out := js.Value{Kind: js.Object, Open: true}
		for _, c := range m.made(from, "option", "requiredOption") {
			if len(c.args) < 3 || !c.args[0].IsString() || !c.args[len(c.args)-1].Known() {
				continue
			}
			for _, word := range strings.FieldsFunc(c.args[0].Text, func(r rune) bool { return r == ' ' || r == ',' || r == '|' }) {
				if name, ok := strings.CutPrefix(word, "--"); ok {
					out.Keys, out.Values = append(out.Keys, camel(name)), append(out.Values, c.args[len(c.args)-1])
				}
			}
		}
		return out
	})
}

// camel is the name of an option as a member: "http-port" is httpPort.
func camel(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words {
		if i > 0 && w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// nconf is get('http:port') of nconf: the files that it is given in their order, then its
// defaults: https://github.com/indexzero/nconf#hierarchical-configuration.
func (m modules) nconf(from string, v js.Value) (js.Value, bool) {
	if len(v.Values) == 0 || !v.Values[0].IsString() {
		return js.Value{}, false
	}
	all, ok := m.once(from, "nconf", func() js.Value {
		out := js.Value{Kind: js.Object, Open: true}
		for _, c := range m.made(from, "file", "defaults") {
			for _, a := range c.args {
				got := a
				if c.name == "file" {
					if x, ok := a.Field("file"); ok {
						a = *x
					}
					file, ok := m.named(a)
					if !ok {
						continue
					}
					got = file
				}
				if got.Kind == js.Object {
					out = js.Merged(got, out)
				}
			}
		}
		out.Open = true
		return out
	})
	if !ok {
		return js.Value{}, false
	}
	for key := range strings.SplitSeq(v.Values[0].Text, ":") {
		x, ok := all.Field(key)
		if !ok {
			return js.Value{}, false
		}
		all = *x
	}
	return all, true
}

// overlaid is what convict holds once it has read a file that the code names, or that of
// production beside it: https://github.com/mozilla/node-convict/tree/master/packages/convict#configloadfilefilename-or-filenames.
func (m modules) overlaid(from string, v js.Value) (js.Value, bool) {
	if m.files == nil || m.files.program == nil {
		return v, true
	}
	// What the arguments of these calls are themselves made of is told nothing.
	all, ok := m.once(from, "convict", func() js.Value { return m.loaded(from) })
	switch {
	case all.Kind == js.Array:
		return js.Value{}, false
	case !ok:
		return v, true
	}
	for _, got := range all.Values {
		v = withDefaults(v, got, 0)
	}
	return v, true
}

// loaded are the objects that convict is told to read, in their order, or an Array if one
// of them is not known: it may say anything.
func (m modules) loaded(from string) js.Value {
	out := js.Value{Kind: js.Object}
	for _, c := range m.made(from, "loadFile", "load") {
		got, ok := js.Value{}, false
		switch {
		case len(c.args) == 0:
		case c.name == "load" && c.args[0].Kind == js.Object:
			got, ok = c.args[0], true
		case c.args[0].Kind == js.Parts:
			if dir, is := m.place(c.args[0]); is && strings.HasSuffix(c.args[0].Text, "/") {
				got, ok = m.file(path.Join(dir, "production.json"))
				ok = ok || m.tree.HasDir(dir)
			}
		default:
			got, ok = m.named(c.args[0])
		}
		if !ok {
			return js.Value{Kind: js.Array}
		}
		if got.Kind == js.Object {
			out.Values = append(out.Values, got)
		}
	}
	return out
}

// withDefaults is an object whose variables have other defaults, and whose other members
// are those of another object.
func withDefaults(v, over js.Value, depth int) js.Value {
	v.Keys, v.Values = slices.Clone(v.Keys), slices.Clone(v.Values)
	for i, key := range over.Keys {
		x := over.Values[i]
		old, ok := v.Field(key)
		switch {
		case !ok:
			v.Keys, v.Values = append(v.Keys, key), append(v.Values, x)
		case old.Kind == js.Env:
			d := x
			old.Default = &d
		case old.Kind == js.Object && x.Kind == js.Object && depth < 8:
			*old = withDefaults(*old, x, depth+1)
		default:
			*old = x
		}
	}
	return v
}

// told takes over what a call tells a framework of its settings.
func (s *source) told(name string, args []js.Value, pos fact.Pos) {
	put := func(key string, v js.Value) {
		if len(s.settings) < maxRoutes {
			s.settings[key] = v
		}
	}
	switch {
	case name == "registerAs" && len(args) > 1 && args[0].IsString():
		put(args[0].Text, s.program.Result(args[1]))
	case name == "forRoot" && len(args) > 0:
		if load, ok := args[0].Field("load"); ok {
			for _, fn := range load.Values {
				if fn.Kind == js.Call && lastName(fn.Ref.Name) == "registerAs" {
					s.told("registerAs", fn.Values, pos)
					continue
				}
				got := s.program.Result(fn)
				for i, key := range got.Keys {
					put(key, got.Values[i])
				}
			}
		}
		if schema, ok := args[0].Field("validationSchema"); ok {
			base := first0(*schema)
			for _, r := range settingsRead().functions[base.Ref] {
				left := maxShape
				fields, ok := r.shape(*schema, &left)
				if !ok || r.Is != "schema" {
					continue
				}
				for i, key := range fields.Keys {
					v := r.field(js.Value{Kind: js.Env, Text: key}, fields.Values[i])
					put(key, v)
					s.variablesOf(v, pos, 0)
				}
				break
			}
		}
	case name == "register" && len(args) > 1:
		for _, r := range settingsRead().functions[js.Ref{Module: "env-schema"}] {
			out, _ := r.read(js.Value{Values: args[1:2]})
			for i, key := range out.Keys {
				put(key, out.Values[i])
			}
			s.variablesOf(out, pos, 0)
		}
	}
}

// settingOf is a setting of a framework, by its name with dots.
func (s *source) settingOf(name string) (js.Value, bool) {
	s.asked[s.Name] = true
	first, rest, deep := strings.Cut(name, ".")
	v, ok := s.settings[first]
	for deep && ok {
		first, rest, deep = strings.Cut(rest, ".")
		x, found := v.Field(first)
		if ok = found; ok {
			v = *x
		}
	}
	return v, ok && (v.Kind == js.Scalar || v.Kind == js.Env)
}
