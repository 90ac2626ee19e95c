package image

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// KeptInDev are the folders of dev that stay the image's when the source is mounted: what
// another app's stage made there, which the source does not have. folder is the app's. about says it.
func KeptInDev(in record.Input, folder string) (dirs plan.Volumes, about []plan.Comment) {
	mount := Mounted(in, folder)
	for _, x := range in.Taken() {
		at := path.Clean(x.Copy.To.Raw())
		if !path.IsAbs(at) {
			at = path.Join(folder, at)
		}
		if p, err := plan.NewPath(at); err == nil && within(mount, p.Raw()) {
			dirs = append(dirs, p)
		}
	}
	if len(dirs) > 0 {
		about = []plan.Comment{plan.NewComment("The volume keeps what the front end's stage made when the source is mounted over " + mount + ".")}
	}
	return dirs, about
}

// Mounted is the folder of dev over which the source is mounted: the app's, or of a nested one that of the build context.
func Mounted(in record.Input, folder string) string {
	if in.Nested {
		return strings.TrimSuffix(folder, "/"+in.Above)
	}
	return folder
}

// DevUsage is the comment above a dev stage: what a save does ("dev restarts on
// every save"), and the commands, as one types them, that build the stage and
// run it with the app's folder mounted at folder, and what the image has of folders beside it. app is the image's Name, debug
// the port of DebugPort, if there is one.
func DevUsage(in record.Input, does, app string, stage plan.StageName, folder string, ports []plan.Port, debug ...plan.Port) []plan.Comment {
	tag := app + ":dev"
	var run strings.Builder
	fmt.Fprintf(&run, `%s && docker run --rm -v %s`, in.DockerBuild("-t "+tag, "--target "+stage.String()), mounted(in, folder))
	for _, x := range in.Served { // what the repository has beside the app's folder
		if from := x.Copy.From; x.Stage == (plan.StageName{}) && x.Image.IsZero() && len(from) == 1 {
			run.WriteString(" -v " + Bind(path.Join(in.Above, from[0].Raw()), path.Clean(x.Copy.To.Raw())))
		}
	}
	for _, p := range ports {
		fmt.Fprintf(&run, " -p %d:%d", p, p)
	}
	for _, p := range debug {
		fmt.Fprintf(&run, " -p 127.0.0.1:%d:%d", p, p)
	}
	out := []plan.Comment{plan.NewComment(does + ":"), plan.NewCommand(run.String() + " " + tag)}
	for _, p := range debug {
		out = append(out, plan.NewComment("Anyone who reaches the debugger on "+p.String()+" can run any code: publish it on 127.0.0.1 only."))
	}
	return out
}

// DebugPort is where dev waits for a debugger, if the user asks for one: the port that those of the language take
// by default, or the next that the app leaves. It is a list of one port, or of none.
func DebugPort(in record.Input, usual plan.Port, taken []plan.Port) []plan.Port {
	if !in.Settings.Wants("debug") {
		return nil
	}
	for slices.Contains(taken, usual) {
		usual++
	}
	return []plan.Port{usual}
}

// mounted is the app's folder at a folder of a container, as docker run's -v has it.
func mounted(in record.Input, folder string) string {
	if in.Nested {
		return Bind("", folder)
	}
	return Bind(in.Above, folder)
}

// Bind mounts a folder below the one where the command is typed at a folder of a container, as docker run's -v has it. A POSIX shell and PowerShell read it alike: of
// "$PWD:/app", PowerShell takes PWD: for a drive
// (https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_variables#variable-names-that-include-special-characters).
func Bind(below, folder string) string {
	switch {
	case below == "":
		return `"$(pwd):` + folder + `"`
	case plan.ShellQuote(below) == below:
		return `"$(pwd)/` + below + ":" + folder + `"`
	}
	return `"$(pwd)"/` + plan.ShellQuote(below) + ":" + folder
}
