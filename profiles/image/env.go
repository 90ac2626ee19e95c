package image

import (
	"maps"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Env are the variables of prod: the language's own, then those that the user
// asks for, sorted. Of equal names the last counts.
func Env(in record.Input, own ...plan.Env) ([]plan.Env, error) {
	out := SetEnv(nil, own...)
	for _, name := range slices.Sorted(maps.Keys(in.Settings.Env)) {
		e, err := plan.NewEnv(name, in.Settings.Env[name])
		if err != nil {
			return nil, fact.Errorf(in.Settings.Pos("env"), "env: %w", err)
		}
		out = slices.DeleteFunc(out, func(old plan.Env) bool { return old.Name == e.Name })
		out = append(out, e)
	}
	return out, nil
}

// Syntax reports whether the Dockerfile begins with the line that names its frontend:
// https://docs.docker.com/build/buildkit/frontend/#stable-channel.
// Without it, nothing is written that the frontend of BuildKit 0.11 does not know, which is the one of Docker 23 and 24: COPY has no --parents and no --exclude, a
// health check no --start-interval (https://docs.docker.com/build/buildkit/dockerfile-release-notes/).
func Syntax(in record.Input) bool { return in.Settings.Syntax == nil || *in.Settings.Syntax }

// Link reports whether COPY may have --link.
func Link(in record.Input) bool { return in.Settings.Link == nil || *in.Settings.Link }

// SetEnv is list with each further variable in place of one of the same name, or at the
// end.
func SetEnv(list []plan.Env, more ...plan.Env) []plan.Env {
	out := slices.Clone(list)
	for _, e := range more {
		if i := slices.IndexFunc(out, func(o plan.Env) bool { return o.Name == e.Name }); i >= 0 {
			out[i] = e
		} else {
			out = append(out, e)
		}
	}
	return out
}
