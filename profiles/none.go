package profiles

import (
	"path"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// NoApps are the folders that hold no app, each with why: members of workspaces and modules, as their languages know them, and folders
// with a manifest that are for tests, examples or documentation.
func NoApps(repo *detect.Repo) ([]plan.None, error) {
	know, err := knowledge.Load()
	if err != nil {
		return nil, err
	}
	var out []plan.None
	for _, app := range repo.Apps {
		l, err := find(app.Facts.Language())
		if err != nil {
			return nil, err
		}
		in := record.Input{Log: &record.Log{}, Know: know, Tree: repo.Tree, Dir: app.Dir, Builds: app.Builds}
		for _, n := range l.none(in, app.Facts) {
			n.Dir = path.Join(app.Dir, n.Dir)
			out = append(out, n)
		}
	}
	for _, a := range repo.Aside(Languages()) {
		out = append(out, plan.None{Dir: a.Dir, Why: a.Row.Why})
	}
	return out, nil
}
