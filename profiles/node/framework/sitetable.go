package framework

import (
	_ "embed"

	"github.com/dockgen/dockgen/internal/table"
)

//go:embed site.table
var siteCompiled string

// siteTable is site.yaml: what says how a site answers paths that are no file.
type siteTable struct {
	Routers []router       `yaml:"routers"`
	Servers []staticServer `yaml:"servers"`
}

// router is a package that routes in the browser.
type router struct {
	Package string `yaml:"package"`
	Source  string `yaml:"source"`
}

// staticServer is a program that serves files as they are: a start script
// that runs one says that the app is a static site.
type staticServer struct {
	Program string   `yaml:"program"`
	Source  string   `yaml:"source"`
	Single  []string `yaml:"single,omitempty"` // flags that answer unknown paths with index.html
}

var siteRows = table.Lazy[siteTable]("site.yaml", siteCompiled) //nolint:gochecknoglobals // decoded once
