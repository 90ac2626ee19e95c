package golang

import (
	"path"
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
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

var dotenvLine = regexp.MustCompile(`^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$`)

var addressPattern = regexp.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)

// dotenv reads from committed .env files the variables that may say where a
// program listens. The others may be secrets, and are not kept.
func (r *reader) dotenv() []fact.Fact[Var] {
	var out []fact.Fact[Var]
	for _, n := range r.near(".env", ".env.example", ".env.sample", ".env.dist", "example.env", "sample.env", ".env.local.example") {
		if !r.Has(n) {
			continue
		}
		text, err := r.Tree.ReadHead(r.At(n), 64<<10)
		if err != nil {
			continue
		}
		line := 0
		for l := range strings.Lines(string(text)) {
			line++
			if m := dotenvLine.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
				v := m[2]
				if len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && strings.IndexByte(v[1:], v[0]) >= 0 {
					v = v[1 : 1+strings.IndexByte(v[1:], v[0])]
				} else {
					v, _, _ = strings.Cut(v, " #")
				}
				if v = strings.TrimSpace(v); addressPattern.MatchString(v) {
					out = append(out, fact.New(Var{Name: m[1], Value: v}, r.At(n), line))
				}
			}
		}
	}
	return out
}
