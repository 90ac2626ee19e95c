package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// folder is a folder with packages of its own that is no member of the workspace, and
// that no script of the repository installs: the image does.
type folder struct {
	dir   string
	of    *node.Facts
	files []string // that its install reads
	run   []string // the install
	prune []string // takes its devDependencies out; nil for none
	runs  bool     // the program runs files of it
}

// decideFolders are the folders whose packages the app needs: in which it is started, in
// which its build runs programs, and of which it runs files.
func decideFolders(p project, s start, c code, more further) ([]folder, error) {
	f := p.app.Root
	if p.app.Member != nil {
		return nil, nil
	}
	type need struct {
		dir  string
		pos  fact.Pos
		runs bool
	}
	var needs []need
	if s.Folder != nil {
		needs = append(needs, need{s.Folder.Dir, s.Pos, true})
	}
	for _, dir := range runFolders(p, c) {
		needs = append(needs, need{dir, p.app.At(dir), true})
	}
	for _, dir := range more.folders {
		needs = append(needs, need{dir, p.app.At(dir), false})
	}
	for _, l := range linked(f, p.pm) {
		u, built := builtLocal(p.app, l)
		if built || slices.ContainsFunc(u.Deps, func(d node.Dep) bool { return d.Kind == node.Prod || d.Kind == node.Optional }) {
			needs = append(needs, need{l.Path, l.Dep.Pos, l.Dep.Kind != node.Dev})
		}
	}
	scripts := slices.Clone(more.scripts)
	if name, _, ok := script.Build(f); ok {
		scripts = append(scripts, name)
	}
	for _, name := range scripts {
		for _, step := range script.StepsOf(f, []script.Command{{Argv: []string{"npm", "run", name}}}) {
			if step.Dir != "" && step.Of != nil && !script.Installs(step.Argv) {
				needs = append(needs, need{step.Dir, f.Scripts[name].Pos, false})
			}
		}
	}
	done := installedByScripts(p, scripts)
	var out []folder
	for _, n := range needs {
		dir := n.dir
		if slices.Contains(done, dir) || slices.ContainsFunc(f.Packages, func(u node.WorkspaceUnit) bool { return u.Dir == dir }) {
			continue
		}
		done = append(done, dir)
		u, ok := beside(p.app, dir)
		if !ok || !slices.ContainsFunc(u.Deps, func(d node.Dep) bool { return d.Kind != node.Peer }) {
			continue
		}
		x, ok := installOf(p, u)
		if !ok {
			return nil, record.Refuse(n.pos, "dockgen init "+plan.Printable(dir, 60)+", or make "+plan.Printable(dir, 60)+" a member of a workspace",
				"the app needs the packages of %s, which has a package.json of its own that nothing here installs", plan.Printable(dir, 60))
		}
		if s.Folder == nil || s.Folder.Dir != dir || !runsDev(u, s) {
			x.prune = pruneOf(x)
		}
		x.runs = n.runs
		out = append(out, x)
	}
	return out, nil
}

// beside is the package in another folder.
func beside(app workspace.App, dir string) (node.WorkspaceUnit, bool) {
	f := app.Root
	if i := slices.IndexFunc(f.Others, func(u node.WorkspaceUnit) bool { return u.Dir == dir }); i >= 0 {
		return f.Others[i], true
	}
	return node.Beside(app.Tree, f, dir)
}

