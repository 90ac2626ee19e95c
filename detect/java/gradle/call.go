package gradle

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java/pom"
)

// seg is one step of a chain: the name, and what it is called with.
type seg struct {
	name  string
	call  bool
	args  []*node // without blocks
	block *node
	typ   string
	line  int
	index bool
}

// unroll makes a.b(c).d { } a list of steps. base is what the chain begins with, if that is no name.
func unroll(n *node) (base *node, segs []seg) {
	defer func() { slices.Reverse(segs) }() // the last step is met first
	for range 2 * maxChain {
		switch n.kind {
		case nameNode, strNode:
			return nil, append(segs, seg{name: n.text, line: n.line})
		case memberNode:
			segs = append(segs, seg{name: n.text, line: n.line})
			n = n.kids[0]
		case indexNode:
			segs = append(segs, seg{args: n.kids[1:], line: n.line, index: true})
			n = n.kids[0]
		case callNode:
			s := called(n)
			callee := n.kids[0]
			switch callee.kind {
			case nameNode, memberNode, strNode:
				s.name, s.line = callee.text, callee.line
				segs = append(segs, s)
				if callee.kind != memberNode {
					return nil, segs
				}
				n = callee.kids[0]
			default:
				s.name = "invoke"
				segs = append(segs, s)
				n = callee
			}
		default:
			return n, segs
		}
	}
	return &node{line: n.line}, segs
}

// called is the step of a call: a block among its arguments is its block.
func called(n *node) seg {
	s := seg{call: true, block: n.block, typ: n.typ, line: n.line}
	for _, a := range n.kids[1:] {
		if a.kind == blockNode {
			if s.block == nil {
				s.block = a
			}
			continue
		}
		s.args = append(s.args, a)
	}
	return s
}

// arg is the value of the argument of that number, of those without a name.
func (e env) arg(s seg, i int) value {
	for _, a := range s.args {
		if a.kind == pairNode {
			continue
		}
		if i == 0 {
			return e.eval(a)
		}
		i--
	}
	return value{}
}

// option is the argument of that name.
func (e env) option(s seg, name string) (value, bool) {
	for _, a := range s.args {
		if a.kind == pairNode && a.kids[0].text == name {
			return e.eval(a.kids[1]), true
		}
	}
	return value{}, false
}

// word is the first argument as a name that is known.
func (e env) word(s seg) string { return e.arg(s, 0).asName() }

// models are names with which chains begin that configure something, and have it as their value.
var models = []string{"tasks", "task", "sourceSets", "configurations"} //nolint:gochecknoglobals // a constant table

// call is the value of a call.
func (e env) call(n *node) value {
	callee := n.kids[0]
	s := called(n)
	s.name = callee.text
	if _, segs := unroll(n); len(segs) > 0 && (slices.Contains(models, segs[0].name) || len(e.at) == 1 && slices.Contains(models, e.at[0]) && slices.Contains(selectors, segs[0].name)) {
		return e.do(n)
	}
	switch callee.kind {
	case nameNode:
		return e.bare(s)
	case memberNode:
		return e.method(callee.kids[0], s)
	case strNode:
		return value{}
	default:
	}
	if v := e.eval(callee); v.kind == projects || v.kind == place {
		return v
	}
	return value{}
}

// lists are the functions of Kotlin that make lists and maps.
var lists = []string{"listOf", "setOf", "mutableListOf", "arrayOf", "arrayListOf", "mutableSetOf", "listOfNotNull", "setOfNotNull", "linkedSetOf", "hashSetOf", "mapOf", "mutableMapOf", "hashMapOf", "linkedMapOf", "sortedMapOf"} //nolint:gochecknoglobals // a constant table

