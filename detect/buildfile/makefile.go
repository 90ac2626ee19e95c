package buildfile

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// runRules and buildRules are what the rules of a Makefile are called, by
// custom, that run the app or build it; the likeliest first.
var (
	runRules   = []string{"run", "serve", "server", "start", "up", "dev", "watch"} //nolint:gochecknoglobals // a constant table
	buildRules = []string{"build", "compile", "bin", "binary", "all", "install"}   //nolint:gochecknoglobals // a constant table
)

// Usual reports whether a rule of a Makefile is one that, by its name, runs or
// builds the app.
func Usual(rule string) bool {
	return slices.Contains(runRules, rule) || slices.Contains(buildRules, rule)
}

// makefile adds the commands of the usual rules, with what they need, and
// those of the other rules: https://www.gnu.org/software/make/manual/make.html#Rules.
func (f *File) makefile(text string) bool {
	mk := parseMake(Lines(text))
	f.vars, f.mk = mk.vars, mk
	visited := map[string]bool{}
	for _, rule := range slices.Concat(runRules, buildRules) {
		seen := map[string]bool{}
		mk.walk(rule, seen, func(target string, l Line) { f.recipe(mk, rule, target, l) })
		maps.Copy(visited, seen)
	}
	for _, target := range mk.order {
		for _, l := range mk.rules[target].recipe {
			if !visited[target] {
				f.recipe(mk, target, target, l)
			}
		}
	}
	for _, l := range mk.defined { // which rules call it with what is not known
		f.recipe(mk, "", "", l)
	}
	return true
}

// target are the commands of a rule and of what it needs, in order; the first rule
// without a name. ok is false if the file has no such rule.
func (f *File) target(name string) (list []Command, ok bool) {
	if f == nil || f.mk == nil {
		return nil, false
	}
	if name == "" {
		i := slices.IndexFunc(f.mk.order, func(t string) bool { return !strings.HasPrefix(t, ".") })
		if i < 0 {
			return nil, false
		}
		name = f.mk.order[i]
	}
	if _, ok := f.mk.rules[name]; !ok {
		return nil, false
	}
	only := &File{Name: f.Name, rel: f.rel, vars: f.vars}
	mk := &makeText{scope: newScope(maps.Clone(f.mk.vars), Unknown), rules: f.mk.rules}
	mk.walk(name, map[string]bool{}, func(target string, l Line) { only.recipe(mk, name, target, l) })
	return only.Commands, true
}

// recipe adds the commands of a line of a rule.
func (f *File) recipe(mk *makeText, rule, target string, l Line) {
	if len(f.Commands) >= maxCommands {
		return
	}
	mk.vars["@"], mk.vars["@F"] = target, path.Base(target)
	at := f.at(l.N)
	at.rule = rule
	if text := mk.expand(strings.TrimLeft(l.Text, "@-+ \t")); !f.shell(text, nil, at) {
		f.broken(text, at)
	}
}

// makeText is a Makefile.
type makeText struct {
	*scope
	rules map[string]makeRule
	order []string // of the rules
	// defined are the recipe lines outside of rules, in a define.
	defined []Line
}

// makeRule is one of its rules.
type makeRule struct {
	needs  []string
	recipe []Line
}

var (
	makeAssign      = lazy.MustCompile(`^(?:export\s+|override\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(\?=|::?:?=|\+=|=)\s*(.*)$`)
	makeConditional = lazy.MustCompile(`^(ifn?eq|ifn?def|else|endif)\b`)
	makeTarget      = lazy.MustCompile(`^([^\s:=#][^:=#]*?)\s*::?(?:\s+([^=]*)|)$`)
)

// parseMake reads variables and explicit rules. Conditionals are not decided:
// the first value of a variable counts.
func parseMake(lines []Line) *makeText {
	mk := &makeText{scope: newScope(map[string]string{}, Unknown), rules: map[string]makeRule{}}
	var current []string
	for _, l := range lines {
		if strings.HasPrefix(l.Text, "\t") {
			if mk.recipe(current, Line{strings.TrimSpace(l.Text), l.N}); len(current) == 0 {
				mk.defined = append(mk.defined, l)
			}
			continue
		}
		s, _, _ := strings.Cut(l.Text, " #")
		if s = strings.TrimSpace(s); s == "" || s[0] == '#' || makeConditional.MatchString(s) {
			continue
		}
		if a := makeAssign.FindStringSubmatch(s); a != nil {
			if _, ok := mk.vars[a[1]]; !ok {
				mk.vars[a[1]] = a[3]
			}
			continue
		}
		t := makeTarget.FindStringSubmatch(s)
		if t == nil {
			current = nil
			continue
		}
		current = mk.target(t[1], t[2], l.N)
	}
	for name, v := range map[string]string{"GO": "go", "GOCMD": "go", "MAKE": "make"} {
		if _, ok := mk.vars[name]; !ok {
			mk.vars[name] = v
		}
	}
	return mk
}

// The most targets of one line, and rules of one file.
const (
	maxTargets = 50
	maxRules   = 2000
)

// target takes in the line that begins a rule, and returns its targets.
func (mk *makeText) target(names, needs string, n int) []string {
	needs, inline, _ := strings.Cut(needs, ";")
	targets := strings.Fields(mk.expand(names))
	targets = targets[:min(len(targets), maxTargets)]
	list := strings.Fields(mk.expand(needs))
	for _, name := range targets {
		r, ok := mk.rules[name]
		if !ok {
			if len(mk.order) >= maxRules {
				continue
			}
			mk.order = append(mk.order, name)
		}
		r.needs = append(r.needs, list[:min(len(list), maxTargets)]...)
		mk.rules[name] = r
	}
	if inline != "" {
		mk.recipe(targets, Line{strings.TrimSpace(inline), n})
	}
	return targets
}

// recipe adds a line to rules.
func (mk *makeText) recipe(targets []string, l Line) {
	for _, t := range targets {
		if r, ok := mk.rules[t]; ok {
			r.recipe = append(r.recipe, l)
			mk.rules[t] = r
		}
	}
}

// walk visits the recipe lines of a rule after those of what it needs.
func (mk *makeText) walk(rule string, seen map[string]bool, visit func(target string, l Line)) {
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
