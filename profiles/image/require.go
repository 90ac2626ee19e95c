package image

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// maxRequired bounds the variables that one note names.
const maxRequired = 8

// given are the variables that Docker gives every container: https://docs.docker.com/reference/cli/docker/container/run/#env
var given = []string{"HOME", "HOSTNAME", "PATH"} //nolint:gochecknoglobals // a constant table

// Require notes the variables without which the app does not start, and that the image
// does not set: docker run has to.
func Require(in record.Input, list []effect.Env, set []plan.Env) {
	var names, flags []string
	pos := -1
	for i, v := range list {
		name := plan.Printable(v.Name, 40)
		has := slices.Contains(given, v.Name) || slices.ContainsFunc(set, func(e plan.Env) bool { return e.Name.String() == v.Name })
		if _, asked := in.Settings.Env[v.Name]; !v.Required || has || asked || !plan.IsEnvName(v.Name) || slices.Contains(names, name) {
			continue
		}
		if pos < 0 {
			pos = i
		}
		names, flags = append(names, name), append(flags, "-e "+name+"=…")
	}
	if len(names) == 0 {
		return
	}
	more := ""
	if len(names) > maxRequired {
		names, flags, more = names[:maxRequired], flags[:maxRequired], " and more"
	}
	what := "the variable "
	if len(names) > 1 {
		what = "the variables "
	}
	said := Enumerate(names)
	if more != "" {
		said = strings.Join(names, ", ")
	}
	in.Log.Note(list[pos].Pos, "needs "+what+said+more+" to start", "docker run "+strings.Join(flags, " "))
}
