package analysis

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// value is one string that an expression may hold when the program runs: a
// concatenation of what is written in the source and what is decided outside.
type value []part

// part is a piece of a value. A literal has only text.
type part struct {
	text string // the literal; the default of a variable or a flag
	env  string // decided by this variable
	has  bool   // with env: text is the default
	// required, with env: the program ends without it, whatever stands beside.
	required bool
	flag     string // decided by this flag, with its hyphens
	unknown  bool
	at       fact.Pos // of the configuration file's line that says text, if one does
}

func unknown() value { return value{{unknown: true}} }

func literal(s string) value { return value{{text: s}} }

// text is the value if nothing outside decides otherwise; ok is false if that
// is not known.
func (v value) text() (string, bool) {
	var b strings.Builder
	for _, p := range v {
		if p.unknown || p.env != "" && !p.has {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), true
}

// plain reports whether the value is written in the source as a whole.
func (v value) plain() bool {
	for _, p := range v {
		if p.unknown || p.env != "" || p.flag != "" {
			return false
		}
	}
	return true
}

// prefix is the literal text that the value surely starts with.
func (v value) prefix() string {
	var b strings.Builder
	for _, p := range v {
		if p.unknown || p.env != "" && !p.has {
			break
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// beneath is what follows a first part that is not known, if that is a folder: "templates" of
// filepath.Join(parent, "templates"). Of a name that is not known to its end it is the folder,
// and whole is false.
func (v value) beneath() (name string, whole bool) {
	if len(v) < 2 || !v[0].unknown && (v[0].env == "" || v[0].has) {
		return "", false
	}
	rest := v[1:]
	if name, whole = rest.text(); !whole {
		name = rest.prefix()
		name = name[:strings.LastIndexByte(name, '/')+1]
	}
	name, below := strings.CutPrefix(name, "/")
	if name = path.Clean(name); !below || name == "." || strings.HasPrefix(name, "..") || strings.HasPrefix(name, "/") {
		return "", false
	}
	return name, whole
}

// maxAlternatives is how many values of one expression are kept.
const maxAlternatives = 12

// merge joins the alternatives of one variable: a literal beside a variable
// of the environment is that variable's default, and an empty string beside
// anything else is the zero value before it was set.
func merge(vals []value) []value {
	var out []value
	var fallback string
	var has bool
	env := false
	for _, v := range vals {
		if len(v) == 1 && v[0].env != "" {
			env = true
		}
		if s, ok := v.text(); ok && v.plain() && s != "" && !has {
			fallback, has = s, true
		}
	}
	for _, v := range vals {
		s, known := v.text()
		switch {
		case known && s == "" && v.plain() && len(vals) > 1:
			continue
		case env && v.plain() && known:
			continue
		case env && len(v) == 1 && v[0].unknown:
			continue
		case len(v) == 1 && v[0].env != "" && !v[0].has && !v[0].required && has:
			v = value{{env: v[0].env, text: fallback, has: true}}
		}
		if !contains(out, v) {
			out = append(out, v)
		}
	}
	if len(out) == 0 && len(vals) > 0 {
		return vals[:1]
	}
	if len(out) > maxAlternatives {
		out = append(out[:maxAlternatives:maxAlternatives], unknown())
	}
	return out
}

func contains(list []value, v value) bool {
	return slices.ContainsFunc(list, func(w value) bool { return slices.Equal(w, v) })
}

// cross concatenates every value of a with every value of b.
func cross(a, b []value) []value {
	var out []value
	for _, x := range a {
		for _, y := range b {
			if len(out) >= maxAlternatives {
				return append(out, unknown())
			}
			out = append(out, append(x[:len(x):len(x)], y...))
		}
	}
	return out
}

// trimmed cuts a prefix from values.
func trimmed(vals []value, prefix string) []value {
	var out []value
	for _, v := range vals {
		if len(v) > 0 && !v[0].unknown {
			v = slices.Clone(v)
			v[0].text = strings.TrimPrefix(v[0].text, prefix)
		}
		out = append(out, v)
	}
	return out
}
