// Package marker finds the texts by which a file shows what a folder is: the manifest of
// a browser extension, a function of a platform, a program of Deno. The rows are
// markers.yaml; it decides nothing.
package marker

import (
	"bytes"
	_ "embed" // the table
	"path"
	"sync"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

// row is a text, and the files that may have it.
type row struct {
	Marker string   `yaml:"marker"`
	Files  []string `yaml:"files"`
	Has    string   `yaml:"has"`
	Source string   `yaml:"source"`

	has *lazy.Regexp
}

//go:embed markers.table
var markersCompiled string

var rows = sync.OnceValue(func() []row { //nolint:gochecknoglobals // decoded once
	list := table.Must[[]row]("markers.yaml", markersCompiled)
	for i := range list {
		list[i].has = lazy.MustCompile(list[i].Has)
	}
	return list
})

// Names are those of the markers.
func Names() []string {
	var out []string
	for _, r := range rows() {
		out = append(out, r.Marker)
	}
	return out
}

// maxText is how much of a file is looked at.
const maxText = 64 << 10

// folder is the key of what was found in a folder.
type folder string

// Of returns the markers of a folder, each with its line. The scan asks it, so that later
// calls read nothing.
func Of(t *tree.Tree, dir string) map[string]fact.Pos {
	dir = path.Clean(dir)
	found, _ := t.Once(folder(dir), func() any { return read(t, dir) }).(map[string]fact.Pos)
	return found
}

func read(t *tree.Tree, dir string) map[string]fact.Pos {
	out := map[string]fact.Pos{}
	texts := map[string][]byte{}
	for _, r := range rows() {
		for _, name := range r.Files {
			file := path.Join(dir, name)
			if _, ok := out[r.Marker]; ok || !t.Has(file) {
				continue
			}
			text, ok := texts[file]
			if !ok {
				text, _ = t.ReadHead(file, maxText) // one that cannot be read shows nothing
				texts[file] = text
			}
			if at := r.has.FindIndex(text); at != nil {
				out[r.Marker] = fact.At(file, 1+bytes.Count(text[:at[0]], []byte("\n")))
			}
		}
	}
	return out
}
