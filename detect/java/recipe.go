package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Built is how the repository's own files call Maven or Gradle to package the program.
type Built struct {
	Profiles   []fact.Fact[string] // of Maven's -P
	Properties []fact.Fact[string] // Maven's "-Dname=value", or Gradle's "-Pname=value"
}

// ForProduction reports whether a property of Gradle has the build make what production runs alone: "-Pprod", "-Penv=production".
// Tests and development do without, as JHipster's do: https://www.jhipster.tech/production/, https://www.jhipster.tech/running-tests/
func ForProduction(property string) bool {
	name, value, _ := strings.Cut(strings.TrimPrefix(property, "-P"), "=")
	return slices.Contains(productionNames, strings.ToLower(name)) || slices.Contains(productionNames, strings.ToLower(value))
}

// packages are the phases that package: https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html.
var packages = []string{"package", "verify", "install"} //nolint:gochecknoglobals // a constant table

// elsewhere matches properties that say nothing of what is built: what is left out, where and how fast Maven works.
var elsewhere = lazy.MustCompile(`(?i)^(skip|maven\.(test|repo|javadoc|source|artifact|wagon|multiModule|install|deploy)|style\.|java\.net|jdk\.|user\.|org\.slf4j|http\.|https\.|gpg|sonar|docker|jib|jacoco|surefire|failsafe|file\.encoding|project\.build\.sourceEncoding|spring-boot\.build-image|container\.|image\.|push|aether|license\.|checkstyle|spotless|quarkus\.(container|native)|native)`)

