// Package java decides how a Maven project is built and what its image holds.
package java

import (
	"errors"
	"fmt"
	"path"
	"strings"

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
	v, err := decideVersion(in, f, &m)
	if err != nil {
		return nil, err
	}
	mvn, err := decideMaven(in, f, &m, v)
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
	app, err := stages(in, f, &m, v, mvn, needs, runtime, port)
	if refused := (*plan.RefusedError)(nil); errors.As(err, &refused) {
		return nil, fact.Errorf(m.FinalName().Pos, "a name that the Dockerfile needs cannot stand in it: %w", refused)
	}
	return app, err
}

// stages writes down what was decided, stage by stage.
func stages(in record.Input, f *java.Facts, m *module, v versions, mvn maven, needs needs, r plan.Runtime, port ports) (*plan.App, error) {
	name := image.Name(m.Artifact().Value, in.Name)
	tomcat, err := decideTomcat(in, m, v)
	if err != nil {
		return nil, err
	}
	base, err := baseStage(in, mvn, v)
	if err != nil {
		return nil, err
	}
	deps, err := depsStage(in, f, m, mvn)
	if err != nil {
		return nil, err
	}
	source, err := sources(in, f, m)
	if err != nil {
		return nil, err
	}
	test, err := testStage(in, f, m, mvn, source)
	if err != nil {
		return nil, err
	}
	build, err := buildStage(in, m, mvn, source)
	if err != nil {
		return nil, err
	}
	run, err := prodStage(in, m, v, r, tomcat, needs, port)
	if err != nil {
		return nil, err
	}
	dev, err := devStage(in, f, m, mvn, source, tomcat, name, port)
	if err != nil {
		return nil, err
	}
	kind := plan.Server
	if len(run.Ports) == 0 {
		kind = plan.Job
	}
	return &plan.App{
		Name: name, Kind: kind, Run: run, Outputs: run.Copies, Ignore: ignore(in, f),
		Image: plan.Image{Syntax: in.Settings.Syntax == nil || *in.Settings.Syntax, Stages: []plan.Stage{base, deps, dev, test, build, {Block: "prod", Data: run}}},
	}, nil
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
