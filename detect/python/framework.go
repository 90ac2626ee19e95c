package python

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed frameworks.table
var frameworksCompiled string

// Monitor is a command that serves a page: on which port, which flags and variable say another one, and what answers who asks for its health.
type Monitor struct {
	Command  string   `yaml:"command"`
	Source   string   `yaml:"source"`
	Port     int      `yaml:"port"`
	Flags    []string `yaml:"flags"`
	Variable string   `yaml:"variable"`
	Health   string   `yaml:"health"`
}

// Framework is a row of frameworks.yaml.
type Framework struct {
	Name       string              `yaml:"framework"`
	Source     string              `yaml:"source"`
	Dependency string              `yaml:"dependency,omitempty"` // normalised name of the package that provides it
	Objects    []string            `yaml:"objects,omitempty"`    // calls that make an application object
	Interface  string              `yaml:"interface,omitempty"`  // of the object: "wsgi" or "asgi"
	Makes      Makes               `yaml:"makes,omitempty"`      // methods that make an application object
	Wraps      []string            `yaml:"wraps,omitempty"`      // calls that put another application into the one that they make; *X ends with X
	Parameters []string            `yaml:"parameters,omitempty"` // of a function that is an application itself
	Classes    []string            `yaml:"classes,omitempty"`    // names of classes that are the object, in a file that imports the dependency
	Stdin      bool                `yaml:"stdin,omitempty"`      // Run talks on its standard input
	Alone      bool                `yaml:"alone,omitempty"`      // the object is started if nothing else can be
	Attribute  string              `yaml:"attribute,omitempty"`  // of the object that is the WSGI application
	Complete   string              `yaml:"complete,omitempty"`   // the attribute without which the object serves nothing
	Brings     map[string][]string `yaml:"brings,omitempty"`     // servers that a requirement installs with it
	Dev        string              `yaml:"dev,omitempty"`        // "flask": it has a development server of its own
	Command    string              `yaml:"command,omitempty"`    // the program of its own that serves an object while who works on it looks: flask run
	Idle       string              `yaml:"idle,omitempty"`       // NAME=VALUE with which the object's run() does nothing
	Imports    []string            `yaml:"imports,omitempty"`    // modules that show that a script is of the framework
	Methods    []string            `yaml:"methods,omitempty"`    // one of which a script of the framework calls
	Decorators []string            `yaml:"decorators,omitempty"` // what makes a function the entry
	Run        []string            `yaml:"run,omitempty"`        // command for such a script: {file}, {name}, {port}
	Acts       bool                `yaml:"acts,omitempty"`       // such a script does something when it runs, and not only defines
	Origins    string              `yaml:"origins,omitempty"`    // the variable with the hosts by whose names it is asked over WebSockets
	Worker     bool                `yaml:"worker,omitempty"`     // Run works on tasks: it counts where there is no web application
	// Monitors are commands of a worker's program that serve a page about it.
	Monitors []Monitor `yaml:"monitors,omitempty"`
	DevArgs  []string  `yaml:"dev-args,omitempty"`
	Port     int       `yaml:"port,omitempty"`
	Health   string    `yaml:"health,omitempty"` // a path that answers 200 once it is up
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

// Makes are methods of objects of classes.
type Makes struct {
	Of      []string `yaml:"of"`
	Methods []string `yaml:"methods"`
}

// byMethod finds the row whose object a method of an object of one of the classes makes.
func byMethod(rows []Framework, classes []string, method string) *Framework {
	for i := range rows {
		m := &rows[i].Makes
		if slices.Contains(m.Methods, method) && slices.ContainsFunc(classes, func(n string) bool { return slices.Contains(m.Of, n) }) {
			return &rows[i]
		}
	}
	return nil
}

// byWrapper finds the row whose object holds another application.
func byWrapper(rows []Framework, full string) *Framework {
	for i := range rows {
		for _, w := range rows[i].Wraps {
			if end, ends := strings.CutPrefix(w, "*"); ends && strings.HasSuffix(full, end) || w == full {
				return &rows[i]
			}
		}
	}
	return nil
}

// Program is the program of the framework's own command, "" for none: streamlit, flask.
func (f Framework) Program() string {
	if f.Run != nil && f.Run[0] != "python" {
		return f.Run[0]
	}
	return f.Command
}

// PortFlags are the flags of that command which name the port.
func (f Framework) PortFlags() []string {
	if f.Run == nil {
		return []string{"--port", "-p"}
	}
	i := slices.IndexFunc(f.Run, func(a string) bool { return strings.Contains(a, "{port}") })
	if i < 1 {
		return nil
	}
	if flag, _, joined := strings.Cut(f.Run[i], "="); joined {
		return []string{flag}
	}
	return []string{f.Run[i-1]}
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
