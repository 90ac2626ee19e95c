package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// where is from where an app runs: dir is its working directory below the app's
// folder, "" for that one, and source says that an installed project runs from its
// source all the same.
type where struct {
	dir    string
	source bool
	config []string // files of settings that its command names
	words  []string // of its command and of those before it; nil where it is not known what else is started
}

// types reports whether one of the commands of a command line may be started: nil are none.
func (w where) types(commands []string) bool {
	return commands == nil || w.words == nil || slices.ContainsFunc(commands, func(c string) bool { return slices.Contains(w.words, c) })
}

// writes finds the folders that the app writes to when it is started from a
// module. What no module of the app imports is a tool.
func (p project) writes(start *facts.Module, w where) []image.Write {
	var out []image.Write
	unplaced := fact.Pos{}
	started := p.serving(start)
	libraries := p.of.libraries()
	for i, m := range slices.Concat(started, libraries) {
		library := i >= len(started)
		if unplaced.IsZero() && (m == start || m.Guard.IsZero()) { // another script is a tool
			if i := slices.IndexFunc(m.Unplaced, func(at fact.Pos) bool { return w.types(m.Commands(at)) }); i >= 0 {
				unplaced = m.Unplaced[i]
			}
		}
		for _, f := range m.Files {
			file, ok := m.Path(f)
			home := f.Base == effect.Home && f.Path.Text != ""
			if home || f.Base == effect.WorkDir && path.IsAbs(f.Path.Text) {
				file, ok = path.Clean(f.Path.Text), !f.Loose
			}
			if !ok || m != start && m.Scripted(f.Pos) || f.Use != effect.Write || !w.types(m.Commands(f.Pos)) || f.Base == effect.Code && (library || p.installed(m) && !w.source) {
				continue
			}
			if f.Base == effect.WorkDir && !path.IsAbs(file) {
				file = path.Join(w.dir, file)
			}
			w := image.Write{Dir: file, Home: home, Pos: f.Pos}
			if !f.Dir {
				w.Dir = path.Dir(file)
			}
			if !f.Dir && !home && !path.IsAbs(file) && p.in.Tree.Has(path.Join(p.in.Dir, file)) {
				w.File = path.Base(file) // the repository has the file already
			}
			out = append(out, w)
		}
	}
	out = append(out, p.logs(started, w)...)
	if len(out) == 0 && !unplaced.IsZero() {
		out = append(out, image.Write{Dir: path.Join(".", w.dir), Unplaced: true, Pos: unplaced})
	}
	return append(out, p.homes(started)...)
}

// maxLogs bounds the files that are looked at as configurations of logging.
const maxLogs = 20

// logs are the folders of the files that handlers write of the logging configurations that the modules, or what starts them, read.
func (p project) logs(modules []*facts.Module, w where) []image.Write {
	var out []image.Write
	files := slices.Clone(w.config)
	for _, m := range modules {
		for _, f := range m.Files {
			if file, ok := m.Path(f); ok && f.Use == effect.Read && !f.Glob && !path.IsAbs(file) {
				if f.Base == effect.WorkDir {
					file = path.Join(w.dir, file)
				}
				files = append(files, file)
			}
		}
	}
	seen := map[string]bool{}
	for _, file := range files {
		if seen[file] || !slices.Contains(logEnds, path.Ext(file)) || !p.in.Tree.Has(path.Join(p.in.Dir, file)) {
			continue
		}
		if seen[file] = true; len(seen) > maxLogs {
			break
		}
		for _, f := range facts.LogFiles(p.in.Tree, path.Join(p.in.Dir, file)) {
			name := f.Value
			if !path.IsAbs(name) {
				name = path.Join(w.dir, name)
			}
			if shared(name) || strings.HasPrefix(name, "../") {
				continue
			}
			out = append(out, image.Write{Dir: path.Dir(name), Pos: f.Pos})
		}
	}
	return out
}

// logEnds are the ends of names of logging configurations.
var logEnds = []string{".yaml", ".yml", ".json", ".ini", ".conf", ".cfg"} //nolint:gochecknoglobals // a constant table

// logArguments are the configurations of logging that a server is given: --log-config FILE, --log-config=FILE, and gunicorn's
// --log-config-json; of pserve the file of its settings.
func logArguments(cmd []string) []string {
	if len(cmd) > 1 && cmd[0] == "pserve" {
		return cmd[1:2]
	}
	var out []string
	for i, w := range cmd {
		flag, value := joined(w)
		switch {
		case strings.HasPrefix(flag, "--log-config"):
			out = append(out, value)
		case strings.HasPrefix(w, "--log-config") && i+1 < len(cmd):
			out = append(out, cmd[i+1])
		}
	}
	return out
}

