package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
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

// readConfig reads one configuration file. One that does not parse says
// nothing, and neither does a document of YAML that holds for a profile alone.
func readConfig(t *tree.Tree, file string) []Setting {
	if strings.HasSuffix(file, ".properties") {
		doc, err := document.Read(t, file)
		if err != nil {
			return nil
		}
		return flatten(doc)
	}
	text, err := t.Read(file)
	if err != nil {
		return nil
	}
	docs, err := document.ParseAll(file, text)
	if err != nil {
		return nil
	}
	var out []Setting
	for _, doc := range docs {
		list := flatten(doc)
		if !slices.ContainsFunc(list, func(s Setting) bool {
			return strings.HasPrefix(s.Key, "spring.config.activate.") || s.Key == "spring.profiles"
		}) {
			out = append(out, list...)
		}
	}
	return out
}

// The bounds of the settings of one file.
const (
	maxSettings = 5000
	maxKey      = 1000 // bytes
)

// flatten lists the scalars of a document with their dotted keys. A list is no
// setting here.
func flatten(doc document.Value) []Setting {
	var out []Setting
	var add func(prefix string, v document.Value)
	add = func(prefix string, v document.Value) {
		for _, m := range v.Members {
			if len(prefix)+len(m.Key) > maxKey || len(out) >= maxSettings {
				return
			}
			if m.Value.IsScalar() || m.Value.Kind == document.Null {
				out = append(out, Setting{Key: prefix + m.Key, Value: strings.TrimSpace(m.Value.Text), Pos: m.Value.Pos()})
			}
			add(prefix+m.Key+".", m.Value)
		}
	}
	add("", doc)
	return out
}
