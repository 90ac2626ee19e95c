package gradle

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// env is where a statement stands: in which script, of which project, inside of which blocks.
type env struct {
	b        *builder
	p        *Project
	home     *Project // whose script it is
	at       []string // the blocks: "tasks", "bootJar"
	vars     *scope
	file     string // of the script, in the tree
	kotlin   bool
	maybe    bool // it runs only in some builds: in a branch, or for some of a list
	settings bool
	depth    int
	object   string // of the class whose constant is worked out, with a dot
	follow   *bool  // set where a plugin's class calls what is not read
}

// step counts the work, so that it has an end whatever a script says.
func (e env) step() bool {
	*e.b.steps--
	return *e.b.steps > 0 && e.depth < 2*maxDepth
}

func (e env) deeper() env {
	e.depth++
	return e
}

func (e env) pos(line int) fact.Pos { return fact.At(e.file, line) }

// inner is the environment inside of a block of that name.
func (e env) inner(names ...string) env {
	e.at = append(slices.Clip(e.at), names...)
	e.depth += len(names)
	return e
}

// with binds the parameter of a block, or it.
func (e env) with(b *node, v value) env {
	e = e.deeper()
	e.vars = &scope{up: e.vars}
	name := "it"
	if len(b.names) > 0 {
		name = b.names[0]
	}
	e.vars.set(name, v)
	return e
}

// bind gives the parameters of a function their values.
func (e env) bind(f *node, s seg) env {
	vars := &scope{up: e.vars}
	for i, name := range f.names {
		v, ok := e.option(s, name)
		if !ok {
			v = e.arg(s, i)
		}
		vars.set(name, v)
	}
	e.vars = vars
	return e
}

// flow says how a block ends.
type flow uint8

const (
	goesOn flow = iota
	mayReturn
	returns
)

// block runs the statements of one, up to a return.
func (e env) block(b *node) flow {
	if b == nil || !e.step() {
		return goesOn
	}
	e = e.deeper()
	e.vars = &scope{up: e.vars}
	declare(e.vars, b)
	end := goesOn
	for _, s := range b.kids {
		switch e.statement(s) {
		case returns:
			return returns
		case mayReturn:
			end, e.maybe = mayReturn, true
		case goesOn:
		}
	}
	return end
}

// declare makes the functions of a block known before it runs.
func declare(s *scope, b *node) {
	for _, k := range b.kids {
		if k.kind == funNode && k.text != "" {
			if s.funcs == nil {
				s.funcs = map[string]*node{}
			}
			s.funcs[k.text] = k
		}
	}
}

func (e env) statement(n *node) flow {
	if !e.step() {
		return goesOn
	}
	switch n.kind {
	case returnNode:
		if len(n.kids) > 0 {
			e.statement(n.kids[0])
		}
		return returns
	case varNode:
		e.variable(n)
	case assignNode:
		e.assign(n)
	case callNode, memberNode, nameNode, indexNode, strNode:
		e.do(n)
	case ifNode:
		return e.branch(n)
	case loopNode:
		e.loop(n)
	case blockNode:
		e.block(n)
	case binaryNode: // task << { … }, a ?: b
	default:
	}
	return goesOn
}

// branch runs what a condition chooses, or all of it with maybe. What all
// branches set to the same value is certain.
func (e env) branch(n *node) flow {
	before := len(e.b.requests)
	if yes, ok := e.holds(n.cond); ok {
		e.ifGiven(n, yes, e.b.requests[before:])
		switch {
		case yes && len(n.kids) > 0:
			return e.block(n.kids[0])
		case !yes && len(n.kids) > 1:
			return e.block(n.kids[1])
		}
		return goesOn
	}
	certain := e.maybe
	e.maybe = true
	var ends []int
	start := len(e.p.entries)
	plugins := len(e.p.plugins)
	end := goesOn
	for _, k := range n.kids {
		if e.block(k) != goesOn {
			end = mayReturn
		}
		ends = append(ends, len(e.p.entries))
	}
	if !n.whole || certain || len(ends) != 2 {
		return end
	}
	agree(e.p.entries[start:ends[0]], e.p.entries[ends[0]:ends[1]])
	ids := map[string]int{}
	for i := plugins; i < len(e.p.plugins); i++ {
		g := &e.p.plugins[i]
		if ids[g.ID]++; ids[g.ID] == 2 {
			g.maybe = false
		}
	}
	return end
}

