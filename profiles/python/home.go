package python

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
)

//go:embed homes.table
var homesCompiled string

// homeRow is a row of homes.yaml.
type homeRow struct {
	Dir      string   `yaml:"dir,omitempty"`
	Imports  []string `yaml:"imports,omitempty"`
	Packages []string `yaml:"packages,omitempty"`
	Quiet    bool     `yaml:"quiet,omitempty"`
	Work     bool     `yaml:"work,omitempty"`
	Source   string   `yaml:"source"`
}

var homes = table.Lazy[[]homeRow]("homes.yaml", homesCompiled) //nolint:gochecknoglobals // decoded once

// homes are the folders below the home that libraries of the app write to. One
// that no data is kept in asks for a home alone, and says nothing.
func (p project) homes(modules []*facts.Module) []image.Write {
	rows, err := homes()
	if err != nil {
		return nil
	}
	var out []image.Write
	for _, row := range rows {
		if i := slices.IndexFunc(row.Packages, p.has); i >= 0 {
			out = append(out, image.Write{Dir: ".", Home: true, Quiet: true, Pos: p.names[row.Packages[i]].Pos})
			continue
		}
		for _, m := range modules {
			list := m.Libraries()
			i := slices.IndexFunc(list, func(n fact.Fact[string]) bool {
				return slices.ContainsFunc(row.Imports, func(want string) bool { return n.Value == want || strings.HasPrefix(n.Value, want+".") })
			})
			if i < 0 {
				continue
			}
			w := image.Write{Dir: row.Dir, Home: !row.Work, Quiet: row.Quiet, Pos: list[i].Pos}
			if row.Quiet {
				w.Dir = "."
			}
			out = append(out, w)
			break
		}
	}
	return out
}
