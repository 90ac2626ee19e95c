package project

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Folder is the folder that a run works on. Everything is read and written
// through an os.Root, which no symbolic link leads out of.
type Folder struct {
	dir  string // as the user gave it
	path string // absolute
	root *os.Root
	open struct { // folders of the files that were opened last
		sync.Mutex
		roots map[string]*os.Root
	}
}

// maxOpen is how many folders are held open: enough for those that all processors read at once, and far fewer than a process may have.
const maxOpen = 64

// Open opens a folder, which Close closes. The error is fs.ErrNotExist if
// there is none.
func Open(dir string) (*Folder, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{dir: dir, path: abs, root: root}, nil
}

// Close closes the folder.
func (f *Folder) Close() error {
	f.closeFolders()
	return f.root.Close()
}

func (f *Folder) closeFolders() {
	for _, r := range f.open.roots {
		_ = r.Close()
	}
	clear(f.open.roots)
}

// folder opens a folder below, from the nearest one above it that is open.
func (f *Folder) folder(dir string) (*os.Root, error) {
	f.open.Lock()
	defer f.open.Unlock()
	if len(f.open.roots) >= maxOpen {
		f.closeFolders()
	}
	above, rest := f.root, dir
	for d := range tree.Above(dir) {
		if r, ok := f.open.roots[d]; ok {
			above, rest = r, strings.TrimPrefix(dir[len(d):], "/")
			break
		}
	}
	if rest == "" {
		return above, nil
	}
	r, err := above.OpenRoot(filepath.FromSlash(rest))
	if err != nil {
		return nil, err
	}
	if f.open.roots == nil {
		f.open.roots = map[string]*os.Root{}
	}
	f.open.roots[dir] = r
	return r, nil
}

// Dir is the folder as Open was given it.
func (f *Folder) Dir() string { return f.dir }

// FS is the folder as detect.Scan reads it.
func (f *Folder) FS() fs.FS {
	return listing{f.root.FS().(fs.ReadLinkFS), f} // os.Root.FS documents that interface
}

// listing lists by path, and opens only through an os.Root. An os.Root's own
// listing asks the system about each entry, which takes four times as long;
// the walk enters no symbolic link, and a name is not yet a file's text. It
// also goes down the whole path for each file, of which many are read one
// after the other in one folder.
type listing struct {
	fs.ReadLinkFS
	folder *Folder
}

// Open implements fs.FS.
func (l listing) Open(name string) (fs.File, error) {
	dir := path.Dir(name)
	if dir == "." || !fs.ValidPath(name) {
		return l.ReadLinkFS.Open(name)
	}
	r, err := l.folder.folder(dir)
	if err != nil {
		return nil, err
	}
	f, err := r.Open(path.Base(name))
	if errors.Is(err, fs.ErrClosed) { // to make room for the folder of another file that is being opened
		return l.ReadLinkFS.Open(name)
	}
	return f, err
}

// ReadDir implements fs.ReadDirFS.
func (l listing) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return os.ReadDir(filepath.Join(l.folder.path, filepath.FromSlash(name)))
}

// without is the folder as detect.Scan reads it, less some entries of its root.
func (f *Folder) without(names []string) fs.FS {
	if len(names) == 0 {
		return f.FS()
	}
	return less{f.FS().(listing), names} //nolint:forcetypeassert // FS returns one
}

// less hides entries of the root.
type less struct {
	listing
	names []string
}

// ReadDir implements fs.ReadDirFS.
func (l less) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := l.listing.ReadDir(name)
	if name != root {
		return list, err
	}
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool { return slices.Contains(l.names, e.Name()) }), err
}

// maxFile bounds what is read of dockgen's own files.
const maxFile = 4 << 20

// read returns a file of the folder. An error names the file.
func (f *Folder) read(name string) ([]byte, error) {
	info, err := f.root.Stat(name)
	if err != nil {
		return nil, named(name, err)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fact.Errorf(fact.At(name, 0), "is not a regular file")
	}
	r, err := f.root.Open(name)
	if err != nil {
		return nil, named(name, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, named(name, err)
	}
	if len(text) > maxFile {
		return nil, fact.Errorf(fact.At(name, 0), "is larger than %d MiB", maxFile>>20)
	}
	return text, nil
}

// named is err as the fault of a file, without the name of the system call.
func named(name string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return fact.Errorf(fact.At(name, 0), "%w", err)
}

// exists reports whether anything stands under that name.
func (f *Folder) exists(name string) bool {
	_, err := f.root.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
