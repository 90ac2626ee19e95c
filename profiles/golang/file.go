package golang

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/moby/patternmatcher"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// files decides what prod needs beside the binary: the files that the program
// reads by a path relative to its working directory, at that path.
func (d *decider) files() error {
	d.dir = d.base()
	var want []string
	for _, p := range d.main.Files {
		if p.Use != effect.Read {
			continue
		}
		found := d.find(d.dir, p)
		if len(found) == 0 && !p.Loose && (p.Dir || p.Glob) {
			if err := d.absent(p); err != nil {
				return err
			}
		}
		for _, name := range found {
			switch {
			case strings.HasPrefix(path.Base(name), ".env"):
				continue
			case name == "." || name == d.dir:
				if below := d.served(); p.Dir && len(below) > 0 {
					want = append(want, below...)
				} else if p.Dir {
					d.Log.Note(p.Pos, "reads its whole working directory, of which only what is named elsewhere is in the image", "serve a folder of its own")
				}
				continue
			case strings.HasSuffix(name, ".key") || strings.HasSuffix(name, ".pem"):
				d.Log.Note(p.Pos, "reads "+printable(name)+", which is therefore in the image: whoever has the image has the key",
					"take the path from a variable and mount the file where it runs")
			}
			want = append(want, name)
		}
	}
	d.copy = d.reduce(want)
	for _, group := range d.grouped() {
		c, err := plan.NewCopy(group.to, group.from...)
		if err != nil {
			return err
		}
		if d.written(group.from[0]) {
			d.p.Own = append(d.p.Own, c)
			continue
		}
		d.p.Files = append(d.p.Files, c)
	}
	if err := d.skeleton(); err != nil {
		return err
	}
	if len(d.p.Files)+len(d.p.Own) == 0 && d.p.Skeleton.IsZero() {
		return nil
	}
	w, err := plan.NewToken(path.Join(d.root(), d.dir))
	if err != nil {
		return err
	}
	workdir, err := plan.NewPath(w.String())
	if err != nil {
		return err
	}
	d.p.Workdir = []plan.Path{workdir}
	if len(d.copy) > 0 {
		var shown []string
		for _, f := range d.copy {
			shown = append(shown, printable(f))
		}
		at := d.main.Pos
		for _, p := range d.main.Files {
			if p.Use == effect.Read && len(d.find(d.dir, p)) > 0 {
				at = p.Pos
				break
			}
		}
		d.Log.Choose(plan.Choice{Key: "go.files", Value: strings.Join(shown, " "), Rule: "paths in the source that the program opens at run time", Pos: record.At(at)})
	}
	return nil
}

// served are the folders of the working directory that routes name: a program
// that serves "/static/" from "." shows the folder static.
func (d *decider) served() []string {
	var out []string
	for _, r := range d.main.Routes {
		name := path.Join(d.dir, strings.Trim(r.Path, "/*"))
		if gets(r) && strings.HasSuffix(strings.TrimSuffix(r.Path, "*"), "/") && name != d.dir && d.data(name) {
			out = append(out, name+"/")
		}
	}
	return out
}

// gets reports whether a route answers GET.
func gets(r effect.Route) bool { return r.Method == "" || r.Method == "GET" }

// absent says that what the program serves is not here; a front end next to
// it would make it, and dockgen would leave it out.
func (d *decider) absent(p effect.File) error {
	name := path.Join(d.dir, p.Path.Text)
	if name == "." || slices.ContainsFunc(d.main.Files, func(o effect.File) bool { return o.Use == effect.Write && path.Join(d.dir, o.Path.Text) == name }) {
		return nil
	}
	for dir := path.Dir(name); !strings.HasPrefix(dir, ".."); dir = path.Dir(dir) {
		if d.Tree.Has(path.Join(d.Dir, dir, "package.json")) {
			return record.Refuse(p.Pos, "commit what it reads; dockgen does not yet build a front end for a Go program",
				"reads %s, which is not in the repository: the front end of %s makes it", printable(p.Path.Text), printable(path.Join(dir, "package.json")))
		}
		if dir == "." {
			break
		}
	}
	d.Log.Note(p.Pos, "reads "+printable(p.Path.Text)+", which is not in the repository", "mount it where it runs")
	return nil
}

// written reports whether the program also writes to a file that it reads.
func (d *decider) written(name string) bool {
	return slices.ContainsFunc(d.main.Files, func(p effect.File) bool {
		return p.Use == effect.Write && path.Join(d.dir, p.Path.Text) == strings.TrimSuffix(name, "/")
	})
}

// root is where the repository's root lies in prod: deeper where the program
// writes above its working directory.
func (d *decider) root() string {
	for _, p := range d.main.Files {
		if p.Use == effect.Write && strings.HasPrefix(path.Join(d.dir, p.Path.Text), "../") {
			return root + "/src"
		}
	}
	return root
}

