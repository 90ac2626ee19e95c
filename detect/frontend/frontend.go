// Package frontend finds the folders of a repository whose package.json builds
// something, and what their own files, and the files that build the rest, say of
// where it goes. Which of them makes a folder that a program of another language
// embeds or serves is for the caller to decide.
package frontend

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// A Maker is a folder with a package.json that has a script which builds.
type Maker struct {
	Dir string   // relative to the scanned root, "." for it
	Pos fact.Pos // of its package.json
	// Docs says that it lies in a folder of documentation.
	Docs bool
	// Builds says that it has a script called build. Without one, others that build are among Named.
	Builds  bool
	scripts map[string]string
	bundler string // the script that bundles, of one without a script called build
	// Named are the paths that its scripts and the configuration of its tools
	// name, those of the script build first. None of them leads out of the root.
	Named []Name
}

// Name is a path that a front end's own files name.
type Name struct {
	Path   string // relative to the scanned root
	Pos    fact.Pos
	Script string // the script that names it, if build does not run that; "" otherwise

	ignored bool // by Git, of one without a script called build, and none that a manager installs
	again   bool // another script names it, too
}

// Copied is what a command of the repository's own builds copies or moves.
type Copied struct {
	From, To string // relative to the scanned root
	Pos      fact.Pos
	// Script is the command with which the stage of a Dockerfile builds that has the files: a
	// script or a program, with its arguments; "" for build alone.
	Script string
	// Node is the release of Node in the image of that stage: "20", "18.2"; "" where that is not known.
	Node string
	// Variable is the one that the Dockerfile tells the app the folder by; To is a rooted path of
	// the image then, which no folder of the repository is.
	Variable string
	// Found says that To is where the app finds the folder from its working directory in the image that the
	// Dockerfile makes, which has nothing else of the repository.
	Found bool
}

// Only reports whether no other script names a path that Git ignores: a step of several writes what another reads.
func (m Maker) Only(script string) bool {
	return !slices.ContainsFunc(m.Named, func(n Name) bool { return n.ignored && (n.Script != script || n.again) })
}

// Runs reports whether the front end can run the command of a Copied.
func (m Maker) Runs(command string) bool {
	name, args, _ := strings.Cut(command, " ")
	return m.scripts[name] != "" || args != ""
}

// The most makers, files of tools in each, and paths of each that are read.
const (
	maxMakers = 20
	maxFiles  = 30
	maxNamed  = 400
	maxCopied = 400
	maxConfig = 256 << 10 // bytes of all files of tools in one
	// maxReached is how many scripts of one build are followed.
	maxReached = 50
)

type key string

// Makers lists those at and below a folder, by their folder. A folder of
// examples, tests or documentation makes nothing.
func Makers(t *tree.Tree, dir string) []Maker {
	dir = path.Clean(dir)
	out, _ := t.Once(key(dir), func() any {
		var out []Maker
		for _, name := range t.Named(dir, "package.json") {
			if len(out) == maxMakers {
				break
			}
			at := path.Dir(name)
			inner := strings.TrimPrefix(strings.TrimPrefix(at, dir), "/")
			if at == "." {
				inner = ""
			}
			r := aside.Folder("node", inner)
			if r != nil && inner != "" && slices.Contains([]aside.Role{aside.Tests, aside.Examples, aside.Benchmarks, aside.Environment, aside.Output}, r.Role) {
				continue
			}
			if m, ok := read(t, name); ok {
				m.Docs = inner != "" && r != nil && r.Role == aside.Docs
				out = append(out, m)
			}
		}
		return out
	}).([]Maker)
	return out
}

