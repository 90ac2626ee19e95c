package python

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
)

//go:embed companions.table
var companionsCompiled string

// companionRow is a row of companions.yaml, which says what its fields are.
type companionRow struct {
	Needs  string `yaml:"needs"`
	Why    string `yaml:"why"`
	Source string `yaml:"source"`
	// Imports are modules that the bound keeps there.
	Imports []string `yaml:"imports,omitempty"`
	Of      []struct {
		Package string `yaml:"package"`
		Below   string `yaml:"below,omitempty"`
		Beside  string `yaml:"beside,omitempty"`
		Source  string `yaml:"source"`
	} `yaml:"of"`
}

var companionRows = table.Lazy[[]companionRow]("companions.yaml", companionsCompiled) //nolint:gochecknoglobals // decoded once

// companions are bounds on packages whose newest releases do not work with what is installed beside them, where neither a lockfile nor the
// repository fixes their version.
func (p project) companions() []added {
	rows, err := companionRows()
	if err != nil || p.m.Lock != "" || p.m.Hashes {
		return nil
	}
	var out []added
	var specs []string
	var first facts.Requirement
	for _, row := range rows {
		name, _, _ := strings.Cut(row.Needs, "<")
		taken := slices.ContainsFunc(specs, func(s string) bool { return strings.HasPrefix(s, name+"<") }) // the row that asks for the oldest comes first
		if r, ok := p.names[name]; ok && limited(r.Constraint) || taken || slices.Contains(p.m.Constrained, name) {
			continue
		}
		var of []string
		for _, o := range row.Of {
			r, ok := p.names[o.Package]
			if ok && r.Source == facts.Index && under(r.Constraint, o.Below) && (o.Beside == "" || p.has(o.Beside)) && !slices.Contains(of, r.Name) {
				if of = append(of, r.Name); first.Name == "" {
					first = r
				}
			}
		}
		if len(of) == 0 {
			if at := p.importing(row.Imports); !at.IsZero() {
				of, first.Pos = []string{"the code"}, cmp.Or(first.Pos, at)
			}
		}
		if len(of) > 0 {
			specs = append(specs, row.Needs)
			out = append(out, added{spec: row.Needs, why: row.Needs + ": " + image.Enumerate(of) + " cannot use newer ones, which " + row.Why + "."})
		}
	}
	if len(out) > 0 {
		p.in.Log.Note(first.Pos, image.Enumerate(specs)+" "+isAre(len(specs))+" installed: newer releases do not work with what is here", "name them in "+p.where()+", or move to newer releases")
	}
	return out
}

// importing is where the app's code imports one of the modules, which must be there; zero for nowhere.
func (p project) importing(modules []string) fact.Pos {
	for _, m := range p.f.Modules {
		for _, i := range m.Imports {
			if !slices.Contains(m.Branched, i) && slices.ContainsFunc(modules, func(n string) bool { return i.Value == n || strings.HasPrefix(i.Value, n+".") }) {
				return i.Pos
			}
		}
	}
	return fact.Pos{}
}

// limited reports whether a constraint keeps the newest releases out.
func limited(constraint string) bool {
	return slices.ContainsFunc(strings.Split(constraint, ","), capped)
}

// capped reports whether a part of a constraint does.
func capped(part string) bool {
	part = strings.TrimSpace(part)
	return part != "" && part != "*" && !strings.HasPrefix(part, ">") && !strings.HasPrefix(part, "!=")
}
