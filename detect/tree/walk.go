package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// unentered are folders that are never entered, whether git has them or not,
// and why.
var unentered = map[string]string{ //nolint:gochecknoglobals // a constant table
	".git": versions, ".hg": versions, ".svn": versions, ".jj": versions,
	"node_modules": installed, "site-packages": installed, ".venv": installed, "__pypackages__": installed,
	"__pycache__": cache, ".tox": cache, ".nox": cache, ".mypy_cache": cache, ".pytest_cache": cache, ".ruff_cache": cache,
	".turbo": cache, ".parcel-cache": cache, ".gradle": cache, ".terraform": cache,
	".next": output, ".nuxt": output, ".output": output, ".svelte-kit": output,
	".idea": editor, ".vscode": editor,
}

const (
	versions  = "what a version control system keeps"
	installed = "what a package manager installed: the manifest says it better"
	cache     = "what a tool keeps for its next run"
	output    = "what a framework's build writes: it is built again in the image"
	editor    = "settings of an editor"
)

// assets are folders of packages for a browser. They are entered if git has
// them, because then a server hands them out as they are.
var assets = map[string]bool{"bower_components": true, "jspm_packages": true} //nolint:gochecknoglobals // a constant table

// vendored are the lists that Go's tools write of what is in a vendor folder,
// and managers the files beside a vendor folder that such tools fill:
// https://go.dev/ref/mod#vendoring.
var (
	vendored = []string{"modules.txt", "vendor.json"}                                                          //nolint:gochecknoglobals // a constant table
	managers = []string{"go.mod", "go.work", "Gopkg.lock", "Gopkg.toml", "glide.lock", "glide.yaml", "Godeps"} //nolint:gochecknoglobals // a constant table
)

// lockName is the lock's.
const lockName = "dockgen.lock"

// own are dockgen's own files, which are no part of an app.
var own = map[string]bool{"dockgen.yaml": true, lockName: true} //nolint:gochecknoglobals // a constant table

// walker fills in the index of a tree.
type walker struct {
	t     *Tree
	ctx   context.Context
	count int

	full  bool     // the entry limit was met: no other folder is entered
	git   bool     // the root has a .git folder
	asked bool     // its index was read, if there is one
	index *tracked // nil without one
}

// dir walks one folder. hidden says that an ignore file matches the folder or
// one above it; then it has what git's index has, and nothing else.
//
// All entries of a folder count before those of the folders in it, so that at
// the entry limit the files of every folder that was entered are known, the
// root's first.
func (w *walker) dir(dir string, levels []level, hidden bool, depth int) error {
	t := w.t
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(t.fsys, dir)
	if err != nil {
		if dir == "." {
			return err
		}
		t.skipped = append(t.skipped, Skip{dir, "not readable"})
		return nil
	}
	if dir != "." && slices.ContainsFunc(entries, isVenv) {
		if !hidden {
			t.venvs = append(t.venvs, dir)
		}
		return nil
	}
	if left := t.limits.Entries - w.count; len(entries) > left {
		if w.full = true; dir != "." {
			w.stop(dir)
			return nil
		}
		entries = slices.DeleteFunc(entries, fs.DirEntry.IsDir)
		if w.stop(dir); len(entries) > left {
			entries = entries[:left]
		}
	}
	w.count += len(entries)
	if dir == "." {
		w.git = slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".git" && e.IsDir() })
		levels = w.ignoreFile(levels, ".git/info/exclude", w.git)
	}
	if !hidden {
		levels = w.ignoreFile(levels, join(dir, ".gitignore"), slices.ContainsFunc(entries, isIgnoreFile))
	}
	sortAsPaths(entries)
	names := make([]string, 0, len(entries))
	var folders []string
	defer func() {
		if len(names) > 0 {
			t.byDir[dir] = slices.Clip(names)
		}
		if len(folders) > 0 {
			slices.Sort(folders)
			t.subdirs[dir] = folders
		}
	}()
	for _, e := range entries {
		name, kind := e.Name(), e.Type()
		p := join(dir, name)
		if !plain(name) {
			t.skipped = append(t.skipped, Skip{fmt.Sprintf("%q", p), "a name with control characters"})
			continue
		}
		matched, byChance := ignored(levels, name, kind.IsDir())
		matched = matched || hidden
		switch {
		case kind.IsDir():
			if unentered[name] != "" || matched && !w.keeps(p, byChance) || assets[name] && !w.tracked().below(p) {
				continue
			}
			if name == "vendor" && w.isVendor(p, entries) {
				w.vendor(p)
				continue
			}
			if depth >= t.limits.Depth {
				t.skipped = append(t.skipped, Skip{p, fmt.Sprintf("deeper than %d folders", t.limits.Depth)})
				continue
			}
			if w.full {
				continue
			}
			before := len(t.files)
			err := w.dir(p, enter(levels, name), matched && w.tracked() != nil, depth+1)
			if len(t.files) > before {
				folders = append(folders, name)
			}
			if err != nil {
				return err
			}
		case !kind.IsRegular() && kind&fs.ModeSymlink == 0 || matched && !w.tracked().has(p):
		case kind&fs.ModeSymlink != 0:
			t.links[p] = struct{}{}
		case own[name]:
			if name == lockName {
				t.managed[dir] = true
			}
		default:
			t.files = append(t.files, p)
			names = append(names, p[len(p)-len(name):])
		}
	}
	return nil
}

