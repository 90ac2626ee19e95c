package release

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed releases.table
var releasesCompiled string

// bounds is releases.yaml: what packages need of the release of Node.
type bounds struct {
	Bounds  []bound        `yaml:"bounds"`
	Flags   []flag         `yaml:"flags"`
	Engines []listsEngines `yaml:"engines"`
}

// flag is a flag of node that some versions of it alone know.
type flag struct {
	Flag   string `yaml:"flag"`
	Node   string `yaml:"node"` // as of bound
	Source string `yaml:"source"`
}

// bound is a package whose versions run on some versions of Node alone.
type bound struct {
	Package  string `yaml:"package"`
	Versions string `yaml:"versions"` // a range of npm
	Node     string `yaml:"node"`     // a range of npm, one without ||
	// With are packages, and their versions, of which one has to be there too: what of the bounded one does not work, they use. nil is none.
	With   map[string]string `yaml:"with,omitempty"`
	Source string            `yaml:"source"`
}

// listsEngines is a package, of a major version, that installs one whose
// engines list the versions of Node that it knew.
type listsEngines struct {
	Package string `yaml:"package"`
	Major   int    `yaml:"major"`
	Source  string `yaml:"source"`
}

var rows = table.Lazy[bounds]("releases.yaml", releasesCompiled) //nolint:gochecknoglobals // decoded once

// Bound is a range of Node versions that a package which is installed works on.
type Bound struct {
	Node string
	By   node.Dep // of a package that another one brings, its version and the lockfile
}

// Bounds are the ranges that the dependencies need, and the packages that these bring with them by the lockfile, nil for none: the first
// range of each package.
func Bounds(f *node.Facts, lock *node.Lockfile) ([]Bound, error) {
	all, err := rows()
	if err != nil {
		return nil, err
	}
	var out []Bound
	for _, r := range all.Bounds {
		seen := slices.ContainsFunc(out, func(b Bound) bool { return b.By.Name == r.Package })
		if d, ok := installedIn(f, lock, r.Package, r.Versions); ok && !seen && r.used(f, lock) {
			out = append(out, Bound{Node: r.Node, By: d})
		}
	}
	return out, nil
}

// used reports whether one of the packages is installed that use what does not work, where the row names them.
func (r bound) used(f *node.Facts, lock *node.Lockfile) bool {
	for name, versions := range r.With {
		if _, ok := installedIn(f, lock, name, versions); ok {
			return true
		}
	}
	return len(r.With) == 0
}

// installedIn is who asks for a package; ok is false where none of the versions that are installed is in the range.
func installedIn(f *node.Facts, lock *node.Lockfile, name, rng string) (by node.Dep, ok bool) {
	by, versions := installed(f, lock, name)
	return by, slices.ContainsFunc(versions, func(v string) bool { return InRange(v, rng) })
}

// installed are the versions of a package that are installed, and who asks for it: the app, or another package by the lockfile.
func installed(f *node.Facts, lock *node.Lockfile, name string) (node.Dep, []string) {
	if d, ok := f.Dep(name); ok && d.Kind != node.Peer {
		return d, []string{Version(d)}
	}
	if lock == nil {
		return node.Dep{}, nil
	}
	return node.Dep{Name: name, Pos: lock.Pos}, lock.Versions[name]
}

// FlagBound is a range of Node versions that know a flag of a script.
type FlagBound struct {
	Flag, Node string
	Pos        fact.Pos
}

// FlagBounds are the ranges that the flags need which the scripts of the root and of its members give node.
func FlagBounds(f *node.Facts) ([]FlagBound, error) {
	all, err := rows()
	if err != nil {
		return nil, err
	}
	tables := []map[string]fact.Fact[string]{f.Scripts}
	for i := range f.Packages {
		tables = append(tables, f.Packages[i].Scripts)
	}
	var out []FlagBound
	for _, r := range all.Flags {
		for _, scripts := range tables {
			for _, name := range slices.Sorted(maps.Keys(scripts)) {
				uses := slices.Contains(strings.FieldsFunc(scripts[name].Value, func(r rune) bool { return strings.ContainsRune(" \t'\"=;&|", r) }), r.Flag)
				if uses && !slices.ContainsFunc(out, func(b FlagBound) bool { return b.Flag == r.Flag }) {
					out = append(out, FlagBound{Flag: r.Flag, Node: r.Node, Pos: scripts[name].Pos})
				}
			}
		}
	}
	return out, nil
}

// Version is the version of a dependency that the lockfile has, or else the newest one that may be installed.
func Version(d node.Dep) string { return cmp.Or(d.Locked, newest(d)) }

// Locked is the version of a dependency that the lockfile has: its own, or of a member's, where only that of the root is read, the one that
// is installed of what the member asks for; "" where that is not known.
func Locked(d node.Dep, lock *node.Lockfile) string {
	if d.Locked != "" || lock == nil {
		return d.Locked
	}
	list := slices.DeleteFunc(slices.Clone(lock.Versions[d.Name]), func(v string) bool { return !InRange(v, d.Range) })
	if len(list) != 1 {
		return ""
	}
	return list[0]
}

// atTag matches a dependency of Git at a tag that is its version.
var atTag = lazy.MustCompile(`#v?(\d+\.\d+\.\d+)$`)

// newest is a version that stands for the newest one in the range of a dependency, which is installed where there is no lockfile.
func newest(d node.Dep) string {
	if m := atTag.FindStringSubmatch(d.Range); m != nil {
		return m[1]
	}
	of := strconv.Itoa(DepMajor(d)) + ".999.0"
	c, err := semver.NPM.ParseConstraint(d.Range)
	if err != nil {
		return of
	}
	low, err := c.CalculateMinVersion()
	if err != nil || low == nil {
		return of
	}
	lowest := low.Canon(false)
	for _, v := range []string{of, lowest[:strings.LastIndexByte(lowest, '.')+1] + "999", lowest} {
		if c.Match(v) {
			return v
		}
	}
	return of
}

// ListsEngines reports whether a dependency installs a package whose engines end
// with the newest Node of its time.
func ListsEngines(d node.Dep) bool {
	all, err := rows()
	return err == nil && d.Kind != node.Peer && slices.ContainsFunc(all.Engines, func(r listsEngines) bool {
		return r.Package == d.Name && r.Major == DepMajor(d)
	})
}
