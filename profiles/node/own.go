package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/record"
)

// owned is the command of the repository's own Dockerfile, as it runs from the root of the
// repository on. The zero value is none.
type owned struct {
	list     []script.Command
	pos      fact.Pos
	evidence string
}

func (o owned) text() string { return script.Quote(o.list, false) }

// rule is why it counts.
const ownRule = "the repository's own Dockerfile starts it"

// ownCommand is what the repository's own Dockerfile starts: a script of package.json, or Node with
// a file. What serves for development alone says nothing.
func ownCommand(in record.Input, f *node.Facts) owned {
	text, pos, _ := image.OwnCommand(in)
	list, ok := script.Parse(text)
	if !ok || len(list) > 3 {
		return owned{}
	}
	workdir := image.OwnWorkdir(in)
	for i, c := range list {
		if i == 0 && len(c.Argv) > 1 && isEntryScript(c.Argv[0]) {
			c.Argv = c.Argv[1:] // it runs what it is given
		}
		c = script.Unwrap(c)
		if len(c.Argv) == 0 {
			return owned{}
		}
		argv := here(slices.Clone(c.Argv), workdir)
		for k := 1; k < len(argv) && k < 4; k++ {
			if rel, below := strings.CutPrefix(argv[k], workdir+"/"); below && workdir != "/" {
				argv[k] = rel
			}
		}
		if k := script.FileIndex(argv); path.Base(argv[0]) == "node" && k > 0 {
			argv[0] = "node"
			if argv[k] = path.Clean(argv[k]); path.IsAbs(argv[k]) || strings.HasPrefix(argv[k], "..") {
				return owned{}
			}
		}
		c.Argv = argv
		list[i] = c
	}
	dir := memberOf(f, workdir)
	if dir == "" && len(list) == 1 {
		dir = deployed(in, f, list[0].Argv)
	}
	if dir != "" {
		list = slices.Insert(list, 0, script.Command{Argv: []string{"cd", dir}})
	}
	last := list[len(list)-1].Argv
	if _, serves := develops(f, list, 0); serves || !slices.Contains([]string{"node", "npm", "pnpm", "yarn", "turbo"}, last[0]) {
		return owned{}
	}
	out := owned{list: list, pos: pos}
	out.evidence = image.Starts(in, pos, out.text())
	return out
}

// here is a command of npm without the option that names the folder which it is in anyway:
// https://docs.npmjs.com/cli/v11/using-npm/config#prefix
func here(argv []string, workdir string) []string {
	if len(argv) < 3 || argv[0] != "npm" {
		return argv
	}
	dir, joined := strings.CutPrefix(argv[1], "--prefix=")
	n := 2
	if !joined {
		if argv[1] != "--prefix" && argv[1] != "-C" || len(argv) < 4 {
			return argv
		}
		dir, n = argv[2], 3
	}
	if path.Join(workdir, dir) != workdir && path.Clean(dir) != workdir {
		return argv
	}
	return slices.Concat(argv[:1], argv[n:])
}

// isEntryScript reports whether the first word of a command is a script that prepares the container.
func isEntryScript(word string) bool {
	return strings.HasSuffix(word, ".sh") || strings.Contains(path.Base(word), "entrypoint")
}

// memberOf is the folder of the member whose folder a path ends with, "" for none.
func memberOf(f *node.Facts, dir string) string {
	best := ""
	for _, u := range f.Packages {
		if strings.HasSuffix(dir, "/"+u.Dir) && len(u.Dir) > len(best) {
			best = u.Dir
		}
	}
	return best
}

// deployed is the folder of the one member whose file a command runs though the root has none of that name:
// the image holds that member alone, as pnpm deploy and turbo prune make it. "" for none.
func deployed(in record.Input, f *node.Facts, argv []string) string {
	k := script.FileIndex(argv)
	if argv[0] != "node" || k < 0 || in.Tree.Has(path.Join(f.Dir, argv[k])) {
		return ""
	}
	found := ""
	for _, u := range f.Packages {
		is := func(e fact.Fact[string]) bool { return e.Value != "" && path.Clean(e.Value) == argv[k] }
		start, _ := u.Facts.Script("start")
		if !is(u.Facts.Main) && !slices.ContainsFunc(u.Facts.Bin, is) && !slices.Contains(strings.Fields(start.Value), argv[k]) && !in.Tree.Has(path.Join(u.Facts.Dir, argv[k])) {
			continue
		}
		if found != "" {
			return ""
		}
		found = u.Dir
	}
	return found
}

