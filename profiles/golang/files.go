package golang

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// files is what prod needs beside the binary: the files that the program reads
// by a path relative to its working directory, at that path, and the folders
// that it writes to.
type files struct {
	dir     string          // the working directory within the repository
	reads   []string        // repository paths that prod has; those of folders end in a slash
	needs   []image.Reading // with those that stay out of the image
	kept    string          // the own image's working directory, if that is a folder of data and nothing is read from there
	workdir plan.Path       // of prod, zero if it needs none
	copies  []plan.Artifact // to prod
	writes  []image.Write
	empty   []string // files that the program does not start without
	mounted bool     // a configuration file is to be mounted into the working directory
}

// decideFiles finds them.
func decideFiles(s *source, m golang.Main) (files, error) {
	out := files{dir: workdir(s, m)}
	var want []string
	var at fact.Pos // of the first that is here
	var built []plan.Artifact
	for _, p := range m.Files {
		if p.Use != effect.Read {
			continue
		}
		imports := s.taken(m, path.Join(out.dir, p.Path.Text))
		for _, x := range imports {
			if !slices.ContainsFunc(built, func(o plan.Artifact) bool { return o.String() == x.String() }) {
				built = append(built, x)
			}
		}
		found := s.find(out.dir, p)
		if len(found)+len(imports) == 0 && !p.Loose && (p.Dir || p.Glob) {
			if err := absent(s, m, out.dir, p); err != nil {
				return files{}, err
			}
		}
		if len(found)+len(imports) == 0 && !p.Loose && !p.Dir && !p.Glob && awaited(s, m, out.dir, p) {
			out.mounted = true
		}
		if len(found) > 0 && at.IsZero() {
			at = p.Pos
		}
		for _, name := range found {
			if strings.HasPrefix(path.Base(name), ".env") {
				continue
			}
			if name == "." || name == out.dir {
				if below := s.served(m, out.dir); p.Dir && len(below) > 0 {
					want = append(want, below...)
				} else if p.Dir {
					s.Log.Note(p.Pos, "reads its whole working directory, and the image has only the files that the code names elsewhere", "serve a folder of its own")
				}
				continue
			}
			out.needs = append(out.needs, image.Reading{Path: name, Pos: p.Pos})
			if !image.Withheld(s.Input, name) {
				want = append(want, name)
			}
		}
	}
	out.reads = reduce(want)
	out.writes = writes(m, out.dir, out.reads)
	if err := out.copy(s, m, built); err != nil {
		return files{}, err
	}
	out.empty = emptyFiles(s, m)
	if len(out.copies) == 0 {
		out.kept = image.KeptWorkdir(s.Input)
	}
	if len(out.copies)+len(out.empty)+len(out.writes) == 0 && !out.mounted && out.kept == "" {
		return out, nil
	}
	var err error
	if out.workdir, err = plan.NewPath(out.works(m)); err != nil {
		return files{}, err
	}
	if len(out.reads) > 0 {
		var shown []string
		for _, f := range out.reads {
			shown = append(shown, printable(f))
		}
		s.Log.Choose(plan.Choice{Key: "go.files", Value: strings.Join(shown, " "), Rule: "paths in the source that the program opens at run time", Pos: record.At(at)})
	}
	return out, nil
}

// served are the folders of the working directory that routes name: a program
// that serves "/static/" from "." shows the folder static.
func (s *source) served(m golang.Main, dir string) []string {
	var out []string
	for _, r := range m.Routes {
		name := path.Join(dir, strings.Trim(r.Path, "/*"))
		if gets(r) && strings.HasSuffix(strings.TrimSuffix(r.Path, "*"), "/") && name != dir && s.data(name) {
			out = append(out, name+"/")
		}
	}
	return out
}

// gets reports whether a route answers GET.
func gets(r effect.Route) bool { return r.Method == "" || r.Method == "GET" }

