package gradle

import (
	"cmp"
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/table"
)

// Plugin is a plugin that is applied to a project, by itself or by another one.
type Plugin struct {
	ID      string
	Version fact.Fact[string] // of the plugin; not found where the scripts do not say, of no value where they compute it
	Pos     fact.Pos
	Opaque  bool // it is the repository's own, and what it does could not be read

	applied bool
	maybe   bool
}

// Applied reports whether the plugin is applied.
func (g Plugin) Applied() bool { return g.applied && !g.maybe }

//go:embed plugins.table
var pluginsCompiled string

// known is what is known of a published plugin.
type known struct {
	ID        string   `yaml:"id"`
	Also      []string `yaml:"also"`      // ids of the same plugin
	Artifacts []string `yaml:"artifacts"` // in which it is published, beside its marker
	Classes   []string `yaml:"classes"`   // with which scripts apply it
	Implies   []string `yaml:"implies"`   // the plugins that it applies
	Versions  bool     `yaml:"versions"`  // it works out the version of the project and of those below it
	Git       bool     `yaml:"git"`       // it fails where there is no history of Git
	Source    string   `yaml:"source"`
}

// plugins are the rows by their ids, their other ids and their classes.
var plugins = sync.OnceValue(func() map[string]*known { //nolint:gochecknoglobals // decoded once
	rows, err := table.Read[[]known]("plugins.yaml", pluginsCompiled)
	if err != nil {
		return nil // the test decodes it
	}
	out := map[string]*known{}
	for i := range rows {
		for _, name := range slices.Concat([]string{rows[i].ID}, rows[i].Also, rows[i].Classes) {
			out[name] = &rows[i]
		}
	}
	return out
})

// canonical is the id of a plugin that has several, or is named by its class.
func canonical(id string) string {
	if rest, ok := strings.CutPrefix(id, "org.gradle."); ok && !strings.Contains(rest, ".") {
		id = rest
	}
	if k := plugins()[id]; k != nil {
		return k.ID
	}
	return id
}

// maxPlugins bounds the plugins of one project.
const maxPlugins = 200

// applyPlugin applies a plugin without a version.
func (e env) applyPlugin(id string, line int) { e.usePlugin(id, value{kind: null}, true, line) }

// usePlugin records a plugin, and runs what the repository says of it.
func (e env) usePlugin(id string, version value, applies bool, line int) {
	if id == "" {
		return
	}
	g := Plugin{ID: canonical(id), Pos: e.pos(line), applied: applies, maybe: e.maybe}
	switch s, sure, ok := version.asText(); {
	case version.kind == null:
	case ok && sure:
		g.Version = fact.Fact[string]{Value: s, Pos: g.Pos}
	default:
		g.Version = fact.Fact[string]{Pos: g.Pos}
	}
	if len(e.at) > 0 && e.at[0] == "pluginManagement" {
		e.b.managed[g.ID] = g.Version
		return
	}
	if len(e.p.plugins) >= maxPlugins {
		return
	}
	n := len(e.p.plugins)
	e.p.plugins = append(e.p.plugins, g)
	if !applies || e.p.done[g.ID] {
		return
	}
	e.p.done[g.ID] = !e.maybe
	row := cmp.Or(plugins()[g.ID], &known{})
	if row.Versions {
		e.p.versioned = g.Pos
	}
	if row.Git && !e.maybe && e.b.build.Git.IsZero() {
		e.b.build.Git = g.Pos
	}
	if e.settings {
		e.b.settle(g.ID)
		return
	}
	for _, other := range row.Implies {
		e.applyPlugin(other, line)
	}
	d := e.b.definitions[g.ID]
	if d == nil && id[0] >= 'A' && id[0] <= 'Z' {
		d = e.b.class(id)
	}
	if d != nil {
		e.at = nil
		opaque := d.run(e) // which may apply others
		e.p.plugins[n].Opaque = opaque
	}
}

// definition is a plugin of the repository's own.
type definition struct {
	b      *builder // of the build that has it
	script string   // of a precompiled script plugin, relative to the folder that was read
	class  string   // its simple name otherwise
}

