// Package table decodes the tables of knowledge that dockgen carries: YAML
// files that are embedded beside the code that asks them.
package table

import (
	"bytes"
	"fmt"
	"sync"

	"gopkg.in/yaml.v3"
)

// Decode decodes the table of that name. A key that T does not have is an
// error; errors name the table.
func Decode[T any](name string, text []byte) (T, error) {
	var v T
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// Lazy returns a function that decodes the table when it is first called, and
// gives the same value, which nobody may change, at every call.
func Lazy[T any](name string, text []byte) func() (T, error) {
	return sync.OnceValues(func() (T, error) { return Decode[T](name, text) })
}
