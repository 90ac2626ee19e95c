package buildfile

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Title is the first heading of the folder's README.
func (r *Reader) Title() fact.Fact[string] {
	for _, name := range r.named(Readme, 1) {
		if !strings.HasPrefix(strings.ToLower(name), "readme.") {
			continue
		}
		f := r.file(name)
		if f == nil {
			continue
		}
		line := 0
		for text := range strings.SplitSeq(f.Text, "\n") {
			line++
			for _, mark := range []string{"# ", "= "} { // Markdown, AsciiDoc
				if title, ok := strings.CutPrefix(text, mark); ok {
					return fact.Fact[string]{Value: strings.TrimSpace(title), Pos: fact.At(r.at(name), line)}
				}
			}
		}
	}
	return fact.Fact[string]{}
}
