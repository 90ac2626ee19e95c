package gradle

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Build is a build of Gradle.
type Build struct {
	// Projects are the root and those that the settings include, in their order. One that has no folder is left out.
	Projects []*Project
	// Files are what Gradle reads before it compiles anything, relative to the folder: settings, the scripts of all
	// projects, properties, catalogs, locks, checksums and scripts that others apply.
	Files []string
	// Folders are those of the builds that Gradle builds first: buildSrc, and those that the settings include.
	Folders []string
	// Above are paths that the scripts name outside of the folder, and that the repository does not have beside it.
	Above []fact.Fact[string]
	// Sources are the folders beside the one that was read, "../lib", that hold the code of its projects. What else lies there
	// is among Files and Folders.
	Sources []string
	// Wrapper is nil where there is no gradlew.
	Wrapper *Wrapper
	// Foojay is where the settings apply the plugin that finds toolchains to download, or zero.
	// https://github.com/gradle/foojay-toolchains
	Foojay fact.Pos
	// Daemon is the Java that Gradle itself is to run on, "" for none: https://docs.gradle.org/current/userguide/gradle_daemon.html#sec:daemon_jvm_criteria
	Daemon fact.Fact[string]
	// Git is where a script runs git while the build is configured, or zero.
	Git fact.Pos

	b *builder
}

// The bounds of a build.
const (
	maxProjects = 500
	maxIncluded = 50
	maxScripts  = 300
	maxSteps    = 250_000
	perProject  = 2000 // steps more for each project
	maxNested   = 2
)

// builder reads a build, and those that it includes.
type builder struct {
	t     *tree.Tree
	outer string // the folder that was read first, in the tree
	base  string // this build's folder, relative to that
	dir   string // this build's folder, in the tree
	build *Build
	depth int

	root, settings *Project
	byPath         map[string]*Project
	order          []*Project
	accessors      map[string]*Project
	dirs           map[string]*Project
	catalogs       map[string]*catalog
	properties     map[string]fact.Fact[string]
	managed        map[string]fact.Fact[string] // versions of plugins by the settings
	definitions    map[string]*definition
	nested         []*builder
	classFiles     map[string]string
	funcs          map[string]*node
	consts         map[string]*node
	seen           map[string]bool // of Files, Folders and Above

	// Shared with the builds that it includes.
	steps   *int
	err     *error
	scripts map[string]*node
	needs   map[*node]needs
	asked   map[string]bool // the properties that the scripts look for

	requests []Variable // what the expression that is worked out asked for
}

// Read reads the build of a folder. It is nil if the folder holds no script of Gradle. What of a script cannot be read is
// passed over; a catalog that is malformed is an error. properties are "name=value", as -P gives them.
func Read(t *tree.Tree, dir string, properties ...string) (*Build, error) {
	b := newBuilder(t, dir, ".", nil)
	if b == nil {
		return nil, nil
	}
	for _, s := range properties {
		name, v, _ := strings.Cut(s, "=")
		b.properties[name] = fact.Fact[string]{Value: v}
	}
	b.read()
	if *b.err != nil {
		return nil, *b.err
	}
	var err error
	b.build.Wrapper, err = readWrapper(t, dir)
	return b.build, err
}

// settingsNames and buildNames are the scripts that Gradle looks for.
var (
	settingsNames = []string{"settings.gradle", "settings.gradle.kts"} //nolint:gochecknoglobals // a constant table
	buildNames    = []string{"build.gradle", "build.gradle.kts"}       //nolint:gochecknoglobals // a constant table
)

// first is the first of those files that is in a folder of this build.
func (b *builder) first(dir string, names []string) string {
	for _, n := range names {
		if f := path.Join(dir, n); b.t.Has(path.Join(b.dir, f)) {
			return f
		}
	}
	return ""
}

func newBuilder(t *tree.Tree, outer, base string, from *builder) *builder {
	steps := maxSteps
	var err error
	b := &builder{
		t: t, outer: outer, base: base, dir: path.Join(outer, base), build: &Build{},
		byPath: map[string]*Project{}, catalogs: map[string]*catalog{}, managed: map[string]fact.Fact[string]{},
		definitions: map[string]*definition{}, seen: map[string]bool{}, steps: &steps, err: &err, scripts: map[string]*node{}, needs: map[*node]needs{}, asked: map[string]bool{},
	}
	b.build.b = b
	if b.first(".", settingsNames) == "" && b.first(".", buildNames) == "" && from == nil {
		return nil
	}
	if from != nil {
		b.steps, b.err, b.scripts, b.needs, b.asked, b.depth = from.steps, from.err, from.scripts, from.needs, from.asked, from.depth+1
		maps.Copy(b.catalogs, from.catalogs)
	}
	b.root = b.project(":", "", nil)
	b.settings = &Project{b: b, Dir: ".", done: map[string]bool{}, index: map[string][]*entry{}}
	b.order = []*Project{b.root}
	b.properties = b.propertiesOf(".")
	return b
}

