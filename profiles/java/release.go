package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// unversioned finds the version in the name of the jar, and gives the jar a name
// without it: a release must not change the Dockerfile, and what is documented
// about the image's files holds for the next one too. A start command that was
// asked for may name it as it is.
func (a artifact) unversioned(in record.Input, p *java.Project) artifact {
	version := p.Version().Value
	ext := path.Ext(a.file)
	base := path.Base(a.file)
	i := strings.LastIndex(base, version)
	if a.kind != Jar && a.kind != Layers && a.kind != Libs || ext != ".jar" && ext != ".war" || version == "" || i <= 0 {
		return a
	}
	if slices.ContainsFunc(in.Settings.Start, func(word string) bool { return path.Base(word) == base }) {
		return a
	}
	before, after := base[:i], base[i+len(version):]
	if !strings.ContainsAny(before[i-1:], "-_.") || !strings.ContainsAny(after[:1], "-_.") {
		return a // a part of a word
	}
	a.release = "app" + ext
	if strings.ContainsAny(before+after, `*?[]\`) || after == ext && attaches(p) {
		return a // the file is named as a whole
	}
	a.before, a.after = before, after
	return a
}

// attached are the goals that make further jars, whose names begin as the app's does:
// https://maven.apache.org/plugins/maven-source-plugin/, https://maven.apache.org/plugins/maven-javadoc-plugin/,
// https://maven.apache.org/plugins/maven-jar-plugin/test-jar-mojo.html,
// https://maven.apache.org/plugins/maven-assembly-plugin/single-mojo.html,
// https://maven.apache.org/plugins/maven-shade-plugin/shade-mojo.html.
var attached = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"maven-source-plugin":   {"jar", "jar-no-fork", "test-jar", "test-jar-no-fork", "aggregate", "aggregate-no-fork", "generated-test-jar"},
	"maven-javadoc-plugin":  {"jar", "test-jar", "aggregate-jar"},
	"maven-jar-plugin":      {"test-jar", "jar"},
	"maven-assembly-plugin": {"single", "assembly"},
	"dokka-maven-plugin":    {"javadocJar"},
	"maven-war-plugin":      {"war"},
}

// attaches reports whether the build may make more than one jar. A parent that was
// not read may have it do so.
func attaches(p *java.Project) bool {
	if x := p.POM.External; x != nil && !x.Known {
		return true
	}
	for name, goals := range attached {
		plugin := p.POM.PluginNamed(name)
		if !plugin.Active {
			continue
		}
		for _, goal := range goals {
			for _, x := range plugin.Goal(goal) {
				if name != "maven-jar-plugin" && name != "maven-war-plugin" || goal == "test-jar" || x.Config("classifier").Found() {
					return true
				}
			}
		}
	}
	for _, x := range p.POM.PluginNamed("maven-shade-plugin").Goal("shade") {
		if x.Config("shadedArtifactAttached").Value == "true" {
			return true
		}
	}
	return false
}

// jar is the name of the jar in prod.
func (a artifact) jar() string {
	if a.release != "" {
		return a.release
	}
	return path.Base(a.file)
}

// copyJar is the COPY of the jar into prod.
func (m *module) copyJar(in record.Input) (plan.Copy, error) {
	to := "./"
	if m.made.release != "" {
		to = m.made.release
	}
	return m.copyFile(in, to, m.made.file, m.made.before, m.made.after)
}

// copyFile is the COPY of a file below the module, whatever the version is that its name has between before and after.
func (m *module) copyFile(in record.Input, to, file, before, after string) (plan.Copy, error) {
	at := path.Join(workdir(in), m.in(file))
	if before+after == "" {
		return plan.NewCopy(to, at)
	}
	found, err := plan.NewMatch(path.Dir(at), before, after)
	if err != nil {
		return plan.Copy{}, err
	}
	dest, err := plan.NewPath(to)
	return plan.Copy{Any: []plan.Match{found}, To: dest}, err
}

// extract takes a Boot jar apart.
func (m *module) extract() (plan.Shell, error) {
	start := []string{"java", "-Djarmode=" + m.made.tool, "-jar"}
	args := []string{"extract"}
	if m.made.tool == toolsMode {
		args = append(args, "--layers")
		if m.made.release != "" {
			args = append(args, "--application-filename", m.made.release)
		}
	}
	args = append(args, "--destination", out)
	if m.made.before+m.made.after == "" {
		return plan.NewShell(append(append(start, m.in(m.made.file)), args...)...)
	}
	found, err := plan.NewMatch(m.in(path.Dir(m.made.file)), m.made.before, m.made.after)
	if err != nil {
		return plan.Shell{}, err
	}
	head, err := plan.NewShell(start...)
	if err != nil {
		return plan.Shell{}, err
	}
	return head.With(found, args...)
}
