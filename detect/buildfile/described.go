package buildfile

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
)

// Described is an image that a tool of a build makes without a Dockerfile, as the tool's own settings describe it.
type Described struct {
	Name  string // of the file that has the settings, relative to the Reader's folder
	Image *Image
	Tag   fact.Fact[string] // what the image is called
}

// Describe makes the image one that the repository's own files build: File has it by the name of its file. It is of the scan,
// like all that reads the repository. Another one of the same file takes its place.
func (r *Reader) Describe(d Described) {
	if r == nil {
		return
	}
	f := &File{Name: r.at(d.Name), Kind: Plugin, Image: d.Image, rel: d.Name}
	i := d.Image
	f.vector(slices.Concat(i.Entrypoint.Value.Words, i.Cmd.Value.Words), f.at(max(i.Entrypoint.Pos.Line, i.Cmd.Pos.Line)))
	if d.Tag.Found() {
		f.Builds = []Build{{Pos: d.Tag.Pos, Context: ".", Tags: []string{d.Tag.Value}}}
	}
	r.mu.Lock()
	r.files[d.Name] = f
	if !slices.Contains(r.described, d.Name) {
		r.described = append(r.described, d.Name)
	}
	r.mu.Unlock()
	r.preloadImage(f)
}

// Variable is one with its value, unless that looks like a secret.
func Variable(name, value string) Var { return variable(name, value) }

// OpenPort reads a port as EXPOSE has it: "8080", "53/udp".
func OpenPort(text string) (Port, bool) { return port(text) }
