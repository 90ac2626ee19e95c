package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// settle takes the build that holds the main package: the folder's own, or one
// of a module below. From here on, d.f is that build.
func (d *decider) settle() error {
	d.all = d.f
	if len(d.f.Nested) == 0 {
		return nil
	}
	win, _, err := d.pick()
	if err != nil {
		return err
	}
	main := win.main
	if m, ok := d.locked(); ok {
		main = m
	}
	if d.f = d.build(main); d.f == d.all {
		return nil
	}
	for _, x := range d.all.Invalid {
		d.Log.Note(x.Pos, "was passed over: "+printable(x.Value), "a program in that module needs --set main")
	}
	if err := d.beside(main); err != nil {
		return err
	}
	return d.complete()
}

// mains are all main packages that could be asked for: the folder's own, then
// those of the modules below.
func (d *decider) mains() []golang.Main { return d.all.Programs() }

// build is the build that a main package is part of.
func (d *decider) build(m golang.Main) *golang.Facts {
	for _, f := range d.all.Nested {
		if slices.ContainsFunc(f.Mains, func(o golang.Main) bool { return o.Dir == m.Dir }) {
			return f
		}
	}
	return d.all
}

// beside looks for the manifests of other stacks next to a nested module. A
// server's front end is left out with a word; what may be an app of its own
// leaves nothing to say which of the two the image is for.
func (d *decider) beside(win golang.Main) error {
	if len(d.all.Modules) > 0 || d.Settings.Main != "" || d.Settings.Language != "" {
		return nil
	}
	said, manifests := 0, aside.Manifests("go")
	for _, f := range d.Tree.Files(d.Dir) {
		name := d.rel(f)
		dir := path.Dir(name)
		if dir == "." || !slices.Contains(manifests, path.Base(name)) || aside.Folder("go", dir) != nil || within(dir, d.f.Home) {
			continue
		}
		at := fact.At(f, 0)
		if len(win.Listens) == 0 || path.Base(name) != "package.json" {
			return record.Refuse(at, "say which with --set main="+target(win)+", or run dockgen in the folder of the one that it is",
				"may be an app, and so may %s: nothing says which of the folders the image is for", printable(target(win)))
		}
		if said++; said <= 3 {
			d.Log.Note(at, "is not part of this image, which holds the program of "+printable(target(win)), "run dockgen in "+printable(dir)+" for an image of its own")
		}
	}
	return nil
}

// within reports whether a clean folder is another or lies below it.
func within(dir, root string) bool {
	return root == "." || dir == root || strings.HasPrefix(dir, root+"/")
}

// gocmd is a go command that runs in the build's home. The -C flag came with
// Go 1.20: https://go.dev/doc/go1.20#go-command.
func (d *decider) gocmd(args ...string) []string {
	out := []string{"go"}
	if d.f.Home != "." {
		out = append(out, "-C", d.f.Home)
	}
	return append(out, args...)
}

// changeDir is the oldest Go whose go command has the flag -C.
var changeDir = release{major: 1, minor: 20} //nolint:gochecknoglobals // a constant

// aged refuses a Go that cannot be told where the module is.
func (d *decider) aged() error {
	v, ok := parseRelease(d.p.Version.String())
	if d.f.Home == "." || !ok || compare(v, changeDir) >= 0 {
		return nil
	}
	return record.Refuse(d.Settings.Pos("version"), "ask for "+changeDir.String()+" or newer", "the module is in %s, and the go command of %s has no flag -C for that", printable(d.f.Home), v)
}

// home is a path of the repository as the go command, which runs in the
// build's home, wants it.
func (d *decider) home(dir string) string {
	switch {
	case dir == d.f.Home:
		return "."
	case d.f.Home == ".":
		return "./" + dir
	}
	return "./" + strings.TrimPrefix(dir, d.f.Home+"/")
}

// sources names the folders that the build stage compiles where these are not
// all: a nested module needs its own and those that replace lines lead to, so
// that an edit elsewhere leaves the stage as it is. C code may include what is
// beside the module.
func (d *decider) sources() error {
	if slices.ContainsFunc(d.programs(), func(x *decider) bool { return len(x.main.Cgo) > 0 }) {
		return nil
	}
	dirs := []string{d.f.Home}
	for _, m := range d.f.Modules {
		if !slices.ContainsFunc(dirs, func(dir string) bool { return within(m.Dir, dir) }) {
			dirs = append(dirs, m.Dir)
		}
	}
	if slices.Contains(dirs, ".") {
		return nil
	}
	for _, dir := range dirs {
		c, err := plan.NewCopy(dir+"/", dir+"/")
		if err != nil {
			return err
		}
		d.p.Sources = append(d.p.Sources, c)
	}
	return nil
}

// watches are the folders that dev watches, nil for all: beside a nested
// module lie other stacks' files, which are many.
func (d *decider) watches() []string {
	if d.f.Home == "." {
		return nil
	}
	list := []string{d.f.Home}
	for _, m := range d.f.Modules {
		list = append(list, m.Dir)
	}
	for _, c := range d.copy {
		list = append(list, path.Dir(c+"x"))
	}
	slices.Sort(list)
	var out []string
	for _, dir := range list {
		switch {
		case dir == "." || strings.Contains(dir, ","): // the flag's separator
			return nil
		case !slices.ContainsFunc(out, func(o string) bool { return within(dir, o) }):
			out = append(out, dir)
		}
	}
	return out
}
