package node

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/tree"
)

// modules gives js the files of the repository that code imports.
type modules struct {
	tree *tree.Tree
	dir  string // of the app
	// files is what is found once; nil for tools' configuration.
	files   *shared
	aliases *aliases // nil: none is known
}

// Resolve finds the file of the repository that an import names, as Node,
// TypeScript and bundlers look for it.
func (m modules) Resolve(from, specifier string) (string, bool) {
	if strings.HasPrefix(specifier, ".") {
		return m.find(path.Join(path.Dir(from), specifier))
	}
	for _, base := range m.aliases.bases(from, specifier) {
		if file, ok := m.find(base); ok {
			return file, true
		}
	}
	return "", false
}

// find finds the file of a module whose name may lack its end.
func (m modules) find(base string) (string, bool) {
	if m.tree.Has(base) {
		return base, true
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(base, ".js"), ".mjs"), ".cjs")
	for _, ext := range sourceExtensions {
		for _, c := range []string{base + ext, stem + ext, path.Join(base, "index"+ext)} {
			if m.tree.Has(c) {
				return c, true
			}
		}
	}
	return "", false
}

// Read implements js.Source.
func (m modules) Read(file string) ([]byte, bool) {
	text, err := m.tree.ReadHead(file, maxSourceBytes)
	return text, err == nil
}

// Data reads a JSON file, and what the package config reads for an app:
// https://github.com/node-config/node-config/wiki/Configuration-Files.
func (m modules) Data(from, specifier string) (js.Value, bool) {
	switch {
	case specifier == "config":
		return m.config(from)
	case specifier == "next/constants" || specifier == "next/constants.js":
		return phases(), true
	case !strings.HasPrefix(specifier, "."):
		return js.Value{}, false
	}
	base := path.Join(path.Dir(from), specifier)
	if path.Ext(base) != ".json" {
		// Node looks for x.js before x.json.
		if _, ok := m.Resolve(from, specifier); ok || !m.tree.Has(base+".json") {
			return js.Value{}, false
		}
		base += ".json"
	}
	return m.file(base)
}

func (m modules) file(name string) (js.Value, bool) {
	if !m.tree.Has(name) {
		return js.Value{}, false
	}
	v, err := document.Read(m.tree, name)
	if err != nil {
		return js.Value{}, false
	}
	return dataOf(v), true
}

// config reads the files of the package config: the values of production come
// before the defaults, and variables of the environment before both. Local files
// are not in an image.
func (m modules) config(from string) (js.Value, bool) {
	out := js.Value{}
	dir := path.Dir(from)
	for dir != m.dir && dir != "." && !m.tree.HasDir(path.Join(dir, "config")) {
		dir = path.Dir(dir)
	}
	for _, name := range []string{"default", "production", "custom-environment-variables"} {
		for _, ext := range []string{".json", ".yaml", ".yml", ".json5", ".js", ".ts", ".cjs", ".mjs", ".toml", ".hjson", ".properties", ".xml"} {
			file := path.Join(dir, "config", name+ext)
			if !m.tree.Has(file) {
				continue
			}
			v, ok := m.setting(file)
			if !ok {
				return js.Value{}, true // a file that cannot be read may say anything
			}
			if name == "custom-environment-variables" {
				v = js.Named(v)
			}
			out = js.Merged(out, v)
		}
	}
	out.Ref = js.Ref{Module: "config"}
	return out, out.Kind == js.Object
}

func (m modules) setting(file string) (js.Value, bool) {
	switch path.Ext(file) {
	case ".json", ".yaml", ".yml", ".json5", ".toml":
		return m.file(file)
	case ".js", ".ts", ".cjs", ".mjs":
		text, ok := m.Read(file)
		if !ok {
			return js.Value{}, false
		}
		v := js.NewProgram(m).Add(file, text).Config()
		return v, v.Kind == js.Object
	}
	return js.Value{}, false
}

// dataOf gives data the form that values of JavaScript have.
func dataOf(v document.Value) js.Value {
	out := js.Value{Kind: js.Scalar, Text: v.Text, File: v.File, Line: v.Line}
	switch v.Kind {
	case document.Object, document.Absent:
		out.Kind = js.Object
		for _, m := range v.Members {
			out.Keys = append(out.Keys, m.Key)
			out.Values = append(out.Values, dataOf(m.Value))
		}
	case document.List:
		out.Kind = js.Array
		for _, e := range v.Items {
			out.Values = append(out.Values, dataOf(e))
		}
	case document.Number:
		out.Type = js.Numeric
	case document.Bool, document.Null:
		out.Type = js.Word
	case document.String, document.Other:
	}
	return out
}

// rel is the path of name seen from dir; both are relative to the same root.
func rel(dir, name string) string {
	if dir == "." || dir == "" {
		return path.Clean(name)
	}
	from, to := strings.Split(path.Clean(dir), "/"), strings.Split(path.Clean(name), "/")
	if to[0] == "." {
		to = nil
	}
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] && from[0] != ".." {
		from, to = from[1:], to[1:]
	}
	return path.Join(path.Join(strings.Split(strings.Repeat("../", len(from))+".", "/")...), path.Join(to...))
}

// phases are the constants of Next.js by which its configuration is asked:
// https://nextjs.org/docs/app/api-reference/config/next-config-js#phase.
func phases() js.Value {
	out := js.Value{Kind: js.Object, Open: true}
	for _, name := range []string{"export", "production-build", "production-server", "development-server", "test", "info"} {
		out.Keys = append(out.Keys, "PHASE_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
		out.Values = append(out.Values, js.Of("phase-"+name, "", 0))
	}
	return out
}
