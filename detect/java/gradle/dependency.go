package gradle

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// dep is a dependency of a configuration.
type dep struct {
	pom.Dependency
	config   string
	platform bool
}

// parseNotation reads "group:artifact:version:classifier@type".
// https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html
func parseNotation(s string) pom.Dependency {
	s, typ, _ := strings.Cut(s, "@")
	parts := splitNotation(s)
	d := pom.Dependency{Group: parts[0], Type: typ}
	if len(parts) > 1 {
		d.Artifact = parts[1]
	}
	if len(parts) > 2 {
		d.Version = parts[2]
	}
	d.Version, _, _ = strings.Cut(d.Version, "!!")
	return d
}

// splitNotation splits at the colons that stand outside of ${…}.
func splitNotation(s string) []string {
	var out []string
	start, depth := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth <= 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// dependencies are those that a value stands for.
func (e env) dependencies(v value) []pom.Dependency {
	switch v.kind {
	case dependency:
		return v.deps
	case accessor:
		return v.resolve().deps
	case text:
		if after, ok := strings.CutPrefix(v.text, top); ok {
			return []pom.Dependency{{Artifact: tree.Relative(e.p.abs(), path.Clean("."+after)), Type: "file"}}
		}
		if d := parseNotation(v.text); d.Artifact != "" {
			return []pom.Dependency{d}
		}
	case list:
		var out []pom.Dependency
		for _, i := range v.flat(nil) {
			out = append(out, e.dependencies(i)...)
		}
		return out
	case projects, place:
		if len(v.projects) == 1 && (v.kind == projects || v.at[0] == "projects") {
			p := v.projects[0]
			return []pom.Dependency{{Artifact: p.name, Type: "project", Dir: p.Dir}}
		}
	default:
	}
	return nil
}

// mapped is a dependency whose parts are named: group: "a", name: "b".
func (e env) mapped(args []*node) (pom.Dependency, bool) {
	var d pom.Dependency
	for _, a := range args {
		items := []value{e.eval(a)}
		if a.kind == listNode {
			items = items[0].items
		}
		for _, v := range items {
			s, _, _ := v.asText()
			switch v.key {
			case "group":
				d.Group = s
			case "name":
				d.Artifact = s
			case "version":
				d.Version = s
			case "ext", "type":
				d.Type = s
			}
		}
	}
	return d, d.Artifact != ""
}

// positional is Kotlin's implementation("group", "name", "version").
func (e env) positional(args []*node) (pom.Dependency, bool) {
	var parts [3]string
	n := 0
	d := pom.Dependency{}
	for _, a := range args {
		v := e.eval(a)
		s, _, ok := v.asText()
		switch {
		case a.kind == pairNode && v.key == "version":
			d.Version = s
		case a.kind == pairNode || a.kind == blockNode:
		case v.kind != text || !ok || n == len(parts) || strings.ContainsAny(s, ":/"):
			return d, false
		default:
			parts[n] = s
			n++
		}
	}
	if d.Group, d.Artifact = parts[0], parts[1]; n > 2 {
		d.Version = parts[2]
	}
	return d, n > 1 && e.kotlin
}

// notConfigurations are blocks and calls in dependencies { } that add nothing.
var notConfigurations = []string{"constraints", "modules", "components", "registerTransform", "attributesSchema", "artifactTypes", "project", "println", "exclude"} //nolint:gochecknoglobals // a constant table

// maxDependencies bounds those of a project.
const maxDependencies = 3000

// dependency runs one statement of dependencies { }.
func (e env) dependency(s seg) {
	config, args := s.name, s.args
	if slices.Contains(notConfigurations, config) {
		if s.block != nil {
			e.within(s, config)
		}
		return
	}
	if config == "add" && len(args) > 0 {
		config, args = e.word(s), args[1:]
	}
	if e.at[0] == "testing" { // https://docs.gradle.org/current/userguide/jvm_test_suite_plugin.html
		config = "test"
	}
	var found []dep
	if d, ok := e.mapped(args); ok {
		found = append(found, dep{Dependency: d})
	} else if d, ok := e.positional(args); ok {
		found = append(found, dep{Dependency: d})
	} else {
		for _, v := range e.values(args) {
			items := []value{v}
			if v.kind == list {
				items = v.flat(nil)
			}
			for _, i := range items {
				for _, d := range e.dependencies(i) {
					found = append(found, dep{Dependency: d, platform: i.platform})
				}
			}
		}
	}
	for _, d := range found {
		d.config, d.Pos = config, e.pos(s.line)
		d.Optional = e.maybe
		if len(e.p.deps) >= maxDependencies || len(e.p.classpath) >= maxDependencies {
			return
		}
		if e.at[0] == "buildscript" {
			e.p.classpath = append(e.p.classpath, d)
		} else {
			e.p.deps = append(e.p.deps, d)
		}
	}
}

// scopes are the scopes of the configurations, as Maven calls them, or as near as that.
// https://docs.gradle.org/current/userguide/java_library_plugin.html#sec:java_library_configurations_graph,
// https://docs.spring.io/spring-boot/gradle-plugin/reacting.html,
// https://gradleup.com/shadow/configuration/dependencies/.
var scopes = map[string]string{ //nolint:gochecknoglobals // a constant table
	"implementation": "compile", "api": "compile", "compile": "compile", "implementationDependenciesMetadata": "compile",
	"runtimeOnly": "runtime", "runtime": "runtime", "shadow": "runtime",
	"compileOnly": "provided", "compileOnlyApi": "provided", "providedCompile": "provided", "providedRuntime": "provided", "provided": "provided", "optional": "compile",
	"annotationProcessor": "processor", "kapt": "processor", "ksp": "processor",
	"developmentOnly": "development", "testAndDevelopmentOnly": "development", "quarkusDev": "development",
}

// scope is that of a configuration: its own, that of one which extends it, or its name.
func (p *Project) scope(config string, depth int) string {
	if s, ok := scopes[config]; ok {
		return s
	}
	lower := strings.ToLower(config)
	if strings.HasPrefix(lower, "test") || strings.Contains(lower, "test") && (strings.HasSuffix(config, "mplementation") || strings.HasSuffix(config, "ntimeOnly") || strings.HasSuffix(config, "ompileOnly") || strings.HasSuffix(config, "ompile") || strings.HasSuffix(config, "rocessor") || strings.HasSuffix(config, "Runtime")) {
		return "test"
	}
	if strings.HasSuffix(config, "AnnotationProcessor") {
		return "processor"
	}
	for _, sub := range p.extenders[config] {
		if depth < 10 {
			if s := p.scope(sub, depth+1); s == "compile" || s == "runtime" {
				return s
			}
		}
	}
	return config
}

// extends says which configurations extend another one: implementation.extendsFrom(x).
func (p *Project) extends() map[string][]string {
	out := map[string][]string{}
	for _, x := range p.entries {
		if len(x.at) == 3 && x.at[0] == "configurations" && x.at[2] == "extendsFrom" {
			for v := range flat(x.vals) {
				if name := v.asName(); name != "" && len(out[name]) < 20 {
					out[name] = append(out[name], x.at[1])
				}
			}
		}
	}
	return out
}

// Dependencies lists the direct dependencies, with the versions that the repository's own constraints give them.
func (p *Project) Dependencies() []pom.Dependency {
	managed := map[string]string{}
	for _, x := range p.entries {
		if len(x.at) < 3 || !(x.at[0] == "dependencyManagement" && x.at[1] == "dependencies" || x.at[0] == "dependencies" && x.at[1] == "constraints") {
			continue
		}
		for _, v := range x.vals {
			if s, sure, ok := v.asText(); ok && sure {
				if d := parseNotation(s); d.Version != "" {
					managed[d.Name()] = d.Version
				}
			}
		}
	}
	var out []pom.Dependency
	seen := map[string]bool{}
	for _, d := range p.deps {
		if d.platform {
			continue
		}
		d.Scope = p.scope(d.config, 0)
		key := d.Name() + ":" + d.Type + ":" + d.Dir + ":" + d.Scope
		if seen[key] {
			continue
		}
		seen[key] = true
		if q := p.b.byDir(d.Dir); q != nil {
			d.Group, d.Version = q.Group().Value, q.Version().Value
		} else if d.Version == "" {
			d.Version = managed[d.Name()]
		}
		out = append(out, d.Dependency)
	}
	return out
}

// byDir is the project of a folder, nil for none.
func (b *builder) byDir(dir string) *Project {
	if dir == "" {
		return nil
	}
	return b.dirs[dir]
}

// Platforms lists the bills of materials that the project imports, and those that a platform among its projects does.
// https://docs.gradle.org/current/userguide/platforms.html,
// https://docs.spring.io/dependency-management-plugin/docs/current/reference/html/#dependency-management-configuration-bom-import
func (p *Project) Platforms() []pom.Dependency {
	var out []pom.Dependency
	seen := map[string]bool{}
	p.platforms(&out, seen, 0)
	return out
}

func (p *Project) platforms(out *[]pom.Dependency, seen map[string]bool, depth int) {
	add := func(d pom.Dependency) {
		d.Scope = "import"
		if q := p.b.byDir(d.Dir); q != nil {
			d.Group, d.Version = q.Group().Value, q.Version().Value
			if !seen[d.Dir] && depth < 10 {
				seen[d.Dir] = true
				q.platforms(out, seen, depth+1)
			}
			return
		}
		if key := notation(d); !seen[key] {
			seen[key] = true
			*out = append(*out, d)
		}
	}
	for _, d := range p.deps {
		if d.platform {
			add(d.Dependency)
		}
	}
	for _, x := range p.entries {
		if n := len(x.at); n != 3 || x.at[0] != "dependencyManagement" || x.at[1] != "imports" || x.at[2] != "mavenBom" {
			continue
		}
		for _, v := range x.vals {
			if s, _, ok := v.asText(); ok {
				d := parseNotation(s)
				d.Pos = x.pos
				add(d)
			}
		}
	}
}
