package release

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed releases.table
var releasesCompiled string

// bounds is releases.yaml: what packages need of the release of Node.
type bounds struct {
	Bounds  []bound        `yaml:"bounds"`
	Engines []listsEngines `yaml:"engines"`
}

// bound is a package whose versions run on some versions of Node alone.
type bound struct {
	Package  string `yaml:"package"`
	Versions string `yaml:"versions"` // a range of npm
	Node     string `yaml:"node"`     // a range of npm, one without ||
	Source   string `yaml:"source"`
}

// listsEngines is a package, of a major version, that installs one whose
// engines list the versions of Node that it knew.
type listsEngines struct {
	Package string `yaml:"package"`
	Major   int    `yaml:"major"`
	Source  string `yaml:"source"`
}

var rows = table.Lazy[bounds]("releases.yaml", releasesCompiled) //nolint:gochecknoglobals // decoded once

// Bound is the range of Node versions that a dependency is made for, ""
// where no row bounds one, and that dependency.
func Bound(f *node.Facts) (limit string, by node.Dep, err error) {
	all, err := rows()
	if err != nil {
		return "", by, err
	}
	for _, r := range all.Bounds {
		d, ok := f.Dep(r.Package)
		if !ok || d.Kind == node.Peer {
			continue
		}
		// Without a lockfile the newest of the range is installed.
		version := cmp.Or(d.Locked, strconv.Itoa(DepMajor(d))+".999.0")
		if c, err := semver.NPM.ParseConstraint(r.Versions); err == nil && c.Match(version) {
			return r.Node, d, nil
		}
	}
	return "", by, nil
}

// ListsEngines reports whether a dependency installs a package whose engines end
// with the newest Node of its time.
func ListsEngines(d node.Dep) bool {
	all, err := rows()
	return err == nil && d.Kind != node.Peer && slices.ContainsFunc(all.Engines, func(r listsEngines) bool {
		return r.Package == d.Name && r.Major == DepMajor(d)
	})
}
