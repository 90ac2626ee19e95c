// Package pom reads the POMs of a Maven reactor: each module with what it
// inherits from its parents and from profiles that are active by default. What
// a POM means depends on its parents, so facts are questions that a Project
// answers, each with the line on which the answer stands.
//
// project.go answers, reactor.go finds the files.
package pom

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Project is one Maven module with what it inherits: its own pom.xml, the
// parents that the repository holds, and what dockgen knows of a parent that
// it does not hold. Profiles that are active by default count.
//
// https://maven.apache.org/guides/introduction/introduction-to-the-pom.html
type Project struct {
	Dir      string    // of the module, relative to the folder that was read, "." for that folder
	File     string    // the POM's path, relative to that folder
	External *External // the parent that is not in the repository, or nil

	t      *tree.Tree
	self   layer   // the POM itself
	layers []layer // nearest first; profiles that are active come before their POM
	user   map[string]fact.Fact[string]
	on     []string // profiles that are asked for
	poms   []layer  // the POM and the parents that the repository holds
}

// External is a parent POM that the repository does not hold.
type External struct {
	Group, Artifact, Version string
	Pos                      fact.Pos
	Known                    bool // dockgen has a row for it in parents.yaml
	Published                bool // the POM says that it is in no folder: <relativePath/>
}

// layer is one element that holds properties, dependencies and a build: a
// POM's project or one of its profiles.
type layer struct {
	el   document.Value
	file string
	// pos, where set, is the position of everything in the layer: the line
	// that names a parent which is not in the repository.
	pos fact.Pos
}

func (l layer) at(e document.Value) fact.Pos {
	if !l.pos.IsZero() {
		return l.pos
	}
	return e.Pos()
}

// Pos is the POM as a place in the repository.
func (p *Project) Pos() fact.Pos { return fact.At(p.self.file, 0) }

// own is the project's POM itself.
func (p *Project) own() document.Value { return p.self.el }

// Artifact is the artifactId.
func (p *Project) Artifact() fact.Fact[string] { return p.coordinate("artifactId") }

// Group is the groupId, the parent's where the project has none.
func (p *Project) Group() fact.Fact[string] { return p.coordinate("groupId") }

// Version is the version, the parent's where the project has none.
func (p *Project) Version() fact.Fact[string] { return p.coordinate("version") }

func (p *Project) coordinate(name string) fact.Fact[string] {
	e := p.own().Get(name)
	if !e.Found() {
		e = p.own().Get("parent", name)
	}
	if !e.Found() {
		return fact.Fact[string]{}
	}
	return p.value(p.self, e)
}

// Packaging is "jar" where the POM says nothing.
func (p *Project) Packaging() fact.Fact[string] {
	if e := p.own().Get("packaging"); e.Found() {
		return p.value(p.self, e)
	}
	return fact.New("jar", p.self.file, p.own().Line)
}

// FinalName is what the built file is called, without its extension.
func (p *Project) FinalName() fact.Fact[string] {
	for _, l := range p.layers {
		if e := l.el.Get("build", "finalName"); e.Found() {
			return p.value(l, e)
		}
	}
	a := p.Artifact()
	if v := p.Version().Value; v != "" {
		a.Value += "-" + v
	}
	return a
}

// BuildDir is the folder of the build's output, relative to the module.
func (p *Project) BuildDir() string { return p.buildPath("directory", "target") }

// ClassesDir is where classes and resources are compiled to.
func (p *Project) ClassesDir() string {
	return p.buildPath("outputDirectory", p.BuildDir()+"/classes")
}

// SourceDir is the folder of the sources that a POM names, or src/main/java.
func (p *Project) SourceDir() string { return p.buildPath("sourceDirectory", "src/main/java") }

func (p *Project) buildPath(name, otherwise string) string {
	for _, l := range p.layers {
		if e := l.el.Get("build", name); e.Text != "" {
			return Relative(p.value(l, e).Value)
		}
	}
	return otherwise
}

