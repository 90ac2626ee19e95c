package python

import (
	_ "embed"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed imports.table
var importsCompiled string

// importRow is a row of imports.yaml: the package that has a module of that name.
type importRow struct {
	Import  string `yaml:"import"`
	Package string `yaml:"package"`
	Source  string `yaml:"source"`
}

var imports = table.Lazy[[]importRow]("imports.yaml", importsCompiled) //nolint:gochecknoglobals // decoded once

// packageOf is the package that an import needs, "" for one that no row has.
func packageOf(module string) string {
	rows, err := imports()
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(rows, func(r importRow) bool { return r.Import == module })
	if i < 0 {
		return ""
	}
	return rows[i].Package
}

// importedBy are the packages of modules by the imports that must be there, sorted by name, where no manifest names any.
func (p project) importedBy(modules []*facts.Module) []fact.Fact[string] {
	var out []fact.Fact[string]
	if len(p.f.Manifests) > 0 {
		return nil
	}
	for _, m := range modules {
		for _, i := range m.Imports {
			top, _, _ := strings.Cut(i.Value, ".")
			name := packageOf(top)
			if name == "" || stdlib(top) || p.own(p.importRoot(m), top) || slices.ContainsFunc(out, func(o fact.Fact[string]) bool { return o.Value == name }) {
				continue
			}
			out = append(out, fact.Fact[string]{Value: name, Pos: i.Pos})
		}
	}
	slices.SortFunc(out, func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// assume gives p the packages that the code imports, where no manifest names any.
func (p project) assume() {
	for _, f := range p.importedBy(p.f.Modules) {
		name, extra, _ := strings.Cut(strings.TrimSuffix(f.Value, "]"), "[")
		r := facts.Requirement{Name: pypi.CanonPackageName(name), Pos: f.Pos}
		if extra != "" {
			r.Extras = []string{extra}
		}
		include(p.names, r)
	}
}

// addImported installs those of the program, and says so.
func (p project) addImported(l *launch) {
	list := p.importedBy(p.started(l.module))
	var names []string
	for _, f := range list {
		if !slices.ContainsFunc(l.added, func(a added) bool { return strings.HasPrefix(a.spec, f.Value+"==") }) {
			names = append(names, f.Value)
		}
	}
	if len(names) == 0 {
		return
	}
	for _, n := range names {
		l.added = append(l.added, added{spec: n})
	}
	l.notes = append(l.notes, plan.Note{Pos: list[0].Pos, Text: "no manifest names what the code imports: " + image.Enumerate(names) + " " + isAre(len(names)) + " installed, in the newest version", Hint: "write what pip freeze lists into a requirements.txt"})
}
