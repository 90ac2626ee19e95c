package image

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// madeKey is the choice of the files that a command of the project makes in the own image and in this one.
const madeKey = "made"

// Makeable reports whether a rooted path may be that of a file which a command of the build makes for prod: no file of the system.
func Makeable(file string) bool {
	_, err := plan.NewPath(file)
	if err != nil || !path.IsAbs(file) || path.Dir(file) == "/" || strings.ContainsAny(file, ":") {
		return false
	}
	if rest, ok := strings.CutPrefix(file, "/etc/"); ok {
		return strings.Contains(rest, "/") && !elsewhere.MatchString(file)
	}
	return !slices.ContainsFunc([]string{"/bin", "/sbin", "/lib", "/lib64", "/usr", "/proc", "/sys", "/dev", "/boot", "/root", "/home", "/tmp", "/var/tmp", "/run", Venv, ourWorkdir}, func(d string) bool { return within(d, file) })
}

// RecordMade records the files that prod takes from a command of the project in the build.
func RecordMade(in record.Input, files []string, at fact.Pos) {
	in.Log.Choose(plan.Choice{Key: madeKey, Value: strings.Join(files, " "), Rule: DisplayName(in, at) + " makes them by the project's own program", Pos: record.At(at)})
}

// IsMade reports whether prod has a file that a command of the project makes in the build.
func IsMade(in record.Input, file string) bool {
	return path.IsAbs(file) && slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool {
		return c.Key == madeKey && slices.Contains(strings.Fields(c.Value), path.Clean(file))
	})
}
