package node

import (
	"cmp"
	_ "embed"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

// Config is what the frameworks' own configuration files say, as far as it
// can be read without running them.
type Config struct {
	Files []ConfigFile // sorted by tool
	Env   []EnvFile    // in the order in which bundlers read them
	// Examples are files that list variables for the user to set.
	Examples []EnvFile
}

// EnvFile is a file of variables that bundlers read at build time. Its values
// may be secrets and are not kept, but for the ports of variables whose names say that
// they are one, and for those that settings are read with.
type EnvFile struct {
	File  string              // relative to the folder of the app
	Names []fact.Fact[string] // of the variables, in order
	ports map[string]fact.Fact[int]
	plain map[string]fact.Fact[string] // values that are no secrets, and that name no other variable
}

// Port is the port that the file gives a variable.
func (e EnvFile) Port(name string) (fact.Fact[int], bool) {
	p, ok := e.ports[name]
	return p, ok
}

// envFiles are those that a production build reads and that are meant to be
// committed: https://vite.dev/guide/env-and-mode#env-files.
var envFiles = []string{".env", ".env.production"} //nolint:gochecknoglobals // a constant table

func readEnvFiles(t *tree.Tree, dir string, names []string) []EnvFile {
	var out []EnvFile
	for _, name := range names {
		file := buildfile.Of(t, dir).File(name)
		if file == nil {
			continue
		}
		e := EnvFile{File: name, ports: map[string]fact.Fact[int]{}, plain: map[string]fact.Fact[string]{}}
		for _, v := range file.Env {
			e.Names = append(e.Names, fact.Fact[string]{Value: v.Value.Name, Pos: v.Pos})
			if n := portNumber(v.Value.Value); n > 0 && (v.Value.Name == "PORT" || strings.HasSuffix(v.Value.Name, "_PORT")) {
				e.ports[v.Value.Name] = fact.Fact[int]{Value: n, Pos: v.Pos}
			}
			if !secret.Possible(v.Value.Name) && !secret.Value(v.Value.Value) && !strings.ContainsAny(v.Value.Value, "$"+buildfile.Unknown) && len(v.Value.Value) <= maxPlain {
				e.plain[v.Value.Name] = fact.Fact[string]{Value: v.Value.Value, Pos: v.Pos}
			}
		}
		out = append(out, e)
	}
	return out
}

// maxPlain is the most bytes of a value of such a file that is kept.
const maxPlain = 300

// ConfigFile is one configuration file.
type ConfigFile struct {
	Tool string // "next", "vite", "angular", …
	File string // relative to the folder of the app
	dir  string // the folder of the app
	pos  string // the file relative to the root of the repository
	env  []EnvFile
	root js.Value
	// Modules are what the file imports, by the names that it imports them by,
	// in order.
	Modules []string
}

// Local reports whether the file imports others of the repository.
func (c *ConfigFile) Local() bool {
	return slices.ContainsFunc(c.Modules, func(m string) bool { return strings.HasPrefix(m, ".") || strings.HasPrefix(m, "/") })
}

// Imports reports whether the file imports a module by that name; a nil file
// imports nothing.
func (c *ConfigFile) Imports(module string) bool {
	return c != nil && slices.Contains(c.Modules, module)
}

// toolRow is a row of tools.yaml.
type toolRow struct {
	Tool   string   `yaml:"tool"`
	Files  []string `yaml:"files"`
	Source string   `yaml:"source"`
}

//go:embed tools.table
var toolsCompiled string

var tools = sync.OnceValue(func() []toolRow { return table.Must[[]toolRow]("tools.yaml", toolsCompiled) }) //nolint:gochecknoglobals // decoded once

var configExtensions = []string{".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"} //nolint:gochecknoglobals // a constant table

// maxConfig is the size above which a configuration file is not read.
const maxConfig = 1 << 20

// readConfig reads the configuration files in the folder of f. A file that
// cannot be read has values that are all computed, but a malformed JSON file
// is an error of the user's.
func readConfig(t *tree.Tree, f *Facts) (Config, error) {
	out := Config{Env: readEnvFiles(t, f.Dir, envFiles), Examples: readEnvFiles(t, f.Dir, buildfile.EnvExamples())}
	program := js.NewProgram(modules{tree: t, dir: f.Dir})
	program.Build = true
	for _, row := range tools() {
		name := cmp.Or(configFile(t, f.Dir, row.Files), namedConfig(t, f, row.Tool))
		if name == "" {
			continue
		}
		file := path.Join(f.Dir, name)
		c := ConfigFile{Tool: row.Tool, File: name, dir: f.Dir, pos: file, env: out.Env}
		if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".yml") {
			v, err := document.Read(t, file)
			if err != nil {
				return Config{}, err
			}
			c.root = dataOf(v)
		} else if text, err := t.Read(file); err == nil && len(text) <= maxConfig {
			c.read(program.Add(file, text), buildArguments(f, row.Tool)...)
		}
		out.Files = append(out.Files, c)
	}
	if c, ok := out.svelteInVite(); ok {
		i, _ := slices.BinarySearchFunc(out.Files, c, func(a, b ConfigFile) int { return strings.Compare(a.Tool, b.Tool) })
		out.Files = slices.Insert(out.Files, i, c)
	}
	return out, nil
}

