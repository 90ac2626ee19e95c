package gradle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/tree/treetest"
	"github.com/dockgen/dockgen/internal/table"
)

// read reads a build of files; those of "kts" are a build script in Kotlin alone, those of "groovy" one in Groovy.
func read(t *testing.T, files map[string]string) *Build {
	t.Helper()
	all := map[string]string{}
	for name, text := range files {
		switch name {
		case "kts":
			name = "build.gradle.kts"
		case "groovy":
			name = "build.gradle"
		}
		all[name] = text
	}
	b, err := Read(treetest.Of(t, all), ".")
	if err != nil {
		t.Fatal(err)
	}
	if b == nil {
		t.Fatal("no build")
	}
	return b
}

// at is the project of a path.
func at(t *testing.T, b *Build, path string) *Project {
	t.Helper()
	for _, p := range b.Projects {
		if p.Path == path {
			return p
		}
	}
	t.Fatalf("no project %s", path)
	return nil
}

// TestAnswers asks one question of a build.
func TestAnswers(t *testing.T) {
	plugin := func(ids ...string) func(*Project) string {
		return func(p *Project) string {
			g := p.Plugin(ids...)
			return fmt.Sprintf("%s %s %v", g.ID, g.Version.Value, g.Applied())
		}
	}
	deps := func(p *Project) string {
		var out []string
		for _, d := range p.Dependencies() {
			out = append(out, strings.Trim(d.Name()+":"+d.Version, ":")+" "+d.Scope+map[bool]string{true: " " + d.Dir}[d.Dir != ""])
		}
		return strings.Join(out, ", ")
	}
	boms := func(p *Project) string {
		var out []string
		for _, d := range p.Platforms() {
			out = append(out, notation(d))
		}
		return strings.Join(out, ", ")
	}
	setting := func(s Setting) string {
		if s.Computed {
			return "computed"
		}
		return s.Value
	}
	get := func(block string, names ...string) func(*Project) string {
		return func(p *Project) string { return setting(p.Extension(block).Get(names...)) }
	}
	task := func(name string, names ...string) func(*Project) string {
		return func(p *Project) string { return setting(p.Task(name).Get(names...)) }
	}
	levels := func(p *Project) string {
		var out []string
		for _, l := range p.Java() {
			out = append(out, strings.TrimSpace(l.By+" "+l.Value+map[bool]string{true: " computed"}[l.Value == ""]+" "+l.Vendor))
		}
		return strings.Join(out, ", ")
	}
	archive := func(name string) func(*Project) string {
		return func(p *Project) string { return p.ArchiveName(name).Value }
	}
	group := func(p *Project) string { return p.Group().Value }
	version := func(p *Project) string { return p.Version().Value }
	final := func(p *Project) string { return p.FinalName().Value }
	packaging := func(p *Project) string { return p.Packaging().Value }

	const catalog = `[versions]
boot = "3.4.1"
java = "21"
rich = { strictly = "[1,2[", prefer = "1.5" }
[libraries]
spring-web = { module = "org.springframework.boot:spring-boot-starter-web", version.ref = "boot" }
spring-boot_data = "org.springframework.boot:spring-boot-starter-data-jpa:3.4.1"
h2 = { group = "com.h2database", name = "h2" }
bom = { module = "org.springframework.boot:spring-boot-dependencies", version.ref = "boot" }
[bundles]
web = ["spring-web", "h2"]
[plugins]
spring-boot = { id = "org.springframework.boot", version.ref = "boot" }
short = "com.x.short:1.2"
`
	tests := []struct {
		name  string
		files map[string]string
		path  string
		ask   func(*Project) string
		want  string
	}{
		// Plugins.
		{"id", map[string]string{"groovy": `plugins { id 'org.springframework.boot' version '3.1.0' }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.1.0 true"},
		{"id, Kotlin", map[string]string{"kts": `plugins { id("org.springframework.boot") version "3.1.0" }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.1.0 true"},
		{"called on", map[string]string{"kts": `plugins { id("org.springframework.boot").version("3.1.0").apply(false) }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.1.0 false"},
		{"apply false", map[string]string{"groovy": `plugins { id 'io.quarkus' version '3.1' apply false }`}, "", plugin("io.quarkus"), "io.quarkus 3.1 false"},
		{"none", map[string]string{"groovy": ``}, "", plugin("java"), "  false"},
		{"bare", map[string]string{"kts": "plugins {\n  application\n  java\n}"}, "", plugin("application"), "application  true"},
		{"backticks", map[string]string{"kts": "plugins {\n  `java-library`\n  `maven-publish`\n}"}, "", plugin("java-library"), "java-library  true"},
		{"implied", map[string]string{"kts": "plugins { application }"}, "", plugin("java"), "java  true"},
		{"kotlin", map[string]string{"kts": `plugins { kotlin("jvm") version "2.0.21" }`}, "", plugin("org.jetbrains.kotlin.jvm"), "org.jetbrains.kotlin.jvm 2.0.21 true"},
		{"kotlin by its old id", map[string]string{"groovy": `apply plugin: 'kotlin'`}, "", plugin("org.jetbrains.kotlin.jvm"), "org.jetbrains.kotlin.jvm  true"},
		{"shadow by its old id", map[string]string{"groovy": `plugins { id 'com.github.johnrengelman.shadow' version '8.1.1' }`}, "", plugin("com.gradleup.shadow"), "com.gradleup.shadow 8.1.1 true"},
		{"core by its long id", map[string]string{"groovy": `plugins { id 'org.gradle.application' }`}, "", plugin("application"), "application  true"},
		{"in run", map[string]string{"kts": `plugins { run { val v = "2.0"; kotlin("jvm") version v } }`}, "", plugin("org.jetbrains.kotlin.jvm"), "org.jetbrains.kotlin.jvm 2.0 true"},
		{"apply", map[string]string{"groovy": `apply plugin: 'war'`}, "", plugin("war"), "war  true"},
		{"apply, Kotlin", map[string]string{"kts": `apply(plugin = "war")`}, "", plugin("war"), "war  true"},
		{"apply with a class", map[string]string{"kts": `apply<org.springframework.boot.gradle.plugin.SpringBootPlugin>()`}, "", plugin("org.springframework.boot"), "org.springframework.boot  true"},
		{"apply with a class, Groovy", map[string]string{"groovy": "import org.springframework.boot.gradle.plugin.SpringBootPlugin\napply plugin: SpringBootPlugin"}, "", plugin("org.springframework.boot"), "org.springframework.boot  true"},
		{"apply with a block", map[string]string{"groovy": "apply {\n plugin 'java'\n plugin('application')\n}"}, "", plugin("application"), "application  true"},
		{"pluginManager", map[string]string{"kts": `project.pluginManager.apply("java-library")`}, "", plugin("java"), "java  true"},
		{"plugins.apply", map[string]string{"groovy": `plugins.apply('groovy')`}, "", plugin("groovy"), "groovy  true"},
		{"in a branch that is not taken", map[string]string{"groovy": `if (project.hasProperty('x')) { apply plugin: 'war' }`}, "", plugin("war"), "  false"},
		{"in a branch that is taken", map[string]string{"groovy": `if (!project.hasProperty('x')) { apply plugin: 'war' }`}, "", plugin("war"), "war  true"},
		{"in a branch that nobody knows", map[string]string{"groovy": `if (new Date().day == 1) { apply plugin: 'war' }`}, "", plugin("war"), "war  false"},
		{"buildscript", map[string]string{"groovy": `buildscript { ext { bootVersion = '2.1.0.RELEASE' }
 dependencies { classpath "org.springframework.boot:spring-boot-gradle-plugin:${bootVersion}" } }
apply plugin: 'org.springframework.boot'`}, "", plugin("org.springframework.boot"), "org.springframework.boot 2.1.0.RELEASE true"},
		{"buildscript, by the marker", map[string]string{"kts": `buildscript { dependencies { classpath("com.acme.x:com.acme.x.gradle.plugin:1.2") } }
apply(plugin = "com.acme.x")`}, "", plugin("com.acme.x"), "com.acme.x 1.2 true"},
		{"pluginManagement", map[string]string{
			"settings.gradle": "pluginManagement {\n plugins {\n id 'io.quarkus' version \"${quarkusPluginVersion}\"\n }\n}", "gradle.properties": "quarkusPluginVersion=3.17.2\n",
			"groovy": "plugins { id 'io.quarkus' }",
		}, "", plugin("io.quarkus"), "io.quarkus 3.17.2 true"},
		{"pluginManagement, a delegated property", map[string]string{
			"settings.gradle.kts": "pluginManagement {\n val quarkusPluginVersion: String by settings\n plugins { id(\"io.quarkus\") version quarkusPluginVersion }\n}", "gradle.properties": "quarkusPluginVersion=3.17.2\n",
			"kts": `plugins { id("io.quarkus") }`,
		}, "", plugin("io.quarkus"), "io.quarkus 3.17.2 true"},
		{"alias", map[string]string{"gradle/libs.versions.toml": catalog, "kts": `plugins { alias(libs.plugins.spring.boot) }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.4.1 true"},
		{"alias, Groovy, not applied", map[string]string{"gradle/libs.versions.toml": catalog, "groovy": `plugins { alias(libs.plugins.short) apply false }`}, "", plugin("com.x.short"), "com.x.short 1.2 false"},
		{"id of an alias", map[string]string{"gradle/libs.versions.toml": catalog, "kts": `plugins { id(libs.plugins.spring.boot.get().pluginId) }`}, "", plugin("org.springframework.boot"), "org.springframework.boot  true"},
		{"version of the catalog", map[string]string{"gradle/libs.versions.toml": catalog, "kts": `plugins { id("org.springframework.boot") version libs.versions.boot.get() }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.4.1 true"},
		{"version of the root", map[string]string{"settings.gradle": "include 'app'", "groovy": `plugins { id 'org.springframework.boot' version '3.1.0' apply false }`, "app/build.gradle": `plugins { id 'org.springframework.boot' }`}, ":app", plugin("org.springframework.boot"), "org.springframework.boot 3.1.0 true"},
		{"subprojects", map[string]string{"settings.gradle": "include 'app'", "groovy": `subprojects { apply plugin: 'java' }`, "app/A.java": ""}, ":app", plugin("java"), "java  true"},
		{"subprojects, not the root", map[string]string{"settings.gradle": "include 'app'", "groovy": `subprojects { apply plugin: 'java' }`, "app/A.java": ""}, ":", plugin("java"), "  false"},
		{"configure some", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": `configure(subprojects.findAll { it.name != 'bom' }) { apply plugin: 'java' }`, "app/A.java": "", "bom/x": ""}, ":bom", plugin("java"), "  false"},
		{"configure others", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": `configure(subprojects.findAll { it.name != 'bom' }) { apply plugin: 'java' }`, "app/A.java": "", "bom/x": ""}, ":app", plugin("java"), "java  true"},
		{"configure a list", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": `configure([project(':app')]) { apply plugin: 'java' }`, "app/A.java": "", "bom/x": ""}, ":app", plugin("java"), "java  true"},
		{"all but one", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": `configure(subprojects - project(':bom')) { apply plugin: 'java' }`, "app/A.java": "", "bom/x": ""}, ":bom", plugin("java"), "  false"},
		{"forEach", map[string]string{"settings.gradle.kts": `include("app")`, "kts": `subprojects.forEach { it.apply(plugin = "java") }`, "app/A.java": ""}, ":app", plugin("java"), "java  true"},
		{"by name in allprojects", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": `allprojects { if (it.name in ['bom']) { return }
 if (project.name == 'app') { apply plugin: 'java' } }`, "app/A.java": "", "bom/x": ""}, ":app", plugin("java"), "java  true"},
		{"not where it returns", map[string]string{"settings.gradle": "include 'app', 'bom'", "groovy": "subprojects { if (it.name == 'bom') { return }\n apply plugin: 'java' }", "app/A.java": "", "bom/x": ""}, ":bom", plugin("java"), "  false"},
		{"where it does not return", map[string]string{"settings.gradle.kts": "include(\"app\", \"bom\")", "kts": "subprojects {\n if (name == \"bom\") return@subprojects\n apply(plugin = \"java\")\n}", "app/A.java": "", "bom/x": ""}, ":app", plugin("java"), "java  true"},
		{"where nobody knows whether it returns", map[string]string{"groovy": "allprojects { if (odd()) return\n apply plugin: 'java' }"}, "", plugin("java"), "java  false"},
		{"behind what throws", map[string]string{"groovy": "if (odd()) { throw new GradleException('x') }\napply plugin: 'java'"}, "", plugin("java"), "java  true"},
		{"filter by path", map[string]string{"settings.gradle.kts": "include(\"apps:a\", \"lib\")", "kts": "configure(subprojects.filter { it.path.startsWith(\":apps:\") }) { apply(plugin = \"java\") }", "apps/a/x": "", "lib/x": ""}, ":apps:a", plugin("java"), "java  true"},
		{"filter by a list", map[string]string{"settings.gradle.kts": "include(\"a\", \"lib\")", "kts": "val libs = listOf(\"lib\")\nconfigure(subprojects.filter { it.name !in libs }) { apply(plugin = \"java\") }", "a/x": "", "lib/x": ""}, ":lib", plugin("java"), "  false"},
		{"a list of ids", map[string]string{"kts": `listOf("java", "groovy").forEach { apply(plugin = it) }`}, "", plugin("groovy"), "groovy  true"},
		{"apply from", map[string]string{"groovy": `apply from: "gradle/java.gradle"`, "gradle/java.gradle": "apply plugin: 'war'"}, "", plugin("war"), "war  true"},
		{"apply from the root", map[string]string{"settings.gradle": "include 'app'", "app/build.gradle": `apply from: "$rootDir/gradle/java.gradle"`, "gradle/java.gradle": "apply plugin: 'war'"}, ":app", plugin("war"), "war  true"},
		{"apply from the root's file", map[string]string{"settings.gradle.kts": `include("app")`, "app/build.gradle.kts": `apply(from = rootProject.file("gradle/java.gradle.kts"))`, "gradle/java.gradle.kts": `apply(plugin = "war")`}, ":app", plugin("war"), "war  true"},
		{"a convention", map[string]string{"buildSrc/build.gradle.kts": "plugins { `kotlin-dsl` }\ndependencies { implementation(\"org.springframework.boot:spring-boot-gradle-plugin:3.2.0\") }", "buildSrc/src/main/kotlin/my.app.gradle.kts": `plugins { id("org.springframework.boot") }`, "kts": `plugins { id("my.app") }`}, "", plugin("org.springframework.boot"), "org.springframework.boot 3.2.0 true"},
		{"a convention in a package", map[string]string{"buildSrc/build.gradle.kts": "", "buildSrc/src/main/kotlin/com/acme/app.gradle.kts": "package com.acme\nplugins { application }", "kts": `plugins { id("com.acme.app") }`}, "", plugin("application"), "application  true"},
		{"a convention of a convention", map[string]string{"buildSrc/build.gradle": "", "buildSrc/src/main/groovy/a.gradle": "plugins { id 'b' }", "buildSrc/src/main/groovy/b.gradle": "plugins { id 'a'\n id 'war' }", "groovy": `plugins { id 'a' }`}, "", plugin("war"), "war  true"},
		{"a convention of a build that is included", map[string]string{"settings.gradle.kts": "pluginManagement { includeBuild(\"build-logic\") }", "build-logic/settings.gradle.kts": `include("conventions")`, "build-logic/conventions/src/main/kotlin/acme.java.gradle.kts": `plugins { java }`, "kts": `plugins { id("acme.java") }`}, "", plugin("java"), "java  true"},
		{"a class", map[string]string{
			"buildSrc/build.gradle.kts":             `gradlePlugin { plugins { register("app") { id = "acme.app"; implementationClass = "com.acme.AppPlugin" } } }`,
			"buildSrc/src/main/kotlin/AppPlugin.kt": "package com.acme\nclass AppPlugin : Plugin<Project> {\n override fun apply(target: Project) {\n with(target) {\n with(pluginManager) { apply(\"application\") }\n dependencies { add(\"implementation\", \"a:b:1\") }\n }\n }\n}",
			"kts":                                   `plugins { id("acme.app") }`,
		}, "", func(p *Project) string { return plugin("application")(p) + " " + deps(p) }, "application  true a:b:1 compile"},
		{"a class in Groovy", map[string]string{
			"buildSrc/src/main/groovy/AppPlugin.groovy": "class AppPlugin implements Plugin<Project> {\n @Override\n void apply(Project project) {\n project.apply(plugin: 'war')\n project.dependencies { implementation 'a:b:1' }\n }\n}",
			"groovy": `apply plugin: AppPlugin`,
		}, "", func(p *Project) string { return plugin("war")(p) + " " + deps(p) }, "war  true a:b:1 compile"},
		{"a class of a properties file", map[string]string{
			"buildSrc/src/main/resources/META-INF/gradle-plugins/acme.properties": "implementation-class=com.acme.P\n", "buildSrc/src/main/java/com/acme/P.java": "public class P implements Plugin<Project> {\n public void apply(Project project) { project.getPluginManager().apply(\"war\"); }\n}",
			"groovy": `apply plugin: 'acme'`,
		}, "", plugin("war"), "war  true"},
		{"withId", map[string]string{"groovy": "plugins.withId('java') { apply plugin: 'war' }\napply plugin: 'java'"}, "", plugin("war"), "war  true"},
		{"withId of none", map[string]string{"groovy": "plugins.withType(JavaPlugin) { apply plugin: 'war' }"}, "", plugin("war"), "  false"},
		{"afterEvaluate", map[string]string{"groovy": "afterEvaluate { apply plugin: 'war' }"}, "", plugin("war"), "war  true"},

		{"versions of the settings' own plugins", map[string]string{"settings.gradle": "plugins { id 'com.x' version '3' apply false }", "groovy": "plugins { id 'com.x' }"}, "", plugin("com.x"), "com.x 3 true"},
		{"a resolution rule", map[string]string{"settings.gradle": "pluginManagement { resolutionStrategy { eachPlugin { if (requested.id.id == 'org.springframework.boot') { useModule('org.springframework.boot:spring-boot-gradle-plugin:2.0.3.RELEASE') } } } }", "groovy": "plugins { id 'org.springframework.boot' }"}, "", plugin("org.springframework.boot"), "org.springframework.boot 2.0.3.RELEASE true"},
		{"buildscript's ext", map[string]string{"groovy": "buildscript { ext.kotlin_version = '1.9.0'\n dependencies { classpath \"org.jetbrains.kotlin:kotlin-gradle-plugin:$kotlin_version\" } }\napply plugin: 'org.jetbrains.kotlin.jvm'"}, "", plugin("org.jetbrains.kotlin.jvm"), "org.jetbrains.kotlin.jvm 1.9.0 true"},
		{"buildscript's extra", map[string]string{"kts": "buildscript { val v by extra(\"1.9.0\")\n dependencies { classpath(\"org.jetbrains.kotlin:kotlin-gradle-plugin:$v\") } }\napply(plugin = \"kotlin\")"}, "", plugin("org.jetbrains.kotlin.jvm"), "org.jetbrains.kotlin.jvm 1.9.0 true"},
		{"an annotation before it", map[string]string{"kts": "@file:Suppress(\"x\")\nimport a.b.C\n@Suppress(\"DSL_SCOPE_VIOLATION\")\nplugins {\n java\n}"}, "", plugin("java"), "java  true"},

		// Coordinates.
		{"group and version", map[string]string{"groovy": "group 'a.b'\nversion '1.0'"}, "", func(p *Project) string { return group(p) + " " + version(p) }, "a.b 1.0"},
		{"assigned", map[string]string{"kts": "group = \"a.b\"\nversion = \"1.0\""}, "", func(p *Project) string { return group(p) + " " + version(p) }, "a.b 1.0"},
		{"of a property", map[string]string{"kts": "version = property(\"appVersion\") as String", "gradle.properties": "appVersion = 2.0"}, "", version, "2.0"},
		{"of a property of the system that has a default", map[string]string{"groovy": "version = System.getenv('V') ?: '1.1'"}, "", version, "1.1"},
		{"of a property that may be there", map[string]string{"groovy": "version = project.findProperty('v') ?: '1.1'"}, "", version, "1.1"},
		{"of a property with a condition", map[string]string{"groovy": "version = project.hasProperty('v') ? project.v : '1.1'"}, "", version, "1.1"},
		{"of gradle.properties alone", map[string]string{"groovy": "", "gradle.properties": "version=3\ngroup=g"}, "", func(p *Project) string { return group(p) + " " + version(p) }, "g 3"},
		{"of the provider", map[string]string{"kts": `version = providers.gradleProperty("v").getOrElse("1")`}, "", version, "1"},
		{"computed", map[string]string{"groovy": "version = gitVersion()"}, "", version, ""},
		{"allprojects", map[string]string{"settings.gradle": "include 'app'", "groovy": "allprojects { version = '7' }", "app/A": ""}, ":app", version, "7"},
		{"chained", map[string]string{"groovy": "def v = '7'\nversion = \"$v-${2 + 1}\""}, "", func(p *Project) string { return version(p) + final(p) }, "${project.name}-7-${2 + 1}"},

		// Archives.
		{"the root without a name", map[string]string{"groovy": "version = '1'"}, "", archive("jar"), "*-1.jar"},
		{"the root's name", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": "version = '1'"}, "", archive("jar"), "app-1.jar"},
		{"without a version", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": ""}, "", archive("jar"), "app.jar"},
		{"a folder's name", map[string]string{"settings.gradle": "include 'x:app'", "x/app/build.gradle": ""}, ":x:app", archive("jar"), "app.jar"},
		{"bootJar", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": "plugins { id 'org.springframework.boot' version '3.1' }\nversion = '1'"}, "", func(p *Project) string { return archive("bootJar")(p) + " " + archive("jar")(p) }, "app-1.jar app-1-plain.jar"},
		{"an old bootJar", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": "plugins { id 'org.springframework.boot' version '2.4.1' }"}, "", archive("jar"), "app.jar"},
		{"shadowJar", map[string]string{"settings.gradle": "rootProject.name = 'app'", "kts": "version = \"1\"\ntasks.shadowJar { archiveBaseName.set(\"fat\"); archiveClassifier = \"\" }"}, "", archive("shadowJar"), "fat-1.jar"},
		{"shadowJar's default", map[string]string{"settings.gradle": "rootProject.name = 'app'", "kts": "version = \"1\""}, "", archive("shadowJar"), "app-1-all.jar"},
		{"archiveFileName", map[string]string{"groovy": "bootJar { archiveFileName = 'app.jar' }"}, "", archive("bootJar"), "app.jar"},
		{"archiveFileName with parts", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": "version='2'\nbootJar { archiveFileName = \"${archiveBaseName.get()}-x.${archiveExtension.get()}\" }"}, "", archive("bootJar"), "app-x.jar"},
		{"archiveFileName with all parts", map[string]string{"settings.gradle": "rootProject.name = 'app'", "kts": "version=\"2\"\ntasks.shadowJar { archiveFileName.set(\"${archiveBaseName.get()}-${archiveVersion.get()}-${archiveClassifier.get()}.${archiveExtension.get()}\") }"}, "", archive("shadowJar"), "app-2-all.jar"},
		{"archiveFileName with a part that is set before", map[string]string{"groovy": "war { archiveBaseName = 'w'\n archiveFileName = \"${archiveBaseName.get()}.${archiveExtension.get()}\" }"}, "", archive("war"), "w.war"},
		{"the project's name in it", map[string]string{"settings.gradle": "rootProject.name = 'app'", "kts": "tasks.named<Jar>(\"jar\") { archiveFileName.set(\"${project.name}-${project.version}-x.jar\") }\nversion = 3"}, "", archive("jar"), "app-unspecified-x.jar"},
		{"the classifier is null", map[string]string{"settings.gradle": "rootProject.name = 'app'", "groovy": "shadowJar { archiveClassifier.set(null) }"}, "", archive("shadowJar"), "app.jar"},
		{"a plugin that works out the version", map[string]string{"settings.gradle": "include 'app'", "groovy": "plugins { id 'me.qoomon.git-versioning' version '6.4.4' }\nversion = '0.0.0'", "app/build.gradle": ""}, ":app", archive("jar"), "app-*.jar"},
		{"a plugin of the settings that works out the version", map[string]string{"settings.gradle": "plugins { id 'org.ajoberstar.reckon.settings' version '0.19.1' }\nrootProject.name = 'app'", "groovy": ""}, "", func(p *Project) string { return archive("jar")(p) + version(p) }, "app-*.jar"},
		{"old names", map[string]string{"groovy": "version = '2'\njar { baseName = 'b'\n version = '3'\n classifier 'c' }"}, "", archive("jar"), "b-3-c.jar"},
		{"base", map[string]string{"kts": "base { archivesName.set(\"b\") }"}, "", archive("war"), "b.war"},
		{"archivesBaseName", map[string]string{"groovy": "archivesBaseName = 'b'"}, "", final, "b"},
		{"setArchivesBaseName", map[string]string{"kts": "setProperty(\"x\", 1)\nbase.archivesBaseName = \"b\""}, "", final, "b"},
		{"of all archives", map[string]string{"groovy": "version = '1'\ntasks.withType(Jar).configureEach { archiveVersion = '' }\nbase.archivesName = 'b'"}, "", archive("bootJar"), "b.jar"},
		{"computed", map[string]string{"groovy": "base.archivesName = 'b'\nversion = \"1-${build()}\""}, "", archive("jar"), "b-1-*.jar"},
		{"a fat jar of Ktor", map[string]string{"kts": "plugins { id(\"io.ktor.plugin\") version \"3.0.0\" }\nktor { fatJar { archiveFileName.set(\"fat.jar\") } }"}, "", archive("buildFatJar"), "fat.jar"},
		{"a fat jar of Ktor without a name", map[string]string{"settings.gradle.kts": "rootProject.name = \"app\"", "kts": "version = \"1\"\nplugins { id(\"io.ktor.plugin\") version \"3.0.0\" }"}, "", archive("buildFatJar"), "app-all.jar"},
		{"a task of its own", map[string]string{"groovy": "task fatJar(type: Jar) {\n archiveBaseName = 'f'\n manifest { attributes 'Main-Class': 'a.B' } }"}, "", func(p *Project) string {
			return archive("fatJar")(p) + " " + task("fatJar", "manifest", "attributes", "Main-Class")(p)
		}, "f.jar a.B"},
		{"no path in it", map[string]string{"groovy": "bootJar { archiveFileName = '../../etc/app.jar' }"}, "", archive("bootJar"), "app.jar"},
		{"a folder of its own", map[string]string{"kts": "tasks.jar { destinationDirectory.set(file(\"$rootDir/out\")) }"}, "", func(p *Project) string { return p.ArchiveDir("jar") }, "out"},
		{"the build's folder", map[string]string{"kts": "layout.buildDirectory.set(layout.projectDirectory.dir(\"target\"))"}, "", func(p *Project) string { return p.ArchiveDir("jar") }, "target/libs"},
		{"the build's folder, Groovy", map[string]string{"groovy": "buildDir = 'target'"}, "", (*Project).BuildDir, "target"},

		// Settings of tasks and extensions.
		{"=", map[string]string{"kts": `application { mainClass = "a.B" }`}, "", get("application", "mainClass"), "a.B"},
		{"set", map[string]string{"kts": `application { mainClass.set("a.B") }`}, "", get("application", "mainClass"), "a.B"},
		{"a method", map[string]string{"groovy": `application { mainClass 'a.B' }`}, "", get("application", "mainClass"), "a.B"},
		{"setter", map[string]string{"groovy": `springBoot { setMainClass('a.B') }`}, "", get("springBoot", "mainClass"), "a.B"},
		{"outside of the block", map[string]string{"kts": `application.mainClass.set("a.B")`}, "", get("application", "mainClass"), "a.B"},
		{"by its class", map[string]string{"kts": `configure<JavaApplication> { mainClass.set("a.B") }`}, "", get("application", "mainClass"), "a.B"},
		{"by its class of extensions", map[string]string{"kts": `extensions.configure<SpringBootExtension> { mainClass.set("a.B") }`}, "", get("springBoot", "mainClass"), "a.B"},
		{"the", map[string]string{"kts": `the<JavaApplication>().mainClass.set("a.B")`}, "", get("application", "mainClass"), "a.B"},
		{"of the project", map[string]string{"groovy": `mainClassName = 'a.B'`}, "", get("mainClassName"), "a.B"},
		{"of the project, by its property", map[string]string{"groovy": `project.ext.main = 'a.B'
application { mainClassName = project.main }`}, "", get("application", "mainClassName"), "a.B"},
		{"ext in a block", map[string]string{"groovy": `ext { main = "a.B"
 set('x', 'y') }
application { mainClass = main + '.' + x }`}, "", get("application", "mainClass"), "a.B.y"},
		{"extra", map[string]string{"kts": `extra["main"] = "a.B"
val main: String by extra
application { mainClass = main }`}, "", get("application", "mainClass"), "a.B"},
		{"by extra", map[string]string{"kts": `val main by extra("a.B")
application { mainClass = "${main}Kt" }`}, "", get("application", "mainClass"), "a.BKt"},
		{"of the root's extra", map[string]string{"settings.gradle.kts": `include("app")`, "kts": `extra.apply { set("main", "a.B") }`, "app/build.gradle.kts": `application { mainClass.set(rootProject.extra["main"] as String) }`}, ":app", get("application", "mainClass"), "a.B"},
		{"a map", map[string]string{"groovy": `ext.versions = [main: 'a.B', 'x-y': 'c']
application { mainClass = versions.main + versions['x-y'] }`}, "", get("application", "mainClass"), "a.Bc"},
		{"a delegated property", map[string]string{"kts": "val main: String by project\napplication { mainClass.set(main) }", "gradle.properties": "main=a.B"}, "", get("application", "mainClass"), "a.B"},
		{"a function", map[string]string{"kts": "fun pkg(x: String) = \"a.$x\"\napplication { mainClass.set(pkg(\"B\")) }"}, "", get("application", "mainClass"), "a.B"},
		{"a function that returns early", map[string]string{"groovy": "def main() {\n if (project.hasProperty('x')) { return 'a.C' }\n return 'a.B'\n}\napplication { mainClass = main() }"}, "", get("application", "mainClass"), "a.B"},
		{"a function that may return early", map[string]string{"groovy": "def main() {\n if (odd()) { return 'a.C' }\n return 'a.B'\n}\napplication { mainClass = main() }"}, "", get("application", "mainClass"), "computed"},
		{"a function that calls itself", map[string]string{"groovy": "def main() { return main() }\napplication { mainClass = main() }"}, "", get("application", "mainClass"), "computed"},
		{"computed", map[string]string{"kts": `application { mainClass.set(File("x").readText()) }`}, "", get("application", "mainClass"), "computed"},
		{"a name that nothing declares", map[string]string{"groovy": `application { mainClass = nowhere }`}, "", get("application", "mainClass"), "computed"},
		{"a branch", map[string]string{"groovy": "application { mainClass = 'a.B' }\nif (odd()) { application { mainClass = 'a.C' } }"}, "", get("application", "mainClass"), "computed"},
		{"branches that agree", map[string]string{"groovy": "if (odd()) { application { mainClass = 'a.B' } } else { application.mainClass = 'a.B' }"}, "", get("application", "mainClass"), "a.B"},
		{"branches that do not", map[string]string{"groovy": "if (odd()) { application { mainClass = 'a.B' } } else { application.mainClass = 'a.C' }"}, "", get("application", "mainClass"), "computed"},
		{"a branch that says it again", map[string]string{"groovy": "application { mainClass = 'a.B' }\nif (odd()) { application { mainClass = 'a.B' } }"}, "", get("application", "mainClass"), "a.B"},
		{"a variable of a branch", map[string]string{"groovy": "def m = 'a.B'\nif (odd()) { m = 'a.C' }\napplication { mainClass = m }"}, "", get("application", "mainClass"), "computed"},
		{"when", map[string]string{"kts": "val m = when (x) { 1 -> \"a.B\"\n else -> \"a.C\" }\napplication { mainClass = m }"}, "", get("application", "mainClass"), "computed"},
		{"the last one", map[string]string{"groovy": "application { mainClass = 'a.B' }\napplication { mainClass = 'a.C' }"}, "", get("application", "mainClass"), "a.C"},
		{"commented out", map[string]string{"groovy": "// application { mainClass = 'a.B' }\n/* application { mainClass = 'a.C' } */"}, "", get("application", "mainClass"), ""},
		{"in a text", map[string]string{"kts": "println(\"\"\"application { mainClass = \"a.B\" }\"\"\")"}, "", get("application", "mainClass"), ""},
		{"named", map[string]string{"kts": `tasks.named<BootJar>("bootJar") { enabled = false }`}, "", task("bootJar", "enabled"), "false"},
		{"getByName", map[string]string{"kts": `tasks.getByName<BootJar>("bootJar") { enabled = false }`}, "", task("bootJar", "enabled"), "false"},
		{"in tasks", map[string]string{"kts": "tasks {\n bootJar { enabled = false }\n}"}, "", task("bootJar", "enabled"), "false"},
		{"a text in tasks", map[string]string{"kts": "tasks {\n \"bootJar\"(BootJar::class) { enabled = false }\n}"}, "", task("bootJar", "enabled"), "false"},
		{"the accessor", map[string]string{"kts": `tasks.bootJar.get().enabled = false`}, "", task("bootJar", "enabled"), "false"},
		{"configure", map[string]string{"kts": `tasks.bootJar.configure { enabled = false }`}, "", task("bootJar", "enabled"), "false"},
		{"the index", map[string]string{"groovy": `tasks['bootJar'].enabled = false`}, "", task("bootJar", "enabled"), "false"},
		{"the name alone", map[string]string{"groovy": "bootJar.enabled = false\njar.enabled = true"}, "", task("bootJar", "enabled"), "false"},
		{"of the script's project, which alone has it", map[string]string{"settings.gradle": "include 'app'", "groovy": "apply plugin: 'org.springframework.boot'\nallprojects { bootJar { enabled = false } }", "app/build.gradle": "apply plugin: 'org.springframework.boot'"}, ":app", task("bootJar", "enabled"), ""},
		{"of each project that has it", map[string]string{"settings.gradle": "include 'app'", "groovy": "allprojects { apply plugin: 'org.springframework.boot'\n bootJar { enabled = false } }", "app/build.gradle": "apply plugin: 'org.springframework.boot'"}, ":app", task("bootJar", "enabled"), "false"},
		{"withType", map[string]string{"kts": `tasks.withType<BootJar> { enabled = false }`}, "", task("bootJar", "enabled"), "false"},
		{"withType, each", map[string]string{"groovy": `tasks.withType(BootJar).configureEach { enabled = false }`}, "", task("bootJar", "enabled"), "false"},
		{"of all tasks", map[string]string{"settings.gradle.kts": "include(\"apps\")", "kts": "project(\"apps\") { tasks.configureEach { enabled = false } }", "apps/x": ""}, ":apps", task("bootJar", "enabled"), "false"},
		{"of a class, and of one that extends it", map[string]string{"kts": "tasks.withType(Jar::class) { enabled = false }\ntasks.withType(BootJar::class) { enabled = true }"}, "", func(p *Project) string { return task("bootJar", "enabled")(p) + " " + task("jar", "enabled")(p) }, "true false"},
		{"withType, not of others", map[string]string{"groovy": `tasks.withType(War).configureEach { enabled = false }`}, "", task("bootJar", "enabled"), ""},
		{"by tasks", map[string]string{"kts": "val bootJar: BootJar by tasks\nbootJar.enabled = false"}, "", task("bootJar", "enabled"), "false"},
		{"getting", map[string]string{"kts": "val bootJar by tasks.getting(BootJar::class) { enabled = false }"}, "", task("bootJar", "enabled"), "false"},
		{"a variable", map[string]string{"kts": "val t = tasks.named<BootJar>(\"bootJar\")\nt { enabled = false }"}, "", task("bootJar", "enabled"), "false"},
		{"the parameter", map[string]string{"groovy": "tasks.named('bootJar') { task -> task.enabled = false }"}, "", task("bootJar", "enabled"), "false"},
		{"it", map[string]string{"groovy": "tasks.withType(BootJar) { it.enabled = false }"}, "", task("bootJar", "enabled"), "false"},
		{"attributes, Kotlin", map[string]string{"kts": `tasks.jar { manifest { attributes("Main-Class" to "a.B", "X" to "y") } }`}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes, a map of Kotlin", map[string]string{"kts": `tasks.jar { manifest { attributes(mapOf("Main-Class" to "a.B")) } }`}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes, the index", map[string]string{"kts": `tasks.jar { manifest.attributes["Main-Class"] = "a.B" }`}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes, Groovy", map[string]string{"groovy": "jar {\n manifest {\n attributes(\n 'X': 'y',\n 'Main-Class': 'a.B'\n )\n }\n}"}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes, a list of Groovy", map[string]string{"groovy": "jar.manifest.attributes(['Main-Class': \"a.${'B'}\"])"}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes of the application's class", map[string]string{"kts": "application { mainClass.set(\"a.B\") }\ntasks.jar { manifest { attributes[\"Main-Class\"] = application.mainClass.get() } }"}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"attributes of the application's class, a name", map[string]string{"groovy": "mainClassName = 'a.B'\njar { manifest { attributes 'Main-Class': mainClassName } }"}, "", task("jar", "manifest", "attributes", "Main-Class"), "a.B"},
		{"layers", map[string]string{"groovy": "bootJar { layered { enabled = false } }"}, "", task("bootJar", "layered", "enabled"), "false"},
		{"arguments", map[string]string{"kts": `application { applicationDefaultJvmArgs = listOf("-Xmx1g", "-Da=b") }`}, "", func(p *Project) string {
			var out []string
			for _, s := range p.Extension("application").Values("applicationDefaultJvmArgs") {
				out = append(out, setting(s))
			}
			return strings.Join(out, "|")
		}, "-Xmx1g|-Da=b"},
		{"more arguments", map[string]string{"groovy": "application { applicationDefaultJvmArgs = ['-A']\n applicationDefaultJvmArgs += ['-B', x()] }"}, "", func(p *Project) string {
			var out []string
			for _, s := range p.Extension("application").Values("applicationDefaultJvmArgs") {
				out = append(out, setting(s))
			}
			return strings.Join(out, "|")
		}, "-A|-B|computed"},
		{"a variable in tasks", map[string]string{"kts": "tasks {\n val fat = register<Jar>(\"fat\") { archiveFileName = \"f.jar\" }\n build { dependsOn(fat) }\n}"}, "", archive("fat"), "f.jar"},
		{"the project's in another block", map[string]string{"settings.gradle": "include 'app'", "groovy": "java { subprojects { application { mainClass = 'a.B' } } }", "app/A": ""}, ":app", get("application", "mainClass"), "a.B"},
		{"setProperty", map[string]string{"kts": "setProperty(\"mainClassName\", \"a.B\")"}, "", get("mainClassName"), "a.B"},
		{"setProperty of the project", map[string]string{"groovy": "project.setProperty('mainClassName', 'a.B')"}, "", get("mainClassName"), "a.B"},
		{"an extension in tasks", map[string]string{"kts": "tasks {\n java { toolchain { languageVersion.set(JavaLanguageVersion.of(11)) } }\n jar { enabled = false }\n}"}, "", func(p *Project) string { return levels(p) + " " + task("jar", "enabled")(p) }, "toolchain 11 false"},
		{"this", map[string]string{"kts": "tasks.getByName<BootJar>(\"bootJar\") { this.archiveFileName.set(\"app.jar\") }"}, "", archive("bootJar"), "app.jar"},
		{"this as another class", map[string]string{"kts": "kotlin { jvmToolchain { (this as JavaToolchainSpec).languageVersion.set(JavaLanguageVersion.of(\"17\")) } }"}, "", levels, "kotlin toolchain 17"},
		{"a variable of the same name", map[string]string{"kts": "val mainClass = \"a.B\"\napplication { mainClass.set(mainClass) }"}, "", get("application", "mainClass"), "a.B"},
		{"a variable of the same name, assigned", map[string]string{"kts": "val jvmTarget = \"17\"\ntasks.withType<KotlinCompile> { kotlinOptions { jvmTarget = \"11\" } }"}, "", levels, "kotlin 11"},
		{"by project.properties", map[string]string{"kts": "val main: String by project.properties\napplication { mainClass.set(main) }", "gradle.properties": "main=a.B"}, "", get("application", "mainClass"), "a.B"},
		{"a property that is not set", map[string]string{"kts": "application {\n val isDevelopment: Boolean = project.ext.has(\"development\")\n applicationDefaultJvmArgs = listOf(\"-Dio.ktor.development=$isDevelopment\") }"}, "", get("application", "applicationDefaultJvmArgs"), "-Dio.ktor.development=false"},
		{"getRootDir", map[string]string{"groovy": "apply from: new File(getRootDir(), 'x.gradle')", "x.gradle": "mainClassName = 'a.B'"}, "", get("mainClassName"), "a.B"},
		{"of the project itself", map[string]string{"groovy": "mainClassName = 'a.B'"}, "", func(p *Project) string { return setting(p.Extension("").Get("mainClassName")) }, "a.B"},
		{"a constant", map[string]string{"kts": "micronaut { runtime(MicronautRuntime.JETTY) }"}, "", get("micronaut", "runtime"), "MicronautRuntime.JETTY"},
		{"isEnabled", map[string]string{"kts": "tasks.bootJar { layered { isEnabled = false } }"}, "", task("bootJar", "layered", "enabled"), "false"},
		{"an entry of a map", map[string]string{"kts": "mapOf(\"main\" to \"a.B\").forEach { (k, v) -> extra.set(k, v) }\napplication { mainClass = extra[\"main\"] as String }"}, "", get("application", "mainClass"), "a.B"},
		{"an entry of a map, Groovy", map[string]string{"groovy": "[main: 'a.B'].each { k, v -> ext.set(k, v) }\n[x: 'Kt'].each { ext.set(it.key, it.value) }\napplication { mainClass = main + x }"}, "", get("application", "mainClass"), "a.BKt"},
		{"Jib", map[string]string{"groovy": "jib {\n from { image = 'a:1' }\n to.image = 'b'\n container {\n mainClass = 'a.B'\n ports = ['8080', '5005']\n }\n}"}, "", func(p *Project) string {
			k := p.Extension("jib")
			return fmt.Sprint(setting(k.Get("from", "image")), setting(k.Get("to", "image")), setting(k.Get("container", "mainClass")), len(k.Values("container", "ports")))
		}, "a:1ba.B2"},

		// Java.
		{"toolchain", map[string]string{"kts": "java { toolchain { languageVersion = JavaLanguageVersion.of(21)\n vendor = JvmVendorSpec.ADOPTIUM } }"}, "", levels, "toolchain 21 ADOPTIUM"},
		{"toolchain, set", map[string]string{"groovy": "java.toolchain.languageVersion.set(JavaLanguageVersion.of('17'))"}, "", levels, "toolchain 17"},
		{"toolchain of the catalog", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "java { toolchain { languageVersion.set(JavaLanguageVersion.of(libs.versions.java.get().toInt())) } }"}, "", levels, "toolchain 21"},
		{"toolchain of a property", map[string]string{"gradle.properties": "javaVersion=17", "groovy": "java { toolchain { languageVersion = JavaLanguageVersion.of(Integer.parseInt(javaVersion)) } }"}, "", levels, "toolchain 17"},
		{"toolchain that is computed", map[string]string{"groovy": "java { toolchain { languageVersion = JavaLanguageVersion.of(pick()) } }"}, "", levels, "toolchain  computed"},
		{"jvmToolchain", map[string]string{"kts": "kotlin { jvmToolchain(17) }"}, "", levels, "kotlin toolchain 17"},
		{"jvmToolchain with a block", map[string]string{"groovy": "kotlin { jvmToolchain { languageVersion.set(JavaLanguageVersion.of(17)) } }"}, "", levels, "kotlin toolchain 17"},
		{"source and target", map[string]string{"groovy": "sourceCompatibility = '1.8'\ntargetCompatibility = 11"}, "", levels, "target 11, source 1.8"},
		{"both at once", map[string]string{"groovy": "sourceCompatibility = targetCompatibility = JavaVersion.VERSION_17"}, "", levels, "target 17, source 17"},
		{"without =", map[string]string{"groovy": "sourceCompatibility 1.8"}, "", levels, "source 1.8"},
		{"in java", map[string]string{"kts": "java {\n sourceCompatibility = JavaVersion.VERSION_1_8\n targetCompatibility = JavaVersion.toVersion(\"11\")\n}"}, "", levels, "target 11, source 1.8"},
		{"of the task", map[string]string{"groovy": "compileJava { sourceCompatibility = '11'\n options.release = 17 }"}, "", levels, "release 17, source 11"},
		{"of all tasks", map[string]string{"kts": "tasks.withType<JavaCompile> { options.release.set(17) }"}, "", levels, "release 17"},
		{"--release", map[string]string{"groovy": "compileJava { options.compilerArgs += ['--release', '17'] }"}, "", levels, "release 17"},
		{"kotlinOptions", map[string]string{"kts": "tasks.withType<KotlinCompile> { kotlinOptions { jvmTarget = \"17\" } }"}, "", levels, "kotlin 17"},
		{"compilerOptions", map[string]string{"kts": "kotlin { compilerOptions { jvmTarget.set(JvmTarget.JVM_21) } }"}, "", levels, "kotlin 21"},
		{"not of tests", map[string]string{"groovy": "compileTestKotlin { kotlinOptions { jvmTarget = '1.8' } }"}, "", levels, ""},
		{"one of the other", map[string]string{"groovy": "java {\n sourceCompatibility = JavaVersion.toVersion(findProperty('x') ?: '21')\n targetCompatibility = sourceCompatibility\n}"}, "", levels, "target 21, source 21"},
		{"where the plugin is applied", map[string]string{"groovy": "afterEvaluate { if (project.plugins.hasPlugin('java')) { sourceCompatibility = 1.8 }\n if (plugins.hasPlugin('war')) { targetCompatibility = 9 } }\napply plugin: 'java'"}, "", levels, "source 1.8"},
		{"of the root", map[string]string{"settings.gradle": "include 'app'", "groovy": "def level = JavaVersion.VERSION_21\nsubprojects { apply plugin: 'java'\n java { sourceCompatibility = level } }", "app/A": ""}, ":app", levels, "source 21"},

		// Dependencies.
		{"text", map[string]string{"groovy": "dependencies { implementation 'a:b:1'\n runtimeOnly(\"c:d\") }"}, "", deps, "a:b:1 compile, c:d runtime"},
		{"several", map[string]string{"groovy": "dependencies {\n compile 'a:b:1',\n 'c:d:2'\n api(['e:f:3', 'g:h:4']) }"}, "", deps, "a:b:1 compile, c:d:2 compile, e:f:3 compile, g:h:4 compile"},
		{"map", map[string]string{"groovy": "dependencies { compile group: 'a', name: 'b', version: '1'\n testCompile([group: 'c', name: 'd']) }"}, "", deps, "a:b:1 compile, c:d test"},
		{"named", map[string]string{"kts": `dependencies { implementation(group = "a", name = "b", version = "1") }`}, "", deps, "a:b:1 compile"},
		{"with a block", map[string]string{"groovy": "dependencies { implementation('a:b:1') { exclude group: 'x', module: 'y' }\n compileOnly 'c:d:1', { transitive = false } }"}, "", deps, "a:b:1 compile, c:d:1 provided"},
		{"scopes", map[string]string{"groovy": "dependencies { annotationProcessor 'a:a'\n developmentOnly 'a:b'\n providedRuntime 'a:c'\n testRuntimeOnly 'a:d'\n kapt 'a:e'\n integrationTestImplementation 'a:f'\n mine 'a:g' }"}, "", deps, "a:a processor, a:b development, a:c provided, a:d test, a:e processor, a:f test, a:g mine"},
		{"a configuration that another one extends", map[string]string{"groovy": "configurations { mine\n implementation.extendsFrom mine }\ndependencies { mine 'a:g' }"}, "", deps, "a:g compile"},
		{"kotlin", map[string]string{"kts": `dependencies { implementation(kotlin("reflect", "2.0")) }`}, "", deps, "org.jetbrains.kotlin:kotlin-reflect:2.0 compile"},
		{"variables", map[string]string{"groovy": "ext.v = '1'\ndef w = '2'\ndependencies { implementation \"a:b:$v\"\n implementation \"c:d:${w}\" }"}, "", deps, "a:b:1 compile, c:d:2 compile"},
		{"three texts", map[string]string{"kts": "dependencies { implementation(\"a\", \"b\", \"1\")\n runtimeOnly(\"c\", \"d\", classifier = \"x\")\n implementation(\"e:f:1\", \"g:h:2\") }"}, "", deps, "a:b:1 compile, c:d runtime, e:f:1 compile, g:h:2 compile"},
		{"an unknown version", map[string]string{"groovy": "dependencies { implementation \"a:b:${pick()}\" }"}, "", deps, "a:b:${pick()} compile"},
		{"classifier and type", map[string]string{"groovy": "dependencies { implementation 'a:b:1:c@zip' }"}, "", deps, "a:b:1 compile"},
		{"add", map[string]string{"kts": `dependencies { add("implementation", "a:b:1"); "runtimeOnly"("c:d") }`}, "", deps, "a:b:1 compile, c:d runtime"},
		{"catalog", map[string]string{"gradle/libs.versions.toml": catalog, "groovy": "dependencies { implementation libs.spring.web\n implementation(libs.spring.boot.data)\n runtimeOnly libs.h2 }"}, "", deps, "org.springframework.boot:spring-boot-starter-web:3.4.1 compile, org.springframework.boot:spring-boot-starter-data-jpa:3.4.1 compile, com.h2database:h2 runtime"},
		{"bundle", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "dependencies { implementation(libs.bundles.web) }"}, "", deps, "org.springframework.boot:spring-boot-starter-web:3.4.1 compile, com.h2database:h2 compile"},
		{"findLibrary", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "val libs = extensions.getByType<VersionCatalogsExtension>().named(\"libs\")\ndependencies { implementation(libs.findLibrary(\"spring-web\").get()) }"}, "", deps, "org.springframework.boot:spring-boot-starter-web:3.4.1 compile"},
		{"a version of the catalog", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "dependencies { implementation(\"a:b:${libs.versions.boot.get()}\") }"}, "", deps, "a:b:3.4.1 compile"},
		{"what the catalog does not have", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "dependencies { implementation(libs.nothing) }"}, "", deps, ""},
		{"a catalog of the settings", map[string]string{"settings.gradle": "dependencyResolutionManagement { versionCatalogs { deps {\n version('v', '2')\n library('a-b', 'a', 'b').versionRef('v')\n library('c', 'c:d:1')\n bundle('all', ['a-b', 'c'])\n plugin('p', 'com.p').version('3') } } }", "groovy": "plugins { alias(deps.plugins.p) }\ndependencies { implementation deps.bundles.all }"}, "", deps, "a:b:2 compile, c:d:1 compile"},
		{"a catalog of another file", map[string]string{"settings.gradle.kts": "dependencyResolutionManagement { versionCatalogs { create(\"deps\") { from(files(\"gradle/deps.toml\")) } } }", "gradle/deps.toml": catalog, "kts": "dependencies { implementation(deps.spring.web) }"}, "", deps, "org.springframework.boot:spring-boot-starter-web:3.4.1 compile"},
		{"project", map[string]string{"settings.gradle": "include 'app', 'lib'", "app/build.gradle": "dependencies { implementation project(':lib')\n api project(path: ':lib', configuration: 'x') }", "lib/build.gradle": "group = 'g'"}, ":app", deps, "g:lib compile lib"},
		{"accessors of projects", map[string]string{"settings.gradle.kts": `include("app", "my-libs:core")`, "app/build.gradle.kts": "dependencies { implementation(projects.myLibs.core) }", "my-libs/core/x": ""}, ":app", deps, "core compile my-libs/core"},
		{"files", map[string]string{"groovy": "dependencies { implementation files('libs/a.jar')\n implementation fileTree(dir: 'libs', include: ['*.jar'])\n runtimeOnly files(\"$rootDir/x/b.jar\") }"}, "", deps, "libs/a.jar compile, libs compile, x/b.jar runtime"},
		{"files of a subproject", map[string]string{"settings.gradle": "include 'app'", "app/build.gradle": "dependencies { implementation files(\"$rootDir/x/b.jar\") }"}, ":app", deps, "../x/b.jar compile"},
		{"of the root", map[string]string{"settings.gradle": "include 'app'", "groovy": "subprojects { dependencies { implementation 'a:b:1' } }", "app/A": ""}, ":app", deps, "a:b:1 compile"},
		{"of the buildscript", map[string]string{"groovy": "buildscript { dependencies { classpath 'a:b:1' } }"}, "", deps, ""},
		{"constraints", map[string]string{"kts": "dependencies { constraints { implementation(\"a:b:1\") }\n implementation(\"a:b\") }"}, "", deps, "a:b:1 compile"},
		{"dependencyManagement", map[string]string{"groovy": "dependencyManagement { dependencies { dependency 'a:b:1' } }\ndependencies { implementation 'a:b' }"}, "", deps, "a:b:1 compile"},
		{"source sets of Kotlin", map[string]string{"kts": "kotlin { sourceSets { main { dependencies { implementation(\"a:b:1\") } } } }"}, "", deps, "a:b:1 compile"},
		{"test suites", map[string]string{"groovy": "testing { suites { it(JvmTestSuite) { dependencies { implementation 'a:b:1' } } } }"}, "", deps, "a:b:1 test"},
		{"in the block of a task", map[string]string{"groovy": "bootRun { dependencies { implementation 'a:b:1' } }"}, "", deps, "a:b:1 compile"},
		{"of project.dependencies", map[string]string{"kts": "kotlin { sourceSets { jvmMain.dependencies { implementation(project.dependencies.platform(\"a:bom:1\"))\n implementation(\"a:b\") } } }"}, "", func(p *Project) string { return boms(p) + "; " + deps(p) }, "a:bom:1; a:b compile"},
		{"constants of buildSrc", map[string]string{"buildSrc/build.gradle.kts": "", "buildSrc/src/main/kotlin/Dependencies.kt": "object Versions {\n const val boot = \"3.1\"\n}\nobject Libs {\n object Spring { const val web = \"a:web:${Versions.boot}\" }\n private const val v = \"2\"\n val core = \"a:core:$v\"\n}\nconst val other = \"a:other:1\"", "kts": "dependencies { implementation(Libs.Spring.web)\n implementation(Libs.core)\n implementation(other)\n implementation(\"a:x:${Versions.boot}\") }"}, "", deps, "a:web:3.1 compile, a:core:2 compile, a:other:1 compile, a:x:3.1 compile"},
		{"constants of buildSrc, Java", map[string]string{"buildSrc/src/main/java/Versions.java": "public class Versions {\n public static final String BOOT = \"3.1\";\n}", "groovy": "dependencies { implementation \"a:x:${Versions.BOOT}\" }"}, "", deps, "a:x:3.1 compile"},
		{"a constant that is itself", map[string]string{"buildSrc/src/main/kotlin/A.kt": "object A { val a = b\n val b = a }", "kts": "dependencies { implementation(A.a) }"}, "", deps, ""},
		{"a map of lists in another script", map[string]string{"groovy": "apply from: 'deps.gradle'\ndependencies { implementation deps.spring.web\n runtimeOnly deps.others\n implementation rootProject.ext.deps['spring']['web'] }", "deps.gradle": "ext {\n versions = [spring: '5']\n deps = [\n spring: [web: \"a:web:${versions.spring}\"],\n others: ['c:d:1', 'e:f:2'],\n ]\n}"}, "", deps, "a:web:5 compile, c:d:1 runtime, e:f:2 runtime"},
		{"Ktor's catalog", map[string]string{"settings.gradle.kts": "dependencyResolutionManagement { versionCatalogs { create(\"ktorLibs\") { from(\"io.ktor:ktor-version-catalog:3.2.0\") } } }", "kts": "plugins { alias(ktorLibs.plugins.ktor) }\ndependencies { implementation(ktorLibs.server.contentNegotiation) }"}, "", func(p *Project) string { return plugin("io.ktor.plugin")(p) + " " + deps(p) }, "io.ktor.plugin 3.2.0 true io.ktor:ktor-server-content-negotiation:3.2.0 compile"},
		{"Micronaut's catalog", map[string]string{"settings.gradle.kts": "plugins { id(\"io.micronaut.platform.catalog\") version \"4.5.5\" }", "kts": "dependencies { implementation(mn.micronaut.http.server.netty)\n implementation(mn.micronaut.serde.jackson)\n implementation(mn.micronaut.management)\n runtimeOnly(mn.postgresql)\n implementation(mn.somebodys) }"}, "", deps, "io.micronaut:micronaut-http-server-netty compile, io.micronaut.serde:micronaut-serde-jackson compile, io.micronaut:micronaut-management compile, org.postgresql:postgresql runtime"},
		{"Micronaut's catalog by its artifact", map[string]string{"settings.gradle.kts": "val micronautVersion: String by settings\ndependencyResolutionManagement { versionCatalogs { create(\"mn\") { from(\"io.micronaut.platform:micronaut-platform:$micronautVersion\") } } }", "gradle.properties": "micronautVersion=4.8.2\n", "groovy": "dependencies { implementation mn.micronaut.http.server.tomcat }"}, "", deps, "io.micronaut.servlet:micronaut-http-server-tomcat compile"},
		{"a catalog mn of somebody's", map[string]string{"gradle/libs.versions.toml": "", "kts": "dependencies { implementation(mn.micronaut.management) }"}, "", deps, ""},
		{"somebody's catalog", map[string]string{"settings.gradle.kts": "dependencyResolutionManagement { versionCatalogs { create(\"x\") { from(\"a:b:1\") } } }", "kts": "dependencies { implementation(x.server) }"}, "", deps, ""},
		{"as start.spring.io makes it", map[string]string{"kts": `plugins {
	kotlin("jvm") version "1.9.25"
	id("org.springframework.boot") version "3.4.1"
}
extra["springCloudVersion"] = "2024.0.0"
dependencies {
	implementation("org.springframework.boot:spring-boot-starter-web")
	developmentOnly("org.springframework.boot:spring-boot-devtools")
}
dependencyManagement {
	imports {
		mavenBom("org.springframework.cloud:spring-cloud-dependencies:${property("springCloudVersion")}")
	}
}
`}, "", func(p *Project) string { return boms(p) + "; " + deps(p) }, "org.springframework.cloud:spring-cloud-dependencies:2024.0.0; org.springframework.boot:spring-boot-starter-web compile, org.springframework.boot:spring-boot-devtools development"},
		{"platform", map[string]string{"kts": "dependencies { implementation(platform(\"a:bom:1\"))\n implementation(\"a:b\") }"}, "", func(p *Project) string { return boms(p) + "; " + deps(p) }, "a:bom:1; a:b compile"},
		{"enforcedPlatform", map[string]string{"groovy": "dependencies { implementation enforcedPlatform(\"${g}:${n}:${v}\") }", "gradle.properties": "g=io.quarkus.platform\nn=quarkus-bom\nv=3.17.2"}, "", boms, "io.quarkus.platform:quarkus-bom:3.17.2"},
		{"platform of the catalog", map[string]string{"gradle/libs.versions.toml": catalog, "kts": "dependencies { implementation(platform(libs.bom)) }"}, "", boms, "org.springframework.boot:spring-boot-dependencies:3.4.1"},
		{"platform that is a project", map[string]string{"settings.gradle": "include 'app', 'bom'", "app/build.gradle": "dependencies { implementation platform(project(':bom')) }", "bom/build.gradle": "dependencies { api platform('a:bom:1') }"}, ":app", boms, "a:bom:1"},
		{"mavenBom", map[string]string{"groovy": "dependencyManagement { imports { mavenBom \"a:bom:${property('v')}\" } }", "gradle.properties": "v=1"}, "", boms, "a:bom:1"},
		{"Spring Boot's constant", map[string]string{"kts": "plugins { id(\"org.springframework.boot\") version \"3.1.0\" }\ndependencies { implementation(platform(org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES)) }"}, "", boms, "org.springframework.boot:spring-boot-dependencies:3.1.0"},

		// What it is.
		{"a library", map[string]string{"kts": "plugins { `java-library` }"}, "", packaging, "jar"},
		{"a war", map[string]string{"groovy": "apply plugin: 'war'"}, "", packaging, "war"},
		{"nothing", map[string]string{"groovy": "tasks.register('x')"}, "", packaging, "pom"},
		{"sources of an application", map[string]string{"groovy": "apply plugin: 'java'", "src/main/java/A.java": "", "src/main/resources/a.txt": "", "src/test/java/A.java": ""}, "", func(p *Project) string { return fmt.Sprint(p.SourceDirs(), p.Resources(), p.TestDirs()) }, "[src/main/java] [src/main/resources] [src/test/java]"},
		{"sources of Kotlin", map[string]string{"kts": "plugins { kotlin(\"jvm\") version \"2\" }", "src/main/kotlin/A.kt": "", "src/main/java/A.java": ""}, "", func(p *Project) string { return fmt.Sprint(p.SourceDirs()) + " " + p.ClassesDir() }, "[src/main/java src/main/kotlin] build/classes/java/main"},
		{"sources elsewhere", map[string]string{"groovy": "apply plugin: 'java'\nsourceSets { main { java { srcDirs = ['src'] }\n resources { srcDir 'res' } } }", "src/A.java": "", "res/a": "", "src/main/java/B.java": ""}, "", func(p *Project) string { return fmt.Sprint(p.SourceDirs(), p.Resources()) }, "[src] [res]"},
		{"sources in addition", map[string]string{"kts": "plugins { java }\nsourceSets[\"main\"].java.srcDir(\"gen\")", "gen/A.java": "", "src/main/java/B.java": ""}, "", func(p *Project) string { return fmt.Sprint(p.SourceDirs()) }, "[src/main/java gen]"},
		{"sources outside", map[string]string{"groovy": "apply plugin: 'java'\nsourceSets.main.java.srcDirs = ['../x', '/etc']"}, "", func(p *Project) string { return fmt.Sprint(p.SourceDirs()) }, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := read(t, tt.files)
			path := tt.path
			if path == "" {
				path = ":"
			}
			if got := tt.ask(at(t, b, path)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestProjects asks which projects, files and folders a build has.
func TestProjects(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"one", map[string]string{"build.gradle": ""}, []string{": . build.gradle"}},
		{"included", map[string]string{"settings.gradle": "include ':app', 'libs:core'", "app/build.gradle": "", "libs/core/build.gradle.kts": ""}, []string{": . ", ":app app app/build.gradle", ":libs libs ", ":libs:core libs/core libs/core/build.gradle.kts"}},
		{"included, Kotlin", map[string]string{"settings.gradle.kts": "include(\"app\", \"web\")\ninclude(\":x\")", "app/a": "", "web/a": "", "x/a": ""}, []string{": . ", ":app app ", ":web web ", ":x x "}},
		{"no folder", map[string]string{"settings.gradle": "include 'app'"}, []string{": . "}},
		{"elsewhere", map[string]string{"settings.gradle": "include 'app'\nproject(':app').projectDir = file('modules/app')", "modules/app/build.gradle": ""}, []string{": . ", ":app modules/app modules/app/build.gradle"}},
		{"elsewhere, new File", map[string]string{"settings.gradle": "include 'app'\nproject(':app').projectDir = new File(settingsDir, 'modules/app')", "modules/app/build.gradle": ""}, []string{": . ", ":app modules/app modules/app/build.gradle"}},
		{"elsewhere, as File", map[string]string{"settings.gradle": "include 'app'\nproject(':app').projectDir = \"$rootDir/modules/app\" as File", "modules/app/build.gradle": ""}, []string{": . ", ":app modules/app modules/app/build.gradle"}},
		{"above", map[string]string{"settings.gradle.kts": "include(\"app\")\nproject(\":app\").projectDir = file(\"../app\")\nincludeBuild(\"../lib\")"}, []string{": . ", "above ../lib", "above ../app"}},
		{"renamed", map[string]string{"settings.gradle": "include 'app'\nproject(':app').name = 'my-app'", "app/a": ""}, []string{": . ", ":my-app app "}},
		{"scripts of their own names", map[string]string{"settings.gradle": "include 'app'\nrootProject.children.each { it.buildFileName = \"${it.name}.gradle\" }", "app/app.gradle": ""}, []string{": . ", ":app app app/app.gradle"}},
		{"in a loop", map[string]string{"settings.gradle.kts": "listOf(\"app\", \"web\").forEach { include(\":$it\") }", "app/a": "", "web/a": ""}, []string{": . ", ":app app ", ":web web "}},
		{"in a for", map[string]string{"settings.gradle": "for (x in ['app']) { include(x) }", "app/a": ""}, []string{": . ", ":app app "}},
		{"of folders", map[string]string{"settings.gradle.kts": "rootDir.listFiles().filter { it.isDirectory && File(it, \"build.gradle.kts\").exists() }.forEach { include(it.name) }", "app/build.gradle.kts": "", "docs/a": ""}, []string{": . ", ":app app app/build.gradle.kts"}},
		{"of folders, Groovy", map[string]string{"settings.gradle": "file('apps').eachDir { d -> include \"apps:${d.name}\" }", "apps/a/build.gradle": "", "apps/b/x": ""}, []string{": . ", ":apps apps ", ":apps:a apps/a apps/a/build.gradle", ":apps:b apps/b "}},
		{"of folders elsewhere", map[string]string{"settings.gradle": "file('../x').eachDir { d -> include d.name }", "x/a": ""}, []string{": . "}},
		{"outside", map[string]string{"settings.gradle": "include '../../etc'\nproject(':x').projectDir = file('/etc')"}, []string{": . "}},
		{"folders", map[string]string{"settings.gradle": "includeBuild 'build-logic'\nincludeBuild('gone')", "build-logic/a": "", "buildSrc/a": ""}, []string{": . ", "folder build-logic", "folder buildSrc"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := read(t, tt.files)
			var got []string
			for _, p := range b.Projects {
				s := p.Path + " " + p.Dir + " " + p.File
				if p.name != "" && !strings.HasSuffix(p.Path, p.name) {
					s += " " + p.name
				}
				got = append(got, s)
			}
			for _, f := range b.Folders {
				got = append(got, "folder "+f)
			}
			for _, a := range b.Above {
				got = append(got, "above "+a.Value)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestFiles asks for the files that Gradle reads first.
func TestFiles(t *testing.T) {
	b := read(t, map[string]string{
		"settings.gradle": "include 'app'", "build.gradle": "apply from: 'gradle/x.gradle'\napply from: 'https://example.com/y.gradle'", "gradle/x.gradle": "apply from: 'gradle/z.gradle'", "gradle/z.gradle": "",
		"gradle.properties": "a=b", "app/build.gradle": "", "app/gradle.lockfile": "", "app/src/main/java/A.java": "", "gradle/libs.versions.toml": "", "gradle/verification-metadata.xml": "<x/>",
		"gradle/wrapper/gradle-wrapper.properties": "", "gradle/gradle-daemon-jvm.properties": "", "README.md": "",
	})
	slices.Sort(b.Files)
	want := []string{"app/build.gradle", "app/gradle.lockfile", "build.gradle", "gradle.properties", "gradle/gradle-daemon-jvm.properties", "gradle/libs.versions.toml", "gradle/verification-metadata.xml", "gradle/x.gradle", "gradle/z.gradle", "settings.gradle"}
	if d := cmp.Diff(want, b.Files); d != "" {
		t.Error(d)
	}
}

// TestReads asks which files a script reads while the build is configured.
func TestReads(t *testing.T) {
	tests := []struct {
		name, file, script string
		want               bool
	}{
		{"text", "build.gradle", "version = file('VERSION').text.trim()", true},
		{"a call for the text", "build.gradle", "version = rootProject.file('VERSION').getText('UTF-8')", true},
		{"a new file", "build.gradle", "version = new File(rootDir, 'VERSION').text", true},
		{"a variable", "build.gradle", "def f = file(\"$projectDir/VERSION\")\nif (f.canRead()) { version = f.text }", true},
		{"properties", "build.gradle", "def p = new Properties()\nfile('VERSION').withInputStream { p.load(it) }\nversion = p.v", true},
		{"a stream", "build.gradle", "ext { p = new Properties()\n p.load(new FileInputStream(file('VERSION'))) }", true},
		{"in a block", "build.gradle", "allprojects { version = rootProject.file('VERSION').readLines()[0] }", true},
		{"in a string", "build.gradle", "version = \"1.${file('VERSION').text.trim()}\"", true},
		{"the settings", "settings.gradle", "def v = new File(rootDir, 'VERSION').text", true},
		{"Kotlin", "build.gradle.kts", "version = file(\"VERSION\").readText().trim()", true},
		{"Kotlin's resolve", "build.gradle.kts", "val v = rootDir.resolve(\"VERSION\").readText()", true},
		{"Kotlin's properties", "build.gradle.kts", "val p = java.util.Properties().apply { load(rootProject.file(\"VERSION\").inputStream()) }", true},
		{"a provider", "build.gradle.kts", "version = providers.fileContents(layout.projectDirectory.file(\"VERSION\")).asText.get()", true},
		{"a file that a task takes", "build.gradle", "jar { from file('VERSION') }", false},
		{"a folder of settings of a tool", "build.gradle", "checkstyle { configFile = file('VERSION') }", false},
		{"another file", "build.gradle", "version = file('OTHER').text", false},
		{"a file above", "build.gradle", "version = file('../VERSION').text", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := read(t, map[string]string{"VERSION": "1", tt.file: tt.script})
			if got := slices.Contains(b.Files, "VERSION"); got != tt.want {
				t.Errorf("got %v of %v", got, b.Files)
			}
		})
	}
	for _, secret := range []string{".env", "signing.key", ".git/HEAD", "build/v"} {
		if b := read(t, map[string]string{secret: "1", "build.gradle": "def v = file('" + secret + "').text"}); slices.Contains(b.Files, secret) {
			t.Errorf("%s would enter the image", secret)
		}
	}
}

// TestGit asks whether a build runs git while it is configured.
func TestGit(t *testing.T) {
	tests := []struct {
		name, file, script string
		want               int
	}{
		{"a text", "build.gradle", "\nversion = 'git describe --tags'.execute().text.trim()", 2},
		{"a list", "build.gradle", "def v = ['git', 'rev-parse', 'HEAD'].execute().text", 1},
		{"a function", "build.gradle", "def v() {\n return \"git rev-parse --short HEAD\".execute().text\n}\nversion = v()", 2},
		{"exec", "build.gradle", "def out = new ByteArrayOutputStream()\nexec { commandLine 'git', 'describe'\n standardOutput = out }", 2},
		{"exec with an assignment", "build.gradle.kts", "exec { commandLine = listOf(\"git\") }", 1},
		{"exec of the project", "build.gradle.kts", "project.exec { commandLine(\"git\", \"describe\") }", 1},
		{"a provider that is asked", "build.gradle.kts", "version = providers.exec { commandLine(\"git\", \"describe\") }.standardOutput.asText.get().trim()", 1},
		{"a provider", "build.gradle", "def branch = providers.exec { commandLine 'git', 'rev-parse' }", 0},
		{"a task", "build.gradle", "tasks.register('release', Exec) { commandLine 'git', 'push' }\ntask tag { doLast { exec { commandLine 'git', 'tag' } } }", 0},
		{"what is tried", "build.gradle", "try { version = 'git describe'.execute().text } catch (e) { version = '0' }", 0},
		{"what is asked for first", "build.gradle", "if (file('.git').exists()) { version = 'git describe'.execute().text }", 0},
		{"a plugin", "build.gradle", "plugins {\n id 'com.palantir.git-version' version '3.1.0'\n}", 2},
		{"a plugin that is not applied", "build.gradle", "plugins {\n id 'com.palantir.git-version' version '3.1.0' apply false\n}", 0},
		{"another program", "build.gradle", "version = 'date'.execute().text + 'github'", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, map[string]string{tt.file: tt.script}).Git.Line; got != tt.want {
				t.Errorf("got line %d", got)
			}
		})
	}
}

func TestBelow(t *testing.T) {
	b, err := Read(treetest.Of(t, map[string]string{"x/settings.gradle": "rootProject.name = 'a'\ninclude 'app'", "x/app/build.gradle": "\nversion = '1'\napply from: '../../y.gradle'", "x/gradle.properties": "p=q", "y.gradle": ""}), "x")
	if err != nil {
		t.Fatal(err)
	}
	p := at(t, b, ":app")
	if got := fmt.Sprint(p.Dir, " ", p.File, " ", p.Pos(), " ", p.Version().Pos, " ", b.Property("p").Pos, " ", b.Files, b.Beside(), b.Above); got != "app app/build.gradle x/app/build.gradle x/app/build.gradle:2 x/gradle.properties:1 [settings.gradle ../y.gradle gradle.properties app/build.gradle] [..] []" {
		t.Error(got)
	}
}

func TestNone(t *testing.T) {
	if b, err := Read(treetest.Of(t, map[string]string{"pom.xml": "", "a/build.gradle": ""}), "."); b != nil || err != nil {
		t.Errorf("got %v, %v", b, err)
	}
}

func TestMalformedCatalog(t *testing.T) {
	_, err := Read(treetest.Of(t, map[string]string{"build.gradle": "", "gradle/libs.versions.toml": "[versions\n"}), ".")
	if err == nil || !strings.Contains(err.Error(), "libs.versions.toml:1") {
		t.Errorf("got %v", err)
	}
}

func TestOpaque(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"a class that is not there", map[string]string{"buildSrc/build.gradle": "gradlePlugin { plugins { x { id = 'x'\n implementationClass = 'a.B' } } }", "build.gradle": "plugins { id 'x' }"}, true},
		{"a class that calls what is elsewhere", map[string]string{"buildSrc/build.gradle": "gradlePlugin { plugins { x { id = 'x'\n implementationClass = 'a.B' } } }", "buildSrc/src/main/kotlin/B.kt": "class B : Plugin<Project> { override fun apply(target: Project) { with(target) { configureAll(this) } } }", "build.gradle": "plugins { id 'x' }"}, true},
		{"a class that calls a function beside it", map[string]string{"buildSrc/build.gradle": "gradlePlugin { plugins { x { id = 'x'\n implementationClass = 'a.B' } } }", "buildSrc/src/main/kotlin/B.kt": "class B : Plugin<Project> { override fun apply(target: Project) { with(target) { configureAll(this) } } }", "buildSrc/src/main/kotlin/All.kt": "fun configureAll(project: Project) { project.apply(plugin = \"java\") }", "build.gradle": "plugins { id 'x' }"}, false},
		{"a script from elsewhere", map[string]string{"build.gradle": "apply from: \"https://example.com/x.gradle\""}, true},
		{"a script that is computed", map[string]string{"build.gradle": "apply from: pick()"}, true},
		{"a script above", map[string]string{"build.gradle": "apply from: '../x.gradle'"}, true},
		{"a script that is there", map[string]string{"build.gradle": "apply from: 'x.gradle'", "x.gradle": ""}, false},
		{"a script", map[string]string{"buildSrc/src/main/groovy/x.gradle": "plugins { id 'java' }", "build.gradle": "plugins { id 'x' }"}, false},
		{"somebody else's", map[string]string{"build.gradle": "plugins { id 'com.x' version '1' }"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(read(t, tt.files).Projects[0].Opaque()) > 0; got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// TestProperties gives properties as -P does.
func TestProperties(t *testing.T) {
	b, err := Read(treetest.Of(t, map[string]string{"build.gradle": "if (project.hasProperty('prod')) { apply plugin: 'war' }\nversion = project.prod"}), ".", "prod=1")
	if err != nil {
		t.Fatal(err)
	}
	if p := b.Projects[0]; !p.Plugin("war").Applied() || p.Version().Value != "1" {
		t.Errorf("got %v", p.Plugins())
	}
}

func TestRepositories(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"known", map[string]string{"groovy": "repositories { mavenCentral()\n google() }"}, "mavenCentral; google"},
		{"a URL", map[string]string{"groovy": "repositories { maven { url 'https://a/b' }\n maven { url = uri('https://c') } }"}, "maven https://a/b; maven https://c"},
		{"a URL, Kotlin", map[string]string{"kts": "repositories { maven(\"https://a\")\n maven(url = \"https://b\")\n maven { url = uri(\"https://c\") }\n maven { setUrl(\"https://d\") } }"}, "maven https://a; maven https://b; maven https://c; maven https://d"},
		{"credentials", map[string]string{"groovy": "repositories { maven { url 'https://a'\n credentials { username = nexusUser\n password = System.getenv('NEXUS_PASSWORD') } }\n maven { url 'https://b' } }"}, "maven https://a private nexusUser $NEXUS_PASSWORD; maven https://b"},
		{"credentials with a default", map[string]string{"groovy": "def token = System.getenv('TOKEN') ?: ''\nrepositories { maven { url 'https://a'\n credentials { username = findProperty('user') ?: System.getenv()['USER_NAME'] ?: 'none'\n password token } } }"}, "maven https://a private user|$USER_NAME $TOKEN"},
		{"credentials by other words", map[string]string{"groovy": "repositories { maven { url 'https://a'\n credentials { username System.env.NAME\n password \"${nexusToken}\" } } }"}, "maven https://a private $NAME nexusToken"},
		{"credentials of providers", map[string]string{"kts": "repositories { maven { url = uri(\"https://a\")\n credentials { username = providers.gradleProperty(\"u\").getOrElse(\"\")\n password = providers.gradleProperty(\"p\").orElse(providers.environmentVariable(\"P\")).get() } } }"}, "maven https://a private u p|$P"},
		{"credentials of the map of properties", map[string]string{"kts": "repositories { maven { url = uri(\"https://a\")\n credentials { username = properties[\"u\"] as String?\n password = project.properties[\"p\"].toString() } } }"}, "maven https://a private u p"},
		{"credentials under a condition", map[string]string{"groovy": "repositories { maven { url 'https://a'\n credentials { password = project.hasProperty('p') ? project.property('p') : System.getenv('P') } } }"}, "maven https://a private p|$P"},
		{"credentials that are written", map[string]string{"gradle.properties": "secretName=me", "groovy": "repositories { maven { url 'https://a'\n credentials { username secretName\n password 'x' } } }"}, "maven https://a private 'me' 'x'"},
		{"credentials of a file", map[string]string{"groovy": "def props = new Properties()\nfile('local.properties').withInputStream { props.load(it) }\nrepositories { maven { url 'https://a'\n credentials { password props.getProperty('p') } } }"}, "maven https://a private ?"},
		{"a header", map[string]string{"groovy": "repositories { maven { url 'https://a'\n credentials(HttpHeaderCredentials) { name = 'Job-Token'\n value = System.getenv('CI_JOB_TOKEN') }\n authentication { header(HttpHeaderAuthentication) } } }"}, "maven https://a private $CI_JOB_TOKEN 'Job-Token'"},
		{"an address of the environment", map[string]string{"groovy": "repositories { maven { url System.getenv('URL') }\n maven { url System.getenv('URL') ?: 'https://a' }\n maven { url \"https://${host}/x\" } }"}, "maven $URL; maven https://a; maven host"},
		{"of what is published", map[string]string{"groovy": "publishing { repositories { maven { url 'https://a'\n credentials { password System.getenv('P') } } } }"}, ""},
		{"of the build that comes first", map[string]string{"groovy": "", "buildSrc/build.gradle": "repositories { maven { url 'https://a'\n credentials { password System.getenv('P') } } }"}, "maven https://a private $P"},
		{"of a module that is not built", map[string]string{"settings.gradle": "include 'x'", "groovy": "", "x/build.gradle": "buildscript { repositories { maven { url 'https://b' } } }\nrepositories { maven { url 'https://a' } }"}, "maven https://b"},
		{"credentials, Kotlin", map[string]string{"kts": "val user: String by project\nrepositories { maven { url = uri(\"https://a\")\n credentials { username = user\n password = project.findProperty(\"gpr.key\") as String? ?: System.getenv(\"TOKEN\") } } }"}, "maven https://a private user gpr.key|$TOKEN"},
		{"credentials that have no names", map[string]string{"kts": "repositories { maven { url = uri(\"https://a\")\n credentials(PasswordCredentials::class) }\n maven { name = \"own\"\n url = uri(\"https://b\")\n credentials(AwsCredentials::class) } }"}, "maven https://a private mavenUsername mavenPassword; maven https://b private ownAccessKey ownSecretKey"},
		{"under a condition", map[string]string{"groovy": "repositories { mavenCentral()\n if (project.hasProperty('nexusUser')) { maven { url 'https://a'\n credentials { username nexusUser\n password nexusPassword } } } }"}, "mavenCentral; maven https://a private nexusUser nexusPassword"},
		{"under a condition on the environment", map[string]string{"groovy": "if (System.getenv('TOKEN') != null) { repositories { maven { url 'https://a'\n credentials { password System.getenv('TOKEN') } } } }"}, "maven https://a private $TOKEN"},
		{"otherwise", map[string]string{"kts": "repositories { if (!project.hasProperty(\"offline\")) { mavenCentral() } else { maven(\"https://a\") } }"}, "maven https://a; mavenCentral"},
		{"credentials in a condition", map[string]string{"groovy": "repositories { maven { url 'https://a'\n if (System.getenv('TOKEN')) { credentials { password System.getenv('TOKEN') } } } }"}, "maven https://a private $TOKEN"},
		{"in CI alone", map[string]string{"groovy": "repositories { mavenCentral()\n if (System.getenv('CI')) { maven { url 'https://a'\n credentials { password System.getenv('TOKEN') } } } }"}, "mavenCentral"},
		{"under a condition that the repository answers", map[string]string{"gradle.properties": "x=false", "groovy": "repositories { mavenCentral()\n if (x == 'true') { maven { url 'https://a' } } }"}, "mavenCentral"},
		{"with something else under a condition", map[string]string{"groovy": "if (hasProperty('x')) { apply plugin: 'war'\n repositories { maven { url 'https://a' } } }"}, ""},
		{"of the settings", map[string]string{"settings.gradle.kts": "pluginManagement { repositories { gradlePluginPortal() } }\ndependencyResolutionManagement { repositories { maven(\"https://a\") } }"}, "gradlePluginPortal; maven https://a"},
		{"of all projects, once", map[string]string{"settings.gradle": "include 'app'", "groovy": "allprojects { repositories { maven { url 'https://a' } } }", "app/A": ""}, "maven https://a"},
		{"computed", map[string]string{"groovy": "repositories { maven { url pick() } }"}, "maven"},
		{"of a property", map[string]string{"gradle.properties": "urls=https://a,https://b", "groovy": "repositories { urls.split(',').each { u -> maven { url u.trim() } } }"}, "maven https://a; maven https://b"},
		{"for some groups alone", map[string]string{"kts": "repositories { exclusiveContent { forRepository { maven { url = uri(\"https://a\") } }\n filter { includeGroup(\"x\") } } }"}, "maven https://a"},
		{"what is none", map[string]string{"groovy": "repositories { println 'x'\n foo { url 'https://a' } }"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range read(t, tt.files).Repositories([]string{"."}) {
				var s strings.Builder
				s.WriteString(strings.TrimSpace(r.Kind + " " + r.URL.Value))
				if r.Private {
					s.WriteString(" private")
				}
				for _, one := range r.Asks {
					between := " "
					for _, v := range one {
						s.WriteString(between + map[bool]string{true: "$"}[v.Env] + v.Name)
						between = "|"
					}
				}
				for _, w := range r.Written {
					s.WriteString(" '" + w.Value + "'")
				}
				if r.Elsewhere {
					s.WriteString(" ?")
				}
				got = append(got, s.String())
			}
			if got := strings.Join(got, "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWrapper(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https\\://services.gradle.org/distributions/gradle-8.14.3-bin.zip", "8.14.3"},
		{"https\\://services.gradle.org/distributions/gradle-8.14-all.zip", "8.14"},
		{"https\\://services.gradle.org/distributions-snapshots/gradle-9.0-20250101000000+0000-bin.zip", "9.0-20250101000000+0000"},
		{"https\\://mirror.example.com/gradle/gradle-7.6-rc-1-bin.zip", "7.6-rc-1"},
		{"https\\://example.com/latest.zip", ""},
	}
	for _, tt := range tests {
		b := read(t, map[string]string{"build.gradle": "", "gradlew": "#!/bin/sh\r\n", "gradle/wrapper/gradle-wrapper.properties": "distributionUrl=" + tt.url + "\n"})
		if w := b.Wrapper; w.Version.Value != tt.want || !w.CRLF || w.Jar || w.URL.Pos.Line != 1 {
			t.Errorf("%s: got %+v", tt.url, w)
		}
	}
	if b := read(t, map[string]string{"build.gradle": ""}); b.Wrapper != nil {
		t.Error("no wrapper is there")
	}
}

func TestTable(t *testing.T) {
	rows, err := table.Read[[]known]("plugins.yaml", pluginsCompiled)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.ID == "" || r.Source == "" {
			t.Errorf("%+v", r)
		}
	}
	catalogs, err := table.Read[[]publishedRow]("catalogs.yaml", catalogsCompiled)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range catalogs {
		if r.Artifact == "" || r.Source == "" || len(r.Groups) == 0 {
			t.Errorf("%+v", r)
		}
	}
}

// TestAsks looks at the properties that scripts look for, by functions of their own, too.
func TestAsks(t *testing.T) {
	b := read(t, map[string]string{"groovy": "boolean is(String name, boolean otherwise = false) {\n  def s = findProperty(name)\n  return s == null ? otherwise : s.toBoolean()\n}\next { ui = is('include-ui') }\nprintln property('must')\n"})
	for name, want := range map[string]bool{"include-ui": true, "must": false, "name": false} {
		if got := b.Asks(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
