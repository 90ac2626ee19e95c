// Package image decides what every image decides, whatever its language: the
// version and the runtime, system packages, the port, the health check, PID 1,
// the folders that the app writes to, secrets and the ignore file. A language
// gives candidates and reasons; the policy is here, once.
package image

import (
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Base is Syntax, Env and the user's packages in one, for a language whose
// stages are not yet a list.
func Base(in record.Input, r plan.Runtime, env ...plan.Env) (plan.Base, error) {
	b := plan.Base{Syntax: Syntax(in), Runtime: r, User: NonRoot()}
	var err error
	if b.Env, err = Env(in, env...); err != nil || len(in.Settings.Packages) == 0 {
		return b, err
	}
	words, err := plan.Tokens(in.Settings.Packages...)
	if err != nil {
		return b, err
	}
	switch row := Packages("the settings ask for {}", words...); r {
	case plan.Slim:
		b.Debian = append(b.Debian, row)
	case plan.Alpine:
		b.Alpine = append(b.Alpine, row)
	case plan.Distroless, plan.Scratch:
		// The language's Decide excludes these runtimes when packages are asked for.
	}
	return b, nil
}