// ofMachine matches variables that say where a build runs.
var ofMachine = lazy.MustCompile(`^(CI|[A-Z]+_CI|GITHUB_ACTIONS|TRAVIS|CIRCLECI|JENKINS_\w+|BUILD_NUMBER)$`)

// ifGiven runs the branch that is not taken, as one that may be, where it names repositories or their logins and is not taken because nothing
// in the repository sets what the condition asks for: whoever builds may.
func (e env) ifGiven(n *node, yes bool, asked []Variable) {
	skipped := 0
	if yes {
		skipped = 1
	}
	if skipped >= len(n.kids) || len(asked) == 0 || slices.ContainsFunc(asked, func(v Variable) bool { return ofMachine.MatchString(v.Name) }) {
		return
	}
	b := n.kids[skipped]
	if !slices.Contains(e.at, "repositories") && (len(b.kids) == 0 || slices.ContainsFunc(b.kids, func(k *node) bool {
		return k.kind != callNode || k.kids[0].text != "repositories"
	})) {
		return
	}
	e.maybe = true
	e.block(b)
}

// agree marks as certain what two branches set to the same value.
func agree(a, b []*entry) {
	said := map[string]*entry{}
	for _, x := range a {
		said[keyOf(x.at)] = x
	}
	for _, y := range b {
		x := said[keyOf(y.at)]
		if x == nil || len(x.vals) != len(y.vals) {
			continue
		}
		same := true
		for i := range x.vals {
			eq, ok := equal(x.vals[i], y.vals[i])
			same = same && eq && ok
		}
		if same {
			y.maybe = false
		}
	}
}

func (e env) loop(n *node) { e.each(e.eval(n.kids[0]), []string{n.text}, n.kids[1]) }

// each runs a block for each of a list that is known, once with maybe for others. names are its parameters: one, or a key and a value.
func (e env) each(v value, names []string, b *node) {
	if b == nil {
		return
	}
	if len(names) == 0 || names[0] == "" {
		names = []string{"it"}
	}
	var items []value
	switch v.kind {
	case list:
		items = v.items
	case projects:
		for _, p := range v.projects {
			items = append(items, value{kind: projects, projects: []*Project{p}})
		}
	default:
		e.maybe = true
		items = []value{{}}
	}
	for _, i := range items {
		inner := e.deeper()
		inner.vars = &scope{up: e.vars}
		inner.vars.set(names[0], i)
		if len(names) == 2 && i.key != "" {
			inner.vars.set(names[0], textOf(i.key))
			i.key = ""
			inner.vars.set(names[1], i)
		}
		inner.block(b)
	}
}

// variable runs val x = …, def x = …, val x by ….
func (e env) variable(n *node) {
	if len(n.kids) == 0 || n.text == "" {
		return
	}
	init := n.kids[0]
	if !n.by {
		v := e.eval(init)
		v.fixed = n.fixed
		e.vars.set(n.text, v)
		return
	}
	base, segs := unroll(init)
	if base != nil || len(segs) == 0 {
		return
	}
	last := segs[len(segs)-1]
	switch {
	case !last.call && slices.Contains([]string{"project", "settings", "rootProject", "extra", "properties"}, last.name):
		p := e.p
		if segs[0].name == "rootProject" {
			p = e.b.root
		}
		if v, ok := p.property(n.text); ok {
			e.vars.set(n.text, v)
		} else {
			e.vars.set(n.text, value{asked: []Variable{{Name: n.text}}})
		}
	case last.name == "extra": // by extra("x"), by extra { "x" }
		v := e.arg(last, 0)
		if last.block != nil {
			v = e.last(last.block)
		}
		e.vars.set(n.text, v)
		e.p.setProp(n.text, v, e.maybe)
	case last.name == "lazy" && last.block != nil:
		e.vars.set(n.text, e.last(last.block))
	default: // by tasks.registering(Jar::class) { }, by configurations.creating, by tasks
		switch last.name {
		case "registering", "creating", "getting", "existing":
			segs = segs[:len(segs)-1]
		case "tasks", "configurations", "sourceSets":
			last = seg{}
		default:
			e.do(init)
			return
		}
		s := seg{
			name: "named", call: true, line: n.line, block: last.block, typ: cmp.Or(last.typ, last.class()),
			args: []*node{{kind: strNode, parts: []part{{text: n.text}}, text: n.text}},
		}
		if last.name == "registering" || last.name == "creating" {
			s.name = "register"
		}
		e.vars.set(n.text, e.walk(append(slices.Clip(segs), s), nil, 0))
	}
}

