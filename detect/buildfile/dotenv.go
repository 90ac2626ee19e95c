package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// envFiles are the files of variables that tools read and that are committed.
var envFiles = []string{".env", ".env.production"} //nolint:gochecknoglobals // a constant table

// EnvExamples are the names of files that list the variables an app can be given, for the user to copy.
func EnvExamples() []string {
	return []string{
		".env.example", ".env.sample", ".env.template", ".env.dist", ".env.local.example", ".env.production.example", "env.example", "example.env", "sample.env",
	}
}

var envLine = lazy.MustCompile(`^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$`)

// dotenv reads one: https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow.
func (f *File) dotenv(text string) bool {
	f.Example = !slices.Contains(envFiles, f.rel[strings.LastIndexByte(f.rel, '/')+1:])
	n := 0
	for l := range strings.Lines(text) {
		n++
		if name, value, ok := EnvLine(l); ok && len(f.Env) < maxListed {
			f.Env = append(f.Env, fact.New(variable(name, value), f.Name, n))
		}
	}
	return true
}

// EnvLine is the variable that a line of such a file sets.
func EnvLine(line string) (name, value string, ok bool) {
	m := envLine.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return "", "", false
	}
	v := m[2]
	if len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && strings.IndexByte(v[1:], v[0]) >= 0 {
		v = v[1 : 1+strings.IndexByte(v[1:], v[0])]
	} else {
		v, _, _ = strings.Cut(v, " #")
	}
	return m[1], strings.TrimSpace(v), true
}