// base is the working directory that the program expects, within the
// repository: the one of the root, the module's and the main's folder in
// which most of its paths exist.
func (d *decider) base() string {
	list := []string{"."}
	if d.mod != nil && d.mod.Dir != "." {
		list = append(list, d.mod.Dir)
	}
	if !slices.Contains(list, d.main.Dir) {
		list = append(list, d.main.Dir)
	}
	best, most := ".", 0
	if d.mod != nil && slices.ContainsFunc(d.main.Files, func(p effect.File) bool { return p.Use == effect.Write }) {
		best = d.mod.Dir
	}
	for _, dir := range list {
		n := 0
		for _, p := range d.main.Files {
			if p.Use == effect.Read && len(d.find(dir, p)) > 0 {
				n++
			}
		}
		if n > most {
			best, most = dir, n
		}
	}
	return best
}

// find lists what a path leads to from a folder: repository paths of files,
// and of folders with a slash at the end. A pattern stands for its folder.
func (d *decider) find(dir string, p effect.File) []string {
	name := path.Join(dir, p.Path.Text)
	if name == ".." || strings.HasPrefix(name, "../") {
		return nil
	}
	at := func(s string) string { return path.Join(d.Dir, s) }
	if strings.ContainsAny(p.Path.Text, "*?[") && (p.Glob || !d.Tree.Has(at(name))) {
		static := path.Dir(strings.SplitN(name, "*", 2)[0] + "x")
		if i := strings.IndexAny(name, "*?["); i >= 0 {
			static = path.Dir(name[:i] + "x")
		}
		var files []string
		for _, f := range d.Tree.Files(at(static)) {
			f = d.rel(f)
			if ok, err := path.Match(name, f); err == nil && ok {
				files = append(files, f)
			}
		}
		if len(files) == 0 || static != "." && static != dir && d.data(static) {
			if len(files) == 0 {
				return nil
			}
			return []string{static + "/"}
		}
		return files
	}
	switch {
	case d.Tree.Has(at(name)):
		if strings.HasSuffix(name, ".go") {
			return nil
		}
		return []string{name}
	case name == "." && p.Dir:
		return []string{"."}
	case d.data(name):
		return []string{name + "/"}
	}
	return nil
}

// data reports whether a folder holds anything but Go code.
func (d *decider) data(dir string) bool {
	if dir == "." {
		return false
	}
	return slices.ContainsFunc(d.Tree.Files(path.Join(d.Dir, dir)), func(f string) bool {
		return !strings.HasSuffix(f, ".go") && path.Base(f) != "go.mod" && path.Base(f) != "go.sum"
	})
}

