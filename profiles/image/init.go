package image

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// tiniLink says what tini does as PID 1.
const tiniLink = "https://github.com/krallin/tini#why-tini"

// InitRequest is what a language knows of the process that prod starts.
type InitRequest struct {
	// Program is what runs: "node", "gunicorn".
	Program string
	// Command is what prod starts, as far as it is a shell's: a shell as PID 1
	// passes no signal on, whatever it runs.
	Command plan.Exec
	// Handled says by whose handler the program ends on SIGTERM when it is PID 1:
	// its own, its framework's or its language's. "" for nobody's.
	Handled string
	Pos     fact.Pos // of the handler
	Link    string   // the source of Handled
	// Evidence is set if Handled follows, or could follow, from what this release
	// of dockgen knows: the name of the framework or server. See plan.Choice.
	Evidence string
}

// InitPlan is what Init decided.
type InitPlan struct {
	// Needed says that tini is PID 1.
	Needed bool
	// Installed says that the stage which prod starts from has tini already.
	Installed bool
	program   string
}

// Init decides whether tini is PID 1, and records it as "init": "tini", or "none".
// The kernel gives PID 1 no default action for a signal, so a program without a
// handler ignores SIGTERM, and is killed ten seconds later:
// https://man7.org/linux/man-pages/man7/pid_namespaces.7.html.
func Init(in record.Input, r InitRequest) InitPlan {
	c := plan.Choice{Key: "init", Value: "none", Rule: r.Handled, Pos: record.At(r.Pos), Link: r.Link, Evidence: r.Evidence}
	switch {
	case len(r.Command) > 0 && shell.IsShell(r.Command[0]):
		r.Program = path.Base(r.Command[0])
		c = plan.Choice{Key: "init", Value: "tini", Rule: "as PID 1, " + r.Program + " does not forward signals: tini does", Link: tiniLink}
	case r.Handled == "":
		c.Value, c.Rule, c.Pos = "tini", "as PID 1, "+r.Program+" ignores SIGTERM unless the code handles it: tini forwards it", nil
		if c.Link == "" {
			c.Link = tiniLink
		}
	}
	return InitPlan{Needed: in.Log.Choose(c) == "tini", program: r.Program}
}

// why says what tini is for.
func (p InitPlan) why() string { return p.program + " as PID 1 ignores SIGTERM; tini forwards it." }

// System is the package, for Debian and Alpine alike.
func (p InitPlan) System() plan.System {
	return plan.System{For: plan.NewComment(p.why()), Packages: []plan.Token{plan.MustToken("tini")}}
}

// Apply makes tini PID 1 of run, if it is needed. An image without a package
// manager takes it from the stage that is returned, which starts from one of
// Debian's images. own is the entry point of the runtime's image, which a new
// one would take away; nil if it has none.
func (p InitPlan) Apply(in record.Input, run *plan.Run, debian plan.From, own plan.Exec) []plan.Stage {
	if !p.Needed {
		return nil
	}
	if run.Entry == nil {
		run.Entry = own
	}
	run.Init, run.NoEntry = true, false
	program := "tini"
	var stages []plan.Stage
	switch run.Runtime {
	case plan.Distroless, plan.Scratch:
		program = "/usr/bin/tini"
		name := in.Stage("init")
		stages = append(stages, plan.Stage{Block: "init", Data: &plan.InitStage{Head: plan.Head{
			Name: name, From: debian,
			About: []plan.Comment{plan.NewComment(name.String() + " has tini for prod: " + p.why())},
		}}})
		run.Copies = slices.Insert(run.Copies, 0, plan.Artifact{Stage: name, Copy: plan.MustCopy("/usr/bin/tini", "/usr/bin/tini-static")})
		run.Uses = append(run.Uses, name)
	case plan.Alpine:
		if !p.Installed {
			run.Alpine = append(run.Alpine, p.System())
		}
	case plan.Slim:
		if !p.Installed {
			run.Debian = append(run.Debian, p.System())
		}
	}
	run.Entry = append(plan.Exec{program, "--"}, run.Entry...)
	return stages
}
