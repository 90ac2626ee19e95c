// Package java decides how a project of Maven or Gradle is built and what its image holds.
package java

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// the image's folders
const (
	src = "/src"
	out = "/out"
)

// workdir is where the stages that build have the app's folder.
func workdir(in record.Input) string {
	if in.Nested {
		return path.Join(src, in.Above)
	}
	return src
}

// Decide makes the plan of the project.
func Decide(in record.Input, f *java.Facts) (*plan.App, error) {
	sayTool(in, f)
	profile := ""
	if x := f.Production; x != nil {
		profile, f = x.Profile, x.Facts
		in.Log.Choose(plan.Choice{Key: "java.profile", Value: profile, Rule: x.Rule, Pos: record.At(x.Pos)})
	}
	if err := checkKind(in, f); err != nil {
		return nil, err
	}
	m, err := pickModule(in, f)
	if err != nil {
		return nil, err
	}
	m.profile = profile
	image.ChooseModule(in, m.asModule(), m.described())
	m.takeRunner(in)
	m.asJar(in)
	m.configured(in)
	m.place()
	m.context = decideContext(in, &m)
	m.variables = decideVariables(in, &m)
	m.sayDevelopment(in)
	m.decideArguments(in)
	m.sayMigrations(in)
	m.moveWindows(in)
	m.sayParent(in)
	v, err := decideVersion(in, f, &m)
	if err != nil {
		return nil, err
	}
	b, err := decideTool(in, f, &m, &v)
	if err != nil {
		return nil, err
	}
	tomcat, err := decideTomcat(in, &m, v)
	if err != nil {
		return nil, err
	}
	needed := needs(in, &m)
	if in, err = takeFrontEnds(in, f, &m, b); err != nil {
		return nil, err
	}
	fw, err := frameworkOf(&m)
	if err != nil {
		return nil, err
	}
	listens := addresses(in, &m, fw)
	if own := image.OwnImage(in); own == nil || own.Default || image.OfModule(in) { // any other may be of another module
		listens.Exposed, listens.ExposedRule = image.ExposedBy(in, own)
	}
	if err := decideNative(in, f, &m, v, b); err != nil {
		return nil, err
	}
	cache, err := decideStartup(in, &m, v, func() (image.Ports, error) { return image.Port(in.Trying(), listens) })
	if err != nil {
		return nil, err
	}
	if m.linked, err = decideJlink(in, &m, v); err != nil {
		return nil, err
	}
	system, err := image.NeededIn(in.Know, image.ImagesOf("java").SuiteOf(in.Know, v.java), m.linked.needs(needed)...)
	if err != nil {
		return nil, err
	}
	images, release, kind := prodImages(&m, v, tomcat)
	runtime, err := image.Runtime(in, image.RuntimeRequest{
		Images: images, Release: release, Kind: kind, Needs: system, Starts: starts(in, &m), Shell: cmp.Or(otherStart(in), m.variables.why(), cache.why()), Ask: m.ask, Has: inImages(needed),
		Can: func(r plan.Runtime) error {
			switch {
			case m.native != nil:
				return m.native.can(r)
			case r == plan.Scratch: // which is said of the published images before
				return image.Because(images.Language, "Java needs a C library, and scratch is empty")
			case r == plan.Distroless && kind == jdk && m.linked == nil:
				return image.Because(factCompiler, "%s has no JDK, whose compiler the code uses", r)
			}
			return nil
		}, Facts: compilerFacts(kind),
	})
	if err != nil {
		return nil, err
	}
	ports, err := image.Port(in, listens)
	if err != nil {
		return nil, err
	}
	from, err := prodFrom(in, &m, images, release, runtime, kind)
	if err != nil {
		return nil, err
	}
	outputs, err := made(in, &m)
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	reads := m.reads(in)
	files, err := readFiles(in, f, &m, reads)
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	run, tini, err := prodStage(in, &m, from, runtime, system, fw, ports, slices.Concat(outputs, files))
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	writes, err := decideWrites(in, &m, system, runtime, outputs, reads)
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	before, err := stages(in, f, &m, v, b, tomcat, ports)
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	more, err := m.linked.stages(in, &m, v, b, outputs, runtime)
	if err == nil {
		err = m.linked.apply(in, run)
	}
	if err != nil {
		return nil, unwritableName(&m, err)
	}
	before = slices.Concat(before, more, tini)
	before = append(before, writes.Apply(run)...)
	if cache != nil {
		stage, err := cache.cacheStage(in, &m, run, ports)
		if err == nil {
			err = cache.apply(in, run)
		}
		if err != nil {
			return nil, unwritableName(&m, err)
		}
		before = append(before, stage)
	}
	app := &plan.App{
		Name: m.imageName(in, f), Kind: plan.Server, Run: run, Outputs: outputs, Ignore: ignore(in, f, &m, reads), Needs: append(m.needs(f), besideOf(f)...),
		Image: plan.Image{Syntax: image.Syntax(in), Stages: append(before, plan.Stage{Block: "prod", Data: run})},
	}
	if len(run.Ports) == 0 {
		app.Kind = plan.Job
	}
	return app, nil
}