// runFolders are the folders with a manifest of their own that files of the running
// program lie in.
func runFolders(p project, c code) []string {
	var out []string
	seen := map[string]bool{}
	for file := range c.files {
		for dir := range tree.Above(path.Dir(p.app.Rel(file))) {
			if seen[dir] {
				break
			}
			seen[dir] = true
			if p.app.Has(path.Join(dir, "package.json")) {
				out = append(out, dir)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// installedByScripts are the folders that the repository's own scripts install.
func installedByScripts(p project, scripts []string) []string {
	return installedBy(p, slices.Concat(p.pm.InstallScripts(), scripts, []string{"heroku-prebuild"}))
}

// installedBy are the folders that some scripts install.
func installedBy(p project, scripts []string) []string {
	var out []string
	for _, name := range scripts {
		for _, step := range script.StepsOf(p.app.Root, []script.Command{{Argv: []string{"npm", "run", name}}}) {
			if step.Dir != "" && script.Installs(step.Argv) {
				out = append(out, step.Dir)
			}
		}
	}
	return out
}

// installOf is how the packages of a folder are installed by what the image has; ok is
// false if it has not the manager that the lockfile is of, or if the install needs more than the manifests.
func installOf(p project, u node.WorkspaceUnit) (folder, bool) {
	x := folder{dir: u.Dir, of: u.Facts, files: []string{path.Join(u.Dir, u.Manifest)}}
	for _, d := range u.Deps {
		near := slices.ContainsFunc(p.app.Root.Local, func(l node.Local) bool { return l.Known && l.Dep.Name == d.Name })
		byPath := strings.HasPrefix(d.Range, "file:") || strings.HasPrefix(d.Range, "link:")
		if strings.HasPrefix(d.Range, "workspace:") || strings.HasPrefix(d.Range, "catalog:") || byPath && !near {
			return x, false
		}
	}
	lockfile := func(name string) bool {
		if !p.app.Has(path.Join(u.Dir, name)) {
			return false
		}
		x.files = append(x.files, path.Join(u.Dir, name))
		return true
	}
	npm := p.eng.Node != ""
	switch {
	case npm && (lockfile("npm-shrinkwrap.json") || lockfile("package-lock.json")):
		x.run = []string{"npm", "ci", "--prefix", u.Dir}
	case lockfile("yarn.lock"):
		x.run = []string{"yarn", "--cwd", u.Dir, "install", "--frozen-lockfile"}
		return x, p.pm.Name == "yarn"
	case lockfile("pnpm-lock.yaml"):
		x.run = []string{"pnpm", "-C", u.Dir, "install", "--frozen-lockfile"}
		return x, p.pm.Name == "pnpm"
	case lockfile("bun.lock") || lockfile("bun.lockb"):
		x.run = []string{"bun", "install", "--frozen-lockfile", "--cwd", u.Dir}
		return x, p.pm.Name == "bun"
	case npm:
		x.run = []string{"npm", "install", "--prefix", u.Dir}
	default:
		x.run = []string{"bun", "install", "--cwd", u.Dir}
	}
	return x, true
}

// pruneOf is the command that takes the devDependencies of a folder out, nil for none.
func pruneOf(x folder) []string {
	if !slices.ContainsFunc(x.of.Deps, func(d node.Dep) bool { return d.Kind == node.Dev }) {
		return nil
	}
	switch x.run[0] {
	case "npm":
		return []string{"npm", "prune", "--omit=dev", "--ignore-scripts", "--prefix", x.dir}
	case "pnpm":
		return []string{"pnpm", "-C", x.dir, "prune", "--prod", "--ignore-scripts"}
	}
	return nil
}

// runsDev reports whether the start command runs a program of the folder's devDependencies.
func runsDev(u node.WorkspaceUnit, s start) bool {
	return slices.ContainsFunc(s.Programs, func(name string) bool {
		d, ok := u.Facts.Dep(name)
		if pkg, has := binPackages[name]; has {
			d, ok = u.Facts.Dep(pkg)
		}
		return ok && d.Kind == node.Dev
	})
}

// hooked reports whether the install of the folder runs scripts of its own, so that the
// source has to be there.
func (x folder) hooked(scripts []string) bool {
	return slices.ContainsFunc(scripts, func(name string) bool { _, ok := x.of.Script(name); return ok })
}

// sayOthers says of the folders beside a site that they are apps of their own: a server that
// the site asks is not in its image.
func sayOthers(p project) {
	f := p.app.Root
	if p.app.Member != nil || len(f.Packages) > 0 {
		return
	}
	for _, dir := range f.Dirs {
		u, ok := beside(p.app, dir)
		if !ok || aside.Folder("node", dir) != nil {
			continue
		}
		text, has := u.Facts.Script("start")
		if _, develops := devServer(u.Facts, text.Value); !has || develops || !slices.ContainsFunc(f.Code.Listens, func(l effect.Listen) bool { return !l.Named && within(p.app.Rel(l.Pos.File), dir) }) {
			continue
		}
		p.in.Log.Note(p.app.At(path.Join(dir, u.Manifest)), plan.Printable(dir, 60)+" is a server of its own, which the image of this site does not have", "dockgen init "+plan.Printable(dir, 60))
	}
}
