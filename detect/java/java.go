// Package java reads projects of Maven and of Gradle: what their build files say
// (packages pom and gradle), the wrapper, the files that name a Java version, and
// what the sources say of main classes and ports.
//
// Facts are questions that a Project answers, because what a build file means
// depends on those that it inherits from; every answer has the line on which it stands.
package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Facts are what a folder with a pom.xml or a Gradle build says.
type Facts struct {
	Dir string // the folder; paths are relative to it, positions to the root
	// Projects are the modules of the build, the root first.
	Projects []*Project
	// Gradle is the build that Gradle reads; nil where Maven builds the project.
	Gradle *gradle.Build
	// Unused is the build file of the tool that does not build the project, where both could; ByTool is the
	// place that tells which of them does, zero for none.
	Unused, ByTool fact.Pos
	// Poms are the files that Maven reads before it builds anything: those of the
	// projects and their parents, and of the modules that profiles add.
	Poms     []string
	Wrapper  *Wrapper // Maven's; nil where there is no mvnw
	Versions []fact.Fact[string]
	MavenDir bool // .mvn holds files
	// Extensions are the core extensions of Maven, by their artifacts.
	Extensions []fact.Fact[string]
	// Production is what the folder says if Maven is asked for the profile that
	// builds for production; nil if there is none.
	Production *Production
	Built      Built // how the repository's own files build it
	Login      Login // of Maven's repositories
	// Extra are files and folders beside the build file that a build could read
	// and that are none of the known ones.
	Extra []string
}

// Members are the folders of the reactor's modules: see detect.Facts.
func (f *Facts) Members() []string {
	var out []string
	for _, p := range f.Projects {
		if dir := path.Join(f.Dir, p.Dir); dir != f.Dir {
			out = append(out, dir)
		}
	}
	return out
}

// Beside are the folders of the tree outside of the app's own that a build of Gradle reads: see detect.Facts.
func (f *Facts) Beside() []string {
	if f.Gradle == nil {
		return nil
	}
	var out []string
	for _, dir := range f.Gradle.Beside() {
		out = append(out, path.Join(f.Dir, dir))
	}
	return out
}

// Module is what the build files say of a module, in the words that Maven and Gradle share.
type Module interface {
	// Pos is the build file as a place in the repository.
	Pos() fact.Pos
	Group() fact.Fact[string]
	Artifact() fact.Fact[string]
	Version() fact.Fact[string]
	// Packaging is what is built of it: "jar", "war", or "pom" where it has no code of its own.
	Packaging() fact.Fact[string]
	// FinalName is what the built file is called, without its extension.
	FinalName() fact.Fact[string]
	// BuildDir is the folder of the build's output and ClassesDir where classes are compiled to, relative to the module.
	BuildDir() string
	ClassesDir() string
	// Resources are the folders of the resources, relative to the module.
	Resources() []string
	Dependencies() []pom.Dependency
}

// Project is a module of the build with what its files say.
type Project struct {
	Module
	Dir  string // of the module, relative to the folder that was read, "." for that folder
	File string // its build file, relative to that folder
	// POM is what Maven alone is told; it says nothing where Gradle builds the module.
	POM *pom.Project
	// Gradle is what Gradle alone is told; nil where Maven builds the module.
	Gradle *gradle.Project

	Sources  Sources   // what its source code says
	Settings []Setting // its configuration files
	Roots    []string  // the folders of the sources, relative to the module
	Tests    bool      // it has test sources
	Servers  []ServerConfig
	WebXML   fact.Fact[string] // the namespace of the deployment descriptor, or the address of its document type
	Image    *MadeImage        // that a plugin makes of it, nil for none
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "java" }

// Detect reads the project of dir. It returns nil where dir holds no build of
// Maven or Gradle.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	f, err := detect(t, dir)
	if err != nil || f == nil {
		return f, err
	}
	if f.Gradle != nil {
		f.describe(t)
		return f, nil
	}
	f.Built = built(t, dir)
	p, ok := f.owned()
	if !ok {
		p, ok = f.production()
	}
	if !ok {
		f.describe(t)
		return f, nil
	}
	if p.Facts, err = detect(t, dir, strings.Split(p.Profile, ",")...); p.Facts != nil {
		p.Facts.Built = f.Built
		p.Facts.describe(t)
	}
	f.Production = &p
	return f, err
}

// describe makes the images of plugins those that the repository's own files build.
func (f *Facts) describe(t *tree.Tree) {
	for _, p := range f.Projects {
		if m := p.Image; m != nil {
			buildfile.Of(t, f.Dir).Describe(buildfile.Described{Name: p.File, Image: m.Image, Tag: m.Tag})
		}
	}
}

