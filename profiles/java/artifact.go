package java

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/record"
)

// Kind is the shape of what the build makes and prod runs.
type Kind string

// The kinds.
const (
	Layers  Kind = "layers"  // a Spring Boot jar, taken apart by rate of change
	Jar     Kind = "jar"     // one file with all it needs
	Libs    Kind = "libs"    // a jar whose manifest names the jars of a folder beside it
	Classes Kind = "classes" // a folder of classes and one of jars, on a class path
	Quarkus Kind = "quarkus" // Quarkus' folder of a runner and its layers
	War     Kind = "war"     // for a servlet container
	Runner  Kind = "runner"  // a war with the jar of a program that runs it
)

// artifact is what a module's build makes, found by reading its POM.
type artifact struct {
	kind Kind
	file string // the jar's path below the module, for layers, jar and libs; the folder for war
	// before and after are the parts of the jar's name on both sides of the version,
	// "" if it has none, or if another jar of the build may be called so.
	before, after string
	release       string            // the name that the jar has in prod: one without the version
	libs          string            // the folder of jars below the module, for libs and classes
	named         bool              // Maven's dependency plugin names them by artifact and version
	in            string            // where libs must stand beside the jar or the classes
	main          fact.Fact[string] // the main class that the build itself is told
	verticle      string            // what Vert.x's launcher starts by the manifest, "" for none
	names         string            // what tells it, "" for the manifest
	boot          string            // Spring Boot's version, "" if it is not known
	tool          string            // the jarmode that takes a Boot jar apart: "tools" or "layertools"
	// launcher is the class that starts a Boot jar that layertools took apart.
	launcher string
	runner   string // the jar below the module that runs a war
	pos      fact.Pos
	rule     string
	// finds is set if the build itself looks for the main class, as Spring
	// Boot's and Quarkus' plugins do.
	finds bool
	// quarkus is set if Quarkus' plugin makes it, whose own live reload starts it.
	quarkus bool
	// nested is set if the jar holds jars, as Spring Boot's does.
	nested bool
	// packed is set if the build packs the classes into a jar, which names the jars that it needs: prod has that jar. Of those that are
	// jarred, it has the names alone.
	packed bool
	jarred bool   // the classes are in their jar, in the folder of classes
	task   string // of Gradle, which makes the file
	// placed is where prod has the folder of classes, "" for "classes".
	placed string
	// scripts are the start scripts that the build writes, which the image does not have, config the folder of their configuration.
	scripts []script
	config  scriptConfig
}

// classes is where prod has those of a folder.
func (a artifact) classes() string { return cmp.Or(a.placed, "classes") }

// libraries is where prod has the jars that the classes need.
func (a artifact) libraries() string { return cmp.Or(a.in, "lib") }

// mainVerticle is the entry of a manifest with the verticle that Vert.x's launcher starts.
const mainVerticle = "Main-Verticle"

// Vert.x's launchers: that of Vert.x 5, and the one before.
const (
	vertxLauncher  = "io.vertx.launcher.application.VertxApplication"
	legacyLauncher = "io.vertx.core.Launcher"
)

// launched are the arguments with which Vert.x's launcher starts, without a manifest, what it does with one:
// https://vertx.io/docs/vertx-launcher-application/java/, https://vertx.io/docs/4.5.0/vertx-core/java/#_the_vert_x_launcher
func (a artifact) launched(main string) []string {
	switch {
	case !className(a.verticle):
		return nil
	case main == vertxLauncher:
		return []string{a.verticle}
	case main == legacyLauncher:
		return []string{"run", a.verticle}
	}
	return nil
}

const bootGroup = "org.springframework.boot"

