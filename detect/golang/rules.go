package golang

import (
	_ "embed" // for calls.yaml
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed calls.yaml
var callsYAML []byte

// rule is a row of calls.yaml: what a call, or a field of a struct literal,
// means for an image.
type rule struct {
	Package     string     `yaml:"package"`
	PackageName string     `yaml:"package-name,omitempty"` // with /...: the package's own name
	Func        []string   `yaml:"func,omitempty,flow"`
	Method      []string   `yaml:"method,omitempty,flow"`
	TypeName    string     `yaml:"type-name,omitempty"` // of the method's receiver
	Type        string     `yaml:"type,omitempty"`
	Field       string     `yaml:"field,omitempty"`
	Listen      *listening `yaml:"listen,omitempty"`
	Read        []int      `yaml:"read,omitempty,flow"`
	Write       []int      `yaml:"write,omitempty,flow"`
	Rest        bool       `yaml:"rest,omitempty"`
	Glob        bool       `yaml:"glob,omitempty"`
	Dir         bool       `yaml:"dir,omitempty"`
	Run         *int       `yaml:"run,omitempty"`
	Route       *int       `yaml:"route,omitempty"`
	Database    *database  `yaml:"database,omitempty"`
	Config      string     `yaml:"config,omitempty"`
	EnvFile     bool       `yaml:"env-file,omitempty"`
	Source      string     `yaml:"source"`
}

type listening struct {
	Addr    *int   `yaml:"addr,omitempty"`
	Network *int   `yaml:"network,omitempty"`
	TLS     bool   `yaml:"tls,omitempty"`
	Default string `yaml:"default,omitempty"`
	Env     string `yaml:"env,omitempty"` // the variable that the default follows
	// Elsewhere: it listens, and the address stands in another place.
	Elsewhere bool `yaml:"elsewhere,omitempty"`
}

type database struct {
	Driver int `yaml:"driver"`
	Name   int `yaml:"name"`
}

// rules are the rows by the name that they are looked up by.
type rules struct {
	funcs, methods, fields map[string][]*rule
}

// loadRules decodes calls.yaml, which a test keeps right.
func loadRules() *rules { return parsedRules() }

var parsedRules = sync.OnceValue(func() *rules { //nolint:gochecknoglobals // decoded once
	rows, err := table.Decode[[]rule]("calls.yaml", callsYAML)
	if err != nil {
		panic(err)
	}
	r := &rules{map[string][]*rule{}, map[string][]*rule{}, map[string][]*rule{}}
	for i := range rows {
		row := &rows[i]
		for _, n := range row.Func {
			r.funcs[n] = append(r.funcs[n], row)
		}
		for _, n := range row.Method {
			r.methods[n] = append(r.methods[n], row)
		}
		if row.Field != "" {
			r.fields[row.Field] = append(r.fields[row.Field], row)
		}
	}
	return r
})

var versionSuffix = regexp.MustCompile(`^(/v[0-9]+)?$`)

// matches reports whether an import path is the rule's package.
func (r *rule) matches(importPath string) bool {
	base, below := strings.CutSuffix(r.Package, "/...")
	rest, ok := strings.CutPrefix(importPath, base)
	if !ok {
		return false
	}
	if r.PackageName != "" && !slices.Contains(guessNames(importPath), r.PackageName) {
		return false
	}
	if below {
		return rest == "" || rest[0] == '/'
	}
	return versionSuffix.MatchString(rest)
}
