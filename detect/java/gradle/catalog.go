package gradle

import (
	_ "embed"
	"path"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/table"
)

// catalog is a version catalog. Its aliases are as accessors have them.
// https://docs.gradle.org/current/userguide/version_catalogs.html
type catalog struct {
	versions  map[string]string
	libraries map[string]pom.Dependency
	bundles   map[string][]string
	plugins   map[string][2]string // id and version
	published pom.Dependency       // the artifact that it is taken from, of no content here
}

func newCatalog() *catalog {
	return &catalog{versions: map[string]string{}, libraries: map[string]pom.Dependency{}, bundles: map[string][]string{}, plugins: map[string][2]string{}}
}

// alias is a name as it stands in an accessor: "a-b_c" is a.b.c.
func alias(name string) string { return strings.NewReplacer("-", ".", "_", ".").Replace(name) }

// catalog is the one of that name, made if there is none.
func (b *builder) catalog(name string) *catalog {
	c := b.catalogs[name]
	if c == nil {
		c = newCatalog()
		if len(b.catalogs) < maxIncluded {
			b.catalogs[name] = c
		}
	}
	return c
}

// isKtor reports whether the catalog is the one that Ktor publishes.
func (c *catalog) isKtor() bool { return c.published.Name() == "io.ktor:ktor-version-catalog" }

// ktor is what an accessor of the catalog that Ktor publishes stands for: ktorLibs.server.contentNegotiation.
// https://ktor.io/docs/whats-new-320.html
func (c *catalog) ktor(name string) (pom.Dependency, bool) {
	if !c.isKtor() || name == "" {
		return pom.Dependency{}, false
	}
	var artifact strings.Builder
	artifact.WriteString("ktor-")
	for _, r := range strings.ReplaceAll(name, ".", "-") {
		if r >= 'A' && r <= 'Z' {
			artifact.WriteString("-")
		}
		artifact.WriteString(strings.ToLower(string(r)))
	}
	return pom.Dependency{Group: c.published.Group, Artifact: artifact.String(), Version: c.published.Version}, true
}

//go:embed catalogs.table
var catalogsCompiled string

// publishedRow is a row of catalogs.yaml.
type publishedRow struct {
	Artifact  string            `yaml:"artifact"`
	Plugin    string            `yaml:"plugin"` // of the settings, which makes the catalog
	Name      string            `yaml:"name"`   // that it has then
	Groups    map[string]string `yaml:"groups"`
	Libraries map[string]string `yaml:"libraries"`
	Source    string            `yaml:"source"`
}

var publishedRows = sync.OnceValue(func() []publishedRow { //nolint:gochecknoglobals // decoded once
	rows, err := table.Read[[]publishedRow]("catalogs.yaml", catalogsCompiled)
	if err != nil {
		return nil // the test decodes it
	}
	return rows
})

// ofRow is what an accessor of a catalog stands for that a row has: mn.micronaut.http.server.netty.
func (c *catalog) ofRow(name string) (pom.Dependency, bool) {
	for _, row := range publishedRows() {
		if row.Artifact != c.published.Name() {
			continue
		}
		artifact := strings.ReplaceAll(name, ".", "-")
		if known := row.Libraries[artifact]; known != "" {
			return parseNotation(known), true
		}
		begin := ""
		for prefix := range row.Groups {
			if strings.HasPrefix(artifact, prefix) && len(prefix) > len(begin) {
				begin = prefix
			}
		}
		return pom.Dependency{Group: row.Groups[begin], Artifact: artifact}, begin != ""
	}
	return pom.Dependency{}, false
}

// settle makes the catalog that a plugin of the settings does.
func (b *builder) settle(plugin string) {
	for _, row := range publishedRows() {
		if row.Plugin == plugin {
			b.catalog(row.Name).published = parseNotation(row.Artifact)
		}
	}
}

// importCatalog adds what a file of TOML says.
func (b *builder) importCatalog(c *catalog, file string) {
	if !b.t.Has(path.Join(b.outer, file)) {
		return
	}
	b.addFile(file)
	doc, err := document.Read(b.t, path.Join(b.outer, file))
	if err != nil {
		if *b.err == nil {
			*b.err = err
		}
		return
	}
	c.read(doc)
}

// read adds a catalog that a file holds.
func (c *catalog) read(doc document.Value) {
	for _, m := range doc.Get("versions").Members {
		c.versions[alias(m.Key)] = rich(m.Value)
	}
	version := func(v document.Value) string {
		if ref := v.Get("version", "ref").Text; ref != "" {
			return c.versions[alias(ref)]
		}
		return rich(v.Get("version"))
	}
	for _, m := range doc.Get("libraries").Members {
		v := m.Value
		var d pom.Dependency
		if v.Kind == document.String {
			d = parseNotation(v.Text)
		} else {
			d = parseNotation(v.Get("module").Text)
			if g := v.Get("group").Text; g != "" {
				d.Group, d.Artifact = g, v.Get("name").Text
			}
			d.Version = version(v)
		}
		d.Pos = fact.At(doc.File, m.Line)
		c.libraries[alias(m.Key)] = d
	}
	for _, m := range doc.Get("bundles").Members {
		for _, s := range m.Value.Strings() {
			c.bundles[alias(m.Key)] = append(c.bundles[alias(m.Key)], alias(s.Value))
		}
	}
	for _, m := range doc.Get("plugins").Members {
		id, v, _ := strings.Cut(m.Value.Text, ":")
		if m.Value.Kind == document.Object {
			id, v = m.Value.Get("id").Text, version(m.Value)
		}
		c.plugins[alias(m.Key)] = [2]string{id, v}
	}
}

// rich is a version that may be one of several demands.
// https://docs.gradle.org/current/userguide/dependency_versions.html#sec:rich-version-constraints
func rich(v document.Value) string {
	if v.Kind == document.Object {
		for _, name := range []string{"strictly", "require", "prefer"} {
			if s := v.Get(name).Text; s != "" {
				return s
			}
		}
		return ""
	}
	return v.Text
}

// resolve is what an accessor of a catalog stands for; one that the catalog does not have stays as it is.
func (v value) resolve() value {
	if v.catalog == nil {
		return v
	}
	name := alias(v.text)
	if rest, ok := strings.CutPrefix(name, "versions."); ok {
		if s := v.catalog.versions[rest]; s != "" {
			return textOf(s)
		}
		return v
	}
	if rest, ok := strings.CutPrefix(name, "plugins."); ok {
		g, ok := v.catalog.plugins[rest]
		if rest == "ktor" && v.catalog.isKtor() {
			g, ok = [2]string{"io.ktor.plugin", v.catalog.published.Version}, true
		}
		if ok {
			return value{kind: plugin, text: g[0], version: g[1]}
		}
		return v
	}
	if rest, ok := strings.CutPrefix(name, "bundles."); ok {
		if list, ok := v.catalog.bundles[rest]; ok {
			out := value{kind: dependency}
			for _, l := range list[:min(len(list), maxItems)] {
				if d, ok := v.catalog.libraries[l]; ok {
					out.deps = append(out.deps, d)
				}
			}
			return out
		}
		return v
	}
	d, ok := v.catalog.libraries[name]
	if !ok {
		d, ok = v.catalog.ktor(name)
	}
	if !ok {
		d, ok = v.catalog.ofRow(name)
	}
	if ok {
		return value{kind: dependency, deps: []pom.Dependency{d}}
	}
	return v
}
