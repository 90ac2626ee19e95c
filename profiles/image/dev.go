package image

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/profiles/plan"
)

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// Name makes the name of the app's image of the first candidate (a folder or
// module, with or without what leads to it) that has a letter or digit in it;
// "app" if there is no such. docker build -t accepts it:
// https://docs.docker.com/reference/cli/docker/image/tag/.
func Name(candidates ...string) string {
	for _, c := range candidates {
		s := strings.Trim(notName.ReplaceAllStringFunc(strings.ToLower(path.Base(c)), separator), "._-")
		if s != "" {
			return strings.TrimRight(s[:min(len(s), 60)], "._-")
		}
	}
	return "app"
}

// separator is what stands between letters and digits of a name for a run of
// other characters: the run itself if the grammar has it, else a hyphen.
func separator(run string) string {
	if run == "." || run == "_" || run == "__" || strings.Trim(run, "-") == "" {
		return run
	}
	return "-"
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
