package golang

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// runRules and buildRules are what the rules of a Makefile are called, by
// custom, that run the app or build it; the likeliest first.
var (
	runRules   = []string{"run", "serve", "server", "start", "up", "dev", "watch"} //nolint:gochecknoglobals // a constant table
	buildRules = []string{"build", "compile", "bin", "binary", "all", "install"}   //nolint:gochecknoglobals // a constant table
)

// ruleLine is a line of a recipe.
type ruleLine struct {
	text string
	line int
}

// makeRule is a rule of a Makefile.
type makeRule struct {
	needs  []string
	recipe []ruleLine
}

// makefile reads the rules that run and build the app, with what they need:
// https://www.gnu.org/software/make/manual/make.html#Rules.
func (m *mentioner) makefile() {
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		text := m.read(name)
		if text == "" {
			continue
		}
		mk := parseMake(text)
		for _, rule := range slices.Concat(runRules, buildRules) {
			mk.walk(rule, map[string]bool{}, func(target string, l ruleLine) {
				vars := map[string]string{"@": target, "@F": path.Base(target)}
				m.script(mk.expand(strings.TrimLeft(l.text, "@-+ \t"), vars, 0), nil,
					place{pos: fact.At(m.r.at(name), l.line), by: ByMakefile, rule: rule, dir: "."})
			})
		}
		return
	}
}

type makefile struct {
	vars  map[string]string
	rules map[string]makeRule
}

var (
	makeAssign = regexp.MustCompile(`^(?:export\s+|override\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(\?=|::?:?=|\+=|=)\s*(.*)$`)
	makeTarget = regexp.MustCompile(`^([^\s:=#][^:=#]*?)\s*::?(?:\s+([^=]*)|)$`)
)

// parseMake reads variables and explicit rules. Conditionals are not decided:
// the first value of a variable counts.
func parseMake(text string) *makefile {
	mk := &makefile{vars: map[string]string{"GO": "go"}, rules: map[string]makeRule{}}
	var current []string
	lines := joined(text)
	for _, l := range lines {
		if strings.HasPrefix(l.text, "\t") {
			for _, t := range current {
				r := mk.rules[t]
				r.recipe = append(r.recipe, ruleLine{strings.TrimSpace(l.text), l.line})
				mk.rules[t] = r
			}
			continue
		}
		s, _, _ := strings.Cut(l.text, " #")
		if s = strings.TrimSpace(s); s == "" || s[0] == '#' {
			continue
		}
		if a := makeAssign.FindStringSubmatch(s); a != nil {
			if _, ok := mk.vars[a[1]]; !ok || a[1] == "GO" {
				mk.vars[a[1]] = a[3]
			}
			continue
		}
		t := makeTarget.FindStringSubmatch(s)
		if t == nil {
			current = nil
			continue
		}
		needs, inline, _ := strings.Cut(t[2], ";")
		current = strings.Fields(mk.expand(t[1], nil, 0))
		for _, name := range current {
			r := mk.rules[name]
			r.needs = append(r.needs, strings.Fields(mk.expand(needs, nil, 0))...)
			if inline != "" {
				r.recipe = append(r.recipe, ruleLine{strings.TrimSpace(inline), l.line})
			}
			mk.rules[name] = r
		}
	}
	return mk
}

// joined splits into lines, and joins those that a backslash continues; each
// keeps the number of its first.
func joined(text string) []ruleLine {
	var out []ruleLine
	n, open := 0, false
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimRight(l, "\r\n")
		more := strings.HasSuffix(l, `\`)
		l = strings.TrimSuffix(l, `\`)
		if open {
			out[len(out)-1].text += " " + strings.TrimSpace(l)
		} else {
			out = append(out, ruleLine{l, n})
		}
		open = more
	}
	return out
}

// walk visits the recipe lines of a rule after those of what it needs.
func (mk *makefile) walk(rule string, seen map[string]bool, visit func(target string, l ruleLine)) {
	r, ok := mk.rules[rule]
	if !ok || seen[rule] || len(seen) > 30 {
		return
	}
	seen[rule] = true
	for _, n := range r.needs {
		mk.walk(n, seen, visit)
	}
	for _, l := range r.recipe {
		visit(rule, l)
	}
}

var makeRef = regexp.MustCompile(`\$(?:\$|\(([^()\s:]+)\)|\{([^{}\s:]+)\}|([@<^*%?])|\([^()]*\)|\{[^{}]*\})`)

// expand replaces references to variables. What a function computes becomes a
// variable that the shell does not know either.
func (mk *makefile) expand(s string, auto map[string]string, depth int) string {
	return makeRef.ReplaceAllStringFunc(s, func(ref string) string {
		if ref == "$$" {
			return "$"
		}
		g := makeRef.FindStringSubmatch(ref)
		name := g[1] + g[2] + g[3]
		if v, ok := auto[name]; ok {
			return v
		}
		v, ok := mk.vars[name]
		if !ok || depth > 8 || len(s) > 1<<16 {
			return "${unknown}"
		}
		return mk.expand(v, auto, depth+1)
	})
}
