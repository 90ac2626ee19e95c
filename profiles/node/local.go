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

// localPaths are the folders and archives of the repository that dependencies come from, as the install reads them; known is false
// where one cannot be told.
func localPaths(p project) (paths []string, known bool, err error) {
	known = true
	for _, l := range p.app.Root.Local {
		switch {
		case path.IsAbs(l.Path) || strings.HasPrefix(l.Path, "~/") || node.Outside(l.Path) && !(l.Known && p.in.Nested):
			return nil, false, record.Refuse(l.Dep.Pos, "run dockgen in the folder that holds both, or publish the package",
				"%s comes from %s, which is outside of the build context", plan.Printable(l.Dep.Name, 60), plan.Printable(l.Dep.Range, 60))
		case !l.Known:
			known = false
		case !node.Outside(l.Path):
			paths = append(paths, l.Path)
		}
	}
	return paths, known, nil
}

// localFolders are the folders below the app's own that node_modules links to.
func localFolders(f *node.Facts) []string {
	var out []string
	for _, l := range f.Local {
		if l.Known && !l.Archive && !node.Outside(l.Path) {
			out = append(out, l.Path)
		}
	}
	return out
}

// linked are the packages of other folders of which node_modules has a link alone: what they depend on is installed there. Those that others use
// come first.
func linked(f *node.Facts, pm manager.Manager) []node.Local {
	var out []node.Local
	for _, l := range slices.Backward(f.Local) {
		if l.Known && !l.Archive && pm.Links(f, l.Dep.Range) && (node.Outside(l.Path) || pm.Name != "npm") { // npm installs what lies below the root
			out = append(out, l)
		}
	}
	return out
}

// linkedBuilds are the commands that build those of them whose files are no source.
func linkedBuilds(app workspace.App, pm, run manager.Manager) [][]string {
	var out [][]string
	for _, l := range linked(app.Root, pm) {
		if _, built := builtLocal(app, l); built {
			out = append(out, scriptIn(run, l.Path, "build"))
		}
	}
	return out
}

// builtLocal is the package of a folder; built says that its build script makes the files that it is.
func builtLocal(app workspace.App, l node.Local) (u node.WorkspaceUnit, built bool) {
	u, ok := beside(app, l.Path)
	if !ok {
		return u, false
	}
	_, has := u.Facts.Script("build")
	return u, has && app.IsBuilt(&u)
}

// near are the packages from beside the app's folder, as the stages have them.
type near struct {
	dirs    []string        // where they lie
	whole   bool            // the install reads the whole of one
	before  [][]string      // commands that build those that the install takes a copy of
	install []plan.Artifact // what the install reads of them
	source  []plan.Artifact // what it does not, and the stages after it do
	links   []link          // those that prod has beside the app
}

// link is a folder that node_modules has a link to.
type link struct {
	dir   string
	whole bool // the stage that installs has all of it
	own   bool // packages are installed there
}

// decideNear decides what the stages have of the packages beside the app's folder. folders are those with packages of their own.
func decideNear(p project, folders []folder) (out near, err error) {
	add := func(rows *[]plan.Artifact, to string, from ...string) {
		c, e := p.copied(to, from...)
		if err == nil {
			err = e
		}
		*rows = append(*rows, plan.Artifact{NoLink: true, Copy: c})
	}
	for _, l := range slices.Backward(p.app.Root.Local) {
		if !l.Known || !node.Outside(l.Path) {
			continue
		}
		out.dirs = append(out.dirs, l.Path)
		if l.Archive {
			add(&out.install, path.Dir(l.Path), l.Path)
			continue
		}
		u, built := builtLocal(p.app, l)
		i := slices.IndexFunc(folders, func(x folder) bool { return x.dir == l.Path })
		to := link{dir: l.Path, own: i >= 0}
		switch {
		case !p.pm.Links(p.app.Root, l.Dep.Range):
			out.whole = true
			add(&out.install, l.Path, l.Path+"/")
			if built {
				out.before = append(out.before, buildCopied(p, u)...)
			}
			continue
		case i >= 0 && folders[i].hooked(p.pm.InstallScripts()):
			to.whole, out.whole = true, true
			add(&out.install, l.Path, l.Path+"/")
		default:
			files := []string{path.Join(l.Path, u.Manifest)}
			if i >= 0 {
				files = folders[i].files
			}
			if u.Manifest != "" {
				add(&out.install, l.Path, files...)
			}
			add(&out.source, l.Path, l.Path+"/")
		}
		if l.Dep.Kind != node.Dev {
			out.links = append(out.links, to)
		}
	}
	return out, err
}

// buildCopied are the commands that make what the install takes a copy of, without what they need for it.
func buildCopied(p project, u node.WorkspaceUnit) (run [][]string) {
	if x, ok := installOf(p, u); ok && len(u.Deps) > 0 {
		run = append(run, x.run)
	}
	return append(run, scriptIn(p.pm, u.Dir, "build"), []string{"rm", "-rf", path.Join(u.Dir, "node_modules")})
}

// copied is a COPY from the app's folder, or from beside it.
func (p project) copied(to string, from ...string) (plan.Copy, error) {
	if node.Outside(to) {
		return plan.Beyond(path.Join(p.in.Workdir(), to)+"/", from...)
	}
	return plan.NewCopy(to+"/", from...)
}

// links copies the folders that node_modules links to beside the app's. made says that the stage has their code.
func (p *packer) links(list []link, made bool) {
	for _, l := range list {
		at := path.Join(p.in.Workdir(), l.dir) + "/"
		if made || l.whole || l.own {
			p.add(p.stage, at, at)
		}
		if !made && !l.whole {
			c, err := p.copied(l.dir, l.dir+"/")
			if err != nil && p.err == nil {
				p.err = err
			}
			p.copies = append(p.copies, plan.Artifact{Copy: c})
		}
	}
}
