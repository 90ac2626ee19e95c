package buildfile

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/aside"
)

// Top is the reader of the same folder for an app whose Dockerfile lies in the root, and has the root for its build context: the root's
// own Dockerfile is the app's, its paths seen from the app's folder, and what runs the root's image runs the app.
func (r *Reader) Top() *Reader {
	if r == nil || r.dir == "." || r.top {
		return r
	}
	out, _ := r.t.Once(topOf(r.dir), func() any {
		return &Reader{t: r.t, dir: r.dir, top: true, files: map[string]*File{}}
	}).(*Reader)
	return out
}

// topOf is a key of tree.Once.
type topOf string

// Whole is the own Dockerfile with its paths as they are in the build context, which the folder is for any but a reader of Top.
func (r *Reader) Whole() (own *File, context string) {
	if r == nil {
		return nil, "."
	}
	if r.top {
		return Of(r.t, ".").Image(), "."
	}
	return r.Image(), r.dir
}

// topImage is the root's own Dockerfile as it is seen from the app's folder, nil for none.
func (r *Reader) topImage() *File {
	whole := Of(r.t, ".").Image()
	if whole == nil || !whole.Default {
		return nil
	}
	return whole.seenFrom(r.dir)
}

// elsewhere is a Dockerfile in the root, or in a folder for them, that makes an image of the Reader's folder alone, or that an argument has make it, as it
// is seen from there; nil for none, and for several.
func (r *Reader) elsewhere() *File {
	if r.dir == "." {
		return nil
	}
	var out *File
	whole := Of(r.t, ".")
	if f := whole.For(r.dir).Image(); f != nil && len(f.given) > 0 {
		return f.seenFrom(r.dir)
	}
	for _, name := range whole.dockerfiles() {
		if aside.Image(name) || under(r.dir, name) || !whole.takesAll(name, ".", r.dir) {
			continue
		}
		if out != nil {
			return nil
		}
		out = whole.file(name).seenFrom(r.dir)
	}
	return out
}

// seenFrom is a Dockerfile of the root as it is seen from a folder of the build context.
func (f *File) seenFrom(dir string) *File {
	out, image := *f, *f.Image
	image.Copies = seen(image.Copies, dir)
	image.Stages = slices.Clone(image.Stages)
	for i := range image.Stages {
		image.Stages[i].Copies = seen(image.Stages[i].Copies, dir)
	}
	image.Staged = nil
	for _, s := range f.Image.Staged {
		if under(dir, s.Source) && s.Source != dir {
			s.Source = s.Source[len(dir)+1:]
			image.Staged = append(image.Staged, s)
		}
	}
	out.Image = &image
	return &out
}

// seen are copies as they are seen from a folder of the build context: what they take from elsewhere is nothing that the folder has.
func seen(list []Copy, dir string) []Copy {
	var out []Copy
	for _, c := range list {
		switch at := path.Clean(c.Source); {
		case c.Source == "":
		case at == ".":
			c.To = path.Join(c.To, dir)
		case under(dir, at):
			c.Source = path.Join(".", at[len(dir):])
		case c.From == "":
			continue
		default:
			c.Source = ""
		}
		if c.From == "" {
			c.Path = c.Source
		}
		out = append(out, c)
	}
	return out
}

// topContract is what runs the root's image, and what the folder's own files and the root's say of the folder.
func (r *Reader) topContract(name string, own *File) Contract {
	whole := Of(r.t, ".")
	out := whole.Contract(name, whole.Image())
	out.Own, out.Builds, out.Runs = own, slices.Clone(out.Builds), slices.Clone(out.Runs)
	of := Of(r.t, r.dir).Contract(name, nil)
	for _, b := range of.Builds {
		out.Builds = listed(out.Builds, b)
	}
	for _, c := range of.Runs {
		out.Runs = listed(out.Runs, c)
	}
	return out
}
