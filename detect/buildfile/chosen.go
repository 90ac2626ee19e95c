package buildfile

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// One Dockerfile makes the images of several apps where an argument says which: its value is a part of the path of a folder that the file builds or
// copies (./cmd/${SERVICE}). So it is the own Dockerfile of each of them, with that argument.

// For is the reader of the same folder for one of several apps in it, whose folder app is: the own Dockerfile has the argument that makes the
// app's image, and what builds or runs another one's says nothing of the app.
func (r *Reader) For(app string) *Reader {
	if r == nil || r.app != "" {
		return r
	}
	out, _ := r.t.Once(readerFor{r.dir, app, r.top}, func() any {
		own := r.Image()
		given := r.givenFor(own, app)
		if len(given) == 0 && !slices.ContainsFunc(r.allBuilds(), func(b built) bool { return r.chosen(b.file, b.Build, app) != "" }) {
			return r
		}
		out := &Reader{t: r.t, dir: r.dir, top: r.top, app: app, base: r, files: map[string]*File{}}
		if own != nil {
			f := &File{Name: own.Name, Kind: own.Kind, Text: own.Text, rel: own.rel, context: own.context, given: given}
			f.read(row{read: (*File).dockerfile})
			r.supervised(f)
			out.files[own.rel] = f
		}
		return out
	}).(*Reader)
	return out
}

// readerFor is a key of tree.Once.
type readerFor struct {
	dir, app string
	top      bool
}

// built is a build with the file that says it.
type built struct {
	Build

	file *File
}

// allBuilds are those that the folder's files name.
func (r *Reader) allBuilds() []built {
	var out []built
	for _, f := range r.speaking() {
		for _, b := range f.Builds {
			out = append(out, built{b, f})
		}
		for _, c := range f.Containers {
			if c.Build.Context != "" {
				out = append(out, built{c.Build, f})
			}
		}
	}
	return out
}

// givenFor are the arguments that choose an app in its Dockerfile: those with which the repository builds its image, else those whose value is the last part of the
// app's folder, or all of it, where the Dockerfile has no other.
func (r *Reader) givenFor(own *File, app string) map[string]string {
	if own == nil || len(r.uses(own)) == 0 {
		return nil
	}
	for _, b := range r.allBuilds() {
		if !r.buildsBy(b.file, b.Build, own) {
			continue
		}
		given := map[string]string{}
		for _, a := range b.Args {
			if concerns(r.selected(own, a.Value.Name, a.Value.Value), app) {
				given[a.Value.Name] = a.Value.Value
			}
		}
		if len(given) > 0 {
			return given
		}
	}
	given := map[string]string{}
	for _, u := range r.uses(own) {
		for _, v := range []string{path.Base(app), app} {
			if given[u.arg] == "" && r.selected(own, u.arg, v) == app {
				given[u.arg] = v
			}
		}
	}
	return given
}

// concerns reports whether a folder that was chosen is an app's, around it or in it.
func concerns(chosen, app string) bool {
	return chosen != "" && (under(chosen, app) || under(app, chosen))
}

// buildsBy reports whether a build of the whole folder is by that Dockerfile.
func (r *Reader) buildsBy(f *File, b Build, own *File) bool {
	context, ok := f.contextOf(b)
	return ok && context == "." && (own == nil || path.Join(context, cmp.Or(b.Dockerfile, "Dockerfile")) == strings.TrimSuffix(own.rel, ".bak"))
}

// chosen is the folder that a build chooses by an argument, "" for none. Without the Dockerfile, it is one that is called like the value, in the
// root or beside the app.
func (r *Reader) chosen(f *File, b Build, app string) string {
	own := cmp.Or(r.base, r).Image()
	if !r.buildsBy(f, b, own) {
		return ""
	}
	for _, a := range b.Args {
		if own != nil {
			if dir := r.selected(own, a.Value.Name, a.Value.Value); dir != "" {
				return dir
			}
			continue
		}
		for _, dir := range []string{path.Clean(a.Value.Value), path.Join(path.Dir(app), a.Value.Value)} {
			if a.Value.Value != "" && dir != "." && !strings.HasPrefix(dir, "..") && r.t.HasDir(r.at(dir)) {
				return dir
			}
		}
	}
	return ""
}

// selected is the folder that a Dockerfile builds or copies with a value of an argument, "" for none.
func (r *Reader) selected(own *File, arg, value string) string {
	if value == "" || path.IsAbs(value) || strings.Contains(value, Unknown) || strings.ContainsAny(value, "$*?\\") {
		return ""
	}
	for _, u := range r.uses(own) {
		if u.arg != arg || strings.Contains(u.before+u.after, "$") {
			continue
		}
		least, ok := own.inContext(u.before + value)
		if !ok {
			continue
		}
		dir, _ := own.inContext(u.before + value + u.after)
		for len(dir) > len(least) && !r.t.HasDir(r.at(dir)) {
			dir = path.Dir(dir)
		}
		if len(dir) >= len(least) && dir != "." && r.t.HasDir(r.at(dir)) {
			return dir
		}
	}
	return ""
}

// inContext is a path of a Dockerfile's lines in the build context: a rooted one where all of that was copied to.
func (f *File) inContext(p string) (string, bool) {
	if p = path.Clean(p); !path.IsAbs(p) {
		return p, p != ".." && !strings.HasPrefix(p, "../")
	}
	for _, s := range f.Image.Stages {
		for _, c := range s.Copies {
			if ofContext(c) && c.Path == "." && c.To != "/" && under(c.To, p) {
				return path.Clean("./" + strings.TrimPrefix(p, c.To)), true
			}
		}
	}
	return "", false
}

// use is a path of a Dockerfile with an argument in it.
type use struct{ before, arg, after string }

var usesArgument = lazy.MustCompile(`([\w./@*-]*)\$(?:\{([A-Za-z_]\w*)(?::?-[\w./-]*)?\}|([A-Za-z_]\w*))([\w./@*$-]*)`)

// usesOf is a key of tree.Once.
type usesOf string

// uses are the paths with an argument that the file declares.
func (r *Reader) uses(f *File) []use {
	list, _ := r.t.Once(usesOf(f.Name), func() any {
		var out []use
		for _, m := range usesArgument.FindAllStringSubmatch(f.Text, maxListed) {
			arg := m[2] + m[3]
			if strings.Contains(m[1]+m[4], "/") && slices.ContainsFunc(f.Image.Args, func(a fact.Fact[Var]) bool { return a.Value.Name == arg }) {
				out = append(out, use{m[1], arg, m[4]})
			}
		}
		return out
	}).([]use)
	return list
}
