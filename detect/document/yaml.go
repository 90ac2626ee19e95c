package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// The bounds of YAML, whose parser takes some 400 bytes for each value.
const (
	maxYAML      = 4 << 20 // bytes
	maxDocuments = 100
)

// yamlPosition is how the parser begins its errors.
var yamlPosition = lazy.MustCompile(`^yaml: (?:line (\d+): )?`)

func parseYAML(file string, text []byte) (Value, error) {
	docs, err := parseYAMLStream(file, text, 1)
	if err != nil || len(docs) == 0 {
		return Value{}, err
	}
	return docs[0], nil
}

// parseYAMLStream reads at most n documents of a stream. Aliases and merge
// keys (https://yaml.org/type/merge.html) are resolved, and what they repeat
// counts for the bounds each time. An empty document is the zero Value.
func parseYAMLStream(file string, text []byte, n int) ([]Value, error) {
	if err := boundYAML(file, text); err != nil {
		return nil, err
	}
	var out []Value
	r := yamlReader{file: file, last: 1 + bytes.Count(text, []byte("\n")), limit: limit{file: file}, anchors: map[*yaml.Node]anchored{}}
	for dec := yaml.NewDecoder(bytes.NewReader(text)); len(out) < n; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			line := 0
			if m := yamlPosition.FindStringSubmatch(err.Error()); m != nil {
				_, _ = fmt.Sscan(m[1], &line) // 0 if the parser names no line
			}
			return nil, malformed(file, line, "YAML", yamlPosition.ReplaceAllString(err.Error(), ""))
		}
		var v Value
		if len(doc.Content) > 0 {
			var err error
			if v, err = r.value(doc.Content[0], 0); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// boundYAML refuses a text with more places at which a value can start than
// the parser has room for.
func boundYAML(file string, text []byte) error {
	if len(text) > maxYAML {
		return larger(file, maxYAML, "YAML")
	}
	count := 0
	for _, c := range []string{"\n", ",", ": ", "- ", "[", "{", "? "} {
		count += bytes.Count(text, []byte(c))
	}
	l := limit{file: file}
	return l.more(count, 0, 0)
}

// yamlReader makes values of the nodes of one stream.
type yamlReader struct {
	file    string
	last    int // the last line
	limit   limit
	deepest int // the depth of the deepest value so far
	anchors map[*yaml.Node]anchored
}

// anchored is the value of an anchor. It is shared by its aliases.
type anchored struct {
	v    Value
	size int // how many values it holds, itself included
	deep int // how many levels lie below it
}

// line is where a node starts. One that is empty can start behind the end.
func (r *yamlReader) line(n *yaml.Node) int { return min(n.Line, r.last) }

func (r *yamlReader) value(n *yaml.Node, depth int) (Value, error) {
	if n.Kind == yaml.AliasNode {
		a, ok := r.anchors[n.Alias]
		if !ok {
			return Value{}, fact.Errorf(fact.At(r.file, r.line(n)), "the alias *%s stands for what it is in", fact.Clip(n.Value))
		}
		r.deepest = max(r.deepest, depth+a.deep)
		return a.v, r.limit.more(a.size, r.line(n), depth+a.deep)
	}
	if err := r.limit.more(1, r.line(n), depth); err != nil {
		return Value{}, err
	}
	count, deepest := r.limit.count, r.deepest
	r.deepest = depth
	v := Value{File: r.file, Line: r.line(n)}
	var err error
	switch n.Kind {
	case yaml.ScalarNode:
		v.Kind, v.Text = scalarKind(n.Tag), n.Value
	case yaml.MappingNode:
		err = r.mapping(&v, n, depth)
	case yaml.SequenceNode:
		v.Kind, v.Items = List, make([]Value, len(n.Content))
		for i, c := range n.Content {
			if v.Items[i], err = r.value(c, depth+1); err != nil {
				return Value{}, err
			}
		}
	case yaml.DocumentNode, yaml.AliasNode:
	}
	if n.Anchor != "" {
		r.anchors[n] = anchored{v, 1 + r.limit.count - count, r.deepest - depth}
	}
	r.deepest = max(r.deepest, deepest)
	return v, err
}

// mapping reads the pairs of a mapping. A key that is no scalar is passed over.
func (r *yamlReader) mapping(v *Value, n *yaml.Node, depth int) error {
	o := newObject(len(n.Content) / 2)
	var merged []Value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		e, err := r.value(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind == yaml.ScalarNode && key.Anchor != "" {
			if _, err := r.value(key, depth+1); err != nil {
				return err
			}
		}
		switch {
		case key.Tag == "!!merge":
			merged = append(merged, e)
		case key.Kind == yaml.ScalarNode:
			if first, ok := o.find(key.Value); ok {
				return malformed(r.file, r.line(key), "YAML", fmt.Sprintf("the key %s stands on line %d already", key.Value, o.members[first].Line))
			}
			o.add(Member{key.Value, r.line(n.Content[i]), e}, false)
		}
	}
	// The mapping's own keys count before those of the first that is merged.
	for _, m := range merged {
		for _, m := range append([]Value{m}, m.Items...) {
			for _, m := range m.Members {
				if _, ok := o.find(m.Key); !ok {
					o.add(m, false)
				}
			}
		}
	}
	o.into(v)
	return nil
}

func scalarKind(tag string) Kind {
	switch tag {
	case "!!str":
		return String
	case "!!bool":
		return Bool
	case "!!int", "!!float":
		return Number
	case "!!null":
		return Null
	}
	return Other
}