// op is how an entry came to be.
type op uint8

const (
	set   op = iota // x = 1
	add             // x += 1
	calls           // x(1), x { }
)

// assign runs a = b, and gives the value.
func (e env) assign(n *node) value {
	v := e.eval(n.kids[1])
	how := set
	if n.text != "=" {
		how = add
	}
	base, segs := unroll(n.kids[0])
	if base != nil || len(segs) == 0 {
		return v
	}
	if len(segs) == 1 && !segs[0].call {
		if old, s := e.vars.get(segs[0].name); s != nil && !(old.fixed && len(e.at) > 0) {
			if same, ok := equal(old, v); e.maybe && !(ok && same) || how == add {
				v = value{}
			}
			s.set(segs[0].name, v)
			return v
		}
	}
	e.begin(segs, &v, how)
	return v
}

// do runs an expression that is a statement, and gives what it configures.
func (e env) do(n *node) value {
	if !e.step() {
		return value{}
	}
	e.depth++
	base, segs := unroll(n)
	if base != nil {
		return e.on(e.eval(base), segs, nil, 0)
	}
	return e.begin(segs, nil, 0)
}

// shadowed reports whether a name in a block is what the block configures, though a variable of the script has the same: mainClass.set(mainClass).
func (e env) shadowed(local value, segs []seg, assigning bool) bool {
	if len(e.at) == 0 || local.kind == place || local.kind == projects {
		return false
	}
	last := segs[len(segs)-1]
	return assigning && len(segs) == 1 && local.fixed || len(segs) == 2 && slices.Contains([]string{"set", "convention", "value", "add", "addAll", "put"}, last.name) && local.kind == text
}

// begin starts a chain at its first name: a variable, or something of the project.
func (e env) begin(segs []seg, v *value, how op) value {
	head := segs[0]
	if local, s := e.vars.get(head.name); s != nil && head.name != "" && !e.shadowed(local, segs, v != nil) {
		if head.call && local.kind == place && len(local.projects) == 1 {
			e.p, e.at = local.projects[0], local.at
			head.name = "configure"
			return e.walk(append([]seg{head}, segs[1:]...), v, how)
		}
		return e.on(local, segs[1:], v, how)
	}
	if f := e.vars.function(head.name); f != nil && head.call && v == nil && len(f.kids) > 0 {
		inner := e.bind(f, head)
		if f.kids[0].kind == blockNode {
			inner.block(f.kids[0])
		} else {
			inner.statement(f.kids[0])
		}
		return value{}
	}
	if given, ok := e.p.given(head.name); ok && v == nil && len(segs) > 1 && !head.call && segs[len(segs)-1].block != nil { // urls.split(",").each { }
		return e.on(given, segs[1:], v, how)
	}
	if v == nil && len(segs) > 1 && (head.name == "rootDir" || head.name == "projectDir" || head.name == "settingsDir") {
		return e.on(e.named(head.name), segs[1:], v, how)
	}
	if head.call && v == nil && len(segs) > 1 && (head.name == "file" || head.name == "File" || slices.Contains(lists, head.name)) {
		return e.on(e.bare(head), segs[1:], v, how)
	}
	return e.walk(segs, v, how)
}

// on goes on with a chain at a value.
func (e env) on(at value, segs []seg, v *value, how op) value {
	if len(segs) == 0 {
		return at
	}
	switch at.kind {
	case place:
		if len(at.projects) == 1 {
			e.p, e.at = at.projects[0], at.at
			return e.walk(segs, v, how)
		}
	case projects:
		return e.onProjects(at, segs, v, how)
	case text:
		if s := segs[0]; s.name == "eachDir" && s.block != nil {
			e.each(e.folders(at), s.block.names, s.block)
		} else if s.call && len(segs) > 1 {
			return e.on(e.ofText(at, s), segs[1:], v, how)
		}
	case accessor, dependency, word, null, truth, plugin:
		if s := segs[len(segs)-1]; s.block != nil && !e.settings { // libs.findLibrary("x").ifPresent { … }
			e.maybe = true
			e.with(s.block, at).block(s.block)
		}
	case list:
		s := segs[0]
		if slices.Contains([]string{"each", "forEach", "all", "onEach", "map"}, s.name) && s.block != nil {
			e.each(at, s.block.names, s.block)
		} else if s.call && len(segs) > 1 {
			return e.on(e.ofList(at, s), segs[1:], v, how)
		}
	case computed:
		for _, s := range segs {
			if s.block != nil {
				e.maybe = true
				if at.projects != nil { // some of them
					e.forProjects(at.projects, s.block)
				} else {
					e.block(s.block)
				}
			}
		}
	default:
	}
	return value{}
}

