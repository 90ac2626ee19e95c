package java

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// writes are the folders that the app writes to, by a path from its working
// directory or an absolute one. A war has no folder of its own.
func (m *module) writes() []image.Write {
	var out []image.Write
	if m.made.kind == War {
		return nil
	}
	for _, x := range of(m, func(s java.Sources) []effect.File { return s.Files }) {
		if x.Use != effect.Write || x.Base != effect.WorkDir && x.Base != effect.Home || x.Loose || x.Path.Text == "" {
			continue
		}
		w := image.Write{Dir: x.Path.Text, Home: x.Base == effect.Home, Pos: x.Pos}
		if !x.Dir {
			w.Dir = path.Dir(w.Dir)
		}
		out = append(out, w)
	}
	return out
}

// decideWrites gives those folders to the user. What prod has of the repository
// beside the jar are the files that the code reads; the jar lies in the working
// directory itself.
func decideWrites(in record.Input, m *module, r plan.Runtime) (image.WritesPlan, error) {
	reads := m.reads(in)
	return image.Writes(in, image.WritesRequest{
		Workdir: "/app", Writes: m.writes(),
		Has: func(dir string) bool {
			return slices.ContainsFunc(reads, func(x effect.File) bool { return x.Dir && x.Path.Text == dir })
		},
		Code:  func(dir string) bool { return dir == "." },
		Maker: plan.FromStage(in.Stage("base")),
	}, r)
}
