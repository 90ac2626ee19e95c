package buildfile

import (
	"path"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

// document is a YAML, JSON or TOML file.
type document struct {
	root *yaml.Node
	text string // of TOML, in which the lines are found by their values
}

// maxTOML is the most of TOML that is read: the decoder's time grows with the
// square of the number of keys in a table.
const maxTOML = 64 << 10

// parseDocument returns nil for what does not parse, which is another tool's.
func parseDocument(name, text string) *document {
	var doc yaml.Node
	if path.Ext(name) != ".toml" {
		if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
			return nil
		}
		return &document{root: doc.Content[0]}
	}
	var values map[string]any
	if len(text) > maxTOML || toml.Unmarshal([]byte(text), &values) != nil || doc.Encode(values) != nil {
		return nil
	}
	return &document{&doc, text}
}

// find lists the first scalars that a key leads to.
func (d *document) find(key ...string) []*yaml.Node {
	list := find(d.root, key)
	list = list[:min(len(list), 50)]
	if d.text != "" {
		for _, n := range list {
			n.Line = lineWith(d.text, n.Value)
		}
	}
	return list
}

// find lists the scalars that a key leads to.
func find(n *yaml.Node, key []string) []*yaml.Node {
	if len(key) == 0 {
		if n.Kind == yaml.ScalarNode {
			return []*yaml.Node{n}
		}
		return nil
	}
	var out []*yaml.Node
	switch n.Kind { //nolint:exhaustive // the others hold nothing
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key[0] == "*" || n.Content[i].Value == key[0] {
				out = append(out, find(n.Content[i+1], key[1:])...)
			}
		}
	case yaml.SequenceNode:
		if key[0] == "*" {
			for _, c := range n.Content {
				out = append(out, find(c, key[1:])...)
			}
		}
	}
	return out
}

// lineWith is the first line that holds a word, or 0.
func lineWith(text, word string) int {
	before, _, ok := strings.Cut(text, word)
	if !ok || word == "" {
		return 0
	}
	return 1 + strings.Count(before, "\n")
}