// project makes one.
func (b *builder) project(path, name string, parent *Project) *Project {
	p := &Project{b: b, Path: path, Dir: ".", name: name, parent: parent, done: map[string]bool{}, index: map[string][]*entry{}}
	b.byPath[path] = p
	return p
}

// include adds a project and those above it: "a:b", ":a:b", "a/b".
func (b *builder) include(name string, pos fact.Pos) {
	p := b.root
	var at strings.Builder
	for part := range strings.SplitSeq(strings.Trim(strings.ReplaceAll(name, "/", ":"), ":"), ":") {
		if part == "" || part == ".." || strings.ContainsAny(part, "\n\r") {
			return
		}
		at.WriteString(":" + part)
		q := b.byPath[at.String()]
		if q == nil {
			if len(b.order) >= maxProjects || len(at.String()) > maxValue {
				return
			}
			q = b.project(at.String(), part, p)
			q.Dir, q.named = path.Join(p.Dir, part), fact.Fact[string]{Value: part, Pos: pos}
			p.children = append(p.children, q)
			b.order = append(b.order, q)
		}
		p = q
	}
}

// outside reports whether a path leads out of the folder that was read.
func outside(name string) bool { return name == ".." || strings.HasPrefix(name, "../") }

// beside reports whether the repository has what lies outside of the folder that was read, in a folder that does not hold that one.
func (b *builder) beside(name string) bool {
	at := path.Join(b.outer, name)
	return outside(name) && !tree.Within(path.Clean("./"+b.outer), at) && (b.t.HasDir(at) || b.t.Has(at))
}

// reaches reports whether the build context has a path, or can be made to have it. Otherwise that is noted, if the script needs it
// in each build: Above.
func (e env) reaches(name string, line int) bool {
	if path.IsAbs(name) {
		return false
	}
	if !outside(name) || e.b.beside(name) {
		return true
	}
	if !e.maybe {
		e.b.above(name, e.pos(line))
	}
	return false
}

// above notes a path that no build context has.
func (b *builder) above(name string, pos fact.Pos) {
	if b.seen["above "+name] || len(b.build.Above) >= maxIncluded {
		return
	}
	b.seen["above "+name] = true
	b.build.Above = append(b.build.Above, fact.Fact[string]{Value: name, Pos: pos})
}

func (b *builder) folder(name string) {
	if name == "." || b.seen["folder "+name] || len(b.build.Folders) >= maxIncluded || !b.t.HasDir(path.Join(b.outer, name)) {
		return
	}
	b.seen["folder "+name] = true
	b.build.Folders = append(b.build.Folders, name)
}

// addFile adds a file to those that Gradle reads, if it is there. It is relative to the folder that was read.
func (b *builder) addFile(name string) {
	if b.seen["file "+name] || !b.t.Has(path.Join(b.outer, name)) {
		return
	}
	b.seen["file "+name] = true
	b.build.Files = append(b.build.Files, name)
}

// source adds a folder beside the one that was read to Sources, unless the build has it anyway: have is the folder that is copied.
func (b *builder) source(dir, have string) {
	if !outside(dir) || outside(have) && tree.Within(dir, have) || len(b.build.Sources) >= maxIncluded ||
		slices.ContainsFunc(b.build.Sources, func(s string) bool { return tree.Within(dir, s) }) {
		return
	}
	b.build.Sources = append(slices.DeleteFunc(b.build.Sources, func(s string) bool { return tree.Within(s, dir) }), dir)
}

// addOwn adds those of some files of a project's folder that are there.
func (b *builder) addOwn(dir string, names ...string) {
	for _, n := range names {
		b.addFile(path.Join(b.base, dir, n))
	}
}

// propertiesOf reads gradle.properties of a folder of this build.
// https://docs.gradle.org/current/userguide/build_environment.html#sec:gradle_configuration_properties
func (b *builder) propertiesOf(dir string) map[string]fact.Fact[string] {
	doc, err := document.Read(b.t, path.Join(b.dir, dir, "gradle.properties"))
	if err != nil {
		return map[string]fact.Fact[string]{}
	}
	return doc.Facts()
}

