package frontend

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// The most stages that a file is followed through, and folders that are listed.
const (
	maxThrough = 5
	maxShipped = 20
)

// Shipped lists what a Dockerfile takes from the stage that builds a front end, by the
// folders of the repository that these files lie in: where the stage has what it copied from
// there. dir is the folder of the Dockerfile's build context. What goes to a place that no folder
// of the repository lies at is listed if a variable of the image names it.
func Shipped(f *buildfile.File, t *tree.Tree, dir string) []Copied {
	if f == nil || f.Image == nil {
		return nil
	}
	r := stages{f, t, dir}
	var out []Copied
	for i, s := range f.Image.Stages {
		for _, c := range s.Copies {
			from := r.index(c.From)
			if len(out) >= maxShipped || c.From == "" || from < 0 || from >= i || !r.runsNode(from) || strings.Contains(c.Path+c.To, buildfile.Unknown) {
				continue
			}
			source, ok := r.repo(from, absolute(c.Path), 0)
			if !ok || source == "." || t.HasDir(path.Join(dir, source)) || strings.Contains(source, "node_modules") {
				continue
			}
			x := Copied{From: path.Join(dir, source), Pos: c.Pos, Script: r.script(from), Node: r.node(from)}
			if path.Ext(source) != "" && t.Has(path.Join(dir, source)) {
				continue
			}
			if target, ok := r.repo(i, c.To, 0); ok && target != "." && r.holdsSource(i) {
				x.To = path.Join(dir, target)
			} else if rel, ok := strings.CutPrefix(path.Clean(c.To), r.workdir()+"/"); ok && r.app(i) != "" {
				x.To = path.Join(dir, r.app(i), rel)
			} else if v := r.variable(c.To); v != "" && i == len(f.Image.Stages)-1 {
				x.To, x.Variable = c.To, v
			} else if rel, ok := r.found(i, c.To); ok {
				x.To, x.Found = path.Join(dir, rel), true
			} else {
				continue
			}
			if !slices.ContainsFunc(out, func(o Copied) bool { return o.From == x.From && o.To == x.To }) {
				out = append(out, x)
			}
		}
	}
	return out
}

// stages are those of one Dockerfile.
type stages struct {
	f   *buildfile.File
	t   *tree.Tree
	dir string
}

// absolute is a path of another stage, which starts from its root.
func absolute(p string) string { return path.Join("/", p) }

// index is the stage of a name or a number, -1 for none.
func (r stages) index(name string) int {
	for i, s := range r.f.Image.Stages {
		if s.Name != "" && strings.EqualFold(s.Name, name) || name == strconv.Itoa(i) {
			return i
		}
	}
	return -1
}

// managers are the programs that run the scripts of a package.json.
var managers = []string{"npm", "yarn", "pnpm", "bun", "npx", "ng", "vite", "corepack"} //nolint:gochecknoglobals // a constant table

// runsNode reports whether a stage runs such a program.
func (r stages) runsNode(i int) bool {
	return slices.ContainsFunc(r.commands(i), func(c buildfile.Command) bool { return slices.Contains(managers, path.Base(c.Program())) })
}

// commands are those of a stage's own RUN lines.
func (r stages) commands(i int) []buildfile.Command {
	from, to := r.f.Image.Stages[i].Pos.Line, 1<<30
	if i+1 < len(r.f.Image.Stages) {
		to = r.f.Image.Stages[i+1].Pos.Line
	}
	var out []buildfile.Command
	for _, c := range r.f.Commands {
		if c.Pos.File == r.f.Name && c.Pos.Line > from && c.Pos.Line < to {
			out = append(out, c)
		}
	}
	return out
}

// plainWord is a word of a command that says the same wherever it runs.
var plainWord = lazy.MustCompile(`^[A-Za-z0-9@_./:=,+-]{1,100}$`)

