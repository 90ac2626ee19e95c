package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Setting is a variable of the go command that every stage has, and why:
// https://pkg.go.dev/cmd/go#hdr-Environment_variables.
type Setting struct {
	Why []plan.Comment
	Env plan.Env
}

// Flagged reports whether every go command has flags that go install of
// another module's program does not take.
func (p *Plan) Flagged() bool { return p.sets("GOFLAGS") }

// Proxied reports whether whatever Go fetches comes from a proxy that may ask
// for a credential.
func (p *Plan) Proxied() bool { return p.sets("GOPROXY") }

func (p *Plan) sets(name string) bool {
	return slices.ContainsFunc(p.GoEnv, func(s Setting) bool { return s.Env.Name.String() == name })
}

// goenv gives the go command a variable. Of GOFLAGS, which is a list, each
// flag is added once; the other variables are set once.
func (d *decider) goenv(name, value, why string) error {
	i := slices.IndexFunc(d.p.GoEnv, func(s Setting) bool { return s.Env.Name.String() == name })
	if i < 0 {
		e, err := plan.NewEnv(name, value)
		if err != nil {
			return err
		}
		d.p.GoEnv = append(d.p.GoEnv, Setting{Why: []plan.Comment{plan.NewComment(why)}, Env: e})
		return nil
	}
	s := &d.p.GoEnv[i]
	if name != "GOFLAGS" || slices.Contains(strings.Fields(s.Env.Value.Raw()), value) {
		return nil
	}
	e, err := plan.NewEnv(name, s.Env.Value.Raw()+" "+value)
	if err != nil {
		return err
	}
	s.Env, s.Why = e, append(s.Why, plan.NewComment(why))
	return nil
}

// goflag gives every command of the go command a flag.
func (d *decider) goflag(flag, why string) error { return d.goenv("GOFLAGS", flag, why) }

// cited is a file as a comment names it. The repository's own Dockerfile has
// another name once dockgen's has come into its place.
func cited(at fact.Pos) string {
	if ownDockerfile(at) {
		return "the repository's own Dockerfile"
	}
	return at.File
}

// ownDockerfile reports whether dockgen's Dockerfile comes, or came, into the place
// of a file.
func ownDockerfile(at fact.Pos) bool {
	base := path.Base(at.File)
	return base == "Dockerfile" || strings.HasPrefix(base, "Dockerfile.bak")
}

// keep tells to keep the repository's own Dockerfile where it says
// what every check reads there anew.
func (d *decider) keep(at fact.Pos, what string) {
	if ownDockerfile(at) {
		d.Log.Note(at, "says "+what+", which dockgen check reads there", "keep the file in the repository, as Dockerfile.bak once dockgen's is in its place")
	}
}
