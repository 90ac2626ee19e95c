package buildfile

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

var containerLine = lazy.MustCompile("(?:^|[\\s`>$#])((?:docker|podman)\\s+(?:container\\s+)?(?:run|build|buildx)\\s[^`]*)")

// placeholder is what a reader is to fill in: image:<VERSION>.
var placeholder = lazy.MustCompile(`<[A-Za-z][A-Za-z0-9 _.-]{0,40}>`)

// readme reads the docker run lines of the README. Its other commands stand
// between words, so the file is loose.
func (f *File) readme(text string) bool {
	f.Loose = true
	var found []Command
	for _, l := range Lines(text) {
		m := containerLine.FindStringSubmatch(l.Text)
		if m == nil || len(found) >= maxListed {
			continue
		}
		s, err := shell.Read(placeholder.ReplaceAllString(m[1], Unknown), shell.Start{})
		if err != nil {
			continue
		}
		for _, c := range s.Commands {
			words := shell.Texts(c.Words)
			for i, w := range words {
				words[i] = strings.TrimSuffix(w, "\u200b")
			}
			found = append(found, Command{Pos: f.at(l.N).pos, Words: words})
		}
	}
	f.runs(found)
	for _, block := range fences(text) {
		// The lines before a block keep the place of what stands in it.
		docs, err := document.ParseAll(f.Name, []byte(strings.Repeat("\n", block.N)+block.Text))
		for _, doc := range docs {
			if err == nil {
				f.services(doc)
			}
		}
	}
	return true
}

// maxFences is the most blocks of code that are read of one file.
const maxFences = 20

// fences are the blocks of code that look like a compose file.
func fences(text string) []Line {
	var out []Line
	var block *Line
	n := 0
	for l := range strings.Lines(text) {
		n++
		switch trimmed := strings.TrimSpace(l); {
		case strings.HasPrefix(trimmed, "```") && block == nil:
			block = &Line{N: n}
		case strings.HasPrefix(trimmed, "```"):
			if servicesLine.MatchString(block.Text) && len(out) < maxFences {
				out = append(out, *block)
			}
			block = nil
		case block != nil && len(block.Text) < maxText:
			block.Text += l
		}
	}
	return out
}

var servicesLine = lazy.MustCompile(`(?m)^services:[ \t]*\r?$`)