// setup are the words after a manager's name by which it builds nothing.
var setup = []string{"install", "ci", "i", "cache", "config", "add", "set", "prune", "enable", "prepare", "use", "fetch", "audit", "rebuild", "version", "setup", "login"} //nolint:gochecknoglobals // a constant table

// nodeImage matches the images of Node by their release: https://hub.docker.com/_/node.
var nodeImage = lazy.MustCompile(`^(?:(?:docker\.io/)?(?:library/)?|[a-z0-9./-]+/)node:v?(\d{1,2}(?:\.\d{1,3}){0,2})(?:-[a-z0-9.-]+)?(?:@sha256:[0-9a-f]+)?$`)

// node is the release of Node in the image that a stage starts from.
func (r stages) node(i int) string {
	for range maxThrough {
		base := r.f.Image.Stages[i].Base
		if m := nodeImage.FindStringSubmatch(base); m != nil {
			return m[1]
		}
		j := r.index(base)
		if j < 0 || j >= i {
			return ""
		}
		i = j
	}
	return ""
}

// script is the last command with which a stage builds, as Call has it.
func (r stages) script(i int) string {
	out := ""
	for _, c := range r.commands(i) {
		if call, ok := Call(c.Words); ok {
			out = call
		}
	}
	return out
}

// Call is what the words of a command run of a front end, with a space between them: a script of its package.json with its arguments, or
// a program that is installed with its arguments; "" for the script build alone. It is not ok for a command that runs neither, or only sets up.
func Call(command []string) (call string, ok bool) {
	if len(command) < 2 || len(command) > 13 {
		return "", false
	}
	program, words := path.Base(command[0]), command[1:]
	if slices.ContainsFunc(words, func(w string) bool { return !plainWord.MatchString(w) }) {
		return "", false
	}
	switch {
	case strings.HasSuffix(path.Dir(command[0]), "node_modules/.bin"), program == "ng", program == "vite":
		words = append([]string{program}, words...)
	case program == "npx", program == "bunx", slices.Contains(managers, program) && words[0] == "exec":
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
			return w == "exec" || w == "--" || w == "--no-install" || w == "--yes" || w == "-y"
		})
		if len(words) < 2 || strings.HasPrefix(words[0], "-") {
			return "", false
		}
	case slices.Contains(managers[:4], program):
		for len(words) > 0 && (strings.HasPrefix(words[0], "-") || words[0] == "run" || words[0] == "run-script") {
			words = words[1:]
		}
		if len(words) == 0 || slices.Contains(setup, words[0]) {
			return "", false
		}
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "--" || w == "--silent" })
	default:
		return "", false
	}
	if call = strings.Join(words, " "); call == "build" {
		call = ""
	}
	return call, true
}

// repo is the folder of the repository that lies at a path of a stage, or would lie there
// if the stage had all of the repository.
func (r stages) repo(i int, p string, depth int) (string, bool) {
	copies := r.f.Image.Stages[i].Copies
	best, ok := "", false
	most := -1
	for _, c := range copies {
		if strings.Contains(c.Path+c.To, buildfile.Unknown) {
			continue
		}
		to := strings.TrimSuffix(c.To, "/")
		if p != to && !strings.HasPrefix(p, to+"/") || len(to) < most {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(p, to), "/")
		switch j := r.index(c.From); {
		case c.From == "" && r.t.HasDir(path.Join(r.dir, c.Path)):
			best, ok, most = path.Join(c.Path, rest), true, len(to)
		case c.From != "" && j >= 0 && j < i && depth < maxThrough && rest != "" && !r.runsNode(j):
			if source, found := r.repo(j, absolute(c.Path), depth+1); found && source != "." && !r.t.HasDir(path.Join(r.dir, source)) {
				continue // what that stage made: a program, say
			}
			if name, found := r.repo(j, path.Join(absolute(c.Path), rest), depth+1); found {
				best, ok, most = name, true, len(to)
			}
		}
	}
	if ok {
		return best, true
	}
	for _, c := range copies { // /src/ui has ui, so the repository would lie at /src
		root, found := strings.CutSuffix(c.To, "/"+c.Path)
		if !found || c.From != "" || c.Path == "." || !r.t.HasDir(path.Join(r.dir, c.Path)) {
			continue
		}
		if rest, below := strings.CutPrefix(p, root+"/"); below && rest != "" {
			return path.Clean(rest), true
		}
	}
	for _, c := range copies { // /app/src has ui/src, so what lies beside it is of ui
		below, found := strings.CutPrefix(p, path.Dir(strings.TrimSuffix(c.To, "/"))+"/")
		part := path.Dir(c.Path)
		if c.From == "" && part != "." && found && below != "" && path.Base(c.Path) == path.Base(c.To) && r.t.Has(path.Join(r.dir, part, "package.json")) {
			return path.Join(part, below), true
		}
	}
	return "", false
}

