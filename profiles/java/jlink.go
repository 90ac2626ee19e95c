package java

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed modules.table
var modulesCompiled string

// moduleRow is a row of modules.yaml.
type moduleRow struct {
	Module       string   `yaml:"module"`
	Source       string   `yaml:"source"`
	Why          string   `yaml:"why"`
	Dependencies []string `yaml:"dependencies,omitempty"`
	Before       string   `yaml:"before,omitempty"`
	Compiles     bool     `yaml:"compiles,omitempty"`
}

var moduleRows = table.Lazy[[]moduleRow]("modules.yaml", modulesCompiled) //nolint:gochecknoglobals // decoded once

// linked is the runtime that the build makes of the modules that the app needs; nil where prod's image has Java.
type linked struct {
	more []string // modules that no class of the app names
}

// jrePath is where prod has it.
const jrePath = "/opt/jre"

// decideJlink decides on it, nil if nobody asks.
func decideJlink(in record.Input, m *module, v versions) (*linked, error) {
	if !in.Settings.Wants("jlink") {
		return nil, nil //nolint:nilnil // nobody asks
	}
	at := in.Settings.Pos("jlink")
	switch {
	case atoi(v.java) < 11:
		return nil, fact.Errorf(at, "jlink: Java %s has no modules, of which a runtime could be made; 11 and later have", v.java).WithHint("--set version=21")
	case m.made.kind == War, m.made.kind == Runner:
		return nil, fact.Errorf(at, "jlink: what runs the war is not the app's, so that nothing says which modules it needs").WithHint("leave the key out")
	}
	rows, err := moduleRows()
	if err != nil {
		return nil, err
	}
	out := &linked{}
	deps := m.dependencies()
	for _, row := range rows {
		switch {
		case slices.Contains(out.more, row.Module), row.Before != "" && atoi(v.java) >= atoi(row.Before), row.Compiles && len(m.compilers()) == 0:
		case len(row.Dependencies) > 0 && runtimeIndex(deps, row.Dependencies...) < 0:
		default:
			out.more = append(out.more, row.Module)
		}
	}
	for _, x := range in.Settings.Jlink {
		if !slices.Contains(out.more, x) {
			out.more = append(out.more, x)
		}
	}
	rule := "asked for; with the modules that jdeps finds, and those that no class names: " + strings.Join(out.more, ", ")
	in.Log.Choose(plan.Choice{Key: "java.jlink", Value: "Java " + v.java, Rule: rule, Pos: record.At(at), Link: "https://docs.oracle.com/en/java/javase/21/docs/specs/man/jlink.html"})
	if !slices.Contains(out.more, localeData) {
		in.Log.Note(at, "jlink: the runtime knows the dates and numbers of English alone", "--set jlink=["+localeData+"] adds those of all languages")
	}
	return out, nil
}

// localeData has the data of all languages but English:
// https://docs.oracle.com/en/java/javase/21/docs/api/jdk.localedata/module-summary.html
const localeData = "jdk.localedata"

// needs are what the app needs of the system, with what the images of Java have and Debian has not.
func (l *linked) needs(list []image.Need) []image.Need {
	if l == nil {
		return list
	}
	out := slices.Clone(list)
	for i, n := range out {
		out[i].Row.Debian.Runtime = slices.Concat(n.Row.Debian.Runtime, n.Row.Brought)
	}
	return out
}

// bare reports whether prod's image needs no Java.
func (m *module) bare() bool { return m.linked != nil || m.native != nil }

// ask is what prod asks a page with. Debian without Java has nothing for it.
func (m *module) ask(r plan.Runtime) image.Asker {
	if m.bare() && r == plan.Slim {
		return image.Asker{}
	}
	return ask(r)
}

// prodFrom is the image that prod starts from.
func prodFrom(in record.Input, m *module, images image.Images, release string, r plan.Runtime, kind string) (plan.Ref, error) {
	if m.bare() && r != plan.Distroless {
		return image.Bare(in, "java", r)
	}
	return images.Ref(in.Know, release, r, kind)
}

