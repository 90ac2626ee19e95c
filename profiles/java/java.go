// Package java decides how a Maven project is built and what its image holds.
package java

import (
	"errors"
	"fmt"
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

// Plan is what the templates of templates/java see.
type Plan struct {
	plan.Base
	Version plan.Token // of the Java that runs
	JDK     plan.Token // of the Java that builds, where OtherJDK
	// OtherJDK says that the build needs another release than prod.
	OtherJDK bool
	Wrapper  bool       // the repository's own wrapper is used
	Maven    plan.Token // the maven image's version, where there is no wrapper

	Manifests []plan.Copy // the POMs and the wrapper
	Whole     bool        // the build reads more than src
	Offline   plan.Shell  // downloads what dev needs
	Test      plan.Shell
	Tests     bool // there are tests to run
	Package   plan.Shell
	Extract   plan.Shell // takes a Spring Boot jar apart, for layers

	Kind   Kind
	Layers []plan.Copy // of prod, from the build stage
	Tomcat plan.Token  // the tomcat image's tag, for war
	Entry  plan.Exec   // nil: the base image's own
	Cmd    plan.Exec

	Compile plan.Shell // dev: compiles, and writes the class path
	DevMain plan.Shell // dev: the main class with its options
	Classes plan.Shell // dev: the folder of compiled classes
	Libs    bool       // dev: the class path holds dependencies too
	Watch   plan.Shell // dev: the files whose change restarts
	DevCmd  plan.Exec  // dev: the framework's own live reload, instead of the above
	DevEnv  []plan.Env
}

// Template implements plan.Stack.
func (*Plan) Template() string { return "java" }

// the image's folders
const (
	src = "/src"
	out = "/out"
)

// Decide makes the plan of a Maven project.
func Decide(in record.Input, f *java.Facts) (*plan.App, error) {
	if len(f.Projects) == 0 {
		return nil, record.Refuse(f.Gradle, "dockgen builds Maven projects so far: its Gradle support waits until the plugins of a build can be told without running it", "a Gradle build, which dockgen does not support yet")
	}
	if !f.Gradle.IsZero() {
		in.Log.Choose(plan.Choice{Key: "java.tool", Value: "maven", Rule: "a pom.xml", Pos: record.At(f.Projects[0].Pos()), Rejected: []plan.Rejected{{Value: "gradle", Pos: record.At(f.Gradle), Why: "Maven needs no plugin portal"}}})
	}
	m, err := pickModule(in, f)
	if err != nil {
		return nil, err
	}
	v, err := decideVersion(in, f, m.Project)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(m.Sources.Mains, func(x java.Main) bool { return x.Class == m.main && x.Instance }); i >= 0 && atoi(v.java) < 25 {
		return nil, record.Refuse(m.Sources.Mains[i].Pos, "write public static void main(String[] args), or set maven.compiler.release to 25",
			"Java %s cannot start this main method: it is not public and static, or takes no arguments, which Java 25 is the first to start", v.java)
	}
	b, err := decideBuild(in, f, &m, v)
	if err != nil {
		return nil, err
	}
	needs := needsOf(in, &m)
	runtime, err := in.Log.Runtime(func(r plan.Runtime) error { return can(in, &m, v, needs, r) })
	if err != nil {
		return nil, err
	}
	port, err := decidePort(in, &m)
	if err != nil {
		return nil, err
	}
	if m.made.kind == War && len(port.list) == 0 {
		port.list = []plan.Port{8080}
		in.Log.Choose(plan.Choice{Key: "port", Value: "8080", Rule: "Tomcat's own", Link: "https://hub.docker.com/_/tomcat"})
	}
	env := append([]plan.Env{plan.MustEnv("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError")}, port.env...)
	env = append(env, needs.env...)
	base, err := image.Base(in, runtime, env...)
	if err != nil {
		return nil, err
	}
	base.Ports = port.list
	base.Debian, base.Alpine = append(needs.debian, base.Debian...), append(needs.alpine, base.Alpine...)
	base.Health = health(in, &m, runtime, port)
	if runtime == plan.Alpine && slices.Contains([]string{"8", "11", "17"}, v.java) {
		in.Log.Note(fact.Pos{}, "eclipse-temurin:"+v.java+"-jre-alpine is published for amd64 alone", "Java 21, or --runtime slim, runs on arm64 too")
	}
	p := &Plan{Base: base, Kind: m.made.kind}
	if p.Version, err = plan.NewToken(v.java); err != nil {
		return nil, err
	}
	if p.JDK, err = plan.NewToken(v.jdk); err != nil {
		return nil, err
	}
	p.OtherJDK = v.jdk != v.java
	if err := errors.Join(b.fill(in, p, &m), p.prod(in, &m, runtime), p.dev(in, &m, b, port)); err != nil {
		if refused := (*plan.RefusedError)(nil); errors.As(err, &refused) {
			return nil, fact.Errorf(m.FinalName().Pos, "a name that the Dockerfile needs cannot stand in it: %w", refused)
		}
		return nil, err
	}
	return &plan.App{Name: m.Artifact().Value, Image: plan.WholeImage(p), Run: &plan.Run{Ports: base.Ports}, Ignore: ignore(in, f)}, nil
}

// build is how Maven is called.
type build struct {
	wrapper   bool
	maven     string // the maven image's release
	mvn       []string
	scope     []string // -pl app -am
	modules   []*java.Project
	whole     bool // the build reads more than src
	facts     *java.Facts
	extraArgs []string
}

func decideBuild(in record.Input, f *java.Facts, m *module, v versions) (*build, error) {
	b := &build{facts: f, modules: f.Projects, whole: len(f.Projects) > 1 || len(f.Extra) > 0 || !in.Tree.HasDir(path.Join(in.Dir, "src")) || m.Outside()}
	release, variant := mavenImage(in.Know, v.jdk)
	image := plan.Rejected{Value: "maven:" + release + "-" + variant}
	w := f.Wrapper
	switch {
	case w == nil:
	case w.CRLF:
		in.Log.Note(w.Pos, "has Windows line endings, with which no shell runs it", "git add --renormalize with *mvnw text eol=lf in .gitattributes mends it; the maven image is used meanwhile")
	case !w.URL.Found():
		in.Log.Note(w.Pos, "has no .mvn/wrapper/maven-wrapper.properties beside it, so it cannot know its Maven", "mvn wrapper:wrapper writes it; the maven image is used meanwhile")
	default:
		b.wrapper = true
		b.mvn = []string{"./mvnw"}
		if !w.Direct {
			b.mvn = []string{"sh", "mvnw"}
		}
		image.Why = "the repository's own wrapper names its Maven"
		c := plan.Choice{Key: "java.build", Value: "mvnw", Rule: "the repository's own wrapper", Pos: record.At(w.URL.Pos)}
		if release != "" {
			c.Rejected = []plan.Rejected{image}
		}
		in.Log.Choose(c)
	}
	if !b.wrapper {
		if release == "" {
			return nil, record.Refuse(m.Pos(), "commit the Maven wrapper (mvn wrapper:wrapper), or --set version=21", "there is no image of Maven with Java %s", v.jdk)
		}
		rule := "there is no wrapper; the release of the maven image"
		if w != nil {
			rule = "the wrapper cannot run; the release of the maven image"
		}
		b.maven = in.Log.Choose(plan.Choice{Key: "java.build", Value: release, Rule: rule, Link: "https://hub.docker.com/_/maven", Evidence: "no wrapper"})
		b.mvn = []string{"mvn"}
	}
	b.mvn = append(b.mvn, "-B")
	if !b.wrapper || quietTransfers(f.Wrapper.Version) {
		b.mvn = append(b.mvn, "-ntp")
	}
	if m.Dir != "." {
		b.scope = []string{"-pl", m.Dir, "-am"}
	}
	for _, id := range []string{"git-commit-id-maven-plugin", "git-commit-id-plugin"} {
		if g := m.PluginNamed(id); g.Active {
			b.extraArgs = append(b.extraArgs, "-Dmaven.gitcommitid.skip=true")
			in.Log.Note(g.Pos, "the commit id is not in the image: .git is no part of the build", "")
			break
		}
	}
	return b, nil
}

// call is one call of Maven.
func (b *build) call(args ...string) (plan.Shell, error) {
	return plan.NewShell(slices.Concat(b.mvn, b.scope, args, b.extraArgs)...)
}

// fill sets what the stages before prod need.
func (b *build) fill(in record.Input, p *Plan, m *module) error {
	p.Wrapper = b.wrapper
	var err error
	if !b.wrapper {
		if p.Maven, err = plan.NewToken(b.maven); err != nil {
			return err
		}
	}
	add := func(list *[]plan.Copy, to string, from ...string) {
		c, e := plan.NewCopy(to, from...)
		err = errors.Join(err, e)
		*list = append(*list, c)
	}
	root := []string{"pom.xml"}
	if b.wrapper {
		root = []string{"mvnw", "pom.xml"}
	}
	add(&p.Manifests, "./", root...)
	if b.facts.MavenDir {
		add(&p.Manifests, ".mvn/", ".mvn/")
	}
	for _, q := range b.modules[1:] {
		if path.Base(q.File) == "pom.xml" {
			add(&p.Manifests, q.Dir+"/", q.File)
		} else {
			add(&p.Manifests, q.File, q.File)
		}
	}
	p.Whole = b.whole
	for _, q := range b.modules {
		p.Tests = p.Tests || q.Tests
	}
	goal, rule := "test", "the Maven phase that runs the unit tests; verify would run those that need other services too"
	if !p.Tests {
		goal, rule = "test-compile", "there are no tests; compiling is the cheapest honest check"
		in.Log.Note(m.Pos(), "the repository has no tests: the test target compiles", "")
	}
	in.Log.Choose(plan.Choice{Key: "test", Value: "mvn " + goal, Rule: rule, Link: "https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html"})
	call := func(args ...string) plan.Shell {
		s, e := b.call(args...)
		err = errors.Join(err, e)
		return s
	}
	p.Test = call(goal)
	pkg := []string{"package", "-DskipTests"}
	if m.made.kind == Classes && m.made.libs != "" {
		pkg = append(pkg, "dependency:copy-dependencies", "-DincludeScope=runtime")
	}
	p.Package = call(pkg...)
	p.Offline = call("dependency:go-offline")
	if m.made.kind == Quarkus {
		p.Offline = call("quarkus:go-offline")
	}
	if m.made.kind == Layers {
		args := []string{"java", "-Djarmode=" + m.made.tool, "-jar", m.in(m.made.file), "extract"}
		if m.made.tool == "tools" {
			args = append(args, "--layers")
		}
		s, e := plan.NewShell(append(args, "--destination", out)...)
		err = errors.Join(err, e)
		p.Extract = s
	}
	return err
}

// prod sets the files and the command of prod.
func (p *Plan) prod(in record.Input, m *module, r plan.Runtime) error {
	var err error
	from := func(to, name string) {
		c, e := plan.NewCopy(to, path.Join(src, m.in(name))+trailing(name))
		err = errors.Join(err, e)
		p.Layers = append(p.Layers, c)
	}
	made := m.made
	file := path.Base(made.file)
	var start []string // what follows java
	jar := false       // java -jar, which is distroless' own entry point
	switch made.kind {
	case Layers:
		for _, layer := range []string{"dependencies", "spring-boot-loader", "snapshot-dependencies", "application"} {
			p.Layers = append(p.Layers, plan.Copy{From: []plan.Path{plan.MustPath(out + "/" + layer + "/")}, To: plan.MustPath(".")})
		}
		if made.launcher != "" {
			start = []string{made.launcher}
		} else {
			start, jar = []string{file}, true
		}
	case Jar:
		from("./", made.file)
		if made.main.Found() || made.finds {
			start, jar = []string{file}, true
		} else {
			start = []string{"-cp", file, m.main}
		}
	case Libs:
		from(made.in+"/", made.libs+"/")
		from("./", made.file)
		start, jar = []string{file}, true
	case Classes:
		cp := "classes"
		if made.libs != "" {
			from("lib/", made.libs+"/")
			cp += ":lib/*"
		}
		from("classes/", made.file+"/")
		start = []string{"-cp", cp, m.main}
	case Quarkus:
		for _, dir := range []string{"lib/", "quarkus-run.jar", "app/", "quarkus/"} {
			to := dir
			if trailing(dir) == "" {
				to = "./"
			}
			from(to, made.file+"/"+dir)
		}
		start, jar = []string{"quarkus-run.jar"}, true
	case War:
		from("webapps/ROOT/", made.file+"/")
		tag, e := tomcat(in, m.Project, p.Version.String())
		err = errors.Join(err, e)
		p.Tomcat = tag
	}
	rule := made.rule
	switch {
	case len(in.Settings.Start) > 0:
		p.Entry, rule = in.Settings.Start, "asked for"
	case made.kind == War:
		p.Cmd = plan.Exec{"catalina.sh", "run"}
	case jar && r == plan.Distroless:
		p.Cmd = start
	case jar:
		p.Entry = append(plan.Exec{"java", "-jar"}, start...)
	default:
		p.Entry = append(plan.Exec{"java"}, start...)
	}
	what := strings.Join(slices.Concat(p.Entry, p.Cmd), " ")
	if jar && p.Entry == nil {
		what = "java -jar " + what // the entry point of distroless
	}
	in.Log.Choose(plan.Choice{Key: "start", Value: what, Rule: rule, Pos: record.At(made.pos)})
	return err
}

func trailing(name string) string {
	if strings.HasSuffix(name, "/") {
		return "/"
	}
	return ""
}

// dev sets what runs the mounted source.
func (p *Plan) dev(in record.Input, m *module, b *build, port ports) error {
	var err error
	p.DevEnv = port.env
	switch m.made.kind {
	case Quarkus:
		p.DevCmd = slices.Concat(b.mvn, b.scope, []string{"quarkus:dev"}, b.extraArgs)
		if len(port.list) > 0 {
			p.DevCmd = append(p.DevCmd, "-Dquarkus.http.host=0.0.0.0")
		}
		in.Log.Choose(plan.Choice{Key: "dev", Value: "quarkus:dev", Rule: "Quarkus' own live reload", Link: "https://quarkus.io/guides/maven-tooling#dev-mode"})
		return nil
	case War:
		p.Compile, err = b.call("-q", "compile", "war:exploded")
		in.Log.Choose(plan.Choice{Key: "dev", Value: "war:exploded", Rule: "Tomcat is started anew on the exploded war when a file changes"})
	case Layers, Jar, Libs, Classes:
		goals := []string{"-q", "compile"}
		if p.Libs = m.made.kind == Libs || hasLibs(m.Project); p.Libs {
			goals = append(goals, "dependency:build-classpath", "-Dmdep.outputFile=/tmp/classpath")
			if m.Packaging().Value != "war" {
				goals = append(goals, "-DincludeScope=runtime")
			}
		}
		p.Compile, err = b.call(goals...)
		if err == nil {
			p.DevMain, err = plan.NewShell(m.main)
		}
		in.Log.Choose(plan.Choice{Key: "dev", Value: "compile and restart", Rule: "a save compiles what changed and starts " + m.main + " anew from its class path"})
	}
	if err != nil {
		return err
	}
	classes := m.in(m.ClassesDir())
	if m.made.kind == War {
		classes = m.in(m.made.file)
	}
	if p.Classes, err = plan.NewShell(classes); err != nil {
		return err
	}
	var watch []string
	for _, q := range b.modules {
		watch = append(watch, q.File)
		for _, dir := range []string{path.Join(q.Dir, "src"), path.Join(q.Dir, q.SourceDir())} {
			if in.Tree.HasDir(path.Join(in.Dir, dir)) && !slices.ContainsFunc(watch, func(w string) bool { return strings.HasPrefix(dir+"/", w+"/") }) {
				watch = append(watch, dir)
			}
		}
	}
	p.Watch, err = plan.NewShell(watch...)
	return err
}

// tomcat is the tag of the tomcat image that the servlet API asks for:
// https://tomcat.apache.org/whichversion.html
func tomcat(in record.Input, p *java.Project, version string) (plan.Token, error) {
	line, rule, pos := "10.1", "no servlet API is named; this is Jakarta EE's", p.Packaging().Pos
	for _, d := range p.Dependencies() {
		switch {
		case d.Group == "javax.servlet" || d.Name() == "javax:javaee-api" || d.Name() == "javax:javaee-web-api":
			line, rule, pos = "9.0", "the javax.servlet API", d.Pos
		case d.Group == "jakarta.servlet" || strings.HasPrefix(d.Group, "jakarta.platform"):
			line, rule, pos = "10.1", "the jakarta.servlet API", d.Pos
			if d.Group == "jakarta.servlet" && pom.Resolved(d.Version) && atLeast(d.Version, "6.1") {
				in.Log.Note(d.Pos, "is compiled against Servlet "+plan.Printable(d.Version, 20)+"; Tomcat 10.1 has 6.0", "what is new in 6.1 is missing at run time")
			}
		}
	}
	img, _ := in.Know.Image("tomcat")
	r, ok := img.Release(line)
	variant := "jre" + version + "-temurin-noble"
	if !ok || !r.Has(variant) {
		return plan.Token{}, record.Refuse(pos, "--set version=21 takes another", "there is no image of Tomcat %s with Java %s", line, version)
	}
	in.Log.Choose(plan.Choice{Key: "java.tomcat", Value: line, Rule: rule, Pos: record.At(pos), Link: "https://tomcat.apache.org/whichversion.html", Evidence: rule})
	return plan.NewToken(line + "-" + variant)
}

// can says why a runtime cannot run the app.
func can(in record.Input, m *module, v versions, needs needs, r plan.Runtime) error {
	temurin, _ := in.Know.Image("eclipse-temurin")
	release, _ := temurin.Release(v.java)
	switch r {
	case plan.Scratch:
		return errors.New("the JVM needs a C library and its own files, which scratch has not")
	case plan.Distroless:
		img, _ := in.Know.Image("gcr.io/distroless/java")
		switch _, ok := img.Release(v.java); {
		case m.made.kind == War:
			return errors.New("a war needs a servlet container, and distroless has none")
		case !ok:
			return fmt.Errorf("distroless has no Java %s", v.java)
		case needs.shell != "":
			return fmt.Errorf("the app starts %s, and distroless has no shell", needs.shell)
		case len(needs.debian) > 0:
			return fmt.Errorf("%s needs system packages, which distroless cannot install", needs.debian[0].For)
		case len(in.Settings.Packages) > 0:
			return errors.New("system packages are asked for, which distroless cannot install")
		}
	case plan.Alpine:
		switch {
		case m.made.kind == War:
			return errors.New("a war needs a servlet container, and Tomcat's image has no Alpine variant")
		case !release.Has("jre-alpine"):
			return fmt.Errorf("there is no Alpine image of Java %s", v.java)
		case needs.noAlpine != "":
			return errors.New(needs.noAlpine)
		}
	case plan.Slim:
		if !release.Has("jre-noble") {
			return fmt.Errorf("there is no image of Java %s", v.java)
		}
	}
	return nil
}

// ignore is the .dockerignore: each module's own output, and no folder that
// only shares its name, such as a package.
func ignore(in record.Input, f *java.Facts) plan.Ignore {
	own := plan.IgnoreGroup{Heading: plan.NewComment("What builds leave behind")}
	add := func(dir string) {
		if dir == "." || strings.HasPrefix(dir, "..") || in.Tree.HasDir(path.Join(in.Dir, dir)) {
			return // files are committed there
		}
		if p, err := plan.NewPattern(dir); err == nil && !strings.ContainsAny(dir, `*?[]!\`) {
			own.Patterns = append(own.Patterns, p)
		}
	}
	for _, p := range f.Projects {
		add(path.Join(p.Dir, p.BuildDir()))
	}
	if !f.Gradle.IsZero() {
		add(".gradle")
		add("build")
	}
	if len(own.Patterns) == 0 {
		return image.Ignore()
	}
	return image.Ignore(own)
}
