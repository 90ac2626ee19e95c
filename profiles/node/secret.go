package node

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// secrets decides what the install needs to reach private registries. None of
// it is required: a build without them says itself what it could not fetch.
func (i *install) secrets(in record.Input, f *node.Facts, pm manager.Manager) error {
	if at := f.ConfigSecret; !at.IsZero() {
		return record.Refuse(at, "revoke the token, and write ${NPM_TOKEN} in its place (in bunfig.toml $NPM_TOKEN): the build then takes it as a secret",
			"%s holds a token as plain text, and every stage of the image needs that file", path.Base(at.File))
	}
	var mounts []plan.Mount
	var ask []string
	strict := false
	if hidesNpmrc(f, pm) && slices.Contains(pm.Files, ".npmrc") {
		to, err := plan.NewToken(path.Join(in.Workdir(), f.NpmrcFile()))
		if err != nil {
			return err
		}
		mounts = append(mounts, plan.SecretMount(plan.MustToken("npmrc"), to))
		ask = append(ask, "--secret id=npmrc,src="+f.NpmrcFile())
	}
	if at := f.NpmrcSecret; !at.IsZero() {
		in.Log.Note(at, ".npmrc holds a token as plain text: it stays out of the image, but anyone who reads the repository has it", "revoke the token, and write ${NPM_TOKEN} in its place")
	}
	var at fact.Pos
	for _, v := range f.Variables {
		if !slices.Contains(pm.Files, path.Base(v.Pos.File)) {
			continue
		}
		id, err := plan.NewToken(v.Value)
		if err != nil {
			return err
		}
		mounts = append(mounts, plan.SecretEnvMount(id))
		ask = append(ask, "--secret id="+v.Value)
		at = v.Pos
		if pm.Strict && !isNpmrc(v) {
			strict = true
			in.Log.Note(v.Pos, pm.Command()+" fails if "+v.Value+" is not set, even when it only runs a script", "write ${"+v.Value+":-}: then only the install fails without it")
		}
	}
	if host, ok := manager.PrivateRegistry(f); ok && len(mounts) == 0 {
		mounts = append(mounts, plan.SecretMount(plan.MustToken(pm.Login.ID), plan.MustToken(pm.Login.Target)))
		ask = append(ask, "--secret id="+pm.Login.ID+",src=$HOME/"+path.Base(pm.Login.Target))
		in.Log.Note(host.Pos, "packages come from "+plan.Printable(host.Value, 60)+", which may require a login", in.DockerBuild(ask...))
	} else if len(ask) > 0 {
		if at.IsZero() {
			at = f.NpmrcSecret
		}
		in.Log.Note(at, "a registry requires a login: the build gets it as a secret, which stays out of the image", in.DockerBuild(ask...))
	}
	if strict {
		i.strict = mounts
	}
	i.mounts = append(mounts, i.mounts...)
	return nil
}
