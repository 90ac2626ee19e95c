package node

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// What of the source is read: enough for any app's own code, and bounded.
const (
	maxSources     = 2000
	maxSourceBytes = 512 << 10 // of one file
	maxSourceTotal = 8 << 20
)

// sourceExtensions are the files that Node, Bun or TypeScript run.
var sourceExtensions = []string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"} //nolint:gochecknoglobals // a constant table

// componentExtensions are those of languages of components.
var componentExtensions = []string{".vue", ".svelte", ".astro"} //nolint:gochecknoglobals // a constant table

// IsSource reports whether a file is code that the app may run: no test, no
// type declaration, no tool's configuration.
func IsSource(name string) bool {
	return slices.Contains(sourceExtensions, path.Ext(name)) && aside.File("node", name) == nil
}

// Code is what the source says.
type Code struct {
	// What the code does when it runs. Routes are those of GET, sorted by path.
	// Env are the variables that configuration and components read too, each at
	// its first place in a file, sorted by name.
	effect.Set
	// Imports are the packages that the source imports by name, with the
	// first place; files under a test folder are left out.
	Imports map[string]fact.Pos
	// Uses are the packages that each file imports to run, by the file's path from
	// the root of the repository: those of import type are left out.
	Uses map[string][]fact.Fact[string]
	// Local are the files that a file imports by a relative path, both
	// relative to the root of the repository.
	Local map[string][]string
	// Data are the JSON files that a file imports, beside require(): TypeScript compiles
	// them, too.
	Data map[string][]fact.Fact[string]
	// Unbuilt are the files that a file imports by a relative path and the repository
	// does not have, both relative to its root: what a build makes.
	Unbuilt map[string][]string
	// Climbs are the paths that lead up from a folder ("../../web/dist"), as
	// literals or as the parts of a path.join, and are no imports.
	Climbs []fact.Fact[string]
	// Computed is the first place that loads code by a computed name, so that
	// Local does not tell all.
	Computed fact.Pos
	// Cut says that there is more code than is read.
	Cut bool
	// Untyped is the first TypeScript that Node cannot run by dropping the
	// types; zero where there is none.
	Untyped fact.Pos
	// Serving are the files that call something whose name says that it may
	// bind a port: listen, createServer, startStandaloneServer.
	Serving map[string]bool
	// Exporting are the files that export something.
	Exporting map[string]bool
	// Actions is the first place that answers forms in SvelteKit, or another call that is no GET: https://svelte.dev/docs/kit/form-actions.
	Actions fact.Pos
	// Public and Private are the variables that the source imports of SvelteKit's
	// $env/static modules.
	Public, Private []fact.Fact[string]
}

// Below returns the code of some folders, as far as it names a file.
func (c Code) Below(dirs ...string) Code {
	return c.only(func(file string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return tree.Within(file, dir) })
	})
}

// Without is the code that lies in none of these folders.
func (c Code) Without(dirs ...string) Code {
	return c.only(func(file string) bool {
		return !slices.ContainsFunc(dirs, func(dir string) bool { return tree.Within(file, dir) })
	})
}

func (c Code) only(in func(file string) bool) Code {
	out := c
	out.Public, out.Private, out.Climbs = below(c.Public, in, factPos), below(c.Private, in, factPos), below(c.Climbs, in, factPos)
	out.Env = below(c.Env, in, func(e effect.Env) fact.Pos { return e.Pos })
	out.Execs = below(c.Execs, in, func(e effect.Exec) fact.Pos { return e.Pos })
	out.Routes = below(c.Routes, in, func(r effect.Route) fact.Pos { return r.Pos })
	out.Files = below(c.Files, in, func(f effect.File) fact.Pos { return f.Pos })
	out.Listens = below(c.Listens, in, func(l effect.Listen) fact.Pos { return l.Pos })
	out.Signals = below(c.Signals, in, func(x effect.Signal) fact.Pos { return x.Pos })
	out.Headless = below(c.Headless, in, func(at fact.Pos) fact.Pos { return at })
	out.Ends = below(c.Ends, in, func(at fact.Pos) fact.Pos { return at })
	out.Uses, out.Local = map[string][]fact.Fact[string]{}, map[string][]string{}
	for file, uses := range c.Uses {
		if in(file) {
			out.Uses[file] = uses
		}
	}
	for file, local := range c.Local {
		if in(file) {
			out.Local[file] = local
		}
	}
	out.Imports = map[string]fact.Pos{}
	for name, pos := range c.Imports {
		if in(pos.File) {
			out.Imports[name] = pos
		}
	}
	for _, file := range sortedKeys(out.Uses) {
		for _, u := range out.Uses[file] {
			if _, ok := out.Imports[u.Value]; !ok {
				out.Imports[u.Value] = u.Pos
			}
		}
	}
	return out
}