// stop says where the entry limit was met.
func (w *walker) stop(dir string) {
	w.t.skipped = append(w.t.skipped, Skip{dir, fmt.Sprintf("the scan stops after %d files and folders", w.t.limits.Entries)})
}

// isVenv reports whether a file marks a Python virtual environment, whatever
// the name of its folder: https://docs.python.org/3/library/site.html.
func isVenv(e fs.DirEntry) bool { return e.Name() == "pyvenv.cfg" && e.Type().IsRegular() }

func isIgnoreFile(e fs.DirEntry) bool { return e.Name() == ".gitignore" && e.Type().IsRegular() }

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// ignoreFile adds the rules of an ignore file, if it is there and has any. One
// that cannot be read ignores nothing.
func (w *walker) ignoreFile(levels []level, name string, there bool) []level {
	if !there {
		return levels
	}
	text, err := w.t.read(name, maxIgnore)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.t.skipped = append(w.t.skipped, Skip{name, "not readable, or larger than an ignore file is"})
		}
		return levels
	}
	r := parseRules(string(text))
	if r.cut {
		w.t.skipped = append(w.t.skipped, Skip{name, "has more patterns than dockgen reads; those beyond ignore nothing"})
	}
	if len(r.list) == 0 {
		return levels
	}
	return append(levels, level{rules: r, paths: r.paths})
}

// tracked reads git's index when it is first asked for. Where .git is a file,
// of a worktree or a submodule, the index is outside of the root.
func (w *walker) tracked() *tracked {
	if w.asked || !w.git {
		return w.index
	}
	w.asked = true
	data, err := w.t.bytes(".git/index", maxIndex)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	ok := err == nil
	if ok {
		w.index, ok = parseIndex(data)
	}
	if !ok {
		w.t.skipped = append(w.t.skipped, Skip{".git/index", "not an index that dockgen knows; what .gitignore matches counts as not committed"})
	}
	return w.index
}

// keeps reports whether a folder that an ignore file matches is in the
// repository all the same. Without git's index, it is if it holds source that
// nobody generated, and was matched by chance: "hello" in .gitignore means the
// program, and takes cmd/hello along only by its name; git keeps what was
// committed.
func (w *walker) keeps(dir string, byChance bool) bool {
	if index := w.tracked(); index != nil {
		return index.below(dir)
	}
	if !byChance {
		return false
	}
	entries, err := fs.ReadDir(w.t.fsys, dir)
	if err != nil || slices.ContainsFunc(entries, isVenv) {
		return false
	}
	for _, e := range entries {
		if slices.Contains([]string{".go", ".py", ".java"}, path.Ext(e.Name())) && e.Type().IsRegular() {
			head, err := w.t.head(dir+"/"+e.Name(), 1<<10)
			return err == nil && !strings.Contains(strings.ToLower(string(head)), "generated")
		}
	}
	return false
}

// isVendor reports whether a folder called vendor is one of Go's, beside
// entries: other people's code, which the list of modules in it describes.
func (w *walker) isVendor(dir string, beside []fs.DirEntry) bool {
	return slices.ContainsFunc(beside, func(e fs.DirEntry) bool { return slices.Contains(managers, e.Name()) }) ||
		slices.ContainsFunc(vendored, func(list string) bool { return regular(w.t.fsys, dir+"/"+list) })
}

// vendor indexes the lists alone.
func (w *walker) vendor(dir string) {
	for _, list := range vendored {
		if regular(w.t.fsys, dir+"/"+list) {
			w.t.files = append(w.t.files, dir+"/"+list)
			w.t.byDir[dir] = append(w.t.byDir[dir], list)
		}
	}
}

func regular(fsys fs.FS, name string) bool {
	info, err := fs.Lstat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// sortAsPaths sorts the entries of a folder by the paths of what is in them,
// where "a/b" is behind "a.b", if their order by name is another.
func sortAsPaths(entries []fs.DirEntry) {
	for i, e := range entries[:max(0, len(entries)-1)] {
		if name, next := e.Name(), entries[i+1].Name(); len(next) > len(name) && next[len(name)] < '/' && e.IsDir() && strings.HasPrefix(next, name) {
			slices.SortFunc(entries, comparePaths)
			return
		}
	}
}

func comparePaths(a, b fs.DirEntry) int {
	x, y := a.Name(), b.Name()
	if n := min(len(x), len(y)); x[:n] == y[:n] {
		return int(at(a, n)) - int(at(b, n))
	}
	return strings.Compare(x, y)
}

// at is a byte of the path of an entry, which goes on with a slash if it is a
// folder.
func at(e fs.DirEntry, i int) byte {
	switch name := e.Name(); {
	case i < len(name):
		return name[i]
	case e.IsDir():
		return '/'
	}
	return 0
}

// plain reports whether name is text without control characters.
func plain(name string) bool {
	ascii := true
	for i := range len(name) {
		if name[i] < 0x20 || name[i] == 0x7f {
			return false
		}
		ascii = ascii && name[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(name)
}
