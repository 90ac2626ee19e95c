package profiles

import (
	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/kind"
)

// foundNothing is the error for a folder that no language has an app in: what the folder
// is, if that can be told, else Nothing.
func foundNothing(repo *detect.Repo) error {
	if err := kind.Check(kind.Request{Tree: repo.Tree, Dir: ".", At: fact.At(".", 0)}); err != nil {
		return err
	}
	return &Nothing{repo}
}
