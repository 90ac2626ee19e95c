package toolversion

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

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
	var doc struct {
		Tools map[string]any `toml:"tools"`
		Env   any            `toml:"env"`
	}
	text, err := t.ReadTOML(file, &doc)
	if err != nil {
		return m, err
	}
	lines := keyLines(text)
	at := func(table, key string) fact.Pos { return fact.At(file, lines[[2]string{table, key}]) }
	for name, v := range doc.Tools {
		if version := toolVersion(v); version != "" && name != "" {
			m.Tools = append(m.Tools, Version{Tool: toolName(name), Value: version, Pos: at("tools", name)})
		}
	}
	for name, v := range environment(doc.Env) {
		if value, ok := literal(v); ok && name != "_" {
			m.Env = append(m.Env, Var{Name: name, Value: value, Pos: at("env", name)})
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
func toolVersion(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	if table, ok := v.(map[string]any); ok {
		if v = table["version"]; v == nil {
			v = table["prefix"]
		}
	}
	if s, ok := v.(string); ok && !computed(s) {
		return scope(s)
	}
	return ""
}

// environment is [env], or the tables of [[env]] laid over each other.
func environment(v any) map[string]any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := map[string]any{}
	for _, table := range list {
		if table, ok := table.(map[string]any); ok {
			maps.Copy(out, table)
		}
	}
	return out
}

// literal is the value that an entry of [env] gives its variable, alone or in
// a table. false, which unsets a variable, and a value that mise computes are
// not ok. https://mise.jdx.dev/environments/
func literal(v any) (string, bool) {
	if table, ok := v.(map[string]any); ok {
		if v = table["value"]; v == nil {
			v = table["default"]
		}
	}
	switch v := v.(type) {
	case string:
		return v, !computed(v)
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return "true", v
	}
	return "", false
}

// computed reports whether mise puts something else in the place of a part of
// the value: a template (https://mise.jdx.dev/templates.html) or a variable
// (https://mise.jdx.dev/environments/#shell-style-variable-expansion).
func computed(value string) bool {
	return strings.ContainsRune(value, '$') || strings.Contains(value, "{{") || strings.Contains(value, "{%") || strings.Contains(value, "{#")
}

// keyLines finds the line on which each key of a table at the top, or the
// first thing below it, is set: {"tools", "go"} of go = "1.26" in [tools], of
// tools.go = "1.26" and of [tools.go]. The last table of an array counts.
func keyLines(text []byte) map[[2]string]int {
	out, seen := map[[2]string]int{}, map[[2]string]bool{}
	set := func(key []string, line int) {
		if len(key) < 2 || seen[[2]string(key)] {
			return
		}
		seen[[2]string(key)], out[[2]string(key)] = true, line
	}
	line, counted := 1, 0
	var table []string
	var p unstable.Parser
	for p.Reset(text); p.NextExpression(); {
		e := p.Expression()
		key, off := keyOf(e)
		line, counted = line+bytes.Count(text[counted:off], []byte("\n")), off
		switch e.Kind {
		case unstable.ArrayTable:
			clear(seen)
			fallthrough
		case unstable.Table:
			table = key
			set(table, line)
		default: // a key and its value
			key = slices.Concat(table, key)
			set(key, line)
			if e.Value().Kind != unstable.InlineTable {
				continue
			}
			for it := e.Value().Children(); it.Next(); {
				inner, _ := keyOf(it.Node())
				set(slices.Concat(key, inner), line) // it has no line breaks
			}
		}
	}
	return out
}

// keyOf is the dotted key of an expression, and the offset of its first part.
func keyOf(e *unstable.Node) ([]string, int) {
	var key []string
	off := 0
	for it := e.Key(); it.Next(); {
		if key == nil {
			off = int(it.Node().Raw.Offset)
		}
		key = append(key, string(it.Node().Data))
	}
	return key, off
}