func (e env) onProjects(at value, segs []seg, v *value, how op) value {
	s := segs[0]
	switch s.name {
	case "each", "forEach", "all", "configureEach", "configure", "invoke", "onEach":
		if s.block != nil {
			e.forProjects(at.projects, s.block)
			return at
		}
	case "findAll", "filter", "matching", "filterNot", "minus":
		return e.on(e.ofProjects(at, s), segs[1:], v, how)
	}
	if len(at.projects) != 1 {
		return value{}
	}
	e.p, e.at = at.projects[0], nil
	if name, ok := getter(s); ok {
		s.name, s.call = name, false
		segs = append([]seg{s}, segs[1:]...)
	}
	if s.name == "children" || s.name == "childProjects" && len(segs) > 1 {
		children := value{kind: projects, projects: e.p.children}
		for rest := segs[1:]; len(rest) > 0; rest = rest[1:] {
			if rest[0].name != "values" {
				return e.on(children, rest, v, how)
			}
		}
		return children
	}
	return e.walk(segs, v, how)
}

// forProjects runs a block for each of some projects.
func (e env) forProjects(list []*Project, b *node) {
	for _, p := range list {
		inner := e.with(b, value{kind: projects, projects: []*Project{p}})
		inner.p, inner.at = p, nil
		inner.block(b)
	}
}

// within runs the block of a step.
func (e env) within(s seg, names ...string) value {
	inner := e.inner(names...)
	here := value{kind: place, projects: []*Project{e.p}, at: inner.at}
	if s.block != nil {
		inner.with(s.block, here).block(s.block)
	}
	return here
}

// anyTask is the class of all tasks.
const anyTask = "Task"

// selectors choose one of a container by its name, and pass what is there on.
var (
	selectors   = []string{"named", "getByName", "register", "create", "maybeCreate", "findByName", "getAt", "getByPath", "findByPath", "registerIfAbsent"}                                                                                     //nolint:gochecknoglobals // a constant table
	passThrough = []string{"configure", "configureEach", "all", "each", "forEach", "apply", "also", "let", "with", "run", "invoke", "get", "getOrNull", "whenObjectAdded", "whenTaskAdded", "orNull", "filter", "findAll", "matching", "named"} //nolint:gochecknoglobals // a constant table
)

// walk goes along a chain, and records at its end what it says.
func (e env) walk(segs []seg, v *value, how op) value {
	for i, s := range segs {
		if !e.step() {
			return value{}
		}
		last := i == len(segs)-1
		if i == 0 && len(e.at) > 0 && e.outer(s, len(segs) > 1) {
			e.at = nil
		}
		if i == 0 && len(e.at) == 0 {
			e.p = e.owner(s.name)
		}
		if i == 0 && len(e.at) > 0 && !last && !s.call && (s.name == "this" || s.name == "delegate") {
			continue
		}
		if len(e.at) == 0 || s.name == "ext" || s.name == "extra" || s.name == "extraProperties" {
			if r, ok := e.top(s, last && v != nil); ok {
				if last {
					return r
				}
				return e.on(r, segs[i+1:], v, how)
			}
		}
		switch {
		case isPlugins(e.at):
			return e.pluginStatement(segs[i:])
		case isDependencies(e.at) && v == nil && (s.call || s.name == "add"):
			e.dependency(s)
			return value{}
		case e.settings && e.setting(s):
			return value{}
		case len(e.at) == 1 && e.at[0] == "#extensions":
			name := s.typ
			if name == "" {
				name = e.word(s)
			}
			if name == "" {
				return value{}
			}
			e.at = nil
			e = e.inner(extension(name))
			if s.block != nil {
				e.within(s)
			}
			continue
		case len(e.at) == 1 && e.at[0] == "#apply":
			e.applied(s)
			return value{}
		case e.settings && len(e.at) == 3 && e.at[1] == "versionCatalogs" && v == nil:
			e.catalogStatement(segs[i:])
			return value{}
		}
		var done bool
		if e, done = e.stepInto(s, last, v, how); done {
			break
		}
	}
	return value{kind: place, projects: []*Project{e.p}, at: e.at}
}

