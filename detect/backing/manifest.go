package backing

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// libraries are those that a folder's manifests name, in the app's language.
func (r *reader) libraries(dir string) []Library {
	switch r.app.Language {
	case "node":
		return r.packageJSON(dir)
	case "python":
		return r.python(dir)
	case "java":
		if own := path.Join(r.app.Dir, r.app.Place); r.app.Libraries != nil && dir == own {
			return r.named(r.app.Libraries)
		}
		return r.pom(dir)
	}
	return nil
}

// doc is a document of the tree, the zero Value if there is none or if it cannot be read.
func (r *reader) doc(name string) document.Value {
	if !r.t.Has(name) {
		return document.Value{}
	}
	doc, err := document.Read(r.t, name)
	if err != nil {
		return document.Value{}
	}
	return doc
}

// packageJSON reads what is installed for production: https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies.
func (r *reader) packageJSON(dir string) []Library {
	var out []Library
	doc := r.doc(path.Join(dir, "package.json"))
	for _, d := range doc.Get("dependencies").Members {
		out = append(out, Library{d.Key, d.Value.Text, fact.At(doc.File, d.Line)})
	}
	return out
}

var (
	requirement = lazy.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)`)
	pySeparator = lazy.MustCompile(`[-_.]+`)
)

// pyName is a project's name as https://packaging.python.org/en/latest/specifications/name-normalization/ has it.
func pyName(s string) string { return strings.ToLower(pySeparator.ReplaceAllString(s, "-")) }

// requirements are the files that people write for production.
var requirements = []string{"requirements.txt", "requirements/base.txt", "requirements/prod.txt", "requirements/production.txt", "requirements-prod.txt", "requirements.in"} //nolint:gochecknoglobals // a constant table

func (r *reader) python(dir string) []Library {
	var out []Library
	doc := r.doc(path.Join(dir, "pyproject.toml"))
	add := func(text string, pos fact.Pos) {
		if x := requirement.FindStringSubmatch(strings.TrimSpace(text)); x != nil {
			out = append(out, Library{pyName(x[1]), strings.TrimSpace(x[2]), pos})
		}
	}
	for _, d := range doc.Get("project", "dependencies").Strings() {
		add(d.Value, d.Pos)
	}
	for _, list := range []document.Value{doc.Get("tool", "poetry", "dependencies"), r.doc(path.Join(dir, "Pipfile")).Get("packages")} {
		for _, d := range list.Members {
			if !d.Value.Get("optional").IsTrue() {
				text := d.Value.Text
				if d.Value.Kind == document.Object {
					text = d.Value.Get("version").Text
				}
				out = append(out, Library{pyName(d.Key), text, fact.At(list.File, d.Line)})
			}
		}
	}
	for _, name := range requirements {
		name = path.Join(dir, name)
		text, err := r.t.ReadHead(name, maxFile)
		if err != nil {
			continue
		}
		n := 0
		for line := range strings.Lines(string(text)) {
			if n++; !comment(line) && !strings.HasPrefix(line, "-") {
				add(line, fact.At(name, n))
			}
		}
	}
	return out
}

// named are libraries that the facts of the app's language name.
func (r *reader) named(list []Library) []Library {
	for _, l := range list {
		r.framework(l.Name)
	}
	return list
}

// framework notes the framework that a library of Java is of.
func (r *reader) framework(name string) {
	r.f.Spring = r.f.Spring || strings.HasPrefix(name, "org.springframework.boot:")
	r.f.Quarkus = r.f.Quarkus || strings.HasPrefix(name, "io.quarkus:")
}

// pom reads the dependencies of a Maven project: https://maven.apache.org/pom.html#dependencies. Those of a parent in the repository are
// its own, too.
func (r *reader) pom(dir string) []Library {
	var out []Library
	for range 5 {
		project := r.doc(path.Join(dir, "pom.xml")).Get("project")
		if group := project.Get("parent", "groupId").Text; group == "org.springframework.boot" {
			r.f.Spring = true
		}
		for _, d := range project.Get("dependencies").All("dependency") {
			if scope := d.Get("scope").Text; scope == "test" || scope == "provided" || d.Get("optional").Text == "true" {
				continue
			}
			name := d.Get("groupId").Text + ":" + d.Get("artifactId").Text
			r.framework(name)
			out = append(out, Library{name, d.Get("version").Text, d.Pos()})
		}
		parent := project.Get("parent")
		relative := parent.Get("relativePath").Text
		if !parent.Found() || dir == "." {
			break
		}
		if relative == "" {
			relative = ".."
		}
		up := path.Join(dir, strings.TrimSuffix(relative, "/pom.xml"))
		if up == dir || strings.HasPrefix(up, "..") || !r.t.Has(path.Join(up, "pom.xml")) {
			break
		}
		dir = up
	}
	return out
}
