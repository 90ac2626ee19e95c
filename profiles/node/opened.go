package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// opened are the files that the code opens when it runs.
type opened struct {
	places
	code  code          // whose files count
	asIs  bool          // the compiler is all that fills its output: files beside the source are not there
	plain bool          // a string that looks like a path is one
	made  []image.Write // what the commands before the app write when it starts
}

// filesOf finds the code that counts, and where it looks for files.
func filesOf(p project, s start) opened {
	o := opened{places: placesOf(p, s), code: effectsCode(p, s), plain: p.fw.Server == nil, made: madeAtStart(p, s)}
	_, build, _ := script.Build(p.app.Root)
	list, ok := script.Expanded(p.app.Root, build.Value)
	o.asIs = ok && o.compiled && !slices.ContainsFunc(list, func(c script.Command) bool {
		program := path.Base(c.Argv[0])
		return !script.TypeScript(program) && !compilesOnly[program]
	})
	return o
}

// madeAtStart are the folders that commands before the app write when the image starts. They make them anew each time.
func madeAtStart(p project, s start) []image.Write {
	rows, err := buildRows()
	list, ok := script.Parse(s.Shell)
	if err != nil || !ok || len(list) < 2 {
		return nil
	}
	var out []image.Write
	for _, step := range script.StepsOf(p.app.Root, list[:len(list)-1]) {
		paths, _ := wrote(p.app, rows.Outputs, step)
		for _, name := range paths {
			if at := path.Join(s.Dir, step.Dir, name); path.Ext(name) == "" && at != "." && !path.IsAbs(name) && !outside(at) {
				out = append(out, image.Write{Dir: at, Quiet: true, Pos: s.Pos})
			}
		}
	}
	return out
}

// compilesOnly are programs of a build, beside TypeScript's compiler, that bring no file into the compiler's output but what they
// compile.
var compilesOnly = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"tsc-alias": true, "resolve-tspaths": true, "rm": true, "rimraf": true, "del-cli": true, "prisma": true, "eslint": true, "echo": true,
}

// reading is a file or folder that the code reads.
type reading struct {
	from string // in the repository
	to   string // in prod, relative to the image's working directory
	file effect.File
}

// read are the files and folders of the repository that the code reads.
func (o opened) read() []reading {
	var out []reading
	seen := map[string]bool{}
	for _, f := range o.app.Root.Code.Files {
		if f.Use != effect.Read || f.Path.Text == "" || path.IsAbs(f.Path.Text) || !o.code.has(f.Pos) || f.Loose && f.Call == "" && !o.plain {
			continue
		}
		to, ok := o.of(f)
		if !ok || f.Base == effect.Home {
			continue
		}
		from := to
		if o.compiled && f.Base == effect.Code && !o.exists(from) {
			from = path.Join(path.Dir(o.app.Rel(f.Pos.File)), f.Path.Text)
		}
		if outside(from) || outside(to) || from == "." || seen[from+"\x00"+to] || !o.exists(from) || f.Loose && !o.data(from) {
			continue
		}
		seen[from+"\x00"+to] = true
		out = append(out, reading{from, to, f})
	}
	return out
}

// served are the folders, in the repository or not, that calls of known libraries read.
func (o opened) served() []string {
	var out []string
	for _, f := range o.app.Root.Code.Files {
		if !o.serves(f) || f.Loose {
			continue
		}
		if name, ok := o.of(f); ok && !outside(name) {
			out = append(out, name)
		}
	}
	return out
}

// serves reports whether a call of a known library reads a folder at a place that the code names.
func (o opened) serves(f effect.File) bool {
	return f.Use == effect.Read && f.Dir && (f.Path.Env == "" || f.Path.Text != "") && !path.IsAbs(f.Path.Text) && f.Base != effect.Home && o.code.has(f.Pos)
}

