package python

import (
	_ "embed"
	"maps"
	"slices"
	"sync"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed calls.table
var callsCompiled string

// callRow is a row of calls.yaml, whose head says what the columns mean.
type callRow struct {
	Call     []string   `yaml:"call,omitempty"`
	Method   []string   `yaml:"method,omitempty"`
	Of       []string   `yaml:"of,omitempty"`
	Imports  []string   `yaml:"imports,omitempty"`
	Setting  []string   `yaml:"setting,omitempty"`
	Key      []string   `yaml:"key,omitempty"`
	Beside   string     `yaml:"beside,omitempty"`
	Model    []string   `yaml:"model,omitempty"`
	Source   string     `yaml:"source"`
	Value    string     `yaml:"value,omitempty"`
	Default  []string   `yaml:"default,omitempty"`
	Env      []string   `yaml:"env,omitempty"`
	Cast     []string   `yaml:"cast,omitempty"`
	Required bool       `yaml:"required,omitempty"`
	Parsed   bool       `yaml:"parsed,omitempty"`
	Sets     bool       `yaml:"sets,omitempty"`
	Listen   *listenRow `yaml:"listen,omitempty"`
	Read     []string   `yaml:"read,omitempty"`
	Write    []string   `yaml:"write,omitempty"`
	Mode     []string   `yaml:"mode,omitempty"`
	Dir      bool       `yaml:"dir,omitempty"`
	Code     bool       `yaml:"beside-code,omitempty"`
	Each     []string   `yaml:"read-each,omitempty"`
	Database []string   `yaml:"database,omitempty"`
	// Makes is the file or folder that is written if the call names none, unless one
	// of the keywords of Unless is given; for a setting, if its value is Is.
	Makes  string   `yaml:"makes,omitempty"`
	Unless []string `yaml:"unless,omitempty"`
	Is     string   `yaml:"is,omitempty"`
	// Unplaced says that the call writes a file even if its path is not read.
	Unplaced bool `yaml:"unplaced,omitempty"`
	// Attribute are names of attributes of the application of a library of Imports.
	Attribute []string `yaml:"attribute,omitempty"`
	// Address is what stands between the scheme of an address of SQLite and its path,
	// where one of Imports is used.
	Address string `yaml:"address,omitempty"`
	// Instance is the module whose import puts a relative database into Flask's
	// instance folder.
	Instance string   `yaml:"instance,omitempty"`
	Run      []string `yaml:"run,omitempty"`
	Starts   []string `yaml:"starts,omitempty"`
	Account  bool     `yaml:"account,omitempty"`
	Takes    bool     `yaml:"takes,omitempty"` // it reads the arguments of the command line
	Stdin    string   `yaml:"stdin,omitempty"` // it reads standard input: "terminal" for somebody's who types, else "pipe"
	Which    bool     `yaml:"which,omitempty"`
	Loads    bool     `yaml:"loads,omitempty"`
	GPU      bool     `yaml:"gpu,omitempty"`
	Device   []string `yaml:"device,omitempty"`
	AsksGPU  bool     `yaml:"asks-gpu,omitempty"`
	Signal   []string `yaml:"signal,omitempty"`
	Locale   []string `yaml:"locale,omitempty"`
	Asks     []string `yaml:"asks,omitempty"`
	// Like is a value that functions and methods of these names take where they read a
	// variable, and Always are variables that every container has.
	Like map[string]string `yaml:"like,omitempty"`
	// Typed are values that fields of settings take, by the name of their type.
	Typed map[string]string `yaml:"typed,omitempty"`
	// Readers are values that functions of these full names take of a variable that is read for them.
	Readers map[string]string `yaml:"readers,omitempty"`
	Always  []string          `yaml:"always,omitempty"`
	// Keyword are arguments that name a certificate or a key, whatever the call is.
	Keyword []string `yaml:"keyword,omitempty"`
}

// listenRow says how a call listens.
type listenRow struct {
	Framework string   `yaml:"framework"`
	Host      []string `yaml:"host,omitempty"`
	Port      []string `yaml:"port,omitempty"`
	Address   *int     `yaml:"address,omitempty"`
	Needs     []string `yaml:"needs,omitempty"`
	// HostKey and PortKey are keys of a dictionary, anywhere in the file, that say
	// where it listens; MadeHost and MadePort arguments of the call that makes the object.
	HostKey     string   `yaml:"host-key,omitempty"`
	PortKey     string   `yaml:"port-key,omitempty"`
	MadeHost    []string `yaml:"made-host,omitempty"`
	MadePort    []string `yaml:"made-port,omitempty"`
	DefaultHost string   `yaml:"default-host,omitempty"`
	DefaultPort string   `yaml:"default-port,omitempty"`
	HostEnv     string   `yaml:"host-env,omitempty"`
	PortEnv     string   `yaml:"port-env,omitempty"`
	Over        bool     `yaml:"over,omitempty"` // the variables count more than what the call says
	// Server is the argument that names another server than Framework's own, which is for development.
	Server []string `yaml:"server,omitempty"`
	Ends   bool     `yaml:"ends,omitempty"`
	// Instead is a command of the library's that serves what the call does. It imports the file, which Always may hold the call where
	// that runs; With is the package that it needs.
	Instead struct {
		Run    []string `yaml:"run"`
		Always bool     `yaml:"always,omitempty"`
		With   string   `yaml:"with,omitempty"`
		// Only are the arguments that the call may have beside what it serves, its object or its first argument: others would be lost.
		Only []string `yaml:"only,omitempty"`
	} `yaml:"instead,omitempty"`
	// Blocks says that the call itself serves, and returns once that ends.
	Blocks bool `yaml:"blocks,omitempty"`
	// Also says that it listens beside the app's own server.
	Also bool `yaml:"also,omitempty"`
}

// callTable is calls.yaml by what a reader looks for.
type callTable struct {
	rows     []callRow
	names    map[string]*callRow
	methods  map[string][]*callRow
	settings map[string]*callRow
	keys     []*callRow
	asks     map[string]bool
	keywords map[string]bool
	// attributes are rows by the name of an attribute.
	attributes map[string]*callRow
	addresses  []*callRow
	like       map[string]string
	typed      map[string]string
	readers    map[string]string
	always     map[string]bool
}

var calls = sync.OnceValues(func() (*callTable, error) { //nolint:gochecknoglobals // decoded once
	rows, err := table.Read[[]callRow]("calls.yaml", callsCompiled)
	if err != nil {
		return nil, err
	}
	t := &callTable{rows: rows, names: map[string]*callRow{}, methods: map[string][]*callRow{}, settings: map[string]*callRow{}, asks: map[string]bool{}, keywords: map[string]bool{}, attributes: map[string]*callRow{}, like: map[string]string{}, typed: map[string]string{}, readers: map[string]string{}, always: map[string]bool{}}
	for i := range rows {
		r := &rows[i]
		for _, n := range r.Call {
			t.names[n] = r
		}
		for _, n := range r.Method {
			t.methods[n] = append(t.methods[n], r)
		}
		for _, n := range r.Setting {
			t.settings[n] = r
		}
		if len(r.Key) > 0 {
			t.keys = append(t.keys, r)
		}
		for _, n := range r.Attribute {
			t.attributes[n] = r
		}
		maps.Copy(t.like, r.Like)
		maps.Copy(t.typed, r.Typed)
		maps.Copy(t.readers, r.Readers)
		for _, n := range r.Always {
			t.always[n] = true
		}
		if r.Address != "" {
			t.addresses = append(t.addresses, r)
		}
		for _, n := range r.Asks {
			t.asks[n] = true
		}
		for _, n := range r.Keyword {
			t.keywords[n] = true
		}
	}
	return t, nil
})

// named is the row of a full name, or nil.
func (t *callTable) named(full string) *callRow { return t.names[full] }

// value is what the evaluator takes a full name for.
func (t *callTable) value(full string) string {
	if r := t.names[full]; r != nil {
		return r.Value
	}
	return ""
}

// classes reports whether one of the names is a class that the row wants.
func (r *callRow) classes(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(r.Of, n) })
}
