package node

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
)

// maxRecipes is more than a repository has that build one folder.
const maxRecipes = 20

// recipes reads how the repository's own files build this folder: of each, the commands that run there.
func (f *Facts) recipes(t *tree.Tree) error {
	for _, dir := range slices.Compact([]string{".", f.Dir}) {
		for _, recipe := range buildfile.Of(t, dir).Recipes() {
			here := buildfile.Recipe{Own: recipe.Own}
			for _, c := range recipe.Commands {
				if path.Join(dir, c.Dir) == f.Dir && !c.Loop {
					here.Commands = append(here.Commands, c)
				}
			}
			if len(here.Commands) > 0 && len(f.Recipes) < maxRecipes {
				f.Recipes = append(f.Recipes, here)
			}
		}
	}
	return nil
}
