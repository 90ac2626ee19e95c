package java

import (
	"slices"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// tool is what builds the project: Maven or Gradle, each with its own words for the steps that every build has.
type tool interface {
	// base is the toolchain, without its name.
	base(in record.Input, v versions) (*Base, error)
	// deps downloads what the build files name, before the source is there.
	deps(in record.Input, m *module) (*Deps, error)
	// cache is the folder of what is downloaded.
	cache() string
	// pack makes what prod holds.
	pack(m *module) ([]string, error)
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
}

// compileAndRestart is what explain calls the loop of dev.
const compileAndRestart = "compile and restart"

// sayTool says which of two tools builds the project.
func sayTool(in record.Input, f *java.Facts) {
	if f.Beside.IsZero() {
		return
	}
	c := plan.Choice{Key: "java.tool", Value: "maven", Rule: "a pom.xml", Pos: record.At(f.Projects[0].Pos())}
	lost := plan.Rejected{Value: "gradle", Pos: record.At(f.Beside), Why: "Maven needs no plugin portal"}
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
	mvn, err := decideMaven(in, f, m, *v)
	return &mvn, err
}

// manifest is a COPY of build files.
type manifest struct {
	to   string
	from []string
}

func copies(list []manifest) ([]plan.Copy, error) {
	var out []plan.Copy
	for _, x := range list {
		c, err := plan.NewCopy(x.to, x.from...)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// baseStage is the toolchain, with Node where the build starts its programs.
func baseStage(in record.Input, b tool, v versions, node plan.Ref) (plan.Stage, error) {
	base, err := b.base(in, v)
	if err != nil {
		return plan.Stage{}, err
	}
	base.Name = in.Stage("base")
	if node.IsZero() {
		return plan.Stage{Block: "java/base", Data: base}, nil
	}
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
	return plan.Stage{Block: "java/base", Data: base}, nil
}

// depsStage downloads what the build files name, before the source is there.
func depsStage(in record.Input, m *module, b tool) (plan.Stage, error) {
	d, err := b.deps(in, m)
	if err != nil {
		return plan.Stage{}, err
	}
	d.Name, d.From = in.Stage("deps"), plan.FromStage(in.Stage("base"))
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
