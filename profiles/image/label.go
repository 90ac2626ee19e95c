package image

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// labelsPage describes the labels that tools look for: registries link the image to its source by them, and update bots find release notes.
const labelsPage = "https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys"

// describe adds the labels that the manifests have a value for, and for an image whose source is known the arguments by which CI says which
// commit and which version of it this is. A label of the own Dockerfile stays as it is there.
func describe(in record.Input, app *plan.App) {
	about := in.Builds.About()
	if about.Source.Value == "" && about.License.Value == "" {
		return
	}
	run := app.Run
	has := func(name plan.Token) bool {
		return slices.ContainsFunc(run.Labels, func(l plan.Label) bool { return l.Name == name }) ||
			slices.ContainsFunc(run.Given, func(g plan.Given) bool { return g.Label && g.Name == name })
	}
	for _, l := range []struct {
		name      plan.Token
		key, rule string
		value     fact.Fact[string]
	}{
		{plan.MustToken("org.opencontainers.image.title"), "labels.title", "the name of the image", fact.Fact[string]{Value: app.Name}},
		{plan.MustToken("org.opencontainers.image.source"), "labels.source", "the manifest names the repository", about.Source},
		{plan.MustToken("org.opencontainers.image.licenses"), "labels.licenses", "the manifest names the licence", about.License},
	} {
		value, err := plan.NewText(l.value.Value)
		if err != nil || l.value.Value == "" || has(l.name) {
			continue
		}
		in.Log.Choose(plan.Choice{Key: l.key, Value: l.value.Value, Rule: l.rule, Pos: record.At(l.value.Pos), Link: labelsPage})
		run.Labels = append(run.Labels, plan.Label{Name: l.name, Value: value})
	}
	if about.Source.Value == "" {
		return
	}
	for _, g := range []plan.Given{
		{
			Why:  plan.NewComment(`CI says what it builds: --build-arg REVISION="$(git rev-parse HEAD)" --build-arg VERSION=…`),
			Name: plan.MustToken("org.opencontainers.image.revision"), From: plan.MustToken("REVISION"), Arg: plan.MustEnv("REVISION", ""), Label: true,
		},
		{Name: plan.MustToken("org.opencontainers.image.version"), From: plan.MustToken("VERSION"), Arg: plan.MustEnv("VERSION", ""), Label: true},
	} {
		taken := slices.ContainsFunc(run.Given, func(o plan.Given) bool { return o.From == g.From }) ||
			slices.ContainsFunc(run.Env, func(e plan.Env) bool { return e.Name == g.From })
		if !has(g.Name) && !taken {
			run.Given = append(run.Given, g)
		}
	}
}
