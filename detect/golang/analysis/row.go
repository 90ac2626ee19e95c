package analysis

import (
	_ "embed" // for calls.yaml
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed calls.table
var callsCompiled string

// row is a row of calls.yaml: what a call, or a field of a struct literal,
// means for an image.
type row struct {
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
	Account     bool       `yaml:"account,omitempty"`
	Route       *int       `yaml:"route,omitempty"`
	Database    *database  `yaml:"database,omitempty"`
	Config      string     `yaml:"config,omitempty"`
	EnvFile     bool       `yaml:"env-file,omitempty"`
	Signal      *signals   `yaml:"signal,omitempty"`
	Virtual     bool       `yaml:"virtual,omitempty"`
	Keeps       string     `yaml:"keeps,omitempty"`
	Answers     string     `yaml:"answers,omitempty"`
	Source      string     `yaml:"source"`
}

type listening struct {
	Addr    *int   `yaml:"addr,omitempty"`
	Network *int   `yaml:"network,omitempty"`
	TLS     bool   `yaml:"tls,omitempty"`
	Default string `yaml:"default,omitempty"`
	Env     string `yaml:"env,omitempty"`     // the variable that the default follows
	Flag    string `yaml:"flag,omitempty"`    // the flag that the default follows
	Command string `yaml:"command,omitempty"` // the subcommand of the library's own with which it listens
	// Elsewhere: it listens, and the address stands in another place.
	Elsewhere bool `yaml:"elsewhere,omitempty"`
}

type database struct {
	Driver int `yaml:"driver"`
	Name   int `yaml:"name"`
}

// signals are those that a call handles: the arguments from one on, or names.
type signals struct {
	From  *int     `yaml:"from,omitempty"`
	Names []string `yaml:"names,omitempty,flow"` // with from: of a call without such arguments
}

// rows are those of calls.yaml by the name that they are looked up by.
type rows struct {
	funcs, methods, fields map[string][]*row
}

// calls decodes calls.yaml, which a test keeps right.
var calls = sync.OnceValue(func() *rows { //nolint:gochecknoglobals // decoded once
	list := table.Must[[]row]("calls.yaml", callsCompiled)
	r := &rows{map[string][]*row{}, map[string][]*row{}, map[string][]*row{}}
	for i := range list {
		x := &list[i]
		for _, n := range x.Func {
			r.funcs[n] = append(r.funcs[n], x)
		}
		for _, n := range x.Method {
			r.methods[n] = append(r.methods[n], x)
		}
		if x.Field != "" {
			r.fields[x.Field] = append(r.fields[x.Field], x)
		}
	}
	return r
})

var versionSuffix = lazy.MustCompile(`^(/v[0-9]+)?$`)

// matches reports whether an import path is the row's package.
func (r *row) matches(importPath string) bool {
	base, below := strings.CutSuffix(r.Package, "/...")
	rest, ok := strings.CutPrefix(importPath, base)
	if !ok {
		return false
	}
	if r.PackageName != "" && !slices.Contains(load.Names(importPath), r.PackageName) {
		return false
	}
	if below {
		return rest == "" || rest[0] == '/'
	}
	return versionSuffix.MatchString(rest)
}
