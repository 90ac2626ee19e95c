package java

import (
	"slices"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// testStage runs the unit tests, or compiles if there are none.
func testStage(in record.Input, f *java.Facts, m *module, mvn maven, source plan.Copy) (plan.Stage, error) {
	goal, rule := "test", "the Maven phase that runs the unit tests; verify would run those that need other services too"
	about := "test fails the build when a test fails"
	if !slices.ContainsFunc(f.Projects, func(p *java.Project) bool { return p.Tests }) {
		goal, rule = "test-compile", "there are no tests; compiling is the only check"
		about = "test compiles, as there are no tests"
		in.Log.Note(m.Pos(), "the repository has no tests: the test target compiles", "")
	}
	in.Log.Choose(plan.Choice{Key: "test", Value: "mvn " + goal, Rule: rule, Link: "https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html"})
	run, err := mvn.call(goal)
	b := mavenStage(in, "test", source, run)
	b.About = []plan.Comment{plan.NewComment(about + ": " + in.DockerBuild("--target "+b.Name.String()))}
	return plan.Stage{Block: "java/test", Data: b}, err
}
