package node

import (
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"

	"github.com/tailscale/hujson"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// value is a JSON value that knows its line, whether it was written as JSON
// (with comments, as tsconfig.json has them), JSON5 or YAML.
type value struct {
	file    string
	line    int
	text    string   // of a string, number or literal
	str     bool     // text is a string
	members []member // of an object, in order
	items   []value  // of an array
}

type member struct {
	key   string
	line  int // of the key
	value value
}

// maxDepth is more than any manifest nests, and little enough for a parser
// that recurses.
const maxDepth = 200

// readValue reads a manifest; its form follows from the file's name.
func readValue(t *tree.Tree, file string) (value, error) {
	text, err := t.Read(file)
	if err != nil {
		return value{}, err
	}
	switch ext := extension(file); ext {
	case "yaml", "yml":
		return yamlValue(file, text)
	case "json5":
		return json5Value(file, text)
	default:
		return jsonValue(file, text)
	}
}

func extension(file string) string {
	for i := len(file) - 1; i >= 0 && file[i] != '/'; i-- {
		if file[i] == '.' {
			return file[i+1:]
		}
	}
	return ""
}

// lines turns offsets into line numbers.
type lines []int

func newLines(text []byte) lines {
	var ls lines
	for i, c := range text {
		if c == '\n' {
			ls = append(ls, i)
		}
	}
	return ls
}

func (ls lines) at(off int) int { return 1 + sort.SearchInts(ls, off) }

var jsonPosition = regexp.MustCompile(`line (\d+), column \d+: `)

// jsonValue parses JSON, allowing comments and trailing commas.
func jsonValue(file string, text []byte) (value, error) {
	if line := tooDeep(text); line > 0 {
		return value{}, fact.Errorf(fact.At(file, line), "nests deeper than %d levels", maxDepth)
	}
	root, err := hujson.Parse(text)
	if err != nil {
		msg, line := err.Error(), 0
		if m := jsonPosition.FindStringSubmatch(msg); m != nil {
			line, _ = strconv.Atoi(m[1])
			msg = msg[regexpEnd(jsonPosition, msg):]
		}
		return value{}, fact.Errorf(fact.At(file, line), "is not valid JSON: %s", msg)
	}
	return fromJSON(file, newLines(text), root), nil
}

func regexpEnd(re *regexp.Regexp, s string) int { return re.FindStringIndex(s)[1] }

// tooDeep returns the line on which brackets nest deeper than maxDepth, or 0.
func tooDeep(text []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted && c == '\n':
			quoted = false
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return fact.LineAt(text, i)
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return 0
}

func fromJSON(file string, ls lines, v hujson.Value) value {
	out := value{file: file, line: ls.at(v.StartOffset)}
	switch x := v.Value.(type) {
	case hujson.Literal:
		out.text, out.str = x.String(), x.Kind() == '"'
		if !out.str {
			out.text = string(x)
		}
	case *hujson.Object:
		for _, m := range x.Members {
			key, _ := m.Name.Value.(hujson.Literal)
			out.members = append(out.members, member{key.String(), ls.at(m.Name.StartOffset), fromJSON(file, ls, m.Value)})
		}
	case *hujson.Array:
		for _, e := range x.Elements {
			out.items = append(out.items, fromJSON(file, ls, e))
		}
	}
	return out
}

// yamlValue parses YAML; pnpm reads package.yaml, and its own files are YAML.
func yamlValue(file string, text []byte) (value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		line := 0
		if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scan != nil {
			line = 0
		}
		return value{}, fact.Errorf(fact.At(file, line), "is not valid YAML: %w", err)
	}
	if len(doc.Content) == 0 {
		return value{file: file, line: 1}, nil
	}
	return fromYAML(file, doc.Content[0], 0)
}

var errDeep = errors.New("nests too deep")

func fromYAML(file string, n *yaml.Node, depth int) (value, error) {
	out := value{file: file, line: n.Line}
	if depth > maxDepth {
		return out, fact.Errorf(fact.At(file, n.Line), "%w", errDeep)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		out.text, out.str = n.Value, n.Tag == "!!str"
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := fromYAML(file, n.Content[i+1], depth+1)
			if err != nil {
				return out, err
			}
			out.members = append(out.members, member{n.Content[i].Value, n.Content[i].Line, v})
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			v, err := fromYAML(file, c, depth+1)
			if err != nil {
				return out, err
			}
			out.items = append(out.items, v)
		}
	case yaml.DocumentNode, yaml.AliasNode:
		// An alias could repeat itself without end; manifests have none.
	}
	return out, nil
}

// get follows keys into objects; a missing one gives the zero value, whose
// line is 0. The last of two equal keys counts, as in every JSON parser.
func (v value) get(keys ...string) value {
	for _, k := range keys {
		found := value{}
		for _, m := range v.members {
			if m.key == k {
				found = m.value
			}
		}
		v = found
	}
	return v
}

// fact returns a string with its place; anything else is not found.
func (v value) fact() fact.Fact[string] {
	if !v.str {
		return fact.Fact[string]{}
	}
	return fact.New(v.text, v.file, v.line)
}

// facts returns the strings of an object, by key.
func (v value) facts() map[string]fact.Fact[string] {
	out := map[string]fact.Fact[string]{}
	for _, m := range v.members {
		if m.value.str {
			out[m.key] = fact.New(m.value.text, v.file, m.line)
		}
	}
	return out
}

// list returns the strings of an array, or the one string.
func (v value) list() []fact.Fact[string] {
	if v.str {
		return []fact.Fact[string]{v.fact()}
	}
	var out []fact.Fact[string]
	for _, e := range v.items {
		if e.str {
			out = append(out, e.fact())
		}
	}
	return out
}

// isTrue reports whether v is the literal true.
func (v value) isTrue() bool { return !v.str && v.text == "true" }