// absent says that what the program serves is not here; a front end next to
// it would make it, and dockgen would leave it out.
func absent(s *source, m golang.Main, dir string, p effect.File) error {
	name := path.Join(dir, p.Path.Text)
	if name == "." || s.Finds(name) || slices.ContainsFunc(m.Files, func(o effect.File) bool { return o.Use == effect.Write && path.Join(dir, o.Path.Text) == name }) {
		return nil
	}
	for above := path.Dir(name); !strings.HasPrefix(above, ".."); above = path.Dir(above) {
		if s.Tree.Has(path.Join(s.Dir, above, "package.json")) {
			return record.Refuse(p.Pos, "commit what it reads, or name the folder in the front end's build script",
				"reads %s, which is not in the repository: the front end in %s builds it", printable(p.Path.Text), printable(path.Join(above, "package.json")))
		}
		if above == "." {
			break
		}
	}
	s.Log.Note(p.Pos, "reads "+printable(p.Path.Text)+", which is not in the repository", "mount it where it runs")
	return nil
}

// awaited says of a configuration file that the repository has a sample of, and not
// the file itself, where the container wants it. It reports whether it did.
func awaited(s *source, m golang.Main, dir string, p effect.File) bool {
	name := path.Join(dir, p.Path.Text)
	if strings.HasPrefix(name, "..") || strings.HasPrefix(path.Base(name), ".env") {
		return false
	}
	i := slices.IndexFunc(analysis.Samples(name), func(sample string) bool { return s.Tree.Has(path.Join(s.Dir, sample)) })
	if i < 0 {
		return false
	}
	s.Log.Note(p.Pos, "reads "+printable(p.Path.Text)+", which is not in the repository; "+printable(analysis.Samples(name)[i])+" shows what is in it",
		"mount yours: docker run -v ./"+printable(name)+":"+printable(path.Join(rootOf(m, dir), name))+" …")
	return true
}

// works is the program's working directory in prod.
func (out *files) works(m golang.Main) string {
	return cmp.Or(out.kept, path.Join(rootOf(m, out.dir), out.dir))
}

// root is where prod's files lie, as they lie in the repository.
const root = record.Workdir

// rootOf is where the repository's root lies in prod: deeper if the program
// writes above its working directory.
func rootOf(m golang.Main, dir string) string {
	for _, p := range m.Files {
		if p.Use == effect.Write && strings.HasPrefix(path.Join(dir, p.Path.Text), "../") {
			return root + "/src"
		}
	}
	return root
}

// workdir is the working directory that the program expects, within the
// repository: of the root, the module's and the main's folder the one in which
// most of its paths exist.
func workdir(s *source, m golang.Main) string {
	list := []string{"."}
	mod := s.module(m)
	if mod != nil && mod.Dir != "." {
		list = append(list, mod.Dir)
	}
	if !slices.Contains(list, m.Dir) {
		list = append(list, m.Dir)
	}
	best, most := ".", 0
	if mod != nil && slices.ContainsFunc(m.Files, func(p effect.File) bool { return p.Use == effect.Write }) {
		best = mod.Dir
	}
	for _, dir := range list {
		n := 0
		for _, p := range m.Files {
			if p.Use == effect.Read && len(s.find(dir, p))+len(s.imported(path.Join(dir, p.Path.Text))) > 0 {
				n++
			}
		}
		if n > most {
			best, most = dir, n
		}
	}
	return best
}

// imported are the imports that hold what a path, or pattern, of the app's
// folder names, or a part of it.
func (s *source) imported(pattern string) []plan.Artifact {
	var out []plan.Artifact
	for _, x := range s.Imports {
		if meets(pattern, strings.TrimSuffix(x.Copy.To.Raw(), "/")) {
			out = append(out, x)
		}
	}
	return out
}

// taken are the imports that a path names and prod has to have: what the program
// embeds is in its binary, unless the path leads to it alone.
func (s *source) taken(m golang.Main, pattern string) []plan.Artifact {
	return slices.DeleteFunc(s.imported(pattern), func(x plan.Artifact) bool {
		folder := strings.TrimSuffix(x.Copy.To.Raw(), "/")
		return !tree.Within(pattern, folder) && slices.ContainsFunc(m.Embeds, func(e fact.Fact[golang.Embed]) bool { return meets(e.Value.Pattern, folder) })
	})
}

