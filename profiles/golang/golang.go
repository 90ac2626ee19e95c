// Package golang decides how a Go program is built and what its image holds.
package golang

import (
	"errors"
	"slices"

	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// source is the repository, as the steps ask it. No step changes it.
type source struct {
	record.Input
	all *golang.Facts // of the folder
	f   *golang.Facts // of the build that holds the app
	// fronts are the folders of the front ends that are built into the app.
	fronts []string
}

// Decide makes the plan of a Go program.
func Decide(in record.Input, f *golang.Facts) (*plan.App, error) {
	src, err := decideBuild(in, f)
	if err != nil {
		return nil, err
	}
	v, err := decideVersion(src)
	if err != nil {
		return nil, err
	}
	m, err := decideMain(src)
	if err != nil {
		return nil, err
	}
	app, err := decideApp(src, v, m)
	if err != nil {
		return nil, final(err, m)
	}
	return app, nil
}

// final marks a refusal of a server: it is what the folder is for, and a front
// end beside it is a part of it.
func final(err error, m golang.Main) error {
	var refused *record.UnsupportedError
	if len(m.Listens) == 0 || !errors.As(err, &refused) {
		return err
	}
	out := *refused
	out.Final = true
	return &out
}

// decideApp decides for the app and the further programs, then for what all of
// them have in common.
func decideApp(s *source, v image.Release, m golang.Main) (*plan.App, error) {
	app, err := decideProgram(s, m, s.binary(m), s.Stage("prod"))
	if err != nil {
		return nil, err
	}
	further, err := decideFurther(s, app)
	if err != nil {
		return nil, err
	}
	images := append([]program{app}, further...)
	programs := images
	for _, p := range decideBeside(s, app) {
		if !slices.ContainsFunc(further, func(o program) bool { return o.Dir == p.Dir }) {
			programs = append(programs[:len(programs):len(programs)], p)
		}
	}
	cgo := decideCgo(s, programs)
	runtime, err := decideRuntime(s, v, images, cgo)
	if err != nil {
		return nil, err
	}
	t := toolchain{v, runtime, cgo}
	machines, err := decideMachines(s, t, images)
	if err != nil {
		return nil, err
	}
	packages, err := toolkit(t, programs)
	if err != nil {
		return nil, err
	}
	mods, err := decideModules(s)
	if err != nil {
		return nil, err
	}
	access, err := decidePrivate(s, mods)
	if err != nil {
		return nil, err
	}
	asked, err := decideFlags(s, t)
	if err != nil {
		return nil, err
	}
	env, err := joinEnv(slices.Concat(mods.env, access.env, asked.env))
	if err != nil {
		return nil, err
	}
	g := tags{own: asked.tags, toolchain: t, programs: programs}
	tests, err := decideTest(s, app.Main, t, g)
	if err != nil {
		return nil, err
	}

	base, err := baseStage(s, t, env, append(packages, access.clones(t)...))
	if err != nil {
		return nil, err
	}
	stages := []plan.Stage{{Block: "golang/base", Data: base}}
	from := ground{deps: base.Name, source: base.Name, copies: wholeContext()}
	if len(mods.manifests) > 0 {
		deps, err := depsStage(s, mods, access)
		if err != nil {
			return nil, err
		}
		stages = append(stages, plan.Stage{Block: "golang/deps", Data: deps})
		from.deps, from.source = deps.Name, deps.Name
	}
	list := generators(programs)
	dev, err := decideDev(s, t, g, app, list, env, from.deps)
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		generate, err := generateStage(s, from.deps, list)
		if err != nil {
			return nil, err
		}
		stages = append(stages, plan.Stage{Block: "golang/generate", Data: generate})
		from.source, from.copies, from.has = generate.Name, nil, packed(s, list)
	}
	stamps, err := decideStamps(s, app.Main)
	if err != nil {
		return nil, err
	}
	outputs, together := compiled(s, programs)
	build, err := buildStage(s, t, g, programs, outputs, together, stamps, from)
	if err != nil {
		return nil, err
	}
	stages = append(stages,
		plan.Stage{Block: "golang/dev", Data: dev}, plan.Stage{Block: "golang/test", Data: testStage(s, from, tests)}, plan.Stage{Block: "golang/build", Data: build})

	binaries, err := binariesOf(s, programs, outputs)
	if err != nil {
		return nil, err
	}
	run, before, err := runStage(s, t, app, machines[0], append(binaries[:1:1], binaries[len(images):]...))
	if err != nil {
		return nil, err
	}
	for i, p := range further {
		alone := s.alone()
		x, own, err := runStage(alone, t, p, machines[i+1], binaries[i+1:i+2])
		if err != nil {
			return nil, err
		}
		s.take(alone)
		targetChoice(s, p)
		stages = append(append(stages, own...), plan.Stage{Block: "prod", Data: x})
	}
	stages = append(stages, before...)
	return &plan.App{
		Name: app.name, Outputs: binaries[:1:1], Kind: kind(app), Run: run, Ignore: ignoreFile(s, programs, access), Reads: embeds(s, programs), Needs: s.needs(programs),
		Image: plan.Image{Syntax: image.Syntax(s.Input), Stages: append(stages, plan.Stage{Block: "prod", Data: run})},
	}, nil
}

// kind is what a program is for whoever runs it. One that handles signals, and
// does not listen, waits for the end.
func kind(p program) plan.Kind {
	switch {
	case len(p.ports.List)+len(p.Listens) > 0:
		return plan.Server
	case len(p.Signals) > 0:
		return plan.Worker
	}
	return plan.Job
}