// makes are the plugins that bring tasks and extensions of these names.
var makes = map[string]string{ //nolint:gochecknoglobals // a constant table
	"bootJar": "org.springframework.boot", "bootWar": "org.springframework.boot", "bootRun": "org.springframework.boot", "springBoot": "org.springframework.boot",
	"shadowJar": "com.gradleup.shadow", "war": "war", "application": "application", "run": "application", "jib": "com.google.cloud.tools.jib", "quarkus": "io.quarkus",
}

// owner is the project that a block means in allprojects { bootJar { } } of Groovy: where the one that is configured has no task or
// extension of that name yet, it is the one of the script itself. https://groovy-lang.org/closures.html#_delegation_strategy
func (e env) owner(name string) *Project {
	id, ok := makes[name]
	if ok && !e.kotlin && e.home != nil && e.home != e.p && !e.p.has(id) && e.home.has(id) {
		return e.home
	}
	return e.p
}

// outer reports whether a name in a block means the project's, because what the block configures has none of that name.
func (e env) outer(s seg, more bool) bool {
	if len(e.at) == 1 && e.at[0] == "tasks" && slices.Contains([]string{"java", "kotlin", "application", "springBoot", "base", "sourceSets", "configurations"}, s.name) {
		return more || s.block != nil
	}
	switch s.name {
	case "rootProject", "subprojects", "allprojects":
		return more || s.block != nil
	case "project":
		return more && (!s.call || len(s.args) > 0)
	case "apply":
		return s.typ != "" || len(s.args) > 0 && s.args[0].kind == pairNode
	case "dependencies":
		return s.block != nil && !slices.Contains([]string{"buildscript", "sourceSets", "kotlin", "testing", "dependencyManagement", "pluginManagement", "dependencies", "publishing", "plugins"}, e.at[0])
	}
	return false
}

// isPlugins and isDependencies report whether the statements of a block apply plugins or add dependencies.
func isPlugins(at []string) bool {
	return len(at) == 1 && at[0] == "plugins" || len(at) == 2 && at[0] == "pluginManagement" && at[1] == "plugins"
}

func isDependencies(at []string) bool {
	return len(at) > 0 && at[len(at)-1] == "dependencies" && (len(at) == 1 || at[0] == "buildscript" || slices.Contains(at, "sourceSets") || at[0] == "testing")
}

// stepInto goes one step along a chain. done says that it recorded something.
func (e env) stepInto(s seg, last bool, v *value, how op) (env, bool) {
	name := s.name
	if s.index {
		name = e.word(seg{args: s.args})
		if name == "" {
			name = "*"
		}
	}
	assigning := last && v != nil
	isTask := len(e.at) == 0 || len(e.at) == 1 && e.at[0] == "tasks"
	switch {
	case assigning:
		if rest, ok := strings.CutPrefix(name, "is"); ok && e.kotlin && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' { // isEnabled = false
			name = lowerFirst(rest)
		}
		e = e.inner(name)
		e.record(how, []value{*v}, s.line, "")
		return e, true
	case s.call && slices.Contains(selectors, name) && (e.word(s) != "" || s.typ != ""):
		return e.selected(s), false
	case name == "withType":
		e = e.inner("type:" + cmp.Or(s.typ, s.class()))
		if s.block != nil {
			e.within(s)
		}
		return e, false
	case slices.Contains(passThrough, name) && !(name == "run" && isTask): // the task that starts the app
		if name == "matching" || name == "filter" || name == "findAll" {
			e.maybe = true
			return e, false
		}
		if s.block != nil && len(e.at) == 1 && e.at[0] == "tasks" && name != "with" && name != "apply" {
			e = e.inner("type:" + anyTask)
		}
		if s.block != nil {
			e.within(s)
		}
		return e, false
	case s.call && (name == "set" || name == "value" || name == "convention" || name == "setFrom" || name == "assign") && len(s.args) == 1 && len(e.at) > 0:
		e.record(set, []value{e.arg(s, 0)}, s.line, "")
		return e, true
	case s.call && (name == "add" || name == "addAll") && len(s.args) > 0 && len(e.at) > 1:
		e.record(add, e.values(s.args), s.line, "")
		return e, true
	case s.call && (name == "put" || name == "set" || name == "setProperty") && len(s.args) == 2:
		e = e.inner(e.word(s))
		e.record(set, []value{e.arg(s, 1)}, s.line, "")
		return e, true
	case s.call && name == "putAll":
		e.recordCall(s)
		return e, true
	}
	if rest, ok := strings.CutPrefix(name, "set"); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && len(s.args) == 1 {
		e = e.inner(lowerFirst(rest))
		e.record(set, []value{e.arg(s, 0)}, s.line, "")
		return e, true
	}
	if got, ok := getter(s); ok {
		name = got
		s.call = false
	}
	e = e.inner(name)
	if s.call {
		e.recordCall(s)
		if s.block != nil {
			e.within(s)
		}
	}
	return e, false
}