// unwritableName says where a name comes from that a Dockerfile cannot hold.
func unwritableName(m *module, err error) error {
	if refused := (*plan.RefusedError)(nil); errors.As(err, &refused) {
		return fact.Errorf(m.FinalName().Pos, "a name cannot be written into the Dockerfile: %w", refused)
	}
	return err
}

// stages are those before prod.
func stages(in record.Input, f *java.Facts, m *module, v versions, b tool, tomcat string, ports image.Ports) ([]plan.Stage, error) {
	node, err := nodeForBuild(in, f, b)
	if err != nil {
		return nil, err
	}
	bases, err := baseStages(in, b, v, node)
	if err != nil {
		return nil, err
	}
	deps, err := depsStage(in, m, b)
	if err != nil {
		return nil, err
	}
	source, err := sources(in, f, m)
	if err != nil {
		return nil, err
	}
	dev, err := devStage(in, f, m, v, b, source, tomcat, ports)
	if err != nil {
		return nil, err
	}
	test, err := testStage(in, f, m, b, source)
	if err != nil {
		return nil, err
	}
	out := slices.Concat(bases, []plan.Stage{deps, dev, test})
	if m.native != nil {
		graal, err := m.native.graalStage(in)
		if err != nil {
			return nil, err
		}
		out = append(out, graal)
	}
	build, err := buildStage(in, m, b, source)
	return append(out, build), err
}

// ignore is the .dockerignore: each module's own output, and no folder that
// only shares its name, such as a package.
func ignore(in record.Input, f *java.Facts, m *module, reads []effect.File) plan.Ignore {
	own := plan.IgnoreGroup{Heading: plan.NewComment("Build output")}
	add := func(dir string) {
		if dir == "." || strings.HasPrefix(dir, "..") && !in.Nested || in.Tree.HasDir(path.Join(in.Dir, dir)) {
			return // files are committed there
		}
		if p, err := plan.NewPattern(dir); err == nil && !strings.ContainsAny(dir, `*?[]!\`) {
			own.Patterns = append(own.Patterns, p)
		}
	}
	for _, p := range f.Projects {
		add(path.Join(p.Dir, p.BuildDir()))
	}
	switch {
	case f.Gradle != nil:
		add(".gradle")
		for _, dir := range f.Gradle.Folders {
			add(path.Join(dir, ".gradle"))
			add(path.Join(dir, "build"))
		}
	case !f.Unused.IsZero():
		add(".gradle")
		add("build")
	}
	var groups []plan.IgnoreGroup
	if len(own.Patterns) > 0 {
		groups = append(groups, own)
	}
	return image.IgnoreFile(in, groups, readings(m, reads)...)
}