// read takes over what a file of code exports.
func (c *ConfigFile) read(f *js.File, args ...js.Value) {
	c.root = f.Config(args...)
	for _, m := range f.Imports {
		if m.Specifier != "" {
			c.Modules = append(c.Modules, m.Specifier)
		}
	}
}

// buildArguments are what a tool gives a function that its configuration
// exports when it builds. A build script that does not say its mode plainly leaves the
// mode open.
func buildArguments(f *Facts, tool string) []js.Value {
	mode := js.Value{}
	if name, ok := buildMode(f, "build", 0); ok {
		mode = js.Of(name, "", 0)
	}
	switch tool {
	case "next": // https://nextjs.org/docs/app/api-reference/config/next-config-js#phase
		return []js.Value{js.Of("phase-production-build", "", 0)}
	case "webpack", "rspack": // https://webpack.js.org/configuration/configuration-types/#exporting-a-function
		return []js.Value{{Kind: js.Object, Open: true}, {Kind: js.Object, Open: true, Keys: []string{"mode"}, Values: []js.Value{mode}}}
	}
	// https://vite.dev/config/#conditional-config
	return []js.Value{{Kind: js.Object, Open: true, Keys: []string{"command", "mode"}, Values: []js.Value{js.Of("build", "", 0), mode}}}
}

// buildMode is the mode that a script builds in: what it says itself, or a script that it
// runs. ok is false if it says several.
func buildMode(f *Facts, name string, depth int) (mode string, ok bool) {
	text := f.Scripts[name].Value
	said := modeFlag.FindAllStringSubmatch(text, 3)
	switch {
	case len(said) == 1:
		return said[0][1], true
	case len(said) > 1:
		return "", false
	}
	if _, ok := f.Scripts[name]; !ok && slices.ContainsFunc(slices.Collect(maps.Values(f.Scripts)), func(s fact.Fact[string]) bool { return modeFlag.MatchString(s.Value) }) {
		return "", false // nobody knows which of the scripts builds
	}
	mode = "production"
	for _, w := range scriptWord.FindAllString(text, 50) {
		if _, runs := f.Scripts[w]; !runs || w == name || depth > 3 {
			continue
		}
		m, ok := buildMode(f, w, depth+1)
		if !ok {
			return "", false
		}
		if m != "production" {
			mode = m
		}
	}
	return mode, true
}

// modeFlag matches the flag by which bundlers are told their mode:
// https://vite.dev/guide/env-and-mode#modes.
var modeFlag = lazy.MustCompile(`(?:^|\s)--mode[= ]["']?([A-Za-z0-9_.-]+)`)

// svelteInVite is SvelteKit's configuration where its plugin in Vite's holds
// it, which is possible from 2.62 on and the only way from 3 on. There what
// svelte.config.js has below kit stands at the top:
// https://svelte.dev/docs/kit/configuration.
func (c *Config) svelteInVite() (ConfigFile, bool) {
	vite := c.Of("vite")
	if vite == nil || c.Of("svelte") != nil {
		return ConfigFile{}, false
	}
	call, state := vite.find([]string{"plugins", "@sveltejs/kit/vite"})
	if state != Literal {
		return ConfigFile{}, false
	}
	root := js.Value{Kind: js.Object, File: call.File, Line: call.Line}
	if len(call.Values) > 0 {
		root.Keys, root.Values = []string{"kit"}, call.Values[:1]
	}
	return ConfigFile{Tool: "svelte", File: vite.File, dir: vite.dir, env: vite.env, pos: vite.pos, Modules: vite.Modules, root: root}, true
}

