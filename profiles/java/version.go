package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// versions are the Java that runs the app and the one that builds it.
type versions struct {
	java string
	jdk  string
}

// decideVersion picks the release, which must be able to start the main class.
func decideVersion(in record.Input, f *java.Facts, m *module) (versions, error) {
	v, err := releases(in, f, m.Project, m.serverFloor(in))
	if err != nil {
		return v, err
	}
	if i := slices.IndexFunc(m.Sources.Mains, func(x java.Main) bool { return x.Class == m.main && x.Instance }); i >= 0 && atoi(v.java) < 25 {
		return v, record.Refuse(m.Sources.Mains[i].Pos, "write public static void main(String[] args), or set maven.compiler.release to 25",
			"Java %s cannot start this main method: it is not public and static, or takes no arguments, which only Java 25 and later can start", v.java)
	}
	return v, nil
}

// releases picks the feature release. What the repository itself says comes
// before what a parent POM brings along, and what the server needs before that if
// it is later.
func releases(in record.Input, f *java.Facts, p *java.Project, server record.Option) (versions, error) {
	list, err := candidates(in, f, p)
	if err != nil {
		return versions{}, err
	}
	if i := slices.IndexFunc(list, func(c record.Option) bool { return c.Value != "" }); i >= 0 && atoi(list[i].Value) < atoi(server.Value) {
		list = append([]record.Option{server}, list...)
	}
	limits, err := built(in, f, p)
	if err != nil {
		return versions{}, err
	}
	if c, asked := compiledFor(p), in.Settings.Version; atoi(java.Major(asked)) > 0 && atoi(java.Major(asked)) < atoi(c.Value) {
		return versions{}, record.Refuse(in.Settings.Pos("version"), "ask for "+c.Value+" or newer, or lower "+c.Rule,
			"version: Java %s neither compiles nor runs what %s compiles for, Java %s (%s)", plan.Printable(asked, 40), c.Pos, c.Value, c.Rule)
	}
	release, err := image.Version(in, image.VersionRequest{
		Key: "java.version", Images: image.ImagesOf("java"), Candidates: list, Raise: true, Limits: limits,
		// A later Java runs what was made for an earlier one.
		Satisfies: func(release, want string) bool { return atoi(release) >= atoi(java.Major(want)) },
		Lowest:    func(want string) (string, bool) { v := java.Major(want); return v, atoi(v) > 0 },
	})
	if err != nil {
		return versions{}, err
	}
	v := versions{java: release.Version, jdk: release.Version}
	// javac 8 has no --release: https://openjdk.org/jeps/247
	compiler := p.POM.Plugin("org.apache.maven.plugins", "maven-compiler-plugin")
	if r := p.POM.Property("maven.compiler.release"); v.java == "8" && (r.Found() || compiler.Config("release").Found()) {
		v.jdk = in.Log.Choose(plan.Choice{
			Key: "java.jdk", Value: "17", Evidence: "release 8", Pos: record.At(release.By.Pos),
			Rule: "Java 8's own compiler does not know --release; a later one compiles for 8",
		})
	}
	return v, nil
}

// compiledFor is the Java that the build says it compiles for. java.version is that to a parent alone, and a toolchain may compile for an
// older one, where that is said. javac knows no release later than its own: https://openjdk.org/jeps/247. A virtual machine loads no classes
// that are for a later one: https://docs.oracle.com/javase/specs/jvms/se25/html/jvms-4.html#jvms-4.1
func compiledFor(p *java.Project) record.Option {
	if p.Gradle != nil {
		levels := gradleLevels(p)
		says := func(c record.Option) bool { return c.Value != "" }
		if i := slices.IndexFunc(levels, func(c record.Option) bool { return says(c) && !strings.HasSuffix(c.Rule, "toolchain") }); i >= 0 {
			return levels[i]
		}
		if i := slices.IndexFunc(levels, says); i >= 0 {
			return levels[i]
		}
		return record.Option{}
	}
	own, _ := mavenCandidates(p)
	for _, c := range own {
		if c.Value != "" && c.Rule != jdkOfToolchains && c.Rule != javaVersion {
			return c
		}
	}
	return record.Option{}
}

// Lines of a POM that do not say what the compiler compiles for.
const (
	jdkOfToolchains = "the JDK of the toolchains plugin"
	javaVersion     = "java.version"
)

// built keeps to the releases that the image of Maven has a JDK of, where it builds: it follows a new Java later than the others.
func built(in record.Input, f *java.Facts, p *java.Project) ([]image.Limit, error) {
	if p.Gradle != nil {
		return nil, nil
	}
	if why, _, err := unfit(f); err != nil || f.Wrapper != nil && why == "" {
		return nil, err
	}
	img, _ := in.Know.Image("maven") // a test keeps images.yaml right
	return []image.Limit{{
		Fits: func(release string) bool { _, err := mavenImage(in, img.Default, release); return err == nil },
		Text: "the image of Maven builds it", Quiet: true,
	}}, nil
}

// candidates are the lines that name a Java, the one that counts first, each release once.
func candidates(in record.Input, f *java.Facts, p *java.Project) ([]record.Option, error) {
	var files []record.Option
	for _, v := range f.Versions {
		files = append(files, optionOf(v, "the JDK that the file names"))
	}
	rows, err := gradleTable()
	if err != nil {
		return nil, err
	}
	own, last := mavenCandidates(p)
	if last = append(last, rows.kotlin(in, p), unnamed(in, f, p)); p.Gradle != nil {
		own, last = gradleCandidates(in, f, p), []record.Option{rows.ceiling(in, f, p)}
	}
	var out []record.Option
	for _, c := range slices.Concat(own, files, last) {
		if !slices.ContainsFunc(out, func(o record.Option) bool { return o.Value == c.Value }) {
			out = append(out, c)
		}
	}
	return out, nil
}

