package golang

import (
	"path"
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// tests lists the test files of the local modules.
func (b *build) tests() {
	f := b.facts
	for _, name := range b.Tree.Files(b.Dir) {
		rel := b.Rel(name)
		base := path.Base(rel)
		if !strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") || module.Unbuilt(path.Dir(rel)) {
			continue
		}
		if i, ok := b.loader.ModuleOf(path.Dir(rel)); !ok || i >= 0 && !f.Modules[i].Main {
			continue
		}
		text, err := b.Tree.ReadHead(name, 8<<10)
		f.Tests = append(f.Tests, fact.New(err == nil && importsOne(text, startsContainers), name, 0))
	}
}

var dotenvLine = regexp.MustCompile(`^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$`)

var addressPattern = regexp.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)

// dotenv reads from committed .env files the variables that may say where a
// program listens. The others may be secrets, and are not kept.
func (b *build) dotenv() {
	f := b.facts
	for _, n := range b.near(".env", ".env.example", ".env.sample", ".env.dist", "example.env", "sample.env", ".env.local.example") {
		if !b.Has(n) {
			continue
		}
		text, err := b.Tree.ReadHead(b.At(n), 64<<10)
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
					f.Dotenv = append(f.Dotenv, fact.New(Var{Name: m[1], Value: v}, b.At(n), line))
				}
			}
		}
	}
}
