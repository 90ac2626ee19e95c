package gradle

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Repository is one from which a build takes dependencies or plugins.
// https://docs.gradle.org/current/userguide/declaring_repositories.html
type Repository struct {
	Kind    string            // "maven", "ivy", or what names a known one: "mavenCentral", "mavenLocal", "google"
	URL     fact.Fact[string] // not found for a known one, of no value where it is computed
	Pos     fact.Pos
	Private bool // it wants credentials
	// Asks are the parts of its address and of its credentials that nothing in the repository sets, each with what could: one of them is enough.
	Asks [][]Variable
	// Written are the parts of its credentials that a script or a file of properties holds.
	Written []fact.Fact[string]
	// Elsewhere says that a part of its credentials comes from what is not read.
	Elsewhere bool

	name, typ string // of the repository and of its credentials
	given     bool   // the script says what its credentials are
}

// repositoryPaths are the blocks that name repositories.
var repositoryPaths = [][]string{{"buildscript", "repositories"}, {"pluginManagement", "repositories"}, {"repositories"}, {"dependencyResolutionManagement", "repositories"}} //nolint:gochecknoglobals // a constant table

// kinds are those of repositories.
var kinds = []string{"maven", "ivy", "flatDir", "mavenCentral", "mavenLocal", "google", "jcenter", "gradlePluginPortal"} //nolint:gochecknoglobals // a constant table

// Repositories are those that the build takes something from where the projects of some folders are built, each once: those of the settings,
// of these projects, of all scripts' own class paths, and of the builds that come first.
func (b *Build) Repositories(dirs []string) []Repository {
	var out []Repository
	seen := map[string]bool{}
	var read func(b *builder, all bool)
	read = func(b *builder, all bool) {
		for _, p := range append([]*Project{b.settings}, b.order...) {
			for _, at := range repositoryPaths {
				if at[0] == "repositories" && !all && !slices.Contains(dirs, p.Dir) {
					continue
				}
				for _, r := range p.repositories(at) {
					if key := r.Kind + " " + r.URL.Value + " " + r.URL.Pos.String(); !seen[key] && len(out) < maxItems {
						seen[key] = true
						out = append(out, r)
					}
				}
			}
		}
		for _, n := range b.nested {
			read(n, true)
		}
	}
	read(b.b, false)
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
			out = append(out, Repository{Kind: rest[0], Pos: x.pos})
			last++
		}
		p.describe(&out[last], rest, x, url)
	}
	unnamed := map[string]int{}
	for i := range out {
		r := &out[i]
		if r.name == "" {
			unnamed[r.Kind]++
			if r.name = r.Kind; unnamed[r.Kind] > 1 {
				r.name += strconv.Itoa(unnamed[r.Kind])
			}
		}
		r.byName()
	}
	return out
}

// describe adds what one line says of a repository.
func (p *Project) describe(r *Repository, rest []string, x *entry, url bool) {
	switch {
	case len(rest) == 1 && len(x.vals) > 0, url && len(x.vals) > 0:
		if r.URL = p.read(x.vals[0], x).Fact; r.URL.Value == "" {
			r.ask(x.vals[0])
		}
	case len(rest) == 2 && (rest[1] == "name" || rest[1] == "setName") && len(x.vals) > 0:
		r.name = p.read(x.vals[0], x).Value
	case len(rest) == 2 && rest[1] == "credentials":
		r.Private = true
		for _, v := range x.vals {
			r.typ, _, _ = strings.Cut(v.text, ".")
		}
	case len(rest) > 2 && rest[1] == "credentials":
		r.Private, r.given = true, true
		for _, v := range x.vals {
			s := p.read(v, x)
			switch {
			case r.ask(v):
			case s.Value != "":
				r.Written = append(r.Written, s.Fact)
			case v.kind != text || !v.sure:
				r.Elsewhere = true
			}
		}
	}
}

// ask notes what would set a value, and reports whether there is something.
func (r *Repository) ask(v value) bool {
	asked := v.asked
	if v.property() {
		asked = merge(asked, []Variable{{Name: v.text}})
	}
	if len(asked) > 0 && len(r.Asks) < maxAsked {
		r.Asks = append(r.Asks, asked)
	}
	return len(asked) > 0
}

// parts are the properties that Gradle looks for where a script gives no more than the type of the credentials, behind the repository's name:
// https://docs.gradle.org/current/userguide/supported_repository_types.html#sec:handling_credentials
var parts = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"PasswordCredentials": {"Username", "Password"}, "AwsCredentials": {"AccessKey", "SecretKey"}, "HttpHeaderCredentials": {"AuthHeaderName", "AuthHeaderValue"},
}

// byName asks for the credentials that go by the repository's name.
func (r *Repository) byName() {
	if r.given {
		return
	}
	for _, part := range parts[r.typ] {
		r.Asks = append(r.Asks, []Variable{{Name: r.name + part}})
	}
}
