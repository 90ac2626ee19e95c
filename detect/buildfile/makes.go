package buildfile

import (
	"cmp"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
)

// Makes reports whether the repository makes an image of a folder of the Reader's own, and where: by a Dockerfile in it, or by a compose
// file, CI or a bake file that names the folder, or a Dockerfile in it, as what is built. What is for development or tests says nothing.
func (r *Reader) Makes(dir string) (fact.Pos, bool) {
	if r == nil {
		return fact.Pos{}, false
	}
	pos, _ := r.t.Once(makesOf{r.dir, dir}, func() any { return r.makes(dir) }).(fact.Pos)
	return pos, !pos.IsZero()
}

// ownBake and ownCompose begin the files that dockgen writes, which would only confirm what was decided before.
const (
	ownBake    = "# docker buildx bake builds all of them; with names, those alone: "
	ownCompose = "# docker compose up --build runs it; the ports are on this machine alone.\n"
)

// makesOf is a key of tree.Once.
type makesOf struct{ of, dir string }

func (r *Reader) makes(dir string) fact.Pos {
	for _, name := range r.t.Names(r.at(dir)) {
		image := strings.HasPrefix(name, "Dockerfile") || strings.HasPrefix(name, "Containerfile") || strings.HasSuffix(name, ".Dockerfile")
		if !image || path.Ext(name) == ".dockerignore" || aside.Image(name) {
			continue
		}
		if f := r.file(path.Join(dir, name)); f != nil && f.Image != nil {
			return fact.At(f.Name, 0)
		}
	}
	for _, f := range r.speaking() {
		if developing(f.rel) || f.Kind == Readme || strings.HasPrefix(f.Text, ownBake) || strings.HasPrefix(f.Text, ownCompose) {
			continue
		}
		for _, b := range f.Builds {
			if r.isBuilt(f, b, dir) {
				return b.Pos
			}
		}
		for _, c := range f.Containers {
			if r.isBuilt(f, c.Build, dir) {
				return c.Pos
			}
		}
	}
	return fact.Pos{}
}

// isBuilt reports whether a build's context is a folder, or its Dockerfile lies in it, or takes all that it takes from there, or
// an argument of it chooses the folder.
func (r *Reader) isBuilt(f *File, b Build, dir string) bool {
	context, ok := f.contextOf(b)
	if !ok || b.Context == "" && b.Dockerfile == "" || strings.Contains(b.Dockerfile, Unknown) || developing(b.Target) {
		return false
	}
	if r.chosen(f, b, dir) == dir {
		return true
	}
	file := path.Join(context, cmp.Or(b.Dockerfile, "Dockerfile"))
	return !aside.Image(path.Base(b.Dockerfile)) && (path.Dir(file) == dir || context == dir && dir != "." || r.takesAll(file, context, dir))
}

// takesAll reports whether all that a Dockerfile takes of its build context lies in a folder.
func (r *Reader) takesAll(file, context, dir string) bool {
	f := r.file(file)
	if f == nil || f.Image == nil || dir == "." {
		return false
	}
	taken := 0
	for _, s := range f.Image.Stages {
		for _, c := range s.Copies {
			if !ofContext(c) {
				continue
			}
			if taken++; !under(dir, path.Join(context, c.Path)) {
				return false
			}
		}
	}
	return taken > 0
}

// maxMade is the most folders for which that is found out before anything asks.
const maxMade = 500

// preloadMakes reads the Dockerfiles in the folders below that have a manifest.
func (r *Reader) preloadMakes() {
	seen := map[string]bool{".": true}
	for _, name := range r.t.Named(r.dir, aside.Manifests("")...) {
		dir := path.Dir(strings.TrimPrefix(name, r.dir+"/"))
		if len(seen) > maxMade || seen[dir] {
			continue
		}
		seen[dir] = true
		r.Makes(dir)
	}
}