// artifactOf reads what the module's build makes. A reference of the POM that
// the repository does not answer, and that the name depends on, is refused.
func artifactOf(p *java.Project) (artifact, error) {
	if p.Gradle != nil {
		return gradleArtifact(p)
	}
	target := p.BuildDir()
	name := p.FinalName()
	named := func(a artifact) (artifact, error) {
		for _, s := range []string{a.file, a.libs} {
			if !pom.Resolved(s) || path.IsAbs(s) || strings.HasPrefix(path.Clean(s), "..") {
				return a, record.Refuse(name.Pos, "set the property in the POM, or give build.finalName",
					"the name of the build's artifact, %s, has a property that the repository does not set", s)
			}
		}
		return a, nil
	}
	packaging := p.Packaging()
	manifest := p.POM.Plugin("org.apache.maven.plugins", "maven-jar-plugin")
	manifestMain := resolved(manifest.Config("archive", "manifest", "mainClass"), manifest.Config("archive", "manifestEntries", "Main-Class"))

	if q := p.POM.PluginNamed("quarkus-maven-plugin"); q.Active && (packaging.Value == "quarkus" || len(q.Goal("build")) > 0) {
		return named(quarkusArtifact(p, q.Pos))
	}

	if x := p.Image; x != nil && x.Laid && packaging.Value != "war" {
		a := artifact{kind: Classes, file: p.ClassesDir(), in: "libs", main: resolved(x.Main, manifestMain), pos: x.Pos, rule: laidRule(x)}
		if hasLibs(p) {
			a.libs, a.named = target+"/dependency", true
		}
		return named(a)
	}

	if boot := p.POM.Plugin(bootGroup, "spring-boot-maven-plugin"); boot.Active {
		for _, x := range boot.Goal("repackage") {
			if x.Config("skip").Value == "true" {
				continue
			}
			return named(bootArtifact(p, x))
		}
	}

	if packaging.Value == "war" {
		return named(artifact{kind: War, file: target + "/" + name.Value, pos: packaging.Pos, rule: "packaging war, for a servlet container"})
	}
	if packaging.Value != "jar" && packaging.Value != "bundle" && packaging.Value != "maven-plugin" {
		return artifact{}, record.Refuse(packaging.Pos, "dockgen builds jar, war and quarkus", "packaging %s", packaging.Value)
	}

	if shade := p.POM.PluginNamed("maven-shade-plugin"); shade.Active {
		if list := shade.Goal("shade"); len(list) > 0 {
			x := list[0]
			a := artifact{kind: Jar, pos: x.Pos, rule: "the shade plugin puts the dependencies into the jar"}
			a.file = target + "/" + name.Value + ".jar"
			if f := x.Config("finalName"); f.Found() {
				a.file = target + "/" + f.Value + ".jar"
			}
			if x.Config("shadedArtifactAttached").Value == "true" {
				classifier := "shaded"
				if c := x.Config("shadedClassifierName"); c.Found() {
					classifier = c.Value
				}
				a.file = strings.TrimSuffix(a.file, ".jar") + "-" + classifier + ".jar"
			}
			if f := x.Config("outputFile"); f.Found() {
				a.file = pom.Relative(f.Value)
			}
			a.main = resolved(x.Find("mainClass"), x.Find("Main-Class"), manifestMain)
			a.verticle = resolved(x.Find(mainVerticle)).Value
			return named(a)
		}
	}
	if mn := p.POM.PluginNamed("micronaut-maven-plugin"); mn.Active {
		// The plugin's own lifecycle shades a jar:
		// https://micronaut-projects.github.io/micronaut-maven-plugin/latest/examples/package.html
		return named(artifact{
			kind: Jar, file: target + "/" + name.Value + ".jar", pos: mn.Pos, rule: "the Micronaut plugin puts the dependencies into the jar",
			main: resolved(p.POM.Property("exec.mainClass")),
		})
	}
	if a, ok := vertxArtifact(p); ok {
		return named(a)
	}
	if asm := p.POM.PluginNamed("maven-assembly-plugin"); asm.Active {
		for _, x := range append(asm.Goal("single"), asm.Goal("assembly")...) {
			if ref := x.Find("descriptorRef"); ref.Value != "jar-with-dependencies" {
				continue
			}
			a := artifact{kind: Jar, pos: x.Pos, rule: "the assembly plugin puts the dependencies into the jar"}
			base := name.Value
			if f := x.Config("finalName"); f.Found() {
				base = f.Value
			}
			if x.Config("appendAssemblyId").Value != "false" {
				base += "-jar-with-dependencies"
			}
			a.file = target + "/" + base + ".jar"
			a.main = resolved(x.Config("archive", "manifest", "mainClass"), x.Config("archive", "manifestEntries", "Main-Class"))
			a.verticle = resolved(x.Config("archive", "manifestEntries", mainVerticle)).Value
			return named(a)
		}
	}

	if a, ok := scriptedArtifact(p); ok {
		return named(a)
	}

	jar := artifact{kind: Jar, main: manifestMain, pos: manifestMain.Pos, rule: "the jar's manifest names the main class, and it needs no other file"}
	jar.file = target + "/" + name.Value + ".jar"
	if c := manifest.Config("classifier"); c.Found() {
		jar.file = target + "/" + name.Value + "-" + c.Value + ".jar"
	}
	deps := hasLibs(p)
	if manifestMain.Found() && !deps {
		return named(jar)
	}
	if manifestMain.Found() && manifest.Config("archive", "manifest", "addClasspath").Value == "true" {
		for _, x := range p.POM.PluginNamed("maven-dependency-plugin").Goal("copy-dependencies") {
			prefix := path.Clean(strings.TrimSuffix(manifest.Config("archive", "manifest", "classpathPrefix").Value, "/"))
			out := target + "/dependency"
			if o := x.Config("outputDirectory"); o.Found() {
				out = pom.Relative(o.Value)
			}
			if strings.HasPrefix(prefix, "..") || path.IsAbs(prefix) {
				continue
			}
			jar.kind, jar.libs, jar.in, jar.named = Libs, out, prefix, !renames(x)
			jar.rule = "the jar's manifest names the main class and the jars that the dependency plugin copies"
			return named(jar)
		}
	}
	a := artifact{kind: Classes, file: p.ClassesDir(), main: manifestMain, pos: packaging.Pos, rule: "the jar holds only the project's own classes, so the dependencies are copied next to it"}
	if deps {
		a.libs, a.named = target+"/dependency", true
	} else {
		a.rule = "the jar names no main class, so its classes are put on the class path"
	}
	return named(a)
}