// stages are the one that lists the modules, and the one that makes the runtime, which changes only with the list.
func (l *linked) stages(in record.Input, m *module, v versions, b tool, outputs []plan.Artifact, r plan.Runtime) ([]plan.Stage, error) {
	if l == nil {
		return nil, nil
	}
	list := &Modules{
		Head:   plan.Head{Name: in.Stage("modules"), From: plan.FromStage(in.Stage("base")), Uses: plan.StagesOf(outputs), About: []plan.Comment{plan.NewComment("modules lists what prod's files need of Java.")}},
		Copies: outputs,
	}
	var err error
	jdeps := []string{path.Join(b.compile(m).home(), "jdeps"), "--ignore-missing-deps", "--multi-release", v.java, "--print-module-deps", "-include", ".*", "--class-path", strings.Join(m.classPath(), ":")}
	if list.List, err = plan.NewShell(jdeps...); err != nil {
		return nil, err
	}
	if m.made.nested && m.made.kind == Jar {
		if list.Unpack, err = plan.NewShell("jar", "xf", m.made.jar()); err != nil {
			return nil, err
		}
	}
	kind := plan.Slim
	if r == plan.Alpine {
		kind = r
	}
	images := image.ImagesOf("java")
	from, err := images.Ref(in.Know, v.java, kind, jdk)
	if err != nil {
		return nil, err
	}
	images.SayPlatforms(in, v.java, kind, jdk)
	found, err := plan.NewCopy("/", "/modules")
	if err != nil {
		return nil, err
	}
	made := &Linked{
		Head:   plan.Head{Name: in.Stage("jre"), From: plan.FromImage(from), Uses: []plan.StageName{list.Name}, About: []plan.Comment{plan.NewComment("jre makes a Java of these modules alone. It changes only with them.")}},
		Copies: []plan.Artifact{{Stage: list.Name, Copy: found}},
		Dump:   plan.MustShell(jrePath+"/bin/java", "-Xshare:dump"),
	}
	compress := "--compress=zip-6" // https://bugs.openjdk.org/browse/JDK-8293667
	if atoi(v.java) < 21 {
		compress = "--compress=2"
	}
	if made.Link, err = plan.NewShell("jlink", "--no-man-pages", "--no-header-files", compress, "--output", jrePath, "--add-modules"); err != nil {
		return nil, err
	}
	made.More, err = plan.NewShell(strings.Join(l.more, ","))
	return []plan.Stage{{Block: "java/modules", Data: list}, {Block: "java/jre", Data: made}}, err
}

// apply gives prod the runtime.
func (l *linked) apply(in record.Input, run *plan.Run) error {
	if l == nil {
		return nil
	}
	c, err := plan.NewCopy(jrePath+"/", jrePath+"/")
	if err != nil {
		return err
	}
	jre := in.Stage("jre")
	run.Copies = append([]plan.Artifact{{Stage: jre, Copy: c}}, run.Copies...)
	run.Uses = append(slices.Clip(run.Uses), jre)
	env := []plan.Env{plan.MustEnv("JAVA_HOME", jrePath), plan.PathEnv(plan.MustPath(jrePath + "/bin"))}
	if run.Runtime != plan.Distroless { // which has it
		env = append(env, plan.MustEnv("LANG", "C.UTF-8"))
	}
	// What the user sets comes later, and counts.
	run.Env = append(slices.DeleteFunc(env, func(e plan.Env) bool {
		return slices.ContainsFunc(run.Env, func(o plan.Env) bool { return o.Name == e.Name })
	}), run.Env...)
	return nil
}

// classPath is where prod has classes, from its working directory.
func (m *module) classPath() []string {
	a := m.made
	switch a.kind {
	case Layers, Jar:
		switch {
		case a.nested && path.Ext(a.file) == ".war":
			return []string{"WEB-INF/classes", "WEB-INF/lib/*"}
		case a.nested && (a.kind == Jar || a.launcher != ""):
			return []string{"BOOT-INF/classes", "BOOT-INF/lib/*"}
		case a.kind == Layers:
			return []string{a.jar(), "lib/*"}
		}
		return []string{a.jar()}
	case Libs:
		return []string{a.jar(), a.in + "/*"}
	case Classes:
		switch {
		case !a.packed:
			return a.folders()
		case len(m.jars()) == 0:
			return []string{packedJar}
		}
		return []string{packedJar, a.libraries() + "/*"}
	case Quarkus:
		return []string{"app/*", "lib/boot/*", "lib/main/*", "quarkus/*", "quarkus-run.jar"}
	case War, Runner:
	}
	return nil
}

// home is the folder of the programs of the JDK that compiles, "" for those that are found without one.
func (c compiled) home() string {
	if c.java == "" {
		return ""
	}
	return path.Dir(c.java)
}
