package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// maven is how Maven is called, and where it is from.
type maven struct {
	wrapper bool     // the repository's own
	release string   // of the maven image, without a wrapper
	argv    []string // "mvn -B -ntp"
	scope   []string // "-pl app -am"
	extra   []string // what each call ends with
}

// decideMaven picks the repository's wrapper, or else the image of Maven.
func decideMaven(in record.Input, f *java.Facts, m *module, v versions) (maven, error) {
	var b maven
	img, _ := in.Know.Image("maven") // a test keeps images.yaml right
	ref, missing := mavenImage(in, img.Default, v.jdk)
	w := f.Wrapper
	switch {
	case w == nil:
	case w.CRLF:
		in.Log.Note(w.Pos, "has Windows line endings, so no shell can run it", "git add --renormalize with *mvnw text eol=lf in .gitattributes mends it; the maven image is used meanwhile")
	case !w.URL.Found():
		in.Log.Note(w.Pos, "has no .mvn/wrapper/maven-wrapper.properties next to it, so it does not know which Maven to use", "mvn wrapper:wrapper writes it; the maven image is used meanwhile")
	default:
		b.wrapper = true
		b.argv = []string{"./mvnw"}
		if !w.Direct {
			b.argv = []string{"sh", "mvnw"}
		}
		c := plan.Choice{Key: "java.build", Value: "mvnw", Rule: "the repository's own wrapper", Pos: record.At(w.URL.Pos)}
		if missing == nil {
			c.Rejected = []plan.Rejected{{Value: ref.String(), Why: "the repository's own wrapper names its Maven"}}
		}
		in.Log.Choose(c)
	}
	if !b.wrapper {
		if missing != nil {
			return b, record.Refuse(m.Pos(), "commit the Maven wrapper (mvn wrapper:wrapper), or --set version=21", "there is no image of Maven with Java %s", v.jdk)
		}
		rule := "there is no wrapper; the release of the maven image"
		if w != nil {
			rule = "the wrapper cannot run; the release of the maven image"
		}
		b.release = in.Log.Choose(plan.Choice{Key: "java.build", Value: img.Default, Rule: rule, Link: img.Source, Evidence: "no wrapper"})
		if _, err := mavenImage(in, b.release, v.jdk); err != nil {
			return b, record.RefuseLocked(fact.At(record.LockFile, 0), "Maven %s, which has no image", plan.Printable(b.release, 40))
		}
		b.argv = []string{"mvn"}
	}
	b.argv = append(b.argv, "-B")
	if !b.wrapper || quietTransfers(w.Version) {
		b.argv = append(b.argv, "-ntp")
	}
	if m.Dir != "." {
		b.scope = []string{"-pl", m.Dir, "-am"}
	}
	var err error
	b.extra, err = skipped(in, f)
	b.extra = append(b.extra, given(in, f, b.extra)...)
	if m.PluginNamed("quarkus-maven-plugin").Active {
		b.extra = append(b.extra, quarkusJar(in, m.Project)...)
	}
	return b, err
}

// given are the properties that the own Dockerfile gives to Maven, without those that are there. They are recorded as
// "java.properties".
func given(in record.Input, f *java.Facts, have []string) []string {
	var out []string
	for _, p := range f.Built.Properties {
		name, _, _ := strings.Cut(p.Value, "=")
		if !slices.ContainsFunc(slices.Concat(have, out), func(o string) bool { return o == name || strings.HasPrefix(o, name+"=") }) {
			out = append(out, p.Value)
		}
	}
	if len(out) > 0 {
		in.Log.Choose(plan.Choice{Key: "java.properties", Value: strings.Join(out, " "), Rule: image.DisplayName(in, f.Built.Properties[0].Pos) + " builds with them", Pos: record.At(f.Built.Properties[0].Pos)})
	}
	return out
}

// mavenImage is the image of a release of Maven with a JDK.
func mavenImage(in record.Input, release, jdk string) (plan.Ref, error) {
	return image.ImagesOf("maven").Ref(in.Know, release, plan.Slim, "eclipse-temurin-"+jdk)
}

