package node

import (
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// versions reads the files beside the manifest that name versions of tools,
// in the order of their precedence: a file of one tool before the files of
// version managers.
func (f *Facts) versions(t *tree.Tree) error {
	for _, single := range []struct{ file, tool string }{
		{".nvmrc", "node"}, {".node-version", "node"}, {".bun-version", "bun"}, {".deno-version", "deno"},
	} {
		if err := f.singleVersion(t, single.file, single.tool); err != nil {
			return err
		}
	}
	if err := f.toolVersions(t); err != nil {
		return err
	}
	for _, file := range []string{"mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml", ".config/mise/config.toml"} {
		if err := f.mise(t, file); err != nil {
			return err
		}
	}
	return nil
}

// singleVersion reads a file that holds one version; # starts a comment:
// https://github.com/nvm-sh/nvm#nvmrc.
func (f *Facts) singleVersion(t *tree.Tree, name, tool string) error {
	file := path.Join(f.Dir, name)
	if !t.Has(file) {
		return nil
	}
	text, err := t.Read(file)
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			f.Versions = append(f.Versions, VersionFile{Tool: tool, Value: line, Pos: fact.At(file, n)})
			return nil
		}
	}
	return nil
}

// tools are the names that version managers know the tools by.
var tools = map[string]string{ //nolint:gochecknoglobals // a constant table
	"node": "node", "nodejs": "node", "core:node": "node", "bun": "bun", "core:bun": "bun",
	"pnpm": "pnpm", "yarn": "yarn", "npm": "npm", "npm:npm": "npm", "npm:pnpm": "pnpm", "npm:yarn": "yarn",
}

// toolVersions reads .tool-versions: https://asdf-vm.com/manage/configuration.html.
func (f *Facts) toolVersions(t *tree.Tree) error {
	file := path.Join(f.Dir, ".tool-versions")
	if !t.Has(file) {
		return nil
	}
	text, err := t.Read(file)
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 1 && tools[words[0]] != "" {
			f.Versions = append(f.Versions, VersionFile{Tool: tools[words[0]], Value: words[1], Pos: fact.At(file, n)})
		}
	}
	return nil
}

// mise reads the tools of a mise.toml: https://mise.jdx.dev/configuration.html#tools.
func (f *Facts) mise(t *tree.Tree, name string) error {
	file := path.Join(f.Dir, name)
	if !t.Has(file) {
		return nil
	}
	text, err := t.Read(file)
	if err != nil {
		return err
	}
	var doc struct {
		Tools map[string]any `toml:"tools"`
	}
	if err := toml.Unmarshal(text, &doc); err != nil {
		return tomlError(file, err)
	}
	var names []string
	for name := range doc.Tools {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		tool, v := tools[name], doc.Tools[name]
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		if table, ok := v.(map[string]any); ok {
			v = table["version"]
		}
		version, ok := v.(string)
		if tool == "" || !ok {
			continue
		}
		f.Versions = append(f.Versions, VersionFile{Tool: tool, Value: version, Pos: fact.At(file, lineOfKey(text, name))})
	}
	return nil
}

func tomlError(file string, err error) error {
	if de, ok := err.(*toml.DecodeError); ok { //nolint:errorlint // the library returns it bare
		line, _ := de.Position()
		return fact.Errorf(fact.At(file, line), "is not valid TOML: %s", de.Error())
	}
	return fact.Errorf(fact.At(file, 0), "is not valid TOML: %w", err)
}

// lineOfKey finds the line that sets a key of TOML.
func lineOfKey(text []byte, key string) int {
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		name, _, ok := strings.Cut(line, "=")
		if ok && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return n
		}
	}
	return 0
}
