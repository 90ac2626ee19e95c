package python

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Version is what one file says of Python's version: a pin or a range.
type Version struct {
	Pin   string // "3.12", "3.12.4", "latest"
	Range string // ">=3.11", "^3.10"
	From  string // what it stands in, for people
	Pos   fact.Pos
}

// readVersions reads the files that version managers read.
func (f *Facts) readVersions(t *tree.Tree) error {
	add := func(pin string, pos fact.Pos) {
		f.Versions = append(f.Versions, Version{Pin: pin, From: path.Base(pos.File), Pos: pos})
	}
	v, err := toolversion.Single(t, f.Dir, ".python-version")
	if err != nil {
		return err
	}
	if v.Found() {
		add(strings.TrimPrefix(strings.TrimPrefix(v.Value, "cpython-"), "python-"), v.Pos)
	}
	v, err = toolversion.Single(t, f.Dir, "runtime.txt")
	if err != nil {
		return err
	}
	if pin, ok := strings.CutPrefix(v.Value, "python-"); ok {
		add(pin, v.Pos)
	}
	asdf, err := toolversion.ToolVersions(t, f.Dir)
	if err != nil {
		return err
	}
	mise, err := toolversion.ReadMise(t, f.Dir)
	if err != nil {
		return err
	}
	for _, v := range toolversion.Pick(append(asdf, mise.Tools...), "python") {
		add(v.Value, v.Pos)
	}
	for _, v := range mise.Env {
		// https://mise.jdx.dev/lang/python.html#installing-free-threaded-python
		if v.Name == "PYTHON_BUILD_FREE_THREADING" && v.Value != "" {
			f.FreeThreaded = v.Pos
		}
	}
	return nil
}

var freeThreaded = lazy.MustCompile(`^3\.\d+(\.\d+)?t$`)
