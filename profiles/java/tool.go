package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// tool is what builds the project: Maven or Gradle, each with its own words for the steps that every build has.
type tool interface {
	// base is the toolchain, without its name.
	base(in record.Input, v versions) (*Base, error)
	// others are stages whose files base takes.
	others(in record.Input) ([]plan.Stage, error)
	// deps downloads what the build files name, before the source is there.
	deps(in record.Input, m *module) (*Deps, error)
	// near is the source from beside the app's folder.
	near() []plan.Artifact
	// cache is the folder of what is downloaded.
	cache() plan.Path
	// locked reports whether runs at the same time cannot share it.
	locked() bool
	// secrets are what the repositories of the build ask for.
	secrets() []plan.Mount
	// pack makes what prod holds.
	pack(m *module) []string
	// native is how the build makes a native program, or why it does not, and what to do.
	native(m *module) (n native, why, hint string)
	// check runs the unit tests, or compiles where there are none.
	check(m *module, tests bool) check
	// live is the framework's own live reload; ok is false if it has none.
	live(m *module) (l live, ok bool)
	// compile makes what dev starts.
	compile(m *module) compiled
	// skip has the build leave out what the options name.
	skip(options []string)
}

// check is a command that tests, with its name and why it is that one.
type check struct {
	command          []string
	name, rule, link string
}

// live is a command that reloads what it runs.
type live struct {
	command    []string
	name, link string
}

// compiled is a command that compiles, and the class path of what it compiles.
type compiled struct {
	command []string
	name    string   // what explain calls it
	classes []string // folders of classes, and of jars with /* behind
	file    string   // which holds the rest of the class path, "" for none
	java    string   // the program that starts it, "" for java
	release string   // that program's Java, "" for the one of the build
}

// compileAndRestart is what explain calls the loop of dev.
const compileAndRestart = "compile and restart"

// sayTool says which of two tools builds the project.
func sayTool(in record.Input, f *java.Facts) {
	if f.Unused.IsZero() {
		return
	}
	c := plan.Choice{Key: "java.tool", Value: "maven", Rule: "a pom.xml", Pos: record.At(f.Projects[0].Pos())}
	lost := plan.Rejected{Value: "gradle", Pos: record.At(f.Unused), Why: "Maven needs no plugin portal"}
	if f.Gradle != nil {
		c.Value, lost.Value = "gradle", "maven"
	}
	if !f.ByTool.IsZero() {
		c.Rule, c.Pos = "the repository's own files build with it", record.At(f.ByTool)
		lost.Why = "they do not build with it"
	}
	c.Rejected = []plan.Rejected{lost}
	in.Log.Choose(c)
}

// decideTool is what builds the project. v is told which JDK the build runs on.
func decideTool(in record.Input, f *java.Facts, m *module, v *versions) (tool, error) {
	if f.Gradle != nil {
		return decideGradle(in, f, m, v)
	}
	mvn, err := decideMaven(in, f, m, *v)
	return &mvn, err
}

// manifest is a COPY of build files.
type manifest struct {
	to   string
	from []string
}

func copies(in record.Input, list []manifest) ([]plan.Copy, error) {
	var out []plan.Copy
	for _, x := range list {
		c, err := contextCopy(in, x.to, x.from...)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// contextCopy is a COPY from the app's folder, or from beside it.
func contextCopy(in record.Input, to string, from ...string) (plan.Copy, error) {
	if strings.HasPrefix(to, "../") {
		return plan.Beyond(path.Join(workdir(in), to)+"/", from...)
	}
	return plan.NewCopy(to, from...)
}

// nodeStage is the name of the stage that has Node.
const nodeStage = "node"

// baseStages are the toolchain, and before it the stages that it takes Node and another JDK from: those of the machine's own platform, as it is.
func baseStages(in record.Input, b tool, v versions, node plan.Ref) ([]plan.Stage, error) {
	out, err := b.others(in)
	if err != nil {
		return nil, err
	}
	base, err := b.base(in, v)
	if err != nil {
		return nil, err
	}
	base.Name = in.Stage("base")
	if base.Workdir, err = plan.NewPath(workdir(in)); err != nil {
		return nil, err
	}
	if !node.IsZero() {
		out = append(out, otherStage(in, nodeStage, node, "node has the programs of Node that the build starts."))
		list, err := copyFrom(in, nodeStage, "/usr/local/", "/usr/local/", "/opt/", "/opt/") // yarn is below /opt
		if err != nil {
			return nil, err
		}
		base.Copies = append(base.Copies, list...)
	}
	base.Uses = plan.StagesOf(base.Copies)
	return append(out, plan.Stage{Block: "java/base", Data: base}), nil
}

// otherStage is an image as it is, for the machine that builds.
func otherStage(in record.Input, name string, ref plan.Ref, why string) plan.Stage {
	return plan.Stage{Block: "java/other", Data: &Other{Head: plan.Head{Name: in.Stage(name), From: plan.FromImage(ref).OnBuildPlatform(), About: []plan.Comment{plan.NewComment(why)}}}}
}

// copyFrom copies folders of a stage: each to its place, and where it is there.
func copyFrom(in record.Input, stage string, folders ...string) ([]plan.Artifact, error) {
	var out []plan.Artifact
	for pair := range slices.Chunk(folders, 2) {
		c, err := plan.NewCopy(pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Stage: in.Stage(stage), Copy: c})
	}
	return out, nil
}

// depsStage downloads what the build files name, before the source is there.
func depsStage(in record.Input, m *module, b tool) (plan.Stage, error) {
	d, err := b.deps(in, m)
	if err != nil {
		return plan.Stage{}, err
	}
	d.Name, d.From, d.Mounts = in.Stage("deps"), plan.FromStage(in.Stage("base")), b.secrets()
	return plan.Stage{Block: "java/deps", Data: d}, nil
}

// testStage runs the unit tests, or compiles if there are none.
func testStage(in record.Input, f *java.Facts, m *module, b tool, source plan.Copy) (plan.Stage, error) {
	tests := slices.ContainsFunc(f.Projects, func(p *java.Project) bool { return p.Tests })
	about := "test fails the build when a test fails"
	c := b.check(m, tests)
	if !tests {
		c.rule = "there are no tests; compiling is the only check"
		about = "test compiles, as there are no tests"
		in.Log.Note(m.Pos(), "the repository has no tests: the test target compiles", "")
	}
	in.Log.Choose(plan.Choice{Key: "test", Value: c.name, Rule: c.rule, Link: c.link})
	run, err := plan.NewShell(c.command...)
	s := sourceStage(in, "test", b, source, run)
	s.About = []plan.Comment{plan.NewComment(about + ": " + in.DockerBuild("--target "+s.Name.String()))}
	return plan.Stage{Block: "java/test", Data: s}, err
}