// scripts are the files that show a build of Gradle.
var scripts = []string{"settings.gradle.kts", "settings.gradle", "build.gradle.kts", "build.gradle"} //nolint:gochecknoglobals // a constant table

// detect reads the project with the profiles of those names.
func detect(t *tree.Tree, dir string, profiles ...string) (*Facts, error) {
	f := &Facts{Dir: dir}
	maven := t.Has(path.Join(dir, "pom.xml"))
	i := slices.IndexFunc(scripts, func(name string) bool { return t.Has(path.Join(dir, name)) })
	switch {
	case i < 0 && !maven:
		return nil, nil
	case i >= 0 && maven:
		var by bool
		f.Unused = fact.At(path.Join(dir, scripts[i]), 0)
		if by, f.ByTool = byGradle(t, dir); by {
			f.Unused, maven = fact.At(path.Join(dir, "pom.xml"), 0), false
		}
	}
	var err error
	if maven {
		err = f.readMaven(t, profiles)
	} else {
		err = f.readGradle(t)
	}
	if err != nil || f.Gradle == nil && !maven {
		return nil, err
	}
	if f.Versions, err = readVersions(t, dir); err != nil {
		return nil, err
	}
	f.Extra = extra(t, dir)
	return f, nil
}

// readMaven reads the reactor.
func (f *Facts) readMaven(t *tree.Tree, profiles []string) error {
	modules, files, err := pom.Read(t, f.Dir, profiles...)
	if err != nil {
		return err
	}
	f.Poms = files
	for _, m := range modules {
		p := &Project{Module: m, POM: m, Dir: m.Dir, File: m.File}
		if err := p.read(t, f.Dir); err != nil {
			return err
		}
		f.Projects = append(f.Projects, p)
	}
	f.MavenDir = t.HasDir(path.Join(f.Dir, ".mvn"))
	f.Extensions = readExtensions(t, f.Dir)
	f.Login = readLogin(t, f)
	f.Wrapper, err = readWrapper(t, f.Dir)
	return err
}

// readGradle reads the projects of a build of Gradle.
func (f *Facts) readGradle(t *tree.Tree) error {
	b, err := gradle.Read(t, f.Dir)
	if err != nil || b == nil {
		return err
	}
	if f.Built = builtByGradle(t, f.Dir, b); len(f.Built.Properties) > 0 {
		var always, given []string
		for _, p := range f.Built.Properties {
			given = append(given, strings.TrimPrefix(p.Value, "-P"))
			if !ForProduction(p.Value) {
				always = append(always, given[len(given)-1])
			}
		}
		plain := b
		if b, err = gradle.Read(t, f.Dir, given...); err != nil {
			return err
		}
		if len(always) > 0 && len(always) < len(given) {
			if plain, err = gradle.Read(t, f.Dir, always...); err != nil {
				return err
			}
		}
		if len(always) < len(given) {
			b.Join(plain)
		}
	}
	f.Gradle = b
	for _, m := range b.Projects {
		p := &Project{Module: m, POM: &pom.Project{}, Gradle: m, Dir: m.Dir, File: m.File}
		if err := p.read(t, f.Dir); err != nil {
			return err
		}
		f.Projects = append(f.Projects, p)
	}
	return nil
}

// readExtensions reads the core extensions; a file that does not parse is left
// to Maven: https://maven.apache.org/configure.html#mvn-extensions-xml-file
func readExtensions(t *tree.Tree, dir string) []fact.Fact[string] {
	doc, err := document.Read(t, path.Join(dir, ".mvn/extensions.xml"))
	if err != nil {
		return nil
	}
	var out []fact.Fact[string]
	for _, e := range doc.Get("extensions").All("extension") {
		if name := e.Get("artifactId"); name.Found() && len(out) < maxFound {
			out = append(out, fact.Fact[string]{Value: name.Text, Pos: name.Pos()})
		}
	}
	return out
}

