// Package document reads the files in which people and tools write settings
// down: JSON (with comments), JSON5, YAML, TOML, XML, properties and INI. Each
// is read into the same Value, in which every value and every key knows its
// line. No line is searched for afterwards.
//
// The files are hostile input. Every reader is bounded by size, by depth and
// by the number of values, takes time linear in its input, and never panics.
// What is malformed is a *fact.Error with its line.
//
// A file uses those below it: read.go; json5.go; json.go, yaml.go, toml.go,
// xml.go, properties.go, ini.go; limit.go, line.go, value.go.
package document

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Kind is what a value is.
type Kind uint8

// The kinds of values.
const (
	Absent Kind = iota // nothing is there
	Null
	Bool
	Number
	String
	Other  // a date or time; a scalar of YAML with a tag of its own
	Object // of JSON; the mapping of YAML, the table of TOML, the element of XML that holds others
	List
)

// Value is a value of a document. The zero Value is one that is not there.
//
// A Value is immutable, and parts of it may be shared.
type Value struct {
	File string
	Line int // where it starts, from 1; for a table of TOML, where it is first mentioned
	Kind Kind
	// Text is a scalar: a string without its quotes and escapes, anything else
	// as it is written, an integer of TOML in decimal. An element of XML has its
	// character data here, trimmed, whether or not it holds other elements.
	Text string
	// Members are in the order of the file. Each key is there once, and its last
	// value counts; TOML refuses to set a key twice. XML alone repeats keys:
	// there an attribute has the key "@name", and stands before the elements.
	Members []Member
	// Items are those of a list, and the lines of what goes on over several in INI.
	Items []Value

	index map[string]int // the first member of each key, if there are many
}

// Member is a key with its value.
type Member struct {
	Key   string
	Line  int // of the key
	Value Value
}

// Found reports whether the value is in the document.
func (v Value) Found() bool { return v.Kind != Absent }

// Pos is the place of the value.
func (v Value) Pos() fact.Pos { return fact.At(v.File, v.Line) }

// Get follows keys into objects. What is not there is the zero Value. Of the
// elements of XML that have the same name, the first counts.
func (v Value) Get(keys ...string) Value {
	for _, k := range keys {
		m, _ := v.Member(k)
		v = m.Value
	}
	return v
}

// Member returns the member of that key.
func (v Value) Member(key string) (Member, bool) {
	if v.index != nil {
		i, ok := v.index[key]
		if !ok {
			return Member{}, false
		}
		return v.Members[i], true
	}
	for _, m := range v.Members {
		if m.Key == key {
			return m, true
		}
	}
	return Member{}, false
}

// All returns the values of every member of that key. XML alone has more than
// one.
func (v Value) All(key string) []Value {
	var out []Value
	for _, m := range v.Members {
		if m.Key == key {
			out = append(out, m.Value)
		}
	}
	return out
}

// Sorted returns the members in the order of their keys.
func (v Value) Sorted() []Member {
	return slices.SortedStableFunc(slices.Values(v.Members), func(a, b Member) int { return strings.Compare(a.Key, b.Key) })
}

// Find returns the first value of that key at any depth below v.
func (v Value) Find(key string) Value {
	for _, m := range v.Members {
		if m.Key == key {
			return m.Value
		}
		if found := m.Value.Find(key); found.Found() {
			return found
		}
	}
	for _, e := range v.Items {
		if found := e.Find(key); found.Found() {
			return found
		}
	}
	return Value{}
}

// Select follows keys, of which "*" stands for every member and every item,
// and returns what they lead to in the order of the file.
func (v Value) Select(keys ...string) []Value {
	if len(keys) == 0 {
		if !v.Found() {
			return nil
		}
		return []Value{v}
	}
	if keys[0] != "*" {
		return v.Get(keys[0]).Select(keys[1:]...)
	}
	var out []Value
	for _, m := range v.Members {
		out = append(out, m.Value.Select(keys[1:]...)...)
	}
	for _, e := range v.Items {
		out = append(out, e.Select(keys[1:]...)...)
	}
	return out
}

// Fact returns a string with its place. Anything else is not found.
func (v Value) Fact() fact.Fact[string] {
	if v.Kind != String {
		return fact.Fact[string]{}
	}
	return fact.New(v.Text, v.File, v.Line)
}

// Facts returns the strings of an object by their keys, each with the line of
// its key.
func (v Value) Facts() map[string]fact.Fact[string] {
	out := map[string]fact.Fact[string]{}
	for _, m := range v.Members {
		if m.Value.Kind == String {
			out[m.Key] = fact.New(m.Value.Text, v.File, m.Line)
		}
	}
	return out
}

// Strings returns the strings of a list, or the one string.
func (v Value) Strings() []fact.Fact[string] {
	if v.Kind == String {
		return []fact.Fact[string]{v.Fact()}
	}
	var out []fact.Fact[string]
	for _, e := range v.Items {
		if e.Kind == String {
			out = append(out, e.Fact())
		}
	}
	return out
}

// IsScalar reports whether v is a string, a number, a truth value or a date.
func (v Value) IsScalar() bool {
	return v.Kind == String || v.Kind == Number || v.Kind == Bool || v.Kind == Other
}

// IsTrue reports whether v is the literal true.
func (v Value) IsTrue() bool { return v.Kind == Bool && v.Text == "true" }

// IsFalse reports whether v is the literal false.
func (v Value) IsFalse() bool { return v.Kind == Bool && v.Text == "false" }

// fewMembers is up to how many members are looked through one by one.
const fewMembers = 8

// object is the members of an object that is being read.
type object struct {
	members []Member
	index   map[string]int
}

// newObject has room for n members.
func newObject(n int) object {
	o := object{members: make([]Member, 0, n)}
	if n > fewMembers {
		o.index = make(map[string]int, n)
	}
	return o
}

// add appends a member, and returns its number. If the key is there and repeat
// is false, it sets the member again.
func (o *object) add(m Member, repeat bool) int {
	i, ok := o.find(m.Key)
	if ok && !repeat {
		o.members[i] = m
		return i
	}
	n := len(o.members)
	o.members = append(o.members, m)
	switch {
	case o.index != nil && !ok:
		o.index[m.Key] = n
	case o.index == nil && n == fewMembers:
		o.index = make(map[string]int, 4*fewMembers)
		for i, m := range slices.Backward(o.members) {
			o.index[m.Key] = i
		}
	}
	return n
}

func (o *object) find(key string) (int, bool) {
	if o.index != nil {
		i, ok := o.index[key]
		return i, ok
	}
	for i, m := range o.members {
		if m.Key == key {
			return i, true
		}
	}
	return 0, false
}

// into makes v an object of these members.
func (o *object) into(v *Value) {
	v.Kind, v.Members, v.index = Object, o.members, o.index
}
