package analysis

import (
	"go/ast"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
)

// configs are what the repository's own configuration files, which a program reads,
// hold for the fields that the program reads them into.
type configs struct {
	docs   []config
	fields map[types.Object]*configField
	parent map[*ast.StructType][]*configField // fields that hold the struct
}

// config is one file.
type config struct {
	name   string // relative to the scanned root
	format string // as a struct tag is called: "json"
	root   document.Value
}

// entry is a scalar of such a file.
type entry struct {
	text string
	pos  fact.Pos
}

// configField is a field of a struct.
type configField struct {
	name     string
	tag      reflect.StructTag
	in       *ast.StructType
	embedded bool
}

// maxDocuments is how many configuration files are read, and maxNesting how deep a
// field may lie in one.
const (
	maxDocuments = 10
	maxNesting   = 6
	// maxCandidates is how many files are looked for.
	maxCandidates = 500
	// maxWays is how many fields are looked at on the ways from a file's root to one.
	maxWays = 200
)

// formats are those of configuration files, by their extension.
var formats = map[string]string{".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"} //nolint:gochecknoglobals // a constant table

// Samples are the names under which a repository keeps what a configuration file may
// look like.
func Samples(name string) []string {
	dir, base := path.Split(name)
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	var out []string
	for _, word := range []string{"example", "sample", "dist", "template", "default"} {
		out = append(out, dir+base+"."+word, dir+stem+"."+word+ext, dir+stem+"-"+word+ext, dir+stem+"_"+word+ext, dir+word+"."+base, dir+word+"-"+base, dir+word+ext)
	}
	return out
}

// readConfigs reads the configuration files among those that a program reads. One
// that is not there is read from its sample, which people copy. dirs are those in
// which the program may start.
func readConfigs(folder module.Folder, f *flow, files []effect.File, dirs ...string) *configs {
	out := &configs{}
	for i, x := range files {
		if i == maxCandidates {
			break
		}
		format := formats[path.Ext(x.Path.Text)]
		if x.Use != effect.Read || x.Dir || x.Glob || format == "" || len(out.docs) == maxDocuments {
			continue
		}
		if at := findConfig(folder, x.Path.Text, dirs); at != "" {
			out.read(folder, at, format)
		}
	}
	if len(out.docs) == 0 {
		return nil
	}
	out.index(f)
	return out
}

// findConfig is where a file, or else its sample, is.
func findConfig(folder module.Folder, name string, dirs []string) string {
	for _, dir := range dirs {
		if at := path.Join(dir, name); !module.Outside(at) && folder.Has(at) {
			return at
		}
	}
	for _, dir := range dirs {
		if at := path.Join(dir, name); !module.Outside(at) {
			for _, s := range Samples(at) {
				if folder.Has(s) {
					return s
				}
			}
		}
	}
	return ""
}

func (c *configs) read(folder module.Folder, at, format string) {
	text, err := folder.Tree.ReadHead(folder.At(at), 256<<10)
	if err != nil {
		return
	}
	if root, err := document.Parse("config."+format, text); err == nil && root.Kind == document.Object {
		c.docs = append(c.docs, config{folder.At(at), format, root})
	}
}

// index finds the fields of all structs, and the fields that hold these.
func (c *configs) index(f *flow) {
	c.fields, c.parent = map[types.Object]*configField{}, map[*ast.StructType][]*configField{}
	for _, d := range f.decls {
		for _, n := range d.nodes {
			if st, ok := n.(*ast.StructType); ok {
				c.structure(f, st)
			}
		}
	}
}

func (c *configs) structure(f *flow, st *ast.StructType) {
	for _, field := range st.Fields.List {
		tag, _ := tagOf(field)
		inner, ok := field.Type.(*ast.StructType)
		if named := namedOf(f.info.TypeOf(field.Type)); !ok && named != nil {
			inner = f.structs[named.Obj()]
		}
		x := &configField{tag: tag, in: st, embedded: len(field.Names) == 0}
		if inner != nil && x.embedded && len(c.parent[inner]) < maxAlternatives {
			c.parent[inner] = append(c.parent[inner], x)
		}
		for _, id := range field.Names {
			one := *x
			one.name = id.Name
			if obj := f.info.Defs[id]; obj != nil {
				c.fields[obj] = &one
			}
			if inner != nil && len(c.parent[inner]) < maxAlternatives {
				c.parent[inner] = append(c.parent[inner], &one)
			}
		}
	}
}