// renames reports whether a copy of the dependencies has other names than those of artifact and version, or not all of them:
// https://maven.apache.org/plugins/maven-dependency-plugin/copy-dependencies-mojo.html
func renames(x *pom.Execution) bool {
	return slices.ContainsFunc([]string{
		"stripVersion", "stripType", "stripClassifier", "prependGroupId", "useRepositoryLayout", "useSubDirectoryPerType", "useSubDirectoryPerScope",
		"useSubDirectoryPerArtifact", "includeArtifactIds", "excludeArtifactIds", "includeGroupIds", "excludeGroupIds", "includeTypes", "excludeTypes",
		"includeClassifiers", "excludeClassifiers",
	}, func(name string) bool { return x.Config(name).Found() })
}

// laidRule says why prod has the folders of an image that a plugin makes.
func laidRule(x *java.MadeImage) string {
	return "the folders of the image that " + x.By + " makes, which the script that it starts names"
}

// hasLibs reports whether the class path of the running program holds more
// than the project itself.
func hasLibs(p *java.Project) bool {
	if g := p.Gradle; g != nil && (len(g.Opaque()) > 0 || g.Plugin(kotlinPlugin).Applied()) {
		return true // Kotlin's own library is among them
	}
	return slices.ContainsFunc(p.Dependencies(), pom.Dependency.AtRuntime)
}

// resolved is the first of the values that holds no open reference.
func resolved(list ...fact.Fact[string]) fact.Fact[string] {
	for _, f := range list {
		if f.Found() && f.Value != "" && pom.Resolved(f.Value) {
			return f
		}
	}
	return fact.Fact[string]{}
}

