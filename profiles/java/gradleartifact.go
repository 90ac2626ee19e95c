package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// The plugins of Gradle that say what a build makes.
const (
	bootPlugin    = "org.springframework.boot"
	quarkusPlugin = "io.quarkus"
	applyPlugin   = "application"
	// shadowPlugin puts all dependencies into one jar: https://gradleup.com/shadow/. Ktor's plugin brings it, whether or not the app is
	// meant to be one jar.
	shadowPlugin = "com.gradleup.shadow"
	kotlinPlugin = "org.jetbrains.kotlin.jvm"
	// multiplatformPlugin compiles for several platforms.
	multiplatformPlugin = "org.jetbrains.kotlin.multiplatform"
)

// gradleArtifact reads what the module's build makes.
func gradleArtifact(p *java.Project) (artifact, error) {
	g := p.Gradle
	jar := g.Task("jar")
	manifestMain := manifestClass(jar)
	if q := g.Plugin(quarkusPlugin); q.Applied() {
		a := quarkusArtifact(p, q.Pos)
		a.task = "quarkusBuild"
		return a, nil
	}
	if x := p.Image; x != nil && x.Laid && p.Packaging().Value != "war" {
		return gradleClasses(p, artifact{in: "libs", main: resolved(x.Main, manifestMain), pos: x.Pos, rule: laidRule(x)}), nil
	}
	if boot := g.Plugin(bootPlugin); boot.Applied() {
		if a, ok := gradleBoot(p, boot); ok {
			return a, nil
		}
	}
	packaging := p.Packaging()
	if packaging.Value == "war" {
		return artifact{kind: War, file: path.Join(p.BuildDir(), imageWar), pos: packaging.Pos, rule: "the plugin war, for a servlet container"}, nil
	}
	app := g.Extension(applyPlugin)
	main := resolved(app.Get("mainClass").Fact, app.Get("mainClassName").Fact, g.Extension("").Get("mainClassName").Fact)
	if shadow := g.Plugin(shadowPlugin); shadow.Applied() && !g.Plugin("io.ktor.plugin").Applied() {
		task := g.Task("shadowJar")
		a := artifact{kind: Jar, task: "shadowJar", pos: shadow.Pos, rule: "the Shadow plugin puts the dependencies into the jar", main: resolved(manifestClass(task), manifestMain, main)}
		a.verticle = resolved(task.Get("manifest", "attributes", mainVerticle).Fact).Value
		if a.main.Found() {
			return a.called(p, "shadowJar"), nil
		}
	}
	if manifestMain.Found() && !hasLibs(p) && !main.Found() {
		return artifact{kind: Jar, task: "jar", main: manifestMain, pos: manifestMain.Pos, rule: "the jar's manifest names the main class, and it needs no other file"}.called(p, "jar"), nil
	}
	if err := multiplatform(p); err != nil && app.Found() {
		return artifact{}, err
	}
	a := artifact{
		in: "lib", main: resolved(main, manifestMain), pos: packaging.Pos, names: "the main class of the application plugin",
		rule: "the jar holds only the project's own classes, so the dependencies are copied next to it",
	}
	if !hasLibs(p) {
		a.rule = "the jar names no main class, so its classes are put on the class path"
	}
	return gradleClasses(p, a), nil
}

// gradleClasses fills in the folders of classes and of jars that the init script makes.
func gradleClasses(p *java.Project, a artifact) artifact {
	a.kind, a.file = Classes, path.Join(p.BuildDir(), imageClasses)
	if hasLibs(p) {
		a.libs = path.Join(p.BuildDir(), imageLibs)
	}
	return a
}

// multiplatform refuses a project of Kotlin's plugin for several platforms: its classes are those of a target, made and packed by tasks that
// follow the target's name, and not the main ones that the plugins of Java know.
// https://kotlinlang.org/docs/multiplatform/multiplatform-dsl-reference.html#jvm-targets
func multiplatform(p *java.Project) error {
	x := p.Gradle.Plugin(multiplatformPlugin)
	if !x.Applied() {
		return nil
	}
	return record.Refuse(x.Pos, `move the server into a project of its own with kotlin("jvm"), which depends on this one`,
		"a project of Kotlin Multiplatform builds its server by tasks of its own, which dockgen does not call")
}

// serves reports whether such a project says how its target for the virtual machine is started.
func serves(p *java.Project) bool {
	if p.Gradle == nil || !p.Gradle.Plugin(multiplatformPlugin).Applied() {
		return false
	}
	k := p.Gradle.Extension("kotlin")
	return k.In("jvm", "binaries", "executable").Found() || k.In("jvm", "mainRun").Found()
}

// asJar decides whether prod has the module's classes in their jar: where the code asks for an entry of its manifest, and the build writes one.
func (m *module) asJar(in record.Input) {
	if m.Gradle == nil || m.made.kind != Classes || m.Image != nil && m.Image.Laid || len(m.Sources.Manifests) == 0 {
		return
	}
	jar := m.Gradle.Task("jar")
	if jar.Get("enabled").Value == "false" || !slices.ContainsFunc(jar.In("manifest", "attributes").Names(), func(n string) bool { return n != "Main-Class" && n != "Class-Path" }) {
		return
	}
	m.made.jarred = true
	x := m.Sources.Manifests[0]
	in.Log.Choose(plan.Choice{Key: "java.jar", Value: "jar", Rule: "the code asks for what only the jar's manifest has: " + plan.Printable(x.Value, 60), Pos: record.At(x.Pos)})
}