// reduce sorts, and drops what a folder in the list holds already.
func (d *decider) reduce(list []string) []string {
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
func (d *decider) grouped() []group {
	var out []group
	for _, name := range d.copy {
		to := name
		if !strings.HasSuffix(name, "/") {
			to = path.Dir(name) + "/"
		}
		if d.dir != "." { // the working directory is deeper than the files' root
			to = path.Join(d.root(), to) + "/"
		}
		if i := slices.IndexFunc(out, func(g group) bool {
			return g.to == to && !strings.HasSuffix(g.from[0], "/") && d.written(g.from[0]) == d.written(name)
		}); i >= 0 && !strings.HasSuffix(name, "/") {
			out[i].from = append(out[i].from, name)
			continue
		}
		out = append(out, group{to, []string{name}})
	}
	return out
}

// skeleton arranges for what the program writes, and for the .env file that
// it will not start without: folders of the user's own, made in the build
// stage.
func (d *decider) skeleton() error {
	var dirs []string
	var at []fact.Pos
	for _, p := range d.main.Files {
		if p.Use != effect.Write {
			continue
		}
		dir := path.Dir(p.Path.Text)
		if p.Dir || strings.HasSuffix(p.Call, ".MkdirAll") {
			dir = p.Path.Text
		}
		if !slices.Contains(dirs, dir) {
			dirs, at = append(dirs, dir), append(at, p.Pos)
		}
	}
	for i, dir := range dirs {
		where := "its working directory"
		if dir != "." {
			where = printable(dir)
		}
		if slices.ContainsFunc(dirs, func(o string) bool { return o != "." && strings.HasPrefix(dir, o+"/") }) {
			continue // a volume of the folder above holds it
		}
		d.Log.Note(at[i], "writes to "+where+": that is the user's own in the image, and is lost with the container",
			fmt.Sprintf("keep it in a volume: docker run -v data:%s …", printable(path.Join(d.root(), d.dir, dir))))
	}
	sort.Strings(dirs)
	var empty []string
	for _, e := range d.main.EnvFiles {
		if e.Value.Must && !strings.HasPrefix(e.Value.Name, "..") && !path.IsAbs(e.Value.Name) {
			if !slices.Contains(empty, e.Value.Name) {
				empty = append(empty, e.Value.Name)
			}
			d.Log.Note(e.Pos, "ends where there is no "+printable(e.Value.Name)+": the image holds an empty one, because secrets do not belong into an image",
				"pass the variables: docker run --env-file "+printable(e.Value.Name)+" …")
		}
	}
	if len(dirs)+len(empty) == 0 {
		return nil
	}
	var args []string
	skel := "/skel"
	if d.p.Stage.String() != "prod" {
		skel += "/" + d.p.Stage.String()
	}
	made := []string{"mkdir", "-p"}
	for _, dir := range append([]string{"."}, dirs...) {
		if p := path.Join(skel, d.root(), d.dir, dir); !slices.Contains(made, p) && strings.HasPrefix(p+"/", skel+root+"/") {
			made = append(made, p)
		}
	}
	s, err := plan.NewShell(made...)
	if err != nil {
		return err
	}
	d.p.Skeleton = s
	if len(empty) > 0 {
		for _, e := range empty {
			args = append(args, path.Join(skel, d.root(), d.dir, e))
		}
		t, err := plan.NewShell(append([]string{"touch"}, args...)...)
		if err != nil {
			return err
		}
		d.p.Touch = t
	}
	c, err := plan.NewCopy(root+"/", skel+root+"/")
	if err != nil {
		return err
	}
	d.p.Keep = []plan.Copy{c}
	d.p.Owned = len(dirs) > 0
	return nil
}

// ignore is the .dockerignore. What the build embeds, the tests read or prod
// copies is taken out of the patterns that hide secrets.
func (d *decider) ignore() plan.Ignore {
	var own []string
	for _, name := range []string{path.Join(d.f.Home, "bin"), path.Join(d.f.Home, "tmp")} {
		if !d.Tree.HasDir(path.Join(d.Dir, name)) {
			own = append(own, "/"+name)
		}
	}
	own = append(own, "*.test", "*.out", "coverage.html")
	out := image.Ignore(plan.IgnoreGroup{Heading: plan.NewComment("What building and testing outside of Docker leaves behind"), Patterns: plan.MustPatterns(own...)})
	if len(d.p.Private) > 0 {
		out = append(out, plan.IgnoreGroup{Heading: plan.NewComment("The credential for private modules comes as a secret"), Patterns: plan.MustPatterns("**/.netrc")})
	}
	keep := d.hidden(out)
	if len(keep) > 0 {
		out = append(out, plan.IgnoreGroup{Heading: plan.NewComment("Needed by the build, the tests or the program"), Patterns: keep})
	}
	return out
}

// hidden lists, as exceptions, the needed files that the patterns would hide.
func (d *decider) hidden(ignore plan.Ignore) []plan.Pattern {
	var patterns []string
	for _, g := range ignore {
		for _, p := range g.Patterns {
			patterns = append(patterns, p.String())
		}
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return nil
	}
	var out []plan.Pattern
	for _, f := range d.Tree.Files(d.Dir) {
		name := d.rel(f)
		if hit, err := m.MatchesOrParentMatches(name); err != nil || !hit || !d.needed(name) {
			continue
		}
		if p, err := plan.NewPattern("!" + strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`).Replace(name)); err == nil {
			out = append(out, p)
		}
	}
	return out
}

func (d *decider) needed(name string) bool {
	if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") || strings.Contains("/"+name, "/testdata/") && !strings.HasPrefix(path.Base(name), ".env") {
		return true
	}
	return slices.ContainsFunc(d.programs(), func(x *decider) bool { return x.takes(name) })
}

// takes reports whether the program reads or embeds a file.
func (d *decider) takes(name string) bool {
	for _, c := range d.copy {
		if c == name || strings.HasSuffix(c, "/") && strings.HasPrefix(name, c) {
			return true
		}
	}
	return slices.ContainsFunc(d.main.Embeds, func(e fact.Fact[golang.Embed]) bool { return matches(e.Value, name) })
}

// embeds lists the files that the programs embed.
func (d *decider) embeds() []plan.Path {
	seen := map[plan.Path]bool{}
	for _, x := range d.programs() {
		for _, e := range x.main.Embeds {
			for _, f := range x.embedded(e.Value) {
				if p, err := plan.NewPath(d.rel(f)); err == nil {
					seen[p] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b plan.Path) int { return strings.Compare(a.Raw(), b.Raw()) })
}

// embedded are the files of the tree that a pattern of go:embed takes.
func (d *decider) embedded(e golang.Embed) []string {
	static, _, glob := strings.Cut(e.Pattern, "*")
	if glob {
		static = path.Dir(static + "x")
	}
	if d.Tree.Has(path.Join(d.Dir, static)) {
		return []string{path.Join(d.Dir, static)}
	}
	var out []string
	for _, f := range d.Tree.Files(path.Join(d.Dir, static)) {
		if matches(e, d.rel(f)) {
			out = append(out, f)
		}
	}
	return out
}

// matches reports whether a pattern of go:embed takes a file, or a folder that
// holds it.
func matches(e golang.Embed, name string) bool {
	for n := name; n != "." && n != "/"; n = path.Dir(n) {
		if ok, err := path.Match(e.Pattern, n); err == nil && ok {
			return true
		}
	}
	return false
}

// rel is a path of the tree relative to the app's folder.
func (d *decider) rel(name string) string {
	if d.Dir == "." {
		return name
	}
	return strings.TrimPrefix(name, d.Dir+"/")
}
