package gradle

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// top is what a name means at the level of a project, where it is not only a
// block of some extension or task. assigning says that something is assigned to it.
// https://docs.gradle.org/current/dsl/org.gradle.api.Project.html
func (e env) top(s seg, assigning bool) (value, bool) {
	switch s.name {
	case "ext", "extra", "extraProperties":
		e.at = nil
		return e.within(s, "ext"), true
	}
	if assigning || s.index {
		return value{}, false
	}
	switch s.name {
	case "project", "this", "target":
		v := e.other(s)
		if s.block != nil && v.kind == projects {
			e.forProjects(v.projects, s.block)
		}
		return v, true
	case "rootProject", "parent", "subprojects", "allprojects":
		v := e.named(s.name)
		if s.block != nil && v.kind == projects {
			e.forProjects(v.projects, s.block)
		}
		return v, true
	case "configure", "with":
		return e.configure(s)
	case "apply":
		e.apply(s)
		return value{}, true
	case "plugins", "pluginManager":
		return e.within(s, "plugins"), true
	case "buildscript":
		return e.within(s, "buildscript"), true
	case "initscript", "println", "print", "logger", "assert":
		return value{}, true
	case "afterEvaluate", "beforeEvaluate", "projectsEvaluated":
		e.later(s.block, "")
		return value{}, true
	case "gradle":
		return value{}, s.call
	case "task":
		return e.task(s), true
	case "extensions":
		return e.within(s, "#extensions"), true
	case "the":
		if v := e.bare(s); v.kind != computed {
			return v, true
		}
		if name := s.class(); name != "" {
			return value{kind: place, projects: []*Project{e.p}, at: []string{extension(name)}}, true
		}
		return value{}, true
	}
	if e.follow != nil && s.call && s.block == nil && s.name != "" && s.name[0] >= 'a' && s.name[0] <= 'z' && s.name != "check" && s.name != "require" {
		*e.follow = true // a function that is somewhere else
	}
	return value{}, false
}

// configure runs configure(projects) { }, configure<X> { } and with(x) { }.
func (e env) configure(s seg) (value, bool) {
	if s.typ != "" {
		return e.within(s, extension(s.typ)), true
	}
	v := e.arg(s, 0)
	if v.kind == list { // of projects
		out := value{kind: projects}
		for _, i := range v.flat(nil) {
			out.projects = append(out.projects, i.projects...)
		}
		v = out
	}
	if s.block == nil {
		return v, true
	}
	switch {
	case v.kind == projects:
		e.forProjects(v.projects, s.block)
	case v.kind == computed && v.projects != nil:
		e.maybe = true
		e.forProjects(v.projects, s.block)
	case v.kind == place && len(v.projects) == 1:
		e.p, e.at = v.projects[0], v.at
		e.within(s)
	case v.kind == word && s.name == "configure":
		return e.within(s, extension(v.asName())), true
	default:
		if base, segs := unroll(s.args0()); base == nil && len(segs) > 0 && s.name == "with" { // with(pluginManager) { }
			if at, ok := e.top(segs[0], false); ok && at.kind == place {
				e.at = at.at
				e.within(s)
			}
		}
	}
	return v, true
}

// args0 is the first argument, or a node of nothing.
func (s seg) args0() *node {
	if len(s.args) == 0 {
		return &node{}
	}
	return s.args[0]
}

// later runs a block when the project's own scripts have run, and only if it has a plugin then.
func (e env) later(b *node, plugin string) {
	if b == nil || len(e.p.deferred) >= maxSame {
		return
	}
	p := e.p
	e.at = nil
	p.deferred = append(p.deferred, func() {
		if plugin == "" || p.has(plugin) {
			e.with(b, value{kind: projects, projects: []*Project{p}}).block(b)
		}
	})
}

// task runs task x(type: Jar) { } and task("x") { }.
func (e env) task(s seg) value {
	name, typ := e.word(s), s.typ
	inner := s
	switch a := s.args0(); {
	case a.kind == callNode:
		inner = called(a)
		name = a.kids[0].text
	case a.kind == nameNode:
		name = a.text
	case a.kind == binaryNode && len(a.kids) > 0:
		name = a.kids[0].text
	}
	if inner.block == nil {
		inner.block = s.block
	}
	for _, a := range inner.args {
		if a.kind == pairNode && a.kids[0].text == "type" {
			typ = seg{args: a.kids[1:]}.class()
		}
	}
	if name == "" {
		return value{}
	}
	e = e.inner("tasks", name)
	e.record(calls, nil, s.line, typ)
	inner.args = nil
	return e.within(inner)
}