// command is one call of Maven.
func (b maven) command(args ...string) []string { return slices.Concat(b.argv, b.scope, args, b.extra) }

// call is one call of Maven for sh.
func (b maven) call(args ...string) (plan.Shell, error) { return plan.NewShell(b.command(args...)...) }

// baseStage is the toolchain.
func baseStage(in record.Input, f *java.Facts, mvn maven, v versions) (plan.Stage, error) {
	about := "base is the JDK and Maven, on the machine's own platform: jars run on any, so nothing is emulated."
	ref, err := mavenImage(in, mvn.release, v.jdk)
	if mvn.wrapper {
		about = "base is the JDK, on the machine's own platform: jars run on any, so nothing is emulated."
		ref, err = image.ImagesOf("java").Ref(in.Know, v.jdk, plan.Slim, "jdk")
	}
	if err != nil {
		return plan.Stage{}, err
	}
	base := &Base{Head: plan.Head{
		Name: in.Stage("base"), From: plan.FromImage(ref).OnBuildPlatform(), About: []plan.Comment{plan.NewComment(about)},
	}}
	node, ok, err := nodeForBuild(in, f, mvn)
	if ok {
		for i, dir := range []string{"/usr/local/", "/opt/"} { // yarn is below /opt
			c, err := plan.NewCopy(dir, dir)
			if err != nil {
				return plan.Stage{}, err
			}
			a := plan.Artifact{Image: node, Copy: c}
			if i == 0 {
				a.Why = plan.NewComment("The build starts Node's programs.")
			}
			base.Copies = append(base.Copies, a)
		}
	}
	return plan.Stage{Block: "java/base", Data: base}, err
}

// depsStage downloads what the POMs name, before the source is there.
func depsStage(in record.Input, f *java.Facts, m *module, mvn maven) (plan.Stage, error) {
	d := &Deps{Head: plan.Head{
		Name: in.Stage("deps"), From: plan.FromStage(in.Stage("base")),
		About: []plan.Comment{
			plan.NewComment("deps changes only with the POMs. The dependencies are in its layers, so dev can run offline."),
			plan.NewComment("The cache of test and build starts with a copy of them."),
		},
	}}
	root := []string{"pom.xml"}
	if mvn.wrapper {
		root = []string{"mvnw", "pom.xml"}
	}
	type manifest struct {
		to   string
		from []string
	}
	list := []manifest{{"./", root}}
	if f.MavenDir {
		list = append(list, manifest{".mvn/", []string{".mvn/"}})
	}
	for _, file := range f.Poms {
		switch {
		case file == "pom.xml":
		case path.Base(file) == "pom.xml":
			list = append(list, manifest{path.Dir(file) + "/", []string{file}})
		default:
			list = append(list, manifest{file, []string{file}})
		}
	}
	for _, x := range list {
		c, err := plan.NewCopy(x.to, x.from...)
		if err != nil {
			return plan.Stage{}, err
		}
		d.Manifests = append(d.Manifests, c)
	}
	goals := []string{"dependency:go-offline"}
	if m.made.kind == Quarkus {
		goals = []string{"quarkus:go-offline"}
	}
	if len(f.Projects) > 1 || m.Local() {
		// go-offline of the dependency plugin 2.8 to 3.1.1 fails if one module
		// depends on another, whose jar is in no repository.
		goals = append([]string{"-fn"}, goals...)
		d.About = append(d.About, plan.NewComment("-fn lets Maven continue when a dependency needs the source; the build resolves it."))
	} else if x := m.External; x != nil && !x.Known && m.made.kind != Quarkus {
		// go-offline resolves all plugins, and a parent may name some that serve its own releases alone.
		goals = append([]string{"-fn"}, goals...)
		d.About = append(d.About, plan.NewComment("-fn lets Maven continue when a plugin of the parent is not to be had, which the build does not need."))
	}
	var err error
	d.Fetch, err = mvn.call(goals...)
	return plan.Stage{Block: "java/deps", Data: d}, err
}
