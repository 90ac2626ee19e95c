package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
)

// Where Rush has its configuration: https://rushjs.io/pages/advanced/config_files/.
const (
	RushConfig = "common/config/rush"

	rushManifest  = "rush.json"
	rushSubspaces = "common/config/subspaces"
)

// Rush is what rush.json says, and the files of Rush beside it: https://rushjs.io/pages/configs/rush_json/.
// They are the JSON that is called extended there: https://api.rushstack.io/pages/node-core-library.jsonsyntax/.
type Rush struct {
	Version fact.Fact[string]
	Pnpm    fact.Fact[string] // the version, zero where it installs by another package manager
	Other   fact.Fact[string] // the other: "npmVersion", "yarnVersion"
	// Workspaces says that pnpm installs the projects as members of one workspace. If not, it installs packages that Rush makes of their manifests,
	// for all of them at once.
	Workspaces bool
	Builds     bool                // it has a command of the repository's own that is called build, and is told there what is built
	Missing    fact.Fact[string]   // the first project whose manifest is not in the repository
	Hooks      []fact.Fact[string] // what an install runs, and that is not all below common
	Scenarios  []Scenario
	Review     map[string]fact.Fact[string] // the reviewCategory of projects, by their folders
	Published  map[string]fact.Pos          // what says of a project that it is published as a package, by its folder
	subspaces  map[string]string            // the subspace of each project by its folder, nil where there are none
}

// Scenario is a file that says how rush deploy makes the folder of projects: https://rushjs.io/pages/configs/deploy_json/.
type Scenario struct {
	Name     string // that --scenario wants, "" for deploy.json
	Projects []fact.Fact[string]
	Settled  bool // it says which files of the projects are taken, or what else
}

// rush takes the projects of rush.json for the members of a workspace whose root is this folder, which needs no manifest: one beside rush.json is
// of no project, and what it asks for is not installed. It returns false where Rush is not what installs here.
func (f *Facts) rush(t *tree.Tree) (bool, error) {
	file := path.Join(f.Dir, rushManifest)
	if !t.Has(file) {
		return false, nil
	}
	v, err := document.ReadJSON5(t, file)
	if err != nil {
		return false, err
	}
	r := &Rush{Version: v.Get("rushVersion").Fact(), Pnpm: v.Get("pnpmVersion").Fact()}
	if r.Version.Value == "" || len(v.Get("projects").Items) == 0 {
		return false, nil // of another program
	}
	f.Rush, f.Manifest = r, rushManifest
	r.Review, r.Published = map[string]fact.Fact[string]{}, map[string]fact.Pos{}
	for _, key := range []string{"npmVersion", "yarnVersion"} {
		if other := v.Get(key); other.Found() {
			r.Other = fact.Fact[string]{Value: key, Pos: other.Pos()}
		}
	}
	if node := v.Get("nodeSupportedVersionRange").Fact(); node.Found() {
		f.Engines = map[string]fact.Fact[string]{"node": node}
	}
	r.Hooks = hooks(t, f.Dir, v.Get("eventHooks"))
	r.Workspaces = v.Get("pnpmOptions", "useWorkspaces").IsTrue()
	if err := f.rushConfig(t); err != nil {
		return false, err
	}
	for _, p := range v.Get("projects").Items {
		dir, at := path.Clean(p.Get("projectFolder").Text), p.Get("projectFolder").Pos()
		manifest := path.Join(f.Dir, dir, manifests[0])
		if Outside(dir) || path.IsAbs(dir) || dir == "." || !t.Has(manifest) {
			if !r.Missing.Found() {
				r.Missing = fact.Fact[string]{Value: dir, Pos: at}
			}
			continue
		}
		if slices.ContainsFunc(f.Packages, func(u WorkspaceUnit) bool { return u.Dir == dir }) {
			continue
		}
		if c := p.Get("reviewCategory").Fact(); c.Found() {
			r.Review[dir] = c
		}
		if published := p.Get("shouldPublish"); published.IsTrue() {
			r.Published[dir] = published.Pos()
		} else if policy := p.Get("versionPolicyName"); policy.Found() {
			r.Published[dir] = policy.Pos()
		}
		if r.subspaces != nil {
			r.subspaces[dir] = "default"
			if name := p.Get("subspaceName").Text; name != "" {
				r.subspaces[dir] = name
			}
		}
		if err := f.member(t, manifest, false); err != nil {
			return false, err
		}
	}
	slices.SortFunc(f.Packages, func(a, b WorkspaceUnit) int { return strings.Compare(a.Dir, b.Dir) })
	for _, step := range []func(*tree.Tree) error{f.locals, f.npmrc, f.rushLocks, f.versions, f.procfile, f.recipes, f.others} {
		if err := step(t); err != nil {
			return false, err
		}
	}
	f.readCode(t)
	return true, nil
}