// run applies it to a project, and reports whether something of it could not be read.
func (d *definition) run(e env) bool {
	if d.script != "" {
		return !e.b.script(e, d.script)
	}
	file, ok := d.b.classes()[d.class]
	if !ok {
		return true
	}
	tree := e.b.parsed(file)
	if tree == nil {
		return true
	}
	e.vars = &scope{up: &scope{funcs: d.b.functions()}}
	e.file, e.kotlin = path.Join(e.b.outer, file), strings.HasSuffix(file, ".kt")
	for _, c := range tree.kids {
		if c.kind != classNode || c.text != d.class || len(c.kids) == 0 {
			continue
		}
		for _, f := range c.kids[0].kids {
			if f.kind != funNode || f.text != "apply" || len(f.kids) == 0 {
				continue
			}
			for _, name := range f.names[:min(1, len(f.names))] {
				e.vars.set(name, value{kind: projects, projects: []*Project{e.p}})
			}
			unknown := strings.HasSuffix(file, ".java")
			e.follow = &unknown
			declare(e.vars, c.kids[0])
			delete(e.vars.funcs, "apply") // of a receiver, where the body calls it
			e.block(f.kids[0])
			return unknown
		}
	}
	return true
}

// class is the plugin of that class in one of the builds that come first.
func (b *builder) class(name string) *definition {
	for _, n := range b.nested {
		if _, ok := n.classes()[name]; ok {
			return &definition{b: n, class: name}
		}
	}
	return nil
}

// maxClasses bounds the sources of plugins that are read.
const maxClasses = 300

// classes are the files of the classes in a build that plugins may be, by their simple names.
func (b *builder) classes() map[string]string {
	if b.classFiles != nil {
		return b.classFiles
	}
	b.classFiles = map[string]string{}
	for _, f := range b.t.Files(b.dir) {
		name := path.Base(f)
		ext := path.Ext(name)
		if (ext == ".kt" || ext == ".java" || ext == ".groovy") && strings.Contains(f, "src/main/") && len(b.classFiles) < maxClasses {
			b.classFiles[strings.TrimSuffix(name, ext)] = b.fromTree(f)
		}
	}
	return b.classFiles
}

// functions are those that the sources of plugins declare outside of classes.
func (b *builder) functions() map[string]*node {
	if b.funcs != nil {
		return b.funcs
	}
	b.funcs = map[string]*node{}
	for _, file := range slices.Sorted(maps.Values(b.classes())) {
		if !strings.HasSuffix(file, ".kt") {
			continue
		}
		if tree := b.parsed(file); tree != nil {
			s := &scope{funcs: b.funcs}
			declare(s, tree)
		}
	}
	return b.funcs
}

// constant is one of an object or class in the sources of the builds that come first: Versions.spring.
func (e env) constant(name string) (value, bool) {
	if e.depth > maxDepth {
		return value{}, false
	}
	for _, n := range e.b.nested {
		c, ok := n.constants()[name]
		if !ok || !e.step() {
			continue
		}
		e.vars, e.object = nil, name[:strings.LastIndexByte(name, '.')+1]
		e.kotlin = true
		e.depth += 5
		return e.eval(c), true
	}
	return value{}, false
}

// constants are the values of the objects and classes in the sources of a build, by their names.
func (b *builder) constants() map[string]*node {
	if b.consts != nil {
		return b.consts
	}
	b.consts = map[string]*node{}
	var walk func(n *node, prefix string, depth int)
	walk = func(n *node, prefix string, depth int) {
		for _, k := range n.kids {
			switch {
			case len(b.consts) >= maxEntries || depth > 10:
				return
			case k.kind == varNode && len(k.kids) == 1 && !k.by:
				b.consts[prefix+k.text] = k.kids[0]
			case k.kind == classNode && k.text == "companion" && len(k.kids) == 1:
				walk(k.kids[0], prefix, depth+1)
			case k.kind == classNode && len(k.kids) == 1:
				walk(k.kids[0], prefix+k.text+".", depth+1)
			}
		}
	}
	for _, file := range slices.Sorted(maps.Values(b.classes())) {
		if tree := b.parsed(file); tree != nil {
			walk(tree, "", 0)
		}
	}
	return b.consts
}

