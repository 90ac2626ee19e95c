package profiles

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	gofacts "github.com/dockgen/dockgen/detect/golang"
	htmlfacts "github.com/dockgen/dockgen/detect/html"
	javafacts "github.com/dockgen/dockgen/detect/java"
	nodefacts "github.com/dockgen/dockgen/detect/node"
	pythonfacts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles/golang"
	"github.com/dockgen/dockgen/profiles/html"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/java"
	"github.com/dockgen/dockgen/profiles/node"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/python"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// language is what dockgen knows of one: its name, what finds its apps, what they
// are to the folder that they share with others, and what decides for them.
type language struct {
	detect.Language
	role   func(in record.Input, facts detect.Facts) role
	decide func(in record.Input, facts detect.Facts) (*plan.App, error)
	// none are the folders of what the facts hold that are no apps, relative to theirs.
	none func(in record.Input, facts detect.Facts) []plan.None
	// meets are those of optional that it meets.
	meets []string
}

// optional are the keys of the settings that not every language meets. Without one that is for prod, prod would not be what is asked for: then
// that is refused, and else said.
var optional = []struct { //nolint:gochecknoglobals // a constant table
	key  string
	prod bool
}{{"targets", false}, {"reloader", false}, {"debug", false}, {"startup", true}, {"jlink", true}}

// meeting returns l with the keys of optional that it meets.
func (l language) meeting(keys ...string) language {
	l.meets = keys
	return l
}

// unmet refuses the settings that the language does not meet, or says them.
func (l language) unmet(s settings.Settings, log *record.Log) error {
	for _, x := range optional {
		if !s.Wants(x.key) || slices.Contains(l.meets, x.key) {
			continue
		}
		var able []string
		for _, o := range languages() {
			if slices.Contains(o.meets, x.key) {
				able = append(able, image.ImagesOf(o.Name).Language)
			}
		}
		text := x.key + " is for " + image.Enumerate(able) + " programs alone"
		if x.prod {
			return fact.Errorf(s.Pos(x.key), "%s", text).WithHint("leave the key out")
		}
		log.Note(s.Pos(x.key), text, "")
	}
	return nil
}

// languages is the one list. If several languages share a folder and nothing
// else decides, the first counts. A further one is its folders below detect,
// profiles and templates, a line here, and its name at its manifests in
// detect/aside/asides.yaml.
//
// The list stands here because this is the lowest place that sees both halves
// of a language: detect knows nothing of decisions, so it is handed the
// halves that it needs (Languages). Whatever else depends on which languages
// there are is made from this list: the values of the key language, the
// schema, the completions, what errors and hints name.
func languages() []language {
	return []language{
		known("go", gofacts.Detect, goRole, golang.Decide, golang.NoApps).meeting("targets", "reloader", "debug"),
		known("java", javafacts.Detect, javaRole, java.Decide, java.NoApps).meeting("debug", "startup", "jlink"),
		nodeLanguage(),
		known("python", pythonfacts.Detect, pythonRole, python.Decide, python.NoApps),
		known("html", htmlfacts.Detect, htmlRole, html.Decide, html.NoApps), // no manifest: it counts where no other is found
	}
}

// nodeLanguage is the one that finds the front ends of all.
func nodeLanguage() language {
	return known("node", nodefacts.Detect, nodeRole, node.Decide, node.NoApps)
}

func goRole(_ record.Input, f *gofacts.Facts) role {
	if len(f.Mains) == 0 {
		return tools
	}
	return program
}

func javaRole(record.Input, *javafacts.Facts) role { return program }

func nodeRole(in record.Input, f *nodefacts.Facts) role {
	switch {
	case node.Serves(in, f):
		return program
	case node.OnlyTools(in, f):
		return tools
	}
	return part
}

func pythonRole(_ record.Input, f *pythonfacts.Facts) role {
	if python.Serves(f) {
		return program
	}
	return part
}

