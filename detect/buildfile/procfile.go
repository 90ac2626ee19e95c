package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

var processLine = lazy.MustCompile(`^\s*([A-Za-z0-9_-]+):(.*)$`)

// procfile reads a Procfile, in the order of the file. A line that is no process
// is left out: https://devcenter.heroku.com/articles/procfile#procfile-format.
func (f *File) procfile(text string) bool {
	n := 0
	for l := range strings.Lines(text) {
		n++
		m := processLine.FindStringSubmatch(strings.TrimRight(l, "\r\n"))
		if m == nil {
			continue
		}
		if command := strings.TrimSpace(m[2]); command != "" {
			f.process(m[1], command, n)
		}
	}
	return true
}

// process adds a process and its commands.
func (f *File) process(name, text string, n int) {
	if len(f.Processes) >= maxListed {
		return
	}
	f.Processes = append(f.Processes, Process{Name: name, Text: text, Pos: fact.At(f.Name, n)})
	at := f.at(n)
	if f.Kind == Procfile {
		at.rule = name
	}
	f.shell(text, nil, at)
}

var herokuLine = lazy.MustCompile(`^//\s*\+heroku\s+install\s+(.+)$`)

// heroku reads what Heroku's build takes from go.mod:
// https://devcenter.heroku.com/articles/go-modules#build-configuration.
func (f *File) heroku(text string) bool {
	n := 0
	for l := range strings.Lines(text) {
		n++
		if g := herokuLine.FindStringSubmatch(strings.TrimSpace(l)); g != nil {
			f.vector(slices.Concat([]string{"go", "install"}, strings.Fields(g[1])), f.at(n))
		}
	}
	return true
}
