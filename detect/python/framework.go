package python

import (
	_ "embed"
	"slices"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed frameworks.table
var frameworksCompiled string

// Framework is a row of frameworks.yaml.
type Framework struct {
	Name       string              `yaml:"framework"`
	Source     string              `yaml:"source"`
	Dependency string              `yaml:"dependency,omitempty"` // normalised name of the package that provides it
	Objects    []string            `yaml:"objects,omitempty"`    // calls that make an application object
	Interface  string              `yaml:"interface,omitempty"`  // of the object: "wsgi" or "asgi"
	Attribute  string              `yaml:"attribute,omitempty"`  // of the object that is the WSGI application
	Brings     map[string][]string `yaml:"brings,omitempty"`     // servers that a requirement installs with it
	Dev        string              `yaml:"dev,omitempty"`        // "flask": it has a development server of its own
	Imports    []string            `yaml:"imports,omitempty"`    // modules that show that a script is of the framework
	Methods    []string            `yaml:"methods,omitempty"`    // one of which a script of the framework calls
	Decorators []string            `yaml:"decorators,omitempty"` // what makes a function the entry
	Run        []string            `yaml:"run,omitempty"`        // command for such a script: {file}, {name}, {port}
	Worker     bool                `yaml:"worker,omitempty"`     // Run works on tasks: it counts where there is no web application
	DevArgs    []string            `yaml:"dev-args,omitempty"`
	Port       int                 `yaml:"port,omitempty"`
	Health     string              `yaml:"health,omitempty"` // a path that answers 200 once it is up
	// Config is a file of the framework's own that says where it serves.
	Config struct {
		File string   `yaml:"file"`
		Port []string `yaml:"port"` // keys, from the outermost on
		Base []string `yaml:"base"` // of the path below which it serves
	} `yaml:"config,omitempty"`
	// Writes is the keyword without which the object writes a file into the
	// working directory when it is made.
	Writes string `yaml:"writes,omitempty"`
}

// Frameworks returns the table.
func Frameworks() ([]Framework, error) { return frameworks() }

var frameworks = table.Lazy[[]Framework]("frameworks.yaml", frameworksCompiled) //nolint:gochecknoglobals // decoded once

func byObject(rows []Framework, full string) *Framework {
	for i := range rows {
		if slices.Contains(rows[i].Objects, full) {
			return &rows[i]
		}
	}
	return nil
}

// FrameworkNamed returns the row of that name.
func FrameworkNamed(name string) (Framework, bool) {
	rows, err := Frameworks()
	if err != nil {
		return Framework{}, false
	}
	i := slices.IndexFunc(rows, func(f Framework) bool { return f.Name == name })
	if i < 0 {
		return Framework{}, false
	}
	return rows[i], true
}
