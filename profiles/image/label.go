package image

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// The labels that tools look for: registries link the image to its source by them, and update bots find release notes.
// https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
const (
	labelTitle    = "org.opencontainers.image.title"
	labelSource   = "org.opencontainers.image.source"
	labelLicenses = "org.opencontainers.image.licenses"
	labelRevision = "org.opencontainers.image.revision"
	labelVersion  = "org.opencontainers.image.version"
)

// describe adds the labels that the manifests have a value for, and for an image whose source is known the arguments by which CI says which
// commit and which version of it this is. A label of the own Dockerfile stays as it is there.
func describe(in record.Input, app *plan.App) error {
	about := in.Builds.About()
	if about.Source.Value == "" && about.License.Value == "" {
		return nil
	}
	run := app.Run
	has := func(name string) bool {
		return slices.ContainsFunc(run.Labels, func(l plan.Label) bool { return l.Name.String() == name }) ||
			slices.ContainsFunc(run.Given, func(g plan.Given) bool { return g.Label && g.Name.String() == name })
	}
	for _, l := range []struct {
		name, key, rule string
		value           fact.Fact[string]
	}{
		{labelTitle, "labels.title", "the name of the image", fact.Fact[string]{Value: app.Name}},
		{labelSource, "labels.source", "the manifest names the repository", about.Source},
		{labelLicenses, "labels.licenses", "the manifest names the licence", about.License},
	} {
		name, err := plan.NewToken(l.name)
		if err != nil {
			return err
		}
		value, err := plan.NewText(l.value.Value)
		if err != nil || l.value.Value == "" || has(l.name) {
			continue
		}
		in.Log.Choose(plan.Choice{Key: l.key, Value: l.value.Value, Rule: l.rule, Pos: record.At(l.value.Pos), Link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys"})
		run.Labels = append(run.Labels, plan.Label{Name: name, Value: value})
	}
	if about.Source.Value == "" {
		return nil
	}
	for _, l := range []struct{ name, arg string }{{labelRevision, "REVISION"}, {labelVersion, "VERSION"}} {
		if has(l.name) || slices.ContainsFunc(run.Given, func(g plan.Given) bool { return g.From.String() == l.arg }) || slices.ContainsFunc(run.Env, func(e plan.Env) bool { return e.Name.String() == l.arg }) {
			continue
		}
		name, err := plan.NewToken(l.name)
		if err != nil {
			return err
		}
		from, err := plan.NewToken(l.arg)
		if err != nil {
			return err
		}
		arg, err := plan.NewEnv(l.arg, "")
		if err != nil {
			return err
		}
		given := plan.Given{Name: name, From: from, Arg: arg, Label: true}
		if l.arg == "REVISION" {
			given.Why = plan.NewComment(`CI says what it builds: --build-arg REVISION="$(git rev-parse HEAD)" --build-arg VERSION=…`)
		}
		run.Given = append(run.Given, given)
	}
	return nil
}