func bootArtifact(p *java.Project, x *pom.Execution) artifact {
	a := artifact{kind: Jar, boot: bootVersion(p), pos: x.Pos, rule: "Spring Boot's plugin puts the dependencies into the jar", finds: true, nested: true}
	name := p.FinalName().Value
	if f := x.Config("finalName"); f.Found() {
		name = f.Value
	}
	if c := x.Config("classifier"); c.Found() && c.Value != "" {
		name += "-" + c.Value
	}
	ext := "jar"
	if p.Packaging().Value == "war" {
		ext = "war"
	}
	dir := p.BuildDir()
	if o := ownFolder(x.Config("outputDirectory").Value); o != "" {
		dir = o
	}
	a.file = dir + "/" + name + "." + ext
	a.main = resolved(x.Config("mainClass"), p.POM.Property("start-class"))
	if custom := x.Config("layers", "configuration").Found() || !slices.Contains([]string{"", "JAR"}, strings.ToUpper(x.Config("layout").Value)); ext == "jar" {
		a.layered(x.Config("layers", "enabled").Value, custom)
	}
	return a
}

// layered takes a Boot jar apart, if it has layers. enabled is what the build says of them, "" for nothing; one that
// makes layers of its own keeps the jar whole. How a Boot jar is taken apart has changed with its versions:
// https://docs.spring.io/spring-boot/reference/packaging/container-images/efficient-images.html
func (a *artifact) layered(enabled string, custom bool) {
	switch {
	case a.boot == "" || enabled == "false" || custom:
	case atLeast(a.boot, "3.3"):
		a.kind, a.tool = Layers, toolsMode
	case atLeast(a.boot, "3.2"):
		a.kind, a.tool, a.launcher = Layers, "layertools", "org.springframework.boot.loader.launch.JarLauncher"
	case atLeast(a.boot, "2.4"), atLeast(a.boot, "2.3") && enabled == "true":
		a.kind, a.tool, a.launcher = Layers, "layertools", "org.springframework.boot.loader.JarLauncher"
	}
	if a.kind == Layers {
		a.rule = "Spring Boot " + a.boot + " splits its jar into layers by how often they change"
	}
}

// ownFolder is a folder that a POM names, from the module's on; "" where a property in it is not set, for which Maven takes the default.
func ownFolder(text string) string {
	dir := pom.Relative(text + "/") // which may be the module's own
	if text == "" || !pom.Resolved(dir) {
		return ""
	}
	return dir
}

// bootVersion is the version of Spring Boot, "" if the repository does not
// say it.
func bootVersion(p *java.Project) string {
	if g := p.Gradle; g != nil {
		if v := version(g.Plugin(bootPlugin).Version.Value); v != "" {
			return v
		}
		for _, d := range g.Platforms() {
			if d.Group == bootGroup && d.Artifact == "spring-boot-dependencies" && version(d.Version) != "" {
				return version(d.Version)
			}
		}
	}
	if x := p.POM.External; x != nil && x.Group == bootGroup && x.Artifact == "spring-boot-starter-parent" {
		return version(x.Version)
	}
	for _, d := range p.POM.Imports() {
		if d.Group == bootGroup && d.Artifact == "spring-boot-dependencies" {
			return version(d.Version)
		}
	}
	if v := p.POM.Plugin(bootGroup, "spring-boot-maven-plugin").Version(); v.Found() {
		return version(v.Value)
	}
	for _, d := range p.Dependencies() {
		if d.Group == bootGroup && d.Version != "" {
			return version(d.Version)
		}
	}
	return ""
}

func version(s string) string {
	if _, err := semver.Maven.Parse(s); err != nil || !pom.Resolved(s) {
		return ""
	}
	return s
}

