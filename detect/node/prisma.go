package node

import (
	"path"
	"regexp"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/tree"
)

// Prisma is what Prisma's own files say:
// https://www.prisma.io/docs/orm/reference/prisma-config-reference.
type Prisma struct {
	Schema string // the schema, a file or a folder of them, relative to the folder; "" where none is
	// Env are the variables without which prisma.config cannot be read: env()
	// of prisma/config throws where one is not set.
	Env []fact.Fact[string]
}

// prisma finds the schema: where package.json or prisma.config say, else where
// Prisma looks for it.
func (f *Facts) prisma(t *tree.Tree, manifest document.Value) {
	list := []string{manifest.Get("prisma", "schema").Text}
	if c := f.Config.Of("prisma"); c != nil {
		schema, _ := c.Get("schema")
		list = append(list, schema.Value)
		if text, err := t.Read(c.pos); err == nil && len(text) <= maxConfig {
			f.prismaEnv(js.Parse(c.pos, text))
		}
	}
	for _, name := range append(list, "prisma/schema.prisma", "prisma/schema", "schema.prisma") {
		file := path.Join(f.Dir, name)
		if name != "" && (t.Has(file) || t.HasDir(file)) && path.Clean(name) != "." {
			f.Prisma.Schema = path.Clean(name)
			return
		}
	}
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (f *Facts) prismaEnv(code *js.File) {
	s := source{File: code}
	for i := range s.Tokens {
		name, ok := s.Str(i + 2)
		if ok && s.is(i, "env", "(") && s.is(i+3, ")") && s.text(i-1) != "." && envName.MatchString(name) {
			f.Prisma.Env = append(f.Prisma.Env, fact.Fact[string]{Value: name, Pos: s.pos(i)})
		}
	}
}
