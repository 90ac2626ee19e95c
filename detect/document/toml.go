package document

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/dockgen/dockgen/detect/fact"
)

// The bounds of TOML, whose parser takes some 100 bytes for each part of a key
// and each item of a list.
const (
	maxTOML  = 8 << 20 // bytes
	maxParts = 2 * maxValues
)

// ParseTOML reads TOML that stands inside of another file.
func ParseTOML(file string, text []byte) (Value, error) { return parseTOML(file, text) }

// parseTOML reads TOML (https://toml.io/en/v1.0.0). The decoder of the same
// library tells no lines, and its time grows with the square of the number of
// keys in a table, so the tables are put together here.
func parseTOML(file string, text []byte) (Value, error) {
	if len(text) > maxTOML {
		return Value{}, larger(file, maxTOML, "TOML")
	}
	if bytes.Count(text, []byte(","))+bytes.Count(text, []byte(".")) > maxParts {
		return Value{}, fact.Errorf(fact.At(file, 0), "holds more than %d dots and commas, the most that dockgen reads of TOML", maxParts)
	}
	r := tomlReader{file: file, lines: NewLines(text), limit: limit{file: file}}
	root := newTable(1, byHeader)
	table, depth := root, 0
	var p unstable.Parser
	for p.Reset(slices.Clip(text)); p.NextExpression(); {
		e := p.Expression()
		var err error
		if e.Kind == unstable.KeyValue {
			err = r.keyValue(table, e, depth)
		} else {
			table, depth, err = r.header(root, e)
		}
		if err != nil {
			return Value{}, err
		}
	}
	if err := p.Error(); err != nil {
		line := 0
		if pe := (*unstable.ParserError)(nil); errors.As(err, &pe) {
			line = r.lines.At(int(p.Range(pe.Highlight).Offset))
		}
		return Value{}, malformed(file, line, "TOML", err.Error())
	}
	return root.freeze(file), nil
}

type tomlReader struct {
	file  string
	lines Lines
	limit limit
}

// origin is how a table came to be, which says how it can be added to.
type origin uint8

const (
	byPath   origin = iota // a header names something below it
	byHeader               // its own header
	byKey                  // a dotted key
)

// tomlTable is a table that is being read.
type tomlTable struct {
	line   int
	origin origin
	keys   []string // in order
	kids   map[string]*tomlEntry
}

// tomlEntry is what a key of a table stands for: one of the three.
type tomlEntry struct {
	line  int
	table *tomlTable
	array []*tomlTable
	value Value
}

func newTable(line int, o origin) *tomlTable {
	return &tomlTable{line: line, origin: o, kids: map[string]*tomlEntry{}}
}

func (t *tomlTable) add(key string, e *tomlEntry) {
	t.keys = append(t.keys, key)
	t.kids[key] = e
}

func (t *tomlTable) freeze(file string) Value {
	v := Value{File: file, Line: t.line}
	o := newObject(len(t.keys))
	for _, key := range t.keys {
		e := t.kids[key]
		m := Member{Key: key, Line: e.line, Value: e.value}
		switch {
		case e.table != nil:
			m.Value = e.table.freeze(file)
		case e.array != nil:
			m.Value = Value{File: file, Line: e.line, Kind: List, Items: make([]Value, len(e.array))}
			for i, t := range e.array {
				m.Value.Items[i] = t.freeze(file)
			}
		}
		o.add(m, false)
	}
	o.into(&v)
	return v
}

// dotted is the key of an expression and its line.
func (r *tomlReader) dotted(e *unstable.Node) (key []string, line int) {
	for it := e.Key(); it.Next(); {
		if key == nil {
			line = r.lines.At(int(it.Node().Raw.Offset))
		}
		key = append(key, string(it.Node().Data))
	}
	return key, line
}

func (r *tomlReader) twice(key []string, line, first int) error {
	return malformed(r.file, line, "TOML", fmt.Sprintf("the key %s is set on line %d already", strings.Join(key, "."), first))
}

