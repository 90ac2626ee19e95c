// Package java reads Maven projects: the POMs of a reactor with what they
// inherit, the wrapper, the files that name a Java version, and what the
// sources say of main classes and ports.
//
// Facts are questions that a Project answers, because what a POM means
// depends on its parents; every answer has the line on which it stands.
package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// Facts are what a folder with a pom.xml or a Gradle build says.
type Facts struct {
	Dir string // the folder; paths are relative to it, positions to the root
	// Projects is the reactor, the root first; empty where there is no POM.
	Projects []*Project
	// Poms are the files that Maven reads before it builds anything: those of the
	// projects and their parents, and of the modules that profiles add.
	Poms     []string
	Wrapper  *Wrapper // nil where there is no mvnw
	Versions []fact.Fact[string]
	MavenDir bool // .mvn holds files
	// Extensions are the core extensions of Maven, by their artifacts.
	Extensions []fact.Fact[string]
	Gradle     fact.Pos // the Gradle build, or zero
	// Production is what the folder says if Maven is asked for the profile that
	// builds for production; nil if there is none.
	Production *Production
	Built      Built // how the repository's own files build it
	// Extra are files and folders beside the POM that a build could read and
	// that are none of the known ones.
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

// Project is a module of the reactor with what its files say.
type Project struct {
	*pom.Project

	Sources  Sources   // what its source code says
	Settings []Setting // its configuration files
	Tests    bool      // it has test sources
	Servers  []ServerConfig
	WebXML   fact.Fact[string] // the namespace of the deployment descriptor
	Image    *MadeImage        // that a plugin makes of it, nil for none
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "java" }

// Detect reads the Maven project of dir. It returns nil where dir holds no
// build of Maven or Gradle.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	f, err := detect(t, dir)
	if err != nil || f == nil {
		return f, err
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

// detect reads the project with the profiles of those names.
func detect(t *tree.Tree, dir string, profiles ...string) (*Facts, error) {
	f := &Facts{Dir: dir}
	for _, name := range []string{"settings.gradle.kts", "settings.gradle", "build.gradle.kts", "build.gradle"} {
		if t.Has(path.Join(dir, name)) {
			f.Gradle = fact.At(path.Join(dir, name), 0)
		}
	}
	if !t.Has(path.Join(dir, "pom.xml")) {
		if f.Gradle.IsZero() {
			return nil, nil
		}
		return f, nil
	}
	modules, files, err := pom.Read(t, dir, profiles...)
	if err != nil {
		return nil, err
	}
	f.Poms = files
	for _, m := range modules {
		p := &Project{Project: m}
		if err := p.read(t, dir); err != nil {
			return nil, err
		}
		f.Projects = append(f.Projects, p)
	}
	if f.Wrapper, err = readWrapper(t, dir); err != nil {
		return nil, err
	}
	f.MavenDir = t.HasDir(path.Join(dir, ".mvn"))
	f.Extensions = readExtensions(t, dir)
	if f.Versions, err = readVersions(t, dir); err != nil {
		return nil, err
	}
	f.Extra = extra(t, dir)
	return f, nil
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
	p.Tests = t.HasDir(in("src/test/java")) || t.HasDir(in("src/test/kotlin")) || t.HasDir(in("src/test/groovy"))
	if p.Packaging().Value == "pom" {
		return nil
	}
	dirs := []string{in(p.SourceDir())}
	kotlin := p.Plugin("org.jetbrains.kotlin", "kotlin-maven-plugin").Active
	if kotlin {
		dirs = append(dirs, in("src/main/java"), in("src/main/kotlin"))
	}
	dirs = slices.DeleteFunc(dirs, func(d string) bool { return strings.HasPrefix(d, "..") || path.IsAbs(d) })
	var err error
	if p.Sources, err = readSources(t, dirs, kotlin, p); err != nil {
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
	if doc, err := document.Read(t, in("src/main/webapp/WEB-INF/web.xml")); err == nil && len(doc.Members) > 0 {
		if ns := doc.Members[0].Value.Get("@xmlns"); ns.Found() {
			p.WebXML = fact.Fact[string]{Value: ns.Text, Pos: ns.Pos()}
		}
	}
	for _, r := range resources {
		p.readLogs(t, r, c.active)
	}
	return nil
}

// configured adds the files that the configuration has the app write to.
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

// plain are the files beside a POM that no Maven build reads.
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
