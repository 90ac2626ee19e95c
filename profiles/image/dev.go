package image

import (
	"fmt"
	"path"
	"strings"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// KeptInDev are the arguments of docker run with which a volume keeps what another app's stage made, from the
// mounted source, which does not have it.
func KeptInDev(in record.Input, folder string) []string {
	var out []string
	for _, x := range in.Imports {
		out = append(out, "-v "+path.Join(folder, x.Copy.To.Raw()))
	}
	return out
}

// DevUsage is the comment above a dev stage: what a save does ("dev restarts on
// every save"), and the commands, as one types them, that build the stage and
// run it with the app's folder mounted at folder. app is the image's Name, more
// are further arguments of docker run.
func DevUsage(does, app string, stage plan.StageName, folder string, ports []plan.Port, more ...string) []plan.Comment {
	tag := app + ":dev"
	var run strings.Builder
	fmt.Fprintf(&run, `docker build -t %s --target %s . && docker run --rm -v "$PWD:%s"`, tag, stage, folder)
	for _, p := range ports {
		fmt.Fprintf(&run, " -p %d:%d", p, p)
	}
	for _, x := range more {
		run.WriteString(" " + x)
	}
	return []plan.Comment{plan.NewComment(does + ":"), plan.NewComment(run.String() + " " + tag)}
}