// selected goes to the element of a container that a step names.
func (e env) selected(s seg) env {
	v := e.arg(s, 0)
	name := v.asName()
	if v.kind == word || name == "" {
		name = "type:" + cmp.Or(s.typ, name)
	}
	if n := len(e.at); n > 0 && strings.HasPrefix(e.at[n-1], "type:") {
		e.at = slices.Clone(e.at[:n-1])
	}
	e = e.inner(name)
	typ := s.typ
	if typ == "" {
		for _, a := range s.args[min(1, len(s.args)):] {
			if a.kind == pairNode {
				a = a.kids[1]
			}
			if w := (seg{args: []*node{a}}).class(); w != "" {
				typ = w
			}
		}
	}
	if s.name == "register" || s.name == "create" || s.name == "maybeCreate" {
		e.record(calls, nil, s.line, typ)
	}
	if s.block != nil {
		e.within(s)
	}
	return e
}

func (e env) values(args []*node) []value {
	var out []value
	for _, a := range args[:min(len(args), maxItems)] {
		out = append(out, e.eval(a))
	}
	return out
}

// recordCall records a call: each named argument as a setting of its own.
func (e env) recordCall(s seg) {
	var rest []value
	pairs := false
	for _, v := range e.values(s.args) {
		items := []value{v}
		if v.kind == list && v.key == "" {
			items = v.items
		}
		for _, i := range items {
			if i.key != "" {
				pairs = true
				e.inner(i.key).record(set, []value{i}, s.line, "")
			}
		}
		if v.key == "" && (v.kind != list || len(v.items) == 0 || v.items[0].key == "") {
			rest = append(rest, v)
		}
	}
	if len(rest) > 0 || !pairs {
		e.record(calls, rest, s.line, s.typ)
	}
}

// maxEntries bounds what the scripts say of one project, maxSame what they say of one setting.
const (
	maxEntries = 20_000
	maxSame    = 200
)

// entry is one thing that a script says of a project.
type entry struct {
	at    []string
	vals  []value
	how   op
	maybe bool
	pos   fact.Pos
	typ   string
}

func (e env) record(how op, vals []value, line int, typ string) {
	if len(e.at) > 0 && (e.at[0] == "ext" || e.at[0] == "extra") {
		if len(e.at) == 2 && len(vals) > 0 {
			e.p.setProp(e.at[1], vals[0], e.maybe)
		}
		return
	}
	if len(e.at) == 1 && len(vals) == 1 {
		if _, ok := e.p.props[e.at[0]]; ok && how == set {
			e.p.setProp(e.at[0], vals[0], e.maybe)
		}
	}
	if len(vals) == 1 && vals[0].kind == list && how != calls && len(e.at) < maxDepth {
		for _, i := range vals[0].items { // a map: each of its elements is a setting, too
			if i.key != "" {
				e.inner(i.key).record(set, []value{i}, line, "")
			}
		}
	}
	key := keyOf(e.at)
	if same := e.p.index[key]; len(e.p.entries) < maxEntries && len(same) < maxSame {
		x := &entry{at: slices.Clone(e.at), vals: vals, how: how, maybe: e.maybe, pos: e.pos(line), typ: typ}
		e.p.entries = append(e.p.entries, x)
		e.p.index[key] = append(same, x)
	}
}

// setProp sets a property of the project. If only some builds set it, its value is computed.
func (p *Project) setProp(name string, v value, maybe bool) {
	if maybe {
		old, ok := p.property(name)
		if same, known := equal(old, v); !ok || !same || !known {
			v = value{}
		}
	}
	if p.props == nil {
		p.props = map[string]value{}
	}
	if len(p.props) < maxEntries {
		p.props[name] = v
	}
}