// read reads one folder.
func read(t *tree.Tree, name string) (Maker, bool) {
	text, err := t.ReadHead(name, 256<<10)
	if err != nil {
		return Maker{}, false
	}
	var manifest struct {
		Scripts map[string]string `json:"scripts"`
	}
	if json.Unmarshal(text, &manifest) != nil {
		return Maker{}, false
	}
	m := Maker{Dir: path.Dir(name), Pos: fact.At(name, 0), Builds: manifest.Scripts["build"] != "", scripts: manifest.Scripts}
	if _, ok := marker.Of(t, m.Dir)["browser extension"]; ok {
		return Maker{}, false // which no server serves
	}
	var reached []string
	if m.Builds {
		reached = reachedFrom("build", manifest.Scripts)
	} else if m.bundler = bundler(manifest.Scripts); m.bundler == "" && !slices.ContainsFunc(slices.Collect(maps.Keys(manifest.Scripts)), builds.MatchString) {
		return Maker{}, false
	}
	for _, name := range reached {
		m.script(manifest.Scripts[name], "")
	}
	n, left := 0, int64(maxConfig)
	for _, base := range t.Names(m.Dir) {
		if !configName.MatchString(base) {
			continue
		}
		if n++; n > maxFiles || left == 0 || len(m.Named) == maxNamed {
			break
		}
		file := path.Join(m.Dir, base)
		if text, err := t.ReadHead(file, min(left, 64<<10)); err == nil {
			left -= int64(len(text))
			m.config(file, string(text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(manifest.Scripts)) {
		if !slices.Contains(reached, name) && (builds.MatchString(name) || name == m.bundler) {
			m.script(manifest.Scripts[name], name)
		}
	}
	for i, n := range m.Named {
		if n.Script == "" && m.bundler != "" {
			m.Named[i].Script = m.bundler // reads what names it
		}
	}
	for i, n := range m.Named {
		m.Named[i].ignored = !m.Builds && t.IgnoresFolder(n.Path) && !strings.Contains("/"+n.Path, "/node_modules/")
	}
	return m, true
}

// builds matches the names of scripts that build, beside build.
var builds = lazy.MustCompile(`(?i)build|release|prod|bundle|compile|package|embed|deploy`)

var (
	// bundles matches what a script runs that bundles a front end once: https://webpack.js.org/api/cli/, https://vite.dev/guide/cli,
	// https://angular.dev/cli/build, https://parceljs.org/features/cli/, https://rollupjs.org/command-line-interface/.
	bundles = lazy.MustCompile(`(^|[ &;])(webpack|rollup|esbuild|rspack|rsbuild build|parcel build|vite build|ng build|react-scripts build|vue-cli-service build|nuxt (build|generate)|nuxi (build|generate)|gulp build|grunt build)( |$)`)
	// staysUp matches a script that runs on, or does so for those who develop.
	staysUp    = lazy.MustCompile(`(?i)\b(serve|server|watch|dev|development|start|storybook|analy[sz]er?|stats)\b|--(watch|serve|hot)\b| -w( |$)`)
	production = lazy.MustCompile(`(?i)prod`)
)

// bundler is the one script that bundles, or the one of these that does so for production, "" if that is not clear.
func bundler(scripts map[string]string) string {
	var all, prod []string
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		text := scripts[name]
		if len(text) > 2000 || !bundles.MatchString(text) || staysUp.MatchString(strings.ReplaceAll(name, "_", "-")+" "+text) {
			continue
		}
		all = append(all, name)
		if production.MatchString(name + " " + text) {
			prod = append(prod, name)
		}
	}
	for _, list := range [][]string{all, prod} {
		if len(list) == 1 {
			return list[0]
		}
	}
	return ""
}

// reachedFrom are a script and those that it runs, by their names.
func reachedFrom(name string, scripts map[string]string) []string {
	out, names := []string{name}, slices.Sorted(maps.Keys(scripts))
	for i := 0; i < len(out); i++ {
		list := words(scripts[out[i]])
		for _, word := range list[:min(len(list), maxNamed)] {
			prefix, pattern := strings.CutSuffix(word, "*")
			for _, other := range names {
				if (other == word || pattern && prefix != "" && strings.HasPrefix(other, prefix)) && len(out) < maxReached && !slices.Contains(out, other) {
					out = append(out, other)
				}
			}
		}
	}
	return out
}

// words are what a script is made of.
func words(script string) []string {
	return strings.FieldsFunc(script, func(r rune) bool { return strings.ContainsRune(" \t=;&|\"'()", r) })
}

// script adds the paths that a script names.
func (m *Maker) script(text, name string) {
	for _, word := range words(text) {
		m.add(word, name, m.Pos)
	}
}

// configName matches the files in a folder by which tools are told where to write.
var configName = lazy.MustCompile(`(?i)(\.config|rc)\.[cm]?[jt]s(on)?$|^(webpack|rollup|esbuild|gulpfile|gruntfile|build|craco|config-overrides)\b.*\.[cm]?[jt]s$|^(angular|project|\.parcelrc)(\.json)?$`)

var (
	quoted = lazy.MustCompile("[\"'`]([A-Za-z0-9_./@-]{1,200})[\"'`]")
	joined = lazy.MustCompile(`\b(?:join|resolve)\(|\bnew URL\(`)
)

// maxArguments is how long the arguments of such a call may be.
const maxArguments = 1000

// config adds the paths that a file of a tool names: its strings, and those that
// path.join and path.resolve put together.
func (m *Maker) config(file, text string) {
	at := lineOf(text)
	for _, c := range joined.FindAllStringIndex(text, maxNamed) {
		args := text[c[1]:min(len(text), c[1]+maxArguments)]
		stop := "()"
		if strings.HasPrefix(text[c[0]:], "new") {
			stop = "(),\n" // the first argument
		}
		end := strings.IndexAny(args, stop)
		if end < 0 || args[end] == '(' || args[end] == '\n' || stop != "()" && args[end] == ')' {
			continue
		}
		var parts []string
		for _, q := range quoted.FindAllStringSubmatch(args[:end], 20) {
			parts = append(parts, q[1])
		}
		m.add(path.Join(parts...), "", fact.At(file, at(c[0])))
	}
	at = lineOf(text)
	for _, q := range quoted.FindAllStringSubmatchIndex(text, maxNamed) {
		m.add(text[q[2]:q[3]], "", fact.At(file, at(q[0])))
	}
}

// lineOf gives the lines of places in a text, which are asked for in their order.
func lineOf(text string) func(at int) int {
	line, from := 1, 0
	return func(at int) int {
		line, from = line+strings.Count(text[from:at], "\n"), at
		return line
	}
}

// add takes a word that may be a path from the front end's folder on.
func (m *Maker) add(word, script string, pos fact.Pos) {
	word = strings.TrimPrefix(word, "file:")
	if word == "" || len(word) > 200 || path.IsAbs(word) || strings.ContainsAny(word, "*?[]{}$\\<>:,()`\n") || strings.HasPrefix(word, "-") || len(m.Named) >= maxNamed {
		return
	}
	name := path.Join(m.Dir, word)
	if name == "." || name == m.Dir || name == ".." || strings.HasPrefix(name, "../") {
		return
	}
	if i := slices.IndexFunc(m.Named, func(o Name) bool { return o.Path == name }); i >= 0 {
		m.Named[i].again = m.Named[i].again || m.Named[i].Script != script
	} else {
		m.Named = append(m.Named, Name{Path: name, Pos: pos, Script: script})
	}
}

// Copies lists what the repository's own builds copy from one place to another:
// cp, mv and rsync with one source, in a Makefile, a script, CI, or a step of its
// own Dockerfile. dir is the folder that the reader reads.
func Copies(b *buildfile.Reader, dir string) []Copied {
	var out []Copied
	for _, f := range b.Builds(".") {
		for _, c := range f.Commands {
			if len(out) == maxCopied {
				return out
			}
			if p := c.Program(); p != "cp" && p != "mv" && p != "rsync" {
				continue
			}
			var words []string
			for _, w := range c.Words[1:] {
				if !strings.HasPrefix(w, "-") {
					words = append(words, w)
				}
			}
			if len(words) != 2 || slices.ContainsFunc(append(words, c.Dir), unclear) {
				continue
			}
			from, to := path.Join(dir, c.Dir, strings.TrimSuffix(words[0], "*")), path.Join(dir, c.Dir, words[1])
			if !strings.HasPrefix(from, "..") && !strings.HasPrefix(to, "..") {
				out = append(out, Copied{From: from, To: to, Pos: c.Pos})
			}
		}
	}
	return out
}

// unclear reports whether a word is no path that can be read.
func unclear(w string) bool {
	return strings.Contains(w, buildfile.Unknown) || path.IsAbs(w) || strings.ContainsAny(strings.TrimSuffix(w, "*"), "*?[${:")
}
