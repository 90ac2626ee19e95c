package node

import (
	_ "embed"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed build.table
var buildCompiled string

// buildTable is build.yaml: what packages and code need of a build.
type buildTable struct {
	MD4        []md4       `yaml:"md4"`
	Unchecked  []unchecked `yaml:"unchecked"`
	Outputs    []outputRow `yaml:"outputs"`
	Migrations []migration `yaml:"migrations"`
}

// md4 is a package that hashes with MD4 in versions below one.
type md4 struct {
	Package string `yaml:"package"`
	Below   int    `yaml:"below"`
	Source  string `yaml:"source"`
}

// unchecked is a variable that leaves out the check of others in a build.
type unchecked struct {
	Variable string `yaml:"variable"`
	Value    string `yaml:"value"`
	Source   string `yaml:"source"`
}

var buildRows = table.Lazy[buildTable]("build.yaml", buildCompiled) //nolint:gochecknoglobals // decoded once
