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
	in.Log.Choose(plan.Choice{Key: "account", Value: defaultName, Rule: who + " looks up who runs it, and this image has no entry for prod's user", Pos: record.At(asks[0].Pos)})
	return &plan.Step{Why: plan.NewComment(who + " fails for a user without an entry in /etc/passwd."), Run: makesUser(NonRoot(), r == plan.Alpine, defaultName, true)}
}

// defaultName is the name of prod's user where nothing else names it, as in the images of distroless.
const defaultName = "nonroot"

// makesUser are the commands that make a user of that number and name, nil for a name that cannot stand in a command.
func makesUser(u plan.User, alpine bool, name string, home bool) []plan.Shell {
	uid, gid, _ := strings.Cut(u.String(), ":")
	where := "--no-create-home"
	if home {
		where = "--create-home"
	}
	commands := [][]string{{"groupadd", "--gid", gid, name}, {"useradd", "--uid", uid, "--gid", name, where, name}}
	if alpine {
		add := []string{"adduser", "-D"}
		if !home {
			add = append(add, "-H")
		}
		commands = [][]string{{"addgroup", "-g", gid, name}, append(add, "-u", uid, "-G", name, name)}
	}
	var out []plan.Shell
	for _, words := range commands {
		c, err := plan.NewShell(words...)
		if err != nil {
			return nil
		}
		out = append(out, c)
	}
	return out
}
