package image

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Time zones need nothing: Python's images, Temurin's and distroless have tzdata, Node and Java have data of their own, and Go's programs are given it
// where the image has none (https://github.com/docker-library/python/blob/master/Dockerfile-linux.template, https://nodejs.org/api/intl.html,
// https://github.com/adoptium/containers). Locales do: glibc has those alone that were made, and no image but Temurin's has one beside C.

//go:embed locales.table
var localesCompiled string

// localeTable is locales.yaml: the locales that glibc has a definition of.
type localeTable struct {
	Source   string              `yaml:"source"`
	Charsets map[string][]string `yaml:"charsets"`
}

var locales = table.Lazy[localeTable]("locales.yaml", localesCompiled) //nolint:gochecknoglobals // decoded once

// Locale is a locale of the C library: de_DE.UTF-8.
type Locale struct {
	name, definition, charset string
	pos                       fact.Pos
	code                      bool // the code sets it
}

var (
	localeName = lazy.MustCompile(`^([a-z]{2,3}(?:_[A-Z]{2})?)(?:\.([A-Za-z0-9-]{1,20}))?(@[a-z]{1,20})?$`)
	isLocale   = lazy.MustCompile(`^(LANG|LC_[A-Z]+)$`)
)

// charsets are names that the usual ones go by in names of locales.
var charsets = map[string]string{"utf8": "UTF-8", "iso88591": "ISO-8859-1", "iso88592": "ISO-8859-2", "iso885915": "ISO-8859-15"} //nolint:gochecknoglobals // a constant table

// localeOf is the locale of a name; ok is false for that of C, which every image has, and for a name that glibc has no definition of.
func localeOf(name string) (l Locale, ok bool) {
	t, err := locales()
	m := localeName.FindStringSubmatch(name)
	if err != nil || m == nil {
		return Locale{}, false
	}
	l = Locale{name: name, definition: m[1] + m[3]}
	for charset, list := range t.Charsets {
		if slices.Contains(list, l.definition) {
			l.charset, ok = charset, true
		}
	}
	if m[2] != "" {
		l.charset = charsets[strings.ToLower(strings.ReplaceAll(m[2], "-", ""))]
		l.name = m[1] + "." + l.charset + m[3]
	}
	return l, ok && l.charset != ""
}

// english reports whether a locale is the one that images are given for its character set, which C.UTF-8 has, too.
func (l Locale) english() bool { return strings.HasPrefix(l.name, "en_US") }

// foreignLocale reports whether a variable gives programs a language that is not English.
func foreignLocale(name, value string) bool {
	l, ok := localeOf(value)
	return isLocale.MatchString(name) && ok && !l.english()
}

// Locales are those that an app's C library must have: code are those that its code sets, beside those in variables of the settings, of the own
// Dockerfile and of the containers that run it.
func Locales(in record.Input, code []fact.Fact[string]) []Locale {
	var out []Locale
	add := func(value string, pos fact.Pos, code bool) {
		l, ok := localeOf(value)
		if l.pos, l.code = pos, code; ok && !slices.ContainsFunc(out, func(o Locale) bool { return o.name == l.name }) {
			out = append(out, l)
		}
	}
	for _, f := range code {
		add(f.Value, f.Pos, true)
	}
	variable := func(v fact.Fact[buildfile.Var]) {
		if foreignLocale(v.Value.Name, v.Value.Value) {
			add(v.Value.Value, v.Pos, false)
		}
	}
	for _, name := range []string{"LANG", "LC_ALL", "LC_TIME", "LC_NUMERIC", "LC_MONETARY", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES"} {
		if value, ok := in.Settings.Env[name]; ok {
			add(value, in.Settings.Pos("env"), false)
		}
	}
	c := contractOf(in)
	if c.Own != nil {
		for _, v := range c.Own.Image.Env {
			variable(v)
		}
	}
	for _, r := range c.Runs {
		for _, v := range r.Env {
			variable(v)
		}
	}
	return out
}

// LocaleNeeds is what the locales need of the system.
func LocaleNeeds(in record.Input, list []Locale) []Need {
	if len(list) == 0 {
		return nil
	}
	row, _ := in.Know.Package(programs, "localedef")
	row.Source = "https://docs.python.org/3/library/locale.html#locale.setlocale"
	why := "a variable names " + list[0].name
	if list[0].code {
		why = "the code sets the locale " + list[0].name
	}
	return []Need{{Name: list[0].name, Pos: list[0].pos, Row: row, Why: why}}
}

// MakeLocales makes them, behind the packages.
func MakeLocales(list []Locale) ([]plan.Step, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := plan.Step{Why: plan.NewComment("The C library has the locales alone that are made.")}
	for _, l := range list {
		s, err := plan.NewShell("localedef", "-i", l.definition, "-f", l.charset, l.name)
		if err != nil {
			return nil, err
		}
		out.Run = append(out.Run, s)
	}
	return []plan.Step{out}, nil
}
