package buildfile

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// promu reads what a project of Prometheus releases: a go build for each of its binaries, by default the one in the
// folder itself. It sets CGO_ENABLED by itself, and tags of one system alone build no image.
// https://pkg.go.dev/github.com/prometheus/promu/cmd#Config.
func (f *File) promu(text string) bool {
	doc, err := document.Parse(f.Name, []byte(text))
	if err != nil {
		return true
	}
	build := doc.Get("build")
	cgo := Var{Name: "CGO_ENABLED", Value: "0"}
	if doc.Get("go").Get("cgo").IsTrue() {
		cgo.Value = "1"
	}
	words := []string{"go", "build"}
	if s, err := shell.Read("go build "+build.Get("flags").Text, shell.Start{}); err == nil && len(s.Commands) == 1 {
		words = shell.Texts(s.Commands[0].Words)
	}
	for _, list := range []string{"all", "linux"} {
		if tags := build.Get("tags").Get(list); tags.Found() {
			words = withTags(words, joinValues(tags, ","))
		}
	}
	if flags := build.Get("ldflags"); flags.Found() {
		words = append(words, "-ldflags="+strings.Join(strings.Fields(flags.Text), " "))
	}
	binaries := build.Get("binaries").Items
	if len(binaries) == 0 {
		binaries = []document.Value{{}}
	}
	line := build.Line
	for _, b := range binaries[:min(len(binaries), maxListed)] {
		name := b.Get("name").Text
		if strings.ContainsAny(name, "{}$ \t") {
			name = ""
		}
		if b.Line > 0 {
			line = b.Line
		}
		f.add(Command{Pos: fact.At(f.Name, line), Dir: ".", Env: []Var{cgo}, Binary: name, Words: append(words[:len(words):len(words)], local(strings.TrimPrefix(b.Get("path").Text, "./")))})
	}
	return true
}