// meets reports whether a pattern, in the syntax of path.Match, names a folder,
// one above it, or something that may be in it.
func meets(pattern, folder string) bool {
	if pattern == "." || folder == "." {
		return true
	}
	names := strings.Split(folder, "/")
	for i, p := range strings.Split(pattern, "/") {
		if i == len(names) {
			break
		}
		if ok, err := path.Match(p, names[i]); err != nil || !ok {
			return false
		}
	}
	return true
}

// find lists what a path leads to from a folder: repository paths of files,
// and of folders with a slash at the end. A pattern stands for its folder.
func (s *source) find(dir string, p effect.File) []string {
	name := path.Join(dir, p.Path.Text)
	if name == ".." || strings.HasPrefix(name, "../") {
		return nil
	}
	if name == path.Clean(dir) { // the working directory, wherever that is
		if p.Dir {
			return []string{name}
		}
		return nil
	}
	at := func(name string) string { return path.Join(s.Dir, name) }
	if strings.ContainsAny(p.Path.Text, "*?[") && (p.Glob || !s.Tree.Has(at(name))) {
		static := path.Dir(name + "x") // if a ".." took the pattern away
		if i := strings.IndexAny(name, "*?["); i >= 0 {
			static = path.Dir(name[:i] + "x")
		}
		var files []string
		for _, f := range s.Tree.Files(at(static)) {
			f = s.Rel(f)
			if ok, err := path.Match(name, f); err == nil && ok {
				files = append(files, f)
			}
		}
		if len(files) > 0 && static != "." && static != dir && s.data(static) {
			return []string{static + "/"}
		}
		return files
	}
	switch {
	case s.Tree.Has(at(name)):
		if strings.HasSuffix(name, ".go") {
			return nil
		}
		return []string{name}
	case s.data(name):
		return []string{name + "/"}
	}
	return nil
}

// data reports whether a folder holds anything but Go code.
func (s *source) data(dir string) bool {
	if dir == "." {
		return false
	}
	return slices.ContainsFunc(s.Tree.Files(path.Join(s.Dir, dir)), func(f string) bool {
		return !strings.HasSuffix(f, ".go") && path.Base(f) != "go.mod" && path.Base(f) != "go.sum"
	})
}

// reduce sorts, and drops what a folder in the list holds already.
func reduce(list []string) []string {
	slices.Sort(list)
	list = slices.Compact(list)
	var out []string
	for _, name := range list {
		if !slices.ContainsFunc(list, func(dir string) bool {
			return dir != name && strings.HasSuffix(dir, "/") && strings.HasPrefix(name, dir)
		}) {
			out = append(out, name)
		}
	}
	return out
}

type group struct {
	to   string
	from []string
}

// grouped makes one COPY for each folder, and one for the files of a folder.
// What the program writes as well is not among them: image.Writes copies it.
func (out *files) grouped(s *source, m golang.Main) []group {
	var list []group
	for _, name := range out.reads {
		if out.written(s, name) {
			continue
		}
		to := name
		if !strings.HasSuffix(name, "/") {
			to = path.Dir(name) + "/"
		}
		to = out.place(m, to)
		if i := slices.IndexFunc(list, func(g group) bool {
			return g.to == to && !strings.HasSuffix(g.from[0], "/")
		}); i >= 0 && !strings.HasSuffix(name, "/") {
			list[i].from = append(list[i].from, name)
			continue
		}
		list = append(list, group{to, []string{name}})
	}
	return list
}

// place is where a folder of the repository goes: relative to prod's working
// directory if that is the repository's root.
func (out *files) place(m golang.Main, folder string) string {
	if out.dir == "." {
		return folder
	}
	return path.Join(rootOf(m, out.dir), folder) + "/"
}

// copy lists the COPY lines of what the program only reads: the repository's
// files, then what other apps' stages made.
func (out *files) copy(s *source, m golang.Main, built []plan.Artifact) error {
	for _, group := range out.grouped(s, m) {
		c, err := plan.NewCopy(group.to, group.from...)
		if err != nil {
			return err
		}
		out.copies = append(out.copies, plan.Artifact{Copy: c})
	}
	for _, x := range built {
		to, err := plan.NewPath(out.place(m, x.Copy.To.Raw()))
		if err != nil {
			return err
		}
		x.Copy.To = to
		out.copies = append(out.copies, x)
	}
	return nil
}