func htmlRole(record.Input, *htmlfacts.Facts) role { return part }

// commandLanguage is the language of the program that a command starts, "" where it is
// not known. packages are those of a package.json in the folder, nil without one.
func commandLanguage(packages *frontFacts, command string) string {
	return node.Language(packages, command)
}

// compiled reports whether Heroku would put a program of the facts into bin/:
// https://devcenter.heroku.com/articles/go-support#go-procfile-declaration.
func compiled(facts detect.Facts) bool {
	f, ok := facts.(*gofacts.Facts)
	return ok && len(f.Mains) > 0
}

// known makes a language of its functions, which have a type of facts of
// their own.
func known[T any, F interface {
	*T
	detect.Facts
}](name string, find func(*tree.Tree, string) (F, error), roleOf func(record.Input, F) role, decide func(record.Input, F) (*plan.App, error), none func(record.Input, F) []plan.None) language {
	return language{
		Language: detect.Language{Name: name, Find: func(t *tree.Tree, dir string) (detect.Facts, error) {
			f, err := find(t, dir)
			if f == nil || err != nil {
				return nil, err // not an F that is nil
			}
			return f, nil
		}},
		role: func(in record.Input, facts detect.Facts) role {
			if f, ok := facts.(F); ok {
				return roleOf(in, f)
			}
			return tools
		},
		decide: func(in record.Input, facts detect.Facts) (*plan.App, error) {
			f, ok := facts.(F)
			if !ok {
				return nil, fmt.Errorf("the facts of a %s app are %T", name, facts)
			}
			return decide(in, f)
		},
		none: func(in record.Input, facts detect.Facts) []plan.None {
			if f, ok := facts.(F); ok {
				return none(in, f)
			}
			return nil
		},
	}
}

// frontFacts are the facts of a front end.
type frontFacts = nodefacts.Facts

// front is the language of front ends, whose builds the apps of the others take files
// from: itself, the folder that a front end's framework writes, what decides
// its build, and what of that another app takes.
type front struct {
	detect.Language

	output func(record.Input, *frontFacts) string
	decide func(in record.Input, f *frontFacts) (*plan.App, error)
	take   func(built *plan.App, folder string) (plan.Artifact, error)
}

func frontLanguage() front {
	return front{nodeLanguage().Language, node.Output, node.Part, node.PartOutput}
}

// in are the facts of the front end in a folder, nil if there is none that can be read.
func (f front) in(t *tree.Tree, dir string) *frontFacts {
	facts, err := f.In(t, dir)
	if err != nil {
		return nil
	}
	out, _ := facts.(*frontFacts)
	return out
}

// Languages are those that dockgen writes files for, for detect.Scan.
func Languages() []detect.Language {
	var out []detect.Language
	for _, l := range languages() {
		out = append(out, l.Language)
	}
	return out
}

// CheckLanguage refuses a key language that names none of Languages.
func CheckLanguage(s settings.Settings) error {
	if _, err := find(s.Language); s.Language != "" && err != nil {
		return fact.Errorf(s.Pos("language"), "language: %w", err).WithHint("%s", strings.TrimSpace(similar.Hint(s.Language, names())))
	}
	return nil
}

// find returns the language of that name.
func find(name string) (language, error) {
	all := languages()
	i := slices.IndexFunc(all, func(l language) bool { return l.Name == name })
	if i < 0 {
		return language{}, fmt.Errorf("%q is not one of %s", plan.Printable(name, 40), strings.Join(names(), ", "))
	}
	return all[i], nil
}

// names are those of the languages, in their order.
func names() []string {
	var out []string
	for _, l := range languages() {
		out = append(out, l.Name)
	}
	return out
}

// manifests are the names of the files that an app starts from, in the order
// of languages.
func manifests() []string {
	var out []string
	for _, l := range languages() {
		out = append(out, l.Manifests()...)
	}
	return out
}
