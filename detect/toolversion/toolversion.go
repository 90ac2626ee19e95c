// Package toolversion reads the files in which a repository of any language
// names the versions of its tools: .tool-versions, mise.toml, and the files that
// hold one version and nothing else. Each language asks for its own tools, so
// that all of them see a file alike.
//
// A file that is not there says nothing and is no error.
package toolversion

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Version is the version that a file asks for of one tool.
type Version struct {
	Tool  string // as mise names it: "go", "java", "node", "python", "npm:pnpm"
	Value string // as written: "24", "lts/iron", "temurin-21.0.1+12", "latest", "ref:main"
	Pos   fact.Pos
}

// Pick returns the versions of one tool, in their order.
func Pick(list []Version, tool string) []Version {
	var out []Version
	for _, v := range list {
		if v.Tool == tool {
			out = append(out, v)
		}
	}
	return out
}

// Single reads a file of dir that holds one version, such as .nvmrc or
// .python-version: its first line that is more than a comment. The fact is
// not found where there is none.
//
//   - https://github.com/nvm-sh/nvm#nvmrc
//   - https://github.com/pyenv/pyenv#understanding-python-version-selection
//   - https://github.com/go-nv/goenv/blob/master/COMMANDS.md#goenv-local
//   - https://devcenter.heroku.com/articles/python-runtimes for runtime.txt
func Single(t *tree.Tree, dir, name string) (fact.Fact[string], error) {
	file := path.Join(dir, name)
	lines, err := t.Lines(file)
	if err != nil {
		return fact.Fact[string]{}, err
	}
	for n, line := range lines {
		if line = code(line); line != "" {
			return fact.New(line, file, n), nil
		}
	}
	return fact.Fact[string]{}, nil
}

// ToolVersions reads the .tool-versions of dir, in the order of the file: a
// tool a line, with its version and those to fall back on, which are left
// out. https://asdf-vm.com/manage/configuration.html#tool-versions
func ToolVersions(t *tree.Tree, dir string) ([]Version, error) {
	file := path.Join(dir, ".tool-versions")
	lines, err := t.Lines(file)
	if err != nil {
		return nil, err
	}
	var out []Version
	for n, line := range lines {
		words := strings.Fields(code(line))
		if len(words) < 2 {
			continue
		}
		if version := scope(words[1]); version != "" {
			out = append(out, Version{Tool: toolName(words[0]), Value: version, Pos: fact.At(file, n)})
		}
	}
	return out, nil
}

// code is a line without its comment and the space around it.
func code(line string) string {
	line, _, _ = strings.Cut(line, "#")
	return strings.TrimSpace(line)
}

// toolName is mise's name for a tool that a file may call otherwise, as asdf
// does: https://mise.jdx.dev/dev-tools/backends/asdf.html.
func toolName(name string) string {
	switch core := strings.TrimPrefix(name, "core:"); core {
	case "":
		return name
	case "golang":
		return "go"
	case "nodejs":
		return "node"
	default:
		return core
	}
}

// scope drops the scope that asks for the newest release of a line, which is
// what an incomplete version means everywhere in dockgen; the other scopes
// stay: https://mise.jdx.dev/configuration.html#scopes.
func scope(version string) string { return strings.TrimPrefix(version, "prefix:") }