// member is the member of the workspace that the command runs, and what it runs there: the zero fact
// for the member's own start, or for what only the build of a framework writes.
func (o owned) member(f *node.Facts, app workspace.App) (*node.WorkspaceUnit, fact.Fact[string]) {
	none := fact.Fact[string]{}
	if len(o.list) == 0 {
		return nil, none
	}
	u, run := script.Member(f, o.list)
	if u == nil && len(o.list) == 1 {
		argv := o.list[0].Argv
		k := script.FileIndex(argv)
		if argv[0] != "node" || k < 0 {
			return nil, none
		}
		for i := range f.Packages {
			if x := &f.Packages[i]; strings.HasPrefix(argv[k], x.Dir+"/") && (u == nil || len(x.Dir) > len(u.Dir)) {
				u = x
			}
		}
		if u == nil {
			return nil, none
		}
		argv = slices.Clone(argv)
		argv[k] = strings.TrimPrefix(argv[k], u.Dir+"/")
		run = []script.Command{{Env: o.list[0].Env, Argv: argv}}
	}
	if u == nil || len(run) == 0 {
		return nil, none
	}
	if name, _, ok := script.Script(u.Facts, run[0].Argv); ok && name == "start" && len(run) == 1 {
		return u, none
	}
	if k := script.FileIndex(run[0].Argv); len(run) == 1 && run[0].Argv[0] == "node" && k > 0 {
		if file := path.Join(u.Dir, run[0].Argv[k]); !exists(app, file) && source(app.Of(u, none), file) == "" {
			return u, none
		}
	}
	return u, fact.Fact[string]{Value: script.Quote(run, false), Pos: o.pos}
}

// starts reports whether the command is one of the app, as it lies in this image: a script that is there,
// or a file that is there or that the build writes.
func (o owned) starts(app workspace.App) bool {
	if len(o.list) == 0 {
		return false
	}
	if u, run := script.Member(app.Root, o.list); u != nil {
		return app.Member != nil && u.Dir == app.Member.Dir && len(run) > 0
	}
	last := len(o.list) - 1
	if !prepare(app, o.list[:last]) || app.Member != nil && (last > 0 || !strings.HasPrefix(o.text(), "node "+app.Member.Dir+"/")) {
		return false
	}
	argv := o.list[last].Argv
	if _, _, ok := script.Script(app.Root, argv); ok {
		return true
	}
	k := script.FileIndex(argv)
	if argv[0] != "node" || k < 0 {
		return false
	}
	if source(app, argv[k]) != "" || len(app.Root.Packages) > 0 {
		return source(app, argv[k]) != "" || exists(app, argv[k]) // what a build of a workspace writes is a member's
	}
	_, ok := entry(app, argv[k])
	return ok
}

// prepare reports whether each command is one that the app has for what comes before its start: a script of package.json, a
// file that is there, or a tool that applies migrations.
func prepare(app workspace.App, list []script.Command) bool {
	rows, err := buildRows()
	return err == nil && !slices.ContainsFunc(list, func(c script.Command) bool {
		if _, _, ok := script.Script(app.Root, c.Argv); ok {
			return false
		}
		if k := script.FileIndex(c.Argv); c.Argv[0] == "node" && k > 0 && app.Has(path.Clean(c.Argv[k])) {
			return false
		}
		return !slices.ContainsFunc(rows.Migrations, func(m migration) bool {
			return len(m.Command) > 0 && m.Command[0] == c.Argv[0] && app.Root.Has(m.Package)
		})
	})
}

// builtByOwn is the one of several apps that the repository's own Dockerfile names: in a command that builds or
// installs it, or in a COPY. nil where it names none, or several.
func builtByOwn(in record.Input, apps []*workspace.Unit) *workspace.Unit {
	own := image.OwnImage(in)
	if own == nil {
		return nil
	}
	var found *workspace.Unit
	for _, u := range apps {
		names := func(word string) bool {
			_, value, _ := strings.Cut(word, "=")
			for _, w := range []string{word, value} {
				w = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(w, "..."), "./"), "/")
				if w != "" && (w == u.Dir || w == u.Name || strings.HasPrefix(w, u.Dir+"/") && path.Base(w) != u.Manifest) {
					return true
				}
			}
			return false
		}
		if slices.ContainsFunc(own.Commands, func(c buildfile.Command) bool {
			return path.Clean(c.Dir) == u.Dir || slices.ContainsFunc(c.Words, names)
		}) || slices.ContainsFunc(own.Image.Copies, func(c buildfile.Copy) bool { return names(c.Path) }) {
			if found != nil {
				return nil
			}
			found = u
		}
	}
	return found
}
