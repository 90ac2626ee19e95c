package load

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

var majorVersion = lazy.MustCompile(`^v[0-9]+$`)

// IsMajor reports whether the last element of an import path is a major
// version: https://go.dev/ref/mod#major-version-suffixes.
func IsMajor(elem string) bool { return majorVersion.MatchString(elem) }

// Names lists the names that the package of an import path may have, likeliest
// first; the last element of the path by convention.
func Names(importPath string) []string {
	parts := strings.Split(importPath, "/")
	last := parts[len(parts)-1]
	if IsMajor(last) && len(parts) > 1 {
		last = parts[len(parts)-2]
	}
	if i := strings.LastIndex(last, ".v"); i > 0 && IsMajor(last[i+1:]) {
		last = last[:i] // gopkg.in/yaml.v3
	}
	var out []string
	add := func(s string) {
		if token.IsIdentifier(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(last)
	trimmed := strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(last, "go-"), "-go"), ".go")
	add(trimmed)
	add(strings.TrimPrefix(trimmed, "go"))
	add(strings.ReplaceAll(trimmed, "-", ""))
	add(strings.ReplaceAll(trimmed, "-", "_"))
	if i := strings.LastIndexAny(trimmed, "-."); i >= 0 {
		add(trimmed[i+1:])
		add(trimmed[:i])
	}
	if len(parts) > 1 {
		add(parts[len(parts)-2])
	}
	add("p")
	return out
}

// ImportPath is the path of an import, "" if it is no string.
func ImportPath(spec *ast.ImportSpec) string {
	s, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return s
}
