package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkProtocols refuses a dependency that only a workspace answers, where there is none
// that has it, or that the package manager cannot read: every install would fail.
// https://pnpm.io/workspaces#workspace-protocol-workspace, https://yarnpkg.com/protocol/workspace,
// https://pnpm.io/catalogs.
func checkProtocols(app workspace.App, pm manager.Manager) error {
	f := app.Root
	for _, d := range app.Deps() {
		if d.Kind == node.Peer {
			continue
		}
		name, rng := plan.Printable(d.Name, 60), plan.Printable(d.Range, 60)
		protocol, rest, _ := strings.Cut(d.Range, ":")
		if protocol != "workspace" && protocol != "catalog" {
			continue
		}
		switch {
		case protocol == "workspace" && !isMember(f, d.Name, rest):
			if len(f.Packages) > 0 {
				return record.Refuse(d.Pos, "commit the folder of "+name+", or add it to the patterns of the workspace", "%s is asked for as a package of the workspace (%s), and no member of it has that name", name, rng)
			}
			return record.Refuse(d.Pos, "run dockgen init in the folder that has the workspace, and name this app there: --set main=FOLDER",
				"%s is asked for as a package of a workspace (%s), and this folder is the root of none", name, rng)
		case protocol == "catalog" && pm.Name != "npm" && pm.Name != "yarn" && !inCatalog(f, d.Name, rest):
			return record.Refuse(d.Pos, "run dockgen init in the folder that has the workspace, or add "+name+" to the catalog",
				"%s takes its version from a catalog (%s), and none here has it", name, rng)
		case pm.Name == "npm" || pm.Name == "yarn": // Yarn 1
			return record.Refuse(d.Pos, `name the manager that reads it: "packageManager": "pnpm@VERSION" or "yarn@VERSION" in `+f.Manifest,
				"%s is asked for as %s, which %s does not read", name, rng, pm.Command())
		}
	}
	return checkForeign(app, pm)
}

// checkForeign refuses a lockfile that takes, for the app, a package of the workspace from the registry, where it was never
// published: the build would have another's code in its place. pnpm 9 does so for a range that does not begin with workspace:
// https://pnpm.io/settings#linkworkspacepackages.
func checkForeign(app workspace.App, pm manager.Manager) error {
	if pm.Lock == nil || pm.Stale != "" {
		return nil
	}
	deps := app.Root.Deps
	if app.Member != nil {
		for _, u := range app.Closure(app.Member, false) {
			deps = slices.Concat(deps, u.Deps)
		}
	} else {
		deps = app.Deps()
	}
	for _, d := range pm.Lock.Foreign {
		if slices.ContainsFunc(deps, func(x node.Dep) bool { return x.Name == d.Name && x.Pos == d.Pos }) {
			name := plan.Printable(d.Name, 60)
			return record.Refuse(d.Pos, `write "`+name+`": "workspace:*" and run `+pm.Command()+" install",
				"%s takes %s from the registry, where it is another's: the package of this workspace with that name is private", pm.Lock.File, name)
		}
	}
	return nil
}

// isMember reports whether workspace:RANGE means a package of the repository: one of
// that name, one of the other name that the range gives, or one by its folder.
func isMember(f *node.Facts, name, rng string) bool {
	alias := ""
	if i := strings.LastIndexByte(rng, '@'); i > 0 {
		alias = rng[:i]
	}
	return name == f.Name.Value || slices.ContainsFunc(f.Packages, func(u workspace.Unit) bool {
		return u.Name == name || alias != "" && u.Name == alias || u.Dir == path.Clean(rng)
	})
}

// inCatalog reports whether a catalog has a range for a package.
func inCatalog(f *node.Facts, name, catalog string) bool {
	if catalog == "" {
		catalog = "default"
	}
	return f.Catalogs[catalog+":"+name]
}
