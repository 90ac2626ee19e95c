package golang

import (
	"bytes"
	_ "embed" // for packages.yaml
	"path"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed packages.table
var packagesCompiled string

// packageRow is a row of packages.yaml.
type packageRow struct {
	Package string `yaml:"package,omitempty"` // a path, which those below share
	Name    string `yaml:"name,omitempty"`    // the package's own
	Means   string `yaml:"means"`
	Source  string `yaml:"source"`
}

// What a package may mean.
const (
	startsContainers = "containers"
	saysVersion      = "version"
)

var packageRows = table.Lazy[[]packageRow]("packages.yaml", packagesCompiled) //nolint:gochecknoglobals // decoded once

// importsOne reports whether the text of a Go file imports a package that means
// something.
func importsOne(text []byte, means string) bool {
	rows, _ := packageRows() // a test keeps them right
	for _, r := range rows {
		if r.Means == means && r.Package != "" && bytes.Contains(text, []byte(`"`+r.Package)) {
			return true
		}
	}
	return false
}

// isNamed reports whether the package in a folder has a name that means
// something.
func isNamed(dir, means string) bool {
	rows, _ := packageRows()
	for _, r := range rows {
		if r.Means == means && r.Name != "" && r.Name == path.Base(dir) {
			return true
		}
	}
	return false
}