// bare is a call without a receiver.
func (e env) bare(s seg) value {
	if f := e.vars.function(s.name); f != nil && len(f.kids) > 0 {
		return e.deeper().bind(f, s).eval(f.kids[0])
	}
	if slices.Contains(lists, s.name) {
		return value{kind: list, items: e.values(s.args)}
	}
	switch s.name {
	case "property", "findProperty", "gradleProperty", "getProperty":
		name, sure, _ := e.arg(s, 0).asText()
		if !sure {
			return value{}
		}
		fails := s.name == "property" || s.name == "getProperty" // without it
		if !fails {
			e.looksFor(name)
		}
		v, ok := e.wanted(name)
		if !ok && !fails {
			return value{kind: null}
		}
		return v
	case "hasProperty", "has":
		if name, sure, _ := e.arg(s, 0).asText(); sure {
			e.looksFor(name)
			_, ok := e.wanted(name)
			return value{kind: truth, sure: ok}
		}
	case "file", "File", "uri":
		return e.path(s)
	case "files":
		out := value{kind: list}
		for v := range flat(e.values(s.args)) {
			if p, sure, ok := v.asText(); ok && sure {
				out.items = append(out.items, e.p.file(p))
			}
		}
		return out
	case "fileTree", "zipTree":
		v, ok := e.option(s, "dir")
		if !ok {
			v = e.arg(s, 0)
		}
		if p, sure, ok := v.asText(); ok && sure {
			return e.p.file(p)
		}
	case "project":
		return e.other(s)
	case "kotlin":
		return e.kotlinModule(s)
	case "platform", "enforcedPlatform":
		v := e.arg(s, 0)
		ds := e.dependencies(v)
		if d, ok := e.mapped(s.args); ok {
			ds = []pom.Dependency{d}
		}
		return value{kind: dependency, deps: ds, platform: true}
	case "testFixtures", "create", "variantOf", "toVersion", "of", "requireNotNull", "checkNotNull":
		return e.arg(s, 0)
	case "provider", "lazy", "run", "buildString":
		if s.block != nil {
			return e.last(s.block)
		}
	case "the", "extensions":
		if rest, ok := strings.CutPrefix(s.typ, "LibrariesFor"); ok {
			return e.catalogNamed(lowerFirst(rest))
		}
		if s.typ != "" {
			return value{kind: place, projects: []*Project{e.p}, at: []string{extension(s.typ)}}
		}
	case "getRootDir", "getProjectDir", "getProject", "getRootProject", "getBuildDir", "getVersion", "getGroup", "getName", "getSettingsDir":
		name, _ := getter(s)
		return e.named(name)
	case "gradleApi", "localGroovy", "gradleTestKit", "gradleKotlinDsl", "embeddedKotlin":
		return value{kind: null}
	}
	return value{}
}

// looksFor notes a property without which the script goes on.
func (e env) looksFor(name string) {
	if len(e.b.asked) < maxItems {
		e.b.asked[name] = true
	}
}

// wanted is a property that an expression asks for.
func (e env) wanted(name string) (value, bool) {
	v, ok := e.p.property(name)
	if !ok {
		e.request(name, false)
	}
	return v, ok
}

