// Package module reads what holds the Go code of a folder together: go.mod,
// go.work, the modules that they lead to, vendor/modules.txt, and every line
// that names a version of Go.
//
// Its files, each of which uses only those after it: module.go, version.go,
// folder.go.
package module

import (
	"errors"
	"path"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/dockgen/dockgen/detect/fact"
)

// Build is what one go.mod or go.work holds together.
type Build struct {
	Home string // where the go command finds the manifest, relative to the folder

	// Modules are the main modules, which are the build's own or those that
	// go.work uses, then those that a replace line leads to. It is empty for Go
	// code without a module.
	Modules []Module
	Work    *Work            // go.work, or nil
	Vendor  fact.Fact[bool]  // vendor/modules.txt; the value says whether it is a workspace's
	Version []fact.Fact[Pin] // every line that names a version of Go
}

// Module is one go.mod: https://go.dev/ref/mod#go-mod-file.
type Module struct {
	Dir      string            // relative to the folder
	Main     bool              // a main module: ./... are its packages, not those of a module that is replaced
	Path     fact.Fact[string] // the module line
	Go       string            // the go line, "" for none
	Sum      bool              // go.sum exists and names a module
	Requires []fact.Fact[string]
	Replaces []fact.Fact[Replace]
	Tools    []fact.Fact[string] // packages of tool lines
	versions map[string]string   // of the required modules that no replace line touches
}

// ImportPath is the import path of the package in dir, which is relative to
// the folder.
func (m *Module) ImportPath(dir string) string {
	if m.Dir != "." {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, m.Dir), "/")
	}
	return path.Join(m.Path.Value, dir)
}

// Provides is the required version of the module that holds a package; "" if
// no module of a require line does, or a replace line stands in for it.
func (m *Module) Provides(pkg string) string {
	for mod := pkg; mod != "." && mod != "/"; mod = path.Dir(mod) {
		if v := m.versions[mod]; v != "" {
			return v
		}
	}
	return ""
}

// Replace is a replace line that leads to a folder.
type Replace struct {
	Path string // of the module that is replaced
	Dir  string // as written
	Into string // relative to the folder; starts with ".." if it lies outside
	Mod  bool   // a go.mod is there
}

// Work is go.work: https://go.dev/ref/mod#workspaces.
// With GOWORK=off in the repository's own builds, it is as if it were not there.
type Work struct {
	Pos fact.Pos
	Go  string              // the go line, "" for none
	Sum bool                // go.work.sum exists
	Use []fact.Fact[string] // folders, relative to the folder
	// Replaces count before those of the modules.
	Replaces []fact.Fact[Replace]
}

// Replaces are the replace lines of the whole build that lead to a folder.
func (b *Build) Replaces() []fact.Fact[Replace] {
	var out []fact.Fact[Replace]
	if b.Work != nil {
		out = append(out, b.Work.Replaces...)
	}
	for _, m := range b.Modules {
		out = append(out, m.Replaces...)
	}
	return out
}

// Read reads the manifest in home and every local module that it leads to.
// With noWork, go.work does not count beside a go.mod. A manifest that does
// not parse is a *fact.Error.
func Read(f Folder, home string, noWork bool) (Build, error) {
	b := Build{Home: home}
	r := reader{f, &b}
	var queue []string
	mod := f.Has(path.Join(home, "go.mod"))
	if f.Has(path.Join(home, "go.work")) && !(noWork && mod) {
		if err := r.work(); err != nil {
			return b, err
		}
		for _, u := range b.Work.Use {
			queue = append(queue, u.Value)
		}
	} else if mod {
		queue = append(queue, home)
	}
	mains := len(queue)
	for _, rep := range b.Replaces() { // of go.work: no module is read yet
		if rep.Value.Mod {
			queue = append(queue, rep.Value.Into)
		}
	}
	for seen := map[string]bool{}; len(queue) > 0; queue, mains = queue[1:], mains-1 {
		dir := queue[0]
		if seen[dir] || !f.Has(path.Join(dir, "go.mod")) {
			continue
		}
		seen[dir] = true
		m, err := r.mod(dir)
		if err != nil {
			return b, err
		}
		m.Main = mains > 0
		b.Modules = append(b.Modules, m)
		for _, rep := range m.Replaces {
			if rep.Value.Mod && !seen[rep.Value.Into] {
				queue = append(queue, rep.Value.Into)
			}
		}
	}
	if name := f.At(path.Join(home, "vendor/modules.txt")); f.Tree.Has(name) && len(b.Modules) > 0 {
		head, err := f.Tree.ReadHead(name, 256)
		b.Vendor = fact.New(err == nil && strings.HasPrefix(string(head), "## workspace"), name, 0)
	}
	return b, nil
}

// reader fills in a build.
type reader struct {
	Folder
	b *Build
}

func (r *reader) mod(dir string) (Module, error) {
	m := Module{Dir: dir}
	name := r.At(path.Join(dir, "go.mod"))
	text, err := r.Tree.Read(name)
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
	}
	r.lines(name, mod.Go, mod.Toolchain)
	sum, err := r.Tree.ReadHead(r.At(path.Join(dir, "go.sum")), 4096)
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
			Path: q.Old.Path, Dir: q.New.Path, Into: into, Mod: !Outside(into) && r.Has(path.Join(into, "go.mod")),
		}, name, lineOf(q.Syntax)))
	}
	return out
}

func (r *reader) work() error {
	name := r.At(path.Join(r.b.Home, "go.work"))
	text, err := r.Tree.Read(name)
	if err != nil {
		return err
	}
	work, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return parseError(name, err)
	}
	w := &Work{Pos: fact.At(name, 0), Sum: r.Has(path.Join(r.b.Home, "go.work.sum"))}
	for _, u := range work.Use {
		w.Use = append(w.Use, fact.New(path.Join(r.b.Home, u.Path), name, lineOf(u.Syntax)))
	}
	w.Replaces = r.replaces(name, r.b.Home, work.Replace)
	if work.Go != nil {
		w.Go = work.Go.Version
	}
	r.b.Work = w
	r.lines(name, work.Go, work.Toolchain)
	return nil
}

// lines records the go line and the toolchain line of a manifest.
func (r *reader) lines(name string, line *modfile.Go, toolchain *modfile.Toolchain) {
	if line != nil {
		r.b.Version = append(r.b.Version, fact.New(Pin{line.Version, GoLine}, name, lineOf(line.Syntax)))
	}
	if toolchain != nil && toolchain.Name != "default" {
		pin := Pin{strings.TrimPrefix(toolchain.Name, "go"), ToolchainLine}
		r.b.Version = append(r.b.Version, fact.New(pin, name, lineOf(toolchain.Syntax)))
	}
}

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
	return fact.Errorf(fact.At(name, line), "%s", fact.Clip(msg)).WithHint("run `go mod edit -fmt %s` to see Go's own error", path.Base(name))
}
