package python

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
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
	f.condaVersion(t)
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

// condaPython matches the line of Conda's environment that names Python: https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html.
var condaPython = lazy.MustCompile(`^python\s*(={1,2}|[<>~!]=?)\s*(\S.*)$`)

// condaVersion reads what Conda's environment says of Python. A file that cannot be read says nothing: nothing is installed from it.
func (f *Facts) condaVersion(t *tree.Tree) {
	if f.Conda.IsZero() || path.Ext(f.Conda.File) == ".toml" {
		return
	}
	doc, err := document.Read(t, f.Conda.File)
	if err != nil {
		return
	}
	for _, s := range doc.Get("dependencies").Strings() {
		switch m := condaPython.FindStringSubmatch(s.Value); {
		case m == nil:
		case m[1] == "=" || m[1] == "==":
			f.Versions = append(f.Versions, Version{Pin: strings.TrimSuffix(m[2], ".*"), From: path.Base(s.Pos.File), Pos: s.Pos})
		default:
			f.Versions = append(f.Versions, Version{Range: m[1] + m[2], From: path.Base(s.Pos.File), Pos: s.Pos})
		}
	}
}

var freeThreaded = lazy.MustCompile(`^3\.\d+(\.\d+)?t$`)
