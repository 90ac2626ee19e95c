// Package table reads the tables of knowledge that dockgen carries: YAML files
// beside the code that asks them, each compiled to a file that can be read
// faster, which is what the program embeds. go generate compiles them.
package table

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:generate go run ./compile ../..

// Decode decodes the text of a table of that name, as it is before it is
// compiled. A key that T does not have is an error; errors name the table.
func Decode[T any](name string, text []byte) (T, error) {
	var v T
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// Lazy returns a function that reads a compiled table when it is first called,
// and gives the same value, which nobody may change, at every call.
func Lazy[T any](name, compiled string) func() (T, error) {
	return sync.OnceValues(func() (T, error) { return Read[T](name, compiled) })
}

// Must is Read of a table that a test of its package reads too: if it cannot be read, that is
// a fault of the program, and Must panics.
func Must[T any](name, compiled string) T {
	v, err := Read[T](name, compiled)
	if err != nil {
		panic(err)
	}
	return v
}

// The compiled form is a list of strings, then the nodes from the root on. A
// number is an unsigned varint; a string is its length and its bytes.
//
//	null     0
//	scalar   1, the number of its string
//	sequence 2, the number of its nodes, the nodes
//	mapping  3, the number of its pairs; for each the number of the key's string, and a node
const (
	null = iota
	scalar
	sequence
	mapping
)

var errCompiled = errors.New("the compiled table cannot be read; run go generate")

// Read reads the compiled form of a table of that name, as strictly as Decode
// reads its text. The strings of the value are parts of compiled.
func Read[T any](name, compiled string) (T, error) {
	var v T
	r := reader{rest: compiled, fields: map[reflect.Type]map[string]int{}}
	n := r.number()
	if n > len(compiled) {
		r.fail()
		n = 0
	}
	r.strings = make([]string, n)
	for i := range r.strings {
		length := r.number()
		if length > len(r.rest) {
			r.fail()
			break
		}
		r.strings[i], r.rest = r.rest[:length], r.rest[length:]
	}
	if r.err == nil {
		r.node(reflect.ValueOf(&v).Elem())
	}
	if r.err == nil && r.rest != "" {
		r.fail()
	}
	if r.err != nil {
		return *new(T), fmt.Errorf("%s: %w", name, r.err)
	}
	return v, nil
}

type reader struct {
	rest    string
	strings []string
	fields  map[reflect.Type]map[string]int // of structs, by their keys
	depth   int
	err     error
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = errCompiled
	}
}

func (r *reader) errorf(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) number() int {
	if len(r.rest) > 0 && r.rest[0] < 0x80 {
		n := int(r.rest[0])
		r.rest = r.rest[1:]
		return n
	}
	n, size := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen32)]))
	if size <= 0 || n > 1<<30 {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) text() string {
	i := r.number()
	if i >= len(r.strings) {
		r.fail()
		return ""
	}
	return r.strings[i]
}

const maxDepth = 100

// node reads the next node into v.
func (r *reader) node(v reflect.Value) {
	if r.depth++; r.depth > maxDepth || r.err != nil {
		r.fail()
		return
	}
	defer func() { r.depth-- }()
	switch kind := r.number(); kind {
	case null:
	case scalar:
		r.scalar(v, r.text())
	case sequence:
		n := r.number()
		if v.Kind() != reflect.Slice || n > len(r.rest) {
			r.errorf("a list stands in the place of a %s", v.Type())
			return
		}
		list := reflect.MakeSlice(v.Type(), n, n)
		for i := range n {
			r.node(list.Index(i))
		}
		v.Set(list)
	case mapping:
		r.mapping(v, r.number())
	default:
		r.fail()
	}
}

func (r *reader) mapping(v reflect.Value, n int) {
	t := v.Type()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		r.mapping(v.Elem(), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for range n {
			key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			r.scalar(key, r.text())
			r.node(value)
			if r.err != nil {
				return
			}
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		fields, ok := r.fields[t]
		if !ok {
			fields = keysOf(t)
			r.fields[t] = fields
		}
		for range n {
			key := r.text()
			i, ok := fields[key]
			if !ok {
				r.errorf("%s has no key %s", t, key)
				return
			}
			if r.node(v.Field(i)); r.err != nil {
				r.err = fmt.Errorf("%s: %w", key, r.err)
				return
			}
		}
	default:
		r.errorf("keys stand in the place of a %s", t)
	}
}

// keysOf are the fields of a struct by their keys.
func keysOf(t reflect.Type) map[string]int {
	out := map[string]int{}
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
			out[key] = i
		}
	}
	return out
}

func (r *reader) scalar(v reflect.Value, text string) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Type() != reflect.TypeFor[string]() {
		if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(text)); err != nil {
				r.errorf("%w", err)
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			r.errorf("%q is no number", text)
		}
		v.SetInt(int64(n))
	case reflect.Bool:
		if text != "true" && text != "false" {
			r.errorf("%q is neither true nor false", text)
		}
		v.SetBool(text == "true")
	default:
		r.errorf("%q stands in the place of a %s", text, v.Type())
	}
}
