package project

import (
	"context"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/tree"
)

// Locked are the folders of this one that have a dockgen.lock, in their order, "." for itself: of those that are of the repository, which
// ignored folders and the data of tests are not.
func (f *Folder) Locked(ctx context.Context) ([]string, error) {
	t, err := tree.Scan(ctx, f.FS(), tree.Limits{})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, dir := range t.Locks() {
		if row := aside.Folder("", dir); row == nil || row.Role != aside.Tests {
			out = append(out, dir)
		}
	}
	return out, nil
}