// holdsSource reports whether a stage has folders of the repository: what a web server is given
// is no folder of the app.
func (r stages) holdsSource(i int) bool {
	return slices.ContainsFunc(r.f.Image.Stages[i].Copies, func(c buildfile.Copy) bool {
		return c.From == "" && r.t.HasDir(path.Join(r.dir, c.Path)) || c.From != "" && c.Path != "" && !r.runsNode(max(r.index(c.From), 0))
	})
}

// workdir is the working directory of the last stage.
func (r stages) workdir() string {
	return strings.TrimSuffix(path.Join("/", r.f.Image.Workdir.Value), "/")
}

// app is the folder of the repository that the last stage has in its working directory from the stage that installed or built it: "" if that is not
// known, or is the build context itself.
func (r stages) app(i int) string {
	if i != len(r.f.Image.Stages)-1 {
		return ""
	}
	out := ""
	for _, c := range r.f.Image.Stages[i].Copies {
		rel, ok := strings.CutPrefix(path.Clean(c.To)+"/", r.workdir()+"/")
		j := r.index(c.From)
		if !ok || j < 0 || j >= i || !r.runsNode(j) || strings.Contains(c.Path+c.To, buildfile.Unknown) {
			continue
		}
		rel = strings.TrimSuffix(rel, "/")
		source, ok := r.repo(j, absolute(c.Path), 0)
		if !ok {
			continue
		}
		home := path.Dir(source)
		if r.t.HasDir(path.Join(r.dir, source)) {
			home = source
		}
		if whole := rel == ""; !whole && (rel != path.Base(source) || rel != "node_modules" && rel != "package.json") || home == "." || !r.t.Has(path.Join(r.dir, home, "package.json")) {
			continue
		}
		if out != "" && out != home {
			return ""
		}
		out = home
	}
	return out
}

// found is a folder of the last stage as the program finds it that another stage compiled, from its working directory on.
func (r stages) found(i int, folder string) (rel string, ok bool) {
	work := path.Join("/", r.f.Image.Workdir.Value)
	rel, ok = strings.CutPrefix(path.Clean(folder), strings.TrimSuffix(work, "/")+"/")
	if !ok || rel == "" || i != len(r.f.Image.Stages)-1 || strings.Contains(work, buildfile.Unknown) {
		return "", false
	}
	return rel, slices.ContainsFunc(r.f.Image.Stages[i].Copies, func(c buildfile.Copy) bool {
		from := r.index(c.From)
		return from >= 0 && from < i && !r.runsNode(from)
	})
}

// variableName matches the name of a variable of the environment.
var variableName = lazy.MustCompile(`^[A-Z][A-Z0-9_]{0,60}$`)

// variable is the one of the image that names a folder.
func (r stages) variable(folder string) string {
	for _, v := range r.f.Image.Env {
		if variableName.MatchString(v.Value.Name) && path.IsAbs(folder) && path.Clean(v.Value.Value) == path.Clean(folder) {
			return v.Value.Name
		}
	}
	return ""
}
