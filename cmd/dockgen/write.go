package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
)

// output is a file to be written.
type output struct {
	name string
	data []byte
}

// write puts the files in place together: each is complete on disk under
// another name before the first takes its place, so that a full disk or a
// crash leaves no half of a file; and where one cannot take its place, those
// before it are put back. Only regular files are replaced.
func (a *app) write(files []output) (err error) {
	var undo []func()
	defer func() {
		if err == nil {
			return
		}
		for _, f := range slices.Backward(undo) {
			f()
		}
	}()
	staged := make([]string, len(files))
	old := make([][]byte, len(files)) // nil where there was none
	for i, f := range files {
		if old[i], err = a.replaceable(f.name); err != nil {
			return err
		}
		if staged[i], err = a.stage(f.data); err != nil {
			return err
		}
		undo = append(undo, func() { _ = a.root.Remove(staged[i]) })
	}
	for i, f := range files {
		if err := a.root.Rename(staged[i], f.name); err != nil {
			return err
		}
		undo = append(undo, func() {
			if old[i] == nil {
				_ = a.root.Remove(f.name)
			} else if tmp, err := a.stage(old[i]); err == nil {
				_ = a.root.Rename(tmp, f.name)
			}
		})
	}
	return nil
}

// replaceable returns what stands under the name, nil for nothing, and refuses
// what is not a regular file. A symbolic link would be replaced, or written
// through; neither is what its owner wants.
func (a *app) replaceable(name string) ([]byte, error) {
	info, err := a.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fact.Errorf(fact.At(name, 0), "is a symbolic link, which dockgen does not write through").
			WithHint("remove the link, or put the file itself in its place")
	}
	text, err := a.read(name)
	if err == nil && text == nil {
		text = []byte{}
	}
	return text, err
}

// stage writes data to a new file of the app's folder and returns its name.
func (a *app) stage(data []byte) (name string, err error) {
	name = fmt.Sprintf(".dockgen-%08x.tmp", rand.Uint32())
	w, err := a.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", named(a.dir, err)
	}
	_, err = w.Write(data)
	if err = errors.Join(err, w.Chmod(0o644), w.Sync(), w.Close()); err != nil {
		_ = a.root.Remove(name)
		return "", named(a.dir, err)
	}
	return name, nil
}
