package image

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

var notName = lazy.MustCompile(`[^a-z0-9]+`)

// partNames are what repositories of all kinds call a part of themselves: such a name says nothing of what it is.
var partNames = []string{ //nolint:gochecknoglobals // a constant table
	"api", "app", "application", "backend", "client", "code", "frontend", "launcher", "main", "monorepo", "project", "root", "server", "service", "src", "web", "webapp", "workspace",
}

// Name makes the name of the app's image of the first candidate (a folder or
// module, with or without what leads to it) that has a letter or digit in it, and that is more than the name of a part, if there is one;
// "app" if there is no such. docker build -t accepts it:
// https://docs.docker.com/reference/cli/docker/image/tag/.
func Name(candidates ...string) string {
	part := ""
	for _, c := range candidates {
		s := strings.Trim(notName.ReplaceAllStringFunc(strings.ToLower(path.Base(c)), separator), "._-")
		s = strings.TrimRight(s[:min(len(s), 60)], "._-")
		if s != "" && !slices.Contains(partNames, s) {
			return s
		}
		part = cmp.Or(part, s)
	}
	return cmp.Or(part, "app")
}

// separator is what stands between letters and digits of a name for a run of
// other characters: the run itself if the grammar has it, else a hyphen.
func separator(run string) string {
	if run == "." || run == "_" || run == "__" || strings.Trim(run, "-") == "" {
		return run
	}
	return "-"
}
