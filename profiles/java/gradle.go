package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// gradleTool is how Gradle is called, and where it is from.
type gradleTool struct {
	build     *gradle.Build
	wrapper   bool     // the repository's own
	release   string   // of Gradle
	image     string   // the release of the gradle image, without a wrapper
	argv      []string // "./gradlew"
	extra     []string // what each call ends with
	packs     []string // and what that one does which packages
	toolchain string   // the Java of a second JDK that compiles, "" for none
	vendor    plan.Ref // the image of the vendor whose JDK that is, zero for the images' own
	needs     []string // the modules that are built
	all       bool     // which are all
	cached    bool     // the build has its configuration cached, which the script's tasks are not made for
	isolated  bool     // and its projects isolated
	beside    []plan.Artifact
	logins
}

// initScript is where base has the script that gives the build the tasks of the image:
// https://docs.gradle.org/current/userguide/init_scripts.html
const initScript = "/opt/image.gradle"

// The tasks of that script.
const (
	fetchTask   = "fetchImage"   // downloads the dependencies
	classesTask = "imageClasses" // puts the module's own classes into a folder
	libsTask    = "imageLibs"    // puts the jars that it needs into another
	ownTask     = "imageOwn"     // puts those of the repository's own projects into a third
	warTask     = "imageWar"     // unpacks the war
)

// The folders that they make, below the one of the build's output.
const (
	imageClasses = "image/classes"
	imageLibs    = "image/lib"
	imageOwn     = "image/own"
	imageWar     = "image/webapp"
)

// decideGradle picks the repository's wrapper, or else the image of Gradle, and the JDK that it runs on.
func decideGradle(in record.Input, f *java.Facts, m *module, v *versions) (*gradleTool, error) {
	b := &gradleTool{build: f.Gradle, needs: m.needs(f)}
	b.all = !slices.ContainsFunc(f.Projects, func(p *java.Project) bool {
		return (p.Packaging().Value != "pom" || p.Gradle.Plugin(elsePlugins...).Applied()) && !slices.Contains(b.needs, p.Dir)
	})
	rows, err := gradleTable()
	if err != nil {
		return nil, err
	}
	b.find(in, rows, m, *v)
	if err := b.decideJDK(in, rows, m, v); err != nil {
		return nil, err
	}
	if _, err := b.ref(in, *v); err != nil && !b.wrapper {
		return nil, record.Refuse(m.Pos(), "commit the wrapper (gradle wrapper)", "there is no image of Gradle %s with Java %s", b.image, v.jdk)
	}
	if b.beside, err = besideFolder(in, f.Gradle); err != nil {
		return nil, err
	}
	b.argv = append(b.argv, "--no-daemon")
	b.cached = cmp.Or(f.Gradle.Property("org.gradle.configuration-cache").Value, f.Gradle.Property("org.gradle.unsafe.configuration-cache").Value) == "true"
	if g := f.Gradle.Git; !g.IsZero() {
		in.Log.Note(g, "runs git while Gradle configures the build, for which an image's build has no history: it fails unless the script goes on without", "let the script take a property, or a fixed text, where git fails")
	}
	b.isolated = f.Gradle.Property(isolatedProjects).Value == "true"
	b.cached = b.cached || b.isolated
	if home := f.Gradle.Property("org.gradle.java.home"); home.Found() {
		b.extra = append(b.extra, "-Dorg.gradle.java.home="+jdkHome)
		in.Log.Choose(plan.Choice{Key: "java.home", Value: jdkHome, Rule: "the folder that the build names is on one machine", Pos: record.At(home.Pos)})
	}
	b.android(in, f)
	b.extra = append(b.extra, b.skipped(in, rows, f)...)
	if m.Gradle.Plugin(quarkusPlugin).Applied() {
		b.extra = append(b.extra, quarkusJar(in, m.Project)...)
	}
	for _, p := range given(in, f, "-P", b.extra, "with them, the build makes what production runs") {
		if java.ForProduction(p) {
			b.packs = append(b.packs, p)
		} else {
			b.extra = append(b.extra, p)
		}
	}
	return b, b.login(in)
}

