package buildfile

import (
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/detect/shell"
)

var containerLine = regexp.MustCompile("(?:^|[\\s`>$#])((?:docker|podman)\\s+(?:container\\s+)?(?:run|build|buildx)\\s[^`]*)")

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
		s, err := shell.Read(m[1], shell.Start{})
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
	return true
}