// plainProperty matches a property that a command line can give as it is.
var plainProperty = lazy.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,80}(=[A-Za-z0-9_.:/+-]{0,100})?$`)

// built reads how Maven is called in the own Dockerfile. The last call counts that packages; where it has none, of the Makefile's rules and of
// CI only profiles count that have a name of production's.
func built(t *tree.Tree, dir string) Built {
	var out Built
	for _, r := range buildfile.Of(t, dir).Recipes() {
		for _, c := range slices.Backward(r.Commands) {
			if !packaging(c) || c.Conditional && !r.Own || path.Clean(c.Dir) != "." {
				continue
			}
			one := asked(c)
			if r.Own {
				return one
			}
			for _, p := range one.Profiles {
				if slices.Contains(productionNames, p.Value) && len(out.Profiles) == 0 {
					out.Profiles = []fact.Fact[string]{p}
				}
			}
		}
	}
	return out
}

// packaging reports whether a command has Maven package something.
func packaging(c buildfile.Command) bool {
	return slices.Contains([]string{"mvn", "mvnw", "mvnd"}, c.Program()) && slices.ContainsFunc(c.Words[1:], func(w string) bool { return slices.Contains(packages, w) })
}

// gradleBuilds reports whether a command has Gradle build something.
func gradleBuilds(c buildfile.Command) bool {
	return slices.Contains([]string{"gradle", "gradlew"}, c.Program()) && slices.ContainsFunc(c.Words[1:], func(w string) bool { return builds.MatchString(w) })
}

// builds matches the tasks that make something to run:
// https://docs.gradle.org/current/userguide/java_plugin.html#lifecycle_tasks,
// https://docs.spring.io/spring-boot/gradle-plugin/packaging.html, https://gradleup.com/shadow/, https://quarkus.io/guides/gradle-tooling
var builds = lazy.MustCompile(`^(:?[A-Za-z0-9_.:-]*:)?(build|assemble|jar|bootJar|bootWar|war|shadowJar|buildFatJar|fatJar|uberJar|installDist|installShadowDist|installBootDist|distTar|distZip|quarkusBuild|publish|buildLayers|optimizedJitJarAll)$`)

// byGradle reports whether Gradle builds a project that has a build of Maven, too: the first of the repository's own files that calls
// one of them tells it, unless another one of its folder, as that of CI's workflows, calls the other.
func byGradle(t *tree.Tree, dir string) (bool, fact.Pos) {
	var by bool
	var at fact.Pos
	for _, r := range buildfile.Of(t, dir).Recipes() {
		for _, c := range slices.Backward(r.Commands) {
			ok := gradleBuilds(c)
			if path.Clean(c.Dir) != "." || !ok && !packaging(c) {
				continue
			}
			switch {
			case at.IsZero() && r.Own:
				return ok, c.Pos
			case at.IsZero():
				by, at = ok, c.Pos
			case ok != by && c.Pos.File != at.File && path.Dir(c.Pos.File) == path.Dir(at.File) && path.Dir(at.File) != ".":
				return false, fact.Pos{} // both are kept up
			}
			break
		}
	}
	return by, at
}

// builtByGradle are the properties that Gradle is given: those of the own Dockerfile's last call. Where it has none, those of CI's builds
// count that the scripts look for, else the one that is called production's.
func builtByGradle(t *tree.Tree, dir string, b *gradle.Build) Built {
	if own := gradleCalls(t, dir, true); len(own) > 0 {
		return Built{Properties: gradleProperties(own[0])}
	}
	var out Built
	for _, c := range gradleCalls(t, dir, false) {
		for _, p := range gradleProperties(c) {
			name, _, _ := strings.Cut(strings.TrimPrefix(p.Value, "-P"), "=")
			if b.Asks(name) && !ofRelease.MatchString(name) && !slices.ContainsFunc(out.Properties, func(o fact.Fact[string]) bool { return o.Value == p.Value }) {
				out.Properties = append(out.Properties, p)
			}
		}
		if len(out.Properties) > 0 {
			return out
		}
	}
	for _, name := range productionNames {
		if b.Asks(name) {
			out.Properties = []fact.Fact[string]{{Value: "-P" + name, Pos: b.Projects[0].Pos()}}
			break
		}
	}
	return out
}

// gradleCalls are the calls that have Gradle build something, the last of a file first: those of the own Dockerfile, or of the other files.
func gradleCalls(t *tree.Tree, dir string, own bool) []buildfile.Command {
	var out []buildfile.Command
	for _, r := range buildfile.Of(t, dir).Recipes() {
		for _, c := range slices.Backward(r.Commands) {
			if r.Own == own && gradleBuilds(c) && path.Clean(c.Dir) == "." {
				out = append(out, c)
			}
		}
	}
	return out
}

// ofRelease matches properties that publish, or that one run of CI alone knows.
var ofRelease = lazy.MustCompile(`(?i)version|release|sign|publish|deploy|token|password|user|key|sonar|scan|test|ci|snapshot|tag|sha|commit|branch|native|docker|image|jib`)

// gradleProperties are those that a call gives: https://docs.gradle.org/current/userguide/command_line_interface.html
func gradleProperties(c buildfile.Command) []fact.Fact[string] {
	var out []fact.Fact[string]
	words := c.Words[1:]
	for i, w := range words {
		name, ok := strings.CutPrefix(w, "-P")
		if (w == "-P" || w == "--project-prop") && i+1 < len(words) {
			name, ok = words[i+1], true
		}
		if ok && len(out) < maxFound && plainProperty.MatchString(name) && !elsewhere.MatchString(name) {
			out = append(out, fact.Fact[string]{Value: "-P" + name, Pos: c.Pos})
		}
	}
	return out
}

// asked reads the options of a call of Maven: https://maven.apache.org/ref/current/maven-embedder/cli.html.
func asked(c buildfile.Command) Built {
	var out Built
	words := c.Words[1:]
	for i := 0; i < len(words); i++ {
		name, value, joined := strings.Cut(words[i], "=")
		short := len(words[i]) > 2 && (strings.HasPrefix(words[i], "-P") || strings.HasPrefix(words[i], "-D"))
		switch {
		case short:
			name, value = words[i][:2], words[i][2:]
		case joined:
		case slices.Contains([]string{"-P", "-D", "--activate-profiles", "--define"}, name) && i+1 < len(words):
			i++
			value = words[i]
		}
		switch name {
		case "-P", "--activate-profiles":
			for p := range strings.SplitSeq(value, ",") {
				if p = strings.TrimPrefix(p, "+"); profileName.MatchString(p) && len(out.Profiles) < maxFound {
					out.Profiles = append(out.Profiles, fact.Fact[string]{Value: p, Pos: c.Pos})
				}
			}
		case "-D", "--define":
			if plainProperty.MatchString(value) && !elsewhere.MatchString(value) && len(out.Properties) < maxFound {
				out.Properties = append(out.Properties, fact.Fact[string]{Value: "-D" + value, Pos: c.Pos})
			}
		}
	}
	return out
}

// owned is the production profile that the repository's own files build with, if the POMs have it.
func (f *Facts) owned() (Production, bool) {
	var have []string
	var at fact.Pos
	for _, want := range f.Built.Profiles {
		if slices.Contains(have, want.Value) {
			continue
		}
		for _, p := range f.Projects {
			for _, prof := range p.POM.Profiles() {
				if prof.ID == want.Value && !slices.Contains(have, prof.ID) {
					have = append(have, prof.ID)
					at = want.Pos
				}
			}
		}
	}
	return Production{Profile: strings.Join(have, ","), Rule: "the repository's own files build with it", Pos: at}, len(have) > 0
}
