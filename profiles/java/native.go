package java

import (
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

// native is the program of machine code that the build makes of the app; nil where prod runs Java.
type native struct {
	file          string // its path below the module
	before, after string // the parts of its name on both sides of the version, "" if it has none
	name          string // its name in prod
	command       []string
	folders       []string // what the call needs of base: folders
	xargs         bool     // the script of the build tool asks for it
	args          []string // what linked it is told
	made          string   // for a sentence: what of the build makes it
	link          string   // its documentation
	properties    []string // what java would be given
	from          plan.Ref // GraalVM
}

const (
	nativePlugin       = "native-maven-plugin"           // https://graalvm.github.io/native-build-tools/latest/maven-plugin.html
	nativeGradlePlugin = "org.graalvm.buildtools.native" // https://graalvm.github.io/native-build-tools/latest/gradle-plugin.html
	nativeStage        = "graalvm"
	mavenHome          = "/usr/share/maven" // https://github.com/carlossg/docker-maven/blob/main/eclipse-temurin-21/Dockerfile
	gradleHome         = "/opt/gradle"      // https://github.com/gradle/docker-gradle
)

// wantsNative reports whether the user asks for the program.
func wantsNative(in record.Input) bool { return in.Settings.Startup == "native" }

// decideNative decides on the program, if the user asks for it. What the build does not make is refused.
func decideNative(in record.Input, f *java.Facts, m *module, v versions, b tool) error {
	if !wantsNative(in) {
		return nil
	}
	at := in.Settings.Pos("startup")
	refuse := func(why, hint string) error { return fact.Errorf(at, "startup: %s", why).WithHint("%s", hint) }
	const leave = "leave the key out"
	node, err := nodeForBuild(in, f, b)
	switch {
	case err != nil:
		return err
	case len(in.Settings.Start) > 0:
		return refuse("start names the command, and a native program is started by itself", "leave one of the two out")
	case in.Settings.Wants("jlink"):
		return refuse("a native program runs without Java, of which jlink makes a part", "leave one of the two out")
	case m.made.kind == War, m.made.kind == Runner:
		return refuse("what runs the war is not the app's, so that its build makes no program", leave)
	case m.Image != nil && m.Image.Laid:
		return refuse("the script that starts the app wants its classes in a folder, and a native program has none", leave)
	case len(m.compilers()) > 0:
		return refuse("the code compiles Java when it runs ("+m.compilers()[0].Pos.String()+"), which a native program cannot", leave)
	case !node.IsZero():
		return refuse("the build starts programs of Node, which the image of GraalVM does not have", leave)
	}
	n, why, hint := b.native(m)
	if why != "" {
		return refuse(why, hint)
	}
	if slices.ContainsFunc(n.args, func(a string) bool { return strings.Contains(a, "--libc=musl") || a == "--static" }) {
		return refuse("the build links its program with musl or statically, for which the image of GraalVM has no libraries", "leave --static and --libc=musl out of buildArgs")
	}
	if !pom.Resolved(n.file) || path.IsAbs(n.file) || strings.HasPrefix(path.Clean(n.file), "..") || path.Base(n.file) == "." {
		return refuse("the name of the program, "+plan.Printable(n.file, 80)+", has a part that the repository does not say", "give imageName")
	}
	if n.from, err = image.ImagesOf("graalvm").Ref(in.Know, v.jdk, plan.Slim, ""); err != nil {
		return refuse("there is no image of GraalVM with Java "+v.jdk, "--set version=25")
	}
	n.name = path.Base(n.file)
	// A release must not change the Dockerfile, as with a jar.
	if i := strings.LastIndex(n.name, "-"+m.Version().Value); m.Version().Value != "" && i > 0 {
		n.before, n.after = n.name[:i+1], n.name[i+1+len(m.Version().Value):]
		n.name = "app"
		if n.after == "" || strings.ContainsAny(n.before+n.after, `*?[]\`) {
			n.before, n.after = "", ""
		}
	}
	if own := ownOptions(in, m); len(own) > 0 {
		n.properties = slices.DeleteFunc(slices.Clone(own), func(o string) bool { return !strings.HasPrefix(o, "-D") })
		if len(n.properties) < len(own) {
			in.Log.Note(at, "startup: a native program is given the system properties of the options of java alone", "")
		}
	}
	in.Log.Choose(plan.Choice{Key: "startup", Value: "native program", Rule: "asked for; " + n.made + " makes it", Pos: record.At(at), Link: n.link})
	in.Log.Note(at, "startup: GraalVM builds the program for some minutes, with some gigabytes of memory, and what the app reaches by reflection has to be told it", "dev and test run on the JDK as before")
	m.native = &n
	return nil
}

// native implements tool.
func (b maven) native(m *module) (n native, why, hint string) {
	p := m.Project
	var goals, profiles []string
	switch plugin := p.POM.PluginNamed(nativePlugin); {
	case m.made.quarkus:
		n = quarkusNative(p)
		goals = append([]string{"package"}, quarkusNativeOptions(p)...)
	case p.POM.PluginNamed("micronaut-maven-plugin").Active:
		// https://micronaut-projects.github.io/micronaut-maven-plugin/latest/examples/package.html
		if !p.POM.Property("packaging").Found() || len(b.scope) > 0 {
			return n, "the packaging of the POM is not to be changed from outside, by which Micronaut's build makes a native program", "<packaging>${packaging}</packaging> with the property packaging, in a POM of its own"
		}
		n.made, n.link = "the packaging native-image of Micronaut's plugin", "https://micronaut-projects.github.io/micronaut-maven-plugin/latest/examples/package.html"
		n.called(p, plugin)
		goals = []string{"package", "-Dpackaging=native-image"}
	default:
		if !plugin.Active {
			for _, profile := range p.POM.Profiles() {
				if x := profile.PluginNamed(nativePlugin); x.Active {
					plugin, profiles = x, []string{profile.ID}
					break
				}
			}
		}
		if !plugin.Active {
			return n, "the build has no plugin that makes a native program", "add org.graalvm.buildtools:native-maven-plugin to the plugins of pom.xml"
		}
		if m.springs() || m.made.boot != "" {
			id, ok := processesAhead(p)
			if !ok {
				return n, "the build has no goal process-aot, without which Spring makes no native program", "spring-boot-starter-parent 3.0 or later as the parent, whose profile native has it"
			}
			if id != "" && !slices.Contains(profiles, id) {
				profiles = append(profiles, id)
			}
		}
		n.made, n.link = "the plugin "+nativePlugin, "https://graalvm.github.io/native-build-tools/latest/maven-plugin.html"
		bound := n.called(p, plugin)
		switch {
		case bound:
			goals = []string{"package"}
		case len(b.scope) > 0: // the goal would run in each module that the app needs
			return n, "no phase of the build makes the native program, and the goal native:compile is for a POM of its own", "an execution of native-maven-plugin with the goal compile-no-fork in the module " + plan.Printable(m.Dir, 80)
		default:
			goals = []string{"native:compile"}
		}
	}
	goals = append(goals, "-DskipTests")
	if m.profile != "" {
		profiles = append([]string{m.profile}, profiles...)
	}
	if len(profiles) > 0 {
		goals = append(goals, "-P"+strings.Join(profiles, ","))
	}
	n.command = b.command(goals...)
	if n.command[0] == "mvn" {
		n.command[0] = mavenHome + "/bin/mvn"
		n.folders = []string{mavenHome}
	}
	return n, "", ""
}

// called fills in the name that the plugin of Maven gives the program, and reports whether a phase up to package has its goal:
// https://graalvm.github.io/native-build-tools/latest/maven-plugin.html#configuration-options
func (n *native) called(p *java.Project, plugin *pom.Plugin) bool {
	name, dir, args := plugin.Config("imageName"), plugin.Config("outputDirectory"), plugin.Values("buildArgs")
	bound := false
	for _, goal := range []string{"compile-no-fork", "build"} {
		for _, x := range plugin.Goal(goal) {
			if x.Phase == "" || early(x.Phase) {
				name, dir, args, bound = x.Config("imageName"), x.Config("outputDirectory"), x.Values("buildArgs"), true
			}
		}
	}
	if !name.Found() {
		name = p.Artifact()
	}
	folder := p.BuildDir()
	if d := ownFolder(dir.Value); d != "" {
		folder = d
	}
	n.file = path.Join(folder, name.Value)
	for _, a := range args {
		n.args = append(n.args, a.Value)
	}
	return bound
}

// processesAhead finds the profile that has Spring Boot's plugin prepare the app, "" if the build always does:
// https://docs.spring.io/spring-boot/how-to/native-image/developing-your-first-application.html
func processesAhead(p *java.Project) (profile string, ok bool) {
	const plugin, goal = "spring-boot-maven-plugin", "process-aot"
	if len(p.POM.PluginNamed(plugin).Goal(goal)) > 0 {
		return "", true
	}
	for _, x := range p.POM.Profiles() {
		if x.Runs(plugin, goal) {
			return x.ID, true
		}
	}
	x := p.POM.External
	return "native", x != nil && x.Group == bootGroup && x.Artifact == "spring-boot-starter-parent" && version(x.Version) != "" && atLeast(x.Version, "3.0")
}

// native implements tool.
func (b *gradleTool) native(m *module) (n native, why, hint string) {
	g := m.Gradle
	task := "nativeCompile"
	var options []string
	plugin := g.Plugin(nativeGradlePlugin, "io.micronaut.application", "io.micronaut.graalvm")
	switch {
	case b.toolchain != "":
		return n, "the build compiles with another JDK than the one that Gradle runs on, and the image of GraalVM has one", "name a Java in the toolchain on which the build's Gradle runs"
	case b.build.Property("org.gradle.java.home").Found():
		return n, "the build names the folder of its JDK (org.gradle.java.home), which the image of GraalVM does not have", "take the property out"
	case m.made.quarkus:
		n = quarkusNative(m.Project)
		task, options = m.made.task, quarkusNativeOptions(m.Project)
	case plugin.Applied():
		name := g.Extension("graalvmNative").Get("binaries", "main", "imageName")
		if name.Computed {
			return n, "the name of the program is computed by the build", "give imageName as a text"
		}
		if !name.Found() {
			name.Fact = g.Artifact()
		}
		n.made, n.link = "the task nativeCompile of "+plugin.ID, "https://graalvm.github.io/native-build-tools/latest/gradle-plugin.html"
		n.file = path.Join(m.BuildDir(), "native/nativeCompile", name.Value)
		for _, a := range g.Extension("graalvmNative").Values("binaries", "main", "buildArgs") {
			n.args = append(n.args, a.Value)
		}
	default:
		return n, "the build has no plugin that makes a native program", "add the plugin " + nativeGradlePlugin
	}
	n.command = slices.Concat(b.command(append([]string{b.task(g, task)}, options...)...), b.packs)
	n.xargs = true
	if n.command[0] == "gradle" {
		n.command = slices.Concat([]string{gradleHome + "/bin/gradle", "-g", b.cache().String()}, n.command[1:])
		n.folders = []string{gradleHome}
	}
	return n, "", ""
}

// quarkusNative is the program of a build of Quarkus: https://quarkus.io/guides/building-native-image
func quarkusNative(p *java.Project) native {
	return native{file: quarkusRunner(p), made: "Quarkus' plugin", link: "https://quarkus.io/guides/building-native-image"}
}

// quarkusNativeOptions have Quarkus make it, by GraalVM of the same machine. The first of the ways came with 3.10, and later releases take
// the other one too: https://github.com/quarkusio/quarkus/wiki/Migration-Guide-3.10
func quarkusNativeOptions(p *java.Project) []string {
	local := "-Dquarkus.native.container-build=false"
	if v := quarkusVersion(p); v != "" && atLeast(v, "3.10") {
		return []string{"-Dquarkus.native.enabled=true", "-Dquarkus.package.jar.enabled=false", local}
	}
	return []string{"-Dquarkus.package.type=native", local}
}

// quarkusVersion is the version of Quarkus, "" if the repository does not say it.
func quarkusVersion(p *java.Project) string {
	var boms []pom.Dependency
	if g := p.Gradle; g != nil {
		if v := version(g.Plugin(quarkusPlugin).Version.Value); v != "" {
			return v
		}
		boms = g.Platforms()
	} else {
		if v := p.POM.PluginNamed("quarkus-maven-plugin").Version(); v.Found() {
			return version(v.Value)
		}
		boms = p.POM.Imports()
	}
	for _, d := range boms {
		if d.Artifact == "quarkus-bom" && strings.HasPrefix(d.Group, "io.quarkus") {
			return version(d.Version)
		}
	}
	return ""
}

// graalStage is the toolchain of the program, on the platform of the image.
func (n *native) graalStage(in record.Input) (plan.Stage, error) {
	out := &Graal{Xargs: n.xargs, Head: plan.Head{
		Name: in.Stage(nativeStage), From: plan.FromImage(n.from),
		About: []plan.Comment{plan.NewComment(in.Stage(nativeStage).String() + " is the JDK with native-image, on the platform of the image: a native program runs on no other.")},
	}}
	for _, dir := range n.folders {
		list, err := copyFrom(in, "base", dir+"/", dir+"/")
		if err != nil {
			return plan.Stage{}, err
		}
		out.Copies = append(out.Copies, list...)
	}
	list, err := copyFrom(in, "deps", src+"/", src+"/")
	if err != nil {
		return plan.Stage{}, err
	}
	out.Copies = append(out.Copies, list...)
	out.Uses = plan.StagesOf(out.Copies)
	out.Workdir, err = plan.NewPath(workdir(in))
	return plan.Stage{Block: "java/graal", Data: out}, err
}

// buildStage makes the program.
func (n *native) buildStage(in record.Input, b tool, source plan.Copy) (plan.Stage, error) {
	run, err := plan.NewShell(n.command...)
	if err != nil {
		return plan.Stage{}, err
	}
	out := sourceStage(in, "build", b, source, run)
	out.From = plan.FromStage(in.Stage(nativeStage))
	out.Uses = append(out.Uses, in.Stage("deps"))
	return plan.Stage{Block: "java/build", Data: out}, nil
}

// output is the program in prod.
func (n *native) output(in record.Input, m *module) ([]plan.Artifact, error) {
	to := n.name
	if to == path.Base(n.file) {
		to = "./"
	}
	c, err := m.copyFile(in, to, n.file, n.before, n.after)
	return []plan.Artifact{{Stage: in.Stage("build"), Copy: c}}, err
}

// start is what prod starts. options are those that move the port.
func (n *native) start(options, args []string) plan.Exec {
	return slices.Concat(plan.Exec{"/app/" + n.name}, n.properties, options, args)
}

// can says why a runtime cannot run the program: https://www.graalvm.org/latest/reference-manual/native-image/guides/build-static-executables/
func (n *native) can(r plan.Runtime) error {
	switch {
	case n == nil:
	case r == plan.Scratch:
		return image.Because("Java", "a native program is linked with a C library, and scratch is empty")
	case r == plan.Alpine:
		return image.Because("Java", "a native program is linked with glibc, and Alpine has musl")
	}
	return nil
}

// init makes tini PID 1: a native program handles SIGTERM only if its build asks for exit handlers, and nothing says whether its libraries do.
// https://www.graalvm.org/latest/reference-manual/native-image/overview/BuildOptions/
func (n *native) init(in record.Input, run *plan.Run) ([]plan.Stage, error) {
	from := run.From
	if run.Runtime == plan.Distroless {
		debian, err := image.Bare(in, "java", plan.Slim)
		if err != nil {
			return nil, err
		}
		from = plan.FromImage(debian)
	}
	return image.Init(in, image.InitRequest{Program: n.name, Command: run.Entry, Link: "https://www.graalvm.org/latest/reference-manual/native-image/overview/BuildOptions/"}).Apply(in, run, from, nil), nil
}
