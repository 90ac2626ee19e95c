package java

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed mavens.table
var mavensCompiled string

// maven is how Maven is called, and where it is from.
type maven struct {
	facts   *java.Facts
	wrapper bool     // the repository's own
	release string   // of the maven image, without a wrapper
	argv    []string // "mvn -B -ntp"
	scope   []string // "-pl app -am"
	extra   []string // what each call ends with
	logins
}

// decideMaven picks the repository's wrapper, or else the image of Maven.
func decideMaven(in record.Input, f *java.Facts, m *module, v versions) (maven, error) {
	b := maven{facts: f}
	img, _ := in.Know.Image("maven") // a test keeps images.yaml right
	ref, missing := mavenImage(in, img.Default, v.jdk)
	w := f.Wrapper
	why, hint, err := unfit(f)
	switch {
	case err != nil:
		return b, err
	case w == nil:
	case why != "":
		in.Log.Note(w.Pos, why, hint+"; the maven image is used meanwhile")
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
			hint := "commit the Maven wrapper (mvn wrapper:wrapper)"
			if atoi(compiledFor(m.Project).Value) <= 21 {
				hint += ", or --set version=21"
			}
			return b, record.Refuse(m.Pos(), hint, "there is no image of Maven with Java %s", v.jdk)
		}
		rule := "there is no wrapper; the release of the maven image"
		if w != nil {
			rule = "the wrapper cannot run; the release of the maven image"
		}
		b.release = in.Log.Choose(plan.Choice{Key: "java.build", Value: img.Default, Rule: rule, Link: img.Source, Image: img.Name, Evidence: "no wrapper", Rejected: image.Kept(img, img.Default)})
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
	if err := b.login(in); err != nil {
		return b, err
	}
	b.extra, err = skipped(in, f)
	if own := f.Built.Properties; len(own) > 0 {
		b.extra = append(b.extra, given(in, f, "-D", b.extra, image.DisplayName(in, own[0].Pos)+" builds with them")...)
	}
	if m.POM.PluginNamed("quarkus-maven-plugin").Active {
		b.extra = append(b.extra, quarkusJar(in, m.Project)...)
	}
	return b, err
}

// mavenRow is a row of mavens.yaml.
type mavenRow struct {
	Parent string `yaml:"parent"`
	From   string `yaml:"from"`
	Plugin string `yaml:"plugin"`
	Maven  string `yaml:"maven"`
	Source string `yaml:"source"`
}

var mavenRows = table.Lazy[[]mavenRow]("mavens.yaml", mavensCompiled) //nolint:gochecknoglobals // decoded once

// unfit is why the wrapper cannot build the reactor, and what mends it; "" if it can, or if there is none.
func unfit(f *java.Facts) (why, hint string, err error) {
	w := f.Wrapper
	switch {
	case w == nil:
		return "", "", nil
	case w.CRLF:
		return "has Windows line endings, so no shell can run it", "git add --renormalize with *mvnw text eol=lf in .gitattributes mends it", nil
	case !w.URL.Found():
		return "has no .mvn/wrapper/maven-wrapper.properties next to it, so it does not know which Maven to use", "mvn wrapper:wrapper writes it", nil
	}
	rows, err := mavenRows()
	if err != nil || version(w.Version) == "" {
		return "", "", err
	}
	for _, row := range rows {
		if atLeast(w.Version, row.Maven) {
			continue
		}
		for _, p := range f.Projects {
			if row.wants(p) {
				why = "starts Maven " + plan.Printable(w.Version, 40) + ", which cannot read the rules that " + row.Parent + " " + plan.Printable(p.POM.External.Version, 40) + " gives " + row.Plugin
				hint = "mvn wrapper:wrapper -Dmaven=" + row.Maven + ", or a later one, mends it"
			}
		}
	}
	return why, hint, nil
}

// wants reports whether a module's build needs the row's Maven.
func (row mavenRow) wants(p *java.Project) bool {
	x := p.POM.External
	return x != nil && x.Group+":"+x.Artifact == row.Parent && version(x.Version) != "" && atLeast(x.Version, row.From) && p.POM.PluginNamed(row.Plugin).Active
}