// read fills in what the module's files say.
func (p *Project) read(t *tree.Tree, dir string) error {
	in := func(name string) string { return path.Join(dir, p.Dir, name) }
	c := config{t: t, p: p, dir: in(".")}
	boot := slices.ContainsFunc(p.Dependencies(), func(d pom.Dependency) bool { return strings.HasPrefix(d.Group, "org.springframework") })
	if boot && p.Packaging().Value != "pom" {
		c.places = []string{in("config"), in(".")} // Spring Boot looks there first, in the working directory
	}
	var resources []string
	for _, r := range p.Resources() {
		resources = append(resources, in(r))
		c.places = append(c.places, in(path.Join(r, "config")), in(r))
	}
	p.Settings = c.read()
	kotlin := p.roots(t, in("."))
	if p.Packaging().Value == "pom" {
		return nil
	}
	var dirs []string
	for _, r := range p.Roots {
		dirs = append(dirs, in(r))
	}
	var err error
	if p.Sources, err = readSources(t, in("."), dirs, kotlin, p); err != nil {
		return err
	}
	if c.code, c.otherwise = p.Sources.Given, p.Sources.Defaults; len(c.code)+len(c.otherwise) > 0 {
		c.files = nil
		p.Settings = c.read()
	}
	for _, file := range c.files {
		if !slices.ContainsFunc(resources, func(r string) bool { return strings.HasPrefix(file, r+"/") }) {
			name := strings.TrimPrefix(file, in(".")+"/")
			p.addFile(effect.File{Pos: fact.At(file, 0), Use: effect.Read, Call: "spring.config.location", Path: effect.Value{Text: name, Sure: effect.Literal}})
		}
	}
	p.configured(t, in("."))
	p.Servers = p.readServerConfigs(t, dir)
	p.Image = p.madeImage(t, dir)
	p.WebXML = webXML(t, in("src/main/webapp/WEB-INF/web.xml"))
	for _, r := range resources {
		p.readLogs(t, r, c.active)
	}
	return nil
}

// webType matches the document type of the deployment descriptors before Servlet 2.4, which have no namespace.
var webType = lazy.MustCompile(`<!DOCTYPE\s+web-app\s+PUBLIC\s+"[^"<>]*"\s+"(https?://java\.sun\.com/[^"<>\s]*)"`)

// webXML is the namespace of a deployment descriptor, or what its document type names: https://jakarta.ee/xml/ns/jakartaee/, https://java.sun.com/xml/ns/javaee/
func webXML(t *tree.Tree, name string) fact.Fact[string] {
	doc, err := document.Read(t, name)
	if err != nil || len(doc.Members) == 0 {
		return fact.Fact[string]{}
	}
	if ns := doc.Members[0].Value.Get("@xmlns"); ns.Found() {
		return fact.Fact[string]{Value: ns.Text, Pos: ns.Pos()}
	}
	text, err := t.ReadHead(name, 4<<10)
	if m := webType.FindStringSubmatchIndex(string(text)); err == nil && m != nil {
		return fact.New(string(text[m[2]:m[3]]), name, 1+strings.Count(string(text[:m[0]]), "\n"))
	}
	return fact.Fact[string]{}
}

// compilers are the plugins of Maven that compile the sources of a language from a folder of its own:
// https://davidb.github.io/scala-maven-plugin/, https://groovy.github.io/GMavenPlus/, https://github.com/groovy/groovy-eclipse/wiki/Groovy-Eclipse-Maven-plugin
var compilers = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"scala": {"scala-maven-plugin", "maven-scala-plugin"}, "groovy": {"gmavenplus-plugin", "groovy-eclipse-compiler"},
}

// roots finds the folders of the sources, and whether there are tests. kotlin says that some of the sources are Kotlin.
func (p *Project) roots(t *tree.Tree, dir string) (kotlin bool) {
	tests := []string{"src/test/java", "src/test/kotlin", "src/test/groovy"}
	if p.Gradle != nil {
		p.Roots, tests, kotlin = p.Gradle.SourceDirs(), p.Gradle.TestDirs(), p.Gradle.Plugin("org.jetbrains.kotlin.jvm").Applied()
	} else {
		p.Roots, kotlin = []string{p.POM.SourceDir()}, p.POM.Plugin("org.jetbrains.kotlin", "kotlin-maven-plugin").Active
		if kotlin {
			p.Roots = append(p.Roots, "src/main/kotlin")
			// Where the POM names another folder, none compiles Java's own, unless a plugin is told to: https://kotlinlang.org/docs/maven-compile-package.html
			if p.POM.Configures("src/main/java") {
				p.Roots = append(p.Roots, "src/main/java")
			}
		}
		for lang, plugins := range compilers {
			if slices.ContainsFunc(plugins, func(a string) bool { return p.POM.PluginNamed(a).Active }) {
				p.Roots = append(p.Roots, "src/main/"+lang)
				tests = append(tests, "src/test/"+lang)
			}
		}
		slices.Sort(p.Roots[1:])
		p.Roots = slices.Concat(p.Roots[:1], slices.DeleteFunc(p.Roots[1:], func(d string) bool { return d == p.Roots[0] }))
	}
	p.Roots = slices.DeleteFunc(slices.Clone(p.Roots), func(d string) bool { return strings.HasPrefix(path.Join(dir, d), "..") || path.IsAbs(d) })
	p.Tests = slices.ContainsFunc(tests, func(d string) bool { return t.HasDir(path.Join(dir, d)) })
	return kotlin
}