func factPos(f fact.Fact[string]) fact.Pos { return f.Pos }

func below[T any](list []T, in func(string) bool, pos func(T) fact.Pos) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return !in(pos(x).File) })
}

// readCode reads the source files of the folder.
func (f *Facts) readCode(t *tree.Tree) {
	f.Code = Code{Imports: map[string]fact.Pos{}, Local: map[string][]string{}, Data: map[string][]fact.Fact[string]{}, Uses: map[string][]fact.Fact[string]{}, Serving: map[string]bool{}, Exporting: map[string]bool{}, Unbuilt: map[string][]string{}}
	c := &f.Code
	m := modules{tree: t, dir: f.Dir, files: &shared{known: map[string]js.Value{}}, aliases: newAliases(t, f)}
	r := codeReader{Code: c, rules: calls(), modules: m, program: js.NewProgram(m), seen: map[string]bool{}, folders: map[string]bool{}, again: map[string]bool{}, settings: map[string]js.Value{}, asked: map[string]bool{}, routing: routing{mounts: map[js.Site][]mount{}, serving: map[js.Site]bool{}, apps: map[js.Site]bool{}, own: map[js.Site]string{}}}
	m.files.program, r.program.Production = r.program, true
	count := 0
	for _, file := range t.Files(f.Dir) {
		if ext := path.Ext(file); !slices.Contains(sourceExtensions, ext) && !slices.Contains(componentExtensions, ext) {
			continue
		}
		component := componentFile.MatchString(relative(f.Dir, file))
		if !IsSource(relative(f.Dir, file)) && !component || strings.Contains("/"+file, "/.yarn/") {
			continue
		}
		if count++; count > maxSources || r.size > maxSourceTotal {
			c.Cut = true
			break
		}
		if component {
			r.component(file)
		} else {
			r.file(file)
		}
	}
	r.started(append(f.started(t), r.imported(f.Dir)...))
	r.global()
	r.handed()
	r.instances(f)
	r.resolve()
	r.pages(f.Dir)
	slices.SortStableFunc(c.Env, func(a, b effect.Env) int {
		if n := strings.Compare(a.Name, b.Name); n != 0 || a.Pos.File != b.Pos.File || a.Required == b.Required {
			return n
		}
		if a.Required {
			return -1
		}
		return 1
	})
	c.Env = slices.CompactFunc(c.Env, func(a, b effect.Env) bool { return a.Name == b.Name && a.Pos.File == b.Pos.File })
	c.Public, c.Private = firstOfEach(c.Public), firstOfEach(c.Private)
	slices.SortStableFunc(c.Routes, func(a, b effect.Route) int { return strings.Compare(a.Path, b.Path) })
}

// firstOfEach sorts variables by name and keeps the first place of each in
// every file.
func firstOfEach(list []fact.Fact[string]) []fact.Fact[string] {
	slices.SortStableFunc(list, func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) })
	return slices.CompactFunc(list, func(a, b fact.Fact[string]) bool { return a.Value == b.Value && a.Pos.File == b.Pos.File })
}

