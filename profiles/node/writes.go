package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// writes gives the folders that the code is seen to write to, below the app's
// own, to the user that it runs as. Those that the repository has are copied
// once more with that owner, the others are made in a stage of their own,
// because an image without a shell makes none. stage is the one that built the
// app, if one did.
func (a *app) writes(pr *Prod, s start, stage string) error {
	var dirs []string
	at := map[string]fact.Pos{}
	reached, _ := a.reach(s)
	for _, f := range a.f.Code.Files {
		dir, ok := a.written(f, s)
		if f.Use != effect.Write || !reached[f.Pos.File] || !ok || at[dir] != (fact.Pos{}) {
			continue
		}
		if dir == "." && f.Path.Sure == effect.Default && f.Path.Env == "" {
			continue // what is written to if a caller names no file
		}
		at[dir] = f.Pos
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	var made []string
	for _, dir := range dirs {
		if dir == "." {
			a.in.Log.Note(at[dir], "writes beside the app's code, which belongs to root in the image: that fails when it runs",
				"write to a folder of its own, such as data/")
			continue
		}
		if slices.ContainsFunc(dirs, func(o string) bool { return o != "." && strings.HasPrefix(dir, o+"/") }) {
			continue // it is in a folder that is the user's already
		}
		a.in.Log.Note(at[dir], "writes to "+plan.Printable(dir, 60)+": that is the user's own in the image, and is lost with the container",
			"keep it in a volume: docker run -v data:"+plan.Printable(path.Join(workdir, dir), 80)+" …")
		row := Copy{Own: true}
		from := dir + "/"
		switch {
		case !a.hasDir(dir):
			row.From, row.Stage, from = true, plan.MustToken("folders"), path.Join(workdir, dir)+"/"
			made, pr.made = append(made, path.Join(workdir, dir)), append(pr.made, dir)
		case stage != "": // with what the build wrote there
			row.From, row.Stage, from = true, plan.MustToken(stage), path.Join(workdir, dir)+"/"
		}
		c, err := plan.NewCopy(dir+"/", from)
		if err != nil {
			return err
		}
		if row.Copy = c; len(pr.Copies) > 0 && !slices.ContainsFunc(pr.Copies, func(c Copy) bool { return c.Own }) {
			row.Why = plan.NewComment("The app writes here; a volume keeps it.")
		}
		pr.Copies = append(pr.Copies, row)
	}
	if len(made) == 0 {
		return nil
	}
	folders, err := plan.NewShell(append([]string{"mkdir", "-p"}, made...)...)
	pr.Folders, pr.HasFolders = folders, true
	return err
}

// written is the folder below the app's that a write needs; ok is false if the
// source does not say where it is, or if it is somewhere else.
func (a *app) written(f effect.File, s start) (dir string, ok bool) {
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
		if !a.has(s.file()) {
			return "", false
		}
		dir = path.Join(path.Dir(strings.TrimPrefix(f.Pos.File, strings.TrimPrefix(a.f.Dir+"/", "./"))), dir)
	default:
		return "", false
	}
	return dir, dir != ".." && !strings.HasPrefix(dir, "../") && !strings.HasPrefix(dir, "node_modules/")
}
