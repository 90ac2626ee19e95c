package plan

import (
	"path"
	"reflect"
	"slices"
	"strings"
)

// Raise gives an app a build context that lies above its folder, for an image that holds something from beside it, or whose Dockerfile
// lies above: dir is the app's folder within that context. What its stages copy and its ignore file hides is found there. The app that
// was is not to be used afterwards. The error is that of a path that leads out of the context all the same.
func Raise(app *App, dir string) (*App, error) {
	out := *app
	for _, s := range app.Image.Stages {
		if err := within(reflect.ValueOf(s.Data), dir); err != nil {
			return nil, err
		}
	}
	out.Ignore = slices.Clone(app.Ignore)
	for i, g := range out.Ignore {
		if g.Whole {
			continue
		}
		out.Ignore[i].Patterns = nil
		for _, p := range g.Patterns {
			if p = p.within(dir); strings.HasPrefix(strings.TrimPrefix(p.s, "!"), "..") {
				return nil, &RefusedError{"pattern", p.s, "leads out of the build context"}
			}
			out.Ignore[i].Patterns = append(out.Ignore[i].Patterns, p)
		}
	}
	out.Needs = nil
	for _, need := range app.Needs {
		out.Needs = append(out.Needs, path.Join(dir, need))
	}
	out.Reads = nil
	for _, p := range app.Reads {
		moved, err := NewPath(path.Join(dir, p.Raw()))
		if err != nil {
			return nil, err
		}
		out.Reads = append(out.Reads, moved)
	}
	return &out, nil
}