// Configures reports whether the configuration of a plugin names a folder, or something in it.
func (p *Project) Configures(dir string) bool {
	var names func(l layer, e document.Value) bool
	names = func(l layer, e document.Value) bool {
		if e.Text != "" && strings.Contains(Relative(p.value(l, e).Value)+"/", dir+"/") {
			return true
		}
		return slices.ContainsFunc(e.Members, func(m document.Member) bool { return names(l, m.Value) })
	}
	return slices.ContainsFunc(p.layers, func(l layer) bool {
		return names(l, l.el.Get("build", "plugins")) || names(l, l.el.Get("build", "pluginManagement"))
	})
}

// Relative makes a path that may begin with ${project.basedir} one that is
// relative to the module.
func Relative(s string) string {
	s = strings.ReplaceAll(s, `\`, "/")
	for _, base := range []string{"${project.basedir}", "${basedir}", "${pom.basedir}"} {
		s = strings.TrimPrefix(s, base+"/")
	}
	return path.Clean(s)
}

// Outside reports whether the POM names sources or resources that are not
// below src.
func (p *Project) Outside() bool {
	out := func(l layer, e document.Value) bool {
		return e.Text != "" && !strings.HasPrefix(Relative(p.value(l, e).Value)+"/", "src/")
	}
	for _, l := range p.layers {
		build := l.el.Get("build")
		for _, name := range []string{"sourceDirectory", "testSourceDirectory", "scriptSourceDirectory"} {
			if out(l, build.Get(name)) {
				return true
			}
		}
		for _, names := range [][2]string{{"resources", "resource"}, {"testResources", "testResource"}} {
			for _, r := range build.Get(names[0]).All(names[1]) {
				if out(l, r.Get("directory")) {
					return true
				}
			}
		}
	}
	return false
}

// Property is the value of a property, with what it refers to filled in.
func (p *Project) Property(name string) fact.Fact[string] {
	if v, ok := p.user[name]; ok {
		return v
	}
	for _, l := range p.layers {
		if e := l.el.Get("properties", name); e.Found() {
			return p.value(l, e)
		}
	}
	return fact.Fact[string]{}
}

// value is an element's text with its references filled in.
func (p *Project) value(l layer, e document.Value) fact.Fact[string] {
	return fact.Fact[string]{Value: p.fill(e.Text), Pos: l.at(e)}
}

// Resolved reports whether a value holds no reference that is left.
func Resolved(s string) bool { return !strings.Contains(s, "${") }

// A value that refers to values that refer to values is bounded in length,
// depth and the number of references.
const (
	maxValue = 4096
	maxRefs  = 500
	maxChain = 16
)

// fill replaces ${name} by what the name stands for. A reference that the
// repository does not answer stays as it is.
// https://maven.apache.org/ref/current/maven-model-builder/#model-interpolation
func (p *Project) fill(s string) string {
	refs := 0
	return p.expand(s, 0, &refs)
}

func (p *Project) expand(s string, depth int, refs *int) string {
	if depth > maxChain || !strings.Contains(s, "${") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		j := strings.Index(s[max(i, 0):], "}")
		if *refs++; i < 0 || j < 0 || b.Len() > maxValue || *refs > maxRefs {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		name := s[i+2 : i+j]
		if v, ok := p.lookup(name, depth+1, refs); ok {
			b.WriteString(v)
		} else {
			b.WriteString(s[i : i+j+1])
		}
		s = s[i+j+1:]
	}
	out := b.String()
	if len(out) > maxValue {
		return out[:maxValue]
	}
	return out
}

func (p *Project) lookup(name string, depth int, refs *int) (string, bool) {
	if v, ok := p.user[name]; ok {
		return v.Value, true
	}
	field := strings.TrimPrefix(strings.TrimPrefix(name, "project."), "pom.")
	if field != name || name == "version" || name == "artifactId" || name == "groupId" {
		switch field {
		case "artifactId", "groupId", "version":
			e := p.own().Get(field)
			if !e.Found() {
				e = p.own().Get("parent", field)
			}
			if e.Found() {
				return p.expand(e.Text, depth, refs), true
			}
		case "parent.version", "parent.groupId", "parent.artifactId":
			if e := p.own().Get("parent", strings.TrimPrefix(field, "parent.")); e.Found() {
				return p.expand(e.Text, depth, refs), true
			}
		case "packaging", "name", "description":
			if e := p.own().Get(field); e.Found() {
				return p.expand(e.Text, depth, refs), true
			}
		case "build.finalName":
			for _, l := range p.layers {
				if e := l.el.Get("build", "finalName"); e.Found() {
					return p.expand(e.Text, depth, refs), true
				}
			}
			return p.expand("${project.artifactId}-${project.version}", depth, refs), true
		case "build.directory":
			return Relative(p.expand(p.rawBuild("directory", "target"), depth, refs)), true
		case "build.outputDirectory":
			return Relative(p.expand(p.rawBuild("outputDirectory", "${project.build.directory}/classes"), depth, refs)), true
		case "build.sourceDirectory":
			return Relative(p.expand(p.rawBuild("sourceDirectory", "src/main/java"), depth, refs)), true
		}
	}
	for _, l := range p.layers {
		if e := l.el.Get("properties", name); e.Found() {
			return p.expand(e.Text, depth, refs), true
		}
	}
	return "", false
}

func (p *Project) rawBuild(name, otherwise string) string {
	for _, l := range p.layers {
		if e := l.el.Get("build", name); e.Text != "" {
			return e.Text
		}
	}
	return otherwise
}

// Dependency is one dependency, with the version and scope that the
// repository's own dependencyManagement gives it.
type Dependency struct {
	Group, Artifact, Version string
	Scope                    string // "compile" where nothing is said
	Type                     string
	Optional                 bool
	Dir                      string // of Gradle's project that it is, relative to the folder that was read
	Pos                      fact.Pos
}

// Name is group:artifact.
func (d Dependency) Name() string { return d.Group + ":" + d.Artifact }

// AtRuntime reports whether the dependency is on the class path of the
// running program.
func (d Dependency) AtRuntime() bool { return d.Scope == "compile" || d.Scope == "runtime" }

// Dependencies lists the direct dependencies, the project's own first.
func (p *Project) Dependencies() []Dependency {
	managed := map[string]Dependency{}
	for _, d := range p.collect("dependencyManagement", "dependencies") {
		if _, ok := managed[d.Name()]; !ok {
			managed[d.Name()] = d
		}
	}
	var out []Dependency
	seen := map[string]bool{}
	for _, d := range p.collect("dependencies") {
		key := d.Name() + ":" + d.Type
		if seen[key] {
			continue
		}
		seen[key] = true
		m := managed[d.Name()]
		if d.Version == "" {
			d.Version = m.Version
		}
		if d.Scope == "" && m.Scope != "import" {
			d.Scope = m.Scope
		}
		if d.Scope == "" {
			d.Scope = "compile"
		}
		out = append(out, d)
	}
	return out
}

// Imports lists the bills of materials that the project imports.
func (p *Project) Imports() []Dependency {
	var out []Dependency
	for _, d := range p.collect("dependencyManagement", "dependencies") {
		if d.Scope == "import" {
			out = append(out, d)
		}
	}
	return out
}

// Repositories reports whether the project names repositories of its own to
// take dependencies from.
func (p *Project) Repositories() bool {
	return slices.ContainsFunc(p.layers, func(l layer) bool { return l.el.Get("repositories", "repository").Found() })
}

// Repository is one that a project takes dependencies or plugins from.
type Repository struct {
	ID, URL string
	Pos     fact.Pos
}

// Remotes are the repositories of the project's own POM and of those that it inherits from, without those of a parent that is not in the repository.
func (p *Project) Remotes() []Repository {
	var out []Repository
	for _, l := range p.layers {
		if !l.pos.IsZero() {
			continue
		}
		for _, e := range l.repositories() {
			out = append(out, Repository{ID: p.fill(e.Get("id").Text), URL: p.fill(e.Get("url").Text), Pos: e.Get("url").Pos()})
		}
	}
	return out
}

// Local reports whether Maven takes some of the project's dependencies or
// plugins from files that lie beside the POM: system scope, or a repository with a file URL.
// https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html#system-dependencies
func (p *Project) Local() bool {
	file := func(e document.Value) bool { return strings.HasPrefix(p.fill(e.Get("url").Text), "file:") }
	return slices.ContainsFunc(p.Dependencies(), func(d Dependency) bool { return d.Scope == "system" }) ||
		slices.ContainsFunc(p.layers, func(l layer) bool { return slices.ContainsFunc(l.repositories(), file) })
}

// repositories are those of dependencies and of plugins that a layer names.
func (l layer) repositories() []document.Value {
	return slices.Concat(l.el.Get("repositories").All("repository"), l.el.Get("pluginRepositories").All("pluginRepository"))
}

func (p *Project) collect(names ...string) []Dependency {
	var out []Dependency
	for _, l := range p.layers {
		for _, e := range l.el.Get(names...).All("dependency") {
			get := func(name string) string { return p.fill(e.Get(name).Text) }
			out = append(out, Dependency{
				Group: get("groupId"), Artifact: get("artifactId"), Version: get("version"),
				Scope: get("scope"), Type: get("type"), Optional: get("optional") == "true", Pos: l.at(e),
			})
		}
	}
	return out
}

// Plugin is a build plugin with all that is said of it, nearest first.
type Plugin struct {
	Active bool     // it is among the build's plugins, not only managed
	Pos    fact.Pos // where it is named first
	p      *Project
	parts  []part
}

type part struct {
	l layer
	e document.Value
}

// Plugin looks a plugin up by group and artifact; a plugin that nothing
// names is returned empty.
// https://maven.apache.org/pom.html#plugin-management
func (p *Project) Plugin(group, artifact string) *Plugin {
	out := &Plugin{p: p}
	// The jar, war and compiler plugins are bound by the packaging itself.
	out.Active = group == mavenPlugins && (artifact == "maven-jar-plugin" || artifact == "maven-compiler-plugin" || artifact == "maven-war-plugin" && p.Packaging().Value == "war")
	for _, l := range p.layers {
		for _, where := range [][]string{{"build", "plugins"}, {"build", "pluginManagement", "plugins"}} {
			for _, e := range l.el.Get(where...).All("plugin") {
				g := mavenPlugins
				if k := e.Get("groupId"); k.Found() {
					g = p.fill(k.Text)
				}
				a := e.Get("artifactId")
				if !a.Found() || g != group || p.fill(a.Text) != artifact {
					continue
				}
				if out.Pos.IsZero() {
					out.Pos = l.at(e)
				}
				out.Active = out.Active || len(where) == 2
				out.parts = append(out.parts, part{l, e})
			}
		}
	}
	return out
}

// mavenPlugins is the group of a plugin that names none.
const mavenPlugins = "org.apache.maven.plugins"

// PluginNamed looks a plugin up by its artifact alone, for plugins whose
// group has changed over time.
func (p *Project) PluginNamed(artifact string) *Plugin {
	for _, l := range p.layers {
		for _, where := range [][]string{{"build", "plugins"}, {"build", "pluginManagement", "plugins"}} {
			for _, e := range l.el.Get(where...).All("plugin") {
				if a := e.Get("artifactId"); a.Found() && p.fill(a.Text) == artifact {
					g := mavenPlugins
					if k := e.Get("groupId"); k.Found() {
						g = p.fill(k.Text)
					}
					return p.Plugin(g, artifact)
				}
			}
		}
	}
	return &Plugin{p: p}
}

// Version is the plugin's version.
func (g *Plugin) Version() fact.Fact[string] { return g.get("version") }

// Config is the text at a path below <configuration>.
func (g *Plugin) Config(names ...string) fact.Fact[string] {
	return g.get(append([]string{"configuration"}, names...)...)
}

// Find is the text of the first element of that name anywhere below
// <configuration>.
func (g *Plugin) Find(name string) fact.Fact[string] {
	for _, q := range g.parts {
		if e := q.e.Get("configuration").Find(name); e.Found() {
			return g.p.value(q.l, e)
		}
	}
	return fact.Fact[string]{}
}

// Values are the texts of a list below <configuration>: of its elements, or of a text in which commas separate them.
func (g *Plugin) Values(names ...string) []fact.Fact[string] {
	q, e := configured(g.parts, names...)
	return g.values(q, e)
}

func (g *Plugin) values(q part, e document.Value) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, m := range e.Members {
		if strings.HasPrefix(m.Key, "@") || len(out) >= maxListed {
			continue
		}
		v := g.p.value(q.l, m.Value)
		v.Value = strings.TrimSpace(v.Value)
		out = append(out, v)
	}
	if len(out) > 0 || !e.Found() {
		return out
	}
	whole := g.p.value(q.l, e)
	for text := range strings.SplitSeq(whole.Value, ",") {
		if text = strings.TrimSpace(text); text != "" && len(out) < maxListed {
			out = append(out, fact.Fact[string]{Value: text, Pos: whole.Pos})
		}
	}
	return out
}

// maxListed is the most elements that are read of a list.
const maxListed = 100

// Field is an element by its name.
type Field struct {
	Name string
	fact.Fact[string]

	g *Plugin
	q part
	e document.Value
}

// Fields are the elements in it.
func (f Field) Fields() Fields {
	if f.g == nil {
		return nil
	}
	return f.g.fields(f.q, f.e)
}

// Fields are elements in their order.
type Fields []Field

// Text is the text of the last element of a name, "" for none.
func (list Fields) Text(name string) string { return list.Get(name).Value }

// Get is the last element of a name.
func (list Fields) Get(name string) fact.Fact[string] { return list.last(name).Fact }

// In are the elements in the last element of a name.
func (list Fields) In(name string) Fields { return list.last(name).Fields() }

func (list Fields) last(name string) Field {
	for _, f := range slices.Backward(list) {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

// Fields are the elements of a map below <configuration>.
func (g *Plugin) Fields(names ...string) Fields {
	q, e := configured(g.parts, names...)
	return g.fields(q, e)
}

func (g *Plugin) fields(q part, e document.Value) Fields {
	var out Fields
	for _, m := range e.Members {
		if v := g.p.value(q.l, m.Value); !strings.HasPrefix(m.Key, "@") && len(out) < maxListed {
			v.Value = strings.TrimSpace(v.Value)
			out = append(out, Field{m.Key, v, g, q, m.Value})
		}
	}
	return out
}

// Each are the elements of a list below <configuration>, of which each has others in it.
func (g *Plugin) Each(names ...string) []Fields {
	q, e := configured(g.parts, names...)
	return g.each(q, e)
}

func (g *Plugin) each(q part, e document.Value) []Fields {
	var out []Fields
	for _, m := range e.Members {
		var fields Fields
		for _, x := range m.Value.Members[:min(len(m.Value.Members), maxListed)] {
			v := g.p.value(q.l, x.Value)
			v.Value = strings.TrimSpace(v.Value)
			fields = append(fields, Field{x.Key, v, g, q, x.Value})
		}
		if len(out) < maxListed {
			out = append(out, fields)
		}
	}
	return out
}

// configured is the first element at a path below <configuration>, and what has it.
func configured(parts []part, names ...string) (part, document.Value) {
	for _, q := range parts {
		if e := q.e.Get(append([]string{"configuration"}, names...)...); e.Found() {
			return q, e
		}
	}
	return part{}, document.Value{}
}

func (g *Plugin) get(names ...string) fact.Fact[string] {
	for _, q := range g.parts {
		if e := q.e.Get(names...); e.Found() {
			return g.p.value(q.l, e)
		}
	}
	return fact.Fact[string]{}
}

// Execution is one execution of a plugin, with what every POM says of its id.
type Execution struct {
	ID    string
	Phase string
	Pos   fact.Pos
	g     *Plugin
	parts []part
}

// Goal returns the executions that run the goal, unless their phase is none.
func (g *Plugin) Goal(goal string) []*Execution {
	if !g.Active {
		return nil
	}
	byID := map[string]*Execution{}
	goals := map[string]bool{}
	var order []*Execution
	for _, q := range g.parts {
		for _, e := range q.e.Get("executions").All("execution") {
			id := "default"
			if k := e.Get("id"); k.Found() {
				id = g.p.fill(k.Text)
			}
			x := byID[id]
			if x == nil {
				x = &Execution{ID: id, Pos: q.l.at(e), g: g}
				byID[id], order = x, append(order, x)
			}
			x.parts = append(x.parts, part{q.l, e})
			if k := e.Get("phase"); k.Found() && x.Phase == "" {
				x.Phase = g.p.fill(k.Text)
			}
			for _, k := range e.Get("goals").All("goal") {
				if g.p.fill(k.Text) == goal {
					goals[id] = true
				}
			}
		}
	}
	var out []*Execution
	for _, x := range order {
		if goals[x.ID] && x.Phase != "none" {
			out = append(out, x)
		}
	}
	return out
}

// configured is the first element at a path below the execution's configuration, or else below the plugin's, and what has it.
func (x *Execution) configured(names ...string) (part, document.Value) {
	if q, e := configured(x.parts, names...); e.Found() {
		return q, e
	}
	return configured(x.g.parts, names...)
}

// Config is the text at a path below the execution's configuration, or else
// below the plugin's.
func (x *Execution) Config(names ...string) fact.Fact[string] {
	q, e := x.configured(names...)
	if !e.Found() {
		return fact.Fact[string]{}
	}
	return x.g.p.value(q.l, e)
}

// Unfilled is the text there as the POM has it: "${skip.it}".
func (x *Execution) Unfilled(names ...string) string {
	_, e := x.configured(names...)
	return strings.TrimSpace(e.Text)
}

// Each are the elements of a list there, of which each has others in it.
func (x *Execution) Each(names ...string) []Fields {
	q, e := x.configured(names...)
	return x.g.each(q, e)
}

// Values are the texts of a list there, as Plugin's are.
func (x *Execution) Values(names ...string) []fact.Fact[string] {
	q, e := x.configured(names...)
	return x.g.values(q, e)
}

// Fields are the elements of a map there.
func (x *Execution) Fields(names ...string) Fields {
	q, e := x.configured(names...)
	return x.g.fields(q, e)
}

// Find is the first element of that name anywhere below the execution's
// configuration, or else below the plugin's.
func (x *Execution) Find(name string) fact.Fact[string] {
	for _, q := range x.parts {
		if e := q.e.Get("configuration").Find(name); e.Found() {
			return x.g.p.value(q.l, e)
		}
	}
	return x.g.Find(name)
}

// Filtered is what Maven's filtering of resources puts in the place of a name: a
// property, or a coordinate of the project.
// https://maven.apache.org/plugins/maven-resources-plugin/examples/filter.html
func (p *Project) Filtered(name string) fact.Fact[string] {
	if f := p.Property(name); f.Found() {
		return f
	}
	refs := 0
	if v, ok := p.lookup(name, 1, &refs); ok && Resolved(v) {
		return fact.Fact[string]{Value: v, Pos: p.Pos()}
	}
	return fact.Fact[string]{}
}

// Resources are the folders of the resources, relative to the module:
// src/main/resources if the POM names none.
// https://maven.apache.org/pom.html#resources
func (p *Project) Resources() []string {
	return slices.DeleteFunc(p.resources(), func(dir string) bool { return strings.HasPrefix(dir, "..") })
}

// ResourcesBeside are those that lie beside the module: "../frontend/dist".
func (p *Project) ResourcesBeside() []string {
	return slices.DeleteFunc(p.resources(), func(dir string) bool { return !strings.HasPrefix(dir, "../") })
}

func (p *Project) resources() []string {
	for _, l := range p.layers {
		list := l.el.Get("build", "resources").All("resource")
		if len(list) == 0 || !l.pos.IsZero() {
			continue
		}
		var out []string
		for _, r := range list {
			if e := r.Get("directory"); e.Text != "" && len(out) < maxChain {
				if dir := Relative(p.value(l, e).Value); Resolved(dir) && !path.IsAbs(dir) && !slices.Contains(out, dir) {
					out = append(out, dir)
				}
			}
		}
		return out
	}
	return []string{"src/main/resources"}
}
