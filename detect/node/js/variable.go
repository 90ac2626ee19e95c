package js

import "slices"

// Variables lists the reads of environment variables by name, in order, each
// as an Env with the default that stands beside it: process.env.A || 'b',
// import.meta.env.A, Bun.env.A, Deno.env.get('A'), and the same through a name
// that holds the environment or by destructuring it.
func (f *File) Variables() []Value {
	var out []Value
	holds := map[int32]bool{}
	r := reader{File: f}
	for i, t := range f.Tokens {
		if t.Kind != Ident || f.is(i-1, ".") || f.is(i-1, "?.") || !(f.is(i+1, ".") || f.is(i+1, "?.") || f.is(i+1, "[")) {
			continue
		}
		switch t.Text {
		case "process", "import", "Bun", "Deno", "globalThis":
		default:
			b := f.lookup(t.Text, i)
			if b < 0 {
				continue
			}
			is, known := holds[b]
			if !known {
				v := r.use(b, i)
				environment := []Ref{{Name: "import.meta.env"}, {Name: "Bun.env"}, {Module: "bun", Name: "env"}}
				is = v.Kind == Reference && (v.Ref.Module == "process" || slices.Contains(environment, v.Ref))
				holds[b] = is
			}
			if !is {
				continue
			}
		}
		v, end := r.primary(i)
		for links := 0; v.Kind == Reference && links < 6; links++ {
			switch {
			case (f.is(end, ".") || f.is(end, "?.")) && f.word(end+1) != "":
				v, end = r.member(v, f.text(end+1), end+1), end+2
			case f.is(end, "[") || f.is(end, "?.", "["):
				if f.is(end, "?.") {
					end++
				}
				key, after := r.expr(end + 1)
				if key.Kind != Scalar || after != f.Close(end) {
					v = Value{}
					break
				}
				v, end = r.member(v, key.Text, end+1), f.Close(end)+1
			case f.is(end, "(") && v.Ref.Name == "Deno.env.get":
				v, end = r.call(v, r.arguments(end), ""), f.Close(end)+1
			default:
				links = 6
			}
		}
		if v.Kind != Env {
			continue
		}
		if full, _ := r.expr(i); full.Kind == Env && full.Text == v.Text {
			v = full
		}
		out = append(out, f.at(v, i))
	}
	for _, b := range f.bindings {
		for _, w := range b.writes {
			if len(w.steps) == 0 || w.kind != assigned {
				continue
			}
			if v := r.written(w); v.Kind == Env {
				out = append(out, f.at(v, int(w.at)))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Value) int { return a.Token - b.Token })
	return out
}

// Merged is an object with the members of another over its own.
func Merged(a, b Value) Value {
	if a.Kind != Object || b.Kind != Object {
		return b
	}
	a.Keys, a.Values, a.Open = slices.Clone(a.Keys), slices.Clone(a.Values), a.Open || b.Open
	for i, key := range b.Keys {
		x := b.Values[i]
		old, ok := a.Field(key)
		switch {
		case !ok:
			a.Keys, a.Values = append(a.Keys, key), append(a.Values, x)
		case x.Kind == Env && x.Default == nil:
			d := *old
			x.Default = &d
			*old = x
		default:
			*old = Merged(*old, x)
		}
	}
	return a
}

// Named makes environment variables of the texts in an object:
// {"port": "PORT"}, and {"port": {"__name": "PORT", "__format": "number"}}.
func Named(v Value) Value {
	switch v.Kind {
	case Scalar:
		if v.IsString() && v.Text != "" {
			return Value{Kind: Env, Text: v.Text, File: v.File, Line: v.Line}
		}
	case Object:
		if name, ok := v.Field("__name"); ok {
			return Named(*name)
		}
		v.Values = slices.Clone(v.Values)
		for i := range v.Values {
			v.Values[i] = Named(v.Values[i])
		}
		return v
	default:
	}
	return Value{}
}