// beside are the folders that its program serves, with the line that does, and that lie beside the app's, or hold a file alone that
// keeps their place.
func (o opened) beside() []record.Missing {
	var out []record.Missing
	for _, f := range o.app.Root.Code.Files {
		if page := f; !f.Dir && path.Ext(f.Path.Text) == ".html" {
			page.Dir = true
			if name, ok := o.of(f); ok && strings.HasPrefix(name, "../") && o.serves(page) {
				out = append(out, record.Missing{Folder: path.Dir(name), Pos: f.Pos, Other: true, Loose: true, Page: path.Base(name) == "index.html"})
			}
		}
		if !o.serves(f) {
			continue
		}
		switch name, ok := o.of(f); {
		case ok && strings.HasPrefix(name, "../"):
			out = append(out, record.Missing{Folder: name, Pos: f.Pos, Other: true})
		case ok && !outside(name) && name != "." && o.kept(name):
			out = append(out, record.Missing{Folder: name, Pos: f.Pos, Other: true, Placeholder: true})
		}
	}
	return out
}

// kept reports whether a folder has one file alone, which is there to keep it in Git.
func (o opened) kept(dir string) bool {
	files := o.app.Tree.Files(o.app.Path(dir))
	return len(files) == 1 && strings.HasPrefix(path.Base(files[0]), ".")
}

func (o opened) exists(name string) bool { return o.app.Has(name) || o.app.HasDir(name) }

// data reports whether a file, or one of a folder, is no code, and no code that runs lies
// beside it.
func (o opened) data(name string) bool {
	if o.app.Has(name) {
		return !isCode(name)
	}
	files := o.app.Tree.Files(o.app.Path(name))
	return slices.ContainsFunc(files, func(f string) bool { return !isCode(f) }) && !slices.ContainsFunc(files, func(f string) bool { return o.code.files[f] })
}

func outside(name string) bool {
	return node.Outside(name) || strings.HasPrefix(name+"/", "node_modules/")
}

// reads are the same for the .dockerignore.
func (o opened) reads() []image.Reading {
	var out []image.Reading
	for _, r := range o.read() {
		out = append(out, image.Reading{Path: r.from, Pos: r.file.Pos})
	}
	return out
}

// missing are the rows for what the code reads and none of the others copies: a folder
// whole, a file with those beside it, unless only developers use the rest of its folder.
func (o opened) missing(p project, have []plan.Artifact) ([]plan.Artifact, error) {
	developers, err := shippedRows()
	if err != nil {
		return nil, err
	}
	var out []plan.Artifact
	for _, r := range o.read() {
		moved := r.from != r.to
		if moved && !o.asIs {
			continue // the build puts it there, if anything does
		}
		from, to := r.from, r.to
		if o.app.Has(from) {
			top, _, nested := strings.Cut(from, "/")
			if dir := path.Dir(from); nested && !developers.folder(top) && o.data(dir) && path.Dir(to) != "." {
				from, to = dir, path.Dir(to)
			}
		}
		rows := slices.Concat(have, out)
		if moved {
			rows = out // the compiler's output has a row, and this is not in it
		}
		if covers(rows, r.to) || p.app.Has(from) && image.Withheld(p.in, from) {
			continue
		}
		if p.app.Has(from) {
			to = path.Dir(to)
		} else {
			from += "/"
		}
		c, err := plan.NewCopy(path.Clean(to)+"/", from)
		if err != nil {
			continue // no name that a COPY can have
		}
		out = append(out, plan.Artifact{Copy: c})
	}
	return out, nil
}

// covers reports whether one of the rows brings a file or folder of the app.
func covers(rows []plan.Artifact, name string) bool {
	for _, row := range rows {
		to := path.Clean(row.Copy.To.Raw())
		for _, src := range row.Copy.From {
			folder := strings.HasSuffix(src.Raw(), "/") || path.Clean(src.Raw()) == "."
			switch {
			case !row.Image.IsZero(), strings.HasPrefix(src.Raw(), image.Made+"/"):
			case folder && (to == "." || name == to || strings.HasPrefix(name, to+"/")):
				return true
			case !folder && path.Join(to, path.Base(src.Raw())) == name:
				return true
			}
		}
	}
	return false
}
