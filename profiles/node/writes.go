package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// decideWrites gives the folders that the code is seen to write to to the user.
// outputs are the folders that the build makes. stage is the one that built the app, zero for none;
// base is one with a shell.
func decideWrites(p project, o opened, outputs []string, stage plan.StageName, base plan.From, sys system, runtime plan.Runtime) (image.WritesPlan, error) {
	in := p.in
	q := image.WritesRequest{
		Workdir: in.Workdir(), Stage: stage, Maker: base, Writes: append(o.writes(), o.made...),
		Has: func(dir string) bool { return o.app.HasDir(dir) || !stage.IsZero() && p.fills(dir) },
		Code: func(dir string) bool {
			files := o.app.Tree.Files(o.app.Path(dir))
			if r := aside.Folder("node", dir); r != nil && r.Role == aside.Assets && !slices.ContainsFunc(files, func(f string) bool { return o.code.files[f] }) {
				return false // a browser runs it
			}
			return dir == "." || slices.ContainsFunc(files, isCode)
		},
	}
	q.Accounts = sys.Accounts()
	for _, a := range o.app.Root.Code.Accounts {
		if o.code.has(a.Pos) {
			q.Accounts = append(q.Accounts, a)
		}
	}
	for _, x := range sys.starts {
		if slices.Contains(cached, path.Base(x.Program.Text)) {
			q.Writes = append(q.Writes, image.Write{Dir: ".", Home: true, Quiet: true, Pos: x.Pos})
			break
		}
	}
	q.Built = func(dir string) bool {
		return slices.Contains(outputs, dir) || o.out != "" && (dir == o.out || strings.HasPrefix(o.out, dir+"/")) || dir == "node_modules"
	}
	if !stage.IsZero() {
		q.StageDir = in.Workdir()
	}
	return image.Writes(in, q, runtime)
}

// cached are programs that fail where they cannot keep below the home what they download:
// https://docs.npmjs.com/cli/v11/using-npm/config#cache, https://github.com/nodejs/corepack#environment-variables.
var cached = []string{"npm", "npx", "corepack", "yarn", "yarnpkg", "pnpm", "pnpx", "bunx"} //nolint:gochecknoglobals // a constant table

// writes are the folders that the code writes to. Where it does not say which, they
// are the working directory itself, and the folders that the repository keeps for
// what is written or ignores as such.
func (o opened) writes() []image.Write {
	var out []image.Write
	at := map[string]bool{}   // the folders that are found already
	seen := map[string]bool{} // the files whose writes are understood
	add := func(w image.Write) {
		if key := w.Dir; !at[key] || w.File != "" {
			at[key] = true
			out = append(out, w)
		}
	}
	var hidden []fact.Pos // writes to what cannot be read
	for _, f := range o.app.Root.Code.Files {
		if f.Use != effect.Write || !o.code.has(f.Pos) {
			continue
		}
		name, ok := o.of(f)
		if !ok {
			if f.Base != effect.Temp && f.Path.Env == "" {
				hidden = append(hidden, f.Pos)
			}
			continue
		}
		dir := name
		if !f.Dir {
			dir = path.Dir(name)
		}
		switch {
		case outside(dir):
			continue
		case dir == path.Join(".", o.cwd) && f.Path.Sure == effect.Default && f.Path.Env == "" && f.Base == effect.WorkDir:
			continue // what is written to if a caller names no file
		}
		seen[f.Pos.File] = true
		w := image.Write{Dir: dir, Home: f.Base == effect.Home && !path.IsAbs(f.Path.Text), Pos: f.Pos}
		if !f.Dir && !w.Home && !path.IsAbs(name) && o.app.Has(name) {
			w.File = path.Base(name)
		}
		add(w)
	}
	for _, f := range withPrismaClient(o.app) {
		if db := f.Prisma.File; path.IsAbs(db.Value) {
			add(image.Write{Dir: path.Dir(db.Value), Pos: db.Pos})
		} else if db.Value != "" {
			add(image.Write{Dir: path.Dir(o.app.Rel(path.Join(f.Dir, db.Value))), Pos: db.Pos})
		}
	}
	hidden = slices.DeleteFunc(hidden, func(p fact.Pos) bool { return seen[p.File] })
	if len(hidden) == 0 {
		return out
	}
	for _, dir := range keptFolders(o.places) {
		add(image.Write{Dir: dir, Pos: hidden[0], Unplaced: true})
	}
	if cwd := path.Join(".", o.cwd); !at[cwd] {
		add(image.Write{Dir: cwd, Pos: hidden[0], Unplaced: true})
	}
	return out
}

// keptFolders are the folders of the working directory that a repository has for what its
// app writes: they hold nothing but a placeholder, or Git ignores them, and their names say so.
func keptFolders(l places) []string {
	var out []string
	for _, name := range dataFolders {
		dir := path.Join(l.cwd, name)
		files := l.app.Tree.Files(l.app.Path(dir))
		holds := slices.ContainsFunc(files, func(f string) bool { return !slices.Contains(placeholders, path.Base(f)) })
		ignored := l.app.Tree.Ignores(l.app.Path(path.Join(dir, "x"))) && !l.app.Tree.Ignores(l.app.Path(path.Join(path.Dir(dir), "x"))) && !strings.HasPrefix(l.out+"/", dir+"/")
		if !holds && (len(files) > 0 || ignored) {
			out = append(out, dir)
		}
	}
	return out
}

// placeholders are files that keep an otherwise empty folder in Git.
var placeholders = []string{".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty", "README.md"} //nolint:gochecknoglobals // a constant table

// dataFolders are names of folders that hold what an app writes, and nothing that its
// build makes.
var dataFolders = []string{ //nolint:gochecknoglobals // a constant table
	"data", "db", "database", "storage", "uploads", "upload", "files", "media", "attachments", "downloads", "logs", "log", "tmp", "temp", "cache", "sessions", "backups",
	"public/uploads", "public/upload", "static/uploads",
}