// serving are the modules that are started, without the commands that a server only imports.
func (p project) serving(start *facts.Module) []*facts.Module {
	return slices.DeleteFunc(slices.Clone(p.started(start)), func(m *facts.Module) bool { return commands(m.File) && (start == nil || !commands(start.File)) })
}

// accounts are the places of those modules that look the user up.
func (p project) accounts(start *facts.Module) []effect.Account {
	var out []effect.Account
	for _, m := range p.serving(start) {
		out = append(out, m.Accounts...)
	}
	return out
}

// commands reports whether a file holds commands that somebody types, which a
// server imports and never runs.
func commands(file string) bool {
	return stem(file) == "cli" || slices.Contains(strings.Split(path.Dir(file), "/"), "cli") || strings.Contains(file, "management/commands/")
}

// folders gives those folders to the user. The app's own come from build.
func (p project) folders(s Start, sys system, runtime plan.Runtime) (image.WritesPlan, error) {
	return image.Writes(p.in, image.WritesRequest{
		Workdir: p.home(), Writes: s.Writes, Named: s.Named, Code: p.code, Accounts: append(sys.Accounts(), s.Accounts...),
		Has:   func(dir string) bool { return p.in.Tree.HasDir(path.Join(p.in.Dir, dir)) },
		Stage: p.in.Stage("build"), StageDir: p.home(), Maker: plan.FromStage(p.in.Stage("base")),
	}, runtime)
}

// started are the modules that run. Django finds its apps by their names in the
// settings: what runs there is the packages, and what stands beside manage.py.
func (p project) started(start *facts.Module) []*facts.Module {
	if p.f.Django == nil {
		return p.f.Reach(start)
	}
	var out []*facts.Module
	dj := p.f.Django
	project, _, _ := strings.Cut(cmp.Or(dj.Settings.Value, dj.Production.Value), ".")
	tools := p.f.Tools(start)
	for _, m := range p.f.Modules {
		if tools[m] || dj.Spare(m) {
			continue
		}
		dir := path.Dir(m.File)
		settings := project != "" && strings.HasPrefix(m.File, path.Join(p.f.Django.Dir, project)+"/")
		tests := slices.ContainsFunc(strings.Split(m.File, "/"), func(p string) bool { return strings.HasPrefix(p, "test") })
		if !tests && (settings || dir == p.f.Django.Dir || p.in.Tree.Has(path.Join(p.in.Dir, dir, "__init__.py"))) {
			out = append(out, m)
		}
	}
	return out
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

// leaves reports whether code of an installed project looks for files beside its
// package by its own place, where only the source has them, or writes into its package.
func (p project) leaves(start *facts.Module) bool {
	return slices.ContainsFunc(p.started(start), func(m *facts.Module) bool {
		top, _, nested := strings.Cut(m.File, "/")
		if !nested {
			return false
		}
		// What it writes into its own package, by a path from where it starts, it may import.
		inside := slices.ContainsFunc(m.Files, func(f effect.File) bool {
			file, ok := m.Path(f)
			return ok && f.Use == effect.Write && f.Base == effect.WorkDir && strings.HasPrefix(file, top+"/") && p.in.Tree.Has(path.Join(p.in.Dir, top, "__init__.py"))
		})
		beside := slices.ContainsFunc(m.Files, func(f effect.File) bool {
			place, ok := m.Place(f)
			return ok && f.Use == effect.Read && f.Base == effect.Code && strings.HasPrefix(place, "../")
		})
		return inside || beside || slices.ContainsFunc(m.Roots, func(r string) bool { return r != top && !strings.HasPrefix(r, top+"/") && !strings.HasPrefix(r, "..") })
	})
}

// workdir is the folder that an app is started in: the one that its imports start
// from, unless the files that it names stand in the app's folder alone.
func (p project) workdir(l launch) string {
	if l.root == "" || l.root == "." || l.literal || l.django || l.module == nil {
		return ""
	}
	if !slices.Contains([]string{"gunicorn", "uvicorn", "daphne", "waitress-serve"}, l.cmd[0]) {
		return "" // not known to import from its working directory
	}
	has := func(name string) bool {
		at := path.Join(p.in.Dir, name)
		return p.in.Tree.Has(at) || p.in.Tree.HasDir(at)
	}
	there := l.root != "src" // by custom, programs below it start above it
	for _, m := range p.started(l.module) {
		for _, f := range m.Files {
			file, ok := m.Path(f)
			if !ok || f.Base != effect.WorkDir {
				continue
			}
			switch above, below := has(file), has(path.Join(l.root, file)); {
			case above && !below:
				return ""
			case below && !above:
				there = true
			}
		}
	}
	if !there {
		return ""
	}
	return l.root
}
