package buildfile

import (
	"bytes"
	"net/url"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// About is what the manifests say of the project for the labels of its image:
// https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys.
// What is not said, or not in a form that the label wants, is zero.
type About struct {
	Source  fact.Fact[string] // the address of the repository, https://
	License fact.Fact[string] // an SPDX expression
}

// About reads the manifests of the folder. The repository is also that of the root's manifests; a licence holds for
// the package that names it alone.
func (r *Reader) About() About {
	if r == nil || r.t == nil {
		return About{}
	}
	out := r.about(r.dir)
	if out.Source.Value == "" && r.dir != "." {
		out.Source = r.about(".").Source
	}
	return out
}

func (r *Reader) about(dir string) (out About) {
	first := func(a About) {
		if out.Source.Value == "" {
			out.Source = a.Source
		}
		if out.License.Value == "" {
			out.License = a.License
		}
	}
	for _, m := range []struct {
		file string
		read func(document.Value) About
	}{{"package.json", packageAbout}, {"pyproject.toml", projectAbout}, {"pom.xml", pomAbout}} {
		if file := path.Join(dir, m.file); r.t.Has(file) {
			if doc, err := document.Read(r.t, file); err == nil {
				first(m.read(doc))
			}
		}
	}
	if file := path.Join(dir, "go.mod"); r.t.Has(file) {
		if text, err := r.t.ReadHead(file, maxHead); err == nil {
			first(moduleAbout(file, text))
		}
	}
	return out
}

// packageAbout reads a package.json: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#repository.
func packageAbout(doc document.Value) About {
	repository := doc.Get("repository")
	if repository.Get("url").Found() {
		repository = repository.Get("url")
	}
	if m := shorthand.FindStringSubmatch(repository.Text); m != nil {
		repository.Text = "https://" + hosts[m[1]] + "/" + m[2] + m[3] + "/" + m[4]
	}
	return About{Source: sourceOf(repository), License: licenseOf(doc.Get("license"))}
}

// projectAbout reads a pyproject.toml: https://packaging.python.org/en/latest/specifications/pyproject-toml/#license,
// https://packaging.python.org/en/latest/specifications/well-known-project-urls/, https://python-poetry.org/docs/pyproject/#repository.
func projectAbout(doc document.Value) (out About) {
	project, poetry := doc.Get("project"), doc.Get("tool", "poetry")
	for _, m := range project.Get("urls").Members {
		switch letters.ReplaceAllString(strings.ToLower(m.Key), "") {
		case "source", "repository", "sourcecode", "github":
			if out.Source.Value == "" {
				out.Source = sourceOf(m.Value)
			}
		}
	}
	if out.Source.Value == "" {
		out.Source = sourceOf(poetry.Get("repository"))
	}
	for _, v := range []document.Value{project.Get("license"), project.Get("license", "text"), poetry.Get("license")} {
		if out.License.Value == "" {
			out.License = licenseOf(v)
		}
	}
	return out
}

// letters matches what a name of a URL is normalised without.
var letters = lazy.MustCompile(`[^a-z0-9]+`)

// pomAbout reads a pom.xml: https://maven.apache.org/pom.html#More_Project_Information.
func pomAbout(doc document.Value) About {
	project := doc.Get("project")
	out := About{Source: sourceOf(project.Get("scm", "url"))}
	list := project.Get("licenses").All("license")
	if len(list) != 1 { // several may be taken one for the other, or hold together
		return out
	}
	name := list[0].Get("name")
	if out.License = licenseOf(name); out.License.Value == "" {
		at := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(list[0].Get("url").Text, "https://"), "http://"), "/")
		if id := licensePages[strings.TrimPrefix(at, "www.")]; id != "" {
			out.License = fact.Fact[string]{Value: id, Pos: name.Pos()}
		}
	}
	return out
}

// licensePages are the pages by which POMs name a licence, and its identifier: https://spdx.org/licenses/.
var licensePages = map[string]string{ //nolint:gochecknoglobals // a constant table
	"apache.org/licenses/LICENSE-2.0":      "Apache-2.0",
	"apache.org/licenses/LICENSE-2.0.txt":  "Apache-2.0",
	"apache.org/licenses/LICENSE-2.0.html": "Apache-2.0",
	"opensource.org/licenses/Apache-2.0":   "Apache-2.0",
	"opensource.org/licenses/MIT":          "MIT",
	"opensource.org/licenses/mit-license":  "MIT",
	"mozilla.org/en-US/MPL/2.0":            "MPL-2.0",
	"eclipse.org/legal/epl-2.0":            "EPL-2.0",
}

// forges are the hosts on which the path of a Go module is that of its repository: https://go.dev/ref/mod#vcs-find.
var forges = map[string]bool{"github.com": true, "gitlab.com": true, "bitbucket.org": true, "codeberg.org": true} //nolint:gochecknoglobals // a constant table

