package buildfile

import (
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
)

// release is a build of GoReleaser:
// https://goreleaser.com/customization/builds/go/.
type release struct {
	Main    string    `yaml:"main"`
	Dir     string    `yaml:"dir"`
	Binary  string    `yaml:"binary"`
	Builder string    `yaml:"builder"`
	Skip    string    `yaml:"skip"`
	Env     []string  `yaml:"env"`
	Flags   yaml.Node `yaml:"flags"`
	Tags    yaml.Node `yaml:"tags"`
	Ldflags yaml.Node `yaml:"ldflags"`
}

// goreleaser reads what is released. Templates can make of the file YAML that
// is none, which says nothing.
func (f *File) goreleaser(text string) {
	var doc struct {
		Project string      `yaml:"project_name"`
		Env     yaml.Node   `yaml:"env"`
		Builds  []yaml.Node `yaml:"builds"`
	}
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	for _, n := range doc.Env.Content {
		if k, v, _ := strings.Cut(n.Value, "="); known(k, v) {
			f.Env = append(f.Env, fact.New(Var{k, v}, f.Name, n.Line))
		}
	}
	stamped := true
	for i := range doc.Builds {
		var b release
		if doc.Builds[i].Decode(&b) != nil || b.Skip == "true" || b.Builder != "" && b.Builder != "go" {
			continue
		}
		stamped = stamped && b.Ldflags.Kind != 0
		f.release(b, doc.Project, doc.Builds[i].Line)
	}
	if !stamped { // what a build without the key gets
		for _, d := range []Link{{Name: "version", Value: "{{.Version}}"}, {Name: "commit", Value: "{{.Commit}}"}, {Name: "date", Value: "{{.Date}}"}} {
			d.Package, d.Pos = "main", fact.At(f.Name, 0)
			f.Links = append(f.Links, d)
		}
	}
}

// release adds one build.
func (f *File) release(b release, project string, n int) {
	var words []string
	for _, s := range scalars(&b.Flags) {
		if b.Flags.Kind == yaml.SequenceNode && strings.Contains(s, "=") {
			words = append(words, s) // one word, whatever is in it
		} else {
			words = append(words, strings.Fields(s)...)
		}
	}
	g := parseGo(append(append([]string{"build"}, words...), local(b.Main)))
	for _, s := range scalars(&b.Tags) {
		g.Tags = append(g.Tags, splitTags(s)...)
	}
	if b.Tags.Line > 0 {
		n = b.Tags.Line
	}
	if b.Binary == "" || strings.Contains(b.Binary, "ProjectName") {
		b.Binary = project
	}
	if strings.ContainsAny(b.Binary, "{}$ \t") {
		b.Binary = ""
	}
	f.add(Command{Pos: fact.At(f.Name, n), Dir: path.Join(".", b.Dir), Env: goEnv(b.Env), Go: g, Binary: b.Binary})
}

// scalars are the strings of a node that is one or a list of them.
func scalars(n *yaml.Node) []string {
	list := n.Content
	if n.Kind == yaml.ScalarNode {
		list = []*yaml.Node{n}
	}
	var out []string
	for _, x := range list {
		if x.Kind == yaml.ScalarNode {
			out = append(out, x.Value)
		}
	}
	return out
}
