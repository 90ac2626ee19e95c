package python

import (
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"
	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// readLock reads uv.lock, poetry.lock or pdm.lock: the packages that the
// project of that name and version needs in production.
func (m *Manifest) readLock(t *tree.Tree, project string, version document.Value) error {
	lock, err := lockfile(t, m.Lock)
	if err != nil {
		return err
	}
	packages := lock.Get("package").Items
	needed := func(p document.Value) bool {
		groups := p.Get("groups").Strings()
		production := func(g fact.Fact[string]) bool { return g.Value == "main" || g.Value == "default" }
		return p.Get("category").Text != "dev" && (len(groups) == 0 || slices.ContainsFunc(groups, production))
	}
	if m.Manager == "uv" {
		reach := uvReach(packages, pypi.CanonPackageName(project), m.Picked)
		needed = func(p document.Value) bool { return reach[p.Get("name").Text] }
		m.Renumbered = renumbered(packages, version)
	}
	m.Locked = map[string]Locked{}
	for _, p := range packages {
		if needed(p) {
			name := p.Get("name").Text
			m.Locked[pypi.CanonPackageName(name)] = locked(p, lock.Get("metadata", "files", name))
		}
	}
	m.Stale = stale(packages, m.List, pypi.CanonPackageName(project))
	return nil
}

// renumbered is the version that a lockfile of uv has of the project, if it is another than the manifest's. A version that the build makes stands in
// neither.
func renumbered(packages []document.Value, version document.Value) fact.Fact[string] {
	for _, p := range packages {
		source, have := p.Get("source"), p.Get("version").Text
		if (source.Get("virtual").Text == "." || source.Get("editable").Text == ".") && have != "" && version.Text != "" && semver.PyPI.Compare(have, version.Text) != 0 {
			return fact.Fact[string]{Value: have, Pos: version.Pos()}
		}
	}
	return fact.Fact[string]{}
}

// lockfile reads a file once, which the members of a workspace share.
func lockfile(t *tree.Tree, name string) (document.Value, error) {
	read, _ := t.Once(lockOf(name), func() any {
		v, err := document.Read(t, name)
		return readLockfile{v, err}
	}).(readLockfile)
	return read.value, read.err
}

// lockOf is a key of tree.Once.
type lockOf string

type readLockfile struct {
	value document.Value
	err   error
}

// stale is the first requirement that a lockfile does not have, or has in another version than the one that is asked for: it was made before that
// was written. It is zero for none.
func stale(packages []document.Value, list []Requirement, project string) Requirement {
	versions := map[string][]string{}
	for _, p := range packages {
		name := pypi.CanonPackageName(p.Get("name").Text)
		versions[name] = append(versions[name], p.Get("version").Text)
	}
	for _, r := range list {
		have, ok := versions[r.Name]
		pin, exact := strings.CutPrefix(r.Constraint, "==")
		pin = strings.TrimSpace(pin)
		switch {
		case r.Name == "" || r.Name == project || r.Marker != "" || len(packages) == 0:
		case !ok:
			return r
		case exact && plainVersion.MatchString(pin) && !slices.ContainsFunc(have, func(v string) bool { return v == "" || sameVersion(v, pin) }):
			return r
		}
	}
	return Requirement{}
}

var plainVersion = lazy.MustCompile(`^[0-9]+(\.[0-9]+)*$`)

// sameVersion reports whether two releases are the same: 2.0 is 2.0.0.
func sameVersion(a, b string) bool {
	a, _, _ = strings.Cut(a, "+")
	return semver.PyPI.Compare(a, b) == 0
}

// locked reads a package, and its files where Poetry listed them before
// version 1.3.
func locked(p, files document.Value) Locked {
	k := Locked{Version: p.Get("version").Text}
	source := p.Get("source")
	kind := source.Get("type").Text
	has := func(key string) bool { return source.Get(key).Found() }
	switch {
	case has("git"), kind == "git", p.Get("git").Text != "":
		k.Source = Git
	case has("virtual"), has("editable"), has("directory"), has("path"), kind == "directory", kind == "file":
		k.Source = Local
	}
	for _, list := range [][]document.Value{p.Get("wheels").Items, p.Get("files").Items, files.Items} {
		for _, w := range list {
			for _, key := range []string{"file", "url", "path"} {
				if name := path.Base(w.Get(key).Text); strings.HasSuffix(name, ".whl") {
					k.Wheels = append(k.Wheels, name)
				}
			}
		}
	}
	return k
}

// uvReach walks uv.lock from the project through its dependencies, with the
// extras that are asked of each, and the project's groups that are picked.
func uvReach(packages []document.Value, project string, picked []Group) map[string]bool {
	byName := map[string][]document.Value{}
	named := slices.ContainsFunc(packages, func(p document.Value) bool { return p.Get("name").Text == project })
	var queue []document.Value // dependencies, and the project itself
	for _, p := range packages {
		name, source := p.Get("name").Text, p.Get("source")
		byName[name] = append(byName[name], p)
		root := source.Get("virtual").Text == "." || source.Get("editable").Text == "."
		if name == project || root && !named {
			queue = append(queue, p)
			for _, g := range picked {
				queue = append(queue, p.Get("optional-dependencies", g.Name).Items...)
				queue = append(queue, p.Get("dev-dependencies", g.Name).Items...)
			}
		}
	}
	reach, seen := map[string]bool{}, map[string]bool{}
	for len(queue) > 0 {
		name, extras := queue[0].Get("name").Text, queue[0].Get("extra").Strings()
		queue = queue[1:]
		if !reach[name] {
			reach[name] = true
			for _, p := range byName[name] {
				queue = append(queue, p.Get("dependencies").Items...)
			}
		}
		for _, e := range extras {
			if key := name + "[" + e.Value + "]"; !seen[key] {
				seen[key] = true
				for _, p := range byName[name] {
					queue = append(queue, p.Get("optional-dependencies", e.Value).Items...)
				}
			}
		}
	}
	return reach
}
