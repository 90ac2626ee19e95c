package node

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
)

// places says where in prod the code finds the files that it names. Nothing changes
// it.
type places struct {
	app workspace.App
	cwd string // the working directory, relative to that of the image, "" for the same
	run string // the file that is run, "" where that is not known

	// How the source became what runs. If it is run as it is, all of these are zero.
	compiled bool   // a compiler wrote each file of root to its place below out
	out      string // relative to the image's working directory
	root     string // relative to the root of the repository
	bundled  bool   // a bundler put the modules into one file
	opaque   bool   // nothing tells where the modules lie: a framework built them
}

// placesOf finds out how what runs came of the source.
func placesOf(p project, s start) places {
	out := places{app: p.app, cwd: s.Dir, run: entryOf(p.app, s)}
	made := out.run
	if out.run != "" && p.app.Has(out.run) {
		made = builtBy(p.app, out.run)
	}
	if p.fw.Server != nil && p.fw.Server.Copies != nil {
		if p.fw.Server.Standalone && out.cwd == "" {
			out.cwd = p.app.Dir() // Next's server goes to its own folder
		}
		out.opaque = out.run == "" || !p.app.Has(out.run)
		return out
	}
	if made == "" {
		return out
	}
	src := sourceOf(p.app, made)
	switch {
	case !translates(p.app.Root, s) || s.Compiler.Name == "esbuild":
		out.bundled, out.run = true, made
	case src == "":
		out.opaque = true
	default:
		out.compiled = true
		out.out, out.root = strings.TrimSuffix(made, path.Ext(made)), strings.TrimSuffix(src, path.Ext(src))
		for out.out != "." && path.Base(out.out) == path.Base(out.root) {
			out.out, out.root = path.Dir(out.out), path.Dir(out.root)
		}
	}
	return out
}

// builtBy is the first file of the build's that a file of the repository loads, "" for
// none: bin/www, which loads ../dist/app.
func builtBy(app workspace.App, entry string) string {
	files := codeFrom(app, entry).files
	for _, file := range slices.Sorted(maps.Keys(files)) {
		for _, made := range app.Root.Code.Unbuilt[file] {
			if made = app.Rel(made); path.Ext(made) == "" {
				made += ".js"
			}
			if sourceOf(app, made) != "" {
				return made
			}
		}
	}
	return ""
}

// of is where a file is in prod: below the image's working directory, which starts
// its path, or absolute, or below the user's home, by f.Base alone. ok is false if that cannot be told.
func (l places) of(f effect.File) (name string, ok bool) {
	text := f.Path.Text
	switch {
	case text == "":
		return "", false
	case path.IsAbs(text), f.Base == effect.Home:
		return path.Clean(text), true
	}
	switch f.Base {
	case effect.WorkDir:
		return path.Join(l.cwd, text), true
	case effect.Entry:
		return path.Join(path.Dir(l.run), text), l.run != ""
	case effect.Code:
	default:
		return "", false
	}
	name = path.Join(path.Dir(l.app.Rel(f.Pos.File)), text)
	switch {
	case l.opaque:
		return "", false
	case l.bundled:
		return path.Join(path.Dir(l.run), text), true
	case l.compiled && (l.root == "." || strings.HasPrefix(l.app.Rel(f.Pos.File), l.root+"/")):
		return path.Join(l.out, between(l.root, name)), true
	}
	return name, true
}

// between is the path of name seen from dir; both are relative to the same folder.
func between(dir, name string) string {
	var up strings.Builder
	for dir = path.Clean(dir); !tree.Within(name, dir) && dir != "/"; dir = path.Dir(dir) {
		up.WriteString("../")
	}
	if dir != "." {
		name = strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
	}
	return path.Join(up.String(), name)
}

// entryOf is the file that the start command runs, with Node, Bun or a program that
// compiles it on the way; "" where there is none.
func entryOf(app workspace.App, s start) string {
	if file := s.file(); file != "" || s.Shell != "" || len(s.Argv) < 2 {
		for _, name := range []string{file, file + ".js", path.Join(file, "index.js")} {
			if file != "" && app.Has(name) {
				return name
			}
		}
		return file
	}
	for _, w := range s.Argv[1:] {
		if file := path.Join(s.Dir, w); !strings.HasPrefix(w, "-") && isCode(file) && app.Has(file) {
			return file
		}
	}
	return ""
}

// isCode reports whether a file is JavaScript or TypeScript.
func isCode(file string) bool {
	return slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"}, path.Ext(file))
}

// sourceOf is the file of the repository that the build makes file of, "" where that
// cannot be told. A bundle is named as its entry is, or the entry has a usual name.
func sourceOf(app workspace.App, file string) string {
	if src := source(app, file); src != "" {
		return src
	}
	if _, _, builds := script.Build(app.Root); !builds && app.Member == nil {
		return ""
	}
	dir := app.Dir()
	rel := strings.TrimPrefix(file, dir+"/")
	_, below, nested := strings.Cut(rel, "/")
	if !nested {
		return ""
	}
	stem := strings.TrimSuffix(below, path.Ext(below))
	names := []string{"src/" + stem, stem, "lib/" + stem, "server/" + stem, "app/" + stem}
	for _, base := range []string{"index", "main", "server", "app"} {
		names = append(names, "src/"+base, base, "server/"+base)
	}
	for _, name := range names {
		for _, ext := range []string{".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".tsx"} {
			if full := path.Join(dir, name) + ext; app.Has(full) {
				return full
			}
		}
	}
	return ""
}

// effectsCode is the code whose reads and writes prod must let happen: what the start
// command leads to, and of a framework's server all that its build may put there.
func effectsCode(p project, s start) code {
	out := code{files: map[string]bool{}}
	add := func(entry string) {
		if src := sourceOf(p.app, entry); src != "" && !p.app.Has(entry) {
			entry = src
		}
		for file := range codeFrom(p.app, entry).files {
			out.files[file] = true
		}
	}
	if entry := entryOf(p.app, s); entry != "" {
		add(entry)
		if made := builtBy(p.app, entry); made != "" {
			add(made)
		}
	}
	if s.Shell != "" {
		for _, w := range strings.FieldsFunc(s.Shell, func(r rune) bool { return strings.ContainsRune(" \t\n;&|()'\"", r) }) {
			if file := path.Join(s.Dir, w); isCode(file) && len(out.files) < maxShellFiles {
				add(file)
			}
		}
	}
	if p.fw.Server != nil && p.fw.Used() {
		rows, _ := shippedRows()
		for _, f := range p.app.Own.Code.Files {
			rel := strings.TrimPrefix(p.app.Rel(f.Pos.File), p.app.Dir()+"/")
			if top, _, nested := strings.Cut(rel, "/"); !nested && rows.file(rel) || nested && rows.folder(top) {
				continue
			}
			out.files[f.Pos.File] = true
		}
	}
	return out
}

// maxShellFiles bounds the files that the words of a shell script lead to.
const maxShellFiles = 10_000
