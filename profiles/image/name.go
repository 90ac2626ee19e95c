package image

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

var notName = lazy.MustCompile(`[^a-z0-9]+`)

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