// field lists what the files hold for a field.
func (c *configs) field(obj types.Object) []entry {
	if c == nil {
		return nil
	}
	x := c.fields[obj]
	if x == nil {
		return nil
	}
	var out []entry
	for _, doc := range c.docs {
		left := maxWays
		for _, keys := range c.paths(x, doc.format, 0, &left) {
			out = doc.add(out, keys)
		}
	}
	return out
}

// key lists what the files hold for a key of viper or koanf: "server.port".
func (c *configs) key(name string) []entry {
	if c == nil || name == "" {
		return nil
	}
	var out []entry
	for _, doc := range c.docs {
		out = doc.add(out, strings.Split(name, "."))
	}
	return out
}

// add appends what keys lead to.
func (c config) add(list []entry, keys []string) []entry {
	v, ok := scalar(c.root, keys)
	if !ok || slices.ContainsFunc(list, func(e entry) bool { return e.text == v.Text }) {
		return list
	}
	return append(list, entry{v.Text, fact.At(c.name, v.Line)})
}

// paths are the ways to a field from the root of a file: through the fields that hold
// its struct. left is how many fields may still be looked at: structs that hold one
// another have more ways than can be counted.
func (c *configs) paths(x *configField, format string, depth int, left *int) [][]string {
	if *left--; depth > maxNesting || *left < 0 {
		return nil
	}
	own := x.keys(format)
	parents := c.parent[x.in]
	if len(parents) == 0 {
		return [][]string{own}
	}
	var out [][]string
	for _, p := range parents {
		if *left <= 0 || len(out) == maxAlternatives {
			break
		}
		for _, before := range c.paths(p, format, depth+1, left) {
			if len(out) < maxAlternatives {
				out = append(out, append(slices.Clip(before), own...))
			}
		}
	}
	return out
}

// keys is a field's key in a file: its tag's, or its name; none for an embedded struct.
func (x *configField) keys(format string) []string {
	tags := []string{format, "mapstructure", "koanf"}
	if format == "yaml" {
		tags = append(tags, "json") // sigs.k8s.io/yaml
	}
	for _, tag := range tags {
		if key, _, _ := strings.Cut(x.tag.Get(tag), ","); key != "" && key != "-" {
			return []string{key}
		}
	}
	if x.embedded {
		return nil
	}
	return []string{x.name}
}

// scalar follows keys into a value, in whatever case they are written, because the
// libraries that read configurations do not mind.
func scalar(v document.Value, keys []string) (document.Value, bool) {
	for _, k := range keys {
		m, ok := v.Member(k)
		for i := 0; !ok && i < len(v.Members) && i < 500; i++ {
			if strings.EqualFold(v.Members[i].Key, k) {
				m, ok = v.Members[i], true
			}
		}
		if !ok {
			return v, false
		}
		v = m.Value
	}
	switch v.Kind {
	case document.String, document.Number:
		return v, v.Text != "" && len(v.Text) <= 300 && !strings.ContainsAny(v.Text, "${}<>\x00\n")
	default:
		return v, false
	}
}

// over are the values of a variable into which a configuration file is read: what
// the file has for it, in place of the defaults that the source gives it. What the
// environment or a flag decides, it still decides.
func over(source []value, file []entry) []value {
	if len(file) == 0 {
		return source
	}
	var out []value
	for _, e := range file {
		p := part{text: e.text, at: e.pos}
		for _, o := range source {
			if len(o) == 1 && (o[0].env != "" || o[0].flag != "") {
				p.env, p.flag, p.has = o[0].env, o[0].flag, o[0].env != ""
				break
			}
		}
		out = append(out, value{p})
	}
	return out
}