// own are the plugins that a build makes: scripts and classes in buildSrc and in builds that are included.
// https://docs.gradle.org/current/userguide/implementing_gradle_plugins_precompiled.html
func (b *builder) own() map[string]*definition {
	out := map[string]*definition{}
	for _, f := range b.t.Files(b.dir) {
		name := path.Base(f)
		switch {
		case len(out) >= maxClasses:
		case strings.Contains(f, "/META-INF/gradle-plugins/") && strings.HasSuffix(name, ".properties"):
			if class := b.property(f, "implementation-class"); class != "" {
				out[strings.TrimSuffix(name, ".properties")] = &definition{b: b, class: class[strings.LastIndexByte(class, '.')+1:]}
			}
		case strings.Contains(f, "/src/main/") && (strings.HasSuffix(name, ".gradle") || strings.HasSuffix(name, ".gradle.kts")):
			id := strings.TrimSuffix(strings.TrimSuffix(name, ".kts"), ".gradle")
			if pkg := b.packageOf(f); pkg != "" {
				id = pkg + "." + id
			}
			out[id] = &definition{b: b, script: b.fromTree(f)}
		}
	}
	for _, p := range b.build.Projects {
		declared := p.Extension("gradlePlugin")
		for _, x := range declared.parts {
			if n := len(x.rest); n == 3 && x.rest[0] == "plugins" && x.rest[2] == "implementationClass" {
				class := declared.Get(x.rest...).Value
				id := declared.Get("plugins", x.rest[1], "id").Value
				if id == "" {
					id = x.rest[1]
				}
				if class != "" {
					out[id] = &definition{b: b, class: class[strings.LastIndexByte(class, '.')+1:]}
				}
			}
		}
	}
	return out
}

// Plugin is the first of some plugins that is applied to the project. With none, it is the first that is only named.
func (p *Project) Plugin(ids ...string) Plugin {
	var named Plugin
	for _, id := range ids {
		id = canonical(id)
		for i := range p.plugins {
			g := p.plugins[i]
			if g.ID != id {
				continue
			}
			if !g.Version.Found() {
				g.Version = p.pluginVersion(id)
			}
			if g.Applied() {
				return g
			}
			if named.ID == "" {
				named = g
			}
		}
	}
	return named
}

func (p *Project) has(id string) bool {
	id = canonical(id)
	return slices.ContainsFunc(p.plugins, func(g Plugin) bool { return g.ID == id && g.Applied() })
}

// Plugins are all that are applied to the project.
func (p *Project) Plugins() []Plugin {
	var out []Plugin
	seen := map[string]bool{}
	for _, g := range p.plugins {
		if g.Applied() && !seen[g.ID] {
			seen[g.ID] = true
			if !g.Version.Found() {
				g.Version = p.pluginVersion(g.ID)
			}
			out = append(out, g)
		}
	}
	return out
}

// Opaque are the applied plugins of the repository's own whose effect could not be read.
func (p *Project) Opaque() []Plugin {
	return slices.DeleteFunc(p.Plugins(), func(g Plugin) bool { return !g.Opaque })
}

// pluginVersion is the version that something else than the line that applies a plugin says: a
// line of the projects above, the settings, or the class path of the scripts.
func (p *Project) pluginVersion(id string) fact.Fact[string] {
	for q := range p.up() {
		for _, g := range q.plugins {
			if g.ID == id && g.Version.Found() {
				return g.Version
			}
		}
	}
	if v, ok := p.b.managed[id]; ok && v.Found() {
		return v
	}
	for q := range p.up() {
		if v := q.b.inArtifacts(id, q.classpath); v.Found() {
			return v
		}
	}
	for _, g := range p.b.settings.plugins {
		if g.ID == id && g.Version.Found() {
			return g.Version
		}
	}
	if v := p.b.inArtifacts(id, p.b.settings.classpath); v.Found() {
		return v
	}
	for _, nested := range p.b.nested {
		for _, q := range nested.build.Projects {
			if v := nested.inArtifacts(id, q.deps); v.Found() {
				return v
			}
		}
	}
	return fact.Fact[string]{}
}

// inArtifacts is the version of a plugin by the artifact that holds it.
func (b *builder) inArtifacts(id string, deps []dep) fact.Fact[string] {
	k := plugins()[id]
	for _, d := range deps {
		if d.Artifact == id+".gradle.plugin" || k != nil && (slices.Contains(k.Artifacts, d.Name()) || slices.ContainsFunc(k.Also, func(s string) bool { return d.Artifact == s+".gradle.plugin" })) {
			if d.Version != "" && !strings.Contains(d.Version, "${") {
				return fact.Fact[string]{Value: d.Version, Pos: d.Pos}
			}
			return fact.Fact[string]{Pos: d.Pos}
		}
	}
	return fact.Fact[string]{}
}