// header returns the table that a [table] or an [[array of tables]] opens,
// and its depth.
func (r *tomlReader) header(root *tomlTable, e *unstable.Node) (*tomlTable, int, error) {
	key, line := r.dotted(e)
	if err := r.limit.more(len(key), line, len(key)); err != nil {
		return nil, 0, err
	}
	t := root
	for i, k := range key[:len(key)-1] {
		kid := t.kids[k]
		switch {
		case kid == nil:
			next := newTable(line, byPath)
			t.add(k, &tomlEntry{line: line, table: next})
			t = next
		case kid.table != nil:
			t = kid.table
		case kid.array != nil:
			t = kid.array[len(kid.array)-1]
		default:
			return nil, 0, r.twice(key[:i+1], line, kid.line)
		}
	}
	last := key[len(key)-1]
	kid := t.kids[last]
	next := newTable(line, byHeader)
	switch {
	case kid == nil && e.Kind == unstable.ArrayTable:
		t.add(last, &tomlEntry{line: line, array: []*tomlTable{next}})
	case kid == nil:
		t.add(last, &tomlEntry{line: line, table: next})
	case e.Kind == unstable.ArrayTable && kid.array != nil:
		kid.array = append(kid.array, next)
	case e.Kind == unstable.Table && kid.table != nil && kid.table.origin == byPath:
		next = kid.table
		next.origin = byHeader
	default:
		return nil, 0, r.twice(key, line, kid.line)
	}
	return next, len(key), nil
}

// keyValue sets a key of a table, which lies at a depth.
func (r *tomlReader) keyValue(t *tomlTable, e *unstable.Node, depth int) error {
	key, line := r.dotted(e)
	if err := r.limit.more(len(key), line, depth+len(key)); err != nil {
		return err
	}
	for i, k := range key[:len(key)-1] {
		kid := t.kids[k]
		switch {
		case kid == nil:
			next := newTable(line, byKey)
			t.add(k, &tomlEntry{line: line, table: next})
			t = next
		case kid.table != nil && kid.table.origin == byKey:
			t = kid.table
		default:
			return r.twice(key[:i+1], line, kid.line)
		}
	}
	last := key[len(key)-1]
	if kid := t.kids[last]; kid != nil {
		return r.twice(key, line, kid.line)
	}
	v, err := r.value(e.Value(), line, depth+len(key))
	t.add(last, &tomlEntry{line: line, value: v})
	return err
}

// value reads what stands for itself; line is that of what is before it.
func (r *tomlReader) value(n *unstable.Node, line, depth int) (Value, error) {
	if n.Raw.Length > 0 {
		line = r.lines.At(int(n.Raw.Offset))
	}
	v := Value{File: r.file, Line: line}
	if err := r.limit.more(1, line, depth); err != nil {
		return v, err
	}
	switch n.Kind {
	case unstable.String:
		v.Kind, v.Text = String, string(n.Data)
	case unstable.Bool:
		v.Kind, v.Text = Bool, string(n.Data)
	case unstable.Float:
		v.Kind, v.Text = Number, string(n.Data)
	case unstable.Integer:
		i, err := strconv.ParseInt(strings.TrimPrefix(string(n.Data), "+"), 0, 64)
		if err != nil {
			return v, malformed(r.file, line, "TOML", string(n.Data)+" is no integer of 64 bits")
		}
		v.Kind, v.Text = Number, strconv.FormatInt(i, 10)
	case unstable.Array:
		v.Kind = List
		for it := n.Children(); it.Next(); {
			e, err := r.value(it.Node(), line, depth+1)
			if err != nil {
				return v, err
			}
			v.Items = append(v.Items, e)
			line = e.Line
		}
	case unstable.InlineTable:
		t := newTable(line, byHeader)
		for it := n.Children(); it.Next(); {
			if err := r.keyValue(t, it.Node(), depth); err != nil {
				return v, err
			}
		}
		return t.freeze(r.file), nil
	default: // dates and times
		v.Kind, v.Text = Other, string(n.Data)
	}
	return v, nil
}
