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

// writes are the folders below the app's own that the app writes to, "." for
// that one, and the files of the repository among what it writes.
type writes struct {
	folders, files []string
	at             fact.Pos
}

// writes finds what the app writes when it is started from a module: in the
// image those folders exist and belong to the user. What no module of the app
// imports is a tool. It notes each folder.
func (p project) writes(start *facts.Module) writes {
	var out writes
	folders := map[string]fact.Pos{}
	for _, m := range p.started(start) {
		for _, f := range m.Files {
			file, ok := m.Path(f)
			if !ok || f.Use != effect.Write || f.Base == effect.Code && p.installed(m) || p.movable(f) {
				continue
			}
			dir := file
			if !f.Dir {
				dir = path.Dir(file)
			}
			if _, ok := folders[dir]; !ok {
				folders[dir] = f.Pos
			}
			if file != dir && p.in.Tree.Has(path.Join(p.in.Dir, file)) && !slices.Contains(out.files, file) {
				out.files = append(out.files, file) // the repository has the file already
			}
			if out.at.IsZero() {
				out.at = f.Pos
			}
		}
	}
	for dir := range folders {
		if _, err := plan.NewPath(dir); err != nil {
			continue // no name that a file of Docker's could hold
		}
		above := false
		for o := range folders {
			above = above || o != "." && strings.HasPrefix(dir, o+"/") && !p.code(o)
		}
		if !above {
			out.folders = append(out.folders, dir)
		}
	}
	slices.Sort(out.folders)
	slices.Sort(out.files)
	for _, dir := range out.folders {
		if dir == "." {
			p.in.Log.Note(folders[dir], "writes below the working directory, which is lost with the container", "mount a volume there, or write below /tmp")
			continue
		}
		name := plan.Printable(dir, 60)
		p.in.Log.Note(folders[dir], "writes to "+name+": that folder is the user's own in the image, and is lost with the container",
			fmt.Sprintf("keep it in a volume: docker run -v %s:/app/%s …", plan.Printable(path.Base(dir), 60), name))
	}
	return out
}

// started are the modules that run. Django finds its apps by their names in the
// settings: what runs there is the packages, and what stands beside manage.py.
func (p project) started(start *facts.Module) []*facts.Module {
	if p.f.Django == nil {
		return p.f.Reach(start)
	}
	var out []*facts.Module
	project, _, _ := strings.Cut(p.f.Django.Settings.Value, ".")
	for _, m := range p.f.Modules {
		dir := path.Dir(m.File)
		settings := project != "" && strings.HasPrefix(m.File, path.Join(p.f.Django.Dir, project)+"/")
		tests := slices.ContainsFunc(strings.Split(m.File, "/"), func(p string) bool { return strings.HasPrefix(p, "test") })
		if !tests && (settings || dir == p.f.Django.Dir || p.in.Tree.Has(path.Join(p.in.Dir, dir, "__init__.py"))) {
			out = append(out, m)
		}
	}
	return out
}

// movable reports whether a file is Django's database and a variable moves it:
// then it belongs into a volume, as the note on it says.
func (p project) movable(f effect.File) bool {
	return p.f.Django != nil && f.Path.Env != "" && f.Call == "NAME"
}

// installed reports whether the module runs from the virtual environment, not
// from the app's folder.
func (p project) installed(m *facts.Module) bool {
	return strings.HasPrefix(m.File, "src/") && p.packaged()
}

// code reports whether a folder holds source that the app must not change.
func (p project) code(dir string) bool {
	return dir == "." || slices.ContainsFunc(p.in.Tree.Files(path.Join(p.in.Dir, dir)), func(f string) bool { return strings.HasSuffix(f, ".py") })
}

// own is the step that gives the folders to the user: with all that the
// repository has in them, unless code is among it. It is nil if there are none.
func (p project) own(w writes, user plan.User) ([]plan.Step, error) {
	if len(w.folders) == 0 {
		return nil, nil
	}
	word := func(f string) string { // no option
		if strings.HasPrefix(f, "-") {
			return "./" + f
		}
		return f
	}
	var all, alone, missing []string
	for _, dir := range w.folders {
		if dir != "." {
			missing = append(missing, word(dir))
		}
		if !p.code(dir) {
			all = append(all, word(dir))
			continue
		}
		alone = append(alone, word(dir))
		for _, f := range w.files {
			if path.Dir(f) == dir {
				alone = append(alone, word(f))
			}
		}
	}
	var out plan.Step
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
			return nil, err
		}
		out.Run = append(out.Run, s)
	}
	if slices.Equal(w.folders, []string{"."}) {
		out.Why = plan.NewComment(p.rel(w.at.File) + " writes below the working directory: that one folder belongs to the user.")
		return []plan.Step{out}, nil
	}
	names := slices.Clone(w.folders)
	if i := slices.Index(names, "."); i >= 0 {
		names[i] = "its working directory"
	}
	verb := "belong"
	if len(names) == 1 {
		verb = "belongs"
	}
	out.Why = plan.NewComment("The app writes to " + enumerate(names) + ", which therefore " + verb + " to the user.")
	return []plan.Step{out}, nil
}
