// Package image decides what every image decides, whatever its language: the
// version and the runtime, system packages, the port, the health check, PID 1,
// the folders that the app writes to, secrets and the ignore file. A language
// gives candidates and reasons; the policy is here, once.
package image

import (
	"slices"
	"sort"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Base fills in what every stack's plan has from the settings alone: the
// syntax line, the user, the packages and the variables that the user wants
// more. The language's own variables come before the user's.
func Base(in record.Input, r plan.Runtime, env ...plan.Env) (plan.Base, error) {
	b := plan.Base{Syntax: true, Runtime: r, User: NonRoot(), Env: env}
	if in.Settings.Syntax != nil {
		b.Syntax = *in.Settings.Syntax
	}
	names := make([]string, 0, len(in.Settings.Env))
	for name := range in.Settings.Env {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		e, err := plan.NewEnv(name, in.Settings.Env[name])
		if err != nil {
			return b, err
		}
		b.Env = slices.DeleteFunc(b.Env, func(old plan.Env) bool { return old.Name == e.Name })
		b.Env = append(b.Env, e)
	}
	if len(in.Settings.Packages) > 0 {
		words, err := plan.Tokens(in.Settings.Packages...)
		if err != nil {
			return b, err
		}
		row := plan.System{For: Packages("the settings ask for {}", words...).For, Packages: words}
		switch r {
		case plan.Slim:
			b.Debian = append(b.Debian, row)
		case plan.Alpine:
			b.Alpine = append(b.Alpine, row)
		case plan.Distroless, plan.Scratch:
			// The language's Decide excludes these runtimes when packages are asked for.
		}
	}
	return b, nil
}
