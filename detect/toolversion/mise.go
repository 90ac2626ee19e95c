package toolversion

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Mise is what the mise.toml of a folder says of its tools and environment.
type Mise struct {
	Tools []Version
	Env   []Var
}

// Var is a variable that mise sets for whoever works in the folder.
type Var struct {
	Name  string
	Value string // as written; a value that mise computes is left out
	Pos   fact.Pos
}

// miseFiles are the places of a mise.toml that is committed, those that
// override the others first: https://mise.jdx.dev/configuration.html#mise-toml.
var miseFiles = []string{ //nolint:gochecknoglobals // a constant table
	".mise.toml", "mise.toml", ".mise/config.toml", "mise/config.toml", ".config/mise.toml", ".config/mise/config.toml",
}

// ReadMise reads the mise.toml of dir, wherever it lies. Where several set the
// same name the one that counts comes first; within a file the order is that
// of the lines.
func ReadMise(t *tree.Tree, dir string) (Mise, error) {
	var out Mise
	for _, name := range miseFiles {
		file := path.Join(dir, name)
		if !t.Has(file) {
			continue
		}
		m, err := readMise(t, file)
		if err != nil {
			return Mise{}, err
		}
		out.Tools, out.Env = append(out.Tools, m.Tools...), append(out.Env, m.Env...)
	}
	return out, nil
}

func readMise(t *tree.Tree, file string) (Mise, error) {
	var m Mise
	doc, err := document.Read(t, file)
	if err != nil {
		return m, err
	}
	tools := doc.Get("tools")
	if tools.Found() && tools.Kind != document.Object {
		return m, fact.Errorf(tools.Pos(), "tools is not a table")
	}
	for _, tool := range tools.Members {
		if version := toolVersion(tool.Value); version != "" && tool.Key != "" {
			m.Tools = append(m.Tools, Version{Tool: toolName(tool.Key), Value: version, Pos: fact.At(file, tool.Line)})
		}
	}
	for name, v := range environment(doc.Get("env")) {
		if value, ok := literal(v.Value); ok && name != "_" {
			m.Env = append(m.Env, Var{Name: name, Value: value, Pos: fact.At(file, v.Line)})
		}
	}
	slices.SortFunc(m.Tools, func(a, b Version) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Tool, b.Tool), cmp.Compare(a.Value, b.Value))
	})
	slices.SortFunc(m.Env, func(a, b Var) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Name, b.Name))
	})
	return m, nil
}

// toolVersion is the version that an entry of [tools] asks for: a string, a
// table with a version or a prefix, or a list of these, of which the first
// counts. "" is none. https://mise.jdx.dev/configuration.html#tools-dev-tools
func toolVersion(v document.Value) string {
	if v.Kind == document.List && len(v.Items) > 0 {
		v = v.Items[0]
	}
	v = inTable(v, "version", "prefix")
	if v.Kind != document.String || computed(v.Text) {
		return ""
	}
	return scope(v.Text)
}

// inTable is the first of the keys that a table has, or the value itself if
// it is no table.
func inTable(v document.Value, first, second string) document.Value {
	if v.Kind != document.Object {
		return v
	}
	if f := v.Get(first); f.Found() {
		return f
	}
	return v.Get(second)
}

// environment is [env], or the tables of [[env]] laid over each other.
func environment(v document.Value) map[string]document.Member {
	out := map[string]document.Member{}
	for _, table := range append([]document.Value{v}, v.Items...) {
		for _, m := range table.Members {
			out[m.Key] = m
		}
	}
	return out
}

// literal is the value that an entry of [env] gives its variable, alone or in
// a table. false, which unsets a variable, and a value that mise computes are
// not ok. https://mise.jdx.dev/environments/
func literal(v document.Value) (string, bool) {
	v = inTable(v, "value", "default")
	_, err := strconv.ParseInt(v.Text, 10, 64)
	switch v.Kind { //nolint:exhaustive // the others are no values of a variable
	case document.String:
		return v.Text, !computed(v.Text)
	case document.Number:
		return v.Text, err == nil
	case document.Bool:
		return v.Text, v.IsTrue()
	}
	return "", false
}

// computed reports whether mise puts something else in the place of a part of
// the value: a template (https://mise.jdx.dev/templates.html) or a variable
// (https://mise.jdx.dev/environments/#shell-style-variable-expansion).
func computed(value string) bool {
	return strings.ContainsRune(value, '$') || strings.Contains(value, "{{") || strings.Contains(value, "{%") || strings.Contains(value, "{#")
}