// given are the properties that the repository's own files give to the build by an option ("-D", "-P"), without those that are there.
// They are recorded as "java.properties", with the rule.
func given(in record.Input, f *java.Facts, option string, have []string, rule string) []string {
	var out []string
	for _, p := range f.Built.Properties {
		name, _, _ := strings.Cut(p.Value, "=")
		if strings.HasPrefix(p.Value, option) && !slices.ContainsFunc(slices.Concat(have, out), func(o string) bool { return o == name || strings.HasPrefix(o, name+"=") }) {
			out = append(out, p.Value)
		}
	}
	if len(out) > 0 {
		in.Log.Choose(plan.Choice{Key: "java.properties", Value: strings.Join(out, " "), Rule: rule, Pos: record.At(f.Built.Properties[0].Pos)})
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

// cache implements tool.
func (b maven) cache() plan.Path {
	if b.facts.Login.Settings {
		return plan.MustPath("/root/.m2/repository")
	}
	return plan.MustPath("/root/.m2")
}

// locked implements tool.
func (maven) locked() bool { return false }

// near implements tool: Maven's modules lie below their root.
func (maven) near() []plan.Artifact { return nil }

// skip has Maven leave out what stages of their own do.
func (b *maven) skip(options []string) { b.extra = append(b.extra, options...) }

// base implements tool.
func (b maven) base(in record.Input, v versions) (*Base, error) {
	about := "base is the JDK and Maven, on the machine's own platform: jars run on any, so nothing is emulated."
	ref, err := mavenImage(in, b.release, v.jdk)
	if b.wrapper {
		about = "base is the JDK, on the machine's own platform: jars run on any, so nothing is emulated."
		ref, err = image.ImagesOf("java").Ref(in.Know, v.jdk, plan.Slim, "jdk")
	}
	out := &Base{Head: plan.Head{From: plan.FromImage(ref).OnBuildPlatform(), About: []plan.Comment{plan.NewComment(about)}}}
	if b.wrapper && b.facts.Wrapper.Unzip {
		out.Debian = []plan.System{image.Packages("without {} mvnw downloads a tar, whose sum is not that of its properties", plan.MustToken("unzip"))}
	}
	return out, err
}

// others implements tool.
func (maven) others(record.Input) ([]plan.Stage, error) { return nil, nil }

// deps implements tool. It downloads what the POMs name.
func (b maven) deps(in record.Input, m *module) (*Deps, error) {
	f := b.facts
	d := &Deps{Head: plan.Head{About: []plan.Comment{
		plan.NewComment("deps changes only with the POMs. The dependencies are in its layers, so dev can run offline."),
		plan.NewComment("The cache of test and build starts with a copy of them."),
	}}}
	root := []string{"pom.xml"}
	if b.wrapper {
		root = []string{"mvnw", "pom.xml"}
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
	goals := []string{"dependency:go-offline"}
	if m.made.quarkus { // whatever it packs: the plugin needs more than the POM names
		goals = []string{"quarkus:go-offline"}
	}
	if len(f.Projects) > 1 || m.POM.Local() {
		// go-offline of the dependency plugin 2.8 to 3.1.1 fails if one module
		// depends on another, whose jar is in no repository.
		goals = append([]string{"-fn"}, goals...)
		d.About = append(d.About, plan.NewComment("-fn lets Maven continue when a dependency needs the source; the build resolves it."))
	} else if x := m.POM.External; x != nil && !x.Known && !m.made.quarkus {
		// go-offline resolves all plugins, and a parent may name some that serve its own releases alone.
		goals = append([]string{"-fn"}, goals...)
		d.About = append(d.About, plan.NewComment("-fn lets Maven continue when a plugin of the parent is not to be had, which the build does not need."))
	}
	var err error
	if d.Manifests, err = copies(in, list); err != nil {
		return nil, err
	}
	d.Fetch, err = b.call(goals...)
	return d, err
}

// pack implements tool.
func (b maven) pack(m *module) []string {
	goals := []string{"package", "-DskipTests"}
	if m.made.kind == Classes && m.made.libs != "" {
		goals = append(goals, "dependency:copy-dependencies", "-DincludeScope=runtime")
	}
	if m.profile != "" {
		goals = append(goals, "-P"+m.profile)
	}
	return b.command(goals...)
}

// check implements tool.
func (b maven) check(_ *module, tests bool) check {
	const link = "https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html"
	if !tests {
		return check{name: "mvn test-compile", link: link, command: b.command("test-compile")}
	}
	return check{name: "mvn test", rule: "the Maven phase that runs the unit tests; verify would run those that need other services too", link: link, command: b.command("test")}
}

// live implements tool.
func (b maven) live(m *module) (live, bool) {
	if !m.made.quarkus {
		return live{}, false
	}
	return live{command: b.command("quarkus:dev"), name: "quarkus:dev", link: "https://quarkus.io/guides/maven-tooling#dev-mode"}, true
}

// compile implements tool.
func (b maven) compile(m *module) compiled {
	switch {
	case m.made.kind == War:
		return compiled{command: b.command("-q", "compile", "war:exploded"), name: "war:exploded"}
	case m.made.kind == Runner:
		return compiled{command: b.command("-q", "package", "-DskipTests"), name: "package"}
	case m.made.kind != Libs && !hasLibs(m.Project):
		return compiled{command: b.command("-q", "compile"), name: compileAndRestart, classes: m.compiled()}
	}
	goals := []string{"-q", "compile", "dependency:build-classpath", "-Dmdep.outputFile=" + classpathFile}
	if m.Packaging().Value != "war" {
		goals = append(goals, "-DincludeScope=runtime")
	}
	return compiled{command: b.command(goals...), name: compileAndRestart, classes: m.compiled(), file: classpathFile}
}

// compiled are the folders of classes in dev, before those of the dependencies.
func (m *module) compiled() []string {
	out := []string{m.in(m.ClassesDir())}
	if c := m.made.config; c.to != "" {
		out = append([]string{m.in(c.source)}, out...)
	}
	return out
}

// classpathFile holds the class path of the dependencies, which Maven writes in dev.
const classpathFile = "/tmp/classpath"
