package python

import (
	_ "embed"
	"slices"

	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed gitversion.table
var gitVersionsCompiled string

// gitVersion is a row of gitversion.yaml, which says what its fields are.
type gitVersion struct {
	Packages []string `yaml:"packages"`
	Variable string   `yaml:"variable"`
	Value    string   `yaml:"value"`
	Source   string   `yaml:"source"`
}

var gitVersions = table.Lazy[[]gitVersion]("gitversion.yaml", gitVersionsCompiled) //nolint:gochecknoglobals // decoded once

// versionArg is the argument of the stages that build the project, where its version is that of a tag of Git; nil for none.
func (p project) versionArg() ([]plan.Env, error) {
	rows, err := gitVersions()
	if err != nil {
		return nil, err
	}
	for _, m := range p.f.Manifests {
		for _, row := range rows {
			if slices.ContainsFunc(row.Packages, func(n string) bool { return slices.Contains(m.BuildsWith, n) }) {
				e, err := plan.NewEnv(row.Variable, row.Value)
				return []plan.Env{e}, err
			}
		}
	}
	return nil, nil
}
