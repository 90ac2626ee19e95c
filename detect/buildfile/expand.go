package buildfile

import (
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// reference is a variable of make, of sh or of a Dockerfile, a template's
// {{.X}}, or what a function or a command computes.
const reference = `\$\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\$\{[^{}\n]*\}|\$\w+|\{\{[^{}\n]*\}\}`

var (
	anyReference  = lazy.MustCompile(`\$\$|\$[@<^*%?]|` + reference)
	referenceName = lazy.MustCompile(`^(?:[$({]|\.|\s)*((?:[A-Za-z_][\w.-]*?|@F?|[<^*%?]))(?::-([^}]*))?[\s)}]*$`)
)

// scope gives values to references.
type scope struct {
	vars    map[string]string
	unknown string // stands for those that have none; "" leaves them
	left    *int   // bytes that may yet be put in
}

// The most bytes that the references of one file become, and of one text, and
// how many lie within each other.
const (
	maxExpanded = 1 << 20
	maxText     = 16 << 10
	maxDepth    = 8
)

func newScope(vars map[string]string, unknown string) *scope {
	left := maxExpanded
	return &scope{vars: vars, unknown: unknown, left: &left}
}

// expand puts the values of variables in the place of their references.
func (s *scope) expand(text string) string { return s.fill(text, 0) }

func (s *scope) fill(text string, depth int) string {
	if !strings.ContainsAny(text, "${") {
		return text
	}
	budget := maxText
	return anyReference.ReplaceAllStringFunc(text, func(ref string) string {
		if ref == "$$" && s.unknown != "" {
			return "$"
		}
		m := referenceName.FindStringSubmatch(ref)
		if m == nil {
			return s.missing(ref)
		}
		v, ok := s.value(ref, m[1], m[2])
		*s.left -= len(v) + 1
		if !ok || depth > maxDepth || *s.left < 0 || budget < 0 {
			return s.missing(ref)
		}
		v = s.fill(v, depth+1)
		budget -= len(v)
		return v
	})
}

// value is that of a variable, or the default beside its name.
func (s *scope) value(ref, name, def string) (string, bool) {
	v, ok := s.vars[name]
	if before, after, has := strings.Cut(name, "-"); !ok && has && ref[1] == '{' { // of make, a name may hold a hyphen
		v, ok = s.vars[before]
		def = after
	}
	if v == "" && def != "" {
		return def, true
	}
	return v, ok
}

func (s *scope) missing(ref string) string {
	if s.unknown == "" {
		return ref
	}
	return s.unknown
}

var assignment = lazy.MustCompile(`^\s*(?:export\s+|readonly\s+|local\s+|ENV\s+|ARG\s+|- )?([A-Za-z_]\w*)\s*(=|\?=|:{1,3}=|:\s)\s*(.*?)\s*$`)

// assigned lists the variables that a script, a YAML file or the like gives a
// value of its own; the last one counts. NAME=value before a command is none.
func assigned(name, text string) map[string]string {
	out := map[string]string{}
	for l := range strings.Lines(text) {
		m := assignment.FindStringSubmatch(l)
		if m == nil || m[2][0] == ':' && m[2] != ":=" && !isYAML(name) {
			continue
		}
		if v, ok := AssignedValue(m[3]); ok || isYAML(name) && m[2][0] == ':' {
			out[m[1]] = v
		}
	}
	return out
}

// AssignedValue is the value of an assignment that ends its line: a word, or what
// is in quotes. It is not ok if a command follows.
func AssignedValue(s string) (string, bool) {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') {
		end := strings.IndexByte(s[1:], s[0])
		if end < 0 {
			return "", false
		}
		return s[1 : 1+end], true
	}
	s, _, _ = strings.Cut(s, " #")
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), `\`))
	return s, !strings.ContainsAny(strings.ReplaceAll(anyReference.ReplaceAllString(s, ""), "$(", " "), " \t")
}
