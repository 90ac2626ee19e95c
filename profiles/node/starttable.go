package node

import (
	_ "embed"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed start.table
var startCompiled string

// startTable is start.yaml: what is known of programs that a start command runs, and of packages that make apps.
type startTable struct {
	Developers []developer `yaml:"developers"`
	Programs   []server    `yaml:"programs"`
	Listeners  []listener  `yaml:"listeners"`
	Foreign    []foreign   `yaml:"foreign"`
	Handlers   []handler   `yaml:"handlers"`
}

// developer is commands that serve for development alone.
type developer struct {
	Commands []string `yaml:"commands"`
	Source   string   `yaml:"source"`
}

// server is a program that serves and is run by its own name.
type server struct {
	Program string `yaml:"program"`
	Command string `yaml:"command,omitempty"` // its first argument
	Port    int    `yaml:"port"`
	// Variable is the one that sets the port, if that is not PORT.
	Variable string            `yaml:"variable,omitempty"`
	Env      map[string]string `yaml:"env,omitempty"`
	Flags    []string          `yaml:"flags,omitempty"`   // make it listen on every address
	Signals  bool              `yaml:"signals,omitempty"` // it ends on SIGTERM by itself
	// Loads says that the file among its arguments is code that it runs.
	Loads bool `yaml:"loads,omitempty"`
	// File is the program's in node_modules, the same in every release, with which node runs it where an image has no shell to find programs by.
	File   string `yaml:"file,omitempty"`
	Source string `yaml:"source"`
}

// listener is a library whose use says that the program listens.
type listener struct {
	Package string `yaml:"package"`
	Port    int    `yaml:"port,omitempty"`
	Source  string `yaml:"source"`
}

// foreign is programs of another language, which no image of Node has.
type foreign struct {
	Language string   `yaml:"language"`
	Programs []string `yaml:"programs"`
	Source   string   `yaml:"source"`
}

// handler is a package whose apps answer nobody until something serves them.
type handler struct {
	Package string `yaml:"package"`
	Name    string `yaml:"name"` // "a Hono app"
	Hint    string `yaml:"hint"` // what serves it
	Source  string `yaml:"source"`
}

var startRows = table.Lazy[startTable]("start.yaml", startCompiled) //nolint:gochecknoglobals // decoded once
