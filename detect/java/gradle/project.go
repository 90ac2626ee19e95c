// Package gradle reads the builds of Gradle without running anything: settings, build scripts in Groovy and Kotlin, version
// catalogs, and the plugins that a repository makes for itself. What a script says depends on others, so facts are questions that
// a Project answers, each with the line on which the answer stands. What no literal and no variable of the repository answers is
// said to be computed, and is never guessed.
//
// A script is run as far as it is plain: its statements are walked in the order of Gradle, variables and properties are followed,
// and each thing that is set is recorded with its path, such as tasks, jar, manifest. Conditions that the repository answers choose
// their branch; what stands in another one counts as computed, unless both branches say the same.
//
// Files, each using those above it: lex.go, script.go and expression.go (the tree of a script); value.go and call.go (what an
// expression is); run.go and top.go (what a statement does); catalog.go, dependency.go, plugin.go (three kinds of blocks);
// reads.go and git.go (what a script needs beside itself); settings.go (the build and its files); block.go, repository.go, project.go,
// archive.go, java.go (questions and answers); wrapper.go.
package gradle

import (
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Project is one project of a build with all that its scripts say, and those of others that configure it.
type Project struct {
	Dir  string // relative to the folder that was read, "." for that folder
	File string // its build script, "" where it has none
	Path string // ":app", ":" for the root

	b           *builder
	name        string
	named       fact.Fact[string]
	parent      *Project
	children    []*Project
	entries     []*entry
	index       map[string][]*entry
	props       map[string]value
	gradleProps map[string]fact.Fact[string]
	plugins     []Plugin
	done        map[string]bool // plugins that are applied
	deps        []dep
	classpath   []dep // of the scripts
	extenders   map[string][]string
	deferred    []func()
	versioned   fact.Pos // the plugin that works out the version
}

// run runs the project's build script.
func (p *Project) run() {
	if p.File != "" {
		p.b.script(env{b: p.b, p: p}, path.Join(p.b.base, p.File))
	}
	p.finish()
}

// finish runs what waits for the end of the script.
func (p *Project) finish() {
	for n := 0; len(p.deferred) > 0 && n < maxSame; n++ {
		f := p.deferred[0]
		p.deferred = p.deferred[1:]
		f()
	}
}

// up are the project and those above it, the nearest first.
func (p *Project) up() iter.Seq[*Project] {
	return func(yield func(*Project) bool) {
		for q, n := p, 0; q != nil && n < maxDepth; q, n = q.parent, n+1 {
			if !yield(q) {
				return
			}
		}
	}
}

// below are all projects below this one.
func (p *Project) below() []*Project {
	var out []*Project
	*p.b.steps -= len(p.b.order)
	for _, q := range p.b.order {
		for up := range q.parent.up() {
			if up == p {
				out = append(out, q)
				break
			}
		}
	}
	return out
}

// Pos is the build script as a place in the repository, or the settings where there is none.
func (p *Project) Pos() fact.Pos {
	if p.File == "" {
		return p.named.Pos
	}
	return fact.At(path.Join(p.b.dir, p.File), 0)
}

// Artifact is the project's name. That of a root that the settings do not name is its folder's, which nobody knows here: it is not found.
func (p *Project) Artifact() fact.Fact[string] { return p.named }

// Group is the group, "" if it is not set or computed.
func (p *Project) Group() fact.Fact[string] { return p.coordinate("group") }

// Version is the version, "" if it is not set or computed.
func (p *Project) Version() fact.Fact[string] { return p.coordinate("version") }

// versions is where a plugin is applied that works out the version.
func (p *Project) versions() fact.Pos {
	for q := range p.up() {
		if !q.versioned.IsZero() {
			return q.versioned
		}
	}
	return p.b.settings.versioned
}

func (p *Project) coordinate(name string) fact.Fact[string] {
	if at := p.versions(); name == "version" && !at.IsZero() {
		return fact.Fact[string]{Pos: at}
	}
	if s := p.setting(name); s.Found() {
		return s.Fact
	}
	for q := range p.up() {
		if v, ok := q.gradleProps[name]; ok {
			return v
		}
	}
	return p.b.properties[name]
}

// makers are the plugins that make classes.
var makers = []string{"java", "java-base", "groovy", "scala", "org.jetbrains.kotlin.jvm", "application", "java-library"} //nolint:gochecknoglobals // a constant table

// Packaging is "war" with the war plugin, "jar" with one that makes classes, "pom" otherwise.
func (p *Project) Packaging() fact.Fact[string] {
	if g := p.Plugin("war"); g.Applied() {
		return fact.Fact[string]{Value: "war", Pos: g.Pos}
	}
	if g := p.Plugin(makers...); g.Applied() {
		return fact.Fact[string]{Value: "jar", Pos: g.Pos}
	}
	for _, g := range p.Plugins() { // one from elsewhere, which may apply another
		for _, l := range languages {
			if strings.Contains(g.ID, ".") && p.folder("src/main/"+l.name) {
				return fact.Fact[string]{Value: "jar", Pos: g.Pos}
			}
		}
	}
	return fact.Fact[string]{Value: "pom", Pos: p.Pos()}
}

// BuildDir is the folder of the build's output, relative to the project.
func (p *Project) BuildDir() string {
	for _, at := range [][]string{{"layout", "buildDirectory"}, {"buildDir"}} {
		if s := p.setting(at...); s.Value != "" && !strings.HasPrefix(s.Value, "/") {
			return path.Clean(s.Value)
		}
	}
	return "build"
}

// languages are the languages of sources in the order in which they are compiled, and the plugins that do so.
var languages = []struct{ name, plugin string }{{"java", "java"}, {"kotlin", "org.jetbrains.kotlin.jvm"}, {"groovy", "groovy"}, {"scala", "scala"}} //nolint:gochecknoglobals // a constant table

// ClassesDir is where the classes of the main sources are compiled to.
func (p *Project) ClassesDir() string {
	lang := "java"
	for _, l := range languages[1:] {
		if p.has(l.plugin) && !p.folder("src/main/java") {
			lang = l.name
		}
	}
	return p.BuildDir() + "/classes/" + lang + "/main"
}

func (p *Project) folder(name string) bool { return p.b.t.HasDir(path.Join(p.b.dir, p.Dir, name)) }

// SourceDirs are the folders of the main sources that exist, relative to the project.
// https://docs.gradle.org/current/userguide/building_java_projects.html#sec:java_source_sets
func (p *Project) SourceDirs() []string { return p.sources("main") }

// TestDirs are those of the tests.
func (p *Project) TestDirs() []string { return p.sources("test") }

// Resources are the folders of the main resources that exist.
func (p *Project) Resources() []string {
	return p.dirs("main", "resources", []string{"src/main/resources"})
}

func (p *Project) sources(of string) []string {
	var out []string
	if p.Packaging().Value == "pom" {
		return nil
	}
	for _, l := range languages {
		if !p.has(l.plugin) && !p.folder("src/"+of+"/"+l.name) {
			continue
		}
		usual := []string{"src/" + of + "/" + l.name}
		if l.name == "kotlin" {
			usual = append(usual, "src/"+of+"/java")
		}
		for _, d := range p.dirs(of, l.name, usual) {
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

// dirs are the folders of one language of a source set: of is its name.
func (p *Project) dirs(of, lang string, usual []string) []string {
	for _, at := range [][]string{
		{"sourceSets", of, lang, "srcDirs"},
		{"sourceSets", of, lang, "srcDir"},
		{"java", "sourceSets", of, lang, "srcDirs"},
		{"kotlin", "sourceSets", of, lang, "srcDirs"},
		{"kotlin", "sourceSets", of, lang, "srcDir"},
		{"sourceSets", of, lang, "source"},
	} {
		for _, x := range p.entriesAt(at...) {
			if x.how == set && !x.maybe {
				usual = nil
			}
			for v := range flat(x.vals) {
				if s := p.read(v, x); s.Value != "" && !path.IsAbs(s.Value) {
					usual = append(usual, path.Clean(s.Value))
				}
			}
		}
	}
	return slices.DeleteFunc(usual, func(d string) bool {
		at := path.Join(p.abs(), d)
		return !p.folder(d) || outside(at) && !p.b.beside(at)
	})
}
