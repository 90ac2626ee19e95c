package python

import (
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/python/syntax"
)

// ofPackage are the functions that read what an installation knows of a package, and ofPlugins those that
// read the entry points of a group: https://docs.python.org/3/library/importlib.metadata.html and
// https://setuptools.pypa.io/en/latest/pkg_resources.html.
var (
	ofPackage = []string{"version", "metadata", "distribution", "requires", "files", "get_distribution", "require"} //nolint:gochecknoglobals // a constant table
	ofPlugins = []string{"entry_points", "iter_entry_points"}                                                       //nolint:gochecknoglobals // a constant table
)

// Introspects is where the module reads what only an installation of its own project has: its version and
// the rest of its metadata, by its name or by that of the package, or entry points of one of the groups that it declares.
// It is zero if it does not.
func (m *Module) Introspects(project string, groups []string) fact.Pos {
	if !slices.ContainsFunc(m.Libraries(), func(i fact.Fact[string]) bool { return metadataOf(i.Value) }) {
		return fact.Pos{}
	}
	at := fact.Pos{}
	m.each(func(s *syntax.Stmt) {
		if !at.IsZero() {
			return
		}
		for _, c := range syntax.Calls(s.Tokens) {
			full := m.imported(c.Name)
			if !metadataOf(full) {
				continue
			}
			pos, kw := c.Args()
			switch name := full[strings.LastIndexByte(full, '.')+1:]; {
			case slices.Contains(ofPackage, name) && len(pos) > 0 && names(pos[0], project):
				at = m.at(c.Line)
			case slices.Contains(ofPlugins, name):
				group := kw["group"]
				if len(group) == 0 && len(pos) > 0 {
					group = pos[0]
				}
				if text, ok := syntax.Literal(group); ok && slices.Contains(groups, text) || !ok && len(groups) > 0 {
					at = m.at(c.Line)
				}
			}
		}
	})
	return at
}

// metadataOf reports whether a name is of a library that reads the metadata of packages.
func metadataOf(full string) bool {
	return slices.ContainsFunc([]string{"importlib.metadata", "importlib_metadata", "pkg_resources"}, func(l string) bool {
		return full == l || strings.HasPrefix(full, l+".")
	})
}

// names reports whether an argument is the project's name, or that of the package that the module stands in.
func names(arg []syntax.Token, project string) bool {
	if text, ok := syntax.Literal(arg); ok {
		return project != "" && pypi.CanonPackageName(text) == pypi.CanonPackageName(project)
	}
	return len(arg) > 0 && (arg[0].Is("__package__") || arg[0].Is("__name__"))
}
