package java

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
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
	Otherwise    bool     `yaml:"otherwise,omitempty"`    // the keys count where no call is handed a port
	Calls        []string `yaml:"calls,omitempty"`        // packages whose calls are handed the port
	Env          string   `yaml:"env,omitempty"`          // the variable that counts before the files
	Address      struct {
		Keys []string `yaml:"keys"`
		Env  string   `yaml:"env"`
	} `yaml:"address,omitempty"`
	Also   []listener `yaml:"also,omitempty"` // what it listens on beside that port
	Health struct {
		Dependency string   `yaml:"dependency"`
		Path       []string `yaml:"path"`              // segments; in each, {key:default} is a key of the configuration
		Also       []string `yaml:"also,omitempty"`    // those on the port of the first of Also, if it is open
		Off        []string `yaml:"off,omitempty"`     // keys that turn the page off if they are false
		Moved      []string `yaml:"moved,omitempty"`   // keys that put the page on a port of its own
		Exposed    string   `yaml:"exposed,omitempty"` // key of what is shown, by include and exclude
	} `yaml:"health,omitempty"`
	Base []string `yaml:"base,omitempty"` // keys of the path below which the app answers
	TLS  struct {
		Keys []string `yaml:"keys"` // that make it answer over TLS alone
		Off  string   `yaml:"off"`  // false: it does not, all the same
	} `yaml:"tls,omitempty"`
	// Refuse says why an app with the dependency is no server that starts by
	// itself, and Hint what to do.
	Refuse string `yaml:"refuse,omitempty"`
	Hint   string `yaml:"hint,omitempty"`

	dep pom.Dependency // of the module, by which the row was found
}

// listener is a further port of a framework.
type listener struct {
	Dependency string   `yaml:"dependency"`       // pattern of group:artifact
	When       string   `yaml:"when,omitempty"`   // a key that has to be true
	Unless     string   `yaml:"unless,omitempty"` // a key that must not be false
	Keys       []string `yaml:"keys"`
	Port       int      `yaml:"port,omitempty"` // if no key names one; 0: it is not open then
	Env        string   `yaml:"env"`
}

// address is where the framework listens by the row; ok is false if it does not.
func (x listener) address(m *module, link string) (a image.Address, ok bool) {
	deps := m.dependencies()
	i := runtimeIndex(deps, x.Dependency)
	if i < 0 || x.When != "" && m.setting(x.When).Value != "true" || x.Unless != "" && m.setting(x.Unless).Value == "false" {
		return a, false
	}
	for _, key := range x.Keys {
		if s := m.setting(key); s.Found() {
			a = framework{Env: x.Env, Source: link}.configured(m, key, s)
			a.Also = true
			return a, a.Port > 0
		}
	}
	return image.Address{Port: x.Port, Pos: deps[i].Pos, Rule: "the default of " + deps[i].Artifact, Link: link, Also: true, Move: image.Move{Env: x.Env}}, x.Port > 0
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
	return d.Scope != "test" && named(fw.Dependencies, d)
}

// named reports whether one of some patterns of path.Match means the dependency.
func named(patterns []string, d pom.Dependency) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, d.Name())
		return err == nil && ok
	})
}

// runtimeIndex finds the first dependency that the patterns mean and the app runs with, -1 for none.
func runtimeIndex(deps []pom.Dependency, patterns ...string) int {
	return slices.IndexFunc(deps, func(d pom.Dependency) bool { return d.AtRuntime() && named(patterns, d) })
}
