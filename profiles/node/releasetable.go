package node

import (
	_ "embed"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed releases.table
var releasesCompiled string

// releaseTable is releases.yaml: what packages need of the release of Node.
type releaseTable struct {
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

var releaseRows = table.Lazy[releaseTable]("releases.yaml", releasesCompiled) //nolint:gochecknoglobals // decoded once