// atLeast compares by Maven's order, in which 3.3-SNAPSHOT comes before 3.3;
// a milestone of the release counts as the release.
func atLeast(v, floor string) bool {
	if i := strings.IndexByte(v, '-'); i > 0 {
		v = v[:i]
	}
	for _, suffix := range []string{".RELEASE", ".Final"} {
		v = strings.TrimSuffix(v, suffix)
	}
	return semver.Maven.Compare(v, floor) >= 0
}

// quarkusSetting is what a build of Quarkus is told: by the build's own files
// (https://quarkus.io/guides/gradle-tooling#custom-build-properties), or by the app's configuration, which comes after a property of Maven's.
func quarkusSetting(p *java.Project, key string) fact.Fact[string] {
	if g := p.Gradle; g != nil {
		if v := resolved(g.Extension("quarkus").Get("quarkusBuildProperties", key).Fact, g.Extension("quarkus").Get(strings.TrimPrefix(key, "quarkus.")).Fact); v.Found() {
			return v
		}
	}
	return resolved(setting(p, key), p.POM.Property(key))
}

// quarkusPackage is what a build of Quarkus is told of the file that it makes, or else otherwise.
func quarkusPackage(p *java.Project, name, otherwise string) string {
	return cmp.Or(quarkusSetting(p, "quarkus.package."+name).Value, otherwise)
}

// quarkusArtifact: https://quarkus.io/guides/maven-tooling#configuration-reference
func quarkusArtifact(p *java.Project, pos fact.Pos) artifact {
	kind := quarkusPackage(p, "type", quarkusPackage(p, "jar.type", "fast-jar"))
	target := p.BuildDir()
	a := artifact{kind: Quarkus, file: target + "/" + quarkusPackage(p, "output-directory", "quarkus-app"), pos: pos, rule: "Quarkus' plugin makes a folder of a runner and its layers", finds: true, quarkus: true}
	runner := quarkusRunner(p) + ".jar"
	switch kind {
	case "uber-jar":
		a.kind, a.file, a.rule = Jar, runner, "Quarkus' plugin is told to make one jar"
	case "legacy-jar":
		a.kind, a.file, a.libs, a.in, a.rule = Libs, runner, target+"/lib", "lib", "Quarkus' plugin is told to make a jar and a folder of libraries"
	}
	return a
}

// quarkusRunner is the path of what Quarkus makes as one file, without an extension.
func quarkusRunner(p *java.Project) string {
	suffix := quarkusPackage(p, "runner-suffix", "-runner")
	if quarkusPackage(p, "jar.add-runner-suffix", quarkusPackage(p, "add-runner-suffix", "true")) == "false" {
		suffix = ""
	}
	return p.BuildDir() + "/" + quarkusPackage(p, "output-name", p.FinalName().Value) + suffix
}

// quarkusJar are the options that have a build of Quarkus make a jar where the
// configuration asks for a native program: an image of Java runs a jar.
// https://quarkus.io/guides/building-native-image
func quarkusJar(in record.Input, p *java.Project) []string {
	if wantsNative(in) {
		return nil
	}
	for _, x := range []struct{ key, value, option string }{
		{"quarkus.native.enabled", "true", "-Dquarkus.native.enabled=false"},
		{"quarkus.package.type", "native", "-Dquarkus.package.type=fast-jar"},
		{"quarkus.package.jar.enabled", "false", "-Dquarkus.package.jar.enabled=true"},
	} {
		if v := quarkusSetting(p, x.key); v.Value == x.value {
			in.Log.Note(v.Pos, "asks for a native program; the image runs the jar, which is made of the same code", "")
			out := []string{x.option}
			if x.key == "quarkus.native.enabled" {
				out = append(out, "-Dquarkus.package.jar.enabled=true")
			}
			return out
		}
	}
	return nil
}

// setting is the value of a key of the module's configuration files.
func setting(p *java.Project, key string) fact.Fact[string] {
	v, _ := p.Value(key)
	return v
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // 0 for what is no number
	return n
}
