package analysis

import (
	"go/ast"
	"slices"
	"strings"
)

// naming is how a library makes the name of a variable of the environment out of
// a key or a flag's name, as the program tells it once.
type naming struct {
	every    bool                // each key has one
	prefixes []string            // what the program says that they start with
	odd      bool                // something of it cannot be read, so no name is known
	replacer []ast.Expr          // strings.NewReplacer(…), or a variable that holds it
	bound    map[string][]string // the variables that the program names for a key itself
}

// told records what a call tells viper, or ff, of the variables that it reads:
// https://pkg.go.dev/github.com/spf13/viper#AutomaticEnv,
// https://pkg.go.dev/github.com/peterbourgon/ff/v3#WithEnvVarPrefix.
func (s step) told(name string, call *ast.CallExpr, arg func(int) (string, bool)) {
	switch name {
	case "AutomaticEnv":
		s.keys.every = true
	case "SetEnvPrefix":
		s.keys.prefixed(arg(0))
	case "SetEnvKeyReplacer", "EnvKeyReplacer":
		if len(call.Args) == 1 {
			s.keys.replacer = append(s.keys.replacer, call.Args[0])
		}
	case "BindEnv":
		key, ok := arg(0)
		if !ok {
			return
		}
		key = strings.ToLower(key)
		names := s.keys.bound[key]
		if len(call.Args) == 1 {
			names = append(names, "") // the one that the prefix makes
		}
		for i := 1; i < len(call.Args) && i < maxAlternatives; i++ {
			if name, ok := arg(i); ok && isEnvName(name) {
				names = append(names, name)
			}
		}
		s.keys.bound[key] = names
	case "WithEnvVars":
		s.flagKeys.every = true
	case "WithEnvVarPrefix":
		s.flagKeys.every = true
		s.flagKeys.prefixed(arg(0))
	}
}

func (n *naming) prefixed(prefix string, ok bool) {
	switch {
	case !ok:
		n.odd = true
	case !slices.Contains(n.prefixes, prefix):
		n.prefixes = append(n.prefixes, prefix)
	}
}

// name is what a key is called with the one prefix, in capitals; ok is false if more than one is
// told, or one that cannot be read.
func (n *naming) name(key string) (name string, ok bool) {
	name = strings.ToUpper(key)
	if len(n.prefixes) == 1 && n.prefixes[0] != "" {
		name = strings.ToUpper(n.prefixes[0]) + "_" + name
	}
	return name, !n.odd && len(n.prefixes) < 2
}

// variable is the variable that viper reads for a key, "" if there is none that a
// shell could set.
func (f *flow) variable(key string) string {
	n := &f.keys
	names, bound := n.bound[key]
	if len(names) > 0 && names[0] != "" {
		return names[0]
	}
	name, ok := n.name(key)
	if !n.every && !bound || !ok || len(n.replacer) > 1 || key == "" {
		return ""
	}
	if len(n.replacer) == 1 {
		pairs, ok := f.pairs(n.replacer[0])
		if !ok {
			return ""
		}
		name = strings.NewReplacer(pairs...).Replace(name)
	}
	if !isEnvName(name) {
		return ""
	}
	return name
}

// flagVariable is the variable that ff reads for a flag, or "".
func (f *flow) flagVariable(flag string) string {
	n := &f.flagKeys
	name, ok := n.name(strings.NewReplacer("-", "_", ".", "_", "/", "_").Replace(flag))
	if !n.every || !ok || !isEnvName(name) {
		return ""
	}
	return name
}

// maxPairs is how many texts of a replacer are read.
const maxPairs = 16

