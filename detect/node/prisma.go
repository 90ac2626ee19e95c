package node

import (
	"bytes"
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Prisma is what Prisma's own files say:
// https://www.prisma.io/docs/orm/reference/prisma-config-reference.
type Prisma struct {
	Schema string // the schema, a file or a folder of them, relative to the folder; "" where none is
	// Outputs are the folders, relative to this one, that the schema's generators write beside node_modules.
	Outputs []string
	// Env are the variables without which prisma.config cannot be read: env()
	// of prisma/config throws where one is not set.
	Env []fact.Fact[string]
	// File is the database's file that the schema names, relative to the folder or rooted, and URL the variable
	// that has its address: https://www.prisma.io/docs/orm/overview/databases/sqlite#connection-url.
	File, URL fact.Fact[string]
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
			f.schema(t)
			return
		}
	}
}

var envName = lazy.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (f *Facts) prismaEnv(code *js.File) {
	s := source{File: code}
	for i := range s.Tokens {
		name, ok := s.Str(i + 2)
		if ok && s.is(i, "env", "(") && s.is(i+3, ")") && s.text(i-1) != "." && envName.MatchString(name) {
			f.Prisma.Env = append(f.Prisma.Env, fact.Fact[string]{Value: name, Pos: s.pos(i)})
		}
	}
}

// generatorOutput matches the folder that a generator of a schema writes:
// https://www.prisma.io/docs/orm/prisma-schema/overview/generators#output-path.
var generatorOutput = lazy.MustCompile(`(?m)^[ \t]*output[ \t]*=[ \t]*"([^"$]{1,200})"`)

// schema reads the files of the schema, each once: one file, or those of a folder.
func (f *Facts) schema(t *tree.Tree) {
	p := &f.Prisma
	files := []string{path.Join(f.Dir, p.Schema)}
	if t.HasDir(files[0]) {
		files = t.Files(files[0])
	}
	found := false
	for _, file := range files[:min(len(files), maxSchemas)] {
		text, err := t.ReadHead(file, maxConfig)
		if path.Ext(file) != ".prisma" || err != nil {
			continue
		}
		if len(p.Outputs) <= maxOutputs {
			p.Outputs = append(p.Outputs, generated(f.Dir, file, text)...)
		}
		if !found {
			p.File, p.URL, found = datasource(f.Dir, file, text)
		}
	}
}

// generated are the folders that the generators of a schema's file write.
func generated(dir, file string, text []byte) []string {
	var out []string
	for _, m := range generatorOutput.FindAllSubmatch(text, 10) {
		to := relative(dir, path.Join(path.Dir(file), string(m[1])))
		if !path.IsAbs(string(m[1])) && to != "." && !Outside(to) && !strings.HasPrefix(to, "node_modules/") {
			out = append(out, to)
		}
	}
	return out
}

// maxSchemas bounds the files of one schema, maxOutputs the folders after which no further file is asked for more.
const (
	maxSchemas = 100
	maxOutputs = 10
)

// The datasource of a schema, and what it says of the database:
// https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource.
var (
	datasourceBlock = lazy.MustCompile(`(?m)^[ \t]*datasource[ \t]+\w+[ \t]*\{([^}]*)\}`)
	sqliteFile      = lazy.MustCompile(`(?m)^[ \t]*url[ \t]*=[ \t]*"file:([^"?$\s]{1,200})["?]`)
	urlVariable     = lazy.MustCompile(`(?m)^[ \t]*url[ \t]*=[ \t]*env\("([A-Za-z_][A-Za-z0-9_]{0,100})"\)`)
)

// datasource is where a schema's file says that the database is: a file beside it, or the variable with its address;
// ok is false if it does not say.
func datasource(dir, name string, text []byte) (file, url fact.Fact[string], ok bool) {
	found := datasourceBlock.FindAllSubmatchIndex(text, 1)
	if len(found) == 0 {
		return file, url, false
	}
	block := found[0]
	pos := fact.At(name, 1+bytes.Count(text[:block[0]], []byte("\n")))
	body := text[block[2]:block[3]]
	if m := sqliteFile.FindSubmatch(body); m != nil {
		to := string(m[1])
		if !path.IsAbs(to) {
			to = relative(dir, path.Join(path.Dir(name), to))
		}
		if to = path.Clean(to); !Outside(to) {
			file = fact.Fact[string]{Value: to, Pos: pos}
		}
	}
	if m := urlVariable.FindSubmatch(body); m != nil {
		url = fact.Fact[string]{Value: string(m[1]), Pos: pos}
	}
	return file, url, true
}