// path is what file(x) and File(folder, x) name.
func (e env) path(s seg) value {
	var parts []string
	for i := range min(len(s.args), 3) {
		p, sure, ok := e.arg(s, i).asText()
		if i > 0 && s.name == "file" && !ok {
			break
		}
		if !ok || !sure {
			return value{}
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		return value{}
	}
	p := parts[0]
	if len(parts) > 1 && s.name == "File" {
		p = strings.Join(parts, "/")
	}
	if strings.Contains(p, "://") {
		return textOf(p)
	}
	return e.p.file(p)
}

// other is the project that project(":x") names.
func (e env) other(s seg) value {
	v, ok := e.option(s, "path")
	if !ok {
		v = e.arg(s, 0)
	}
	if len(s.args) == 0 {
		return value{kind: projects, projects: []*Project{e.p}}
	}
	name, sure, _ := v.asText()
	if v.kind == projects {
		return v
	}
	if p := e.p.find(name); p != nil && sure {
		return value{kind: projects, projects: []*Project{p}}
	}
	return value{}
}

// find is the project of a path, seen from another one.
func (p *Project) find(name string) *Project {
	if !strings.HasPrefix(name, ":") {
		name = strings.TrimSuffix(p.Path, ":") + ":" + name
	}
	return p.b.byPath[name]
}

// kotlinModule is kotlin("x"): https://docs.gradle.org/current/userguide/kotlin_dsl.html
func (e env) kotlinModule(s seg) value {
	name, sure, ok := e.arg(s, 0).asText()
	if !ok || !sure {
		return value{}
	}
	d := pom.Dependency{Group: "org.jetbrains.kotlin", Artifact: "kotlin-" + name}
	v := e.arg(s, 1)
	if named, ok := e.option(s, "version"); ok {
		v = named
	}
	d.Version, _, _ = v.asText()
	return value{kind: dependency, deps: []pom.Dependency{d}}
}

func (e env) catalogNamed(name string) value {
	if c := e.b.catalogs[name]; c != nil {
		return value{kind: accessor, catalog: c}
	}
	return value{}
}

// statics are calls whose value is that of their first argument.
var statics = []string{"JavaLanguageVersion.of", "JavaVersion.toVersion", "JvmTarget.fromTarget", "Integer.parseInt", "Integer.valueOf", "String.valueOf", "JvmVendorSpec.of", "JvmVendorSpec.matching", "Objects.requireNonNull", "dependencies.create", "Paths.get", "Path.of"} //nolint:gochecknoglobals // a constant table

// method is a call on something.
func (e env) method(recv *node, s seg) value {
	full := strings.TrimPrefix(source(recv), "project.") + "." + s.name
	switch {
	case slices.Contains(statics, full):
		return e.arg(s, 0)
	case full == "System.getenv" || full == "providers.environmentVariable" || full == "providers.systemProperty":
		if len(s.args) == 0 {
			return value{kind: list}
		}
		if name, sure, ok := e.arg(s, 0).asText(); ok && sure && !strings.HasSuffix(full, "systemProperty") {
			return e.variableOf(name)
		}
		return value{kind: null}
	case full == "System.getProperty":
		if len(s.args) > 1 {
			return e.arg(s, 1)
		}
		return value{kind: null}
	case full == "plugins.hasPlugin" || full == "pluginManager.hasPlugin":
		if id := e.word(s); id != "" {
			if w := s.class(); w != "" {
				id = w
			}
			return value{kind: truth, sure: e.p.has(id)}
		}
		return value{}
	case full == "providers.provider":
		return e.bare(seg{name: "provider", block: s.block, args: s.args})
	case full == "providers.gradleProperty":
		return e.bare(s)
	case strings.HasPrefix(full, "dependencies.") || strings.HasPrefix(full, "dependencyFactory."):
		return e.bare(s)
	case strings.HasPrefix(s.typ, "LibrariesFor"):
		return e.bare(seg{name: "the", typ: s.typ})
	case s.typ == "VersionCatalogsExtension", s.class() == "VersionCatalogsExtension":
		return value{kind: place, at: []string{"versionCatalogs"}}
	case strings.HasPrefix(s.class(), "LibrariesFor"):
		return e.bare(seg{name: "the", typ: s.class()})
	case full == "versionCatalogs.named" || full == "versionCatalogs.find":
		return e.catalogNamed(e.word(s))
	}
	v := e.eval(recv)
	if environment(recv) {
		if name, sure, ok := e.arg(s, 0).asText(); ok && sure {
			e.request(name, true)
		}
	}
	if s.name == "orElse" || s.name == "getOrElse" || s.name == "getOrDefault" {
		return e.otherwise(v, s)
	}
	switch v.kind {
	case projects:
		return e.ofProjects(v, s)
	case accessor:
		return e.ofCatalog(v, s)
	case text:
		return e.ofText(v, s)
	case list:
		return e.ofList(v, s)
	case null:
		return v
	case dependency, plugin, truth:
		if slices.Contains(passing, s.name) && s.name != "version" {
			return v
		}
		return e.member(v, s.name)
	case place:
		return e.ofPlace(v, s)
	default:
	}
	return value{}
}

// class is the first argument as the name of a class.
func (s seg) class() string {
	if len(s.args) == 0 || s.args[0].kind != memberNode && s.args[0].kind != nameNode {
		return ""
	}
	n := s.args[0]
	for n.kind == memberNode && (n.text == "class" || n.text == "java") {
		n = n.kids[0]
	}
	return n.text
}

func (e env) otherwise(v value, s seg) value {
	switch v.kind {
	case null:
		return e.arg(s, len(s.args)-1)
	case list: // System.getenv()
		return e.arg(s, 1)
	default:
	}
	return v
}

func (e env) ofProjects(v value, s seg) value {
	switch s.name {
	case "findAll", "filter", "matching", "filterNot":
		return e.filter(v, s)
	case "minus":
		if w := e.arg(s, 0); w.kind == projects {
			return v.without(w)
		}
		return value{}
	case "toSet", "toList", "get", "asList":
		return v
	}
	if len(v.projects) != 1 {
		return value{}
	}
	e.p = v.projects[0]
	if name, ok := getter(s); ok {
		return e.member(v, name)
	}
	e.vars = nil
	return e.bare(s)
}

// getter is the property that getX() asks for.
func getter(s seg) (string, bool) {
	if rest, ok := strings.CutPrefix(s.name, "get"); ok && rest != "" && s.call && len(s.args) == 0 && s.block == nil {
		return lowerFirst(rest), true
	}
	return "", false
}

// lowerFirst is a name with a small first letter.
func lowerFirst(name string) string {
	n := min(len(name), 1)
	return strings.ToLower(name[:n]) + name[n:]
}

// filter is those of a list for which a block is true, unsure if that is not known.
func (e env) filter(v value, s seg) value {
	if s.block == nil {
		return value{}
	}
	out := value{kind: projects}
	for _, p := range v.projects {
		inner := e.with(s.block, value{kind: projects, projects: []*Project{p}})
		yes, ok := inner.truth(s.block)
		if !ok {
			return value{kind: computed, projects: v.projects}
		}
		if yes == (s.name != "filterNot") {
			out.projects = append(out.projects, p)
		}
	}
	return out
}

// inTree is a path that a value is in the tree; ok is false for one outside of it.
func (e env) inTree(v value) (at string, ok bool) {
	at = path.Join(e.b.outer, e.p.pathOf(v.text))
	return at, v.sure && strings.HasPrefix(v.text, top) && !outside(at)
}

// folders are those in a folder, as paths.
func (e env) folders(v value) value {
	at, ok := e.inTree(v)
	if !ok {
		return value{}
	}
	out := value{kind: list}
	for _, name := range e.b.t.Dirs(at) {
		if len(out.items) < maxItems {
			out.items = append(out.items, textOf(v.text+"/"+name))
		}
	}
	*e.b.steps -= len(out.items)
	return out
}

// there reports whether a path is a folder, a file, or either.
func (e env) there(v value, ask string) value {
	at, ok := e.inTree(v)
	if !ok && v.sure && outside(at) { // beside the repository, which the image's build does not have
		return value{kind: truth}
	}
	if !ok {
		return value{}
	}
	dir, file := e.b.t.HasDir(at), e.b.t.Has(at)
	return value{kind: truth, sure: map[string]bool{"isDirectory": dir, "directory": dir, "isFile": file, "exists": dir || file}[ask]}
}

func (e env) truth(b *node) (yes, ok bool) {
	if len(b.kids) != 1 {
		return false, false
	}
	return e.holds(b.kids[0])
}

func (e env) ofCatalog(v value, s seg) value {
	name, sure, _ := e.arg(s, 0).asText()
	kinds := map[string]string{"findVersion": "versions.", "findLibrary": "", "findBundle": "bundles.", "findPlugin": "plugins."}
	if prefix, ok := kinds[s.name]; ok && v.text == "" {
		if !sure {
			return value{}
		}
		v.text = prefix + alias(name)
		return v
	}
	if slices.Contains(passing, s.name) {
		return v.resolve()
	}
	if _, ok := getter(s); ok {
		return v.resolve()
	}
	return value{}
}

func (e env) ofText(v value, s seg) value {
	arg, sure, ok := e.arg(s, 0).asText()
	known := ok && sure && v.sure
	switch s.name {
	case "listFiles":
		return e.folders(v)
	case "exists", "isDirectory", "isFile":
		return e.there(v, s.name)
	case "getName":
		return e.member(v, "name")
	case "file", "dir", "resolve", "toPath":
		if known && strings.HasPrefix(v.text, top) {
			return textOf(v.text + "/" + path.Clean(arg))
		}
	case "replace":
		if with, sure, ok := e.arg(s, 1).asText(); known && ok && sure && len(v.text) < maxValue && (arg != "" && len(v.text)/len(arg)*len(with) < maxValue) {
			return textOf(strings.ReplaceAll(v.text, arg, with))
		}
	case "startsWith", "endsWith", "contains", "equals":
		if known {
			return value{kind: truth, sure: map[string]func(string, string) bool{
				"startsWith": strings.HasPrefix, "endsWith": strings.HasSuffix, "contains": strings.Contains,
				"equals": func(a, b string) bool { return a == b },
			}[s.name](v.text, arg)}
		}
	case "split", "tokenize":
		if known {
			return split(v.text, arg)
		}
	case "toLowerCase", "lowercase":
		v.text = strings.ToLower(v.text)
		return v
	default:
		if slices.Contains(passing, s.name) {
			return v
		}
	}
	return value{}
}

// split are the parts of a text between one of some characters: ",", "[ ,]". Other expressions are not followed.
func split(s, at string) value {
	inner, class := strings.CutPrefix(at, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if class != closed || inner == "" || !class && len(inner) > 1 || strings.ContainsAny(inner, `\^-.*+?()|$[]`) {
		return value{}
	}
	out := value{kind: list}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(inner, r) }) {
		out.items = append(out.items, textOf(part))
	}
	return out
}