// codeReader fills Code.
type codeReader struct {
	*Code
	*rules
	modules modules
	program *js.Program
	seen    map[string]bool
	again   map[string]bool // files whose functions others call with arguments
	folders map[string]bool // those that a file loads code from: both, with a NUL between
	size    int             // of what was read
	routing routing
	// settings are those that a framework is told, asked the files that ask for one.
	settings map[string]js.Value
	asked    map[string]bool
}

// file reads a source file. One that cannot be read says nothing.
func (r *codeReader) file(name string) {
	if r.seen[name] {
		return
	}
	r.seen[name] = true
	text, err := r.modules.tree.ReadHead(name, maxSourceBytes)
	if err != nil {
		return
	}
	r.size += len(text)
	if exports(text) {
		r.Exporting[name] = true
	}
	s := source{codeReader: r, File: r.program.Add(name, text)}
	s.read()
}

// global has the files read once more that name what another one writes to the global object, which
// may have been read after them.
func (r *codeReader) global() {
	for name := range r.seen {
		f := r.program.File(name)
		if f == nil {
			continue
		}
		if slices.ContainsFunc(f.Tokens, func(t js.Token) bool { return t.Kind == js.Ident && r.program.Global(t.Text) }) {
			r.again[name] = true
		}
	}
}

// maxRounds bounds how far arguments are followed from file to file.
const maxRounds = 3

// handed reads what the files do once more whose functions get their arguments from other
// files: a port that index.js hands to server.js.
func (r *codeReader) handed() {
	if len(r.settings) > 0 {
		maps.Copy(r.again, r.asked)
	}
	for range maxRounds {
		files := sortedKeys(r.again)
		r.again = map[string]bool{}
		for _, name := range files {
			f := r.program.File(name)
			if f == nil || !r.seen[name] {
				continue
			}
			r.program.Forget(name)
			r.routing.routes = slices.DeleteFunc(r.routing.routes, func(x foundRoute) bool { return x.pos.File == name })
			r.routing.nest.controllers = slices.DeleteFunc(r.routing.nest.controllers, func(x foundController) bool { return x.pos.File == name })
			set := r.Set
			r.Set = effect.Set{}
			s := source{codeReader: r, File: f}
			s.variables()
			s.effects()
			set.Listens = replaced(set.Listens, r.Listens, name, func(l effect.Listen) fact.Pos { return l.Pos })
			set.Files = replaced(set.Files, r.Files, name, func(x effect.File) fact.Pos { return x.Pos })
			set.Execs = replaced(set.Execs, r.Execs, name, func(x effect.Exec) fact.Pos { return x.Pos })
			set.Env = replaced(set.Env, r.Env, name, func(x effect.Env) fact.Pos { return x.Pos })
			set.Signals = replaced(set.Signals, r.Signals, name, func(x effect.Signal) fact.Pos { return x.Pos })
			set.Headless = replaced(set.Headless, r.Headless, name, func(at fact.Pos) fact.Pos { return at })
			set.Ends = replaced(set.Ends, r.Ends, name, func(at fact.Pos) fact.Pos { return at })
			r.Set = set
		}
	}
}

// replaced is a list with other facts of one file, where those of the file stood.
func replaced[T any](list, fresh []T, file string, pos func(T) fact.Pos) []T {
	at := slices.IndexFunc(list, func(x T) bool { return pos(x).File == file })
	if at < 0 {
		return append(list, fresh...)
	}
	rest := slices.DeleteFunc(slices.Clone(list[at:]), func(x T) bool { return pos(x).File == file })
	return slices.Concat(list[:at], fresh, rest)
}

// exports reports whether a line of a file begins with export, or writes to what CommonJS
// exports.
func exports(text []byte) bool {
	for _, begin := range []string{"export ", "export{", "exports."} {
		if bytes.HasPrefix(text, []byte(begin)) || bytes.Contains(text, []byte("\n"+begin)) {
			return true
		}
	}
	return bytes.Contains(text, []byte("module.exports"))
}

