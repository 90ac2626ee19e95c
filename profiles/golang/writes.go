package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// writes are the folders that a program writes to, relative to its working
// directory.
func writes(m golang.Main, dir string, reads []string) []image.Write {
	var out []image.Write
	for _, p := range m.Files {
		if p.Use != effect.Write {
			continue
		}
		w := image.Write{Dir: p.Path.Text, Home: p.Base == effect.Home, Pos: p.Pos}
		if !p.Dir && !strings.HasSuffix(p.Call, ".MkdirAll") {
			w.Dir = path.Dir(w.Dir)
			if name := path.Join(dir, p.Path.Text); !w.Home && slices.Contains(reads, name) {
				w.File = path.Base(name)
			}
		}
		out = append(out, w)
	}
	return out
}

// holds reports whether prod has files in a folder of the working directory.
func (out *files) holds(dir string) bool {
	return slices.ContainsFunc(out.reads, func(name string) bool {
		return tree.Within(strings.TrimSuffix(name, "/"), path.Join(out.dir, dir))
	})
}

// some reports whether prod has only a part of a folder, or code in it: then the
// folder alone becomes the user's.
func (out *files) some(s *source, dir string) bool {
	name := path.Join(out.dir, dir)
	return dir != "." && out.holds(dir) && (!slices.Contains(out.reads, name+"/") || slices.ContainsFunc(s.Tree.Files(path.Join(s.Dir, name)), func(f string) bool { return strings.HasSuffix(f, ".go") }))
}

// written reports whether the program writes to what it reads, a file or a
// folder.
func (out *files) written(s *source, name string) bool {
	return slices.ContainsFunc(out.writes, func(w image.Write) bool {
		folder := path.Join(out.dir, w.Dir)
		return w.File != "" && path.Join(folder, w.File) == name || !w.Home && folder+"/" == name && !out.some(s, w.Dir)
	})
}

// emptyFiles are the .env files that a program does not start without.
func emptyFiles(s *source, m golang.Main) []string {
	var out []string
	for _, e := range m.EnvFiles {
		if !e.Value.Must || strings.HasPrefix(e.Value.Name, "..") || path.IsAbs(e.Value.Name) || slices.Contains(out, e.Value.Name) {
			continue
		}
		out = append(out, e.Value.Name)
		s.Log.Note(e.Pos, "fails without "+printable(e.Value.Name)+": the image holds an empty one, because secrets do not belong in an image",
			"pass the variables: docker run --env-file "+printable(e.Value.Name)+" …")
	}
	return out
}

// decideWrites gives the folders that a program writes to to the user. Those of
// a further program are made in a stage of their own.
func decideWrites(s *source, p program, r plan.Runtime) (image.WritesPlan, error) {
	suffix := ""
	if p.further {
		suffix = "-" + p.stage.String()
		suffix = suffix[:min(len(suffix), 80)] // a stage's name has at most 128 characters
	}
	needs, err := image.Needed(p.started...)
	if err != nil {
		return image.WritesPlan{}, err
	}
	return image.Writes(s.Input, image.WritesRequest{
		Workdir: p.files.works(p.Main), Data: p.files.kept != "", Writes: p.files.writes, Empty: p.files.empty,
		Accounts: slices.Concat(p.Accounts, needs.Accounts()),
		Has:      p.files.holds, Code: func(dir string) bool { return p.files.some(s, dir) },
		StageDir: p.files.dir, Suffix: suffix, Maker: plan.FromStage(s.Stage("base")),
	}, r)
}
