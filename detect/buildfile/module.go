package buildfile

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// besideSources is where builds of Java keep a Dockerfile.
const besideSources = "src/main/docker"

// moduleImages are the Dockerfiles of a module, below its folder. What Quarkus generates has longer names, and says
// nothing of the app: https://quarkus.io/guides/container-image.
var moduleImages = []string{"Dockerfile", "Dockerfile.bak", "Containerfile", besideSources + "/Dockerfile", "docker/Dockerfile"} //nolint:gochecknoglobals // a constant table

// ImageIn is the Dockerfile of the app that is built in a folder of the Reader's own: the one in it, else one where such
// builds keep theirs; nil for none.
func (r *Reader) ImageIn(dir string) *File {
	if r == nil {
		return nil
	}
	for _, name := range moduleImages {
		if f := r.file(path.Join(dir, name)); f != nil && f.Image != nil {
			return f
		}
	}
	return nil
}

// maxModules is the most folders whose Dockerfiles are read before anything asks for one.
const maxModules = 50

// moduleDirs are the folders that have a Dockerfile of their own and a manifest beside it.
func (r *Reader) moduleDirs() []string {
	var out []string
	manifests := aside.ManifestsOf("java")
	for _, name := range r.find(func(name string) bool { return slices.Contains(manifests, path.Base(name)) }) {
		dir := path.Dir(name)
		if len(out) < maxModules && slices.ContainsFunc(moduleImages, func(n string) bool { return r.t.Has(r.at(path.Join(dir, n))) }) {
			out = append(out, dir)
		}
	}
	return out
}

var (
	copyLine = lazy.MustCompile(`(?im)^[ \t]*(?:COPY|ADD)[ \t]+(?:--[a-z]+=\S+[ \t]+)*([^\s\[]+)[ \t]`)
	notNamed = lazy.MustCompile(`[*?\[$]`)
)

// context is the folder in which a Dockerfile in a module's folder is built, "" for the Reader's own. It is the one that
// has what the file copies, and where that does not say it the module's.
func (r *Reader) context(name, text string) string {
	dir := path.Dir(name)
	if first, _, _ := strings.Cut(dir, "/"); dir == "." || slices.Contains(imageFolders, first) {
		return ""
	}
	home := dir
	if h, ok := strings.CutSuffix("/"+dir, "/"+besideSources); ok {
		home = strings.TrimPrefix(h, "/")
	} else if h, last := path.Split(dir); last == "docker" {
		home = path.Clean(h)
	}
	for _, m := range copyLine.FindAllStringSubmatch(text, maxListed) {
		source := path.Clean("./" + m[1])
		if i := notNamed.FindStringIndex(source); i != nil {
			source = path.Dir(source[:i[0]] + "x")
		}
		if source == "." || strings.HasPrefix(source, "..") || source == "target" || source == "build" {
			continue
		}
		for _, at := range []string{home, dir, "."} {
			for s := range tree.Above(source) {
				if r.t.Has(r.at(path.Join(at, s))) || r.t.HasDir(r.at(path.Join(at, s))) {
					return notHere(at)
				}
			}
		}
	}
	return notHere(home)
}

// notHere is "" for the folder itself.
func notHere(dir string) string {
	if dir == "." {
		return ""
	}
	return dir
}

// Module is a part of the repository that may be the program to run.
type Module struct{ Dir, Name string }

// Released is the module of which the repository builds the image that has the project's name; ok is false where that
// is none of them, or not one alone.
func (r *Reader) Released(list []Module, project string) (i int, at fact.Pos, ok bool) {
	if r == nil {
		return 0, at, false
	}
	files := r.speaking()
	i = -1
	for _, f := range files {
		for _, b := range f.Builds {
			if !slices.ContainsFunc(b.Tags, func(t string) bool { return slug(path.Base(repository(t))) == slug(project) }) {
				continue
			}
			for n, m := range list {
				if !b.in(m.Dir) {
					continue
				}
				if i >= 0 && i != n {
					return 0, fact.Pos{}, false
				}
				i, at = n, b.Pos
			}
		}
	}
	return max(i, 0), at, i >= 0
}

// in reports whether an image is built in a folder below the Reader's, or by a Dockerfile in it.
func (b Build) in(dir string) bool {
	if dir == "." {
		return false
	}
	context := path.Clean(strings.TrimPrefix(strings.TrimLeft(b.Context, Unknown), "/"))
	return under(dir, context) || under(dir, path.Clean(b.Dockerfile))
}

// Documented is the module that the own Dockerfiles, the README, the compose files or CI alone name where they run one:
// by its jar, the folder of its build or its image. ok is false where no file names one alone. The manifests of Kubernetes count as one file: each
// service has one of its own there.
func (r *Reader) Documented(list []Module) (i int, file string, ok bool) {
	if r == nil {
		return 0, "", false
	}
	var files []*File
	for _, name := range r.dockerfiles() {
		files = append(files, r.file(name))
	}
	manifests := r.Manifests()
	for _, f := range append(files, r.speaking()...) {
		group := []*File{f}
		switch slices.Index(manifests, f) {
		case -1:
		case 0:
			group = manifests
		default:
			continue
		}
		if n, name, ok := namedAlone(group, list); ok {
			return n, name, true
		}
	}
	return 0, "", false
}

// namedAlone is the one module that some files run, and the first of these; ok is false if they run none, or several.
func namedAlone(files []*File, list []Module) (i int, file string, ok bool) {
	i = -1
	for _, f := range files {
		if f == nil || developing(f.rel) {
			continue
		}
		words := f.words()
		for n, m := range list {
			switch {
			case n == i || !f.runsModule(m, words):
			case i >= 0:
				return 0, "", false
			default:
				i, file = n, f.Name
			}
		}
	}
	return i, file, i >= 0
}

// maxDocumented is how much of a file is looked at for the names of modules.
const maxDocumented = 100_000

// notInName reports whether no name of a jar has the character. A version may be a variable or a pattern.
func notInName(c rune) bool { return c <= ' ' || strings.ContainsRune("\"'`,;:=()[]<>/|&\\", c) }

func (f *File) words() []string {
	return strings.FieldsFunc(f.Text[:min(len(f.Text), maxDocumented)], notInName)
}

// Names reports whether a Dockerfile names a module, its jar or the folder of its build.
func (f *File) Names(m Module) bool { return f.runsModule(m, f.words()) }

// runsModule reports whether the file runs a module.
func (f *File) runsModule(m Module, words []string) bool {
	if m.Name == "" {
		return false
	}
	if m.Dir != "." && strings.Contains(f.Text[:min(len(f.Text), maxDocumented)], m.Dir+"/target/") {
		return true
	}
	if slices.ContainsFunc(f.Containers, func(c Container) bool { return path.Base(repository(c.Image)) == m.Name }) {
		return true
	}
	return slices.ContainsFunc(words, func(w string) bool {
		rest, ok := strings.CutPrefix(w, m.Name)
		version, jar := strings.CutSuffix(rest, ".jar")
		return ok && (jar && (version == "" || len(version) > 1 && version[0] == '-' && strings.ContainsRune("0123456789$*{#", rune(version[1]))) || rest == "" && f.Kind == Dockerfile)
	})
}
