package image

// An entry point's script may find files of the repository beside itself, by dirname "$0", and may start further scripts of
// the repository. Both lie in this image where the script looks for them.

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// looksAround matches a script that works out where it lies.
var looksAround = lazy.MustCompile(`\b(BASH_SOURCE|dirname)\b`)

// maxScripts is how deep scripts that start scripts are followed.
const maxScripts = 3

// around sees to the files that a script finds beside itself: what it names by its own place is copied there. It refuses a script
// whose place cannot be followed, or that starts the app from another folder than this image.
func (e *entry) around(in record.Input, i *buildfile.Image, list []shell.Command) {
	for _, c := range list {
		name := path.Base(c.Words[0].Text)
		if c.Captured && slices.Contains([]string{"dirname", "readlink", "realpath", "pwd"}, name) {
			e.refuse("it looks for files beside itself")
			return
		}
		if name == "exec" && !e.worksIn(c.Dir) {
			e.refuse("it starts the app in " + plan.Printable(strings.ReplaceAll(c.Dir, buildfile.Unknown, "…"), 60))
			return
		}
		for _, w := range c.Words {
			e.beside(in, i, w.Text)
		}
	}
}

// worksIn reports whether a folder in which the script runs a command is the app's folder, in the own image or in this one.
func (e *entry) worksIn(dir string) bool {
	if dir == "" || dir == "." {
		return true
	}
	at := path.Clean(dir)
	if !path.IsAbs(dir) {
		at = path.Join(e.own, dir)
	}
	return !strings.Contains(dir, buildfile.Unknown) && (at == e.own || at == ourWorkdir)
}

// beside notes a word that is the path of a file of the repository in the folder of the script or below.
func (e *entry) beside(in record.Input, i *buildfile.Image, word string) {
	p := path.Clean(word)
	if !path.IsAbs(word) || strings.Contains(word, buildfile.Unknown) || p == e.to || len(e.near) >= maxKept || path.Dir(e.to) == "/" || !within(path.Dir(e.to), p) {
		return
	}
	if file := e.fileAt(in, i, p); file != "" {
		e.keep(file, p)
	}
}

// fileAt is the file of the app's folder that lies at p in the own image, "" for none.
func (e *entry) fileAt(in record.Input, i *buildfile.Image, p string) string {
	if file := brought(in, i, p); file != "" {
		return file
	}
	if rest, below := strings.CutPrefix(p, strings.TrimSuffix(e.own, "/")+"/"); below && e.place && in.Tree.Has(path.Join(in.Dir, rest)) {
		return rest
	}
	if e.known {
		return ending(in, p)
	}
	return ""
}

// keep notes a file that has to lie at a place of the own image.
func (e *entry) keep(file, p string) {
	if _, err := plan.NewCopy(p, file); err == nil && !slices.ContainsFunc(e.near, func(n [2]string) bool { return n[1] == p }) {
		e.near = append(e.near, [2]string{file, p})
	}
}

// script is what a command of the script starts, if that is a shell's script of the repository, too: its commands, and whether it
// ends when one of them fails.
func (e *entry) script(in record.Input, i *buildfile.Image, c shell.Command) (file string, list []shell.Command, goesOn, ok bool) {
	if len(c.Words) == 0 || e.deep >= maxScripts || in.Tree == nil {
		return "", nil, false, false
	}
	word, told := c.Words[0].Text, false
	if shell.IsShell(path.Base(word)) && len(c.Words) > 1 {
		word, told = c.Words[1].Text, true
	}
	if word == "" || strings.HasPrefix(word, "-") || strings.Contains(word, buildfile.Unknown) || strings.Contains(c.Dir, buildfile.Unknown) {
		return "", nil, false, false
	}
	p := path.Clean(word)
	switch {
	case path.IsAbs(word):
	case told || strings.Contains(word, "/"):
		p = path.Join("/", e.own, c.Dir, word)
		if path.IsAbs(c.Dir) {
			p = path.Join(c.Dir, word)
		}
	default:
		p = path.Join("/usr/local/bin", word)
	}
	if file = e.fileAt(in, i, p); file == "" || file == e.file {
		return "", nil, false, false
	}
	f := in.Builds.File(file)
	if f == nil || strings.Contains(f.Text, "\r") {
		return "", nil, false, false
	}
	x := entry{file: file, to: p}
	if !x.sound(in) {
		return "", nil, false, false
	}
	s, err := shell.Read(f.Text, shell.Start{User: nonRootID, Name: p})
	if err != nil {
		return "", nil, false, false
	}
	if x.shell == "bash" {
		e.need(in, "bash", e.pos)
	}
	e.keep(file, p)
	return file, s.Commands, !failing.MatchString(f.Text), true
}

// follow judges the commands of a further script as it judges the script's own; it reports false where there is none. ends says
// that nothing comes after it: then it may start the app, which begin sees to.
func (e *entry) follow(in record.Input, i *buildfile.Image, c shell.Command, ends bool) bool {
	file, list, goesOn, ok := e.script(in, i, c)
	if !ok {
		return false
	}
	e.inside(file, func() {
		for n, c := range list {
			e.command(in, i, c, ends && n == len(list)-1, goesOn)
		}
	})
	return true
}

// inside does something with the commands of a further script, to which what is found there belongs.
func (e *entry) inside(file string, do func()) {
	was := e.file
	e.file = file
	e.deep++
	do()
	e.deep--
	e.file = was
}

// nearby adds to prod the files that the script finds beside itself and the scripts that it starts, unless prod has them there.
func (e *entry) nearby(run *plan.Run, work string) {
	for _, n := range e.near {
		to := n[1]
		if rest, below := strings.CutPrefix(to, strings.TrimSuffix(e.own, "/")+"/"); below && e.own != "/" {
			to = path.Join(work, rest)
		}
		has := to == path.Join(work, n[0]) && holds(run.Copies, work) || slices.ContainsFunc(run.Copies, func(a plan.Artifact) bool {
			at := path.Join(work, a.Copy.To.Raw())
			if path.IsAbs(a.Copy.To.Raw()) {
				at = path.Clean(a.Copy.To.Raw())
			}
			return at != work && within(at, to)
		})
		if c, err := plan.NewCopy(to, n[0]); err == nil && !has {
			run.Copies = append(slices.Clip(run.Copies), plan.Artifact{Copy: c})
		}
	}
}