func (e env) ofList(v value, s seg) value {
	switch s.name {
	case "filter", "findAll", "filterNot", "matching":
		if s.block == nil {
			return value{}
		}
		out := value{kind: list}
		for _, i := range v.items {
			yes, ok := e.with(s.block, i).truth(s.block)
			if !ok {
				return value{}
			}
			if yes == (s.name != "filterNot") {
				out.items = append(out.items, i)
			}
		}
		return out
	case "contains":
		arg := e.arg(s, 0)
		for _, i := range v.items {
			if same, ok := equal(i, arg); ok && same {
				return value{kind: truth, sure: true}
			}
		}
		return value{kind: truth}
	case "get", "getAt", "getValue":
		if name, sure, _ := e.arg(s, 0).asText(); sure {
			return e.member(v, name)
		}
	case "toList", "toSet", "asList", "flatten", "plus", "toTypedArray":
		return v
	case "getOrDefault":
		return e.arg(s, 1)
	}
	return value{}
}

func (e env) ofPlace(v value, s seg) value {
	name, sure, _ := e.arg(s, 0).asText()
	switch v.at[0] {
	case "versionCatalogs":
		if sure {
			return e.catalogNamed(name)
		}
		return value{}
	case "ext", "extra":
		if sure && len(v.at) == 1 && v.projects != nil {
			e.p = v.projects[0]
			if s.name == "has" {
				return e.bare(s)
			}
			r, ok := e.wanted(name)
			if !ok && s.name != "get" {
				return value{kind: null}
			}
			return r
		}
		return value{}
	}
	if slices.Contains(passing, s.name) {
		return v
	}
	if name, ok := getter(s); ok {
		return e.inside(v, name)
	}
	return value{}
}