// find finds the wrapper, or the release of the image that can take its place.
func (b *gradleTool) find(in record.Input, rows gradleRows, m *module, v versions) {
	img, _ := in.Know.Image("gradle") // a test keeps images.yaml right
	w := b.build.Wrapper
	use := "the gradle image is used meanwhile"
	switch {
	case w == nil:
	case w.CRLF:
		in.Log.Note(w.Pos, "has Windows line endings, so no shell can run it", "git add --renormalize with gradlew text eol=lf in .gitattributes mends it; "+use)
	case !w.Jar:
		in.Log.Note(w.Pos, "has no gradle/wrapper/gradle-wrapper.jar next to it, which it starts", "git add -f gradle/wrapper/gradle-wrapper.jar mends it; "+use)
	case !w.URL.Found():
		in.Log.Note(w.Pos, "has no gradle/wrapper/gradle-wrapper.properties next to it, so it does not know which Gradle to use", "gradle wrapper writes it; "+use)
	default:
		b.wrapper, b.release, b.argv = true, w.Version.Value, []string{"./gradlew"}
		if !w.Direct {
			b.argv = []string{"sh", "gradlew"}
		}
		in.Log.Choose(plan.Choice{Key: "java.build", Value: "gradlew", Rule: "the repository's own wrapper", Pos: record.At(w.URL.Pos)})
		return
	}
	release, rule := img.Default, "there is no wrapper; the release of the gradle image that most builds run with"
	if _, newest := rows.runs(release); atoi(v.java) > newest {
		release, rule = img.Releases[0].Version, "there is no wrapper; the release of the gradle image that runs on Java "+v.java
	}
	if p, newest := rows.bound(m.Project, func(r int) string { return rows.Plugins[r].Gradle }); newest != "" && atLeast(release, newest) && newest != release {
		release, rule = newest, "there is no wrapper; the newest release of the gradle image that "+p.ID+" "+p.Version.Value+" works with"
	}
	if w != nil && w.Version.Found() {
		for _, r := range slices.Backward(img.Releases) {
			if atLeast(r.Version, w.Version.Value) || r.Version == img.Releases[0].Version {
				release, rule = r.Version, "the wrapper cannot run; the release of the gradle image next to the wrapper's"
				break
			}
		}
	}
	b.image = in.Log.Choose(plan.Choice{Key: "java.build", Value: release, Rule: rule, Link: img.Source, Image: img.Name, Evidence: rule, Rejected: image.Kept(img, release)})
	b.release, b.argv = b.image, []string{"gradle"}
}

// androidPlugins are those that ask for the Android SDK as soon as Gradle configures the project, and elsePlugins all whose projects
// have other tasks than those of Java: https://developer.android.com/build, https://kotlinlang.org/docs/multiplatform.html
var (
	androidPlugins = []string{"com.android.application", "com.android.library", "com.android.kotlin.multiplatform.library"} //nolint:gochecknoglobals // a constant table
	elsePlugins    = append(slices.Clone(androidPlugins), multiplatformPlugin)                                              //nolint:gochecknoglobals // a constant table
)

// android has Gradle pass over the projects of an Android app beside the server. One that the server needs is said.
func (b *gradleTool) android(in record.Input, f *java.Facts) {
	for _, p := range f.Projects {
		x := p.Gradle.Plugin(androidPlugins...)
		switch {
		case !x.Applied():
		case slices.Contains(b.needs, p.Dir):
			in.Log.Note(x.Pos, "asks for the Android SDK, which an image's build does not have", "let the script apply "+plan.Printable(x.ID, 80)+" only where ANDROID_HOME is set")
			return
		case !slices.Contains(b.extra, onDemand):
			b.extra = append(b.extra, onDemand)
			in.Log.Choose(plan.Choice{Key: "java.android", Value: onDemand, Rule: "projects of Android ask for its SDK, and this image needs none of them", Pos: record.At(x.Pos), Link: "https://docs.gradle.org/current/userguide/configuration_on_demand.html"})
		}
	}
}

// onDemand has Gradle configure no project but the root, those whose tasks are called and those that they depend on.
const onDemand = "--configure-on-demand"

