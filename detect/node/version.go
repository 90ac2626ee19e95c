package node

import (
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
)

// managerNames are the names that version managers know the tools by.
var managerNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"node": "node", "bun": "bun", "pnpm": "pnpm", "yarn": "yarn", "npm": "npm",
	"npm:npm": "npm", "npm:pnpm": "pnpm", "npm:yarn": "yarn",
}

// versions reads the files beside the manifest that name versions of tools,
// in the order of their precedence: a file of one tool before the files of
// version managers.
func (f *Facts) versions(t *tree.Tree) error {
	for _, single := range []struct{ file, tool string }{
		{".nvmrc", "node"}, {".node-version", "node"}, {".bun-version", "bun"}, {".deno-version", "deno"},
	} {
		v, err := toolversion.Single(t, f.Dir, single.file)
		if err != nil {
			return err
		}
		if v.Found() {
			f.Versions = append(f.Versions, toolversion.Version{Tool: single.tool, Value: v.Value, Pos: v.Pos})
		}
	}
	asdf, err := toolversion.ToolVersions(t, f.Dir)
	if err != nil {
		return err
	}
	mise, err := toolversion.ReadMise(t, f.Dir)
	if err != nil {
		return err
	}
	for _, v := range append(asdf, mise.Tools...) {
		if v.Tool = managerNames[v.Tool]; v.Tool != "" {
			f.Versions = append(f.Versions, v)
		}
	}
	return nil
}
