package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// modules is what the build downloads before the source is there.
type modules struct {
	manifests []plan.Copy // of every local module; none if there is nothing to download
	env       []goEnv
	about     string // what the manifests are: "go.mod and go.sum"
}

// decideModules lists the manifests that deps copies.
func decideModules(s *source) (modules, error) {
	var out modules
	if s.vendored() {
		out.env = decideVendor(s)
		return out, nil
	}
	needs, summed := false, true
	for _, m := range s.f.Modules {
		fetches := slices.ContainsFunc(m.Requires, func(r fact.Fact[string]) bool { return !s.isLocal(r.Value) })
		needs = needs || fetches
		if fetches && !m.Sum && s.f.Work == nil && m.Main {
			summed = false
			out.env = append(out.env, goflag("-mod=mod", "There is no go.sum, so Go looks up the checksums of the modules."))
			s.Log.Note(m.Path.Pos, "there is no go.sum: the modules' contents are not pinned", "run go mod tidy and commit go.sum")
		}
	}
	if !needs {
		return out, nil
	}
	switch {
	case s.f.Work != nil:
		out.about = "go.work and the modules' manifests"
	case summed:
		out.about = "go.mod and go.sum"
	default:
		out.about = "go.mod"
	}
	if s.f.Work != nil {
		c, err := manifest(s.f.Home, "go.work", s.f.Work.Sum, "go.work.sum")
		if err != nil {
			return modules{}, err
		}
		out.manifests = append(out.manifests, c)
	}
	for _, m := range s.f.Modules {
		c, err := manifest(m.Dir, "go.mod", s.Tree.Has(path.Join(s.Dir, m.Dir, "go.sum")), "go.sum")
		if err != nil {
			return modules{}, err
		}
		out.manifests = append(out.manifests, c)
	}
	return out, nil
}

// depsStage downloads the modules.
func depsStage(s *source, mods modules, access private) (*Deps, error) {
	name := s.Stage("deps")
	download, err := access.download(s)
	return &Deps{
		Head: plan.Head{
			Name: name, From: plan.FromStage(s.Stage("base")),
			About: []plan.Comment{plan.NewComment(name.String() + " changes only with " + mods.about + ". The modules are in its layers, so dev can run offline.")},
		},
		Manifests: mods.manifests, Download: []plan.Step{download},
	}, err
}

// manifest copies a go.mod or go.work, and the file of sums beside it.
func manifest(dir, mod string, sum bool, sumName string) (plan.Copy, error) {
	from := []string{path.Join(dir, mod)}
	if sum {
		from = append(from, path.Join(dir, sumName))
	}
	to := "./"
	if dir != "." {
		to = dir + "/"
	}
	return plan.NewCopy(to, from...)
}

// isLocal reports whether a required module is replaced by a folder or is a
// member of the workspace.
func (s *source) isLocal(modulePath string) bool {
	for _, m := range s.f.Modules {
		if m.Path.Value == modulePath && s.f.Work != nil {
			return true
		}
	}
	return slices.ContainsFunc(s.f.Replaces(), func(r fact.Fact[module.Replace]) bool { return r.Value.Path == modulePath })
}

// replaced refuses replace lines that lead to nothing. With vendor/, Go reads
// no module behind them.
func (s *source) replaced() error {
	if s.vendored() {
		return nil
	}
	for _, r := range s.f.Replaces() {
		switch {
		case strings.HasPrefix(r.Value.Into, ".."):
			return record.Refuse(r.Pos, "run dockgen in the folder that holds both, or replace it by a version",
				"the module %s is replaced by a folder outside of this one, so it is not in the build context", printable(r.Value.Path))
		case !r.Value.Mod:
			return record.Refuse(r.Pos, "commit the folder with its go.mod",
				"the module %s is replaced by %s, which has no go.mod", printable(r.Value.Path), printable(r.Value.Dir))
		}
	}
	return nil
}

// before refuses what a dependency manager from before modules holds together.
// Since Go 1.22 the go command reads none of their files:
// https://go.dev/doc/go1.22#go-command.
func (s *source) before() error {
	if s.f.Legacy.IsZero() {
		return nil
	}
	return record.Refuse(s.f.Legacy, "run go mod init with the path that the packages are imported by, then go mod tidy, and commit go.mod and go.sum",
		"belongs to a dependency manager from before Go modules, and there is no go.mod")
}

// required reports whether a local module requires the module of an import.
func (s *source) required(imp string) bool {
	for _, m := range s.f.Modules {
		for _, r := range m.Requires {
			if imp == r.Value || strings.HasPrefix(imp, r.Value+"/") {
				return true
			}
		}
	}
	return false
}

// The oldest go lines with which the go command takes vendor/ unasked: of
// go.mod (https://go.dev/ref/mod#vendoring), and of go.work for a folder that
// go work vendor made (https://go.dev/doc/go1.22#go-command).
var (
	vendorModule    = release{major: 1, minor: 14} //nolint:gochecknoglobals // a constant
	vendorWorkspace = release{major: 1, minor: 22} //nolint:gochecknoglobals // a constant
)

// vendored reports whether the build takes its modules from vendor/. In a
// workspace, Go passes over a vendor/ that is that of one module.
func (s *source) vendored() bool {
	if s.f.Work == nil {
		return s.f.Vendor.Found() && len(s.f.Modules) > 0
	}
	return s.f.Vendor.Value && !older(s.f.Work.Go, vendorWorkspace)
}

// decideVendor has the go command take vendor/ if it would not by itself.
func decideVendor(s *source) []goEnv {
	s.Log.Choose(plan.Choice{
		Key: "go.modules", Value: "vendor", Rule: "vendor/modules.txt is committed: the build uses vendor/ and downloads nothing",
		Pos: record.At(s.f.Vendor.Pos), Link: "https://go.dev/ref/mod#vendoring",
	})
	if s.f.Work == nil && older(s.f.Modules[0].Go, vendorModule) {
		return []goEnv{goflag("-mod=vendor", "The go line is older than "+vendorModule.String()+", so Go needs -mod=vendor to use vendor/.")}
	}
	return nil
}

// older reports whether a go line is older than a release; one that is missing
// is.
func older(line string, than release) bool {
	r, ok := parseRelease(line)
	return !ok || compareReleases(r, than) < 0
}
