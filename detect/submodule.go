package detect

import (
	"io/fs"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// maxSubmodules is how many submodules are looked at.
const maxSubmodules = 1000

// absentSubmodules are the folders that .gitmodules names and that hold no file: Git
// leaves them empty until they are checked out. https://git-scm.com/docs/gitmodules.
func absentSubmodules(t *tree.Tree) []fact.Fact[string] {
	const file = ".gitmodules"
	if !t.Has(file) {
		return nil
	}
	text, err := t.Read(file)
	if err != nil {
		return nil
	}
	var out []fact.Fact[string]
	line := 0
	for l := range strings.Lines(string(text)) {
		line++
		key, value, _ := strings.Cut(l, "=")
		dir := path.Clean(strings.Trim(strings.TrimSpace(value), `"`))
		if strings.TrimSpace(key) != "path" || dir == "." || !fs.ValidPath(dir) || t.HasDir(dir) || len(out) == maxSubmodules {
			continue
		}
		out = append(out, fact.Fact[string]{Value: dir, Pos: fact.At(file, line)})
	}
	return out
}