// skipped are the options that leave out the tasks which an image's build cannot run. They are recorded as "java.skip".
func (b *gradleTool) skipped(in record.Input, rows gradleRows, f *java.Facts) []string {
	var out []string
	for _, row := range rows.Skips {
		i := slices.IndexFunc(f.Projects, func(p *java.Project) bool {
			return slices.Contains(b.needs, p.Dir) && p.Gradle.Plugin(row.Plugin).Applied()
		})
		if i < 0 {
			continue
		}
		out = append(out, "-x", row.Task)
		in.Log.Choose(plan.Choice{
			Key: "java.skip", Value: strings.Join(out, " "), Rule: "a task that needs " + missing[row.Needs] + ", which a build of an image does not have",
			Pos: record.At(f.Projects[i].Gradle.Plugin(row.Plugin).Pos), Link: row.Source,
		})
	}
	return out
}

// ref is the image that base starts from.
func (b *gradleTool) ref(in record.Input, v versions) (plan.Ref, error) {
	if b.wrapper {
		return image.ImagesOf("java").Ref(in.Know, v.jdk, plan.Slim, "jdk")
	}
	return image.ImagesOf("gradle").Ref(in.Know, b.image, plan.Slim, "jdk"+v.jdk)
}

// command is one call of Gradle for tasks of a module.
func (b *gradleTool) command(tasks ...string) []string { return slices.Concat(b.argv, tasks, b.extra) }

// withScript is one call for tasks of the init script.
func (b *gradleTool) withScript(tasks ...string) []string {
	words := slices.Concat(b.argv, []string{"-I", initScript}, tasks, b.extra)
	if b.cached {
		words = append(words, "--no-configuration-cache")
	}
	if b.isolated { // which asks for the cache
		words = append(words, "-D"+isolatedProjects+"=false")
	}
	return words
}

// isolatedProjects is the property that isolates projects: https://docs.gradle.org/current/userguide/isolated_projects.html
const isolatedProjects = "org.gradle.unsafe.isolated-projects"

// task is the path of a module's task: https://docs.gradle.org/current/userguide/command_line_interface.html#executing_tasks_in_multi_project_builds
func (b *gradleTool) task(p *gradle.Project, name string) string {
	if len(b.build.Projects) == 1 {
		return name
	}
	return strings.TrimSuffix(p.Path, ":") + ":" + name
}

// each is the task of each module that is built: one of Java's, of those that have code of Java.
func (b *gradleTool) each(name string) []string {
	if b.all {
		return []string{name}
	}
	var out []string
	for _, p := range b.build.Projects {
		if slices.Contains(b.needs, p.Dir) && (name == fetchTask || p.Packaging().Value != "pom") {
			out = append(out, b.task(p, name))
		}
	}
	return out
}

// near implements tool.
func (b *gradleTool) near() []plan.Artifact { return b.beside }

// besideFolder is the source of projects from beside the app's folder. What of the build no context has is refused.
func besideFolder(in record.Input, b *gradle.Build) ([]plan.Artifact, error) {
	refuse := func(name string, pos fact.Pos) error {
		return record.Refuse(pos, "run dockgen in the folder that holds both, or publish what lies there",
			"%s comes from %s, which is outside of the build context", "a part of the build", plan.Printable(name, 80))
	}
	if len(b.Above) > 0 {
		return nil, refuse(b.Above[0].Value, b.Above[0].Pos)
	}
	if list := b.Beside(); len(list) > 0 && !in.Nested {
		return nil, refuse(list[0], b.Projects[0].Pos())
	}
	var out []plan.Artifact
	for _, dir := range b.Sources {
		c, err := contextCopy(in, dir+"/", dir+"/")
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Copy: c})
	}
	return out, nil
}

// besideOf are the folders beside the app's own that the build reads.
func besideOf(f *java.Facts) []string {
	if f.Gradle == nil {
		return nil
	}
	return f.Gradle.Beside()
}

// cache implements tool. The image of Gradle has its folder in another place:
// https://github.com/gradle/docker-gradle
func (b *gradleTool) cache() plan.Path {
	if b.wrapper {
		return plan.MustPath("/root/.gradle")
	}
	return plan.MustPath("/home/gradle/.gradle")
}

// locked implements tool: https://github.com/gradle/gradle/issues/851
func (b *gradleTool) locked() bool { return true }

// skip implements tool.
func (b *gradleTool) skip(options []string) { b.extra = append(b.extra, options...) }

