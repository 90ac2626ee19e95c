package python

import (
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/internal/lazy"
)

// holds evaluates a marker for prod: CPython of that minor version ("3.13") on
// Linux, on amd64 or arm64. What a marker says of anything else, such as an
// extra, counts as if it held, and so does a marker that cannot be read.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func holds(marker, version string) bool {
	marker = strings.TrimSpace(marker)
	if marker == "" || len(marker) > maxMarker {
		return true
	}
	return slices.ContainsFunc([]string{"x86_64", "aarch64"}, func(machine string) bool {
		r := markerReader{tokens: markerToken.FindAllString(marker, -1), version: version, machine: machine}
		out := r.or()
		return r.failed || len(r.tokens) > 0 || out != no
	})
}

// Bounds of what is read of a marker.
const (
	maxMarker      = 4 << 10 // bytes
	maxMarkerDepth = 50
)

var markerToken = lazy.MustCompile(`'[^']*'|"[^"]*"|[A-Za-z_][\w.]*|===|~=|==|!=|<=|>=|[<>()]|\S`)

// truth is what is known of a part of a marker.
type truth int8

const (
	no truth = iota
	maybe
	yes
)

func isTrue(b bool) truth {
	if b {
		return yes
	}
	return no
}

// markerReader reads the tokens of a marker from left to right.
type markerReader struct {
	tokens           []string
	version, machine string
	depth            int
	failed           bool
}

func (r *markerReader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return r.tokens[0]
}

func (r *markerReader) next() string {
	t := r.peek()
	if t == "" {
		r.failed = true
		return ""
	}
	r.tokens = r.tokens[1:]
	return t
}

func (r *markerReader) or() truth {
	out := r.and()
	for r.peek() == "or" {
		r.next()
		out = max(out, r.and())
	}
	return out
}

func (r *markerReader) and() truth {
	out := r.comparison()
	for r.peek() == "and" {
		r.next()
		out = min(out, r.comparison())
	}
	return out
}

func (r *markerReader) comparison() truth {
	if r.peek() == "(" && r.depth < maxMarkerDepth {
		r.next()
		r.depth++
		out := r.or()
		r.depth--
		r.failed = r.failed || r.next() != ")"
		return out
	}
	left := r.next()
	op := r.next()
	if op == "not" {
		op += " " + r.next()
	}
	right := r.next()
	if r.failed {
		return maybe
	}
	name := strings.ReplaceAll(left, ".", "_")
	if isQuoted(left) && !isQuoted(right) { // "win32" == sys_platform
		name = strings.ReplaceAll(right, ".", "_")
		op = mirrored(op)
	}
	if (name == "python_version" || name == "python_full_version") && isQuoted(left) != isQuoted(right) && !strings.Contains(op, "in") {
		return r.python(name, op, unquoted(left, right))
	}
	a, ok := r.value(left)
	b, known := r.value(right)
	if !ok || !known {
		return maybe
	}
	switch op {
	case "==", "===":
		return isTrue(a == b)
	case "!=":
		return isTrue(a != b)
	case "in":
		return isTrue(strings.Contains(b, a))
	case "not in":
		return isTrue(!strings.Contains(b, a))
	}
	return maybe
}

// python compares the version of Python.
func (r *markerReader) python(name, op, with string) truth {
	c, err := semver.PyPI.ParseConstraint(op + with)
	if err != nil {
		return maybe
	}
	version := r.version
	if name == "python_full_version" {
		version += ".99" // the image has the newest patch
	}
	return isTrue(c.Match(version))
}

// value is a literal, or what prod has for a variable.
func (r *markerReader) value(token string) (string, bool) {
	if isQuoted(token) {
		return token[1 : len(token)-1], true
	}
	switch strings.ReplaceAll(token, ".", "_") {
	case "os_name":
		return "posix", true
	case "sys_platform":
		return "linux", true
	case "platform_system":
		return "Linux", true
	case "platform_machine":
		return r.machine, true
	case "implementation_name":
		return "cpython", true
	case "platform_python_implementation", "python_implementation":
		return "CPython", true
	case "python_version":
		return r.version, true
	}
	return "", false
}

func isQuoted(token string) bool {
	return len(token) > 1 && (token[0] == '"' || token[0] == '\'') && token[len(token)-1] == token[0]
}

// unquoted is the text of the one that is quoted.
func unquoted(a, b string) string {
	if isQuoted(a) {
		return a[1 : len(a)-1]
	}
	return b[1 : len(b)-1]
}

// mirrored is the operator with its sides exchanged.
func mirrored(op string) string {
	switch op {
	case "<", "<=":
		return ">" + op[1:]
	case ">", ">=":
		return "<" + op[1:]
	}
	return op
}
