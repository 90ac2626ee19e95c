// Package tree is the one walk over a repository: a bounded index of its
// regular files, and the only way in which a parser reads one.
//
// The files are those that git has or would have after "git add .": what a
// .gitignore matches is left out unless git's index has it, so that a working
// copy and a fresh clone give the same index. Where there is no .git folder,
// or its index is of a kind that is not read here, .gitignore alone decides.
//
// Symbolic links, devices and sockets are left out, and only what is in the
// index can be read, so no parser reaches outside the root. Folders that hold
// other people's code or a build's output (node_modules, virtual
// environments, Go's vendor) are not entered.
package tree

import (
	"context"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Limits bound a scan. The zero value of a field means its default.
type Limits struct {
	Entries int   // files and folders looked at; default 300,000
	Depth   int   // folders below the root; default 40
	Bytes   int64 // size of a file that Read accepts; default 16 MiB
}

func (l Limits) withDefaults() Limits {
	if l.Entries == 0 {
		l.Entries = 300_000
	}
	if l.Depth == 0 {
		l.Depth = 40
	}
	if l.Bytes == 0 {
		l.Bytes = 16 << 20
	}
	return l
}

// A Skip is a file or folder that the walk passed over for a reason that the
// user may want to know.
type Skip struct {
	Path string
	Why  string
}

// Tree is the index. It is immutable after Scan and safe for concurrent use.
type Tree struct {
	fsys    fs.FS
	limits  Limits
	files   []string            // sorted
	links   map[string]struct{} // symbolic links
	byDir   map[string][]string // base names by folder, sorted
	dirs    []string            // the folders of byDir, sorted
	subdirs map[string][]string // folder names by folder, sorted
	managed map[string]bool     // folders with a dockgen.lock
	venvs   []string            // Venvs
	skipped []Skip
	kept    map[string]string // Keep
	once    sync.Map          // Once
	recent  recent
}

// Once returns what build makes for a key, and builds it once for the tree. With
// it, a package that reads many files keeps what it read, whoever asks. The key
// is of a type of that package's own.
func (t *Tree) Once(key any, build func() any) any {
	once, _ := t.once.LoadOrStore(key, sync.OnceValue(build))
	return once.(func() any)() //nolint:forcetypeassert // nothing else is stored
}

// Scan walks fsys once and returns its index. It fails only when the root
// cannot be read or ctx ends; what else is unreadable is in Skipped.
func Scan(ctx context.Context, fsys fs.FS, limits Limits) (*Tree, error) {
	t := &Tree{
		fsys: fsys, limits: limits.withDefaults(),
		links: map[string]struct{}{}, byDir: map[string][]string{}, subdirs: map[string][]string{}, managed: map[string]bool{},
	}
	w := walker{t: t, ctx: ctx}
	if err := w.dir(".", nil, false, 0); err != nil {
		return nil, err
	}
	t.dirs = slices.Sorted(maps.Keys(t.byDir))
	return t, nil
}

// Keep adds a file that is remembered from elsewhere to the index, and reports whether it
// did: one that is there stays as it is. The folder of the file must be in the index. It must come before all
// that reads the tree.
func (t *Tree) Keep(name string, text []byte) bool {
	name = path.Clean(name)
	dir, base := path.Split(name)
	dir = path.Clean(dir)
	if _, ok := t.byDir[dir]; !ok || t.Has(name) || !fs.ValidPath(name) {
		return false
	}
	if t.kept == nil {
		t.kept = map[string]string{}
	}
	t.kept[name] = string(text)
	i, _ := slices.BinarySearch(t.files, name)
	t.files = slices.Insert(t.files, i, name)
	i, _ = slices.BinarySearch(t.byDir[dir], base)
	t.byDir[dir] = slices.Insert(t.byDir[dir], i, base)
	return true
}

// Has reports whether name is an indexed regular file.
func (t *Tree) Has(name string) bool {
	dir, base := path.Split(path.Clean(name))
	_, ok := slices.BinarySearch(t.byDir[path.Clean(dir)], base)
	return ok
}

// Executable reports whether an indexed file has a bit that lets it be run.
func (t *Tree) Executable(name string) bool {
	name = path.Clean(name)
	if !t.Has(name) {
		return false
	}
	info, err := fs.Stat(t.fsys, name)
	return err == nil && info.Mode().Perm()&0o111 != 0
}

// HasDir reports whether dir holds at least one indexed file, at any depth.
func (t *Tree) HasDir(dir string) bool {
	dir = path.Clean(dir)
	if dir == "." {
		return len(t.files) > 0
	}
	i := sort.SearchStrings(t.files, dir+"/")
	return i < len(t.files) && strings.HasPrefix(t.files[i], dir+"/")
}

// IsLink reports whether name is a symbolic link, which is never followed.
func (t *Tree) IsLink(name string) bool {
	_, ok := t.links[path.Clean(name)]
	return ok
}

// maxLinks is how many links are followed.
const maxLinks = 1000

// LinksOut returns the symbolic links that lead out of the scanned folder, sorted.
func (t *Tree) LinksOut() []string {
	var out []string
	for i, name := range slices.Sorted(maps.Keys(t.links)) {
		if i == maxLinks {
			break
		}
		to, err := fs.ReadLink(t.fsys, name)
		if err != nil {
			continue
		}
		if end := path.Join(path.Dir(name), to); path.IsAbs(to) || end == ".." || strings.HasPrefix(end, "../") {
			out = append(out, name)
		}
	}
	return out
}

// Ignores reports whether a .gitignore of the repository matches the file, be
// it there or not. Every clone gives the same answer.
func (t *Tree) Ignores(name string) bool {
	var levels []level
	dir, parts := ".", strings.Split(path.Clean(name), "/")
	for i, p := range parts {
		if file := join(dir, ".gitignore"); t.Has(file) {
			if text, err := t.read(file, maxIgnore); err == nil {
				r := parseRules(string(text))
				levels = append(levels, level{rules: r, paths: r.paths})
			}
		}
		if matched, _ := ignored(levels, p, i < len(parts)-1); matched {
			return true
		}
		dir, levels = join(dir, p), enter(levels, p)
	}
	return false
}

// IgnoresFolder reports whether a .gitignore matches the folder or what is in it, be it there or not.
func (t *Tree) IgnoresFolder(name string) bool {
	return t.Ignores(name) || t.Ignores(join(path.Clean(name), "file"))
}

// Venvs returns the folders in dir and below that are virtual environments of Python, by their pyvenv.cfg, and that no .gitignore names.
// No file of theirs is in the index.
func (t *Tree) Venvs(dir string) []string {
	var out []string
	for _, v := range t.venvs {
		if dir = path.Clean(dir); dir == "." || strings.HasPrefix(v, dir+"/") {
			out = append(out, v)
		}
	}
	return out
}

// Managed reports whether dir holds a dockgen.lock that has the Dockerfile there, which is
// what dockgen wrote then: the lock of the apps in folders below may lie beside a Dockerfile of the user's.
func (t *Tree) Managed(dir string) bool {
	dir = path.Clean(dir)
	if !t.managed[dir] {
		return false
	}
	has, _ := t.Once(lockOf(dir), func() any {
		text, err := t.head(join(dir, lockName), maxLock)
		return err != nil || locksDockerfile(string(text))
	}).(bool)
	return has
}

// Locks are the folders that have a dockgen.lock, sorted. The lock itself is no file of the repository to those who read it.
func (t *Tree) Locks() []string { return slices.Sorted(maps.Keys(t.managed)) }

// lockOf is a key of Once.
type lockOf string

// maxLock is how much of a lock is read for that.
const maxLock = 4 << 20

// locksDockerfile reports whether the text of a lock has the Dockerfile of its own folder. One of version 1 knew one app.
func locksDockerfile(text string) bool {
	apps, own := false, false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "apps:":
			apps = true
		case strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   "):
			own = line == "  .:"
		case own && line == "      Dockerfile:":
			return true
		}
	}
	return !apps
}

