package image

import (
	"strings"

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
	return &plan.Step{Why: plan.NewComment(who + " fails for a user without an entry in /etc/passwd."), Run: makesUser(NonRoot(), r == plan.Alpine)}
}

// makesUser are the commands that make a user of that number, called nonroot.
func makesUser(u plan.User, alpine bool) []plan.Shell {
	uid, gid, _ := strings.Cut(u.String(), ":")
	if alpine {
		return []plan.Shell{
			plan.MustShell("addgroup", "-g", gid, "nonroot"),
			plan.MustShell("adduser", "-D", "-u", uid, "-G", "nonroot", "nonroot"),
		}
	}
	return []plan.Shell{
		plan.MustShell("groupadd", "--gid", gid, "nonroot"),
		plan.MustShell("useradd", "--uid", uid, "--gid", "nonroot", "--create-home", "nonroot"),
	}
}
