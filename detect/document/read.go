package document

import (
	"path"

	"github.com/dockgen/dockgen/detect/tree"
)

// format reads the text of one document.
type format func(file string, text []byte) (Value, error)

// named are the formats of files whose extension does not tell it.
var named = map[string]format{ //nolint:gochecknoglobals // a constant table
	"Pipfile":      parseTOML, // https://github.com/pypa/pipfile
	"Pipfile.lock": parseJSON,
	"bun.lock":     parseJSON, // https://bun.com/docs/pm/lockfile
	"pdm.lock":     parseTOML,
	"poetry.lock":  parseTOML,
	"uv.lock":      parseTOML,
}

// formats are the others, by their extension.
var formats = map[string]format{ //nolint:gochecknoglobals // a constant table
	".cfg":        parseINI,
	".ini":        parseINI,
	".json5":      parseJSON5,
	".properties": parseProperties,
	".toml":       parseTOML,
	".xml":        parseXML,
	".yaml":       parseYAML,
	".yml":        parseYAML,
}

// formatOf is JSON, which has many extensions, for what is not in the tables.
func formatOf(file string) format {
	if f := named[path.Base(file)]; f != nil {
		return f
	}
	if f := formats[path.Ext(file)]; f != nil {
		return f
	}
	return parseJSON
}

// Read reads an indexed file. Its name tells the format; of a stream of YAML
// it reads the first document. Errors are those of tree.Tree.Read, and
// *fact.Error with a line for what is malformed.
func Read(t *tree.Tree, file string) (Value, error) {
	text, err := t.Read(file)
	if err != nil {
		return Value{}, err
	}
	return Parse(file, text)
}

// ReadJSON5 is Read of a file whose tool reads more than JSON with comments, whatever its name: names without quotes, for instance.
func ReadJSON5(t *tree.Tree, file string) (Value, error) {
	text, err := t.Read(file)
	if err != nil {
		return Value{}, err
	}
	return parseJSON5(path.Clean(file), text)
}

// Parse reads a text as Read does the file of that name. The text is UTF-8
// without a byte order mark, as tree.Tree gives it.
func Parse(file string, text []byte) (Value, error) { return formatOf(file)(path.Clean(file), text) }

// ParseAll reads the documents of a stream of YAML.
func ParseAll(file string, text []byte) ([]Value, error) {
	return parseYAMLStream(path.Clean(file), text, maxDocuments)
}