// extensions are the names under which the classes of extensions are found, where they are not the class's.
var extensions = map[string]string{ //nolint:gochecknoglobals // a constant table
	"JavaApplication": "application", "ApplicationPluginConvention": "application", "JavaPluginConvention": "java", "JavaPluginExtension": "java",
	"KotlinJvmProjectExtension": "kotlin", "KotlinProjectExtension": "kotlin", "KotlinBaseExtension": "kotlin", "BasePluginExtension": "base", "BasePluginConvention": "base",
	"QuarkusPluginExtension": "quarkus", "SourceSetContainer": "sourceSets", "DistributionContainer": "distributions", "ExtraPropertiesExtension": "ext",
}

// extension is the name of the extension of a class, or the name itself.
func extension(class string) string {
	if name, ok := extensions[class]; ok {
		return name
	}
	name := strings.TrimSuffix(strings.TrimSuffix(class, "Extension"), "PluginConvention")
	if name == "" {
		return class
	}
	return lowerFirst(name)
}

// setting runs a statement of the settings script that names projects and builds.
// https://docs.gradle.org/current/dsl/org.gradle.api.initialization.Settings.html
func (e env) setting(s seg) bool {
	if !s.call {
		return false
	}
	switch s.name {
	case "include":
		for v := range flat(e.values(s.args)) {
			if name, sure, ok := v.asText(); ok && sure && !e.maybe {
				e.b.include(name, e.pos(s.line))
			}
		}
	case "includeFlat":
		for _, v := range e.values(s.args) {
			if name, sure, ok := v.asText(); ok && sure && !e.maybe {
				e.includeFlat(name, s.line)
			}
		}
	case "includeBuild":
		if name, sure, ok := e.arg(s, 0).asText(); ok && sure {
			if at := e.p.pathOf(name); e.reaches(at, s.line) {
				e.b.folder(at)
			}
		}
	default:
		return false
	}
	return true
}

// includeFlat includes the project of a folder beside the build's own.
func (e env) includeFlat(name string, line int) {
	if at := path.Join(e.b.base, "..", name); e.reaches(at, line) && !strings.ContainsAny(name, ":/") {
		e.b.include(name, e.pos(line))
		if p := e.b.byPath[":"+name]; p != nil {
			p.Dir = "../" + name
		}
	}
}

// catalogStatement runs a statement that adds to a catalog.
// https://docs.gradle.org/current/javadoc/org/gradle/api/initialization/dsl/VersionCatalogBuilder.html
func (e env) catalogStatement(segs []seg) {
	c := e.b.catalog(e.at[2])
	s := segs[0]
	texts := func(s seg) (out []string) {
		for v := range flat(e.values(s.args)) {
			t, _, _ := v.asText()
			out = append(out, t)
		}
		return out
	}
	args := texts(s)
	version := func(from int) string {
		for _, next := range segs[1:] {
			a := texts(next)
			switch {
			case next.name == "versionRef" && len(a) == 1:
				return c.versions[alias(a[0])]
			case next.name == "version" && len(a) == 1:
				return a[0]
			}
		}
		if len(args) > from {
			return args[from]
		}
		return ""
	}
	switch {
	case s.name == "from" && len(args) > 0 && !strings.HasPrefix(args[0], top) && parseNotation(args[0]).Version != "":
		c.published = parseNotation(args[0])
	case s.name == "from" && len(args) > 0:
		if at := e.p.pathOf(args[0]); e.reaches(at, s.line) {
			e.b.importCatalog(c, at)
		}
	case len(args) < 2:
	case s.name == "version":
		c.versions[alias(args[0])] = args[1]
	case s.name == "library" || s.name == "alias":
		d := parseNotation(args[1])
		if len(args) > 2 {
			d.Group, d.Artifact, d.Version = args[1], args[2], ""
		}
		if v := version(3); v != "" {
			d.Version = v
		}
		c.libraries[alias(args[0])] = d
	case s.name == "bundle":
		for _, name := range args[1:] {
			c.bundles[alias(args[0])] = append(c.bundles[alias(args[0])], alias(name))
		}
	case s.name == "plugin":
		c.plugins[alias(args[0])] = [2]string{args[1], version(2)}
	}
}