// ownJars reports whether prod has jars of other projects of the build, which change more often than those of elsewhere and have a layer
// of their own.
func (m *module) ownJars() bool {
	return m.Gradle != nil && m.made.kind == Classes && m.made.libs != "" &&
		slices.ContainsFunc(m.parts[1:], func(p *java.Project) bool { return p.Packaging().Value == "jar" })
}

// manifestClass is the main class that the manifest of a task's jar names:
// https://docs.gradle.org/current/dsl/org.gradle.jvm.tasks.Jar.html
func manifestClass(task gradle.Block) fact.Fact[string] {
	return resolved(task.Get("manifest", "attributes", "Main-Class").Fact, task.Get("manifest", "attributes", "Start-Class").Fact)
}

// called fills in the name of the jar that a task makes. Of one that a script computes, the part that is known is enough: the task makes no
// other file.
func (a artifact) called(p *java.Project, task string) artifact {
	name := p.Gradle.ArchiveName(task).Value
	dir := cmp.Or(p.Gradle.ArchiveDir(task), path.Join(p.BuildDir(), "libs"))
	a.file = path.Join(dir, name)
	if before, after, computed := strings.Cut(name, "*"); computed {
		a.before, a.after = before, after[strings.LastIndexByte(after, '*')+1:]
		a.release = "app" + path.Ext(name)
	}
	return a
}

// gradleBoot is what Spring Boot's plugin makes; ok is false if its task is turned off, as in a library.
// https://docs.spring.io/spring-boot/gradle-plugin/packaging.html
func gradleBoot(p *java.Project, boot gradle.Plugin) (a artifact, ok bool) {
	name := "bootJar"
	a = artifact{kind: Jar, boot: bootVersion(p), pos: boot.Pos, rule: "Spring Boot's plugin puts the dependencies into the jar", finds: true, nested: true}
	if p.Packaging().Value == "war" {
		name = "bootWar"
	}
	if a.boot != "" && !atLeast(a.boot, "2.0") {
		// https://docs.spring.io/spring-boot/docs/1.5.22.RELEASE/reference/html/build-tool-plugins-gradle-plugin.html
		a.task = "assemble"
		a.main = resolved(p.Gradle.Extension("springBoot").Get("mainClass").Fact, manifestClass(p.Gradle.Task("jar")))
		archive := "jar"
		if name == "bootWar" {
			archive = "war"
		}
		return a.called(p, archive), true
	}
	task := p.Gradle.Task(name)
	if task.Get("enabled").Value == "false" {
		return a, false
	}
	a.task = name
	a.main = resolved(
		p.Gradle.Extension("springBoot").Get("mainClass").Fact, p.Gradle.Extension("springBoot").Get("mainClassName").Fact,
		task.Get("mainClass").Fact, task.Get("mainClassName").Fact, manifestClass(task), p.Gradle.Extension(applyPlugin).Get("mainClass").Fact,
	)
	layered := task.Get("layered", "enabled").Value
	if name == "bootJar" {
		a.layered(layered, task.Get("layered", "application").Found() || task.Get("layered", "layerOrder").Found())
	}
	return a.called(p, name), true
}

// gradleLevels are the lines of the module that name a Java, the one that counts first:
// https://docs.gradle.org/current/userguide/building_java_projects.html#sec:java_cross_compilation
func gradleLevels(p *java.Project) []record.Option {
	rules := map[string]string{
		"toolchain": "the toolchain", "kotlin toolchain": "Kotlin's toolchain", "release": "the compiler's release",
		"target": "targetCompatibility", "source": "sourceCompatibility", "kotlin": "Kotlin's jvmTarget",
	}
	var out []record.Option
	for _, by := range []string{"toolchain", "kotlin toolchain", "release", "target", "source", "kotlin"} {
		for _, l := range p.Gradle.Java() {
			if l.By == by {
				out = append(out, optionOf(fact.Fact[string]{Value: l.Value, Pos: l.Pos}, rules[by]))
			}
		}
	}
	return out
}

// brought are the dependencies that Micronaut's plugin adds for the server that the build names:
// https://micronaut-projects.github.io/micronaut-gradle-plugin/latest/#_micronaut_application_plugin
func brought(p *java.Project) []pom.Dependency {
	if p.Gradle == nil {
		return nil
	}
	runtime := p.Gradle.Extension("micronaut").Get("runtime")
	name := strings.TrimSuffix(strings.ToLower(runtime.Value), "_4") // MicronautRuntime.JETTY_4
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	d := pom.Dependency{Group: "io.micronaut", Artifact: "micronaut-http-server-netty", Scope: "compile", Pos: runtime.Pos}
	switch name {
	case "netty":
	case "jetty", "tomcat", "undertow":
		d.Group, d.Artifact = "io.micronaut.servlet", "micronaut-http-server-"+name
	default:
		return nil
	}
	return []pom.Dependency{d}
}