func configFile(t *tree.Tree, dir string, names []string) string {
	for _, name := range names {
		if path.Ext(name) == ".json" || path.Ext(name) == ".yml" || path.Ext(name) == ".js" {
			if t.Has(path.Join(dir, name)) {
				return name
			}
			continue
		}
		for _, ext := range configExtensions {
			if t.Has(path.Join(dir, name+ext)) {
				return name + ext
			}
		}
	}
	return ""
}

// namedConfig is the configuration file of code that the build scripts name to a tool, where it has none at its usual place: vite build
// --config frontend/vite.config.ts. "" if they name none, or several.
func namedConfig(t *tree.Tree, f *Facts, tool string) string {
	found := ""
	for _, s := range f.Scripts {
		if !strings.Contains(s.Value, tool) {
			continue
		}
		text, err := shell.Read(s.Value, shell.Start{})
		if err != nil {
			continue
		}
		for _, c := range text.Commands {
			name := configFlag(shell.Texts(c.Unwrap().Words), tool)
			if name == "" || !slices.Contains(configExtensions, path.Ext(name)) || !t.Has(path.Join(f.Dir, name)) {
				continue
			}
			if found != "" && found != name {
				return ""
			}
			found = name
		}
	}
	return found
}

// configFlag is the file that a command gives the tool as its configuration, "" for none. Another program may start the tool: npx, cross-env.
func configFlag(words []string, tool string) string {
	i := slices.Index(words, tool)
	if i < 0 {
		return ""
	}
	words = words[i:]
	for n, w := range words {
		flag, value, joined := strings.Cut(w, "=")
		if flag != "--config" && flag != "-c" {
			continue
		}
		if !joined && n+1 < len(words) {
			value = words[n+1]
		}
		return path.Clean(value)
	}
	return ""
}

// Of returns a tool's configuration file, or nil. A nil file answers every
// question as an empty one.
func (c *Config) Of(tool string) *ConfigFile {
	i := slices.IndexFunc(c.Files, func(f ConfigFile) bool { return f.Tool == tool })
	if i < 0 {
		return nil
	}
	return &c.Files[i]
}

// State says what is known of a setting.
type State int

// The states of a setting.
const (
	Absent   State = iota // not set, so the tool's default holds
	Literal               // its value stands in the file
	Computed              // set by code, so that only running it would tell
)

// Pos is the file as a whole.
func (c *ConfigFile) Pos() fact.Pos {
	if c == nil {
		return fact.Pos{}
	}
	return fact.At(c.pos, 0)
}

// Variable is the environment variable that the setting at a path of keys is
// made of, or that decides what it is; "" for none. Get reads it as not set.
func (c *ConfigFile) Variable(keys ...string) string {
	if c == nil || len(keys) == 0 {
		return ""
	}
	parent, state := c.find(keys[:len(keys)-1])
	if state != Literal {
		return ""
	}
	if l, ok := parent.Field(keys[len(keys)-1]); ok && l.Kind == js.Env {
		return l.Text
	}
	return ""
}

// settled is a value in a build, which sets no variables but those of the
// files that it reads.
func (c *ConfigFile) settled(v *js.Value) *js.Value {
	for x := v; x != nil && x.Kind == js.Env; x = x.Default {
		for _, e := range slices.Backward(c.env) { // the last one counts
			if p, ok := e.plain[x.Text]; ok && x.Loaded() {
				out := js.Of(p.Value, p.Pos.File, p.Pos.Line)
				return &out
			}
			if slices.ContainsFunc(e.Names, func(n fact.Fact[string]) bool { return n.Value == x.Text }) {
				return v
			}
		}
	}
	out := v.Unset()
	return &out
}

