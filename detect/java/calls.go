package java

import (
	_ "embed" // for calls.yaml
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/dockgen/dockgen/detect/java/syntax"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed calls.table
var callsCompiled string

// calls is calls.yaml.
type calls struct {
	Own struct {
		Names  []string `yaml:"names,flow"`
		Source string   `yaml:"source"`
	} `yaml:"own"`
	Calls  []callRow    `yaml:"calls"`
	Values []conversion `yaml:"values"`
}

// callRow is a row of calls: what a call means for an image.
type callRow struct {
	Package string    `yaml:"package,omitempty"`
	Class   []string  `yaml:"class,omitempty,flow"`
	Via     []string  `yaml:"via,omitempty,flow"`
	Of      []string  `yaml:"of,omitempty,flow"`
	Method  []string  `yaml:"method,omitempty,flow"`
	New     bool      `yaml:"new,omitempty"`
	Args    int       `yaml:"args,omitempty"` // how many the call must have; 0: any
	Text    bool      `yaml:"text,omitempty"` // the argument must be a text
	Listen  *listen   `yaml:"listen,omitempty"`
	Read    *argument `yaml:"read,omitempty"`
	Write   *argument `yaml:"write,omitempty"`
	Dir     bool      `yaml:"dir,omitempty"`
	Run     *argument `yaml:"run,omitempty"`
	Route   *argument `yaml:"route,omitempty"`
	Signal  string    `yaml:"signal,omitempty"`
	Signals *argument `yaml:"signals,omitempty"` // names the signal: new Signal("TERM")
	Source  string    `yaml:"source"`
}

type listen struct {
	Port    *int `yaml:"port,omitempty"`
	Host    *int `yaml:"host,omitempty"`
	Address *int `yaml:"address,omitempty"`
	Names   bool `yaml:"names,omitempty"` // Kotlin may name them: port = 8080
	TLS     bool `yaml:"tls,omitempty"`
}

// argument is the index of an argument, or self.
type argument int

const self argument = -1

// UnmarshalText reads a number or "self".
func (a *argument) UnmarshalText(text []byte) error {
	if string(text) == "self" {
		*a = self
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 0 {
		return fmt.Errorf("argument %q: want a number or self", text)
	}
	*a = argument(n)
	return nil
}

// conversion is a row of values: what a call is as a value.
type conversion struct {
	Class  []string       `yaml:"class,flow"`
	Method []string       `yaml:"method,flow"`
	Args   int            `yaml:"args,omitempty"`
	Is     conversionKind `yaml:"is"`
	Source string         `yaml:"source"`
}

type conversionKind syntax.Conversion

// UnmarshalText reads the name of a conversion.
func (k *conversionKind) UnmarshalText(text []byte) error {
	kind, ok := map[string]syntax.Conversion{
		"arg": syntax.Arg, "self": syntax.Self, "or-else": syntax.OrElse, "or-second": syntax.OrSecond, "env": syntax.Env,
		"property": syntax.Property, "key": syntax.Key, "join": syntax.Join, "child": syntax.Child,
	}[string(text)]
	if !ok {
		return fmt.Errorf("is: %q is no conversion", text)
	}
	*k = conversionKind(kind)
	return nil
}

// rules are the rows by the name of the method or constructor, which a test
// keeps right.
type rules struct {
	own    []string
	calls  map[string][]*callRow
	values map[string][]*conversion
}

// loadRules reads and indexes calls.yaml, once for all modules.
var loadRules = sync.OnceValues(func() (*rules, error) { //nolint:gochecknoglobals // decoded once
	t, err := table.Read[calls]("calls.yaml", callsCompiled)
	if err != nil {
		return nil, err
	}
	r := &rules{own: t.Own.Names, calls: map[string][]*callRow{}, values: map[string][]*conversion{}}
	for i := range t.Calls {
		x := &t.Calls[i]
		names := x.Method
		if x.New {
			names = x.Class
		}
		for _, n := range names {
			r.calls[n] = append(r.calls[n], x)
		}
	}
	for i := range t.Values {
		for _, n := range t.Values[i].Method {
			r.values[n] = append(r.values[n], &t.Values[i])
		}
	}
	return r, nil
})

// convert implements syntax.Evaluator's Convert.
func (r *rules) convert(class, method string, args int) syntax.Conversion {
	for _, c := range r.values[method] {
		if slices.Contains(c.Class, class) && (c.Args == 0 || c.Args == args) {
			return syntax.Conversion(c.Is)
		}
	}
	return syntax.NoConversion
}
