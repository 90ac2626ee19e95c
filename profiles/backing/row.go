package backing

import (
	_ "embed" // the table
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed services.table
var servicesCompiled string

// tableOf is services.yaml.
type tableOf struct {
	Services []Row    `yaml:"services"`
	Database []string `yaml:"database"` // prefixes of variables that mean the app's database
	Parts    parts    `yaml:"parts"`
	Own      []string `yaml:"own"` // variables that hold a random text
}

// parts are the last words of a variable's name, by what it holds.
type parts struct {
	URL      []string `yaml:"url"`
	Address  []string `yaml:"address"`
	Host     []string `yaml:"host"`
	Port     []string `yaml:"port"`
	User     []string `yaml:"user"`
	Password []string `yaml:"password"`
	Database []string `yaml:"database"`
}

// Row is one kind of server.
type Row struct {
	Name   string `yaml:"name"` // of its service
	Title  string `yaml:"title"`
	Group  string `yaml:"group,omitempty"` // of several of a group, an app has one
	Source string `yaml:"source"`

	Image string   `yaml:"image"`
	Tag   string   `yaml:"tag"`
	Same  []string `yaml:"same,omitempty"` // images that are run in the same way
	Port  int      `yaml:"port"`
	Page  int      `yaml:"page,omitempty"` // the port of its web page, which is published
	Data  string   `yaml:"data,omitempty"` // the folder of its volume
	Older older    `yaml:"older,omitempty"`
	// Hostname says that the data belong to the name of the host.
	Hostname bool     `yaml:"hostname,omitempty"`
	Command  []string `yaml:"command,omitempty"`
	// User is the one that the image makes, or that is there: with Root, one that Environment cannot make.
	User        string            `yaml:"user,omitempty"`
	Database    string            `yaml:"database,omitempty"`
	Environment map[string]string `yaml:"environment,omitempty"`
	Secrets     map[string]string `yaml:"secrets,omitempty"`
	Root        rootUser          `yaml:"root,omitempty"`
	Health      []string          `yaml:"health"`
	Start       string            `yaml:"start"`

	Schemes  []string                     `yaml:"schemes,omitempty"` // of its addresses
	Marks    []string                     `yaml:"marks,omitempty"`   // texts of code and configuration that mean it
	Prefixes []string                     `yaml:"prefixes"`          // of its variables
	Also     []string                     `yaml:"also,omitempty"`    // variables that hold its address
	Clients  map[string]map[string]Client `yaml:"clients"`
	// NeedsVariable says that a client alone is no evidence, wherever it is imported.
	NeedsVariable bool `yaml:"needs_variable,omitempty"`

	URL     string `yaml:"url"`
	Address string `yaml:"address,omitempty"`
	GoURL   string `yaml:"go_url,omitempty"`
	GoQuery string `yaml:"go_query,omitempty"`
	DSN     string `yaml:"dsn,omitempty"` // of keys and values
	// Fallback are the variables that its clients read by themselves.
	Fallback map[string]string `yaml:"fallback,omitempty"`
	Spring   map[string]string `yaml:"spring,omitempty"`
	Quarkus  map[string]string `yaml:"quarkus,omitempty"`
	Instead  []instead         `yaml:"instead,omitempty"`
}

// older is where the data of a release before another one lie.
type older struct {
	Below int    `yaml:"below"`
	Data  string `yaml:"data,omitempty"`
	Tag   string `yaml:"tag,omitempty"`
}

// rootUser is what makes the server's own user the app's.
type rootUser struct {
	Environment map[string]string `yaml:"environment,omitempty"`
	Secrets     map[string]string `yaml:"secrets,omitempty"`
}

// instead is an image with an extension that the app asks for.
type instead struct {
	Marks  []string `yaml:"marks"`
	Image  string   `yaml:"image"`
	Tag    string   `yaml:"tag"`
	Source string   `yaml:"source"`
}

// Client is a library that talks to the server.
type Client struct {
	// Sure says that whoever has it connects, Weak that it talks to other servers as well, so that using it shows nothing.
	Sure bool `yaml:"sure,omitempty"`
	Weak bool `yaml:"weak,omitempty"`
	// Standard says that it comes with the language.
	Standard bool `yaml:"standard,omitempty"`
	// Endpoint says that it talks to this server only where a variable gives it an address.
	Endpoint bool              `yaml:"endpoint,omitempty"`
	Import   string            `yaml:"import,omitempty"` // of Python's, its module, where that has another name
	Scheme   string            `yaml:"scheme,omitempty"` // of SQLAlchemy's addresses
	Tag      string            `yaml:"tag,omitempty"`    // of the server that it needs
	Majors   map[string]string `yaml:"majors,omitempty"` // likewise, by its own major release
	Older    older             `yaml:"older,omitempty"`
	Command  []string          `yaml:"command,omitempty"` // of the server, for it
	Unless   string            `yaml:"unless,omitempty"`  // the library with which it does without that
}

var load = table.Lazy[tableOf]("services.yaml", servicesCompiled) //nolint:gochecknoglobals // decoded once

// part is what a variable holds.
type part int

const (
	noPart part = iota
	url
	address
	host
	port
	user
	password
	database
)

// partOf is what the last words of a variable's name say.
func (p parts) of(s string) part {
	for i, list := range [][]string{url: p.URL, address: p.Address, host: p.Host, port: p.Port, user: p.User, password: p.Password, database: p.Database} {
		if slices.Contains(list, s) {
			return part(i)
		}
	}
	return noPart
}

// holds is what a variable of that name holds of a server with one of the prefixes. One or two words may stand before these: an app's own
// name.
func (p parts) holds(name string, prefixes []string) part {
	words := strings.Split(strings.ToUpper(name), "_")
	if slices.Contains([]string{"TEST", "SHADOW", "E2E", "CI", "REPLICA", "BACKUP"}, words[0]) {
		return noPart
	}
	for skip := 0; skip < min(3, len(words)); skip++ {
		rest := strings.Join(words[skip:], "_")
		for _, prefix := range prefixes {
			last, ok := strings.CutPrefix(rest, prefix)
			if !ok {
				continue
			}
			if x := p.of(strings.TrimPrefix(last, "_")); x != noPart && (last[0] == '_' || skip == 0) {
				return x
			}
		}
	}
	return noPart
}
