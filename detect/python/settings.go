package python

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// settings notes the variables without which settings of pydantic cannot be made: those of the fields that have no value.
// https://docs.pydantic.dev/latest/concepts/pydantic_settings/
func (r *reader) settings(s *syntax.Stmt, c syntax.Call, kw map[string]syntax.Arg) {
	m, sc := r.w.defined(r.Module, s, c.Name)
	pos, _ := c.Args()
	if _, more := r.unpacked(s, pos); sc == nil || more.form != none {
		return // or it is not known what it is given
	}
	made := value{form: instance, of: sc, mod: m}
	optional := !slices.ContainsFunc(r.w.bases(m, sc), func(n string) bool { return strings.HasPrefix(n, "pydantic_settings.") })
	seen := map[string]bool{}
	for fm, fs := range r.w.mro(m, sc) {
		for _, field := range fs.Def.Body {
			toks := field.Tokens
			if len(toks) < 2 || toks[0].Kind != syntax.Name || !toks[1].Is(":") && !toks[1].Is("=") || seen[toks[0].Text] || len(seen) > maxItems {
				continue
			}
			name := toks[0].Text
			seen[name] = true
			if _, given := kw[name]; given || strings.HasPrefix(name, "_") || name == "model_config" || toks[1].Is("=") {
				continue
			}
			if x, needs := r.field(fm, field, optional); needs {
				if x.Name == "" {
					x.Name = (&evaluator{w: r.w}).variable(made, name, 0)
				}
				x.Pos = fm.at(field.Line())
				r.needs(s, x, true, 0)
			}
		}
	}
}

// field reads a field of settings, NAME: TYPE or NAME: TYPE = Field(…). It reports whether it needs a variable, and has the name of that
// only if the field says so. An optional type has a value of its own where optional says so, as before pydantic 2.
func (r *reader) field(m *Module, s *syntax.Stmt, optional bool) (x effect.Env, needs bool) {
	kind, by := s.Tokens[2:], []syntax.Token(nil)
	if i := syntax.Top(kind, "="); i >= 0 {
		kind, by = kind[:i], kind[i+1:]
	}
	declared := syntax.Calls(kind) // Annotated[str, Field(alias="X")]
	switch c, ok := syntax.CallAt(by, 0); {
	case ok:
		declared = append(declared, c)
		by = nil
	case len(by) == 1 && by[0].Is("..."):
		by = nil
	}
	if len(by) > 0 {
		return x, false
	}
	for _, c := range declared {
		row := r.w.table.named(m.full(s, c.Name))
		if row == nil || row.Value != "field" {
			return x, false
		}
		pos, kw := c.Args()
		a, given := pick(row.Default, pos, kw)
		if given && (len(a) != 1 || !a[0].Is("...")) || kw["default_factory"] != nil {
			return x, false
		}
		for _, k := range row.Env {
			if i := slices.IndexFunc(kw[k], func(t syntax.Token) bool { return t.Kind == syntax.String && !t.Dynamic }); i >= 0 && x.Name == "" {
				x.Name = strings.ToUpper(kw[k][i].Text)
			}
		}
	}
	if slices.ContainsFunc(kind, func(t syntax.Token) bool { return t.Is("ClassVar") || optional && (t.Is("Optional") || t.Is("None")) }) {
		return x, false
	}
	// Optional[int], Annotated[str, …], t.List[str]: the first name that is not about another one.
	i := slices.IndexFunc(kind, func(t syntax.Token) bool { return t.Kind == syntax.Name && !slices.Contains(around, t.Text) })
	for i >= 0 && i+2 < len(kind) && kind[i+1].Is(".") {
		i += 2
	}
	switch {
	case i < 0:
	case kind[i].Is("Literal") && i+2 < len(kind):
		x.Like, _ = syntax.Literal(kind[i+2 : i+3])
	default:
		if x.Like = r.w.table.typed[kind[i].Text]; x.Like != "" {
			break
		}
		if _, sc := r.w.defined(m, s, kind[i].Text); sc != nil {
			return x, false // a model or an enum of the repository's own
		}
	}
	if x.Parsed = x.Like != "x"; !x.Parsed {
		x.Like = "" // any text
	}
	return x, true
}

// around are names in a type that say something about another one.
var around = []string{"Optional", "Union", "Annotated", "None"} //nolint:gochecknoglobals // a constant table
