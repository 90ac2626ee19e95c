package python

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// settingsVariable is https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings.
const settingsVariable = "DJANGO_SETTINGS_MODULE"

// The names of modules of settings for production, and of those for anything else, as people write them.
var (
	productionNames = []string{"production", "prod", "live", "deploy", "deployment", "docker", "container"}                                                                       //nolint:gochecknoglobals // a constant table
	otherNames      = []string{"development", "develop", "dev", "local", "localhost", "test", "tests", "testing", "ci", "debug", "staging", "stage", "example", "sample", "docs"} //nolint:gochecknoglobals // a constant table
)

// withSettings are the facts with the settings of Django that prod runs with, where manage.py and the module that a server
// imports do not say which: those that the user or the repository's own image names; those of production
// beside a default for development; or where nothing names any, the only ones that are not for something else.
// The choice is zero if the code's own are used.
func withSettings(in record.Input, f *facts.Facts) (*facts.Facts, plan.Choice) {
	dj := f.Django
	if dj == nil || dj.Fixed {
		return f, plan.Choice{}
	}
	take := func(name fact.Fact[string], rule, evidence string) (*facts.Facts, plan.Choice) {
		with := dj.With(name)
		if with == nil {
			return f, plan.Choice{}
		}
		out := *f
		out.Django = with
		return &out, plan.Choice{Key: "django.settings", Value: name.Value, Rule: rule, Pos: record.At(name.Pos), Link: "https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings", Evidence: evidence}
	}
	if v := in.Settings.Env[settingsVariable]; v != "" {
		return take(fact.Fact[string]{Value: v, Pos: in.Settings.Pos("env")}, "asked for", "")
	}
	if own, evidence := image.OwnVariable(in, settingsVariable); own.Found() {
		if own.Value == dj.Settings.Value && !dj.Production.Found() {
			return f, plan.Choice{}
		}
		return take(own, "the repository's own Dockerfile has it in "+settingsVariable, evidence)
	}
	for _, s := range uwsgiSettings(in, cmp.Or(uwsgiFile(in), "uwsgi.ini")) {
		if name, value, _ := strings.Cut(s.Value.Value, "="); s.Value.Key == "env" && name == settingsVariable {
			return take(fact.Fact[string]{Value: value, Pos: s.Pos}, "the settings of uwsgi name it", "")
		}
	}
	current := dj.Settings.Value
	if dj.Production.Found() {
		current = dj.Production.Value
	}
	switch found, ok := settingsFor(dj.Modules, current, dj.Chain); {
	case !ok:
	case current == "":
		return take(found, "neither "+manageOf(dj)+" nor the environment names any, and these are the project's", "")
	default:
		return take(found, "those that the code falls back on are for development", "")
	}
	return f, plan.Choice{}
}

// manageOf is manage.py from the app's folder on.
func manageOf(dj *facts.Django) string { return strings.TrimPrefix(dj.Dir+"/manage.py", "./") }

// settingsFor are the settings of production: beside those that the code falls back on, if these
// are for development by their name or by that of what they take in, which chain has; of all, if it falls back on none, or
// else the one for everything.
func settingsFor(all []fact.Fact[string], current string, chain []string) (fact.Fact[string], bool) {
	last := func(name string) (string, string) {
		i := strings.LastIndexByte(name, '.')
		return name[:max(i, 0)], strings.ToLower(name[i+1:])
	}
	// settings_dev and dev_settings are named as dev is.
	named := func(name string, words []string) bool {
		return slices.ContainsFunc(strings.Split(name, "_"), func(w string) bool { return slices.Contains(words, w) })
	}
	dir, name := last(current)
	if current != "" && !named(name, otherNames) {
		// settings/__init__.py takes dev.py in.
		if !slices.ContainsFunc(chain[min(1, len(chain)):], func(f string) bool { return named(strings.ToLower(stem(f)), otherNames) }) {
			return fact.Fact[string]{}, false
		}
		dir = current
	}
	var production, general []fact.Fact[string]
	for _, m := range all {
		in, n := last(m.Value)
		switch {
		case current != "" && in != dir, named(n, otherNames):
		case named(n, productionNames):
			production = append(production, m)
		default:
			general = append(general, m)
		}
	}
	switch {
	case len(production) == 1:
		return production[0], true
	case current == "" && len(production) == 0 && len(general) == 1:
		return general[0], true
	}
	return fact.Fact[string]{}, false
}