// rushConfig reads what the files below common/config say of the install and of deployments.
func (f *Facts) rushConfig(t *tree.Tree) error {
	dir := path.Join(f.Dir, RushConfig)
	for _, name := range t.Names(dir) {
		if path.Ext(name) != ".json" {
			continue
		}
		scenario, deploy := strings.CutPrefix(strings.TrimSuffix(name, ".json"), "deploy")
		if !deploy && !slices.Contains([]string{"pnpm-config.json", "subspaces.json", "command-line.json"}, name) {
			continue
		}
		v, err := document.ReadJSON5(t, path.Join(dir, name))
		if err != nil {
			return err
		}
		switch link := v.Get("linkCreation").Text; {
		case name == "pnpm-config.json":
			f.Rush.Workspaces = f.Rush.Workspaces || v.Get("useWorkspaces").IsTrue()
			for _, m := range v.Get("globalCatalogs").Members {
				f.catalog(m.Key, m.Value)
			}
		case name == "subspaces.json":
			if v.Get("subspacesEnabled").IsTrue() {
				f.Rush.subspaces = map[string]string{}
			}
		case name == "command-line.json":
			f.Rush.Builds = slices.ContainsFunc(v.Get("commands").Items, func(c document.Value) bool { return c.Get("name").Text == "build" })
		case link == "" || link == "default": // of another, the folder has no links
			f.Rush.Scenarios = append(f.Rush.Scenarios, Scenario{strings.TrimPrefix(scenario, "-"), v.Get("deploymentProjectNames").Strings(), settled(v)})
		}
	}
	return nil
}

// settled reports whether a scenario says more than the names of the projects, to which Rush gives what npm would pack.
func settled(v document.Value) bool {
	return v.Get("includeNpmIgnoreFiles").IsTrue() || v.Get("folderToCopy").Found() || len(v.Get("projectSettings").Items)+len(v.Get("dependencySettings").Items) > 0
}

// hooks are what an install of Rush runs of the repository's own outside of common, which the install has not:
// https://rushjs.io/pages/maintainer/setup_new_repo/.
func hooks(t *tree.Tree, dir string, events document.Value) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, event := range []string{"preRushInstall", "postRushInstall"} {
		for _, command := range events.Get(event).Strings() {
			below := func(w string) bool {
				return strings.HasPrefix(path.Clean(w), "common/") && t.Has(path.Join(dir, w))
			}
			if words := shell.Raw(command.Value); !slices.ContainsFunc(words, below) {
				out = append(out, command)
			}
		}
	}
	return out
}

// rushLocks reads the lockfile of pnpm for all projects, or those of the subspaces: https://rushjs.io/pages/advanced/subspaces/.
func (f *Facts) rushLocks(t *tree.Tree) error {
	files := []string{path.Join(RushConfig, "pnpm-lock.yaml")}
	if f.Rush.subspaces != nil {
		files = nil
		for _, name := range t.Dirs(path.Join(f.Dir, rushSubspaces)) {
			files = append(files, path.Join(rushSubspaces, name, "pnpm-lock.yaml"))
		}
	}
	files = slices.DeleteFunc(files, func(name string) bool { return !t.Has(path.Join(f.Dir, name)) })
	if len(files) == 0 {
		return nil
	}
	l := Lockfile{Manager: "rush"} // it has what all of them say, and the name of the first
	called := func(name string) { l.File, l.Pos = name, fact.At(path.Join(f.Dir, name), 0) }
	for _, name := range files {
		called(name)
		if err := readPnpmLock(f, t, &l); err != nil {
			return err
		}
	}
	called(files[0])
	f.Lockfiles = append(f.Lockfiles, l)
	return nil
}

// importers says how a lockfile names the folders of projects, which it does from where Rush installs, and of which projects it is.
func (r *Rush) importers(lock string) (above string, mine func(dir string) bool) {
	if !r.Workspaces { // it has the packages of all together
		return "", func(string) bool { return false }
	}
	if r.subspaces == nil {
		return "../../", func(string) bool { return true }
	}
	name := path.Base(path.Dir(lock))
	return "../../../", func(dir string) bool { return r.subspaces[dir] == name }
}
