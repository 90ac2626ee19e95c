package profiles

import (
	"bytes"
	"embed"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

//go:embed builtin/*.yaml
var builtin embed.FS

//go:embed profile.schema.json
var schema []byte

// Schema is the JSON Schema of a profile's file.
func Schema() []byte { return slices.Clone(schema) }

// DefaultProfile is the profile of a user who names none.
const DefaultProfile = "default"

// Profile is an ordered preference: the first of its runtimes that can run
// an app is taken. An organisation's own profile can also preset settings and
// replace single blocks of the templates.
type Profile struct {
	Name        string            `yaml:"name" jsonschema:"minLength=1"`
	Description string            `yaml:"description,omitempty"`
	Sources     []string          `yaml:"sources,omitempty" jsonschema:"description=Where the preference comes from"`
	Runtimes    []plan.Runtime    `yaml:"runtimes" jsonschema:"minItems=1,description=The preferred first"`
	Sites       []plan.Runtime    `yaml:"sites,omitempty" jsonschema:"description=The same for static sites which run no code; without them runtimes holds"`
	Settings    yaml.Node         `yaml:"settings,omitempty" jsonschema:"description=Keys as in dockgen.yaml"`
	Blocks      map[string]string `yaml:"blocks,omitempty" jsonschema:"description=Template text by the name of a block: labels or go/prod"`

	file   string
	preset settings.Settings
}

// Builtin returns the profiles that come with dockgen, sorted by name.
func Builtin() ([]Profile, error) {
	names, err := fs.Glob(builtin, "builtin/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Profile
	for _, name := range names {
		text, err := builtin.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := ParseProfile(name, text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

// FindProfile returns the built-in profile of that name; "" is DefaultProfile.
// The error names the profiles that there are.
func FindProfile(name string) (Profile, error) {
	if name == "" {
		name = DefaultProfile
	}
	file := "builtin/" + name + ".yaml" // each has its name
	if text, err := builtin.ReadFile(file); err == nil {
		return ParseProfile(file, text)
	}
	all, err := Builtin()
	if err != nil {
		return Profile{}, err
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return Profile{}, fact.Errorf(fact.Pos{}, "no profile is named %q", plan.Printable(name, 60)).
		WithHint("%sthe profiles are: %s; a file of your own is given by its path, ./%s.yaml", similar.Hint(name, names), strings.Join(names, ", "), plan.Printable(name, 60))
}

// ParseProfile decodes a profile file strictly; errors name file and line.
func ParseProfile(file string, text []byte) (Profile, error) {
	p := Profile{file: file}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return Profile{}, settings.Error(file, err, "name", "description", "sources", "runtimes", "sites", "settings", "blocks")
	}
	switch {
	case p.Name == "":
		return Profile{}, fact.Errorf(fact.At(file, 0), "a profile needs a name")
	case len(p.Runtimes) == 0:
		return Profile{}, fact.Errorf(fact.At(file, 0), "a profile needs runtimes, in order of preference")
	}
	for _, r := range slices.Concat(p.Runtimes, p.Sites) {
		if !r.Valid() {
			return Profile{}, fact.Errorf(fact.At(file, 0), "runtimes: %q is not one of scratch, alpine, distroless, slim", plan.Printable(string(r), 40)).
				WithHint("%s", strings.TrimSpace(similar.Hint(string(r), []string{"scratch", "alpine", "distroless", "slim"})))
		}
	}
	if p.Settings.Kind != 0 {
		s, err := settings.Decode(file, &p.Settings)
		if err != nil {
			return Profile{}, err
		}
		p.preset = s
	}
	for name, text := range p.Blocks {
		if _, err := template.New(name).Parse(text); err != nil {
			return Profile{}, fact.Errorf(fact.At(file, 0), "block %q: %w", plan.Printable(name, 40), err)
		}
	}
	return p, nil
}