// apply runs apply plugin: "x", apply(from = "x"), apply<X>() and apply { }.
func (e env) apply(s seg) {
	if s.typ != "" {
		e.applyPlugin(s.typ, s.line)
	}
	for _, a := range s.args {
		if a.kind == pairNode {
			e.applied(seg{name: a.kids[0].text, args: a.kids[1:], line: s.line})
		} else if name := (seg{args: []*node{a}}).class(); name != "" {
			e.applyPlugin(name, s.line)
		}
	}
	if s.block != nil {
		e.at = nil
		e.within(s, "#apply")
	}
}

// applied runs plugin("x") and from("x").
func (e env) applied(s seg) {
	for n, v := range e.values(s.args) {
		for _, i := range v.flat(nil) {
			switch name := i.asName(); {
			case name == "" && s.name == "from":
				e.unread(unsure(source(s.args[n])).text, s.line)
			case name == "":
			case s.name == "plugin":
				e.applyPlugin(name, s.line)
			case s.name == "from":
				e.from(name, s.line)
			}
		}
	}
}

// from runs a script plugin.
func (e env) from(name string, line int) {
	if strings.Contains(name, "://") {
		e.unread(name, line)
		return
	}
	at := e.p.pathOf(name)
	if !e.reaches(at, line) {
		e.unread(name, line)
		return
	}
	e.b.addFile(at)
	e.at = nil
	if !e.b.script(e, at) {
		e.unread(name, line)
	}
}

// unread records a script that could not be read as a plugin that does what nobody knows.
func (e env) unread(name string, line int) {
	if len(e.p.plugins) < maxPlugins {
		e.p.plugins = append(e.p.plugins, Plugin{ID: strings.Replace(name, top+"/", "", 1), Pos: e.pos(line), Opaque: true, applied: true, maybe: e.maybe})
	}
}

// pluginStatement runs one statement of plugins { }, or a call on the container of plugins.
// https://docs.gradle.org/current/userguide/plugins.html#sec:plugins_dsl
func (e env) pluginStatement(segs []seg) value {
	s := segs[0]
	id, version := "", value{kind: null}
	switch {
	case (s.name == "run" || s.name == "with" || s.name == "apply") && s.block != nil:
		return e.within(s)
	case s.name == "id" && s.call:
		id = e.word(s)
	case s.name == "alias":
		if v := e.arg(s, 0); v.kind == accessor {
			if r := v.resolve(); r.kind == plugin {
				id, version = r.text, textOf(r.version)
			}
		}
	case (s.name == "kotlin" || s.name == "embeddedKotlin") && s.call:
		if name := e.word(s); name != "" {
			id = "org.jetbrains.kotlin." + name
		}
	case s.name == "apply" && s.call:
		v := e.arg(s, 0)
		if id = v.asName(); v.kind == word {
			id = cmp.Or(s.class(), id)
		}
		id = cmp.Or(s.typ, id)
	case slices.Contains([]string{"withId", "withPlugin", "withType"}, s.name):
		of := cmp.Or(s.typ, s.class(), e.word(s))
		for _, next := range segs {
			if next.block != nil && of != "" {
				e.later(next.block, canonical(of))
			}
		}
		return value{}
	case !s.call && s.name != "":
		names := []string{}
		for _, n := range segs {
			if n.call || n.index {
				break
			}
			names = append(names, n.name)
		}
		id = strings.Join(names, ".")
	}
	if id == "" {
		return value{}
	}
	applies := true
	for _, next := range segs[1:] {
		switch next.name {
		case "version":
			version = e.arg(next, 0)
		case "apply":
			v := e.arg(next, 0)
			applies = v.kind != truth || v.sure
		}
	}
	e.usePlugin(id, version, applies, s.line)
	return value{}
}
