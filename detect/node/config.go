package node

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
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
// may be secrets and are not kept.
type EnvFile struct {
	File  string              // relative to the folder of the app
	Names []fact.Fact[string] // of the variables, in order
}

// envFiles are those that a production build reads and that are meant to be
// committed: https://vite.dev/guide/env-and-mode#env-files.
var envFiles = []string{".env", ".env.production"} //nolint:gochecknoglobals // a constant table

var envLine = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=`)

func readEnvFiles(t *tree.Tree, dir string, names []string) []EnvFile {
	var out []EnvFile
	for _, name := range names {
		file := path.Join(dir, name)
		text, err := t.Read(file)
		if err != nil || len(text) > maxConfig {
			continue
		}
		e, ls := EnvFile{File: name}, document.NewLines(text)
		for _, at := range envLine.FindAllSubmatchIndex(text, -1) {
			e.Names = append(e.Names, fact.New(string(text[at[2]:at[3]]), file, ls.At(at[2])))
		}
		out = append(out, e)
	}
	return out
}

// ConfigFile is one configuration file.
type ConfigFile struct {
	Tool string // "next", "vite", "angular", …
	File string // relative to the folder of the app
	pos  string // the file relative to the root of the repository
	root setting
	// Modules are what the file imports, by the names that it imports them by,
	// in order; "." stands for what could not be read.
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

// configNames are the files of each tool, the first that exists counts, with
// the page that names them. Where the name has no extension, every extension
// that Node or TypeScript runs is looked for.
var configNames = []struct { //nolint:gochecknoglobals // a constant table
	tool  string
	names []string
}{
	{"angular", []string{"angular.json", ".angular.json"}},                                            // https://angular.dev/reference/configs/workspace-config
	{"astro", []string{"astro.config"}},                                                               // https://docs.astro.build/en/guides/configuring-astro/
	{"docusaurus", []string{"docusaurus.config"}},                                                     // https://docusaurus.io/docs/api/docusaurus-config
	{"eleventy", []string{".eleventy.js", "eleventy.config"}},                                         // https://www.11ty.dev/docs/config/
	{"ember", []string{"config/environment"}},                                                         // https://guides.emberjs.com/release/configuring-ember/
	{"expo", []string{"app.json", "app.config.json"}},                                                 // https://docs.expo.dev/workflow/configuration/
	{"gatsby", []string{"gatsby-config"}},                                                             // https://www.gatsbyjs.com/docs/reference/config-files/gatsby-config/
	{"hexo", []string{"_config.yml"}},                                                                 // https://hexo.io/docs/configuration
	{"nest", []string{"nest-cli.json"}},                                                               // https://docs.nestjs.com/cli/monorepo#cli-properties
	{"next", []string{"next.config"}},                                                                 // https://nextjs.org/docs/app/api-reference/config/next-config-js
	{"nitro", []string{"nitro.config"}},                                                               // https://nitro.build/config
	{"nodemon", []string{"nodemon.json"}},                                                             // https://github.com/remy/nodemon#config-files
	{"nuxt", []string{"nuxt.config"}},                                                                 // https://nuxt.com/docs/api/nuxt-config
	{"package", []string{"package.json"}},                                                             // https://docs.npmjs.com/cli/configuring-npm/package-json
	{"pm2", []string{"ecosystem.config", "pm2.config", "pm2.json", "ecosystem.json", "process.json"}}, // https://pm2.keymetrics.io/docs/usage/application-declaration/
	{"prisma", []string{"prisma.config", ".config/prisma"}},                                           // https://www.prisma.io/docs/orm/reference/prisma-config-reference
	{"react-router", []string{"react-router.config"}},                                                 // https://reactrouter.com/explanation/special-files#react-routerconfigts
	{"rsbuild", []string{"rsbuild.config"}},                                                           // https://rsbuild.rs/guide/configuration/rsbuild#configuration-file
	{"rspack", []string{"rspack.config"}},                                                             // https://rspack.rs/config/
	{"rspress", []string{"rspress.config"}},                                                           // https://rspress.rs/api/config/config-basic
	{"sanity", []string{"sanity.cli", "sanity.json"}},                                                 // https://www.sanity.io/docs/cli
	{"solid-start", []string{"app.config"}},                                                           // https://docs.solidjs.com/solid-start/reference/config/define-config
	{"stencil", []string{"stencil.config"}},                                                           // https://stenciljs.com/docs/config
	{"svelte", []string{"svelte.config"}},                                                             // https://svelte.dev/docs/kit/configuration
	{"umi", []string{".umirc", "config/config"}},                                                      // https://umijs.org/docs/guides/directory-structure
	{"vite", []string{"vite.config"}},                                                                 // https://vite.dev/config/
	{"vitepress", []string{".vitepress/config", "docs/.vitepress/config"}},                            // https://vitepress.dev/reference/site-config
	{"vue-cli", []string{"vue.config"}},                                                               // https://cli.vuejs.org/config/
	{"vuepress", []string{".vuepress/config", "docs/.vuepress/config", "src/.vuepress/config"}},       // https://vuepress.vuejs.org/guide/configuration.html#config-file
	{"webpack", []string{"webpack.config"}},                                                           // https://webpack.js.org/configuration/
}

var configExtensions = []string{".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"} //nolint:gochecknoglobals // a constant table

// maxConfig is the size above which a configuration file is not read.
const maxConfig = 1 << 20

// readConfig reads the configuration files in the folder of f. A file that
// cannot be read has values that are all computed, but a malformed JSON file
// is an error of the user's.
func readConfig(t *tree.Tree, f *Facts) (Config, error) {
	out := Config{Env: readEnvFiles(t, f.Dir, envFiles), Examples: readEnvFiles(t, f.Dir, exampleFiles)}
	for _, row := range configNames {
		name := configFile(t, f.Dir, row.names)
		if name == "" {
			continue
		}
		file := path.Join(f.Dir, name)
		c := ConfigFile{Tool: row.tool, File: name, pos: file}
		if strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".yml") {
			v, err := document.Read(t, file)
			if err != nil {
				return Config{}, err
			}
			c.root = settingOf(v)
		} else if text, err := t.Read(file); err == nil && len(text) <= maxConfig {
			c.root, c.Modules = jsLiteral(text, path.Dir(name))
		}
		out.Files = append(out.Files, c)
	}
	if c, ok := out.svelteInVite(); ok {
		i, _ := slices.BinarySearchFunc(out.Files, c, func(a, b ConfigFile) int { return strings.Compare(a.Tool, b.Tool) })
		out.Files = slices.Insert(out.Files, i, c)
	}
	return out, nil
}

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
	root := setting{kind: kindObject, line: call.line}
	if len(call.values) > 0 {
		root.keys, root.values = []string{"kit"}, call.values[:1]
	}
	return ConfigFile{Tool: "svelte", File: vite.File, pos: vite.pos, Modules: vite.Modules, root: root}, true
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

// Get returns the setting at a path of keys. A call of an imported function
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
		return fact.Fact[string]{Pos: posOf(c.pos, l)}, state
	case l.kind == kindObject || l.kind == kindArray:
		return fact.Fact[string]{Pos: posOf(c.pos, l)}, Literal
	case l.text == "undefined" || l.text == "null" && l.kind == kindScalar:
		return fact.Fact[string]{}, Absent
	}
	return fact.Fact[string]{Value: l.text, Pos: posOf(c.pos, l)}, Literal
}

// Anchored reports whether the setting at a path of keys is relative to the
// folder of the app, whatever the tool takes other paths to be relative to:
// outDir: path.resolve(__dirname, "dist").
func (c *ConfigFile) Anchored(keys ...string) bool {
	if c == nil {
		return false
	}
	l, state := c.find(keys)
	return state == Literal && l.anchored
}

// Keys returns the keys of the object at a path, in order.
func (c *ConfigFile) Keys(keys ...string) []string {
	if c == nil {
		return nil
	}
	if l, state := c.find(keys); state == Literal {
		return l.keys
	}
	return nil
}

func (c *ConfigFile) find(keys []string) (*setting, State) {
	l := &c.root
	for _, key := range keys {
		if l.kind == kindCall {
			if len(l.values) == 0 {
				return nil, Absent
			}
			l = &l.values[0]
		}
		switch l.kind {
		case kindComputed, kindCall:
			return l, Computed
		case kindScalar:
			return nil, Absent
		case kindArray:
			if n, err := strconv.Atoi(key); err == nil {
				if n < 0 || n >= len(l.values) {
					return nil, Absent
				}
				l = &l.values[n]
				continue
			}
			name, holds, _ := strings.Cut(key, "=")
			i := slices.IndexFunc(l.values, func(v setting) bool {
				if v.kind == kindCall {
					return v.text == key
				}
				got, ok := v.field(name)
				return ok && holds != "" && got.kind == kindScalar && got.text == holds
			})
			if i < 0 {
				return nil, Absent
			}
			l = &l.values[i]
		case kindObject:
			v, ok := l.field(key)
			if !ok && l.open {
				return nil, Computed
			}
			if !ok {
				return nil, Absent
			}
			l = v
		}
	}
	if l.kind == kindComputed {
		return l, Computed
	}
	return l, Literal
}

// ConfigTools lists the tools whose configuration is read.
func ConfigTools() []string {
	var out []string
	for _, row := range configNames {
		out = append(out, row.tool)
	}
	return out
}
