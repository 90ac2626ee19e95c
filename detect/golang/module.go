package golang

import (
	"errors"
	"path"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
)

// Module is one go.mod: https://go.dev/ref/mod#go-mod-file.
type Module struct {
	Dir      string            // relative to Facts.Dir
	Main     bool              // a main module: ./... are its packages, not those of a module that is replaced
	Path     fact.Fact[string] // the module line
	Go       string            // the go line, "" for none
	Sum      bool              // go.sum exists and names a module
	Requires []fact.Fact[string]
	Replaces []fact.Fact[Replace]
	Tools    []fact.Fact[string] // packages of tool lines
	versions map[string]string   // of the required modules that no replace line touches
}

// ImportPath is that of the package in a folder of the module's, which is
// relative to Facts.Dir.
func (m *Module) ImportPath(dir string) string {
	if m.Dir != "." {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, m.Dir), "/")
	}
	return path.Join(m.Path.Value, dir)
}

// Replace is a replace line that leads to a folder.
type Replace struct {
	Path string // of the module that is replaced
	Dir  string // as written
	Into string // relative to Facts.Dir; starts with ".." where it lies outside
	Mod  bool   // a go.mod is there
}

// Work is go.work: https://go.dev/ref/mod#workspaces.
// With GOWORK=off in the repository's own builds, it is as if it were not there.
type Work struct {
	Pos fact.Pos
	Go  string              // the go line, "" for none
	Sum bool                // go.work.sum exists
	Use []fact.Fact[string] // folders, relative to Facts.Dir
	// Replaces count before those of the modules.
	Replaces []fact.Fact[Replace]
}

// modules reads go.mod or go.work and every local module that they lead to.
func (r *reader) modules(f *Facts) error {
	var queue []string
	off := f.BuildFlags.NoWork.Value && r.has(path.Join(r.home, "go.mod"))
	if r.has(path.Join(r.home, "go.work")) && !off {
		if err := r.work(f); err != nil {
			return err
		}
		for _, u := range f.Work.Use {
			queue = append(queue, u.Value)
		}
	} else if r.has(path.Join(r.home, "go.mod")) {
		queue = append(queue, r.home)
	}
	mains := len(queue)
	for _, rep := range f.Replaces() { // of go.work: no module is read yet
		if rep.Value.Mod {
			queue = append(queue, rep.Value.Into)
		}
	}
	for seen := map[string]bool{}; len(queue) > 0; queue, mains = queue[1:], mains-1 {
		dir := queue[0]
		if seen[dir] || !r.has(path.Join(dir, "go.mod")) {
			continue
		}
		seen[dir] = true
		m, err := r.mod(f, dir)
		if err != nil {
			return err
		}
		m.Main = mains > 0
		f.Modules = append(f.Modules, m)
		for _, rep := range m.Replaces {
			if rep.Value.Mod {
				queue = append(queue, rep.Value.Into)
			}
		}
	}
	if name := r.at(path.Join(r.home, "vendor/modules.txt")); r.t.Has(name) && len(f.Modules) > 0 {
		head, err := r.t.ReadHead(name, 256)
		f.Vendor = fact.New(err == nil && strings.HasPrefix(string(head), "## workspace"), name, 0)
	}
	return nil
}

func (r *reader) mod(f *Facts, dir string) (Module, error) {
	m := Module{Dir: dir}
	name := r.at(path.Join(dir, "go.mod"))
	text, err := r.t.Read(name)
	if err != nil {
		return m, err
	}
	mod, err := modfile.Parse(name, text, nil)
	if err != nil {
		return m, parseError(name, err)
	}
	if mod.Module != nil {
		m.Path = fact.New(mod.Module.Mod.Path, name, lineOf(mod.Module.Syntax))
	}
	m.versions = map[string]string{}
	for _, q := range mod.Require {
		m.versions[q.Mod.Path] = q.Mod.Version
		m.Requires = append(m.Requires, fact.New(q.Mod.Path, name, lineOf(q.Syntax)))
	}
	for _, q := range mod.Replace {
		delete(m.versions, q.Old.Path)
	}
	for _, q := range mod.Tool {
		m.Tools = append(m.Tools, fact.New(q.Path, name, lineOf(q.Syntax)))
	}
	m.Replaces = r.replaces(name, dir, mod.Replace)
	if mod.Go != nil {
		m.Go = mod.Go.Version
		f.Version = append(f.Version, fact.New(Pin{mod.Go.Version, GoLine}, name, lineOf(mod.Go.Syntax)))
	}
	if mod.Toolchain != nil && mod.Toolchain.Name != "default" {
		f.Version = append(f.Version, fact.New(Pin{strings.TrimPrefix(mod.Toolchain.Name, "go"), ToolchainLine}, name, lineOf(mod.Toolchain.Syntax)))
	}
	sum, err := r.t.ReadHead(r.at(path.Join(dir, "go.sum")), 4096)
	m.Sum = err == nil && strings.TrimSpace(string(sum)) != ""
	return m, nil
}