// Get returns the setting at a path of keys. What depends on an environment variable is
// read as in a production build that does not set it. A call of an imported function
// has the module's name as its value, and its first argument is entered by
// the next key; in an array, a key is a place from 0 on, names the module of a call in it,
// or is what an object in it holds: the path plugins, @remix-run/dev, ssr is false for
// plugins: [remix({ssr: false})], and targets, type=www, dir is out for
// targets: [{type: "www", dir: "out"}].
func (c *ConfigFile) Get(keys ...string) (fact.Fact[string], State) {
	if c == nil {
		return fact.Fact[string]{}, Absent
	}
	l, state := c.find(keys)
	switch {
	case state != Literal:
		if l == nil {
			return fact.Fact[string]{Pos: c.Pos()}, state
		}
		return fact.Fact[string]{Pos: c.posOf(l)}, state
	case l.Kind == js.Object || l.Kind == js.Array:
		return fact.Fact[string]{Pos: c.posOf(l)}, Literal
	case l.Kind == js.Call:
		return fact.Fact[string]{Value: l.Ref.Module, Pos: c.posOf(l)}, Literal
	case !l.Known():
		return fact.Fact[string]{}, Absent
	case l.Base == js.Root:
		return fact.Fact[string]{Value: rel(c.dir, l.Text), Pos: c.posOf(l)}, Literal
	}
	return fact.Fact[string]{Value: l.Text, Pos: c.posOf(l)}, Literal
}

func (c *ConfigFile) posOf(v *js.Value) fact.Pos {
	if v.File == "" {
		return fact.At(c.pos, v.Line)
	}
	return fact.At(v.File, v.Line)
}

// Anchored reports whether the setting at a path of keys is relative to the
// folder of the app, whatever the tool takes other paths to be relative to:
// outDir: path.resolve(__dirname, "dist").
func (c *ConfigFile) Anchored(keys ...string) bool {
	if c == nil {
		return false
	}
	l, state := c.find(keys)
	return state == Literal && l.Kind == js.Scalar && l.Base != js.None
}

// Keys returns the keys of the object at a path, in order.
func (c *ConfigFile) Keys(keys ...string) []string {
	if c == nil {
		return nil
	}
	if l, state := c.find(keys); state == Literal {
		return l.Keys
	}
	return nil
}

// readable reports whether a value says what the setting is: not if code
// decides it, and not if it is a path outside of the repository.
func readable(v *js.Value) bool {
	switch v.Kind {
	case js.Scalar:
		return v.Base == js.None || (v.Base == js.Root || v.Base == js.WorkDir) && !path.IsAbs(v.Text)
	case js.Call:
		return v.Ref.Module != "" && v.Recv == nil
	default:
		return v.Kind == js.Object || v.Kind == js.Array
	}
}

// find follows the keys of Get.
func (c *ConfigFile) find(keys []string) (*js.Value, State) {
	l := &c.root
	for _, key := range keys {
		l = c.settled(l)
		if l.Kind == js.Call && readable(l) {
			if len(l.Values) == 0 {
				return nil, Absent
			}
			l = &l.Values[0]
		}
		switch l.Kind {
		case js.Scalar:
			return nil, Absent
		case js.Array:
			if n, err := strconv.Atoi(key); err == nil {
				if n < 0 || n >= len(l.Values) {
					return nil, Absent
				}
				l = &l.Values[n]
				continue
			}
			name, holds, _ := strings.Cut(key, "=")
			i := slices.IndexFunc(l.Values, func(v js.Value) bool {
				v = *c.settled(&v)
				if v.Kind == js.Call {
					return readable(&v) && v.Ref.Module == key
				}
				got, ok := v.Field(name)
				return ok && holds != "" && got.Kind == js.Scalar && got.Text == holds
			})
			if i < 0 {
				return nil, Absent
			}
			l = &l.Values[i]
		case js.Object:
			v, ok := l.Field(key)
			if !ok && l.Open {
				return nil, Computed
			}
			if !ok {
				return nil, Absent
			}
			l = v
		default:
			return l, Computed
		}
	}
	if l = c.settled(l); !readable(l) {
		return l, Computed
	}
	return l, Literal
}

// ConfigTools lists the tools whose configuration is read.
func ConfigTools() []string {
	var out []string
	for _, row := range tools() {
		out = append(out, row.Tool)
	}
	return out
}
