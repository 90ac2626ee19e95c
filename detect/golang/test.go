package golang

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/internal/lazy"
)

// tests lists the test files of the main modules; the value says whether one
// starts containers.
func (r *reader) tests(b *module.Build, l *load.Loader) []fact.Fact[bool] {
	var out []fact.Fact[bool]
	for _, name := range r.Tree.Files(r.Dir) {
		rel := r.Rel(name)
		base := path.Base(rel)
		if !strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") || module.Unbuilt(path.Dir(rel)) {
			continue
		}
		if i, ok := l.ModuleOf(path.Dir(rel)); !ok || i >= 0 && !b.Modules[i].Main {
			continue
		}
		text, err := r.Tree.ReadHead(name, 8<<10)
		out = append(out, fact.New(err == nil && importsOne(text, startsContainers), name, 0))
	}
	return out
}

var addressPattern = lazy.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)

// dotenv reads from committed .env files the variables that may say where a
// program listens.
func (r *reader) dotenv() []fact.Fact[Var] {
	var out []fact.Fact[Var]
	for _, file := range r.builds.Dotenvs(r.home) {
		for _, v := range file.Env {
			if addressPattern.MatchString(v.Value.Value) {
				out = append(out, v)
			}
		}
	}
	return out
}
