package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
)

// code is the files that a program is made of, as far as its imports tell.
type code struct {
	files map[string]bool // from the root of the scanned tree on; nil: not known
	// all says that nothing else can be loaded: every file is imported by a literal
	// relative path, and every other import is a dependency or Node's own.
	all bool
}

// has reports whether a file is surely a part of the program.
func (c code) has(pos fact.Pos) bool { return c.files[pos.File] }

// codeOf follows the imports of what a start command runs.
func codeOf(app workspace.App, s start) code {
	if !serverOf(s).Loads {
		c := codeFrom(app, s.file())
		if ts := app.Root.TSConfig; len(c.files) == 0 && s.file() != "" && ts != nil && ts.OutDir.Found() {
			// What the build wrote is at the top of the image: bin/server.js of build/bin/server.js.
			c = codeFrom(app, path.Join(ts.OutDir.Value, s.file()))
		}
		return c
	}
	for _, file := range s.loaded() {
		if c := codeFrom(app, file); len(c.files) > 0 {
			return c
		}
	}
	return code{}
}

// loaded are the files that a program which loads the app's code may be given, the likeliest first: fastify start -l info app.js
func (s start) loaded() []string {
	words := s.Argv
	if list := script.Commands(s.Shell); len(list) > 0 {
		words = list[len(list)-1]
	}
	var out []string
	for _, w := range slices.Backward(words) {
		if path.Ext(w) != "" && !strings.HasPrefix(w, "-") {
			out = append(out, path.Join(s.Dir, w))
		}
	}
	return out
}

// code is the file of the app's own that is run: the one that is started, or that the program which is started loads.
func (s start) code() string {
	if !serverOf(s).Loads {
		return s.file()
	}
	for _, file := range s.loaded() {
		if slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(file)) {
			return file
		}
	}
	return ""
}

// codeFrom follows the imports of a file, or of the TypeScript that it is made of.
func codeFrom(app workspace.App, entry string) code {
	if src := tsOf(app, entry); src != "" && !app.Has(entry) {
		entry = src
	}
	for _, c := range []string{entry, entry + ".js", path.Join(entry, "index.js")} {
		if entry != "" && app.Has(c) {
			entry = c
			break
		}
	}
	if entry == "" || !app.Has(entry) {
		return code{}
	}
	f := app.Root
	files := map[string]bool{app.Path(entry): true}
	queue := []string{app.Path(entry)}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		for _, next := range f.Code.Local[file] {
			if !files[next] {
				files[next] = true
				queue = append(queue, next)
			}
		}
	}
	all := f.Code.Computed.IsZero() && len(f.Packages) == 0
	for name, pos := range f.Code.Imports {
		// An import that is no dependency may be an alias of a folder.
		if files[pos.File] && !f.Has(name) && !strings.HasPrefix(name, "node:") && !builtin[name] {
			all = false
		}
	}
	return code{files, all}
}

// tsOf is the TypeScript that a file is made of, also where no tsconfig.json says so:
// src/main.ts of dist/main.
func tsOf(app workspace.App, file string) string {
	if src := source(app, file); src != "" || app.Root.TSConfig != nil {
		return src
	}
	top, rest, ok := strings.Cut(file, "/")
	if !ok || app.HasDir(top) {
		return ""
	}
	for _, dir := range []string{"src", "."} {
		base := path.Join(dir, strings.TrimSuffix(rest, ".js"))
		for _, c := range []string{base + ".ts", path.Join(base, "index.ts")} {
			if app.Has(c) {
				return c
			}
		}
	}
	return ""
}

// builtin are Node's own modules that may be imported without "node:":
// https://nodejs.org/api/module.html#modulebuiltinmodules.
var builtin = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"assert": true, "async_hooks": true, "buffer": true, "child_process": true, "cluster": true, "console": true, "constants": true,
	"crypto": true, "dgram": true, "diagnostics_channel": true, "dns": true, "domain": true, "events": true, "fs": true, "http": true,
	"http2": true, "https": true, "inspector": true, "module": true, "net": true, "os": true, "path": true, "perf_hooks": true,
	"process": true, "punycode": true, "querystring": true, "readline": true, "repl": true, "stream": true, "string_decoder": true,
	"timers": true, "tls": true, "tty": true, "url": true, "util": true, "v8": true, "vm": true, "wasi": true, "worker_threads": true, "zlib": true,
}

// listens reports whether a file, or one that it imports, binds a port.
func listens(app workspace.App, file string) bool {
	c := codeFrom(app, file)
	return slices.ContainsFunc(app.Root.Code.Listens, func(l effect.Listen) bool { return c.has(l.Pos) && !l.Named })
}

// answers reports whether a file, or one that it imports, calls something that
// may bind a port.
func answers(app workspace.App, file string) bool {
	for name := range codeFrom(app, file).files {
		if app.Root.Code.Serving[name] {
			return true
		}
	}
	return false
}

// entry finds the file that a package.json means: itself, with an extension,
// a folder's index, its TypeScript source, or a file that the build writes.
func entry(app workspace.App, name string) (string, bool) {
	name = path.Clean(strings.TrimPrefix(name, "./"))
	if strings.HasPrefix(name, "..") || path.IsAbs(name) {
		return "", false
	}
	for _, c := range []string{name, name + ".js", name + ".cjs", name + ".mjs", name + ".ts", path.Join(name, "index.js"), path.Join(name, "index.ts")} {
		if app.Has(c) {
			return c, true
		}
	}
	for _, pair := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}, {".cjs", ".cts"}} {
		if base, ok := strings.CutSuffix(name, pair[0]); ok && app.Has(base+pair[1]) {
			return base + pair[1], true
		}
	}
	// A file below a folder that is not committed is the build's.
	_, _, builds := script.Build(app.Root)
	top, _, nested := strings.Cut(name, "/")
	return name, builds && nested && !app.HasDir(top)
}

// exists reports whether node finds the file in the repository itself.
func exists(app workspace.App, file string) bool {
	return app.Has(file) || app.Has(file+".js") || app.Has(path.Join(file, "index.js")) || app.HasDir(file)
}

// usualEntries are the files that are there under a usual name for the entry.
func usualEntries(app workspace.App) []string {
	var list []string
	for _, dir := range []string{"", "src/"} {
		for _, base := range []string{"server", "index", "app", "main"} {
			for _, ext := range []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"} {
				if file := dir + base + ext; app.Has(file) {
					list = append(list, file)
				}
			}
		}
	}
	return list
}

// required are the variables without which the code that is run fails.
func required(p project, s start, c code) []effect.Env {
	if p.fw.Used() && p.fw.Server != nil {
		c = effectsCode(p, s) // its server loads what it built of them
	}
	out := slices.DeleteFunc(slices.Clone(p.app.Root.Code.Env), func(e effect.Env) bool { return !e.Required || !c.has(e.Pos) })
	if url := databaseURL(p, c); url.Name != "" && !slices.ContainsFunc(out, func(e effect.Env) bool { return e.Name == url.Name }) {
		out = append(out, url)
	}
	return out
}
