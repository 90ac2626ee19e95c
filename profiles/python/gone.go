package python

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed gone.table
var goneCompiled string

// goneRow is a row of gone.yaml, which says what its fields are.
type goneRow struct {
	Python  string            `yaml:"python"`
	Source  string            `yaml:"source"`
	Modules []string          `yaml:"modules"`
	Instead map[string]string `yaml:"instead,omitempty"`
}

var goneRows = table.Lazy[[]goneRow]("gone.yaml", goneCompiled) //nolint:gochecknoglobals // decoded once

// goneModule is an import of a module that the standard library no longer has.
type goneModule struct {
	module  fact.Fact[string]
	python  string // the last with it
	instead string // the package that has it, "" for none
}

func (g goneModule) text() string {
	return fmt.Sprintf("imports %s, which Python %s is the last to have", g.module.Value, g.python)
}

func (g goneModule) hint() string {
	if g.instead == "" {
		return "pin Python " + g.python + ", or port the code"
	}
	return "name " + g.instead + " among the dependencies, or pin Python " + g.python
}

// goneModules are the first import of each such module that must be there, unless the repository or a package brings it.
func goneModules(in record.Input, f *facts.Facts, m facts.Manifest) []goneModule {
	rows, err := goneRows()
	if err != nil {
		return nil
	}
	p := project{in: in, f: f}
	var out []goneModule
	for _, mod := range f.Modules {
		for _, i := range mod.Imports {
			top, _, _ := strings.Cut(i.Value, ".")
			r := slices.IndexFunc(rows, func(r goneRow) bool { return slices.Contains(r.Modules, top) })
			if r < 0 || slices.Contains(mod.Branched, i) || slices.ContainsFunc(out, func(o goneModule) bool { return o.module.Value == top }) || p.own(p.importRoot(mod), top) {
				continue
			}
			instead := rows[r].Instead[top]
			_, locked := m.Locked[instead]
			if locked || slices.ContainsFunc(m.List, func(q facts.Requirement) bool { return q.Name == instead }) {
				continue
			}
			out = append(out, goneModule{fact.Fact[string]{Value: top, Pos: i.Pos}, rows[r].Python, instead})
		}
	}
	return out
}
