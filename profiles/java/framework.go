package java

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed frameworks.table
var frameworksCompiled string

// framework is a row of frameworks.yaml: how a server names its port.
type framework struct {
	Name         string   `yaml:"framework"`
	Source       string   `yaml:"source"`
	Dependencies []string `yaml:"dependencies,omitempty"` // patterns of group:artifact; without any, the row is for every module
	Port         int      `yaml:"port,omitempty"`         // if nothing names one; 0: there is no such default
	Keys         []string `yaml:"keys,omitempty"`         // of the configuration files
	Calls        []string `yaml:"calls,omitempty"`        // packages whose calls are handed the port
	Env          string   `yaml:"env,omitempty"`          // the variable that counts before the files
	Address      struct {
		Keys []string `yaml:"keys"`
		Env  string   `yaml:"env"`
	} `yaml:"address,omitempty"`
	Health struct {
		Dependency string `yaml:"dependency"`
		Path       string `yaml:"path"`
	} `yaml:"health,omitempty"`
	Moves []string `yaml:"moves,omitempty"` // keys that move the health page elsewhere
	Base  []string `yaml:"base,omitempty"`  // keys of the path below which the app answers
	TLS   []string `yaml:"tls,omitempty"`   // keys that make it answer over TLS alone
	// Refuse says why an app with the dependency is no server that starts by
	// itself, and Hint what to do.
	Refuse string `yaml:"refuse,omitempty"`
	Hint   string `yaml:"hint,omitempty"`

	dep pom.Dependency // of the module, by which the row was found
}

var frameworks = table.Lazy[[]framework]("frameworks.yaml", frameworksCompiled) //nolint:gochecknoglobals // decoded once

// frameworkOf is the first row whose dependency m has.
func frameworkOf(m *module) (framework, error) {
	rows, err := frameworks()
	if err != nil {
		return framework{}, err
	}
	deps, listens := m.dependencies(), m.listens()
	for _, row := range rows {
		if len(row.Dependencies) == 0 && slices.ContainsFunc(listens, row.hands) {
			return row, nil
		}
		for _, d := range deps {
			if row.comesWith(d) {
				row.dep = d
				return row, nil
			}
		}
	}
	return framework{}, nil
}

// hands reports whether the call that listens is one of the framework's.
func (fw framework) hands(l effect.Listen) bool {
	return slices.ContainsFunc(fw.Calls, func(p string) bool { return strings.HasPrefix(l.Call, p+".") })
}

// comesWith reports whether a dependency shows that the module has the framework.
func (fw framework) comesWith(d pom.Dependency) bool {
	return d.Scope != "test" && slices.ContainsFunc(fw.Dependencies, func(pattern string) bool {
		ok, err := path.Match(pattern, d.Name())
		return err == nil && ok
	})
}