// base implements tool.
func (b *gradleTool) base(in record.Input, v versions) (*Base, error) {
	ref, err := b.ref(in, v)
	if err != nil {
		return nil, err
	}
	about := "base is the JDK and Gradle, on the machine's own platform: jars run on any, so nothing is emulated."
	if b.wrapper {
		about = "base is the JDK and the wrapper's Gradle, on the machine's own platform: jars run on any, so nothing is emulated."
	}
	out := &Base{Head: plan.Head{From: plan.FromImage(ref).OnBuildPlatform(), About: []plan.Comment{plan.NewComment(about)}}}
	if b.toolchain != "" {
		if out.Copies, err = copyFrom(in, toolchainStage, toolchainHome+b.toolchain+"/", b.from()+"/"); err != nil {
			return nil, err
		}
	}
	if b.wrapper {
		if out.Wrapper, err = copies(in, []manifest{{"./", []string{"gradlew"}}, {"gradle/wrapper/", []string{"gradle/wrapper/"}}}); err != nil {
			return nil, err
		}
		out.Fetch, err = plan.NewShell(append(slices.Clone(b.argv), "--version")...)
	}
	return out, err
}

// others implements tool.
func (b *gradleTool) others(in record.Input) ([]plan.Stage, error) {
	if b.toolchain == "" {
		return nil, nil
	}
	if !b.vendor.IsZero() {
		s := otherStage(in, toolchainStage, b.vendor, "toolchain is the JDK of the vendor that the build asks for, which compiles.")
		s.Block = "java/vendor"
		return []plan.Stage{s}, nil
	}
	ref, err := image.ImagesOf("java").Ref(in.Know, b.toolchain, plan.Slim, "jdk")
	if err != nil {
		return nil, record.Refuse(b.build.Projects[0].Pos(), "name a release with long-term support in the toolchain", "there is no image of the JDK %s that the toolchain names", b.toolchain)
	}
	return []plan.Stage{otherStage(in, toolchainStage, ref, "toolchain is the JDK that compiles, on which Gradle "+b.release+" itself does not run.")}, nil
}

// jdkHome is the folder of the JDK in its image.
const jdkHome = "/opt/java/openjdk"

// from is where the stage of the toolchain has its JDK.
func (b *gradleTool) from() string {
	if b.vendor.IsZero() {
		return jdkHome
	}
	return "/opt/jdk"
}

// toolchainStage is the name of the stage that has the JDK of the toolchain.
const toolchainStage = "toolchain"

// deps implements tool.
func (b *gradleTool) deps(in record.Input, m *module) (*Deps, error) {
	d := &Deps{
		Head: plan.Head{About: []plan.Comment{
			plan.NewComment("deps changes only with the build's own files. The dependencies are in its layers, so dev can run offline."),
			plan.NewComment("The cache of test and build starts with a copy of them, and one at a time has it: Gradle's locks do not reach across containers."),
		}},
		Script: &Script{
			Path: plan.MustPath(initScript), Files: m.made.kind != War && m.made.kind != Quarkus, War: m.made.kind == War,
			Twins:      sameJars(m.parts[1:]),
			Production: m.made.kind == Classes && m.Gradle.Plugin(bootPlugin).Applied(), Old: b.release != "" && !atLeast(b.release, "4.9"),
		},
	}
	// Gradle 9 makes jars so by itself: https://docs.gradle.org/9.0.0/release-notes.html
	d.Script.Own, d.Script.Jar = m.ownJars(), m.made.jarred
	d.Script.Same = m.made.kind == Classes && len(b.needs) > 1 && (b.release == "" || !atLeast(b.release, "9.0"))
	folders := map[string][]string{}
	order := []string{"."}
	for _, file := range b.build.Files {
		dir := path.Dir(file)
		if strings.HasPrefix(file, "gradle/wrapper/") && b.wrapper || slices.ContainsFunc(b.build.Folders, func(f string) bool { return below(f, file) }) {
			continue
		}
		if !slices.Contains(order, dir) {
			order = append(order, dir)
		}
		folders[dir] = append(folders[dir], file)
	}
	var list []manifest
	for _, dir := range order {
		if len(folders[dir]) > 0 {
			list = append(list, manifest{path.Clean(dir) + "/", folders[dir]})
		}
	}
	for _, dir := range b.build.Folders {
		list = append(list, manifest{dir + "/", []string{dir + "/"}})
	}
	var err error
	if d.Manifests, err = copies(in, list); err != nil {
		return nil, err
	}
	if folders := b.bare(); len(folders) > 0 {
		if d.Folders, err = plan.NewShell(append([]string{"mkdir", "-p"}, folders...)...); err != nil {
			return nil, err
		}
	}
	fetch := b.withScript(b.each(fetchTask)...)
	if d.Fetch, err = plan.NewShell(fetch...); err != nil || len(b.packs) == 0 {
		return d, err
	}
	d.Also, err = plan.NewShell(slices.Concat(fetch, b.packs)...)
	return d, err
}

