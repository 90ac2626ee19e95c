package node

import (
	neturl "net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Output is the folder that the app's framework writes when it builds a site,
// relative to the app's folder; "" if it is not known.
func Output(in record.Input, f *node.Facts) string {
	fw, err := framework.Find(ask(in, workspace.New(in.Tree, f)))
	if err != nil || fw.Site == nil {
		return ""
	}
	return fw.Build.Output
}

// Part decides the build of a front end whose files another app embeds or serves:
// what is installed, and the script that builds, which is in.Front's where it names one. The image that the app would be is not asked for:
// whether something starts or serves it does not matter. PartOutput is what another
// app takes of it.
func Part(in record.Input, f *node.Facts) (*plan.App, error) {
	if err := checkRush(f); err != nil {
		return nil, err
	}
	pm, err := manager.Decide(in, f, func(needs string) bool { return runsOnAsked(in, f, needs) })
	if err != nil {
		return nil, err
	}
	app := workspace.New(in.Tree, f)
	if u, start := namedMember(in, f); u != nil && in.Settings.Main != "" {
		app = app.Of(u, start)
	}
	fw, err := frameworkOf(in, app, pm)
	if err != nil {
		fw = framework.Framework{} // the build script says what is done
	}
	own := fw
	fw.Site, fw.Server = &image.Site{}, nil
	eng, pm, err := decideEngine(in, app, pm, fw)
	if err != nil {
		return nil, err
	}
	p := project{in: in, app: app, pm: pm, fw: fw, eng: eng, part: true}
	sys, err := decideSystem(p, start{}, code{}, false)
	if err != nil {
		return nil, err
	}
	folders, err := decideFolders(p, start{}, code{}, further{})
	if err != nil {
		return nil, err
	}
	i, err := decideInstall(p, sys, folders)
	if err != nil {
		return nil, err
	}
	b, err := partBuild(p, i, sys)
	if err != nil {
		return nil, err
	}
	if !b.steps() {
		return nil, record.Refuse(app.Manifest(), "add a build script", "has no build script")
	}
	stages, err := partStages(p, i, b)
	if err != nil {
		return nil, err
	}
	out := &plan.App{Ignore: partIgnore(p, b)}
	if passes := passedTo(f.Passes); len(passes) > 0 && own.Used() && own.Dev.Script != "" {
		p.fw = own
		dev, err := devStage(p, developed{}, i, stages[len(stages)-1].Data.Stage().From, true)
		if err != nil {
			return nil, err
		}
		stages = append(stages, plan.Stage{Block: "node/dev", Data: dev})
		out.Dev = &plan.FrontDev{Stage: dev.Name, Ports: dev.Ports, Passes: passes, Tell: dev.Tell}
	}
	out.Image = plan.Image{Checks: checks(fw), Stages: stages}
	at, err := plan.NewPath(in.Workdir())
	out.Outputs = []plan.Artifact{{Stage: in.Stage("build"), Copy: plan.Copy{From: []plan.Path{at}, To: plan.MustPath(".")}}}
	return out, err
}

// passedTo are the ports of servers on the same machine that the development server of a front end passes paths on to.
func passedTo(passes []buildfile.Pass) []plan.Port {
	var out []plan.Port
	for _, x := range passes {
		u, err := neturl.Parse(x.Target)
		if err != nil || x.Own {
			continue
		}
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if local := u.Hostname(); err == nil && slices.Contains([]string{"localhost", "127.0.0.1", "0.0.0.0", "::1"}, local) && !slices.Contains(out, plan.Port(n)) {
			out = append(out, plan.Port(n))
		}
	}
	return out
}

// PartOutput is a folder that a part's build writes, relative to the folder of its
// app; it may lie beside that.
func PartOutput(part *plan.App, folder string) (plan.Artifact, error) {
	c, err := plan.NewCopy(".", path.Join(part.Outputs[0].Copy.From[0].Raw(), folder)+"/")
	return plan.Artifact{Stage: part.Outputs[0].Stage, Copy: c}, err
}

// partIgnore is what a part adds to the ignore file of the app that takes it, which has
// what every app's has.
func partIgnore(p project, b build) plan.Ignore {
	common := image.IgnoreFile(p.in, nil)
	return slices.DeleteFunc(decideIgnore(p, nil, b, nil), func(g plan.IgnoreGroup) bool {
		return slices.ContainsFunc(common, func(o plan.IgnoreGroup) bool { return o.Heading == g.Heading })
	})
}

// partBuild is how a part is built.
func partBuild(p project, i install, sys system) (build, error) {
	log, words := p.in.Log, strings.Fields(p.in.Front.Script)
	if len(words) > 0 {
		p.in.Log = &record.Log{} // what build does is not asked
	}
	b, err := decideBuild(p, start{}, i, sys, kept{}, further{})
	b.env = image.SetEnv(b.env, p.in.Front.Env...)
	if len(words) == 0 {
		return b, err
	}
	rule, own := "the script that writes what the app takes", p.app.Root.Scripts[words[0]]
	if own.Found() {
		b.run = [][]string{p.pm.Script(words[0], words[1:]...)}
	} else {
		b.run, rule = [][]string{p.pm.Program(words...)}, "the command by which the repository itself builds it"
	}
	log.Choose(plan.Choice{Key: "build", Value: join(b.run), Rule: rule, Pos: record.At(own.Pos)})
	return b, err
}

// partStages are the stages that a part needs. What a browser loads is the same for
// every platform, so it is built on the machine's own.
func partStages(p project, i install, b build) ([]plan.Stage, error) {
	images, err := imagesOf(p, plan.Slim)
	if err != nil {
		return nil, err
	}
	base, err := baseStage(p, images)
	if err != nil {
		return nil, err
	}
	base.From = base.From.OnBuildPlatform()
	out := []plan.Stage{{Block: "node/base", Data: base}}
	parent := plan.FromStage(base.Name)
	if i.needed {
		deps, err := depsStage(p, i, true, nil)
		if err != nil {
			return nil, err
		}
		parent = plan.FromStage(deps.Name)
		out = append(out, plan.Stage{Block: "node/deps", Data: deps})
	}
	build, err := buildStage(p, i, b, parent)
	return append(slices.Clip(out), plan.Stage{Block: "node/build", Data: build}), err
}
