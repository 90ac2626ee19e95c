package python

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
)

// virtualEnv is the variable that a shell has once a virtual environment is activated:
// https://docs.python.org/3/library/venv.html#how-venvs-work. An image has it by ENV alone.
const virtualEnv = "VIRTUAL_ENV"

var namesVenv = lazy.MustCompile(`\b` + virtualEnv + `\b`)

// readsVenv reports whether the start reads that variable: the code, the files that the command names, the configuration of the
// server, or the script that prepares the start.
func (p project) readsVenv(cmd []string, l launch) bool {
	if l.module != nil {
		for _, m := range p.f.Imported(l.module) {
			for _, v := range m.Required() {
				if v.Name == virtualEnv {
					return true
				}
			}
		}
	}
	files := []string{image.EntryScript(p.in)}
	if len(cmd) > 0 && path.Base(cmd[0]) == "gunicorn" {
		files = append(files, gunicornFile)
	}
	for _, w := range cmd {
		if namesVenv.MatchString(w) {
			return true
		}
		_, w = joined(w)
		files = append(files, w)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		if outside(file) {
			return false
		}
		text, err := p.in.Tree.ReadHead(path.Join(p.in.Dir, file), 64<<10)
		return err == nil && namesVenv.Match(text)
	})
}