// imported are the files that the code read so far imports and that were passed over by the name of a folder: a module in
// src/static or src/docs is the app's, as it is one of src.
func (r *codeReader) imported(dir string) []string {
	var out []string
	for _, file := range sortedKeys(r.seen) {
		for _, name := range r.Local[file] {
			if row := aside.File("node", relative(dir, name)); !r.seen[name] && row != nil && row.Role != aside.Tests {
				out = append(out, name)
			}
		}
	}
	return out
}

// started reads the files that scripts run, with those that they import, also
// where their folder is one of tests or tools.
func (r *codeReader) started(queue []string) {
	for limit := r.size + maxSourceTotal/4; len(queue) > 0 && len(r.seen) < 2*maxSources && r.size <= limit; {
		file := queue[0]
		queue = queue[1:]
		if r.seen[file] || path.Ext(file) != "" && !slices.Contains(sourceExtensions, path.Ext(file)) || strings.HasSuffix(file, ".d.ts") {
			continue
		}
		r.file(file)
		queue = append(queue, r.Local[file]...)
	}
}

// startScript are the scripts that run an app, not its tests or its tools.
var startScript = lazy.MustCompile(`^(start|serve|server|prod|production)(:|$)`)

var scriptWord = lazy.MustCompile(`[^\s;&|()'"]+`)

// started lists the files that the scripts, the Procfile and the manifest
// start, from the root of the repository on.
func (f *Facts) started(t *tree.Tree) []string {
	var out []string
	add := func(dir, text string) {
		for _, w := range scriptWord.FindAllString(text, 50) {
			if strings.HasPrefix(w, "-") || path.IsAbs(w) {
				continue
			}
			base := path.Join(dir, w)
			for _, c := range []string{base, base + ".js", base + ".mjs", base + ".cjs", base + ".ts", path.Join(base, "index.js"), path.Join(base, "index.ts")} {
				if t.Has(c) && (slices.Contains(sourceExtensions, path.Ext(c)) || isProgram(t, c)) {
					out = append(out, c)
					break
				}
			}
		}
	}
	started := func(p *Facts) {
		add(p.Dir, p.Main.Value)
		names := map[string]bool{}
		var script func(name string)
		script = func(name string) {
			if names[name] {
				return
			}
			names[name] = true
			text := p.Scripts[name].Value
			add(p.Dir, text)
			for _, w := range scriptWord.FindAllString(text, 50) { // npm run other
				if _, ok := p.Scripts[w]; ok && w != "test" {
					script(w)
				}
			}
		}
		for _, name := range sortedKeys(p.Scripts) {
			if startScript.MatchString(name) {
				script(name)
			}
		}
	}
	started(f)
	for _, p := range f.Procfile {
		add(f.Dir, p.Text)
	}
	for _, u := range f.Packages {
		started(u.Facts)
	}
	return out
}