// property is a value of a file of properties in the tree.
func (b *builder) property(file, key string) string {
	doc, err := document.Read(b.t, file)
	if err != nil {
		return ""
	}
	return doc.Get(key).Text
}

// fromTree is a path of the tree relative to the folder that was read.
func (b *builder) fromTree(file string) string { return tree.Relative(path.Clean("./"+b.outer), file) }

// parsed is a script, parsed once. It is named relative to the folder that was read.
func (b *builder) parsed(file string) *node {
	at := path.Join(b.outer, file)
	if n, ok := b.scripts[at]; ok {
		return n
	}
	if len(b.scripts) >= maxScripts+maxProjects {
		return nil
	}
	b.scripts[at] = nil
	if !b.t.Has(at) {
		return nil
	}
	raw, err := b.t.Read(at)
	if err != nil {
		return nil
	}
	b.scripts[at] = parse(raw, 1, strings.HasSuffix(file, ".kts") || strings.HasSuffix(file, ".kt"))
	return b.scripts[at]
}

// packageOf is the package that a script of Kotlin in the tree declares.
func (b *builder) packageOf(file string) string {
	lines, err := b.t.Lines(file)
	if err != nil || !strings.HasSuffix(file, ".kts") {
		return ""
	}
	for no, line := range lines {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "package "); ok {
			return strings.Trim(strings.TrimSpace(rest), ";")
		}
		if no > maxSame {
			break
		}
	}
	return ""
}

// script runs a script, and reports whether it could be read.
func (b *builder) script(e env, file string) bool {
	tree := b.parsed(file)
	if tree == nil || e.depth > maxDepth {
		return false
	}
	e.file, e.kotlin = path.Join(b.outer, file), strings.HasSuffix(file, ".kts")
	e.vars, e.home = &scope{}, e.p
	e.depth += 5
	e.block(tree)
	e.addNeeds(tree)
	return true
}

// read reads the whole build: the settings, the builds that come first, then each project.
func (b *builder) read() {
	if c := "gradle/libs.versions.toml"; b.t.Has(path.Join(b.dir, c)) {
		own := newCatalog()
		b.catalogs["libs"] = own
		b.importCatalog(own, path.Join(b.base, c))
	}
	if f := b.first(".", settingsNames); f != "" {
		b.addOwn(".", f)
		b.script(env{b: b, p: b.settings, settings: true}, path.Join(b.base, f))
	}
	b.place()
	b.nestedBuilds()
	for _, p := range b.order {
		p.run()
	}
	for _, p := range b.order {
		p.finish()
		p.extenders = p.extends()
	}
	b.list()
}

// place gives the projects the names and folders that the settings say, and their scripts.
func (b *builder) place() {
	var out []*Project
	for _, p := range b.order {
		if s := p.setting("projectDir"); s.Found() && !s.Computed {
			at := p.b.settings.pathOf(p.last("projectDir").text)
			if outside(at) && !b.beside(at) {
				b.above(at, s.Pos)
				continue
			}
			if !path.IsAbs(at) {
				p.Dir = tree.Relative(b.dir, path.Join(b.outer, at))
			}
		}
		if s := p.setting("name"); s.Found() && !s.Computed && s.Value != "" && !strings.ContainsAny(s.Value, ":/\n") {
			p.name, p.named = s.Value, s.Fact
		}
		if p.parent != nil { // its name is a part of its path
			delete(b.byPath, p.Path)
			p.Path = strings.TrimSuffix(p.parent.Path, ":") + ":" + p.name
			b.byPath[p.Path] = p
		}
		names := slices.Concat(buildNames, []string{p.name + ".gradle", p.name + ".gradle.kts"})
		if s := p.setting("buildFileName"); s.Found() && !s.Computed {
			names = []string{s.Value}
		} else if !s.Found() {
			names = buildNames
		}
		p.File = b.first(p.Dir, names)
		p.entries, p.index = nil, map[string][]*entry{}
		if p != b.root {
			p.gradleProps = b.propertiesOf(p.Dir)
		}
		if p == b.root || b.t.HasDir(path.Join(b.dir, p.Dir)) {
			out = append(out, p)
		}
	}
	b.order = out
	b.build.Projects = out
	*b.steps += perProject * len(out)
	for _, x := range b.settings.entries { // https://docs.gradle.org/current/userguide/plugins.html#sec:plugin_resolution_rules
		if x.at[len(x.at)-1] == "useModule" && len(x.vals) == 1 && len(b.settings.classpath) < maxDependencies {
			if s, _, ok := x.vals[0].asText(); ok {
				d := parseNotation(s)
				d.Pos = x.pos
				b.settings.classpath = append(b.settings.classpath, dep{Dependency: d})
			}
		}
	}
	for _, g := range b.settings.plugins {
		if g.ID == "org.gradle.toolchains.foojay-resolver-convention" && g.Applied() {
			b.build.Foojay = g.Pos
		}
	}
	b.accessors, b.dirs = map[string]*Project{}, map[string]*Project{}
	for _, p := range out {
		b.dirs[p.Dir] = p
		b.accessors[accessorOf(p.Path)] = p
	}
}

