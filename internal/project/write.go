package project

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
)

// Write puts the files of a change in place, all of them or none. It fails
// with *ExistsError if that would replace files that are the user's own.
func (f *Folder) Write(c *Change) error {
	if len(c.InTheWay) > 0 {
		return &ExistsError{c.InTheWay}
	}
	return f.write(outputs(c.Edits))
}

// output is a file to be written.
type output struct {
	name  string
	data  []byte
	mode  fs.FileMode
	local bool // its folder is made, too
}

// outputs are the files that change, in the order in which they are put in
// place: what is kept of the old, the generated files, the lock.
func outputs(edits []Edit) []output {
	var keep, out []output
	for _, e := range edits {
		if !e.Changes() {
			continue
		}
		if e.Backup != "" {
			keep = append(keep, output{name: e.Backup, data: e.Old, mode: filesMode})
		}
		if e.Mode == 0 {
			e.Mode = filesMode
		}
		out = append(out, output{e.Path, e.New, e.Mode, e.Local})
	}
	return append(keep, out...)
}

// write puts the files in place together: each is complete on disk under
// another name before the first takes its place, so that a full disk or a
// crash leaves no half of a file; and if one cannot take its place, those
// before it are put back. Only regular files are replaced.
func (f *Folder) write(files []output) (err error) {
	var undo []func()
	defer func() {
		if err == nil {
			return
		}
		for _, u := range slices.Backward(undo) {
			u()
		}
	}()
	staged := make([]string, len(files))
	old := make([][]byte, len(files)) // nil if there was none
	for i, x := range files {
		if old[i], err = f.replaceable(x.name); err != nil {
			return err
		}
		if staged[i], err = f.stage(x.data, x.mode); err != nil {
			return err
		}
		undo = append(undo, func() { _ = f.root.Remove(staged[i]) })
	}
	for i, x := range files {
		if x.local {
			dir := path.Dir(x.name)
			if err := f.root.Mkdir(dir, secretsFolderMode); err != nil && !errors.Is(err, fs.ErrExist) {
				return named(dir, err)
			}
		}
		if err := f.root.Rename(staged[i], x.name); err != nil {
			return err
		}
		undo = append(undo, func() {
			if old[i] == nil {
				_ = f.root.Remove(x.name)
			} else if tmp, err := f.stage(old[i], x.mode); err == nil {
				_ = f.root.Rename(tmp, x.name)
			}
		})
	}
	return nil
}

// replaceable returns what stands under the name, nil for nothing, and refuses
// what is not a regular file. A symbolic link would be replaced, or written
// through; neither is what its owner wants.
func (f *Folder) replaceable(name string) ([]byte, error) {
	info, err := f.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fact.Errorf(fact.At(name, 0), "is a symbolic link, and dockgen does not write through links").
			WithHint("remove the link, or put the file itself in its place")
	}
	text, err := f.read(name)
	if err == nil && text == nil {
		text = []byte{}
	}
	return text, err
}

// stage writes data to a new file of the folder and returns its name.
func (f *Folder) stage(data []byte, mode fs.FileMode) (name string, err error) {
	name = fmt.Sprintf(".dockgen-%08x.tmp", rand.Uint32())
	w, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", named(f.dir, err)
	}
	_, err = w.Write(data)
	if err = errors.Join(err, w.Chmod(mode), w.Sync(), w.Close()); err != nil {
		_ = f.root.Remove(name)
		return "", named(f.dir, err)
	}
	return name, nil
}

// backup returns a free name for the old text of a file: one that an earlier
// run kept is not lost, unless it is the same text.
func (f *Folder) backup(name string, text []byte) (string, error) {
	for i := range 1000 {
		bak := name + ".bak"
		if i > 0 {
			bak = fmt.Sprintf("%s.bak.%d", name, i)
		}
		there, err := f.replaceable(bak)
		if err != nil {
			return "", err
		}
		if there == nil || string(there) == string(text) {
			return bak, nil
		}
	}
	return "", fmt.Errorf("%s.bak and 999 more exist", name)
}