// mavenCandidates are the lines of a POM that name a Java, the one that counts first, and those that a parent brings along.
func mavenCandidates(p *java.Project) (own, inherited []record.Option) {
	compiler := p.POM.Plugin("org.apache.maven.plugins", "maven-compiler-plugin")
	kotlin := p.POM.Plugin("org.jetbrains.kotlin", "kotlin-maven-plugin")
	raw := []record.Option{
		optionOf(p.POM.PluginNamed("maven-toolchains-plugin").Config("toolchains", "jdk", "version"), jdkOfToolchains),
		optionOf(compiler.Config("release"), "the compiler plugin's release"),
		optionOf(p.POM.Property("maven.compiler.release"), "maven.compiler.release"),
		optionOf(p.POM.Property("java.version"), javaVersion),
		optionOf(compiler.Config("target"), "the compiler plugin's target"),
		optionOf(compiler.Config("source"), "the compiler plugin's source"),
		optionOf(p.POM.Property("maven.compiler.target"), "maven.compiler.target"),
		optionOf(p.POM.Property("maven.compiler.source"), "maven.compiler.source"),
		optionOf(kotlin.Config("jvmTarget"), "the Kotlin plugin's jvmTarget"),
		optionOf(p.POM.Property("kotlin.compiler.jvmTarget"), "kotlin.compiler.jvmTarget"),
	}
	// A floor that the build itself checks counts if it is higher.
	var floor record.Option
	for _, x := range p.POM.PluginNamed("maven-enforcer-plugin").Goal("enforce") {
		floor = cmp.Or(floor, optionOf(x.Config("rules", "requireJavaVersion", "version"), "the enforcer plugin's requireJavaVersion"))
	}
	if i := slices.IndexFunc(raw, func(c record.Option) bool { return c.Value != "" }); i < 0 || atoi(raw[i].Value) < atoi(floor.Value) {
		raw = append([]record.Option{floor}, raw...)
	}
	for _, c := range raw {
		if p.POM.External != nil && c.Pos == p.POM.External.Pos {
			c.Rule = "what the parent " + p.POM.External.Artifact + " sets"
			inherited = append(inherited, c)
		} else {
			own = append(own, c)
		}
	}
	return own, inherited
}

// unnamed is the last Java that compiles a POM which names none: its compiler plugin takes a default, which is the older the older the plugin is,
// and later Javas refuse. A plugin without a version is the one that Maven is bound to.
// https://maven.apache.org/plugins/maven-compiler-plugin/compile-mojo.html#source, https://maven.apache.org/ref/3.8.8/maven-core/default-bindings.html,
// https://maven.apache.org/ref/3.9.0/maven-core/default-bindings.html, https://openjdk.org/jeps/182 (Java 9 without 5),
// https://bugs.java.com/bugdatabase/view_bug.do?bug_id=8206877 (12 without 6), https://docs.oracle.com/en/java/javase/17/docs/specs/man/javac.html (17 with 7)
func unnamed(in record.Input, f *java.Facts, p *java.Project) record.Option {
	sources := in.Tree.Files(path.Join(in.Dir, p.Dir, "src/main"))
	if x := p.POM.External; p.Gradle != nil || x != nil && !x.Known || !slices.ContainsFunc(sources, func(name string) bool { return path.Ext(name) == ".java" }) {
		return record.Option{}
	}
	for _, prof := range p.POM.Profiles() {
		if slices.ContainsFunc([]string{"release", "source", "target"}, func(s string) bool { return prof.Sets("maven.compiler." + s) }) {
			return record.Option{}
		}
	}
	plugin := p.POM.Plugin("org.apache.maven.plugins", "maven-compiler-plugin").Version()
	if w := f.Wrapper; !plugin.Found() && w != nil {
		plugin.Pos = w.URL.Pos
		switch {
		case w.Version == "" || strings.HasPrefix(w.Version, "4") || atLeast(w.Version, "3.9.3"):
		case atLeast(w.Version, "3.9"):
			plugin.Value = "3.10.1"
		default:
			plugin.Value = "3.1"
		}
	}
	v := version(plugin.Value)
	for _, x := range []struct{ before, java string }{{"3.8.0", "8"}, {"3.9.0", "11"}, {"3.11.0", "17"}} {
		if v != "" && !atLeast(v, x.before) {
			return record.Option{Value: x.java, Pos: plugin.Pos, Rule: "the last Java that compiles what maven-compiler-plugin " + v + " takes where the POM names none"}
		}
	}
	return record.Option{}
}

// gradleCandidates are the lines of a build of Gradle that name a Java for a module, the one that counts first.
func gradleCandidates(in record.Input, f *java.Facts, p *java.Project) []record.Option {
	out := gradleLevels(p)
	if daemon(in, f.Gradle) > 0 { // whose JDK compiles where nothing else is said
		out = append(out, optionOf(f.Gradle.Daemon, "the Java that Gradle is to run on"))
	}
	return out
}

// optionOf is a candidate for the version that a fact names.
func optionOf(f fact.Fact[string], rule string) record.Option {
	if !f.Found() || !pom.Resolved(f.Value) {
		return record.Option{}
	}
	return record.Option{Value: java.Major(f.Value), Pos: f.Pos, Rule: rule}
}

// quietTransfers reports whether a Maven knows -ntp, which came with 3.6.1.
func quietTransfers(version string) bool {
	return version == "" || strings.HasPrefix(version, "4") || atLeast(version, "3.6.1")
}