// accessorOf is a project's path without what a type-safe accessor leaves out.
// https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html#sec:type-safe-project-accessors
func accessorOf(p string) string {
	return strings.ToLower(strings.NewReplacer(":", ".", "-", "", "_", "").Replace(strings.Trim(p, ":")))
}

func (b *builder) byAccessor(names []string) *Project {
	return b.accessors[strings.ToLower(strings.Join(names, "."))]
}

// nestedBuilds reads the builds that Gradle builds first, for the plugins that they make.
func (b *builder) nestedBuilds() {
	if b.t.HasDir(path.Join(b.dir, "buildSrc")) {
		b.folder(path.Join(b.base, "buildSrc"))
	}
	if b.depth >= maxNested {
		return
	}
	for _, f := range b.build.Folders {
		n := newBuilder(b.t, b.outer, f, b)
		n.read()
		b.nested = append(b.nested, n)
		for _, a := range n.build.Above {
			b.above(a.Value, a.Pos)
		}
		for _, other := range n.build.Folders {
			if !tree.Within(other, f) {
				b.folder(other)
			}
		}
		for _, dir := range n.build.Sources {
			b.source(dir, f)
		}
		if b.build.Git.IsZero() {
			b.build.Git = n.build.Git
		}
		for _, file := range n.build.Files {
			if !tree.Within(file, f) { // a catalog that both read
				b.addFile(file)
			}
		}
		maps.Copy(b.definitions, n.definitions)
		for id, d := range n.own() {
			b.definitions[canonical(id)] = d
		}
	}
}

// list makes the list of the files that Gradle reads.
func (b *builder) list() {
	for _, p := range b.order {
		if p.File != "" {
			b.addFile(path.Join(b.base, p.File))
		}
		b.addOwn(p.Dir, "gradle.properties", "gradle.lockfile", "buildscript-gradle.lockfile", "settings-gradle.lockfile")
		for _, n := range b.t.Names(path.Join(b.dir, p.Dir, "gradle/dependency-locks")) {
			b.addOwn(p.Dir, "gradle/dependency-locks/"+n)
		}
		b.source(p.abs(), b.base)
		for _, dir := range slices.Concat(p.SourceDirs(), p.Resources()) {
			b.source(path.Join(p.abs(), dir), b.base)
		}
	}
	for _, n := range b.t.Names(path.Join(b.dir, "gradle")) {
		if ext := path.Ext(n); ext == ".toml" || ext == ".lockfile" || strings.HasPrefix(n, "verification-") || n == "gradle-daemon-jvm.properties" {
			b.addOwn("gradle", n)
		}
	}
	if doc, err := document.Read(b.t, path.Join(b.dir, "gradle/gradle-daemon-jvm.properties")); err == nil {
		b.build.Daemon = doc.Facts()["toolchainVersion"]
	}
}

// Beside are the folders beside the one that was read, "../lib", in which something lies that the build needs.
func (b *Build) Beside() []string {
	var out []string
	add := func(dir string) {
		if outside(dir) && !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	for _, dir := range slices.Concat(b.Folders, b.Sources) {
		add(dir)
	}
	for _, file := range b.Files {
		if outside(file) {
			add(path.Dir(file))
		}
	}
	return out
}

// Join adds the files that Gradle reads where the same build is given other properties.
func (b *Build) Join(other *Build) {
	for _, f := range other.Files {
		b.b.addFile(f)
	}
	for _, f := range other.Folders {
		b.b.folder(f)
	}
	for _, s := range other.Sources {
		b.b.source(s, ".")
	}
}

// Property is a property of gradle.properties.
func (b *Build) Property(name string) fact.Fact[string] { return b.b.properties[name] }

// Asks reports whether a script looks for a property that -P can give, and does not fail without it.
func (b *Build) Asks(name string) bool { return b.b.asked[name] }
