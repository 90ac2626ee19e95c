package table

import (
	"encoding/binary"
	"fmt"

	"gopkg.in/yaml.v3"
)

// Compile makes the compiled form of a table: Read of it is Decode of the text.
// Aliases and merged keys are written out.
func Compile(name string, text []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c := compiler{numbers: map[string]int{}}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, fmt.Errorf("%s: no table", name)
	}
	if err := c.node(doc.Content[0], 0); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out := binary.AppendUvarint(nil, uint64(len(c.strings)))
	for _, s := range c.strings {
		out = append(binary.AppendUvarint(out, uint64(len(s))), s...)
	}
	return append(out, c.nodes...), nil
}

type compiler struct {
	strings []string
	numbers map[string]int
	nodes   []byte
}

func (c *compiler) put(n int) { c.nodes = binary.AppendUvarint(c.nodes, uint64(n)) }

func (c *compiler) text(s string) {
	n, ok := c.numbers[s]
	if !ok {
		n = len(c.strings)
		c.numbers[s], c.strings = n, append(c.strings, s)
	}
	c.put(n)
}

// maxNodes bounds what aliases are written out to.
const maxNodes = 4 << 20

func (c *compiler) node(n *yaml.Node, depth int) error {
	if depth > maxDepth || len(c.nodes) > maxNodes {
		return fmt.Errorf("line %d: the table is too deep or too large", n.Line)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.node(n.Alias, depth+1)
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			c.put(null)
			return nil
		}
		c.put(scalar)
		c.text(n.Value)
	case yaml.SequenceNode:
		c.put(sequence)
		c.put(len(n.Content))
		for _, x := range n.Content {
			if err := c.node(x, depth+1); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		pairs, err := merged(n, depth)
		if err != nil {
			return err
		}
		c.put(mapping)
		c.put(len(pairs) / 2)
		for i := 0; i < len(pairs); i += 2 {
			c.text(pairs[i].Value)
			if err := c.node(pairs[i+1], depth+1); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("line %d: a table holds scalars, lists and keys", n.Line)
	}
	return nil
}

// merged are the keys and values of a mapping, with those that it merges before
// its own: https://yaml.org/type/merge.html.
func merged(n *yaml.Node, depth int) ([]*yaml.Node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: the table is too deep", n.Line)
	}
	own := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || own[key.Value] {
			return nil, fmt.Errorf("line %d: a key is no text, or stands there twice", key.Line)
		}
		own[key.Value] = true
	}
	var out []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag != "!!merge" {
			out = append(out, key, value)
			continue
		}
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if value.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: what is merged is no mapping", value.Line)
		}
		more, err := merged(value, depth+1)
		if err != nil {
			return nil, err
		}
		for j := 0; j < len(more); j += 2 {
			if !own[more[j].Value] {
				out = append(out, more[j], more[j+1])
			}
		}
	}
	return out, nil
}
