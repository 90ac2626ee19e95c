package project

import (
	"context"
	"maps"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/templates"
)

// moved is the lock with the apps whose folders were renamed or moved, and their files with them, under the folders that they have now: those
// with a Dockerfile of which at least half is what dockgen wrote for the folder that is gone. l stays as it is.
func (f *Folder) moved(ctx context.Context, l *lock.File) (*lock.File, error) {
	var gone []string
	for _, dir := range slices.Sorted(maps.Keys(l.Apps)) {
		if l.Apps[dir].Files[templates.Dockerfile] != nil && !f.exists(path.Join(dir, templates.Dockerfile)) {
			gone = append(gone, dir)
		}
	}
	if len(gone) == 0 {
		return l, nil
	}
	t, err := tree.Scan(ctx, f.FS(), tree.Limits{})
	if err != nil {
		return nil, err
	}
	out := *l
	out.Apps = maps.Clone(l.Apps)
	tries := 0
	for _, name := range t.Named(".", templates.Dockerfile) {
		dir := path.Dir(name)
		if _, known := l.Apps[dir]; known && dir != root || len(gone) == 0 || tries == maxMoved {
			continue
		}
		tries++
		text, err := f.read(name)
		if err != nil {
			continue
		}
		is, err := merge.Fingerprint(merge.Dockerfile, text)
		if err != nil {
			continue
		}
		best, most := -1, 0
		for i, old := range gone {
			was := l.Apps[old].Files[templates.Dockerfile]
			if n := shared(was, is); n > most && 2*n >= len(was) {
				best, most = i, n
			}
		}
		if best < 0 {
			continue
		}
		out.Apps[dir] = l.Apps[gone[best]]
		delete(out.Apps, gone[best])
		gone = slices.Delete(gone, best, best+1)
	}
	return &out, nil
}

// maxMoved is how many Dockerfiles are held against those that are gone.
const maxMoved = 200

// shared counts the rows that two files have in common.
func shared(a, b merge.Base) int {
	left := map[string]int{}
	for _, row := range a {
		left[row]++
	}
	n := 0
	for _, row := range b {
		if left[row] > 0 {
			left[row]--
			n++
		}
	}
	return n
}