func moduleAbout(file string, text []byte) (out About) {
	m := goModule.FindSubmatch(text)
	if m == nil {
		return out
	}
	words := strings.SplitN(string(m[1]), "/", 4)
	if len(words) < 3 || !forges[words[0]] {
		return out
	}
	before, _, _ := bytes.Cut(text, m[0])
	return About{Source: sourceOf(document.Value{Text: "https://" + strings.Join(words[:3], "/"), File: file, Line: 1 + bytes.Count(before, []byte("\n"))})}
}

// shorthand matches npm's "github:owner/name", and "owner/name" on GitHub, whose owners have no dot; scp git's "git@host:owner/name".
var (
	shorthand = lazy.MustCompile(`^(?:(github|gitlab|bitbucket):([\w.-]+)|([\w-]+))/([\w.-]+)$`)
	scp       = lazy.MustCompile(`^git@([\w.-]+):([\w./-]+)$`)
)

// hosts are those of shorthands: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#repository.
var hosts = map[string]string{"": "github.com", "github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"} //nolint:gochecknoglobals // a constant table

// sourceOf is the address of a repository as people open it; zero for one with a login, an address of no forge, or what is none.
func sourceOf(v document.Value) fact.Fact[string] {
	text := strings.TrimSpace(v.Text)
	if strings.ContainsAny(text, "${}#") {
		return fact.Fact[string]{}
	}
	if m := scp.FindStringSubmatch(text); m != nil {
		text = "https://" + m[1] + "/" + m[2]
	}
	u, err := url.Parse(strings.TrimPrefix(text, "git+"))
	if err != nil || u.RawQuery != "" {
		return fact.Fact[string]{}
	}
	switch u.Scheme {
	case "https", "http":
		if u.User != nil || u.Scheme == "http" && u.Port() != "" { // where it has https, it is another port
			return fact.Fact[string]{}
		}
	case "git", "ssh": // the user is git
		if _, secret := u.User.Password(); secret || u.Port() != "" {
			return fact.Fact[string]{}
		}
	default:
		return fact.Fact[string]{}
	}
	at := strings.TrimSuffix(strings.Trim(path.Clean(u.Path), "/"), ".git")
	if !strings.Contains(u.Hostname(), ".") || strings.Count(at, "/") < 1 {
		return fact.Fact[string]{}
	}
	return fact.Fact[string]{Value: (&url.URL{Scheme: "https", Host: u.Host, Path: "/" + at}).String(), Pos: v.Pos()}
}

// licenses are the identifiers that a label may have: https://spdx.org/licenses/. A word beside them ("Proprietary", "BSD") says which licence
// is meant to people alone.
var licenses = func() map[string]bool { //nolint:gochecknoglobals // a constant table
	out := map[string]bool{}
	for id := range strings.FieldsSeq(`0BSD AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause BSD-4-Clause
		BSL-1.0 BUSL-1.1 CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 CDDL-1.0 CECILL-2.1 ECL-2.0 Elastic-2.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2
		GPL-2.0 GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0-only GPL-3.0-or-later HPND ISC LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0
		LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MPL-2.0 MS-PL MulanPSL-2.0 NCSA OFL-1.1 OSL-3.0 PostgreSQL PSF-2.0 Python-2.0 SSPL-1.0 Unlicense UPL-1.0 W3C WTFPL
		Zlib ZPL-2.1 FSL-1.1-MIT FSL-1.1-ALv2`) {
		out[id] = true
	}
	return out
}()

// exceptions are those that may follow WITH: https://spdx.org/licenses/exceptions-index.html.
var exceptions = map[string]bool{"Classpath-exception-2.0": true, "GCC-exception-3.1": true, "LLVM-exception": true, "Universal-FOSS-exception-1.0": true} //nolint:gochecknoglobals // a constant table

// licenseOf is an expression of SPDX: https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/.
func licenseOf(v document.Value) fact.Fact[string] {
	var before string
	depth, complete := 0, false // complete: what is before is an expression
	for w := range strings.FieldsSeq(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(v.Text)) {
		ok := false
		switch {
		case before == "WITH":
			ok, complete = exceptions[w], true
		case w == "WITH":
			ok, complete = licenses[strings.TrimSuffix(before, "+")], false
		case w == "AND", w == "OR":
			ok, complete = complete, false
		case w == "(":
			ok, depth = !complete, depth+1
		case w == ")":
			ok, depth = complete && depth > 0, depth-1
		default:
			ok, complete = !complete && licenses[strings.TrimSuffix(w, "+")], true
		}
		if !ok {
			return fact.Fact[string]{}
		}
		before = w
	}
	if !complete || depth > 0 {
		return fact.Fact[string]{}
	}
	return fact.Fact[string]{Value: strings.Join(strings.Fields(v.Text), " "), Pos: v.Pos()}
}