// Files returns every indexed file below dir ("." for all), sorted. The
// caller must not change the slice.
func (t *Tree) Files(dir string) []string {
	dir = path.Clean(dir)
	if dir == "." {
		return t.files
	}
	i := sort.SearchStrings(t.files, dir+"/")
	j := i
	for j < len(t.files) && strings.HasPrefix(t.files[j], dir+"/") {
		j++
	}
	return t.files[i:j]
}

// Named returns the indexed files in dir and below that have one of the base
// names, sorted. It looks at folders, not at files.
func (t *Tree) Named(dir string, names ...string) []string {
	var out []string
	find := func(dir string) {
		for _, name := range names {
			if _, ok := slices.BinarySearch(t.byDir[dir], name); ok {
				out = append(out, join(dir, name))
			}
		}
	}
	dir, below := path.Clean(dir), path.Clean(dir)+"/"
	find(dir)
	if dir == "." {
		below = ""
	}
	for _, d := range t.dirs[sort.SearchStrings(t.dirs, below):] {
		if !strings.HasPrefix(d, below) {
			break
		}
		if d != dir {
			find(d)
		}
	}
	slices.Sort(out)
	return out
}

// Names returns the base names of the files directly in dir, sorted.
func (t *Tree) Names(dir string) []string { return t.byDir[path.Clean(dir)] }

// Dirs returns the names of the folders directly in dir that were entered.
func (t *Tree) Dirs(dir string) []string { return t.subdirs[path.Clean(dir)] }

// Skipped lists what the walk passed over and why.
func (t *Tree) Skipped() []Skip { return t.skipped }

// Within reports whether a clean path is a folder or lies below it. Every path lies below ".".
func Within(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
}

// Above yields a path of the tree and the folders above it, nearest first, but
// not the root. It ends for any name, also one that starts with / or with "..".
func Above(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for ; name != "." && name != "/"; name = path.Dir(name) {
			if !yield(name) {
				return
			}
		}
	}
}

// Relative is a path of the tree as it is written in a folder: "../web/dist".
func Relative(dir, p string) string {
	up := ""
	for d := range Above(dir) {
		if p == d {
			return path.Join(up, ".")
		}
		if rest, ok := strings.CutPrefix(p, d+"/"); ok {
			return path.Join(up, rest)
		}
		up += "../"
	}
	return path.Join(up, p)
}

// Below is a clean path as it is seen from a folder; ok is false if it does not lie below that.
func Below(name, dir string) (rel string, ok bool) {
	if dir == "." {
		return name, name != "."
	}
	return strings.CutPrefix(name, dir+"/")
}
