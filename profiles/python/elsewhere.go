package python

import (
	_ "embed"
	"slices"
	"strings"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
)

//go:embed elsewhere.table
var elsewhereCompiled string

// elsewhereRow is a row of elsewhere.yaml, which says what its fields are.
type elsewhereRow struct {
	System   string   `yaml:"system"`
	Source   string   `yaml:"source"`
	Packages []string `yaml:"packages"`
}

var elsewhereRows = table.Lazy[[]elsewhereRow]("elsewhere.yaml", elsewhereCompiled) //nolint:gochecknoglobals // decoded once

// elsewhere are the requirements of pip that another system alone can install, and that no marker leaves out here.
func (p project) elsewhere() []facts.Requirement {
	rows, err := elsewhereRows()
	if err != nil || p.man.Name != "pip" {
		return nil
	}
	var out []facts.Requirement
	for _, r := range p.m.List {
		is := func(n string) bool { return n == r.Name || strings.HasSuffix(n, "-") && strings.HasPrefix(r.Name, n) }
		if r.Source == facts.Index && holds(r.Marker, p.version) && slices.ContainsFunc(rows, func(row elsewhereRow) bool { return slices.ContainsFunc(row.Packages, is) }) {
			out = append(out, r)
		}
	}
	return out
}

// leaveOut takes them out of the copies of the requirements files that the stage installs from; nil if there are none.
func (p project) leaveOut() []string {
	list := p.elsewhere()
	if len(list) == 0 {
		return nil
	}
	var names, files []string
	for _, r := range list {
		// Names that differ in their case, and in what separates their words, are the same.
		if n := strings.ReplaceAll(r.Name, "-", "[-_.]"); !slices.Contains(names, n) {
			names = append(names, n)
		}
		if f := p.in.Rel(r.Pos.File); !slices.Contains(files, f) {
			files = append(files, f)
		}
	}
	var said []string
	for _, r := range list[:min(len(list), 5)] {
		said = append(said, r.Name)
	}
	p.in.Log.Note(list[0].Pos, image.Enumerate(said)+" cannot be installed on Linux: the image is built without", `add ; sys_platform == "win32" or "darwin" to the line`)
	return append([]string{"sed", "-i", "-E", "/^ *(" + strings.Join(names, "|") + ")([^[:alnum:]_.-]|$)/Id"}, files...)
}
