package buildfile

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
)

// goreleaser reads what is released: a go build for each build, in its words.
// https://goreleaser.com/customization/builds/go/. Templates can make of the file
// YAML that is none, which says nothing.
func (f *File) goreleaser(text string) bool {
	doc, err := document.Parse(f.Name, []byte(text))
	if err != nil {
		return true
	}
	project := doc.Get("project_name").Text
	all := pairs(doc.Get("env"))
	for _, v := range all {
		f.Env = listed(f.Env, v)
	}
	for _, b := range doc.Get("builds").Items {
		builder := b.Get("builder").Text
		valid := b.Kind == document.Object && b.Get("env").Kind != document.Object
		if valid && !b.Get("skip").IsTrue() && (builder == "" || builder == "go") {
			f.release(b, project)
		}
	}
	return true
}

// release adds one build.
func (f *File) release(b document.Value, project string) {
	words := []string{"go", "build"}
	flags, tags, ldflags := b.Get("flags"), b.Get("tags"), b.Get("ldflags")
	for _, s := range flags.Strings() {
		if flags.Kind == document.List && strings.Contains(s.Value, "=") {
			words = append(words, s.Value) // one word, whatever is in it
		} else {
			words = append(words, strings.Fields(s.Value)...)
		}
	}
	n := b.Line
	if tags.Found() {
		n = tags.Line
		words = withTags(words, template.ReplaceAllString(joinValues(tags, ","), Unknown))
	}
	if ldflags.Found() {
		words = append(words, "-ldflags="+joinValues(ldflags, " "))
	}
	binary := b.Get("binary").Text
	if binary == "" || strings.Contains(binary, "ProjectName") {
		binary = project
	}
	if strings.ContainsAny(binary, "{}$ \t") {
		binary = ""
	}
	c := Command{
		Pos: fact.At(f.Name, n), Dir: path.Join(".", b.Get("dir").Text), Binary: binary,
		Words: append(words, local(b.Get("main").Text)),
	}
	for _, v := range pairs(b.Get("env")) {
		c.Env = append(c.Env, v.Value)
	}
	f.add(c)
}

// withTags adds tags to those of the flags.
func withTags(words []string, tags string) []string {
	for i, w := range words {
		if name, value, ok := strings.Cut(strings.TrimLeft(w, "-"), "="); name == "tags" {
			if !ok && i+1 < len(words) {
				words[i+1] += "," + tags
				return words
			}
			words[i] = "-tags=" + value + "," + tags
			return words
		}
	}
	return append(words, "-tags="+tags)
}

func joinValues(v document.Value, sep string) string {
	var out []string
	for _, s := range v.Strings() {
		out = append(out, s.Value)
	}
	return strings.Join(out, sep)
}

// pairs are the variables of a list of NAME=value.
func pairs(v document.Value) []fact.Fact[Var] {
	var out []fact.Fact[Var]
	for _, s := range v.Items {
		if name, value, ok := strings.Cut(s.Text, "="); ok && s.IsScalar() {
			out = listed(out, fact.Fact[Var]{Value: variable(name, value), Pos: s.Pos()})
		}
	}
	return out
}
