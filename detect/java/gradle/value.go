package gradle

import (
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/dockgen/dockgen/detect/java/pom"
)

// valueKind is what a value is.
type valueKind uint8

const (
	computed   valueKind = iota // by what is not read here
	null                        // nothing: a variable of the environment, a property that is not set
	text                        // sure says whether all of it is known; what is not is ${…} in it
	list                        // items; those of a map have a key
	word                        // a name that nothing declares: a class, a constant
	truth                       // sure is the answer
	projects                    // one or more
	place                       // something of the model of a project: tasks.jar
	accessor                    // of a catalog: libs.a.b
	dependency                  // deps
	plugin                      // text is its id, version its version
)

// value is what an expression stands for.
type value struct {
	kind     valueKind
	text     string
	sure     bool
	key      string
	items    []value
	projects []*Project
	at       []string // of a place
	catalog  *catalog
	deps     []pom.Dependency
	platform bool // of dependencies: they are BOMs
	fixed    bool // of a variable: nothing else is assigned to it
	number   bool // of a text: it was written without quotes
	version  string
	asked    []Variable // what the machine or the caller would have to set, for the value to be there
}

// Variable is one of the environment, or a property of the build that -P or a file outside of the repository sets.
type Variable struct {
	Name string
	Env  bool
}

// The bounds of values.
const (
	maxValue = 4096
	maxItems = 1000
	maxAsked = 20
)

func textOf(s string) value { return value{kind: text, text: s, sure: true} }

// unsure is a text that stands for what is computed, by the source of it.
func unsure(source string) value {
	if len(source) > 60 {
		source = source[:60]
	}
	return value{kind: text, text: "${" + strings.NewReplacer("{", "", "}", "", "$", "").Replace(source) + "}"}
}

// asText is the value as a text. ok is false if it has none.
func (v value) asText() (s string, sure, ok bool) {
	switch v.kind {
	case text:
		return v.text, v.sure, true
	case word:
		return unsure(v.text).text, false, true
	case truth:
		return strconv.FormatBool(v.sure), true, true
	case accessor:
		if r := v.resolve(); r.kind != accessor {
			return r.asText()
		}
	case dependency:
		if len(v.deps) == 1 {
			return notation(v.deps[0]), true, true
		}
	case plugin:
		return v.text, true, true
	default:
	}
	return "", false, false
}

// notation is a dependency as one text.
func notation(d pom.Dependency) string {
	s := d.Group + ":" + d.Artifact
	if d.Version != "" {
		s += ":" + d.Version
	}
	return s
}

// flat are the texts in a value, its lists opened.
func (v value) flat(out []value) []value {
	if len(out) >= maxItems {
		return out
	}
	if v.kind == list {
		for _, i := range v.items {
			out = i.flat(out)
		}
		return out
	}
	return append(out, v)
}

