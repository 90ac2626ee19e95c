package profiles

import (
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
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
	l, err := find(app.Facts.Language())
	if err != nil {
		return tools, fact.Pos{}
	}
	return l.role(record.Input{Settings: s, Tree: repo.Tree, Dir: app.Dir, Builds: app.Builds}, app.Facts), fact.Pos{}
}

// starts reports whether the Procfile says that the folder's web process is a program of
// the stack's language, and where.
func starts(repo *detect.Repo, app detect.App) (fact.Pos, bool) {
	list, err := app.Builds.Procfile()
	if err != nil {
		return fact.Pos{}, false
	}
	var packages *frontFacts
	for _, other := range repo.Apps {
		if f, ok := other.Facts.(*frontFacts); ok && other.Dir == app.Dir {
			packages = f
		}
	}
	for _, p := range list {
		if p.Name != "web" {
			continue
		}
		language := app.Facts.Language()
		if named := commandLanguage(packages, p.Text); named != "" {
			return p.Pos, named == language
		}
		return p.Pos, compiled(app.Facts) && strings.HasPrefix(strings.TrimPrefix(p.Text, "./"), "bin/")
	}
	return fact.Pos{}, false
}
