package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// besideKey is the choice of the programs that lie beside the app's in prod.
const besideKey = "go.beside"

// maxBeside is the most programs that lie beside the app's.
const maxBeside = 10

// decideBeside finds the repository's other programs that its own image has beside the app's: a tool for those who look
// after it, a second server that people start by its name. Each lies where the own image has it.
func decideBeside(s *source, app program) []program {
	own := image.OwnImage(s.Input)
	if own == nil || len(s.Settings.Start) > 0 || !own.Default && !own.Variant() && !slices.ContainsFunc(s.builtBy(own), func(m golang.Main) bool { return m.Dir == app.Dir }) {
		return nil
	}
	var out []program
	add := func(m golang.Main, to string, c buildfile.Copy) {
		name := fileName(path.Base(to))
		if m.Dir == app.Dir || name == app.name || len(out) >= maxBeside || slices.ContainsFunc(out, func(o program) bool { return o.Dir == m.Dir || o.name == name }) {
			return
		}
		alone := s.alone()
		p := program{Main: m, name: name}
		if p.place = ownPlace(to); p.place == app.path() {
			return
		}
		err := buildable(alone, m)
		if err == nil {
			p.generators, err = decideGenerators(alone, m)
		}
		if err == nil {
			p.cgo, err = cReasons(alone, m)
		}
		if err != nil {
			s.Log.Note(c.Pos, "its image has "+printable(name)+" beside the app, and this one has not: "+err.Error(), "")
			return
		}
		s.Log.Choose(plan.Choice{Key: besideKey + "." + name, Value: target(m), Rule: "the repository's own image has this program, too", Pos: record.At(c.Pos)})
		out = append(out, p)
	}
	for _, c := range own.Image.Copies {
		at := path.Join(s.Dir, c.Path)
		if c.From == "" && (s.Tree.Has(at) || s.Tree.HasDir(at)) || c.From != "" && !own.Image.IsStage(c.From) || strings.Contains(c.Path+c.To, buildfile.Unknown) {
			continue
		}
		to := c.To
		if c.Into {
			to = path.Join(to, path.Base(c.Path))
		}
		if m, ok := s.builtAs(path.Base(c.Path)); ok {
			add(m, to, c)
			continue
		}
		if c.Source != "" || !programFolder(own, c.Path) {
			continue
		}
		for _, m := range s.builtBy(own) {
			add(m, path.Join(c.To, s.fileOf(m)), c)
		}
	}
	return out
}

// builtAs is the main package whose program the repository's own builds call by that name.
func (s *source) builtAs(name string) (golang.Main, bool) {
	for _, x := range s.f.Evidence {
		if i := slices.IndexFunc(s.f.Mains, func(m golang.Main) bool { return m.Dir == x.Dir }); i >= 0 && x.By != buildfile.Readme && !x.Starts && x.Binary == name {
			return s.f.Mains[i], true
		}
	}
	if i := slices.IndexFunc(s.f.Mains, func(m golang.Main) bool { return s.fileOf(m) == name }); i >= 0 {
		return s.f.Mains[i], true
	}
	return golang.Main{}, false
}

// fileOf is what the go command calls a main's program by itself.
func (s *source) fileOf(m golang.Main) string {
	return program{Main: m, name: path.Base(m.Dir)}.fileName(s)
}

// builtBy are the main packages that a Dockerfile builds by its go commands, in their order.
func (s *source) builtBy(own *buildfile.File) []golang.Main {
	var out []golang.Main
	add := func(ok func(m golang.Main) bool) {
		for _, m := range s.f.Mains {
			if ok(m) && !slices.ContainsFunc(out, func(o golang.Main) bool { return o.Dir == m.Dir }) {
				out = append(out, m)
			}
		}
	}
	for _, x := range s.f.Evidence {
		if x.Pos.File == own.Name && !x.Starts {
			add(func(m golang.Main) bool { return m.Dir == x.Dir })
		}
	}
	for _, c := range own.Commands {
		if len(c.Words) < 2 || c.Program() != "go" || c.Words[1] != "build" && c.Words[1] != "install" {
			continue
		}
		for _, w := range c.Words[2:] {
			if dir, ok := strings.CutSuffix(w, "/..."); ok && strings.HasPrefix(dir, ".") && !strings.Contains(c.Dir+dir, buildfile.Unknown) {
				add(func(m golang.Main) bool { return m.App() && tree.Within(m.Dir, path.Join(c.Dir, dir)) })
			}
		}
	}
	return out
}

// programFolder reports whether a path is of the folder that a Dockerfile builds its programs into, or of all files in it.
func programFolder(own *buildfile.File, name string) bool {
	name = path.Clean(strings.TrimSuffix(name, "*"))
	if name == "/go/bin" {
		return true
	}
	for _, c := range own.Commands {
		if len(c.Words) < 2 || c.Program() != "go" || c.Words[1] != "build" {
			continue
		}
		for i, w := range c.Words[2:] {
			to, ok := strings.CutPrefix(w, "-o=")
			if w == "-o" && i+3 < len(c.Words) {
				to, ok = c.Words[i+3], true
			}
			// Where it is relative, the stage's working directory leads there.
			if to = path.Clean(to); ok && to != "." && (to == name || !path.IsAbs(to) && strings.HasSuffix(name, "/"+to) || path.Dir(to) == name) {
				return true
			}
		}
	}
	return false
}