// pairs are the arguments of strings.NewReplacer, where an expression calls it or
// is a variable that is set once, to its result.
func (f *flow) pairs(e ast.Expr) ([]string, bool) {
	if obj := f.target(e); obj != nil {
		if list := f.defs[obj]; len(list) == 1 && list[0].expr != nil {
			e = list[0].expr
		}
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	if t, ok := f.selector(call.Fun); !ok || t != (selector{"strings", "NewReplacer"}) || len(call.Args)%2 != 0 || len(call.Args) > maxPairs {
		return nil, false
	}
	var out []string
	for _, a := range call.Args {
		s, ok := f.constant(a)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// variables lists the variables that the program's libraries read for the keys and
// flags that it declares.
func (f *flow) variables() []string {
	var out []string
	add := func(name string) {
		if name != "" {
			out = append(out, name)
		}
	}
	for key := range f.viper {
		add(f.variable(key))
	}
	for key, names := range f.keys.bound {
		add(f.variable(key))
		for _, name := range names {
			add(name)
		}
	}
	for flag := range f.flags {
		add(f.flagVariable(flag))
		add(f.variable(strings.ToLower(flag)))
	}
	for _, flag := range f.cliFlags {
		for _, c := range flag {
			add(c.env)
		}
	}
	return out
}

// byVariable are values that a variable decides, with the defaults given.
func byVariable(name string, defaults []value) []value {
	if name == "" {
		return defaults
	}
	var out []value
	for _, v := range merge(defaults) {
		s, ok := v.text()
		switch {
		case len(v) == 1 && v[0].env != "":
			out = append(out, v)
		case ok && s != "":
			out = append(out, value{{env: name, text: s, has: true, at: v[0].at}})
		}
	}
	if len(out) == 0 {
		return []value{{{env: name}}}
	}
	return out
}

// processed gives the fields of a struct that envconfig fills, and that have no
// tag which names a variable, the name that it makes of theirs:
// https://pkg.go.dev/github.com/kelseyhightower/envconfig#Process.
func (s step) processed(call *ast.CallExpr) {
	t, ok := s.selector(call.Fun)
	if !ok || t.pkg != "github.com/kelseyhightower/envconfig" || t.name != "Process" && t.name != "MustProcess" || len(call.Args) != 2 {
		return
	}
	prefix, ok := s.constant(call.Args[0])
	named := namedOf(s.info.TypeOf(call.Args[1]))
	if !ok || named == nil {
		return
	}
	if prefix != "" {
		prefix = strings.ToUpper(prefix) + "_"
	}
	s.fill(s.structs[named.Obj()], prefix, 0)
}

func (s step) fill(st *ast.StructType, prefix string, depth int) {
	if st == nil || depth > maxNesting || !s.spend(len(st.Fields.List)) {
		return
	}
	for _, field := range st.Fields.List {
		tag, _ := tagOf(field)
		if tag.Get("ignored") == "true" {
			continue
		}
		inner, nested := field.Type.(*ast.StructType)
		if named := namedOf(s.info.TypeOf(field.Type)); named != nil && !nested {
			inner = s.structs[named.Obj()]
		}
		if len(field.Names) == 0 {
			s.fill(inner, prefix, depth+1)
			continue
		}
		for _, id := range field.Names {
			name := prefix + envconfigName(id.Name, tag.Get("split_words") == "true")
			if inner != nil {
				s.fill(inner, name+"_", depth+1)
				continue
			}
			if obj := s.info.Defs[id]; obj != nil && tag.Get("envconfig") == "" && id.IsExported() && isEnvName(name) {
				p := part{env: name}
				p.text, p.has = tag.Lookup("default")
				p.required = tag.Get("required") == "true" && !p.has
				s.defs[obj] = slices.DeleteFunc(s.defs[obj], func(d def) bool { return d.node == ast.Node(field) })
				s.define(obj, def{kind: anywhere, node: field, value: value{p}})
				s.tagged = append(s.tagged, tagged{field, s.decl, p})
			}
		}
	}
}

// envconfigName is a field's name as a variable: MAXSIZE, or MAX_SIZE with words.
func envconfigName(field string, words bool) string {
	if !words {
		return strings.ToUpper(field)
	}
	var b strings.Builder
	for i := 0; i < len(field); i++ {
		upper := field[i] >= 'A' && field[i] <= 'Z'
		if i > 0 && upper && (lower(field[i-1]) || i+1 < len(field) && lower(field[i+1])) {
			b.WriteByte('_')
		}
		b.WriteByte(field[i])
	}
	return strings.ToUpper(b.String())
}

func lower(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