// replaces lists the replace lines of a file in dir that lead to a folder.
func (r *reader) replaces(name, dir string, list []*modfile.Replace) []fact.Fact[Replace] {
	var out []fact.Fact[Replace]
	for _, q := range list {
		if q.New.Version != "" {
			continue
		}
		into := path.Clean(path.Join(dir, strings.ReplaceAll(q.New.Path, `\`, "/")))
		if path.IsAbs(q.New.Path) {
			into = "../" + strings.TrimPrefix(q.New.Path, "/")
		}
		out = append(out, fact.New(Replace{
			Path: q.Old.Path, Dir: q.New.Path, Into: into, Mod: !outside(into) && r.has(path.Join(into, "go.mod")),
		}, name, lineOf(q.Syntax)))
	}
	return out
}

// Replaces are the replace lines of the whole build that lead to a folder.
func (f *Facts) Replaces() []fact.Fact[Replace] {
	var out []fact.Fact[Replace]
	if f.Work != nil {
		out = append(out, f.Work.Replaces...)
	}
	for _, m := range f.Modules {
		out = append(out, m.Replaces...)
	}
	return out
}

func (r *reader) work(f *Facts) error {
	name := r.at(path.Join(r.home, "go.work"))
	text, err := r.t.Read(name)
	if err != nil {
		return err
	}
	work, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return parseError(name, err)
	}
	f.Work = &Work{Pos: fact.At(name, 0), Sum: r.has(path.Join(r.home, "go.work.sum"))}
	for _, u := range work.Use {
		f.Work.Use = append(f.Work.Use, fact.New(path.Join(r.home, u.Path), name, lineOf(u.Syntax)))
	}
	f.Work.Replaces = r.replaces(name, r.home, work.Replace)
	if work.Go != nil {
		f.Work.Go = work.Go.Version
		f.Version = append(f.Version, fact.New(Pin{work.Go.Version, GoLine}, name, lineOf(work.Go.Syntax)))
	}
	if work.Toolchain != nil && work.Toolchain.Name != "default" {
		f.Version = append(f.Version, fact.New(Pin{strings.TrimPrefix(work.Toolchain.Name, "go"), ToolchainLine}, name, lineOf(work.Toolchain.Syntax)))
	}
	return nil
}

// outside reports whether a clean path leads out of the folder.
func outside(p string) bool { return p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) }

func lineOf(l *modfile.Line) int {
	if l == nil {
		return 0
	}
	return l.Start.Line
}

// parseError gives modfile's errors, which name the file themselves, the form
// of every other error.
func parseError(name string, err error) error {
	line, msg := 0, err.Error()
	if list := (modfile.ErrorList)(nil); errors.As(err, &list) && len(list) > 0 {
		line, msg = list[0].Pos.Line, list[0].Err.Error()
		if list[0].Verb != "" {
			msg = list[0].Verb + " " + list[0].ModPath + ": " + msg
		}
	}
	return fact.Errorf(fact.At(name, line), "%s", fact.Clip(msg)).WithHint("go mod edit -fmt %s shows what Go makes of it", path.Base(name))
}

var versionPattern = regexp.MustCompile(`^(?:go)?([0-9]+(?:\.[0-9]+){0,2}(?:(?:rc|beta)[0-9]+)?)$`)

// versions reads the files of version managers.
func (r *reader) versions(f *Facts) error {
	add := func(version string, pos fact.Pos, source Source) {
		if m := versionPattern.FindStringSubmatch(version); m != nil {
			f.Version = append(f.Version, fact.Fact[Pin]{Value: Pin{m[1], source}, Pos: pos})
		}
	}
	for _, near := range buildfile.Folders(r.home) {
		dir := r.at(near)
		single, err := toolversion.Single(r.t, dir, ".go-version")
		if err != nil {
			return err
		}
		add(single.Value, single.Pos, GoVersionFile)
		asdf, err := toolversion.ToolVersions(r.t, dir)
		if err != nil {
			return err
		}
		for _, v := range toolversion.Pick(asdf, "go") {
			add(v.Value, v.Pos, ToolVersions)
		}
		mise, err := r.recipes.Mise(near)
		if err != nil {
			return err
		}
		for _, v := range toolversion.Pick(mise.Tools, "go") {
			add(v.Value, v.Pos, Mise)
		}
	}
	return nil
}
