package buildfile

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// above adds what the files of the root say of an app in a folder below: builds whose context is that folder, and containers of such a
// build or of an image that is called like it.
func (r *Reader) above(out *Contract, names []string) {
	if r.dir == "." {
		return
	}
	for _, f := range Of(r.t, ".").speaking() {
		if developing(f.rel) || f.Kind == Readme || under(r.dir, f.rel) {
			continue
		}
		for _, b := range f.Builds {
			if r.isContext(f, b) && !developing(b.Target) {
				out.Builds = listed(out.Builds, b)
			}
		}
		for _, c := range f.Containers {
			words := strings.Split(repository(c.Image), "/")
			named := c.Build.Context == "" && slices.Contains(names, slug(words[len(words)-1])) && !slices.Contains(foreign, words[len(words)-1])
			if named || c.Build.Context != "" && r.isContext(f, c.Build) {
				out.Runs = listed(out.Runs, r.seenFrom(f, c).sorted())
			}
		}
	}
}

// isContext reports whether a build that a file of the root names makes the image of the Reader's folder.
func (r *Reader) isContext(f *File, b Build) bool {
	context, ok := f.contextOf(b)
	if !ok || strings.Contains(b.Dockerfile, Unknown) {
		return false
	}
	if Of(r.t, ".").chosen(f, b, r.dir) == r.dir {
		return true
	}
	dockerfile := path.Clean(cmp.Or(b.Dockerfile, "Dockerfile"))
	return context == r.dir && slices.Contains(imageNames, dockerfile) || path.Join(context, dockerfile) == path.Join(r.dir, "Dockerfile")
}

// seenFrom is a container with the sources of its mounts as they are seen from the Reader's folder, where they lie there.
func (r *Reader) seenFrom(f *File, c Container) Container {
	mounts := make([]fact.Fact[Mount], 0, len(c.Mounts))
	for _, m := range c.Mounts {
		if s := m.Value.Source; strings.HasPrefix(s, ".") || strings.Contains(s, "/") && !path.IsAbs(s) {
			if at := path.Join(path.Dir(f.rel), s); under(r.dir, at) {
				m.Value.Source = "./" + strings.TrimPrefix(strings.TrimPrefix(at, r.dir), "/")
			}
		}
		mounts = append(mounts, m)
	}
	c.Mounts = mounts
	return c
}