// configured adds the files that the configuration has the app write to, and the folders that it has it serve.
func (p *Project) configured(t *tree.Tree, dir string) {
	fill := p.filler()
	seen := map[string]bool{}
	for _, s := range p.Settings {
		if seen[s.Key] || strings.HasPrefix(s.Key, "%") || s.Value == "" {
			continue
		}
		seen[s.Key] = true
		kind := folderKey(s.Key)
		if kind == noFolder && !strings.Contains(s.Value, "jdbc:") {
			continue
		}
		text, whole := fill.fill(s.Value)
		if strings.HasPrefix(text, "jdbc:") {
			if x, ok := database(text, whole); ok {
				x.Pos, x.Call = s.Pos, s.Key
				p.addFile(x)
			}
			continue
		}
		if kind == servedFolders {
			for place := range strings.SplitSeq(text, ",") {
				if place = strings.TrimSpace(place); whole && strings.HasPrefix(place, "file:") && !strings.HasPrefix(place, "file:/") {
					p.addFile(cleaned(effect.File{Pos: s.Pos, Use: effect.Read, Call: s.Key, Dir: true, Path: effect.Value{Text: place, Sure: effect.Literal}}))
				}
			}
			continue
		}
		x, ok := pathOf(text, whole)
		if !ok || kind == noFolder || kind == ownFolder && !folderLike(x.Path.Text, s.Key) {
			continue
		}
		x.Pos, x.Use, x.Call = s.Pos, effect.Write, s.Key
		if kind == namedFolder || kind == ownFolder && (path.Ext(x.Path.Text) == "" || whole && strings.HasSuffix(text, "/")) {
			x.Dir = true
		}
		p.addFile(x)
		if at := path.Join(dir, x.Path.Text); kind == ownFolder && x.Path.Text != "." && (t.HasDir(at) || t.Has(at)) {
			x.Use = effect.Read // what the repository has there is read, too
			p.addFile(x)
		}
	}
	if p.on("quarkus.log.file.enable", "quarkus.log.file.enabled") {
		if _, ok := p.Value("quarkus.log.file.path"); !ok {
			s, _ := p.Value("quarkus.log.file.enable")
			p.addFile(effect.File{Pos: s.Pos, Use: effect.Write, Call: "quarkus.log.file", Path: effect.Value{Text: "quarkus.log", Sure: effect.Literal}})
		}
	}
}

// on reports whether one of the keys is true.
func (p *Project) on(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		s, _ := p.Value(key)
		return s.Value == "true"
	})
}

// plain are the files beside a POM that a build of Maven reads anyway, or never.
var plain = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"pom.xml": true, "mvnw": true, "mvnw.cmd": true, "gradlew": true, "gradlew.bat": true, "build.gradle": true,
	"build.gradle.kts": true, "settings.gradle": true, "settings.gradle.kts": true, "gradle.properties": true,
	"LICENSE": true, "NOTICE": true, "CODEOWNERS": true, "Makefile": true, "Jenkinsfile": true, "Procfile": true,
	"system.properties": true, "app.json": true, "project.toml": true, "renovate.json": true, "mise.toml": true,
	"app.yaml": true, "test.json": true, "dockgen.yaml": true, "dockgen.lock": true, "skaffold.yaml": true,
}

func extra(t *tree.Tree, dir string) []string {
	var out []string
	for _, name := range t.Names(dir) {
		switch {
		case plain[name], name[0] == '.', strings.HasPrefix(name, "Dockerfile"), strings.HasSuffix(name, ".md"),
			strings.HasSuffix(name, ".adoc"), strings.HasSuffix(name, ".iml"), strings.HasPrefix(name, "LICENSE"), strings.Contains(name, "compose"):
		default:
			out = append(out, name)
		}
	}
	for _, name := range t.Dirs(dir) {
		switch name {
		case "src", "target", "gradle", "docs", "doc", "k8s", "helm", "charts", "build", "bin", "out":
		default:
			if name[0] != '.' {
				out = append(out, name+"/")
			}
		}
	}
	return out
}
