package node

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkRush refuses what an image cannot install: https://rushjs.io/pages/maintainer/package_managers/.
func checkRush(f *node.Facts) error {
	r := f.Rush
	switch {
	case r == nil:
		return nil
	case r.Missing.Found():
		return record.Refuse(r.Missing.Pos, "commit its folder, or take the project out of rush.json: Rush installs nothing while one is missing",
			"names a project that has no package.json in this repository: %s", plan.Printable(r.Missing.Value, 60))
	case r.Other.Found():
		return record.Refuse(r.Other.Pos, `name pnpm in its place ("pnpmVersion") and run rush update --full`,
			"has Rush install by another package manager than pnpm, which dockgen does not build with")
	case r.Pnpm.Value == "":
		return record.Refuse(r.Version.Pos, `add "pnpmVersion" and run rush update`, "is of a rush.json that names no package manager")
	}
	return nil
}

// rushBuilds reports whether rush build does for a member with all that it uses: it fails where one of them has no script of that name, not even an empty one.
func rushBuilds(app workspace.App) bool {
	r := app.Root.Rush
	return r == nil || r.Builds || !slices.ContainsFunc(app.Closure(app.Member, false), func(u *workspace.Unit) bool {
		_, ok := u.Scripts["build"]
		return !ok
	})
}

// noRushApp says why a project that looks like an app is one that nobody would deploy, by what rush.json says of it; "" if it says nothing. Categories have
// the names that their people give them: https://rushjs.io/pages/configs/rush_json/.
func noRushApp(root workspace.App, u *workspace.Unit) string {
	r := root.Root.Rush
	if r == nil {
		return ""
	}
	if c := r.Review[u.Dir]; slices.Contains([]string{"test", "tests", "tools", "samples", "examples", "prototypes"}, c.Value) {
		return "rush.json has it in the category " + c.Value
	}
	if _, ok := r.Published[u.Dir]; ok {
		return "rush.json has it published as a package"
	}
	return ""
}

// deploys has the build make the folder that prod is a copy of. Which files it has says a scenario of the repository that says more than the project's
// name, or one that the image writes: of the project and of what it uses all, because what one .gitignore names the build may have made for production.
func (b *build) deploys(p project, s start, keep kept) error {
	u := p.app.Member
	argv := slices.Clone(p.pm.Deploy)
	b.deploy = argv[len(argv)-1]
	ch := plan.Choice{
		Key: "node.deploy", Link: "https://rushjs.io/pages/maintainer/deploying/", Pos: record.At(p.app.Manifest()),
		Rule: "Rush makes a folder of the project with the projects that it uses and the packages of production, which prod is a copy of",
	}
	named := func(x fact.Fact[string]) bool { return x.Value == u.Name }
	i := slices.IndexFunc(p.app.Root.Rush.Scenarios, func(x node.Scenario) bool { return x.Settled && slices.ContainsFunc(x.Projects, named) })
	if i >= 0 && keep.dep.Name == "" {
		own := p.app.Root.Rush.Scenarios[i]
		ch.Pos = record.At(own.Projects[slices.IndexFunc(own.Projects, named)].Pos)
		if own.Name != "" {
			argv = append(argv, "--scenario", own.Name)
		}
	} else {
		const name = "image"
		argv = append(argv, "--scenario", name)
		file, err := scenario(u.Name, keep.dep.Name != "")
		if err != nil {
			return err
		}
		file.NoLink = true // it lies among those of the app
		file.Path = plan.MustPath(node.RushConfig + "/deploy-" + name + ".json")
		b.texts = append(b.texts, file)
	}
	if keep.dep.Name != "" {
		p.in.Log.Note(keep.dep.Pos, keep.why, "make "+keep.dep.Name+" one of the dependencies: then prod leaves the rest of devDependencies out")
	}
	b.run = append(slices.Clone(b.run), argv)
	if len(s.Argv) > 0 && usesBin(s) || s.Shell != "" {
		// The folder has no programs of packages by their names.
		bin := path.Join(u.Dir, "node_modules")
		b.run = append(b.run, []string{"cp", "-a", bin + "/.bin", path.Join(b.deploy, bin) + "/"})
	}
	ch.Value = strings.Join(argv, " ")
	p.in.Log.Choose(ch)
	return nil
}

// scenario is the file by which rush deploy knows what to take: https://rushjs.io/pages/configs/deploy_json/.
func scenario(project string, dev bool) (plan.File, error) {
	text, err := json.Marshal(struct {
		Projects []string `json:"deploymentProjectNames"`
		All      bool     `json:"includeNpmIgnoreFiles"`
		Dev      bool     `json:"includeDevDependencies,omitempty"`
	}{[]string{project}, true, dev})
	if err != nil {
		return plan.File{}, err
	}
	lines, err := plan.Lines(string(text))
	return plan.File{Why: plan.NewComment("What rush deploy takes: of each project all files, because those that Git ignores may be what the build wrote."), Lines: lines}, err
}
