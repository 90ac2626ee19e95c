package python

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
)

// writes finds the folders below the app's own that it writes to when it is
// started from a module: in the image they exist and belong to the user. What
// no module of the app imports is a tool.
func (d *decider) writes(start *facts.Module) {
	folders := map[string]fact.Pos{}
	add := func(dir, file string, f effect.File) {
		if _, ok := folders[dir]; !ok {
			folders[dir] = f.Pos
		}
		if file != dir && d.in.Tree.Has(joinDir(d.in.Dir, file)) && !slices.Contains(d.start.files, file) {
			d.start.files = append(d.start.files, file) // the repository has the file already
		}
		if d.start.writesAt.IsZero() {
			d.start.writesAt = f.Pos
		}
	}
	for _, m := range d.started(start) {
		for _, f := range m.Files {
			p, ok := m.Path(f)
			if !ok || f.Use != effect.Write || f.Base == effect.Code && d.installed(m) || d.movable(f) {
				continue
			}
			dir := p
			if !f.Dir {
				dir = path.Dir(p)
			}
			add(dir, p, f)
		}
	}
	for dir := range folders {
		if _, err := plan.NewPath(dir); err != nil {
			continue // no name that a file of Docker's could hold
		}
		above := false
		for o := range folders {
			above = above || o != "." && strings.HasPrefix(dir, o+"/") && !d.code(o)
		}
		if above {
			continue
		}
		d.start.writes = append(d.start.writes, dir)
	}
	slices.Sort(d.start.writes)
	slices.Sort(d.start.files)
	for _, dir := range d.start.writes {
		if dir == "." {
			d.log.Note(folders[dir], "writes below the working directory, which is lost with the container", "mount a volume there, or write below /tmp")
			continue
		}
		name := plan.Printable(dir, 60)
		d.log.Note(folders[dir], "writes to "+name+": that folder is the user's own in the image, and is lost with the container",
			fmt.Sprintf("keep it in a volume: docker run -v %s:/app/%s …", plan.Printable(path.Base(dir), 60), name))
	}
}

// started are the modules that run. Django finds its apps by their names in the
// settings: what runs there is the packages, and what stands beside manage.py.
func (d *decider) started(start *facts.Module) []*facts.Module {
	if d.f.Django == nil {
		return d.f.Reach(start)
	}
	var out []*facts.Module
	project, _, _ := strings.Cut(d.f.Django.Settings.Value, ".")
	for _, m := range d.f.Modules {
		dir := path.Dir(m.File)
		settings := project != "" && strings.HasPrefix(m.File, joinDir(d.f.Django.Dir, project)+"/")
		tests := slices.ContainsFunc(strings.Split(m.File, "/"), func(p string) bool { return strings.HasPrefix(p, "test") })
		if !tests && (settings || dir == d.f.Django.Dir || d.in.Tree.Has(joinDir(d.in.Dir, dir, "__init__.py"))) {
			out = append(out, m)
		}
	}
	return out
}

// movable reports whether a file is Django's database and a variable moves it:
// then it belongs into a volume, as the note on it says.
func (d *decider) movable(f effect.File) bool {
	return d.f.Django != nil && f.Path.Env != "" && f.Call == "NAME"
}

// installed reports whether the module runs from the virtual environment, not
// from the app's folder.
func (d *decider) installed(m *facts.Module) bool {
	return strings.HasPrefix(m.File, "src/") && !d.m.Package.IsZero() && d.man.Project != nil
}

// code reports whether a folder holds source that the app must not change.
func (d *decider) code(dir string) bool {
	return dir == "." || slices.ContainsFunc(d.in.Tree.Files(joinDir(d.in.Dir, dir)), func(f string) bool { return strings.HasSuffix(f, ".py") })
}

// own gives the folders to the user: with all that the repository has in them,
// unless code is among it.
func (d *decider) own(user plan.User) (*Run, plan.Comment, error) {
	if len(d.start.writes) == 0 {
		return nil, plan.Comment{}, nil
	}
	word := func(p string) string { // no option
		if strings.HasPrefix(p, "-") {
			return "./" + p
		}
		return p
	}
	var all, alone, missing []string
	for _, dir := range d.start.writes {
		if dir != "." {
			missing = append(missing, word(dir))
		}
		if !d.code(dir) {
			all = append(all, word(dir))
			continue
		}
		alone = append(alone, word(dir))
		for _, f := range d.start.files {
			if path.Dir(f) == dir {
				alone = append(alone, word(f))
			}
		}
	}
	r := &Run{}
	for _, c := range []struct{ command, list []string }{
		{[]string{"mkdir", "-p"}, missing},
		{[]string{"chown", "-R", user.String()}, all},
		{[]string{"chown", user.String()}, alone},
	} {
		if len(c.list) == 0 {
			continue
		}
		s, err := plan.NewShell(append(c.command, c.list...)...)
		if err != nil {
			return nil, plan.Comment{}, err
		}
		r.Lines = append(r.Lines, s)
	}
	if slices.Equal(d.start.writes, []string{"."}) {
		return r, plan.NewComment(d.rel(d.start.writesAt.File) + " writes below the working directory: that one folder belongs to the user."), nil
	}
	names := slices.Clone(d.start.writes)
	if i := slices.Index(names, "."); i >= 0 {
		names[i] = "its working directory"
	}
	verb := "belong"
	if len(names) == 1 {
		verb = "belongs"
	}
	return r, plan.NewComment("The app writes to " + listed(names) + ", which therefore " + verb + " to the user."), nil
}
