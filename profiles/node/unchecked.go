package node

import (
	"slices"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// uncheckedEnv are the variables of the build, and what they are for: those of
// the framework, and that by which the code leaves out the check of what the app
// needs when it runs.
func uncheckedEnv(log *record.Log, f *node.Facts, b framework.Build) (env []plan.Env, why string, err error) {
	rows, err := buildRows()
	if err != nil {
		return nil, "", err
	}
	env, why = slices.Clone(b.Env), b.Why
	for _, r := range rows.Unchecked {
		i := slices.IndexFunc(f.Code.Env, func(v effect.Env) bool { return v.Name == r.Variable })
		if i < 0 {
			continue
		}
		log.Choose(plan.Choice{
			Key: "build.unchecked", Value: r.Variable + "=" + r.Value, Pos: record.At(f.Code.Env[i].Pos), Link: r.Source,
			Rule: "with it the code does not ask in the build for the variables that the app needs when it runs",
		})
		e, err := plan.NewEnv(r.Variable, r.Value)
		if err != nil {
			return nil, "", err
		}
		env = append(env, e)
		if why == "" {
			why = "does not ask for the variables that the app needs when it runs."
		}
	}
	return env, why, nil
}
