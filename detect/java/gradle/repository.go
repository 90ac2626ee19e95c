package gradle

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Repository is one from which a build takes dependencies or plugins.
// https://docs.gradle.org/current/userguide/declaring_repositories.html
type Repository struct {
	Kind      string            // "maven", "ivy", or what names a known one: "mavenCentral", "mavenLocal", "google"
	URL       fact.Fact[string] // not found for a known one, of no value where it is computed
	Pos       fact.Pos
	Private   bool       // it wants credentials
	Maybe     bool       // only some builds have it
	Variables []Variable // what sets these, as far as the scripts say
}

// repositoryPaths are the blocks that name repositories.
var repositoryPaths = [][]string{{"repositories"}, {"buildscript", "repositories"}, {"dependencyResolutionManagement", "repositories"}, {"pluginManagement", "repositories"}} //nolint:gochecknoglobals // a constant table

// kinds are those of repositories.
var kinds = []string{"maven", "ivy", "flatDir", "mavenCentral", "mavenLocal", "google", "jcenter", "gradlePluginPortal"} //nolint:gochecknoglobals // a constant table

// Repositories are those of the settings and of all projects, each once.
func (b *Build) Repositories() []Repository {
	var out []Repository
	seen := map[string]bool{}
	for _, p := range append([]*Project{b.b.settings}, b.Projects...) {
		for _, at := range repositoryPaths {
			for _, r := range p.repositories(at) {
				if key := r.Kind + " " + r.URL.Value + " " + r.URL.Pos.String(); !seen[key] && len(out) < maxItems {
					seen[key] = true
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// repositories are those of one block. What is said of one follows the call that opens it.
func (p *Project) repositories(at []string) []Repository {
	var out []Repository
	for _, x := range p.entries {
		if len(x.at) <= len(at) || !slices.Equal(x.at[:len(at)], at) {
			continue
		}
		rest := x.at[len(at):]
		if len(rest) > 2 && rest[0] == "exclusiveContent" {
			rest = rest[2:]
		}
		if !slices.Contains(kinds, rest[0]) {
			continue
		}
		last := len(out) - 1
		url := len(rest) == 2 && (rest[1] == "url" || rest[1] == "setUrl")
		if len(rest) == 1 || last < 0 || out[last].Kind != rest[0] || url && out[last].URL.Found() {
			out = append(out, Repository{Kind: rest[0], Pos: x.pos, Maybe: x.maybe})
			last++
		}
		r := &out[last]
		switch {
		case len(rest) == 1 && len(x.vals) > 0, url && len(x.vals) > 0:
			r.URL = p.said(x.vals[0], x).Fact
		case len(rest) > 1 && rest[1] == "credentials":
			r.Private = true
			for _, v := range x.vals {
				r.ask(v)
			}
		}
	}
	return out
}

// ask notes what would set a value.
func (r *Repository) ask(v value) {
	asked := v.asked
	if v.kind == word && !strings.Contains(v.text, ".") { // a property that nothing in the repository sets
		asked = append(slices.Clip(asked), Variable{Name: v.text})
	}
	r.Variables = merge(r.Variables, asked)
}
