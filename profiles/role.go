package profiles

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	gofacts "github.com/dockgen/dockgen/detect/golang"
	javafacts "github.com/dockgen/dockgen/detect/java"
	nodefacts "github.com/dockgen/dockgen/detect/node"
	pythonfacts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/node"
	"github.com/dockgen/dockgen/profiles/python"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// role is what a stack is to the folder that it shares with others; the most
// important is the highest.
type role int

const (
	tools   role = iota // what developers use: linters, formatters, packages without a program
	part                // files for browsers, scripts: a part of another's app, if there is one
	program             // a server, or another program that is started
	started             // the program that the folder's own Procfile starts
)

// roleOf is the role of a stack in its folder, and for started the line that says so.
func roleOf(repo *detect.Repo, s settings.Settings, app detect.App) (role, fact.Pos) {
	if pos, ok := starts(repo, app); ok {
		return started, pos
	}
	switch f := app.Facts.(type) {
	case *nodefacts.Facts:
		in := record.Input{Settings: s, Tree: repo.Tree, Dir: app.Dir, Builds: app.Builds}
		switch {
		case node.Serves(in, f):
			return program, fact.Pos{}
		case node.OnlyTools(in, f):
			return tools, fact.Pos{}
		}
		return part, fact.Pos{}
	case *pythonfacts.Facts:
		if python.Serves(f) {
			return program, fact.Pos{}
		}
		return part, fact.Pos{}
	case *gofacts.Facts:
		if len(f.Mains) == 0 {
			return tools, fact.Pos{}
		}
	case *javafacts.Facts:
	}
	return program, fact.Pos{}
}

// starts reports whether the Procfile says that the folder's web process is a program of
// the stack's language, and where.
func starts(repo *detect.Repo, app detect.App) (fact.Pos, bool) {
	list, err := app.Builds.Procfile()
	if err != nil {
		return fact.Pos{}, false
	}
	var packages *nodefacts.Facts
	for _, other := range repo.Apps {
		if f, ok := other.Facts.(*nodefacts.Facts); ok && other.Dir == app.Dir {
			packages = f
		}
	}
	for _, p := range list {
		if p.Name != "web" {
			continue
		}
		language := app.Facts.Language()
		if named := node.Language(packages, p.Text); named != "" {
			return p.Pos, named == language
		}
		// Heroku puts what it builds of Go into bin/:
		// https://devcenter.heroku.com/articles/go-support#go-procfile-declaration.
		f, ok := app.Facts.(*gofacts.Facts)
		return p.Pos, ok && slices.ContainsFunc(f.Mains, func(gofacts.Main) bool {
			return strings.HasPrefix(strings.TrimPrefix(p.Text, "./"), "bin/")
		})
	}
	return fact.Pos{}, false
}
