package gradle

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// baseName is the first part of the names of archives.
// https://docs.gradle.org/current/userguide/base_plugin.html#sec:base_plugin_extension
func (p *Project) baseName() value {
	for _, at := range [][]string{{"base", "archivesName"}, {"base", "archivesBaseName"}, {"archivesBaseName"}} {
		if s := p.setting(at...); s.Found() {
			if s.Computed {
				return p.last(at...)
			}
			return textOf(s.Value)
		}
	}
	if p.name == "" {
		return unsure("project.name")
	}
	return textOf(p.name)
}

// FinalName is what the task jar calls its file, without its extension and without a classifier that only a plugin gives it.
// What is computed is ${…} in it.
func (p *Project) FinalName() fact.Fact[string] {
	name, pos := p.archive("jar", "")
	return fact.Fact[string]{Value: strings.TrimSuffix(name, path.Ext(name)), Pos: pos}
}

var computedPart = lazy.MustCompile(`\$\{[^}]*\}`)

// ArchiveName is the file that a task makes: bootJar, bootWar, shadowJar, war, jar, buildFatJar, or one of the project's own. What is computed is * in it.
// https://docs.gradle.org/current/dsl/org.gradle.api.tasks.bundling.AbstractArchiveTask.html#org.gradle.api.tasks.bundling.AbstractArchiveTask:archiveFileName
func (p *Project) ArchiveName(task string) fact.Fact[string] {
	if task == "buildFatJar" {
		task = "shadowJar"
	}
	if g := p.Plugin("io.ktor.plugin"); task == "shadowJar" && g.Applied() && !p.Task(task).Get("archiveFileName").Found() {
		return p.ktorName(g)
	}
	name, pos := p.archive(task, p.classifier(task))
	return fact.Fact[string]{Value: computedPart.ReplaceAllString(name, "*"), Pos: pos}
}

// ktorName is the name that Ktor's plugin gives the jar of shadowJar:
// https://github.com/ktorio/ktor-build-plugins/blob/main/plugin/src/main/kotlin/io/ktor/plugin/features/FatJar.kt
func (p *Project) ktorName(g Plugin) fact.Fact[string] {
	fat := p.Extension("ktor").Get("fatJar", "archiveFileName")
	switch {
	case fat.Computed:
		return fact.Fact[string]{Value: "*", Pos: fat.Pos}
	case fat.Found():
		return fact.Fact[string]{Value: path.Base(fat.Value), Pos: fat.Pos}
	case p.name == "":
		return fact.Fact[string]{Value: "*-all.jar", Pos: g.Pos}
	}
	return fact.Fact[string]{Value: p.name + "-all.jar", Pos: g.Pos}
}

// classifier is what a plugin puts behind the version in the name of a task's file.
func (p *Project) classifier(task string) string {
	switch {
	case task == "shadowJar": // https://gradleup.com/shadow/configuration/#configuring-output-name
		return "all"
	case (task == "jar" || task == "war") && p.has("org.springframework.boot") && p.plain():
		return "plain"
	}
	return ""
}

// extensionOf is that of the file of a task.
func extensionOf(task string) string {
	if task == "war" || task == "bootWar" {
		return "war"
	}
	return "jar"
}

// archivePart is what a name means in the block of a task that makes an archive, before anything is set: archiveVersion.
func (e env) archivePart(name string) (value, bool) {
	task := ""
	switch {
	case len(e.at) > 1 && e.at[0] == "tasks":
		task = e.at[1]
	case len(e.at) > 0:
		task = e.at[0]
	}
	rest, ok := strings.CutPrefix(name, "archive")
	if task == "" || !ok || len(e.p.entriesAt(append(slices.Clone(e.at), name)...)) > 0 {
		return value{}, false
	}
	switch rest {
	case "BaseName":
		return e.p.baseName(), true
	case "Version":
		v, _ := e.p.property("version")
		if v.text == "unspecified" {
			v.text = ""
		}
		return v, true
	case "Classifier":
		return textOf(e.p.classifier(task)), true
	case "Appendix":
		return textOf(""), true
	case "Extension":
		return textOf(extensionOf(task)), true
	}
	return value{}, false
}

// plain reports whether Spring Boot's plugin gives jar and war a classifier, as it does since 2.5.
// https://github.com/spring-projects/spring-boot/wiki/Spring-Boot-2.5-Release-Notes#gradle-jar-and-war-tasks
func (p *Project) plain() bool {
	v := p.Plugin("org.springframework.boot").Version.Value
	major, rest, _ := strings.Cut(v, ".")
	minor, _, _ := strings.Cut(rest, ".")
	return major != "1" && (major != "2" || len(minor) > 1 || minor >= "5")
}

// archive is the file name of a task, and where that is said.
func (p *Project) archive(task, classifier string) (string, fact.Pos) {
	k := p.Task(task)
	at := p.Pos()
	part := func(otherwise value, names ...string) string {
		for _, n := range names {
			s := k.Get(n)
			if !s.Found() {
				continue
			}
			at = s.Pos
			if !s.Computed {
				return s.Value
			}
			if t, _, ok := k.value(n).asText(); ok && strings.Contains(t, "${") {
				return t
			}
			return "${" + n + "}"
		}
		s, _, _ := otherwise.asText()
		return s
	}
	if whole := part(textOf(""), "archiveFileName", "archiveName"); whole != "" {
		return path.Base(whole), at
	}
	version, _ := p.property("version")
	if v, sure, _ := version.asText(); sure && v == "unspecified" {
		version = textOf("")
	}
	var out strings.Builder
	out.WriteString(part(p.baseName(), "archiveBaseName", "baseName"))
	for _, s := range []string{part(textOf(""), "archiveAppendix", "appendix"), part(version, "archiveVersion", "version"), part(textOf(classifier), "archiveClassifier", "classifier")} {
		if s != "" {
			out.WriteString("-" + s)
		}
	}
	return path.Base(out.String() + "." + part(textOf(extensionOf(task)), "archiveExtension", "extension")), at
}

// value is the last value of a setting of the block.
func (k Block) value(name string) value {
	var v value
	for _, x := range k.parts {
		if len(x.rest) == 1 && x.rest[0] == name && len(x.vals) == 1 && !x.maybe {
			v = x.vals[0]
		}
	}
	return v
}

// ArchiveDir is the folder of the file that a task makes, relative to the project, "" if it is computed.
func (p *Project) ArchiveDir(task string) string {
	for _, at := range []string{"destinationDirectory", "destinationDir"} {
		if s := p.Task(task).Get(at); s.Found() {
			return s.Value
		}
	}
	if s := p.setting("base", "libsDirectory"); s.Found() {
		return s.Value
	}
	for _, at := range [][]string{{"libsDirName"}, {"base", "libsDirName"}} {
		if s := p.setting(at...); s.Found() {
			return path.Join(p.BuildDir(), s.Value)
		}
	}
	return p.BuildDir() + "/libs"
}
