package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// writes are the folders that the app writes to, by a path from its working
// directory, which of a war is Tomcat's home, or an absolute one.
func (m *module) writes(in record.Input) []image.Write {
	out := slices.Concat(m.logged(), m.movedTo, m.runnerLogs())
	for _, x := range of(m, func(s java.Sources) []effect.File { return s.Files }) {
		if x.Use != effect.Write || x.Base != effect.WorkDir && x.Base != effect.Home || x.Loose || x.Path.Text == "" {
			continue
		}
		ext := path.Ext(x.Pos.File)
		w := image.Write{Dir: x.Path.Text, Home: x.Base == effect.Home, Configured: ext != ".java" && ext != ".kt", Pos: x.Pos}
		relative := !w.Home && !path.IsAbs(w.Dir)
		top, _, _ := strings.Cut(w.Dir, "/")
		if relative && (top == "target" || top == "src" || m.made.kind == War && slices.Contains([]string{"logs", "temp", "work", "."}, top)) {
			continue // the folders of the build and of the source, and those that Tomcat's image has
		}
		if !x.Dir {
			w.Dir = path.Dir(w.Dir)
			if relative && in.Tree.Has(path.Join(in.Dir, x.Path.Text)) {
				w.File = path.Base(x.Path.Text)
			}
		}
		out = append(out, w)
	}
	return out
}

// decideWrites gives those folders to the user. What prod has of the repository
// beside the build's files, which are code, are those that the code reads or writes.
func decideWrites(in record.Input, m *module, system image.System, r plan.Runtime, outputs []plan.Artifact, reads []effect.File) (image.WritesPlan, error) {
	writes := m.writes(in)
	code := []string{"."}
	for _, x := range outputs {
		code = append(code, path.Clean(x.Copy.To.Raw()))
	}
	workdir := "/app"
	if m.made.kind == War {
		workdir = tomcatHome
	}
	return image.Writes(in, image.WritesRequest{
		Workdir: workdir, Writes: writes, Accounts: system.Accounts(),
		Has: func(dir string) bool {
			return in.Tree.HasDir(path.Join(in.Dir, dir)) &&
				(slices.ContainsFunc(reads, func(x effect.File) bool { return below(dir, x.Path.Text) || below(x.Path.Text, dir) }) ||
					slices.ContainsFunc(writes, func(w image.Write) bool { return w.File != "" && below(dir, w.Dir) }))
		},
		Code:  func(dir string) bool { return slices.ContainsFunc(code, func(c string) bool { return below(c, dir) }) },
		Maker: plan.FromStage(in.Stage("base")),
	}, r)
}

// below reports whether a path is dir or lies in it.
func below(dir, name string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }
