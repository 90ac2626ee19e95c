package java

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Production is a profile of Maven that builds what production runs, where a
// build without it does not.
type Production struct {
	Profile string
	Rule    string // why it does
	Pos     fact.Pos
	Facts   *Facts // what the folder says with it
}

// profileName is an identifier of a profile that -P can name.
var profileName = lazy.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// productionNames are what people call the profile.
var productionNames = []string{"prod", "production", "prd"} //nolint:gochecknoglobals // a constant table

// vaadinPlugins bundle the front end of a Vaadin app by the goal build-frontend:
// https://vaadin.com/docs/latest/flow/production/production-build
var vaadinPlugins = []string{"vaadin-maven-plugin", "flow-maven-plugin", "hilla-maven-plugin"} //nolint:gochecknoglobals // a constant table

// Vaadin is the plugin that bundles the front end of a Vaadin app, an empty one for none.
func (p *Project) Vaadin() *pom.Plugin {
	for _, a := range vaadinPlugins {
		if g := p.POM.PluginNamed(a); g.Active {
			return g
		}
	}
	return &pom.Plugin{}
}

// production finds the profile: the one that alone bundles Vaadin's front end,
// else one that is named so and gives the property a value that makes Spring's
// profile active.
func (f *Facts) production() (Production, bool) {
	for _, p := range f.Projects {
		if p.Packaging().Value == "pom" {
			continue
		}
		for _, prof := range p.POM.Profiles() {
			if !profileName.MatchString(prof.ID) || prof.Default {
				continue
			}
			switch {
			case slices.ContainsFunc(vaadinPlugins, func(a string) bool { return bundles(p, prof, a) }):
				return Production{Profile: prof.ID, Rule: "without it, the build does not bundle Vaadin's front end", Pos: prof.Pos}, true
			case slices.Contains(productionNames, prof.ID) && slices.ContainsFunc(p.activeBy(), prof.Sets):
				return Production{Profile: prof.ID, Rule: "it makes Spring's profile for production active", Pos: prof.Pos}, true
			}
		}
	}
	return f.frontProfile()
}

// frontGoals are the goals of frontend-maven-plugin that run a program of Node:
// https://github.com/eirslett/frontend-maven-plugin#usage
var frontGoals = []string{"npm", "yarn", "pnpm", "bun", "npx", "corepack", "grunt", "gulp", "webpack", "ember", "jspm"} //nolint:gochecknoglobals // a constant table

// frontName matches what people call a profile that builds the front end, and notFront one that is for something else.
var (
	frontName = lazy.MustCompile(`(?i)prod|prd|front|web|ui|client|npm|node|assets|static|release`)
	notFront  = lazy.MustCompile(`(?i)dev|test|skip|no-|without|doc|site|watch`)
)

// frontProfile finds the profile that alone builds the front end, where there is one, or one that is called
// production's.
func (f *Facts) frontProfile() (Production, bool) {
	var found []Production
	for _, p := range f.Projects {
		if slices.ContainsFunc(frontGoals, func(g string) bool { return len(p.POM.PluginNamed("frontend-maven-plugin").Goal(g)) > 0 }) {
			return Production{}, false // every build does
		}
		for _, prof := range p.POM.Profiles() {
			if !profileName.MatchString(prof.ID) || prof.Default || notFront.MatchString(prof.ID) || !frontName.MatchString(prof.ID) ||
				!slices.ContainsFunc(frontGoals, func(g string) bool { return prof.Runs("frontend-maven-plugin", g) }) ||
				slices.ContainsFunc(found, func(o Production) bool { return o.Profile == prof.ID }) {
				continue
			}
			found = append(found, Production{Profile: prof.ID, Rule: "without it, the build does not make the front end", Pos: prof.Pos})
		}
	}
	for _, x := range found {
		if len(found) == 1 || slices.Contains(productionNames, x.Profile) {
			return x, true
		}
	}
	return Production{}, false
}

// bundles reports whether the profile runs build-frontend, and nothing else does.
func bundles(p *Project, prof pom.Profile, artifact string) bool {
	return prof.Runs(artifact, "build-frontend") && len(p.POM.PluginNamed(artifact).Goal("build-frontend")) == 0
}

// filtered is a value that Maven's filtering of resources gives.
var filtered = lazy.MustCompile(`^["']?[@#]([^@#\s]+)[@#]["']?$|^\$\{([^}:]+)\}$`)

// activeBy are the properties of the POM that name the active profiles of Spring.
func (p *Project) activeBy() []string {
	var out []string
	for _, s := range p.Settings {
		if m := filtered.FindStringSubmatch(s.Value); s.Key == "spring.profiles.active" && m != nil && m[1]+m[2] != "" {
			out = append(out, m[1]+m[2])
		}
	}
	return out
}