// flat are the texts in each of some values, one value at a time.
func flat(list []value) iter.Seq[value] {
	return func(yield func(value) bool) {
		for _, v := range list {
			for _, i := range v.flat(nil) {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// scope holds the variables and functions of a script or block.
type scope struct {
	up    *scope
	vars  map[string]value
	funcs map[string]*node
}

func (s *scope) get(name string) (value, *scope) {
	for n := 0; s != nil && n < 2*maxDepth; s, n = s.up, n+1 {
		if v, ok := s.vars[name]; ok {
			return v, s
		}
	}
	return value{}, nil
}

func (s *scope) function(name string) *node {
	for n := 0; s != nil && n < 2*maxDepth; s, n = s.up, n+1 {
		if f := s.funcs[name]; f != nil {
			return f
		}
	}
	return nil
}

func (s *scope) set(name string, v value) {
	if s.vars == nil {
		s.vars = map[string]value{}
	}
	s.vars[name] = v
}

// top begins paths: a path of the file system that begins so is relative to the folder that was read.
const top = "//root"

// pathOf is the path that a text means in a project, relative to the folder that was read. "../x" leads out of it.
func (p *Project) pathOf(s string) string {
	s = strings.ReplaceAll(s, `\`, "/")
	s = strings.TrimPrefix(s, "file:")
	if rest, ok := strings.CutPrefix(s, top); ok {
		return path.Clean("./" + rest)
	}
	if path.IsAbs(s) {
		return s
	}
	return path.Join(p.abs(), s)
}

// abs is the project's folder relative to the folder that was read.
func (p *Project) abs() string { return path.Join(p.b.base, p.Dir) }

// file is a path as a value.
func (p *Project) file(s string) value {
	at := p.pathOf(s)
	if path.IsAbs(at) {
		return textOf(at)
	}
	if at == "." {
		return textOf(top)
	}
	return textOf(top + "/" + at)
}

// eval works out an expression. Its value has what was asked for on the way, whether that decides it or not.
func (e env) eval(n *node) value {
	before := len(e.b.requests)
	v := e.workOut(n)
	if len(e.b.requests) > before || len(v.asked) > 0 {
		v.asked = merge(e.b.requests[before:], v.asked)
		e.b.requests = append(e.b.requests[:before], v.asked...)
	}
	return v
}

// request notes that an expression asks for something that nothing in the repository sets.
func (e env) request(name string, environment bool) {
	e.b.requests = append(e.b.requests, Variable{Name: name, Env: environment})
}

func (e env) workOut(n *node) value {
	if n == nil || !e.step() {
		return value{}
	}
	e.depth++
	switch n.kind {
	case strNode:
		return e.str(n)
	case numNode:
		v := textOf(strings.TrimRight(n.text, "LlfFdD"))
		v.number = true
		return v
	case nameNode:
		return e.named(n.text)
	case memberNode:
		if environment(n.kids[0]) {
			return e.variableOf(n.text)
		}
		return e.member(e.eval(n.kids[0]), n.text)
	case indexNode:
		return e.index(n)
	case callNode:
		return e.call(n)
	case listNode:
		out := value{kind: list}
		for _, k := range n.kids[:min(len(n.kids), maxItems)] {
			out.items = append(out.items, e.eval(k))
		}
		return out
	case pairNode:
		key, _, _ := e.eval(n.kids[0]).asText()
		v := e.eval(n.kids[1])
		v.key = key
		return v
	case assignNode:
		return e.assign(n)
	case ifNode:
		return e.choice(n)
	case binaryNode:
		return e.binary(n)
	case blockNode:
		return e.last(n)
	case returnNode:
		if len(n.kids) > 0 {
			return e.eval(n.kids[0])
		}
	default:
	}
	return value{}
}

// last is the value of the last statement of a block: provider { "x" }.
func (e env) last(b *node) value {
	if len(b.kids) == 0 {
		return value{}
	}
	e.vars = &scope{up: e.vars}
	for _, s := range b.kids[:len(b.kids)-1] {
		switch {
		case s.kind == varNode:
			e.variable(s)
		case s.kind == ifNode && len(s.kids) == 1 && leaves(s.kids[0]):
			yes, ok := e.holds(s.cond)
			if !ok {
				return value{}
			}
			if yes {
				return e.eval(s.kids[0])
			}
		case s.kind == ifNode || s.kind == loopNode:
			return value{} // what it does is not followed
		}
	}
	return e.eval(b.kids[len(b.kids)-1])
}

// leaves reports whether a block ends with a return.
func leaves(b *node) bool {
	return b.kind == blockNode && len(b.kids) > 0 && b.kids[len(b.kids)-1].kind == returnNode
}

func (e env) str(n *node) value {
	if len(n.parts) == 1 && !n.parts[0].code {
		return textOf(n.parts[0].text)
	}
	var b strings.Builder
	sure := true
	for _, p := range n.parts {
		if b.Len() > maxValue {
			return value{}
		}
		if !p.code {
			b.WriteString(p.text)
			continue
		}
		v, whole := e.code(p)
		if !whole {
			sure = false
		}
		b.WriteString(v)
	}
	return value{kind: text, text: b.String(), sure: sure}
}

// code is the text of ${code} in a string.
func (e env) code(p part) (string, bool) {
	*e.b.steps -= len(p.text) / 8
	tree := parse([]byte(p.text), p.line, e.kotlin)
	if len(tree.kids) == 1 {
		v := e.eval(tree.kids[0])
		if v.property() {
			e.request(v.text, false)
		}
		if s, sure, ok := v.asText(); ok {
			return s, sure
		}
	}
	return unsure(p.text).text, false
}

// named is what a name stands for.
func (e env) named(name string) value {
	if v, s := e.vars.get(name); s != nil {
		return v
	}
	switch name {
	case "true", "false":
		return value{kind: truth, sure: name == "true"}
	case "null":
		return value{kind: null}
	case "project", "this", "target", "settings":
		return value{kind: projects, projects: []*Project{e.p}}
	case "rootProject":
		return value{kind: projects, projects: []*Project{e.b.root}}
	case "rootDir", "settingsDir":
		return e.b.root.file(".")
	case "projectDir":
		return e.p.file(".")
	case "buildDir":
		return e.p.file(e.p.BuildDir())
	case "subprojects":
		return value{kind: projects, projects: e.p.below()}
	case "allprojects":
		return value{kind: projects, projects: append([]*Project{e.p}, e.p.below()...)}
	case "projects":
		return value{kind: place, at: []string{"projects"}}
	case "properties":
		return value{kind: place, projects: []*Project{e.p}, at: []string{"ext"}}
	case "parent":
		if e.p.parent != nil {
			return value{kind: projects, projects: []*Project{e.p.parent}}
		}
	}
	if v, ok := e.p.property(name); ok {
		return v
	}
	if c := e.b.catalogs[name]; c != nil {
		return value{kind: accessor, catalog: c}
	}
	switch name {
	case "tasks", "configurations", "sourceSets", "java", "kotlin", "base", "application", "layout", "ext", "extra", "extensions", "providers", "objects":
		return value{kind: place, projects: []*Project{e.p}, at: []string{name}}
	}
	if v, ok := javaVersion(name); ok {
		return v
	}
	if v, ok := e.archivePart(name); ok {
		return v
	}
	for i := len(e.at); i >= 0; i-- { // mainClassName = "a.B"
		at := append(slices.Clone(e.at[:i]), name)
		if list := e.p.entriesAt(at...); len(list) > 0 && list[len(list)-1].how == set {
			if s := e.p.setting(at...); !s.Computed {
				return textOf(s.Value)
			}
			break
		}
	}
	if v, ok := e.constant(e.object + name); ok {
		return v
	}
	if v, ok := e.constant(name); ok {
		return v
	}
	return value{kind: word, text: name}
}

// javaVersion is what a constant of JavaVersion or JvmTarget means: VERSION_1_8, JVM_17.
func javaVersion(name string) (value, bool) {
	for _, prefix := range []string{"VERSION_", "JVM_"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return textOf(strings.ReplaceAll(rest, "_", ".")), true
		}
	}
	return value{}, false
}

// asName is the name that a value is: of a class without its package, of a constant, of something of the model.
func (v value) asName() string {
	switch v.kind {
	case text:
		if v.sure {
			return v.text
		}
	case word:
		s := strings.TrimSuffix(strings.TrimSuffix(v.text, ".class"), ".java")
		return s[strings.LastIndexByte(s, '.')+1:]
	case place:
		return v.at[len(v.at)-1]
	default:
	}
	return ""
}

// property is a property of the project: one of its own or of those above it,
// of gradle.properties, or one that every project has.
// https://docs.gradle.org/current/dsl/org.gradle.api.Project.html#N14FE1
func (p *Project) property(name string) (value, bool) {
	if name == "version" && !p.versions().IsZero() {
		return unsure(name), true
	}
	if v, ok := p.given(name); ok {
		return v, true
	}
	switch name {
	case "name":
		if p.name != "" {
			return textOf(p.name), true
		}
		return unsure("project.name"), true
	case "version", "group":
		if s := p.setting(name); s.Found() {
			if !s.Computed {
				return textOf(s.Value), true
			}
			list := p.entriesAt(name)
			if v := p.last(name); v.kind == text && !list[len(list)-1].maybe {
				return v, true
			}
			return unsure(name), true
		}
		if name == "version" {
			return textOf("unspecified"), true
		}
	case "path":
		return textOf(p.Path), true
	case "archivesBaseName":
		return p.baseName(), true
	}
	return value{}, false
}

// given is a property that a script or a file sets.
func (p *Project) given(name string) (value, bool) {
	for q := range p.up() {
		if v, ok := q.props[name]; ok {
			return v, true
		}
		if v, ok := q.gradleProps[name]; ok {
			return textOf(v.Value), true
		}
	}
	v, ok := p.b.properties[name]
	return textOf(v.Value), ok
}

// passing are the members and calls that give the value that they are asked of.
var passing = []string{"get", "getOrNull", "orNull", "toString", "toInt", "toInteger", "trim", "asInt", "asString", "asProvider", "requiredVersion", "displayName", "toBoolean", "asFile", "absolutePath", "canonicalPath", "path", "intern", "trimIndent", "getAsFile", "getPath", "asPath", "version", "orEmpty", "strictVersion", "stripIndent", "getAbsolutePath", "toPath"} //nolint:gochecknoglobals // a constant table

// member is a.name.
func (e env) member(v value, name string) value {
	if v.key != "" && (name == "key" || name == "value") { // of an entry of a map
		if name == "key" {
			return textOf(v.key)
		}
		v.key = ""
		return v
	}
	switch v.kind {
	case projects:
		if len(v.projects) != 1 {
			return value{kind: computed}
		}
		p := v.projects[0]
		switch name {
		case "ext", "extra", "extraProperties", "properties":
			return value{kind: place, projects: v.projects, at: []string{"ext"}}
		case "dependencyProject", "project":
			return v
		case "children":
			return value{kind: projects, projects: p.children}
		}
		e.p, e.vars = p, nil
		return e.named(name)
	case accessor:
		if slices.Contains(passing, name) && name != "version" {
			return v.resolve()
		}
		if v.text != "" {
			name = v.text + "." + name
		}
		v.text = name
		return v
	case plugin:
		switch name {
		case "pluginId":
			return textOf(v.text)
		case "version":
			return textOf(v.version)
		}
	case dependency:
		if len(v.deps) == 1 {
			switch name {
			case "version":
				return textOf(v.deps[0].Version)
			case "group":
				return textOf(v.deps[0].Group)
			case "name":
				return textOf(v.deps[0].Artifact)
			}
		}
	case word:
		if r, ok := javaVersion(name); ok {
			return r
		}
		if r, ok := e.constant(v.text + "." + name); ok {
			return r
		}
		// https://docs.spring.io/spring-boot/gradle-plugin/managing-dependencies.html#managing-dependencies.gradle-bom-support
		if name == "BOM_COORDINATES" && v.asName() == "SpringBootPlugin" {
			if boot := e.p.pluginVersion("org.springframework.boot"); boot.Value != "" {
				return textOf("org.springframework.boot:spring-boot-dependencies:" + boot.Value)
			}
		}
		return value{kind: word, text: v.text + "." + name}
	case list:
		for _, i := range v.items {
			if i.key == name {
				return i
			}
		}
	case place:
		return e.inside(v, name)
	case text:
		switch {
		case v.sure && strings.HasPrefix(v.text, top) && name == "name":
			return textOf(path.Base(v.text))
		case strings.HasPrefix(v.text, top) && (name == "isDirectory" || name == "isFile" || name == "directory"):
			return e.there(v, name)
		case slices.Contains(passing, name) || name == "majorVersion":
			return v
		}
	case null:
		return v
	default:
	}
	return value{}
}

// inside is a member of something of the model.
func (e env) inside(v value, name string) value {
	switch v.at[0] {
	case "ext", "extra":
		if len(v.at) == 1 {
			e.p = v.projects[0]
			r, _ := e.wanted(name)
			return r
		}
	case "projects":
		v.at = append(slices.Clone(v.at), name)
		if p := e.b.byAccessor(v.at[1:]); p != nil {
			v.projects = []*Project{p}
		}
		return v
	case "layout":
		switch name {
		case "projectDirectory":
			return e.p.file(".")
		case "buildDirectory":
			return e.p.file(e.p.BuildDir())
		case "settingsDirectory":
			return e.b.root.file(".")
		}
		return value{}
	}
	if len(v.projects) == 1 && len(v.at) < maxDepth {
		v.at = append(slices.Clone(v.at), name)
		if s := v.projects[0].setting(v.at...); s.Found() {
			if s.Computed {
				return value{}
			}
			return textOf(s.Value)
		}
	}
	return v
}

func (e env) index(n *node) value {
	v := e.eval(n.kids[0])
	key, sure, ok := e.eval(n.kids[1]).asText()
	if !ok || !sure {
		return value{}
	}
	if environment(n.kids[0]) {
		return e.variableOf(key)
	}
	return e.member(v, key)
}

// environment reports whether an expression is the map of all variables.
func environment(n *node) bool {
	s := source(n)
	return s == "System.env" && n.kind == memberNode || s == "System.getenv" && n.kind == callNode && len(n.kids) == 1
}

// variableOf is a variable of the environment, of which the build of an image has none.
func (e env) variableOf(name string) value {
	e.request(name, true)
	return value{kind: null}
}

// choice is a conditional: the branch that is taken, or what all say.
func (e env) choice(n *node) value {
	if yes, ok := e.holds(n.cond); ok && len(n.kids) > 0 {
		if yes {
			return e.eval(n.kids[0])
		}
		if len(n.kids) > 1 {
			return e.eval(n.kids[1])
		}
		return value{kind: null}
	}
	if !n.whole {
		return value{}
	}
	var all value
	for i, k := range n.kids {
		v := e.eval(k)
		if s, sure, ok := v.asText(); !ok || !sure || i > 0 && s != all.text {
			return value{}
		}
		all = v
	}
	return all
}

// holds answers a condition. ok is false if it cannot be answered.
func (e env) holds(n *node) (yes, ok bool) {
	if n == nil {
		return false, false
	}
	switch v := e.eval(n); v.kind {
	case truth:
		return v.sure, true
	case null:
		return false, true
	case text:
		if v.sure && n.kind != binaryNode {
			return v.text != "" && v.text != "false", v.text != "unspecified"
		}
	default:
	}
	return false, false
}

func (e env) binary(n *node) value {
	answer := func(yes, ok bool) value {
		if !ok {
			return value{}
		}
		return value{kind: truth, sure: yes}
	}
	switch n.text {
	case "!":
		yes, ok := e.holds(n.kids[0])
		return answer(!yes, ok)
	case "&&", "||":
		known := true
		for _, k := range n.kids {
			yes, ok := e.holds(k)
			if ok && yes == (n.text == "||") {
				return answer(yes, true)
			}
			known = known && ok
		}
		return answer(n.text == "&&", known)
	case "?:":
		for _, k := range n.kids {
			if v := e.eval(k); v.kind != null {
				return v
			}
		}
		return value{kind: null}
	case "+":
		return e.sum(n)
	case "-":
		return e.minus(n)
	case "==", "!=", "===", "!==":
		a, b := e.eval(n.kids[0]), e.eval(n.kids[1])
		same, ok := equal(a, b)
		return answer(same == (n.text[0] == '='), ok)
	case "in", "!in":
		a, all := e.eval(n.kids[0]), e.eval(n.kids[1])
		if all.kind != list {
			return value{}
		}
		for _, b := range all.items {
			same, ok := equal(a, b)
			if !ok {
				return value{}
			}
			if same {
				return answer(n.text == "in", true)
			}
		}
		return answer(n.text != "in", true)
	}
	return value{}
}

// merge joins what two values ask for.
func merge(a, b []Variable) []Variable {
	var out []Variable
	for _, list := range [][]Variable{a, b} {
		for _, x := range list[:min(len(list), maxAsked)] {
			if !slices.Contains(out, x) && len(out) < maxAsked {
				out = append(out, x)
			}
		}
	}
	return out
}

// property reports whether a value is a name that only a property of the build could set.
func (v value) property() bool {
	return v.kind == word && v.text != "" && !strings.Contains(v.text, ".") && !unicode.IsUpper(rune(v.text[0]))
}

func equal(a, b value) (same, ok bool) {
	if a.kind == null || b.kind == null {
		other := a
		if a.kind == null {
			other = b
		}
		return a.kind == b.kind, other.kind == null || other.kind == text && other.sure || other.kind == list
	}
	if a.kind == projects && b.kind == projects {
		return slices.Equal(a.projects, b.projects), true
	}
	s, sure, ok := a.asText()
	t, sure2, ok2 := b.asText()
	return s == t, ok && ok2 && sure && sure2 && (a.kind != word || b.kind != word)
}

// sum joins texts or lists.
func (e env) sum(n *node) value {
	first := e.eval(n.kids[0])
	if first.kind == list || first.kind == projects {
		out := value{kind: list}
		for _, k := range n.kids {
			out.items = e.eval(k).flat(out.items)
		}
		*e.b.steps -= len(out.items)
		return out
	}
	if first.number {
		return value{}
	}
	out := value{kind: text, sure: true}
	for i, k := range n.kids {
		v := first
		if i > 0 {
			v = e.eval(k)
		}
		s, sure, ok := v.asText()
		if !ok {
			s, sure = unsure(source(k)).text, false
		}
		if len(out.text)+len(s) > maxValue {
			return value{}
		}
		out.text += s
		out.sure = out.sure && sure
	}
	return out
}

// minus is a list of projects without some.
func (e env) minus(n *node) value {
	v := e.eval(n.kids[0])
	if v.kind != projects {
		return value{}
	}
	for _, k := range n.kids[1:] {
		for _, w := range e.eval(k).flat(nil) {
			if w.kind != projects {
				return value{}
			}
			v = v.without(w)
		}
	}
	return v
}

// without is a list of projects without those of another one.
func (v value) without(w value) value {
	v.projects = slices.DeleteFunc(slices.Clone(v.projects), func(p *Project) bool { return slices.Contains(w.projects, p) })
	return v
}

// source is roughly what a node was written as.
func source(n *node) string {
	switch n.kind {
	case nameNode:
		return n.text
	case memberNode:
		if n.kids[0].kind == nameNode {
			return n.kids[0].text + "." + n.text
		}
		return n.text
	case callNode:
		if n.kids[0].kind != callNode {
			return source(n.kids[0])
		}
	default:
	}
	return "computed"
}
