package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideWrites gives the folders that the code is seen to write to, below the app's
// own, to the user. stage is the one that built the app, zero for none; base is
// one with a shell.
func decideWrites(in record.Input, app workspace.App, s start, c code, stage plan.StageName, base plan.From, runtime plan.Runtime) (image.WritesPlan, error) {
	q := image.WritesRequest{
		Workdir: workdir, Stage: stage, Maker: base,
		Has: app.HasDir,
		Code: func(dir string) bool {
			return dir == "." || slices.ContainsFunc(app.Tree.Files(app.Path(dir)), func(file string) bool {
				return slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"}, path.Ext(file))
			})
		},
	}
	if !stage.IsZero() {
		q.StageDir = workdir
	}
	at := map[string]fact.Pos{}
	for _, f := range app.Root.Code.Files {
		dir, ok := writtenDir(app, f, s)
		if f.Use != effect.Write || !c.has(f.Pos) || !ok {
			continue
		}
		if dir == "." && f.Path.Sure == effect.Default && f.Path.Env == "" {
			continue // what is written to if a caller names no file
		}
		w := image.Write{Dir: dir, Pos: f.Pos}
		if !f.Dir {
			if file := path.Base(f.Path.Text); app.Has(path.Join(dir, file)) {
				w.File = file
			}
		}
		if at[dir] != (fact.Pos{}) && w.File == "" {
			continue
		}
		at[dir] = f.Pos
		q.Writes = append(q.Writes, w)
	}
	return image.Writes(in, q, runtime)
}

// writtenDir is the folder below the app's that a write needs; ok is false if the
// source does not say where it is, or if it is somewhere else.
func writtenDir(app workspace.App, f effect.File, s start) (dir string, ok bool) {
	if f.Path.Text == "" || path.IsAbs(f.Path.Text) {
		return "", false
	}
	dir = f.Path.Text
	if !f.Dir {
		dir = path.Dir(dir)
	}
	switch f.Base {
	case effect.WorkDir:
		dir = path.Join(s.Dir, dir)
	case effect.Code:
		// Compiled code lies somewhere else than its source.
		if !app.Has(s.file()) {
			return "", false
		}
		dir = path.Join(path.Dir(app.Rel(f.Pos.File)), dir)
	default:
		return "", false
	}
	return dir, dir != ".." && !strings.HasPrefix(dir, "../") && !strings.HasPrefix(dir, "node_modules/")
}
