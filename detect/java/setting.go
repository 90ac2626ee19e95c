package java

import (
	"bytes"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Setting is one key of a configuration file on the class path.
type Setting struct {
	Key   string // "server.port"
	Value string // as it stands, with its ${PORT:8080}
	Pos   fact.Pos
}

// configFiles are read below the resources, in the order in which the first
// that has a key counts.
var configFiles = []string{ //nolint:gochecknoglobals // a constant table
	"config/application.properties", "config/application.yml", "config/application.yaml",
	"application.properties", "application.yml", "application.yaml", "META-INF/microprofile-config.properties",
}

// readSettings reads the configuration files of a resources folder, and those
// of the profile that they make active.
func readSettings(t *tree.Tree, dir string) []Setting {
	var out []Setting
	for _, name := range configFiles {
		out = append(out, readConfig(t, path.Join(dir, name))...)
	}
	for _, s := range out {
		if s.Key != "spring.profiles.active" || strings.ContainsAny(s.Value, ",${}/\\*") || s.Value == "" {
			continue
		}
		var first []Setting
		for _, in := range []string{"config", "."} {
			for _, ext := range []string{".properties", ".yml", ".yaml"} {
				first = append(first, readConfig(t, path.Join(dir, in, "application-"+s.Value+ext))...)
			}
		}
		return append(first, out...)
	}
	return out
}

func readConfig(t *tree.Tree, file string) []Setting {
	if !t.Has(file) {
		return nil
	}
	text, err := t.ReadHead(file, maxSourceBytes)
	if err != nil {
		return nil
	}
	if strings.HasSuffix(file, ".properties") {
		return parseProperties(file, text)
	}
	return parseYAML(file, text)
}

// parseProperties reads the lines of a properties file:
// https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
func parseProperties(file string, text []byte) []Setting {
	var out []Setting
	no := 0
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		no = i + 1
		line := strings.TrimLeft(lines[i], " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		for continued(line) && i+1 < len(lines) {
			i++
			line = line[:len(line)-1] + strings.TrimLeft(lines[i], " \t\f")
		}
		end := strings.IndexAny(line, "=: \t")
		key, value := line, ""
		if end >= 0 {
			key = line[:end]
			value = strings.TrimLeft(line[end:], " \t")
			value = strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(value, "="), ":"), " \t")
			if line[end] == '=' || line[end] == ':' {
				value = strings.TrimLeft(line[end+1:], " \t")
			}
		}
		out = append(out, Setting{Key: key, Value: strings.TrimSpace(value), Pos: fact.At(file, no)})
	}
	return out
}

// continued reports whether a line ends in an odd number of backslashes.
func continued(line string) bool {
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// parseYAML flattens a YAML file's documents, leaving out those that hold for
// a profile alone. A file that does not parse says nothing.
func parseYAML(file string, text []byte) []Setting {
	var out []Setting
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for range 20 {
		var doc yaml.Node
		if dec.Decode(&doc) != nil {
			break
		}
		if len(doc.Content) == 0 {
			continue
		}
		var one []Setting
		flatten(file, "", doc.Content[0], 0, &one)
		conditional := false
		for _, s := range one {
			conditional = conditional || strings.HasPrefix(s.Key, "spring.config.activate.") || s.Key == "spring.profiles"
		}
		if !conditional {
			out = append(out, one...)
		}
	}
	return out
}

func flatten(file, prefix string, n *yaml.Node, depth int, out *[]Setting) {
	if depth > 20 || len(*out) > 5000 {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if prefix != "" {
				key = prefix + "." + key
			}
			flatten(file, key, n.Content[i+1], depth+1, out)
		}
	case yaml.ScalarNode:
		*out = append(*out, Setting{Key: prefix, Value: n.Value, Pos: fact.At(file, n.Line)})
	case yaml.DocumentNode, yaml.SequenceNode, yaml.AliasNode:
	}
}