// isProgram reports whether a file without an extension is a program for Node, as
// bin/www of many apps is.
func isProgram(t *tree.Tree, file string) bool {
	if path.Ext(file) != "" {
		return false
	}
	text, err := t.ReadHead(file, 256)
	line, _, _ := strings.Cut(string(text), "\n")
	return err == nil && strings.HasPrefix(line, "#!") && (strings.Contains(line, "node") || strings.Contains(line, "bun"))
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// source is one file. What its rules do not recognise is no fact.
type source struct {
	*codeReader
	*js.File
	serves bool // a call makes a server or listens

	always []bool         // unconditional
	texts  map[string]int // how many tokens have a text, worked out with it
}

func (s *source) text(i int) string {
	if i < 0 || i >= len(s.Tokens) {
		return ""
	}
	return s.Tokens[i].Text
}

func (s *source) is(i int, want ...string) bool {
	for k, w := range want {
		if s.text(i+k) != w {
			return false
		}
	}
	return true
}

func (s *source) identifier(i int) bool {
	return i >= 0 && i < len(s.Tokens) && s.Tokens[i].Kind == js.Ident
}

func (s *source) pos(i int) fact.Pos { return fact.At(s.Name, s.Line(i)) }

func (s *source) read() {
	s.imports()
	typescript := strings.Contains(path.Ext(s.Name), "ts")
	for i, t := range s.Tokens {
		switch t.Kind {
		case js.String, js.Template, js.Tail, js.Middle:
			s.climb(i)
		case js.Ident:
			if s.is(i+1, "(") && serving.MatchString(t.Text) && t.Text != "serveStatic" {
				s.Serving[s.Name] = true
			}
		default:
		}
		if typescript && s.Untyped.IsZero() && s.untyped(i) {
			s.Untyped = s.pos(i)
		}
	}
	if s.Actions.IsZero() {
		s.actions()
	}
	s.variables()
	s.effects()
}

// actions finds the form actions of a page of SvelteKit, and its remote functions that are no queries:
// https://svelte.dev/docs/kit/remote-functions.
func (s *source) actions() {
	base := path.Base(s.Name)
	page, remote := strings.HasPrefix(base, "+page.server."), strings.Contains(base, ".remote.")
	if !page && !remote {
		return
	}
	for i, t := range s.Tokens {
		if t.Kind == js.Ident && (page && t.Text == "actions" && s.is(i-2, "export") || remote && (t.Text == "form" || t.Text == "command") && s.is(i-1, "=") && s.is(i+1, "(")) {
			s.Actions = s.pos(i)
			return
		}
	}
}

// serving matches names of functions that may bind a port.
var serving = lazy.MustCompile(`(?i)listen|serve|start|run|boot|launch`)

// imports takes over what the file imports.
func (s *source) imports() {
	for _, m := range s.Imports {
		if m.Specifier == "" {
			// What is loaded by a computed name may be any file.
			if _, literal := s.Str(m.Token); !literal && !s.loadsComputed(m.Token) && s.Computed.IsZero() {
				s.Computed = s.pos(m.Token)
			}
			continue
		}
		name := m.Specifier
		file, local := s.modules.Resolve(s.Name, name)
		switch {
		case local:
			s.Local[s.Name] = append(s.Local[s.Name], file)
			if path.Ext(file) == ".json" && !m.Dynamic && !m.Types {
				s.Data[s.Name] = append(s.Data[s.Name], fact.Fact[string]{Value: file, Pos: s.pos(m.Token)})
			}
		case strings.HasPrefix(name, "."):
			s.Unbuilt[s.Name] = append(s.Unbuilt[s.Name], path.Join(path.Dir(s.Name), name))
		}
		switch {
		case strings.HasPrefix(name, "."), strings.HasPrefix(name, "/"):
		case local && s.modules.aliases.units[PackageOf(name)] == nil: // an alias
		default:
			if !m.Types {
				s.Uses[s.Name] = append(s.Uses[s.Name], fact.Fact[string]{Value: PackageOf(name), Pos: s.pos(m.Token)})
			}
			if _, seen := s.Code.Imports[PackageOf(name)]; !seen {
				s.Code.Imports[PackageOf(name)] = s.pos(m.Token)
			}
		}
	}
}

// loadsComputed takes over the files that require(x) or import(x) with its keyword at
// i may load, if x says at least in which folder they are.
func (s *source) loadsComputed(i int) bool {
	if !s.is(i+1, "(") {
		return false
	}
	args := s.Arguments(i + 1)
	if len(args) == 0 {
		return false
	}
	v := args[0]
	if v.Base == js.None && (v.Kind == js.Scalar || v.Kind == js.Parts) {
		if !strings.HasPrefix(v.Text, "./") && !strings.HasPrefix(v.Text, "../") {
			return false
		}
		v.Text, v.Base = path.Join(path.Dir(s.Name), v.Text+"x")[:len(path.Join(path.Dir(s.Name), v.Text+"x"))-1], js.Root
	}
	return s.load(v, s.pos(i))
}

// maxLoaded bounds the files that one file loads from a folder.
const maxLoaded = 500

// located is the path of a file from the root of the tree on, if it lies below the working
// directory or beside the code; "" for any other.
func (s *source) located(f effect.File) string {
	switch f.Base {
	case effect.WorkDir:
		return path.Join(s.modules.dir, f.Path.Text)
	case effect.Code:
		return path.Join(path.Dir(s.Name), f.Path.Text)
	default:
		return ""
	}
}

// load takes over the code that a path names, or all that is below the folder that it
// names the beginning of; false if it says neither.
func (s *source) load(v js.Value, pos fact.Pos) bool {
	f, ok := s.path(v, pos)
	if !ok || f.Path.Text == "" || path.IsAbs(f.Path.Text) {
		return false
	}
	name := s.located(f)
	if name == "" {
		return false
	}
	if file, ok := s.modules.find(name); ok && !f.Dir {
		s.Local[s.Name] = append(s.Local[s.Name], file)
		return true
	}
	if name == s.modules.dir || !s.modules.tree.HasDir(name) || s.folders[s.Name+"\x00"+name] || len(s.folders) > maxLoaded {
		return false
	}
	s.folders[s.Name+"\x00"+name] = true
	count := 0
	for _, file := range s.modules.tree.Files(name) {
		if !slices.Contains(sourceExtensions, path.Ext(file)) || !IsSource(relative(s.modules.dir, file)) {
			continue
		}
		if count++; count > maxLoaded {
			return false
		}
		s.Local[s.Name] = append(s.Local[s.Name], file)
	}
	return true
}

// climb finds '../x' and `${__dirname}/../x` that is no import, and '..' with what path.join puts behind
// it.
func (s *source) climb(i int) {
	name := upward(s.Tokens[i].Value())
	if name == "" || s.is(i-1, "from") || s.is(i-1, "import") || s.text(i-1) == "(" && (s.text(i-2) == "require" || s.text(i-2) == "import") {
		return
	}
	if before, ok := s.Str(i - 2); ok && s.is(i-1, ",") && upward(before) != "" {
		return // told by the one before
	}
	pos := s.pos(i)
	for range maxParts {
		if !s.is(i+1, ",") {
			break
		}
		next, ok := s.Str(i + 2)
		if !ok {
			break
		}
		name = path.Join(name, next)
		i += 2
	}
	s.Climbs = append(s.Climbs, fact.Fact[string]{Value: path.Clean(name), Pos: pos})
}

// maxParts bounds the arguments that make one path.
const maxParts = 32

// upward is the part of a path from its first step up on: "../x" of "/../x" and
// of `${__dirname}/../x`; "" where it has none.
func upward(name string) string {
	if name == ".." || strings.HasPrefix(name, "../") {
		return name
	}
	if i := strings.Index(name, "/../"); i >= 0 {
		return name[i+1:]
	}
	if strings.HasSuffix(name, "/..") {
		return ".."
	}
	return ""
}

// untyped reports whether token i starts TypeScript that Node's type
// stripping does not run: enums, namespaces, decorators, parameter
// properties, import aliases, and imports without their extension
// (https://nodejs.org/api/typescript.html#typescript-features).
func (s *source) untyped(i int) bool {
	switch s.text(i) {
	case "enum", "namespace", "module":
		return s.identifier(i+1) && s.is(i+2, "{") && s.text(i-1) != "declare" && s.text(i-1) != "."
	case "@":
		return s.identifier(i+1) && s.text(i-1) != "."
	case "private", "public", "protected", "readonly":
		return (s.is(i-1, "(") || s.is(i-1, ",")) && s.identifier(i+1) && s.text(i+1) != ":" && s.InConstructor(i)
	case "import":
		return s.is(i+2, "=") && s.text(i+1) != "type"
	}
	if name, ok := s.Str(i); ok && strings.HasPrefix(name, ".") && (s.is(i-1, "from") || s.is(i-1, "import") || s.is(i-2, "require", "(")) {
		ext := path.Ext(name)
		return !slices.Contains(sourceExtensions, ext) && ext != ".json" || strings.HasPrefix(ext, ".j") && ext != ".json"
	}
	return false
}

// PackageOf is the package that an import specifier names: "@a/b" of
// "@a/b/c", "fs" of "fs/promises".
func PackageOf(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
