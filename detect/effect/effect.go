// Package effect has the types for what a program does when it runs, the same
// for every language: it listens, opens files, starts other programs, answers
// routes, reads variables and handles signals.
//
// The package holds values and reads nothing. A language fills a Set for each of
// its programs or files. A fact that was not read does not exist: nothing here
// stands for "probably". Each fact has the place at which it was read, and each
// value says how sure it is.
package effect

import "github.com/dockgen/dockgen/detect/fact"

// Set is what a program, or one file of it, does when it runs. Each list is in
// the order in which the source says it.
type Set struct {
	Listens  []Listen
	Files    []File
	Execs    []Exec
	Routes   []Route
	Env      []Env
	Signals  []Signal
	Headless []fact.Pos // where it starts a framework's app that answers nobody
	Ends     []fact.Pos // where it says that its work is done: it gives back what it works with, or exits as one that succeeded
	Accounts []Account
	Locales  []fact.Fact[string] // those of the C library that it sets: de_DE.UTF-8
}

// Certainty says how sure a value is.
type Certainty string

// The certainties, from the surest on. The zero value is Computed.
const (
	// Literal is written in the source, and nothing overrides it.
	Literal Certainty = "literal"
	// Default counts until the variable or the flag of the value is given. For a
	// value that has neither, it is what the called library documents.
	Default Certainty = "default"
	// Computed is worked out at run time. The value has no text.
	Computed Certainty = ""
)

// Value is a value that a program uses, as far as its source says.
type Value struct {
	Text string // the literal or the default; "" if Computed, or if Env or Flag has no default
	Sure Certainty
	Env  string // the environment variable that overrides it, or ""
	Flag string // the flag that overrides it, with its hyphens ("-addr", "--port"), or ""
}

// Known reports whether the source says what the value is, or what decides it.
func (v Value) Known() bool { return v.Sure != Computed }

// Decided reports whether a variable or a flag can change the value.
func (v Value) Decided() bool { return v.Env != "" || v.Flag != "" }

// HasDefault reports whether the program goes on without the variable or flag.
func (v Value) HasDefault() bool { return v.Sure == Default && v.Text != "" }

// Addr is an address to listen on.
type Addr struct {
	Host Value // Text "" is every interface, if it is known
	Port Value // Text is digits
	// File is the line of a configuration file that says it, zero for the source.
	File fact.Pos
}

// WholeEnv reports whether one variable holds host and port together (":8080").
func (a Addr) WholeEnv() bool { return a.Port.Env != "" && a.Port.Env == a.Host.Env }

// WholeFlag reports whether one flag holds host and port together.
func (a Addr) WholeFlag() bool { return a.Port.Flag != "" && a.Port.Flag == a.Host.Flag }

// Known reports whether the source says anything of the port.
func (a Addr) Known() bool { return a.Port.Known() }

// Listen is one place where a program opens a port.
type Listen struct {
	Pos  fact.Pos
	Call string // the function as its language writes it ("net/http.ListenAndServe", "app.listen"); "" if no call was seen
	Addr Addr
	TLS  bool
	// Challenges says that all it answers are the challenges of an ACME server: what the app is for listens elsewhere.
	Challenges bool
	// Named says that no call was seen to use the address: the source only reads
	// a variable, or sets a constant, whose name says that it is the port.
	Named bool
	// Commands are the subcommands, words joined by a space, one of which the
	// program needs to come here; nil if it comes here without.
	Commands []string
}

// Use is what a program does with a file.
type Use string

// The uses.
const (
	Read  Use = "read"
	Write Use = "write"
)

// Base is what a relative path starts from.
type Base string

// The bases. The zero value is WorkDir.
const (
	WorkDir Base = ""      // the working directory of the process
	Code    Base = "code"  // the folder of the source file that names the path
	Home    Base = "home"  // the home folder of the user
	Temp    Base = "temp"  // the folder for temporary files
	Entry   Base = "entry" // the folder of the file that was started
)

// File is a file or folder that a program opens at run time.
type File struct {
	Pos  fact.Pos
	Use  Use
	Call string // the function that opens it; "" if the path was found as a literal alone
	Path Value  // clean, with slashes, relative to Base unless it starts with a slash
	Base Base
	Glob bool // Path is a pattern
	Dir  bool // Path is a folder by the nature of the call
	// Loose says that no row of a table says so: it looks like a path.
	Loose bool
}

// Exec is a program that another one starts.
type Exec struct {
	Pos     fact.Pos
	Call    string
	Program Value // the name as PATH has it, or a path
}

// Account is a place that asks the system for the user's own entry, and fails for a
// user without one.
type Account struct {
	Pos  fact.Pos
	Call string
}

// Route is a path that a server answers.
type Route struct {
	Pos    fact.Pos
	Method string // "GET"; "" for every method
	Path   string // literal, with a leading slash
}

// Env is a variable that a program reads by name.
type Env struct {
	Pos     fact.Pos
	Name    string
	Default Value // Computed if the source gives no default that can be read
	// Required says that the program ends, or never starts, without the variable.
	Required bool
	// Parsed says that the value must be more than a text: a number, an address.
	Parsed bool
	// Like is a value that its reader takes, if that is known and not every text will do.
	Like string
}

// Signal is a place that handles a signal.
type Signal struct {
	Pos  fact.Pos
	Name string // "SIGTERM", "SIGINT"
}
