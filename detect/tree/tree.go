// Package tree is the one walk over a repository: a bounded index of its
// regular files, and the only way in which a parser reads one.
//
// Symbolic links, devices and sockets are left out of the index, and only
// what is in the index can be read, so no parser reaches outside the root.
// Folders that hold other people's code or a build's output (node_modules,
// virtual environments, what .gitignore names) are not entered.
package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/dockgen/dockgen/detect/fact"
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
	subdirs map[string][]string // folder names by folder, sorted
	managed map[string]bool     // folders with a dockgen.lock
	skipped []Skip
}

// unentered are folders that never hold the repository's own source. A
// vendor folder is not entered either, but the list that says which Go
// dependencies are in it is indexed.
var unentered = map[string]bool{ //nolint:gochecknoglobals // a constant table
	".git": true, ".hg": true, ".svn": true, ".jj": true,
	"node_modules": true, "bower_components": true, "jspm_packages": true,
	".venv": true, "__pycache__": true, ".tox": true, ".nox": true, ".mypy_cache": true,
	".pytest_cache": true, ".ruff_cache": true, "site-packages": true,
	".next": true, ".nuxt": true, ".output": true, ".svelte-kit": true, ".turbo": true,
	".parcel-cache": true, ".gradle": true, ".terraform": true, ".idea": true, ".vscode": true,
	"vendor": true,
}

// vendored are the lists that Go's tools write of what is in a vendor folder.
var vendored = []string{"modules.txt", "vendor.json"} //nolint:gochecknoglobals // a constant table

// own are dockgen's own files, which are no part of an app.
var own = map[string]bool{"dockgen.yaml": true, "dockgen.lock": true} //nolint:gochecknoglobals // a constant table

// Scan walks fsys once and returns its index. It fails only when the root
// cannot be read or ctx ends; what else is unreadable is in Skipped.
func Scan(ctx context.Context, fsys fs.FS, limits Limits) (*Tree, error) {
	t := &Tree{
		fsys: fsys, limits: limits.withDefaults(),
		links: map[string]struct{}{}, byDir: map[string][]string{}, subdirs: map[string][]string{}, managed: map[string]bool{},
	}
	w := walker{t: t}
	if err := w.dir(ctx, ".", nil, 0); err != nil {
		return nil, err
	}
	slices.Sort(t.files)
	return t, nil
}

type walker struct {
	t     *Tree
	count int
}

// errFull ends the walk at the entry limit.
var errFull = errors.New("entry limit reached")

