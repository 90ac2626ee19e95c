package analysis

import (
	"go/ast"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// tags records the defaults that struct tags give to fields, as these
// libraries read them: caarlos0/env (env, envDefault, envPrefix),
// kelseyhightower/envconfig (envconfig, default), ilyakaznacheev/cleanenv (env,
// env-default), sethvargo/go-envconfig (env:"X, default=Y"), creasty/defaults
// (default), jessevdk/go-flags (long, env, default, namespace, env-namespace),
// alecthomas/kong (env, default), alexflint/go-arg (arg:"--x,env:X", default).
func (s step) tags(st *ast.StructType, d *decl) {
	in := s.spaces[st]
	for _, f := range st.Fields.List {
		tag, ok := tagOf(f)
		if !ok || len(f.Names) == 0 {
			continue
		}
		if inner, ok := f.Type.(*ast.StructType); ok {
			s.spaces[inner] = in.within(tag)
		}
		v, ok := tagValue(tag, in)
		if ok && v[0].env != "" {
			s.tagged = append(s.tagged, tagged{f, d, v[0]})
		}
		key, _, _ := strings.Cut(tag.Get("mapstructure"), ",")
		for _, id := range f.Names {
			obj := s.info.Defs[id]
			if obj == nil {
				continue
			}
			if ok {
				s.define(obj, def{kind: anywhere, node: f, value: v})
			}
			if key != "" {
				s.mapped[obj] = strings.ToLower(key)
			}
		}
	}
}

// tagOf is the tag of a field.
func tagOf(f *ast.Field) (reflect.StructTag, bool) {
	if f.Tag == nil {
		return "", false
	}
	raw, err := strconv.Unquote(f.Tag.Value)
	return reflect.StructTag(raw), err == nil
}

// within is the space of a struct in a field with a tag:
// https://pkg.go.dev/github.com/jessevdk/go-flags#hdr-Available_field_tags,
// https://pkg.go.dev/github.com/caarlos0/env/v11.
func (s space) within(tag reflect.StructTag) space {
	if n := tag.Get("env-namespace"); n != "" {
		s.env += n + "_"
	}
	s.env += tag.Get("envPrefix")
	if n := tag.Get("namespace"); n != "" {
		s.flag += n + "."
	}
	return s
}

// readSpaces records the space of each named struct type that one field has,
// or several with the same tags.
func (f *flow) readSpaces() {
	uses := map[types.Object]space{}
	for _, d := range f.decls {
		for _, n := range d.nodes {
			field, ok := n.(*ast.Field)
			if !ok {
				continue
			}
			tag, ok := tagOf(field)
			if !ok {
				continue
			}
			named := namedOf(f.info.TypeOf(field.Type))
			if named == nil {
				continue
			}
			s := space{}.within(tag)
			if o, ok := uses[named.Obj()]; ok && o != s {
				s = space{}
			}
			uses[named.Obj()] = s
		}
	}
	for obj, s := range uses {
		if st := f.structs[obj]; st != nil {
			f.spaces[st] = s
		}
	}
}

func tagValue(tag reflect.StructTag, in space) (value, bool) {
	var env, fallback string
	var has, required bool
	for _, key := range []string{"env", "envconfig"} {
		s, ok := tag.Lookup(key)
		if !ok {
			continue
		}
		name, options, _ := strings.Cut(s, ",")
		if env == "" {
			env = strings.TrimSpace(name)
		}
		for o := range strings.SplitSeq(options, ",") {
			if d, ok := strings.CutPrefix(strings.TrimSpace(o), "default="); ok {
				fallback, has = d, true
			}
			required = required || strings.TrimSpace(o) == "required" || strings.TrimSpace(o) == "notEmpty"
		}
	}
	long := tag.Get("long")
	for o := range strings.SplitSeq(tag.Get("arg"), ",") {
		o = strings.TrimSpace(o)
		if s, ok := strings.CutPrefix(o, "env:"); ok && env == "" {
			env = s
		}
		if s, ok := strings.CutPrefix(o, "--"); ok && long == "" {
			long = s
		}
	}
	required = required || tag.Get("env-required") == "true" || tag.Get("required") == "true"
	for _, key := range []string{"envDefault", "env-default", "default"} {
		if s, ok := tag.Lookup(key); ok && !has {
			fallback, has = s, true
		}
	}
	switch {
	case env != "":
		return value{{env: in.env + env, text: fallback, has: has, required: required && !has}}, true
	case long != "":
		return value{{flag: "--" + in.flag + long, text: fallback}}, true
	case has:
		return value{{text: fallback}}, true
	}
	return nil, false
}
