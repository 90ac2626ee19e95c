package golang

import (
	"path"
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// containers are libraries with which a test starts containers, which cannot
// run while an image is built.
var containers = []string{ //nolint:gochecknoglobals // a constant table
	"github.com/testcontainers/testcontainers-go", "github.com/ory/dockertest",
}

// tests lists the test files of the local modules.
func (r *reader) tests(f *Facts) {
	src := source{r: r, modules: f.Modules}
	for _, name := range r.t.Files(r.dir) {
		rel := r.rel(name)
		base := path.Base(rel)
		if !strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") || unbuilt(path.Dir(rel)) {
			continue
		}
		if i, ok := src.moduleOf(path.Dir(rel)); !ok || i >= 0 && !f.Modules[i].Main {
			continue
		}
		starts := false
		if text, err := r.t.ReadHead(name, 8<<10); err == nil {
			for _, lib := range containers {
				starts = starts || strings.Contains(string(text), `"`+lib)
			}
		}
		f.Tests = append(f.Tests, fact.New(starts, name, 0))
	}
}

var dotenvLine = regexp.MustCompile(`^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$`)

var addressPattern = regexp.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)

// dotenv reads from committed .env files the variables that may say where a
// program listens. The others may be secrets, and are not kept.
func (r *reader) dotenv(f *Facts) {
	for _, n := range r.near(".env", ".env.example", ".env.sample", ".env.dist", "example.env", "sample.env", ".env.local.example") {
		if !r.has(n) {
			continue
		}
		text, err := r.t.ReadHead(r.at(n), 64<<10)
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
					f.Dotenv = append(f.Dotenv, fact.New(Var{Name: m[1], Value: v}, r.at(n), line))
				}
			}
		}
	}
}
