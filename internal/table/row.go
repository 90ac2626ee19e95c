package table

import (
	"bytes"
	"strings"
	"sync"
)

// Row is one row of a table that holds a row a line, as a list of flow mappings.
// It is decoded when its value is first asked for: a scan of a small repository
// asks for a few rows, and decoding all would take longer than the scan.
type Row[T any] struct {
	name  string
	text  []byte
	value func() (*T, error)
}

// Rows splits a table into its rows. Lines that do not start one are comments.
func Rows[T any](name string, text []byte) []*Row[T] {
	var out []*Row[T]
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("- {")) {
			continue
		}
		r := &Row[T]{name: name, text: line}
		r.value = sync.OnceValues(func() (*T, error) {
			list, err := Decode[[]*T](name, line)
			if err != nil {
				return nil, err
			}
			return list[0], nil
		})
		out = append(out, r)
	}
	return out
}

// Value decodes the row, strictly as Decode does.
func (r *Row[T]) Value() (*T, error) { return r.value() }

// List returns the texts of the list that a key has ("key: [a, "b"]"), without
// decoding the row; nil if the row has no such list.
func (r *Row[T]) List(key string) []string {
	_, rest, ok := strings.Cut(string(r.text), key+": [")
	list, _, closed := strings.Cut(rest, "]")
	if !ok || !closed {
		return nil
	}
	out := strings.Split(list, ",")
	for i, s := range out {
		out[i] = strings.Trim(strings.TrimSpace(s), `"`)
	}
	return out
}
