package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Secret is a secret of the build, as a file or as a variable:
// https://docs.docker.com/build/building/secrets/.
type Secret struct {
	ID     plan.Token
	Target plan.Token // the file; "" for the variable that is named as the secret
	IsFile bool
}

// hidesNpmrc reports whether .npmrc stays out of the image: it holds a token,
// or Yarn 1 would fail in every stage that has the file but not the variable
// that it asks for.
func (a *app) hidesNpmrc() bool {
	return !a.f.NpmrcSecret.IsZero() || a.pm.Name == "yarn" && slices.ContainsFunc(a.f.Variables, isNpmrc)
}

func isNpmrc(v fact.Fact[string]) bool { return path.Base(v.Pos.File) == ".npmrc" }

// secrets decides what the install needs to reach private registries. None of
// it is required: a build without them says itself what it could not fetch.
func (a *app) secrets(p *Plan) error {
	if at := a.f.ConfigSecret; !at.IsZero() {
		return record.Refuse(at, "revoke the token, and write ${NPM_TOKEN} in its place (in bunfig.toml $NPM_TOKEN): the build then takes it as a secret",
			"%s holds a token as plain text, and every stage of the image needs that file", path.Base(at.File))
	}
	d := p.Deps
	var ask []string
	if a.hidesNpmrc() && slices.Contains(a.pm.Files, ".npmrc") {
		d.Secrets = append(d.Secrets, Secret{ID: plan.MustToken("npmrc"), Target: plan.MustToken(workdir + "/.npmrc"), IsFile: true})
		ask = append(ask, "--secret id=npmrc,src=.npmrc")
	}
	if at := a.f.NpmrcSecret; !at.IsZero() {
		a.in.Log.Note(at, ".npmrc holds a token as plain text: it stays out of the image, but whoever reads the repository has it", "revoke the token, and write ${NPM_TOKEN} in its place")
	}
	var at fact.Pos
	for _, v := range a.f.Variables {
		if !slices.Contains(a.pm.Files, path.Base(v.Pos.File)) {
			continue
		}
		id, err := plan.NewToken(v.Value)
		if err != nil {
			return err
		}
		d.Secrets = append(d.Secrets, Secret{ID: id})
		ask = append(ask, "--secret id="+v.Value)
		at = v.Pos
		if a.pm.Strict && !isNpmrc(v) {
			p.Strict = true
			a.in.Log.Note(v.Pos, a.pm.Command()+" ends wherever "+v.Value+" is not set, when scripts run too", "write ${"+v.Value+":-}: then only what needs it fails without")
		}
	}
	if host, ok := manager.PrivateRegistry(a.f); ok && len(d.Secrets) == 0 {
		d.Secrets = append(d.Secrets, Secret{ID: plan.MustToken(a.pm.Login.ID), Target: plan.MustToken(a.pm.Login.Target), IsFile: true})
		ask = append(ask, "--secret id="+a.pm.Login.ID+",src=$HOME/"+path.Base(a.pm.Login.Target))
		at = host.Pos
		a.in.Log.Note(at, "packages come from "+plan.Printable(host.Value, 60)+", which may ask who you are", "docker build "+strings.Join(ask, " ")+" .")
	} else if len(ask) > 0 {
		if at.IsZero() {
			at = a.f.NpmrcSecret
		}
		a.in.Log.Note(at, "a registry asks who you are: the build takes that as a secret, which stays out of the image", "docker build "+strings.Join(ask, " ")+" .")
	}
	return nil
}