func (w *walker) dir(ctx context.Context, dir string, ignore []gitignore.Pattern, depth int) error {
	t := w.t
	if err := ctx.Err(); err != nil {
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
	var parts []string
	if dir != "." {
		parts = strings.Split(dir, "/")
	}
	files := 0
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		files++
		switch e.Name() {
		case ".gitignore":
			ignore = append(ignore[:len(ignore):len(ignore)], t.gitignore(path.Join(dir, ".gitignore"), parts)...)
		case "pyvenv.cfg":
			// A folder with this file is a virtual environment, whatever its
			// name: https://docs.python.org/3/library/site.html
			if dir != "." {
				return nil
			}
		}
	}
	names := make([]string, 0, files)
	defer func() {
		if len(names) > 0 {
			t.byDir[dir] = names
		}
	}()
	var match gitignore.Matcher
	if len(ignore) > 0 {
		match = gitignore.NewMatcher(ignore)
	}
	for _, e := range entries {
		if w.count++; w.count > t.limits.Entries {
			t.skipped = append(t.skipped, Skip{dir, fmt.Sprintf("the scan stops after %d files", t.limits.Entries)})
			return errFull
		}
		name := e.Name()
		p := name
		if dir != "." {
			p = dir + "/" + name
		}
		switch {
		case !plain(name):
			t.skipped = append(t.skipped, Skip{fmt.Sprintf("%q", p), "a name with control characters"})
		case e.Type()&fs.ModeSymlink != 0:
			t.links[p] = struct{}{}
		case e.IsDir():
			if unentered[name] {
				for _, list := range vendored {
					if name == "vendor" && regular(t.fsys, p+"/"+list) {
						t.files = append(t.files, p+"/"+list)
						t.byDir[p] = append(t.byDir[p], list)
					}
				}
				continue
			}
			if match != nil && match.Match(append(parts[:len(parts):len(parts)], name), true) && !goSource(t.fsys, p) {
				continue
			}
			if depth >= t.limits.Depth {
				t.skipped = append(t.skipped, Skip{p, fmt.Sprintf("deeper than %d folders", t.limits.Depth)})
				continue
			}
			t.subdirs[dir] = append(t.subdirs[dir], name)
			if err := w.dir(ctx, p, ignore, depth+1); err != nil {
				if errors.Is(err, errFull) && dir == "." {
					return nil
				}
				return err
			}
		case e.Type().IsRegular() && own[name]:
			t.managed[dir] = t.managed[dir] || name == "dockgen.lock"
		case e.Type().IsRegular():
			t.files = append(t.files, p)
			names = append(names, name)
		}
	}
	return nil
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

// goSource reports whether a folder holds a main.go: "hello" in .gitignore
// means the binary, and takes cmd/hello along only by its name; git keeps
// what was committed all the same.
func goSource(fsys fs.FS, dir string) bool { return regular(fsys, dir+"/main.go") }

func regular(fsys fs.FS, name string) bool {
	info, err := fs.Lstat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// gitignore reads one .gitignore: https://git-scm.com/docs/gitignore. One
// that cannot be read ignores nothing.
func (t *Tree) gitignore(name string, domain []string) []gitignore.Pattern {
	text, err := t.read(name, 1<<20)
	if err != nil {
		return nil
	}
	var out []gitignore.Pattern
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, gitignore.ParsePattern(line, domain))
	}
	return out
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

// Managed reports whether dir holds a dockgen.lock, so that its Dockerfile is
// what dockgen wrote.
func (t *Tree) Managed(dir string) bool { return t.managed[path.Clean(dir)] }

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

// Names returns the base names of the files directly in dir, sorted.
func (t *Tree) Names(dir string) []string { return t.byDir[path.Clean(dir)] }

// Dirs returns the names of the folders directly in dir that were entered.
func (t *Tree) Dirs(dir string) []string { return t.subdirs[path.Clean(dir)] }

// Skipped lists what the walk passed over and why.
func (t *Tree) Skipped() []Skip { return t.skipped }

// Read returns the whole of an indexed file as UTF-8 without a byte order
// mark; UTF-16 with a mark is converted. A file that is not indexed gives
// fs.ErrNotExist; one that is too large, binary or unreadable gives a
// *fact.Error that names it.
func (t *Tree) Read(name string) ([]byte, error) {
	name = path.Clean(name)
	if !t.Has(name) {
		if t.IsLink(name) {
			return nil, fact.Errorf(fact.At(name, 0), "is a symbolic link, which dockgen does not follow").
				WithHint("replace it by the file itself")
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return t.read(name, t.limits.Bytes)
}

// Lines returns the lines of an indexed file, without their ends and counted
// from 1; a file that is not indexed has none. Errors are those of Read.
func (t *Tree) Lines(name string) (iter.Seq2[int, string], error) {
	if !t.Has(name) {
		return func(func(int, string) bool) {}, nil
	}
	text, err := t.Read(name)
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(string(text)) {
			if n++; !yield(n, strings.TrimRight(line, "\r\n")) {
				return
			}
		}
	}, err
}

// maxManifest bounds TOML that is written by hand, in bytes: the decoder's time
// grows with the square of the number of keys in a table.
const maxManifest = 256 << 10

// ReadTOML decodes an indexed file into v, and returns its text as Read does.
// What is not valid TOML, or of another type than v wants, is a *fact.Error
// with its line, and so is what is too large and no lockfile.
func (t *Tree) ReadTOML(name string, v any) ([]byte, error) {
	text, err := t.Read(name)
	if err != nil {
		return nil, err
	}
	if len(text) > maxManifest && path.Ext(name) != ".lock" {
		return nil, fact.Errorf(fact.At(path.Clean(name), 0), "is larger than %d KiB, the most that dockgen reads of TOML", maxManifest>>10)
	}
	if err := toml.Unmarshal(text, v); err != nil {
		at := fact.At(path.Clean(name), 0)
		if de := (*toml.DecodeError)(nil); errors.As(err, &de) {
			at.Line, _ = de.Position()
		}
		return nil, fact.Errorf(at, "is not valid TOML: %s", fact.Clip(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	return text, nil
}

// ReadHead returns at most the first n bytes of an indexed file, for files
// such as lockfiles whose first lines say enough. The text may end within a
// line.
func (t *Tree) ReadHead(name string, n int64) ([]byte, error) {
	name = path.Clean(name)
	if !t.Has(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return nil, readError(name, err)
	}
	return decode(name, text)
}

func (t *Tree) read(name string, limit int64) ([]byte, error) {
	f, err := t.fsys.Open(name)
	if err != nil {
		return nil, readError(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, readError(name, err)
	}
	if int64(len(text)) > limit {
		return nil, fact.Errorf(fact.At(name, 0), "is larger than %d MiB, the most that dockgen reads of one file", limit>>20)
	}
	return decode(name, text)
}

func readError(name string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return fact.Errorf(fact.At(name, 0), "not readable: %w", err).WithHint("check the file's permissions")
}

func decode(name string, text []byte) ([]byte, error) {
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.HasPrefix(text, []byte{0xef, 0xbb, 0xbf}) {
		out, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), text)
		if err != nil {
			return nil, fact.Errorf(fact.At(name, 0), "starts with a Unicode byte order mark but does not decode: %w", err)
		}
		text = out
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fact.Errorf(fact.At(name, fact.LineAt(text, i)), "is not a text file: it holds a zero byte").
			WithHint("save it as UTF-8")
	}
	return text, nil
}
