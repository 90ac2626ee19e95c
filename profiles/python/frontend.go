package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/profiles/record"
)

// takeFrontEnds has the front ends built whose files the app serves and the repository does not have. It returns
// the input with what they make. The app starts without one that cannot be built, which a note says.
func (p project) takeFrontEnds(s Start) (record.Input, error) {
	in := p.in
	list := p.missing(s)
	for i := range list {
		list[i].Say = true
	}
	err := in.ImportSome(list)
	return in, err
}

// maxMissing is how many folders are looked for.
const maxMissing = 100

// missing are the folders that the app serves, first those that are not there. Of one that is, a front end may write a part; one beside the
// app's folder is taken as it is.
func (p project) missing(s Start) []record.Missing {
	var all []record.Missing
	add := func(m record.Missing) {
		m.Folder = path.Clean(m.Folder)
		if path.Ext(m.Folder) != "" && !p.in.Tree.HasDir(path.Join(p.in.Dir, m.Folder)) {
			m.Folder = path.Dir(m.Folder)
		}
		if m.Folder != "." && m.Folder != ".." && !path.IsAbs(m.Folder) && len(all) < maxMissing {
			m.Loose = m.Loose || !strings.HasPrefix(m.Folder, "../") && len(p.in.Tree.Files(path.Join(p.in.Dir, m.Folder))) > 0
			all = append(all, m)
		}
	}
	written := p.written(s)
	for _, m := range p.f.Modules {
		for _, f := range m.Files {
			name, ok := m.Place(f)
			if !ok || f.Use != effect.Read || f.Glob {
				continue
			}
			if f.Base == effect.WorkDir {
				name = path.Join(s.Dir, name)
			}
			if slices.ContainsFunc(written, func(dir string) bool { return strings.HasPrefix(path.Clean(name)+"/", dir+"/") }) {
				continue
			}
			add(record.Missing{Folder: name, Pos: f.Pos, Loose: f.Loose || !f.Dir, Page: path.Base(name) == "index.html"})
		}
	}
	if dj := p.f.Django; dj != nil {
		for _, x := range dj.Served {
			add(record.Missing{Folder: x.Value, Pos: x.Pos})
		}
	}
	if p.in.Offers != nil {
		for _, m := range p.in.Offers() {
			if m.Shipped || servedFolder(m.Folder) {
				add(m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b record.Missing) int { return rankOf(a) - rankOf(b) })
	return all
}

// written are the folders of its own that the app writes while it runs: it reads there what it keeps, such as uploads and caches, which no front
// end makes. What frameworks serve from by themselves is none, nor a folder
// that the repository has: where a tool writes the version of a front end, its build writes too.
func (p project) written(s Start) []string {
	var out []string
	for _, m := range p.f.Modules {
		for _, f := range m.Files {
			name, ok := m.Place(f)
			if !ok || f.Use != effect.Write || m.Scripted(f.Pos) {
				continue
			}
			if f.Base == effect.WorkDir {
				name = path.Join(s.Dir, name)
			}
			if !f.Dir {
				name = path.Dir(name)
			}
			if name = path.Clean(name); name != "." && name != s.Dir && !servedFolder(name) && !builtFolder(name) && !p.in.Tree.HasDir(path.Join(p.in.Dir, name)) && !strings.HasPrefix(name, "..") && !path.IsAbs(name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func rankOf(m record.Missing) int {
	if m.Loose {
		return 1
	}
	return 0
}

// servedFolders are the folders of an app, or of a part of it, that frameworks serve and render from by themselves.
// https://docs.djangoproject.com/en/stable/howto/static-files/, https://flask.palletsprojects.com/en/stable/quickstart/#static-files
var servedFolders = []string{"static", "templates"} //nolint:gochecknoglobals // a constant table

// builtFolder reports whether a folder is, or lies in, one that builds write by custom: an app that writes there changes what a front end made, such
// as the paths of its assets.
func builtFolder(folder string) bool {
	return slices.ContainsFunc(strings.Split(folder, "/"), func(d string) bool { return slices.Contains([]string{"dist", "build", "out"}, d) })
}

// servedFolder reports whether a folder is, or lies in, one of these.
func servedFolder(folder string) bool {
	return slices.ContainsFunc(strings.Split(folder, "/"), func(d string) bool { return slices.Contains(servedFolders, d) })
}
