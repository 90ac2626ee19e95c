package java

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/knowledge"
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
	v, err := releases(in, f, m.Project)
	if err != nil {
		return v, err
	}
	if i := slices.IndexFunc(m.Sources.Mains, func(x java.Main) bool { return x.Class == m.main && x.Instance }); i >= 0 && atoi(v.java) < 25 {
		return v, record.Refuse(m.Sources.Mains[i].Pos, "write public static void main(String[] args), or set maven.compiler.release to 25",
			"Java %s cannot start this main method: it is not public and static, or takes no arguments, which Java 25 is the first to start", v.java)
	}
	return v, nil
}

// releases picks the feature release. What the repository itself says comes
// before what a parent POM brings along.
func releases(in record.Input, f *java.Facts, p *java.Project) (versions, error) {
	img, ok := in.Know.Image("eclipse-temurin")
	if !ok {
		return versions{}, record.Refuse(fact.Pos{}, "", "no image of Java is known")
	}
	compiler := p.Plugin("org.apache.maven.plugins", "maven-compiler-plugin")
	kotlin := p.Plugin("org.jetbrains.kotlin", "kotlin-maven-plugin")
	raw := []record.Option{
		said(p.PluginNamed("maven-toolchains-plugin").Config("toolchains", "jdk", "version"), "the JDK of the toolchains plugin"),
		said(compiler.Config("release"), "the compiler plugin's release"),
		said(p.Property("maven.compiler.release"), "maven.compiler.release"),
		said(p.Property("java.version"), "java.version"),
		said(compiler.Config("target"), "the compiler plugin's target"),
		said(compiler.Config("source"), "the compiler plugin's source"),
		said(p.Property("maven.compiler.target"), "maven.compiler.target"),
		said(p.Property("maven.compiler.source"), "maven.compiler.source"),
		said(kotlin.Config("jvmTarget"), "the Kotlin plugin's jvmTarget"),
		said(p.Property("kotlin.compiler.jvmTarget"), "kotlin.compiler.jvmTarget"),
	}
	// A floor that the build itself checks counts where it is higher.
	var floor record.Option
	for _, x := range p.PluginNamed("maven-enforcer-plugin").Goal("enforce") {
		floor = cmp.Or(floor, said(x.Config("rules", "requireJavaVersion", "version"), "the enforcer plugin's requireJavaVersion"))
	}
	if i := slices.IndexFunc(raw, func(c record.Option) bool { return c.Value != "" }); i < 0 || atoi(raw[i].Value) < atoi(floor.Value) {
		raw = append([]record.Option{floor}, raw...)
	}
	var own, inherited []record.Option
	for _, c := range raw {
		if p.External != nil && c.Pos == p.External.Pos {
			c.Rule = "what the parent " + p.External.Artifact + " sets"
			inherited = append(inherited, c)
		} else {
			own = append(own, c)
		}
	}
	for _, v := range f.Versions {
		own = append(own, said(v, "the JDK that the file names"))
	}
	list := []record.Option{}
	if v := in.Settings.Version; v != "" {
		list = append(list, record.Option{Value: java.Major(v), Pos: in.Settings.Pos("version"), Rule: "asked for"})
		if list[0].Value == "" {
			return versions{}, fact.Errorf(in.Settings.Pos("version"), "version: %q names no Java release", plan.Printable(v, 40)).WithHint("write 21, or 17.0.9")
		}
	}
	list = append(append(list, own...), inherited...)
	win, rejected, ok := record.First(list...)
	if !ok {
		v := in.Log.Choose(plan.Choice{
			Key: "java.version", Value: img.Default, Link: img.Source, Evidence: "no version is named",
			Rule: "the repository names no version; this is the long-term release that most libraries support",
		})
		return versions{v, v}, nil
	}
	v, why := published(img, win.Value)
	if v == "" {
		return versions{}, record.Refuse(win.Pos, "--set version=21 takes another", "Java %s has no published image", win.Value)
	}
	if v != win.Value {
		rejected = append([]plan.Rejected{{Value: win.Value, Pos: record.At(win.Pos), Why: why}}, rejected...)
	}
	c := plan.Choice{Key: "java.version", Value: v, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: dedupe(rejected, v)}
	if v != win.Value || p.External != nil && win.Pos == p.External.Pos {
		c.Evidence, c.Link = win.Rule+" "+win.Value, img.Source
	}
	out := versions{java: in.Log.Choose(c)}
	out.jdk = out.java
	// javac 8 has no --release: https://openjdk.org/jeps/247
	if r := p.Property("maven.compiler.release"); out.java == "8" && (r.Found() || compiler.Config("release").Found()) {
		out.jdk = in.Log.Choose(plan.Choice{
			Key: "java.jdk", Value: "17", Evidence: "release 8", Pos: record.At(win.Pos),
			Rule: "Java 8's own compiler does not know --release; a later one compiles for 8",
		})
	}
	return out, nil
}

// said is a candidate for the version that a fact names.
func said(f fact.Fact[string], rule string) record.Option {
	if !f.Found() || !pom.Resolved(f.Value) {
		return record.Option{}
	}
	return record.Option{Value: java.Major(f.Value), Pos: f.Pos, Rule: rule}
}

// published is the release with an image that runs what asks for v: v itself
// where it has long-term support, else the next that has, else v as it is.
func published(img knowledge.Image, v string) (release, why string) {
	want, best := atoi(v), 0
	for _, r := range img.Releases {
		if n := atoi(r.Version); r.LTS && n >= want && (best == 0 || n < best) {
			best = n
		}
	}
	switch {
	case best == want:
		return v, ""
	case best > 0:
		return strconv.Itoa(best), "has no long-term support; the next release that has is taken"
	}
	if _, ok := img.Release(v); ok {
		return v, ""
	}
	return "", ""
}

// quietTransfers reports whether a Maven knows -ntp, which came with 3.6.1.
func quietTransfers(version string) bool {
	return version == "" || strings.HasPrefix(version, "4") || atLeast(version, "3.6.1")
}
