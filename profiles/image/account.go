package image

import (
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// account gives NonRoot an entry in /etc/passwd, with a home, where something of the
// app looks it up. The images of distroless have one, and so has the root file
// system that dockgen makes for scratch.
func account(in record.Input, asks []effect.Account, r plan.Runtime) *plan.Step {
	if len(asks) == 0 || r != plan.Slim && r != plan.Alpine {
		return nil
	}
	who := plan.Printable(asks[0].Call, 60)
	in.Log.Choose(plan.Choice{Key: "account", Value: "nonroot", Rule: who + " looks up who runs it, and this image has no entry for prod's user", Pos: record.At(asks[0].Pos)})
	step := &plan.Step{Why: plan.NewComment(who + " fails for a user without an entry in /etc/passwd.")}
	if r == plan.Alpine {
		step.Run = []plan.Shell{
			plan.MustShell("addgroup", "-g", nonRootID, "nonroot"),
			plan.MustShell("adduser", "-D", "-u", nonRootID, "-G", "nonroot", "nonroot"),
		}
		return step
	}
	step.Run = []plan.Shell{
		plan.MustShell("groupadd", "--gid", nonRootID, "nonroot"),
		plan.MustShell("useradd", "--uid", nonRootID, "--gid", "nonroot", "--create-home", "nonroot"),
	}
	return step
}