// sameJars reports whether the jars of two projects may have one name, as those of :a:core and :b:core have.
func sameJars(list []*java.Project) bool {
	seen := map[string]bool{}
	for _, p := range list {
		name := p.Gradle.ArchiveName("jar").Value
		if seen[name] {
			return true
		}
		seen[name] = true
	}
	return false
}

// bare are the folders of projects without a script of their own, which Gradle from 9 on asks for all the same:
// https://docs.gradle.org/current/userguide/upgrading_major_version_9.html
func (b *gradleTool) bare() []string {
	if b.release != "" && !atLeast(b.release, "9.0") {
		return nil
	}
	var out []string
	for _, p := range b.build.Projects {
		if p.File == "" && p.Dir != "." {
			out = append(out, p.Dir)
		}
	}
	return out
}

// pack implements tool.
func (b *gradleTool) pack(m *module) []string { return slices.Concat(b.tasks(m), b.packs) }

// tasks are the call that makes what prod holds.
func (b *gradleTool) tasks(m *module) []string {
	switch m.made.kind {
	case Classes:
		tasks := []string{b.task(m.Gradle, classesTask)}
		if m.made.libs != "" {
			tasks = append(tasks, b.task(m.Gradle, libsTask))
		}
		if m.ownJars() {
			tasks = append(tasks, b.task(m.Gradle, ownTask))
		}
		return b.withScript(tasks...)
	case War:
		return b.withScript(b.task(m.Gradle, warTask))
	case Layers, Jar, Libs, Quarkus, Runner:
	}
	return b.command(b.task(m.Gradle, m.made.task))
}

// check implements tool.
func (b *gradleTool) check(_ *module, tests bool) check {
	const link = "https://docs.gradle.org/current/userguide/java_testing.html"
	if !tests {
		return check{name: "gradle testClasses", link: link, command: b.command(b.each("testClasses")...)}
	}
	return check{name: "gradle test", rule: "the task that runs the unit tests; check would run what else the build checks, too", link: link, command: b.command(b.each("test")...)}
}

// live implements tool.
func (b *gradleTool) live(m *module) (live, bool) {
	if !m.made.quarkus {
		return live{}, false
	}
	return live{command: b.command(b.task(m.Gradle, "quarkusDev")), name: "quarkusDev", link: "https://quarkus.io/guides/gradle-tooling#dev-mode"}, true
}

// compile implements tool. The daemon stays, so that the second save compiles in a second.
func (b *gradleTool) compile(m *module) compiled {
	call := func(tasks ...string) []string {
		return slices.DeleteFunc(b.withScript(append([]string{"-q"}, tasks...)...), func(w string) bool { return w == "--no-daemon" })
	}
	if m.made.kind == War {
		return compiled{command: call(b.task(m.Gradle, warTask)), name: warTask}
	}
	dir := m.in(m.BuildDir())
	out := compiled{command: call(b.task(m.Gradle, classesTask)), name: compileAndRestart, classes: []string{path.Join(dir, imageClasses)}}
	if b.toolchain != "" {
		out.java, out.release = toolchainHome+b.toolchain+"/bin/java", b.toolchain
	}
	if m.made.jarred {
		out.classes[0] += "/*"
	}
	if !hasLibs(m.Project) {
		return out
	}
	tasks := []string{b.task(m.Gradle, classesTask), b.task(m.Gradle, libsTask)}
	out.classes = append(out.classes, path.Join(dir, imageLibs)+"/*")
	if m.ownJars() {
		tasks = append(tasks, b.task(m.Gradle, ownTask))
		out.classes = append(out.classes, path.Join(dir, imageOwn)+"/*")
	}
	out.command = call(tasks...)
	return out
}
